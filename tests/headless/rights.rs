//! Rights at the keys: an archive of somebody else's is greeted, not opened, and what they have stands on no screen; what one may not do says
//! who may.

use crate::desk::{Desk, Given};
use guitai::app::event::Effect;
use guitai::app::keymap;
use rusqlite::{Connection, params};

fn desk() -> Desk {
    Desk::with(
        (160, 45),
        &[
            Given {
                no: "6000000001",
                fields: &[
                    ("name", "张山河"),
                    ("phone", "18985210027"),
                    ("address", "玉溪镇解放路128号"),
                    ("owner", "wangmin"),
                    ("assistant", "zhaohang"),
                ],
                aum: Some(310_200),
            },
            Given {
                no: "6000000002",
                fields: &[
                    ("name", "何芬"),
                    ("phone", "13984906107"),
                    ("address", "平模镇新街9号"),
                    ("owner", "liqiang"),
                ],
                aum: Some(91_000),
            },
        ],
    )
}

#[test]
fn another_ones_customer_is_greeted_and_the_card_says_whom_to_ask() {
    let mut desk = desk();
    desk.keys("hefen<Enter>");
    desk.shows(&["何芬", "责任人 李强", "139****6107", "可请李强"]);
    desk.hides(&["13984906107", "平模镇新街9号", "完整度"]);
    // Keys that would go into the archive say the same and change nothing.
    for keys in ["<Enter>", "<F8>", "<C-u>x", "<Right>", "7"] {
        desk.keys(keys);
        desk.hides(&["13984906107", "平模镇新街9号"]);
    }
    assert!(desk.said().contains("可请李强"), "{}", desk.said());
    assert_eq!(desk.stored("6000000002").customer.rev, 1);
}

#[test]
fn ones_own_customer_opens_in_full_and_so_does_everybody_for_the_branch_manager() {
    let mut mine = desk();
    mine.keys("zhangsh<Enter>");
    mine.shows(&["31.0万", "完整度"]);
    let mut head = mine.colleague("zhaohang", 4, 9, 0);
    head.keys("hefen<Enter>");
    head.shows(&["何芬", "完整度"]);
}

#[test]
fn a_contact_with_another_ones_customer_is_logged() {
    let mut desk = desk();
    desk.keys("hefen<Enter>c");
    desk.keys("1<Enter>");
    assert!(!desk.said().contains("只有"), "{}", desk.said());
}

#[test]
fn a_teller_who_would_import_is_told_who_may() {
    let desk = desk();
    let mut teller = desk.colleague("liqiang", 4, 9, 0);
    teller.keys("<C-x>");
    assert!(teller.said().contains("「导入核心数据」只有") && teller.said().contains("可请"), "{}", teller.said());
    teller.keys("zhangsh<Enter>");
    teller.shows(&["可请王敏"]);
    teller.hides(&["完整度"]);
}

#[test]
fn the_rights_of_ones_post_can_be_read() {
    let mut desk = desk();
    desk.keys("<F9>9702<Enter>");
    desk.shows(&["权限", "客户经理", "看完整档案"]);
}

/// 何芬 is 李强's, with 9.1万; 罗远 and 吴敬 are 王敏's, with figures that nobody else has, a visit long due and a deposit that matures.
fn mixed(size: (u16, u16)) -> Desk {
    let kept = |no, name: &'static str, owner: &'static str, yuan| {
        let fields: &'static [(&str, &str)] = match (name, owner) {
            ("何芬", _) => &[("name", "何芬"), ("phone", "13984906107"), ("owner", "liqiang")],
            ("罗远", _) => {
                &[("name", "罗远"), ("phone", "13984906108"), ("owner", "wangmin"), ("assistant", "zhaohang")]
            }
            _ => &[("name", "吴敬"), ("phone", "13984906108"), ("owner", "wangmin"), ("assistant", "zhaohang")],
        };
        Given { no, fields, aum: Some(yuan) }
    };
    let given = [
        kept("6000000002", "何芬", "liqiang", 91_000),
        kept("6000000003", "罗远", "wangmin", 314_159),
        kept("6000000004", "吴敬", "wangmin", 275_828),
    ];
    let desk = Desk::with(size, &given);
    let core = Connection::open(desk.folder.path().join("branch.db")).unwrap();
    core.execute(
        "INSERT INTO batch (id, at, by, name, hash, summary, n, as_of, layout)
         VALUES (502, '2026-11-21T06:00:00', 0, 'x', 'x502', '', 502, 20261120, '持有')",
        [],
    )
    .unwrap();
    for (no, contract, fen) in [("6000000003", "CD0000031", 20_007_700), ("6000000002", "CD0000021", 6_005_500)] {
        let sql = "INSERT INTO holding SELECT id, ?2, 0, 500, NULL, '大额存单', ?3, 20251124, 20261124, 254, '正常' FROM customer WHERE no = ?1";
        core.execute(sql, params![no, contract, fen]).unwrap();
    }
    core.execute(
        "UPDATE customer SET next_visit = 20251215 WHERE owner = (SELECT id FROM staff WHERE code = 'wangmin')",
        [],
    )
    .unwrap();
    desk
}

/// What would tell what 罗远 and 吴敬 have, alone, together and with 何芬; and the deposit.
const TELLING: [&str; 8] = ["31.4", "314159", "314,159", "27.5", "275828", "58.9", "68.0", "20.0万"];

fn tells_nothing(desk: &Desk, how: &str) {
    let screen = desk.screen();
    for telling in TELLING {
        assert!(!screen.contains(telling), "{how}: {telling} on\n{screen}");
    }
    for effect in &desk.still.effects {
        let text = match effect {
            Effect::Copy(text) | Effect::Print { text, .. } | Effect::KeepDrafts(text) => text,
            _ => continue,
        };
        assert!(TELLING.iter().all(|t| !text.contains(t)), "{how}: {text}");
    }
}

#[test]
fn whose_assets_stand_in_search_and_on_the_board_for_each_post() {
    let desk = mixed((160, 45));
    for (who, sees, not, sum) in [
        ("wangmin", &["31.4万", "27.5万"][..], &["9.1万"][..], true),
        ("liqiang", &["9.1万"][..], &["31.4万", "27.5万"][..], false),
        ("zhaohang", &["31.4万", "27.5万", "9.1万"][..], &[][..], true),
    ] {
        let mut here = desk.colleague(who, 4, 9, 0);
        here.keys("<F2><Esc><Esc>139849");
        here.shows(&["何芬", "罗远", "吴敬", "3 人"]);
        here.shows(sees);
        here.hides(not);
        // So it is with when a visit is due.
        assert_eq!(here.screen().contains("! 拜访逾341天"), who != "liqiang", "{}", here.screen());
        here.keys("<F2><Esc><Esc><F6>");
        here.shows(&["何芬", "罗远", "吴敬"]);
        here.shows(sees);
        here.hides(not);
        // What the two of one tier have together is for who sees both.
        assert_eq!(here.screen().contains("58.9万"), sum, "{who}\n{}", here.screen());
    }
}

#[test]
fn a_filter_or_an_order_by_assets_tells_nothing_of_somebody_elses_customers() {
    let desk = mixed((160, 45));
    let mut teller = desk.colleague("liqiang", 4, 9, 0);
    for (query, found) in [
        ("资产:>30万", "0 人"),
        ("资产:>5万", "1 人"),
        ("due:overdue", "0 人"),
        ("missing:address", "1 人"),
        ("#潜力", "2 人"),
    ] {
        teller.keys(&format!("<F2><Esc><Esc>{query}"));
        teller.shows(&[found]);
    }
    let mut head = desk.colleague("zhaohang", 5, 9, 0);
    for (query, found) in
        [("资产:>30万", "1 人"), ("资产:>5万", "3 人"), ("due:overdue", "2 人"), ("missing:address", "3 人")]
    {
        head.keys(&format!("<F2><Esc><Esc>{query}"));
        head.shows(&[found]);
    }
}

#[test]
fn another_one_at_the_same_pc_sees_what_they_may_and_no_more() {
    let mut desk = mixed((160, 45));
    desk.keys("<F2><Esc><Esc>139849");
    desk.shows(&["31.4万"]);
    desk.keys("<F10><Tab>liqiang<Enter>");
    desk.shows(&["李强"]);
    tells_nothing(&desk, "after a switch");
    desk.keys("<F2><Esc><Esc>139849<F6>");
    tells_nothing(&desk, "the board after a switch");
    desk.keys("<F10><Tab>zhaohang<Enter>");
    desk.keys("<F2><Esc><Esc>139849");
    desk.shows(&["31.4万", "27.5万", "9.1万"]);
}

#[test]
fn the_maturity_wall_adds_up_what_one_sees_and_says_how_many_more_there_are() {
    let desk = mixed((160, 45));
    for (who, keys, shows, hides) in [
        ("liqiang", "<F7>b<Tab><Tab>", &["30天内到期 1笔 6.0万  另1笔不可看"][..], &["20.0万", "26.0万"][..]),
        ("liqiang", "<F7>b<Tab><Tab><Down><Enter>", &["6.0万"][..], &["20.0万", "26.0万"][..]),
        ("zhaohang", "<F7>b", &["30天内到期 2笔 26.0万"][..], &["不可看"][..]),
    ] {
        let mut here = desk.colleague(who, 4, 9, 0);
        here.keys(keys);
        here.shows(shows);
        here.hides(hides);
    }
}

#[test]
fn no_screen_of_a_teller_shows_what_a_customer_out_of_reach_has() {
    let first = mixed((160, 45));
    let mut desk = first.colleague("liqiang", 4, 9, 0);
    tells_nothing(&desk, "as it opens");
    for query in ["luoyuan", "6108", "资产:>20万", "#潜力", "owner:wangmin", "due:overdue", "139849"] {
        desk.keys(&format!("<F2><Esc><Esc>{query}<Down>"));
        tells_nothing(&desk, query);
    }
    desk.keys("<F2><Esc><Esc>luoyuan<Enter>");
    desk.shows(&["罗远", "可请王敏"]);
    let mut ran = 0;
    for pane in ["<F2>", "<F3>", "<F6><Right><Right>", "<F7><Tab><Tab>", "<F7>b<Tab><Tab>"] {
        for command in keymap::all() {
            if ["quit", "suspend", "lock", "me", "password"].contains(&command.name) {
                continue;
            }
            desk.keys("<F2><Esc><Esc>luoyuan<Enter>").keys(pane);
            tells_nothing(&desk, pane);
            if (command.enabled)(&desk.still.app.rooms) {
                ran += 1;
                (command.run)(&mut desk.still.app.rooms);
                desk.wait(1);
                tells_nothing(&desk, &format!("{} after {pane}", command.name));
                for keys in ["<Enter>", "<Down><Enter>", "<F8>"] {
                    desk.keys(keys);
                    tells_nothing(&desk, &format!("{} and {keys} after {pane}", command.name));
                }
            }
            for _ in 0..4 {
                desk.keys("<Esc>");
            }
            desk.still.app.rooms.layers.clear();
            if desk.still.app.rooms.shared.hidden {
                desk.keys("<F12>");
            }
        }
    }
    assert!(ran > 150, "{ran}");
    let log = desk.log();
    assert!(TELLING.iter().all(|t| !log.contains(t)), "{log}");
    // The same for who may: the test would see it.
    let mut head = first.colleague("zhaohang", 5, 9, 0);
    head.keys("<F2><Esc><Esc>luoyuan<Enter>");
    head.shows(&["31.4"]);
}
