//! The seven layouts of the core system as typed rows.

use super::bench::today;
use chrono::NaiveDate;
use guitai::domain::dealings::loan::Class;
use guitai::domain::values::money::Fen;
use guitai::exchange::extract::layout::Layout;
use guitai::exchange::extract::record::{self, Record};
use guitai::exchange::extract::source::Source;
use guitai::exchange::rows::{Next, Row};
use std::path::PathBuf;

fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/exchange/data").join(name)
}

/// All rows of a sample; a fault fails the test.
fn records(name: &str) -> (Layout, Vec<Record>) {
    let mut source = Source::open(&sample(name)).unwrap();
    assert_eq!(source.encoding.name(), "GB18030");
    let mut row = Row::default();
    let mut all = vec![];
    while source.next_into(&mut row).unwrap() == Next::Row {
        all.push(record::read(&source.columns, &row, today()).unwrap());
    }
    (source.columns.layout, all)
}

fn day(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(y, m, d)
}

/// The sum of a column, cell by cell, as another tool would do it.
fn sum_of(name: &str, column: &str) -> i64 {
    let bytes = std::fs::read(sample(name)).unwrap();
    let text = encoding_rs::GB18030.decode(&bytes).0.into_owned();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let at = reader.headers().unwrap().iter().position(|h| h == column).unwrap();
    let fen = |cell: &str| {
        let (yuan, fen) = cell.split_once('.').unwrap();
        format!("{}{fen:0<2}", yuan.replace(',', "")).parse::<i64>().unwrap()
    };
    reader.records().map(|r| fen(&r.unwrap()[at])).sum()
}

#[test]
fn every_row_of_the_seven_samples_is_read_and_their_totals_are_those_of_the_files() {
    for (name, layout, rows) in [
        ("客户.csv", Layout::Customers, 50),
        ("资产.csv", Layout::Figures, 40),
        ("交易.csv", Layout::Txns, 60),
        ("持有.csv", Layout::Holdings, 40),
        ("贷款.csv", Layout::Loans, 40),
        ("签约.csv", Layout::Services, 40),
        ("评级.csv", Layout::Ratings, 40),
    ] {
        let (found, records) = records(name);
        assert_eq!((found, records.len()), (layout, rows), "{name}");
        assert_eq!(Layout::parse(layout.code()), Some(layout));
        let total: Fen = records.iter().map(Record::summed).sum();
        match layout.summed() {
            Some(column) => assert_eq!(total.0, sum_of(name, column), "{name}"),
            None => assert_eq!(total, Fen::ZERO, "{name}"),
        }
        assert!(records.iter().all(|r| r.no().starts_with("70000000")), "{name}");
    }
}

#[test]
fn a_row_of_each_layout_says_what_stands_in_the_file() {
    let Record::Txn { txn, printed, .. } = &records("交易.csv").1[0] else { panic!() };
    assert_eq!((txn.day, txn.serial.as_str()), (day(2025, 10, 18).unwrap(), "276"));
    assert_eq!((txn.amount, *printed, txn.channel.as_str()), (Fen(110_000), Fen(110_000), "柜面"));
    let Record::Holding { holding, .. } = &records("持有.csv").1[0] else { panic!() };
    assert_eq!((holding.product.as_str(), holding.contract.as_str()), ("DEP1Y", "HT4070378921"));
    assert_eq!((holding.amount, holding.rate, holding.state.as_str()), (Fen(100_000), Some(254), "正常"));
    assert_eq!((holding.begins, holding.ends), (day(2025, 12, 30), day(2026, 12, 27)));
    let loans = records("贷款.csv").1;
    let Record::Loan { loan, .. } = &loans[1] else { panic!() };
    assert_eq!((loan.no.as_str(), loan.class, loan.overdue), ("JJ4961", Class::Doubtful, 35));
    assert_eq!((loan.lent, loan.balance, loan.instalment), (Fen(3_027_600), Fen(1_261_500), Some(Fen(252_300))));
    assert_eq!((loan.lent_on, loan.ends, loan.next_due), (day(2026, 4, 24), day(2027, 4, 19), day(2026, 11, 12)));
    assert_eq!((loan.purpose.as_str(), loan.method.as_str(), loan.repays.as_str()), ("装修", "等额本金", ""));
    let Record::Service { service, .. } = &records("签约.csv").1[0] else { panic!() };
    assert_eq!((service.name.as_str(), service.state.as_str(), service.day), ("短信通知", "已签约", day(2024, 6, 24)));
    let Record::Rating { rating, .. } = &records("评级.csv").1[0] else { panic!() };
    assert_eq!(
        (rating.grade.as_str(), rating.credit, Some(rating.day)),
        ("AA", Some(Fen(8_095_200)), day(2025, 4, 29))
    );
}
