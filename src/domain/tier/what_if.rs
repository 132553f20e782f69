//! What other rules would do, told before anything is done: who would move from where to where. Nobody held by hand moves.

use super::Tier;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::values::money::Fen;
use chrono::NaiveDate;
use serde::Serialize;

/// Customers told by name of each kind of move, those with most assets.
pub const NAMED: usize = 50;

/// Everybody who would move from one tier to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// From.
    pub from: Tier,
    /// To.
    pub to: Tier,
    /// How many.
    pub count: u64,
    /// Their assets by the basis tried; nothing for who does not see those of everybody.
    pub aum: Option<Fen>,
    /// Those with most assets, at most [`NAMED`].
    pub top: Vec<Mover>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mover {
    /// Which.
    pub id: CustomerId,
    /// 客户号
    pub no: String,
    /// 姓名
    pub name: String,
    /// 责任人
    pub owner: Option<StaffId>,
    /// Assets by the basis tried.
    pub aum: Fen,
}

/// What would happen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct WhatIf {
    /// The newest data date.
    pub as_of: Option<NaiveDate>,
    /// Who would move, rises first, the higher tiers first.
    pub flows: Vec<Flow>,
    /// Customers by tier as it is.
    pub before: [u64; 6],
    /// Customers by tier as it would be.
    pub after: [u64; 6],
}

impl WhatIf {
    /// How many would rise and how many fall.
    pub fn sums(&self) -> (u64, u64) {
        let count = |up: bool| self.flows.iter().filter(|f| (f.to > f.from) == up).map(|f| f.count).sum();
        (count(true), count(false))
    }

    /// Counts a customer; whoever moves is among those named if their assets are.
    pub fn count(&mut self, id: CustomerId, aum: Fen, from: Tier, to: Tier) {
        for (counts, tier) in [(&mut self.before, from), (&mut self.after, to)] {
            if let Some(count) = counts.get_mut(tier.rank()) {
                *count += 1;
            }
        }
        if from == to {
            return;
        }
        let at = self.flows.iter().position(|f| (f.from, f.to) == (from, to)).unwrap_or(self.flows.len());
        if at == self.flows.len() {
            self.flows.push(Flow { from, to, count: 0, aum: Some(Fen::ZERO), top: Vec::new() });
        }
        let Some(flow) = self.flows.get_mut(at) else { return };
        flow.count += 1;
        flow.aum = flow.aum.map(|sum| Fen(sum.0.saturating_add(aum.0)));
        let place = flow.top.partition_point(|m| m.aum >= aum);
        if place < NAMED {
            flow.top.insert(place, Mover { id, no: String::new(), name: String::new(), owner: None, aum });
            flow.top.truncate(NAMED);
        }
    }

    /// Puts the moves in order: rises first, the higher tiers first.
    pub fn sort(&mut self) {
        self.flows.sort_by_key(|f| (f.to < f.from, std::cmp::Reverse((f.to.max(f.from), f.to, f.from))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_counted_by_from_and_to_and_the_richest_are_named() {
        let mut what_if = WhatIf::default();
        for n in 1..=60 {
            what_if.count(CustomerId(n), Fen(n), Tier::Potential, Tier::Ordinary);
        }
        what_if.count(CustomerId(61), Fen(61), Tier::Ordinary, Tier::Potential);
        what_if.count(CustomerId(62), Fen(62), Tier::Vip, Tier::Vip);
        what_if.sort();
        assert_eq!(what_if.sums(), (1, 60));
        assert_eq!(
            what_if.flows.iter().map(|f| (f.to, f.count)).collect::<Vec<_>>(),
            [(Tier::Potential, 1), (Tier::Ordinary, 60)]
        );
        let top = &what_if.flows[1].top;
        assert_eq!((top.len(), top[0].aum, top[49].aum), (NAMED, Fen(60), Fen(11)));
        assert_eq!((what_if.before, what_if.after), ([0, 0, 1, 60, 1, 0], [0, 0, 60, 1, 1, 0]));
    }
}
