//! The server's table of byte-range locks, and the ways drives get locks wrong.

use nix::libc::{EACCES, EAGAIN, ENOLCK, F_RDLCK, F_UNLCK, F_WRLCK};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How the drive handles locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LockMode {
    /// As POSIX says, one table for all mounts.
    #[default]
    Server,
    /// As POSIX says, but each mount with a table of its own: what `nobrl` and `local_lock` give.
    HostLocal,
    /// Every lock is granted and none is kept.
    Pretend,
    /// No lock daemon runs.
    NoLockDaemon,
    /// As cifs.ko does over SMB2 and later: an own lock stands in the way of an exclusive one, and an unlock takes away only what
    /// it covers whole.
    Cifs,
}

/// Who holds a lock: a process at a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The mount.
    pub mount: usize,
    /// As the kernel names the process or the open file.
    pub process: u64,
}

/// A stretch of bytes, both ends inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first byte.
    pub start: u64,
    /// The last byte.
    pub end: u64,
}

impl Range {
    fn meets(self, other: Range) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    fn covers(self, other: Range) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A lock held.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    file: u64,
    handle: u64,
    owner: Owner,
    /// Which bytes.
    pub range: Range,
    /// Exclusive.
    pub write: bool,
}

/// All locks.
#[derive(Debug, Default)]
pub struct Locks {
    /// How they are handled.
    pub mode: LockMode,
    held: Vec<Held>,
    /// Since when a mount holds any lock of a file, and the longest it ever did.
    times: HashMap<(usize, u64), (Option<Instant>, Duration)>,
}

impl Locks {
    /// Sets or gives back a lock.
    ///
    /// # Errors
    /// The errno.
    pub fn set(&mut self, file: u64, handle: u64, owner: Owner, range: Range, kind: i32) -> Result<(), i32> {
        match self.mode {
            LockMode::Pretend => return Ok(()),
            LockMode::NoLockDaemon => return Err(ENOLCK),
            LockMode::Server | LockMode::HostLocal | LockMode::Cifs => {}
        }
        let cifs = self.mode == LockMode::Cifs;
        if kind == F_UNLCK {
            self.give_back(file, owner, range, cifs);
            return Ok(());
        }
        let write = kind == F_WRLCK;
        if self.in_the_way(file, owner, range, write).is_some() {
            return Err(if cifs { EACCES } else { EAGAIN });
        }
        if !cifs {
            // A new lock of the same owner takes the place of the old one.
            self.give_back(file, owner, range, false);
        }
        self.held.push(Held { file, handle, owner, range, write });
        self.times.entry((owner.mount, file)).or_default().0.get_or_insert_with(Instant::now);
        Ok(())
    }

    /// The lock that stands in the way of one asked for.
    pub fn in_the_way(&self, file: u64, owner: Owner, range: Range, write: bool) -> Option<Held> {
        if matches!(self.mode, LockMode::Pretend | LockMode::NoLockDaemon) {
            return None;
        }
        let found = self.held.iter().find(|h| {
            let known = self.mode != LockMode::HostLocal || h.owner.mount == owner.mount;
            let clashes = if h.owner == owner { self.mode == LockMode::Cifs && write } else { h.write || write };
            known && h.file == file && h.range.meets(range) && clashes
        });
        found.copied()
    }

    fn give_back(&mut self, file: u64, owner: Owner, range: Range, only_whole: bool) {
        let mut kept = Vec::with_capacity(self.held.len());
        for h in self.held.drain(..) {
            if h.file != file || h.owner != owner || !h.range.meets(range) {
                kept.push(h);
            } else if only_whole {
                if !range.covers(h.range) {
                    kept.push(h);
                }
            } else {
                if h.range.start < range.start {
                    kept.push(Held { range: Range { end: range.start - 1, ..h.range }, ..h });
                }
                if h.range.end > range.end {
                    kept.push(Held { range: Range { start: range.end + 1, ..h.range }, ..h });
                }
            }
        }
        self.held = kept;
        self.clock();
    }

    /// Stops the clocks of mounts that hold nothing of a file any more.
    fn clock(&mut self) {
        for ((mount, file), (since, longest)) in &mut self.times {
            if !self.held.iter().any(|h| (h.owner.mount, h.file) == (*mount, *file))
                && let Some(began) = since.take()
            {
                *longest = began.elapsed().max(*longest);
            }
        }
    }

    /// The longest that a mount held locks of a file without a break since this was last asked.
    pub fn longest(&mut self, mount: usize, file: u64) -> Duration {
        let (since, longest) = self.times.entry((mount, file)).or_default();
        let now = since.map_or(*longest, |began| began.elapsed().max(*longest));
        *longest = Duration::ZERO;
        now
    }

    /// A process closed a file: POSIX takes all its locks there.
    pub fn closed(&mut self, file: u64, owner: Owner) {
        self.held.retain(|h| h.file != file || h.owner != owner);
        self.clock();
    }

    /// A handle is gone, and the locks that belonged to it alone.
    pub fn released(&mut self, handle: u64) {
        self.held.retain(|h| h.handle != handle);
        self.clock();
    }

    /// Forgets the locks of a mount.
    pub fn lose(&mut self, mount: usize) {
        self.held.retain(|h| h.owner.mount != mount);
        self.clock();
    }

    /// How many locks a mount holds.
    pub fn held(&self, mount: usize) -> usize {
        self.held.iter().filter(|h| h.owner.mount == mount).count()
    }
}

/// The word of the kernel for a lock.
pub fn kind_of(write: bool) -> i32 {
    if write { F_WRLCK } else { F_RDLCK }
}
