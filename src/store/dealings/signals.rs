//! Signals: what the facts of a batch say that somebody must look at, written when the batch arrives, by the rules of
//! `domain::dealings::watch`. A batch may touch everybody, so a customer with nothing of note costs one look.

use super::SEEN;
use super::arrived::Arrived;
use crate::domain::dealings::loan::Class;
use crate::domain::dealings::watch::{self, Booked, Glance, MEAN_DAYS, Point, Reclassed, Signal};
use crate::domain::ids::CustomerId;
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use crate::store::answer::begin;
use crate::store::cell;
use crate::store::derive::Latest;
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use crate::store::write::Write;
use chrono::{Days, NaiveDate};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeMap;

/// What a batch may say something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Balances.
    Figures,
    /// Transactions.
    Txns,
    /// Loans.
    Loans,
    /// Its layout is not known: whatever it brought.
    Anything,
    /// It says nothing that is looked at here.
    Nothing,
}

/// Looks at the customers of one batch: what is the same for all of them is read once.
#[derive(Debug, Clone, Copy)]
pub struct Watcher {
    n: i64,
    as_of: NaiveDate,
    about: About,
    /// Which versions count: while no batch is staged, those that nothing has replaced.
    seen: &'static str,
}

impl Watcher {
    /// For batch `n`, which must be current by now; `as_of` is its data date.
    ///
    /// # Errors
    /// What the file says.
    pub fn of(conn: &Connection, n: i64, as_of: NaiveDate) -> Result<Watcher, Failure> {
        let layout: Option<String> =
            conn.prepare_cached("SELECT layout FROM batch WHERE n = ?")?.query_row([n], |r| r.get(0)).optional()?;
        let about = match layout.as_deref() {
            Some("资产") => About::Figures,
            Some("交易") => About::Txns,
            Some("贷款") => About::Loans,
            Some("客户" | "持有" | "签约" | "评级") => About::Nothing,
            _ => About::Anything,
        };
        let staged = conn.prepare_cached("SELECT 1 FROM batch WHERE state = 'staged'")?.exists([])?;
        Ok(Watcher { n, as_of, about, seen: if staged { SEEN } else { "until IS NULL" } })
    }

    /// Writes what the batch says of a customer it touched. Written again it changes nothing: a signal is named by customer, kind and day.
    /// `newest` are the figures of the two latest data dates, newest first, where they are at hand.
    ///
    /// # Errors
    /// What the file says.
    pub fn watch(&self, w: &Write<'_>, customer: CustomerId, newest: Option<&[Latest]>) -> Result<(), Failure> {
        let [figures, txns, loans] = match self.about {
            About::Figures => [true, false, false],
            About::Txns => [false, true, false],
            About::Loans => [false, false, true],
            About::Anything => self.brought(w, customer)?,
            About::Nothing => return Ok(()),
        };
        let mut said = Vec::new();
        if figures {
            said.extend(self.figures(w, customer, newest)?);
        }
        if txns {
            said.extend(self.booked(w, customer)?);
        }
        if loans {
            said.extend(watch::worsened(&reclassed(w, customer, self.n)?));
            said.extend(many_lenders(w, customer)?);
        }
        write(w, customer, self.n, self.as_of, said)
    }

    /// Whether the batch brought figures, transactions, loans of a customer.
    fn brought(&self, w: &Write<'_>, customer: CustomerId) -> Result<[bool; 3], Failure> {
        let mut statement = w.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM figures WHERE customer = ?1 AND as_of = ?2 AND since = ?3),
             EXISTS (SELECT 1 FROM txn WHERE customer = ?1 AND day >= ?4 AND since = ?3),
             EXISTS (SELECT 1 FROM loan WHERE customer = ?1 AND since = ?3)",
        )?;
        let row = params![customer.0, cell::day(self.as_of), self.n, cell::day(back(self.as_of))];
        Ok(statement.query_row(row, |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?]))?)
    }

    /// 资金变动 and 挽回. Of most customers the last two balances say that there is nothing to say.
    fn figures(&self, w: &Write<'_>, customer: CustomerId, newest: Option<&[Latest]>) -> Result<Vec<Signal>, Failure> {
        let (rule, empty) = (&w.branch.settings.watch, w.branch.settings.lifecycle.empty_below);
        let mut said = Vec::new();
        let newest = match newest.filter(|all| all.first().is_some_and(|f| f.as_of <= self.as_of)) {
            Some(at_hand) => at_hand.iter().map(|f| Point { day: f.as_of, balance: f.balance }).collect(),
            None => self.points(w, customer, 2)?,
        };
        let [now, before] = newest.as_slice() else { return Ok(said) };
        if now.day != self.as_of {
            return Ok(said);
        }
        let floor = floor(w);
        if now.balance.max(before.balance) >= floor {
            said.extend(watch::moved(&self.points(w, customer, RECENT)?, floor, rule));
        }
        if now.balance < rule.dormant_below.max(empty) {
            let last = self.last_txn(w, customer)?;
            if let Some(asleep) = watch::leaves(*now, *before, last, empty, rule) {
                said.extend(watch::left(&self.points(w, customer, -1)?, last, asleep, rule));
            }
        }
        Ok(said)
    }

    /// Balances up to the data date, newest first.
    fn points(&self, w: &Write<'_>, customer: CustomerId, most: i64) -> Result<Vec<Point>, Failure> {
        let mut statement = w.conn.prepare_cached(&format!(
            "SELECT as_of, sum(balance) FROM figures WHERE customer = ? AND as_of <= ? AND {}
             GROUP BY as_of ORDER BY as_of DESC LIMIT ?",
            self.seen
        ))?;
        let mut rows = statement.query([customer.0, cell::day(self.as_of), most])?;
        let mut found = Vec::new();
        while let Some(r) = rows.next()? {
            if let Some(day) = cell::date(r.get(0)?) {
                found.push(Point { day, balance: Fen(r.get(1)?) });
            }
        }
        Ok(found)
    }

    fn last_txn(&self, w: &Write<'_>, customer: CustomerId) -> Result<Option<NaiveDate>, Failure> {
        let sql = format!("SELECT day FROM txn WHERE customer = ? AND {} ORDER BY day DESC LIMIT 1", self.seen);
        let day: Option<i64> = w.conn.prepare_cached(&sql)?.query_row([customer.0], |r| r.get(0)).optional()?;
        Ok(day.and_then(cell::date))
    }

    /// 转他行 and 预警 by transactions: what the batch brought beside what was known of the 90 days before.
    fn booked(&self, w: &Write<'_>, customer: CustomerId) -> Result<Vec<Signal>, Failure> {
        let rule = &w.branch.settings.watch;
        let within = days_back(self.as_of, rule.outflow_days);
        let days = (cell::day(back(self.as_of).min(within)), cell::day(self.as_of));
        if !self.glance(w, customer, days)?.may_say(rule) {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT day, amount, channel, bank, since FROM txn WHERE customer = ? AND day BETWEEN ? AND ? AND {}",
            self.seen
        );
        let mut statement = w.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([customer.0, days.0, days.1], |r| Ok((one(r)?, r.get(4)?)))?;
        let all: Vec<(Booked, i64)> = rows.collect::<rusqlite::Result<_>>()?;
        let of = |new: bool| -> Vec<Booked> {
            all.iter().filter(|(_, since)| (*since == self.n) == new).map(|(b, _)| b.clone()).collect()
        };
        let (new, before) = (of(true), of(false));
        let mut said = Vec::new();
        said.extend(watch::unusual(&new, &before, rule));
        said.extend(watch::busy(&new, &before, rule));
        let recent = || all.iter().filter(|(b, _)| b.day > within);
        // Only of who moved as much at all it is asked whether it was told, and whether it is to be.
        if watch::outflow(recent().map(|(b, _)| b), rule).is_some() && self.tells_outflow(w, customer)? {
            let told = told(w, customer)?;
            said.extend(watch::outflow(recent().filter(|(_, since)| *since > told).map(|(b, _)| b), rule));
        }
        Ok(said)
    }

    /// The transactions of those days by their number and size.
    fn glance(&self, w: &Write<'_>, customer: CustomerId, days: (i64, i64)) -> Result<Glance, Failure> {
        let sql = format!(
            "SELECT count(*) FILTER (WHERE since <> ?1), count(*) FILTER (WHERE since = ?1),
             coalesce(max(abs(amount)) FILTER (WHERE since = ?1), 0), coalesce(max(amount < 0 AND bank <> ''), 0)
             FROM txn WHERE customer = ?2 AND day BETWEEN ?3 AND ?4 AND {}",
            self.seen
        );
        Ok(w.conn.prepare_cached(&sql)?.query_row([self.n, customer.0, days.0, days.1], |r| {
            let before: u32 = r.get(0)?;
            Ok(Glance { before: before as usize, new: r.get(1)?, largest: Fen(r.get(2)?), gone: r.get(3)? })
        })?)
    }

    /// Whether a customer had enough within 90 days for outflow to be told: whoever emptied the account just now had.
    fn tells_outflow(&self, w: &Write<'_>, customer: CustomerId) -> Result<bool, Failure> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM customer WHERE id = ?1 AND (tier >= ?3 OR balance >= ?4))
             OR EXISTS (SELECT 1 FROM figures WHERE customer = ?1 AND as_of >= ?2 AND {} GROUP BY as_of
                        HAVING sum(balance) >= ?4)",
            self.seen
        );
        let rank = i64::try_from(Tier::Potential.rank()).unwrap_or(i64::MAX);
        let from = cell::day(back(self.as_of));
        Ok(w.conn.prepare_cached(&sql)?.query_row([customer.0, from, rank, floor(w).0], |r| r.get(0))?)
    }
}

/// Writes what batch `n` says of one customer; a [`Watcher`] does it for many.
///
/// # Errors
/// What the file says.
pub fn watch(w: &Write<'_>, customer: CustomerId, n: i64, as_of: NaiveDate) -> Result<(), Failure> {
    Watcher::of(w.conn, n, as_of)?.watch(w, customer, None)
}

/// Tells of many lenders when their number was recorded by hand, today and by no batch.
///
/// # Errors
/// What the file says.
pub fn lenders(w: &Write<'_>, customer: CustomerId) -> Result<(), Failure> {
    let said = many_lenders(w, customer)?;
    write(w, customer, 0, w.stamp.today, said)
}

fn write(
    w: &Write<'_>,
    customer: CustomerId,
    n: i64,
    as_of: NaiveDate,
    said: impl IntoIterator<Item = Signal>,
) -> Result<(), Failure> {
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
    let as_of = Arrived::load(&tx)?.as_of(n)?.ok_or(Failure::Gone)?;
    let watcher = Watcher::of(&tx, n, as_of)?;
    let touched: Vec<i64> = tx
        .prepare_cached("SELECT customer FROM touched WHERE batch = ?")?
        .query_map([n], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for customer in touched {
        watcher.watch(&w, CustomerId(customer), None)?;
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

fn back(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(MEAN_DAYS)).unwrap_or(day)
}

/// The line from which movements are told.
fn floor(w: &Write<'_>) -> Fen {
    w.branch.settings.lines.lower(Tier::Potential).unwrap_or_default()
}

/// Data dates that two times 90 days may have, one more, and some.
const RECENT: i64 = 200;

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

/// The batch whose outflow was told last: what came with it is not told twice.
fn told(w: &Write<'_>, customer: CustomerId) -> Result<i64, Failure> {
    let mut statement =
        w.conn.prepare_cached("SELECT coalesce(max(since), -1) FROM signal WHERE customer = ? AND kind = 'outflow'")?;
    Ok(statement.query_row([customer.0], |r| r.get(0))?)
}

/// 多头借贷, when as many were not told yet.
fn many_lenders(w: &Write<'_>, customer: CustomerId) -> Result<Option<Signal>, Failure> {
    let notes: Option<String> = w
        .conn
        .prepare_cached("SELECT notes FROM customer WHERE id = ?")?
        .query_row([customer.0], |r| r.get(0))
        .optional()?;
    let notes: BTreeMap<String, String> = cell::of_json(&notes.unwrap_or_default());
    let Some(count) = notes.get("other_loans").and_then(|n| n.parse::<u32>().ok()) else { return Ok(None) };
    let sql = format!("SELECT coalesce(sum(balance), 0) FROM loan WHERE customer = ? AND balance > 0 AND {SEEN}");
    let balance = w.conn.prepare_cached(&sql)?.query_row([customer.0], |r| r.get(0))?;
    let mut told = 0;
    let mut statement = w.conn.prepare_cached("SELECT value FROM signal WHERE customer = ? AND kind = 'lenders'")?;
    let mut rows = statement.query([customer.0])?;
    while let Some(r) = rows.next()? {
        if let Ok(Signal::Lenders { count, .. }) = serde_json::from_str(&r.get::<_, String>(0)?) {
            told = told.max(count);
        }
    }
    Ok(watch::lenders(count, told, Fen(balance), &w.branch.settings.watch))
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
