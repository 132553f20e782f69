//! The order of the short list. Class first, then what fuzzy-matcher makes of the field that was met, then assets. It is asked
//! of at most [`SHORT`] customers: as a scan of all it would take half a second at a million.

use super::hits::{Field, Hit};
use super::meet::meet;
use super::pinyin::{self, Read};
use super::query::Query;
use super::row::Row;
use crate::domain::ids::CustomerId;
use crate::domain::tier::Tier;
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How many are ranked.
pub const SHORT: usize = 200;

/// Most assets first, those without figures last, of these the higher tiers first, then by id so that the order never wavers.
pub fn by_assets(row: &Row) -> (Reverse<Option<i64>>, Reverse<Option<Tier>>, CustomerId) {
    (Reverse(row.aum.map(|a| a.0)), Reverse(row.tier.filter(|_| row.aum.is_none())), row.id)
}

/// What one matched letter is worth in the matcher's score.
const LETTER: i64 = 16;

/// Ranks and marks rows that meet the query; each comes with the place it had.
pub fn rank(rows: impl Iterator<Item = Row>, query: &Query, matcher: &SkimMatcherV2) -> Vec<(usize, Hit)> {
    let mut ranked: Vec<(u32, i64, usize, Hit)> = rows
        .enumerate()
        .map(|(i, row)| {
            let read = pinyin::read(&row.name);
            let (class, hit) = mark_read(row, &read, query);
            let score = query
                .words
                .iter()
                .zip(&hit.matched)
                .map(|(word, m)| skim(&hit.row, &read, m.field, &word.text, matcher));
            (class, score.sum(), i, hit)
        })
        .collect();
    // Scores are compared within a class, so that who is listed does not hang on who is listed behind.
    let mut best: BTreeMap<u32, i64> = BTreeMap::new();
    for (class, score, ..) in &ranked {
        let most = best.entry(*class).or_insert(*score);
        *most = (*most).max(*score);
    }
    let behind = |class: &u32, score: &i64| best.get(class).map_or(0, |most| (most - score) / LETTER);
    // `zs` lies a little closer together in zhao song than in zhang sheng. Less than a letter's worth is left to assets, which
    // is the order the branch means.
    ranked.sort_by_cached_key(|(class, score, _, hit)| (*class, behind(class, score), by_assets(&hit.row)));
    ranked.into_iter().map(|(_, _, i, hit)| (i, hit)).collect()
}

/// Marks where the words were met, the best place of each word first, and says how well they were.
pub fn mark(row: Row, query: &Query) -> (u32, Hit) {
    let read = pinyin::read(&row.name);
    mark_read(row, &read, query)
}

fn mark_read(row: Row, read: &[Read], query: &Query) -> (u32, Hit) {
    let houses = query.house_numbers();
    let mut class = 0u32;
    let (mut best, mut more) = (Vec::new(), Vec::new());
    for word in &query.words {
        let Some(met) = meet(&row, read, word, houses) else { continue };
        class += u32::from(met.class);
        let mut places = met.matched.into_iter();
        best.extend(places.next());
        more.extend(places);
    }
    best.extend(more);
    (class, Hit { row, matched: best, guess: false })
}

fn skim(row: &Row, read: &[Read], field: Field, word: &str, matcher: &SkimMatcherV2) -> i64 {
    let score = |text: &str| matcher.fuzzy_match(text, word).unwrap_or(0);
    match field {
        Field::Name => score(&row.name),
        Field::Pinyin => score(&pinyin::join(read)),
        Field::Phone => score(&row.phone),
        Field::Phone2 => score(&row.phone2),
        Field::Id => score(&row.document),
        Field::No => score(&row.no),
        // The beginning of an address is the province for everybody: a better place in it says nothing.
        Field::Address => 0,
    }
}
