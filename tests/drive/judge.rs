//! The judge: after everything that was done to the drive, what is in the file, seen by somebody who comes fresh.

use crate::branch::{self, Branch};
use guitai::domain::customer::Customer;
use guitai::domain::ids::OpId;
use guitai::store::open::File;
use guitai::store::request::Ask;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// The kinds of save that are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A field of an archive.
    Save,
    /// A contact.
    Log,
    /// A new archive.
    Create,
}

pub const KINDS: [Kind; 3] = [Kind::Save, Kind::Log, Kind::Create];

/// What leaves a trace of `op` in the file: the address, the note or the name says so.
pub fn ask(branch: &Branch, kind: Kind, op: i64, seen: &Customer) -> Ask {
    let mark = mark(op);
    match kind {
        Kind::Save => branch.save(OpId(op), seen.id, seen.rev, &seen.address, &mark),
        Kind::Log => branch.log(OpId(op), seen.id, &mark),
        Kind::Create => branch.create(OpId(op), &mark),
    }
}

/// The same contact as another operation: what a program would ask that only tries again.
pub fn blindly(branch: &Branch, op: i64, seen: &Customer) -> Ask {
    branch.log(OpId(op + 1_000_000), seen.id, &mark(op))
}

fn mark(op: i64) -> String {
    format!("第{op}次")
}

/// A fresh look at the file in this folder.
pub struct Judge(Connection);

impl Judge {
    pub fn at(folder: &Path) -> Judge {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(folder.join(branch::FILE), flags).unwrap();
        conn.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
        Judge(conn)
    }

    fn number(&self, sql: &str, of: &dyn rusqlite::ToSql) -> i64 {
        self.0.query_row(sql, [of], |r| r.get(0)).unwrap()
    }

    /// How many rows say that an operation was done.
    pub fn rows(&self, kind: Kind, op: i64) -> i64 {
        let sql = match kind {
            Kind::Save => "SELECT count(*) FROM change WHERE json_extract(after, '$.address') = ?",
            Kind::Log => "SELECT count(*) FROM contact WHERE note = ?",
            Kind::Create => "SELECT count(*) FROM customer WHERE name = ?",
        };
        self.number(sql, &mark(op))
    }

    /// How often an operation was done: 0, 1, or why that is wrong.
    pub fn times(&self, kind: Kind, op: i64) -> Result<i64, String> {
        let done = self.number("SELECT count(*) FROM op WHERE id = ?", &op);
        let told = self.number("SELECT count(*) FROM change WHERE op = ?", &op);
        let there = self.rows(kind, op);
        if done == told && done == there && done < 2 {
            Ok(done)
        } else {
            Err(format!("{kind:?} {op}: {done} operations, {told} changes, {there} rows"))
        }
    }

    /// What SQLite finds wrong with the pages.
    pub fn pages(&self) -> Option<String> {
        let said: rusqlite::Result<String> = self.0.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0));
        said.map_or_else(|e| Some(e.to_string()), |word| (word != "ok").then_some(word))
    }
}

/// What the program itself finds wrong: pages, keys, counters, the chain of changes.
pub fn faults(file: &mut File) -> Vec<String> {
    let mut faults = file.faults().unwrap_or_else(|e| vec![e.to_string()]);
    match file.broken_chain() {
        Ok(None) => {}
        Ok(Some(seq)) => faults.push(format!("the chain breaks at {seq}")),
        Err(e) => faults.push(e.to_string()),
    }
    faults
}
