//! What the bank's figures say, as one works with it: lines with their reason, an alert that needs two people, the maturity wall.

use crate::desk::{Desk, Given, staff};
use guitai::domain::ids::StaffId;
use guitai::store::dealings::signals::again;
use guitai::store::request::Stamp;
use rusqlite::{Connection, params};

fn given() -> [Given<'static>; 3] {
    let given = |no, fields, yuan| Given { no, fields, aum: Some(yuan) };
    [
        given("7000000001", &[("name", "何芬"), ("owner", "wangmin")], 491_000),
        given("7000000002", &[("name", "陈国栋"), ("owner", "wangmin")], 960_000),
        given("7000000003", &[("name", "赵松"), ("owner", "liqiang")], 127_000),
    ]
}

/// Saturday 21 November 2026, with what the files of Friday brought. Batch numbers are far above those of the figures.
fn desk_of(size: (u16, u16), who: &str) -> Desk {
    let mut first = Desk::with(size, &given());
    let core = Connection::open(first.folder.path().join("branch.db")).unwrap();
    // 501 brought figures and loans in one, as no file does; the list of holdings came as 502.
    for (n, as_of, layout) in [(500, 20_261_030, "持有"), (501, 20_261_120, ""), (502, 20_261_120, "持有")] {
        core.execute(
            "INSERT INTO batch (id, at, by, name, hash, summary, n, as_of, layout)
             VALUES (?1, ?3, 0, 'x', 'x' || ?1, '', ?1, ?2, ?4)",
            params![n, as_of, if n == 500 { "2026-11-02T06:00:00" } else { "2026-11-21T06:00:00" }, layout],
        )
        .unwrap();
    }
    let id = |no: &str| -> i64 { core.query_row("SELECT id FROM customer WHERE no = ?", [no], |r| r.get(0)).unwrap() };
    let (he, chen, zhao) = (id("7000000001"), id("7000000002"), id("7000000003"));
    let hold = |c: i64, contract: &str, until: Option<i64>, yuan: i64, begins: i64, ends: i64| {
        let row = params![c, contract, until, yuan * 100, begins, ends];
        let sql = "INSERT INTO holding VALUES (?, ?, 0, 500, ?, '大额存单', ?, ?, ?, 254, '正常')";
        core.execute(sql, row).unwrap();
    };
    hold(he, "CD0000011", None, 200_000, 20_251_122, 20_261_122);
    hold(he, "CD0000012", None, 50_000, 20_251_204, 20_261_204);
    hold(chen, "CD0000021", None, 300_000, 20_251_204, 20_261_204);
    hold(zhao, "CD0000031", None, 60_000, 20_251_204, 20_261_204);
    hold(chen, "CD0000022", Some(501), 400_000, 20_251_110, 20_261_110);
    hold(he, "CD0000013", Some(501), 100_000, 20_251_112, 20_261_112);
    hold(he, "CD0000014", None, 100_000, 20_261_113, 20_271_113);
    let lend = |no: &str, since: i64, until: Option<i64>, next: i64, overdue: i64, class: i64| {
        core.execute(
            "INSERT INTO loan VALUES (?, ?, 0, ?, ?, '经营贷', 30000000, 18000000, 20250101, 20280101, ?, 325610, ?, ?, '', '', '')",
            params![chen, no, since, until, next, overdue, class],
        )
        .unwrap();
    };
    lend("JK20260001", 500, Some(501), 20_261_120, 0, 0);
    lend("JK20260001", 501, None, 20_261_220, 5, 1);
    core.execute("UPDATE figures SET since = 501 WHERE as_of = 20261120", []).unwrap();
    core.execute("INSERT INTO figures VALUES (?, 20261118, 0, 500, NULL, 0, 0, 0, 0, 0, 0, 70000000, NULL)", [he])
        .unwrap();
    core.execute("INSERT INTO touched SELECT 501, id FROM customer", []).unwrap();
    drop(core);
    let people = staff(&mut first.still.file);
    let by = people.first().map_or(StaffId(0), |s| s.id);
    let stamp: Stamp = crate::desk::stamp(by);
    again(&mut first.still.file, 501, &stamp).unwrap();
    let Desk { still, folder } = first;
    let mut desk = Desk::at(still.file, folder, size, who);
    desk.keys("<F7>");
    desk
}

fn go(desk: &mut Desk, source: &str) {
    desk.keys("<Home>");
    for _ in 0..40 {
        if desk.still.app.rooms.agenda.current().is_some_and(|i| i.source.code() == source) {
            return;
        }
        desk.keys("<Down>");
    }
    panic!("no {source} on\n{}", desk.screen());
}

fn has(desk: &Desk, source: &str) -> bool {
    let a = &desk.still.app.rooms.agenda;
    (0..).map_while(|n| a.item(n)).any(|i| i.source.code() == source)
}

fn sit(desk: Desk, who: &str) -> Desk {
    let Desk { still, folder } = desk;
    let mut desk = Desk::at(still.file, folder, (120, 30), who);
    desk.keys("<F7>");
    desk
}

#[test]
fn every_line_of_the_figures_says_why_it_is_there() {
    let mut desk = desk_of((120, 30), "wangmin");
    desk.shows(&[
        "! 到期   陈国栋   贵宾     96.0万  逾11天",
        "! 还款   陈国栋   贵宾     96.0万  逾6天",
        "  到期   何芬     潜力     49.1万  大额存单 20.0万",
    ]);
    for (source, said) in [
        ("movement", "减少20.9万 -29% 由70.0万到49.1万（比11-18）"),
        ("alert", "分类下迁 正常到关注 经营贷 借据尾号0001，逾期5天"),
        ("repayment", "逾期5天（11-20数据） 经营贷 应还3,256.10元 余额18.0万"),
    ] {
        go(&mut desk, source);
        desk.shows(&[said]);
    }
    desk.keys("/0011<Enter><F7>");
    desk.shows(&["大额存单 20.0万 11-22到期（逢周末），还有1天 合同尾号"]);
}

#[test]
fn sums_are_hidden_from_a_customer_who_looks_at_the_screen() {
    let mut desk = desk_of((120, 30), "wangmin");
    desk.keys("<F12>");
    desk.hides(&["20.9万", "70.0万", "3,256.10", "20.0万 11-22"]);
    desk.shows(&["减少****", "大额存单 ****"]);
    desk.keys("b");
    desk.hides(&["30.0万", "41.0万", "####"]);
}

#[test]
fn an_alert_is_looked_into_by_one_and_confirmed_by_another() {
    let mut desk = desk_of((120, 30), "wangmin");
    go(&mut desk, "alert");
    // A contact without a note does not do it.
    desk.keys("c11<Enter>");
    assert!(desk.said().contains("核实到什么"), "{}", desk.said());
    desk.keys("<Esc>");
    go(&mut desk, "alert");
    desk.keys("d");
    desk.shows(&["核实结果 预警 陈国栋"]);
    desk.keys("已约月底补交<Enter>");
    assert!(!has(&desk, "alert"), "{}", desk.screen());
    // It is not gone: the branch sees it wait, and the same person cannot confirm it.
    desk.keys("<Tab><Tab>");
    go(&mut desk, "alert");
    desk.shows(&["待复核，王敏：已约月底补交"]);
    desk.keys("d");
    assert!(desk.said().contains("另一人复核"), "{}", desk.said());
    assert!(has(&desk, "alert"));

    let mut boss = sit(desk, "zhaohang");
    go(&mut boss, "alert");
    boss.keys("x");
    boss.shows(&["退回再查 预警 陈国栋"]);
    boss.keys("请附凭证<Enter>");
    go(&mut boss, "alert");
    boss.shows(&["退回再查：请附凭证"]);
    let mut desk = sit(boss, "wangmin");
    go(&mut desk, "alert");
    desk.keys("c11凭证已附<Enter>");
    assert!(!has(&desk, "alert"));
    let mut boss = sit(desk, "zhaohang");
    go(&mut boss, "alert");
    boss.shows(&["待复核，王敏：凭证已附"]);
    boss.keys("d");
    assert!(!has(&boss, "alert"), "{}", boss.screen());
    boss.keys("u");
    assert!(has(&boss, "alert"), "{}", boss.said());
}

#[test]
fn the_wall_shows_days_keepers_and_what_stayed() {
    let mut desk = desk_of((120, 30), "zhaohang");
    desk.keys("b");
    desk.shows(&[
        "30天内到期 4笔 61.0万  数据11-20",
        // 40万 and 10万 matured; 10万 of it is in a newer contract.
        "近30天到期2笔50.0万 续存率0.0% 按新持有20.0% 部分0.0% 流出0.0%",
        "未记100.0%",
        "已到期未记去向",
        "11-22 周日 休>11-23",
        "12-04 周五",
        "41.0万",
        "0/3",
        "########## 王敏 35.0万",
        "续存率=记为续存",
    ]);
    // What is open of the days before stands first; one of its two is answered by the newer contract.
    desk.keys("<Enter>");
    desk.shows(&["近30天已到期  2笔 50.0万", "> 陈国栋      40.0万  未联系    王敏     11-10 大额存单"]);
    desk.keys("r");
    desk.shows(&["到期去向 陈国栋", "续存", "转理财", "部分留存", "流出"]);
    desk.keys("2");
    assert_eq!(desk.said(), "已记去向 到期 陈国栋：转理财");
    desk.shows(&["转理财"]);
    desk.keys("<Esc>");
    desk.shows(&["续存率80.0%", "未记20.0%"]);
    desk.hides(&["读取"]);
    // Enter on a day, Enter on a contract: the archive.
    desk.keys("<End><Enter>");
    desk.shows(&["12-04 周五  3笔 41.0万", "赵松         6.0万  未联系    李强"]);
    desk.keys("c11<Enter>");
    desk.shows(&["已联系"]);
    desk.keys("<Esc><Esc>");
    assert!(!desk.screen().contains("续存率"));
}

#[test]
fn the_wall_is_of_the_scope_and_opens_archives() {
    let mut desk = desk_of((80, 24), "wangmin");
    desk.keys("b");
    desk.shows(&["30天内到期 3笔 55.0万"]);
    desk.keys("<Tab><Tab>");
    desk.shows(&["30天内到期 3笔 55.0万", "另1笔不可看", "王敏 35.0万"]);
    let mut head = desk.colleague("zhaohang", 4, 9, 0);
    head.keys("<F7>b");
    head.shows(&["30天内到期 4笔 61.0万", "王敏 35.0万  李强 6.0万"]);
    desk.keys("<End><Enter><Enter>");
    assert_eq!(desk.still.app.rooms.archive.opened().unwrap().customer.name, "陈国栋");
}

#[test]
fn an_empty_wall_says_what_would_fill_it() {
    let mut desk = Desk::with((80, 24), &given());
    desk.keys("<F7>b");
    desk.shows(&["还没有持有清单", "导入核心系统的「持有」文件后"]);
}

#[test]
fn a_result_can_be_recorded_from_the_queue_too() {
    let mut desk = desk_of((120, 30), "wangmin");
    go(&mut desk, "maturity");
    desk.shows(&["大额存单 40.0万 11-10已到期11天，去向未记"]);
    desk.keys("r1");
    assert_eq!(desk.said(), "已记去向 到期 陈国栋：续存");
    desk.shows(&["今日完成 1"]);
    desk.hides(&["40.0万"]);
    desk.keys("u");
    desk.shows(&["大额存单 40.0万"]);
}

#[test]
fn sums_and_days_are_never_cut_or_broken_however_wide_the_screen_is() {
    let mut desk = desk_of((160, 45), "wangmin");
    let fields = [("taboo", "勿提儿子工作和老家的房子")];
    let opened = desk.stored("7000000002");
    let edits = fields.map(|(field, after)| guitai::domain::field::Edit {
        field: field.into(),
        before: String::new(),
        after: after.into(),
    });
    let ask = guitai::store::customers::Ask::Save {
        op: crate::desk::op(77),
        id: opened.customer.id,
        base_rev: opened.customer.rev,
        edits: edits.into(),
        reason: String::new(),
        stamp: crate::desk::stamp(opened.customer.owner.unwrap()),
    };
    desk.still.file.answer(&guitai::store::request::Ask::Customers(ask));
    desk.keys("<F2>陈国栋<Enter>");
    desk.shows(&["! 到期 逾11天 11-10已到期11天"]);
    desk.keys("<F7>");
    go(&mut desk, "repayment");
    for width in 120..=200 {
        desk.resize(width, 45);
        let screen = desk.screen();
        let whole = |texts: &[&str]| texts.iter().any(|t| screen.contains(t));
        // The line under the cursor in full, broken between its words.
        for text in ["18.0万", "3,256.10元", "尾号0001"] {
            assert!(width < 160 || whole(&[text]), "{text} at {width}\n{screen}");
        }
        // The archive's second line: what is due says its day or is left out.
        for cut in [
            "到期 ..",
            "还款 ..",
            "预警 ..",
            "12-..",
            "12-0..",
            "11-..",
            "11-1..",
            "30..",
            "30.0..",
            "40..",
            "40.0..",
            "18.0..",
        ] {
            assert!(!screen.contains(cut), "{cut} at {width}\n{screen}");
        }
    }
}
