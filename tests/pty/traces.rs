//! What a sitting at an encrypted branch file leaves on the disk when the power goes: drafts, looks, saves that wait, the log. None of it tells
//! of a customer, and what was typed comes back.

use crate::glass::Glass;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PASSWORD: &str = "Qing-shan-2026";
const F8: &str = "\x1b[19~";

/// What is looked for in bytes: a name, phones old and new, an ID number, an address, what was searched.
const SECRETS: [&str; 6] = ["张胜", "13985210001", "13900001111", "520325196611212452", "解放路1号", "zhangsheng"];

/// Runs a command with the password on standard input.
fn guitai(home: &Path, args: &[&str]) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_guitai"))
        .args(args)
        .args(["--password-fd", "0"])
        .current_dir(home)
        .env("HOME", home)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait().unwrap().success(), "{args:?}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path());
    found.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// What lies in the files of the windows of this PC with this ending.
fn drafts(home: &Path, ending: &str) -> Vec<u8> {
    let found = files(&home.join(".local/state/guitai/drafts")).into_iter();
    found.filter(|p| p.to_string_lossy().ends_with(ending)).flat_map(|p| fs::read(p).unwrap_or_default()).collect()
}

fn telling(home: &Path) -> Vec<PathBuf> {
    let tells = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap_or_default();
        SECRETS.iter().any(|secret| bytes.windows(secret.len()).any(|w| w == secret.as_bytes()))
    };
    files(home).into_iter().filter(tells).collect()
}

#[test]
fn nothing_a_sitting_leaves_when_the_power_goes_tells_of_a_customer_and_what_was_typed_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    fs::create_dir(home.join("tmp")).unwrap();
    guitai(home, &["init", "branch.db", "--branch", "道真支行", "--staff", "wangmin:王敏:branch_manager"]);
    let extract = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    let text = "客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构\n\
                6000000001,张胜,居民身份证,520325196611212452,13985210001,玉溪镇解放路1号,20190301,营业部\n";
    fs::write(extract.path(), text).unwrap();
    let command = ["--db", "branch.db", "--staff", "wangmin"];
    guitai(home, &[&["import", extract.path().to_str().unwrap()][..], &command].concat());
    let open = || {
        let mut glass =
            Glass::open(home, &[&command[..], &["--lang", "zh", "--today", "2026-11-21"]].concat(), (80, 24));
        glass.wait_for("请输入");
        glass.type_keys(PASSWORD);
        glass.wait_for("**************");
        glass.type_keys("\r");
        glass.wait_for("客户查找");
        glass
    };
    let mut glass = open();
    glass.type_keys("zhangsheng");
    glass.wait_for("1 人");
    glass.type_keys("\r");
    // A window this small shows the archive once it is there.
    glass.wait_for("[F3档案]");
    glass.wait_for("139****0001");
    // One by one: what comes all at once is taken for a paste.
    while !glass.look(|s| s.contents().contains(">手机")) {
        let before = glass.look(|s| s.contents());
        glass.type_keys("\t");
        glass.wait(|s| s.contents() != before);
    }
    let before = drafts(home, "json");
    glass.type_keys("13900001111");
    glass.wait_for("13900001111");
    while drafts(home, "json") == before || drafts(home, "outbox-wal").is_empty() {
        std::thread::yield_now();
    }
    glass.signal("KILL");
    glass.code();
    assert_eq!(telling(home), Vec::<PathBuf>::new());
    let mut glass = open();
    glass.type_keys("\x14");
    glass.wait_for("取回挂起的表单");
    glass.type_keys("\r");
    glass.wait_for("已取回");
    glass.type_keys(F8);
    glass.wait_for("已保存");
    glass.quit();
    assert_eq!(glass.code(), 0);
    glass.is_whole();
    assert_eq!(telling(home), Vec::<PathBuf>::new());
}
