//! Workstations as processes of their own, which can be killed: the test program started once more. What they do is said on their
//! output, line by line, so that what was acknowledged is known whenever they end.

use crate::branch::{self, Branch, archive, desk};
use crate::judge::{KINDS, Kind, ask};
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::store::open::{File, Mode};
use guitai::store::request::Answer;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

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
        start(&format!("save {n} {} {} {first} {}", branch.wang.0, customer.0, folder.display()))
    }

    /// Workstation `n`, which only opens the file.
    pub fn opening(folder: &Path, n: u16) -> Station {
        start(&format!("open {n} 0 0 0 {}", folder.display()))
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
                ["done", op] => said.acknowledged.push(op.parse().unwrap()),
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

fn kind_of(op: i64) -> Kind {
    KINDS[usize::try_from(op).unwrap() % KINDS.len()]
}

#[test]
fn a_process_does_what_it_was_started_for() {
    let Ok(orders) = std::env::var(ORDERS) else { return };
    let words: Vec<&str> = orders.splitn(6, ' ').collect();
    let number = |n: usize| words[n].parse::<i64>().unwrap();
    let (n, folder) = (u16::try_from(number(1)).unwrap(), Path::new(words[5]));
    if words[0] == "open" {
        drop(File::open(&folder.join(branch::FILE), Mode::Write, &branch::station(n)));
        return;
    }
    let branch = Branch { wang: StaffId(number(2)), customers: vec![CustomerId(number(3))] };
    let mut file = desk(folder, n);
    for op in number(4)..number(4) + SAVES {
        let seen = archive(&mut file, &branch, branch.customers[0]).customer;
        let save = ask(&branch, kind_of(op), op, &seen);
        println!("ask {op}");
        match file.answer(&save) {
            Answer::Failed(_) => println!("failed {op}"),
            _ => println!("done {op}"),
        }
    }
}
