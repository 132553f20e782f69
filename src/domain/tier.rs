//! Tiers (客户分级, domain.md "Tiers"): derived from assets and rules, never typed in; an override shows as one. How a
//! tier is stored or drawn does not live here.

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

/// The lines between the tiers: lower bounds, inclusive, of small, ordinary, potential, VIP, big.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines(pub [Fen; 5]);

impl Default for Lines {
    /// domain.md "Tiers": 0.1, 5, 20, 50, 300万.
    fn default() -> Self {
        Lines([1_000, 50_000, 200_000, 500_000, 3_000_000].map(Fen::of_yuan))
    }
}

/// How far a customer is from a line: which tier it leads to, and the fen missing (up) or above it (down).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The tier on the other side of the line.
    pub to: Tier,
    /// Distance in fen, never negative.
    pub gap: Fen,
}

impl Lines {
    /// The tier of an amount; ranges are half-open, 5万 exactly is ordinary.
    pub fn tier(&self, aum: Fen) -> Tier {
        let passed = self.0.iter().take_while(|line| aum >= **line).count();
        Tier::ALL.get(passed).copied().unwrap_or(Tier::Big)
    }

    /// The lower line of a tier; `None` for untiered, which has none.
    pub fn lower(&self, tier: Tier) -> Option<Fen> {
        tier.rank().checked_sub(1).and_then(|i| self.0.get(i)).copied()
    }

    /// The next line up is within `percent` of itself above `aum` (临界升): a customer worth lifting.
    pub fn near_up(&self, aum: Fen, percent: u32) -> Option<Near> {
        let to = self.tier(aum).up()?;
        let line = self.lower(to)?;
        let gap = line.0 - aum.0;
        (i128::from(gap) * 100 <= i128::from(line.0) * i128::from(percent)).then_some(Near { to, gap: Fen(gap) })
    }

    /// The lower line of the own tier is within `percent` of itself below `aum` (临界降): a customer worth holding.
    pub fn near_down(&self, aum: Fen, percent: u32) -> Option<Near> {
        let tier = self.tier(aum);
        let line = self.lower(tier)?;
        let gap = aum.0 - line.0;
        let to = Tier::ALL.get(tier.rank().checked_sub(1)?).copied()?;
        (i128::from(gap) * 100 <= i128::from(line.0) * i128::from(percent)).then_some(Near { to, gap: Fen(gap) })
    }
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
}

/// The tier in force on `today`: an override that has not ended, else by figures; `None` without figures.
pub fn in_force(
    figures: Option<&Figures>,
    held: Option<&Override>,
    lines: &Lines,
    basis: Basis,
    today: NaiveDate,
) -> Option<Tier> {
    match held {
        Some(o) if o.until >= today => Some(o.tier),
        _ => figures.map(|f| lines.tier(f.aum(basis))),
    }
}
