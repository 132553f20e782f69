//! 转介: the hand-overs of a month that were accepted. They are found by their ids, which rise with the time they were proposed.

use super::scores::since;
use crate::domain::ids::StaffId;
use crate::domain::results::Over;
use crate::domain::results::credit::{Credit, Handed};
use crate::domain::results::targets::last_of;
use crate::store::agenda::who;
use crate::store::branch::{self, Branch};
use crate::store::cell;
use crate::store::request::Failure;
use chrono::{Days, NaiveDate};
use rusqlite::{Connection, params};

/// Days that a hand-over may have waited for its answer.
const WAITED: u64 = 366;

/// Those of the month that begins on this day, up to today, that somebody of these gave or took.
///
/// # Errors
/// What the file says.
pub(super) fn read(
    conn: &Connection,
    branch: &Branch,
    over: &Over,
    (month, today): (NaiveDate, NaiveDate),
) -> Result<Credit, Failure> {
    let to = last_of(month).min(today);
    let mut statement = conn.prepare_cached(
        "SELECT c.id, c.no, c.name, c.tier, c.aum, c.owner, h.from_id, h.to_id, h.answered_at
         FROM hand_over h CROSS JOIN customer c ON c.id = h.customer
         WHERE h.id >= ?1 AND h.kind = 'keeper' AND h.state = 'accepted' AND substr(h.answered_at, 1, 10) BETWEEN ?2 AND ?3
         ORDER BY h.answered_at DESC, h.id DESC",
    )?;
    let begun = month.checked_sub_days(Days::new(WAITED)).unwrap_or(month);
    let mut rows = statement.query(params![since(begun), month.to_string(), to.to_string()])?;
    let mut handed = Vec::new();
    while let Some(r) = rows.next()? {
        let (from, taker) = (StaffId(r.get(6)?), StaffId(r.get(7)?));
        if !(over.has(Some(from)) || over.has(Some(taker))) {
            continue;
        }
        let mut who = who::read(r)?;
        // Whose archive one does not open, of that one is told no assets.
        who.aum = who.aum.filter(|_| over.has(who.owner));
        handed.push(Handed { who, from, to: taker, day: cell::day_of(r.get_ref(8)?.as_str().unwrap_or_default()) });
    }
    Ok(Credit {
        reach: over.reach,
        from: month,
        to,
        as_of: branch::as_of(conn)?,
        share: branch.introducer,
        handed,
        people: branch.staff.iter().map(|s| s.id).filter(|id| over.has(Some(*id))).collect(),
    })
}
