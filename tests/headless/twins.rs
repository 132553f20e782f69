//! Who is who on the screen: the list of pairs, two archives side by side, merging and parting.

use crate::desk::{Desk, Given};
use guitai::store::request::Answer;
use guitai::store::request::Ask;
use guitai::store::twins;

fn branch() -> [Given<'static>; 4] {
    let given = |no, fields, yuan| Given { no, fields, aum: Some(yuan) };
    [
        given("6000000001", &[("name", "张山河"), ("phone", "18985210027"), ("owner", "wangmin")], 100_000),
        given("6000000002", &[("name", "张山河"), ("phone", "18985210027"), ("address", "新街2号")], 60_000),
        given("6000000003", &[("name", "何芬"), ("birth", "1980-02-03")], 491_000),
        given("6000000004", &[("name", "何芬"), ("birth", "1980-02-03")], 1_000),
    ]
}

fn found(desk: &mut Desk) -> twins::Found {
    match desk.still.file.answer(&Ask::Twins(twins::Ask::Find)) {
        Answer::Twins(twins::Answer::Found(found)) => *found,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pair_is_compared_merged_after_a_question_that_names_both_and_parted_from_the_same_list() {
    for size in [(160, 45), (80, 24)] {
        let mut desk = Desk::with(size, &branch());
        desk.keys("<F9>9501<Enter>");
        desk.shows(&["疑似重复：2 对", "很可能", "手机姓名", "6000000001", "6000000002", "可能", "姓名生日"]);
        desk.keys("<Enter>");
        desk.shows(&["合并档案", "留下 6000000001", "并过来 6000000002", "新街***", "地址"]);
        // The empty side gives way by itself; the arrows say otherwise.
        desk.keys("<Esc>");
        desk.shows(&["疑似重复：2 对"]);
        desk.keys("<Enter><F8>");
        desk.shows(&["6000000002", "6000000001", "并入"]);
        // No stands under the cursor.
        desk.keys("<Enter>");
        assert_eq!(found(&mut desk).recent.len(), 0);
        desk.keys("<F8>y");
        assert_eq!(desk.said(), "已合并：6000000002 张山河 并入 6000000001 张山河");
        desk.shows(&["疑似重复：1 对", "已合并", "王敏"]);
        let stays = desk.stored("6000000001");
        assert_eq!(stays.customer.address, "新街2号");
        assert_eq!(
            stays.standing.figures.unwrap().balance.wan(),
            guitai::domain::values::money::Fen::of_yuan(160_000).wan()
        );
        // Parted again from the list.
        desk.keys("<Down><Enter>");
        desk.shows(&["拆开", "6000000002"]);
        desk.keys("y");
        desk.shows(&["疑似重复：2 对"]);
        assert_eq!(desk.stored("6000000001").customer.address, "");
        assert_eq!(desk.stored("6000000002").customer.address, "新街2号");
        // Not the same: with a reason, and back.
        desk.keys("<Home><Down>n");
        desk.shows(&["不是同一人"]);
        desk.keys("两个何芬都见过<Enter>");
        desk.shows(&["疑似重复：1 对", "非一人", "两个何芬都见过"]);
        desk.keys("<Down><Enter>y");
        desk.shows(&["疑似重复：2 对"]);
    }
}

#[test]
fn a_colleague_who_has_the_merged_archive_open_is_led_on_and_one_who_changed_it_is_heard() {
    let mut wang = Desk::with((160, 45), &branch());
    let mut li = wang.colleague("liqiang", 5, 9, 10);
    wang.keys("<F9>9501<Enter><Enter>");
    wang.shows(&["合并档案"]);
    // The colleague changes the one that is to go while the two are compared.
    li.keys("<F2>6000000002<Enter>");
    li.shows(&["新街***"]);
    let id = li.stored("6000000002").customer.id;
    let ask = guitai::store::customers::Ask::Save {
        op: crate::desk::op(701),
        id,
        base_rev: li.stored("6000000002").customer.rev,
        edits: vec![guitai::domain::field::Edit {
            field: "area".into(), before: String::new(), after: "城北".into()
        }],
        reason: String::new(),
        stamp: crate::desk::stamp(li.still.app.rooms.shared.me.unwrap()),
    };
    li.still.file.answer(&Ask::Customers(ask));
    wang.keys("<F8>y");
    assert!(wang.log().contains("没有合并：李强"), "{}", wang.log());
    wang.shows(&["合并档案", "城北"]);
    wang.keys("<F8>y");
    assert!(wang.said().starts_with("已合并"), "{}", wang.said());
    li.hears();
    assert!(li.log().contains("已不在"), "{}", li.log());
    li.hides(&["新街***"]);
}

#[test]
fn two_of_different_documents_are_merged_only_after_a_second_question_that_says_so() {
    // A number that is no ID card's: those of two ID cards are no pair to begin with.
    const CARD: (&str, &str) = ("id_no", "520325198505115113");
    const BOOK: (&str, &str) = ("id_kind", "household");
    let given = |no, id| Given {
        no,
        fields: match id {
            1 => &[("name", "张胜"), ("phone", "18985210027"), CARD, BOOK, ("id_no", "E12345678")],
            _ => &[("name", "张胜"), ("phone", "18985210027"), CARD, BOOK, ("id_no", "E87654321")],
        },
        aum: Some(1_000),
    };
    let mut desk = Desk::with((160, 45), &[given("6000000001", 1), given("6000000002", 2)]);
    desk.keys("<F9>9501<Enter><Enter><F8>y");
    desk.shows(&["证件号不同", "E1*****78 和 户口簿 E8*****21", "仍要合并"]);
    desk.hides(&["E12345678", "E87654321"]);
    // No stands under the cursor.
    desk.keys("<Enter>");
    assert_eq!(found(&mut desk).recent.len(), 0);
    desk.keys("<F8>yy");
    assert_eq!(desk.said(), "已合并：6000000002 张胜 并入 6000000001 张胜");
    desk.keys("<Home><Enter>y");
    assert_eq!(found(&mut desk).recent.len(), 0);
    assert_eq!(desk.stored("6000000002").customer.document_number(), "E87654321");
}
