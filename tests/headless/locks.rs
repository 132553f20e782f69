//! What a desk says of the drive: locks that fail, a file that is only read and why, what colleagues are told of it.

use crate::desk::{Desk, Given, now, staff};
use chrono::TimeDelta;
use guitai::app::drive::News;
use guitai::app::event::{Effect, Event};
use guitai::app::shared::Start;
use guitai::domain::text::Complaint;
use guitai::run::still::Still;
use guitai::store::drive::{Footing, Proof};
use guitai::store::open::{File, Mode, Station};

const GIVEN: [Given<'_>; 1] =
    [Given { no: "6000000001", fields: &[("name", "张山河"), ("phone", "18985210027")], aum: None }];

fn desk() -> Desk {
    Desk::with((160, 45), &GIVEN)
}

/// The desk's file as another desk finds it, on a drive of which this is said.
fn again(desk: Desk, footing: Footing, mode: Mode) -> Desk {
    let start = Start { footing, ..desk.still.app.rooms.shared.start.clone() };
    let file = File::open(desk.still.file.path(), mode, &Station::default()).unwrap();
    Desk { still: Still::open(start, file), folder: desk.folder }
}

#[test]
fn every_desk_is_told_when_locks_fail_and_when_they_are_in_order_again() {
    let mut desk = desk();
    for (proof, said, shown) in [
        (Proof::Proven, "", "已证实"),
        (Proof::Doubted, "还不能确定", "待证实"),
        (Proof::Broken, "LOCKS-DO-NOT-WORK", "锁失效！停止保存"),
        (Proof::Unproven, "继续保存", "未证实"),
    ] {
        desk.event(Event::Drive(News::Proof(proof)));
        assert!(desk.said().contains(said), "{proof:?}: {}", desk.said());
        desk.shows(&[shown]);
    }
}

#[test]
fn a_file_that_is_only_read_because_of_its_drive_says_why_at_once_and_with_every_save() {
    let why = Complaint::new("盘不可靠，请管理员来看。", "Not to be trusted; ask the administrator.");
    let mut desk = again(desk(), Footing::Refused(why), Mode::Read);
    desk.shows(&["只读", "盘不可靠，请管理员来看"]);
    desk.keys("<Esc>zhangsh<Enter><Enter><Tab><Tab><Tab><Tab>1972-02-05<F8>");
    desk.shows(&["1972-02-05"]);
    assert!(desk.said().contains("盘不可靠"), "{}", desk.said());
    assert_eq!(desk.stored("6000000001").customer.rev, 1);
}

#[test]
fn a_drive_that_is_written_against_advice_is_named_in_the_change_log_once() {
    let mut desk = again(desk(), Footing::Overruled("FUSE x: fuse.x rw".into()), Mode::Write);
    desk = again(desk, Footing::Overruled("FUSE x: fuse.x rw".into()), Mode::Write);
    let log = rusqlite::Connection::open(desk.still.file.path()).unwrap();
    let logged: Vec<String> = log
        .prepare("SELECT reason FROM change WHERE entity = 'branch' AND reason <> ''")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .unwrap();
    assert_eq!(logged, ["FUSE x: fuse.x rw"]);
    desk.hides(&["只读"]);
}

#[test]
fn colleagues_are_told_who_works_here_and_which_archive_is_being_edited() {
    let mut desk = desk();
    let me = staff(&mut desk.still.file)[0].id;
    let id = desk.stored("6000000001").customer.id;
    let told = |desk: &mut Desk, keys: &str, seconds: i64| {
        desk.still.effects.clear();
        desk.keys(keys);
        desk.event(Event::Tick(now() + TimeDelta::seconds(seconds)));
        let here = desk.still.effects.iter().filter_map(|e| match e {
            Effect::Here(staff, editing) => Some((*staff, *editing)),
            _ => None,
        });
        here.collect::<Vec<_>>()
    };
    assert_eq!(told(&mut desk, "", 1), [(Some(me), None)]);
    assert_eq!(told(&mut desk, "zhangsh<Enter>", 2), [], "who only looks edits nothing");
    assert_eq!(told(&mut desk, "<Enter><Tab><Tab><Tab><Tab>1972-02-05", 3), [(Some(me), Some(id))]);
    assert_eq!(told(&mut desk, "<Esc>", 4), [], "said once");
    assert_eq!(told(&mut desk, "<F8>", 5), [(Some(me), None)]);
    assert_eq!(desk.stored("6000000001").customer.rev, 2);
}
