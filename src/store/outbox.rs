//! The outbox: saves on this PC's own disk, from before the drive is tried until the branch file is known to have them (drive.md 4.3).
//! When a save is tried again is decided in `worker::keep`; nothing here touches the drive.

use super::anew;
use super::cell;
use super::key::Key;
use super::request::{Ask, Failure};
use super::seen::Head;
use crate::domain::ids::OpId;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use std::path::{Path, PathBuf};

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
    /// Opens the outbox of a plain branch file, or makes it.
    ///
    /// # Errors
    /// What the disk says.
    pub fn open(path: &Path) -> Result<Outbox, Failure> {
        Outbox::under(path, &Key::default())
    }

    /// Opens the outbox, or makes it, under the key of the branch file. One from before the branch file had this key is made anew under it,
    /// with all that lies in it.
    ///
    /// # Errors
    /// What the disk says, or it is under a key that nobody has any more; it is left alone then.
    pub fn under(path: &Path, key: &Key) -> Result<Outbox, Failure> {
        let error = match Outbox::at(path, key) {
            Err(error) if key.is_some() && path.exists() => error,
            other => return Ok(other?),
        };
        let olds = key.older().iter().cloned().chain([Key::default()]);
        let Some(old) = olds.filter_map(|old| Outbox::at(path, &old).ok()).next() else { return Err(error.into()) };
        old.anew(path, key)?;
        Ok(Outbox::at(path, key)?)
    }

    /// Makes one that has this key again plain, for a branch file that is not encrypted any more.
    ///
    /// # Errors
    /// What the disk says; it is as it was then.
    pub fn unlock(path: &Path, key: &Key) -> Result<(), Failure> {
        Outbox::under(path, key)?.anew(path, &Key::default())
    }

    /// Puts one under another key, with all that lies in it, in the place of this one, which lies at `path`.
    fn anew(self, path: &Path, key: &Key) -> Result<(), Failure> {
        let failed = |e: std::io::Error| Failure::Drive(e.to_string());
        let beside = with(path, ".new");
        // What an earlier try left.
        remove(&beside);
        anew::reserve(&beside).map_err(failed)?;
        let mut new = Outbox::at(&beside, key)?;
        new.take(&self, &["file", "head"])?;
        drop((self, new));
        std::fs::rename(&beside, path).map_err(failed)
    }

    fn at(path: &Path, key: &Key) -> rusqlite::Result<Outbox> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        key.unlock(&conn)?;
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
    pub fn adopt(&mut self, left: &Path, key: &Key) -> Result<(), Failure> {
        self.take(&Outbox::under(left, key)?, &["file"])
    }

    /// Takes over what lies in another.
    fn take(&mut self, other: &Outbox, facts: &[&str]) -> Result<(), Failure> {
        let mut statement = other.conn.prepare("SELECT op, ask, state FROM save ORDER BY n")?;
        let found: Vec<(i64, String, i64)> =
            statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
        let tx = self.conn.transaction()?;
        for (op, ask, state) in found {
            tx.execute("INSERT OR IGNORE INTO save (op, ask, state) VALUES (?, ?, ?)", params![op, ask, state])?;
        }
        for name in facts {
            if let Some(value) = fact(&other.conn, name)? {
                tx.execute("INSERT OR IGNORE INTO fact VALUES (?, ?)", params![name, value])?;
            }
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

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Removes a file of ours with what SQLite kept beside it, if it is there.
fn remove(path: &Path) {
    for ending in ["", "-wal", "-journal"] {
        let _ = std::fs::remove_file(with(path, ending));
    }
}
