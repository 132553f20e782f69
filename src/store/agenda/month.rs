//! How many lines each day of a month has: birthdays by their keys, visits from the counters, maturities, repayments and signals by
//! their days, the few others from their tables.
//! Marks do not change it, except where they moved a visit or a task.

use super::tally::Whose;
use super::{dues, signals};
use crate::domain::agenda::lines::Frame;
use crate::domain::calendar::yearly::Key;
use crate::domain::ids::StaffId;
use crate::store::branch::Branch;
use crate::store::cell;
use crate::store::request::Failure;
use chrono::{Datelike, Months, NaiveDate};
use rusqlite::Connection;

/// Day of the month, birthdays, others.
///
/// # Errors
/// What the file says.
pub fn days(
    conn: &Connection,
    branch: &Branch,
    whose: &Whose,
    today: NaiveDate,
    first: NaiveDate,
) -> Result<Vec<(u8, u32, u32)>, Failure> {
    let first = first.with_day(1).unwrap_or(first);
    let last = first.checked_add_months(Months::new(1)).and_then(|d| d.pred_opt()).unwrap_or(first);
    let frame = Frame::between(first, last, today, last, &branch.settings);
    let mut figures = dues::reminders(conn, branch, first, last, today)?;
    figures.extend(signals::on_days(conn, branch, first, last)?);
    figures.retain(|(_, owner)| whose.has(*owner));
    let mut days: Vec<(u8, u32, u32)> = Vec::new();
    for (day, keys) in &frame.days {
        let (mut birthdays, mut family) = (0, 0);
        for key in keys {
            let (lunar, at) = match key {
                Key::Solar(at) => (0, i64::from(*at)),
                Key::Lunar(at) => (1, i64::from(*at)),
            };
            birthdays += count(conn, BIRTHDAYS, &[lunar, at], whose)?;
            family += count(conn, OCCASIONS, &[lunar, at, at], whose)?;
        }
        let on = cell::day(*day);
        family += count(conn, OCCASIONS, &[2, on, on], whose)?;
        let visits = count(conn, "SELECT nullif(visitor, 0), count FROM visit_sum WHERE day = ?", &[on], whose)?;
        let own =
            count(conn, "SELECT owner, count(*) FROM task WHERE open = 1 AND due = ? GROUP BY owner", &[on], whose)?;
        let handed = count(
            conn,
            "SELECT to_id, count(*) FROM hand_over WHERE open = 1 AND due = ? GROUP BY to_id",
            &[on],
            whose,
        )?;
        let said = u32::try_from(figures.iter().filter(|(d, _)| d == day).count()).unwrap_or(u32::MAX);
        let others = family + visits + own + handed + said;
        days.push((u8::try_from(day.day()).unwrap_or_default(), birthdays, others));
    }
    Ok(days)
}

const BIRTHDAYS: &str =
    "SELECT nullif(owner, 0), count(*) FROM birthday_order WHERE lunar = ? AND day = ? GROUP BY owner";

const OCCASIONS: &str = "SELECT c.owner, count(*) FROM occasion o JOIN customer c ON c.id = o.customer
                         WHERE o.kind = ? AND o.at BETWEEN ? AND ? GROUP BY c.owner";

fn count(conn: &Connection, sql: &str, at: &[i64], whose: &Whose) -> Result<u32, Failure> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(at))?;
    let mut sum = 0;
    while let Some(r) = rows.next()? {
        if whose.has(r.get::<_, Option<i64>>(0)?.map(StaffId)) {
            sum += r.get::<_, u32>(1)?;
        }
    }
    Ok(sum)
}
