//! `staff password`: a new password for oneself, or for a colleague by who looks after staff; and the way back in by a recovery code. What a
//! new colleague and one who leaves need of it.

use super::output;
use super::session::{Session, unopened};
use crate::domain::password::{Password, Policy};
use crate::domain::rights::Action;
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, Text, t};
use crate::run::fault::Fault;
use crate::run::setting::Setting;
use crate::run::sign_in;
use crate::run::typed::{Typed, missing};
use crate::store::drive::Footing;
use crate::store::secret::{self, New};
use crate::store::slots::{self, Cost, SlotError};

/// `staff password CODE`
///
/// # Errors
/// Nobody has this code, who asks may not set it, the password will not do, or the file does not take it.
pub fn change(session: &mut Session, code: &str) -> Result<(), Fault> {
    let person = colleague(&session.branch.staff, code)?;
    let own = person.id == session.me.id;
    // Said before anything is typed; the store asks again.
    if !own {
        let own = session.own_password();
        session.eyes().allow(Action::Staff, None).map_err(|who| {
            Fault::refused(format!("{}改自己的：{own}", who.zh), format!("{} Your own: {own}", who.en))
        })?;
    }
    let what =
        if own { t("新密码", "New password") } else { t("给同事的新密码", "New password for the colleague") };
    let password = of(session, what, &person.code)?.ok_or_else(missing)?;
    set(session, &person, &password)?;
    output::print(&match (session.lang, own) {
        (Lang::Zh, true) => "密码已改。\n".to_owned(),
        (Lang::En, true) => "The password is changed.\n".to_owned(),
        (Lang::Zh, false) => format!("{} 的密码已重设，首次登录时要改。\n", person.name),
        (Lang::En, false) => format!("{} has a new password, to be changed at the first sign-in.\n", person.name),
    })
}

/// `staff password CODE --recovery`
///
/// # Errors
/// The file is not encrypted, the code is wrong, or what [`change`] says.
pub fn recover(setting: &Setting, code: &str) -> Result<(), Fault> {
    let path = setting.file()?;
    if !slots::path(&path).exists() {
        let there = path.exists();
        return Err(match there {
            true => Fault::refused(
                "这个文件没有钥匙文件（.keys）。加密的，请先从备份放回；不加密的，请网点经理重设密码。",
                "There is no key file (.keys). If the file is encrypted, put it back from the backup first; if it is not, the branch manager sets the password.",
            ),
            false => unopened(&crate::store::refuse::OpenError::NotThere(path)),
        });
    }
    if let (_, Footing::Refused(why), _) = setting.ground(&path) {
        return Err(Fault::Refused(why));
    }
    let lang = setting.tongue();
    let paper = setting
        .typed
        .line(t("恢复码（五组）：", "Recovery code (five groups): ").get(lang))?
        .filter(|line| !line.is_empty())
        .ok_or_else(missing)?;
    // A slip of the pen is told before a password is thought up.
    if slots::Code::parse(&paper).is_none() {
        return Err(Fault::Refused(SlotError::Code.complaint()));
    }
    // What the branch wants of one is in the file, which the code is yet to open.
    let question = t("新密码：", "New password: ").get(lang);
    let password = setting.typed.new_password(question, lang, |_| Ok(()))?.ok_or_else(missing)?;
    let now = (setting.clock.now(), setting.clock.today());
    secret::recover(&path, &setting.station(), &paper, (code, &password), now, Cost::STAFF).map_err(sign_in::fault)?;
    output::print(match lang {
        Lang::Zh => "密码已设好，钥匙文件已更新。请把恢复码放回保险柜。\n",
        Lang::En => "The password is set and the key file is up to date. Put the recovery code back into the safe.\n",
    })
}

/// The first password of somebody new, where one is needed or given; checked before they are written into the file. In a plain file nobody
/// needs one.
///
/// # Errors
/// An encrypted file needs one and none is given, or it will not do.
pub fn first(session: &Session, code: &str) -> Result<Option<Password>, Fault> {
    let encrypted = session.key().is_some();
    if !encrypted && !session.typed().named() {
        return Ok(None);
    }
    let password = of(session, t("给新同事的密码", "Password for the new colleague"), code)?;
    if password.is_none() && encrypted {
        return Err(missing());
    }
    Ok(password)
}

fn of(session: &Session, what: Text, code: &str) -> Result<Option<Password>, Fault> {
    let rule = (&session.branch.settings.sign_in, session.key().is_some());
    asked(session.typed(), what, rule, code, session.lang)
}

/// Asks for a new password, saying how long it is to be; `None` when nothing was typed or given. The policy is the one of the branch, with
/// whether its file is encrypted.
///
/// # Errors
/// It will not do and nobody can be asked again, or it cannot be read.
pub fn asked(
    typed: &Typed,
    what: Text,
    (policy, encrypted): (&Policy, bool),
    code: &str,
    lang: Lang,
) -> Result<Option<Password>, Fault> {
    let (what, fewest) = (what.get(lang), policy.fewest(encrypted));
    let question = match lang {
        Lang::Zh => format!("{what}（至少 {fewest} 位）："),
        Lang::En => format!("{what} ({fewest} characters or more): "),
    };
    typed.new_password(&question, lang, |password| policy.admits(password, code, encrypted))
}

/// Sets a password.
///
/// # Errors
/// It will not do, or the file does not take it.
pub fn set(session: &mut Session, person: &Staff, password: &Password) -> Result<(), Fault> {
    let (key, stamp) = (session.key(), session.stamp());
    Ok(secret::set(&mut session.file, &key, &New { staff: person.id, password, cost: Cost::STAFF }, &stamp)?)
}

fn colleague(staff: &[Staff], code: &str) -> Result<Staff, Fault> {
    staff
        .iter()
        .find(|s| s.active && (s.code.eq_ignore_ascii_case(code) || s.name == code))
        .cloned()
        .ok_or_else(|| Fault::refused(format!("没有工号为「{code}」的同事"), format!("Nobody has the code '{code}'")))
}
