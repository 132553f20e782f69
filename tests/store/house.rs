//! A branch to try things in: a file in a folder of its own, a few people, customers in one line each.

use chrono::{NaiveDate, NaiveDateTime};
use guitai::domain::agenda::{Counts, Item, Mark, Scope, Task};
use guitai::domain::contact::{Channel, Outcome};
use guitai::domain::customer::Customer;
use guitai::domain::family::Part;
use guitai::domain::field::Edit;
use guitai::domain::ids::{CustomerId, OpId, StaffId};
use guitai::domain::settings::Settings;
use guitai::domain::staff::{Role, Staff};
use guitai::domain::tier::Figures;
use guitai::domain::values::money::Fen;
use guitai::index::row::Row;
use guitai::store::bulk::BatchFile;
use guitai::store::key::Key;
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Failure, Stamp};
use guitai::store::{agenda, contacts, customers, workbench};
use std::path::PathBuf;
use tempfile::TempDir;

pub struct House {
    pub folder: TempDir,
    pub path: PathBuf,
    pub file: File,
    /// 王敏, account manager; the first colleague.
    pub wang: StaffId,
    /// 李强, low counter.
    pub li: StaffId,
    /// 赵云, high counter.
    pub zhao: StaffId,
    pub today: NaiveDate,
    op: i64,
}

pub fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

pub fn at(d: NaiveDate) -> NaiveDateTime {
    d.and_hms_opt(9, 0, 0).unwrap()
}

pub fn person(code: &str, name: &str, role: Role) -> Staff {
    Staff::new(code, name, role)
}

pub fn station(name: &str, number: u16) -> Station {
    Station::new(name, number)
}

impl House {
    /// A branch that begins work on this day.
    pub fn on(today: &str) -> House {
        House::under(today, &Key::default())
    }

    /// The same under a key.
    pub fn under(today: &str, key: &Key) -> House {
        let today = day(today);
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("branch.db");
        let first = person("wangmin", "王敏", Role::AccountManager);
        let stamp = Stamp::new(StaffId(0), at(today), today);
        let file = File::create(&path, "玉溪支行", &first, &stamp, &Station { key: key.clone(), ..station("PC-1", 1) })
            .unwrap();
        let mut house = House { folder, path, file, wang: StaffId(0), li: StaffId(0), zhao: StaffId(0), today, op: 0 };
        house.wang = house.workbench().staff[0].id;
        house.li = house.add_staff(person("liqiang", "李强", Role::LowCounter));
        house.zhao = house.add_staff(person("zhaoyun", "赵云", Role::HighCounter));
        house
    }

    pub fn stamp(&self) -> Stamp {
        Stamp::new(self.wang, at(self.today), self.today)
    }

    /// The stamp of whoever keeps staff and settings: the branch manager, compliance, or 王敏 where there is neither.
    pub fn head(&mut self) -> Stamp {
        let heads = [Role::BranchManager, Role::Compliance];
        let by = self.workbench().staff.iter().find(|s| heads.contains(&s.role)).map_or(self.wang, |s| s.id);
        Stamp::new(by, at(self.today), self.today)
    }

    pub fn op(&mut self) -> OpId {
        self.op += 1;
        OpId(self.op)
    }

    /// A second workstation on the same file.
    pub fn second(&self) -> File {
        File::open(&self.path, Mode::Write, &station("PC-2", 2)).unwrap()
    }

    pub fn ask(&mut self, ask: Ask) -> Answer {
        self.file.answer(&ask)
    }

    pub fn workbench(&mut self) -> workbench::Opened {
        match self.ask(Ask::Workbench(workbench::Ask::Open)) {
            Answer::Workbench(workbench::Answer::Opened(o)) => *o,
            other => panic!("{other:?}"),
        }
    }

    pub fn keep(&mut self, ask: workbench::Ask) {
        match self.ask(Ask::Workbench(ask)) {
            Answer::Workbench(workbench::Answer::Kept) => {}
            other => panic!("{other:?}"),
        }
    }

    pub fn settings(&mut self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.workbench().settings;
        change(&mut settings);
        let stamp = self.head();
        self.keep(workbench::Ask::KeepSettings { settings: Box::new(settings), stamp });
    }

    pub fn add_staff(&mut self, staff: Staff) -> StaffId {
        let (code, stamp) = (staff.code.clone(), self.head());
        self.keep(workbench::Ask::AddStaff { staff: Box::new(staff), stamp });
        self.workbench().staff.iter().find(|s| s.code == code).unwrap().id
    }

    pub fn rows(&mut self) -> Vec<Row> {
        match self.ask(Ask::Workbench(workbench::Ask::Rows)) {
            Answer::Workbench(workbench::Answer::Rows(rows)) => rows,
            other => panic!("{other:?}"),
        }
    }

    pub fn create(&mut self, customer: Customer) -> CustomerId {
        let (op, stamp) = (self.op(), self.stamp());
        let ask = customers::Ask::Create { op, customer: Box::new(customer), stamp };
        saved(self.ask(Ask::Customers(ask))).customer.id
    }

    /// A customer of 王敏 with this average balance in yuan.
    pub fn customer(&mut self, name: &str, yuan: i64) -> CustomerId {
        let owner = Some(self.wang);
        let id = self.create(Customer { name: name.to_owned(), owner, ..Customer::default() });
        self.figures(id, self.today, yuan);
        id
    }

    pub fn figures(&mut self, id: CustomerId, as_of: NaiveDate, yuan: i64) {
        let stamp = self.stamp();
        let mut bulk = self.file.load(BatchFile { name: "资产.csv".to_owned(), hash: String::new() }, &stamp).unwrap();
        bulk.put_figures(id, &figures(as_of, yuan)).unwrap();
        bulk.finish("").unwrap();
    }

    pub fn open(&mut self, id: CustomerId) -> customers::Opened {
        let today = self.today;
        match self.ask(Ask::Customers(customers::Ask::Open { id, today })) {
            Answer::Customers(customers::Answer::Opened(o)) => *o,
            other => panic!("{other:?}"),
        }
    }

    pub fn save(&mut self, id: CustomerId, base_rev: i64, edits: &[(&str, &str, &str)]) -> Answer {
        let (op, stamp) = (self.op(), self.stamp());
        self.ask(save(op, id, base_rev, edits, stamp))
    }

    pub fn part(&mut self, customer: CustomerId, part: Part) -> customers::Opened {
        let (op, stamp) = (self.op(), self.stamp());
        saved(self.ask(Ask::Customers(customers::Ask::Part { op, customer, row: None, part: Some(part), stamp })))
    }

    pub fn log(
        &mut self,
        customer: CustomerId,
        outcome: Outcome,
        next: Option<NaiveDate>,
        task: Option<&str>,
    ) -> Option<NaiveDate> {
        let (op, stamp) = (self.op(), self.stamp());
        let ask = contacts::Ask::Log {
            op,
            customer,
            channel: Channel::Phone,
            outcome,
            note: "问了存款".to_owned(),
            next,
            task: task.map(str::to_owned),
            stamp,
        };
        match self.ask(Ask::Contacts(ask)) {
            Answer::Contacts(contacts::Answer::Logged { next, .. }) => next,
            other => panic!("{other:?}"),
        }
    }

    pub fn mark(&mut self, key: &str, mark: Mark, reason: &str) -> Answer {
        let (op, stamp) = (self.op(), self.stamp());
        let (key, reason) = (key.to_owned(), reason.to_owned());
        let ask = agenda::Ask::Mark { op, key, customer: None, mark, seen: i64::MAX, reason, stamp };
        self.ask(Ask::Agenda(ask))
    }

    pub fn take_back(&mut self, seq: i64) -> Answer {
        let (op, stamp) = (self.op(), self.stamp());
        self.ask(Ask::Agenda(agenda::Ask::TakeBack { op, seq, stamp }))
    }

    pub fn task(&mut self, task: Task) -> Answer {
        let (op, stamp) = (self.op(), self.stamp());
        self.ask(Ask::Agenda(agenda::Ask::Keep { op, task, stamp }))
    }

    pub fn queue(&mut self, scope: Scope, staff: StaffId, until: NaiveDate) -> (Vec<Item>, Counts, [u32; 3]) {
        let today = self.today;
        match self.ask(Ask::Agenda(agenda::Ask::Load { scope, staff, today, until })) {
            Answer::Agenda(agenda::Answer::Lines { items, counts, scopes, .. }) => (items, counts, scopes),
            other => panic!("{other:?}"),
        }
    }

    /// 王敏's queue of today.
    pub fn mine(&mut self) -> Vec<Item> {
        let (wang, today) = (self.wang, self.today);
        self.queue(Scope::Mine, wang, today).0
    }

    /// Key and due day of each line of 王敏's but those of archives to complete.
    pub fn dues(&mut self) -> Vec<(String, String)> {
        let lines = self.mine().into_iter().filter(|i| !i.key.starts_with("missing"));
        lines.map(|i| (i.key, i.due.to_string())).collect()
    }
}

pub fn figures(as_of: NaiveDate, yuan: i64) -> Figures {
    let zero = Fen(0);
    Figures {
        as_of,
        demand: Fen::of_yuan(yuan),
        fixed: zero,
        wealth: zero,
        fund: zero,
        insurance: zero,
        bond: zero,
        balance: Fen::of_yuan(yuan),
        average: Some(Fen::of_yuan(yuan)),
    }
}

pub fn save(op: OpId, id: CustomerId, base_rev: i64, edits: &[(&str, &str, &str)], stamp: Stamp) -> Ask {
    let edits = edits
        .iter()
        .map(|(f, b, a)| Edit { field: (*f).to_owned(), before: (*b).to_owned(), after: (*a).to_owned() })
        .collect();
    Ask::Customers(customers::Ask::Save { op, id, base_rev, edits, reason: String::new(), stamp })
}

pub fn saved(answer: Answer) -> customers::Opened {
    match answer {
        Answer::Customers(customers::Answer::Saved { opened, row, seq }) => {
            assert_eq!(row.id, opened.customer.id);
            assert!(seq > 0);
            *opened
        }
        other => panic!("{other:?}"),
    }
}

pub fn refused(answer: Answer) -> String {
    match answer {
        Answer::Failed(Failure::Refused(c)) => {
            assert!(!c.en.is_empty());
            c.zh
        }
        other => panic!("{other:?}"),
    }
}
