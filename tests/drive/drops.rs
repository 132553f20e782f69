//! The drive goes away in the middle of work and comes back. What was typed waits in the outbox of the PC, and is in the file at most
//! two seconds after the drive is back: nothing lost, nothing done twice.

use crate::QUIET;
use crate::branch::{self, Branch};
use crate::judge::{Judge, Kind, ask};
use crate::share::{EVER, Share, Trouble};
use guitai::domain::customer::Customer;
use guitai::domain::ids::CustomerId;
use guitai::store::drive::Gate;
use guitai::store::open::Mode;
use guitai::store::outbox::Outbox;
use guitai::store::request::{Answer, Failure, Ticket};
use guitai::store::worker::{Local, Said, Worker};
use nix::libc::{EIO, ENOTCONN};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Drops of each drive; four drives drop side by side.
const DROPS: u64 = 30;
const DRIVES: u64 = 4;
/// The longest that a save may take after the drive is back.
const SOON: Duration = Duration::from_secs(2);

/// A workstation as the workbench runs it: its store behind threads, its outbox on a disk of its own.
pub struct Pc {
    worker: Option<Worker>,
    heard: Receiver<Said>,
    outbox: TempDir,
    ticket: u64,
}

impl Pc {
    pub fn start(folder: &Path, n: u16, with_outbox: bool) -> Pc {
        Pc::take_up(folder, n, TempDir::new().unwrap(), with_outbox)
    }

    /// The same PC started again: what waited in its outbox is taken up.
    pub fn restart(mut self, folder: &Path, n: u16) -> Pc {
        self.stop();
        let Pc { outbox, .. } = self;
        Pc::take_up(folder, n, outbox, true)
    }

    fn take_up(folder: &Path, n: u16, at: TempDir, with_outbox: bool) -> Pc {
        let (say, heard) = channel();
        let outbox = with_outbox.then(|| Outbox::open(&at.path().join("outbox")).unwrap());
        let local = Local { outbox, cache: None };
        let file = folder.join(branch::FILE);
        let send = move |said| drop(say.send(said));
        let worker = Worker::start(&file, Mode::Write, &branch::station(n), Gate::open(), local, send).unwrap();
        Pc { worker: Some(worker), heard, outbox: at, ticket: 0 }
    }

    /// Stops, and waits until its threads are done.
    pub fn stop(&mut self) {
        self.worker = None;
        while self.heard.recv().is_ok() {}
    }

    pub fn ask(&mut self, ask: guitai::store::request::Ask) {
        self.ticket += 1;
        self.worker.as_ref().unwrap().ask(Ticket(self.ticket), ask);
    }

    /// What is said until `end`.
    pub fn hear(&self, end: Instant) -> Option<Said> {
        match self.heard.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(said) => Some(said),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("the store ended"),
        }
    }
}

#[derive(Debug, Default)]
struct Tally {
    drops: u64,
    saves: u64,
    /// Told that the save waits on the PC.
    kept: u64,
    refused: Vec<Failure>,
    lost: u64,
    doubled: u64,
    /// The longest from the drive's return to the save in the file.
    slowest: Duration,
}

/// How long the drive is away at the nth drop: mostly a moment, now and then longer, the last time as long as a switch takes to start.
fn away(n: u64) -> Duration {
    Duration::from_millis(match n % 10 {
        _ if n + 1 == DROPS => 30_000,
        9 => 6_000,
        4 => 2_000,
        k => 200 + 50 * k,
    })
}

/// Counts the saves that are in the file or refused.
fn settled(said: Said, tally: &mut Tally) -> u64 {
    match said {
        Said::Answer(_, Answer::Kept(_)) => {
            tally.kept += 1;
            0
        }
        Said::Answer(_, Answer::Failed(f)) | Said::Later(_, Answer::Failed(f)) => {
            tally.refused.push(f);
            1
        }
        Said::Answer(..) | Said::Later(..) => 1,
        Said::Opened(_) | Said::Waiting(..) => 0,
        Said::Missing(n) => panic!("{n} saves were missing"),
    }
}

fn run(drive: u64, drops: u64, with_outbox: bool) -> Option<Tally> {
    let share = Share::new(2)?;
    let branch: Branch = branch::make(share.files(), 3);
    let mut pc = Pc::start(share.dir(0), 1, with_outbox);
    let mut tally = Tally { drops, ..Tally::default() };
    let mut asked: Vec<(Kind, i64)> = Vec::new();
    for n in 0..drops {
        // One save at whose operations the drive goes, and up to two more that are typed while it is away.
        let more = n % 3;
        let errno = if n % 2 == 0 { EIO } else { ENOTCONN };
        share.order(0, 1 + (n * 29 + drive * 7) % 70, Trouble::Errno(errno, EVER));
        let mut open = 0;
        let type_one = |pc: &mut Pc, asked: &mut Vec<(Kind, i64)>| {
            let op = i64::try_from(1_000 + asked.len()).unwrap();
            let kind = [Kind::Log, Kind::Create][asked.len() % 2];
            let seen = Customer { id: CustomerId(branch.customers[0].0), ..Customer::default() };
            pc.ask(ask(&branch, kind, op, &seen));
            asked.push((kind, op));
        };
        type_one(&mut pc, &mut asked);
        open += 1;
        let end = Instant::now() + away(n);
        let mut typed = 0;
        while Instant::now() < end {
            if typed < more {
                type_one(&mut pc, &mut asked);
                (typed, open) = (typed + 1, open + 1);
            }
            if let Some(said) = pc.hear(end) {
                open -= settled(said, &mut tally);
            }
        }
        share.heal(0);
        let back = Instant::now();
        while open > 0 {
            let Some(said) = pc.hear(back + Duration::from_secs(30)) else {
                panic!("drop {n}: {open} saves still wait half a minute after the drive came back")
            };
            let done = settled(said, &mut tally);
            if done > 0 {
                tally.slowest = tally.slowest.max(back.elapsed());
            }
            open -= done;
        }
        tally.saves += 1 + typed;
    }
    pc.stop();
    let judge = Judge::at(share.dir(1));
    for (kind, op) in asked {
        match judge.times(kind, op) {
            Ok(1) => {}
            Ok(_) => tally.lost += 1,
            Err(why) => {
                eprintln!("{why}");
                tally.doubled += 1;
            }
        }
    }
    assert_eq!(judge.pages(), None);
    Some(tally)
}

#[test]
fn a_drive_that_goes_and_comes_back_loses_nothing_and_doubles_nothing() {
    let _busy = QUIET.read();
    let found = std::thread::scope(|all| {
        let runs: Vec<_> = (0..DRIVES).map(|d| all.spawn(move || run(d, DROPS, true))).collect();
        runs.into_iter().map(|run| run.join()).collect::<Vec<_>>()
    });
    let mut all = Tally::default();
    for tally in found {
        let Some(tally) = tally.unwrap() else { return };
        all.drops += tally.drops;
        all.saves += tally.saves;
        all.kept += tally.kept;
        all.refused.extend(tally.refused);
        all.lost += tally.lost;
        all.doubled += tally.doubled;
        all.slowest = all.slowest.max(tally.slowest);
    }
    println!("drive drops: {all:?}");
    assert_eq!((all.drops, all.lost, all.doubled, &all.refused), (120, 0, 0, &Vec::new()));
    assert!(all.kept >= 30, "the drive was hardly ever away when a save was typed: {all:?}");
    assert!(all.slowest <= SOON, "{all:?}");
}

#[test]
fn without_an_outbox_a_drive_that_goes_loses_what_was_typed() {
    let Some(tally) = run(0, 6, false) else { return };
    println!("control, no outbox: {tally:?}");
    assert!(tally.lost >= 3 && !tally.refused.is_empty(), "{tally:?}");
}
