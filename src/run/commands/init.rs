//! `init`: an empty branch file and the first member of staff.

use super::session::unopened;
use super::{crypt, output, password};
use crate::domain::ids::StaffId;
use crate::domain::password::{Password, Policy};
use crate::domain::staff::{Role, Staff};
use crate::domain::text::{Complaint, Lang, t};
use crate::domain::values::plain;
use crate::run::anchors;
use crate::run::fault::Fault;
use crate::run::memory;
use crate::run::setting::Setting;
use crate::run::typed;
use crate::store::drive::Footing;
use crate::store::key::{CIPHER, Key};
use crate::store::open::{File, Station};
use crate::store::request::Stamp;
use crate::store::secret;
use crate::store::slots::{self, Code, Cost, Costs, SlotError, Slots, disk};
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

/// `init FILE --branch NAME`: an encrypted file, unless a plain one is wanted.
///
/// # Errors
/// The file is there already or cannot be made; nobody was named.
pub fn init(setting: &Setting, first: Option<&str>, (path, branch): (&Path, &str), plain: bool) -> Result<(), Fault> {
    let branch = plain::line(branch);
    if branch.is_empty() {
        return Err(Fault::usage("网点名称不能空", "The branch needs a name"));
    }
    // Before anybody types three answers for nothing.
    if path.exists() {
        let there = if path.is_dir() {
            crate::store::refuse::OpenError::Directory(path.to_owned())
        } else {
            crate::store::refuse::OpenError::Exists(path.to_owned())
        };
        return Err(unopened(&there));
    }
    if let (_, Footing::Refused(why), _) = setting.ground(path) {
        return Err(Fault::Refused(why));
    }
    if !plain && !CIPHER {
        return Err(Fault::usage(
            "本程序编译时没有带加密功能。要建不加密的文件，请加 --plain。",
            "This program was built without encryption. For a plain file add --plain.",
        ));
    }
    let first = match first {
        Some(text) => person(text)?,
        None => asked(setting.tongue())?,
    };
    let what =
        if plain { t("密码，不设就直接回车", "Password, Enter for none") } else { t("密码", "Password") };
    let rule = (&Policy::default(), !plain);
    let password = password::asked(&setting.typed, what, rule, &first.code, setting.tongue())?;
    let stamp = Stamp::new(first.id, setting.clock.now(), setting.clock.today());
    let mut codes = Vec::new();
    if plain {
        let mut file = File::create(path, &branch, &first, &stamp, &setting.station()).map_err(|e| unopened(&e))?;
        if let Some(password) = &password {
            secret::first(&mut file, &Key::default(), password, Cost::STAFF, &stamp)?;
        }
    } else {
        let password = password.ok_or_else(typed::missing)?;
        codes = encrypted(setting, (path, &branch), (&first, &password), &stamp)?;
    }
    // Whatever lay there before was moved away by whoever makes this one.
    anchors::forget(&setting.places, path);
    let file = path.display();
    output::print(&match setting.tongue() {
        Lang::Zh => format!(
            "已建好 {file}：{branch}，{} {}。\n打开：guitai --db {file}\n导入：guitai --db {file} import 客户.csv 资产.csv\n",
            first.name,
            first.role.label().zh
        ),
        Lang::En => format!(
            "Made {file}: {branch}, {} ({}).\nOpen it: guitai --db {file}\nTake in extracts: guitai --db {file} import CUSTOMERS.csv ASSETS.csv\n",
            first.name,
            first.role.label().en
        ),
    })?;
    crypt::tell(&codes, setting.tongue())
}

/// Makes an encrypted file with its slot file; gives the recovery codes, which are nowhere else.
fn encrypted(
    setting: &Setting,
    (path, branch): (&Path, &str),
    (first, password): (&Staff, &Password),
    stamp: &Stamp,
) -> Result<Vec<Code>, Fault> {
    let refused = |e: SlotError| Fault::Refused(e.complaint());
    memory::shut();
    let made = Slots::make(&first.code, password, &Costs::REAL).map_err(refused)?;
    let (keys, station) = (slots::path(path), Station { key: made.key.clone(), ..setting.station() });
    disk::begin(&keys, &made.slots).map_err(refused)?;
    let laid = File::create(path, branch, first, stamp, &station)
        .map_err(|e| unopened(&e))
        .and_then(|mut file| Ok(secret::first(&mut file, &made.key, password, Cost::STAFF, stamp)?));
    laid.inspect_err(|_| {
        // Of a file that nobody ever had.
        if !path.exists() {
            let _ = std::fs::remove_file(&keys);
        }
    })?;
    Ok(made.codes)
}

/// `CODE:NAME:ROLE`
///
/// # Errors
/// It reads otherwise, or there is no such role.
pub fn person(text: &str) -> Result<Staff, Fault> {
    let folded = text.replace('：', ":");
    let parts: Vec<&str> = folded.split(':').collect();
    match parts.as_slice() {
        [code, name, role] => staff(code, name, role).map_err(Fault::Usage),
        _ => Err(Fault::usage(
            format!("「{text}」应写成 工号:姓名:岗位，例如 wangmin:王敏:account_manager"),
            format!("'{text}' should read CODE:NAME:ROLE, like wangmin:王敏:account_manager"),
        )),
    }
}

fn staff(code: &str, name: &str, role: &str) -> Result<Staff, Complaint> {
    let code = plain::fold(&plain::line(code)).to_ascii_lowercase();
    let name = plain::line(name);
    let fits =
        !code.is_empty() && code.len() <= 20 && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if !fits {
        return Err(Complaint::new(
            format!("工号「{code}」只能用字母和数字，最多 20 个"),
            format!("The staff code '{code}' may hold letters and digits only, 20 at most"),
        ));
    }
    if name.is_empty() {
        return Err(Complaint::new("姓名不能空", "A name is needed"));
    }
    let role = Role::parse(plain::line(role).as_str()).ok_or_else(|| {
        let known = Role::ALL.map(|r| format!("{} {}", r.code(), r.label().zh)).join("，");
        Complaint::new(
            format!("没有岗位「{role}」，可用：{known}"),
            format!("There is no role '{role}'; known: {}", Role::ALL.map(Role::code).join(" ")),
        )
    })?;
    // The first one is somebody before the file is there to say who.
    Ok(Staff { id: StaffId(1), ..Staff::new(code, name, role) })
}

/// Asks at the terminal, again and again until the answers will do.
fn asked(lang: Lang) -> Result<Staff, Fault> {
    if !std::io::stdin().is_terminal() {
        return Err(Fault::usage(
            "还缺第一位员工，例如 --staff wangmin:王敏:branch_manager",
            "The first member of staff is missing, e.g. --staff wangmin:王敏:branch_manager",
        ));
    }
    let roles: Vec<String> =
        Role::ALL.iter().enumerate().map(|(i, r)| format!("{} {}", i + 1, r.label().get(lang))).collect();
    loop {
        let (code, name, role) = match lang {
            Lang::Zh => (
                answer("第一位员工的工号（字母或数字）：")?,
                answer("姓名：")?,
                answer(&format!("岗位（{}）：", roles.join("，")))?,
            ),
            Lang::En => (
                answer("Code of the first member of staff (letters or digits): ")?,
                answer("Name: ")?,
                answer(&format!("Role ({}): ", roles.join(", ")))?,
            ),
        };
        let digit = role.parse::<usize>().ok().and_then(|n| Role::ALL.get(n.checked_sub(1)?));
        match staff(&code, &name, digit.map_or(role.as_str(), |r| r.code())) {
            Ok(staff) => return Ok(staff),
            Err(c) => eprintln!("{}", c.get(lang)),
        }
    }
}

fn answer(question: &str) -> Result<String, Fault> {
    let failed =
        |e: std::io::Error| Fault::refused(format!("读不到回答：{e}"), format!("No answer could be read: {e}"));
    eprint!("{question}");
    std::io::stderr().flush().map_err(failed)?;
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line).map_err(failed)?;
    if read == 0 {
        return Err(Fault::refused("没有回答，没有建文件。", "No answer; no file was made."));
    }
    Ok(plain::line(&line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_member_of_staff_is_read_from_one_word() {
        let who = person("WangMin：王敏：网点经理").unwrap();
        assert_eq!((who.code.as_str(), who.name.as_str(), who.role), ("wangmin", "王敏", Role::BranchManager));
        for wrong in
            ["wangmin", "wangmin:王敏", "王敏:王敏:branch_manager", "w::branch_manager", "w:王敏:boss", "a:b:c:d"]
        {
            assert_eq!(person(wrong).unwrap_err().code(), 2, "{wrong}");
        }
    }
}
