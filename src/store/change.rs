//! The change table: feed, audit log and undo list in one. Each row carries the hash of itself and of the one before, so that a row
//! taken out or rewritten shows. Who may see it does not live here.

use super::cell;
use super::request::{Failure, Stamp};
use crate::domain::change::{Change, Entity};
use crate::domain::field::Edit;
use crate::domain::ids::{BatchId, CustomerId, OpId, StaffId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeMap, BTreeSet};

/// Keeps hashes of this table from being taken for any other's.
const TAG: &[u8] = b"guitai-change-v1";

/// A change about to be written.
#[derive(Debug)]
pub struct Entry<'a> {
    /// What.
    pub entity: Entity,
    /// The row.
    pub row: i64,
    /// The archive it belongs to.
    pub customer: Option<CustomerId>,
    /// The fields, before and after.
    pub edits: &'a [Edit],
    /// Why.
    pub reason: &'a str,
    /// The batch.
    pub batch: Option<BatchId>,
    /// The operation.
    pub op: Option<OpId>,
}

/// Writes a change behind the last one, in the transaction of `conn`; gives its seq.
///
/// # Errors
/// What the file says.
pub fn record(conn: &Connection, station: &str, stamp: &Stamp, entry: &Entry<'_>) -> Result<i64, Failure> {
    let head: Option<(i64, Vec<u8>)> = conn
        .prepare_cached("SELECT seq, hash FROM change ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let (last, prev) = head.unwrap_or((0, vec![0; 32]));
    write(conn, last + 1, prev, station, stamp, entry)
}

/// Writes a change of this seq behind the newest before it. Only a salvaged file has gaps that let a seq be chosen.
///
/// # Errors
/// What the file says.
pub fn link(conn: &Connection, seq: i64, station: &str, stamp: &Stamp, entry: &Entry<'_>) -> Result<i64, Failure> {
    let prev: Option<Vec<u8>> = conn
        .prepare_cached("SELECT hash FROM change WHERE seq < ? ORDER BY seq DESC LIMIT 1")?
        .query_row([seq], |r| r.get(0))
        .optional()?;
    write(conn, seq, prev.unwrap_or_else(|| vec![0; 32]), station, stamp, entry)
}

fn write(
    conn: &Connection,
    seq: i64,
    prev: Vec<u8>,
    station: &str,
    stamp: &Stamp,
    entry: &Entry<'_>,
) -> Result<i64, Failure> {
    let side = |text: fn(&Edit) -> &str| -> Result<String, Failure> {
        let map: BTreeMap<&str, &str> = entry.edits.iter().map(|e| (e.field.as_str(), text(e))).collect();
        Ok(cell::json(&map)?)
    };
    let (before, after) = (side(|e| &e.before)?, side(|e| &e.after)?);
    let at = cell::time(stamp.at);
    let number = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
    let customer = entry.customer.map(|c| c.0);
    let (batch, op) = (entry.batch.map(|b| b.0), entry.op.map(|o| o.0));
    let hash = digest(
        &[
            &seq.to_string(),
            &at,
            &stamp.by.0.to_string(),
            station,
            entry.entity.code(),
            &entry.row.to_string(),
            &number(customer),
            &before,
            &after,
            entry.reason,
            &number(batch),
            &number(op),
        ],
        &prev,
    );
    conn.prepare_cached("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
        seq,
        at,
        stamp.by.0,
        station,
        entry.entity.code(),
        entry.row,
        customer,
        before,
        after,
        entry.reason,
        batch,
        op,
        prev,
        hash.as_slice(),
    ])?;
    Ok(seq)
}

/// Hash over length-prefixed fields, so that no text can be moved from one field into the next.
fn digest(fields: &[&str], prev: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(TAG);
    for field in fields.iter().map(|f| f.as_bytes()).chain([prev]) {
        hasher.update(&(field.len() as u64).to_le_bytes());
        hasher.update(field);
    }
    *hasher.finalize().as_bytes()
}

/// The newest seq; 0 in an empty file.
///
/// # Errors
/// What the file says.
pub fn head(conn: &Connection) -> Result<i64, Failure> {
    Ok(conn.prepare_cached("SELECT coalesce(max(seq), 0) FROM change")?.query_row([], |r| r.get(0))?)
}

/// Looks are in the log and no news to anybody.
const SEEN: &str = "entity <> 'access'";

const COLUMNS: &str = "seq, at, by, station, entity, row, customer, before, after, reason, batch";

fn read(r: &Row<'_>) -> rusqlite::Result<Change> {
    let before: BTreeMap<String, String> = cell::of_json(&r.get::<_, String>(7)?);
    let mut after: BTreeMap<String, String> = cell::of_json(&r.get::<_, String>(8)?);
    let edits = before
        .into_iter()
        .map(|(field, before)| {
            let after = after.remove(&field).unwrap_or_default();
            Edit { field, before, after }
        })
        .collect();
    let entity: String = r.get(4)?;
    Ok(Change {
        seq: r.get(0)?,
        at: cell::moment(&r.get::<_, String>(1)?),
        by: StaffId(r.get(2)?),
        station: r.get(3)?,
        entity: Entity::ALL.into_iter().find(|e| e.code() == entity).unwrap_or(Entity::Branch),
        row: r.get(5)?,
        customer: r.get::<_, Option<i64>>(6)?.map(CustomerId),
        edits,
        reason: r.get(9)?,
        batch: r.get::<_, Option<i64>>(10)?.map(BatchId),
    })
}

/// One change.
///
/// # Errors
/// [`Failure::Gone`] when there is no such seq.
pub fn one(conn: &Connection, seq: i64) -> Result<Change, Failure> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM change WHERE seq = ?"))?
        .query_row([seq], read)
        .optional()?
        .ok_or(Failure::Gone)
}

/// Changes of an archive and what hangs on it, newest first.
///
/// # Errors
/// What the file says.
pub fn of_customer(conn: &Connection, customer: CustomerId, most: u32) -> Result<Vec<Change>, Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM change WHERE customer = ? AND {SEEN} ORDER BY seq DESC LIMIT ?"
    ))?;
    Ok(statement.query_map(params![customer.0, most], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The newest change of an archive, or of what hangs on it, behind `since` that fits.
///
/// # Errors
/// What the file says.
pub fn last_of(
    conn: &Connection,
    customer: CustomerId,
    since: i64,
    fits: impl Fn(&Change) -> bool,
) -> Result<Option<Change>, Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM change WHERE customer = ? AND seq > ? AND {SEEN} ORDER BY seq DESC"
    ))?;
    first(statement.query_map(params![customer.0, since], read)?, fits)
}

/// The newest change of all behind `since` that fits.
///
/// # Errors
/// What the file says.
pub fn last_of_all(conn: &Connection, since: i64, fits: impl Fn(&Change) -> bool) -> Result<Option<Change>, Failure> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM change WHERE seq > ? AND {SEEN} ORDER BY seq DESC"))?;
    first(statement.query_map([since], read)?, fits)
}

fn first(
    mut found: impl Iterator<Item = rusqlite::Result<Change>>,
    fits: impl Fn(&Change) -> bool,
) -> Result<Option<Change>, Failure> {
    found.find(|c| c.as_ref().map_or(true, &fits)).transpose().map_err(Failure::from)
}

/// The newest changes behind `since`, oldest first.
///
/// # Errors
/// What the file says.
pub fn since(conn: &Connection, since: i64, most: u32) -> Result<Vec<Change>, Failure> {
    let mut statement = conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM change WHERE seq > ? AND {SEEN} ORDER BY seq DESC LIMIT ?"))?;
    let mut found: Vec<Change> = statement.query_map(params![since, most], read)?.collect::<rusqlite::Result<_>>()?;
    found.reverse();
    Ok(found)
}

/// The field of the change that a salvage ends with: seqs that are gone, from and to.
pub const GAPS: &str = "salvage.gaps";
/// The field beside it: seqs that do not fit the one before, its own among them.
pub const BREAKS: &str = "salvage.breaks";

/// Walks the whole chain; gives the first seq that does not fit, `None` when all do. What a salvage found and named is no news.
///
/// # Errors
/// What the file says.
pub fn broken(conn: &Connection) -> Result<Option<i64>, Failure> {
    let found = breaks(conn)?;
    if found.is_empty() {
        return Ok(None);
    }
    let mut known = BTreeSet::new();
    let mut statement = conn.prepare("SELECT after FROM change WHERE entity = 'branch' AND instr(after, ?)")?;
    let mut rows = statement.query([BREAKS])?;
    while let Some(r) = rows.next()? {
        let after: BTreeMap<String, String> = cell::of_json(&r.get::<_, String>(0)?);
        let named = after.get(BREAKS).map(String::as_str).unwrap_or_default();
        known.extend(named.split(' ').filter_map(|seq| seq.parse::<i64>().ok()));
    }
    Ok(found.into_iter().find(|seq| !known.contains(seq)))
}

/// Every seq that does not fit the one before.
///
/// # Errors
/// What the file says.
pub fn breaks(conn: &Connection) -> Result<Vec<i64>, Failure> {
    let mut statement = conn.prepare(&format!("SELECT {COLUMNS}, op, prev, hash FROM change ORDER BY seq"))?;
    let mut rows = statement.query([])?;
    let (mut last, mut due) = (0_i64, vec![0_u8; 32]);
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let text = |i: usize| -> rusqlite::Result<String> {
            Ok(match r.get_ref(i)? {
                rusqlite::types::ValueRef::Null => String::new(),
                rusqlite::types::ValueRef::Integer(n) => n.to_string(),
                other => other.as_str()?.to_owned(),
            })
        };
        let fields = (0..12).map(text).collect::<rusqlite::Result<Vec<_>>>()?;
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        let (seq, prev, hash): (i64, Vec<u8>, Vec<u8>) = (r.get(0)?, r.get(12)?, r.get(13)?);
        if seq != last + 1 || prev != due || hash != digest(&fields, &prev) {
            found.push(seq);
        }
        (last, due) = (seq, hash);
    }
    Ok(found)
}
