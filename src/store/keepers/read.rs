//! What is read of keepers.

use super::{Answer, Ask, leave, orphans, plan};
use crate::store::branch::Branch;
use crate::store::request::Failure;
use rusqlite::Connection;

/// Answers a read.
///
/// # Errors
/// What the file says.
pub fn answer(conn: &Connection, branch: &Branch, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Orphans { today } => orphans::list(conn, branch, *today),
        Ask::PlanAll { today } => {
            plan::by_rules(conn, branch, &orphans::all(conn, branch, *today)?).map(|p| Answer::Plan(Box::new(p)))
        }
        Ask::Plan { ids } => plan::by_rules(conn, branch, ids).map(|p| Answer::Plan(Box::new(p))),
        Ask::LeavePlan { staff, to } => leave::plan(conn, branch, *staff, *to).map(|p| Answer::Plan(Box::new(p))),
        _ => Err(Failure::ReadOnly),
    }
}
