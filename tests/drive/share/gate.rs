//! What every operation of a mount passes before it is done: the count, the list, the delay, the failures ordered.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a drive can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A name in a folder.
    Lookup,
    /// Size, times, rights of a file.
    Getattr,
    /// Setting them, except the size.
    Setattr,
    /// Setting the size.
    Truncate,
    /// Opening a file that is there.
    Open,
    /// Making and opening a file.
    Create,
    /// Reading.
    Read,
    /// Writing.
    Write,
    /// Closing a handle, which gives its locks back.
    Flush,
    /// Writing a file through to the disk.
    Fsync,
    /// Writing a folder through to the disk.
    FsyncDir,
    /// Setting or giving back a lock.
    Lock,
    /// Asking who holds a lock.
    AskLock,
    /// Deleting a file.
    Unlink,
    /// Renaming.
    Rename,
    /// Making or deleting a folder.
    Folder,
    /// Opening and listing a folder.
    List,
    /// Anything else.
    Other,
}

const KINDS: usize = Kind::Other as usize + 1;

/// One operation written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What.
    pub kind: Kind,
    /// At which file, and where in it.
    pub text: String,
}

/// One mount's gate.
#[derive(Default)]
pub struct Gate {
    counts: [AtomicU64; KINDS],
    switch: Mutex<Switch>,
    lifted: Condvar,
    /// The file whose name was looked up last, if nothing else was asked since.
    named: AtomicU64,
}

#[derive(Default)]
struct Switch {
    latency: Duration,
    hung: bool,
    down: Option<i32>,
    fault: Option<Fault>,
    list: Option<Vec<Entry>>,
}

/// What happens at an operation ordered beforehand, and at those after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// So many operations fail with this errno.
    Errno(i32, u64),
    /// The mount hangs until lifted.
    Hang,
}

/// As [`Trouble::Errno`] asks for every operation from the one ordered on.
pub const EVER: u64 = u64::MAX;

struct Fault {
    /// Only operations of this kind count; those after the first that failed fail all the same.
    only: Option<Kind>,
    left: u64,
    trouble: Trouble,
    happened: bool,
}

impl Gate {
    fn switch(&self) -> MutexGuard<'_, Switch> {
        self.switch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets an operation through, after the delay, or says with which errno it fails.
    pub fn pass(&self, kind: Kind, what: std::fmt::Arguments<'_>) -> Result<(), i32> {
        self.counts[kind as usize].fetch_add(1, Ordering::Relaxed);
        self.named.store(0, Ordering::Relaxed);
        let mut switch = self.switch();
        if let Some(list) = switch.list.as_mut() {
            let mut text = String::new();
            // Writing into a string cannot fail.
            let _ = text.write_fmt(what);
            list.push(Entry { kind, text });
        }
        let mut outcome = switch.down.map_or(Ok(()), Err);
        if let Some(fault) = switch.fault.as_mut() {
            let counts = fault.left == 0 || fault.only.is_none_or(|only| only == kind);
            fault.left = fault.left.saturating_sub(u64::from(counts));
            if fault.left == 0 {
                match &mut fault.trouble {
                    Trouble::Errno(errno, times) if *times > 0 => {
                        outcome = Err(*errno);
                        *times -= 1;
                        fault.happened = true;
                    }
                    Trouble::Hang if !fault.happened => {
                        fault.happened = true;
                        switch.hung = true;
                        self.lifted.notify_all();
                    }
                    _ => {}
                }
            }
        }
        while switch.hung {
            switch = self.lifted.wait(switch).unwrap_or_else(PoisonError::into_inner);
        }
        let latency = switch.latency;
        drop(switch);
        if !latency.is_zero() {
            std::thread::sleep(latency);
        }
        outcome
    }

    /// A name was found: NFS and SMB bring its attributes along in the same answer.
    pub fn named(&self, file: u64) {
        self.named.store(file, Ordering::Relaxed);
    }

    /// Whether the attributes of this file have just come along with its name: the kernel asks once more and that is no round trip.
    pub fn came_along(&self, file: u64) -> bool {
        self.named.swap(0, Ordering::Relaxed) == file
    }

    pub fn latency(&self, each: Duration) {
        self.switch().latency = each;
    }

    pub fn round_trips(&self) -> u64 {
        self.counts.iter().map(|c| c.load(Ordering::Relaxed)).sum()
    }

    pub fn count(&self, kind: Kind) -> u64 {
        self.counts[kind as usize].load(Ordering::Relaxed)
    }

    pub fn write_down(&self) {
        self.switch().list = Some(Vec::new());
    }

    pub fn written_down(&self) -> Vec<Entry> {
        self.switch().list.take().unwrap_or_default()
    }

    pub fn order(&self, only: Option<Kind>, nth: u64, trouble: Trouble) {
        self.switch().fault = Some(Fault { only, left: nth, trouble, happened: false });
    }

    /// Waits until the mount hangs; whether it does.
    pub fn wait_hung(&self, at_most: Duration) -> bool {
        let switch = self.switch();
        let (switch, _) =
            self.lifted.wait_timeout_while(switch, at_most, |s| !s.hung).unwrap_or_else(PoisonError::into_inner);
        switch.hung
    }

    pub fn heal(&self) -> bool {
        self.switch().fault.take().is_some_and(|f| f.happened)
    }

    pub fn down(&self, errno: Option<i32>) {
        self.switch().down = errno;
    }

    pub fn hang(&self, hung: bool) {
        self.switch().hung = hung;
        self.lifted.notify_all();
    }

    /// Lets everything through at once.
    pub fn open(&self) {
        let mut switch = self.switch();
        switch.hung = false;
        switch.latency = Duration::ZERO;
        drop(switch);
        self.lifted.notify_all();
    }
}
