//! Writing many rows by few statements: what SQLite does around a statement costs as much as two rows of it.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Statement};

/// Rows of one statement.
pub const TOGETHER: usize = 64;

/// The statements that write rows of one table, one at a time and many.
#[derive(Debug, Clone)]
pub struct Many {
    one: String,
    all: String,
    width: usize,
}

/// Where the cells of rows go, one after the other.
pub struct Binding<'s, 'c> {
    statement: &'s mut Statement<'c>,
    at: usize,
}

impl Binding<'_, '_> {
    /// The next cell.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn cell<'a>(&mut self, cell: impl Into<ToSqlOutput<'a>>) -> rusqlite::Result<()> {
        self.at += 1;
        self.statement.raw_bind_parameter(self.at, cell.into())
    }
}

impl Many {
    /// `into` is the statement up to its rows, `INSERT INTO t VALUES`; `row` one of them, with a mark for each of its `width` cells.
    pub fn new(into: &str, row: &str, width: usize) -> Many {
        Many { one: format!("{into} {row}"), all: format!("{into} {}", vec![row; TOGETHER].join(", ")), width }
    }

    /// Writes the rows in their order, each cell of them given by `bind`. Gives how many were written.
    ///
    /// # Errors
    /// What the file says; those of the rows before that are written, in whole statements.
    pub fn write<R>(
        &self,
        conn: &Connection,
        rows: &[R],
        bind: impl Fn(&R, &mut Binding<'_, '_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<usize> {
        let (together, rest) = rows.as_chunks::<TOGETHER>();
        let mut written = 0;
        if !together.is_empty() {
            let mut statement = conn.prepare_cached(&self.all)?;
            for rows in together {
                written += run(&mut statement, rows, self.width, &bind)?;
            }
        }
        if !rest.is_empty() {
            let mut statement = conn.prepare_cached(&self.one)?;
            for row in rest {
                written += run(&mut statement, std::slice::from_ref(row), self.width, &bind)?;
            }
        }
        Ok(written)
    }
}

fn run<R>(
    statement: &mut Statement<'_>,
    rows: &[R],
    width: usize,
    bind: impl Fn(&R, &mut Binding<'_, '_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<usize> {
    let mut binding = Binding { statement, at: 0 };
    for (row, at) in rows.iter().zip((0..).step_by(width)) {
        binding.at = at;
        bind(row, &mut binding)?;
    }
    binding.statement.raw_execute()
}
