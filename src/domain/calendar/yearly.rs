//! Dates that come every year, solar or lunar.

use super::lunar::LunarDay;
use serde::{Deserialize, Serialize};

/// A date of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Yearly {
    /// Month and day of the solar calendar.
    Solar {
        /// 1–12
        month: u8,
        /// 1–31
        day: u8,
    },
    /// A lunar day.
    Lunar(LunarDay),
}

/// Where a yearly lunar date falls when its own day does not exist that year (domain.md "Rules of the trade").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeapPolicy {
    /// 平月过: in the plain month when the year has no such leap month, in the leap month when it has.
    #[default]
    PlainWhenAbsent,
    /// Always in the plain month.
    AlwaysPlain,
    /// 两次: in both months when the year has the leap month.
    Both,
}
