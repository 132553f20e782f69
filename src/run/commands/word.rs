//! The second person's word (授权) to a command: who gives it, and by what. Whether it is needed is said by `domain::rights`.

use super::session::Session;
use crate::domain::ids::StaffId;
use crate::domain::password::Password;
use crate::domain::rights::{Action, Eyes};
use crate::domain::text::{Complaint, Lang};
use crate::domain::vouch;
use crate::run::fault::Fault;
use crate::run::sign_in;
use crate::run::typed::{Typed, question, whom};
use crate::store::key::Key;
use crate::store::open::File;
use crate::store::request::Stamp;
use crate::store::secret::{self, Given, Wants};
use crate::store::slots::{self, Cost, disk};
use std::path::Path;

/// The one of this number, who may grant it and gave their password; one who has none is named.
///
/// # Errors
/// Nobody of that number may grant it, or the password is wrong.
pub fn given(session: &mut Session, action: Action, code: &str) -> Result<StaffId, Fault> {
    proved(session, action, code).map(|(who, _)| who)
}

/// The same, and whether they gave a password.
///
/// # Errors
/// As [`given`].
pub fn proved(session: &mut Session, action: Action, code: &str) -> Result<(StaffId, bool), Fault> {
    let (who, code) = granter(&session.eyes(), action, code)?;
    let (typed, lang, stamp) = (session.typed().clone(), session.lang, session.stamp());
    let keys = slots::path(session.file.path());
    let asked =
        Asked { keys: &keys, typed: &typed, lang, stamp: &stamp, to: action.code(), whom: whom(&code, true, None) };
    Ok((who, gives(&mut session.file, &asked, (who, &code))?))
}

/// Who has this number and may grant it, and the number as the file writes it.
///
/// # Errors
/// Nobody who may.
pub fn granter(eyes: &Eyes<'_>, action: Action, code: &str) -> Result<(StaffId, String), Fault> {
    Ok(vouch::voucher(eyes, action, code).map(|s| (s.id, s.code.clone()))?)
}

/// How somebody is asked for their password.
pub struct Asked<'a> {
    /// The slot file, where the branch file is encrypted.
    pub keys: &'a Path,
    /// Where passwords come from.
    pub typed: &'a Typed,
    /// The language.
    pub lang: Lang,
    /// When.
    pub stamp: &'a Stamp,
    /// What for, in the log of sign-ins.
    pub to: &'a str,
    /// Who is asked.
    pub whom: Complaint,
}

/// That it is them, by their password; `false` for one who has none in a plain file and is only named.
///
/// # Errors
/// The password is wrong, or somebody else set it.
pub fn gives(file: &mut File, asked: &Asked<'_>, (who, code): (StaffId, &str)) -> Result<bool, Fault> {
    let encrypted = file.key().is_some();
    if !encrypted && secret::wants(file, who)? != Wants::Password {
        return secret::named(file, code).map(|_| false).map_err(sign_in::fault);
    }
    let password = asked.typed.password(&question(&asked.whom, asked.lang))?;
    let mut key = Key::default();
    if encrypted {
        key = disk::read(asked.keys)
            .and_then(|slots| slots.open(code, &password))
            .map_err(|e| Fault::Refused(e.complaint()).about(&asked.whom))?;
    }
    signs(file, asked, code, &password, &key).map(|()| true)
}

/// That it is them, written into the log of sign-ins; `key` is what their slot gave, in an encrypted file.
///
/// # Errors
/// The password is wrong, or somebody else set it.
pub fn signs(file: &mut File, asked: &Asked<'_>, code: &str, password: &Password, key: &Key) -> Result<(), Fault> {
    let Stamp { at, today, .. } = *asked.stamp;
    let given = Given { staff: code, password, at, today, to: asked.to, missed: &[] };
    let signed = secret::verify(file, &given, key, Cost::STAFF);
    // What somebody else set opens nothing but its own change: else one person could give two words.
    signed.and_then(|signed| secret::vouched(&signed)).map(drop).map_err(|e| sign_in::fault(e).about(&asked.whom))
}
