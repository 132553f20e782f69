//! The ledger: logging a contact, which also sets the next date and does a line of the queue.

pub(super) mod log;

use super::stamp::Stamp;
use crate::domain::contact::{Channel, Contact, Outcome};
use crate::domain::ids::{ContactId, CustomerId, OpId};
use crate::index::row::Row;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Logs a contact.
    Log {
        /// The operation.
        op: OpId,
        /// With whom.
        customer: CustomerId,
        /// How.
        channel: Channel,
        /// What came of it.
        outcome: Outcome,
        /// What was said.
        note: String,
        /// The next date; `None` takes the cadence (or the retry after no answer).
        next: Option<NaiveDate>,
        /// The line of the queue it does. An unanswered try does not do it, it comes back on the retry day.
        task: Option<String>,
        /// Who and when.
        stamp: Stamp,
    },
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// Logged.
    Logged {
        /// The contact.
        contact: ContactId,
        /// With whom.
        customer: CustomerId,
        /// What a colleague told the customer, or heard, today already.
        also: Option<Box<Contact>>,
        /// When the next visit is due now.
        next: Option<NaiveDate>,
        /// The customer's row in the index.
        row: Box<Row>,
        /// The newest seq.
        seq: i64,
    },
}
