//! A write in progress: one transaction with who, when and on which workstation. What is written is said in the books.

use super::branch::Branch;
use super::chain::Hand;
use super::change::{self, Entry};
use super::ids::Maker;
use super::request::{Failure, Stamp};
use super::secret::row;
use crate::domain::change::{Change, Entity, SECOND, UNPROVED};
use crate::domain::field::Edit;
use crate::domain::ids::{BatchId, CustomerId, OpId};
use rusqlite::{Connection, OptionalExtension, params};

/// One write transaction.
#[derive(Debug)]
pub struct Write<'a> {
    /// The connection, inside its transaction.
    pub conn: &'a Connection,
    /// The branch as it stood when the transaction began.
    pub branch: &'a Branch,
    /// The workstation's hand.
    pub station: &'a Hand,
    /// Makes row ids.
    pub ids: &'a mut Maker,
    /// Who and when.
    pub stamp: &'a Stamp,
    /// The batch it is part of.
    pub batch: Option<BatchId>,
}

impl Write<'_> {
    /// A new row id.
    pub fn id(&mut self) -> i64 {
        self.ids.next(self.stamp.at)
    }

    /// Writes a change; gives its seq.
    ///
    /// # Errors
    /// What the file says.
    pub fn change(
        &self,
        entity: Entity,
        row: i64,
        customer: Option<CustomerId>,
        edits: &[Edit],
        reason: &str,
        op: Option<OpId>,
    ) -> Result<i64, Failure> {
        let entry = Entry { entity, row, customer, edits, reason, batch: self.batch, op };
        let word = if edits.iter().any(|e| e.field == SECOND) { Vec::new() } else { word(self.conn, self.stamp)? };
        if word.is_empty() {
            return change::record(self.conn, self.station, self.stamp, &entry);
        }
        let edits: Vec<Edit> = edits.iter().cloned().chain(word).collect();
        change::record(self.conn, self.station, self.stamp, &Entry { edits: &edits, ..entry })
    }

    /// The row that an operation wrote, if it was already done: tried again, it changes nothing.
    ///
    /// # Errors
    /// What the file says.
    pub fn done(&self, op: OpId) -> Result<Option<i64>, Failure> {
        Ok(self.conn.prepare_cached("SELECT row FROM op WHERE id = ?")?.query_row([op.0], |r| r.get(0)).optional()?)
    }

    /// The change that an operation made; the newest of all when it made none.
    ///
    /// # Errors
    /// What the file says.
    pub fn seq_of(&self, op: OpId) -> Result<i64, Failure> {
        let seq =
            self.conn.prepare_cached("SELECT seq FROM op WHERE id = ?")?.query_row([op.0], |r| r.get(0)).optional()?;
        seq.map_or_else(|| change::head(self.conn), Ok)
    }

    /// Whether a change was made by the one who writes, at this workstation: nobody is asked about what they did themselves.
    pub fn own(&self, c: &Change) -> bool {
        c.by == self.stamp.by && c.station == **self.station
    }

    /// Says that an operation is done.
    ///
    /// # Errors
    /// What the file says.
    pub fn did(&self, op: OpId, row: i64, seq: i64) -> Result<(), Failure> {
        self.conn.prepare_cached("INSERT INTO op VALUES (?, ?, ?)")?.execute(params![op.0, row, seq])?;
        Ok(())
    }
}

/// Whose word was given beside a write, as it stands with what it was given for; and that nothing but their name was given, where they have
/// no password.
///
/// # Errors
/// What the file says.
pub fn word(conn: &Connection, stamp: &Stamp) -> Result<Vec<Edit>, Failure> {
    let Some(second) = stamp.second else { return Ok(Vec::new()) };
    let mut edits = vec![edit(SECOND, "", second.0.to_string())];
    if row::load(conn, second)?.is_none() {
        edits.push(edit(UNPROVED, "", "no password"));
    }
    Ok(edits)
}

/// One changed field.
pub fn edit(field: &str, before: impl Into<String>, after: impl Into<String>) -> Edit {
    Edit { field: field.to_owned(), before: before.into(), after: after.into() }
}
