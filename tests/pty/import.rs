//! The real binary takes an extract in: offered from the drop folder, looked into, taken in, found.

use crate::glass::{Glass, branch};
use std::fs;

#[test]
fn a_new_file_of_the_drop_folder_is_offered_looked_into_taken_in_and_found() {
    let home = tempfile::tempdir().unwrap();
    branch(home.path());
    let drop = home.path().join("投放");
    fs::create_dir(&drop).unwrap();
    let rows = "客户号,姓名,手机\r\n6000000001,张山河,18985210027\r\n6000000002,单雄,1398490610\r\n";
    fs::write(drop.join("客户-20261120.csv"), rows).unwrap();
    let config = home.path().join("config.toml");
    fs::write(&config, format!("[import]\nfolder = '{}'\n", drop.display())).unwrap();
    let open = || {
        let args = ["--db", "branch.db", "--lang", "zh", "--today", "2026-11-21"];
        Glass::with(home.path(), &args, (100, 30), &[("GUITAI_CONFIG", config.to_str().unwrap())])
    };
    let mut glass = open();
    glass.wait_for("有 1 个新文件：客户");
    glass.type_keys("\x18");
    glass.wait_for("客户-20261120.csv");
    glass.wait_for("[x]");
    glass.type_keys("\r");
    glass.wait_for("新增 1");
    glass.wait_for("剔除 1");
    // Nothing is written before it is asked for.
    assert!(!drop.join("客户-20261120.csv.rejects.csv").exists());
    // F8, and yes.
    glass.type_keys("\x1b[19~");
    glass.wait_for("新增 1、变更 0、剔除 1");
    glass.type_keys("1");
    glass.wait_for("导入报告");
    glass.wait_for("已导入 客户-20261120.csv");
    assert!(drop.join("客户-20261120.csv.rejects.csv").exists());
    // F2: whoever came in is found.
    glass.type_keys("\x1bOQ");
    glass.wait_for("[F2查找]");
    glass.type_keys("zsh");
    glass.wait_for("张山河");
    glass.quit();
    assert_eq!(glass.code(), 0);
    glass.is_whole();
    // On the same day nothing is offered again, and the file is known to be in.
    let mut glass = open();
    glass.wait_for("张山河");
    glass.type_keys("\x18");
    glass.wait_for("11-21 已导入");
    // Taken back as a whole, the file is new again and its customer gone.
    glass.type_keys("\t");
    glass.wait_for("[已导入]");
    glass.wait_for("有效");
    glass.type_keys("u");
    glass.wait_for("撤销导入 客户-20261120.csv");
    glass.type_keys("1");
    glass.wait_for("已撤销第 1 次导入");
    glass.wait_for("已撤销  ");
    glass.type_keys("\t");
    glass.wait_for("[文件]");
    glass.wait(|s| !s.contents().contains("11-21 已导入"));
    glass.wait_for("[ ]");
    glass.type_keys("\x1bOQzsh");
    glass.wait_for("[F2查找]");
    glass.wait(|s| !s.contents().contains("张山河"));
    glass.quit();
    assert_eq!(glass.code(), 0);
}
