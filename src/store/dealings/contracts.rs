//! Contracts by the day they mature: those that run, and those that matured, whether the core system still lists them or not.

use super::SEEN;
use super::arrived::{Arrived, WHOSE, Whose};
use crate::domain::agenda::key::Matter;
use crate::domain::dealings::due::NEWER;
use crate::domain::dealings::holding;
use crate::domain::ids::CustomerId;
use crate::domain::values::money::Fen;
use crate::store::cell;
use crate::store::request::Failure;
use chrono::{Days, NaiveDate};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// What becomes of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It runs.
    Runs,
    /// It matured.
    Over,
    /// It matured and runs on under its own number, with this sum.
    Renewed(Fen),
}

/// A contract with a term.
#[derive(Debug, Clone)]
pub struct Contract {
    /// Whose.
    pub whose: Whose,
    /// 合同号
    pub contract: String,
    account: i64,
    since: i64,
    /// 金额
    pub amount: Fen,
    /// 到期日
    pub ends: NaiveDate,
    /// What becomes of it.
    pub course: Course,
}

/// Contracts of so much and more that end between two days, of everybody or of one customer. A contract that was given up before its
/// day does not mature and is not among them.
///
/// # Errors
/// What the file says.
pub fn maturing(
    conn: &Connection,
    arrived: &Arrived<'_>,
    days: (NaiveDate, NaiveDate),
    of: Option<CustomerId>,
    least: Fen,
    today: NaiveDate,
) -> Result<Vec<Contract>, Failure> {
    // The plus keeps SQLite from going through a month of everybody's contracts for those of one.
    let place = if of.is_some() { "h.customer = ?4 AND +h.ends" } else { "?4 IS NULL AND h.ends" };
    let sql = format!(
        "SELECT {WHOSE}, h.contract, h.account, h.amount, h.ends, h.since, h.until, h.state, x.since, x.ends, x.amount
         FROM holding h JOIN customer c ON c.id = h.customer
         LEFT JOIN holding x ON x.customer = h.customer AND x.contract = h.contract AND x.account = h.account
                            AND x.since = h.until
         WHERE {place} BETWEEN ?1 AND ?2 AND h.amount >= ?3"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let (from, to) = (cell::day(days.0), cell::day(days.1));
    let mut rows = statement.query(params![from, to, least.0.max(1), of.map(|c| c.0)])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        found.extend(read(r, arrived, today)?);
    }
    Ok(found)
}

fn read(r: &Row<'_>, arrived: &Arrived<'_>, today: NaiveDate) -> Result<Option<Contract>, Failure> {
    let since: i64 = r.get(8)?;
    let Some(ends) = cell::date(r.get(7)?).filter(|_| !arrived.staged(since)) else { return Ok(None) };
    let until = r.get::<_, Option<i64>>(9)?.filter(|n| !arrived.staged(*n));
    let course = match until {
        None => {
            let state: String = r.get(10)?;
            match (ends < today, holding::runs(&state)) {
                (true, _) => Course::Over,
                (false, true) => Course::Runs,
                (false, false) => return Ok(None),
            }
        }
        Some(n) => {
            let over = ends <= today && arrived.as_of(n)?.is_none_or(|d| d >= ends);
            let next: Option<i64> = r.get(11)?;
            let runs_to = r.get::<_, Option<i64>>(12)?.and_then(cell::date);
            match (over, next, runs_to) {
                (true, None, _) => Course::Over,
                (true, Some(_), Some(to)) if to > ends => Course::Renewed(Fen(r.get(13)?)),
                _ => return Ok(None),
            }
        }
    };
    Ok(Some(Contract {
        whose: Whose::read(r)?,
        contract: r.get(4)?,
        account: r.get(5)?,
        since,
        amount: Fen(r.get(6)?),
        ends,
        course,
    }))
}

/// 产品 of a contract.
///
/// # Errors
/// What the file says.
pub fn product(conn: &Connection, c: &Contract) -> Result<String, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT product FROM holding WHERE customer = ? AND contract = ? AND account = ? AND since = ?",
    )?;
    let row = params![c.whose.customer.0, c.contract, c.account, c.since];
    Ok(statement.query_row(row, |r| r.get(0)).optional()?.unwrap_or_default())
}

/// What began for a customer around a maturity, by contract. One that runs on under its own number answers for itself and is not
/// among them.
///
/// # Errors
/// What the file says.
pub fn newer(conn: &Connection, of: CustomerId, ends: NaiveDate) -> Result<Vec<(String, Fen)>, Failure> {
    let sql = format!(
        "SELECT contract, amount FROM holding AS h WHERE customer = ? AND begins BETWEEN ? AND ? AND {SEEN}
         AND NOT EXISTS (SELECT 1 FROM holding o WHERE o.customer = h.customer AND o.contract = h.contract
                         AND o.account = h.account AND o.ends <= h.begins)"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let from = ends.checked_sub_days(Days::new(NEWER.0)).unwrap_or(ends);
    let to = ends.checked_add_days(Days::new(NEWER.1)).unwrap_or(ends);
    let found = statement.query_map([of.0, cell::day(from), cell::day(to)], |r| Ok((r.get(0)?, Fen(r.get(1)?))))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The sum of what is newer than a contract.
///
/// # Errors
/// What the file says.
pub fn newer_than(conn: &Connection, c: &Contract) -> Result<Fen, Failure> {
    let found = newer(conn, c.whose.customer, c.ends)?;
    Ok(found.into_iter().filter(|(contract, _)| *contract != c.contract).map(|(_, amount)| amount).sum())
}

/// Whether a customer has, or had, the contract that a line is about.
///
/// # Errors
/// What the file says.
pub fn is_there(conn: &Connection, of: CustomerId, ends: NaiveDate, matter: Matter) -> Result<bool, Failure> {
    let mut statement = conn.prepare_cached("SELECT contract FROM holding WHERE customer = ? AND +ends = ?")?;
    let mut rows = statement.query([of.0, cell::day(ends)])?;
    while let Some(r) = rows.next()? {
        if Matter::of(r.get_ref(0)?.as_str().unwrap_or_default()) == matter {
            return Ok(true);
        }
    }
    Ok(false)
}
