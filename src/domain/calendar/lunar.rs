//! The lunar calendar over `icu_calendar` (GB/T 33661-2017), for the lunar years 1900 to 2100: dates, months and the names
//! of years. Days without a year live in `lunar_day`, where they fall in a given year in `yearly`.

use crate::domain::text::{Text, t};
use chrono::{Datelike, NaiveDate};
use icu_calendar::Date;
use icu_calendar::cal::ChineseTraditional;
use icu_calendar::types::{Month, RataDie};
use serde::Serialize;
use std::ops::RangeInclusive;

pub use super::lunar_day::LunarDay;

/// The lunar years there are tables for. Lunar year 1900 begins on 1900-01-31, 2100 ends on 2101-01-28.
pub const YEARS: RangeInclusive<i32> = 1900..=2100;

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
}

#[cfg(test)]
mod tests {
    use super::*;
    use icu_calendar::Gregorian;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn lunar(year: i32, month: u8, leap: bool, day: u8) -> Lunar {
        Lunar { year, month, leap, day }
    }

    /// Leap months as almanacs list them.
    const LEAPS: &str = "1900-8 1903-5 1906-4 1909-2 1911-6 1914-5 1917-2 1919-7 1922-5 1925-4 1928-2 1930-6 1933-5 1936-3 \
        1938-7 1941-6 1944-4 1947-2 1949-7 1952-5 1955-3 1957-8 1960-6 1963-4 1966-3 1968-7 1971-5 1974-4 \
        1976-8 1979-6 1982-4 1984-10 1987-6 1990-5 1993-3 1995-8 1998-5 2001-4 2004-2 2006-7 2009-5 2012-4 \
        2014-9 2017-6 2020-4 2023-2 2025-6 2028-5 2031-3 2033-11 2036-6 2039-5 2042-2 2044-7 2047-5 2050-3 \
        2052-8 2055-6 2058-4 2061-3 2063-7 2066-5 2069-4 2071-8 2074-6 2077-4 2080-3 2082-7 2085-5 2088-4 \
        2090-8 2093-6 2096-4 2099-2";

    fn leaps() -> Vec<(i32, u8)> {
        LEAPS
            .split(' ')
            .map(|l| l.split_once('-').unwrap())
            .map(|(y, m)| (y.parse().unwrap(), m.parse().unwrap()))
            .collect()
    }

    #[test]
    fn every_day_from_1901_to_2100_agrees_with_the_library_and_goes_back() {
        let mut before = Lunar::of(day("1900-12-31")).unwrap();
        let mut days = 0;
        for date in day("1901-01-01").iter_days().take_while(|d| d.year() <= 2100) {
            let found = Lunar::of(date).unwrap();
            // The library by another road: from year, month and day instead of a day count.
            let (month, dom) = (u8::try_from(date.month()).unwrap(), u8::try_from(date.day()).unwrap());
            let theirs =
                Date::try_new_gregorian(date.year(), month, dom).unwrap().to_calendar(ChineseTraditional::new());
            assert_eq!(
                (found.year, found.month, found.leap, found.day),
                (
                    theirs.cyclic_year().related_iso,
                    theirs.month().number(),
                    theirs.month().to_input().is_leap(),
                    theirs.day_of_month().0
                ),
                "{date}"
            );
            let back = theirs.to_calendar(Gregorian);
            assert_eq!((back.month().number(), back.day_of_month().0), (month, dom));
            assert_eq!(found.solar(), Some(date));
            // Nothing is skipped and nothing comes twice.
            let next_day = Lunar { day: before.day + 1, ..before };
            assert!(
                found == next_day || (found.day == 1 && before.day >= 29 && next_day.solar() != Some(date)),
                "{date}"
            );
            before = found;
            days += 1;
        }
        assert_eq!(days, 73_049);
    }

    #[test]
    fn new_years_and_leap_months_are_those_of_the_almanac() {
        let new_years = "1901-02-19 1912-02-18 1949-01-29 1950-02-17 1970-02-06 1980-02-16 1985-02-20 1990-01-27 2000-02-05 \
            2008-02-07 2010-02-14 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 \
            2027-02-06 2028-01-26 2029-02-13 2030-02-03 2033-01-31 2034-02-19 2050-01-23 2100-02-09";
        for new_year in new_years.split(' ') {
            let date = day(new_year);
            assert_eq!(Lunar::of(date), Some(lunar(date.year(), 1, false, 1)), "{new_year}");
        }
        let found: Vec<(i32, u8)> =
            YEARS.flat_map(|y| months(y).into_iter().filter(|m| m.leap).map(move |m| (y, m.month))).collect();
        assert_eq!((found.len(), found), (74, leaps()));
    }

    #[test]
    fn months_follow_each_other_without_a_gap() {
        let leaps = leaps();
        for year in YEARS {
            let months = months(year);
            assert_eq!(months.len(), if leaps.iter().any(|(y, _)| *y == year) { 13 } else { 12 });
            for pair in months.windows(2) {
                assert_eq!(pair[0].first + chrono::Days::new(pair[0].days.into()), pair[1].first);
            }
            if let (Some(last), Some(next)) = (months.last(), lunar(year + 1, 1, false, 1).solar()) {
                assert_eq!(last.first + chrono::Days::new(last.days.into()), next);
            }
        }
        assert!(months(1899).is_empty() && months(2101).is_empty());
        assert_eq!(month_days(2026, 1, true), None);
    }

    #[test]
    fn known_days_carry_their_names() {
        for (date, text, year, zodiac) in [
            ("2026-11-21", "十月十三", "丙午", "属马"),
            ("2026-02-16", "腊月廿九", "乙巳", "属蛇"),
            ("2026-02-17", "正月初一", "丙午", "属马"),
            ("2027-01-27", "腊月二十", "丙午", "属马"),
            ("2025-07-25", "闰六月初一", "乙巳", "属蛇"),
            ("2025-06-25", "六月初一", "乙巳", "属蛇"),
            ("2033-12-22", "闰冬月初一", "癸丑", "属牛"),
            ("2034-01-20", "腊月初一", "癸丑", "属牛"),
            ("2024-02-09", "腊月三十", "癸卯", "属兔"),
            ("1984-02-02", "正月初一", "甲子", "属鼠"),
            ("1984-12-21", "闰十月廿九", "甲子", "属鼠"),
            ("2023-01-21", "腊月三十", "壬寅", "属虎"),
        ] {
            let found = Lunar::of(day(date)).unwrap();
            assert_eq!(
                (found.day_text().as_str(), found.year_name().as_str(), found.zodiac().zh),
                (text, year, zodiac),
                "{date}"
            );
        }
    }

    #[test]
    fn the_tables_end_where_they_say() {
        assert_eq!(Lunar::of(day("1900-01-30")), None);
        assert_eq!(Lunar::of(day("1900-01-31")), Some(lunar(1900, 1, false, 1)));
        assert_eq!(Lunar::of(day("2101-01-28")).map(|l| (l.year, l.month)), Some((2100, 12)));
        assert_eq!(Lunar::of(day("2101-01-29")), None);
        assert_eq!(Lunar::of(NaiveDate::MIN), None);
        assert_eq!(Lunar::of(NaiveDate::MAX), None);
        for none in
            [lunar(2026, 6, true, 1), lunar(2026, 12, false, 30), lunar(2026, 13, false, 1), lunar(2026, 0, false, 0)]
        {
            assert_eq!(none.solar(), None, "{none:?}");
        }
        assert_eq!(lunar(i32::MAX, 1, false, 1).solar(), None);
    }

    proptest! {
        #[test]
        fn a_date_goes_there_and_back(days in 0..73_000_i64) {
            let date = day("1901-01-01") + chrono::Duration::days(days);
            prop_assert_eq!(Lunar::of(date).and_then(Lunar::solar), Some(date));
        }
    }
}
