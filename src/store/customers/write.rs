//! Saving archives: create, save with merge, put back, keepers, holds. Parts of an archive are in `part`.

use super::saved::{both, clashing, saved};
use super::{Answer, Ask, Clash, part, read};
use crate::domain::archive;
use crate::domain::calendar::lunar::LunarDay;
use crate::domain::change::{Change, Entity};
use crate::domain::customer::Customer;
use crate::domain::field::{Ctx, Edit, Field, diff};
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::tier::{Move, Tier, Why};
use crate::store::dealings::{moves, signals};
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{cell, change, keepers, keys, table, twins};
use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

/// Answers a write of archives.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn answer(w: &mut Write<'_>, ask: &Ask) -> Result<Answer, Failure> {
    let whose = match ask {
        Ask::Save { op, id, .. } | Ask::Hold { op, id, .. } | Ask::Part { op, customer: id, .. } => Some((*op, *id)),
        _ => None,
    };
    if let Some((op, id)) = whose
        && w.done(op)?.is_none()
        && !part::there(w, id)?
    {
        return Ok(Answer::Gone { ask: Box::new(ask.clone()) });
    }
    match ask {
        Ask::Save { op, id, base_rev, edits, reason, .. } => save(w, *op, *id, *base_rev, edits, reason),
        Ask::Create { op, customer, .. } => create(w, *op, customer),
        Ask::PutBack { op, seq, field, .. } => put_back(w, *op, *seq, field),
        Ask::Part { op, customer, row, part, .. } => part::keep(w, *op, *customer, row.as_deref(), part.as_ref()),
        Ask::Keeper { op, ids, owner, seen, reason, .. } => keeper(w, *op, ids, *owner, *seen, reason),
        Ask::Hold { op, id, tier, seen, reason, .. } => hold(w, *op, *id, *tier, *seen, reason),
        Ask::Open { .. } | Ask::Tier { .. } | Ask::Known { .. } | Ask::Numbered { .. } | Ask::Likely { .. } => {
            read::answer(w.conn, w.branch, ask)
        }
    }
}

fn field(code: &str) -> Result<&'static Field<Customer>, Failure> {
    archive::FIELDS.iter().find(|f| f.code == code).ok_or_else(|| {
        Failure::refused(format!("档案里没有「{code}」这一项。"), format!("The archive has no field {code}."))
    })
}

/// A document number belongs to one customer only.
fn sole_document(w: &Write<'_>, c: &Customer) -> Result<(), Failure> {
    let number = c.document_number();
    match read::document_taken(w.conn, number, c.id)? {
        None => Ok(()),
        Some((name, no)) => Err(Failure::refused(
            format!("这个证件号已经是{name}（客户号 {no}）的。请打开那份档案，或核对证件号。"),
            format!("This ID number belongs to {name} (customer {no}). Open that archive, or check the number."),
        )),
    }
}

/// Writes `after` over `before` with its change; both are the same row.
fn put(w: &Write<'_>, op: OpId, before: &Customer, mut after: Customer, reason: &str) -> Result<Answer, Failure> {
    let edits = diff(archive::FIELDS, before, &after);
    if edits.is_empty() {
        return saved(w, before.id);
    }
    if edits.iter().any(|e| e.field == "id_no") {
        sole_document(w, &after)?;
    }
    after.hand.extend(edits.iter().map(|e| e.field.clone()));
    // Inside BEGIN IMMEDIATE nobody else saves between reading the rev and here.
    if !table::update(w.conn, w.branch, &after, w.stamp)? {
        return Err(Failure::Busy);
    }
    if before.name != after.name {
        keys::rename(w.conn, before.id, &before.name)?;
    }
    keys::keep(w.conn, after.id, &after.name, &after.address)?;
    if edits.iter().any(|e| e.field == "other_loans") {
        signals::lenders(w, after.id)?;
    }
    let seq = w.change(Entity::Customer, after.id.0, Some(after.id), &edits, reason, Some(op))?;
    if before.owner != after.owner {
        keepers::open::overtaken(w, after.id, after.owner, reason)?;
    }
    w.did(op, after.id.0, seq)?;
    saved(w, after.id)
}

/// Fields changed on one side only merge by themselves; a field that both changed to different texts is a clash, and nothing is saved.
fn save(
    w: &Write<'_>,
    op: OpId,
    id: CustomerId,
    base_rev: i64,
    edits: &[Edit],
    reason: &str,
) -> Result<Answer, Failure> {
    if w.done(op)?.is_some() {
        return saved(w, id);
    }
    let before = table::load(w.conn, id)?;
    let mut clashes = Vec::new();
    let mut rebased = edits.to_vec();
    let mut after = before.clone();
    let ctx = Ctx { today: w.stamp.today, staff: &w.branch.staff };
    for e in &mut rebased {
        let f = field(&e.field)?;
        let theirs = f.get(&before);
        // What a field followed by itself (the ID's birthday) need not be written twice.
        if f.get(&after) == e.after {
            continue;
        }
        if before.rev != base_rev
            && theirs != e.before
            && theirs != e.after
            && let Some(clash) = clash(w, &before, &e.field, [&e.before, &theirs, &e.after])?
        {
            clashes.push(clash);
            e.before = theirs;
        } else {
            f.set(&mut after, &e.after, ctx)?;
        }
    }
    if !clashes.is_empty() {
        let ask = Ask::Save {
            op,
            id,
            base_rev: before.rev,
            edits: rebased,
            reason: reason.to_owned(),
            stamp: w.stamp.clone(),
        };
        return clashing(w, id, clashes, ask);
    }
    put(w, op, &before, after, reason)
}

/// A field that was changed since, with who did it last; none when the one who writes did so here themselves.
fn clash(w: &Write<'_>, c: &Customer, field: &str, sides: [&str; 3]) -> Result<Option<Clash>, Failure> {
    let last = change::last_of(w.conn, c.id, 0, |change| change.of_field(field))?;
    Ok(if last.as_ref().is_some_and(|l| w.own(l)) { None } else { Some(both(c, field, sides, last.as_ref())) })
}

fn create(w: &mut Write<'_>, op: OpId, new: &Customer) -> Result<Answer, Failure> {
    if let Some(row) = w.done(op)? {
        return saved(w, CustomerId(row));
    }
    if new.name.trim().is_empty() {
        return Err(Failure::refused("姓名不能空。", "A name is needed."));
    }
    let mut c = Customer { id: CustomerId(w.id()), rev: 1, ..new.clone() };
    c.lunar = c.lunar.or_else(|| c.birth.and_then(LunarDay::of));
    sole_document(w, &c)?;
    for person in [c.owner, c.assistant].into_iter().flatten() {
        w.branch.colleague(person)?;
    }
    if c.no.is_empty() {
        c.no = next_no(w)?;
    } else if let Some(name) = w
        .conn
        .prepare_cached(
            "SELECT name FROM customer WHERE no = ?1 UNION ALL SELECT c.name FROM merged AS m JOIN customer AS c
             ON c.id = m.customer WHERE m.no = ?1",
        )?
        .query_row([&c.no], |r| r.get::<_, String>(0))
        .optional()?
    {
        return Err(Failure::refused(
            format!("客户号 {} 已经是{name}的。", c.no),
            format!("The customer number {} belongs to {name}.", c.no),
        ));
    }
    // A number is given by the store or the core system, never by hand.
    let edits: Vec<Edit> =
        diff(archive::FIELDS, &Customer::default(), &c).into_iter().filter(|e| e.field != "no").collect();
    c.hand.extend(edits.iter().map(|e| e.field.clone()));
    table::insert(w.conn, &[table::New::of(w.branch, c.id, &c, w.stamp)?], w.stamp, w.batch)?;
    keys::keep(w.conn, c.id, &c.name, &c.address)?;
    let seq = w.change(Entity::Customer, c.id.0, Some(c.id), &edits, "", Some(op))?;
    w.did(op, c.id.0, seq)?;
    saved(w, c.id)
}

/// The next number of one without a number of the core system: `P` and eight digits, counted up inside the transaction.
fn next_no(w: &Write<'_>) -> Result<String, Failure> {
    let last: Option<String> = w
        .conn
        .prepare_cached(
            "SELECT no FROM customer WHERE no >= 'P' AND no < 'Q'
             AND no GLOB 'P[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]' ORDER BY no DESC LIMIT 1",
        )?
        .query_row([], |r| r.get(0))
        .optional()?;
    // The number of an archive that was merged is nobody else's.
    let merged: Option<String> = w
        .conn
        .prepare_cached("SELECT max(no) FROM merged WHERE no GLOB 'P[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'")?
        .query_row([], |r| r.get(0))?;
    let last = last.max(merged);
    let last = last.and_then(|no| no.strip_prefix('P')?.parse::<u32>().ok()).unwrap_or_default();
    Ok(format!("P{:08}", last + 1))
}

/// Puts one field back to what it was before a change, as a new change.
fn put_back(w: &mut Write<'_>, op: OpId, seq: i64, code: &str) -> Result<Answer, Failure> {
    let old = change::one(w.conn, seq)?;
    let (Some(id), Some(was)) = (old.customer, old.edits.iter().find(|e| e.field == code)) else {
        return Err(Failure::refused(
            "这条变更里没有这一项，不能恢复。",
            "That change does not hold this field; nothing was put back.",
        ));
    };
    if w.done(op)?.is_some() {
        return saved(w, id);
    }
    match old.entity {
        // A field changed again since is decided like any other: what it was, what it is, what it would be.
        Entity::Customer if code == "hold" => {
            let held = was.before.split_once(' ').and_then(|(tier, until)| {
                Some((Tier::parse(tier)?, NaiveDate::parse_from_str(until, "%Y-%m-%d").ok()?))
            });
            hold(w, op, id, held, seq, &old.reason)
        }
        Entity::Customer if code == "merged" => {
            twins::write::part_named(w, op, id, &was.after)?;
            saved(w, id)
        }
        Entity::Customer => {
            let edits = [edit(code, was.after.as_str(), was.before.as_str())];
            save(w, op, id, 0, &edits, "")
        }
        Entity::Part => part::put_back(w, op, id, &old, code),
        _ => Err(Failure::refused(
            "只有档案和附页的变更可以恢复。",
            "Only changes of an archive and its parts can be put back.",
        )),
    }
}

/// Gives customers to another keeper; all of them or none. Whom a colleague gave to somebody else meanwhile is asked about first.
fn keeper(
    w: &Write<'_>,
    op: OpId,
    ids: &[CustomerId],
    owner: Option<StaffId>,
    seen: i64,
    reason: &str,
) -> Result<Answer, Failure> {
    let moved = |w: &Write<'_>| -> Result<Answer, Failure> {
        let rows = ids.iter().map(|id| table::row_of(w.conn, *id)).collect::<Result<_, _>>()?;
        Ok(Answer::Moved { rows, seq: change::head(w.conn)? })
    };
    if w.done(op)?.is_some() {
        return moved(w);
    }
    if let Some(person) = owner {
        w.branch.colleague(person)?;
    }
    let text = |s: Option<StaffId>| s.map(|s| s.0.to_string()).unwrap_or_default();
    let mut fields = Vec::new();
    let mut customers = Vec::with_capacity(ids.len());
    for id in ids {
        let c = table::load(w.conn, *id)?;
        if c.owner == owner {
            continue;
        }
        if let Some(last) = changed_since(w, *id, "owner", seen)? {
            let before = last.edits.iter().find(|e| e.field == "owner").map_or("", |e| e.before.as_str());
            fields.push(both(&c, "owner", [before, &text(c.owner), &text(owner)], Some(&last)));
        }
        customers.push(c);
    }
    let mut seq = change::head(w.conn)?;
    if !fields.is_empty() {
        let (ids, reason, stamp) = (ids.to_vec(), reason.to_owned(), w.stamp.clone());
        let ask = Ask::Keeper { op, ids, owner, seen: seq, reason, stamp };
        return Ok(Answer::Clash { fields, ask: Box::new(ask), opened: None });
    }
    for mut c in customers {
        let edits = [edit("owner", text(c.owner), text(owner))];
        c.owner = owner;
        c.hand.insert("owner".to_owned());
        if !table::update(w.conn, w.branch, &c, w.stamp)? {
            return Err(Failure::Busy);
        }
        seq = w.change(Entity::Customer, c.id.0, Some(c.id), &edits, reason, Some(op))?;
        keepers::open::overtaken(w, c.id, owner, reason)?;
    }
    w.did(op, ids.first().map_or(0, |id| id.0), seq)?;
    moved(w)
}

/// The newest change of a field behind `seen` that a colleague made.
fn changed_since(w: &Write<'_>, id: CustomerId, field: &str, seen: i64) -> Result<Option<Change>, Failure> {
    Ok(change::last_of(w.conn, id, seen, |c| c.of_field(field))?.filter(|c| !w.own(c)))
}

/// Holds a customer at a tier until a day, or lifts the hold.
fn hold(
    w: &mut Write<'_>,
    op: OpId,
    id: CustomerId,
    tier: Option<(Tier, NaiveDate)>,
    seen: i64,
    reason: &str,
) -> Result<Answer, Failure> {
    if w.done(op)?.is_some() {
        return saved(w, id);
    }
    if reason.trim().is_empty() {
        return Err(Failure::refused("手工定级要写原因。", "A tier set by hand needs a reason."));
    }
    if let Some((_, until)) = tier.filter(|(_, until)| *until < w.stamp.today) {
        return Err(Failure::refused(
            format!("{until} 已经过去，请填今天或以后的到期日。"),
            format!("{until} has passed; give an end of today or later."),
        ));
    }
    let mut facts = table::facts_of(w.conn, id)?;
    let text = |held: Option<(Tier, NaiveDate)>| held.map(|(t, d)| format!("{} {d}", t.code())).unwrap_or_default();
    let edits = [edit("hold", text(facts.held), text(tier))];
    if facts.held != tier
        && let Some(last) = changed_since(w, id, "hold", seen)?
    {
        let before = last.edits.iter().find(|e| e.field == "hold").map_or("", |e| e.before.as_str());
        let c = table::load(w.conn, id)?;
        let fields = vec![both(&c, "hold", [before, &text(facts.held), &text(tier)], Some(&last))];
        let (reason, stamp) = (reason.to_owned(), w.stamp.clone());
        return clashing(w, id, fields, Ask::Hold { op, id, tier, seen: change::head(w.conn)?, reason, stamp });
    }
    facts.held = tier;
    w.conn
        .prepare_cached(
            "UPDATE customer SET held_reason = ?, held_by = ?, updated_at = ?, updated_by = ? WHERE id = ?",
        )?
        .execute(params![
            tier.map(|_| reason),
            tier.map(|_| w.stamp.by.0),
            cell::time(w.stamp.at),
            w.stamp.by.0,
            id.0
        ])?;
    let derived = table::settle(w.conn, w.branch, id, &facts, w.stamp.today)?;
    if let Some(moved) = derived.moved {
        let by = w.stamp.by;
        let why = tier.map_or(Why::Lifted { by }, |(_, until)| Why::Held { by, until });
        moves::moved(w, id, &Move { day: w.stamp.today, why, ..moved.clone() }, 0)?;
        keepers::propose(w, id, moved.from, moved.to, 0)?;
    }
    let seq = w.change(Entity::Customer, id.0, Some(id), &edits, reason, Some(op))?;
    w.did(op, id.0, seq)?;
    saved(w, id)
}
