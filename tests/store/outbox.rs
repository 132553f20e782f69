//! Saves while the drive is away: kept on this PC, written once it is back, exactly once, also by the next window after a power cut. The
//! drive goes away here by its file being moved aside; tests/drive has worse.

use crate::house::{House, save, saved, station};
use guitai::domain::ids::{CustomerId, OpId};
use guitai::store::customers;
use guitai::store::drive::{Gate, Proof};
use guitai::store::key::Key;
use guitai::store::open::Mode;
use guitai::store::outbox::Outbox;
use guitai::store::request::{Answer, Ask, Failure, Ticket};
use guitai::store::worker::{Local, Said, Worker};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A window on a house, with an outbox of its own.
pub struct Window {
    pub worker: Worker,
    heard: Receiver<Said>,
}

impl Window {
    pub fn on(house: &House, gate: Gate) -> Window {
        let (to, heard) = channel();
        let local = Local { outbox: Some(Outbox::open(&outbox(house)).unwrap()), cache: None };
        let worker = Worker::start(&house.path, Mode::Write, &station("PC-7", 7), gate, local, move |said| {
            let _ = to.send(said);
        })
        .unwrap();
        Window { worker, heard }
    }

    /// The next thing said that is not about the opening or the count of what waits.
    pub fn next(&self) -> Said {
        loop {
            match self.heard.recv_timeout(Duration::from_secs(60)).unwrap() {
                Said::Opened(_) | Said::Waiting(..) => {}
                other => return other,
            }
        }
    }

    /// Waits until so many saves wait and says why they do.
    fn waits(&self, wanted: usize) -> Option<Failure> {
        loop {
            if let Said::Waiting(n, why) = self.heard.recv_timeout(Duration::from_secs(60)).unwrap()
                && n == wanted
            {
                return why;
            }
        }
    }
}

pub fn outbox(house: &House) -> PathBuf {
    house.folder.path().join("0.outbox")
}

fn aside(house: &House) -> PathBuf {
    house.folder.path().join("away.db")
}

pub fn address(op: i64, id: CustomerId, before: &str, after: &str, house: &House) -> Ask {
    save(OpId(op), id, 1, &[("address", before, after)], house.stamp())
}

fn kept(said: Said) -> Ask {
    match said {
        Said::Answer(_, Answer::Kept(ask)) => *ask,
        other => panic!("{other:?}"),
    }
}

fn address_of(house: &mut House, id: CustomerId) -> String {
    house.open(id).customer.address.clone()
}

pub fn changes(house: &House) -> i64 {
    count(&house.path, "SELECT count(*) FROM change")
}

pub fn count(path: &Path, sql: &str) -> i64 {
    rusqlite::Connection::open(path).unwrap().query_row(sql, [], |r| r.get(0)).unwrap()
}

#[test]
fn a_save_while_the_drive_is_away_is_kept_and_written_when_it_is_back() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let before = changes(&house);
    let window = Window::on(&house, Gate::open());
    std::fs::rename(&house.path, aside(&house)).unwrap();
    for (n, (was, is)) in [("", "一"), ("一", "二"), ("二", "三")].into_iter().enumerate() {
        let ask = address(900 + n as i64, id, was, is, &house);
        window.worker.ask(Ticket(n as u64), ask.clone());
        assert_eq!(kept(window.next()), ask);
    }
    assert!(matches!(window.waits(3), Some(Failure::Drive(_))));
    std::fs::rename(aside(&house), &house.path).unwrap();
    for address in ["一", "二", "三"] {
        match window.next() {
            Said::Later(_, answer) => assert_eq!(saved(answer).customer.address, address),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(window.waits(0), None);
    assert_eq!(address_of(&mut house, id), "三");
    assert_eq!(changes(&house), before + 3, "each once");
}

#[test]
fn what_a_dead_window_kept_is_written_by_the_next_one_and_never_twice() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    std::fs::rename(&house.path, aside(&house)).unwrap();
    {
        let dead = Outbox::open(&house.folder.path().join("dead.outbox")).unwrap();
        dead.put(OpId(900), &address(900, id, "", "一", &house)).unwrap();
        let mut next = Outbox::open(&outbox(&house)).unwrap();
        // This one had committed when the power went, without anybody having heard of it.
        next.put(OpId(901), &save(OpId(901), id, 1, &[("phone", "", "18985210027")], house.stamp())).unwrap();
        drop(dead);
        next.adopt(&house.folder.path().join("dead.outbox"), &Key::default()).unwrap();
    }
    std::fs::rename(aside(&house), &house.path).unwrap();
    house.ask(save(OpId(901), id, 1, &[("phone", "", "18985210027")], house.stamp()));
    let before = changes(&house);
    let window = Window::on(&house, Gate::open());
    for _ in 0..2 {
        assert!(matches!(window.next(), Said::Later(_, Answer::Customers(customers::Answer::Saved { .. }))));
    }
    assert_eq!(changes(&house), before + 1, "only the one that was not there");
    assert_eq!(address_of(&mut house, id), "一");
}

#[test]
fn a_save_that_comes_back_stays_in_the_outbox_until_somebody_has_seen_to_it() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let window = Window::on(&house, Gate::open());
    std::fs::rename(&house.path, aside(&house)).unwrap();
    window.worker.ask(Ticket(1), address(900, id, "", "我的", &house));
    kept(window.next());
    std::fs::rename(aside(&house), &house.path).unwrap();
    // The colleague may come first or second: what counts is that mine is not lost in either case.
    let theirs = house.second().answer(&address(77, id, "", "同事的", &house));
    match window.next() {
        Said::Later(_, Answer::Customers(customers::Answer::Clash { fields, .. })) => {
            assert_eq!((fields[0].theirs.as_str(), fields[0].mine.as_str()), ("同事的", "我的"));
            drop(window);
            let left = reopened(&house).waiting().unwrap();
            assert_eq!(left, [address(900, id, "", "我的", &house)]);
        }
        Said::Later(_, Answer::Customers(customers::Answer::Saved { .. })) => {
            assert!(matches!(theirs, Answer::Customers(customers::Answer::Clash { .. })));
        }
        other => panic!("{other:?}"),
    }
}

/// The outbox, once the window that holds it has let go.
pub fn reopened(house: &House) -> Outbox {
    loop {
        if let Ok(outbox) = Outbox::open(&outbox(house)) {
            return outbox;
        }
        std::thread::yield_now();
    }
}

#[test]
fn acknowledged_saves_that_an_older_file_lacks_are_written_again() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let old = house.folder.path().join("old.db");
    {
        let file = rusqlite::Connection::open(&house.path).unwrap();
        file.execute("VACUUM INTO ?", [old.to_str().unwrap()]).unwrap();
    }
    let window = Window::on(&house, Gate::open());
    window.worker.ask(Ticket(1), address(900, id, "", "一", &house));
    assert!(matches!(window.next(), Said::Answer(Ticket(1), Answer::Customers(_))));
    drop(window);
    drop(reopened(&house));

    std::fs::rename(&old, &house.path).unwrap();
    let window = Window::on(&house, Gate::open());
    assert!(matches!(window.next(), Said::Missing(1)));
    assert!(matches!(window.next(), Said::Later(..)));
    assert_eq!(count(&house.path, "SELECT count(*) FROM op WHERE id = 900"), 1);
}

#[test]
fn nothing_is_written_before_the_locks_were_looked_at_nor_when_they_fail() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let before = changes(&house);
    for proof in [Proof::Unknown, Proof::Doubted, Proof::Broken] {
        let gate = Gate::default();
        gate.tell(proof);
        let window = Window::on(&house, gate.clone());
        let op = 900 + changes(&house);
        window.worker.ask(Ticket(1), save(OpId(op), id, 1, &[("address", "", "一")], house.stamp()));
        kept(window.next());
        assert_eq!(changes(&house), before, "{proof:?}");
        if proof == Proof::Broken {
            gate.tell(Proof::Proven);
            assert!(matches!(window.next(), Said::Later(..)));
        } else {
            drop(window);
            drop(reopened(&house));
            std::fs::remove_file(outbox(&house)).unwrap();
        }
    }
    assert_eq!(changes(&house), before + 1);
}

#[test]
fn saves_typed_for_one_branch_are_never_written_into_another() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let window = Window::on(&house, Gate::open());
    window.worker.ask(Ticket(1), address(900, id, "", "一", &house));
    assert!(matches!(window.next(), Said::Answer(..)));
    std::fs::rename(&house.path, aside(&house)).unwrap();
    window.worker.ask(Ticket(2), address(901, id, "一", "二", &house));
    kept(window.next());
    let other = House::on("2026-11-21");
    std::fs::copy(&other.path, &house.path).unwrap();
    assert_eq!(
        loop {
            if let Some(why @ Failure::Replaced) = window.waits(1) {
                break why;
            }
        },
        Failure::Replaced
    );
    assert_eq!(count(&house.path, "SELECT count(*) FROM op WHERE id >= 900"), 0);
}

#[test]
fn a_lock_that_never_comes_free_lets_go_of_the_one_who_waits() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let hog = rusqlite::Connection::open(&house.path).unwrap();
    let window = Window::on(&house, Gate::open());
    hog.execute_batch("BEGIN IMMEDIATE").unwrap();
    window.worker.ask(Ticket(1), address(900, id, "", "一", &house));
    kept(window.next());
    hog.execute_batch("ROLLBACK").unwrap();
    assert!(matches!(window.next(), Said::Later(..)));
    assert_eq!(address_of(&mut house, id), "一");
}
