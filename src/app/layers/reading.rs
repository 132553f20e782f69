//! Text to read and scroll: messages, a list before it is printed.

use super::then::Reaction;
use crate::app::key::{Code, Key};

/// Text to read and scroll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it is.
    pub title: String,
    /// Its lines.
    pub lines: Vec<String>,
    /// The first line shown.
    pub top: usize,
    /// Name of the file when it is printed; none for what is only read.
    pub print: Option<String>,
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
