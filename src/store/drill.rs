//! Drills: that a backup was tried, which one, and what came of it, kept in the change log for whoever asks. How one is tried does not live
//! here.

use super::answer::begin;
use super::branch;
use super::cell;
use super::open::File;
use super::request::{Failure, Stamp};
use super::write::{Write, edit};
use crate::domain::change::Entity;
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// The setting that holds the last one, so that nobody reads the log for it.
const KEY: &str = "drill";

/// A backup that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    /// When.
    pub at: NaiveDateTime,
    /// Name of the backup.
    pub file: String,
    /// Whether it can be restored.
    pub passed: bool,
}

impl File {
    /// Logs a drill: who, when, on which workstation, with which backup, with what result.
    ///
    /// # Errors
    /// [`Failure::ReadOnly`], [`Failure::Busy`], or what the file says.
    pub fn drilled(&mut self, drill: &Drill, stamp: &Stamp) -> Result<i64, Failure> {
        if self.read_only() {
            return Err(Failure::ReadOnly);
        }
        let (tx, branch, station, ids) = begin(self)?;
        branch::keep(&tx, KEY, &cell::json(drill)?, stamp)?;
        let result = if drill.passed { "passed" } else { "failed" };
        let edits = [edit("drill.file", "", drill.file.as_str()), edit("drill.result", "", result)];
        let write = Write { conn: &tx, branch: &branch, station, ids, stamp, batch: None };
        let seq = write.change(Entity::Branch, 0, None, &edits, "", None)?;
        tx.commit()?;
        Ok(seq)
    }

    /// The last drill, if there was one.
    ///
    /// # Errors
    /// What the file says.
    pub fn last_drill(&mut self) -> Result<Option<Drill>, Failure> {
        Ok(branch::setting(self.connection()?, KEY)?.and_then(|text| serde_json::from_str(&text).ok()))
    }
}
