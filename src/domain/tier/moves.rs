//! A move between tiers and why it happened. How it is worded is the screen's matter.

use super::Tier;
use crate::domain::ids::StaffId;
use crate::domain::values::money::Fen;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// Why a customer came into a tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// The first figures.
    First,
    /// The figure reached this line.
    Rose {
        /// The lower line of the new tier.
        line: Fen,
    },
    /// Below the line for so many months without a break.
    FellAfter {
        /// How many the branch allows.
        months: u16,
        /// The first figures below it.
        since: NaiveDate,
    },
    /// Below the line on a review day.
    FellOnReview {
        /// The review day.
        day: NaiveDate,
    },
    /// Held by hand.
    Held {
        /// Who.
        by: StaffId,
        /// The last day it holds.
        until: NaiveDate,
    },
    /// The hold was lifted by hand.
    Lifted {
        /// Who.
        by: StaffId,
    },
    /// The hold was over: the tier by rules counts again.
    HoldEnded {
        /// The last day it held.
        until: NaiveDate,
    },
    /// The branch changed the rules.
    RulesChanged,
    /// Figures were corrected, came late or were taken back, and the tier was derived from all of them anew.
    Corrected,
}

/// A move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// From; none when nothing was known.
    pub from: Option<Tier>,
    /// To; none when nothing is known any more.
    pub to: Option<Tier>,
    /// The data date of the figures that moved it, else the day it was done.
    pub day: NaiveDate,
    /// Why.
    #[serde(flatten)]
    pub why: Why,
}

/// A move as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// When it was written.
    pub at: NaiveDateTime,
    /// The move.
    #[serde(flatten)]
    pub moved: Move,
}
