//! Parked forms (feature 201): up to five, kept on the workstation's own disk and brought back after a crash. How the disk is written
//! lives in `run`.

use crate::app::form::Kept;
use crate::domain::ids::{CustomerId, StaffId};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// As many forms as can be parked at once.
pub const MOST: usize = 5;

/// A form put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// Whose archive; none for a new customer.
    pub customer: Option<CustomerId>,
    /// Who typed it; nobody else is offered it.
    #[serde(default)]
    pub by: StaffId,
    /// Their name, for the list.
    pub name: String,
    /// When it was put aside.
    pub at: NaiveDateTime,
    /// What was typed.
    pub kept: Kept,
}

/// All that is kept on the disk: the parked forms, and the one being typed in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Drafts {
    /// The parked ones, oldest first.
    pub parked: Vec<Parked>,
    /// The ones being typed in: an archive, a new customer.
    pub open: Vec<Parked>,
}

impl Drafts {
    /// As text for the disk; empty when there is nothing to keep.
    pub fn text(&self) -> String {
        if self.parked.is_empty() && self.open.is_empty() {
            return String::new();
        }
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the text back; what cannot be read is nothing.
    pub fn read(text: &str) -> Drafts {
        serde_json::from_str(text).unwrap_or_default()
    }
}
