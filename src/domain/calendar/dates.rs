//! Solar dates as people and core systems write them, and how they are shown. Lunar ones live in `lunar`.

use crate::domain::text::{Complaint, Lang, Text, t};
use crate::domain::values::plain::{brief, fold, line};
use chrono::{Datelike, NaiveDate, Weekday};

/// Reads `20261121`, `2026-11-21`, `2026/1/5`, `2026.1.5`, `2026年11月21日`, full-width too. A date that is in no calendar
/// (31 November) is refused in other words than a text that is no date.
pub fn parse(text: &str) -> Result<NaiveDate, Complaint> {
    let tidy: String = fold(&line(text)).chars().filter(|c| !c.is_whitespace()).collect();
    let (year, month, day) = parts(&tidy).ok_or_else(|| {
        Complaint::new(
            format!("「{}」不是日期，应如 2026-11-21 或 20261121", brief(text)),
            format!("\"{}\" is not a date; write 2026-11-21 or 20261121", brief(text)),
        )
    })?;
    NaiveDate::from_ymd_opt(year.cast_signed(), month, day).filter(|_| year >= 1000).ok_or_else(|| {
        Complaint::new(
            format!("没有 {year} 年 {month} 月 {day} 日这一天，请核对"),
            format!("There is no such date as {year:04}-{month:02}-{day:02}; please check"),
        )
    })
}

/// `11-21`; with the year, `2025-11-21`, when it is not this year's.
pub fn short(date: NaiveDate, today: NaiveDate) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    if year == today.year() { format!("{month:02}-{day:02}") } else { format!("{year:04}-{month:02}-{day:02}") }
}

/// 周六, Sat
pub fn weekday(date: NaiveDate, lang: Lang) -> &'static str {
    weekday_name(date.weekday()).get(lang)
}

/// The short name of a day of the week.
pub const fn weekday_name(day: Weekday) -> Text {
    match day {
        Weekday::Mon => t("周一", "Mon"),
        Weekday::Tue => t("周二", "Tue"),
        Weekday::Wed => t("周三", "Wed"),
        Weekday::Thu => t("周四", "Thu"),
        Weekday::Fri => t("周五", "Fri"),
        Weekday::Sat => t("周六", "Sat"),
        Weekday::Sun => t("周日", "Sun"),
    }
}

/// Year, month and day as written, not yet a date.
fn parts(text: &str) -> Option<(u32, u32, u32)> {
    if text.len() == 8 && text.chars().all(|c| c.is_ascii_digit()) {
        return Some((number(text.get(..4)?)?, number(text.get(4..6)?)?, number(text.get(6..)?)?));
    }
    let (year, month, day) = if let Some((year, rest)) = text.split_once('年') {
        let (month, day) = rest.split_once('月')?;
        (year, month, day.strip_suffix(['日', '号']).unwrap_or(day))
    } else {
        let separator = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
        let (year, rest) = text.split_once(separator)?;
        let (month, day) = rest.split_once(separator)?;
        (year, month, day)
    };
    if year.len() != 4 || !(1..=2).contains(&month.len()) || !(1..=2).contains(&day.len()) {
        return None;
    }
    Some((number(year)?, number(month)?, number(day)?))
}

fn number(digits: &str) -> Option<u32> {
    // `u32` alone would take a leading `+`.
    if digits.chars().all(|c| c.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn a_date_is_read_in_every_way_it_is_written() {
        for text in [
            "20261105",
            "2026-11-05",
            "2026-11-5",
            "2026/11/05",
            "2026/11/5",
            "2026.11.5",
            "2026年11月5日",
            "2026年11月05号",
            "2026年11月5",
            "２０２６－１１－０５",
            "２０２６／１１／５",
            " 2026 年 11 月 5 日 ",
            "\u{FEFF}20261105\r",
        ] {
            assert_eq!(parse(text), Ok(day(2026, 11, 5)), "{text}");
        }
        assert_eq!(parse("20240229"), Ok(day(2024, 2, 29)));
    }

    #[test]
    fn no_such_date_is_told_from_what_is_no_date() {
        for text in ["2026-11-31", "20261131", "2026-02-29", "2026年13月1日", "2026-00-10", "20260100", "00000101"] {
            assert!(parse(text).unwrap_err().zh.starts_with("没有"), "{text}");
        }
        for text in [
            "",
            "今天",
            "2026",
            "2026-11",
            "202611",
            "2026-11-21-1",
            "2026-11/21",
            "26-11-21",
            "2026-+1-21",
            "2026-111-1",
            "21/11/2026",
            "2026年11日",
            "2026-11-",
            "中文中文中文中文",
            "２０２６年",
            "46347",
        ] {
            assert!(parse(text).unwrap_err().zh.contains("不是日期"), "{text}");
        }
    }

    #[test]
    fn a_date_is_shown_short_within_its_year() {
        let today = day(2026, 11, 21);
        assert_eq!(short(day(2026, 1, 5), today), "01-05");
        assert_eq!(short(day(2025, 11, 21), today), "2025-11-21");
        assert_eq!((weekday(today, Lang::Zh), weekday(today, Lang::En)), ("周六", "Sat"));
    }

    proptest! {
        #[test]
        fn a_date_written_in_any_way_is_read_back(days in 0..150_000_i64) {
            let date = day(1800, 1, 1) + chrono::Duration::days(days);
            for form in ["%Y%m%d", "%Y-%m-%d", "%Y/%-m/%-d", "%Y.%-m.%-d", "%Y年%-m月%-d日"] {
                prop_assert_eq!(parse(&date.format(form).to_string()), Ok(date));
            }
        }

        #[test]
        fn no_text_makes_it_panic(s in any::<String>(), near in "[0-9年月日/.+-]{0,14}") {
            let _ = (parse(&s), parse(&near));
        }
    }
}
