//! The table `secret`: a row for each member of staff who has a password. Whether it lets anybody in is decided in `secret`.

use crate::domain::ids::StaffId;
use crate::domain::password::Tries;
use crate::store::cell;
use crate::store::request::{Failure, Stamp};
use chrono::NaiveDateTime;
use rusqlite::{Connection, OptionalExtension, params};

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The password, stretched.
    pub hash: String,
    /// Since when.
    pub set_at: NaiveDateTime,
    /// Those before it, newest first.
    pub earlier: Vec<String>,
    /// Somebody else set it: it is to be changed at once.
    pub must_change: bool,
    /// Wrong tries in a row.
    pub tries: Tries,
}

/// Whether the file has such a table: one of an older program, opened to read, has not.
///
/// # Errors
/// What the file says.
pub fn laid(conn: &Connection) -> Result<bool, Failure> {
    Ok(conn.prepare_cached("SELECT 1 FROM sqlite_schema WHERE name = 'secret'")?.exists([])?)
}

/// Who has one.
///
/// # Errors
/// What the file says.
pub fn holders(conn: &Connection) -> Result<Vec<StaffId>, Failure> {
    if !laid(conn)? {
        return Ok(Vec::new());
    }
    let mut statement = conn.prepare_cached("SELECT staff FROM secret")?;
    Ok(statement.query_map([], |r| r.get(0).map(StaffId))?.collect::<rusqlite::Result<_>>()?)
}

/// The row of a member of staff.
///
/// # Errors
/// What the file says.
pub fn load(conn: &Connection, staff: StaffId) -> Result<Option<Row>, Failure> {
    if !laid(conn)? {
        return Ok(None);
    }
    let sql = "SELECT hash, set_at, earlier, must_change, wrong, wrong_at FROM secret WHERE staff = ?";
    Ok(conn
        .prepare_cached(sql)?
        .query_row([staff.0], |r| {
            Ok(Row {
                hash: r.get(0)?,
                set_at: cell::moment(&r.get::<_, String>(1)?),
                earlier: cell::of_json(&r.get::<_, String>(2)?),
                must_change: r.get(3)?,
                tries: Tries { wrong: r.get(4)?, last: r.get::<_, Option<String>>(5)?.map(|at| cell::moment(&at)) },
            })
        })
        .optional()?)
}

/// Keeps the row of a member of staff.
///
/// # Errors
/// What the file says.
pub fn keep(conn: &Connection, staff: StaffId, row: &Row, stamp: &Stamp) -> Result<(), Failure> {
    conn.prepare_cached(
        "INSERT INTO secret (staff, updated_at, updated_by, hash, set_at, earlier, must_change, wrong, wrong_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (staff) DO UPDATE SET rev = rev + 1,
         updated_at = excluded.updated_at, updated_by = excluded.updated_by, hash = excluded.hash, set_at = excluded.set_at,
         earlier = excluded.earlier, must_change = excluded.must_change, wrong = excluded.wrong, wrong_at = excluded.wrong_at",
    )?
    .execute(params![
        staff.0,
        cell::time(stamp.at),
        stamp.by.0,
        row.hash,
        cell::time(row.set_at),
        cell::json(&row.earlier)?,
        row.must_change,
        row.tries.wrong,
        row.tries.last.map(cell::time),
    ])?;
    Ok(())
}

/// Forgets the password of a member of staff who left.
///
/// # Errors
/// What the file says.
pub fn forget(conn: &Connection, staff: StaffId) -> Result<(), Failure> {
    conn.prepare_cached("DELETE FROM secret WHERE staff = ?")?.execute([staff.0])?;
    Ok(())
}
