//! 业绩统计: outflow by bank, borrowers who stay and borrow again, targets and what was reached, who brought
//! and who took customers. What they come to is the domain's business (`domain::results`).

mod credit;
mod loyal;
mod outflow;
pub(super) mod read;
mod scores;

use crate::domain::ids::StaffId;
use crate::domain::results::credit::Credit;
use crate::domain::results::loyal::Loyal;
use crate::domain::results::outflow::Outflow;
use crate::domain::results::targets::Scores;
use chrono::NaiveDate;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What.
    pub what: What,
    /// Who asks.
    pub by: StaffId,
    /// Today.
    pub today: NaiveDate,
}

/// Which figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Money that went to other banks within so many days, today with them.
    Outflow(u16),
    /// Borrowers, by years and by how many borrow again.
    Loyal,
    /// What was reached in the month that begins on this day.
    Scores(NaiveDate),
    /// Who brought and who took customers in that month.
    Credit(NaiveDate),
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// Money that went to other banks.
    Outflow(Box<Outflow>),
    /// Borrowers.
    Loyal(Box<Loyal>),
    /// What was reached.
    Scores(Box<Scores>),
    /// Who brought and who took customers.
    Credit(Box<Credit>),
}
