//! What the branch's facts come to, beside plain calculations over the same facts: outflow by bank, borrowers who stay and borrow again.

use crate::house::{House, day, figures, person, refused};
use crate::signals::Core;
use chrono::NaiveDate;
use guitai::domain::agenda::{Mark, Scope, Source};
use guitai::domain::contact::Outcome;
use guitai::domain::customer::Customer;
use guitai::domain::dealings::loan::Class;
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::domain::results::credit::Credit;
use guitai::domain::results::loyal::Loyal;
use guitai::domain::results::outflow::{Bank, Outflow};
use guitai::domain::results::targets::{Metric, Scores, Whose, parse_month};
use guitai::domain::rights::Reach;
use guitai::domain::staff::Role;
use guitai::domain::values::money::Fen;
use guitai::store::bulk::BatchFile;
use guitai::store::dealings::signals::again;
use guitai::store::keepers::Ask as K;
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::results::{self, What};
use guitai::store::{agenda, workbench};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

fn asked(house: &mut House, by: StaffId, what: What) -> results::Answer {
    let today = house.today;
    match house.ask(Ask::Results(results::Ask { what, by, today })) {
        Answer::Results(answer) => answer,
        other => panic!("{other:?}"),
    }
}

fn outflow(house: &mut House, by: StaffId, days: u16) -> Outflow {
    match asked(house, by, What::Outflow(days)) {
        results::Answer::Outflow(o) => *o,
        other => panic!("{other:?}"),
    }
}

fn loyal(house: &mut House, by: StaffId) -> Loyal {
    match asked(house, by, What::Loyal) {
        results::Answer::Loyal(l) => *l,
        other => panic!("{other:?}"),
    }
}

/// A branch with a head and a supervisor who leads 王敏 alone.
fn house() -> (House, StaffId, StaffId) {
    let mut house = House::on("2026-11-23");
    let head = house.add_staff(person("zhaohang", "赵行", Role::BranchManager));
    let lead = house.add_staff(person("zhoujg", "周建国", Role::AmSupervisor));
    let core = Connection::open(&house.path).unwrap();
    core.execute("UPDATE staff SET leader = ? WHERE id = ?", [lead.0, house.wang.0]).unwrap();
    core.execute("UPDATE setting SET value = CAST(value AS INTEGER) + 1 WHERE key = 'epoch'", []).unwrap();
    (house, head, lead)
}

/// A customer of somebody's, or of nobody, with an account since that day.
fn customer(house: &mut House, owner: Option<StaffId>, opened: Option<&str>) -> CustomerId {
    let name = format!("客户{}", house.rows().len());
    let id = house.create(Customer { name, owner, opened: opened.map(day), ..Customer::default() });
    let stamp = house.stamp();
    let mut bulk = house.file.load(BatchFile { name: "资产.csv".into(), hash: String::new() }, &stamp).unwrap();
    bulk.put_figures(id, &figures(day("2026-11-19"), 520_000)).unwrap();
    bulk.finish("").unwrap();
    id
}

#[test]
fn what_went_to_each_bank_is_what_the_transactions_say() {
    let (mut house, head, lead) = house();
    let (wang, li) = (house.wang, house.li);
    let of = [Some(wang), Some(wang), Some(li), None];
    let ids: Vec<CustomerId> = of.iter().map(|o| customer(&mut house, *o, None)).collect();
    // Customer, day, yuan, bank; told with the data of the Friday and of the Monday.
    let friday = [
        (0, "2026-11-17", -40_000, "工商银行"),
        (0, "2026-11-18", -30_000, "建设银行"),
        (1, "2026-11-18", -60_000, "工商银行"),
        (1, "2026-11-19", 90_000, "工商银行"),
        (2, "2026-11-19", -49_999, "农业银行"),
        (3, "2026-11-20", -80_000, ""),
        (3, "2026-11-20", -55_000, "农业银行"),
    ];
    let monday = [(0, "2026-11-21", -50_000, "建设银行"), (2, "2026-11-22", -1, "建设银行")];
    let core = Core::of(&house);
    for (as_of, came, rows) in [("2026-11-20", "2026-11-21", &friday[..]), ("2026-11-22", "2026-11-23", &monday[..])] {
        let n = core.batch(as_of, came, &ids);
        for (serial, (c, on, yuan, bank)) in rows.iter().enumerate() {
            core.book(n, ids[*c], on, &format!("{as_of}-{serial}"), *yuan, bank);
        }
        let stamp = house.stamp();
        again(&mut house.file, n, &stamp).unwrap();
    }
    Connection::open(&house.path).unwrap().execute("UPDATE batch SET layout = '交易' WHERE n > 4", []).unwrap();

    // Plainly: what went to other banks, of whoever moved 50,000 and more in all.
    let all = || friday.iter().chain(&monday).filter(|(_, _, yuan, bank)| *yuan < 0 && !bank.is_empty());
    let mut moved: BTreeMap<usize, i64> = BTreeMap::new();
    all().for_each(|(c, _, yuan, _)| *moved.entry(*c).or_default() -= yuan);
    let plain = |whose: &dyn Fn(usize) -> bool| {
        let mut banks: BTreeMap<&str, (i64, BTreeSet<usize>)> = BTreeMap::new();
        for (c, _, yuan, bank) in all().filter(|(c, ..)| moved[c] >= 50_000 && whose(*c)) {
            let (sum, customers) = banks.entry(bank).or_default();
            *sum -= yuan;
            customers.insert(*c);
        }
        let mut banks: Vec<_> = banks.into_iter().map(|(b, (sum, c))| (b.to_owned(), sum, c.len())).collect();
        banks.sort_by_key(|(_, sum, _)| -sum);
        banks
    };
    let told = |o: &Outflow| -> Vec<(String, i64, usize)> {
        let name = |b: &Bank| match b {
            Bank::Named(name) => name.clone(),
            Bank::Rest => "rest".to_owned(),
        };
        o.banks().iter().map(|w| (name(&w.by), w.sum.0 / 100, w.customers)).collect()
    };
    let whole = outflow(&mut house, head, 30);
    assert_eq!((whole.reach, whole.as_of), (Reach::Branch, Some(day("2026-11-22"))));
    assert_eq!(told(&whole), plain(&|_| true));
    assert_eq!(whole.total().sum, Fen::of_yuan(285_000));
    // The manager sees their own, the supervisor those of who reports to them, nobody's only the head.
    for by in [wang, lead] {
        assert_eq!(told(&outflow(&mut house, by, 30)), plain(&|c| of[c] == Some(wang)));
    }
    assert_eq!(told(&outflow(&mut house, li, 30)), plain(&|c| of[c] == Some(li)));
    // A short period has what was told in it: the line of Monday.
    let short = outflow(&mut house, head, 2);
    let sums: Vec<_> = short.customers(None, None).iter().map(|g| (g.who.id, g.sum.0 / 100)).collect();
    assert_eq!(sums, [(ids[0], 50_000), (ids[2], 50_000)]);
}

#[test]
fn a_line_that_somebody_dealt_with_is_not_open() {
    let (mut house, head, _) = house();
    let wang = house.wang;
    let id = customer(&mut house, Some(wang), None);
    let core = Core::of(&house);
    let n = core.batch("2026-11-20", "2026-11-23", &[id]);
    core.book(n, id, "2026-11-17", "1", -90_000, "工商银行");
    let stamp = house.stamp();
    again(&mut house.file, n, &stamp).unwrap();
    assert_eq!(outflow(&mut house, head, 30).total().open, 1);
    let key = house.mine().into_iter().find(|i| i.source == Source::Movement).unwrap().key;
    house.mark(&key, Mark::Done, "");
    let o = outflow(&mut house, head, 30);
    assert_eq!((o.total().open, o.total().customers), (0, 1));
    assert_eq!(o.customers(None, None)[0].open, 0);
}

/// A loan as it was made up: customer, day, sums in yuan, and the days overdue that each file said.
struct Made {
    customer: usize,
    on: NaiveDate,
    lent: i64,
    late: Vec<u32>,
}

/// Numbers that are the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

#[test]
fn who_stays_and_borrows_again_is_what_the_loans_say() {
    let (mut house, head, lead) = house();
    let today = house.today;
    let keepers = [Some(house.wang), Some(house.li), Some(house.zhao), None];
    let mut dice = Dice(7);
    let ago = |days: u64| today - chrono::Days::new(days);
    let people: Vec<(Option<StaffId>, Option<NaiveDate>, CustomerId)> = (0..40)
        .map(|n| {
            let owner = keepers[n % 4];
            let opened = (dice.below(3) > 0).then(|| ago(dice.below(3_000)));
            let text = opened.map(|d| d.to_string());
            (owner, opened, customer(&mut house, owner, text.as_deref()))
        })
        .collect();
    let made: Vec<Made> = (0..60)
        .map(|_| Made {
            customer: usize::try_from(dice.below(36)).unwrap(),
            // Twenty days in all, so that some fall together.
            on: ago(dice.below(20) * 97),
            lent: i64::try_from(1 + dice.below(50)).unwrap() * 10_000,
            late: (0..1 + dice.below(3)).map(|_| if dice.below(6) == 0 { 20 } else { 0 }).collect(),
        })
        .collect();
    let core = Connection::open(&house.path).unwrap();
    for (n, as_of, state) in [
        (901, 20_260_920, "current"),
        (902, 20_261_020, "current"),
        (903, 20_261_120, "current"),
        (904, 20_261_122, "staged"),
    ] {
        core.execute(
            "INSERT INTO batch (id, at, by, name, hash, summary, n, as_of, layout, state)
             VALUES (?1, '2026-11-22T06:00:00', 0, 'x', 'x' || ?1, '', ?1, ?2, '贷款', ?3)",
            params![n, as_of, state],
        )
        .unwrap();
    }
    let lend = |c: CustomerId, no: &str, since: i64, until: Option<i64>, yuan: i64, on: NaiveDate, late: u32| {
        let on: i64 = on.format("%Y%m%d").to_string().parse().unwrap();
        let class = if late > 0 { Class::Watch } else { Class::Normal };
        core.execute(
            "INSERT INTO loan VALUES (?, ?, 0, ?, ?, '经营贷', ?, ?, ?, NULL, NULL, NULL, ?, ?, '', '', '')",
            params![c.0, no, since, until, yuan * 100, yuan * 50, on, late, class.rank()],
        )
        .unwrap();
    };
    for (at, m) in made.iter().enumerate() {
        let id = people[m.customer].2;
        for (n, late) in m.late.iter().enumerate() {
            let n = i64::try_from(n).unwrap();
            // The newest version stands: nothing that counts has replaced it.
            let last = usize::try_from(n).unwrap() + 1 == m.late.len();
            lend(id, &format!("JK{at}"), 901 + n, (!last).then_some(902 + n), m.lent, m.on, *late);
        }
    }
    // A file that is still coming in brings a first loan to one and a second to another; neither counts.
    lend(people[39].2, "NEW1", 904, None, 10_000, today, 0);
    lend(people[made[0].customer].2, "NEW2", 904, None, 10_000, ago(1_999), 0);

    let year_ago = today - chrono::Months::new(12);
    let plain = |whose: &dyn Fn(Option<StaffId>) -> bool| {
        let mut days: BTreeMap<usize, Vec<NaiveDate>> = BTreeMap::new();
        made.iter()
            .filter(|m| whose(people[m.customer].0))
            .for_each(|m| days.entry(m.customer).or_default().push(m.on));
        let again = |until: NaiveDate| {
            days.values().filter(|d| d.iter().filter(|x| **x <= until).collect::<BTreeSet<_>>().len() > 1).count()
        };
        let before = days.values().filter(|d| d.iter().any(|x| *x <= year_ago)).count();
        let new: Vec<bool> = days
            .values()
            .flat_map(|d| d.iter().filter(|x| **x > year_ago).map(move |x| d.iter().any(|y| y < x)))
            .collect();
        let full = |years: i32| {
            let since = |c: usize| people[c].1.into_iter().chain(days[&c].iter().copied()).min().unwrap();
            days.keys().filter(|c| since(**c) + chrono::Months::new(12 * years.unsigned_abs()) <= today).count()
        };
        [
            days.len(),
            again(today),
            before,
            again(year_ago),
            new.len(),
            new.iter().filter(|x| **x).count(),
            full(3),
            full(5),
        ]
    };
    let told = |l: &Loyal| {
        let r = &l.all;
        let counts =
            [r.borrowers, r.again, r.borrowers_before, r.again_before, r.lent, r.lent_again, r.with(3), r.with(5)];
        counts.map(|n| usize::try_from(n).unwrap())
    };
    let whole = loyal(&mut house, head);
    assert_eq!(
        (whole.reach, whole.since, whole.as_of),
        (Reach::Branch, Some(day("2026-09-20")), Some(day("2026-11-20")))
    );
    assert_eq!(told(&whole), plain(&|_| true));
    assert!(told(&whole).iter().all(|n| *n > 0), "{:?}", told(&whole));
    for (keeper, rate) in &whole.keepers {
        let one = Loyal { all: *rate, ..whole.clone() };
        assert_eq!(told(&one), plain(&|k| k == *keeper), "{keeper:?}");
    }
    let (wang, li) = (house.wang, house.li);
    for (by, keeper) in [(wang, wang), (li, li), (lead, wang)] {
        assert_eq!(told(&loyal(&mut house, by)), plain(&|k| k == Some(keeper)));
    }
    // The list says of each what the loans say.
    assert_eq!(whole.with(3, None).count(), told(&whole)[6]);
    for long in whole.with(1, None) {
        let at = people.iter().position(|p| p.2 == long.who.id).unwrap();
        let own: Vec<&Made> = made.iter().filter(|m| m.customer == at).collect();
        let lent: i64 = own.iter().map(|m| m.lent).sum();
        assert_eq!((long.history.lent, long.balance), (Fen::of_yuan(lent), Fen(lent * 50)));
        let late = own.iter().filter(|m| m.late.iter().any(|d| *d > 0)).count();
        let now = own.iter().filter(|m| *m.late.last().unwrap() > 0).count();
        assert_eq!((long.history.late_ever as usize, long.history.late_now as usize), (late, now));
        assert_eq!(long.history.first_loan, own.iter().map(|m| m.on).min());
        // What the archive says is the same.
        assert_eq!(long.history.loans as usize, own.len());
    }
}

fn scores(house: &mut House, by: StaffId, month: &str) -> Scores {
    match asked(house, by, What::Scores(parse_month(month).unwrap())) {
        results::Answer::Scores(x) => *x,
        other => panic!("{other:?}"),
    }
}

fn credit(house: &mut House, by: StaffId, month: &str) -> Credit {
    match asked(house, by, What::Credit(parse_month(month).unwrap())) {
        results::Answer::Credit(c) => *c,
        other => panic!("{other:?}"),
    }
}

fn of(x: &Scores, who: StaffId) -> [Option<u32>; 4] {
    let reached = x.people.iter().find(|(id, _)| *id == who).unwrap().1;
    Metric::ALL.map(|m| reached.value(m))
}

#[test]
fn what_a_month_reached_is_counted_from_its_own_rows() {
    let (mut house, head, lead) = house();
    let (wang, li) = (house.wang, house.li);
    // October: one customer begun, two contacts, of which one was not answered.
    house.today = day("2026-10-30");
    let old = customer(&mut house, Some(wang), None);
    let other = customer(&mut house, Some(li), None);
    house.log(old, Outcome::Reached, None, None);
    house.log(old, Outcome::NoAnswer, None, None);
    // November: two contacts by 王敏 with whomever, two archives begun, three rises of which one is nobody's.
    house.today = day("2026-11-02");
    house.log(old, Outcome::Reached, None, None);
    house.log(other, Outcome::Refused, None, None);
    house.log(other, Outcome::NoAnswer, None, None);
    let young = customer(&mut house, Some(wang), Some("2019-01-01"));
    let nobodys = customer(&mut house, None, None);
    house.today = day("2026-11-23");
    let core = Connection::open(&house.path).unwrap();
    // The extracts brought one of years ago, and one whose account was opened this month.
    for (id, opened) in [(young, 20_190_101), (nobodys, 20_261_110)] {
        let sql = "UPDATE customer SET created_batch = (SELECT min(id) FROM batch), opened = ? WHERE id = ?";
        core.execute(sql, params![opened, id.0]).unwrap();
    }
    for (id, on, from, to) in [
        (old, 20_261_120, 2, 3),
        (old, 20_261_103, 1, 2),
        (other, 20_261_120, 3, 2),
        (other, 20_261_031, 2, 3),
        (young, 20_261_120, -1, 3),
        (nobodys, 20_261_120, 0, 1),
    ] {
        core.execute(
            "INSERT OR REPLACE INTO tier_move VALUES (?, ?, ?, ?, ?, '{}', 0)",
            params![id.0, on, format!("{on}"), from, to],
        )
        .unwrap();
    }
    core.execute("DELETE FROM tier_move WHERE why <> '{}'", []).unwrap();
    // What matured: 30万 of which 20万 is recorded as kept; what matures today is not over.
    let facts = Core::of(&house);
    let n = facts.batch("2026-10-20", "2026-10-21", &[]);
    facts.hold(n, old, "CD1", 200_000, "2025-11-10", "2026-11-10");
    facts.hold(n, old, "CD2", 100_000, "2025-11-12", "2026-11-12");
    facts.hold(n, old, "CD3", 900_000, "2025-11-23", "2026-11-23");
    facts.hold(n, old, "CD4", 900_000, "2025-10-31", "2026-10-31");
    let bricks =
        house.ask(Ask::Agenda(agenda::Ask::Bricks { scope: Scope::Mine, staff: wang, today: house.today, day: None }));
    let Answer::Agenda(agenda::Answer::Bricks(_, bricks, _)) = bricks else { panic!("{bricks:?}") };
    let key = bricks.iter().find(|b| b.amount == Fen::of_yuan(200_000)).unwrap().key.clone();
    house.mark(&key, Mark::Done, "续存");

    let whole = scores(&mut house, head, "2026-11");
    assert_eq!((whole.reach, whole.to), (Reach::Branch, day("2026-11-23")));
    assert_eq!(of(&whole, wang), [Some(2), Some(0), Some(1), Some(66)]);
    assert_eq!(of(&whole, li), [Some(0), Some(0), Some(0), None]);
    // All together with what nobody keeps: the archive of an account opened this month, and its rise.
    assert_eq!(Metric::ALL.map(|m| whole.all.value(m)), [Some(2), Some(1), Some(2), Some(66)]);
    let before = scores(&mut house, head, "2026-10");
    assert_eq!(of(&before, wang), [Some(1), Some(1), Some(0), Some(0)]);
    assert_eq!(of(&before, li), [Some(0), Some(1), Some(1), None]);
    assert_eq!(before.to, day("2026-10-31"));
    // A manager sees their own, a supervisor those who report to them.
    let mine = scores(&mut house, wang, "2026-11");
    assert_eq!((mine.people.len(), of(&mine, wang)[0], mine.all.lifted), (1, Some(2), 1));
    let team: Vec<StaffId> = scores(&mut house, lead, "2026-11").people.iter().map(|(id, _)| *id).collect();
    assert_eq!(team, [wang, lead]);
    // Of a month to come nothing is reached.
    assert_eq!(of(&scores(&mut house, head, "2026-12"), wang), [Some(0), Some(0), Some(0), None]);
}

#[test]
fn targets_are_laid_down_by_who_may_and_stand_in_the_log() {
    let (mut house, head, _) = house();
    let (wang, today) = (house.wang, house.today);
    let stamp = |by| Stamp::new(by, crate::house::at(today), today);
    let ask = |goal, by| {
        let targets = vec![(Whose::Person("wangmin".into()), None, Metric::Contacts, goal)];
        Ask::Workbench(workbench::Ask::KeepTargets { targets, stamp: stamp(by) })
    };
    let told = refused(house.ask(ask(Some(40), wang)));
    assert!(told.contains("改网点设置"), "{told}");
    house.ask(ask(Some(40), head));
    let person = house.workbench().staff.into_iter().find(|s| s.id == wang).unwrap();
    let month = parse_month("2026-11").unwrap();
    assert_eq!(scores(&mut house, wang, "2026-11").targets.of(&person, month, Metric::Contacts), Some(40));
    let seq = house.workbench().seq;
    house.ask(ask(Some(40), head));
    assert_eq!(house.workbench().seq, seq, "laid down twice it is no change");
    house.ask(ask(None, head));
    assert!(house.workbench().targets.is_empty());
    let core = Connection::open(&house.path).unwrap();
    let log: String = core
        .query_row(
            "SELECT group_concat(before || after) FROM change WHERE entity = 'branch' AND seq >= ?",
            [seq],
            |r| r.get(0),
        )
        .unwrap();
    assert!(log.contains("targets wangmin * contacts") && log.contains("40"), "{log}");
    let share = |percent, by| Ask::Workbench(workbench::Ask::KeepIntroducer { percent, stamp: stamp(by) });
    assert!(refused(house.ask(share(101, head))).contains("0 到 100"));
    assert!(!refused(house.ask(share(30, wang))).is_empty());
    house.ask(share(30, head));
    assert_eq!(house.workbench().introducer, 30);
}

#[test]
fn an_accepted_hand_over_is_split_between_who_brought_and_who_took_the_customer() {
    let (mut house, head, lead) = house();
    let (wang, li, zhao, today) = (house.wang, house.li, house.zhao, house.today);
    let stamp = |by| Stamp::new(by, crate::house::at(today), today);
    let ids: Vec<CustomerId> = (0..3).map(|_| customer(&mut house, Some(li), None)).collect();
    for (at, (id, to, accept)) in
        [(ids[0], wang, true), (ids[1], zhao, true), (ids[2], wang, false)].into_iter().enumerate()
    {
        let op = house.op();
        let ask = K::Propose { op, customer: id, to, seen: i64::MAX, reason: "升级".into(), stamp: stamp(li) };
        house.ask(Ask::Keepers(ask));
        let core = Connection::open(&house.path).unwrap();
        let row = core.query_row("SELECT id FROM hand_over WHERE customer = ?", [id.0], |r| r.get(0)).unwrap();
        let op = house.op();
        let reply = K::Reply { op, row, accept, reason: "太远".into(), stamp: stamp(to) };
        assert!(matches!(house.ask(Ask::Keepers(reply)), Answer::Keepers(_)), "{at}");
    }
    let whole = credit(&mut house, head, "2026-11");
    let parts =
        |c: &Credit| c.parts().iter().map(|(id, p)| (*id, p.brought, p.taken, p.credit, p.assets)).collect::<Vec<_>>();
    let half = Fen::of_yuan(260_000);
    assert_eq!(parts(&whole), [(li, 2, 0, 100, Fen::of_yuan(520_000)), (wang, 0, 1, 50, half), (zhao, 0, 1, 50, half)]);
    // The introducer is credited, and told no assets of whom they no longer open.
    assert_eq!(parts(&credit(&mut house, li, "2026-11")), [(li, 2, 0, 100, Fen::ZERO)]);
    assert_eq!(parts(&credit(&mut house, lead, "2026-11")), [(wang, 0, 1, 50, half)]);
    house.ask(Ask::Workbench(workbench::Ask::KeepIntroducer { percent: 30, stamp: stamp(head) }));
    let other = credit(&mut house, head, "2026-11");
    assert_eq!(parts(&other)[0], (wang, 0, 1, 70, Fen::of_yuan(364_000)));
    assert!(credit(&mut house, head, "2026-10").handed.is_empty());
}
