//! Requests: taken at the counter by anybody, read with how far they are. What moves them on is the queue.

use crate::domain::agenda::lines::request_keys;
use crate::domain::change::Entity;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::subject::{Case, Kind, State, due};
use crate::domain::values::plain;
use crate::store::cell;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Characters of a request at most.
const LONGEST: usize = 500;

const COLUMNS: &str = "id, customer, kind, day, due, by, note";

/// Takes a request.
///
/// # Errors
/// [`Failure::Gone`] without such an archive; refused when one of the kind is open already.
pub fn take(w: &mut Write<'_>, op: OpId, customer: CustomerId, kind: Kind, note: &str) -> Result<(), Failure> {
    let note = plain::note(note);
    if note.chars().count() > LONGEST {
        return Err(Failure::refused(
            format!("请求内容太长，最多 {LONGEST} 个字。"),
            format!("The request is too long: at most {LONGEST} characters."),
        ));
    }
    if !w.conn.prepare_cached("SELECT 1 FROM customer WHERE id = ?")?.exists([customer.0])? {
        return Err(Failure::Gone);
    }
    if let Some(open) = of(w.conn, customer)?.into_iter().find(|c| c.kind == kind && c.state.open()) {
        return Err(Failure::refused(
            format!("这位客户 {} 的同类请求还没有办结（{} 前答复）。", open.day, open.due),
            format!("A request of this kind, of {}, is open (answer by {}).", open.day, open.due),
        ));
    }
    let (id, day) = (w.id(), w.stamp.today);
    let due = due(&w.branch.holidays, day);
    w.conn
        .prepare_cached(
            "INSERT INTO request (id, customer, kind, day, due, at, by, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            customer.0,
            kind.code(),
            cell::day(day),
            cell::day(due),
            cell::time(w.stamp.at),
            w.stamp.by.0,
            note
        ])?;
    let mut edits = vec![edit("request", "", kind.code()), edit("due", "", due.to_string())];
    if !note.is_empty() {
        edits.push(edit("note", "", note));
    }
    let seq = w.change(Entity::Request, id, Some(customer), &edits, "", Some(op))?;
    w.did(op, id, seq)
}

fn read(r: &Row<'_>) -> rusqlite::Result<Option<Case>> {
    let (Some(kind), Some(day), Some(due)) =
        (cell::of_code(&r.get::<_, String>(2)?), cell::date(r.get(3)?), cell::date(r.get(4)?))
    else {
        return Ok(None);
    };
    Ok(Some(Case {
        id: r.get(0)?,
        customer: CustomerId(r.get(1)?),
        kind,
        day,
        due,
        by: StaffId(r.get(5)?),
        note: r.get(6)?,
        state: State::Taken,
        word: String::new(),
    }))
}

/// How far a request is, by the marks on its lines.
fn with_state(conn: &Connection, mut case: Case) -> Result<Case, Failure> {
    for (key, done) in request_keys(&case).iter().zip([State::Checked, State::Done]) {
        let mark: Option<(String, String)> = conn
            .prepare_cached("SELECT state, reason FROM mark WHERE key = ? AND state <> 'open'")?
            .query_row([key.to_string()], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        let Some((state, word)) = mark else { break };
        case.word = word;
        if state == "cancelled" {
            case.state = State::Refused;
            break;
        }
        case.state = done;
    }
    Ok(case)
}

fn some(conn: &Connection, sql: &str, id: i64) -> Result<Vec<Case>, Failure> {
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map([id], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    found.into_iter().flatten().map(|case| with_state(conn, case)).collect()
}

/// The requests of a customer, newest first.
///
/// # Errors
/// What the file says.
pub fn of(conn: &Connection, customer: CustomerId) -> Result<Vec<Case>, Failure> {
    some(conn, &format!("SELECT {COLUMNS} FROM request WHERE customer = ? ORDER BY id DESC"), customer.0)
}

/// One request.
///
/// # Errors
/// What the file says.
pub fn one(conn: &Connection, id: i64) -> Result<Option<Case>, Failure> {
    Ok(some(conn, &format!("SELECT {COLUMNS} FROM request WHERE id = ?"), id)?.pop())
}

/// Requests taken since a day, oldest first.
///
/// # Errors
/// What the file says.
pub fn since(conn: &Connection, day: i64) -> Result<Vec<Case>, Failure> {
    some(conn, &format!("SELECT {COLUMNS} FROM request WHERE day >= ? ORDER BY id"), day)
}
