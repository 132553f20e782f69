//! Which day a file speaks of, and what it may still change when a newer one is in.

use super::bench::{Bench, CUSTOMERS, FIGURES, counts, stamp, today};
use super::reads::read;
use chrono::{Days, NaiveDate};
use guitai::domain::text::Lang;
use guitai::exchange::extract::import::{ImportError, Options, Way, import_with};
use guitai::exchange::extract::layout::Layout;
use guitai::exchange::extract::look::Look;
use guitai::exchange::extract::propose::propose_as;
use guitai::exchange::extract::report::{Dated, Report};
use guitai::store::request::Stamp;
use rusqlite::Connection;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

const LOANS: &str =
    "客户号,借据号,产品,发放额,余额,发放日,到期日,下次还款日,应还额,逾期天数,五级分类,用途,还款方式,还款账户";

fn loan(no: &str, note: &str, balance: &str) -> String {
    format!("{no},{note},农户小额贷,80000.00,{balance},20250429,20290419,20261201,3373.00,0,正常,装修,等额本息,x\n")
}

fn on(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn try_on(b: &mut Bench, path: PathBuf, as_of: Option<NaiveDate>) -> Result<Report, ImportError> {
    let options = Options { stamp: Stamp { by: b.staff(), ..stamp() }, dry_run: false };
    let way = Way { as_of, ..Way::default() };
    import_with(&mut b.file, &[path], &options, &way, &mut |_| {}).map(|mut reports| reports.remove(0))
}

fn in_force(b: &Bench) -> String {
    Connection::open(b.path())
        .unwrap()
        .query_row(
            "SELECT group_concat(no || ' ' || (balance / 100), ', ') FROM (SELECT * FROM loan WHERE until IS NULL ORDER BY no)",
            [],
            |r| r.get(0),
        )
        .unwrap()
}

fn branch() -> Bench {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\nA1,甲,,,,,,\nA2,乙,,,,,,\n"));
    b
}

/// A file that was written at noon of a day of November.
fn written(b: &Bench, name: &str, text: &str, day: u32) -> PathBuf {
    let path = b.put(name, text);
    let noon = on(day).and_hms_opt(12, 0, 0).unwrap().and_local_timezone(chrono::Local).unwrap();
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(noon.timestamp().unsigned_abs());
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(at).unwrap();
    path
}

#[test]
fn a_list_older_than_the_newest_of_its_kind_ends_nothing_and_changes_nothing() {
    let mut b = branch();
    let newer = [loan("A1", "J1", "900.00"), loan("A1", "J2", "200.00"), loan("A2", "J3", "300.00")];
    let full = b.put("贷款.csv", format!("{LOANS}\n{}", newer.concat()));
    assert_eq!(try_on(&mut b, full.clone(), Some(on(20))).unwrap().new, 3);
    let stood = in_force(&b);

    // J1 has another balance, J3 is not there yet, J0 was paid off before the newer list.
    let older = [loan("A1", "J1", "950.00"), loan("A1", "J2", "200.00"), loan("A2", "J0", "1.00")];
    let path = b.put("旧贷款.csv", format!("{LOANS}\n{}", older.concat()));
    let report = try_on(&mut b, path.clone(), Some(on(15))).unwrap();
    assert_eq!((counts(&report), report.closed), ((3, 0, 0, 3, 0), 0));
    let said = report.lines(Lang::Zh).join("\n");
    assert!(said.contains("比第 2 次导入的清单（2026-11-20）旧，只登记"), "{said}");
    assert!(said.contains("也不作结束") && !said.contains("内容与现有的相同"), "{said}");
    assert_eq!(in_force(&b), stood);

    // Of the newer day it counts.
    let report = try_on(&mut b, path, Some(on(20))).unwrap();
    assert_eq!(
        (report.new, report.changed, report.closed),
        (1, 1, 1),
        "known bytes, but not the newest import any more"
    );
    assert_eq!(in_force(&b), "J0 1, J1 950, J2 200");

    // Then the first file is no longer what counts, although its bytes are known: it is compared row by row.
    let report = try_on(&mut b, full.clone(), Some(on(20))).unwrap();
    assert!(report.again.is_none());
    assert_eq!(in_force(&b), stood);
    assert!(try_on(&mut b, full, Some(on(20))).unwrap().again.is_some(), "the newest is passed over as before");
}

#[test]
fn of_several_lists_in_one_run_the_older_days_go_in_first() {
    let mut b = branch();
    let text = |notes: &[&str]| format!("{LOANS}\n{}", notes.iter().map(|n| loan("A1", n, "1.00")).collect::<String>());
    let late = b.put("贷款20261120.csv", text(&["J1", "J2"]));
    let early = b.put("贷款20261119.csv", text(&["J1", "J2", "J3"]));
    let reports = b.import(&[late, early]);
    assert_eq!((reports[0].closed, reports[1].new), (1, 3));
    assert_eq!(in_force(&b), "J1 1, J2 1");
}

#[test]
fn what_lies_ahead_of_today_is_no_day_of_data_unless_a_clock_may_be_wrong() {
    let day = |ahead: u64| (today() + Days::new(ahead)).format("%Y%m%d").to_string();
    let figures = |ahead: u64| format!("A1,{},0,0,0,0,0,0,1.00,\n", day(ahead));
    let reads = read(format!("{FIGURES}\n{}{}{}", figures(0), figures(3), figures(4)));
    assert_eq!(reads.good.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3]);
    let (line, field, reason) = &reads.bad[0];
    assert_eq!((*line, field.as_str()), (4, "数据日期"));
    assert!(reason.contains("2026-11-25 晚于今天（2026-11-21）"), "{reason}");

    let txns = format!("客户号,日期,流水号,借贷,金额\nA1,{},1,贷,1.00\nA1,{},2,贷,1.00\n", day(1), day(60));
    assert_eq!(read(txns).bad[0].0, 3);
    assert_eq!(read(format!("{CUSTOMERS}\nA1,甲,,,,,{},\n", day(60))).bad[0].1, "开户日");
    // What is only due may be as far ahead as it likes, and what begins may be fixed some months before.
    assert!(read(format!("{LOANS}\n{}", loan("A1", "J1", "1.00"))).bad.is_empty());
    let holding = format!("客户号,产品代码,合同号,金额,起息日\nA1,D,H1,1.00,{}\n", day(60));
    assert!(read(holding).bad.is_empty());

    let mut b = branch();
    let path = b.put("贷款.csv", format!("{LOANS}\n{}", loan("A1", "J1", "1.00")));
    let refused = try_on(&mut b, path.clone(), NaiveDate::from_ymd_opt(2027, 1, 1));
    assert!(matches!(&refused, Err(ImportError::File(c)) if c.zh.contains("晚于今天")), "{refused:?}");
    let path = b.put("贷款20270101.csv", std::fs::read(path).unwrap());
    assert_ne!(try_on(&mut b, path, None).unwrap().dated, Some(Dated::Name));
}

#[test]
fn a_file_without_a_date_has_that_of_the_assets_it_was_delivered_with() {
    let mut b = branch();
    b.import_text(format!("{FIGURES}\nA1,20261110,0,0,0,0,0,0,1.00,\n"));
    let text = |n: u32| format!("{LOANS}\n{}{}", loan("A1", "J1", "1.00"), loan("A2", "J2", &format!("{n}.00")));
    let path = written(&b, "贷款.csv", &text(1), 18);
    let report = try_on(&mut b, path, None).unwrap();
    assert_eq!((report.as_of, report.dated), (Some(on(10)), Some(Dated::Assets)));
    let said = report.lines(Lang::Zh).join("\n");
    assert!(said.contains("数据日期 2026-11-10（文件里没有，取资产的数据日期）"), "{said}");

    let other = "客户号,服务,状态\nA1,短信通知,已签约\n".to_owned();
    let path = written(&b, "签约.csv", &other, 9);
    let report = try_on(&mut b, path, None).unwrap();
    assert_eq!((report.as_of, report.dated), (Some(on(9)), Some(Dated::Written)), "it was written before those assets");

    let txns = written(&b, "交易.csv", "客户号,日期,流水号,借贷,金额\nA1,20261117,1,贷,1.00\n", 18);
    assert_eq!(try_on(&mut b, txns, None).unwrap().as_of, Some(on(18)), "none of its days may lie after the data date");
    let late = written(&b, "签约.csv", &format!("{other}A2,短信通知,已签约\n"), 23);
    assert_eq!(
        try_on(&mut b, late, None).unwrap().as_of,
        Some(today()),
        "of another delivery, by a clock that is ahead"
    );

    // Once a newer list is in, a guess makes none older than it; and name or word go before any guess.
    let path = b.put("贷款20261119.csv", text(2));
    assert_eq!(try_on(&mut b, path, None).unwrap().dated, Some(Dated::Name));
    let path = written(&b, "贷款.csv", &text(3), 20);
    let report = try_on(&mut b, path, None).unwrap();
    assert_eq!((report.as_of, report.dated, report.older), (Some(on(20)), Some(Dated::Written), None));
    let path = written(&b, "贷款.csv", &text(4), 20);
    assert_eq!(try_on(&mut b, path, Some(on(21))).unwrap().as_of, Some(on(21)));
}

#[test]
fn a_date_that_somebody_says_goes_before_that_of_the_mapping() {
    let mut b = branch();
    let stamp = Stamp { by: b.staff(), ..stamp() };
    let path = b.put("日报.csv", "客户编号,总资产\nA1,5.00\nA2,6.00\n");
    let mut mapping = propose_as(&Look::at(&path).unwrap(), Layout::Figures);
    mapping.as_of = Some(on(10));
    b.file.keep_mapping(&mapping.kept().unwrap(), &stamp).unwrap();
    let report = try_on(&mut b, path.clone(), Some(on(20))).unwrap();
    assert_eq!((report.new, report.as_of, report.dated), (2, Some(on(20)), Some(Dated::Said)));
    assert_eq!(b.by_no("A1").figures[0].as_of, on(20));
    std::fs::write(&path, "客户编号,总资产\nA1,5.00\nA2,7.00\n").unwrap();
    let report = try_on(&mut b, path.clone(), None).unwrap();
    assert_eq!((report.as_of, report.dated), (Some(on(10)), Some(Dated::Mapping)));

    // The same where the mapping has the day among its constants.
    mapping.as_of = None;
    mapping.constants.insert("数据日期".into(), "2026-11-11".into());
    b.file.keep_mapping(&mapping.kept().unwrap(), &stamp).unwrap();
    std::fs::write(&path, "客户编号,总资产\nA1,5.00\nA2,8.00\n").unwrap();
    let report = try_on(&mut b, path.clone(), None).unwrap();
    assert_eq!((report.as_of, report.dated), (Some(on(11)), None));
    std::fs::write(&path, "客户编号,总资产\nA1,5.00\nA2,9.00\n").unwrap();
    let report = try_on(&mut b, path, Some(on(19))).unwrap();
    assert_eq!((report.as_of, report.dated), (Some(on(19)), Some(Dated::Said)));
}
