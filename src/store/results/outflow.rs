//! 转他行: the outflow lines of a period with the marks on them. They are found by their day, never by looking through transactions, of
//! which there are millions: what a file of them says was put into its lines when it came.

use crate::domain::agenda::Source;
use crate::domain::agenda::key::Key;
use crate::domain::dealings::watch::Signal;
use crate::domain::results::Over;
use crate::domain::results::outflow::{Line, Outflow};
use crate::store::agenda::{marks, who};
use crate::store::cell;
use crate::store::request::Failure;
use chrono::NaiveDate;
use rusqlite::Connection;

/// The lines told between two days, of customers of these keepers.
///
/// # Errors
/// What the file says.
pub(super) fn read(conn: &Connection, over: &Over, days: (NaiveDate, NaiveDate)) -> Result<Outflow, Failure> {
    let (from, to) = days;
    let marks = marks::between(conn, Source::Movement, from, to)?;
    // The cross join keeps the days outside: customers are looked up one by one.
    let mut statement = conn.prepare_cached(
        "SELECT c.id, c.no, c.name, c.tier, c.aum, c.owner, s.id, s.day, s.value
         FROM signal s CROSS JOIN customer c ON c.id = s.customer WHERE s.day BETWEEN ? AND ? AND s.kind = 'outflow'",
    )?;
    let mut rows = statement.query([cell::day(from), cell::day(to)])?;
    let mut lines = Vec::new();
    while let Some(r) = rows.next()? {
        let who = who::read(r)?;
        let (Some(day), true) = (cell::date(r.get(7)?), over.has(who.owner)) else { continue };
        // What a newer program wrote is not known here.
        let Ok(Signal::Outflow { sum, banks, .. }) = serde_json::from_str(r.get_ref(8)?.as_str().unwrap_or_default())
        else {
            continue;
        };
        let dealt = marks.get(&Key::new(Source::Movement, r.get(6)?, day)).is_some_and(|m| m.closed);
        lines.push(Line { who, day, sum, banks, dealt });
    }
    let as_of: Option<i64> = conn
        .prepare_cached("SELECT max(as_of) FROM batch WHERE layout = '交易' AND state = 'current'")?
        .query_row([], |r| r.get(0))?;
    Ok(Outflow { reach: over.reach, from, to, as_of: as_of.and_then(cell::date), lines })
}
