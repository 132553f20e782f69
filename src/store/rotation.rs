//! Which backups are kept: the newest of each of the last 24 hours, 30 days, 12 weeks and 24 months that have one (drive.md 7), and those made
//! by hand for two weeks: somebody made them before something they may want to go back behind. Removing the others is not done here.

use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};
use std::collections::BTreeSet;

/// A stretch of time, by the number of the one that a time lies in.
type Stretch = fn(&NaiveDateTime) -> i64;

/// The stretches, and of how many the newest backup is kept.
const KEPT: [(Stretch, usize); 4] = [(hour, 24), (day, 30), (week, 12), (month, 24)];

/// Days for which a backup made by hand is kept, whatever else there is.
pub const BY_HAND: i64 = 14;

/// The most backups that are ever kept of one file, beside those made by hand.
pub const MOST: usize = 24 + 30 + 12 + 24;

/// Those of `times` that are kept. Stretches without a backup do not count, so that a branch closed for a month keeps what it had.
pub fn kept(times: &BTreeSet<NaiveDateTime>) -> BTreeSet<NaiveDateTime> {
    let mut kept = BTreeSet::new();
    for (stretch, most) in KEPT {
        let mut seen = BTreeSet::new();
        for at in times.iter().rev() {
            if seen.len() < most && seen.insert(stretch(at)) {
                kept.insert(*at);
            }
        }
    }
    kept
}

/// Whether one made by hand at `at` is still kept for that, when the newest is of `now`.
pub fn by_hand(at: NaiveDateTime, now: NaiveDateTime) -> bool {
    now - at < TimeDelta::days(BY_HAND)
}

fn hour(at: &NaiveDateTime) -> i64 {
    day(at) * 24 + i64::from(at.hour())
}

fn day(at: &NaiveDateTime) -> i64 {
    i64::from(at.num_days_from_ce())
}

/// Weeks begin on Monday, as day 1 of the common era does.
fn week(at: &NaiveDateTime) -> i64 {
    (day(at) - 1).div_euclid(7)
}

fn month(at: &NaiveDateTime) -> i64 {
    i64::from(at.year()) * 12 + i64::from(at.month0())
}
