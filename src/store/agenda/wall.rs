//! 到期墙: the contracts of the coming days put together by day, and those of the days past by where their money went.

use super::dues::key_of;
use super::marks::{self, Marks};
use super::tally::{MOST, Whose as Lines};
use super::who;
use crate::domain::agenda::Source;
use crate::domain::agenda::lines::Marked;
use crate::domain::agenda::wall::{Brick, DAYS, Wall};
use crate::domain::dealings::due::{LOOK_BACK, clearly_kept, in_newer};
use crate::domain::ids::CustomerId;
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use crate::store::branch::Branch;
use crate::store::cell;
use crate::store::dealings::arrived::{Arrived, Whose};
use crate::store::dealings::contracts::{self, Contract, Course};
use crate::store::request::Failure;
use crate::store::veil::Veil;
use chrono::{Days, NaiveDate};
use rusqlite::Connection;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The contracts of a scope between two days, with their marks.
fn contracts_of(
    conn: &Connection,
    whose: &Lines,
    days: (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Result<Vec<(Contract, Marked)>, Failure> {
    let arrived = Arrived::load(conn)?;
    let marks: Marks = marks::between(conn, Source::Maturity, days.0, days.1)?;
    let found = contracts::maturing(conn, &arrived, days, None, Fen::ZERO, today)?;
    let mine = found.into_iter().filter(|c| whose.has(c.whose.owner));
    Ok(mine.map(|c| (marks.get(&key_of(&c)).copied().unwrap_or_default(), c)).map(|(m, c)| (c, m)).collect())
}

fn ahead(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (today, today.checked_add_days(Days::new(DAYS - 1)).unwrap_or(today))
}

fn past(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = today.checked_sub_days(Days::new(LOOK_BACK)).unwrap_or(today);
    (first, today.pred_opt().unwrap_or(today))
}

/// Whether the one who looks sees what the customer of a contract has.
fn seen(conn: &Connection, veil: Option<&Veil<'_>>, c: &Contract) -> Result<bool, Failure> {
    let Whose { customer, tier, owner, .. } = c.whose;
    veil.map_or(Ok(true), |veil| veil.sees(conn, customer, owner, Tier::of_rank(tier)))
}

fn spoken(mark: Marked) -> bool {
    mark.closed || mark.stay.is_some()
}

/// What is in newer holdings of what a contract was.
fn newer(conn: &Connection, c: &Contract) -> Result<Fen, Failure> {
    Ok(match c.course {
        Course::Renewed(sum) => sum,
        Course::Runs | Course::Over => contracts::newer_than(conn, c)?,
    })
}

/// The wall.
///
/// # Errors
/// What the file says.
pub fn wall(conn: &Connection, veil: Option<&Veil<'_>>, whose: &Lines, today: NaiveDate) -> Result<Wall, Failure> {
    let as_of: Option<i64> = conn
        .prepare_cached("SELECT max(as_of) FROM batch WHERE layout = '持有' AND state = 'current'")?
        .query_row([], |r| r.get(0))?;
    let mut wall = Wall { as_of: as_of.and_then(cell::date), ..Wall::default() };
    let mut days = BTreeMap::new();
    for (c, mark) in contracts_of(conn, whose, ahead(today), today)? {
        if c.course == Course::Runs && !seen(conn, veil, &c)? {
            wall.beyond += 1;
        } else if c.course == Course::Runs {
            let heap: &mut crate::domain::agenda::wall::Heap = days.entry(c.ends).or_default();
            heap.add(c.amount, c.whose.owner, spoken(mark));
        }
    }
    wall.days = days.into_iter().collect();
    // What is in newer holdings is counted once for a customer, however many contracts it may have come from.
    let mut held: HashMap<CustomerId, Held> = HashMap::new();
    for (c, mark) in contracts_of(conn, whose, past(today), today)? {
        if !seen(conn, veil, &c)? {
            continue;
        }
        wall.kept.add(c.amount, mark.stay);
        let held = held.entry(c.whose.customer).or_default();
        held.matured += c.amount;
        held.took(conn, &c)?;
        let known = mark.over() || clearly_kept(c.amount, newer(conn, &c)?);
        if !known {
            wall.open.add(c.amount, c.whose.owner, spoken(mark));
        }
    }
    wall.kept.newer = held.values().map(|h| in_newer(h.matured, h.newer)).sum();
    Ok(wall)
}

/// What matured of one customer, and what began.
#[derive(Default)]
struct Held {
    matured: Fen,
    newer: Fen,
    counted: HashSet<String>,
}

impl Held {
    fn took(&mut self, conn: &Connection, c: &Contract) -> Result<(), Failure> {
        if let Course::Renewed(sum) = c.course
            && self.counted.insert(c.contract.clone())
        {
            self.newer += sum;
        }
        for (contract, sum) in contracts::newer(conn, c.whose.customer, c.ends)? {
            if contract != c.contract && self.counted.insert(contract) {
                self.newer += sum;
            }
        }
        Ok(())
    }
}

/// The contracts of a day, or those that matured in the days looked back on, what is open first; the largest first, and how many more
/// there are.
///
/// # Errors
/// What the file says.
pub fn bricks(
    conn: &Connection,
    branch: &Branch,
    veil: Option<&Veil<'_>>,
    whose: &Lines,
    today: NaiveDate,
    day: Option<NaiveDate>,
) -> Result<(Vec<Brick>, u32), Failure> {
    let days = day.map_or_else(|| past(today), |d| (d, d));
    let (mut found, mut beyond) = (Vec::new(), 0);
    for (c, mark) in contracts_of(conn, whose, days, today)? {
        if day.is_some() && c.course != Course::Runs {
            continue;
        }
        match seen(conn, veil, &c)? {
            true => found.push((c, mark)),
            false => beyond += 1,
        }
    }
    found.sort_by_cached_key(|(c, mark)| (mark.over(), Reverse(c.amount), c.contract.clone()));
    let more = beyond + u32::try_from(found.len().saturating_sub(MOST)).unwrap_or(u32::MAX - beyond);
    found.truncate(MOST);
    let mut bricks = Vec::new();
    for (c, mark) in found {
        let Some(who) = who::who(conn, c.whose.customer)? else { continue };
        let newer = if day.is_none() { Some(in_newer(c.amount, newer(conn, &c)?)) } else { None };
        bricks.push(Brick {
            key: key_of(&c).to_string(),
            who,
            product: branch.settings.product(&contracts::product(conn, &c)?).to_owned(),
            amount: c.amount,
            ends: c.ends,
            stay: mark.stay,
            spoken: spoken(mark),
            newer,
        });
    }
    Ok((bricks, more))
}
