//! How a task of one's own comes again.

use super::lunar::LunarDay;
use serde::{Deserialize, Serialize};

/// The rhythm of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Once, on its date.
    #[default]
    Once,
    /// Every week on the weekday of its date.
    Weekly,
    /// Every month on the day of its date, the last day in shorter months.
    Monthly,
    /// Every solar year.
    Yearly,
    /// Every lunar year on this day.
    LunarYearly(LunarDay),
    /// So many days after it was last done.
    AfterDays(u16),
}
