//! A layer over SQLite's own file layer, for what needs only one process: it counts the calls, writes down what changes files, with
//! the data, so that every state a loss of power can leave may be built, fails the nth call, and can leave out the syncs as a
//! lying disk does. It is the default of the test process; without a tape on the calling thread it only passes on. The one file of
//! these tests that speaks to SQLite in its own tongue.
#![allow(unsafe_code)]

use rusqlite::ffi;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::ptr::{null, null_mut};
use std::sync::Once;

/// What SQLite asks of the layer below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    Open,
    Delete,
    Access,
    Read,
    Write,
    Truncate,
    Sync,
    Size,
    Lock,
    Unlock,
    AskLock,
}

/// What changed a file, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// It was made, empty.
    Create { file: String },
    /// Bytes were written.
    Write { file: String, at: u64, data: Vec<u8> },
    /// It was cut or made longer.
    Truncate { file: String, len: u64 },
    /// It was written through to the disk; the first sync of a new journal takes its folder along.
    Sync { file: String },
    /// It was deleted; with `through`, the folder was written through as well.
    Delete { file: String, through: bool },
    /// A point that the test marked.
    Mark(u64),
}

/// What is ordered for the calls of one thread.
#[derive(Debug, Clone, Copy, Default)]
pub struct Order {
    /// The call that fails, from 1, and what with.
    pub fail: Option<Fail>,
    /// Whether `Op`s are kept.
    pub keep: bool,
    /// Syncs are not done and not written down, though SQLite is told so.
    pub lying: bool,
}

/// A failure to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fail {
    /// Which call, from 1.
    pub nth: u64,
    /// With which error.
    pub error: Error,
    /// All calls after it fail as well.
    pub forever: bool,
}

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// As an EIO of the drive comes out at that call.
    Io,
    /// No room; calls that need none fail as by [`Error::Io`].
    Full,
}

/// What was seen.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    /// How many of each call.
    pub calls: BTreeMap<Call, u64>,
    /// What changed files.
    pub ops: Vec<Op>,
    /// Whether the failure ordered happened.
    pub failed: bool,
    order: Order,
    seen: u64,
}

thread_local! {
    static TAPE: RefCell<Option<Tape>> = const { RefCell::new(None) };
}

/// Does `work` with a tape for this thread running.
pub fn record<T>(order: Order, work: impl FnOnce() -> T) -> (T, Tape) {
    install();
    TAPE.set(Some(Tape { order, ..Tape::default() }));
    let done = work();
    (done, TAPE.take().unwrap_or_default())
}

/// Marks a point on this thread's tape.
pub fn mark(n: u64) {
    write_down(|| Op::Mark(n));
}

/// Notes a call; the result code if it is to fail.
fn pass(call: Call) -> Option<c_int> {
    TAPE.with_borrow_mut(|tape| {
        let tape = tape.as_mut()?;
        *tape.calls.entry(call).or_default() += 1;
        tape.seen += 1;
        let fail = tape.order.fail?;
        if tape.seen == fail.nth || (fail.forever && tape.seen > fail.nth) {
            tape.failed = true;
            return Some(code(call, fail.error));
        }
        None
    })
}

fn write_down(op: impl FnOnce() -> Op) {
    TAPE.with_borrow_mut(|tape| {
        if let Some(tape) = tape.as_mut().filter(|t| t.order.keep) {
            tape.ops.push(op());
        }
    });
}

fn lying() -> bool {
    TAPE.with_borrow(|tape| tape.as_ref().is_some_and(|t| t.order.lying))
}

/// The result code of SQLite's own layer for a failed call.
fn code(call: Call, error: Error) -> c_int {
    match (call, error) {
        (Call::Write | Call::Open, Error::Full) => ffi::SQLITE_FULL,
        (Call::Open, _) => ffi::SQLITE_CANTOPEN,
        (Call::Delete, _) => ffi::SQLITE_IOERR_DELETE,
        (Call::Access, _) => ffi::SQLITE_IOERR_ACCESS,
        (Call::Read, _) => ffi::SQLITE_IOERR_READ,
        (Call::Write, _) => ffi::SQLITE_IOERR_WRITE,
        (Call::Truncate, _) => ffi::SQLITE_IOERR_TRUNCATE,
        (Call::Sync, _) => ffi::SQLITE_IOERR_FSYNC,
        (Call::Size, _) => ffi::SQLITE_IOERR_FSTAT,
        (Call::Lock, _) => ffi::SQLITE_IOERR_LOCK,
        (Call::Unlock, _) => ffi::SQLITE_IOERR_UNLOCK,
        (Call::AskLock, _) => ffi::SQLITE_IOERR_CHECKRESERVEDLOCK,
    }
}

/// An open file: what SQLite sees, then the room of the layer below.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    /// The path, which SQLite keeps as long as the file is open; null for a temporary file.
    name: *const c_char,
    /// The layer below was asked to make it.
    fresh: bool,
}

/// The layer below, once it is known.
struct Below(*mut ffi::sqlite3_vfs);
// SAFETY: SQLite keeps a registered layer for the life of the process and never changes it.
unsafe impl Sync for Below {}
// SAFETY: as above.
unsafe impl Send for Below {}

static BELOW: std::sync::OnceLock<Below> = std::sync::OnceLock::new();

/// Makes the layer the default, once.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the default layer exists after initialising; the copy lives for ever, as registering asks for, and its file is
        // as long as both parts of it.
        unsafe {
            assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
            let below = ffi::sqlite3_vfs_find(null());
            assert!(!below.is_null());
            let _ = BELOW.set(Below(below));
            let mut layer = Box::new(*below);
            layer.pNext = null_mut();
            layer.zName = c"shim".as_ptr();
            layer.szOsFile = c_int::try_from(size_of::<File>()).unwrap() + (*below).szOsFile;
            layer.xOpen = Some(open);
            layer.xDelete = Some(delete);
            layer.xAccess = Some(access);
            assert_eq!(ffi::sqlite3_vfs_register(Box::into_raw(layer), 1), ffi::SQLITE_OK);
        }
    });
}

fn below() -> *mut ffi::sqlite3_vfs {
    BELOW.get().map_or(null_mut(), |b| b.0)
}

/// The last part of a path.
///
/// # Safety
/// `name` is null or a C string.
unsafe fn name_of(name: *const c_char) -> Option<String> {
    if name.is_null() {
        return None;
    }
    // SAFETY: by the contract.
    let text = unsafe { CStr::from_ptr(name) }.to_string_lossy();
    text.rsplit('/').next().map(str::to_owned)
}

/// The file of the layer below, behind ours.
///
/// # Safety
/// `file` was opened by [`open`].
unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: `szOsFile` has room for both.
    unsafe { file.cast::<File>().add(1).cast() }
}

/// A method of the layer below for a file.
macro_rules! method {
    ($file:expr, $name:ident ( $($arg:expr),* )) => {{
        let real = real($file);
        match (*(*real).pMethods).$name {
            Some(f) => f(real $(, $arg)*),
            None => ffi::SQLITE_ERROR,
        }
    }};
}

/// A function of the layer below.
macro_rules! function {
    ($name:ident ( $($arg:expr),* )) => {
        match (*below()).$name {
            Some(f) => f(below() $(, $arg)*),
            None => ffi::SQLITE_ERROR,
        }
    };
}

/// Writes down something about a named file.
///
/// # Safety
/// `file` was opened by [`open`].
unsafe fn about(file: *mut ffi::sqlite3_file, op: impl FnOnce(String) -> Op) {
    // SAFETY: by the contract; SQLite keeps the name while the file is open.
    if let Some(name) = unsafe { name_of((*file.cast::<File>()).name) } {
        write_down(|| op(name));
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // The first version has no shared memory and no mapping, which the branch file never uses.
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(take),
    xUnlock: Some(give),
    xCheckReservedLock: Some(ask),
    xFileControl: Some(control),
    xSectorSize: Some(sector),
    xDeviceCharacteristics: Some(device),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

// SAFETY of all below: SQLite calls them with its own pointers, valid for the call, as its documentation of the layer says.

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe {
        (*file).pMethods = null();
        if let Some(code) = pass(Call::Open) {
            return code;
        }
        let made = flags & ffi::SQLITE_OPEN_CREATE != 0 && {
            let mut there: c_int = 0;
            !name.is_null()
                && function!(xAccess(name, ffi::SQLITE_ACCESS_EXISTS, &raw mut there)) == ffi::SQLITE_OK
                && there == 0
        };
        let code = function!(xOpen(name, real(file), flags, out));
        if code == ffi::SQLITE_OK {
            let ours = file.cast::<File>();
            (*ours).name = name;
            (*ours).fresh = made;
            (*file).pMethods = &raw const METHODS;
            if made {
                about(file, |file| Op::Create { file });
            }
        }
        code
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, through: c_int) -> c_int {
    unsafe {
        if let Some(code) = pass(Call::Delete) {
            return code;
        }
        let code = function!(xDelete(name, through));
        if let (ffi::SQLITE_OK, Some(file)) = (code, name_of(name)) {
            let through = through != 0 && !lying();
            write_down(|| Op::Delete { file, through });
        }
        code
    }
}

unsafe extern "C" fn access(_: *mut ffi::sqlite3_vfs, name: *const c_char, flags: c_int, out: *mut c_int) -> c_int {
    unsafe { pass(Call::Access).unwrap_or_else(|| function!(xAccess(name, flags, out))) }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { method!(file, xClose()) }
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, to: *mut c_void, n: c_int, at: i64) -> c_int {
    unsafe { pass(Call::Read).unwrap_or_else(|| method!(file, xRead(to, n, at))) }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, from: *const c_void, n: c_int, at: i64) -> c_int {
    unsafe {
        if let Some(code) = pass(Call::Write) {
            return code;
        }
        let code = method!(file, xWrite(from, n, at));
        if code == ffi::SQLITE_OK {
            about(file, |file| {
                let data = std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(n).unwrap_or_default());
                Op::Write { file, at: u64::try_from(at).unwrap_or_default(), data: data.to_vec() }
            });
        }
        code
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, len: i64) -> c_int {
    unsafe {
        if let Some(code) = pass(Call::Truncate) {
            return code;
        }
        let code = method!(file, xTruncate(len));
        if code == ffi::SQLITE_OK {
            about(file, |file| Op::Truncate { file, len: u64::try_from(len).unwrap_or_default() });
        }
        code
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    unsafe {
        if let Some(code) = pass(Call::Sync) {
            return code;
        }
        if lying() {
            return ffi::SQLITE_OK;
        }
        let code = method!(file, xSync(flags));
        if code == ffi::SQLITE_OK {
            about(file, |file| Op::Sync { file });
        }
        code
    }
}

unsafe extern "C" fn size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    unsafe { pass(Call::Size).unwrap_or_else(|| method!(file, xFileSize(out))) }
}

unsafe extern "C" fn take(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { pass(Call::Lock).unwrap_or_else(|| method!(file, xLock(level))) }
}

unsafe extern "C" fn give(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { pass(Call::Unlock).unwrap_or_else(|| method!(file, xUnlock(level))) }
}

unsafe extern "C" fn ask(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    unsafe { pass(Call::AskLock).unwrap_or_else(|| method!(file, xCheckReservedLock(out))) }
}

unsafe extern "C" fn control(file: *mut ffi::sqlite3_file, op: c_int, arg: *mut c_void) -> c_int {
    unsafe { method!(file, xFileControl(op, arg)) }
}

unsafe extern "C" fn sector(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { method!(file, xSectorSize()) }
}

unsafe extern "C" fn device(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { method!(file, xDeviceCharacteristics()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::{Connection, ErrorCode};

    fn file() -> (tempfile::TempDir, Connection) {
        install();
        let folder = tempfile::TempDir::new().unwrap();
        let conn = Connection::open(folder.path().join("x.db")).unwrap();
        conn.execute_batch("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=EXTRA; CREATE TABLE t (n)").unwrap();
        (folder, conn)
    }

    #[test]
    fn the_tape_shows_the_journal_first_then_its_sync_then_the_pages_then_their_sync_then_the_cut() {
        let (_folder, conn) = file();
        let (done, tape) =
            record(Order { keep: true, ..Order::default() }, || conn.execute("INSERT INTO t VALUES (1)", []));
        assert_eq!(done, Ok(1));
        let at = |wanted: &dyn Fn(&Op) -> bool| tape.ops.iter().position(wanted).unwrap();
        let journal = at(&|o| matches!(o, Op::Write { file, .. } if file == "x.db-journal"));
        let kept = at(&|o| matches!(o, Op::Sync { file } if file == "x.db-journal"));
        let page = at(&|o| matches!(o, Op::Write { file, data, .. } if file == "x.db" && data.len() == 4096));
        let sync = at(&|o| matches!(o, Op::Sync { file } if file == "x.db"));
        let cut = at(&|o| matches!(o, Op::Truncate { file, len: 0 } if file == "x.db-journal"));
        assert!(journal < kept && kept < page && page < sync && sync < cut, "{:?}", tape.ops);
        assert!(tape.calls[&Call::Lock] >= 2 && tape.calls[&Call::Unlock] >= 1);
    }

    #[test]
    fn every_call_can_be_failed_and_nothing_else_is_touched() {
        let (_folder, conn) = file();
        let insert = |order| record(order, || conn.execute("INSERT INTO t VALUES (1)", []));
        let calls: u64 = insert(Order::default()).1.calls.values().sum();
        let mut refused = 0;
        for nth in 1..=calls {
            let (done, tape) =
                insert(Order { fail: Some(Fail { nth, error: Error::Io, forever: false }), ..Order::default() });
            assert!(tape.failed, "call {nth} of {calls}");
            refused += u64::from(done.is_err());
        }
        assert!(refused * 2 > calls, "{refused} of {calls}");
        let (full, _) =
            insert(Order { fail: Some(Fail { nth: 1, error: Error::Full, forever: true }), ..Order::default() });
        assert!(full.is_err());
        let other = std::thread::spawn(|| file().1.execute("INSERT INTO t VALUES (1)", []));
        assert_eq!(other.join().unwrap(), Ok(1));
        assert_eq!(conn.execute("INSERT INTO t VALUES (1)", []), Ok(1));
    }

    #[test]
    fn a_lying_disk_syncs_nothing() {
        let (_folder, conn) = file();
        let order = Order { keep: true, lying: true, ..Order::default() };
        let (_, tape) = record(order, || {
            mark(7);
            conn.execute("INSERT INTO t VALUES (1)", []).unwrap()
        });
        assert_eq!(tape.ops[0], Op::Mark(7));
        assert!(tape.calls[&Call::Sync] > 0 && !tape.ops.iter().any(|o| matches!(o, Op::Sync { .. })));
        assert_eq!(conn.query_row("SELECT max(n) FROM t", [], |r| r.get(0)), Ok(1));
        assert_ne!(
            conn.execute("INSERT INTO gone VALUES (1)", []).unwrap_err().sqlite_error_code(),
            Some(ErrorCode::SystemIoFailure)
        );
    }
}
