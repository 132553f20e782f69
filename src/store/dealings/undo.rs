//! Taking back a whole import: new customers go, changed fields are put back, versions of facts are as before, and everybody it touched is
//! settled again. It is refused while something later depends on it, and what does is said. Customers of a file are taken back in
//! `unload`.

use super::fact::{FIGURES, Kind, LAYOUTS};
use super::later::{Back, of};
pub use super::later::{Later, first};
use super::{SEEN, clean, flip, unload};
use crate::domain::change::Entity;
use crate::domain::ids::BatchId;
use crate::domain::rights::Action;
use crate::domain::text::Complaint;
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use crate::store::rights;
use crate::store::write::{Write, edit};
use crate::store::{answer, branch, cell, lighten};
use rusqlite::{Connection, OptionalExtension, params};

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// It is taken back.
    Done {
        /// The change that says so.
        seq: i64,
        /// The file.
        file: String,
        /// Customers who were touched.
        customers: u64,
    },
    /// It stays, because of these.
    Needed(Vec<Later>),
}

impl File {
    /// Takes back a whole import, by its number.
    ///
    /// # Errors
    /// [`Failure::Refused`] when there is no such import, it was taken back before, an older program made it, or somebody is importing; what
    /// the file says.
    pub fn undo(&mut self, n: i64, shared: bool, stamp: &Stamp) -> Result<Undone, Failure> {
        if self.read_only() {
            return Err(Failure::ReadOnly);
        }
        clean::broken(self, stamp.at, shared)?;
        // Whether anything refers to a customer who goes is asked by name, and told; looking through every table for each is not needed.
        self.connection()?.pragma_update(None, "foreign_keys", false)?;
        let done = self.taken_back(n, stamp);
        match &self.conn {
            Some(conn) if conn.pragma_update(None, "foreign_keys", true).is_ok() => {}
            _ => self.conn = None,
        }
        let (undone, facts) = done?;
        if facts {
            clean::away(self, n, shared)?;
        }
        Ok(undone)
    }

    fn taken_back(&mut self, n: i64, stamp: &Stamp) -> Result<(Undone, bool), Failure> {
        let (tx, branch, station, ids) = answer::begin(self)?;
        rights::branch(&branch, stamp, Action::Undo)?;
        clean::nobody(&tx)?;
        let batch = batch(&tx, n)?;
        let kind = LAYOUTS.iter().find(|(name, _)| *name == batch.layout).and_then(|(_, kind)| *kind);
        let later = match kind {
            Some(kind) => later(&tx, n, kind)?,
            None => unload::later(&tx, &batch)?,
        };
        if !later.is_empty() {
            return Ok((Undone::Needed(later), false));
        }
        let mut w = Write { conn: &tx, branch: &branch, station, ids, stamp, batch: Some(batch.id) };
        let customers = match kind {
            Some(kind) => facts(&mut w, n, kind)?,
            None => unload::customers(&mut w, &batch)?,
        };
        let edits = [
            edit("file", batch.file.as_str(), batch.file.as_str()),
            edit("state", "current", "undone"),
            edit("customers", "", customers.to_string()),
        ];
        let seq = w.change(Entity::Batch, batch.id.0, None, &edits, "", None)?;
        tx.commit()?;
        Ok((Undone::Done { seq, file: batch.file, customers }, kind.is_some()))
    }
}

fn batch(conn: &Connection, n: i64) -> Result<Back, Failure> {
    let found: Option<(i64, String, String, String)> = conn
        .prepare("SELECT id, name, layout, state FROM batch WHERE n = ?")?
        .query_row([n], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
        .optional()?;
    let Some((id, file, layout, state)) = found else {
        return Err(Failure::refused(
            format!("没有第 {n} 次导入。用 guitai imports 看列表。"),
            format!("There is no import {n}. See guitai imports."),
        ));
    };
    if state == "undone" {
        return Err(Failure::refused(
            format!("第 {n} 次导入（{file}）已经撤销过了。"),
            format!("Import {n} ({file}) was taken back before."),
        ));
    }
    if LAYOUTS.iter().all(|(name, _)| *name != layout) {
        return Err(Failure::refused(
            format!("第 {n} 次导入（{file}）是旧版本程序导入的，没有记下撤销所需的内容，不能撤销。"),
            format!(
                "Import {n} ({file}) was made by an older program that did not write down what it takes to undo it."
            ),
        ));
    }
    Ok(Back { id: BatchId(id), n, file, layout })
}

/// What came later to facts of the batch.
fn later(conn: &Connection, n: i64, kind: Kind) -> Result<Vec<Later>, Failure> {
    let Kind { table, keys, .. } = kind;
    let same: String = keys.iter().map(|k| format!(" AND b.{k} = a.{k}")).collect();
    let mut found = Vec::new();
    let customers: Vec<i64> = conn
        .prepare(&format!(
            "SELECT DISTINCT customer FROM {table} AS a WHERE (a.since = ?1 AND a.until IS NOT NULL)
             OR ((a.since = ?1 OR a.until = ?1) AND EXISTS (SELECT 1 FROM {table} AS b
                 WHERE b.customer = a.customer{same} AND b.account = a.account AND b.since > ?1))"
        ))?
        .query_map([n], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let again = Complaint::new("后来的导入又改了同样的内容", "A later import changed the same");
    let mut by: Vec<i64> = Vec::new();
    if !customers.is_empty() {
        by = conn
            .prepare(&format!(
                "SELECT until FROM {table} WHERE since = ?1 AND until IS NOT NULL
             UNION SELECT b.since FROM {table} AS a JOIN {table} AS b
                 ON b.customer = a.customer{same} AND b.account = a.account AND b.since > ?1
                 WHERE a.since = ?1 OR a.until = ?1
             ORDER BY 1"
            ))?
            .query_map([n], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
    }
    found.extend(of(conn, again, &customers, by)?);
    let answered: Vec<i64> = conn
        .prepare("SELECT DISTINCT customer FROM hand_over WHERE since = ? AND state NOT IN ('open', 'withdrawn')")?
        .query_map([n], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let said = Complaint::new("由它引起的转介已有人答复", "Hand-overs that it started have been answered");
    found.extend(of(conn, said, &answered, Vec::new())?);
    Ok(found)
}

/// Makes a batch of facts count no more, for everybody at once; its versions are taken out afterwards, in portions.
fn facts(w: &mut Write<'_>, n: i64, kind: Kind) -> Result<u64, Failure> {
    remember(w.conn, n, kind)?;
    // Without a word since 1970, it is anybody's to clean up.
    w.conn.execute("UPDATE batch SET state = 'staged', beat = '' WHERE n = ?", [n])?;
    for table in ["signal", "tier_move", "hand_over"] {
        w.conn.execute(&format!("DELETE FROM {table} WHERE since = ?"), [n])?;
    }
    let customers = flip::touched_by(w.conn, n)?;
    let count = customers.len() as u64;
    if kind == FIGURES {
        let light = flip::large(w.conn, kind, count)?;
        for customer in customers {
            flip::resettle(w, customer)?;
        }
        if let Some(light) = &light {
            lighten::give(w.conn, light, None)?;
        }
        newest(w)?;
    }
    Ok(count)
}

/// Whom the batch touched, where that was forgotten: of old batches, and in a salvaged file.
fn remember(conn: &Connection, n: i64, kind: Kind) -> Result<(), Failure> {
    if !conn.prepare("SELECT 1 FROM touched WHERE batch = ?")?.exists([n])? {
        conn.execute(
            &format!(
                "INSERT INTO touched SELECT DISTINCT ?1, customer FROM {} WHERE since = ?1 OR until = ?1",
                kind.table
            ),
            [n],
        )?;
    }
    Ok(())
}

/// The data date of the branch is that of the newest figures which count.
fn newest(w: &Write<'_>) -> Result<(), Failure> {
    let day: Option<i64> =
        w.conn.query_row(&format!("SELECT max(as_of) FROM figures WHERE {SEEN}"), [], |r| r.get(0))?;
    match day {
        Some(day) if branch::as_of(w.conn)? != cell::date(day) => {
            branch::keep(w.conn, "as_of", &day.to_string(), w.stamp)
        }
        Some(_) => Ok(()),
        None => {
            w.conn.execute("DELETE FROM setting WHERE key = 'as_of'", params![])?;
            Ok(())
        }
    }
}
