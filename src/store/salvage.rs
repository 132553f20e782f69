//! Salvage: what can be read of a damaged branch file, page by page, put into a new one; what follows from it made anew by the store's own
//! rules; what could not be read, listed. The damaged file is given as bytes and never opened here.

#[cfg(feature = "encryption")]
mod cipher;
mod mend;
mod pages;
mod shapes;

use super::chain::Hand;
use super::key::Key;
use super::migrate;
use super::open::Station;
#[cfg(not(feature = "encryption"))]
use super::refuse::OpenError;
use super::request::{Failure, Stamp};
use pages::{Page, Pages};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::Serialize;
use shapes::Shape;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[cfg(feature = "encryption")]
use cipher::BACK;
/// Bytes kept back in each page of an encrypted file.
#[cfg(not(feature = "encryption"))]
const BACK: usize = 0;

/// A table, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Table {
    /// Rows that are in the new file.
    pub read: u64,
    /// Rows that are there and could not be read, or not be taken.
    pub unreadable: u64,
    /// Rows that SQLite counts in the damaged file, where it still can.
    pub counted: Option<u64>,
}

impl Table {
    /// Rows that are known to be lost.
    pub fn lost(&self) -> u64 {
        self.unreadable.max(self.counted.unwrap_or_default().saturating_sub(self.read))
    }
}

/// What was read and what was not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Each table that is not made anew.
    pub tables: BTreeMap<String, Table>,
    /// Pages that are there.
    pub pages: u32,
    /// Pages the file says it has and has not.
    pub missing: u32,
    /// Pages that could not be read, or hold rows that could not.
    pub unreadable: Vec<u32>,
    /// The list of free pages could not be read: rows that were taken away may be back.
    pub unsure: bool,
    /// Changes that are gone, from and to.
    pub gaps: Vec<(i64, i64)>,
    /// Changes whose hash does not fit, beside those after a gap.
    pub breaks: Vec<i64>,
    /// Archives that are gone, made anew from what the log and others say of them.
    pub customers: Vec<i64>,
    /// Colleagues who are gone, and stand by a number only.
    pub staff: Vec<i64>,
    /// References to rows that are gone, which were emptied.
    pub emptied: u64,
    /// Of what the branch needs, what was gone and is as in a new file.
    pub defaults: Vec<String>,
}

impl Report {
    /// Whether everything was read.
    pub fn whole(&self) -> bool {
        self.tables.values().all(|t| t.lost() == 0)
            && self.missing == 0
            && self.unreadable.is_empty()
            && self.gaps.is_empty()
            && self.breaks.is_empty()
            && self.customers.is_empty()
            && self.staff.is_empty()
            && self.emptied == 0
            && self.defaults.is_empty()
    }

    /// Rows that are in the new file.
    pub fn read(&self) -> u64 {
        self.tables.values().map(|t| t.read).sum()
    }
}

/// Puts what can be read of `bytes` into a new branch file at `path`, where nothing may be.
///
/// # Errors
/// What the disk says.
pub fn salvage(bytes: &[u8], path: &Path, station: &str, stamp: &Stamp) -> Result<Report, Failure> {
    salvage_under(bytes, path, &Station::new(station, 0), stamp)
}

/// The same for a file under the key of this workstation: what can be read of it goes into a new one under the same key.
///
/// # Errors
/// What the disk says, or this program was built without encryption.
pub fn salvage_under(bytes: &[u8], path: &Path, station: &Station, stamp: &Stamp) -> Result<Report, Failure> {
    let Station { name, key, .. } = station;
    let opened = opened(bytes, key)?;
    let bytes = opened.as_deref().unwrap_or(bytes);
    let mut conn = Connection::open(path)?;
    key.unlock(&conn)?;
    // A scratch file of this PC; it is looked over before anybody uses it.
    conn.pragma_update(None, "journal_mode", "MEMORY")?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.pragma_update(None, "foreign_keys", false)?;
    let tx = conn.transaction()?;
    migrate::lay(&tx)?;
    let shapes = Shape::all(&tx)?;
    let laid = strip(&tx)?;
    let mut report = Report::default();
    let pages = if opened.is_some() { Pages::keeping(bytes, BACK) } else { Pages::new(bytes) };
    pour(&tx, &shapes, (bytes, &pages), &mut report)?;
    mend::mend(&tx, (&Hand::new(name, key), key), stamp, &mut report)?;
    for sql in laid {
        tx.execute_batch(&sql)?;
    }
    mend::derive(&tx, stamp)?;
    tx.commit()?;
    Ok(report)
}

/// The pages of an encrypted file, opened; nothing for a plain one.
#[cfg(feature = "encryption")]
fn opened(bytes: &[u8], key: &Key) -> Result<Option<Vec<u8>>, Failure> {
    Ok(cipher::opened(bytes, key))
}

/// The pages of an encrypted file, which this program cannot open.
#[cfg(not(feature = "encryption"))]
fn opened(_: &[u8], key: &Key) -> Result<Option<Vec<u8>>, Failure> {
    if key.is_some() { Err(OpenError::NoCipher.into()) } else { Ok(None) }
}

/// Rows of each table as SQLite counts them in a copy of the damaged file, mostly by an index.
pub fn counted(copy: &Path, report: &mut Report) {
    counted_under(copy, &Key::default(), report);
}

/// The same for a file under this key.
pub fn counted_under(copy: &Path, key: &Key, report: &mut Report) {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(conn) = Connection::open_with_flags(copy, flags) else { return };
    if key.unlock(&conn).is_err() {
        return;
    }
    for (name, table) in &mut report.tables {
        let count = conn.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |r| r.get::<_, i64>(0));
        table.counted = count.ok().and_then(|n| u64::try_from(n).ok());
    }
}

/// Lets SQLite take back in a copy what a crash left half done, if its journal was copied too; a copy it cannot open stays as it is.
pub fn take_back(copy: &Path, key: &Key) {
    let read = Connection::open(copy)
        .and_then(|conn| key.unlock(&conn).map(|()| conn))
        .and_then(|conn| conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())));
    if let Err(error) = read {
        tracing::warn!(%error, "SQLite cannot read the copy");
    }
}

/// Takes the triggers and indexes away: rows come in any order. Gives the statements that bring them back.
fn strip(conn: &Connection) -> Result<Vec<String>, Failure> {
    let found: Vec<(String, String, String)> = conn
        .prepare(
            "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('trigger', 'index') ORDER BY rowid",
        )?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (kind, name, _) in &found {
        conn.execute_batch(&format!("DROP {kind} \"{name}\""))?;
    }
    Ok(found.into_iter().map(|(.., sql)| sql).collect())
}

/// Reads every page and puts its rows where they belong.
fn pour(
    conn: &Connection,
    shapes: &[Shape],
    (bytes, pages): (&[u8], &Pages<'_>),
    report: &mut Report,
) -> Result<(), Failure> {
    for shape in shapes.iter().filter(|s| !s.derived) {
        report.tables.insert(shape.name.clone(), Table::default());
    }
    report.pages = pages.count();
    // A torn last page is one that is missing, also where the header says nothing any more.
    report.missing =
        pages.said().saturating_sub(pages.count()).max(u32::from(!bytes.len().is_multiple_of(pages::SIZE)));
    let (free, known) = pages.free();
    report.unsure = !known;
    let (mut used, mut other) = (BTreeSet::new(), BTreeSet::new());
    for n in (1..=pages.count()).filter(|n| !free.contains(n)) {
        let (cells, keyed) = match pages.read(n, &mut used) {
            Page::Rows(cells) => (cells, false),
            Page::Keys(cells) => (cells, true),
            Page::Way => continue,
            Page::Other => {
                other.insert(n);
                continue;
            }
        };
        let fitting = |shape: &Shape| cells.iter().flatten().filter(|cell| shape.fits(cell)).count();
        let readable = cells.iter().flatten().count();
        // An index that the program does not have any more looks like a table here and there, a table like itself all over.
        let few = |n: usize| n == 0 || (keyed && n * 10 < readable * 9);
        let best =
            shapes.iter().map(|s| (fitting(s), s)).max_by_key(|(n, s)| (*n, !s.derived)).filter(|(n, _)| !few(*n));
        let Some((_, shape)) = best else {
            // Entries of an index look like no table.
            if readable < cells.len() || (!keyed && readable > 0) {
                other.insert(n);
            }
            continue;
        };
        let mut bad = 0;
        for cell in cells {
            match cell {
                // What is made anew need not fit.
                Some(_) if shape.derived => {}
                Some(cell) if shape.fits(&cell) => bad += u64::from(!put(conn, shape, shape.row(cell), report)?),
                _ => bad += 1,
            }
        }
        if bad > 0 {
            other.insert(n);
            if let Some(table) = report.tables.get_mut(&shape.name) {
                table.unreadable += bad;
            }
        }
    }
    report.unreadable = other.into_iter().filter(|n| !used.contains(n)).collect();
    Ok(())
}

/// Puts a row in; of two with one key the later revision stays. `false` when the table does not take it.
fn put(conn: &Connection, shape: &Shape, row: Vec<Value>, report: &mut Report) -> Result<bool, Failure> {
    let name = &shape.name;
    let marks = vec!["?"; row.len()].join(", ");
    let rev = shape.columns.iter().position(|c| c == "rev").and_then(|i| row.get(i)).cloned();
    let key = shape.columns.first().zip(row.first()).map(|(c, v)| (c.clone(), v.clone()));
    let put = |verb: &str, row: &[Value]| -> Result<Option<usize>, Failure> {
        let sql = format!("INSERT OR {verb} INTO \"{name}\" VALUES ({marks})");
        match conn.prepare_cached(&sql)?.execute(params_from_iter(row)) {
            Ok(n) => Ok(Some(n)),
            Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => Ok(None),
            Err(e) => Err(e.into()),
        }
    };
    let Some(table) = report.tables.get_mut(name) else { return Ok(true) };
    match put("IGNORE", &row)? {
        None => Ok(false),
        Some(0) => {
            let (Some(rev), Some((column, key))) = (rev, key) else { return Ok(same(conn, shape, &row)?) };
            let sql = format!("SELECT rev < ? FROM \"{name}\" WHERE \"{column}\" = ?");
            let older = conn.prepare_cached(&sql)?.query_row([rev, key], |r| r.get::<_, bool>(0));
            match older {
                Ok(true) => Ok(put("REPLACE", &row)?.is_some()),
                Ok(false) => Ok(true),
                // Another row has its number or code.
                Err(_) => Ok(false),
            }
        }
        Some(_) => {
            table.read += 1;
            Ok(true)
        }
    }
}

/// Whether this very row is there already.
fn same(conn: &Connection, shape: &Shape, row: &[Value]) -> rusqlite::Result<bool> {
    let all: Vec<String> = shape.columns.iter().map(|c| format!("\"{c}\" IS ?")).collect();
    let sql = format!("SELECT 1 FROM \"{}\" WHERE {}", shape.name, all.join(" AND "));
    conn.prepare_cached(&sql)?.exists(params_from_iter(row))
}
