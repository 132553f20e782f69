//! Rights at the keys: an archive of somebody else's is greeted, not opened; what one may not do says who may.

use crate::desk::{Desk, Given};

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
