//! 业绩统计 at the keys: tables that open into narrower ones, down to the archive.

use crate::desk::{Desk, Given};
use guitai::app::layers::Layer;
use guitai::app::layers::results::Shown;
use rusqlite::{Connection, params};

/// Customers of two keepers, money of theirs at other banks, loans of some years.
fn branch(size: (u16, u16), who: &str) -> Desk {
    let given = |no, fields, yuan| Given { no, fields, aum: Some(yuan) };
    let desk = Desk::with(
        size,
        &[
            given("7000000001", &[("name", "何芬"), ("owner", "wangmin")], 491_000),
            given("7000000002", &[("name", "陈国栋"), ("owner", "wangmin")], 960_000),
            given("7000000003", &[("name", "赵松"), ("owner", "liqiang")], 127_000),
        ],
    );
    let core = Connection::open(desk.folder.path().join("branch.db")).unwrap();
    for (n, as_of, layout) in [(501, 20_261_120, "交易"), (502, 20_251_120, "贷款"), (503, 20_261_119, "贷款")] {
        core.execute(
            "INSERT INTO batch (id, at, by, name, hash, summary, n, as_of, layout)
             VALUES (?1, '2026-11-21T06:00:00', 0, 'x', 'x' || ?1, '', ?1, ?2, ?3)",
            params![n, as_of, layout],
        )
        .unwrap();
    }
    let id = |no: &str| -> i64 { core.query_row("SELECT id FROM customer WHERE no = ?", [no], |r| r.get(0)).unwrap() };
    let (he, chen, zhao) = (id("7000000001"), id("7000000002"), id("7000000003"));
    let signal = |n: i64, c: i64, day: i64, value: &str| {
        core.execute("INSERT INTO signal VALUES (?, 501, ?, 'outflow', ?, ?)", params![n, c, day, value]).unwrap();
    };
    signal(
        1,
        he,
        20_261_120,
        r#"{"what":"outflow","sum":9000000,"days":30,"banks":[["工商银行",6000000],["建设银行",3000000]]}"#,
    );
    signal(2, zhao, 20_261_118, r#"{"what":"outflow","sum":20000000,"days":30,"banks":[["建设银行",20000000]]}"#);
    signal(3, chen, 20_260_905, r#"{"what":"outflow","sum":7000000,"days":30,"banks":[["农业银行",7000000]]}"#);
    let lend = |c: i64, no: &str, on: i64| {
        core.execute(
            "INSERT INTO loan VALUES (?, ?, 0, 503, NULL, '经营贷', 30000000, 18000000, ?, NULL, NULL, NULL, 0, 0, '', '', '')",
            params![c, no, on],
        )
        .unwrap();
    };
    lend(he, "JK1", 20_220_301);
    lend(he, "JK2", 20_260_301);
    lend(chen, "JK3", 20_250_601);
    lend(zhao, "JK4", 20_210_601);
    drop(core);
    let Desk { still, folder } = desk;
    Desk::at(still.file, folder, size, who)
}

/// The customers of the table on screen, whatever panes show around it.
fn listed(desk: &Desk) -> Vec<String> {
    let Some(Layer::Results(r)) = desk.still.app.rooms.layers.last() else { panic!("no table on\n{}", desk.screen()) };
    match &r.level().unwrap().shown {
        Shown::Gone(rows) => rows.iter().map(|g| g.who.name.clone()).collect(),
        Shown::Long(rows) => rows.iter().map(|l| l.who.name.clone()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn banks_are_ranked_and_open_into_keepers_customers_and_the_archive() {
    for size in [(160, 45), (80, 24)] {
        let mut desk = branch(size, "zhaohang");
        desk.keys("<F9>9601<Enter>");
        desk.shows(&[
            "转他行 10-23 至 11-21 全网点 数据 11-20",
            "对手行",
            "建设银行",
            "23.0万",
            "79%",
            "工商银行",
            "6.0万",
        ]);

        // The second row is the bank with most.
        desk.keys("<Down><Enter>");
        desk.shows(&["> 建设银行", "责任人", "李强", "20.0万", "王敏", "3.0万"]);
        desk.keys("2");
        desk.shows(&["> 建设银行 > 李强", "赵松", "11-18", "未办"]);
        assert_eq!(listed(&desk), ["赵松"]);
        desk.keys("<Esc>").shows(&["王敏"]);
        desk.keys("3").shows(&["何芬", "3.0万"]);
        desk.keys("<Enter>");
        let opened = desk.still.app.rooms.archive.opened().map(|o| o.customer.name.clone());
        assert_eq!((opened.as_deref(), desk.still.app.rooms.layers.len()), (Some("何芬"), 0));
    }
}

#[test]
fn a_longer_period_is_read_anew_and_a_short_one_says_what_to_do() {
    let mut desk = branch((120, 30), "zhaohang");
    desk.keys("<F9>9601<Enter><Right>");
    desk.shows(&["转他行 08-24 至 11-21", "农业银行", "7.0万"]);
    desk.keys("<Left><Left>").shows(&["11-15 至 11-21", "建设银行"]);
    // Of 李强's customer 王敏 is told nothing.
    let mut mine = branch((120, 30), "wangmin");
    mine.keys("<F9>9601<Enter>").shows(&["本人", "9.0万"]);
    mine.hides(&["20.0万", "29.0万"]);
    let mut empty = Desk::with((120, 30), &[]);
    empty.keys("<F9>9601<Enter>").shows(&["还没有导入过交易文件", "guitai import 交易.csv"]);
}

#[test]
fn the_manager_sees_their_own_customers_and_the_head_everybodys() {
    let mut mine = branch((160, 45), "wangmin");
    mine.keys("<F9>9602<Enter>");
    mine.shows(&["合作与复贷 合作满3年 本人 数据 11-19", "王敏"]);
    mine.keys("1");
    assert_eq!(listed(&mine), ["何芬"]);
    let mut head = branch((160, 45), "zhaohang");
    head.keys("<F9>9602<Enter>");
    // Two borrowers of 王敏, one of whom borrowed again this year; 李强's borrowed once.
    head.shows(&["全网点", "李强", "33.3%", "0.0%", "+33.3", "2025-11-20 首个贷款文件前"]);
    head.keys("1").shows(&["赵松", "5年", "2021-06-01", "何芬", "4年", "60.0万", "36.0万", "未见逾期"]);
    assert_eq!(listed(&head), ["赵松", "何芬"]);
    // One year and more, five and more.
    head.keys("<Left><Left>").shows(&["合作满1年", "陈国栋"]);
    assert_eq!(listed(&head), ["赵松", "何芬", "陈国栋"]);
    head.keys("<Right><Right><Right>").shows(&["合作满5年", "赵松"]);
    assert_eq!(listed(&head), ["赵松"]);
    head.keys("<Right>").shows(&["没有合作满 10 年的借款客户"]);
}

#[test]
fn covered_the_tables_show_nothing_and_a_look_is_noted() {
    let mut desk = branch((120, 30), "zhaohang");
    desk.keys("<F9>9602<Enter>1").shows(&["何芬"]);
    desk.keys("<F12>").hides(&["何芬", "60.0万", "复贷"]);
    desk.keys("<F12>").shows(&["何芬", "60.0万"]);
    desk.keys("<Esc><Esc>");
    let rows = desk.still.file.answer(&guitai::store::request::Ask::Audit(guitai::store::audit::Ask::Page {
        filter: guitai::domain::audit::Filter::default(),
        before: None,
        most: 20,
    }));
    let told = format!("{rows:?}");
    assert!(told.contains("report loyal"), "{told}");
}

#[test]
fn the_head_lays_targets_down_and_everybody_sees_how_far_they_are() {
    let mut desk = branch((160, 45), "zhaohang");
    desk.keys("<F9>9603<Enter>");
    desk.shows(&["工作目标 2026-11 截至 11-21 全网点", "合计", "王敏", "李强", "还没有定过目标", "本月已过 70%"]);
    // 合计, then 王敏: three contacts a month, only hers.
    desk.keys("2").shows(&["工作目标 王敏 2026-11", "有效联络", "给谁定"]);
    desk.keys("3<F8>");
    assert!(desk.said().contains("目标已定"), "{}", desk.said());
    desk.shows(&["0/3", ".......... 0%"]);
    desk.hides(&["还没有定过目标"]);
    // Another month has the same target; a month ahead has nothing reached.
    desk.keys("<Right>").shows(&["工作目标 2026-12 全网点 还没开始", "0/3"]);
    // A contact of 王敏's is counted.
    let mut mine = desk.colleague("wangmin", 4, 9, 30);
    mine.keys("hefen<Enter>c11<Enter>");
    mine.keys("<F9>9603<Enter>").shows(&["本人", "1/3", "###....... 33%"]);
    mine.hides(&["1 合计"]);
    mine.keys("1");
    assert!(mine.said().contains("「改网点设置」只有"), "{}", mine.said());
    assert!(matches!(mine.still.app.rooms.layers.last(), Some(Layer::Results(_))));
    desk.keys("<Left>").shows(&["1/3", "33%"]);
}

#[test]
fn a_customer_handed_over_is_credited_to_both() {
    let mut desk = branch((120, 30), "liqiang");
    desk.keys("<F9>9604<Enter>").shows(&["转介业绩 2026-11 本人", "没有被接受的移交", "Ctrl+B"]);
    let core = Connection::open(desk.still.file.path()).unwrap();
    let id = |sql: &str, of: &str| -> i64 { core.query_row(sql, [of], |r| r.get(0)).unwrap() };
    let staff = |code: &str| id("SELECT id FROM staff WHERE code = ?", code);
    let (zhao, li, wang) =
        (id("SELECT id FROM customer WHERE no = ?", "7000000003"), staff("liqiang"), staff("wangmin"));
    let made: i64 = id("SELECT max(id) + 1 FROM staff WHERE code = ?", "zhaohang") + (1 << 53);
    core.execute(
        "INSERT INTO hand_over (id, customer, from_id, to_id, reason, day, due, at, open, kind, state, answered_at, answered_by)
         VALUES (?, ?, ?, ?, '升级', 20261118, 20261120, '2026-11-18T09:00:00', 0, 'keeper', 'accepted', '2026-11-19T09:00:00', ?)",
        params![made, zhao, li, wang, wang],
    )
    .unwrap();
    desk.keys("<Esc><F9>9604<Enter>").shows(&["引荐 50%", "李强", "0.50", "6.3万"]);
    desk.keys("1").shows(&["赵松", "王敏", "11-19"]);
    desk.keys("<Enter>");
    assert_eq!(desk.still.app.rooms.archive.opened().map(|o| o.customer.name.as_str()), Some("赵松"));
    let mut head = branch((80, 24), "zhaohang");
    head.keys("<F9>9604<Enter><Left>").shows(&["转介业绩 2026-10 全网点"]);
    // Nothing lies ahead.
    head.keys("<Right><Right>").shows(&["转介业绩 2026-11"]);
}
