//! Answering: one read transaction a read, one `BEGIN IMMEDIATE` a write, and what to do when the drive fails in between.

use super::branch::Branch;
use super::cache::{self, Cache, Trouble};
use super::chain::Hand;
use super::ids::Maker;
use super::migrate;
use super::open::File;
use super::request::{Answer, Ask, Failure, Stamp};
use super::rights;
use super::seen;
use super::sweep;
use super::veil::Veil;
use super::wait;
use super::way::HOLD;
use super::write::Write;
use super::{access, agenda, audit, board, contacts, customers, dealings, keepers, subject, twins, workbench};
use crate::index::Intake;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

impl File {
    /// Answers an ask. Nothing is changed when the answer is [`Answer::Failed`].
    pub fn answer(&mut self, ask: &Ask) -> Answer {
        let answer = self.read_on(ask);
        self.rest();
        answer
    }

    /// Ends the transaction that reads share; the lock is given back.
    pub fn rest(&mut self) {
        if self.reads_since.take().is_some()
            && let Some(conn) = &self.conn
            && let Err(error) = conn.execute_batch("COMMIT")
        {
            tracing::warn!(%error, "a read could not be ended");
            self.leave();
        }
    }

    /// Answers a save, and writes these lines of the log in the same transaction: they cost hardly more than the save alone. What of
    /// them is not written with it waits for the next; see [`File::noted`].
    pub fn answer_with(&mut self, ask: &Ask, notes: &[Ask]) -> Answer {
        let answer = self.go(ask, notes);
        self.rest();
        answer
    }

    /// As [`File::answer`], but the transaction of a read stays for the next one, and with it the lock, unless it was held long.
    pub fn read_on(&mut self, ask: &Ask) -> Answer {
        self.go(ask, &[])
    }

    fn go(&mut self, ask: &Ask, notes: &[Ask]) -> Answer {
        if ask.writes() && self.read_only() {
            return Answer::Failed(Failure::ReadOnly);
        }
        (self.recorded, self.noted) = (false, false);
        let mut answer = self.attempt(ask, notes);
        if let Err(Failure::Drive(text) | Failure::Torn(text)) = &answer {
            // A failed COMMIT may have committed. The second attempt, over a fresh connection, finds the operation done or does
            // it; asks without an operation may be repeated as they are.
            tracing::warn!(error = %text, "the drive failed, trying once more");
            self.leave();
            answer = self.attempt(ask, notes);
        }
        if answer.is_err() {
            self.rest();
        }
        if let Err(Failure::Drive(_) | Failure::Torn(_) | Failure::Busy | Failure::Full | Failure::ReadOnly) = &answer {
            // What failed may have left a lock at the server that only closing gives back; all others would wait for it.
            self.leave();
        }
        answer.unwrap_or_else(Answer::Failed)
    }

    /// Every customer for the index, as far as they did not change from the cache at `path`.
    pub fn cached_index(&mut self, path: &Path) -> Answer {
        for _ in 0..2 {
            match self.caught_up(path) {
                Ok(intake) => return Answer::Workbench(workbench::Answer::Index(Box::new(intake))),
                Err(Trouble::File(failure)) => return Answer::Failed(failure),
                Err(Trouble::Cache(error)) => {
                    tracing::warn!(%error, "the cache of the index is made anew");
                    // Emptied in its place: it stays readable by this user only.
                    if let Err(error) = std::fs::File::options().write(true).truncate(true).open(path) {
                        tracing::warn!(%error, "it could not be emptied");
                    }
                }
            }
        }
        // This disk keeps nothing: from the drive, then.
        self.answer(&Ask::Workbench(workbench::Ask::Index))
    }

    /// What the cache has, once it is as new as the file.
    fn caught_up(&mut self, path: &Path) -> Result<Intake, Trouble> {
        let mut cache = Cache::under(path, &self.key)?;
        loop {
            self.patience.renew(wait::FOR_A_READ);
            let tx = self.connection()?.transaction().map_err(Failure::from)?;
            if cache.step(&tx)? {
                break;
            }
        }
        cache.intake()
    }

    /// Whether the last save left its operation in the file, so that it can be looked for.
    pub fn recorded(&self) -> bool {
        self.recorded
    }

    /// Whether the lines that went with the last save are in the file.
    pub fn noted(&self) -> bool {
        self.noted
    }

    /// The name of the file that stays the same through copies and backups.
    ///
    /// # Errors
    /// What the file says.
    pub fn lineage(&mut self) -> Result<String, Failure> {
        if self.lineage.is_empty() {
            self.patience.renew(wait::FOR_A_READ);
            self.lineage = seen::lineage(self.connection()?)?;
        }
        Ok(self.lineage.clone())
    }

    /// Drops the connection; the next ask opens one anew.
    fn leave(&mut self) {
        self.conn = None;
        self.reads_since = None;
        self.branch = None;
        self.lineage.clear();
    }

    fn attempt(&mut self, ask: &Ask, notes: &[Ask]) -> Result<Answer, Failure> {
        self.patience.renew(if ask.writes() { wait::FOR_A_SAVE } else { wait::FOR_A_READ });
        if ask.writes() || self.reads_since.is_some_and(|since| since.elapsed() >= HOLD) {
            self.rest();
        }
        if matches!(ask, Ask::Twins(twins::Ask::Find)) {
            return self.pairs();
        }
        self.connection()?;
        let (read_only, seat) = (self.read_only(), self.seat);
        let Some(conn) = self.conn.as_mut() else { return Err(Failure::Drive("no connection".to_owned())) };
        let Some(stamp) = stamp(ask) else {
            if self.reads_since.is_none() {
                conn.execute_batch("BEGIN")?;
                self.reads_since = Some(Instant::now());
            }
            let branch = Branch::load(conn, self.branch.take())?;
            self.branch = Some(Arc::clone(&branch));
            let veil = seat.and_then(|seat| Veil::of(&branch, seat));
            let mut answer = read(conn, &branch, veil.as_ref(), ask, (read_only, self.key.is_some()))?;
            if let Some(veil) = &veil {
                veil.cut(conn, ask, &mut answer)?;
            }
            return Ok(answer);
        };
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        migrate::still(&tx)?;
        let branch = Branch::load(&tx, self.branch.take())?;
        raise(&tx, &mut self.ids, &mut self.raised)?;
        let mut write =
            Write { conn: &tx, branch: &branch, station: &self.station, ids: &mut self.ids, stamp, batch: None };
        rights::allow(&write, ask)?;
        sweep::sweep(&mut write)?;
        let mut answer = change(&mut write, ask)?;
        if let Some(veil) = seat.and_then(|seat| Veil::of(&branch, seat)) {
            veil.cut(&tx, ask, &mut answer)?;
        }
        // Clashes, and saves that change nothing, leave no operation behind.
        let recorded = ask.op().map_or(Ok(None), |op| write.done(op))?.is_some();
        for ask in notes {
            if let Ask::Access(access::Ask::Note { op, lines, stamp }) = ask {
                access::log::note(&tx, &self.station, *op, lines, stamp)?;
            }
        }
        tx.commit()?;
        (self.recorded, self.noted) = (recorded, true);
        self.branch = Some(branch);
        Ok(answer)
    }
}

impl File {
    /// The pairs that may be one person, read in portions.
    fn pairs(&mut self) -> Result<Answer, Failure> {
        let mut answer = self.twins()?;
        let Some(seat) = self.seat else { return Ok(answer) };
        let before = self.branch.take();
        let tx = self.connection()?.transaction()?;
        let branch = Branch::load(&tx, before)?;
        if let Some(veil) = Veil::of(&branch, seat) {
            veil.cut(&tx, &Ask::Twins(twins::Ask::Find), &mut answer)?;
        }
        drop(tx);
        self.branch = Some(branch);
        Ok(answer)
    }
}

/// Before the first write, raises the ids to be made above those in the file.
fn raise(conn: &Connection, ids: &mut Maker, raised: &mut bool) -> Result<(), Failure> {
    if !*raised {
        for table in ["customer", "contact", "part", "task", "hand_over", "delegate", "batch", "staff", "request"] {
            let highest: Option<i64> = conn.query_row(&format!("SELECT max(id) FROM {table}"), [], |r| r.get(0))?;
            ids.rise_above(highest.unwrap_or_default());
        }
        *raised = true;
    }
    Ok(())
}

/// Begins a write that the caller commits: the transaction, the branch, the workstation's name and ids.
///
/// # Errors
/// What the file says.
pub fn begin(file: &mut File) -> Result<(Transaction<'_>, Arc<Branch>, &Hand, &mut Maker), Failure> {
    file.patience.renew(wait::FOR_A_SAVE);
    file.connection()?;
    let Some(conn) = file.conn.as_mut() else { return Err(Failure::Drive("no connection".to_owned())) };
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migrate::still(&tx)?;
    let branch = Branch::load(&tx, file.branch.take())?;
    raise(&tx, &mut file.ids, &mut file.raised)?;
    Ok((tx, branch, &file.station, &mut file.ids))
}

/// Who writes, and when; `None` for a read.
pub(super) fn stamp(ask: &Ask) -> Option<&Stamp> {
    use {agenda::Ask as A, contacts::Ask as T, customers::Ask as C, workbench::Ask as W};
    match ask {
        Ask::Workbench(
            W::KeepPrefs { stamp, .. }
            | W::KeepSettings { stamp, .. }
            | W::AddStaff { stamp, .. }
            | W::KeepHolidays { stamp, .. }
            | W::Overrule { stamp, .. },
        )
        | Ask::Customers(
            C::Save { stamp, .. }
            | C::Create { stamp, .. }
            | C::PutBack { stamp, .. }
            | C::Part { stamp, .. }
            | C::Keeper { stamp, .. }
            | C::Hold { stamp, .. },
        )
        | Ask::Contacts(T::Log { stamp, .. })
        | Ask::Agenda(
            A::Mark { stamp, .. } | A::TakeBack { stamp, .. } | A::HandOver { stamp, .. } | A::Keep { stamp, .. },
        ) => Some(stamp),
        Ask::Keepers(a) => a.write().map(|(_, stamp)| stamp),
        Ask::Twins(a) => a.write().map(|(_, stamp)| stamp),
        Ask::Access(a) => Some(a.stamp()),
        Ask::Subject(a) => a.write().map(|(_, stamp)| stamp),
        Ask::Workbench(W::Open | W::Rows | W::Index | W::Batches | W::TakenIn(_) | W::News { .. })
        | Ask::Customers(C::Open { .. } | C::Known { .. } | C::Tier { .. } | C::Numbered { .. } | C::Likely { .. })
        | Ask::Agenda(A::Load { .. } | A::Month { .. } | A::Wall { .. } | A::Bricks { .. })
        | Ask::Board(board::Ask::Load | board::Ask::WhatIf { .. })
        | Ask::Dealings(_)
        | Ask::Audit(_) => None,
    }
}

fn read(
    conn: &Connection,
    branch: &Branch,
    veil: Option<&Veil<'_>>,
    ask: &Ask,
    how: (bool, bool),
) -> Result<Answer, Failure> {
    match ask {
        Ask::Workbench(workbench::Ask::Open) => workbench::read::open(conn, branch, how).map(Answer::Workbench),
        Ask::Workbench(workbench::Ask::News { since }) => workbench::read::news(conn, *since).map(Answer::Workbench),
        Ask::Workbench(workbench::Ask::Index) => {
            Ok(cache::intake(conn).map(|intake| Answer::Workbench(workbench::Answer::Index(Box::new(intake))))?)
        }
        Ask::Workbench(workbench::Ask::Batches) => {
            dealings::batches::newest(conn).map(|b| Answer::Workbench(workbench::Answer::Batches(b)))
        }
        Ask::Workbench(workbench::Ask::TakenIn(hashes)) => {
            dealings::hashes::since(conn, hashes).map(|t| Answer::Workbench(workbench::Answer::TakenIn(t)))
        }
        Ask::Workbench(_) => workbench::read::rows(conn).map(Answer::Workbench),
        Ask::Customers(a) => customers::read::answer(conn, branch, a).map(Answer::Customers),
        Ask::Agenda(a) => agenda::read::answer(conn, branch, veil, a).map(Answer::Agenda),
        Ask::Board(a) => board::load::answer(conn, branch, a).map(Answer::Board),
        Ask::Keepers(a) => keepers::read::answer(conn, branch, a).map(Answer::Keepers),
        Ask::Twins(a) => twins::read::answer(conn, a).map(Answer::Twins),
        Ask::Subject(a) => subject::read::answer(conn, branch, a).map(Answer::Subject),
        Ask::Dealings(a) => dealings::read::answer(conn, a).map(Answer::Dealings),
        Ask::Audit(a) => audit::read::answer(conn, a).map(Answer::Audit),
        // The ledger and the log are only written here.
        Ask::Contacts(_) | Ask::Access(_) => Err(Failure::ReadOnly),
    }
}

pub(super) fn change(w: &mut Write<'_>, ask: &Ask) -> Result<Answer, Failure> {
    subject::gone::guard(w.conn, ask)?;
    match ask {
        Ask::Workbench(a) => workbench::keep::answer(w, a).map(Answer::Workbench),
        Ask::Customers(a) => customers::write::answer(w, a).map(Answer::Customers),
        Ask::Contacts(a) => contacts::log::answer(w, a).map(Answer::Contacts),
        Ask::Agenda(a) => agenda::write::answer(w, a).map(Answer::Agenda),
        Ask::Keepers(a) => keepers::write::answer(w, a).map(Answer::Keepers),
        Ask::Twins(a) => twins::write::answer(w, a).map(Answer::Twins),
        Ask::Access(a) => access::log::answer(w, a).map(Answer::Access),
        Ask::Subject(a) => subject::write::answer(w, a).map(Answer::Subject),
        // The board, the dealings and the log are only read.
        Ask::Board(_) | Ask::Dealings(_) | Ask::Audit(_) => Err(Failure::ReadOnly),
    }
}
