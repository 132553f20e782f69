//! 资金, 预警, 挽回: lines of the signals that arrived brought. An alert is done when a second person has said so too.

use super::marks::{self, Marks};
use super::tally::{Look, MOST};
use super::who;
use crate::domain::agenda::key::{Key, Matter};
use crate::domain::agenda::lines;
use crate::domain::agenda::{Checked, Item, SENT_BACK, Source, Who};
use crate::domain::dealings::watch::Signal;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::staff::second;
use crate::store::branch::Branch;
use crate::store::cell;
use crate::store::dealings::arrived::Arrived;
use crate::store::request::Failure;
use chrono::{Days, NaiveDate};
use rusqlite::{Connection, OptionalExtension};
use std::cmp::Reverse;

/// Days for which a movement or a customer to win back is asked about; after a quarter it is history.
const NEWS: u64 = 90;
/// Days for which an alert is: it stays until two people have dealt with it, for as long as the books of a year are open.
const ALERTS: u64 = 400;

/// The kinds of a source, as stored.
const fn kinds(source: Source) -> &'static [&'static str] {
    match source {
        Source::Movement => &["moved", "outflow"],
        Source::Alert => &["unusual", "busy", "worsened", "lenders"],
        Source::WinBack => &["left"],
        _ => &[],
    }
}

/// The source of a stored kind.
fn source_of(kind: &str) -> Option<Source> {
    [Source::Movement, Source::Alert, Source::WinBack].into_iter().find(|s| kinds(*s).contains(&kind))
}

/// A signal, as far as its row knows it.
struct Light {
    key: Key,
    customer: CustomerId,
    due: NaiveDate,
    owner: Option<StaffId>,
    weight: (i64, Option<i64>),
    checked: Option<Checked>,
}

/// What an alert's first mark says.
fn first_word(conn: &Connection, key: &Key) -> Result<Option<Checked>, Failure> {
    let found: Option<(i64, String, Option<String>)> = conn
        .prepare_cached(
            "SELECT m.updated_by, m.reason, (SELECT note FROM contact WHERE id = m.contact) FROM mark m WHERE m.key = ?",
        )?
        .query_row([key.to_string()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    Ok(found.map(|(by, reason, note)| {
        let note = if reason.is_empty() { note.unwrap_or_default() } else { reason };
        match note.strip_prefix(SENT_BACK) {
            Some(why) => Checked { by: StaffId(by), note: why.to_owned(), back: true },
            None => Checked { by: StaffId(by), note, back: false },
        }
    }))
}

/// The line that a signal makes now: its key, due day, owner, and what was found.
type Standing = (Key, NaiveDate, Option<StaffId>, Option<Checked>);

/// The line that a signal makes now; nothing when it is dealt with.
fn stands(
    conn: &Connection,
    branch: &Branch,
    key: Key,
    due: NaiveDate,
    keeper: Option<StaffId>,
    mark: impl Fn(&Key) -> Result<lines::Marked, Failure>,
) -> Result<Option<Standing>, Failure> {
    let first = mark(&key)?;
    if key.source != Source::Alert {
        return Ok(first.on(due, keeper).map(|(due, owner)| (key, due, owner, None)));
    }
    if let Some((due, owner)) = first.on(due, keeper.or_else(|| second(&branch.staff, None))) {
        // Only a mark says that it was sent back.
        let back = if first.on.is_some() { first_word(conn, &key)?.filter(|c| c.back) } else { None };
        return Ok(Some((key, due, owner, back)));
    }
    let checked = first_word(conn, &key)?;
    let owner = second(&branch.staff, checked.as_ref().map(|c| c.by));
    let key = Key { matter: Matter::Second, ..key };
    let due = due.max(first.on.unwrap_or(due));
    Ok(mark(&key)?.on(due, owner).map(|(due, owner)| (key, due, owner, checked)))
}

/// The day a signal is to be looked at: the working day on which its file came, or the one after its data date where nothing says when
/// it came.
fn due_on(branch: &Branch, arrived: &Arrived<'_>, day: NaiveDate, since: i64) -> Result<NaiveDate, Failure> {
    // What no batch brought was found here, that day.
    let next = if since == 0 { day } else { day.succ_opt().unwrap_or(day) };
    Ok(branch.holidays.working_day_from(arrived.came(since)?.map_or(next, |came| came.max(day))))
}

/// 资金, 预警, 挽回
///
/// # Errors
/// What the file says.
pub fn signals(look: &mut Look<'_>, arrived: &Arrived<'_>) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::new();
    for (source, days) in [(Source::Movement, NEWS), (Source::Alert, ALERTS), (Source::WinBack, NEWS)] {
        items.extend(of_source(look, arrived, source, days)?);
    }
    Ok(items)
}

fn of_source(look: &mut Look<'_>, arrived: &Arrived<'_>, source: Source, days: u64) -> Result<Vec<Item>, Failure> {
    let (conn, branch, today, until) = (look.conn, look.branch, look.frame.today, look.frame.until);
    let from = today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let known: Marks = marks::between(conn, source, from, until)?;
    let mark = |key: &Key| Ok(known.get(key).copied().unwrap_or_default());
    let mut lights = Vec::new();
    let mut statement = conn.prepare_cached(
        "SELECT s.id, s.customer, s.kind, s.day, s.since, c.tier, c.aum, c.owner FROM signal s
         JOIN customer c ON c.id = s.customer WHERE s.day BETWEEN ? AND ?",
    )?;
    let mut rows = statement.query([cell::day(from), cell::day(until)])?;
    while let Some(r) = rows.next()? {
        let Some(day) = cell::date(r.get(3)?) else { continue };
        if !kinds(source).contains(&r.get_ref(2)?.as_str().unwrap_or_default()) {
            continue;
        }
        let key = Key::new(source, r.get(0)?, day);
        let (due, keeper) = (due_on(branch, arrived, day, r.get(4)?)?, r.get::<_, Option<i64>>(7)?.map(StaffId));
        let Some((key, due, owner, checked)) = stands(conn, branch, key, due, keeper, mark)? else { continue };
        look.tally.due(owner, due, today, 1);
        if due <= until && look.whose.has(owner) {
            let weight = (r.get(5)?, r.get(6)?);
            lights.push(Light { key, customer: CustomerId(r.get(1)?), due, owner, weight, checked });
        }
    }
    lights.sort_by_key(|l| (l.due, Reverse(l.weight), l.key.row));
    lights.truncate(MOST);
    let mut items = Vec::new();
    for light in lights {
        look.breath.take()?;
        if let (Some(who), Some(signal)) = (who::who(conn, light.customer)?, value(conn, light.key.row)?) {
            items.push(line(&who, signal, light));
        }
    }
    Ok(items)
}

fn line(who: &Who, signal: Signal, light: Light) -> Item {
    Item { owner: light.owner, ..lines::signal(light.key, who, signal, light.due, light.checked) }
}

fn value(conn: &Connection, id: i64) -> Result<Option<Signal>, Failure> {
    let mut statement = conn.prepare_cached("SELECT value FROM signal WHERE id = ?")?;
    let text: Option<String> = statement.query_row([id], |r| r.get(0)).optional()?;
    // One that a newer program wrote is not known here.
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Those of one customer, due by today.
///
/// # Errors
/// What the file says.
pub fn of(conn: &Connection, branch: &Branch, who: &Who, today: NaiveDate) -> Result<Vec<Item>, Failure> {
    let arrived = Arrived::load(conn)?;
    let mut statement =
        conn.prepare_cached("SELECT id, kind, day, since FROM signal WHERE customer = ? AND day BETWEEN ? AND ?")?;
    let from = cell::day(today.checked_sub_days(Days::new(ALERTS)).unwrap_or(today));
    let mut rows = statement.query([who.id.0, from, cell::day(today)])?;
    let mut items = Vec::new();
    while let Some(r) = rows.next()? {
        let (Some(day), Some(source)) = (cell::date(r.get(2)?), source_of(&r.get::<_, String>(1)?)) else { continue };
        if source != Source::Alert && (today - day).num_days() > NEWS.cast_signed() {
            continue;
        }
        let key = Key::new(source, r.get(0)?, day);
        let due = due_on(branch, &arrived, day, r.get(3)?)?;
        let mark = |key: &Key| marks::of(conn, &key.to_string());
        let Some((key, due, owner, checked)) = stands(conn, branch, key, due, who.owner, mark)? else { continue };
        if let Some(signal) = value(conn, key.row)?.filter(|_| due <= today) {
            let light = Light { key, customer: who.id, due, owner, weight: (0, None), checked };
            items.push(line(who, signal, light));
        }
    }
    Ok(items)
}

/// Whose signals fall to be looked at on the days of a month, whatever was marked.
///
/// # Errors
/// What the file says.
pub fn on_days(
    conn: &Connection,
    branch: &Branch,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<(NaiveDate, Option<StaffId>)>, Failure> {
    let arrived = Arrived::load(conn)?;
    let from = first.checked_sub_days(Days::new(NEWS)).unwrap_or(first);
    let mut statement = conn.prepare_cached(
        "SELECT s.day, s.since, c.owner FROM signal s JOIN customer c ON c.id = s.customer WHERE s.day BETWEEN ? AND ?",
    )?;
    let mut rows = statement.query([cell::day(from), cell::day(last)])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let Some(day) = cell::date(r.get(0)?) else { continue };
        if let Some(due) = Some(due_on(branch, &arrived, day, r.get(1)?)?).filter(|d| (first..=last).contains(d)) {
            found.push((due, r.get::<_, Option<i64>>(2)?.map(StaffId)));
        }
    }
    Ok(found)
}

/// About whom a signal is.
///
/// # Errors
/// What the file says.
pub fn customer(conn: &Connection, id: i64) -> Result<Option<CustomerId>, Failure> {
    let mut statement = conn.prepare_cached("SELECT customer FROM signal WHERE id = ?")?;
    Ok(statement.query_row([id], |r| r.get(0)).optional()?.map(CustomerId))
}

/// Who looked into an alert first, when somebody did.
///
/// # Errors
/// What the file says.
pub fn first_by(conn: &Connection, key: &Key) -> Result<Option<StaffId>, Failure> {
    let first = Key { matter: Matter::Plain, ..*key };
    if !marks::of(conn, &first.to_string())?.closed {
        return Ok(None);
    }
    Ok(first_word(conn, &first)?.map(|c| c.by))
}
