//! Finding the lines of a page.

use super::{Ask, Page};
use crate::domain::audit::Line;
use crate::domain::change::Entity;
use crate::store::change;
use crate::store::request::Failure;
use chrono::Days;
use rusqlite::Connection;
use rusqlite::types::Value;

/// Rows looked through for a page at most: on a share a page must not take seconds because nothing fits.
const WALK: i64 = 20_000;

/// Answers an ask.
///
/// # Errors
/// What the file says.
pub fn answer(conn: &Connection, ask: &Ask) -> Result<Page, Failure> {
    let Ask::Page { filter, before, most } = ask;
    let before = match before {
        Some(before) => *before,
        None => change::head(conn)? + 1,
    };
    // The rows of one customer are found by their index.
    let floor = if filter.customer.is_some() { 1 } else { (before - WALK).max(1) };
    let mut sql = format!(
        "SELECT {}, (SELECT no FROM customer WHERE id = change.customer), (SELECT name FROM customer WHERE id = change.customer)
         FROM change WHERE seq < ? AND seq >= ?",
        change::COLUMNS
    );
    let mut values = vec![Value::from(before), Value::from(floor)];
    let mut also = |condition: &str, value: Value| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.push(value);
    };
    if let Some(customer) = filter.customer {
        also("customer = ?", customer.0.into());
    }
    if let Some(staff) = filter.staff {
        also("by = ?", staff.0.into());
    }
    if let Some(from) = filter.from {
        also("at >= ?", from.to_string().into());
    }
    if let Some(end) = filter.to.and_then(|to| to.checked_add_days(Days::new(1))) {
        also("at < ?", end.to_string().into());
    }
    if let Some(doing) = filter.doing {
        match Entity::ALL.iter().any(|e| e.code() == doing) {
            true => also("entity = ?", doing.to_owned().into()),
            false => also("entity = 'access' AND json_extract(after, '$.action') = ?", doing.to_owned().into()),
        }
    }
    sql.push_str(" ORDER BY seq DESC LIMIT ?");
    values.push(i64::from(*most).into());
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), |r| {
        let text = |at| Ok::<_, rusqlite::Error>(r.get::<_, Option<String>>(at)?.unwrap_or_default());
        Ok(Line { change: change::read(r)?, no: text(12)?, name: text(13)? })
    })?;
    let lines: Vec<Line> = rows.collect::<rusqlite::Result<_>>()?;
    let full = u32::try_from(lines.len()).is_ok_and(|n| n >= *most);
    let last = lines.last().filter(|_| full).map(|l| l.change.seq);
    let next = last.unwrap_or(floor);
    Ok(Page { lines, next: (next > 1).then_some(next) })
}
