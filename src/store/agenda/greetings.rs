//! Birthdays of customers and occasions of their families. Both are found by the keys of the days looked at, in the
//! orders of the customers; only the lines listed are read in full.

use super::about;
use super::marks::{self, Marks};
use super::tally::{Look, MOST};
use super::who;
use crate::domain::agenda::key::{Key, Matter};
use crate::domain::agenda::lines::{self, month_of};
use crate::domain::agenda::{Item, Source};
use crate::domain::calendar::yearly;
use crate::domain::family::Part;
use crate::domain::ids::{CustomerId, PartId, StaffId};
use crate::domain::tier::Tier;
use crate::store::cell;
use crate::store::order::NO_FIGURES;
use crate::store::request::Failure;
use chrono::{Datelike, NaiveDate};
use rusqlite::{OptionalExtension, params};
use std::cmp::Reverse;

/// A line as far as an index knows it.
struct Light {
    key: Key,
    customer: CustomerId,
    due: NaiveDate,
    owner: Option<StaffId>,
    /// Tier and assets, for the order.
    weight: (i64, Option<i64>),
}

/// What an index row says: row, customer, tier, assets, owner.
type Found = (i64, i64, i64, Option<i64>, Option<i64>);

fn found(r: &rusqlite::Row<'_>) -> rusqlite::Result<Found> {
    Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
}

/// 生日
///
/// # Errors
/// What the file says.
pub fn birthdays(look: &mut Look<'_>) -> Result<Vec<Item>, Failure> {
    let marks = marks_of(look, Source::Birthday)?;
    let mut lights = Vec::new();
    for (day, keys) in look.frame.days.clone() {
        for key in keys {
            let (lunar, at) = match key {
                yearly::Key::Solar(at) => (false, at),
                yearly::Key::Lunar(at) => (true, at),
            };
            let mut statement = look.conn.prepare_cached(
                "SELECT customer, customer, tier, nullif(aum, ?), nullif(owner, 0) FROM birthday_order
                 WHERE lunar = ? AND day = ? AND tier >= ?",
            )?;
            let mut rows = statement.query(params![NO_FIGURES, lunar, at, look.frame.lowest(day)])?;
            while let Some(r) = rows.next()? {
                let f = found(r)?;
                weigh(look, &marks, Key::new(Source::Birthday, f.0, day), f, &mut lights);
            }
        }
    }
    list(look, lights, |look, light| {
        let Some((who, birth, lunar, keeps)) = about::birthday(look.conn, light.customer)? else {
            return Ok(Vec::new());
        };
        Ok(lines::birthdays(&who, birth, lunar, keeps, &look.frame))
    })
}

/// 家事
///
/// # Errors
/// What the file says.
pub fn family(look: &mut Look<'_>) -> Result<Vec<Item>, Failure> {
    const SQL: &str =
        "SELECT o.part, c.id, c.tier, c.aum, c.owner, o.at FROM occasion o JOIN customer c ON c.id = o.customer
                       WHERE o.kind = ? AND o.at BETWEEN ? AND ?";
    let marks = marks_of(look, Source::Family)?;
    let mut lights = Vec::new();
    let mut statement = look.conn.prepare_cached(SQL)?;
    for (day, keys) in look.frame.days.clone() {
        for key in keys {
            let (kind, at) = match key {
                yearly::Key::Solar(at) => (0, i64::from(at)),
                yearly::Key::Lunar(at) => (1, i64::from(at)),
            };
            let mut rows = statement.query([kind, at, at])?;
            while let Some(r) = rows.next()? {
                let f = found(r)?;
                weigh(look, &marks, Key::new(Source::Family, f.0, day), f, &mut lights);
            }
        }
    }
    let (from, to) = (cell::day(month_of(look.frame.today)), cell::day(look.frame.until));
    let mut rows = statement.query([2, from, to])?;
    while let Some(r) = rows.next()? {
        let Some(first) = cell::date(r.get(5)?) else { continue };
        let matter = if first.month() == 8 { Matter::School } else { Matter::Exam };
        let f = found(r)?;
        let key = Key { matter, ..Key::new(Source::Family, f.0, first) };
        weigh(look, &marks, key, f, &mut lights);
    }
    drop(rows);
    list(look, lights, |look, light| {
        let part: Option<String> = look
            .conn
            .prepare_cached("SELECT value FROM part WHERE id = ?")?
            .query_row([light.key.row], |r| r.get(0))
            .optional()?;
        let (Some(part), Some(who)) = (part, who::who(look.conn, light.customer)?) else { return Ok(Vec::new()) };
        let part: Part = serde_json::from_str(&part)?;
        Ok(lines::family(&who, PartId(light.key.row), &part, &look.frame))
    })
}

/// The marks on a source's lines in the days looked at, months included.
fn marks_of(look: &Look<'_>, source: Source) -> Result<Marks, Failure> {
    let first = look.frame.days.first().map_or(look.frame.today, |(d, _)| *d).min(month_of(look.frame.today));
    let last = look.frame.days.last().map_or(look.frame.until, |(d, _)| *d).max(look.frame.until);
    marks::between(look.conn, source, first, last)
}

/// Counts a line, and keeps it where it is wanted.
fn weigh(look: &mut Look<'_>, marks: &Marks, key: Key, f: Found, lights: &mut Vec<Light>) {
    let (_, customer, tier, aum, owner) = f;
    let (today, owner) = (look.frame.today, owner.map(StaffId));
    let yearly = key.matter == Matter::Plain;
    if yearly && !look.frame.shows(key.day, Tier::of_rank(tier)) {
        return;
    }
    if key.source == Source::Birthday && key.day == today {
        look.tally.of(owner).birthdays += 1;
    }
    let mark = marks.get(&key).copied().unwrap_or_default();
    let Some((due, owner)) = mark.on(key.day, owner) else { return };
    look.tally.due(owner, due, today, 1);
    // A snoozed line is back on its day and not before, however early its tier would show it.
    let hidden = mark.until.is_some() && due > look.frame.until;
    if !hidden && look.whose.has(owner) {
        lights.push(Light { key, customer: CustomerId(customer), due, owner, weight: (tier, aum) });
    }
}

/// The first lines in full.
fn list(
    look: &Look<'_>,
    mut lights: Vec<Light>,
    read: impl Fn(&Look<'_>, &Light) -> Result<Vec<Item>, Failure>,
) -> Result<Vec<Item>, Failure> {
    lights.sort_by_key(|l| (l.due, Reverse(l.weight), l.key.row));
    lights.truncate(MOST);
    let mut items = Vec::new();
    for light in lights {
        look.breath.take()?;
        let key = light.key.to_string();
        let item = read(look, &light)?.into_iter().find(|i| i.key == key);
        items.extend(item.map(|i| Item { due: light.due, owner: light.owner, ..i }));
    }
    Ok(items)
}
