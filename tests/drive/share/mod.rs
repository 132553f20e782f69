//! A shared drive of the tests' own, over FUSE: one folder, several mounts (each stands for a workstation), one table of byte-range
//! locks, nothing cached by the kernel, so that every operation is a round trip to the server. It can be slow, count, write down
//! what it was asked, fail the nth operation, go away, hang, lose locks and handle locks in the wrong ways that real drives know.
//! It models a drive; the loss of power of a server is tried elsewhere.
//!
//! The server runs in the process of the test. Stations in one process share SQLite's own mutexes, so one that hangs can stop the
//! others: for hanging drives each station needs a process of its own.
// A benchmark or a test of the terminal mounts the same code and needs only a part of it.
#![allow(dead_code)]

mod gate;
mod locks;
mod serve;

pub use gate::{EVER, Entry, Kind, Trouble};
pub use locks::LockMode;

use fuser::{BackgroundSession, Config, MountOption, SessionACL};
use gate::Gate;
use nix::mount::{MntFlags, umount2};
use serve::{Server, Tree};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Threads that serve one mount: a reading and a writing connection, a look at the metadata, one to spare.
const THREADS: usize = 4;

/// The drive and its mounts. Dropped, it lifts what hangs, unmounts everything and ends its threads.
pub struct Share {
    mounts: Vec<Mount>,
    tree: Arc<Tree>,
    /// Where the files and the mount points lie; last, so that it goes when nothing is mounted any more.
    folder: TempDir,
}

struct Mount {
    dir: PathBuf,
    gate: Arc<Gate>,
    session: Option<BackgroundSession>,
}

impl Share {
    /// A drive with so many mounts; `None`, and said aloud, where FUSE cannot be had.
    pub fn new(mounts: usize) -> Option<Share> {
        match Share::mounted(mounts) {
            Ok(share) => Some(share),
            Err(e) => {
                eprintln!("SKIPPED: no drive can be mounted over /dev/fuse here: {e}");
                None
            }
        }
    }

    fn mounted(mounts: usize) -> io::Result<Share> {
        std::fs::metadata("/dev/fuse")?;
        // In memory where there is such a place: what is measured is round trips, not the disk below.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }?;
        let files = folder.path().join("files");
        std::fs::create_dir(&files)?;
        let mut share = Share { mounts: Vec::new(), tree: Arc::new(Tree::new(files)), folder };
        for _ in 0..mounts {
            share.mount()?;
        }
        Ok(share)
    }

    /// One mount more; gives its number.
    ///
    /// # Errors
    /// Why it cannot be mounted.
    pub fn mount(&mut self) -> io::Result<usize> {
        let n = self.mounts.len();
        let dir = self.folder.path().join(format!("pc-{n}"));
        std::fs::create_dir(&dir)?;
        let gate = Arc::new(Gate::default());
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("share".to_owned()), MountOption::NoAtime];
        config.acl = SessionACL::All;
        config.n_threads = Some(THREADS);
        let server = Server { mount: n, tree: Arc::clone(&self.tree), gate: Arc::clone(&gate) };
        let session = fuser::spawn_mount(server, &dir, &config)?;
        self.mounts.push(Mount { dir, gate, session: Some(session) });
        Ok(n)
    }

    /// Where mount `n` is seen.
    pub fn dir(&self, n: usize) -> &Path {
        &self.mounts[n].dir
    }

    /// The files as they lie on the server. SQLite must never open them here: it would be outside the locks.
    pub fn files(&self) -> &Path {
        self.tree.files()
    }

    /// How locks are handled from now on; what is held stays held.
    pub fn lock_mode(&self, mode: LockMode) {
        self.tree.locks().mode = mode;
    }

    /// The server forgets the locks of mount `n`, which is not told.
    pub fn lose_locks(&self, n: usize) {
        self.tree.locks().lose(n);
    }

    /// How many locks mount `n` holds.
    pub fn locks_held(&self, n: usize) -> usize {
        self.tree.locks().held(n)
    }

    /// The longest that mount `n` held locks of a file without a break since this was last asked.
    pub fn longest_hold(&self, n: usize, file: &str) -> Duration {
        let known = self.tree.number(file);
        known.map_or(Duration::ZERO, |file| self.tree.locks().longest(n, file))
    }

    /// Every operation of every mount takes so long from now on.
    pub fn latency(&self, each: Duration) {
        for m in &self.mounts {
            m.gate.latency(each);
        }
    }

    /// Every operation of mount `n` takes so long from now on.
    pub fn latency_of(&self, n: usize, each: Duration) {
        self.mounts[n].gate.latency(each);
    }

    /// Operations of mount `n` that its programs waited for, since it was mounted.
    pub fn round_trips(&self, n: usize) -> u64 {
        self.mounts[n].gate.round_trips()
    }

    /// The same, of one kind.
    pub fn count(&self, n: usize, kind: Kind) -> u64 {
        self.mounts[n].gate.count(kind)
    }

    /// Mount `n` begins a new list of what it is asked.
    pub fn write_down(&self, n: usize) {
        self.mounts[n].gate.write_down();
    }

    /// What mount `n` was asked since `write_down`; ends the list.
    pub fn written_down(&self, n: usize) -> Vec<Entry> {
        self.mounts[n].gate.written_down()
    }

    /// Trouble at the `nth` operation of mount `n` from now on.
    pub fn order(&self, n: usize, nth: u64, trouble: Trouble) {
        self.mounts[n].gate.order(None, nth, trouble);
    }

    /// Trouble at the `nth` operation of a kind at mount `n` from now on.
    pub fn order_at(&self, n: usize, kind: Kind, nth: u64, trouble: Trouble) {
        self.mounts[n].gate.order(Some(kind), nth, trouble);
    }

    /// Waits until mount `n` hangs; whether it does.
    pub fn wait_hung(&self, n: usize, at_most: Duration) -> bool {
        self.mounts[n].gate.wait_hung(at_most)
    }

    /// No more trouble at mount `n`; says whether what was ordered happened. What hangs goes on hanging.
    pub fn heal(&self, n: usize) -> bool {
        self.mounts[n].gate.heal()
    }

    /// Mount `n` is away: every operation fails with `errno` until [`Share::back`].
    pub fn drop_drive(&self, n: usize, errno: i32) {
        self.mounts[n].gate.down(Some(errno));
    }

    /// Mount `n` is there again.
    pub fn back(&self, n: usize) {
        self.mounts[n].gate.down(None);
    }

    /// Mount `n` answers nothing until [`Share::unhang`].
    pub fn hang(&self, n: usize) {
        self.mounts[n].gate.hang(true);
    }

    /// Mount `n` answers again, also what it was asked meanwhile.
    pub fn unhang(&self, n: usize) {
        self.mounts[n].gate.hang(false);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        for m in &mut self.mounts {
            m.gate.open();
            // By force: what is still open there after a failed test gets errors instead of holding the mount.
            let ended = umount2(&m.dir, MntFlags::MNT_FORCE | MntFlags::MNT_DETACH);
            let Some(session) = m.session.take() else { continue };
            if ended.is_ok() {
                // Only when it is unmounted do its threads end; that it ended badly matters to nobody any more.
                drop(session.join());
            } else {
                eprintln!("{} could not be unmounted: {ended:?}", m.dir.display());
            }
        }
    }
}
