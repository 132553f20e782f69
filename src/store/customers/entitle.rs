//! 优惠与额度: what may be written of an entitlement and by whom, and the matter in the queue of the one who is to decide on it. The rules are
//! in `domain::entitlement`; how parts are kept is in `part`.

use crate::domain::change::Entity;
use crate::domain::entitlement::{self, Entitlement, Step, Verdict};
use crate::domain::family::Part;
use crate::domain::ids::{CustomerId, PartId};
use crate::domain::rights::Action;
use crate::domain::text::Complaint;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{cell, rights};
use rusqlite::{Connection, params};
use std::collections::HashMap;

/// The kind of day under which the last day of an entitlement stands among the days of parts: no other is read by it, and it finds all of
/// them without reading every part.
pub const LAST_DAY: i64 = 3;

/// What somebody does who asks for this: to decide takes another right than to write.
pub fn action(part: Option<&Part>) -> Action {
    match part {
        Some(Part::Entitlement(e)) if e.verdict != Verdict::Waiting => Action::Entitle,
        _ => Action::Edit,
    }
}

fn of(part: Option<&Part>) -> Option<&Entitlement> {
    match part {
        Some(Part::Entitlement(e)) => Some(e),
        _ => None,
    }
}

/// Whether a part is an entitlement, or was or is to be one.
pub fn concerns(before: Option<&Part>, after: Option<&Part>) -> bool {
    of(before).or(of(after)).is_some()
}

/// What was read is not what is there: nobody decides on terms they did not see, and no terms are put under a decision.
///
/// # Errors
/// Always where it is an entitlement.
pub fn seen(now: Option<&Part>, mine: Option<&Part>) -> Result<(), Failure> {
    if !concerns(now, mine) {
        return Ok(());
    }
    Err(Failure::refused(
        "同事刚改过或批过这一条，没有写入；请重新打开，看过再办。",
        "A colleague has just changed or decided this; nothing was written. Open it again and look first.",
    ))
}

/// What is written of an entitlement, with who and when.
///
/// # Errors
/// Who may instead, or what the rules say.
pub fn settled(
    w: &Write<'_>,
    customer: CustomerId,
    before: Option<&Part>,
    after: Option<&Part>,
) -> Result<Option<Part>, Failure> {
    let (was, now) = (of(before), of(after));
    if was.is_none() && before.is_some() || now.is_none() && after.is_some() {
        return Err(Failure::Gone);
    }
    if entitlement::step(was, now) == Step::Decides {
        let about = rights::about(w.conn, customer, w.stamp.by)?.unwrap_or_default();
        rights::eyes(w).allow(Action::Entitle, Some(&about)).map_err(Failure::Refused)?;
    }
    let settled = entitlement::settle(was, now, w.stamp.by, w.stamp.today).map_err(|c| instead(w, customer, was, c))?;
    Ok(settled.map(Part::Entitlement))
}

/// Whom to ask, where it is one's own.
fn instead(w: &Write<'_>, customer: CustomerId, was: Option<&Entitlement>, said: Complaint) -> Failure {
    let about = rights::about(w.conn, customer, w.stamp.by).ok().flatten();
    let names = rights::eyes(w).ask(Action::Entitle, about.as_ref());
    let own = was.is_some_and(|e| e.verdict == Verdict::Waiting && e.proposer == w.stamp.by);
    if !own || names.is_empty() || !said.zh.contains("另一位") {
        return Failure::Refused(said);
    }
    Failure::refused(
        format!("{}：可请{}。", said.zh, names.join("、")),
        format!("{}: ask {}.", said.en, names.join(", ")),
    )
}

/// Brings the matter of an entitlement to whoever is to decide on it, and takes it away once they did. It has the row id of the entitlement.
///
/// # Errors
/// What the file says.
pub fn matter(w: &Write<'_>, customer: CustomerId, id: PartId, after: Option<&Part>) -> Result<(), Failure> {
    let waiting = of(after).filter(|e| e.verdict == Verdict::Waiting);
    let about = rights::about(w.conn, customer, w.stamp.by)?.unwrap_or_default();
    let to = rights::eyes(w).others(Action::Entitle, Some(&about)).first().map(|s| s.id);
    // Where nobody else is there to decide, it waits in the archive until somebody is.
    let Some((e, to)) = waiting.zip(to) else {
        w.conn
            .prepare_cached("UPDATE hand_over SET open = 0 WHERE id = ? AND kind = 'matter' AND open = 1")?
            .execute([id.0])?;
        return Ok(());
    };
    let until = e.until.map(|d| format!("，至 {d}")).unwrap_or_default();
    // The terms are read in the archive: lines of the queue are seen while customers look on.
    let told = format!("请批{}{until}", e.label().zh);
    let today = cell::day(w.stamp.today);
    w.conn
        .prepare_cached(
            "INSERT INTO hand_over (id, customer, from_id, to_id, reason, day, due, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET customer = excluded.customer, from_id = excluded.from_id,
             to_id = excluded.to_id, reason = excluded.reason, open = 1",
        )?
        .execute(params![id.0, customer.0, w.stamp.by.0, to.0, told, today, today, cell::time(w.stamp.at)])?;
    w.change(Entity::Mark, id.0, Some(customer), &[edit("hand_over", "", to.0.to_string())], &told, None)?;
    Ok(())
}

/// Whether a matter of the queue is an entitlement that waits: it is decided, not done.
///
/// # Errors
/// What the file says.
pub fn waits(conn: &Connection, row: i64) -> Result<bool, Failure> {
    Ok(conn
        .prepare_cached(
            "SELECT 1 FROM part WHERE id = ? AND kind = 'entitlement' AND json_extract(value, '$.verdict') = 'waiting'",
        )?
        .exists([row])?)
}

/// All entitlements, by customer.
///
/// # Errors
/// What the file says.
pub fn all(conn: &Connection) -> Result<HashMap<i64, Vec<Entitlement>>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT p.customer, p.value FROM occasion o CROSS JOIN part p ON p.id = o.part WHERE o.kind = ?",
    )?;
    let mut rows = statement.query([LAST_DAY])?;
    let mut found: HashMap<i64, Vec<Entitlement>> = HashMap::new();
    while let Some(r) = rows.next()? {
        if let Part::Entitlement(e) = serde_json::from_str(r.get_ref(1)?.as_str().unwrap_or_default())? {
            found.entry(r.get(0)?).or_default().push(e);
        }
    }
    Ok(found)
}
