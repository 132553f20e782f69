//! Keeping what hangs on an archive: family members, occasions, links, remarks; and the days of them that fill the queue.

use super::saved::saved;
use super::{Answer, read};
use crate::domain::agenda::lines::{When, when};
use crate::domain::calendar::yearly::Key;
use crate::domain::change::{Change, Entity};
use crate::domain::family::{Link, Member, Occasion, Part, Remark};
use crate::domain::field::Edit;
use crate::domain::ids::{CustomerId, OpId, PartId};
use crate::store::cell;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};

/// Adds, changes or removes a part.
///
/// # Errors
/// [`Failure::Refused`] when a colleague changed it first, [`Failure::Gone`] when it is not there.
pub fn keep(
    w: &mut Write<'_>,
    op: OpId,
    customer: CustomerId,
    row: Option<(PartId, i64)>,
    part: Option<&Part>,
) -> Result<Answer, Failure> {
    if w.done(op)?.is_some() {
        return saved(w, customer);
    }
    let (id, before) = match row {
        None => (PartId(w.id()), None),
        Some((id, rev)) => {
            let (found, old) = load(w.conn, customer, id)?.ok_or(Failure::Gone)?;
            if found != rev && part != Some(&old) {
                return Err(Failure::refused(
                    "同事刚改过这一条，请看过现在的内容再改。",
                    "A colleague has just changed this; look at it as it is now, then change it.",
                ));
            }
            (id, Some(old))
        }
    };
    write(w, op, customer, id, before.as_ref(), part)?;
    saved(w, customer)
}

/// The rev and record of a part.
fn load(conn: &Connection, customer: CustomerId, id: PartId) -> Result<Option<(i64, Part)>, Failure> {
    let found: Option<(i64, String)> = conn
        .prepare_cached("SELECT rev, value FROM part WHERE id = ? AND customer = ?")?
        .query_row([id.0, customer.0], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    found.map(|(rev, json)| Ok((rev, serde_json::from_str(&json)?))).transpose()
}

/// Writes a part from what it was to what it should be, with its change.
fn write(
    w: &Write<'_>,
    op: OpId,
    customer: CustomerId,
    id: PartId,
    before: Option<&Part>,
    after: Option<&Part>,
) -> Result<(), Failure> {
    if before == after {
        return Ok(());
    }
    match after {
        None => {
            w.conn.prepare_cached("DELETE FROM part WHERE id = ?")?.execute([id.0])?;
        }
        Some(part) => store(w, customer, id, part)?,
    }
    let edits = edits(before, after)?;
    let seq = w.change(Entity::Part, id.0, Some(customer), &edits, "", Some(op))?;
    w.did(op, id.0, seq)
}

/// Writes the row of a part and its days.
///
/// # Errors
/// [`Failure::Gone`] when it leads to an archive that is not there.
pub fn store(w: &Write<'_>, customer: CustomerId, id: PartId, part: &Part) -> Result<(), Failure> {
    let linked = read::link(part);
    let there = |id: CustomerId| -> Result<bool, Failure> {
        Ok(w.conn.prepare_cached("SELECT 1 FROM customer WHERE id = ?")?.exists([id.0])?)
    };
    if !there(customer)? || linked.map(there).transpose()? == Some(false) {
        return Err(Failure::Gone);
    }
    let kind = match part {
        Part::Member(_) => "member",
        Part::Occasion(_) => "occasion",
        Part::Link(_) => "link",
        Part::Remark(_) => "remark",
    };
    w.conn
        .prepare_cached(
            "INSERT INTO part (id, updated_at, updated_by, customer, kind, linked, value) VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET rev = rev + 1, updated_at = excluded.updated_at,
             updated_by = excluded.updated_by, kind = excluded.kind, linked = excluded.linked, value = excluded.value",
        )?
        .execute(params![
            id.0,
            cell::time(w.stamp.at),
            w.stamp.by.0,
            customer.0,
            kind,
            linked.map(|l| l.0),
            cell::json(part)?
        ])?;
    days(w.conn, customer, id, part)
}

/// Writes the days of a part that fill the queue, over those it had.
///
/// # Errors
/// What the file says.
pub fn days(conn: &Connection, customer: CustomerId, id: PartId, part: &Part) -> Result<(), Failure> {
    conn.prepare_cached("DELETE FROM occasion WHERE part = ?")?.execute([id.0])?;
    for day in when(part) {
        let (kind, at) = match day {
            When::Yearly(on) => match on.key() {
                Key::Solar(key) => (0, i64::from(key)),
                Key::Lunar(key) => (1, i64::from(key)),
            },
            When::Month(first, _) => (2, cell::day(first)),
        };
        conn.prepare_cached("INSERT OR IGNORE INTO occasion VALUES (?, ?, ?, ?)")?
            .execute(params![kind, at, id.0, customer.0])?;
    }
    Ok(())
}

/// A part as its fields, each as text; the kind is the field `part`.
fn flat(part: &Part) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(part)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

/// A value as the change log shows it: text as it is, nothing for nothing, the rest as JSON.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(s)) => s.clone(),
        Some(other) => other.to_string(),
    }
}

fn edits(before: Option<&Part>, after: Option<&Part>) -> Result<Vec<Edit>, Failure> {
    let (b, a) = (before.map(flat).transpose()?.unwrap_or_default(), after.map(flat).transpose()?.unwrap_or_default());
    let fields = b.keys().chain(a.keys().filter(|k| !b.contains_key(*k)));
    Ok(fields.map(|f| edit(f, text(b.get(f)), text(a.get(f)))).filter(|e| e.before != e.after).collect())
}

/// Puts one field of a part back, or the whole part when the change took it away.
///
/// # Errors
/// [`Failure::Gone`] when the part is not there any more.
pub fn put_back(w: &Write<'_>, op: OpId, customer: CustomerId, old: &Change, field: &str) -> Result<Answer, Failure> {
    let id = PartId(old.row);
    let current = load(w.conn, customer, id)?.map(|(_, part)| part);
    let taken_away = old.edits.iter().any(|e| e.field == "part" && e.after.is_empty());
    let kind = match &current {
        Some(part) => flat(part)?.get("part").map(|k| text(Some(k))),
        None if taken_away => old.edits.iter().find(|e| e.field == "part").map(|e| e.before.clone()),
        None => None,
    };
    let mut fields = match (kind.as_deref(), &current) {
        (None, _) => return Err(Failure::Gone),
        (_, Some(part)) => flat(part)?,
        (Some(kind), None) => empty(kind)?,
    };
    for e in old.edits.iter().filter(|e| e.field == field || current.is_none()) {
        let value = value(&e.before, empty(kind.as_deref().unwrap_or_default())?.get(&e.field));
        fields.insert(e.field.clone(), value);
    }
    let part: Part = serde_json::from_value(Value::Object(fields))
        .map_err(|_| Failure::refused("这一项不能单独恢复。", "This field cannot be put back by itself."))?;
    write(w, op, customer, id, current.as_ref(), Some(&part))?;
    saved(w, customer)
}

/// The fields of an empty part of this kind; they tell a text that looks like a number from a number.
fn empty(kind: &str) -> Result<Map<String, Value>, Failure> {
    flat(&match kind {
        "occasion" => Part::Occasion(Occasion::default()),
        "link" => Part::Link(Link::default()),
        "remark" => Part::Remark(Remark::default()),
        _ => Part::Member(Member::default()),
    })
}

/// The value that [`text`] wrote, of the sort that an empty record has there.
fn value(text: &str, sort: Option<&Value>) -> Value {
    match sort {
        Some(Value::String(_)) => Value::String(text.to_owned()),
        _ if text.is_empty() => Value::Null,
        _ => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
    }
}
