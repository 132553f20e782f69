//! Answering: one read transaction a read, one `BEGIN IMMEDIATE` a write, and what to do when the drive fails in between.

use super::branch::Branch;
use super::cache;
use super::ids::Maker;
use super::migrate;
use super::open::File;
use super::request::{Answer, Ask, Failure, Stamp};
use super::seen;
use super::wait;
use super::write::Write;
use super::{agenda, board, contacts, customers, dealings, workbench};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;
use std::sync::Arc;

impl File {
    /// Answers an ask. Nothing is changed when the answer is [`Answer::Failed`].
    pub fn answer(&mut self, ask: &Ask) -> Answer {
        if ask.writes() && self.read_only() {
            return Answer::Failed(Failure::ReadOnly);
        }
        self.recorded = false;
        let mut answer = self.attempt(ask);
        if let Err(Failure::Drive(text) | Failure::Torn(text)) = &answer {
            // A failed COMMIT may have committed. The second attempt, over a fresh connection, finds the operation done or does
            // it; asks without an operation may be repeated as they are.
            tracing::warn!(error = %text, "the drive failed, trying once more");
            self.leave();
            answer = self.attempt(ask);
        }
        if let Err(Failure::Drive(_) | Failure::Torn(_) | Failure::Busy | Failure::Full | Failure::ReadOnly) = &answer {
            // What failed may have left a lock at the server that only closing gives back; all others would wait for it.
            self.leave();
        }
        answer.unwrap_or_else(Answer::Failed)
    }

    /// Every customer for the index, as far as they did not change from the cache at `path`.
    pub fn cached_index(&mut self, path: &Path) -> Answer {
        let mut read = || -> Result<Answer, Failure> {
            self.patience.renew(wait::FOR_A_READ);
            let tx = self.connection()?.transaction()?;
            let intake = cache::index(&tx, path)?;
            Ok(Answer::Workbench(workbench::Answer::Index(Box::new(intake))))
        };
        read().unwrap_or_else(Answer::Failed)
    }

    /// Whether the last save left its operation in the file, so that it can be looked for.
    pub fn recorded(&self) -> bool {
        self.recorded
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
        self.branch = None;
        self.lineage.clear();
    }

    fn attempt(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        self.patience.renew(if ask.writes() { wait::FOR_A_SAVE } else { wait::FOR_A_READ });
        self.connection()?;
        let read_only = self.read_only();
        let Some(conn) = self.conn.as_mut() else { return Err(Failure::Drive("no connection".to_owned())) };
        let Some(stamp) = stamp(ask) else {
            let tx = conn.transaction()?;
            let branch = Branch::load(&tx, self.branch.take())?;
            self.branch = Some(Arc::clone(&branch));
            return read(&tx, &branch, ask, read_only);
        };
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        migrate::still(&tx)?;
        let branch = Branch::load(&tx, self.branch.take())?;
        raise(&tx, &mut self.ids, &mut self.raised)?;
        let mut write =
            Write { conn: &tx, branch: &branch, station: &self.station, ids: &mut self.ids, stamp, batch: None };
        write.sweep()?;
        let answer = change(&mut write, ask)?;
        // Clashes, and saves that change nothing, leave no operation behind.
        let recorded = ask.op().map_or(Ok(None), |op| write.done(op))?.is_some();
        tx.commit()?;
        self.recorded = recorded;
        self.branch = Some(branch);
        Ok(answer)
    }
}

/// Before the first write, raises the ids to be made above those in the file.
fn raise(conn: &Connection, ids: &mut Maker, raised: &mut bool) -> Result<(), Failure> {
    if !*raised {
        for table in ["customer", "contact", "part", "task", "hand_over", "batch", "staff"] {
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
pub fn begin(file: &mut File) -> Result<(Transaction<'_>, Arc<Branch>, &str, &mut Maker), Failure> {
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
        Ask::Workbench(W::Open | W::Rows | W::Index | W::News { .. })
        | Ask::Customers(C::Open { .. } | C::Known { .. } | C::Numbered { .. } | C::Likely { .. })
        | Ask::Agenda(A::Load { .. } | A::Month { .. })
        | Ask::Board(board::Ask::Load)
        | Ask::Dealings(_) => None,
    }
}

fn read(conn: &Connection, branch: &Branch, ask: &Ask, read_only: bool) -> Result<Answer, Failure> {
    match ask {
        Ask::Workbench(workbench::Ask::Open) => workbench::read::open(conn, branch, read_only).map(Answer::Workbench),
        Ask::Workbench(workbench::Ask::News { since }) => workbench::read::news(conn, *since).map(Answer::Workbench),
        Ask::Workbench(workbench::Ask::Index) => {
            cache::intake(conn).map(|intake| Answer::Workbench(workbench::Answer::Index(Box::new(intake))))
        }
        Ask::Workbench(_) => workbench::read::rows(conn).map(Answer::Workbench),
        Ask::Customers(a) => customers::read::answer(conn, branch, a).map(Answer::Customers),
        Ask::Agenda(a) => agenda::read::answer(conn, branch, a).map(Answer::Agenda),
        Ask::Board(_) => board::load::answer(conn, branch).map(Answer::Board),
        Ask::Dealings(a) => dealings::read::answer(conn, a).map(Answer::Dealings),
        // The only ask of the ledger is a write.
        Ask::Contacts(_) => Err(Failure::ReadOnly),
    }
}

pub(super) fn change(w: &mut Write<'_>, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Workbench(a) => workbench::keep::answer(w, a).map(Answer::Workbench),
        Ask::Customers(a) => customers::write::answer(w, a).map(Answer::Customers),
        Ask::Contacts(a) => contacts::log::answer(w, a).map(Answer::Contacts),
        Ask::Agenda(a) => agenda::write::answer(w, a).map(Answer::Agenda),
        // The board and the dealings are only read.
        Ask::Board(_) | Ask::Dealings(_) => Err(Failure::ReadOnly),
    }
}
