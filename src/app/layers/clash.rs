//! A colleague was first: before, theirs, mine, side by side; each line is decided, nothing typed is lost. Merging of what does not
//! collide happens in the store; what becomes of the decision is said in `app::clashes`.

use super::then::Reaction;
use crate::app::key::{Code, Key};
use crate::app::list::Cursor;
use crate::domain::archive::merge;
use crate::domain::customer::Customer;
use crate::domain::field::Ctx;
use crate::domain::ids::{CustomerId, OpId};
use crate::store::customers::{Ask, Clash, Opened};
use crate::store::request::Stamp;

/// A clash being decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Clashing {
    /// What to ask to take all of mine.
    pub ask: Ask,
    /// What both changed.
    pub fields: Vec<Clash>,
    /// Whether mine is taken, line by line.
    pub mine: Vec<bool>,
    /// The line under the cursor.
    pub cursor: Cursor,
}

impl Clashing {
    /// A clash; mine is what is marked first, since it was typed last.
    pub fn new(ask: Ask, fields: Vec<Clash>) -> Clashing {
        let mine = vec![true; fields.len()];
        Clashing { ask, fields, mine, cursor: Cursor::default() }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Reaction {
        let len = self.fields.len();
        match key.folded().code {
            Code::Esc => Reaction::Close,
            Code::Enter | Code::F(8) => Reaction::Submit,
            Code::Char(' ') | Code::Left | Code::Right => {
                if let Some(m) = self.mine.get_mut(self.cursor.at) {
                    *m = !*m;
                }
                Reaction::Stay
            }
            Code::Char('1') => {
                self.mine.fill(true);
                Reaction::Stay
            }
            Code::Char('2') => {
                self.mine.fill(false);
                Reaction::Stay
            }
            _ => {
                self.cursor.key(key, len, len.max(1));
                Reaction::Stay
            }
        }
    }

    /// The archive it is about; none when it is about several.
    pub fn archive(&self) -> Option<CustomerId> {
        match &self.ask {
            Ask::Save { id, .. } | Ask::Hold { id, .. } => Some(*id),
            Ask::Part { customer, .. } => Some(*customer),
            _ => None,
        }
    }

    /// Who asked, and when.
    pub fn stamp(&self) -> Option<&Stamp> {
        match &self.ask {
            Ask::Save { stamp, .. } | Ask::Hold { stamp, .. } | Ask::Part { stamp, .. } | Ask::Keeper { stamp, .. } => {
                Some(stamp)
            }
            _ => None,
        }
    }

    /// The lines left to the colleague.
    pub fn theirs(&self) -> impl Iterator<Item = &Clash> {
        self.fields.iter().zip(&self.mine).filter(|(_, mine)| !**mine).map(|(f, _)| f)
    }

    /// What is to be asked as it was decided; nothing when all is left as it is.
    pub fn decided(&self, op: OpId, stamp: Stamp, ctx: Ctx<'_>) -> Option<Ask> {
        let left = |field: &str| self.theirs().any(|f| f.field == field);
        match self.ask.clone() {
            Ask::Save { id, base_rev, mut edits, reason, .. } => {
                edits.retain(|e| !left(&e.field));
                (!edits.is_empty()).then_some(Ask::Save { op, id, base_rev, edits, reason, stamp })
            }
            Ask::Part { customer, row, mut part, .. } => {
                if left("part") {
                    return None;
                }
                if let Some(part) = &mut part {
                    self.theirs().for_each(|f| merge::put(part, &f.field, &f.theirs, ctx));
                }
                let same = row.as_ref().is_some_and(|row| part.as_ref() == Some(&row.part));
                (!same).then_some(Ask::Part { op, customer, row, part, stamp })
            }
            Ask::Keeper { mut ids, owner, seen, reason, .. } => {
                ids.retain(|id| self.theirs().all(|f| f.customer != *id));
                (!ids.is_empty()).then_some(Ask::Keeper { op, ids, owner, seen, reason, stamp })
            }
            Ask::Hold { id, tier, seen, reason, .. } => {
                (!left("hold")).then_some(Ask::Hold { op, id, tier, seen, reason, stamp })
            }
            _ => None,
        }
    }

    /// The archive was read anew while one decides: what a third colleague saved in between stands on the screen.
    pub fn heard(&mut self, now: &Opened, value: impl Fn(&Customer, &str) -> Option<String>) {
        let Ask::Save { id, base_rev, edits, .. } = &mut self.ask else { return };
        if *id != now.customer.id {
            return;
        }
        *base_rev = now.customer.rev;
        for f in &mut self.fields {
            let Some(theirs) = value(&now.customer, &f.field).filter(|v| *v != f.theirs) else { continue };
            let last = now.changes.iter().find(|c| c.of_field(&f.field));
            (f.by, f.at) = (last.map(|c| c.by), last.map(|c| c.at));
            f.theirs.clone_from(&theirs);
            if let Some(e) = edits.iter_mut().find(|e| e.field == f.field) {
                e.before = theirs;
            }
        }
    }
}
