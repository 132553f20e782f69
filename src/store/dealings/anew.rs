//! Everybody derived anew in one pass, as the rules of the branch change: customers and their figures are read side by side in the order
//! they lie in the file, and only who comes out otherwise is written.

use super::figures::add;
use super::{SEEN, moves};
use crate::domain::ids::CustomerId;
use crate::domain::tier::{Why, fold};
use crate::domain::values::money::Fen;
use crate::store::branch::Branch;
use crate::store::derive::{self, Derived, Facts, Latest};
use crate::store::order::Seats;
use crate::store::pen::{self, KEYED, Pen};
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{cell, lighten, table};
use chrono::NaiveDate;
use rusqlite::{Connection, Rows, Statement, params};

/// Customers read before those of them that come out otherwise are written: the first portion, by which it is seen how many do, and the
/// largest.
const PORTION: (usize, usize) = (16_384, 262_144);

/// Those of a portion who come out otherwise, about: they are kept in memory.
const OTHERS: usize = 50_000;

/// Customers from which taking the triggers of the orders away for the length of the pass may pay.
const LARGE: usize = 5_000;

/// Derives everybody by `branch`, the rules as they are now; writes the moves between tiers that come of it.
///
/// # Errors
/// What the file says.
pub fn anew(w: &Write<'_>, branch: &Branch) -> Result<(), Failure> {
    let today = w.stamp.today;
    let mut histories = Histories::of(w.conn)?;
    let mut statement =
        w.conn.prepare(&format!("SELECT {}, id FROM customer WHERE id > ? ORDER BY id LIMIT ?", table::FACTS))?;
    let mut pen = Pen::of(w.conn);
    let (mut last, mut light, mut portion, mut seats) = (i64::MIN, None, PORTION.0, Seats::default());
    seats.reserve(table::count(w.conn)?);
    loop {
        let from = (last, portion);
        let (read, others) = otherwise(&mut statement, &mut histories, branch, from, today, &mut seats)?;
        let Some(to) = read.to else { break };
        // As it goes with the first, so it will with most of the rest: what is kept row by row is filled once at the end.
        if last == i64::MIN && read.count >= LARGE && others.len() * lighten::DEARER > read.count {
            let mut changed = [0; KEYED.len()];
            for (_, f, d) in &others {
                changed.iter_mut().zip(pen::changed(&f.was, d)).for_each(|(n, other)| *n += usize::from(other));
            }
            light = Some(lighten::take_for(w.conn, &changed, read.count)?);
        }
        moves::all(w, others.iter().filter_map(|(id, _, d)| Some((*id, d.moved.as_ref()?))), 0)?;
        for (id, f, d) in &others {
            pen.write(*id, f, d, today)?;
        }
        last = to;
        portion = (OTHERS * read.count / others.len().max(1)).clamp(PORTION.0, PORTION.1);
    }
    drop((statement, histories, pen));
    light.map_or(Ok(()), |light| lighten::give(w.conn, &light, Some(seats)))
}

/// A customer who comes out otherwise.
type Other = (CustomerId, Facts, Derived);

/// What was read of a portion.
#[derive(Default)]
struct Portion {
    count: usize,
    /// The last one; none where there are no more.
    to: Option<i64>,
}

/// Reads a portion of customers, at most so many after one, and gives each a seat; gives those who come out otherwise by the rules as they are now.
fn otherwise(
    statement: &mut Statement<'_>,
    histories: &mut Histories<'_>,
    branch: &Branch,
    (last, most): (i64, usize),
    today: NaiveDate,
    seats: &mut Seats,
) -> Result<(Portion, Vec<Other>), Failure> {
    let rules = branch.settings.rules();
    let (mut read, mut others) = (Portion::default(), Vec::new());
    let mut figures = histories.after(last)?;
    let mut rows = statement.query(params![last, i64::try_from(most).unwrap_or(i64::MAX)])?;
    while let Some(r) = rows.next()? {
        let (id, mut f) = table::facts_and_id(r)?;
        (read.count, read.to) = (read.count + 1, Some(id.0));
        let history = figures.of(id)?;
        // Figures that only the customer's own row still has, as in a salvaged file.
        let history = if history.is_empty() { f.figures.as_slice() } else { history };
        f.reached = fold::last(history.iter().map(|x| x.point(rules.basis)), &rules).map(|s| s.state);
        let mut d = derive::standing(&f, branch, today);
        seats.add(id, &f, &d);
        if d == f.was && f.held.is_none_or(|(_, until)| until >= today) {
            continue;
        }
        d.moved = derive::moved(&f, &d, Some((today, Why::RulesChanged)), today);
        others.push((id, f, d));
    }
    Ok((read, others))
}

/// What the tiers of many customers follow from, read in the order of their rows.
pub struct Histories<'c> {
    statement: Statement<'c>,
}

impl<'c> Histories<'c> {
    /// Nothing is read yet.
    ///
    /// # Errors
    /// What the file says.
    pub fn of(conn: &'c Connection) -> Result<Histories<'c>, Failure> {
        let statement = conn.prepare(&format!(
            "SELECT customer, as_of, balance, average FROM figures WHERE customer > ? AND {SEEN} ORDER BY customer, as_of"
        ))?;
        Ok(Histories { statement })
    }

    /// Those of the customers after one.
    ///
    /// # Errors
    /// What the file says.
    pub fn after(&mut self, after: i64) -> Result<After<'_>, Failure> {
        Ok(After { rows: self.statement.query([after])?, ahead: None, current: Vec::new() })
    }
}

/// The figures of customers in order, each asked for once.
pub struct After<'s> {
    rows: Rows<'s>,
    ahead: Option<(i64, Latest)>,
    current: Vec<Latest>,
}

impl After<'_> {
    /// The figures of this customer, oldest first.
    ///
    /// # Errors
    /// What the file says.
    pub fn of(&mut self, id: CustomerId) -> Result<&[Latest], Failure> {
        self.current.clear();
        loop {
            if self.ahead.is_none() {
                self.ahead = self.read()?;
            }
            match self.ahead {
                Some((customer, figures)) if customer <= id.0 => {
                    if customer == id.0 {
                        add(&mut self.current, figures);
                    }
                    self.ahead = None;
                }
                _ => return Ok(&self.current),
            }
        }
    }

    fn read(&mut self) -> Result<Option<(i64, Latest)>, Failure> {
        while let Some(r) = self.rows.next()? {
            if let Some(as_of) = cell::date(r.get(1)?) {
                let average: Option<i64> = r.get(3)?;
                let figures = Latest { as_of, balance: Fen(r.get(2)?), average: average.map(Fen) };
                return Ok(Some((r.get(0)?, figures)));
            }
        }
        Ok(None)
    }
}
