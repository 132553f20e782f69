//! The lines of the log that change nothing: who looked at what, what left the program. They are rows of the change table, in its one
//! chain. What is a look, and who may have one, does not live here.

pub(super) mod log;

use super::stamp::Stamp;
use crate::domain::ids::{CustomerId, OpId};
use serde::{Deserialize, Serialize};

pub use crate::domain::access::{Action, Line};

/// So many lines are written without waiting for a save to ride along with.
pub const MANY: usize = 50;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Writes lines down. Through a worker they wait in the outbox for the next save, and are written with it.
    Note {
        /// The operation.
        op: OpId,
        /// The lines.
        lines: Vec<Line>,
        /// Who; each line has its own time.
        stamp: Stamp,
    },
    /// Writes down that a masked value is about to be shown in full, if this person may have one more today. Nothing may be shown
    /// before it is answered, so it never waits in the outbox.
    Reveal {
        /// The operation.
        op: OpId,
        /// Whose.
        customer: CustomerId,
        /// Which field, by its code.
        field: String,
        /// Why.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
}

impl Ask {
    /// Who and when.
    pub fn stamp(&self) -> &Stamp {
        match self {
            Ask::Note { stamp, .. } | Ask::Reveal { stamp, .. } => stamp,
        }
    }

    /// The operation, where it may wait in the outbox.
    pub fn op(&self) -> Option<OpId> {
        match self {
            Ask::Note { op, .. } => Some(*op),
            Ask::Reveal { .. } => None,
        }
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is written down, or kept on this PC until it is.
    Noted,
    /// This person has had all they may have today: nothing is shown, and that is written down.
    Over {
        /// How many those are.
        most: u32,
    },
    /// It is written down and may be shown.
    Granted {
        /// Whose.
        customer: CustomerId,
        /// Which field.
        field: String,
        /// How many this person may still have today.
        left: u32,
    },
}
