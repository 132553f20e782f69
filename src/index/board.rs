//! Columns of the tier board, without SQL: groups with their sums, cards in order of assets, who is near a line. How a card
//! looks does not live here.

use super::row::Row;
use super::search::Index;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::lifecycle::Stage;
use crate::domain::tier::{Lines, Near, Tier};
use crate::domain::values::money::Fen;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What the board is grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum GroupBy {
    /// Tier in force.
    #[default]
    Tier,
    /// 责任人
    Owner,
    /// 片区
    Area,
    /// Life-cycle stage.
    Stage,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// A tier; `None` is without figures, which is not untiered.
    Tier(Option<Tier>),
    /// A keeper, or nobody.
    Owner(Option<StaffId>),
    /// An area; empty is none.
    Area(String),
    /// A stage, or unknown.
    Stage(Option<Stage>),
}

/// A column with its sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Which.
    pub key: GroupKey,
    /// Customers.
    pub count: usize,
    /// Their assets by the basis of the settings.
    pub aum: Fen,
}

fn key_of(row: &Row, by: GroupBy) -> GroupKey {
    match by {
        GroupBy::Tier => GroupKey::Tier(row.tier),
        GroupBy::Owner => GroupKey::Owner(row.owner),
        GroupBy::Area => GroupKey::Area(row.area.clone()),
        GroupBy::Stage => GroupKey::Stage(row.stage),
    }
}

impl GroupKey {
    /// What it groups by.
    pub const fn by(&self) -> GroupBy {
        match self {
            GroupKey::Tier(_) => GroupBy::Tier,
            GroupKey::Owner(_) => GroupBy::Owner,
            GroupKey::Area(_) => GroupBy::Area,
            GroupKey::Stage(_) => GroupBy::Stage,
        }
    }
}

impl Index {
    /// The columns: tiers and stages all and in their order (those without one last), keepers and areas that have customers,
    /// most assets first, nobody's last.
    pub fn groups(&self, by: GroupBy) -> Vec<Group> {
        let mut sums: BTreeMap<GroupKey, (usize, i64)> = match by {
            GroupBy::Tier => {
                Tier::ALL.into_iter().map(Some).chain([None]).map(|x| (GroupKey::Tier(x), (0, 0))).collect()
            }
            GroupBy::Stage => {
                Stage::ALL.into_iter().map(Some).chain([None]).map(|x| (GroupKey::Stage(x), (0, 0))).collect()
            }
            GroupBy::Owner | GroupBy::Area => BTreeMap::new(),
        };
        for row in &self.rows {
            let sum = sums.entry(key_of(row, by)).or_default();
            sum.0 += 1;
            sum.1 += row.aum.map_or(0, |a| a.0);
        }
        let mut groups: Vec<Group> =
            sums.into_iter().map(|(key, (count, aum))| Group { key, count, aum: Fen(aum) }).collect();
        groups.sort_by_key(|g| match &g.key {
            GroupKey::Tier(x) => (x.is_none(), Reverse(0)),
            GroupKey::Stage(x) => (x.is_none(), Reverse(0)),
            GroupKey::Owner(x) => (x.is_none(), Reverse(g.aum.0)),
            GroupKey::Area(x) => (x.is_empty(), Reverse(g.aum.0)),
        });
        groups
    }

    /// `n` cards of a column from position `from`, most assets first.
    pub fn column(&self, key: &GroupKey, from: usize, n: usize) -> Vec<Row> {
        self.rows.iter().filter(|r| key_of(r, key.by()) == *key).skip(from).take(n).cloned().collect()
    }

    /// Where a customer stands in a column.
    pub fn position(&self, key: &GroupKey, id: CustomerId) -> Option<usize> {
        self.rows.iter().filter(|r| key_of(r, key.by()) == *key).position(|r| r.id == id)
    }

    /// Customers within `percent` of a line, below it (`up`) or above the line of their own tier, nearest first as a share of
    /// the line, at most `limit`.
    pub fn near(&self, lines: &Lines, percent: u32, up: bool, limit: usize) -> Vec<(Row, Near)> {
        let near = |aum| if up { lines.near_up(aum, percent) } else { lines.near_down(aum, percent) };
        let mut found: Vec<(Row, Near)> =
            self.rows.iter().filter_map(|r| r.aum.and_then(near).map(|n| (r.clone(), n))).collect();
        found.sort_by_key(|(row, n)| (share(n, row, up), Reverse(row.aum), row.id));
        found.truncate(limit);
        found
    }

    /// The assets from which a customer is among the top 20 % of those with figures.
    pub fn top_fifth_line(&self) -> Option<Fen> {
        let with = self.rows.iter().filter(|r| r.aum.is_some()).count();
        self.rows.get(with.div_ceil(5).checked_sub(1)?)?.aum
    }
}

/// The gap in millionths of the line.
fn share(near: &Near, row: &Row, up: bool) -> i128 {
    let aum = i128::from(row.aum.map_or(0, |a| a.0));
    let gap = i128::from(near.gap.0);
    let line = if up { aum + gap } else { aum - gap };
    gap * 1_000_000 / line.max(1)
}
