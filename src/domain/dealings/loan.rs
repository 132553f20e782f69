//! 贷款: a loan under its note (借据), with the five-level class (五级分类).

use crate::domain::text::{Text, t};
use crate::domain::values::money::Fen;
use chrono::{Months, NaiveDate};
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

/// What was seen of a loan over all its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// The worst class seen.
    pub worst: Class,
    /// The most days overdue seen.
    pub late: u32,
}

impl Loan {
    /// Whether it is paid off.
    pub fn is_paid(&self) -> bool {
        self.balance.0 <= 0
    }
}

/// How a loan is repaid, as far as its dates follow from the word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// 等额本息: the same sum every month.
    EqualSums,
    /// 等额本金: every month, less each time.
    EqualPrincipal,
    /// 按月付息: interest every month, the principal at the end.
    InterestMonthly,
}

impl Loan {
    /// How it is repaid; none for a word whose dates are not known.
    pub fn known_method(&self) -> Option<Method> {
        let has = |word| self.method.contains(word);
        if has("等额本息") {
            Some(Method::EqualSums)
        } else if has("等额本金") {
            Some(Method::EqualPrincipal)
        } else if has("按月付息") || has("按月结息") || has("每月付息") {
            Some(Method::InterestMonthly)
        } else {
            None
        }
    }

    /// The next repayments, at most so many: the days where the method tells them, sums only where the file does. Empty when the file
    /// names no next day, or the loan is paid off.
    pub fn calendar(&self, most: u32) -> Vec<(NaiveDate, Option<Fen>)> {
        let (Some(first), false) = (self.next_due, self.is_paid()) else { return Vec::new() };
        let Some(method) = self.known_method() else { return vec![(first, self.instalment)] };
        let mut days = Vec::new();
        for n in 0..most {
            let Some(day) = first.checked_add_months(Months::new(n)) else { break };
            let last = self.ends.is_some_and(|end| day >= end && n > 0);
            let day = if last { self.ends.unwrap_or(day) } else { day };
            // The last one settles what is left; the sum of the others is known only where all are the same.
            let told = n == 0 || (method == Method::EqualSums && !last);
            days.push((day, self.instalment.filter(|_| told)));
            if last || self.ends == Some(day) {
                break;
            }
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loan(method: &str, next: &str, ends: &str) -> Loan {
        Loan {
            no: "JJ4959".into(),
            product: "农户小额贷".into(),
            lent: Fen::of_yuan(80_952),
            balance: Fen::of_yuan(16_865),
            lent_on: None,
            ends: ends.parse().ok(),
            next_due: next.parse().ok(),
            instalment: Some(Fen::of_yuan(3_373)),
            overdue: 0,
            class: Class::Normal,
            purpose: String::new(),
            method: method.into(),
            repays: String::new(),
        }
    }

    fn told(l: &Loan) -> Vec<String> {
        let sum = |s: Option<Fen>| s.map(|s| format!(" {}", s.0 / 100)).unwrap_or_default();
        l.calendar(6).into_iter().map(|(d, s)| format!("{d}{}", sum(s))).collect()
    }

    #[test]
    fn a_calendar_goes_by_months_up_to_the_end_and_makes_up_no_sum() {
        assert_eq!(
            told(&loan("等额本息", "2026-12-01", "2027-03-19")),
            ["2026-12-01 3373", "2027-01-01 3373", "2027-02-01 3373", "2027-03-01 3373", "2027-03-19"]
        );
        assert_eq!(
            told(&loan("等额本金", "2026-12-31", "2030-01-01")),
            ["2026-12-31 3373", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
        );
        assert_eq!(told(&loan("按月付息到期还本", "2026-12-10", "2026-12-10")), ["2026-12-10 3373"]);
        assert_eq!(told(&loan("利随本清", "2026-12-10", "2027-12-10")), ["2026-12-10 3373"]);
        assert!(told(&loan("等额本息", "", "2027-03-19")).is_empty());
        let paid = Loan { balance: Fen(0), ..loan("等额本息", "2026-12-01", "2027-03-19") };
        assert!(told(&paid).is_empty());
    }
}
