//! What others wrote into the branch file or type into any field: escape sequences, SQL, values of another program. Nothing of it steers the
//! terminal, is run, or makes the workbench panic. `PROPTEST_CASES` says how many cases of the last are tried.

use crate::desk::{Desk, Given, start, today};
use crate::masking;
use guitai::app::event::Effect;
use guitai::app::keymap;
use guitai::domain::agenda::Scope;
use guitai::domain::archive::FIELDS;
use guitai::domain::audit::Filter;
use guitai::domain::contact::{Channel, Outcome};
use guitai::domain::field::Edit;
use guitai::domain::ids::{CustomerId, OpId, StaffId};
use guitai::domain::values::plain;
use guitai::run::still::Still;
use guitai::store::backup::Looked;
use guitai::store::open::{File, Mode, Station};
use guitai::store::request::{Answer, Ask, Stamp};
use guitai::store::{agenda, audit, board, contacts, customers, dealings, keepers, subject, twins, workbench};
use guitai::ui::theme::Theme;
use proptest::prelude::*;
use rusqlite::types::Value;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;

/// What steers a terminal: its clipboard, its title by either way of beginning, a colour, the direction of writing, a bell, a way back.
const EVIL: &str =
    "\u{1b}]52;c;cm0gLXJm\u{7}\u{1b}]0;title\u{7}\u{9d}0;x\u{9c}\u{1b}[31m\u{202e}\u{2066}\u{8}\r\n\t\u{0}红";

/// Commands that end the sitting or stop the process.
const ENDS: [&str; 2] = ["quit", "suspend"];

fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Looks at every cell of the screen, and at all that left the machine but the drafts, which are read by nobody else.
fn harmless(desk: &Desk, how: &str) {
    let (buffer, _) = desk.still.draw(&Theme::default());
    for cell in buffer.content() {
        assert!(!cell.symbol().chars().any(steers), "{how}: {:?}", cell.symbol());
    }
    for effect in &desk.still.effects {
        match effect {
            // Both leave the machine through these, see `run::outside`; of the name only letters and digits are taken.
            Effect::Print { text, .. } => {
                assert!(
                    !plain::steady(text).chars().any(|c| steers(c) && !matches!(c, '\n' | '\t')),
                    "{how}: {text:?}"
                );
            }
            Effect::Copy(text) => assert!(!plain::line(text).chars().any(steers), "{how}: {text:?}"),
            _ => {}
        }
    }
}

/// The columns of texts of a branch file, by table; those of the log, of settings that are JSON, and of keys are left out.
fn texts(conn: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
               WHERE t.schema = 'main' AND t.type = 'table' AND c.type = 'TEXT' AND c.pk = 0 AND t.name NOT LIKE 'sqlite%'";
    let mut found = conn.prepare(sql).unwrap();
    found.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn no_stored_text_steers_the_terminal_from_any_screen() {
    for (size, panes) in [((160, 45), &["<F3>"][..]), ((80, 24), &["<F2>", "<F6>", "<F7>"])] {
        let Desk { still, folder } = masking::desk(size);
        drop(still.file);
        let path = folder.path().join("branch.db");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("PRAGMA ignore_check_constraints = 1; DROP TRIGGER change_update;").unwrap();
        let mut spoilt = 0;
        for (table, column) in texts(&conn) {
            // Codes, days and JSON would no longer be read as what they are.
            let sql = format!(
                "UPDATE OR IGNORE {table} SET \"{column}\" = \"{column}\" || ?1 WHERE \"{column}\" GLOB '*[一-龥]*' AND \"{column}\" NOT GLOB '[[{{\"]*'"
            );
            spoilt += conn.execute(&sql, [EVIL]).unwrap();
            let sql = format!(
                "UPDATE OR IGNORE {table} SET \"{column}\" = replace(\"{column}\", '13500000', ?1) WHERE \"{column}\" GLOB '[[{{\"]*'"
            );
            spoilt += conn.execute(&sql, [serde_json::to_string(EVIL).unwrap().trim_matches('"')]).unwrap();
        }
        assert!(spoilt > 30, "{spoilt}");
        drop(conn);
        let file = File::open(&path, Mode::Write, &Station::new("3号机\u{1b}[31m", 3)).unwrap();
        let mut desk = Desk::at(file, folder, size, "wangmin");
        harmless(&desk, "as it opens");
        desk.keys("6000000001<Enter>");
        assert!(desk.still.app.rooms.archive.opened().is_some(), "{}", desk.screen());
        for tab in 0..17 {
            for row in 0..4 {
                harmless(&desk, &format!("tab {tab} row {row}"));
                desk.keys("<Down>");
            }
            desk.keys("<Enter>");
            harmless(&desk, &format!("tab {tab} entered"));
            desk.keys("<Esc><Esc><F3><PgDn>");
        }
        let mut ran = 0;
        for pane in panes {
            for command in keymap::all().filter(|c| !ENDS.contains(&c.name)) {
                desk.keys("<F2><Esc><Esc>6000000001<Enter>").keys(pane);
                if (command.enabled)(&desk.still.app.rooms) {
                    ran += 1;
                    (command.run)(&mut desk.still.app.rooms);
                    desk.wait(1);
                    harmless(&desk, &format!("{} after {pane}", command.name));
                    desk.keys("<Enter>");
                    harmless(&desk, &format!("{} and Enter after {pane}", command.name));
                }
                desk.keys("<Esc><Esc><Esc><Esc>");
                desk.still.app.rooms.layers.clear();
                if desk.still.app.rooms.shared.hidden {
                    desk.keys("<F12>");
                }
            }
        }
        assert!(ran > 30, "{ran}");
    }
}

/// What would be run, end a text, or find everybody, if any of it were taken for SQL.
const SQL: [&str; 6] = [
    "'; DROP TABLE customer; --",
    "\" OR \"\"=\"",
    "x' OR '1'='1",
    "%_%' ESCAPE '\\",
    "1); DELETE FROM change; SELECT (1",
    "?1 :a @b $c -- /* */ \\",
];

/// The tables, and every customer but the first.
fn kept(path: &Path) -> (String, Vec<String>) {
    let conn = Connection::open(path).unwrap();
    let all = |sql: &str| -> Vec<String> {
        conn.prepare(sql).unwrap().query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
    };
    (
        all("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name").concat(),
        all("SELECT no || name || phone FROM customer WHERE no LIKE '600000000_' AND no <> '6000000001' ORDER BY no"),
    )
}

fn three() -> Vec<Given<'static>> {
    vec![
        Given {
            no: "6000000001",
            fields: &[("name", "张山河"), ("phone", "13885210027"), ("owner", "wangmin")],
            aum: Some(310_000),
        },
        Given {
            no: "6000000002",
            fields: &[("name", "陈国栋"), ("phone", "13885210028"), ("owner", "liqiang")],
            aum: Some(960_000),
        },
        Given { no: "6000000003", fields: &[("name", "O'Neil"), ("owner", "wangmin")], aum: None },
    ]
}

#[test]
fn sql_typed_into_any_field_of_an_archive_is_stored_as_typed_or_refused() {
    let mut desk = Desk::with((160, 45), &three());
    let path = desk.folder.path().join("branch.db");
    let before = kept(&path);
    let me = desk.still.app.rooms.shared.me.unwrap();
    let mut stored = 0;
    for (n, field) in FIELDS.iter().enumerate() {
        for (m, sql) in SQL.iter().enumerate() {
            let opened = desk.stored("6000000001");
            let was = (field.read)(&opened.customer, field.code);
            let save = customers::Ask::Save {
                op: OpId((n * 10 + m) as i64 + 1_000),
                id: opened.customer.id,
                base_rev: opened.customer.rev,
                edits: vec![Edit { field: field.code.into(), before: was.clone(), after: (*sql).into() }],
                reason: (*sql).into(),
                stamp: crate::desk::stamp(me),
            };
            let answer = desk.still.file.answer(&Ask::Customers(save));
            let now = (field.read)(&desk.stored("6000000001").customer, field.code);
            assert!(
                now == *sql || now == was || matches!(answer, Answer::Customers(_)),
                "{}: {sql} became {now}",
                field.code
            );
            stored += usize::from(now == *sql);
        }
    }
    assert!(stored > 60, "{stored} texts were kept as they were typed");
    assert_eq!(kept(&path), before);
    assert!(matches!(desk.still.file.look_over(), Ok(Looked::Whole(_))));
}

#[test]
fn sql_typed_wherever_something_can_be_typed_is_text() {
    let mut desk = Desk::with((160, 45), &three());
    let path = desk.folder.path().join("branch.db");
    let before = kept(&path);
    for sql in [SQL[0], SQL[2], SQL[5]] {
        // The search box, and what it finds.
        desk.keys("<F2><Esc><Esc>").paste(sql);
        let found = desk.screen();
        assert!(
            !(found.contains("张山河") && found.contains("陈国栋") && found.contains("O'Neil")),
            "{sql} finds everybody\n{found}"
        );
        desk.keys("<Enter><Esc><Esc>");
        // The sheet of a new customer: every field of it.
        desk.keys("<C-n>");
        for _ in 0..12 {
            desk.paste(sql).keys("<Tab>");
        }
        desk.keys("<F8><F8><Enter><Esc><Esc><Esc>");
        // Every command that asks for something.
        for command in keymap::all().filter(|c| !ENDS.contains(&c.name)) {
            desk.keys("<F2><Esc><Esc>6000000001<Enter>");
            if (command.enabled)(&desk.still.app.rooms) {
                (command.run)(&mut desk.still.app.rooms);
                desk.wait(1);
                desk.paste(sql).keys("<Tab>").paste(sql).keys("<Enter><F8><Esc><Esc><Esc><Esc>");
                let _ = desk.screen();
            }
            desk.still.app.rooms.layers.clear();
            if desk.still.app.rooms.shared.hidden {
                desk.keys("<F12>");
            }
        }
    }
    assert_eq!(kept(&path), before);
    assert!(matches!(desk.still.file.look_over(), Ok(Looked::Whole(_))));
    desk.keys("<F2><Esc><Esc>O'Neil");
    desk.shows(&["O'Neil"]);
    // Something of it is in the log, as it was typed.
    let conn = Connection::open(&path).unwrap();
    let noted: i64 = conn
        .query_row("SELECT count(*) FROM change WHERE instr(after, 'DROP TABLE customer')", [], |r| r.get(0))
        .unwrap();
    assert!(noted > 0);
}

/// A branch file with something in every corner, who is in it, and its columns: table, column, type, rows.
struct Full {
    bytes: Vec<u8>,
    staff: Vec<StaffId>,
    ids: Vec<CustomerId>,
    columns: Vec<(String, String, String, i64)>,
    folder: TempDir,
}

static FULL: LazyLock<Full> = LazyLock::new(|| {
    let Desk { mut still, folder } = masking::desk((120, 30));
    let staff = crate::desk::staff(&mut still.file).iter().map(|s| s.id).collect();
    let Answer::Workbench(workbench::Answer::Rows(rows)) = still.file.answer(&Ask::Workbench(workbench::Ask::Rows))
    else {
        panic!()
    };
    drop(still.file);
    let path = folder.path().join("branch.db");
    let bytes = std::fs::read(&path).unwrap();
    let conn = Connection::open(&path).unwrap();
    let sql = "SELECT t.name, c.name, c.type FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
               WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> 'sound'";
    let found: Vec<(String, String, String)> = conn
        .prepare(sql)
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let count = |table: &str| conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).unwrap();
    let columns = found
        .into_iter()
        .map(|(t, c, k)| {
            let n = count(&t);
            (t, c, k, n)
        })
        .filter(|(.., n)| *n > 0)
        .collect();
    drop(conn);
    Full { bytes, staff, ids: rows.iter().map(|r| r.id).collect(), columns, folder }
});

/// Everything that can be asked of a branch file, and a few saves.
fn asks(full: &Full) -> Vec<Ask> {
    let (staff, id, today) = (full.staff[0], full.ids[0], today());
    let until = today + chrono::Days::new(30);
    let mut all = vec![
        Ask::Workbench(workbench::Ask::Open),
        Ask::Workbench(workbench::Ask::Rows),
        Ask::Workbench(workbench::Ask::Index),
        Ask::Workbench(workbench::Ask::News { since: 0 }),
        Ask::Workbench(workbench::Ask::Batches),
        Ask::Board(board::Ask::Load),
        Ask::Twins(twins::Ask::Find),
        Ask::Twins(twins::Ask::Pair { keep: id, other: full.ids[1] }),
        Ask::Twins(twins::Ask::Merged { no: "6000000001".into() }),
        Ask::Keepers(keepers::Ask::Orphans { today }),
        Ask::Keepers(keepers::Ask::Plan { ids: full.ids.clone() }),
        Ask::Keepers(keepers::Ask::LeavePlan { staff, to: None }),
        Ask::Audit(audit::Ask::Page { filter: Filter::default(), before: None, most: 500 }),
        Ask::Customers(customers::Ask::Numbered { no: "6000000001".into() }),
        Ask::Customers(customers::Ask::Likely { text: "zhang".into(), limit: 20 }),
        Ask::Subject(subject::Ask::Certificate { customer: id }),
    ];
    for scope in [Scope::Mine, Scope::Team, Scope::Branch] {
        all.push(Ask::Agenda(agenda::Ask::Load { scope, staff, today, until }));
        all.push(Ask::Agenda(agenda::Ask::Month { scope, staff, today, first: today }));
        all.push(Ask::Agenda(agenda::Ask::Wall { scope, staff, today }));
        all.push(Ask::Agenda(agenda::Ask::Bricks { scope, staff, today, day: None }));
    }
    for id in &full.ids {
        let (id, customer) = (*id, *id);
        all.push(Ask::Customers(customers::Ask::Open { id, today }));
        all.push(Ask::Customers(customers::Ask::Tier { id, today }));
        all.push(Ask::Dealings(dealings::Ask::Books { customer, today }));
        all.push(Ask::Dealings(dealings::Ask::Txns { customer, text: String::new(), today, before: None }));
        all.push(Ask::Subject(subject::Ask::Check { customer, today }));
        all.push(Ask::Subject(subject::Ask::Held { customer, today }));
    }
    let stamp = Stamp::new(staff, crate::desk::now(), today);
    let edit = Edit { field: "phone2".into(), before: String::new(), after: "13800138001".into() };
    all.push(Ask::Customers(customers::Ask::Save {
        op: OpId(9_001),
        id,
        base_rev: 2,
        edits: vec![edit],
        reason: String::new(),
        stamp: stamp.clone(),
    }));
    all.push(Ask::Contacts(contacts::Ask::Log {
        op: OpId(9_002),
        customer: id,
        channel: Channel::Phone,
        outcome: Outcome::Reached,
        note: "问候".into(),
        next: None,
        task: None,
        stamp: stamp.clone(),
    }));
    all.push(Ask::Keepers(keepers::Ask::ProposeByRules { op: OpId(9_003), ids: full.ids.clone(), stamp }));
    all
}

/// Asks a file everything, and looks at the screens over it.
fn use_all(path: PathBuf, full: &Full) {
    let Ok(mut file) = File::open(&path, Mode::Write, &Station::new("3号机", 3)) else { return };
    for ask in asks(full) {
        let _ = file.answer(&ask);
    }
    let _ = (file.look_over(), file.faults(), file.origin(), file.ends());
    let mut still = Still::open(start((120, 30), "wangmin"), file);
    for keys in [
        "6000000001",
        "<Enter>",
        "<PgDn>",
        "<PgDn><PgDn>",
        "<PgDn><PgDn><PgDn>",
        "<F6>",
        "<Down><Enter>",
        "<Esc><F7>",
        "<Down><Enter>",
        "<Esc>",
    ] {
        still.keys(keys);
        let _ = still.draw(&Theme::default());
    }
}

fn value(kind: &str, old: Value, new: &New) -> Value {
    match (kind, new) {
        (_, New::Null) => Value::Null,
        ("INTEGER" | "INT", New::Number(n)) => Value::Integer(*n),
        ("INTEGER" | "INT", New::Day(n)) => Value::Integer(*n),
        ("BLOB", New::Text(text) | New::Slip(_, text)) => Value::Blob(text.as_bytes().to_vec()),
        ("TEXT", New::Text(text)) => Value::Text(text.clone()),
        ("TEXT", New::Slip(at, text)) => {
            let Value::Text(old) = old else { return Value::Text(text.clone()) };
            let mut chars: Vec<char> = old.chars().collect();
            let at = at.index(chars.len() + 1);
            chars.splice(at..(at + 1).min(chars.len()), text.chars());
            Value::Text(chars.into_iter().collect())
        }
        ("TEXT", New::Number(n) | New::Day(n)) => Value::Text(n.to_string()),
        (_, New::Text(text) | New::Slip(_, text)) => Value::Integer(text.len() as i64),
        (_, New::Number(n) | New::Day(n)) => Value::Integer(*n),
    }
}

/// What is put into a cell.
#[derive(Debug, Clone)]
enum New {
    Null,
    Number(i64),
    Day(i64),
    Text(String),
    Slip(prop::sample::Index, String),
}

fn new() -> impl Strategy<Value = New> {
    let days = prop_oneof![
        Just(-2_621_430_101_i64),
        Just(2_621_421_231),
        Just(2_621_431_231),
        Just(99_991_231),
        Just(10_101),
        Just(0),
        19_000_101..21_001_231_i64,
    ];
    let dates = "(-|\\+)?[0-9]{4,6}-(01|12|02)-(01|31|29)(T(00|23|24):[0-9]{2}:[0-9]{2})?";
    prop_oneof![
        1 => Just(New::Null),
        2 => prop_oneof![any::<i64>(), -3..400_i64, Just(i64::MIN), Just(i64::MAX)].prop_map(New::Number),
        3 => days.prop_map(New::Day),
        2 => ".{0,30}|[a-z_]{0,12}".prop_map(New::Text),
        2 => dates.prop_map(New::Text),
        5 => (any::<prop::sample::Index>(), "|.|[0-9]{1,9}|-|\"|-99999999999|\\{\\}|null|[01]").prop_map(|(at, text)| New::Slip(at, text)),
    ]
}

fn cases(few: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(few), failure_persistence: None, ..ProptestConfig::default() }
}

/// The branch file of a case: these bytes and nothing beside them.
fn lay(full: &Full, name: &str, bytes: &[u8]) -> PathBuf {
    let path = full.folder.path().join(name);
    for ending in ["-journal", "-wal", "-shm"] {
        let _ = std::fs::remove_file(full.folder.path().join(format!("{name}{ending}")));
    }
    std::fs::write(&path, bytes).unwrap();
    path
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn cells_that_another_program_wrote_make_nothing_panic(blows in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), new()), 1..4)) {
        let full = &*FULL;
        let path = lay(full, "cells.db", &full.bytes);
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0; PRAGMA synchronous = 0; DROP TRIGGER change_update;").unwrap();
        let mut told = BTreeMap::new();
        for (column, row, new) in &blows {
            let (table, column, kind, rows) = column.get(&full.columns);
            let n = row.index(usize::try_from(*rows).unwrap());
            let keyed = format!("(SELECT \"{column}\" FROM {table} LIMIT 1 OFFSET {n})");
            let Ok(old) = conn.query_row(&format!("SELECT {keyed}"), [], |r| r.get::<_, Value>(0)) else { continue };
            let new = value(kind, old.clone(), new);
            // A table without row ids is told by the value alone: all rows that have it get the new one.
            let by_id = conn.execute(&format!("UPDATE {table} SET \"{column}\" = ?1 WHERE rowid = (SELECT rowid FROM {table} LIMIT 1 OFFSET {n})"), params![new]);
            if by_id.is_err() {
                let _ = conn.execute(&format!("UPDATE {table} SET \"{column}\" = ?1 WHERE \"{column}\" IS ?2"), params![new, old]);
            }
            told.insert(format!("{table}.{column}"), new);
        }
        drop(conn);
        let done = std::panic::catch_unwind(|| use_all(path, full));
        prop_assert!(done.is_ok(), "{told:?}");
    }

    #[test]
    fn branch_files_with_any_bytes_make_nothing_panic(slips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let full = &*FULL;
        let mut bytes = full.bytes.clone();
        for (at, byte) in &slips {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        let path = lay(full, "bytes.db", &bytes);
        let done = std::panic::catch_unwind(|| use_all(path, full));
        prop_assert!(done.is_ok(), "{slips:?}");
    }
}
