//! What a PC keeps as SQLite files of its own, the outbox and the cache of the index, with anything in their rows and in their bytes. A case is a
//! file; the rows of an outbox are tried a hundred at a time, so that 10,000 cases are a million of them.

use super::bench::Bench;
use super::bytes::{asks, cases, slipped, slips, text_of};
use guitai::domain::ids::OpId;
use guitai::store::outbox::Outbox;
use guitai::store::request::Answer;
use guitai::store::workbench;
use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};
use tempfile::TempDir;

/// Rows of an outbox tried at a time.
const ROWS: usize = 100;

/// Reads everything that can be read of an outbox.
fn read(path: &Path) -> Option<usize> {
    let outbox = Outbox::open(path).ok()?;
    let _ = (outbox.count(), outbox.head(), outbox.file(), outbox.unseen(true), outbox.again(OpId(1)));
    outbox.waiting().ok().map(|waiting| waiting.len())
}

/// An outbox of two saves, as bytes.
static OUTBOX: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox");
    let outbox = Outbox::open(&path).unwrap();
    outbox.is_for("ab").unwrap();
    drop(outbox);
    let conn = Connection::open(&path).unwrap();
    for (n, ask) in asks().iter().enumerate() {
        conn.execute("INSERT INTO save (op, ask) VALUES (?, ?)", rusqlite::params![n as i64, ask]).unwrap();
    }
    conn.execute("INSERT INTO fact VALUES ('head', '812 abcd')", []).unwrap();
    drop(conn);
    std::fs::read(&path).unwrap()
});

/// A branch file, and the cache of its index as bytes.
static CACHE: LazyLock<(Mutex<Bench>, Vec<u8>)> = LazyLock::new(|| {
    let mut bench = Bench::new();
    let sample = bench.sample("客户.csv");
    bench.import(&[sample]);
    let path = bench.dir.path().join("index.cache");
    bench.file.cached_index(&path);
    let bytes = std::fs::read(&path).unwrap();
    (Mutex::new(bench), bytes)
});

/// One place for all cases of a test.
static DESK: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

/// A file of these bytes, with nothing left beside it.
fn lay(name: &str, bytes: &[u8]) -> PathBuf {
    let path = DESK.path().join(name);
    for ending in ["-wal", "-journal", "-shm"] {
        let _ = std::fs::remove_file(DESK.path().join(format!("{name}{ending}")));
    }
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Whether the cache at this path, whatever it is, gives the index of its branch file.
fn indexed(path: &Path) -> bool {
    let mut bench = CACHE.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    matches!(bench.file.cached_index(path), Answer::Workbench(workbench::Answer::Index(_)))
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        (0..20_270_101_i64).prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Real),
        ".{0,40}".prop_map(Value::Text),
        "[\\[{\"0-9T:,}\\]-]{0,30}".prop_map(Value::Text),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Blob),
    ]
}

#[test]
fn what_the_slips_are_made_of_is_read_when_there_are_none() {
    assert_eq!(read(&lay("whole.outbox", &OUTBOX)), Some(2));
    let path = lay("whole.cache", &CACHE.1);
    assert!(indexed(&path));
    assert!(std::fs::read(&path).unwrap() == CACHE.1, "a cache that is whole is not made anew");
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn outboxes_with_anything_in_their_rows(rows in prop::collection::vec((slips(), -1..5_i64), ROWS), head in slips()) {
        let path = lay("rows.outbox", &OUTBOX);
        let mut conn = Connection::open(&path).unwrap();
        let tx = conn.transaction().unwrap();
        tx.execute("DELETE FROM save", []).unwrap();
        for (n, (slips, state)) in rows.iter().enumerate() {
            let text = text_of(slipped(asks()[n % 2].as_bytes(), slips));
            tx.execute("INSERT INTO save (op, ask, state) VALUES (?, ?, ?)", rusqlite::params![n as i64, text, state]).unwrap();
        }
        tx.execute("UPDATE fact SET value = ? WHERE key = 'head'", [text_of(slipped(b"812 abcd", &head))]).unwrap();
        tx.commit().unwrap();
        drop(conn);
        prop_assert!(read(&path).is_some_and(|n| n <= ROWS), "one row that cannot be read keeps the others");
    }

    #[test]
    fn outboxes_with_any_bytes_in_their_file(slips in slips()) {
        let _ = read(&lay("bytes.outbox", &slipped(&OUTBOX, &slips)));
    }

    #[test]
    fn caches_with_anything_in_their_rows(cells in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), value()), 1..4)) {
        let path = lay("rows.cache", &CACHE.1);
        let conn = Connection::open(&path).unwrap();
        static COLUMNS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
            let conn = Connection::open(lay("columns.cache", &CACHE.1)).unwrap();
            let mut found = conn.prepare("SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c WHERE t.name IN ('customer', 'head')").unwrap();
            found.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
        });
        for (column, row, value) in &cells {
            let (table, column) = column.get(&COLUMNS);
            let sql = format!("UPDATE OR IGNORE {table} SET \"{column}\" = ?1 WHERE rowid = (SELECT rowid FROM {table} LIMIT 1 OFFSET ?2)");
            // An id that is no number is refused by SQLite itself.
            let _ = conn.execute(&sql, rusqlite::params![value, row.index(if table == "head" { 1 } else { 50 }) as i64]);
        }
        drop(conn);
        prop_assert!(indexed(&path));
    }

    #[test]
    fn caches_with_any_bytes_in_their_file(slips in slips()) {
        prop_assert!(indexed(&lay("bytes.cache", &slipped(&CACHE.1, &slips))));
    }
}
