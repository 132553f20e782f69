//! The second person's word at the desk: erasing somebody, and the access report with numbers in full.

use crate::desk::{Desk, Given, accesses, give, id, op, stamp, today};
use guitai::app::event::Effect;
use guitai::app::layers::Layer;
use guitai::domain::agenda::Mark;
use guitai::domain::agenda::lines::request_keys;
use guitai::domain::change::Entity;
use guitai::domain::ids::StaffId;
use guitai::domain::staff::{Role, Staff};
use guitai::domain::subject::{Kind, State};
use guitai::store::request::{Answer, Ask};
use guitai::store::{agenda, subject, workbench};

const HE: &str = "Gao-shan-2026";
const ZHANG: &str = "6000000001";
const CHEN: &str = "6000000002";
const BARE: [&str; 2] = ["18985210027", "520325197202042450"];

/// 赵行 (branch manager) sits at a desk with 何规 (compliance), who has a password. 张山河, who has no account, asked to be erased and
/// for the access report, and was checked; 陈国栋 asked to be erased and has an account.
fn desk(size: (u16, u16)) -> Desk {
    let mut desk = without_password(size);
    give(&mut desk.still.file, "hegui", HE, "hegui", "2026-11-02");
    again(desk, "zhaohang")
}

fn without_password(size: (u16, u16)) -> Desk {
    let fields = [
        ("name", "张山河"),
        ("phone", BARE[0]),
        ("id_no", BARE[1]),
        ("area", "玉溪镇"),
        ("owner", "wangmin"),
        ("taboo", "勿提儿子工作"),
    ];
    let given = [
        Given { no: ZHANG, fields: &fields, aum: None },
        Given { no: CHEN, fields: &[("name", "陈国栋"), ("owner", "wangmin")], aum: Some(960_000) },
    ];
    let mut desk = Desk::with(size, &given);
    let boss = id(&mut desk.still.file, "zhaohang");
    let he = Staff::new("hegui", "何规", Role::Compliance);
    done(desk.still.file.answer(&Ask::Workbench(workbench::Ask::AddStaff { staff: Box::new(he), stamp: stamp(boss) })));
    for (n, (no, kind)) in (1..).step_by(2).zip([(ZHANG, Kind::Erasure), (ZHANG, Kind::Access), (CHEN, Kind::Erasure)])
    {
        let customer = desk.stored(no).customer.id;
        let take = subject::Ask::Take { op: op(n), customer, kind, note: String::new(), stamp: stamp(boss) };
        done(desk.still.file.answer(&Ask::Subject(take)));
        step(&mut desk, no, kind, 0, boss, n + 1);
    }
    answer_access(&mut desk, boss);
    again(desk, "zhaohang")
}

/// Moves a request on: who asks was checked, or it was answered.
fn step(desk: &mut Desk, no: &str, kind: Kind, nth: usize, boss: StaffId, n: i64) {
    let opened = desk.stored(no);
    let key = request_keys(opened.privacy.open(kind).unwrap())[nth].to_string();
    let mark = agenda::Ask::Mark {
        op: op(n),
        key,
        customer: Some(opened.customer.id),
        mark: Mark::Done,
        seen: i64::MAX,
        reason: "身份证原件".into(),
        stamp: stamp(boss),
    };
    done(desk.still.file.answer(&Ask::Agenda(mark)));
}

/// The access request is answered, so that it is in nobody's way.
fn answer_access(desk: &mut Desk, boss: StaffId) {
    step(desk, ZHANG, Kind::Access, 1, boss, 90);
}

fn done(answer: Answer) {
    assert!(!answer.undone(), "{answer:?}");
}

fn again(desk: Desk, who: &str) -> Desk {
    let size = desk.still.app.rooms.shared.size;
    Desk::at(desk.still.file, desk.folder, size, who)
}

/// The archive is opened and one of its rights chosen by a word.
fn choose(desk: &mut Desk, name: &str, word: &str) {
    desk.keys(&format!("<F2>{name}<Enter>"));
    desk.shows(&[name]);
    desk.keys(&format!("i{word}<Enter>"));
}

/// The cursor stands on the line of 张山河's request in the queue.
fn to_the_line(desk: &mut Desk) {
    desk.keys("<F7><Home>");
    for _ in 0..30 {
        let rooms = &desk.still.app.rooms;
        if rooms.agenda.current().is_some_and(|i| i.who.as_ref().is_some_and(|w| w.no == ZHANG)) {
            return;
        }
        desk.keys("<Down>");
    }
    panic!("no such line on\n{}", desk.screen());
}

fn asked(desk: &Desk) -> bool {
    desk.still.app.rooms.layers.iter().any(|l| matches!(l, Layer::Second(_)))
}

fn erased(desk: &mut Desk) -> Option<String> {
    desk.stored(ZHANG).privacy.erased
}

fn printed(desk: &Desk) -> Vec<(String, String)> {
    let print = |e: &Effect| match e {
        Effect::Print { name, text } => Some((name.clone(), text.clone())),
        _ => None,
    };
    desk.still.effects.iter().filter_map(print).collect()
}

#[test]
fn somebody_is_erased_after_checks_a_question_and_a_second_persons_password_and_the_certificate_is_shown_and_printed() {
    for size in [(160, 45), (80, 24)] {
        let mut desk = desk(size);
        choose(&mut desk, "张山河", "删除档案");
        desk.shows(&["张山河", "已核对", "没有余额", "5 年保存期已满", "取不回来"]);
        assert_eq!(erased(&mut desk), None);
        desk.keys("1");
        desk.shows(&["另一人授权", "删除 6000000001 张山河", "可授权：hegui 何规", "工号", "密码"]);
        desk.keys(HE);
        desk.shows(&["*************"]);
        desk.hides(&["Gao-shan"]);
        desk.keys("<Enter>");
        desk.shows(&["个人信息删除证明", "SC2026-0001", "何规"]);
        assert!(desk.log().contains("已删除，证明 SC2026-0001"), "{}", desk.log());
        desk.keys("<F8>");
        let [(name, text)] = printed(&desk).try_into().unwrap();
        assert!(name == "erased-SC2026-0001.txt" && text.contains("何规") && text.contains("赵行"), "{name} {text}");
        desk.keys("<F2>张山河");
        desk.hides(&["玉溪", "0027", "儿子工作"]);
        let he = id(&mut desk.still.file, "hegui");
        let opened = desk.stored(ZHANG);
        assert_eq!(opened.privacy.erased.as_deref(), Some("SC2026-0001"));
        let change = opened.changes.iter().find(|c| c.after("erased").is_some()).unwrap();
        assert_eq!(change.after("second"), Some(he.0.to_string().as_str()));
        assert!(accesses(&mut desk).contains(&"hegui sign_in erase".to_owned()), "{:?}", accesses(&mut desk));
    }
}

#[test]
fn the_line_of_the_request_in_the_queue_leads_to_the_same_and_is_done_by_it() {
    let mut desk = desk((160, 45));
    to_the_line(&mut desk);
    desk.keys("d");
    desk.shows(&["已核对", "取不回来"]);
    desk.keys(&format!("1{HE}<Enter>"));
    desk.shows(&["个人信息删除证明"]);
    let opened = desk.stored(ZHANG);
    assert!(opened.privacy.erased.is_some());
    assert!(opened.privacy.cases.iter().all(|c| c.state == State::Done));
}

#[test]
fn what_stands_in_the_way_is_said_and_nobody_is_asked_for_their_word() {
    let mut desk = desk((80, 24));
    choose(&mut desk, "陈国栋", "删除档案");
    desk.shows(&["现在不能删除", "余额", "法定保存期到"]);
    desk.keys("<Enter>");
    assert!(!asked(&desk));
    desk.hides(&["现在不能删除"]);
}

#[test]
fn a_wrong_password_is_refused_counted_and_written_down_and_nothing_is_erased_before_the_right_one() {
    let mut desk = desk((80, 24));
    choose(&mut desk, "张山河", "删除档案");
    desk.keys("1");
    for n in 0..3 {
        desk.hides(&["秒"]);
        desk.keys(&format!("wrong-202{n}<Enter>"));
        desk.shows(&["工号或密码不对", "hegui"]);
    }
    desk.shows(&["30 秒"]);
    desk.wait(10);
    desk.shows(&["20 秒"]);
    desk.keys(&format!("{HE}<Enter>"));
    desk.shows(&["20 秒", "另一人授权"]);
    // Closing it and asking again does not shorten the wait: the file has it.
    desk.keys("<Esc>");
    assert!(!asked(&desk));
    choose(&mut desk, "张山河", "删除档案");
    desk.keys(&format!("1{HE}<Enter>"));
    desk.shows(&["错了太多次"]);
    assert_eq!(erased(&mut desk), None);
    desk.wait(31);
    desk.keys(&format!("{HE}<Enter>"));
    desk.shows(&["个人信息删除证明"]);
    let log = accesses(&mut desk);
    assert_eq!(log.iter().filter(|l| *l == "hegui refused erase").count(), 3, "{log:?}");
}

#[test]
fn who_may_not_vouch_is_refused_before_a_password_and_nobody_vouches_for_themselves() {
    let mut desk = desk((80, 24));
    choose(&mut desk, "张山河", "删除档案");
    desk.keys("1");
    for (typed, said) in [
        ("liqiang", "「liqiang」不能授权「删除档案」，可请：hegui 何规"),
        ("王敏", "不能授权"),
        ("nobody", "不能授权"),
        ("zhaohang", "自己不能授权"),
        ("ZHAOHANG", "自己不能授权"),
        ("赵行", "自己不能授权"),
    ] {
        desk.keys(&format!("<Up><C-u>{typed}<Tab>Whatever-2026<Enter>"));
        desk.shows(&[said]);
        assert_eq!(erased(&mut desk), None, "{typed}");
        // The number has the focus, as if it had just been opened.
        desk.keys("<Tab>");
    }
    assert!(!accesses(&mut desk).iter().any(|l| l.contains("erase")), "{:?}", accesses(&mut desk));
    desk.keys("<F4>");
    desk.shows(&["谁来授权", "何规", "合规"]);
    desk.hides(&["李强"]);
    desk.keys(&format!("<Enter>{HE}<Enter>"));
    desk.shows(&["个人信息删除证明"]);
}

#[test]
fn whose_post_may_not_erase_is_told_who_may_and_is_asked_nothing() {
    let mut desk = again(desk((160, 45)), "wangmin");
    choose(&mut desk, "张山河", "删除档案");
    assert!(desk.said().contains("「删除档案」只有") && desk.said().contains("赵行"), "{}", desk.said());
    choose(&mut desk, "张山河", "打印查阅报告");
    assert!(desk.said().contains("「批量显示全号」只有"), "{}", desk.said());
    assert!(desk.still.app.rooms.layers.is_empty() && printed(&desk).is_empty());
}

#[test]
fn esc_gives_up_the_word_and_what_was_typed_in_a_form_is_still_there() {
    for size in [(160, 45), (80, 24)] {
        let mut desk = desk(size);
        to_the_line(&mut desk);
        desk.keys("<F3><Enter>张大河<F7>d1Gao-sh");
        assert!(asked(&desk));
        desk.keys("<Esc>");
        assert!(!asked(&desk) && desk.still.app.rooms.layers.is_empty());
        assert_eq!(erased(&mut desk), None);
        desk.keys("<F3>");
        desk.shows(&["张大河"]);
        desk.keys("<F8>");
        assert_eq!(desk.stored(ZHANG).customer.name, "张大河");
    }
}

#[test]
fn a_word_that_was_given_up_or_locked_away_while_it_was_looked_at_does_nothing() {
    for leave in ["<Esc>", "<F10>"] {
        let mut desk = without_password((80, 24));
        for who in ["hegui", "zhaohang"] {
            give(&mut desk.still.file, who, HE, who, "2026-11-02");
        }
        let mut desk = again(desk, "zhaohang");
        desk.keys(&format!("{HE}<Enter>"));
        choose(&mut desk, "张山河", "删除档案");
        desk.keys("1");
        desk.still.slow = Some(Vec::new());
        desk.keys(&format!("{HE}<Enter>"));
        desk.shows(&["正在核对"]);
        desk.keys("abc<Enter><F4><Up>");
        desk.shows(&["正在核对"]);
        assert_eq!(desk.still.slow.as_ref().unwrap().len(), 1);
        if leave == "<Esc>" {
            desk.keys(leave);
        } else {
            // Ten minutes without a key.
            desk.wait(600);
            desk.shows(&["已锁屏"]);
        }
        desk.still.catches_up();
        assert_eq!(erased(&mut desk), None, "{leave}");
        if leave == "<F10>" {
            desk.keys(&format!("{HE}<Enter>"));
        }
        assert!(!asked(&desk));
    }
}

#[test]
fn in_a_plain_file_who_has_no_password_is_only_named_until_they_have_one() {
    let mut desk = without_password((80, 24));
    choose(&mut desk, "张山河", "删除档案");
    desk.keys("1");
    desk.shows(&["没有密码", "只记名"]);
    // They get one at another workstation, after this one was opened.
    give(&mut desk.still.file, "hegui", HE, "hegui", "2026-11-02");
    desk.keys("<Enter>");
    desk.shows(&["有密码，请本人输入"]);
    assert_eq!(erased(&mut desk), None);
    desk.keys(&format!("{HE}<Enter>"));
    desk.shows(&["个人信息删除证明"]);
    let mut desk = without_password((80, 24));
    choose(&mut desk, "张山河", "删除档案");
    desk.keys("1<Enter>");
    desk.shows(&["个人信息删除证明", "何规"]);
    assert!(!accesses(&mut desk).iter().any(|l| l.contains("sign_in")), "being named proves nothing");
}

#[test]
fn a_password_that_somebody_else_set_vouches_for_nothing() {
    let mut desk = without_password((80, 24));
    give(&mut desk.still.file, "hegui", HE, "zhaohang", "2026-11-02");
    let mut desk = again(desk, "zhaohang");
    choose(&mut desk, "张山河", "删除档案");
    desk.keys(&format!("1{HE}<Enter>"));
    desk.shows(&["密码是别人设的", "本人改过才能授权"]);
    assert_eq!(erased(&mut desk), None);
}

#[test]
fn a_password_that_is_pasted_or_comes_in_a_burst_with_its_enter_is_taken_at_once() {
    for typed in [format!("{HE}\n"), format!("{HE}\r"), format!("{HE}\r\n"), format!("{HE}\nmore\n")] {
        let mut desk = desk((80, 24));
        choose(&mut desk, "张山河", "删除档案");
        desk.keys("1").paste(&typed);
        desk.shows(&["个人信息删除证明"]);
    }
    let mut desk = desk((80, 24));
    choose(&mut desk, "张山河", "删除档案");
    desk.keys("1<Up><C-u>").paste(&format!("hegui\n{HE}"));
    assert!(asked(&desk));
    desk.keys("<Enter>");
    desk.shows(&["个人信息删除证明"]);
}

#[test]
fn the_access_report_is_printed_in_full_with_a_second_persons_word_and_never_shown_so() {
    for size in [(160, 45), (80, 24)] {
        let mut desk = desk(size);
        choose(&mut desk, "张山河", "打印查阅报告");
        desk.shows(&["另一人授权", "查阅报告，号码全显示", "可授权：hegui 何规"]);
        desk.keys(&format!("{HE}<Enter>"));
        desk.hides(&BARE);
        let [(name, text)] = printed(&desk).try_into().unwrap();
        assert_eq!(name, format!("subject-{ZHANG}-{}.txt", today()));
        assert!(BARE.iter().all(|n| text.contains(n)) && text.contains("谁看过、导出过"), "{text}");
        assert!(desk.said().contains("已存成文件"), "{}", desk.said());
        let customer = desk.stored(ZHANG).customer.id;
        let ask = Ask::Subject(subject::Ask::Held { customer, today: today() });
        let Answer::Subject(subject::Answer::Held(held)) = desk.still.file.answer(&ask) else { panic!("no report") };
        let he = id(&mut desk.still.file, "hegui").0.to_string();
        let looks: Vec<_> = held.looks.iter().filter(|c| c.after("action") == Some("export")).collect();
        assert!(looks.len() == 1 && looks[0].entity == Entity::Access, "{looks:?}");
        assert_eq!((looks[0].after("second"), looks[0].after("target")), (Some(he.as_str()), Some(name.as_str())));
    }
}

#[test]
fn without_a_checked_request_neither_is_offered() {
    let mut desk = desk((160, 45));
    choose(&mut desk, "陈国栋", "打印查阅报告");
    assert!(!asked(&desk));
    desk.keys("<Esc>");
    choose(&mut desk, "张山河", "打印查阅报告");
    assert!(asked(&desk));
}

#[test]
fn while_the_drive_is_away_an_erasure_waits_and_a_report_in_full_is_printed_only_after_the_log_has_it() {
    let mut desk = desk((160, 45));
    choose(&mut desk, "张山河", "打印查阅报告");
    desk.keys(HE);
    desk.still.slow = Some(Vec::new());
    desk.keys("<Enter>");
    desk.still.goes_away();
    desk.still.catches_up();
    assert!(printed(&desk).is_empty() && !asked(&desk));
    desk.still.comes_back();
    let [(_, text)] = printed(&desk).try_into().unwrap();
    assert!(text.contains(BARE[0]));
    choose(&mut desk, "张山河", "删除档案");
    desk.keys(&format!("1{HE}"));
    desk.still.slow = Some(Vec::new());
    desk.keys("<Enter>");
    desk.still.goes_away();
    desk.still.catches_up();
    desk.still.comes_back();
    assert!(erased(&mut desk).is_some());
    assert!(desk.log().contains("已删除，证明 SC2026-0001"), "{}", desk.log());
    desk.hides(&["儿子工作", "玉溪"]);
}

#[test]
fn what_was_parked_of_somebody_goes_with_them() {
    let mut desk = desk((160, 45));
    desk.keys("<F2>张山河<Enter><Enter>张大河<F2><Esc>陈国栋<Enter>");
    assert!(desk.still.app.rooms.archive.parked.iter().any(|p| p.name.contains("张")), "{}", desk.screen());
    to_the_line(&mut desk);
    desk.keys(&format!("d1{HE}<Enter><Esc>"));
    assert!(erased(&mut desk).is_some());
    desk.hides(&["张大河"]);
    let kept = desk.still.effects.iter().rev().find_map(|e| match e {
        Effect::KeepDrafts(text) => Some(text.clone()),
        _ => None,
    });
    assert!(!kept.unwrap_or_default().contains("张大河"));
}

#[test]
fn somebody_who_works_here_alone_is_told_that_it_takes_two() {
    let mut desk = desk((80, 24));
    // Both others leave the rights of a second person to nobody: the store says so.
    desk.still.app.rooms.shared.opened.as_mut().unwrap().staff.retain(|s| s.code == "zhaohang");
    choose(&mut desk, "张山河", "删除档案");
    desk.keys("1");
    assert!(!asked(&desk));
    assert!(desk.said().contains("授权"), "{}", desk.said());
    assert_eq!(erased(&mut desk), None);
}

#[test]
fn a_list_of_more_lines_than_one_may_take_out_alone_is_printed_with_a_second_persons_word_or_not_at_all() {
    let mut desk = desk((160, 45));
    desk.keys("<F7>p<F8>");
    assert_eq!(printed(&desk).len(), 1, "few lines need nobody");
    // The branch lets nobody take out a line alone.
    desk.still.app.rooms.shared.opened.as_mut().unwrap().settings.export_rows = 0;
    desk.keys("p<F8>");
    desk.shows(&["另一人授权", "一个人最多 0 行", "可授权："]);
    desk.keys("<Esc>");
    assert_eq!(printed(&desk).len(), 1);
    // The page is still there.
    desk.keys("<F8>");
    assert!(asked(&desk));
    desk.keys(&format!("<Up><C-u>hegui<Tab>{HE}<Enter>"));
    assert_eq!(printed(&desk).len(), 2);
    assert!(desk.still.app.rooms.layers.is_empty());
    let exports: Vec<String> = accesses(&mut desk).into_iter().filter(|l| l.contains(" export ")).collect();
    assert_eq!(exports, ["zhaohang export agenda"]);
    let mut teller = again(desk, "liqiang");
    teller.still.app.rooms.shared.opened.as_mut().unwrap().settings.export_rows = 0;
    teller.keys("<F7>ntask<Tab><Tab><F8>p<F8>");
    assert!(!asked(&teller));
    assert!(printed(&teller).is_empty() && teller.said().contains("「导出名单」只有"), "{}", teller.said());
}
