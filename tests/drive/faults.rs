//! One save, and every operation of the drive in it fails once, or fails and goes on failing: eight errnos, three kinds of save. What
//! the answer left open is found by asking again with the same operation number: never lost, never twice, never damaged.

use crate::QUIET;
use crate::branch::{self, archive, desk, failure};
use crate::judge::{Judge, KINDS, Kind, ask, blindly, faults};
use crate::share::{EVER, Share, Trouble};
use nix::libc::{EACCES, EHOSTDOWN, EIO, ENOSPC, ENOTCONN, EROFS, ESTALE, ETIMEDOUT};

const ERRNOS: [(&str, i32); 8] = [
    ("EIO", EIO),
    ("ENOTCONN", ENOTCONN),
    ("EHOSTDOWN", EHOSTDOWN),
    ("ESTALE", ESTALE),
    ("ETIMEDOUT", ETIMEDOUT),
    ("ENOSPC", ENOSPC),
    ("EROFS", EROFS),
    ("EACCES", EACCES),
];

/// How often a failure that goes on fails. SQLite takes two of the errnos at a lock for a colleague's lock and waits; a quarter of a
/// minute each time would be long, so that these end after a dozen operations.
fn lasting(errno: i32) -> u64 {
    if [ETIMEDOUT, EACCES].contains(&errno) { 12 } else { EVER }
}

/// What came of the injections.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    injected: u64,
    /// Answered as done, and done.
    absorbed: u64,
    /// Answered as failed, and nothing was written.
    refused: u64,
    /// Answered as failed, yet done: only the operation number tells.
    ambiguous: u64,
    lost: u64,
    doubled: u64,
    damaged: u64,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.injected += other.injected;
        self.absorbed += other.absorbed;
        self.refused += other.refused;
        self.ambiguous += other.ambiguous;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.damaged += other.damaged;
    }
}

/// Every operation of a save of this kind fails. What failed is asked again as the same operation, or `blind`ly as a new one.
fn run(kind: Kind, errnos: &[(&str, i32)], blind: bool) -> Option<Tally> {
    // The station, and somebody fresh who clears up and judges.
    let share = Share::new(2)?;
    let branch = branch::make(share.files(), 10);
    let customer = branch.customers[3];
    let (mut tally, mut op) = (Tally::default(), 1000);
    for (n, &(name, errno)) in errnos.iter().enumerate() {
        // The first two at every operation, the others at every second, in turn the odd and the even ones.
        let (first, step) = if n < 2 { (1, 1) } else { (1 + n as u64 % 2, 2) };
        for times in [1, lasting(errno)] {
            let mut station = desk(share.dir(0), 1);
            for nth in (first..).step_by(step) {
                let seen = archive(&mut station, &branch, customer).customer;
                op += 1;
                let save = ask(&branch, kind, op, &seen);
                share.order(0, nth, Trouble::Errno(errno, times));
                let answer = station.answer(&save);
                let happened = share.heal(0);
                let at = || format!("{kind:?}, {name} at operation {nth}, {times} times: {answer:?}");
                if !happened {
                    assert_eq!(failure(&answer), None, "{}", at());
                    break;
                }
                tally.injected += 1;
                let judge = Judge::at(share.dir(1));
                match (failure(&answer), judge.times(kind, op)) {
                    (None, Ok(1)) => tally.absorbed += 1,
                    (None, _) => tally.lost += 1,
                    (Some(_), Ok(0)) => tally.refused += 1,
                    (Some(_), _) => tally.ambiguous += 1,
                }
                drop(judge);
                if failure(&answer).is_some() {
                    let again = if blind { blindly(&branch, op, &seen) } else { save };
                    let cleared = desk(share.dir(1), 2).answer(&again);
                    assert_eq!(failure(&cleared), None, "{}", at());
                }
                let judge = Judge::at(share.dir(1));
                match judge.times(kind, op) {
                    _ if blind => tally.doubled += u64::from(judge.rows(kind, op) > 1),
                    Ok(1) => {}
                    Ok(_) => tally.lost += 1,
                    Err(why) => {
                        eprintln!("{}: {why}", at());
                        tally.doubled += 1;
                    }
                }
                // Reading every page costs more than the save; a page damaged once stays so.
                if let Some(word) = (nth % 8 == 0).then(|| judge.pages()).flatten() {
                    eprintln!("{}: {word}", at());
                    tally.damaged += 1;
                }
            }
        }
    }
    assert_eq!(faults(&mut desk(share.dir(1), 2)), Vec::<String>::new());
    Some(tally)
}

#[test]
fn an_error_at_any_operation_of_a_save_loses_nothing_and_doubles_nothing() {
    let _busy = QUIET.read();
    // A scope waits for all of them, also when one fails: a process must not end while another still waits for its own drive.
    let found = std::thread::scope(|all| {
        let runs = KINDS.map(|kind| all.spawn(move || run(kind, &ERRNOS, false)));
        runs.map(|run| run.join())
    });
    let mut tally = Tally::default();
    for run in found {
        let Some(run) = run.unwrap() else { return };
        tally.add(run);
    }
    println!("errors of the drive: {tally:?}");
    assert!(tally.injected >= 1_700, "{tally:?}");
    assert!(
        tally.ambiguous > 0 && tally.absorbed > 0 && tally.refused > 0,
        "the drive never failed at the right moment"
    );
    assert_eq!((tally.lost, tally.doubled, tally.damaged), (0, 0, 0));
}

#[test]
fn trying_again_without_the_operation_number_doubles_what_was_written() {
    let _busy = QUIET.read();
    let Some(tally) = run(Kind::Log, &ERRNOS[..2], true) else { return };
    println!("control, blind retry: {tally:?}");
    assert!(tally.ambiguous > 0 && tally.doubled == tally.ambiguous, "{tally:?}");
}
