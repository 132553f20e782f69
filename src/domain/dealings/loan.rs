//! 贷款: a loan under its note (借据), with the five-level class (五级分类).

use crate::domain::text::{Text, t};
use crate::domain::values::money::Fen;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// 五级分类, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// 正常
    Normal,
    /// 关注
    Watch,
    /// 次级
    Substandard,
    /// 可疑
    Doubtful,
    /// 损失
    Loss,
}

impl Class {
    /// All five, best first.
    pub const ALL: [Class; 5] = [Class::Normal, Class::Watch, Class::Substandard, Class::Doubtful, Class::Loss];

    /// 0 for normal to 4 for loss, as stored.
    pub const fn rank(self) -> i64 {
        self as i64
    }

    /// The class of a stored rank.
    pub fn of_rank(rank: i64) -> Option<Class> {
        usize::try_from(rank).ok().and_then(|r| Class::ALL.get(r)).copied()
    }

    /// The class of the core system's word, or an English one.
    pub fn parse(s: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|c| c.label().zh == s || c.label().en.eq_ignore_ascii_case(s))
    }

    /// The word.
    pub const fn label(self) -> Text {
        match self {
            Class::Normal => t("正常", "Normal"),
            Class::Watch => t("关注", "Watch"),
            Class::Substandard => t("次级", "Substandard"),
            Class::Doubtful => t("可疑", "Doubtful"),
            Class::Loss => t("损失", "Loss"),
        }
    }
}

/// A loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loan {
    /// 借据号
    pub no: String,
    /// 产品
    pub product: String,
    /// 发放额
    pub lent: Fen,
    /// 余额
    pub balance: Fen,
    /// 发放日
    pub lent_on: Option<NaiveDate>,
    /// 到期日
    pub ends: Option<NaiveDate>,
    /// 下次还款日
    pub next_due: Option<NaiveDate>,
    /// 应还额
    pub instalment: Option<Fen>,
    /// 逾期天数; 0 when nothing is overdue.
    pub overdue: u32,
    /// 五级分类
    pub class: Class,
    /// 用途
    pub purpose: String,
    /// 还款方式
    pub method: String,
    /// 还款账户
    pub repays: String,
}

impl Loan {
    /// Whether it is paid off.
    pub fn is_paid(&self) -> bool {
        self.balance.0 <= 0
    }
}
