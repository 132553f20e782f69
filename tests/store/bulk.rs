//! Batches: all or nothing, compared, counted, in the change log.

use crate::house::{House, day, figures};
use guitai::domain::customer::{Customer, Sort};
use guitai::domain::tier::Tier;
use guitai::domain::values::document::{Document, DocumentKind};
use guitai::store::bulk::{BatchFile, Put};
use guitai::store::request::Failure;

fn batch(hash: &str) -> BatchFile {
    BatchFile { name: "客户.csv".to_owned(), hash: hash.to_owned() }
}

fn customer(no: &str, name: &str) -> Customer {
    Customer { no: no.to_owned(), name: name.to_owned(), ..Customer::default() }
}

#[test]
fn a_batch_is_one_transaction_and_one_change() {
    let mut house = House::on("2026-11-20");
    let stamp = house.stamp();
    let seq = house.workbench().seq;
    let mut bulk = house.file.load(batch("a"), &stamp).unwrap();
    for n in 0..50 {
        bulk.insert_customer(&customer(&format!("60000000{n:02}"), "甲")).unwrap();
    }
    assert_eq!(bulk.finish("50").unwrap(), seq + 1);
    assert_eq!(house.rows().len(), 50);
    let id = house.rows()[0].id;
    assert!(house.open(id).customer.hand.is_empty(), "an extract's values are not entered by hand");
}

#[test]
fn a_batch_that_is_dropped_leaves_nothing() {
    let mut house = House::on("2026-11-20");
    let stamp = house.stamp();
    let before = std::fs::read(&house.path).unwrap();
    let mut bulk = house.file.load(batch("a"), &stamp).unwrap();
    bulk.insert_customer(&customer("6000000001", "甲")).unwrap();
    drop(bulk);
    assert!(house.rows().is_empty());
    let bulk = house.file.load(batch("a"), &stamp).unwrap();
    assert!(!bulk.touched());
    bulk.finish("").unwrap();
    assert!(std::fs::read(&house.path).unwrap() == before, "a batch that changes nothing writes nothing");
}

#[test]
fn the_same_again_changes_nothing_and_is_known_again() {
    let mut house = House::on("2026-11-20");
    let stamp = house.stamp();
    let mut bulk = house.file.load(batch("a"), &stamp).unwrap();
    assert_eq!(bulk.taken_before().unwrap(), None);
    let id = bulk.insert_customer(&customer("6000000001", "甲")).unwrap();
    assert_eq!(bulk.put_figures(id, &figures(day("2026-11-20"), 5)).unwrap(), Put::New);
    bulk.finish("").unwrap();
    let mut bulk = house.file.load(batch("a"), &stamp).unwrap();
    assert_eq!(bulk.taken_before().unwrap(), Some(stamp.at));
    assert_eq!(bulk.id_by_no("6000000001").unwrap(), Some(id));
    let known = bulk.archive(id).unwrap();
    assert!(bulk.update_customer(&known, &known).unwrap().is_empty());
    assert_eq!(bulk.put_figures(id, &figures(day("2026-11-20"), 5)).unwrap(), Put::Same);
    assert!(!bulk.touched());
    assert_eq!(bulk.put_figures(id, &figures(day("2026-11-20"), 6)).unwrap(), Put::Changed);
    let renamed = Customer { name: "乙".to_owned(), ..known.clone() };
    assert_eq!(bulk.update_customer(&known, &renamed).unwrap()[0].after, "乙");
    bulk.finish("").unwrap();
    let opened = house.open(id);
    assert_eq!((opened.customer.name.as_str(), opened.customer.rev), ("乙", 2));
    assert_eq!(opened.changes[0].edits[0].field, "name");
    assert!(opened.changes[0].batch.is_some());
}

#[test]
fn the_latest_figures_set_the_tier_whatever_the_order_they_come_in() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("甲", 600_000);
    house.figures(id, day("2026-10-20"), 10);
    assert_eq!(house.open(id).standing.tier, Some(Tier::Vip));
    house.figures(id, day("2026-11-21"), 4_000_000);
    assert_eq!(house.open(id).standing.tier, Some(Tier::Big));
}

#[test]
fn a_batch_to_a_customer_who_is_not_there_is_refused_whole() {
    let mut house = House::on("2026-11-20");
    let stamp = house.stamp();
    let mut bulk = house.file.load(batch("a"), &stamp).unwrap();
    let nobody = guitai::domain::ids::CustomerId(7);
    assert!(bulk.put_figures(nobody, &figures(day("2026-11-20"), 5)).is_err());
    bulk.insert_customer(&customer("6000000001", "甲")).unwrap();
    assert!(matches!(bulk.insert_customer(&customer("6000000001", "乙")), Err(Failure::Refused(_))));
    drop(bulk);
    assert!(house.rows().is_empty());
}

#[test]
fn customers_are_found_by_number_and_document_while_a_batch_changes_them() {
    // The first asks of a filled file go to its indexes, later ones to what is kept in memory; an empty file is kept at once.
    for there in [0, 1, 40] {
        let mut house = House::on("2026-11-20");
        let stamp = house.stamp();
        let card = |n: u32| Document { kind: DocumentKind::Passport, number: format!("E{n:08}") };
        let with =
            |n: u32| Customer { sort: Sort::Prospect, document: Some(card(n)), ..customer(&format!("6{n:09}"), "甲") };
        let mut bulk = house.file.load(batch("a"), &stamp).unwrap();
        let mut ids: Vec<_> = (0..there).map(|n| bulk.insert_customer(&with(n)).unwrap()).collect();
        bulk.finish("").unwrap();
        let mut bulk = house.file.load(batch("b"), &stamp).unwrap();
        for n in 0..40 {
            let id = bulk.id_by_no(&with(n).no).unwrap();
            assert_eq!(id, ids.get(n as usize).copied(), "{there} {n}");
            assert_eq!(bulk.prospect(&card(n).number).unwrap(), id, "{there} {n}");
            if id.is_none() {
                ids.push(bulk.insert_customer(&with(n)).unwrap());
            }
        }
        // A document that two had is still the other's when one of them gets another.
        let twin = Customer { document: Some(card(5)), ..with(100) };
        let twin_id = bulk.insert_customer(&twin).unwrap();
        let old = bulk.archive(ids[5]).unwrap();
        let new = Customer { no: "7".to_owned(), document: Some(card(200)), ..old.clone() };
        bulk.update_customer(&old, &new).unwrap();
        for (found, expected) in [
            (bulk.id_by_no("6000000005").unwrap(), None),
            (bulk.id_by_no("7").unwrap(), Some(ids[5])),
            (bulk.prospect("E00000005").unwrap(), Some(twin_id)),
            (bulk.prospect("E00000200").unwrap(), Some(ids[5])),
            (bulk.prospect("").unwrap(), None),
            (bulk.prospect("E00000007").unwrap(), Some(ids[7])),
        ] {
            assert_eq!(found, expected, "{there}");
        }
        // Whoever has opened an account is no prospect any more.
        let old = bulk.archive(ids[7]).unwrap();
        bulk.update_customer(&old, &Customer { sort: Sort::Person, ..old.clone() }).unwrap();
        assert_eq!(bulk.prospect("E00000007").unwrap(), None);
    }
}
