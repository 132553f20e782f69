//! 代理: who stands in for whom, from day to day.

use super::reply::reasoned;
use crate::domain::change::Entity;
use crate::domain::ids::{OpId, StaffId};
use crate::domain::keepers::Delegation;
use crate::domain::staff::may_decide_for;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{branch, cell};
use chrono::NaiveDate;
use rusqlite::params;

/// Somebody stands in for one who is away.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn begin(
    w: &mut Write<'_>,
    op: OpId,
    staff: StaffId,
    to: StaffId,
    (from, until): (NaiveDate, NaiveDate),
    reason: &str,
) -> Result<(), Failure> {
    let reason = reasoned(reason)?;
    let away = w.branch.colleague(staff)?;
    w.branch.colleague(to)?;
    allowed(w, staff)?;
    if staff == to {
        return Err(Failure::refused("不能由本人代理本人。", "Nobody stands in for themselves."));
    }
    if until < from || until < w.stamp.today {
        return Err(Failure::refused(
            format!("{from} 到 {until} 不对：止期要不早于起期和今天。"),
            format!("{from} to {until} is wrong: the end may be before neither the beginning nor today."),
        ));
    }
    let meets = |d: &&Delegation| d.from <= until && from <= d.until;
    if let Some(d) = w.branch.delegates.iter().filter(meets).find(|d| d.staff == staff) {
        let (name, other) = (&away.name, w.branch.person(d.to).map_or("", |s| s.name.as_str()));
        return Err(Failure::refused(
            format!("{name} 在 {} 到 {} 已由 {other} 代理，先结束那一次。", d.from, d.until),
            format!("{other} stands in for {name} from {} to {} already; end that first.", d.from, d.until),
        ));
    }
    if let Some(d) = w.branch.delegates.iter().filter(meets).find(|d| d.staff == to) {
        let name = w.branch.person(to).map_or("", |s| s.name.as_str());
        return Err(Failure::refused(
            format!("{name} 自己在 {} 到 {} 不在岗，请选另一位。", d.from, d.until),
            format!("{name} is away from {} to {}; choose somebody else.", d.from, d.until),
        ));
    }
    let id = w.id();
    w.conn
        .prepare_cached(
            "INSERT INTO delegate (id, updated_at, updated_by, staff, to_id, from_day, to_day, reason)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            cell::time(w.stamp.at),
            w.stamp.by.0,
            staff.0,
            to.0,
            cell::day(from),
            cell::day(until),
            reason
        ])?;
    branch::turn(w.conn, w.stamp)?;
    let edits = [
        edit("delegate", "", to.0.to_string()),
        edit("from", "", from.to_string()),
        edit("until", "", until.to_string()),
    ];
    let seq = w.change(Entity::Staff, staff.0, None, &edits, &reason, Some(op))?;
    w.did(op, id, seq)
}

/// Ends a delegation: today is no longer part of it.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn end(w: &mut Write<'_>, op: OpId, row: i64) -> Result<(), Failure> {
    let d = w.branch.delegates.iter().find(|d| d.id == row).ok_or(Failure::Gone)?;
    allowed(w, d.staff)?;
    let yesterday = w.stamp.today.pred_opt().unwrap_or(w.stamp.today);
    if d.until <= yesterday {
        return Err(Failure::Gone);
    }
    stop(w, d, yesterday)?;
    branch::turn(w.conn, w.stamp)?;
    let edits = [edit("until", d.until.to_string(), yesterday.to_string())];
    let seq = w.change(Entity::Staff, d.staff.0, None, &edits, "", Some(op))?;
    w.did(op, row, seq)
}

/// A delegation holds to this day and no longer; one that would not have begun is taken out.
///
/// # Errors
/// What the file says.
pub fn stop(w: &Write<'_>, d: &Delegation, last: NaiveDate) -> Result<(), Failure> {
    if d.from > last {
        w.conn.prepare_cached("DELETE FROM delegate WHERE id = ?")?.execute([d.id])?;
    } else {
        w.conn
            .prepare_cached(
                "UPDATE delegate SET to_day = ?, rev = rev + 1, updated_at = ?, updated_by = ? WHERE id = ?",
            )?
            .execute(params![cell::day(last), cell::time(w.stamp.at), w.stamp.by.0, d.id])?;
    }
    Ok(())
}

fn allowed(w: &Write<'_>, whose: StaffId) -> Result<(), Failure> {
    if may_decide_for(&w.branch.staff, w.stamp.by, whose) {
        return Ok(());
    }
    Err(Failure::refused(
        "代理由本人、其主管或网点经理设定。",
        "Who stands in is settled by the one who is away, those above them or the branch manager.",
    ))
}
