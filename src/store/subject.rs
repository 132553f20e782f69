//! What customers agreed to, what they asked of their data, and what became of it (domain.md "PIPL"). The rules are in `domain::consent` and
//! `domain::subject`; how far a request is say the marks on its lines of the queue.

mod cases;
mod consent;
mod erase;
pub(super) mod gone;
mod held;
pub(super) mod lines;
pub(super) mod read;
pub(super) mod rights;
mod told;
pub(super) mod write;

use super::customers::Opened;
use super::stamp::Stamp;
use crate::domain::change::Change;
use crate::domain::consent::{Channel, Purpose};
use crate::domain::contact::Contact;
use crate::domain::ids::{CustomerId, OpId};
use crate::domain::subject::{Certificate, Kind, Privacy, Tie};
use crate::domain::text::Text;
use crate::index::row::Row;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Whether somebody may be erased, and what stands in the way.
    Check {
        /// Whose archive.
        customer: CustomerId,
        /// Today.
        today: NaiveDate,
    },
    /// Everything held of somebody, for the access report.
    Held {
        /// Whose archive.
        customer: CustomerId,
        /// Today.
        today: NaiveDate,
    },
    /// The certificate of somebody who was erased.
    Certificate {
        /// Whose archive.
        customer: CustomerId,
    },
    /// Writes down what a customer agreed to or withdrew.
    Consent {
        /// The operation.
        op: OpId,
        /// Who said it.
        customer: CustomerId,
        /// For what.
        purpose: Purpose,
        /// By which channel.
        channel: Channel,
        /// Agreed, else withdrawn.
        agreed: bool,
        /// 签字单号, 录音, 当面.
        evidence: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Takes a request.
    Take {
        /// The operation.
        op: OpId,
        /// Whose.
        customer: CustomerId,
        /// What is asked.
        kind: Kind,
        /// In the customer's words.
        note: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Writes down that the access report leaves the program, before it does. In full it takes a checked request and a second person's
    /// word.
    Told {
        /// The operation.
        op: OpId,
        /// Of whom.
        customer: CustomerId,
        /// Numbers in full.
        bare: bool,
        /// Where it goes.
        target: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Erases somebody who asked for it; the stamp carries the second person's word.
    Erase {
        /// The operation.
        op: OpId,
        /// Whose archive.
        customer: CustomerId,
        /// Who and when.
        stamp: Stamp,
    },
}

impl Ask {
    /// The operation of a write, and who writes when; `None` for a read.
    pub fn write(&self) -> Option<(OpId, &Stamp)> {
        match self {
            Ask::Check { .. } | Ask::Held { .. } | Ask::Certificate { .. } => None,
            Ask::Consent { op, stamp, .. }
            | Ask::Take { op, stamp, .. }
            | Ask::Told { op, stamp, .. }
            | Ask::Erase { op, stamp, .. } => Some((*op, stamp)),
        }
    }
}

/// Rows of one table as they are told to the person they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What they are.
    pub name: Text,
    /// The columns.
    pub heads: &'static [Text],
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// Everything held of somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The archive as it is opened.
    pub opened: Opened,
    /// The whole ledger, oldest first.
    pub contacts: Vec<Contact>,
    /// What the extracts say, and tasks about the customer.
    pub tables: Vec<Table>,
    /// All changes, oldest first.
    pub changes: Vec<Change>,
    /// All looks and exports that name the customer, oldest first.
    pub looks: Vec<Change>,
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// What stands in the way of erasing somebody; nothing when they may be erased.
    Check {
        /// Whose archive.
        customer: CustomerId,
        /// Why not.
        ties: Vec<Tie>,
    },
    /// Everything held.
    Held(Box<Held>),
    /// The certificate, where somebody was erased.
    Certificate(Option<Box<Certificate>>),
    /// Written down; how it stands with the customer's rights now.
    Noted {
        /// Whose.
        customer: CustomerId,
        /// How it stands.
        privacy: Box<Privacy>,
    },
    /// Erased.
    Erased {
        /// The proof.
        certificate: Box<Certificate>,
        /// What is left for the index.
        row: Box<Row>,
    },
}
