//! Everything the extracts say of a customer, read together. A contract that the newest list lacks is read in its last version, with the
//! data date of that list; what was seen of a loan is over all its versions.

use super::seen::ENDED;
use super::{PUT, SEEN, txns};
use crate::domain::dealings::books::{Books, Dates, Listed};
use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::loan::{Class, Loan, Record};
use crate::domain::dealings::rating::Rating;
use crate::domain::dealings::service::Service;
use crate::domain::ids::CustomerId;
use crate::domain::values::money::Fen;
use crate::store::cell;
use crate::store::request::Failure;
use chrono::NaiveDate;
use rusqlite::{Connection, Row};

/// Reads it.
///
/// # Errors
/// What the file says.
pub fn read(conn: &Connection, customer: CustomerId, today: NaiveDate) -> Result<Books, Failure> {
    let dates = dates(conn)?;
    let (txns, months, txns_total) = txns::newest(conn, customer, today)?;
    Ok(Books {
        customer,
        holdings: holdings(conn, customer)?,
        loans: loans(conn, customer)?,
        services: services(conn, customer)?,
        ratings: ratings(conn, customer)?,
        months,
        txns,
        txns_total,
        dates,
    })
}

/// Of which day the newest file of each layout is.
fn dates(conn: &Connection) -> Result<Dates, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT layout, as_of, max(n) FROM batch WHERE state = 'current' AND layout <> '' AND as_of IS NOT NULL
         GROUP BY layout",
    )?;
    let mut rows = statement.query([])?;
    let mut dates = Dates::default();
    while let Some(r) = rows.next()? {
        let (layout, day): (String, Option<NaiveDate>) = (r.get(0)?, date(r, 1)?);
        match layout.as_str() {
            "持有" => dates.holdings = day,
            "贷款" => dates.loans = day,
            "签约" => dates.services = day,
            "评级" => dates.ratings = day,
            "交易" => dates.txns = day,
            _ => {}
        }
    }
    Ok(dates)
}

fn date(r: &Row<'_>, at: usize) -> rusqlite::Result<Option<NaiveDate>> {
    Ok(r.get::<_, Option<i64>>(at)?.and_then(cell::date))
}

/// The newest version of each fact with the data date of the list that lacks it; `each` sees every version, newest first.
fn listed<T>(
    conn: &Connection,
    customer: CustomerId,
    (table, key, cells): (&str, &str, &str),
    mut each: impl FnMut(&Row<'_>, bool) -> rusqlite::Result<Option<T>>,
) -> Result<Vec<Listed<T>>, Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {key}, account, (SELECT as_of FROM batch WHERE n = {ENDED}), {ENDED}, {cells} FROM {table}
         WHERE customer = ? AND {PUT} ORDER BY {key}, account, since DESC"
    ))?;
    let mut rows = statement.query([customer.0])?;
    let mut all = Vec::new();
    let mut last: Option<(String, i64)> = None;
    while let Some(r) = rows.next()? {
        let this: (String, i64) = (r.get(0)?, r.get(1)?);
        let newest = last.as_ref() != Some(&this);
        if let Some(fact) = each(r, newest)? {
            // A list without a data date is of no day that could be told; what it ended is gone all the same.
            let ended = r.get::<_, Option<i64>>(3)?.is_some();
            let gone = if ended { Some(date(r, 2)?.unwrap_or_default()) } else { None };
            all.push(Listed { fact, gone });
        }
        last = Some(this);
    }
    Ok(all)
}

/// What is listed first, the others by the day they went, the latest first.
fn order(gone: Option<NaiveDate>) -> (bool, std::cmp::Reverse<Option<NaiveDate>>) {
    (gone.is_some(), std::cmp::Reverse(gone))
}

fn holdings(conn: &Connection, customer: CustomerId) -> Result<Vec<Listed<Holding>>, Failure> {
    let cells = "product, amount, begins, ends, rate, state";
    let mut all = listed(conn, customer, ("holding", "contract", cells), |r, newest| {
        if !newest {
            return Ok(None);
        }
        Ok(Some(Holding {
            contract: r.get(0)?,
            product: r.get(4)?,
            amount: Fen(r.get(5)?),
            begins: date(r, 6)?,
            ends: date(r, 7)?,
            rate: r.get::<_, Option<i64>>(8)?.and_then(|n| u32::try_from(n).ok()),
            state: r.get(9)?,
        }))
    })?;
    all.sort_by_key(|h| (order(h.gone), h.fact.ends.is_none(), h.fact.ends));
    Ok(all)
}

fn loans(conn: &Connection, customer: CustomerId) -> Result<Vec<(Listed<Loan>, Record)>, Failure> {
    let cells = "product, lent, balance, lent_on, ends, next_due, instalment, overdue, class, purpose, method, repays";
    let mut records: Vec<Record> = Vec::new();
    let all = listed(conn, customer, ("loan", "no", cells), |r, newest| {
        let overdue = u32::try_from(r.get::<_, i64>(11)?).unwrap_or_default();
        let class = Class::of_rank(r.get(12)?).unwrap_or(Class::Normal);
        if !newest {
            if let Some(record) = records.last_mut() {
                (record.worst, record.late) = (record.worst.max(class), record.late.max(overdue));
            }
            return Ok(None);
        }
        records.push(Record { worst: class, late: overdue });
        Ok(Some(Loan {
            no: r.get(0)?,
            product: r.get(4)?,
            lent: Fen(r.get(5)?),
            balance: Fen(r.get(6)?),
            lent_on: date(r, 7)?,
            ends: date(r, 8)?,
            next_due: date(r, 9)?,
            instalment: r.get::<_, Option<i64>>(10)?.map(Fen),
            overdue,
            class,
            purpose: r.get(13)?,
            method: r.get(14)?,
            repays: r.get(15)?,
        }))
    })?;
    let mut both: Vec<(Listed<Loan>, Record)> = all.into_iter().zip(records).collect();
    both.sort_by_key(|(l, _)| (order(l.gone), l.fact.is_paid(), std::cmp::Reverse(l.fact.lent_on)));
    Ok(both)
}

fn services(conn: &Connection, customer: CustomerId) -> Result<Vec<Listed<Service>>, Failure> {
    let mut all = listed(conn, customer, ("service", "name", "state, day"), |r, newest| {
        if !newest {
            return Ok(None);
        }
        Ok(Some(Service { name: r.get(0)?, state: r.get(4)?, day: date(r, 5)? }))
    })?;
    all.sort_by_key(|s| (order(s.gone), std::cmp::Reverse(s.fact.day)));
    Ok(all)
}

fn ratings(conn: &Connection, customer: CustomerId) -> Result<Vec<Rating>, Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT day, grade, credit FROM rating WHERE customer = ? AND {SEEN} ORDER BY day DESC, account, since DESC"
    ))?;
    let mut rows = statement.query([customer.0])?;
    let mut all = Vec::new();
    while let Some(r) = rows.next()? {
        let Some(day) = date(r, 0)? else { continue };
        all.push(Rating { day, grade: r.get(1)?, credit: r.get::<_, Option<i64>>(2)?.map(Fen) });
    }
    Ok(all)
}
