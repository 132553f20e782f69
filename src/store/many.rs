//! Writing many rows by few statements: what SQLite does around a statement costs as much as two rows of it.

use rusqlite::{Connection, Statement, ToSql};

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
    pub fn cell(&mut self, cell: impl ToSql) -> rusqlite::Result<()> {
        self.at += 1;
        self.statement.raw_bind_parameter(self.at, cell)
    }
}

impl Many {
    /// `into` is the statement up to its rows, `INSERT INTO t VALUES`; `row` one of them, with a mark for each of its `width` cells.
    pub fn new(into: &str, row: &str, width: usize) -> Many {
        Many { one: format!("{into} {row}"), all: format!("{into} {}", vec![row; TOGETHER].join(", ")), width }
    }

    /// As [`Many::new`], where a row is but its cells.
    pub fn of(into: &str, width: usize) -> Many {
        Many::new(into, &format!("({})", vec!["?"; width].join(", ")), width)
    }

    /// The same statements with a clause behind their rows.
    pub fn then(self, clause: &str) -> Many {
        Many { one: format!("{} {clause}", self.one), all: format!("{} {clause}", self.all), ..self }
    }

    /// Writes the rows in their order, each cell of them given by `bind`. Gives how many were written.
    ///
    /// # Errors
    /// What the file says; those of the rows before that are written, in whole statements.
    pub fn write<R>(
        &self,
        conn: &Connection,
        rows: impl IntoIterator<Item = R, IntoIter: ExactSizeIterator>,
        bind: impl Fn(R, &mut Binding<'_, '_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<usize> {
        let mut rows = rows.into_iter();
        let mut written = 0;
        if rows.len() >= TOGETHER {
            let mut statement = conn.prepare_cached(&self.all)?;
            while rows.len() >= TOGETHER {
                written += run(&mut statement, rows.by_ref().take(TOGETHER), self.width, &bind)?;
            }
        }
        if rows.len() > 0 {
            let mut statement = conn.prepare_cached(&self.one)?;
            for row in rows {
                written += run(&mut statement, [row], self.width, &bind)?;
            }
        }
        Ok(written)
    }
}

fn run<R>(
    statement: &mut Statement<'_>,
    rows: impl IntoIterator<Item = R>,
    width: usize,
    bind: impl Fn(R, &mut Binding<'_, '_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<usize> {
    let mut binding = Binding { statement, at: 0 };
    for (row, at) in rows.into_iter().zip((0..).step_by(width)) {
        binding.at = at;
        bind(row, &mut binding)?;
    }
    binding.statement.raw_execute()
}
