//! A household (家庭): a customer and the archives linked as members of the family, whichever of them the link stands in; each counted
//! once. Their own tiers stay what they are: the household's is shown beside them.

use super::ids::CustomerId;
use super::settings::Settings;
use super::tier::Tier;
use super::values::money::Fen;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One of the household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneOf {
    /// Which.
    pub id: CustomerId,
    /// 客户号
    pub no: String,
    /// 姓名
    pub name: String,
    /// Assets by the basis, if known.
    pub aum: Option<Fen>,
    /// Tier in force.
    pub tier: Option<Tier>,
    /// The data date of the assets.
    pub as_of: Option<NaiveDate>,
}

/// The household of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// The customer first, then the others by assets.
    pub members: Vec<OneOf>,
    /// Assets of all of them.
    pub aum: Option<Fen>,
    /// The tier that these would be in, by the same lines.
    pub tier: Option<Tier>,
    /// The oldest of their data dates: the sum is no younger.
    pub as_of: Option<NaiveDate>,
}

impl Household {
    /// The household of `own` with these others; `None` where there are none.
    pub fn of(own: OneOf, mut others: Vec<OneOf>, settings: &Settings) -> Option<Household> {
        others.retain(|o| o.id != own.id);
        others.sort_by_key(|o| (std::cmp::Reverse(o.aum), o.id));
        others.dedup_by_key(|o| o.id);
        if others.is_empty() {
            return None;
        }
        let members: Vec<OneOf> = std::iter::once(own).chain(others).collect();
        let known = members.iter().filter_map(|m| m.aum);
        let aum = known.reduce(|a, b| Fen(a.0.saturating_add(b.0)));
        let newest = members.iter().filter_map(|m| m.as_of).max();
        let tier = aum.zip(newest).map(|(aum, day)| settings.rules().lines(day).tier(aum));
        let as_of = members.iter().filter(|m| m.aum.is_some()).filter_map(|m| m.as_of).min();
        Some(Household { members, aum, tier, as_of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(id: i64, yuan: Option<i64>) -> OneOf {
        let as_of = yuan.and_then(|_| NaiveDate::from_ymd_opt(2026, 11, 20));
        OneOf {
            id: CustomerId(id),
            no: String::new(),
            name: String::new(),
            aum: yuan.map(Fen::of_yuan),
            tier: None,
            as_of,
        }
    }

    #[test]
    fn a_household_counts_everybody_once_and_is_tiered_by_the_sum() {
        let settings = Settings::default();
        let others = vec![one(2, Some(120_000)), one(3, None), one(2, Some(120_000)), one(1, Some(100_000))];
        let house = Household::of(one(1, Some(100_000)), others, &settings).unwrap();
        assert_eq!(house.members.iter().map(|m| m.id.0).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!((house.aum, house.tier), (Some(Fen::of_yuan(220_000)), Some(Tier::Potential)));
    }

    #[test]
    fn nobody_linked_is_no_household_and_no_figures_are_no_tier() {
        let settings = Settings::default();
        assert_eq!(Household::of(one(1, Some(5)), vec![one(1, Some(5))], &settings), None);
        let house = Household::of(one(1, None), vec![one(2, None)], &settings).unwrap();
        assert_eq!((house.aum, house.tier, house.as_of), (None, None, None));
    }
}
