//! Reads give way to saves. A read holds a lock that a save must wait for: one of the same workstation is broken off and repeated after the
//! save, and a long one gives the lock back now and then, so that colleagues' saves get in between.

use super::request::Failure;
use rusqlite::Connection;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Steps of SQLite between two looks whether a save wants to begin: a few microseconds.
const STEPS: i32 = 20;
/// How long a read holds its lock before it gives it back for a moment.
pub const HOLD: Duration = Duration::from_millis(150);

/// The way to the file on one workstation: who saves goes first.
#[derive(Debug, Clone, Default)]
pub struct Way(Arc<Lane>);

#[derive(Debug, Default)]
struct Lane {
    saving: Mutex<bool>,
    over: Condvar,
    /// The same as `saving`, for who looks often.
    taken: AtomicBool,
    /// Whether the read under way may be broken off.
    breakable: AtomicBool,
}

/// A save under way; dropped, it is over.
#[derive(Debug)]
pub struct Saving<'a>(&'a Way);

impl Way {
    /// A save begins.
    pub fn save(&self) -> Saving<'_> {
        self.set(true);
        Saving(self)
    }

    fn set(&self, saving: bool) {
        *self.0.saving.lock().unwrap_or_else(PoisonError::into_inner) = saving;
        self.0.taken.store(saving, Ordering::Relaxed);
        self.0.over.notify_all();
    }

    /// Waits until no save is under way, but not longer than so; says whether none is.
    pub fn clear(&self, at_most: Duration) -> bool {
        let saving = self.0.saving.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.over.wait_timeout_while(saving, at_most, |saving| *saving);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Whether a save is under way.
    pub fn taken(&self) -> bool {
        self.0.taken.load(Ordering::Relaxed)
    }

    /// Says whether the next read may be broken off.
    pub fn breakable(&self, may: bool) {
        self.0.breakable.store(may, Ordering::Relaxed);
    }

    /// Breaks off reads over this connection when a save wants to begin.
    ///
    /// # Errors
    /// The connection is in use.
    pub fn watch(&self, conn: &mut Connection) -> rusqlite::Result<()> {
        let lane = Arc::clone(&self.0);
        let stop = move || lane.taken.load(Ordering::Relaxed) && lane.breakable.load(Ordering::Relaxed);
        conn.progress_handler(STEPS, Some(stop))
    }
}

impl Drop for Saving<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// A long read, which takes breath between its parts.
#[derive(Debug)]
pub struct Breath<'a> {
    conn: &'a Connection,
    since: Cell<Instant>,
}

impl<'a> Breath<'a> {
    /// A read that begins now, in a transaction of its own.
    pub fn new(conn: &'a Connection) -> Breath<'a> {
        Breath { conn, since: Cell::new(Instant::now()) }
    }

    /// Whether the lock was held long.
    pub fn due(&self) -> bool {
        self.since.get().elapsed() >= HOLD
    }

    /// Ends the transaction and begins another when the lock was held long. No statement may be under way. What is read after may be newer
    /// than what was read before: whoever wrote in between is news, and what was read is read again.
    ///
    /// # Errors
    /// What the file says.
    pub fn take(&self) -> Result<(), Failure> {
        if self.due() {
            self.conn.execute_batch("COMMIT; BEGIN")?;
            self.since.set(Instant::now());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT sum(i) FROM n";

    fn sum(conn: &Connection) -> Result<i64, Failure> {
        Ok(conn.query_row(LONG, [], |r| r.get(0))?)
    }

    #[test]
    fn a_read_is_broken_off_while_a_save_is_under_way_and_only_where_it_may_be() {
        let mut conn = Connection::open_in_memory().unwrap();
        let way = Way::default();
        way.watch(&mut conn).unwrap();
        way.breakable(true);
        assert_eq!(sum(&conn), Ok(5_000_050_000));
        let saving = way.save();
        assert_eq!(sum(&conn), Err(Failure::GaveWay));
        way.breakable(false);
        assert_eq!(sum(&conn), Ok(5_000_050_000));
        way.breakable(true);
        drop(saving);
        assert_eq!(sum(&conn), Ok(5_000_050_000));
    }

    #[test]
    fn who_waits_for_a_save_goes_on_when_it_is_over() {
        let way = Way::default();
        assert!(way.clear(Duration::from_secs(60)));
        let saving = way.save();
        std::thread::scope(|s| {
            let waiting = s.spawn(|| way.clear(Duration::from_secs(60)));
            drop(saving);
            assert!(waiting.join().unwrap());
        });
        let _saving = way.save();
        assert!(!way.clear(Duration::from_millis(1)), "a save that takes long is not waited for");
    }

    #[test]
    fn a_breath_lets_a_waiting_writer_in() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let (reader, writer) = (Connection::open(&path).unwrap(), Connection::open(&path).unwrap());
        writer.execute_batch("CREATE TABLE t (x)").unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM t").unwrap();
        writer.busy_timeout(Duration::ZERO).unwrap();
        let insert = || writer.execute("INSERT INTO t VALUES (1)", []);
        let breath = Breath::new(&reader);
        breath.take().unwrap();
        assert!(insert().is_err(), "too early for a breath");
        breath.since.set(Instant::now().checked_sub(HOLD).unwrap());
        breath.take().unwrap();
        insert().unwrap();
    }
}
