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
use crate::store::derive::{Came, Facts, Latest, replayed_lapse};
use crate::store::lighten::{self, Light};
use crate::store::pen::{self, KEYED, Pen};
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{answer, branch, cell, change, keepers, table};
use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Statement, params};

/// Customers from which settling them takes the indexes away for its length.
const LARGE: u64 = 5_000;
/// Customers of many that are settled with the indexes as they are, to see which of these change.
const FIRST: usize = 500;
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
        self.numbers.forget();
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
        let many = many(w.conn, kind, touched)?;
        let (mut settler, mut light, mut changed) = (Settler::of(w.conn)?, None, [0; KEYED.len()]);
        for (at, customer) in touched_by(w.conn, n)?.into_iter().enumerate() {
            // As it goes with the first, so it will with most of the rest.
            if many && at == FIRST {
                light = Some(lighten::take_for(w.conn, &changed, FIRST)?);
            }
            let newest = match kind == FIGURES {
                true => {
                    let newest = settler.newest(customer)?;
                    let others = follow(&mut w, &mut settler, customer, &newest, n, one)?;
                    changed.iter_mut().zip(others).for_each(|(n, other)| *n += usize::from(other));
                    Some(newest)
                }
                false => None,
            };
            if let Some(watcher) = &watcher {
                watcher.watch(&w, customer, newest.as_deref())?;
            }
        }
        drop(settler);
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
        lighten::usual(self.file.connection()?)?;
        Ok(seq)
    }
}

/// Customers whose facts a batch touched, as the archives stand now: one that was merged leads to the one it is in.
pub(super) fn touched_by(conn: &Connection, n: i64) -> Result<Vec<CustomerId>, Failure> {
    let mut statement = conn.prepare(
        "SELECT customer FROM touched WHERE batch = ? AND customer NOT IN (SELECT id FROM merged) ORDER BY customer",
    )?;
    let mut found: Vec<CustomerId> =
        statement.query_map([n], |r| r.get(0).map(CustomerId))?.collect::<rusqlite::Result<_>>()?;
    let mut statement =
        conn.prepare("SELECT m.customer FROM merged AS m JOIN touched AS t ON t.customer = m.id WHERE t.batch = ?")?;
    let merged: Vec<CustomerId> =
        statement.query_map([n], |r| r.get(0).map(CustomerId))?.collect::<rusqlite::Result<_>>()?;
    if !merged.is_empty() {
        found.extend(merged);
        found.sort_unstable();
        found.dedup();
    }
    Ok(found)
}

/// Whether so many are settled that building indexes anew may be cheaper than keeping them; the cache is made larger then.
fn many(conn: &Connection, kind: Kind, touched: u64) -> Result<bool, Failure> {
    let before: i64 = conn.query_row("SELECT coalesce(sum(count), 0) FROM tier_sum", [], |r| r.get(0))?;
    let before = u64::try_from(before).unwrap_or_default();
    if kind != FIGURES || touched < LARGE.max(before.div_ceil(8)) {
        return Ok(false);
    }
    lighten::roomy(conn)?;
    Ok(true)
}

/// Takes the indexes of the customer table away where so many are settled that building them anew is cheaper.
pub(super) fn large(conn: &Connection, kind: Kind, touched: u64) -> Result<Option<Light>, Failure> {
    many(conn, kind, touched)?.then(|| lighten::take(conn, true, false)).transpose()
}

/// What follows from a customer's new figures: the tier, the move that comes of it, and the keeper proposed for that. `one` is the data date, where
/// the batch has only one. Says which of the columns that indexes have changed.
fn follow<'c>(
    w: &mut Write<'c>,
    settler: &mut Settler<'c>,
    customer: CustomerId,
    newest: &[Latest],
    n: i64,
    one: Option<NaiveDate>,
) -> Result<[bool; KEYED.len()], Failure> {
    let mut facts = settler.facts(customer)?;
    let latest = newest.first().copied();
    let newer = latest.is_some_and(|new| facts.figures.is_none_or(|old| old.as_of < new.as_of));
    let next = newer && one.is_some() && one == latest.map(|new| new.as_of);
    facts.came = if next { Came::Next } else { Came::Any };
    facts.figures = latest;
    let (facts, derived) = table::settled(w.conn, w.branch, customer, &facts, w.stamp.today)?;
    settler.pen.write(customer, &facts, &derived, w.stamp.today)?;
    let changed = pen::changed(&facts.was, &derived);
    let Some(moved) = &derived.moved else { return Ok(changed) };
    moves::moved(w, customer, moved, n)?;
    if moved.from.is_some() {
        keepers::propose(w, customer, moved.from, moved.to, n)?;
    }
    Ok(changed)
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

/// What is asked and written of one customer after the other, by statements made once.
struct Settler<'c> {
    facts: Statement<'c>,
    newest: Statement<'c>,
    pen: Pen<'c>,
}

impl<'c> Settler<'c> {
    fn of(conn: &'c Connection) -> Result<Settler<'c>, Failure> {
        Ok(Settler {
            facts: conn.prepare(&format!("SELECT {} FROM customer WHERE id = ?", table::FACTS))?,
            newest: conn.prepare(
                "SELECT as_of, balance, average FROM figures WHERE customer = ? AND until IS NULL ORDER BY as_of DESC",
            )?,
            pen: Pen::of(conn),
        })
    }

    /// What a customer's standing follows from.
    fn facts(&mut self, customer: CustomerId) -> Result<Facts, Failure> {
        self.facts.query_row([customer.0], table::facts).optional()?.ok_or(Failure::Gone)
    }

    /// The figures that count of the two latest data dates, newest first, each summed over the numbers of the core system that are
    /// the customer's; while nothing is staged.
    fn newest(&mut self, customer: CustomerId) -> Result<Vec<Latest>, Failure> {
        let mut rows = self.newest.query([customer.0])?;
        let mut found: Vec<Latest> = Vec::with_capacity(3);
        while let Some(r) = rows.next()? {
            let Some(as_of) = cell::date(r.get(0)?) else { continue };
            if found.len() == 2 && found.last().is_some_and(|f| f.as_of != as_of) {
                break;
            }
            let average: Option<i64> = r.get(2)?;
            figures::add(&mut found, Latest { as_of, balance: Fen(r.get(1)?), average: average.map(Fen) });
        }
        Ok(found)
    }
}
