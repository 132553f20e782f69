//! What lines tell of a customer beside who it is, and every open line about one.

use super::marks;
use super::row;
use super::{dues, signals, who};
use crate::domain::agenda::lines::{self, Frame};
use crate::domain::agenda::{Item, LastContact, Who, sort};
use crate::domain::archive;
use crate::domain::calendar::lunar::LunarDay;
use crate::domain::customer::{Customer, Keeps, Standing};
use crate::domain::family::PartRow;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::staff::Role;
use crate::domain::tier::Tier;
use crate::store::branch::Branch;
use crate::store::cell;
use crate::store::keepers::open;
use crate::store::request::Failure;
use crate::store::subject;
use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

/// A customer with the birthdays known.
pub type Born = (Who, Option<NaiveDate>, Option<LunarDay>, Keeps);

/// A customer with the birthdays known.
///
/// # Errors
/// What the file says.
pub fn birthday(conn: &Connection, id: CustomerId) -> Result<Option<Born>, Failure> {
    Ok(conn
        .prepare_cached("SELECT id, no, name, tier, aum, owner, birth, lunar_typed, keeps FROM customer WHERE id = ?")?
        .query_row([id.0], |r| {
            let lunar = r.get::<_, Option<u16>>(7)?.and_then(LunarDay::of_key);
            let keeps = if r.get(8)? { Keeps::Lunar } else { Keeps::Solar };
            Ok((who::read(r)?, r.get::<_, Option<i64>>(6)?.and_then(cell::date), lunar, keeps))
        })
        .optional()?)
}

/// The last real contact.
///
/// # Errors
/// What the file says.
pub fn last_contact(conn: &Connection, id: CustomerId) -> Result<Option<LastContact>, Failure> {
    let found: Option<(i64, String, String, String)> = conn
        .prepare_cached(
            "SELECT day, channel, outcome, note FROM contact WHERE customer = ? AND outcome <> 'no_answer'
             ORDER BY at DESC, id DESC LIMIT 1",
        )?
        .query_row([id.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
        .optional()?;
    Ok(found.and_then(|(day, channel, outcome, note)| {
        let (on, channel, outcome) = (cell::date(day)?, cell::of_code(&channel)?, cell::of_code(&outcome)?);
        Some(LastContact { on, channel, outcome, note })
    }))
}

/// Who must collect what an archive lacks: the owner who has the role, else one of that role, the same one every day.
pub fn collector(branch: &Branch, id: CustomerId, owner: Option<StaffId>, tier: Option<Tier>) -> Option<StaffId> {
    let role = Role::collector(tier);
    let pool: Vec<StaffId> = branch.staff.iter().filter(|s| s.active && s.role == role).map(|s| s.id).collect();
    owner.filter(|o| pool.contains(o)).or_else(|| pool.get(turn(id, pool.len())?).copied())
}

/// Which of so many people a customer falls to. Ids made in one go differ in their lowest bits only, so these are stirred.
pub fn turn(id: CustomerId, people: usize) -> Option<usize> {
    let stirred = id.0.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    usize::try_from(stirred).ok()?.checked_rem(people)
}

/// Every open line about one customer, whoever must do it, in order.
///
/// # Errors
/// What the file says.
pub fn lines(
    conn: &Connection,
    branch: &Branch,
    c: &Customer,
    standing: &Standing,
    parts: &[PartRow],
    today: NaiveDate,
) -> Result<Vec<Item>, Failure> {
    let frame = Frame::new(today, today, branch.began, &branch.settings);
    let Some(who) = who::who(conn, c.id)? else { return Ok(Vec::new()) };
    let mut found = lines::birthdays(&who, c.birth, c.lunar, c.keeps, &frame);
    for p in parts {
        found.extend(lines::family(&who, p.id, &p.part, &frame));
    }
    if standing.tier >= Some(Tier::Ordinary) || c.owner.is_some() {
        let fields = archive::missing(c, standing.tier).into_iter().map(str::to_owned).collect();
        found.extend(lines::missing(&who, fields, collector(branch, c.id, c.owner, standing.tier), today));
    }
    let mut items = Vec::new();
    for item in found {
        let mark = marks::of(conn, &item.key)?;
        if let Some((due, owner)) = mark.on(item.due, item.owner)
            && (mark.until.is_none() || due <= today)
        {
            items.push(Item { due, owner, ..item });
        }
    }
    let visit: (Option<i64>, Option<i64>, u32) = conn
        .prepare_cached("SELECT visit_for, visitor, tries FROM customer WHERE id = ?")?
        .query_row([c.id.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    if let (Some(next), Some(stands_for)) = (standing.next_visit, visit.0.and_then(cell::date)) {
        let line = lines::visit(&who, next, stands_for, last_contact(conn, c.id)?, visit.2, &frame);
        items.extend(line.map(|i| Item { owner: visit.1.map(StaffId), ..i }));
    }
    if let Some(h) = open::of_customer(conn, c.id)? {
        let owner = if h.waits() { h.transfer.to } else { h.transfer.from };
        items.push(lines::transfer(&who, owner, h.transfer, h.day, h.due));
    }
    let mut statement = conn.prepare_cached(
        "SELECT id, from_id, to_id, reason, day, due FROM hand_over
         WHERE customer = ? AND open = 1 AND kind = 'matter' ORDER BY id",
    )?;
    let mut rows = statement.query([c.id.0])?;
    while let Some(r) = rows.next()? {
        if let (Some(day), Some(due)) = (cell::date(r.get(4)?), cell::date(r.get(5)?)) {
            items.push(lines::hand_over(r.get(0)?, &who, StaffId(r.get(1)?), StaffId(r.get(2)?), r.get(3)?, day, due));
        }
    }
    let sql = format!("SELECT {} FROM task WHERE customer = ? AND open = 1 AND due <= ? ORDER BY due, id", row::TASK);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([c.id.0, cell::day(today)])?;
    while let Some(r) = rows.next()? {
        let (task, stands_for) = row::task(r)?;
        items.push(lines::own(&task, cell::date(stands_for).unwrap_or(task.due), Some(who.clone())));
    }
    items.extend(subject::lines::of(conn, branch, &who, today)?);
    items.extend(dues::of(conn, branch, &who, today)?);
    items.extend(signals::of(conn, branch, &who, today)?);
    sort(&mut items, today);
    Ok(items)
}
