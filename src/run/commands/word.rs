//! The second person's word (授权) to a command: who gives it, and by what. Whether it is needed is said by `domain::rights`.

use super::session::Session;
use crate::domain::ids::StaffId;
use crate::domain::rights::Action;
use crate::domain::text::t;
use crate::run::fault::Fault;
use crate::run::sign_in;
use crate::store::key::Key;
use crate::store::request::Stamp;
use crate::store::secret::{self, Given, Wants};
use crate::store::slots::{self, Cost, disk};

/// The one of this number, who may grant it and gave their password; one who has none is named.
///
/// # Errors
/// Nobody of that number may grant it, or the password is wrong.
pub fn given(session: &mut Session, action: Action, code: &str) -> Result<StaffId, Fault> {
    let eyes = session.eyes();
    let found = session.branch.staff.iter().find(|s| s.active && s.code.eq_ignore_ascii_case(code)).map(|s| s.id);
    let Some(who) = found.filter(|who| eyes.grants(action, *who)) else {
        let names: Vec<String> = eyes.granters(action).iter().map(|s| format!("{} {}", s.code, s.name)).collect();
        return Err(Fault::refused(
            format!("「{code}」不能授权「{}」，可请：{}。", action.label().zh, names.join("、")),
            format!("'{code}' cannot grant this ({}); ask: {}.", action.label().en, names.join(", ")),
        ));
    };
    vouched(session, (who, code), action.code())?;
    Ok(who)
}

/// That it is them, by their password; one who has none is only named. `to` says in the log what it was for.
///
/// # Errors
/// The password is wrong.
pub fn vouched(session: &mut Session, (who, code): (StaffId, &str), to: &str) -> Result<(), Fault> {
    let encrypted = session.file.key().is_some();
    if !encrypted && secret::wants(&mut session.file, who)? == Wants::Nothing {
        return Ok(());
    }
    let question = t("授权人的密码：", "Password of the second person: ");
    let password = session.typed().password(question, session.lang)?;
    let mut key = Key::default();
    if encrypted {
        let keys = slots::path(session.file.path());
        key = disk::read(&keys)
            .and_then(|slots| slots.open(code, &password))
            .map_err(|e| Fault::Refused(e.complaint()))?;
    }
    let Stamp { at, today, .. } = session.stamp();
    let given = Given { staff: code, password: &password, at, today, to, missed: &[] };
    secret::verify(&mut session.file, &given, &key, Cost::STAFF).map(drop).map_err(sign_in::fault)
}
