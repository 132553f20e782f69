//! What the workbench knows of the drive under the branch file: whether it answers, what waits to be saved, what its locks are worth,
//! who else is there, when it was last backed up. It is told by events; how it is found out lives in `store` and `run`.

use crate::domain::ids::CustomerId;
use crate::store::drive::{Present, Proof};
use crate::store::request::Failure;
use chrono::NaiveDateTime;

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
    /// Why the drive takes no saves, and since when.
    pub trouble: Option<(Failure, NaiveDateTime)>,
}

impl Drive {
    /// Takes news in.
    pub fn hear(&mut self, news: News, now: NaiveDateTime) {
        match news {
            News::Proof(proof) => self.proof = proof,
            News::Present(present) => self.present = present,
            News::Backup(at) => self.backup = Some(at),
            News::Speed(millis) => self.speed = Some(millis),
            News::Waiting(n, trouble) => {
                self.waiting = n;
                let since = self.trouble.as_ref().map_or(now, |(_, since)| *since);
                self.trouble = trouble.map(|t| (t, since));
            }
        }
    }

    /// The workstations at which this archive is being edited.
    pub fn editors(&self, id: CustomerId) -> impl Iterator<Item = &Present> {
        self.present.iter().filter(move |p| p.editing == Some(id))
    }
}
