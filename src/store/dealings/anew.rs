//! Everybody derived anew in one pass, as the rules of the branch change: customers and their figures are read side by side in the order
//! they lie in the file, and only who comes out otherwise is written.

use super::figures::add;
use super::{SEEN, moves};
use crate::domain::ids::CustomerId;
use crate::domain::tier::{Why, fold};
use crate::domain::values::money::Fen;
use crate::store::branch::Branch;
use crate::store::derive::{self, Facts, Latest};
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{cell, lighten, table};
use rusqlite::{Connection, Rows, Statement};

/// Customers read before those of them that changed are written: enough that reading stays one sweep.
const PORTION: i64 = 20_000;

/// Customers from which taking the indexes away for the length of the pass pays.
const LARGE: usize = 5_000;

/// Derives everybody by `branch`, the rules as they are now; writes the moves between tiers that come of it.
///
/// # Errors
/// What the file says.
pub fn anew(w: &Write<'_>, branch: &Branch) -> Result<(), Failure> {
    let rules = branch.settings.rules();
    let today = w.stamp.today;
    let mut histories = Histories::of(w.conn)?;
    let mut statement = w
        .conn
        .prepare(&format!("SELECT {}, id FROM customer WHERE id > ? ORDER BY id LIMIT {PORTION}", table::FACTS))?;
    let (mut last, mut light) = (i64::MIN, None);
    loop {
        let rows = statement.query_map([last], |r| Ok((CustomerId(r.get(33)?), table::facts(r)?)))?;
        let portion: Vec<(CustomerId, Facts)> = rows.collect::<rusqlite::Result<_>>()?;
        let Some((to, _)) = portion.last() else { break };
        let to = to.0;
        let read = portion.len();
        let mut figures = histories.between(last, to)?;
        let mut others = Vec::new();
        for (id, mut f) in portion {
            let history = figures.of(id)?;
            // Figures that only the customer's own row still has, as in a salvaged file.
            let history = if history.is_empty() { f.figures.as_slice() } else { history };
            f.reached = fold::last(history.iter().map(|x| x.point(rules.basis)), &rules).map(|s| s.state);
            let mut d = derive::standing(&f, branch, today);
            if d == f.was && f.held.is_none_or(|(_, until)| until >= today) {
                continue;
            }
            d.moved = derive::moved(&f, &d, Some((today, Why::RulesChanged)), today);
            others.push((id, f, d));
        }
        drop(figures);
        // Where most of the first come out otherwise, so will most of the rest: what is kept row by row is built once at the end.
        if last == i64::MIN && read >= LARGE && others.len() * 2 > read {
            light = Some(lighten::take(w.conn, true, false)?);
        }
        for (id, f, d) in others {
            table::write(w.conn, id, &f, &d, today)?;
            if let Some(moved) = &d.moved {
                moves::moved(w, id, moved, 0)?;
            }
        }
        last = to;
    }
    drop((statement, histories));
    light.map_or(Ok(()), |light| lighten::give(w.conn, &light))
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
            "SELECT customer, as_of, balance, average FROM figures WHERE customer > ? AND customer <= ? AND {SEEN}
             ORDER BY customer, as_of"
        ))?;
        Ok(Histories { statement })
    }

    /// Those of the customers after one up to another.
    ///
    /// # Errors
    /// What the file says.
    pub fn between(&mut self, after: i64, to: i64) -> Result<Between<'_>, Failure> {
        Ok(Between { rows: self.statement.query([after, to])?, ahead: None, current: Vec::new() })
    }
}

/// The figures of a stretch of customers, each asked for once, in order.
pub struct Between<'s> {
    rows: Rows<'s>,
    ahead: Option<(i64, Latest)>,
    current: Vec<Latest>,
}

impl Between<'_> {
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
