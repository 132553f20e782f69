//! What was imported before: whether a file was, by the hash of its bytes, and the list of all imports.

use super::batches::{self, Batch};
use crate::store::cell;
use crate::store::open::File;
use crate::store::request::Failure;
use crate::store::wait;
use chrono::NaiveDateTime;
use rusqlite::OptionalExtension;

/// When and by whom a file was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The import's number.
    pub n: i64,
    /// When.
    pub at: NaiveDateTime,
    /// The colleague's name.
    pub by: String,
    /// The name that the file had.
    pub file: String,
    /// What came of it, as it was written down.
    pub summary: String,
}

impl File {
    /// The import that took these very bytes in, if one did and was not taken back.
    ///
    /// # Errors
    /// What the file says.
    pub fn taken(&mut self, hash: &str) -> Result<Option<Taken>, Failure> {
        self.patience.renew(wait::FOR_A_READ);
        Ok(self
            .connection()?
            .prepare_cached(
                "SELECT b.n, b.at, coalesce(s.name, ''), b.name, b.summary FROM batch AS b LEFT JOIN staff AS s ON s.id = b.by
                 WHERE b.hash = ? AND b.hash <> '' AND b.state = 'current' ORDER BY b.n DESC LIMIT 1",
            )?
            .query_row([hash], |r| {
                Ok(Taken {
                    n: r.get(0)?,
                    at: cell::moment(&r.get::<_, String>(1)?),
                    by: r.get(2)?,
                    file: r.get(3)?,
                    summary: r.get(4)?,
                })
            })
            .optional()?)
    }
}

impl File {
    /// The imports, newest first.
    ///
    /// # Errors
    /// What the file says.
    pub fn imports(&mut self) -> Result<Vec<Batch>, Failure> {
        self.patience.renew(wait::FOR_A_READ);
        batches::newest(self.connection()?)
    }
}
