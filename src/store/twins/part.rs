//! Parting merged archives again: every row that moved and is still there goes back; what the archive that stayed was changed in since
//! stays as it is. And pairs found to be two people.

use super::image::{Image, insert, put, stands};
use super::{Answer, merge, ordered};
use crate::domain::archive;
use crate::domain::change::Entity;
use crate::domain::field::{Ctx, diff};
use crate::domain::ids::{CustomerId, OpId};
use crate::store::dealings::fact::KINDS;
use crate::store::dealings::moves;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{cell, keys, table};
use rusqlite::{OptionalExtension, params};
use serde_json::Value;

/// Parts `other` from the archive it was merged into.
pub fn part(w: &mut Write<'_>, op: OpId, other: CustomerId) -> Result<Answer, Failure> {
    if let Some(keep) = w.done(op)? {
        return merge::done(w, CustomerId(keep), &[CustomerId(keep), other]);
    }
    let found: Option<(String, i64, String)> = w
        .conn
        .prepare("SELECT no, customer, image FROM merged WHERE id = ?")?
        .query_row([other.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    let Some((no, customer, image)) = found else {
        return Err(Failure::refused(
            "没有这次合并，或同事已经把它拆开。",
            "There is no such merge, or a colleague has taken it back.",
        ));
    };
    let image: Image = serde_json::from_str(&image)?;
    let keep = CustomerId(customer);
    needed(w, &no, customer, &image)?;
    let was = table::load(w.conn, keep)?;

    merge::back(w.conn, &image)?;
    for kind in KINDS {
        w.conn.execute(
            &format!("UPDATE {} SET customer = ?2, account = 0 WHERE customer = ?1 AND account = ?2", kind.table),
            [keep.0, other.0],
        )?;
        for chained in &image.chained {
            w.conn.execute(
                &format!("UPDATE {} SET customer = ?2 WHERE customer = ?1 AND account = ?3", kind.table),
                [keep.0, other.0, *chained],
            )?;
        }
        // What came in meanwhile is taken back with its own archive.
        for column in ["since", "until"] {
            w.conn.execute(
                &format!(
                    "INSERT OR IGNORE INTO touched SELECT DISTINCT f.{column}, ?1 FROM {} AS f WHERE f.customer = ?1
                     AND EXISTS (SELECT 1 FROM touched AS t WHERE t.batch = f.{column})",
                    kind.table
                ),
                [other.0],
            )?;
        }
    }
    for chained in &image.chained {
        w.conn
            .execute("UPDATE merged SET customer = ?1 WHERE id = ?2 AND customer = ?3", [other.0, *chained, keep.0])?;
    }
    hanging(w, keep, other, &image)?;

    // The archive that stayed: its fields where nobody changed them since.
    let ctx = Ctx { today: w.stamp.today, staff: &w.branch.staff };
    let mut c = was.clone();
    let undone =
        |code: &str, now: &str| image.fields.get(code).filter(|(_, after)| after == now).map(|(b, _)| b.clone());
    for _ in 0..2 {
        for field in archive::FIELDS.iter().filter(|f| f.code != "no") {
            let now = field.get(&was);
            let text = undone(field.code, &now).unwrap_or(now);
            if field.get(&c) != text {
                field.set(&mut c, &text, ctx)?;
            }
        }
    }
    let mut edits = diff(archive::FIELDS, &was, &c);
    for (code, (before, _)) in &image.fields {
        let back = archive::FIELDS.iter().any(|f| f.code == code && f.get(&c) == *before);
        match (back, image.hand.contains(code)) {
            (true, true) => c.hand.insert(code.clone()),
            (true, false) => c.hand.remove(code),
            (false, _) => false,
        };
    }
    if !table::update(w.conn, w.branch, &c, w.stamp)? {
        return Err(Failure::Busy);
    }
    if was.name != c.name {
        keys::rename(w.conn, keep, &was.name)?;
    }
    keys::keep(w.conn, keep, &c.name, &c.address)?;
    let mut columns = stands(w.conn, keep.0)?;
    columns.retain(|column, now| image.after.get(column) == Some(now) && image.before.get(column) != Some(now));
    for (column, value) in &mut columns {
        *value = image.before.get(column).cloned().unwrap_or(Value::Null);
    }
    put(w.conn, keep.0, &columns)?;

    w.conn.execute("DELETE FROM merged WHERE id = ?", [other.0])?;
    for id in [keep, other] {
        let d = merge::settle(w, id)?;
        // Back where it was is no move; elsewhere it is one.
        if let Some(m) = d.moved.filter(|_| image.moved.is_none()) {
            moves::moved(w, id, &m, 0)?;
        }
    }
    let [one, two] = merge::both(w, keep, other)?;
    w.change(Entity::Customer, other.0, Some(other), &[edit("merged", one, "")], "", Some(op))?;
    edits.push(edit("merged", two, ""));
    let seq = w.change(Entity::Customer, keep.0, Some(keep), &edits, "", Some(op))?;
    w.did(op, keep.0, seq)?;
    merge::done(w, keep, &[keep, other])
}

/// Refuses while something later depends on the merge.
fn needed(w: &Write<'_>, no: &str, customer: i64, image: &Image) -> Result<(), Failure> {
    let name = |id: i64| -> Result<String, Failure> {
        let found = w
            .conn
            .prepare_cached("SELECT no || ' ' || name FROM customer WHERE id = ?")?
            .query_row([id], |r| r.get::<_, String>(0))
            .optional()?;
        Ok(found.unwrap_or_default())
    };
    if customer != image.keep {
        let into = name(customer)?;
        return Err(Failure::refused(
            format!("并入它的那份档案后来又并入了 {into}。请先拆开那一次。"),
            format!("The archive it was merged into was itself merged into {into} later. Part that one first."),
        ));
    }
    let taken: Option<String> =
        w.conn.prepare_cached("SELECT name FROM customer WHERE no = ?")?.query_row([no], |r| r.get(0)).optional()?;
    if let Some(name) = taken {
        return Err(Failure::refused(
            format!("客户号 {no} 现在是{name}的，不能拆开。"),
            format!("The customer number {no} belongs to {name} now; it cannot be parted."),
        ));
    }
    Ok(())
}

/// What moved goes back, as far as it is still there.
fn hanging(w: &Write<'_>, keep: CustomerId, other: CustomerId, image: &Image) -> Result<(), Failure> {
    for (table, rows) in &image.rows {
        for id in rows {
            let n = w.conn.execute(
                &format!("UPDATE {table} SET customer = ?1 WHERE id = ?2 AND customer = ?3"),
                [other.0, *id, keep.0],
            )?;
            if table == "part" && n == 1 {
                w.conn.execute("UPDATE occasion SET customer = ?1 WHERE part = ?2", [other.0, *id])?;
            }
        }
    }
    for key in &image.marks {
        w.conn
            .execute("UPDATE mark SET customer = ?1 WHERE key = ?2 AND customer = ?3", params![other.0, key, keep.0])?;
    }
    if let Some((day, at)) = &image.moved {
        w.conn.execute("DELETE FROM tier_move WHERE customer = ? AND day = ? AND at = ?", params![keep.0, day, at])?;
    }
    for row in &image.consents {
        // What was said since stays with the archive it was said to.
        super::image::insert(w.conn, "consent", row)?;
    }
    for row in &image.moves {
        // Only its own: where both moved at one moment, that of the archive that stayed was left there.
        w.conn.execute(
            "DELETE FROM tier_move WHERE customer = ? AND day = ? AND at = ? AND from_tier = ? AND to_tier = ? AND why = ? AND since = ?",
            rusqlite::params_from_iter(
                [Value::from(keep.0)]
                    .iter()
                    .chain(["day", "at", "from_tier", "to_tier", "why", "since"].map(|c| &row[c]))
                    .map(super::image::cell),
            ),
        )?;
        insert(w.conn, "tier_move", row)?;
    }
    for (part, to) in &image.links {
        let owner: Option<i64> = w
            .conn
            .prepare_cached("SELECT customer FROM part WHERE id = ? AND linked IS ?")?
            .query_row(params![part, to], |r| r.get(0))
            .optional()?;
        if let Some(owner) = owner {
            merge::lead(w.conn, *part, Some(other.0))?;
            let edits = [edit("linked", keep.0.to_string(), other.0.to_string())];
            w.change(Entity::Part, *part, Some(CustomerId(owner)), &edits, "", None)?;
        }
    }
    for (part, to) in &image.loops {
        if w.conn.prepare_cached("SELECT 1 FROM part WHERE id = ? AND linked IS NULL")?.exists([part])? {
            merge::lead(w.conn, *part, Some(*to))?;
        }
    }
    for (row, state) in &image.withdrawn {
        w.conn.execute(
            "UPDATE hand_over SET open = 1, state = ?, answer = '', answered_at = NULL, answered_by = NULL
             WHERE id = ? AND state = 'withdrawn'",
            params![state, row],
        )?;
    }
    Ok(())
}

/// Says that two archives are of two people, or, without a reason, takes that back.
pub fn apart(
    w: &mut Write<'_>,
    op: OpId,
    a: CustomerId,
    b: CustomerId,
    reason: Option<&str>,
) -> Result<Answer, Failure> {
    if w.done(op)?.is_some() {
        return merge::done(w, a, &[a, b]);
    }
    if reason.is_some_and(|r| r.trim().is_empty()) {
        return Err(Failure::refused("请写明怎么知道不是同一人。", "Say how it is known that these are two people."));
    }
    let [one, two] = merge::both(w, a, b)?;
    let (x, y) = ordered(a, b);
    match reason {
        Some(reason) => w.conn.execute(
            "INSERT OR REPLACE INTO apart VALUES (?, ?, ?, ?, ?)",
            params![x, y, cell::time(w.stamp.at), w.stamp.by.0, reason.trim()],
        )?,
        None => w.conn.execute("DELETE FROM apart WHERE a = ? AND b = ?", [x, y])?,
    };
    let said = |line: String| if reason.is_some() { edit("apart", "", line) } else { edit("apart", line, "") };
    let why = reason.unwrap_or_default().trim();
    w.change(Entity::Customer, b.0, Some(b), &[said(one)], why, Some(op))?;
    let seq = w.change(Entity::Customer, a.0, Some(a), &[said(two)], why, Some(op))?;
    w.did(op, a.0, seq)?;
    merge::done(w, a, &[a, b])
}
