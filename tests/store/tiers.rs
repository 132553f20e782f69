//! The tier by rules as extracts come in: up at once, down late, protection, holds, dated lines, corrections, days that come late; what is
//! kept of it, what other lines would do, households.

use crate::house::{House, day, figures, refused};
use guitai::domain::customer::Customer;
use guitai::domain::family::{Link, Member, Part};
use guitai::domain::ids::CustomerId;
use guitai::domain::tier::what_if::WhatIf;
use guitai::domain::tier::{Basis, Figures, Lines, State, Tier, Verdict, Why, fold};
use guitai::domain::values::money::Fen;
use guitai::store::bulk::BatchFile;
use guitai::store::customers::{self, Explained};
use guitai::store::request::{Answer, Ask};
use guitai::store::{board, workbench};
use proptest::prelude::*;
use rusqlite::Connection;

fn tier(house: &mut House, id: CustomerId) -> Tier {
    let listed = house.rows().into_iter().find(|r| r.id == id).unwrap().tier;
    let opened = house.open(id).standing.tier;
    assert_eq!(listed, opened, "the list and the archive say the same");
    opened.unwrap()
}

/// An extract of that day comes in on that day.
fn extract(house: &mut House, id: CustomerId, as_of: &str, wan: i64) -> Tier {
    house.today = day(as_of).max(house.today);
    house.figures(id, day(as_of), wan * 10_000);
    tier(house, id)
}

fn explain(house: &mut House, id: CustomerId) -> Explained {
    let today = house.today;
    match house.ask(Ask::Customers(customers::Ask::Tier { id, today })) {
        Answer::Customers(customers::Answer::Tier(e)) => *e,
        other => panic!("{other:?}"),
    }
}

/// Day, from, to and why of every move, oldest first.
fn moves(house: &mut House, id: CustomerId) -> Vec<(String, Tier, Tier, Why)> {
    let moves = explain(house, id).moves.into_iter().rev();
    moves.map(|k| (k.moved.day.to_string(), k.moved.from.unwrap(), k.moved.to.unwrap(), k.moved.why)).collect()
}

fn hold(house: &mut House, id: CustomerId, tier: Option<(Tier, &str)>) {
    let (op, stamp) = (house.op(), house.stamp());
    let tier = tier.map(|(t, until)| (t, day(until)));
    let ask = customers::Ask::Hold { op, id, tier, seen: i64::MAX, reason: "大额转出又转回".to_owned(), stamp };
    assert!(matches!(house.ask(Ask::Customers(ask)), Answer::Customers(customers::Answer::Saved { .. })));
}

fn what_if(house: &mut House, change: impl FnOnce(&mut guitai::domain::settings::Settings)) -> WhatIf {
    let (mut settings, today) = (Box::new(house.workbench().settings), house.today);
    change(&mut settings);
    match house.ask(Ask::Board(board::Ask::WhatIf { settings, today })) {
        Answer::Board(board::Answer::WhatIf(found)) => *found,
        other => panic!("{other:?}"),
    }
}

fn lines(potential_wan: i64) -> Lines {
    let mut lines = Lines::default();
    lines.0[2] = Fen::of_yuan(potential_wan * 10_000);
    lines
}

#[test]
fn a_customer_rises_at_once_and_falls_only_with_the_third_monthly_extract_below() {
    let mut house = House::on("2026-07-31");
    let id = house.customer("甲", 150_000);
    assert_eq!(tier(&mut house, id), Tier::Ordinary);
    assert_eq!(extract(&mut house, id, "2026-08-31", 60), Tier::Vip);
    assert_eq!(extract(&mut house, id, "2026-09-30", 30), Tier::Vip);
    assert_eq!(extract(&mut house, id, "2026-10-31", 30), Tier::Vip);
    assert_eq!(extract(&mut house, id, "2026-11-30", 30), Tier::Potential);
    let since = day("2026-09-30");
    assert_eq!(
        moves(&mut house, id),
        [
            ("2026-08-31".to_owned(), Tier::Ordinary, Tier::Vip, Why::Rose { line: Fen::of_yuan(500_000) }),
            ("2026-11-30".to_owned(), Tier::Vip, Tier::Potential, Why::FellAfter { months: 2, since }),
        ]
    );
}

#[test]
fn one_extract_above_the_line_starts_the_months_anew() {
    let mut house = House::on("2026-07-31");
    let id = house.customer("甲", 600_000);
    for (as_of, wan, expected) in [
        ("2026-08-31", 30, Tier::Vip),
        ("2026-09-30", 50, Tier::Vip),
        ("2026-10-31", 30, Tier::Vip),
        ("2026-11-30", 30, Tier::Vip),
        ("2026-12-31", 30, Tier::Potential),
    ] {
        assert_eq!(extract(&mut house, id, as_of, wan), expected, "{as_of}");
    }
}

#[test]
fn a_rise_is_protected_for_the_months_the_branch_gives() {
    let mut house = House::on("2026-07-31");
    house.settings(|s| (s.fall_months, s.protect_months) = (1, 6));
    let id = house.customer("甲", 300_000);
    assert_eq!(extract(&mut house, id, "2026-08-31", 60), Tier::Vip);
    assert_eq!(extract(&mut house, id, "2026-10-31", 30), Tier::Vip);
    let last = explain(&mut house, id).steps.pop().unwrap().0;
    assert_eq!(last.verdict, Verdict::Guarded { until: day("2027-02-28"), falls: Some(day("2027-03-01")) });
    assert_eq!(extract(&mut house, id, "2027-02-28", 30), Tier::Vip);
    assert_eq!(extract(&mut house, id, "2027-03-01", 30), Tier::Potential);
}

#[test]
fn review_days_take_the_place_of_the_months() {
    let mut house = House::on("2026-07-31");
    house.settings(|s| s.review_days = vec![1231]);
    let id = house.customer("甲", 600_000);
    assert_eq!(extract(&mut house, id, "2026-08-31", 30), Tier::Vip);
    assert_eq!(extract(&mut house, id, "2026-12-30", 30), Tier::Vip);
    assert_eq!(extract(&mut house, id, "2027-01-02", 30), Tier::Potential);
    let why = Why::FellOnReview { day: day("2026-12-31") };
    assert_eq!(moves(&mut house, id), [("2027-01-02".to_owned(), Tier::Vip, Tier::Potential, why)]);
}

#[test]
fn a_hold_stands_over_the_rules_and_what_they_say_counts_again_when_it_ends() {
    let mut house = House::on("2026-07-31");
    let id = house.customer("甲", 600_000);
    hold(&mut house, id, Some((Tier::Big, "2026-10-15")));
    assert_eq!(tier(&mut house, id), Tier::Big);
    for as_of in ["2026-08-01", "2026-08-31", "2026-10-01"] {
        assert_eq!(extract(&mut house, id, as_of, 30), Tier::Big, "{as_of}");
    }
    house.today = day("2026-10-16");
    assert_eq!(house.open(id).standing.tier, Some(Tier::Potential), "the day after, for whoever looks");
    // Any write sweeps it out of the file.
    house.create(Customer { name: "乙".to_owned(), ..Customer::default() });
    assert_eq!(tier(&mut house, id), Tier::Potential);
    let wang = house.wang;
    let until = day("2026-10-15");
    assert_eq!(
        moves(&mut house, id),
        [
            ("2026-07-31".to_owned(), Tier::Vip, Tier::Big, Why::Held { by: wang, until }),
            ("2026-10-16".to_owned(), Tier::Big, Tier::Potential, Why::HoldEnded { until }),
        ]
    );
}

#[test]
fn a_hold_that_ended_before_the_extract_came_says_so() {
    let mut house = House::on("2026-07-31");
    let id = house.customer("甲", 600_000);
    hold(&mut house, id, Some((Tier::Big, "2026-08-15")));
    assert_eq!(extract(&mut house, id, "2026-08-31", 60), Tier::Vip);
    let last = moves(&mut house, id).pop().unwrap();
    assert_eq!(last, ("2026-08-16".to_owned(), Tier::Big, Tier::Vip, Why::HoldEnded { until: day("2026-08-15") }));
}

#[test]
fn a_hold_lifted_by_hand_is_a_move_too() {
    let mut house = House::on("2026-07-31");
    let id = house.customer("甲", 600_000);
    hold(&mut house, id, Some((Tier::Small, "2026-10-15")));
    house.today = day("2026-08-01");
    hold(&mut house, id, None);
    let by = house.wang;
    assert_eq!(
        moves(&mut house, id).pop().unwrap(),
        ("2026-08-01".to_owned(), Tier::Small, Tier::Vip, Why::Lifted { by })
    );
}

#[test]
fn lines_with_a_day_take_force_with_the_first_figures_of_that_day() {
    let mut house = House::on("2026-12-30");
    let (raised, lowered) = (house.customer("甲", 250_000), house.customer("乙", 180_000));
    house.settings(|s| {
        s.lines_from.insert(day("2027-01-01"), lines(30));
        s.lines_from.insert(day("2027-06-01"), lines(15));
    });
    assert_eq!((tier(&mut house, raised), moves(&mut house, raised)), (Tier::Potential, Vec::new()));
    house.today = day("2027-01-01");
    house.create(Customer { name: "丙".to_owned(), ..Customer::default() });
    assert_eq!(
        tier(&mut house, raised),
        Tier::Potential,
        "figures of the day before are judged by the lines of their day"
    );
    // Falling below a raised line is late like any other fall.
    assert_eq!(extract(&mut house, raised, "2027-01-01", 25), Tier::Potential);
    assert_eq!(extract(&mut house, raised, "2027-02-28", 25), Tier::Potential);
    assert_eq!(extract(&mut house, raised, "2027-03-01", 25), Tier::Ordinary);
    assert_eq!(extract(&mut house, lowered, "2027-05-31", 18), Tier::Ordinary);
    assert_eq!(extract(&mut house, lowered, "2027-06-01", 18), Tier::Potential);
    let shown: Vec<_> = explain(&mut house, lowered).steps.into_iter().map(|(_, l)| l.0[2]).collect();
    assert_eq!(shown, [20, 30, 15].map(|wan| Fen::of_yuan(wan * 10_000)));
}

#[test]
fn changed_rules_derive_everybody_from_all_their_figures_and_keep_the_moves() {
    let mut house = House::on("2026-07-31");
    let id = house.customer("甲", 600_000);
    assert_eq!(extract(&mut house, id, "2026-08-31", 30), Tier::Vip);
    house.settings(|s| s.fall_months = 0);
    assert_eq!(tier(&mut house, id), Tier::Potential);
    house.today = day("2026-09-01");
    house.settings(|s| s.fall_months = 2);
    assert_eq!(tier(&mut house, id), Tier::Vip);
    assert_eq!(
        moves(&mut house, id),
        [
            ("2026-08-31".to_owned(), Tier::Vip, Tier::Potential, Why::RulesChanged),
            ("2026-09-01".to_owned(), Tier::Potential, Tier::Vip, Why::RulesChanged),
        ]
    );
    // A setting that is no rule of the tiers moves nobody.
    house.settings(|s| s.near_percent = 20);
    assert_eq!(moves(&mut house, id).len(), 2);
}

#[test]
fn rules_that_cannot_be_are_refused() {
    let mut house = House::on("2026-07-31");
    type Change = fn(&mut guitai::domain::settings::Settings);
    let wrong: [Change; 4] = [
        |s| s.lines.0[1] = s.lines.0[2],
        |s| s.review_days = vec![1332],
        |s| s.fall_months = 100,
        |s| _ = s.lines_from.insert(day("2027-01-01"), lines(60)),
    ];
    let stamp = house.stamp();
    for change in wrong {
        let mut settings = house.workbench().settings;
        change(&mut settings);
        let ask = workbench::Ask::KeepSettings { settings: Box::new(settings), stamp: stamp.clone() };
        refused(house.ask(Ask::Workbench(ask)));
    }
}

#[test]
fn settings_of_an_older_file_load_with_the_rules_that_they_lack() {
    let old = r#"{"basis":"balance","lines":[100000,5000000,20000000,50000000,300000000],"near_percent":15}"#;
    let settings: guitai::domain::settings::Settings = serde_json::from_str(old).unwrap();
    assert_eq!((settings.basis, settings.near_percent, settings.lines.clone()), (Basis::Balance, 15, Lines::default()));
    assert_eq!((settings.fall_months, settings.protect_months, settings.review_days.len()), (2, 0, 0));
}

#[test]
fn a_corrected_extract_of_the_same_day_takes_a_rise_back() {
    let mut house = House::on("2026-07-31");
    let id = house.customer("甲", 150_000);
    assert_eq!(extract(&mut house, id, "2026-08-31", 600), Tier::Big);
    house.today = day("2026-09-01");
    assert_eq!(extract(&mut house, id, "2026-08-31", 16), Tier::Ordinary);
    let last = moves(&mut house, id).pop().unwrap();
    assert_eq!(last, ("2026-08-31".to_owned(), Tier::Big, Tier::Ordinary, Why::Corrected));
}

#[test]
fn an_extract_that_comes_late_counts_as_if_it_had_come_in_time() {
    let mut house = House::on("2026-07-31");
    let id = house.customer("甲", 300_000);
    // The 60万 of August come in after those of September, and with them a rise that is kept late.
    assert_eq!(extract(&mut house, id, "2026-09-30", 30), Tier::Potential);
    house.today = day("2026-10-05");
    assert_eq!(extract(&mut house, id, "2026-08-31", 60), Tier::Vip);
    assert_eq!(moves(&mut house, id).pop().unwrap().3, Why::Corrected);
    assert_eq!(house.open(id).standing.figures.unwrap().as_of, day("2026-09-30"), "the latest stay the latest");
    assert_eq!(extract(&mut house, id, "2026-11-30", 30), Tier::Potential);
}

#[test]
fn the_first_figures_move_nobody() {
    let mut house = House::on("2026-07-31");
    let id = house.customer("甲", 600_000);
    assert_eq!(moves(&mut house, id), []);
    let (step, _) = explain(&mut house, id).steps.pop().unwrap();
    assert!(matches!(step.verdict, Verdict::Moved(m) if m.from.is_none() && m.why == Why::First));
}

#[test]
fn a_file_of_an_older_program_goes_on_by_lines_alone_until_figures_come() {
    let mut house = House::on("2026-07-31");
    let id = house.customer("甲", 600_000);
    extract(&mut house, id, "2026-08-31", 30);
    let older = "UPDATE customer SET tier = 3, reached = -1, below_since = NULL, guarded_until = NULL";
    Connection::open(&house.path).unwrap().execute(older, []).unwrap();
    assert_eq!(tier(&mut house, id), Tier::Potential);
    house.log(id, guitai::domain::contact::Outcome::Reached, None, None);
    assert_eq!(tier(&mut house, id), Tier::Potential, "a call moves nobody");
    assert_eq!(extract(&mut house, id, "2026-09-30", 30), Tier::Vip, "by the rules two months are not over");
    assert_eq!(moves(&mut house, id).pop().unwrap().3, Why::RulesChanged);
}

#[test]
fn what_other_lines_would_do_is_what_they_do() {
    let mut house = House::on("2026-10-31");
    let ids: Vec<CustomerId> =
        [60, 25, 28, 35, 4, 18].iter().map(|wan| house.customer(&format!("客户{wan}"), wan * 10_000)).collect();
    hold(&mut house, ids[1], Some((Tier::Potential, "2027-01-31")));
    extract(&mut house, ids[0], "2026-11-30", 25);
    let seq = house.workbench().seq;
    let tried = what_if(&mut house, |s| s.lines = lines(30));
    assert_eq!((house.workbench().seq, tried.as_of), (seq, Some(day("2026-11-30"))));
    assert_eq!((tried.before, tried.after), ([0, 1, 1, 3, 1, 0], [0, 1, 2, 2, 1, 0]));
    let flow = &tried.flows[0];
    assert_eq!((tried.flows.len(), flow.from, flow.to, flow.count), (1, Tier::Potential, Tier::Ordinary, 1));
    assert_eq!((flow.aum, flow.top[0].name.as_str(), flow.top[0].id), (Some(Fen::of_yuan(280_000)), "客户28", ids[2]));
    house.settings(|s| s.lines = lines(30));
    let counts = match house.ask(Ask::Board(board::Ask::Load)) {
        Answer::Board(board::Answer::Board(b)) => b.tiers.into_iter().map(|t| t.count).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(counts, tried.after);
}

#[test]
fn another_basis_can_be_tried_and_bad_lines_are_refused() {
    let mut house = House::on("2026-10-31");
    let id = house.create(Customer { name: "甲".to_owned(), ..Customer::default() });
    let (today, stamp) = (house.today, house.stamp());
    let mut bulk = house.file.load(BatchFile { name: "资产.csv".to_owned(), hash: String::new() }, &stamp).unwrap();
    let f = Figures { balance: Fen::of_yuan(700_000), ..figures(today, 150_000) };
    bulk.put_figures(id, &f).unwrap();
    bulk.finish("").unwrap();
    let tried = what_if(&mut house, |s| s.basis = Basis::Balance);
    assert_eq!((tried.sums(), tried.flows[0].to, tried.flows[0].aum), ((1, 0), Tier::Vip, Some(Fen::of_yuan(700_000))));
    let mut settings = Box::new(house.workbench().settings);
    settings.lines.0[0] = Fen(0);
    refused(house.ask(Ask::Board(board::Ask::WhatIf { settings, today })));
}

#[test]
fn a_household_is_whoever_is_linked_as_family_from_either_side() {
    let mut house = House::on("2026-10-31");
    let (father, son, aunt) =
        (house.customer("父", 300_000), house.customer("子", 120_000), house.customer("姨", 150_000));
    let friend = house.customer("友", 4_000_000);
    assert_eq!(house.open(father).household, None);
    let member = |linked| Part::Member(Member { name: "家人".to_owned(), linked: Some(linked), ..Member::default() });
    house.part(father, member(son));
    house.part(aunt, member(father));
    house.part(father, Part::Link(Link { name: "友".to_owned(), linked: Some(friend), ..Link::default() }));
    let family = house.open(father).household.unwrap();
    let names: Vec<_> = family.members.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["父", "姨", "子"]);
    assert_eq!((family.aum, family.tier), (Some(Fen::of_yuan(570_000)), Some(Tier::Vip)));
    assert_eq!(house.open(father).standing.tier, Some(Tier::Potential), "their own tier stays");
    let of_son = house.open(son).household.unwrap();
    assert_eq!((of_son.members.len(), of_son.aum), (2, Some(Fen::of_yuan(420_000))));
    assert_eq!(house.open(friend).household, None);
}

/// What the file says of a customer, and what all their figures give.
fn both(
    house: &House,
    settings: &guitai::domain::settings::Settings,
    id: CustomerId,
) -> (Option<State>, Option<State>) {
    let conn = Connection::open(&house.path).unwrap();
    let date = |n: Option<i64>| n.map(|n| chrono::NaiveDate::parse_from_str(&n.to_string(), "%Y%m%d").unwrap());
    let stored = conn
        .query_row("SELECT as_of, reached, below_since, guarded_until FROM customer WHERE id = ?", [id.0], |r| {
            let as_of = date(r.get(0)?);
            let tier = Tier::of_rank(r.get(1)?);
            let (below_since, guarded_until) = (date(r.get(2)?), date(r.get(3)?));
            Ok(as_of.zip(tier).map(|(as_of, tier)| State { as_of, tier, below_since, guarded_until }))
        })
        .unwrap();
    let mut statement = conn.prepare("SELECT as_of, average FROM figures WHERE customer = ? ORDER BY as_of").unwrap();
    let figures = statement.query_map([id.0], |r| Ok((date(r.get(0)?).unwrap(), Fen(r.get(1)?)))).unwrap();
    let all = fold::last(figures.map(Result::unwrap), &settings.rules()).map(|s| s.state);
    (stored, all)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn the_file_always_says_what_all_figures_give(
        deeds in prop::collection::vec((0..120_u64, 0..700_000_i64, 0..12_u8), 1..25),
    ) {
        let mut house = House::on("2026-06-30");
        let id = house.create(Customer { name: "甲".to_owned(), ..Customer::default() });
        for (days, yuan, deed) in deeds {
            match deed {
                0 => house.settings(|s| s.fall_months = (s.fall_months + 1) % 4),
                1 => house.settings(|s| s.protect_months = (s.protect_months + 2) % 6),
                2 => house.settings(|s| s.review_days = if s.review_days.is_empty() { vec![930, 1231] } else { Vec::new() }),
                3 => house.settings(|s| _ = s.lines_from.insert(day("2026-08-01"), lines(21 + yuan / 30_000))),
                4 => hold(&mut house, id, Some((Tier::Big, "2026-07-15"))),
                _ => house.figures(id, day("2026-06-01") + chrono::Days::new(days), yuan),
            }
            let settings = house.workbench().settings;
            let (stored, all) = both(&house, &settings, id);
            prop_assert_eq!(stored, all);
        }
        prop_assert_eq!(house.file.faults().unwrap(), Vec::<String>::new());
    }
}

#[test]
fn a_rule_that_changes_everybody_leaves_indexes_and_counters_whole() {
    let mut house = House::on("2026-11-20");
    let (stamp, as_of) = (house.stamp(), house.today);
    let mut bulk = house.file.load(BatchFile { name: "a".to_owned(), hash: "a".to_owned() }, &stamp).unwrap();
    for n in 0..6_000_i64 {
        let c = Customer { no: format!("6{n:06}"), name: "甲".to_owned(), ..Customer::default() };
        let id = bulk.insert_customer(&c).unwrap();
        let f = Figures { balance: Fen::of_yuan(n * 200 + 7), ..figures(as_of, n * 100) };
        bulk.put_figures(id, &f).unwrap();
    }
    bulk.finish("").unwrap();
    let schema = |house: &House| -> i64 {
        let conn = Connection::open(&house.path).unwrap();
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).unwrap()
    };
    let before = schema(&house);
    let tried = what_if(&mut house, |s| s.basis = Basis::Balance);
    house.settings(|s| s.basis = Basis::Balance);
    assert_eq!((schema(&house), house.file.faults().unwrap()), (before, Vec::new()));
    match house.ask(Ask::Board(board::Ask::Load)) {
        Answer::Board(board::Answer::Board(b)) => {
            assert_eq!(b.tiers.iter().map(|t| t.count).collect::<Vec<_>>(), tried.after);
        }
        other => panic!("{other:?}"),
    }
}
