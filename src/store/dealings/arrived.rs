//! The batches by their numbers: whether one counts yet, which day its data speak of, when it came.

use crate::domain::ids::CustomerId;
use crate::store::cell;
use crate::store::request::Failure;
use chrono::NaiveDate;
use rusqlite::Connection;
use std::collections::HashMap;

#[derive(Debug, Clone, Copy)]
struct Batch {
    staged: bool,
    as_of: Option<NaiveDate>,
    came: NaiveDate,
}

/// All batches.
#[derive(Debug, Clone, Default)]
pub struct Arrived(HashMap<i64, Batch>);

impl Arrived {
    /// As they stand.
    ///
    /// # Errors
    /// What the file says.
    pub fn load(conn: &Connection) -> Result<Arrived, Failure> {
        let mut statement = conn.prepare_cached("SELECT n, state = 'staged', as_of, at FROM batch")?;
        let mut rows = statement.query([])?;
        let mut all = HashMap::new();
        while let Some(r) = rows.next()? {
            let as_of = r.get::<_, Option<i64>>(2)?.and_then(cell::date);
            let came = cell::day_of(r.get_ref(3)?.as_str().unwrap_or_default());
            all.insert(r.get(0)?, Batch { staged: r.get(1)?, as_of, came });
        }
        Ok(Arrived(all))
    }

    /// Whether a batch has not arrived as a whole yet.
    pub fn staged(&self, n: i64) -> bool {
        self.0.get(&n).is_some_and(|b| b.staged)
    }

    /// The data date of a batch, or the day it came where it does not say.
    pub fn as_of(&self, n: i64) -> Option<NaiveDate> {
        self.0.get(&n).map(|b| b.as_of.unwrap_or(b.came))
    }

    /// The day a batch came.
    pub fn came(&self, n: i64) -> Option<NaiveDate> {
        self.0.get(&n).map(|b| b.came)
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
    pub owner: Option<crate::domain::ids::StaffId>,
}

/// The columns of [`Whose`], of a customer called `c`; they stand first.
pub const WHOSE: &str = "c.id, c.tier, c.aum, c.owner";

impl Whose {
    /// Reads it from the first four columns.
    ///
    /// # Errors
    /// What the file says.
    pub fn read(r: &rusqlite::Row<'_>) -> rusqlite::Result<Whose> {
        Ok(Whose {
            customer: CustomerId(r.get(0)?),
            tier: r.get(1)?,
            aum: r.get(2)?,
            owner: r.get::<_, Option<i64>>(3)?.map(crate::domain::ids::StaffId),
        })
    }
}
