//! Keeping what hangs on an archive: family members, occasions, links, remarks, entitlements; and the days of them that fill the queue.

use super::saved::{both, clashing, saved};
use super::{Answer, Ask, entitle, read};
use crate::domain::agenda::lines::{When, when};
use crate::domain::archive::merge;
use crate::domain::calendar::yearly::Key;
use crate::domain::change::{Change, Entity};
use crate::domain::entitlement::Entitlement;
use crate::domain::family::{Link, Member, Occasion, Part, PartRow, Remark};
use crate::domain::field::{Ctx, Edit};
use crate::domain::ids::{CustomerId, OpId, PartId};
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{cell, change, table};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};

/// Adds, changes or removes a part. What a colleague changed of it meanwhile merges where it can, else it is asked about.
///
/// # Errors
/// What the file says.
pub fn keep(
    w: &mut Write<'_>,
    op: OpId,
    customer: CustomerId,
    row: Option<&PartRow>,
    part: Option<&Part>,
) -> Result<Answer, Failure> {
    if w.done(op)?.is_some() {
        return saved(w, customer);
    }
    let Some(read) = row else {
        let id = PartId(w.id());
        write(w, op, customer, id, None, part)?;
        return saved(w, customer);
    };
    let found = load(w.conn, customer, read.id)?;
    let (rev, now) = found.map_or((0, None), |(rev, part)| (rev, Some(part)));
    if rev == read.rev || now.as_ref() == part {
        write(w, op, customer, read.id, now.as_ref(), part)?;
        return saved(w, customer);
    }
    entitle::seen(now.as_ref(), part)?;
    let fits = |c: &Change| c.entity == Entity::Part && c.row == read.id.0;
    let c = table::load(w.conn, customer)?;
    let mut fields = Vec::new();
    let merged = match (&now, part) {
        (Some(theirs), Some(mine)) => {
            let ctx = Ctx { today: w.stamp.today, staff: &w.branch.staff };
            merge::parts(&read.part, theirs, mine, ctx)
        }
        _ => None,
    };
    match &merged {
        Some((merged, collided)) => {
            for b in collided {
                let last = change::last_of(w.conn, customer, 0, |c| fits(c) && c.after(b.field).is_some())?;
                if !last.as_ref().is_some_and(|l| w.own(l)) {
                    fields.push(both(&c, b.field, [&b.before, &b.theirs, &b.mine], last.as_ref()));
                }
            }
            if fields.is_empty() {
                write(w, op, customer, read.id, now.as_ref(), Some(merged))?;
                return saved(w, customer);
            }
        }
        // One of the two took it away.
        None => {
            let last = change::last_of(w.conn, customer, 0, fits)?;
            let name = |part: Option<&Part>| part.map(|p| p.name().to_owned()).unwrap_or_default();
            let sides = [name(Some(&read.part)), name(now.as_ref()), name(part)];
            fields.push(both(&c, "part", [&sides[0], &sides[1], &sides[2]], last.as_ref()));
        }
    }
    let row = now.map(|part| Box::new(PartRow { id: read.id, rev, customer, part }));
    let part = merged.map(|(merged, _)| merged).or_else(|| part.cloned());
    let ask = Ask::Part { op, customer, row, part, stamp: w.stamp.clone() };
    clashing(w, customer, fields, ask)
}

/// Whether there is such an archive.
///
/// # Errors
/// What the file says.
pub fn there(w: &Write<'_>, id: CustomerId) -> Result<bool, Failure> {
    Ok(w.conn.prepare_cached("SELECT 1 FROM customer WHERE id = ?")?.exists([id.0])?)
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
    let own = entitle::concerns(before, after);
    let settled = if own { entitle::settled(w, customer, before, after)? } else { None };
    let after = if own { settled.as_ref() } else { after };
    match after {
        None => {
            w.conn.prepare_cached("DELETE FROM part WHERE id = ?")?.execute([id.0])?;
        }
        Some(part) => store(w, customer, id, part)?,
    }
    if own {
        entitle::matter(w, customer, id, after)?;
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
    if !there(w, customer)? || linked.map(|id| there(w, id)).transpose()? == Some(false) {
        return Err(Failure::Gone);
    }
    let kind = match part {
        Part::Member(_) => "member",
        Part::Occasion(_) => "occasion",
        Part::Link(_) => "link",
        Part::Remark(_) => "remark",
        Part::Entitlement(_) => "entitlement",
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
    let mut days: Vec<(i64, i64)> = when(part)
        .into_iter()
        .map(|day| match day {
            When::Yearly(on) => match on.key() {
                Key::Solar(key) => (0, i64::from(key)),
                Key::Lunar(key) => (1, i64::from(key)),
            },
            When::Month(first, _) => (2, cell::day(first)),
        })
        .collect();
    if let Part::Entitlement(Entitlement { until: Some(until), .. }) = part {
        days.push((entitle::LAST_DAY, cell::day(*until)));
    }
    for (kind, at) in days {
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
pub fn put_back(
    w: &mut Write<'_>,
    op: OpId,
    customer: CustomerId,
    old: &Change,
    field: &str,
) -> Result<Answer, Failure> {
    let id = PartId(old.row);
    let found = load(w.conn, customer, id)?;
    let current = found.as_ref().map(|(_, part)| part);
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
    let sorts = empty(kind.as_deref().unwrap_or_default())?;
    let mut since = fields.clone();
    for e in old.edits.iter().filter(|e| e.field == field || current.is_none()) {
        fields.insert(e.field.clone(), value(&e.before, sorts.get(&e.field)));
        since.insert(e.field.clone(), value(&e.after, sorts.get(&e.field)));
    }
    let part = |fields| {
        serde_json::from_value::<Part>(Value::Object(fields))
            .map_err(|_| Failure::refused("这一项不能单独恢复。", "This field cannot be put back by itself."))
    };
    let mine = part(fields)?;
    if let Some((rev, now)) = found {
        // As somebody would have read it after that change: what was changed again since is asked about.
        let was = part(since)?;
        let rev = if was == now { rev } else { -1 };
        return keep(w, op, customer, Some(&PartRow { id, rev, customer, part: was }), Some(&mine));
    }
    write(w, op, customer, id, None, Some(&mine))?;
    saved(w, customer)
}

/// The fields of an empty part of this kind; they tell a text that looks like a number from a number.
fn empty(kind: &str) -> Result<Map<String, Value>, Failure> {
    flat(&match kind {
        "occasion" => Part::Occasion(Occasion::default()),
        "link" => Part::Link(Link::default()),
        "remark" => Part::Remark(Remark::default()),
        "entitlement" => Part::Entitlement(Entitlement::default()),
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
