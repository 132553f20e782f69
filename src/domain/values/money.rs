//! Money: whole fen in an `i64`, never a float (domain.md "Rules of the trade").

use serde::{Deserialize, Serialize};

/// An amount in fen (1/100 yuan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// Whole yuan.
    pub const fn of_yuan(yuan: i64) -> Fen {
        Fen(yuan.saturating_mul(100))
    }
}
