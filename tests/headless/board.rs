//! The tier board: columns, cards, keepers, those near a line, at the three sizes.

use crate::desk::{Desk, Given};
use guitai::app::cx::Pane;
use guitai::domain::ids::CustomerId;
use guitai::domain::text::Lang;
use guitai::index::row::Row;
use guitai::index::{GroupBy, Index};
use unicode_width::UnicodeWidthStr;

/// Customers of a long column; a hundred thousand is the same walk, but takes a debug build long to sort.
const LONG: i64 = 20_000;
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 30), (160, 45)];

/// Twelve customers over all columns: two at least in those that are scrolled, one near a line each way.
fn branch() -> Vec<Given<'static>> {
    type Line = (&'static str, &'static [(&'static str, &'static str)], Option<i64>);
    let all: [Line; 13] = [
        ("6000000001", &[("name", "张山河"), ("owner", "wangmin"), ("area", "玉溪镇")], Some(310_200)),
        ("6000000002", &[("name", "何芬"), ("owner", "wangmin"), ("area", "玉溪镇")], Some(491_000)),
        ("6000000003", &[("name", "张胜"), ("owner", "wangmin")], Some(1_284_000)),
        ("6000000004", &[("name", "陈国栋"), ("owner", "wangmin")], Some(510_000)),
        ("6000000005", &[("name", "黄永昌"), ("owner", "zhaohang")], Some(4_120_000)),
        ("6000000006", &[("name", "刘建业"), ("owner", "zhaohang")], Some(23_880_000)),
        ("6000000007", &[("name", "赵松"), ("owner", "liqiang"), ("area", "三桥镇")], Some(127_000)),
        ("6000000008", &[("name", "郑水大"), ("owner", "liqiang")], Some(81_000)),
        ("6000000009", &[("name", "周小舒"), ("owner", "liqiang"), ("assistant", "wangmin")], Some(22_000)),
        ("6000000010", &[("name", "曾实")], Some(19_000)),
        ("6000000011", &[("name", "欧阳正华")], Some(12_000)),
        ("6000000012", &[("name", "张珊")], Some(500)),
        ("6000000013", &[("name", "吴名")], None),
    ];
    all.into_iter().map(|(no, fields, aum)| Given { no, fields, aum }).collect()
}

fn current(desk: &Desk) -> String {
    desk.still.app.rooms.board.current().map(|row| row.name.clone()).unwrap_or_default()
}

fn at(size: (u16, u16), keys: &str) -> Desk {
    let mut desk = Desk::with(size, &branch());
    desk.keys("<F6>").keys(keys);
    desk
}

#[test]
fn every_size_shows_the_five_kept_tiers_with_counts_sums_shares_and_keepers() {
    for size in SIZES {
        let desk = at(size, "");
        desk.shows(&["小客户", "普通客户", "潜力客户", "贵宾客户", "大客户", "按月日均 数据 11-20"]);
        desk.shows(&["高柜", "低柜", "经理+大堂", "经理+主管", "网点+主管", "2800万", "179万"]);
        // 王敏 does not see all of the ordinary customers, so no column has a share.
        desk.hides(&["91%", "20.8"]);
        let mut head = desk.colleague("zhaohang", 4, 9, 0);
        head.keys("<F6>");
        head.shows(&["2800万", "179万", "20.8", "91%"]);
        desk.shows(&["张山河", "刘建业", "2388", "128.4", "小客户 1/3"]);
    }
}

#[test]
fn the_footer_explains_every_sign_and_the_signs_stand_on_their_cards() {
    let desk = at((120, 30), "");
    // 贵宾 510,000 lies 1万 above its line, 潜力 491,000 0.9万 below the next; three of twelve are the top fifth.
    desk.shows(&["* 前 20% 客户持有 94.9%", "^ 临界升 1 人", "v 临界降 1 人", "= 人工定级"]);
    desk.shows(&["49.1万^", "51.0万v", "412.0万*", "2388万*", "128.4万*", "31.0万 "]);
}

#[test]
fn columns_stand_still_and_sums_end_in_one_line() {
    for size in SIZES {
        let desk = at(size, "");
        let shape = desk.still.app.rooms.board.shape();
        let place = desk.still.app.rooms.places().unwrap().board.unwrap();
        let screen = desk.screen();
        let mut cards = 0;
        for (line, text) in screen.lines().enumerate() {
            let first = usize::from(place.y + 1 + shape.head + 1);
            if line < first || line >= first + shape.cards {
                continue;
            }
            for column in 0..shape.columns {
                let end = usize::from(place.x + 1) + (column + 1) * usize::from(shape.width) - 2;
                let card = cut(text, end + 3 - usize::from(shape.width), end);
                if card.trim().is_empty() || card.trim() == "无" {
                    continue;
                }
                cards += 1;
                assert!(!card.ends_with(' '), "{card:?} of column {column} in\n{screen}");
            }
        }
        // At 80 cells 张珊 and 吴名 stand in columns to the right, at 120 only 吴名 does.
        assert_eq!(cards, if shape.columns == 5 { 11 } else { 12 }, "{size:?}\n{screen}");
    }
}

/// What stands in the cells from `from` to before `to`.
fn cut(line: &str, from: usize, to: usize) -> String {
    let mut at = 0;
    let mut out = String::new();
    for c in line.chars() {
        if (from..to).contains(&at) {
            out.push(c);
        }
        at += c.to_string().width();
    }
    out
}

#[test]
fn the_columns_beyond_the_edge_are_counted_and_scrolled_to() {
    let mut desk = at((80, 24), "");
    desk.shows(&[" 2 >"]);
    desk.hides(&["未分级", "吴名"]);
    desk.keys("<Right><Right><Right><Right><Right><Right>");
    desk.shows(&["无资产数据", "吴名", "张珊", "< 2"]);
    assert_eq!(current(&desk), "吴名");
    desk.keys("<Right>");
    assert_eq!(current(&desk), "吴名", "the last column is the last");
    desk.keys("<Left><Left><Left><Left><Left><Left><Left>");
    desk.hides(&["未分级"]);
    assert_eq!(current(&desk), "周小舒");
}

#[test]
fn each_column_keeps_its_own_cursor() {
    let mut desk = at((120, 30), "<Down><Down>");
    assert_eq!(current(&desk), "欧阳正华");
    desk.keys("<Right><End>");
    assert_eq!(current(&desk), "郑水大");
    desk.keys("<Left>");
    assert_eq!(current(&desk), "欧阳正华");
    desk.keys("<Right><Home>");
    assert_eq!(current(&desk), "赵松");
}

#[test]
fn a_digit_opens_the_card_on_that_line_and_enter_the_one_under_the_cursor() {
    let mut desk = at((120, 30), "<Right><Right>2");
    assert_eq!(desk.still.app.rooms.focus, Pane::Archive);
    assert_eq!(desk.still.app.rooms.archive.opened().unwrap().customer.name, "张山河");
    desk.keys("<F6><Up><Enter>");
    assert_eq!(desk.still.app.rooms.focus, Pane::Archive);
    assert_eq!(desk.still.app.rooms.archive.opened().unwrap().customer.name, "何芬");
    desk.keys("<F6>9");
    assert_eq!(desk.still.app.rooms.focus, Pane::Board, "there is no ninth card");
}

#[test]
fn another_keeper_shows_at_once_and_the_cursor_stays_in_its_column() {
    let mut desk = at((120, 30), "<Right><Right><Down>g2");
    desk.shows(&["责任人  王敏 4/4", "李强", "赵行", "无责任人"]);
    assert_eq!(current(&desk), "张山河", "the cursor keeps its customer through another grouping");
    desk.keys("k李强<Enter>换到低柜<Enter>");
    assert!(desk.said().contains("李强"), "{}", desk.said());
    desk.shows(&["王敏 3/3", "李强 4"]);
    assert_eq!(current(&desk), "何芬", "the next one slides under the cursor");
    let opened = desk.stored("6000000001");
    let owner = opened.customer.owner.unwrap();
    assert_eq!(desk.still.app.rooms.shared.name_of(Some(owner)), "李强");
}

#[test]
fn several_marked_customers_get_a_keeper_together_and_lose_their_marks() {
    let mut desk = at((120, 30), "ss");
    desk.shows(&["已选 2 人", "+周小舒", "+曾实"]);
    desk.keys("k");
    desk.shows(&["换责任人（2 人）"]);
    desk.keys("zhaohang<Enter>片区调整<Enter>");
    desk.shows(&["2 人现由 赵行 负责"]);
    desk.hides(&["已选", "+曾实"]);
    for no in ["6000000009", "6000000010"] {
        let owner = desk.stored(no).customer.owner;
        assert_eq!(desk.still.app.rooms.shared.name_of(owner), "赵行");
    }
    desk.keys("<Up>s<Esc>");
    desk.hides(&["已选"]);
    assert_eq!(desk.still.app.rooms.focus, Pane::Board, "the first Esc only takes the marks off");
}

#[test]
fn a_tier_held_by_hand_moves_the_card_and_carries_its_sign() {
    let mut desk = at((120, 30), "<Right><Right><Down>");
    assert_eq!(current(&desk), "张山河");
    desk.keys("tvip<Enter><Enter>代发工资大户<Enter>");
    desk.shows(&["31.0万=", "贵宾客户 3", "潜力客户 1"]);
    assert!(desk.stored("6000000001").standing.held.is_some());
}

#[test]
fn those_near_a_line_are_listed_with_their_gap_and_esc_goes_back() {
    let mut desk = at((80, 24), "u");
    desk.shows(&["临界升", "何芬", "49.1万", "差 9,000元 到贵宾", "王敏", "1/1"]);
    desk.keys("d");
    desk.shows(&["临界降", "陈国栋", "再少 1.0万 降潜力"]);
    desk.hides(&["何芬"]);
    desk.keys("<Esc>");
    desk.shows(&["小客户"]);
    desk.keys("d<Enter>");
    assert_eq!(desk.still.app.rooms.archive.opened().unwrap().customer.name, "陈国栋");
}

#[test]
fn the_columns_may_be_areas_or_stages() {
    let mut desk = at((120, 30), "g3");
    desk.shows(&["片区", "玉溪镇 2", "三桥镇 1", "未填片区 10"]);
    desk.keys("<F4>4");
    desk.shows(&["生命周期", "潜在", "活跃", "忠诚", "流失"]);
    desk.keys("g1");
    desk.shows(&["小客户 3"]);
    assert_eq!(desk.still.app.rooms.board.by, GroupBy::Tier);
}

#[test]
fn typing_searches_within_the_column() {
    let mut desk = at((120, 30), "<Right><Right>张");
    assert_eq!(desk.still.app.rooms.focus, Pane::Search);
    assert_eq!(desk.still.app.rooms.search.line.text(), "tier:potential 张");
    desk.shows(&["张山河", "1 人"]);
    desk.hides(&["张胜"]);
    desk.keys("<F6>g2/");
    assert_eq!(desk.still.app.rooms.search.line.text(), "owner:wangmin ");
}

#[test]
fn hidden_figures_stand_nowhere_on_the_board() {
    for (size, keys) in [((80, 24), ""), ((120, 30), ""), ((120, 30), "u"), ((80, 24), "d")] {
        let mut desk = at(size, keys);
        desk.keys("<F12>");
        desk.shows(&["****"]);
        desk.hides(&["2388", "49.1", "51.0", "2800", "9,000"]);
    }
}

#[test]
fn an_empty_board_says_what_fills_it_and_one_without_figures_too() {
    let mut desk = Desk::with((80, 24), &[]);
    desk.keys("<F6>").keys("<Down><Right><Enter>kstcu");
    assert_eq!(desk.still.app.rooms.focus, Pane::Board, "a key of the board is no search where nobody is");
    desk.shows(&["没有人离上一级差 10% 以内"]);
    desk.keys("<Esc>");
    desk.shows(&["看板还没有客户", "Ctrl+X"]);
    let given = [Given { no: "6000000001", fields: &[("name", "吴名")], aum: None }];
    let mut desk = Desk::with((120, 30), &given);
    desk.keys("<F6><Right><Right><Right><Right><Right><Right>");
    desk.shows(&["还没有资产数据", "吴名", "无资产数据 1"]);
}

#[test]
fn the_board_speaks_english() {
    let mut desk = at((120, 30), "");
    desk.still.app.rooms.shared.lang = Lang::En;
    desk.shows(&["Tier board", "Ordinary 2", "Potential 2", "monthly average data of 11-20", "^ 1 near up"]);
    desk.keys("u");
    desk.shows(&["Near the next tier, within 10%", "¥9,000 to VIP"]);
    desk.hides(&["临界", "差 "]);
}

#[test]
fn a_click_gives_a_card_the_cursor_and_a_second_one_opens_it() {
    let mut desk = at((120, 30), "");
    let place = desk.still.app.rooms.places().unwrap().board.unwrap();
    let shape = desk.still.app.rooms.board.shape();
    let mouse = guitai::app::event::Mouse {
        action: guitai::app::event::MouseAction::Down,
        column: place.x + 1 + 2 * shape.width + 3,
        row: place.y + 1 + shape.head + 1 + 1,
    };
    desk.event(guitai::app::event::Event::Mouse(mouse));
    assert_eq!((current(&desk).as_str(), desk.still.app.rooms.focus), ("张山河", Pane::Board));
    desk.event(guitai::app::event::Event::Mouse(mouse));
    assert_eq!(desk.still.app.rooms.focus, Pane::Archive);
}

#[test]
fn a_long_column_is_walked_to_its_end_and_back() {
    let mut desk = at((120, 30), "");
    let rows = (1..=LONG).map(|n| Row {
        id: CustomerId(n),
        no: n.to_string(),
        name: format!("客户{n}"),
        aum: Some(guitai::domain::values::money::Fen::of_yuan(1_000 + n % 40_000)),
        tier: Some(guitai::domain::tier::Tier::Small),
        ..Row::default()
    });
    let index = Index::build(rows.collect(), &[]);
    desk.still.app.rooms.shared.index = Some(index);
    desk.still.app.rooms.in_board(|b, cx| b.indexed(cx));
    let board = |desk: &Desk| {
        let lane = desk.still.app.rooms.board.lane().unwrap();
        let cards = desk.still.app.rooms.board.shape().cards;
        let shown: Vec<usize> = lane.shown(cards).map(|(at, _)| at).collect();
        (lane.cursor.at, shown)
    };
    let cards = desk.still.app.rooms.board.shape().cards;
    let key = |desk: &mut Desk, name: &str| {
        let key = guitai::app::key::Key::named(name).unwrap();
        desk.still.app.rooms.in_board(|b, cx| b.key(key, cx));
        desk.still.app.rooms.out.goes.clear();
    };
    let last = usize::try_from(LONG).unwrap() - 1;
    key(&mut desk, "Home");
    key(&mut desk, "End");
    assert_eq!(board(&desk), (last, (last + 1 - cards..=last).collect()));
    for _ in 0..20 {
        key(&mut desk, "PgUp");
        let (at, shown) = board(&desk);
        assert!(shown.contains(&at) && shown.len() == cards, "{at} {shown:?}");
    }
    key(&mut desk, "Home");
    assert_eq!(board(&desk), (0, (0..cards).collect()));
}

#[test]
fn until_the_index_is_there_the_counts_of_the_store_show() {
    let mut desk = at((120, 30), "");
    let r = &mut desk.still.app.rooms;
    r.shared.index = None;
    r.board = guitai::app::panes::board::Board::default();
    desk.keys("<F7><F6>");
    desk.shows(&["小客户 3", "大客户 2", "正在读取客户"]);
    desk.keys("<Enter>u");
    assert_eq!(desk.said(), "正在读取客户");
}

#[test]
fn a_tier_is_held_one_by_one_and_never_of_another_than_the_marked() {
    let mut desk = at((120, 30), "");
    desk.keys("<F6>st");
    assert_eq!(desk.said(), "人工定级一次一人，先按 Esc 取消所选");
    desk.hides(&["到期日"]);
    desk.keys("<Esc>t");
    desk.shows(&["级别", "到期日"]);
}
