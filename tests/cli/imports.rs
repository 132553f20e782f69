//! Imports from the command line: a drop folder, the list of imports, one taken back and why another is not.

use crate::desk::{CUSTOMERS, Desk};

const ASSETS: &str =
    "客户号,数据日期,活期,定期,理财,基金,保险,国债,AUM时点,AUM月日均\n6000000001,20261120,0,0,0,0,0,0,300000,300000\n";

#[test]
fn new_files_of_the_drop_folder_go_in_once_are_listed_and_are_taken_back() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("drop")).unwrap();
    desk.write("drop/资产20261120.csv", ASSETS);
    desk.write("drop/客户.csv", CUSTOMERS);
    desk.write("drop/说明.txt", "别的\n");
    let taken = desk.on(&["import", "--folder", "drop"]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    assert!(taken.out.contains("跳过：drop/说明.txt"), "{}", taken.out);
    assert!(taken.out.contains("合计 AUM时点 "), "{}", taken.out);
    let again = desk.on(&["import", "--folder", "drop"]);
    assert!(again.code == 0 && again.out.contains("没有新文件（2 个已导入过）"), "{} {}", again.out, again.err);
    let by_name = desk.on(&["import", "drop/客户.csv"]);
    assert!(by_name.out.contains("没有再导入"), "{}", by_name.out);

    let list = desk.on(&["imports", "--json"]).json();
    let said: Vec<(i64, &str, &str)> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|b| (b["n"].as_i64().unwrap(), b["layout"].as_str().unwrap(), b["state"].as_str().unwrap()))
        .collect();
    assert_eq!(said, [(2, "资产", "current"), (1, "客户", "current")]);
    assert_eq!(list[0]["as_of"], "2026-11-20");

    let needed = desk.on(&["undo", "1"]);
    assert_ne!(needed.code, 0);
    assert!(needed.err.contains("新客户名下已有资产：1 个客户（6000000001）"), "{}", needed.err);
    assert!(needed.err.contains("先撤销第 2 次导入"), "{}", needed.err);
    // Who only looks holds nothing up.
    assert_eq!(desk.on(&["show", "6000000001"]).code, 0);
    let undone = desk.on(&["undo", "2"]);
    assert!(undone.code == 0 && undone.out.contains("已撤销第 2 次导入"), "{} {}", undone.out, undone.err);
    assert_eq!(desk.on(&["undo", "1"]).code, 0);
    assert!(desk.on(&["undo", "1"]).err.contains("已经撤销过"));
    assert!(desk.on(&["undo", "9"]).err.contains("没有第 9 次导入"));
    let list = desk.on(&["imports"]).out;
    assert_eq!(list.matches("已撤销").count(), 2, "{list}");
    assert!(desk.on(&["import"]).err.contains("--folder"), "nothing was named and nothing is configured");
}
