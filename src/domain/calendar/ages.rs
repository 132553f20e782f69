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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn ages_are_counted_as_people_count_them() {
        for (birth, on, full, nominal) in [
            ("1966-11-21", "2026-11-21", 60, 61),
            ("1966-11-22", "2026-11-21", 59, 61),
            ("2000-02-29", "2026-02-27", 25, 27),
            ("2000-02-29", "2026-02-28", 26, 27),
            ("2000-02-29", "2028-02-28", 27, 29),
            ("2000-02-29", "2028-02-29", 28, 29),
            // Born the day before the lunar New Year: two the next morning.
            ("2026-02-16", "2026-02-16", 0, 1),
            ("2026-02-16", "2026-02-17", 0, 2),
            ("2026-11-22", "2026-11-21", 0, 0),
            ("1899-05-01", "2026-11-21", 127, 128),
        ] {
            assert_eq!((age(day(birth), day(on)), nominal_age(day(birth), day(on))), (full, nominal), "{birth} {on}");
        }
    }

    #[test]
    fn round_birthdays_begin_at_fifty() {
        let round: Vec<u16> = (0..=100).filter(|a| is_round(*a)).collect();
        assert_eq!(round, [50, 60, 70, 80, 90, 100]);
    }

    #[test]
    fn the_year_of_ones_animal_comes_every_twelve_lunar_years() {
        for (birth, on, is) in [
            ("1966-11-21", "2026-11-21", true),
            ("1966-11-21", "2026-02-16", false),
            ("1966-11-21", "2026-02-17", true),
            // Born in January 1966, still the year of the snake.
            ("1966-01-10", "2026-11-21", false),
            ("1966-01-10", "2025-11-21", true),
            ("2026-03-01", "2026-11-21", false),
            ("2027-03-01", "2026-11-21", false),
        ] {
            assert_eq!(zodiac_year(day(birth), day(on)), is, "{birth} {on}");
        }
    }
}
