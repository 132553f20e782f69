//! What was imported before: whether a file was, by the hash of its bytes, and the list of all imports.

use super::batches::{self, Batch};
use super::hashes::STANDS;
use crate::store::open::File;
use crate::store::request::Failure;
use crate::store::wait;
use crate::store::{branch, cell};
use chrono::{NaiveDate, NaiveDateTime};
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
    /// No later import of its layout counts.
    pub newest: bool,
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
            .prepare_cached(&format!(
                "SELECT b.n, b.at, coalesce(s.name, ''), b.name, b.summary,
                     NOT EXISTS (SELECT 1 FROM batch AS l WHERE l.layout = b.layout AND l.n > b.n AND l.state = 'current')
                 FROM batch AS b LEFT JOIN staff AS s ON s.id = b.by
                 WHERE b.hash = ? AND {STANDS} ORDER BY b.n DESC LIMIT 1",
            ))?
            .query_row([hash], |r| {
                Ok(Taken {
                    n: r.get(0)?,
                    at: cell::moment(&r.get::<_, String>(1)?),
                    by: r.get(2)?,
                    file: r.get(3)?,
                    summary: r.get(4)?,
                    newest: r.get(5)?,
                })
            })
            .optional()?)
    }

    /// The newest import of a layout that counts, by its data date: its number and that date. One of a day after `until` is none.
    ///
    /// # Errors
    /// What the file says.
    pub fn newest_of(&mut self, layout: &str, until: NaiveDate) -> Result<Option<(i64, NaiveDate)>, Failure> {
        self.patience.renew(wait::FOR_A_READ);
        let found: Option<(i64, i64)> = self
            .connection()?
            .prepare_cached(
                "SELECT n, as_of FROM batch WHERE layout = ? AND state = 'current' AND as_of <= ?
                 ORDER BY as_of DESC, n DESC LIMIT 1",
            )?
            .query_row((layout, cell::day(until)), |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        Ok(found.and_then(|(n, day)| Some((n, cell::date(day)?))))
    }

    /// The data date of the newest assets.
    ///
    /// # Errors
    /// What the file says.
    pub fn data_date(&mut self) -> Result<Option<NaiveDate>, Failure> {
        self.patience.renew(wait::FOR_A_READ);
        branch::as_of(self.connection()?)
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
