//! The search index beside fuzzy matchers that scan all rows: fuzzy-matcher (Skim), nucleo-matcher, frizbee; the same keys, the
//! same process, one thread each. From `benches/peers`: `cargo run --release -- 10000 200000 1000000`
//!
//! The index answers from its fields; the peers get one line a customer (name, pinyin, phone, ID, number, address). They are asked
//! every so many-th key, for all keys would take an hour at a million; so is the index, for the ratio.

#[path = "../../common/mod.rs"]
mod common;

use chrono::NaiveDate;
use common::{keystrokes, people, queries, rows};
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use guitai::index::{Index, Scope, pinyin};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Matcher, Utf32String};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Milliseconds at the middle and at 95 %.
fn two(times: &mut [Duration]) -> (f64, f64) {
    times.sort_unstable();
    let at = |p: f64| times[((times.len() as f64 * p) as usize).min(times.len() - 1)].as_secs_f64() * 1e3;
    (at(0.5), at(0.95))
}

fn timed(keys: &[String], mut ask: impl FnMut(&str)) -> (f64, f64) {
    let mut times: Vec<Duration> = keys
        .iter()
        .map(|key| {
            let began = Instant::now();
            ask(key);
            began.elapsed()
        })
        .collect();
    two(&mut times)
}

fn main() {
    let mut sizes: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 200_000, 1_000_000];
    }
    for n in sizes {
        let made = rows(n, 1);
        let all: Vec<String> = queries(&made, 1, 10).iter().flat_map(|q| keystrokes(&q.text)).collect();
        let keys: Vec<String> = all.iter().step_by((all.len() * n / 60_000_000).max(1)).cloned().collect();
        let lines: Vec<String> = made
            .iter()
            .map(|r| {
                let read = pinyin::shown(&r.name).replace(' ', "");
                format!("{} {read} {} {} {} {}", r.name, r.phone, r.document, r.no, r.address)
            })
            .collect();
        let index = Index::build(made, &people(n));
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let listed = Scope { limit: 50, ..Scope::on(today) };
        let counted = Scope { limit: 0, ..Scope::on(today) };
        println!("== {n} customers, {} keys", keys.len());

        let alone = timed(&keys, |key| {
            black_box(index.search(key, &counted));
        });
        let ranked = timed(&keys, |key| {
            black_box(index.search(key, &listed));
        });
        let show = |name: &str, (p50, p95): (f64, f64)| {
            println!("{name:14} p50 {p50:9.3} p95 {p95:9.3} ms   {:7.0}x {:7.0}x", p50 / alone.0, p95 / alone.1);
        };
        show("index alone", alone);
        show("index ranked", ranked);

        let skim = SkimMatcherV2::default();
        show(
            "skim",
            timed(&keys, |key| {
                black_box(lines.iter().filter_map(|l| skim.fuzzy_match(l, key)).collect::<Vec<_>>());
            }),
        );

        let mut matcher = Matcher::new(nucleo_matcher::Config::DEFAULT);
        let wide: Vec<Utf32String> = lines.iter().map(|l| Utf32String::from(l.as_str())).collect();
        show(
            "nucleo",
            timed(&keys, |key| {
                let pattern = Pattern::parse(key, CaseMatching::Ignore, Normalization::Never);
                black_box(wide.iter().filter_map(|l| pattern.score(l.slice(..), &mut matcher)).collect::<Vec<_>>());
            }),
        );
        drop(wide);

        show(
            "frizbee",
            timed(&keys, |key| {
                let mut matcher = frizbee::Matcher::new(key, &frizbee::Config::default());
                black_box(matcher.match_list(&lines));
            }),
        );
    }
}
