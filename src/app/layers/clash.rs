//! A colleague saved the same fields first: before, theirs, mine, side by side; each field is decided, nothing typed is lost. Merging
//! of different fields happens in the store.

use super::then::Reaction;
use crate::app::key::{Code, Key};
use crate::app::list::Cursor;
use crate::domain::ids::{CustomerId, StaffId};
use crate::store::customers::Clash;

/// A clash being decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Clashing {
    /// Whose archive.
    pub customer: CustomerId,
    /// Who was first.
    pub by: Option<StaffId>,
    /// The fields.
    pub fields: Vec<Clash>,
    /// Whether mine is taken, field by field.
    pub mine: Vec<bool>,
    /// The field under the cursor.
    pub cursor: Cursor,
}

impl Clashing {
    /// A clash; mine is what is marked first, since it was typed last.
    pub fn new(customer: CustomerId, by: Option<StaffId>, fields: Vec<Clash>) -> Clashing {
        let mine = vec![true; fields.len()];
        Clashing { customer, by, fields, mine, cursor: Cursor::default() }
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
}
