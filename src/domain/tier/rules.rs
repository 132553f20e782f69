//! The rules that tiers follow (domain.md "Tiers"): the figure they are cut by, the lines with the days they hold from, when a customer
//! falls, how long a rise is protected. What they make of figures is in `fold`.

use super::{Basis, Lines};
use crate::domain::text::Complaint;
use chrono::{Datelike, Months, NaiveDate};
use std::collections::BTreeMap;

/// The longest a customer may stay above the line, and a rise be protected: five years.
const MOST_MONTHS: u16 = 60;

/// The rules, lent by the settings they are part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules<'a> {
    /// Which figure the tiers are cut by.
    pub basis: Basis,
    /// The lines from the beginning.
    pub first: &'a Lines,
    /// Later ones, by the day they hold from.
    pub later: &'a BTreeMap<NaiveDate, Lines>,
    /// Months below the line without a break after which a customer falls; not asked where there are review days.
    pub fall_months: u16,
    /// Days of the year (month*100+day) on which whoever is below the line falls; none leaves it to the months.
    pub review_days: &'a [u16],
    /// Months after a rise in which nobody falls.
    pub protect_months: u16,
}

impl<'a> Rules<'a> {
    /// The lines that hold for figures of this day.
    pub fn lines(&self, day: NaiveDate) -> &'a Lines {
        self.later.range(..=day).next_back().map_or(self.first, |(_, lines)| lines)
    }

    /// The last day on which a rise of this day is protected.
    pub fn guarded_until(&self, risen: NaiveDate) -> Option<NaiveDate> {
        if self.protect_months == 0 {
            return None;
        }
        after(risen, self.protect_months)
    }

    /// The first day on which somebody falls who is below the line since `since` and protected until `guarded`; `None` when that is
    /// beyond the calendar.
    pub fn falls_on(&self, since: NaiveDate, guarded: Option<NaiveDate>) -> Option<NaiveDate> {
        if self.review_days.is_empty() {
            let late = after(since, self.fall_months)?;
            return Some(guarded.and_then(|g| g.succ_opt()).map_or(late, |free| late.max(free)));
        }
        self.review_from(guarded.and_then(|g| g.succ_opt()).map_or(since, |free| since.max(free)))
    }

    /// The first review day from this day on.
    fn review_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        let of_year =
            |year: i32| self.review_days.iter().filter_map(move |key| on(year, *key)).filter(|d| *d >= day).min();
        of_year(day.year()).or_else(|| of_year(day.year() + 1))
    }

    /// Whether they can be rules.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn check(&self) -> Result<(), Complaint> {
        self.first.check()?;
        self.later.values().try_for_each(Lines::check)?;
        if let Some(key) = self.review_days.iter().find(|key| on(2024, **key).is_none()) {
            return Err(Complaint::new(
                format!("评定日 {key:04} 不是日期，写成月日四位，如 0630 1231"),
                format!("The review day {key:04} is no day; write month and day, such as 0630 1231"),
            ));
        }
        if self.fall_months > MOST_MONTHS || self.protect_months > MOST_MONTHS {
            return Err(Complaint::new("降级和保护期最多 60 个月", "Falling and protection take at most 60 months"));
        }
        Ok(())
    }
}

/// The day so many months later, the last of its month where that is shorter.
fn after(day: NaiveDate, months: u16) -> Option<NaiveDate> {
    day.checked_add_months(Months::new(months.into()))
}

/// A day of the year; 29 February falls on the 28th in common years.
fn on(year: i32, key: u16) -> Option<NaiveDate> {
    let (month, day) = (u32::from(key / 100), u32::from(key % 100));
    NaiveDate::from_ymd_opt(year, month, day)
        .or_else(|| if key == 229 { NaiveDate::from_ymd_opt(year, 2, 28) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::values::money::Fen;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn lines_hold_from_their_day_on() {
        let first = Lines::default();
        let mut raised = first.clone();
        raised.0[2] = Fen::of_yuan(300_000);
        let later = BTreeMap::from([(day("2027-01-01"), raised.clone())]);
        let rules = Rules {
            basis: Basis::Balance,
            first: &first,
            later: &later,
            fall_months: 2,
            review_days: &[],
            protect_months: 0,
        };
        assert_eq!(rules.lines(day("2026-12-31")), &first);
        assert_eq!(rules.lines(day("2027-01-01")), &raised);
    }

    #[test]
    fn somebody_falls_after_the_months_or_on_the_first_review_day_that_is_not_protected() {
        let (first, later) = (Lines::default(), BTreeMap::new());
        let of = |fall_months, review_days| Rules {
            basis: Basis::Balance,
            first: &first,
            later: &later,
            fall_months,
            review_days,
            protect_months: 0,
        };
        let monthly = of(2, &[]);
        let falls = |rules: &Rules<'_>, since: &str, guarded: Option<&str>| {
            rules.falls_on(day(since), guarded.map(day)).unwrap().to_string()
        };
        assert_eq!(falls(&monthly, "2026-08-31", None), "2026-10-31");
        assert_eq!(falls(&monthly, "2026-12-31", None), "2027-02-28");
        assert_eq!(falls(&monthly, "2026-08-31", Some("2026-11-30")), "2026-12-01");
        assert_eq!(falls(&monthly, "2026-08-31", Some("2026-09-30")), "2026-10-31");
        assert_eq!(falls(&of(0, &[]), "2026-08-31", None), "2026-08-31");
        let half_yearly = of(2, &[1231, 630]);
        assert_eq!(falls(&half_yearly, "2026-08-31", None), "2026-12-31");
        assert_eq!(falls(&half_yearly, "2026-12-31", None), "2026-12-31");
        assert_eq!(falls(&half_yearly, "2026-08-31", Some("2026-12-31")), "2027-06-30");
        assert_eq!(falls(&of(2, &[229]), "2026-03-01", None), "2027-02-28");
    }

    #[test]
    fn rules_that_cannot_be_are_refused() {
        let (good, later) = (Lines::default(), BTreeMap::new());
        let mut bad = good.clone();
        bad.0[1] = bad.0[2];
        fn with<'a>(
            first: &'a Lines,
            later: &'a BTreeMap<NaiveDate, Lines>,
            review_days: &'a [u16],
            fall_months: u16,
        ) -> Rules<'a> {
            Rules { basis: Basis::Balance, first, later, fall_months, review_days, protect_months: 0 }
        }
        assert_eq!(with(&good, &later, &[229, 630], 0).check(), Ok(()));
        assert!(with(&bad, &later, &[], 0).check().is_err());
        for wrong in [0, 31, 1301, 631, 100] {
            assert!(with(&good, &later, &[wrong], 0).check().is_err(), "{wrong}");
        }
        assert!(with(&good, &later, &[], 61).check().is_err());
        let dated = BTreeMap::from([(day("2027-01-01"), bad.clone())]);
        assert!(with(&good, &dated, &[], 0).check().is_err());
    }
}
