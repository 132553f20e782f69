//! Reading what may be done, what is held, what was proven.

use super::{Answer, Ask, erase, held};
use crate::domain::subject::ties;
use crate::store::branch::Branch;
use crate::store::request::Failure;
use rusqlite::Connection;

/// Answers a read.
///
/// # Errors
/// [`Failure::Gone`], or what the file says.
pub fn answer(conn: &Connection, branch: &Branch, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Check { customer, today } => {
            let found = erase::found(conn, *customer)?;
            let ties = ties(&found, branch.settings.retention_years, *today);
            Ok(Answer::Check { customer: *customer, ties })
        }
        Ask::Held { customer, today } => held::held(conn, branch, *customer, *today).map(|h| Answer::Held(Box::new(h))),
        Ask::Certificate { customer } => {
            erase::certificate(conn, *customer).map(|c| Answer::Certificate(c.map(Box::new)))
        }
        _ => Err(Failure::ReadOnly),
    }
}
