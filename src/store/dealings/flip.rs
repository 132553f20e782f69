//! The flip: a staged batch becomes current for everybody, in one transaction, with all that follows from it. Undoing settles the same
//! customers by the same rule.

use super::fact::{FIGURES, Kind};
use super::signals::Watcher;
use super::stage::{Staging, some_day, still_ours};
use super::{figures, moves};
use crate::domain::change::Entity;
use crate::domain::field::Edit;
use crate::domain::ids::CustomerId;
use crate::domain::values::money::Fen;
use crate::store::derive::{Came, Latest, replayed_lapse};
use crate::store::lighten::{self, Light};
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{answer, branch, cell, change, keepers, table};
use chrono::NaiveDate;
use rusqlite::{Connection, params};

/// Customers from which settling them takes the indexes away for its length.
const LARGE: u64 = 5_000;
/// Page cache of a large flip in KiB, negative as SQLite wants it.
const CACHE: i64 = -131_072;
/// The cache of every other transaction (`open`).
const USUAL: i64 = -65_536;
/// Batches of which it is remembered whom they touched; who takes an older one back looks through its whole table.
const REMEMBERED: i64 = 60;

impl Staging<'_> {
    /// Makes the batch current. `edits` stand in the one change that tells of it; a batch that wrote nothing makes no change, but is in
    /// the list of imports, so that its file is known again.
    ///
    /// # Errors
    /// What the file says; nothing is current then.
    pub fn flip(mut self, as_of: Option<NaiveDate>, edits: &[Edit], summary: &str) -> Result<i64, Failure> {
        self.leave()?;
        let (n, batch, kind, stamp) = (self.n, self.batch, self.plan.kind, self.stamp.clone());
        let (written, touched, one) = (self.written, self.touched, self.days.one());
        let (tx, branch, station, ids) = answer::begin(self.file)?;
        still_ours(&tx, n, batch, station)?;
        tx.execute(
            "UPDATE batch SET state = 'current', summary = ?, as_of = ? WHERE n = ?",
            params![summary, some_day(as_of), n],
        )?;
        if written == 0 {
            let head = change::head(&tx)?;
            tx.commit()?;
            return Ok(head);
        }
        let mut w = Write { conn: &tx, branch: &branch, station, ids, stamp: &stamp, batch: Some(batch) };
        let watcher = as_of.map(|day| Watcher::of(w.conn, n, day)).transpose()?;
        let light = large(w.conn, kind, touched)?;
        for customer in touched_by(w.conn, n)? {
            if kind == FIGURES {
                follow(&mut w, customer, n, one)?;
            }
            if let Some(watcher) = &watcher {
                watcher.watch(&w, customer)?;
            }
        }
        if let Some(light) = &light {
            lighten::give(w.conn, light)?;
        }
        if kind == FIGURES {
            let known = branch::as_of(w.conn)?;
            if as_of > known
                && let Some(day) = as_of
            {
                branch::keep(w.conn, "as_of", &cell::day(day).to_string(), &stamp)?;
            }
        }
        w.conn.execute("DELETE FROM touched WHERE batch <= ?", [n - REMEMBERED])?;
        let seq = w.change(Entity::Batch, batch.0, None, edits, "", None)?;
        tx.commit()?;
        usual(self.file.connection()?)?;
        Ok(seq)
    }
}

/// Customers whose facts a batch touched, as the archives stand now: one that was merged leads to the one it is in.
pub(super) fn touched_by(conn: &Connection, n: i64) -> Result<Vec<CustomerId>, Failure> {
    let mut statement = conn.prepare(
        "SELECT customer FROM touched WHERE batch = ?1 AND customer NOT IN (SELECT id FROM merged)
         UNION SELECT m.customer FROM touched AS t JOIN merged AS m ON m.id = t.customer WHERE t.batch = ?1 ORDER BY 1",
    )?;
    let found = statement.query_map([n], |r| r.get(0).map(CustomerId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Takes the indexes of the customer table away where so many are settled that building them anew is cheaper.
pub(super) fn large(conn: &Connection, kind: Kind, touched: u64) -> Result<Option<Light>, Failure> {
    let before: i64 = conn.query_row("SELECT coalesce(sum(count), 0) FROM tier_sum", [], |r| r.get(0))?;
    let before = u64::try_from(before).unwrap_or_default();
    if kind != FIGURES || touched < LARGE.max(before.div_ceil(8)) {
        return Ok(None);
    }
    conn.pragma_update(None, "cache_size", CACHE)?;
    lighten::take(conn, true, false).map(Some)
}

/// Gives back the memory of a large one.
pub(super) fn usual(conn: &Connection) -> Result<(), Failure> {
    Ok(conn.pragma_update(None, "cache_size", USUAL)?)
}

/// What follows from a customer's new figures: the tier, the move that comes of it, and the keeper proposed for that. `one` is the data date, where
/// the batch has only one.
fn follow(w: &mut Write<'_>, customer: CustomerId, n: i64, one: Option<NaiveDate>) -> Result<(), Failure> {
    let mut facts = table::facts_of(w.conn, customer)?;
    let latest = latest(w.conn, customer)?;
    let newer = latest.is_some_and(|new| facts.figures.is_none_or(|old| old.as_of < new.as_of));
    let next = newer && one.is_some() && one == latest.map(|new| new.as_of);
    facts.came = if next { Came::Next } else { Came::Any };
    facts.figures = latest;
    let derived = table::settle(w.conn, w.branch, customer, &facts, w.stamp.today)?;
    let Some(moved) = &derived.moved else { return Ok(()) };
    moves::moved(w, customer, moved, n)?;
    if moved.from.is_some() {
        keepers::propose(w, customer, moved.from, moved.to, n)?;
    }
    Ok(())
}

/// Settles a customer by the figures that still count after some were taken back. No move is written: those of the batch are gone with it.
pub(super) fn resettle(w: &Write<'_>, customer: CustomerId) -> Result<(), Failure> {
    let history = figures::history(w.conn, customer)?;
    let mut facts = table::facts_of(w.conn, customer)?;
    facts.figures = history.last().copied();
    facts.came = Came::Any;
    facts.lapsed = facts.lapsed && replayed_lapse(w.branch, facts.opened, &history, w.stamp.today);
    table::settle(w.conn, w.branch, customer, &facts, w.stamp.today)?;
    Ok(())
}

/// The latest figures that count, summed over the numbers of the core system that are the customer's; while nothing is staged.
fn latest(conn: &Connection, customer: CustomerId) -> Result<Option<Latest>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT as_of, balance, average FROM figures WHERE customer = ? AND until IS NULL ORDER BY as_of DESC",
    )?;
    let mut rows = statement.query([customer.0])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let Some(as_of) = cell::date(r.get(0)?) else { continue };
        if found.last().is_some_and(|f: &Latest| f.as_of != as_of) {
            break;
        }
        let average: Option<i64> = r.get(2)?;
        figures::add(&mut found, Latest { as_of, balance: Fen(r.get(1)?), average: average.map(Fen) });
    }
    Ok(found.pop())
}
