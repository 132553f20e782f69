//! 优惠与额度 at the keys: proposed by one, refused and approved by another, seen in the archive, the queue and the log.

use crate::desk::{Desk, Given};
use guitai::app::layers::Layer;
use guitai::domain::entitlement::{Entitlement, Verdict};
use guitai::domain::family::Part;

fn branch(size: (u16, u16)) -> Desk {
    let fields: &[(&str, &str)] = &[("name", "张山河"), ("owner", "wangmin"), ("birth", "1972-03-05")];
    Desk::with(size, &[Given { no: "6000000001", fields, aum: Some(310_000) }])
}

fn open(desk: &mut Desk) {
    desk.keys("<F2>张山河<Enter>");
}

/// Proposes one; the list of those there are is on the screen.
fn propose(desk: &mut Desk, text: &str) {
    desk.keys("提出<Enter>");
    desk.shows(&["类别", "给什么", "理由"]);
    desk.keys(&format!("<Enter>{text}<Enter><Enter>2027-11-20<Enter>合作五年，无逾期<Enter>"));
    assert!(desk.still.app.rooms.layers.is_empty(), "{}\n{}", desk.said(), desk.screen());
}

fn entitled(desk: &mut Desk) -> Vec<Entitlement> {
    let parts = desk.stored("6000000001").parts.into_iter();
    parts.filter_map(|p| if let Part::Entitlement(e) = p.part { Some(e) } else { None }).collect()
}

/// Puts the cursor of the queue on what waits to be decided; says whether there is something.
fn to_decide(desk: &mut Desk) -> bool {
    desk.keys("<F7><F5><Home>");
    for _ in 0..20 {
        if desk.still.app.rooms.agenda.current().is_some_and(|i| i.key.starts_with("hand_over")) {
            return true;
        }
        desk.keys("<Down>");
    }
    false
}

#[test]
fn one_proposes_and_another_refuses_then_approves_and_the_archive_says_who_and_until_when() {
    for size in [(160, 45), (80, 24)] {
        let mut desk = branch(size);
        open(&mut desk);
        desk.keys("e");
        propose(&mut desk, "一年期利率减20基点");
        desk.shows(&["优惠利率", "一年期利率减20基点", "待批 至 2027-11-20 王敏提"]);

        // The proposer has no right to approve, and is told who has.
        desk.keys("e<Enter>批准<Enter>");
        assert!(
            desk.said().contains("「批准优惠与额度」只有责任人的主管，或网点经理可以，可请赵行"),
            "{}",
            desk.said()
        );
        assert_eq!(entitled(&mut desk)[0].verdict, Verdict::Waiting);

        // It waits in the branch manager's queue, where it is not done but decided.
        let mut boss = desk.colleague("zhaohang", 4, 10, 0);
        assert!(to_decide(&mut boss));
        boss.shows(&["请批优惠利率"]);
        boss.keys("d");
        assert!(boss.said().contains("打开档案按 e"), "{}", boss.said());
        open(&mut boss);
        boss.keys("e<Enter>");
        boss.shows(&["批准", "拒绝", "看全文"]);
        boss.keys("拒绝<Enter>");
        boss.shows(&["合作五年，无逾期"]);
        boss.keys("<Enter>");
        assert!(boss.said().contains("理由"), "a refusal says why: {}", boss.said());
        boss.keys("本季额度已满<Enter>");
        boss.keys("0");
        boss.shows(&["已拒绝 11-21 赵行"]);
        assert!(!to_decide(&mut boss));

        // Proposed again and approved, it holds until its last day.
        desk.hears().keys("<F3>0");
        desk.shows(&["已拒绝"]);
        desk.keys("e");
        propose(&mut desk, "一年期利率减10基点");
        assert!(to_decide(&mut boss));
        open(&mut boss);
        boss.keys("e<Enter>批准<Enter><Enter>0");
        boss.shows(&["生效中 至 2027-11-20 赵行批", "已拒绝"]);
        // On the card too.
        let card = boss.screen().lines().find(|l| l.contains("完整度")).unwrap().to_owned();
        assert!(card.contains("优惠利率"), "{card}");
        assert!(!to_decide(&mut boss));
        let all = entitled(&mut desk);
        assert_eq!((all[0].verdict, all[0].answer.as_str()), (Verdict::Refused, "本季额度已满"));
        assert_eq!((all[1].verdict, all[1].answer.as_str()), (Verdict::Approved, "同意"));

        // The one that was refused is read, with the words; what was decided is in the log.
        open(&mut boss);
        boss.keys("e减20<Enter>");
        boss.shows(&["本季额度已满", "合作五年，无逾期", "这是记录"]);
        boss.keys("<Esc>h");
        boss.shows(&["已批准 同意", "已拒绝 本季额度已满", "待批 优惠利率 一年期利"]);
        boss.keys("<F9>audit<Enter>").shows(&["状态 待批 → 已批准"]);
    }
}

#[test]
fn whoever_may_approve_does_not_approve_their_own_and_takes_back_what_holds_with_a_reason() {
    let mut desk = branch((160, 45));
    let mut boss = desk.colleague("zhaohang", 4, 10, 0);
    open(&mut boss);
    boss.keys("e");
    propose(&mut boss, "授信提到30万");
    boss.keys("e<Enter>批准<Enter>");
    assert!(boss.said().contains("自己提出的不能自己批"), "{}", boss.said());
    boss.keys("0<Home><Delete>y");
    assert_eq!(entitled(&mut desk), []);
    boss.keys("h").shows(&["撤回 优惠利率 授信提到30万"]);

    open(&mut desk);
    desk.keys("e");
    propose(&mut desk, "授信提到30万");
    boss.hears().keys("e<Enter>批准<Enter><Enter>0");
    boss.shows(&["生效中"]);
    // Nobody removes what was decided.
    boss.keys("0<Home><Delete>y");
    assert!(boss.said().contains("已经批过"), "{}", boss.said());
    boss.keys("e授信<Enter>收回<Enter>逾期两次<Enter>");
    boss.shows(&["已收回 11-21 赵行"]);
    let ended = entitled(&mut desk).remove(0);
    assert_eq!((ended.verdict, ended.end_reason.as_str()), (Verdict::Ended, "逾期两次"));
    assert!(ended.decider.is_some(), "who approved it is still known");
}

#[test]
fn while_the_customer_looks_on_entitlements_are_covered() {
    let mut desk = branch((120, 30));
    open(&mut desk);
    desk.keys("e");
    propose(&mut desk, "手续费全免");
    desk.shows(&["手续费全免"]);
    desk.keys("<F12>").hides(&["手续费全免"]);
    desk.keys("e");
    assert!(!desk.still.app.rooms.layers.iter().any(|l| matches!(l, Layer::Chooser(_))));
}
