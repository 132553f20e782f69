//! Visits due: straight from the orders over the visitor and the day. Snoozes, tries and hand-ons are in the columns already.

use super::about;
use super::tally::{Look, MOST};
use super::who;
use crate::domain::agenda::{Item, lines};
use crate::domain::ids::{CustomerId, StaffId};
use crate::store::cell;
use crate::store::request::Failure;
use rusqlite::{Row, params};

/// 拜访
///
/// # Errors
/// What the file says.
pub fn visits(look: &mut Look<'_>) -> Result<Vec<Item>, Failure> {
    count(look)?;
    let until = cell::day(look.frame.until);
    let mut found = Vec::new();
    match look.whose.people() {
        None => {
            let mut statement = look.conn.prepare_cached(
                "SELECT c.id, c.visitor, c.next_visit, c.visit_for, c.tries FROM visit_order o CROSS JOIN customer c ON c.id = o.customer
                 WHERE o.day <= ? ORDER BY o.day, o.tier DESC, o.aum DESC LIMIT ?",
            )?;
            let rows = statement.query_map(params![until, MOST as i64], due)?;
            found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
        }
        Some(people) => {
            let mut statement = look.conn.prepare_cached(
                "SELECT c.id, c.visitor, c.next_visit, c.visit_for, c.tries FROM visitor_order o CROSS JOIN customer c ON c.id = o.customer
                 WHERE o.visitor = ? AND o.day <= ? ORDER BY o.day, o.tier DESC, o.aum DESC LIMIT ?",
            )?;
            for person in people {
                let rows = statement.query_map(params![person.0, until, MOST as i64], due)?;
                found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            found.sort_by_key(|d| d.next);
            found.truncate(MOST);
        }
    }
    let mut items = Vec::new();
    for d in found {
        look.breath.take()?;
        let (Some(who), Some(next), Some(stands_for)) =
            (who::who(look.conn, d.id)?, cell::date(d.next), cell::date(d.stands_for))
        else {
            continue;
        };
        let last = about::last_contact(look.conn, d.id)?;
        let item = lines::visit(&who, next, stands_for, last, d.tries, &look.frame);
        items.extend(item.map(|i| Item { owner: d.visitor, ..i }));
    }
    Ok(items)
}

struct Due {
    id: CustomerId,
    visitor: Option<StaffId>,
    next: i64,
    stands_for: i64,
    tries: u32,
}

fn due(r: &Row<'_>) -> rusqlite::Result<Due> {
    Ok(Due {
        id: CustomerId(r.get(0)?),
        visitor: r.get::<_, Option<i64>>(1)?.map(StaffId),
        next: r.get(2)?,
        stands_for: r.get::<_, Option<i64>>(3)?.unwrap_or_default(),
        tries: r.get(4)?,
    })
}

/// Counts everybody's visits from the counters.
fn count(look: &mut Look<'_>) -> Result<(), Failure> {
    let mut statement = look.conn.prepare_cached("SELECT visitor, day, count FROM visit_sum WHERE day <= ?")?;
    let mut rows = statement.query([cell::day(look.frame.today)])?;
    while let Some(r) = rows.next()? {
        let (visitor, lines): (i64, u32) = (r.get(0)?, r.get(2)?);
        if let Some(day) = cell::date(r.get(1)?) {
            look.tally.due((visitor != 0).then_some(StaffId(visitor)), day, look.frame.today, lines);
        }
    }
    Ok(())
}
