//! A day of the lunar year without the year: its words and its key. Where it falls in a given year lives in `yearly`.

use crate::domain::text::Complaint;
use crate::domain::values::plain::{brief, fold, line};
use serde::{Deserialize, Serialize};

/// A day of the lunar year without the year: month 1–12, day 1–30, leap month or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LunarDay {
    /// 1–12
    pub month: u8,
    /// 1–30
    pub day: u8,
    /// 闰月
    pub leap: bool,
}

impl LunarDay {
    /// 十月十三, 闰六月初一, 腊月二十
    pub fn text(self) -> String {
        let leap = if self.leap { "闰" } else { "" };
        format!("{leap}{}{}", month_name(self.month), day_name(self.day))
    }

    /// Reads 腊月二十, 十二月二十, 12-20, 12月20, 闰六月初一, 闰6-1.
    pub fn parse(text: &str) -> Result<LunarDay, Complaint> {
        let tidy: String = fold(&line(text)).to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        let rest = ["农历", "阴历", "lunar"].iter().find_map(|p| tidy.strip_prefix(p)).unwrap_or(&tidy);
        let (leap, rest) = match ["闰", "leap"].iter().find_map(|p| rest.strip_prefix(p)) {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let split = rest.split_once('月').or_else(|| rest.split_once(['-', '/', '.']));
        let read = split.and_then(|(month, day)| Some((month_number(month)?, day_number(day)?)));
        let Some((month, day)) = read else {
            return Err(Complaint::new(
                format!("「{}」不是农历日，应如 腊月二十、闰六月初一 或 12-20", brief(text)),
                format!("\"{}\" is not a lunar day; write 12-20, leap 6-1 or 腊月二十", brief(text)),
            ));
        };
        // 1900 to 2100 has no leap first or twelfth month.
        if leap && matches!(month, 1 | 12) {
            return Err(Complaint::new(
                format!("1900 至 2100 年没有闰{}，请核对", month_name(month)),
                format!("No year from 1900 to 2100 has a leap month {month}; please check"),
            ));
        }
        Ok(LunarDay { month, day, leap })
    }

    /// Month times 100 plus day, 2000 more for a leap month: the key birthdays are looked up by.
    pub fn key(self) -> u16 {
        u16::from(self.month) * 100 + u16::from(self.day) + if self.leap { 2000 } else { 0 }
    }

    /// The day of a [`key`](LunarDay::key); `None` for a number that is no key.
    pub fn of_key(key: u16) -> Option<LunarDay> {
        let (leap, rest) = if key > 2000 { (true, key - 2000) } else { (false, key) };
        let (month, day) = (u8::try_from(rest / 100).ok()?, u8::try_from(rest % 100).ok()?);
        ((1..=12).contains(&month) && (1..=30).contains(&day)).then_some(LunarDay { month, day, leap })
    }
}

const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

fn month_name(month: u8) -> String {
    match month {
        1 => "正月".to_string(),
        11 => "冬月".to_string(),
        12 => "腊月".to_string(),
        _ => format!("{}月", numeral(month)),
    }
}

fn day_name(day: u8) -> String {
    match day {
        1..=10 => format!("初{}", numeral(day)),
        11..=19 => format!("十{}", numeral(day - 10)),
        20 => "二十".to_string(),
        21..=29 => format!("廿{}", numeral(day - 20)),
        30 => "三十".to_string(),
        _ => day.to_string(),
    }
}

fn numeral(n: u8) -> &'static str {
    usize::from(n).checked_sub(1).and_then(|i| NUMERALS.get(i)).copied().unwrap_or("")
}

/// 正, 冬, 腊, 十二 or 12.
fn month_number(text: &str) -> Option<u8> {
    match text {
        "正" => Some(1),
        "冬" => Some(11),
        "腊" | "臘" => Some(12),
        _ => count(text).filter(|n| (1..=12).contains(n)),
    }
}

/// 初一, 十三, 廿一, 二十一, 三十, 卅, 1 or 1日.
fn day_number(text: &str) -> Option<u8> {
    let text = text.strip_suffix(['日', '号']).unwrap_or(text);
    count(text.strip_prefix('初').unwrap_or(text)).filter(|n| (1..=30).contains(n))
}

/// A number under 100 in digits or Chinese numerals.
fn count(text: &str) -> Option<u8> {
    if text.chars().all(|c| c.is_ascii_digit()) {
        return if text.len() <= 2 { text.parse().ok() } else { None };
    }
    let unit = |text: &str| -> Option<u8> {
        if text.is_empty() { Some(0) } else { u8::try_from(NUMERALS.iter().take(9).position(|n| *n == text)? + 1).ok() }
    };
    let (tens, rest) = if let Some(rest) = text.strip_prefix('廿') {
        (2, rest)
    } else if let Some(rest) = text.strip_prefix('卅') {
        (3, rest)
    } else if let Some((tens, rest)) = text.split_once('十') {
        (unit(tens)?.max(1), rest)
    } else {
        (0, text)
    };
    Some(tens * 10 + unit(rest)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lunar_days_are_read_as_people_write_them() {
        for (text, month, at, leap) in [
            ("腊月二十", 12, 20, false),
            ("十二月二十", 12, 20, false),
            ("12-20", 12, 20, false),
            ("１２－２０", 12, 20, false),
            ("12月20日", 12, 20, false),
            ("12/20", 12, 20, false),
            ("农历腊月二十", 12, 20, false),
            ("正月初一", 1, 1, false),
            ("一月一日", 1, 1, false),
            ("冬月十一", 11, 11, false),
            ("十月十三", 10, 13, false),
            ("八月廿九", 8, 29, false),
            ("八月二十九", 8, 29, false),
            ("九月三十", 9, 30, false),
            ("九月卅", 9, 30, false),
            ("九月初十", 9, 10, false),
            ("闰六月初一", 6, 1, true),
            ("闰6-1", 6, 1, true),
            ("闰 6 月 1", 6, 1, true),
            ("leap 6-1", 6, 1, true),
            ("lunar leap 6-1", 6, 1, true),
        ] {
            assert_eq!(LunarDay::parse(text), Ok(LunarDay { month, day: at, leap }), "{text}");
        }
        for text in [
            "",
            "腊月",
            "二十",
            "13-1",
            "0-1",
            "1-0",
            "1-31",
            "正月卅一",
            "正月三十一",
            "正月初",
            "12-",
            "12-020",
            "闰",
            "闰正月初一",
            "闰12-1",
            "十三月初一",
            "正月初十一x",
            "1-1-1",
            "2026-11-21",
            "月",
            "十十月一",
            "正月十十",
        ] {
            assert!(LunarDay::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_lunar_day_is_read_back_and_has_a_key_of_its_own() {
        let mut keys = std::collections::BTreeSet::new();
        for (month, at, leap) in (1..=12).flat_map(|m| (1..=30).flat_map(move |d| [(m, d, false), (m, d, true)])) {
            let lunar = LunarDay { month, day: at, leap };
            assert_eq!(LunarDay::of_key(lunar.key()), Some(lunar));
            keys.insert(lunar.key());
            if !(leap && matches!(month, 1 | 12)) {
                assert_eq!(LunarDay::parse(&lunar.text()), Ok(lunar), "{}", lunar.text());
            }
        }
        assert_eq!(keys.len(), 720);
        let known = (0..=u16::MAX).filter(|k| LunarDay::of_key(*k).is_some()).count();
        assert_eq!(known, 720);
        assert_eq!(LunarDay { month: 6, day: 1, leap: true }.key(), 2601);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(s in any::<String>(), near in "[闰正冬腊一二三十初廿卅月日0-9-]{0,8}") {
            let _ = (LunarDay::parse(&s), LunarDay::parse(&near));
        }
    }
}
