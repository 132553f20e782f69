//! What the workbench knows of the drive under the branch file: whether it answers, what waits to be saved, what its locks are worth,
//! who else is there, when it was last backed up. It is told by events; how it is found out lives in `store` and `run`.

use crate::domain::archive;
use crate::domain::contact::Outcome;
use crate::domain::field::Ctx;
use crate::domain::ids::{CustomerId, OpId};
use crate::domain::text::Complaint;
use crate::store::anchor::Turn;
use crate::store::customers::Opened;
use crate::store::drive::{Present, Proof};
use crate::store::request::{Ask, Failure};
use crate::store::{agenda, contacts, customers};
use chrono::NaiveDateTime;

/// Seconds between two times that everything is read anew because the drive is back.
const AGAIN: i64 = 10;

/// News of the drive.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// What the locks are worth.
    Proof(Proof),
    /// The other workstations there now.
    Present(Vec<Present>),
    /// When the last verified backup was made; `None` when there is none.
    Backup(Option<NaiveDateTime>),
    /// Milliseconds an operation took of late.
    Speed(f64),
    /// A copy of the file was checked and is damaged; what is wrong with it.
    Damaged(String),
    /// The file lacks a change that this PC saw; what to do about it. `None` when it lacks nothing any more.
    Lacking(Option<Complaint>),
    /// Changes were given up on purpose since this PC last looked.
    Turned(Turn),
    /// So many saves that had been acknowledged were not in the file any more; they are being written again.
    Missing(usize),
    /// So many saves wait on this PC, and why the drive does not take them; `None` when it answers.
    Waiting(usize, Option<Failure>),
}

/// The drive as it stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drive {
    /// What its locks are worth.
    pub proof: Proof,
    /// The other workstations there now.
    pub present: Vec<Present>,
    /// When the last verified backup was made; the outer `None` while nobody has looked.
    pub backup: Option<Option<NaiveDateTime>>,
    /// Milliseconds an operation took of late.
    pub speed: Option<f64>,
    /// Saves that wait on this PC.
    pub waiting: usize,
    /// What waits of this sitting, in the order it was typed: the screen shows it as done.
    pub held: Vec<Ask>,
    /// Saves that came back, and when that was said: seen by whoever types a while later.
    pub returned: Vec<(OpId, NaiveDateTime)>,
    /// Why the drive takes no saves, and since when.
    pub trouble: Option<(Failure, NaiveDateTime)>,
    /// Why the drive answers no reads, and since when.
    pub unread: Option<(Failure, NaiveDateTime)>,
    /// When everything was last read anew because the drive was back.
    pub anew: Option<NaiveDateTime>,
    /// What is wrong with the file, when a copy of it was checked and is damaged.
    pub damaged: Option<String>,
    /// The file lacks a change that this PC saw.
    pub lacking: bool,
    /// It was said that this PC's clock is behind the log.
    pub slow: bool,
    /// Since when a read has been on its way.
    pub asked: Option<NaiveDateTime>,
}

impl Drive {
    /// Takes news in.
    pub fn hear(&mut self, news: News, now: NaiveDateTime) {
        match news {
            News::Proof(proof) => self.proof = proof,
            News::Present(present) => self.present = present,
            News::Backup(at) => self.backup = Some(at),
            News::Speed(millis) => self.speed = Some(millis),
            News::Damaged(what) => self.damaged = Some(what),
            News::Lacking(why) => self.lacking = why.is_some(),
            News::Missing(_) | News::Turned(_) => {}
            News::Waiting(n, trouble) => {
                self.waiting = n;
                let since = self.trouble.as_ref().map_or(now, |(_, since)| *since);
                self.trouble = trouble.map(|t| (t, since));
            }
        }
    }

    /// A read came back with nothing.
    pub fn silent(&mut self, why: &Failure, now: NaiveDateTime) {
        let since = self.unread.as_ref().map_or(now, |(_, since)| *since);
        self.unread = Some((why.clone(), since));
    }

    /// Whether the drive, which gave nothing, answers again, so that everything is to be read anew. Where one thing cannot be read and others can, as in
    /// a damaged file, that would never end: it is done every ten seconds at most, and the mark stays until then.
    pub fn is_back(&mut self, now: NaiveDateTime) -> bool {
        let lately = self.anew.is_some_and(|at| (0..AGAIN).contains(&(now - at).num_seconds()));
        if self.unread.is_none() || lately {
            return false;
        }
        (self.unread, self.anew) = (None, Some(now));
        true
    }

    /// Whether what is on screen may be older than the file: reads fail, or one has been on its way for seconds.
    pub fn away(&self, now: NaiveDateTime) -> bool {
        self.unread.is_some() || self.asked.is_some_and(|since| (now - since).num_seconds() >= 2)
    }

    /// Edits that wait are laid over this archive no more: it was erased.
    pub fn forget(&mut self, id: CustomerId) {
        self.held.retain(|ask| !matches!(ask, Ask::Customers(customers::Ask::Save { id: of, .. }) if *of == id));
    }

    /// The workstations at which this archive is being edited.
    pub fn editors(&self, id: CustomerId) -> impl Iterator<Item = &Present> {
        self.present.iter().filter(move |p| p.editing == Some(id))
    }

    /// Lays the edits that wait over an archive as the file has it.
    pub fn overlay(&self, opened: &mut Opened, ctx: Ctx<'_>) {
        for ask in &self.held {
            let Ask::Customers(customers::Ask::Save { id, edits, .. }) = ask else { continue };
            let edits = if *id == opened.customer.id { edits.as_slice() } else { &[] };
            for edit in edits {
                if let Some(field) = archive::FIELDS.iter().find(|f| f.code == edit.field)
                    && let Err(_) = field.set(&mut opened.customer, &edit.after, ctx)
                {
                    tracing::warn!(field = edit.field, "an edit that waits does not fit");
                }
            }
        }
    }

    /// Whether a waiting save does this line of the queue: it is not shown again.
    pub fn does(&self, line: &str) -> bool {
        self.held.iter().any(|ask| match ask {
            Ask::Agenda(agenda::Ask::Mark { key, .. }) => key == line,
            Ask::Keepers(ask) => ask.row().is_some_and(|row| line.starts_with(&format!("hand_over:{row}:"))),
            Ask::Contacts(contacts::Ask::Log { task, outcome, .. }) => {
                *outcome != Outcome::NoAnswer && task.as_deref() == Some(line)
            }
            _ => false,
        })
    }
}
