//! What is kept beside the customers so that they are found from the file: names as they are read, places of addresses. Reading it is
//! `likely`'s; what a key is, `index::key` says.

use super::request::Failure;
use crate::domain::ids::CustomerId;
use crate::index::key;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// Keeps a customer, new or changed. Places are never taken away: they only say where an address may be.
///
/// # Errors
/// What the file says.
pub fn keep(conn: &Connection, id: CustomerId, name: &str, address: &str) -> Result<(), Failure> {
    let mut put = conn.prepare_cached("INSERT OR IGNORE INTO sound VALUES (?, ?)")?;
    for key in key::keys(name) {
        put.execute([key, id.0])?;
    }
    let mut put = conn.prepare_cached("INSERT OR IGNORE INTO place VALUES (?)")?;
    for stretch in key::stretches(address) {
        put.execute([stretch])?;
    }
    Ok(())
}

/// Keeps a customer whose name was another.
///
/// # Errors
/// What the file says.
pub fn rename(conn: &Connection, id: CustomerId, before: &str) -> Result<(), Failure> {
    let mut take = conn.prepare_cached("DELETE FROM sound WHERE key = ? AND customer = ?")?;
    for key in key::keys(before) {
        take.execute([key, id.0])?;
    }
    Ok(())
}

/// Sounds with their customers in order, and places.
type Kept = (Vec<(i64, i64)>, BTreeSet<String>);

/// What all customers should have here.
fn wanted(conn: &Connection) -> Result<Kept, Failure> {
    let (mut sounds, mut places) = (Vec::new(), BTreeSet::new());
    let mut statement = conn.prepare("SELECT id, name, address FROM customer")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let (id, name, address): (i64, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
        sounds.extend(key::keys(&name).into_iter().map(|key| (key, id)));
        for stretch in key::stretches(&address) {
            if !places.contains(&stretch) {
                places.insert(stretch);
            }
        }
    }
    sounds.sort_unstable();
    Ok((sounds, places))
}

/// Writes all anew, in order: many times cheaper than row by row in a large batch.
///
/// # Errors
/// What the file says.
pub fn refill(conn: &Connection) -> Result<(), Failure> {
    let (sounds, places) = wanted(conn)?;
    conn.execute_batch("DELETE FROM sound; DELETE FROM place;")?;
    let mut put = conn.prepare("INSERT INTO sound VALUES (?, ?)")?;
    for (key, id) in sounds {
        put.execute([key, id])?;
    }
    let mut put = conn.prepare("INSERT INTO place VALUES (?)")?;
    for place in places {
        put.execute(params![place])?;
    }
    Ok(())
}

/// Whether what is kept is what a recount gives.
///
/// # Errors
/// What the file says.
pub fn agree(conn: &Connection) -> Result<bool, Failure> {
    let (sounds, mut places) = wanted(conn)?;
    let mut statement = conn.prepare("SELECT key, customer FROM sound ORDER BY key, customer")?;
    let mut rows = statement.query([])?;
    let mut sounds = sounds.into_iter();
    while let Some(r) = rows.next()? {
        if sounds.next() != Some((r.get(0)?, r.get(1)?)) {
            return Ok(false);
        }
    }
    let mut statement = conn.prepare("SELECT text FROM place")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        places.remove(&r.get::<_, String>(0)?);
    }
    Ok(sounds.next().is_none() && places.is_empty())
}
