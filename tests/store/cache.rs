//! The cache of the index on this PC: what it gives is what the file has, whatever became of either meanwhile.

use crate::house::{House, saved, station};
use guitai::domain::customer::Customer;
use guitai::domain::ids::OpId;
use guitai::index::row::Row;
use guitai::index::{Index, Scope};
use guitai::store::bulk::BatchFile;
use guitai::store::cache::Cache;
use guitai::store::drive::Gate;
use guitai::store::key::Key;
use guitai::store::open::Mode;
use guitai::store::request::{Answer, Ask, Ticket};
use guitai::store::workbench;
use guitai::store::worker::{Local, Said, Worker};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::mpsc::channel;

fn cache(house: &House) -> PathBuf {
    house.folder.path().join("index.cache")
}

/// What a window that starts now finds in its index.
fn seen(house: &House) -> Vec<Row> {
    let (to, heard) = channel();
    let local = Local { outbox: None, cache: Some(cache(house)) };
    let worker = Worker::start(&house.path, Mode::Write, &station("PC-5", 5), Gate::open(), local, move |said| {
        let _ = to.send(said);
    })
    .unwrap();
    worker.ask(Ticket(1), Ask::Workbench(workbench::Ask::Index));
    loop {
        match heard.recv().unwrap() {
            Said::Answer(_, Answer::Workbench(workbench::Answer::Index(intake))) => {
                let index = Index::of(*intake, &[]);
                let scope = Scope { limit: 10_000, ..Scope::on(house.today) };
                let mut rows: Vec<Row> = index.search("", &scope).list.into_iter().map(|h| h.row).collect();
                rows.sort_by_key(|r| r.id);
                return rows;
            }
            Said::Opened(opened) => assert_eq!(opened, Ok(false)),
            other => panic!("{other:?}"),
        }
    }
}

fn there(house: &mut House) -> Vec<Row> {
    let mut rows = house.rows();
    rows.sort_by_key(|r| r.id);
    rows
}

#[test]
fn a_second_start_finds_what_changed_since_and_all_that_did_not() {
    let mut house = House::on("2026-11-20");
    let ids: Vec<_> = (0..20).map(|n| house.customer(&format!("客户{n}"), n * 50_000)).collect();
    assert_eq!(seen(&house), there(&mut house));
    saved(house.save(ids[3], 1, &[("name", "客户3", "改了名")]));
    house.create(Customer { name: "新来的".to_owned(), ..Customer::default() });
    let now = there(&mut house);
    assert!(now.iter().any(|r| r.name == "改了名") && now.iter().any(|r| r.name == "新来的"));
    assert_eq!(seen(&house), now);
    // An import touches everybody without naming them.
    house.figures(ids[0], house.today, 9_000_000);
    assert_eq!(seen(&house), there(&mut house));
}

#[test]
fn rows_that_did_not_change_come_from_the_cache_alone() {
    let mut house = House::on("2026-11-20");
    house.customer("客户", 1);
    seen(&house);
    Connection::open(cache(&house)).unwrap().execute("UPDATE customer SET name = '只在本机'", []).unwrap();
    assert_eq!(seen(&house)[0].name, "只在本机");
}

#[test]
fn a_cache_of_an_older_or_another_file_or_a_torn_one_is_not_believed() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("客户", 1);
    let old = house.folder.path().join("old.db");
    std::fs::copy(&house.path, &old).unwrap();
    saved(house.save(id, 1, &[("name", "客户", "后来的")]));
    assert_eq!(seen(&house)[0].name, "后来的");
    std::fs::rename(&old, &house.path).unwrap();
    let mut back = house.second();
    // As many changes as before, but others.
    let edits = [("name", "客户", "另一个")];
    saved(back.answer(&crate::house::save(OpId(99), id, 1, &edits, house.stamp())));
    assert_eq!(seen(&house)[0].name, "另一个");
    std::fs::write(cache(&house), "not a database at all, and long enough to be taken for one at first sight").unwrap();
    assert_eq!(seen(&house)[0].name, "另一个");
}

#[test]
fn colleagues_save_between_the_portions_and_the_cache_ends_as_new_as_the_file() {
    let mut house = House::on("2026-11-20");
    let file = BatchFile { name: "客户.csv".to_owned(), hash: String::new() };
    let mut bulk = house.file.load(file, &house.stamp()).unwrap();
    let mut ids = Vec::new();
    for n in 0..2_600 {
        let new = Customer { name: format!("客户{n}"), no: format!("60{n:08}"), ..Customer::default() };
        ids.push(bulk.insert_customer(&new).unwrap());
    }
    bulk.finish("2600").unwrap();
    let path = cache(&house);
    let step = |house: &House| {
        let mut reader = Connection::open(&house.path).unwrap();
        Cache::under(&path, &Key::default()).unwrap().step(&reader.transaction().unwrap()).unwrap()
    };
    assert!(!step(&house), "all in one go: nobody could have saved meanwhile");
    // One read before, one that comes later, one of whom nobody knows yet, and one found again after the program had ended.
    saved(house.save(ids[3], 1, &[("name", "客户3", "改了名")]));
    saved(house.save(ids[2_500], 1, &[("name", "客户2500", "也改了名")]));
    house.create(Customer { name: "新来的".to_owned(), ..Customer::default() });
    assert!(!step(&house));
    // An import touches everybody: what was read is read again.
    house.figures(ids[0], house.today, 9_000_000);
    let steps = (0..20).take_while(|_| !step(&house)).count();
    assert!((2..20).contains(&steps), "{steps}");
    let now = there(&mut house);
    assert!(now.iter().any(|r| r.name == "改了名") && now.iter().any(|r| r.name == "新来的"));
    assert_eq!(seen(&house), now);
    assert!(step(&house), "nothing changed since");
}
