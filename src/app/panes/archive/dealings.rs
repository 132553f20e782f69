//! The tabs that show what the core system's extracts say: reading it, the rows they have, looking for transactions.

use super::Archive;
use super::tabs::Tab;
use crate::app::cx::{Cx, Wait};
use crate::app::input::Line;
use crate::app::key::{Code, Key};
use crate::app::layers::Layer;
use crate::app::list::Cursor;
use crate::app::words::value;
use crate::domain::dealings::books::Books;
use crate::domain::dealings::loan::Loan;
use crate::domain::dealings::txn::Txn;
use crate::domain::text::t;
use crate::store::dealings::{Answer, Ask};
use crate::store::request;

/// Rows of the calendar of the loan under the cursor, with its heading and the words on the loan.
pub const CALENDAR: usize = 5;
/// Rows from which the months of the transactions are shown, and the rows they take.
pub const MONTHS: (usize, usize) = (11, 3);

impl Archive {
    /// What the extracts say of the customer shown, as far as it was read.
    pub fn books(&self) -> Option<&Books> {
        self.opened().and_then(|o| self.shelf.of(o.customer.id))
    }

    /// It came.
    pub fn dealt(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        match answer {
            Answer::Books(books) => {
                let shown = self.opened().is_some_and(|o| o.customer.id == books.customer);
                self.shelf.put(*books);
                if shown && !self.shelf.line.is_empty() {
                    self.look(cx);
                }
            }
            Answer::Txns { customer, text, further, found } => self.shelf.came(customer, &text, further, *found),
        }
        let len = self.len();
        self.cursor.fit(len, self.visible());
    }

    /// The transactions shown.
    pub fn txns(&self) -> &[Txn] {
        self.opened().map_or(&[], |o| self.shelf.txns(o.customer.id).0)
    }

    /// The loan under the cursor.
    pub fn loan(&self) -> Option<&Loan> {
        self.books()?.loans.get(self.cursor.at).map(|(l, _)| &l.fact)
    }

    /// How many rows a tab of dealings has.
    pub(super) fn dealings_len(&self) -> usize {
        let Some(books) = self.books() else { return 0 };
        match self.tab {
            Tab::Holdings => books.holdings.len(),
            Tab::Loans => books.loans.len(),
            Tab::Services => books.services.len() + books.ratings.len(),
            Tab::Txns => self.txns().len(),
            _ => 0,
        }
    }

    /// Rows above the list of the tab shown.
    pub fn above(&self) -> usize {
        match self.tab {
            Tab::Holdings | Tab::Services => 2,
            Tab::Loans => 2,
            Tab::Assets => 4,
            Tab::Txns => 2 + if self.height >= MONTHS.0 { MONTHS.1 } else { 0 },
            _ => 0,
        }
    }

    /// Rows of the list that can be seen.
    pub fn visible(&self) -> usize {
        let below = match self.tab {
            Tab::Loans => CALENDAR,
            Tab::Holdings | Tab::Services | Tab::Txns => 1,
            _ => 0,
        };
        self.height.saturating_sub(self.above() + below).max(1)
    }

    /// Takes a key on the transactions, if it is theirs.
    pub(super) fn txns_key(&mut self, key: Key, cx: &mut Cx<'_>) -> bool {
        match (key.code, self.shelf.typing) {
            (Code::Esc, true) => {
                self.shelf.clear();
                self.cursor = Cursor::default();
            }
            (Code::Enter, true) => self.shelf.typing = false,
            (Code::Up | Code::Down | Code::PageUp | Code::PageDown, _) => {
                let len = self.len();
                self.cursor.key(key, len, self.visible());
                self.page_txns(cx);
            }
            (Code::Char('/' | '／'), false) => self.shelf.typing = true,
            (Code::Char('1'..='9'), false) => return false,
            (Code::Char(_), false) if key.text().is_some() => self.filter_txns(
                |line| {
                    line.key(key);
                },
                cx,
            ),
            (Code::Backspace, false) if !self.shelf.line.is_empty() => {
                self.filter_txns(
                    |line| {
                        line.key(key);
                    },
                    cx,
                );
            }
            (_, true) => self.filter_txns(
                |line| {
                    line.key(key);
                },
                cx,
            ),
            _ => return false,
        }
        true
    }

    /// Types into what is looked for among the transactions.
    pub(super) fn filter_txns(&mut self, typed: impl FnOnce(&mut Line), cx: &mut Cx<'_>) {
        let before = self.shelf.line.text().to_owned();
        self.shelf.typing = true;
        typed(&mut self.shelf.line);
        if self.shelf.line.text() != before {
            self.cursor = Cursor::default();
            self.look(cx);
        }
    }

    /// Looks for what is typed: at once among those at hand, then in the file where it has more.
    fn look(&mut self, cx: &mut Cx<'_>) {
        let Some(customer) = self.opened().map(|o| o.customer.id) else { return };
        let today = cx.shared.today();
        if self.shelf.refine(customer, today) {
            let text = self.shelf.line.text().trim().to_owned();
            cx.ask(Wait::Txns, request::Ask::Dealings(Ask::Txns { customer, text, today, before: None }));
        }
    }

    /// Near the end of the transactions at hand, the next page is read.
    pub(super) fn page_txns(&mut self, cx: &mut Cx<'_>) {
        if self.tab != Tab::Txns || self.cursor.at + 2 * self.visible() < self.len() {
            return;
        }
        let Some(customer) = self.opened().map(|o| o.customer.id) else { return };
        let (text, today) = (self.shelf.line.text().trim().to_owned(), cx.shared.today());
        if let Some(before) = self.shelf.rest(customer).filter(|_| !cx.out.waiting.contains_key(&Wait::Txns)) {
            let before = Some(before);
            cx.ask(Wait::Txns, request::Ask::Dealings(Ask::Txns { customer, text, today, before }));
        }
    }

    /// The value report of the customer shown, to read and to print.
    pub fn value_report(&self, cx: &mut Cx<'_>) {
        let (Some(opened), Some(books)) = (self.opened(), self.books()) else {
            cx.note(t("往来数据还没有读到，稍后再试", "The dealings are not read yet; try again in a moment"));
            return;
        };
        cx.layer(Layer::Reading(value::reading(cx.shared, opened, books)));
    }
}
