//! 转介业绩: who brought a customer and who took them over. Of each hand-over that was accepted (转介) the introducer (引荐) has a share
//! of the setting, the one who took the customer (承接) the rest.

use crate::domain::agenda::Who;
use crate::domain::ids::StaffId;
use crate::domain::rights::Reach;
use crate::domain::values::money::Fen;
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Per cent of the introducer, unless the branch has another setting.
pub const HALF: u32 = 50;

/// A hand-over that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// The customer, as they stand now; without assets where the one who asks does not open them.
    pub who: Who,
    /// 引荐
    pub from: StaffId,
    /// 承接
    pub to: StaffId,
    /// The day it was accepted.
    pub day: NaiveDate,
}

/// What one person has of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// Customers brought.
    pub brought: u32,
    /// Customers taken over.
    pub taken: u32,
    /// Hundredths of customers credited.
    pub credit: u32,
    /// Assets credited.
    pub assets: Fen,
}

/// The hand-overs of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Over whose customers.
    pub reach: Reach,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The data date of the assets.
    pub as_of: Option<NaiveDate>,
    /// Per cent of the one who brought the customer.
    pub share: u32,
    /// Those counted, newest first.
    pub handed: Vec<Handed>,
    /// Who may be told of.
    pub people: Vec<StaffId>,
}

impl Credit {
    /// The assets of a hand-over as they are split: to who brought the customer, and to who took them; no fen is lost.
    pub fn split(&self, h: &Handed) -> (Fen, Fen) {
        let all = h.who.aum.unwrap_or_default();
        let brought = Fen(i64::try_from(i128::from(all.0) * i128::from(self.share.min(100)) / 100).unwrap_or_default());
        (brought, all - brought)
    }

    /// By person, most credit first.
    pub fn parts(&self) -> Vec<(StaffId, Part)> {
        let share = self.share.min(100);
        let mut all: BTreeMap<StaffId, Part> = BTreeMap::new();
        for h in &self.handed {
            let (brought, taken) = self.split(h);
            let from = all.entry(h.from).or_default();
            from.brought += 1;
            from.credit += share;
            from.assets += brought;
            let to = all.entry(h.to).or_default();
            to.taken += 1;
            to.credit += 100 - share;
            to.assets += taken;
        }
        let mut all: Vec<_> = all.into_iter().filter(|(id, _)| self.people.contains(id)).collect();
        all.sort_by_key(|(id, p)| (Reverse(p.credit), Reverse(p.assets), *id));
        all
    }

    /// The hand-overs that one person brought or took; all of them for nobody in particular.
    pub fn of(&self, person: Option<StaffId>) -> impl Iterator<Item = &Handed> {
        self.handed.iter().filter(move |h| person.is_none_or(|p| p == h.from || p == h.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::CustomerId;

    fn handed(id: i64, from: i64, to: i64, fen: Option<i64>) -> Handed {
        let who = Who {
            id: CustomerId(id),
            no: id.to_string(),
            name: String::new(),
            tier: None,
            aum: fen.map(Fen),
            owner: Some(StaffId(to)),
        };
        Handed { who, from: StaffId(from), to: StaffId(to), day: "2026-11-20".parse().unwrap() }
    }

    fn credit(share: u32, people: &[i64]) -> Credit {
        let day = |d: &str| d.parse().unwrap();
        Credit {
            reach: Reach::Branch,
            from: day("2026-11-01"),
            to: day("2026-11-21"),
            as_of: None,
            share,
            handed: vec![handed(1, 7, 8, Some(101)), handed(2, 7, 9, Some(1_000)), handed(3, 8, 9, None)],
            people: people.iter().copied().map(StaffId).collect(),
        }
    }

    #[test]
    fn a_customer_is_credited_once_however_it_is_split() {
        for share in [0, 30, 50, 100] {
            let c = credit(share, &[7, 8, 9]);
            let (credit, assets): (u32, Fen) =
                c.parts().iter().fold((0, Fen::ZERO), |(n, sum), (_, p)| (n + p.credit, sum + p.assets));
            assert_eq!((credit, assets), (300, Fen(1_101)), "{share}");
        }
        let told: Vec<_> = credit(30, &[7, 8, 9]).parts().iter().map(|(id, p)| (id.0, p.credit, p.assets.0)).collect();
        assert_eq!(told, [(9, 140, 700), (8, 100, 71), (7, 60, 330)]);
    }

    #[test]
    fn of_others_nothing_is_told_but_what_they_share_with_ones_own() {
        let c = credit(50, &[7]);
        assert_eq!(c.parts().len(), 1);
        assert_eq!(c.of(Some(StaffId(8))).count(), 2);
        assert_eq!(c.of(None).count(), 3);
    }
}
