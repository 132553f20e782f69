//! What the workbench reads: the branch as it opens, every row for the index, news of colleagues.

use super::{Answer, Opened};
use crate::domain::ids::CustomerId;
use crate::store::branch::Branch;
use crate::store::request::Failure;
use crate::store::secret::row;
use crate::store::{change, table};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// More customers touched than this, and the index is read anew.
const MANY: usize = 2_000;

/// The branch as it stands.
///
/// # Errors
/// What the file says.
pub fn open(conn: &Connection, branch: &Branch, (read_only, encrypted): (bool, bool)) -> Result<Answer, Failure> {
    let mut statement = conn.prepare_cached("SELECT area FROM area_sum ORDER BY count DESC, area LIMIT 200")?;
    let areas = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    let customers = table::tallied(conn)?;
    Ok(Answer::Opened(Box::new(Opened {
        branch: branch.name.clone(),
        staff: branch.staff.clone(),
        settings: branch.settings.clone(),
        holidays: branch.holidays.clone(),
        delegates: branch.delegates.clone(),
        targets: branch.targets.clone(),
        introducer: branch.introducer,
        seq: change::head(conn)?,
        newest: change::newest(conn)?,
        read_only,
        encrypted,
        secrets: row::holders(conn)?,
        customers,
        areas,
    })))
}

/// Every customer, highest assets first, those without figures last.
///
/// # Errors
/// What the file says.
pub fn rows(conn: &Connection) -> Result<Answer, Failure> {
    // Read in the order they lie in the file and sorted here: an index would jump about in it.
    let mut statement = conn.prepare_cached(&format!("SELECT {} FROM customer", table::ROW))?;
    let mut rows = statement.query_map([], table::row)?.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.sort_by(|a, b| b.aum.cmp(&a.aum).then(a.id.cmp(&b.id)));
    Ok(Answer::Rows(rows))
}

/// What others changed behind `since`.
///
/// # Errors
/// What the file says.
pub fn news(conn: &Connection, since: i64) -> Result<Answer, Failure> {
    let seq = change::head(conn)?;
    let changes = change::since(conn, since, 200)?;
    let touched = touched(conn, since, i64::MAX)?;
    let all = touched.is_none();
    let (mut rows, mut gone) = (Vec::new(), Vec::new());
    if let Some(touched) = touched {
        let mut statement = conn.prepare_cached(&format!("SELECT {} FROM customer WHERE id = ?", table::ROW))?;
        for id in touched {
            match statement.query_map(params![id.0], table::row)?.next() {
                Some(row) => rows.push(row?),
                None => gone.push(id),
            }
        }
    }
    Ok(Answer::News { seq, rows, gone, changes, all })
}

/// The customers touched behind `since`, up to `until`; `None` when so much changed that all are to be read anew.
///
/// # Errors
/// What the file says.
pub fn touched(conn: &Connection, since: i64, until: i64) -> Result<Option<BTreeSet<CustomerId>>, Failure> {
    let sql = "SELECT entity, customer, after FROM change WHERE seq > ? AND seq <= ?";
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query([since, until])?;
    let mut touched = BTreeSet::new();
    while let Some(r) = found.next()? {
        let (entity, customer): (String, Option<i64>) = (r.get(0)?, r.get(1)?);
        if entity == "access" {
            continue;
        }
        // An import touches more than it lists; new settings derive everybody anew.
        let all = entity == "batch" || (entity == "branch" && r.get::<_, String>(2)?.contains("settings."));
        touched.extend(customer.map(CustomerId));
        if all || touched.len() > MANY {
            return Ok(None);
        }
    }
    Ok(Some(touched))
}
