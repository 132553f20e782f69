//! Erasing somebody at their own request: everything of them goes but a skeleton (number, dates, what was agreed and asked, when there was
//! contact), under a certificate. What the change log holds of them stays sealed in its chain and is shown to nobody (`change::COLUMNS`).

use super::{Answer, cases, rights};
use crate::domain::agenda::key::Key;
use crate::domain::agenda::lines::request_keys;
use crate::domain::change::Entity;
use crate::domain::customer::Customer;
use crate::domain::ids::{CustomerId, OpId};
use crate::domain::subject::{Certificate, ERASED, Kind, State, Ties, ties};
use crate::domain::values::money::Fen;
use crate::index::key;
use crate::store::agenda::marks::{self, Fate};
use crate::store::dealings::seen::SEEN;
use crate::store::derive::Facts;
use crate::store::request::Failure;
use crate::store::write::{Write, edit};
use crate::store::{cell, keepers, keys, table};
use chrono::Datelike;
use rusqlite::{Connection, OptionalExtension, params};

fn count(conn: &Connection, sql: &str, customer: CustomerId) -> Result<u32, Failure> {
    Ok(conn.prepare(sql)?.query_row([customer.0], |r| r.get(0))?)
}

/// What is known that may stand in the way.
///
/// # Errors
/// [`Failure::Gone`] without such an archive, or what the file says.
pub fn found(conn: &Connection, customer: CustomerId) -> Result<Ties, Failure> {
    let c = table::load(conn, customer)?;
    let balance: Option<i64> =
        conn.prepare("SELECT balance FROM customer WHERE id = ?")?.query_row([customer.0], |r| r.get(0))?;
    let mut holdings = 0;
    let mut statement = conn.prepare(&format!("SELECT state FROM holding WHERE customer = ? AND {SEEN}"))?;
    let mut rows = statement.query([customer.0])?;
    while let Some(r) = rows.next()? {
        holdings += u32::from(crate::domain::dealings::holding::runs(r.get_ref(0)?.as_str().unwrap_or_default()));
    }
    let loans =
        count(conn, &format!("SELECT count(*) FROM loan WHERE customer = ? AND balance > 0 AND {SEEN}"), customer)?;
    let open = cases::of(conn, customer)?;
    let requests = open.iter().filter(|case| case.state.open() && case.kind != Kind::Erasure).count();
    let matters = count(conn, "SELECT count(*) FROM hand_over WHERE customer = ? AND open = 1", customer)?;
    let last: Option<i64> = conn
        .prepare(
            "SELECT max(d) FROM (SELECT max(as_of) AS d FROM figures WHERE customer = ?1 AND balance <> 0
             UNION ALL SELECT max(day) FROM txn WHERE customer = ?1
             UNION ALL SELECT max(ends) FROM holding WHERE customer = ?1
             UNION ALL SELECT max(ends) FROM loan WHERE customer = ?1)",
        )?
        .query_row([customer.0], |r| r.get(0))?;
    let ended = last.and_then(cell::date).max(c.opened);
    Ok(Ties {
        balance: balance.map(Fen),
        holdings,
        loans,
        requests: u32::try_from(requests).unwrap_or(u32::MAX),
        hand_over: matters > 0 || keepers::open::of_customer(conn, customer)?.is_some(),
        ended,
    })
}

/// The certificate of somebody who was erased.
///
/// # Errors
/// What the file says.
pub fn certificate(conn: &Connection, customer: CustomerId) -> Result<Option<Certificate>, Failure> {
    let told: Option<String> = conn
        .prepare_cached("SELECT told FROM erased WHERE customer = ?")?
        .query_row([customer.0], |r| r.get(0))
        .optional()?;
    Ok(told.map(|told| serde_json::from_str(&told)).transpose()?)
}

/// Erases somebody, tried again as often as needed.
///
/// # Errors
/// What stands in the way, or what the file says; nothing was erased then.
pub fn erase(w: &mut Write<'_>, op: OpId, customer: CustomerId) -> Result<Answer, Failure> {
    if w.done(op)?.is_none() {
        once(w, op, customer)?;
    }
    let certificate = certificate(w.conn, customer)?.ok_or(Failure::Gone)?;
    Ok(Answer::Erased { certificate: Box::new(certificate), row: Box::new(table::row_of(w.conn, customer)?) })
}

fn once(w: &mut Write<'_>, op: OpId, customer: CustomerId) -> Result<(), Failure> {
    if rights::is_erased(w.conn, customer)? {
        return Err(Failure::refused("这位客户的个人信息已经删除过了。", "This customer was erased already."));
    }
    let case = cases::of(w.conn, customer)?.into_iter().find(|c| c.kind == Kind::Erasure && c.state.open());
    let Some(case) = case.filter(|c| c.state == State::Checked) else {
        return Err(Failure::refused(
            "先受理本人的删除请求并核实身份，再删除。",
            "Take the person's request for erasure and check who asks before erasing.",
        ));
    };
    let stands = ties(&found(w.conn, customer)?, w.branch.settings.retention_years, w.stamp.today);
    if !stands.is_empty() {
        let words: Vec<_> = stands.into_iter().map(|tie| tie.reason()).collect();
        let join = |mark: &str, of: fn(&crate::domain::text::Complaint) -> &str| {
            words.iter().map(of).collect::<Vec<_>>().join(mark)
        };
        return Err(Failure::refused(
            format!("现在不能删除：{}。", join("；", |c| &c.zh)),
            format!("This cannot be erased now: {}.", join("; ", |c| &c.en)),
        ));
    }
    let before = table::load(w.conn, customer)?;
    let (gone, unlinked) = wipe(w, customer)?;
    let number = number(w)?;
    let certificate = Certificate {
        no: number.clone(),
        customer: before.no.clone(),
        day: w.stamp.today,
        by: w.stamp.by,
        second: w.stamp.second,
        gone,
        unlinked,
    };
    // The request is answered by it.
    let [_, second]: [Key; 2] = request_keys(&case);
    marks::put(w, &second, Some(customer), Fate::Done(None), &number)?;
    let edits = [edit("erased", "", number.as_str()), edit("key", "", second.to_string())];
    skeleton(w, &before)?;
    // What came before this change is shown to nobody; the change itself is.
    let seq = w.change(Entity::Customer, customer.0, Some(customer), &edits, "", Some(op))?;
    let mut numbers = vec![(customer.0, before.no)];
    let mut statement = w.conn.prepare("SELECT id, no FROM merged WHERE customer = ?")?;
    for row in statement.query_map([customer.0], |r| Ok((r.get(0)?, r.get(1)?)))? {
        numbers.push(row?);
    }
    w.conn.execute("DELETE FROM merged WHERE customer = ?", [customer.0])?;
    let told = cell::json(&certificate)?;
    for (id, no) in numbers {
        w.conn.execute(
            "INSERT INTO erased VALUES (?, ?, ?, ?, ?, ?)",
            params![id, no, cell::time(w.stamp.at), seq - 1, number, told],
        )?;
    }
    w.did(op, customer.0, seq)
}

/// The number of the next certificate of the year.
fn number(w: &Write<'_>) -> Result<String, Failure> {
    let year = w.stamp.today.year();
    let like = format!("SC{year}-%");
    let last: Option<String> = w
        .conn
        .prepare("SELECT max(certificate) FROM erased WHERE certificate LIKE ?")?
        .query_row([like], |r| r.get(0))?;
    let last = last.and_then(|no| no.rsplit('-').next().and_then(|n| n.parse::<u32>().ok())).unwrap_or(0);
    Ok(format!("SC{year}-{:04}", last + 1))
}

/// Tables whose rows go.
const GO: [&str; 10] =
    ["part", "task", "figures", "txn", "holding", "loan", "service", "rating", "signal", "tier_move"];

/// Takes away what hangs on the archive; says how many rows of what, and how many archives of others lead here no longer.
fn wipe(w: &Write<'_>, customer: CustomerId) -> Result<(Vec<(String, u64)>, u64), Failure> {
    let conn = w.conn;
    let mut unlinked = 0;
    let mut leads = conn.prepare("SELECT id, customer FROM part WHERE linked = ?1 AND customer <> ?1")?;
    let leading = leads.query_map([customer.0], |r| Ok((r.get(0)?, r.get(1)?)))?;
    for (part, whose) in leading.collect::<rusqlite::Result<Vec<(i64, i64)>>>()? {
        conn.execute(
            "UPDATE part SET linked = NULL, value = json_set(value, '$.linked', NULL), rev = rev + 1 WHERE id = ?",
            [part],
        )?;
        let edits = [edit("linked", customer.0.to_string(), "")];
        w.change(Entity::Part, part, Some(CustomerId(whose)), &edits, "", None)?;
        unlinked += 1;
    }
    let mut gone = Vec::new();
    conn.execute("DELETE FROM occasion WHERE customer = ?", [customer.0])?;
    for table in GO {
        let rows = conn.execute(&format!("DELETE FROM \"{table}\" WHERE customer = ?"), [customer.0])?;
        gone.push((table.to_owned(), rows as u64));
    }
    // That somebody spoke with the customer, when and how, stays; what was said goes.
    for (table, set) in [
        ("contact", "note = '', next = NULL"),
        ("mark", "reason = ''"),
        ("hand_over", "reason = '', answer = ''"),
        ("consent", "evidence = ''"),
        ("request", "note = ''"),
        ("access", "what = '', reason = ''"),
    ] {
        let rows = conn.execute(&format!("UPDATE \"{table}\" SET {set} WHERE customer = ?"), [customer.0])?;
        gone.push((table.to_owned(), rows as u64));
    }
    conn.execute("DELETE FROM apart WHERE a = ?1 OR b = ?1", [customer.0])?;
    Ok((gone, unlinked))
}

/// Leaves the skeleton: number, sort, the day it was opened; and nothing to find the person by.
fn skeleton(w: &Write<'_>, before: &Customer) -> Result<(), Failure> {
    let conn = w.conn;
    let after = Customer {
        id: before.id,
        rev: before.rev,
        no: before.no.clone(),
        sort: before.sort,
        name: format!("{ERASED} {}", before.no),
        opened: before.opened,
        ..Customer::default()
    };
    keys::rename(conn, before.id, &before.name)?;
    conn.execute(
        "UPDATE customer SET held_tier = NULL, held_until = NULL, held_reason = NULL, held_by = NULL WHERE id = ?",
        [before.id.0],
    )?;
    if !table::update(conn, w.branch, &after, w.stamp)? {
        return Err(Failure::Busy);
    }
    let facts = table::facts_of(conn, before.id)?;
    let nothing = Facts {
        sort: facts.sort,
        opened: facts.opened,
        created: facts.created,
        gaps: facts.gaps,
        missing: facts.missing,
        was: facts.was,
        came: crate::store::derive::Came::Any,
        ..Facts::default()
    };
    table::settle(conn, w.branch, before.id, &nothing, w.stamp.today)?;
    keys::keep(conn, after.id, &after.name, "")?;
    // Stretches of addresses are kept without whose they are: those that nobody else has go.
    for stretch in key::stretches(&before.address) {
        let other = conn.prepare("SELECT 1 FROM customer WHERE instr(address, ?) > 0 LIMIT 1")?.exists([&stretch])?;
        if !other {
            conn.execute("DELETE FROM place WHERE text = ?", [stretch])?;
        }
    }
    Ok(())
}
