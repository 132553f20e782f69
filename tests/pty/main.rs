//! The real binary in a pseudo-terminal: what comes up, what typing does, sizes, and that the terminal is whole afterwards. Waits are for
//! what is to be seen, never for a time.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod glass;
mod import;
mod lock;
mod looks;
mod password;
mod second;

use glass::{Glass, branch};
use guitai::run::terminal::{Ambiguous, Screen};
use guitai::run::{crash, terminal};
use std::path::PathBuf;

#[test]
fn the_demo_opens_finds_and_leaves_and_takes_its_scratch_folder_with_it() {
    let home = tempfile::tempdir().unwrap();
    let scratch = home.path().join("tmp");
    std::fs::create_dir(&scratch).unwrap();
    let mut glass = Glass::open(home.path(), &["demo", "--lang", "zh"], (120, 30));
    glass.wait_for("道真支行");
    glass.wait_for("客户查找");
    assert_eq!(std::fs::read_dir(&scratch).unwrap().count(), 1);
    glass.wait(|s| s.alternate_screen() && s.bracketed_paste());
    glass.type_keys("zhang");
    glass.wait_for("zhang");
    glass.wait_for("张");
    glass.quit();
    assert_eq!(glass.code(), 0);
    glass.is_whole();
    assert_eq!(std::fs::read_dir(&scratch).unwrap().count(), 0);
}

#[test]
fn it_fits_itself_to_any_size_and_says_when_it_cannot() {
    let home = tempfile::tempdir().unwrap();
    branch(home.path());
    let mut glass = Glass::open(home.path(), &["--db", "branch.db", "--lang", "zh"], (80, 24));
    glass.wait_for("客户查找");
    glass.resize(60, 15);
    glass.wait_for("窗口太小");
    glass.resize(20, 5);
    glass.wait_for("80x24");
    // What is typed while nothing is to be seen is not lost and breaks nothing.
    glass.resize(160, 45);
    glass.wait_for("客户档案");
    glass.wait_for("道真支行");
    glass.resize(80, 24);
    glass.wait_for("[F2查找]");
    glass.quit();
    assert_eq!(glass.code(), 0);
    glass.is_whole();
}

#[test]
fn chinese_is_typed_and_the_cursor_stands_behind_it() {
    let home = tempfile::tempdir().unwrap();
    branch(home.path());
    let mut glass = Glass::open(home.path(), &["--db", "branch.db", "--lang", "zh"], (80, 24));
    glass.wait_for("客户查找");
    glass.type_keys("张三");
    glass.wait(|s| {
        let (row, column) = s.cursor_position();
        let before = s.contents_between(row, 0, row, column);
        before.ends_with("张三") && !s.hide_cursor()
    });
    // A paste with line breaks and steering characters goes into the field and submits nothing.
    glass.type_keys("\u{1b}[200~李\u{202e}四\r\n\u{7}王\u{1b}[201~");
    glass.wait(|s| {
        let (row, column) = s.cursor_position();
        let before = s.contents_between(row, 0, row, column);
        before.contains("张三李四") && before.ends_with('王')
    });
    glass.quit();
    assert_eq!(glass.code(), 0);
}

#[test]
fn no_colour_is_drawn_where_none_is_wanted() {
    let home = tempfile::tempdir().unwrap();
    branch(home.path());
    let colours = |glass: &Glass| {
        glass.look(|s| {
            let (rows, columns) = s.size();
            (0..rows.get())
                .flat_map(|r| (0..columns.get()).map(move |c| (r, c)))
                .filter_map(|(r, c)| s.cell(r, c))
                .filter(|cell| cell.fgcolor() != vt100::Color::Default || cell.bgcolor() != vt100::Color::Default)
                .count()
        })
    };
    let mut plain = Glass::with(home.path(), &["--db", "branch.db"], (80, 24), &[("NO_COLOR", "1")]);
    plain.wait_for("客户查找");
    assert_eq!(colours(&plain), 0);
    plain.quit();
    plain.code();
    let mut bright = Glass::open(home.path(), &["--db", "branch.db"], (80, 24));
    bright.wait_for("客户查找");
    assert!(colours(&bright) > 0);
    bright.quit();
    bright.code();
}

#[test]
fn a_terminal_that_draws_lines_wide_gets_twins_instead() {
    let home = tempfile::tempdir().unwrap();
    branch(home.path());
    let mut glass = Glass::wide(home.path(), &["--db", "branch.db", "--lang", "zh"], (80, 24));
    glass.wait_for("客户查找");
    let text = glass.look(|s| s.contents());
    assert!(text.contains("+-") && !text.contains('─') && !text.contains('│'), "{text}");
    glass.quit();
    glass.code();
}

#[test]
fn a_signal_ends_it_with_the_terminal_whole() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130)] {
        let home = tempfile::tempdir().unwrap();
        branch(home.path());
        let mut glass = Glass::open(home.path(), &["--db", "branch.db"], (80, 24));
        glass.wait_for("客户查找");
        glass.signal(signal);
        assert_eq!(glass.code(), code, "{signal}");
        glass.is_whole();
    }
}

#[test]
fn stopped_and_brought_back_it_stands_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    branch(home.path());
    let mut glass = Glass::open(home.path(), &["--db", "branch.db", "--lang", "zh"], (80, 24));
    glass.wait_for("客户查找");
    glass.wait(|s| s.bracketed_paste());
    // By the key and from outside.
    for stop in ["key", "TSTP"] {
        if stop == "key" {
            glass.type_keys("\x1a");
        } else {
            glass.signal(stop);
        }
        glass.wait(|s| !s.alternate_screen() && !s.bracketed_paste() && !s.hide_cursor());
        glass.stopped();
        glass.signal("CONT");
        glass.wait(|s| s.alternate_screen() && s.bracketed_paste() && s.contents().contains("[F2查找]"));
    }
    glass.type_keys("张");
    glass.wait_for("张");
    glass.quit();
    assert_eq!(glass.code(), 0);
    glass.is_whole();
}

#[test]
fn a_panic_gives_the_terminal_back_and_says_where_the_details_are() {
    let home = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    let args = ["--exact", "child_that_panics_in_a_frame", "--ignored", "--nocapture"];
    let mut glass = Glass::run(this, home.path(), &args, (80, 24), &[]);
    glass.wait_for("guitai stopped unexpectedly");
    glass.code();
    glass.is_whole();
    let written: Vec<PathBuf> = std::fs::read_dir(home.path()).unwrap().map(|f| f.unwrap().path()).collect();
    let report = written.iter().find(|p| p.to_string_lossy().contains("crash-")).expect("a crash file");
    let report = std::fs::read_to_string(report).unwrap();
    assert!(report.contains("tests/pty/main.rs"), "{report}");
    assert!(!report.contains("张山河"), "{report}");
}

/// Run by the test above in a pseudo-terminal, by nobody else.
#[test]
#[ignore = "the child of a_panic_gives_the_terminal_back_and_says_where_the_details_are"]
fn child_that_panics_in_a_frame() {
    let Some(home) = std::env::var_os("HOME").map(PathBuf::from) else { return };
    crash::watch(home);
    let mut screen = Screen::enter(true, Ambiguous::Narrow).unwrap();
    screen.draw(|frame| frame.render_widget("张山河", frame.area())).unwrap();
    let _ = screen.draw(|_| panic!("{}", ["it fell over '", "张山河", "'"].concat()));
    terminal::restore();
}
