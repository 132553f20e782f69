//! Extracts into a branch file: what goes in, what does not and why, what stays as it was.

use super::bench::{Bench, CUSTOMERS, FIGURES, counts, stamp, today};
use chrono::NaiveDate;
use guitai::domain::customer::Sex;
use guitai::domain::field::Edit;
use guitai::domain::ids::OpId;
use guitai::domain::lifecycle::Stage;
use guitai::domain::text::Lang;
use guitai::domain::tier::Tier;
use guitai::domain::values::money::Fen;
use guitai::exchange::extract::import::ImportError;
use guitai::store::customers;
use guitai::store::request::{Answer, Ask, Stamp};
use proptest::prelude::*;

const ID: &str = "520325197202042450";
const ID2: &str = "520323196710096562";

fn row(no: &str, name: &str, id: &str, phone: &str) -> String {
    format!("{no},{name},居民身份证,{id},{phone},贵州省遵义市道真县平模镇解放路128号,20251018,道真支行")
}

/// An ID number with a right check character for the given first 17.
fn id(first17: &str) -> String {
    format!("{first17}{}", guitai::domain::values::idcard::check_digit(first17))
}

#[test]
fn the_sample_goes_in_whole_whatever_the_order_of_the_files() {
    let mut b = Bench::new();
    let paths = [b.sample("资产.csv"), b.sample("客户.csv")];
    let reports = b.import(&paths);
    assert!(reports[0].file.ends_with("资产.csv"), "reports come in the order the files were named");
    assert_eq!(counts(&reports[0]), (40, 40, 0, 0, 0), "{:?}", reports[0].rejects);
    assert_eq!(counts(&reports[1]), (50, 50, 0, 0, 0), "{:?}", reports[1].rejects);
    assert_eq!(reports[1].encoding, "GB18030");
    assert_eq!(b.rows().len(), 50);
    let o = b.by_no("7000000001");
    assert_eq!(o.standing.figures.unwrap().balance, Fen(7_528_646), "a sum with thousands separators");
    assert_eq!(o.standing.tier, Some(Tier::Ordinary));
    assert_eq!(o.customer.birth, o.customer.document.as_ref().unwrap().birth());
    assert!(o.customer.sex.is_some() && o.customer.lunar.is_some());
    assert!(o.customer.address.contains(&o.customer.area) && !o.customer.area.is_empty());
    assert_eq!(b.by_no("7000000005").customer.name, "䶮玉兰", "a letter that GBK lacks");
    assert!(b.by_no("7000000005").standing.figures.is_none());
}

#[test]
fn the_same_files_again_change_nothing() {
    let mut b = Bench::new();
    let paths = [b.sample("客户.csv"), b.sample("资产.csv")];
    b.import(&paths);
    let before = b.everything();
    let reports = b.import(&paths);
    assert_eq!(counts(&reports[0]), (50, 0, 0, 50, 0));
    assert_eq!(counts(&reports[1]), (40, 0, 0, 40, 0));
    b.again();
    assert_eq!(b.everything(), before);
}

#[test]
fn a_dry_run_says_what_would_change_and_writes_nothing() {
    let mut b = Bench::new();
    let before = b.everything();
    let bytes = std::fs::read(b.path()).unwrap();
    let bad = row("1", "坏证件", "520325197202042451", "");
    let text = format!("{CUSTOMERS}\n{}\n{bad}\n", row("2", "好", ID, ""));
    let paths = [b.sample("资产.csv"), b.sample("客户.csv"), b.put("third.csv", text)];
    let reports = b.try_import(&paths, true).unwrap();
    assert_eq!(counts(&reports[0]), (40, 40, 0, 0, 0), "the assets find customers of the same rehearsal");
    assert_eq!(counts(&reports[1]), (50, 50, 0, 0, 0));
    assert_eq!(counts(&reports[2]), (2, 1, 0, 0, 1));
    assert_eq!(reports[2].rejects[0].line, 3);
    assert_eq!(reports[2].rejects_file, None);
    assert!(!b.dir.path().join("third.csv.rejects.csv").exists());
    assert_eq!(b.everything(), before);
    b.again();
    assert_eq!(std::fs::read(b.path()).unwrap(), bytes);
}

#[test]
fn a_dry_run_of_several_files_says_what_importing_them_would_do_and_counts_no_row_twice() {
    let mut b = Bench::new();
    let customers = |rows: &[(&str, &str)]| {
        let rows: Vec<String> = rows.iter().map(|(no, name)| row(no, name, "", "")).collect();
        format!("{CUSTOMERS}\n{}\n", rows.join("\n"))
    };
    let assets = |rows: &[(&str, u32)]| {
        let rows = rows.iter().map(|(no, yuan)| format!("{no},20261120,{yuan},{yuan},{yuan}\n"));
        format!("客户号,数据日期,活期,AUM时点,AUM月日均\n{}", rows.collect::<String>())
    };
    let paths = [
        b.put("客户1.csv", customers(&[("1", "甲"), ("2", "乙"), ("3", "丙")])),
        b.put("客户2.csv", customers(&[("2", "乙"), ("3", "丙丙"), ("4", "丁")])),
        b.put("资产1.csv", assets(&[("1", 100), ("2", 200), ("3", 300)])),
        b.put("资产2.csv", assets(&[("2", 200), ("3", 333), ("4", 400)])),
    ];
    let tried = b.try_import(&paths, true).unwrap();
    let done = b.try_import(&paths, false).unwrap();
    for (tried, done) in tried.iter().zip(&done) {
        assert_eq!(counts(tried), counts(done), "{}", done.file);
    }
    assert_eq!(counts(&tried[1]), (3, 1, 1, 1, 0));
    assert_eq!(counts(&tried[3]), (3, 1, 1, 1, 0));
}

/// One damage a row: line, field, and a word of the reason.
#[test]
fn each_damage_is_rejected_with_its_line_field_and_reason_and_the_rest_goes_in() {
    let good = row("G1", "好人", ID, "13800138000");
    let cases: Vec<(String, &str, &str)> = vec![
        (row("B1", "末位错", "520325197202042451", ""), "证件号", "末位应为 0"),
        (row("B2", "科学计数", "5.2E+17", ""), "证件号", "科学计数法"),
        (row("B3", "无此日", &id("52032519720230245"), ""), "证件号", "不存在"),
        (row("B4", "未出生", &id("52032520990101245"), ""), "证件号", "晚于今天"),
        (row("B5", "十六位", "5203251972020424", ""), "证件号", "16 位"),
        (row("B6", "坏手机", "", "1380013800"), "手机", "11 位"),
        (row("B7", "手机成数", "", "1.38E+10"), "手机", "科学计数法"),
        (row("", "没有号", "", ""), "客户号", "没有客户号"),
        (row("6E+09", "号坏了", "", ""), "客户号", "科学计数法"),
        (row("B8", "", "", ""), "姓名", "没有姓名"),
        (row("G1", "重复", "", ""), "客户号", "重复"),
        (row("B10", "没有这天", "", "").replace("20251018", "20251131"), "开户日", "没有 2025 年 11 月 31 日"),
        (row("B11", "不是日期", "", "").replace("20251018", "昨天"), "开户日", "不是日期"),
        (row("B12", "太远", "", "").replace("20251018", "20621018"), "开户日", "晚于今天"),
        (row("B13", "怪证", "123", "").replace("居民身份证", "借书证"), "证件类型", "借书证"),
        ("B14,太少,居民身份证".to_owned(), "整行", "只有 3 栏"),
        (row("B15", "多了", "", "") + ",1,2", "整行", "多于表头"),
        (row("B16", &"长".repeat(61), "", ""), "姓名", "最多 40 字"),
        (row("B17", "\"引号", "", ""), "整行", "引号"),
        (row("B18", "坏\u{FFFD}字", "", ""), "姓名", "无法辨认"),
        (row("B19", &"x".repeat(10_000_000), "", ""), "整行", "太长"),
    ];
    let mut b = Bench::new();
    let last = row("G2", "最后", ID2, "");
    let body: String = cases.iter().map(|c| format!("{}\n", c.0)).collect();
    let report = b.import_text(format!("{CUSTOMERS}\n{good}\n{body}{last}\n"));
    let n = cases.len() as u64;
    assert_eq!(counts(&report), (n + 2, 2, 0, 0, n), "{:#?}", report.rejects);
    assert_eq!(b.rows().len(), 2);

    // All of them, from the file, which a spreadsheet reads.
    let path = b.dir.path().join("in.csv.rejects.csv");
    assert_eq!(report.rejects_file.as_deref(), Some(path.as_path()));
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.starts_with(b"\xEF\xBB\xBF"));
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&bytes[3..]);
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), format!("行号,字段,原因,{CUSTOMERS}"));
    let rejects: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rejects.len(), cases.len());
    for (at, ((line, field, word), reject)) in cases.iter().zip(&rejects).enumerate() {
        assert_eq!(reject[0], (at + 3).to_string(), "{line:.80}");
        assert_eq!(&reject[1], *field, "{line:.80}");
        assert!(reject[2].contains(word), "{line:.80}: {}", &reject[2]);
        if reject.len() == 11 && !line.starts_with(',') {
            assert!(line.starts_with(&reject[3]), "the original columns follow");
        }
    }
}

#[test]
fn a_damaged_row_of_assets_is_rejected_alone() {
    let mut b = Bench::new();
    let r = b.import_text(format!("{CUSTOMERS}\n{}\n{}\n", row("A1", "一", ID, ""), row("A2", "二", ID2, "")));
    assert_eq!(counts(&r), (2, 2, 0, 0, 0), "{:?}", r.rejects);
    let cases = [
        ("A9,20261120,0,0,0,0,0,0,1.00,1.00", "客户号", "没有客户 A9"),
        ("A1,20261120,0,0,0,0,0,0,1.005,1.00", "AUM时点", ""),
        ("A1,20261131,0,0,0,0,0,0,1.00,1.00", "数据日期", "没有 2026 年 11 月 31 日"),
        ("A1,,0,0,0,0,0,0,1.00,1.00", "数据日期", "不是日期"),
        ("A1,20261120,1,100.00,0,0,0,0,0,1,101.00,1.00", "整行", "逗号没有加引号"),
        ("A1,20261120,很多,0,0,0,0,0,1.00,1.00", "活期", ""),
        ("A1,20261120,0,0,0,0,0,0,,1.00", "AUM时点", "没有 AUM时点"),
        ("A2,2026/11/20,0,0,0,0,0,0,9.00,", "客户号", "重复"),
    ];
    let body: String = cases.iter().map(|c| format!("{}\n", c.0)).collect();
    let report = b.import_text(format!(
        "{FIGURES}\nA2,2026-11-20,0,0,0,0,0,0,\"1,234,567.80\",\n{body}Ａ１,２０２６１１２０,0,0,0,0,0,0,￥5.5,5\n"
    ));
    assert_eq!(counts(&report), (10, 2, 0, 0, 8), "{:#?}", report.rejects);
    for (at, ((line, field, word), reject)) in cases.iter().zip(&report.rejects).enumerate() {
        assert_eq!((reject.line, reject.fields().as_str()), (at as u64 + 3, *field), "{line}");
        let reason = reject.reasons(Lang::Zh);
        assert!(reason.contains(word) && !reason.is_empty() && reason != reject.reasons(Lang::En), "{line}: {reason}");
    }
    assert_eq!(report.sum, Some(Fen(123_456_780 + 550)), "the control total is of what went in");
    let o = b.by_no("A2");
    assert_eq!((o.standing.figures.unwrap().balance, o.standing.figures.unwrap().average), (Fen(123_456_780), None));
    assert_eq!(b.by_no("A1").standing.figures.unwrap().balance, Fen(550));
}

#[test]
fn a_corrected_rejects_file_is_imported_as_it_is() {
    let mut b = Bench::new();
    let report = b.import_text(format!("{CUSTOMERS}\n=1,=公式,居民身份证,{ID},,-地址,20251018,\n"));
    assert_eq!(counts(&report), (1, 0, 0, 0, 1));
    let path = report.rejects_file.unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(",'=1,'=公式,居民身份证,") && text.contains(",'-地址,"), "guarded against formulas: {text}");
    std::fs::write(&path, text.replace("'=1", "A1")).unwrap();
    let reports = b.import(&[path]);
    assert_eq!(counts(&reports[0]), (1, 1, 0, 0, 0));
    assert!(reports[0].ignored.is_empty(), "our own columns are not called unknown");
    let o = b.by_no("A1");
    assert_eq!(
        (o.customer.name.as_str(), o.customer.address.as_str()),
        ("=公式", "-地址"),
        "the guard is taken off again"
    );
}

#[test]
fn a_rejects_file_goes_away_when_nothing_is_rejected_any_more() {
    let mut b = Bench::new();
    let report = b.import_text(format!("{CUSTOMERS}\n{}\n", row("A1", "", ID, "")));
    assert!(report.rejects_file.unwrap().exists());
    let report = b.import_text(format!("{CUSTOMERS}\n{}\n", row("A1", "好", ID, "")));
    assert_eq!(report.rejects_file, None);
    assert!(!b.dir.path().join("in.csv.rejects.csv").exists());
    b.put("in.csv.rejects.csv", "somebody's own file");
    b.import_text(format!("{CUSTOMERS}\n{}\n", row("A1", "好", ID, "")));
    assert!(b.dir.path().join("in.csv.rejects.csv").exists(), "a file that is not ours is left alone");
}

#[test]
fn headers_stand_in_any_order_and_unknown_ones_are_said() {
    let mut b = Bench::new();
    let report = b.import_text(format!(
        "\u{FEFF}备注,姓名 ,手机,\u{3000}证件号,客户号,证件类型,开户日\r\n无所谓,王敏,１３８ ００１３－８０００,{ID},\"A1\",身份证,2025/10/18\r\n\r\n,,,,,,\r\n"
    ));
    assert_eq!(counts(&report), (1, 1, 0, 0, 0), "{:?}", report.rejects);
    assert_eq!((report.encoding, report.ignored.as_slice()), ("UTF-8 BOM", &["备注".to_owned()][..]));
    let c = b.by_no("A1").customer;
    assert_eq!((c.phone.as_str(), c.opened), ("13800138000", NaiveDate::from_ymd_opt(2025, 10, 18)));
    assert_eq!((c.sex, c.birth), (Some(Sex::Male), NaiveDate::from_ymd_opt(1972, 2, 4)));
    // Tabs, as Excel's Unicode text has them.
    let text = "客户号\t姓名\t地址\nA1\t王敏\t贵州省遵义市道真县尹珍街道新街1号\n";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let report = b.import_text(utf16);
    assert_eq!((counts(&report), report.encoding), ((1, 0, 1, 0, 0), "UTF-16LE"));
    let c = b.by_no("A1").customer;
    assert_eq!(
        (c.area.as_str(), c.phone.as_str()),
        ("尹珍街道", "13800138000"),
        "a column that is not there clears nothing"
    );
}

#[test]
fn values_typed_by_hand_stay_unless_the_extract_is_the_authority() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\n{}\n", row("A1", "王敏", ID, "13800138000")));
    let o = b.by_no("A1");
    let by = b.staff();
    let edit = |field: &str, before: &str, after: &str| Edit {
        field: field.into(),
        before: before.into(),
        after: after.into(),
    };
    let edits = vec![edit("phone", "13800138000", "13900139000"), edit("area", "平模镇", "玉溪镇")];
    let save = customers::Ask::Save {
        op: OpId(77),
        id: o.customer.id,
        base_rev: o.customer.rev,
        edits,
        reason: String::new(),
        stamp: Stamp { by, ..stamp() },
    };
    let saved = b.file.answer(&Ask::Customers(save));
    assert!(matches!(saved, Answer::Customers(customers::Answer::Saved { .. })), "{saved:?}");
    let text = row("A1", "王敏敏", ID, "13700137000").replace("20251018", "20240102").replace("解放路128", "新街1");
    let report = b.import_text(format!("{CUSTOMERS}\n{text}\n"));
    assert_eq!((counts(&report), report.kept), ((1, 0, 1, 0, 0), 1));
    let o = b.by_no("A1");
    let c = &o.customer;
    assert_eq!((c.phone.as_str(), c.area.as_str()), ("13900139000", "玉溪镇"), "typed by hand");
    assert_eq!((c.name.as_str(), c.opened), ("王敏敏", NaiveDate::from_ymd_opt(2024, 1, 2)));
    assert!(c.address.contains("新街1号"));
    let changed: Vec<&str> = o.changes[0].edits.iter().map(|e| e.field.as_str()).collect();
    assert!(changed.contains(&"name") && changed.contains(&"opened") && !changed.contains(&"phone"), "{changed:?}");
    assert!(o.changes[0].batch.is_some());
    let report = b.import_text(format!("{CUSTOMERS}\n{text}\n"));
    assert_eq!(counts(&report), (1, 0, 0, 1, 0), "kept again, and nothing changed");
}

#[test]
fn where_a_file_knows_people_by_their_id_it_stands_for_the_number_unless_two_have_it() {
    let old = "520325800101001";
    let new = guitai::domain::values::idcard::IdCard::of(old).unwrap();
    let mut b = Bench::new();
    b.import_text(format!(
        "{CUSTOMERS}\n{}\n{}\n{}\n{}\n",
        row("A1", "王敏", ID, ""),
        row("A2", "李强", &new, ""),
        row("A3", "陈波", ID2, ""),
        row("A4", "陈波", ID2, ""),
    ));
    let assets = |who: &str| format!("{who},2026-11-20,100.00,0,0,0,0,0,100.00,100.00");
    let text = [FIGURES.to_owned(), assets(ID), assets(old), assets(ID2), assets("A3")].join("\n") + "\n";
    for (new, same) in [(3, 0), (0, 3)] {
        let report = b.import_text(&text);
        assert_eq!(counts(&report), (4, new, 0, same, 1), "{:?}", report.rejects);
        let reject = &report.rejects[0];
        let said = format!("{reject:?}");
        assert!(said.contains("不止一位客户") && said.contains("520***********6562"), "{said}");
    }
    let fen = |b: &mut Bench, no: &str| b.by_no(no).standing.figures.map(|f| f.balance);
    assert_eq!(
        ["A1", "A2", "A3", "A4"].map(|no| fen(&mut b, no)),
        [Some(Fen(10_000)), Some(Fen(10_000)), Some(Fen(10_000)), None]
    );
}

#[test]
fn nobody_is_lost_and_won_back_because_customers_come_in_before_their_assets() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\n{}\n", row("A1", "王敏", ID, "").replace("20251018", "20150302")));
    b.import_text(format!("{FIGURES}\nA1,20261120,90000.00,0,0,0,0,0,90000.00,90000.00\n"));
    assert_eq!(b.by_no("A1").standing.stage, Some(Stage::Loyal));
}

#[test]
fn nothing_that_steers_a_terminal_reaches_the_store() {
    let mut b = Bench::new();
    let name = "王\u{1B}[31m\u{202E}敏\0\u{7}\u{9B}2J";
    let report = b.import_text(format!(
        "{CUSTOMERS}\nA1,{name},身份证,{ID},,\"贵州\u{1B}]0;x\u{7}省\n遵义市\u{2066}\",20251018,\u{8}道真\n"
    ));
    assert_eq!(counts(&report), (1, 1, 0, 0, 0), "{:?}", report.rejects);
    let c = b.by_no("A1").customer;
    assert_eq!((c.name.as_str(), c.address.as_str(), c.opened_at.as_str()), ("王敏", "贵州省 遵义市", "道真"));
    let report = b.import_text(format!("{CUSTOMERS}\nA2,{name},身份证,1\u{1B}[2J2,,,,\n"));
    assert_eq!(report.rejected, 1);
    let rejects = std::fs::read_to_string(report.rejects_file.unwrap()).unwrap();
    assert!(!rejects.contains('\u{1B}') && !rejects.contains('\u{202E}') && !rejects.contains('\0'));
}

#[test]
fn a_prospect_who_opens_an_account_keeps_the_archive_and_gets_the_number() {
    let mut b = Bench::new();
    let by = b.staff();
    let mut prospect = guitai::domain::customer::Customer {
        sort: guitai::domain::customer::Sort::Prospect,
        name: "王敏".into(),
        document: Some(guitai::domain::values::document::Document::parse(None, ID, today()).unwrap()),
        ..Default::default()
    };
    prospect.notes.insert("salutation".into(), "王姐".into());
    let create = customers::Ask::Create { op: OpId(5), customer: Box::new(prospect), stamp: Stamp { by, ..stamp() } };
    let created = b.file.answer(&Ask::Customers(create));
    assert!(matches!(created, Answer::Customers(customers::Answer::Saved { .. })), "{created:?}");
    let report = b.import_text(format!("{CUSTOMERS}\n{}\n", row("A1", "王敏", ID, "")));
    assert_eq!((counts(&report), b.rows().len()), ((1, 0, 1, 0, 0), 1));
    let c = b.by_no("A1").customer;
    assert_eq!(c.sort, guitai::domain::customer::Sort::Person);
    assert_eq!(c.notes["salutation"], "王姐");
}

#[test]
fn a_file_that_is_not_whole_is_refused_by_its_control_line() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\n{}\n", row("A1", "一", ID, "")));
    let before = b.everything();
    let figures = "A1,20261120,0,0,0,0,0,0,10.00,9.00\n";
    for wrong in ["#2,10.00\n", "#1,11.00\n"] {
        let path = b.put("in.csv", format!("{FIGURES}\n{figures}{wrong}"));
        let refused = b.try_import(&[path], false);
        assert!(matches!(&refused, Err(ImportError::File(c)) if c.zh.contains("控制行")), "{refused:?}");
        assert_eq!(b.everything(), before);
    }
    assert_eq!(counts(&b.import_text(format!("{FIGURES}\n{figures}#1,10.00\n"))), (1, 1, 0, 0, 0));
    assert_eq!(counts(&b.import_text(format!("#1\n{FIGURES}\n{figures}"))), (1, 0, 0, 1, 0));
}

#[test]
fn a_last_row_without_a_line_end_waits_in_the_rejects_file_until_somebody_says_it_is_whole() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\nA1,一,,,,,,\nA2,二,,,,,,\n"));
    let path =
        b.put("资产.csv", format!("{FIGURES}\nA1,20261120,0,0,0,0,0,0,9.00,9.00\nA2,20261120,0,0,0,0,0,0,1160.00,94"));
    let report = b.import(&[path]).remove(0);
    assert_eq!(counts(&report), (2, 1, 0, 0, 1));
    assert!(report.rejects[0].reasons(Lang::Zh).contains("最后一行没有换行，文件可能没传完"), "{:?}", report.rejects);
    assert!(b.by_no("A2").figures.is_empty(), "no sum that may lack its end");
    let rejects = report.rejects_file.unwrap();
    assert_eq!(counts(&b.import(&[rejects]).remove(0)), (1, 1, 0, 0, 0));
    assert_eq!(b.by_no("A2").figures[0].average, Some(Fen(9_400)));
}

#[test]
fn rows_whose_parts_do_not_make_up_the_whole_are_taken_and_counted() {
    let mut b = Bench::new();
    b.import_text(format!("{CUSTOMERS}\nA1,一,,,,,,\nA2,二,,,,,,\n"));
    let rows = "A1,20261120,1.00,2,3,4,5,6,21.00,\nA2,20261120,1.00,2,3,4,5,6,22.00,\nA9,20261120,1,0,0,0,0,0,2,\n";
    let report = b.import_text(format!("{FIGURES}\n{rows}"));
    assert_eq!((report.new, report.rejected, report.uneven), (2, 1, 1));
    assert!(report.lines(Lang::Zh).join("\n").contains("有 1 行各项之和与 AUM时点 不符"));
    let report = b.import_text("客户号,数据日期,活期,AUM时点\nA1,20261119,1.00,21.00\n");
    assert_eq!((report.new, report.uneven), (1, 0), "a file that does not have all parts");
}

#[test]
fn what_is_no_extract_is_refused_in_words_before_anything_is_written() {
    let mut b = Bench::new();
    let good = b.put("good.csv", format!("{CUSTOMERS}\n{}\n", row("A1", "一", ID, "")));
    let before = b.everything();
    let files = [
        (b.put("empty.csv", ""), "空文件"),
        (b.put("book.csv", "PK\u{3}\u{4}\0\0"), "工作簿"),
        (b.put("other.csv", "甲,乙\n1,2\n"), "认不出"),
        (b.put("loans.csv", "客户号,借据号,产品\n"), "贷款"),
        (b.put("twice.csv", "客户号,姓名,姓名\n"), "两次"),
        (b.dir.path().join("nowhere.csv"), "找不到"),
        (b.dir.path().to_path_buf(), "文件夹"),
        (b.path(), "网点文件本身"),
    ];
    for (path, word) in files {
        let refused = b.try_import(&[good.clone(), path.clone()], false);
        let Err(ImportError::File(c)) = refused else { panic!("{path:?} {refused:?}") };
        assert!(c.zh.contains(word) && !c.en.is_empty(), "{path:?}: {}", c.zh);
        assert_eq!(b.everything(), before);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_bytes_whatever_make_an_import_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut b = Bench::new();
        let text = [CUSTOMERS.as_bytes(), b"\n", &bytes].concat();
        let report = b.import_text(text);
        prop_assert_eq!(report.rows, report.new + report.changed + report.unchanged + report.rejected);
    }
}
