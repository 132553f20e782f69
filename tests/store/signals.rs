//! What the bank's figures say, as lines of the queue: fund movement, alerts with a second person's word, maturities, repayments,
//! customers to win back. The rows that an import will bring are written here by hand.

use crate::house::{House, at, day, person, refused};
use chrono::NaiveDate;
use guitai::domain::agenda::{Detail, Item, Mark, Scope, Source};
use guitai::domain::contact::Outcome;
use guitai::domain::dealings::watch::Signal;
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::domain::staff::Role;
use guitai::domain::values::money::Fen;
use guitai::store::agenda;
use guitai::store::dealings::signals::again;
use guitai::store::request::{Answer, Ask, Stamp};
use rusqlite::{Connection, params};

/// yyyymmdd
fn cell(d: &str) -> i64 {
    d.replace('-', "").parse().unwrap()
}

/// Batches as an import leaves them.
pub struct Core(Connection);

impl Core {
    pub fn of(house: &House) -> Core {
        Core(Connection::open(&house.path).unwrap())
    }

    /// A batch with this data date, come that day, which touched these customers; gives its number.
    pub fn batch(&self, as_of: &str, came: &str, touched: &[CustomerId]) -> i64 {
        let n: i64 = self.0.query_row("SELECT coalesce(max(n), 0) + 1 FROM batch", [], |r| r.get(0)).unwrap();
        self.0
            .execute(
                "INSERT INTO batch (id, at, by, name, hash, summary, n, as_of) VALUES (?1, ?2, 0, 'x', 'x' || ?1, '', ?1, ?3)",
                params![n, format!("{came}T06:00:00"), cell(as_of)],
            )
            .unwrap();
        for c in touched {
            self.0.execute("INSERT INTO touched VALUES (?, ?)", [n, c.0]).unwrap();
        }
        n
    }

    pub fn hold(&self, n: i64, c: CustomerId, contract: &str, yuan: i64, begins: &str, ends: &str) {
        let row = params![c.0, contract, n, yuan * 100, cell(begins), cell(ends)];
        let sql = "INSERT INTO holding VALUES (?, ?, 0, ?, NULL, '大额存单', ?, ?, ?, 254, '正常')";
        self.0.execute(sql, row).unwrap();
    }

    /// The contract is not in the list of batch `n` any more.
    pub fn drop(&self, n: i64, contract: &str) {
        let sql = "UPDATE holding SET until = ? WHERE contract = ? AND until IS NULL";
        assert_eq!(self.0.execute(sql, params![n, contract]).unwrap(), 1);
    }

    /// A version of a loan; the one before it ends.
    pub fn lend(&self, n: i64, c: CustomerId, no: &str, next: &str, overdue: u32, class: i64) {
        self.0.execute("UPDATE loan SET until = ? WHERE no = ? AND until IS NULL", params![n, no]).unwrap();
        self.0
            .execute(
                "INSERT INTO loan VALUES (?, ?, 0, ?, NULL, '经营贷', 30000000, 20000000, 20250101, 20280101, ?, 325610, ?, ?, '', '', '')",
                params![c.0, no, n, cell(next), overdue, class],
            )
            .unwrap();
    }

    pub fn book(&self, n: i64, c: CustomerId, on: &str, serial: &str, yuan: i64, bank: &str) {
        let row = params![c.0, cell(on), serial, n, yuan * 100, bank];
        self.0.execute("INSERT INTO txn VALUES (?, ?, ?, 0, ?, NULL, ?, '手机银行', ?, '')", row).unwrap();
    }

    /// Figures of a customer, brought by batch `n`.
    fn figures(&self, n: i64, c: CustomerId, as_of: &str, yuan: i64) {
        let row = params![c.0, cell(as_of), n, yuan * 100];
        self.0.execute("INSERT INTO figures VALUES (?, ?, 0, ?, NULL, 0, 0, 0, 0, 0, 0, ?, NULL)", row).unwrap();
        self.0.execute("UPDATE customer SET balance = ? WHERE id = ?", params![yuan * 100, c.0]).unwrap();
    }

    /// What an undone batch leaves.
    fn undo(&self, n: i64) {
        self.0.execute("DELETE FROM signal WHERE since = ?", [n]).unwrap();
    }

    fn count(&self) -> i64 {
        self.0.query_row("SELECT count(*) FROM signal", [], |r| r.get(0)).unwrap()
    }
}

fn of(items: &[Item], source: Source) -> Vec<&Item> {
    items.iter().filter(|i| i.source == source).collect()
}

fn said(item: &Item) -> &Signal {
    match &item.detail {
        Detail::Signal { signal, .. } => signal,
        other => panic!("{other:?}"),
    }
}

fn watch(house: &mut House, n: i64) {
    let stamp = house.stamp();
    again(&mut house.file, n, &stamp).unwrap();
}

fn mark_as(house: &mut House, by: StaffId, key: &str, mark: Mark, reason: &str) -> Answer {
    let (op, today) = (house.op(), house.today);
    let stamp = Stamp::new(by, at(today), today);
    let (key, reason) = (key.to_owned(), reason.to_owned());
    house.ask(Ask::Agenda(agenda::Ask::Mark { op, key, customer: None, mark, seen: i64::MAX, reason, stamp }))
}

fn marked(answer: &Answer) -> i64 {
    match answer {
        Answer::Agenda(agenda::Answer::Marked { seq }) => *seq,
        other => panic!("{other:?}"),
    }
}

/// A branch on Monday 23 November 2026 with data of Friday; nobody of its customers is to be visited soon.
fn house() -> House {
    House::on("2026-11-23")
}

#[test]
fn a_movement_is_a_line_of_the_keeper_with_its_reason_and_only_once() {
    let mut house = house();
    let id = house.customer("何芬", 520_000);
    let small = house.customer("赵松", 40_000);
    let core = Core::of(&house);
    let n = core.batch("2026-11-18", "2026-11-19", &[id, small]);
    core.figures(n, id, "2026-11-18", 520_000);
    core.figures(n, small, "2026-11-18", 90_000);
    let n = core.batch("2026-11-20", "2026-11-23", &[id, small]);
    core.figures(n, id, "2026-11-20", 310_000);
    core.figures(n, small, "2026-11-20", 40_000);
    watch(&mut house, n);
    watch(&mut house, n);
    assert_eq!(core.count(), 1);
    let items = house.mine();
    let line = of(&items, Source::Movement)[0].clone();
    assert_eq!((line.who.as_ref().unwrap().id, line.owner), (id, Some(house.wang)));
    // Friday's data came on Monday: nobody is late.
    assert_eq!(line.due, day("2026-11-23"));
    match said(&line) {
        Signal::Moved { before, before_on, now, mean: None } => {
            assert_eq!((*before, *before_on, *now), (Fen::of_yuan(520_000), day("2026-11-18"), Fen::of_yuan(310_000)));
        }
        other => panic!("{other:?}"),
    }
    assert!(house.open(id).due.iter().any(|i| i.key == line.key));
    marked(&house.mark(&line.key, Mark::Done, ""));
    assert!(of(&house.mine(), Source::Movement).is_empty());
    // Taken back and imported anew it is the same line, dealt with.
    core.undo(n);
    watch(&mut house, n);
    assert_eq!(core.count(), 1);
    assert!(of(&house.mine(), Source::Movement).is_empty());
}

#[test]
fn outflow_names_the_banks_and_what_was_told_is_not_told_again() {
    let mut house = house();
    let id = house.customer("何芬", 520_000);
    let core = Core::of(&house);
    let n = core.batch("2026-11-20", "2026-11-23", &[id]);
    core.book(n, id, "2026-11-17", "1", -40_000, "工商银行");
    core.book(n, id, "2026-11-18", "2", -30_000, "建设银行");
    core.book(n, id, "2026-11-19", "3", -99_000, "");
    core.book(n, id, "2026-10-01", "0", -99_000, "建设银行");
    watch(&mut house, n);
    let items = house.mine();
    match said(of(&items, Source::Movement)[0]) {
        Signal::Outflow { sum, days: 30, banks } => {
            assert_eq!(*sum, Fen::of_yuan(70_000));
            assert_eq!(banks[0], ("工商银行".to_owned(), Fen::of_yuan(40_000)));
        }
        other => panic!("{other:?}"),
    }
    house.today = day("2026-11-24");
    let n = core.batch("2026-11-23", "2026-11-24", &[id]);
    core.book(n, id, "2026-11-23", "4", -20_000, "工商银行");
    watch(&mut house, n);
    assert_eq!(core.count(), 1);
    let n = core.batch("2026-11-24", "2026-11-24", &[id]);
    core.book(n, id, "2026-11-24", "5", -30_000, "工商银行");
    watch(&mut house, n);
    assert_eq!(of(&house.mine(), Source::Movement).len(), 2);
}

#[test]
fn small_customers_and_quiet_batches_make_no_signals() {
    let mut house = house();
    let id = house.customer("赵松", 40_000);
    let core = Core::of(&house);
    let n = core.batch("2026-11-20", "2026-11-23", &[id]);
    core.book(n, id, "2026-11-17", "1", -400_000, "工商银行");
    core.lend(n, id, "L1", "2027-01-20", 0, 0);
    watch(&mut house, n);
    assert_eq!(core.count(), 0);
}

#[test]
fn an_alert_needs_a_second_person_and_never_the_same_one() {
    let mut house = house();
    let boss = house.add_staff(person("sunli", "孙丽", Role::AmSupervisor));
    let id = house.customer("何芬", 120_000);
    let core = Core::of(&house);
    let n = core.batch("2026-11-19", "2026-11-20", &[id]);
    core.lend(n, id, "L1", "2026-12-20", 0, 0);
    let n = core.batch("2026-11-20", "2026-11-23", &[id]);
    core.lend(n, id, "L1", "2026-12-20", 3, 1);
    watch(&mut house, n);
    let items = house.mine();
    let first = of(&items, Source::Alert)[0].key.clone();
    assert!(refused(house.mark(&first, Mark::Done, "")).contains("核实"));
    marked(&house.mark(&first, Mark::Done, "已电话核实，月底补交"));
    assert!(of(&house.mine(), Source::Alert).is_empty());
    let theirs = house.queue(Scope::Mine, boss, house.today).0;
    let second = of(&theirs, Source::Alert)[0].clone();
    assert_eq!(second.key, format!("{first}:second"));
    match &second.detail {
        Detail::Signal { checked: Some(c), .. } => {
            assert_eq!((c.by, c.note.as_str(), c.back), (house.wang, "已电话核实，月底补交", false));
        }
        other => panic!("{other:?}"),
    }
    let wang = house.wang;
    assert!(refused(mark_as(&mut house, wang, &second.key, Mark::Done, "")).contains("另一人"));
    let zhao = house.zhao;
    assert!(refused(mark_as(&mut house, zhao, &second.key, Mark::Done, "")).contains("主管"));
    // Sent back with a reason it is the first one's again.
    marked(&mark_as(&mut house, boss, &second.key, Mark::Cancelled, "请附还款凭证"));
    assert!(of(&house.queue(Scope::Mine, boss, house.today).0, Source::Alert).is_empty());
    let items = house.mine();
    match &of(&items, Source::Alert)[0].detail {
        Detail::Signal { checked: Some(c), .. } => assert!(c.back && c.note == "请附还款凭证"),
        other => panic!("{other:?}"),
    }
    house.log(id, Outcome::ALL[0], None, Some(&first));
    let seq = marked(&mark_as(&mut house, boss, &second.key, Mark::Done, ""));
    assert!(of(&house.queue(Scope::Branch, boss, house.today).0, Source::Alert).is_empty());
    // The word is taken back: it waits again.
    let (op, today) = (house.op(), house.today);
    let stamp = Stamp::new(boss, at(today), today);
    house.ask(Ask::Agenda(agenda::Ask::TakeBack { op, seq, stamp }));
    assert_eq!(of(&house.queue(Scope::Mine, boss, house.today).0, Source::Alert).len(), 1);
}

#[test]
fn a_maturity_is_spoken_of_thirty_seven_and_one_day_ahead_and_asked_about_after() {
    let mut house = house();
    let id = house.customer("何芬", 520_000);
    let core = Core::of(&house);
    let n = core.batch("2026-10-30", "2026-11-02", &[id]);
    core.hold(n, id, "CD0001", 200_000, "2025-12-22", "2026-12-22");
    core.hold(n, id, "CD0002", 5_000, "2025-12-22", "2026-12-22");
    core.hold(n, id, "CD0003", 90_000, "2025-12-22", "2027-12-22");
    let line = |house: &mut House| of(&house.mine(), Source::Maturity).first().map(|i| (i.key.clone(), i.due));
    let (key, due) = line(&mut house).unwrap();
    // The 22nd of November is a Sunday: one is reminded from the Friday before on, and nobody is late with what lies ahead.
    assert_eq!(due, day("2026-11-23"));
    assert_eq!(of(&house.mine(), Source::Maturity).len(), 1);
    house.log(id, Outcome::ALL[0], None, Some(&key));
    for (today, expected) in
        [("2026-12-14", None), ("2026-12-15", Some("2026-12-15")), ("2026-12-21", Some("2026-12-21"))]
    {
        house.today = day(today);
        let now = line(&mut house);
        assert_eq!(now.map(|(_, due)| due), expected.map(day), "{today}");
        if today == "2026-12-15" {
            house.log(id, Outcome::ALL[0], None, Some(&key));
        }
    }
    marked(&house.mark(&key, Mark::Snoozed { until: day("2026-12-22") }, "约了明天"));
    assert_eq!(line(&mut house), None);
    house.today = day("2026-12-24");
    core.drop(core.batch("2026-12-22", "2026-12-23", &[id]), "CD0001");
    assert_eq!(line(&mut house).map(|(_, due)| due), Some(day("2026-12-22")));
    // A result ends it, and may be corrected; a later contact does not wipe it out.
    marked(&house.mark(&key, Mark::Done, "流出：工商银行"));
    assert_eq!(line(&mut house), None);
    house.log(id, Outcome::ALL[0], None, Some(&key));
    assert_eq!(line(&mut house), None);
    marked(&house.mark(&key, Mark::Done, "续存"));
}

#[test]
fn what_a_newer_contract_answers_is_not_asked_and_what_was_given_up_early_never_matures() {
    let mut house = house();
    let id = house.customer("何芬", 520_000);
    let core = Core::of(&house);
    let n = core.batch("2026-11-02", "2026-11-02", &[id]);
    for (contract, ends) in [("A", "2026-11-18"), ("B", "2026-11-18"), ("C", "2026-11-18"), ("D", "2026-11-30")] {
        core.hold(n, id, contract, 100_000, "2025-11-18", ends);
    }
    let n = core.batch("2026-11-10", "2026-11-10", &[id]);
    core.drop(n, "B");
    core.drop(n, "D");
    let n = core.batch("2026-11-19", "2026-11-19", &[id]);
    core.drop(n, "A");
    core.drop(n, "C");
    // C runs on under its own number.
    core.hold(n, id, "C", 100_000, "2026-11-18", "2027-11-18");
    let asked = |house: &mut House| of(&house.mine(), Source::Maturity).len();
    assert_eq!(asked(&mut house), 1, "only A asks: C answers for itself");
    let kept = |house: &mut House| {
        let (scope, staff, today) = (Scope::Mine, house.wang, house.today);
        match house.ask(Ask::Agenda(agenda::Ask::Wall { scope, staff, today })) {
            Answer::Agenda(agenda::Answer::Wall(_, wall)) => wall.kept,
            other => panic!("{other:?}"),
        }
    };
    let sums = |k: guitai::domain::dealings::due::Kept| (k.contracts, k.matured, k.unknown, k.newer);
    let yuan = Fen::of_yuan;
    assert_eq!(sums(kept(&mut house)), (2, yuan(200_000), yuan(200_000), yuan(100_000)));
    core.hold(n, id, "E", 95_000, "2026-11-19", "2027-11-19");
    assert_eq!(asked(&mut house), 0, "E is nearly what A was");
    assert_eq!(sums(kept(&mut house)).3, yuan(195_000));
    core.hold(n, id, "F", 500_000, "2026-11-20", "2027-11-20");
    assert_eq!(sums(kept(&mut house)).3, yuan(200_000), "never more than matured");
}

#[test]
fn a_staged_list_changes_nothing() {
    let mut house = house();
    let id = house.customer("何芬", 520_000);
    let core = Core::of(&house);
    let n = core.batch("2026-11-02", "2026-11-02", &[id]);
    core.hold(n, id, "A", 100_000, "2025-11-24", "2026-11-24");
    core.lend(n, id, "L1", "2026-11-24", 0, 0);
    let n = core.batch("2026-11-20", "2026-11-20", &[id]);
    Connection::open(&house.path).unwrap().execute("UPDATE batch SET state = 'staged' WHERE n = ?", [n]).unwrap();
    core.drop(n, "A");
    core.hold(n, id, "B", 100_000, "2025-11-24", "2026-11-24");
    core.lend(n, id, "L1", "2026-12-24", 0, 0);
    let items = house.mine();
    assert_eq!((of(&items, Source::Maturity).len(), of(&items, Source::Repayment).len()), (1, 1));
}

#[test]
fn a_repayment_is_spoken_of_before_its_day_and_an_overdue_one_comes_back() {
    let mut house = house();
    let id = house.customer("何芬", 520_000);
    let core = Core::of(&house);
    let n = core.batch("2026-11-20", "2026-11-23", &[id]);
    // Sunday the 29th: seven days ahead is a Sunday too, so the Friday before; the day itself falls on the Friday.
    core.lend(n, id, "L1", "2026-11-29", 0, 0);
    core.lend(n, id, "L2", "2026-12-20", 6, 0);
    let lines = |house: &mut House| -> Vec<(u32, NaiveDate)> {
        let items = house.mine();
        let told = |i: &&Item| match &i.detail {
            Detail::Repayment(r) => (r.overdue, i.due),
            other => panic!("{other:?}"),
        };
        of(&items, Source::Repayment).iter().map(told).collect()
    };
    // Overdue is the loan, since the 14th.
    assert_eq!(lines(&mut house), [(6, day("2026-11-14")), (0, day("2026-11-23"))]);
    let keys: Vec<String> = of(&house.mine(), Source::Repayment).iter().map(|i| i.key.clone()).collect();
    for key in keys {
        house.log(id, Outcome::ALL[0], None, Some(&key));
    }
    assert_eq!(lines(&mut house), []);
    house.today = day("2026-11-26");
    assert_eq!(lines(&mut house), [(0, day("2026-11-26"))]);
    // Paid: the next list has another day. Not paid: a month overdue is a reminder of its own.
    house.today = day("2026-12-15");
    let n = core.batch("2026-12-13", "2026-12-15", &[id]);
    core.lend(n, id, "L1", "2026-12-29", 0, 0);
    core.lend(n, id, "L2", "2026-12-20", 29, 1);
    assert_eq!(lines(&mut house), []);
    let n = core.batch("2026-12-15", "2026-12-15", &[id]);
    core.lend(n, id, "L2", "2026-12-20", 31, 1);
    assert_eq!(lines(&mut house), [(31, day("2026-11-14"))]);
}

#[test]
fn who_emptied_the_account_is_to_be_won_back() {
    let mut house = house();
    let id = house.customer("何芬", 300_000);
    let core = Core::of(&house);
    let n = core.batch("2026-10-18", "2026-10-19", &[id]);
    core.figures(n, id, "2026-10-18", 80_000);
    let n = core.batch("2026-11-18", "2026-11-19", &[id]);
    core.figures(n, id, "2026-11-18", 3_000);
    watch(&mut house, n);
    assert_eq!(core.count(), 0);
    let n = core.batch("2026-11-20", "2026-11-23", &[id]);
    core.figures(n, id, "2026-11-20", 0);
    watch(&mut house, n);
    let items = house.mine();
    match said(of(&items, Source::WinBack)[0]) {
        Signal::Left { peak, asleep: false, .. } => assert_eq!(*peak, Fen::of_yuan(80_000)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn many_lenders_recorded_by_hand_make_an_alert_of_a_borrower() {
    let mut house = house();
    let id = house.customer("何芬", 120_000);
    let core = Core::of(&house);
    let record = |house: &mut House, before: &str, after: &str| {
        let rev = house.open(id).customer.rev;
        house.save(id, rev, &[("other_loans", before, after)]);
    };
    record(&mut house, "", "3");
    assert_eq!(core.count(), 0, "nothing is lent here");
    let n = core.batch("2026-11-20", "2026-11-23", &[id]);
    core.lend(n, id, "L1", "2027-01-20", 0, 0);
    watch(&mut house, n);
    let items = house.mine();
    match said(of(&items, Source::Alert)[0]) {
        Signal::Lenders { count: 3, balance } => assert_eq!(*balance, Fen::of_yuan(200_000)),
        other => panic!("{other:?}"),
    }
    // As many are not told twice; one more is, and at once.
    let n = core.batch("2026-11-22", "2026-11-23", &[id]);
    core.lend(n, id, "L1", "2027-02-20", 0, 0);
    watch(&mut house, n);
    record(&mut house, "3", "2");
    record(&mut house, "2", "3");
    assert_eq!(core.count(), 1);
    record(&mut house, "3", "4");
    assert_eq!(of(&house.mine(), Source::Alert).len(), 2);
}

#[test]
fn the_month_counts_reminders_on_their_days() {
    let mut house = house();
    let id = house.customer("何芬", 520_000);
    let core = Core::of(&house);
    let n = core.batch("2026-11-20", "2026-11-23", &[id]);
    let month = |house: &mut House| -> Vec<(u8, u32)> {
        let (staff, today, first) = (house.wang, house.today, day("2026-12-01"));
        match house.ask(Ask::Agenda(agenda::Ask::Month { scope: Scope::Mine, staff, today, first })) {
            Answer::Agenda(agenda::Answer::Month(days)) => days.into_iter().map(|(d, _, n)| (d, n)).collect(),
            other => panic!("{other:?}"),
        }
    };
    let before = month(&mut house);
    core.hold(n, id, "A", 100_000, "2025-12-22", "2026-12-22");
    core.lend(n, id, "L1", "2026-12-10", 0, 0);
    let more: Vec<u8> =
        month(&mut house).into_iter().zip(before).filter(|(a, b)| a.1 > b.1).map(|(a, _)| a.0).collect();
    // Seven, three and none before the 10th; seven and one before the 22nd, and the day after.
    assert_eq!(more, [3, 7, 10, 15, 21, 23]);
}
