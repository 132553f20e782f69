//! Merging: everything of one archive moves to the other, which is settled by the sums over both numbers; what went leaves an image.

use super::image::{Image, MOVING, Record, insert, put, record, stands};
use super::{Answer, read};
use crate::domain::archive;
use crate::domain::change::Entity;
use crate::domain::customer::Customer;
use crate::domain::field::{Ctx, diff};
use crate::domain::ids::{CustomerId, OpId};
use crate::domain::tier::Move;
use crate::store::dealings::fact::KINDS;
use crate::store::dealings::{figures, moves};
use crate::store::derive::{Came, Derived, replayed_lapse};
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{cell, change, keepers, keys, table};
use rusqlite::{Connection, params};
use serde_json::Value;

/// What was done: the rows of the index.
pub fn done(w: &Write<'_>, keep: CustomerId, both: &[CustomerId]) -> Result<Answer, Failure> {
    let (mut rows, mut gone) = (Vec::new(), Vec::new());
    for id in both {
        match table::row_of(w.conn, *id) {
            Ok(row) => rows.push(row),
            Err(Failure::Gone) => gone.push(*id),
            Err(e) => return Err(e),
        }
    }
    Ok(Answer::Done { keep, rows, gone, seq: change::head(w.conn)? })
}

/// Merges `other` into `keep`.
pub fn merge(
    w: &mut Write<'_>,
    op: OpId,
    keep: CustomerId,
    other: CustomerId,
    revs: (i64, i64),
    take: &[String],
) -> Result<Answer, Failure> {
    if w.done(op)?.is_some() {
        return done(w, keep, &[keep, other]);
    }
    let missing = |_| {
        Failure::refused(
            "这两份档案里有一份已经不在（可能同事刚合并过），没有合并。请重新打开疑似重复。",
            "One of the two archives is not there any more (a colleague may have merged it); nothing was merged. Open the list again.",
        )
    };
    if keep == other {
        return Err(Failure::refused("不能把档案并入它自己。", "An archive cannot be merged into itself."));
    }
    let (before, from) = (table::load(w.conn, keep).map_err(missing)?, table::load(w.conn, other).map_err(missing)?);
    for (c, rev) in [(&before, revs.0), (&from, revs.1)] {
        if c.rev != rev {
            let last = change::last_of(w.conn, c.id, 0, |l| l.entity == Entity::Customer)?;
            let fields = last.iter().flat_map(|l| l.edits.iter().map(|e| e.field.clone())).collect();
            return Ok(Answer::Changed { name: c.name.clone(), fields, by: last.map(|l| (l.by, l.at)) });
        }
    }
    let mut image = Image { keep: keep.0, hand: before.hand.iter().cloned().collect(), ..Image::default() };
    let row =
        |sql: &str, id: CustomerId| -> Result<Record, Failure> { Ok(w.conn.prepare(sql)?.query_row([id.0], record)?) };
    image.other = row("SELECT * FROM customer WHERE id = ?", other)?;
    image.before = stands(w.conn, keep.0)?;
    let facts = (table::facts_of(w.conn, keep)?, table::facts_of(w.conn, other)?);

    // The fields.
    let after = taken(w, &before, &from, take)?;
    let mut edits = diff(archive::FIELDS, &before, &after);
    image.fields = edits.iter().map(|e| (e.field.clone(), (e.before.clone(), e.after.clone()))).collect();
    if !table::update(w.conn, w.branch, &after, w.stamp)? {
        return Err(Failure::Busy);
    }
    if before.name != after.name {
        keys::rename(w.conn, keep, &before.name)?;
    }
    keys::keep(w.conn, keep, &after.name, &after.address)?;

    // What hangs on it.
    if before.owner != after.owner {
        keepers::open::overtaken(w, keep, after.owner, "合并档案")?;
    }
    if keepers::open::of_customer(w.conn, keep)?.is_some()
        && let Some(h) = keepers::open::of_customer(w.conn, other)?
    {
        image.withdrawn.push((h.transfer.row, h.state.clone()));
        keepers::open::end(w, h.transfer.row, "withdrawn", "合并档案")?;
    }
    hanging(w, keep, other, &mut image)?;
    for kind in KINDS {
        w.conn.execute(
            &format!("UPDATE {} SET account = CASE account WHEN 0 THEN ?2 ELSE account END, customer = ?1 WHERE customer = ?2", kind.table),
            [keep.0, other.0],
        )?;
    }

    // The days that set the next visit.
    let contact = facts.1.last_contact > facts.0.last_contact;
    let mut stand = image.before.clone();
    let mut copy = |columns: &[&str]| {
        for column in columns {
            stand.insert((*column).to_owned(), image.other.get(*column).cloned().unwrap_or(Value::Null));
        }
    };
    if contact {
        copy(&["last_contact", "agreed", "tried", "tried_next", "tries"]);
    }
    if facts.1.skipped > facts.0.skipped {
        copy(&["skipped"]);
    }
    if facts.0.held.is_none() && facts.1.held.is_some() {
        copy(&["held_tier", "held_until", "held_reason", "held_by"]);
    }
    put(w.conn, keep.0, &stand)?;
    image.after = stand;

    keys::rename(w.conn, other, &from.name)?;
    w.conn.execute("DELETE FROM customer WHERE id = ?", [other.0])?;
    let d = settle(w, keep)?;
    if let Some(m) = d.moved {
        image.moved = Some((cell::day(m.day), cell::time(w.stamp.at)));
        moves::moved(w, keep, &Move { day: m.day, ..m }, 0)?;
    }
    w.conn.execute(
        "INSERT INTO merged VALUES (?, ?, ?, ?, ?, ?)",
        params![other.0, from.no, keep.0, cell::time(w.stamp.at), w.stamp.by.0, cell::json(&image)?],
    )?;
    let line = |c: &Customer| format!("{} {}", c.no, c.name);
    w.change(Entity::Customer, other.0, Some(other), &[edit("merged", "", line(&after))], "", Some(op))?;
    edits.push(edit("merged", "", line(&from)));
    let seq = w.change(Entity::Customer, keep.0, Some(keep), &edits, "", Some(op))?;
    w.did(op, keep.0, seq)?;
    done(w, keep, &[keep, other])
}

/// The archive that stays with the fields taken from the other. A field may bring others along, so all are held where they belong.
fn taken(w: &Write<'_>, keep: &Customer, other: &Customer, take: &[String]) -> Result<Customer, Failure> {
    let ctx = Ctx { today: w.stamp.today, staff: &w.branch.staff };
    let mut c = keep.clone();
    let from = |code: &str| take.iter().any(|t| t == code);
    let document = if from("id_no") { other.document.clone() } else { keep.document.clone() };
    for _ in 0..2 {
        for field in archive::FIELDS.iter().filter(|f| !["no", "id_no", "id_kind"].contains(&f.code)) {
            let text = field.get(if from(field.code) { other } else { keep });
            if field.get(&c) != text {
                field.set(&mut c, &text, ctx)?;
            }
        }
        c.document.clone_from(&document);
    }
    for code in take {
        match other.hand.contains(code) {
            true => c.hand.insert(code.clone()),
            false => c.hand.remove(code),
        };
    }
    Ok(c)
}

fn ids(conn: &Connection, sql: &str, id: CustomerId) -> Result<Vec<i64>, Failure> {
    Ok(conn.prepare(sql)?.query_map([id.0], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// Moves what hangs on `other` to `keep`, and turns what leads to it.
fn hanging(w: &Write<'_>, keep: CustomerId, other: CustomerId, image: &mut Image) -> Result<(), Failure> {
    let conn = w.conn;
    // Links first: one from a person to themselves leads nowhere.
    for (part, owner) in conn
        .prepare("SELECT id, customer FROM part WHERE linked = ?")?
        .query_map([other.0], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?
    {
        if owner == keep.0 || owner == other.0 {
            image.loops.push((part, other.0));
            lead(conn, part, None)?;
        } else {
            image.links.push((part, Some(keep.0)));
            lead(conn, part, Some(keep.0))?;
            let edits = [edit("linked", other.0.to_string(), keep.0.to_string())];
            w.change(Entity::Part, part, Some(CustomerId(owner)), &edits, "", None)?;
        }
    }
    for part in conn
        .prepare("SELECT id FROM part WHERE customer = ? AND linked = ?")?
        .query_map([other.0, keep.0], |r| r.get::<_, i64>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?
    {
        image.loops.push((part, keep.0));
        lead(conn, part, None)?;
    }
    for table in MOVING {
        let moved = ids(conn, &format!("SELECT id FROM {table} WHERE customer = ? ORDER BY id"), other)?;
        if table == "part" {
            conn.execute(
                "UPDATE occasion SET customer = ?1 WHERE part IN (SELECT id FROM part WHERE customer = ?2)",
                [keep.0, other.0],
            )?;
        }
        conn.execute(&format!("UPDATE {table} SET customer = ?1 WHERE customer = ?2"), [keep.0, other.0])?;
        image.rows.insert(table.to_owned(), moved);
    }
    image.marks = conn
        .prepare("SELECT key FROM mark WHERE customer = ? ORDER BY key")?
        .query_map([other.0], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    conn.execute("UPDATE mark SET customer = ?1 WHERE customer = ?2", [keep.0, other.0])?;
    image.moves = conn
        .prepare("SELECT * FROM tier_move WHERE customer = ? ORDER BY day, at")?
        .query_map([other.0], record)?
        .collect::<rusqlite::Result<_>>()?;
    // Two of one moment cannot stand side by side: those of the archive that stays are shown, the others wait in the image.
    conn.execute("UPDATE OR IGNORE tier_move SET customer = ?1 WHERE customer = ?2", [keep.0, other.0])?;
    conn.execute("DELETE FROM tier_move WHERE customer = ?", [other.0])?;
    // The later word of the two counts.
    image.consents = conn
        .prepare("SELECT * FROM consent WHERE customer = ?")?
        .query_map([other.0], record)?
        .collect::<rusqlite::Result<_>>()?;
    conn.execute(
        "INSERT INTO consent SELECT ?1, purpose, channel, agreed, evidence, at, by FROM consent WHERE customer = ?2
         ON CONFLICT (customer, purpose, channel) DO UPDATE SET agreed = excluded.agreed, evidence = excluded.evidence,
         at = excluded.at, by = excluded.by WHERE excluded.at > at",
        [keep.0, other.0],
    )?;
    conn.execute("DELETE FROM consent WHERE customer = ?", [other.0])?;
    image.chained = ids(conn, "SELECT id FROM merged WHERE customer = ? ORDER BY id", other)?;
    conn.execute("UPDATE merged SET customer = ?1 WHERE customer = ?2", [keep.0, other.0])?;
    Ok(())
}

/// Lets a part lead to another archive, or to none.
pub fn lead(conn: &Connection, part: i64, to: Option<i64>) -> Result<(), Failure> {
    conn.prepare_cached(
        "UPDATE part SET linked = ?2, value = json_set(value, '$.linked', ?2), rev = rev + 1 WHERE id = ?1",
    )?
    .execute(params![part, to])?;
    Ok(())
}

/// Puts the row of a parted archive back.
pub fn back(conn: &Connection, image: &Image) -> Result<(), Failure> {
    insert(conn, "customer", &image.other)?;
    let Some(id) = image.other.get("id").and_then(Value::as_i64) else { return Err(Failure::Gone) };
    conn.execute("UPDATE customer SET rev = rev + 1 WHERE id = ?", [id])?;
    let (name, address): (String, String) =
        conn.query_row("SELECT name, address FROM customer WHERE id = ?", [id], |r| Ok((r.get(0)?, r.get(1)?)))?;
    keys::keep(conn, CustomerId(id), &name, &address)
}

/// Two archives in a line each; both must be there.
pub fn both(w: &Write<'_>, a: CustomerId, b: CustomerId) -> Result<[String; 2], Failure> {
    let line = |id| read::one(w.conn, id).map(|o| format!("{} {}", o.no, o.name));
    Ok([line(a)?, line(b)?])
}

/// Settles a customer whose figures are others altogether: by all that count, from the first on.
pub fn settle(w: &Write<'_>, customer: CustomerId) -> Result<Derived, Failure> {
    let history = figures::history(w.conn, customer)?;
    let mut facts = table::facts_of(w.conn, customer)?;
    facts.figures = history.last().copied();
    facts.came = Came::Any;
    facts.lapsed = replayed_lapse(w.branch, facts.opened, &history, w.stamp.today);
    table::settle(w.conn, w.branch, customer, &facts, w.stamp.today)
}
