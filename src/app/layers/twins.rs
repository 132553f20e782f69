//! The list of archives that may be one person's, with the latest merges and the pairs found to be two people.

use super::then::Reaction;
use crate::app::key::{Code, Key};
use crate::app::list::Cursor;
use crate::store::twins::{Found, Pair, Parted, Recent};

/// What is to be done with the line under the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Compare the pair; take the merge or the finding back.
    Open,
    /// They are two people.
    Apart,
    /// Open the archive.
    Archive,
}

/// A line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line<'a> {
    /// Two that may be one.
    Pair(&'a Pair),
    /// A merge.
    Recent(&'a Recent),
    /// A pair found to be two people.
    Parted(&'a Parted),
}

/// The list.
#[derive(Debug, Clone, PartialEq)]
pub struct Twins {
    /// What was found.
    pub found: Found,
    /// The line under the cursor.
    pub cursor: Cursor,
    /// Rows shown; the machine keeps it near enough.
    pub height: usize,
    /// What was asked for with the last key.
    pub act: Act,
}

impl Twins {
    /// The list.
    pub fn new(found: Found) -> Twins {
        Twins { found, cursor: Cursor::default(), height: 12, act: Act::Open }
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.found.pairs.len() + self.found.recent.len() + self.found.apart.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A line.
    pub fn line(&self, at: usize) -> Option<Line<'_>> {
        let recent = at.checked_sub(self.found.pairs.len());
        let parted = recent.and_then(|at| at.checked_sub(self.found.recent.len()));
        match (recent, parted) {
            (None, _) => self.found.pairs.get(at).map(Line::Pair),
            (Some(at), None) => self.found.recent.get(at).map(Line::Recent),
            (_, Some(at)) => self.found.apart.get(at).map(Line::Parted),
        }
    }

    /// The line under the cursor.
    pub fn current(&self) -> Option<Line<'_>> {
        self.line(self.cursor.at)
    }

    /// Takes a key: arrows, Enter, n they are two, F3 the archive.
    pub fn key(&mut self, key: Key) -> Reaction {
        let act = match key.folded().code {
            Code::Esc => return Reaction::Close,
            Code::Enter => Act::Open,
            Code::Char(c @ '1'..='9') => {
                let at = self.cursor.top + (c as usize - '1' as usize);
                if at >= self.len() {
                    return Reaction::Stay;
                }
                self.cursor.at = at;
                Act::Open
            }
            Code::Char('n') => Act::Apart,
            Code::F(3) => Act::Archive,
            _ => {
                self.cursor.key(key, self.len(), self.height);
                return Reaction::Stay;
            }
        };
        self.act = act;
        if self.current().is_some() { Reaction::Submit } else { Reaction::Stay }
    }
}
