//! One line of text being typed: cursor on grapheme boundaries, widths as ratatui draws them (tui-input). What the text means
//! does not live here.

use super::key::{Code, Key};
use crate::domain::values::plain;
use tui_input::{Input, InputRequest};

/// The longest text a line takes, in characters; a paste is cut there and the field's own check says how long is too long.
const MOST: usize = 1000;

/// The lines of a pasted text, whatever breaks them.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split("\r\n").flat_map(|line| line.split(['\r', '\n']))
}

/// A line being typed.
#[derive(Debug, Clone, Default)]
pub struct Line {
    input: Input,
}

impl Line {
    /// A line that holds `text`, the cursor behind it.
    pub fn of(text: impl Into<String>) -> Line {
        Line { input: Input::new(text.into()) }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// Where the cursor stands, in characters.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// Replaces the text, the cursor behind it.
    pub fn set(&mut self, text: impl Into<String>) {
        self.input = Input::new(text.into());
    }

    /// Where the cursor stands, in cells.
    pub fn visual_cursor(&self) -> usize {
        self.input.visual_cursor()
    }

    /// Cells to scroll so that the cursor shows in `width` cells.
    pub fn scroll(&self, width: usize) -> usize {
        self.input.visual_scroll(width)
    }

    /// Types pasted text: one line of it, without control characters.
    pub fn paste(&mut self, text: &str) {
        for c in plain::line(text).chars() {
            self.insert(c);
        }
    }

    fn insert(&mut self, c: char) {
        if !c.is_control() && self.text().chars().count() < MOST {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// Takes an editing key; says whether it was one.
    pub fn key(&mut self, key: Key) -> bool {
        let request = match (key.code, key.ctrl, key.alt) {
            (Code::Char(c), false, false) => {
                self.insert(c);
                return true;
            }
            (Code::Backspace, false, false) => InputRequest::DeletePrevChar,
            (Code::Delete, false, false) => InputRequest::DeleteNextChar,
            (Code::Left, false, false) => InputRequest::GoToPrevChar,
            (Code::Right, false, false) => InputRequest::GoToNextChar,
            (Code::Left, true, false) => InputRequest::GoToPrevWord,
            (Code::Right, true, false) => InputRequest::GoToNextWord,
            (Code::Home, ..) => InputRequest::GoToStart,
            (Code::End, ..) => InputRequest::GoToEnd,
            (Code::Char('a'), true, false) => InputRequest::GoToStart,
            (Code::Char('e'), true, false) => InputRequest::GoToEnd,
            (Code::Char('u'), true, false) => InputRequest::DeleteLine,
            (Code::Char('w'), true, false) => InputRequest::DeletePrevWord,
            _ => return false,
        };
        self.input.handle(request);
        true
    }
}
