//! Whom a line is about.

use crate::domain::agenda::Who;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use crate::store::request::Failure;
use rusqlite::{Connection, OptionalExtension, Row};

/// The columns id, no, name, tier, aum, owner.
///
/// # Errors
/// What the file says.
pub fn read(r: &Row<'_>) -> rusqlite::Result<Who> {
    Ok(Who {
        id: CustomerId(r.get(0)?),
        no: r.get(1)?,
        name: r.get(2)?,
        tier: Tier::of_rank(r.get(3)?),
        aum: r.get::<_, Option<i64>>(4)?.map(Fen),
        owner: r.get::<_, Option<i64>>(5)?.map(StaffId),
    })
}

/// Whom a line is about.
///
/// # Errors
/// What the file says.
pub fn who(conn: &Connection, id: CustomerId) -> Result<Option<Who>, Failure> {
    Ok(conn
        .prepare_cached("SELECT id, no, name, tier, aum, owner FROM customer WHERE id = ?")?
        .query_row([id.0], read)
        .optional()?)
}
