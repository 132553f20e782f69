//! The second person's word (授权) by their password: looked at as at the door, with its waits and lines of the log, but letting nobody in.

use super::{Given, SignInError, SignedIn, Wants, Why, person, verify, wants};
use crate::domain::ids::StaffId;
use crate::store::key::Key;
use crate::store::open::File;
use crate::store::request::Failure;
use crate::store::slots::Cost;

/// What somebody's word is worth who gave their password. One that is to be changed first is worth nothing: somebody else may know it.
///
/// # Errors
/// The password is to be changed first.
pub fn vouched(signed: &SignedIn) -> Result<StaffId, SignInError> {
    match signed.change {
        None => Ok(signed.staff),
        Some(Why::First) => Err(refused(
            "密码是别人设的，本人改过才能授权：请本人先登录改密码，或请另一位授权。",
            "Somebody else set this password; it vouches for nothing before its owner signs in and changes it. Or ask somebody else.",
        )),
        Some(Why::Aged) => Err(refused(
            "密码用得太久了，本人改过才能授权：请本人先登录改密码，或请另一位授权。",
            "This password is too old; it vouches for nothing before its owner signs in and changes it. Or ask somebody else.",
        )),
    }
}

/// Somebody who is only named: in a plain file, who has no password there.
///
/// # Errors
/// They have one, or must have one, or what the file says.
pub fn named(file: &mut File, code: &str) -> Result<StaffId, SignInError> {
    let branch = super::branch(file)?;
    let Some(person) = person(&branch, code) else { return Err(SignInError::Wrong { staff: None, wait: 0 }) };
    let wanted = if file.key().is_some() { Wants::Password } else { wants(file, person.id)? };
    match wanted {
        Wants::Nothing => Ok(person.id),
        Wants::Setting => Err(SignInError::Unset),
        Wants::Password => {
            Err(refused("这位同事有密码，请本人输入。", "This colleague has a password; let them type it."))
        }
    }
}

/// The word of somebody in a file that is open, by what they gave; `key` is what their slot gave, in an encrypted one. Nothing typed names them
/// only.
///
/// # Errors
/// Why it is not taken.
pub fn word(file: &mut File, given: &Given<'_>, key: &Key, cost: Cost) -> Result<StaffId, SignInError> {
    if given.password.is_empty() {
        return named(file, given.staff);
    }
    verify(file, given, key, cost).and_then(|signed| vouched(&signed))
}

fn refused(zh: &str, en: &str) -> SignInError {
    SignInError::Failed(Failure::refused(zh, en))
}
