//! Keeping what belongs to the branch: one person's choices, settings, people, holidays.

use super::{Answer, Ask, Laid};
use crate::domain::calendar::holidays::Holidays;
use crate::domain::change::Entity;
use crate::domain::field::Edit;
use crate::domain::ids::StaffId;
use crate::domain::results::targets::Targets;
use crate::domain::settings::Settings;
use crate::domain::staff::{Prefs, Staff};
use crate::store::dealings::anew;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{branch, cell};
use rusqlite::params;
use serde_json::Value;
use std::collections::BTreeMap;

/// Answers a write of the workbench.
///
/// # Errors
/// Why it was refused, or what the file says.
pub fn answer(w: &mut Write<'_>, ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::KeepPrefs { staff, prefs: new, .. } => prefs(w, *staff, new)?,
        Ask::KeepSettings { settings: new, .. } => settings(w, new)?,
        Ask::KeepTargets { targets: new, .. } => targets(w, new)?,
        Ask::KeepIntroducer { percent, .. } => introducer(w, *percent)?,
        Ask::AddStaff { staff, .. } => add_staff(w, staff)?,
        Ask::KeepHolidays { holidays: new, .. } => holidays(w, new)?,
        Ask::Overrule { facts, .. } => overrule(w, facts)?,
        Ask::Open | Ask::Rows | Ask::Index | Ask::Batches | Ask::TakenIn(_) | Ask::News { .. } => {}
    }
    Ok(Answer::Kept)
}

/// One person's choices. No change is written: what somebody likes on their screen is nobody's audit.
fn prefs(w: &Write<'_>, staff: StaffId, new: &Prefs) -> Result<(), Failure> {
    let changed = w
        .conn
        .prepare_cached("UPDATE staff SET prefs = ?, rev = rev + 1, updated_at = ?, updated_by = ? WHERE id = ?")?
        .execute(params![cell::json(new)?, cell::time(w.stamp.at), w.stamp.by.0, staff.0])?;
    if changed == 0 {
        return Err(Failure::Gone);
    }
    branch::turn(w.conn, w.stamp)
}

/// Settings; whoever's tier, stage or next visit follows from them is derived anew in the same transaction.
fn settings(w: &Write<'_>, new: &Settings) -> Result<(), Failure> {
    let (before, after) = (flat(&w.branch.settings)?, flat(new)?);
    let edits: Vec<Edit> = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value))
        .map(|(key, value)| edit(&format!("settings.{key}"), before.get(key).cloned().unwrap_or_default(), value))
        .collect();
    if edits.is_empty() {
        return Ok(());
    }
    new.check().map_err(Failure::Refused)?;
    branch::keep(w.conn, "settings", &cell::json(new)?, w.stamp)?;
    branch::turn(w.conn, w.stamp)?;
    w.change(Entity::Branch, 0, None, &edits, "", None)?;
    let turned = branch::Branch::load(w.conn, None)?;
    anew::anew(w, &turned)
}

/// What is to be reached; nobody is derived anew for it.
fn targets(w: &Write<'_>, new: &[Laid]) -> Result<(), Failure> {
    let mut all = w.branch.targets.clone();
    let mut edits = Vec::new();
    for (whose, month, metric, goal) in new {
        let was = all.exactly(whose, *month, *metric);
        if was != *goal {
            all.put(whose, *month, *metric, *goal);
            let said = |goal: Option<u32>| goal.map(|n| n.to_string()).unwrap_or_default();
            let field = format!("targets {}", Targets::key(whose, *month, *metric));
            edits.push(edit(&field, said(was), said(*goal)));
        }
    }
    all.check().map_err(Failure::Refused)?;
    lay(w, branch::TARGETS, &cell::json(&all)?, &edits)
}

fn introducer(w: &Write<'_>, percent: u32) -> Result<(), Failure> {
    if percent > 100 {
        return Err(Failure::refused("引荐分成是 0 到 100 的百分数。", "The introducer's share is 0 to 100 per cent."));
    }
    let was = w.branch.introducer;
    let edits: Vec<Edit> =
        (was != percent).then(|| edit(branch::INTRODUCER, was.to_string(), percent.to_string())).into_iter().collect();
    lay(w, branch::INTRODUCER, &percent.to_string(), &edits)
}

fn lay(w: &Write<'_>, key: &str, value: &str, edits: &[Edit]) -> Result<(), Failure> {
    if edits.is_empty() {
        return Ok(());
    }
    branch::keep(w.conn, key, value, w.stamp)?;
    branch::turn(w.conn, w.stamp)?;
    w.change(Entity::Branch, 0, None, edits, "", None)?;
    Ok(())
}

/// How far back is looked for the same words of the same day; a script that writes often says it again after so many changes.
const LOOKED_BACK: i64 = 1_000;

fn overrule(w: &Write<'_>, facts: &str) -> Result<(), Failure> {
    let said: bool = w.conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM change WHERE seq > (SELECT coalesce(max(seq), 0) FROM change) - ?1
         AND entity = ?2 AND station = ?3 AND reason = ?4 AND substr(at, 1, 10) = substr(?5, 1, 10))",
        params![LOOKED_BACK, Entity::Branch.code(), &**w.station, facts, cell::time(w.stamp.at)],
        |r| r.get(0),
    )?;
    if !said {
        w.change(Entity::Branch, 0, None, &[edit("drive", "", "overrule")], facts, None)?;
    }
    Ok(())
}

/// A record as its first-level fields, each as text.
fn flat(settings: &Settings) -> Result<BTreeMap<String, String>, Failure> {
    let Value::Object(fields) = serde_json::to_value(settings)? else { return Ok(BTreeMap::new()) };
    Ok(fields.into_iter().map(|(k, v)| (k, v.as_str().map_or_else(|| v.to_string(), str::to_owned))).collect())
}

fn add_staff(w: &mut Write<'_>, person: &Staff) -> Result<(), Failure> {
    if person.code.trim().is_empty() || person.name.trim().is_empty() {
        return Err(Failure::refused("工号和姓名都要填。", "Code and name are both needed."));
    }
    if !person.code.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return Err(Failure::refused(
            format!("工号「{}」只能用英文字母、数字和 - _ .", person.code),
            format!("The code {} may hold only letters, digits and - _ .", person.code),
        ));
    }
    if let Some(known) = w.branch.staff.iter().find(|s| s.code.eq_ignore_ascii_case(&person.code)) {
        // The same one again, after a COMMIT whose answer was lost.
        let at: String = w
            .conn
            .prepare_cached("SELECT updated_at FROM staff WHERE id = ?")?
            .query_row([known.id.0], |r| r.get(0))?;
        if at == cell::time(w.stamp.at) && known.name == person.name && known.role == person.role {
            return Ok(());
        }
        return Err(Failure::refused(
            format!("工号「{}」已经是{}的，请换一个。", known.code, known.name),
            format!("The code {} is taken by {}; choose another.", known.code, known.name),
        ));
    }
    for id in [person.mentor, person.leader].into_iter().flatten() {
        w.branch.colleague(id)?;
    }
    let person = Staff { id: StaffId(w.id()), ..person.clone() };
    branch::engage(w.conn, &person, w.stamp)?;
    branch::turn(w.conn, w.stamp)?;
    let edits = [
        edit("code", "", person.code.as_str()),
        edit("name", "", person.name.as_str()),
        edit("role", "", person.role.code()),
    ];
    w.change(Entity::Staff, person.id.0, None, &edits, "", None)?;
    Ok(())
}

fn holidays(w: &Write<'_>, new: &Holidays) -> Result<(), Failure> {
    let years = new.years();
    let was: Vec<_> =
        w.branch.holidays.days.iter().filter(|(d, _)| years.contains(&chrono::Datelike::year(*d))).collect();
    if was.into_iter().eq(new.days.iter()) {
        return Ok(());
    }
    branch::keep_holidays(w.conn, new)?;
    branch::turn(w.conn, w.stamp)?;
    let edits: Vec<Edit> = years
        .iter()
        .map(|year| {
            let days = |h: &Holidays| h.days.keys().filter(|d| chrono::Datelike::year(*d) == *year).count().to_string();
            edit(&format!("holidays.{year}"), days(&w.branch.holidays), days(new))
        })
        .collect();
    w.change(Entity::Branch, 0, None, &edits, "", None)?;
    Ok(())
}
