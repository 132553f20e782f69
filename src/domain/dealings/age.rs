//! How old a data date is: figures come once a working day, so those of the last one are as new as they can be.

use crate::domain::calendar::holidays::Holidays;
use chrono::NaiveDate;

/// Days after which figures are no longer to be relied on.
const STALE: i64 = 7;

/// How old a data date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// As new as it can be.
    Fresh,
    /// Older than one working day.
    Old,
    /// Older than seven days.
    Stale,
}

impl Age {
    /// The sign that says it without a colour.
    pub const fn sign(self) -> &'static str {
        match self {
            Age::Fresh => "",
            Age::Old => " !",
            Age::Stale => " !!",
        }
    }
}

/// How old a data date is today.
pub fn age(as_of: NaiveDate, today: NaiveDate, holidays: &Holidays) -> Age {
    if (today - as_of).num_days() > STALE {
        return Age::Stale;
    }
    let next = holidays.working_day_from(as_of.succ_opt().unwrap_or(as_of));
    if next < today { Age::Old } else { Age::Fresh }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fridays_figures_are_fresh_on_monday_old_on_tuesday_and_stale_after_seven_days() {
        let shipped = Holidays::shipped();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let on = |today: &str| age(day("2026-11-20"), day(today), &shipped);
        assert_eq!(on("2026-11-20"), Age::Fresh);
        assert_eq!(on("2026-11-21"), Age::Fresh, "a Saturday");
        assert_eq!(on("2026-11-23"), Age::Fresh, "the next working day");
        assert_eq!(on("2026-11-24"), Age::Old);
        assert_eq!(on("2026-11-27"), Age::Old);
        assert_eq!(on("2026-11-28"), Age::Stale);
    }

    #[test]
    fn figures_from_before_a_holiday_do_not_age_while_nobody_works() {
        let shipped = Holidays::shipped();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        // 国庆 2026: 1 to 7 October.
        assert_eq!(age(day("2026-09-30"), day("2026-10-06"), &shipped), Age::Fresh);
        assert_eq!(age(day("2026-09-30"), day("2026-10-08"), &shipped), Age::Stale);
    }
}
