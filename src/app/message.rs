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

/// Seconds in which a message is read; the next key after them takes it away.
const READ: i64 = 4;

/// All messages of this sitting, oldest first, at most 500.
#[derive(Debug, Clone, Default)]
pub struct Messages {
    all: Vec<Message>,
    /// How many of them are over: the line above the keys shows none of these.
    over: usize,
}

impl Messages {
    /// Says something.
    pub fn say(&mut self, at: NaiveDateTime, tone: Tone, text: impl Into<String>) {
        if self.all.len() == 500 {
            self.all.remove(0);
            self.over = self.over.saturating_sub(1);
        }
        self.all.push(Message { at, tone, text: text.into() });
    }

    /// The newest one.
    pub fn last(&self) -> Option<&Message> {
        self.all.last()
    }

    /// Somebody goes on working: what was said a while ago is no longer about what they do.
    pub fn fade(&mut self, now: NaiveDateTime) {
        if self.last().is_some_and(|m| (now - m.at).num_seconds() >= READ) {
            self.over = self.all.len();
        }
    }

    /// The newest one, as long as it is about what was just done.
    pub fn current(&self) -> Option<&Message> {
        self.all.get(self.over..).and_then(<[Message]>::last)
    }

    /// All of them, oldest first.
    pub fn all(&self) -> &[Message] {
        &self.all
    }
}
