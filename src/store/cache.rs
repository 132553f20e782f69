//! The columns of the index on this PC's own disk, with the change they are good for: the second start reads from the drive only what
//! changed since (drive.md 3.1: a cold table over a slow share takes minutes). Lost, it is made anew; it is never believed before the
//! branch file has that very change.

use super::request::Failure;
use super::seen::{self, Head};
use super::table;
use super::workbench::read;
use crate::index::Intake;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params, params_from_iter};
use std::path::Path;

/// Every customer for the index: from the cache at `path` what did not change since it was kept, the rest from the file behind `conn`, inside
/// its transaction. The cache is as new as the file afterwards.
///
/// # Errors
/// What the branch file says. What is wrong with the cache is only said in the log.
pub fn index(conn: &Connection, path: &Path) -> Result<Intake, Failure> {
    let cached = open(path).and_then(|mut cache| {
        bring_up(conn, &mut cache)?;
        intake(&cache)
    });
    match cached {
        Ok(intake) => Ok(intake),
        Err(error) => {
            tracing::warn!(%error, "the cache of the index is made anew");
            if std::fs::remove_file(path).is_err() {
                tracing::warn!("it could not be removed");
            }
            intake(conn)
        }
    }
}

/// Every customer, taken in for the index.
///
/// # Errors
/// What the file says.
pub fn intake(conn: &Connection) -> Result<Intake, Failure> {
    let mut statement = conn.prepare(&format!("SELECT {} FROM customer", table::ROW))?;
    let mut found = statement.query([])?;
    let mut intake = Intake::default();
    while let Some(r) = found.next()? {
        intake.push(&table::lent(r)?);
    }
    Ok(intake)
}

fn open(path: &Path) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let cache = Connection::open_with_flags(path, flags)?;
    cache.pragma_update(None, "synchronous", "NORMAL")?;
    let columns = table::ROW.replacen("id", "id INTEGER PRIMARY KEY", 1);
    cache.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS customer ({columns});
         CREATE TABLE IF NOT EXISTS head (seq INTEGER NOT NULL, hash TEXT NOT NULL, columns TEXT NOT NULL);"
    ))?;
    Ok(cache)
}

/// Brings the cache up to the file.
fn bring_up(conn: &Connection, cache: &mut Connection) -> Result<(), Failure> {
    let now = seen::head(conn)?;
    let tx = cache.transaction()?;
    let kept: Option<(Head, String)> = tx
        .query_row("SELECT seq, hash, columns FROM head", [], |r| {
            Ok((Head { seq: r.get(0)?, hash: r.get(1)? }, r.get(2)?))
        })
        .optional()?;
    let kept = kept.filter(|(_, columns)| columns == table::ROW).map(|(head, _)| head);
    if kept.as_ref() == Some(&now) {
        return Ok(());
    }
    let good = match &kept {
        Some(head) => seen::has(conn, head)?,
        None => false,
    };
    let since = kept.filter(|_| good).map_or(Ok(None), |head| read::touched(conn, head.seq))?;
    {
        let marks = vec!["?"; table::ROW.split(',').count()].join(", ");
        let mut put = tx.prepare(&format!("INSERT OR REPLACE INTO customer VALUES ({marks})"))?;
        match since {
            None => {
                tx.execute("DELETE FROM customer", [])?;
                let mut all = conn.prepare(&format!("SELECT {} FROM customer ORDER BY id", table::ROW))?;
                let mut rows = all.query([])?;
                while let Some(r) = rows.next()? {
                    put.execute(params_from_iter(cells(r)?))?;
                }
            }
            Some(ids) => {
                let mut one = conn.prepare(&format!("SELECT {} FROM customer WHERE id = ?", table::ROW))?;
                for id in ids {
                    let mut rows = one.query([id.0])?;
                    match rows.next()? {
                        Some(r) => put.execute(params_from_iter(cells(r)?))?,
                        None => tx.execute("DELETE FROM customer WHERE id = ?", [id.0])?,
                    };
                }
            }
        }
    }
    tx.execute("DELETE FROM head", [])?;
    tx.execute("INSERT INTO head VALUES (?, ?, ?)", params![now.seq, now.hash, table::ROW])?;
    tx.commit()?;
    Ok(())
}

/// The cells of a row as they are.
fn cells<'a>(r: &'a Row<'_>) -> rusqlite::Result<Vec<ToSqlOutput<'a>>> {
    (0..r.as_ref().column_count()).map(|i| r.get_ref(i).map(ToSqlOutput::Borrowed)).collect()
}
