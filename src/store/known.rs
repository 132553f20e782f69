//! Who is in the file already, for a batch that asks row after row. A few asks are answered by the file's indexes; from a share of its
//! customers on, all their numbers are read once and kept. What a row makes of an archive never lives here.

use super::request::Failure;
use crate::domain::ids::CustomerId;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// Reading one customer's number in a scan costs about this many times less than looking it up.
const SCAN: u64 = 16;

/// Customers by one text of theirs.
#[derive(Debug)]
pub struct Known {
    one: &'static str,
    all: &'static str,
    asked: u64,
    kept: Option<HashMap<Box<str>, CustomerId>>,
}

impl Known {
    /// By customer number.
    pub fn by_no() -> Known {
        Known { one: "SELECT id FROM customer WHERE no = ?", all: "SELECT no, id FROM customer", asked: 0, kept: None }
    }

    /// By the number of the document; whoever has none is not among them.
    pub fn by_document() -> Known {
        Known {
            one: "SELECT id FROM customer WHERE document = ? AND document <> '' LIMIT 1",
            all: "SELECT document, id FROM customer WHERE document <> ''",
            asked: 0,
            kept: None,
        }
    }

    /// The customer of this text. `before` is how many customers the file had when the batch began.
    ///
    /// # Errors
    /// What the file says.
    pub fn find(&mut self, conn: &Connection, text: &str, before: u64) -> Result<Option<CustomerId>, Failure> {
        if let Some(kept) = &self.kept {
            return Ok(kept.get(text).copied());
        }
        self.asked += 1;
        if self.asked.saturating_mul(SCAN) <= before {
            return self.ask(conn, text);
        }
        let mut kept = HashMap::with_capacity(usize::try_from(before).unwrap_or_default());
        let mut statement = conn.prepare(self.all)?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            kept.entry(r.get::<_, Box<str>>(0)?).or_insert(CustomerId(r.get(1)?));
        }
        let found = kept.get(text).copied();
        self.kept = Some(kept);
        Ok(found)
    }

    /// A customer came in with this text.
    pub fn came(&mut self, text: &str, id: CustomerId) {
        if let Some(kept) = self.kept.as_mut().filter(|_| !text.is_empty()) {
            kept.entry(text.into()).or_insert(id);
        }
    }

    /// A customer's text changed; another may still have the old one.
    ///
    /// # Errors
    /// What the file says.
    pub fn changed(&mut self, conn: &Connection, id: CustomerId, from: &str, to: &str) -> Result<(), Failure> {
        if self.kept.is_none() || from == to {
            return Ok(());
        }
        let other = self.ask(conn, from)?;
        if let Some(kept) = &mut self.kept {
            if kept.get(from) == Some(&id) {
                kept.remove(from);
            }
            if let Some(other) = other {
                kept.entry(from.into()).or_insert(other);
            }
        }
        self.came(to, id);
        Ok(())
    }

    fn ask(&self, conn: &Connection, text: &str) -> Result<Option<CustomerId>, Failure> {
        Ok(conn.prepare_cached(self.one)?.query_row([text], |r| r.get(0).map(CustomerId)).optional()?)
    }
}
