//! The list of imports, and which files are in: read only, newest first.

use crate::house::House;
use guitai::domain::customer::Customer;
use guitai::domain::dealings::batch::State;
use guitai::store::bulk::BatchFile;
use guitai::store::request::{Answer, Ask};
use guitai::store::workbench;

fn batch(name: &str) -> BatchFile {
    BatchFile { name: name.to_owned(), hash: format!("hash of {name}") }
}

/// A batch of one new customer.
fn import(house: &mut House, name: &str, summary: &str) {
    let stamp = house.stamp();
    let mut bulk = house.file.load(batch(name), &stamp).unwrap();
    let customer = Customer { no: name.to_owned(), name: "甲".to_owned(), ..Customer::default() };
    bulk.insert_customer(&customer).unwrap();
    bulk.finish(summary).unwrap();
}

#[test]
fn imports_are_listed_newest_first_with_what_came_of_each() {
    let mut house = House::on("2026-11-20");
    let stamp = house.stamp();
    for (name, summary) in [
        ("客户.csv", r#"{"rows":5,"new":3,"changed":1,"unchanged":0,"rejected":1}"#),
        ("资产.csv", r#"{"rows":4,"new":4,"changed":0,"unchanged":0,"rejected":0,"closed":2}"#),
        ("老程序.csv", "words"),
    ] {
        import(&mut house, name, summary);
    }
    let Answer::Workbench(workbench::Answer::Batches(all)) = house.ask(Ask::Workbench(workbench::Ask::Batches)) else {
        panic!("no list")
    };
    let told: Vec<_> = all
        .iter()
        .map(|b| (b.n, b.file.as_str(), b.counts.rows, b.counts.new, b.counts.rejected, b.counts.closed))
        .collect();
    assert_eq!(told, [(3, "老程序.csv", 0, 0, 0, 0), (2, "资产.csv", 4, 4, 0, 2), (1, "客户.csv", 5, 3, 1, 0)]);
    assert!(all.iter().all(|b| b.state == State::Current && b.by == stamp.by && b.at == stamp.at));
}

#[test]
fn a_file_is_known_by_its_bytes_and_only_while_its_import_counts() {
    let mut house = House::on("2026-11-20");
    let stamp = house.stamp();
    import(&mut house, "客户.csv", "{}");
    let asked = ["hash of 客户.csv", "another"].map(str::to_owned).to_vec();
    let ask = Ask::Workbench(workbench::Ask::TakenIn(asked));
    let Answer::Workbench(workbench::Answer::TakenIn(known)) = house.ask(ask.clone()) else { panic!("no answer") };
    assert_eq!(known, [("hash of 客户.csv".to_owned(), stamp.at)]);
    drop(house.file.load(batch("another"), &stamp).unwrap());
    let Answer::Workbench(workbench::Answer::TakenIn(known)) = house.ask(ask) else { panic!("no answer") };
    assert_eq!(known.len(), 1, "a batch that was dropped is none");
}
