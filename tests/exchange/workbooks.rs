//! XLSX workbooks as the same rows as CSV: what a spreadsheet means by its cells, and what it has lost.

use super::bench::{Bench, counts};
use super::book::{Bool, Cell, Error, Formula, Inline, Nothing, Number, Text, book, parts, texts, zipped};
use super::reads::{read, try_read};
use guitai::exchange::extract::record::Record;

const HOLDINGS: &str = "客户号,产品代码,合同号,金额,起息日,到期日,利率,状态";

fn customers() -> Vec<Cell<'static>> {
    texts("客户号,姓名,证件类型,证件号,手机,地址,开户日,开户机构")
}

#[test]
fn a_workbook_says_what_its_cells_mean() {
    let bytes = book(&[
        vec![texts("说明"), texts("本表由核心系统导出")],
        vec![
            texts("道真支行持有清单"),
            vec![],
            texts(HOLDINGS),
            vec![
                Number("42", 3),
                Inline("DEP<1>&Y"),
                Text("HT_1"),
                Number("31056.1", 0),
                Number("46021", 1),
                Text("2026-12-27"),
                Number("2.5399999999999999E-2", 2),
                Formula("IF(1,\"正\",\"\")", "正常"),
            ],
            vec![
                Number("6000000001", 0),
                Text("DEP1Y"),
                Text("HT2"),
                Text("1,234.50"),
                Nothing,
                Nothing,
                Number("2.54", 0),
                Nothing,
            ],
        ],
    ]);
    let reads = read(&bytes);
    assert_eq!(reads.encoding, "XLSX");
    let [(5, Record::Holding { no, holding })] = &reads.good[1..] else { panic!("{reads:#?}") };
    assert_eq!((no.as_str(), holding.amount.0, holding.rate), ("6000000001", 123_450, Some(254)));
    // A number shown with its noughts in front keeps them.
    assert_eq!(reads.good[0].0, 4);
    let Record::Holding { no, holding } = &reads.good[0].1 else { panic!() };
    assert_eq!((no.as_str(), holding.amount.0, holding.rate), ("00000042", 3_105_610, Some(254)));
    assert_eq!(
        (holding.begins.unwrap().to_string(), holding.ends.unwrap().to_string()),
        ("2025-12-30".into(), "2026-12-27".into())
    );
    assert_eq!(holding.product, "DEP<1>&Y");
    assert_eq!((holding.contract.as_str(), holding.state.as_str()), ("HT_1", "正常"));
}

#[test]
fn what_a_spreadsheet_lost_or_got_wrong_is_rejected_on_its_row() {
    let row = |no: &'static str, id: Cell<'static>, opened: Cell<'static>| {
        vec![Text(no), Text("甲"), Text("居民身份证"), id, Nothing, Nothing, opened]
    };
    let bytes = book(&[vec![
        customers(),
        row("A1", Text("520325197202042450"), Number("45948", 1)),
        row("B1", Number("520325197202042450", 0), Nothing),
        row("B2", Number("5.2032519720204198E+17", 0), Nothing),
        row("B3", Error("#N/A"), Nothing),
        row("B4", Bool(true), Nothing),
        row("B5", Nothing, Number("46347", 0)),
        row("B6", Nothing, Number("-5", 1)),
        row("B7", Nothing, Number("0.5", 1)),
        vec![Number("6.0000000010000001E+18", 0), Text("甲")],
        vec![Text("B8"), Error("#REF!")],
        row("A2", Number("520325660711245", 0), Nothing),
    ]]);
    let reads = read(&bytes);
    assert_eq!(reads.good.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 12], "{:#?}", reads.bad);
    let expected = [
        (3, "证件号", "科学计数法"),
        (4, "证件号", "科学计数法"),
        (5, "证件号", "数字"),
        (6, "证件号", "数字"),
        (7, "开户日", "像是 2026-11-21"),
        (8, "开户日", "不是日期"),
        (9, "开户日", "不是日期"),
        (10, "客户号", "科学计数法"),
        (11, "姓名", "错误值 #REF!"),
    ];
    for ((line, field, word), bad) in expected.iter().zip(&reads.bad) {
        assert_eq!((bad.0, bad.1.as_str()), (*line, *field), "{bad:?}");
        assert!(bad.2.contains(word), "{bad:?}");
    }
    assert_eq!(reads.bad.len(), expected.len());
}

#[test]
fn a_workbook_goes_in_and_its_rejects_are_a_csv_that_goes_in_when_corrected() {
    let mut b = Bench::new();
    let bytes = book(&[vec![
        customers(),
        texts("A1,甲,居民身份证,520325197202042450,,,,"),
        texts("A2,乙,居民身份证,520325197202042451,,,,"),
    ]]);
    let path = b.put("客户.xlsx", bytes);
    let reports = b.import(&[path]);
    assert_eq!(counts(&reports[0]), (2, 1, 0, 0, 1), "{:?}", reports[0].rejects);
    assert_eq!((reports[0].encoding, reports[0].rejects[0].line), ("XLSX", 3));
    let rejects = reports[0].rejects_file.clone().unwrap();
    let text = std::fs::read_to_string(&rejects).unwrap();
    assert!(text.starts_with('\u{FEFF}'));
    std::fs::write(&rejects, text.replace("520325197202042451", "")).unwrap();
    assert_eq!(counts(&b.import(&[rejects])[0]), (1, 1, 0, 0, 0));
    assert_eq!(b.rows().len(), 2);
}

#[test]
fn a_workbook_that_unpacks_to_more_than_a_workbook_has_is_refused() {
    let good = || parts(&[vec![customers(), texts("A1,甲")]]);
    let with = |name: &'static str, bytes: Vec<u8>| {
        let mut all = good();
        all.retain(|(n, _)| *n != name);
        all.push((name, bytes));
        zipped(&all)
    };
    assert_eq!(read(zipped(&good())).good.len(), 1);
    // 40 MB of one style, some 40 KB in the file.
    let styles = with("xl/styles.xml", "<a></a>".repeat(6 << 20).into_bytes());
    assert!(styles.len() < 1 << 20);
    let text = with("xl/sharedStrings.xml", [b"<sst><si><t>".as_slice(), &vec![b'x'; 2 << 20]].concat());
    let promise = with("xl/sharedStrings.xml", br#"<sst uniqueCount="999999999999"></sst>"#.to_vec());
    let cell = with(
        "xl/worksheets/sheet1.xml",
        [b"<worksheet><sheetData><row><c t=\"str\"><v>".as_slice(), &vec![b'x'; 2 << 20]].concat(),
    );
    for bomb in [styles, text, promise, cell] {
        let c = try_read(&bomb, &[]).unwrap_err();
        assert!(c.zh.contains("太大") && c.en.contains("too large"), "{c}");
    }
}

#[test]
fn what_is_no_workbook_of_ours_is_refused_in_words() {
    let mut old = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    old.resize(4096, 0);
    for (bytes, word) in [
        (old, "xlsx 或 CSV"),
        (zipped(&[("content.xml", b"<office/>".to_vec())]), "xlsx 或 CSV"),
        (b"PK\x03\x04 and nothing more".to_vec(), "工作簿读不出来"),
        (book(&[vec![texts("甲,乙"), texts("1,2")]]), "认不出"),
        (book(&[vec![]]), "空文件"),
        (book(&[vec![texts("客户号,姓名,姓名")]]), "两次"),
    ] {
        let c = try_read(&bytes, &[]).unwrap_err();
        assert!(c.zh.contains(word), "{c}");
    }
    let mut cut = book(&[vec![customers(), texts("A1,甲")]]);
    let half = cut.len() / 2;
    cut.truncate(half);
    assert!(try_read(&cut, &[]).unwrap_err().zh.contains("工作簿"));
}
