//! Customers without the right keeper (features 72, 77): nobody, one who left, a hand-over not answered in time, a post that does not
//! keep the tier.

use super::open;
use super::{Answer, MOST, Orphan, Why};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::keepers::Rules;
use crate::domain::staff::Staff;
use crate::domain::tier::Tier;
use crate::store::agenda::who;
use crate::store::branch::Branch;
use crate::store::cell;
use crate::store::request::Failure;
use chrono::NaiveDate;
use rusqlite::{Connection, params};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The tier from which the post of the keeper is looked at.
const FROM: Tier = Tier::Potential;
/// The tier from which two keep a customer together (features 45, 46).
const TOGETHER: Tier = Tier::Vip;

/// One found: rank, assets, who, why, and the hand-over that waits.
type Found = (i64, Option<i64>, CustomerId, Why, Option<(StaffId, NaiveDate)>);

/// The first of them, and how many there are.
///
/// # Errors
/// What the file says.
pub fn list(conn: &Connection, branch: &Branch, today: NaiveDate) -> Result<Answer, Failure> {
    let found = find(conn, branch, today)?;
    let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let mut list = Vec::with_capacity(found.len().min(MOST));
    for (_, _, id, why, waits) in found.into_iter().take(MOST) {
        let Some(who) = who::who(conn, id)? else { continue };
        let area = conn.prepare_cached("SELECT area FROM customer WHERE id = ?")?.query_row([id.0], |r| r.get(0))?;
        list.push(Orphan { who, area, why, waits });
    }
    Ok(Answer::Orphans { list, total })
}

/// All of them, in the order of the list.
///
/// # Errors
/// What the file says.
pub fn all(conn: &Connection, branch: &Branch, today: NaiveDate) -> Result<Vec<CustomerId>, Failure> {
    Ok(find(conn, branch, today)?.into_iter().map(|(_, _, id, ..)| id).collect())
}

fn find(conn: &Connection, branch: &Branch, today: NaiveDate) -> Result<Vec<Found>, Failure> {
    let mut found: Vec<Found> = Vec::new();
    unanswered(conn, today, &mut found)?;
    kept_by(conn, "owner = 0 AND tier >= 1", &[], Why::NoKeeper, &mut found)?;
    for gone in branch.staff.iter().filter(|s| !s.active) {
        kept_by(conn, "owner = ?", &[gone.id.0], Why::KeeperLeft, &mut found)?;
    }
    wrong_posts(conn, branch, &mut found)?;
    no_second(conn, branch, &mut found)?;
    let mut seen = BTreeSet::new();
    found.retain(|(_, _, id, ..)| seen.insert(*id));
    found.sort_by_key(|(rank, aum, id, why, _)| (why.weight(), Reverse(*rank), Reverse(*aum), *id));
    Ok(found)
}

fn kept_by(conn: &Connection, whose: &str, with: &[i64], why: Why, found: &mut Vec<Found>) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT tier, aum, id FROM customer WHERE id IN (SELECT customer FROM keeper_order WHERE {whose})"
    ))?;
    let rows = statement.query_map(rusqlite::params_from_iter(with), |r| {
        Ok((r.get(0)?, r.get(1)?, CustomerId(r.get(2)?), why, None))
    })?;
    for row in rows {
        found.push(row?);
    }
    Ok(())
}

fn unanswered(conn: &Connection, today: NaiveDate, found: &mut Vec<Found>) -> Result<(), Failure> {
    let columns: Vec<String> = open::COLUMNS.split(", ").map(|c| format!("h.{c}")).collect();
    let sql = format!(
        "SELECT {}, c.tier, c.aum FROM hand_over h JOIN customer c ON c.id = h.customer
         WHERE h.kind = 'keeper' AND h.open = 1 AND h.state = 'open' AND h.due < ?",
        columns.join(", ")
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([cell::day(today)], |r| {
        let h = open::read(r)?;
        Ok((r.get(11)?, r.get(12)?, h.customer, Why::Unanswered, Some((h.transfer.to, h.due))))
    })?;
    for row in rows {
        found.push(row?);
    }
    Ok(())
}

fn wrong_posts(conn: &Connection, branch: &Branch, found: &mut Vec<Found>) -> Result<(), Failure> {
    let rules = &branch.settings.keepers;
    let mut statement = conn.prepare_cached(
        "SELECT c.tier, c.aum, c.id, c.area FROM keeper_order k CROSS JOIN customer c ON c.id = k.customer
         WHERE k.owner = ? AND k.tier = ?
         AND NOT EXISTS (SELECT 1 FROM hand_over h WHERE h.customer = c.id AND h.open = 1 AND h.kind = 'keeper')",
    )?;
    for person in branch.staff.iter().filter(|s| s.active) {
        for tier in Tier::ALL.into_iter().filter(|t| *t >= FROM) {
            let areas = rules.0.iter().any(|r| r.tier == tier && !r.area.is_empty());
            if !areas && rules.keeps(person.role, tier, "") {
                continue;
            }
            let rank = i64::try_from(tier.rank()).unwrap_or_default();
            let mut rows = statement.query(params![person.id.0, rank])?;
            while let Some(r) = rows.next()? {
                if !rules.keeps(person.role, tier, &r.get::<_, String>(3)?) {
                    found.push((r.get(0)?, r.get(1)?, CustomerId(r.get(2)?), Why::WrongPost, None));
                }
            }
        }
    }
    Ok(())
}

fn no_second(conn: &Connection, branch: &Branch, found: &mut Vec<Found>) -> Result<(), Failure> {
    let rules = &branch.settings.keepers;
    let mut statement = conn.prepare_cached(
        "SELECT c.tier, c.aum, c.id, c.area, c.assistant FROM keeper_order k CROSS JOIN customer c ON c.id = k.customer
             WHERE k.owner = ? AND k.tier = ?",
    )?;
    let works = |id: Option<i64>| id.is_some_and(|id| branch.staff.iter().any(|s| s.id.0 == id && s.active));
    for person in branch.staff.iter().filter(|s| s.active) {
        for tier in Tier::ALL.into_iter().filter(|t| *t >= TOGETHER) {
            let rank = i64::try_from(tier.rank()).unwrap_or_default();
            let mut rows = statement.query(params![person.id.0, rank])?;
            while let Some(r) = rows.next()? {
                let wants = second(rules, &branch.staff, tier, &r.get::<_, String>(3)?, person.id);
                if wants && !works(r.get(4)?) {
                    found.push((r.get(0)?, r.get(1)?, CustomerId(r.get(2)?), Why::NoSecond, None));
                }
            }
        }
    }
    Ok(())
}

/// Whether the rules want a second keeper, and somebody of that post works here.
fn second(rules: &Rules, staff: &[Staff], tier: Tier, area: &str, owner: StaffId) -> bool {
    let post = rules.of(tier, area).and_then(|r| r.assistant);
    post.is_some_and(|post| staff.iter().any(|s| s.active && s.role == post && s.id != owner))
}
