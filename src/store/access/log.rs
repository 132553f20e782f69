//! Writing lines of the log of looks, and counting what one person had revealed in a day.

use super::{Action, Answer, Ask, Line};
use crate::domain::change::Entity;
use crate::domain::ids::OpId;
use crate::store::cell;
use crate::store::chain::Hand;
use crate::store::change::{self, Entry};
use crate::store::request::Failure;
use crate::store::stamp::Stamp;
use crate::store::write::{self, Write};
use chrono::{Days, NaiveDate, NaiveTime};
use rusqlite::{Connection, OptionalExtension, params};

/// Days before today on which somebody may have dated back what they revealed today.
const WEEK: u64 = 7;

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
    let mut edits = line.edits();
    edits.extend(write::word(conn, stamp)?);
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

/// How many values this person has revealed on the day of the stamp, on all workstations. A clock that is put back gives no new day: what was
/// revealed on days still to come for it counts as today's, and so does what was dated back after this day had begun in the log.
///
/// # Errors
/// What the file says.
pub fn revealed(conn: &Connection, stamp: &Stamp) -> Result<u32, Failure> {
    let day = stamp.at.date();
    let begins = |day: Option<NaiveDate>| day.map_or_else(String::new, |d| cell::time(d.and_time(NaiveTime::MIN)));
    let from = begins(Some(day));
    // Behind every time that can be written, where there is no next day.
    let next = Some(begins(day.succ_opt())).filter(|t| !t.is_empty()).unwrap_or_else(|| "~".to_owned());
    let mut own = conn.prepare_cached(
        "SELECT count(*), coalesce(max(seq), 0) FROM change WHERE entity = 'access' AND by = ? AND at >= ? AND at < ? AND seq > ?
         AND instr(after, '\"action\":\"reveal\"')",
    )?;
    let mut count = |from: &str, to: &str, behind: i64| -> rusqlite::Result<(i64, i64)> {
        own.query_row(params![stamp.by.0, from, to, behind], |r| Ok((r.get(0)?, r.get(1)?)))
    };
    let (mut n, _) = count(&from, &next, 0)?;
    let (later, last) = count(&next, "~", 0)?;
    if later > 0 && !contradicted(conn, stamp, last, &next)? {
        n += later;
    }
    let first: Option<i64> = conn
        .prepare_cached("SELECT min(seq) FROM change WHERE entity = 'access' AND by = ? AND at >= ? AND at < ?")?
        .query_row(params![stamp.by.0, from, next], |r| r.get(0))?;
    if let Some(first) = first {
        n += count(&begins(day.checked_sub_days(Days::new(WEEK))), &from, first)?.0;
    }
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Whether somebody else has written since then and no later than today: then it was the other time that was wrong, of a clock that ran ahead.
fn contradicted(conn: &Connection, stamp: &Stamp, since: i64, next: &str) -> Result<bool, Failure> {
    let newest: Option<String> = conn
        .prepare_cached("SELECT at FROM change WHERE seq > ? AND by <> ? ORDER BY seq DESC LIMIT 1")?
        .query_row(params![since, stamp.by.0], |r| r.get(0))
        .optional()?;
    Ok(newest.is_some_and(|at| at.as_str() < next))
}
