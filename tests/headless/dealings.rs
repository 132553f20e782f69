//! The tabs of what the core system's extracts say, as whole screens of 80 columns; transactions looked for; the value report.

use crate::desk::{Desk, Given, staff, stamp};
use chrono::NaiveDate;
use guitai::app::event::{Effect, Event, Mouse, MouseAction};
use guitai::app::panes::archive::tabs::Tab;
use guitai::domain::dealings::holding::Holding;
use guitai::domain::dealings::loan::{Class, Loan};
use guitai::domain::dealings::rating::Rating;
use guitai::domain::dealings::service::Service;
use guitai::domain::dealings::txn::Txn;
use guitai::domain::ids::CustomerId;
use guitai::domain::settings::Settings;
use guitai::domain::values::money::Fen;
use guitai::store::dealings::given::{Fact, Given as File};
use guitai::store::open::File as BranchFile;
use guitai::store::request::{Answer, Ask};
use guitai::store::workbench;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn branch() -> [Given<'static>; 2] {
    [
        Given {
            no: "6000000001",
            fields: &[
                ("name", "张山河"),
                ("id_no", "520325197202042450"),
                ("phone", "18985210027"),
                ("owner", "wangmin"),
                ("sex", "男"),
            ],
            aum: Some(310_200),
        },
        Given { no: "6000000002", fields: &[("name", "何芬"), ("phone", "13984906107")], aum: None },
    ]
}

fn holding(contract: &str, yuan: i64, ends: &str) -> Fact {
    Fact::Holding(Holding {
        product: "DEP1Y".into(),
        contract: contract.into(),
        amount: Fen::of_yuan(yuan),
        begins: Some(day("2025-11-30")),
        ends: ends.parse().ok(),
        rate: Some(135),
        state: "正常".into(),
    })
}

fn loan(no: &str, overdue: u32, class: Class) -> Fact {
    Fact::Loan(Loan {
        no: no.into(),
        product: "农户小额贷".into(),
        lent: Fen::of_yuan(80_952),
        balance: Fen::of_yuan(16_865),
        lent_on: Some(day("2021-03-02")),
        ends: Some(day("2027-04-19")),
        next_due: Some(day(if overdue > 0 { "2026-11-18" } else { "2026-11-24" })),
        instalment: Some(Fen::of_yuan(3_373)),
        overdue,
        class,
        purpose: "装修".into(),
        method: "等额本息".into(),
        repays: "6217001234567890123".into(),
    })
}

fn txn(on: &str, serial: u32, yuan: i64, bank: &str, note: &str) -> Fact {
    Fact::Txn(Txn {
        day: day(on),
        serial: format!("{serial:04}"),
        amount: Fen::of_yuan(yuan),
        channel: if bank.is_empty() { "柜面" } else { "转账" }.into(),
        bank: bank.into(),
        note: note.into(),
    })
}

fn give(file: &mut BranchFile, customer: CustomerId, layout: &'static str, as_of: &str, facts: Vec<Fact>) {
    let facts = facts.into_iter().map(|f| (customer, f)).collect();
    let by = stamp(staff(file)[0].id);
    file.give(&File { name: format!("{layout}.csv"), layout, as_of: day(as_of), facts }, &by).unwrap();
}

/// 张山河 with holdings, a loan, services, a rating and transactions.
fn desk(size: (u16, u16)) -> Desk {
    let mut desk = Desk::with(size, &branch());
    let id = desk.stored("6000000001").customer.id;
    let file = &mut desk.still.file;
    let named = Settings { products: [("DEP1Y".to_owned(), "一年定期".to_owned())].into(), ..Settings::default() };
    let keep = workbench::Ask::KeepSettings { settings: Box::new(named), stamp: stamp(staff(file)[2].id) };
    assert!(matches!(file.answer(&Ask::Workbench(keep)), Answer::Workbench(_)));
    // Without the second the next list would lack more than half of this one and end nothing.
    let old = vec![holding("HT4070", 20_000, "2026-11-10"), holding("HT4072", 110_200, "2027-11-26")];
    give(file, id, "持有", "2026-10-20", old);
    give(
        file,
        id,
        "持有",
        "2026-11-20",
        vec![
            holding("HT4071", 50_000, "2026-11-28"),
            holding("HT4072", 110_200, "2027-11-26"),
            holding("HT4073", 5_000, "2026-11-19"),
        ],
    );
    give(file, id, "贷款", "2026-10-20", vec![loan("JJ4959", 35, Class::Watch)]);
    give(file, id, "贷款", "2026-11-17", vec![loan("JJ4959", 0, Class::Normal)]);
    let service = |name: &str| {
        Fact::Service(Service { name: name.into(), state: "已签约".into(), day: Some(day("2024-06-24")) })
    };
    give(file, id, "签约", "2026-11-10", vec![service("手机银行"), service("短信通知")]);
    let rating = Rating { day: day("2025-04-29"), grade: "AA".into(), credit: Some(Fen::of_yuan(80_952)) };
    give(file, id, "评级", "2026-11-20", vec![Fact::Rating(rating)]);
    let mut all = vec![
        txn("2026-11-20", 1, -20_000, "建设银行", "转出"),
        txn("2026-11-10", 2, 8_100, "", "工资"),
        txn("2026-10-10", 3, 8_000, "", "工资"),
    ];
    all.extend((0..300).map(|n| txn("2026-09-05", 1_000 + n, -10, "", "超市")));
    give(file, id, "交易", "2026-11-20", all);
    desk.hears();
    desk.keys("zsh<Enter>");
    desk
}

/// What is inside the archive's border, without what is blank at the end of lines.
fn inside(desk: &Desk) -> String {
    let screen = desk.screen();
    let lines =
        screen.lines().filter_map(|l| l.strip_prefix('│')).map(|l| l.trim_end().trim_end_matches('│').trim_end());
    lines.skip(5).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

#[test]
fn holdings_stand_by_their_end_with_what_is_past_due_soon_and_gone() {
    let mut desk = desk((80, 24));
    desk.keys("y");
    assert_eq!(inside(&desk), HOLDINGS);
    desk.keys("<Down>");
    desk.shows(&["* 遇周六 11-30办"]);
    desk.keys("<End>");
    desk.shows(&["* 11-20 起不在清单"]);
    // While the customer looks on, no sum is seen.
    desk.keys("<F12>");
    desk.hides(&["50,000.00", "165,200.00"]);
}

#[test]
fn loans_have_their_history_and_a_calendar_without_made_up_sums() {
    let mut desk = desk((80, 24));
    desk.keys("d");
    assert_eq!(inside(&desk), LOANS);
}

#[test]
fn services_and_ratings_stand_together_and_an_old_list_says_so_by_a_sign() {
    let mut desk = desk((80, 24));
    desk.keys("q");
    assert_eq!(inside(&desk), SERVICES);
}

#[test]
fn transactions_have_their_months_above_and_are_found_by_typing() {
    let mut desk = desk((80, 30));
    desk.keys("j");
    assert_eq!(inside(&desk), TXNS);
    // 303 are more than the 200 at hand: the file is asked, and what it finds is all there is.
    desk.keys("/超市 9月");
    desk.shows(&["/ 超市 9月", "找到300笔 入 0.00 出 3,000.00"]);
    desk.hides(&["工资"]);
    desk.keys("<Enter>");
    assert!(!desk.still.app.rooms.archive.typing());
    desk.keys("<Esc>");
    desk.shows(&["共 303 笔", "工资"]);
    // A Chinese word starts a search by itself; a digit shows a tab; Esc goes back.
    desk.keys("建设");
    desk.shows(&["找到1笔 入 0.00 出 20,000.00", "转出"]);
    desk.keys("<Esc>2");
    assert_eq!(desk.still.app.rooms.archive.tab, Tab::ALL[1]);
}

#[test]
fn paging_down_reads_on_to_the_oldest() {
    let mut desk = desk((80, 30));
    desk.keys("j");
    assert_eq!(desk.still.app.rooms.archive.txns().len(), 200);
    for _ in 0..40 {
        desk.keys("<PgDn>");
    }
    assert_eq!(desk.still.app.rooms.archive.txns().len(), 303);
    desk.keys("<Home><Down><Down>");
    desk.shows(&["10-10", "8,000.00"]);
}

#[test]
fn an_empty_tab_says_what_would_fill_it() {
    let mut desk = Desk::with((80, 24), &branch());
    desk.keys("hefen<Enter>");
    for (key, zh) in [("y", "持有"), ("d", "贷款"), ("q", "签约"), ("j", "交易")] {
        desk.keys(key);
        desk.shows(&[&format!("还没有导入过{zh}文件：guitai import {zh}.csv"), "没有数据"]);
    }
    desk.keys("m");
    desk.shows(&["guitai import 资产.csv"]);
    // Others have some: then it is this customer who has none, by the list of that day.
    let id = desk.stored("6000000001").customer.id;
    give(&mut desk.still.file, id, "持有", "2026-11-20", vec![holding("HT1", 1, "")]);
    desk.keys("<F5>y");
    desk.shows(&["11-20 的持有文件里没有这位客户", "数据 11-20"]);
}

#[test]
fn assets_tell_how_they_moved_and_which_day_they_are_compared_with() {
    let mut desk = desk((80, 24));
    desk.keys("m");
    desk.shows(&["30天 -  90天 -  365天 -", "活期 100%", "数据 11-20", "31.0万"]);
}

#[test]
fn a_click_hits_the_tab_that_is_seen_also_where_the_row_of_tabs_has_moved() {
    for size in [(80, 24), (120, 30), (160, 45)] {
        let mut desk = desk(size);
        for tab in Tab::ALL.into_iter().rev() {
            let rooms = &desk.still.app.rooms;
            let place = rooms.places().unwrap().archive.unwrap();
            let strip = guitai::app::panes::archive::tabs::strip(rooms.archive.tab, rooms.shared.lang, place.w - 2);
            let Some(p) = strip.tabs.iter().find(|p| p.tab == tab) else {
                // Not seen: the sign at the edge leads there.
                let x = if strip.left { place.x + 1 } else { place.x + place.w - 2 };
                desk.event(Event::Mouse(Mouse { action: MouseAction::Down, column: x, row: place.y + 6 }));
                continue;
            };
            let at = Mouse { action: MouseAction::Down, column: place.x + 1 + p.x, row: place.y + 6 };
            let line = desk.screen().lines().nth(usize::from(place.y + 6)).unwrap().to_owned();
            assert!(line.contains(&p.word), "{line}");
            desk.event(Event::Mouse(at));
            assert_eq!(desk.still.app.rooms.archive.tab, tab, "{size:?}");
        }
    }
}

#[test]
fn what_was_seen_stays_while_the_drive_is_away() {
    let mut desk = desk((80, 24));
    desk.keys("<F2><Esc>hefen<Enter>");
    desk.still.goes_away();
    desk.keys("<F2><Esc>zsh<Enter>y");
    desk.shows(&["持有 3 个 合计 165,200.00"]);
    // What was never read cannot be told; the transactions at hand still can.
    desk.keys("j/工资");
    desk.shows(&["找到2笔(近期的)"]);
}

#[test]
fn the_value_report_is_one_page_without_id_or_phone_and_goes_to_the_printer() {
    let mut desk = desk((120, 60));
    desk.keys("p");
    desk.shows(&[
        "客户价值报告",
        "520***********2450",
        "189****0027",
        "等级与资产 (数据 11-20)",
        "持有产品 (数据 11-20)",
        "合计 3 个",
        "贷款与合作历程 (数据 11-17 !)",
        "曾逾期1笔 最差关注",
        "签约与评级 (数据 11-10 !!)",
        "2026-11",
    ]);
    desk.hides(&["520325197202042450", "18985210027", "6217001234567890123"]);
    desk.keys("<F8>");
    let printed = desk.still.effects.iter().find_map(|e| match e {
        Effect::Print { name, text } => Some((name.clone(), text.clone())),
        _ => None,
    });
    let (name, text) = printed.unwrap();
    assert_eq!(name, "value-6000000001-2026-11-21.txt");
    assert!(text.lines().count() <= 60, "one page");
    assert!(text.lines().all(|l| unicode_width::UnicodeWidthStr::width(l) <= 80), "{text}");
}

const HOLDINGS: &str = "\
1基 2消 3教 4事 5家 6生 7兴 8人 9家 人脉 联络 持有 贷款 交易 签约 资产 变更
──────────────────────────────────────────────────────────────────────────────
 持有 3 个 合计 165,200.00                                         数据 11-20
 产品        合同号                金额 到期             还有   利率 状态
 一年定期    HT4073            5,000.00 11-19        !已过2天  1.35% 正常
 一年定期    HT4071           50,000.00 11-28*            7天  1.35% 正常
 一年定期    HT4072          110,200.00 2027-11-26      370天  1.35% 正常
 一年定期    HT4070           20,000.00 11-10                  1.35% 已结束




 到期日是文件里的；p 客户价值报告";
const LOANS: &str = "\
1基 2消 3教 4事 5家 6生 7兴 8人 9家 人脉 联络 持有 贷款 交易 签约 资产 变更
──────────────────────────────────────────────────────────────────────────────
 合作满5年 首贷 2021-03-02 累计 8.0万 1笔 曾逾期1笔 最差关注     数据 11-17 !
 产品                发放额          余额 五级   下次还款          应还
 农户小额贷       80,952.00     16,865.00 正常   11-24         3,373.00



 还款日历 JJ4959  ────────────────────────────────────────────────────────────
 用途 装修  还款方式 等额本息  还款账户 6217***********0123
 11-24         3,373.00  12-24         3,373.00  2027-01-24*   3,373.00
 2027-02-24    3,373.00  2027-03-24    3,373.00  2027-04-19           -
 * 遇非工作日；没有金额的以核心系统为准";
const SERVICES: &str = "\
1基 2消 3教 4事 5家 6生 7兴 8人 9家 人脉 联络 持有 贷款 交易 签约 资产 变更
──────────────────────────────────────────────────────────────────────────────
 签约 2 项  评级 AA 授信 8.0万 (2025-04-29)                     数据 11-10 !!
 服务                 状态         日期
 手机银行             已签约       2024-06-24
 短信通知             已签约       2024-06-24
 评级 AA              80,952.00    2025-04-29





 签约和评级以核心系统为准";
const TXNS: &str = "\
1基 2消 3教 4事 5家 6生 7兴 8人 9家 人脉 联络 持有 贷款 交易 签约 资产 变更
──────────────────────────────────────────────────────────────────────────────
 共 303 笔                                                         数据 11-20
 入                                               ▃▃▃ ▃▃▃  最高 2.0万
 出                                           ▁▁▁     ███  本月 +0.8万 -2.0万
 月   11  12   1   2   3   4   5   6   7   8   9  10  11
 日期                流入          流出 渠道     对手行       摘要
 11-20                        20,000.00 转账     建设银行     转出
 11-10           8,100.00               柜面                  工资
 10-10           8,000.00               柜面                  工资
 09-05                            10.00 柜面                  超市
 09-05                            10.00 柜面                  超市
 09-05                            10.00 柜面                  超市
 09-05                            10.00 柜面                  超市
 09-05                            10.00 柜面                  超市
 09-05                            10.00 柜面                  超市
 09-05                            10.00 柜面                  超市
 09-05                            10.00 柜面                  超市
 / 查找：摘要、银行、金额、10月、2026-10-05、>5万  Esc 清除";
