//! 交易: a line of an account, and which lines somebody looks for.

use crate::domain::values::money::Fen;
use crate::domain::values::plain::fold;
use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A transaction, as the core system booked it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Txn {
    /// 日期
    pub day: NaiveDate,
    /// 流水号, unique with the customer and the day.
    pub serial: String,
    /// 借贷 and 金额: what came in (贷) is positive, what went out (借) negative.
    pub amount: Fen,
    /// 渠道
    pub channel: String,
    /// 对手行: the other bank; empty within the own one.
    pub bank: String,
    /// 摘要
    pub note: String,
}

/// Which transactions somebody looks for: all words must be met. A word is text of the note, the other bank, the channel, the serial or the
/// amount; `2026-10` or `10月` is a month, `2026-10-05` or `10-05` a day, `>5000` and `<1万` are bounds of the amount.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
    least: Option<i64>,
    most: Option<i64>,
    words: Vec<String>,
}

impl Wanted {
    /// What was typed. A month or day without a year is the last one up to today.
    pub fn parse(text: &str, today: NaiveDate) -> Wanted {
        let mut wanted = Wanted::default();
        for word in fold(text).split_whitespace() {
            let bound = |sign| word.strip_prefix(sign).and_then(|n: &str| Fen::parse_wan(n).ok()).map(|f| f.0);
            if let Some((from, to)) = days(word, today) {
                wanted.from = wanted.from.max(Some(from));
                wanted.to = Some(wanted.to.map_or(to, |t| t.min(to)));
            } else if let Some(least) = bound('>') {
                wanted.least = Some(least);
            } else if let Some(most) = bound('<') {
                wanted.most = Some(most);
            } else {
                wanted.words.push(word.to_lowercase());
            }
        }
        wanted
    }

    /// Whether nothing is asked for: all are wanted.
    pub fn is_all(&self) -> bool {
        *self == Wanted::default()
    }

    /// Whether a transaction is one of them. Days are looked at too, so that it holds for any row.
    pub fn has(&self, t: &Txn) -> bool {
        let size = t.amount.0.abs();
        self.from.is_none_or(|d| t.day >= d)
            && self.to.is_none_or(|d| t.day <= d)
            && self.least.is_none_or(|n| size > n)
            && self.most.is_none_or(|n| size < n)
            && self.words.iter().all(|w| meets(t, w))
    }
}

fn meets(t: &Txn, word: &str) -> bool {
    let has = |text: &str| text.contains(word) || text.to_lowercase().contains(word);
    if [&t.note, &t.bank, &t.channel, &t.serial].into_iter().any(|text| has(text)) {
        return true;
    }
    let amount = word.replace(',', "");
    amount.chars().all(|c| c.is_ascii_digit() || c == '.') && !amount.is_empty() && t.amount.plain().contains(&amount)
}

/// The days that a word means.
fn days(word: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let number = |s: &str| s.chars().all(|c| c.is_ascii_digit()).then(|| s.parse::<u32>().ok()).flatten();
    let month = |year: i32, month: u32| {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        Some((first, first.checked_add_months(Months::new(1))?.pred_opt()?))
    };
    if let Some(m) = word.strip_suffix('月').and_then(number) {
        let year = if m > today.month() { today.year() - 1 } else { today.year() };
        return month(year, m);
    }
    let pieces: Vec<&str> = word.split('-').collect();
    match pieces.as_slice() {
        [y, m] if y.len() == 4 => month(number(y)?.cast_signed(), number(m)?),
        [m, d] if m.len() <= 2 && d.len() <= 2 => {
            let of = |year| NaiveDate::from_ymd_opt(year, number(m)?, number(d)?);
            let day = of(today.year()).filter(|d| *d <= today).or_else(|| of(today.year() - 1))?;
            Some((day, day))
        }
        [y, m, d] if y.len() == 4 => {
            let day = NaiveDate::from_ymd_opt(number(y)?.cast_signed(), number(m)?, number(d)?)?;
            Some((day, day))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn txn(day: &str, yuan: i64, bank: &str, note: &str) -> Txn {
        Txn {
            day: day.parse().unwrap(),
            serial: "276".into(),
            amount: Fen::of_yuan(yuan),
            channel: "转账".into(),
            bank: bank.into(),
            note: note.into(),
        }
    }

    #[test]
    fn words_find_text_amounts_months_days_and_bounds() {
        let today: NaiveDate = "2026-11-21".parse().unwrap();
        let t = txn("2026-10-05", -20_236, "建设银行", "学费");
        for text in [
            "",
            "学费",
            "建设 转账",
            "20236",
            "20,236.00",
            "2026-10",
            "10月",
            "10-05",
            "2026-10-05 学费",
            ">2万",
            "<3万 276",
            "１０月",
        ] {
            assert!(Wanted::parse(text, today).has(&t), "{text}");
        }
        for text in ["工资", "建设 柜面", "20237", "2026-09", "12月", "10-06", ">3万", "<20236"] {
            assert!(!Wanted::parse(text, today).has(&t), "{text}");
        }
        assert!(Wanted::parse(" ", today).is_all());
        // A month that is still to come was last year's.
        assert_eq!(Wanted::parse("12月", today).from, "2025-12-01".parse().ok());
    }
}
