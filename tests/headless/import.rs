//! Taking extracts in: new files offered, looked into, taken in, stopped, taken back; columns matched. What the outside does is told by
//! the test, except where the real reading of a file is meant.

use crate::desk::{Desk, Given, now, today};
use chrono::NaiveDate;
use guitai::app::event::{Effect, Event, Mouse, MouseAction};
use guitai::app::imports::{
    Choice, Column, Control, Errand, Found, Layout, Mapping, News, Progress, Reject, Sight, State, Strange, Total,
    Tried,
};
use guitai::domain::dealings::batch::Counts;
use guitai::domain::text::{Complaint, t};
use guitai::domain::values::money::Fen;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 30), (160, 45)];

fn desk(size: (u16, u16)) -> Desk {
    let given = [Given {
        no: "6000000001",
        fields: &[("name", "张山河"), ("phone", "18985210027"), ("owner", "wangmin")],
        aum: Some(310_200),
    }];
    let mut desk = Desk::with(size, &given);
    desk.wait(1);
    desk
}

fn tell(desk: &mut Desk, news: News) {
    desk.event(Event::Import(Box::new(news)));
}

/// The errands sent since the last call.
fn errands(desk: &mut Desk) -> Vec<Errand> {
    let all = std::mem::take(&mut desk.still.effects);
    all.into_iter()
        .filter_map(|e| match e {
            Effect::Import(errand) => Some(errand),
            _ => None,
        })
        .collect()
}

fn found(name: &str, layout: &str, state: State) -> Found {
    Found {
        path: format!("/share/投放/{name}"),
        name: name.into(),
        size: 1_260_000,
        layout: layout.into(),
        encoding: "GB18030".into(),
        as_of: NaiveDate::from_ymd_opt(2026, 11, 20),
        state,
    }
}

fn three() -> Vec<Found> {
    vec![
        found("客户-20261120.csv", "客户", State::New),
        found("资产-20261120.csv", "资产", State::New),
        found("交易-20261120.csv", "交易", State::New),
    ]
}

fn sight(found: Found) -> Sight {
    Sight {
        found,
        tally: Counts { rows: 1_204, new: 20, changed: 31, unchanged: 1_149, rejected: 4, closed: 0 },
        total: Some(Total { column: "AUM时点".into(), sum: Fen::of_yuan(128_400) }),
        control: Some(Control { rows: 1_204, sum: Some(Fen::of_yuan(128_400)) }),
        headers: ["客户号", "数据日期", "AUM时点"].map(String::from).into(),
        sample: vec![
            ["6000000001", "20261120", "310,200.00"].map(String::from).into(),
            ["6000000002", "20261120", "98,100.00"].map(String::from).into(),
        ],
        rejects: (1..=4)
            .map(|n| Reject {
                line: 100 + n,
                field: "AUM时点".into(),
                reason: Complaint::new(format!("第 {n} 个金额读不懂"), format!("Sum {n} cannot be read")),
            })
            .collect(),
        rejects_file: "/share/投放/资产-20261120.csv.rejects.csv".into(),
        notes: vec![],
        older: false,
        batch: None,
    }
}

fn listed(desk: &mut Desk) {
    desk.keys("<C-x>");
    tell(desk, News::Listed(Some("/share/投放".into()), three()));
}

fn looked(desk: &mut Desk) {
    listed(desk);
    desk.keys("<Down><Enter>");
    tell(desk, News::Looked(three().into_iter().map(sight).collect()));
    desk.keys("<Right>");
}

#[test]
fn new_files_are_asked_for_once_a_day_and_offered_without_taking_the_screen() {
    let mut desk = desk((120, 30));
    assert_eq!(errands(&mut desk), [Errand::Offer]);
    desk.wait(1).wait(1);
    assert_eq!(errands(&mut desk), []);
    desk.keys("zhang");
    tell(&mut desk, News::Offered(three()));
    desk.shows(&["有 3 个新文件：客户 资产 交易。Ctrl+X 查看", "张山河"]);
    // One goes on working; the hint stays at the edge.
    desk.keys("<Enter>").wait(10).keys("<F2>");
    desk.hides(&["有 3 个新文件"]);
    desk.shows(&["新文件 3  Ctrl+X"]);
    desk.keys("<C-x>");
    desk.hides(&["新文件 3"]);
    assert_eq!(errands(&mut desk), [Errand::List]);
    desk.event(Event::Tick(now() + chrono::TimeDelta::days(1)));
    // The business day of the tests stands still: nothing is asked a second time.
    assert!(!errands(&mut desk).contains(&Errand::Offer));
}

#[test]
fn a_folder_without_new_files_offers_nothing() {
    let mut desk = desk((80, 24));
    tell(&mut desk, News::Offered(vec![]));
    desk.hides(&["新文件"]);
}

#[test]
fn the_files_are_listed_with_what_each_is_and_how_it_stands() {
    for size in SIZES {
        let mut desk = desk(size);
        desk.keys("<C-x>");
        let mut files = three();
        files.push(found("老客户.csv", "客户", State::Taken(now())));
        files.push(found("长.csv", "", State::Growing));
        files.push(found("核心导出.csv", "", State::Unknown));
        tell(&mut desk, News::Listed(Some("/share/投放".into()), files));
        desk.shows(&["投放文件夹 /share/投放", "客户-20261120.csv", "GB18030", "1.2 MB", "11-20", "[x]", "[ ]"]);
        desk.shows(&["11-21 已导入", "还在写", "表头不认识", "Enter预览", "Tab已导入", "Esc返回"]);
        desk.hides(&["F8完成"]);
    }
}

#[test]
fn without_a_folder_and_with_an_empty_one_it_says_what_to_do() {
    let mut desk = desk((80, 24));
    desk.keys("<C-x>");
    desk.shows(&["正在看"]);
    tell(&mut desk, News::Listed(None, vec![]));
    desk.shows(&["[import] folder", "在上面输入或粘贴核心系统导出文件的路径"]);
    tell(&mut desk, News::Listed(Some("/share/投放".into()), vec![]));
    desk.shows(&["投放文件夹里没有文件", "按 F5"]);
    desk.keys("<Tab>");
    desk.shows(&["[已导入]", "given"]);
}

#[test]
fn a_path_is_pasted_with_quotes_or_as_an_address_and_typed_with_an_ime_on() {
    let mut desk = desk((80, 24));
    listed(&mut desk);
    errands(&mut desk);
    desk.paste("'file:///share/%E5%AE%A2%E6%88%B7.csv'\n");
    desk.shows(&["/share/客户.csv", "Enter加入"]);
    desk.keys("<Enter>");
    assert_eq!(errands(&mut desk), [Errand::Add(vec!["/share/客户.csv".into()])]);
    tell(&mut desk, News::Added(vec![found("客户.csv", "客户", State::New)]));
    let screen = desk.screen();
    let first = screen.lines().position(|l| l.contains("客户.csv")).unwrap();
    let next = screen.lines().position(|l| l.contains("客户-20261120.csv")).unwrap();
    assert!(first < next, "{screen}");
    // It stays listed when the folder is read anew.
    tell(&mut desk, News::Listed(Some("/share/投放".into()), three()));
    desk.shows(&["客户.csv"]);
    desk.paste("\"/a/1.csv\"\r\n\"/a/2.csv\"\r\n");
    assert_eq!(errands(&mut desk), [Errand::Add(vec!["/a/1.csv".into(), "/a/2.csv".into()])]);
    desk.keys("客<Esc>");
    desk.shows(&["Enter预览"]);
    // With nothing typed a full-width digit marks, too.
    desk.keys("１");
    desk.shows(&["[ ]"]);
}

#[test]
fn enter_looks_into_the_marked_files_together_or_into_the_one_under_the_cursor() {
    let mut desk = desk((80, 24));
    listed(&mut desk);
    errands(&mut desk);
    desk.keys("3<Enter>");
    let paths = |errand: &Errand| match errand {
        Errand::Look(files, _) => files.clone(),
        other => panic!("{other:?}"),
    };
    let sent = errands(&mut desk);
    assert_eq!(paths(&sent[0]), ["/share/投放/客户-20261120.csv", "/share/投放/资产-20261120.csv"]);
    tell(&mut desk, News::Stopped);
    // The marked ones wherever the cursor stands; without any, the one it stands on.
    desk.keys("<Down><Down><Enter>");
    let sent = errands(&mut desk);
    assert_eq!(paths(&sent[0]), ["/share/投放/客户-20261120.csv", "/share/投放/资产-20261120.csv"]);
    tell(&mut desk, News::Stopped);
    desk.keys("12<Enter>");
    assert_eq!(paths(&errands(&mut desk)[0]), ["/share/投放/交易-20261120.csv"]);
}

#[test]
fn the_preview_shows_counts_totals_first_rows_and_rejects() {
    for size in SIZES {
        let mut desk = desk(size);
        looked(&mut desk);
        desk.shows(&[
            "导入预览",
            "资产-20261120.csv",
            "数据日期 2026-11-20",
            "< 2/3 >",
            "1,204 行  新增 20  变更 31  不变 1,149  剔除 4",
            "合计 AUM时点 128,400.00 元   文件控制行 1,204 行 128,400.00 相符",
            "310,200.00",
            "剔除 4 行，导入后存到 /share/投放/",
            "101  AUM时点",
            "第 1 个金额读不懂",
            "F8导入",
        ]);
        desk.keys("<Down>");
        desk.hides(&["第 1 个金额读不懂"]);
        desk.shows(&["第 2 个金额读不懂"]);
        desk.keys("<F12>");
        desk.hides(&["310,200.00", "128,400.00", "第 2 个金额读不懂"]);
    }
}

#[test]
fn a_control_line_that_differs_is_said_loudly() {
    let mut desk = desk((80, 24));
    listed(&mut desk);
    desk.keys("<Enter>");
    let mut s = sight(found("资产.csv", "资产", State::New));
    s.control = Some(Control { rows: 1_300, sum: None });
    tell(&mut desk, News::Looked(vec![s]));
    desk.shows(&["文件控制行 1,300 行 不符！"]);
}

#[test]
fn taking_in_asks_with_counts_shows_how_far_it_is_and_leaves_a_report() {
    for size in SIZES {
        let mut desk = desk(size);
        looked(&mut desk);
        errands(&mut desk);
        desk.keys("<F8>");
        desk.shows(&["导入 3 个文件", "新增 60、变更 93、剔除 12"]);
        // No is under the cursor.
        desk.keys("<Enter>");
        assert_eq!(errands(&mut desk), []);
        desk.keys("<F8>1");
        let sent = errands(&mut desk);
        assert!(matches!(sent.as_slice(), [Errand::TakeIn(files, _)] if files.len() == 3), "{sent:?}");
        let progress =
            Progress { name: "资产-20261120.csv".into(), file: 2, files: 3, rows: 600, percent: 50, rate: 51_200 };
        tell(&mut desk, News::Progress(progress));
        desk.shows(&["正在导入 资产-20261120.csv 2/3 50% 600 行 51,200 行/秒", "Esc停止"]);
        // The rest of the program answers meanwhile; how far it is stays in the message line.
        desk.keys("<F7>");
        desk.shows(&["正在导入 资产-20261120.csv 2/3 50%", "F8完成"]);
        desk.keys("<F2>zhang");
        desk.shows(&["张山河"]);
        desk.keys("<C-x>");
        desk.shows(&["Esc停止"]);
        let done = three().into_iter().map(sight).map(|s| Sight { batch: Some(7), ..s }).collect();
        tell(&mut desk, News::TakenIn(done, None));
        desk.shows(&["导入报告", "已导入 3 个文件", "新增 60", "改好后可以直接导入", "F4撤销"]);
        desk.hides(&["Esc停止"]);
    }
}

#[test]
fn an_import_that_ends_while_one_works_elsewhere_is_told_and_its_report_is_kept() {
    let mut desk = desk((80, 24));
    looked(&mut desk);
    desk.keys("<F8>1<F7>");
    let done = vec![Sight { batch: Some(7), ..sight(found("资产.csv", "资产", State::New)) }];
    tell(&mut desk, News::TakenIn(done, None));
    desk.shows(&["已导入 资产.csv", "今日任务"]);
    desk.keys("<C-x>");
    desk.shows(&["导入报告"]);
}

#[test]
fn stopping_asks_and_says_that_nothing_went_in() {
    let mut desk = desk((80, 24));
    looked(&mut desk);
    desk.keys("<F8>1");
    errands(&mut desk);
    desk.keys("<Esc>");
    desk.shows(&["停止导入？"]);
    desk.keys("<Esc>");
    assert_eq!(errands(&mut desk), []);
    desk.keys("<Esc>1");
    assert_eq!(errands(&mut desk), [Errand::Stop]);
    desk.shows(&["正在停止"]);
    tell(&mut desk, News::Stopped);
    desk.shows(&["已停止，什么都没有导入", "导入预览", "F8导入"]);
}

#[test]
fn leaving_while_files_go_in_asks_first() {
    let mut desk = desk((80, 24));
    looked(&mut desk);
    desk.keys("<F8>1<C-q>");
    desk.shows(&["还在导入"]);
    assert!(!desk.still.effects.contains(&Effect::Quit));
    desk.keys("1");
    assert!(desk.still.effects.contains(&Effect::Quit));
}

#[test]
fn the_same_file_again_is_said_to_change_nothing() {
    let mut desk = desk((80, 24));
    listed(&mut desk);
    desk.keys("<Enter>");
    let tally = Counts { rows: 5, unchanged: 5, ..Counts::default() };
    let s = Sight { tally, rejects: vec![], ..sight(found("客户.csv", "客户", State::Taken(now()))) };
    tell(&mut desk, News::Looked(vec![s.clone()]));
    desk.shows(&["导入过，再导入一次不会改变什么", "没有剔除的行"]);
    desk.keys("<F8>1");
    tell(&mut desk, News::TakenIn(vec![s], None));
    desk.shows(&["与已有的完全一样，什么都没有改变"]);
}

#[test]
fn nothing_is_added_up_of_a_file_that_is_in_and_an_older_list_is_said_to_be_only_noted() {
    let mut desk = desk((80, 24));
    listed(&mut desk);
    desk.keys("<Enter>");
    let tally = Counts { rows: 5, unchanged: 5, ..Counts::default() };
    let s = Sight { tally, rejects: vec![], ..sight(found("贷款.csv", "贷款", State::Taken(now()))) };
    tell(&mut desk, News::Looked(vec![Sight { total: None, control: None, ..s.clone() }]));
    let screen = desk.screen();
    assert!(!screen.contains("合计") && !screen.contains("控制行"), "{screen}");
    desk.keys("<F8>1");
    tell(&mut desk, News::TakenIn(vec![Sight { older: true, ..s }], None));
    desk.shows(&["已登记 贷款.csv：比已导入的清单旧，没有改动现有内容"]);
}

#[test]
fn an_import_is_taken_back_from_its_report_and_what_depends_on_it_is_listed() {
    let mut desk = desk((80, 24)).colleague("zhaohang", 4, 9, 0);
    looked(&mut desk);
    desk.keys("<F8>1");
    tell(&mut desk, News::TakenIn(vec![Sight { batch: Some(7), ..sight(three().remove(1)) }], None));
    errands(&mut desk);
    desk.keys("<F4>");
    desk.shows(&["撤销导入 资产-20261120.csv？", "新增的 20 条去掉"]);
    desk.keys("1");
    assert!(matches!(errands(&mut desk).as_slice(), [Errand::Undo(7, _)]));
    desk.shows(&["正在撤销"]);
    let why = vec![Complaint::new("11-21 王敏 改了 张山河 的地址", "11-21 王敏 changed the address of 张山河")];
    tell(&mut desk, News::Depends(7, why));
    desk.shows(&["不能撤销", "依赖它", "王敏 改了 张山河 的地址"]);
    desk.keys("<Esc><F4>1");
    tell(&mut desk, News::Undone(7));
    desk.shows(&["已撤销第 7 次导入"]);
    errands(&mut desk);
    // Once it is back there is nothing left to take back.
    desk.keys("<F4>");
    desk.hides(&["撤销导入 资产"]);
}

#[test]
fn earlier_imports_are_listed_reported_and_taken_back() {
    for size in SIZES {
        let mut wang = desk(size);
        let mut desk = wang.colleague("zhaohang", 4, 9, 0);
        wang.keys("<C-p>9303<Enter>u");
        assert!(
            wang.said().contains("「撤销导入」只有客户经理主管、网点经理") && wang.said().contains("可请赵行"),
            "{}",
            wang.said()
        );
        desk.keys("<C-p>9303<Enter>");
        desk.shows(&["[已导入]", "given", "王敏", "有效", "11-21 09:00"]);
        desk.keys("<Enter>");
        desk.shows(&["第 1 次导入 given", "导入人  王敏"]);
        desk.keys("<Esc>u");
        desk.shows(&["撤销导入 given？"]);
        desk.keys("1");
        assert!(errands(&mut desk).iter().any(|e| matches!(e, Errand::Undo(1, _))));
        tell(&mut desk, News::Undone(1));
        desk.shows(&["已撤销第 1 次导入"]);
    }
}

fn mapping(layout: &str, columns: &[(&str, &str)]) -> Mapping {
    Mapping {
        name: layout.into(),
        layout: layout.into(),
        headers: ["机构", "客户编号", "总资产", "截至"].map(String::from).into(),
        columns: columns.iter().map(|(a, b)| ((*a).to_owned(), vec![(*b).to_owned()])).collect(),
        constants: vec![],
        choices: vec![0],
        as_of: None,
    }
}

fn strange() -> Strange {
    let column = |name: &str, needed: bool| Column { name: name.into(), needed, unless: None };
    let proposed = mapping("资产", &[("客户号", "客户编号"), ("AUM时点", "总资产")]);
    Strange {
        found: found("核心导出.csv", "", State::Unknown),
        headers: proposed.headers.clone(),
        sample: vec![["道真", "6000000001", "310,200.00", "2026-11-20"].map(String::from).into()],
        layouts: vec![
            Layout {
                name: "客户".into(),
                columns: vec![column("客户号", true), column("姓名", true)],
                choices: vec![],
                proposed: mapping("客户", &[("客户号", "客户编号")]),
            },
            Layout {
                name: "资产".into(),
                columns: vec![column("客户号", true), column("数据日期", true), column("AUM时点", true)],
                choices: vec![0],
                proposed,
            },
        ],
        choices: vec![Choice { label: t("金额单位", "Unit"), of: vec![t("元", "yuan"), t("万元", "10k yuan")] }],
        likest: 1,
    }
}

#[test]
fn columns_of_unknown_headers_are_proposed_chosen_tried_and_remembered() {
    for size in SIZES {
        let mut desk = desk(size);
        desk.keys("<C-x>");
        tell(&mut desk, News::Listed(None, vec![found("核心导出.csv", "", State::Unknown)]));
        desk.shows(&["Enter栏目对照"]);
        errands(&mut desk);
        desk.keys("<Enter>");
        assert_eq!(errands(&mut desk), [Errand::Open("/share/投放/核心导出.csv".into())]);
        tell(&mut desk, News::Opened(Box::new(strange())));
        // 资产 fits best: two of its three columns are found.
        desk.shows(&["< 资产 >  2/2", "<- 客户编号", "<- 总资产", "还缺必需的栏：数据日期", "6000000001"]);
        let columns = |pairs: &[(&str, &str)]| -> Vec<(String, Vec<String>)> {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), vec![(*b).to_owned()])).collect()
        };
        // Without a needed column nothing is read and nothing kept. The cursor stands on the one that lacks.
        desk.shows(&["Enter 选栏，或直接"]);
        desk.keys("<F8>");
        assert_eq!(errands(&mut desk), []);
        desk.keys("<Enter>");
        desk.shows(&["「数据日期」读文件的哪一栏", "截至", "2026-11-20"]);
        desk.keys("4");
        desk.shows(&["<- 截至", "必需的栏都有了"]);
        let wanted = columns(&[("客户号", "客户编号"), ("数据日期", "截至"), ("AUM时点", "总资产")]);
        let last = errands(&mut desk).pop();
        assert!(matches!(&last, Some(Errand::Try(_, m)) if m.columns == wanted), "{last:?}");
        let cells = ["6000000001", "2026-11-20", "310200.00"].map(String::from).into();
        let fault =
            Reject {
                line: 3, field: "AUM时点".into(), reason: Complaint::new("金额读不懂", "The sum cannot be read")
            };
        let tried = vec![Tried { cells, faults: vec![] }, Tried { cells: vec![], faults: vec![fault] }];
        tell(&mut desk, News::Tried(tried));
        desk.shows(&["AUM时点 310200.00", "第 3 行 AUM时点：金额读不懂"]);
        errands(&mut desk);
        // Above the columns stand the layout, the name and how sums are written.
        desk.keys("<PgUp><PgUp><Down><Down><Right>");
        desk.shows(&["金额单位", "< 万元 >"]);
        errands(&mut desk);
        desk.keys("<Up> 核心<F8>");
        let sent = errands(&mut desk);
        let Some(Errand::Keep(mapping, _)) = sent.first() else { panic!("{sent:?}") };
        assert_eq!((mapping.name.as_str(), &mapping.columns), ("资产 核心", &wanted));
        assert_eq!(mapping.choices, [1]);
        tell(&mut desk, News::Kept(mapping.clone()));
        desk.shows(&["已记住栏目对照「资产 核心」", "[x]", "Enter预览"]);
        desk.keys("<Enter>");
        let sent = errands(&mut desk);
        assert!(
            matches!(sent.as_slice(), [Errand::Look(files, _)] if files == &["/share/投放/核心导出.csv"]),
            "{sent:?}"
        );
    }
}

#[test]
fn a_column_is_fixed_by_typing_left_out_or_given_two_headers() {
    let mut desk = desk((80, 24));
    desk.keys("<C-x>");
    tell(&mut desk, News::Opened(Box::new(strange())));
    desk.keys("20261120");
    desk.shows(&["= 20261120", "必需的栏都有了"]);
    let Some(Errand::Try(_, m)) = errands(&mut desk).pop() else { panic!("nothing tried") };
    assert_eq!(m.constants, [("数据日期".to_owned(), "20261120".to_owned())]);
    // Choosing a header takes the fixed value away.
    desk.keys("<F4>4<Up><F5>1");
    desk.shows(&["<- 截至 + 机构"]);
    desk.keys("<Up><Del>");
    desk.shows(&["未对照"]);
}

#[test]
fn another_layout_is_turned_to_and_the_mapping_goes_to_a_file() {
    let mut desk = desk((80, 24));
    desk.keys("<C-x>");
    tell(&mut desk, News::Opened(Box::new(strange())));
    desk.keys("<PgUp><PgUp><Right>");
    desk.shows(&["< 客户 >  1/2", "还缺必需的栏：姓名"]);
    desk.keys("<Left><Down><Down><Down><Down><F4>4");
    desk.shows(&["<- 截至"]);
    errands(&mut desk);
    desk.keys("<F6>");
    let sent = errands(&mut desk);
    assert!(matches!(sent.as_slice(), [Errand::Export(Mapping { layout, .. })] if layout == "资产"), "{sent:?}");
    tell(&mut desk, News::Exported("/home/wangmin/slips/资产.toml".into()));
    desk.shows(&["已存成 /home/wangmin/slips/资产.toml"]);
    desk.keys("<Esc>");
    desk.shows(&["放弃改过的栏目对照？"]);
    desk.keys("1");
    desk.shows(&["[文件]"]);
}

#[test]
fn what_is_remembered_of_a_files_headers_is_where_matching_begins() {
    let mut desk = desk((80, 24));
    desk.keys("<C-x>");
    let mut strange = strange();
    strange.layouts[1].proposed = Mapping {
        name: "县联社日报".into(),
        constants: vec![("数据日期".into(), "20261120".into())],
        choices: vec![1],
        as_of: Some(today()),
        ..mapping("资产", &[("客户号", "机构")])
    };
    tell(&mut desk, News::Opened(Box::new(strange)));
    desk.shows(&["县联社日报", "< 万元 >", "<- 机构", "= 20261120", "还缺必需的栏：AUM时点"]);
    // What the screen does not show of it is not lost.
    desk.keys("<F4>3<F8>");
    assert!(matches!(errands(&mut desk).last(), Some(Errand::Keep(m, _)) if m.as_of == Some(today())));
}

#[test]
fn a_mapping_of_another_branch_is_pasted_like_a_file() {
    let mut desk = desk((80, 24));
    listed(&mut desk);
    errands(&mut desk);
    desk.paste("/u盘/县联社.toml").keys("<Enter>");
    assert!(matches!(errands(&mut desk).as_slice(), [Errand::Bring(path, _)] if path == "/u盘/县联社.toml"));
    tell(&mut desk, News::Kept(mapping("资产", &[])));
    desk.shows(&["已记住栏目对照「资产」"]);
    assert_eq!(errands(&mut desk), [Errand::List]);
}

#[test]
fn a_read_only_file_takes_nothing_in() {
    let mut desk = desk((80, 24));
    if let Some(opened) = &mut desk.still.app.rooms.shared.opened {
        opened.read_only = true;
    }
    looked(&mut desk);
    errands(&mut desk);
    desk.keys("<F8>");
    desk.shows(&["文件是只读的"]);
    assert_eq!(errands(&mut desk), []);
}

#[test]
fn a_click_puts_the_cursor_on_a_file_and_presses_a_key_of_the_last_line() {
    let mut desk = desk((80, 24));
    listed(&mut desk);
    let click = |desk: &mut Desk, text: &str| {
        let screen = desk.screen();
        let (row, line) = screen.lines().enumerate().find(|(_, l)| l.contains(text)).unwrap();
        let column = unicode_width::UnicodeWidthStr::width(line.split(text).next().unwrap());
        let at = (u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
        desk.event(Event::Mouse(Mouse { action: MouseAction::Down, column: at.0, row: at.1 }));
    };
    click(&mut desk, "交易-20261120.csv");
    assert_eq!(desk.still.app.rooms.imports.cursor.at, 2);
    errands(&mut desk);
    click(&mut desk, "Enter预览");
    assert!(matches!(errands(&mut desk).as_slice(), [Errand::Look(..)]));
    tell(&mut desk, News::Stopped);
    click(&mut desk, "Esc返回");
    desk.hides(&["投放文件夹"]);
    assert_eq!(desk.still.app.rooms.shared.today(), today());
}

#[test]
fn english_is_whole_too() {
    let mut desk = desk((80, 24));
    desk.keys("<C-e>");
    looked(&mut desk);
    desk.shows(&["Import preview", "1,204 rows", "new 20", "4 rejected", "Sum 1 cannot be read", "EscBack"]);
    desk.keys("<Tab>");
    desk.shows(&["[Imports]", "in force"]);
    let screen = desk.screen();
    for words in ["撤销", "导入", "剔除"] {
        assert!(!screen.contains(words), "{words} on\n{screen}");
    }
}

#[test]
fn the_menu_is_at_hand_on_the_import_screen_and_leads_out_of_it() {
    let mut desk = desk((80, 24));
    listed(&mut desk);
    desk.keys("<C-p>9303<Enter>");
    desk.shows(&["[已导入]"]);
    desk.keys("<F9>9003<Enter>");
    desk.shows(&["分级看板"]);
    desk.hides(&["[已导入]"]);
}

#[test]
fn who_came_in_is_found_and_stands_in_queue_and_board_at_once() {
    use guitai::domain::customer::Customer;
    use guitai::store::bulk::BatchFile;
    use guitai::store::open::{File, Mode, Station};
    let mut desk = desk((160, 45));
    desk.shows(&["待办 1"]);
    desk.keys("<F2>zhaoyue");
    desk.hides(&["赵月明"]);
    looked(&mut desk);
    desk.keys("<F8>1");
    // As the thread of the import does: over a connection of its own.
    let me = desk.still.app.rooms.shared.me.unwrap();
    let mut file = File::open(desk.still.file.path(), Mode::Write, &Station::default()).unwrap();
    let batch = BatchFile { name: "客户.csv".into(), hash: "h".into() };
    let mut bulk = file.load(batch, &crate::desk::stamp(me)).unwrap();
    let new = Customer { no: "6000000009".into(), name: "赵月明".into(), owner: Some(me), ..Customer::default() };
    let id = bulk.insert_customer(&new).unwrap();
    bulk.put_figures(id, &crate::branch::figures(2_000_000)).unwrap();
    bulk.finish("{}").unwrap();
    tell(&mut desk, News::TakenIn(vec![sight(found("客户.csv", "客户", State::New))], None));
    desk.keys("<F2>");
    desk.shows(&["赵月明", "待办 2", "贵宾客户 1"]);
    desk.keys("<C-p>9303<Enter>");
    desk.shows(&["客户.csv", "given"]);
}

#[test]
fn a_long_layout_scrolls_to_the_column_that_lacks_and_keeps_the_cursor_in_sight() {
    let mut desk = desk((80, 24));
    desk.keys("<C-x>");
    let mut strange = strange();
    let column = |n: usize| Column { name: format!("第{n}栏"), needed: n == 14, unless: None };
    strange.layouts[1].columns = (1..=14).map(column).collect();
    strange.layouts[1].proposed = mapping("资产", &[]);
    tell(&mut desk, News::Opened(Box::new(strange)));
    desk.shows(&["*第14栏", "Enter 选栏，或直接"]);
    desk.hides(&["第1栏"]);
    desk.keys("<PgUp><PgUp>");
    desk.shows(&["< 资产 >", "第1栏"]);
    desk.resize(160, 45);
    desk.shows(&["第1栏", "第14栏"]);
}
