//! What the passing of days changes: holds that ended, first-time and loyal years that passed. A few customers with every write, so that
//! reading never has to write for it.

use super::dealings::moves;
use super::request::Failure;
use super::write::{Write, edit};
use super::{cell, keepers, table};
use crate::domain::change::Entity;
use crate::domain::ids::CustomerId;
use crate::domain::tier::Tier;

/// Derives anew at most so many customers whose day has come.
const MOST: i64 = 200;

/// Derives anew the customers whose tier or stage changed by the passing of days; tells of tiers that moved.
///
/// # Errors
/// What the file says.
pub fn sweep(w: &mut Write<'_>) -> Result<(), Failure> {
    let today = w.stamp.today;
    let ids: Vec<i64> = {
        let mut statement =
            w.conn.prepare_cached("SELECT customer FROM stale_order WHERE stale <= ? ORDER BY stale LIMIT ?")?;
        let rows = statement.query_map([cell::day(today), MOST], |r| r.get(0))?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    for id in ids.into_iter().map(CustomerId) {
        let facts = table::facts_of(w.conn, id)?;
        if let Some(moved) = table::settle(w.conn, w.branch, id, &facts, today)?.moved {
            moves::moved(w, id, &moved, 0)?;
            keepers::propose(w, id, moved.from, moved.to, 0)?;
            let code = |t: Option<Tier>| t.map_or("", Tier::code);
            let edits = [edit("tier", code(moved.from), code(moved.to))];
            w.change(Entity::Customer, id.0, Some(id), &edits, "", None)?;
        }
    }
    Ok(())
}
