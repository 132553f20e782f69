//! A small branch to try drives with, and what its staff ask of the file.

use chrono::{NaiveDate, NaiveDateTime};
use guitai::domain::agenda::Scope;
use guitai::domain::contact::{Channel, Outcome};
use guitai::domain::customer::Customer;
use guitai::domain::field::Edit;
use guitai::domain::ids::{CustomerId, OpId, StaffId};
use guitai::domain::staff::{Role, Staff};
use guitai::domain::tier::Figures;
use guitai::domain::values::money::Fen;
use guitai::store::bulk::BatchFile;
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Failure, Stamp};
use guitai::store::{agenda, board, contacts, customers, workbench};
use std::path::Path;

/// The name of the file on the drive.
pub const FILE: &str = "branch.db";

/// What was made.
#[derive(Debug, Clone)]
pub struct Branch {
    /// 王敏, account manager.
    pub wang: StaffId,
    /// Her customers.
    pub customers: Vec<CustomerId>,
}

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn now() -> NaiveDateTime {
    today().and_hms_opt(9, 0, 0).unwrap()
}

pub fn station(n: u16) -> Station {
    Station::new(format!("PC-{n}"), n)
}

/// Workstation `n` at the file in this folder.
pub fn desk(folder: &Path, n: u16) -> File {
    File::open(&folder.join(FILE), Mode::Write, &station(n)).unwrap()
}

/// Makes the file, with so many customers. In the server's own folder while nobody is at the drive, it costs no round trips.
pub fn make(folder: &Path, customers: usize) -> Branch {
    let first = Staff::new("wangmin", "王敏", Role::BranchManager);
    let stamp = Stamp::new(StaffId(0), now(), today());
    let mut file = File::create(&folder.join(FILE), "玉溪支行", &first, &stamp, &station(1)).unwrap();
    let opened = match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(o)) => o,
        other => panic!("{other:?}"),
    };
    let mut branch = Branch { wang: opened.staff[0].id, customers: Vec::new() };
    for n in 0..customers {
        let op = OpId(1 + i64::try_from(n).unwrap());
        branch.customers.push(saved(&file.answer(&branch.create(op, &format!("客户{n}")))));
    }
    let mut bulk = file.load(BatchFile { name: "资产.csv".to_owned(), hash: String::new() }, &branch.stamp()).unwrap();
    for (n, id) in (0..).zip(&branch.customers) {
        bulk.put_figures(*id, &figures(500_000 + n * 10_000)).unwrap();
    }
    bulk.finish("").unwrap();
    branch
}

/// Assets that make a customer whom somebody visits.
fn figures(yuan: i64) -> Figures {
    let (all, zero) = (Fen::of_yuan(yuan), Fen(0));
    Figures {
        as_of: today(),
        demand: all,
        fixed: zero,
        wealth: zero,
        fund: zero,
        insurance: zero,
        bond: zero,
        balance: all,
        average: Some(all),
    }
}

/// The customer that was saved.
pub fn saved(answer: &Answer) -> CustomerId {
    match answer {
        Answer::Customers(customers::Answer::Saved { row, .. }) => row.id,
        other => panic!("{other:?}"),
    }
}

/// Why it failed; `None` when it was done.
pub fn failure(answer: &Answer) -> Option<&Failure> {
    match answer {
        Answer::Failed(f) => Some(f),
        _ => None,
    }
}

impl Branch {
    pub fn stamp(&self) -> Stamp {
        Stamp::new(self.wang, now(), today())
    }

    /// A new archive.
    pub fn create(&self, op: OpId, name: &str) -> Ask {
        let customer = Customer { name: name.to_owned(), owner: Some(self.wang), ..Customer::default() };
        Ask::Customers(customers::Ask::Create { op, customer: Box::new(customer), stamp: self.stamp() })
    }

    /// A changed address.
    pub fn save(&self, op: OpId, id: CustomerId, base_rev: i64, before: &str, after: &str) -> Ask {
        let edits = vec![Edit { field: "address".to_owned(), before: before.to_owned(), after: after.to_owned() }];
        let (reason, stamp) = (String::new(), self.stamp());
        Ask::Customers(customers::Ask::Save { op, id, base_rev, edits, reason, stamp })
    }

    /// A contact.
    pub fn log(&self, op: OpId, customer: CustomerId, note: &str) -> Ask {
        Ask::Contacts(contacts::Ask::Log {
            op,
            customer,
            channel: Channel::Phone,
            outcome: Outcome::Reached,
            note: note.to_owned(),
            next: None,
            task: None,
            stamp: self.stamp(),
        })
    }

    /// An archive on the screen.
    pub fn open(&self, id: CustomerId) -> Ask {
        Ask::Customers(customers::Ask::Open { id, today: today() })
    }

    /// Today's queue.
    pub fn queue(&self) -> Ask {
        Ask::Agenda(agenda::Ask::Load { scope: Scope::Mine, staff: self.wang, today: today(), until: today() })
    }

    /// The tier board.
    pub fn board(&self) -> Ask {
        Ask::Board(board::Ask::Load)
    }

    /// The workbench as it opens.
    pub fn workbench(&self) -> Ask {
        Ask::Workbench(workbench::Ask::Open)
    }

    /// What colleagues did.
    pub fn news(&self, since: i64) -> Ask {
        Ask::Workbench(workbench::Ask::News { since })
    }
}

/// An archive as it stands.
pub fn archive(file: &mut File, branch: &Branch, id: CustomerId) -> customers::Opened {
    match file.answer(&branch.open(id)) {
        Answer::Customers(customers::Answer::Opened(o)) => *o,
        other => panic!("{other:?}"),
    }
}
