//! Drafts and the outbox on this PC's own disk: files for each window, so that two windows on one branch file never overwrite each
//! other. A window holds a lock while it lives; what a dead one left is taken over by the next. What a draft is, the machine knows;
//! what lies in an outbox, the store.

use super::keep::{self, Kept};
use crate::store::key::Key;
use crate::store::outbox::Outbox;
use crate::store::wipe;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Windows of one PC on one branch file.
const WINDOWS: u32 = 64;
/// The name of the cache of the index.
const CACHE: &str = "index.cache";

/// What drafts are sealed for.
pub const PURPOSE: &str = "drafts";

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
    /// What they are kept under.
    key: Key,
}

impl Drafts {
    /// Takes a place in the folder of a branch file of this key, and what dead windows left there. What is under a key that nobody here has
    /// any more stays where it is.
    ///
    /// # Errors
    /// The folder cannot be made, or every place is taken.
    pub fn claim(folder: &Path, key: &Key) -> io::Result<(Drafts, Vec<String>)> {
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
            match keep::unseal(&json, key, PURPOSE) {
                Kept::Nothing => {}
                Kept::Text(text) => found.push(text),
                Kept::Shut => {
                    tracing::warn!(path = %json.display(), "drafts under another key were left alone");
                    continue;
                }
            }
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
        Ok((Drafts { path, inherited, outbox: Some((outbox, left)), locks, key: key.clone() }, found))
    }

    /// Opens the outbox of this window, with what dead windows left in theirs; none when the disk refuses, which is said in the log.
    pub fn outbox(&mut self) -> Option<Outbox> {
        let (path, left) = self.outbox.as_mut().map(|(path, left)| (path.clone(), std::mem::take(left)))?;
        let opened = keep::own(&path).map_err(|e| e.to_string());
        let mut outbox = opened
            .and_then(|_| Outbox::under(&path, &self.key).map_err(|e| e.to_string()))
            .inspect_err(|error| tracing::error!(error, "there is no outbox"))
            .ok()?;
        for other in left {
            match outbox.adopt(&other, &self.key) {
                Ok(()) => keep::forget(&other),
                Err(error) => tracing::error!(%error, "an outbox was not taken over"),
            }
        }
        Some(outbox)
    }

    /// Where the columns of the index are kept, shared by the windows of this PC; none for the demo. Only this user may read it.
    pub fn cache(&self) -> Option<PathBuf> {
        let path = self.path.with_file_name(CACHE);
        (!self.locks.is_empty() && keep::own(&path).is_ok()).then_some(path)
    }

    /// From now on they are kept under this key: the one they always had, after the screen was locked.
    pub fn under(&mut self, key: &Key) {
        self.key = key.clone();
    }

    /// A place that no other window knows of, for the demo.
    pub fn alone(path: PathBuf, key: &Key) -> Drafts {
        Drafts { path, inherited: Vec::new(), outbox: None, locks: Vec::new(), key: key.clone() }
    }

    /// Keeps this text instead of the last; empty forgets it.
    ///
    /// # Errors
    /// The disk refuses; the last text stands then.
    pub fn keep(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() {
            keep::forget(&self.path);
        } else {
            keep::seal(&self.path, text, &self.key, PURPOSE)?;
        }
        // The machine took over what was found before it gave its first text.
        self.inherited.drain(..).for_each(|path| keep::forget(&path));
        Ok(())
    }
}

/// Puts what lies in the folder of a branch file under its new key, once nobody has it open; what cannot be read stays as it is.
pub fn turn(folder: &Path, old: &Key, new: &Key) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path());
    let reads =
        if new.is_some() { new.clone().after([std::slice::from_ref(old), old.older()].concat()) } else { old.clone() };
    for path in entries {
        let done = match path.extension().and_then(|e| e.to_str()) {
            Some("json") => reseal(&path, PURPOSE, &reads, new),
            Some("outbox") if new.is_some() => Outbox::under(&path, &reads).map(drop).map_err(|e| e.to_string()),
            Some("outbox") => Outbox::unlock(&path, old).map_err(|e| e.to_string()),
            // Made anew; it may have been plain.
            Some("cache") => wipe::file(&path).map_err(|e| e.to_string()),
            _ => Ok(()),
        };
        if let Err(error) = done {
            tracing::error!(error, path = %path.display(), "what lies on this PC is under another key still");
        }
    }
}

fn reseal(path: &Path, purpose: &str, reads: &Key, new: &Key) -> Result<(), String> {
    match keep::unseal(path, reads, purpose) {
        Kept::Nothing => Ok(()),
        Kept::Text(text) => keep::seal(path, &text, new, purpose).map_err(|e| e.to_string()),
        Kept::Shut => Err("the key is not known".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn living_windows_never_share_and_a_dead_ones_text_is_taken_over_once() {
        let folder = tempfile::tempdir().unwrap();
        let (mut first, found) = Drafts::claim(folder.path(), &Key::default()).unwrap();
        assert!(found.is_empty());
        first.keep("甲").unwrap();
        let (mut second, found) = Drafts::claim(folder.path(), &Key::default()).unwrap();
        assert!(found.is_empty(), "a living window's drafts are its own");
        second.keep("乙").unwrap();
        drop((first, second));
        let (mut third, found) = Drafts::claim(folder.path(), &Key::default()).unwrap();
        assert_eq!(found, ["甲", "乙"]);
        third.keep("甲乙").unwrap();
        drop(third);
        let (_, found) = Drafts::claim(folder.path(), &Key::default()).unwrap();
        assert_eq!(found, ["甲乙"]);
    }

    #[test]
    fn drafts_are_sealed_under_a_new_key_and_those_of_a_lost_one_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (key, lost) = (Key::new().unwrap(), Key::new().unwrap());
        let kept = |key: &Key, text: &str| Drafts::claim(folder.path(), key).unwrap().0.keep(text).unwrap();
        let bytes = || std::fs::read(folder.path().join("0.json")).unwrap();
        kept(&Key::default(), "张三 13800138000");
        let (mut drafts, found) = Drafts::claim(folder.path(), &key).unwrap();
        assert_eq!(found, ["张三 13800138000"]);
        drafts.keep(&found[0]).unwrap();
        assert!(!bytes().windows(11).any(|w| w == b"13800138000"));
        drop(drafts);

        let before = bytes();
        let (mut drafts, found) = Drafts::claim(folder.path(), &lost).unwrap();
        assert!(found.is_empty());
        drafts.keep("李四").unwrap();
        drop(drafts);
        assert!(bytes() == before, "somebody may still have the key");
        let (_, found) = Drafts::claim(folder.path(), &key).unwrap();
        assert_eq!(found, ["张三 13800138000"]);
        let (_, found) = Drafts::claim(folder.path(), &lost.after(vec![key])).unwrap();
        assert_eq!(found, ["张三 13800138000", "李四"]);
    }
}
