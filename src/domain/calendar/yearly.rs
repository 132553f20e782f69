//! Dates that come every year, solar or lunar: where they fall in a given year, and the other way round which of them fall on a
//! given day. The rules are domain.md's "Rules of the trade": day 30 falls on 29 in a short month, a leap-month day by
//! [`LeapPolicy`], 29 February on the 28th in common years. How ages are counted lives in `ages`.

use super::ages::{lunar_years, years};
use super::lunar::{self, Lunar, LunarDay};
use crate::domain::text::Lang;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

pub use super::ages::{age, is_round, nominal_age, zodiac_year};

/// A date of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Yearly {
    /// Month and day of the solar calendar.
    Solar {
        /// 1–12
        month: u8,
        /// 1–31
        day: u8,
    },
    /// A lunar day.
    Lunar(LunarDay),
}

/// Where a yearly lunar date falls when its own day does not exist that year (domain.md "Rules of the trade").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeapPolicy {
    /// 平月过: in the plain month when the year has no such leap month, in the leap month when it has.
    #[default]
    PlainWhenAbsent,
    /// Always in the plain month.
    AlwaysPlain,
    /// 两次: in both months when the year has the leap month.
    Both,
}

/// What yearly dates are looked up by: month times 100 plus day, in either calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// 101 to 1231.
    Solar(u16),
    /// As [`LunarDay::key`].
    Lunar(u16),
}

impl Yearly {
    /// The yearly date of a solar one.
    pub fn solar(date: NaiveDate) -> Yearly {
        Yearly::Solar { month: small(date.month()), day: small(date.day()) }
    }

    /// What it is looked up by.
    pub fn key(self) -> Key {
        match self {
            Yearly::Solar { month, day } => Key::Solar(u16::from(month) * 100 + u16::from(day)),
            Yearly::Lunar(day) => Key::Lunar(day.key()),
        }
    }

    /// Its first day on or after `date`; `None` for a date no year has (30 February), or past the lunar tables.
    pub fn on_or_after(self, date: NaiveDate, policy: LeapPolicy) -> Option<NaiveDate> {
        match self {
            Yearly::Solar { month, day } => {
                (date.year()..=date.year() + 1).filter_map(|y| solar_day(y, month, day)).find(|d| *d >= date)
            }
            // A lunar year begins up to seven weeks after the solar one, so the day may belong to the year before.
            Yearly::Lunar(day) => {
                (date.year() - 1..=date.year() + 1).flat_map(|y| falls(day, y, policy)).flatten().find(|d| *d >= date)
            }
        }
    }

    /// All its days from `from` to `to`, both included, in order.
    pub fn days_between(self, from: NaiveDate, to: NaiveDate, policy: LeapPolicy) -> Vec<NaiveDate> {
        let wanted = |d: &NaiveDate| (from..=to).contains(d);
        match self {
            Yearly::Solar { month, day } => {
                (from.year()..=to.year()).filter_map(|y| solar_day(y, month, day)).filter(wanted).collect()
            }
            Yearly::Lunar(day) => {
                (from.year() - 1..=to.year()).flat_map(|y| falls(day, y, policy)).flatten().filter(wanted).collect()
            }
        }
    }

    /// 11月21日, 农历十月十三; Nov 21, lunar 10-13.
    pub fn text(self, lang: Lang) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        match (self, lang) {
            (Yearly::Solar { month, day }, Lang::Zh) => format!("{month}月{day}日"),
            (Yearly::Solar { month, day }, Lang::En) => {
                let name = usize::from(month).checked_sub(1).and_then(|i| MONTHS.get(i)).copied().unwrap_or("?");
                format!("{name} {day}")
            }
            (Yearly::Lunar(day), Lang::Zh) => format!("农历{}", day.text()),
            (Yearly::Lunar(day), Lang::En) => {
                format!("lunar {}{}-{}", if day.leap { "leap " } else { "" }, day.month, day.day)
            }
        }
    }
}

impl LunarDay {
    /// The solar dates on which it is kept in a lunar year, in order: one, or two under [`LeapPolicy::Both`].
    pub fn in_lunar_year(self, year: i32, policy: LeapPolicy) -> Vec<NaiveDate> {
        falls(self, year, policy).into_iter().flatten().collect()
    }
}

/// Which yearly dates are kept on this day: `02-28` of a common year gives 228 and 229, 廿九 of a short lunar month the 30th
/// too, a plain month in a year without its leap month the leap days too.
pub fn keys_on(date: NaiveDate, policy: LeapPolicy) -> Vec<Key> {
    let mut keys = vec![Yearly::solar(date).key()];
    if date.month() == 2 && date.day() == 28 && !date.leap_year() {
        keys.push(Key::Solar(229));
    }
    let Some(Lunar { year, month, leap, day }) = Lunar::of(date) else { return keys };
    let mut days = vec![day];
    if day == 29 && lunar::month_days(year, month, leap) == Some(29) {
        days.push(30);
    }
    let keeps_leap_days = match policy {
        LeapPolicy::PlainWhenAbsent => leap || lunar::month_days(year, month, true).is_none(),
        LeapPolicy::AlwaysPlain => !leap,
        LeapPolicy::Both => true,
    };
    for day in days {
        if !leap {
            keys.push(Key::Lunar(LunarDay { month, day, leap: false }.key()));
        }
        if keeps_leap_days {
            keys.push(Key::Lunar(LunarDay { month, day, leap: true }.key()));
        }
    }
    keys
}

/// The 周岁 that a birthday kept on `on` completes. A lunar birthday may come weeks before or after the solar one, so
/// the years are counted in its own calendar.
pub fn turns(birth: NaiveDate, kept: Yearly, on: NaiveDate) -> u16 {
    match kept {
        Yearly::Solar { .. } => years(on.year() - birth.year()),
        Yearly::Lunar(_) => years(lunar_years(birth, on)),
    }
}

/// The solar day in a year; 29 February on the 28th of common years.
fn solar_day(year: i32, month: u8, day: u8) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month.into(), day.into())
        .or_else(|| if (month, day) == (2, 29) { NaiveDate::from_ymd_opt(year, 2, 28) } else { None })
}

/// The days on which a lunar day is kept in a lunar year: in the plain month, in the leap month.
fn falls(day: LunarDay, year: i32, policy: LeapPolicy) -> [Option<NaiveDate>; 2] {
    let plain = LunarDay { leap: false, ..day };
    if !day.leap {
        return [in_month(plain, year), None];
    }
    match (policy, in_month(day, year)) {
        (LeapPolicy::PlainWhenAbsent, Some(leap)) => [Some(leap), None],
        (LeapPolicy::Both, leap) => [in_month(plain, year), leap],
        (LeapPolicy::AlwaysPlain | LeapPolicy::PlainWhenAbsent, _) => [in_month(plain, year), None],
    }
}

/// The day in its own month of a lunar year, day 30 on the 29th of a short one.
fn in_month(day: LunarDay, year: i32) -> Option<NaiveDate> {
    let LunarDay { month, day, leap } = day;
    let lunar = Lunar { year, month, leap, day };
    lunar.solar().or_else(|| if day == 30 { Lunar { day: 29, ..lunar }.solar() } else { None })
}

fn small(n: u32) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const POLICIES: [LeapPolicy; 3] = [LeapPolicy::PlainWhenAbsent, LeapPolicy::AlwaysPlain, LeapPolicy::Both];

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plain(month: u8, day: u8) -> LunarDay {
        LunarDay { month, day, leap: false }
    }

    fn leap(month: u8, day: u8) -> LunarDay {
        LunarDay { month, day, leap: true }
    }

    /// Every yearly date there can be.
    fn all() -> Vec<Yearly> {
        let leap_year = day("2024-01-01").iter_days().take(366).map(Yearly::solar);
        let lunar = (1..=12).flat_map(|m| (1..=30).flat_map(move |d| [plain(m, d), leap(m, d)])).map(Yearly::Lunar);
        leap_year.chain(lunar).collect()
    }

    #[test]
    fn the_last_day_of_the_year_is_kept_on_new_years_eve() {
        for (year, eve) in [
            (2023, "2024-02-09"),
            (2024, "2025-01-28"),
            (2025, "2026-02-16"),
            (2026, "2027-02-05"),
            (2027, "2028-01-25"),
            (2028, "2029-02-12"),
            (2029, "2030-02-02"),
            (2030, "2031-01-22"),
        ] {
            for policy in POLICIES {
                assert_eq!(plain(12, 30).in_lunar_year(year, policy), [day(eve)], "{year}");
            }
            let is_short = lunar::month_days(year, 12, false) == Some(29);
            assert_eq!(is_short, [2024, 2025, 2026, 2027, 2028, 2030].contains(&year), "腊月 of {year}");
        }
    }

    #[test]
    fn a_leap_month_day_follows_the_policy() {
        use LeapPolicy::{AlwaysPlain, Both, PlainWhenAbsent};
        for (kept, year, policy, days) in [
            (leap(6, 1), 2025, PlainWhenAbsent, vec!["2025-07-25"]),
            (leap(6, 1), 2025, AlwaysPlain, vec!["2025-06-25"]),
            (leap(6, 1), 2025, Both, vec!["2025-06-25", "2025-07-25"]),
            (leap(6, 1), 2026, PlainWhenAbsent, vec!["2026-07-14"]),
            (leap(6, 1), 2026, Both, vec!["2026-07-14"]),
            (plain(6, 1), 2025, Both, vec!["2025-06-25"]),
            // 闰六月 2025 has 29 days, the plain one 30.
            (leap(6, 30), 2025, PlainWhenAbsent, vec!["2025-08-22"]),
            (leap(6, 30), 2025, Both, vec!["2025-07-24", "2025-08-22"]),
            (leap(11, 1), 2033, PlainWhenAbsent, vec!["2033-12-22"]),
            (leap(11, 1), 2033, AlwaysPlain, vec!["2033-11-22"]),
            (leap(11, 1), 2033, Both, vec!["2033-11-22", "2033-12-22"]),
            (plain(12, 1), 2033, PlainWhenAbsent, vec!["2034-01-20"]),
            (leap(11, 1), 2034, PlainWhenAbsent, vec!["2034-12-11"]),
        ] {
            let days: Vec<NaiveDate> = days.into_iter().map(day).collect();
            assert_eq!(kept.in_lunar_year(year, policy), days, "{} {year} {policy:?}", kept.text());
        }
    }

    #[test]
    fn the_29th_of_february_is_kept_on_the_28th_of_common_years() {
        let kept = Yearly::Solar { month: 2, day: 29 };
        let days = kept.days_between(day("2023-01-01"), day("2025-12-31"), LeapPolicy::default());
        assert_eq!(days, [day("2023-02-28"), day("2024-02-29"), day("2025-02-28")]);
        let no_day = Yearly::Solar { month: 2, day: 30 };
        assert_eq!(no_day.on_or_after(day("2026-01-01"), LeapPolicy::default()), None);
    }

    #[test]
    fn a_lunar_day_may_come_twice_or_never_in_a_solar_year() {
        let policy = LeapPolicy::default();
        let kept = Yearly::Lunar(plain(12, 1));
        let of = |year: i32| {
            let ends = (NaiveDate::from_ymd_opt(year, 1, 1).unwrap(), NaiveDate::from_ymd_opt(year, 12, 31).unwrap());
            kept.days_between(ends.0, ends.1, policy)
        };
        assert_eq!(of(2024), [day("2024-01-11"), day("2024-12-31")]);
        assert_eq!(of(2025), []);
        assert_eq!(kept.on_or_after(day("2025-01-01"), policy), Some(day("2026-01-19")));
    }

    #[test]
    fn keys_of_a_day_hold_what_is_kept_on_it() {
        let on = |date, policy| keys_on(day(date), policy);
        assert_eq!(on("2025-02-28", LeapPolicy::default())[..2], [Key::Solar(228), Key::Solar(229)]);
        assert_eq!(on("2024-02-28", LeapPolicy::default())[1], Key::Lunar(119));
        let eve = on("2026-02-16", LeapPolicy::default());
        assert!(eve.contains(&Key::Lunar(1229)) && eve.contains(&Key::Lunar(1230)));
        let absent = on("2026-07-14", LeapPolicy::default());
        assert!(absent.contains(&Key::Lunar(601)) && absent.contains(&Key::Lunar(2601)));
        assert_eq!(on("2025-06-25", LeapPolicy::PlainWhenAbsent)[1..], [Key::Lunar(601)]);
        assert_eq!(on("2025-07-25", LeapPolicy::PlainWhenAbsent)[1..], [Key::Lunar(2601)]);
        assert_eq!(on("2025-07-25", LeapPolicy::AlwaysPlain)[1..], []);
        assert_eq!(on("2150-07-25", LeapPolicy::Both), [Key::Solar(725)]);
    }

    #[test]
    fn the_keys_of_every_day_agree_with_the_days_of_every_key() {
        let (from, to) = (day("1950-01-01"), day("2060-12-31"));
        for policy in POLICIES {
            let mut by_key: BTreeMap<Key, Vec<NaiveDate>> = BTreeMap::new();
            for date in from.iter_days().take_while(|d| *d <= to) {
                for key in keys_on(date, policy) {
                    by_key.entry(key).or_default().push(date);
                }
            }
            let dates = all();
            assert_eq!((dates.len(), by_key.len()), (366 + 720, 366 + 720));
            for kept in dates {
                let days = kept.days_between(from, to, policy);
                assert_eq!(by_key.get(&kept.key()), Some(&days), "{} {policy:?}", kept.text(Lang::En));
                for pair in days.windows(2).step_by(7) {
                    assert_eq!(kept.on_or_after(pair[0] + chrono::Days::new(1), policy), Some(pair[1]));
                    assert_eq!(kept.on_or_after(pair[1], policy), Some(pair[1]));
                }
            }
        }
    }

    #[test]
    fn a_birthday_completes_the_years_of_its_own_calendar() {
        let birth = day("1966-11-21");
        let lunar = LunarDay::of(birth).map(Yearly::Lunar).unwrap();
        assert_eq!(lunar.text(Lang::Zh), "农历十月初十");
        let kept = lunar.on_or_after(day("2026-01-01"), LeapPolicy::default()).unwrap();
        // The lunar birthday comes before the solar one that year, and completes 60 years all the same.
        assert_eq!((kept, age(birth, kept), turns(birth, lunar, kept)), (day("2026-11-18"), 59, 60));
        assert_eq!(turns(birth, Yearly::solar(birth), day("2026-11-21")), 60);
    }

    #[test]
    fn yearly_dates_are_said_in_both_languages() {
        for (kept, zh, en) in [
            (Yearly::Solar { month: 11, day: 21 }, "11月21日", "Nov 21"),
            (Yearly::Lunar(plain(12, 20)), "农历腊月二十", "lunar 12-20"),
            (Yearly::Lunar(leap(6, 1)), "农历闰六月初一", "lunar leap 6-1"),
        ] {
            assert_eq!((kept.text(Lang::Zh).as_str(), kept.text(Lang::En).as_str()), (zh, en));
        }
    }
}
