//! The second person's word at the command line: exports of many rows, restoring a backup, and what the log says of a word given without a
//! password.

use crate::desk::{CUSTOMERS, Desk, Run, done};
use std::fs;
use std::path::PathBuf;

const FIRST: &str = "Qing-shan-2026";
const SECOND: &str = "Lv-shui-2027";
const THIRD: &str = "Bai-yun-2028";

/// Two customers; a manager, who made the file, compliance, a supervisor and a teller. One row is all that one person may take out.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    done(&desk.on(&["import", "客户.csv"]));
    for person in ["hegui:何规:compliance", "zhuguan:周管:am_supervisor", "liqiang:李强:low_counter"] {
        done(&desk.on(&["staff", "add", person]));
    }
    done(&desk.on(&["settings", "export_rows", "1"]));
    desk
}

/// A desk whose manager and compliance have passwords of their own.
fn locked() -> Desk {
    let desk = Desk::bare();
    let first = ["init", "branch.db", "--plain", "--branch", "道真支行", "--staff", "wangmin:王敏:branch_manager"];
    done(&desk.say(&first, &[FIRST]));
    done(&desk.say(&["staff", "add", "hegui:何规:compliance", "--staff", "wangmin"], &[FIRST, SECOND]));
    desk
}

fn refused(run: &Run, words: &str) {
    assert!(run.code == 1 && run.out.is_empty() && run.err.contains(words), "{words}: {}{}", run.out, run.err);
}

/// The newest lines of the log.
fn log(desk: &Desk, db: &str, lines: &str) -> String {
    let run = desk.run(&["audit", "--limit", lines, "--db", db]);
    done(&run);
    run.out
}

fn backup(desk: &Desk) -> PathBuf {
    let files = fs::read_dir(desk.path("backup")).unwrap().map(|e| e.unwrap().path());
    files.filter(|p| p.extension().is_some_and(|e| e == "db")).min().unwrap()
}

#[test]
fn more_rows_than_one_person_may_take_out_leave_by_two_and_the_log_has_both_before_they_do() {
    let desk = desk();
    // Beside the birthday a second line of the queue.
    done(&desk.on(&["subject", "take", "6000000002", "access"]));
    for command in [
        &["find", "13985210"][..],
        &["find", "13985210", "--json"],
        &["today", "--branch"],
        &["birthdays", "--days", "400"],
        &["audit", "--json"],
        &["audit", "--csv", "log.csv"],
    ] {
        let with = |code| desk.on(&[command, &["--second", code]].concat());
        let alone = desk.on(command);
        refused(&alone, "一个人最多导出 1 行");
        assert!(alone.err.contains("--second 工号") && alone.err.contains("何规"), "{}", alone.err);
        for code in ["wangmin", "liqiang", "zhuguan", "nobody"] {
            refused(&with(code), "不能授权");
        }
        assert!(!desk.path("log.csv").exists());
        let both = with("hegui");
        done(&both);
        assert!(!both.out.is_empty());
        let said = log(&desk, "branch.db", "1");
        assert!(said.contains("导出") && said.contains("条数") && said.contains("授权人 何规"), "{command:?}: {said}");
    }
    assert!(desk.path("log.csv").exists());
}

#[test]
fn what_one_person_may_take_out_alone_asks_nobody_and_zero_asks_for_every_export() {
    let desk = desk();
    done(&desk.on(&["find", "张胜"]));
    assert!(log(&desk, "branch.db", "1").contains("查看"));
    done(&desk.on(&["report", "value", "6000000001", "--out", "one.txt"]));
    done(&desk.on(&["settings", "export_rows", "0"]));
    let value = ["report", "value", "6000000001", "--out", "two.txt"];
    for command in [&["find", "张胜"][..], &["show", "6000000001"], &value, &["tiers", "--explain", "6000000001"]] {
        let there = desk.path("two.txt").exists();
        refused(&desk.on(command), "一个人最多导出 0 行");
        assert_eq!(desk.path("two.txt").exists(), there, "nothing is written");
        done(&desk.on(&[command, &["--second", "hegui"]].concat()));
    }
    assert!(desk.path("two.txt").exists());
    let taken = desk.on(&[&value[..], &["--second", "hegui"]].concat());
    refused(&taken, "已经有了");
    assert!(!log(&desk, "branch.db", "1").contains("two.txt"), "what was not written was not exported");
}

#[test]
fn whose_post_exports_nothing_takes_no_long_list_out_by_anybodys_word() {
    let desk = desk();
    let run = desk.on(&["find", "13985210", "--staff", "liqiang", "--second", "hegui"]);
    refused(&run, "「导出名单」只有");
    done(&desk.on(&["find", "张胜", "--staff", "liqiang"]));
}

#[test]
fn the_log_says_that_a_word_was_given_by_name_only_until_there_is_a_password() {
    let desk = desk();
    let rules = ["settings", "fall_months", "3", "--second", "hegui"];
    done(&desk.on(&rules));
    assert!(log(&desk, "branch.db", "1").contains("授权人 何规（未验密码）"));
    let english = desk.on(&["audit", "--limit", "1", "--lang", "en"]).out;
    assert!(english.contains("second person 何规 (without password)"), "{english}");
    let json = desk.on(&["audit", "--action", "branch", "--json", "--limit", "1"]).json();
    assert!(json.to_string().contains("\"hegui\"") && json.to_string().contains("second.unproved"), "{json}");
    done(&desk.say(&["staff", "password", "hegui", "--staff", "hegui"], &[SECOND]));
    assert_eq!(desk.on(&["settings", "fall_months", "4", "--second", "hegui"]).code, 2);
    done(&desk.say(&["settings", "fall_months", "4", "--second", "hegui"], &[SECOND]));
    let said = log(&desk, "branch.db", "1");
    assert!(said.contains("授权人 何规") && !said.contains("未验密码"), "{said}");
}

#[test]
fn a_password_that_somebody_else_set_gives_no_second_word() {
    let desk = locked();
    let rules = ["settings", "fall_months", "3", "--second", "hegui", "--staff", "wangmin"];
    let run = desk.say(&rules, &[FIRST, SECOND]);
    refused(&run, "密码是别人设的");
    done(&desk.say(&["staff", "password", "hegui", "--staff", "hegui"], &[SECOND, THIRD]));
    done(&desk.say(&rules, &[FIRST, THIRD]));
}

#[test]
fn a_backup_is_restored_by_two_and_the_restored_file_says_who() {
    let desk = desk();
    done(&desk.on(&["backup"]));
    let file = backup(&desk);
    let restore = |more: &[&str]| desk.on(&[&["restore", file.to_str().unwrap(), "--to", "new.db"], more].concat());
    refused(&restore(&[]), "第二个人授权");
    refused(&restore(&["--second", "wangmin"]), "不能授权");
    refused(&restore(&["--second", "liqiang"]), "不能授权");
    for who in ["liqiang", "zhuguan"] {
        refused(&restore(&["--staff", who, "--second", "hegui"]), "「从备份恢复」只有");
    }
    assert_eq!(restore(&["--recovery"]).code, 2, "a plain one has no recovery code");
    assert!(!desk.path("new.db").exists());
    // Compliance is not in the house at 8:30: who looks after backups is enough.
    done(&restore(&["--second", "zhuguan"]));
    let said = log(&desk, "new.db", "1");
    assert!(said.contains("wangmin 王敏（未验密码）") && said.contains("授权人 周管（未验密码）"), "{said}");
    done(&desk.on(&["restore", "--drill"]));
    assert_eq!(desk.run(&["verify", "--db", "new.db"]).code, 0);
}

#[test]
fn while_the_file_in_use_can_be_read_its_staff_restores_and_else_that_of_the_backup() {
    let desk = desk();
    done(&desk.on(&["backup"]));
    let file = backup(&desk);
    done(&desk.on(&["staff", "leave", "hegui", "--by-rules"]));
    let restore = ["restore", file.to_str().unwrap(), "--second", "hegui"];
    let left = desk.on(&[&restore[..], &["--to", "new.db"]].concat());
    refused(&left, "不能授权");
    fs::rename(desk.path("branch.db"), desk.path("broken.db")).unwrap();
    done(&desk.on(&restore));
    assert!(log(&desk, "branch.db", "1").contains("授权人 何规"));
}

#[test]
fn a_backup_of_another_branch_is_restored_by_that_branchs_own_staff() {
    let (desk, other) = (desk(), desk());
    done(&other.on(&["staff", "add", "lixiang:李响:branch_manager"]));
    done(&other.on(&["backup"]));
    let file = backup(&other);
    let restore = |second| {
        let args = ["restore", file.to_str().unwrap(), "--to", "new.db", "--second", second];
        desk.on(&args)
    };
    // 李响 is nobody in the file in use of this desk.
    done(&restore("lixiang"));
    assert!(log(&desk, "new.db", "1").contains("授权人 李响"));
}

#[test]
fn where_passwords_are_asked_for_nobody_vouches_without_one() {
    let desk = locked();
    done(&desk.say(&["staff", "add", "li:李响:compliance", "--staff", "wangmin"], &[FIRST]));
    let rules = |code| ["settings", "fall_months", "3", "--second", code, "--staff", "wangmin"];
    done(&desk.say(&["settings", "sign_in.required", "true", "--staff", "wangmin"], &[FIRST]));
    refused(&desk.say(&rules("li"), &[FIRST]), "请先设");
}

#[test]
fn both_give_the_passwords_of_the_backups_day_where_the_file_is_gone() {
    let desk = locked();
    done(&desk.say(&["staff", "password", "hegui", "--staff", "hegui"], &[SECOND, THIRD]));
    done(&desk.say(&["backup", "--staff", "wangmin"], &[FIRST]));
    let file = backup(&desk);
    fs::rename(desk.path("branch.db"), desk.path("broken.db")).unwrap();
    let restore = ["restore", file.to_str().unwrap(), "--staff", "wangmin", "--second", "hegui"];
    assert_eq!(desk.on(&restore).code, 2);
    for lines in [[SECOND, THIRD], [FIRST, FIRST]] {
        refused(&desk.say(&restore, &lines), "工号或密码不对");
    }
    assert!(!desk.path("branch.db").exists());
    // Too old meanwhile, but not on the backup's day; who has changed it since cannot change it there.
    let later = [&restore[..], &["--to", "later.db", "--db", "branch.db", "--today", "2027-11-21"]].concat();
    done(&desk.say(&later, &[FIRST, THIRD]));
    done(&desk.say(&restore, &[FIRST, THIRD]));
    let said = desk.say(&["audit", "--limit", "3", "--staff", "wangmin"], &[FIRST]).out;
    assert!(said.contains("wangmin 王敏") && said.contains("授权人 何规") && !said.contains("未验密码"), "{said}");
}

#[test]
fn each_password_at_a_restore_is_asked_of_somebody_for_something_and_a_wrong_one_is_whose_it_is() {
    let desk = locked();
    done(&desk.say(&["staff", "password", "hegui", "--staff", "hegui"], &[SECOND, THIRD]));
    done(&desk.say(&["backup", "--staff", "wangmin"], &[FIRST]));
    let file = backup(&desk);
    let name = file.file_name().unwrap().to_str().unwrap();
    let restore = ["restore", file.to_str().unwrap(), "--to", "new.db", "--staff", "wangmin", "--second", "hegui"];
    refused(&desk.say(&restore, &[SECOND]), "wangmin 在 branch.db 里：工号或密码不对");
    refused(&desk.say(&restore, &[FIRST, SECOND]), "授权人 hegui：工号或密码不对");
    // Where the file is gone, both are those of the backup.
    fs::rename(desk.path("branch.db"), desk.path("broken.db")).unwrap();
    refused(&desk.say(&restore, &[FIRST, SECOND]), &format!("授权人 hegui 在 {name} 里：工号或密码不对"));
    fs::rename(desk.path("broken.db"), desk.path("branch.db")).unwrap();
    // An encrypted backup of a plain file: only passwords of the backup are asked for.
    let keys = desk.path("backup").join(format!("{name}.keys"));
    fs::write(&keys, "钥匙").unwrap();
    refused(&desk.say(&restore, &[SECOND]), &format!("wangmin 在 {name} 里：钥匙文件"));
    fs::remove_file(keys).unwrap();
    done(&desk.say(&restore, &[FIRST, THIRD]));
}
