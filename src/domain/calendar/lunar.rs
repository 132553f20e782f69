//! The lunar calendar over `icu_calendar`.

use serde::{Deserialize, Serialize};

/// A day of the lunar year without the year: month 1–12, day 1–30, leap month or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LunarDay {
    /// 1–12
    pub month: u8,
    /// 1–30
    pub day: u8,
    /// 闰月
    pub leap: bool,
}
