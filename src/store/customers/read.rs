//! Opening an archive in one read, and looking for somebody who is already known.

use super::{Answer, Ask, Known, KnownBy, Opened, explain, standing};
use crate::domain::contact::Contact;
use crate::domain::family::{Part, PartRow};
use crate::domain::ids::{ContactId, CustomerId, PartId, StaffId};
use crate::domain::tier::Figures;
use crate::store::agenda::about;
use crate::store::branch::Branch;
use crate::store::request::Failure;
use crate::store::{cell, change, dealings, likely, subject};
use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, params};

/// Answers a read of archives.
///
/// # Errors
/// [`Failure::Gone`], or what the file says.
pub fn answer(conn: &Connection, branch: &Branch, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Open { id, today } => opened(conn, branch, *id, *today).map(Answer::Opened),
        Ask::Known { document, phone, name, birth, except } => {
            known(conn, document, phone, name, *birth, *except).map(Answer::Known)
        }
        Ask::Numbered { no } => numbered(conn, no).map(Answer::Numbered),
        Ask::Tier { id, today } => explain::explain(conn, branch, *id, *today).map(|e| Answer::Tier(Box::new(e))),
        Ask::Likely { text, limit } => likely::likely(conn, &branch.staff, text, *limit).map(Answer::Likely),
        _ => Err(Failure::ReadOnly),
    }
}

/// The row of a customer number; letters in it are capitals in the file, or as they came.
fn numbered(conn: &Connection, no: &str) -> Result<Option<CustomerId>, Failure> {
    let mut statement = conn.prepare_cached("SELECT id FROM customer WHERE no = ?")?;
    for spelled in [no.to_owned(), no.to_ascii_uppercase(), no.to_ascii_lowercase()] {
        if let Some(id) = statement.query_row([spelled], |r| r.get(0).map(CustomerId)).optional()? {
            return Ok(Some(id));
        }
    }
    // The number of an archive that was merged leads to the one it is in.
    let mut statement = conn.prepare_cached("SELECT customer FROM merged WHERE no IN (?, ?)")?;
    Ok(statement.query_row([no, &no.to_ascii_uppercase()], |r| r.get(0).map(CustomerId)).optional()?)
}

/// Everything the archive pane shows.
///
/// # Errors
/// [`Failure::Gone`] when there is no such archive.
pub fn opened(conn: &Connection, branch: &Branch, id: CustomerId, today: NaiveDate) -> Result<Box<Opened>, Failure> {
    let figures = figures(conn, id)?;
    let (customer, standing) = standing::of(conn, branch, id, figures.last(), today)?;
    let parts = parts(conn, id)?;
    let mut linked: Vec<(CustomerId, String, String)> = Vec::new();
    let links = parts.iter().filter_map(|p| link(&p.part));
    for other in links {
        if !linked.iter().any(|(known, ..)| *known == other) {
            let found = conn
                .prepare_cached("SELECT name, no FROM customer WHERE id = ?")?
                .query_row([other.0], |r| Ok((other, r.get(0)?, r.get(1)?)))
                .optional()?;
            linked.extend(found);
        }
    }
    let total: u32 =
        conn.prepare_cached("SELECT count(*) FROM contact WHERE customer = ?")?.query_row([id.0], |r| r.get(0))?;
    Ok(Box::new(Opened {
        household: dealings::household::household(conn, &branch.settings, &customer, &standing)?,
        linked,
        contacts: contacts(conn, id, Some(LEDGER))?,
        contacts_total: total,
        privacy: subject::rights::privacy(conn, id)?,
        changes: change::of_customer(conn, id, 200)?,
        due: about::lines(conn, branch, &customer, &standing, &parts, today)?,
        customer,
        standing,
        parts,
        figures,
    }))
}

/// The archive that a part leads to.
pub fn link(part: &Part) -> Option<CustomerId> {
    match part {
        Part::Member(m) => m.linked,
        Part::Link(l) => l.linked,
        Part::Occasion(_) | Part::Remark(_) | Part::Entitlement(_) => None,
    }
}

/// Figures over time, oldest first, the newest 400.
fn figures(conn: &Connection, id: CustomerId) -> Result<Vec<Figures>, Failure> {
    let mut found = dealings::figures::newest(conn, id, 400)?;
    found.reverse();
    Ok(found)
}

/// The parts of an archive in the order they were added.
///
/// # Errors
/// What the file says.
pub fn parts(conn: &Connection, id: CustomerId) -> Result<Vec<PartRow>, Failure> {
    let mut statement = conn.prepare_cached("SELECT id, rev, value FROM part WHERE customer = ? ORDER BY id")?;
    let mut rows = statement.query([id.0])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        found.push(PartRow {
            id: PartId(r.get(0)?),
            rev: r.get(1)?,
            customer: id,
            part: serde_json::from_str(&r.get::<_, String>(2)?)?,
        });
    }
    Ok(found)
}

/// Contacts of a ledger that are shown.
pub const LEDGER: u32 = 200;

/// The ledger of a customer, newest first: so many, or all.
///
/// # Errors
/// What the file says.
pub fn contacts(conn: &Connection, id: CustomerId, most: Option<u32>) -> Result<Vec<Contact>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT id, at, by, channel, outcome, note, next, task FROM contact WHERE customer = ?
         ORDER BY at DESC, id DESC LIMIT ?",
    )?;
    // SQLite takes a limit below zero for none.
    let mut rows = statement.query(params![id.0, most.map_or(-1, i64::from)])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let (channel, outcome): (String, String) = (r.get(3)?, r.get(4)?);
        // A channel or outcome of a newer program is not shown rather than shown as another.
        let Some((channel, outcome)) = cell::of_code(&channel).zip(cell::of_code(&outcome)) else { continue };
        found.push(Contact {
            id: ContactId(r.get(0)?),
            customer: id,
            at: cell::moment(&r.get::<_, String>(1)?),
            by: StaffId(r.get(2)?),
            channel,
            outcome,
            note: r.get(5)?,
            next: r.get::<_, Option<i64>>(6)?.and_then(cell::date),
            task: r.get(7)?,
        });
    }
    Ok(found)
}

/// Who already has this document, phone, or name and birthday; the surest first, nobody twice, at most ten each.
fn known(
    conn: &Connection,
    document: &str,
    phone: &str,
    name: &str,
    birth: Option<NaiveDate>,
    except: Option<CustomerId>,
) -> Result<Vec<Known>, Failure> {
    let mut found: Vec<Known> = Vec::new();
    let mut look = |by: KnownBy, sql: &str, params: &[&dyn rusqlite::ToSql]| -> Result<(), Failure> {
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(r) = rows.next()? {
            let id = CustomerId(r.get(0)?);
            if Some(id) != except && !found.iter().any(|k| k.id == id) {
                found.push(Known { id, no: r.get(1)?, name: r.get(2)?, by });
            }
        }
        Ok(())
    };
    if !document.is_empty() {
        let sql = "SELECT c.id, c.no, c.name FROM document_order o CROSS JOIN customer c ON c.id = o.customer
             WHERE o.document = ? LIMIT 10";
        look(KnownBy::Document, sql, &[&document])?;
    }
    if !phone.is_empty() {
        look(
            KnownBy::Phone,
            "SELECT c.id, c.no, c.name FROM phone_order o CROSS JOIN customer c ON c.id = o.customer WHERE o.phone = ? LIMIT 10",
            &[&phone],
        )?;
    }
    if let (false, Some(birth)) = (name.is_empty(), birth) {
        let sql = "SELECT c.id, c.no, c.name FROM birth_order o CROSS JOIN customer c ON c.id = o.customer
             WHERE o.birth = ? AND c.name = ? LIMIT 10";
        look(KnownBy::NameAndBirthday, sql, &[&cell::day(birth), &name])?;
    }
    Ok(found)
}

/// Another customer with the same document, by name and number.
///
/// # Errors
/// What the file says.
pub fn document_taken(
    conn: &Connection,
    document: &str,
    except: CustomerId,
) -> Result<Option<(String, String)>, Failure> {
    if document.is_empty() {
        return Ok(None);
    }
    Ok(conn
        .prepare_cached(
            "SELECT c.name, c.no FROM document_order o CROSS JOIN customer c ON c.id = o.customer
             WHERE o.document = ? AND c.id <> ? LIMIT 1",
        )?
        .query_row(params![document, except.0], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?)
}
