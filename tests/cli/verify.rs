//! `verify` by the real binary: a log edited, cut or put back with other tools is found, by itself, by what this PC remembers and by the seals.

use crate::desk::{CUSTOMERS, Desk, Run};
use rusqlite::Connection;
use std::fs;

const FREE: &str = "DROP TRIGGER change_update; DROP TRIGGER change_delete; DROP TRIGGER change_order;";

/// A desk with two customers, and a folder of seals.
fn sealed() -> Desk {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("seal")).unwrap();
    fs::create_dir_all(desk.path("config/guitai")).unwrap();
    let seal = desk.path("seal");
    desk.write("config/guitai/config.toml", format!("[audit]\nseal = '{}'\n", seal.display()));
    desk.write("客户.csv", CUSTOMERS);
    done(desk.on(&["import", "客户.csv"]));
    desk
}

fn done(run: Run) -> String {
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    run.out
}

/// Does something to the branch file as the `sqlite3` tool does.
fn tool(desk: &Desk, sql: &str) {
    Connection::open(desk.path("branch.db")).unwrap().execute_batch(sql).unwrap();
}

/// What `verify` says of one thing it looks at.
fn found(desk: &Desk, check: &str) -> (i32, String, String) {
    let run = desk.on(&["verify", "--json"]);
    let all: serde_json::Value =
        serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}: {}{}", run.out, run.err));
    let one = all.as_array().unwrap().iter().find(|f| f["check"] == check).unwrap();
    (run.code, one["state"].as_str().unwrap().to_owned(), one["text"].as_str().unwrap().to_owned())
}

#[test]
fn a_log_nobody_touched_is_whole_in_both_languages() {
    let desk = sealed();
    done(desk.on(&["set", "6000000001", "phone", "13985210009"]));
    done(desk.on(&["backup"]));
    let said = done(desk.on(&["verify"]));
    assert!(said.contains("条条相接") && said.contains("链头都在文件里") && !said.contains("!!"), "{said}");
    let said = done(desk.on(&["verify", "--lang", "en"]));
    assert!(said.contains("fit one behind the other") && said.contains("sealed heads"), "{said}");
}

#[test]
fn every_row_edited_or_deleted_with_another_tool_is_found_and_named() {
    let desk = sealed();
    for phone in ["13985210009", "13985210010"] {
        done(desk.on(&["set", "6000000001", "phone", phone]));
    }
    let whole = fs::read(desk.path("branch.db")).unwrap();
    let last: i64 = Connection::open(desk.path("branch.db"))
        .unwrap()
        .query_row("SELECT max(seq) FROM change", [], |r| r.get(0))
        .unwrap();
    for seq in 1..=last {
        fs::write(desk.path("branch.db"), &whole).unwrap();
        tool(&desk, &format!("{FREE} UPDATE change SET reason = 'x' WHERE seq = {seq}"));
        let (code, state, text) = found(&desk, "chain");
        assert_eq!((code, state.as_str()), (3, "bad"), "{seq}");
        assert!(text.contains(&format!("变更 {seq} 的内容被改过")) && text.contains("王敏"), "{text}");
        if seq < last {
            fs::write(desk.path("branch.db"), &whole).unwrap();
            tool(&desk, &format!("{FREE} DELETE FROM change WHERE seq = {seq}"));
            let (code, _, text) = found(&desk, "chain");
            assert!(code == 3 && text.contains(&format!("变更 {seq} 到 {seq} 不见了")), "{text}");
        }
    }
    let run = desk.on(&["verify", "--lang", "en"]);
    assert!(
        run.code == 3 && run.out.contains("!!") && run.err.contains("show this to compliance"),
        "{}{}",
        run.out,
        run.err
    );
}

#[test]
fn an_archive_written_past_the_log_is_found() {
    let desk = sealed();
    done(desk.on(&["set", "6000000001", "phone", "13985210009"]));
    assert_eq!(found(&desk, "state").1, "ok");
    tool(&desk, "UPDATE customer SET phone = '13985219999' WHERE no = '6000000001'");
    let (code, state, text) = found(&desk, "state");
    assert_eq!((code, state.as_str()), (3, "bad"));
    assert!(text.contains("6000000001 手机") && !text.contains("13985219999"), "{text}");
}

#[test]
fn a_tail_that_was_cut_off_is_found_by_this_pc_and_by_the_seal() {
    let desk = sealed();
    done(desk.on(&["set", "6000000001", "phone", "13985210009"]));
    done(desk.on(&["backup"]));
    tool(
        &desk,
        &format!(
            "{FREE} DELETE FROM change WHERE seq = (SELECT max(seq) FROM change); UPDATE customer SET phone = '13985210001' WHERE no = '6000000001'"
        ),
    );
    assert_eq!(found(&desk, "chain").1, "ok", "what is left fits");
    for check in ["memory", "seal"] {
        let (code, state, text) = found(&desk, check);
        assert_eq!((code, state.as_str()), (3, "bad"), "{text}");
        assert!(text.contains("不在文件里") || text.contains("文件里没有"), "{text}");
    }
    // Nobody writes it from here, and who reads it is told.
    let run = desk.on(&["set", "6000000001", "phone", "13985210011"]);
    assert!(run.code == 3 && run.err.contains("guitai verify"), "{}", run.err);
    let run = desk.on(&["show", "6000000001"]);
    assert!(run.code == 0 && run.err.contains("guitai verify"), "{}", run.err);
    // A PC that never saw the file knows it from the seal alone.
    fs::remove_dir_all(desk.path("state")).unwrap();
    assert_eq!((found(&desk, "memory").1.as_str(), found(&desk, "seal").1.as_str()), ("ok", "bad"));
}

#[test]
fn an_older_file_put_back_is_used_again_only_when_somebody_who_may_says_so_and_the_log_keeps_that() {
    let desk = sealed();
    done(desk.on(&["staff", "add", "liqiang:李强:low_counter"]));
    let old = fs::read(desk.path("branch.db")).unwrap();
    done(desk.on(&["set", "6000000001", "phone", "13985210009"]));
    done(desk.on(&["backup"]));
    fs::write(desk.path("branch.db"), old).unwrap();
    let run = desk.on(&["verify", "--accept", "换回旧文件", "--staff", "liqiang"]);
    assert!(run.code == 1 && run.err.contains("网点经理"), "{}", run.err);
    assert_eq!(desk.on(&["verify", "--accept", " ", "--staff", "wangmin"]).code, 2);
    let said = done(desk.on(&["verify", "--accept", "换回旧文件", "--staff", "wangmin"]));
    assert!(said.contains("换回旧文件") && said.contains("1 个在有记录的换回中作废"), "{said}");
    done(desk.on(&["set", "6000000001", "phone", "13985210011"]));
    assert!(!done(desk.on(&["verify"])).contains("!!"));
    let run = desk.on(&["verify", "--accept", "再来", "--staff", "wangmin"]);
    assert!(run.code == 1 && run.err.contains("没有需要确认的"), "{}", run.err);
}

#[test]
fn a_restored_backup_is_accepted_and_says_who_restored_it() {
    let desk = sealed();
    done(desk.on(&["backup"]));
    let backup = fs::read_dir(desk.path("backup"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.extension().is_some_and(|e| e == "db"))
        .unwrap();
    done(desk.on(&["set", "6000000001", "phone", "13985210009"]));
    done(desk.on(&["show", "6000000001"]));
    fs::rename(desk.path("branch.db"), desk.path("old.db")).unwrap();
    done(desk.on(&["restore", backup.to_str().unwrap(), "--staff", "wangmin"]));
    let run = desk.on(&["show", "6000000001"]);
    assert!(run.code == 0 && run.err.contains("王敏 换回") && run.err.contains("恢复备份"), "{}", run.err);
    let run = desk.on(&["set", "6000000001", "phone", "13985210012"]);
    assert!(run.code == 0 && !run.err.contains("换回"), "told once: {}", run.err);
    assert!(!done(desk.on(&["verify"])).contains("!!"));
}

#[test]
fn seals_that_were_written_over_are_found_and_another_branchs_are_left_alone() {
    let desk = sealed();
    done(desk.on(&["backup"]));
    let other = Desk::new();
    fs::create_dir_all(other.path("config/guitai")).unwrap();
    other.write("config/guitai/config.toml", format!("[audit]\nseal = '{}'\n", desk.path("seal").display()));
    done(other.run(&["init", "second.db", "--plain", "--branch", "旧城支行", "--staff", "li:李强:branch_manager"]));
    done(other.run(&["backup", "--db", "second.db", "--today", "2026-11-21"]));
    assert_eq!(fs::read_dir(desk.path("seal")).unwrap().count(), 2);
    assert_eq!(found(&desk, "seal").1, "ok");
    let name = fs::read_dir(desk.path("seal")).unwrap().map(|e| e.unwrap().path()).min().unwrap();
    fs::write(&name, "{}\n").unwrap();
    let (code, state, text) = found(&desk, "seal");
    assert!(code == 3 && state == "bad" && text.contains("读不懂"), "{text}");
}

#[test]
fn verify_says_so_when_there_is_no_folder_of_seals_or_it_cannot_be_read() {
    let desk = Desk::new();
    assert_eq!(found(&desk, "seal").1, "warn");
    fs::create_dir_all(desk.path("config/guitai")).unwrap();
    desk.write("config/guitai/config.toml", "[audit]\nseal = '/nowhere/at/all'\n");
    let run = desk.on(&["verify"]);
    assert!(run.code == 3 && run.err.contains("audit.seal"), "{}", run.err);
}
