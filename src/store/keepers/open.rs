//! Hand-overs of customers as their rows stand, and what becomes of one when the keeper changes by another road.

use crate::domain::agenda::key::Key;
use crate::domain::agenda::{Source, Transfer};
use crate::domain::change::Entity;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::tier::Tier;
use crate::store::cell;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A hand-over of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// Whose archive.
    pub customer: CustomerId,
    /// The day it was proposed.
    pub day: NaiveDate,
    /// The day until which it is to be answered.
    pub due: NaiveDate,
    /// `open`, `refused`, and what it ended as.
    pub state: String,
    /// It waits for a word, of the receiver or of the giver.
    pub open: bool,
    /// What it says.
    pub transfer: Transfer,
}

impl HandOver {
    /// It waits for the receiver.
    pub fn waits(&self) -> bool {
        self.open && self.state == "open"
    }

    /// The name of its line in the queue.
    pub fn key(&self) -> Key {
        Key::new(Source::HandOver, self.transfer.row, self.day)
    }
}

/// The columns that [`read`] reads.
pub const COLUMNS: &str = "id, customer, from_id, to_id, tier, reason, state, answer, day, due, open";

/// A hand-over of its row.
///
/// # Errors
/// What the file says.
pub fn read(r: &Row<'_>) -> rusqlite::Result<HandOver> {
    let (state, answer): (String, String) = (r.get(6)?, r.get(7)?);
    let day = |i| r.get::<_, i64>(i).map(|d| cell::date(d).unwrap_or_default());
    Ok(HandOver {
        customer: CustomerId(r.get(1)?),
        transfer: Transfer {
            row: r.get(0)?,
            from: StaffId(r.get(2)?),
            to: StaffId(r.get(3)?),
            tier: r.get::<_, Option<i64>>(4)?.and_then(Tier::of_rank),
            reason: r.get(5)?,
            refused: (state == "refused").then_some(answer),
        },
        day: day(8)?,
        due: day(9)?,
        open: r.get(10)?,
        state,
    })
}

/// The hand-over of a row.
///
/// # Errors
/// [`Failure::Gone`] when no customer was to change hands by it.
pub fn of(conn: &Connection, row: i64) -> Result<HandOver, Failure> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM hand_over WHERE id = ? AND kind = 'keeper'"))?
        .query_row([row], read)
        .optional()?
        .ok_or(Failure::Gone)
}

/// The hand-over of a customer that is under way; there is one at most.
///
/// # Errors
/// What the file says.
pub fn of_customer(conn: &Connection, customer: CustomerId) -> Result<Option<HandOver>, Failure> {
    let sql = format!("SELECT {COLUMNS} FROM hand_over WHERE customer = ? AND open = 1 AND kind = 'keeper'");
    Ok(conn.prepare_cached(&sql)?.query_row([customer.0], read).optional()?)
}

/// Whether a line of the queue is a customer changing hands: it is answered, never just marked.
///
/// # Errors
/// What the file says.
pub fn is(conn: &Connection, key: &Key) -> Result<bool, Failure> {
    Ok(key.source == Source::HandOver
        && conn.prepare_cached("SELECT 1 FROM hand_over WHERE id = ? AND kind = 'keeper'")?.exists([key.row])?)
}

/// Ends a hand-over in a state, with who said so and why.
///
/// # Errors
/// What the file says.
pub fn end(w: &Write<'_>, row: i64, state: &str, answer: &str) -> Result<(), Failure> {
    w.conn
        .prepare_cached(
            "UPDATE hand_over SET open = 0, state = ?, answer = ?, answered_at = ?, answered_by = ? WHERE id = ?",
        )?
        .execute(params![state, answer, cell::time(w.stamp.at), w.stamp.by.0, row])?;
    Ok(())
}

/// Writes what became of a hand-over into the change log, under the name of its line.
///
/// # Errors
/// What the file says.
pub fn tell(w: &Write<'_>, h: &HandOver, what: String, reason: &str, op: Option<OpId>) -> Result<i64, Failure> {
    let mut edits = vec![edit("mark", "", what), edit("key", "", h.key().to_string())];
    edits.extend(stands_in(w, h.transfer.to).or_else(|| stands_in(w, h.transfer.from)));
    w.change(Entity::Mark, h.transfer.row, Some(h.customer), &edits, reason, op)
}

/// The field that says for whom the one who writes stands in, where they do.
pub fn stands_in(w: &Write<'_>, whose: StaffId) -> Option<crate::domain::field::Edit> {
    let acts = crate::domain::keepers::acts_for(&w.branch.delegates, w.stamp.by, whose, w.stamp.today);
    acts.then(|| edit("for", "", whose.0.to_string()))
}

/// The keeper was changed by another road: a hand-over to the new one is done, any other is off.
///
/// # Errors
/// What the file says.
pub fn overtaken(w: &Write<'_>, customer: CustomerId, owner: Option<StaffId>, reason: &str) -> Result<(), Failure> {
    let Some(h) = of_customer(w.conn, customer)? else { return Ok(()) };
    match (owner == Some(h.transfer.to), h.state.as_str()) {
        (true, _) => end(w, h.transfer.row, "accepted", reason),
        // What was refused stays in the history as refused.
        (false, "refused") => close(w, h.transfer.row),
        (false, _) => end(w, h.transfer.row, "withdrawn", reason),
    }
}

/// A refused hand-over waits no longer for its giver; it stays refused in the history.
///
/// # Errors
/// What the file says.
pub fn close(w: &Write<'_>, row: i64) -> Result<(), Failure> {
    w.conn.prepare_cached("UPDATE hand_over SET open = 0 WHERE id = ?")?.execute([row])?;
    Ok(())
}
