//! Moves between tiers as they are kept: written where the tier in force changes, read for the archive. Why one happens is the domain's
//! matter.

use crate::domain::ids::CustomerId;
use crate::domain::tier::moves::Kept;
use crate::domain::tier::{Move, Tier};
use crate::store::many::Many;
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{cell, table};
use rusqlite::Connection;
use std::sync::OnceLock;

/// Keeps a move, as far as it is one: the first figures of a customer, and figures that are gone, move nobody. `n` is the batch whose
/// figures did it, 0 for a person or a day that passed.
///
/// # Errors
/// What the file says.
pub fn moved(w: &Write<'_>, customer: CustomerId, m: &Move, n: i64) -> Result<(), Failure> {
    all(w, [(customer, m)], n)
}

/// Keeps the moves of several customers as [`moved`] does.
///
/// # Errors
/// What the file says.
pub fn all<'m>(w: &Write<'_>, moves: impl IntoIterator<Item = (CustomerId, &'m Move)>, n: i64) -> Result<(), Failure> {
    static MANY: OnceLock<Many> = OnceLock::new();
    // Two within a second are one move from where the first began.
    let many = MANY.get_or_init(|| {
        Many::of("INSERT INTO tier_move VALUES", 7).then(
            "ON CONFLICT (customer, day, at) DO UPDATE SET to_tier = excluded.to_tier, why = excluded.why, since = excluded.since",
        )
    });
    let at = cell::time(w.stamp.at);
    let mut kept = Vec::new();
    for (customer, m) in moves {
        if m.from != m.to && m.from.is_some() && m.to.is_some() {
            kept.push((customer, m, cell::json(&m.why)?));
        }
    }
    many.write(w.conn, kept.iter(), |(customer, m, why), row| {
        row.cell(customer.0)?;
        row.cell(cell::day(m.day))?;
        row.cell(&at)?;
        row.cell(table::rank(m.from))?;
        row.cell(table::rank(m.to))?;
        row.cell(why)?;
        row.cell(n)
    })?;
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
