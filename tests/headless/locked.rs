//! The lock over whatever stands on the screen: nothing of it is to be seen, and all of it is there again afterwards.

use crate::desk::{Desk, Given, give, start};
use guitai::app::event::{Effect, Event};
use guitai::app::imports::{Choice, Column, Found, Layout, Mapping, News, State, Strange};
use guitai::run::still::Still;

const WANG: &str = "Qing-shan-2026";

/// The branch manager has a password and an archive open.
fn desk(size: (u16, u16)) -> Desk {
    let fields: &[(&str, &str)] = &[("name", "张山河"), ("phone", "13885210027"), ("owner", "zhaohang")];
    let Desk { still, folder } = Desk::with(size, &[Given { no: "6000000001", fields, aum: Some(1_310_000) }]);
    let mut file = still.file;
    give(&mut file, "zhaohang", WANG, "zhaohang", "2026-11-02");
    let mut desk = Desk { still: Still::open(start(size, "zhaohang"), file), folder };
    desk.keys(&format!("{WANG}<Enter>zhang<Enter>"));
    desk.shows(&["张山河"]);
    desk
}

/// Locks, looks, unlocks; the layers are as they were.
fn locks(desk: &mut Desk, what: &str) {
    let before = desk.still.app.rooms.layers.clone();
    let (screen, _) = desk.draw();
    desk.keys("<F10>");
    let locked = desk.screen();
    assert!(locked.contains("已锁屏"), "{what}: {screen}");
    for seen in ["张山河", "0027", "万", "6000000001", "送挂历", "新客户"] {
        assert!(!locked.contains(seen), "{what}: {seen} on\n{locked}");
    }
    desk.keys(&format!("{WANG}<Enter>"));
    assert_eq!(desk.still.app.rooms.layers, before, "{what}");
    assert!(!desk.screen().contains("已锁屏"), "{what}");
}

#[test]
fn f10_locks_over_every_layer_and_the_layer_is_there_again_after_the_password() {
    for size in [(80, 24), (160, 45)] {
        for keys in [
            "<F3>c",
            "<F3>w",
            "<F3>k",
            "<F3>p",
            "<F3>t",
            "<F3>i",
            "<F3>e",
            "<F3><Enter><Tab><F4>",
            "<F1>",
            "<F9>",
            "<C-p>张",
            "<C-g>",
            "<C-b>",
            "<C-n>",
            "<C-k>",
            "<C-o>",
            "<C-x>",
            "<F9>9303<Enter>",
            "<F9>9205<Enter>",
            "<F9>9402<Enter>",
            "<F9>9405<Enter>",
            "<F9>9407<Enter>",
            "<F9>9501<Enter>",
            "<F9>9601<Enter>",
            "<F9>9602<Enter>",
            "<F9>9603<Enter>",
            "<F9>9701<Enter>",
            "<F9>9702<Enter>",
            "<F7>p",
            "<F6>g",
            "<F6>i",
        ] {
            let mut desk = desk(size);
            desk.keys(keys);
            assert!(!desk.still.app.rooms.layers.is_empty(), "{keys}: no layer on\n{}", desk.screen());
            locks(&mut desk, keys);
        }
    }
}

#[test]
fn what_is_half_typed_in_a_layer_is_on_the_disk_while_locked_and_on_the_screen_again_afterwards() {
    let mut desk = desk((160, 45));
    desk.keys("<C-n>赵六<Tab>");
    locks(&mut desk, "new");
    desk.shows(&["新客户", "赵六"]);
    let kept = desk.still.effects.iter().rev().find_map(|e| match e {
        Effect::KeepDrafts(text) => Some(text.clone()),
        _ => None,
    });
    assert!(kept.as_deref().is_some_and(|text| text.contains("赵六")), "{kept:?}");
    desk.keys("<Esc>y<C-k>送挂历");
    locks(&mut desk, "task");
    desk.shows(&["自办事项", "送挂历"]);
    desk.keys("<Esc>y<F3>c");
    desk.keys("12已约下周");
    locks(&mut desk, "call");
    desk.shows(&["已约下周"]);
    // A field of the archive begun, with its list above it.
    desk.keys("<Esc>y<F3><Enter>张大河<F4>");
    locks(&mut desk, "field");
    desk.keys("<Esc>");
    desk.shows(&["张大河"]);
}

#[test]
fn f10_and_f12_work_while_columns_are_matched() {
    let mut desk = desk((160, 45));
    desk.keys("<C-x>");
    let found = Found {
        path: "/share/a.csv".into(),
        name: "a.csv".into(),
        size: 1,
        layout: String::new(),
        encoding: "UTF-8".into(),
        as_of: None,
        state: State::Unknown,
    };
    let column = |name: &str| Column { name: name.into(), needed: true, unless: None };
    let layout = Layout {
        name: "资产".into(),
        columns: vec![column("客户号"), column("AUM时点")],
        choices: vec![],
        proposed: Mapping::default(),
    };
    let strange = Strange {
        found,
        headers: vec!["客户编号".into(), "余额".into()],
        sample: vec![vec!["6000000001".into(), "12万".into()]],
        layouts: vec![layout],
        choices: Vec::<Choice>::new(),
        likest: 0,
    };
    desk.event(Event::Import(Box::new(News::Opened(Box::new(strange)))));
    desk.shows(&["栏目对照", "6000000001"]);
    locks(&mut desk, "mapper");
    desk.shows(&["栏目对照", "6000000001"]);
    desk.keys("<F12>");
    desk.hides(&["6000000001"]);
    desk.keys("<F12><Enter>");
    locks(&mut desk, "headers");
}
