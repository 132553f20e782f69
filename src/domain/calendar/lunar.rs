//! The lunar calendar over `icu_calendar` (GB/T 33661-2017), for the lunar years 1900 to 2100: dates, their names, and the
//! days of a lunar year without the year. Where such a day falls in a given year lives in `yearly`.

use crate::domain::text::{Complaint, Text, t};
use crate::domain::values::plain::{brief, fold, line};
use chrono::{Datelike, NaiveDate};
use icu_calendar::Date;
use icu_calendar::cal::ChineseTraditional;
use icu_calendar::types::{Month, RataDie};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// The lunar years there are tables for. Lunar year 1900 begins on 1900-01-31, 2100 ends on 2101-01-28.
pub const YEARS: RangeInclusive<i32> = 1900..=2100;

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

/// A date of the lunar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Lunar {
    /// The year in which it began by the solar calendar; 2026 is 丙午.
    pub year: i32,
    /// 1–12
    pub month: u8,
    /// 闰月
    pub leap: bool,
    /// 1–30
    pub day: u8,
}

/// A month of a lunar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LunarMonth {
    /// 1–12
    pub month: u8,
    /// 闰月
    pub leap: bool,
    /// 29 or 30
    pub days: u8,
    /// Its 初一.
    pub first: NaiveDate,
}

impl Lunar {
    /// The lunar date of a solar one; `None` outside [`YEARS`].
    pub fn of(date: NaiveDate) -> Option<Lunar> {
        let lunar = Date::from_rata_die(RataDie::new(i64::from(date.num_days_from_ce())), ChineseTraditional::new());
        let year = lunar.cyclic_year().related_iso;
        let month = lunar.month().to_input();
        YEARS.contains(&year).then(|| Lunar {
            year,
            month: month.number(),
            leap: month.is_leap(),
            day: lunar.day_of_month().0,
        })
    }

    /// The solar date; `None` where the lunar year has no such month or day, or is outside [`YEARS`].
    pub fn solar(self) -> Option<NaiveDate> {
        if !YEARS.contains(&self.year) {
            return None;
        }
        let month = if self.leap { Month::leap(self.month) } else { Month::new(self.month) };
        let lunar = Date::try_new_chinese_traditional(self.year, month, self.day).ok()?;
        NaiveDate::from_num_days_from_ce_opt(i32::try_from(lunar.to_rata_die().to_i64_date()).ok()?)
    }

    /// The day without its year.
    pub fn day_of_year(self) -> LunarDay {
        LunarDay { month: self.month, day: self.day, leap: self.leap }
    }

    /// 十月十三, 闰六月初一, 腊月二十
    pub fn day_text(self) -> String {
        self.day_of_year().text()
    }

    /// 丙午: stem and branch of the year.
    pub fn year_name(self) -> String {
        const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
        const BRANCHES: [char; 12] = ['子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥'];
        STEMS
            .iter()
            .cycle()
            .skip(place(self.year, 10))
            .take(1)
            .chain(BRANCHES.iter().skip(place(self.year, 12)).take(1))
            .collect()
    }

    /// 属马: the animal of the year.
    pub fn zodiac(self) -> Text {
        const ANIMALS: [Text; 12] = [
            t("属鼠", "Rat"),
            t("属牛", "Ox"),
            t("属虎", "Tiger"),
            t("属兔", "Rabbit"),
            t("属龙", "Dragon"),
            t("属蛇", "Snake"),
            t("属马", "Horse"),
            t("属羊", "Goat"),
            t("属猴", "Monkey"),
            t("属鸡", "Rooster"),
            t("属狗", "Dog"),
            t("属猪", "Pig"),
        ];
        let [rat, ..] = ANIMALS;
        ANIMALS.get(place(self.year, 12)).copied().unwrap_or(rat)
    }
}

/// The place of a year in a cycle that began with the year 4 (甲子).
fn place(year: i32, cycle: i32) -> usize {
    usize::try_from((year - 4).rem_euclid(cycle)).unwrap_or(0)
}

/// The months of a lunar year in their order, 12 or 13; empty outside [`YEARS`].
pub fn months(year: i32) -> Vec<LunarMonth> {
    let mut out = Vec::with_capacity(13);
    for month in 1..=12 {
        for leap in [false, true] {
            let first = Lunar { year, month, leap, day: 1 };
            if let (Some(days), Some(first)) = (month_days(year, month, leap), first.solar()) {
                out.push(LunarMonth { month, leap, days, first });
            }
        }
    }
    out
}

/// 29 or 30; `None` where the year has no such month.
pub fn month_days(year: i32, month: u8, leap: bool) -> Option<u8> {
    [30, 29].into_iter().find(|&day| Lunar { year, month, leap, day }.solar().is_some())
}

impl LunarDay {
    /// The day of the lunar year that a solar date is; `None` outside [`YEARS`].
    pub fn of(date: NaiveDate) -> Option<LunarDay> {
        Lunar::of(date).map(Lunar::day_of_year)
    }

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
