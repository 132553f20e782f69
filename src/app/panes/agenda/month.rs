//! The month as a grid of weeks, Monday first. What the days hold is counted by the store.

use super::rows::monday;
use crate::domain::agenda::Scope;
use chrono::{Datelike, Days, Months, NaiveDate};

/// How many lines the days of a month have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: NaiveDate,
    /// Whose lines were counted.
    pub scope: Scope,
    /// Day of the month, birthdays, others.
    pub days: Vec<(u8, u32, u32)>,
}

impl Month {
    /// Birthdays and other lines of a day.
    pub fn on(&self, day: NaiveDate) -> (u32, u32) {
        let found = self.days.iter().find(|(d, ..)| first(day) == self.first && u32::from(*d) == day.day());
        found.map_or((0, 0), |(_, birthdays, others)| (*birthdays, *others))
    }
}

/// The first day of a day's month.
pub fn first(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The Mondays of the weeks that a month touches.
pub fn weeks(day: NaiveDate) -> Vec<NaiveDate> {
    let next = first(day).checked_add_months(Months::new(1)).unwrap_or(day);
    monday(first(day)).iter_days().step_by(7).take_while(|d| *d < next).collect()
}

/// A day so many days or months on.
pub fn moved(day: NaiveDate, days: i64, months: i32) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    let on = if days < 0 { day.checked_sub_days(by) } else { day.checked_add_days(by) };
    let by = Months::new(months.unsigned_abs());
    let on = on.and_then(|d| if months < 0 { d.checked_sub_months(by) } else { d.checked_add_months(by) });
    on.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weeks_of_a_month_begin_on_mondays_and_hold_all_its_days() {
        for (year, month, count) in [(2026, 11, 6), (2026, 10, 5), (2027, 2, 4), (2026, 2, 5)] {
            let day = NaiveDate::from_ymd_opt(year, month, 15).unwrap();
            let weeks = weeks(day);
            assert_eq!(weeks.len(), count, "{year}-{month}");
            assert!(weeks.iter().all(|w| w.weekday() == chrono::Weekday::Mon));
            assert!(weeks.first().is_some_and(|w| *w <= first(day)));
            let last = moved(moved(first(day), 0, 1), -1, 0);
            assert!(weeks.last().is_some_and(|w| *w <= last && *w + chrono::TimeDelta::days(7) > last));
        }
    }

    #[test]
    fn a_month_on_from_the_thirty_first_is_the_last_day_of_a_short_one() {
        let day = NaiveDate::from_ymd_opt(2027, 1, 31).unwrap();
        assert_eq!(moved(day, 0, 1), NaiveDate::from_ymd_opt(2027, 2, 28).unwrap());
        assert_eq!(moved(day, -31, 0), NaiveDate::from_ymd_opt(2026, 12, 31).unwrap());
    }
}
