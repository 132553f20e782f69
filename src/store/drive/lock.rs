//! Locks on files of their own, taken by the very calls that SQLite makes for the branch file: what holds here holds there. The files stay
//! empty for ever. Whose lock is tried when is decided in `judge`.

use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// How long taking one's own lock may wait; nobody else knows the file yet.
const OWN: Duration = Duration::from_millis(500);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock(Connection);

impl Lock {
    /// Takes the lock of a file, which is made.
    ///
    /// # Errors
    /// What came of it instead.
    pub fn take(path: &Path) -> Result<Lock, Tried> {
        let conn = open(path, OpenFlags::SQLITE_OPEN_CREATE, OWN).map_err(Tried::of)?;
        begin(&conn, "EXCLUSIVE").map_err(Tried::of)?;
        Ok(Lock(conn))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Nothing was written; without this the connection would roll back by itself.
        let _ = self.0.execute_batch("ROLLBACK");
    }
}

/// What came of trying a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// Somebody holds it.
    Refused,
    /// Nobody does, or the locks do not reach from there to here.
    Granted,
    /// The drive did not let us try; the text is for the log.
    Failed(String),
}

impl Tried {
    fn of(error: rusqlite::Error) -> Tried {
        match error.sqlite_error_code() {
            // SQLite says so also where the drive knows no locks at all (ENOLCK) or refuses them to everybody (EACCES).
            Some(ErrorCode::DatabaseBusy) => Tried::Refused,
            _ => Tried::Failed(error.to_string()),
        }
    }
}

/// Tries the lock of a file that is there, and gives it back at once.
pub fn tried(path: &Path) -> Tried {
    let granted =
        open(path, OpenFlags::empty(), Duration::ZERO).and_then(|conn| begin(&conn, "IMMEDIATE").map(|()| conn));
    match granted {
        Ok(conn) => {
            drop(Lock(conn));
            Tried::Granted
        }
        Err(e) => Tried::of(e),
    }
}

fn open(path: &Path, more: OpenFlags, wait: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(wait)?;
    Ok(conn)
}

/// SQLite prepares the first page of an empty file as soon as a write begins; in memory, so that no journal comes to lie beside it.
fn begin(conn: &Connection, how: &str) -> rusqlite::Result<()> {
    conn.pragma_update(None, "journal_mode", "MEMORY")?;
    conn.execute_batch(&format!("BEGIN {how}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_lock_is_refused_and_a_free_one_granted_and_the_file_stays_empty_and_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        assert!(matches!(tried(&path), Tried::Failed(_)), "a file that is not there is not made");
        let lock = Lock::take(&path).unwrap();
        assert_eq!(tried(&path), Tried::Refused);
        assert_eq!(Lock::take(&path).unwrap_err(), Tried::Refused);
        drop(lock);
        assert_eq!(tried(&path), Tried::Granted);
        drop(Lock::take(&path).unwrap());
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
