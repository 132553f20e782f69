//! Encrypted branch files by the real binary: made, opened, backed up, restored, salvaged, put under another key and made plain again. No byte that
//! any of it leaves on the disk tells of a customer, and no old password opens what has a new key.
#![cfg(feature = "encryption")]

use crate::desk::{CUSTOMERS, Desk, Run};
use std::fs;
use std::path::{Path, PathBuf};

const FIRST: &str = "Qing-shan-2026";
const SECOND: &str = "Bi-yun-tian-202";

/// What is looked for in bytes: names, phones, ID numbers and an address of the customers.
const SECRETS: [&str; 7] =
    ["张胜", "单雄", "13985210001", "13985210002", "520325196611212452", "11010519491231002X", "解放路1号"];

fn fine(run: Run) -> Run {
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    run
}

/// An encrypted branch with two customers, the manager and somebody of compliance; and the recovery codes.
fn desk() -> (Desk, Vec<String>) {
    let desk = Desk::bare();
    let first = ["init", "branch.db", "--branch", "道真支行", "--staff", "wangmin:王敏:branch_manager"];
    let made = fine(desk.say(&first, &[FIRST]));
    let codes: Vec<String> = made.out.lines().filter(|l| l.starts_with("  ")).map(|l| l.trim().to_owned()).collect();
    let extract = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    fs::write(extract.path(), CUSTOMERS).unwrap();
    fine(as_manager(&desk, &["import", extract.path().to_str().unwrap()]));
    fine(desk.say(&["staff", "add", "hegui:何规:compliance", "--staff", "wangmin"], &[FIRST, "Chu-shi-mi-ma-1"]));
    fine(desk.say(&["staff", "password", "hegui", "--staff", "hegui"], &["Chu-shi-mi-ma-1", SECOND]));
    (desk, codes)
}

fn as_manager(desk: &Desk, command: &[&str]) -> Run {
    desk.say(&[command, &["--staff", "wangmin"]].concat(), &[FIRST])
}

/// Every file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Which files tell of a customer.
fn telling(desk: &Desk) -> Vec<PathBuf> {
    let tells = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap();
        SECRETS.iter().any(|secret| bytes.windows(secret.len()).any(|w| w == secret.as_bytes()))
    };
    files(desk.folder.path()).into_iter().filter(tells).collect()
}

/// The backup whose name begins so.
fn backup(desk: &Desk, begins: &str) -> PathBuf {
    let named = |p: &PathBuf| {
        let name = p.file_name().unwrap().to_str().unwrap();
        name.starts_with(begins) && name.ends_with(".db")
    };
    files(&desk.path("backup")).into_iter().find(named).unwrap()
}

#[test]
fn every_command_works_on_an_encrypted_file_and_nothing_of_a_customer_lies_on_the_disk() {
    let (desk, codes) = desk();
    assert_eq!(codes.len(), 2, "two recovery codes are shown");
    for (command, says) in [
        (&["find", "张胜"][..], "6000000001"),
        (&["show", "6000000001"], "张胜"),
        (&["set", "6000000001", "remarks", "住解放路1号"], ""),
        (&["log", "6000000001", "--channel", "phone", "--outcome", "reached", "--note", "问单雄"], ""),
        (&["today"], ""),
        (&["board"], ""),
        (&["imports"], ""),
        (&["verify"], "条条相接"),
        (&["doctor"], "已加密，2 人有密码"),
        (&["backup"], "已备份并核对"),
        (&["restore", "--drill"], "演练通过"),
    ] {
        let run = fine(as_manager(&desk, command));
        assert!(run.out.contains(says), "{command:?}: {}", run.out);
    }
    assert_eq!(telling(&desk), Vec::<PathBuf>::new());
    // Only by a password; and without one it says how.
    let (none, wrong) = (desk.on(&["find", "张胜"]), desk.say(&["find", "张胜", "--staff", "wangmin"], &[SECOND]));
    assert!(none.code == 2 && none.err.contains("要登录"), "{}", none.err);
    assert!(wrong.code == 1 && wrong.err.contains("工号或密码不对") && wrong.out.is_empty(), "{}", wrong.err);

    // Back from a backup, with its slot file beside it.
    let source = backup(&desk, "branch-2");
    assert!(source.with_extension("db.keys").exists());
    let back = ["restore", source.to_str().unwrap(), "--to", "back.db"];
    assert_eq!(desk.on(&back).code, 2);
    let alone = as_manager(&desk, &back);
    assert!(alone.code == 1 && alone.err.contains("第二个人授权"), "{}", alone.err);
    let both = [&back[..], &["--second", "hegui", "--staff", "wangmin"]].concat();
    assert_eq!(desk.say(&both, &[FIRST, FIRST]).code, 1);
    assert!(!desk.path("back.db").exists());
    fine(desk.say(&both, &[FIRST, SECOND]));
    let there = fine(desk.say(&["find", "张胜", "--staff", "wangmin", "--db", "back.db"], &[FIRST]));
    assert!(there.out.contains("6000000001"));

    // Damaged, it is salvaged into another encrypted one.
    let mut bytes = fs::read(desk.path("branch.db")).unwrap();
    let pages = bytes.len() / 4_096;
    bytes[(pages / 2) * 4_096 + 700] ^= 4;
    desk.write("torn.db", &bytes);
    fs::copy(desk.path("branch.db.keys"), desk.path("torn.db.keys")).unwrap();
    let saved = as_manager(&desk, &["salvage", "torn.db", "saved.db", "--json"]);
    assert!(saved.code <= 1, "{}", saved.err);
    let report: serde_json::Value = serde_json::from_str(&saved.out).unwrap();
    assert_eq!(report["tables"]["customer"]["read"], 2, "{}", saved.out);
    assert!(!fs::read(desk.path("saved.db")).unwrap().starts_with(b"SQLite"));
    let there = fine(desk.say(&["find", "张胜", "--staff", "wangmin", "--db", "saved.db"], &[FIRST]));
    assert!(there.out.contains("6000000001"));
    assert_eq!(telling(&desk), Vec::<PathBuf>::new());
}

#[test]
fn after_a_new_key_an_old_password_slot_file_or_recovery_code_opens_nothing() {
    let (desk, codes) = desk();
    fs::copy(desk.path("branch.db.keys"), desk.path("stolen.keys")).unwrap();
    let refused = desk.say(&["rekey", "--staff", "wangmin"], &[FIRST, SECOND]);
    assert!(refused.code == 1 && refused.err.contains("工号或密码不对"), "{}", refused.err);
    let done = fine(desk.say(&["rekey", "--staff", "wangmin"], &[FIRST, FIRST]));
    assert!(done.out.contains("已换钥匙并核对") && !done.out.contains(&codes[0]), "{}", done.out);
    assert!(fine(as_manager(&desk, &["find", "张胜"])).out.contains("6000000001"));
    assert!(fine(as_manager(&desk, &["verify"])).out.contains("条条相接"));
    let left: Vec<PathBuf> = files(desk.folder.path());
    assert!(!left.iter().any(|p| p.to_string_lossy().contains("branch.db.keys.")), "{left:?}");

    // Whoever left with their password, a copy of the slot file and the code from the safe.
    let leaver = desk.say(&["find", "张胜", "--staff", "hegui"], &[SECOND]);
    assert_eq!(leaver.code, 1, "{}", leaver.out);
    let code = desk.say(&["staff", "password", "wangmin", "--recovery"], &[&codes[0], "Hong-ri-2028-1"]);
    assert_ne!(code.code, 0, "{}", code.out);
    fs::rename(desk.path("branch.db.keys"), desk.path("new.keys")).unwrap();
    fs::copy(desk.path("stolen.keys"), desk.path("branch.db.keys")).unwrap();
    let stolen = desk.say(&["find", "张胜", "--staff", "hegui"], &[SECOND]);
    assert!(stolen.code == 3 && stolen.out.is_empty() && stolen.err.contains("钥匙打不开"), "{}", stolen.err);
    fs::rename(desk.path("new.keys"), desk.path("branch.db.keys")).unwrap();

    // The manager gives compliance a new one, and an old backup can still be tried.
    fine(desk.say(&["staff", "password", "hegui", "--staff", "wangmin"], &[FIRST, "Hong-ri-2028-1"]));
    let old = backup(&desk, "branch-oldkey");
    let drill = fine(as_manager(&desk, &["restore", old.to_str().unwrap(), "--drill"]));
    assert!(drill.out.contains("演练通过"), "{}", drill.out);
}

#[test]
fn a_file_is_made_plain_by_two_and_encrypted_again_with_everybody_else_out() {
    let (desk, _) = desk();
    let plain =
        |first: &str, second: &str, lines: &[&str]| desk.say(&["decrypt", "--second", second, "--staff", first], lines);
    for (run, says) in [
        (plain("wangmin", "wangmin", &[FIRST, FIRST]), "不能授权"),
        (plain("wangmin", "nobody", &[FIRST, FIRST]), "不能授权"),
        (plain("wangmin", "hegui", &[FIRST, FIRST]), "工号或密码不对"),
        (desk.say(&["encrypt", "--staff", "wangmin"], &[FIRST, SECOND]), "已经加密"),
    ] {
        assert!(run.code == 1 && run.err.contains(says), "{}", run.err);
    }
    let sealed = fs::read(desk.path("branch.db")).unwrap();
    assert!(!sealed.starts_with(b"SQLite format 3\0"));

    fine(plain("wangmin", "hegui", &[FIRST, SECOND]));
    assert!(fs::read(desk.path("branch.db")).unwrap().starts_with(b"SQLite format 3\0"));
    assert!(!desk.path("branch.db.keys").exists() && !desk.path("branch.db.keys.next").exists());
    assert!(fine(as_manager(&desk, &["doctor"])).out.contains("未加密"));
    assert!(fine(as_manager(&desk, &["verify"])).out.contains("条条相接"));
    assert!(fine(as_manager(&desk, &["find", "张胜"])).out.contains("6000000001"));

    // A workstation that has it open keeps it as it is.
    let before = fs::read(desk.path("branch.db")).unwrap();
    let seats = desk.path("branch.db.ws");
    fs::create_dir_all(&seats).unwrap();
    let there = rusqlite::Connection::open(seats.join(format!("{:032x}.lock", 7))).unwrap();
    there.execute_batch("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE").unwrap();
    fs::write(seats.join(format!("{:032x}~1~0~0.json", 7)), r#"{"station":"7号柜台"}"#).unwrap();
    let held = desk.say(&["encrypt", "--staff", "wangmin"], &[FIRST, "Hong-ri-2028-1"]);
    assert!(held.code == 1 && held.err.contains("7号柜台"), "{}", held.err);
    assert!(fs::read(desk.path("branch.db")).unwrap().len() >= before.len());
    drop(there);

    let done = fine(desk.say(&["encrypt", "--staff", "wangmin"], &[FIRST, "Hong-ri-2028-1"]));
    assert!(done.out.contains("已加密并核对") && done.out.contains("没有加密的备份"), "{}", done.out);
    assert!(!fs::read(desk.path("branch.db")).unwrap().starts_with(b"SQLite"));
    assert!(fine(desk.say(&["verify", "--staff", "wangmin"], &["Hong-ri-2028-1"])).out.contains("条条相接"));
    // What tells of customers still is the plain backup, which the command names.
    let left = telling(&desk);
    assert!(!left.is_empty() && left.iter().all(|p| p.to_string_lossy().contains("branch-plain")), "{left:?}");
}

#[test]
fn a_broken_file_is_replaced_by_two_of_the_backups_staff_or_by_a_recovery_code() {
    let (desk, codes) = desk();
    fine(as_manager(&desk, &["backup"]));
    let source = backup(&desk, "branch-2");
    // As the help says: the broken file goes elsewhere, its slot file stays.
    fs::rename(desk.path("branch.db"), desk.path("broken.db")).unwrap();
    let restore = ["restore", source.to_str().unwrap()];
    let both = [&restore[..], &["--second", "hegui", "--staff", "wangmin"]].concat();
    for (run, says) in [
        (as_manager(&desk, &restore), "第二个人授权"),
        (desk.say(&both, &[SECOND, SECOND]), "工号或密码不对"),
        (desk.say(&both, &[FIRST, FIRST]), "工号或密码不对"),
        (desk.say(&[&restore[..], &["--recovery"]].concat(), &["AAAA-AAAA"]), "恢复码"),
    ] {
        assert!(run.code == 1 && run.err.contains(says) && !desk.path("branch.db").exists(), "{says}: {}", run.err);
    }
    fine(desk.say(&both, &[FIRST, SECOND]));
    let log = fine(as_manager(&desk, &["audit", "--action", "branch", "--limit", "1"]));
    assert!(log.out.contains("wangmin 王敏") && log.out.contains("授权人 何规"), "{}", log.out);
    assert!(!log.out.contains("未验密码"), "{}", log.out);

    fs::rename(desk.path("branch.db"), desk.path("broken2.db")).unwrap();
    fine(desk.say(&[&restore[..], &["--recovery"]].concat(), &[&codes[0]]));
    let log = fine(as_manager(&desk, &["audit", "--action", "branch", "--limit", "1"]));
    assert!(log.out.contains("恢复码"), "{}", log.out);
    assert!(fine(as_manager(&desk, &["verify"])).out.contains("条条相接"));
}
