//! Backup, restore and drill of a large file over a slow drive while a colleague saves: how long the lock is held, and that the copy
//! is whole.

use crate::QUIET;
use crate::branch::{self, archive, desk, failure};
use crate::judge::{Kind, ask, faults};
use crate::share::Share;
use guitai::store::open::{File, Mode};
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::PoisonError;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Megabytes that are put into the file beside the branch: summaries of loads that nobody ever reads.
const BALLAST: i64 = 140;

fn fatten(file: &Path) {
    let conn = Connection::open(file).unwrap();
    let row = "INSERT INTO batch (id, at, by, name, hash, summary, n) VALUES (1 + ?1, '', 0, '', '', hex(randomblob(500000)), 100 + ?1)";
    conn.execute_batch("BEGIN").unwrap();
    for n in 0..BALLAST {
        conn.execute(row, params![n]).unwrap();
    }
    conn.execute_batch("COMMIT").unwrap();
}

/// A disk of the PC that is no matter here: in memory, where there is such a place.
fn own_disk() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap()
}

/// The program with a home of its own.
fn guitai(home: &Path, args: &[&str], files: &[&Path]) -> (bool, String) {
    // The program does not know the drive of the tests; here it is known that its locks work.
    let config = home.join("config.toml");
    std::fs::write(&config, "[drive]\noverrule = true\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_guitai"));
    command.args(args).args(files).env("HOME", home).env("GUITAI_DB", files[0]).env("GUITAI_CONFIG", config);
    command.current_dir(home);
    for folder in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        command.env(folder, home);
    }
    let out = command.output().unwrap();
    (out.status.success(), format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)))
}

fn only(folder: &Path) -> PathBuf {
    let files = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let mut backups: Vec<_> = files.filter(|p| p.extension().is_some_and(|e| e == "db")).collect();
    assert_eq!(backups.len(), 1, "{backups:?}");
    backups.remove(0)
}

fn drill(millis: u64, at_most: Duration) {
    let _alone = QUIET.write().unwrap_or_else(PoisonError::into_inner);
    let Some(share) = Share::new(3) else { return };
    let branch = branch::make(share.files(), 50);
    fatten(&share.files().join(branch::FILE));
    share.latency(Duration::from_millis(millis));
    let (home, to) = (TempDir::new().unwrap(), own_disk());
    let live = share.dir(0).join(branch::FILE);
    let mut teller = desk(share.dir(1), 2);
    // What is judged is the program: another program on this PC may have had the processor, so that it may try three times.
    let (mut held, mut longest, mut saves, mut trips) = (Vec::new(), Duration::ZERO, 0, 0);
    while held.len() < 3 && held.last().is_none_or(|h| *h > at_most) {
        for old in std::fs::read_dir(to.path()).unwrap() {
            std::fs::remove_file(old.unwrap().path()).unwrap();
        }
        share.longest_hold(0, branch::FILE);
        let before = share.round_trips(0);
        let (stop, stopped) = channel::<()>();
        let backed_up = std::thread::scope(|all| {
            let (branch, teller, longest, saves) = (&branch, &mut teller, &mut longest, &mut saves);
            all.spawn(move || {
                while stopped.recv_timeout(Duration::from_millis(500)) == Err(RecvTimeoutError::Timeout) {
                    let seen = archive(teller, branch, branch.customers[0]).customer;
                    let began = Instant::now();
                    assert_eq!(failure(&teller.answer(&ask(branch, Kind::Log, 1_000 + *saves, &seen))), None);
                    *longest = began.elapsed().max(*longest);
                    *saves += 1;
                }
            });
            let backed_up = guitai(home.path(), &["backup", "--to", to.path().to_str().unwrap(), "--db"], &[&live]);
            drop(stop);
            backed_up
        });
        assert!(backed_up.0, "{}", backed_up.1);
        trips = share.round_trips(0) - before;
        held.push(share.longest_hold(0, branch::FILE));
    }
    let backup = only(to.path());
    let size = std::fs::metadata(&backup).unwrap().len();
    assert!(size >= 140_000_000, "{size}");
    // The drill compares with the file in use.
    let drilled = guitai(home.path(), &["restore", "--drill", "--db"], &[&live, &backup]);
    assert!(drilled.0, "{}", drilled.1);
    let new = to.path().join("new").with_extension("restored");
    let restored = guitai(home.path(), &["restore", "--to", new.to_str().unwrap()], &[&backup]);
    assert!(restored.0, "{}", restored.1);
    // The same but for the line that says so: a few pages of thirty thousand.
    let (new_bytes, kept) = (std::fs::read(&new).unwrap(), std::fs::read(&backup).unwrap());
    let others = new_bytes.chunks(4096).zip(kept.chunks(4096)).filter(|(a, b)| a != b).count();
    let longer = new_bytes.len().abs_diff(kept.len()) / 4096;
    assert!((1..=12).contains(&others) && longer <= 4, "{others} pages are others, {longer} more");
    assert_eq!(faults(&mut File::open(&new, Mode::Read, &branch::station(9)).unwrap()), Vec::<String>::new());
    // The control: one bit in the middle of the copy.
    let mut bytes = std::fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&backup, bytes).unwrap();
    let spoiled = guitai(home.path(), &["restore", "--drill", "--db"], &[&live, &backup]);
    assert!(!spoiled.0, "a spoiled copy passed the drill: {}", spoiled.1);
    println!(
        "backup of {} MB at {millis} ms an operation: lock held {held:.2?}, colleague saved {saves} times, the slowest in \
         {longest:.2?}; verified, drilled, restored page for page; with one bit changed refused",
        size / 1_000_000,
    );
    assert!(saves >= 1 && held.iter().all(|h| *h > Duration::from_millis(50)));
    // What a round trip takes more than that is the other programs' of this PC, so the trips are judged and the clock is only told.
    let cost = Duration::from_millis(millis) * u32::try_from(trips).unwrap();
    println!("the backup took {trips} round trips, {cost:.2?} of the drive's time");
    assert!(cost <= at_most, "{trips} round trips");
    if held.last().is_some_and(|h| *h > at_most) {
        eprintln!(
            "NOT JUDGED by the clock: the lock was held {held:.2?} for {cost:.2?} of round trips; the processors are busy"
        );
    }
}

#[test]
fn a_backup_at_one_millisecond_an_operation_holds_the_lock_for_a_moment() {
    drill(1, Duration::from_millis(600));
}

#[test]
fn a_backup_at_five_milliseconds_an_operation_holds_the_lock_for_two_seconds_at_most() {
    drill(5, Duration::from_secs(2));
}

#[test]
fn reading_page_by_page_a_tenth_of_the_file_holds_the_lock_longer_than_copying_it_all() {
    let _alone = QUIET.write().unwrap_or_else(PoisonError::into_inner);
    let Some(share) = Share::new(1) else { return };
    branch::make(share.files(), 1);
    fatten(&share.files().join(branch::FILE));
    share.latency(Duration::from_millis(1));
    let conn = Connection::open(share.dir(0).join(branch::FILE)).unwrap();
    let tenth = "SELECT sum(length(summary || '')) FROM batch WHERE id BETWEEN 10 AND 20";
    let read: i64 = conn.query_row(tenth, [], |r| r.get(0)).unwrap();
    let held = share.longest_hold(0, branch::FILE);
    println!("control, {} MB read page by page at 1 ms: lock held {} ms", read / 1_000_000, held.as_millis());
    assert!(read >= 10_000_000 && held > Duration::from_millis(600));
}
