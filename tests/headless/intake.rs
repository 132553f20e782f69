//! The import screen beside what it takes in: its help, its list of files, what is marked, what a reason shows.

use crate::desk::Desk;
use guitai::app::event::{Effect, Event};
use guitai::app::imports::{Column, Errand, Found, Layout, Mapping, News, Reject, Sight, State, Strange};
use guitai::domain::dealings::batch::Counts;
use guitai::domain::text::Complaint;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 30), (160, 45)];

fn tell(desk: &mut Desk, news: News) {
    desk.event(Event::Import(Box::new(news)));
}

fn found(name: &str, state: State) -> Found {
    Found {
        path: format!("/share/投放/{name}"),
        name: name.into(),
        size: 1_000,
        layout: "资产".into(),
        encoding: "UTF-8".into(),
        as_of: None,
        state,
    }
}

fn sight(found: Found, reasons: &[(&str, &str)]) -> Sight {
    let reject = |(n, (field, why)): (usize, &(&str, &str))| Reject {
        line: 100 + n as u64,
        field: (*field).into(),
        reason: Complaint::new(*why, *why),
    };
    Sight {
        found,
        tally: Counts { rows: 9, new: 2, changed: 1, unchanged: 1, rejected: reasons.len() as u64, closed: 0 },
        total: None,
        control: None,
        headers: vec!["客户号".into()],
        sample: vec![],
        rejects: reasons.iter().enumerate().map(reject).collect(),
        rejects_file: "/share/a.rejects.csv".into(),
        notes: vec![],
        batch: None,
        older: false,
    }
}

/// The import screen with these files.
fn listed(size: (u16, u16), files: Vec<Found>) -> Desk {
    let mut desk = Desk::with(size, &[]);
    desk.wait(1).keys("<C-x>");
    tell(&mut desk, News::Listed(Some("/share/投放".into()), files));
    desk.still.effects.clear();
    desk
}

/// The errands sent since the last call.
fn errands(desk: &mut Desk) -> Vec<Errand> {
    let all = std::mem::take(&mut desk.still.effects);
    all.into_iter().filter_map(|e| if let Effect::Import(errand) = e { Some(errand) } else { None }).collect()
}

#[test]
fn reasons_show_examples_customer_numbers_and_sums_and_no_number_of_a_person() {
    let mut desk = listed((160, 45), vec![found("a.csv", State::New)]);
    let reasons = [
        ("数据日期", "「昨天」不是日期，应如 2026-11-21 或 20261121"),
        ("客户号", "客户号 6000000012 在本文件中重复"),
        ("AUM时点", "「556.123456..万」小数位太多，金额最多到分"),
        ("客户号", "没有客户 520325196611212452，请先导入客户文件"),
        ("手机", "「13985210001」不是电话号码"),
    ];
    tell(&mut desk, News::Looked(vec![sight(found("a.csv", State::New), &reasons)]));
    desk.shows(&["应如 2026-11-21 或 20261121", "客户号 6000000012 在本文件中重复", "「556.123456..万」"]);
    desk.hides(&["520325196611212452", "13985210001"]);
    desk.shows(&["2452", "0001"]);
}

#[test]
fn f1_says_what_the_keys_of_each_part_do() {
    for size in SIZES {
        let mut desk = listed(size, vec![found("a.csv", State::New)]);
        desk.keys("<F1>");
        desk.shows(&["帮助：导入这一屏的按键", "预览选中 [x] 的文件", "Delete", "把自己加的文件从这里去掉"]);
        desk.keys("<Esc><Tab><F1>");
        desk.shows(&["整批撤销这一次导入"]);
        desk.keys("<Esc><Tab>");
        tell(&mut desk, News::Looked(vec![sight(found("a.csv", State::New), &[])]));
        desk.keys("<F1>");
        desk.shows(&["翻看剔除的行"]);
        desk.keys("<Esc>");
        desk.shows(&["导入预览"]);
    }
}

#[test]
fn a_path_that_is_no_file_says_why_and_is_taken_off_the_list_again() {
    let mut desk = listed((120, 30), vec![found("a.csv", State::New)]);
    desk.keys("/没有<Enter>");
    assert_eq!(errands(&mut desk), [Errand::Add(vec!["/没有".into()])]);
    let why = Complaint::new("找不到文件 /没有，请核对路径", "There is no file");
    let named = Found { path: "/没有".into(), ..found("没有", State::Broken(why)) };
    tell(&mut desk, News::Added(vec![named]));
    assert_eq!(desk.said(), "找不到文件 /没有，请核对路径");
    desk.shows(&["读不了", "Delete去掉"]);
    desk.keys("<Delete>");
    desk.hides(&["读不了", "Delete去掉"]);
    // Files of the drop folder stay; they are left out by not marking them.
    desk.keys("<Delete>");
    desk.shows(&["a.csv", "不选中就不会导入"]);
}

#[test]
fn files_that_are_in_say_so_at_once_and_are_new_again_when_taken_back() {
    let mut desk = listed((160, 45), vec![found("a.csv", State::New), found("b.csv", State::New)]);
    tell(&mut desk, News::Looked(vec![sight(found("a.csv", State::New), &[])]));
    desk.keys("<F8>1");
    let done = Sight { batch: Some(7), ..sight(found("a.csv", State::New), &[]) };
    tell(&mut desk, News::TakenIn(vec![done], None));
    desk.keys("<Tab><Tab>");
    let line = |desk: &Desk, name: &str| {
        desk.screen().lines().find(|l| l.contains(name)).unwrap_or_else(|| panic!("{}", desk.screen())).to_owned()
    };
    if !desk.screen().contains("状态") {
        desk.keys("<Esc>");
    }
    assert!(line(&desk, "a.csv").contains("已导入"), "{}", desk.screen());
    assert!(!line(&desk, "b.csv").contains("已导入"));
    tell(&mut desk, News::Undone(7));
    assert!(!line(&desk, "a.csv").contains("已导入"), "{}", desk.screen());
}

#[test]
fn the_question_names_some_of_many_files_and_says_that_there_are_more() {
    let files: Vec<Found> = (1..=7).map(|n| found(&format!("{n}.csv"), State::New)).collect();
    let mut desk = listed((120, 30), files.clone());
    tell(&mut desk, News::Looked(files.into_iter().map(|f| sight(f, &[])).collect()));
    desk.keys("<F8>");
    desk.shows(&["导入 7 个文件（1.csv、2.csv、3.csv等）"]);
}

#[test]
fn a_file_without_a_date_column_takes_the_data_date_of_its_import() {
    let mut desk = listed((160, 45), vec![found("a.csv", State::Unknown)]);
    let column = |name: &str| Column { name: name.into(), needed: true, unless: None };
    let layout = Layout {
        name: "资产".into(),
        columns: ["客户号", "数据日期", "AUM时点"].map(column).into(),
        choices: vec![],
        proposed: Mapping { name: "县联社".into(), ..Mapping::default() },
    };
    let strange = Strange {
        found: found("a.csv", State::Unknown),
        headers: vec!["客户编号".into(), "余额".into()],
        sample: vec![],
        layouts: vec![layout],
        choices: vec![],
        likest: 0,
    };
    tell(&mut desk, News::Opened(Box::new(strange)));
    desk.shows(&["还缺必需的栏：客户号、数据日期、AUM时点；文件里没有数据日期就选「导入时的数据日期」"]);
    desk.keys("<Enter>1<Enter>");
    desk.shows(&["「数据日期」读文件的哪一栏", "导入时的数据日期", "不读这一栏"]);
    desk.keys("导入时<Enter>");
    desk.shows(&["= 导入时的数据日期"]);
    desk.keys("<Enter>余额<Enter>");
    desk.shows(&["必需的栏都有了"]);
    errands(&mut desk);
    desk.keys("<F8>");
    let kept = errands(&mut desk).into_iter().find_map(|e| if let Errand::Keep(m, _) = e { Some(m) } else { None });
    assert_eq!(kept.unwrap().constants, [("数据日期".to_owned(), "导入时的数据日期".to_owned())]);
}
