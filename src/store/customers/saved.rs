//! What is answered after a save.

use super::{Answer, read};
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
