//! What it takes to part two archives again: the rows as they were, and which rows moved.

use crate::store::request::Failure;
use rusqlite::types::{Value as Cell, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A row by its columns.
pub type Record = Map<String, Value>;

/// Tables of which every row of a customer moves, each with an id.
pub const MOVING: [&str; 6] = ["part", "contact", "task", "hand_over", "signal", "request"];

/// What follows from contacts, marks and holds: copied to the one that stays, and put back where unchanged since.
pub const STANDS: [&str; 12] = [
    "last_contact",
    "agreed",
    "tried",
    "tried_next",
    "tries",
    "skipped",
    "put_off",
    "handed_to",
    "held_tier",
    "held_until",
    "held_reason",
    "held_by",
];

/// A merge, as it is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Image {
    /// The archive that stayed.
    pub keep: i64,
    /// Its fields that changed: before, after.
    pub fields: BTreeMap<String, (String, String)>,
    /// Which of its fields were written by hand before.
    pub hand: Vec<String>,
    /// Its columns of [`STANDS`] before, after.
    pub before: Record,
    /// See `before`.
    pub after: Record,
    /// The whole row of the one that went.
    pub other: Record,
    /// Rows that moved, by table.
    pub rows: BTreeMap<String, Vec<i64>>,
    /// Marks that moved.
    pub marks: Vec<String>,
    /// Its moves between tiers.
    pub moves: Vec<Record>,
    /// The move between tiers that the merge was: day and time.
    pub moved: Option<(i64, String)>,
    /// Parts that led to the one that went, and to whom they lead now.
    pub links: Vec<(i64, Option<i64>)>,
    /// Parts that led from the one that went to the one that stayed, or the other way round, and lead nowhere now.
    pub loops: Vec<(i64, i64)>,
    /// What was agreed with the one that went.
    #[serde(default)]
    pub consents: Vec<Record>,
    /// Archives that had been merged into the one that went.
    pub chained: Vec<i64>,
    /// Hand-overs of the one that went that were withdrawn, with their state before.
    pub withdrawn: Vec<(i64, String)>,
}

/// A row by its columns.
pub fn record(r: &Row<'_>) -> rusqlite::Result<Record> {
    let mut found = Record::new();
    for n in 0..r.as_ref().column_count() {
        let value = match r.get_ref(n)? {
            ValueRef::Integer(i) => Value::from(i),
            ValueRef::Text(t) => Value::from(String::from_utf8_lossy(t).into_owned()),
            _ => Value::Null,
        };
        found.insert(r.as_ref().column_name(n)?.to_owned(), value);
    }
    Ok(found)
}

/// A value as a cell.
pub fn cell(value: &Value) -> Cell {
    match value {
        Value::String(s) => Cell::Text(s.clone()),
        Value::Number(n) => n.as_i64().map_or(Cell::Null, Cell::Integer),
        _ => Cell::Null,
    }
}

/// Writes a row back.
///
/// # Errors
/// What the file says.
pub fn insert(conn: &Connection, table: &str, row: &Record) -> Result<(), Failure> {
    let columns: Vec<String> = row.keys().map(|c| format!("\"{c}\"")).collect();
    let marks = vec!["?"; columns.len()].join(", ");
    conn.prepare(&format!("INSERT INTO {table} ({}) VALUES ({marks})", columns.join(", ")))?
        .execute(params_from_iter(row.values().map(cell)))?;
    Ok(())
}

/// The columns of [`STANDS`] of a customer.
///
/// # Errors
/// What the file says.
pub fn stands(conn: &Connection, id: i64) -> Result<Record, Failure> {
    let sql = format!("SELECT {} FROM customer WHERE id = ?", STANDS.join(", "));
    Ok(conn.prepare(&sql)?.query_row([id], record)?)
}

/// Writes some of them.
///
/// # Errors
/// What the file says.
pub fn put(conn: &Connection, id: i64, columns: &Record) -> Result<(), Failure> {
    for (column, value) in columns {
        conn.prepare(&format!("UPDATE customer SET \"{column}\" = ? WHERE id = ?"))?
            .execute(rusqlite::params![cell(value), id])?;
    }
    Ok(())
}
