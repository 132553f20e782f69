//! How many customers everybody keeps of each tier, those on their way to them included, so that the rules spread them out.

use crate::domain::ids::StaffId;
use crate::domain::keepers::Loads;
use crate::domain::tier::Tier;
use crate::store::request::Failure;
use rusqlite::{Connection, params};

/// Counted anew: one walk over the order of keepers.
///
/// # Errors
/// What the file says.
pub fn count(conn: &Connection) -> Result<Loads, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT owner, tier, count(*) FROM keeper_order WHERE owner <> 0 AND tier >= 0 GROUP BY owner, tier
         UNION ALL
         SELECT to_id, tier, count(*) FROM hand_over
         WHERE kind = 'keeper' AND open = 1 AND state = 'open' AND tier >= 0 GROUP BY to_id, tier",
    )?;
    let mut rows = statement.query([])?;
    let mut loads = Loads::new();
    while let Some(r) = rows.next()? {
        if let Some(tier) = Tier::of_rank(r.get(1)?) {
            *loads.entry((StaffId(r.get(0)?), tier)).or_default() += r.get::<_, u32>(2)?;
        }
    }
    Ok(loads)
}

/// The loads of one tier while batch `n` is made current: counted when it first proposes somebody, kept beside the file until the next
/// batch does. Counting for each of thousands of customers would walk over all of them each time.
///
/// # Errors
/// What the file says.
pub fn of_batch(conn: &Connection, n: i64, tier: Tier) -> Result<Loads, Failure> {
    conn.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS keeper_load (batch INTEGER NOT NULL, owner INTEGER NOT NULL, tier INTEGER NOT NULL,
         count INTEGER NOT NULL, PRIMARY KEY (tier, owner)) STRICT",
    )?;
    if !conn.prepare_cached("SELECT 1 FROM temp.keeper_load WHERE batch = ? LIMIT 1")?.exists([n])? {
        conn.execute("DELETE FROM temp.keeper_load", [])?;
        // A row of nobody says that it was counted, also where nobody keeps anybody.
        conn.execute("INSERT INTO temp.keeper_load VALUES (?, 0, -1, 0)", [n])?;
        for ((owner, tier), found) in count(conn)? {
            put(conn, n, owner, tier, found)?;
        }
    }
    let mut statement = conn.prepare_cached("SELECT owner, count FROM temp.keeper_load WHERE tier = ?")?;
    let rows = statement.query_map([rank(tier)], |r| Ok(((StaffId(r.get(0)?), tier), r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One more goes to somebody in batch `n`.
///
/// # Errors
/// What the file says.
pub fn add(conn: &Connection, n: i64, owner: StaffId, tier: Tier) -> Result<(), Failure> {
    put(conn, n, owner, tier, 1)
}

fn put(conn: &Connection, n: i64, owner: StaffId, tier: Tier, count: u32) -> Result<(), Failure> {
    conn.prepare_cached(
        "INSERT INTO temp.keeper_load VALUES (?, ?, ?, ?)
         ON CONFLICT (tier, owner) DO UPDATE SET count = count + excluded.count",
    )?
    .execute(params![n, owner.0, rank(tier), count])?;
    Ok(())
}

fn rank(tier: Tier) -> i64 {
    i64::try_from(tier.rank()).unwrap_or_default()
}
