//! The tier board's figures, from counters that triggers keep.

pub(super) mod load;

use crate::domain::board::Board;
use crate::domain::settings::Settings;
use crate::domain::tier::what_if::WhatIf;
use chrono::NaiveDate;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Counts and sums.
    Load,
    /// Who would move if these were the settings; nothing is written.
    WhatIf {
        /// The settings tried.
        settings: Box<Settings>,
        /// Today, for holds that ended.
        today: NaiveDate,
    },
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// The figures.
    Board(Box<Board>),
    /// Who would move.
    WhatIf(Box<WhatIf>),
}
