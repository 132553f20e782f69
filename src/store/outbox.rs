//! The outbox: saves on this PC's own disk, from before the drive is tried until the branch file is known to have them (drive.md 4.3).
//! When a save is tried again is decided in `worker::keep`; nothing here touches the drive.

use super::cell;
use super::request::{Ask, Failure};
use super::seen::Head;
use crate::domain::ids::OpId;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use std::path::Path;

/// Saves that are known to be in the file are kept this many longer: the file may be put back to an older backup.
const REMEMBERED: i64 = 5_000;

const LAID: &str = "
    CREATE TABLE IF NOT EXISTS save (
        n     INTEGER PRIMARY KEY,
        op    INTEGER NOT NULL UNIQUE,
        ask   TEXT NOT NULL,
        state INTEGER NOT NULL DEFAULT 0    -- 0 waits, 1 returned to who typed it, 2 written, 3 seen in the file afterwards
    ) STRICT;
    CREATE INDEX IF NOT EXISTS save_state ON save (state, n);
    CREATE TABLE IF NOT EXISTS fact (
        key   TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// The saves of one window on this PC.
#[derive(Debug)]
pub struct Outbox {
    conn: Connection,
}

impl Outbox {
    /// Opens the outbox, or makes it.
    ///
    /// # Errors
    /// What the disk says.
    pub fn open(path: &Path) -> Result<Outbox, Failure> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        // One window alone holds it: with the file locked for good, write-ahead needs no shared memory and a save costs one sync.
        conn.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        conn.pragma_update_and_check(None, "journal_mode", "WAL", |r| r.get::<_, String>(0))?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.execute_batch(LAID)?;
        Ok(Outbox { conn })
    }

    /// Takes over what a dead window left; its file may be removed then.
    ///
    /// # Errors
    /// What the disk says; nothing was taken over then.
    pub fn adopt(&mut self, left: &Path) -> Result<(), Failure> {
        let other = Outbox::open(left)?;
        let mut statement = other.conn.prepare("SELECT op, ask, state FROM save ORDER BY n")?;
        let found: Vec<(i64, String, i64)> =
            statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
        let tx = self.conn.transaction()?;
        for (op, ask, state) in found {
            tx.execute("INSERT OR IGNORE INTO save (op, ask, state) VALUES (?, ?, ?)", params![op, ask, state])?;
        }
        if let Some(file) = fact(&other.conn, "file")? {
            tx.execute("INSERT OR IGNORE INTO fact VALUES ('file', ?)", [file])?;
        }
        tx.commit()?;
        Ok(())
    }

    /// The branch file the saves are for, by the hash of its first change; `None` before any was written.
    ///
    /// # Errors
    /// What the disk says.
    pub fn file(&self) -> Result<Option<String>, Failure> {
        fact(&self.conn, "file")
    }

    /// Says which branch file the saves are for.
    ///
    /// # Errors
    /// What the disk says.
    pub fn is_for(&self, file: &str) -> Result<(), Failure> {
        self.conn.execute("INSERT OR REPLACE INTO fact VALUES ('file', ?)", [file])?;
        Ok(())
    }

    /// The newest change that was seen in the file.
    ///
    /// # Errors
    /// What the disk says.
    pub fn head(&self) -> Result<Option<Head>, Failure> {
        Ok(fact(&self.conn, "head")?.and_then(|text| {
            let (seq, hash) = text.split_once(' ')?;
            Some(Head { seq: seq.parse().ok()?, hash: hash.to_owned() })
        }))
    }

    /// Puts a save in; it is on the disk when this returns.
    ///
    /// # Errors
    /// What the disk says.
    pub fn put(&self, op: OpId, ask: &Ask) -> Result<(), Failure> {
        self.conn
            .prepare_cached("INSERT OR IGNORE INTO save (op, ask) VALUES (?, ?)")?
            .execute(params![op.0, cell::json(ask)?])?;
        Ok(())
    }

    /// What is to be written, in the order it was typed: what waits, and what came back and was not seen to by who typed it.
    ///
    /// # Errors
    /// What the disk says.
    pub fn waiting(&self) -> Result<Vec<Ask>, Failure> {
        self.asks("SELECT ask FROM save WHERE state < 2 ORDER BY n")
    }

    fn asks(&self, sql: &str) -> Result<Vec<Ask>, Failure> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let texts: Vec<String> = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        // One that this version cannot read stays where it is, for the version that wrote it.
        Ok(texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
    }

    /// How many wait or came back.
    ///
    /// # Errors
    /// What the disk says.
    pub fn count(&self) -> Result<usize, Failure> {
        let n: i64 = self.conn.query_row("SELECT count(*) FROM save WHERE state < 2", [], |r| r.get(0))?;
        Ok(usize::try_from(n).unwrap_or_default())
    }

    /// The branch file has it.
    ///
    /// # Errors
    /// What the disk says.
    pub fn written(&self, op: OpId) -> Result<(), Failure> {
        self.state(op, 2)
    }

    /// It came back to who typed it, and lies here until they have seen to it.
    ///
    /// # Errors
    /// What the disk says.
    pub fn returned(&self, op: OpId) -> Result<(), Failure> {
        self.state(op, 1)
    }

    fn state(&self, op: OpId, state: i64) -> Result<(), Failure> {
        self.conn.prepare_cached("UPDATE save SET state = ? WHERE op = ?")?.execute(params![state, op.0])?;
        Ok(())
    }

    /// It needs no keeping: refused before the eyes of who typed it, or it changed nothing.
    ///
    /// # Errors
    /// What the disk says.
    pub fn forget(&self, op: OpId) -> Result<(), Failure> {
        self.conn.prepare_cached("DELETE FROM save WHERE op = ?")?.execute([op.0])?;
        Ok(())
    }

    /// Saves that were written and not looked for since; `all` also those that were seen: at the start, for the file may be an older
    /// one now.
    ///
    /// # Errors
    /// What the disk says.
    pub fn unseen(&self, all: bool) -> Result<Vec<OpId>, Failure> {
        let mut statement = self.conn.prepare_cached("SELECT op FROM save WHERE state BETWEEN 2 AND ? ORDER BY n")?;
        let found = statement.query_map([if all { 3 } else { 2 }], |r| r.get(0).map(OpId))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// These were seen in the file when `head` was its newest change; the oldest are forgotten.
    ///
    /// # Errors
    /// What the disk says.
    pub fn seen(&mut self, ops: &[OpId], head: &Head) -> Result<(), Failure> {
        let tx = self.conn.transaction()?;
        tx.execute("INSERT OR REPLACE INTO fact VALUES ('head', ?)", [format!("{} {}", head.seq, head.hash)])?;
        for op in ops {
            tx.execute("UPDATE save SET state = 3 WHERE op = ?", [op.0])?;
        }
        tx.execute(
            "DELETE FROM save WHERE state = 3 AND n <= (SELECT max(n) FROM save WHERE state = 3) - ?",
            [REMEMBERED],
        )?;
        tx.commit()?;
        Ok(())
    }

    /// This one is not in the file any more: it waits again, and is given back.
    ///
    /// # Errors
    /// What the disk says.
    pub fn again(&self, op: OpId) -> Result<Option<Ask>, Failure> {
        self.state(op, 0)?;
        let text: Option<String> =
            self.conn.query_row("SELECT ask FROM save WHERE op = ?", [op.0], |r| r.get(0)).optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

fn fact(conn: &Connection, key: &str) -> Result<Option<String>, Failure> {
    Ok(conn.query_row("SELECT value FROM fact WHERE key = ?", [key], |r| r.get(0)).optional()?)
}
