//! Sources of which there are never many: hand-overs and tasks of one's own.

use super::row::{TASK, task};
use super::tally::{Look, MOST};
use super::who;
use crate::domain::agenda::{Item, lines};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::staff::{Role, above};
use crate::store::cell;
use crate::store::keepers::open::{self, HandOver};
use crate::store::request::Failure;

/// 转介, 移交: open hand-overs of matters and of customers.
///
/// # Errors
/// What the file says.
pub fn hand_overs(look: &mut Look<'_>) -> Result<Vec<Item>, Failure> {
    let mut items = transfers(look)?;
    let mut statement = look.conn.prepare_cached(
        "SELECT id, customer, from_id, to_id, reason, day, due FROM hand_over WHERE open = 1 AND kind = 'matter'
         ORDER BY to_id, due, id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(r) = rows.next()? {
        let to = StaffId(r.get(3)?);
        let (Some(day), Some(due)) = (cell::date(r.get(5)?), cell::date(r.get(6)?)) else { continue };
        look.tally.due(Some(to), due, look.frame.today, 1);
        if due > look.frame.until || !look.whose.has(Some(to)) || items.len() >= MOST {
            continue;
        }
        if let Some(who) = who::who(look.conn, CustomerId(r.get(1)?))? {
            items.push(lines::hand_over(r.get(0)?, &who, StaffId(r.get(2)?), to, r.get(4)?, day, due));
        }
    }
    Ok(items)
}

/// 移交: customers that are to change hands. A line each, of whoever it concerns among those looked at: the receiver who answers, the
/// giver who waits or hears why it was refused, and once it is overdue those above both. They show from the day they were proposed.
fn transfers(look: &mut Look<'_>) -> Result<Vec<Item>, Failure> {
    let sql =
        format!("SELECT {} FROM hand_over WHERE open = 1 AND kind = 'keeper' ORDER BY to_id, due, id", open::COLUMNS);
    let mut statement = look.conn.prepare_cached(&sql)?;
    let found = statement.query_map([], open::read)?.collect::<rusqlite::Result<Vec<HandOver>>>()?;
    let mut items = Vec::new();
    for h in found {
        let (from, to) = (h.transfer.from, h.transfer.to);
        let whose = if h.waits() { to } else { from };
        // It waits for a word from the day it was proposed.
        look.tally.due(Some(whose), h.due.min(look.frame.today), look.frame.today, 1);
        let watched = || h.waits() && h.due < look.frame.today && watches(look, from, to);
        let owner = [whose, from].into_iter().find(|o| look.whose.has(Some(*o))).or_else(|| watched().then_some(to));
        let Some(owner) = owner.filter(|_| items.len() < MOST) else { continue };
        if let Some(who) = who::who(look.conn, h.customer)? {
            items.push(lines::transfer(&who, owner, h.transfer, h.day, h.due));
        }
    }
    Ok(items)
}

/// Whether somebody looked at stands above giver or receiver, or is the branch manager.
fn watches(look: &Look<'_>, from: StaffId, to: StaffId) -> bool {
    let staff = &look.branch.staff;
    let above = |id: StaffId| above(staff, id).into_iter().any(|lead| look.whose.has(Some(lead)));
    let heads = || staff.iter().any(|s| s.active && s.role == Role::BranchManager && look.whose.has(Some(s.id)));
    above(from) || above(to) || heads()
}

/// 自办: open tasks.
///
/// # Errors
/// What the file says.
pub fn own(look: &mut Look<'_>) -> Result<Vec<Item>, Failure> {
    let sql = format!("SELECT {TASK} FROM task WHERE open = 1 AND due <= ? ORDER BY due, id");
    let mut statement = look.conn.prepare_cached(&sql)?;
    let mut rows = statement.query([cell::day(look.frame.until)])?;
    let mut items = Vec::new();
    while let Some(r) = rows.next()? {
        let (task, stands_for) = task(r)?;
        look.tally.due(Some(task.owner), task.due, look.frame.today, 1);
        if look.whose.has(Some(task.owner)) && items.len() < MOST {
            let who = task.customer.map(|c| who::who(look.conn, c)).transpose()?.flatten();
            items.push(lines::own(&task, cell::date(stands_for).unwrap_or(task.due), who));
        }
    }
    Ok(items)
}
