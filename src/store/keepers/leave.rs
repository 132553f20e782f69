//! Somebody leaves (离岗): customers, open tasks, lines handed to them and hand-overs under way go over for good; afterwards they no
//! longer work here.

use super::open;
use super::plan::{self, before_and_after};
use super::reply::{give, reasoned};
use super::{Move, Plan, delegates, loads};
use crate::domain::change::Entity;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::staff::{Role, Staff};
use crate::store::branch::Branch;
use crate::store::request::Failure;
use crate::store::secret::row;
use crate::store::write::{Write, edit};
use crate::store::{branch, cell, table};
use rusqlite::{Connection, params};

/// What goes where when somebody leaves.
///
/// # Errors
/// [`Failure::Refused`] when one of them does not work here, or what the file says.
pub fn plan(conn: &Connection, branch: &Branch, staff: StaffId, to: Option<StaffId>) -> Result<Plan, Failure> {
    branch.colleague(staff)?;
    if let Some(to) = to {
        branch.colleague(to)?;
        if to == staff {
            return Err(Failure::refused("不能交给离岗的本人。", "Not to the one who leaves."));
        }
    }
    if branch.staff.iter().filter(|s| s.active).count() < 2 {
        return Err(Failure::refused("没有其他在岗员工可以接手。", "Nobody else works here to take over."));
    }
    let mut people: Vec<Staff> = branch.staff.clone();
    people.iter_mut().filter(|s| s.id == staff).for_each(|s| s.active = false);
    let mut found = loads::count(conn)?;
    let mut plan = Plan { tasks_to: Some(heir(&people, staff, to)), ..Plan::default() };
    for id in ids(
        conn,
        "SELECT c.id FROM keeper_order k CROSS JOIN customer c ON c.id = k.customer WHERE k.owner = ?
         ORDER BY c.tier DESC, c.aum DESC, c.id",
        staff,
    )? {
        let Some(step) = plan::one(conn, branch, &people, id, &mut found)? else { continue };
        let assistant = match to {
            Some(to) => step.assistant.filter(|a| *a != to),
            None => step.assistant,
        };
        plan.moves.push(Move { owner: to.or(step.owner), assistant, ..step });
    }
    plan.stay = u32::try_from(plan.moves.iter().filter(|m| m.owner.is_none()).count()).unwrap_or(u32::MAX);
    plan.loads = before_and_after(conn, &plan.moves)?;
    plan.tasks = conn
        .prepare_cached("SELECT count(*) FROM task WHERE owner = ? AND open = 1")?
        .query_row([staff.0], |r| r.get(0))?;
    Ok(plan)
}

/// Who gets what is about nobody in particular: the one named, else the leader, else the branch manager, else the first who works here.
fn heir(people: &[Staff], staff: StaffId, to: Option<StaffId>) -> StaffId {
    let works = |id: &StaffId| people.iter().any(|s| s.id == *id && s.active);
    let leader = || people.iter().find(|s| s.id == staff).and_then(|s| s.leader).filter(works);
    let head = || people.iter().find(|s| s.active && s.role == Role::BranchManager).map(|s| s.id);
    let first = || people.iter().find(|s| s.active).map(|s| s.id);
    to.or_else(leader).or_else(head).or_else(first).unwrap_or_default()
}

fn ids(conn: &Connection, sql: &str, staff: StaffId) -> Result<Vec<CustomerId>, Failure> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([staff.0], |r| r.get(0).map(CustomerId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Somebody leaves.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn leave(w: &mut Write<'_>, op: OpId, staff: StaffId, to: Option<StaffId>, reason: &str) -> Result<(), Failure> {
    let reason = reasoned(reason)?;
    if staff == w.stamp.by {
        return Err(Failure::refused("不能办理本人的离岗移交。", "Nobody takes themselves out."));
    }
    let plan = plan(w.conn, w.branch, staff, to)?;
    let heir = plan.tasks_to.unwrap_or(w.stamp.by);
    plan::begin(w);
    hand_overs(w, staff, heir)?;
    for m in &plan.moves {
        give(w, m.who.id, m.owner, Some(m.assistant), &reason, op)?;
        open::overtaken(w, m.who.id, m.owner, &reason)?;
    }
    helped(w, op, staff, &reason)?;
    visits(w, staff)?;
    let (at, writer) = (cell::time(w.stamp.at), w.stamp.by.0);
    w.conn
        .prepare_cached(
            "UPDATE task SET owner = coalesce((SELECT c.owner FROM customer c WHERE c.id = task.customer), ?1), rev = rev + 1,
             updated_at = ?2, updated_by = ?3 WHERE owner = ?4 AND open = 1",
        )?
        .execute(params![heir.0, at, writer, staff.0])?;
    w.conn
        .prepare_cached("UPDATE mark SET handed_to = NULL WHERE handed_to = ? AND state = 'open'")?
        .execute([staff.0])?;
    for d in w.branch.delegates.iter().filter(|d| d.until >= w.stamp.today && (d.staff == staff || d.to == staff)) {
        delegates::stop(w, d, w.stamp.today.pred_opt().unwrap_or(w.stamp.today))?;
    }
    w.conn
        .prepare_cached("UPDATE staff SET active = 0, rev = rev + 1, updated_at = ?, updated_by = ? WHERE id = ?")?
        .execute(params![at, writer, staff.0])?;
    row::forget(w.conn, staff)?;
    branch::turn(w.conn, w.stamp)?;
    let gone = plan.moves.len();
    let edits = [
        edit("active", "1", "0"),
        edit("customers", gone.to_string(), "0"),
        edit("tasks", plan.tasks.to_string(), "0"),
    ];
    let seq = w.change(Entity::Staff, staff.0, None, &edits, &reason, Some(op))?;
    w.batch = None;
    w.did(op, staff.0, seq)
}

/// Customers on their way to the one who leaves stay; matters handed to them go to the heir.
fn hand_overs(w: &Write<'_>, staff: StaffId, heir: StaffId) -> Result<(), Failure> {
    let mut statement = w.conn.prepare_cached(
        "SELECT id FROM hand_over WHERE to_id = ? AND open = 1 AND kind = 'keeper' AND state = 'open'",
    )?;
    let rows = statement.query_map([staff.0], |r| r.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    for row in rows {
        open::end(w, row, "withdrawn", "接收人离岗")?;
    }
    w.conn
        .prepare_cached("UPDATE hand_over SET to_id = ? WHERE to_id = ? AND open = 1 AND kind = 'matter'")?
        .execute([heir.0, staff.0])?;
    Ok(())
}

/// Archives that the one who leaves assists with have no assistant any more.
fn helped(w: &Write<'_>, op: OpId, staff: StaffId, reason: &str) -> Result<(), Failure> {
    for id in ids(w.conn, "SELECT id FROM customer WHERE assistant = ?", staff)? {
        let mut c = table::load(w.conn, id)?;
        c.assistant = None;
        if !table::update(w.conn, w.branch, &c, w.stamp)? {
            return Err(Failure::Busy);
        }
        let edits = [edit("assistant", staff.0.to_string(), "")];
        w.change(Entity::Customer, id.0, Some(id), &edits, reason, Some(op))?;
    }
    Ok(())
}

/// Visits handed to the one who leaves are their keeper's again.
fn visits(w: &Write<'_>, staff: StaffId) -> Result<(), Failure> {
    for id in ids(w.conn, "SELECT id FROM customer WHERE handed_to = ?", staff)? {
        let mut facts = table::facts_of(w.conn, id)?;
        facts.handed_to = None;
        table::settle(w.conn, w.branch, id, &facts, w.stamp.today)?;
    }
    Ok(())
}
