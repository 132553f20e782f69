//! What a column of the tier board is, and what was last asked for, kept. How it is made is `board`'s.

use crate::domain::ids::StaffId;
use crate::domain::lifecycle::Stage;
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
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
    /// Their assets by the basis of the settings, where the one who looks sees those of all of them.
    pub aum: Option<Fen>,
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

/// What the board last asked for, kept until a customer changes.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) groups: Vec<(GroupBy, Vec<Group>)>,
    /// Places of the cards of a column in order of assets.
    pub(super) orders: BTreeMap<GroupKey, Vec<Place>>,
    pub(super) top_fifth: Option<Option<Fen>>,
}

/// A row of a segment: the segment in the highest four bits. There are never sixteen segments, nor 200 million rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Place {
    const ROWS: u32 = 28;

    pub(super) fn new(segment: usize, row: u32) -> Place {
        Place((segment as u32) << Place::ROWS | row)
    }

    pub(super) fn parts(self) -> (usize, u32) {
        ((self.0 >> Place::ROWS) as usize, self.0 & ((1 << Place::ROWS) - 1))
    }
}
