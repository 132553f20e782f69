//! Anchors: what a workstation or a seal remembers of the change log, outside the file. A file that has not got the change an anchor names
//! was put back, cut short or exchanged; whoever did so on purpose left a line in the log that says it. Where anchors are kept does not
//! live here.

use super::answer::begin;
use super::branch;
use super::cell;
use super::open::File;
use super::request::{Failure, Stamp};
use super::seen::{self, Head};
use super::write::{Write, edit};
use crate::domain::change::Entity;
use crate::domain::field::Edit;
use crate::domain::ids::StaffId;
use chrono::NaiveDateTime;
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

/// The field of a line that gives changes up on purpose: its text is the newest change that stays.
pub const REWOUND: &str = "rewound";
/// The setting that lists those lines, so that nobody reads the log for them.
const KEY: &str = "rewound";

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The file, by the hash of its first change.
    pub file: String,
    /// The newest change seen.
    pub seq: i64,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
    /// When it was seen.
    pub at: NaiveDateTime,
    /// The lines known that gave changes up on purpose, by their hashes.
    #[serde(default)]
    pub turns: Vec<String>,
}

impl Anchor {
    /// Reads what was kept; `None` for anything else.
    pub fn parse(text: &str) -> Option<Anchor> {
        serde_json::from_str(text).ok()
    }
}

/// The head of a day, laid down outside the file where nobody at a counter can change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The head.
    #[serde(flatten)]
    pub anchor: Anchor,
    /// 网点
    pub branch: String,
    /// The workstation that laid it down.
    pub station: String,
}

impl Seal {
    /// Reads a line; `None` for anything else.
    pub fn parse(line: &str) -> Option<Seal> {
        serde_json::from_str(line).ok()
    }

    /// The name of the file of its day: a day and the file's first letters.
    pub fn name(&self) -> String {
        let file: String = self.anchor.file.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        format!("{}-{file}{ENDING}", self.anchor.at.format("%Y-%m-%d"))
    }
}

/// Behind the names of files of seals.
pub const ENDING: &str = ".seal";

/// A line that gives changes up on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The line.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
    /// The newest change that stays.
    pub from: i64,
    /// Who.
    pub by: StaffId,
    /// When.
    pub at: NaiveDateTime,
    /// Why.
    pub reason: String,
}

/// How a file stands to an anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has the change.
    Held,
    /// It has not, and a line that is new since says that this is so on purpose.
    Turned(Turn),
    /// It has not, and nothing says why.
    Lacking,
    /// It is another file.
    Other,
}

impl File {
    /// What is to be remembered of the file now.
    ///
    /// # Errors
    /// What the file says.
    pub fn anchor(&mut self, at: NaiveDateTime) -> Result<Anchor, Failure> {
        let tx = self.connection()?.transaction()?;
        let head = seen::head(&tx)?;
        let turns = turns(&tx)?.into_iter().map(|t| t.hash).collect();
        Ok(Anchor { file: seen::lineage(&tx)?, seq: head.seq, hash: head.hash, at, turns })
    }

    /// How the file stands to what was remembered.
    ///
    /// # Errors
    /// What the file says.
    pub fn stands(&mut self, anchor: &Anchor) -> Result<Standing, Failure> {
        let tx = self.connection()?.transaction()?;
        let same = seen::lineage(&tx)? == anchor.file;
        if same && seen::has(&tx, &Head { seq: anchor.seq, hash: anchor.hash.clone() })? {
            return Ok(Standing::Held);
        }
        let new =
            turns(&tx)?.into_iter().rev().find(|t| (t.from < anchor.seq || !same) && !anchor.turns.contains(&t.hash));
        Ok(match new {
            Some(turn) => Standing::Turned(turn),
            None if same => Standing::Lacking,
            None => Standing::Other,
        })
    }

    /// Writes down that what was behind change `from` is given up on purpose: the file was restored, or somebody who may looked into it. `what`
    /// is the backup, or what was found.
    ///
    /// # Errors
    /// [`Failure::ReadOnly`], [`Failure::Busy`], or what the file says.
    pub fn turn_back(&mut self, from: i64, what: &str, reason: &str, stamp: &Stamp) -> Result<i64, Failure> {
        self.turn_back_by(from, what, reason, (&[], stamp))
    }

    /// The same, with what the line says of who did it.
    ///
    /// # Errors
    /// As [`File::turn_back`].
    pub fn turn_back_by(
        &mut self,
        from: i64,
        what: &str,
        reason: &str,
        (by, stamp): (&[Edit], &Stamp),
    ) -> Result<i64, Failure> {
        if self.read_only() {
            return Err(Failure::ReadOnly);
        }
        let (tx, branch, station, ids) = begin(self)?;
        let mut edits = vec![edit(REWOUND, "", from.to_string()), edit("rewound.what", "", what)];
        edits.extend_from_slice(by);
        let write = Write { conn: &tx, branch: &branch, station, ids, stamp, batch: None };
        let seq = write.change(Entity::Branch, 0, None, &edits, reason, None)?;
        let mut listed = listed(&tx)?;
        listed.push(seq);
        branch::keep(&tx, KEY, &cell::json(&listed)?, stamp)?;
        tx.commit()?;
        Ok(seq)
    }
}

fn listed(conn: &Connection) -> Result<Vec<i64>, Failure> {
    Ok(branch::setting(conn, KEY)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// The lines that give changes up on purpose, oldest first. The list only says where they are; what counts is in the log.
fn turns(conn: &Connection) -> Result<Vec<Turn>, Failure> {
    let mut found = Vec::new();
    for seq in listed(conn)? {
        let row = conn
            .prepare_cached(
                "SELECT lower(hex(hash)), by, at, reason, after FROM change WHERE seq = ? AND entity = 'branch'",
            )?
            .query_row([seq], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, String>(2)?, r.get(3)?, r.get::<_, String>(4)?)))
            .optional()?;
        let Some((hash, by, at, reason, after)) = row else { continue };
        let after: std::collections::BTreeMap<String, String> = cell::of_json(&after);
        if let Some(from) = after.get(REWOUND).and_then(|from| from.parse().ok()) {
            found.push(Turn { seq, hash, from, by: StaffId(by), at: cell::moment(&at), reason });
        }
    }
    Ok(found)
}
