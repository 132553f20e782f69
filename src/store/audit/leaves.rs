//! Writing down that lines of the log leave the program.

use crate::domain::change::Entity;
use crate::store::answer::begin;
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use crate::store::write::{Write, edit};

impl File {
    /// Writes down that lines of the log leave the program.
    ///
    /// # Errors
    /// [`Failure::ReadOnly`], [`Failure::Busy`], or what the file says.
    pub fn log_leaves(&mut self, rows: usize, target: &str, stamp: &Stamp) -> Result<i64, Failure> {
        if self.read_only() {
            return Err(Failure::ReadOnly);
        }
        let (tx, branch, station, ids) = begin(self)?;
        let edits = [
            edit("action", "", "export"),
            edit("rows", "", rows.to_string()),
            edit("target", "", format!("audit {target}")),
        ];
        let write = Write { conn: &tx, branch: &branch, station, ids, stamp, batch: None };
        let seq = write.change(Entity::Access, 0, None, &edits, "", None)?;
        tx.commit()?;
        Ok(seq)
    }
}
