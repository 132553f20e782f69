//! Archives to complete: to everybody their daily portion, highest assets first; the rest is counted from the counters.

use super::about::turn;
use super::heaps::{Heap, Heaps, heaps};
use super::marks::{self, Marks};
use super::tally::Look;
use super::who;
use crate::domain::agenda::key::Key;
use crate::domain::agenda::lines::{self, month_of};
use crate::domain::agenda::{Item, Source};
use crate::domain::archive;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::staff::Role;
use crate::domain::tier::Tier;
use crate::store::request::Failure;
use crate::store::table;
use std::collections::HashMap;

/// Those who collect what archives lack.
const COLLECTORS: [Role; 3] = [Role::HighCounter, Role::LowCounter, Role::AccountManager];

/// What one person collects today. The lines of those whose queue nobody looks at are counted only.
#[derive(Default)]
struct Portion {
    lines: u32,
    customers: Vec<CustomerId>,
}

impl Portion {
    fn add(&mut self, id: CustomerId) {
        self.lines += 1;
        self.customers.push(id);
    }
}

/// 补录
///
/// # Errors
/// What the file says.
pub fn missing(look: &mut Look<'_>) -> Result<Vec<Item>, Failure> {
    let today = look.frame.today;
    let marks = marks::between(look.conn, Source::Missing, month_of(today), month_of(today))?;
    let heaps = heaps(look.conn)?;
    let mut dealt = HashMap::new();
    for role in COLLECTORS {
        let people: Vec<StaffId> =
            look.branch.staff.iter().filter(|s| s.active && s.role == role).map(|s| s.id).collect();
        let duty = |h: &&Heap| Role::collector(Tier::of_rank(h.rank)) == role;
        let (own, pool): (Vec<Heap>, Vec<Heap>) =
            heaps.iter().filter(duty).partition(|h| h.owner.is_some_and(|o| people.contains(&o)));
        deal(look, &marks, &people, &own, pool.clone(), &mut dealt)?;
        count(look, &people, &own, &pool);
    }
    // What was handed on comes on top of one's own portion.
    for (key, mark) in marks.iter().filter(|(_, m)| !m.closed && m.until.is_none_or(|u| u <= today)) {
        if let Some(to) = mark.handed_to {
            dealt.entry(to).or_default().add(CustomerId(key.row));
        }
    }
    let mut items = Vec::new();
    for (person, portion) in dealt {
        if look.whose.has(Some(person)) {
            for id in portion.customers {
                look.breath.take()?;
                items.extend(line(look, id, person)?);
            }
        }
        look.tally.due(Some(person), today, today, portion.lines);
        let count = look.tally.of(Some(person));
        count.more = count.more.saturating_sub(portion.lines);
    }
    Ok(items)
}

fn line(look: &Look<'_>, id: CustomerId, person: StaffId) -> Result<Option<Item>, Failure> {
    let Some(who) = who::who(look.conn, id)? else { return Ok(None) };
    let customer = table::load(look.conn, id)?;
    let fields = archive::missing(&customer, who.tier).into_iter().map(str::to_owned).collect();
    Ok(lines::missing(&who, fields, Some(person), look.frame.today))
}

/// Gives each of a role their portion: first what they keep themselves, then what falls to one of them from those without a keeper of
/// the role; highest assets first.
fn deal(
    look: &Look<'_>,
    marks: &Marks,
    people: &[StaffId],
    own: &[Heap],
    pool: Vec<Heap>,
    dealt: &mut HashMap<StaffId, Portion>,
) -> Result<(), Failure> {
    let daily = u32::from(look.branch.settings.collect_daily);
    let marked = u32::try_from(marks.len()).unwrap_or(u32::MAX);
    let month = month_of(look.frame.today);
    // Done, given up, put off or handed on: this month it is not dealt again.
    let free = |id: CustomerId| !marks.contains_key(&Key::new(Source::Missing, id.0, month));
    let mut room = 0;
    for person in people {
        let own: Vec<Heap> = own.iter().filter(|h| h.owner == Some(*person)).copied().collect();
        let portion = dealt.entry(*person).or_default();
        let enough = own.iter().map(|h| h.count).sum::<u32>() >= daily.saturating_add(marked);
        if enough && !look.whose.has(Some(*person)) {
            portion.lines = daily;
            continue;
        }
        let mut heaps = Heaps::new(look.conn, own)?;
        while portion.lines < daily
            && let Some(id) = heaps.next()?
        {
            if free(id) {
                portion.add(id);
            }
        }
        room += daily - portion.lines;
    }
    if room == 0 {
        return Ok(());
    }
    let mut heaps = Heaps::new(look.conn, pool)?;
    while room > 0
        && let Some(id) = heaps.next()?
    {
        let portion = turn(id, people.len()).and_then(|n| dealt.get_mut(people.get(n)?));
        if let Some(portion) = portion.filter(|p| p.lines < daily && free(id)) {
            portion.add(id);
            room -= 1;
        }
    }
    Ok(())
}

/// Counts what falls to each of a role: their own, and an even share of those without a keeper of the role.
fn count(look: &mut Look<'_>, people: &[StaffId], own: &[Heap], pool: &[Heap]) {
    for heap in own {
        look.tally.of(heap.owner).more += heap.count;
    }
    let pool: u32 = pool.iter().map(|h| h.count).sum();
    match u32::try_from(people.len()).unwrap_or(u32::MAX) {
        // Nobody has the role: the branch still sees what is left lying.
        0 => look.tally.of(None).more += pool,
        n => {
            for (i, person) in (0_u32..).zip(people) {
                look.tally.of(Some(*person)).more += pool / n + u32::from(i < pool % n);
            }
        }
    }
}
