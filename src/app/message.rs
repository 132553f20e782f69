//! What just happened: the line above the keys, and the log of all of them. How long one is bright is the ui's matter.

use chrono::NaiveDateTime;

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something to know.
    Note,
    /// Something was refused or failed.
    Trouble,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// When.
    pub at: NaiveDateTime,
    /// How it is meant.
    pub tone: Tone,
    /// The words, in the language of the moment.
    pub text: String,
}

/// All messages of this sitting, oldest first, at most 500.
#[derive(Debug, Clone, Default)]
pub struct Messages {
    all: Vec<Message>,
}

impl Messages {
    /// Says something.
    pub fn say(&mut self, at: NaiveDateTime, tone: Tone, text: impl Into<String>) {
        if self.all.len() == 500 {
            self.all.remove(0);
        }
        self.all.push(Message { at, tone, text: text.into() });
    }

    /// The newest one.
    pub fn last(&self) -> Option<&Message> {
        self.all.last()
    }

    /// All of them, oldest first.
    pub fn all(&self) -> &[Message] {
        &self.all
    }
}
