//! The life-cycle stage of a customer (生命周期, domain.md "Tiers", feature 62): derived from dealings by the rule in the
//! settings, never typed in.

use super::text::{Text, t};
use super::values::money::Fen;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a customer stands with the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 潜在: no account yet.
    Prospect,
    /// 初次: account opened within the first-time days.
    FirstTime,
    /// 活跃: holds assets.
    Active,
    /// 忠诚: holds assets of the loyal sum for the loyal years.
    Loyal,
    /// 流失: account open, assets gone.
    Lapsed,
    /// 挽回: was lapsed, holds assets again.
    WonBack,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Stage; 6] =
        [Stage::Prospect, Stage::FirstTime, Stage::Active, Stage::Loyal, Stage::Lapsed, Stage::WonBack];

    /// The code stored and typed.
    pub const fn code(self) -> &'static str {
        match self {
            Stage::Prospect => "prospect",
            Stage::FirstTime => "first_time",
            Stage::Active => "active",
            Stage::Loyal => "loyal",
            Stage::Lapsed => "lapsed",
            Stage::WonBack => "won_back",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Stage::Prospect => t("潜在", "Prospect"),
            Stage::FirstTime => t("初次", "First-time"),
            Stage::Active => t("活跃", "Active"),
            Stage::Loyal => t("忠诚", "Loyal"),
            Stage::Lapsed => t("流失", "Lapsed"),
            Stage::WonBack => t("挽回", "Won back"),
        }
    }

    /// The stage of a stored rank.
    pub fn of_rank(rank: i64) -> Option<Stage> {
        usize::try_from(rank).ok().and_then(|r| Stage::ALL.get(r)).copied()
    }

    /// The stage with this code or label.
    pub fn parse(s: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|x| x.code() == s || x.label().zh == s || x.label().en.eq_ignore_ascii_case(s))
    }
}

/// The rule (feature 62), a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// Under this, an open account counts as lapsed.
    pub empty_below: Fen,
    /// Days after opening during which a customer is first-time.
    pub first_days: u32,
    /// Years with the bank from which a customer with the loyal sum is loyal.
    pub loyal_years: u32,
    /// The loyal sum.
    pub loyal_from: Fen,
}

impl Default for Rule {
    fn default() -> Self {
        Rule { empty_below: Fen::of_yuan(10), first_days: 180, loyal_years: 3, loyal_from: Fen::of_yuan(50_000) }
    }
}

impl Rule {
    /// The stage of a customer who opened on `opened`, holds `aum` now, and was lapsed before or not.
    pub fn stage(&self, opened: Option<NaiveDate>, aum: Option<Fen>, was_lapsed: bool, today: NaiveDate) -> Stage {
        if opened.is_none() && aum.is_none() {
            return Stage::Prospect;
        }
        let days = opened.map_or(i64::MAX, |o| (today - o).num_days());
        let held = aum.unwrap_or_default();
        if held < self.empty_below {
            // A new account may stay empty for a while before anybody calls it lost.
            return if days <= i64::from(self.first_days) { Stage::FirstTime } else { Stage::Lapsed };
        }
        if was_lapsed {
            Stage::WonBack
        } else if days <= i64::from(self.first_days) {
            Stage::FirstTime
        } else if opened.is_some() && days >= i64::from(self.loyal_years) * 365 && held >= self.loyal_from {
            Stage::Loyal
        } else {
            Stage::Active
        }
    }
}
