//! Workstations lose power: `kill -9` in the middle of saves, also in the middle of cleaning up after an earlier one. Who comes next
//! finds every acknowledged save, none twice and none by half.

use crate::QUIET;
use crate::branch::{self, Branch, archive, desk};
use crate::judge::{Judge, Kind, ask, faults};
use crate::share::{EVER, Entry, Kind as Asked, Share, Trouble};
use crate::station::Station;
use guitai::store::open::{File, Mode};
use nix::libc::EIO;
use std::time::Duration;

const ROUNDS: u64 = 200;
/// No station takes that long to come to its operation.
const SOON: Duration = Duration::from_secs(60);

/// Whether a journal lies there that the next one has to roll back: one that is not empty and whose head was not made zero.
fn hot(share: &Share) -> bool {
    let journal = share.files().join(format!("{}-journal", branch::FILE));
    std::fs::read(journal).is_ok_and(|bytes| bytes.first().is_some_and(|b| *b != 0))
}

#[test]
fn stations_killed_in_the_middle_of_saves_lose_nothing_acknowledged() {
    let _busy = QUIET.read();
    // Two stations and the judge.
    let Some(share) = Share::new(3) else { return };
    let branch = branch::make(share.files(), 4);
    let (mut hots, mut acknowledged, mut open, mut done, mut bad) = (0, 0, 0, 0, Vec::new());
    for round in 0..ROUNDS {
        let first = |n: u64| i64::try_from(10_000 + round * 2_000 + n * 1_000).unwrap();
        let mut stations: Vec<_> = (0..2_u16)
            .map(|n| {
                let (at, customer) = (usize::from(n), branch.customers[usize::from(n)]);
                Station::saving(share.dir(at), n + 1, &branch, customer, first(u64::from(n)))
            })
            .collect();
        // The power goes at an operation of one of them, wherever the other is. A save writes through four times: the journal, its
        // head, the pages, the journal cut. In every other round it goes at the second or third, when the journal is to be rolled back.
        let which = usize::try_from(round % 2).unwrap();
        if round / 2 % 2 == 0 {
            share.order(which, 60 + round * 37 % 331, Trouble::Hang);
        } else {
            share.order_at(which, Asked::Fsync, 2 + round / 4 % 2 + round % 5 * 4, Trouble::Hang);
        }
        assert!(share.wait_hung(which, SOON), "round {round}: the station never came so far");
        stations.iter_mut().for_each(Station::kill);
        share.unhang(which);
        share.heal(which);
        let said: Vec<_> = stations.into_iter().map(Station::said).collect();
        hots += u64::from(hot(&share));
        let judge = Judge::at(share.dir(2));
        for said in said {
            acknowledged += said.acknowledged.len();
            for (kind, op) in said.asked {
                let sure = said.acknowledged.contains(&op);
                match judge.times(kind, op) {
                    Ok(1) if sure => {}
                    Ok(n @ 0..=1) if !sure => {
                        open += 1;
                        done += n;
                    }
                    other => bad.push(format!("round {round}: {kind:?} {op}, acknowledged {sure}: {other:?}")),
                }
            }
        }
        bad.extend(judge.pages().map(|word| format!("round {round}: {word}")));
        if round % 20 == 19 {
            bad.extend(faults(&mut desk(share.dir(2), 3)));
        }
    }
    println!(
        "kill -9: {ROUNDS} rounds of 2 stations, {acknowledged} saves acknowledged, {open} open of which {done} were done, \
         {hots} hot journals, {} bad",
        bad.len()
    );
    assert_eq!(bad, Vec::<String>::new());
    assert!(hots * 100 >= ROUNDS * 15, "only {hots} rounds left a journal: the kill comes at the wrong time");
    assert!(acknowledged >= 200);
}

/// A save of a contact that ends at one of the operations at which the journal must be rolled back: nothing of the station works any
/// more from there on. Gives the operation torn; those from `op` up to it were done.
fn torn_save(share: &Share, branch: &Branch, op: i64, turn: usize) -> i64 {
    let mut station = desk(share.dir(0), 1);
    let mut tried = String::new();
    for op in op..op + 4 {
        let seen = archive(&mut station, branch, branch.customers[0]).customer;
        // The first fills the cache; the last takes as many operations as the one before it, unless a page is full and is parted.
        let mut list = Vec::new();
        for op in [op + 50, op] {
            share.write_down(0);
            assert!(branch::failure(&station.answer(&ask(branch, Kind::Log, op, &seen))).is_none());
            list = share.written_down(0);
        }
        let wrote = |e: &Entry| e.kind == Asked::Write && e.text.starts_with("branch.db ");
        let first = list.iter().position(wrote).unwrap();
        share.order(0, (first + 2 + turn % 6) as u64, Trouble::Errno(EIO, EVER));
        let torn = station.answer(&ask(branch, Kind::Log, op + 100, &seen));
        if share.heal(0) && branch::failure(&torn).is_some() && hot(share) {
            return op + 100;
        }
        tried = format!("{torn:?} after {} operations, of which {first} before the pages", list.len());
    }
    panic!("no save could be torn: {tried}");
}

/// How many operations opening a file with a hot journal takes.
fn recovery(share: &Share, branch: &Branch) -> u64 {
    torn_save(share, branch, 100, 3);
    let before = share.round_trips(1);
    drop(desk(share.dir(1), 2));
    assert!(!hot(share));
    share.round_trips(1) - before
}

fn check(share: &Share, torn: i64, what: &str) {
    drop(desk(share.dir(2), 3));
    assert!(!hot(share), "{what}");
    let judge = Judge::at(share.dir(2));
    // The torn save was not acknowledged; its journal was whole, so that it is rolled back.
    assert_eq!([torn - 100, torn].map(|op| judge.times(Kind::Log, op)), [Ok(1), Ok(0)], "{what}");
    assert_eq!(judge.pages(), None, "{what}");
}

#[test]
fn trouble_while_cleaning_up_after_trouble_loses_nothing() {
    let _busy = QUIET.read();
    let Some(share) = Share::new(3) else { return };
    let branch = branch::make(share.files(), 4);
    let operations = recovery(&share, &branch);
    assert!(operations > 20, "{operations}");
    let (mut killed, mut errors, mut hot_again) = (0, 0, 0);
    for turn in 0..50 {
        // Not quite to the end: some saves leave less to clean up.
        let nth = 1 + turn * (operations * 9 / 10) / 49;
        let op = i64::try_from(1_000 + turn * 1_000).unwrap();
        let torn = torn_save(&share, &branch, op, usize::try_from(turn).unwrap());
        share.order(1, nth, Trouble::Hang);
        let mut station = Station::opening(share.dir(1), 2);
        assert!(share.wait_hung(1, SOON), "the station never came to operation {nth}");
        station.kill();
        share.unhang(1);
        share.heal(1);
        station.said();
        killed += 1;
        hot_again += u64::from(hot(&share));
        check(&share, torn, &format!("killed at operation {nth} of cleaning up"));
        let torn = torn_save(&share, &branch, op + 500, usize::try_from(turn).unwrap() + 1);
        share.order(1, nth, Trouble::Errno(EIO, if turn % 2 == 0 { 1 } else { EVER }));
        drop(File::open(&share.dir(1).join(branch::FILE), Mode::Write, &branch::station(2)));
        errors += u64::from(share.heal(1));
        hot_again += u64::from(hot(&share));
        check(&share, torn, &format!("error at operation {nth} of cleaning up"));
    }
    println!(
        "compound: {killed} kills and {errors} errors while cleaning up, journal hot still after {hot_again}, 0 bad"
    );
    assert!(killed == 50 && errors == 50 && hot_again > 20, "{killed} {errors} {hot_again}");
    assert_eq!(faults(&mut desk(share.dir(2), 3)), Vec::<String>::new());
}

#[test]
fn a_hot_journal_taken_away_by_hand_leaves_half_a_save() {
    let Some(share) = Share::new(3) else { return };
    let branch = branch::make(share.files(), 4);
    let mut bad = 0;
    let clean = share.files().join("clean.db");
    let file = share.files().join(branch::FILE);
    std::fs::copy(&file, &clean).unwrap();
    for turn in 0..10 {
        // In place, so that it stays the same file.
        std::fs::copy(&clean, &file).unwrap();
        // Half of the pages written, so that the others do not know.
        let torn = torn_save(&share, &branch, 1_000 + 1_000 * turn, 5);
        std::fs::remove_file(share.files().join(format!("{}-journal", branch::FILE))).unwrap();
        let judge = Judge::at(share.dir(2));
        let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| judge.times(Kind::Log, torn)));
        let half = judge.pages().is_some() || !matches!(found, Ok(Ok(0)));
        bad += u64::from(half || !faults(&mut desk(share.dir(2), 3)).is_empty());
    }
    println!("control, journal deleted by hand: {bad} of 10 bad");
    assert!(bad >= 5, "{bad}");
}
