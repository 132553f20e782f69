//! A customer changing hands as both keepers live it, orphans given by the rules, standing in, leaving.

use crate::desk::{Desk, Given, staff, stamp, today};
use guitai::app::event::Effect;
use guitai::app::panes::agenda::rows::Row;
use guitai::domain::ids::CustomerId;
use guitai::exchange::extract::import::{Options, import};

fn branch() -> [Given<'static>; 5] {
    let given = |no, fields, yuan| Given { no, fields, aum: Some(yuan) };
    [
        given("6000000001", &[("name", "张山河"), ("phone", "18985210027"), ("owner", "liqiang")], 100_000),
        given("6000000002", &[("name", "何芬"), ("owner", "wangmin")], 491_000),
        given("6000000003", &[("name", "赵松"), ("owner", "liqiang")], 127_000),
        given("6000000004", &[("name", "陈国栋")], 960_000),
        given("6000000005", &[("name", "黄永昌")], 310_000),
    ]
}

/// The day's extract comes in: this customer has so much now, and whom the new tier sends to another keeper is proposed to them.
fn extract(desk: &mut Desk, no: &str, yuan: i64) -> CustomerId {
    let id = desk.stored(no).customer.id;
    let stamp = stamp(staff(&mut desk.still.file)[0].id);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("资产.csv");
    let day = today().format("%Y%m%d");
    let rows = format!("客户号,数据日期,活期,AUM时点,AUM月日均\n{no},{day},{yuan},{yuan},{yuan}\n");
    std::fs::write(&path, rows).unwrap();
    let options = Options { stamp, dry_run: false };
    let reports = import(&mut desk.still.file, &[path], &options, &mut |_| {}).unwrap();
    assert_eq!((reports[0].new, reports[0].rejected), (1, 0));
    id
}

/// Shows the queue with the cursor on the customer changing hands.
fn to_transfer(desk: &mut Desk) -> &mut Desk {
    desk.keys("<F7><Home>");
    for _ in 0..20 {
        if desk.still.app.rooms.agenda.current().is_some_and(|i| i.key.starts_with("hand_over")) {
            return desk;
        }
        desk.keys("<Down>");
    }
    panic!("no hand-over on\n{}", desk.screen());
}

/// How many customers changing hands stand in the queue shown.
fn waiting(desk: &Desk) -> usize {
    let agenda = &desk.still.app.rooms.agenda;
    let line = |r: &Row| match r {
        Row::Line(at) => agenda.item(*at).is_some_and(|i| i.key.starts_with("hand_over")),
        Row::Head(..) => false,
    };
    agenda.rows().iter().filter(|r| line(r)).count()
}

#[test]
fn a_customer_who_became_a_potential_one_goes_from_the_teller_to_the_account_manager() {
    for size in [(160, 45), (80, 24)] {
        let mut wang = Desk::with(size, &branch());
        let mut li = wang.colleague("liqiang", 5, 9, 10);
        let tier = |desk: &mut Desk| desk.stored("6000000001").standing.tier.unwrap().code();
        assert_eq!(tier(&mut wang), "ordinary");
        extract(&mut wang, "6000000001", 250_000);
        wang.hears();
        li.hears();
        assert_eq!(tier(&mut wang), "potential");
        // The board has moved them.
        wang.keys("<F6>");
        let lanes = &wang.still.app.rooms.board.lanes;
        let counts: Vec<usize> = lanes.iter().map(|l| l.count).collect();
        assert_eq!(counts[..5], [0, 1, 3, 1, 0], "small, ordinary, potential, VIP, big");
        // Proposed: both see it, due in two working days, not before Tuesday.
        wang.keys("<F7>");
        wang.shows(&["移交", "张山河"]);
        li.keys("<F7>");
        li.shows(&["移交", "张山河"]);
        // The giver cannot answer for the receiver.
        to_transfer(&mut li).keys("<F8>");
        li.shows(&["撤回，写理由"]);
        li.hides(&["接受，做责任人"]);
        li.keys("<Esc>");
        // Refused: a reason is needed.
        to_transfer(&mut wang);
        if size.0 < 100 {
            // The keys stand below the list where the pane has the width of the screen.
            wang.shows(&["y接受 n拒绝 F8更多"]);
        }
        wang.keys("n<Enter>");
        assert_eq!(wang.stored("6000000001").customer.owner, li.still.app.rooms.shared.me);
        wang.keys("手上已满<Enter>");
        assert_eq!(wang.said(), "已记下：拒绝移交 张山河");
        assert_eq!((waiting(&wang), wang.stored("6000000001").customer.owner), (0, li.still.app.rooms.shared.me));
        // Back at the giver with the reason; proposed again.
        li.hears();
        to_transfer(&mut li).shows(&["被拒绝", "手上已满"]);
        li.keys("<F8>");
        li.shows(&["再提出", "留下不移交"]);
        li.keys("1<F8>");
        assert_eq!(li.said(), "已记下：再提移交 张山河");
        wang.hears();
        wang.shows(&["移交", "张山河"]);
        to_transfer(&mut wang).keys("y");
        assert_eq!(wang.said(), "张山河 现由 王敏 负责");
        assert_eq!(waiting(&wang), 0);
        // Both hear of it, and the change log has it with the reason.
        li.hears();
        assert!(li.log().contains("张山河 已从您名下转给 王敏"), "{}", li.log());
        assert_eq!(waiting(&li), 0);
        let opened = wang.stored("6000000001");
        assert_eq!(opened.customer.owner, wang.still.app.rooms.shared.me);
        let change = opened.changes.iter().find(|c| c.of_field("owner")).unwrap();
        assert_eq!(change.reason, "由普通客户升为潜力客户");
        wang.keys("<F2><Esc>zhangsh<Enter>").keys("h");
        if size.0 > 100 {
            wang.shows(&["李强 > 王敏 (由普通客户升为", "接受移交", "拒绝移交 手上已满", "提出移交给 王敏"]);
        }
        // Whoever gave a customer away greets them only.
        li.keys("<F2><Esc>zhangsh<Enter>").keys("h");
        li.shows(&["张山河"]);
        li.hides(&["拒绝移交 手上已满"]);
    }
}

#[test]
fn the_card_says_where_a_customer_is_going_and_the_slip_prints_masked() {
    let mut wang = Desk::with((160, 45), &branch());
    let id = extract(&mut wang, "6000000001", 250_000);
    wang.hears();
    wang.keys("zhangsh<Enter>");
    wang.shows(&["移交 李强→王敏 待接受 到 11-24"]);
    wang.keys("<F9>9403<Enter>");
    wang.shows(&["客户转介单", "F8 存成文件打印"]);
    wang.keys("<F8>");
    let (name, text) = wang
        .still
        .effects
        .iter()
        .find_map(|e| match e {
            Effect::Print { name, text } => Some((name.clone(), text.clone())),
            _ => None,
        })
        .expect("nothing was printed");
    assert!(name.starts_with("transfer-") && name.ends_with(".txt"), "{name}");
    for part in [
        "道真支行 客户转介单",
        "张山河",
        "李强 低柜柜员",
        "王敏 客户经理",
        "2026-11-24",
        "由普通客户升为潜力客户",
        "189****0027",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    for hidden in ["18985210027", "6000000001"] {
        assert!(!text.contains(hidden), "{hidden} in\n{text}");
    }
    let widest = text.lines().map(unicode_width::UnicodeWidthStr::width).max();
    assert!(widest <= Some(80), "{widest:?}\n{text}");
    assert!(id.0 != 0);
}

#[test]
fn who_is_second_with_an_answer_is_told_and_what_they_typed_is_kept() {
    let mut wang = Desk::with((160, 45), &branch());
    let mut li = wang.colleague("liqiang", 5, 9, 10);
    extract(&mut wang, "6000000001", 250_000);
    wang.hears();
    li.hears();
    to_transfer(&mut wang).keys("n手上已满");
    // 李强 takes it back while 王敏 types.
    to_transfer(&mut li).keys("<F8>1<F8>");
    li.shows(&["请写一句理由"]);
    li.keys("客户不愿意<Enter>");
    wang.keys("<Enter>");
    wang.shows(&["李强 09:10 已处理这一条：撤回移交 客户不愿意", "留作这位客户的记事吗"]);
    wang.keys("1");
    let opened = wang.stored("6000000001");
    assert_eq!(opened.parts.len(), 1);
    assert_eq!(opened.customer.owner, li.still.app.rooms.shared.me);
}

#[test]
fn an_answer_given_while_the_drive_is_away_is_written_when_it_is_back() {
    let mut wang = Desk::with((160, 45), &branch());
    extract(&mut wang, "6000000001", 250_000);
    wang.hears();
    to_transfer(&mut wang);
    wang.still.goes_away();
    wang.keys("y");
    assert_eq!(waiting(&wang), 0, "the line is done as far as this screen knows");
    wang.shows(&["张山河"]);
    wang.still.comes_back();
    assert_eq!(wang.stored("6000000001").customer.owner, wang.still.app.rooms.shared.me);
}

#[test]
fn the_head_sees_who_has_no_keeper_and_gives_them_by_the_rules_after_a_look() {
    for size in [(160, 45), (80, 24)] {
        let mut wang = Desk::with(size, &branch());
        // Tellers have no such list.
        wang.keys("<F9>9402<Enter><Esc>");
        wang.hides(&["无人维护的客户："]);
        let mut zhao = wang.colleague("zhaohang", 6, 9, 20);
        zhao.keys("<F9>9402<Enter>");
        zhao.shows(&["无人维护的客户：2 位", "陈国栋", "黄永昌", "无责任人"]);
        // Enter opens.
        zhao.keys("<Enter>");
        assert_eq!(zhao.still.app.rooms.archive.opened().unwrap().customer.name, "陈国栋");
        zhao.keys("<F9>9402<Enter>a<F8>");
        zhao.shows(&["按规则分户", "换责任人 2 位，不动 0 位", "王敏", "F8 照此办理"]);
        assert_eq!(zhao.stored("6000000004").customer.owner, None, "a look changes nothing");
        zhao.keys("<F8>");
        zhao.shows(&["按岗位分户"]);
        zhao.keys("<F8>");
        assert_eq!(zhao.said(), "2 位客户已分好，菜单 9404 可整批恢复");
        let me = wang.still.app.rooms.shared.me;
        assert_eq!(zhao.stored("6000000004").customer.owner, me);
        assert_eq!(zhao.stored("6000000005").customer.owner, me);
        wang.hears();
        assert!(wang.log().contains("等 2 户 转给了您（赵行）"), "{}", wang.log());
        // Put back as one.
        zhao.keys("<F9>9404<Enter>");
        assert_eq!(zhao.stored("6000000004").customer.owner, None);
        assert_eq!(zhao.stored("6000000005").customer.owner, None);
    }
}

#[test]
fn the_head_gives_more_than_the_list_shows_in_one_go_and_puts_them_all_back() {
    let numbers: Vec<String> = (0..510).map(|n| (6_000_000_001_u64 + n).to_string()).collect();
    let given: Vec<Given<'_>> =
        numbers.iter().map(|no| Given { no, fields: &[("name", "陈国栋")], aum: Some(310_000) }).collect();
    let wang = Desk::with((160, 45), &given);
    let me = wang.still.app.rooms.shared.me;
    let mut zhao = wang.colleague("zhaohang", 6, 9, 20);
    zhao.keys("<F9>9402<Enter>");
    zhao.shows(&["无人维护的客户：510 位，列出前 500 位"]);
    zhao.keys("a");
    zhao.shows(&["已选 510"]);
    zhao.keys("<F8>");
    zhao.shows(&["换责任人 510 位，不动 0 位"]);
    zhao.keys("<End>");
    zhao.shows(&["列出前 500 位，还有 10 位也照此办理"]);
    zhao.keys("<F8><F8>");
    assert_eq!(zhao.said(), "510 位客户已分好，菜单 9404 可整批恢复");
    for no in ["6000000001", "6000000255", "6000000510"] {
        assert_eq!(zhao.stored(no).customer.owner, me, "{no}");
    }
    zhao.keys("<F9>9402<Enter>");
    zhao.shows(&["每位客户都有对的责任人"]);
    zhao.keys("<Esc><F9>9404<Enter>");
    assert_eq!(zhao.said(), "已整批恢复原来的责任人");
    for no in ["6000000001", "6000000255", "6000000510"] {
        assert_eq!(zhao.stored(no).customer.owner, None, "{no}");
    }
    // Where the drive is away, all of it waits on this PC.
    zhao.keys("<F9>9402<Enter><F8><F8>");
    zhao.still.goes_away();
    zhao.keys("<F8>");
    assert_eq!(zhao.stored("6000000510").customer.owner, None);
    zhao.still.comes_back();
    for no in ["6000000001", "6000000255", "6000000510"] {
        assert_eq!(zhao.stored(no).customer.owner, me, "{no}");
    }
}

#[test]
fn those_marked_on_the_board_are_given_by_the_rules() {
    let wang = Desk::with((160, 45), &branch());
    let mut zhao = wang.colleague("zhaohang", 6, 9, 20);
    zhao.keys("<F6>g2");
    // Columns by keeper; whom nobody keeps stand in one.
    let lane = zhao
        .still
        .app
        .rooms
        .board
        .lanes
        .iter()
        .position(|l| l.count == 2 && l.key == guitai::index::GroupKey::Owner(None));
    for _ in 0..lane.unwrap() {
        zhao.keys("<Right>");
    }
    zhao.keys("s<F8>");
    zhao.shows(&["换责任人 1 位"]);
    zhao.keys("<F8><F8>");
    assert_eq!(zhao.stored("6000000004").customer.owner, wang.still.app.rooms.shared.me);
    assert_eq!(zhao.stored("6000000005").customer.owner, None);
}

#[test]
fn a_colleague_proposes_a_customer_to_another_from_wherever_the_cursor_stands() {
    let mut wang = Desk::with((160, 45), &branch());
    let mut li = wang.colleague("liqiang", 5, 9, 10);
    wang.keys("hefen<Enter><C-b>李强<Enter>客户常去柜面<Enter>");
    assert_eq!(wang.said(), "已记下：移交 何芬");
    wang.shows(&["移交 王敏→李强 待接受 到 11-24 客户常去柜面"]);
    li.hears();
    assert_eq!(li.said(), "王敏 提出移交给 李强：何芬");
    to_transfer(&mut li).shows(&["客户常去柜面"]);
}

#[test]
fn what_waits_for_an_answer_stands_before_what_is_not_late_is_counted_and_is_shown_alone_when_asked_for() {
    let mut wang = Desk::with((160, 45), &branch());
    let mut li = wang.colleague("liqiang", 5, 9, 10);
    li.keys("<F7>a月报<Enter><F8>");
    let open = |desk: &Desk| desk.still.app.rooms.agenda.counts().open;
    let before = open(&li);
    wang.keys("hefen<Enter><C-b>李强<Enter>客户常去柜面<Enter>");
    li.hears();
    assert_eq!(open(&li), before + 1, "counted although its day is Tuesday");
    let screen = li.screen();
    let row = |text: &str| screen.lines().position(|l| l.contains(text)).unwrap_or_else(|| panic!("{text}\n{screen}"));
    assert!(row("等答复 1") < row("何芬") && row("何芬") < row("今天 "), "{screen}");
    // A matter handed over waits too, until it is put off.
    wang.keys("<C-o>李强<Enter>问理财<Enter>");
    li.hears();
    li.shows(&["等答复 2"]);
    li.keys("<F7>/答复<Down>");
    li.shows(&["何芬", "问理财"]);
    li.hides(&["月报"]);
    li.keys("<Esc>");
    to_transfer(&mut li).keys("<Down>y<F5>");
    li.shows(&["等答复 1"]);
    to_transfer(&mut li).keys("s<Down>下周来<F8>");
    li.hides(&["等答复"]);
    // The giver only waits: it is not them who is asked.
    wang.keys("<F7>");
    wang.hides(&["等答复"]);
}

#[test]
fn who_stands_in_sees_the_lines_marked_and_the_log_says_for_whom() {
    let mut wang = Desk::with((160, 45), &branch());
    let mut li = wang.colleague("liqiang", 5, 9, 10);
    wang.keys("<F7>a月报<Enter><F8>");
    wang.keys("<F9>9405<Enter>");
    wang.shows(&["不在岗", "代理人"]);
    wang.keys("李强<Enter><Enter>7<Enter>强制休假<Enter>");
    assert_eq!(wang.said(), "已记下：代理");
    li.hears();
    li.keys("<F7>");
    li.shows(&["代 王敏", "月报"]);
    let at = li.still.app.rooms.agenda.rows().len();
    assert!(at > 0);
    // What 李强 does with a line of 王敏's customer says so.
    extract(&mut wang, "6000000003", 251_000);
    li.hears();
    to_transfer(&mut li).keys("y");
    assert_eq!(li.said(), "赵松 现由 王敏 负责");
    li.keys("<F2><Esc>zhaosong<Enter>h");
    li.shows(&["代 王敏 接受移交"]);
    // Ended from the same place.
    wang.hears();
    wang.keys("<F9>9405<Enter>");
    wang.shows(&["结束：李强 代 王敏 11-21 至 11-28 强制休假"]);
    wang.keys("2");
    li.hears();
    li.keys("<F7>");
    li.hides(&["代 王敏 缺", "月报"]);
}

#[test]
fn the_branch_manager_hands_over_all_of_one_who_leaves_after_a_look() {
    let mut wang = Desk::with((160, 45), &branch());
    wang.keys("<F9>9406<Enter><Esc>");
    wang.hides(&["谁离岗"]);
    let mut zhao = wang.colleague("zhaohang", 6, 9, 20);
    zhao.keys("<F9>9406<Enter>");
    zhao.shows(&["谁离岗", "李强"]);
    zhao.keys("李强<Enter>");
    zhao.shows(&["按规则分给各岗位", "王敏"]);
    zhao.keys("王敏<Enter>");
    zhao.shows(&["离岗移交 李强", "换责任人 2 位"]);
    zhao.keys("<F8><F8>");
    assert_eq!(zhao.said(), "已记下：离岗移交 李强");
    for no in ["6000000001", "6000000003"] {
        assert_eq!(zhao.stored(no).customer.owner, wang.still.app.rooms.shared.me);
    }
    // They are no longer among those one may choose.
    zhao.keys("<F9>9206<Enter>");
    zhao.hides(&["李强 低柜柜员"]);
    zhao.keys("<Esc>");
    wang.hears();
    assert!(wang.log().contains("转给了您（赵行）"), "{}", wang.log());
}

#[test]
fn a_big_customers_paper_asks_head_office_to_help() {
    let big =
        Given { no: "6000000009", fields: &[("name", "黄永昌"), ("phone", "18985210027")], aum: Some(4_120_000) };
    let mut wang = Desk::with((160, 45), &[big]);
    wang.keys("huang<Enter><F9>9407<Enter>");
    wang.shows(&["请个人金融部协助", "412.0万", "189****0027", "2026-11-20"]);
    wang.hides(&["6000000009"]);
    wang.keys("<F8>");
    assert!(wang.still.effects.iter().any(|e| matches!(e, Effect::Print { name, .. } if name.starts_with("support-"))));
}
