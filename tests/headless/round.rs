//! The whole round of a morning: search, open, correct, save, call, hand on.

use crate::desk::{Desk, Given};

fn branch() -> [Given<'static>; 4] {
    [
        Given {
            no: "6000000001",
            fields: &[
                ("name", "张山河"),
                ("id_no", "520325197202042450"),
                ("phone", "18985210027"),
                ("address", "贵州省遵义市道真县玉溪镇解放路128号"),
                ("owner", "wangmin"),
                ("taboo", "儿子工作"),
            ],
            aum: Some(310_200),
        },
        Given {
            no: "6000000002",
            fields: &[
                ("name", "张胜"),
                ("phone", "13984906107"),
                ("keeps", "lunar"),
                ("lunar", "十月十三"),
                ("owner", "wangmin"),
            ],
            aum: Some(1_284_000),
        },
        Given { no: "6000000003", fields: &[("name", "赵松"), ("owner", "liqiang")], aum: Some(127_000) },
        Given { no: "6000000004", fields: &[("name", "曾实"), ("phone", "13511114410")], aum: None },
    ]
}

#[test]
fn a_customer_is_found_by_initials_corrected_saved_and_called() {
    let mut desk = Desk::with((160, 45), &branch());
    desk.keys("zsh0027");
    desk.shows(&["张山河", "潜力", "31.0万", "*0027"]);
    desk.keys("<Enter>");
    desk.shows(&["张先生", "责任人 王敏", "勿提儿子工作", "31.0万"]);
    // Correct the phone: form, down to the phone, type, save.
    desk.keys("<Enter><Tab><Tab><Tab><Tab><Tab><Tab><Tab>");
    desk.keys("13812345678<F8>");
    assert!(desk.said().contains("已保存 张山河"), "{}", desk.said());
    let stored = desk.stored("6000000001");
    assert_eq!(stored.customer.phone, "13812345678");
    desk.keys("<Esc>h");
    desk.shows(&["手机", "189****0027", "138****5678", "王敏"]);
    desk.keys("c11<Enter>");
    assert!(desk.said().starts_with("已记 张山河 电话接通"), "{}", desk.said());
    let stored = desk.stored("6000000001");
    assert_eq!(stored.contacts.len(), 1);
    assert!(stored.standing.next_visit.is_some());
    // The call stands in the changes as people would say it, not as fields.
    desk.shows(&["电话 接通"]);
}

#[test]
fn the_call_takes_the_line_off_the_queue_and_the_keeper_moves_on_the_board() {
    let mut desk = Desk::with((160, 45), &branch());
    // 张胜 keeps the lunar birthday, and it is today.
    desk.keys("<F7>");
    desk.shows(&["生日农", "张胜"]);
    let lines = desk.still.app.rooms.agenda.counts().open;
    while desk.still.app.rooms.agenda.current().is_none_or(|i| i.who.as_ref().is_none_or(|w| w.name != "张胜")) {
        desk.keys("<Down>");
    }
    desk.keys("c11<Enter>");
    assert!(desk.said().starts_with("已记 张胜 电话接通"), "{}", desk.said());
    assert_eq!(desk.still.app.rooms.agenda.counts().open, lines - 1);
    // The board: to 贵宾, hand 张胜 to 李强, with a reason.
    desk.keys("<F6><Left><Left><Left><Left><Left><Left><Left><Right><Right><Right>");
    assert_eq!(desk.still.app.rooms.board.current().map(|r| r.name.clone()), Some("张胜".to_owned()));
    desk.keys("k李强<Enter>客户要求<Enter>");
    assert!(desk.said().contains("李强"), "{}", desk.said());
    let people = crate::desk::staff(&mut desk.still.file);
    let liqiang = people.iter().find(|s| s.code == "liqiang").unwrap().id;
    assert_eq!(desk.stored("6000000002").customer.owner, Some(liqiang));
    desk.keys("<Enter>");
    desk.shows(&["责任人 李强"]);
}
