//! Workstations as processes of their own, which can be killed: the test program started once more. What they do is said on their
//! output, line by line, so that what was acknowledged is known whenever they end.

use crate::branch::{self, Branch, archive, desk};
use crate::judge::{Kind, ask};
use guitai::domain::customer::Customer;
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::store::drive::ground::{self, Ground};
use guitai::store::open::{File, Mode};
use guitai::store::request::Answer;
use guitai::store::workbench;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Tells the process what it is; without it the test below has nothing to do.
const ORDERS: &str = "GUITAI_DRIVE_STATION";
/// Enough for any round, and an end for a process whose parent is gone.
const SAVES: i64 = 500;

/// A running workstation.
pub struct Station(Child);

/// What a workstation said.
#[derive(Debug, Default)]
pub struct Said {
    /// Operations that were begun, in order.
    pub asked: Vec<(Kind, i64)>,
    /// Operations that were answered as done.
    pub acknowledged: Vec<i64>,
    /// Milliseconds each of them took.
    pub saves: Vec<u64>,
    /// Milliseconds each archive took to open.
    pub opens: Vec<u64>,
    /// What failed, in the words of the failure.
    pub failed: Vec<String>,
}

fn start(orders: &str) -> Station {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "station::a_process_does_what_it_was_started_for", "--nocapture"]);
    let child = command.env(ORDERS, orders).stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::null());
    Station(child.spawn().unwrap())
}

impl Station {
    /// Workstation `n`, which saves on and on, its operations numbered from `first`.
    pub fn saving(folder: &Path, n: u16, branch: &Branch, customer: CustomerId, first: i64) -> Station {
        start(&format!("save {n} {} {} {first} 0 0 {}", branch.wang.0, customer.0, folder.display()))
    }

    /// The same on a drive as cifs.ko mounts it, with the program's own locks for it: so many saves.
    pub fn over_cifs(folder: &Path, n: u16, branch: &Branch, customer: CustomerId, first: i64, saves: u64) -> Station {
        start(&format!("cifs {n} {} {} {first} {saves} 0 {}", branch.wang.0, customer.0, folder.display()))
    }

    /// Workstation `n` at the pace of people: for so long, it thinks about so long before each archive it opens and changes.
    pub fn at_work(
        folder: &Path,
        n: u16,
        branch: &Branch,
        customer: CustomerId,
        first: i64,
        pace: (Duration, Duration),
    ) -> Station {
        let (long, think) = (pace.0.as_millis(), pace.1.as_millis());
        start(&format!("work {n} {} {} {first} {long} {think} {}", branch.wang.0, customer.0, folder.display()))
    }

    /// Workstation `n`, which only opens the file.
    pub fn opening(folder: &Path, n: u16) -> Station {
        start(&format!("open {n} 0 0 0 0 0 {}", folder.display()))
    }

    /// `kill -9`. The process ends once the drive has answered what it waits for.
    pub fn kill(&mut self) {
        self.0.kill().unwrap();
    }

    /// Waits for its end, and says what it did.
    pub fn said(mut self) -> Said {
        let mut said = Said::default();
        for line in BufReader::new(self.0.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["ask", op] => {
                    let op = op.parse().unwrap();
                    said.asked.push((kind_of(op), op));
                }
                ["done", op, millis] => {
                    said.acknowledged.push(op.parse().unwrap());
                    said.saves.push(millis.parse().unwrap());
                }
                ["open", millis] => said.opens.push(millis.parse().unwrap()),
                ["failed", _, ..] => said.failed.push(line.clone()),
                _ => {}
            }
        }
        self.0.wait().unwrap();
        said
    }
}

impl Drop for Station {
    /// A test that fails leaves no process behind.
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            drop(self.0.kill());
        }
    }
}

/// Mostly contacts and changed fields, now and then a new customer.
fn kind_of(op: i64) -> Kind {
    match op % 10 {
        7 => Kind::Create,
        n if n % 2 == 0 => Kind::Log,
        _ => Kind::Save,
    }
}

/// Asks for a save and says what came of it.
fn save(file: &mut File, branch: &Branch, op: i64, seen: &Customer) {
    let save = ask(branch, kind_of(op), op, seen);
    println!("ask {op}");
    let began = Instant::now();
    match file.answer(&save) {
        Answer::Failed(why) => println!("failed {op} {why:?}"),
        _ => println!("done {op} {}", began.elapsed().as_millis()),
    }
}

/// At work: between two archives somebody thinks, and looks every two seconds whether colleagues saved.
fn work(file: &mut File, branch: &Branch, first: i64, (long, think): (u64, u64)) {
    let end = Instant::now() + Duration::from_millis(long);
    let mut dice = (first as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let (mut seen, mut since) = (None, 0);
    for op in first.. {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Half to one and a half of what is usual; the first somewhere in it, so that they do not begin in step.
        let pause = if op == first { (dice >> 33) % think.max(1) } else { think / 2 + (dice >> 33) % think.max(1) };
        let begin = Instant::now() + Duration::from_millis(pause);
        if begin >= end {
            return;
        }
        while Instant::now() < begin {
            std::thread::sleep(begin.saturating_duration_since(Instant::now()).min(Duration::from_secs(2)));
            let now = std::fs::metadata(file.path()).ok().and_then(|m| m.modified().ok());
            if seen != now {
                seen = now;
                if let Answer::Workbench(workbench::Answer::News { seq, .. }) = file.answer(&branch.news(since)) {
                    since = seq;
                }
            }
        }
        let began = Instant::now();
        let archive = archive(file, branch, branch.customers[0]).customer;
        println!("open {}", began.elapsed().as_millis());
        save(file, branch, op, &archive);
    }
}

#[test]
fn a_process_does_what_it_was_started_for() {
    let Ok(orders) = std::env::var(ORDERS) else { return };
    let words: Vec<&str> = orders.splitn(8, ' ').collect();
    let number = |n: usize| words[n].parse::<i64>().unwrap();
    let (n, folder) = (u16::try_from(number(1)).unwrap(), Path::new(words[7]));
    if words[0] == "open" {
        drop(File::open(&folder.join(branch::FILE), Mode::Write, &branch::station(n)));
        return;
    }
    let branch = Branch { wang: StaffId(number(2)), customers: vec![CustomerId(number(3))] };
    let (first, some) = (number(4), |n: usize| u64::try_from(number(n)).unwrap());
    let saves = match words[0] {
        "cifs" => {
            let mut smb = Ground { kind: ground::Kind::Smb, facts: String::new(), wrong: None };
            smb.prepare();
            assert_eq!(smb.wrong, None, "the locks for cifs.ko are not in place");
            number(5)
        }
        _ => SAVES,
    };
    let mut file = desk(folder, n);
    if words[0] == "work" {
        return work(&mut file, &branch, first, (some(5), some(6)));
    }
    for op in first..first + saves {
        let seen = archive(&mut file, &branch, branch.customers[0]).customer;
        save(&mut file, &branch, op, &seen);
    }
}
