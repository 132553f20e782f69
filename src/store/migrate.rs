//! Versions of the branch file: who may open which, and the steps from one to the next. A newer file is refused, never guessed at.

use super::refuse::OpenError;
use rusqlite::Connection;

/// `application_id` of a branch file: 'GTAI'.
pub const APPLICATION: i64 = 0x4754_4149;

/// One script a version; the first makes an empty file. A step runs in the transaction that raises `user_version`.
const STEPS: [&str; 1] = [include_str!("schema/001.sql")];

/// The newest version this program knows.
pub const KNOWN: i64 = STEPS.len() as i64;

/// Lays the tables of an empty file, inside the transaction of `conn`.
///
/// # Errors
/// What SQLite says.
pub fn lay(conn: &Connection) -> rusqlite::Result<()> {
    step(conn, 0)?;
    conn.pragma_update(None, "application_id", APPLICATION)
}

/// Whether a file of this version can be used as it is; `false` means that steps are due.
///
/// # Errors
/// [`OpenError::Newer`] when this program is too old, [`OpenError::Damaged`] when no program of ours wrote that version.
pub fn check(found: i64) -> Result<bool, OpenError> {
    match found {
        f if f > KNOWN => Err(OpenError::Newer { found, known: KNOWN }),
        f if f < 1 => Err(OpenError::Damaged(format!("user_version {found}"))),
        f => Ok(f == KNOWN),
    }
}

/// Brings a file from version `from` to the newest, inside the transaction of `conn`.
///
/// # Errors
/// What SQLite says; the transaction is to be rolled back then.
pub fn step(conn: &Connection, from: usize) -> rusqlite::Result<()> {
    for script in STEPS.iter().skip(from) {
        conn.execute_batch(script)?;
    }
    conn.pragma_update(None, "user_version", KNOWN)
}
