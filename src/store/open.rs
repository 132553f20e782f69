//! Opening and making the branch file: the checks, flags and pragmas without which a file on a shared drive is not safe (drive.md
//! 2.1). What is asked of an open file is answered in `answer`. Nothing here ever opens the file by itself: closing such a handle
//! would drop SQLite's locks.

use super::branch::{self, Branch};
use super::cell;
use super::chain::{self, Hand};
use super::change::{self, Entry};
use super::ids::Maker;
use super::key::{CIPHER, Key};
use super::migrate;
use super::refuse::OpenError;
use super::request::{Failure, Stamp};
use super::slots;
use super::turn::Asker;
use super::veil::Seat;
use super::wait::{self, Patience};
use super::way::Way;
use crate::domain::calendar::holidays::Holidays;
use crate::domain::change::Entity;
use crate::domain::field::Edit;
use crate::domain::ids::StaffId;
use crate::domain::settings::Settings;
use crate::domain::staff::Staff;
use rusqlite::config::DbConfig;
use rusqlite::ffi::SQLITE_READONLY_ROLLBACK;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To read and write; a file that cannot be written is opened to read.
    Write,
    /// To read.
    Read,
}

/// The workstation that writes: its name goes into the change log, its number into row ids, its key opens the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// As colleagues know it.
    pub name: String,
    /// Its lowest ten bits make ids different from other workstations'.
    pub number: u16,
    /// What opens an encrypted file for it.
    pub key: Key,
}

impl Station {
    /// One whose branch file is plain.
    pub fn new(name: impl Into<String>, number: u16) -> Station {
        Station { name: name.into(), number, key: Key::default() }
    }
}

impl Default for Station {
    /// Without a name and with a random number.
    fn default() -> Self {
        Station::new(String::new(), u16::try_from(wait::seed() >> 40 & 0x3ff).unwrap_or_default())
    }
}

/// An open branch file. A connection that failed is dropped, and opened anew at the next ask.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    read_only: bool,
    /// What opens it, if it is encrypted.
    pub(super) key: Key,
    pub(super) station: Hand,
    pub(super) ids: Maker,
    /// Whether `ids` was raised above the ids in the file.
    pub(super) raised: bool,
    pub(super) patience: Patience,
    pub(super) conn: Option<Connection>,
    pub(super) branch: Option<Arc<Branch>>,
    pub(super) recorded: bool,
    pub(super) noted: bool,
    /// Empty until asked for.
    pub(super) lineage: String,
    /// Whose saves its reads give way to.
    pub(super) way: Option<Way>,
    /// When the read transaction that reads share began.
    pub(super) reads_since: Option<Instant>,
    /// Who sits at the workstation.
    pub(super) seat: Option<Seat>,
}

impl File {
    /// Opens a branch file.
    ///
    /// # Errors
    /// Why it cannot be used; the file is as it was then.
    pub fn open(path: &Path, mode: Mode, station: &Station) -> Result<File, OpenError> {
        let patience = Patience::default();
        let (conn, read_only) = current(path, mode, &station.key, &patience)?;
        Ok(File {
            path: path.to_owned(),
            read_only,
            key: station.key.clone(),
            station: Hand::new(&station.name, &station.key),
            ids: Maker::new(station.number),
            raised: false,
            patience,
            conn: Some(conn),
            branch: None,
            recorded: false,
            noted: false,
            lineage: String::new(),
            way: None,
            reads_since: None,
            seat: None,
        })
    }

    /// Brings a file of an older program to the version of this one. It is done under the eyes of colleagues: their older programs say
    /// that they are too old and keep what is typed. Whoever calls has verified a backup before.
    ///
    /// # Errors
    /// Why it cannot be done; the file is as it was then.
    pub fn migrate(path: &Path, key: &Key) -> Result<(), OpenError> {
        let patience = Patience::default();
        let told = |e: rusqlite::Error| tell(path, &e);
        let (mut conn, read_only, _) = connect(path, Mode::Write, key, &patience)?;
        if read_only {
            return Err(OpenError::NoAccess(path.to_owned()));
        }
        // A step may do what no ask ever does.
        conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).map_err(told)?;
        patience.renew(wait::FOR_A_SAVE);
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        migrate::climb(&tx).map_err(told)?;
        tx.commit().map_err(told)
    }

    /// Makes an empty branch file with its first colleague, and opens it.
    ///
    /// # Errors
    /// Why it cannot be made; a file that was there is left alone.
    pub fn create(
        path: &Path,
        branch: &str,
        first: &Staff,
        stamp: &Stamp,
        station: &Station,
    ) -> Result<File, OpenError> {
        match std::fs::metadata(path) {
            Ok(m) if m.is_dir() => return Err(OpenError::Directory(path.to_owned())),
            Ok(_) => return Err(OpenError::Exists(path.to_owned())),
            Err(_) => {}
        }
        if station.key.is_some() && !CIPHER {
            return Err(OpenError::NoCipher);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let folder = || path.parent().unwrap_or(path).to_owned();
        let mut conn = Connection::open_with_flags(path, flags).map_err(|_| OpenError::NoAccess(folder()))?;
        let made = lay(&mut conn, branch, first, stamp, station).map_err(|e| said(path, &e));
        drop(conn);
        if let Err(e) = made {
            // Only what this call began is taken away again, and only while it is still empty.
            if std::fs::metadata(path).is_ok_and(|m| m.len() == 0) && std::fs::remove_file(path).is_err() {
                tracing::warn!("an empty file was left behind");
            }
            return Err(e);
        }
        File::open(path, Mode::Write, station)
    }

    /// Says who sits at the workstation: no answer tells them more than they may see. While nobody is named, as in the rounds that no
    /// person asks for, answers are whole.
    pub fn seat(&mut self, seat: Option<Seat>) {
        self.seat = seat;
    }

    /// Whether the file was opened without the right to write.
    pub fn read_only(&self) -> bool {
        self.read_only
    }

    /// What opens it; none for a plain one.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How SQLite keeps what a save replaces until it is done, in its own word.
    ///
    /// # Errors
    /// What the file says.
    pub fn journal_mode(&mut self) -> Result<String, Failure> {
        self.patience.renew(wait::FOR_A_READ);
        Ok(self.connection()?.pragma_query_value(None, "journal_mode", |r| r.get(0))?)
    }

    /// Its reads give way to the saves of this workstation from now on.
    ///
    /// # Errors
    /// The connection is in use.
    pub(super) fn gives_way(&mut self, way: Way) -> Result<(), OpenError> {
        if let Some(conn) = &mut self.conn {
            way.watch(conn).map_err(|e| tell(&self.path, &e))?;
        }
        self.way = Some(way);
        Ok(())
    }

    /// The connection, opened anew if the last one failed.
    pub(super) fn connection(&mut self) -> Result<&mut Connection, Failure> {
        if self.conn.is_none() {
            let mode = if self.read_only { Mode::Read } else { Mode::Write };
            let (mut conn, read_only) = current(&self.path, mode, &self.key, &self.patience)?;
            if let Some(way) = &self.way {
                way.watch(&mut conn)?;
            }
            self.conn = Some(conn);
            self.read_only = read_only;
            self.reads_since = None;
        }
        self.conn.as_mut().ok_or_else(|| Failure::Drive("no connection".to_owned()))
    }
}

/// Fills an empty file in one transaction.
fn lay(conn: &mut Connection, branch: &str, first: &Staff, stamp: &Stamp, station: &Station) -> Result<(), Failure> {
    station.key.unlock(conn)?;
    conn.pragma_update(None, "journal_mode", "TRUNCATE")?;
    conn.pragma_update(None, "synchronous", "EXTRA")?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migrate::lay(&tx)?;
    let first = Staff { id: StaffId(Maker::new(station.number).next(stamp.at)), active: true, ..first.clone() };
    let stamp = Stamp { by: first.id, ..stamp.clone() };
    branch::keep(&tx, "branch", &cell::json(&branch)?, &stamp)?;
    branch::keep(&tx, "settings", &cell::json(&Settings::default())?, &stamp)?;
    branch::keep(&tx, "epoch", "1", &stamp)?;
    branch::engage(&tx, &first, &stamp)?;
    branch::keep_holidays(&tx, &Holidays::shipped())?;
    let edits = [Edit { field: "branch".to_owned(), before: String::new(), after: branch.to_owned() }];
    let entry =
        Entry { entity: Entity::Branch, row: 0, customer: None, edits: &edits, reason: "", batch: None, op: None };
    chain::begin(&tx, &station.key)?;
    change::record(&tx, &Hand::new(&station.name, &station.key), &stamp, &entry)?;
    tx.commit()?;
    Ok(())
}

/// What a failure while making a file means to the one who wanted it.
fn said(path: &Path, failure: &Failure) -> OpenError {
    match failure {
        Failure::Busy => OpenError::Busy,
        Failure::Full => OpenError::NoRoom,
        Failure::ReadOnly => OpenError::NoAccess(path.parent().unwrap_or(path).to_owned()),
        other => OpenError::Drive(other.to_string()),
    }
}

/// Opens and checks a connection; says whether it can only read. What is to be written must be of this program's version.
fn current(path: &Path, mode: Mode, key: &Key, patience: &Patience) -> Result<(Connection, bool), OpenError> {
    let (conn, read_only, found) = connect(path, mode, key, patience)?;
    if !read_only && found < migrate::KNOWN {
        return Err(OpenError::Older { found, known: migrate::KNOWN });
    }
    Ok((conn, read_only))
}

/// Opens and checks a connection; says whether it can only read, and the file's version.
fn connect(path: &Path, mode: Mode, key: &Key, patience: &Patience) -> Result<(Connection, bool, i64), OpenError> {
    let seen = std::fs::metadata(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => OpenError::NotThere(path.to_owned()),
        std::io::ErrorKind::PermissionDenied => OpenError::NoAccess(path.to_owned()),
        _ => OpenError::Drive(e.to_string()),
    })?;
    if seen.is_dir() {
        return Err(OpenError::Directory(path.to_owned()));
    }
    if seen.len() == 0 {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    let reads = mode == Mode::Read || seen.permissions().readonly();
    let rights = if reads { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
    let mut conn = Connection::open_with_flags(path, rights | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|_| OpenError::NoAccess(path.to_owned()))?;
    patience.renew(wait::FOR_A_READ);
    let told = |e: rusqlite::Error| tell(path, &e);
    if key.is_some() && !CIPHER {
        return Err(OpenError::NoCipher);
    }
    key.unlock(&conn).map_err(told)?;
    let asker = Asker::of(&conn);
    conn.busy_handler(Some(patience.handler(move || asker.turn()))).map_err(told)?;
    conn.set_prepared_statement_cache_capacity(128);
    let read_only = reads || conn.is_readonly("main").map_err(told)?;
    let found = known(&conn, path, read_only).map_err(|e| unread(e, path, key))?;
    settle(&mut conn, read_only, path)?;
    Ok((conn, read_only, found))
}

/// What reads as no branch file may be an encrypted one: to who has no key, or not its key. The slot file beside it tells.
fn unread(error: OpenError, path: &Path, key: &Key) -> OpenError {
    match error {
        OpenError::Foreign(_) if key.is_some() => OpenError::WrongKey(path.to_owned()),
        OpenError::Foreign(_) if slots::beside(path) && !CIPHER => OpenError::NoCipher,
        OpenError::Foreign(_) if slots::beside(path) => OpenError::Locked(path.to_owned()),
        other => other,
    }
}

/// Refuses what is not ours, too new, in another journal mode or damaged; says of which version it is.
fn known(conn: &Connection, path: &Path, read_only: bool) -> Result<i64, OpenError> {
    let told = |e: rusqlite::Error| tell(path, &e);
    let number = |name: &str| conn.pragma_query_value(None, name, |r| r.get::<_, i64>(0));
    let application = match number("application_id") {
        // A share cannot map the memory that write-ahead mode wants, and says so by an I/O error; alone it can be read. So can a file
        // whose last save was cut off, in a folder where nobody may delete: alone, the journal's head is wiped instead (drive.md 2.6).
        Err(e) if e.sqlite_error_code() == Some(ErrorCode::SystemIoFailure) => {
            conn.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(told)?;
            number("application_id")
        }
        other => other,
    };
    if application.map_err(|e| cut(conn, path, tell(path, &e)))? != migrate::APPLICATION {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    let found = number("user_version").map_err(told)?;
    migrate::check(found)?;
    let word = |value: Option<&str>| match value {
        Some(v) => conn.pragma_update_and_check(None, "journal_mode", v, |r| r.get::<_, String>(0)),
        None => conn.pragma_query_value(None, "journal_mode", |r| r.get(0)),
    };
    let before = word(None).map_err(told)?;
    let mode = match (read_only, before.as_str()) {
        (true, _) => before,
        (false, "wal") => {
            // Switched back only while nobody else has it open.
            conn.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(told)?;
            word(Some("TRUNCATE")).map_err(|e| match tell(path, &e) {
                OpenError::Busy => OpenError::WriteAhead,
                other => other,
            })?
        }
        (false, _) => word(Some("TRUNCATE")).map_err(told)?,
    };
    if mode == "wal" || (!read_only && mode != "truncate") {
        return Err(OpenError::WriteAhead);
    }
    let locking: String = conn.pragma_update_and_check(None, "locking_mode", "NORMAL", |r| r.get(0)).map_err(told)?;
    if locking != "normal" {
        return Err(OpenError::Drive(format!("pragma locking_mode is {locking}")));
    }
    // Touches the schema, so that a torn first page shows now and not in the middle of a save.
    let tables: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('setting', 'customer', 'change')", [], |r| {
            r.get(0)
        })
        .map_err(told)?;
    if tables != 3 {
        return Err(OpenError::Damaged(format!("{tables} of 3 tables")));
    }
    Ok(found)
}

/// The pragmas of every connection (drive.md 2.1); those that matter are read back.
fn settle(conn: &mut Connection, read_only: bool, path: &Path) -> Result<(), OpenError> {
    let told = |e: rusqlite::Error| tell(path, &e);
    for (name, word, value) in [
        ("synchronous", "EXTRA", 3),
        ("mmap_size", "0", 0),
        ("temp_store", "MEMORY", 2),
        ("cache_size", "-65536", -65_536),
        ("foreign_keys", "ON", 1),
        ("cell_size_check", "ON", 1),
        ("secure_delete", "FAST", 2),
        ("recursive_triggers", "ON", 1),
    ] {
        conn.pragma_update(None, name, word).map_err(told)?;
        let kept: i64 = match conn.pragma_query_value(None, name, |r| r.get(0)) {
            // A build without memory mapping answers nothing, which is what is wanted.
            Err(rusqlite::Error::QueryReturnedNoRows) if name == "mmap_size" => 0,
            other => other.map_err(told)?,
        };
        if kept != value {
            return Err(OpenError::Drive(format!("pragma {name} is {kept}, not {value}")));
        }
    }
    for (config, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        // A statement is planned once, not again for each value bound: that cost a quarter of an import's settling.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ] {
        conn.set_db_config(config, on).map_err(told)?;
    }
    if read_only {
        conn.pragma_update(None, "query_only", true).map_err(told)?;
    }
    conn.authorizer(Some(allow)).map_err(told)
}

/// Tables to which rows are only ever added.
const ADDED: [&str; 2] = ["change", "chain"];

/// Pragmas that are set when a file is opened and never again: with another word the log could be written over, or the file be lost.
const SET: [&str; 17] = [
    "journal_mode",
    "locking_mode",
    "synchronous",
    "writable_schema",
    "schema_version",
    "user_version",
    "application_id",
    "recursive_triggers",
    "defer_foreign_keys",
    "ignore_check_constraints",
    "trusted_schema",
    "legacy_alter_table",
    "query_only",
    "key",
    "rekey",
    "hexkey",
    "hexrekey",
];

/// What no statement of ours ever does: other files beside this one, another journal, another schema, a touch on the change log.
fn allow(asked: AuthContext<'_>) -> Authorization {
    let of_log = |table: &str| ADDED.iter().any(|t| t.eq_ignore_ascii_case(table));
    let denied = match asked.action {
        AuthAction::Attach { .. }
        | AuthAction::Detach { .. }
        | AuthAction::DropTable { .. }
        | AuthAction::AlterTable { .. }
        | AuthAction::DropView { .. }
        | AuthAction::CreateView { .. }
        // A table, view or trigger of this connection alone, under the name of one in the file, would take its place.
        | AuthAction::CreateTempTrigger { .. }
        | AuthAction::CreateTempView { .. }
        | AuthAction::DropTempTrigger { .. }
        | AuthAction::CreateVtable { .. } => true,
        AuthAction::CreateTempTable { table_name } => of_log(table_name),
        // A first import takes the indexes and triggers of customers away and builds them when its rows are in; the schema itself
        // nobody writes to, which DEFENSIVE sees to.
        AuthAction::DropIndex { table_name, .. }
        | AuthAction::DropTrigger { table_name, .. }
        | AuthAction::CreateTrigger { table_name, .. }
        | AuthAction::Delete { table_name }
        | AuthAction::Update { table_name, .. } => of_log(table_name),
        AuthAction::Pragma { pragma_name, pragma_value: Some(_) } => {
            SET.iter().any(|name| name.eq_ignore_ascii_case(pragma_name))
        }
        _ => false,
    };
    if denied { Authorization::Deny } else { Authorization::Allow }
}

/// A file shorter than its header says reads as damage. They are told apart by looking again without believing the header's page
/// count: if the first page reads then, the rest of the file is what is missing.
fn cut(conn: &Connection, path: &Path, other: OpenError) -> OpenError {
    if !matches!(other, OpenError::Damaged(_)) {
        return other;
    }
    // The connection is dropped right after; it never writes.
    let reads = conn.pragma_update(None, "writable_schema", true).is_ok()
        && conn.pragma_query_value(None, "application_id", |r| r.get::<_, i64>(0)) == Ok(migrate::APPLICATION);
    match std::fs::metadata(path) {
        Ok(m) if reads => OpenError::Truncated { found: m.len() },
        _ => other,
    }
}

/// What SQLite's refusal means to the one who opens the file.
fn tell(path: &Path, e: &rusqlite::Error) -> OpenError {
    match e.sqlite_error_code() {
        // A save was cut off, and who only reads may not put it in order.
        Some(ErrorCode::ReadOnly) if e.sqlite_extended_error_code() == Some(SQLITE_READONLY_ROLLBACK) => {
            OpenError::Unfinished
        }
        Some(ErrorCode::NotADatabase) => OpenError::Foreign(path.to_owned()),
        Some(ErrorCode::DatabaseCorrupt) => OpenError::Damaged(e.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::Busy,
        Some(ErrorCode::DiskFull) => OpenError::NoRoom,
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            OpenError::NoAccess(path.to_owned())
        }
        _ => OpenError::Drive(e.to_string()),
    }
}
