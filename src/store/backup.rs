//! What a backup needs of the branch file: standing still while it is copied, and being looked over where the copy lies. Bytes are copied by
//! another process (see `run::copies`): closing a handle of ours on the file would drop SQLite's locks (drive.md finding 8).

use super::branch::Branch;
use super::change;
use super::open::File;
use super::request::Failure;
use super::wait;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A place in the chain of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The change.
    pub seq: i64,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
}

/// What a whole file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// 网点
    pub branch: String,
    /// `user_version`
    pub schema: i64,
    /// The first change: two files that share it were one file once.
    pub origin: Head,
    /// The newest change.
    pub head: Head,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
}

/// A file looked over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    /// Nothing is wrong with it.
    Whole(Survey),
    /// What is wrong.
    Broken(Vec<String>),
}

impl File {
    /// Does `work` while nobody can write: under a read transaction, whose lock a writer waits for. SQLite has rolled back what a
    /// colleague's crash left half done before, so the bytes of the file alone are whole. `work` is told the newest change.
    ///
    /// # Errors
    /// Others kept the file busy, or what it says.
    pub fn still<T>(&mut self, work: impl FnOnce(&Head) -> T) -> Result<T, Failure> {
        self.patience.renew(wait::FOR_A_SAVE);
        let tx = self.connection()?.transaction()?;
        let head = head(&tx)?;
        let done = work(&head);
        tx.rollback()?;
        Ok(done)
    }

    /// Looks everything over: pages, references, keys, counters, the chain of changes. Reads every page; meant for a copy.
    ///
    /// # Errors
    /// What the file says, where it cannot be read far enough to say what is wrong.
    pub fn look_over(&mut self) -> Result<Looked, Failure> {
        let mut wrong = self.faults()?;
        if let Some(seq) = self.broken_chain()? {
            wrong.push(format!("change {seq} does not fit the one before"));
        }
        if !wrong.is_empty() {
            return Ok(Looked::Broken(wrong));
        }
        let conn = self.connection()?;
        Ok(Looked::Whole(Survey {
            branch: Branch::load(conn, None)?.name.clone(),
            schema: conn.pragma_query_value(None, "user_version", |r| r.get(0))?,
            origin: first(conn)?,
            head: head(conn)?,
            rows: rows(conn)?,
        }))
    }

    /// Rows of each table.
    ///
    /// # Errors
    /// What the file says.
    pub fn rows(&mut self) -> Result<BTreeMap<String, u64>, Failure> {
        rows(self.connection()?)
    }

    /// The first change of the file; every copy of it begins with the same.
    ///
    /// # Errors
    /// What the file says.
    pub fn origin(&mut self) -> Result<Head, Failure> {
        first(self.connection()?)
    }

    /// How many changes the file has behind this one; `None` when it is not in the file's chain.
    ///
    /// # Errors
    /// What the file says.
    pub fn behind(&mut self, place: &Head) -> Result<Option<u64>, Failure> {
        let conn = self.connection()?;
        let newest = change::head(conn)?;
        let here = link(conn, place.seq)?.is_some_and(|hash| hash == place.hash);
        Ok(here.then(|| u64::try_from(newest - place.seq).unwrap_or_default()))
    }
}

fn first(conn: &Connection) -> Result<Head, Failure> {
    Ok(Head { seq: 1, hash: link(conn, 1)?.ok_or(Failure::Gone)? })
}

fn head(conn: &Connection) -> Result<Head, Failure> {
    let seq = change::head(conn)?;
    Ok(Head { seq, hash: link(conn, seq)?.unwrap_or_default() })
}

fn link(conn: &Connection, seq: i64) -> Result<Option<String>, Failure> {
    let mut statement = conn.prepare_cached("SELECT lower(hex(hash)) FROM change WHERE seq = ?")?;
    let mut rows = statement.query([seq])?;
    Ok(rows.next()?.map(|r| r.get(0)).transpose()?)
}

fn rows(conn: &Connection) -> Result<BTreeMap<String, u64>, Failure> {
    let mut statement =
        conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?;
    let tables = statement.query_map([], |r| r.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut found = BTreeMap::new();
    for table in tables {
        let quoted = table.replace('"', "\"\"");
        let count: i64 = conn.query_row(&format!("SELECT count(*) FROM \"{quoted}\""), [], |r| r.get(0))?;
        found.insert(table, u64::try_from(count).unwrap_or_default());
    }
    Ok(found)
}
