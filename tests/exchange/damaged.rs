//! What comes out of core systems, spreadsheets and mail damaged: each row rejected with its line, field and reason, the rest read.

use super::bench::{Bench, CUSTOMERS, FIGURES, counts, today};
use super::reads::{each_is_rejected, read, try_read};
use guitai::domain::values::money::Fen;
use guitai::exchange::encoding::{Encoding, Text};
use guitai::exchange::extract::layout::{Columns, Layout};
use guitai::exchange::extract::record::{self, Record};
use guitai::exchange::rows::{Broken, Next, Row, Rows};
use proptest::prelude::*;
use std::io::Read;

const TXNS: &str = "客户号,日期,流水号,借贷,金额,渠道,对手行,摘要";
const HOLDINGS: &str = "客户号,产品代码,合同号,金额,起息日,到期日,利率,状态";
const LOANS: &str =
    "客户号,借据号,产品,发放额,余额,发放日,到期日,下次还款日,应还额,逾期天数,五级分类,用途,还款方式,还款账户";
const SERVICES: &str = "客户号,服务,状态,日期";
const RATINGS: &str = "客户号,等级,授信,日期";

fn gb(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[test]
fn a_damaged_customer_is_rejected() {
    each_is_rejected(
        CUSTOMERS,
        "A1,张三,居民身份证,520325197202042450,13800138000,玉溪镇,20251018,道真支行",
        &[
            ("B1,甲,居民身份证,1.1E+17,,,,", "证件号", "科学计数法"),
            ("B2,甲,居民身份证,520325197202042000,,,,", "证件号", "000"),
            ("B3,甲,居民身份证,520325197202042451,,,,", "证件号", "末位应为 0"),
            ("B4,甲,居民身份证,#N/A,,,,", "证件号", "数字"),
            ("B5,#REF!,居民身份证,,,,,", "姓名", "错误值 #REF!"),
            ("6E+09,甲,,,,,,", "客户号", "科学计数法"),
            ("B6,甲,,,1.38E+10,,,", "手机", "科学计数法"),
            ("B7,甲,,,,,20260230,", "开户日", "没有 2026 年 2 月 30 日"),
            ("B8,甲,,,,,0000-00-00,", "开户日", "没有 0 年 0 月 0 日"),
            ("B9,甲,,,,,2026/13/1,", "开户日", "没有 2026 年 13 月"),
            ("B10,甲,,,,,46347,", "开户日", "像是 2026-11-21"),
            ("B11,\u{1B}[2J\u{9B}31m\0\u{202E},,,,,,", "姓名", "没有姓名"),
            ("B 12,甲,,,,,,", "客户号", "1 至 32 位"),
            (CUSTOMERS, "整行", "表头又出现了一次"),
            ("B13,甲", "整行", "只有 2 栏"),
            ("B14,甲,,,,,,,多", "整行", "多于表头"),
        ],
    );
}

#[test]
fn what_a_spreadsheet_or_a_keyboard_did_that_loses_nothing_is_read() {
    let reads = read(format!(
        "{CUSTOMERS}\nＡ１,张三,居民身份证,'５２０３２５１９７２０２０４２４５０,１３８００１３８０００,,２０２５－１０－１８,\n\
         'A2,\u{FEFF}\u{1B}[31m李\u{202E}四\0,,,,,2025-10-18 00:00:00,,,,\n\nA3,\"=cmd|'/C calc'!A0\",,,,＋地址,,\n,,,,,,,\n"
    ));
    assert!(reads.bad.is_empty(), "{:#?}", reads.bad);
    let customer = |n: usize| match &reads.good[n] {
        (line, Record::Customer(c)) => (*line, c.clone()),
        other => panic!("{other:?}"),
    };
    let (line, c) = customer(0);
    assert_eq!((line, c.no.as_str(), c.phone.as_str()), (2, "A1", "13800138000"));
    assert_eq!(c.document.unwrap().number, "520325197202042450");
    assert_eq!(c.opened.unwrap().to_string(), "2025-10-18");
    let (line, c) = customer(1);
    assert_eq!((line, c.no.as_str(), c.name.as_str()), (3, "A2", "李四"));
    let (line, c) = customer(2);
    assert_eq!((line, c.name.as_str(), c.address.as_str()), (5, "=cmd|'/C calc'!A0", "＋地址"));
    assert_eq!(reads.good.len(), 3, "a row of nothing but commas is no row");
}

#[test]
fn a_sum_that_is_none_is_rejected() {
    let row = |sum: &str| format!("A1,20261120,0,0,0,0,0,0,\"{sum}\",");
    let sums = [
        "1,2,3",
        "1e400",
        "NaN",
        "1.005",
        "99999999999999999999",
        "(1,000.00)",
        "１，２",
        "--5",
        "1.2.3",
        "#DIV/0!",
        "TRUE",
    ];
    let rows: Vec<String> = sums.iter().map(|s| row(s)).collect();
    let cases: Vec<(&str, &str, &str)> = rows.iter().map(|r| (r.as_str(), "AUM时点", "")).collect();
    each_is_rejected(FIGURES, &row("￥1,000.00"), &cases);
    let reads = read(format!("{FIGURES}\n{}\n{}\n{}\n", row("￥1,000.00"), row("-0"), row("'-5.05")));
    let sums: Vec<Fen> = reads.good.iter().map(|(_, r)| r.summed()).collect();
    assert_eq!(sums, [Fen(100_000), Fen(0), Fen(-505)]);
}

#[test]
fn a_damaged_row_of_each_other_layout_is_rejected() {
    each_is_rejected(
        TXNS,
        "A1,2026-11-20,276,贷,\"1,100.00\",柜面,,结息",
        &[
            ("A1,2026-11-20,276,存疑,5.00,,,", "借贷", "应为借或贷"),
            ("A1,2026-11-20,276,,5.00,,,", "借贷", "没有借贷"),
            ("A1,2026-11-20,276,贷,,,,", "金额", "没有金额"),
            ("A1,2026-11-20,,贷,5.00,,,", "流水号", "没有流水号"),
            ("A1,2026-11-20,3.5E+06,贷,5.00,,,", "流水号", "科学计数法"),
            ("A1,,276,贷,5.00,,,", "日期", "不是日期"),
            ("A1,2028-11-20,276,贷,5.00,,,", "日期", "晚于今天"),
            ("A1,2026-11-20,276,贷,1,100.00,柜面,,结息", "整行", "逗号没有加引号"),
        ],
    );
    each_is_rejected(
        HOLDINGS,
        "A1,DEP1Y,HT1,1000.00,2025-12-30,9999-12-31,2.54,正常",
        &[
            ("A1,,HT1,1000.00,,,,", "产品代码", "没有产品代码"),
            ("A1,DEP1Y,,1000.00,,,,", "合同号", "没有合同号"),
            ("A1,DEP1Y,HT1,很多,,,,", "金额", "不是金额"),
            ("A1,DEP1Y,HT1,1.00,2025-12-30,2025-12-01,,", "到期日", "早于起息日"),
            ("A1,DEP1Y,HT1,1.00,,20990231,,", "到期日", "没有 2099 年 2 月 31 日"),
            ("A1,DEP1Y,HT1,1.00,,21261231,,", "到期日", "六十年"),
            ("A1,DEP1Y,HT1,1.00,,,254,", "利率", "不是利率"),
        ],
    );
    each_is_rejected(
        LOANS,
        "A1,JJ1,农户小额贷,80952.00,16865.00,20250429,20270419,20261201,3373.00,0,正常,装修,等额本息,",
        &[
            ("A1,JJ1,x,,16865.00,,,,,,正常,,,", "发放额", "没有发放额"),
            ("A1,JJ1,x,1.00,2.00,,,,,,很好,,,", "五级分类", "不是五级分类"),
            ("A1,JJ1,x,1.00,2.00,,,,,,,,,", "五级分类", "没有五级分类"),
            ("A1,JJ1,x,1.00,2.00,,,,,-3,正常,,,", "逾期天数", "应为天数"),
            ("A1,JJ1,x,1.00,2.00,20261018,20250429,,,,正常,,,", "到期日", "早于发放日"),
        ],
    );
    each_is_rejected(
        SERVICES,
        "A1,短信通知,已签约,20240624",
        &[("A1,,已签约,20240624", "服务", "没有服务"), ("A1,短信通知,,20240624", "状态", "没有状态")],
    );
    each_is_rejected(
        RATINGS,
        "A1,AA,80952.00,20250429",
        &[
            ("A1,,1.00,20250429", "等级", "没有等级"),
            ("A1,AA,1.00,", "日期", "不是日期"),
            ("A1,AA,1.2.3,20250429", "授信", ""),
        ],
    );
}

#[test]
fn a_file_whose_end_is_cut_off_loses_its_last_row_only() {
    let whole = format!("{LOANS}\nA1,JJ1,x,1.00,2.00,,,,,,正常,,,\nA1,JJ2,x,1.00,2.00,,,,,,正常,,,\n");
    for cut in [3, 9, 20] {
        let end = whole.len() - cut;
        let reads = read(&whole.as_bytes()[..end]);
        assert_eq!(reads.good.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2], "{cut}");
        assert_eq!(reads.bad.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [3], "{cut}: {:?}", reads.bad);
    }
}

#[test]
fn a_last_row_without_a_line_end_is_only_good_where_nothing_can_be_missing() {
    let row = |no: &str, last: &str| format!("{no},20261120,0,0,0,0,0,0,1160.00,{last}");
    let (first, cut) = (row("A1", "1.00"), row("A2", "94"));
    let header = FIGURES;
    for text in [
        format!("{header}\n{first}\n{cut}"),
        format!("{header}\r{first}\r{cut}"),
        format!("#2\n{header}\n{first}\n{cut}"),
    ] {
        for bytes in [text.as_bytes().to_vec(), gb(&text)] {
            let reads = read(bytes);
            assert_eq!((reads.good.len(), reads.bad.len()), (1, 1), "{text}");
            assert!(reads.bad[0].2.contains("最后一行没有换行"), "{}", reads.bad[0].2);
        }
    }
    for text in [
        format!("{header}\n{cut}"),
        format!("{header}\n{first}\n{}", row("A2", "\"94\"")),
        format!("{header},备注\n{first},\n{cut},半句"),
        format!("#2,2320.00\n{header}\n{first}\n{cut}"),
        format!("{header}\n{first}\n{cut}\n#2,2320.00"),
    ] {
        assert!(read(&text).bad.is_empty(), "{text}");
    }
}

#[test]
fn carriage_returns_alone_end_lines_too() {
    let reads = read(format!("{SERVICES}\rA1,短信通知,已签约,20240624\rA1,,已签约,\rA2,社保代缴,已签约,\r"));
    assert_eq!(reads.good.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 4]);
    assert_eq!((reads.bad[0].0, reads.bad[0].1.as_str()), (3, "服务"));
    let reads = read(gb(&format!("{SERVICES}\rA1,短信通知,已签约,20240624\r")));
    assert_eq!((reads.good.len(), reads.encoding), (1, "GB18030"));
}

#[test]
fn every_mark_at_the_front_is_known() {
    let text = format!("{SERVICES}\nA1,短信通知,已签约,20240624\n");
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (bytes, encoding) in [
        (text.clone().into_bytes(), "UTF-8"),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), "UTF-8 BOM"),
        (utf16, "UTF-16LE"),
        (gb(&text), "GB18030"),
    ] {
        let reads = read(bytes);
        assert_eq!((reads.good.len(), reads.bad.len(), reads.encoding), (1, 0, encoding));
    }
}

#[test]
fn a_title_above_the_header_and_columns_without_a_name_are_passed_over() {
    let reads = read(
        "道真支行签约清单\n制表：张三;日期：2026-11-20\n\n客户号,服务,,状态,日期,\nA1,短信通知,x,已签约,20240624,\nA1,,,已签约,,\n",
    );
    assert_eq!(reads.good.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [5]);
    assert_eq!((reads.bad[0].0, reads.bad[0].1.as_str()), (6, "服务"));
}

#[test]
fn lines_of_another_encoding_are_read_right_and_rejected_to_be_looked_at() {
    let line = |n: u32, word: &str| format!("A{n},{word},已签约,20240624\n");
    let mut bytes = gb(&format!("{SERVICES}\n{}", line(1, "短信通知")));
    bytes.extend(line(2, "社保代缴").bytes());
    bytes.extend(gb(&line(3, "手机银行")));
    bytes.extend(b"A4,\"ab\ncd\",ok,20240624\n");
    bytes.extend(line(5, "医保代缴").bytes());
    let reads = read(&bytes);
    assert_eq!(reads.encoding, "GB18030");
    assert_eq!(reads.good.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 4, 5]);
    assert_eq!(reads.bad.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [3, 7]);
    assert!(reads.bad.iter().all(|(_, fields, reason)| fields == "整行" && reason.contains("编码")), "{:?}", reads.bad);

    // And the other way round; a byte that is damage in a line is not another encoding.
    let mut bytes = format!("{SERVICES}\n{}", line(1, "短信通知")).into_bytes();
    bytes.extend(gb(&line(2, "社保代缴")));
    bytes.extend(line(3, "手机\u{0}银行").bytes().map(|b| if b == 0 { 0xFF } else { b }));
    bytes.extend(line(4, "医保代缴").bytes());
    let reads = read(&bytes);
    assert_eq!(reads.encoding, "UTF-8");
    assert_eq!(reads.good.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 5]);
    let bad: Vec<_> = reads.bad.iter().map(|(line, fields, _)| (*line, fields.as_str())).collect();
    assert_eq!(bad, [(3, "整行"), (4, "服务")]);
}

#[test]
fn rejects_of_a_gb18030_file_are_gb18030_and_go_in_when_corrected() {
    let mut b = Bench::new();
    let mut bytes =
        gb(&format!("{CUSTOMERS}\nA1,䶮玉兰,居民身份证,520325197202042451,,-地址,,\n,\"甲,\"\"乙\"\"\",,,,=1+1,,\n"));
    bytes.extend("A3,丙,,,,,,\n".bytes());
    let report = b.import_text(&bytes);
    assert_eq!(counts(&report), (3, 0, 0, 0, 3), "{:?}", report.rejects);
    let path = report.rejects_file.unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert!(std::str::from_utf8(&bytes).is_err());
    let (text, _, broken) = encoding_rs::GB18030.decode(&bytes);
    assert!(!broken);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], format!("行号,字段,原因,{CUSTOMERS}"));
    assert!(
        lines[1].starts_with("2,证件号,") && lines[1].ends_with(",A1,䶮玉兰,居民身份证,520325197202042451,,'-地址,,"),
        "{}",
        lines[1]
    );
    assert!(lines[2].starts_with("3,客户号,") && lines[2].ends_with(",,\"甲,\"\"乙\"\"\",,,,'=1+1,,"), "{}", lines[2]);
    assert!(lines[3].starts_with("4,整行,") && lines[3].ends_with(",A3,丙,,,,,,"), "{}", lines[3]);

    let mended = text.replace("042451", "042450").replace(",,\"甲", ",A2,\"甲");
    std::fs::write(&path, gb(&mended)).unwrap();
    let reports = b.import(&[path]);
    assert_eq!(counts(&reports[0]), (3, 3, 0, 0, 0), "{:?}", reports[0].rejects);
    assert_eq!((reports[0].encoding, b.by_no("A1").customer.name.as_str()), ("GB18030", "䶮玉兰"));
    assert_eq!(b.by_no("A1").customer.address, "-地址");
    let second = b.by_no("A2").customer;
    assert_eq!((second.name.as_str(), second.address.as_str()), ("甲,\"乙\"", "=1+1"));
    assert_eq!(b.by_no("A3").customer.name, "丙");
}

/// A line of so many bytes, made while it is read.
struct Long(u64);

impl Read for Long {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = usize::try_from(self.0.min(into.len() as u64)).unwrap();
        into[..n].fill(b'9');
        self.0 -= n as u64;
        Ok(n)
    }
}

/// The most memory that this process ever had, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default().to_owned();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() * 1024
}

#[test]
fn a_line_of_a_gigabyte_costs_one_row_and_no_memory() {
    let before = peak();
    for encoding in [Encoding::Gb18030, Encoding::Utf8] {
        let source = b"a,b\n1,".chain(Long(1 << 30)).chain(b",2\n3,4\n".as_slice());
        let mut rows = Rows::new(Text::mixed(source, encoding));
        let mut row = Row::default();
        assert_eq!(rows.next_into(&mut row).unwrap(), Next::Row);
        assert_eq!((rows.next_into(&mut row).unwrap(), row.line), (Next::Broken(Broken::TooLong), 2));
        assert!(row.get(0).unwrap().len() <= 800);
        assert_eq!((rows.next_into(&mut row).unwrap(), row.line, row.get(1)), (Next::Row, 3, Some("4")));
        assert_eq!(rows.next_into(&mut row).unwrap(), Next::End);
    }
    // Other tests of the process take memory meanwhile; a line that was kept would take a gigabyte at least.
    assert!(peak() - before < 768 << 20, "{} to {}", before, peak());
}

/// A row of a file, and the lines it takes; `None` is one that is not a row.
#[derive(Debug, Clone)]
enum Piece {
    Cells(Vec<String>),
    Blank,
    Open,
    Foreign(String),
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        4 => prop::collection::vec("[a-c道真\n,\"]{0,6}", 3..5).prop_map(Piece::Cells),
        1 => Just(Piece::Blank),
        1 => Just(Piece::Open),
        2 => "[道真农商银行]{0,6}".prop_map(|word| Piece::Foreign(word + "道真玉溪镇")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_row_has_the_line_on_which_it_begins(pieces in prop::collection::vec(piece(), 0..40), is_gb: bool, is_crlf: bool) {
        let own = |text: &str| if is_gb { gb(text) } else { text.as_bytes().to_vec() };
        let other = |text: &str| if is_gb { text.as_bytes().to_vec() } else { gb(text) };
        let end = if is_crlf { "\r\n" } else { "\n" };
        let (mut file, mut line, mut expected) = (vec![], 1, vec![]);
        for piece in &pieces {
            expected.push(line);
            match piece {
                Piece::Cells(cells) => {
                    let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
                    line += cells.iter().map(|c| c.matches('\n').count() as u64).sum::<u64>();
                    file.extend(own(&quoted.join(",")));
                }
                Piece::Blank => {}
                // A quote followed by text is no row, whatever comes after.
                Piece::Open => file.extend(own("1,\"open\"x,2")),
                Piece::Foreign(word) => file.extend(other(word)),
            }
            file.extend(own(end));
            line += 1;
        }
        let mut rows = Rows::new(Text::mixed(file.as_slice(), if is_gb { Encoding::Gb18030 } else { Encoding::Utf8 }));
        let mut row = Row::default();
        let (mut found, mut foreign) = (vec![], 0);
        while rows.next_into(&mut row).unwrap() != Next::End {
            found.push(row.line);
            let lines = row.line..rows.line();
            if rows.source_mut().is_foreign(lines) {
                foreign += 1;
                prop_assert!(row.iter().any(|cell| cell.chars().any(|c| "道真农商银行".contains(c))));
            }
        }
        prop_assert_eq!(found, expected);
        prop_assert_eq!(foreign, pieces.iter().filter(|p| matches!(p, Piece::Foreign(_))).count());
    }

    #[test]
    fn no_bytes_whatever_make_a_file_or_a_row_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        cells in prop::collection::vec(".{0,12}|[0-9eE+.,-]{0,12}|[借贷正常]{0,3}", 14),
        layout in prop::sample::select(Layout::ALL.to_vec())
    ) {
        let header = layout.headers().join(",");
        let _ = try_read(&bytes, &[]);
        if let Ok(reads) = try_read([header.as_bytes(), b"\n", &bytes].concat(), &[]) {
            let mut lines: Vec<u64> = reads.good.iter().map(|(l, _)| *l).chain(reads.bad.iter().map(|(l, ..)| *l)).collect();
            lines.sort_unstable();
            prop_assert!(lines.windows(2).all(|pair| pair[0] < pair[1]) && lines.first().is_none_or(|l| *l > 1));
        }
        let mut row = Row::default();
        row.fill(1, layout.headers().iter().copied()).unwrap();
        let columns = Columns::recognise(&row).unwrap();
        row.fill(2, cells.iter().map(String::as_str).take(columns.headers.len())).unwrap();
        if let Ok(record) = record::read(&columns, &row, today()) {
            prop_assert_eq!(record.shown().len(), layout.headers().len());
        }
    }
}
