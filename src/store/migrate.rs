//! Versions of the branch file: who may open which, and the steps from one to the next. A newer file is refused, never guessed at.

use super::refuse::OpenError;
use super::request::Failure;
use rusqlite::Connection;

/// `application_id` of a branch file: 'GTAI'.
pub const APPLICATION: i64 = 0x4754_4149;

/// One script a version; the first makes an empty file. A step runs in the transaction that raises `user_version`.
const STEPS: [&str; 4] = [
    include_str!("schema/001.sql"),
    include_str!("schema/002.sql"),
    concat!(
        include_str!("schema/003/secret.sql"),
        include_str!("schema/003/chain.sql"),
        include_str!("schema/003/access.sql"),
        include_str!("schema/003/consent.sql"),
        include_str!("schema/003/cases.sql")
    ),
    include_str!("schema/004.sql"),
];

/// The newest version this program knows.
pub const KNOWN: i64 = STEPS.len() as i64;

/// Lays the tables of an empty file, inside the transaction of `conn`.
///
/// # Errors
/// What SQLite says.
pub fn lay(conn: &Connection) -> rusqlite::Result<()> {
    step(conn, &STEPS, 0)?;
    conn.pragma_update(None, "application_id", APPLICATION)
}

/// Whether a file of this version can be read at all.
///
/// # Errors
/// [`OpenError::Newer`] when this program is too old, [`OpenError::Damaged`] when no program of ours wrote that version.
pub fn check(found: i64) -> Result<(), OpenError> {
    match found {
        f if f > KNOWN => Err(OpenError::Newer { found, known: KNOWN }),
        f if f < 1 => Err(OpenError::Damaged(format!("user_version {found}"))),
        _ => Ok(()),
    }
}

/// Whether the file is still of this program's version, asked inside the transaction of a write: a colleague's newer program may have
/// raised it since it was opened. It costs no reading: the first page is in hand.
///
/// # Errors
/// [`Failure::Newer`] when it is not.
pub fn still(conn: &Connection) -> Result<(), Failure> {
    match version(conn)? {
        KNOWN => Ok(()),
        _ => Err(Failure::Newer),
    }
}

/// Brings a file to the newest version, inside the transaction of `conn`; one that a colleague brought there meanwhile stays as it is.
///
/// # Errors
/// What SQLite says; the transaction is to be rolled back then.
pub fn climb(conn: &Connection) -> rusqlite::Result<()> {
    step(conn, &STEPS, version(conn)?)
}

fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.pragma_query_value(None, "user_version", |r| r.get(0))
}

fn step(conn: &Connection, steps: &[&str], from: i64) -> rusqlite::Result<()> {
    for (to, script) in (1_i64..).zip(steps).filter(|(to, _)| *to > from) {
        conn.execute_batch(script)?;
        conn.pragma_update(None, "user_version", to)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_that_is_missing_is_done_once_and_in_order() {
        let steps = ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y", "INSERT INTO a VALUES (1, 2)"];
        for from in 0..=3 {
            let conn = Connection::open_in_memory().unwrap();
            step(&conn, &steps[..from], 0).unwrap();
            assert_eq!(version(&conn), Ok(from as i64));
            step(&conn, &steps, from as i64).unwrap();
            step(&conn, &steps, version(&conn).unwrap()).unwrap();
            assert_eq!(version(&conn), Ok(3));
            assert_eq!(conn.query_row("SELECT x + y, count(*) FROM a", [], |r| Ok((r.get(0)?, r.get(1)?))), Ok((3, 1)));
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_version_it_had() {
        let mut conn = Connection::open_in_memory().unwrap();
        step(&conn, &["CREATE TABLE a (x)"], 0).unwrap();
        let tx = conn.transaction().unwrap();
        assert!(step(&tx, &["", "INSERT INTO a VALUES (1)", "CREATE TABLE a (x)"], 1).is_err());
        drop(tx);
        assert_eq!((version(&conn), conn.query_row("SELECT count(*) FROM a", [], |r| r.get(0))), (Ok(1), Ok(0)));
    }
}
