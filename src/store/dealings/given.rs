//! Facts put into the file in one transaction, under a batch that is current at once: the making of the demo. Files that people import
//! come in by another road.

use crate::domain::change::Entity;
use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::loan::Loan;
use crate::domain::dealings::rating::Rating;
use crate::domain::dealings::service::Service;
use crate::domain::dealings::txn::Txn;
use crate::domain::ids::{BatchId, CustomerId};
use crate::store::answer::begin;
use crate::store::cell;
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use crate::store::write::{Write, edit};
use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use std::collections::HashSet;

/// A fact of one of the layouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// 持有
    Holding(Holding),
    /// 贷款
    Loan(Loan),
    /// 签约
    Service(Service),
    /// 评级
    Rating(Rating),
    /// 交易
    Txn(Txn),
}

/// A file of facts of one layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// Its layout, by its Chinese name; 持有, 贷款 and 签约 are full lists, what they lack is ended.
    pub layout: &'static str,
    /// Its data date.
    pub as_of: NaiveDate,
    /// What it says of whom.
    pub facts: Vec<(CustomerId, Fact)>,
}

impl Fact {
    /// Table, key columns, other columns.
    const fn table(&self) -> (&'static str, &'static [&'static str], &'static [&'static str]) {
        match self {
            Fact::Holding(_) => ("holding", &["contract"], &["product", "amount", "begins", "ends", "rate", "state"]),
            Fact::Loan(_) => (
                "loan",
                &["no"],
                &[
                    "product",
                    "lent",
                    "balance",
                    "lent_on",
                    "ends",
                    "next_due",
                    "instalment",
                    "overdue",
                    "class",
                    "purpose",
                    "method",
                    "repays",
                ],
            ),
            Fact::Service(_) => ("service", &["name"], &["state", "day"]),
            Fact::Rating(_) => ("rating", &["day"], &["grade", "credit"]),
            Fact::Txn(_) => ("txn", &["day", "serial"], &["amount", "channel", "bank", "note"]),
        }
    }

    /// The cells of the key, then the others.
    fn cells(&self) -> (Vec<Value>, Vec<Value>) {
        let text = |s: &String| Value::Text(s.clone());
        let day = |d: Option<NaiveDate>| d.map_or(Value::Null, |d| Value::Integer(cell::day(d)));
        let whole = Value::Integer;
        match self {
            Fact::Holding(h) => (
                vec![text(&h.contract)],
                vec![
                    text(&h.product),
                    whole(h.amount.0),
                    day(h.begins),
                    day(h.ends),
                    h.rate.map_or(Value::Null, |r| whole(r.into())),
                    text(&h.state),
                ],
            ),
            Fact::Loan(l) => (
                vec![text(&l.no)],
                vec![
                    text(&l.product),
                    whole(l.lent.0),
                    whole(l.balance.0),
                    day(l.lent_on),
                    day(l.ends),
                    day(l.next_due),
                    l.instalment.map_or(Value::Null, |f| whole(f.0)),
                    whole(l.overdue.into()),
                    whole(l.class.rank()),
                    text(&l.purpose),
                    text(&l.method),
                    text(&l.repays),
                ],
            ),
            Fact::Service(s) => (vec![text(&s.name)], vec![text(&s.state), day(s.day)]),
            Fact::Rating(r) => {
                (vec![day(Some(r.day))], vec![text(&r.grade), r.credit.map_or(Value::Null, |f| whole(f.0))])
            }
            Fact::Txn(t) => (
                vec![day(Some(t.day)), text(&t.serial)],
                vec![whole(t.amount.0), text(&t.channel), text(&t.bank), text(&t.note)],
            ),
        }
    }
}

impl File {
    /// Puts a file of facts in: a fact that says something else than before ends the version before it, one that says the same changes
    /// nothing. Gives the seq of the change.
    ///
    /// # Errors
    /// What the file says; nothing was changed then.
    pub fn give(&mut self, given: &Given, stamp: &Stamp) -> Result<i64, Failure> {
        if self.read_only() {
            return Err(Failure::ReadOnly);
        }
        let (tx, branch, station, ids) = begin(self)?;
        let batch = BatchId(ids.next(stamp.at));
        let n: i64 = tx.query_row("SELECT coalesce(max(n), 0) + 1 FROM batch", [], |r| r.get(0))?;
        tx.execute(
            "INSERT INTO batch (id, at, by, name, hash, summary, n, layout, as_of) VALUES (?, ?, ?, ?, '', '{}', ?, ?, ?)",
            params![batch.0, cell::time(stamp.at), stamp.by.0, given.name, n, given.layout, cell::day(given.as_of)],
        )?;
        let (mut new, mut changed) = (0_u64, 0_u64);
        let mut listed = HashSet::new();
        for (customer, fact) in &given.facts {
            match put(&tx, n, *customer, fact)? {
                Some(true) => changed += 1,
                Some(false) => new += 1,
                None => {}
            }
            listed.insert((customer.0, fact.table().0, format!("{:?}", fact.cells().0)));
        }
        let full = ["持有", "贷款", "签约"].contains(&given.layout);
        if let Some((_, fact)) = given.facts.first().filter(|_| full) {
            changed += end_unlisted(&tx, n, fact, &listed)?;
        }
        let w = Write { conn: &tx, branch: &branch, station, ids, stamp, batch: Some(batch) };
        let edits = [
            edit("file", "", given.name.as_str()),
            edit("new", "", new.to_string()),
            edit("changed", "", changed.to_string()),
        ];
        let seq = w.change(Entity::Batch, batch.0, None, &edits, "", None)?;
        tx.commit()?;
        Ok(seq)
    }
}

/// Puts one fact; whether another version of it was there, none when the same was.
fn put(conn: &Connection, n: i64, customer: CustomerId, fact: &Fact) -> Result<Option<bool>, Failure> {
    let (table, keys, others) = fact.table();
    let (key, rest) = fact.cells();
    let is = keys.iter().map(|k| format!("{k} = ?")).collect::<Vec<_>>().join(" AND ");
    let here = format!("customer = ? AND account = 0 AND until IS NULL AND {is}");
    let at = || std::iter::once(Value::Integer(customer.0)).chain(key.clone());
    let before: Option<Vec<Value>> = conn
        .prepare_cached(&format!("SELECT {} FROM {table} WHERE {here}", others.join(", ")))?
        .query_row(params_from_iter(at()), |r| (0..others.len()).map(|i| r.get(i)).collect())
        .optional()?;
    if before.as_ref() == Some(&rest) {
        return Ok(None);
    }
    if before.is_some() {
        let cells = std::iter::once(Value::Integer(n)).chain(at());
        conn.prepare_cached(&format!("UPDATE {table} SET until = ? WHERE {here}"))?.execute(params_from_iter(cells))?;
    }
    let columns = [keys, others].concat().join(", ");
    let marks = vec!["?"; keys.len() + others.len()].join(", ");
    let cells = [Value::Integer(customer.0), Value::Integer(n)].into_iter().chain(key.clone()).chain(rest);
    conn.prepare_cached(&format!(
        "INSERT INTO {table} (customer, account, since, {columns}) VALUES (?, 0, ?, {marks})"
    ))?
    .execute(params_from_iter(cells))?;
    Ok(Some(before.is_some()))
}

/// Ends what a full list lacks; how many that were.
fn end_unlisted(
    conn: &Connection,
    n: i64,
    fact: &Fact,
    listed: &HashSet<(i64, &'static str, String)>,
) -> Result<u64, Failure> {
    let (table, keys, _) = fact.table();
    let key = keys.first().copied().unwrap_or_default();
    let mut gone = Vec::new();
    {
        let mut statement = conn.prepare(&format!("SELECT customer, {key} FROM {table} WHERE until IS NULL"))?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let (customer, cell): (i64, Value) = (r.get(0)?, r.get(1)?);
            if !listed.contains(&(customer, table, format!("{:?}", vec![cell.clone()]))) {
                gone.push((customer, cell));
            }
        }
    }
    for (customer, cell) in &gone {
        conn.prepare_cached(&format!(
            "UPDATE {table} SET until = ? WHERE customer = ? AND {key} = ? AND until IS NULL"
        ))?
        .execute(params![n, customer, cell])?;
    }
    Ok(gone.len() as u64)
}
