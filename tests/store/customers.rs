//! Archives: create, save, merge, clash, put back, parts, keepers, holds.

use crate::house::{House, day, refused, save, saved};
use guitai::domain::customer::{Customer, Keeps};
use guitai::domain::family::{Member, Occasion, Part, PartRow, Remark};
use guitai::domain::ids::{CustomerId, OpId};
use guitai::domain::tier::Tier;
use guitai::domain::values::document::{Document, DocumentKind};
use guitai::index::row::Gap;
use guitai::store::customers::{self, Answer as A, Ask, KnownBy};
use guitai::store::request::{Answer, Ask as Any, Failure};

fn zhang() -> Customer {
    Customer {
        name: "张三".to_owned(),
        phone: "13800138000".to_owned(),
        birth: Some(day("1949-12-31")),
        document: Some(Document { kind: DocumentKind::IdCard, number: "11010519491231002X".to_owned() }),
        ..Customer::default()
    }
}

#[test]
fn a_new_archive_gets_a_number_a_change_and_its_derived_values() {
    let mut house = House::on("2026-11-20");
    let id = house.create(zhang());
    let other = house.create(Customer { name: "李四".to_owned(), ..Customer::default() });
    let opened = house.open(id);
    assert_eq!((opened.customer.no.as_str(), opened.customer.rev), ("P00000001", 1));
    assert_eq!(house.open(other).customer.no, "P00000002");
    assert_eq!(opened.changes.len(), 1);
    assert!(opened.changes[0].edits.iter().any(|e| e.field == "name" && e.before.is_empty() && e.after == "张三"));
    assert!(opened.customer.hand.contains("phone") && !opened.customer.hand.contains("no"));
    assert_eq!(opened.changes[0].station, "PC-1");
    let row = house.rows().into_iter().find(|r| r.id == id).unwrap();
    assert_eq!((row.solar, row.tier, row.keeps_lunar), (1231, None, false));
    assert_eq!(row.gaps & Gap::Phone.bit(), 0);
    assert_ne!(row.gaps & Gap::Figures.bit(), 0);
    assert!((1..100).contains(&opened.standing.completeness));
}

#[test]
fn what_is_created_reads_back_as_it_was() {
    let mut house = House::on("2026-11-20");
    let mut full = zhang();
    full.keeps = Keeps::Lunar;
    full.lunar = guitai::domain::calendar::lunar::LunarDay::of(day("1949-12-31"));
    full.estimate = Some(guitai::domain::values::money::Fen(12_345));
    full.cadence = Some(45);
    full.opened = Some(day("2001-02-03"));
    full.owner = Some(house.wang);
    full.assistant = Some(house.li);
    full.notes.insert("income".to_owned(), "mid".to_owned());
    let id = house.create(full.clone());
    let back = house.open(id).customer;
    let want = Customer { id, rev: 1, no: back.no.clone(), hand: back.hand.clone(), ..full };
    assert_eq!(back, want);
    assert!(house.rows()[0].keeps_lunar);
}

#[test]
fn a_saved_field_shows_in_changes_and_counts_as_entered_by_hand() {
    let mut house = House::on("2026-11-20");
    let id = house.create(zhang());
    let opened = saved(house.save(id, 1, &[("phone", "13800138000", "139 0013 9000"), ("address", "", "玉溪路 1 号")]));
    assert_eq!((opened.customer.phone.as_str(), opened.customer.rev), ("13900139000", 2));
    let change = &opened.changes[0];
    assert!(change.edits.iter().any(|e| e.field == "phone" && e.before == "13800138000" && e.after == "13900139000"));
    assert!(opened.customer.hand.contains("address"));
    assert_eq!(change.by, house.wang);
}

#[test]
fn fields_changed_on_one_side_only_merge_by_themselves() {
    let mut house = House::on("2026-11-20");
    let id = house.create(zhang());
    let mut colleague = house.second();
    let stamp = house.stamp();
    let theirs = colleague.answer(&save(OpId(900), id, 1, &[("address", "", "玉溪路 1 号")], stamp));
    assert_eq!(saved(theirs).customer.rev, 2);
    let merged = saved(house.save(id, 1, &[("phone", "13800138000", "13900139000")]));
    assert_eq!((merged.customer.address.as_str(), merged.customer.phone.as_str()), ("玉溪路 1 号", "13900139000"));
    assert_eq!(merged.customer.rev, 3);
}

#[test]
fn the_same_field_changed_by_both_is_a_clash_and_nothing_is_saved() {
    let mut house = House::on("2026-11-20");
    let id = house.create(zhang());
    let mut colleague = house.second();
    let stamp = house.stamp();
    saved(colleague.answer(&save(OpId(900), id, 1, &[("phone", "13800138000", "13700137000")], stamp)));
    let mine = [("phone", "13800138000", "13900139000"), ("address", "", "玉溪路 1 号")];
    match house.save(id, 1, &mine) {
        Answer::Customers(A::Clash { fields, opened, .. }) => {
            assert_eq!(fields.len(), 1);
            let f = &fields[0];
            assert_eq!((f.by, f.at), (Some(house.wang), Some(crate::house::at(house.today))));
            let opened = opened.unwrap();
            let sides = (f.field.as_str(), f.before.as_str(), f.theirs.as_str(), f.mine.as_str());
            assert_eq!(sides, ("phone", "13800138000", "13700137000", "13900139000"));
            assert_eq!((opened.customer.rev, opened.customer.address.as_str()), (2, ""));
        }
        other => panic!("{other:?}"),
    }
    // Both typing the same is no clash.
    let same = saved(house.save(id, 1, &[("phone", "13800138000", "13700137000")]));
    assert_eq!(same.customer.rev, 2);
}

#[test]
fn a_save_tried_again_changes_nothing() {
    let mut house = House::on("2026-11-20");
    let id = house.create(zhang());
    let stamp = house.stamp();
    let ask = save(OpId(77), id, 1, &[("phone", "13800138000", "13900139000")], stamp.clone());
    let once = saved(house.ask(ask.clone()));
    // In between somebody changes it back; the repeated save must not undo that.
    saved(house.save(id, 2, &[("phone", "13900139000", "13800138000")]));
    let twice = saved(house.second().answer(&ask));
    assert_eq!((once.customer.rev, twice.customer.rev), (2, 3));
    assert_eq!(twice.customer.phone, "13800138000");
    let create =
        Any::Customers(Ask::Create { op: OpId(78), customer: Box::new(Customer { document: None, ..zhang() }), stamp });
    let (a, b) = (saved(house.ask(create.clone())), saved(house.ask(create)));
    assert_eq!(a.customer.id, b.customer.id);
    assert_eq!(house.rows().len(), 2);
}

#[test]
fn a_document_of_another_customer_is_refused_and_named() {
    let mut house = House::on("2026-11-20");
    house.create(zhang());
    let (op, stamp) = (house.op(), house.stamp());
    let words = refused(house.ask(Any::Customers(Ask::Create { op, customer: Box::new(zhang()), stamp })));
    assert!(words.contains("张三") && words.contains("P00000001"), "{words}");
    let other = house.create(Customer { name: "李四".to_owned(), ..Customer::default() });
    let words = refused(house.save(other, 1, &[("id_no", "", "11010519491231002X")]));
    assert!(words.contains("P00000001"), "{words}");
    assert_eq!(house.open(other).customer.rev, 1);
}

#[test]
fn bad_values_are_refused_and_nothing_is_lost() {
    let mut house = House::on("2026-11-20");
    let id = house.create(zhang());
    for (field, value) in [
        ("birth", "2027-01-01"),
        ("birth", "2026-11-31"),
        ("id_no", "1101051949123100"),
        ("phone", "138001380001"),
        ("owner", "nobody"),
        ("no", "6000000001"),
        ("nonsense", "x"),
    ] {
        let before = house.open(id).customer;
        refused(house.save(id, 1, &[(field, "", value)]));
        assert_eq!(house.open(id).customer, before, "{field} {value}");
    }
    let long = "长".repeat(10_000);
    refused(house.save(id, 1, &[("name", "张三", &long)]));
    let clean = saved(house.save(id, 1, &[("address", "", "玉\u{202e}溪\0路\u{1b}[31m1号")]));
    assert!(clean.customer.address.chars().all(|c| !c.is_control() && c != '\u{202e}'), "{:?}", clean.customer.address);
    match house.save(CustomerId(5), 1, &[("phone", "", "1")]) {
        Answer::Customers(A::Gone { ask }) => {
            assert!(matches!(*ask, Ask::Save { ref edits, .. } if edits[0].after == "1"))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn those_already_known_are_found_by_document_phone_or_name_and_birthday() {
    let mut house = House::on("2026-11-20");
    let id = house.create(zhang());
    let ask = |document: &str, phone: &str, name: &str, except| {
        Any::Customers(Ask::Known {
            document: document.to_owned(),
            phone: phone.to_owned(),
            name: name.to_owned(),
            birth: Some(day("1949-12-31")),
            except,
        })
    };
    let mut by = |a: Any| match house.ask(a) {
        Answer::Customers(A::Known(k)) => k.into_iter().map(|k| (k.id, k.by)).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(by(ask("11010519491231002X", "13800138000", "张三", None)), [(id, KnownBy::Document)]);
    assert_eq!(by(ask("", "13800138000", "张三", None)), [(id, KnownBy::Phone)]);
    assert_eq!(by(ask("", "", "张三", None)), [(id, KnownBy::NameAndBirthday)]);
    assert_eq!(by(ask("", "", "李四", None)), []);
    assert_eq!(by(ask("", "13800138000", "张三", Some(id))), []);
}

#[test]
fn a_field_can_be_put_back_to_what_it_was_before_a_change() {
    let mut house = House::on("2026-11-20");
    let id = house.create(zhang());
    let seq =
        saved(house.save(id, 1, &[("phone", "13800138000", "13900139000"), ("address", "", "甲")])).changes[0].seq;
    let (op, stamp) = (house.op(), house.stamp());
    let back = |field: &str| Any::Customers(Ask::PutBack { op, seq, field: field.to_owned(), stamp: stamp.clone() });
    let opened = saved(house.ask(back("phone")));
    assert_eq!((opened.customer.phone.as_str(), opened.customer.address.as_str()), ("13800138000", "甲"));
    assert_eq!(opened.changes[0].edits.len(), 1);
    let again = saved(house.ask(back("phone")));
    assert_eq!(again.changes.len(), opened.changes.len());
    let (op, stamp) = (house.op(), house.stamp());
    refused(house.ask(Any::Customers(Ask::PutBack { op, seq, field: "sex".to_owned(), stamp })));
}

#[test]
fn parts_are_added_changed_removed_and_put_back() {
    let mut house = House::on("2026-11-20");
    let id = house.create(zhang());
    let son = Member {
        relation: "son".to_owned(),
        name: "小明".to_owned(),
        school: "2026".to_owned(),
        school_year: Some(2027),
        birth: Some(day("2020-05-01")),
        ..Member::default()
    };
    let opened = house.part(id, Part::Member(son.clone()));
    let row = opened.parts[0].clone();
    assert_eq!((row.rev, &row.part), (1, &Part::Member(son.clone())));
    let change = |house: &mut House, read: &PartRow, part: Option<Part>| {
        let (op, stamp) = (house.op(), house.stamp());
        house.ask(Any::Customers(Ask::Part { op, customer: id, row: Some(Box::new(read.clone())), part, stamp }))
    };
    let older = Member { exam_year: Some(2038), ..son.clone() };
    let opened = saved(change(&mut house, &row, Some(Part::Member(older.clone()))));
    assert_eq!(opened.parts[0].rev, 2);
    assert_eq!(opened.changes[0].edits.len(), 1);
    let opened = saved(change(&mut house, &opened.parts[0], None));
    assert!(opened.parts.is_empty());
    let seq = opened.changes[0].seq;
    let (op, stamp) = (house.op(), house.stamp());
    let back = saved(house.ask(Any::Customers(Ask::PutBack { op, seq, field: "name".to_owned(), stamp })));
    assert_eq!(back.parts[0].part, Part::Member(older));
    for part in [
        Part::Occasion(Occasion { label: "店庆".to_owned(), ..Occasion::default() }),
        Part::Remark(Remark { kind: "need".to_owned(), text: "买房".to_owned(), ..Remark::default() }),
    ] {
        let added = house.part(id, part.clone());
        let (op, stamp) = (house.op(), house.stamp());
        let gone = Some(Box::new(added.parts.last().unwrap().clone()));
        let opened = saved(house.ask(Any::Customers(Ask::Part { op, customer: id, row: gone, part: None, stamp })));
        let (op, stamp, seq) = (house.op(), house.stamp(), opened.changes[0].seq);
        let back = saved(house.ask(Any::Customers(Ask::PutBack { op, seq, field: "part".to_owned(), stamp })));
        assert_eq!(back.parts.last().unwrap().part, part);
    }
}

#[test]
fn a_member_may_lead_to_an_archive_of_their_own() {
    let mut house = House::on("2026-11-20");
    let (id, wife) = (house.create(zhang()), house.create(Customer { name: "李梅".to_owned(), ..Customer::default() }));
    let opened = house.part(id, Part::Member(Member { linked: Some(wife), ..Member::default() }));
    assert_eq!(opened.linked, [(wife, "李梅".to_owned(), "P00000002".to_owned())]);
    let (op, stamp) = (house.op(), house.stamp());
    let nobody = Part::Member(Member { linked: Some(CustomerId(3)), ..Member::default() });
    let ask = Ask::Part { op, customer: id, row: None, part: Some(nobody), stamp };
    assert!(matches!(house.ask(Any::Customers(ask)), Answer::Failed(Failure::Gone)));
}

#[test]
fn customers_are_given_to_another_keeper_all_or_none() {
    let mut house = House::on("2026-11-20");
    let (a, b) = (house.customer("甲", 600_000), house.customer("乙", 600_000));
    let (li, op, stamp) = (house.li, house.op(), house.stamp());
    let ask = |ids: Vec<CustomerId>, op| {
        Any::Customers(Ask::Keeper {
            op,
            ids,
            owner: Some(li),
            seen: i64::MAX,
            reason: "轮岗".to_owned(),
            stamp: stamp.clone(),
        })
    };
    match house.ask(ask(vec![a, b], op)) {
        Answer::Customers(A::Moved { rows, .. }) => assert!(rows.iter().all(|r| r.owner == Some(li))),
        other => panic!("{other:?}"),
    }
    let change = &house.open(a).changes[0];
    assert_eq!((change.reason.as_str(), change.edits[0].field.as_str()), ("轮岗", "owner"));
    let op = house.op();
    let stamp = house.stamp();
    let wang = house.wang;
    let (ids, reason) = (vec![a, CustomerId(1)], "x".to_owned());
    let mixed = Ask::Keeper { op, ids, owner: Some(wang), seen: i64::MAX, reason, stamp };
    assert!(matches!(house.ask(Any::Customers(mixed)), Answer::Failed(Failure::Gone)));
    assert_eq!(house.open(a).customer.owner, Some(li));
}

#[test]
fn a_hold_lasts_to_its_last_day_and_then_the_figures_speak_again() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 30_000);
    assert_eq!(house.open(id).standing.tier, Some(Tier::Small));
    let hold = |house: &mut House, tier, reason: &str| {
        let (op, stamp) = (house.op(), house.stamp());
        house.ask(Any::Customers(Ask::Hold { op, id, tier, seen: i64::MAX, reason: reason.to_owned(), stamp }))
    };
    refused(hold(&mut house, Some((Tier::Vip, day("2026-12-31"))), " "));
    refused(hold(&mut house, Some((Tier::Vip, day("2026-11-19"))), "大额在途"));
    let opened = saved(hold(&mut house, Some((Tier::Vip, day("2026-12-31"))), "大额在途"));
    assert_eq!(opened.standing.tier, Some(Tier::Vip));
    assert_eq!(opened.standing.held.as_ref().unwrap().reason, "大额在途");
    assert!(house.rows()[0].held);
    house.today = day("2026-12-31");
    house.customer("乙", 1);
    assert_eq!(house.open(id).standing.tier, Some(Tier::Vip));
    house.today = day("2027-01-01");
    assert_eq!((house.open(id).standing.tier, house.open(id).standing.held), (Some(Tier::Small), None));
    // The first write of a later day takes the hold that ended out of the file.
    assert!(house.rows().iter().any(|r| r.id == id && r.held));
    house.customer("丙", 1);
    assert!(house.rows().iter().any(|r| r.id == id && !r.held));
    let opened = house.open(id);
    assert_eq!((opened.standing.tier, opened.standing.held), (Some(Tier::Small), None));
    assert_eq!(opened.changes[0].edits[0].field, "tier");
    let seq = opened.changes.iter().find(|c| c.edits[0].field == "hold").unwrap().seq;
    let (op, stamp) = (house.op(), house.stamp());
    let back = Any::Customers(Ask::PutBack { op, seq, field: "hold".to_owned(), stamp });
    assert_eq!(saved(house.ask(back)).standing.held, None);
}

#[test]
fn opening_reads_everything_in_one_answer() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 600_000);
    house.figures(id, day("2026-10-20"), 400_000);
    house.log(id, guitai::domain::contact::Outcome::Reached, None, None);
    let opened = house.open(id);
    let days: Vec<_> = opened.figures.iter().map(|f| f.as_of).collect();
    assert_eq!(days, [day("2026-10-20"), day("2026-11-20")]);
    assert_eq!(opened.standing.figures.unwrap().as_of, day("2026-11-20"));
    assert_eq!(opened.standing.tier, Some(Tier::Vip));
    assert_eq!((opened.contacts.len(), opened.contacts_total), (1, 1));
    assert_eq!(opened.standing.last_contact, Some(day("2026-11-20")));
    let gone = customers::Ask::Open { id: CustomerId(9), today: house.today };
    assert!(matches!(house.ask(Any::Customers(gone)), Answer::Failed(Failure::Gone)));
}
