//! Putting a branch file under another data key, or under none: on a copy on this PC, never page by page over a share (drive.md 5.1). Who must
//! be out meanwhile, and how the copy takes the file's place, does not live here.

use super::answer::begin;
use super::branch;
use super::cell;
use super::chain;
use super::key::{CIPHER, Key, LENGTH};
use super::open::File;
use super::refuse::OpenError;
use super::request::{Failure, Stamp};
use super::rights;
use super::seen::{self, Head};
use super::slots::{Slots, record};
use super::wait;
use super::write::{Write, edit};
use crate::domain::change::Entity;
use crate::domain::rights::Action;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// The setting that holds the keys the file had before, sealed under the one it has: what lies on a workstation may be under one of them.
const OLDER: &str = "keys.older";
/// So many are kept.
const MOST: usize = 8;

/// Writes all that lies in the copy `from`, under `old`, into a new file at `to`, under `new`. Tables, indexes, triggers and rows are the same
/// afterwards; the pages are not.
///
/// # Errors
/// What SQLite says, or this program was built without encryption.
pub fn copy(from: &Path, old: &Key, to: &Path, new: &Key) -> Result<(), Failure> {
    if !CIPHER {
        return Err(OpenError::NoCipher.into());
    }
    let conn = Connection::open(from)?;
    old.unlock(&conn)?;
    conn.execute("ATTACH DATABASE ? AS fresh KEY ?", rusqlite::params![to.to_string_lossy(), new.word().as_str()])?;
    conn.query_row("SELECT sqlcipher_export('fresh')", [], |_| Ok(()))?;
    for name in ["application_id", "user_version"] {
        let value: i64 = conn.pragma_query_value(None, name, |r| r.get(0))?;
        conn.pragma_update(Some("fresh"), name, value)?;
    }
    conn.execute_batch("DETACH DATABASE fresh")?;
    Ok(())
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It was encrypted.
    Encrypted,
    /// It was made plain.
    Plain,
    /// It got another data key.
    Rekeyed,
}

impl Turn {
    /// As the change log says it.
    fn word(self) -> &'static str {
        match self {
            Turn::Encrypted => "encrypted",
            Turn::Plain => "plain",
            Turn::Rekeyed => "rekeyed",
        }
    }
}

impl File {
    /// Does `work` while nobody else reads or writes: under a lock that SQLite gives to one alone. `work` is told the newest change.
    ///
    /// # Errors
    /// Others kept the file busy, or what it says.
    pub fn alone<T>(&mut self, work: impl FnOnce(&Head) -> T) -> Result<T, Failure> {
        self.rest();
        self.patience.renew(wait::FOR_A_SAVE);
        let tx = self.connection()?.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        let head = seen::head(&tx)?;
        let done = work(&head);
        tx.rollback()?;
        Ok(done)
    }

    /// Writes into a copy that came from [`copy`] what became of it: its log goes on under its own key, it remembers its slot file and the keys
    /// it had before. The file must be open under its new key; `old` is the one it had.
    ///
    /// # Errors
    /// Who does it may not, a second person's word is missing for a plain file, or what the file says.
    pub fn turned(&mut self, turn: Turn, old: &Key, slots: Option<&Slots>, stamp: &Stamp) -> Result<(), Failure> {
        let key = self.key.clone();
        let older = if key.is_some() { sealed(&key, old)? } else { Vec::new() };
        let (tx, branch, station, ids) = begin(self)?;
        rights::branch(&branch, stamp, Action::Encrypt)?;
        if turn == Turn::Plain {
            rights::second(&branch, stamp, Action::Encrypt)?;
        }
        chain::turn(&tx, old, &key)?;
        match slots {
            Some(slots) => record::keep(&tx, slots, stamp)?,
            None => record::forget(&tx)?,
        }
        branch::keep(&tx, OLDER, &cell::json(&older)?, stamp)?;
        let write = Write { conn: &tx, branch: &branch, station, ids, stamp, batch: None };
        write.change(Entity::Branch, 0, None, &[edit("encryption", "", turn.word())], "", None)?;
        Ok(tx.commit()?)
    }

    /// Its key, with those it had before.
    ///
    /// # Errors
    /// What the file says.
    pub fn keys(&mut self) -> Result<Key, Failure> {
        let key = self.key.clone();
        if !key.is_some() {
            return Ok(key);
        }
        self.patience.renew(wait::FOR_A_READ);
        let text = branch::setting(self.connection()?, OLDER)?;
        let kept = text.and_then(|json| serde_json::from_str::<Vec<u8>>(&json).ok());
        let older = kept.and_then(|bytes| key.open(OLDER, &bytes));
        let older = older.iter().flat_map(|bytes| bytes.as_chunks::<LENGTH>().0).map(|bytes| Key::of(*bytes));
        let older = older.collect();
        Ok(key.after(older))
    }
}

/// The keys before this one, sealed under it.
fn sealed(key: &Key, old: &Key) -> Result<Vec<u8>, Failure> {
    let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(LENGTH * MOST));
    for old in std::iter::once(old).chain(old.older()).filter_map(Key::bytes).take(MOST) {
        bytes.extend_from_slice(old);
    }
    key.seal(OLDER, &bytes).ok_or_else(|| Failure::Drive("no random numbers".to_owned()))
}
