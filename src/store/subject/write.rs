//! Writing about customers' rights.

use super::{Answer, Ask, cases, consent, erase, rights, told};
use crate::store::request::Failure;
use crate::store::write::Write;

/// Answers a write.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn answer(w: &mut Write<'_>, ask: &Ask) -> Result<Answer, Failure> {
    let customer = match ask {
        Ask::Consent { op, customer, purpose, channel, agreed, evidence, .. } => {
            if w.done(*op)?.is_none() {
                consent::say(w, *op, *customer, (*purpose, *channel), *agreed, evidence)?;
            }
            *customer
        }
        Ask::Take { op, customer, kind, note, .. } => {
            if w.done(*op)?.is_none() {
                cases::take(w, *op, *customer, *kind, note)?;
            }
            *customer
        }
        Ask::Told { op, customer, bare, target, .. } => {
            if w.done(*op)?.is_none() {
                told::leaves(w, *op, *customer, *bare, target)?;
            }
            *customer
        }
        Ask::Erase { op, customer, .. } => return erase::erase(w, *op, *customer),
        Ask::Check { .. } | Ask::Held { .. } | Ask::Certificate { .. } => return Err(Failure::ReadOnly),
    };
    Ok(Answer::Noted { customer, privacy: Box::new(rights::privacy(w.conn, customer)?) })
}
