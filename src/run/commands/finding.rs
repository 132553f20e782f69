//! One thing that `doctor` looked at, and how it stands. What is looked at is said where it is looked at.

use crate::domain::text::{Lang, Text};
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

impl Finding {
    /// As it stands in a table for people.
    pub fn row(&self, lang: Lang) -> Vec<String> {
        let sign = match self.state {
            State::Ok => "ok",
            State::Warn => "!",
            State::Bad => "!!",
        };
        vec![sign.to_owned(), self.label.get(lang).to_owned(), self.text.clone()]
    }
}
