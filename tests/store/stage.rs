//! Files of facts: staged under a batch that nobody sees, flipped for all at once, taken back row for row.

use crate::house::{House, day, figures, saved, station};
use guitai::domain::customer::Customer;
use guitai::domain::dealings::holding::Holding;
use guitai::domain::dealings::txn::Txn;
use guitai::domain::ids::CustomerId;
use guitai::domain::lifecycle::Stage;
use guitai::domain::tier::Tier;
use guitai::domain::values::money::Fen;
use guitai::store::bulk::BatchFile;
use guitai::store::customers;
use guitai::store::dealings::fact::{FIGURES, Fact, HOLDING, Kind, TXN};
use guitai::store::dealings::stage::{Plan, Put};
use guitai::store::dealings::undo::Undone;
use guitai::store::key::Key;
use guitai::store::open::{File, Mode};
use guitai::store::request::{Answer, Ask, Failure, Stamp};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::collections::HashSet;
use std::path::Path;

pub fn plan(layout: &'static str, kind: Kind) -> Plan {
    Plan { file: BatchFile { name: format!("{layout}.csv"), hash: layout.to_owned() }, layout, kind, shared: false }
}

fn txn(date: &str, serial: &str, yuan: i64) -> Txn {
    Txn {
        day: day(date),
        serial: serial.to_owned(),
        amount: Fen::of_yuan(yuan),
        channel: "柜面".to_owned(),
        bank: String::new(),
        note: String::new(),
    }
}

fn holding(contract: &str, yuan: i64) -> Holding {
    Holding {
        product: "DEP1Y".to_owned(),
        contract: contract.to_owned(),
        amount: Fen::of_yuan(yuan),
        begins: Some(day("2026-01-01")),
        ends: Some(day("2027-01-01")),
        rate: Some(254),
        state: "正常".to_owned(),
    }
}

/// Takes figures in as a file does; gives the batch's number.
fn assets(house: &mut House, rows: &[(&str, &str, i64)]) -> (i64, Vec<Put>) {
    let stamp = house.stamp();
    let mut staging = house.file.stage(plan("资产", FIGURES), &stamp).unwrap();
    let n = staging.number();
    let puts = rows
        .iter()
        .map(|(no, as_of, yuan)| staging.put(no, &Fact::Figures(&figures(day(as_of), *yuan))).unwrap())
        .collect();
    let newest = rows.iter().map(|(_, as_of, _)| day(as_of)).max();
    staging.flip(newest, &[], "{}").unwrap();
    (n, puts)
}

fn holdings(house: &mut House, rows: &[(&str, &str, i64)]) -> (i64, u64, u64) {
    let stamp = house.stamp();
    let mut staging = house.file.stage(plan("持有", HOLDING), &stamp).unwrap();
    let n = staging.number();
    for (no, contract, yuan) in rows {
        staging.put(no, &Fact::Holding(&holding(contract, *yuan))).unwrap();
    }
    let absent = staging.end_absent(&HashSet::default()).unwrap();
    staging.flip(Some(day("2026-11-20")), &[], "{}").unwrap();
    (n, absent.closed, absent.left)
}

/// Contracts and sums in force, as a reader of the file sees them.
fn in_force(path: &Path) -> Vec<(String, i64)> {
    let conn = Connection::open(path).unwrap();
    let mut statement = conn
        .prepare(
            "SELECT contract, amount FROM holding WHERE since NOT IN (SELECT n FROM batch WHERE state = 'staged')
             AND (until IS NULL OR until IN (SELECT n FROM batch WHERE state = 'staged')) ORDER BY 1",
        )
        .unwrap();
    statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// Every row of every table. Left out is what an undo cannot and must not bring back: the log (change, op, batch), which only grows, and
/// rev and updated_* of rows, which say that somebody was there; places of addresses, which are never taken away; whom a batch touched.
pub fn everything(path: &Path) -> BTreeMap<String, Vec<String>> {
    let conn = Connection::open(path).unwrap();
    let tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut all = BTreeMap::new();
    for table in tables.iter().filter(|t| !["change", "op", "batch", "place", "touched"].contains(&t.as_str())) {
        let columns: Vec<String> = conn
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .unwrap()
            .query_map([], |r| r.get(0))
            .unwrap()
            .map(Result::unwrap)
            .filter(|c: &String| c != "rev" && !c.starts_with("updated_"))
            .collect();
        let text: Vec<String> = columns.iter().map(|c| format!("quote(\"{c}\")")).collect();
        let mut rows: Vec<String> = conn
            .prepare(&format!("SELECT {} FROM \"{table}\"", text.join(" || ',' || ")))
            .unwrap()
            .query_map([], |r| r.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        rows.sort();
        // A counter that came down to nothing counts as one that was never there.
        if table.ends_with("_sum") {
            rows.retain(|r| !r.ends_with(",0") && !r.ends_with(",0,0,0"));
        }
        all.insert(table.clone(), rows);
    }
    all
}

fn put(house: &mut House, n: i64) -> Vec<String> {
    let stamp = house.stamp();
    match house.file.undo(n, false, &stamp).unwrap() {
        Undone::Done { .. } => Vec::new(),
        Undone::Needed(later) => later.into_iter().map(|l| format!("{} {} {:?}", l.what.zh, l.count, l.some)).collect(),
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result {
        Err(Failure::Refused(c)) => c.zh,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_staged_is_seen_by_nobody_until_all_see_it_at_once() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 600_000);
    let mut colleague = house.second();
    let look =
        |file: &mut File| match file.answer(&Ask::Customers(customers::Ask::Open { id, today: day("2026-11-20") })) {
            Answer::Customers(customers::Answer::Opened(o)) => {
                (o.standing.tier, o.figures.len(), o.standing.figures.unwrap().balance)
            }
            other => panic!("{other:?}"),
        };
    let before = look(&mut colleague);
    assert_eq!(before, (Some(Tier::Vip), 1, Fen::of_yuan(600_000)));
    let stamp = house.stamp();
    let mut plan = plan("资产", FIGURES);
    plan.shared = true;
    let mut staging = house.file.stage(plan, &stamp).unwrap();
    // A changed day, and more than a portion of new ones: portions are committed in between.
    assert_eq!(staging.put("P00000001", &Fact::Figures(&figures(day("2026-11-20"), 7))).unwrap(), Put::Changed);
    for n in 1..300 {
        let as_of = day("2026-11-20") - chrono::Days::new(n);
        assert_eq!(staging.put("P00000001", &Fact::Figures(&figures(as_of, 9))).unwrap(), Put::New);
    }
    assert_eq!(look(&mut colleague), before);
    assert!(staging.number() > 0);
    let conn = Connection::open(&house.path).unwrap();
    let laid: i64 = conn.query_row("SELECT count(*) FROM figures WHERE until IS NULL", [], |r| r.get(0)).unwrap();
    assert!(laid >= 200, "{laid} rows are in the file already");
    staging.flip(Some(day("2026-11-20")), &[], "{}").unwrap();
    assert_eq!(look(&mut colleague), (Some(Tier::Untiered), 300, Fen::of_yuan(7)));
    assert_eq!(house.file.faults().unwrap(), Vec::<String>::new());
}

#[test]
fn colleagues_save_between_the_portions_on_a_share() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 600_000);
    let rev = house.open(id).customer.rev;
    let mut colleague = house.second();
    let stamp = house.stamp();
    let mut plan = plan("交易", TXN);
    plan.shared = true;
    let mut staging = house.file.stage(plan, &stamp).unwrap();
    for n in 0..200 {
        staging.put("P00000001", &Fact::Txn(&txn("2026-11-19", &n.to_string(), 5))).unwrap();
    }
    // Nobody else's save waits now: the portion is in the file.
    let ask =
        crate::house::save(guitai::domain::ids::OpId(99), id, rev, &[("phone", "", "13800138000")], stamp.clone());
    saved(colleague.answer(&ask));
    staging.put("P00000001", &Fact::Txn(&txn("2026-11-19", "200", 5))).unwrap();
    staging.flip(None, &[], "{}").unwrap();
    let conn = Connection::open(&house.path).unwrap();
    let count: i64 = conn.query_row("SELECT count(*) FROM txn", [], |r| r.get(0)).unwrap();
    assert_eq!(count, 201);
}

#[test]
fn a_row_that_says_the_same_writes_nothing_and_one_that_says_it_twice_is_told() {
    let mut house = House::on("2026-11-20");
    house.create(Customer { name: "甲".to_owned(), ..Customer::default() });
    let rows = [("P00000001", "2026-11-19", 5), ("P00000001", "2026-11-20", 6)];
    let (_, puts) = assets(&mut house, &rows);
    assert_eq!(puts, [Put::New, Put::New]);
    let before = everything(&house.path);
    let seq = house.workbench().seq;
    let again = [rows[0], rows[1], rows[1], ("P00000001", "2026-11-19", 8), ("9", "2026-11-19", 8)];
    let (n, puts) = assets(&mut house, &again);
    assert_eq!(puts, [Put::Same, Put::Same, Put::Twice, Put::Twice, Put::Unknown]);
    assert_eq!((everything(&house.path), house.workbench().seq), (before, seq), "batch {n} changed nothing");
    let (_, puts) = assets(&mut house, &[("P00000001", "2026-11-20", 7), ("P00000001", "2026-11-20", 9)]);
    assert_eq!(puts, [Put::Changed, Put::Twice]);
}

#[test]
fn a_full_list_ends_what_it_lacks_and_a_part_of_it_ends_nothing() {
    let mut house = House::on("2026-11-20");
    house.create(Customer { name: "甲".to_owned(), ..Customer::default() });
    let no = "P00000001";
    assert_eq!(holdings(&mut house, &[(no, "A", 1), (no, "B", 2), (no, "C", 3)]).1, 0);
    let (n, closed, _) = holdings(&mut house, &[(no, "A", 1), (no, "B", 5)]);
    assert_eq!(closed, 1);
    assert_eq!(in_force(&house.path), [("A".to_owned(), 100), ("B".to_owned(), 500)]);
    let (_, closed, left) = holdings(&mut house, &[(no, "D", 9)]);
    assert_eq!((closed, left), (0, 2), "it lacks more than half");
    assert_eq!(in_force(&house.path).len(), 3);
    assert_eq!(put(&mut house, n), Vec::<String>::new());
    assert_eq!(
        in_force(&house.path),
        [("A".to_owned(), 100), ("B".to_owned(), 200), ("C".to_owned(), 300), ("D".to_owned(), 900)]
    );
    assert_eq!(house.file.faults().unwrap(), Vec::<String>::new());
}

#[test]
fn a_batch_that_broke_off_is_cleaned_up_by_the_next_import_and_never_counted() {
    let mut house = House::on("2026-11-20");
    house.customer("甲", 600_000);
    house.customer("乙", 60_000);
    let before = everything(&house.path);
    let stamp = house.stamp();
    let mut shared = plan("资产", FIGURES);
    shared.shared = true;
    let mut staging = house.file.stage(shared, &stamp).unwrap();
    staging.put("P00000001", &Fact::Figures(&figures(day("2026-11-20"), 1))).unwrap();
    for n in 1..260 {
        let as_of = day("2026-11-20") - chrono::Days::new(n);
        staging.put("P00000002", &Fact::Figures(&figures(as_of, 1))).unwrap();
    }
    drop(staging);
    assert_ne!(everything(&house.path), before, "a portion lies there");
    // A colleague waits until it is sure that nobody is at it; the same workstation need not.
    let mut colleague = house.second();
    let early = colleague
        .stage(plan("资产", FIGURES), &Stamp { at: stamp.at + chrono::TimeDelta::minutes(2), ..stamp.clone() });
    assert!(refused(early.map(|_| ())).contains("PC-1 正在导入"));
    let late = Stamp { at: stamp.at + chrono::TimeDelta::minutes(20), ..stamp.clone() };
    let staging = colleague.stage(plan("资产", FIGURES), &late).unwrap();
    assert_eq!(everything(&house.path), before);
    staging.abandon().unwrap();
    let mut staging = house.file.stage(plan("资产", FIGURES), &stamp).unwrap();
    staging.put("P00000001", &Fact::Figures(&figures(day("2026-11-20"), 1))).unwrap();
    drop(staging);
    let staging = house.file.stage(plan("资产", FIGURES), &stamp).unwrap();
    staging.abandon().unwrap();
    assert_eq!(everything(&house.path), before);
    let conn = Connection::open(&house.path).unwrap();
    let left: i64 = conn.query_row("SELECT count(*) FROM batch WHERE state = 'staged'", [], |r| r.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn one_who_stood_still_for_too_long_is_told_and_nothing_of_it_counts() {
    let mut house = House::on("2026-11-20");
    house.customer("甲", 600_000);
    let before = everything(&house.path);
    let stamp = house.stamp();
    let mut colleague = house.second();
    let mut shared = plan("交易", TXN);
    shared.shared = true;
    let mut staging = house.file.stage(shared, &stamp).unwrap();
    for n in 0..200 {
        staging.put("P00000001", &Fact::Txn(&txn("2026-11-19", &n.to_string(), 5))).unwrap();
    }
    let late = Stamp { at: stamp.at + chrono::TimeDelta::minutes(20), ..stamp.clone() };
    colleague.stage(plan("资产", FIGURES), &late).unwrap().abandon().unwrap();
    let told = staging.put("P00000001", &Fact::Txn(&txn("2026-11-19", "x", 5)));
    assert!(refused(told).contains("重新导入"));
    drop(staging);
    assert_eq!(everything(&house.path), before);
}

#[test]
fn undoing_assets_brings_the_file_back_row_for_row() {
    let mut house = House::on("2026-11-20");
    let ids: Vec<CustomerId> = [600_000, 90_000, 8_000]
        .into_iter()
        .enumerate()
        .map(|(i, y)| house.customer(["甲", "乙", "丙"][i], y))
        .collect();
    house.create(Customer { name: "丁".to_owned(), opened: Some(day("2015-01-01")), ..Customer::default() });
    assets(&mut house, &[("P00000001", "2026-10-31", 600_000)]);
    house.settings(|s| s.backup_hours = 2);
    let before = everything(&house.path);
    let rows = [
        ("P00000001", "2026-11-20", 1),
        ("P00000002", "2026-11-21", 900_000),
        ("P00000003", "2026-11-20", 8_000),
        ("P00000004", "2026-11-21", 0),
    ];
    let (n, puts) = assets(&mut house, &rows);
    assert_eq!(puts, [Put::Changed, Put::New, Put::Same, Put::New]);
    assert_eq!(house.open(ids[1]).standing.tier, Some(Tier::Vip));
    let lapsed = house.rows().into_iter().find(|r| r.no == "P00000004").unwrap();
    assert_eq!(lapsed.stage, Some(Stage::Lapsed));
    assert_ne!(everything(&house.path), before);
    assert_eq!(put(&mut house, n), Vec::<String>::new());
    let (after, seq) = (everything(&house.path), house.workbench().seq);
    for (table, rows) in &before {
        assert_eq!(&after[table], rows, "{table}");
    }
    assert!(seq > 0 && house.file.faults().unwrap().is_empty());
    assert!(
        refused(house.file.undo(n, false, &Stamp::new(house.wang, crate::house::at(house.today), house.today)))
            .contains("已经撤销过")
    );
    let (_, puts) = assets(&mut house, &rows);
    assert_eq!(puts, [Put::Changed, Put::New, Put::Same, Put::New], "it can come in again");
}

#[test]
fn undoing_customers_brings_the_file_back_row_for_row() {
    let mut house = House::on("2026-11-20");
    let id = house.create(Customer { no: "6000000001".to_owned(), name: "甲".to_owned(), ..Customer::default() });
    let before = everything(&house.path);
    let stamp = house.stamp();
    let mut bulk = house.file.load(BatchFile { name: "客户.csv".to_owned(), hash: "a".to_owned() }, &stamp).unwrap();
    bulk.label("客户", None).unwrap();
    let old = bulk.archive(id).unwrap();
    let document = guitai::domain::values::document::Document::parse(None, "520325197202042450", stamp.today).unwrap();
    let new = Customer {
        name: "甲乙".to_owned(),
        no: "6000000009".to_owned(),
        birth: document.birth(),
        document: Some(document),
        address: "贵州省遵义市道真县平模镇解放路128号".to_owned(),
        area: "平模镇".to_owned(),
        opened: Some(day("2020-01-01")),
        ..old.clone()
    };
    bulk.update_customer(&old, &new).unwrap();
    for n in 2..5 {
        let c = Customer {
            no: format!("600000000{n}"),
            name: "丙丁".to_owned(),
            area: "玉溪镇".to_owned(),
            ..Customer::default()
        };
        bulk.insert_customer(&c).unwrap();
    }
    bulk.finish("{}").unwrap();
    assert_eq!(house.rows().len(), 4);
    let n = 1;
    // What came later keeps it: a contact with a new customer, a field of an old one.
    let newcomer = house.rows().into_iter().find(|r| r.no == "6000000003").unwrap().id;
    house.log(newcomer, guitai::domain::contact::Outcome::Reached, None, None);
    let rev = house.open(id).customer.rev;
    saved(house.save(id, rev, &[("area", "平模镇", "三桥镇")]));
    let later = put(&mut house, n);
    assert!(later.iter().any(|l| l.contains("联络 1 [\"6000000003\"]")), "{later:?}");
    assert!(later.iter().any(|l| l.contains("后来又改了 1 [\"6000000009\"]")), "{later:?}");
    assert_eq!(house.rows().len(), 4, "nothing was taken back");

    let mut house = House::on("2026-11-20");
    let id = house.create(Customer { no: "6000000001".to_owned(), name: "甲".to_owned(), ..Customer::default() });
    let first = everything(&house.path);
    assert_eq!(first.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    let mut bulk = house.file.load(BatchFile { name: "客户.csv".to_owned(), hash: "a".to_owned() }, &stamp).unwrap();
    bulk.label("客户", None).unwrap();
    let old = bulk.archive(id).unwrap();
    bulk.update_customer(&old, &Customer { ..Customer { id: old.id, rev: old.rev, ..new.clone() } }).unwrap();
    bulk.insert_customer(&Customer { no: "7".to_owned(), name: "丙丁".to_owned(), ..Customer::default() }).unwrap();
    bulk.finish("{}").unwrap();
    assert_eq!(put(&mut house, n), Vec::<String>::new());
    let after = everything(&house.path);
    for (table, rows) in &first {
        assert_eq!(&after[table], rows, "{table}");
    }
    assert!(house.file.faults().unwrap().is_empty() && house.file.broken_chain().unwrap().is_none());
    assert_eq!(house.file.recount(&[]).unwrap().strayed, []);
}

#[test]
fn an_import_stays_while_a_later_one_changed_the_same() {
    let mut house = House::on("2026-11-20");
    house.create(Customer { name: "甲".to_owned(), ..Customer::default() });
    let no = "P00000001";
    let (first, _) = assets(&mut house, &[(no, "2026-11-20", 5)]);
    let (second, _) = assets(&mut house, &[(no, "2026-11-20", 6)]);
    assert_eq!(put(&mut house, first), ["后来的导入又改了同样的内容 1 [\"P00000001\"]"]);
    assert_eq!(put(&mut house, second), Vec::<String>::new());
    assert_eq!(put(&mut house, first), Vec::<String>::new());
    let conn = Connection::open(&house.path).unwrap();
    let left: i64 = conn.query_row("SELECT count(*) FROM figures", [], |r| r.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn the_number_of_a_merged_archive_leads_to_the_one_it_is_in() {
    let mut house = House::on("2026-11-20");
    let id = house.create(Customer { no: "61".to_owned(), name: "甲".to_owned(), ..Customer::default() });
    Connection::open(&house.path)
        .unwrap()
        .execute("INSERT INTO merged VALUES (7, '62', ?, '2026-11-20T09:00:00', 1, '{}')", [id.0])
        .unwrap();
    let (n, puts) = assets(&mut house, &[("61", "2026-11-20", 30_000), ("62", "2026-11-20", 40_000)]);
    assert_eq!(puts, [Put::New, Put::New]);
    let o = house.open(id);
    assert_eq!(
        (o.standing.tier, o.figures.len(), o.figures[0].balance),
        (Some(Tier::Ordinary), 1, Fen::of_yuan(70_000))
    );
    assert_eq!(put(&mut house, n), Vec::<String>::new());
    assert_eq!(house.open(id).standing.tier, None);
}

#[test]
fn a_file_of_version_one_climbs_with_everything_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch(include_str!("../../src/store/schema/001.sql")).unwrap();
    conn.execute_batch(
        "PRAGMA application_id = 0x47544149; PRAGMA user_version = 1; PRAGMA journal_mode = TRUNCATE;
         INSERT INTO setting VALUES ('branch', '\"老网点\"', 1, '2026-01-01T09:00:00', 1), ('epoch', '1', 1, '2026-01-01T09:00:00', 1),
             ('settings', '{}', 1, '2026-01-01T09:00:00', 1);
         INSERT INTO staff VALUES (1, 1, '2026-01-01T09:00:00', 1, 'wangmin', '王敏', 'account_manager', '', '', NULL, NULL, 1, '{}'),
             (2, 1, '2026-01-01T09:00:00', 1, 'liqiang', '李强', 'low_counter', '', '', NULL, NULL, 1, '{}');
         INSERT INTO batch VALUES (5, '2026-01-02T09:00:00', 1, '客户.csv', 'aa', ''), (3, '2026-01-01T09:00:00', 1, '资产.csv', 'bb', '');
         INSERT INTO customer (id, no, name, document, phone, phone2, address, area, tier, solar, lunar, keeps_lunar, gaps, lacking,
             completeness, missing, sort, keeps, opened_at, created_at, created_batch, updated_at, updated_by, hand, notes, aum, as_of,
             balance, average)
         VALUES (11, '61', '甲', '', '', '', '', '平模镇', 2, 0, 0, 0, 0, 0, 100, 0, 0, 0, '', '2026-01-01T09:00:00', 5,
             '2026-01-01T09:00:00', 1, '[]', '{}', 6000000, 20260101, 6000000, 6000000);
         INSERT INTO figures VALUES (11, 20260101, 1, 2, 3, 4, 5, 6, 6000000, 6000000), (11, 20251201, 1, 2, 3, 4, 5, 6, 21, NULL);
         INSERT INTO hand_over VALUES (21, 11, 1, 2, '理财', 20260101, 20260105, '2026-01-01T09:00:00', 1),
             (22, 11, 1, 2, '贷款', 20260101, 20260105, '2026-01-01T09:00:00', 0);",
    )
    .unwrap();
    drop(conn);
    File::migrate(&path, &Key::default()).unwrap();
    let conn = Connection::open(&path).unwrap();
    let row = |sql: &str| -> String { conn.query_row(sql, [], |r| r.get(0)).unwrap() };
    assert_eq!(
        row("SELECT group_concat(id || ':' || n || state, ' ') FROM (SELECT * FROM batch ORDER BY id)"),
        "3:1current 5:2current"
    );
    assert_eq!(
        row("SELECT group_concat(as_of || '/' || account || '/' || since || '/' || coalesce(until, '-') || '/' || balance, ' ')
             FROM (SELECT * FROM figures ORDER BY as_of)"),
        "20251201/0/0/-/21 20260101/0/0/-/6000000"
    );
    assert_eq!(row("SELECT group_concat(id || state || kind, ' ') FROM hand_over"), "21openmatter 22donematter");
    assert_eq!(row("SELECT no || reached || coalesce(guarded_until, '-') FROM customer"), "61-1-");
    drop(conn);
    let mut file = File::open(&path, Mode::Write, &station("PC-1", 1)).unwrap();
    assert_eq!(file.schema().unwrap(), (4, 4));
    // Sounds are laid by the program, never by hand; all else is whole.
    let faults: Vec<String> = file.faults().unwrap().into_iter().filter(|f| !f.contains("search")).collect();
    assert_eq!(faults, Vec::<String>::new());
    let stamp = Stamp::new(guitai::domain::ids::StaffId(1), crate::house::at(day("2026-11-20")), day("2026-11-20"));
    assert!(refused(file.undo(1, false, &stamp)).contains("旧版本"));
    let mut staging = file.stage(plan("资产", FIGURES), &stamp).unwrap();
    assert_eq!(staging.number(), 3);
    let was = figures(day("2025-12-01"), 0);
    assert_eq!(staging.put("61", &Fact::Figures(&was)).unwrap(), Put::Changed);
    staging.flip(None, &[], "{}").unwrap();
}

#[test]
fn two_versions_that_both_count_and_those_of_no_batch_are_faults() {
    let mut house = House::on("2026-11-20");
    house.create(Customer { name: "甲".to_owned(), ..Customer::default() });
    let (n, _) = assets(&mut house, &[("P00000001", "2026-11-20", 5)]);
    assert_eq!(house.file.faults().unwrap(), Vec::<String>::new());
    let conn = Connection::open(&house.path).unwrap();
    conn.execute(
        "INSERT INTO figures SELECT customer, as_of, account, 0, NULL, 0, 0, 0, 0, 0, 0, 0, 0 FROM figures",
        [],
    )
    .unwrap();
    drop(conn);
    assert_eq!(house.file.faults().unwrap(), ["figures has two versions of one fact that both count"]);
    let conn = Connection::open(&house.path).unwrap();
    conn.execute_batch("DELETE FROM figures WHERE since = 0; UPDATE figures SET until = 77").unwrap();
    drop(conn);
    let faults = house.file.faults().unwrap();
    assert_eq!(faults, ["figures has versions of batches that are not there or were undone"], "{n}");
}
