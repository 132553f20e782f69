//! Workstations that look out for each other in the folder beside a branch file: who is there, and what their locks are worth.

use guitai::domain::ids::{CustomerId, StaffId};
use guitai::store::drive::Proof;
use guitai::store::drive::lookout::{Desk, Here, Lookout, prove_once};
use guitai::store::drive::seat::{self, Seat};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        fs::write(place.file(), "never opened here").unwrap();
        place
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("branch.db")
    }

    fn seats(&self) -> PathBuf {
        seat::folder(&self.file())
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.seats()).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|e| e.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn alarm(&self) -> PathBuf {
        self.seats().join(seat::ALARM)
    }

    fn desk(&self, n: u128) -> Desk {
        Desk { station: format!("{n}号机"), pc: "pc".into(), sitting: n, local: true, seated: true }
    }

    fn look_out(&self, n: u128) -> Lookout {
        Lookout::new(&self.file(), self.desk(n))
    }

    /// A workstation whose locks do not reach here: its files are there, its lock is free.
    fn other(&self, sitting: u128) -> Other {
        fs::create_dir_all(self.seats()).unwrap();
        fs::write(self.seats().join(seat::lock(sitting)), "").unwrap();
        let seat = Seat { sitting, beat: 0, staff: None, editing: None };
        let path = self.seats().join(seat.name());
        fs::write(&path, r#"{"station":"远处","host":"another"}"#).unwrap();
        Other { folder: self.seats(), seat }
    }
}

struct Other {
    folder: PathBuf,
    seat: Seat,
}

impl Other {
    fn path(&self) -> PathBuf {
        self.folder.join(self.seat.name())
    }

    fn beat(&mut self) {
        let from = self.path();
        self.seat.beat += 1;
        fs::rename(from, self.path()).unwrap();
    }
}

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn here(staff: i64, editing: i64) -> Here {
    Here { staff: Some(StaffId(staff)).filter(|s| s.0 > 0), editing: Some(CustomerId(editing)).filter(|c| c.0 > 0) }
}

#[test]
fn two_workstations_see_each_other_and_prove_their_locks_and_leave_nothing_behind() {
    let place = Place::new();
    let (mut a, mut b) = (place.look_out(1), place.look_out(2));
    assert_eq!(a.look(s(0), here(7, 0)), Proof::Unproven);
    assert_eq!(b.look(s(0), here(8, 31)), Proof::Proven);
    assert_eq!(a.look(s(2), here(7, 0)), Proof::Proven);
    let there = a.present(s(2));
    assert_eq!(there.len(), 1);
    assert_eq!(
        (there[0].station.as_str(), there[0].staff, there[0].editing),
        ("2号机", Some(StaffId(8)), Some(CustomerId(31)))
    );
    // Another archive is seen with the next look after the next sign of life.
    b.look(s(30), here(8, 32));
    a.look(s(32), here(7, 0));
    assert_eq!(a.present(s(32))[0].editing, Some(CustomerId(32)));
    for name in place.names() {
        let length = fs::metadata(place.seats().join(&name)).unwrap().len();
        assert!(if name.ends_with(".lock") { length == 0 } else { length < 200 }, "{name}: {length}");
    }
    drop(b);
    assert_eq!(a.look(s(34), here(7, 0)), Proof::Proven);
    assert_eq!(a.present(s(34)), []);
    drop(a);
    assert_eq!(place.names(), Vec::<String>::new());
}

#[test]
fn whatever_is_edited_there_is_one_small_write_a_minute() {
    let place = Place::new();
    let mut a = place.look_out(1);
    let mut written = std::collections::BTreeSet::new();
    for second in (0..3_600).step_by(2) {
        a.look(s(second), here(1, i64::try_from(second / 10).unwrap()));
        let json = place.names().into_iter().find(|n| n.ends_with(".json")).unwrap();
        written.insert(Seat::parse(&json).unwrap().beat);
    }
    assert!((58..=62).contains(&written.len()), "{} writes in an hour", written.len());
    // And fewer when nothing changes, but never so few that it seems gone.
    let mut b = place.look_out(2);
    let mut quiet = std::collections::BTreeSet::new();
    for second in (0..3_600).step_by(2) {
        b.look(s(second), here(1, 1));
        let mut seats = place.names().into_iter().filter_map(|n| Seat::parse(&n)).filter(|s| s.sitting == 2);
        quiet.insert(seats.next().unwrap().beat);
    }
    assert!((40..60).contains(&quiet.len()), "{} writes in an hour", quiet.len());
}

#[test]
fn locks_that_do_not_reach_stop_every_desk_until_the_alarm_is_taken_away() {
    let place = Place::new();
    let mut far = place.other(99);
    let mut a = Lookout::new(&place.file(), Desk { local: false, ..place.desk(1) });
    assert_eq!(a.look(s(0), here(0, 0)), Proof::Doubted);
    assert!(!Proof::Doubted.lets_write());
    far.beat();
    assert_eq!(a.look(s(60), here(0, 0)), Proof::Doubted);
    assert!(!place.alarm().exists());
    far.beat();
    assert_eq!(a.look(s(130), here(0, 0)), Proof::Broken);
    let words = fs::read_to_string(place.alarm()).unwrap();
    for said in ["1号机", "远处", "branch.db", "删除本文件", "Delete this file"] {
        assert!(words.contains(said), "{words}");
    }
    // The others, those who come later and commands.
    let mut b = place.look_out(2);
    assert_eq!(b.look(s(0), here(0, 0)), Proof::Broken);
    assert_eq!(prove_once(&place.file(), &place.desk(3)), Proof::Broken);
    assert!(Proof::Broken.complaint().is_some_and(|c| c.zh.contains(seat::ALARM)));
    drop((far.path(), b));
    for name in place.names().iter().filter(|n| n.contains(&format!("{:032x}", 99))) {
        fs::remove_file(place.seats().join(name)).unwrap();
    }
    assert_eq!(a.look(s(140), here(0, 0)), Proof::Broken);
    fs::remove_file(place.alarm()).unwrap();
    assert_eq!(a.look(s(142), here(0, 0)), Proof::Unproven);
}

#[test]
fn what_a_killed_program_left_is_in_doubt_while_fresh_and_swept_when_old() {
    let place = Place::new();
    let killed = place.other(99);
    let mut a = Lookout::new(&place.file(), Desk { local: false, ..place.desk(1) });
    assert_eq!(a.look(s(0), here(0, 0)), Proof::Doubted);
    assert_eq!(a.look(s(152), here(0, 0)), Proof::Unproven);
    assert!(killed.path().exists());
    assert_eq!(a.look(s(700), here(0, 0)), Proof::Unproven);
    assert!(!killed.path().exists());
    assert_eq!(place.names().len(), 2, "{:?}", place.names());

    // An old file is nobody from the start, by the server's clock.
    let old = place.other(98);
    let file = fs::OpenOptions::new().write(true).open(old.path()).unwrap();
    file.set_modified(SystemTime::now() - s(3_600)).unwrap();
    let mut b = Lookout::new(&place.file(), Desk { local: false, ..place.desk(2) });
    assert_eq!(b.look(s(0), here(0, 0)), Proof::Unproven);
    assert!(!old.path().exists());

    // A lock without a seat, of a command that was killed, goes too; a new one may be about to sit.
    let orphan = |n: u128| place.seats().join(seat::lock(n));
    fs::write(orphan(96), "").unwrap();
    fs::write(orphan(95), "").unwrap();
    let file = fs::OpenOptions::new().write(true).open(orphan(96)).unwrap();
    file.set_modified(SystemTime::now() - s(3_600)).unwrap();
    b.look(s(124), here(0, 0));
    assert_eq!((orphan(96).exists(), orphan(95).exists()), (false, true));

    // On a disk of this PC the system knows at once.
    let near = place.other(97);
    let mut c = place.look_out(3);
    c.look(s(0), here(0, 0));
    assert!(!near.path().exists());
}

#[test]
fn two_programs_of_one_system_on_one_mount_prove_nothing_of_a_share() {
    let place = Place::new();
    let far = |n| Lookout::new(&place.file(), Desk { local: false, ..place.desk(n) });
    let (mut a, mut b) = (far(1), far(2));
    a.look(s(0), here(0, 0));
    assert_eq!((b.look(s(0), here(0, 0)), a.look(s(2), here(0, 0))), (Proof::Unproven, Proof::Unproven));
    assert_eq!((a.present(s(2)).len(), b.present(s(2)).len()), (1, 1));
    // Nor does one that says nothing of itself.
    let silent = place.other(97);
    fs::write(silent.path(), "").unwrap();
    assert_eq!(b.look(s(4), here(0, 0)), Proof::Unproven);
}

#[test]
fn a_lock_that_a_second_process_was_granted_is_no_lock() {
    let place = Place::new();
    let mut a = place.look_out(1);
    a.look(s(0), here(0, 0));
    assert!(a.locked().is_some_and(|lock| lock.is_file()));
    a.tested(false);
    assert_eq!(a.look(s(2), here(0, 0)), Proof::Broken);
    a.tested(true);
    assert_eq!(a.look(s(4), here(0, 0)), Proof::Proven, "on a disk of this PC that is proof");
}

#[test]
fn who_only_reads_takes_no_seat_and_still_sees_the_others() {
    let place = Place::new();
    let mut reader = Lookout::new(&place.file(), Desk { seated: false, ..place.desk(1) });
    assert_eq!(reader.look(s(0), here(1, 0)), Proof::Unproven);
    assert!(!place.seats().exists());
    let mut a = place.look_out(2);
    a.look(s(0), here(2, 5));
    reader.look(s(2), here(1, 0));
    assert_eq!(reader.present(s(2))[0].editing, Some(CustomerId(5)));
    assert_eq!(a.look(s(4), here(2, 5)), Proof::Unproven);
    assert_eq!(a.present(s(4)), []);
}

#[test]
fn where_no_folder_can_be_made_the_locks_stay_unproven() {
    let place = Place::new();
    fs::write(place.seats(), "in the way").unwrap();
    let mut a = place.look_out(1);
    assert_eq!(a.look(s(0), here(0, 0)), Proof::Unproven);
    assert_eq!(a.locked(), None);
    assert_eq!(prove_once(&place.file(), &place.desk(2)), Proof::Unproven);
}

#[test]
fn a_seat_swept_while_the_pc_slept_is_taken_anew_under_another_name() {
    let place = Place::new();
    let mut a = place.look_out(1);
    a.look(s(0), here(0, 0));
    for name in place.names() {
        fs::remove_file(place.seats().join(name)).unwrap();
    }
    a.look(s(80), here(0, 0));
    a.look(s(82), here(0, 0));
    let seats: Vec<u128> = place.names().iter().filter_map(|n| Seat::parse(n)).map(|s| s.sitting).collect();
    assert_eq!(seats, [2]);
    assert!(a.locked().is_some_and(|lock| lock.is_file()));
}

#[test]
fn a_command_looks_once_and_leaves_no_trace() {
    let place = Place::new();
    let prove = |n| prove_once(&place.file(), &place.desk(n));
    assert_eq!(prove(3), Proof::Unproven);
    assert!(!place.seats().exists(), "where nobody is, nothing is made");
    let mut a = place.look_out(1);
    a.look(s(0), here(0, 0));
    let before = place.names();
    assert_eq!(prove(4), Proof::Proven);
    assert_eq!(place.names(), before);
    let far = place.other(99);
    let wary = Desk { local: false, ..place.desk(5) };
    assert_eq!(prove_once(&place.file(), &wary), Proof::Doubted);
    assert!(Path::new(&far.path()).exists());
}
