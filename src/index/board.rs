//! Columns of the tier board, without SQL: groups with their sums, cards in order of assets, who is near a line. How a card
//! looks does not live here.

use super::bits::Bits;
use super::columns::Place;
pub use super::columns::{Group, GroupBy, GroupKey};
use super::facts::Side;
use super::row::Row;
use super::segment::{Segment, Standing};
use super::segments::Index;
use crate::domain::ids::CustomerId;
use crate::domain::lifecycle::Stage;
use crate::domain::tier::{Lines, Near, Tier};
use crate::domain::values::money::Fen;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Where a card stands; the order of rows in every segment, as far as their figures are seen.
fn order(segments: &[&Segment], place: Place) -> Standing {
    let (segment, row) = place.parts();
    segments.get(segment).map_or((Reverse(None), 0, CustomerId::default()), |s| s.standing(row))
}

impl Index {
    /// The columns: tiers and stages all and in their order (those without one last), keepers and areas that have customers,
    /// most assets first, nobody's last.
    pub fn groups(&self, by: GroupBy) -> Vec<Group> {
        if let Some((_, groups)) = self.columns.borrow().groups.iter().find(|(b, _)| *b == by) {
            return groups.clone();
        }
        let groups = self.with_segments(|segments| sums(segments, by));
        self.columns.borrow_mut().groups.push((by, groups.clone()));
        groups
    }

    /// `n` cards of a column from position `from`, most assets first.
    pub fn column(&self, key: &GroupKey, from: usize, n: usize) -> Vec<Row> {
        self.with_order(key, |segments, places| {
            let row = |place: &Place| {
                let (segment, row) = place.parts();
                segments.get(segment).map(|s| s.row(row))
            };
            places.iter().skip(from).take(n).filter_map(row).collect()
        })
    }

    /// Where a customer stands in a column.
    pub fn position(&self, key: &GroupKey, id: CustomerId) -> Option<usize> {
        self.with_order(key, |segments, places| {
            let find = |(i, s): (usize, &&Segment)| s.find(id).map(|row| Place::new(i, row));
            let wanted = segments.iter().enumerate().find_map(find)?;
            places.iter().position(|p| *p == wanted)
        })
    }

    fn with_order<T>(&self, key: &GroupKey, ask: impl FnOnce(&[&Segment], &[Place]) -> T) -> T {
        self.with_segments(|segments| {
            let mut columns = self.columns.borrow_mut();
            let places = columns.orders.entry(key.clone()).or_insert_with(|| ordered(segments, key));
            ask(segments, places)
        })
    }

    /// Customers within `percent` of a line, below it (`up`) or above the line of their own tier, nearest first as a share of
    /// the line, at most `limit`.
    pub fn near(&self, lines: &Lines, percent: u32, up: bool, limit: usize) -> Vec<(Row, Near)> {
        self.with_segments(|segments| {
            let mut found = near_places(segments, lines, percent, up);
            found.sort_by_cached_key(|(place, near)| (share(segments, *place, near, up), order(segments, *place)));
            let row = |place: Place| {
                let (segment, row) = place.parts();
                segments.get(segment).map(|s| s.row(row))
            };
            found.into_iter().take(limit).filter_map(|(place, near)| row(place).map(|r| (r, near))).collect()
        })
    }

    /// How many are near a line, up and down.
    pub fn near_counts(&self, lines: &Lines, percent: u32) -> (usize, usize) {
        self.with_segments(|segments| {
            (near_places(segments, lines, percent, true).len(), near_places(segments, lines, percent, false).len())
        })
    }

    /// The assets from which a customer is among the top 20 % of those with figures.
    pub fn top_fifth_line(&self) -> Option<Fen> {
        if let Some(line) = self.columns.borrow().top_fifth {
            return line;
        }
        let line = self.with_segments(|segments| {
            let alive = segments
                .iter()
                .flat_map(|s| (0..s.facts.below(i64::MIN + 1)).filter(|r| s.alive(*r)).map(|r| s.facts.aum(r)));
            let mut sums: Vec<Fen> = alive.flatten().collect();
            let last = sums.len().div_ceil(5).checked_sub(1)?;
            Some(*sums.select_nth_unstable_by_key(last, |a| Reverse(*a)).1)
        });
        self.columns.borrow_mut().top_fifth = Some(line);
        line
    }
}

fn side(by: GroupBy) -> Side {
    match by {
        GroupBy::Tier => Side::Tier,
        GroupBy::Owner => Side::Owner,
        GroupBy::Area => Side::Area,
        GroupBy::Stage => Side::Stage,
    }
}

/// The number a column has in a segment, if anybody is in it there.
fn number(segment: &Segment, key: &GroupKey) -> Option<u32> {
    let facts = &segment.facts;
    match key {
        GroupKey::Tier(x) => Some(x.map_or(0, |x| x.rank() as u32 + 1)),
        GroupKey::Stage(x) => Some(x.map_or(0, |x| x as u32 + 1)),
        GroupKey::Owner(None) => Some(0),
        GroupKey::Owner(Some(id)) => facts.staff.binary_search(id).ok().map(|i| i as u32 + 1),
        GroupKey::Area(a) => facts.areas.binary_search(a).ok().map(|i| i as u32),
    }
}

/// The column that has this number in a segment.
fn key(segment: &Segment, by: GroupBy, number: u32) -> GroupKey {
    let before = (number as usize).checked_sub(1);
    match by {
        GroupBy::Tier => GroupKey::Tier(before.and_then(|i| Tier::ALL.get(i)).copied()),
        GroupBy::Stage => GroupKey::Stage(before.and_then(|i| Stage::ALL.get(i)).copied()),
        GroupBy::Owner => GroupKey::Owner(before.and_then(|i| segment.facts.staff.get(i)).copied()),
        GroupBy::Area => GroupKey::Area(segment.facts.areas.get(number as usize).cloned().unwrap_or_default()),
    }
}

fn sums(segments: &[&Segment], by: GroupBy) -> Vec<Group> {
    let nobody = (0, Some(0));
    let mut sums: BTreeMap<GroupKey, (usize, Option<i64>)> = match by {
        GroupBy::Tier => Tier::ALL.into_iter().map(Some).chain([None]).map(|x| (GroupKey::Tier(x), nobody)).collect(),
        GroupBy::Stage => {
            Stage::ALL.into_iter().map(Some).chain([None]).map(|x| (GroupKey::Stage(x), nobody)).collect()
        }
        GroupBy::Owner | GroupBy::Area => BTreeMap::new(),
    };
    for segment in segments {
        for (number, rows) in segment.facts.side(side(by)).iter() {
            let (mut count, mut aum, mut all) = (0usize, 0i64, true);
            rows.each(|row| {
                if segment.alive(row) {
                    count += 1;
                    all &= segment.seen(row);
                    aum = aum.saturating_add(segment.facts.aum(row).map_or(0, |a| a.0));
                }
            });
            if count > 0 {
                let sum = sums.entry(key(segment, by, number)).or_insert(nobody);
                *sum = (sum.0 + count, sum.1.filter(|_| all).map(|of| of.saturating_add(aum)));
            }
        }
    }
    let mut groups: Vec<Group> =
        sums.into_iter().map(|(key, (count, aum))| Group { key, count, aum: aum.map(Fen) }).collect();
    groups.sort_by_key(|g| match &g.key {
        GroupKey::Tier(x) => (x.is_none(), Reverse(None)),
        GroupKey::Stage(x) => (x.is_none(), Reverse(None)),
        GroupKey::Owner(x) => (x.is_none(), Reverse(g.aum)),
        GroupKey::Area(x) => (x.is_empty(), Reverse(g.aum)),
    });
    groups
}

/// The cards of a column in order: those of each segment stand in order already and are merged.
fn ordered(segments: &[&Segment], key: &GroupKey) -> Vec<Place> {
    let mut all: Vec<Place> = Vec::new();
    for (i, segment) in segments.iter().enumerate() {
        let Some(number) = number(segment, key) else { continue };
        let mut rows = Bits::new(segment.rows());
        segment.facts.side(side(key.by())).get(number).each(|row| {
            if segment.alive(row) {
                rows.set(row);
            }
        });
        let mut own: Vec<Place> = segment.in_order(rows).into_iter().map(|row| Place::new(i, row)).collect();
        if all.is_empty() || own.is_empty() {
            all.append(&mut own);
            continue;
        }
        // The smaller segment is put into the larger where its cards belong.
        let mut merged = Vec::with_capacity(all.len() + own.len());
        let mut from = 0;
        for place in own {
            let rest = all.get(from..).unwrap_or(&[]);
            let upto = rest.partition_point(|p| order(segments, *p) < order(segments, place));
            merged.extend_from_slice(rest.get(..upto).unwrap_or(&[]));
            merged.push(place);
            from += upto;
        }
        merged.extend_from_slice(all.get(from..).unwrap_or(&[]));
        all = merged;
    }
    all.shrink_to_fit();
    all
}

fn near_places(segments: &[&Segment], lines: &Lines, percent: u32, up: bool) -> Vec<(Place, Near)> {
    let mut out = Vec::new();
    for (i, segment) in segments.iter().enumerate() {
        for line in lines.0 {
            // A generous stretch of rows about the line; the rule itself decides.
            let reach = (i128::from(line.0) * i128::from(percent) / 100).clamp(0, i128::from(i64::MAX / 4)) as i64 + 1;
            let (high, low) = if up { (line.0, line.0 - reach) } else { (line.0.saturating_add(reach + 1), line.0) };
            for row in segment.facts.below(high)..segment.facts.below(low) {
                let Some(aum) = segment.aum(row).filter(|_| segment.alive(row)) else { continue };
                let near = if up { lines.near_up(aum, percent) } else { lines.near_down(aum, percent) };
                // A customer between two lines belongs to the one the rule names.
                let own = |n: &Near| if up { aum.0 + n.gap.0 == line.0 } else { aum.0 - n.gap.0 == line.0 };
                out.extend(near.filter(own).map(|n| (Place::new(i, row), n)));
            }
        }
    }
    out
}

/// The gap in millionths of the line.
fn share(segments: &[&Segment], place: Place, near: &Near, up: bool) -> i128 {
    let aum = order(segments, place).0.0.map_or(0, |a| i128::from(a.0));
    let gap = i128::from(near.gap.0);
    gap * 1_000_000 / (if up { aum + gap } else { aum - gap }).max(1)
}
