//! Marks on lines: reading those that matter and writing one.

use crate::domain::agenda::Source;
use crate::domain::agenda::key::Key;
use crate::domain::agenda::lines::Marked;
use crate::domain::dealings::due::Stay;
use crate::domain::ids::{ContactId, CustomerId, StaffId};
use crate::store::cell;
use crate::store::request::Failure;
use crate::store::write::Write;
use chrono::NaiveDate;
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;

/// Marks by key.
pub type Marks = HashMap<Key, Marked>;

const MARK: &str = "key, state, until, handed_to, marked_on, reason";

fn read(r: &Row<'_>) -> rusqlite::Result<(Option<Key>, Marked)> {
    let state: String = r.get(1)?;
    let until = r.get::<_, Option<i64>>(2)?.and_then(cell::date);
    let handed_to = r.get::<_, Option<i64>>(3)?.map(StaffId);
    let marked = Marked {
        closed: state != "open",
        until,
        handed_to,
        on: cell::date(r.get(4)?),
        cancelled: state == "cancelled",
        stay: Stay::of_reason(r.get_ref(5)?.as_str()?),
    };
    Ok((Key::parse(&r.get::<_, String>(0)?), marked))
}

/// The marks on lines of a source that stand for these days.
pub fn between(conn: &Connection, source: Source, from: NaiveDate, to: NaiveDate) -> Result<Marks, Failure> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT {MARK} FROM mark WHERE source = ? AND day BETWEEN ? AND ?"))?;
    let found = statement.query_map(params![source.code(), cell::day(from), cell::day(to)], read)?;
    let found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(found.into_iter().filter_map(|(key, mark)| Some((key?, mark))).collect())
}

/// The mark on one line; nothing is marked when there is none.
pub fn of(conn: &Connection, key: &str) -> Result<Marked, Failure> {
    let mut statement = conn.prepare_cached(&format!("SELECT {MARK} FROM mark WHERE key = ?"))?;
    let found = statement.query_map([key], read)?.next().transpose()?;
    Ok(found.map(|(_, mark)| mark).unwrap_or_default())
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Done, by a contact or by itself.
    Done(Option<ContactId>),
    /// Will not be done.
    Cancelled,
    /// Comes back on that day.
    Until(NaiveDate),
    /// Somebody else's now.
    To(StaffId),
}

/// Writes a mark over what was marked before: a line handed on and then snoozed stays handed on.
pub fn put(w: &Write<'_>, key: &Key, customer: Option<CustomerId>, fate: Fate, reason: &str) -> Result<(), Failure> {
    let (state, until, to, contact) = match fate {
        Fate::Done(contact) => ("done", None, None, contact),
        Fate::Cancelled => ("cancelled", None, None, None),
        Fate::Until(day) => ("open", Some(cell::day(day)), None, None),
        Fate::To(person) => ("open", None, Some(person.0), None),
    };
    w.conn
        .prepare_cached(
            "INSERT INTO mark (key, source, customer, day, state, until, handed_to, contact, reason, marked_on, updated_at,
             updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (key) DO UPDATE SET rev = rev + 1, state = excluded.state,
             until = coalesce(excluded.until, until), handed_to = coalesce(excluded.handed_to, handed_to),
             contact = excluded.contact, reason = excluded.reason, marked_on = excluded.marked_on,
             updated_at = excluded.updated_at, updated_by = excluded.updated_by",
        )?
        .execute(params![
            key.to_string(),
            key.source.code(),
            customer.map(|c| c.0),
            cell::day(key.day),
            state,
            until,
            to,
            contact.map(|c| c.0),
            reason,
            cell::day(w.stamp.today),
            cell::time(w.stamp.at),
            w.stamp.by.0,
        ])?;
    Ok(())
}
