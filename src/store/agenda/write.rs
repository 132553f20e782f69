//! Writing to the queue: marks, hand-overs, tasks of one's own.

use super::close;
use super::image::{self, Image};
use super::marks::Fate;
use super::{Answer, Ask};
use crate::domain::agenda::key::Key;
use crate::domain::agenda::{Mark, Task};
use crate::domain::change::{Change, Entity, IMAGE};
use crate::domain::field::Edit;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::values::plain;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{cell, change, keepers, subject};
use rusqlite::{OptionalExtension, params};

/// The longest text of a task or reason, in characters.
const LONGEST: usize = 500;

/// Answers a write to the queue.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn answer(w: &mut Write<'_>, ask: &Ask) -> Result<Answer, Failure> {
    let op = match ask {
        Ask::Mark { op, .. } | Ask::TakeBack { op, .. } | Ask::HandOver { op, .. } | Ask::Keep { op, .. } => *op,
        Ask::Load { .. } | Ask::Month { .. } | Ask::Wall { .. } | Ask::Bricks { .. } => return Err(Failure::ReadOnly),
    };
    if w.done(op)?.is_none() {
        match ask {
            Ask::Mark { key, mark: m, seen, reason, .. } => {
                if let Some(change) = mark(w, op, key, m, *seen, &plain::line(reason))? {
                    return Ok(Answer::Taken { change });
                }
            }
            Ask::TakeBack { seq, .. } => take_back(w, op, *seq)?,
            Ask::HandOver { customer, to, reason, .. } => hand_over(w, op, *customer, *to, &plain::line(reason))?,
            Ask::Keep { task, .. } => keep(w, op, task)?,
            Ask::Load { .. } | Ask::Month { .. } | Ask::Wall { .. } | Ask::Bricks { .. } => {}
        }
    }
    let seq = w.seq_of(op)?;
    Ok(if matches!(ask, Ask::Mark { .. }) { Answer::Marked { seq } } else { Answer::Done { seq } })
}

fn reasoned(reason: &str) -> Result<(), Failure> {
    if reason.is_empty() {
        return Err(Failure::refused("请写一句原因。", "Please give a reason."));
    }
    short(reason)
}

fn short(text: &str) -> Result<(), Failure> {
    if text.chars().count() > LONGEST {
        return Err(Failure::refused(
            format!("太长了，最多 {LONGEST} 个字。"),
            format!("Too long: at most {LONGEST} characters."),
        ));
    }
    Ok(())
}

/// Marks a line, unless a colleague dealt with it since: what they did then.
fn mark(
    w: &mut Write<'_>,
    op: OpId,
    key: &str,
    mark: &Mark,
    seen: i64,
    reason: &str,
) -> Result<Option<Box<Change>>, Failure> {
    let key = close::key(key)?;
    let (fate, after) = match mark {
        Mark::Done => (Fate::Done(None), "done".to_owned()),
        Mark::Cancelled => (Fate::Cancelled, "cancelled".to_owned()),
        Mark::Snoozed { until } => {
            if *until <= w.stamp.today {
                return Err(Failure::refused("请填明天或以后的日期。", "Give a day of tomorrow or later."));
            }
            (Fate::Until(*until), format!("snoozed {until}"))
        }
        Mark::HandedOn { to } => {
            w.branch.colleague(*to)?;
            (Fate::To(*to), format!("handed_on {}", to.0))
        }
    };
    if matches!(mark, Mark::Done) {
        short(reason)?;
    } else {
        reasoned(reason)?;
    }
    if let Some(change) = taken(w, &key, seen)? {
        return Ok(Some(change));
    }
    let whose = close::whose(w, &key)?;
    let was = cell::json(&image::take(w, &key)?)?;
    let customer = close::line(w, &key, fate, reason, true)?;
    let is = cell::json(&image::take(w, &key)?)?;
    let mut edits = vec![edit("mark", "", after), edit("key", "", key.to_string()), edit(IMAGE, was, is)];
    edits.extend(whose.and_then(|whose| keepers::open::stands_in(w, whose)));
    let seq = w.change(Entity::Mark, key.row, customer, &edits, reason, Some(op))?;
    w.did(op, key.row, seq)?;
    Ok(None)
}

/// What a colleague did with a line since, or with one that is not open any more; nothing when it was taken back again.
fn taken(w: &Write<'_>, key: &Key, seen: i64) -> Result<Option<Box<Change>>, Failure> {
    let text = key.to_string();
    let touched = |c: &Change| c.touched(&text);
    let last = if close::open(w, key)? {
        change::last_of_all(w.conn, seen, touched)?.filter(|c| !w.own(c))
    } else {
        change::last_of_all(w.conn, 0, touched)?
    };
    Ok(last.filter(|c| c.after("mark") != Some("taken_back")).map(Box::new))
}

fn take_back(w: &mut Write<'_>, op: OpId, seq: i64) -> Result<(), Failure> {
    let old = change::one(w.conn, seq)?;
    let of = |field: &str| old.edits.iter().find(|e| e.field == field);
    let (Entity::Mark, Some(key), Some(image)) = (old.entity, of("key"), of(IMAGE)) else {
        return Err(Failure::refused("这一步不能取回。", "This step cannot be taken back."));
    };
    if old.by != w.stamp.by {
        return Err(Failure::refused(
            "这是同事办的，请本人取回。",
            "A colleague did this; they take it back themselves.",
        ));
    }
    let key = close::key(&key.after)?;
    if subject::lines::is_final(w.conn, &key)? {
        return Err(Failure::refused(
            "个人信息已经删除，取不回来。",
            "The personal data was erased; that cannot be taken back.",
        ));
    }
    let is: Image = serde_json::from_str(&image.after)?;
    if image::take(w, &key)? != is {
        return Err(Failure::refused(
            "这一条后来又有变动，不能取回；请按现在的样子处理。",
            "The line was touched since and cannot be taken back; deal with it as it is now.",
        ));
    }
    image::put(w, &key, &serde_json::from_str(&image.before)?)?;
    let edits =
        [edit("mark", of("mark").map_or("", |e| e.after.as_str()), "taken_back"), edit("key", "", key.to_string())];
    let seq = w.change(Entity::Mark, key.row, old.customer, &edits, "", Some(op))?;
    w.did(op, key.row, seq)
}

fn hand_over(w: &mut Write<'_>, op: OpId, customer: CustomerId, to: StaffId, reason: &str) -> Result<(), Failure> {
    reasoned(reason)?;
    w.branch.colleague(to)?;
    if !w.conn.prepare_cached("SELECT 1 FROM customer WHERE id = ?")?.exists([customer.0])? {
        return Err(Failure::Gone);
    }
    let (id, today) = (w.id(), cell::day(w.stamp.today));
    w.conn
        .prepare_cached(
            "INSERT INTO hand_over (id, customer, from_id, to_id, reason, day, due, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![id, customer.0, w.stamp.by.0, to.0, reason, today, today, cell::time(w.stamp.at)])?;
    let edits = [edit("hand_over", "", to.0.to_string())];
    let seq = w.change(Entity::Mark, id, Some(customer), &edits, reason, Some(op))?;
    w.did(op, id, seq)
}

/// Adds a task, or changes one of the rev it was read at.
fn keep(w: &mut Write<'_>, op: OpId, task: &Task) -> Result<(), Failure> {
    let text = plain::note(&task.text);
    if text.is_empty() {
        return Err(Failure::refused("请写要做什么。", "Say what is to be done."));
    }
    short(&text)?;
    w.branch.colleague(task.owner)?;
    let repeat = cell::json(&task.repeat)?;
    let due = cell::day(task.due);
    let after: [(&str, String); 5] = [
        ("owner", task.owner.0.to_string()),
        ("customer", task.customer.map(|c| c.0.to_string()).unwrap_or_default()),
        ("text", text.clone()),
        ("due", task.due.to_string()),
        ("repeat", task.repeat.code()),
    ];
    let (id, before) = if task.rev == 0 {
        let id = w.id();
        write_new(w, id, task, &text, &repeat)?;
        (id, Default::default())
    } else {
        let before = as_it_was(w, task)?;
        w.conn
            .prepare_cached(
                "UPDATE task SET owner = ?, customer = ?, text = ?, first = CASE WHEN due = ?4 THEN first ELSE ?4 END,
                 stands_for = CASE WHEN due = ?4 THEN stands_for ELSE ?4 END, due = ?4, repeat = ?, rev = rev + 1,
                 updated_at = ?, updated_by = ? WHERE id = ?",
            )?
            .execute(params![
                task.owner.0,
                task.customer.map(|c| c.0),
                text,
                due,
                repeat,
                cell::time(w.stamp.at),
                w.stamp.by.0,
                task.id.0
            ])?;
        (task.id.0, before)
    };
    let edits: Vec<Edit> = after
        .into_iter()
        .zip(before)
        .map(|((field, after), before)| edit(field, before, after))
        .filter(|e| e.before != e.after)
        .collect();
    let seq = w.change(Entity::Task, id, task.customer, &edits, "", Some(op))?;
    w.did(op, id, seq)
}

/// Writes the row of a new task.
///
/// # Errors
/// What the file says.
pub fn write_new(w: &Write<'_>, id: i64, task: &Task, text: &str, repeat: &str) -> Result<(), Failure> {
    let due = cell::day(task.due);
    w.conn
        .prepare_cached(
            "INSERT INTO task (id, updated_at, updated_by, owner, customer, text, due, first, stands_for, repeat)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            cell::time(w.stamp.at),
            w.stamp.by.0,
            task.owner.0,
            task.customer.map(|c| c.0),
            text,
            due,
            due,
            due,
            repeat
        ])?;
    Ok(())
}

fn as_it_was(w: &Write<'_>, task: &Task) -> Result<[String; 5], Failure> {
    let (rev, was): (i64, [String; 5]) = w
        .conn
        .prepare_cached("SELECT rev, owner, customer, text, due, repeat FROM task WHERE id = ? AND open = 1")?
        .query_row([task.id.0], |r| {
            let due: i64 = r.get(4)?;
            let repeat: String = r.get(5)?;
            Ok((
                r.get(0)?,
                [
                    r.get::<_, i64>(1)?.to_string(),
                    r.get::<_, Option<i64>>(2)?.map(|c| c.to_string()).unwrap_or_default(),
                    r.get(3)?,
                    cell::date(due).map(|d| d.to_string()).unwrap_or_default(),
                    cell::of_json::<crate::domain::calendar::repeat::Repeat>(&repeat).code(),
                ],
            ))
        })
        .optional()?
        .ok_or(Failure::Gone)?;
    if rev != task.rev {
        return Err(Failure::refused(
            "同事刚改过这件事，请看过现在的内容再改。",
            "A colleague has just changed this task; look at it as it is now, then change it.",
        ));
    }
    Ok(was)
}
