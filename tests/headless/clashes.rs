//! Two desks on one file, both orders: the same field, part, keeper, hold, line of the queue; archives that are gone; saves made
//! earlier that collide when their turn comes.

use crate::desk::{Desk, Given, op, staff, today};
use guitai::app::clashes;
use guitai::app::event::{Effect, Event};
use guitai::app::layers::Layer;
use guitai::app::layers::clash::Clashing;
use guitai::domain::field::Edit;
use guitai::store::customers::{self, Clash};
use guitai::store::request::{Ask, Failure, Stamp};

fn branch() -> [Given<'static>; 3] {
    [
        Given {
            no: "6000000001",
            fields: &[
                ("name", "张山河"),
                ("phone", "18985210027"),
                ("address", "贵州省遵义市道真县玉溪镇解放路128号"),
                ("birth", "1972-11-21"),
                ("owner", "wangmin"),
            ],
            aum: Some(310_200),
        },
        Given { no: "6000000002", fields: &[("name", "何芬"), ("owner", "wangmin")], aum: Some(491_000) },
        Given { no: "6000000003", fields: &[("name", "赵松"), ("owner", "wangmin")], aum: Some(127_000) },
    ]
}

const ZHANG: &str = "6000000001";

/// 王敏 and 李强 (10:32), both with 张山河 open.
fn both() -> (Desk, Desk) {
    both_of((160, 45))
}

fn both_of(size: (u16, u16)) -> (Desk, Desk) {
    let mut wang = Desk::with(size, &branch());
    wang.keys("zhangsh<Enter>");
    let mut li = wang.colleague("liqiang", 5, 10, 32);
    li.keys("zhangsh<Enter>");
    (wang, li)
}

/// From the card into the phone field, with this number.
fn phone(desk: &mut Desk, number: &str) {
    desk.keys("<Enter><Tab><Tab><Tab><Tab><Tab><Tab><Tab>").keys(number);
}

fn clashing(desk: &Desk) -> bool {
    matches!(desk.still.app.rooms.layers.last(), Some(Layer::Clash(_)))
}

fn kept(desk: &Desk) -> String {
    let kept = desk.still.effects.iter().rev().find_map(|e| match e {
        Effect::KeepDrafts(text) => Some(text.clone()),
        _ => None,
    });
    kept.unwrap_or_default()
}

#[test]
fn the_layer_says_for_each_field_who_changed_it_and_when_and_each_is_decided_by_itself() {
    for size in [(160, 45), (80, 24)] {
        let (mut wang, mut li) = both_of(size);
        let mut zhao = wang.colleague("zhaohang", 6, 10, 40);
        zhao.keys("zhangsh<Enter>");
        wang.keys("<Enter>张大河<Tab><Tab><Tab><Tab><Tab><Tab><Tab>13900000001<Enter>");
        li.keys("<Enter>张三河<F8>");
        phone(&mut zhao, "13800000002<F8>");
        wang.keys("<F8>");
        wang.shows(&[
            "先保存的是 李强、赵行",
            "张三河",
            "李强 10:32",
            "赵行 10:40",
            "138****0002",
            "139****0001",
            "张大河",
        ]);
        // The name stays theirs, the phone becomes mine.
        wang.keys(" <Enter>");
        assert!(!clashing(&wang));
        let stored = wang.stored(ZHANG).customer;
        assert_eq!((stored.name.as_str(), stored.phone.as_str()), ("张三河", "13900000001"));
        wang.hides(&["已改"]);
    }
}

#[test]
fn esc_keeps_the_form_as_it_was_typed_and_the_next_save_asks_again() {
    let (mut wang, mut li) = both();
    wang.keys("<Enter>张大河<Enter>");
    li.keys("<Enter>张三河<F8>");
    wang.keys("<F8><Esc>");
    wang.shows(&["张大河", "已改 1 项"]);
    wang.keys("<F8>");
    assert!(clashing(&wang));
    wang.shows(&["张山河", "张三河", "张大河"]);
    wang.keys("2<Enter>");
    assert_eq!(wang.stored(ZHANG).customer.name, "张三河");
    wang.hides(&["已改", "张大河"]);
}

#[test]
fn a_third_save_while_one_decides_is_seen_and_not_written_over_unseen() {
    // Heard of before deciding.
    let (mut wang, mut li) = both();
    wang.keys("<Enter>张大河<Enter>");
    li.keys("<Enter>张三河<F8>");
    wang.keys("<F8>");
    li.wait(600).keys("<Esc><Enter><C-u>张四河<F8>");
    assert_eq!(li.stored(ZHANG).customer.name, "张四河");
    wang.hears();
    wang.shows(&["张四河", "李强 10:42"]);
    wang.keys("<Enter>");
    assert_eq!(wang.stored(ZHANG).customer.name, "张大河");
    // Not heard of: it collides once more.
    let (mut wang, mut li) = both();
    wang.keys("<Enter>张大河<Enter>");
    li.keys("<Enter>张三河<F8>");
    wang.keys("<F8>");
    li.keys("<Esc><Enter><C-u>张四河<F8>");
    assert_eq!(li.stored(ZHANG).customer.name, "张四河");
    wang.keys("<Enter>");
    assert!(clashing(&wang));
    wang.shows(&["张四河", "张大河"]);
    wang.keys("1<Enter>");
    assert_eq!(wang.stored(ZHANG).customer.name, "张大河");
}

#[test]
fn that_a_colleague_changed_the_field_being_typed_is_said_once() {
    let (mut wang, mut li) = both();
    wang.keys("<Enter>张大河<Enter>");
    li.keys("<Enter>张三河<F8>");
    wang.hears();
    assert!(wang.said().contains("同事刚改了您正在填的「姓名」"), "{}", wang.said());
    phone(&mut li, "");
    li.keys("<Esc>c11<Enter>");
    wang.hears();
    assert_eq!(wang.log().matches("同事刚改了").count(), 1, "{}", wang.log());
    wang.keys("<F8>");
    assert!(clashing(&wang));
}

#[test]
fn leaving_while_a_clash_is_open_keeps_what_was_typed() {
    let (mut wang, mut li) = both();
    wang.keys("<Enter>张大河<Enter>");
    li.keys("<Enter>张三河<F8>");
    wang.keys("<F8><C-q>");
    wang.shows(&["退出吗"]);
    wang.keys("1");
    let drafts = kept(&wang);
    assert!(drafts.contains("张大河"), "{drafts}");
    // The next sitting takes it up, and it still collides.
    let Desk { still, folder } = wang;
    let mut again = Desk::at(still.file, folder, (160, 45), "wangmin");
    again.event(Event::Drafts(drafts));
    again.keys("<C-t><Enter>");
    assert!(again.said().contains("同事刚改了您正在填的「姓名」"), "{}", again.said());
    again.keys("<F8>");
    again.shows(&["张山河", "张三河", "张大河", "李强 10:32"]);
}

#[test]
fn a_parked_form_taken_up_again_never_passes_over_what_was_saved_meanwhile() {
    let (mut wang, mut li) = both();
    wang.keys("<Enter>张大河<Enter><F2>hefen<Enter>");
    li.keys("<Enter>张三河<F8>");
    wang.hears();
    wang.keys("<C-t><Enter><F8>");
    assert!(clashing(&wang), "{}", wang.screen());
    wang.shows(&["张山河", "张三河", "张大河"]);
    // What nobody else touched is taken up and saved without a question.
    let (mut wang, mut li) = both();
    wang.keys("<Enter>张大河<Enter><F2>hefen<Enter>");
    phone(&mut li, "13800000002<F8>");
    wang.hears();
    wang.keys("<C-t><Enter><F8>");
    let stored = wang.stored(ZHANG).customer;
    assert_eq!((stored.name.as_str(), stored.phone.as_str()), ("张大河", "13800000002"));
}

/// A daughter on both screens.
fn with_daughter() -> (Desk, Desk) {
    let (mut wang, mut li) = both();
    wang.keys("9a1女儿<Enter>张月<Enter><F8>");
    li.keys("<F2><Esc>zhangsh<Enter>9");
    li.shows(&["张月"]);
    (wang, li)
}

#[test]
fn a_part_that_both_changed_merges_field_by_field_or_is_decided() {
    let (mut wang, mut li) = with_daughter();
    wang.keys("<Enter><Tab>");
    li.keys("<Enter><Tab><Tab><Tab><Tab><Tab>贵州大学<F8>");
    wang.keys("<C-u>张悦<F8>");
    wang.shows(&["张悦", "贵州大学"]);
    assert!(wang.still.app.rooms.layers.is_empty());
    // The same field: both texts, who and when.
    wang.keys("<Enter><Tab><C-u>张玥<Enter>");
    li.keys("<F5>").keys("<Enter><Tab><C-u>张越<F8>");
    wang.keys("<F8>");
    wang.shows(&["先保存的是 李强", "姓名", "张悦", "张越", "张玥", "李强 10:32"]);
    // Esc leaves the sheet with what was typed.
    wang.keys("<Esc>");
    wang.shows(&["家庭成员", "张玥"]);
    wang.keys("<F8><Enter>");
    assert!(wang.still.app.rooms.layers.is_empty(), "{}", wang.screen());
    assert_eq!(wang.stored(ZHANG).parts[0].part.name(), "张玥");
    // Theirs: the sheet is done with, too.
    wang.keys("<Enter><Tab><C-u>张月<Enter>");
    li.keys("<F5><Enter><Tab><C-u>张越<F8>");
    wang.keys("<F8>2<Enter>");
    assert!(wang.still.app.rooms.layers.is_empty());
    wang.shows(&["张越"]);
    assert_eq!(wang.stored(ZHANG).parts[0].part.name(), "张越");
}

#[test]
fn a_part_removed_by_one_and_changed_by_the_other_is_decided_both_ways() {
    // Removed there, changed here: mine brings it back.
    let (mut wang, mut li) = with_daughter();
    wang.keys("<Enter><Tab><C-u>张悦<Enter>");
    li.keys("<Delete>1");
    assert!(li.stored(ZHANG).parts.is_empty());
    wang.keys("<F8>");
    wang.shows(&["家庭成员", "张月", "(删除)", "张悦", "李强 10:32"]);
    wang.keys("<Enter>");
    assert_eq!(wang.stored(ZHANG).parts[0].part.name(), "张悦");
    // Changed there, removed here: theirs stays, or goes when meant.
    for (choice, left) in [("2", 1), ("1", 0)] {
        let (mut wang, mut li) = with_daughter();
        li.keys("<Enter><Tab><C-u>张越<F8>");
        wang.keys("<Delete>1");
        wang.shows(&["张月", "张越", "(删除)"]);
        wang.keys(choice).keys("<Enter>");
        assert_eq!(wang.stored(ZHANG).parts.len(), left);
    }
}

#[test]
fn a_keeper_moved_twice_is_decided_with_who_moved_them_and_when() {
    let owner = |desk: &mut Desk, code: &str| {
        let people = staff(&mut desk.still.file);
        let owner = desk.stored(ZHANG).customer.owner;
        people.iter().any(|s| s.code == code && Some(s.id) == owner)
    };
    for (choice, keeper) in [("1", "zhaohang"), ("2", "liqiang")] {
        let (mut wang, mut li) = both();
        wang.keys("k赵行<Enter>");
        li.keys("k李强<Enter>就近<Enter>");
        assert!(owner(&mut li, "liqiang"));
        wang.keys("轮岗<Enter>");
        wang.shows(&["先保存的是 李强", "张山河", "王敏", "李强", "赵行", "李强 10:32"]);
        assert!(owner(&mut wang, "liqiang"));
        wang.keys(choice).keys("<Enter>");
        assert!(owner(&mut wang, keeper), "{choice}");
        assert!(wang.still.app.rooms.layers.is_empty(), "{}", wang.screen());
    }
    // Both meant the same: nothing to decide.
    let (mut wang, mut li) = both();
    wang.keys("k赵行<Enter>");
    li.keys("k赵行<Enter>就近<Enter>");
    wang.keys("轮岗<Enter>");
    assert!(!clashing(&wang));
    // One that was heard of before the sheet was opened is moved on without a question.
    wang.hears();
    wang.keys("k李强<Enter>再换<Enter>");
    assert!(!clashing(&wang) && owner(&mut wang, "liqiang"));
}

#[test]
fn of_many_given_away_only_those_moved_meanwhile_are_asked_about() {
    let (mut wang, mut li) = both();
    wang.keys("<F6><Home>");
    let ids: Vec<_> = ["6000000001", "6000000002", "6000000003"].map(|no| wang.stored(no).customer.id).into();
    let people = staff(&mut wang.still.file);
    let (li_id, zhao_id) = (people[1].id, people[2].id);
    let seen = wang.still.app.rooms.shared.seq;
    li.keys("k李强<Enter>就近<Enter>");
    let me = people[0].id;
    let stamp = Stamp::new(me, crate::desk::now(), today());
    let ask = |ids: &[_], n| {
        let (ids, reason, stamp) = (ids.to_vec(), "轮岗".to_owned(), stamp.clone());
        Ask::Customers(customers::Ask::Keeper { op: op(n), ids, owner: Some(zhao_id), seen, reason, stamp })
    };
    match wang.still.file.answer(&ask(&ids, 501)) {
        guitai::store::request::Answer::Customers(customers::Answer::Clash { fields, ask, .. }) => {
            assert_eq!(fields.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["张山河"]);
            clashes::bring(&mut wang.still.app.rooms, Clashing::new(*ask, fields));
        }
        other => panic!("{other:?}"),
    }
    // Nothing was saved yet: all or none.
    assert_eq!(wang.stored("6000000002").customer.owner, Some(me));
    wang.wait(10);
    wang.shows(&["换责任人", "张山河", "李强 10:32"]);
    wang.keys("2<Enter>");
    assert_eq!(wang.stored(ZHANG).customer.owner, Some(li_id));
    for no in ["6000000002", "6000000003"] {
        assert_eq!(wang.stored(no).customer.owner, Some(zhao_id));
    }
}

#[test]
fn a_tier_held_twice_is_decided() {
    for (choice, tier) in [("1", "vip"), ("2", "big")] {
        let (mut wang, mut li) = both();
        wang.keys("<C-p>人工定级<Enter>贵宾<Enter><Tab>大额在途");
        li.keys("<C-p>人工定级<Enter>大客户<Enter><Tab>重点<F8>");
        assert_eq!(li.stored(ZHANG).standing.tier.map(|t| t.code()), Some("big"), "{}", li.screen());
        wang.keys("<F8>");
        wang.shows(&["人工定级", "(空)", "李强 10:32", "大客户", "贵宾"]);
        wang.keys(choice).keys("<Enter>");
        assert_eq!(wang.stored(ZHANG).standing.tier.map(|t| t.code()), Some(tier));
    }
}

/// 王敏 and 李强 in the queue of the branch, the cursor on 张山河's birthday of today.
fn queues() -> (Desk, Desk) {
    let (mut wang, mut li) = both();
    for desk in [&mut wang, &mut li] {
        desk.keys("<F7>");
        while desk.still.app.rooms.agenda.scope != guitai::domain::agenda::Scope::Branch {
            desk.keys("<Right>");
        }
        desk.keys("<Home>");
        for _ in 0..20 {
            let item = desk.still.app.rooms.agenda.current().expect("a line");
            if item.source.code() == "birthday" {
                break;
            }
            desk.keys("<Down>");
        }
        let item = desk.still.app.rooms.agenda.current().unwrap();
        assert_eq!((item.source.code(), item.who.as_ref().map(|w| w.name.as_str())), ("birthday", Some("张山河")));
    }
    (wang, li)
}

#[test]
fn a_line_done_by_a_colleague_first_is_said_and_nothing_is_written_twice() {
    for (theirs, said) in [
        ("d", "已办"),
        ("s<Down>出差<F8>", "推迟到"),
        ("h赵行<Enter>顺路<Enter>", "转给 赵行"),
        ("<Delete>免了<Enter>", "取消"),
    ] {
        let (mut wang, mut li) = queues();
        li.keys(theirs);
        let changes = wang.stored(ZHANG).changes.len();
        wang.keys("d");
        assert!(wang.said().starts_with("李强 10:32 已处理这一条："), "{theirs}: {}", wang.said());
        assert!(wang.said().contains(said), "{}", wang.said());
        assert_eq!(wang.stored(ZHANG).changes.len(), changes, "{theirs}");
        assert_eq!(wang.still.app.rooms.agenda.counts().done_today, 0);
        // It can be taken back only by who did it.
        wang.keys("u");
        assert!(wang.said().contains("没有可取回的"), "{}", wang.said());
    }
}

#[test]
fn a_reason_typed_for_a_line_that_a_colleague_did_first_is_kept_and_may_become_a_remark() {
    let (mut wang, mut li) = queues();
    wang.keys("<Delete>客户说不用上门");
    li.keys("d");
    wang.keys("<Enter>");
    wang.shows(&["请确认", "李强 10:32", "客户说不用上门"]);
    wang.keys("0");
    // No: the sheet is still there with the text.
    wang.shows(&["客户说不用上门"]);
    wang.keys("<F8>1");
    assert!(wang.still.app.rooms.layers.is_empty(), "{}", wang.screen());
    let stored = wang.stored(ZHANG);
    assert_eq!(stored.parts[0].part.name(), "客户说不用上门");
    assert_eq!(stored.changes.iter().filter(|c| c.entity.code() == "mark").count(), 1);
}

#[test]
fn a_line_put_off_by_a_colleague_can_be_dealt_with_all_the_same_once_one_knows() {
    let (mut wang, mut li) = queues();
    wang.keys("<Delete>客户说免了");
    li.keys("s<Down>出差<F8>");
    wang.keys("<Enter>0<F8>");
    assert!(wang.still.app.rooms.layers.is_empty(), "{}", wang.screen());
    let stored = wang.stored(ZHANG);
    assert_eq!(stored.changes[0].after("mark"), Some("cancelled"));
}

#[test]
fn a_second_contact_of_the_day_is_kept_and_says_that_a_colleague_had_one_too() {
    let (mut wang, mut li) = queues();
    li.keys("c11问好<Enter>");
    wang.keys("c12打了两次<Enter>");
    assert!(wang.said().contains("李强 10:32 也联络过（电话接通），两条都在"), "{}", wang.said());
    let stored = wang.stored(ZHANG);
    let mut notes: Vec<&str> = stored.contacts.iter().map(|c| c.note.as_str()).collect();
    notes.sort_unstable();
    assert_eq!(notes, ["打了两次", "问好"]);
    // The line is done once, and it is 李强 who did it.
    let li_id = staff(&mut wang.still.file)[1].id;
    assert_eq!(stored.contacts.iter().find(|c| c.note == "问好").unwrap().by, li_id);
}

#[test]
fn a_task_that_comes_again_is_done_once_a_day_by_two_desks() {
    let mut wang = Desk::with((160, 45), &branch());
    wang.keys("<F7>a送报表<Enter><Enter>每周<F8>");
    let task = |desk: &mut Desk| {
        desk.keys("<F7><Home>");
        for _ in 0..20 {
            if desk.still.app.rooms.agenda.current().is_some_and(|i| i.source.code() == "own") {
                return;
            }
            desk.keys("<Down>");
        }
        panic!("no own task on\n{}", desk.screen());
    };
    let mut again = wang.colleague("wangmin", 5, 10, 32);
    task(&mut wang);
    task(&mut again);
    again.keys("d");
    assert!(again.said().starts_with("已完成"), "{}", again.said());
    wang.keys("d");
    assert!(wang.said().starts_with("王敏 10:32 已处理这一条：已办"), "{}", wang.said());
    let (wang_id, until) = (staff(&mut wang.still.file)[0].id, today() + chrono::Days::new(20));
    let ask = guitai::store::agenda::Ask::Load {
        scope: guitai::domain::agenda::Scope::Mine,
        staff: wang_id,
        today: today(),
        until,
    };
    let guitai::store::request::Answer::Agenda(guitai::store::agenda::Answer::Lines { items, .. }) =
        wang.still.file.answer(&Ask::Agenda(ask))
    else {
        panic!("no lines")
    };
    let dues: Vec<_> = items.iter().filter(|i| i.source.code() == "own").map(|i| i.due).collect();
    assert_eq!(dues, [today() + chrono::Days::new(7)]);
}

/// Takes an archive out of the file, as erasing or merging one would.
fn erase(desk: &Desk, no: &str) {
    let conn = rusqlite::Connection::open(desk.still.file.path()).unwrap();
    conn.pragma_update(None, "foreign_keys", false).unwrap();
    let id: i64 = conn.query_row("SELECT id FROM customer WHERE no = ?", [no], |r| r.get(0)).unwrap();
    for table in ["figures", "part", "occasion", "contact", "sound"] {
        conn.execute(&format!("DELETE FROM {table} WHERE customer = ?"), [id]).unwrap();
    }
    conn.execute("DELETE FROM customer WHERE id = ?", [id]).unwrap();
    conn.execute(
        "INSERT INTO change SELECT max(seq) + 1, '2026-11-21T10:32:00', 2, '5号机', 'customer', ?1, ?1, '{}', '{}', '', NULL, NULL,
         x'00', x'00' FROM change",
        [id],
    )
    .unwrap();
}

#[test]
fn an_archive_gone_meanwhile_leaves_the_form_as_the_draft_of_a_new_one() {
    // Told by the feed, or by the save.
    for heard in [true, false] {
        let (mut wang, _) = both();
        phone(&mut wang, "13900000001<Enter>");
        erase(&wang, ZHANG);
        if heard {
            wang.hears();
        } else {
            wang.keys("<F8>");
        }
        assert!(wang.log().contains("张山河 的档案已不在了"), "{}", wang.log());
        assert!(wang.said().contains("Ctrl+T"), "{}", wang.said());
        wang.hides(&["张先生"]);
        wang.event(Event::Tick(crate::desk::now()));
        assert!(kept(&wang).contains("13900000001"));
        wang.keys("<C-t><Enter>");
        wang.shows(&["新客户", "张山河", "13900000001"]);
        wang.keys("<F8>");
        assert!(wang.said().contains("已建档 张山河"), "{}", wang.said());
        let opened = wang.still.app.rooms.archive.opened().unwrap().customer.clone();
        assert_eq!((opened.name.as_str(), opened.phone.as_str()), ("张山河", "13900000001"));
    }
}

#[test]
fn a_parked_form_of_an_archive_gone_meanwhile_becomes_a_new_one_too() {
    let (mut wang, _) = both();
    phone(&mut wang, "13900000001<Enter>");
    wang.keys("<F2>hefen<Enter>");
    erase(&wang, ZHANG);
    wang.keys("<C-t><Enter>");
    assert!(wang.said().contains("已不在了"), "{}", wang.said());
    wang.keys("<C-t><Enter>");
    wang.shows(&["新客户", "张山河", "13900000001"]);
}

/// A save of 王敏's from earlier, colliding now.
fn earlier(desk: &mut Desk, no: &str, mine: &str, n: i64) -> Clashing {
    let me = staff(&mut desk.still.file)[0].id;
    earlier_of(desk, no, mine, n, me)
}

fn earlier_of(desk: &mut Desk, no: &str, mine: &str, n: i64, by: guitai::domain::ids::StaffId) -> Clashing {
    let now = desk.stored(no).customer;
    let stamp = Stamp::new(by, crate::desk::now(), today());
    let edits = vec![
        Edit { field: "phone".into(), before: "13700000000".into(), after: mine.into() },
        Edit { field: "area".into(), before: String::new(), after: "河口镇".into() },
    ];
    let ask = customers::Ask::Save { op: op(n), id: now.id, base_rev: 0, edits, reason: String::new(), stamp };
    match desk.still.file.answer(&Ask::Customers(ask)) {
        guitai::store::request::Answer::Customers(customers::Answer::Clash { fields, ask, .. }) => {
            Clashing::new(*ask, fields)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn clashes_of_earlier_saves_come_one_after_the_other_when_nobody_types() {
    let (mut wang, mut li) = both();
    phone(&mut li, "13800000002<F8>");
    li.keys("<F2><Esc>hefen<Enter>");
    phone(&mut li, "13800000003<F8>");
    wang.keys("<F2><Esc>zhaosong<Enter><F7>");
    for (n, (no, mine)) in [(ZHANG, "13900000001"), ("6000000002", "13900000004")].into_iter().enumerate() {
        let clash = earlier(&mut wang, no, mine, 700 + i64::try_from(n).unwrap());
        clashes::bring(&mut wang.still.app.rooms, clash);
    }
    assert!(wang.said().contains("李强 先改了 何芬 的手机"), "{}", wang.said());
    // Not while one types.
    wang.keys("<F2>").wait(1);
    assert!(!clashing(&wang));
    wang.wait(1);
    assert!(!clashing(&wang));
    wang.wait(5);
    wang.shows(&["张山河：先保存的是 李强", "137****0000", "138****0002", "139****0001", "+1"]);
    wang.keys("<Enter>");
    wang.shows(&["何芬：先保存的是 李强", "139****0004"]);
    // Esc keeps mine as a draft of that customer.
    wang.keys("<Esc>");
    assert!(wang.still.app.rooms.layers.is_empty());
    let stored = wang.stored(ZHANG).customer;
    assert_eq!((stored.phone.as_str(), stored.area.as_str()), ("13900000001", "河口镇"));
    assert_eq!(wang.stored("6000000002").customer.phone, "13800000003");
    wang.keys("<C-t><Enter>");
    wang.shows(&["何芬", "139****0004", "已改 2 项"]);
    wang.keys("<F8>");
    assert!(clashing(&wang));
    wang.keys("<Enter>");
    assert_eq!(wang.stored("6000000002").customer.phone, "13900000004");
}

#[test]
fn a_clash_that_waits_survives_the_program() {
    let (mut wang, mut li) = both();
    phone(&mut li, "13800000002<F8>");
    wang.keys("<F2><Esc>zhaosong<Enter>");
    let clash = earlier(&mut wang, ZHANG, "13900000001", 700);
    clashes::bring(&mut wang.still.app.rooms, clash);
    wang.wait(1);
    assert!(kept(&wang).contains("13900000001"), "{}", kept(&wang));
}

#[test]
fn what_somebody_else_saved_here_is_kept_for_them() {
    let (mut wang, mut li) = both();
    phone(&mut li, "13800000002<F8>");
    let zhao = staff(&mut wang.still.file)[2].id;
    let clash = earlier_of(&mut wang, ZHANG, "13900000001", 700, zhao);
    clashes::bring(&mut wang.still.app.rooms, clash);
    wang.wait(10);
    assert!(!clashing(&wang));
    assert_eq!(wang.still.app.rooms.archive.parked_by(Some(zhao)), 1);
    assert_eq!(wang.still.app.rooms.archive.parked_by(wang.still.app.rooms.shared.me), 0);
}

#[test]
fn an_earlier_save_that_is_refused_leaves_its_text_behind() {
    let (mut wang, _) = both();
    let me = staff(&mut wang.still.file)[0].id;
    let id = wang.stored("6000000002").customer.id;
    let stamp = Stamp::new(me, crate::desk::now(), today());
    let edits = vec![Edit { field: "address".into(), before: String::new(), after: "新城路9号".into() }];
    let (reason, op_) = (String::new(), op(801));
    let save = customers::Ask::Save { op: op_, id, base_rev: 1, edits, reason, stamp: stamp.clone() };
    let complaint = guitai::domain::text::Complaint::new("不行", "no");
    clashes::refused(&mut wang.still.app.rooms, &Ask::Customers(save), &Failure::Refused(complaint.clone()));
    assert_eq!(wang.still.app.rooms.archive.parked_by(Some(me)), 1);
    let log = guitai::store::contacts::Ask::Log {
        op: op(802),
        customer: id,
        channel: guitai::domain::contact::Channel::Phone,
        outcome: guitai::domain::contact::Outcome::Reached,
        note: "女儿考上大学".into(),
        next: None,
        task: None,
        stamp,
    };
    clashes::refused(&mut wang.still.app.rooms, &Ask::Contacts(log), &Failure::Refused(complaint));
    assert!(wang.log().contains("何芬  女儿考上大学"), "{}", wang.log());
}

#[test]
fn what_is_being_typed_stays_when_the_answer_to_something_else_comes() {
    let (mut wang, _) = both();
    wang.keys("c11问大额存单");
    let answer = |desk: &mut Desk| {
        let opened = desk.stored(ZHANG);
        let index = desk.still.app.rooms.shared.index.as_ref().unwrap();
        let row = index.row(opened.customer.id).unwrap();
        guitai::store::request::Answer::Contacts(guitai::store::contacts::Answer::Logged {
            contact: guitai::domain::ids::ContactId(1),
            customer: opened.customer.id,
            also: None,
            next: None,
            row: Box::new(row),
            seq: 1,
        })
    };
    let late = answer(&mut wang);
    let rooms = &mut wang.still.app.rooms;
    rooms.out.write(Ask::Board(guitai::store::board::Ask::Load));
    let ticket = rooms.out.waiting.values().max().copied().unwrap();
    rooms.out.effects.clear();
    wang.event(Event::Answer(ticket, late));
    wang.shows(&["问大额存单"]);
    wang.keys("<Enter>");
    assert_eq!(wang.stored(ZHANG).contacts[0].note, "问大额存单");
}

#[test]
fn a_field_changed_again_since_is_put_back_only_when_decided() {
    let (mut wang, mut li) = both();
    phone(&mut wang, "13900000001<F8>");
    wang.keys("<Esc>h");
    li.keys("<F2><Esc>zhangsh<Enter>");
    phone(&mut li, "13800000002<F8>");
    // The list on 王敏's screen still ends with her own change.
    wang.keys("<Enter>1");
    assert!(clashing(&wang), "{}", wang.screen());
    wang.shows(&["139****0001", "138****0002", "189****0027", "李强 10:32"]);
    wang.keys("2<Enter>");
    assert_eq!(wang.stored(ZHANG).customer.phone, "13800000002");
}

#[test]
fn a_clash_of_many_fields_scrolls_on_a_small_screen_and_shows_the_one_in_question_in_full() {
    let (mut wang, _) = both_of((80, 24));
    // Not the archive on screen, whose values would be read anew.
    let now = wang.stored("6000000002").customer;
    let stamp = Stamp::new(staff(&mut wang.still.file)[0].id, crate::desk::now(), today());
    let codes =
        ["name", "phone", "address", "area", "sex", "birth", "phone2", "income", "risk", "taboo", "alert", "news"];
    let clash = |code: &&str| Clash {
        customer: now.id,
        name: now.name.clone(),
        field: (*code).to_owned(),
        before: "甲".into(),
        theirs: format!("{}乙", "很长的地址".repeat(4)),
        mine: format!("{code} 丙"),
        by: None,
        at: None,
    };
    let fields: Vec<Clash> = codes.iter().map(clash).collect();
    let edits = fields.iter().map(|f| Edit { field: f.field.clone(), before: f.theirs.clone(), after: f.mine.clone() });
    let ask = customers::Ask::Save {
        op: op(900),
        id: now.id,
        base_rev: now.rev,
        edits: edits.collect(),
        reason: String::new(),
        stamp,
    };
    clashes::bring(&mut wang.still.app.rooms, Clashing::new(ask, fields));
    wang.wait(10);
    wang.shows(&["很长的地址很长的地址很长的地址很长的地址乙", "Space 换边", "name 丙"]);
    wang.keys("<End>");
    wang.shows(&["news 丙", "Space 换边"]);
    wang.hides(&["name 丙"]);
}
