//! Which files are in already, known by the hash of their bytes, and since when. They are only read here.

use crate::store::cell;
use crate::store::request::Failure;
use chrono::NaiveDateTime;
use rusqlite::{Connection, OptionalExtension};

/// Those of these files that count now, with the time of the newest import of each.
///
/// # Errors
/// What the file says.
pub fn since(conn: &Connection, hashes: &[String]) -> Result<Vec<(String, NaiveDateTime)>, Failure> {
    let mut statement =
        conn.prepare_cached("SELECT at FROM batch WHERE hash = ? AND state = 'current' ORDER BY n DESC LIMIT 1")?;
    let mut found = Vec::new();
    for hash in hashes {
        let at: Option<String> = statement.query_row([hash], |r| r.get(0)).optional()?;
        found.extend(at.map(|at| (hash.clone(), cell::moment(&at))));
    }
    Ok(found)
}
