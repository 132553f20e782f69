//! `salvage` by the real binary: what it prints, writes and ends with; never the damaged file.

use crate::desk::{CUSTOMERS, Desk};
use std::fs;

fn stocked() -> (Desk, Vec<u8>) {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    assert_eq!(desk.on(&["import", "客户.csv"]).code, 0);
    let bytes = fs::read(desk.path("branch.db")).unwrap();
    (desk, bytes)
}

#[test]
fn a_whole_file_is_copied_wholly_and_that_is_said() {
    let (desk, bytes) = stocked();
    let run = desk.run(&["salvage", "branch.db", "new.db"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("全部读出") && run.out.contains("customer"), "{}", run.out);
    assert!(fs::read(desk.path("branch.db")).unwrap() == bytes);
    assert_eq!(desk.run(&["show", "6000000002", "--json", "--db", "new.db"]).json()["customer_no"], "6000000002");
    let list = fs::read_to_string(desk.path("new.db.txt")).unwrap();
    assert!(list.contains("全部读出") && list.contains("everything was read"), "both languages: {list}");
}

#[test]
fn the_demo_and_a_branch_made_of_extracts_are_read_wholly_and_a_page_that_is_gone_is_found_in_them() {
    let desk = Desk::new();
    let (mut customers, mut assets) =
        (String::from("客户号,姓名\n"), String::from("客户号,数据日期,活期,AUM时点,AUM月日均\n"));
    for n in 0..800_u64 {
        customers.push_str(&format!("{},甲{n}\n", 6_000_000_001 + n));
        assets.push_str(&format!("{},20261120,{1},{1},{1}\n", 6_000_000_001 + n, n * 1_000));
    }
    desk.write("客户.csv", customers);
    desk.write("资产.csv", assets);
    assert_eq!(desk.on(&["import", "客户.csv", "资产.csv"]).code, 0);
    assert_eq!(desk.on(&["staff", "add", "liqiang:李强:high_counter"]).code, 0);
    assert_eq!(desk.on(&["assign", "--apply"]).code, 0);
    let demo = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/demo.db")).unwrap();
    for (name, bytes) in [("demo", demo), ("made", fs::read(desk.path("branch.db")).unwrap())] {
        desk.write("old.db", &bytes);
        let run = desk.run(&["salvage", "old.db", &format!("{name}.db")]);
        assert_eq!((run.code, run.out.contains("全部读出")), (0, true), "{name}: {}{}", run.out, run.err);
        assert!(!run.out.contains("没有全部读出") && !run.out.contains("页读不出"), "{name}: {}", run.out);
        let mut torn = bytes;
        torn[9 * 4096..10 * 4096].fill(0);
        desk.write("old.db", &torn);
        let run = desk.run(&["salvage", "old.db", &format!("{name}2.db")]);
        assert!(run.code == 1 && run.out.contains("1 页读不出或不完整：10"), "{name}: {}{}", run.out, run.err);
    }
}

#[test]
fn what_could_not_be_read_is_listed_and_the_rest_works() {
    let (desk, bytes) = stocked();
    // The header with the schema, and the end.
    let mut torn = bytes.clone();
    torn[..4096].fill(0);
    torn.truncate(bytes.len() - 3 * 4096 - 100);
    desk.write("branch.db", &torn);
    let run = desk.run(&["salvage", "branch.db", "new.db", "--lang", "en"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(
        run.err.contains("Not everything")
            && run.out.contains("pages cannot be read, or not wholly: 1 2\n1 pages are missing at the end"),
        "{}{}",
        run.out,
        run.err
    );
    assert!(fs::read(desk.path("branch.db")).unwrap() == torn, "the damaged file is as it was");
    assert_eq!(desk.run(&["doctor", "--db", "new.db"]).code, 0);
    assert_eq!(desk.run(&["backup", "--db", "new.db"]).code, 0, "it passes every check");
    assert_eq!(desk.run(&["set", "6000000001", "address", "玉溪镇", "--db", "new.db"]).code, 0);
    let report = desk.run(&["salvage", "branch.db", "other.db", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report.out).unwrap();
    assert_eq!((&report["tables"]["customer"]["read"], &report["unreadable"][0]), (&2.into(), &1.into()), "{report}");
}

#[test]
fn nothing_is_written_over_and_nothing_made_of_nothing() {
    let (desk, bytes) = stocked();
    desk.write("new.db", "mine");
    assert_eq!(desk.run(&["salvage", "branch.db", "new.db"]).code, 1);
    assert_eq!(fs::read(desk.path("new.db")).unwrap(), b"mine");
    assert_eq!(desk.run(&["salvage", "none.db", "b.db"]).code, 3);
    desk.write("text.db", "不是数据库".repeat(5_000));
    assert_eq!(desk.run(&["salvage", "text.db", "b.db"]).code, 3);
    assert!(!desk.path("b.db").exists() && !desk.path("b.db.txt").exists());
    assert!(fs::read(desk.path("branch.db")).unwrap() == bytes);
}

#[test]
fn the_doctor_says_what_is_kept_and_where() {
    let (desk, _) = stocked();
    let of = |check: &str, args: &[&str]| {
        let found = desk.run(&[&["doctor", "--json", "--db", "branch.db"], args].concat()).json();
        found
            .as_array()
            .unwrap()
            .iter()
            .find(|f| f["check"] == check)
            .unwrap_or_else(|| panic!("{check}: {found}"))
            .clone()
    };
    for check in ["schema", "log", "clock", "drafts", "outbox"] {
        assert_eq!(of(check, &[])["state"], "ok", "{check}");
    }
    assert_eq!(of("drill", &[])["state"], "warn", "none yet");
    assert_eq!(desk.run(&["backup", "--db", "branch.db"]).code, 0);
    assert_eq!(desk.run(&["restore", "--drill", "--db", "branch.db"]).code, 0);
    let drill = of("drill", &["--lang", "en"]);
    assert!(drill["state"] == "ok" && drill["text"].as_str().unwrap().contains("passed"), "{drill}");
    // A colleague's clock an hour ahead, and a save whose change is gone.
    let file = rusqlite::Connection::open(desk.path("branch.db")).unwrap();
    let later = (chrono::Local::now() + chrono::TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M:%S").to_string();
    file.execute_batch("DROP TRIGGER change_update").unwrap();
    file.execute("UPDATE change SET at = ? WHERE seq = (SELECT max(seq) FROM change)", [later]).unwrap();
    let clock = of("clock", &["--lang", "en"]);
    assert!(clock["state"] == "warn" && clock["text"].as_str().unwrap().contains("59 minutes"), "{clock}");
    file.execute_batch("INSERT INTO op VALUES (9000000000000000000, 1, 999)").unwrap();
    let log = of("log", &[]);
    assert!(log["state"] == "bad" && log["text"].as_str().unwrap().contains("999"), "{log}");
}
