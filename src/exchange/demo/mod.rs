//! The branch of the demo, 道真支行: about 1,600 people who do not exist, made from a seed and a day. The same two always
//! give the same branch, so `demo.db` can be rebuilt and compared, and a scratch copy for any other day has the
//! same people with everything that hangs on a date moved along: birthdays still fall on the demo's day, the ID
//! numbers carry them and stay valid, lunar days are derived for that year. Rules of the bank never live here.

pub mod customers;
mod dealings;
pub mod dealt;
mod fill;
mod give;
mod ledger;
mod lives;
mod money;
mod names;
pub mod people;
mod places;
mod rng;
mod talk;
mod write;

use crate::domain::staff::Staff;
use chrono::NaiveDate;
use customers::Life;
use std::path::Path;
pub use write::DemoError;

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
    fill::write(seed, day, &mut lives);
    ledger::write(seed, day, &mut lives);
    dealings::write(seed, day, &mut lives);
    Branch { staff: people::staff(), lives }
}

/// Makes the demo's branch file as of [`day`]: `guitai make-demo`. The same seed gives the same bytes.
///
/// # Errors
/// The file is there already, or cannot be written.
pub fn demo(seed: u64, path: &Path) -> Result<(), DemoError> {
    make(seed, day(), path)
}

/// Makes the demo's branch file as it would be on another day: the scratch copy of `guitai demo`.
///
/// Moving the dates of a finished file would break the chain of its change log and, where a birthday moves, the ID number that
/// carries it. So the branch is made anew with its day moved: the same people under the same numbers, and all that hangs on
/// the day (birthdays and the IDs that carry them, lunar days, figures, contacts, tasks, due dates by that
/// year's holidays) as many days from today as it was from the demo's day.
///
/// # Errors
/// The file is there already, or cannot be written.
pub fn make(seed: u64, day: NaiveDate, path: &Path) -> Result<(), DemoError> {
    write::write(&branch(seed, day), seed, day, path)
}
