//! The change table: feed, audit log and undo list in one. Each row carries the hash of itself and of the one before (`chain`), so that a row
//! taken out or rewritten shows. Who may see it does not live here.

use super::cell;
use super::chain::Hand;
use super::request::{Failure, Stamp};
use crate::domain::change::{Change, Entity};
use crate::domain::field::Edit;
use crate::domain::ids::{BatchId, CustomerId, OpId, StaffId};
use crate::domain::subject::ERASED;
use chrono::NaiveDateTime;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeMap, BTreeSet};

/// A change about to be written.
#[derive(Debug)]
pub struct Entry<'a> {
    /// What.
    pub entity: Entity,
    /// The row.
    pub row: i64,
    /// The archive it belongs to.
    pub customer: Option<CustomerId>,
    /// The fields, before and after.
    pub edits: &'a [Edit],
    /// Why.
    pub reason: &'a str,
    /// The batch.
    pub batch: Option<BatchId>,
    /// The operation.
    pub op: Option<OpId>,
}

/// Writes a change behind the last one, in the transaction of `conn`; gives its seq.
///
/// # Errors
/// What the file says.
pub fn record(conn: &Connection, hand: &Hand, stamp: &Stamp, entry: &Entry<'_>) -> Result<i64, Failure> {
    let head: Option<(i64, Vec<u8>)> = conn
        .prepare_cached("SELECT seq, hash FROM change ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let (last, prev) = head.unwrap_or((0, vec![0; 32]));
    write(conn, last + 1, prev, hand, stamp, entry)
}

/// Writes a change of this seq behind the newest before it. Only a salvaged file has gaps that let a seq be chosen.
///
/// # Errors
/// What the file says.
pub fn link(conn: &Connection, seq: i64, hand: &Hand, stamp: &Stamp, entry: &Entry<'_>) -> Result<i64, Failure> {
    let prev: Option<Vec<u8>> = conn
        .prepare_cached("SELECT hash FROM change WHERE seq < ? ORDER BY seq DESC LIMIT 1")?
        .query_row([seq], |r| r.get(0))
        .optional()?;
    write(conn, seq, prev.unwrap_or_else(|| vec![0; 32]), hand, stamp, entry)
}

fn write(
    conn: &Connection,
    seq: i64,
    prev: Vec<u8>,
    hand: &Hand,
    stamp: &Stamp,
    entry: &Entry<'_>,
) -> Result<i64, Failure> {
    let side = |text: fn(&Edit) -> &str| -> Result<String, Failure> {
        let map: BTreeMap<&str, &str> = entry.edits.iter().map(|e| (e.field.as_str(), text(e))).collect();
        Ok(cell::json(&map)?)
    };
    let (before, after) = (side(|e| &e.before)?, side(|e| &e.after)?);
    let at = cell::time(stamp.at);
    let number = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
    let customer = entry.customer.map(|c| c.0);
    let (batch, op) = (entry.batch.map(|b| b.0), entry.op.map(|o| o.0));
    let hash = hand.hash(
        &[
            &seq.to_string(),
            &at,
            &stamp.by.0.to_string(),
            hand,
            entry.entity.code(),
            &entry.row.to_string(),
            &number(customer),
            &before,
            &after,
            entry.reason,
            &number(batch),
            &number(op),
        ],
        &prev,
    );
    conn.prepare_cached("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
        seq,
        at,
        stamp.by.0,
        &**hand,
        entry.entity.code(),
        entry.row,
        customer,
        before,
        after,
        entry.reason,
        batch,
        op,
        prev,
        hash.as_slice(),
    ])?;
    Ok(seq)
}

/// The newest seq; 0 in an empty file.
///
/// # Errors
/// What the file says.
pub fn head(conn: &Connection) -> Result<i64, Failure> {
    Ok(conn.prepare_cached("SELECT coalesce(max(seq), 0) FROM change")?.query_row([], |r| r.get(0))?)
}

/// When the newest line was written, by the clock of its workstation; midnight of 1970 in an empty file.
///
/// # Errors
/// What the file says.
pub fn newest(conn: &Connection) -> Result<NaiveDateTime, Failure> {
    let at: Option<String> = conn
        .prepare_cached("SELECT at FROM change ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| r.get(0))
        .optional()?;
    Ok(at.map(|at| cell::moment(&at)).unwrap_or_default())
}

/// Looks are in the log and no news to anybody.
pub(super) const SEEN: &str = "entity <> 'access'";

/// What [`read`] wants. The last column says whether the values are of somebody who was erased since: they stay in the chain, sealed, and are
/// shown to nobody.
pub(super) const COLUMNS: &str = "seq, at, by, station, entity, row, customer, before, after, reason, batch, \
    EXISTS (SELECT 1 FROM erased WHERE erased.customer = change.customer AND change.seq <= erased.until)";

/// A row of [`COLUMNS`].
///
/// # Errors
/// What the file says.
pub(super) fn read(r: &Row<'_>) -> rusqlite::Result<Change> {
    let before: BTreeMap<String, String> = cell::of_json(&r.get::<_, String>(7)?);
    let mut after: BTreeMap<String, String> = cell::of_json(&r.get::<_, String>(8)?);
    let erased: bool = r.get(11)?;
    let veil = |text: String| if erased && !text.is_empty() { ERASED.to_owned() } else { text };
    let edits = before
        .into_iter()
        .map(|(field, before)| {
            let after = after.remove(&field).unwrap_or_default();
            Edit { field, before: veil(before), after: veil(after) }
        })
        .collect();
    let entity: String = r.get(4)?;
    Ok(Change {
        seq: r.get(0)?,
        at: cell::moment(&r.get::<_, String>(1)?),
        by: StaffId(r.get(2)?),
        station: r.get(3)?,
        entity: Entity::ALL.into_iter().find(|e| e.code() == entity).unwrap_or(Entity::Branch),
        row: r.get(5)?,
        customer: r.get::<_, Option<i64>>(6)?.map(CustomerId),
        edits,
        reason: veil(r.get(9)?),
        batch: r.get::<_, Option<i64>>(10)?.map(BatchId),
    })
}

/// One change.
///
/// # Errors
/// [`Failure::Gone`] when there is no such seq.
pub fn one(conn: &Connection, seq: i64) -> Result<Change, Failure> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM change WHERE seq = ?"))?
        .query_row([seq], read)
        .optional()?
        .ok_or(Failure::Gone)
}

/// Changes of an archive and what hangs on it, newest first.
///
/// # Errors
/// What the file says.
pub fn of_customer(conn: &Connection, customer: CustomerId, most: u32) -> Result<Vec<Change>, Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM change WHERE customer = ? AND {SEEN} ORDER BY seq DESC LIMIT ?"
    ))?;
    Ok(statement.query_map(params![customer.0, most], read)?.collect::<rusqlite::Result<_>>()?)
}

/// Every change of an archive and what hangs on it, and every look at it, oldest first.
///
/// # Errors
/// What the file says.
pub fn all_of(conn: &Connection, customer: CustomerId) -> Result<Vec<Change>, Failure> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM change WHERE customer = ? ORDER BY seq"))?;
    Ok(statement.query_map([customer.0], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The newest change of an archive, or of what hangs on it, behind `since` that fits.
///
/// # Errors
/// What the file says.
pub fn last_of(
    conn: &Connection,
    customer: CustomerId,
    since: i64,
    fits: impl Fn(&Change) -> bool,
) -> Result<Option<Change>, Failure> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM change WHERE customer = ? AND seq > ? AND {SEEN} ORDER BY seq DESC"
    ))?;
    first(statement.query_map(params![customer.0, since], read)?, fits)
}

/// The newest change of all behind `since` that fits.
///
/// # Errors
/// What the file says.
pub fn last_of_all(conn: &Connection, since: i64, fits: impl Fn(&Change) -> bool) -> Result<Option<Change>, Failure> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM change WHERE seq > ? AND {SEEN} ORDER BY seq DESC"))?;
    first(statement.query_map([since], read)?, fits)
}

fn first(
    mut found: impl Iterator<Item = rusqlite::Result<Change>>,
    fits: impl Fn(&Change) -> bool,
) -> Result<Option<Change>, Failure> {
    found.find(|c| c.as_ref().map_or(true, &fits)).transpose().map_err(Failure::from)
}

/// The newest changes behind `since`, oldest first.
///
/// # Errors
/// What the file says.
pub fn since(conn: &Connection, since: i64, most: u32) -> Result<Vec<Change>, Failure> {
    let mut statement = conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM change WHERE seq > ? AND {SEEN} ORDER BY seq DESC LIMIT ?"))?;
    let mut found: Vec<Change> = statement.query_map(params![since, most], read)?.collect::<rusqlite::Result<_>>()?;
    found.reverse();
    Ok(found)
}

/// The field of the change that a salvage ends with: seqs that are gone, from and to.
pub const GAPS: &str = "salvage.gaps";
/// The field beside it: seqs that do not fit the one before, its own among them.
pub const BREAKS: &str = "salvage.breaks";

/// The seqs that a salvage named as not fitting the one before.
///
/// # Errors
/// What the file says.
pub(super) fn named(conn: &Connection) -> Result<BTreeSet<i64>, Failure> {
    let mut known = BTreeSet::new();
    let mut statement = conn.prepare("SELECT after FROM change WHERE entity = 'branch' AND instr(after, ?)")?;
    let mut rows = statement.query([BREAKS])?;
    while let Some(r) = rows.next()? {
        let after: BTreeMap<String, String> = cell::of_json(&r.get::<_, String>(0)?);
        let named = after.get(BREAKS).map(String::as_str).unwrap_or_default();
        known.extend(named.split(' ').filter_map(|seq| seq.parse::<i64>().ok()));
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::staff::{Role, Staff};
    use crate::store::chain::{self, Break, Why};
    use crate::store::key::Key;
    use crate::store::migrate;
    use crate::store::open::{File, Mode, Station};
    use rusqlite::hooks::{AuthContext, Authorization};

    fn stamp() -> Stamp {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
        Stamp::new(StaffId(1), today.and_hms_opt(9, 0, 0).unwrap(), today)
    }

    fn write(conn: &Connection, key: &Key, n: usize) {
        for at in 0..n {
            let edits = [Edit { field: "phone".to_owned(), before: String::new(), after: format!("1380013800{at}") }];
            let entry = Entry {
                entity: Entity::Customer,
                row: 1,
                customer: Some(CustomerId(1)),
                edits: &edits,
                reason: "",
                batch: None,
                op: None,
            };
            record(conn, &Hand::new("PC-1", key), &stamp(), &entry).unwrap();
        }
    }

    /// A log of twelve rows: plain, then under one key, then under another, then plain again.
    fn log() -> (Connection, [Key; 4]) {
        let conn = Connection::open_in_memory().unwrap();
        migrate::lay(&conn).unwrap();
        let keys = [Key::default(), Key::of([1; 32]), Key::of([2; 32]), Key::default()];
        chain::begin(&conn, &keys[0]).unwrap();
        write(&conn, &keys[0], 3);
        for pair in keys.windows(2) {
            chain::turn(&conn, &pair[0], &pair[1]).unwrap();
            assert_eq!(chain::breaks(&conn, &pair[1]).unwrap(), [], "a segment without rows yet");
            write(&conn, &pair[1], 3);
            assert_eq!(chain::breaks(&conn, &pair[1]).unwrap(), []);
        }
        (conn, keys)
    }

    const FREE: &str = "DROP TRIGGER change_update; DROP TRIGGER change_delete; DROP TRIGGER change_order;
        DROP TRIGGER chain_update; DROP TRIGGER chain_delete; DROP TRIGGER chain_order;";

    #[test]
    fn every_row_of_every_segment_is_covered_by_a_hash_and_by_the_next_row() {
        for seq in 1..=12_i64 {
            for column in
                ["at", "by", "station", "entity", "row", "customer", "before", "after", "reason", "batch", "op"]
            {
                let (conn, keys) = log();
                conn.execute_batch(FREE).unwrap();
                let value = if ["by", "row", "customer", "batch", "op"].contains(&column) { "77" } else { "'x'" };
                conn.execute(&format!("UPDATE change SET {column} = {value} WHERE seq = ?"), [seq]).unwrap();
                let found = chain::breaks(&conn, &keys[3]).unwrap();
                assert_eq!(found, [Break { seq, why: Why::Content }], "{column} of {seq}");
            }
            let (conn, keys) = log();
            conn.execute_batch(FREE).unwrap();
            conn.execute("DELETE FROM change WHERE seq = ?", [seq]).unwrap();
            let found = chain::breaks(&conn, &keys[3]).unwrap();
            let due = [Break { seq: seq + 1, why: Why::Gap(seq) }];
            // The last one is missed by nobody but an anchor.
            assert_eq!(found, if seq < 12 { &due[..] } else { &[] }, "{seq} deleted");
        }
    }

    #[test]
    fn who_has_not_the_key_can_write_no_row_that_fits() {
        let conn = Connection::open_in_memory().unwrap();
        migrate::lay(&conn).unwrap();
        let key = Key::of([1; 32]);
        chain::begin(&conn, &key).unwrap();
        write(&conn, &key, 2);
        assert_eq!(chain::breaks(&conn, &key).unwrap(), []);
        write(&conn, &Key::default(), 1);
        assert_eq!(chain::breaks(&conn, &key).unwrap(), [Break { seq: 3, why: Why::Content }]);
        write(&conn, &Key::of([9; 32]), 1);
        assert_eq!(chain::breaks(&conn, &key).unwrap().len(), 2);
    }

    #[test]
    fn a_log_looked_at_with_another_key_does_not_fit_and_its_earlier_segments_cannot_be_checked() {
        let conn = Connection::open_in_memory().unwrap();
        migrate::lay(&conn).unwrap();
        let keys = [Key::of([1; 32]), Key::of([2; 32])];
        chain::begin(&conn, &keys[0]).unwrap();
        write(&conn, &keys[0], 1);
        assert!(chain::turn(&conn, &keys[1], &keys[0]).is_err(), "not of that key");
        chain::turn(&conn, &keys[0], &keys[1]).unwrap();
        write(&conn, &keys[1], 1);
        assert_eq!(chain::breaks(&conn, &keys[1]).unwrap(), []);
        let found = chain::breaks(&conn, &keys[0]).unwrap();
        assert_eq!(found, [Break { seq: 1, why: Why::Key }, Break { seq: 2, why: Why::Content }]);
        // The keys of segments are no secret to whoever holds the data key, and a riddle to all others.
        let past: Vec<u8> = conn.query_row("SELECT past FROM chain WHERE n = 2", [], |r| r.get(0)).unwrap();
        assert!(!past.windows(32).any(|w| w == keys[0].derive("log").unwrap().as_slice()));
    }

    #[test]
    fn a_segment_that_is_moved_or_taken_away_is_noticed() {
        for sql in [
            "DELETE FROM chain WHERE n = 2",
            "UPDATE chain SET keyed = 0 WHERE n = 2",
            "UPDATE chain SET since = since + 1",
            "UPDATE chain SET past = x'00'",
        ] {
            let (conn, keys) = log();
            assert!(conn.execute_batch(sql).is_err(), "{sql}");
            conn.execute_batch(FREE).unwrap();
            conn.execute_batch(sql).unwrap();
            assert!(!chain::breaks(&conn, &keys[3]).unwrap().is_empty(), "{sql}");
        }
    }

    fn file() -> (tempfile::TempDir, File) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("branch.db");
        let first = Staff::new("wangmin", "王敏", Role::Compliance);
        let station = Station::new("PC-1", 1);
        drop(File::create(&path, "玉溪支行", &first, &stamp(), &station).unwrap());
        let mut file = File::open(&path, Mode::Write, &station).unwrap();
        write(file.connection().unwrap(), &Key::default(), 3);
        (folder, file)
    }

    fn rows(conn: &Connection) -> Vec<Change> {
        since(conn, 0, 100).unwrap()
    }

    const REPLACE: &str =
        "INTO change SELECT 2, at, by, station, entity, row, customer, before, after, 'x', batch, op, prev, hash
        FROM main.change WHERE seq = 2";

    /// Every way to the log that SQLite has, as far as we know.
    fn ways() -> Vec<String> {
        let mut ways: Vec<String> = [
            "UPDATE change SET reason = 'x'",
            "UPDATE main.change SET reason = 'x' WHERE seq = 2",
            "UPDATE OR REPLACE change SET seq = 1 WHERE seq = 2",
            "UPDATE change SET seq = 100 WHERE seq = 4",
            "DELETE FROM change",
            "DELETE FROM change WHERE seq = 4",
            "DROP TABLE change",
            "DROP TABLE IF EXISTS main.change",
            "DROP TRIGGER change_order",
            "DROP TRIGGER change_update",
            "DROP TRIGGER change_delete",
            "DROP INDEX change_customer",
            "ALTER TABLE change RENAME TO other",
            "ALTER TABLE change RENAME COLUMN reason TO why",
            "ALTER TABLE change ADD COLUMN more TEXT",
            "ALTER TABLE change DROP COLUMN reason",
            "CREATE TRIGGER away BEFORE INSERT ON change BEGIN SELECT RAISE(IGNORE); END",
            "CREATE TEMP TRIGGER away BEFORE INSERT ON main.change BEGIN SELECT RAISE(IGNORE); END",
            "CREATE TEMP TABLE change (seq INTEGER PRIMARY KEY, hash BLOB)",
            "CREATE TEMP TABLE Change AS SELECT * FROM main.change",
            "CREATE TEMP VIEW change AS SELECT * FROM main.change WHERE seq < 2",
            "CREATE VIEW changes AS SELECT * FROM change",
            "PRAGMA writable_schema = ON",
            "PRAGMA Writable_Schema = 1",
            "PRAGMA main.writable_schema(RESET)",
            "PRAGMA recursive_triggers = OFF",
            "PRAGMA RECURSIVE_TRIGGERS = 0",
            "PRAGMA ignore_check_constraints = 1",
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "PRAGMA user_version = 99",
            "PRAGMA schema_version = 1",
            "UPDATE sqlite_schema SET sql = '' WHERE name = 'change_delete'",
            "UPDATE sqlite_master SET sql = '' WHERE name = 'change_delete'",
            "DELETE FROM sqlite_schema WHERE name = 'change_delete'",
            "INSERT INTO sqlite_schema VALUES ('trigger', 'a', 'change', 0, 'CREATE TRIGGER a BEFORE INSERT ON change BEGIN SELECT RAISE(IGNORE); END')",
            "ATTACH ':memory:' AS other",
            "UPDATE chain SET keyed = 1",
            "DELETE FROM chain",
            "DROP TABLE chain",
            "DROP TRIGGER chain_order",
            "INSERT OR REPLACE INTO chain VALUES (1, 1, 1, x'')",
        ]
        .map(str::to_owned)
        .to_vec();
        ways.push(format!("INSERT OR REPLACE {REPLACE}"));
        ways.push(format!("REPLACE {REPLACE}"));
        ways.push(format!("INSERT {REPLACE} ON CONFLICT (seq) DO UPDATE SET reason = excluded.reason"));
        ways
    }

    #[test]
    fn nothing_done_over_a_connection_of_ours_changes_a_row_of_the_log() {
        let (_folder, mut file) = file();
        let before = rows(file.connection().unwrap());
        assert_eq!(before.len(), 4);
        for sql in ways() {
            let conn = file.connection().unwrap();
            assert!(conn.execute_batch(&sql).is_err(), "{sql}");
            assert_eq!(rows(conn), before, "{sql}");
        }
        // The next row is written as ever, by the same connection and by another.
        write(file.connection().unwrap(), &Key::default(), 1);
        assert_eq!(file.broken_chain().unwrap(), None);
        let mut other = File::open(file.path(), Mode::Read, &Station::new("PC-2", 2)).unwrap();
        assert_eq!(other.broken_chain().unwrap(), None);
        assert_eq!(rows(other.connection().unwrap()).len(), 5);
    }

    #[test]
    fn the_triggers_alone_refuse_update_delete_and_replace_also_where_triggers_do_not_recurse() {
        let (_folder, mut file) = file();
        let conn = file.connection().unwrap();
        conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).unwrap();
        conn.pragma_update(None, "recursive_triggers", false).unwrap();
        let before = rows(conn);
        for sql in ways().iter().filter(|sql| {
            let first = sql.split(' ').next().unwrap_or_default();
            ["UPDATE", "DELETE", "INSERT", "REPLACE"].contains(&first) && !sql.contains(" chain")
                || sql.contains("INTO chain")
        }) {
            assert!(conn.execute_batch(sql).is_err(), "{sql}");
            assert_eq!(rows(conn), before, "{sql}");
        }
    }

    #[test]
    fn a_connection_of_ours_writes_no_schema_even_without_the_authorizer() {
        let (_folder, mut file) = file();
        let conn = file.connection().unwrap();
        conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).unwrap();
        let _ = conn.execute_batch("PRAGMA writable_schema = ON");
        assert!(conn.execute_batch("DELETE FROM sqlite_schema WHERE name = 'change_delete'").is_err());
        assert!(conn.execute_batch("DELETE FROM change WHERE seq = 2").is_err());
    }
}
