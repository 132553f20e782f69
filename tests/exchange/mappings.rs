//! Files of other headers: what is proposed for them, how a mapping is passed on and kept, and what it reads.

use super::bench::{Bench, CUSTOMERS, counts, stamp, today};
use super::book::{Number, Text, book, texts};
use super::reads::try_read;
use guitai::domain::dealings::loan::Class;
use guitai::domain::values::money::Fen;
use guitai::exchange::extract::layout::Layout;
use guitai::exchange::extract::look::Look;
use guitai::exchange::extract::mapping::{DateOrder, Mapping, Rates, Sign, Unit};
use guitai::exchange::extract::propose::{propose, propose_as};
use guitai::exchange::extract::record::Record;
use guitai::store::request::{Failure, Stamp};

fn look(bytes: impl AsRef<[u8]>) -> Look {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("in");
    std::fs::write(&path, bytes).unwrap();
    Look::at(&path).unwrap()
}

const LOANS: &str = "信贷系统贷款清单\n\
    客户编号,借据编号,贷款品种,放款金额(万元),贷款余额(万元),放款日期,到期日期,风险分类,备注栏\n\
    A1,JJ1,农户小额贷,8.0952,1.6865,29/04/2025,19/04/2027,正常类,x\n\
    A2,JJ2,住房贷款,30,25万,24/04/2026,13/04/2027,关注,\n\
    A3,JJ3,住房贷款,30.0000001,25,31/02/2026,19/04/2027,好,\n";

#[test]
fn a_mapping_is_proposed_by_headers_and_first_rows_and_reads_them() {
    for bytes in [LOANS.as_bytes().to_vec(), encoding_rs::GB18030.encode(LOANS).0.into_owned()] {
        let look = look(&bytes);
        assert_eq!((look.headers[0].as_str(), look.rows.len(), look.rows[0].line), ("客户编号", 3, 3));
        let m = propose(&look).unwrap();
        assert_eq!((m.layout, m.missing().len()), (Layout::Loans, 0), "{m:#?}");
        assert_eq!((m.formats.dates, m.formats.unit), (DateOrder::Dmy, Unit::Wan));
        assert_eq!(m.columns["余额"], ["贷款余额(万元)"]);
        assert_eq!(m.columns["五级分类"], ["风险分类"]);
        let preview = look.preview(&m, 20, today()).unwrap();
        let shown = |n: usize| preview[n].cells.iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(
            shown(0)[..8],
            ["A1", "JJ1", "农户小额贷", "80,952.00", "16,865.00", "2025-04-29", "2027-04-19", ""]
        );
        assert_eq!(preview[2].line, 5);
        let fields: Vec<&str> = preview[2].faults.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["放款金额(万元)", "放款日期", "风险分类"], "named as the file names them");

        let reads = try_read(&bytes, std::slice::from_ref(&m)).unwrap();
        let [(3, Record::Loan { no, loan }), (4, _)] = &reads.good[..] else { panic!("{reads:#?}") };
        assert_eq!((no.as_str(), loan.balance, loan.class), ("A1", Fen(1_686_500), Class::Normal));
        let Record::Loan { loan, .. } = &reads.good[1].1 else { panic!() };
        assert_eq!((loan.lent, loan.balance), (Fen(30_000_000), Fen(25_000_000)), "a sum that says its own unit");
        assert_eq!(reads.bad[0].0, 5);
    }
}

#[test]
fn the_layout_that_knows_most_of_a_file_is_proposed_though_a_field_is_missing() {
    let assets = "客户编号,客户名称,活期存款,定期存款,总资产(万元),月日均(万元)\nA1,甲,1,2,3,3\n";
    let m = propose(&look(assets)).unwrap();
    assert_eq!((m.layout, m.missing()), (Layout::Figures, vec!["数据日期"]), "{m:#?}");
    let customers = "客户编号,客户名称,证件号码,联系电话,家庭住址,建档日期\nA1,甲,,,,\n";
    let m = propose(&look(customers)).unwrap();
    assert_eq!((m.layout, m.missing().len()), (Layout::Customers, 0), "{m:#?}");
    assert_eq!((m.columns["地址"][0].as_str(), m.columns["开户日"][0].as_str()), ("家庭住址", "建档日期"));
}

#[test]
fn transactions_say_in_or_out_in_three_ways() {
    let amounts = |text: &str, m: Option<&Mapping>| -> Vec<i64> {
        let own = propose(&look(text)).unwrap();
        let m = m.unwrap_or(&own);
        let reads = try_read(text, std::slice::from_ref(m)).unwrap();
        assert!(reads.bad.is_empty(), "{:?}", reads.bad);
        let amount = |r: &Record| match r {
            Record::Txn { txn, .. } => txn.amount.0,
            other => panic!("{other:?}"),
        };
        reads.good.iter().map(|(_, r)| amount(r)).collect()
    };
    let two =
        "客户号,交易日期,交易流水号,借方发生额,贷方发生额,附言\nA1,20261120,1,5.00,,取\nA1,20261120,2,0.00,7.00,存\n";
    let m = propose(&look(two)).unwrap();
    assert_eq!((m.layout, m.formats.sign), (Layout::Txns, Sign::Columns));
    assert_eq!(amounts(two, None), [-500, 700]);
    let own = "客户号,交易日期,交易流水号,交易金额\nA1,20261120,1,-5.00\nA1,20261120,2,7.00\n";
    assert_eq!(propose(&look(own)).unwrap().formats.sign, Sign::Own);
    assert_eq!(amounts(own, None), [-500, 700]);
    let word = "客户号,交易日期,交易流水号,收支,交易金额\nA1,20261120,1,支出,5.00\nA1,20261120,2,收,7.00\nA1,20261120,3,CR,1\n";
    assert_eq!(propose(&look(word)).unwrap().formats.sign, Sign::Word);
    assert_eq!(amounts(word, None), [-500, 700, 100]);
    let both = "客户号,交易日期,交易流水号,借方发生额,贷方发生额\nA1,20261120,1,5.00,7.00\nA1,20261120,2,,\n";
    let reads = try_read(both, &[propose(&look(both)).unwrap()]).unwrap();
    assert!(reads.bad[0].2.contains("两栏都有") && reads.bad[1].2.contains("没有金额"), "{:?}", reads.bad);
}

#[test]
fn constants_a_fixed_day_and_second_choices_stand_for_what_a_file_lacks() {
    let text = "户名,核心客户号,手机,电话,总资产\n甲,A1,,13800138000,5.5\n乙,A2,13900139000,x,1e5\n";
    let mut m = propose_as(&look(text), Layout::Figures);
    assert_eq!(m.missing(), ["数据日期"]);
    assert!(try_read(text, std::slice::from_ref(&m)).unwrap_err().zh.contains("还缺：数据日期"));
    m.as_of = today().pred_opt();
    let reads = try_read(text, std::slice::from_ref(&m)).unwrap();
    let [(2, Record::Figures(row))] = &reads.good[..] else { panic!("{reads:#?}") };
    assert_eq!((row.figures.as_of, row.figures.balance), (today().pred_opt().unwrap(), Fen(550)));
    assert_eq!((reads.bad[0].0, reads.bad[0].1.as_str()), (3, "总资产"));

    let mut m = propose_as(&look(text), Layout::Customers);
    m.columns.insert("手机".into(), vec!["手机".into(), "电话".into()]);
    m.constants.insert("开户机构".into(), "道真支行".into());
    let reads = try_read(text, &[m]).unwrap();
    let phones = reads.good.iter().map(|(_, r)| match r {
        Record::Customer(c) => (c.phone.as_str(), c.opened_at.as_str()),
        other => panic!("{other:?}"),
    });
    assert_eq!(phones.collect::<Vec<_>>(), [("13800138000", "道真支行"), ("13900139000", "道真支行")]);
}

#[test]
fn rates_as_fractions_and_dates_of_a_workbook_are_known_by_their_values() {
    let bytes = book(&[vec![
        texts("客户代码,产品名称,协议号,持有金额,购买日期,年化收益率"),
        vec![Text("A1"), Text("安心"), Text("X1"), Number("1000", 0), Number("46021", 1), Number("0.0254", 0)],
    ]]);
    let m = propose(&look(&bytes)).unwrap();
    assert_eq!((m.layout, m.formats.rates, m.formats.dates), (Layout::Holdings, Rates::Fraction, DateOrder::Ymd));
    let reads = try_read(&bytes, &[m]).unwrap();
    let [(2, Record::Holding { holding, .. })] = &reads.good[..] else { panic!("{reads:#?}") };
    assert_eq!((holding.rate, holding.begins.unwrap().to_string()), (Some(254), "2025-12-30".to_owned()));
}

#[test]
fn a_mapping_is_a_small_file_that_reads_back_as_it_was() {
    let mut m = propose(&look(LOANS)).unwrap();
    m.name = "信贷系统".to_owned();
    m.constants.insert("用途".into(), "=\"引号\"\n".into());
    m.as_of = Some(today());
    let text = m.write().unwrap();
    assert!(text.contains("layout = \"loans\"") && text.len() < 2000, "{text}");
    assert_eq!(Mapping::read(&text), Ok(m.clone()));
    assert_eq!(Mapping::read(&format!("\u{FEFF}{text}")), Ok(m.clone()));
    assert!(Mapping::read("name = 1").unwrap_err().zh.contains("不是栏目对照"));
    assert!(Mapping::read(&text.replace("unit", "unity")).is_err());
    m.columns.insert("没有这栏".into(), vec!["备注栏".into()]);
    assert!(try_read(LOANS, std::slice::from_ref(&m)).unwrap_err().zh.contains("没有这栏"));
    m.columns.remove("没有这栏");
    m.columns.insert("用途".into(), vec!["不在文件里".into()]);
    assert!(try_read(LOANS, &[m]).unwrap_err().zh.contains("不在文件里"));
}

#[test]
fn a_kept_mapping_is_used_for_the_next_file_of_its_headers_and_for_its_rejects() {
    let mut b = Bench::new();
    let stamp = Stamp { by: b.staff(), ..stamp() };
    let text = format!("{CUSTOMERS}\nA1,甲,,,,,,\nA2,乙,,,,,,\nA3,丙,,,,,,\n");
    assert_eq!(b.import_text(text).new, 3);
    let path = b.put("贷款.csv", LOANS);
    assert!(b.try_import(std::slice::from_ref(&path), false).is_err(), "nobody has said yet how to read it");
    let mut m = propose(&look(LOANS)).unwrap();
    m.name = "信贷系统".to_owned();
    b.file.keep_mapping(&m.kept().unwrap(), &stamp).unwrap();
    let seq = b.workbench().seq;
    b.file.keep_mapping(&m.kept().unwrap(), &stamp).unwrap();
    assert_eq!(b.workbench().seq, seq, "kept twice is no change");
    assert_eq!(b.file.mapping(&m.key()).unwrap(), Some(m.kept().unwrap()));

    let reports = b.import(&[path]);
    assert_eq!(counts(&reports[0]), (3, 2, 0, 0, 1), "{:?}", reports[0].rejects);
    let rejects = reports[0].rejects_file.clone().unwrap();
    let mended = std::fs::read_to_string(&rejects)
        .unwrap()
        .replace("30.0000001", "30")
        .replace("31/02", "28/02")
        .replace(",好,", ",损失,");
    std::fs::write(&rejects, mended).unwrap();
    assert_eq!(counts(&b.import(&[rejects])[0]), (1, 1, 0, 0, 0), "its own columns in front do not hide it");

    let mut other = m.clone();
    other.headers.push("又一栏".into());
    let refused = b.file.keep_mapping(&other.kept().unwrap(), &stamp);
    assert!(matches!(&refused, Err(Failure::Refused(c)) if c.zh.contains("已有名为")), "{refused:?}");
    b.file.drop_mapping(&m.key(), &stamp).unwrap();
    assert_eq!(b.file.mappings().unwrap(), []);
    assert_eq!(b.file.drop_mapping(&m.key(), &stamp), Err(Failure::Gone));
}
