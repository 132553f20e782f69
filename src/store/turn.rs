//! Whose turn it is to save, asked of SQLite's own lock on the branch file. A look at the reserved lock is one round trip; knocking, that is
//! beginning a transaction and being refused, is eight, and holds a shared lock meanwhile that the one who saves must wait for.
#![allow(unsafe_code)]

use rusqlite::{Connection, ffi};
use std::ffi::c_int;

/// Who is saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// This connection; what it waits for is that readers leave.
    Mine,
    /// Another workstation, or another connection of this one.
    Theirs,
    /// Nobody, as far as is known.
    Nobodys,
}

/// A connection that asks; handed to its own busy handler only, which does not live longer.
#[derive(Debug)]
pub struct Asker(*mut ffi::sqlite3);

// SAFETY: the busy handler, where it is kept, runs on the thread that uses the connection at that moment, inside its call.
unsafe impl Send for Asker {}

impl Asker {
    /// For the busy handler of this connection and nothing else.
    pub fn of(conn: &Connection) -> Asker {
        // SAFETY: the handle is used inside calls of this connection only, never closed or kept beyond it.
        Asker(unsafe { conn.handle() })
    }

    /// Whose turn it is; nobody's where the drive cannot tell.
    pub fn turn(&self) -> Turn {
        // SAFETY: the connection is alive, since this is its busy handler; both calls may be made from there.
        let writes = unsafe { ffi::sqlite3_txn_state(self.0, c"main".as_ptr()) } == ffi::SQLITE_TXN_WRITE;
        if writes {
            return Turn::Mine;
        }
        let mut file: *mut ffi::sqlite3_file = std::ptr::null_mut();
        // SAFETY: this operation writes one pointer to where the argument points.
        let code = unsafe {
            ffi::sqlite3_file_control(
                self.0,
                c"main".as_ptr(),
                ffi::SQLITE_FCNTL_FILE_POINTER,
                std::ptr::from_mut(&mut file).cast(),
            )
        };
        // SAFETY: SQLite gives null or its open file, whose methods live as long as it does; a file that is not open has none.
        let look = unsafe { file.as_ref().and_then(|f| f.pMethods.as_ref()) }.and_then(|m| m.xCheckReservedLock);
        let (ffi::SQLITE_OK, Some(look)) = (code, look) else { return Turn::Nobodys };
        let mut held: c_int = 0;
        // SAFETY: the method belongs to this file, and nothing else is being done with it: the call that waits is this one.
        let code = unsafe { look(file, &raw mut held) };
        if code == ffi::SQLITE_OK && held != 0 { Turn::Theirs } else { Turn::Nobodys }
    }
}
