//! The door of an encrypted branch file: slots by the real binary, from `init` to somebody's leaving, and the way back by a recovery code.

use crate::desk::{Desk, Run};
use std::fs;

const FIRST: &str = "Qing-shan-2026";
const SECOND: &str = "Lv-shui-202712";
const THIRD: &str = "Bai-yun-202812";
const FOURTH: &str = "Xi-feng-202913";

/// A desk with an encrypted file of 王敏, the branch manager, and the recovery codes that were printed.
fn desk() -> (Desk, Vec<String>) {
    let desk = Desk::bare();
    let first = ["init", "branch.db", "--branch", "道真支行", "--staff", "wangmin:王敏:branch_manager"];
    let short = desk.say(&first, &["Qs-2026x"]);
    assert!(short.code == 1 && short.err.contains("12 位") && !desk.path("branch.db").exists(), "{}", short.err);
    let made = fine(desk.say(&first, &[FIRST]));
    let groups = |word: &&str| word.len() == 29 && word.split('-').all(|group| group.len() == 5);
    let codes: Vec<String> = made.out.split_whitespace().filter(groups).map(str::to_owned).collect();
    assert_eq!(codes.len(), 2, "{}", made.out);
    (desk, codes)
}

fn fine(run: Run) -> Run {
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    run
}

fn refused(run: &Run, code: i32, words: &str) {
    assert!(run.code == code && run.err.contains(words) && run.out.is_empty(), "{} {}{}", run.code, run.out, run.err);
}

/// 王敏's commands.
fn wang(desk: &Desk, args: &[&str], lines: &[&str]) -> Run {
    desk.say(&[args, &["--staff", "wangmin"]].concat(), &[&[FIRST], lines].concat())
}

fn li(desk: &Desk, args: &[&str], lines: &[&str]) -> Run {
    desk.say(&[args, &["--staff", "liqiang"]].concat(), lines)
}

#[test]
fn an_encrypted_file_opens_to_a_number_and_its_password_only() {
    let (desk, _) = desk();
    fine(wang(&desk, &["staff"], &[]));
    refused(&desk.on(&["staff"]), 2, "--staff");
    refused(&desk.on(&["staff", "--staff", "wangmin"]), 2, "--password-fd");
    let wrong = desk.say(&["staff", "--staff", "wangmin"], &[SECOND]);
    let nobody = desk.say(&["staff", "--staff", "nobody"], &[FIRST]);
    refused(&wrong, 1, "工号或密码不对");
    let unnamed = |run: &Run, who: &str| run.err.replace(who, "…");
    assert_eq!(unnamed(&wrong, "wangmin"), unnamed(&nobody, "nobody"), "nobody learns which numbers there are");
    // The refusals could not be written into a file that nobody could open; the next sign-in does.
    fine(wang(&desk, &["staff"], &[]));
    let log = fine(wang(&desk, &["audit", "--json"], &[])).json();
    let said: Vec<&str> = log.as_array().unwrap().iter().filter_map(|l| l["action"].as_str()).collect();
    assert_eq!(said.iter().filter(|a| **a == "refused").count(), 2, "{log}");
    assert!(said.iter().filter(|a| **a == "sign_in").count() >= 3, "{log}");
}

#[test]
fn a_colleague_gets_a_slot_changes_the_password_and_loses_the_slot_by_leaving() {
    let (desk, _) = desk();
    let add = ["staff", "add", "liqiang:李强:low_counter"];
    refused(&wang(&desk, &add, &[]), 2, "--password-fd");
    fine(wang(&desk, &add, &[SECOND]));
    refused(&li(&desk, &["find", "zs"], &[SECOND]), 1, "guitai staff password liqiang");
    fine(li(&desk, &["staff", "password", "liqiang"], &[SECOND, THIRD]));
    refused(&li(&desk, &["find", "zs"], &[SECOND]), 1, "工号或密码不对");
    fine(li(&desk, &["find", "zs"], &[THIRD]));
    let (keys, copy) = (desk.path("branch.db.keys"), fs::read(desk.path("branch.db.keys")).unwrap());
    refused(&li(&desk, &["staff", "leave", "wangmin", "--to", "liqiang"], &[THIRD]), 1, "网点经理");
    fine(wang(&desk, &["staff", "leave", "liqiang", "--to", "wangmin"], &[]));
    refused(&li(&desk, &["find", "zs"], &[THIRD]), 1, "工号或密码不对");
    for name in ["branch.db.keys", "branch.db.keys.1", "branch.db.keys.2"] {
        assert!(!fs::read_to_string(desk.path(name)).unwrap().contains("liqiang"), "{name}");
    }
    // The slot file from before, put back: noticed, and not used by anybody.
    let newest = fs::read(&keys).unwrap();
    fs::write(&keys, copy).unwrap();
    refused(&li(&desk, &["find", "zs"], &[THIRD]), 3, "旧的钥匙文件");
    refused(&wang(&desk, &["find", "zs"], &[]), 3, "旧的钥匙文件");
    fs::write(&keys, newest).unwrap();
    fine(wang(&desk, &["find", "zs"], &[]));
}

#[test]
fn a_slot_file_changed_cut_or_away_opens_nothing_and_says_so() {
    let (desk, _) = desk();
    let keys = desk.path("branch.db.keys");
    let whole = fs::read(&keys).unwrap();
    for (at, words) in [(whole.len() / 2, "钥匙文件"), (20, "钥匙文件"), (whole.len() - 10, "钥匙文件")] {
        let mut changed = whole.clone();
        // Another digit: still a slot file to look at.
        changed[at] = if changed[at] == b'7' { b'8' } else { b'7' };
        fs::write(&keys, &changed).unwrap();
        let run = wang(&desk, &["find", "zs"], &[]);
        assert!(run.code > 0 && (run.err.contains(words) || run.err.contains("工号或密码不对")), "{at}: {}", run.err);
    }
    fs::write(&keys, &whole[..whole.len() / 2]).unwrap();
    refused(&wang(&desk, &["find", "zs"], &[]), 3, "已损坏");
    fs::remove_file(&keys).unwrap();
    let gone = wang(&desk, &["find", "zs"], &[]);
    assert!(gone.code == 3 && gone.out.is_empty(), "{}", gone.err);
    fs::write(&keys, &whole).unwrap();
    fine(wang(&desk, &["find", "zs"], &[]));
}

#[test]
fn a_recovery_code_sets_a_password_also_over_an_older_slot_file() {
    let (desk, codes) = desk();
    let keys = desk.path("branch.db.keys");
    let older = fs::read(&keys).unwrap();
    fine(wang(&desk, &["staff", "add", "liqiang:李强:low_counter"], &[SECOND]));
    fs::write(&keys, older).unwrap();
    refused(&wang(&desk, &["find", "zs"], &[]), 3, "旧的钥匙文件");
    let recover = ["staff", "password", "wangmin", "--recovery"];
    let mut slip = codes[0].clone();
    slip.replace_range(0..1, if slip.starts_with('7') { "8" } else { "7" });
    refused(&desk.say(&recover, &[&slip, THIRD]), 1, "恢复码有输错");
    refused(&desk.say(&recover, &[&codes[0], "short"]), 1, "12 位");
    fine(desk.say(&recover, &[&codes[1].to_lowercase().replace('-', " "), THIRD]));
    refused(&wang(&desk, &["find", "zs"], &[]), 1, "工号或密码不对");
    fine(desk.say(&["find", "zs", "--staff", "wangmin"], &[THIRD]));
    // 李强's slot is not in the older file; he gets a new one.
    refused(&li(&desk, &["find", "zs"], &[SECOND]), 1, "工号或密码不对");
    let give = ["staff", "password", "liqiang", "--staff", "wangmin"];
    refused(&desk.say(&give, &[THIRD, SECOND]), 1, "用过");
    fine(desk.say(&give, &[THIRD, FOURTH]));
    refused(&li(&desk, &["find", "zs"], &[FOURTH]), 1, "别人设的");
}
