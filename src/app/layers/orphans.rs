//! The list of customers without the right keeper, to open, to mark, to give away by the rules.

use super::then::{Reaction, Then};
use crate::app::key::{Code, Key};
use crate::app::list::Cursor;
use crate::domain::ids::CustomerId;
use crate::store::keepers::{Orphan, Why};
use std::collections::BTreeSet;

/// The list.
#[derive(Debug, Clone, PartialEq)]
pub struct Orphans {
    /// Those listed.
    pub list: Vec<Orphan>,
    /// How many there are in all.
    pub total: u32,
    /// Those marked.
    pub marks: BTreeSet<CustomerId>,
    /// The one under the cursor.
    pub cursor: Cursor,
    /// Rows shown; the machine keeps it near enough.
    pub height: usize,
}

impl Orphans {
    /// The list, nobody marked.
    pub fn new(list: Vec<Orphan>, total: u32) -> Orphans {
        Orphans { list, total, marks: BTreeSet::new(), cursor: Cursor::default(), height: 12 }
    }

    /// The one under the cursor.
    pub fn current(&self) -> Option<&Orphan> {
        self.list.get(self.cursor.at)
    }

    /// Whether all are meant, those too that the list has no room for: nobody is marked, or everybody listed is.
    pub fn whole(&self) -> bool {
        !self.list.is_empty() && (self.marks.is_empty() || self.marks.len() == self.list.len())
    }

    /// How many are marked; with everybody listed, all.
    pub fn marked(&self) -> usize {
        match usize::try_from(self.total) {
            Ok(total) if !self.marks.is_empty() && self.whole() => total,
            _ => self.marks.len(),
        }
    }

    /// Those marked, else everybody listed, as far as they are here for one of these reasons.
    fn chosen(&self, fits: impl Fn(Why) -> bool) -> Vec<CustomerId> {
        let wanted = |o: &&Orphan| (self.marks.is_empty() || self.marks.contains(&o.who.id)) && fits(o.why);
        self.list.iter().filter(wanted).map(|o| o.who.id).collect()
    }

    /// Takes a key: arrows, Enter opens, 0 or s marks, a marks all, F8 who would get whom, F4 proposes hand-overs.
    pub fn key(&mut self, key: Key) -> Reaction {
        match key.folded().code {
            Code::Esc => Reaction::Close,
            Code::Enter => self.open(self.cursor.at),
            Code::Char(c @ '1'..='9') => self.open(self.cursor.top + (c as usize - '1' as usize)),
            Code::Char('0' | ' ' | 's') => {
                if let Some(id) = self.current().map(|o| o.who.id)
                    && !self.marks.remove(&id)
                {
                    self.marks.insert(id);
                }
                self.cursor.step(1, self.list.len(), self.height);
                Reaction::Stay
            }
            Code::Char('a') => {
                let all: BTreeSet<CustomerId> = self.list.iter().map(|o| o.who.id).collect();
                self.marks = if self.marks == all { BTreeSet::new() } else { all };
                Reaction::Stay
            }
            Code::F(8) => {
                let then = if self.whole() { Then::PlanAll } else { Then::Plan(self.chosen(|_| true)) };
                Reaction::Chosen(then, String::new())
            }
            Code::F(4) => {
                let ids = self.chosen(|why| why == Why::WrongPost);
                Reaction::Chosen(Then::ProposeByRules(ids), String::new())
            }
            _ => {
                self.cursor.key(key, self.list.len(), self.height);
                Reaction::Stay
            }
        }
    }

    fn open(&self, at: usize) -> Reaction {
        match self.list.get(at) {
            Some(o) => Reaction::Chosen(Then::Open, o.who.id.0.to_string()),
            None => Reaction::Stay,
        }
    }
}
