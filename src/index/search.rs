//! The index: rows in order of assets, and the search over them.

use super::filter::Test;
use super::hits::{Hit, Hits, Scope, Sort};
use super::meet::{level, meet};
use super::pinyin;
use super::query::{Known, Query, parse};
use super::rank::{SHORT, by_assets, rank};
use super::row::Row;
use crate::domain::calendar::yearly::{Key, keys_on};
use crate::domain::ids::CustomerId;
use crate::domain::staff::Staff;
use chrono::NaiveDate;
use fuzzy_matcher::skim::SkimMatcherV2;
use std::collections::BTreeSet;
use std::time::Instant;

/// Every customer of the branch, searched in memory.
pub struct Index {
    pub(super) rows: Vec<Row>,
    people: Vec<Staff>,
    areas: Vec<String>,
    matcher: SkimMatcherV2,
}

impl Index {
    /// Builds it from rows in any order.
    pub fn build(mut rows: Vec<Row>, people: &[Staff]) -> Index {
        rows.sort_by_key(by_assets);
        let areas: BTreeSet<String> = rows.iter().map(|r| r.area.clone()).filter(|a| !a.is_empty()).collect();
        Index { rows, people: people.to_vec(), areas: areas.into_iter().collect(), matcher: SkimMatcherV2::default() }
    }

    /// Takes the staff as they are now, for `owner:`.
    pub fn set_people(&mut self, people: &[Staff]) {
        self.people = people.to_vec();
    }

    /// The areas (片区) in use, in order.
    pub fn areas(&self) -> &[String] {
        &self.areas
    }

    /// Takes a customer in, new or changed.
    pub fn upsert(&mut self, row: Row) {
        self.remove(row.id);
        if !row.area.is_empty()
            && let Err(at) = self.areas.binary_search(&row.area)
        {
            self.areas.insert(at, row.area.clone());
        }
        let at = self.rows.partition_point(|r| by_assets(r) < by_assets(&row));
        self.rows.insert(at, row);
    }

    /// Forgets a customer.
    pub fn remove(&mut self, id: CustomerId) {
        self.rows.retain(|r| r.id != id);
    }

    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A customer as taken in.
    pub fn row(&self, id: CustomerId) -> Option<Row> {
        self.rows.iter().find(|r| r.id == id).cloned()
    }

    /// Finds.
    pub fn search(&self, text: &str, scope: &Scope) -> Hits {
        let began = Instant::now();
        let known = Known { people: &self.people, areas: &self.areas, today: scope.today, me: scope.me };
        let query = parse(text, &known);
        let mut found: Vec<(u8, &Row)> = self
            .rows
            .iter()
            .filter(|r| query.filters.iter().all(|f| passes(r, &f.test, scope)))
            .filter_map(|r| level_of(r, &query).map(|l| (l, r)))
            .collect();
        let total = found.len();
        let list = match scope.sort {
            Sort::Rank => {
                found.sort_by_key(|(level, _)| *level);
                let short = found.iter().take(SHORT).map(|(_, r)| (*r).clone()).collect();
                rank(short, &query, &self.matcher)
            }
            _ => {
                found.sort_by_cached_key(|(_, r)| sort_key(r, scope));
                let short: Vec<Row> = found.iter().take(scope.limit).map(|(_, r)| (*r).clone()).collect();
                let order: Vec<CustomerId> = short.iter().map(|r| r.id).collect();
                let mut hits = rank(short, &query, &self.matcher);
                hits.sort_by_key(|h| order.iter().position(|id| *id == h.row.id));
                hits
            }
        };
        let list: Vec<Hit> = list.into_iter().take(scope.limit).collect();
        let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        Hits { total, guesses: 0, list, filters: query.filters, trouble: query.trouble, micros }
    }
}

fn level_of(row: &Row, query: &Query) -> Option<u8> {
    let read = pinyin::read(&row.name);
    let houses = query.house_numbers();
    query.words.iter().try_fold(0, |worst, word| Some(level(meet(row, &read, word, houses)?.class).max(worst)))
}

fn sort_key(row: &Row, scope: &Scope) -> (String, i64) {
    match scope.sort {
        Sort::Name => (pinyin::shown(&row.name), 0),
        Sort::NextVisit => (String::new(), row.next_visit.map_or(i64::MAX, |d| (d - scope.today).num_days())),
        Sort::Birthday => {
            let days = (0..366).find(|n| {
                scope.today.checked_add_days(chrono::Days::new(*n)).is_some_and(|d| born_on(row, d, d, scope))
            });
            (String::new(), days.and_then(|d| i64::try_from(d).ok()).unwrap_or(i64::MAX))
        }
        Sort::Rank | Sort::Aum => (String::new(), 0),
    }
}

fn born_on(row: &Row, from: NaiveDate, to: NaiveDate, scope: &Scope) -> bool {
    let kept = if row.keeps_lunar && row.lunar != 0 { Key::Lunar(row.lunar) } else { Key::Solar(row.solar) };
    from.iter_days().take_while(|d| *d <= to).any(|d| keys_on(d, scope.leap).contains(&kept))
}

fn passes(row: &Row, test: &Test, scope: &Scope) -> bool {
    match test {
        Test::Tier(tier) => row.tier == *tier,
        Test::Stage(stage) => row.stage == Some(*stage),
        Test::Owner(ids) => row.owner.is_some_and(|o| ids.contains(&o)),
        Test::NoOwner => row.owner.is_none(),
        Test::Area(part) => super::fold::fold(&row.area).contains(part),
        Test::NoArea => row.area.is_empty(),
        Test::Birthday(from, to) => born_on(row, *from, *to, scope),
        Test::Due(from, to) => row.next_visit.is_some_and(|d| (*from..=*to).contains(&d)),
        Test::Aum(from, to) => row.aum.is_some_and(|a| (*from..=*to).contains(&a)),
        Test::Missing(gap) => row.gaps & gap.bit() != 0,
        Test::Held(held) => row.held == *held,
    }
}
