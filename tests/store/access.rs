//! The log of looks: written with the next save or soon, each once, also after a power cut; and how many masked values one person may
//! have shown in a day.

use crate::house::{House, at, day, save};
use crate::outbox::{Window, address, count, outbox, reopened};
use guitai::domain::ids::{CustomerId, OpId};
use guitai::store::access::{self, Action, Line, MANY};
use guitai::store::drive::Gate;
use guitai::store::outbox::Outbox;
use guitai::store::request::{Answer, Ask, Stamp, Ticket};
use guitai::store::worker::Said;

const LOOKS: &str = "SELECT count(*) FROM change WHERE entity = 'access'";

fn note(op: i64, action: Action, of: CustomerId, house: &House) -> Ask {
    let line = Line::new(action, at(house.today)).of(of);
    Ask::Access(access::Ask::Note { op: OpId(op), lines: vec![line], stamp: house.stamp() })
}

fn noted(said: &Said) {
    assert!(matches!(said, Said::Answer(_, Answer::Access(access::Answer::Noted))), "{said:?}");
}

fn reveal(op: i64, of: CustomerId, stamp: Stamp) -> Ask {
    let (field, reason) = ("phone".to_owned(), "电话联系客户".to_owned());
    Ask::Access(access::Ask::Reveal { op: OpId(op), customer: of, field, reason, stamp })
}

#[test]
fn a_line_says_who_looked_at_what_and_why_and_is_no_news_to_anybody() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let seq = house.workbench().seq;
    let line = Line::new(Action::Export, at(house.today)).rows(12).to("find --csv").because("合规检查");
    let ask = access::Ask::Note { op: OpId(900), lines: vec![line], stamp: house.stamp() };
    assert!(matches!(house.ask(Ask::Access(ask)), Answer::Access(access::Answer::Noted)));
    house.ask(reveal(901, id, house.stamp()));
    let file = rusqlite::Connection::open(&house.path).unwrap();
    let rows: Vec<(i64, String, String, Option<i64>, String, String)> = file
        .prepare("SELECT by, at, entity, customer, after, reason FROM change WHERE seq > ?")
        .unwrap()
        .query_map([seq], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let (by, at) = (house.wang.0, "2026-11-20T09:00:00".to_owned());
    let export = r#"{"action":"export","rows":"12","target":"find --csv"}"#.to_owned();
    let phone = r#"{"action":"reveal","field":"phone"}"#.to_owned();
    let access = || "access".to_owned();
    assert_eq!(
        rows,
        [
            (by, at.clone(), access(), None, export, "合规检查".to_owned()),
            (by, at, access(), Some(id.0), phone, "电话联系客户".to_owned())
        ]
    );
    assert!(house.open(id).changes.iter().all(|c| c.entity.code() != "access"));
}

#[test]
fn looks_wait_for_the_next_save_and_are_written_with_it_each_once() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let window = Window::on(&house, Gate::open());
    for op in 1..=3 {
        window.worker.ask(Ticket(9), note(900 + op, Action::View, id, &house));
        noted(&window.next());
    }
    assert_eq!(count(&house.path, LOOKS), 0, "a look is not worth a save of its own");
    window.worker.ask(Ticket(1), address(950, id, "", "一", &house));
    assert!(matches!(window.next(), Said::Answer(Ticket(1), Answer::Customers(_))));
    assert_eq!(count(&house.path, LOOKS), 3);
    drop(window);
    assert!(reopened(&house).waiting().unwrap().is_empty());
    assert_eq!(count(&house.path, LOOKS), 3);
}

#[test]
fn a_save_that_is_refused_loses_no_look() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let window = Window::on(&house, Gate::open());
    window.worker.ask(Ticket(9), note(901, Action::View, id, &house));
    noted(&window.next());
    window.worker.ask(Ticket(1), save(OpId(950), id, 1, &[("phone", "", "1")], house.stamp()));
    assert!(matches!(window.next(), Said::Answer(Ticket(1), Answer::Failed(_))));
    window.worker.ask(Ticket(2), address(951, id, "", "一", &house));
    assert!(matches!(window.next(), Said::Answer(Ticket(2), Answer::Customers(_))));
    assert_eq!(count(&house.path, LOOKS), 1);
}

#[test]
fn many_looks_and_one_who_signs_out_wait_for_no_save() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let many = i64::try_from(MANY).unwrap();
    for (n, action) in [(many, Action::View), (1, Action::SignOut)] {
        let before = count(&house.path, LOOKS);
        let window = Window::on(&house, Gate::open());
        for op in 0..n {
            window.worker.ask(Ticket(9), note(1000 + before + op, action, id, &house));
            noted(&window.next());
        }
        while count(&house.path, LOOKS) < before + n {
            std::thread::yield_now();
        }
        drop(window);
        drop(reopened(&house));
        assert_eq!(count(&house.path, LOOKS), before + n);
    }
}

#[test]
fn who_leaves_the_program_and_whom_the_power_leaves_lose_no_look() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 1);
    let window = Window::on(&house, Gate::open());
    window.worker.ask(Ticket(9), note(901, Action::View, id, &house));
    noted(&window.next());
    drop(window);
    drop(reopened(&house));
    assert_eq!(count(&house.path, LOOKS), 1);
    // A dead window left one that is in the file already, and one that is not.
    let dead = Outbox::open(&outbox(&house)).unwrap();
    for op in [901, 902] {
        dead.put(OpId(op), &note(op, Action::View, id, &house)).unwrap();
    }
    drop(dead);
    drop(Window::on(&house, Gate::open()));
    assert!(reopened(&house).waiting().unwrap().is_empty());
    assert_eq!(count(&house.path, LOOKS), 2);
}

#[test]
fn a_line_has_the_second_word_it_was_written_with_and_whether_only_a_name_was_given() {
    let mut house = House::on("2026-11-20");
    let ask = |op, house: &House, second| {
        let lines = vec![Line::new(Action::Export, at(house.today)).rows(900).to("find")];
        Ask::Access(access::Ask::Note { op: OpId(op), lines, stamp: Stamp { second, ..house.stamp() } })
    };
    let (by_name, by_password) = (house.li, house.zhao);
    let key = guitai::store::key::Key::default();
    let password = guitai::domain::password::Password::new("Bai-yun-2028");
    let cost = guitai::store::slots::Cost::STAFF;
    let new = guitai::store::secret::New { staff: by_password, password: &password, cost };
    let own = Stamp { by: by_password, ..house.stamp() };
    guitai::store::secret::set(&mut house.file, &key, &new, &own).unwrap();
    for (op, second) in [(900, None), (901, Some(by_name)), (902, Some(by_password))] {
        let ask = ask(op, &house, second);
        assert!(matches!(house.ask(ask), Answer::Access(access::Answer::Noted)));
    }
    let file = rusqlite::Connection::open(&house.path).unwrap();
    let lines: Vec<(Option<String>, bool)> = file
        .prepare(
            "SELECT after ->> 'second', instr(after, 'second.unproved') > 0 FROM change WHERE after ->> 'rows' = '900'",
        )
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let id = |s: guitai::domain::ids::StaffId| Some(s.0.to_string());
    assert_eq!(lines, [(None, false), (id(by_name), true), (id(by_password), false)]);
}

#[test]
fn one_person_reveals_so_many_values_a_day_on_all_workstations_together() {
    let mut house = House::on("2026-11-20");
    house.settings(|s| s.reveals_daily = 3);
    let id = house.customer("甲", 1);
    let left = |answer| match answer {
        Answer::Access(access::Answer::Granted { left, .. }) => left,
        other => panic!("{other:?}"),
    };
    let wang = house.stamp();
    assert_eq!(left(house.ask(reveal(901, id, wang.clone()))), 2);
    assert_eq!(left(house.second().answer(&reveal(902, id, wang.clone()))), 1);
    assert_eq!(left(house.ask(reveal(902, id, wang.clone()))), 1, "asked again is not asked twice");
    assert_eq!(left(house.ask(reveal(903, id, wang.clone()))), 0);
    assert!(matches!(house.ask(reveal(904, id, wang.clone())), Answer::Access(access::Answer::Over { most: 3 })));
    assert_eq!(count(&house.path, LOOKS), 4, "three, and that a fourth was refused");
    let li = Stamp { by: house.li, ..wang.clone() };
    assert_eq!(left(house.ask(reveal(905, id, li))), 2, "a colleague has their own");
    let tomorrow = Stamp { at: at(day("2026-11-21")), ..wang };
    assert_eq!(left(house.ask(reveal(906, id, tomorrow))), 2);
}

#[test]
fn a_clock_that_is_put_back_gives_nobody_another_days_values() {
    let mut house = House::on("2026-11-20");
    house.settings(|s| s.reveals_daily = 3);
    let id = house.customer("甲", 1);
    let wang = house.stamp();
    let on = |date: &str| Stamp { at: at(day(date)), ..wang.clone() };
    let mut op = 900;
    let mut may = |house: &mut House, stamp: Stamp| {
        op += 1;
        match house.ask(reveal(op, id, stamp)) {
            Answer::Access(access::Answer::Granted { left, .. }) => Some(left),
            Answer::Access(access::Answer::Over { .. }) => None,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(may(&mut house, on("2026-11-19")), Some(2), "one yesterday");
    for left in [2, 1, 0] {
        assert_eq!(may(&mut house, on("2026-11-20")), Some(left), "yesterday's does not count today");
    }
    for date in ["2026-11-20", "2026-11-19", "2026-11-15", "2026-11-19", "2020-01-01", "1970-01-01", "2026-11-20"] {
        assert_eq!(may(&mut house, on(date)), None, "{date}");
        // Nor does asking again, now that the log has a line of that day.
        assert_eq!(may(&mut house, on(date)), None, "{date} again");
    }
    // Colleagues go on working, and that changes nothing.
    let li = Stamp { by: house.li, ..on("2026-11-20") };
    assert_eq!(may(&mut house, li.clone()), Some(2));
    assert_eq!((may(&mut house, on("2026-11-19")), may(&mut house, on("2026-11-20"))), (None, None));
    assert_eq!(may(&mut house, on("2026-11-21")), Some(2), "the next day is another day");
}

#[test]
fn what_was_dated_back_in_the_course_of_a_day_counts_on_that_day() {
    let mut house = House::on("2026-11-20");
    house.settings(|s| s.reveals_daily = 3);
    let id = house.customer("甲", 1);
    let wang = house.stamp();
    let left = |house: &mut House, op: i64, date: &str| match house.ask(reveal(
        op,
        id,
        Stamp { at: at(day(date)), ..wang.clone() },
    )) {
        Answer::Access(access::Answer::Granted { left, .. }) => Some(left),
        _ => None,
    };
    assert_eq!(left(&mut house, 901, "2026-11-20"), Some(2));
    assert_eq!(left(&mut house, 902, "2026-11-18"), Some(1));
    assert_eq!(left(&mut house, 903, "2026-11-20"), Some(0));
    assert_eq!(left(&mut house, 904, "2026-11-20"), None);
}

#[test]
fn a_clock_that_ran_ahead_costs_nobody_their_values_once_others_have_written_since() {
    let mut house = House::on("2026-11-20");
    house.settings(|s| s.reveals_daily = 2);
    let id = house.customer("甲", 1);
    let wang = house.stamp();
    let ask = |house: &mut House, op: i64, date: &str| {
        matches!(
            house.ask(reveal(op, id, Stamp { at: at(day(date)), ..wang.clone() })),
            Answer::Access(access::Answer::Granted { .. })
        )
    };
    assert!(ask(&mut house, 901, "2099-01-01") && ask(&mut house, 902, "2099-01-01"));
    assert!(!ask(&mut house, 903, "2026-11-20"), "nothing tells that the later day was the wrong one");
    let li = Stamp { by: house.li, ..house.stamp() };
    assert!(matches!(house.ask(reveal(904, id, li)), Answer::Access(access::Answer::Granted { .. })));
    assert!(ask(&mut house, 905, "2026-11-20"), "a colleague's line does");
}
