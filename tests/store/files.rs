//! Files that are not what they should be, and what guards those that are.

use crate::house::{House, day, person, refused, station};
use guitai::domain::staff::Role;
use guitai::store::key::Key;
use guitai::store::open::{File, Mode};
use guitai::store::refuse::OpenError;
use guitai::store::request::{Answer, Ask, Failure, Stamp};
use guitai::store::workbench;
use rusqlite::Connection;
use std::path::Path;

fn open(path: &Path) -> Result<File, OpenError> {
    File::open(path, Mode::Write, &station("PC-1", 1))
}

#[test]
fn what_is_not_a_branch_file_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert!(matches!(open(&at("none.db")), Err(OpenError::NotThere(_))));
    assert!(matches!(open(folder.path()), Err(OpenError::Directory(_))));
    for (name, bytes) in [("empty.db", Vec::new()), ("text.db", "不是数据库".repeat(500).into_bytes())] {
        std::fs::write(at(name), &bytes).unwrap();
        assert!(matches!(open(&at(name)), Err(OpenError::Foreign(_))), "{name}");
        assert_eq!(std::fs::read(at(name)).unwrap(), bytes);
    }
    let other = at("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x); PRAGMA journal_mode = WAL").unwrap();
    let before = std::fs::read(&other).unwrap();
    assert!(matches!(open(&other), Err(OpenError::Foreign(_))));
    assert_eq!(std::fs::read(&other).unwrap(), before);
}

#[test]
fn a_file_of_a_newer_program_is_refused() {
    let house = House::on("2026-11-20");
    let path = house.path.clone();
    drop(house.file);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(open(&path).unwrap_err(), OpenError::Newer { found: 99, known: 4 });
}

#[test]
fn a_truncated_file_says_how_much_is_missing() {
    let house = House::on("2026-11-20");
    let path = house.path.clone();
    drop(house.file);
    let bytes = std::fs::read(&path).unwrap();
    for keep in [bytes.len() / 2, 4096, 5_000] {
        std::fs::write(&path, &bytes[..keep]).unwrap();
        match open(&path) {
            Err(OpenError::Truncated { found }) => assert_eq!(found, keep as u64),
            other => panic!("{keep}: {other:?}"),
        }
    }
}

#[test]
fn a_damaged_file_never_panics_and_is_found_out() {
    let house = House::on("2026-11-20");
    let path = house.path.clone();
    drop(house.file);
    let bytes = std::fs::read(&path).unwrap();
    let mut torn = bytes.clone();
    torn[100..3_000].fill(0xA5);
    std::fs::write(&path, &torn).unwrap();
    assert!(matches!(open(&path), Err(OpenError::Damaged(_))));
    // Damage anywhere else shows at the latest when the file is looked over.
    let mut found = 0;
    for page in 1..bytes.len() / 4096 {
        let mut torn = bytes.clone();
        torn[page * 4096..page * 4096 + 4096].fill(0xA5);
        std::fs::write(&path, &torn).unwrap();
        match open(&path) {
            Err(e) => assert!(matches!(e, OpenError::Damaged(_) | OpenError::Truncated { .. }), "{e:?}"),
            Ok(mut file) => {
                let answer = file.answer(&Ask::Workbench(workbench::Ask::Open));
                let faults = file.faults();
                assert!(
                    matches!(answer, Answer::Failed(Failure::Drive(_)))
                        || faults.is_err()
                        || !faults.unwrap().is_empty(),
                    "page {page}"
                );
                found += 1;
            }
        }
    }
    assert!(found > 10);
}

#[test]
fn a_read_only_file_opens_and_says_so() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let path = house.path.clone();
    let mut rights = std::fs::metadata(&path).unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(&path, rights).unwrap();
    let mut file = open(&path).unwrap();
    assert!(file.read_only());
    match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(o)) => assert!(o.read_only && o.customers == 1),
        other => panic!("{other:?}"),
    }
    let write = crate::house::save(guitai::domain::ids::OpId(1), id, 1, &[("phone", "", "13800138000")], house.stamp());
    assert!(matches!(file.answer(&write), Answer::Failed(Failure::ReadOnly)));
    let mut read = File::open(&path, Mode::Read, &station("PC-2", 2)).unwrap();
    assert!(matches!(read.answer(&write), Answer::Failed(Failure::ReadOnly)));
}

#[test]
fn a_file_switched_to_write_ahead_is_switched_back() {
    let house = House::on("2026-11-20");
    let path = house.path.clone();
    drop(house.file);
    let word: String =
        Connection::open(&path).unwrap().pragma_update_and_check(None, "journal_mode", "WAL", |r| r.get(0)).unwrap();
    assert_eq!((word.as_str(), std::fs::read(&path).unwrap()[18]), ("wal", 2));
    assert!(matches!(File::open(&path, Mode::Read, &station("", 1)), Err(OpenError::WriteAhead)));
    let mut file = open(&path).unwrap();
    assert!(matches!(file.answer(&Ask::Workbench(workbench::Ask::Open)), Answer::Workbench(_)));
    drop(file);
    assert_eq!(std::fs::read(&path).unwrap()[18], 1);
}

#[test]
fn a_file_that_somebody_else_has_open_in_write_ahead_mode_is_left_to_them() {
    let house = House::on("2026-11-20");
    let path = house.path.clone();
    drop(house.file);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("PRAGMA journal_mode = WAL; UPDATE setting SET rev = rev + 1").unwrap();
    assert!(matches!(open(&path), Err(OpenError::WriteAhead)));
    other.execute_batch("UPDATE setting SET rev = rev + 1").unwrap();
    let revs: i64 = other.query_row("SELECT max(rev) FROM setting", [], |r| r.get(0)).unwrap();
    drop(other);
    drop(open(&path).unwrap());
    let after: i64 =
        Connection::open(&path).unwrap().query_row("SELECT max(rev) FROM setting", [], |r| r.get(0)).unwrap();
    assert_eq!((after, std::fs::read(&path).unwrap()[18]), (revs, 1));
}

#[test]
fn a_file_that_a_newer_program_brought_up_to_date_takes_no_more_saves_from_this_one() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let other = Connection::open(&house.path).unwrap();
    other.pragma_update(None, "user_version", 5).unwrap();
    let save = crate::house::save(guitai::domain::ids::OpId(77), id, 1, &[("phone", "", "13800138000")], house.stamp());
    for _ in 0..2 {
        assert!(matches!(house.file.answer(&save), Answer::Failed(Failure::Newer)));
    }
    assert_eq!(house.open(id).customer.phone, "", "reading goes on, nothing was written");
    assert_eq!(open(&house.path).unwrap_err(), OpenError::Newer { found: 5, known: 4 });
    // The new program does what was kept.
    other.pragma_update(None, "user_version", 4).unwrap();
    assert_eq!(crate::house::saved(house.file.answer(&save)).customer.phone, "13800138000");
}

#[test]
fn a_file_of_this_version_needs_no_bringing_up_to_date() {
    let house = House::on("2026-11-20");
    let before = std::fs::read(&house.path).unwrap();
    File::migrate(&house.path, &Key::default()).unwrap();
    assert!(std::fs::read(&house.path).unwrap() == before);
}

/// A branch file and its journal as a PC that lost power in the middle of a save leaves them.
fn cut_off(folder: &Path) -> std::path::PathBuf {
    let mut house = House::on("2026-11-20");
    for n in 0..40 {
        house.customer(&format!("客户{n}"), 1);
    }
    let mut other = Connection::open(&house.path).unwrap();
    other.execute_batch("PRAGMA journal_mode = TRUNCATE; PRAGMA cache_size = 4").unwrap();
    let tx = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    tx.execute("UPDATE customer SET address = ?", ["半路".repeat(300)]).unwrap();
    let path = folder.join("branch.db");
    for ending in ["", "-journal"] {
        let from = format!("{}{ending}", house.path.display());
        let to = format!("{}{ending}", path.display());
        std::fs::copy(from, &to).unwrap();
        assert!(std::fs::metadata(to).unwrap().len() > 512, "{ending}");
    }
    path
}

/// How many archives have an address of the save that was cut off.
fn half_done(file: &mut File) -> usize {
    match file.answer(&Ask::Workbench(workbench::Ask::Rows)) {
        Answer::Workbench(workbench::Answer::Rows(rows)) => {
            assert_eq!(rows.len(), 40);
            rows.iter().filter(|r| r.address.contains("半路")).count()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_save_that_was_cut_off_is_put_in_order_by_the_next_one_who_may_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = cut_off(folder.path());
    assert_eq!(File::open(&path, Mode::Read, &station("", 1)).unwrap_err(), OpenError::Unfinished);
    assert_eq!(half_done(&mut open(&path).unwrap()), 0);
    assert_eq!(half_done(&mut File::open(&path, Mode::Read, &station("", 1)).unwrap()), 0);
}

#[cfg(unix)]
#[test]
fn a_save_that_was_cut_off_is_put_in_order_where_nobody_may_delete() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = cut_off(folder.path());
    let rights = |mode| std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    rights(0o555);
    if std::fs::write(folder.path().join("x"), "").is_ok() {
        eprintln!("SKIPPED: this user may write where writing is forbidden (root)");
    } else {
        assert_eq!(half_done(&mut open(&path).unwrap()), 0);
        let journal = std::fs::read(folder.path().join("branch.db-journal")).unwrap();
        assert!(journal.iter().take(8).all(|b| *b == 0), "its head is wiped, not the file deleted");
        assert_eq!(half_done(&mut open(&path).unwrap()), 0);
    }
    rights(0o755);
}

#[test]
fn making_a_file_never_touches_one_that_is_there() {
    let house = House::on("2026-11-20");
    let before = std::fs::read(&house.path).unwrap();
    let today = day("2026-11-20");
    let stamp = Stamp::new(guitai::domain::ids::StaffId(0), crate::house::at(today), today);
    let first = person("a", "甲", Role::HighCounter);
    let made = |path: &Path| File::create(path, "支行", &first, &stamp, &station("", 1)).unwrap_err();
    assert!(matches!(made(&house.path), OpenError::Exists(_)));
    assert!(matches!(made(house.folder.path()), OpenError::Directory(_)));
    assert!(matches!(made(&house.folder.path().join("no/such.db")), OpenError::NoAccess(_)));
    assert_eq!(std::fs::read(&house.path).unwrap(), before);
}

#[test]
fn the_same_branch_is_made_byte_for_byte_the_same() {
    let bytes = || {
        let mut house = House::on("2026-11-20");
        house.customer("甲", 600_000);
        std::fs::read(&house.path).unwrap()
    };
    assert!(bytes() == bytes());
}

#[test]
fn the_change_log_refuses_update_delete_and_replace() {
    let mut house = House::on("2026-11-20");
    house.customer("甲", 1);
    let other = Connection::open(&house.path).unwrap();
    for sql in [
        "UPDATE change SET reason = 'x' WHERE seq = 1",
        "DELETE FROM change WHERE seq = 1",
        "INSERT OR REPLACE INTO change SELECT seq, at, by, station, entity, row, customer, before, after, 'x', batch, op, prev, hash
         FROM change WHERE seq = 1",
        "INSERT INTO change SELECT seq + 100, at, by, station, entity, row, customer, before, after, reason, batch, op, prev, hash
         FROM change WHERE seq = 1",
    ] {
        assert!(other.execute(sql, []).is_err(), "{sql}");
    }
    assert_eq!(house.file.broken_chain().unwrap(), None);
    // Whoever takes the guards away is still found out by the chain.
    other.execute_batch("DROP TRIGGER change_update; UPDATE change SET reason = 'x' WHERE seq = 2").unwrap();
    assert_eq!(house.file.broken_chain().unwrap(), Some(2));
}

#[test]
fn a_busy_file_is_said_to_be_busy_and_a_short_wait_is_enough() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let path = house.path.clone();
    let (locked, lock) = std::sync::mpsc::channel();
    let holder = std::thread::spawn(move || {
        let mut other = Connection::open(&path).unwrap();
        let tx = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
        locked.send(()).unwrap();
        tx.execute("UPDATE customer SET address = 'x'", []).unwrap();
        tx.commit().unwrap();
    });
    lock.recv().unwrap();
    let answer = house.save(id, 1, &[("phone", "", "13800138000")]);
    holder.join().unwrap();
    assert_eq!(crate::house::saved(answer).customer.address, "x");
}

#[test]
fn many_writers_on_one_file_lose_nothing() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let (path, stamp) = (house.path.clone(), house.stamp());
    let writers: Vec<_> = (0..4_i64)
        .map(|n| {
            let (path, stamp) = (path.clone(), stamp.clone());
            std::thread::spawn(move || {
                let mut file = File::open(&path, Mode::Write, &station("PC", n as u16 + 10)).unwrap();
                for i in 0..10 {
                    let fields = ["address", "area", "phone2", "opened_at"];
                    let value = if n == 2 { format!("1380013800{i}") } else { format!("第{i}次") };
                    let op = guitai::domain::ids::OpId(1_000 + n * 100 + i);
                    let rev = {
                        let today = stamp.today;
                        match file.answer(&Ask::Customers(guitai::store::customers::Ask::Open { id, today })) {
                            Answer::Customers(guitai::store::customers::Answer::Opened(o)) => o.customer,
                            other => panic!("{other:?}"),
                        }
                    };
                    let before = match n {
                        0 => rev.address.clone(),
                        1 => rev.area.clone(),
                        2 => rev.phone2.clone(),
                        _ => rev.opened_at.clone(),
                    };
                    let ask =
                        crate::house::save(op, id, rev.rev, &[(fields[n as usize], &before, &value)], stamp.clone());
                    crate::house::saved(file.answer(&ask));
                }
            })
        })
        .collect();
    for w in writers {
        w.join().unwrap();
    }
    let opened = house.open(id);
    assert_eq!(opened.customer.rev, 41);
    assert_eq!((opened.customer.address.as_str(), opened.customer.phone2.as_str()), ("第9次", "13800138009"));
    assert_eq!(house.file.broken_chain().unwrap(), None);
    assert_eq!(house.file.faults().unwrap(), Vec::<String>::new());
}

#[test]
fn a_refusal_leaves_no_trace() {
    let mut house = House::on("2026-11-20");
    let seq = house.workbench().seq;
    refused(house.mark("visit:1:xx", guitai::domain::agenda::Mark::Done, ""));
    assert_eq!(house.workbench().seq, seq);
}
