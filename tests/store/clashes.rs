//! Two workstations, one thing: what merges, what comes back to be decided, what is told, and that an answer asked again settles it.

use crate::house::{House, day, save, saved};
use guitai::domain::agenda::Mark;
use guitai::domain::contact::{Channel, Outcome};
use guitai::domain::customer::Customer;
use guitai::domain::family::{Member, Part, PartRow};
use guitai::domain::ids::{CustomerId, OpId};
use guitai::domain::tier::Tier;
use guitai::store::customers::{Answer as A, Ask as C, Clash};
use guitai::store::open::File;
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::{agenda, contacts};

fn clash(answer: Answer) -> (Vec<Clash>, C) {
    match answer {
        Answer::Customers(A::Clash { fields, ask, .. }) => (fields, *ask),
        other => panic!("{other:?}"),
    }
}

fn sides(c: &Clash) -> [&str; 4] {
    [&c.field, &c.before, &c.theirs, &c.mine]
}

/// 李强 at another workstation at 10:32.
fn li(house: &House) -> (File, Stamp) {
    let at = house.today.and_hms_opt(10, 32, 0).unwrap();
    (house.second(), Stamp::new(house.li, at, house.today))
}

/// With another operation: one that was answered with a clash was not done.
fn again(ask: C, to: i64) -> Ask {
    Ask::Customers(match ask {
        C::Save { id, base_rev, edits, reason, stamp, .. } => {
            C::Save { op: OpId(to), id, base_rev, edits, reason, stamp }
        }
        C::Part { customer, row, part, stamp, .. } => C::Part { op: OpId(to), customer, row, part, stamp },
        C::Keeper { ids, owner, seen, reason, stamp, .. } => {
            C::Keeper { op: OpId(to), ids, owner, seen, reason, stamp }
        }
        C::Hold { id, tier, seen, reason, stamp, .. } => C::Hold { op: OpId(to), id, tier, seen, reason, stamp },
        other => panic!("{other:?}"),
    })
}

fn seq(house: &mut House) -> i64 {
    house.workbench().seq
}

#[test]
fn each_field_says_who_changed_it_and_when_not_who_saved_last() {
    let mut house = House::on("2026-11-20");
    let id = house.create(Customer { name: "张三".into(), ..Customer::default() });
    let (mut pc2, by_li) = li(&house);
    let zhao = Stamp::new(house.zhao, house.today.and_hms_opt(11, 5, 0).unwrap(), house.today);
    saved(pc2.answer(&save(OpId(900), id, 1, &[("phone", "", "13700137000")], by_li.clone())));
    saved(pc2.answer(&save(OpId(901), id, 2, &[("address", "", "甲")], zhao.clone())));
    // The last save is of a field that nobody else touches.
    saved(pc2.answer(&save(OpId(902), id, 3, &[("area", "", "河口镇")], zhao)));
    let mine = [("phone", "", "13900139000"), ("address", "", "乙"), ("sex", "", "male")];
    let (fields, ask) = clash(house.save(id, 1, &mine));
    assert_eq!(
        fields.iter().map(sides).collect::<Vec<_>>(),
        [["phone", "", "13700137000", "13900139000"], ["address", "", "甲", "乙"]]
    );
    let who: Vec<_> = fields.iter().map(|f| (f.by, f.at.map(|at| at.format("%H:%M").to_string()))).collect();
    assert_eq!(who, [(Some(house.li), Some("10:32".into())), (Some(house.zhao), Some("11:05".into()))]);
    // Asked again as it came back, all is mine; what did not collide is there too.
    let opened = saved(house.ask(again(ask, 903)));
    let c = opened.customer;
    assert_eq!((c.phone.as_str(), c.address.as_str(), c.area.as_str()), ("13900139000", "乙", "河口镇"));
    assert!(c.sex.is_some());
}

#[test]
fn nobody_is_asked_about_their_own_save_at_the_same_workstation() {
    let mut house = House::on("2026-11-20");
    let id = house.create(Customer { name: "张三".into(), ..Customer::default() });
    // Two saves made one after the other while the drive was away, both from what was read before.
    saved(house.save(id, 1, &[("phone", "", "13700137000")]));
    let opened = saved(house.save(id, 1, &[("phone", "", "13900139000")]));
    assert_eq!(opened.customer.phone, "13900139000");
}

#[test]
fn a_field_changed_again_since_is_put_back_when_asked_again() {
    let mut house = House::on("2026-11-20");
    let id = house.create(Customer { name: "张三".into(), phone: "13800138000".into(), ..Customer::default() });
    let change = saved(house.save(id, 1, &[("phone", "13800138000", "13900139000")])).changes[0].seq;
    let (mut pc2, by_li) = li(&house);
    saved(pc2.answer(&save(OpId(900), id, 2, &[("phone", "13900139000", "13700137000")], by_li)));
    let (op, stamp) = (house.op(), house.stamp());
    let (fields, ask) = clash(house.ask(Ask::Customers(C::PutBack { op, seq: change, field: "phone".into(), stamp })));
    assert_eq!(sides(&fields[0]), ["phone", "13900139000", "13700137000", "13800138000"]);
    assert_eq!(saved(house.ask(again(ask, 901))).customer.phone, "13800138000");
}

#[test]
fn parts_merge_field_by_field_or_come_back() {
    let mut house = House::on("2026-11-20");
    let id = house.create(Customer { name: "张三".into(), ..Customer::default() });
    let child = |name: &str, school: &str| {
        Part::Member(Member { name: name.into(), school: school.into(), ..Member::default() })
    };
    let read = house.part(id, child("张月", "一小")).parts[0].clone();
    let (mut pc2, by_li) = li(&house);
    let part = |op: i64, row: &PartRow, part: Option<Part>, stamp: &Stamp| {
        let row = Some(Box::new(row.clone()));
        Ask::Customers(C::Part { op: OpId(op), customer: id, row, part, stamp: stamp.clone() })
    };
    let mine = house.stamp();
    saved(pc2.answer(&part(900, &read, Some(child("张月", "二小")), &by_li)));
    let merged = saved(house.ask(part(901, &read, Some(child("张悦", "一小")), &mine)));
    assert_eq!(merged.parts[0].part, child("张悦", "二小"));
    let (fields, ask) = clash(house.ask(part(902, &read, Some(child("张月", "三小")), &mine)));
    assert_eq!(sides(&fields[0]), ["school", "一小", "二小", "三小"]);
    assert_eq!(fields[0].by, Some(house.li));
    assert_eq!(saved(house.ask(again(ask, 903))).parts[0].part, child("张悦", "三小"));
    // Taken away there, changed here, and the other way round.
    let now = house.open(id).parts[0].clone();
    saved(pc2.answer(&part(904, &now, None, &by_li)));
    let (fields, ask) = clash(house.ask(part(905, &now, Some(child("张玥", "三小")), &mine)));
    assert_eq!(sides(&fields[0]), ["part", "张悦", "", "张玥"]);
    let back = saved(house.ask(again(ask, 906))).parts[0].clone();
    assert_eq!(back.part, child("张玥", "三小"));
    saved(pc2.answer(&part(907, &back, Some(child("张越", "三小")), &by_li)));
    let (fields, ask) = clash(house.ask(part(908, &back, None, &mine)));
    assert_eq!(sides(&fields[0]), ["part", "张玥", "张越", ""]);
    assert!(saved(house.ask(again(ask, 909))).parts.is_empty());
    // Both took it away: done.
    assert!(saved(pc2.answer(&part(910, &back, None, &by_li))).parts.is_empty());
}

#[test]
fn a_keeper_moved_meanwhile_holds_up_all_until_it_is_decided() {
    let mut house = House::on("2026-11-20");
    let (a, b) = (house.customer("甲", 600_000), house.customer("乙", 600_000));
    let seen = seq(&mut house);
    let (mut pc2, by_li) = li(&house);
    let give = |op: i64, ids: Vec<CustomerId>, owner, seen, stamp: &Stamp| {
        let (reason, stamp) = ("轮岗".to_owned(), stamp.clone());
        Ask::Customers(C::Keeper { op: OpId(op), ids, owner: Some(owner), seen, reason, stamp })
    };
    let theirs = pc2.answer(&give(900, vec![a], house.li, seen, &by_li));
    assert!(matches!(theirs, Answer::Customers(A::Moved { .. })));
    let mine = house.stamp();
    let (fields, ask) = clash(house.file.answer(&give(901, vec![a, b], house.zhao, seen, &mine)));
    let [one] = fields.as_slice() else { panic!("{fields:?}") };
    let text = |id: guitai::domain::ids::StaffId| id.0.to_string();
    let (wang, li_, zhao) = (text(house.wang), text(house.li), text(house.zhao));
    assert_eq!((sides(one), one.name.as_str(), one.by), (["owner", &wang, &li_, &zhao], "甲", Some(house.li)));
    assert_eq!(house.open(b).customer.owner, Some(house.wang));
    assert!(matches!(house.ask(again(ask, 902)), Answer::Customers(A::Moved { .. })));
    assert_eq!((house.open(a).customer.owner, house.open(b).customer.owner), (Some(house.zhao), Some(house.zhao)));
    // What was known when it was chosen is no reason to ask.
    let seen = seq(&mut house);
    assert!(matches!(pc2.answer(&give(903, vec![a], house.li, seen, &by_li)), Answer::Customers(A::Moved { .. })));
}

#[test]
fn a_tier_held_meanwhile_comes_back() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 30_000);
    let seen = seq(&mut house);
    let (mut pc2, by_li) = li(&house);
    let until = day("2026-12-31");
    let hold = |op: i64, tier, stamp: &Stamp| {
        let (reason, stamp) = ("大额在途".to_owned(), stamp.clone());
        Ask::Customers(C::Hold { op: OpId(op), id, tier: Some((tier, until)), seen, reason, stamp })
    };
    saved(pc2.answer(&hold(900, Tier::Big, &by_li)));
    let mine = house.stamp();
    let (fields, ask) = clash(house.ask(hold(901, Tier::Vip, &mine)));
    assert_eq!(sides(&fields[0]), ["hold", "", "big 2026-12-31", "vip 2026-12-31"]);
    assert_eq!(saved(house.ask(again(ask, 902))).standing.tier, Some(Tier::Vip));
    // The same hold twice is no clash.
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 30_000);
    let hold = |op: i64, stamp: &Stamp| {
        let (reason, stamp) = ("大额在途".to_owned(), stamp.clone());
        Ask::Customers(C::Hold { op: OpId(op), id, tier: Some((Tier::Vip, until)), seen: 0, reason, stamp })
    };
    let (mut pc2, by_li) = li(&house);
    saved(pc2.answer(&hold(900, &by_li)));
    let mine = house.stamp();
    saved(house.ask(hold(901, &mine)));
}

#[test]
fn whatever_a_colleague_did_with_a_line_the_second_is_told_and_writes_nothing() {
    for (n, theirs) in [Mark::Done, Mark::Cancelled, Mark::Snoozed { until: day("2027-01-08") }].into_iter().enumerate()
    {
        for mine in [Mark::Done, Mark::Cancelled, Mark::Snoozed { until: day("2027-01-11") }] {
            let mut house = House::on("2026-11-20");
            let id = house.customer("甲", 600_000);
            house.today = day("2027-01-04");
            let key = house.mine().into_iter().find(|i| i.source.code() == "visit").unwrap().key;
            let seen = seq(&mut house);
            let (mut pc2, by_li) = li(&house);
            let ask = |op: i64, mark: &Mark, seen, stamp: &Stamp| {
                let (key, mark, reason, stamp) = (key.clone(), mark.clone(), "原因".to_owned(), stamp.clone());
                Ask::Agenda(agenda::Ask::Mark { op: OpId(op), key, customer: Some(id), mark, seen, reason, stamp })
            };
            assert!(matches!(
                pc2.answer(&ask(900, &theirs, seen, &by_li)),
                Answer::Agenda(agenda::Answer::Marked { .. })
            ));
            let before = house.open(id);
            let stamp = house.stamp();
            match house.ask(ask(901, &mine, seen, &stamp)) {
                Answer::Agenda(agenda::Answer::Taken { change }) => {
                    assert_eq!((change.by, change.reason.as_str()), (house.li, "原因"));
                }
                other => panic!("{theirs:?} then {mine:?}: {other:?}"),
            }
            assert_eq!(house.open(id), before);
            // A line put off may be dealt with by one who knows; one that is closed may not.
            let head = seq(&mut house);
            let again = house.ask(ask(902, &mine, head, &stamp));
            assert_eq!(matches!(again, Answer::Agenda(agenda::Answer::Marked { .. })), n == 2, "{again:?}");
        }
    }
}

#[test]
fn a_date_agreed_with_the_customer_today_outlives_a_colleagues_contact_of_the_same_day() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 600_000);
    assert_eq!(house.log(id, Outcome::Reached, Some(day("2026-12-05")), None), Some(day("2026-12-05")));
    let (mut pc2, by_li) = li(&house);
    let ask = contacts::Ask::Log {
        op: OpId(900),
        customer: id,
        channel: Channel::Wechat,
        outcome: Outcome::Reached,
        note: "祝贺".into(),
        next: None,
        task: None,
        stamp: by_li,
    };
    match pc2.answer(&Ask::Contacts(ask)) {
        Answer::Contacts(contacts::Answer::Logged { next, also, .. }) => {
            assert_eq!(next, Some(day("2026-12-05")));
            assert_eq!(also.map(|c| (c.by, c.channel)), Some((house.wang, Channel::Phone)));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(house.open(id).contacts_total, 2);
}
