//! Text to read and scroll: messages, a list before it is printed.

use super::then::Reaction;
use crate::app::key::{Code, Key};
use crate::domain::ids::CustomerId;

/// Text to read and scroll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it is.
    pub title: String,
    /// Its lines.
    pub lines: Vec<String>,
    /// The first line shown.
    pub top: usize,
    /// The paper it becomes when it is printed; none for what is only read.
    pub print: Option<Paper>,
}

/// A page that can be printed: the log is told when it is shown and when it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Name of the file; what stands before its first dash or dot is the kind of page.
    pub name: String,
    /// Whose data stand on it; nobody's where it is a list.
    pub about: Option<CustomerId>,
    /// How many lines of customers, on a list.
    pub rows: Option<usize>,
}

impl Paper {
    /// A page about one customer.
    pub fn of(name: impl Into<String>, about: Option<CustomerId>) -> Paper {
        Paper { name: name.into(), about, rows: None }
    }
}

impl Reading {
    /// Takes a key: arrows scroll, F8 prints what can be printed, Esc and Enter close.
    pub fn key(&mut self, key: Key) -> Reaction {
        let last = self.lines.len().saturating_sub(1);
        match key.code {
            Code::Esc => return Reaction::Close,
            Code::Enter if self.print.is_none() => return Reaction::Close,
            Code::F(8) | Code::Enter => return Reaction::Submit,
            Code::Up => self.top = self.top.saturating_sub(1),
            Code::Down => self.top = (self.top + 1).min(last),
            Code::PageUp => self.top = self.top.saturating_sub(15),
            Code::PageDown => self.top = (self.top + 15).min(last),
            Code::Home => self.top = 0,
            Code::End => self.top = last,
            _ => {}
        }
        Reaction::Stay
    }
}
