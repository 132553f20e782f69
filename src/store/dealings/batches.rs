//! The imports of the branch, newest first: what, when, by whom, what came of it. They are only read here.

use crate::domain::ids::StaffId;
use crate::store::cell;
use crate::store::request::Failure;
use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::Connection;
use serde::Deserialize;

/// So many are listed.
const MOST: u32 = 200;

/// How an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Its rows are being laid down; nobody sees them yet.
    Staged,
    /// It counts.
    #[default]
    Current,
    /// It was taken back.
    Undone,
}

/// What its rows came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Rows of data.
    pub rows: u64,
    /// New to the branch.
    pub new: u64,
    /// There before, and changed.
    pub changed: u64,
    /// There before, as the file has them.
    pub unchanged: u64,
    /// Did not fit.
    pub rejected: u64,
    /// No longer listed, and ended.
    pub closed: u64,
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its number.
    pub n: i64,
    /// When.
    pub at: NaiveDateTime,
    /// By whom.
    pub by: StaffId,
    /// The file, without folders.
    pub file: String,
    /// The layout; empty for what was there before layouts were written down.
    pub layout: String,
    /// The data date of its rows.
    pub as_of: Option<NaiveDate>,
    /// The workstation.
    pub station: String,
    /// How it stands.
    pub state: State,
    /// What its rows came to.
    pub counts: Counts,
}

/// The newest imports.
///
/// # Errors
/// What the file says.
pub fn newest(conn: &Connection) -> Result<Vec<Batch>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT n, at, by, name, layout, as_of, station, state, summary FROM batch ORDER BY n DESC LIMIT ?",
    )?;
    let rows = statement.query_map([MOST], |r| {
        let state: String = r.get(7)?;
        Ok(Batch {
            n: r.get(0)?,
            at: cell::moment(&r.get::<_, String>(1)?),
            by: StaffId(r.get(2)?),
            file: r.get(3)?,
            layout: r.get(4)?,
            as_of: r.get::<_, Option<i64>>(5)?.and_then(cell::date),
            station: r.get(6)?,
            state: match state.as_str() {
                "staged" => State::Staged,
                "undone" => State::Undone,
                _ => State::Current,
            },
            counts: cell::of_json(&r.get::<_, String>(8)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
