//! Finding while the index is still being built: the file answers.

use crate::desk::{Desk, Given};
use guitai::app::event::Event;
use guitai::index::Index;
use guitai::store::request::{Answer, Ask};
use guitai::store::workbench;

fn desk() -> Desk {
    let given = |no, fields, yuan| Given { no, fields, aum: Some(yuan) };
    let mut desk = Desk::with(
        (120, 30),
        &[
            given(
                "6000000001",
                &[("name", "张山河"), ("phone", "18985210027"), ("address", "玉溪镇遵义路3号")],
                310_200,
            ),
            given("6000000002", &[("name", "单雄"), ("phone", "13984906107")], 1_284_000),
            given("6000000003", &[("name", "何芬"), ("phone", "15085210027")], 491_000),
        ],
    );
    desk.still.app.rooms.shared.index = None;
    desk
}

/// The index arrives.
fn index(desk: &mut Desk) {
    let Answer::Workbench(workbench::Answer::Index(intake)) =
        desk.still.file.answer(&Ask::Workbench(workbench::Ask::Index))
    else {
        panic!("no index");
    };
    let index = Index::of(*intake, desk.still.app.rooms.shared.staff());
    desk.event(Event::Indexed(Box::new(index)));
}

#[test]
fn until_the_index_is_there_the_file_finds_and_opens_whom_it_can() {
    for (typed, found) in [("zsh", "张山河"), ("shanxiong", "单雄"), ("何芬", "何芬"), ("13984906107", "单雄")]
    {
        let mut desk = desk();
        desk.keys(typed);
        desk.shows(&[found]);
        assert_eq!(desk.still.app.rooms.search.hits.as_ref().unwrap().total, 1, "{typed}");
        desk.keys("<Enter>");
        assert_eq!(desk.still.app.rooms.archive.opened().unwrap().customer.name, found);
    }
}

#[test]
fn what_the_file_cannot_tell_waits_for_the_index_and_is_found_then() {
    for (typed, found) in [("#贵宾", "单雄"), ("zhangsanhe", "张山河")] {
        let mut desk = desk();
        desk.keys(typed);
        // It never says that there is nobody.
        desk.hides(&["没有找到"]);
        desk.shows(&["正在读取客户"]);
        index(&mut desk);
        desk.shows(&[found]);
        desk.hides(&["正在读取客户"]);
    }
}

#[test]
fn what_finds_nobody_is_kept_as_a_filter_only_if_it_is_one() {
    let mut desk = desk();
    index(&mut desk);
    desk.keys("1c问存单<F8>");
    assert_eq!(desk.said(), "这样查不到人，没有存成筛选");
    desk.keys("<C-u>stage:lapsed<F8>");
    assert_eq!(desk.said(), "已存为筛选，F4 选用");
}
