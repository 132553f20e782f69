//! Leases: what only one workstation needs to do is done by the one that wrote its name into the file first. A lease runs out by itself, so
//! that a workstation that died holds nobody up. What is done under one does not live here.

use super::branch;
use super::open::File;
use super::request::{Failure, Stamp};
use super::{cell, wait};
use chrono::{NaiveDateTime, TimeDelta};
use rusqlite::TransactionBehavior;
use serde::{Deserialize, Serialize};

/// The setting that holds the lease of backups.
const KEY: &str = "backup_lease";

/// How long a lease holds: longer than any copy takes.
const MINUTES: i64 = 15;

/// Who has it, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Lease {
    who: String,
    until: NaiveDateTime,
}

impl Lease {
    /// Clocks of colleagues differ by minutes; a lease of one that is hours ahead holds nobody up.
    fn holds(&self, now: NaiveDateTime) -> bool {
        self.until > now && self.until <= now + TimeDelta::minutes(4 * MINUTES)
    }
}

impl File {
    /// Whether `who` is the one to make the backup that is due: nobody else is at it. Others only read; whoever is elected has written
    /// one row. No change is logged: what is in the archives stays as it was.
    ///
    /// # Errors
    /// [`Failure::ReadOnly`], [`Failure::Busy`], or what the file says.
    pub fn elect(&mut self, who: &str, stamp: &Stamp) -> Result<bool, Failure> {
        if self.read_only() {
            return Err(Failure::ReadOnly);
        }
        self.patience.renew(wait::FOR_A_SAVE);
        let conn = self.connection()?;
        let held = |conn: &rusqlite::Connection| -> Result<bool, Failure> {
            let lease = branch::setting(conn, KEY)?.and_then(|text| serde_json::from_str::<Lease>(&text).ok());
            Ok(lease.is_some_and(|lease| lease.holds(stamp.at)))
        };
        if held(conn)? {
            return Ok(false);
        }
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Somebody may have been first while this one waited.
        if held(&tx)? {
            return Ok(false);
        }
        let lease = Lease { who: who.to_owned(), until: stamp.at + TimeDelta::minutes(MINUTES) };
        branch::keep(&tx, KEY, &cell::json(&lease)?, stamp)?;
        tx.commit()?;
        Ok(true)
    }
}
