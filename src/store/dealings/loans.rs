//! Loans by the day of their next repayment, and those that are overdue.

use super::SEEN;
use super::arrived::{Arrived, WHOSE, Whose};
use crate::domain::agenda::key::Matter;
use crate::domain::ids::CustomerId;
use crate::domain::values::money::Fen;
use crate::store::cell;
use crate::store::request::Failure;
use chrono::{Days, NaiveDate};
use rusqlite::{Connection, Row, params};

/// A loan as a line of the queue needs it.
#[derive(Debug, Clone)]
pub struct Due {
    /// Whose.
    pub whose: Whose,
    /// 借据号
    pub no: String,
    /// 产品
    pub product: String,
    /// 余额
    pub balance: Fen,
    /// 应还额
    pub instalment: Option<Fen>,
    /// 下次还款日; of an overdue loan the day it has been overdue from.
    pub on: NaiveDate,
    /// 逾期天数 on the data date.
    pub overdue: u32,
    /// The data date of an overdue one.
    pub as_of: Option<NaiveDate>,
}

/// Loans to be repaid between two days, and all that are overdue; of everybody or of one customer.
///
/// # Errors
/// What the file says.
pub fn due(
    conn: &Connection,
    arrived: &Arrived<'_>,
    days: (NaiveDate, NaiveDate),
    of: Option<CustomerId>,
) -> Result<Vec<Due>, Failure> {
    let columns = format!("{WHOSE}, loan.no, product, loan.balance, instalment, next_due, overdue, since");
    let (from, to) = (cell::day(days.0), cell::day(days.1));
    let mut found = Vec::new();
    let mut add = |r: &Row<'_>| -> Result<(), Failure> {
        found.extend(read(r, arrived)?);
        Ok(())
    };
    if let Some(of) = of {
        let sql = format!(
            "SELECT {columns} FROM loan JOIN customer c ON c.id = customer WHERE customer = ? AND loan.balance > 0 AND {SEEN}
             AND (overdue > 0 OR next_due BETWEEN ? AND ?)"
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![of.0, from, to])?;
        while let Some(r) = rows.next()? {
            add(r)?;
        }
        return Ok(found);
    }
    let sql = format!(
        "SELECT {columns} FROM loan JOIN customer c ON c.id = customer
         WHERE next_due BETWEEN ? AND ? AND overdue = 0 AND loan.balance > 0 AND {SEEN}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([from, to])?;
    while let Some(r) = rows.next()? {
        add(r)?;
    }
    let sql = format!(
        "SELECT {columns} FROM loan JOIN customer c ON c.id = customer WHERE overdue > 0 AND loan.balance > 0 AND {SEEN}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        add(r)?;
    }
    Ok(found)
}

fn read(r: &Row<'_>, arrived: &Arrived<'_>) -> Result<Option<Due>, Failure> {
    let (next, overdue, since) = (r.get::<_, Option<i64>>(8)?.and_then(cell::date), r.get(9)?, r.get(10)?);
    // Counted back from the data date, an overdue loan stands for the same day however many days it is overdue by now.
    let as_of = if overdue > 0 { arrived.as_of(since)? } else { None };
    let missed = as_of.and_then(|d| d.checked_sub_days(Days::new(u64::from(overdue))));
    let on = if overdue > 0 { missed.or(next) } else { next };
    let Some(on) = on else { return Ok(None) };
    Ok(Some(Due {
        whose: Whose::read(r)?,
        no: r.get(4)?,
        product: r.get(5)?,
        balance: Fen(r.get(6)?),
        instalment: r.get::<_, Option<i64>>(7)?.map(Fen),
        on,
        overdue,
        as_of,
    }))
}

/// Whether a customer has, or had, the loan that a line is about.
///
/// # Errors
/// What the file says.
pub fn is_there(conn: &Connection, of: CustomerId, matter: Matter) -> Result<bool, Failure> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT no FROM loan WHERE customer = ?")?;
    let mut rows = statement.query([of.0])?;
    while let Some(r) = rows.next()? {
        if Matter::of(r.get_ref(0)?.as_str().unwrap_or_default()) == matter {
            return Ok(true);
        }
    }
    Ok(false)
}
