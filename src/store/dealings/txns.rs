//! Transactions of a customer: the newest and the sums of months, and those somebody looks for. A customer's rows lie together, so looking
//! through all of them is one reading; what is looked for is a rule of the domain.

use super::SEEN;
use crate::domain::dealings::books::{Found, Month};
use crate::domain::dealings::txn::{Txn, Wanted};
use crate::domain::ids::CustomerId;
use crate::domain::values::money::Fen;
use crate::store::cell;
use crate::store::request::Failure;
use chrono::{Datelike, Months, NaiveDate};
use rusqlite::{Connection, params};

/// Transactions of a page.
const PAGE: usize = 200;
/// Months summed up, the present one with them.
const MONTHS: u32 = 13;

/// Goes through the transactions of a customer, newest first.
fn each(
    conn: &Connection,
    customer: CustomerId,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    mut see: impl FnMut(Txn),
) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT day, serial, amount, channel, bank, note FROM txn
         WHERE customer = ? AND day BETWEEN ? AND ? AND {SEEN} ORDER BY day DESC, serial DESC"
    ))?;
    let mut rows = statement.query(params![customer.0, from.map_or(0, cell::day), to.map_or(i64::MAX, cell::day)])?;
    while let Some(r) = rows.next()? {
        let Some(day) = cell::date(r.get(0)?) else { continue };
        see(Txn {
            day,
            serial: r.get(1)?,
            amount: Fen(r.get(2)?),
            channel: r.get(3)?,
            bank: r.get(4)?,
            note: r.get(5)?,
        });
    }
    Ok(())
}

/// The newest, the months up to today's, and how many there are.
///
/// # Errors
/// What the file says.
pub fn newest(
    conn: &Connection,
    customer: CustomerId,
    today: NaiveDate,
) -> Result<(Vec<Txn>, Vec<Month>, u32), Failure> {
    let this = today.with_day(1).unwrap_or(today);
    let mut months: Vec<Month> = (0..MONTHS)
        .rev()
        .filter_map(|back| this.checked_sub_months(Months::new(back)))
        .map(|first| Month { first, came: Fen(0), went: Fen(0), count: 0 })
        .collect();
    let mut newest = Vec::new();
    let mut total = 0;
    each(conn, customer, (None, None), |t| {
        total += 1;
        let first = t.day.with_day(1).unwrap_or(t.day);
        if let Some(month) = months.iter_mut().find(|m| m.first == first) {
            month.count += 1;
            add(t.amount, &mut month.came, &mut month.went);
        }
        if newest.len() < PAGE {
            newest.push(t);
        }
    })?;
    Ok((newest, months, total))
}

/// Those that meet a text, from the one after `before` on; counts and sums are of all that meet it.
///
/// # Errors
/// What the file says.
pub fn find(
    conn: &Connection,
    customer: CustomerId,
    text: &str,
    today: NaiveDate,
    before: Option<&(NaiveDate, String)>,
) -> Result<Found, Failure> {
    let wanted = Wanted::parse(text, today);
    let mut found = Found::default();
    each(conn, customer, (wanted.from, wanted.to), |t| {
        if !wanted.has(&t) {
            return;
        }
        found.total += 1;
        add(t.amount, &mut found.came, &mut found.went);
        let older = before.is_none_or(|(day, serial)| (t.day, t.serial.as_str()) < (*day, serial.as_str()));
        if older && found.txns.len() < PAGE {
            found.txns.push(t);
        } else if older {
            found.more = true;
        }
    })?;
    Ok(found)
}

fn add(amount: Fen, came: &mut Fen, went: &mut Fen) {
    if amount.0 >= 0 {
        came.0 = came.0.saturating_add(amount.0);
    } else {
        went.0 = went.0.saturating_sub(amount.0);
    }
}
