//! A query answered: the sets of the segments, the short list out of them, ranked or sorted. Which rows meet a word is `segment`'s,
//! typing errors are `slips`'.

use super::facts::birthday_key;
use super::filter::Test;
use super::hits::{Hit, Hits, Scope, Sort};
use super::query::{Known, Query, parse};
use super::rank::{SHORT, by_assets, mark, rank};
use super::row::Row;
use super::segment::{Segment, Standing};
use super::segments::Index;
use super::sets::Set;
use super::slips;
use crate::domain::calendar::yearly::keys_on;
use crate::domain::ids::CustomerId;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use std::time::Instant;

/// What hits are sorted by: the order asked for, then as they stand.
type Key = (u64, Standing);

impl Index {
    /// Finds. Words narrow, filters narrow; a filter that cannot be read is named in `trouble` and left out.
    pub fn search(&self, text: &str, scope: &Scope) -> Hits {
        // Only how long it took is measured; what day it is comes in with the scope.
        let began = Instant::now();
        let known = Known { people: &self.people, areas: &self.areas, today: scope.today, me: scope.me };
        let query = parse(text, &known);
        let mut hits = self.with_segments(|segments| self.answer(segments, &query, scope));
        hits.filters = query.filters;
        hits.trouble = query.trouble;
        hits.micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        hits
    }

    fn answer(&self, segments: &[&Segment], query: &Query, scope: &Scope) -> Hits {
        let born = self.born(query, scope);
        let sets: Vec<Set> = segments.iter().map(|s| s.find_all(query, &born)).collect();
        let total: usize = sets.iter().map(Set::count).sum();
        let mut list = match scope.sort {
            // Who only counts need not wait for an order.
            _ if scope.limit == 0 => Vec::new(),
            Sort::Rank => self.ranked(segments, &sets, query, scope.limit),
            _ => self.sorted(segments, &sets, query, scope),
        };
        let mut guesses = 0;
        if slips::worth(query, total) && scope.limit > 0 {
            // Hardly anybody was found, so all of them are looked through.
            let ids = |(s, set): (&&Segment, &Set)| {
                set.rows().filter_map(|row| s.facts.ids.get(row as usize).copied()).collect::<Vec<_>>()
            };
            let found: Vec<CustomerId> = segments.iter().zip(&sets).flat_map(ids).collect();
            let mut rows: Vec<(u32, Row)> = Vec::new();
            for segment in segments {
                let guessed = if total == 0 {
                    slips::guess(segment, query, &born)
                } else {
                    slips::same_sound(segment, query, &born)
                };
                rows.extend(guessed.into_iter().map(|(cost, row)| (cost, segment.row(row))));
            }
            rows.retain(|(_, r)| !found.contains(&r.id));
            rows.sort_by_cached_key(|(cost, r)| (*cost, by_assets(r)));
            guesses = rows.len();
            let room = scope.limit.saturating_sub(list.len());
            list.extend(rows.into_iter().take(room).map(|(_, row)| slips::mark_guess(row, query)));
        }
        Hits { total: total + guesses, guesses, list, ..Hits::default() }
    }

    /// The best of all segments, at most `limit`: chosen by level and assets, the first [`SHORT`] of them ranked.
    fn ranked(&self, segments: &[&Segment], sets: &[Set], query: &Query, limit: usize) -> Vec<Hit> {
        let plain = query.words.is_empty();
        let n = if plain { limit } else { limit.max(SHORT) };
        let mut short: Vec<(u8, &Segment, u32)> = Vec::new();
        for (segment, set) in segments.iter().zip(sets) {
            let best = segment.best(set, n);
            segment.touch(&best.iter().map(|(_, row)| *row).collect::<Vec<_>>());
            short.extend(best.into_iter().map(|(level, row)| (level, *segment, row)));
        }
        short.sort_by_key(|(level, segment, row)| (*level, segment.standing(*row)));
        short.truncate(n);
        let whole = |(_, segment, row): &(u8, &Segment, u32)| segment.row(*row);
        if plain {
            return short.iter().map(|at| Hit { row: whole(at), matched: Vec::new(), guess: false }).collect();
        }
        let (first, rest) = short.split_at(short.len().min(SHORT));
        let sketches = first.iter().map(|(_, segment, row)| segment.sketch(*row, query));
        let ranked = rank(sketches, query, &self.matcher).into_iter().take(limit);
        let mut list: Vec<Hit> =
            ranked.filter_map(|(at, hit)| Some(Hit { row: whole(first.get(at)?), ..hit })).collect();
        // Beyond the short list the order of the choice stands.
        let room = limit.saturating_sub(list.len());
        list.extend(rest.iter().take(room).map(|at| mark(whole(at), query).1));
        list
    }

    /// The first of all in the order asked for.
    fn sorted(&self, segments: &[&Segment], sets: &[Set], query: &Query, scope: &Scope) -> Vec<Hit> {
        let coming = if scope.sort == Sort::Birthday { coming(scope) } else { HashMap::new() };
        let mut first: Vec<(Key, &Segment, u32)> = Vec::new();
        for (segment, set) in segments.iter().zip(sets) {
            let facts = &segment.facts;
            let key = |row: u32| match scope.sort {
                Sort::Rank | Sort::Aum => 0,
                Sort::Name => segment.name_key(row),
                Sort::NextVisit => {
                    segment.visit(row).map_or(u64::MAX, |d| (d - NaiveDate::MIN).num_days().unsigned_abs())
                }
                Sort::Birthday => {
                    facts.birthday(row).and_then(|k| coming.get(&birthday_key(k))).copied().unwrap_or(u64::MAX)
                }
            };
            let one = |row: u32| ((key(row), segment.standing(row)), *segment, row);
            if matches!(scope.sort, Sort::Aum | Sort::Rank) {
                // Rows stand in that order already: the first are enough.
                let alike = set.clone().judged_alike();
                first.extend(segment.best(&alike, scope.limit).into_iter().map(|(_, row)| one(row)));
            } else {
                first.extend(set.rows().map(one));
            }
        }
        if first.len() > scope.limit && scope.limit > 0 {
            first.select_nth_unstable_by_key(scope.limit - 1, |(key, ..)| *key);
        }
        first.truncate(scope.limit);
        first.sort_unstable_by_key(|(key, ..)| *key);
        first.into_iter().map(|(_, segment, row)| mark(segment.row(row), query).1).collect()
    }

    /// The keys of the birthdays that each filter asks for.
    fn born(&self, query: &Query, scope: &Scope) -> Vec<Vec<u32>> {
        query
            .filters
            .iter()
            .map(|f| match f.test {
                Test::Birthday(from, to) => {
                    let asked = (from, to, scope.leap);
                    let mut last = self.born.borrow_mut();
                    match &*last {
                        Some((same, keys)) if *same == asked => keys.clone(),
                        _ => {
                            let keys = born_between(from, to, scope);
                            *last = Some((asked, keys.clone()));
                            keys
                        }
                    }
                }
                _ => Vec::new(),
            })
            .collect()
    }
}

fn born_between(from: NaiveDate, to: NaiveDate, scope: &Scope) -> Vec<u32> {
    let days = from.iter_days().take_while(|d| *d <= to).take(400);
    let mut keys: Vec<u32> = days.flat_map(|d| keys_on(d, scope.leap)).map(birthday_key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// In how many days each birthday comes.
fn coming(scope: &Scope) -> HashMap<u32, u64> {
    let mut out = HashMap::new();
    // A leap-month day may be two years off; by then it stands with those unknown.
    for n in 0..=400 {
        let Some(day) = scope.today.checked_add_days(Days::new(n)) else { break };
        for key in keys_on(day, scope.leap) {
            out.entry(birthday_key(key)).or_insert(n);
        }
    }
    out
}
