//! A branch of two people of each post, in two teams, with customers of each of them; and what each may by the table of rights. The tests at
//! the command line and at the keys go through it.

use chrono::{NaiveDate, NaiveDateTime};
use guitai::domain::access::Action as Look;
use guitai::domain::agenda::Mark;
use guitai::domain::agenda::lines::request_keys;
use guitai::domain::archive;
use guitai::domain::audit::{self, Filter};
use guitai::domain::customer::Customer;
use guitai::domain::field::Ctx;
use guitai::domain::ids::{CustomerId, OpId, StaffId};
use guitai::domain::rights::{Action, Reach, reach};
use guitai::domain::staff::{Role, Staff};
use guitai::domain::subject::Kind;
use guitai::domain::tier::Figures;
use guitai::domain::values::money::Fen;
use guitai::exchange::extract::import::{Options, import};
use guitai::store::bulk::BatchFile;
use guitai::store::open::{File, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::{agenda, audit as log, customers, subject, workbench};
use std::path::Path;
use std::thread;

/// The posts as they stand in customer numbers and names, in the order of [`Role::ALL`].
const MARKS: [&str; 8] = ["高", "低", "堂", "经", "管", "网", "总", "规"];

/// What everybody of a post has in their archive, so that one's own looks like the other's own.
pub const ADDRESS: &str = "玉溪镇解放路128号";

/// The archive with an open request for access; nobody keeps it.
pub const ASKED: &str = "6000000901";

/// The archive that may be erased: years over, request checked; nobody keeps it.
pub const OVER: &str = "6000000902";

/// The archive whose request for access was checked; nobody keeps it.
pub const CHECKED: &str = "6000000903";

/// The archives that nobody keeps, and that are one person's.
const NOBODYS: [&str; 2] = ["6000000911", "6000000912"];

/// Somebody who works here: the first or the second of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub role: Role,
    pub n: usize,
}

/// The first and the second of a post.
pub const fn first(role: Role) -> Person {
    Person { role, n: 0 }
}

pub fn everybody() -> impl Iterator<Item = Person> {
    Role::ALL.into_iter().flat_map(|role| [0, 1].map(|n| Person { role, n }))
}

impl Person {
    fn at(self) -> usize {
        Role::ALL.iter().position(|r| *r == self.role).unwrap()
    }

    pub fn code(self) -> String {
        format!("{}{}", self.role.code(), self.n + 1)
    }

    pub fn name(self) -> String {
        format!("{}{}", self.role.label().zh, ["甲", "乙"][self.n])
    }

    /// The other one of the post, in the other team.
    pub fn other(self) -> Person {
        Person { n: 1 - self.n, ..self }
    }

    /// Whom they report to: those who keep customers at the counter and on the phone to the supervisor of their team.
    fn leader(self) -> Option<Person> {
        use Role::{AccountManager, HighCounter, LobbyManager, LowCounter};
        let led = matches!(self.role, HighCounter | LowCounter | LobbyManager | AccountManager);
        led.then_some(Person { role: Role::AmSupervisor, n: self.n })
    }

    /// The one of their team whose archive they do not collect for: see [`Role::collector`].
    fn mate(self) -> Person {
        let role = if self.role == Role::AccountManager { Role::LowCounter } else { Role::AccountManager };
        Person { role, n: self.n }
    }

    /// The two archives of the customer they keep: of a tier that is their post's, and of one that is another's.
    pub fn keeps(self) -> [String; 2] {
        [1, 2].map(|twin| format!("6000000{}{}{twin}", self.at(), self.n))
    }

    /// The name of the customer they keep.
    pub fn customer(self) -> String {
        format!("赵{}{}", MARKS[self.at()], ["甲", "乙"][self.n])
    }

    /// Their phone: masked, it is that of the other one's.
    pub fn phone(self) -> String {
        format!("139{}52100{}1", self.n, self.at())
    }

    /// What the customer they keep has with the bank, in yuan; and what the other archive of that customer has.
    const fn assets(self) -> [i64; 2] {
        match self.role {
            Role::HighCounter => [30_000, 100_000],
            Role::LowCounter => [100_000, 30_000],
            Role::LobbyManager => [250_000, 30_000],
            Role::AccountManager => [600_000, 4_000_000],
            Role::AmSupervisor => [600_000, 30_000],
            Role::BranchManager | Role::HeadOffice => [4_000_000, 30_000],
            Role::Compliance => [600_000, 30_000],
        }
    }

    /// Whether they may do something about a customer who stands so to them, or to the whole branch: by the table.
    pub fn may(self, action: Action, stands: Option<Stands>) -> bool {
        let needed = stands.map_or(Reach::Branch, |stands| stands.needs(self));
        reach(self.role, action).is_some_and(|far| far >= needed)
    }
}

/// How a customer stands to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Kept by them.
    Own,
    /// Kept by one of their team.
    Team,
    /// Kept by one of the other team.
    Other,
    /// Kept by nobody.
    Nobodys,
}

impl Stands {
    pub const ALL: [Stands; 4] = [Stands::Own, Stands::Team, Stands::Other, Stands::Nobodys];

    /// Who keeps the customer.
    fn keeper(self, who: Person) -> Option<Person> {
        match self {
            Stands::Own => Some(who),
            Stands::Team => Some(who.mate()),
            // A supervisor's own customers are no team's.
            Stands::Other if who.role == Role::AmSupervisor => Some(who.mate().other()),
            Stands::Other => Some(who.other()),
            Stands::Nobodys => None,
        }
    }

    /// The archives of the customer.
    pub fn nos(self, who: Person) -> [String; 2] {
        self.keeper(who).map_or_else(|| NOBODYS.map(str::to_owned), Person::keeps)
    }

    /// The name of the customer.
    pub fn name(self, who: Person) -> String {
        self.keeper(who).map_or_else(|| "赵无".to_owned(), Person::customer)
    }

    /// How far somebody must reach for the customer of this keeper.
    fn of(keeper: Option<Person>, who: Person) -> Reach {
        match keeper {
            None => Reach::Own,
            Some(keeper) if keeper == who => Reach::Own,
            Some(keeper) if keeper.leader() == Some(who) => Reach::Team,
            Some(_) => Reach::Branch,
        }
    }

    fn needs(self, who: Person) -> Reach {
        Stands::of(self.keeper(who), who)
    }

    /// The names of those who may do this about the customer, or to the branch, in the place of the one who may not.
    pub fn able(stands: Option<Stands>, action: Action, who: Person) -> Vec<String> {
        let may = |other: &Person| {
            let needed = stands.map_or(Reach::Branch, |s| Stands::of(s.keeper(who), *other));
            *other != who && reach(other.role, action).is_some_and(|far| far >= needed)
        };
        everybody().filter(may).map(Person::name).collect()
    }
}

/// Words that refuse: that only some may, and a name of somebody who may.
pub fn names_who_may(words: &str, stands: Option<Stands>, action: Action, who: Person) -> bool {
    words.contains("」只有") && Stands::able(stands, action, who).iter().any(|name| words.contains(name.as_str()))
}

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn now() -> NaiveDateTime {
    today().and_hms_opt(8, 0, 0).unwrap()
}

fn station() -> Station {
    Station::new("1号机", 1)
}

/// A branch file as it was made, to be copied for each try.
pub struct Made {
    /// Its newest change.
    pub seq: i64,
    /// The number of the import that can be taken back.
    pub import: i64,
}

/// Makes the branch file by the program's own functions.
pub fn make(path: &Path) -> Made {
    let head = first(Role::BranchManager);
    let began = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
    let begin = Stamp::new(StaffId(0), began.and_hms_opt(9, 0, 0).unwrap(), began);
    let staff = |p: Person| Staff::new(p.code(), p.name(), p.role);
    let mut file = File::create(path, "道真支行", &staff(head), &begin, &station()).unwrap();
    // Who leads comes before those they lead.
    let mut rest: Vec<Person> = everybody().filter(|p| *p != head).collect();
    rest.sort_by_key(|p| p.leader().is_some());
    for person in rest {
        let known = people(&mut file);
        let leader = person.leader().map(|lead| known.iter().find(|s| s.code == lead.code()).unwrap().id);
        let new = Box::new(Staff { leader, ..staff(person) });
        let stamp = by(&known);
        let answer = file.answer(&Ask::Workbench(workbench::Ask::AddStaff { staff: new, stamp }));
        assert!(matches!(answer, Answer::Workbench(_)), "{answer:?}");
    }
    fill(&mut file);
    requests(&mut file);
    let import = extract(&mut file);
    Made { seq: lines(&mut file).first().map_or(0, |c| c.0), import }
}

fn people(file: &mut File) -> Vec<Staff> {
    match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(opened)) => opened.staff,
        other => panic!("{other:?}"),
    }
}

/// In the name of the branch manager who made the file.
fn by(staff: &[Staff]) -> Stamp {
    Stamp::new(staff.iter().find(|s| s.role == Role::BranchManager).unwrap().id, now(), today())
}

/// A customer: number, fields, and yuan with the bank if there are figures.
type Given = (String, Vec<(&'static str, String)>, Option<i64>);

/// The customers of everybody, twice each, and those that nobody keeps.
fn fill(file: &mut File) {
    let staff = people(file);
    let stamp = by(&staff);
    let mut given: Vec<Given> = Vec::new();
    let whole = |name: String, phone: String, birth: &str| -> Vec<(&'static str, String)> {
        let address = ADDRESS.to_owned();
        vec![("name", name), ("phone", phone), ("address", address), ("birth", birth.to_owned())]
    };
    for person in everybody() {
        for ((no, yuan), birth) in person.keeps().into_iter().zip(person.assets()).zip(["1970-11-21", "1970-03-05"]) {
            let mut fields = whole(person.customer(), person.phone(), birth);
            fields.push(("owner", person.code()));
            given.push((no, fields, Some(yuan)));
        }
    }
    for (no, birth) in NOBODYS.into_iter().zip(["1970-11-21", "1970-03-05"]) {
        given.push((no.to_owned(), whole("赵无".into(), "13985210099".into(), birth), Some(600_000)));
    }
    for (no, name, phone) in [(ASKED, "钱问", "13985210098"), (CHECKED, "吴查", "13985210096")] {
        given.push((no.to_owned(), whole(name.into(), phone.into(), "1970-03-05"), Some(30_000)));
    }
    let mut over = whole("孙满".into(), "13985210097".into(), "1970-03-05");
    over.push(("opened", "2010-05-06".into()));
    given.push((OVER.to_owned(), over, None));
    let ctx = Ctx { today: today(), staff: &staff };
    let mut bulk = file.load(BatchFile { name: "given".into(), hash: "given".into() }, &stamp).unwrap();
    for (no, fields, yuan) in given {
        let mut customer = Customer { no, ..Customer::default() };
        for (code, value) in fields {
            match code {
                "opened" => customer.opened = value.parse().ok(),
                code => archive::find(code).unwrap().set(&mut customer, &value, ctx).unwrap(),
            }
        }
        let id = bulk.insert_customer(&customer).unwrap();
        if let Some(yuan) = yuan {
            bulk.put_figures(id, &figures(yuan)).unwrap();
        }
    }
    bulk.finish("given").unwrap();
}

/// Figures of the day before: all of it on demand.
pub fn figures(yuan: i64) -> Figures {
    let (sum, none) = (Fen::of_yuan(yuan), Fen(0));
    Figures {
        as_of: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        demand: sum,
        fixed: none,
        wealth: none,
        fund: none,
        insurance: none,
        bond: none,
        balance: sum,
        average: Some(sum),
    }
}

/// One request waits for who asks to be checked, one to erase and one for access were checked.
fn requests(file: &mut File) {
    let staff = people(file);
    for (n, no) in [ASKED, OVER, CHECKED].into_iter().enumerate() {
        let kind = if no == OVER { Kind::Erasure } else { Kind::Access };
        let (op, stamp, customer) = (OpId(10 + n as i64), by(&staff), numbered(file, no));
        let take = subject::Ask::Take { op, customer, kind, note: String::new(), stamp: stamp.clone() };
        let privacy = match file.answer(&Ask::Subject(take)) {
            Answer::Subject(subject::Answer::Noted { privacy, .. }) => privacy,
            other => panic!("{other:?}"),
        };
        if no != ASKED {
            let [checked, _] = request_keys(&privacy.cases[0]);
            let mark = agenda::Ask::Mark {
                op: OpId(20 + n as i64),
                key: checked.to_string(),
                customer: Some(customer),
                mark: Mark::Done,
                seen: i64::MAX,
                reason: "身份证原件".into(),
                stamp,
            };
            let answer = file.answer(&Ask::Agenda(mark));
            assert!(matches!(answer, Answer::Agenda(agenda::Answer::Marked { .. })), "{answer:?}");
        }
    }
}

/// An import that can be taken back; its number.
fn extract(file: &mut File) -> i64 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("客户.csv");
    std::fs::write(&path, "客户号,姓名\n6000000999,李新\n").unwrap();
    let options = Options { stamp: by(&people(file)), dry_run: false };
    let reports = import(file, &[path], &options, &mut |_| {}).unwrap();
    assert_eq!(reports[0].new, 1, "{reports:?}");
    file.imports().unwrap().iter().map(|b| b.n).max().unwrap()
}

/// The customer of a number.
pub fn numbered(file: &mut File, no: &str) -> CustomerId {
    match file.answer(&Ask::Customers(customers::Ask::Numbered { no: no.to_owned() })) {
        Answer::Customers(customers::Answer::Numbered(Some(id))) => id,
        other => panic!("{no}: {other:?}"),
    }
}

/// The newest lines of the log: their numbers, by whom, and what they were.
fn lines(file: &mut File) -> Vec<(i64, StaffId, String)> {
    let page = log::Ask::Page { filter: Filter::default(), before: None, most: 50 };
    match file.answer(&Ask::Audit(page)) {
        Answer::Audit(page) => {
            page.lines.iter().map(|l| (l.change.seq, l.change.by, audit::doing(&l.change).to_owned())).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// What somebody left in the log since the file was made, oldest first; that something was refused them is no deed.
pub fn deeds(file: &mut File, made: &Made, who: Person) -> Vec<String> {
    let me = people(file).into_iter().find(|s| s.code == who.code()).map(|s| s.id);
    let mut since = lines(file);
    since.retain(|(seq, by, what)| *seq > made.seq && Some(*by) == me && what != Look::Refused.code());
    since.into_iter().rev().map(|(.., what)| what).collect()
}

/// Lets everybody try what there is to try, each team on a thread of its own; says how many tries there were.
pub fn go_through(tries: impl Fn(Person) -> Vec<Result<(), String>> + Sync) -> usize {
    let team = |n| everybody().filter(|p| p.n == n).flat_map(&tries).collect::<Vec<_>>();
    let all: Vec<Result<(), String>> = thread::scope(|scope| {
        let other = scope.spawn(|| team(1));
        team(0).into_iter().chain(other.join().unwrap()).collect()
    });
    let wrong: Vec<&str> = all.iter().filter_map(|t| t.as_ref().err()).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    all.len()
}

/// What a queue says of the customer somebody keeps: what else is collected is dealt out among those of a post.
pub fn of_their_own(queue: &str, who: Person) -> String {
    queue.lines().filter(|line| line.contains(&who.customer())).collect::<Vec<_>>().join("\n")
}

/// What somebody sees of their own, as the first of the post would see it of theirs. Nothing of the other one's is in it, unless they see the
/// whole branch.
pub fn as_the_first(seen: &str, who: Person) -> String {
    let mut others = who.other().keeps().to_vec();
    others.push(who.other().customer());
    if !who.may(Action::Open, None) {
        assert!(others.iter().all(|own| !seen.contains(own.as_str())), "{} sees\n{seen}", who.code());
    }
    let team = everybody().filter(|p| p.n == who.n);
    let numbers = team.flat_map(|p| p.keeps().into_iter().zip(first(p.role).keeps()));
    numbers.fold(seen.replace('乙', "甲"), |text, (own, the_firsts)| text.replace(&own, &the_firsts))
}
