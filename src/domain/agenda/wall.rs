//! 到期墙: what matures in the coming days, by day, sum and keeper; and where what matured went. How it is read does not live here.

use super::Who;
use crate::domain::dealings::due::{Kept, Stay};
use crate::domain::ids::StaffId;
use crate::domain::values::money::Fen;
use chrono::NaiveDate;

/// Days that the wall looks ahead, today with them.
pub const DAYS: u64 = 30;

/// Contracts put together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heap {
    /// How many.
    pub count: u32,
    /// Their sum.
    pub amount: Fen,
    /// How many of them were spoken of: a contact or a result.
    pub spoken: u32,
    /// By keeper, the largest sum first.
    pub keepers: Vec<(Option<StaffId>, Fen)>,
}

impl Heap {
    /// Adds a contract.
    pub fn add(&mut self, amount: Fen, keeper: Option<StaffId>, spoken: bool) {
        self.count += 1;
        self.amount += amount;
        self.spoken += u32::from(spoken);
        match self.keepers.iter_mut().find(|(k, _)| *k == keeper) {
            Some((_, sum)) => *sum += amount,
            None => self.keepers.push((keeper, amount)),
        }
        self.keepers.sort_by_key(|(keeper, sum)| (std::cmp::Reverse(*sum), *keeper));
    }
}

/// The wall of a scope.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wall {
    /// The data date of the newest list of holdings; none before there is one.
    pub as_of: Option<NaiveDate>,
    /// Days on which something matures, in order.
    pub days: Vec<(NaiveDate, Heap)>,
    /// What matured and of which nobody knows where it went.
    pub open: Heap,
    /// What matured in the days looked back on.
    pub kept: Kept,
    /// Contracts of the days ahead whose sums the one who looks does not see; they are in no sum.
    pub beyond: u32,
}

impl Wall {
    /// All that matures in the days ahead: contracts and sum.
    pub fn total(&self) -> (u32, Fen) {
        (self.days.iter().map(|(_, h)| h.count).sum(), self.days.iter().map(|(_, h)| h.amount).sum())
    }
}

/// A contract on the wall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brick {
    /// The key of its line in the queue.
    pub key: String,
    /// Whose.
    pub who: Who,
    /// 产品
    pub product: String,
    /// 金额
    pub amount: Fen,
    /// 到期日
    pub ends: NaiveDate,
    /// What becomes of it, if that is recorded.
    pub stay: Option<Stay>,
    /// A contact was logged for it, or it was marked.
    pub spoken: bool,
    /// Of a matured one: what is in newer holdings of the customer.
    pub newer: Option<Fen>,
}
