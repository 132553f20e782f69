//! Looking: what the rows of a file would change, before anything is written. It reads in short transactions, so that colleagues' saves get
//! in between; a rehearsal is nothing but this.

use super::fact::Fact;
use super::numbers::Numbers;
use super::place::{Found, Sql, Whose};
use super::stage::{Put, Words, connection, word};
use crate::domain::customer::Customer;
use crate::domain::ids::CustomerId;
use crate::store::known::Known;
use crate::store::open::File;
use crate::store::request::Failure;
use crate::store::{table, wait};
use std::time::{Duration, Instant};

/// How long one read transaction goes on.
const LONG: Duration = Duration::from_millis(150);
/// Rows between two looks at the clock.
const STEP: u32 = 32;

/// What is there of the customer of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nobody.
    Nobody,
    /// The number was merged into another archive; its row says nothing any more.
    Merged,
    /// The customer of this number was erased at their own request.
    Erased,
    /// An archive.
    Archive(Box<Customer>),
}

/// One who only looks.
#[derive(Debug)]
pub struct Look<'a> {
    file: &'a mut File,
    numbers: Numbers,
    prospects: Known,
    open: Option<Instant>,
    rows: u32,
    sql: Option<(&'static str, Sql)>,
    /// Numbers that come in with the same rehearsal.
    coming: Words<u64>,
    /// Keys met in the file at hand.
    met: Words<u64>,
}

impl File {
    /// Begins to look.
    ///
    /// # Errors
    /// What the file says.
    pub fn look(&mut self) -> Result<Look<'_>, Failure> {
        self.patience.renew(wait::FOR_A_READ);
        let numbers = Numbers::of(self.connection()?)?;
        Ok(Look {
            file: self,
            numbers,
            prospects: Known::prospects(),
            open: None,
            rows: 0,
            sql: None,
            coming: Words::default(),
            met: Words::default(),
        })
    }
}

impl Look<'_> {
    /// Customers in the file.
    pub fn customers(&self) -> u64 {
        self.numbers.before()
    }

    /// Another file follows.
    pub fn next_file(&mut self) {
        self.met.clear();
    }

    /// The archive of this number, or the prospect's who has this document.
    ///
    /// # Errors
    /// What the file says.
    pub fn customer(&mut self, no: &str, document: Option<&str>) -> Result<Seen, Failure> {
        self.enter()?;
        let before = self.numbers.before();
        let conn = connection(self.file)?;
        if self.numbers.is_erased(no) {
            return Ok(Seen::Erased);
        }
        let id = match (self.numbers.find(conn, no)?, document) {
            (Some(whose), _) if whose.account != 0 => return Ok(Seen::Merged),
            (Some(whose), _) => Some(whose.customer),
            (None, Some(document)) => self.prospects.find(conn, document, before)?,
            (None, None) => None,
        };
        let seen = match id {
            Some(id) => Seen::Archive(Box::new(table::load(conn, id)?)),
            None => Seen::Nobody,
        };
        self.pace()?;
        Ok(seen)
    }

    /// A customer of this number comes in with the same rehearsal.
    pub fn comes(&mut self, no: &str) {
        self.coming.insert(number(no));
    }

    /// What would become of a fact.
    ///
    /// # Errors
    /// What the file says.
    pub fn fact(&mut self, no: &str, fact: &Fact<'_>) -> Result<Put, Failure> {
        self.enter()?;
        let kind = fact.kind();
        if self.sql.as_ref().is_none_or(|(table, _)| *table != kind.table) {
            self.sql = Some((kind.table, Sql::looking(kind)));
        }
        let conn = connection(self.file)?;
        let cells = fact.cells();
        let whose = self.numbers.find(conn, no)?;
        let coming = Whose { customer: CustomerId(number(no).cast_signed()), account: -1 };
        if whose.is_none() && !self.coming.contains(&number(no)) {
            return Ok(if self.numbers.is_erased(no) { Put::Erased } else { Put::Unknown });
        }
        if !self.met.insert(word(whose.unwrap_or(coming), cells.key())) {
            return Ok(Put::Twice);
        }
        let found = match (whose, &self.sql) {
            (Some(whose), Some((_, sql))) => sql.find(conn, whose, &cells)?,
            _ => Found::None,
        };
        self.pace()?;
        Ok(match found {
            Found::None => Put::New,
            Found::Same(_) => Put::Same,
            Found::Other(_) => Put::Changed,
        })
    }

    fn enter(&mut self) -> Result<(), Failure> {
        if self.open.is_some() {
            return Ok(());
        }
        self.file.patience.renew(wait::FOR_A_SAVE);
        let conn = self.file.connection()?;
        conn.execute_batch("BEGIN")?;
        self.open = Some(Instant::now());
        self.numbers.renew(conn)
    }

    fn pace(&mut self) -> Result<(), Failure> {
        self.rows += 1;
        if self.rows.is_multiple_of(STEP) && self.open.is_some_and(|open| open.elapsed() >= LONG) {
            self.leave()?;
        }
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Failure> {
        if self.open.take().is_some()
            && let Some(conn) = &self.file.conn
        {
            conn.execute_batch("COMMIT")?;
        }
        Ok(())
    }
}

impl Drop for Look<'_> {
    fn drop(&mut self) {
        if self.leave().is_err() {
            // Whatever lock is left goes with the connection.
            self.file.conn = None;
        }
    }
}

/// A customer number as a word.
fn number(no: &str) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    hasher.write(no.as_bytes());
    hasher.finish()
}
