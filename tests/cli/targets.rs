//! Paths with `..` or links where a command writes, SQL in any argument, a clock behind the log. What a command may write stands in
//! `run::targets`; how a file is made anew, in `store::anew`.

use crate::desk::{CUSTOMERS, Desk, Run};
use std::fs;
use std::path::PathBuf;

const NO: &str = "6000000001";

/// A desk with two customers.
fn stocked() -> Desk {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    assert_eq!(desk.on(&["import", "客户.csv"]).code, 0);
    desk
}

fn refused(run: &Run, words: &str) {
    assert_ne!(run.code, 0, "{}", run.out);
    assert!(run.err.contains(words), "{}", run.err);
}

/// What the branch file holds: every table, row by row, without what looking leaves in the log.
fn whole(desk: &Desk) -> (Vec<String>, Vec<String>) {
    let conn = rusqlite::Connection::open(desk.path("branch.db")).unwrap();
    let all = |sql: &str| -> Vec<String> {
        conn.prepare(sql).unwrap().query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
    };
    (
        all("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name"),
        all("SELECT no || name || phone || coalesce(owner, '') FROM customer ORDER BY no"),
    )
}

fn shown(desk: &Desk, name: &str) -> String {
    fs::canonicalize(desk.folder.path()).unwrap().join(name).display().to_string()
}

#[test]
fn a_path_with_dots_is_written_where_it_leads_and_shown_so() {
    let desk = stocked();
    fs::create_dir(desk.path("sub")).unwrap();
    for (args, file) in [
        (&["audit", "--csv", "sub/../log.csv"][..], "log.csv"),
        (&["report", "value", NO, "--out", "sub/./../sub/page.html"], "sub/page.html"),
        (&["backup", "--to", "sub/../copies"], "copies"),
    ] {
        let run = desk.on(args);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.contains(&shown(&desk, file)) && !run.out.contains(".."), "{}", run.out);
        assert!(desk.path(file).exists());
    }
}

#[test]
fn nothing_goes_over_the_branch_file_its_journal_or_its_keys() {
    let desk = stocked();
    fs::create_dir(desk.path("sub")).unwrap();
    let before = whole(&desk);
    let names = || -> Vec<String> {
        let mut all: Vec<String> =
            fs::read_dir(desk.folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        all.retain(|n| n.starts_with("branch.db"));
        all.sort();
        all
    };
    let there = names();
    assert_eq!(desk.on(&["backup", "--to", "copies"]).code, 0);
    let copy = fs::read_dir(desk.path("copies"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.extension().is_some_and(|e| e == "db"))
        .unwrap();
    let copy = copy.to_str().unwrap();
    for name in [
        "branch.db",
        "branch.db-journal",
        "branch.db-wal",
        "branch.db.keys",
        "sub/../branch.db.keys",
        "Branch.DB.keys.next",
    ] {
        for args in [
            &["audit", "--csv", name][..],
            &["report", "value", NO, "--out", name],
            &["backup", "--to", name],
            &["salvage", "branch.db", name],
        ] {
            refused(&desk.on(args), "branch.db");
            assert_eq!(names(), there, "{args:?}");
        }
        if name != "branch.db" {
            refused(&desk.on(&["restore", copy, "--to", name]), "属于它");
        }
    }
    assert_eq!(names(), there);
    assert_eq!(whole(&desk), before);
    assert_eq!(desk.on(&["verify"]).code, 0);
}

#[cfg(unix)]
#[test]
fn a_link_is_never_written_through() {
    use std::os::unix::fs::symlink;
    let desk = stocked();
    let before = whole(&desk);
    desk.write("other.txt", "nothing of ours");
    fs::create_dir(desk.path("far")).unwrap();
    let link = |to: &str, name: &str| symlink(desk.path(to), desk.path(name)).unwrap();
    link("branch.db", "log.csv");
    link("other.txt", "page.html");
    link("none.txt", "dangling.csv");
    link("far", "near");
    refused(&desk.on(&["audit", "--csv", "log.csv"]), "branch.db");
    refused(&desk.on(&["report", "value", NO, "--out", "log.csv"]), "branch.db");
    refused(&desk.on(&["report", "value", NO, "--out", "page.html"]), "不覆盖");
    refused(&desk.on(&["audit", "--csv", "dangling.csv"]), "dangling.csv");
    assert!(!desk.path("none.txt").exists());
    // A folder that is a link is where it leads to.
    let run = desk.on(&["audit", "--csv", "near/log.csv"]);
    assert!(run.code == 0 && run.out.contains(&shown(&desk, "far/log.csv")), "{}{}", run.out, run.err);
    // Where rejects would go, somebody laid a link: to another file, then to the branch file itself.
    let wrong = CUSTOMERS.replace("13985210002", "1398521");
    for (to, name) in [("other.txt", "甲.csv"), ("branch.db", "乙.csv")] {
        desk.write(name, wrong.replace("6000000002", "6000000003"));
        link(to, &format!("{name}.rejects.csv"));
    }
    let run = desk.on(&["import", "甲.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(fs::read_to_string(desk.path("甲.csv.rejects.csv")).unwrap().contains("1398521"));
    assert!(!fs::symlink_metadata(desk.path("甲.csv.rejects.csv")).unwrap().is_symlink());
    refused(&desk.on(&["import", "乙.csv"]), "拒收行");
    assert_eq!(fs::read_to_string(desk.path("other.txt")).unwrap(), "nothing of ours");
    assert_eq!(whole(&desk), before);
}

#[cfg(unix)]
#[test]
fn links_laid_into_the_folder_of_backups_lead_nowhere() {
    let desk = stocked();
    let before = whole(&desk);
    fs::create_dir(desk.path("backup")).unwrap();
    // Every name that a backup of the next minutes may use on its way.
    let now = chrono::Local::now().time();
    let names: Vec<PathBuf> = (0..180)
        .map(|s| (now + chrono::TimeDelta::seconds(s)).format("branch-20261121-%H%M%S.db").to_string())
        .flat_map(|name| {
            [".json.part", ".json", ".keys.part"].map(|ending| desk.path("backup").join(format!("{name}{ending}")))
        })
        .collect();
    for name in &names {
        std::os::unix::fs::symlink(desk.path("branch.db"), name).unwrap();
    }
    let run = desk.on(&["backup"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(whole(&desk), before);
    assert_eq!(desk.on(&["verify"]).code, 0);
    let papers = names
        .iter()
        .filter(|n| n.extension().is_some_and(|e| e == "json") && !fs::symlink_metadata(n).unwrap().is_symlink());
    assert_eq!(papers.count(), 1, "the paper of the backup took the place of the link");
    assert_eq!(desk.on(&["restore", "--drill"]).code, 0);
}

#[test]
fn sql_in_any_argument_is_text() {
    let desk = stocked();
    let before = whole(&desk);
    for sql in [
        "'; DROP TABLE customer; --",
        "\" OR \"\"=\"",
        "x' OR '1'='1",
        "%' OR no LIKE '%",
        "1); DELETE FROM change; SELECT (1",
    ] {
        for args in [
            &["find", sql][..],
            &["find", sql, "--json"],
            &["show", sql],
            &["set", sql, "news", "x"],
            &["set", NO, sql, "x"],
            &["log", sql, "--channel", "phone", "--outcome", "reached", "--note", "x"],
            &["today", "--staff", sql],
            &["audit", "--who", sql],
            &["audit", "--customer", sql],
            &["audit", "--action", sql],
            &["report", "value", sql],
            &["report", "subject", sql],
            &["mapping", "show", sql],
            &["mapping", "drop", sql],
            &["settings", sql, sql],
            &["staff", "add", sql, "名", "account_manager"],
            &["import", sql],
            &["restore", sql, "--to", "x.db"],
            &["subject", "show", sql],
        ] {
            let run = desk.on(args);
            assert!((0..=3).contains(&run.code), "{args:?}: {} {}", run.code, run.err);
            assert!(
                !run.err.contains("panicked") && !run.err.contains("SQL") && !run.err.contains("syntax"),
                "{args:?}: {}",
                run.err
            );
            assert!(!(run.out.contains("张胜") || run.out.contains("单雄")), "{args:?} finds somebody: {}", run.out);
        }
        // What is a text is kept as it was typed.
        let run = desk.on(&["set", NO, "news", sql]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(desk.on(&["show", NO]).out.contains(sql), "{}", desk.on(&["show", NO]).out);
        assert_eq!(whole(&desk), before);
    }
    assert_eq!(desk.on(&["verify"]).code, 0);
}

#[test]
fn a_clock_behind_the_newest_line_of_the_log_is_said_by_every_command_that_goes_by_it() {
    let desk = stocked();
    for args in [&["show", NO][..], &["set", NO, "news", "现在"], &["today"]] {
        let far = ["set", NO, "alert", "将来", "--db", "branch.db", "--today", "2099-01-01"];
        assert_eq!(desk.run(&far).code, 0);
        assert_eq!(desk.run(&["set", NO, "alert", "", "--db", "branch.db", "--today", "2099-01-01"]).code, 0);
        let run = desk.run(&[args, &["--db", "branch.db"]].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.err.contains("本机时间比日志最新一条（2099-01-01"), "{args:?}: {}", run.err);
    }
    // A line of now ends it.
    assert_eq!(desk.run(&["set", NO, "news", "此刻", "--db", "branch.db"]).code, 0);
    let run = desk.run(&["show", NO, "--db", "branch.db"]);
    assert!(run.code == 0 && !run.err.contains("本机时间"), "{}", run.err);
}
