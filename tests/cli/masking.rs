//! No number and no address of a customer leaves a command whole: not in a table, not in JSON, not on a page, not in the log of this PC. One
//! customer's are shown for a reason, and that is in the change log.

use crate::desk::{Desk, Run};
use std::fs;
use std::path::Path;

const NO: &str = "6000000001";
const MARKERS: [&str; 7] =
    ["520325196611212452", "13985210001", "解放路", "1号", "6222021234567890128", "13500000001", "13500000002"];

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write(
        "customers.csv",
        "客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构\n\
         6000000001,张胜,居民身份证,520325196611212452,13985210001,贵州省遵义市道真县玉溪镇解放路1号,20190301,营业部\n\
         6000000002,张胜,居民身份证,11010519491231002X,13985210001,贵州省遵义市道真县玉溪镇解放路1号,20200506,营业部\n\
         6000000003,李坏,居民身份证,520325196611212453,13985210001x,玉溪镇解放路1号,20200506,营业部\n",
    );
    desk
}

/// Takes the file in, and fills texts with numbers.
fn filled() -> (Desk, Vec<(String, Run)>) {
    let desk = desk();
    let mut all = Vec::new();
    let mut run = |args: &[&str]| all.push((args.join(" "), desk.on(args)));
    run(&["import", "customers.csv", "--dry-run"]);
    run(&["import", "customers.csv"]);
    run(&["set", NO, "remarks", "卡6222021234567890128"]);
    run(&["set", NO, "alert", "家里13500000001"]);
    run(&["log", NO, "--channel", "phone", "--outcome", "reached", "--note", "改打13500000002"]);
    (desk, all)
}

fn nothing_whole(what: &str, text: &str) {
    for marker in MARKERS {
        assert!(!text.contains(marker), "{what}: {marker} in\n{text}");
    }
}

/// Every file below a folder that is text.
fn texts(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts(&path, into);
        } else if let Ok(bytes) = fs::read(&path)
            && !bytes.starts_with(b"SQLite format 3")
        {
            into.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

#[test]
fn no_command_gives_a_number_or_an_address_whole() {
    let (desk, mut all) = filled();
    let mut run = |args: &[&str]| all.push((args.join(" "), desk.on(args)));
    for json in [&[][..], &["--json"]] {
        for args in [
            &["find", "张胜"][..],
            &["find", "13985210001"],
            &["find", "520325196611212452"],
            &["find", "解放"],
            &["show", NO],
            &["today"],
            &["today", "--branch"],
            &["birthdays", "--days", "400"],
            &["duplicates"],
            &["orphans"],
            &["board"],
            &["tiers"],
            &["tiers", "--explain", NO],
            &["imports"],
            &["doctor"],
            &["verify"],
            &["audit"],
        ] {
            run(&[args, json].concat());
        }
    }
    run(&["staff"]);
    run(&["assign", "--preview"]);
    run(&["report", "value", NO]);
    run(&["report", "value", NO, "--html"]);
    run(&["report", "value", NO, "--out", "report.html"]);
    run(&["report", "value", NO, "--out", "report.txt"]);
    run(&["set", NO, "phone", "13985210001"]);
    run(&["set", "6000000002", "id_no", "520325196611212452"]);
    run(&["set", NO, "phone", "13985210001x"]);
    run(&["merge", NO, "6000000002", "--anyway"]);
    run(&["part", "6000000002"]);
    for (args, run) in &all {
        let quoted = args.contains("520325196611212452") || args.contains("解放") || args.contains("13985210001");
        assert!(run.code != 101 && !run.err.contains("panicked"), "{args}: {}", run.err);
        nothing_whole(args, &run.out);
        if !quoted {
            nothing_whole(args, &run.err);
        }
    }
    // Refused are only the number of somebody else and the one with a letter.
    let refused = |args: &str| args.contains("set 6000000002") || args.contains("13985210001x");
    let odd: Vec<_> =
        all.iter().filter(|(args, run)| (run.code != 0) != refused(args)).map(|(args, run)| (args, &run.err)).collect();
    assert!(odd.is_empty(), "{odd:?}");
    let shown = all.iter().find(|(args, _)| args == "show 6000000001 --json").unwrap();
    let fields = &shown.1.json()["fields"];
    assert_eq!(fields["phone"], "139****0001");
    assert_eq!(fields["address"], "贵州省遵义市道真县玉溪镇***");
    // What this PC keeps: its log, drafts, reports.
    let mut kept = Vec::new();
    texts(&desk.path("state"), &mut kept);
    kept.extend(["report.html", "report.txt"].map(|n| (n.to_owned(), fs::read_to_string(desk.path(n)).unwrap())));
    for (name, text) in kept.iter().filter(|(name, _)| !name.ends_with(".db")) {
        nothing_whole(name, text);
    }
}

fn looks(desk: &Desk, action: &str) -> i64 {
    let file = rusqlite::Connection::open(desk.path("branch.db")).unwrap();
    let sql = "SELECT count(*) FROM change WHERE entity = 'access' AND after ->> 'action' = ?";
    file.query_row(sql, [action], |r| r.get(0)).unwrap()
}

#[test]
fn what_commands_look_at_is_in_the_log() {
    let (desk, _) = filled();
    let before = looks(&desk, "view");
    for (n, args) in
        [&["find", "张胜"][..], &["show", NO], &["today", "--branch"], &["duplicates", "--json"]].iter().enumerate()
    {
        assert_eq!(desk.on(args).code, 0);
        assert_eq!(looks(&desk, "view"), before + 1 + n as i64, "{args:?}");
    }
    assert_eq!(desk.on(&["report", "value", NO]).code, 0);
    assert_eq!(desk.on(&["report", "value", NO, "--out", "one.txt"]).code, 0);
    assert_eq!((looks(&desk, "print"), looks(&desk, "export")), (1, 1));
}

#[test]
fn one_customers_numbers_are_shown_for_a_reason_that_is_on_the_list_and_counted() {
    let (desk, _) = filled();
    let wrong = desk.on(&["show", NO, "--reveal", "好奇"]);
    assert_ne!(wrong.code, 0);
    assert!(wrong.err.contains("客户本人在场核对") && wrong.err.contains("present"), "{}", wrong.err);
    assert_eq!(looks(&desk, "reveal"), 0);
    let shown = desk.on(&["show", NO, "--json", "--reveal", "call"]).json();
    assert_eq!(shown["fields"]["phone"], "13985210001");
    assert_eq!(shown["fields"]["id_no"], "520325196611212452");
    assert_eq!(shown["fields"]["remarks"], "卡***************0128", "texts stay masked");
    assert_eq!(looks(&desk, "reveal"), 3, "ID, phone, address");
    assert_eq!(desk.on(&["settings", "reveals_daily", "4"]).code, 0);
    let over = desk.on(&["show", NO, "--reveal", "客户本人在场核对"]);
    assert_ne!(over.code, 0);
    assert!(over.err.contains("上限"), "{}", over.err);
    nothing_whole("over the limit", &(over.out + &over.err));
    assert_eq!((looks(&desk, "reveal"), looks(&desk, "refused")), (4, 1));
}

#[test]
fn no_stored_text_steers_the_terminal_its_title_or_its_clipboard() {
    let (desk, _) = filled();
    let evil = "\u{1B}]52;c;cm0gLXJm\u{7}\u{1B}]0;title\u{7}\u{9D}0;x\u{9C}\u{1B}[31m红";
    assert_eq!(desk.on(&["set", NO, "news", evil]).code, 0);
    // A file that another program wrote may hold anything.
    let file = rusqlite::Connection::open(desk.path("branch.db")).unwrap();
    file.execute(
        "UPDATE customer SET name = ?, area = ?, address = ? WHERE no = ?",
        rusqlite::params![format!("张{evil}"), evil, evil, NO],
    )
    .unwrap();
    file.execute("UPDATE contact SET note = ?", [evil]).unwrap();
    drop(file);
    for args in [
        &["show", NO][..],
        &["show", NO, "--json"],
        &["find", "6000000001"],
        &["find", "6000000001", "--json"],
        &["today", "--branch"],
        &["report", "value", NO],
        &["report", "value", NO, "--out", "evil.html"],
        &["audit"],
    ] {
        let run = desk.on(args);
        let text = run.out + &run.err;
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{args:?}: {text:?}");
    }
    let page = fs::read_to_string(desk.path("evil.html")).unwrap();
    assert!(!page.chars().any(|c| c.is_control() && c != '\n'), "{page:?}");
}
