//! The frame: header, bar, help, palette, codes, language, sizes, IME twins, hiding, the mouse, leaving.

use crate::desk::{Desk, Given};
use guitai::app::cx::Pane;
use guitai::app::event::{Effect, Event, Mouse, MouseAction};
use guitai::domain::text::Lang;
use guitai::ui::render::render;
use guitai::ui::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn desk(size: (u16, u16)) -> Desk {
    let given = [
        Given {
            no: "6000000001",
            fields: &[("name", "张山河"), ("phone", "18985210027"), ("owner", "wangmin")],
            aum: Some(310_200),
        },
        Given { no: "6000000002", fields: &[("name", "单雄"), ("phone", "13984906107")], aum: Some(1_284_000) },
    ];
    Desk::with(size, &given)
}

#[test]
fn header_and_bar_say_where_one_is_and_what_the_keys_do() {
    let mut desk = desk((160, 45));
    desk.shows(&["道真支行", "王敏 客户经理", "2026-11-21 周六 农历十月十三", "F1帮助", "F9菜单", "本机文件"]);
    desk.keys("<F7>");
    desk.shows(&["F8完成"]);
    desk.keys("<F6>");
    desk.hides(&["F8完成"]);
}

#[test]
fn every_size_from_80_by_24_is_drawn_and_a_smaller_one_says_so() {
    let mut desk = desk((160, 45));
    for (w, h) in [(80, 24), (81, 25), (100, 30), (119, 29), (120, 30), (159, 39), (160, 40), (200, 60), (300, 90)] {
        desk.resize(w, h);
        for pane in ["<F2>", "<F3>", "<F6>", "<F7>", "<F9>", "<Esc>", "<C-n>", "<Esc>"] {
            desk.keys(pane);
            let screen = desk.screen();
            assert_eq!(screen.lines().count(), usize::from(h), "{pane} at {w}x{h}");
        }
    }
    for (w, h) in [(79, 24), (80, 23), (60, 15), (20, 5), (1, 1)] {
        desk.resize(w, h);
        let screen = desk.screen();
        assert!(w < 20 || screen.contains("窗口太小"), "{screen}");
        // Keys are not taken blindly.
        desk.keys("xyz<Enter>");
    }
    desk.resize(80, 24);
    assert_eq!(desk.still.app.rooms.search.line.text(), "");
}

#[test]
fn a_terminal_resized_before_the_app_is_told_shows_what_fits_of_the_last_size() {
    let mut desk = desk((160, 45));
    let theme = Theme::default();
    for (told, seen) in
        [((60, 15), (160, 45)), ((80, 24), (300, 90)), ((160, 45), (80, 24)), ((160, 45), (20, 5)), ((200, 60), (1, 1))]
    {
        desk.resize(told.0, told.1);
        for pane in ["<F2>", "<F3>", "<F6>", "<F7>"] {
            desk.keys(pane);
            let mut terminal = Terminal::new(TestBackend::new(seen.0, seen.1)).unwrap();
            let drawn = terminal.draw(|frame| render(&desk.still.app.rooms, &theme, frame)).unwrap();
            let (whole, _) = desk.still.draw(&theme);
            // A wide character that the edge would cut is left out.
            for (x, y) in (0..told.0.min(seen.0) - 1).flat_map(|x| (0..told.1.min(seen.1)).map(move |y| (x, y))) {
                assert_eq!(drawn.buffer[(x, y)], whole[(x, y)], "{pane} of {told:?} on {seen:?} at {x},{y}");
            }
        }
    }
}

#[test]
fn the_palette_finds_by_chinese_english_initials_and_code() {
    let mut desk = desk((120, 30));
    for typed in ["今日", "Today", "jr", "9004"] {
        desk.keys("<F2><C-p>");
        desk.keys(typed);
        desk.shows(&["9004"]);
        desk.keys("<Enter>");
        assert_eq!(desk.still.app.rooms.focus, Pane::Agenda, "{typed}");
    }
}

#[test]
fn an_ime_that_is_on_still_reaches_help_and_palette() {
    let mut desk = desk((120, 30));
    desk.keys("<F6>？");
    desk.shows(&["帮助：这一屏能做什么"]);
    desk.keys("<Esc>：");
    desk.shows(&["菜单"]);
    // Full-width digits are digits: the code jumps.
    desk.keys("９００４<Enter>");
    assert_eq!(desk.still.app.rooms.focus, Pane::Agenda);
}

#[test]
fn the_language_changes_at_once_and_stays_with_the_person() {
    let mut desk = desk((120, 30));
    desk.keys("<C-e>");
    desk.shows(&["Search", "F1Help", "lunar 十月十三"]);
    desk.hides(&["客户查找"]);
    let people = crate::desk::staff(&mut desk.still.file);
    let wangmin = people.iter().find(|s| s.code == "wangmin").unwrap();
    assert_eq!(wangmin.prefs.lang, Some(Lang::En));
}

#[test]
fn sums_and_numbers_hide_while_the_customer_looks_on() {
    let mut desk = desk((160, 45));
    desk.keys("zhang<Enter>");
    desk.shows(&["31.0万", "*0027"]);
    desk.keys("<F12>");
    desk.hides(&["31.0万", "0027"]);
    desk.keys("<F12>");
    desk.shows(&["31.0万"]);
    desk.keys("<F10>");
    desk.hides(&["张山河"]);
    desk.keys("x<Esc><F2>");
    desk.hides(&["张山河"]);
    desk.keys("<Enter>");
    desk.shows(&["张山河"]);
}

#[test]
fn the_cursor_stands_in_the_field_that_has_the_focus() {
    let mut desk = desk((80, 24));
    desk.keys("张");
    assert_eq!(desk.draw().1, Some((4, 3)));
    desk.keys("<C-n>李四");
    let (screen, cursor) = desk.draw();
    let (x, y) = cursor.expect("a cursor");
    let line = screen.lines().nth(usize::from(y)).unwrap();
    assert!(line.contains("李四"), "{line}");
    assert!(x > 10);
}

#[test]
fn a_surname_of_two_readings_is_found_both_ways() {
    let mut desk = desk((80, 24));
    for typed in ["shan", "dan", "sx", "dx"] {
        desk.keys("<F2>");
        desk.keys(typed);
        desk.shows(&["单雄"]);
    }
}

#[test]
fn a_click_opens_a_hit_and_a_key_of_the_bar() {
    let mut desk = desk((160, 45));
    let click = |desk: &mut Desk, column, row| {
        desk.event(Event::Mouse(Mouse { action: MouseAction::Down, column, row }));
    };
    let at = |desk: &Desk, text: &str| {
        let screen = desk.screen();
        let (row, line) = screen.lines().enumerate().find(|(_, l)| l.contains(text)).unwrap();
        let before = line.split(text).next().unwrap();
        let column = unicode_width::UnicodeWidthStr::width(before);
        (u16::try_from(column).unwrap(), u16::try_from(row).unwrap())
    };
    let (x, y) = at(&desk, "张山河");
    click(&mut desk, x, y);
    desk.shows(&["责任人 王敏"]);
    let (x, y) = at(&desk, "F7今日");
    click(&mut desk, x, y);
    assert_eq!(desk.still.app.rooms.focus, Pane::Agenda);
}

#[test]
fn leaving_with_something_typed_asks_and_keeps_it_for_the_next_time() {
    let mut desk = desk((120, 30));
    desk.keys("zhang<Enter><Enter>张大河<C-q>");
    desk.shows(&["退出吗"]);
    desk.keys("1");
    assert!(desk.still.effects.contains(&Effect::Quit));
    let kept = desk.still.effects.iter().rev().find_map(|e| match e {
        Effect::KeepDrafts(text) => Some(text.clone()),
        _ => None,
    });
    assert!(kept.is_some_and(|t| t.contains("张大河")));
}

#[test]
fn a_file_that_is_read_only_says_so_and_keeps_what_is_typed() {
    use guitai::store::open::{File, Mode, Station};
    let desk = desk((120, 30));
    let path = desk.still.file.path().to_owned();
    let crate::desk::Desk { still, folder } = desk;
    drop(still);
    let file = File::open(&path, Mode::Read, &Station::new("2", 2)).unwrap();
    let mut desk = Desk::at(file, folder, (120, 30), "wangmin");
    desk.shows(&["只读"]);
    desk.keys("zhang<Enter><Enter>张大河<F8>");
    assert!(desk.said().contains("只读"), "{}", desk.said());
    desk.shows(&["张大河"]);
}

#[test]
fn somebody_must_work_here_before_anything_is_done() {
    let desk = desk((120, 30));
    let crate::desk::Desk { still, folder } = desk;
    let mut desk = Desk::at(still.file, folder, (120, 30), "nobody");
    desk.shows(&["谁在用这台机器", "李强"]);
    desk.keys("<Esc>");
    desk.shows(&["谁在用这台机器"]);
    desk.keys("liqiang<Enter>");
    desk.hides(&["谁在用这台机器"]);
    desk.shows(&["李强"]);
}

#[test]
fn a_code_jumps_to_the_pane_it_belongs_to() {
    let mut desk = desk((120, 30));
    desk.keys("zhang<Enter><F9>4101<Enter>");
    assert_eq!(desk.still.app.rooms.focus, Pane::Agenda);
}

#[test]
fn what_is_typed_before_the_branch_has_opened_is_searched_when_it_has() {
    use guitai::app::event::Effect;
    use guitai::app::key::Key;
    use guitai::app::machine::App;
    let mut desk = desk((80, 24));
    let mut app = App::new(desk.still.app.rooms.shared.start.clone());
    let opening = app.update(Event::Tick(crate::desk::now()));
    for key in Key::script("shan") {
        app.update(Event::Key(key));
    }
    assert!(app.update(Event::Key(Key::ctrl('z'))).contains(&Effect::Suspend));
    // Only now the drive answers.
    desk.still.app = app;
    for effect in opening {
        let Effect::Ask(ticket, ask) = effect else { panic!("{effect:?}") };
        let answer = desk.still.file.answer(&ask);
        desk.event(Event::Answer(ticket, answer));
    }
    desk.shows(&["shan", "单雄"]);
}
