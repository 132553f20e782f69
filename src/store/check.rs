//! Looking a file over: pages, keys, counters, the chain of changes. Never for a file on a share while others work: it reads every page
//! under a lock; a copy is looked over instead.

use super::change;
use super::keys;
use super::open::File;
use super::request::Failure;
use rusqlite::Connection;

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
        if !keys::agree(conn)? {
            faults.push("what a search from the file needs is not what a recount gives".to_owned());
        }
        for (table, kept, counted) in COUNTERS {
            if differ(conn, kept, counted)? || differ(conn, counted, kept)? {
                faults.push(format!("{table} is not what a recount gives"));
            }
        }
        Ok(faults)
    }

    /// The first change whose hash does not fit the one before; `None` when the chain is whole.
    ///
    /// # Errors
    /// What the file says.
    pub fn broken_chain(&mut self) -> Result<Option<i64>, Failure> {
        change::broken(self.connection()?)
    }
}

/// Whether one has rows that the other lacks.
fn differ(conn: &Connection, one: &str, other: &str) -> Result<bool, Failure> {
    Ok(conn.prepare(&format!("{one} EXCEPT {other}"))?.exists([])?)
}
