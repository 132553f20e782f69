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
use crate::store::derive::{Came, Derived, Facts, Latest, replayed_lapse};
use crate::store::lighten::{self, Light};
use crate::store::order::Seats;
use crate::store::pen::{self, KEYED, Pen};
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{answer, branch, cell, change, keepers, table};
use chrono::NaiveDate;
use rusqlite::{Connection, Statement, params};
use std::vec::IntoIter;

/// Customers from which settling them takes the triggers away for its length.
const LARGE: u64 = 5_000;
/// Customers of many that are settled with the orders as they are, to see which of these change.
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
        let (mut settler, mut light, mut changed) = (Settler::of(w.conn, many)?, None, [0; KEYED.len()]);
        let customers = touched_by(w.conn, n)?;
        if many {
            settler.seats.reserve(customers.len());
        }
        for (at, customer) in customers.iter().copied().enumerate() {
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
        let seats = std::mem::take(&mut settler.seats);
        drop(settler);
        if let Some(light) = &light {
            // Where everybody was settled, nobody need be walked over again.
            let everybody = customers.len() == table::count(w.conn)?;
            lighten::give(w.conn, light, everybody.then_some(seats))?;
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

/// Whether so many are settled that filling orders anew may be cheaper than keeping them.
fn many(conn: &Connection, kind: Kind, touched: u64) -> Result<bool, Failure> {
    Ok(kind == FIGURES && touched >= LARGE && touched >= table::count(conn)?.div_ceil(8) as u64)
}

/// Takes the triggers of the customer table away where so many are settled that filling its orders anew is cheaper.
pub(super) fn large(conn: &Connection, kind: Kind, touched: u64) -> Result<Option<Light>, Failure> {
    many(conn, kind, touched)?.then(|| lighten::take(conn, true, false)).transpose()
}

/// What follows from a customer's new figures: the tier, the move that comes of it, and the keeper proposed for that. `one` is the data date, where
/// the batch has only one. Says which of the columns that orders follow changed.
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
    settler.write(customer, &facts, &derived, w.stamp.today)?;
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
    /// What was read of the next customers, where many are settled.
    ahead: IntoIter<(CustomerId, Facts)>,
    newest: Statement<'c>,
    pen: Pen<'c>,
    /// The settled ones, where they are many.
    many: bool,
    seats: Seats,
}

/// Customers read ahead.
const AHEAD: u32 = 1_024;

impl<'c> Settler<'c> {
    /// For customers in the order of their ids, `many` of all there are or a few.
    fn of(conn: &'c Connection, many: bool) -> Result<Settler<'c>, Failure> {
        let most = if many { AHEAD } else { 1 };
        Ok(Settler {
            facts: conn.prepare(&format!(
                "SELECT {}, id FROM customer WHERE id >= ? ORDER BY id LIMIT {most}",
                table::FACTS
            ))?,
            ahead: Vec::new().into_iter(),
            newest: conn.prepare(
                "SELECT as_of, balance, average FROM figures WHERE customer = ? AND until IS NULL ORDER BY as_of DESC",
            )?,
            pen: Pen::of(conn),
            many,
            seats: Seats::default(),
        })
    }

    fn write(&mut self, id: CustomerId, f: &Facts, d: &Derived, today: NaiveDate) -> Result<(), Failure> {
        if self.many {
            self.seats.add(id, f, d);
        }
        self.pen.write(id, f, d, today)
    }

    /// What a customer's standing follows from; nobody's is asked for twice.
    fn facts(&mut self, customer: CustomerId) -> Result<Facts, Failure> {
        loop {
            match self.ahead.next() {
                Some((id, facts)) if id == customer => return Ok(facts),
                Some((id, _)) if id < customer => {}
                Some(_) => return Err(Failure::Gone),
                None => {
                    let rows =
                        self.facts.query_map([customer.0], |r| Ok((CustomerId(r.get(35)?), table::facts(r)?)))?;
                    self.ahead = rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter();
                    if self.ahead.len() == 0 {
                        return Err(Failure::Gone);
                    }
                }
            }
        }
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
