//! Customers' rights in the file: consent and its withdrawal, requests with their clock, the access report, erasing and what is left.

use crate::house::{House, at, day, person, refused, saved};
use guitai::domain::agenda::lines::request_keys;
use guitai::domain::agenda::{Detail, Item, Mark, Scope, Source, Task};
use guitai::domain::calendar::repeat::Repeat;
use guitai::domain::change::Entity;
use guitai::domain::consent::{Channel, Purpose, shut};
use guitai::domain::contact::Outcome;
use guitai::domain::customer::Customer;
use guitai::domain::entitlement::{Entitlement, Verdict};
use guitai::domain::family::{Member, Part, Remark};
use guitai::domain::ids::{CustomerId, StaffId, TaskId};
use guitai::domain::staff::Role;
use guitai::domain::subject::{Case, Kind, State, Tie};
use guitai::exchange::extract::import::{Options, import};
use guitai::store::agenda;
use guitai::store::audit;
use guitai::store::customers;
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::subject::{self, Held};
use rusqlite::{Connection, params};

struct Bank {
    house: House,
    compliance: StaffId,
    boss: StaffId,
}

fn bank() -> Bank {
    let mut house = House::on("2026-11-02");
    let compliance = house.add_staff(person("hegui", "何规", Role::Compliance));
    let boss = house.add_staff(person("sunli", "孙丽", Role::BranchManager));
    Bank { house, compliance, boss }
}

impl Bank {
    fn stamp(&self, by: StaffId) -> Stamp {
        Stamp::new(by, at(self.house.today), self.house.today)
    }

    fn ask(&mut self, ask: subject::Ask) -> Answer {
        self.house.ask(Ask::Subject(ask))
    }

    fn say(&mut self, customer: CustomerId, what: (Purpose, Channel), agreed: bool, evidence: &str) -> Answer {
        let (op, stamp) = (self.house.op(), self.house.stamp());
        let (purpose, channel) = what;
        self.ask(subject::Ask::Consent { op, customer, purpose, channel, agreed, evidence: evidence.into(), stamp })
    }

    fn take(&mut self, customer: CustomerId, kind: Kind, note: &str) -> Answer {
        let (op, stamp) = (self.house.op(), self.house.stamp());
        self.ask(subject::Ask::Take { op, customer, kind, note: note.into(), stamp })
    }

    fn case(&mut self, customer: CustomerId) -> Case {
        self.house.open(customer).privacy.cases[0].clone()
    }

    fn mark(&mut self, by: StaffId, key: &str, mark: Mark, reason: &str) -> Answer {
        let (op, stamp) = (self.house.op(), self.stamp(by));
        let (key, reason) = (key.to_owned(), reason.to_owned());
        self.house.ask(Ask::Agenda(agenda::Ask::Mark { op, key, customer: None, mark, seen: i64::MAX, reason, stamp }))
    }

    fn requests(&mut self, whose: StaffId) -> Vec<Item> {
        let today = self.house.today;
        let items = self.house.queue(Scope::Mine, whose, today).0;
        items.into_iter().filter(|i| i.source == Source::Request).collect()
    }

    fn erase(&mut self, customer: CustomerId, second: Option<StaffId>) -> Answer {
        let (op, stamp) = (self.house.op(), self.stamp(self.compliance));
        self.ask(subject::Ask::Erase { op, customer, stamp: Stamp { second, ..stamp } })
    }

    /// The person asked to be erased and was checked.
    fn asked_to_be_erased(&mut self, customer: CustomerId) {
        noted(self.take(customer, Kind::Erasure, "标记要求全部删掉"));
        let [first, _] = request_keys(&self.case(customer));
        marked(self.mark(self.compliance, &first.to_string(), Mark::Done, "身份证原件，标记核对"));
    }

    fn held(&mut self, customer: CustomerId) -> Held {
        let today = self.house.today;
        match self.ask(subject::Ask::Held { customer, today }) {
            Answer::Subject(subject::Answer::Held(held)) => *held,
            other => panic!("{other:?}"),
        }
    }

    fn raw(&self) -> Connection {
        Connection::open(&self.house.path).unwrap()
    }
}

fn noted(answer: Answer) {
    assert!(matches!(answer, Answer::Subject(subject::Answer::Noted { .. })), "{answer:?}");
}

fn marked(answer: Answer) -> i64 {
    match answer {
        Answer::Agenda(agenda::Answer::Marked { seq }) => seq,
        other => panic!("{other:?}"),
    }
}

#[test]
fn consent_is_kept_with_its_evidence_and_withdrawn_without_asking_for_one_and_the_log_has_both() {
    let mut b = bank();
    let id = b.house.customer("何芬", 120_000);
    let what = (Purpose::Marketing, Channel::Phone);
    assert!(refused(b.say(id, what, true, "")).contains("依据"));
    noted(b.say(id, what, true, "签字单 A12"));
    assert!(b.house.open(id).privacy.withdrawn().is_empty());
    noted(b.say(id, (Purpose::Marketing, Channel::Any), false, ""));
    let opened = b.house.open(id);
    assert!(shut(&opened.privacy.withdrawn(), Purpose::Marketing) || opened.privacy.withdrawn().len() == 4);
    let told: Vec<String> = opened
        .changes
        .iter()
        .filter(|c| c.entity == Entity::Consent)
        .flat_map(|c| c.edits.iter().map(|e| format!("{} {}", e.field, e.after)))
        .collect();
    assert!(
        told.contains(&"marketing.phone agreed".to_owned()) && told.contains(&"marketing.any withdrawn".to_owned())
    );
    assert!(refused(b.say(id, (Purpose::Family, Channel::Phone), false, "")).contains("不分"));
}

#[test]
fn a_request_is_taken_by_anybody_lies_on_the_desk_of_compliance_and_is_answered_in_two_steps() {
    let mut b = bank();
    let id = b.house.customer("何芬", 120_000);
    noted(b.take(id, Kind::Access, "要一份复印件"));
    assert!(refused(b.take(id, Kind::Access, "")).contains("还没有办结"));
    assert_eq!(b.case(id).due, day("2026-11-23"));
    let (compliance, wang) = (b.compliance, b.house.wang);
    let lines = b.requests(compliance);
    assert!(b.requests(wang).is_empty());
    let key = lines[0].key.clone();
    assert!(matches!(&lines[0].detail, Detail::Request(c) if c.state == State::Taken));
    assert!(refused(b.mark(wang, &key, Mark::Done, "身份证原件")).contains("合规管理员"));
    assert!(refused(b.mark(compliance, &key, Mark::Done, "")).contains("身份"));
    marked(b.mark(compliance, &key, Mark::Done, "身份证原件"));
    assert_eq!(b.case(id).state, State::Checked);
    let second = b.requests(compliance)[0].key.clone();
    assert_eq!(second, format!("{key}:second"));
    let seq = marked(b.mark(compliance, &second, Mark::Done, "已交查阅报告"));
    assert_eq!((b.case(id).state, b.case(id).word), (State::Done, "已交查阅报告".to_owned()));
    assert!(b.requests(compliance).is_empty());
    // Taken back, it waits again.
    let (op, stamp) = (b.house.op(), b.stamp(compliance));
    b.house.ask(Ask::Agenda(agenda::Ask::TakeBack { op, seq, stamp }));
    assert_eq!(b.case(id).state, State::Checked);
    marked(b.mark(compliance, &second, Mark::Cancelled, "不是本人，委托书不齐"));
    assert_eq!(b.case(id).state, State::Refused);
}

#[test]
fn a_request_is_there_every_day_and_overdue_after_fifteen_working_days() {
    let mut b = bank();
    let id = b.house.customer("何芬", 120_000);
    noted(b.take(id, Kind::Correction, ""));
    let compliance = b.compliance;
    b.house.today = day("2026-11-23");
    assert_eq!(b.requests(compliance)[0].overdue(b.house.today), 0);
    b.house.today = day("2026-11-24");
    assert_eq!(b.requests(compliance)[0].overdue(b.house.today), 1);
    let (today, file) = (b.house.today, &mut b.house);
    assert!(file.queue(Scope::Mine, compliance, today).1.overdue >= 1);
}

#[test]
fn the_access_report_has_every_contact_change_and_look_and_says_numbers_in_full_only_to_two_people() {
    let mut b = bank();
    let id = b.house.customer("何芬", 120_000);
    for _ in 0..3 {
        b.house.log(id, Outcome::ALL[0], None, None);
    }
    let (op, stamp) = (b.house.op(), b.house.stamp());
    noted(b.ask(subject::Ask::Told { op, customer: id, bare: false, target: "a.txt".into(), stamp }));
    let held = b.held(id);
    assert_eq!(held.contacts.len(), 3);
    assert!(held.changes.iter().all(|c| c.entity != Entity::Access) && held.changes.len() > 3);
    assert_eq!(held.looks.len(), 1);
    assert_eq!(held.looks[0].after("target"), Some("a.txt"));
    let (op, stamp) = (b.house.op(), Stamp { second: Some(b.boss), ..b.stamp(b.compliance) });
    let bare = |op, stamp| subject::Ask::Told { op, customer: id, bare: true, target: "a.txt".into(), stamp };
    assert!(refused(b.ask(bare(op, stamp.clone()))).contains("先受理"));
    noted(b.take(id, Kind::Access, ""));
    let [first, _] = request_keys(&b.case(id));
    marked(b.mark(b.compliance, &first.to_string(), Mark::Done, "身份证原件"));
    let alone = Stamp { second: None, ..stamp.clone() };
    assert!(refused(b.ask(bare(op, alone))).contains("授权"));
    noted(b.ask(bare(op, stamp)));
    assert_eq!(b.held(id).looks[1].after("second"), Some(b.boss.0.to_string().as_str()));
}

#[test]
fn requests_erasing_and_numbers_in_full_are_for_the_posts_that_the_table_names() {
    let mut b = bank();
    let lead = b.house.add_staff(person("zhuguan", "周管", Role::AmSupervisor));
    let id = b.house.customer("何芬", 120_000);
    b.asked_to_be_erased(id);
    let (boss, compliance) = (b.boss, b.compliance);
    let [_, second] = request_keys(&b.case(id));
    assert!(refused(b.mark(lead, &second.to_string(), Mark::Cancelled, "不办")).contains("个人信息请求」只有"));
    for (by, word, says) in [
        (lead, Some(boss), "「删除档案」只有"),
        (compliance, None, "「删除档案」要第二个人授权"),
        (compliance, Some(lead), "「删除档案」要第二个人授权"),
        (compliance, Some(compliance), "「删除档案」要第二个人授权"),
    ] {
        let (op, stamp) = (b.house.op(), Stamp { second: word, ..b.stamp(by) });
        assert!(refused(b.ask(subject::Ask::Erase { op, customer: id, stamp })).contains(says), "{by:?} {word:?}");
    }
    for (by, word, says) in [(lead, Some(boss), "「批量显示全号」只有"), (boss, Some(lead), "要第二个人授权")]
    {
        let (op, stamp) = (b.house.op(), Stamp { second: word, ..b.stamp(by) });
        let told = subject::Ask::Told { op, customer: id, bare: true, target: "-".into(), stamp };
        assert!(refused(b.ask(told)).contains(says), "{by:?} {word:?}");
    }
}

/// A customer of whom every table says something with the marker in it, and whose business ended long ago.
fn marked_customer(b: &mut Bank) -> CustomerId {
    let wang = b.house.wang;
    let mut c = Customer {
        no: "6000000009".into(),
        name: "标记山".into(),
        phone: "13912345678".into(),
        phone2: "13912345679".into(),
        address: "标记镇标记路12号".into(),
        area: "标记镇".into(),
        owner: Some(wang),
        opened: Some(day("2012-03-01")),
        opened_at: "标记分理处".into(),
        ..Customer::default()
    };
    c.notes.insert("alert".into(), "标记提醒".into());
    let id = b.house.create(c);
    b.house.part(id, Part::Member(Member { name: "标记儿".into(), relation: "son".into(), ..Member::default() }));
    b.house.part(id, Part::Remark(Remark { kind: "news".into(), text: "标记近况".into(), ..Remark::default() }));
    // Proposed by one, approved by another: what waits to be decided would stand in the way.
    let e = Entitlement {
        text: "标记利率".into(),
        until: Some(day("2027-12-31")),
        reason: "标记理由".into(),
        ..Entitlement::new(b.house.today)
    };
    let row = b.house.part(id, Part::Entitlement(e.clone())).parts.pop().unwrap();
    let part = Part::Entitlement(e.with(Verdict::Approved, "标记批语"));
    let (op, stamp) = (b.house.op(), b.stamp(b.boss));
    let ask = customers::Ask::Part { op, customer: id, row: Some(Box::new(row)), part: Some(part), stamp };
    saved(b.house.ask(Ask::Customers(ask)));
    b.house.log(id, Outcome::ALL[0], None, None);
    let raw = b.raw();
    raw.execute("UPDATE contact SET note = '标记说的话' WHERE customer = ?", [id.0]).unwrap();
    raw.execute("INSERT INTO txn VALUES (?, 20190301, '标记1', 0, 0, NULL, 100, '标记', '标记行', '标记')", [id.0])
        .unwrap();
    raw.execute(
        "INSERT INTO holding VALUES (?, '标记H', 0, 0, NULL, 'CD', 100, 20180101, 20190101, 100, '已赎回')",
        [id.0],
    )
    .unwrap();
    raw.execute("INSERT INTO service VALUES (?, '标记签约', 0, 0, NULL, '已解约', 20190101)", [id.0]).unwrap();
    raw.execute("INSERT INTO rating VALUES (?, 20190101, 0, 0, NULL, '标记', NULL)", [id.0]).unwrap();
    drop(raw);
    let task = Task {
        id: TaskId(0),
        rev: 0,
        owner: wang,
        customer: Some(id),
        text: "给标记送挂历".into(),
        due: b.house.today,
        repeat: Repeat::Once,
    };
    b.house.task(task);
    noted(b.say(id, (Purpose::Marketing, Channel::Any), true, "标记签字"));
    id
}

/// Where a text is found in the file, by table and column.
fn found(conn: &Connection, texts: &[&str]) -> Vec<String> {
    let tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut places = Vec::new();
    for table in tables {
        let columns: Vec<String> = conn
            .prepare("SELECT name FROM pragma_table_info(?)")
            .unwrap()
            .query_map([&table], |r| r.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for column in columns {
            for text in texts {
                let sql = format!("SELECT count(*) FROM \"{table}\" WHERE instr(CAST(\"{column}\" AS TEXT), ?) > 0");
                let n: i64 = conn.query_row(&sql, params![text], |r| r.get(0)).unwrap();
                if n > 0 {
                    places.push(format!("{table}.{column}"));
                }
            }
        }
    }
    places.sort();
    places.dedup();
    places
}

const MARKERS: [&str; 3] = ["标记", "13912345678", "13912345679"];

#[test]
fn erasing_leaves_nothing_of_the_person_but_what_is_sealed_in_the_chain_and_no_reader_shows_that() {
    let mut b = bank();
    let id = marked_customer(&mut b);
    assert!(found(&b.raw(), &MARKERS).len() > 12);
    b.asked_to_be_erased(id);
    let boss = b.boss;
    let certificate = match b.erase(id, Some(boss)) {
        Answer::Subject(subject::Answer::Erased { certificate, row }) => {
            assert_eq!((row.name.as_str(), row.phone.as_str()), ("已删除 6000000009", ""));
            *certificate
        }
        other => panic!("{other:?}"),
    };
    assert_eq!((certificate.no.as_str(), certificate.second), ("SC2026-0001", Some(boss)));
    assert_eq!(found(&b.raw(), &MARKERS), ["change.after", "change.reason"]);
    // The chain still holds, counters and sounds agree.
    assert_eq!(b.house.file.strayed().unwrap(), []);
    let opened = b.house.open(id);
    let told = format!("{opened:?}");
    assert!(MARKERS.iter().all(|m| !told.contains(m)), "{told}");
    assert!(opened.changes.iter().any(|c| c.after("name") == Some("已删除")));
    assert_eq!(opened.privacy.cases[0].state, State::Done);
    assert_eq!(opened.privacy.erased.as_deref(), Some("SC2026-0001"));
    let filter = guitai::domain::audit::Filter::default();
    let page = match b.house.ask(Ask::Audit(audit::Ask::Page { filter, before: None, most: 500 })) {
        Answer::Audit(page) => format!("{page:?}"),
        other => panic!("{other:?}"),
    };
    assert!(MARKERS.iter().all(|m| !page.contains(m)), "{page}");
    let held = format!("{:?}", b.held(id));
    assert!(MARKERS.iter().all(|m| !held.contains(m)), "{held}");
}

#[test]
fn erasing_takes_a_checked_request_a_second_person_and_the_end_of_the_years_and_says_what_is_in_the_way() {
    let mut b = bank();
    let id = b.house.customer("何芬", 120_000);
    let (boss, compliance) = (b.boss, b.compliance);
    assert!(refused(b.erase(id, None)).contains("授权"));
    assert!(refused(b.erase(id, Some(compliance))).contains("授权"), "one's own word is no second one");
    assert!(refused(b.erase(id, Some(boss))).contains("先受理"));
    b.asked_to_be_erased(id);
    noted(b.take(id, Kind::Access, ""));
    let words = refused(b.erase(id, Some(boss)));
    assert!(words.contains("余额") && words.contains("2031-11-02") && words.contains("1 件"), "{words}");
    let today = b.house.today;
    match b.ask(subject::Ask::Check { customer: id, today }) {
        Answer::Subject(subject::Answer::Check { ties, .. }) => {
            assert!(ties.iter().any(|t| matches!(t, Tie::Balance(_))) && ties.len() == 3, "{ties:?}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(b.house.open(id).customer.name, "何芬");
}

#[test]
fn who_was_erased_is_not_written_about_not_undone_and_does_not_come_back_with_an_import() {
    let mut b = bank();
    let id = marked_customer(&mut b);
    b.asked_to_be_erased(id);
    let boss = b.boss;
    b.erase(id, Some(boss));
    let rev = b.house.open(id).customer.rev;
    assert!(refused(b.house.save(id, rev, &[("phone", "", "13912345678")])).contains("已按本人请求删除"));
    assert!(refused(b.take(id, Kind::Access, "")).contains("已按本人请求删除"));
    let erased = b.house.open(id).changes.into_iter().find(|c| c.after("erased").is_some()).unwrap();
    let (op, stamp) = (b.house.op(), b.stamp(b.compliance));
    refused(b.house.ask(Ask::Agenda(agenda::Ask::TakeBack { op, seq: erased.seq, stamp })));
    let customers = b.house.folder.path().join("客户.csv");
    std::fs::write(
        &customers,
        "客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构\n6000000009,标记山,,,13912345678,标记镇,20120301,营业部\n",
    )
    .unwrap();
    let assets = b.house.folder.path().join("资产.csv");
    std::fs::write(&assets, "客户号,数据日期,活期,AUM时点,AUM月日均\n6000000009,20261101,10,10,10\n").unwrap();
    for path in [customers, assets] {
        let options = Options { stamp: b.house.stamp(), dry_run: false };
        let reports = import(&mut b.house.file, &[path], &options, &mut |_| {}).unwrap();
        assert_eq!((reports[0].new, reports[0].changed, reports[0].rejected), (0, 0, 1));
        assert!(reports[0].rejects[0].faults[0].reason.zh.contains("已按本人请求删除"));
    }
    assert_eq!(b.house.open(id).customer.name, "已删除 6000000009");
    assert!(found(&b.raw(), &MARKERS).iter().all(|place| place.starts_with("change.")));
}

#[test]
fn consent_and_requests_go_with_a_merged_archive_and_come_back_when_it_is_parted() {
    let mut b = bank();
    let keep = b.house.customer("何芬", 120_000);
    let other = b.house.customer("何芬", 20_000);
    noted(b.say(other, (Purpose::Marketing, Channel::Any), false, ""));
    noted(b.take(other, Kind::Access, ""));
    let revs = (b.house.open(keep).customer.rev, b.house.open(other).customer.rev);
    let (op, stamp) = (b.house.op(), b.house.stamp());
    let ask = guitai::store::twins::Ask::Merge { op, keep, other, revs, take: Vec::new(), stamp };
    let answer = b.house.ask(Ask::Twins(ask));
    assert!(matches!(answer, Answer::Twins(guitai::store::twins::Answer::Done { .. })), "{answer:?}");
    let privacy = b.house.open(keep).privacy;
    assert_eq!((privacy.said.len(), privacy.cases.len()), (1, 1));
    let (op, stamp) = (b.house.op(), b.house.stamp());
    b.house.ask(Ask::Twins(guitai::store::twins::Ask::Part { op, other, stamp }));
    let privacy = b.house.open(other).privacy;
    assert_eq!((privacy.said.len(), privacy.cases.len()), (1, 1));
}
