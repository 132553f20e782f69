//! Cleaning up: batches that broke off while they were staged, and those that were taken back. It goes in short portions too; nobody sees
//! any of it, for what is staged counts for nobody.

use super::fact::KINDS;
use crate::store::open::File;
use crate::store::request::Failure;
use crate::store::{answer, cell, wait};
use chrono::{NaiveDateTime, TimeDelta};
use rusqlite::{Connection, params};
use std::time::{Duration, Instant};

/// Without a word for so many minutes, whoever staged it is gone.
const GONE: i64 = 10;
/// Customers cleaned in one transaction: on a share, and at most on a disk of this PC.
const CUSTOMERS: (usize, usize) = (20, 5_000);
/// How long one transaction goes on where only this PC reaches the file.
const LOCAL: Duration = Duration::from_millis(150);

/// Cleans up every batch that broke off: of this workstation, or without a word for minutes.
///
/// # Errors
/// A refusal while a colleague's import is under way, or what the file says.
pub fn broken(file: &mut File, now: NaiveDateTime, shared: bool) -> Result<(), Failure> {
    file.patience.renew(wait::FOR_A_READ);
    let own = file.station.clone();
    let staged: Vec<(i64, String, String)> = file
        .connection()?
        .prepare_cached("SELECT n, station, beat FROM batch WHERE state = 'staged' ORDER BY n")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (n, station, beat) in staged {
        let silent = (now - cell::moment(&beat)).abs() > TimeDelta::minutes(GONE);
        if beat.is_empty() || silent || (station == *own && !own.is_empty()) {
            tracing::info!(n, station, "a batch that broke off is cleaned up");
            away(file, n, shared)?;
        } else {
            return Err(under_way(&station));
        }
    }
    Ok(())
}

/// Refuses while anything is staged.
///
/// # Errors
/// The refusal, or what the file says.
pub fn nobody(conn: &Connection) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached("SELECT station FROM batch WHERE state = 'staged' LIMIT 1")?;
    match statement.query([])?.next()? {
        Some(r) => Err(under_way(&r.get::<_, String>(0)?)),
        None => Ok(()),
    }
}

fn under_way(station: &str) -> Failure {
    let (zh, en) = match station {
        "" => ("另一台工作站".to_owned(), "Another workstation".to_owned()),
        name => (format!("工作站 {name}"), format!("Workstation {name}")),
    };
    Failure::refused(
        format!("{zh} 正在导入或撤销导入，请等它完成后再试。"),
        format!("{en} is importing, or taking an import back; try again when it is done."),
    )
}

/// Takes a staged batch out of the file: its versions go, those it ended are open again. One that was current before stays in the list as
/// undone.
///
/// # Errors
/// What the file says; it can be gone on with.
pub fn away(file: &mut File, n: i64, shared: bool) -> Result<(), Failure> {
    let most = if shared { CUSTOMERS.0 } else { CUSTOMERS.1 };
    let mut first = true;
    loop {
        let (tx, ..) = answer::begin(file)?;
        let began = Instant::now();
        let customers: Vec<i64> = tx
            .prepare_cached("SELECT customer FROM touched WHERE batch = ? LIMIT ?")?
            .query_map(params![n, i64::try_from(most).unwrap_or(i64::MAX)], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if customers.is_empty() {
            if first {
                // A salvaged file does not know whom a batch touched.
                everything(&tx, n)?;
            }
            tx.execute("DELETE FROM batch WHERE n = ? AND state = 'staged' AND summary = ''", [n])?;
            tx.execute("UPDATE batch SET state = 'undone' WHERE n = ? AND state = 'staged'", [n])?;
            return Ok(tx.commit()?);
        }
        first = false;
        for customer in customers {
            of_customer(&tx, n, customer)?;
            tx.prepare_cached("DELETE FROM touched WHERE batch = ? AND customer = ?")?.execute([n, customer])?;
            if !shared && began.elapsed() >= LOCAL {
                break;
            }
        }
        tx.commit()?;
        if shared {
            wait::pause();
        }
    }
}

/// A customer, or the one whom somebody merged them into meanwhile.
const WHOSE: &str = "customer IN (?1, (SELECT m.customer FROM merged AS m WHERE m.id = ?1))";

fn of_customer(conn: &Connection, n: i64, customer: i64) -> Result<(), Failure> {
    for kind in KINDS {
        let table = kind.table;
        conn.prepare_cached(&format!("DELETE FROM {table} WHERE {WHOSE} AND since = ?2"))?.execute([customer, n])?;
        conn.prepare_cached(&format!("UPDATE {table} SET until = NULL WHERE {WHOSE} AND until = ?2"))?
            .execute([customer, n])?;
    }
    Ok(())
}

fn everything(conn: &Connection, n: i64) -> Result<(), Failure> {
    for kind in KINDS {
        let table = kind.table;
        conn.execute(&format!("DELETE FROM {table} WHERE since = ?"), [n])?;
        conn.execute(&format!("UPDATE {table} SET until = NULL WHERE until = ?"), [n])?;
    }
    Ok(())
}
