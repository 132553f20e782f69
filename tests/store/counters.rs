//! Counters and derived values kept row by row must equal a recount, whatever was done to the file.

use crate::house::{House, day, figures};
use guitai::domain::agenda::{Mark, Scope};
use guitai::domain::contact::Outcome;
use guitai::domain::customer::Customer;
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::domain::tier::Tier;
use guitai::domain::values::document::{Document, DocumentKind};
use guitai::store::bulk::BatchFile;
use guitai::store::customers;
use guitai::store::request::Ask;
use proptest::prelude::*;
use rusqlite::Connection;

#[derive(Debug, Clone)]
enum Deed {
    Create(u8, bool),
    Figures(u8, i64),
    Keeper(u8, u8),
    Fill(u8, u8),
    Hold(u8, usize, u8),
    Log(u8, bool),
    Mark(u8, u8),
    Days(u8),
    Lines(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (any::<u8>(), any::<bool>()).prop_map(|(a, b)| Deed::Create(a, b)),
        (any::<u8>(), prop_oneof![0..2_000_i64, 0..300_000_i64, 0..9_000_000_i64])
            .prop_map(|(c, y)| Deed::Figures(c, y)),
        (any::<u8>(), any::<u8>()).prop_map(|(c, s)| Deed::Keeper(c, s)),
        (any::<u8>(), any::<u8>()).prop_map(|(c, f)| Deed::Fill(c, f)),
        (any::<u8>(), 0..7_usize, any::<u8>()).prop_map(|(c, t, d)| Deed::Hold(c, t, d)),
        (any::<u8>(), any::<bool>()).prop_map(|(c, r)| Deed::Log(c, r)),
        (any::<u8>(), any::<u8>()).prop_map(|(c, m)| Deed::Mark(c, m)),
        (1..40_u8).prop_map(Deed::Days),
        (10_000..100_000_i64).prop_map(Deed::Lines),
    ]
}

fn pick(ids: &[CustomerId], n: u8) -> Option<CustomerId> {
    ids.get(usize::from(n) % ids.len().max(1)).copied()
}

fn act(house: &mut House, ids: &mut Vec<CustomerId>, deed: &Deed) {
    let staff: [Option<StaffId>; 4] = [None, Some(house.wang), Some(house.li), Some(house.zhao)];
    match deed {
        Deed::Create(n, area) => {
            let owner = staff[usize::from(*n) % 4];
            let area = if *area { format!("片{}", n % 3) } else { String::new() };
            let birth = day("1960-01-01").checked_add_days(chrono::Days::new(u64::from(*n) * 37));
            let name = format!("客户{n}");
            ids.push(house.create(Customer { name, owner, area, birth, ..Customer::default() }));
        }
        Deed::Figures(c, yuan) => {
            if let Some(id) = pick(ids, *c) {
                house.figures(id, house.today, *yuan);
            }
        }
        Deed::Keeper(c, s) => {
            if let Some(id) = pick(ids, *c) {
                let (op, stamp, owner) = (house.op(), house.stamp(), staff[usize::from(*s) % 4]);
                let ask =
                    customers::Ask::Keeper {
                        op, ids: vec![id], owner, seen: i64::MAX, reason: "换".to_owned(), stamp
                    };
                house.ask(Ask::Customers(ask));
            }
        }
        Deed::Fill(c, f) => {
            if let Some(id) = pick(ids, *c) {
                let rev = house.open(id).customer.rev;
                let edits =
                    [("phone", "13800138000"), ("address", "甲"), ("sex", "male"), ("area", "片9"), ("cadence", "20")];
                let (field, value) = edits[usize::from(*f) % edits.len()];
                house.save(id, rev, &[(field, "", value)]);
            }
        }
        Deed::Hold(c, t, d) => {
            if let Some(id) = pick(ids, *c) {
                let until = house.today.checked_add_days(chrono::Days::new(u64::from(*d)));
                let tier = Tier::ALL.get(*t).copied().zip(until);
                let (op, stamp) = (house.op(), house.stamp());
                let ask = customers::Ask::Hold { op, id, tier, seen: i64::MAX, reason: "定".to_owned(), stamp };
                house.ask(Ask::Customers(ask));
            }
        }
        Deed::Log(c, real) => {
            if let Some(id) = pick(ids, *c) {
                house.log(id, if *real { Outcome::Reached } else { Outcome::NoAnswer }, None, None);
            }
        }
        Deed::Mark(n, m) => {
            let (wang, today) = (house.wang, house.today);
            let items = house.queue(Scope::Branch, wang, today).0;
            if let Some(item) = items.get(usize::from(*n) % items.len().max(1)) {
                let until = today.succ_opt().unwrap();
                let mark = match m % 4 {
                    0 => Mark::Done,
                    1 => Mark::Snoozed { until },
                    2 => Mark::HandedOn { to: house.li },
                    _ => Mark::Cancelled,
                };
                house.mark(&item.key, mark, "因");
            }
        }
        Deed::Days(n) => house.today = house.today.checked_add_days(chrono::Days::new(u64::from(*n))).unwrap(),
        Deed::Lines(yuan) => {
            house.settings(|s| s.lines.0[1] = guitai::domain::values::money::Fen::of_yuan(*yuan));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn counters_equal_a_recount_after_anything(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut house = House::on("2026-09-01");
        let mut ids = Vec::new();
        for d in &deeds {
            act(&mut house, &mut ids, d);
        }
        prop_assert_eq!(house.file.faults().unwrap(), Vec::<String>::new());
        prop_assert_eq!(house.file.broken_chain().unwrap(), None);
        // Deriving everybody anew, by a settings change and back, moves nothing.
        let rows = { house.create(Customer { name: "末".to_owned(), ..Customer::default() }); house.rows() };
        house.settings(|s| s.near_percent += 1);
        prop_assert_eq!(rows, house.rows());
        // The counts of the queue are those of its lines, as long as all are listed.
        let (wang, today) = (house.wang, house.today);
        let (items, counts, scopes) = house.queue(Scope::Branch, wang, today);
        let due: Vec<_> = items.iter().filter(|i| i.due <= today || i.asks(today)).collect();
        prop_assert_eq!(counts.open as usize, due.len());
        prop_assert_eq!(counts.overdue as usize, due.iter().filter(|i| i.due < today).count());
        prop_assert_eq!(scopes[2], counts.open);
    }
}

#[test]
fn a_large_batch_leaves_the_same_orders_and_counters_as_many_small_ones() {
    let schema = |house: &House| -> Vec<(String, String)> {
        let conn = Connection::open(&house.path).unwrap();
        let mut statement =
            conn.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let mut house = House::on("2026-09-01");
    let (before, stamp, wang) = (schema(&house), house.stamp(), house.wang);
    let file = |hash: &str| BatchFile { name: hash.to_owned(), hash: hash.to_owned() };
    let mut bulk = house.file.load(file("a"), &stamp).unwrap();
    let mut ids = Vec::new();
    for n in 0..6_000_u32 {
        let owner = (n % 3 == 0).then_some(wang);
        let birth = day("1950-01-01").checked_add_days(chrono::Days::new(u64::from(n)));
        let area = format!("片{}", n % 7);
        let c = Customer { no: format!("6{n:06}"), name: "甲".to_owned(), owner, birth, area, ..Customer::default() };
        ids.push(bulk.insert_customer(&c).unwrap());
    }
    bulk.finish("").unwrap();
    // Announced, it is made light early; what was written before then counts all the same.
    let mut bulk = house.file.load(file("b"), &stamp).unwrap();
    bulk.expect(6_000);
    for (n, id) in ids.iter().enumerate().skip(100) {
        bulk.put_figures(*id, &figures(day("2026-09-01"), n as i64 * 200)).unwrap();
    }
    bulk.finish("").unwrap();
    assert_eq!(schema(&house), before);
    assert_eq!(house.file.faults().unwrap(), Vec::<String>::new());
    // The guards are back at work too.
    let id = ids[5];
    house.log(id, Outcome::Reached, None, None);
    house.save(id, 1, &[("area", "片5", "片50")]);
    assert_eq!(house.file.faults().unwrap(), Vec::<String>::new());
}

#[test]
fn the_recount_would_notice() {
    let mut house = House::on("2026-09-01");
    let stamp = house.stamp();
    let mut bulk = house.file.load(BatchFile { name: "a".to_owned(), hash: "a".to_owned() }, &stamp).unwrap();
    let c = Customer {
        no: "6".to_owned(),
        name: "甲".to_owned(),
        area: "北".to_owned(),
        phone: "13800138000".to_owned(),
        birth: Some(day("1970-01-01")),
        opened: Some(day("2026-08-01")),
        document: Some(Document { kind: DocumentKind::Passport, number: "E12345678".to_owned() }),
        ..Customer::default()
    };
    let id = bulk.insert_customer(&c).unwrap();
    bulk.put_figures(id, &figures(day("2026-09-01"), 600_000)).unwrap();
    bulk.finish("").unwrap();
    let conn = Connection::open(&house.path).unwrap();
    for table in ["tier_sum", "visit_sum", "lacking_sum", "area_sum"] {
        assert_eq!(house.file.faults().unwrap(), Vec::<String>::new());
        assert!(conn.execute(&format!("UPDATE {table} SET count = count + 1"), []).unwrap() > 0);
        assert_eq!(house.file.faults().unwrap(), [format!("{table} is not what a recount gives")]);
        conn.execute(&format!("UPDATE {table} SET count = count - 1"), []).unwrap();
    }
    for order in ["birthday", "visit", "visitor", "asset", "lacking", "keeper", "stale", "birth", "document", "phone"] {
        let table = format!("{order}_order");
        for by in [1, -1] {
            assert!(conn.execute(&format!("UPDATE {table} SET customer = customer + ?"), [by]).unwrap() > 0, "{table}");
            let wanted = if by > 0 { vec![format!("{table} is not what a recount gives")] } else { vec![] };
            assert_eq!(house.file.faults().unwrap(), wanted);
        }
    }
}
