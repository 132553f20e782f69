//! Bad input: each a clear sentence and the right code, nothing lost.

use crate::desk::{CUSTOMERS, Desk};
use std::fs;

#[test]
fn nothing_configured_says_what_to_do_in_both_languages() {
    let desk = Desk::bare();
    let run = desk.run(&[]);
    assert_eq!(run.code, 2);
    for words in ["guitai demo", "guitai init", "还没有网点文件", "No branch file is configured"] {
        assert!(run.err.contains(words), "{words}: {}", run.err);
    }
    assert_eq!(desk.run(&["today"]).code, 2);
}

#[test]
fn a_file_that_cannot_be_used_ends_with_three_and_is_left_alone() {
    let desk = Desk::new();
    desk.write("foreign.db", "this is no branch file, but it is long enough to look like something ".repeat(40));
    desk.write("empty.db", "");
    fs::create_dir(desk.path("folder.db")).unwrap();
    let whole = fs::read(desk.path("branch.db")).unwrap();
    desk.write("truncated.db", &whole[..whole.len() / 2]);
    // The schema's version stands at byte 60 of the header.
    let mut newer = whole.clone();
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    desk.write("newer.db", &newer);
    for (name, words) in [
        ("missing.db", "找不到"),
        ("foreign.db", "不是柜台的网点文件"),
        ("empty.db", "不是柜台的网点文件"),
        ("folder.db", "文件夹"),
        ("truncated.db", "备份"),
        ("newer.db", "更新"),
    ] {
        let before = fs::read(desk.path(name)).ok();
        for command in [&["find", "x"][..], &["today"], &["set", "1", "name", "x"], &["doctor"]] {
            let run = desk.run(&[command, &["--db", name]].concat());
            assert_eq!(run.code, 3, "{name} {command:?}: {}", run.err);
            assert!(run.err.contains(words), "{name} {command:?}: {}", run.err);
            assert!(!run.err.contains("panicked"), "{}", run.err);
        }
        assert_eq!(fs::read(desk.path(name)).ok(), before, "{name} was touched");
    }
}

#[test]
fn init_never_overwrites_and_names_what_is_wrong() {
    let desk = Desk::new();
    let before = fs::read(desk.path("branch.db")).unwrap();
    let again = desk.run(&["init", "branch.db", "--plain", "--branch", "x", "--staff", "a:b:branch_manager"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("已经存在"), "{}", again.err);
    assert_eq!(fs::read(desk.path("branch.db")).unwrap(), before);
    for (args, code) in [
        (&["init", "a.db", "--plain", "--branch", "x", "--staff", "a:b:boss"][..], 2),
        (&["init", "a.db", "--plain", "--branch", "x", "--staff", "nobody"], 2),
        (&["init", "a.db", "--plain", "--branch", "x"], 2),
        (&["init", "a.db", "--plain", "--branch", " ", "--staff", "a:b:branch_manager"], 2),
        (&["init", "a.db", "--plain"], 2),
        (&["init", "nowhere/a.db", "--plain", "--branch", "x", "--staff", "a:b:branch_manager"], 3),
    ] {
        let run = desk.run(args);
        assert_eq!(run.code, code, "{args:?}: {}", run.err);
        assert!(!desk.path("a.db").exists(), "{args:?}");
    }
}

#[test]
fn what_a_rule_refuses_ends_with_one_and_changes_nothing() {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    assert_eq!(desk.on(&["import", "客户.csv"]).code, 0);
    let before = desk.on(&["show", "6000000001", "--json"]).out;
    for (args, code) in [
        (&["set", "6000000001", "birth", "2030-01-01"][..], 1),
        (&["set", "6000000001", "birth", "2026-11-31"], 1),
        (&["set", "6000000001", "id_no", "1101051949123100"], 1),
        // The ID of the other customer.
        (&["set", "6000000001", "id_no", "11010519491231002X"], 1),
        (&["set", "6000000001", "name", &"张".repeat(10_000)], 1),
        (&["set", "6000000001", "no", "1"], 1),
        (&["set", "6000000001", "colour", "red"], 2),
        (&["set", "6999999999", "name", "x"], 1),
        (&["show", "6999999999"], 1),
        (&["log", "6999999999", "--channel", "phone", "--outcome", "reached"], 1),
        (&["log", "6000000001", "--channel", "pigeon", "--outcome", "reached"], 2),
        (&["log", "6000000001", "--channel", "phone", "--outcome", "maybe"], 2),
        (&["today", "--staff", "nobody"], 1),
        (&["lunar", "2200-01-01"], 1),
        (&["import", "branch.db"], 1),
        (&["import", "missing.csv"], 1),
        (&["holidays", "import", "客户.csv"], 1),
    ] {
        let run = desk.on(args);
        assert_eq!(run.code, code, "{args:?}: {}{}", run.out, run.err);
        assert!(!run.err.is_empty() && !run.err.contains("panicked"), "{args:?}: {}", run.err);
    }
    assert_eq!(desk.on(&["show", "6000000001", "--json"]).out, before);
}

#[test]
fn a_synced_folder_is_read_and_not_written_unless_overruled_and_then_the_log_says_so() {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    assert_eq!(desk.on(&["import", "客户.csv"]).code, 0);
    fs::create_dir(desk.path("Dropbox")).unwrap();
    fs::rename(desk.path("branch.db"), desk.path("Dropbox/branch.db")).unwrap();
    let before = fs::read(desk.path("Dropbox/branch.db")).unwrap();
    let on = |args: &[&str]| desk.run(&[args, &["--db", "Dropbox/branch.db", "--today", "2026-11-21"]].concat());
    assert_eq!(on(&["show", "6000000001"]).code, 0);
    for args in [
        &["set", "6000000001", "address", "解放路2号"][..],
        &["log", "6000000001", "--channel", "phone", "--outcome", "reached"],
        &["import", "客户.csv"],
        &["init", "Dropbox/b.db", "--plain", "--branch", "x", "--staff", "a:b:branch_manager"],
    ] {
        let run = on(args);
        assert_eq!(run.code, 1, "{args:?}: {}", run.err);
        for words in ["Dropbox", "请管理员", "Ask the administrator", "overrule = true"] {
            assert!(run.err.contains(words), "{args:?}: {}", run.err);
        }
    }
    assert!(fs::read(desk.path("Dropbox/branch.db")).unwrap() == before && !desk.path("Dropbox/b.db").exists());

    fs::create_dir_all(desk.path("config/guitai")).unwrap();
    desk.write("config/guitai/config.toml", "[drive]\noverrule = true\n");
    for address in ["解放路2号", "解放路3号"] {
        let run = on(&["set", "6000000001", "address", address]);
        assert_eq!(run.code, 0, "{}", run.err);
    }
    let file = rusqlite::Connection::open(desk.path("Dropbox/branch.db")).unwrap();
    let logged: Vec<String> = file
        .prepare("SELECT reason FROM change WHERE entity = 'branch' AND after LIKE '%overrule%'")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .unwrap();
    assert_eq!(logged.len(), 1, "once a day is enough: {logged:?}");
    assert!(logged[0].starts_with("Dropbox: "), "{logged:?}");
}

#[test]
fn a_wrong_config_file_is_named_with_its_line() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("config/guitai")).unwrap();
    desk.write("config/guitai/config.toml", "lang = 'zh'\ncolour = 'red'\n");
    for args in [&["config", "check"][..], &["today"]] {
        let run = desk.run(args);
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(run.err.contains("config.toml:2"), "{}", run.err);
    }
    assert_eq!(desk.run(&["config", "path"]).code, 0);
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    assert_eq!(desk.on(&["import", "客户.csv"]).code, 0);
    let set = desk.on(&["set", "6000000001", "address", "解放路\u{1b}[31m1\u{202e}号\u{7}"]);
    for run in [set, desk.on(&["show", "6000000001"]), desk.on(&["show", "6000000001", "--json"])] {
        assert!(!run.out.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{:?}", run.out);
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_fault() {
    use std::process::{Command, Stdio};
    let desk = Desk::bare();
    let mut child = Command::new(env!("CARGO_BIN_EXE_guitai"))
        .args(["completions", "zsh"])
        .env("HOME", desk.folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
