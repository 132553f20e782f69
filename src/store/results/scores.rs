//! What people reached in a month, counted from rows made since it began: ids rise with the time they were made, so contacts and archives
//! of a month lie together at the end of their tables.

use crate::domain::contact::Outcome;
use crate::domain::ids::StaffId;
use crate::domain::results::Over;
use crate::domain::results::targets::{Reached, Scores, last_of};
use crate::store::agenda::wall;
use crate::store::branch::{self, Branch};
use crate::store::cell;
use crate::store::ids;
use crate::store::request::Failure;
use chrono::{Days, NaiveDate, NaiveTime};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// Days by which the clocks of workstations, and saves that waited for the drive, may be behind.
const SLACK: u64 = 2;

/// The counts of a month.
struct Tally<'a> {
    over: &'a Over,
    people: BTreeMap<Option<StaffId>, Reached>,
}

impl Tally<'_> {
    /// The count of somebody, where it is of whom the one who asks is told.
    fn of(&mut self, who: Option<i64>, add: impl FnOnce(&mut Reached)) {
        let who = who.map(StaffId);
        if self.over.has(who) {
            add(self.people.entry(who).or_default());
        }
    }
}

/// What was reached in the month that begins on this day, up to today.
///
/// # Errors
/// What the file says.
pub(super) fn read(
    conn: &Connection,
    branch: &Branch,
    over: &Over,
    (month, today): (NaiveDate, NaiveDate),
) -> Result<Scores, Failure> {
    let to = last_of(month).min(today);
    let mut tally = Tally { over, people: BTreeMap::new() };
    if month <= to {
        contacts(conn, (month, to), &mut tally)?;
        fresh(conn, (month, to), &mut tally)?;
        lifted(conn, (month, to), &mut tally)?;
        // What matures today is not over yet.
        let last = to.min(today.pred_opt().unwrap_or(today));
        wall::matured(
            conn,
            (month, last),
            today,
            |k| over.has(k),
            |owner, amount, stay| tally.of(owner.map(|s| s.0), |r| r.kept.add(amount, stay)),
        )?;
    }
    let mut all = Reached::default();
    for r in tally.people.values() {
        all.contacts += r.contacts;
        all.fresh += r.fresh;
        all.lifted += r.lifted;
        all.kept = all.kept.with(&r.kept);
    }
    let here = branch.staff.iter().filter(|s| s.active && over.has(Some(s.id)));
    let people = here.map(|s| (s.id, tally.people.get(&Some(s.id)).copied().unwrap_or_default())).collect();
    let holdings: Option<i64> = conn
        .prepare_cached("SELECT max(as_of) FROM batch WHERE layout = '持有' AND state = 'current'")?
        .query_row([], |r| r.get(0))?;
    Ok(Scores {
        reach: over.reach,
        month,
        to,
        figures: branch::as_of(conn)?,
        holdings: holdings.and_then(cell::date),
        people,
        all,
        targets: branch.targets.clone(),
    })
}

/// The lowest id of what was made since a day began.
pub(super) fn since(day: NaiveDate) -> i64 {
    ids::earliest(day.checked_sub_days(Days::new(SLACK)).unwrap_or(day).and_time(NaiveTime::MIN))
}

/// 有效联络, by who made them.
fn contacts(conn: &Connection, (from, to): (NaiveDate, NaiveDate), tally: &mut Tally<'_>) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached("SELECT by, outcome FROM contact WHERE id >= ? AND day BETWEEN ? AND ?")?;
    let mut rows = statement.query(params![since(from), cell::day(from), cell::day(to)])?;
    while let Some(r) = rows.next()? {
        let real = Outcome::parse(r.get_ref(1)?.as_str().unwrap_or_default()).is_some_and(Outcome::is_real);
        if real {
            tally.of(Some(r.get(0)?), |x| x.contacts += 1);
        }
    }
    Ok(())
}

/// 新客户, by who keeps them: begun by hand in these days, or of an account opened in them.
fn fresh(conn: &Connection, (from, to): (NaiveDate, NaiveDate), tally: &mut Tally<'_>) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT owner FROM customer WHERE id >= ?1 AND (opened BETWEEN ?2 AND ?3
         OR (created_batch IS NULL AND substr(created_at, 1, 10) BETWEEN ?4 AND ?5))",
    )?;
    let days = params![since(from), cell::day(from), cell::day(to), from.to_string(), to.to_string()];
    let mut rows = statement.query(days)?;
    while let Some(r) = rows.next()? {
        tally.of(r.get(0)?, |x| x.fresh += 1);
    }
    Ok(())
}

/// 升级客户, by who keeps them; whoever rose twice is one.
fn lifted(conn: &Connection, (from, to): (NaiveDate, NaiveDate), tally: &mut Tally<'_>) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT c.id, c.owner FROM tier_move m CROSS JOIN customer c ON c.id = m.customer
         WHERE m.day BETWEEN ? AND ? AND m.from_tier >= 0 AND m.to_tier > m.from_tier",
    )?;
    let mut rows = statement.query([cell::day(from), cell::day(to)])?;
    let mut seen: BTreeSet<i64> = BTreeSet::new();
    while let Some(r) = rows.next()? {
        if seen.insert(r.get(0)?) {
            tally.of(r.get(1)?, |x| x.lifted += 1);
        }
    }
    Ok(())
}
