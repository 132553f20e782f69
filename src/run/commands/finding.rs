//! One thing that `doctor` looked at, and how it stands. What is looked at is said where it is looked at.

use crate::domain::text::Text;
use serde::Serialize;

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// In order.
    Ok,
    /// To be looked at.
    Warn,
    /// Not in order.
    Bad,
}

/// One thing looked at.
#[derive(Serialize)]
pub struct Finding {
    /// Its name for scripts.
    pub check: &'static str,
    /// How it stands.
    pub state: State,
    /// What was found.
    pub text: String,
    /// Its name for people.
    #[serde(skip)]
    pub label: Text,
}
