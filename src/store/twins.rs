//! Who is who: archives that may be one person's, two archives merged into one, and what puts them apart again.

pub(super) mod find;
mod image;
mod merge;
mod part;
pub(super) mod read;
pub(super) mod write;

use super::stamp::Stamp;
use crate::domain::agenda::Who;
use crate::domain::customer::Customer;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::index::row::Row;
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Pairs that may be one person, the latest merges, and pairs found to be two.
    Find,
    /// Two archives side by side.
    Pair {
        /// The one that is to stay.
        keep: CustomerId,
        /// The one that is to go into it.
        other: CustomerId,
    },
    /// The archive of a number that was merged into another.
    Merged {
        /// The number.
        no: String,
    },
    /// Merges one archive into another.
    Merge {
        /// The operation.
        op: OpId,
        /// Stays.
        keep: CustomerId,
        /// Goes into it.
        other: CustomerId,
        /// The revs that were compared, in that order.
        revs: (i64, i64),
        /// The fields taken from the one that goes.
        take: Vec<String>,
        /// Who and when.
        stamp: Stamp,
    },
    /// Parts a merged archive again.
    Part {
        /// The operation.
        op: OpId,
        /// The one that was merged.
        other: CustomerId,
        /// Who and when.
        stamp: Stamp,
    },
    /// Two archives are of two people, and no pair any more; or, without a reason, may be a pair again.
    Apart {
        /// The operation.
        op: OpId,
        /// One.
        a: CustomerId,
        /// The other.
        b: CustomerId,
        /// How that is known; `None` takes it back.
        reason: Option<String>,
        /// Who and when.
        stamp: Stamp,
    },
}

impl Ask {
    /// The operation and who writes, of those that write.
    pub fn write(&self) -> Option<(OpId, &Stamp)> {
        match self {
            Ask::Merge { op, stamp, .. } | Ask::Part { op, stamp, .. } | Ask::Apart { op, stamp, .. } => {
                Some((*op, stamp))
            }
            Ask::Find | Ask::Pair { .. } | Ask::Merged { .. } => None,
        }
    }
}

/// By what two archives look like one person's, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The same document: certain.
    Document,
    /// The same phone and name: likely.
    PhoneAndName,
    /// The same name and birthday: possible.
    NameAndBirthday,
}

/// Two archives that may be one person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The one with more assets.
    pub a: Who,
    /// The other.
    pub b: Who,
    /// By what, the surest first; never empty.
    pub by: Vec<By>,
}

/// A merge that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// The archive that was merged.
    pub id: CustomerId,
    /// Its number.
    pub no: String,
    /// Its name.
    pub name: String,
    /// The archive it is in.
    pub into: (CustomerId, String, String),
    /// When.
    pub at: NaiveDateTime,
    /// Who.
    pub by: StaffId,
}

/// A pair found to be two people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parted {
    /// One.
    pub a: (CustomerId, String, String),
    /// The other.
    pub b: (CustomerId, String, String),
    /// How that is known.
    pub reason: String,
    /// Who said so.
    pub by: StaffId,
    /// When.
    pub at: NaiveDateTime,
}

/// Everything the list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Pairs, the surest first, then those with most assets; at most 200.
    pub pairs: Vec<Pair>,
    /// How many there are in all.
    pub total: usize,
    /// The latest merges.
    pub recent: Vec<Recent>,
    /// The latest pairs found to be two people.
    pub apart: Vec<Parted>,
}

/// One archive as it stands beside another.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The archive.
    pub customer: Customer,
    /// In a line.
    pub one: Who,
    /// When it was last saved.
    pub updated: NaiveDateTime,
    /// What hangs on it: contacts, own tasks, parts, holdings, loans.
    pub hangs: [u32; 5],
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// The list.
    Found(Box<Found>),
    /// Two archives: the one that is to stay, the one that is to go.
    Pair(Box<(Side, Side)>),
    /// The row of a merged archive.
    Merged(Option<CustomerId>),
    /// Merged, parted, or said to be two: the index rows of those that are there, the ids of those that are not.
    Done {
        /// The one that stays.
        keep: CustomerId,
        /// Rows of the index.
        rows: Vec<Row>,
        /// Gone from it.
        gone: Vec<CustomerId>,
        /// The newest seq.
        seq: i64,
    },
    /// One of the two was changed since they were compared; nothing was merged.
    Changed {
        /// Whose archive.
        name: String,
        /// Which fields.
        fields: Vec<String>,
        /// Who, when.
        by: Option<(StaffId, NaiveDateTime)>,
    },
}

/// The smaller id first, as pairs are kept.
fn ordered(a: CustomerId, b: CustomerId) -> (i64, i64) {
    (a.0.min(b.0), a.0.max(b.0))
}
