//! The statements that find, write and end versions of a fact, one set a table. When they run is said in `stage` and `look`.

use super::SEEN;
use super::fact::{Cells, Kind};
use crate::domain::ids::CustomerId;
use crate::store::request::Failure;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement};

/// Whose fact it is: the customer, and which of the numbers of the core system that are theirs; 0 is their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whose {
    /// The customer.
    pub customer: CustomerId,
    /// 0, or the archive merged into it.
    pub account: i64,
}

/// A version that counts, compared with what a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// None has this key.
    None,
    /// It says the same; the batch that brought it.
    Same(i64),
    /// It says something else; the batch that brought it.
    Other(i64),
}

/// Statements for the facts of one table.
#[derive(Debug)]
pub struct Sql {
    find: String,
    insert: String,
    end: String,
    any: String,
}

impl Sql {
    /// For one who stages alone: what is not ended counts.
    pub fn staging(kind: Kind) -> Sql {
        Sql::of(kind, "until IS NULL")
    }

    /// For one who only looks while another may be staging.
    pub fn looking(kind: Kind) -> Sql {
        Sql::of(kind, SEEN)
    }

    fn of(kind: Kind, counts: &str) -> Sql {
        let Kind { table, keys, values, .. } = kind;
        let key: String = keys.iter().zip(3..).map(|(k, n)| format!(" AND {k} = ?{n}")).collect();
        let after = keys.len() + 3;
        let marks: Vec<String> = (3..after).map(|n| format!("?{n}")).collect();
        let given: Vec<String> = (after + 1..=after + values.len()).map(|n| format!("?{n}")).collect();
        Sql {
            find: format!(
                "SELECT since, {} FROM {table} WHERE customer = ?1{key} AND account = ?2 AND {counts}",
                values.join(", ")
            ),
            insert: format!(
                "INSERT OR IGNORE INTO {table} VALUES (?1, {}, ?2, ?{after}, NULL, {})",
                marks.join(", "),
                given.join(", ")
            ),
            end: format!(
                "UPDATE {table} SET until = ?{} WHERE customer = ?1{key} AND account = ?2 AND since = ?{after}",
                after + 1
            ),
            any: format!("SELECT 1 FROM {table} WHERE customer = ? LIMIT 1"),
        }
    }

    /// The version that counts.
    ///
    /// # Errors
    /// What the file says.
    pub fn find(&self, conn: &Connection, whose: Whose, cells: &Cells<'_>) -> Result<Found, Failure> {
        let mut statement = conn.prepare_cached(&self.find)?;
        bind(&mut statement, whose, cells.key())?;
        let mut rows = statement.raw_query();
        let Some(r) = rows.next()? else { return Ok(Found::None) };
        let since = r.get(0)?;
        for (n, value) in cells.value().iter().enumerate() {
            if r.get_ref(n + 1)? != *value {
                return Ok(Found::Other(since));
            }
        }
        Ok(Found::Same(since))
    }

    /// Writes a version; `false` when this batch has one of this key already.
    ///
    /// # Errors
    /// [`Failure::Gone`] when the customer is.
    pub fn insert(&self, conn: &Connection, whose: Whose, cells: &Cells<'_>, n: i64) -> Result<bool, Failure> {
        let mut statement = conn.prepare_cached(&self.insert)?;
        bind(&mut statement, whose, cells.key())?;
        let mut at = cells.key().len() + 3;
        statement.raw_bind_parameter(at, n)?;
        for value in cells.value() {
            at += 1;
            statement.raw_bind_parameter(at, ToSqlOutput::Borrowed(*value))?;
        }
        Ok(statement.raw_execute()? == 1)
    }

    /// Ends the version that batch `since` brought.
    ///
    /// # Errors
    /// What the file says.
    pub fn end(
        &self,
        conn: &Connection,
        whose: Whose,
        key: &[ValueRef<'_>],
        since: i64,
        n: i64,
    ) -> Result<(), Failure> {
        let mut statement = conn.prepare_cached(&self.end)?;
        bind(&mut statement, whose, key)?;
        statement.raw_bind_parameter(key.len() + 3, since)?;
        statement.raw_bind_parameter(key.len() + 4, n)?;
        statement.raw_execute()?;
        Ok(())
    }

    /// Whether a customer has any.
    ///
    /// # Errors
    /// What the file says.
    pub fn any(&self, conn: &Connection, customer: CustomerId) -> Result<bool, Failure> {
        Ok(conn.prepare_cached(&self.any)?.exists([customer.0])?)
    }
}

fn bind(statement: &mut Statement<'_>, whose: Whose, key: &[ValueRef<'_>]) -> rusqlite::Result<()> {
    statement.raw_bind_parameter(1, whose.customer.0)?;
    statement.raw_bind_parameter(2, whose.account)?;
    for (n, cell) in (3..).zip(key) {
        statement.raw_bind_parameter(n, ToSqlOutput::Borrowed(*cell))?;
    }
    Ok(())
}
