//! The search index beside fuzzy matchers that scan all rows: fuzzy-matcher (Skim) on one thread, nucleo-matcher on two, frizbee on one;
//! the same keys of 200 queries typed letter by letter, the same process. From `benches/peers`:
//! `cargo run --release -- 10000 200000 1000000`
//!
//! The index answers from its fields; the peers get one line a customer (name, pinyin, phone, ID, number, address). The slower a peer,
//! the fewer keys it is asked of many customers, evenly spaced; each ratio is taken over just those keys.

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

/// How many keys each peer is asked at a million customers; of fewer customers as many more.
const SKIM: usize = 100;
const NUCLEO: usize = 200;
const FRIZBEE: usize = 400;

/// Milliseconds at the middle, at 95 % and at 99 %.
fn three(times: &[Duration]) -> [f64; 3] {
    let mut times = times.to_vec();
    times.sort_unstable();
    [0.5, 0.95, 0.99].map(|p| times[((times.len() as f64 * p) as usize).min(times.len() - 1)].as_secs_f64() * 1e3)
}

fn once(ask: impl FnOnce()) -> Duration {
    let began = Instant::now();
    ask();
    began.elapsed()
}

/// The middle of five: what else the machine does lasts longer than a key of ours.
fn middle(mut ask: impl FnMut()) -> Duration {
    let mut times = [(); 5].map(|()| once(&mut ask));
    times.sort_unstable();
    times[2]
}

fn show(name: &str, times: &[Duration], alone: Option<&[Duration]>) {
    let [p50, p95, p99] = three(times);
    print!("{name:14} {:5} keys  p50 {p50:9.3}  p95 {p95:9.3}  p99 {p99:9.3} ms", times.len());
    match alone.map(three) {
        Some([a, b, c]) => println!("   {:6.0}x {:6.0}x {:6.0}x", p50 / a, p95 / b, p99 / c),
        None => println!(),
    }
}

fn main() {
    let mut sizes: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 200_000, 1_000_000];
    }
    for n in sizes {
        let made = rows(n, 1);
        let asked = queries(&made, 1, 10);
        let keys: Vec<String> = asked.iter().flat_map(|q| keystrokes(&q.text)).collect();
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
        println!("== {n} customers, {} queries of {} keys; ratios to the search alone", asked.len(), keys.len());

        let ask = |key: &str, scope: &Scope| {
            middle(|| {
                black_box(index.search(key, scope));
            })
        };
        let alone: Vec<Duration> = keys.iter().map(|key| ask(key, &counted)).collect();
        let ranked: Vec<Duration> = keys.iter().map(|key| ask(key, &listed)).collect();
        show("search alone", &alone, None);
        show("with ranking", &ranked, None);
        let among = asked
            .iter()
            .filter(|q| index.search(&q.text, &listed).list.iter().take(10).any(|hit| hit.row.id == q.target))
            .count();
        println!("{among} of {} targets among the first ten", asked.len());

        let peer = |name: &str, most: usize, ask: &mut dyn FnMut(&str)| {
            let step = (keys.len() * n / (most * 1_000_000)).max(1);
            let times: Vec<Duration> = keys.iter().step_by(step).map(|key| once(|| ask(key))).collect();
            show(name, &times, Some(&alone.iter().copied().step_by(step).collect::<Vec<_>>()));
        };

        let skim = SkimMatcherV2::default();
        peer("skim", SKIM, &mut |key| {
            black_box(lines.iter().filter_map(|l| skim.fuzzy_match(l, key)).collect::<Vec<_>>());
        });

        let mut matchers = [(); 2].map(|()| Matcher::new(nucleo_matcher::Config::DEFAULT));
        let wide: Vec<Utf32String> = lines.iter().map(|l| Utf32String::from(l.as_str())).collect();
        peer("nucleo", NUCLEO, &mut |key| {
            let pattern = Pattern::parse(key, CaseMatching::Ignore, Normalization::Never);
            std::thread::scope(|s| {
                for (half, matcher) in wide.chunks(n.div_ceil(2)).zip(&mut matchers) {
                    let pattern = &pattern;
                    s.spawn(move || {
                        black_box(half.iter().filter_map(|l| pattern.score(l.slice(..), matcher)).collect::<Vec<_>>());
                    });
                }
            });
        });
        drop(wide);

        peer("frizbee", FRIZBEE, &mut |key| {
            let mut matcher = frizbee::Matcher::new(key, &frizbee::Config::default());
            black_box(matcher.match_list(&lines));
        });
    }
}
