//! Staging: the facts of a file are put into their tables in short transactions, under a batch that nobody sees until it is flipped.
//! What an unchanged row costs is a look; a changed one a new version beside the old. How the batch becomes current is in `flip`, what
//! becomes of one that breaks off in `clean`.

use super::clean;
use super::fact::{Fact, Kind};
use super::numbers::Numbers;
use super::place::{Found, Sql, Version, Whose};
use crate::domain::ids::{BatchId, CustomerId};
use crate::domain::rights::Action;
use crate::store::bulk::BatchFile;
use crate::store::known::Mix;
use crate::store::many::{Many, TOGETHER};
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use crate::store::rights;
use crate::store::{answer, cell, migrate, wait};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::time::{Duration, Instant};

/// How long one transaction goes on where only this PC reaches the file.
const LOCAL: Duration = Duration::from_millis(150);
/// The same on a share, and the rows it writes at most: about two saves long (drive.md 2.3).
const SHARED: (Duration, usize) = (Duration::from_millis(300), 200);
/// Rows between two looks at the clock.
const LOOK: u32 = 64;
/// How long a batch may lie without a word of the one who stages it; less than half of what colleagues wait before they clean it up.
const BEAT: Duration = Duration::from_secs(60);

/// A set of words that are hashes or ids already.
pub(super) type Words<T> = HashSet<T, BuildHasherDefault<Mix>>;

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was not there.
    New,
    /// It was there and said something else.
    Changed,
    /// The same was there.
    Same,
    /// The file says it a second time.
    Twice,
    /// No customer has this number.
    Unknown,
    /// The customer of this number was erased at their own request.
    Erased,
}

/// How a file is staged.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The file.
    pub file: BatchFile,
    /// Its layout, by its Chinese name.
    pub layout: &'static str,
    /// Where its facts are kept.
    pub kind: Kind,
    /// The drive is a share: short portions with pauses.
    pub shared: bool,
}

/// Versions that wait to be written together, and the place of each among the facts.
#[derive(Default)]
struct Waiting<'f> {
    versions: Vec<Version<'f>>,
    at: Vec<usize>,
}

/// A batch being staged. Dropped without [`Staging::flip`] or [`Staging::abandon`], what is in the file already is cleaned up by whoever
/// imports next.
#[derive(Debug)]
pub struct Staging<'a> {
    pub(super) file: &'a mut File,
    pub(super) stamp: Stamp,
    pub(super) plan: Plan,
    pub(super) batch: BatchId,
    pub(super) n: i64,
    pub(super) sql: Sql,
    pub(super) numbers: Numbers,
    began: Instant,
    beaten: Instant,
    open: Option<Instant>,
    rows: u32,
    wrote: u32,
    /// The table was empty: there is nothing to look for.
    bare: bool,
    /// The customer at hand, and whether they have any facts of this kind.
    at: Option<(CustomerId, bool)>,
    /// Who was touched last.
    last: Option<CustomerId>,
    /// Who was touched and is not written yet.
    touching: Vec<i64>,
    touches: Many,
    pub(super) touched: u64,
    /// Keys that the file says as they are: eight bytes a row are all that grows with it.
    pub(super) same: Words<u64>,
    pub(super) written: u64,
    pub(super) days: Days,
}

/// The data dates of the figures that came, as far as it matters: none, one, or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Days {
    None,
    One(NaiveDate),
    Several,
}

impl Days {
    fn add(&mut self, day: NaiveDate) {
        *self = match *self {
            Days::None => Days::One(day),
            Days::One(known) if known == day => Days::One(day),
            _ => Days::Several,
        };
    }

    /// The only one.
    pub(super) fn one(self) -> Option<NaiveDate> {
        match self {
            Days::One(day) => Some(day),
            _ => None,
        }
    }
}

impl File {
    /// Begins to stage a file. What broke off before is cleaned up first.
    ///
    /// # Errors
    /// [`Failure::ReadOnly`], [`Failure::Busy`], a refusal while a colleague's import is under way, or what the file says.
    pub fn stage(&mut self, plan: Plan, stamp: &Stamp) -> Result<Staging<'_>, Failure> {
        if self.read_only() {
            return Err(Failure::ReadOnly);
        }
        clean::broken(self, stamp.at, plan.shared)?;
        let (tx, branch, station, ids) = answer::begin(self)?;
        rights::branch(&branch, stamp, Action::Import)?;
        clean::nobody(&tx)?;
        let batch = BatchId(ids.next(stamp.at));
        let now = cell::time(stamp.at);
        let n: i64 = tx.query_row("SELECT coalesce(max(n), 0) + 1 FROM batch", [], |r| r.get(0))?;
        tx.execute(
            "INSERT INTO batch (id, at, by, name, hash, summary, n, state, layout, station, beat)
             VALUES (?1, ?2, ?3, ?4, ?5, '', ?6, 'staged', ?7, ?8, ?2)",
            params![batch.0, now, stamp.by.0, plan.file.name, plan.file.hash, n, plan.layout, &**station],
        )?;
        let bare = !tx.prepare(&format!("SELECT 1 FROM {}", plan.kind.table))?.exists([])?;
        let numbers = Numbers::of(&tx)?;
        tx.commit()?;
        let sql = Sql::staging(plan.kind);
        Ok(Staging {
            file: self,
            stamp: stamp.clone(),
            plan,
            batch,
            n,
            sql,
            numbers,
            began: Instant::now(),
            beaten: Instant::now(),
            open: None,
            rows: 0,
            wrote: 0,
            bare,
            at: None,
            last: None,
            touching: Vec::new(),
            touches: Many::of("INSERT OR IGNORE INTO touched VALUES", 2),
            touched: 0,
            same: Words::default(),
            written: 0,
            days: Days::None,
        })
    }
}

impl Staging<'_> {
    /// The number of the batch.
    pub fn number(&self) -> i64 {
        self.n
    }

    /// Puts a fact of the customer with this number.
    ///
    /// # Errors
    /// As [`Staging::put_all`].
    pub fn put(&mut self, no: &str, fact: &Fact<'_>) -> Result<Put, Failure> {
        Ok(self.put_all([(no, *fact)])?.pop().unwrap_or(Put::Unknown))
    }

    /// Puts facts, each of the customer with its number.
    ///
    /// # Errors
    /// What the file says; [`Failure::Busy`] and a drive that is away end the import.
    pub fn put_all<'f>(&mut self, facts: impl IntoIterator<Item = (&'f str, Fact<'f>)>) -> Result<Vec<Put>, Failure> {
        let (mut puts, mut waiting) = (Vec::new(), Waiting::default());
        for (no, fact) in facts {
            self.enter()?;
            self.rows += 1;
            let (put, new) = self.place(no, &fact)?;
            if let Some(version) = new {
                waiting.at.push(puts.len());
                waiting.versions.push(version);
            }
            if let (Fact::Figures(f), Put::New | Put::Changed) = (fact, put) {
                self.days.add(f.as_of);
            }
            puts.push(put);
            let over = self.over(waiting.at.len());
            if over || waiting.at.len() == TOGETHER {
                self.insert(&mut waiting, &mut puts)?;
            }
            if over {
                self.pause()?;
            }
        }
        self.insert(&mut waiting, &mut puts)?;
        Ok(puts)
    }

    /// What becomes of a fact, and the version of it that is to be written, if one is.
    fn place<'f>(&mut self, no: &str, fact: &Fact<'f>) -> Result<(Put, Option<Version<'f>>), Failure> {
        let conn = connection(self.file)?;
        let Some(whose) = self.numbers.find(conn, no)? else {
            return Ok((if self.numbers.is_erased(no) { Put::Erased } else { Put::Unknown }, None));
        };
        let cells = fact.cells();
        let has = match self.at {
            _ if self.bare => false,
            Some((customer, has)) if customer == whose.customer => has,
            _ => self.sql.any(conn, whose.customer)?,
        };
        self.at = Some((whose.customer, has));
        let found = if has { self.sql.find(conn, whose, &cells)? } else { Found::None };
        let put = match found {
            Found::Same(since) | Found::Other(since) if since == self.n => Put::Twice,
            Found::Same(_) if self.same.insert(word(whose, cells.key())) => Put::Same,
            Found::Same(_) => Put::Twice,
            Found::Other(_) if self.same.contains(&word(whose, cells.key())) => Put::Twice,
            Found::Other(since) => {
                self.sql.end(conn, whose, cells.key(), since, self.n)?;
                Put::Changed
            }
            Found::None => Put::New,
        };
        Ok((put, matches!(put, Put::New | Put::Changed).then_some(Version { whose, cells })))
    }

    /// Writes the versions that wait; of those that the file says a second time it is said so.
    fn insert(&mut self, waiting: &mut Waiting<'_>, puts: &mut [Put]) -> Result<(), Failure> {
        let Waiting { versions, at } = waiting;
        let conn = connection(self.file)?;
        if versions.len() != TOGETHER || !self.sql.insert(conn, versions, self.n)? {
            let mut twice = Vec::new();
            for (version, at) in versions.iter().zip(at.iter()) {
                if !self.sql.insert(conn, std::slice::from_ref(version), self.n)? {
                    twice.push(*at);
                }
            }
            for at in twice {
                puts.get_mut(at).into_iter().for_each(|put| *put = Put::Twice);
            }
        }
        for (version, at) in versions.drain(..).zip(at.drain(..)) {
            if puts.get(at) != Some(&Put::Twice) {
                self.touch(version.whose.customer)?;
                self.wrote += 1;
                self.written += 1;
            }
        }
        Ok(())
    }

    /// Whose number it is, of a row that was rejected.
    ///
    /// # Errors
    /// What the file says.
    pub fn whose(&mut self, no: &str) -> Result<Option<CustomerId>, Failure> {
        self.enter()?;
        Ok(self.numbers.find(connection(self.file)?, no)?.map(|whose| whose.customer))
    }

    /// Remembers that the batch touches a customer.
    pub(super) fn touch(&mut self, customer: CustomerId) -> Result<(), Failure> {
        if self.last == Some(customer) {
            return Ok(());
        }
        self.last = Some(customer);
        self.touching.push(customer.0);
        if self.touching.len() == TOGETHER { self.touched() } else { Ok(()) }
    }

    /// Writes whom the batch touched.
    fn touched(&mut self) -> Result<(), Failure> {
        let (conn, n) = (connection(self.file)?, self.n);
        let new = self.touches.write(conn, &self.touching, |customer, row| {
            row.cell(n)?;
            row.cell(customer)
        })?;
        self.touching.clear();
        self.touched += new as u64;
        Ok(())
    }

    /// Ends one version of a fact that the file no longer lists.
    pub(super) fn end(&mut self, whose: Whose, key: &[ValueRef<'_>], since: i64) -> Result<(), Failure> {
        self.enter()?;
        self.sql.end(connection(self.file)?, whose, key, since, self.n)?;
        self.touch(whose.customer)?;
        self.rows += 1;
        self.wrote += 1;
        self.written += 1;
        if self.over(0) { self.pause() } else { Ok(()) }
    }

    /// Begins a transaction, if none is open.
    pub(super) fn enter(&mut self) -> Result<(), Failure> {
        if self.open.is_some() {
            return Ok(());
        }
        self.file.patience.renew(wait::FOR_A_SAVE);
        let station = self.file.station.clone();
        let conn = self.file.connection()?;
        conn.execute_batch("BEGIN IMMEDIATE")?;
        self.open = Some(Instant::now());
        migrate::still(conn)?;
        still_ours(conn, self.n, self.batch, &station)?;
        self.numbers.renew(conn)?;
        (self.rows, self.wrote, self.at) = (0, 0, None);
        Ok(())
    }

    /// Whether the transaction has been open for long enough, or writes enough with so many rows more.
    fn over(&self, more: usize) -> bool {
        let Some(open) = self.open else { return false };
        match self.plan.shared {
            true if self.wrote as usize + more >= SHARED.1 => true,
            _ if !self.rows.is_multiple_of(LOOK) => false,
            true => open.elapsed() >= SHARED.0,
            false => open.elapsed() >= LOCAL,
        }
    }

    /// Ends the transaction; on a share, colleagues have a moment before the next.
    fn pause(&mut self) -> Result<(), Failure> {
        self.leave()?;
        if self.plan.shared {
            wait::pause();
        }
        Ok(())
    }

    /// Ends the transaction. One that wrote nothing leaves nothing, but for a word now and then that somebody is still at it.
    pub(super) fn leave(&mut self) -> Result<(), Failure> {
        if self.open.is_none() {
            return Ok(());
        }
        self.touched()?;
        let now = cell::time(self.now());
        let quiet = self.wrote == 0 && self.beaten.elapsed() < BEAT;
        let conn = connection(self.file)?;
        if quiet {
            conn.execute_batch("ROLLBACK")?;
        } else {
            conn.prepare_cached("UPDATE batch SET beat = ? WHERE n = ?")?.execute(params![now, self.n])?;
            conn.execute_batch("COMMIT")?;
            self.beaten = Instant::now();
        }
        self.open = None;
        Ok(())
    }

    /// The time by the clock of the one who imports.
    fn now(&self) -> NaiveDateTime {
        let gone = TimeDelta::from_std(self.began.elapsed()).unwrap_or_default();
        self.stamp.at.checked_add_signed(gone).unwrap_or(self.stamp.at)
    }

    /// Takes everything away again that was staged.
    ///
    /// # Errors
    /// What the file says; whoever imports next goes on with it.
    pub fn abandon(mut self) -> Result<(), Failure> {
        self.back()?;
        clean::away(self.file, self.n, self.plan.shared)
    }

    fn back(&mut self) -> Result<(), Failure> {
        if self.open.take().is_some()
            && let Some(conn) = &self.file.conn
            && !conn.is_autocommit()
        {
            conn.execute_batch("ROLLBACK")?;
        }
        Ok(())
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.back() {
            tracing::warn!(%error, "a portion of an import was not rolled back");
            // The connection holds a lock that only closing gives back.
            self.file.conn = None;
        }
    }
}

/// The connection of a file that has one.
pub(super) fn connection(file: &File) -> Result<&Connection, Failure> {
    file.conn.as_ref().ok_or_else(|| Failure::Drive("no connection".to_owned()))
}

/// Whether nobody took the batch away, as one who finds it broken off would.
pub(super) fn still_ours(conn: &Connection, n: i64, batch: BatchId, station: &str) -> Result<(), Failure> {
    let found: Option<(i64, String, String)> = conn
        .prepare_cached("SELECT id, state, station FROM batch WHERE n = ?")?
        .query_row([n], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    match found {
        Some((id, state, by)) if id == batch.0 && state == "staged" && by == station => Ok(()),
        _ => Err(Failure::refused(
            "这次导入中断太久，已被另一次导入清理，没有导入。请重新导入。",
            "This import stood still for so long that another one cleaned it up; nothing was imported. Import again.",
        )),
    }
}

/// A key as a word.
pub(super) fn word(whose: Whose, key: &[ValueRef<'_>]) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write_i64(whose.customer.0);
    hasher.write_i64(whose.account);
    for cell in key {
        match cell {
            ValueRef::Integer(n) => hasher.write_i64(*n),
            ValueRef::Text(text) => {
                hasher.write_usize(text.len());
                hasher.write(text);
            }
            _ => {}
        }
    }
    hasher.finish()
}

/// A day as a cell that may be empty.
pub(super) fn some_day(day: Option<NaiveDate>) -> Option<i64> {
    day.map(cell::day)
}
