//! Moves between tiers as they are kept: written where the tier in force changes, read for the archive. Why one happens is the domain's
//! matter.

use crate::domain::ids::CustomerId;
use crate::domain::tier::moves::Kept;
use crate::domain::tier::{Move, Tier};
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{cell, table};
use rusqlite::{Connection, params};

/// Keeps a move, as far as it is one: the first figures of a customer, and figures that are gone, move nobody. `n` is the batch whose
/// figures did it, 0 for a person or a day that passed.
///
/// # Errors
/// What the file says.
pub fn moved(w: &Write<'_>, customer: CustomerId, m: &Move, n: i64) -> Result<(), Failure> {
    if m.from == m.to || m.from.is_none() || m.to.is_none() {
        return Ok(());
    }
    // Two within a second are one move from where the first began.
    w.conn
        .prepare_cached(
            "INSERT INTO tier_move VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (customer, day, at)
             DO UPDATE SET to_tier = excluded.to_tier, why = excluded.why, since = excluded.since",
        )?
        .execute(params![
            customer.0,
            cell::day(m.day),
            cell::time(w.stamp.at),
            table::rank(m.from),
            table::rank(m.to),
            cell::json(&m.why)?,
            n,
        ])?;
    Ok(())
}

/// Every move of a customer, the last written first.
///
/// # Errors
/// What the file says.
pub fn moves(conn: &Connection, customer: CustomerId) -> Result<Vec<Kept>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT day, at, from_tier, to_tier, why FROM tier_move WHERE customer = ? AND from_tier <> to_tier
         ORDER BY at DESC, day DESC",
    )?;
    let mut rows = statement.query([customer.0])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let day = cell::date(r.get(0)?);
        // Why somebody moved in a newer program's words is left out rather than worded wrongly.
        let why = serde_json::from_str(&r.get::<_, String>(4)?).ok();
        let Some((day, why)) = day.zip(why) else { continue };
        let (from, to) = (Tier::of_rank(r.get(2)?), Tier::of_rank(r.get(3)?));
        found.push(Kept { at: cell::moment(&r.get::<_, String>(1)?), moved: Move { from, to, day, why } });
    }
    Ok(found)
}
