//! Backups by the real binary: made while others save, rotated, tried, restored, and refused when they are not whole.

use crate::desk::{CUSTOMERS, Desk, Run};
use guitai::store::manifest::{self, Manifest};
use rusqlite::Connection;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// A desk with two customers.
fn stocked() -> Desk {
    let desk = Desk::new();
    desk.write("客户.csv", CUSTOMERS);
    assert_eq!(desk.on(&["import", "客户.csv"]).code, 0);
    desk
}

fn done(run: Run) -> String {
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    run.out
}

fn refused(run: &Run, code: i32, words: &str) {
    assert_eq!(run.code, code, "{}{}", run.out, run.err);
    assert!(run.err.contains(words) && !run.err.contains("panicked"), "{words}: {}", run.err);
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The backups of a folder with what lies beside them, oldest first; every one must have its manifest.
fn backups(folder: &Path) -> Vec<(PathBuf, Manifest)> {
    let files: Vec<String> = names(folder).into_iter().filter(|n| n.ends_with(".db")).collect();
    files
        .into_iter()
        .map(|name| {
            let text = fs::read_to_string(folder.join(format!("{name}{}", manifest::ENDING))).unwrap();
            (folder.join(&name), Manifest::parse(&text, &name).unwrap())
        })
        .collect()
}

/// What the change log has of this field, oldest first.
fn changes(desk: &Desk, field: &str) -> Vec<String> {
    let file = Connection::open(desk.path("branch.db")).unwrap();
    let mut found = file.prepare("SELECT after FROM change WHERE instr(after, ?) ORDER BY seq").unwrap();
    found.query_map([field], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
}

/// What an open workbench runs when a backup is due, on a day.
fn elected(desk: &Desk, day: &str) -> Run {
    desk.run(&["backup-elected", "--db", "branch.db", "--today", day])
}

#[test]
fn the_elected_makes_one_backup_and_confirms_it_while_nothing_changes() {
    let desk = stocked();
    let folder = desk.path("backup");
    done(elected(&desk, "2026-11-21"));
    done(elected(&desk, "2026-11-21"));
    let made = backups(&folder);
    let [(_, first)] = made.as_slice() else { panic!("an hour has not passed: {made:?}") };
    assert_eq!(first.confirmed, None);
    // The first is tried on the next day, which is logged; then nothing happens: the second is good until now, once it was read.
    done(elected(&desk, "2026-11-22"));
    done(elected(&desk, "2026-11-23"));
    assert_eq!(backups(&folder).len(), 2);
    let (path, confirmed) = backups(&folder).remove(1);
    assert_eq!(confirmed.good_until().date().to_string(), "2026-11-23");
    let found = desk.run(&["doctor", "--json", "--db", "branch.db", "--today", "2026-11-23"]).json();
    let found = found.as_array().unwrap().iter().find(|f| f["check"] == "backup").unwrap().clone();
    assert_eq!(found["state"], "ok", "its age counts from then");
    // One that is not what it was is not confirmed: another is made.
    let mut spoilt = fs::read(&path).unwrap();
    let last = spoilt.len() - 1;
    spoilt[last] ^= 1;
    fs::write(&path, spoilt).unwrap();
    done(elected(&desk, "2026-11-24"));
    assert_eq!(backups(&folder).len(), 3);
    done(desk.on(&["set", "6000000002", "phone", "13800000027"]));
    done(elected(&desk, "2026-11-25"));
    assert_eq!(backups(&folder).len(), 4, "something was saved");
}

#[test]
fn one_that_another_workstation_is_at_is_left_to_it() {
    let desk = stocked();
    let lease = |until: &str| {
        let file = Connection::open(desk.path("branch.db")).unwrap();
        let sql = "INSERT OR REPLACE INTO setting VALUES ('backup_lease', ?, 1, '', 0)";
        file.execute(sql, [json!({"who": "别的工作站", "until": until}).to_string()]).unwrap();
    };
    let now = chrono::Local::now().time();
    let at = |minutes: i64| {
        let noon = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap().and_time(now);
        (noon + chrono::TimeDelta::minutes(minutes)).format("%Y-%m-%dT%H:%M:%S").to_string()
    };
    lease(&at(10));
    done(elected(&desk, "2026-11-21"));
    assert!(!desk.path("backup").exists(), "it holds");
    for over in [at(-5), at(60 * 24), "never".to_owned()] {
        let _ = fs::remove_dir_all(desk.path("backup"));
        lease(&over);
        done(elected(&desk, "2026-11-21"));
        assert_eq!(backups(&desk.path("backup")).len(), 1, "{over} holds nobody up");
    }
    let log = changes(&desk, "lease");
    assert!(log.is_empty(), "no archive changed: {log:?}");
}

#[test]
fn workstations_that_all_find_it_due_make_one_backup() {
    let desk = stocked();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(|| done(elected(&desk, "2026-11-21")))).collect();
        all.into_iter().for_each(|one| drop(one.join().unwrap()));
    });
    assert_eq!(backups(&desk.path("backup")).len(), 1);
}

#[test]
fn the_elected_tries_the_newest_once_a_week_and_lays_a_copy_into_the_second_place() {
    let desk = stocked();
    fs::create_dir_all(desk.path("config/guitai")).unwrap();
    let second = desk.path("另一处");
    desk.write("config/guitai/config.toml", format!("backup = '{}'", second.display()));
    let drills = |day: &str| {
        done(desk.run(&["set", "6000000002", "address", day, "--db", "branch.db", "--today", day]));
        done(elected(&desk, day));
        changes(&desk, "drill.result").len()
    };
    let counts: Vec<usize> = (14..=23).map(|n| drills(&format!("2026-11-{n}"))).collect();
    assert_eq!(counts, [0, 1, 1, 1, 1, 1, 1, 1, 2, 2], "there is none to try on the first day");
    assert_eq!(names(&second), names(&desk.path("backup")));
    assert_eq!(backups(&second).len(), 10);
    // None by itself when the branch wants none.
    done(desk.on(&["settings", "backup_hours", "0"]));
    done(elected(&desk, "2026-12-01"));
    assert_eq!(backups(&second).len(), 10);
}

#[test]
fn a_backup_is_the_file_byte_for_byte_with_a_manifest_that_says_so() {
    let desk = stocked();
    let said = done(desk.on(&["backup"]));
    let made = backups(&desk.path("backup"));
    let [(path, manifest)] = made.as_slice() else { panic!("{made:?}") };
    assert!(said.contains(path.file_name().unwrap().to_str().unwrap()) && said.contains("客户 2 人"), "{said}");
    let bytes = fs::read(desk.path("branch.db")).unwrap();
    assert!(fs::read(path).unwrap() == bytes);
    assert_eq!(manifest.blake3, blake3::hash(&bytes).to_hex().to_string());
    assert_eq!((manifest.bytes, manifest.by.as_str()), (bytes.len() as u64, "wangmin"));
    assert_eq!((manifest.survey.branch.as_str(), manifest.survey.rows["customer"]), ("道真支行", 2));
    assert_eq!(manifest.at.date().to_string(), "2026-11-21");
    // Nothing but the two, and the words of the other language elsewhere.
    assert_eq!(names(&desk.path("backup")).len(), 2);
    let said = done(desk.on(&["backup", "--to", "别处/backups", "--lang", "en"]));
    assert!(said.contains("2 customers"), "{said}");
    assert_eq!(backups(&desk.path("别处/backups")).len(), 1);
}

#[test]
fn backups_made_while_others_save_are_whole_and_lie_in_the_chain() {
    let desk = stocked();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let saves = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut saves = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let phone = format!("1380000{:04}", saves);
                done(desk.on(&["set", "6000000002", "phone", &phone]));
                saves += 1;
            }
            saves
        });
        // Folders of their own: of one hour rotation keeps the newest.
        for n in 0..6 {
            done(desk.on(&["backup", "--to", &format!("backups{n}")]));
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        writer.join().unwrap()
    });
    assert!(saves > 0);
    for n in 0..6 {
        let (path, manifest) = backups(&desk.path(&format!("backups{n}"))).remove(0);
        let said = done(desk.on(&["restore", "--drill", path.to_str().unwrap()]));
        assert!(said.contains(&format!("变更 {} 项", manifest.survey.head.seq)), "{said}");
    }
}

#[test]
fn a_file_that_does_not_verify_leaves_a_copy_named_so_and_no_backup() {
    for (sql, word) in [
        ("UPDATE tier_sum SET count = count + 1", "tier_sum"),
        ("DROP TRIGGER change_update; UPDATE change SET reason = 'x' WHERE seq = 1", "change 1"),
    ] {
        let desk = stocked();
        Connection::open(desk.path("branch.db")).unwrap().execute_batch(sql).unwrap();
        let run = desk.on(&["backup"]);
        refused(&run, 3, "没有通过核对");
        assert!(run.err.contains(word) && run.err.contains("not verified"), "{}", run.err);
        let left = names(&desk.path("backup"));
        assert!(left.len() == 1 && left[0].ends_with(".db.bad"), "{left:?}");
        refused(&desk.on(&["restore", "--drill"]), 3, "没有这个文件的备份");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_nothing_is_left() {
    let desk = stocked();
    desk.write("taken", "not a folder");
    refused(&desk.on(&["backup", "--to", "taken"]), 3, "没有复制成");
    refused(&desk.on(&["backup", "--to", "taken/below"]), 3, "没有复制成");
    assert_eq!(fs::read(desk.path("taken")).unwrap(), b"not a folder");
}

#[test]
fn a_backup_comes_back_as_a_new_file_and_never_over_one() {
    let desk = stocked();
    done(desk.on(&["backup"]));
    let backup = backups(&desk.path("backup")).remove(0).0;
    let file = backup.to_str().unwrap();
    done(desk.on(&["set", "6000000002", "phone", "13800000027"]));
    let live = fs::read(desk.path("branch.db")).unwrap();
    // Not over the branch file, nor over any other.
    desk.write("other.db", "mine");
    refused(&desk.on(&["restore", file]), 1, "已经存在");
    refused(&desk.on(&["restore", file, "--to", "other.db"]), 1, "已经存在");
    assert!(fs::read(desk.path("branch.db")).unwrap() == live && fs::read(desk.path("other.db")).unwrap() == b"mine");
    let said = done(desk.on(&["restore", file, "--to", "new.db"]));
    assert!(said.contains("与清单相符"), "{said}");
    // The same but for one line, which says that it was restored and from what.
    let rows = |path: &Path| -> Vec<(i64, String)> {
        let file = Connection::open(path).unwrap();
        let mut found = file.prepare("SELECT seq, hex(hash) || after FROM change ORDER BY seq").unwrap();
        found.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    let (mut restored, kept) = (rows(&desk.path("new.db")), rows(&backup));
    let line = restored.pop().unwrap();
    assert!(restored == kept && line.1.contains(backup.file_name().unwrap().to_str().unwrap()), "{line:?}");
    assert_eq!(desk.run(&["show", "6000000002", "--json", "--db", "new.db"]).json()["customer_no"], "6000000002");
    // Where the branch file lay, once it is moved away; but not beside its journal.
    fs::rename(desk.path("branch.db"), desk.path("old.db")).unwrap();
    desk.write("branch.db-journal", "left by a crash");
    refused(&desk.on(&["restore", file]), 1, "branch.db-journal");
    fs::remove_file(desk.path("branch.db-journal")).unwrap();
    done(desk.on(&["restore", file]));
    done(desk.on(&["set", "6000000002", "phone", "13800000028"]));
    assert!(!names(desk.folder.path()).iter().any(|n| n.ends_with(".part")), "{:?}", names(desk.folder.path()));
}

#[test]
fn a_spoilt_backup_is_not_restored() {
    let desk = stocked();
    done(desk.on(&["backup"]));
    let (path, _) = backups(&desk.path("backup")).remove(0);
    let (file, bytes) = (path.to_str().unwrap(), fs::read(&path).unwrap());
    // One bit of text somewhere: only the hash knows.
    let mut changed = bytes.clone();
    let at = bytes.windows(6).position(|w| w == "解放".as_bytes()).unwrap();
    changed[at] ^= 1;
    // A page of the middle gone, and the end gone.
    let mut torn = bytes.clone();
    let middle = bytes.len() / 8192 * 4096;
    torn[middle..middle + 4096].fill(0xA5);
    for spoilt in [changed, torn, bytes[..bytes.len() / 2].to_vec(), b"no file of ours".repeat(100)] {
        fs::write(&path, &spoilt).unwrap();
        for args in [&["restore", file, "--to", "new.db"][..], &["restore", "--drill", file]] {
            assert_eq!(desk.on(args).code, 3, "{args:?}");
            assert!(!desk.path("new.db").exists());
            assert!(fs::read(&path).unwrap() == spoilt, "the backup itself is left alone");
        }
    }
    // Whole again; without its manifest it is said to be checked by itself only.
    fs::write(&path, &bytes).unwrap();
    fs::remove_file(format!("{file}.json")).unwrap();
    assert!(done(desk.on(&["restore", file, "--to", "new.db"])).contains("没有清单"));
    refused(&desk.on(&["restore", "none.db", "--to", "b.db"]), 3, "找不到备份");
    assert!(!names(desk.folder.path()).iter().any(|n| n.ends_with(".part")));
}

#[test]
fn a_drill_says_how_far_the_file_went_on_and_notices_another_past() {
    let desk = stocked();
    refused(&desk.on(&["restore", "--drill"]), 3, "没有这个文件的备份");
    done(desk.on(&["backup"]));
    let kept = fs::read(desk.path("branch.db")).unwrap();
    done(desk.on(&["set", "6000000002", "phone", "13800000027"]));
    let before = names(desk.folder.path());
    let said = done(desk.on(&["restore", "--drill", "--lang", "en"]));
    assert!(said.contains("The drill passed") && said.contains("has 1 more"), "{said}");
    assert!(done(desk.on(&["restore", "--drill"])).contains("多 2 项变更"), "the first drill was logged");
    assert_eq!(names(desk.folder.path()), before, "a drill leaves nothing");
    let logged = changes(&desk, "drill.result");
    assert!(
        logged.len() == 2 && logged.iter().all(|l| l.contains("passed") && l.contains("branch-20261121-")),
        "{logged:?}"
    );
    done(desk.on(&["backup"]));
    assert!(done(desk.on(&["restore", "--drill"])).contains("多 0 项变更"), "the newest is tried");
    // Somebody puts the older file back and goes on: the newest backup is of a past this file does not have.
    fs::write(desk.path("branch.db"), kept).unwrap();
    refused(&desk.on(&["set", "6000000002", "phone", "13800000099"]), 3, "guitai verify");
    done(desk.on(&["verify", "--accept", "旧文件"]));
    done(desk.on(&["set", "6000000002", "phone", "13800000099"]));
    refused(&desk.on(&["restore", "--drill"]), 1, "不在现用文件里");
    assert!(changes(&desk, "drill.result").pop().unwrap().contains("failed"));
    for args in [&["restore"][..], &["restore", "x.db", "--to", "y.db", "--drill"]] {
        assert_eq!(desk.on(args).code, 2, "{args:?}");
    }
}

#[test]
fn a_backup_made_by_hand_stays_for_two_weeks_whatever_is_made_after_it() {
    let desk = stocked();
    let folder = desk.path("backup");
    let on = |day: &str, command: &[&str]| done(desk.run(&[command, &["--db", "branch.db", "--today", day]].concat()));
    for n in 1..=3 {
        let said = on("2026-11-20", &["backup"]);
        assert!(said.contains("旧备份 0 份，这一份至少保留 14 天"), "{said}");
        assert_eq!(backups(&folder).len(), n);
    }
    let by_hand: Vec<PathBuf> = backups(&folder).into_iter().map(|(path, _)| path).collect();
    // Those that are made by themselves go by the hour, those by hand do not go with them.
    for phone in ["13985210001", "13985210002"] {
        on("2026-11-21", &["set", "6000000001", "phone", phone]);
        assert_eq!(elected(&desk, "2026-11-21").code, 0);
    }
    assert!(by_hand.iter().all(|path| path.exists()));
    let said = on("2026-12-03", &["backup"]);
    assert!(said.contains("旧备份 0 份") && by_hand.iter().all(|path| path.exists()), "{said}");
    // After two weeks the rule is the same for all.
    let said = on("2026-12-05", &["backup"]);
    assert!(said.contains("旧备份 2 份"), "{said}");
    assert_eq!(by_hand.iter().filter(|path| path.exists()).count(), 1);
}

#[test]
fn rotation_removes_backups_of_this_file_only() {
    let desk = stocked();
    let folder = desk.path("backup");
    done(desk.on(&["backup"]));
    let (path, first) = backups(&folder).remove(0);
    let bytes = fs::read(&path).unwrap();
    let put = |name: &str, manifest: Option<&Manifest>| {
        fs::write(folder.join(name), &bytes).unwrap();
        if let Some(m) = manifest {
            fs::write(folder.join(format!("{name}.json")), m.text().unwrap()).unwrap();
        }
    };
    // A hundred backups of one hour two days before, of which rotation keeps the newest.
    for n in 0..100 {
        let at = first.at.date().and_hms_opt(8, n / 60, n % 60).unwrap() - chrono::Days::new(2);
        let file = manifest::name("branch", at);
        put(&file, Some(&Manifest { file: file.clone(), at, by_hand: false, ..first.clone() }));
    }
    fs::remove_file(&path).unwrap();
    fs::remove_file(folder.join(format!("{}.json", first.file))).unwrap();
    // What is not ours: no manifest, a manifest of another name, another branch, another stem, a text, a bad copy.
    let early = first.at.date().and_hms_opt(8, 0, 30).unwrap() - chrono::Days::new(2);
    let at = early + chrono::TimeDelta::minutes(20);
    let strange =
        ["branch-20261119-083000.db", "branch-20261119-083001.db", "my notes.txt", "branch-20261119-083002.db.bad"];
    for name in strange {
        put(name, None);
    }
    put("branch-20261119-083003.db", Some(&first));
    let mut foreign = Manifest { file: manifest::name("branch", at), at, ..first.clone() };
    foreign.survey.origin.hash = "00".repeat(32);
    put(&foreign.file, Some(&foreign));
    let stem = Manifest { file: manifest::name("other", early), at: early, ..first.clone() };
    put(&stem.file, Some(&stem));
    let said = done(desk.on(&["backup"]));
    assert!(said.contains("旧备份 99 份"), "{said}");
    let left = names(&folder);
    for name in strange.iter().copied().chain(["branch-20261119-083003.db", &foreign.file, &stem.file]) {
        assert!(left.iter().any(|n| n == name), "{name} was removed");
    }
    assert!(
        left.contains(&manifest::name("branch", first.at.date().and_hms_opt(8, 1, 39).unwrap() - chrono::Days::new(2)))
    );
}

#[test]
fn the_doctor_knows_the_age_of_the_last_verified_backup() {
    let desk = stocked();
    let state = |today: &str| {
        let found = desk.run(&["doctor", "--json", "--db", "branch.db", "--today", today]).json();
        found.as_array().unwrap().iter().find(|f| f["check"] == "backup").unwrap()["state"].clone()
    };
    assert_eq!(state("2026-11-21"), json!("warn"), "none is made yet");
    done(desk.on(&["backup"]));
    assert_eq!(state("2026-11-21"), json!("ok"));
    assert_eq!(state("2026-11-23"), json!("warn"), "two days old");
    assert_eq!(state("2026-11-19"), json!("warn"), "of a day to come");
    // Half of it is no backup.
    let (path, _) = backups(&desk.path("backup")).remove(0);
    fs::write(&path, &fs::read(&path).unwrap()[..4096]).unwrap();
    assert_eq!(state("2026-11-21"), json!("warn"));
}

#[test]
fn what_runs_in_the_second_process_is_in_no_help() {
    let desk = Desk::bare();
    for args in [&["--help"][..], &["man"]] {
        let told = done(desk.run(args));
        for hidden in ["copy-bytes", "backup-elected", "soak-station"] {
            assert!(told.contains("restore") && !told.contains(hidden), "{args:?}");
        }
    }
}
