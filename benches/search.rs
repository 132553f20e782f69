//! The search index measured: time to build, bytes a customer, each key of about 200 queries typed letter by letter, and
//! fuzzy-matcher over all rows beside it. `cargo bench --bench search -- 10000 200000 1000000`; `alone` leaves the peer out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use chrono::NaiveDate;
use common::{keystrokes, people, queries, rows};
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use guitai::index::{GroupBy, GroupKey, Index, Scope, Sort, pinyin};
use std::time::{Duration, Instant};

fn percentile(times: &mut [Duration], p: f64) -> f64 {
    times.sort_unstable();
    let at = ((times.len() as f64 * p) as usize).min(times.len() - 1);
    times[at].as_secs_f64() * 1e3
}

fn three(times: &mut [Duration]) -> String {
    let [a, b, c] = [0.5, 0.95, 0.99].map(|p| percentile(times, p));
    format!("p50 {a:.3} p95 {b:.3} p99 {c:.3} ms")
}

/// Seconds of CPU this process has had, where the system says so: on a busy machine the clock on the wall measures the others.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// The middle of five, so that what else the machine does in between does not count.
fn median(mut ask: impl FnMut()) -> Duration {
    let mut times = [Duration::ZERO; 5];
    for time in &mut times {
        let began = Instant::now();
        ask();
        *time = began.elapsed();
    }
    times.sort_unstable();
    times[2]
}

fn main() {
    let mut sizes: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 200_000, 1_000_000];
    }
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    for n in sizes {
        println!("== {n} customers");
        let made = rows(n, 1);
        let staff = people(n);
        let asked = queries(&made, 1, 10);
        let lines: Vec<String> = made
            .iter()
            .map(|r| {
                format!(
                    "{} {} {} {} {} {}",
                    r.name,
                    pinyin::shown(&r.name).replace(' ', ""),
                    r.phone,
                    r.document,
                    r.no,
                    r.address
                )
            })
            .collect();
        let (began, busy) = (Instant::now(), cpu_seconds());
        let mut index = Index::build(made, &staff);
        println!(
            "build        {:.2} s, {:.2} s of it this process's",
            began.elapsed().as_secs_f64(),
            cpu_seconds() - busy
        );
        let parts = index.bytes();
        let bytes: usize = parts.iter().map(|(_, b)| b).sum();
        let each: Vec<String> = parts.iter().map(|(p, b)| format!("{p} {:.1}", *b as f64 / n as f64)).collect();
        println!("bytes        {:.1} a customer ({})", bytes as f64 / n as f64, each.join(", "));

        // `key=1990` times single keys, the best of many: what the machine does beside does not count at all.
        let single: Vec<String> = std::env::args().filter_map(|a| Some(a.strip_prefix("key=")?.to_owned())).collect();
        for key in &single {
            let best = |limit: usize| {
                let scope = Scope { limit, ..Scope::on(today) };
                let once = || {
                    let began = Instant::now();
                    std::hint::black_box(index.search(key, &scope));
                    began.elapsed()
                };
                (0..50).map(|_| once()).min().unwrap_or_default()
            };
            let total = index.search(key, &Scope::on(today)).total;
            println!("key          {key:20} {total:7} hits, alone {:?}, with ranking {:?}", best(0), best(50));
        }
        if !single.is_empty() {
            continue;
        }
        let keys: Vec<String> = asked.iter().flat_map(|q| keystrokes(&q.text)).collect();
        let scope = Scope { limit: 50, ..Scope::on(today) };
        let count = Scope { limit: 0, ..Scope::on(today) };
        let mut alone: Vec<Duration> = Vec::new();
        let mut whole: Vec<(Duration, &str)> = Vec::new();
        for key in &keys {
            alone.push(median(|| {
                std::hint::black_box(index.search(key, &count));
            }));
            let took = median(|| {
                std::hint::black_box(index.search(key, &scope));
            });
            whole.push((took, key));
        }
        println!("keystrokes   {} of {} queries", keys.len(), asked.len());
        println!("search alone {}", three(&mut alone));
        let mut times: Vec<Duration> = whole.iter().map(|(t, _)| *t).collect();
        println!("with ranking {}", three(&mut times));
        whole.sort();
        let worst: Vec<String> =
            whole.iter().rev().take(12).map(|(t, k)| format!("{k} {:.2}", t.as_secs_f64() * 1e3)).collect();
        println!("slowest      {}", worst.join(" | "));

        let mut missed: Vec<String> = Vec::new();
        let mut exact = 0;
        for q in &asked {
            let hits = index.search(&q.text, &scope);
            match hits.list.iter().position(|h| h.row.id == q.target) {
                Some(at) if at < 10 => exact += 1,
                at => missed.push(format!("{} {} {at:?} of {}", q.kind, q.text, hits.total)),
            }
        }
        println!("found        {exact} of {} among the first 10", asked.len());
        missed.iter().for_each(|m| println!("  missed {m}"));

        for text in ["#贵宾", "owner:s003", "birthday:7d", "due:overdue", "aum:>50w", "missing:phone", "玉溪镇", ""]
        {
            let mut times: Vec<Duration> = (0..20)
                .map(|_| {
                    let began = Instant::now();
                    std::hint::black_box(index.search(text, &scope));
                    began.elapsed()
                })
                .collect();
            println!("filter       {text:12} {}", three(&mut times));
        }
        for sort in Sort::ALL {
            let scope = Scope { sort, ..scope.clone() };
            let began = Instant::now();
            std::hint::black_box(index.search("z", &scope));
            println!("sort         {:9} of z {:.2} ms", sort.code(), began.elapsed().as_secs_f64() * 1e3);
        }
        let began = Instant::now();
        let groups = index.groups(GroupBy::Tier);
        let first = began.elapsed();
        let biggest = groups.iter().max_by_key(|g| g.count).map(|g| (g.key.clone(), g.count)).unwrap();
        let began = Instant::now();
        std::hint::black_box(index.column(&biggest.0, 0, 40));
        let column = began.elapsed();
        let began = Instant::now();
        std::hint::black_box(index.column(&biggest.0, biggest.1 / 2, 40));
        println!(
            "board        sums {:.2} ms, first column of {} cards {:.2} ms, scrolled {:.3} ms",
            first.as_secs_f64() * 1e3,
            biggest.1,
            column.as_secs_f64() * 1e3,
            began.elapsed().as_secs_f64() * 1e3
        );
        let some: Vec<_> = index.column(&GroupKey::Tier(None), 0, 600);
        let mut times: Vec<Duration> = some
            .into_iter()
            .map(|mut row| {
                row.phone = "13800138000".to_owned();
                let began = Instant::now();
                index.upsert(row);
                std::hint::black_box(index.search("zs", &scope));
                began.elapsed()
            })
            .collect();
        println!("change+key   {}", three(&mut times));

        if std::env::args().any(|a| a == "alone") {
            continue;
        }
        // The peer over all rows, on every so many-th key: all of them would take an hour at a million.
        let matcher = SkimMatcherV2::default();
        let step = (keys.len() * n / 40_000_000).max(1);
        let mut times: Vec<Duration> = Vec::new();
        for key in keys.iter().step_by(step) {
            let began = Instant::now();
            let best: Vec<i64> = lines.iter().filter_map(|l| matcher.fuzzy_match(l, key)).collect();
            std::hint::black_box(best);
            times.push(began.elapsed());
        }
        println!("skim         {} ({} keys)", three(&mut times), times.len());
    }
}
