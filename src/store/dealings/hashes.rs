//! Which files are in already, known by the hash of their bytes, and since when. They are only read here.

use crate::store::cell;
use crate::store::request::Failure;
use chrono::NaiveDateTime;
use rusqlite::{Connection, OptionalExtension};

/// Whether what batch `b` says is in the file by its bytes. One that wrote nothing of its own found it all there: once an earlier import of its
/// layout is taken back, nobody knows without looking.
pub(super) const STANDS: &str = "b.hash <> '' AND b.state = 'current' AND NOT (
    CASE WHEN json_valid(b.summary) THEN coalesce(b.summary ->> 'new', 0) + coalesce(b.summary ->> 'changed', 0)
        + coalesce(b.summary ->> 'closed', 0) = 0 ELSE false END
    AND EXISTS (SELECT 1 FROM batch AS u WHERE u.layout = b.layout AND u.n < b.n AND u.state = 'undone'))";

/// Those of these files that count now, with the time of the newest import of each.
///
/// # Errors
/// What the file says.
pub fn since(conn: &Connection, hashes: &[String]) -> Result<Vec<(String, NaiveDateTime)>, Failure> {
    let sql = format!("SELECT b.at FROM batch AS b WHERE b.hash = ? AND {STANDS} ORDER BY b.n DESC LIMIT 1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = Vec::new();
    for hash in hashes {
        let at: Option<String> = statement.query_row([hash], |r| r.get(0)).optional()?;
        found.extend(at.map(|at| (hash.clone(), cell::moment(&at))));
    }
    Ok(found)
}
