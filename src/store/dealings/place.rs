//! The statements that find, write and end versions of a fact, one set a table. When they run is said in `stage` and `look`.

use super::SEEN;
use super::fact::{Cells, Kind};
use crate::domain::ids::CustomerId;
use crate::store::many::Many;
use crate::store::request::Failure;
use rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY;
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

/// What a fact says of somebody.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// Whose it is.
    pub whose: Whose,
    /// Its key and value.
    pub cells: Cells<'a>,
}

/// Statements for the facts of one table.
#[derive(Debug)]
pub struct Sql {
    find: String,
    insert: Many,
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
        let marks = |count: usize| vec!["?"; count].join(", ");
        let row = format!("({}, NULL, {})", marks(after), marks(values.len()));
        Sql {
            find: format!(
                "SELECT since, {} FROM {table} WHERE customer = ?1{key} AND account = ?2 AND {counts}",
                values.join(", ")
            ),
            insert: Many::new(&format!("INSERT INTO {table} VALUES"), &row, after + values.len()),
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

    /// Writes versions of batch `n`, or none of them: `false` when it has one of these keys already, or one stands twice among them. Only
    /// as many as one statement writes are written or not as one.
    ///
    /// # Errors
    /// [`Failure::Gone`] when a customer is.
    pub fn insert(&self, conn: &Connection, versions: &[Version<'_>], n: i64) -> Result<bool, Failure> {
        let written = self.insert.write(conn, versions, |version, row| {
            row.cell(version.whose.customer.0)?;
            version.cells.key().iter().try_for_each(|cell| row.cell(ToSqlOutput::Borrowed(*cell)))?;
            row.cell(version.whose.account)?;
            row.cell(n)?;
            version.cells.value().iter().try_for_each(|cell| row.cell(ToSqlOutput::Borrowed(*cell)))
        });
        match written {
            Ok(_) => Ok(true),
            Err(e) if e.sqlite_extended_error_code() == Some(SQLITE_CONSTRAINT_PRIMARYKEY) => Ok(false),
            Err(e) => Err(e.into()),
        }
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
