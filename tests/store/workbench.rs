//! Opening, settings, people, holidays, news of colleagues, and the worker's threads.

use crate::house::{House, day, person, refused, save, saved, station};
use guitai::domain::calendar::holidays::{Day, Holidays};
use guitai::domain::customer::Customer;
use guitai::domain::ids::OpId;
use guitai::domain::staff::{Prefs, Role};
use guitai::domain::tier::{Basis, Tier};
use guitai::domain::values::money::Fen;
use guitai::index::Index;
use guitai::store::drive::Gate;
use guitai::store::open::Mode;
use guitai::store::request::{Answer, Ask, Ticket};
use guitai::store::workbench::{self, Answer as A};
use guitai::store::worker::{Local, Said, Worker};
use guitai::store::{board, customers};

#[test]
fn a_new_branch_opens_with_its_name_first_colleague_and_shipped_holidays() {
    let mut house = House::on("2026-11-20");
    let opened = house.workbench();
    assert_eq!((opened.branch.as_str(), opened.staff.len(), opened.customers), ("玉溪支行", 3, 0));
    assert!(opened.holidays.covers(2026) && !opened.read_only && opened.seq == 3);
    assert_eq!(opened.settings, guitai::domain::settings::Settings::default());
}

#[test]
fn a_colleague_with_a_known_code_is_refused() {
    let mut house = House::on("2026-11-20");
    for (code, name) in [("WangMin", "另一个"), ("", "无"), ("a b", "空"), ("王敏", "王"), ("x", " ")] {
        let (staff, stamp) = (Box::new(person(code, name, Role::LobbyManager)), house.stamp());
        refused(house.ask(Ask::Workbench(workbench::Ask::AddStaff { staff, stamp })));
    }
    assert_eq!(house.workbench().staff.len(), 3);
}

#[test]
fn choices_follow_a_colleague_to_any_workstation() {
    let mut house = House::on("2026-11-20");
    let prefs = Prefs { theme: Some("dark".to_owned()), ..Prefs::default() };
    let (staff, stamp) = (house.li, house.stamp());
    house.keep(workbench::Ask::KeepPrefs { staff, prefs: prefs.clone(), stamp });
    match house.second().answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(A::Opened(o)) => assert_eq!(o.staff.iter().find(|s| s.id == staff).unwrap().prefs, prefs),
        other => panic!("{other:?}"),
    }
}

#[test]
fn new_settings_derive_everybody_anew() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 180_000);
    assert_eq!(house.open(id).standing.tier, Some(Tier::Ordinary));
    let mut colleague = house.second();
    house.settings(|s| {
        s.lines.0[2] = Fen::of_yuan(150_000);
        s.cadence[3] = 10;
    });
    let opened = house.open(id);
    assert_eq!((opened.standing.tier, opened.standing.next_visit), (Some(Tier::Potential), Some(day("2026-11-30"))));
    house.settings(|s| s.basis = Basis::Balance);
    match colleague.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(A::Opened(o)) => assert_eq!(o.settings.basis, Basis::Balance),
        other => panic!("{other:?}"),
    }
}

#[test]
fn holidays_are_replaced_year_by_year() {
    let mut house = House::on("2026-12-20");
    let mut holidays = Holidays::default();
    holidays.days.insert(day("2027-01-04"), Day { off: true, name: "元旦".to_owned() });
    let stamp = house.stamp();
    house.keep(workbench::Ask::KeepHolidays { holidays: Box::new(holidays), stamp });
    let opened = house.workbench();
    assert!(opened.holidays.covers(2026) && opened.holidays.covers(2027));
    let id = house.customer("甲", 600_000);
    house.save(id, 1, &[("cadence", "", "15")]);
    assert_eq!(house.open(id).standing.next_visit, Some(day("2027-01-05")));
}

fn news(house: &mut House, since: i64) -> (i64, Vec<String>, usize, bool) {
    match house.ask(Ask::Workbench(workbench::Ask::News { since })) {
        Answer::Workbench(A::News { seq, rows, gone, changes, all }) => {
            assert!(gone.is_empty());
            assert!(changes.windows(2).all(|w| w[0].seq < w[1].seq));
            (seq, rows.into_iter().map(|r| r.name).collect(), changes.len(), all)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn news_names_the_rows_a_colleague_touched() {
    let mut house = House::on("2026-11-20");
    let id = house.create(Customer { name: "甲".to_owned(), ..Customer::default() });
    house.create(Customer { name: "乙".to_owned(), ..Customer::default() });
    let since = house.workbench().seq;
    assert_eq!(news(&mut house, since), (since, Vec::new(), 0, false));
    let stamp = house.stamp();
    saved(house.second().answer(&save(OpId(90), id, 1, &[("name", "甲", "甲甲")], stamp)));
    assert_eq!(news(&mut house, since), (since + 1, vec!["甲甲".to_owned()], 1, false));
    house.figures(id, day("2026-11-20"), 5);
    assert!(news(&mut house, since + 1).3, "after an import everything is read anew");
    let since = house.workbench().seq;
    house.settings(|s| s.near_percent = 20);
    assert!(news(&mut house, since).3);
}

#[test]
fn rows_stand_by_assets_and_the_board_agrees_with_them() {
    let mut house = House::on("2026-11-20");
    for yuan in [500, 60_000, 190_000, 210_000, 540_000, 4_000_000] {
        house.customer(&format!("客户{yuan}"), yuan);
    }
    house.create(Customer { name: "无数据".to_owned(), area: "城北".to_owned(), ..Customer::default() });
    let rows = house.rows();
    assert!(rows.windows(2).all(|w| w[0].aum >= w[1].aum));
    assert_eq!(rows.last().unwrap().name, "无数据");
    match house.ask(Ask::Board(board::Ask::Load)) {
        Answer::Board(board::Answer::Board(b)) => {
            let counts: Vec<_> = b.tiers.iter().map(|t| t.count).collect();
            assert_eq!(counts, [1, 0, 2, 1, 1, 1]);
            assert_eq!((b.no_figures, b.as_of), (1, Some(day("2026-11-20"))));
            // 190,000 is near 200,000; 210,000 just above it, 540,000 just above 500,000.
            assert_eq!(b.near, (1, 2));
            let share = (4_000_000.0 + 540_000.0) / 5_000_500.0;
            assert!((b.top20_share - share).abs() < 1e-9, "{}", b.top20_share);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(house.workbench().areas, ["城北"]);
}

#[test]
fn the_worker_answers_writes_in_order_and_every_ticket_that_counts() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 600_000);
    let (sender, answers) = std::sync::mpsc::channel();
    let worker =
        Worker::start(&house.path, Mode::Write, &station("PC-3", 3), Gate::open(), Local::default(), move |said| {
            match said {
                Said::Answer(ticket, answer) => sender.send((ticket, answer)).unwrap(),
                Said::Opened(opened) => assert_eq!(opened, Ok(false)),
                other => panic!("{other:?}"),
            }
        })
        .unwrap();
    worker.ask(Ticket(1), Ask::Workbench(workbench::Ask::Index));
    let stamp = house.stamp();
    for n in 0..5_u32 {
        let before = if n == 0 { String::new() } else { format!("第{}次", n - 1) };
        let edits = [("address", before.as_str(), &*format!("第{n}次"))];
        let ask = save(OpId(500 + i64::from(n)), id, i64::from(n) + 1, &edits, stamp.clone());
        worker.ask(Ticket(u64::from(n) + 10), ask);
    }
    let mut writes = Vec::new();
    let mut rows = false;
    while writes.len() < 5 || !rows {
        match answers.recv().unwrap() {
            (Ticket(1), Answer::Workbench(A::Index(intake))) => rows = Index::of(*intake, &[]).len() == 1,
            (ticket, answer) => {
                saved(answer);
                writes.push(ticket.0);
            }
        }
    }
    assert_eq!(writes, [10, 11, 12, 13, 14]);
    let today = house.today;
    worker.ask(Ticket(99), Ask::Customers(customers::Ask::Open { id, today }));
    match answers.recv().unwrap() {
        (Ticket(99), Answer::Customers(customers::Answer::Opened(o))) => assert_eq!(o.customer.address, "第4次"),
        other => panic!("{other:?}"),
    }
}
