//! What is kept beside the customers so that they are found from the file: names as they are read, places of addresses. Reading it is
//! `likely`'s; what a key is, `index::key` says.

use super::many::Many;
use super::order;
use super::request::Failure;
use crate::domain::ids::CustomerId;
use crate::index::key;
use rusqlite::{Connection, Row, params};
use std::collections::BTreeSet;
use std::sync::mpsc;
use std::thread;

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
/// Customers read at a time.
const PORTION: usize = 2_048;

/// What customers should have here: each sound with its customer, and the places.
#[derive(Default)]
struct Wanted {
    sounds: Vec<(i64, i64)>,
    places: BTreeSet<String>,
}

impl Wanted {
    fn add(&mut self, id: i64, name: &str, address: &str) {
        self.sounds.extend(key::keys(name).into_iter().map(|key| (key, id)));
        for stretch in key::stretches(address) {
            if !self.places.contains(&stretch) {
                self.places.insert(stretch);
            }
        }
    }

    /// The sounds so far, in order.
    fn sorted(&mut self) -> Vec<(i64, i64)> {
        self.sounds.sort_unstable();
        std::mem::take(&mut self.sounds)
    }
}

/// Names and addresses of some customers, one behind the other; each with its id, where its name ends and where its address.
#[derive(Default)]
struct Portion {
    text: String,
    rows: Vec<(i64, usize, usize)>,
}

impl Portion {
    fn push(&mut self, id: i64, name: &str, address: &str) {
        self.text.push_str(name);
        let name = self.text.len();
        self.text.push_str(address);
        self.rows.push((id, name, self.text.len()));
    }

    fn each(&self, mut to: impl FnMut(i64, &str, &str)) {
        let mut from = 0;
        for (id, name, end) in &self.rows {
            let text = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default();
            to(*id, text(from, *name), text(*name, *end));
            from = *end;
        }
    }
}

/// Reads the names and addresses of all customers, in portions.
fn portions(conn: &Connection, mut to: impl FnMut(Portion) -> Result<(), Failure>) -> Result<(), Failure> {
    let mut statement = conn.prepare("SELECT id, name, address FROM customer")?;
    let mut rows = statement.query([])?;
    let mut portion = Portion::default();
    while let Some(r) = rows.next()? {
        portion.push(r.get(0)?, text(r, 1)?, text(r, 2)?);
        if portion.rows.len() == PORTION {
            to(std::mem::take(&mut portion))?;
        }
    }
    to(portion)
}

fn text<'r>(r: &'r Row<'_>, column: usize) -> rusqlite::Result<&'r str> {
    Ok(r.get_ref(column)?.as_str()?)
}

/// Writes all anew, in order: many times cheaper than row by row in a large batch. Names are spelled and sounds sorted beside the reading.
///
/// # Errors
/// What the file says.
pub fn refill(conn: &Connection) -> Result<(), Failure> {
    conn.execute_batch("DELETE FROM sound; DELETE FROM place;")?;
    let many = Many::of("INSERT OR FAIL INTO sound VALUES", 2);
    let write = |sounds: Vec<(i64, i64)>| -> Result<(), Failure> {
        many.write(conn, sounds.iter(), |(key, id), row| {
            row.cell(key)?;
            row.cell(id)
        })?;
        Ok(())
    };
    let places = thread::scope(|s| {
        let (full, waiting) = mpsc::sync_channel::<Portion>(2);
        let (done, sorted) = mpsc::channel();
        let spell = order::beside(s, move || {
            let mut wanted = Wanted::default();
            for portion in waiting {
                portion.each(|id, name, address| wanted.add(id, name, address));
                if wanted.sounds.len() >= SORTED {
                    // Whoever writes may have given up.
                    let _ = done.send(wanted.sorted());
                }
            }
            let _ = done.send(wanted.sorted());
            wanted.places
        })?;
        portions(conn, |portion| {
            full.send(portion).map_err(|_| order::broken())?;
            sorted.try_recv().map_or(Ok(()), write)
        })?;
        drop(full);
        for sounds in sorted {
            write(sounds)?;
        }
        spell.join().map_err(|_| order::broken())
    })?;
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
    let mut wanted = Wanted::default();
    portions(conn, |portion| {
        portion.each(|id, name, address| wanted.add(id, name, address));
        Ok(())
    })?;
    let (sounds, mut places) = (wanted.sorted(), wanted.places);
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
