//! Tiers on screen: trying other lines on the board, why a customer has a tier, the family's assets on the card.

use crate::desk::{Desk, Given, op, stamp};
use guitai::domain::family::{Member, Part};
use guitai::domain::ids::CustomerId;
use guitai::store::customers;
use guitai::store::request::{Answer, Ask};

fn branch() -> Vec<Given<'static>> {
    type Line = (&'static str, &'static [(&'static str, &'static str)], i64);
    let all: [Line; 4] = [
        ("6000000001", &[("name", "张山河"), ("owner", "wangmin")], 310_200),
        ("6000000002", &[("name", "何芬"), ("owner", "wangmin")], 250_000),
        ("6000000003", &[("name", "张胜"), ("owner", "wangmin")], 280_000),
        ("6000000004", &[("name", "陈国栋")], 510_000),
    ];
    all.into_iter().map(|(no, fields, yuan)| Given { no, fields, aum: Some(yuan) }).collect()
}

#[test]
fn nobody_seems_to_have_reached_a_line_they_have_not() {
    let given = |no, name, yuan| Given { no, fields: name, aum: Some(yuan) };
    let mut desk = Desk::with(
        (160, 45),
        &[
            given("6000000001", &[("name", "宫祥")], 49_999),
            given("6000000002", &[("name", "姚师行")], 199_999),
            given("6000000003", &[("name", "何芬")], 200_000),
        ],
    );
    desk.keys("<F6>");
    desk.shows(&["4.9", "19.9", "20.0"]);
    desk.hides(&["5.0"]);
    desk.keys("<F2>gongx<Enter>");
    desk.shows(&["4.9万", "差 1元 到普通"]);
}

#[test]
fn other_lines_are_tried_on_the_board_and_nothing_is_saved() {
    let mut desk = Desk::with((120, 30), &branch());
    desk.keys("<F6>i");
    desk.shows(&["试算", "潜力客户", "20万", "口径"]);
    // To the line of 潜力, and 30 in place of 20.
    desk.keys("<Down><Down><C-u>30<F8>");
    assert!(desk.said().contains("升 0 人，降 2 人"), "{}", desk.said());
    desk.shows(&["潜力 > 普通", "2 人  53.0万"]);
    desk.keys("<Enter>");
    desk.shows(&["张胜 6000000003", "何芬 6000000002", "28.0万", "王敏"]);
    // Esc goes back to the moves, Enter on a customer opens the archive.
    desk.keys("<Esc>").shows(&["潜力 > 普通"]);
    desk.keys("<Enter><Down><Enter>");
    let opened = desk.still.app.rooms.archive.opened().map(|o| o.customer.name.clone());
    assert_eq!((opened.as_deref(), desk.still.app.rooms.layers.len()), (Some("何芬"), 0));
    let settings = desk.still.app.rooms.shared.settings().clone();
    assert_eq!(settings, guitai::domain::settings::Settings::default());
    assert_eq!(desk.stored("6000000002").standing.tier.unwrap().code(), "potential");
}

#[test]
fn lines_that_cannot_be_stay_on_the_sheet_and_say_why() {
    let mut desk = Desk::with((120, 30), &branch());
    desk.keys("<F6>i<Down><Down><C-u>60<F8>");
    assert!(desk.said().contains("从小到大"), "{}", desk.said());
    desk.shows(&["试算", "60"]);
    desk.keys("<C-u>20<F8>");
    assert!(desk.said().contains("没有客户会变动"), "{}", desk.said());
    assert!(desk.still.app.rooms.layers.is_empty());
}

#[test]
fn why_a_customer_has_a_tier_is_read_on_the_archive() {
    let mut desk = Desk::with((120, 40), &branch());
    desk.keys("<F2>山河<Enter>w");
    desk.shows(&[
        "分级由来 张山河 6000000001",
        "现在是潜力客户：按月日均 31.0万，数据 2026-11-20",
        "升级当期生效，连续 2 个月低于线才降级",
        "还没有变动过",
        "线（2026-11-20 起）小 0.1万  普通 5.0万  潜力 20.0万  贵宾 50.0万  大 300.0万",
        "2026-11-20  31.0万  潜力  潜力  首次有资产数据",
    ]);
    desk.keys("<Esc>").hides(&["分级由来"]);
}

#[test]
fn hidden_figures_are_neither_tried_nor_explained() {
    let mut desk = Desk::with((120, 30), &branch());
    desk.keys("<F12><F6>i");
    assert!(desk.still.app.rooms.layers.is_empty());
    desk.keys("<F2>山河<Enter>w");
    assert!(desk.still.app.rooms.layers.is_empty());
}

#[test]
fn the_family_of_linked_archives_stands_on_the_card() {
    for size in [(80, 24), (120, 30)] {
        let mut desk = Desk::with(size, &branch());
        desk.keys("<F2>山河<Enter>").hides(&["家庭 2人"]);
        let (father, mother) = (desk.stored("6000000001"), desk.stored("6000000002"));
        let linked: Option<CustomerId> = Some(mother.customer.id);
        let part =
            Part::Member(Member { relation: "spouse".into(), name: "何芬".into(), linked, ..Member::default() });
        let by = stamp(father.customer.owner.unwrap());
        let ask =
            customers::Ask::Part { op: op(1), customer: father.customer.id, row: None, part: Some(part), stamp: by };
        assert!(matches!(
            desk.still.file.answer(&Ask::Customers(ask)),
            Answer::Customers(customers::Answer::Saved { .. })
        ));
        desk.keys("<F5>").shows(&["家庭 2人 56.0万 贵宾 (11-20)"]);
    }
}
