//! What a batch would do, to be read before it is done: F8 goes on to the reason, Esc leaves everything as it is.

use super::reading::Reading;
use super::then::{Reaction, Then};
use crate::app::key::{Code, Key};

/// A plan to read.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// What it would do, line by line.
    pub text: Reading,
    /// The reason that stands on the sheet first.
    pub reason: String,
    /// What is done once a reason is given.
    pub then: Then,
}

impl Planned {
    /// Takes a key: arrows scroll.
    pub fn key(&mut self, key: Key) -> Reaction {
        match key.code {
            Code::F(8) | Code::Enter => Reaction::Submit,
            _ => self.text.key(key),
        }
    }
}
