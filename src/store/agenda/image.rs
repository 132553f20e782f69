//! What stood behind a line before it was marked, so that the mark can be taken back: the mark itself, and the fact the line came
//! from. Which fate a line meets is said in `close`.

use crate::domain::agenda::Source;
use crate::domain::agenda::key::{Key, Matter};
use crate::domain::ids::{CustomerId, StaffId};
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{cell, table};
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

/// The mark on a line, if it had one, and what lies behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    mark: Option<Marking>,
    behind: Behind,
}

/// A mark without its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Marking {
    state: String,
    until: Option<i64>,
    handed_to: Option<i64>,
    contact: Option<i64>,
    reason: String,
    on: i64,
}

/// The fact that a fate changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Behind {
    /// None: the line is there or not by its mark alone.
    Nothing,
    /// A visit's clock.
    Visit {
        agreed: Option<NaiveDate>,
        tried: Option<NaiveDate>,
        tried_next: Option<NaiveDate>,
        tries: u32,
        skipped: Option<NaiveDate>,
        put_off: Option<NaiveDate>,
        handed_to: Option<StaffId>,
    },
    /// A task of somebody's own.
    Task { owner: i64, due: i64, stands_for: i64, open: i64 },
    /// A matter handed over.
    HandOver { to: i64, due: i64, open: i64 },
    /// The other word on an alert or request, and whose it is.
    Word { mark: Option<Marking>, by: Option<i64> },
}

/// The other line of an alert or request: of the first word the second, of the second the first.
fn other(key: &Key) -> Key {
    let matter = if key.matter == Matter::Second { Matter::Plain } else { Matter::Second };
    Key { matter, ..*key }
}

fn marking(w: &Write<'_>, key: &Key) -> Result<Option<Marking>, Failure> {
    Ok(w.conn
        .prepare_cached("SELECT state, until, handed_to, contact, reason, marked_on FROM mark WHERE key = ?")?
        .query_row([key.to_string()], |r| {
            Ok(Marking {
                state: r.get(0)?,
                until: r.get(1)?,
                handed_to: r.get(2)?,
                contact: r.get(3)?,
                reason: r.get(4)?,
                on: r.get(5)?,
            })
        })
        .optional()?)
}

fn marked_by(w: &Write<'_>, key: &Key) -> Result<Option<i64>, Failure> {
    let mut statement = w.conn.prepare_cached("SELECT updated_by FROM mark WHERE key = ?")?;
    Ok(statement.query_row([key.to_string()], |r| r.get(0)).optional()?)
}

/// What stands behind a line now.
///
/// # Errors
/// [`Failure::Gone`] when what it came from is gone.
pub fn take(w: &Write<'_>, key: &Key) -> Result<Image, Failure> {
    let mark = marking(w, key)?;
    let behind = match key.source {
        Source::Birthday
        | Source::Family
        | Source::Missing
        | Source::Maturity
        | Source::Repayment
        | Source::Movement
        | Source::WinBack => Behind::Nothing,
        Source::Alert | Source::Request => {
            Behind::Word { mark: marking(w, &other(key))?, by: marked_by(w, &other(key))? }
        }
        Source::Visit => {
            let f = table::facts_of(w.conn, CustomerId(key.row))?;
            Behind::Visit {
                agreed: f.agreed,
                tried: f.tried,
                tried_next: f.tried_next,
                tries: f.tries,
                skipped: f.skipped,
                put_off: f.put_off,
                handed_to: f.handed_to,
            }
        }
        Source::Own => w
            .conn
            .prepare_cached("SELECT owner, due, stands_for, open FROM task WHERE id = ?")?
            .query_row([key.row], |r| {
                Ok(Behind::Task { owner: r.get(0)?, due: r.get(1)?, stands_for: r.get(2)?, open: r.get(3)? })
            })
            .optional()?
            .ok_or(Failure::Gone)?,
        Source::HandOver => w
            .conn
            .prepare_cached("SELECT to_id, due, open FROM hand_over WHERE id = ?")?
            .query_row([key.row], |r| Ok(Behind::HandOver { to: r.get(0)?, due: r.get(1)?, open: r.get(2)? }))
            .optional()?
            .ok_or(Failure::Gone)?,
    };
    Ok(Image { mark, behind })
}

/// Puts back what stood behind a line.
///
/// # Errors
/// [`Failure::Gone`] when what it came from is gone.
pub fn put(w: &Write<'_>, key: &Key, image: &Image) -> Result<(), Failure> {
    let (at, by) = (cell::time(w.stamp.at), w.stamp.by.0);
    put_marking(w, key, image.mark.as_ref())?;
    match &image.behind {
        Behind::Nothing => {}
        Behind::Word { mark, by } => {
            put_marking(w, &other(key), mark.as_ref())?;
            // It stays the word of the one who gave it, whoever takes their own back.
            w.conn
                .prepare_cached("UPDATE mark SET updated_by = coalesce(?, updated_by) WHERE key = ?")?
                .execute(params![by, other(key).to_string()])?;
        }
        Behind::Visit { agreed, tried, tried_next, tries, skipped, put_off, handed_to } => {
            let id = CustomerId(key.row);
            let mut f = table::facts_of(w.conn, id)?;
            (f.agreed, f.tried, f.tried_next, f.tries) = (*agreed, *tried, *tried_next, *tries);
            (f.skipped, f.put_off, f.handed_to) = (*skipped, *put_off, *handed_to);
            table::settle(w.conn, w.branch, id, &f, w.stamp.today)?;
        }
        Behind::Task { owner, due, stands_for, open } => {
            w.conn
                .prepare_cached(
                    "UPDATE task SET owner = ?, due = ?, stands_for = ?, open = ?, rev = rev + 1, updated_at = ?,
                     updated_by = ? WHERE id = ?",
                )?
                .execute(params![owner, due, stands_for, open, at, by, key.row])?;
        }
        Behind::HandOver { to, due, open } => {
            w.conn
                .prepare_cached("UPDATE hand_over SET to_id = ?, due = ?, open = ? WHERE id = ?")?
                .execute(params![to, due, open, key.row])?;
        }
    }
    Ok(())
}

fn put_marking(w: &Write<'_>, key: &Key, mark: Option<&Marking>) -> Result<(), Failure> {
    let (at, by) = (cell::time(w.stamp.at), w.stamp.by.0);
    match mark {
        None => w.conn.prepare_cached("DELETE FROM mark WHERE key = ?")?.execute([key.to_string()])?,
        Some(m) => w
            .conn
            .prepare_cached(
                "UPDATE mark SET rev = rev + 1, state = ?, until = ?, handed_to = ?, contact = ?, reason = ?, marked_on = ?,
                 updated_at = ?, updated_by = ? WHERE key = ?",
            )?
            .execute(params![m.state, m.until, m.handed_to, m.contact, m.reason, m.on, at, by, key.to_string()])?,
    };
    Ok(())
}
