//! Sources of which there are never many: hand-overs and tasks of one's own.

use super::row::{TASK, task};
use super::tally::{Look, MOST};
use super::who;
use crate::domain::agenda::{Item, lines};
use crate::domain::ids::{CustomerId, StaffId};
use crate::store::cell;
use crate::store::request::Failure;

/// 转介: open hand-overs.
///
/// # Errors
/// What the file says.
pub fn hand_overs(look: &mut Look<'_>) -> Result<Vec<Item>, Failure> {
    let mut statement = look.conn.prepare_cached(
        "SELECT id, customer, from_id, to_id, reason, day, due FROM hand_over WHERE open = 1 ORDER BY to_id, due, id",
    )?;
    let mut rows = statement.query([])?;
    let mut items = Vec::new();
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
