//! Customers' rights at the desk: withdrawing in few keys, taking a request, answering it in the queue, the access report.

use crate::desk::{Desk, Given};
use guitai::app::event::Effect;
use guitai::domain::subject::State;

fn branch() -> [Given<'static>; 2] {
    let given = |no, fields, yuan| Given { no, fields, aum: Some(yuan) };
    [
        given(
            "6000000001",
            &[("name", "张山河"), ("phone", "18985210027"), ("owner", "wangmin"), ("birth", "1972-11-21")],
            310_000,
        ),
        given("6000000002", &[("name", "何芬"), ("owner", "wangmin"), ("birth", "1976-11-21")], 491_000),
    ]
}

fn open(desk: &mut Desk, name: &str) {
    desk.keys(&format!("<F2>{name}<Enter>"));
    desk.shows(&[name]);
}

#[test]
fn a_customer_withdraws_offers_in_two_keys_and_a_yes_and_the_card_says_so() {
    for size in [(160, 45), (80, 24)] {
        let mut desk = Desk::with(size, &branch());
        open(&mut desk, "张山河");
        desk.keys("i");
        desk.shows(&["个人信息", "撤回 营销推荐"]);
        desk.keys("<Enter>y");
        assert_eq!(desk.said(), "已记下");
        desk.shows(&["×不同意营销推荐"]);
        let privacy = desk.stored("6000000001").privacy;
        assert!(!privacy.said[0].agreed);
    }
}

#[test]
fn an_agreement_asks_for_its_evidence() {
    let mut desk = Desk::with((160, 45), &branch());
    open(&mut desk, "张山河");
    desk.keys("i登记同意 信用<Enter>");
    desk.shows(&["依据", "签字单号"]);
    desk.keys("<Enter>");
    assert!(desk.stored("6000000001").privacy.said.is_empty());
    desk.keys("签字单A12<Enter>");
    let said = desk.stored("6000000001").privacy.said;
    assert!(said[0].agreed && said[0].evidence == "签字单A12", "{said:?}");
}

#[test]
fn who_withdrew_is_crossed_out_in_the_queue_and_left_out_of_the_printed_list_with_a_count() {
    let mut desk = Desk::with((160, 45), &branch());
    open(&mut desk, "张山河");
    desk.keys("i撤回 维护联系·全部<Enter>y");
    desk.keys("<F7>");
    desk.shows(&["×不同意维护联系"]);
    desk.keys("<Home>");
    for _ in 0..10 {
        if desk.still.app.rooms.agenda.current().is_some_and(|i| i.who.as_ref().is_some_and(|w| w.name == "张山河"))
        {
            break;
        }
        desk.keys("<Down>");
    }
    desk.keys("c");
    desk.shows(&["1×电话", "4×短信", "5柜面"]);
    desk.keys("<Esc>p");
    let lines = match desk.still.app.rooms.layers.last() {
        Some(guitai::app::layers::Layer::Reading(reading)) => reading.lines.join("\n"),
        other => panic!("{other:?}"),
    };
    assert!(lines.contains("何芬") && lines.contains("1 人未同意，未列出"), "{lines}");
    assert!(!lines.lines().any(|l| l.contains("生日") && l.contains("张山河")), "{lines}");
}

#[test]
fn a_request_is_taken_at_the_counter_and_answered_in_two_steps_by_who_looks_after_it() {
    let mut desk = Desk::with((160, 45), &branch());
    open(&mut desk, "何芬");
    desk.keys("i受理 查阅<Enter>");
    assert!(desk.said().contains("12-11 前答复") || desk.said().contains("前答复"), "{}", desk.said());
    let mut boss = desk.colleague("zhaohang", 4, 10, 0);
    boss.keys("<F7><Home>");
    for _ in 0..30 {
        if boss.still.app.rooms.agenda.current().is_some_and(|i| i.key.starts_with("request")) {
            break;
        }
        boss.keys("<Down>");
    }
    boss.shows(&["请求", "待核实身份"]);
    boss.keys("d");
    boss.shows(&["核实身份"]);
    boss.keys("身份证原件<F8>");
    assert_eq!(desk.stored("6000000002").privacy.cases[0].state, State::Checked);
    boss.shows(&["待答复"]);
    for _ in 0..30 {
        if boss.still.app.rooms.agenda.current().is_some_and(|i| i.key.starts_with("request")) {
            break;
        }
        boss.keys("<Up>");
    }
    boss.keys("d已交报告<F8>");
    let case = desk.stored("6000000002").privacy.cases[0].clone();
    assert_eq!((case.state, case.word.as_str()), (State::Done, "已交报告"));
    boss.keys("u");
    assert_eq!(desk.stored("6000000002").privacy.cases[0].state, State::Checked);
}

#[test]
fn the_access_report_is_read_and_printed_with_numbers_masked() {
    let mut desk = Desk::with((160, 45), &branch());
    open(&mut desk, "张山河");
    desk.keys("i查阅报告<Enter>");
    desk.shows(&["个人信息查阅报告", "张山河"]);
    desk.hides(&["18985210027"]);
    desk.keys("<F8>");
    let printed = desk.still.effects.iter().any(
        |e| matches!(e, Effect::Print { name, text } if name.starts_with("subject-") && text.contains("谁改过什么")),
    );
    assert!(printed);
}

#[test]
fn whether_somebody_can_be_erased_is_said_with_every_reason() {
    let mut desk = Desk::with((160, 45), &branch());
    open(&mut desk, "张山河");
    desk.keys("i能否删除<Enter>");
    desk.shows(&["现在不能删除", "余额", "法定保存期到 2031-11-20"]);
}
