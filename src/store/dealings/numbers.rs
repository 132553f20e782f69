//! Which archive a customer number of the core system means: its own, or the one that the archive of that number was merged into. Where
//! a file knows people by their ID only, that stands in the place of the number.

use super::place::Whose;
use crate::domain::ids::CustomerId;
use crate::domain::values::idcard::IdCard;
use crate::store::known::Known;
use crate::store::request::Failure;
use crate::store::subject::rights;
use crate::store::table;
use rusqlite::Connection;
use std::collections::{HashMap, HashSet};

/// The numbers of a file, asked row after row. Rows of one customer mostly follow each other.
#[derive(Debug)]
pub struct Numbers {
    own: Known,
    merged: HashMap<String, Whose>,
    /// Those who were erased: their numbers mean nobody.
    erased: HashSet<String>,
    /// By which it shows that somebody merged or parted archives since.
    mark: (i64, String),
    before: u64,
    last: String,
    found: Option<Whose>,
}

impl Numbers {
    /// The numbers as they stand.
    ///
    /// # Errors
    /// What the file says.
    pub fn of(conn: &Connection) -> Result<Numbers, Failure> {
        let mut numbers = Numbers {
            own: Known::by_no(),
            merged: HashMap::new(),
            erased: HashSet::new(),
            mark: (-1, String::new()),
            before: table::tallied(conn)?,
            last: String::new(),
            found: None,
        };
        numbers.renew(conn)?;
        Ok(numbers)
    }

    /// Whether the customer of this number was erased at their own request.
    pub fn is_erased(&self, no: &str) -> bool {
        !self.erased.is_empty() && self.erased.contains(no)
    }

    /// Customers in the file.
    pub fn before(&self) -> u64 {
        self.before
    }

    /// Reads anew what colleagues merged or parted meanwhile; to be asked at the beginning of each transaction.
    ///
    /// # Errors
    /// What the file says.
    pub fn renew(&mut self, conn: &Connection) -> Result<(), Failure> {
        let mark = conn
            .prepare_cached(
                "SELECT (SELECT count(*) FROM merged) + 1000000 * (SELECT count(*) FROM erased),
             (SELECT coalesce(max(at), '') FROM merged)",
            )?
            .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        if mark == self.mark {
            return Ok(());
        }
        self.merged.clear();
        let mut statement = conn.prepare("SELECT no, customer, id FROM merged")?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            self.merged.insert(r.get(0)?, Whose { customer: CustomerId(r.get(1)?), account: r.get(2)? });
        }
        self.erased = rights::erased(conn)?;
        self.own.forget();
        self.last.clear();
        self.mark = mark;
        Ok(())
    }

    /// Gives back the memory of what was read.
    pub fn forget(&mut self) {
        self.own.forget();
    }

    /// Whose number it is.
    ///
    /// # Errors
    /// What the file says.
    pub fn find(&mut self, conn: &Connection, no: &str) -> Result<Option<Whose>, Failure> {
        if self.last == no && !no.is_empty() {
            return Ok(self.found);
        }
        self.found = match self.merged.get(no) {
            _ if self.is_erased(no) => None,
            Some(whose) => Some(*whose),
            None => match self.own.find(conn, no, self.before)? {
                None => of_document(conn, no)?,
                found => found,
            }
            .map(|customer| Whose { customer, account: 0 }),
        };
        self.last.clear();
        self.last.push_str(no);
        Ok(self.found)
    }
}

/// The customer with this ID number, old or new; nobody where two archives have it: whose of them it is, a person decides first.
fn of_document(conn: &Connection, text: &str) -> Result<Option<CustomerId>, Failure> {
    if !matches!(text.len(), 15 | 18) {
        return Ok(None);
    }
    let Some(number) = IdCard::of(text) else { return Ok(None) };
    let mut statement =
        conn.prepare_cached("SELECT customer FROM document_order WHERE document = ? ORDER BY customer LIMIT 2")?;
    let found = statement.query_map([number], |r| r.get(0).map(CustomerId))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(if let [one] = found.as_slice() { Some(*one) } else { None })
}
