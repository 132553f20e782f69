//! Many customers at once, where indexes and counters are taken away and built anew: they stand as if each had come alone.

use crate::house::{House, day, figures};
use crate::stage::plan;
use guitai::domain::customer::Customer;
use guitai::domain::settings::Settings;
use guitai::domain::values::money::Fen;
use guitai::store::bulk::BatchFile;
use guitai::store::dealings::fact::{FIGURES, Fact};
use rusqlite::Connection;

fn no(n: i64) -> String {
    format!("6{n:06}")
}

/// A branch with so many customers without figures, a third of them kept by somebody.
fn branch(many: i64, change: impl FnOnce(&mut Settings)) -> House {
    let mut house = House::on("2026-11-20");
    house.settings(change);
    let (stamp, wang) = (house.stamp(), house.wang);
    let mut bulk = house.file.load(BatchFile { name: "a".to_owned(), hash: "a".to_owned() }, &stamp).unwrap();
    for n in 0..many {
        let born = day("1950-01-01").checked_add_days(chrono::Days::new(u64::try_from(n * 7 % 20_000).unwrap()));
        let owner = (n % 3 == 0).then_some(wang);
        let c = Customer { no: no(n), name: "甲".to_owned(), birth: born, owner, opened: born, ..Customer::default() };
        bulk.insert_customer(&c).unwrap();
    }
    bulk.finish("").unwrap();
    house
}

/// Takes the assets of customers in as a file does.
fn assets(house: &mut House, as_of: &str, rows: impl Iterator<Item = (i64, i64)>) {
    let stamp = house.stamp();
    let mut staging = house.file.stage(plan("资产", FIGURES), &stamp).unwrap();
    for (n, yuan) in rows {
        staging.put(&no(n), &Fact::Figures(&figures(day(as_of), yuan))).unwrap();
    }
    staging.flip(Some(day(as_of)), &[], "{}").unwrap();
}

/// All that is derived of everybody, by number; how many moves and signals there are; the tables with their indexes and triggers.
fn all(house: &House) -> (Vec<String>, Vec<String>) {
    let conn = Connection::open(&house.path).unwrap();
    let list = |sql: &str| -> Vec<String> {
        conn.prepare(sql).unwrap().query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let columns = "no, aum, tier, stage, solar, next_visit, visit_for, visitor IS NULL, gaps, lacking, completeness, stale, as_of, balance, \
                   average, lapsed, reached, below_since, guarded_until";
    let text: Vec<String> = columns.split(", ").map(|c| format!("quote({c})")).collect();
    let rows = list(&format!("SELECT {} FROM customer ORDER BY no", text.join(" || ',' || ")));
    let others = list(
        "SELECT 'moves ' || count(*) || ' ' || total(to_tier * 7 + from_tier) FROM tier_move
         UNION ALL SELECT kind || ' ' || count(*) FROM signal GROUP BY kind
         UNION ALL SELECT name || ' ' || sql FROM (SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)",
    );
    (rows, others)
}

#[test]
fn assets_of_many_that_come_in_one_file_leave_what_many_small_files_leave() {
    let (many, portion) = (6_000, 1_000);
    let yuan = |n: i64| n * 80 + 11;
    // The next month a few move far, most hardly.
    let later = |n: i64| if n % 50 == 0 { yuan(n) * 3 } else { yuan(n) + 1 };
    let mut one = branch(many, |_| {});
    assets(&mut one, "2026-10-31", (0..many).map(|n| (n, yuan(n))));
    assets(&mut one, "2026-11-20", (0..many).map(|n| (n, later(n))));
    let mut small = branch(many, |_| {});
    for from in (0..many / portion).map(|n| n * portion) {
        assets(&mut small, "2026-10-31", (from..from + portion).map(|n| (n, yuan(n))));
    }
    for from in (0..many / portion).map(|n| n * portion) {
        assets(&mut small, "2026-11-20", (from..from + portion).map(|n| (n, later(n))));
    }
    let ((rows, others), (rows_small, others_small)) = (all(&one), all(&small));
    assert_eq!(rows.iter().zip(&rows_small).find(|(a, b)| a != b), None);
    assert_eq!(others, others_small);
    assert!(!others[0].starts_with("moves 0"), "{}", others[0]);
    assert_eq!(one.file.faults().unwrap(), Vec::<String>::new());
    // The guards are back at work too.
    let id = one.rows()[7].id;
    one.figures(id, day("2026-11-21"), 4_000_000);
    assert_eq!(one.file.faults().unwrap(), Vec::<String>::new());
}

#[test]
fn a_line_that_moves_some_of_many_leaves_what_it_had_left_from_the_start() {
    // More than the first portion of the pass.
    let many = 17_000;
    let lower = |s: &mut Settings| s.lines.0[2] = Fen::of_yuan(150_000);
    let yuan = |n: i64| n * 15 + 11;
    let mut before = branch(many, lower);
    assets(&mut before, "2026-11-20", (0..many).map(|n| (n, yuan(n))));
    let mut after = branch(many, |_| {});
    assets(&mut after, "2026-11-20", (0..many).map(|n| (n, yuan(n))));
    let (were, schema) = all(&after);
    after.settings(lower);
    let ((rows, _), (rows_after, schema_after)) = (all(&before), all(&after));
    assert_eq!(rows.iter().zip(&rows_after).find(|(a, b)| a != b), None);
    let moved = were.iter().zip(&rows_after).filter(|(a, b)| a != b).count();
    assert!(moved * 6 > rows.len() && moved * 3 < rows.len(), "{moved}");
    assert_eq!(schema[1..], schema_after[1..]);
    assert_eq!(schema_after[0].split(' ').nth(1), Some(moved.to_string().as_str()));
    assert_eq!(after.file.faults().unwrap(), Vec::<String>::new());
}
