//! Keepers: a customer changing hands in all its states, who has no keeper, many at once, standing in, leaving.

use crate::house::{House, day, person, refused};
use guitai::domain::agenda::{Detail, Item, Mark, Scope, Source, Transfer};
use guitai::domain::contact::{Channel, Outcome};
use guitai::domain::customer::Customer;
use guitai::domain::ids::{CustomerId, OpId, StaffId};
use guitai::domain::staff::Role;
use guitai::domain::tier::Tier;
use guitai::store::keepers::{Answer as A, Ask as K, Why};
use guitai::store::open::File;
use guitai::store::request::{Answer, Ask, Failure, Stamp};
use guitai::store::{agenda, contacts, customers, workbench};

fn by(house: &House, who: StaffId) -> Stamp {
    Stamp { by: who, ..house.stamp() }
}

fn ask(house: &mut House, ask: K) -> Answer {
    house.ask(Ask::Keepers(ask))
}

fn done(answer: Answer) -> (Vec<CustomerId>, Vec<String>, i64) {
    match answer {
        Answer::Keepers(A::Done { rows, left, seq }) => (rows.iter().map(|r| r.id).collect(), left, seq),
        other => panic!("{other:?}"),
    }
}

/// An ordinary customer of 李强's, so rich meanwhile that an account manager is to keep them.
fn risen(house: &mut House, name: &str) -> CustomerId {
    let owner = Some(house.li);
    let id = house.create(Customer { name: name.to_owned(), owner, ..Customer::default() });
    house.figures(id, house.today, 250_000);
    id
}

fn by_rules(house: &mut House, ids: &[CustomerId]) {
    let (op, stamp) = (house.op(), house.stamp());
    done(ask(house, K::ProposeByRules { op, ids: ids.to_vec(), stamp }));
}

fn propose(house: &mut House, customer: CustomerId, to: StaffId, who: StaffId) -> Answer {
    let (op, stamp) = (house.op(), by(house, who));
    ask(house, K::Propose { op, customer, to, seen: i64::MAX, reason: "搬到对面楼了".to_owned(), stamp })
}

fn reply(house: &mut House, row: i64, accept: bool, reason: &str, who: StaffId) -> Answer {
    let (op, stamp) = (house.op(), by(house, who));
    ask(house, K::Reply { op, row, accept, reason: reason.to_owned(), stamp })
}

fn withdraw(house: &mut House, row: i64, who: StaffId) -> Answer {
    let (op, stamp) = (house.op(), by(house, who));
    ask(house, K::Withdraw { op, row, reason: "还是我来".to_owned(), stamp })
}

fn transfers(house: &mut House, scope: Scope, who: StaffId) -> Vec<(Item, Transfer)> {
    let today = house.today;
    let (items, ..) = house.queue(scope, who, today);
    let found = items.into_iter().filter_map(|i| match &i.detail {
        Detail::Transfer(x) => Some((i.clone(), x.clone())),
        _ => None,
    });
    found.collect()
}

fn row(house: &mut House, who: StaffId) -> i64 {
    transfers(house, Scope::Mine, who)[0].1.row
}

fn marks(house: &mut House, id: CustomerId) -> Vec<String> {
    let changes = house.open(id).changes;
    changes.iter().rev().filter_map(|c| c.after("mark").map(|m| m.split(' ').next().unwrap().to_owned())).collect()
}

fn head(house: &mut House) -> i64 {
    house.workbench().seq
}

#[test]
fn a_tier_that_the_keepers_post_does_not_keep_is_proposed_to_the_one_the_rules_say_due_in_two_working_days() {
    // A Friday: two working days later is Tuesday.
    let mut house = House::on("2026-11-20");
    let id = risen(&mut house, "张三");
    let kept = house.customer("李四", 300_000);
    by_rules(&mut house, &[id, kept]);
    let (wang, li, zhao) = (house.wang, house.li, house.zhao);
    let (item, x) = transfers(&mut house, Scope::Mine, wang).remove(0);
    assert_eq!((x.from, x.to, x.tier, x.reason.as_str()), (li, wang, Some(Tier::Potential), "现为潜力客户"));
    assert_eq!((item.due, item.owner, item.source), (day("2026-11-24"), Some(wang), Source::HandOver));
    // The giver sees the same one waiting; nobody else does, and there is one line of it in the branch.
    assert_eq!(transfers(&mut house, Scope::Mine, li)[0].0.owner, Some(li));
    assert_eq!(transfers(&mut house, Scope::Mine, zhao), []);
    assert_eq!(transfers(&mut house, Scope::Branch, zhao).len(), 1);
    // Proposed again it stays one.
    by_rules(&mut house, &[id]);
    assert_eq!(transfers(&mut house, Scope::Branch, zhao).len(), 1);
    assert_eq!(house.open(id).due.iter().filter(|i| matches!(i.detail, Detail::Transfer(_))).count(), 1);
}

#[test]
fn accepting_gives_the_customer_over_with_the_reason_in_the_change_log() {
    let mut house = House::on("2026-11-20");
    let lobby = house.add_staff(person("lobby", "周堂", Role::LobbyManager));
    let id = risen(&mut house, "张三");
    by_rules(&mut house, &[id]);
    let (wang, li) = (house.wang, house.li);
    let row = row(&mut house, wang);
    assert_eq!(done(reply(&mut house, row, true, "", wang)).0, [id]);
    let opened = house.open(id);
    // The rules want a lobby manager beside an account manager.
    assert_eq!((opened.customer.owner, opened.customer.assistant), (Some(wang), Some(lobby)));
    let change = opened.changes.iter().find(|c| c.of_field("owner") && c.reason == "现为潜力客户").unwrap();
    assert_eq!((change.after("owner"), change.by), (Some(wang.0.to_string().as_str()), wang));
    assert_eq!(marks(&mut house, id), ["transfer_proposed", "transfer_accepted"]);
    for who in [wang, li] {
        assert_eq!(transfers(&mut house, Scope::Mine, who), []);
    }
}

#[test]
fn refusing_needs_a_reason_leaves_the_keeper_and_goes_back_to_them_to_be_proposed_again_or_kept() {
    let mut house = House::on("2026-11-20");
    let second = house.add_staff(person("sunli", "孙丽", Role::AccountManager));
    let id = risen(&mut house, "张三");
    by_rules(&mut house, &[id]);
    let (wang, li) = (house.wang, house.li);
    let to = transfers(&mut house, Scope::Mine, li)[0].1.to;
    let first = row(&mut house, to);
    assert!(refused(reply(&mut house, first, false, " ", to)).contains("原因"));
    done(reply(&mut house, first, false, "手上已满", to));
    assert_eq!(house.open(id).customer.owner, Some(li));
    assert_eq!(transfers(&mut house, Scope::Mine, to), []);
    let (item, x) = transfers(&mut house, Scope::Mine, li).remove(0);
    assert_eq!((x.refused.as_deref(), item.due), (Some("手上已满"), day("2026-11-20")));
    // Again, to somebody else: one line, and the history has both.
    let other = if to == wang { second } else { wang };
    done(propose(&mut house, id, other, li));
    let (_, x) = transfers(&mut house, Scope::Mine, other).remove(0);
    assert_eq!((x.refused, x.row != first), (None, true));
    done(reply(&mut house, x.row, false, "也满", other));
    // Kept: no line is left, the keeper stays.
    done(withdraw(&mut house, x.row, li));
    assert_eq!(transfers(&mut house, Scope::Branch, li), []);
    assert_eq!(house.open(id).customer.owner, Some(li));
    let told = ["transfer_proposed", "transfer_refused", "transfer_proposed", "transfer_refused", "transfer_kept"];
    assert_eq!(marks(&mut house, id), told);
}

#[test]
fn a_proposal_is_taken_back_by_its_giver_and_by_nobody_below() {
    let mut house = House::on("2026-11-20");
    let id = risen(&mut house, "张三");
    by_rules(&mut house, &[id]);
    let (wang, li, zhao) = (house.wang, house.li, house.zhao);
    let row = row(&mut house, wang);
    assert!(refused(withdraw(&mut house, row, zhao)).contains("撤回"));
    assert!(refused(reply(&mut house, row, true, "", li)).contains("王敏"));
    done(withdraw(&mut house, row, li));
    assert_eq!(transfers(&mut house, Scope::Branch, li), []);
    assert_eq!(marks(&mut house, id).last().map(String::as_str), Some("transfer_withdrawn"));
}

#[test]
fn who_comes_second_is_told_what_the_first_said_and_writes_nothing() {
    let mut house = House::on("2026-11-20");
    let id = risen(&mut house, "张三");
    by_rules(&mut house, &[id]);
    let (wang, li) = (house.wang, house.li);
    let row = row(&mut house, wang);
    let mut pc2: File = house.second();
    // The giver takes it back at the other workstation; the receiver's answer comes after.
    let ask = K::Withdraw { op: OpId(900), row, reason: "客户不愿意".to_owned(), stamp: by(&house, li) };
    done(pc2.answer(&Ask::Keepers(ask)));
    for accept in [true, false] {
        match reply(&mut house, row, accept, "好", wang) {
            Answer::Keepers(A::Taken { change }) => {
                assert_eq!((change.by, change.after("mark")), (li, Some("transfer_withdrawn")));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(house.open(id).customer.owner, Some(li));
    // Accepted there, taken back here.
    done(propose(&mut house, id, wang, li));
    let row = transfers(&mut house, Scope::Mine, wang)[0].1.row;
    let ask = K::Reply { op: OpId(901), row, accept: true, reason: String::new(), stamp: by(&house, wang) };
    done(pc2.answer(&Ask::Keepers(ask)));
    match withdraw(&mut house, row, li) {
        Answer::Keepers(A::Taken { change }) => assert_eq!(change.after("mark"), Some("transfer_accepted")),
        other => panic!("{other:?}"),
    }
    assert_eq!(house.open(id).customer.owner, Some(wang));
}

#[test]
fn two_who_propose_the_same_customer_make_one_hand_over_and_the_second_is_told() {
    let mut house = House::on("2026-11-20");
    let id = risen(&mut house, "张三");
    let (wang, li, zhao) = (house.wang, house.li, house.zhao);
    let seen = head(&mut house);
    let mut pc2 = house.second();
    let mine = |op, to, stamp| {
        let reason = "原因".to_owned();
        Ask::Keepers(K::Propose { op: OpId(op), customer: id, to, seen, reason, stamp })
    };
    done(pc2.answer(&mine(900, zhao, by(&house, li))));
    let second = mine(901, wang, house.stamp());
    match house.ask(second) {
        Answer::Keepers(A::Taken { change }) => assert_eq!(change.by, li),
        other => panic!("{other:?}"),
    }
    // Who knows of it is told in words, and who takes the customer for somebody else's hears that too.
    assert!(refused(propose(&mut house, id, wang, wang)).contains("赵云"));
    let other = risen(&mut house, "王五");
    assert!(refused(propose(&mut house, other, li, wang)).contains("本来就是"));
    let seen = head(&mut house);
    let give = customers::Ask::Keeper {
        op: OpId(902),
        ids: vec![other],
        owner: Some(zhao),
        seen,
        reason: "轮岗".to_owned(),
        stamp: by(&house, li),
    };
    assert!(matches!(pc2.answer(&Ask::Customers(give)), Answer::Customers(customers::Answer::Moved { .. })));
    let late =
        K::Propose {
            op: OpId(903), customer: other, to: wang, seen, reason: "原因".to_owned(), stamp: house.stamp()
        };
    match ask(&mut house, late) {
        Answer::Keepers(A::Taken { change }) => assert!(change.of_field("owner")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_word_said_twice_is_said_once() {
    let mut house = House::on("2026-11-20");
    let id = risen(&mut house, "张三");
    by_rules(&mut house, &[id]);
    let wang = house.wang;
    let (row, op, stamp) = (row(&mut house, wang), house.op(), house.stamp());
    let accept = K::Reply { op, row, accept: true, reason: String::new(), stamp };
    let first = done(ask(&mut house, accept.clone()));
    let changes = house.open(id).changes.len();
    assert_eq!(done(ask(&mut house, accept)), first);
    assert_eq!(house.open(id).changes.len(), changes);
}

#[test]
fn a_keeper_changed_by_another_road_ends_the_hand_over() {
    for to_receiver in [true, false] {
        let mut house = House::on("2026-11-20");
        let id = risen(&mut house, "张三");
        by_rules(&mut house, &[id]);
        let (wang, zhao) = (house.wang, house.zhao);
        let row = row(&mut house, wang);
        let (op, stamp) = (house.op(), house.stamp());
        let owner = Some(if to_receiver { wang } else { zhao });
        let give =
            customers::Ask::Keeper { op, ids: vec![id], owner, seen: i64::MAX, reason: "直接换".into(), stamp };
        assert!(matches!(house.ask(Ask::Customers(give)), Answer::Customers(customers::Answer::Moved { .. })));
        assert_eq!(transfers(&mut house, Scope::Branch, wang), []);
        match reply(&mut house, row, true, "", wang) {
            Answer::Keepers(A::Taken { change }) => assert_eq!(change.reason, "直接换"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_tier_that_falls_back_takes_the_proposal_with_it_and_one_that_rises_on_leaves_it_where_it_fits() {
    let mut house = House::on("2026-11-20");
    let owner = Some(house.li);
    let id = house.create(Customer { name: "张三".to_owned(), owner, ..Customer::default() });
    house.figures(id, house.today, 100_000);
    let (wang, until) = (house.wang, day("2026-12-31"));
    let hold = |house: &mut House, tier: Option<Tier>| {
        let (op, stamp) = (house.op(), house.stamp());
        let tier = tier.map(|t| (t, until));
        let ask = customers::Ask::Hold { op, id, tier, seen: i64::MAX, reason: "资金在途".to_owned(), stamp };
        assert!(matches!(house.ask(Ask::Customers(ask)), Answer::Customers(customers::Answer::Saved { .. })));
    };
    hold(&mut house, Some(Tier::Potential));
    let first = transfers(&mut house, Scope::Mine, wang).remove(0).1;
    assert_eq!((first.to, first.reason.as_str()), (wang, "由普通客户升为潜力客户"));
    // An account manager keeps VIPs too: the same hand-over stands.
    hold(&mut house, Some(Tier::Vip));
    assert_eq!(transfers(&mut house, Scope::Mine, wang)[0].1.row, first.row);
    hold(&mut house, None);
    assert_eq!(transfers(&mut house, Scope::Branch, wang), []);
    // Whoever answers what they still see is told why it no longer holds.
    assert!(refused(reply(&mut house, first.row, true, "", wang)).contains("级别又有变动"));
}

#[test]
fn a_hand_over_of_a_customer_is_neither_marked_nor_done_by_a_call() {
    let mut house = House::on("2026-11-20");
    let id = risen(&mut house, "张三");
    by_rules(&mut house, &[id]);
    let wang = house.wang;
    let key = transfers(&mut house, Scope::Mine, wang)[0].0.key.clone();
    for mark in [Mark::Done, Mark::Cancelled, Mark::Snoozed { until: day("2026-12-01") }, Mark::HandedOn { to: wang }] {
        assert!(refused(house.mark(&key, mark, "原因")).contains("移交"));
    }
    house.log(id, Outcome::Reached, None, Some(&key));
    assert_eq!(transfers(&mut house, Scope::Mine, wang).len(), 1);
}

#[test]
fn an_unanswered_hand_over_shows_to_those_above_and_on_the_list_of_the_head() {
    let mut house = House::on("2026-11-20");
    let head = house.add_staff(person("zhaohang", "赵行", Role::BranchManager));
    let id = risen(&mut house, "张三");
    by_rules(&mut house, &[id]);
    let orphans = |house: &mut House| {
        let today = house.today;
        match ask(house, K::Orphans { today }) {
            Answer::Keepers(A::Orphans { list, total }) => {
                assert_eq!(list.len(), usize::try_from(total).unwrap());
                list.into_iter().map(|o| (o.who.name, o.why)).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        }
    };
    house.today = day("2026-11-24");
    assert_eq!((transfers(&mut house, Scope::Mine, head).len(), orphans(&mut house)), (0, vec![]));
    house.today = day("2026-11-25");
    let (item, x) = transfers(&mut house, Scope::Mine, head).remove(0);
    assert_eq!((item.owner, item.overdue(house.today)), (Some(x.to), 1));
    assert_eq!(orphans(&mut house), [("张三".to_owned(), Why::Unanswered)]);
}

#[test]
fn the_list_of_orphans_says_why_highest_first_and_leaves_out_whom_nobody_must_keep() {
    let mut house = House::on("2026-11-20");
    let head = house.add_staff(person("zhaohang", "赵行", Role::BranchManager));
    let nobody = |house: &mut House, name: &str, yuan: i64| {
        let id = house.create(Customer { name: name.to_owned(), ..Customer::default() });
        house.figures(id, house.today, yuan);
        id
    };
    nobody(&mut house, "无主小", 20_000);
    nobody(&mut house, "无主贵", 700_000);
    nobody(&mut house, "未分级", 10);
    let wrong = risen(&mut house, "岗位不对");
    house.customer("岗位对", 300_000);
    let small = Some(house.zhao);
    let left = house.create(Customer { name: "跟走的".to_owned(), owner: small, ..Customer::default() });
    house.figures(left, house.today, 90_000);
    // The one who leaves does so behind the back of the rules: as older files have it.
    let (op, stamp) = (house.op(), by(&house, head));
    let zhao = house.zhao;
    done(ask(&mut house, K::Leave { op, staff: zhao, to: None, reason: "调走".to_owned(), stamp }));
    let today = house.today;
    let found = match ask(&mut house, K::Orphans { today }) {
        Answer::Keepers(A::Orphans { list, .. }) => list,
        other => panic!("{other:?}"),
    };
    let told: Vec<(&str, Why)> = found.iter().map(|o| (o.who.name.as_str(), o.why)).collect();
    assert_eq!(told, [("无主贵", Why::NoKeeper), ("岗位不对", Why::WrongPost), ("无主小", Why::NoKeeper)]);
    // Whoever was taken out by another program than this one leaves their customers on the list.
    let li = house.li;
    let conn = rusqlite::Connection::open(&house.path).unwrap();
    conn.execute("UPDATE staff SET active = 0 WHERE id = ?", [li.0]).unwrap();
    drop(conn);
    match house.second().answer(&Ask::Keepers(K::Orphans { today })) {
        Answer::Keepers(A::Orphans { list, .. }) => {
            assert!(list.iter().any(|o| o.who.name == "岗位不对" && o.why == Why::KeeperLeft));
        }
        other => panic!("{other:?}"),
    }
    // Once it is under way it is no longer on the list.
    by_rules(&mut house, &[wrong]);
    match ask(&mut house, K::Orphans { today }) {
        Answer::Keepers(A::Orphans { total, .. }) => assert_eq!(total, 2),
        other => panic!("{other:?}"),
    }
}

#[test]
fn many_are_given_by_the_rules_as_one_batch_after_a_preview_and_put_back_as_one() {
    let mut house = House::on("2026-11-20");
    let second = house.add_staff(person("sunli", "孙丽", Role::AccountManager));
    let ids: Vec<CustomerId> = ["甲", "乙", "丙", "丁"].into_iter().map(|n| risen(&mut house, n)).collect();
    let right = house.customer("戊", 300_000);
    let all: Vec<CustomerId> = ids.iter().copied().chain([right]).collect();
    let before = head(&mut house);
    let plan = match ask(&mut house, K::Plan { ids: all }) {
        Answer::Keepers(A::Plan(plan)) => *plan,
        other => panic!("{other:?}"),
    };
    assert_eq!(head(&mut house), before, "a preview writes nothing");
    assert_eq!((plan.moves.len(), plan.stay), (4, 1));
    let (wang, li) = (house.wang, house.li);
    // Spread by how many each has already: 王敏 has one.
    let mut loads = plan.loads.clone();
    loads.sort_by_key(|(id, ..)| id.0);
    let after = |id| loads.iter().find(|(who, ..)| *who == id).map(|(_, b, a)| (*b, *a));
    assert_eq!(after(li), Some((4, 0)));
    assert_eq!([after(wang), after(second)].iter().flatten().map(|(_, a)| a).sum::<u32>(), 5);
    assert!(after(second).unwrap().1 >= 2 && after(wang).unwrap().1 >= 2, "{loads:?}");
    // A colleague gives one away before it is confirmed: that one is left alone and named.
    let mut pc2 = house.second();
    let give = customers::Ask::Keeper {
        op: OpId(900),
        ids: vec![ids[3]],
        owner: Some(house.zhao),
        seen: i64::MAX,
        reason: "轮岗".to_owned(),
        stamp: by(&house, li),
    };
    assert!(matches!(pc2.answer(&Ask::Customers(give)), Answer::Customers(customers::Answer::Moved { .. })));
    let given: Vec<_> = plan.moves.iter().map(guitai::store::keepers::Move::given).collect();
    let (op, stamp) = (house.op(), house.stamp());
    let assign = K::Assign { op, given, reason: "按岗位分户".to_owned(), stamp };
    let (rows, left, seq) = done(ask(&mut house, assign.clone()));
    assert_eq!((rows.len(), left), (3, vec!["丁".to_owned()]));
    assert_eq!(done(ask(&mut house, assign)).2, seq);
    let owners = |house: &mut House| ids.iter().map(|id| house.open(*id).customer.owner.unwrap()).collect::<Vec<_>>();
    let zhao = house.zhao;
    let now = owners(&mut house);
    assert!(now[..3].iter().all(|o| [wang, second].contains(o)) && now[3] == zhao);
    let batches: Vec<_> =
        ids[..3].iter().map(|id| house.open(*id).changes.iter().find(|c| c.of_field("owner")).unwrap().batch).collect();
    assert!(batches[0].is_some() && batches.iter().all(|b| *b == batches[0]));
    // One is given elsewhere since; the rest goes back.
    let (op, stamp) = (house.op(), house.stamp());
    let reason = "直接换".to_owned();
    let give = customers::Ask::Keeper { op, ids: vec![ids[0]], owner: Some(zhao), seen: i64::MAX, reason, stamp };
    house.ask(Ask::Customers(give));
    let stranger = by(&house, zhao);
    let op = house.op();
    assert!(refused(ask(&mut house, K::PutBack { op, seq, stamp: stranger })).contains("同事"));
    let (op, stamp) = (house.op(), house.stamp());
    let (rows, left, _) = done(ask(&mut house, K::PutBack { op, seq, stamp }));
    assert_eq!((rows.len(), left), (2, vec!["甲".to_owned()]));
    assert_eq!(owners(&mut house), [zhao, li, li, zhao]);
    let (op, stamp) = (house.op(), house.stamp());
    assert!(refused(ask(&mut house, K::PutBack { op, seq: 1, stamp })).contains("批量"));
}

#[test]
fn who_stands_in_sees_the_lines_of_the_one_away_and_what_they_do_says_for_whom() {
    let mut house = House::on("2026-11-20");
    house.settings(|s| s.collect_daily = 0);
    let id = house.customer("甲", 600_000);
    let (wang, li) = (house.wang, house.li);
    let delegate = |house: &mut House, from: &str, until: &str, who: StaffId, staff: StaffId, to: StaffId| {
        let (op, stamp) = (house.op(), by(house, who));
        let (from, until, reason) = (day(from), day(until), "强制休假".to_owned());
        ask(house, K::Delegate { op, staff, to, from, until, reason, stamp })
    };
    house.today = day("2027-01-04");
    assert!(refused(delegate(&mut house, "2027-01-04", "2027-01-08", li, wang, li)).contains("本人"));
    assert!(refused(delegate(&mut house, "2027-01-08", "2027-01-04", wang, wang, li)).contains("不对"));
    assert!(refused(delegate(&mut house, "2027-01-04", "2027-01-08", wang, wang, wang)).contains("本人"));
    done(delegate(&mut house, "2027-01-04", "2027-01-08", wang, wang, li));
    let zhao = house.zhao;
    assert!(refused(delegate(&mut house, "2027-01-08", "2027-01-09", wang, wang, zhao)).contains("李强"));
    assert!(refused(delegate(&mut house, "2027-01-06", "2027-01-06", zhao, zhao, wang)).contains("不在岗"));
    let lines = |house: &mut House| {
        let today = house.today;
        let (items, counts, scopes) = house.queue(Scope::Mine, li, today);
        assert_eq!(counts.open, scopes[0]);
        items.into_iter().filter(|i| i.owner == Some(wang)).collect::<Vec<_>>()
    };
    let found = lines(&mut house);
    assert_eq!(found.len(), 1);
    // A call and a mark, both by 李强 for 王敏.
    let (op, stamp) = (house.op(), by(&house, li));
    let call = contacts::Ask::Log {
        op,
        customer: id,
        channel: Channel::Phone,
        outcome: Outcome::NoAnswer,
        note: String::new(),
        next: None,
        task: Some(found[0].key.clone()),
        stamp,
    };
    assert!(matches!(house.ask(Ask::Contacts(call)), Answer::Contacts(_)));
    let (op, stamp) = (house.op(), by(&house, li));
    let mark = agenda::Ask::Mark {
        op,
        key: found[0].key.clone(),
        customer: Some(id),
        mark: Mark::Cancelled,
        seen: i64::MAX,
        reason: "客户出国".to_owned(),
        stamp,
    };
    assert!(matches!(house.ask(Ask::Agenda(mark)), Answer::Agenda(agenda::Answer::Marked { .. })));
    let changes = house.open(id).changes;
    for c in changes.iter().filter(|c| c.by == li) {
        assert_eq!(c.after("for"), Some(wang.0.to_string().as_str()), "{c:?}");
    }
    assert_eq!(changes.iter().filter(|c| c.by == li).count(), 2);
    // Nothing before the first day nor after the last, and no more once it is ended.
    house.today = day("2027-01-09");
    assert_eq!(lines(&mut house), []);
    house.today = day("2027-01-05");
    let d = house.workbench().delegates.remove(0);
    let (op, stamp) = (house.op(), by(&house, wang));
    done(ask(&mut house, K::EndDelegate { op, row: d.id, stamp }));
    assert_eq!(lines(&mut house), []);
    assert_eq!(house.workbench().delegates[0].until, day("2027-01-04"));
}

#[test]
fn who_stands_in_answers_a_hand_over_for_the_one_away() {
    let mut house = House::on("2026-11-20");
    let id = risen(&mut house, "张三");
    by_rules(&mut house, &[id]);
    let (wang, zhao) = (house.wang, house.zhao);
    let row = row(&mut house, wang);
    assert!(refused(reply(&mut house, row, true, "", zhao)).contains("王敏"));
    let (op, stamp) = (house.op(), house.stamp());
    let (from, until) = (house.today, house.today);
    let reason = "培训".to_owned();
    done(ask(&mut house, K::Delegate { op, staff: wang, to: zhao, from, until, reason, stamp }));
    done(reply(&mut house, row, true, "", zhao));
    let opened = house.open(id);
    assert_eq!(opened.customer.owner, Some(wang), "accepted for the one away, not for oneself");
    let said = opened.changes.iter().find(|c| c.after("mark") == Some("transfer_accepted")).unwrap();
    assert_eq!((said.by, said.after("for")), (zhao, Some(wang.0.to_string().as_str())));
}

#[test]
fn one_who_leaves_hands_everything_over_to_one_or_by_the_rules() {
    for named in [true, false] {
        let mut house = House::on("2026-11-20");
        house.settings(|s| s.collect_daily = 0);
        let head = house.add_staff(person("zhaohang", "赵行", Role::BranchManager));
        let second = house.add_staff(person("sunli", "孙丽", Role::AccountManager));
        let (wang, li) = (house.wang, house.li);
        let vip = house.customer("贵宾", 600_000);
        let none = house.customer("未分级", 10);
        let on_the_way = risen(&mut house, "张三");
        done(propose(&mut house, on_the_way, wang, li));
        let task = guitai::domain::agenda::Task {
            id: guitai::domain::ids::TaskId(0),
            rev: 0,
            owner: wang,
            customer: Some(vip),
            text: "送挂历".to_owned(),
            due: house.today,
            repeat: guitai::domain::calendar::repeat::Repeat::Once,
        };
        let about_nobody = guitai::domain::agenda::Task { customer: None, text: "月报".to_owned(), ..task.clone() };
        for task in [task, about_nobody] {
            assert!(matches!(house.task(task), Answer::Agenda(agenda::Answer::Done { .. })));
        }
        let to = named.then_some(second);
        let plan = match ask(&mut house, K::LeavePlan { staff: wang, to }) {
            Answer::Keepers(A::Plan(plan)) => *plan,
            other => panic!("{other:?}"),
        };
        assert_eq!((plan.moves.len(), plan.tasks), (2, 2));
        assert_eq!(plan.tasks_to, Some(if named { second } else { head }));
        let leave = |house: &mut House, who: StaffId| {
            let (op, stamp) = (house.op(), by(house, who));
            ask(house, K::Leave { op, staff: wang, to, reason: "调离".to_owned(), stamp })
        };
        assert!(refused(leave(&mut house, li)).contains("网点经理"));
        done(leave(&mut house, head));
        // The rules want nobody for who is in no tier.
        let expected = [Some(second), named.then_some(second), Some(li)];
        assert_eq!([vip, none, on_the_way].map(|id| house.open(id).customer.owner), expected);
        let staff = house.workbench().staff;
        assert!(!staff.iter().find(|s| s.id == wang).unwrap().active);
        let today = house.today;
        let texts = |house: &mut House, who| {
            let (items, ..) = house.queue(Scope::Mine, who, today);
            items.into_iter().filter(|i| i.source == Source::Own).count()
        };
        let counts = (texts(&mut house, second), texts(&mut house, head), texts(&mut house, wang));
        assert_eq!(counts, if named { (2, 0, 0) } else { (1, 1, 0) });
        assert_eq!(transfers(&mut house, Scope::Branch, head), []);
        // Nobody gives anything to them any more, and nobody leaves twice.
        assert!(refused(propose(&mut house, on_the_way, wang, li)).contains("在岗"));
        assert!(refused(leave(&mut house, head)).contains("在岗"));
    }
}

#[test]
fn words_that_wait_in_the_outbox_are_written_later_as_they_were_said() {
    let mut house = House::on("2026-11-20");
    let id = risen(&mut house, "张三");
    let wang = house.wang;
    let seen = head(&mut house);
    let (op, stamp) = (house.op(), by(&house, house.li));
    let ask = Ask::Keepers(K::Propose { op, customer: id, to: wang, seen, reason: "升级".to_owned(), stamp });
    assert_eq!(ask.op(), Some(op));
    let kept = serde_json::to_string(&ask).unwrap();
    let again: Ask = serde_json::from_str(&kept).unwrap();
    assert_eq!(again, ask);
    done(house.ask(again));
    assert_eq!(transfers(&mut house, Scope::Mine, wang).len(), 1);
    assert!(matches!(
        house.ask(Ask::Keepers(K::Reply {
            op: OpId(77),
            row: 12345,
            accept: true,
            reason: String::new(),
            stamp: house.stamp()
        })),
        Answer::Failed(Failure::Gone)
    ));
}

#[test]
fn the_rules_are_a_setting_of_the_branch() {
    let mut house = House::on("2026-11-20");
    // 李强's post keeps potential customers here: nobody is proposed anybody.
    house.settings(|s| {
        for rule in &mut s.keepers.0 {
            if rule.tier == Tier::Potential {
                rule.owner = Role::LowCounter;
            }
        }
    });
    let id = risen(&mut house, "张三");
    by_rules(&mut house, &[id]);
    let li = house.li;
    assert_eq!(transfers(&mut house, Scope::Branch, li), []);
    let kept = match house.ask(Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(o)) => o.settings.keepers,
        other => panic!("{other:?}"),
    };
    assert!(kept.keeps(Role::LowCounter, Tier::Potential, ""));
}

#[test]
fn a_vip_without_a_second_keeper_is_on_the_list_and_gets_one_by_the_rules_the_first_stays() {
    let mut house = House::on("2026-11-20");
    let vip = house.customer("贵宾", 600_000);
    let potential = house.customer("潜力", 300_000);
    let orphans = |house: &mut House| {
        let today = house.today;
        match ask(house, K::Orphans { today }) {
            Answer::Keepers(A::Orphans { list, .. }) => list.into_iter().map(|o| (o.who.id, o.why)).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    // Nobody of that post works here: nothing is wanted that cannot be had.
    assert_eq!(orphans(&mut house), []);
    let boss = house.add_staff(person("boss", "主管", Role::AmSupervisor));
    assert_eq!(orphans(&mut house), [(vip, Why::NoSecond)]);
    let plan = match ask(&mut house, K::Plan { ids: vec![vip, potential] }) {
        Answer::Keepers(A::Plan(plan)) => *plan,
        other => panic!("{other:?}"),
    };
    assert_eq!((plan.moves.len(), plan.stay), (1, 1));
    let given: Vec<_> = plan.moves.iter().map(guitai::store::keepers::Move::given).collect();
    let (op, stamp) = (house.op(), house.stamp());
    let (_, _, seq) = done(ask(&mut house, K::Assign { op, given, reason: "双人维护".to_owned(), stamp }));
    let keepers = |house: &mut House| {
        let c = house.open(vip).customer;
        (c.owner, c.assistant)
    };
    let wang = Some(house.wang);
    assert_eq!((keepers(&mut house), orphans(&mut house)), ((wang, Some(boss)), vec![]));
    let (op, stamp) = (house.op(), house.stamp());
    done(ask(&mut house, K::PutBack { op, seq, stamp }));
    assert_eq!(keepers(&mut house), (wang, None));
}
