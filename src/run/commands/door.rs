//! At the door of the branch file: who must say who they are, and by what. Whether it is right is decided in `store::secret`.

use crate::domain::staff::Staff;
use crate::domain::text::t;
use crate::domain::values::plain;
use crate::run::fault::Fault;
use crate::run::memory;
use crate::run::setting::Setting;
use crate::run::sign_in::{self, Try};
use crate::run::typed;
use crate::store::drive::{Footing, lookout};
use crate::store::open::{File, Mode};
use crate::store::secret::{self, Wants, Why};
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

/// Signs somebody in, unless somebody is: asks for number and password.
///
/// # Errors
/// Nobody says who it is or by what, or they are refused.
pub fn open(setting: &Setting, path: &Path) -> Result<(), Fault> {
    if setting.signed.get().is_some() {
        return Ok(());
    }
    let code = match &setting.staff {
        Some(code) => code.clone(),
        None => number(setting)?,
    };
    let whom = typed::whom(&code, false, Some(path));
    let password = setting.typed.password(&typed::question(&whom, setting.tongue()))?;
    // Signing in is written down wherever the drive may be written, also by a command that only reads.
    let (ground, footing, _) = setting.ground(path);
    let unproved = || lookout::prove_once(path, &setting.desk(&setting.station(), &ground, true)).complaint().is_some();
    let mode = if matches!(footing, Footing::Refused(_)) || unproved() { Mode::Read } else { Mode::Write };
    let (at, today) = (setting.clock.now(), setting.clock.today());
    let what = Try { staff: &code, password: &password, at, today, to: &setting.to };
    let (_, signed) = sign_in::sign_in(&setting.places, path, mode, &setting.station(), &what)
        .map_err(|e| sign_in::fault(e).about(&whom))?;
    if signed.key.is_some() {
        memory::shut();
    }
    let _ = setting.signed.set(signed);
    Ok(())
}

/// Who looks into a plain file that is open. Who has a password must give it; who has none chooses their name.
///
/// # Errors
/// Nobody is known by the code given, or they are refused; they are to set a password first.
pub fn let_in(setting: &Setting, file: &mut File, staff: &[Staff], changing: bool) -> Result<Staff, Fault> {
    let path = file.path().to_owned();
    let me = person(staff, setting.staff.as_deref())?;
    match secret::wants(file, me.id)? {
        Wants::Nothing => Ok(me.clone()),
        Wants::Setting if changing => Ok(me.clone()),
        Wants::Setting if setting.staff.is_some() => Err(set_first(setting, &me.code)),
        Wants::Setting | Wants::Password => {
            file.rest();
            open(setting, &path)?;
            let signed = setting.signed.get().map(|s| s.staff);
            staff.iter().find(|s| Some(s.id) == signed).cloned().ok_or_else(|| set_first(setting, &me.code))
        }
    }
}

/// The password is to be changed before anything else.
pub fn change_first(setting: &Setting, why: Why, code: &str) -> Fault {
    let (zh, en) = match why {
        Why::First => ("密码是别人设的", "Somebody else set this password"),
        Why::Aged => ("密码用得太久了", "This password is too old"),
    };
    let command = setting.own_password(code);
    Fault::refused(format!("{zh}，请先改：{command}"), format!("{en}; change it first: {command}"))
}

fn set_first(setting: &Setting, code: &str) -> Fault {
    let command = setting.own_password(code);
    Fault::refused(
        format!("这个网点要凭密码登录，您还没有密码。请先设：{command}"),
        format!("This branch signs in by password and you have none yet. Set one first: {command}"),
    )
}

/// Asks for the number at the terminal.
///
/// # Errors
/// Nobody sits there, or nothing can be read.
pub fn number(setting: &Setting) -> Result<String, Fault> {
    if !setting.typed.asks() || !std::io::stdin().is_terminal() {
        return Err(Fault::usage(
            "这个文件要登录：请加 --staff 工号 和 --password-fd N，或在终端里运行。",
            "This file asks who you are: give --staff CODE and --password-fd N, or run it in a terminal.",
        ));
    }
    let failed =
        |e: std::io::Error| Fault::refused(format!("读不到回答：{e}"), format!("No answer could be read: {e}"));
    eprint!("{}", t("工号：", "Staff number: ").get(setting.tongue()));
    std::io::stderr().flush().map_err(failed)?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(failed)?;
    Ok(plain::fold(&plain::line(&line)))
}

/// The member of staff of this code or name, else the first who works here.
///
/// # Errors
/// Nobody is known by it, or nobody works here.
pub fn person<'a>(staff: &'a [Staff], code: Option<&str>) -> Result<&'a Staff, Fault> {
    match code {
        Some(code) => staff.iter().find(|s| s.active && (s.code == code || s.name == code)).ok_or_else(|| {
            let known: Vec<&str> = staff.iter().filter(|s| s.active).map(|s| s.code.as_str()).collect();
            let known = known.join(" ");
            Fault::refused(
                format!("网点里没有员工「{code}」，有：{known}"),
                format!("Nobody here has the code '{code}'; there are: {known}"),
            )
        }),
        None => staff.iter().find(|s| s.active).ok_or_else(|| {
            Fault::refused("网点文件里没有在职员工。", "Nobody in the branch file works here any more.")
        }),
    }
}
