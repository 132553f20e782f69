//! Ten thousand random asks from three workstations at three mounts, and beside the file a model of it in memory that knows the
//! rules only: after every ask the answer is the model's.

use crate::QUIET;
use crate::branch::{self, Branch, desk};
use crate::judge::faults;
use crate::share::Share;
use guitai::domain::contact::{Channel, Outcome};
use guitai::domain::family::{Part, PartRow, Remark};
use guitai::domain::field::Edit;
use guitai::domain::ids::{CustomerId, OpId, PartId, StaffId};
use guitai::store::customers::{Answer as A, Ask as C, Opened};
use guitai::store::open::File;
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::{contacts, customers};
use rusqlite::Connection;
use std::collections::BTreeMap;

const STATIONS: usize = 3;
const ASKS: u64 = 10_000;

/// xorshift64
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { all.get(self.roll(all.len())) }
    }
}

/// What the model knows of an archive; also what a station saw last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Archive {
    rev: i64,
    name: String,
    address: String,
    phone: String,
    owner: Option<StaffId>,
    /// Newest last.
    contacts: Vec<String>,
    /// The rev and text of each remark.
    remarks: BTreeMap<PartId, (i64, String)>,
    changes: usize,
}

impl Archive {
    /// As the file shows it; the lists are cut at 200.
    fn of(o: &Opened) -> Archive {
        let remark = |p: &Part| match p {
            Part::Remark(r) => r.text.clone(),
            other => panic!("{other:?}"),
        };
        Archive {
            rev: o.customer.rev,
            name: o.customer.name.clone(),
            address: o.customer.address.clone(),
            phone: o.customer.phone.clone(),
            owner: o.customer.owner,
            contacts: o.contacts.iter().rev().map(|c| c.note.clone()).collect(),
            remarks: o.parts.iter().map(|p| (p.id, (p.rev, remark(&p.part)))).collect(),
            changes: o.changes.len(),
        }
    }

    fn shown(&self) -> Archive {
        let skip = self.contacts.len().saturating_sub(200);
        Archive { contacts: self.contacts[skip..].to_vec(), changes: self.changes.min(200), ..self.clone() }
    }

    fn field(&mut self, field: &str) -> &mut String {
        match field {
            "address" => &mut self.address,
            "phone" => &mut self.phone,
            other => panic!("{other}"),
        }
    }
}

/// The branch as it must be.
#[derive(Default)]
struct Model {
    archives: BTreeMap<CustomerId, Archive>,
    /// The station that changed a field or remark last: nobody is asked about what they did themselves.
    by: BTreeMap<(CustomerId, String), usize>,
    /// Asks that were done, to be asked once more, and whose archive they are of.
    done: Vec<(Ask, CustomerId)>,
}

impl Model {
    fn own(&self, station: usize, id: CustomerId, field: &str) -> bool {
        self.by.get(&(id, field.to_owned())) == Some(&station)
    }

    fn changed(&mut self, station: usize, id: CustomerId, field: &str) {
        self.by.insert((id, field.to_owned()), station);
    }
}

fn remark(text: &str) -> Part {
    Part::Remark(Remark { text: text.to_owned(), ..Remark::default() })
}

struct World {
    branch: Branch,
    stations: Vec<File>,
    /// What each station last saw of each archive.
    seen: Vec<BTreeMap<CustomerId, Archive>>,
    model: Model,
    dice: Dice,
    op: i64,
    tally: BTreeMap<&'static str, u64>,
}

impl World {
    fn new(folders: &[&std::path::Path], branch: Branch, seed: u64) -> World {
        let stations: Vec<File> = (1..).zip(folders).map(|(n, folder)| desk(folder, n)).collect();
        let seen = vec![BTreeMap::new(); stations.len()];
        let mut world =
            World { branch, stations, seen, model: Model::default(), dice: Dice(seed), op: 0, tally: BTreeMap::new() };
        for id in world.branch.customers.clone() {
            let archive = world.look(0, id);
            world.model.archives.insert(id, archive);
            // They were made under the name of the first station.
            world.model.changed(0, id, "owner");
        }
        world
    }

    fn op(&mut self) -> OpId {
        self.op += 1;
        OpId(1_000 + self.op)
    }

    /// A new operation, a second after the last: what happened first is listed first.
    fn turn(&mut self) -> (OpId, Stamp) {
        let (op, stamp) = (self.op(), self.branch.stamp());
        let at = stamp.at + chrono::TimeDelta::seconds(self.op);
        (op, Stamp { at, ..stamp })
    }

    fn count(&mut self, what: &'static str) {
        *self.tally.entry(what).or_default() += 1;
    }

    fn look(&mut self, station: usize, id: CustomerId) -> Archive {
        let found = Archive::of(&branch::archive(&mut self.stations[station], &self.branch, id));
        self.seen[station].insert(id, found.clone());
        found
    }

    /// What is answered is what the model says the archive is.
    fn same(&mut self, station: usize, id: CustomerId, opened: &Opened) {
        let found = Archive::of(opened);
        assert_eq!(found, self.model.archives[&id].shown());
        self.seen[station].insert(id, found);
    }

    fn saved(&mut self, station: usize, ask: Ask, id: CustomerId, answer: &Answer) {
        match answer {
            Answer::Customers(A::Saved { opened, .. }) => self.same(station, id, opened),
            other => panic!("{ask:?}: {other:?}"),
        }
        self.model.done.push((ask, id));
    }

    fn step(&mut self) {
        let station = self.dice.roll(self.stations.len());
        let ids: Vec<CustomerId> = self.model.archives.keys().copied().collect();
        let id = *self.dice.of(&ids).unwrap();
        match self.dice.roll(20) {
            0 if ids.len() < 40 => self.create(station),
            0..6 => self.save(station, id),
            6..9 => self.log(station, id),
            9..12 => self.remark(station, id),
            12 => self.give(station, id),
            13..16 => self.again(station),
            _ => {
                let found = self.look(station, id);
                assert_eq!(found, self.model.archives[&id].shown());
                self.count("opened");
            }
        }
    }

    fn create(&mut self, station: usize) {
        let (op, name) = (self.op(), format!("新户{}", self.op));
        let ask = self.branch.create(op, &name);
        let answer = self.stations[station].answer(&ask);
        let Answer::Customers(A::Saved { opened, .. }) = &answer else { panic!("{answer:?}") };
        let (id, owner) = (opened.customer.id, Some(self.branch.wang));
        let new = Archive { rev: 1, name, owner, changes: 1, ..Archive::default() };
        assert!(self.model.archives.insert(id, new).is_none(), "two archives of one number");
        self.model.changed(station, id, "owner");
        self.saved(station, ask, id, &answer);
        self.count("created");
    }

    /// Saves one or two fields from what the station last saw, however old that is.
    fn save(&mut self, station: usize, id: CustomerId) {
        if !self.seen[station].contains_key(&id) {
            self.look(station, id);
        }
        let mut base = self.seen[station][&id].clone();
        let mut edits = Vec::new();
        for field in ["address", "phone"] {
            if self.dice.roll(2) == 0 {
                let n = self.dice.roll(4);
                let after = if field == "phone" { format!("1380013800{n}") } else { format!("玉溪路 {n} 号") };
                edits.push(Edit { field: field.to_owned(), before: base.field(field).clone(), after });
            }
        }
        let mut model = self.model.archives[&id].clone();
        let (mut clashes, mut changed, mut merged) = (Vec::new(), Vec::new(), model.clone());
        for e in &edits {
            let theirs = model.field(&e.field).clone();
            if theirs == e.after {
                continue;
            }
            if model.rev != base.rev && theirs != e.before && !self.model.own(station, id, &e.field) {
                clashes.push((e.field.clone(), theirs, e.after.clone()));
            } else {
                merged.field(&e.field).clone_from(&e.after);
                changed.push(e.field.clone());
            }
        }
        let stale = model.rev != base.rev;
        if clashes.is_empty() && !changed.is_empty() {
            merged.rev += 1;
            merged.changes += 1;
            self.model.archives.insert(id, merged);
            changed.iter().for_each(|field| self.model.changed(station, id, field));
        }
        let (op, stamp) = self.turn();
        let ask = Ask::Customers(C::Save { op, id, base_rev: base.rev, edits, reason: String::new(), stamp });
        let answer = self.stations[station].answer(&ask);
        if clashes.is_empty() {
            if changed.is_empty() {
                // Nothing was written, so that the operation leaves no trace to be asked for again.
                let Answer::Customers(A::Saved { opened, .. }) = &answer else { panic!("{answer:?}") };
                self.same(station, id, opened);
            } else {
                self.saved(station, ask, id, &answer);
                self.count(if stale { "merged" } else { "saved" });
            }
            return;
        }
        let Answer::Customers(A::Clash { fields, opened, .. }) = &answer else { panic!("{ask:?}: {answer:?}") };
        let found: Vec<_> = fields.iter().map(|c| (c.field.clone(), c.theirs.clone(), c.mine.clone())).collect();
        assert_eq!(found, clashes);
        self.same(station, id, opened.as_ref().unwrap());
        self.count("clashed");
    }

    fn log(&mut self, station: usize, id: CustomerId) {
        let (op, stamp) = self.turn();
        let note = format!("第{}次", op.0);
        let model = self.model.archives.get_mut(&id).unwrap();
        model.contacts.push(note.clone());
        model.changes += 1;
        let (channel, outcome) = (Channel::Phone, Outcome::Reached);
        let log = contacts::Ask::Log { op, customer: id, channel, outcome, note, next: None, task: None, stamp };
        let ask = Ask::Contacts(log);
        let answer = self.stations[station].answer(&ask);
        assert!(matches!(&answer, Answer::Contacts(contacts::Answer::Logged { customer, .. }) if *customer == id));
        self.model.done.push((ask, id));
        self.count("logged");
    }

    /// Adds, changes or takes away a remark, as the station last saw it.
    fn remark(&mut self, station: usize, id: CustomerId) {
        let known: Vec<_> = self.seen[station].get(&id).map(|a| a.remarks.clone()).into_iter().flatten().collect();
        let text = format!("要求{}", self.dice.roll(3));
        let read = if self.dice.roll(3) == 0 { None } else { self.dice.of(&known).cloned() };
        let mine = (read.is_none() || self.dice.roll(3) > 0).then_some(text);
        let (op, stamp) = self.turn();
        let row =
            read.clone().map(|(at, (rev, text))| Box::new(PartRow { id: at, rev, customer: id, part: remark(&text) }));
        let part = mine.as_deref().map(remark);
        let ask = Ask::Customers(C::Part { op, customer: id, row, part, stamp });
        let answer = self.stations[station].answer(&ask);
        let Some((at, (rev, was))) = read else {
            let Answer::Customers(A::Saved { opened, .. }) = &answer else { panic!("{answer:?}") };
            let model = self.model.archives.get_mut(&id).unwrap();
            let new = opened.parts.iter().find(|p| !model.remarks.contains_key(&p.id)).unwrap().id;
            model.remarks.insert(new, (1, mine.unwrap_or_default()));
            model.changes += 1;
            self.model.changed(station, id, &new.0.to_string());
            self.saved(station, ask, id, &answer);
            self.count("remarks added");
            return;
        };
        let now = self.model.archives[&id].remarks.get(&at).cloned();
        let (now_rev, theirs) = (now.as_ref().map_or(0, |n| n.0), now.map(|n| n.1));
        let own = self.model.own(station, id, &at.0.to_string());
        // What is written: on top of what was read, or of a colleague's where only one of the two changed the text.
        let write = if now_rev == rev || theirs == mine {
            Some(mine)
        } else {
            match (&theirs, &mine) {
                (Some(t), Some(m)) if *m == was => Some(Some(t.clone())),
                (Some(t), Some(_)) if *t == was || own => Some(mine),
                _ => None,
            }
        };
        let Some(write) = write else {
            let Answer::Customers(A::Clash { fields, opened, .. }) = &answer else { panic!("{ask:?}: {answer:?}") };
            assert_eq!(fields.len(), 1);
            self.same(station, id, opened.as_ref().unwrap());
            self.count(if theirs.is_some() { "remarks clashed" } else { "remarks gone" });
            return;
        };
        let Answer::Customers(A::Saved { opened, .. }) = &answer else { panic!("{ask:?}: {answer:?}") };
        if write == theirs {
            // As it is already: nothing to write, whoever wrote it.
            self.same(station, id, opened);
            return;
        }
        let model = self.model.archives.get_mut(&id).unwrap();
        match write {
            Some(text) => model.remarks.insert(at, (now_rev + 1, text)),
            None => model.remarks.remove(&at),
        };
        model.changes += 1;
        self.model.changed(station, id, &at.0.to_string());
        self.saved(station, ask, id, &answer);
        self.count("remarks changed");
    }

    /// Gives an archive to another keeper, knowing all that happened or nothing.
    fn give(&mut self, station: usize, id: CustomerId) {
        let owner = (self.dice.roll(2) == 0).then_some(self.branch.wang);
        let seen = if self.dice.roll(2) == 0 { i64::MAX } else { 0 };
        let moves = self.model.archives[&id].owner != owner;
        let asks = moves && seen == 0 && !self.model.own(station, id, "owner");
        let (op, stamp) = self.turn();
        let ask = Ask::Customers(C::Keeper { op, ids: vec![id], owner, seen, reason: "调整".to_owned(), stamp });
        let answer = self.stations[station].answer(&ask);
        if asks {
            let Answer::Customers(A::Clash { fields, .. }) = &answer else { panic!("{ask:?}: {answer:?}") };
            assert_eq!(fields[0].field, "owner");
            self.count("keepers asked about");
            return;
        }
        assert!(matches!(answer, Answer::Customers(A::Moved { .. })), "{answer:?}");
        if moves {
            let model = self.model.archives.get_mut(&id).unwrap();
            model.owner = owner;
            model.rev += 1;
            model.changes += 1;
            self.model.changed(station, id, "owner");
            self.model.done.push((ask, id));
            self.count("given");
        }
    }

    /// Something that was done is asked for once more, by anybody: nothing happens.
    fn again(&mut self, station: usize) {
        let Some((ask, id)) = self.dice.of(&self.model.done).cloned() else { return };
        let answer = self.stations[station].answer(&ask);
        assert!(branch::failure(&answer).is_none(), "{ask:?}: {answer:?}");
        if let Answer::Customers(customers::Answer::Saved { opened, .. }) = &answer {
            self.same(station, id, opened);
        }
        self.count("asked again");
    }

    /// Archives that are not as the model says, seen by anybody.
    fn differ(&mut self) -> Vec<CustomerId> {
        let ids: Vec<CustomerId> = self.model.archives.keys().copied().collect();
        let stations = self.stations.len();
        let differs = |(n, id): &(usize, CustomerId)| self.look(n % stations, *id) != self.model.archives[id].shown();
        ids.into_iter().enumerate().filter(differs).map(|(_, id)| id).collect()
    }
}

#[test]
fn what_three_stations_do_in_any_order_is_what_the_rules_say() {
    let _busy = QUIET.read();
    let Some(share) = Share::new(STATIONS) else { return };
    let branch = branch::make(share.files(), 8);
    let folders: Vec<_> = (0..STATIONS).map(|n| share.dir(n)).collect();
    let mut world = World::new(&folders, branch, 0x9e37_79b9_7f4a_7c15);
    for _ in 0..ASKS {
        world.step();
    }
    println!("model: {ASKS} asks of {STATIONS} stations, equal; {:?}", world.tally);
    for what in [
        "saved",
        "merged",
        "clashed",
        "remarks clashed",
        "remarks gone",
        "keepers asked about",
        "asked again",
        "given",
        "created",
    ] {
        assert!(world.tally.get(what).is_some_and(|n| *n >= 10), "{what} hardly happened");
    }
    assert_eq!(world.differ(), []);
    assert_eq!(faults(&mut world.stations[0]), Vec::<String>::new());
    // The control: one letter changed behind the program's back.
    let id = world.branch.customers[1];
    let conn = Connection::open(share.dir(1).join(branch::FILE)).unwrap();
    conn.execute("UPDATE customer SET address = address || '.' WHERE id = ?", [id.0]).unwrap();
    assert_eq!(world.differ(), [id]);
}
