//! What the extracts say of a customer, as it is read: in versions by batch, each layout of its day; transactions looked for.

use crate::house::{House, day};
use guitai::domain::customer::Customer;
use guitai::domain::dealings::books::{Books, Found};
use guitai::domain::dealings::holding::Holding;
use guitai::domain::dealings::loan::{Class, Loan};
use guitai::domain::dealings::rating::Rating;
use guitai::domain::dealings::service::Service;
use guitai::domain::dealings::txn::Txn;
use guitai::domain::ids::CustomerId;
use guitai::domain::values::money::Fen;
use guitai::store::dealings::given::{Fact, Given};
use guitai::store::dealings::{Answer, Ask};
use guitai::store::request;
use rusqlite::Connection;

fn house() -> (House, CustomerId, CustomerId) {
    let mut house = House::on("2026-11-21");
    let mut person =
        |no: &str, name: &str| house.create(Customer { no: no.into(), name: name.into(), ..Customer::default() });
    let (zhang, he) = (person("6000000001", "张山河"), person("6000000002", "何芬"));
    (house, zhang, he)
}

fn holding(contract: &str, yuan: i64, ends: &str) -> Fact {
    Fact::Holding(Holding {
        product: "DEP1Y".into(),
        contract: contract.into(),
        amount: Fen::of_yuan(yuan),
        begins: None,
        ends: ends.parse().ok(),
        rate: Some(135),
        state: "正常".into(),
    })
}

fn loan(balance: i64, overdue: u32, class: Class) -> Fact {
    Fact::Loan(Loan {
        no: "JJ1".into(),
        product: "农户小额贷".into(),
        lent: Fen::of_yuan(80_000),
        balance: Fen::of_yuan(balance),
        lent_on: Some(day("2025-04-29")),
        ends: Some(day("2027-04-19")),
        next_due: Some(day("2026-12-01")),
        instalment: Some(Fen::of_yuan(3_373)),
        overdue,
        class,
        purpose: "装修".into(),
        method: "等额本息".into(),
        repays: String::new(),
    })
}

fn txn(on: &str, serial: &str, yuan: i64, bank: &str, note: &str) -> Fact {
    Fact::Txn(Txn {
        day: day(on),
        serial: serial.into(),
        amount: Fen::of_yuan(yuan),
        channel: "转账".into(),
        bank: bank.into(),
        note: note.into(),
    })
}

fn give(house: &mut House, layout: &'static str, as_of: &str, facts: Vec<(CustomerId, Fact)>) {
    let given = Given { name: format!("{layout}.csv"), layout, as_of: day(as_of), facts };
    let stamp = house.stamp();
    house.file.give(&given, &stamp).unwrap();
}

fn books(house: &mut House, customer: CustomerId) -> Books {
    let today = house.today;
    match house.ask(request::Ask::Dealings(Ask::Books { customer, today })) {
        request::Answer::Dealings(Answer::Books(books)) => *books,
        other => panic!("{other:?}"),
    }
}

fn find(house: &mut House, customer: CustomerId, text: &str, before: Option<(&str, &str)>) -> Found {
    let today = house.today;
    let before = before.map(|(on, serial)| (day(on), serial.to_owned()));
    match house.ask(request::Ask::Dealings(Ask::Txns { customer, text: text.into(), today, before })) {
        request::Answer::Dealings(Answer::Txns { found, .. }) => *found,
        other => panic!("{other:?}"),
    }
}

/// The contracts with the day since which they are gone.
fn told(books: &Books) -> Vec<String> {
    let gone = |d: Option<chrono::NaiveDate>| d.map(|d| format!(" gone {d}")).unwrap_or_default();
    books.holdings.iter().map(|h| format!("{} {}{}", h.fact.contract, h.fact.amount.0 / 100, gone(h.gone))).collect()
}

#[test]
fn a_holding_is_read_as_the_newest_list_has_it_and_one_that_is_gone_says_since_when() {
    let (mut house, zhang, he) = house();
    assert_eq!(books(&mut house, zhang).dates.holdings, None);
    give(
        &mut house,
        "持有",
        "2026-10-20",
        vec![
            (zhang, holding("HT2", 20, "2027-02-01")),
            (zhang, holding("HT1", 10, "2026-11-10")),
            (he, holding("HT3", 5, "")),
        ],
    );
    assert_eq!(told(&books(&mut house, zhang)), ["HT1 10", "HT2 20"], "by the day they end");
    give(
        &mut house,
        "持有",
        "2026-11-20",
        vec![(zhang, holding("HT2", 25, "2027-02-01")), (he, holding("HT3", 5, ""))],
    );
    let b = books(&mut house, zhang);
    assert_eq!(told(&b), ["HT2 25", "HT1 10 gone 2026-11-20"]);
    assert_eq!((b.held(), b.dates.holdings), ((Fen::of_yuan(25), 1), Some(day("2026-11-20"))));
    assert_eq!(b.dates.loans, None, "each layout has its own day");
    assert_eq!(told(&books(&mut house, he)), ["HT3 5"]);
}

#[test]
fn what_is_staged_is_not_seen_until_it_is_current() {
    let (mut house, zhang, he) = house();
    // Without it the second list would lack more than half of the first and end nothing.
    let other = || (he, holding("HT3", 5, ""));
    give(&mut house, "持有", "2026-10-20", vec![(zhang, holding("HT1", 10, "2027-01-01")), other()]);
    give(&mut house, "持有", "2026-11-20", vec![(zhang, holding("HT2", 20, "2027-02-01")), other()]);
    let conn = Connection::open(&house.path).unwrap();
    let n: i64 = conn.query_row("SELECT max(n) FROM batch", [], |r| r.get(0)).unwrap();
    conn.execute("UPDATE batch SET state = 'staged' WHERE n = ?", [n]).unwrap();
    let b = books(&mut house, zhang);
    assert_eq!(told(&b), ["HT1 10"], "neither what it brings nor what it ends");
    assert_eq!(b.dates.holdings, Some(day("2026-10-20")));
    conn.execute("UPDATE batch SET state = 'current' WHERE n = ?", [n]).unwrap();
    assert_eq!(told(&books(&mut house, zhang)), ["HT2 20", "HT1 10 gone 2026-11-20"]);
}

#[test]
fn the_record_of_a_loan_remembers_its_worst_day_and_accounts_are_read_together() {
    let (mut house, zhang, he) = house();
    give(&mut house, "贷款", "2026-09-20", vec![(zhang, loan(30_000, 35, Class::Watch))]);
    give(&mut house, "贷款", "2026-10-20", vec![(zhang, loan(20_000, 0, Class::Normal))]);
    give(
        &mut house,
        "评级",
        "2026-10-20",
        vec![(zhang, Fact::Rating(Rating { day: day("2025-04-29"), grade: "AA".into(), credit: None }))],
    );
    let service = |state: &str| Fact::Service(Service { name: "手机银行".into(), state: state.into(), day: None });
    give(&mut house, "签约", "2026-10-20", vec![(zhang, service("已签约"))]);
    let b = books(&mut house, zhang);
    let (l, record) = &b.loans[0];
    assert_eq!((l.fact.balance, l.fact.overdue, l.fact.class), (Fen::of_yuan(20_000), 0, Class::Normal));
    assert_eq!((record.worst, record.late), (Class::Watch, 35));
    assert_eq!((b.ratings[0].grade.as_str(), b.services[0].fact.state.as_str()), ("AA", "已签约"));
    // The archive of 何芬 was merged into this one: her facts are told by the account.
    give(&mut house, "持有", "2026-10-20", vec![(zhang, holding("HT1", 10, "2027-01-01"))]);
    let conn = Connection::open(&house.path).unwrap();
    conn.execute(
        "INSERT INTO holding SELECT customer, contract, ?, since, until, product, amount, begins, ends, rate, state FROM holding",
        [he.0],
    )
    .unwrap();
    assert_eq!(books(&mut house, zhang).held(), (Fen::of_yuan(20), 2));
}

#[test]
fn transactions_are_summed_by_month_and_found_by_what_is_typed() {
    let (mut house, zhang, he) = house();
    give(
        &mut house,
        "交易",
        "2026-11-20",
        vec![
            (zhang, txn("2026-11-20", "3", -20_000, "建设银行", "转出")),
            (zhang, txn("2026-11-10", "2", 8_100, "", "工资")),
            (zhang, txn("2026-10-10", "1", 8_000, "", "工资")),
            (zhang, txn("2025-10-10", "0", 7_000, "", "工资")),
            (he, txn("2026-11-20", "9", 1, "建设银行", "别人的")),
        ],
    );
    let b = books(&mut house, zhang);
    assert_eq!((b.txns_total, b.txns.len(), b.months.len()), (4, 4, 13));
    let last = b.months.last().unwrap();
    assert_eq!(
        (last.first, last.came, last.went, last.count),
        (day("2026-11-01"), Fen::of_yuan(8_100), Fen::of_yuan(20_000), 2)
    );
    assert_eq!(b.months[0].first, day("2025-11-01"), "older ones are listed but in no month");
    let sums = |f: Found| (f.total, f.came.0 / 100, f.went.0 / 100, f.more);
    assert_eq!(sums(find(&mut house, zhang, "", None)), (4, 23_100, 20_000, false));
    assert_eq!(sums(find(&mut house, zhang, "工资", None)), (3, 23_100, 0, false));
    assert_eq!(sums(find(&mut house, zhang, "工资 2026-10", None)), (1, 8_000, 0, false));
    assert_eq!(sums(find(&mut house, zhang, "建设", None)), (1, 0, 20_000, false));
    assert_eq!(sums(find(&mut house, zhang, ">1万", None)), (1, 0, 20_000, false));
    assert_eq!(sums(find(&mut house, zhang, "100%_", None)), (0, 0, 0, false), "nothing typed is a pattern");
}

/// 5,000 transactions of a customer over thirteen months.
fn many(house: &mut House, customer: CustomerId) {
    let facts = (0..5_000)
        .map(|n| {
            let on = day("2026-11-20") - chrono::Days::new(n / 13);
            (
                customer,
                txn(&on.to_string(), &format!("{n:05}"), 100, "建设银行", if n % 7 == 0 { "工资" } else { "转账" }),
            )
        })
        .collect();
    give(house, "交易", "2026-11-20", facts);
}

#[test]
fn pages_go_on_where_the_last_one_ended_and_leave_nothing_out() {
    let (mut house, zhang, _) = house();
    many(&mut house, zhang);
    let first = books(&mut house, zhang);
    assert_eq!((first.txns.len(), first.txns_total), (200, 5_000));
    let mut all = first.txns.clone();
    loop {
        let last = all.last().unwrap();
        let page = find(&mut house, zhang, "", Some((&last.day.to_string(), &last.serial)));
        assert_eq!(page.total, 5_000);
        let more = page.more;
        all.extend(page.txns);
        if !more {
            break;
        }
    }
    let mut keys: Vec<_> = all.iter().map(|t| (t.day, t.serial.clone())).collect();
    assert_eq!(keys.len(), 5_000);
    assert!(keys.windows(2).all(|w| w[0] > w[1]), "newest first");
    keys.dedup();
    assert_eq!(keys.len(), 5_000);
}

/// Opening an archive with 5,000 transactions, and looking for one: `cargo test --release --test store five_thousand -- --ignored --nocapture`.
#[test]
#[ignore = "times an archive with 5,000 transactions"]
fn an_archive_with_five_thousand_transactions_opens_in_twenty_milliseconds() {
    let (mut house, zhang, _) = house();
    many(&mut house, zhang);
    books(&mut house, zhang);
    let time = |what: &str, work: &mut dyn FnMut()| {
        let mut times: Vec<f64> = (0..21)
            .map(|_| {
                let began = std::time::Instant::now();
                work();
                began.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{what}: median {:.2} ms, worst {:.2} ms", times[10], times[20]);
        times[10]
    };
    let today = house.today;
    let open = time("archive and books", &mut || {
        house.open(zhang);
        books(&mut house, zhang);
    });
    let look = time("search", &mut || {
        find(&mut house, zhang, "工资 2026-10", None);
        find(&mut house, zhang, "没有的", None);
    });
    let _ = today;
    assert!(open < 20.0 && look < 20.0);
}
