//! The imports of the branch, newest first: what, when, by whom, what came of it. They are only read here.

use crate::domain::ids::StaffId;
use crate::store::cell;
use crate::store::request::Failure;
use rusqlite::Connection;

pub use crate::domain::dealings::batch::{Batch, Counts, State};

/// So many are listed.
const MOST: u32 = 200;

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
