//! A task of one's own as its row stands in the file.

use crate::domain::agenda::Task;
use crate::domain::ids::{CustomerId, StaffId, TaskId};
use crate::store::cell;
use rusqlite::Row;

/// The columns that [`task`] reads.
pub const TASK: &str = "id, rev, owner, customer, text, due, stands_for, repeat";

/// A task and the day it stands for.
///
/// # Errors
/// What the file says.
pub fn task(r: &Row<'_>) -> rusqlite::Result<(Task, i64)> {
    let due: i64 = r.get(5)?;
    Ok((
        Task {
            id: TaskId(r.get(0)?),
            rev: r.get(1)?,
            owner: StaffId(r.get(2)?),
            customer: r.get::<_, Option<i64>>(3)?.map(CustomerId),
            text: r.get(4)?,
            due: cell::date(due).unwrap_or_default(),
            repeat: cell::of_json(&r.get::<_, String>(7)?),
        },
        r.get(6)?,
    ))
}
