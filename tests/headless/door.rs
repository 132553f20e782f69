//! Signing in, the lock, another colleague at the same PC, new passwords.

use crate::desk::{Desk, Given, accesses, give, id, now, start, today};
use guitai::app::event::{Effect, Event};
use guitai::app::shared::Start;
use guitai::domain::ids::StaffId;
use guitai::run::still::Still;
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::workbench;

const WANG: &str = "Qing-shan-2026";
const LI: &str = "Lv-shui-2026";

fn given() -> Vec<Given<'static>> {
    vec![
        Given {
            no: "6000000001",
            fields: &[
                ("name", "张山河"),
                ("phone", "13885210027"),
                ("area", "玉溪镇"),
                ("owner", "wangmin"),
                ("taboo", "勿提儿子工作"),
            ],
            aum: Some(310_000),
        },
        Given { no: "6000000002", fields: &[("name", "陈国栋"), ("owner", "liqiang")], aum: Some(960_000) },
    ]
}

/// A desk where 王敏 and 李强 have passwords, 赵行 has none; `who` is named at the start.
fn guarded(size: (u16, u16), who: &str) -> Desk {
    guarded_with(Start { ..start(size, who) })
}

fn guarded_with(begin: Start) -> Desk {
    let Desk { still, folder } = Desk::with(begin.size, &given());
    let mut file = still.file;
    give(&mut file, "wangmin", WANG, "wangmin", "2026-11-02");
    give(&mut file, "liqiang", LI, "liqiang", "2026-11-02");
    Desk { still: Still::open(begin, file), folder }
}

#[test]
fn nothing_of_the_branch_is_shown_before_the_password_is_right() {
    for size in [(80, 24), (160, 45)] {
        let mut desk = guarded(size, "wangmin");
        desk.shows(&["登录", "工号", "wangmin", "密码", "道真支行"]);
        desk.hides(&["张山河", "客户查找", "今日任务", "F2"]);
        desk.keys("zhang<F2><F6><C-n>");
        desk.hides(&["张山河", "客户查找", "zhang"]);
        desk.keys("<C-u>").keys("wrong-2026<Enter>");
        desk.shows(&["工号或密码不对"]);
        desk.hides(&["张山河", "wrong"]);
        desk.keys(WANG);
        desk.shows(&["**************"]);
        desk.hides(&[WANG, "Qing"]);
        desk.keys("<Enter>");
        desk.shows(&["王敏", "查找"]);
        desk.keys("zhang");
        desk.shows(&["张山河"]);
        let log = accesses(&mut desk);
        assert_eq!(log, ["wangmin refused workbench", "wangmin sign_in workbench"]);
    }
}

#[test]
fn the_number_is_typed_or_chosen_and_who_has_no_password_goes_on_as_ever() {
    let mut desk = guarded((80, 24), "nobody");
    desk.hides(&["张山河", "客户查找"]);
    desk.keys("<F4>");
    desk.shows(&["谁在用这台机器", "李强", "赵行"]);
    desk.keys("liqiang<Enter>");
    desk.shows(&["liqiang", "李强"]);
    desk.keys(&format!("{LI}<Enter>"));
    desk.shows(&["李强", "查找"]);
    let mut desk = guarded((80, 24), "nobody");
    desk.keys("zhaohang<Enter>");
    desk.shows(&["赵行", "查找"]);
    let mut desk = guarded((80, 24), "zhaohang");
    desk.shows(&["赵行", "查找"]);
    assert!(accesses(&mut desk).is_empty(), "being named proves nothing");
}

#[test]
fn too_many_wrong_tries_wait_and_the_time_left_is_told_as_it_goes() {
    let mut desk = guarded((80, 24), "wangmin");
    for n in 0..3 {
        desk.hides(&["秒"]);
        desk.keys(&format!("wrong-202{n}<Enter>"));
    }
    desk.shows(&["30 秒"]);
    desk.wait(10);
    desk.shows(&["20 秒"]);
    desk.keys(&format!("{WANG}<Enter>"));
    desk.shows(&["20 秒"]);
    desk.hides(&["查找"]);
    desk.wait(21);
    desk.shows(&["可以再试"]);
    desk.keys("<Enter>");
    desk.shows(&["查找"]);
}

#[test]
fn keys_and_the_clock_go_on_while_a_password_is_looked_at() {
    let mut desk = guarded((80, 24), "wangmin");
    desk.still.slow = Some(Vec::new());
    desk.keys(&format!("{WANG}<Enter>"));
    desk.shows(&["正在核对"]);
    desk.keys("zhang<Enter><Esc>").wait(70);
    desk.shows(&["正在核对", "09:01"]);
    assert_eq!(desk.still.slow.as_ref().unwrap().len(), 1);
    desk.still.catches_up();
    desk.shows(&["王敏", "查找"]);
    desk.hides(&["zhang"]);
}

#[test]
fn a_password_somebody_else_set_is_made_ones_own_first() {
    let Desk { still, folder } = Desk::with((80, 24), &given());
    let mut file = still.file;
    give(&mut file, "liqiang", LI, "zhaohang", "2026-11-02");
    let mut desk = Desk::at(file, folder, (80, 24), "liqiang");
    desk.keys(&format!("{LI}<Enter>"));
    desk.shows(&["密码是别人设的", "至少 8 位", "新密码", "再输一遍"]);
    desk.hides(&["查找"]);
    desk.keys("short<Enter>short<Enter>");
    desk.shows(&["密码至少 8 位"]);
    desk.keys(&format!("{LI}<Enter>{LI}<Enter>"));
    desk.shows(&["这个密码用过"]);
    desk.keys("Bai-yun-2026<Enter>Bai-yun-2027<Enter>");
    desk.shows(&["两次输入的新密码不一样"]);
    desk.hides(&["Bai-yun"]);
    desk.keys("Bai-yun-2026<Enter>");
    desk.shows(&["李强", "查找"]);
    let mut desk = Desk::at(desk.still.file, desk.folder, (80, 24), "liqiang");
    desk.keys(&format!("{LI}<Enter>"));
    desk.shows(&["工号或密码不对"]);
    desk.keys("Bai-yun-2026<Enter>");
    desk.shows(&["李强", "查找"]);
}

#[test]
fn a_password_that_is_too_old_is_changed_first_and_one_may_change_ones_own_at_any_time() {
    let Desk { still, folder } = Desk::with((160, 45), &given());
    let mut file = still.file;
    give(&mut file, "wangmin", WANG, "wangmin", "2026-01-06");
    let mut desk = Desk::at(file, folder, (160, 45), "wangmin");
    desk.keys(&format!("{WANG}<Enter>"));
    desk.shows(&["密码用得太久了"]);
    desk.keys("Bai-yun-2026<Enter>Bai-yun-2026<Enter>");
    desk.shows(&["王敏", "查找"]);
    desk.keys("<F9>9210<Enter>");
    desk.shows(&["改密码", "原密码"]);
    desk.hides(&["张山河"]);
    desk.keys("no-such-1<Enter>He-chuan-2026<Enter>He-chuan-2026<Enter>");
    desk.shows(&["工号或密码不对"]);
    desk.keys("Bai-yun-2026<Enter><Enter><Enter>");
    assert!(desk.said().contains("密码已改"), "{}", desk.screen());
    desk.shows(&["查找"]);
    desk.keys("<F9>9210<Enter><Esc>");
    desk.shows(&["查找"]);
}

#[test]
fn where_the_branch_asks_everybody_the_first_sign_in_sets_the_password() {
    let Desk { still, folder } = Desk::with((80, 24), &given());
    let mut file = still.file;
    let by = id(&mut file, "zhaohang");
    let mut settings = match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(opened)) => opened.settings,
        other => panic!("{other:?}"),
    };
    settings.sign_in.required = true;
    let ask = workbench::Ask::KeepSettings { settings: Box::new(settings), stamp: Stamp::new(by, now(), today()) };
    let answer = file.answer(&Ask::Workbench(ask));
    assert!(!matches!(answer, Answer::Failed(_)), "{answer:?}");
    let mut desk = Desk::at(file, folder, (80, 24), "wangmin");
    desk.shows(&["还没有密码"]);
    desk.hides(&["张山河", "客户查找"]);
    desk.keys(&format!("{WANG}<Enter>{WANG}<Enter>"));
    desk.shows(&["王敏", "查找"]);
    let mut desk = Desk::at(desk.still.file, desk.folder, (80, 24), "wangmin");
    desk.shows(&["登录"]);
    desk.keys(&format!("{WANG}<Enter>"));
    desk.shows(&["王敏", "查找"]);
}

#[test]
fn behind_the_lock_nothing_is_to_be_seen_and_keys_type_only_the_password() {
    for size in [(80, 24), (160, 45)] {
        let mut desk = guarded(size, "wangmin");
        desk.keys(&format!("{WANG}<Enter>zhang<Enter><Enter>张大河"));
        desk.shows(&["张大河"]);
        desk.keys("<F10>");
        desk.shows(&["已锁屏", "王敏", "09:00", "道真支行"]);
        desk.hides(&["张", "玉溪", "0027", "万", "查找", "勿提"]);
        desk.keys("<F2><F12><C-p><C-n>abc<Esc><F6>");
        desk.event(Event::Paste("张山河".into()));
        desk.hides(&["张", "万", "查找"]);
        desk.keys("<C-u>wrong-1<Enter>");
        desk.shows(&["工号或密码不对"]);
        desk.keys(&format!("{WANG}<Enter>"));
        desk.shows(&["张大河"]);
        let log = accesses(&mut desk);
        assert_eq!(log[1..], ["wangmin lock workbench", "wangmin refused unlock", "wangmin sign_in unlock"]);
    }
}

#[test]
fn news_of_colleagues_is_collected_behind_the_lock() {
    let mut desk = guarded((160, 45), "wangmin");
    desk.keys(&format!("{WANG}<Enter>zhang<Enter><F10>"));
    let mut zhao = desk.colleague("zhaohang", 9, 9, 1);
    zhao.keys("zhang<Enter><Enter>张小河<F8>");
    assert!(zhao.said().contains("已保存"), "{}", zhao.said());
    desk.hears();
    desk.hides(&["张小河", "赵行"]);
    desk.keys(&format!("{WANG}<Enter>"));
    desk.shows(&["张小河"]);
    assert!(desk.log().contains("赵行"), "{}", desk.log());
}

#[test]
fn idle_minutes_lock_whoever_has_a_password_and_nobody_else() {
    let mut desk = guarded((80, 24), "wangmin");
    desk.keys(&format!("{WANG}<Enter>zhang<Enter>"));
    desk.wait(599);
    desk.shows(&["张山河"]);
    desk.wait(1);
    desk.shows(&["已锁屏"]);
    desk.hides(&["张山河"]);
    let mut free = guarded((80, 24), "zhaohang");
    free.keys("zhang<Enter>").wait(4_000);
    free.shows(&["张山河"]);
    // Without minutes nothing locks by itself.
    let mut never = guarded((80, 24), "wangmin");
    never.keys(&format!("{WANG}<Enter>zhang<Enter>"));
    never.still.app.rooms.shared.opened.as_mut().unwrap().settings.sign_in.lock_minutes = 0;
    never.wait(40_000);
    never.shows(&["张山河"]);
}

#[test]
fn another_colleague_takes_over_a_locked_screen_and_the_first_ones_forms_wait() {
    let mut desk = guarded((160, 45), "wangmin");
    desk.keys(&format!("{WANG}<Enter>zhang<Enter><Enter>张大河<F10>"));
    desk.keys(&format!("<Up><C-u>liqiang<Enter>{LI}<Enter>"));
    desk.shows(&["李强", "查找"]);
    desk.hides(&["张大河", "已锁屏"]);
    desk.keys("<C-t>");
    desk.hides(&["张大河"]);
    assert!(desk.said().contains("没有挂起"), "{}", desk.said());
    desk.keys("<C-g>");
    assert!(!desk.log().contains("张山河"), "what was said to one is not told to another: {}", desk.log());
    desk.keys("<Esc>");
    let mut kept = String::new();
    for effect in &desk.still.effects {
        if let Effect::KeepDrafts(text) = effect {
            kept.clone_from(text);
        }
    }
    assert!(kept.contains("张大河"), "what was typed is on the disk: {kept}");
    desk.keys(&format!("<F11>wangmin<Enter>{WANG}<Enter>"));
    desk.shows(&["王敏"]);
    desk.keys("<C-t><Enter>");
    desk.shows(&["张大河"]);
}

#[test]
fn a_sheet_half_filled_comes_back_with_whoever_was_filling_it() {
    let mut desk = guarded((160, 45), "wangmin");
    desk.keys(&format!("{WANG}<Enter>zhang<Enter><C-k>送挂历"));
    desk.shows(&["自办事项", "送挂历"]);
    // The minutes pass, the screen locks, a colleague needs the PC.
    desk.wait(600);
    desk.shows(&["已锁屏"]);
    desk.keys(&format!("<Up><C-u>liqiang<Enter>{LI}<Enter>"));
    desk.shows(&["李强"]);
    desk.hides(&["自办事项", "送挂历"]);
    desk.keys(&format!("<F11>wangmin<Enter>{WANG}<Enter>"));
    desk.shows(&["王敏", "自办事项", "送挂历"]);
}

#[test]
fn leaving_from_behind_the_lock_loses_nothing_that_is_not_on_the_disk() {
    let mut desk = guarded((80, 24), "wangmin");
    desk.keys(&format!("{WANG}<Enter>zhang<Enter><C-k>送挂历")).wait(600);
    desk.keys("<C-q>");
    desk.shows(&["没存的内容"]);
    assert!(!desk.still.effects.contains(&Effect::Quit));
    desk.keys(&format!("{WANG}<Enter><Esc>y<F10><C-q>"));
    assert_eq!(desk.still.effects.last(), Some(&Effect::Quit));
}

#[test]
fn a_switch_is_written_down_and_esc_gives_it_up() {
    let mut desk = guarded((80, 24), "wangmin");
    desk.keys(&format!("{WANG}<Enter>zhang<F11>"));
    desk.shows(&["换人"]);
    desk.hides(&["张山河", "查找"]);
    desk.keys("<Esc>");
    desk.shows(&["张山河"]);
    desk.keys(&format!("<A-u>liqiang<Enter>{LI}<Enter>"));
    desk.shows(&["李强"]);
    desk.hides(&["zhang"]);
    desk.keys(&format!("<F11>wangmin<Enter>{WANG}<Enter>"));
    desk.shows(&["王敏", "zhang"]);
    desk.keys("<C-q>");
    let log = accesses(&mut desk);
    assert_eq!(
        log,
        [
            "wangmin sign_in workbench",
            "liqiang sign_in switch",
            "wangmin sign_out switch",
            "wangmin sign_in switch",
            "liqiang sign_out switch",
            "wangmin sign_out workbench",
        ]
    );
    assert_eq!(desk.still.effects.last(), Some(&Effect::Quit));
}

#[test]
fn without_passwords_the_lock_opens_by_enter_and_a_colleague_may_still_take_over() {
    let mut desk = Desk::with((80, 24), &given());
    desk.keys("zhang<F10>");
    desk.shows(&["已锁屏", "王敏", "按 Enter 返回"]);
    desk.hides(&["张山河"]);
    desk.keys("<Tab>liqiang<Enter>");
    desk.shows(&["李强"]);
    desk.keys("<F10><Enter>");
    desk.shows(&["李强", "查找"]);
}

#[test]
fn an_encrypted_file_is_asked_for_nothing_before_somebody_signed_in_and_while_it_is_locked() {
    let mut begin = start((80, 24), "wangmin");
    begin.sealed = true;
    let mut desk = guarded_with(begin);
    desk.shows(&["登录", "wangmin"]);
    desk.hides(&["道真支行", "张山河", "查找"]);
    assert!(desk.still.app.rooms.shared.opened.is_none());
    desk.wait(40);
    assert!(desk.still.app.rooms.shared.opened.is_none());
    desk.keys(&format!("{WANG}<Enter>"));
    desk.shows(&["道真支行", "王敏", "查找"]);
    desk.still.app.rooms.shared.opened.as_mut().unwrap().encrypted = true;
    desk.keys("zhang<Enter><F10>");
    assert_eq!(desk.still.effects.last(), Some(&Effect::Lock));
    let seq = desk.still.app.rooms.shared.seq;
    let mut zhao = desk.colleague("zhaohang", 9, 9, 1);
    zhao.keys("zhang<Enter><Enter>张小河<F8>");
    desk.hears().wait(90);
    assert_eq!(desk.still.app.rooms.shared.seq, seq, "nothing is read while the key is away");
    desk.keys(&format!("{WANG}<Enter>"));
    desk.shows(&["张小河"]);
}

/// A colleague takes 李强 off the staff, at another desk.
fn liqiang_leaves(desk: &mut Desk) -> StaffId {
    let (zhao, li) = (id(&mut desk.still.file, "zhaohang"), id(&mut desk.still.file, "liqiang"));
    let ask = guitai::store::keepers::Ask::Leave {
        op: crate::desk::op(77),
        staff: li,
        to: None,
        reason: "调走".into(),
        stamp: Stamp::new(zhao, now(), today()),
    };
    let answer = desk.still.file.answer(&Ask::Keepers(ask));
    assert!(!matches!(answer, Answer::Failed(_)), "{answer:?}");
    li
}

#[test]
fn whoever_is_taken_off_the_staff_works_on_no_longer() {
    let mut desk = guarded((80, 24), "liqiang");
    desk.keys(&format!("{LI}<Enter>zhang"));
    desk.shows(&["张山河"]);
    liqiang_leaves(&mut desk);
    desk.hears();
    desk.shows(&["已离岗"]);
    desk.hides(&["张山河", "查找"]);
    desk.keys(&format!("liqiang<Enter>{LI}<Enter>"));
    desk.hides(&["张山河", "查找"]);
    desk.keys("<Up><Up><C-u>zhaohang<Enter>");
    desk.shows(&["赵行", "查找"]);
}

#[test]
fn what_is_typed_by_whoever_was_taken_off_the_staff_is_refused_in_words_and_kept() {
    let mut desk = guarded((160, 45), "liqiang");
    desk.keys(&format!("{LI}<Enter>chengd<Enter><Enter><C-u>陈国梁"));
    let before = desk.stored("6000000002").customer.name;
    let li = liqiang_leaves(&mut desk);
    // The desk has not heard of it yet.
    desk.keys("<F8>");
    assert!(desk.said().contains("李强已离岗") && desk.said().contains("没有写入"), "{}", desk.said());
    desk.shows(&["陈国梁"]);
    assert_eq!(desk.stored("6000000002").customer.name, before);
    // At the next look at the file they are signed out, and what was typed lies on this PC's disk.
    desk.hears();
    desk.shows(&["已离岗"]);
    desk.hides(&["陈国梁", "陈国栋", "查找"]);
    let kept = desk.still.effects.iter().rev().find_map(|e| match e {
        Effect::KeepDrafts(text) => Some(text.clone()),
        _ => None,
    });
    assert!(kept.is_some_and(|text| text.contains("陈国梁")));
    // What they had looked at until then is in the log all the same.
    let line = guitai::domain::access::Line::new(guitai::domain::access::Action::View, now());
    let note = guitai::store::access::Ask::Note {
        op: crate::desk::op(78),
        lines: vec![line],
        stamp: Stamp::new(li, now(), today()),
    };
    assert!(!matches!(desk.still.file.answer(&Ask::Access(note)), Answer::Failed(_)));
}

#[test]
fn a_clock_behind_the_log_is_told_once_and_not_of_a_day_that_was_asked_for() {
    let given = given();
    let late = "2026-11-21T16:20:00".parse::<chrono::NaiveDateTime>().unwrap();
    for (asked, minutes, told) in [(None, 60, true), (None, 9, false), (Some(today()), 60, false)] {
        let Desk { still, folder } = Desk::with((160, 45), &given);
        let mut file = still.file;
        let li = id(&mut file, "liqiang");
        let line = guitai::domain::access::Line::new(guitai::domain::access::Action::View, late);
        let note = guitai::store::access::Ask::Note {
            op: crate::desk::op(70),
            lines: vec![line],
            stamp: Stamp::new(li, late, today()),
        };
        assert!(!matches!(file.answer(&Ask::Access(note)), Answer::Failed(_)));
        let begin =
            Start { today: asked, now: late - chrono::TimeDelta::minutes(minutes), ..start((160, 45), "wangmin") };
        let mut desk = Desk { still: Still::open(begin, file), folder };
        let words = "本机时间比日志最新一条（2026-11-21 16:20）还早";
        assert_eq!(desk.log().matches(words).count(), usize::from(told), "{asked:?} {minutes}\n{}", desk.log());
        desk.hears().keys("<F5>");
        desk.hears();
        assert_eq!(desk.log().matches(words).count(), usize::from(told), "said once");
    }
}

#[test]
fn while_the_customer_looks_on_only_they_are_shown() {
    for size in [(80, 24), (120, 30), (160, 45)] {
        let mut desk = Desk::with(size, &given());
        desk.keys("<F2>chen").keys("<C-u>zhang<Enter>");
        desk.shows(&["张山河", "勿提儿子工作"]);
        desk.keys("<F12>");
        desk.shows(&["已遮挡", "张山河"]);
        desk.hides(&["勿提儿子工作", "0027", "31.0万"]);
        desk.keys("<F2><C-u>");
        desk.hides(&["陈国栋", "96.0万"]);
        desk.keys("<F6>");
        desk.hides(&["陈国栋", "96.0万"]);
        desk.keys("<F7><Tab><Tab>");
        desk.hides(&["陈国栋"]);
        desk.keys("<C-g>");
        desk.hides(&["陈国栋"]);
        desk.keys("<F12><Esc><F2>");
        desk.shows(&["陈国栋"]);
        desk.hides(&["已遮挡"]);
    }
}

#[test]
fn looking_down_a_list_behind_the_shutter_shows_nobody_and_opening_one_shows_that_one() {
    let mut desk = Desk::with((160, 45), &given());
    desk.keys("zhang<Enter><F12><F2><C-u>");
    desk.hides(&["陈国栋"]);
    desk.keys("chen<Enter>");
    desk.shows(&["陈国栋"]);
    desk.hides(&["张山河", "96.0万"]);
}

#[test]
fn a_number_or_password_that_comes_in_one_burst_with_its_enter_opens_the_door() {
    for typed in [format!("{WANG}\n"), format!("{WANG}\r"), format!("{WANG}\r\n"), format!("{WANG}\nzhang\n")] {
        let mut desk = guarded((80, 24), "wangmin");
        desk.paste(&typed);
        desk.shows(&["王敏", "查找"]);
        desk.hides(&["zhang"]);
    }
    let mut desk = guarded((80, 24), "nobody");
    desk.paste(&format!("liqiang\n{LI}\n"));
    desk.shows(&["李强", "查找"]);
    let mut desk = guarded((80, 24), "wangmin");
    desk.paste(WANG);
    desk.shows(&["**************", "登录"]);
    desk.hides(&["查找"]);
    // A text of many lines is one try, not many.
    desk.keys("<C-u>").paste("wrong-1\nwrong-2\nwrong-3\nwrong-4\n");
    desk.shows(&["工号或密码不对"]);
    assert_eq!(accesses(&mut desk), ["wangmin refused workbench"]);
}
