//! The change log on the screen: for whom it is, what it shows, how it is narrowed.

use crate::desk::{Desk, Given, op, stamp};
use guitai::app::drive::News;
use guitai::app::event::Event;
use guitai::domain::field::Edit;
use guitai::domain::text::Complaint;
use guitai::store::customers;
use guitai::store::request::Ask;

fn branch() -> [Given<'static>; 2] {
    let given = |no, fields| Given { no, fields, aum: Some(1) };
    [
        given("6000000001", &[("name", "张山河"), ("phone", "18985210027"), ("owner", "wangmin")]),
        given("6000000002", &[("name", "何芬"), ("phone", "13985210001")]),
    ]
}

/// 王敏 changed a phone and 李强 another; the branch manager sits at the second desk.
fn desks(size: (u16, u16)) -> (Desk, Desk) {
    let mut wang = Desk::with(size, &branch());
    for (n, (no, phone)) in [("6000000001", "18985210028"), ("6000000002", "13985210002")].into_iter().enumerate() {
        let customer = wang.stored(no).customer;
        let by = crate::desk::staff(&mut wang.still.file)[n].id;
        let edits = vec![Edit { field: "phone".into(), before: customer.phone, after: phone.into() }];
        let ask = customers::Ask::Save {
            op: op(900 + n as i64),
            id: customer.id,
            base_rev: customer.rev,
            edits,
            reason: String::new(),
            stamp: stamp(by),
        };
        crate::desk::staff(&mut wang.still.file);
        wang.still.file.answer(&Ask::Customers(ask));
    }
    let zhao = wang.colleague("zhaohang", 5, 9, 10);
    (wang, zhao)
}

#[test]
fn the_log_shows_who_changed_what_with_numbers_masked_and_is_narrowed_by_customer_staff_day_and_action() {
    for size in [(160, 45), (80, 24)] {
        let (_wang, mut zhao) = desks(size);
        zhao.keys("<F9>9701<Enter>");
        zhao.shows(&["变更日志", "王敏", "李强", "张山河", "何芬", "档案", "手机"]);
        zhao.hides(&["18985210028", "13985210002", "18985210027", "没有这样的记录"]);
        let (zhang, he) = ("189****0027 → ", "139****0001 → ");
        zhao.shows(&[zhang, he]);
        // This customer's alone, and everybody's again.
        zhao.keys("1");
        zhao.shows(&["变更日志 6000000002 何芬", he]);
        zhao.hides(&[zhang]);
        zhao.keys("1");
        zhao.shows(&[zhang, he]);
        // By whom.
        zhao.keys("2wangmin<Enter>");
        zhao.shows(&["变更日志 王敏", zhang]);
        zhao.hides(&[he]);
        // What.
        zhao.keys("04customer<Enter>");
        zhao.shows(&["变更日志 档案", zhang, he]);
        zhao.keys("04reveal<Enter>");
        zhao.shows(&["变更日志 显示全号", "没有这样的记录"]);
        // Which days: the desk's file was begun in January.
        zhao.keys("0<End>");
        zhao.shows(&["01-05"]);
        zhao.keys("3<Enter>");
        zhao.shows(&["2026-11-21 起", zhang]);
        zhao.hides(&["01-05"]);
        // In full, and the archive it is about.
        zhao.keys("0<Enter>");
        zhao.shows(&["变更 ", "李强", "6000000002 何芬", "→"]);
        zhao.hides(&["13985210002"]);
        zhao.keys("<Esc><F3>");
        zhao.shows(&["何芬"]);
        zhao.hides(&["变更日志"]);
    }
}

#[test]
fn colleagues_stand_in_the_log_by_their_names_wherever_they_are_meant() {
    let (mut wang, mut zhao) = desks((160, 45));
    // 赵行 gives 何芬 to 李强 and hands 张山河's matter on.
    zhao.keys("<F2>hefen<Enter>k李强<Enter>柜面熟<Enter>");
    assert_eq!(zhao.said(), "何芬 现由 李强 负责");
    zhao.keys("<F2><Esc>zhangsh<Enter><C-o>李强<Enter>要办卡<Enter>");
    wang.hears();
    wang.keys("<F9>9405<Enter>李强<Enter><Enter>7<Enter>强制休假<Enter>");
    zhao.hears();
    zhao.keys("<F9>9701<Enter>");
    zhao.shows(&["责任人 李强", "转给 李强", "代理人 李强"]);
    zhao.keys("<Enter>");
    zhao.hides(&["********"]);
}

#[test]
fn the_log_is_not_offered_to_who_may_not_see_it() {
    let (mut wang, _zhao) = desks((160, 45));
    wang.keys("<F9>9701");
    wang.hides(&["变更日志"]);
    wang.keys("<Enter>");
    wang.hides(&["变更日志"]);
}

#[test]
fn older_lines_come_as_one_goes_down() {
    let (_wang, mut zhao) = desks((80, 24));
    let customer = zhao.stored("6000000001").customer;
    let by = zhao.still.app.rooms.shared.me.unwrap();
    for n in 0..150 {
        let fresh = zhao.stored("6000000001").customer;
        let edits = vec![Edit { field: "area".into(), before: fresh.area, after: format!("第{n}片") }];
        let ask = customers::Ask::Save {
            op: op(2_000 + n),
            id: customer.id,
            base_rev: fresh.rev,
            edits,
            reason: String::new(),
            stamp: stamp(by),
        };
        zhao.still.file.answer(&Ask::Customers(ask));
    }
    zhao.keys("<F9>9701<Enter>");
    zhao.shows(&["第149片"]);
    zhao.keys("<End>");
    zhao.keys("<End>");
    zhao.shows(&["01-05 09:00"]);
}

#[test]
fn a_file_that_lacks_changes_is_said_in_words_to_be_put_away_and_stays_in_the_header_until_it_is_mended() {
    let why =
        || Complaint::new("网点文件里没有本机见过的变更 812，请运行 guitai verify 查明。", "It lacks change 812.");
    for (size, header) in [((160, 45), "文件少了变更"), ((80, 24), "文件少了变更")] {
        let (_wang, mut zhao) = desks(size);
        zhao.event(Event::Drive(News::Lacking(Some(why()))));
        zhao.shows(&["网点文件少了变更", "变更 812", "guitai verify"]);
        zhao.keys("<Esc>");
        zhao.hides(&["变更 812"]);
        zhao.shows(&[header]);
        zhao.event(Event::Drive(News::Lacking(None)));
        zhao.hides(&[header]);
    }
}
