//! A look that was noted is not lost with the power: the next sitting writes it, once.

use crate::glass::{Glass, branch};
use std::path::Path;
use std::process::Command;

fn looks(home: &Path) -> i64 {
    let file = rusqlite::Connection::open(home.join("branch.db")).unwrap();
    let sql = "SELECT count(*) FROM change WHERE entity = 'access' AND after ->> 'action' = 'view'
               AND customer IS NOT NULL";
    file.query_row(sql, [], |r| r.get(0)).unwrap()
}

/// Whether something below a folder was written with these bytes in it.
fn written(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return written(&path, bytes);
        }
        path.to_string_lossy().contains("outbox")
            && std::fs::read(&path).is_ok_and(|found| found.windows(bytes.len()).any(|w| w == bytes))
    })
}

#[test]
fn a_look_before_the_power_goes_is_in_the_log_after_the_next_sitting() {
    let home = tempfile::tempdir().unwrap();
    branch(home.path());
    let extract = "客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构\n\
                   6000000001,张胜,居民身份证,520325196611212452,13985210001,玉溪镇解放路1号,20190301,营业部\n";
    std::fs::write(home.path().join("customers.csv"), extract).unwrap();
    let import = Command::new(env!("CARGO_BIN_EXE_guitai"))
        .args(["import", "customers.csv", "--db", "branch.db"])
        .current_dir(home.path())
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert!(import.status.success(), "{import:?}");
    let open = || Glass::open(home.path(), &["--db", "branch.db", "--lang", "zh"], (120, 30));
    let mut glass = open();
    glass.wait_for("客户查找");
    glass.type_keys("zhang");
    glass.wait_for("1 人");
    glass.type_keys("\r");
    glass.wait_for("玉溪镇***");
    while !written(home.path(), br#""action":"view""#) {
        std::thread::yield_now();
    }
    glass.signal("KILL");
    glass.code();
    assert_eq!(looks(home.path()), 0, "it waited for a save");
    let mut glass = open();
    glass.wait_for("客户查找");
    // Nothing is written before the locks of the drive were looked at.
    while looks(home.path()) == 0 {
        std::thread::yield_now();
    }
    glass.quit();
    assert_eq!(glass.code(), 0);
    assert_eq!(looks(home.path()), 1);
}
