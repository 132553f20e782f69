//! Today's queue over facts with fixed days: what makes a line, when it is due, what marks do to it.

use crate::house::{House, day, figures, person, refused};
use chrono::NaiveDate;
use guitai::domain::agenda::{Detail, FamilyEvent, Item, Mark, Scope, Source, Task};
use guitai::domain::calendar::lunar::LunarDay;
use guitai::domain::calendar::repeat::Repeat;
use guitai::domain::calendar::yearly::Yearly;
use guitai::domain::contact::Outcome;
use guitai::domain::customer::{Customer, Keeps};
use guitai::domain::family::{Member, Occasion, Part};
use guitai::domain::ids::{CustomerId, StaffId, TaskId};
use guitai::domain::staff::Role;
use guitai::store::agenda;
use guitai::store::bulk::BatchFile;
use guitai::store::request::{Answer, Ask};

fn of(items: &[Item], source: Source) -> Vec<&Item> {
    items.iter().filter(|i| i.source == source).collect()
}

fn born(house: &mut House, name: &str, birth: &str, keeps: Keeps, yuan: i64) -> CustomerId {
    let birth = Some(day(birth));
    let lunar = birth.and_then(LunarDay::of);
    let owner = Some(house.wang);
    let id = house.create(Customer { name: name.to_owned(), birth, lunar, keeps, owner, ..Customer::default() });
    house.figures(id, house.today, yuan);
    id
}

#[test]
fn birthdays_show_by_the_days_ahead_of_their_tier_and_a_week_after() {
    // A birthday on 5 December: (balance, day of looking, shows).
    for (yuan, today, shows) in [
        (600_000, "2026-11-27", false),
        (600_000, "2026-11-28", true),
        (4_000_000, "2026-11-21", true),
        (4_000_000, "2026-11-20", false),
        (60_000, "2026-12-01", false),
        (60_000, "2026-12-02", true),
        (10, "2026-12-04", false),
        (10, "2026-12-05", true),
        (10, "2026-12-12", true),
        (10, "2026-12-13", false),
    ] {
        let mut house = House::on("2026-11-01");
        let id = born(&mut house, "甲", "1966-12-05", Keeps::Solar, yuan);
        house.today = day(today);
        let lines = house.mine();
        let found = of(&lines, Source::Birthday);
        assert_eq!(found.len(), usize::from(shows), "{yuan} {today}");
        if let Some(line) = found.first() {
            assert_eq!((line.key.clone(), line.due), (format!("birthday:{}:20261205", id.0), day("2026-12-05")));
            let age = match &line.detail {
                Detail::Birthday { age, nominal, lunar, .. } => (*age, *nominal, *lunar),
                other => panic!("{other:?}"),
            };
            assert_eq!(age, (Some(60), Some(61), LunarDay { month: 10, day: 27, leap: false }));
        }
    }
}

#[test]
fn a_kept_lunar_birthday_falls_on_this_years_day() {
    // Born on 腊月三十 of lunar 1983; 腊月 has no 30th in lunar 2025, so it is kept on 廿九: 2026-02-16.
    let mut house = House::on("2026-02-16");
    born(&mut house, "甲", "1984-02-01", Keeps::Lunar, 10);
    let lines = house.mine();
    let line = of(&lines, Source::Birthday)[0];
    assert_eq!(line.due, day("2026-02-16"));
    match &line.detail {
        Detail::Birthday { on: Yearly::Lunar(l), lunar, age, .. } => {
            assert_eq!((l.month, l.day, lunar.day, *age), (12, 30, 29, Some(42)));
        }
        other => panic!("{other:?}"),
    }
    // On the solar day nothing shows.
    house.today = day("2026-02-01");
    assert!(of(&house.mine(), Source::Birthday).is_empty());
    // A leap-month birthday falls in the plain month of a year without that leap month: 闰六月初一 of 2025 in 2026.
    let mut house = House::on("2026-07-14");
    born(&mut house, "乙", "2025-07-25", Keeps::Lunar, 10);
    assert_eq!(of(&house.mine(), Source::Birthday).len(), 1);
}

#[test]
fn a_birthday_of_29_february_is_kept_on_the_28th() {
    let mut house = House::on("2027-02-28");
    born(&mut house, "甲", "1972-02-29", Keeps::Solar, 10);
    assert_eq!(of(&house.mine(), Source::Birthday)[0].due, day("2027-02-28"));
    house.today = day("2028-02-28");
    assert!(of(&house.mine(), Source::Birthday).is_empty());
    house.today = day("2028-02-29");
    assert_eq!(of(&house.mine(), Source::Birthday).len(), 1);
}

#[test]
fn the_visit_clock_runs_by_tier_and_ends_on_a_working_day() {
    // Created on a day, with a balance: when the visit is due.
    for (today, yuan, due) in [
        ("2026-11-20", 600_000, Some("2026-12-21")), // 30 days end on Sunday 20 December
        ("2026-09-01", 600_000, Some("2026-10-08")), // 1 October begins 国庆, work again on the 8th
        ("2026-09-10", 600_000, Some("2026-10-10")), // a Saturday, worked (调休)
        ("2026-11-20", 60_000, Some("2027-02-18")),
        ("2026-11-20", 10_000, Some("2027-05-19")),
        ("2026-11-20", 10, None),
    ] {
        let mut house = House::on(today);
        let id = house.customer("甲", yuan);
        assert_eq!(house.open(id).standing.next_visit, due.map(day), "{today} {yuan}");
    }
}

#[test]
fn a_visit_stays_overdue_until_it_is_made_and_keeps_its_name_through_tries() {
    let mut house = House::on("2026-09-01");
    house.settings(|s| s.collect_daily = 0);
    let id = house.customer("甲", 600_000);
    let key = format!("visit:{}:20261008", id.0);
    assert_eq!(house.dues(), []);
    house.today = day("2026-11-18");
    assert_eq!(house.dues(), [(key.clone(), "2026-10-08".to_owned())]);
    // Not reached: it comes back two days later, a working day, under the same name.
    assert_eq!(house.log(id, Outcome::NoAnswer, None, Some(&key)), Some(day("2026-11-20")));
    assert_eq!(house.dues(), []);
    house.today = day("2026-11-20");
    assert_eq!(house.dues(), [(key.clone(), "2026-11-20".to_owned())]);
    match &house.mine()[0].detail {
        Detail::Visit { last: None, tries: 1 } => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(house.log(id, Outcome::NoAnswer, Some(day("2026-11-24")), Some(&key)), Some(day("2026-11-24")));
    house.today = day("2026-11-24");
    assert_eq!(house.log(id, Outcome::Reached, None, Some(&key)), Some(day("2026-12-24")));
    assert_eq!(house.dues(), []);
    let (wang, today) = (house.wang, house.today);
    let counts = house.queue(Scope::Mine, wang, today).1;
    assert_eq!((counts.open, counts.done_today, counts.done_week), (0, 1, 1));
    house.today = day("2026-12-24");
    match &house.mine()[0].detail {
        Detail::Visit { last: Some(last), tries: 0 } => {
            assert_eq!((last.on, last.note.as_str()), (day("2026-11-24"), "问了存款"))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_unanswered_try_on_friday_comes_back_on_monday() {
    let mut house = House::on("2026-10-16");
    let id = house.customer("甲", 600_000);
    house.today = day("2026-11-20");
    assert_eq!(house.log(id, Outcome::NoAnswer, None, None), Some(day("2026-11-23")));
}

#[test]
fn marks_snooze_hand_on_cancel_and_each_but_done_wants_a_reason() {
    let mut house = House::on("2026-10-08");
    let id = house.customer("甲", 600_000);
    house.today = day("2026-11-20");
    let key = house.mine()[0].key.clone();
    let until = day("2026-11-25");
    refused(house.mark(&key, Mark::Snoozed { until }, " "));
    refused(house.mark(&key, Mark::Snoozed { until: day("2026-11-20") }, "出差"));
    refused(house.mark(&key, Mark::HandedOn { to: StaffId(5) }, "出差"));
    house.mark(&key, Mark::Snoozed { until }, "出差");
    assert!(of(&house.mine(), Source::Visit).is_empty());
    house.today = until;
    assert_eq!(house.dues(), [(key.clone(), "2026-11-25".to_owned())]);
    let li = house.li;
    house.mark(&key, Mark::HandedOn { to: li }, "换人");
    assert!(of(&house.mine(), Source::Visit).is_empty());
    let theirs = house.queue(Scope::Mine, li, until).0;
    assert_eq!(of(&theirs, Source::Visit)[0].owner, Some(li));
    assert_eq!(house.open(id).customer.owner, Some(house.wang));
    house.mark(&key, Mark::Cancelled, "客户出国");
    assert!(of(&house.queue(Scope::Branch, li, until).0, Source::Visit).is_empty());
    // The clock starts anew from the day it was given up, and the visit is the owner's again.
    house.today = day("2026-12-25");
    assert_eq!(house.dues(), [(format!("visit:{}:20261225", id.0), "2026-12-25".to_owned())]);
    // It is not open any more: what became of it is told.
    match house.mark(&key, Mark::Done, "") {
        Answer::Agenda(agenda::Answer::Taken { change }) => assert_eq!(change.after("mark"), Some("cancelled")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mark_is_taken_back_by_who_made_it_as_long_as_nothing_else_happened() {
    let mut house = House::on("2026-11-21");
    let wang = house.wang;
    let task = Task {
        id: TaskId(1),
        rev: 0,
        owner: wang,
        customer: None,
        text: "送挂历".to_owned(),
        due: house.today,
        repeat: Repeat::Weekly,
    };
    house.task(task);
    let marked = |answer: Answer| match answer {
        Answer::Agenda(agenda::Answer::Marked { seq }) => seq,
        other => panic!("{other:?}"),
    };
    let before = house.dues();
    let key = before[0].0.clone();
    for mark in
        [Mark::Done, Mark::Cancelled, Mark::Snoozed { until: day("2026-11-24") }, Mark::HandedOn { to: house.li }]
    {
        let seq = marked(house.mark(&key, mark, "有事"));
        assert_ne!(house.dues(), before);
        assert!(matches!(house.take_back(seq), Answer::Agenda(agenda::Answer::Done { .. })));
        assert_eq!(house.dues(), before);
        // Once is enough: the line is as it was before the mark, not as the mark left it.
        refused(house.take_back(seq));
    }
    // A colleague does not take it back, and neither does anybody once the line was touched again.
    let first = marked(house.mark(&key, Mark::Snoozed { until: day("2026-11-24") }, "出差"));
    let me = std::mem::replace(&mut house.wang, house.li);
    refused(house.take_back(first));
    house.wang = me;
    let second = marked(house.mark(&key, Mark::Snoozed { until: day("2026-11-25") }, "还在外地"));
    refused(house.take_back(first));
    house.take_back(second);
    house.take_back(first);
    assert_eq!(house.dues(), before);
}

#[test]
fn a_greeting_can_be_put_off_handed_on_and_done() {
    let mut house = House::on("2026-12-05");
    let id = born(&mut house, "甲", "1966-12-05", Keeps::Solar, 60_000);
    let key = format!("birthday:{}:20261205", id.0);
    house.mark(&key, Mark::Snoozed { until: day("2026-12-07") }, "周末");
    assert!(of(&house.mine(), Source::Birthday).is_empty());
    let wang = house.wang;
    assert_eq!(house.queue(Scope::Mine, wang, day("2026-12-05")).1.birthdays, 1);
    assert_eq!(of(&house.queue(Scope::Mine, wang, day("2026-12-08")).0, Source::Birthday)[0].due, day("2026-12-07"));
    house.today = day("2026-12-07");
    let li = house.li;
    house.mark(&key, Mark::HandedOn { to: li }, "忙");
    assert!(of(&house.mine(), Source::Birthday).is_empty());
    let theirs = house.queue(Scope::Mine, li, day("2026-12-07")).0;
    assert_eq!(
        (of(&theirs, Source::Birthday)[0].owner, of(&theirs, Source::Birthday)[0].due),
        (Some(li), day("2026-12-07"))
    );
    // Not reached: back on the retry day, still theirs. Reached: gone.
    house.log(id, Outcome::NoAnswer, None, Some(&key));
    assert!(of(&house.queue(Scope::Mine, li, day("2026-12-07")).0, Source::Birthday).is_empty());
    house.today = day("2026-12-09");
    assert_eq!(of(&house.queue(Scope::Mine, li, day("2026-12-09")).0, Source::Birthday).len(), 1);
    house.log(id, Outcome::Reached, None, Some(&key));
    assert!(of(&house.queue(Scope::Branch, li, day("2026-12-09")).0, Source::Birthday).is_empty());
}

#[test]
fn the_family_fills_the_queue_too() {
    let mut house = House::on("2026-07-20");
    house.today = day("2026-08-03");
    let id = house.customer("甲", 4_000_000);
    let son = Member {
        name: "小明".to_owned(),
        relation: "son".to_owned(),
        birth: Some(day("2020-08-10")),
        school_year: Some(2026),
        exam_year: Some(2026),
        ..Member::default()
    };
    house.part(id, Part::Member(son));
    let wedding = Occasion {
        label: "结婚".to_owned(),
        on: Some(Yearly::Solar { month: 8, day: 1 }),
        since: Some(2006),
        note: String::new(),
    };
    house.part(id, Part::Occasion(wedding));
    let events = |house: &mut House| -> Vec<(String, FamilyEvent)> {
        let lines = house.mine();
        of(&lines, Source::Family)
            .into_iter()
            .map(|i| match &i.detail {
                Detail::Family { event, .. } => (i.due.to_string(), event.clone()),
                other => panic!("{other:?}"),
            })
            .collect()
    };
    let (school, wedding, birthday) = (
        ("2026-08-01".to_owned(), FamilyEvent::School),
        ("2026-08-01".to_owned(), FamilyEvent::Yearly { years: Some(20) }),
        ("2026-08-10".to_owned(), FamilyEvent::Birthday { age: Some(6) }),
    );
    let now = events(&mut house);
    assert_eq!(now.len(), 3);
    assert!(now.contains(&school) && now.contains(&wedding) && now.last() == Some(&birthday), "{now:?}");
    house.today = day("2026-08-31");
    assert_eq!(events(&mut house), [school]);
    house.today = day("2026-09-01");
    assert_eq!(events(&mut house), []);
    house.today = day("2026-06-15");
    assert_eq!(events(&mut house), [("2026-06-01".to_owned(), FamilyEvent::Exam)]);
    let due = house.open(id).due;
    assert_eq!(of(&due, Source::Family).len(), 1);
    let key = of(&due, Source::Family)[0].key.clone();
    house.mark(&key, Mark::Done, "");
    assert_eq!(events(&mut house), []);
}

#[test]
fn hand_overs_stand_in_the_colleagues_queue_until_they_are_done() {
    let mut house = House::on("2026-11-20");
    house.settings(|s| s.collect_daily = 0);
    let id = house.customer("甲", 60_000);
    let (op, stamp, li) = (house.op(), house.stamp(), house.li);
    let ask = |reason: &str| {
        Ask::Agenda(agenda::Ask::HandOver { op, customer: id, to: li, reason: reason.to_owned(), stamp: stamp.clone() })
    };
    refused(house.ask(ask("")));
    house.ask(ask("想买国债"));
    house.ask(ask("想买国债"));
    let (items, counts, scopes) = house.queue(Scope::Mine, li, day("2026-11-20"));
    let line = of(&items, Source::HandOver)[0];
    match &line.detail {
        Detail::HandOver { from, reason } => assert_eq!((*from, reason.as_str()), (house.wang, "想买国债")),
        other => panic!("{other:?}"),
    }
    assert_eq!((of(&items, Source::HandOver).len(), counts.open, scopes), (1, 1, [1, 1, 1]));
    assert_eq!(of(&house.open(id).due, Source::HandOver).len(), 1);
    let key = line.key.clone();
    house.log(id, Outcome::Reached, None, Some(&key));
    assert!(of(&house.queue(Scope::Mine, li, day("2026-11-20")).0, Source::HandOver).is_empty());
}

#[test]
fn own_tasks_come_again_by_their_rhythm() {
    for (repeat, due, done, next) in [
        (Repeat::Once, "2026-11-20", "2026-11-20", None),
        (Repeat::Weekly, "2026-11-20", "2026-11-20", Some("2026-11-27")),
        (Repeat::Monthly, "2026-01-31", "2026-02-28", Some("2026-03-31")),
        (Repeat::Yearly, "2026-11-20", "2026-11-25", Some("2027-11-20")),
        (Repeat::AfterDays(10), "2026-11-20", "2026-11-25", Some("2026-12-05")),
        (
            Repeat::LunarYearly(LunarDay { month: 12, day: 23, leap: false }),
            "2026-02-10",
            "2026-02-10",
            Some("2027-01-30"),
        ),
    ] {
        let mut house = House::on(due);
        let owner = house.wang;
        let task =
            Task { id: TaskId(0), rev: 0, owner, customer: None, text: "打电话".to_owned(), due: day(due), repeat };
        house.task(task);
        let key = house.mine()[0].key.clone();
        house.today = day(done);
        house.mark(&key, Mark::Done, "");
        assert!(house.mine().is_empty(), "{repeat:?}");
        house.today = day("2027-12-31");
        let due: Vec<_> = house.mine().into_iter().map(|i| i.due).collect();
        assert_eq!(due, next.map(day).into_iter().collect::<Vec<_>>(), "{repeat:?}");
    }
}

#[test]
fn a_monthly_task_of_the_31st_comes_back_to_it_after_a_short_month() {
    let mut house = House::on("2026-01-31");
    let owner = house.wang;
    let text = "对账".to_owned();
    house.task(Task {
        id: TaskId(0),
        rev: 0,
        owner,
        customer: None,
        text,
        due: day("2026-01-31"),
        repeat: Repeat::Monthly,
    });
    let mut seen = Vec::new();
    for today in ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"] {
        house.today = day(today);
        let line = house.mine().remove(0);
        seen.push(line.due.to_string());
        house.mark(&line.key, Mark::Done, "");
    }
    assert_eq!(seen, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
}

#[test]
fn a_task_is_changed_at_the_rev_it_was_read_at() {
    let mut house = House::on("2026-11-20");
    let owner = house.wang;
    let task = Task {
        id: TaskId(0),
        rev: 0,
        owner,
        customer: None,
        text: "a".to_owned(),
        due: house.today,
        repeat: Repeat::Once,
    };
    refused(house.task(Task { text: " \u{202e} ".to_owned(), ..task.clone() }));
    house.task(task.clone());
    let id = match house.mine()[0].detail {
        Detail::Own { task, .. } => task,
        ref other => panic!("{other:?}"),
    };
    house.task(Task { id, rev: 1, text: "b".to_owned(), ..task.clone() });
    refused(house.task(Task { id, rev: 1, text: "c".to_owned(), ..task }));
    match &house.mine()[0].detail {
        Detail::Own { text, .. } => assert_eq!(text, "b"),
        other => panic!("{other:?}"),
    }
    let key = house.mine()[0].key.clone();
    house.mark(&key, Mark::Snoozed { until: day("2026-11-23") }, "等");
    assert!(house.mine().is_empty());
    house.today = day("2026-11-23");
    assert_eq!(house.dues(), [(key, "2026-11-23".to_owned())]);
}

#[test]
fn archives_to_complete_go_to_the_collecting_role_in_daily_portions() {
    let mut house = House::on("2026-11-20");
    house.settings(|s| s.collect_daily = 2);
    let (wang, li, zhao, today) = (house.wang, house.li, house.zhao, house.today);
    let second = house.add_staff(person("sunli", "孙丽", Role::LowCounter));
    // Five ordinary customers of nobody and of the account manager: the low counter collects. One VIP: the account manager does.
    for i in 0..5_i64 {
        let owner = (i % 2 == 0).then_some(wang);
        let id = house.create(Customer { name: format!("普通{i}"), owner, ..Customer::default() });
        house.figures(id, today, 60_000 + i);
    }
    let vip = house.customer("贵宾", 600_000);
    let own = house.create(Customer { name: "李家".to_owned(), owner: Some(li), ..Customer::default() });
    house.figures(own, today, 55_000);
    // A small one of nobody is nobody's duty.
    let small = house.create(Customer { name: "小".to_owned(), ..Customer::default() });
    house.figures(small, today, 10_000);
    let (items, counts, _) = house.queue(Scope::Branch, wang, today);
    let lines = of(&items, Source::Missing);
    let owned = |by: StaffId| lines.iter().filter(|i| i.owner == Some(by)).count();
    assert_eq!((owned(wang), owned(zhao)), (1, 0));
    assert_eq!((owned(li), owned(second)), (2, 2));
    assert!(lines.iter().any(|i| i.owner == Some(li) && i.who.as_ref().unwrap().id == own));
    assert_eq!(counts.missing_more, 6 + 1 - 5);
    assert!(!lines.iter().any(|i| i.who.as_ref().unwrap().id == small));
    match &lines.iter().find(|i| i.who.as_ref().unwrap().id == vip).unwrap().detail {
        Detail::Missing(fields) => assert!(fields.contains(&"phone".to_owned()) && fields.contains(&"sex".to_owned())),
        other => panic!("{other:?}"),
    }
    // What is given up this month is replaced by the next one; next month it is asked again.
    let theirs = house.queue(Scope::Mine, li, today).0;
    let key = of(&theirs, Source::Missing)[0].key.clone();
    house.mark(&key, Mark::Cancelled, "客户不愿说");
    let next = house.queue(Scope::Mine, li, today).0;
    assert_eq!(of(&next, Source::Missing).len(), 2);
    assert!(next.iter().all(|i| i.key != key));
}

#[test]
fn portions_are_the_same_whoever_looks() {
    let mut house = House::on("2026-11-20");
    house.settings(|s| s.collect_daily = 3);
    let (wang, li, today) = (house.wang, house.li, house.today);
    let second = house.add_staff(person("sunli", "孙丽", Role::LowCounter));
    let third = house.add_staff(person("zhouli", "周丽", Role::LowCounter));
    // One keeps more than a portion, one a single customer, one nobody; the rest falls to the two by turns, highest assets first.
    let owners = [vec![Some(li); 12], vec![Some(second)], vec![None; 20], vec![Some(wang); 20]].concat();
    for (n, owner) in (0..).zip(owners) {
        let id = house.create(Customer { name: format!("普通{n}"), owner, ..Customer::default() });
        house.figures(id, today, 60_000 + n);
    }
    let (items, counts, _) = house.queue(Scope::Branch, wang, today);
    let lines = of(&items, Source::Missing);
    assert_eq!((lines.len(), counts.open, counts.missing_more), (9, 9, 53 - 9));
    for staff in [li, second, third] {
        let theirs: Vec<_> = lines.iter().filter(|i| i.owner == Some(staff)).map(|i| i.key.clone()).collect();
        let (mine, _, scopes) = house.queue(Scope::Mine, staff, today);
        assert_eq!(of(&mine, Source::Missing).into_iter().map(|i| i.key.clone()).collect::<Vec<_>>(), theirs);
        assert_eq!((theirs.len(), scopes[0], scopes[2]), (3, 3, 9));
    }
    let sums = |owner| -> Vec<i64> {
        lines.iter().filter(|i| i.owner == Some(owner)).map(|i| i.who.as_ref().unwrap().aum.unwrap().0).collect()
    };
    assert_eq!(sums(li), [6_001_100, 6_001_000, 6_000_900]);
    assert!(sums(third).iter().all(|fen| *fen > 6_001_200), "{:?}", sums(third));
}

#[test]
fn scopes_widen_from_mine_to_the_team_to_the_branch() {
    let mut house = House::on("2026-10-08");
    let wang = house.wang;
    let junior = house.add_staff(guitai::domain::staff::Staff {
        leader: Some(wang),
        ..person("xiaoma", "小马", Role::AccountManager)
    });
    for owner in [Some(wang), Some(junior), None] {
        let id = house.create(Customer { name: "甲".to_owned(), owner, ..Customer::default() });
        house.figures(id, day("2026-10-08"), 600_000);
    }
    house.settings(|s| s.collect_daily = 0);
    house.today = day("2026-11-20");
    let today = house.today;
    for (scope, lines) in [(Scope::Mine, 1), (Scope::Team, 2), (Scope::Branch, 3)] {
        let (items, counts, scopes) = house.queue(scope, wang, today);
        assert_eq!((items.len(), counts.open, counts.overdue), (lines, lines as u32, lines as u32));
        assert_eq!(scopes, [1, 2, 3]);
    }
    assert_eq!(house.queue(Scope::Mine, junior, today).2, [1, 1, 3]);
}

#[test]
fn lines_stand_by_overdue_due_day_tier_and_assets() {
    let mut house = House::on("2026-10-09");
    house.settings(|s| s.collect_daily = 0);
    let (big, vip, rich) =
        (house.customer("大", 4_000_000), house.customer("贵", 600_000), house.customer("贵富", 900_000));
    house.today = day("2026-11-09");
    let order: Vec<_> = house.mine().into_iter().map(|i| i.who.unwrap().id).collect();
    assert_eq!(order, [big, rich, vip]);
}

#[test]
fn the_month_counts_birthdays_and_the_rest_day_by_day() {
    let mut house = House::on("2026-10-20");
    born(&mut house, "甲", "1966-11-05", Keeps::Solar, 600_000); // visit: 30 days on, 19 November
    let ask = |house: &mut House, scope, first: NaiveDate| {
        let (staff, today) = (house.wang, house.today);
        match house.ask(Ask::Agenda(agenda::Ask::Month { scope, staff, today, first })) {
            Answer::Agenda(agenda::Answer::Month(days)) => days,
            other => panic!("{other:?}"),
        }
    };
    let days = ask(&mut house, Scope::Mine, day("2026-11-01"));
    assert_eq!(days.len(), 30);
    let busy: Vec<_> = days.into_iter().filter(|(_, b, o)| b + o > 0).collect();
    assert_eq!(busy, [(5, 1, 0), (19, 0, 1)]);
    assert_eq!(ask(&mut house, Scope::Branch, day("2027-02-01")).len(), 28);
}

#[test]
fn counts_go_beyond_the_lines_listed() {
    let mut house = House::on("2026-10-08");
    let (stamp, wang) = (house.stamp(), house.wang);
    let mut bulk = house.file.load(BatchFile { name: "a".to_owned(), hash: "a".to_owned() }, &stamp).unwrap();
    for i in 0..700 {
        let c = Customer { no: format!("6{i:09}"), name: "甲".to_owned(), owner: Some(wang), ..Customer::default() };
        let id = bulk.insert_customer(&c).unwrap();
        bulk.put_figures(id, &figures(day("2026-10-08"), 600_000 + i)).unwrap();
    }
    bulk.finish("").unwrap();
    house.today = day("2026-11-20");
    let (items, counts, scopes) = house.queue(Scope::Mine, wang, day("2026-11-20"));
    assert_eq!(of(&items, Source::Visit).len(), 500);
    assert_eq!((counts.open, counts.missing_more, scopes), (705, 695, [705, 705, 705]));
}

#[test]
fn no_greeting_was_missed_before_the_file_was_begun() {
    let mut house = House::on("2026-11-20");
    let born = |month_day: &str| Customer {
        name: format!("生于{month_day}"),
        birth: Some(day(&format!("1970-{month_day}"))),
        ..Customer::default()
    };
    for month_day in ["11-19", "11-20", "11-21"] {
        let customer = born(month_day);
        house.create(Customer { owner: Some(house.wang), ..customer });
    }
    house.today = day("2026-11-21");
    let dues: Vec<String> = of(&house.mine(), Source::Birthday).iter().map(|i| i.due.to_string()).collect();
    assert_eq!(dues, ["2026-11-20", "2026-11-21"]);
}
