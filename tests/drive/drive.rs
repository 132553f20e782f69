//! The drive itself: that it does what the proofs believe it does.

use crate::share::{EVER, Kind, LockMode, Share, Trouble};
use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use std::path::Path;
use std::time::{Duration, Instant};

/// A file with one counter, opened as the branch file is, without patience.
fn counter(dir: &Path) -> Connection {
    let conn = Connection::open(dir.join("counter.db")).unwrap();
    conn.pragma_update(None, "journal_mode", "TRUNCATE").unwrap();
    conn.busy_timeout(Duration::ZERO).unwrap();
    conn.execute_batch("CREATE TABLE IF NOT EXISTS counter (n INTEGER)").unwrap();
    conn
}

fn begin(conn: &mut Connection) -> rusqlite::Result<rusqlite::Transaction<'_>> {
    conn.transaction_with_behavior(TransactionBehavior::Immediate)
}

#[test]
fn two_mounts_exclude_each_other_only_where_locks_reach_the_server() {
    for (mode, excludes) in
        [(LockMode::Server, true), (LockMode::HostLocal, false), (LockMode::Pretend, false), (LockMode::Cifs, true)]
    {
        let Some(share) = Share::new(2) else { return };
        let (mut a, mut b) = (counter(share.dir(0)), counter(share.dir(1)));
        share.lock_mode(mode);
        let first = begin(&mut a).unwrap();
        let second = begin(&mut b);
        assert_eq!(second.is_err(), excludes, "{mode:?}: {second:?}");
        drop((first, second));
        assert_eq!(share.locks_held(0) + share.locks_held(1), 0, "{mode:?}");
        assert!(begin(&mut b).is_ok(), "{mode:?}");
    }
}

#[test]
fn without_a_lock_daemon_and_on_cifs_nothing_can_be_written() {
    for mode in [LockMode::NoLockDaemon, LockMode::Cifs] {
        let Some(share) = Share::new(1) else { return };
        let conn = counter(share.dir(0));
        conn.execute("INSERT INTO counter VALUES (1)", []).unwrap();
        share.lock_mode(mode);
        let failed = conn.execute("INSERT INTO counter VALUES (2)", []).unwrap_err();
        assert_eq!(failed.sqlite_error_code(), Some(ErrorCode::DatabaseBusy), "{mode:?}");
        share.lock_mode(LockMode::Server);
        conn.execute("INSERT INTO counter VALUES (2)", []).unwrap();
    }
}

#[test]
fn a_lock_lost_at_the_server_lets_a_second_writer_in() {
    let Some(share) = Share::new(2) else { return };
    let (mut a, mut b) = (counter(share.dir(0)), counter(share.dir(1)));
    let held = begin(&mut a).unwrap();
    assert!(begin(&mut b).is_err());
    assert!(share.locks_held(0) > 0);
    share.lose_locks(0);
    assert!(begin(&mut b).is_ok());
    drop(held);
}

#[test]
fn what_one_mount_writes_the_other_reads_at_once_and_nothing_is_cached() {
    let Some(share) = Share::new(2) else { return };
    let (a, b) = (share.dir(0).join("x"), share.dir(1).join("x"));
    for n in 0..20 {
        let text = "x".repeat(n);
        std::fs::write(&a, &text).unwrap();
        assert_eq!(std::fs::read_to_string(&b).unwrap(), text);
        assert_eq!(std::fs::metadata(&b).unwrap().len(), n as u64);
    }
    let before = share.round_trips(1);
    std::fs::metadata(&b).unwrap();
    std::fs::metadata(&b).unwrap();
    assert!(share.round_trips(1) >= before + 2);
    std::fs::rename(&b, share.dir(1).join("y")).unwrap();
    assert!(!a.exists());
    std::fs::create_dir(share.dir(0).join("ws")).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(share.dir(1)).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["ws", "y"]);
    std::fs::remove_file(share.dir(0).join("y")).unwrap();
    assert!(!share.dir(1).join("y").exists());
}

#[test]
fn an_ordered_failure_comes_at_its_operation_and_ends_when_healed() {
    let Some(share) = Share::new(1) else { return };
    let path = share.dir(0).join("x");
    std::fs::write(&path, "x").unwrap();
    // The name of a file the kernel asks for once more by itself; a read it does not.
    let file = std::fs::File::open(&path).unwrap();
    let read = || std::os::unix::fs::FileExt::read_at(&file, &mut [0; 8], 0);
    share.order(0, 2, Trouble::Errno(nix::libc::ETIMEDOUT, 1));
    let got: Vec<_> = (0..3).map(|_| read().map_err(|e| e.raw_os_error())).collect();
    assert_eq!(got, [Ok(1), Err(Some(nix::libc::ETIMEDOUT)), Ok(1)]);
    assert!(share.heal(0));
    share.order(0, 2, Trouble::Errno(nix::libc::EIO, EVER));
    share.write_down(0);
    for _ in 0..3 {
        drop(std::fs::metadata(&path));
    }
    assert_eq!(std::fs::metadata(&path).unwrap_err().raw_os_error(), Some(nix::libc::EIO));
    assert!(share.heal(0));
    let list = share.written_down(0);
    assert!(list.len() >= 3 && list.iter().all(|e| e.text == "x"), "{list:?}");
    assert!(std::fs::metadata(&path).is_ok());
    share.order(0, 1000, Trouble::Errno(nix::libc::EIO, EVER));
    assert!(!share.heal(0), "it was never reached");
}

#[test]
fn a_drive_that_is_away_fails_at_once_and_one_that_hangs_goes_on_when_lifted() {
    let Some(share) = Share::new(2) else { return };
    let path = share.dir(0).join("x");
    std::fs::write(&path, "x").unwrap();
    share.drop_drive(0, nix::libc::ENOTCONN);
    assert_eq!(std::fs::metadata(&path).unwrap_err().raw_os_error(), Some(nix::libc::ENOTCONN));
    assert!(std::fs::metadata(share.dir(1).join("x")).is_ok(), "only one mount is away");
    share.back(0);
    assert!(std::fs::metadata(&path).is_ok());
    let before = share.count(0, Kind::Lookup);
    share.order(0, 1, Trouble::Hang);
    let asks = std::thread::spawn(move || std::fs::metadata(path).is_ok());
    assert!(share.wait_hung(0, Duration::from_secs(10)));
    assert!(share.count(0, Kind::Lookup) > before && !asks.is_finished());
    share.unhang(0);
    assert!(asks.join().unwrap());
}

#[test]
fn every_operation_takes_the_time_ordered() {
    let Some(share) = Share::new(1) else { return };
    let path = share.dir(0).join("x");
    std::fs::write(&path, "x").unwrap();
    let (each, times) = (Duration::from_millis(20), 5);
    share.latency(each);
    // What others of this machine ask of the mount meanwhile is counted too, so that this counts what it asks itself.
    let (before, began) = (share.count(0, Kind::Lookup), Instant::now());
    for _ in 0..times {
        std::fs::metadata(&path).unwrap();
    }
    let (took, asked) = (began.elapsed(), share.count(0, Kind::Lookup) - before);
    assert!(asked >= u64::from(times) && took >= each * times, "{asked} in {took:?}");
}

#[test]
fn a_test_that_fails_leaves_no_mount_behind() {
    let Some(share) = Share::new(1) else { return };
    let dir = share.dir(0).to_owned();
    let open = std::fs::File::create(dir.join("open")).unwrap();
    share.hang(0);
    let failed = std::thread::spawn(move || {
        let _share = share;
        panic!("as a failing test does");
    });
    assert!(failed.join().is_err());
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(!mounts.contains(&dir.display().to_string()));
    drop(open);
}
