//! The branch of the demo, 道真支行: about 2,000 people who do not exist, made from a seed and a day. The same two always
//! give the same branch, so `demo.db` can be rebuilt and compared, and a scratch copy for any other day has the
//! same people with everything that hangs on a date moved along: birthdays still fall on the demo's day, the ID
//! numbers carry them and stay valid, lunar days are derived for that year. Rules of the bank never live here.

pub mod customers;
mod ledger;
mod lives;
mod money;
mod names;
pub mod people;
mod places;
mod rng;
mod talk;

use crate::domain::staff::Staff;
use chrono::NaiveDate;
use customers::Life;

/// Name of the branch.
pub const BRANCH: &str = "道真支行";

/// The day of the committed demo.db, 2026-11-21: 十月十三 by the lunar calendar.
pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or_default()
}

/// The whole branch as plain records.
#[derive(Debug, Clone)]
pub struct Branch {
    /// Its people.
    pub staff: Vec<Staff>,
    /// Its customers.
    pub lives: Vec<Life>,
}

/// Makes the branch of a seed as it stands on `day`.
pub fn branch(seed: u64, day: NaiveDate) -> Branch {
    let mut lives = customers::all(seed, day);
    lives::write(seed, day, &mut lives);
    ledger::write(seed, day, &mut lives);
    Branch { staff: people::staff(), lives }
}
