//! Many customers at once: who would get whom by the rules, giving them as one batch of changes, and putting the batch back.

use super::{Answer, Given, Move, Nobody, Plan, loads, open, reply};
use crate::domain::change::Entity;
use crate::domain::ids::{BatchId, CustomerId, OpId, StaffId};
use crate::domain::keepers::{Loads, Wants, assistant as beside, propose};
use crate::domain::staff::{Role, Staff, may_decide_for};
use crate::domain::tier::Tier;
use crate::store::agenda::who;
use crate::store::branch::Branch;
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{change, table};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet};

/// Who would get these customers by the rules. Who has a keeper of the right post stays.
///
/// # Errors
/// What the file says.
pub fn by_rules(conn: &Connection, branch: &Branch, ids: &[CustomerId]) -> Result<Plan, Failure> {
    let mut found = loads::count(conn)?;
    let mut plan = Plan::default();
    for id in ids {
        match one(conn, branch, &branch.staff, *id, &mut found)? {
            Some(step) if step.owner.is_some() => plan.moves.push(step),
            step => {
                plan.stay += 1;
                if let Some(step) = step {
                    nobody(conn, branch, &step, &mut plan.nobody)?;
                }
            }
        }
    }
    plan.loads = before_and_after(conn, &plan.moves)?;
    Ok(plan)
}

/// Counts one for whom nobody of the posts wanted works here.
fn nobody(conn: &Connection, branch: &Branch, step: &Move, found: &mut Vec<Nobody>) -> Result<(), Failure> {
    let Some(tier) = step.who.tier else { return Ok(()) };
    let (area, _) = area_and_assistant(conn, step.who.id)?;
    let Some(rule) = branch.settings.keepers.of(tier, &area) else { return Ok(()) };
    let posts: Vec<Role> = [Some(rule.owner), rule.assistant].into_iter().flatten().collect();
    if branch.staff.iter().any(|s| s.active && posts.contains(&s.role)) {
        return Ok(());
    }
    match found.iter_mut().find(|n| n.tier == tier && n.posts == posts) {
        Some(n) => n.count += 1,
        None => found.push(Nobody { tier, posts, count: 1 }),
    }
    Ok(())
}

fn area_and_assistant(conn: &Connection, id: CustomerId) -> Result<(String, Option<i64>), Failure> {
    Ok(conn
        .prepare_cached("SELECT area, assistant FROM customer WHERE id = ?")?
        .query_row([id.0], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// The step of one customer; none when their keeper is right. The staff may differ from the branch's by one who is about to leave.
///
/// # Errors
/// What the file says.
pub fn one(
    conn: &Connection,
    branch: &Branch,
    staff: &[Staff],
    id: CustomerId,
    loads: &mut Loads,
) -> Result<Option<Move>, Failure> {
    let Some(who) = who::who(conn, id)? else { return Ok(None) };
    let (area, assistant) = area_and_assistant(conn, id)?;
    let rules = &branch.settings.keepers;
    let present = who.owner.and_then(|o| staff.iter().find(|s| s.id == o && s.active));
    let right = present.filter(|s| who.tier.is_none_or(|t| rules.keeps(s.role, t, &area)));
    let wants = Wants { tier: who.tier, area, assistant: assistant.map(StaffId) };
    if let Some(keeper) = right {
        // The keeper stays; a second one comes to them where two keep the tier together.
        let together = who.tier >= Some(Tier::Vip);
        let second = beside(rules, staff, loads, &wants, keeper.id).filter(|s| together && Some(*s) != wants.assistant);
        return Ok(second.map(|s| Move { owner: who.owner, assistant: Some(s), who }));
    }
    let found = propose(rules, staff, loads, &wants).filter(|(o, _)| Some(*o) != who.owner);
    if let (Some((owner, _)), Some(tier)) = (found, who.tier) {
        *loads.entry((owner, tier)).or_default() += 1;
    }
    // Nobody is found for them: the assistant stays, if they still work here.
    let stays = wants.assistant.filter(|a| staff.iter().any(|s| s.id == *a && s.active));
    Ok(Some(Move { owner: found.map(|(o, _)| o), assistant: found.map_or(stays, |(_, a)| a), who }))
}

/// Customers of each keeper concerned, before and after.
///
/// # Errors
/// What the file says.
pub fn before_and_after(conn: &Connection, moves: &[Move]) -> Result<Vec<(StaffId, u32, u32)>, Failure> {
    let concerned: BTreeSet<StaffId> = moves.iter().flat_map(|m| [m.who.owner, m.owner]).flatten().collect();
    let mut change: BTreeMap<StaffId, i64> = BTreeMap::new();
    for m in moves {
        for (person, by) in [(m.who.owner, -1), (m.owner, 1)] {
            if let Some(person) = person {
                *change.entry(person).or_default() += by;
            }
        }
    }
    let mut statement = conn.prepare_cached("SELECT count(*) FROM keeper_order WHERE owner = ?")?;
    let mut found = Vec::new();
    for person in concerned {
        let before: u32 = statement.query_row([person.0], |r| r.get(0))?;
        let after = i64::from(before) + change.get(&person).copied().unwrap_or_default();
        found.push((person, before, u32::try_from(after).unwrap_or_default()));
    }
    Ok(found)
}

/// Gives each of these to its keeper. Whom somebody gave elsewhere meanwhile is left alone and named.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn assign(w: &mut Write<'_>, op: OpId, given: &[Given], reason: &str) -> Result<Vec<String>, Failure> {
    let reason = reply::reasoned(reason)?;
    let people: BTreeSet<StaffId> = given.iter().flat_map(|g| [g.owner, g.assistant]).flatten().collect();
    for person in people {
        w.branch.colleague(person)?;
    }
    let batch = begin(w);
    let (mut left, mut seq) = (Vec::new(), 0);
    for g in given {
        let found: Option<(Option<i64>, Option<i64>, String)> = w
            .conn
            .prepare_cached("SELECT owner, assistant, name FROM customer WHERE id = ?")?
            .query_row([g.customer.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()?;
        let Some((owner, helper, name)) = found else { continue };
        let (owner, helper) = (owner.map(StaffId), helper.map(StaffId));
        if (owner, helper) == (g.owner, g.assistant) {
            continue;
        }
        if owner != g.was {
            left.push(name);
            continue;
        }
        seq = reply::give(w, g.customer, g.owner, Some(g.assistant), &reason, op)?;
        if owner != g.owner {
            open::overtaken(w, g.customer, g.owner, &reason)?;
        }
    }
    w.batch = None;
    did(w, op, batch, seq)?;
    Ok(left)
}

/// A batch of changes begins; its number.
pub fn begin(w: &mut Write<'_>) -> i64 {
    let batch = w.id();
    w.batch = Some(BatchId(batch));
    batch
}

/// Puts the keepers of a batch back, as a batch of its own. Whom somebody gave elsewhere since is left alone and named.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn put_back(w: &mut Write<'_>, op: OpId, seq: i64) -> Result<Vec<String>, Failure> {
    let last = change::one(w.conn, seq)?;
    let Some(batch) = last.batch.filter(|_| last.entity == Entity::Customer) else {
        return Err(Failure::refused("这一步不是批量分户，不能整批恢复。", "This was no batch of keepers."));
    };
    if !may_decide_for(&w.branch.staff, w.stamp.by, last.by) {
        return Err(Failure::refused(
            "这是同事分的，请本人或网点经理恢复。",
            "A colleague gave these; they put them back, or the branch manager.",
        ));
    }
    // They were written in one go, so they stand in a row.
    let mut changes = Vec::new();
    let mut at = seq;
    while at > 0 {
        let c = change::one(w.conn, at)?;
        if c.batch != Some(batch) {
            break;
        }
        changes.push(c);
        at -= 1;
    }
    let own = begin(w);
    let (mut left, mut head) = (Vec::new(), 0);
    for c in changes.iter().rev() {
        let edit = |field: &str| c.edits.iter().find(|e| e.field == field);
        let Some(id) = c.customer.filter(|_| edit("owner").or(edit("assistant")).is_some()) else { continue };
        let now = match table::load(w.conn, id) {
            Ok(now) => now,
            Err(Failure::Gone) => continue,
            Err(other) => return Err(other),
        };
        let person = |text: &str| text.parse().ok().map(StaffId);
        let since = |field: &str, now: Option<StaffId>| edit(field).is_some_and(|e| person(&e.after) != now);
        if since("owner", now.owner) || since("assistant", now.assistant) {
            left.push(now.name);
            continue;
        }
        let owner = edit("owner").map_or(now.owner, |e| person(&e.before));
        let helper = edit("assistant").map_or(now.assistant, |e| person(&e.before));
        head = reply::give(w, id, owner, Some(helper), "整批恢复", op)?;
        if edit("owner").is_some() {
            open::overtaken(w, id, owner, "整批恢复")?;
        }
    }
    w.batch = None;
    did(w, op, own, head)?;
    Ok(left)
}

/// A batch is done; one that gave nobody leaves no operation behind.
fn did(w: &Write<'_>, op: OpId, batch: i64, seq: i64) -> Result<(), Failure> {
    if seq > 0 { w.did(op, batch, seq) } else { Ok(()) }
}

/// Rows of the customers of a batch that ends with this change; none where there is no change.
///
/// # Errors
/// What the file says.
pub fn done(w: &Write<'_>, seq: i64, left: Vec<String>) -> Result<Answer, Failure> {
    let mut rows = Vec::new();
    let mut at = seq;
    let batch = if seq > 0 { change::one(w.conn, seq)?.batch } else { None };
    while batch.is_some() && at > 0 {
        let c = change::one(w.conn, at)?;
        if c.batch != batch {
            break;
        }
        rows.extend(c.customer.map(|id| table::row_of(w.conn, id)).transpose()?);
        at -= 1;
    }
    Ok(Answer::Done { rows, left, seq })
}
