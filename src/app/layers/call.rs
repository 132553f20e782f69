//! Logging a contact in four keystrokes (feature 200): `c`, channel digit, outcome digit, Enter; a note before Enter if there is
//! one. What the ledger does with it lives in the store.

use super::then::Reaction;
use crate::app::input::Line;
use crate::app::key::{Code, Key};
use crate::domain::contact::{Channel, Outcome};
use crate::domain::ids::CustomerId;

/// A contact being logged.
#[derive(Debug, Clone)]
pub struct Call {
    /// With whom.
    pub customer: CustomerId,
    /// Their name, for the title.
    pub name: String,
    /// The line of the queue that it does.
    pub task: Option<String>,
    /// How, once the first digit is typed.
    pub channel: Option<Channel>,
    /// What came of it, once the second is.
    pub outcome: Option<Outcome>,
    /// What was said.
    pub note: Line,
    /// It was sent to be saved, and waits for the answer.
    pub sent: bool,
}

impl PartialEq for Call {
    fn eq(&self, other: &Call) -> bool {
        (self.customer, self.channel, self.outcome) == (other.customer, other.channel, other.outcome)
            && self.note.text() == other.note.text()
    }
}

impl Call {
    /// A contact with a customer, doing a line of the queue or none.
    pub fn new(customer: CustomerId, name: String, task: Option<String>) -> Call {
        Call { customer, name, task, channel: None, outcome: None, note: Line::default(), sent: false }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Reaction {
        let digit = |c: char| c.to_digit(10).and_then(|d| usize::try_from(d).ok()).and_then(|d| d.checked_sub(1));
        match (key.code, self.channel, self.outcome) {
            (Code::Esc, ..) => return Reaction::Close,
            (Code::Enter, Some(_), Some(_)) => return Reaction::Submit,
            (Code::Backspace, Some(_), None) => self.channel = None,
            (Code::Backspace, _, Some(_)) if self.note.is_empty() => self.outcome = None,
            (Code::Char(_), None, _) => {
                if let Code::Char(c) = key.folded().code {
                    self.channel = digit(c).and_then(|d| Channel::ALL.get(d).copied());
                }
            }
            (Code::Char(_), Some(_), None) => {
                if let Code::Char(c) = key.folded().code {
                    self.outcome = digit(c).and_then(|d| Outcome::ALL.get(d).copied());
                }
            }
            (_, Some(_), Some(_)) => {
                self.note.key(key);
            }
            _ => {}
        }
        Reaction::Stay
    }

    /// Types pasted text into the note.
    pub fn paste(&mut self, text: &str) {
        if self.outcome.is_some() {
            self.note.paste(text);
        }
    }
}
