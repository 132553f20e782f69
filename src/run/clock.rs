//! The only clock of the house. With `--today` it shows that day and goes on from there, for training and tests.

use chrono::{Local, NaiveDate, NaiveDateTime, TimeDelta};
use std::time::Duration;

/// A clock, moved by whole days.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    moved: TimeDelta,
}

impl Clock {
    /// The clock of this PC, or one that shows `today` now.
    pub fn new(today: Option<NaiveDate>) -> Clock {
        Clock { moved: today.map_or(TimeDelta::zero(), |day| day - Local::now().date_naive()) }
    }

    /// Whether it shows the time of this PC.
    pub fn is_real(&self) -> bool {
        self.moved.is_zero()
    }

    /// Local time.
    pub fn now(&self) -> NaiveDateTime {
        let now = Local::now().naive_local();
        now.checked_add_signed(self.moved).unwrap_or(now)
    }

    /// The business day.
    pub fn today(&self) -> NaiveDate {
        self.now().date()
    }

    /// How long until the second is full.
    pub fn rest_of_second(&self) -> Duration {
        let nanos = Local::now().naive_local().and_utc().timestamp_subsec_nanos().min(999_999_999);
        Duration::from_nanos(u64::from(1_000_000_000 - nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_to_a_day_shows_that_day() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let shown = Clock::new(Some(day)).today();
        // Midnight may pass while the test runs.
        assert!((shown - day).num_days() <= 1 && shown >= day);
    }

    #[test]
    fn the_rest_of_a_second_is_never_longer_than_one() {
        assert!(Clock::default().rest_of_second() <= Duration::from_secs(1));
    }
}
