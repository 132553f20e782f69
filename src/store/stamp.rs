//! Who does a write, and when. What is written does not live here.

use crate::domain::ids::StaffId;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// Who does a write, and when: the store has no clock and no user of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Who.
    pub by: StaffId,
    /// Local time of the workstation.
    pub at: NaiveDateTime,
    /// The business day: today, or the day of `--today`.
    pub today: NaiveDate,
    /// Whose word was given beside it (授权), where one person's is not enough.
    #[serde(default)]
    pub second: Option<StaffId>,
}

impl Stamp {
    /// One person's, alone.
    pub fn new(by: StaffId, at: NaiveDateTime, today: NaiveDate) -> Stamp {
        Stamp { by, at, today, second: None }
    }
}
