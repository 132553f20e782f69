//! What is answered after a save, and after one that collided.

use super::{Answer, Ask, Clash, read};
use crate::domain::change::Change;
use crate::domain::customer::Customer;
use crate::domain::ids::CustomerId;
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{change, table};

/// The archive as it is now, after a save or one that was done before.
pub(super) fn saved(w: &Write<'_>, id: CustomerId) -> Result<Answer, Failure> {
    Ok(Answer::Saved {
        opened: read::opened(w.conn, w.branch, id, w.stamp.today)?,
        row: Box::new(table::row_of(w.conn, id)?),
        seq: change::head(w.conn)?,
    })
}

/// Before, theirs and mine of a field, and the change that made it theirs.
pub(super) fn both(c: &Customer, field: &str, sides: [&str; 3], last: Option<&Change>) -> Clash {
    let [before, theirs, mine] = sides.map(str::to_owned);
    let (by, at) = (last.map(|l| l.by), last.map(|l| l.at));
    Clash { customer: c.id, name: c.name.clone(), field: field.to_owned(), before, theirs, mine, by, at }
}

/// Nothing was saved: what both changed, and what to ask to take mine all the same.
pub(super) fn clashing(w: &Write<'_>, id: CustomerId, fields: Vec<Clash>, ask: Ask) -> Result<Answer, Failure> {
    let opened = read::opened(w.conn, w.branch, id, w.stamp.today)?;
    Ok(Answer::Clash { fields, ask: Box::new(ask), opened: Some(opened) })
}
