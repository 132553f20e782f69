//! Seeing each other: what a colleague changed before one's eyes, who is editing where, customers that come and leave.

use crate::desk::{Desk, Given, staff};
use guitai::app::drive::News;
use guitai::app::event::Event;
use guitai::store::drive::Present;

fn branch() -> [Given<'static>; 3] {
    [
        Given {
            no: "6000000001",
            fields: &[
                ("name", "张山河"),
                ("phone", "18985210027"),
                ("address", "贵州省遵义市道真县玉溪镇解放路128号"),
                ("owner", "wangmin"),
            ],
            aum: Some(310_200),
        },
        Given { no: "6000000002", fields: &[("name", "何芬"), ("owner", "liqiang")], aum: Some(491_000) },
        Given { no: "6000000003", fields: &[("name", "赵松"), ("owner", "liqiang")], aum: Some(127_000) },
    ]
}

/// 王敏 with 张山河 open; 李强 at the third workstation with the same archive open, at 10:32.
fn both(size: (u16, u16)) -> (Desk, Desk) {
    let mut wang = Desk::with(size, &branch());
    wang.keys("zhangsh<Enter>");
    let mut li = wang.colleague("liqiang", 5, 10, 32);
    li.keys("zhangsh<Enter>");
    (wang, li)
}

/// Types into the phone field and saves.
const PHONE: &str = "<Enter><Tab><Tab><Tab><Tab><Tab><Tab><Tab>13800000000<F8>";

#[test]
fn what_a_colleague_changed_stands_in_the_pane_until_one_has_read_it_and_goes_on() {
    for size in [(160, 45), (80, 24)] {
        let (mut wang, mut li) = both(size);
        li.keys(PHONE);
        wang.hears();
        wang.shows(&["李强 10:32 改了手机", "<手机"]);
        // A message fades; this does not, as long as nobody works in the archive.
        wang.wait(60);
        wang.shows(&["李强 10:32 改了手机"]);
        wang.keys("<Enter>");
        wang.hides(&["李强 10:32", "<手机"]);
        // The next one shows again, and the key right after it does not take it away unread.
        li.keys("<Enter>河口镇1号<F8>");
        li.keys("<Esc><Esc><F2><Esc>zhangsh<Enter>");
        wang.hears();
        wang.keys("<Down>");
        assert!(wang.still.app.rooms.archive.news().len() <= 1);
    }
}

#[test]
fn several_changes_are_told_by_who_made_them() {
    let (mut wang, mut li) = both((160, 45));
    let mut zhao = wang.colleague("zhaohang", 6, 10, 40);
    li.keys(PHONE);
    wang.hears();
    zhao.keys("zhangsh<Enter>c11<Enter>");
    wang.hears();
    wang.shows(&["赵行 10:40 改了联络；李强 10:32 改了手机"]);
    wang.keys("<F2>hefen<Enter>");
    wang.hides(&["李强 10:32"]);
}

#[test]
fn a_change_of_another_field_is_merged_under_what_is_being_typed() {
    let (mut wang, mut li) = both((160, 45));
    wang.keys("<Enter>张大");
    let cursor = wang.draw().1;
    li.keys(PHONE);
    wang.hears();
    wang.shows(&["张大", "李强 刚改了 张山河 的手机 (已并入)"]);
    assert_eq!(wang.draw().1, cursor);
    wang.keys("河<F8>");
    let stored = wang.stored("6000000001").customer;
    assert_eq!((stored.name.as_str(), stored.phone.as_str()), ("张大河", "13800000000"));
}

#[test]
fn a_save_says_what_it_was_merged_with() {
    let (mut wang, mut li) = both((160, 45));
    wang.keys("<Enter>张大河<Enter>");
    li.keys(PHONE);
    // This desk has not heard of it when it saves.
    wang.keys("<F8>");
    assert_eq!(wang.said(), "已保存 张山河：姓名；李强 改的手机已并入".replace("张山河", "张大河"));
    wang.shows(&["李强 10:32 改了手机"]);
}

#[test]
fn who_is_editing_where_stands_in_the_pane_in_both_languages_and_widths() {
    for size in [(160, 45), (80, 24)] {
        let (mut wang, _) = both(size);
        let li = staff(&mut wang.still.file)[1].id;
        let editing = wang.still.app.rooms.archive.opened().map(|o| o.customer.id);
        let there = |editing| vec![Present { station: "3号机".into(), staff: Some(li), editing }];
        wang.event(Event::Drive(News::Present(there(None))));
        wang.hides(&["正在编辑"]);
        wang.event(Event::Drive(News::Present(there(editing))));
        wang.shows(&["李强 在 3号机 正在编辑"]);
        wang.keys("<C-e>");
        wang.shows(&["李强 at 3号机 is editing"]);
        wang.keys("<F2><Esc>hefen<Enter>");
        wang.hides(&["is editing"]);
        // More of them than there is room for are cut, and the border stays whole.
        let many = (0..9).flat_map(|_| there(wang.still.app.rooms.archive.opened().map(|o| o.customer.id))).collect();
        wang.event(Event::Drive(News::Present(many)));
        let screen = wang.screen();
        let line = screen.lines().find(|l| l.contains("is editing")).unwrap();
        assert!(line.contains("..") && line.contains('└') && line.contains('┘'), "{line}");
    }
}

#[test]
fn a_keeper_sees_customers_arrive_and_leave_and_finds_it_in_the_messages() {
    let (mut wang, mut li) = both((160, 45));
    wang.keys("<F7>");
    let mine = |desk: &Desk| desk.still.app.rooms.agenda.scopes[0];
    let before = mine(&wang);
    // 李强 gives 王敏 two of his; by the card of each.
    for name in ["hefen", "zhaosong"] {
        li.keys("<F2><Esc>").keys(name).keys("<Enter>k王敏<Enter>轮岗<Enter>");
    }
    wang.hears();
    assert!(wang.log().contains("何芬 等 2 户 转给了您（李强）"), "{}", wang.log());
    assert_eq!(wang.said(), "何芬 等 2 户 转给了您（李强）");
    assert!(mine(&wang) >= before);
    wang.keys("<F6>");
    wang.shows(&["何芬", "赵松"]);
    let row = |desk: &Desk, name: &str| {
        let index = desk.still.app.rooms.shared.index.as_ref().unwrap();
        let scope = guitai::index::Scope { limit: 9, ..guitai::index::Scope::on(crate::desk::today()) };
        index.search(name, &scope).list.into_iter().next().unwrap().row
    };
    let me = wang.still.app.rooms.shared.me;
    assert_eq!(row(&wang, "何芬").owner, me);
    // And the manager takes one away again: a teller may not.
    let mut zhao = wang.colleague("zhaohang", 7, 9, 20);
    zhao.hears();
    zhao.keys("<F2><Esc>hefen<Enter>k李强<Enter>回去<Enter>");
    wang.hears();
    assert_eq!(wang.said(), "何芬 已从您名下转给 李强（赵行）");
    // What one gave away oneself is no news.
    wang.keys("<F2><Esc>zhaosong<Enter>k李强<Enter>不熟<Enter>");
    let said = wang.log();
    wang.hears();
    assert_eq!(wang.log(), said);
    li.hears();
    assert!(li.log().contains("赵松 转给了您（王敏）"), "{}", li.log());
}
