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
    /// The imports that brought it, as far as imports did, in their order.
    pub imports: Vec<i64>,
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
pub(super) fn of(
    conn: &Connection,
    what: Complaint,
    customers: &[i64],
    imports: Vec<i64>,
) -> Result<Option<Later>, Failure> {
    if customers.is_empty() {
        return Ok(None);
    }
    let mut some = Vec::new();
    for id in customers.iter().take(SOME) {
        let no =
            conn.prepare_cached("SELECT no FROM customer WHERE id = ?")?.query_row([id], |r| r.get(0)).optional()?;
        some.extend(no);
    }
    Ok(Some(Later { what, count: customers.len() as u64, some, imports }))
}

/// Which imports are to be taken back before, if imports brought any of it.
pub fn first(later: &[Later]) -> Option<Complaint> {
    let mut imports: Vec<i64> = later.iter().flat_map(|l| l.imports.iter().copied()).collect();
    imports.sort_unstable();
    imports.dedup();
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for n in imports {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => runs.push((n, n)),
        }
    }
    if runs.is_empty() {
        return None;
    }
    let list = |between: &str| -> String {
        let run = |(a, b): &(i64, i64)| if a == b { a.to_string() } else { format!("{a}–{b}") };
        runs.iter().map(run).collect::<Vec<_>>().join(between)
    };
    Some(Complaint::new(
        format!("先撤销第 {} 次导入，最近的最先", list("、")),
        format!("Take back import {} before it, the latest first", list(", ")),
    ))
}
