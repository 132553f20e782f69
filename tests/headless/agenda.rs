//! The queue as one works with it: lines in order, done, put off, handed on, given up; week, month, filter, list to print.

use crate::desk::{Desk, Given, op, staff, stamp};
use chrono::NaiveDate;
use guitai::app::cx::Pane;
use guitai::app::event::{Effect, Event, Mouse, MouseAction};
use guitai::app::key::Key;
use guitai::domain::agenda::Scope;
use guitai::domain::contact::{Channel, Outcome};
use guitai::store::contacts;
use guitai::store::open::File;
use guitai::store::request::{Answer, Ask, Stamp};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// 王敏 keeps five, 李强 one, nobody one.
fn branch() -> [Given<'static>; 6] {
    let given = |no, fields, yuan| Given { no, fields, aum: Some(yuan) };
    [
        given(
            "7000000001",
            &[
                ("name", "张胜"),
                ("keeps", "lunar"),
                ("lunar", "十月十三"),
                ("birth", "1966-11-24"),
                ("owner", "wangmin"),
            ],
            1_284_000,
        ),
        given("7000000002", &[("name", "何芬"), ("birth", "1977-11-21"), ("owner", "wangmin")], 491_000),
        given("7000000003", &[("name", "陈国栋"), ("birth", "1956-11-18"), ("owner", "wangmin")], 960_000),
        given("7000000004", &[("name", "黄永昌"), ("birth", "1960-11-30"), ("owner", "wangmin")], 4_120_000),
        given("7000000005", &[("name", "赵松"), ("owner", "liqiang"), ("birth", "1990-11-23")], 127_000),
        given("7000000006", &[("name", "张山河"), ("owner", "wangmin")], 310_200),
    ]
}

/// 张山河 was called in September and is to be visited since 18 November, 何芬 on the 23rd.
fn contacts(file: &mut File) {
    let people = staff(file);
    let rows = match file.answer(&Ask::Workbench(guitai::store::workbench::Ask::Rows)) {
        Answer::Workbench(guitai::store::workbench::Answer::Rows(rows)) => rows,
        other => panic!("{other:?}"),
    };
    for (n, (name, note, next)) in
        [("张山河", "女儿考上大学，改打 18985210027", day(11, 18)), ("何芬", "", day(11, 23))].into_iter().enumerate()
    {
        let id = rows.iter().find(|r| r.name == name).unwrap().id;
        let before = Stamp { today: day(9, 12), at: day(9, 12).and_hms_opt(10, 0, 0).unwrap(), ..stamp(people[0].id) };
        let ask = contacts::Ask::Log {
            op: op(900 + i64::try_from(n).unwrap()),
            customer: id,
            channel: Channel::ALL[0],
            outcome: Outcome::ALL[0],
            note: note.into(),
            next: Some(next),
            task: None,
            stamp: before,
        };
        let answer = file.answer(&Ask::Contacts(ask));
        assert!(matches!(answer, Answer::Contacts(_)), "{answer:?}");
    }
}

fn desk_of(size: (u16, u16), who: &str) -> Desk {
    let mut first = Desk::with(size, &branch());
    contacts(&mut first.still.file);
    let Desk { still, folder } = first;
    let file = still.file;
    let mut desk = Desk::at(file, folder, size, who);
    desk.keys("<F7>");
    desk
}

fn desk(size: (u16, u16)) -> Desk {
    desk_of(size, "wangmin")
}

/// Name and source of the line under the cursor.
fn here(desk: &Desk) -> (String, String) {
    let item = desk.still.app.rooms.agenda.current().expect("no line under the cursor");
    (item.who.as_ref().map(|w| w.name.clone()).unwrap_or_default(), item.source.code().to_owned())
}

fn at(name: &str, source: &str) -> (String, String) {
    (name.to_owned(), source.to_owned())
}

/// Puts the cursor on the line of a customer.
fn go(desk: &mut Desk, name: &str, source: &str) {
    desk.keys("<Home>");
    for _ in 0..40 {
        if here(desk) == at(name, source) {
            return;
        }
        desk.keys("<Down>");
    }
    panic!("no {source} of {name} on\n{}", desk.screen());
}

fn has(desk: &Desk, name: &str, source: &str) -> bool {
    let a = &desk.still.app.rooms.agenda;
    let items = (0..).map_while(|n| a.item(n));
    items.into_iter().any(|i| i.source.code() == source && i.who.as_ref().is_some_and(|w| w.name == name))
}

#[test]
fn what_is_overdue_stands_first_and_every_line_says_what_it_is() {
    let desk = desk((80, 24));
    desk.shows(&[
        "4 今日任务 F7",
        "逾期 2",
        "! 生日   陈国栋   贵宾     96.0万  逾3天   70岁 整寿 11-18 (十月初十)",
        "! 拜访   张山河   潜力     31.0万  逾3天   上次 09-12 电话：女儿考上大学",
        "* 生日农 张胜     贵宾    128.4万  60岁 整寿 十月十三 (11-21)",
        "* 生日   何芬     潜力     49.1万  49岁 虚岁50整寿 11-21 (十月十三)",
        "三天内 1",
        "今日完成 0  本周 0  逾期 2",
        "逾期 2  未加密",
    ]);
    let screen = desk.screen();
    let row = |text: &str| screen.lines().position(|l| l.contains(text)).unwrap_or_else(|| panic!("{text}\n{screen}"));
    assert!(row("逾期 2 ─") < row("今天 7 ─") && row("今天 7 ─") < row("三天内 1"), "{screen}");
    // 11-18: the higher tier first.
    assert!(row("陈国栋") < row("张山河"), "{screen}");
}

#[test]
fn four_keys_log_a_contact_and_the_line_leaves_the_queue() {
    let mut desk = desk((120, 30));
    go(&mut desk, "张山河", "visit");
    let before = desk.still.app.rooms.agenda.counts();
    desk.keys("c11<Enter>");
    assert!(desk.said().starts_with("已记 张山河 电话接通，下次 12-2"), "{}", desk.said());
    assert!(!has(&desk, "张山河", "visit"), "{}", desk.screen());
    let stored = desk.stored("7000000006");
    assert_eq!(stored.contacts.len(), 2);
    assert!(stored.contacts.iter().any(|c| c.task.as_deref().is_some_and(|k| k.starts_with("visit:"))));
    assert!(stored.standing.next_visit.unwrap() > day(12, 1));
    let after = desk.still.app.rooms.agenda.counts();
    assert_eq!((after.open, after.overdue, after.done_today), (before.open - 1, before.overdue - 1, 1));
    desk.shows(&["今日完成 1"]);
    // The cursor is on the line that came after, and the archive beside shows whom that is about.
    let (name, _) = here(&desk);
    assert_ne!(name, "张山河");
    assert_eq!(desk.still.app.rooms.archive.opened().unwrap().customer.name, name);
}

#[test]
fn a_call_without_an_answer_brings_the_line_back_in_two_days() {
    let mut desk = desk((80, 24));
    go(&mut desk, "张山河", "visit");
    desk.keys("<F8>12<Enter>");
    let found = desk.still.app.rooms.agenda.rows().len();
    assert!(found > 0);
    go(&mut desk, "张山河", "visit");
    let item = desk.still.app.rooms.agenda.current().unwrap();
    assert!(item.due > day(11, 21), "{item:?}");
    desk.shows(&["未接1次"]);
}

#[test]
fn a_line_is_done_put_off_handed_on_or_given_up_with_a_reason_and_never_without() {
    let mut desk = desk((80, 24));
    go(&mut desk, "何芬", "birthday");
    desk.keys("d");
    assert_eq!(desk.said(), "已完成 生日 何芬");
    assert!(!has(&desk, "何芬", "birthday"));

    go(&mut desk, "张山河", "visit");
    desk.keys("s");
    desk.shows(&["推迟 拜访 张山河", "2026-11-23"]);
    desk.keys("<F8>");
    assert!(desk.said().contains("理由"), "{}", desk.said());
    desk.keys("<Down>出差<F8>");
    assert_eq!(desk.said(), "已记下：推迟 拜访 张山河 11-23");
    go(&mut desk, "张山河", "visit");
    assert_eq!(desk.still.app.rooms.agenda.current().unwrap().due, day(11, 23));

    go(&mut desk, "张胜", "birthday");
    desk.keys("h");
    desk.keys("liqiang<Enter>顺路<Enter>");
    assert_eq!(desk.said(), "已记下：转办 生日农 张胜");
    assert!(!has(&desk, "张胜", "birthday"), "{}", desk.screen());

    go(&mut desk, "陈国栋", "birthday");
    desk.keys("<Delete>已在柜面祝过<Enter>");
    assert_eq!(desk.said(), "已记下：取消 生日 陈国栋");
    assert!(!has(&desk, "陈国栋", "birthday"));

    let Desk { still, folder } = desk;
    let file = still.file;
    let mut colleague = Desk::at(file, folder, (80, 24), "liqiang");
    colleague.keys("<F7>");
    assert!(has(&colleague, "张胜", "birthday"), "{}", colleague.screen());
}

#[test]
fn a_line_is_never_handed_on_to_whose_it_is_already() {
    let mut desk = desk((80, 24));
    go(&mut desk, "张胜", "birthday");
    desk.keys("hwangmin<Enter>顺路<Enter>");
    assert_eq!(desk.said(), "这一条本来就是这位同事的，请选另一位（F4）");
    // What was typed is still there.
    desk.shows(&["顺路"]);
    assert!(has(&desk, "张胜", "birthday"));
}

#[test]
fn an_old_message_goes_with_the_next_key_and_stays_in_the_log() {
    let mut desk = desk((80, 24));
    desk.keys("u");
    desk.shows(&["没有可取回的"]);
    desk.event(Event::Tick(crate::desk::now() + chrono::TimeDelta::seconds(5)));
    desk.shows(&["没有可取回的"]);
    desk.keys("<Down>");
    desk.hides(&["没有可取回的"]);
    assert_eq!(desk.said(), "没有可取回的");
}

#[test]
fn what_was_done_put_off_or_given_up_is_taken_back_one_by_one() {
    let mut desk = desk((80, 24));
    let before = desk.still.app.rooms.agenda.counts();
    go(&mut desk, "何芬", "birthday");
    desk.keys("d");
    go(&mut desk, "张山河", "visit");
    desk.keys("x已搬走<Enter>");
    assert!(!has(&desk, "张山河", "visit") && !has(&desk, "何芬", "birthday"), "{}", desk.screen());
    desk.keys("u");
    assert_eq!(desk.said(), "已取回：拜访 张山河");
    assert!(has(&desk, "张山河", "visit") && !has(&desk, "何芬", "birthday"), "{}", desk.screen());
    desk.keys("<C-z>");
    assert_eq!(desk.said(), "已取回：生日 何芬");
    assert_eq!(desk.still.app.rooms.agenda.counts(), before);
    desk.keys("u");
    assert_eq!(desk.said(), "没有可取回的");
    // The log tells both, in the words of the screen.
    go(&mut desk, "张山河", "visit");
    desk.keys("<Enter>h");
    desk.shows(&["取消 已搬走", "取回"]);
    desk.hides(&["cancelled", "visit:"]);
}

#[test]
fn an_own_task_is_about_the_customer_looked_at_unless_that_is_emptied() {
    let mut desk = desk((80, 24));
    go(&mut desk, "何芬", "birthday");
    desk.keys("a送挂历");
    desk.shows(&["客户", "何芬"]);
    desk.keys("<F8>");
    assert!(has(&desk, "何芬", "own"), "{}", desk.screen());
    desk.keys("a买红纸<Up><Backspace><F8>");
    go(&mut desk, "", "own");
    let about = desk.still.app.rooms.agenda.current().unwrap().who.clone();
    assert!(about.is_none(), "{about:?}");
}

#[test]
fn an_own_task_is_added_changed_and_done_with_one_key() {
    let mut desk = desk((80, 24));
    desk.keys("a送挂历<Enter><Enter>每周<Enter>");
    assert!(desk.said().starts_with("已记下：自办事项"), "{}", desk.said());
    desk.shows(&["自办", "送挂历 (每周)"]);
    let name = here(&desk).0;
    go(&mut desk, &name, "own");
    desk.keys("e<C-u>送对联<F8>");
    desk.shows(&["送对联 (每周)"]);
    desk.keys("c");
    assert_eq!(desk.said(), "已完成 自办 送对联");
    desk.hides(&["送对联 (每周)"]);
    // It comes again in a week.
    desk.keys("w<Right>");
    desk.shows(&["送对联 (每周)"]);
}

#[test]
fn undone_lines_are_counted_in_the_header_whatever_scope_is_shown() {
    let mut desk = desk((120, 30));
    let mine = desk.still.app.rooms.agenda.counts();
    desk.shows(&[&format!("待办 {}  生日 2  逾期 2", mine.open)]);
    desk.keys("]]");
    assert_eq!(desk.still.app.rooms.agenda.scope, Scope::Branch);
    assert!(has(&desk, "赵松", "birthday"));
    assert_eq!(desk.still.app.rooms.agenda.counts(), mine);
    assert!(desk.still.app.rooms.agenda.shown.open > mine.open);
    desk.shows(&[&format!("待办 {}  生日 2  逾期 2", mine.open), "李强"]);
    desk.keys("<Left><Left>");
    assert_eq!(desk.still.app.rooms.agenda.scope, Scope::Mine);
    assert!(!has(&desk, "赵松", "birthday"));
}

#[test]
fn who_looks_after_the_branch_begins_with_the_branch() {
    let desk = desk_of((80, 24), "zhaohang");
    assert_eq!(desk.still.app.rooms.agenda.scope, Scope::Branch);
    assert_eq!(desk.still.app.rooms.agenda.counts(), desk.still.app.rooms.agenda.shown);
    assert!(desk.still.app.rooms.agenda.counts().open > 0);
    desk.shows(&["[网点 ", "王敏"]);
}

#[test]
fn digits_and_enter_open_the_customer_and_the_cursor_shows_them_beside() {
    let mut desk = desk((120, 30));
    desk.keys("<Down>");
    let (name, _) = here(&desk);
    assert_eq!(desk.still.app.rooms.archive.opened().unwrap().customer.name, name);
    desk.keys("1");
    assert_eq!(desk.still.app.rooms.focus, guitai::app::cx::Pane::Archive);
    assert_eq!(desk.still.app.rooms.archive.opened().unwrap().customer.name, "陈国栋");
    desk.keys("<Esc>");
    assert_eq!(desk.still.app.rooms.focus, guitai::app::cx::Pane::Agenda);
}

#[test]
fn a_reload_keeps_the_line_under_the_cursor() {
    let mut desk = desk((80, 24));
    go(&mut desk, "何芬", "birthday");
    desk.keys("<F5>");
    assert_eq!(here(&desk), at("何芬", "birthday"));
    // Colleagues did the line meanwhile: the next one is under the cursor.
    let following = {
        desk.keys("<Down>");
        let next = here(&desk);
        desk.keys("<Up>");
        next
    };
    let key = desk.still.app.rooms.agenda.current().unwrap().key.clone();
    let by = staff(&mut desk.still.file)[1].id;
    let mark = guitai::store::agenda::Ask::Mark {
        seen: i64::MAX,
        op: op(77),
        key,
        customer: None,
        mark: guitai::domain::agenda::Mark::Done,
        reason: String::new(),
        stamp: stamp(by),
    };
    assert!(matches!(desk.still.file.answer(&Ask::Agenda(mark)), Answer::Agenda(_)));
    desk.keys("<F5>");
    assert_eq!(here(&desk), following);
}

#[test]
fn typing_filters_by_name_letters_and_text_and_esc_brings_all_back() {
    let mut desk = desk((80, 24));
    let all = desk.still.app.rooms.agenda.rows().len();
    for (typed, shown, hidden) in [
        ("国栋", "陈国栋", "张胜"),
        ("/zsh", "张山河", "何芬"),
        ("/大学", "张山河", "张胜"),
        ("/c国", "陈国栋", "何芬"),
    ] {
        desk.keys(typed);
        desk.shows(&[shown]);
        desk.hides(&[hidden]);
        desk.keys("<Esc>");
        assert_eq!(desk.still.app.rooms.agenda.rows().len(), all, "{typed}");
    }
    // Down leads out of the box; letters are commands again.
    desk.keys("/shanhe<Down>c");
    desk.shows(&["记联络 张山河"]);
    desk.keys("<Esc><Esc>/qq");
    desk.shows(&["没有符合的任务", "Esc 清除筛选"]);
}

#[test]
fn the_week_has_seven_days_with_their_lunar_days_and_left_and_right_change_it() {
    let mut desk = desk((160, 45));
    desk.keys("w");
    for head in ["周一 11-16 十月初八", "周六 11-21 十月十三 今天", "周日 11-22 十月十四"] {
        desk.shows(&[head]);
    }
    desk.keys("<Right>");
    desk.shows(&["周一 11-23 十月十五 1", "拜访   何芬"]);
    desk.keys("<Esc>");
    desk.shows(&["逾期 2"]);
}

#[test]
fn the_month_shows_lunar_days_holidays_and_counts_and_enter_shows_the_day() {
    let mut desk = desk((80, 24));
    desk.keys("m");
    desk.shows(&["2026 年 11 月 丙午年", "周六 11-21 十月十三", "21 十三", " 9 十月", "*1 >1", "*2 "]);
    desk.keys("<Right><Right>");
    desk.shows(&["周一 11-23"]);
    desk.keys("<Enter>");
    desk.shows(&["周一 11-23 十月十五 1", "拜访   何芬"]);
    desk.keys("<Esc><PgUp>");
    desk.shows(&["2026 年 10 月", "休", "10 九月 班"]);
    desk.keys("<Up><Up><Up>");
    desk.shows(&["周五 10-02 八月廿二 国庆节"]);
    desk.keys("<Esc>");
    desk.shows(&["逾期 2"]);
}

#[test]
fn the_printed_list_names_everybody_and_holds_no_phone() {
    let mut desk = desk((160, 45));
    desk.keys("]]p");
    desk.shows(&["F8 存成文件打印", "== 王敏 客户经理", "== 李强 低柜柜员"]);
    desk.keys("<F8>");
    let printed = desk.still.effects.iter().find_map(|e| match e {
        Effect::Print { name, text } => Some((name.clone(), text.clone())),
        _ => None,
    });
    let (name, text) = printed.expect("nothing was printed");
    assert_eq!(name, "agenda-wangmin-2026-11-21.txt");
    assert!(text.contains("[ ] 逾3天") && text.contains("女儿考上大学"), "{text}");
    assert!(!text.contains("18985210027") && text.contains("*******0027"), "{text}");
}

#[test]
fn hidden_figures_are_hidden_here_too() {
    let mut desk = desk((80, 24));
    desk.shows(&["128.4万"]);
    desk.keys("<F12>");
    desk.hides(&["128.4万", "96.0万"]);
    desk.keys("p");
    desk.hides(&["128.4万", "96.0万"]);
}

#[test]
fn an_empty_queue_says_so_and_which_keys_help() {
    let mut desk = Desk::with((80, 24), &[]);
    desk.keys("<F7>");
    desk.shows(&["今天没有到期的事", "a 记一件自办"]);
    // No key does harm where there is nothing.
    desk.keys("cdsxhe<Enter>1<F8><F4><Delete><PgDn>p<Esc>wm<Enter><Esc><Esc>");
    desk.shows(&["今天没有到期的事"]);
    desk.keys("<C-e>");
    desk.shows(&["Nothing is due today"]);
}

#[test]
fn a_late_answer_for_another_scope_never_replaces_a_newer_one() {
    let mut desk = desk((80, 24));
    let mut asked = |key: &str| match desk.still.app.update(Event::Key(Key::named(key).unwrap())).as_slice() {
        [Effect::Ask(ticket, ask)] => (*ticket, ask.clone()),
        other => panic!("{other:?}"),
    };
    let (team, branch) = (asked("]"), asked("]"));
    let before = desk.still.app.rooms.agenda.rows().len();
    for (ticket, ask) in [branch, team] {
        let answer = desk.still.file.answer(&ask);
        desk.event(Event::Answer(ticket, answer));
        assert!(has(&desk, "赵松", "birthday"), "{}", desk.screen());
    }
    assert_ne!(desk.still.app.rooms.agenda.rows().len(), before);
    assert_eq!(desk.still.app.rooms.agenda.scope, Scope::Branch);
}

#[test]
fn a_click_chooses_the_scope_and_opens_a_line_or_a_day() {
    let mut desk = desk((80, 24));
    let click = |desk: &mut Desk, column, row| {
        desk.event(Event::Mouse(Mouse { action: MouseAction::Down, column, row }));
    };
    click(&mut desk, 20, 3);
    assert_eq!(desk.still.app.rooms.agenda.scope, Scope::Branch);
    click(&mut desk, 2, 3);
    assert_eq!(desk.still.app.rooms.agenda.scope, Scope::Mine);
    // The heading does nothing, the line below it opens.
    click(&mut desk, 10, 4);
    assert_eq!(desk.still.app.rooms.focus, Pane::Agenda);
    click(&mut desk, 10, 5);
    assert_eq!(desk.still.app.rooms.focus, Pane::Archive);
    assert_eq!(desk.still.app.rooms.archive.opened().unwrap().customer.name, "陈国栋");
    desk.keys("<F7>m");
    click(&mut desk, 3, 13);
    assert_eq!(desk.still.app.rooms.agenda.day, day(11, 23));
    click(&mut desk, 3, 13);
    desk.shows(&["周一 11-23 十月十五 1", "何芬"]);
}

#[test]
fn the_queue_is_drawn_at_every_size_and_in_both_languages() {
    for size in [(80, 24), (100, 26), (120, 30), (160, 40), (160, 45), (220, 60)] {
        let mut desk = desk(size);
        for keys in ["", "w", "<Right>", "m", "<Enter>", "<Esc>t]]", "/z", "<Esc><C-e>", "wm", "<Enter>"] {
            desk.keys(keys);
            let screen = desk.screen();
            assert!(screen.contains("F7"), "{size:?} {keys}\n{screen}");
        }
        desk.shows(&["4 Today F7", "[Branch "]);
    }
}
