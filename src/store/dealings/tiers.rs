//! The tier by rules of one customer: going on with new figures, or deriving it from all of them. What the rules make of figures is
//! the domain's matter.

use super::figures;
use crate::domain::ids::CustomerId;
use crate::domain::tier::fold;
use crate::domain::tier::{State, Verdict, Why};
use crate::store::branch::Branch;
use crate::store::derive::{Came, Facts};
use crate::store::request::Failure;
use chrono::NaiveDate;
use rusqlite::Connection;

/// The tier by rules that follows from these facts, and why it moved, if it did. Usually nothing is read: figures stayed, or one data date
/// came.
///
/// # Errors
/// What the file says.
pub fn reached(
    conn: &Connection,
    branch: &Branch,
    id: CustomerId,
    f: &Facts,
) -> Result<(Option<State>, Option<(NaiveDate, Why)>), Failure> {
    let Some(latest) = f.figures else { return Ok((None, None)) };
    if f.figures == f.folded && f.came == Came::None {
        return Ok((f.reached, None));
    }
    let rules = branch.settings.rules();
    let newer = f.folded.is_none_or(|old| old.as_of < latest.as_of);
    // In a file of an older program the tier was by the lines alone.
    let known = f.folded.is_none() || f.reached.is_some();
    let last = if f.came == Came::Next && newer && known {
        Some(fold::step(f.reached, latest.as_of, latest.aum(rules.basis), &rules))
    } else {
        fold::last(figures::history(conn, id)?.iter().map(|x| x.point(rules.basis)), &rules)
    };
    // Figures that only the customer's own row still has, as in a salvaged file.
    let last = last.unwrap_or_else(|| fold::step(None, latest.as_of, latest.aum(rules.basis), &rules));
    let why = match last.verdict {
        Verdict::Moved(moved) if newer && known => Some((moved.day, moved.why)),
        _ if !known => Some((latest.as_of, Why::RulesChanged)),
        _ => Some((latest.as_of, Why::Corrected)),
    };
    Ok((Some(last.state), why))
}
