//! The batches by their numbers: whether one counts yet, which day its data speak of, when it came.

use crate::domain::ids::{CustomerId, StaffId};
use crate::store::cell;
use crate::store::request::Failure;
use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

#[derive(Debug, Clone, Copy)]
struct Batch {
    as_of: Option<NaiveDate>,
    came: NaiveDate,
}

/// The batches, each read when it is first asked for: there are thousands in a year, and a list needs few.
#[derive(Debug)]
pub struct Arrived<'a> {
    conn: &'a Connection,
    staged: HashSet<i64>,
    known: RefCell<HashMap<i64, Option<Batch>>>,
}

impl<'a> Arrived<'a> {
    /// The batches as they stand.
    ///
    /// # Errors
    /// What the file says.
    pub fn load(conn: &'a Connection) -> Result<Arrived<'a>, Failure> {
        let mut statement = conn.prepare_cached("SELECT n FROM batch WHERE state = 'staged'")?;
        let staged = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(Arrived { conn, staged, known: RefCell::default() })
    }

    /// Whether a batch has not arrived as a whole yet.
    pub fn staged(&self, n: i64) -> bool {
        self.staged.contains(&n)
    }

    /// The data date of a batch, or the day it came where it does not say.
    ///
    /// # Errors
    /// What the file says.
    pub fn as_of(&self, n: i64) -> Result<Option<NaiveDate>, Failure> {
        Ok(self.batch(n)?.map(|b| b.as_of.unwrap_or(b.came)))
    }

    /// The day a batch came.
    ///
    /// # Errors
    /// What the file says.
    pub fn came(&self, n: i64) -> Result<Option<NaiveDate>, Failure> {
        Ok(self.batch(n)?.map(|b| b.came))
    }

    fn batch(&self, n: i64) -> Result<Option<Batch>, Failure> {
        if let Some(known) = self.known.borrow().get(&n) {
            return Ok(*known);
        }
        let mut statement = self.conn.prepare_cached("SELECT as_of, at FROM batch WHERE n = ?")?;
        let found = statement
            .query_row([n], |r| {
                let as_of = r.get::<_, Option<i64>>(0)?.and_then(cell::date);
                Ok(Batch { as_of, came: cell::day_of(r.get_ref(1)?.as_str()?) })
            })
            .optional()?;
        self.known.borrow_mut().insert(n, found);
        Ok(found)
    }
}

/// Whose a fact is, as far as a list needs it before it names anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    /// The archive.
    pub customer: CustomerId,
    /// Tier rank in force, -1 without figures.
    pub tier: i64,
    /// Assets by the basis.
    pub aum: Option<i64>,
    /// 责任人
    pub owner: Option<StaffId>,
}

/// The columns of [`Whose`], of a customer called `c`; they stand first.
pub const WHOSE: &str = "c.id, c.tier, c.aum, c.owner";

impl Whose {
    /// Reads it from the first four columns.
    ///
    /// # Errors
    /// What the file says.
    pub fn read(r: &Row<'_>) -> rusqlite::Result<Whose> {
        Ok(Whose {
            customer: CustomerId(r.get(0)?),
            tier: r.get(1)?,
            aum: r.get(2)?,
            owner: r.get::<_, Option<i64>>(3)?.map(StaffId),
        })
    }
}
