//! The change log on screen: newest first, narrowed by customer, staff, day and what was done.

use super::then::Reaction;
use crate::app::key::{Code, Key};
use crate::app::list::Cursor;
use crate::domain::audit::{Filter, Line};
use crate::store::audit::Page;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Read the line under the cursor in full.
    Read,
    /// Open the archive it is about.
    Archive,
    /// Only this customer's lines, or everybody's again.
    Customer,
    /// Choose by whom.
    Staff,
    /// Choose days.
    Days,
    /// Choose what was done.
    Doing,
    /// Everything again.
    All,
    /// Older lines are wanted.
    More,
}

/// The log.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// Which lines.
    pub filter: Filter,
    /// Number and name of the customer they are narrowed to.
    pub customer: String,
    /// Those read so far.
    pub lines: Vec<Line>,
    /// Where to go on.
    pub next: Option<i64>,
    /// A page is on its way.
    pub asked: bool,
    /// The line under the cursor.
    pub cursor: Cursor,
    /// Rows shown; the machine keeps it near enough.
    pub height: usize,
    /// What was asked for with the last key.
    pub act: Act,
}

impl Audit {
    /// The log, narrowed so, before anything was read.
    pub fn new(filter: Filter, customer: String) -> Audit {
        Audit {
            filter,
            customer,
            lines: Vec::new(),
            next: None,
            asked: true,
            cursor: Cursor::default(),
            height: 12,
            act: Act::Read,
        }
    }

    /// A page came.
    pub fn add(&mut self, page: Page) {
        self.lines.extend(page.lines);
        self.next = page.next;
        self.asked = false;
    }

    /// The line under the cursor.
    pub fn current(&self) -> Option<&Line> {
        self.lines.get(self.cursor.at)
    }

    /// Takes a key: arrows, Enter reads, F3 the archive, 1 to 4 narrow, 0 shows everything.
    pub fn key(&mut self, key: Key) -> Reaction {
        self.act = match key.folded().code {
            Code::Esc => return Reaction::Close,
            Code::Enter => Act::Read,
            Code::F(3) => Act::Archive,
            Code::Char('1') => Act::Customer,
            Code::Char('2') => Act::Staff,
            Code::Char('3') => Act::Days,
            Code::Char('4') => Act::Doing,
            Code::Char('0') => Act::All,
            _ => {
                let moved = self.cursor.key(key, self.lines.len(), self.height);
                let end = self.cursor.at + 1 >= self.lines.len();
                if !(moved && end && self.next.is_some() && !self.asked) {
                    return Reaction::Stay;
                }
                Act::More
            }
        };
        Reaction::Submit
    }
}
