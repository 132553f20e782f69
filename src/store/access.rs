//! The lines of the log that change nothing: who looked at what, what left the program. They are rows of the change table, in its one
//! chain. What is a look, and who may have one, does not live here.

use super::cell;
use super::chain::Hand;
use super::change::{self, Entry};
use super::request::{self, Failure, Stamp};
use super::write::Write;
use crate::domain::change::Entity;
use crate::domain::ids::{CustomerId, OpId};
use chrono::NaiveTime;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

pub use crate::domain::access::{Action, Line};

/// So many lines are written without waiting for a save to ride along with.
pub const MANY: usize = 50;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Writes lines down. Through a worker they wait in the outbox for the next save, and are written with it.
    Note {
        /// The operation.
        op: OpId,
        /// The lines.
        lines: Vec<Line>,
        /// Who; each line has its own time.
        stamp: Stamp,
    },
    /// Writes down that a masked value is about to be shown in full, if this person may have one more today. Nothing may be shown
    /// before it is answered, so it never waits in the outbox.
    Reveal {
        /// The operation.
        op: OpId,
        /// Whose.
        customer: CustomerId,
        /// Which field, by its code.
        field: String,
        /// Why.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
}

impl Ask {
    /// Who and when.
    pub fn stamp(&self) -> &Stamp {
        match self {
            Ask::Note { stamp, .. } | Ask::Reveal { stamp, .. } => stamp,
        }
    }

    /// The operation, where it may wait in the outbox.
    pub fn op(&self) -> Option<OpId> {
        match self {
            Ask::Note { op, .. } => Some(*op),
            Ask::Reveal { .. } => None,
        }
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is written down, or kept on this PC until it is.
    Noted,
    /// This person has had all they may have today: nothing is shown, and that is written down.
    Over {
        /// How many those are.
        most: u32,
    },
    /// It is written down and may be shown.
    Granted {
        /// Whose.
        customer: CustomerId,
        /// Which field.
        field: String,
        /// How many this person may still have today.
        left: u32,
    },
}

/// The lines of an ask that may wait for the next save, and who noted them.
pub fn waiting(ask: &request::Ask) -> Option<&[Line]> {
    match ask {
        request::Ask::Access(Ask::Note { lines, .. }) => Some(lines),
        _ => None,
    }
}

/// Answers a write of the log.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn answer(w: &mut Write<'_>, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Note { op, lines, stamp } => {
            note(w.conn, w.station, *op, lines, stamp)?;
            Ok(Answer::Noted)
        }
        Ask::Reveal { op, customer, field, reason, stamp } => {
            let most = w.branch.settings.reveals_daily;
            let had = revealed(w.conn, stamp)?;
            if w.done(*op)?.is_some() {
                return Ok(Answer::Granted {
                    customer: *customer,
                    field: field.clone(),
                    left: most.saturating_sub(had),
                });
            }
            if had >= most {
                let line = Line { field: field.clone(), ..Line::new(Action::Refused, stamp.at) };
                put(w.conn, w.station, None, &line.of(*customer).because(reason).to("reveal"), stamp)?;
                return Ok(Answer::Over { most });
            }
            let line =
                Line { field: field.clone(), ..Line::new(Action::Reveal, stamp.at).of(*customer).because(reason) };
            note(w.conn, w.station, *op, &[line], stamp)?;
            Ok(Answer::Granted { customer: *customer, field: field.clone(), left: most - had - 1 })
        }
    }
}

/// Writes lines down, unless that operation is done.
///
/// # Errors
/// What the file says.
pub fn note(conn: &Connection, hand: &Hand, op: OpId, lines: &[Line], stamp: &Stamp) -> Result<(), Failure> {
    let done = conn.prepare_cached("SELECT 1 FROM op WHERE id = ?")?.exists([op.0])?;
    if done || lines.is_empty() {
        return Ok(());
    }
    let mut seq = 0;
    for line in lines {
        seq = put(conn, hand, Some(op), line, stamp)?;
    }
    conn.prepare_cached("INSERT INTO op VALUES (?, 0, ?)")?.execute(params![op.0, seq])?;
    Ok(())
}

fn put(conn: &Connection, hand: &Hand, op: Option<OpId>, line: &Line, stamp: &Stamp) -> Result<i64, Failure> {
    let edits = line.edits();
    let entry = Entry {
        entity: Entity::Access,
        row: line.customer.map_or(0, |c| c.0),
        customer: line.customer,
        edits: &edits,
        reason: &line.reason,
        batch: None,
        op,
    };
    change::record(conn, hand, &Stamp { at: line.at, ..stamp.clone() }, &entry)
}

/// How many values this person has revealed on the day of the stamp, on all workstations.
///
/// # Errors
/// What the file says.
pub fn revealed(conn: &Connection, stamp: &Stamp) -> Result<u32, Failure> {
    let day = stamp.at.date();
    let from = cell::time(day.and_time(NaiveTime::MIN));
    let to = cell::time((day + chrono::Days::new(1)).and_time(NaiveTime::MIN));
    let n: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM change WHERE entity = 'access' AND by = ? AND at >= ? AND at < ?
             AND instr(after, '\"action\":\"reveal\"')",
        )?
        .query_row(params![stamp.by.0, from, to], |r| r.get(0))?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}
