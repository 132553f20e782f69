//! No number and no address of a customer stands whole on any screen, page or clipboard; one at a time is shown, for a reason, for half a
//! minute, and that is in the log.

use crate::desk::{Desk, Given, op, stamp, today};
use guitai::app::event::Effect;
use guitai::app::keymap;
use guitai::domain::contact::{Channel, Outcome};
use guitai::domain::dealings::holding::Holding;
use guitai::domain::dealings::loan::{Class, Loan};
use guitai::domain::dealings::txn::Txn;
use guitai::domain::family::{Link, Member, Occasion, Part, Remark};
use guitai::domain::ids::{CustomerId, StaffId};
use guitai::domain::values::money::Fen;
use guitai::store::dealings::given::{Fact, Given as File};
use guitai::store::request::{Answer, Ask};
use guitai::store::{agenda, contacts, customers, keepers, workbench};

const NO: &str = "6000000001";
const ID: &str = "520325197202042450";
const PHONE: &str = "18985210027";
const CARD: &str = "6222021234567890128";

/// What must stand nowhere: whole numbers of the archive and of every text that hangs on it, and the house.
const MARKERS: [&str; 14] = [
    ID,
    PHONE,
    "13984906107",
    "解放路",
    "128号",
    CARD,
    "6217001234567890123",
    "13500000001",
    "13500000002",
    "13500000003",
    "13500000004",
    "13500000005",
    "13500000006",
    "13500000007",
];

fn done(answer: &Answer) {
    assert!(!matches!(answer, Answer::Failed(_)), "{answer:?}");
}

fn with(file: &mut guitai::store::open::File, n: i64, ask: impl FnOnce(guitai::domain::ids::OpId) -> Ask) {
    done(&file.answer(&ask(op(n))));
}

/// A customer whose every corner holds a number.
pub fn desk(size: (u16, u16)) -> Desk {
    let given = [
        Given {
            no: NO,
            fields: &[
                ("name", "张山河"),
                ("id_no", ID),
                ("phone", PHONE),
                ("phone2", "13984906107"),
                ("address", "贵州省遵义市道真县玉溪镇解放路128号"),
                ("alert", "家里电话13500000001"),
                ("taboo", "打13500000002"),
                ("news", "换号13500000003"),
                ("remarks", "工资卡6222021234567890128"),
                ("owner", "wangmin"),
            ],
            aum: Some(310_200),
        },
        // The same person, as the list of likely twins sees it.
        Given {
            no: "6000000002",
            fields: &[("name", "张山河"), ("phone", PHONE), ("address", "玉溪镇解放路128号"), ("owner", "liqiang")],
            aum: Some(20_000),
        },
    ];
    let mut desk = Desk::with(size, &given);
    let id = desk.stored(NO).customer.id;
    let me = desk.still.app.rooms.shared.me.unwrap();
    let by = stamp(me);
    let file = &mut desk.still.file;
    let parts = [
        Part::Member(Member {
            name: "张小河".into(),
            relation: "child".into(),
            note: "电话13500000004".into(),
            ..Member::default()
        }),
        Part::Occasion(Occasion {
            label: "店庆13500000004".into(),
            note: "打13500000004".into(),
            ..Occasion::default()
        }),
        Part::Link(Link {
            kind: "friend".into(), name: "老李".into(), note: "13500000004".into(), ..Link::default()
        }),
        Part::Remark(Remark {
            kind: "news".into(),
            state: "open".into(),
            on: Some(today()),
            text: format!("卡号{CARD}"),
        }),
    ];
    for (n, part) in (100..).zip(parts) {
        let stamp = by.clone();
        with(file, n, |op| {
            Ask::Customers(customers::Ask::Part { op, customer: id, row: None, part: Some(part), stamp })
        });
    }
    with(file, 200, |op| {
        Ask::Contacts(contacts::Ask::Log {
            op,
            customer: id,
            channel: Channel::Phone,
            outcome: Outcome::Reached,
            note: "改打13500000005".into(),
            next: Some(today()),
            task: None,
            stamp: by.clone(),
        })
    });
    let task = guitai::domain::agenda::Task {
        id: guitai::domain::ids::TaskId(0),
        rev: 0,
        text: "回电13500000006".into(),
        owner: me,
        due: today(),
        customer: Some(id),
        repeat: guitai::domain::calendar::repeat::Repeat::Once,
    };
    with(file, 201, |op| Ask::Agenda(agenda::Ask::Keep { op, task, stamp: by.clone() }));
    let to = file_staff(file, "liqiang");
    let seen = i64::MAX;
    with(file, 202, |op| {
        let reason = "常住外地，电话13500000007".to_owned();
        Ask::Keepers(keepers::Ask::Propose { op, customer: id, to, seen, reason, stamp: by.clone() })
    });
    // The history has values of before.
    let edit = |field: &str, before: &str, after: &str| guitai::domain::field::Edit {
        field: field.into(),
        before: before.into(),
        after: after.into(),
    };
    with(file, 203, |op| {
        let edits = vec![
            edit("phone2", "13984906107", ""),
            edit("address", "贵州省遵义市道真县玉溪镇解放路128号", "玉溪镇解放路128号"),
        ];
        Ask::Customers(customers::Ask::Save { op, id, base_rev: 1, edits, reason: String::new(), stamp: by.clone() })
    });
    books(file, id);
    desk.hears();
    desk
}

fn file_staff(file: &mut guitai::store::open::File, code: &str) -> StaffId {
    crate::desk::staff(file).iter().find(|s| s.code == code).unwrap().id
}

fn books(file: &mut guitai::store::open::File, id: CustomerId) {
    let day = |text: &str| text.parse().unwrap();
    let holding = Holding {
        product: "DEP1Y".into(),
        contract: CARD.into(),
        amount: Fen::of_yuan(50_000),
        begins: Some(day("2025-11-30")),
        ends: Some(day("2026-11-28")),
        rate: Some(135),
        state: "正常".into(),
    };
    let loan = Loan {
        no: CARD.into(),
        product: "农户小额贷".into(),
        lent: Fen::of_yuan(80_952),
        balance: Fen::of_yuan(16_865),
        lent_on: Some(day("2021-03-02")),
        ends: Some(day("2027-04-19")),
        next_due: Some(day("2026-11-24")),
        instalment: Some(Fen::of_yuan(3_373)),
        overdue: 0,
        class: Class::Normal,
        purpose: "还13500000005".into(),
        method: "等额本息".into(),
        repays: "6217001234567890123".into(),
    };
    let txn = Txn {
        day: day("2026-11-20"),
        serial: "0001".into(),
        amount: Fen::of_yuan(-20_000),
        channel: "转账".into(),
        bank: "建设银行".into(),
        note: format!("转给{CARD}"),
    };
    for (layout, fact) in [("持有", Fact::Holding(holding)), ("贷款", Fact::Loan(loan)), ("交易", Fact::Txn(txn))]
    {
        let given = File { name: format!("{layout}.csv"), layout, as_of: day("2026-11-20"), facts: vec![(id, fact)] };
        let by = stamp(file_staff(file, "wangmin"));
        file.give(&given, &by).unwrap();
    }
}

/// Looks at the screen and at everything that left the machine but the drafts, which are this PC's own and hold what was typed.
fn nothing_whole(desk: &Desk, how: &str) {
    let screen = desk.screen();
    let flat: String = screen.chars().filter(|c| !c.is_whitespace()).collect();
    for marker in MARKERS {
        assert!(!flat.contains(marker), "{how}: {marker} on\n{screen}");
    }
    for effect in &desk.still.effects {
        let text = match effect {
            Effect::Copy(text) => text,
            Effect::Print { name, text } => &format!("{name}\n{text}"),
            _ => continue,
        };
        assert!(MARKERS.iter().all(|m| !text.contains(m)), "{how}: {text}");
    }
}

#[test]
fn no_tab_and_no_command_shows_a_number_or_an_address_whole() {
    for size in [(160, 45), (120, 30), (80, 24)] {
        let mut desk = desk(size);
        nothing_whole(&desk, "as it opens");
        for query in ["zhangsh", PHONE, ID, "0027", "jiefanglu", "解放"] {
            desk.keys(&format!("<F2><Esc><Esc>{query}<Down>"));
            // What one types oneself stands in the box; it is found by it, and the hit does not repeat it.
            assert!(desk.screen().contains("张山河"), "{query}\n{}", desk.screen());
            desk.keys("<F2><Esc><Esc>");
            nothing_whole(&desk, query);
        }
        desk.keys("<F2><Esc><Esc>zhangsh<Enter>");
        nothing_whole(&desk, "the card");
        for tab in 0..17 {
            for row in 0..6 {
                nothing_whole(&desk, &format!("tab {tab} row {row}"));
                desk.keys("<Down>");
            }
            // A row that is opened, a field that is entered, what asks whether a value is put back.
            desk.keys("<Enter>");
            nothing_whole(&desk, &format!("tab {tab} entered"));
            desk.keys("<Left><Right><Home><End>");
            nothing_whole(&desk, &format!("tab {tab} moved about in"));
            desk.keys("<Esc><Esc><F3><PgDn>");
        }
        assert!(desk.still.app.rooms.archive.opened().is_some());
        let mut ran = 0;
        for pane in ["<F2>", "<F3>", "<F6>", "<F7>"] {
            for command in keymap::all() {
                if ["quit", "suspend", "archive.reveal"].contains(&command.name) {
                    continue;
                }
                desk.keys("<F2><Esc><Esc>zhangsh<Enter>").keys(pane);
                if (command.enabled)(&desk.still.app.rooms) {
                    ran += 1;
                    (command.run)(&mut desk.still.app.rooms);
                    desk.wait(1);
                    nothing_whole(&desk, &format!("{} after {pane}", command.name));
                    desk.keys("<Enter>");
                    nothing_whole(&desk, &format!("{} and Enter after {pane}", command.name));
                    desk.keys("<F8>");
                    nothing_whole(&desk, &format!("{} and F8 after {pane}", command.name));
                }
                for _ in 0..4 {
                    desk.keys("<Esc>");
                }
                desk.still.app.rooms.layers.clear();
                if desk.still.app.rooms.shared.hidden {
                    desk.keys("<F12>");
                }
                desk.still.app.rooms.shared.revealed = None;
            }
        }
        assert!(ran > 150, "{ran}");
        let log = desk.log();
        assert!(MARKERS.iter().all(|m| !log.contains(m)), "{log}");
    }
}

/// Lines of the log about looks: action, field, reason.
fn looks(desk: &Desk) -> Vec<(String, String, String)> {
    let file = rusqlite::Connection::open(desk.still.file.path()).unwrap();
    let mut statement = file
        .prepare("SELECT after ->> 'action', coalesce(after ->> 'field', ''), reason FROM change WHERE entity = 'access' ORDER BY seq")
        .unwrap();
    let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The archive with the cursor on the phone.
fn on_phone() -> Desk {
    let mut desk = desk((160, 45));
    desk.keys("<F2><Esc>zhangsh<Enter><Enter><Tab><Tab><Tab><Tab><Tab><Tab><Tab>");
    desk
}

#[test]
fn one_value_is_shown_for_a_reason_for_thirty_seconds_and_the_log_has_it_first() {
    let mut desk = on_phone();
    desk.shows(&["189****0027"]);
    desk.keys("<C-r>");
    desk.shows(&["客户本人在场核对", "合规检查"]);
    nothing_whole(&desk, "asked why");
    let reveals = |desk: &Desk| looks(desk).into_iter().filter(|(action, ..)| action == "reveal").collect::<Vec<_>>();
    assert!(reveals(&desk).is_empty());
    desk.keys("<Down><Enter>");
    assert_eq!(reveals(&desk), [("reveal".into(), "phone".into(), "电话联系客户".into())]);
    desk.shows(&[PHONE]);
    for other in MARKERS.iter().filter(|m| **m != PHONE) {
        desk.hides(&[other]);
    }
    assert!(desk.said().contains("49 次"), "{}", desk.said());
    desk.wait(29);
    desk.shows(&[PHONE]);
    desk.wait(1);
    nothing_whole(&desk, "after thirty seconds");
    desk.shows(&["189****0027"]);
}

#[test]
fn what_is_revealed_goes_with_the_archive_and_while_the_customer_looks_on() {
    let mut desk = on_phone();
    desk.keys("<C-r><Enter>");
    desk.shows(&[PHONE]);
    desk.keys("<F12>");
    nothing_whole(&desk, "hidden");
    desk.keys("<F12>");
    nothing_whole(&desk, "shown again");
    desk.keys("<C-r><Enter>");
    desk.shows(&[PHONE]);
    // The other archive of the same number does not show it.
    desk.keys("<Esc><Esc><F2><Esc>6000000002<Enter>");
    nothing_whole(&desk, "another archive");
    desk.keys("<F2><Esc>6000000001<Enter>");
    nothing_whole(&desk, "back again");
}

#[test]
fn over_the_daily_limit_nothing_is_shown_and_that_is_in_the_log_too() {
    let mut desk = desk((160, 45));
    let settings = guitai::domain::settings::Settings { reveals_daily: 1, ..Default::default() };
    let by = file_staff(&mut desk.still.file, "zhaohang");
    let keep = workbench::Ask::KeepSettings { settings: Box::new(settings), stamp: stamp(by) };
    done(&desk.still.file.answer(&Ask::Workbench(keep)));
    desk.keys("<F2><Esc>zhangsh<Enter><Enter><Tab><Tab><Tab><Tab><Tab><Tab><Tab><C-r><Enter>");
    desk.shows(&[PHONE]);
    desk.wait(31).keys("<C-r><Enter>");
    nothing_whole(&desk, "over the limit");
    assert!(desk.said().contains("上限") && desk.said().contains("合规"), "{}", desk.said());
    let actions: Vec<String> = looks(&desk).into_iter().map(|(action, ..)| action).collect();
    assert_eq!(actions.iter().filter(|a| *a == "reveal").count(), 1);
    assert_eq!(actions.iter().filter(|a| *a == "refused").count(), 1);
}

#[test]
fn a_masked_field_is_typed_anew_and_never_saved_as_its_mask() {
    let mut desk = on_phone();
    // Rubbed out and left: the value stays.
    desk.keys("<Backspace><Enter>");
    assert!(!desk.still.app.rooms.archive.dirty(&desk.still.app.rooms.shared));
    desk.keys("<F8>");
    assert_eq!(desk.stored(NO).customer.phone, PHONE);
    // Typed anew it is replaced.
    desk.keys("<BackTab>13812345678<Enter><F8>");
    assert_eq!(desk.stored(NO).customer.phone, "13812345678");
    desk.hides(&["13812345678"]);
    // Revealed it can be mended in its place.
    desk.keys("<BackTab><C-r><Enter><Backspace>9<Enter><F8>");
    assert_eq!(desk.stored(NO).customer.phone, "13812345679");
    // Rubbed out twice, or at once by Ctrl+U, it is emptied.
    desk.wait(31).keys("<BackTab><Backspace><Backspace><Enter><F8>");
    assert_eq!(desk.stored(NO).customer.phone, "");
}

#[test]
fn a_glance_is_no_look_and_reading_is_one() {
    let mut desk = desk((160, 45));
    let views = |desk: &Desk| looks(desk).iter().filter(|(action, ..)| action == "view").count();
    desk.keys("<F2><Esc>zhangsh<Down>");
    let before = views(&desk);
    desk.wait(1).keys("<Down>").wait(1);
    assert_eq!(views(&desk), before, "going down the list");
    desk.wait(3);
    assert_eq!(views(&desk), before + 1);
    desk.wait(60);
    assert_eq!(views(&desk), before + 1, "once, however long");
    desk.keys("<Up><Enter>");
    assert_eq!(views(&desk), before + 2, "entered");
}

#[test]
fn a_report_is_in_the_log_when_it_is_shown_and_when_it_is_printed_and_whose_it_is() {
    let mut desk = desk((160, 45));
    desk.keys("<F2><Esc>zhangsh<Enter>i查阅报告<Enter>");
    desk.shows(&["个人信息查阅报告"]);
    desk.keys("<F8><C-y>");
    let file = rusqlite::Connection::open(desk.still.file.path()).unwrap();
    let mut statement = file
        .prepare("SELECT after ->> 'action', customer IS NOT NULL FROM change WHERE after ->> 'target' = 'subject' ORDER BY seq")
        .unwrap();
    let lines: Vec<(String, bool)> =
        statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect();
    assert_eq!(lines, [("view".to_owned(), true), ("print".to_owned(), true)]);
}

#[test]
fn printing_and_copying_are_in_the_log() {
    let mut desk = desk((160, 45));
    desk.keys("<F2><Esc>zhangsh<Enter>p<F8>");
    desk.keys("<C-y>");
    let actions: Vec<String> = looks(&desk).into_iter().map(|(action, ..)| action).collect();
    assert!(actions.contains(&"print".to_owned()) && actions.contains(&"copy".to_owned()), "{actions:?}");
}
