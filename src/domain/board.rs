//! The tier board's figures (domain.md "Tiers", 80/20). Cards and columns are drawn from the index; their order on screen does
//! not live here.

use super::tier::Tier;
use super::values::money::Fen;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Count and assets of one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierSum {
    /// The tier.
    pub tier: Tier,
    /// Customers.
    pub count: u64,
    /// Assets by the basis of the settings, in fen; nothing for who does not see those of everybody.
    pub aum: Option<Fen>,
}

/// What the board says before any card is drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Board {
    /// A sum for each tier, lowest first, all six.
    pub tiers: Vec<TierSum>,
    /// Customers without figures.
    pub no_figures: u64,
    /// Share of all assets that the top 20 % of customers with figures hold, 0–1.
    pub top20_share: f64,
    /// The newest data date.
    pub as_of: Option<NaiveDate>,
    /// How many are near the line, up and down.
    pub near: (u64, u64),
}
