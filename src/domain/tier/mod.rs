//! Tiers (客户分级, domain.md "Tiers"): derived from assets and rules, never typed in; an override shows as one. How a
//! tier is stored or drawn does not live here.

pub mod fold;
pub mod lines;
pub mod moves;
pub mod rules;
pub mod what_if;

pub use fold::{State, Step, Verdict};
pub use lines::{Lines, Near};
pub use moves::{Move, Why};
pub use rules::Rules;

use super::ids::StaffId;
use super::text::{Text, t};
use super::values::money::Fen;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One of the five tiers, or below the lowest line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// 未分级, under 0.1万.
    Untiered,
    /// 小客户, 0.1–5万.
    Small,
    /// 普通客户, 5–20万.
    Ordinary,
    /// 潜力客户, 20–50万.
    Potential,
    /// 贵宾客户, 50–300万.
    Vip,
    /// 大客户, from 300万.
    Big,
}

impl Tier {
    /// All tiers, lowest first.
    pub const ALL: [Tier; 6] = [Tier::Untiered, Tier::Small, Tier::Ordinary, Tier::Potential, Tier::Vip, Tier::Big];

    /// The code of domain.md.
    pub const fn code(self) -> &'static str {
        match self {
            Tier::Untiered => "untiered",
            Tier::Small => "small",
            Tier::Ordinary => "ordinary",
            Tier::Potential => "potential",
            Tier::Vip => "vip",
            Tier::Big => "big",
        }
    }

    /// 0 for untiered to 5 for big, as stored.
    pub const fn rank(self) -> usize {
        self as usize
    }

    /// The tier of a stored rank.
    pub fn of_rank(rank: i64) -> Option<Tier> {
        usize::try_from(rank).ok().and_then(|r| Tier::ALL.get(r)).copied()
    }

    /// The tier with this code or label.
    pub fn parse(s: &str) -> Option<Tier> {
        Tier::ALL.into_iter().find(|x| {
            x.code().eq_ignore_ascii_case(s)
                || x.label().zh == s
                || x.short().zh == s
                || x.label().en.eq_ignore_ascii_case(s)
        })
    }

    /// The full name.
    pub const fn label(self) -> Text {
        match self {
            Tier::Untiered => t("未分级", "Untiered"),
            Tier::Small => t("小客户", "Small"),
            Tier::Ordinary => t("普通客户", "Ordinary"),
            Tier::Potential => t("潜力客户", "Potential"),
            Tier::Vip => t("贵宾客户", "VIP"),
            Tier::Big => t("大客户", "Big"),
        }
    }

    /// The badge: at most six cells.
    pub const fn short(self) -> Text {
        match self {
            Tier::Untiered => t("未分级", "None"),
            Tier::Small => t("小", "Small"),
            Tier::Ordinary => t("普通", "Ordin."),
            Tier::Potential => t("潜力", "Poten."),
            Tier::Vip => t("贵宾", "VIP"),
            Tier::Big => t("大", "Big"),
        }
    }

    /// The next tier up.
    pub fn up(self) -> Option<Tier> {
        Tier::ALL.get(self.rank() + 1).copied()
    }
}

/// Which figure the tiers are cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 月日均, where the bank has it.
    #[default]
    MonthlyAverage,
    /// The balance on the day of the data.
    Balance,
}

/// A tier set by hand, with a reason and an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The tier it is held at.
    pub tier: Tier,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: StaffId,
    /// Last day it holds.
    pub until: NaiveDate,
}

/// The figures of one data date, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The day the core system's extract is of.
    pub as_of: NaiveDate,
    /// 活期
    pub demand: Fen,
    /// 定期
    pub fixed: Fen,
    /// 理财
    pub wealth: Fen,
    /// 基金
    pub fund: Fen,
    /// 保险
    pub insurance: Fen,
    /// 国债
    pub bond: Fen,
    /// AUM时点: assets on the day.
    pub balance: Fen,
    /// AUM月日均: average of the month's days; `None` where the bank has none.
    pub average: Option<Fen>,
}

impl Figures {
    /// The figure the tiers are cut by.
    pub fn aum(&self, basis: Basis) -> Fen {
        match basis {
            Basis::MonthlyAverage => self.average.unwrap_or(self.balance),
            Basis::Balance => self.balance,
        }
    }

    /// Whether the parts make up the whole.
    pub fn adds_up(&self) -> bool {
        let parts = [self.demand, self.fixed, self.wealth, self.fund, self.insurance, self.bond];
        parts.iter().map(|part| i128::from(part.0)).sum::<i128>() == i128::from(self.balance.0)
    }
}
