//! 请求: lines of the queue of what customers asked of their data. Both steps, finding out who asks and answering, are of one desk.

use super::cases;
use crate::domain::agenda::key::{Key, Matter};
use crate::domain::agenda::lines;
use crate::domain::agenda::{Item, Who};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::rights::Action;
use crate::domain::subject::{Case, Kind, State, desk};
use crate::store::agenda::marks::{self, Fate};
use crate::store::agenda::tally::Look;
use crate::store::agenda::who;
use crate::store::branch::Branch;
use crate::store::cell;
use crate::store::request::Failure;
use crate::store::rights;
use crate::store::write::Write;
use chrono::{Days, NaiveDate};
use rusqlite::Connection;

/// Days back in which open requests are looked for: they are answered long before.
const BACK: u64 = 400;

/// The line of an open request: its key, the day it shows for, and whose it is.
fn stands(
    conn: &Connection,
    branch: &Branch,
    case: &Case,
    today: NaiveDate,
) -> Result<Option<(Key, NaiveDate, Option<StaffId>)>, Failure> {
    let [first, second] = lines::request_keys(case);
    let key = match case.state {
        State::Taken => first,
        State::Checked => second,
        State::Done | State::Refused => return Ok(None),
    };
    // It is there every day until it is answered, and overdue only after the law's day.
    let due = case.due.min(today);
    let owner = desk(&branch.staff).or(Some(case.by));
    let Some((due, owner)) = marks::of(conn, &key.to_string())?.on(due, owner) else { return Ok(None) };
    // Handed on at the first step, it stays with that colleague.
    let handed = marks::of(conn, &first.to_string())?.handed_to;
    Ok(Some((key, due.min(case.due), marks::of(conn, &key.to_string())?.handed_to.or(handed).or(owner))))
}

/// 请求
///
/// # Errors
/// What the file says.
pub fn requests(look: &mut Look<'_>) -> Result<Vec<Item>, Failure> {
    let (conn, today, until) = (look.conn, look.frame.today, look.frame.until);
    let from = today.checked_sub_days(Days::new(BACK)).unwrap_or(today);
    let mut items = Vec::new();
    for case in cases::since(conn, cell::day(from))? {
        let Some((key, due, owner)) = stands(conn, look.branch, &case, today)? else { continue };
        look.tally.due(owner, due, today, 1);
        if due <= until
            && look.whose.has(owner)
            && let Some(who) = who::who(conn, case.customer)?
        {
            items.push(Item { owner, ..lines::request(key, &who, case, due) });
        }
    }
    Ok(items)
}

/// Those of one customer.
///
/// # Errors
/// What the file says.
pub fn of(conn: &Connection, branch: &Branch, who: &Who, today: NaiveDate) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::new();
    for case in cases::of(conn, who.id)? {
        if let Some((key, due, owner)) = stands(conn, branch, &case, today)?.filter(|(_, due, _)| *due <= today) {
            items.push(Item { owner, ..lines::request(key, who, case, due) });
        }
    }
    Ok(items)
}

fn case(conn: &Connection, key: &Key) -> Result<Option<Case>, Failure> {
    Ok(cases::one(conn, key.row)?.filter(|c| c.day == key.day))
}

/// Whether the line of a request is open.
///
/// # Errors
/// What the file says.
pub fn is_open(conn: &Connection, key: &Key) -> Result<bool, Failure> {
    let state = case(conn, key)?.map(|c| c.state);
    Ok(state == Some(if key.matter == Matter::Second { State::Checked } else { State::Taken }))
}

/// Whose desk the line of a request lies on.
///
/// # Errors
/// What the file says.
pub fn whose(w: &Write<'_>, key: &Key) -> Result<Option<StaffId>, Failure> {
    Ok(desk(&w.branch.staff).or(case(w.conn, key)?.map(|c| c.by)))
}

/// Moves a request on, before its line is marked so; gives whose it is.
///
/// # Errors
/// Who may not, what is not said, or [`Failure::Gone`].
pub fn step(w: &Write<'_>, key: &Key, fate: Fate, reason: &str) -> Result<CustomerId, Failure> {
    let case = case(w.conn, key)?.ok_or(Failure::Gone)?;
    if !is_open(w.conn, key)? {
        return Err(Failure::Gone);
    }
    if matches!(fate, Fate::Done(_) | Fate::Cancelled) {
        rights::branch(w.branch, w.stamp, Action::Requests)?;
        if reason.is_empty() {
            return Err(Failure::refused(
                "请写一句：怎样核实的身份，答复了什么，或为什么拒绝。",
                "Say how the person was checked, what was answered, or why it is refused.",
            ));
        }
    }
    if matches!(fate, Fate::Done(_)) && key.matter == Matter::Second && case.kind == Kind::Erasure {
        return Err(Failure::refused(
            "删除请求用 guitai subject erase 客户号 --second 工号 办理，办完自动办结；不能删除就写理由拒绝。",
            "An erasure is carried out by guitai subject erase NUMBER --second CODE, which answers the request; or refuse it with a reason.",
        ));
    }
    Ok(case.customer)
}

/// Whether what became of a request stands for good: somebody was erased by it.
///
/// # Errors
/// What the file says.
pub fn is_final(conn: &Connection, key: &Key) -> Result<bool, Failure> {
    match case(conn, key)? {
        Some(case) => super::rights::is_erased(conn, case.customer),
        None => Ok(false),
    }
}
