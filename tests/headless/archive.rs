//! Editing in place: checks, undo, parking, parts, putting back, clashes.

use crate::desk::{Desk, Given, staff, stamp};
use guitai::app::event::Effect;
use guitai::domain::field::Edit;
use guitai::domain::ids::OpId;
use guitai::store::customers;
use guitai::store::request::{Answer, Ask};

fn branch() -> [Given<'static>; 3] {
    [
        Given {
            no: "6000000001",
            fields: &[
                ("name", "张山河"),
                ("id_no", "520325197202042450"),
                ("phone", "18985210027"),
                ("address", "贵州省遵义市道真县玉溪镇解放路128号"),
                ("owner", "wangmin"),
            ],
            aum: Some(310_200),
        },
        Given { no: "6000000002", fields: &[("name", "何芬"), ("phone", "13984906107")], aum: Some(491_000) },
        Given { no: "6000000003", fields: &[("name", "赵松"), ("birth", "1980-05-05")], aum: Some(127_000) },
    ]
}

fn desk() -> Desk {
    Desk::with((160, 45), &branch())
}

/// Opens 张山河.
fn opened() -> Desk {
    let mut desk = desk();
    desk.keys("zhangsh<Enter>");
    desk.shows(&["张先生"]);
    desk
}

#[test]
fn a_refused_text_stays_with_its_reason_and_nothing_is_saved() {
    let mut desk = opened();
    desk.keys("<Enter><Tab><Tab><Tab><Tab>");
    desk.keys("2027-01-01");
    desk.shows(&["2027-01-01", "还没到"]);
    desk.keys("<F8>");
    desk.shows(&["2027-01-01", "还没到"]);
    assert_eq!(desk.stored("6000000001").customer.rev, 1);
    // Typing on corrects it.
    desk.keys("<C-u>1972-02-05<F8>");
    assert!(desk.said().contains("生日"), "{}", desk.said());
    assert_eq!(desk.stored("6000000001").customer.birth.unwrap().to_string(), "1972-02-05");
}

#[test]
fn an_id_fills_birthday_and_sex_and_another_ones_id_is_refused_by_name() {
    let mut desk = desk();
    desk.keys("zhaosong<Enter><Enter><Tab><Tab>");
    desk.keys("52032519720204245X");
    desk.shows(&["校验"]);
    desk.keys("<C-u>520325197202042450<F8>");
    assert!(desk.said().contains("张山河"), "{}", desk.said());
    assert!(desk.stored("6000000003").customer.document.is_none());
    // The typed number is still there.
    desk.shows(&["已改"]);
    desk.keys("<Esc><F2><Esc>hefen<Enter>");
    desk.keys("<Enter><Tab><Tab>11010519491231002X<Enter><F8>");
    let hefen = desk.stored("6000000002").customer;
    assert_eq!(hefen.birth.unwrap().to_string(), "1949-12-31");
    assert_eq!(hefen.sex.unwrap().code(), "female");
}

#[test]
fn undo_takes_steps_back_and_redo_makes_them_again() {
    let mut desk = opened();
    desk.keys("<Enter>张三河<Enter>");
    desk.keys("女<Enter>");
    desk.shows(&["张三河"]);
    desk.keys("<C-z>");
    desk.keys("<C-z>");
    desk.hides(&["张三河"]);
    desk.keys("<C-y>");
    desk.shows(&["张三河"]);
    desk.keys("<F8>");
    assert_eq!(desk.stored("6000000001").customer.name, "张三河");
}

#[test]
fn the_next_customer_parks_what_was_typed_and_it_comes_back() {
    let mut desk = opened();
    desk.keys("<Enter><Tab><Tab><Tab><Tab><Tab><Tab><Tab>13800000000");
    desk.keys("<F2>hefen<Enter>");
    desk.shows(&["已挂起 张山河", "何芬"]);
    desk.keys("<C-t>");
    desk.shows(&["取回挂起的表单", "张山河"]);
    desk.keys("<Enter>");
    desk.shows(&["已取回 张山河", "张先生", "已改 1 项"]);
    desk.keys("<F8>");
    assert_eq!(desk.stored("6000000001").customer.phone, "13800000000");
}

#[test]
fn drafts_survive_a_crash() {
    let mut desk = opened();
    desk.keys("<Enter><Tab><Tab><Tab><Tab><Tab><Tab><Tab>13900001111");
    desk.event(guitai::app::event::Event::Tick(crate::desk::now()));
    let kept = desk
        .still
        .effects
        .iter()
        .rev()
        .find_map(|e| match e {
            Effect::KeepDrafts(text) => Some(text.clone()),
            _ => None,
        })
        .expect("drafts are kept within a tick");
    assert!(kept.contains("13900001111"));
    // The process dies here; the next one finds the text on the disk.
    let Desk { still, folder } = desk;
    let mut again = Desk::at(still.file, folder, (160, 45), "wangmin");
    again.event(guitai::app::event::Event::Drafts(kept));
    again.shows(&["找回 1 张"]);
    again.keys("<C-t><Enter>");
    again.shows(&["张先生", "已改 1 项"]);
    again.keys("<F8>");
    assert_eq!(again.stored("6000000001").customer.phone, "13900001111");
}

#[test]
fn esc_asks_only_when_something_would_be_lost() {
    let mut desk = opened();
    desk.keys("<Enter><Esc><Esc>");
    desk.hides(&["请确认"]);
    desk.keys("<F3><Enter>张大河<Esc>");
    desk.hides(&["请确认"]);
    desk.keys("<Esc>");
    desk.shows(&["请确认", "张山河 有 1 项修改"]);
    desk.keys("<Enter>");
    desk.shows(&["张大河"]);
    desk.keys("<Esc>1");
    desk.hides(&["张大河"]);
}

#[test]
fn a_quick_new_customer_warns_of_those_known_and_refuses_a_second_archive() {
    let mut desk = desk();
    desk.keys("<C-n>张小河<Enter>520325197202042450<Enter>");
    desk.shows(&["证件号相同", "张山河"]);
    desk.keys("<F8>");
    assert!(desk.said().contains("已属 张山河"), "{}", desk.said());
    desk.keys("<Up><C-u><Enter>18985210027<Enter>");
    desk.shows(&["手机相同"]);
    desk.keys("<F8>");
    desk.shows(&["仍要新建"]);
    desk.keys("1");
    desk.shows(&["已建档 张小河", "张小河"]);
    desk.keys("<F2><Esc>zxh");
    desk.shows(&["张小河"]);
}

#[test]
fn family_members_are_added_changed_and_removed() {
    let mut desk = opened();
    desk.keys("9a1女儿<Enter>张月<Enter>2008-06-01<Enter>");
    desk.keys("<F8>");
    desk.shows(&["张月", "2008-06-01"]);
    desk.keys("<Enter><Tab><Tab><Tab><Tab><Tab>贵州大学<F8>");
    desk.shows(&["贵州大学"]);
    desk.keys("<Delete>");
    desk.shows(&["请确认"]);
    desk.keys("1");
    desk.hides(&["贵州大学"]);
    assert!(desk.stored("6000000001").parts.is_empty());
}

#[test]
fn a_changed_field_can_be_put_back() {
    let mut desk = opened();
    desk.keys("<Enter>张大河<Enter><F8><Esc>h");
    desk.shows(&["张山河 > 张大河"]);
    desk.keys("<Enter>1");
    assert_eq!(desk.stored("6000000001").customer.name, "张山河");
    desk.shows(&["张大河 > 张山河"]);
}

fn save_elsewhere(desk: &mut Desk, field: &str, after: &str) {
    let people = staff(&mut desk.still.file);
    let liqiang = people.iter().find(|s| s.code == "liqiang").unwrap().id;
    let now = desk.stored("6000000001").customer;
    let before = guitai::domain::archive::find(field).unwrap().get(&now);
    let ask = customers::Ask::Save {
        op: OpId(99),
        id: now.id,
        base_rev: now.rev,
        edits: vec![Edit { field: field.into(), before, after: after.into() }],
        reason: String::new(),
        stamp: stamp(liqiang),
    };
    let answer = desk.still.file.answer(&Ask::Customers(ask));
    assert!(matches!(answer, Answer::Customers(customers::Answer::Saved { .. })), "{answer:?}");
}

#[test]
fn a_colleagues_change_of_another_field_merges_by_itself() {
    let mut desk = opened();
    desk.keys("<Enter>张大河<Enter>");
    save_elsewhere(&mut desk, "address", "贵州省遵义市道真县河口镇1号");
    desk.keys("<F8>");
    let stored = desk.stored("6000000001").customer;
    assert_eq!((stored.name.as_str(), stored.address.as_str()), ("张大河", "贵州省遵义市道真县河口镇1号"));
}

#[test]
fn the_same_field_changed_twice_is_decided_and_nothing_typed_is_lost() {
    let mut desk = opened();
    desk.keys("<Enter>张大河<Enter>");
    save_elsewhere(&mut desk, "name", "张三河");
    desk.keys("<F8>");
    desk.shows(&["先保存的是 李强", "张山河", "张三河", "张大河"]);
    desk.keys("<Enter>");
    assert_eq!(desk.stored("6000000001").customer.name, "张大河");
}

#[test]
fn a_colleagues_change_shows_with_their_name_while_one_types() {
    let mut desk = opened();
    desk.keys("<Enter><Tab><Tab><Tab><Tab><Tab><Tab><Tab>138000");
    save_elsewhere(&mut desk, "address", "贵州省遵义市道真县河口镇1号");
    desk.event(guitai::app::event::Event::Touched);
    desk.shows(&["李强 刚改了 张山河 的地址", "138000", "河口镇***"]);
}

#[test]
fn ten_thousand_pasted_characters_are_refused_with_a_count_not_a_crash() {
    let mut desk = opened();
    desk.keys("<Enter>");
    desk.paste(&"长".repeat(10_000));
    desk.keys("<F8>");
    assert!(desk.said().contains("太长"), "{}", desk.said());
    desk.keys("<C-u>");
    desk.paste("张\u{202e}河\u{1b}[31m\0山");
    desk.keys("<F8>");
    assert_eq!(desk.stored("6000000001").customer.name, "张河山");
}

#[test]
fn lists_pick_by_f4_with_pinyin_or_digits() {
    let mut desk = opened();
    desk.keys("<Enter><Tab><F4>");
    desk.shows(&["性别", "男", "女"]);
    desk.keys("2<F8>");
    assert_eq!(desk.stored("6000000001").customer.sex.unwrap().code(), "female");
}

#[test]
fn the_card_says_what_is_too_old_to_rely_on() {
    let given = [Given {
        no: "6000000001",
        fields: &[("name", "张山河"), ("verified", "2025-11-20"), ("risk", "c2"), ("risk_on", "2025-11-21")],
        aum: Some(310_200),
    }];
    let mut desk = Desk::with((160, 45), &given);
    desk.keys("zhang<Enter>");
    desk.shows(&["该核对资料", "风险评估过期"]);
    desk.keys("v");
    desk.hides(&["该核对资料"]);
    assert_eq!(desk.stored("6000000001").customer.verified, Some(crate::desk::today()));
}

#[test]
fn a_member_of_the_family_is_linked_to_an_archive_of_their_own_and_opened_from_there() {
    let mut desk = opened();
    desk.keys("9a1配偶<Enter>何芬<Enter>");
    desk.keys("<Down><Down><Down><Down><Down><Down><F4>hef");
    desk.shows(&["何芬", "6000000002"]);
    desk.hides(&["6000000003"]);
    desk.keys("<Enter>");
    desk.shows(&["何芬"]);
    desk.keys("<F8>");
    desk.shows(&["> 何芬 6000000002"]);
    desk.keys("o");
    desk.shows(&["*6107"]);
    assert_eq!(desk.still.app.rooms.archive.opened().map(|o| o.customer.no.as_str()), Some("6000000002"));
}

#[test]
fn a_colleagues_save_while_a_field_is_still_being_typed_in_never_passes_unseen() {
    let mut desk = opened();
    // No Enter: the cursor still stands in the field when the colleague saves, and when this desk does.
    desk.keys("<Enter>张大河");
    save_elsewhere(&mut desk, "name", "张三河");
    desk.event(guitai::app::event::Event::Touched);
    assert!(desk.said().contains("同事刚改了您正在填的「姓名」"), "{}", desk.said());
    desk.keys("<F8>");
    desk.shows(&["先保存的是 李强", "张山河", "张三河", "张大河"]);
    desk.keys("1<Enter>");
    assert_eq!(desk.stored("6000000001").customer.name, "张大河");
}

#[test]
fn a_number_in_the_name_and_a_mobile_number_cut_short_are_refused_and_kept() {
    let mut desk = opened();
    desk.keys("<Enter>520325199001011234<F8>");
    assert!(desk.said().contains("姓名里像是填了号码"), "{}", desk.said());
    desk.shows(&["520325199001011234"]);
    desk.keys("<C-u>张山河<Tab><Tab><Tab><Tab><Tab><Tab><Tab>1381234<F8>");
    assert!(desk.said().contains("手机 11 位"), "{}", desk.said());
    assert_eq!(desk.stored("6000000001").customer.name, "张山河");
}

#[test]
fn a_colleagues_save_of_the_field_being_typed_is_said_and_still_decided_when_saving() {
    let mut desk = opened();
    desk.keys("<Enter>张大河<Enter>");
    save_elsewhere(&mut desk, "name", "张三河");
    // The feed brings the new value before this desk saves.
    desk.event(guitai::app::event::Event::Touched);
    assert!(desk.said().contains("同事刚改了您正在填的「姓名」"), "{}", desk.said());
    desk.shows(&["张大河"]);
    desk.keys("<F8>");
    desk.shows(&["先保存的是 李强", "张山河", "张三河", "张大河"]);
    desk.keys("2<Enter>");
    assert_eq!(desk.stored("6000000001").customer.name, "张三河");
}

#[test]
fn a_note_typed_into_a_call_is_not_thrown_away_by_one_key() {
    let mut desk = opened();
    desk.keys("c11问大额存单<Esc>");
    desk.shows(&["请确认"]);
    desk.keys("<Enter><Enter>");
    assert_eq!(desk.stored("6000000001").contacts[0].note, "问大额存单");
}

#[test]
fn what_undo_took_while_typing_redo_brings_back() {
    let mut desk = opened();
    desk.keys("<Enter>张大河<C-z>");
    desk.hides(&["张大河"]);
    desk.keys("<C-y>");
    desk.shows(&["张大河"]);
}

#[test]
fn letters_typed_on_the_card_never_replace_a_value() {
    let mut desk = opened();
    desk.keys("王小明<Enter><F8>");
    let stored = desk.stored("6000000001").customer;
    assert_eq!(stored.name, "张山河");
    desk.shows(&["王小明"]);
}

#[test]
fn another_colleague_is_not_offered_what_the_first_one_typed() {
    let mut desk = opened();
    desk.keys("<Enter>张大河<Enter><C-p>9206<Enter>liqiang<Enter>");
    desk.shows(&["李强"]);
    desk.keys("<C-t>");
    assert!(desk.said().contains("没有挂起"), "{}", desk.said());
    desk.keys("<C-p>9206<Enter>wangmin<Enter><C-t><Enter>");
    desk.shows(&["张大河"]);
}

#[test]
fn the_assets_stand_whole_on_the_card_whatever_else_has_to_give_way() {
    let given = [Given {
        no: "6000000001",
        fields: &[
            ("name", "张山河"),
            ("owner", "wangmin"),
            ("assistant", "liqiang"),
            ("area", "玉溪镇尹珍大道片区甲乙"),
        ],
        aum: Some(310_200),
    }];
    let mut desk = Desk::with((120, 30), &given);
    desk.keys("zsh<Enter><F7>");
    desk.shows(&["协管 李强", "31.0万 (11-20)"]);
}
