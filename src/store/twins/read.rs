//! Reading two archives side by side, and the latest merges.

use super::{Answer, Ask, Parted, Recent, Side};
use crate::domain::agenda::Who;
use crate::domain::ids::{CustomerId, StaffId};
use crate::store::agenda::who;
use crate::store::request::Failure;
use crate::store::{cell, table};
use rusqlite::{Connection, OptionalExtension};

/// Answers a read; the list is read in portions by `find`.
///
/// # Errors
/// [`Failure::Gone`] when one is not there.
pub fn answer(conn: &Connection, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Pair { keep, other } => Ok(Answer::Pair(Box::new((side(conn, *keep)?, side(conn, *other)?)))),
        Ask::Merged { no } => {
            let mut statement = conn.prepare_cached("SELECT id FROM merged WHERE no = ?")?;
            Ok(Answer::Merged(statement.query_row([no], |r| r.get(0).map(CustomerId)).optional()?))
        }
        _ => Err(Failure::ReadOnly),
    }
}

/// A customer in a line.
///
/// # Errors
/// [`Failure::Gone`] when there is none.
pub fn one(conn: &Connection, id: CustomerId) -> Result<Who, Failure> {
    who::who(conn, id)?.ok_or(Failure::Gone)
}

fn side(conn: &Connection, id: CustomerId) -> Result<Side, Failure> {
    let customer = table::load(conn, id)?;
    let updated: String =
        conn.prepare_cached("SELECT updated_at FROM customer WHERE id = ?")?.query_row([id.0], |r| r.get(0))?;
    let mut hangs = [0; 5];
    for (n, table) in hangs.iter_mut().zip(["contact", "task", "part", "holding", "loan"]) {
        let only = match table {
            "task" => " AND open = 1",
            "holding" | "loan" => " AND until IS NULL",
            _ => "",
        };
        *n = conn
            .prepare_cached(&format!("SELECT count(*) FROM {table} WHERE customer = ?{only}"))?
            .query_row([id.0], |r| r.get(0))?;
    }
    Ok(Side { one: one(conn, id)?, customer, updated: cell::moment(&updated), hangs })
}

/// The latest merges, newest first.
///
/// # Errors
/// What the file says.
pub fn recent(conn: &Connection) -> Result<Vec<Recent>, Failure> {
    let mut statement = conn.prepare(
        "SELECT m.id, m.no, json_extract(m.image, '$.other.name'), c.id, c.no, c.name, m.at, m.by
         FROM merged AS m JOIN customer AS c ON c.id = m.customer ORDER BY m.at DESC, m.id DESC LIMIT 50",
    )?;
    let found = statement.query_map([], |r| {
        Ok(Recent {
            id: CustomerId(r.get(0)?),
            no: r.get(1)?,
            name: r.get::<_, Option<String>>(2)?.unwrap_or_default(),
            into: (CustomerId(r.get(3)?), r.get(4)?, r.get(5)?),
            at: cell::moment(&r.get::<_, String>(6)?),
            by: StaffId(r.get(7)?),
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The latest pairs found to be two people, newest first.
///
/// # Errors
/// What the file says.
pub fn apart(conn: &Connection) -> Result<Vec<Parted>, Failure> {
    let mut statement = conn.prepare(
        "SELECT x.id, x.no, x.name, y.id, y.no, y.name, p.reason, p.by, p.at FROM apart AS p
         JOIN customer AS x ON x.id = p.a JOIN customer AS y ON y.id = p.b ORDER BY p.at DESC LIMIT 50",
    )?;
    let found = statement.query_map([], |r| {
        Ok(Parted {
            a: (CustomerId(r.get(0)?), r.get(1)?, r.get(2)?),
            b: (CustomerId(r.get(3)?), r.get(4)?, r.get(5)?),
            reason: r.get(6)?,
            by: StaffId(r.get(7)?),
            at: cell::moment(&r.get::<_, String>(8)?),
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
