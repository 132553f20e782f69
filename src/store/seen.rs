//! Looking for one's own saves in the file: the net under the net (drive.md 2.4.5). A lock lost at the server or an older backup put back
//! takes acknowledged saves away without an error; only looking finds out. What is done then lives in `worker::keep`.

use super::change;
use super::open::{File, Mode, Station};
use super::request::Failure;
use crate::domain::ids::OpId;
use rusqlite::{Connection, OptionalExtension, params};
use std::fmt::Write as _;
use std::path::Path;

/// The newest change that was seen in a file: a file that lacks it is an older one, or has lost something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its seq.
    pub seq: i64,
    /// Its hash, hex.
    pub hash: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The newest change now.
    pub head: Head,
    /// The change that was to be there is not: everything written before is to be looked for.
    pub rewound: bool,
    /// Of the operations asked for, those that are not there.
    pub missing: Vec<OpId>,
}

/// Looks over a connection of its own: the cache of the one that wrote may still hold what the drive has lost.
///
/// # Errors
/// What the file says.
pub fn look(path: &Path, station: &Station, ops: &[OpId], known: Option<&Head>) -> Result<Look, Failure> {
    let mut file = File::open(path, Mode::Read, station)?;
    let tx = file.connection()?.transaction()?;
    let head = head(&tx)?;
    let rewound = match known {
        Some(known) => *known != head && !has(&tx, known)?,
        None => false,
    };
    let mut statement = tx.prepare("SELECT 1 FROM op WHERE id = ?")?;
    let mut missing = Vec::new();
    for op in ops {
        if !statement.exists([op.0])? {
            missing.push(*op);
        }
    }
    Ok(Look { head, rewound, missing })
}

/// The newest change.
///
/// # Errors
/// What the file says.
pub fn head(conn: &Connection) -> Result<Head, Failure> {
    let seq = change::head(conn)?;
    Ok(Head { seq, hash: hash_of(conn, seq)?.unwrap_or_default() })
}

/// The last of the next `count` changes behind `seq`; the newest of all where there are fewer.
///
/// # Errors
/// What the file says.
pub fn after(conn: &Connection, seq: i64, count: i64) -> Result<Head, Failure> {
    let last = "SELECT max(seq) FROM (SELECT seq FROM change WHERE seq > ? ORDER BY seq LIMIT ?)";
    let seq = conn.query_row(last, [seq, count], |r| r.get::<_, Option<i64>>(0))?.unwrap_or(seq);
    Ok(Head { seq, hash: hash_of(conn, seq)?.unwrap_or_default() })
}

/// Whether the file has this very change.
///
/// # Errors
/// What the file says.
pub fn has(conn: &Connection, head: &Head) -> Result<bool, Failure> {
    Ok(hash_of(conn, head.seq)?.as_ref() == Some(&head.hash))
}

fn hash_of(conn: &Connection, seq: i64) -> Result<Option<String>, Failure> {
    let hash: Option<Vec<u8>> =
        conn.query_row("SELECT hash FROM change WHERE seq = ?", params![seq], |r| r.get(0)).optional()?;
    Ok(hash.map(|h| hex(&h)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    })
}

/// The name of a branch file that stays the same through copies and backups: the hash of its first change.
///
/// # Errors
/// What the file says.
pub fn lineage(conn: &Connection) -> Result<String, Failure> {
    Ok(hash_of(conn, 1)?.unwrap_or_default())
}
