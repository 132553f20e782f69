//! The second person's word (授权): a number and a password on top of whatever asked for it. What was typed below stays as it is. Who may give
//! it, and what is done with it, is decided in `app::second`.

use super::door::Said;
use super::then::{Reaction, Then};
use crate::app::hidden::Hidden;
use crate::app::input::Line;
use crate::app::key::{Code, Key};
use crate::domain::ids::OpId;
use crate::domain::rights::Action;
use chrono::NaiveDateTime;

/// A word that is asked for.
#[derive(Debug, Clone)]
pub struct Second {
    /// What it takes the right for.
    pub action: Action,
    /// What is to be vouched for, naming whom it is about.
    pub what: String,
    /// The number being typed.
    pub number: Line,
    /// The password being typed.
    pub password: Hidden,
    /// Typing goes into the password.
    pub at_password: bool,
    /// The number under which the password is being looked at: nothing but Esc is taken meanwhile.
    pub asked: Option<OpId>,
    /// No try before this.
    pub until: Option<NaiveDateTime>,
    /// What it says.
    pub said: Option<Said>,
    /// What is done when the word is given.
    pub then: Then,
}

impl PartialEq for Second {
    fn eq(&self, other: &Second) -> bool {
        (self.action, &self.what, &self.then, self.asked) == (other.action, &other.what, &other.then, other.asked)
            && self.number.text() == other.number.text()
            && self.password == other.password
    }
}

impl Second {
    /// A word that is asked for; the number is filled in where only one may give it.
    pub fn new(action: Action, what: String, number: &str, then: Then) -> Second {
        Second {
            action,
            what,
            number: Line::of(number),
            password: Hidden::default(),
            at_password: !number.is_empty(),
            asked: None,
            until: None,
            said: None,
            then,
        }
    }

    /// Somebody was chosen from the list.
    pub fn choose(&mut self, code: &str) {
        self.number.set(code);
        self.password.clear();
        self.at_password = true;
        self.said = None;
    }

    /// Types pasted text.
    pub fn paste(&mut self, text: &str) {
        match (self.asked, self.at_password) {
            (Some(_), _) => {}
            (None, true) => self.password.paste(text),
            (None, false) => {
                self.number.paste(text);
                self.password.clear();
            }
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Reaction {
        if key.code == Code::Esc {
            return Reaction::Close;
        }
        if self.asked.is_some() {
            return Reaction::Stay;
        }
        if !matches!(self.said, Some(Said::Refused(_))) {
            self.said = None;
        }
        match key.code {
            Code::Enter => return Reaction::Submit,
            Code::F(4) => return Reaction::PickList,
            Code::Tab | Code::Down | Code::BackTab | Code::Up => self.at_password = !self.at_password,
            _ if self.at_password => {
                self.password.key(key);
            }
            _ => {
                let before = self.number.text().to_owned();
                self.number.key(key.folded());
                if self.number.text() != before {
                    // What was typed was somebody else's.
                    self.password.clear();
                }
            }
        }
        Reaction::Stay
    }
}
