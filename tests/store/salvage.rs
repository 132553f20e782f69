//! Damaged files: what was not damaged is there again, the new file passes every check, nothing ever panics.

use crate::house::{House, station};
use guitai::domain::customer::Customer;
use guitai::domain::ids::StaffId;
use guitai::store::backup::Looked;
use guitai::store::open::{File, Mode};
use guitai::store::request::Stamp;
use guitai::store::salvage::{Report, counted, salvage};
use proptest::prelude::*;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::Path;

const PAGE: usize = 4096;

/// Tables of which not a byte is made anew.
const PLAIN: [&str; 9] = ["contact", "figures", "part", "op", "task", "hand_over", "batch", "access", "holiday"];

fn stamp() -> Stamp {
    let today = crate::house::day("2026-11-20");
    Stamp::new(StaffId(0), today.and_hms_opt(9, 0, 0).unwrap(), today)
}

/// A branch file with something in every table, as bytes.
fn small() -> Vec<u8> {
    let mut house = House::on("2026-11-20");
    let mut ids = Vec::new();
    for n in 0..60 {
        let name = format!("客户{n}");
        let notes = [("remarks".to_owned(), "话".repeat(if n % 20 == 0 { 3_000 } else { 30 }))].into();
        ids.push(house.create(Customer { name, owner: Some(house.wang), notes, ..Customer::default() }));
        house.log(ids[n], guitai::domain::contact::Outcome::Reached, None, None);
        house.figures(ids[n], house.today, n as i64 * 10_000);
    }
    std::fs::read(&house.path).unwrap()
}

struct Saved {
    folder: tempfile::TempDir,
    report: Report,
}

impl Saved {
    /// Salvages, and holds that what comes out passes every check and takes a save.
    fn of(bytes: &[u8]) -> Saved {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old.db"), folder.path().join("new.db"));
        std::fs::write(&old, bytes).unwrap();
        let mut report = salvage(bytes, &new, "PC-1", &stamp()).unwrap();
        counted(&old, &mut report);
        let mut file = File::open(&new, Mode::Write, &station("PC-1", 1)).unwrap();
        match file.look_over().unwrap() {
            Looked::Whole(_) => {}
            Looked::Broken(wrong) => panic!("{wrong:?}\n{report:?}"),
        }
        let batch = guitai::store::bulk::BatchFile { name: "x".to_owned(), hash: String::new() };
        let mut bulk = file.load(batch, &stamp()).unwrap();
        bulk.insert_customer(&Customer { no: "new".to_owned(), name: "新客".to_owned(), ..Customer::default() })
            .unwrap();
        bulk.finish("").unwrap();
        assert_eq!(file.broken_chain().unwrap(), None, "{report:?}");
        assert!(std::fs::read(&old).unwrap() == bytes, "the damaged file is as it was");
        Saved { folder, report }
    }

    /// Rows of these tables that the new file has and the other has not, or the other way round.
    fn differ(&self, good: &Path, tables: &[&str], missing: bool) -> u64 {
        let conn = Connection::open(self.folder.path().join("new.db")).unwrap();
        conn.execute("ATTACH ? AS good", [good.to_str().unwrap()]).unwrap();
        let (a, b) = if missing { ("good", "main") } else { ("main", "good") };
        let sum = |t: &&str| -> i64 {
            let sql = format!("SELECT count(*) FROM (SELECT * FROM {a}.{t} EXCEPT SELECT * FROM {b}.{t})");
            conn.query_row(&sql, [], |r| r.get(0)).unwrap()
        };
        tables.iter().map(sum).sum::<i64>() as u64
    }
}

/// The rows that may be gone when these pages are: those on them, and one for a page that a long row goes on on.
fn at_stake(good: &[u8], pages: &BTreeSet<usize>) -> u64 {
    pages
        .iter()
        .map(|n| {
            let page = &good[n * PAGE..(n + 1) * PAGE];
            let start = if *n == 0 { 100 } else { 0 };
            match page[start] {
                0x0d | 0x0a | 0x02 => u64::from(u16::from_be_bytes([page[start + 3], page[start + 4]])),
                0x05 => 0,
                _ => 1,
            }
        })
        .sum()
}

#[test]
fn a_file_that_is_whole_comes_out_as_it_went_in() {
    let bytes = small();
    let good = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(good.path(), &bytes).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new.db");
    let mut report = salvage(&bytes, &new, "PC-1", &stamp()).unwrap();
    counted(good.path(), &mut report);
    assert!(report.whole() && report.unreadable.is_empty() && !report.unsure, "{report:?}");
    for (name, table) in &report.tables {
        assert_eq!(table.counted, Some(table.read), "{name}");
    }
    let saved = Saved { folder, report };
    // Every table there is, what is made anew too but for counters, whose zeros go; a changed row would be on both sides.
    let conn = Connection::open(good.path()).unwrap();
    let mut names =
        conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%_sum'").unwrap();
    let names: Vec<String> = names.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert!(names.len() > 15);
    for name in names {
        assert_eq!(
            (saved.differ(good.path(), &[name], true), saved.differ(good.path(), &[name], false)),
            (0, 0),
            "{name}"
        );
    }
}

#[test]
fn indexes_that_the_program_does_not_have_any_more_are_no_tables_and_nothing_of_them_is_missed() {
    let good = tempfile::NamedTempFile::new().unwrap();
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("demo.db"), good.path()).unwrap();
    let conn = Connection::open(good.path()).unwrap();
    // As files of earlier versions have them: who has a keeper looks like a row of a table, who has none does not.
    conn.execute_batch(
        "CREATE INDEX customer_owner ON customer (owner, tier);
         CREATE INDEX customer_seen ON customer (owner, as_of, tier);
         CREATE INDEX customer_lacking ON customer (tier, owner, aum DESC)",
    )
    .unwrap();
    drop(conn);
    let saved = Saved::of(&std::fs::read(good.path()).unwrap());
    assert!(saved.report.whole() && saved.report.unreadable.is_empty(), "{:?}", saved.report);
}

#[test]
fn the_demo_loses_only_what_lay_on_the_pages_that_are_gone() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo.db");
    let good = std::fs::read(&path).unwrap();
    let all = good.len() / PAGE;
    // The first page with the schema, some anywhere, the last; and the file cut in the middle of a page.
    for pages in [vec![0], vec![1, 2, 3], (0..all).step_by(97).collect(), vec![all - 1]] {
        let pages: BTreeSet<usize> = pages.into_iter().collect();
        let mut bytes = good.clone();
        for n in &pages {
            bytes[n * PAGE..(n + 1) * PAGE].fill(0);
        }
        let saved = Saved::of(&bytes);
        let gone = saved.differ(&path, &PLAIN, true);
        assert!(gone <= at_stake(&good, &pages), "{gone} rows for {pages:?}");
        let found = &saved.report.unreadable;
        assert!(pages.iter().all(|n| found.contains(&(*n as u32 + 1))) && !saved.report.whole(), "{:?}", saved.report);
        // Beside them only pages that a row on them went on on.
        assert!(found.len() <= pages.len() + 8, "{found:?}");
        // One batch is the save that `Saved::of` tried.
        let allowed = 1 + saved.report.staff.len() + saved.report.emptied as usize;
        let new = saved.differ(&path, &PLAIN, false) as usize;
        assert!(new <= allowed || saved.report.unsure, "{new} {pages:?}");
    }
    let cut = all * 2 / 3 * PAGE + 1_000;
    let saved = Saved::of(&good[..cut]);
    assert_eq!(saved.report.missing as usize, all - all * 2 / 3);
    let pages = (all * 2 / 3..all).collect();
    assert!(saved.differ(&path, &PLAIN, true) <= at_stake(&good, &pages));
    assert!(saved.report.read() > 1_000);
}

#[test]
fn changes_that_are_gone_are_named_and_the_chain_goes_on_above_them() {
    let good = small();
    let conn = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(conn.path(), &good).unwrap();
    // Takes changes out and rewrites one, as no program of ours can.
    for (sql, gaps, breaks) in [
        ("DELETE FROM change WHERE seq BETWEEN 5 AND 7", vec![(5, 7)], vec![]),
        ("DELETE FROM change WHERE seq = 1", vec![(1, 1)], vec![]),
        ("UPDATE change SET reason = 'x' WHERE seq = 9", vec![], vec![9]),
        ("DELETE FROM change WHERE seq > 100", vec![(101, 182)], vec![]),
    ] {
        std::fs::write(conn.path(), &good).unwrap();
        let other = Connection::open(conn.path()).unwrap();
        let sql = format!("DROP TRIGGER change_update; DROP TRIGGER change_delete; {sql}");
        other.execute_batch(&sql).unwrap();
        let saved = Saved::of(&std::fs::read(conn.path()).unwrap());
        assert_eq!((&saved.report.gaps, &saved.report.breaks), (&gaps, &breaks), "{sql}");
        let new = Connection::open(saved.folder.path().join("new.db")).unwrap();
        // Whoever takes one more away is found out still.
        new.execute_batch("DROP TRIGGER change_delete; DELETE FROM change WHERE seq = 20").unwrap();
        let mut file = File::open(&saved.folder.path().join("new.db"), Mode::Write, &station("", 1)).unwrap();
        assert_eq!(file.broken_chain().unwrap(), Some(21), "{sql}");
    }
}

#[test]
fn an_archive_that_is_gone_keeps_its_ledger_and_what_the_log_says_of_it() {
    let good = small();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &good).unwrap();
    let conn = Connection::open(file.path()).unwrap();
    conn.execute_batch(
        "PRAGMA foreign_keys = OFF; DELETE FROM customer WHERE name IN ('客户3', '客户4'); DELETE FROM staff",
    )
    .unwrap();
    let saved = Saved::of(&std::fs::read(file.path()).unwrap());
    assert_eq!(saved.report.customers.len(), 2);
    assert!(!saved.report.staff.is_empty() && saved.report.defaults == ["staff"], "{:?}", saved.report);
    let new = Connection::open(saved.folder.path().join("new.db")).unwrap();
    let sql = "SELECT count(*) FROM contact JOIN customer ON customer.id = customer WHERE no LIKE 'LOST%' AND name LIKE '客户_'";
    assert_eq!(new.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap(), 2);
    assert_eq!(saved.differ(file.path(), &["contact", "figures"], true), 0);
}

#[derive(Debug, Clone)]
enum Blow {
    Flip(usize),
    Zero(usize),
    Noise(usize, u8),
    Cut(usize),
}

fn blow() -> impl Strategy<Value = Blow> {
    prop_oneof![
        3 => any::<usize>().prop_map(Blow::Flip),
        2 => any::<usize>().prop_map(Blow::Zero),
        1 => (any::<usize>(), any::<u8>()).prop_map(|(n, b)| Blow::Noise(n, b)),
        1 => any::<usize>().prop_map(Blow::Cut),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_damaged_all_else_is_there(blows in prop::collection::vec(blow(), 1..4)) {
        static GOOD: std::sync::OnceLock<(Vec<u8>, tempfile::NamedTempFile)> = std::sync::OnceLock::new();
        let (good, path) = GOOD.get_or_init(|| {
            let bytes = small();
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), &bytes).unwrap();
            (bytes, file)
        });
        let mut bytes = good.clone();
        let mut hit = BTreeSet::new();
        let all = good.len() / PAGE;
        for blow in blows {
            match blow {
                Blow::Flip(at) => {
                    let at = at % good.len();
                    hit.insert(at / PAGE);
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << (at % 8);
                    }
                }
                Blow::Zero(n) | Blow::Noise(n, _) => {
                    let (n, b) = (n % all, if let Blow::Noise(_, b) = blow { b } else { 0 });
                    hit.insert(n);
                    if let Some(page) = bytes.get_mut(n * PAGE..(n + 1) * PAGE) {
                        page.iter_mut().enumerate().for_each(|(i, byte)| *byte = b.wrapping_mul(i as u8));
                    }
                }
                Blow::Cut(at) => {
                    let at = (at % good.len()).min(bytes.len());
                    hit.extend(at / PAGE..all);
                    bytes.truncate(at);
                }
            }
        }
        let saved = Saved::of(&bytes);
        let gone = saved.differ(path.path(), &PLAIN, true);
        prop_assert!(gone <= at_stake(good, &hit), "{gone} of {} for {hit:?}: {:?}", at_stake(good, &hit), saved.report);
    }
}
