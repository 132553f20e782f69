//! The order of the short list. Class first, then what fuzzy-matcher makes of the field that was met, then assets. It is asked
//! of at most [`SHORT`] customers: as a scan of all it would take half a second at a million.

use super::hits::{Field, Hit};
use super::meet::meet;
use super::pinyin;
use super::query::Query;
use super::row::Row;
use crate::domain::ids::CustomerId;
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use std::cmp::Reverse;

/// How many are ranked.
pub const SHORT: usize = 200;

/// Most assets first, those without figures last, then by id so that the order never wavers.
pub fn by_assets(row: &Row) -> (Reverse<Option<i64>>, CustomerId) {
    (Reverse(row.aum.map(|a| a.0)), row.id)
}

/// Ranks and marks. Rows that do not meet the query are guesses of a typing error and are marked by nothing.
pub fn rank(rows: Vec<Row>, query: &Query, matcher: &SkimMatcherV2) -> Vec<Hit> {
    let houses = query.house_numbers();
    let mut ranked: Vec<(u32, Reverse<i64>, Hit)> = rows
        .into_iter()
        .map(|row| {
            let read = pinyin::read(&row.name);
            let mut class = 0u32;
            let mut score = 0;
            let mut matched = Vec::new();
            for word in &query.words {
                let Some(met) = meet(&row, &read, word, houses) else { continue };
                class += u32::from(met.class);
                if let Some(best) = met.matched.first() {
                    score += skim(&row, best.field, &word.text, matcher);
                }
                matched.extend(met.matched);
            }
            (class, Reverse(score), Hit { row, matched, guess: false })
        })
        .collect();
    ranked.sort_by_key(|(class, score, hit)| (*class, *score, by_assets(&hit.row)));
    ranked.into_iter().map(|(_, _, hit)| hit).collect()
}

fn skim(row: &Row, field: Field, word: &str, matcher: &SkimMatcherV2) -> i64 {
    let score = |text: &str| matcher.fuzzy_match(text, word).unwrap_or(0);
    match field {
        Field::Name => score(&row.name),
        Field::Pinyin => score(&pinyin::shown(&row.name)),
        Field::Phone => score(&row.phone),
        Field::Phone2 => score(&row.phone2),
        Field::Id => score(&row.document),
        Field::No => score(&row.no),
        // The beginning of an address is the province for everybody: a better place in it says nothing.
        Field::Address => 0,
    }
}
