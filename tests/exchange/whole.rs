//! Whole runs: the seven files in, again, changed, stopped half-way, and back out.

use super::bench::{Bench, CUSTOMERS, FIGURES, counts, stamp, today};
use chrono::NaiveDate;
use guitai::domain::text::Lang;
use guitai::domain::tier::Tier;
use guitai::domain::values::money::Fen;
use guitai::exchange::extract::folder;
use guitai::exchange::extract::import::{ImportError, Options, Way, import_with};
use guitai::exchange::extract::lane::Job;
use guitai::exchange::extract::report::Report;
use guitai::store::dealings::undo::{Undone, first};
use guitai::store::request::Stamp;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

const SEVEN: [&str; 7] = ["交易.csv", "客户.csv", "持有.csv", "贷款.csv", "签约.csv", "评级.csv", "资产.csv"];
const HOLDINGS: &str = "客户号,产品代码,合同号,金额,起息日,到期日,利率,状态";

fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn seven(b: &Bench) -> Vec<PathBuf> {
    SEVEN.iter().map(|name| b.sample(name)).collect()
}

fn one<T: rusqlite::types::FromSql>(b: &Bench, sql: &str) -> T {
    Connection::open(b.path()).unwrap().query_row(sql, [], |r| r.get(0)).unwrap()
}

/// Every row of every table but the log, revs, and what only grows (see tests/store/stage.rs).
fn rows(path: &Path) -> BTreeMap<String, Vec<String>> {
    let conn = Connection::open(path).unwrap();
    let list = |sql: &str| -> Vec<String> {
        conn.prepare(sql).unwrap().query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut all = BTreeMap::new();
    for table in list("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1") {
        if ["change", "op", "batch", "place", "touched"].contains(&table.as_str()) {
            continue;
        }
        let columns: Vec<String> = list(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .into_iter()
            .filter(|c| c != "rev" && !c.starts_with("updated_"))
            .map(|c| format!("quote(\"{c}\")"))
            .collect();
        let mut rows = list(&format!("SELECT {} FROM \"{table}\"", columns.join(" || ',' || ")));
        rows.retain(|r| !table.ends_with("_sum") || !(r.ends_with(",0") || r.ends_with(",0,0,0")));
        rows.sort();
        all.insert(table, rows);
    }
    all
}

fn import(b: &mut Bench, paths: &[PathBuf], way: &Way<'_>) -> Result<Vec<Report>, ImportError> {
    let options = Options { stamp: Stamp { by: b.staff(), ..stamp() }, dry_run: false };
    import_with(&mut b.file, paths, &options, way, &mut |_| {})
}

fn undo(b: &mut Bench, n: i64) -> Undone {
    let stamp = Stamp { by: b.staff(), ..stamp() };
    b.file.undo(n, false, &stamp).unwrap()
}

#[test]
fn the_seven_files_go_in_twice_changes_nothing_and_undo_brings_the_file_back_row_for_row() {
    let mut b = Bench::new();
    let empty = rows(&b.path());
    let paths = seven(&b);
    let beside = |job: Job| drop(std::thread::spawn(job));
    let way = Way { beside: Some(&beside), ..Way::default() };
    let reports = import(&mut b, &paths, &way).unwrap();
    let expected = [60, 50, 40, 40, 40, 40, 40];
    for ((report, n), name) in reports.iter().zip(expected).zip(SEVEN) {
        assert_eq!(counts(report), (n, n, 0, 0, 0), "{name}: {:?}", report.rejects);
    }
    for (table, name, column) in [
        ("txn", "交易.csv", "abs(amount)"),
        ("holding", "持有.csv", "amount"),
        ("loan", "贷款.csv", "balance"),
        ("rating", "评级.csv", "credit"),
        ("figures", "资产.csv", "balance"),
    ] {
        let report = &reports[SEVEN.iter().position(|n| *n == name).unwrap()];
        let sum: i64 = one(&b, &format!("SELECT sum({column}) FROM {table}"));
        assert_eq!(report.sum, Some(Fen(sum)), "{name}");
    }
    // Lists without a data date of their own have that of the assets that came with them.
    assert_eq!(reports[2].as_of, reports[6].as_of);
    assert!(reports[6].as_of.is_some());
    assert_eq!(b.file.faults().unwrap(), Vec::<String>::new());

    let full = rows(&b.path());
    let seq = b.workbench().seq;
    let again = import(&mut b, &paths, &way).unwrap();
    for (report, n) in again.iter().zip(expected) {
        assert_eq!(counts(report), (n, 0, 0, n, 0));
        let said = report.lines(Lang::Zh).join("\n");
        assert!(said.contains("已由 王敏 导入") && said.contains("没有再导入"), "{said}");
    }
    // The same rows in other bytes: each is looked at, and none is written.
    for path in &paths {
        let mut text = std::fs::read(path).unwrap();
        text.extend_from_slice(b"\r\n");
        std::fs::write(path, text).unwrap();
    }
    let other = import(&mut b, &paths, &way).unwrap();
    for (report, n) in other.iter().zip(expected) {
        assert_eq!((counts(report), report.closed), ((n, 0, 0, n, 0), 0));
        let said = report.lines(Lang::Zh).join("\n");
        assert!(said.contains("没有变化"), "{said}");
    }
    assert_eq!((rows(&b.path()), b.workbench().seq), (full, seq));

    let batches = b.file.imports().unwrap();
    assert_eq!(batches.len(), 14);
    assert!(batches.iter().all(|x| !x.layout.is_empty() && x.counts.rows > 0 && x.station == "test"));
    let Undone::Needed(later) = undo(&mut b, 1) else { panic!("customers have figures") };
    assert!(later.iter().any(|l| l.what.zh.contains("资产") && l.count == 40), "{later:?}");
    for n in (1..=14).rev() {
        assert!(matches!(undo(&mut b, n), Undone::Done { .. }), "{n}");
    }
    let back = rows(&b.path());
    for (table, rows) in &empty {
        assert_eq!(&back[table], rows, "{table}");
    }
    assert_eq!(b.file.faults().unwrap(), Vec::<String>::new());
    assert_eq!(counts(&import(&mut b, &paths[1..2], &way).unwrap()[0]), (50, 50, 0, 0, 0), "it can come in again");
}

#[test]
fn facts_of_nobody_are_rejected_with_the_reason_and_go_in_once_the_customer_is_there() {
    let mut b = Bench::new();
    let text = format!("{HOLDINGS}\nA1,DEP1Y,H1,100.00,2026-01-01,2027-01-01,2.5,正常\n");
    let report = b.import_text(&text);
    assert_eq!(counts(&report), (1, 0, 0, 0, 1));
    assert!(report.rejects[0].reasons(Lang::Zh).contains("没有客户 A1，请先导入客户文件"));
    b.import_text(format!("{CUSTOMERS}\nA1,甲,,,,,,\n"));
    assert_eq!(counts(&b.import_text(&text)), (1, 1, 0, 0, 0), "the same file, of which rows were rejected");
}

#[test]
fn a_list_ends_what_it_lacks_but_nothing_of_whom_a_row_was_rejected() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\nA1,甲,,,,,,\nA2,乙,,,,,,\n"));
    let row =
        |no: &str, contract: &str, sum: &str| format!("{no},DEP1Y,{contract},{sum},2026-01-01,2027-01-01,2.5,正常\n");
    let first = [row("A1", "H1", "1.00"), row("A1", "H2", "2.00"), row("A1", "H3", "3.00"), row("A2", "H4", "4.00")];
    let path = b.put("持有20261118.csv", format!("{HOLDINGS}\n{}", first.concat()));
    b.import(&[path]);
    let second = [row("A1", "H1", "1.00"), row("A1", "H2", "2.50"), row("A2", "H4", "4,0,0")];
    let path = b.put("持有20261119.csv", format!("{HOLDINGS}\n{}", second.concat()));
    let report = b.import(&[path]).remove(0);
    assert_eq!((counts(&report), report.closed), ((3, 0, 1, 1, 1), 1));
    assert_eq!(report.as_of, day("2026-11-19"), "from the file's name");
    assert!(report.lines(Lang::Zh).join("\n").contains("有 1 笔不再列出"));
    let in_force: String = one(
        &b,
        "SELECT group_concat(contract || amount, ' ') FROM (SELECT * FROM holding WHERE until IS NULL ORDER BY contract)",
    );
    assert_eq!(in_force, "H1100 H2250 H4400");
    let report = b.import_text(format!("{HOLDINGS}\n{}", row("A2", "H9", "1.00")));
    assert_eq!((report.closed, report.partial), (0, 3));
    assert!(report.lines(Lang::Zh).join("\n").contains("当作部分清单"));
}

#[test]
fn the_same_id_under_two_numbers_makes_two_archives_and_a_merged_number_says_nothing() {
    let mut b = Bench::new();
    let id = "520325197202042450";
    let report = b.import_text(format!("{CUSTOMERS}\nA1,甲,身份证,{id},,,,\nA2,甲,身份证,{id},,,,\n"));
    assert_eq!((counts(&report), b.rows().len()), ((2, 2, 0, 0, 0), 2));
    let first = b.by_no("A1").customer.id;
    Connection::open(b.path())
        .unwrap()
        .execute("INSERT INTO merged VALUES (7, 'A9', ?, '2026-11-20T09:00:00', 1, '{}')", [first.0])
        .unwrap();
    let report = b.import_text(format!("{CUSTOMERS}\nA9,别名,,,,,,\nA3,丙,,,,,,\n"));
    assert_eq!((counts(&report), b.rows().len()), ((2, 1, 0, 1, 0), 3));
    let report = b.import_text(format!("{FIGURES}\nA9,20261120,0,0,0,0,0,0,60000,60000\n"));
    assert_eq!((counts(&report), b.by_no("A1").standing.tier), ((1, 1, 0, 0, 0), Some(Tier::Ordinary)));
}

#[test]
fn what_contradicts_its_control_line_or_is_stopped_leaves_nothing() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\nA1,甲,,,,,,\n"));
    let before = (rows(&b.path()), b.workbench().seq);
    let figures: String = (0..2_000)
        .map(|n| format!("A1,{},0,0,0,0,0,0,1.00,\n", (today() - chrono::Days::new(n)).format("%Y%m%d")))
        .collect();
    let path = b.put("in.csv", format!("{FIGURES}\n{figures}#1999,2000.00\n"));
    for shared in [Some(false), Some(true)] {
        let refused = import(&mut b, std::slice::from_ref(&path), &Way { shared, ..Way::default() });
        assert!(matches!(&refused, Err(ImportError::File(c)) if c.zh.contains("没有导入")), "{shared:?} {refused:?}");
        assert_eq!((rows(&b.path()), b.workbench().seq), before);
    }
    let stop = AtomicBool::new(false);
    let by = b.staff();
    let options = Options { stamp: Stamp { by, ..stamp() }, dry_run: false };
    let way = Way { stop: Some(&stop), ..Way::default() };
    let stopped =
        import_with(&mut b.file, &[path], &options, &way, &mut |p| stop.store(p.rows >= 1_000, Ordering::Relaxed));
    assert!(matches!(stopped, Err(ImportError::Stopped)));
    assert_eq!((rows(&b.path()), b.workbench().seq), before);
    let left: i64 = one(&b, "SELECT count(*) FROM batch WHERE state = 'staged'");
    assert_eq!(left, 0);
}

#[test]
fn a_day_that_a_file_corrects_replaces_the_one_before_and_comes_back_by_undo() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\nA1,甲,,,,,,\n"));
    let figures = |yuan: &str| format!("{FIGURES}\nA1,20261120,0,0,0,0,0,0,{yuan},{yuan}\n");
    b.import_text(figures("60000"));
    assert_eq!(counts(&b.import_text(figures("600000"))), (1, 0, 1, 0, 0));
    let o = b.by_no("A1");
    assert_eq!((o.standing.tier, o.figures.len()), (Some(Tier::Vip), 1));
    assert!(matches!(undo(&mut b, 3), Undone::Done { .. }));
    let o = b.by_no("A1");
    assert_eq!((o.standing.tier, o.figures.len()), (Some(Tier::Ordinary), 1));
}

#[test]
fn a_file_that_found_all_there_is_looked_at_again_once_what_brought_it_is_taken_back() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\nA1,甲,,,,,,\n"));
    let figures = format!("{FIGURES}\nA1,20261120,0,0,0,0,0,0,1.00,\n");
    b.import_text(&figures);
    assert_eq!(b.import_text(format!("{figures}\n")).unchanged, 1);
    assert!(b.import_text(format!("{figures}\n")).again.is_some());
    assert!(matches!(undo(&mut b, 2), Undone::Done { .. }));
    let path = b.put("a.csv", format!("{figures}\n"));
    assert_eq!(folder::look(&mut b.file, path.parent().unwrap()).unwrap().new.first(), Some(&path));
    assert_eq!(b.import(&[path]).remove(0).new, 1);
}

#[test]
fn a_document_of_another_kind_is_taken_back_with_its_number() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\nA1,甲,居民身份证,520325196611212452,,,,\nA2,乙,护照,E11111111,,,,\n"));
    let before = rows(&b.path());
    let text = "客户号,姓名,证件类型,证件号\nA1,甲,护照,E12345678\nA2,乙,居民身份证,11010519491231002X\n";
    assert_eq!(b.import_text(text).changed, 2);
    assert_eq!(b.by_no("A1").customer.document_number(), "E12345678");
    assert!(matches!(undo(&mut b, 2), Undone::Done { customers: 2, .. }));
    let after = rows(&b.path());
    assert_eq!(after["customer"], before["customer"]);
}

#[test]
fn a_list_of_customers_waits_only_for_what_still_counts_and_says_which_imports_go_first() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\nA1,甲,,,,,,\n"));
    b.import_text("客户号,姓名,手机\nA1,甲,13985210001\n");
    b.import_text(format!("{FIGURES}\nA1,20261119,0,0,0,0,0,0,1.00,\n"));
    b.import_text(format!("{FIGURES}\nA1,20261120,0,0,0,0,0,0,2.00,\n"));
    let first_of = |b: &mut Bench| match undo(b, 1) {
        Undone::Needed(later) => first(&later).map(|c| c.zh),
        done @ Undone::Done { .. } => panic!("{done:?}"),
    };
    assert_eq!(first_of(&mut b).unwrap(), "先撤销第 2–4 次导入，最近的最先");
    assert!(matches!(undo(&mut b, 3), Undone::Done { .. }));
    assert_eq!(first_of(&mut b).unwrap(), "先撤销第 2、4 次导入，最近的最先");
    for n in [4, 2, 1] {
        assert!(matches!(undo(&mut b, n), Undone::Done { .. }), "{n}");
    }
}

#[test]
fn only_new_files_of_the_folder_are_offered_and_what_is_no_extract_is_said() {
    let mut b = Bench::new();
    let drop = b.dir.path().join("drop");
    std::fs::create_dir(&drop).unwrap();
    let put = |name: &str, text: &str| std::fs::write(drop.join(name), text).unwrap();
    put("客户20261120.csv", &format!("{CUSTOMERS}\nA1,甲,,,,,,\n"));
    put("说明.txt", "甲乙丙\n");
    put("别的.pdf", "x");
    put("客户20261120.csv.rejects.csv", "x");
    put("~$客户.xlsx", "x");
    let found = folder::look(&mut b.file, &drop).unwrap();
    assert_eq!((found.new.len(), found.known, found.others.len()), (1, 0, 1), "{found:?}");
    b.import(&found.new);
    let found = folder::look(&mut b.file, &drop).unwrap();
    assert_eq!((found.new.len(), found.known), (0, 1));
    assert!(matches!(undo(&mut b, 1), Undone::Done { .. }));
    assert_eq!(folder::look(&mut b.file, &drop).unwrap().new.len(), 1, "taken back, it is new again");
    assert!(matches!(folder::look(&mut b.file, &drop.join("none")), Err(ImportError::File(_))));
}

#[test]
fn a_rehearsal_of_all_seven_says_what_the_import_then_does() {
    let mut b = Bench::new();
    let paths = seven(&b);
    let before = std::fs::read(b.path()).unwrap();
    let rehearsed: Vec<_> = b.try_import(&paths, true).unwrap().iter().map(counts).collect();
    b.again();
    assert!(std::fs::read(b.path()).unwrap() == before, "not a byte was written");
    let done: Vec<_> = b.import(&paths).iter().map(counts).collect();
    assert_eq!(rehearsed, done);
}
