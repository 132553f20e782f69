//! Saves told of, counted again in a file that has them, lost them, or has them twice.

use crate::house::{House, saved};
use guitai::domain::contact::Outcome;
use guitai::domain::customer::Customer;
use guitai::domain::ids::OpId;
use guitai::store::recount::{Recount, Saved, Told};
use rusqlite::Connection;

/// A house with a contact, a changed field and a new archive, and what is told of them.
fn told() -> (House, Vec<Told>) {
    let mut house = House::on("2026-11-20");
    let id = house.create(Customer { name: "新客".to_owned(), ..Customer::default() });
    house.log(id, Outcome::Reached, None, None);
    saved(house.save(id, 1, &[("address", "", "玉溪镇")]));
    let other = Connection::open(&house.path).unwrap();
    let ops: Vec<i64> = other
        .prepare("SELECT op FROM change WHERE op IS NOT NULL ORDER BY seq")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let what = [
        Saved::Archive("新客".into()),
        Saved::Contact("问了存款".into()),
        Saved::Field("address".into(), "玉溪镇".into()),
    ];
    assert_eq!(ops.len(), what.len());
    let told = ops.into_iter().zip(what).map(|(op, what)| Told { op: OpId(op), what, acknowledged: true }).collect();
    (house, told)
}

#[test]
fn every_save_is_found_once_also_when_its_text_was_replaced_since() {
    let (mut house, told) = told();
    let id = house.workbench();
    assert!(id.customers == 1);
    assert_eq!(house.file.recount(&told).unwrap(), Recount::default());
    let customer = Connection::open(&house.path).unwrap();
    let id: i64 = customer.query_row("SELECT id FROM customer", [], |r| r.get(0)).unwrap();
    saved(house.save(guitai::domain::ids::CustomerId(id), 2, &[("address", "玉溪镇", "旧城镇")]));
    assert_eq!(house.file.recount(&told).unwrap(), Recount::default());
}

#[test]
fn what_is_lost_doubled_or_rewritten_is_named() {
    let guards = "DROP TRIGGER change_order; DROP TRIGGER change_update; DROP TRIGGER change_delete;";
    for (sql, lost, doubled, strayed) in [
        ("DELETE FROM mark; DELETE FROM contact", &[1][..], &[][..], 0),
        ("DELETE FROM op", &[0, 1, 2], &[], 0),
        ("DELETE FROM change WHERE entity = 'contact'", &[1], &[], 0),
        ("UPDATE change SET after = replace(after, '玉溪镇', '别处') WHERE entity = 'customer'", &[2], &[], 1),
        ("INSERT INTO contact SELECT id + 1, customer, at, day, by, channel, outcome, note, next, task FROM contact", &[], &[1], 0),
        ("INSERT INTO change SELECT seq + 100, at, by, station, entity, row, customer, before, after, reason, batch, op, prev, hash
          FROM change WHERE entity = 'customer' AND op IS NOT NULL", &[], &[0, 2], 0),
        ("UPDATE customer SET address = '别处'", &[], &[], 1),
    ] {
        let (mut house, told) = told();
        Connection::open(&house.path).unwrap().execute_batch(&format!("PRAGMA foreign_keys = OFF; {guards} {sql}")).unwrap();
        let found = house.file.recount(&told).unwrap();
        let ops = |some: &[usize]| some.iter().map(|n| told[*n].op).collect::<Vec<_>>();
        assert_eq!((found.lost, found.doubled, found.strayed.len()), (ops(lost), ops(doubled), strayed), "{sql}");
    }
}

#[test]
fn a_save_that_failed_may_be_there_or_not() {
    let (mut house, mut told) = told();
    told[0].acknowledged = false;
    told.push(Told { op: OpId(1), what: Saved::Contact("没存上".into()), acknowledged: false });
    assert_eq!(house.file.recount(&told).unwrap(), Recount::default());
    told[3].acknowledged = true;
    assert_eq!(house.file.recount(&told).unwrap().lost, [OpId(1)]);
}
