//! How it stands with customers' rights: what an archive shows, whom a list leaves out, who was erased.

use super::{cases, consent};
use crate::domain::consent::{Withdrawn, withdrawn};
use crate::domain::ids::CustomerId;
use crate::domain::subject::Privacy;
use crate::store::request::Failure;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, HashSet};

/// What of a customer's rights an archive shows.
///
/// # Errors
/// What the file says.
pub fn privacy(conn: &Connection, customer: CustomerId) -> Result<Privacy, Failure> {
    let erased = conn
        .prepare_cached("SELECT certificate FROM erased WHERE customer = ?")?
        .query_row([customer.0], |r| r.get(0))
        .optional()?;
    Ok(Privacy { said: consent::said(conn, customer)?, cases: cases::of(conn, customer)?, erased })
}

/// What each customer withdrew who withdrew anything: few.
///
/// # Errors
/// What the file says.
pub fn shut(conn: &Connection) -> Result<BTreeMap<CustomerId, Withdrawn>, Failure> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT customer FROM consent WHERE agreed = 0")?;
    let ids = statement.query_map([], |r| r.get(0).map(CustomerId))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut found = BTreeMap::new();
    for id in ids {
        let shut = withdrawn(&consent::said(conn, id)?);
        if !shut.is_empty() {
            found.insert(id, shut);
        }
    }
    Ok(found)
}

/// Whether an archive was erased.
///
/// # Errors
/// What the file says.
pub fn is_erased(conn: &Connection, customer: CustomerId) -> Result<bool, Failure> {
    Ok(conn.prepare_cached("SELECT 1 FROM erased WHERE customer = ?")?.exists([customer.0])?)
}

/// The customer numbers of those who were erased, and of what was merged into their archives.
///
/// # Errors
/// What the file says.
pub fn erased(conn: &Connection) -> Result<HashSet<String>, Failure> {
    Ok(conn.prepare("SELECT no FROM erased")?.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
}
