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
