//! How a customer came into the tier in force: every data date with what the rules made of it, and every move that was kept.

use super::{Explained, standing};
use crate::domain::ids::CustomerId;
use crate::domain::tier::fold;
use crate::store::branch::Branch;
use crate::store::dealings::{figures, moves};
use crate::store::request::Failure;
use chrono::NaiveDate;
use rusqlite::Connection;

/// Says how a customer came into the tier in force.
///
/// # Errors
/// [`Failure::Gone`] when there is no such customer.
pub fn explain(conn: &Connection, branch: &Branch, id: CustomerId, today: NaiveDate) -> Result<Explained, Failure> {
    let figures = figures::newest(conn, id, 1)?;
    let (customer, standing) = standing::of(conn, branch, id, figures.first(), today)?;
    let rules = branch.settings.rules();
    let steps = fold::steps(figures::history(conn, id)?.iter().map(|x| x.point(rules.basis)), &rules);
    let steps = steps.into_iter().map(|step| {
        let lines = rules.lines(step.state.as_of).clone();
        (step, lines)
    });
    let steps = steps.collect();
    Ok(Explained { id, no: customer.no, name: customer.name, standing, steps, moves: moves::moves(conn, id)? })
}
