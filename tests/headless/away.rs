//! The drive goes away: the screen goes on, saves are kept and arrive later, and what collided meanwhile is asked about.

use crate::desk::{Desk, Given, now, start};
use guitai::app::drive::News;
use guitai::app::event::{Effect, Event};
use guitai::app::machine::App;
use guitai::run::still::Still;
use guitai::store::request::{Answer, Ask, Failure};
use guitai::store::workbench;

fn branch() -> [Given<'static>; 3] {
    [
        Given {
            no: "6000000001",
            fields: &[("name", "张山河"), ("phone", "18985210027"), ("area", "玉溪镇"), ("owner", "wangmin")],
            aum: Some(310_200),
        },
        Given {
            no: "6000000002",
            fields: &[
                ("name", "张胜"),
                ("phone", "13984906107"),
                ("keeps", "lunar"),
                ("lunar", "十月十三"),
                ("owner", "wangmin"),
            ],
            aum: Some(1_284_000),
        },
        Given { no: "6000000003", fields: &[("name", "赵松"), ("owner", "liqiang")], aum: Some(127_000) },
    ]
}

/// 王敏 with 张山河 open; the drive goes away.
fn away(size: (u16, u16)) -> Desk {
    let mut desk = Desk::with(size, &branch());
    desk.keys("zsh0027<Enter>");
    desk.still.goes_away();
    desk
}

/// Types into the phone field and saves.
const PHONE: &str = "<Enter><Tab><Tab><Tab><Tab><Tab><Tab><Tab>13800000000<F8>";

fn waiting(desk: &mut Desk, n: usize) {
    desk.event(Event::Drive(News::Waiting(n, Some(Failure::Drive(String::new())))));
}

#[test]
fn a_save_while_the_drive_is_away_reads_as_done_and_is_written_when_it_is_back() {
    for size in [(160, 45), (120, 30), (80, 24)] {
        let mut desk = away(size);
        desk.keys(PHONE);
        waiting(&mut desk, 1);
        assert!(desk.said().contains("已存在本机"), "{}", desk.said());
        desk.shows(&["138****0000", "1 笔待存", "盘断开"]);
        desk.hides(&["已改 1 项"]);
        assert_eq!(desk.stored("6000000001").customer.phone, "18985210027", "not in the file yet");
        desk.still.comes_back();
        desk.hides(&["笔待存", "盘断开"]);
        assert!(desk.said().contains("都已写入"), "{}", desk.said());
        assert_eq!(desk.stored("6000000001").customer.phone, "13800000000");
    }
}

#[test]
fn edits_on_top_of_a_save_that_waits_arrive_after_it() {
    let mut desk = away((160, 45));
    desk.keys(PHONE);
    desk.keys("<Tab><BackTab>13911112222<F8>");
    desk.shows(&["139****2222"]);
    desk.still.comes_back();
    let stored = desk.stored("6000000001");
    assert_eq!(stored.customer.phone, "13911112222");
    let phones = stored.changes.iter().flat_map(|c| &c.edits).filter(|e| e.field == "phone");
    assert_eq!(phones.map(|e| e.after.as_str()).collect::<Vec<_>>(), ["13911112222", "13800000000"]);
}

#[test]
fn what_waits_lies_over_an_archive_read_before_it_is_written() {
    let mut desk = away((160, 45));
    desk.keys(PHONE);
    // The drive answers reads again, and still takes no saves.
    let kept = desk.still.away.take();
    desk.keys("<Esc><F5>");
    desk.shows(&["138****0000"]);
    desk.still.away = kept;
    desk.still.comes_back();
    assert_eq!(desk.stored("6000000001").customer.phone, "13800000000");
}

#[test]
fn a_call_made_while_the_drive_is_away_takes_its_line_off_the_queue_and_comes_into_the_ledger() {
    let mut desk = Desk::with((160, 45), &branch());
    desk.keys("<F7>");
    desk.shows(&["生日农 张胜"]);
    let about = |desk: &Desk| desk.still.app.rooms.agenda.current().and_then(|i| i.who.clone()).map(|w| w.name);
    for _ in 0..40 {
        if about(&desk).as_deref() != Some("张胜") {
            desk.keys("<Down>");
        }
    }
    assert_eq!(about(&desk).as_deref(), Some("张胜"));
    desk.still.goes_away();
    desk.keys("c11祝寿<Enter>");
    assert!(desk.said().contains("已存在本机"), "{}", desk.said());
    desk.hides(&["生日农 张胜"]);
    desk.still.comes_back();
    let stored = desk.stored("6000000002");
    assert_eq!(stored.contacts.iter().map(|c| c.note.as_str()).collect::<Vec<_>>(), ["祝寿"]);
    desk.hides(&["生日农 张胜"]);
}

#[test]
fn search_goes_on_and_archives_seen_before_are_shown_as_they_were() {
    let mut desk = Desk::with((160, 45), &branch());
    desk.keys("zhangsheng<Enter>");
    desk.keys("<F2><Esc>zsh0027<Enter>");
    desk.still.goes_away();
    desk.keys("<F2><Esc>zhang");
    desk.shows(&["张山河", "张胜"]);
    desk.keys("<Esc>zhangsheng<Enter>");
    desk.shows(&["139****6107"]);
    assert!(desk.said().contains("这是 09:00 看到的内容"), "{}", desk.said());
    desk.keys("<F2><Esc>zhaosong<Enter>");
    assert!(desk.said().contains("没有看过"), "{}", desk.said());
    desk.wait(5);
    desk.shows(&["盘断开 5s"]);
    desk.still.comes_back();
    desk.wait(3).wait(3);
    desk.hides(&["盘断开"]);
}

#[test]
fn a_colleagues_save_of_the_same_field_meanwhile_is_decided_when_nobody_types() {
    let mut desk = away((160, 45));
    let mut li = desk.colleague("liqiang", 5, 9, 12);
    desk.keys(PHONE);
    li.keys("zsh0027<Enter>").keys("<Enter><Tab><Tab><Tab><Tab><Tab><Tab><Tab>13700000000<F8>");
    assert!(li.said().contains("已保存"), "{}", li.said());
    desk.still.comes_back();
    desk.wait(4).wait(4);
    desk.shows(&["138****0000", "137****0000", "李强 09:12"]);
    // Mine is what is marked first.
    desk.keys("<Enter>");
    assert_eq!(desk.stored("6000000001").customer.phone, "13800000000");
}

#[test]
fn a_new_customer_typed_while_the_drive_is_away_is_there_when_it_is_back() {
    let mut desk = away((160, 45));
    desk.keys("<C-n>新来的<F8>");
    assert!(desk.said().contains("已存在本机"), "{}", desk.said());
    desk.still.comes_back();
    desk.keys("<F2><Esc>xinlaide");
    desk.shows(&["新来的"]);
}

#[test]
fn saves_that_the_file_lost_are_told() {
    let mut desk = Desk::with((160, 45), &branch());
    desk.event(Event::Drive(News::Missing(2)));
    assert!(desk.said().contains("2 笔"), "{}", desk.said());
}

#[test]
fn a_drive_that_does_not_answer_at_the_start_is_asked_again() {
    let Desk { still, folder } = Desk::with((160, 45), &branch());
    let app = App::new(start((160, 45), "wangmin"));
    let mut desk = Desk {
        still: Still { app, file: still.file, effects: Vec::new(), away: Some(Vec::new()), slow: None },
        folder,
    };
    desk.event(Event::Tick(now()));
    desk.wait(1).wait(1).wait(1).wait(1);
    desk.hides(&["道真支行"]);
    desk.still.comes_back();
    desk.wait(1).wait(1).wait(1);
    desk.shows(&["道真支行", "王敏", "张山河"]);
}

#[test]
fn customers_that_could_not_be_read_are_read_when_the_drive_gives_them() {
    let Desk { mut still, folder } = Desk::with((160, 45), &branch());
    still.app = App::new(start((160, 45), "wangmin"));
    // Colleagues keep the file busy while this desk reads everybody, and only then.
    let mut effects = still.app.update(Event::Tick(now()));
    while let Some(effect) = effects.pop() {
        let Effect::Ask(ticket, ask) = effect else { continue };
        let answer = match &ask {
            Ask::Workbench(workbench::Ask::Index) => Answer::Failed(Failure::Busy),
            ask => still.file.answer(ask),
        };
        effects.extend(still.app.update(Event::Answer(ticket, answer)));
    }
    let mut desk = Desk { still, folder };
    assert!(desk.still.app.rooms.shared.index.is_none());
    desk.wait(1).wait(1).wait(1);
    assert!(desk.still.app.rooms.shared.index.is_some());
}

#[test]
fn what_cannot_be_read_while_all_else_can_is_not_asked_for_without_end() {
    let Desk { mut still, folder: _folder } = Desk::with((160, 45), &branch());
    still.app = App::new(start((160, 45), "wangmin"));
    let mut effects = still.app.update(Event::Tick(now()));
    let mut asked = 0;
    for second in 1..30 {
        while let Some(effect) = effects.pop() {
            let Effect::Ask(ticket, ask) = effect else { continue };
            asked += 1;
            assert!(asked < 300, "asked for ever");
            // A page of the queue is damaged.
            let answer = match &ask {
                Ask::Agenda(_) => Answer::Failed(Failure::Torn("malformed".into())),
                ask => still.file.answer(ask),
            };
            effects.extend(match answer {
                Answer::Workbench(workbench::Answer::Index(intake)) => {
                    let index = guitai::index::Index::of(*intake, still.app.rooms.shared.staff());
                    still.app.update(Event::Indexed(Box::new(index)))
                }
                answer => still.app.update(Event::Answer(ticket, answer)),
            });
        }
        effects = still.app.update(Event::Tick(now() + chrono::TimeDelta::seconds(second)));
    }
    assert!(asked > 5 && still.app.rooms.shared.drive.unread.is_some(), "{asked}");
}
