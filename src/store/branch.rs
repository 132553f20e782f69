//! The branch as every ask needs it: name, people, settings, holidays. Read once and kept while nobody changes them; how they are
//! changed is in `workbench`.

use super::cell;
use super::request::{Failure, Stamp};
use crate::domain::calendar::holidays::{Day, Holidays};
use crate::domain::ids::StaffId;
use crate::domain::keepers::Delegation;
use crate::domain::results::credit::HALF;
use crate::domain::results::targets::Targets;
use crate::domain::settings::Settings;
use crate::domain::staff::{Role, Staff};
use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::Arc;

/// The settings that are rows of their own: laid down often, and nobody is derived anew for them.
pub const TARGETS: &str = "targets";
/// The same of the introducer's share.
pub const INTRODUCER: &str = "introducer_percent";

/// The branch at one point of its epoch.
#[derive(Debug, Clone)]
pub struct Branch {
    /// Counts every change of what is kept here.
    epoch: i64,
    /// 网点
    pub name: String,
    /// Everybody, also those who left, in the order they came.
    pub staff: Vec<Staff>,
    /// The settings.
    pub settings: Settings,
    /// Holidays and make-up days.
    pub holidays: Holidays,
    /// Who stands in for whom.
    pub delegates: Vec<Delegation>,
    /// 工作目标
    pub targets: Targets,
    /// Per cent of a hand-over's credit that is the introducer's.
    pub introducer: u32,
    /// The day the file was begun; what was missed before it was nobody's to do.
    pub began: NaiveDate,
}

impl Branch {
    /// The branch as it stands, from `kept` where nobody changed it since.
    ///
    /// # Errors
    /// What the file says.
    pub fn load(conn: &Connection, kept: Option<Arc<Branch>>) -> Result<Arc<Branch>, Failure> {
        let epoch = setting(conn, "epoch")?.and_then(|e| e.parse().ok()).unwrap_or_default();
        match kept {
            Some(branch) if branch.epoch == epoch => Ok(branch),
            _ => Ok(Arc::new(Branch {
                epoch,
                name: setting(conn, "branch")?.map(|n| cell::of_json(&n)).unwrap_or_default(),
                staff: staff(conn)?,
                settings: setting(conn, "settings")?.map(|s| cell::of_json(&s)).unwrap_or_default(),
                holidays: holidays(conn)?,
                delegates: delegates(conn)?,
                targets: setting(conn, TARGETS)?.map(|t| cell::of_json(&t)).unwrap_or_default(),
                introducer: setting(conn, INTRODUCER)?.and_then(|n| n.parse().ok()).unwrap_or(HALF),
                began: began(conn)?,
            })),
        }
    }

    /// The colleague of this id.
    pub fn person(&self, id: StaffId) -> Option<&Staff> {
        self.staff.iter().find(|s| s.id == id)
    }

    /// The colleague of this id, if still working here.
    ///
    /// # Errors
    /// [`Failure::Refused`] when nobody of that id works here.
    pub fn colleague(&self, id: StaffId) -> Result<&Staff, Failure> {
        self.person(id).filter(|s| s.active).ok_or_else(|| {
            Failure::refused(
                "没有这位在岗员工。请从员工名单里选。",
                "Nobody of that name works here. Choose from the staff list.",
            )
        })
    }
}

/// The value of a setting.
pub(super) fn setting(conn: &Connection, key: &str) -> Result<Option<String>, Failure> {
    Ok(conn.prepare_cached("SELECT value FROM setting WHERE key = ?")?.query_row([key], |r| r.get(0)).optional()?)
}

/// The newest data date of all figures.
///
/// # Errors
/// What the file says.
pub fn as_of(conn: &Connection) -> Result<Option<NaiveDate>, Failure> {
    Ok(setting(conn, "as_of")?.and_then(|d| d.parse().ok()).and_then(cell::date))
}

/// Keeps a setting.
///
/// # Errors
/// What the file says.
pub fn keep(conn: &Connection, key: &str, value: &str, stamp: &Stamp) -> Result<(), Failure> {
    conn.prepare_cached(
        "INSERT INTO setting (key, value, updated_at, updated_by) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO UPDATE
         SET value = excluded.value, rev = rev + 1, updated_at = excluded.updated_at, updated_by = excluded.updated_by",
    )?
    .execute(params![key, value, cell::time(stamp.at), stamp.by.0])?;
    Ok(())
}

/// Says that the branch changed, so that everybody reads it anew.
///
/// # Errors
/// What the file says.
pub fn turn(conn: &Connection, stamp: &Stamp) -> Result<(), Failure> {
    let epoch: i64 = setting(conn, "epoch")?.and_then(|e| e.parse().ok()).unwrap_or_default();
    keep(conn, "epoch", &(epoch + 1).to_string(), stamp)
}

fn staff(conn: &Connection) -> Result<Vec<Staff>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT id, code, name, role, area, line, mentor, leader, active, prefs FROM staff ORDER BY id",
    )?;
    let people = statement.query_map([], |r| {
        Ok(Staff {
            id: StaffId(r.get(0)?),
            code: r.get(1)?,
            name: r.get(2)?,
            // A post this program does not know sees least.
            role: Role::parse(&r.get::<_, String>(3)?).unwrap_or(Role::HighCounter),
            area: r.get(4)?,
            line: r.get(5)?,
            mentor: r.get::<_, Option<i64>>(6)?.map(StaffId),
            leader: r.get::<_, Option<i64>>(7)?.map(StaffId),
            active: r.get(8)?,
            prefs: cell::of_json(&r.get::<_, String>(9)?),
        })
    })?;
    Ok(people.collect::<rusqlite::Result<_>>()?)
}

/// Writes a new colleague under the id in `person`.
///
/// # Errors
/// What the file says.
pub fn engage(conn: &Connection, person: &Staff, stamp: &Stamp) -> Result<(), Failure> {
    conn.prepare_cached(
        "INSERT INTO staff (id, updated_at, updated_by, code, name, role, area, line, mentor, leader, active, prefs)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        person.id.0,
        cell::time(stamp.at),
        stamp.by.0,
        person.code,
        person.name,
        person.role.code(),
        person.area,
        person.line,
        person.mentor.map(|s| s.0),
        person.leader.map(|s| s.0),
        person.active,
        cell::json(&person.prefs)?,
    ])?;
    Ok(())
}

fn delegates(conn: &Connection) -> Result<Vec<Delegation>, Failure> {
    let mut statement =
        conn.prepare_cached("SELECT id, staff, to_id, from_day, to_day, reason FROM delegate ORDER BY from_day, id")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        if let (Some(from), Some(until)) = (cell::date(r.get(3)?), cell::date(r.get(4)?)) {
            let (staff, to) = (StaffId(r.get(1)?), StaffId(r.get(2)?));
            found.push(Delegation { id: r.get(0)?, staff, to, from, until, reason: r.get(5)? });
        }
    }
    Ok(found)
}

fn holidays(conn: &Connection) -> Result<Holidays, Failure> {
    let mut statement = conn.prepare_cached("SELECT day, off, name FROM holiday ORDER BY day")?;
    let mut rows = statement.query([])?;
    let mut found = Holidays::default();
    while let Some(r) = rows.next()? {
        if let Some(date) = cell::date(r.get(0)?) {
            found.days.insert(date, Day { off: r.get(1)?, name: r.get(2)? });
        }
    }
    Ok(found)
}

/// Replaces the holidays of the years named in `new`.
///
/// # Errors
/// What the file says.
pub fn keep_holidays(conn: &Connection, new: &Holidays) -> Result<(), Failure> {
    let mut years: Vec<i64> = new.days.keys().map(|d| cell::day(*d) / 10_000).collect();
    years.dedup();
    for year in years {
        conn.prepare_cached("DELETE FROM holiday WHERE day BETWEEN ? AND ?")?
            .execute([year * 10_000, year * 10_000 + 9_999])?;
    }
    let mut insert = conn.prepare_cached("INSERT INTO holiday VALUES (?, ?, ?)")?;
    for (date, day) in &new.days {
        insert.execute(params![cell::day(*date), day.off, day.name])?;
    }
    Ok(())
}

/// The day of the first change: the one that made the file.
fn began(conn: &Connection) -> Result<NaiveDate, Failure> {
    let first: Option<String> = conn.query_row("SELECT at FROM change WHERE seq = 1", [], |r| r.get(0)).optional()?;
    Ok(first.map(|at| cell::moment(&at).date()).unwrap_or_default())
}
