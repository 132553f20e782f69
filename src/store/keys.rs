//! What is kept beside the customers so that they are found from the file: names as they are read, places of addresses. Reading it is
//! `likely`'s; what a key is, `index::key` says.

use super::many::Many;
use super::request::Failure;
use crate::domain::ids::CustomerId;
use crate::index::key;
use rusqlite::{Connection, Row, params};
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

/// Sounds that are sorted at a time as all are written anew: 32 MB, however many customers there are.
const SORTED: usize = 1 << 21;

/// Reads what all customers should have here: each sound with its customer, to `sound`; gives the places.
fn wanted(
    conn: &Connection,
    mut sound: impl FnMut((i64, i64)) -> Result<(), Failure>,
) -> Result<BTreeSet<String>, Failure> {
    let mut places = BTreeSet::new();
    let mut statement = conn.prepare("SELECT id, name, address FROM customer")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let id: i64 = r.get(0)?;
        let (name, address) = (text(r, 1)?, text(r, 2)?);
        for key in key::keys(name) {
            sound((key, id))?;
        }
        for stretch in key::stretches(address) {
            if !places.contains(&stretch) {
                places.insert(stretch);
            }
        }
    }
    Ok(places)
}

fn text<'r>(r: &'r Row<'_>, column: usize) -> rusqlite::Result<&'r str> {
    Ok(r.get_ref(column)?.as_str()?)
}

/// Writes all anew, in order: many times cheaper than row by row in a large batch.
///
/// # Errors
/// What the file says.
pub fn refill(conn: &Connection) -> Result<(), Failure> {
    conn.execute_batch("DELETE FROM sound; DELETE FROM place;")?;
    let many = Many::new("INSERT OR FAIL INTO sound VALUES", "(?, ?)", 2);
    let write = |sounds: &mut Vec<(i64, i64)>| -> Result<(), Failure> {
        sounds.sort_unstable();
        many.write(conn, sounds.iter(), |(key, id), row| {
            row.cell(key)?;
            row.cell(id)
        })?;
        sounds.clear();
        Ok(())
    };
    let mut sounds = Vec::new();
    let places = wanted(conn, |sound| {
        sounds.push(sound);
        if sounds.len() >= SORTED { write(&mut sounds) } else { Ok(()) }
    })?;
    write(&mut sounds)?;
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
    let mut sounds = Vec::new();
    let mut places = wanted(conn, |sound| {
        sounds.push(sound);
        Ok(())
    })?;
    sounds.sort_unstable();
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
