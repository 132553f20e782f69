//! Drafts and the outbox on this PC's own disk: files for each window, so that two windows on one branch file never overwrite each
//! other. A window holds a lock while it lives; what a dead one left is taken over by the next. What a draft is, the machine knows;
//! what lies in an outbox, the store.

use super::keep;
use crate::store::outbox::Outbox;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Windows of one PC on one branch file.
const WINDOWS: u32 = 64;
/// The name of the cache of the index.
const CACHE: &str = "index.cache";

/// The cache of the index that a window of this PC has made in this folder.
pub fn cached(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(CACHE)).filter(|path| path.is_file())
}

/// The drafts of this window.
#[derive(Debug)]
pub struct Drafts {
    path: PathBuf,
    /// What dead windows left; removed once it is kept in our own file.
    inherited: Vec<PathBuf>,
    /// The outbox of this window, and those of dead ones; none for the demo.
    outbox: Option<(PathBuf, Vec<PathBuf>)>,
    /// Held while the window lives: its own, and those of the dead windows.
    locks: Vec<File>,
}

impl Drafts {
    /// Takes a place in the folder of a branch file, and what dead windows left there.
    ///
    /// # Errors
    /// The folder cannot be made, or every place is taken.
    pub fn claim(folder: &Path) -> io::Result<(Drafts, Vec<String>)> {
        fs::create_dir_all(folder)?;
        let mut own: Option<(PathBuf, PathBuf)> = None;
        let (mut inherited, mut left, mut locks) = (Vec::new(), Vec::new(), Vec::new());
        let mut found = Vec::new();
        for n in 0..WINDOWS {
            let [json, outbox, lock] = ["json", "outbox", "lock"].map(|ending| folder.join(format!("{n}.{ending}")));
            if own.is_some() && !json.exists() && !outbox.exists() {
                continue;
            }
            let lock = File::options().create(true).truncate(false).write(true).open(lock)?;
            if lock.try_lock().is_err() {
                // A living window types there.
                continue;
            }
            found.extend(keep::read(&json));
            locks.push(lock);
            match own {
                None => own = Some((json, outbox)),
                Some(_) => {
                    inherited.push(json);
                    left.extend(outbox.exists().then_some(outbox));
                }
            }
        }
        let (path, outbox) = own.ok_or_else(|| io::Error::other("too many windows"))?;
        Ok((Drafts { path, inherited, outbox: Some((outbox, left)), locks }, found))
    }

    /// Opens the outbox of this window, with what dead windows left in theirs; none when the disk refuses, which is said in the log.
    pub fn outbox(&mut self) -> Option<Outbox> {
        let (path, left) = self.outbox.take()?;
        let opened = keep::own(&path, false).map_err(|e| e.to_string());
        let mut outbox = opened
            .and_then(|_| Outbox::open(&path).map_err(|e| e.to_string()))
            .inspect_err(|error| tracing::error!(error, "there is no outbox"))
            .ok()?;
        for other in left {
            match outbox.adopt(&other) {
                Ok(()) => keep::forget(&other),
                Err(error) => tracing::error!(%error, "an outbox was not taken over"),
            }
        }
        Some(outbox)
    }

    /// Where the columns of the index are kept, shared by the windows of this PC; none for the demo. Only this user may read it.
    pub fn cache(&self) -> Option<PathBuf> {
        let path = self.path.with_file_name(CACHE);
        (!self.locks.is_empty() && keep::own(&path, false).is_ok()).then_some(path)
    }

    /// A place that no other window knows of, for the demo.
    pub fn alone(path: PathBuf) -> Drafts {
        Drafts { path, inherited: Vec::new(), outbox: None, locks: Vec::new() }
    }

    /// Keeps this text instead of the last; empty forgets it.
    ///
    /// # Errors
    /// The disk refuses; the last text stands then.
    pub fn keep(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() {
            keep::forget(&self.path);
        } else {
            keep::write(&self.path, text)?;
        }
        // The machine took over what was found before it gave its first text.
        self.inherited.drain(..).for_each(|path| keep::forget(&path));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn living_windows_never_share_and_a_dead_ones_text_is_taken_over_once() {
        let folder = tempfile::tempdir().unwrap();
        let (mut first, found) = Drafts::claim(folder.path()).unwrap();
        assert!(found.is_empty());
        first.keep("甲").unwrap();
        let (mut second, found) = Drafts::claim(folder.path()).unwrap();
        assert!(found.is_empty(), "a living window's drafts are its own");
        second.keep("乙").unwrap();
        drop((first, second));
        let (mut third, found) = Drafts::claim(folder.path()).unwrap();
        assert_eq!(found, ["甲", "乙"]);
        third.keep("甲乙").unwrap();
        drop(third);
        let (_, found) = Drafts::claim(folder.path()).unwrap();
        assert_eq!(found, ["甲乙"]);
    }
}
