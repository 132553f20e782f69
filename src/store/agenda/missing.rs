//! Archives to complete: to everybody their daily portion, highest assets first; the rest is counted from the counters.

use super::about::{self, collector};
use super::marks::{self, Marks};
use super::tally::Look;
use crate::domain::agenda::key::Key;
use crate::domain::agenda::lines::{self, month_of};
use crate::domain::agenda::{Item, Source};
use crate::domain::archive;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::staff::{Role, Staff};
use crate::domain::tier::Tier;
use crate::store::request::Failure;
use crate::store::table;
use rusqlite::params;
use std::collections::HashMap;

/// Everything a portion is dealt from.
const RANKS: [i64; 7] = [-1, 0, 1, 2, 3, 4, 5];

/// 补录
///
/// # Errors
/// What the file says.
pub fn missing(look: &mut Look<'_>) -> Result<Vec<Item>, Failure> {
    let today = look.frame.today;
    let month = month_of(today);
    let marks = marks::between(look.conn, Source::Missing, month, month)?;
    let daily = usize::from(look.branch.settings.collect_daily);
    let mut dealt: HashMap<StaffId, Vec<CustomerId>> = HashMap::new();
    for role in [Role::HighCounter, Role::LowCounter, Role::AccountManager] {
        let people: Vec<&Staff> = look.branch.staff.iter().filter(|s| s.active && s.role == role).collect();
        let ranks: Vec<i64> = RANKS.into_iter().filter(|r| Role::collector(Tier::of_rank(*r)) == role).collect();
        // First what one keeps oneself, then what falls to one of those without a keeper of the role.
        for person in &people {
            let found = top(look, &ranks, Some(person.id), daily + marks.len())?;
            deal(&mut dealt, &marks, month, daily, found, |_| Some(person.id));
        }
        let mut pool = top(look, &ranks, None, daily * people.len() * 4 + marks.len())?;
        for other in look.branch.staff.iter().filter(|s| !people.iter().any(|p| p.id == s.id)) {
            pool.extend(top(look, &ranks, Some(other.id), daily * people.len() * 4 + marks.len())?);
        }
        pool.sort_by_key(|(_, tier, aum)| std::cmp::Reverse((*aum, *tier)));
        deal(&mut dealt, &marks, month, daily, pool, |(id, tier, _)| {
            collector(look.branch, *id, None, Tier::of_rank(*tier))
        });
        count(look, role, &people)?;
    }
    // What was handed on comes on top of one's own portion.
    for (key, to) in marks.iter().filter_map(|(k, m)| m.handed_to.filter(|_| !m.closed).map(|to| (k, to))) {
        if marks.get(key).and_then(|m| m.until).is_none_or(|u| u <= today) {
            dealt.entry(to).or_default().push(CustomerId(key.row));
        }
    }
    let mut items = Vec::new();
    for (person, customers) in dealt {
        let mut lines = 0;
        for id in customers {
            lines += 1;
            if look.whose.has(Some(person)) {
                items.extend(line(look, id, person)?);
            }
        }
        look.tally.due(Some(person), today, today, lines);
        let count = look.tally.of(Some(person));
        count.more = count.more.saturating_sub(lines);
    }
    Ok(items)
}

fn line(look: &Look<'_>, id: CustomerId, person: StaffId) -> Result<Option<Item>, Failure> {
    let Some(who) = about::who(look.conn, id)? else { return Ok(None) };
    let customer = table::load(look.conn, id)?;
    let fields = archive::missing(&customer, who.tier).into_iter().map(str::to_owned).collect();
    Ok(lines::missing(&who, fields, Some(person), look.frame.today))
}

/// Id, tier and assets.
type Found = (CustomerId, i64, Option<i64>);

/// The customers of these tiers and this keeper that lack something, highest assets first.
fn top(look: &Look<'_>, ranks: &[i64], owner: Option<StaffId>, most: usize) -> Result<Vec<Found>, Failure> {
    let mut statement = look.conn.prepare_cached(
        "SELECT id, tier, aum FROM customer WHERE tier = ? AND owner IS ? AND lacking > 0 AND (tier >= 2 OR owner IS NOT NULL)
         ORDER BY aum DESC LIMIT ?",
    )?;
    let mut found = Vec::new();
    for rank in ranks {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![rank, owner.map(|o| o.0), most], |r| {
            Ok((CustomerId(r.get(0)?), r.get(1)?, r.get(2)?))
        })?;
        found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    found.sort_by_key(|(_, tier, aum)| std::cmp::Reverse((*aum, *tier)));
    Ok(found)
}

/// Gives each to whom it falls, while their portion lasts.
fn deal(
    dealt: &mut HashMap<StaffId, Vec<CustomerId>>,
    marks: &Marks,
    month: chrono::NaiveDate,
    daily: usize,
    found: Vec<Found>,
    to: impl Fn(&Found) -> Option<StaffId>,
) {
    for f in found {
        // Done, given up, put off or handed on: this month it is not dealt again.
        if marks.contains_key(&Key::new(Source::Missing, f.0.0, month)) {
            continue;
        }
        if let Some(person) = to(&f) {
            let portion = dealt.entry(person).or_default();
            if portion.len() < daily {
                portion.push(f.0);
            }
        }
    }
}

/// Counts what falls to each of a role: their own, and an even share of those without a keeper of the role.
fn count(look: &mut Look<'_>, role: Role, people: &[&Staff]) -> Result<(), Failure> {
    let mut statement = look.conn.prepare_cached("SELECT tier, owner, count FROM lacking_sum")?;
    let mut rows = statement.query([])?;
    let mut pool = 0_u32;
    while let Some(r) = rows.next()? {
        if Role::collector(Tier::of_rank(r.get(0)?)) != role {
            continue;
        }
        let (owner, lines): (i64, u32) = (r.get(1)?, r.get(2)?);
        match people.iter().find(|p| p.id.0 == owner) {
            Some(person) => look.tally.of(Some(person.id)).more += lines,
            None => pool += lines,
        }
    }
    match u32::try_from(people.len()) {
        // Nobody has the role: the branch still sees what is left lying.
        Ok(0) | Err(_) => look.tally.of(None).more += pool,
        Ok(n) => {
            for (i, person) in (0_u32..).zip(people) {
                look.tally.of(Some(person.id)).more += pool / n + u32::from(i < pool % n);
            }
        }
    }
    Ok(())
}
