//! Writing what was derived of a customer, and what it was derived from: one row, or one after the other of many. What is derived is said
//! in `derive`.

use super::cell::{self, rank};
use super::derive::{Derived, Facts};
use super::request::Failure;
use crate::domain::ids::CustomerId;
use chrono::NaiveDate;
use rusqlite::{Connection, Statement};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The columns that no order follows.
const PLAIN: [&str; 21] = [
    "stage",
    "visit_for",
    "gaps",
    "held_tier",
    "held_until",
    "completeness",
    "as_of",
    "balance",
    "average",
    "lapsed",
    "last_contact",
    "agreed",
    "tried",
    "tried_next",
    "tries",
    "skipped",
    "put_off",
    "handed_to",
    "reached",
    "below_since",
    "guarded_until",
];

/// The columns that orders follow.
pub const KEYED: [&str; 6] = ["aum", "tier", "next_visit", "visitor", "lacking", "stale"];

type Cells<const N: usize> = [Option<i64>; N];

fn days(d: Option<NaiveDate>) -> Option<i64> {
    d.map(cell::day)
}

/// The cells of [`PLAIN`].
fn plain(f: &Facts, d: &Derived, today: NaiveDate) -> Cells<{ PLAIN.len() }> {
    // A hold that ended is taken away when it is met, so that a row says itself whether it is held.
    let held = f.held.filter(|(_, until)| *until >= today);
    [
        d.stage.map(|s| s as i64),
        days(d.visit_for),
        Some(d.gaps.into()),
        held.map(|(tier, _)| rank(Some(tier))),
        held.map(|(_, until)| cell::day(until)),
        Some(d.completeness),
        f.figures.map(|x| cell::day(x.as_of)),
        f.figures.map(|x| x.balance.0),
        f.figures.and_then(|x| x.average).map(|a| a.0),
        Some(d.lapsed.into()),
        days(f.last_contact),
        days(f.agreed),
        days(f.tried),
        days(f.tried_next),
        Some(f.tries.into()),
        days(f.skipped),
        days(f.put_off),
        f.handed_to.map(|s| s.0),
        Some(rank(d.reached.map(|r| r.tier))),
        days(d.reached.and_then(|r| r.below_since)),
        days(d.reached.and_then(|r| r.guarded_until)),
    ]
}

/// The cells of [`KEYED`].
fn keyed(d: &Derived) -> Cells<{ KEYED.len() }> {
    [d.aum.map(|f| f.0), Some(rank(d.tier)), days(d.next_visit), d.visitor.map(|s| s.0), Some(d.lacking), days(d.stale)]
}

/// Which of the [`KEYED`] columns are other than they were.
pub fn changed(was: &Derived, d: &Derived) -> [bool; KEYED.len()] {
    [
        d.aum != was.aum,
        d.tier != was.tier,
        d.next_visit != was.next_visit,
        d.visitor != was.visitor,
        d.lacking != was.lacking,
        d.stale != was.stale,
    ]
}

/// Of the [`KEYED`] columns only those that change are named: the triggers of a column that is named are begun, also when its value stays.
fn sql(changed: [bool; KEYED.len()]) -> String {
    let named = KEYED.iter().zip(changed).filter(|(_, changed)| *changed).map(|(column, _)| *column);
    let set: Vec<String> = PLAIN.into_iter().chain(named).map(|c| format!("{c} = ?")).collect();
    format!("UPDATE customer SET {} WHERE id = ?", set.join(", "))
}

fn run(
    statement: &mut Statement<'_>,
    changed: [bool; KEYED.len()],
    id: CustomerId,
    f: &Facts,
    d: &Derived,
    today: NaiveDate,
) -> Result<(), Failure> {
    let keyed = keyed(d).into_iter().zip(changed).filter(|(_, changed)| *changed).map(|(cell, _)| cell);
    for (at, cell) in (1..).zip(plain(f, d, today).into_iter().chain(keyed).chain([Some(id.0)])) {
        statement.raw_bind_parameter(at, cell)?;
    }
    statement.raw_execute()?;
    Ok(())
}

/// Writes what was derived, and what it was derived from.
///
/// # Errors
/// What the file says.
pub fn write(conn: &Connection, id: CustomerId, f: &Facts, d: &Derived, today: NaiveDate) -> Result<(), Failure> {
    let changed = changed(&f.was, d);
    run(&mut *conn.prepare_cached(&sql(changed))?, changed, id, f, d, today)
}

/// Writes many, each as [`write()`] does, with statements made once.
pub struct Pen<'c> {
    conn: &'c Connection,
    made: HashMap<[bool; KEYED.len()], Statement<'c>>,
}

impl<'c> Pen<'c> {
    /// Nothing is written yet.
    pub fn of(conn: &'c Connection) -> Pen<'c> {
        Pen { conn, made: HashMap::new() }
    }

    /// Writes one.
    ///
    /// # Errors
    /// What the file says.
    pub fn write(&mut self, id: CustomerId, f: &Facts, d: &Derived, today: NaiveDate) -> Result<(), Failure> {
        let changed = changed(&f.was, d);
        let statement = match self.made.entry(changed) {
            Entry::Occupied(made) => made.into_mut(),
            Entry::Vacant(none) => none.insert(self.conn.prepare(&sql(changed))?),
        };
        run(statement, changed, id, f, d, today)
    }
}
