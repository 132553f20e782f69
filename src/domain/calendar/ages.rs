//! Ages as they are said at a counter: 周岁, 虚岁, 整寿, 本命年. When a birthday falls lives in `yearly`.

use super::lunar::Lunar;
use chrono::{Datelike, NaiveDate};

/// 周岁: full years. Who was born on 29 February turns a year older on the 28th of common years, the day on which the
/// birthday is kept. 0 before birth.
pub fn age(birth: NaiveDate, on: NaiveDate) -> u16 {
    let md = |d: NaiveDate| (d.month(), d.day());
    let turned = md(on) >= md(birth) || (md(birth) == (2, 29) && md(on) == (2, 28) && !on.leap_year());
    years(on.year() - birth.year() - i32::from(!turned))
}

/// 虚岁: one at birth, one more each lunar New Year. Outside the lunar tables the solar years count. 0 before birth.
pub fn nominal_age(birth: NaiveDate, on: NaiveDate) -> u16 {
    if on < birth { 0 } else { years(lunar_years(birth, on) + 1) }
}

/// 整寿: a round birthday of an elder, from 50.
pub fn is_round(age: u16) -> bool {
    age >= 50 && age.is_multiple_of(10)
}

/// 本命年: the lunar year of one's own animal has come round again. The year of birth itself does not count.
pub fn zodiac_year(birth: NaiveDate, on: NaiveDate) -> bool {
    let years = lunar_years(birth, on);
    years > 0 && years % 12 == 0
}

/// Lunar New Years between two days; outside the lunar tables the solar ones.
pub(super) fn lunar_years(birth: NaiveDate, on: NaiveDate) -> i32 {
    match (Lunar::of(birth), Lunar::of(on)) {
        (Some(birth), Some(on)) => on.year - birth.year,
        _ => on.year() - birth.year(),
    }
}

/// Years are not counted below zero.
pub(super) fn years(n: i32) -> u16 {
    u16::try_from(n.max(0)).unwrap_or(u16::MAX)
}
