//! `encrypt`, `decrypt`, `rekey`: who may, what is asked, and the words for what was done. How it is done is in `run::recrypt`.

use super::output;
use super::password;
use super::restore;
use super::session::Session;
use super::word;
use crate::domain::rights::Action;
use crate::domain::text::{Lang, t};
use crate::run::backups;
use crate::run::fault::Fault;
use crate::run::memory;
use crate::run::recrypt::{self, Done, Under};
use crate::run::setting::Setting;
use crate::run::typed;
use crate::store::key::{CIPHER, Key};
use crate::store::recrypt::Turn;
use crate::store::refuse::OpenError;
use crate::store::request::Stamp;
use crate::store::slots::{self, Code, Costs, SlotError, Slots, disk};
use std::fs;
use std::path::Path;

/// `encrypt`
///
/// # Errors
/// It is encrypted already, who asks may not, others are at work in it, or what [`recrypt::put`] says.
pub fn encrypt(session: Session, setting: &Setting) -> Result<(), Fault> {
    session.allow(Action::Encrypt)?;
    if !CIPHER {
        return Err(Fault::Refused(OpenError::NoCipher.complaint()));
    }
    if session.file.key().is_some() {
        return Err(Fault::refused(
            "文件已经加密。要换钥匙请用 guitai rekey。",
            "The file is encrypted already. For another key use guitai rekey.",
        ));
    }
    memory::shut();
    let (lang, path, me, stamp) = (session.lang, session.file.path().to_owned(), session.me.clone(), session.stamp());
    let rule = (&session.branch.settings.sign_in, true);
    let what = t("您的新密码", "Your new password");
    let password = password::asked(&setting.typed, what, rule, &me.code, lang)?.ok_or_else(typed::missing)?;
    let made = Slots::make(&me.code, &password, &Costs::REAL).map_err(refused)?;
    let under = Under::Key(&made.key, &made.slots, Some(&password));
    let done = recrypt::put(setting, session.file, &under, Turn::Encrypted, &stamp)?;
    let (held, backup) = (restore::holds(&done.survey, lang), done.backup.display());
    let plain = plain_backups(&path);
    output::print(&match lang {
        Lang::Zh => format!(
            "已加密并核对：{held}\n现在只有 {} 有密码，其他人请用 guitai staff password 工号 各设一个。\n加密前的备份没有加密：{backup}。备份文件夹里共有 {plain} 份没有加密的备份，确认能登录后请删去。\n",
            me.name
        ),
        Lang::En => format!(
            "Encrypted and verified: {held}\nOnly {} has a password now; give the others theirs with guitai staff password CODE.\nThe backup from before is not encrypted: {backup}. {plain} backups in the folder are not; remove them once signing in works.\n",
            me.name
        ),
    })?;
    tell(&made.codes, lang)
}

/// `rekey`
///
/// # Errors
/// It is not encrypted, who asks may not or gives a wrong password, others are at work in it, or what [`recrypt::put`] says.
pub fn rekey(session: Session, setting: &Setting) -> Result<(), Fault> {
    let (lang, me, stamp) = (session.lang, session.me.clone(), session.stamp());
    session.allow(Action::Encrypt)?;
    let key = keyed(&session)?;
    let question = t("再输一遍您的密码：", "Your password once more: ");
    let password = setting.typed.password(question.get(lang))?;
    same(session.file.path(), &me.code, &password, &key)?;
    let made = Slots::make(&me.code, &password, &Costs::REAL).map_err(refused)?;
    let under = Under::Key(&made.key, &made.slots, None);
    let Done { backup, survey } = recrypt::put(setting, session.file, &under, Turn::Rekeyed, &stamp)?;
    let (held, backup) = (restore::holds(&survey, lang), backup.display());
    output::print(&match lang {
        Lang::Zh => format!(
            "已换钥匙并核对：{held}\n旧密码、旧恢复码和旧的 .keys 都打不开新文件。现在只有 {} 有密码，其他人请用 guitai staff password 工号 各设一个。\n换钥匙前的备份仍用旧钥匙：{backup}\n",
            me.name
        ),
        Lang::En => format!(
            "Under a new key, and verified: {held}\nOld passwords, old recovery codes and old .keys files do not open it. Only {} has a password now; give the others theirs with guitai staff password CODE.\nThe backup from before is under the old key: {backup}\n",
            me.name
        ),
    })?;
    tell(&made.codes, lang)
}

/// `decrypt --second CODE`
///
/// # Errors
/// It is not encrypted, who asks or the second person may not, others are at work in it, or what [`recrypt::put`] says.
pub fn decrypt(mut session: Session, setting: &Setting, second: &str) -> Result<(), Fault> {
    let lang = session.lang;
    session.allow(Action::Encrypt)?;
    keyed(&session)?;
    let other = word::given(&mut session, Action::Encrypt, second)?;
    let (stamp, other) = (Stamp { second: Some(other), ..session.stamp() }, session.name_of(Some(other)));
    let Done { backup, survey } = recrypt::put(setting, session.file, &Under::Nothing, Turn::Plain, &stamp)?;
    let (held, backup) = (restore::holds(&survey, lang), backup.display());
    output::print(&match lang {
        Lang::Zh => format!(
            "已取消加密并核对：{held}\n授权：{}。谁能复制这个文件，谁就能看里面的客户。\n取消前的备份仍是加密的：{backup}\n其他工作站上没有保存的草稿和待存仍在旧钥匙下，留在那里不动。\n",
            other
        ),
        Lang::En => format!(
            "Plain again, and verified: {held}\nGranted by {}. Whoever can copy this file can read the customers in it.\nThe backup from before is encrypted still: {backup}\nDrafts and saves that wait on other workstations are under the old key and stay where they are.\n",
            other
        ),
    })
}

/// The recovery codes, shown this once.
///
/// # Errors
/// They cannot be written.
pub fn tell(codes: &[Code], lang: Lang) -> Result<(), Fault> {
    if codes.is_empty() {
        return Ok(());
    }
    let mut text = match lang {
        Lang::Zh => "恢复码，只显示这一次。请抄在纸上，两份分开锁进保险柜；没有人记得密码时靠它打开文件：\n".to_owned(),
        Lang::En => "Recovery codes, shown this once. Write them on paper and lock both away, apart; they open the file when nobody remembers a password:\n".to_owned(),
    };
    for code in codes {
        text.push_str("  ");
        text.push_str(&code.shown());
        text.push('\n');
    }
    output::print(&text)
}

fn refused(e: SlotError) -> Fault {
    Fault::Refused(e.complaint())
}

/// Its key, if it has one.
fn keyed(session: &Session) -> Result<Key, Fault> {
    let key = session.file.key().clone();
    if key.is_some() {
        return Ok(key);
    }
    Err(Fault::refused(
        "文件没有加密。要加密请用 guitai encrypt。",
        "The file is not encrypted. To encrypt it use guitai encrypt.",
    ))
}

/// Whether this password opens that slot of the file.
fn same(path: &Path, code: &str, password: &crate::domain::password::Password, key: &Key) -> Result<(), Fault> {
    let opened = disk::read(&slots::path(path)).and_then(|slots| slots.open(code, password)).map_err(refused)?;
    if opened == *key { Ok(()) } else { Err(refused(SlotError::Changed)) }
}

/// How many backups in the usual folder have no slot file.
fn plain_backups(path: &Path) -> usize {
    let folder = backups::folder(path);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path());
    entries.filter(|p| p.extension().is_some_and(|e| e == "db") && !slots::path(p).exists()).count()
}
