//! The columns of the index on this PC's own disk, with the change they are good for: the second start reads from the drive only what
//! changed since (drive.md 3.1: a cold table over a slow share takes minutes). It is read in portions, so that colleagues save in
//! between. Lost, it is made anew; it is never believed before the branch file has that very change.

use super::key::Key;
use super::request::Failure;
use super::seen::{self, Head};
use super::table;
use super::workbench::read;
use crate::index::Intake;
use rusqlite::types::ToSqlOutput;
use rusqlite::{
    Connection, OpenFlags, OptionalExtension, Row, Transaction, TransactionBehavior, params, params_from_iter,
};
use std::path::Path;
use std::time::Duration;

/// Customers read under one lock of the file: some sixty pages, a third of a second where an operation takes five milliseconds.
const PORTION: i64 = 500;
/// Changes followed under one lock: each may lie on a page of its own.
const CHANGES: i64 = 200;
/// How long another window of this PC is waited for.
const OTHERS: Duration = Duration::from_secs(5);

/// What went wrong, and where.
#[derive(Debug)]
pub enum Trouble {
    /// In the branch file.
    File(Failure),
    /// In the cache, which can be made anew.
    Cache(rusqlite::Error),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Trouble::File(failure)
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(e: rusqlite::Error) -> Self {
        Trouble::Cache(e)
    }
}

/// The columns kept on this PC.
#[derive(Debug)]
pub struct Cache(Connection);

impl Cache {
    /// Opens it, or begins an empty one, under the key of the branch file.
    ///
    /// # Errors
    /// What lies there is no cache of this program, or under another key.
    pub fn under(path: &Path, key: &Key) -> Result<Cache, Trouble> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let cache = Connection::open_with_flags(path, flags)?;
        key.unlock(&cache)?;
        cache.busy_timeout(OTHERS)?;
        cache.pragma_update(None, "synchronous", "NORMAL")?;
        let columns = table::ROW.replacen("id", "id INTEGER PRIMARY KEY", 1);
        cache.execute_batch(&format!(
            "CREATE TABLE IF NOT EXISTS customer ({columns});
             CREATE TABLE IF NOT EXISTS head (seq INTEGER NOT NULL, hash TEXT NOT NULL, columns TEXT NOT NULL, last INTEGER);"
        ))?;
        Ok(Cache(cache))
    }

    /// Brings it nearer to the branch file, inside that one's transaction, by a portion; whether it is as new as the file now.
    ///
    /// # Errors
    /// What the branch file or the cache says. What was read so far stays.
    pub fn step(&mut self, file: &Connection) -> Result<bool, Trouble> {
        let now = seen::head(file)?;
        let tx = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (head, last) = match kept(&tx)? {
            Some((head, last)) if head == now || seen::has(file, &head)? => (head, last),
            _ => {
                tx.execute("DELETE FROM customer", [])?;
                (now.clone(), Some(i64::MIN))
            }
        };
        let (head, last) = match last {
            Some(last) => (head, portion(file, &tx, last)?),
            None if head == now => return Ok(true),
            None => follow(file, &tx, &head)?,
        };
        tx.execute("DELETE FROM head", [])?;
        tx.execute("INSERT INTO head VALUES (?, ?, ?, ?)", params![head.seq, head.hash, table::ROW, last])?;
        tx.commit()?;
        Ok(last.is_none() && head == now)
    }

    /// Every customer in it, taken in for the index.
    ///
    /// # Errors
    /// What the cache says.
    pub fn intake(&self) -> Result<Intake, Trouble> {
        Ok(self::intake(&self.0)?)
    }
}

/// Every customer, taken in for the index.
///
/// # Errors
/// What the file says.
pub fn intake(conn: &Connection) -> rusqlite::Result<Intake> {
    let mut statement = conn.prepare(&format!("SELECT {} FROM customer", table::ROW))?;
    let mut found = statement.query([])?;
    let mut intake = Intake::default();
    while let Some(r) = found.next()? {
        intake.push(&table::lent(r)?);
    }
    Ok(intake)
}

/// The change the cache is good for, and the last customer read while not all of them are.
fn kept(tx: &Transaction<'_>) -> rusqlite::Result<Option<(Head, Option<i64>)>> {
    let found = tx
        .query_row("SELECT seq, hash, last, columns FROM head", [], |r| {
            Ok((Head { seq: r.get(0)?, hash: r.get(1)? }, r.get(2)?, r.get::<_, String>(3)?))
        })
        .optional()?;
    Ok(found.filter(|(.., columns)| columns == table::ROW).map(|(head, last, _)| (head, last)))
}

/// Takes in the customers behind the last one; gives the last of these when there may be more.
fn portion(file: &Connection, tx: &Transaction<'_>, last: i64) -> Result<Option<i64>, Trouble> {
    let sql = format!("SELECT {} FROM customer WHERE id > ? ORDER BY id LIMIT ?", table::ROW);
    let (mut count, mut newest) = (0, None);
    each(file, &sql, [last, PORTION], |r| {
        count += 1;
        newest = Some(r.get(0).map_err(Failure::from)?);
        put(tx, r)
    })?;
    Ok(newest.filter(|_| count == PORTION))
}

/// Takes in whom the next changes touched; gives the newest of these. Where they touched everybody all is read anew.
fn follow(file: &Connection, tx: &Transaction<'_>, head: &Head) -> Result<(Head, Option<i64>), Trouble> {
    let until = seen::after(file, head.seq, CHANGES)?;
    let Some(ids) = read::touched(file, head.seq, until.seq)? else {
        tx.execute("DELETE FROM customer", [])?;
        return Ok((seen::head(file)?, Some(i64::MIN)));
    };
    let sql = format!("SELECT {} FROM customer WHERE id = ?", table::ROW);
    for id in ids {
        tx.execute("DELETE FROM customer WHERE id = ?", [id.0])?;
        each(file, &sql, [id.0], |r| put(tx, r))?;
    }
    Ok((until, None))
}

/// Reads rows of the branch file.
fn each<const N: usize>(
    file: &Connection,
    sql: &str,
    with: [i64; N],
    mut take: impl FnMut(&Row<'_>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut statement = file.prepare_cached(sql).map_err(Failure::from)?;
    let mut rows = statement.query(params_from_iter(with)).map_err(Failure::from)?;
    while let Some(r) = rows.next().map_err(Failure::from)? {
        take(r)?;
    }
    Ok(())
}

/// Keeps a row as it is.
fn put(tx: &Transaction<'_>, r: &Row<'_>) -> Result<(), Trouble> {
    let count = r.as_ref().column_count();
    let cells: Vec<ToSqlOutput<'_>> = (0..count)
        .map(|i| r.get_ref(i).map(ToSqlOutput::Borrowed))
        .collect::<rusqlite::Result<_>>()
        .map_err(Failure::from)?;
    let marks = vec!["?"; count].join(", ");
    tx.prepare_cached(&format!("INSERT INTO customer VALUES ({marks})"))?.execute(params_from_iter(cells))?;
    Ok(())
}
