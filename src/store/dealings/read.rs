//! Answering reads of dealings.

use super::{Answer, Ask, books, txns};
use crate::store::request::Failure;
use rusqlite::Connection;

/// Answers.
///
/// # Errors
/// What the file says.
pub fn answer(conn: &Connection, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Books { customer, today } => books::read(conn, *customer, *today).map(|b| Answer::Books(Box::new(b))),
        Ask::Txns { customer, text, today, before } => {
            let found = txns::find(conn, *customer, text, *today, before.as_ref())?;
            let further = before.is_some();
            Ok(Answer::Txns { customer: *customer, text: text.clone(), further, found: Box::new(found) })
        }
    }
}
