//! What the core system's extracts say of the customers seen in this sitting, and the transactions one looks for among those of the
//! customer shown. What was seen stays while the drive is away.

use crate::app::input::Line;
use crate::domain::dealings::books::{Books, Found};
use crate::domain::dealings::txn::{Txn, Wanted};
use crate::domain::ids::CustomerId;
use crate::domain::values::money::Fen;
use chrono::NaiveDate;

/// Customers whose dealings are remembered for when the drive is away.
const SEEN: usize = 64;

/// The shelf.
#[derive(Debug, Default)]
pub struct Shelf {
    /// The newest last.
    seen: Vec<Books>,
    /// What is looked for among the transactions.
    pub line: Line,
    /// Whether letters go into that line.
    pub typing: bool,
    found: Option<Search>,
}

/// What was found among the transactions of a customer.
#[derive(Debug)]
struct Search {
    customer: CustomerId,
    text: String,
    found: Found,
    /// Only those at hand were looked through; the file was not heard yet.
    partial: bool,
}

impl Shelf {
    /// What is known of a customer.
    pub fn of(&self, id: CustomerId) -> Option<&Books> {
        self.seen.iter().find(|b| b.customer == id)
    }

    /// What was read of a customer.
    pub fn put(&mut self, books: Books) {
        let id = books.customer;
        self.seen.retain(|b| b.customer != id);
        if self.seen.len() == SEEN {
            self.seen.remove(0);
        }
        self.seen.push(books);
        if self.found.as_ref().is_some_and(|f| f.customer == id && f.text.is_empty()) {
            self.found = None;
        }
    }

    /// Looks for nothing any more; says whether something was looked for.
    pub fn clear(&mut self) -> bool {
        let looked = self.typing || !self.line.is_empty();
        self.line.set("");
        self.typing = false;
        self.found = None;
        looked
    }

    /// The transactions shown of a customer, and the sums of all that were found when something is looked for.
    pub fn txns(&self, id: CustomerId) -> (&[Txn], Option<&Found>) {
        match self.search(id) {
            Some(s) => (&s.found.txns, Some(&s.found)),
            None => (self.of(id).map_or(&[], |b| &b.txns), None),
        }
    }

    /// Whether only the newest were looked through so far.
    pub fn partial(&self, id: CustomerId) -> bool {
        self.search(id).is_some_and(|s| s.partial)
    }

    fn search(&self, id: CustomerId) -> Option<&Search> {
        self.found.as_ref().filter(|f| f.customer == id)
    }

    /// Looks through the transactions at hand for what is typed; says whether the file has more to look through.
    pub fn refine(&mut self, id: CustomerId, today: NaiveDate) -> bool {
        let text = self.line.text().trim().to_owned();
        if text.is_empty() {
            self.found = None;
            return false;
        }
        let Some(books) = self.of(id) else { return true };
        let wanted = Wanted::parse(&text, today);
        let txns: Vec<Txn> = books.txns.iter().filter(|t| wanted.has(t)).cloned().collect();
        let sum = |sign: i64| Fen(txns.iter().map(|t| (t.amount.0 * sign).max(0)).sum());
        let found = Found {
            total: u32::try_from(txns.len()).unwrap_or(u32::MAX),
            came: sum(1),
            went: sum(-1),
            more: false,
            txns,
        };
        let partial = usize::try_from(self.of(id).map_or(0, |b| b.txns_total)).unwrap_or(0) > books.txns.len();
        self.found = Some(Search { customer: id, text, found, partial });
        partial
    }

    /// What the file found comes: the first page of what is typed now, or a further one of what is shown.
    pub fn came(&mut self, customer: CustomerId, text: &str, further: bool, found: Found) {
        if self.line.text().trim() != text {
            return;
        }
        match &mut self.found {
            Some(s) if further && s.customer == customer && s.text == text => {
                s.found.txns.extend(found.txns);
                (s.found.total, s.found.came, s.found.went) = (found.total, found.came, found.went);
                s.found.more = found.more;
            }
            _ if further => {
                let mut all = found;
                if let Some(books) = self.of(customer) {
                    all.txns.splice(0..0, books.txns.iter().cloned());
                }
                self.found = Some(Search { customer, text: text.to_owned(), found: all, partial: false });
            }
            _ => self.found = Some(Search { customer, text: text.to_owned(), found, partial: false }),
        }
    }

    /// The last one shown, when there are older ones than those.
    pub fn rest(&self, id: CustomerId) -> Option<(NaiveDate, String)> {
        let more = match self.search(id) {
            Some(s) => s.found.more,
            None => self.of(id).is_some_and(|b| usize::try_from(b.txns_total).unwrap_or(0) > b.txns.len()),
        };
        let last = self.txns(id).0.last().filter(|_| more)?;
        Some((last.day, last.serial.clone()))
    }
}
