//! 优惠与额度 in the file: who may decide, what two of a moment come to, merging and parting. Erasing is tried with the rest of an archive.

use crate::house::{House, at, day, person, refused, saved};
use guitai::domain::customer::Customer;
use guitai::domain::entitlement::{Entitlement, Verdict};
use guitai::domain::family::{Part, PartRow, Remark};
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::domain::staff::Role;
use guitai::store::customers::{self, Opened};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::twins;
use rusqlite::Connection;

struct Bank {
    house: House,
    boss: StaffId,
    lead: StaffId,
    id: CustomerId,
}

fn bank() -> Bank {
    let mut house = House::on("2026-11-20");
    let boss = house.add_staff(person("sunli", "孙丽", Role::BranchManager));
    let lead = house.add_staff(person("zhouping", "周平", Role::AmSupervisor));
    let id = house.customer("张胜", 600_000);
    Bank { house, boss, lead, id }
}

fn terms(text: &str) -> Entitlement {
    Entitlement {
        text: text.into(),
        until: Some(day("2027-11-19")),
        reason: "合作五年".into(),
        ..Entitlement::new(day("2026-11-20"))
    }
}

impl Bank {
    fn write(&mut self, by: StaffId, row: Option<&PartRow>, part: Option<Part>) -> Answer {
        let (op, customer) = (self.house.op(), self.id);
        let stamp = Stamp::new(by, at(self.house.today), self.house.today);
        let row = row.cloned().map(Box::new);
        self.house.ask(Ask::Customers(customers::Ask::Part { op, customer, row, part, stamp }))
    }

    fn propose(&mut self, by: StaffId, text: &str) -> PartRow {
        let opened = saved(self.write(by, None, Some(Part::Entitlement(terms(text)))));
        opened.parts.last().unwrap().clone()
    }

    fn say(&mut self, by: StaffId, row: &PartRow, verdict: Verdict) -> Answer {
        let part = Part::Entitlement(of(row).with(verdict, "看过了"));
        self.write(by, Some(row), Some(part))
    }

    fn raw(&self) -> Connection {
        Connection::open(&self.house.path).unwrap()
    }

    /// In whose hands open matters about a customer lie.
    fn hands(&self, id: CustomerId) -> Vec<i64> {
        let raw = self.raw();
        let mut found = raw.prepare("SELECT to_id FROM hand_over WHERE customer = ? AND open = 1").unwrap();
        found.query_map([id.0], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
    }
}

fn of(row: &PartRow) -> &Entitlement {
    match &row.part {
        Part::Entitlement(e) => e,
        other => panic!("{other:?}"),
    }
}

fn verdicts(opened: &Opened) -> Vec<Verdict> {
    opened.parts.iter().map(|row| of(row).verdict).collect()
}

#[test]
fn it_is_decided_by_another_one_who_may_and_lies_in_their_queue_until_then() {
    let mut b = bank();
    let (wang, boss, lead) = (b.house.wang, b.boss, b.lead);
    let row = b.propose(wang, "利率减20基点");
    assert_eq!((of(&row).proposer, of(&row).verdict), (wang, Verdict::Waiting));
    assert_eq!(b.hands(b.id), [boss.0], "the supervisor leads nobody yet");
    // Not the keeper, not who leads others; nothing was written.
    for by in [wang, lead] {
        let said = refused(b.say(by, &row, Verdict::Approved));
        assert!(said.contains("「批准优惠与额度」只有") && said.contains("孙丽"), "{said}");
    }
    let opened = saved(b.say(boss, &row, Verdict::Approved));
    let e = of(&opened.parts[0]);
    assert_eq!((e.verdict, e.decider, e.decided), (Verdict::Approved, Some(boss), Some(day("2026-11-20"))));
    assert!(b.hands(b.id).is_empty());
    // One's own is another's to approve, whatever one's post.
    let own = b.propose(boss, "额度提到30万");
    let said = refused(b.say(boss, &own, Verdict::Approved));
    assert!(said.contains("自己提出的不能自己批"), "{said}");
}

#[test]
fn nobody_decides_on_terms_they_did_not_see_and_what_was_decided_stays() {
    let mut b = bank();
    let (wang, boss) = (b.house.wang, b.boss);
    let row = b.propose(wang, "利率减20基点");
    let more = Part::Entitlement(terms("利率减50基点"));
    let changed = saved(b.write(wang, Some(&row), Some(more))).parts[0].clone();
    let said = refused(b.say(boss, &row, Verdict::Approved));
    assert!(said.contains("刚改过或批过"), "{said}");
    saved(b.say(boss, &changed, Verdict::Refused));
    // Two of a moment: the first stands.
    assert!(refused(b.say(boss, &changed, Verdict::Approved)).contains("刚改过或批过"));
    let now = b.house.open(b.id).parts[0].clone();
    for part in
        [None, Some(Part::Entitlement(of(&now).with(Verdict::Waiting, ""))), Some(Part::Entitlement(terms("减")))]
    {
        let said = refused(b.write(wang, Some(&now), part));
        assert!(said.contains("已经批过") || said.contains("只有"), "{said}");
    }
    // Nor is it made something else.
    let remark = Part::Remark(Remark { text: "近况".into(), ..Remark::default() });
    assert!(matches!(b.write(wang, Some(&now), Some(remark)), Answer::Failed(_)));
    assert_eq!(verdicts(&b.house.open(b.id)), [Verdict::Refused]);
}

#[test]
fn a_withdrawn_proposal_is_put_back_from_the_log_and_a_decision_is_not() {
    let mut b = bank();
    let (wang, boss) = (b.house.wang, b.boss);
    let row = b.propose(wang, "利率减20基点");
    let opened = saved(b.write(wang, Some(&row), None));
    assert_eq!((opened.parts.len(), b.hands(b.id)), (0, vec![]));
    let back = |b: &mut Bank, seq: i64, field: &str| {
        let (op, stamp) = (b.house.op(), b.house.stamp());
        b.house.ask(Ask::Customers(customers::Ask::PutBack { op, seq, field: field.into(), stamp }))
    };
    let opened = saved(back(&mut b, opened.changes[0].seq, "part"));
    assert_eq!((verdicts(&opened), b.hands(b.id)), (vec![Verdict::Waiting], vec![boss.0]));
    let opened = saved(b.say(boss, &opened.parts[0], Verdict::Approved));
    let seq = opened.changes.iter().find(|c| c.after("verdict") == Some("approved")).unwrap().seq;
    let said = refused(back(&mut b, seq, "verdict"));
    assert!(said.contains("只有") || said.contains("已经批过"), "{said}");
    assert_eq!(verdicts(&b.house.open(b.id)), [Verdict::Approved]);
}

#[test]
fn merging_moves_it_with_what_waits_and_parting_moves_it_back() {
    let mut b = bank();
    let (wang, boss) = (b.house.wang, b.boss);
    let keep = b.house.create(Customer { name: "张胜".into(), owner: Some(wang), ..Customer::default() });
    let row = b.propose(wang, "利率减20基点");
    saved(b.say(boss, &row, Verdict::Approved));
    b.propose(wang, "额度提到30万");
    let other = b.id;
    let revs = (b.house.open(keep).customer.rev, b.house.open(other).customer.rev);
    let (op, stamp) = (b.house.op(), b.house.stamp());
    b.house.ask(Ask::Twins(twins::Ask::Merge { op, keep, other, revs, take: Vec::new(), stamp }));
    assert_eq!(verdicts(&b.house.open(keep)), [Verdict::Approved, Verdict::Waiting]);
    assert_eq!(b.hands(keep), [boss.0]);
    let last = |b: &Bank, id: CustomerId| -> i64 {
        let sql = "SELECT count(*) FROM occasion WHERE customer = ? AND kind = 3";
        b.raw().query_row(sql, [id.0], |r| r.get(0)).unwrap()
    };
    assert_eq!(last(&b, keep), 2);
    let (op, stamp) = (b.house.op(), b.house.stamp());
    b.house.ask(Ask::Twins(twins::Ask::Part { op, other, stamp }));
    assert_eq!(verdicts(&b.house.open(other)), [Verdict::Approved, Verdict::Waiting]);
    assert_eq!((b.house.open(keep).parts.len(), last(&b, other), b.hands(other)), (0, 2, vec![boss.0]));
}

#[test]
fn it_fills_no_day_of_the_queue_but_that_of_who_decides() {
    let mut b = bank();
    let wang = b.house.wang;
    b.propose(wang, "利率减20基点");
    assert!(b.house.mine().iter().all(|i| !i.key.starts_with("family") && !i.key.starts_with("hand_over")));
    b.house.today = day("2027-11-19");
    assert!(b.house.mine().iter().all(|i| !i.key.starts_with("family")));
}

#[test]
fn whoever_changes_a_proposal_proposes_it_and_it_goes_to_another_queue_or_waits_in_the_archive() {
    let mut b = bank();
    let (wang, boss) = (b.house.wang, b.boss);
    let row = b.propose(wang, "利率减20基点");
    let more = Part::Entitlement(terms("利率减30基点"));
    let changed = saved(b.write(boss, Some(&row), Some(more))).parts[0].clone();
    assert_eq!((of(&changed).proposer, b.hands(b.id)), (boss, vec![]));
    assert!(refused(b.say(boss, &changed, Verdict::Approved)).contains("自己提出的不能自己批"));
    // Somebody who may comes: what waits is theirs to decide.
    let other = b.house.add_staff(person("qianjin", "钱进", Role::BranchManager));
    assert_eq!(verdicts(&saved(b.say(other, &changed, Verdict::Approved))), [Verdict::Approved]);
}
