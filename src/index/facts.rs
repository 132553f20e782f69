//! The facts of a segment's customers that filters ask and the board groups by: assets, tier, keeper, area, stage, birthday, next
//! visit, gaps. Names, numbers and addresses live elsewhere.

use super::bits::Bits;
use super::filter::Test;
use super::fold::fold;
use super::numbers::Numbers;
use super::order::Order;
use super::postings::{Postings, Rows};
use super::row::{Gap, Row};
use super::sets::{Gather, Set};
use super::touch::touch;
use crate::domain::calendar::yearly::Key;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::lifecycle::Stage;
use crate::domain::sight::Sight;
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use chrono::{Datelike, NaiveDate};

/// Written for nothing where a number has no room for it.
const NO_FIGURES: i64 = i64::MIN;
const NO_DAY: i32 = i32::MIN;
/// Lunar keys begin here, behind all solar ones.
const LUNAR: u32 = 2_000;
const KEYS: usize = 8_192;
const KEEPS_LUNAR: u8 = 1;
const HELD: u8 = 2;

/// What the board groups by, and filters look up, as small numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// 0 without figures, else the rank and one.
    Tier,
    /// 0 unknown, else the place in the order of stages and one.
    Stage,
    /// 0 nobody, else the place in [`Facts::staff`] and one.
    Owner,
    /// The place in [`Facts::areas`].
    Area,
}

/// Facts of a segment, by row.
#[derive(Debug, Default)]
pub struct Facts {
    /// Row ids.
    pub ids: Vec<CustomerId>,
    /// Rows in order of their ids.
    by_id: Vec<u32>,
    /// Assets in fen, most first, none last.
    aum: Vec<i64>,
    tier: Vec<u8>,
    stage: Vec<u8>,
    owner: Vec<u16>,
    assistant: Vec<u16>,
    area: Vec<u16>,
    solar: Vec<u16>,
    lunar: Vec<u16>,
    flags: Vec<u8>,
    gaps: Vec<u8>,
    visit: Vec<i32>,
    /// Keepers and assistants in use, sorted.
    pub staff: Vec<StaffId>,
    /// Areas in use, sorted; the first is the empty one.
    pub areas: Vec<String>,
    by_tier: Postings,
    by_stage: Postings,
    by_owner: Postings,
    by_area: Postings,
    by_birthday: Postings,
    /// By the day, counted from the first in use.
    by_visit: Postings,
    first_visit: i32,
    missing: Vec<Bits>,
    held: Bits,
}

fn day(date: Option<NaiveDate>) -> i32 {
    date.map_or(NO_DAY, |d| d.num_days_from_ce())
}

/// The number a birthday is looked up by.
pub fn birthday_key(key: Key) -> u32 {
    match key {
        Key::Solar(k) => u32::from(k),
        Key::Lunar(k) => u32::from(k) + LUNAR,
    }
}

/// Facts as they arrive: keepers and areas are numbered in the order met.
#[derive(Debug, Default)]
pub struct Arrived {
    so_far: Facts,
    staff: Numbers<StaffId>,
    areas: Numbers<Box<str>>,
}

impl Arrived {
    /// The next customer.
    pub fn push(&mut self, row: &Row<&str>) {
        let staff = &mut self.staff;
        let mut person = |id: Option<StaffId>| id.map_or(0, |id| staff.of(&id, || id) as u16 + 1);
        let out = &mut self.so_far;
        out.owner.push(person(row.owner));
        out.assistant.push(person(row.assistant));
        out.area.push(self.areas.of(row.area, || row.area.into()) as u16);
        out.ids.push(row.id);
        out.aum.push(row.aum.map_or(NO_FIGURES, |a| a.0));
        out.tier.push(row.tier.map_or(0, |x| x.rank() as u8 + 1));
        out.stage.push(row.stage.map_or(0, |s| s as u8 + 1));
        out.solar.push(row.solar);
        out.lunar.push(row.lunar);
        out.flags.push(if row.keeps_lunar { KEEPS_LUNAR } else { 0 } | if row.held { HELD } else { 0 });
        out.gaps.push(row.gaps);
        out.visit.push(day(row.next_visit));
    }

    /// The order of rows in the end.
    pub fn order(&self) -> Order {
        Order::by_assets(&self.so_far.aum, &self.so_far.ids)
    }
}

impl Facts {
    /// Builds from all that arrived.
    pub fn build(mut arrived: Arrived, order: &Order) -> Facts {
        // The first area is the empty one, whether or not anybody has it.
        arrived.areas.of("", Box::default);
        let mut out = arrived.so_far;
        let (staff, places) = arrived.staff.sorted();
        let place = |n: u16, places: &[u32]| places.get(usize::from(n)).map_or(0, |p| *p as u16);
        for n in out.owner.iter_mut().chain(&mut out.assistant) {
            *n = n.checked_sub(1).map_or(0, |at| place(at, &places) + 1);
        }
        let (areas, places) = arrived.areas.sorted();
        out.area.iter_mut().for_each(|n| *n = place(*n, &places));
        out.staff = staff;
        out.areas = areas.into_iter().map(String::from).collect();
        out.arrange(order);
        out.index(order);
        out
    }

    fn arrange(&mut self, order: &Order) {
        self.ids = order.arrange(&self.ids);
        self.aum = order.arrange(&self.aum);
        for column in [&mut self.tier, &mut self.stage, &mut self.flags, &mut self.gaps] {
            *column = order.arrange(column);
        }
        for column in [&mut self.owner, &mut self.assistant, &mut self.area, &mut self.solar, &mut self.lunar] {
            *column = order.arrange(column);
        }
        self.visit = order.arrange(&self.visit);
    }

    fn index(&mut self, order: &Order) {
        let rows = self.ids.len();
        let ids = &self.ids;
        // From the file customers arrive in order of their ids.
        self.by_id = order.as_arrived().to_vec();
        let id = |row: &u32| ids.get(*row as usize);
        if !self.by_id.is_sorted_by_key(id) {
            self.by_id.sort_unstable_by_key(id);
        }
        let bytes = |column: &[u8], space: usize| {
            Postings::build(rows, space, true, |take| {
                column.iter().enumerate().for_each(|(row, k)| take(u32::from(*k), row as u32));
            })
        };
        let shorts = |column: &[u16], space: usize| {
            Postings::build(rows, space, true, |take| {
                column.iter().enumerate().for_each(|(row, k)| take(u32::from(*k), row as u32));
            })
        };
        self.by_tier = bytes(&self.tier, Tier::ALL.len() + 1);
        self.by_stage = bytes(&self.stage, Stage::ALL.len() + 1);
        self.by_owner = shorts(&self.owner, self.staff.len() + 1);
        self.by_area = shorts(&self.area, self.areas.len());
        self.by_birthday = Postings::build(rows, KEYS, true, |take| {
            (0..rows as u32).for_each(|row| {
                if let Some(key) = self.birthday(row) {
                    take(birthday_key(key), row);
                }
            });
        });
        let days = || self.visit.iter().copied().filter(|d| *d != NO_DAY);
        let (first, last) = (days().min().unwrap_or(0), days().max().unwrap_or(-1));
        self.first_visit = first;
        // A day centuries away is a slip of the pen, not a reason to ask for memory.
        let space = usize::try_from(i64::from(last) - i64::from(first) + 1).unwrap_or(0).min(400_000);
        self.by_visit = Postings::build(rows, space, true, |take| {
            for (row, d) in self.visit.iter().enumerate().filter(|(_, d)| **d != NO_DAY) {
                take(u32::try_from(d - first).unwrap_or(0).min(space as u32 - 1), row as u32);
            }
        });
        self.missing = Gap::ALL
            .iter()
            .map(|gap| {
                let mut bits = Bits::new(rows);
                self.gaps
                    .iter()
                    .enumerate()
                    .filter(|(_, g)| **g & gap.bit() != 0)
                    .for_each(|(row, _)| bits.set(row as u32));
                bits
            })
            .collect();
        self.held = Bits::new(rows);
        for (row, _) in self.flags.iter().enumerate().filter(|(_, f)| **f & HELD != 0) {
            self.held.set(row as u32);
        }
    }

    /// Brings rows to hand.
    pub fn touch(&self, rows: &[u32]) {
        touch(&self.ids, rows);
        touch(&self.aum, rows);
        touch(&self.visit, rows);
        for column in [&self.tier, &self.stage, &self.flags, &self.gaps] {
            touch(column, rows);
        }
        for column in [&self.owner, &self.assistant, &self.area, &self.solar, &self.lunar] {
            touch(column, rows);
        }
    }

    /// Writes the facts of a row into `into`.
    pub fn fill(&self, row: u32, into: &mut Row) {
        let at = row as usize;
        let staff = |column: &[u16]| {
            let n = column.get(at).copied().unwrap_or(0);
            usize::from(n).checked_sub(1).and_then(|i| self.staff.get(i)).copied()
        };
        let small = |column: &[u8]| column.get(at).copied().unwrap_or(0);
        let flags = small(&self.flags);
        into.id = self.ids.get(at).copied().unwrap_or_default();
        into.area = self.area.get(at).and_then(|a| self.areas.get(usize::from(*a))).cloned().unwrap_or_default();
        into.aum = self.aum(row);
        into.tier = self.tier(row);
        into.stage = Stage::of_rank(i64::from(small(&self.stage)) - 1);
        into.owner = staff(&self.owner);
        into.assistant = staff(&self.assistant);
        into.solar = self.solar.get(at).copied().unwrap_or(0);
        into.lunar = self.lunar.get(at).copied().unwrap_or(0);
        into.keeps_lunar = flags & KEEPS_LUNAR != 0;
        into.held = flags & HELD != 0;
        into.gaps = small(&self.gaps);
        into.next_visit = self.visit(row);
    }

    /// The row of a customer.
    pub fn find(&self, id: CustomerId) -> Option<u32> {
        let at = self.by_id.binary_search_by_key(&Some(&id), |r| self.ids.get(*r as usize)).ok()?;
        self.by_id.get(at).copied()
    }

    /// The tier of a row.
    pub fn tier(&self, row: u32) -> Option<Tier> {
        Tier::of_rank(i64::from(self.tier.get(row as usize).copied().unwrap_or(0)) - 1)
    }

    /// Assets of a row.
    pub fn aum(&self, row: u32) -> Option<Fen> {
        self.aum.get(row as usize).copied().filter(|a| *a != NO_FIGURES).map(Fen)
    }

    /// When the next visit of a row is due.
    pub fn visit(&self, row: u32) -> Option<NaiveDate> {
        let day = self.visit.get(row as usize).copied().filter(|d| *d != NO_DAY)?;
        NaiveDate::from_num_days_from_ce_opt(day)
    }

    /// The birthday kept by a row.
    pub fn birthday(&self, row: u32) -> Option<Key> {
        let at = row as usize;
        let lunar = self.lunar.get(at).copied().unwrap_or(0);
        let solar = self.solar.get(at).copied().unwrap_or(0);
        if self.flags.get(at).is_some_and(|f| f & KEEPS_LUNAR != 0) && lunar != 0 {
            Some(Key::Lunar(lunar))
        } else {
            (solar != 0).then_some(Key::Solar(solar))
        }
    }

    /// The tier of a row, higher ones first; who is in none last.
    pub fn tier_order(&self, row: u32) -> u8 {
        u8::MAX - self.tier.get(row as usize).copied().unwrap_or(0)
    }

    /// Those of `rows` in order of their ids.
    pub fn in_order_of_ids(&self, rows: &Bits) -> impl Iterator<Item = u32> + '_ {
        let rows = rows.clone();
        self.by_id.iter().copied().filter(move |row| rows.has(*row))
    }

    /// The rows that this sight does not reach.
    pub fn beyond(&self, sight: &Sight) -> Bits {
        let near: Vec<bool> = std::iter::once(false).chain(self.staff.iter().map(|id| sight.near(*id))).collect();
        let tiers: Vec<Option<Tier>> = std::iter::once(None).chain(Tier::ALL.into_iter().map(Some)).collect();
        let keepers = std::iter::once(None).chain(self.staff.iter().copied().map(Some));
        // Who is seen by their keeper and tier alone: a few hundred answers for all rows.
        let alone: Vec<Vec<bool>> =
            keepers.map(|keeper| tiers.iter().map(|tier| sight.reaches(keeper, None, *tier)).collect()).collect();
        let mut beyond = Bits::new(self.ids.len());
        for (row, ((keeper, helper), tier)) in self.owner.iter().zip(&self.assistant).zip(&self.tier).enumerate() {
            let seen = |n: &u16| near.get(usize::from(*n)).copied().unwrap_or(false);
            let by_keeper = alone.get(usize::from(*keeper)).and_then(|by| by.get(usize::from(*tier)));
            if !by_keeper.copied().unwrap_or(false) && !seen(helper) {
                beyond.set(row as u32);
            }
        }
        beyond
    }

    /// The first row whose assets are below this; rows without figures are below everything.
    pub fn below(&self, aum: i64) -> u32 {
        self.aum.partition_point(|a| *a >= aum) as u32
    }

    /// Rows by what the board groups by.
    pub fn side(&self, side: Side) -> &Postings {
        match side {
            Side::Tier => &self.by_tier,
            Side::Stage => &self.by_stage,
            Side::Owner => &self.by_owner,
            Side::Area => &self.by_area,
        }
    }

    /// The rows that pass a test; `born` are the keys of the birthdays it asks for.
    pub fn passing(&self, test: &Test, born: &[u32]) -> Set {
        let rows = self.ids.len();
        match test {
            Test::Tier(tier) => self.union([self.by_tier.get(tier.map_or(0, |x| x.rank() as u32 + 1))]),
            Test::Stage(stage) => self.union([self.by_stage.get(*stage as u32 + 1)]),
            Test::NoOwner => self.union([self.by_owner.get(0)]),
            Test::Owner(ids) => {
                let keys = ids.iter().filter_map(|id| self.staff.binary_search(id).ok());
                self.union(keys.map(|k| self.by_owner.get(k as u32 + 1)))
            }
            Test::NoArea => self.union([self.by_area.get(0)]),
            Test::Area(part) => {
                let keys = self.areas.iter().enumerate().filter(|(i, a)| *i > 0 && fold(a).contains(part));
                self.union(keys.map(|(k, _)| self.by_area.get(k as u32)))
            }
            Test::Birthday(..) => self.union(born.iter().map(|k| self.by_birthday.get(*k))),
            Test::Due(from, to) => {
                let first = i64::from(self.first_visit);
                let key = |d: &NaiveDate| {
                    u32::try_from((i64::from(d.num_days_from_ce()) - first).clamp(-1, i64::from(u32::MAX)))
                };
                let Ok(to) = key(to) else { return Set::Few(Vec::new()) };
                let from = key(from).unwrap_or(0);
                self.union(self.by_visit.iter().filter(|(k, _)| (from..=to).contains(k)).map(|(_, rows)| rows))
            }
            Test::Aum(from, to) => {
                let first = to.0.checked_add(1).map_or(0, |past| self.below(past));
                let end = self.below(from.0.max(NO_FIGURES + 1));
                Set::plain(Bits::range(rows, first as usize, (end.max(first)) as usize))
            }
            Test::Missing(gap) => {
                self.missing.get(*gap as usize).map_or(Set::Few(Vec::new()), |b| Set::plain(b.clone()))
            }
            Test::Held(true) => Set::plain(self.held.clone()),
            Test::Held(false) => {
                let mut all = Bits::range(rows, 0, rows);
                all.minus(&self.held);
                Set::plain(all)
            }
        }
    }

    fn union<'a>(&self, all: impl IntoIterator<Item = Rows<'a>>) -> Set {
        let mut gather = Gather::new(self.ids.len());
        for rows in all {
            match rows {
                Rows::Bits(bits, _) => gather.add_bits(bits, 0),
                Rows::List(list) => list.iter().for_each(|r| gather.add(*r, 0)),
            }
        }
        gather.done()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let postings =
            [&self.by_tier, &self.by_stage, &self.by_owner, &self.by_area, &self.by_birthday, &self.by_visit];
        self.ids.capacity() * 8
            + self.by_id.capacity() * 4
            + self.aum.capacity() * 8
            + self.tier.capacity()
            + self.stage.capacity()
            + (self.owner.capacity() + self.assistant.capacity() + self.area.capacity()) * 2
            + (self.solar.capacity() + self.lunar.capacity()) * 2
            + self.flags.capacity()
            + self.gaps.capacity()
            + self.visit.capacity() * 4
            + self.areas.iter().map(|a| 24 + a.len()).sum::<usize>()
            + postings.iter().map(|p| p.bytes()).sum::<usize>()
            + self.missing.iter().map(Bits::bytes).sum::<usize>()
            + self.held.bytes()
    }
}
