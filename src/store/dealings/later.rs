//! What came later and needs an import, as it is told to the one who wants to take it back. How it is found is in `undo` and `unload`.

use crate::domain::ids::BatchId;
use crate::domain::text::Complaint;
use crate::store::request::Failure;
use rusqlite::{Connection, OptionalExtension};

/// Something that came later and needs the import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// What it is.
    pub what: Complaint,
    /// So many customers.
    pub count: u64,
    /// The numbers of the first of them.
    pub some: Vec<String>,
}

/// Numbers of customers named with each.
const SOME: usize = 5;

/// A batch about to be taken back.
pub(super) struct Back {
    /// Its row.
    pub(super) id: BatchId,
    /// Its number.
    pub(super) n: i64,
    /// The file.
    pub(super) file: String,
    /// Its layout.
    pub(super) layout: String,
}

/// What it is, with how many customers and the numbers of some; nothing without any.
pub(super) fn of(conn: &Connection, what: Complaint, customers: &[i64]) -> Result<Option<Later>, Failure> {
    if customers.is_empty() {
        return Ok(None);
    }
    let mut some = Vec::new();
    for id in customers.iter().take(SOME) {
        let no =
            conn.prepare_cached("SELECT no FROM customer WHERE id = ?")?.query_row([id], |r| r.get(0)).optional()?;
        some.extend(no);
    }
    Ok(Some(Later { what, count: customers.len() as u64, some }))
}
