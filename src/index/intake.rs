//! Customers as they arrive, one after another in any order: taken apart into columns at once, so that nobody keeps a million rows
//! of texts. Putting the columns in order and indexing them is each column's own business.

use super::row::Row;
use super::{addresses, codes, facts, names};

/// Customers taken in so far, each once.
#[derive(Debug, Default)]
pub struct Intake {
    pub(super) names: names::Arrived,
    pub(super) phones: codes::Arrived,
    pub(super) documents: codes::Arrived,
    pub(super) nos: codes::Arrived,
    pub(super) addresses: addresses::Arrived,
    pub(super) facts: facts::Arrived,
}

impl Intake {
    /// Takes the next one in; a customer that came before must not come again.
    pub fn push(&mut self, row: &Row<&str>) {
        self.names.push(row.name);
        self.phones.push(row.phone, row.phone2);
        self.documents.push(row.document, "");
        self.nos.push(row.no, "");
        self.addresses.push(row.address);
        self.facts.push(row);
    }
}
