//! Drives whose locks do not work: each wrong way is found before two workstations write over each other, and what a lock lost later
//! took away is written again.

use crate::branch::{self, archive, desk, failure};
use crate::drops::Pc;
use crate::judge::{Judge, Kind, ask};
use crate::share::{LockMode, Share, Trouble};
use guitai::store::drive::Proof;
use guitai::store::drive::lookout::{Desk, Here, Lookout};
use guitai::store::drive::seat;
use guitai::store::request::Answer;
use guitai::store::worker::Said;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const ROUNDS: u64 = 20;

/// A drive of two workstations that look around, their clock in the test's hand.
struct Scene {
    share: Share,
    desks: [Lookout; 2],
    now: Duration,
}

impl Scene {
    fn new(round: u64) -> Option<Scene> {
        let share = Share::new(2)?;
        std::fs::write(share.files().join(branch::FILE), "").unwrap();
        let desks = [0, 1].map(|n| {
            let sitting = u128::from(round) * 1_000 + n as u128 + 1;
            let desk = Desk { station: format!("PC-{n}"), pc: String::new(), sitting, local: false, seated: true };
            Lookout::new(&share.dir(n).join(branch::FILE), desk)
        });
        // What chance decides in life: how far apart they come.
        Some(Scene { share, desks, now: Duration::from_secs(round % 7) })
    }

    fn look(&mut self, n: usize) -> Proof {
        self.now += Duration::from_secs(1);
        self.desks[n].look(self.now, Here::default())
    }

    /// Both look every second, for so long; what they know then.
    fn wait(&mut self, seconds: u64) -> [Proof; 2] {
        for _ in 0..seconds / 2 {
            self.look(0);
            self.look(1);
        }
        [0, 1].map(|n| self.desks[n].proof(self.now))
    }

    fn alarmed(&self) -> bool {
        seat::folder(&self.share.files().join(branch::FILE)).join(seat::ALARM).exists()
    }

    /// What a second process of the PC says of the lock that desk `n` holds.
    fn second_process(&mut self, n: usize) -> String {
        let lock = self.desks[n].locked().expect("a lock is held");
        let out = Command::new(env!("CARGO_BIN_EXE_guitai")).args(["try-lock", "--"]).arg(lock).output().unwrap();
        let said = String::from_utf8(out.stdout).unwrap().trim_end().to_owned();
        self.desks[n].tested(said == "refused");
        said
    }
}

#[test]
fn locks_that_work_are_proven_by_the_second_workstation() {
    for round in 0..ROUNDS {
        let Some(mut scene) = Scene::new(round) else { return };
        assert_eq!(scene.look(0), Proof::Unproven, "alone nobody can prove them");
        assert_eq!(scene.second_process(0), "refused");
        assert_eq!(scene.look(1), Proof::Proven);
        assert_eq!(scene.look(0), Proof::Proven);
        assert_eq!(scene.wait(600), [Proof::Proven; 2]);
        assert!(!scene.alarmed());
    }
    println!("lock proof, locks that work: {ROUNDS} of {ROUNDS} proven, no alarm in 10 minutes of each");
}

#[test]
fn locks_that_stay_on_each_pc_stop_the_second_workstation_before_it_writes_and_then_all() {
    let mut alarmed = 0;
    for round in 0..ROUNDS {
        let Some(mut scene) = Scene::new(round) else { return };
        scene.share.lock_mode(LockMode::HostLocal);
        assert_eq!(scene.look(0), Proof::Unproven);
        assert_eq!(scene.second_process(0), "refused", "one PC alone cannot see it");
        let second = scene.look(1);
        assert!(!second.lets_write(), "{second:?}");
        let first = scene.look(0);
        assert!(!first.lets_write(), "{first:?}");
        for _ in 0..150 {
            let found = [scene.look(0), scene.look(1)];
            assert!(!found.iter().any(|p| p.lets_write()), "{found:?}");
        }
        assert_eq!(scene.wait(60), [Proof::Broken; 2]);
        alarmed += u64::from(scene.alarmed());
    }
    println!("lock proof, host-local locks: {alarmed} of {ROUNDS} alarmed, no write after the second workstation came");
    assert_eq!(alarmed, ROUNDS);
}

#[test]
fn locks_that_only_pretend_are_found_by_a_second_process_of_the_same_pc() {
    let mut found = 0;
    for round in 0..ROUNDS {
        let Some(mut scene) = Scene::new(round) else { return };
        scene.share.lock_mode(LockMode::Pretend);
        scene.look(0);
        assert_eq!(scene.second_process(0), "granted");
        let proof = scene.look(0);
        found += u64::from(proof == Proof::Broken);
        let second = scene.look(1);
        assert!(!second.lets_write(), "{second:?}");
    }
    println!("lock proof, pretended locks: {found} of {ROUNDS} refused by the first workstation alone");
    assert_eq!(found, ROUNDS);
}

#[test]
fn without_a_lock_daemon_nobody_writes() {
    let mut found = 0;
    for round in 0..ROUNDS {
        let Some(mut scene) = Scene::new(round) else { return };
        scene.share.lock_mode(LockMode::NoLockDaemon);
        let proof = scene.look(usize::from(round % 2 == 0));
        found += u64::from(proof == Proof::Broken);
    }
    println!("lock proof, ENOLCK: {found} of {ROUNDS} refused");
    assert_eq!(found, ROUNDS);
}

#[test]
fn a_lock_lost_at_the_server_alarms_every_desk() {
    let (mut alarmed, mut slowest) = (0, 0);
    for round in 0..ROUNDS {
        let Some(mut scene) = Scene::new(round) else { return };
        scene.look(0);
        assert_eq!(scene.look(1), Proof::Proven);
        scene.wait(10 + round * 7);
        scene.share.lose_locks(usize::from(round % 2 == 0));
        let lost = scene.now;
        while !scene.alarmed() && scene.now < lost + Duration::from_secs(600) {
            scene.look(0);
            scene.look(1);
        }
        slowest = slowest.max((scene.now - lost).as_secs());
        assert_eq!(scene.wait(10), [Proof::Broken; 2]);
        alarmed += u64::from(scene.alarmed());
    }
    println!("lock proof, locks lost later: {alarmed} of {ROUNDS} alarmed, the slowest after {slowest} s");
    assert_eq!(alarmed, ROUNDS);
}

/// Waits for the answer to a save that was asked.
fn answered(pc: &Pc) -> Answer {
    let end = Instant::now() + Duration::from_secs(30);
    while let Some(said) = pc.hear(end) {
        match said {
            Said::Answer(_, answer) | Said::Later(_, answer) => return answer,
            _ => {}
        }
    }
    panic!("no answer");
}

/// Until its own saves were looked for and written again: how many were missing.
fn replayed(pc: &Pc) -> usize {
    let end = Instant::now() + Duration::from_secs(30);
    let (mut missing, mut again) = (None, 0);
    while missing != Some(again) {
        match pc.hear(end) {
            Some(Said::Missing(n)) => missing = Some(n),
            Some(Said::Later(_, answer)) => {
                assert_eq!(failure(&answer), None);
                again += 1;
            }
            Some(_) => {}
            None => panic!("{missing:?} missing, {again} written again"),
        }
    }
    again
}

/// One writer has lost its lock and does not know; another saves meanwhile, and the first writes over it.
fn overwritten(share: &Share, pc: &mut Pc, branch: &branch::Branch, op: i64) {
    let mut first = desk(share.dir(0), 1);
    let seen = archive(&mut first, branch, branch.customers[0]).customer;
    let mut list = Vec::new();
    for op in [op, op + 1] {
        share.write_down(0);
        assert_eq!(failure(&first.answer(&ask(branch, Kind::Log, op, &seen))), None);
        list = share.written_down(0);
    }
    let reserved = list.iter().position(|e| e.text.contains("exclusive 1073741825")).unwrap();
    share.order(0, reserved as u64 + 2, Trouble::Hang);
    let save = ask(branch, Kind::Log, op + 2, &seen);
    let writes = std::thread::spawn(move || first.answer(&save));
    assert!(share.wait_hung(0, Duration::from_secs(30)));
    share.lose_locks(0);
    pc.ask(ask(branch, Kind::Log, op + 3, &seen));
    let acknowledged = answered(pc);
    share.unhang(0);
    share.heal(0);
    assert_eq!(failure(&acknowledged), None);
    assert_eq!(failure(&writes.join().unwrap()), None);
}

#[test]
fn acknowledged_saves_that_a_lost_lock_took_away_are_written_again() {
    let (mut lost, mut back) = (0, 0);
    for round in 0..ROUNDS {
        let Some(share) = Share::new(3) else { return };
        let branch = branch::make(share.files(), 3);
        let mut pc = Pc::start(share.dir(1), 2, true);
        let op = i64::try_from(1_000 + round * 10).unwrap();
        overwritten(&share, &mut pc, &branch, op);
        let judge = Judge::at(share.dir(2));
        assert_eq!(judge.times(Kind::Log, op + 2), Ok(1));
        lost += u64::from(judge.times(Kind::Log, op + 3) == Ok(0));
        drop(judge);
        let mut pc = pc.restart(share.dir(1), 2);
        assert_eq!(replayed(&pc), 1);
        pc.stop();
        let judge = Judge::at(share.dir(2));
        back += u64::from(judge.times(Kind::Log, op + 3) == Ok(1));
        assert_eq!(judge.pages(), None);
    }
    println!(
        "lock lost in the middle of a save: {lost} of {ROUNDS} took a colleague's save away, {back} written again"
    );
    assert_eq!((lost, back), (ROUNDS, ROUNDS));
}

#[test]
fn an_older_file_put_back_gets_its_missing_saves_again() {
    let mut back = 0;
    for round in 0..ROUNDS {
        let Some(share) = Share::new(2) else { return };
        let branch = branch::make(share.files(), 3);
        let file = share.files().join(branch::FILE);
        let mut pc = Pc::start(share.dir(0), 1, true);
        let seen = archive(&mut desk(share.dir(1), 2), &branch, branch.customers[0]).customer;
        let save = |pc: &mut Pc, op| {
            pc.ask(ask(&branch, Kind::Log, op, &seen));
            assert_eq!(failure(&answered(pc)), None);
        };
        save(&mut pc, 1_000);
        let older = std::fs::read(&file).unwrap();
        for op in 1_001..1_002 + i64::try_from(round % 3).unwrap() {
            save(&mut pc, op);
        }
        pc.stop();
        put_back(&file, &older);
        let mut pc = pc.restart(share.dir(0), 1);
        back += replayed(&pc);
        pc.stop();
        let judge = Judge::at(share.dir(1));
        for op in 1_000..1_002 + i64::try_from(round % 3).unwrap() {
            assert_eq!(judge.times(Kind::Log, op), Ok(1), "round {round}, operation {op}");
        }
    }
    println!("older file put back: {ROUNDS} rounds, {back} missing saves written again, none lost");
    assert!(back >= 20);
}

/// The bytes of an older file, while nobody is at it.
fn put_back(file: &Path, older: &[u8]) {
    std::fs::write(file, older).unwrap();
}
