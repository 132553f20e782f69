//! Searching from the file: the same customers in the same order with the same marks as the index of everybody finds, for hundreds of
//! queries typed letter by letter.

#[path = "../../benches/common/mod.rs"]
mod common;

use crate::house::{House, day, figures};
use common::{Dice, keystrokes};
use guitai::domain::customer::Customer;
use guitai::domain::values::document::{Document, DocumentKind};
use guitai::domain::values::money::Fen;
use guitai::index::row::Row;
use guitai::index::{Index, Scope};
use guitai::store::bulk::BatchFile;
use guitai::store::customers;
use guitai::store::open::{File, Mode};
use guitai::store::request::{Answer, Ask};
use std::path::Path;

fn likely(file: &mut File, text: &str, limit: usize) -> Option<customers::Likely> {
    match file.answer(&Ask::Customers(customers::Ask::Likely { text: text.to_owned(), limit })) {
        Answer::Customers(customers::Answer::Likely(likely)) => likely,
        other => panic!("{other:?}"),
    }
}

/// Whether the file answers; it must then answer as the index of everybody does.
fn same(file: &mut File, index: &Index, text: &str, limit: usize) -> bool {
    let scope = Scope { limit, ..Scope::on(day("2026-11-20")) };
    let Some(found) = likely(file, text, limit) else { return false };
    let hits = Index::build(found.rows, &[]).search(text, &scope);
    if hits.total == hits.guesses {
        return false;
    }
    let all = index.search(text, &scope);
    let told = |hits: &guitai::index::Hits| -> Vec<_> {
        hits.list.iter().map(|h| (h.row.no.clone(), h.row.name.clone(), h.guess, h.matched.clone())).collect()
    };
    assert_eq!(told(&hits), told(&all), "{text}, {limit}");
    if found.all {
        assert_eq!((hits.total, hits.guesses), (all.total, all.guesses), "{text}, {limit}");
    } else {
        assert!((limit..=all.total).contains(&hits.total), "{text}, {limit}: {} of {}", hits.total, all.total);
    }
    true
}

/// How many of the queries, letter by letter, the file answers.
fn answered<'a>(file: &mut File, index: &Index, texts: impl Iterator<Item = &'a str>) -> (usize, usize) {
    let mut count = (0, 0);
    for text in texts {
        for typed in keystrokes(text) {
            for limit in [3, 20] {
                count.0 += usize::from(same(file, index, &typed, limit));
                count.1 += 1;
            }
        }
    }
    count
}

fn rows(file: &mut File) -> Vec<Row> {
    match file.answer(&Ask::Workbench(guitai::store::workbench::Ask::Rows)) {
        Answer::Workbench(guitai::store::workbench::Answer::Rows(rows)) => rows,
        other => panic!("{other:?}"),
    }
}

/// Takes the rows in as one batch.
fn take_in(house: &mut House, rows: &[Row]) {
    let (stamp, today) = (house.stamp(), house.today);
    let mut bulk =
        house.file.load(BatchFile { name: "客户.csv".to_owned(), hash: rows.len().to_string() }, &stamp).unwrap();
    for row in rows {
        let document =
            (!row.document.is_empty()).then(|| Document { kind: DocumentKind::IdCard, number: row.document.clone() });
        let customer = Customer {
            no: row.no.clone(),
            name: row.name.clone(),
            document,
            phone: row.phone.clone(),
            phone2: row.phone2.clone(),
            address: row.address.clone(),
            ..Customer::default()
        };
        let id = bulk.insert_customer(&customer).unwrap();
        if let Some(Fen(fen)) = row.aum {
            bulk.put_figures(id, &figures(today, fen / 100)).unwrap();
        }
    }
    bulk.finish("").unwrap();
}

#[test]
fn the_file_lists_whom_the_index_lists() {
    let mut house = House::on("2026-11-20");
    let made = common::rows(5_500, 7);
    take_in(&mut house, &made);
    let index = Index::build(house.rows(), &[]);
    let queries = common::queries(&made, 11, 1);
    let more = [
        "张伟",
        "zhangwei",
        "zw",
        "zs",
        "wang",
        "z",
        "张",
        "1380",
        "138",
        "13",
        "1",
        "0456",
        "002x",
        "玉溪",
        "zs 玉溪",
        "张 1380",
        "zs1380",
        "解放路12号",
        "!?",
        "#贵宾",
        "lisi 13",
        "ouyang",
        "oyn",
        "maimaiti",
        "刘xiao",
        "王 li",
    ];
    let texts = queries.iter().map(|q| q.text.as_str()).chain(more);
    let (answered, asked) = answered(&mut house.file, &index, texts);
    assert!(answered * 2 > asked, "{answered} of {asked}");
    assert!(house.file.faults().unwrap().is_empty());
}

#[test]
fn names_that_many_bear_are_listed_by_assets() {
    let mut house = House::on("2026-11-20");
    let mut dice = Dice(3);
    let surnames = ["张", "章", "单", "欧阳", "长孙", "曾", "买买提·"];
    let given = ["伟", "薇", "山河", "丹", "晓西安", "一", "吐尔逊江", "\u{3402}", "A"];
    let made: Vec<Row> = (0..5_500usize)
        .map(|n| Row {
            no: format!("52{n:08}"),
            name: format!("{}{}", if dice.chance(60) { "张" } else { dice.one(&surnames) }, dice.one(&given)),
            phone: format!("138{:08}", dice.below(100_000_000)),
            address: format!("道真县{}{}号", dice.one(&["新街", "张伟村", "解放路"]), dice.below(30)),
            aum: dice.chance(80).then(|| Fen(dice.below(500) as i64 * 100)),
            ..Row::default()
        })
        .collect();
    take_in(&mut house, &made);
    let index = Index::build(rows(&mut house.file), &[]);
    let texts = [
        "zhangwei",
        "张伟",
        "章伟",
        "张山河",
        "zsh",
        "shanhe",
        "danshanhe",
        "shan",
        "oysh",
        "长孙山河",
        "changsun",
        "cxxa",
        "曾一",
        "一",
        "\u{3402}",
        "张\u{3402}",
        "mmttexj",
        "maimaitituerxunjiang",
        "买买提吐尔逊",
        "za",
        "张a",
        "晓西安",
        "xian",
        "新街",
        "村",
        "张伟 138",
        "zw 新街",
        "5200000012",
        "13800",
        "曾",
        "c",
    ];
    let (answered, asked) = answered(&mut house.file, &index, texts.into_iter());
    assert!(answered * 2 > asked, "{answered} of {asked}");
}

#[test]
fn a_new_name_is_found_and_the_old_one_is_not() {
    let mut house = House::on("2026-11-20");
    let id = house.customer("单雄信", 5);
    let other = house.customer("李四", 7);
    let rev = house.open(id).customer.rev;
    let answer = house.save(id, rev, &[("name", "单雄信", "王五")]);
    crate::house::saved(answer);
    let who = |house: &mut House, text: &str| {
        likely(&mut house.file, text, 20).map(|l| l.rows.iter().map(|r| r.id).collect::<Vec<_>>())
    };
    assert_eq!(who(&mut house, "wangwu"), Some(vec![id]));
    assert_eq!(who(&mut house, "lisi"), Some(vec![other]));
    assert_eq!(who(&mut house, "danxx"), None);
    assert!(house.file.faults().unwrap().is_empty());
}

#[test]
fn the_demo_is_searched_from_its_file() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("demo.db");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("demo.db"), &path).unwrap();
    let mut file = File::open(&path, Mode::Read, &crate::house::station("PC-1", 1)).unwrap();
    let all = rows(&mut file);
    let index = Index::build(all.clone(), &[]);
    let some: Vec<Row> = all.iter().step_by(397).cloned().collect();
    let texts = some.iter().flat_map(|r| {
        let reading = guitai::index::pinyin::shown(&r.name).replace(' ', "");
        [r.name.clone(), reading, r.phone.clone(), r.no.clone(), r.address.clone()]
    });
    let texts: Vec<String> = texts.collect();
    let (answered, asked) = answered(&mut file, &index, texts.iter().map(String::as_str));
    assert!(answered * 2 > asked, "{answered} of {asked}");
    assert!(file.faults().unwrap().is_empty());
}
