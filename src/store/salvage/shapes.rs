//! What the rows of each table look like, taken from the schema itself, so that a row is known wherever it lies. How rows are read is in
//! `pages`.

use super::pages::Cell;
use rusqlite::Connection;
use rusqlite::types::Value;

/// What follows from other tables and is made anew, and what SQLite keeps for itself.
const DERIVED: [&str; 9] =
    ["sound", "place", "occasion", "touched", "tier_sum", "visit_sum", "lacking_sum", "area_sum", "sqlite_schema"];
/// How tables end that have the customers in an order, which is made anew as well.
const ORDER: &str = "_order";

/// A table, or an index, which follows from one.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Its name.
    pub name: String,
    /// Whether it is made anew.
    pub derived: bool,
    /// Whether it has no row ids.
    pub keyed: bool,
    /// Names in the order of the statement that makes it.
    pub columns: Vec<String>,
    /// How they are stored.
    stored: Vec<Stored>,
}

#[derive(Debug, Clone)]
struct Stored {
    /// Its place among the columns.
    column: usize,
    kind: String,
    required: bool,
    /// It is the row id, and stored as nothing.
    alias: bool,
}

impl Shape {
    /// The tables and indexes of an empty branch file.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn all(conn: &Connection) -> rusqlite::Result<Vec<Shape>> {
        let tables: Vec<(String, bool)> = conn
            .prepare("SELECT name, wr FROM pragma_table_list WHERE type = 'table' AND schema = 'main' ORDER BY name")?
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut shapes: Vec<Shape> = Vec::new();
        for (name, keyed) in tables {
            shapes.push(Shape::of(conn, name, keyed)?);
        }
        let indexes: Vec<(String, String)> = conn
            .prepare("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index'")?
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (name, of) in indexes {
            if let Some(table) = shapes.iter().find(|s| s.name == of) {
                shapes.push(Shape::index(conn, name, table)?);
            }
        }
        Ok(shapes)
    }

    /// The entries of an index: its columns, and what leads to the row.
    fn index(conn: &Connection, name: String, table: &Shape) -> rusqlite::Result<Shape> {
        let columns: Vec<Option<String>> = conn
            .prepare("SELECT name FROM pragma_index_xinfo(?) ORDER BY seqno")?
            .query_map([&name], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let stored = columns.iter().map(|column| {
            let at = table.columns.iter().position(|c| Some(c) == column.as_ref());
            let found = at.and_then(|at| table.stored.iter().find(|s| s.column == at)).filter(|s| !s.alias);
            // What is no column of its own is the row id.
            let rowid = Stored { column: 0, kind: "INTEGER".to_owned(), required: true, alias: false };
            found.cloned().unwrap_or(rowid)
        });
        let stored = stored.collect();
        Ok(Shape { name, derived: true, keyed: true, columns: Vec::new(), stored })
    }

    fn of(conn: &Connection, name: String, keyed: bool) -> rusqlite::Result<Shape> {
        let found: Vec<(String, String, bool, i64)> = conn
            .prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_info(?) ORDER BY cid")?
            .query_map([&name], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let keys = found.iter().filter(|(.., pk)| *pk > 0).count();
        let mut stored: Vec<(i64, Stored)> = found
            .iter()
            .enumerate()
            .map(|(column, (_, kind, required, pk))| {
                let alias = !keyed && keys == 1 && *pk == 1 && kind == "INTEGER";
                let required = *required || (keyed && *pk > 0);
                (*pk, Stored { column, kind: kind.clone(), required, alias })
            })
            .collect();
        if keyed {
            // The key comes first.
            stored.sort_by_key(|(pk, _)| if *pk == 0 { i64::MAX } else { *pk });
        }
        Ok(Shape {
            derived: DERIVED.contains(&name.as_str()) || name.ends_with(ORDER),
            keyed,
            columns: found.into_iter().map(|(name, ..)| name).collect(),
            stored: stored.into_iter().map(|(_, stored)| stored).collect(),
            name,
        })
    }

    /// Whether a row may be one of this table.
    pub fn fits(&self, cell: &Cell) -> bool {
        cell.values.len() == self.stored.len()
            && cell.rowid.is_none() == self.keyed
            && self.stored.iter().zip(&cell.values).all(|(stored, value)| match value {
                Value::Null => !stored.required || stored.alias,
                Value::Integer(_) => stored.kind.starts_with("INT") && !stored.alias,
                Value::Text(_) => stored.kind == "TEXT",
                Value::Blob(_) => stored.kind == "BLOB",
                Value::Real(_) => false,
            })
    }

    /// The columns of a row that fits, in the order of [`Shape::columns`].
    pub fn row(&self, cell: Cell) -> Vec<Value> {
        let mut row = vec![Value::Null; self.columns.len()];
        for (stored, value) in self.stored.iter().zip(cell.values) {
            if let Some(place) = row.get_mut(stored.column) {
                *place = match (stored.alias, cell.rowid) {
                    (true, Some(id)) => Value::Integer(id),
                    _ => value,
                };
            }
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::migrate;

    #[test]
    fn no_two_tables_look_the_same() {
        let conn = Connection::open_in_memory().unwrap();
        migrate::lay(&conn).unwrap();
        let shapes = Shape::all(&conn).unwrap();
        assert!(shapes.len() > 15 && shapes.iter().any(|s| s.name == "sqlite_schema"));
        // A row as full as a table allows, tried on all others. What is made anew may look like anything.
        let full = |shape: &Shape| Cell {
            rowid: (!shape.keyed).then_some(1),
            values: shape
                .stored
                .iter()
                .map(|s| match s.kind.as_str() {
                    _ if s.alias => Value::Null,
                    "INTEGER" => Value::Integer(7),
                    "TEXT" => Value::Text("x".into()),
                    _ => Value::Blob(vec![1]),
                })
                .collect(),
        };
        for shape in shapes.iter().filter(|s| !s.derived) {
            let fitting: Vec<&str> = shapes.iter().filter(|s| s.fits(&full(shape))).map(|s| s.name.as_str()).collect();
            assert_eq!(fitting, [shape.name.as_str()]);
            assert!(!shape.stored.is_empty());
        }
    }
}
