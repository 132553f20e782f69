//! A cursor in a list that scrolls: where it stands, what is visible. The rows themselves live elsewhere.

use super::key::{Code, Key};

/// A cursor in a list of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The row under the cursor, from 0.
    pub at: usize,
    /// The first visible row.
    pub top: usize,
}

impl Cursor {
    /// Keeps the cursor inside a list of `len` rows of which `height` are visible.
    pub fn fit(&mut self, len: usize, height: usize) {
        self.at = self.at.min(len.saturating_sub(1));
        let height = height.max(1);
        if self.at < self.top {
            self.top = self.at;
        } else if self.at >= self.top + height {
            self.top = self.at + 1 - height;
        }
        self.top = self.top.min(len.saturating_sub(height.min(len)));
    }

    /// Moves by so many rows.
    pub fn step(&mut self, by: isize, len: usize, height: usize) {
        self.at = self.at.saturating_add_signed(by);
        self.fit(len, height);
    }

    /// Takes a moving key (arrows, page, home, end); says whether it was one.
    pub fn key(&mut self, key: Key, len: usize, height: usize) -> bool {
        let page = isize::try_from(height.saturating_sub(1).max(1)).unwrap_or(1);
        match key.code {
            Code::Up => self.step(-1, len, height),
            Code::Down => self.step(1, len, height),
            Code::PageUp => self.step(-page, len, height),
            Code::PageDown => self.step(page, len, height),
            Code::Home => self.step(isize::MIN, len, height),
            Code::End => {
                self.at = len.saturating_sub(1);
                self.fit(len, height);
            }
            _ => return false,
        }
        true
    }
}
