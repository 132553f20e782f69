//! Two archives side by side, to choose field by field what the one that stays keeps.

use super::then::{Reaction, Then};
use crate::app::key::{Code, Key};
use crate::app::list::Cursor;
use crate::domain::archive::side::{differing, from_other};
use crate::domain::customer::Customer;
use crate::domain::field::Field;
use crate::store::twins::Side;
use std::collections::BTreeSet;

/// The two.
#[derive(Debug, Clone, PartialEq)]
pub struct Merging {
    /// The one that stays, on the left.
    pub keep: Side,
    /// The one that goes into it.
    pub other: Side,
    /// Fields taken from the one that goes.
    pub take: BTreeSet<&'static str>,
    /// The field under the cursor.
    pub cursor: Cursor,
    /// Rows shown; the machine keeps it near enough.
    pub height: usize,
}

impl Merging {
    /// The two, with what is kept if nobody says otherwise.
    pub fn new(keep: Side, other: Side) -> Merging {
        let newer = other.updated > keep.updated;
        let take = differing(&keep.customer, &other.customer)
            .into_iter()
            .filter(|f| from_other(f, &keep.customer, &other.customer, newer))
            .map(|f| f.code)
            .collect();
        Merging { keep, other, take, cursor: Cursor::default(), height: 10 }
    }

    /// The fields in which they differ.
    pub fn fields(&self) -> Vec<&'static Field<Customer>> {
        differing(&self.keep.customer, &self.other.customer)
    }

    /// Takes a key: arrows, ← → and space choose, F4 the other one stays, F8 merges.
    pub fn key(&mut self, key: Key) -> Reaction {
        let fields = self.fields();
        let code = fields.get(self.cursor.at).map(|f| f.code);
        match (key.folded().code, code) {
            (Code::Esc, _) => return Reaction::Close,
            (Code::F(8), _) => return Reaction::Submit,
            (Code::F(4), _) => {
                return Reaction::Chosen(Then::Compare(self.other.customer.id, self.keep.customer.id), String::new());
            }
            (Code::Left, Some(code)) => {
                self.take.remove(code);
            }
            (Code::Right, Some(code)) => {
                self.take.insert(code);
            }
            (Code::Char(' ' | '0'), Some(code)) => {
                if !self.take.remove(code) {
                    self.take.insert(code);
                }
                self.cursor.step(1, fields.len(), self.height);
            }
            _ => {
                self.cursor.key(key, fields.len(), self.height);
            }
        }
        Reaction::Stay
    }
}
