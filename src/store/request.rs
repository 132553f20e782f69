//! What may be asked of the store and what it answers, grouped by book so that no enum grows without end. How it is answered
//! lives in the module of each book.

use super::{access, agenda, audit, board, contacts, customers, dealings, keepers, results, subject, twins, workbench};
use crate::domain::ids::OpId;
use crate::domain::text::Complaint;
use serde::{Deserialize, Serialize};

pub use super::stamp::Stamp;

/// Travels with an ask and comes back with its answer; an answer whose ticket nobody waits for is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ticket(pub u64);

/// Everything that can be asked. Those with an operation can be written down, to be asked again after a power cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Opening, settings, people, news of colleagues.
    #[serde(skip)]
    Workbench(workbench::Ask),
    /// Archives and what hangs on them.
    Customers(customers::Ask),
    /// The ledger.
    Contacts(contacts::Ask),
    /// Today's queue.
    Agenda(agenda::Ask),
    /// The tier board.
    #[serde(skip)]
    Board(board::Ask),
    /// Keepers and hand-overs.
    Keepers(keepers::Ask),
    /// Who is who.
    Twins(twins::Ask),
    /// What customers agreed to and ask of their data.
    Subject(subject::Ask),
    /// Holdings, loans, transactions.
    #[serde(skip)]
    Dealings(dealings::Ask),
    /// The change log.
    #[serde(skip)]
    Audit(audit::Ask),
    /// Looks, for the log.
    Access(access::Ask),
    /// What the branch's facts come to.
    #[serde(skip)]
    Results(results::Ask),
}

impl Ask {
    /// The operation of a save: with it the save can be asked again without being done twice.
    pub fn op(&self) -> Option<OpId> {
        match self {
            Ask::Customers(
                customers::Ask::Save { op, .. }
                | customers::Ask::Create { op, .. }
                | customers::Ask::PutBack { op, .. }
                | customers::Ask::Part { op, .. }
                | customers::Ask::Keeper { op, .. }
                | customers::Ask::Hold { op, .. },
            )
            | Ask::Contacts(contacts::Ask::Log { op, .. })
            | Ask::Agenda(
                agenda::Ask::Mark { op, .. }
                | agenda::Ask::TakeBack { op, .. }
                | agenda::Ask::HandOver { op, .. }
                | agenda::Ask::Keep { op, .. },
            ) => Some(*op),
            Ask::Keepers(a) => a.write().map(|(op, _)| op),
            Ask::Twins(a) => a.write().map(|(op, _)| op),
            Ask::Access(a) => a.op(),
            Ask::Subject(a) => a.write().map(|(op, _)| op),
            Ask::Workbench(_)
            | Ask::Board(_)
            | Ask::Dealings(_)
            | Ask::Audit(_)
            | Ask::Results(_)
            | Ask::Customers(_)
            | Ask::Agenda(_) => None,
        }
    }

    /// Whether it changes the file. Writes keep their order; the newest read of a kind replaces a waiting one.
    pub fn writes(&self) -> bool {
        match self {
            Ask::Workbench(a) => matches!(
                a,
                workbench::Ask::KeepPrefs { .. }
                    | workbench::Ask::KeepSettings { .. }
                    | workbench::Ask::KeepTargets { .. }
                    | workbench::Ask::KeepIntroducer { .. }
                    | workbench::Ask::AddStaff { .. }
                    | workbench::Ask::KeepHolidays { .. }
                    | workbench::Ask::Overrule { .. }
            ),
            Ask::Customers(a) => !matches!(
                a,
                customers::Ask::Open { .. }
                    | customers::Ask::Known { .. }
                    | customers::Ask::Tier { .. }
                    | customers::Ask::Numbered { .. }
                    | customers::Ask::Likely { .. }
            ),
            Ask::Contacts(_) | Ask::Access(_) => true,
            Ask::Agenda(a) => !matches!(
                a,
                agenda::Ask::Load { .. }
                    | agenda::Ask::Month { .. }
                    | agenda::Ask::Wall { .. }
                    | agenda::Ask::Bricks { .. }
            ),
            Ask::Keepers(a) => a.write().is_some(),
            Ask::Twins(a) => a.write().is_some(),
            Ask::Subject(a) => a.write().is_some(),
            Ask::Board(_) | Ask::Dealings(_) | Ask::Audit(_) | Ask::Results(_) => false,
        }
    }
}

/// Everything that can be answered.
#[derive(Debug)]
pub enum Answer {
    /// Opening, settings, people, news.
    Workbench(workbench::Answer),
    /// Archives.
    Customers(customers::Answer),
    /// The ledger.
    Contacts(contacts::Answer),
    /// Today's queue.
    Agenda(agenda::Answer),
    /// The tier board.
    Board(board::Answer),
    /// Keepers and hand-overs.
    Keepers(keepers::Answer),
    /// Who is who.
    Twins(twins::Answer),
    /// Rights of customers.
    Subject(subject::Answer),
    /// Holdings, loans, transactions.
    Dealings(dealings::Answer),
    /// The change log.
    Audit(audit::Page),
    /// Looks, for the log.
    Access(access::Answer),
    /// What the branch's facts come to.
    Results(results::Answer),
    /// The drive did not take the save in time: it lies in the outbox of this PC and is written as soon as the drive takes it.
    Kept(Box<Ask>),
    /// It was refused or could not be done; nothing was changed.
    Failed(Failure),
}

impl Answer {
    /// Whether it answers a write and nothing was written: refused, or a colleague was first.
    pub fn undone(&self) -> bool {
        matches!(
            self,
            Answer::Failed(_)
                | Answer::Customers(customers::Answer::Clash { .. } | customers::Answer::Gone { .. })
                | Answer::Agenda(agenda::Answer::Taken { .. })
                | Answer::Keepers(keepers::Answer::Taken { .. })
                | Answer::Twins(twins::Answer::Changed { .. })
        )
    }
}

/// Why an ask was not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A rule says no; the words say which and what to do.
    #[error("{0}")]
    Refused(Complaint),
    /// The row is gone.
    #[error("the row is not there any more")]
    Gone,
    /// A read was broken off for a save of the same workstation; it is repeated after it.
    #[error("the read gave way to a save")]
    GaveWay,
    /// Others kept the file busy past the deadline.
    #[error("the file is busy")]
    Busy,
    /// The file is read-only.
    #[error("the file is read-only")]
    ReadOnly,
    /// No room on the disk.
    #[error("no room on the disk")]
    Full,
    /// Waits for a lock never end: the locks of the drive do not work (drive.md 4.1, ENOLCK).
    #[error("the locks of the drive do not work")]
    Locks,
    /// A newer program raised the file's version since it was opened here, or it was opened by a newer one before.
    #[error("the file is of another version than this program")]
    Newer,
    /// Another file lies where the branch file was.
    #[error("another file lies where the branch file was")]
    Replaced,
    /// A copy of the file was checked and is damaged; the text is for the log.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// What was read contradicts itself. One failed read of the drive looks the same (drive.md finding 7): only a check of a copy tells
    /// damage from it; the text is for the log.
    #[error("the file reads as torn: {0}")]
    Torn(String),
    /// The drive or the file does not answer as it should; the text is for the log.
    #[error("the file cannot be reached: {0}")]
    Drive(String),
}
