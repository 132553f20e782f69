//! Signals: what the facts of a batch say that somebody must look at, written when the batch arrives, by the rules of
//! `domain::dealings::watch`. A batch may touch everybody, so a customer with nothing of note costs one look.

use super::SEEN;
use super::arrived::Arrived;
use crate::domain::dealings::loan::Class;
use crate::domain::dealings::watch::{self, Booked, MEAN_DAYS, Point, Reclassed, Signal};
use crate::domain::ids::CustomerId;
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use crate::store::answer::begin;
use crate::store::cell;
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use crate::store::write::Write;
use chrono::{Days, NaiveDate};
use rusqlite::{OptionalExtension, Row, params};

/// What one look tells.
struct Glance {
    tier: i64,
    balance: Option<Fen>,
    figures: bool,
    booked: bool,
    lent: bool,
}

/// Writes what batch `n`, which must be current by now, says of a customer it touched. `as_of` is its data date. Written again it changes
/// nothing: a signal is named by customer, kind and day.
///
/// # Errors
/// What the file says.
pub fn watch(w: &Write<'_>, customer: CustomerId, n: i64, as_of: NaiveDate) -> Result<(), Failure> {
    let Some(glance) = glance(w, customer, n, as_of)? else { return Ok(()) };
    let mut said = Vec::new();
    if glance.figures {
        said.extend(figures(w, customer, &glance, as_of)?);
    }
    if glance.booked {
        said.extend(booked(w, customer, n, as_of)?);
    }
    if glance.lent {
        said.extend(watch::worsened(&reclassed(w, customer, n)?));
    }
    for signal in said {
        w.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO signal (id, since, customer, kind, day, value) VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                name(customer, signal.kind(), as_of),
                n,
                customer.0,
                signal.kind(),
                cell::day(as_of),
                cell::json(&signal)?
            ])?;
    }
    Ok(())
}

/// Writes the signals of a batch anew, for everybody it touched: for one that came before there was such a rule.
///
/// # Errors
/// What the file says.
pub fn again(file: &mut File, n: i64, stamp: &Stamp) -> Result<(), Failure> {
    let (tx, branch, station, ids) = begin(file)?;
    let w = Write { conn: &tx, branch: &branch, station, ids, stamp, batch: None };
    let as_of = Arrived::load(&tx)?.as_of(n).ok_or(Failure::Gone)?;
    let touched: Vec<i64> = tx
        .prepare_cached("SELECT customer FROM touched WHERE batch = ?")?
        .query_map([n], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for customer in touched {
        watch(&w, CustomerId(customer), n, as_of)?;
    }
    tx.commit()?;
    Ok(())
}

/// The row id of a signal: made from what it is, so that the same file imported anew after it was taken back finds the marks on its lines
/// again, and nobody else's.
fn name(customer: CustomerId, kind: &str, day: NaiveDate) -> i64 {
    let mut hash = blake3::Hasher::new();
    hash.update(&customer.0.to_le_bytes()).update(&cell::day(day).to_le_bytes()).update(kind.as_bytes());
    let mut first = [0; 8];
    first.iter_mut().zip(hash.finalize().as_bytes()).for_each(|(to, from)| *to = *from);
    i64::from_le_bytes(first) & i64::MAX
}

fn glance(w: &Write<'_>, customer: CustomerId, n: i64, as_of: NaiveDate) -> Result<Option<Glance>, Failure> {
    Ok(w.conn
        .prepare_cached(
            "SELECT tier, balance, EXISTS (SELECT 1 FROM figures WHERE customer = ?1 AND as_of = ?2 AND since = ?3),
             EXISTS (SELECT 1 FROM txn WHERE customer = ?1 AND day >= ?4 AND since = ?3),
             EXISTS (SELECT 1 FROM loan WHERE customer = ?1 AND since = ?3) FROM customer WHERE id = ?1",
        )?
        .query_row(params![customer.0, cell::day(as_of), n, cell::day(back(as_of))], |r| {
            Ok(Glance {
                tier: r.get(0)?,
                balance: r.get::<_, Option<i64>>(1)?.map(Fen),
                figures: r.get(2)?,
                booked: r.get(3)?,
                lent: r.get(4)?,
            })
        })
        .optional()?)
}

fn back(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(MEAN_DAYS)).unwrap_or(day)
}

/// The line from which movements are told.
fn floor(w: &Write<'_>) -> Fen {
    w.branch.settings.lines.lower(Tier::Potential).unwrap_or_default()
}

/// 资金变动 and 挽回.
fn figures(w: &Write<'_>, customer: CustomerId, glance: &Glance, as_of: NaiveDate) -> Result<Vec<Signal>, Failure> {
    let (rule, empty) = (&w.branch.settings.watch, w.branch.settings.lifecycle.empty_below);
    let (floor, balance) = (floor(w), glance.balance.unwrap_or_default());
    let mut said = Vec::new();
    if balance < rule.dormant_below.max(empty) {
        if let [now, before] = points(w, customer, as_of, 2)?.as_slice()
            && now.day == as_of
        {
            let last = last_txn(w, customer)?;
            if let Some(asleep) = watch::leaves(*now, *before, last, empty, rule) {
                said.extend(watch::left(&points(w, customer, as_of, -1)?, last, asleep, rule));
            }
            // Who had much a data date ago has moved it, whatever the tier says by now.
            if before.balance >= floor {
                said.extend(watch::moved(&points(w, customer, as_of, RECENT)?, floor, rule));
            }
        }
    } else if balance >= floor || Tier::of_rank(glance.tier) >= Some(Tier::Potential) {
        said.extend(watch::moved(&points(w, customer, as_of, RECENT)?, floor, rule));
    } else if let [_, before] = points(w, customer, as_of, 2)?.as_slice()
        && before.balance >= floor
    {
        said.extend(watch::moved(&points(w, customer, as_of, RECENT)?, floor, rule));
    }
    Ok(said)
}

/// Data dates that two times 90 days may have, one more, and some.
const RECENT: i64 = 200;

/// Balances up to a data date, newest first.
fn points(w: &Write<'_>, customer: CustomerId, as_of: NaiveDate, most: i64) -> Result<Vec<Point>, Failure> {
    let mut statement = w.conn.prepare_cached(&format!(
        "SELECT as_of, sum(balance) FROM figures WHERE customer = ? AND as_of <= ? AND {SEEN}
         GROUP BY as_of ORDER BY as_of DESC LIMIT ?"
    ))?;
    let mut rows = statement.query([customer.0, cell::day(as_of), most])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        if let Some(day) = cell::date(r.get(0)?) {
            found.push(Point { day, balance: Fen(r.get(1)?) });
        }
    }
    Ok(found)
}

fn last_txn(w: &Write<'_>, customer: CustomerId) -> Result<Option<NaiveDate>, Failure> {
    let sql = format!("SELECT day FROM txn WHERE customer = ? AND {SEEN} ORDER BY day DESC LIMIT 1");
    let day: Option<i64> = w.conn.prepare_cached(&sql)?.query_row([customer.0], |r| r.get(0)).optional()?;
    Ok(day.and_then(cell::date))
}

/// 转他行 and 预警 by transactions: what batch `n` brought beside what was known of the 90 days before.
fn booked(w: &Write<'_>, customer: CustomerId, n: i64, as_of: NaiveDate) -> Result<Vec<Signal>, Failure> {
    let rule = &w.branch.settings.watch;
    let sql = format!(
        "SELECT day, amount, channel, bank, since FROM txn WHERE customer = ? AND day BETWEEN ? AND ? AND {SEEN}"
    );
    let mut statement = w.conn.prepare_cached(&sql)?;
    // As far back as the pattern reaches, counted from the oldest day that may be new.
    let from = back(as_of).min(days_back(as_of, rule.outflow_days));
    let rows = statement.query_map([customer.0, cell::day(from), cell::day(as_of)], |r| Ok((one(r)?, r.get(4)?)))?;
    let all: Vec<(Booked, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    let (new, before): (Vec<_>, Vec<_>) = all.iter().cloned().partition(|(_, since)| *since == n);
    let of = |booked: Vec<(Booked, i64)>| booked.into_iter().map(|(b, _)| b).collect::<Vec<Booked>>();
    let (new, before) = (of(new), of(before));
    let mut said = Vec::new();
    said.extend(watch::unusual(&new, &before, rule));
    said.extend(watch::busy(&new, &before, rule));
    if tells_outflow(w, customer)? {
        let told = told(w, customer)?;
        let within = days_back(as_of, rule.outflow_days);
        let gone = all.iter().filter(|(b, since)| *since > told && b.day > within).map(|(b, _)| b);
        said.extend(watch::outflow(gone, rule));
    }
    Ok(said)
}

fn days_back(day: NaiveDate, days: u16) -> NaiveDate {
    day.checked_sub_days(Days::new(days.into())).unwrap_or(day)
}

fn one(r: &Row<'_>) -> rusqlite::Result<Booked> {
    Ok(Booked {
        day: cell::date(r.get(0)?).unwrap_or_default(),
        amount: Fen(r.get(1)?),
        channel: r.get(2)?,
        bank: r.get(3)?,
    })
}

/// Whether a customer had enough within 90 days for outflow to be told: whoever emptied the account just now had.
fn tells_outflow(w: &Write<'_>, customer: CustomerId) -> Result<bool, Failure> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM customer WHERE id = ?1 AND (tier >= ?3 OR balance >= ?4))
         OR EXISTS (SELECT 1 FROM figures WHERE customer = ?1 AND as_of >= ?2 AND {SEEN} GROUP BY as_of
                    HAVING sum(balance) >= ?4)"
    );
    let rank = i64::try_from(Tier::Potential.rank()).unwrap_or(i64::MAX);
    let from = cell::day(back(w.stamp.today));
    Ok(w.conn.prepare_cached(&sql)?.query_row([customer.0, from, rank, floor(w).0], |r| r.get(0))?)
}

/// The batch whose outflow was told last: what came with it is not told twice.
fn told(w: &Write<'_>, customer: CustomerId) -> Result<i64, Failure> {
    let mut statement =
        w.conn.prepare_cached("SELECT coalesce(max(since), -1) FROM signal WHERE customer = ? AND kind = 'outflow'")?;
    Ok(statement.query_row([customer.0], |r| r.get(0))?)
}

/// The loans of which batch `n` brought a new version, as they were before and as they are now.
fn reclassed(w: &Write<'_>, customer: CustomerId, n: i64) -> Result<Vec<Reclassed>, Failure> {
    let mut statement = w.conn.prepare_cached(
        "SELECT a.no, a.product, b.class, a.class, a.overdue FROM loan a
         JOIN loan b ON b.customer = a.customer AND b.no = a.no AND b.account = a.account AND b.until = a.since
         WHERE a.customer = ? AND a.since = ? AND a.class > b.class",
    )?;
    let mut rows = statement.query([customer.0, n])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        if let (Some(from), Some(to)) = (Class::of_rank(r.get(2)?), Class::of_rank(r.get(3)?)) {
            found.push(Reclassed { no: r.get(0)?, product: r.get(1)?, from, to, overdue: r.get(4)? });
        }
    }
    Ok(found)
}
