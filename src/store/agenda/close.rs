//! What a fate does to the facts behind a line: a visit's clock, a task's next day, a hand-over's owner. The mark beside it is
//! written by `marks`.

use super::marks::{self, Fate};
use super::{dues, signals};
use crate::domain::agenda::key::{Key, Matter};
use crate::domain::agenda::{SENT_BACK, Source};
use crate::domain::calendar::repeat::Repeat;
use crate::domain::dealings::due::Stay;
use crate::domain::ids::{CustomerId, StaffId};
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{cell, customers, keepers, rights, subject, table};
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

/// The key that was typed or sent.
///
/// # Errors
/// [`Failure::Refused`] when no line is called so.
pub fn key(text: &str) -> Result<Key, Failure> {
    Key::parse(text).ok_or_else(|| {
        Failure::refused(format!("任务里没有「{text}」这一条。"), format!("The queue has no line {text}."))
    })
}

/// Brings a line to its fate: the facts behind it, and the mark. The visit's own clock is left alone when `clock` is `false`,
/// because a contact has set it already. Gives the customer the line is about.
///
/// # Errors
/// [`Failure::Gone`] when the line is not open any more.
pub fn line(w: &Write<'_>, key: &Key, fate: Fate, reason: &str, clock: bool) -> Result<Option<CustomerId>, Failure> {
    let customer = match key.source {
        Source::Birthday | Source::Missing => Some(CustomerId(key.row)),
        Source::Family => Some(CustomerId(
            w.conn
                .prepare_cached("SELECT customer FROM part WHERE id = ?")?
                .query_row([key.row], |r| r.get(0))
                .optional()?
                .ok_or(Failure::Gone)?,
        )),
        Source::Visit => {
            if clock {
                visit(w, key, fate)?;
            }
            Some(CustomerId(key.row))
        }
        Source::Own => task(w, key, fate)?,
        Source::HandOver => Some(hand_over(w, key, fate)?),
        Source::Maturity | Source::Repayment => {
            let there = dues::is_there(w.conn, key)?;
            Some(CustomerId(key.row)).filter(|_| there).ok_or(Failure::Gone).map(Some)?
        }
        Source::Movement | Source::WinBack => Some(signals::customer(w.conn, key.row)?.ok_or(Failure::Gone)?),
        Source::Request => Some(subject::lines::step(w, key, fate, reason)?),
        Source::Alert => {
            let customer = signals::customer(w.conn, key.row)?.ok_or(Failure::Gone)?;
            if alert(w, key, customer, fate, reason)? {
                return Ok(Some(customer));
            }
            Some(customer)
        }
    };
    // What became of a contract stands, though it is spoken of again.
    let kept = if reason.is_empty() && key.source == Source::Maturity { result(w, key)? } else { None };
    marks::put(w, key, customer, fate, kept.as_deref().unwrap_or(reason))?;
    Ok(customer)
}

/// The result that a contract's mark says, if it does.
fn result(w: &Write<'_>, key: &Key) -> Result<Option<String>, Failure> {
    let mut statement = w.conn.prepare_cached("SELECT reason FROM mark WHERE key = ?")?;
    let reason: Option<String> = statement.query_row([key.to_string()], |r| r.get(0)).optional()?;
    Ok(reason.filter(|r| Stay::of_reason(r).is_some()))
}

/// An alert takes two people: the first says what was found, another one agrees, or sends it back, which is all there is to write
/// (`true`).
fn alert(w: &Write<'_>, key: &Key, customer: CustomerId, fate: Fate, reason: &str) -> Result<bool, Failure> {
    let closes = matches!(fate, Fate::Done(_) | Fate::Cancelled);
    if key.matter != Matter::Second {
        if closes && reason.is_empty() {
            return Err(Failure::refused(
                "预警要写明核实到什么，再由主管复核。",
                "Say what was found; a supervisor confirms it then.",
            ));
        }
        return Ok(false);
    }
    let first = signals::first_by(w.conn, key)?.ok_or(Failure::Gone)?;
    if closes && !rights::eyes(w).confirms(first) {
        return Err(Failure::refused(
            "预警要另一人复核：请主管或网点经理来确认。",
            "An alert needs a second person: a supervisor or the branch manager confirms it.",
        ));
    }
    if fate == Fate::Cancelled {
        let key = Key { matter: Matter::Plain, ..*key };
        marks::put(w, &key, Some(customer), Fate::Until(w.stamp.today), &format!("{SENT_BACK}{reason}"))?;
        return Ok(true);
    }
    Ok(false)
}

/// Whether a line is open: not marked as closed, and what it came from still asks for it.
///
/// # Errors
/// What the file says.
pub fn open(w: &Write<'_>, key: &Key) -> Result<bool, Failure> {
    // What comes back with each reminder may be dealt with again, and a result may be corrected.
    let again = matches!(key.source, Source::Maturity | Source::Repayment);
    if !again && marks::of(w.conn, &key.to_string())?.closed {
        return Ok(false);
    }
    let (sql, day) = match key.source {
        Source::Birthday | Source::Family | Source::Missing => return Ok(true),
        Source::Visit => ("SELECT 1 FROM customer WHERE id = ? AND visit_for = ?", true),
        Source::Own => ("SELECT 1 FROM task WHERE id = ? AND stands_for = ? AND open = 1", true),
        Source::HandOver => ("SELECT 1 FROM hand_over WHERE id = ? AND open = 1", false),
        Source::Request => return subject::lines::is_open(w.conn, key),
        Source::Alert if key.matter == Matter::Second => return Ok(signals::first_by(w.conn, key)?.is_some()),
        Source::Movement | Source::Alert | Source::WinBack => ("SELECT 1 FROM signal WHERE id = ?", false),
        Source::Maturity | Source::Repayment => return dues::is_there(w.conn, key),
    };
    let mut statement = w.conn.prepare_cached(sql)?;
    Ok(if day { statement.exists(params![key.row, cell::day(key.day)])? } else { statement.exists([key.row])? })
}

/// Whose line it is, as far as the facts say.
///
/// # Errors
/// What the file says.
pub fn whose(w: &Write<'_>, key: &Key) -> Result<Option<StaffId>, Failure> {
    if let Some(to) = marks::of(w.conn, &key.to_string())?.handed_to {
        return Ok(Some(to));
    }
    let sql = match key.source {
        Source::Request => return subject::lines::whose(w, key),
        Source::Birthday | Source::Missing | Source::Maturity | Source::Repayment => {
            "SELECT owner FROM customer WHERE id = ?"
        }
        Source::Movement | Source::Alert | Source::WinBack => {
            "SELECT c.owner FROM signal s JOIN customer c ON c.id = s.customer WHERE s.id = ?"
        }
        Source::Family => "SELECT c.owner FROM part p JOIN customer c ON c.id = p.customer WHERE p.id = ?",
        Source::Visit => "SELECT coalesce(visitor, owner) FROM customer WHERE id = ?",
        Source::Own => "SELECT owner FROM task WHERE id = ?",
        Source::HandOver => "SELECT to_id FROM hand_over WHERE id = ?",
    };
    let found: Option<Option<i64>> = w.conn.prepare_cached(sql)?.query_row([key.row], |r| r.get(0)).optional()?;
    Ok(found.flatten().map(StaffId))
}

fn visit(w: &Write<'_>, key: &Key, fate: Fate) -> Result<(), Failure> {
    let id = CustomerId(key.row);
    let stands_for: Option<i64> = w
        .conn
        .prepare_cached("SELECT visit_for FROM customer WHERE id = ?")?
        .query_row([id.0], |r| r.get(0))
        .optional()?
        .ok_or(Failure::Gone)?;
    if stands_for != Some(cell::day(key.day)) {
        return Err(Failure::Gone);
    }
    let mut facts = table::facts_of(w.conn, id)?;
    match fate {
        Fate::Done(_) | Fate::Cancelled => facts.skip(w.stamp.today),
        Fate::Until(day) => facts.put_off = Some(day),
        Fate::To(person) => facts.handed_to = Some(person),
    }
    table::settle(w.conn, w.branch, id, &facts, w.stamp.today)?;
    Ok(())
}

/// Doing or cancelling a task that comes again moves it to its next day; one that comes once is closed.
fn task(w: &Write<'_>, key: &Key, fate: Fate) -> Result<Option<CustomerId>, Failure> {
    let (customer, first, repeat): (Option<i64>, i64, String) = w
        .conn
        .prepare_cached("SELECT customer, first, repeat FROM task WHERE id = ? AND stands_for = ? AND open = 1")?
        .query_row([key.row, cell::day(key.day)], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?
        .ok_or(Failure::Gone)?;
    let set = |sql: &str, value: i64| -> Result<(), Failure> {
        let sql = format!("UPDATE task SET {sql}, rev = rev + 1, updated_at = ?2, updated_by = ?3 WHERE id = ?4");
        w.conn.prepare_cached(&sql)?.execute(params![value, cell::time(w.stamp.at), w.stamp.by.0, key.row])?;
        Ok(())
    };
    match fate {
        Fate::Done(_) | Fate::Cancelled => {
            let repeat: Repeat = serde_json::from_str(&repeat)?;
            let first = cell::date(first).unwrap_or(key.day);
            match next(repeat, first, key.day, w.stamp.today, w) {
                Some(day) => set("due = ?1, stands_for = ?1", cell::day(day))?,
                None => set("open = ?1", 0)?,
            }
        }
        Fate::Until(day) => set("due = ?1", cell::day(day))?,
        Fate::To(person) => set("owner = ?1", person.0)?,
    }
    Ok(customer.map(CustomerId))
}

/// The day after both the one it stood for and today; counted from its first day, so that a 31st comes back after a short month.
fn next(repeat: Repeat, first: NaiveDate, stood_for: NaiveDate, today: NaiveDate, w: &Write<'_>) -> Option<NaiveDate> {
    let done = if matches!(repeat, Repeat::AfterDays(_)) { today } else { today.max(stood_for) };
    repeat.next(first, done, w.branch.settings.leap)
}

fn hand_over(w: &Write<'_>, key: &Key, fate: Fate) -> Result<CustomerId, Failure> {
    let customer: i64 = w
        .conn
        .prepare_cached("SELECT customer FROM hand_over WHERE id = ? AND open = 1")?
        .query_row([key.row], |r| r.get(0))
        .optional()?
        .ok_or(Failure::Gone)?;
    if keepers::open::is(w.conn, key)? {
        return Err(Failure::refused(
            "移交要接受、拒绝或撤回，不能这样处理。",
            "A customer changing hands is accepted, refused or taken back, nothing else.",
        ));
    }
    if matches!(fate, Fate::Done(_) | Fate::Cancelled) && customers::entitle::waits(w.conn, key.row)? {
        return Err(Failure::refused(
            "优惠与额度要批：打开档案按 e，批准或拒绝，这一条自己办结。",
            "It is to be approved or refused: e in the archive; that deals with this line by itself.",
        ));
    }
    let (sql, value) = match fate {
        Fate::Done(_) | Fate::Cancelled => ("UPDATE hand_over SET open = ? WHERE id = ?", 0),
        Fate::Until(day) => ("UPDATE hand_over SET due = ? WHERE id = ?", cell::day(day)),
        Fate::To(person) => ("UPDATE hand_over SET to_id = ? WHERE id = ?", person.0),
    };
    w.conn.prepare_cached(sql)?.execute([value, key.row])?;
    Ok(CustomerId(customer))
}
