//! What a salvaged file needs so that the program opens it: rows that others refer to, what a branch cannot be without, the chain of changes
//! with its gaps named, and everything that follows from something else. Reading the damaged file is done before.

use super::Report;
use crate::domain::archive;
use crate::domain::calendar::holidays::Holidays;
use crate::domain::change::Entity;
use crate::domain::customer::Customer;
use crate::domain::family::Part;
use crate::domain::field::{Ctx, Edit};
use crate::domain::ids::{CustomerId, PartId, StaffId};
use crate::domain::settings::Settings;
use crate::domain::staff::{Prefs, Role, Staff};
use crate::domain::subject::ERASED;
use crate::store::branch::{self, Branch};
use crate::store::chain::{self, Hand};
use crate::store::change::{self, Entry};
use crate::store::customers::part;
use crate::store::derive::Latest;
use crate::store::key::Key;
use crate::store::request::{Failure, Stamp};
use crate::store::subject::rights::is_erased;
use crate::store::write::edit;
use crate::store::{cell, dealings, keys, order, table};
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Fills in what is referred to and what a branch needs, and ends the chain with what is known of its gaps.
///
/// # Errors
/// What the file says.
pub fn mend(conn: &Connection, by: (&Hand, &Key), stamp: &Stamp, report: &mut Report) -> Result<(), Failure> {
    defaults(conn, stamp, report)?;
    references(conn, stamp, report)?;
    if conn.prepare("SELECT 1 FROM staff WHERE active = 1")?.exists([])? {
        return chain(conn, by, stamp, report);
    }
    // Somebody must be able to open it and engage the others.
    let id = conn.query_row("SELECT coalesce(max(id), 0) + 1 FROM staff", [], |r| r.get(0))?;
    stand_in(conn, id, true, stamp)?;
    report.defaults.push("staff".to_owned());
    chain(conn, by, stamp, report)
}

fn defaults(conn: &Connection, stamp: &Stamp, report: &mut Report) -> Result<(), Failure> {
    let needed =
        [("branch", cell::json(&"?")?), ("settings", cell::json(&Settings::default())?), ("epoch", "1".to_owned())];
    for (key, value) in needed {
        if branch::setting(conn, key)?.is_none() {
            branch::keep(conn, key, &value, stamp)?;
            report.defaults.push(key.to_owned());
        }
    }
    if !conn.prepare("SELECT 1 FROM holiday")?.exists([])? {
        branch::keep_holidays(conn, &Holidays::shipped())?;
        report.defaults.push("holiday".to_owned());
    }
    Ok(())
}

/// Every reference leads somewhere: to a stand-in where the row needs one, nowhere where it may.
fn references(conn: &Connection, stamp: &Stamp, report: &mut Report) -> Result<(), Failure> {
    let all: Vec<(String, String, String, bool)> = conn
        .prepare(
            "SELECT t.name, f.\"from\", f.\"table\", c.\"notnull\" FROM pragma_table_list AS t
             JOIN pragma_foreign_key_list(t.name) AS f JOIN pragma_table_info(t.name) AS c ON c.name = f.\"from\"
             WHERE t.schema = 'main' ORDER BY c.\"notnull\" DESC",
        )?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (table, column, parent, required) in all {
        let lost = format!("\"{column}\" IS NOT NULL AND \"{column}\" NOT IN (SELECT id FROM \"{parent}\")");
        if !required {
            let sql = format!("UPDATE \"{table}\" SET \"{column}\" = NULL WHERE {lost}");
            report.emptied += conn.execute(&sql, [])? as u64;
            continue;
        }
        let ids: Vec<i64> = conn
            .prepare(&format!("SELECT DISTINCT \"{column}\" FROM \"{table}\" WHERE {lost} ORDER BY 1"))?
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for id in ids {
            match parent.as_str() {
                "staff" => {
                    stand_in(conn, id, false, stamp)?;
                    report.staff.push(id);
                }
                "customer" => {
                    archive_of(conn, CustomerId(id), stamp)?;
                    report.customers.push(id);
                }
                _ => return Err(Failure::Drive(format!("{table}.{column} needs a row of {parent}"))),
            }
        }
    }
    Ok(())
}

/// A colleague of whom only the number is left.
fn stand_in(conn: &Connection, id: i64, active: bool, stamp: &Stamp) -> Result<(), Failure> {
    let person = Staff {
        id: StaffId(id),
        code: format!("lost{id}"),
        name: format!("员工{id}"),
        role: Role::BranchManager,
        area: String::new(),
        line: String::new(),
        mentor: None,
        leader: None,
        active,
        prefs: Prefs::default(),
    };
    branch::engage(conn, &person, stamp)
}

/// An archive of which only the number is left, and what the log and the figures say of it.
fn archive_of(conn: &Connection, id: CustomerId, stamp: &Stamp) -> Result<(), Failure> {
    let branch = Branch::load(conn, None)?;
    let mut customer =
        Customer { id, rev: 1, no: format!("LOST{}", id.0), name: "档案丢失".to_owned(), ..Customer::default() };
    let texts: Vec<String> = conn
        .prepare_cached("SELECT after FROM change WHERE customer = ? AND entity = 'customer' ORDER BY seq")?
        .query_map([id.0], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    // Whoever was erased does not come back out of the log.
    let erased = is_erased(conn, id)?;
    let texts = if erased { Vec::new() } else { texts };
    if erased {
        customer.name = format!("{ERASED} {}", customer.no);
    }
    let ctx = Ctx { today: stamp.today, staff: &branch.staff };
    for after in texts.iter().map(|text| cell::of_json::<BTreeMap<String, String>>(text)) {
        for field in archive::FIELDS.iter().filter(|f| f.code != "no") {
            if let Some(text) = after.get(field.code) {
                // A text that no longer passes is left out; the rest stands.
                let _ = field.set(&mut customer, text, ctx);
            }
        }
    }
    // Whoever has the document now keeps it.
    let taken =
        conn.prepare_cached("SELECT 1 FROM document_order WHERE document = ?")?.exists([customer.document_number()])?;
    if taken {
        customer.document = None;
    }
    table::insert(conn, &[table::New::of(&branch, customer.id, &customer, stamp)?], stamp, None)?;
    if let Some(latest) = dealings::figures::newest(conn, id, 1)?.first() {
        let mut facts = table::facts_of(conn, id)?;
        facts.figures = Some(Latest { as_of: latest.as_of, balance: latest.balance, average: latest.average });
        table::settle(conn, &branch, id, &facts, stamp.today)?;
    }
    Ok(())
}

/// Lays the last link of the chain: a change that names what is gone, so that what is left can be told from what somebody took away. Its
/// number is above all that were given out.
fn chain(conn: &Connection, (hand, key): (&Hand, &Key), stamp: &Stamp, report: &mut Report) -> Result<(), Failure> {
    let by = conn.query_row("SELECT id FROM staff ORDER BY active DESC, id LIMIT 1", [], |r| r.get(0))?;
    let stamp = Stamp { by: StaffId(by), ..stamp.clone() };
    let given: i64 = conn.query_row(
        "SELECT max((SELECT coalesce(max(seq), 0) FROM change), (SELECT coalesce(max(seq), 0) FROM op))",
        [],
        |r| r.get(0),
    )?;
    let broken: Vec<i64> = chain::breaks(conn, key)?.into_iter().map(|b| b.seq).collect();
    let mut next = 1;
    let mut statement = conn.prepare("SELECT seq FROM change ORDER BY seq")?;
    for seq in statement.query_map([], |r| r.get::<_, i64>(0))?.collect::<rusqlite::Result<Vec<_>>>()? {
        if seq > next {
            report.gaps.push((next, seq - 1));
        }
        next = seq + 1;
    }
    if next <= given.max(1) {
        report.gaps.push((next, given.max(1)));
    }
    report.breaks = broken.iter().copied().filter(|s| !report.gaps.iter().any(|(_, to)| to + 1 == *s)).collect();
    if broken.is_empty() && report.gaps.is_empty() {
        return Ok(());
    }
    if report.gaps.first().is_some_and(|(from, _)| *from == 1) {
        // Every file begins with a change; this one's is gone, and with it what the file was known by.
        lay(conn, 1, hand, &stamp, &[edit("salvage", "", "1")])?;
    }
    let last = given.max(1) + 1;
    let names = |pairs: Vec<String>| pairs.join(" ");
    let edits = [
        edit(change::GAPS, "", names(report.gaps.iter().map(|(from, to)| format!("{from}-{to}")).collect())),
        edit(change::BREAKS, "", names(broken.iter().map(ToString::to_string).chain([last.to_string()]).collect())),
    ];
    lay(conn, last, hand, &stamp, &edits)
}

fn lay(conn: &Connection, seq: i64, hand: &Hand, stamp: &Stamp, edits: &[Edit]) -> Result<(), Failure> {
    let entry = Entry { entity: Entity::Branch, row: 0, customer: None, edits, reason: "", batch: None, op: None };
    change::link(conn, seq, hand, stamp, &entry)?;
    Ok(())
}

/// Derives everything anew that follows from something else.
///
/// # Errors
/// What the file says.
pub fn derive(conn: &Connection, stamp: &Stamp) -> Result<(), Failure> {
    let branch = Branch::load(conn, None)?;
    let ids: Vec<i64> = conn
        .prepare("SELECT id FROM customer ORDER BY id")?
        .query_map([], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for id in ids {
        table::refresh(conn, &branch, CustomerId(id), stamp.today)?;
    }
    let parts: Vec<(i64, i64, String)> = conn
        .prepare("SELECT id, customer, value FROM part ORDER BY id")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (id, customer, value) in parts {
        if let Ok(part) = serde_json::from_str::<Part>(&value) {
            part::days(conn, CustomerId(customer), PartId(id), &part)?;
        }
    }
    keys::refill(conn)?;
    order::refill_all(conn)
}
