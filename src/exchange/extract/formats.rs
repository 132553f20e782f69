//! How dates, sums, signs and rates are written in a file of another layout: the choices that a mapping has. Reading by them is done in
//! `record`.

use crate::domain::text::{Text, t};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The order in which the parts of a date stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 2026-11-21, 20261121, 2026年11月21日
    #[default]
    Ymd,
    /// 21/11/2026, 21112026
    Dmy,
    /// 11/21/2026, 11212026
    Mdy,
}

impl DateOrder {
    /// All of them, in the order of a choice.
    pub const ALL: [DateOrder; 3] = [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy];

    /// The words of the choice.
    pub const fn label(self) -> Text {
        match self {
            DateOrder::Ymd => t("年月日", "year month day"),
            DateOrder::Dmy => t("日月年", "day month year"),
            DateOrder::Mdy => t("月日年", "month day year"),
        }
    }

    /// A date in this order.
    pub(super) fn write(self, day: NaiveDate) -> String {
        match self {
            DateOrder::Ymd => day.format("%Y%m%d"),
            DateOrder::Dmy => day.format("%d%m%Y"),
            DateOrder::Mdy => day.format("%m%d%Y"),
        }
        .to_string()
    }

    /// The date with its year first; `None` when it stands so already or is no such date.
    pub(super) fn arrange(self, text: &str) -> Option<String> {
        if self == DateOrder::Ymd {
            return None;
        }
        let (a, b, year) = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
            (text.get(..2)?, text.get(2..4)?, text.get(4..)?)
        } else {
            let mark = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
            let (a, rest) = text.split_once(mark)?;
            let (b, year) = rest.split_once(mark)?;
            (a, b, year)
        };
        // A file that says 日月年 and yet has the year first is read as what it says on its face.
        if a.len() > 2 {
            return None;
        }
        let (day, month) = if self == DateOrder::Dmy { (a, b) } else { (b, a) };
        Some(format!("{year}-{month}-{day}"))
    }
}

/// What one of a sum is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 元
    #[default]
    Yuan,
    /// 万元
    Wan,
}

impl Unit {
    /// All of them, in the order of a choice.
    pub const ALL: [Unit; 2] = [Unit::Yuan, Unit::Wan];

    /// The words of the choice.
    pub const fn label(self) -> Text {
        match self {
            Unit::Yuan => t("元", "yuan"),
            Unit::Wan => t("万元", "ten thousand yuan"),
        }
    }
}

/// How a transaction says whether money came in or went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// A column says 借 or 贷.
    #[default]
    Word,
    /// What goes out has a minus.
    Own,
    /// There are two columns, of what goes out and of what comes in: the field 金额 names both, in this order.
    Columns,
}

impl Sign {
    /// All of them, in the order of a choice.
    pub const ALL: [Sign; 3] = [Sign::Word, Sign::Own, Sign::Columns];

    /// The words of the choice.
    pub const fn label(self) -> Text {
        match self {
            Sign::Word => t("借贷栏", "a column of 借 and 贷"),
            Sign::Own => t("正负号", "the sign"),
            Sign::Columns => t("支出、收入两栏", "two columns, out and in"),
        }
    }
}

/// What one of a rate of interest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rates {
    /// 2.54 means 2.54 %.
    #[default]
    Percent,
    /// 0.0254 means 2.54 %.
    Fraction,
}

impl Rates {
    /// All of them, in the order of a choice.
    pub const ALL: [Rates; 2] = [Rates::Percent, Rates::Fraction];

    /// The words of the choice.
    pub const fn label(self) -> Text {
        match self {
            Rates::Percent => t("百分数", "per cent"),
            Rates::Fraction => t("小数", "a fraction"),
        }
    }
}

/// How dates, sums, signs and rates are written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Formats {
    /// The order of a date's parts.
    pub dates: DateOrder,
    /// What one of a sum is.
    pub unit: Unit,
    /// How a transaction says in or out.
    pub sign: Sign,
    /// What one of a rate is.
    pub rates: Rates,
}
