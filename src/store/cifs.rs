//! Locks over SMB as Linux mounts it (cifs.ko), where SQLite cannot write as it comes. It turns its shared lock into an exclusive one in
//! one step; the server counts the process's own shared lock as a conflict and refuses for ever ("database is locked", drive.md 2.5). Here the
//! shared lock is given back first, which is the order of SQLite's own Windows locks, and safe for the same reason: whoever makes that step
//! holds the pending lock, so nobody else can take the range in between. Unsafe code; nothing else belongs here.
#![allow(unsafe_code)]

/// Installs the hook for the whole process, once. Says whether it is in place: not on systems where the kernel does not mount SMB this
/// way, nor on processors where it is not known how the call passes its arguments.
pub fn install() -> bool {
    hook::install()
}

#[cfg(all(target_os = "linux", target_pointer_width = "64", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod hook {
    use libc::{F_RDLCK, F_SETLK, F_UNLCK, F_WRLCK, c_int, c_short, flock};
    use rusqlite::ffi;
    use std::sync::OnceLock;

    /// SQLite's shared range, over which shared and exclusive locks are taken: two bytes behind the pending byte, 510 long (os.h).
    const SHARED: (i64, i64) = (0x4000_0002, 510);

    static INSTALLED: OnceLock<bool> = OnceLock::new();

    pub fn install() -> bool {
        *INSTALLED.get_or_init(|| {
            // SAFETY: a null name asks for the default VFS; SQLite initialises itself on this call.
            let vfs = unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) };
            // SAFETY: SQLite gives null or a VFS that it never frees.
            let Some(set) = unsafe { vfs.as_ref() }.and_then(|v| v.xSetSystemCall) else { return false };
            // SAFETY: SQLite keeps every system call under this type and casts it back to the call's own before it calls. It calls `fcntl`
            // as a variadic function; on x86-64 and aarch64 Linux the first three arguments of such a call lie in the same registers as
            // those of a plain function of three (System V psABI 3.5.7, AAPCS64 6.8.2).
            let call = unsafe {
                std::mem::transmute::<unsafe extern "C" fn(c_int, c_int, *mut flock) -> c_int, unsafe extern "C" fn()>(
                    fcntl,
                )
            };
            // SAFETY: the VFS is SQLite's own, the name ends with a zero byte, and the call lives as long as the program.
            let code = unsafe { set(vfs, c"fcntl".as_ptr(), Some(call)) };
            code == ffi::SQLITE_OK
        })
    }

    /// `fcntl` as SQLite calls it: with a lock, a number or nothing behind the command.
    unsafe extern "C" fn fcntl(fd: c_int, command: c_int, third: *mut flock) -> c_int {
        // SAFETY: passed on as it came; what the command does not take is not looked at.
        let plain = |third: *mut flock| unsafe { libc::fcntl(fd, command, third) };
        if command != F_SETLK {
            return plain(third);
        }
        // SAFETY: SQLite passes a lock with this command, alive for the length of the call.
        let Some(wanted) = (unsafe { third.as_ref() }).filter(|l| (l.l_start, l.l_len) == SHARED) else {
            return plain(third);
        };
        let kind = c_int::from(wanted.l_type);
        if kind == F_UNLCK {
            return plain(third);
        }
        let other = |kind: c_int| {
            let mut lock = *wanted;
            lock.l_type = c_short::try_from(kind).unwrap_or_default();
            plain(&raw mut lock)
        };
        // What is not held is given back without harm.
        other(F_UNLCK);
        let done = plain(third);
        if done == -1 && kind == F_WRLCK {
            // SAFETY: the address of this thread's errno is valid for as long as the thread lives.
            let why = unsafe { *libc::__errno_location() };
            other(F_RDLCK);
            // SAFETY: as above; SQLite reads why its own request was refused.
            unsafe { *libc::__errno_location() = why };
        }
        done
    }
}

#[cfg(not(all(
    target_os = "linux",
    target_pointer_width = "64",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
mod hook {
    pub fn install() -> bool {
        false
    }
}
