//! Taking back the customers of a file: those it brought go, those it changed get their fields back from the change log. What came later,
//! by hand or by other files, keeps them.

use super::later::{Back, Later, of};
use crate::domain::archive;
use crate::domain::change::Entity;
use crate::domain::customer::Customer;
use crate::domain::field::{Ctx, diff};
use crate::domain::ids::CustomerId;
use crate::domain::text::Complaint;
use crate::domain::values::document::{Document, DocumentKind};
use crate::store::request::Failure;
use crate::store::write::Write;
use crate::store::{cell, change, keys, table};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Where somebody may have written of a customer, and what it is called.
const WRITTEN: [(&str, &str, &str, &str); 19] = [
    ("figures", "customer", "资产", "assets"),
    ("txn", "customer", "交易", "transactions"),
    ("holding", "customer", "持有", "holdings"),
    ("loan", "customer", "贷款", "loans"),
    ("service", "customer", "签约", "services"),
    ("rating", "customer", "评级", "ratings"),
    ("contact", "customer", "联络", "contacts"),
    ("part", "customer", "家庭、纪念日或备注", "family, occasions or remarks"),
    ("part", "linked", "别的档案里的关系", "links from other archives"),
    ("mark", "customer", "处理过的任务", "tasks dealt with"),
    ("task", "customer", "自办事项", "tasks of one's own"),
    ("hand_over", "customer", "转介", "hand-overs"),
    ("consent", "customer", "同意", "consents"),
    ("request", "customer", "个人信息请求", "requests about data"),
    ("signal", "customer", "提示", "signals"),
    ("tier_move", "customer", "分级变动", "tier moves"),
    ("merged", "customer", "合并进来的档案", "archives merged into it"),
    ("apart", "a", "认定为不同的人", "a finding that it is another person"),
    ("apart", "b", "认定为不同的人", "a finding that it is another person"),
];

/// A change that the batch made to an archive.
struct Put {
    seq: i64,
    customer: CustomerId,
    before: BTreeMap<String, String>,
    after: BTreeMap<String, String>,
}

/// What came later to customers of the batch.
///
/// # Errors
/// What the file says.
pub(super) fn later(conn: &Connection, batch: &Back) -> Result<Vec<Later>, Failure> {
    let new: HashSet<i64> = brought(conn, batch)?.into_iter().collect();
    let mut found = Vec::new();
    if !new.is_empty() {
        for (table, column, zh, en) in WRITTEN {
            let sql =
                format!("SELECT DISTINCT \"{column}\" FROM \"{table}\" WHERE \"{column}\" IS NOT NULL ORDER BY 1");
            let customers: Vec<i64> = conn
                .prepare(&sql)?
                .query_map([], |r| r.get(0))?
                .filter(|id| id.as_ref().map_or(true, |id| new.contains(id)))
                .collect::<rusqlite::Result<_>>()?;
            let what = Complaint::new(format!("新客户名下已有{zh}"), format!("New customers have {en} by now"));
            let by = if customers.is_empty() { Vec::new() } else { brought_by(conn, table, column, batch.n, &new)? };
            found.extend(of(conn, what, &customers, by)?);
        }
        let held: Vec<i64> = conn
            .prepare("SELECT id FROM customer WHERE created_batch = ? AND held_tier IS NOT NULL")?
            .query_map([batch.id.0], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let what = Complaint::new("新客户的分级已由人工指定", "The tier of new customers was set by hand");
        found.extend(of(conn, what, &held, Vec::new())?);
        // Who only looked changed nothing; nor did an import that was taken back.
        let sql = format!(
            "SELECT DISTINCT c.customer, b.n FROM change AS c LEFT JOIN batch AS b ON b.id = c.batch
             WHERE c.customer IS NOT NULL AND c.batch IS NOT ? AND b.state IS NOT 'undone' AND {} ORDER BY 1",
            change::SEEN
        );
        let edited: Vec<(i64, Option<i64>)> = conn
            .prepare(&sql)?
            .query_map([batch.id.0], |r| Ok((r.get(0)?, r.get(1)?)))?
            .filter(|row| row.as_ref().map_or(true, |(id, _)| new.contains(id)))
            .collect::<rusqlite::Result<_>>()?;
        let what = Complaint::new("新客户的档案后来改过", "The archives of new customers were changed since");
        found.extend(told(conn, what, edited)?);
    }
    let mut changed = Vec::new();
    for put in puts(conn, batch)? {
        if !new.contains(&put.customer.0)
            && let Some(by) = changed_since(conn, &put)?
        {
            changed.push((put.customer.0, by));
        }
    }
    let what = Complaint::new("它改过的项目后来又改了", "Fields that it changed were changed again since");
    found.extend(told(conn, what, changed)?);
    Ok(found)
}

/// Customers, each with the import that did it, as one thing that came later.
fn told(conn: &Connection, what: Complaint, whose: Vec<(i64, Option<i64>)>) -> Result<Option<Later>, Failure> {
    let mut customers: Vec<i64> = whose.iter().map(|(customer, _)| *customer).collect();
    customers.dedup();
    let by: BTreeSet<i64> = whose.into_iter().filter_map(|(_, by)| by).collect();
    of(conn, what, &customers, by.into_iter().collect())
}

/// The imports after batch `n` that wrote into a table of customers who are `new`; none where it does not say who did.
fn brought_by(conn: &Connection, table: &str, column: &str, n: i64, new: &HashSet<i64>) -> Result<Vec<i64>, Failure> {
    if !conn.prepare("SELECT 1 FROM pragma_table_info(?) WHERE name = 'since'")?.exists([table])? {
        return Ok(Vec::new());
    }
    let mut statement =
        conn.prepare(&format!("SELECT DISTINCT since, \"{column}\" FROM \"{table}\" WHERE since > ? ORDER BY 1"))?;
    let mut rows = statement.query([n])?;
    let mut found = Vec::new();
    while let Some(r) = rows.next()? {
        let by = r.get(0)?;
        if found.last() != Some(&by) && new.contains(&r.get(1)?) {
            found.push(by);
        }
    }
    Ok(found)
}

fn brought(conn: &Connection, batch: &Back) -> Result<Vec<i64>, Failure> {
    Ok(conn
        .prepare("SELECT id FROM customer WHERE created_batch = ? ORDER BY id")?
        .query_map([batch.id.0], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

/// What the batch changed, newest first.
fn puts(conn: &Connection, batch: &Back) -> Result<Vec<Put>, Failure> {
    Ok(conn
        .prepare(
            "SELECT seq, customer, before, after FROM change WHERE batch = ? AND entity = 'customer' AND customer IS NOT NULL
             ORDER BY seq DESC",
        )?
        .query_map([batch.id.0], |r| {
            Ok(Put {
                seq: r.get(0)?,
                customer: CustomerId(r.get(1)?),
                before: cell::of_json(&r.get::<_, String>(2)?),
                after: cell::of_json(&r.get::<_, String>(3)?),
            })
        })?
        .collect::<rusqlite::Result<_>>()?)
}

/// Whether a field of it was changed since, by the log or as the archive has it now, or the archive is gone; and by which import, if by one.
fn changed_since(conn: &Connection, put: &Put) -> Result<Option<Option<i64>>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT c.after, b.n FROM change AS c LEFT JOIN batch AS b ON b.id = c.batch
         WHERE c.customer = ? AND c.seq > ? AND c.entity = 'customer' AND b.state IS NOT 'undone'",
    )?;
    let mut rows = statement.query([put.customer.0, put.seq])?;
    while let Some(r) = rows.next()? {
        let after: BTreeMap<String, String> = cell::of_json(&r.get::<_, String>(0)?);
        if after.keys().any(|field| put.after.contains_key(field)) {
            return Ok(Some(r.get(1)?));
        }
    }
    let other = match table::load(conn, put.customer) {
        Ok(now) => archive::FIELDS.iter().any(|f| put.after.get(f.code).is_some_and(|text| *text != f.get(&now))),
        Err(Failure::Gone) => true,
        Err(other) => return Err(other),
    };
    Ok(other.then_some(None))
}

/// Takes the customers of the batch back; gives how many were touched.
///
/// # Errors
/// What the file says.
pub(super) fn customers(w: &mut Write<'_>, batch: &Back) -> Result<u64, Failure> {
    let mut touched = BTreeSet::new();
    for put in puts(w.conn, batch)? {
        touched.insert(put.customer);
        let now = table::load(w.conn, put.customer)?;
        let before = as_before(w, &now, &put)?;
        let edits = diff(archive::FIELDS, &now, &before);
        if !table::update(w.conn, w.branch, &before, w.stamp)? {
            return Err(Failure::Busy);
        }
        if now.name != before.name {
            keys::rename(w.conn, now.id, &now.name)?;
        }
        keys::keep(w.conn, before.id, &before.name, &before.address)?;
        w.change(Entity::Customer, before.id.0, Some(before.id), &edits, "", None)?;
    }
    for id in brought(w.conn, batch)? {
        touched.insert(CustomerId(id));
        let name: String =
            w.conn.prepare_cached("SELECT name FROM customer WHERE id = ?")?.query_row([id], |r| r.get(0))?;
        keys::rename(w.conn, CustomerId(id), &name)?;
        w.conn.prepare_cached("DELETE FROM customer WHERE id = ?")?.execute([id])?;
    }
    w.conn.execute("UPDATE batch SET state = 'undone' WHERE n = ?", params![batch.n])?;
    Ok(touched.len() as u64)
}

/// The archive as it was before a change. A field may bring others along, so those that the change did not name are held where they are;
/// and one may be refused until others are back, so that only the second round's refusals count. Kind and number of a document fit only
/// each other, and are put back as one.
fn as_before(w: &Write<'_>, now: &Customer, put: &Put) -> Result<Customer, Failure> {
    let ctx = Ctx { today: w.stamp.today, staff: &w.branch.staff };
    let mut c = now.clone();
    let was = |code: &str| put.before.get(code);
    if was("id_no").or_else(|| was("id_kind")).is_some() {
        let now = now.document.as_ref();
        let number = was("id_no").cloned().or_else(|| now.map(|d| d.number.clone())).unwrap_or_default();
        let kind = was("id_kind").and_then(|code| DocumentKind::parse(code)).or_else(|| now.map(|d| d.kind));
        c.document = kind.filter(|_| !number.is_empty()).map(|kind| Document { kind, number });
    }
    for last in [false, true] {
        for field in archive::FIELDS.iter().filter(|f| f.code != "no") {
            let text = was(field.code).cloned().unwrap_or_else(|| field.get(now));
            if field.get(&c) != text {
                match field.set(&mut c, &text, ctx) {
                    Err(why) if last => return Err(why.into()),
                    _ => {}
                }
            }
        }
    }
    if let Some(no) = was("no") {
        c.no.clone_from(no);
    }
    Ok(c)
}
