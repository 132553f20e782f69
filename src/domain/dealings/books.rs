//! Everything the extracts say of one customer, as it is read together: what is in force, what has gone since, and of which day each is.

use super::holding::Holding;
use super::loan::{Loan, Record};
use super::rating::Rating;
use super::service::Service;
use super::txn::Txn;
use crate::domain::ids::CustomerId;
use crate::domain::values::money::Fen;
use chrono::NaiveDate;

/// A fact of a full list, and since which data date the list no longer has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// What the list said last.
    pub fact: T,
    /// The data date of the list that lacks it; none while it is listed.
    pub gone: Option<NaiveDate>,
}

impl<T> Listed<T> {
    /// Whether the newest list has it.
    pub fn stands(&self) -> bool {
        self.gone.is_none()
    }
}

/// What came in and went out in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// The first of the month.
    pub first: NaiveDate,
    /// 贷, what came in.
    pub came: Fen,
    /// 借, what went out, not negative.
    pub went: Fen,
    /// Transactions.
    pub count: u32,
}

/// The data date of each layout: of the newest file of it that counts. That of the figures stands in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dates {
    /// 持有
    pub holdings: Option<NaiveDate>,
    /// 贷款
    pub loans: Option<NaiveDate>,
    /// 签约
    pub services: Option<NaiveDate>,
    /// 评级
    pub ratings: Option<NaiveDate>,
    /// 交易
    pub txns: Option<NaiveDate>,
}

/// What a customer has and does with the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Books {
    /// Whose.
    pub customer: CustomerId,
    /// 持有, those listed first, by the day they end; what has no end last.
    pub holdings: Vec<Listed<Holding>>,
    /// 贷款 with what was seen of each, those listed first, newest first.
    pub loans: Vec<(Listed<Loan>, Record)>,
    /// 签约, those listed first.
    pub services: Vec<Listed<Service>>,
    /// 评级, newest first.
    pub ratings: Vec<Rating>,
    /// The last thirteen months, oldest first.
    pub months: Vec<Month>,
    /// 交易, the newest 200, newest first.
    pub txns: Vec<Txn>,
    /// How many transactions there are.
    pub txns_total: u32,
    /// Of which day each is.
    pub dates: Dates,
}

impl Books {
    /// What the holdings listed sum up to, and how many there are.
    pub fn held(&self) -> (Fen, usize) {
        let listed = self.holdings.iter().filter(|h| h.stands());
        (Fen(listed.clone().map(|h| h.fact.amount.0).sum()), listed.count())
    }
}

/// Transactions found among a customer's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// A page of them, newest first.
    pub txns: Vec<Txn>,
    /// How many there are in all.
    pub total: u32,
    /// What came in with all of them.
    pub came: Fen,
    /// What went out with all of them, not negative.
    pub went: Fen,
    /// There are older ones than those of the page.
    pub more: bool,
}
