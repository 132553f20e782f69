//! 业务往来: what the core system's extracts say of customers, in versions by batch, so that a file arrives whole and can be taken back.

mod absent;
pub(super) mod anew;
pub(super) mod arrived;
pub mod batches;
pub mod before;
pub(super) mod books;
mod clean;
pub(super) mod contracts;
pub mod fact;
pub(super) mod figures;
mod flip;
pub mod given;
pub(super) mod hashes;
pub(super) mod household;
mod later;
pub(super) mod loans;
pub mod look;
pub mod mapping;
pub(super) mod moves;
mod numbers;
mod place;
pub(super) mod read;
pub(super) mod seen;
pub mod signals;
pub mod stage;
pub(super) mod tiers;
pub(super) mod txns;
pub mod undo;
mod unload;
pub(super) mod what_if;

pub(super) use seen::{ENDED, PUT, SEEN};

use crate::domain::dealings::books::{Books, Found};
use crate::domain::ids::CustomerId;
use chrono::NaiveDate;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Everything the extracts say of a customer, but for the figures.
    Books {
        /// Whose.
        customer: CustomerId,
        /// Today: the months end with this one.
        today: NaiveDate,
    },
    /// Transactions of a customer, newest first, a page at a time.
    Txns {
        /// Whose.
        customer: CustomerId,
        /// What was typed ([`crate::domain::dealings::txn::Wanted`]); empty finds all.
        text: String,
        /// Today, for months and days without a year.
        today: NaiveDate,
        /// Only those older than this one (day and serial), which ended the page before.
        before: Option<(NaiveDate, String)>,
    },
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// What a customer has and does with the bank.
    Books(Box<Books>),
    /// Transactions found.
    Txns {
        /// Whose.
        customer: CustomerId,
        /// What was looked for.
        text: String,
        /// Whether it is a page after the first.
        further: bool,
        /// Those found.
        found: Box<Found>,
    },
}
