//! What is written about who is who.

use super::{Answer, Ask, merge, part};
use crate::domain::ids::{CustomerId, OpId};
use crate::store::request::Failure;
use crate::store::write::Write;
use rusqlite::OptionalExtension;

/// Answers a write.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn answer(w: &mut Write<'_>, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Merge { op, keep, other, revs, take, .. } => merge::merge(w, *op, *keep, *other, *revs, take),
        Ask::Part { op, other, .. } => part::part(w, *op, *other),
        Ask::Apart { op, a, b, reason, .. } => part::apart(w, *op, *a, *b, reason.as_deref()),
        Ask::Find | Ask::Pair { .. } | Ask::Merged { .. } => Err(Failure::ReadOnly),
    }
}

/// Parts the archive that a change of `keep` says was merged into it: its number and name.
///
/// # Errors
/// It is none, or the parting is refused.
pub fn part_named(w: &mut Write<'_>, op: OpId, keep: CustomerId, line: &str) -> Result<(), Failure> {
    let no = line.split(' ').next().unwrap_or_default();
    let found = w
        .conn
        .prepare("SELECT id FROM merged WHERE no = ? AND customer = ?")?
        .query_row(rusqlite::params![no, keep.0], |r| r.get(0).map(CustomerId))
        .optional()?;
    // Without one the parting says why not.
    part::part(w, op, found.unwrap_or_default()).map(|_| ())
}
