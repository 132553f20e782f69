//! Yes or no, named by the thing it is about; No is the one under the cursor first.

use super::then::{Reaction, Then};
use crate::app::key::{Code, Key};

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirm {
    /// The question, naming the thing.
    pub question: String,
    /// What yes does, in a word.
    pub yes: String,
    /// Whether yes is under the cursor.
    pub at_yes: bool,
    then: Then,
}

impl Confirm {
    /// A question; No is under the cursor.
    pub fn new(question: impl Into<String>, yes: impl Into<String>, then: Then) -> Confirm {
        Confirm { question: question.into(), yes: yes.into(), at_yes: false, then }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Reaction {
        match key.folded().code {
            Code::Char('y' | 'Y' | '1') => Reaction::Yes(self.then.clone()),
            Code::Enter if self.at_yes => Reaction::Yes(self.then.clone()),
            Code::Char('n' | 'N' | '0') | Code::Esc | Code::Enter => Reaction::Close,
            Code::Left | Code::Right | Code::Tab | Code::BackTab | Code::Up | Code::Down => {
                self.at_yes = !self.at_yes;
                Reaction::Stay
            }
            _ => Reaction::Stay,
        }
    }
}
