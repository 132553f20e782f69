//! Looking a file over: pages, keys, counters, the chain of changes. Never for a file on a share while others work: it reads every page
//! under a lock; a copy is looked over instead.

use super::cell;
use super::chain::{self, Break};
use super::change;
use super::dealings::SEEN;
use super::dealings::fact::{KINDS, Kind};
use super::keys;
use super::migrate;
use super::open::File;
use super::order;
use super::request::Failure;
use crate::domain::change::Change;
use chrono::NaiveDateTime;
use rusqlite::{Connection, OptionalExtension};

/// Every counter: its table, what it has, and what a recount gives.
const COUNTERS: [(&str, &str, &str); 4] = [
    (
        "tier_sum",
        "SELECT tier, count, figures, aum FROM tier_sum WHERE count > 0",
        "SELECT tier, count(*), sum(aum IS NOT NULL), coalesce(sum(aum), 0) FROM customer GROUP BY tier",
    ),
    (
        "visit_sum",
        "SELECT visitor, day, count FROM visit_sum",
        "SELECT coalesce(visitor, 0), next_visit, count(*) FROM customer WHERE next_visit IS NOT NULL GROUP BY 1, 2",
    ),
    (
        "lacking_sum",
        "SELECT tier, owner, count FROM lacking_sum WHERE count > 0",
        "SELECT tier, coalesce(owner, 0), count(*) FROM customer
         WHERE lacking > 0 AND (tier >= 2 OR owner IS NOT NULL) GROUP BY 1, 2",
    ),
    ("area_sum", "SELECT area, count FROM area_sum", "SELECT area, count(*) FROM customer WHERE area <> '' GROUP BY 1"),
];

/// Where changes and operations end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    /// The newest change.
    pub seq: i64,
    /// When it was made, by the clock of its workstation.
    pub at: NaiveDateTime,
    /// The workstation.
    pub station: String,
    /// The change of the newest operation, if there is one; never above the newest change in a file that lost nothing.
    pub op: Option<i64>,
}

impl File {
    /// What is wrong with the file: pages as SQLite sees them, rows that name rows that are not there, keys and counters that a recount
    /// does not give; empty when nothing is.
    ///
    /// # Errors
    /// What the file says.
    pub fn faults(&mut self) -> Result<Vec<String>, Failure> {
        let conn = self.connection()?;
        let mut statement = conn.prepare("PRAGMA integrity_check(20)")?;
        let found = statement.query_map([], |r| r.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
        let mut faults: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
        let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            let (table, parent): (String, String) = (r.get(0)?, r.get(2)?);
            faults.push(format!("{table} names a row that {parent} lacks"));
        }
        // What follows is of the newest tables; an older file is looked over before they are changed.
        if conn.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0))? < migrate::KNOWN {
            return Ok(faults);
        }
        if !keys::agree(conn)? {
            faults.push("what a search from the file needs is not what a recount gives".to_owned());
        }
        for (table, kept, counted) in COUNTERS {
            if differ(conn, kept, counted)? || differ(conn, counted, kept)? {
                faults.push(format!("{table} is not what a recount gives"));
            }
        }
        faults.extend(order::strayed(conn)?.iter().map(|table| format!("{table} is not what a recount gives")));
        for kind in KINDS {
            if conn.prepare(&overlapping(kind))?.exists([])? {
                faults.push(format!("{} has two versions of one fact that both count", kind.table));
            }
            if conn.prepare(&adrift(kind))?.exists([])? {
                faults.push(format!("{} has versions of batches that are not there or were undone", kind.table));
            }
        }
        Ok(faults)
    }

    /// The version of the file's tables, and the newest this program knows.
    ///
    /// # Errors
    /// What the file says.
    pub fn schema(&mut self) -> Result<(i64, i64), Failure> {
        let found = self.connection()?.pragma_query_value(None, "user_version", |r| r.get(0))?;
        Ok((found, migrate::KNOWN))
    }

    /// Where changes and operations end; reads two rows.
    ///
    /// # Errors
    /// What the file says.
    pub fn ends(&mut self) -> Result<Ends, Failure> {
        let conn = self.connection()?;
        // The operation first: a colleague may save in between.
        let op = conn
            .prepare_cached("SELECT seq FROM op ORDER BY id DESC LIMIT 1")?
            .query_row([], |r| r.get(0))
            .optional()?;
        let change = conn
            .prepare_cached("SELECT seq, at, station FROM change ORDER BY seq DESC LIMIT 1")?
            .query_row([], |r| Ok((r.get(0)?, r.get::<_, String>(1)?, r.get(2)?)))
            .optional()?;
        let (seq, at, station) = change.unwrap_or_default();
        Ok(Ends { seq, at: cell::moment(&at), station, op })
    }

    /// A change of the log.
    ///
    /// # Errors
    /// [`Failure::Gone`] when there is no such seq.
    pub fn logged(&mut self, seq: i64) -> Result<Change, Failure> {
        change::one(self.connection()?, seq)
    }

    /// The first change whose hash does not fit the one before; `None` when the chain is whole.
    ///
    /// # Errors
    /// What the file says.
    pub fn broken_chain(&mut self) -> Result<Option<i64>, Failure> {
        Ok(self.first_break()?.map(|b| b.seq))
    }

    /// The same, with what is wrong with it. What a salvage found and named is no news.
    ///
    /// # Errors
    /// What the file says.
    pub fn first_break(&mut self) -> Result<Option<Break>, Failure> {
        let key = self.key.clone();
        let conn = self.connection()?;
        let found = chain::breaks(conn, &key)?;
        if found.is_empty() {
            return Ok(None);
        }
        let known = change::named(conn)?;
        Ok(found.into_iter().find(|b| !known.contains(&b.seq)))
    }
}

/// Versions of one fact that both count.
fn overlapping(kind: Kind) -> String {
    let key = format!("customer, {}, account", kind.keys.join(", "));
    format!("SELECT 1 FROM {} WHERE {SEEN} GROUP BY {key} HAVING count(*) > 1", kind.table)
}

/// Versions that a batch brought or ended which is not there any more. What a batch that broke off left behind is no fault: it counts for
/// nobody, and the next import cleans it up.
fn adrift(kind: Kind) -> String {
    let known = "(SELECT n FROM batch WHERE state <> 'undone' UNION SELECT 0)";
    format!("SELECT 1 FROM {} WHERE since NOT IN {known} OR until NOT IN {known} OR until <= since", kind.table)
}

/// Whether one has rows that the other lacks.
fn differ(conn: &Connection, one: &str, other: &str) -> Result<bool, Failure> {
    Ok(conn.prepare(&format!("{one} EXCEPT {other}"))?.exists([])?)
}
