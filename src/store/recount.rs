//! Counting again what workstations say they saved: whether a file has each save once, and whether its archives are what its change log
//! says. For a file nobody writes any more, or a copy. Who saved what, and why it is asked, does not live here.

use super::open::File;
use super::request::Failure;
use super::subject::rights::is_erased;
use super::{cell, table};
use crate::domain::archive;
use crate::domain::change::Entity;
use crate::domain::ids::{CustomerId, OpId};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A save as the one who made it tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The operation.
    pub op: OpId,
    /// What was saved.
    pub what: Saved,
    /// Whether the store said that it is saved. One that failed may be there all the same, but never twice.
    pub acknowledged: bool,
}

/// What was saved. The texts are such that nobody else saves the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Saved {
    /// A contact with this note.
    Contact(String),
    /// A field of an archive with its new text.
    Field(String, String),
    /// A new archive of this name.
    Archive(String),
}

/// What a recount gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recount {
    /// Acknowledged, and not there, or not as told.
    pub lost: Vec<OpId>,
    /// There more than once.
    pub doubled: Vec<OpId>,
    /// Fields of archives that are not what the newest change of them says.
    pub strayed: Vec<(CustomerId, String)>,
}

/// What the change log has of an operation.
#[derive(Default)]
struct Logged {
    times: u64,
    row: i64,
    after: BTreeMap<String, String>,
}

impl File {
    /// Looks for every save that is told of.
    ///
    /// # Errors
    /// What the file says.
    pub fn recount(&mut self, told: &[Told]) -> Result<Recount, Failure> {
        let conn = self.connection()?;
        let (mut logged, newest) = log(conn)?;
        let notes = tally(conn, "SELECT note, count(*) FROM contact GROUP BY note")?;
        let names = tally(conn, "SELECT name, count(*) FROM customer GROUP BY name")?;
        let mut op = conn.prepare("SELECT row FROM op WHERE id = ?")?;
        let mut found = Recount::default();
        for told in told {
            let entry = logged.remove(&told.op.0).unwrap_or_default();
            let times = match &told.what {
                Saved::Contact(note) => notes.get(note).copied().unwrap_or_default(),
                Saved::Archive(name) => names.get(name).copied().unwrap_or_default(),
                // Its text may have been replaced since; the log alone has it then.
                Saved::Field(field, text) => u64::from(entry.after.get(field) == Some(text)),
            };
            let known: Option<i64> = op.query_map([told.op.0], |r| r.get(0))?.next().transpose()?;
            let there = entry.times == 1 && times == 1 && known == Some(entry.row);
            if entry.times > 1 || times > 1 {
                found.doubled.push(told.op);
            } else if told.acknowledged && !there {
                found.lost.push(told.op);
            }
        }
        found.strayed = strayed(conn, newest)?;
        Ok(found)
    }

    /// Fields of archives that are not what the newest change of them says: somebody wrote them past the program, or took that change away.
    ///
    /// # Errors
    /// What the file says.
    pub fn strayed(&mut self) -> Result<Vec<(CustomerId, String)>, Failure> {
        let conn = self.connection()?;
        let newest = log(conn)?.1;
        strayed(conn, newest)
    }
}

fn strayed(conn: &Connection, newest: Newest) -> Result<Vec<(CustomerId, String)>, Failure> {
    let mut found = Vec::new();
    for (customer, fields) in newest {
        // What the log has of somebody who was erased is in it alone.
        if is_erased(conn, customer)? {
            continue;
        }
        match table::load(conn, customer) {
            Ok(archive) => found.extend(
                fields
                    .into_iter()
                    .filter(|(code, text)| archive::FIELDS.iter().any(|f| f.code == code && f.get(&archive) != *text))
                    .map(|(code, _)| (customer, code)),
            ),
            Err(Failure::Gone) => found.push((customer, String::new())),
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}

/// What each archive's fields are by the newest change of each.
type Newest = BTreeMap<CustomerId, BTreeMap<String, String>>;

/// Reads the whole log.
fn log(conn: &Connection) -> Result<(HashMap<i64, Logged>, Newest), Failure> {
    let mut logged: HashMap<i64, Logged> = HashMap::new();
    let mut newest = Newest::new();
    let mut statement = conn.prepare("SELECT op, row, entity, customer, after FROM change ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let after: BTreeMap<String, String> = cell::of_json(&r.get::<_, String>(4)?);
        let (entity, customer): (String, Option<i64>) = (r.get(2)?, r.get(3)?);
        if let (true, Some(customer)) = (entity == Entity::Customer.code(), customer) {
            newest.entry(CustomerId(customer)).or_default().extend(after.clone());
        }
        if let Some(op) = r.get::<_, Option<i64>>(0)? {
            let entry = logged.entry(op).or_default();
            (entry.times, entry.row, entry.after) = (entry.times + 1, r.get(1)?, after);
        }
    }
    Ok((logged, newest))
}

fn tally(conn: &Connection, sql: &str) -> Result<HashMap<String, u64>, Failure> {
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |r| Ok((r.get(0)?, u64::try_from(r.get::<_, i64>(1)?).unwrap_or_default())))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
