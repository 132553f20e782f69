//! A scratch folder for what may not outlive the run: the demo's branch, a backup that is only tried, the copies of a file that gets another
//! key. It is overwritten before it is removed, and what a killed run left is when the next one begins. What goes into it is decided elsewhere.

use super::copies;
use super::fault::Fault;
use crate::store::wipe;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;

/// How the names of all begin; behind it stand what it is for and the number of the process.
const BEGINS: &str = "guitai-";
/// The file in it that is locked while the run lives.
const HELD: &str = "held";

/// A folder of one's own that goes when it is dropped.
pub struct Scratch {
    path: PathBuf,
    held: Option<fs::File>,
}

impl Scratch {
    /// A new folder, named by what it is for.
    ///
    /// # Errors
    /// It cannot be made, or is there already: in a temporary folder others may have put something there.
    pub fn new(purpose: &str) -> Result<Scratch, Fault> {
        sweep();
        let path = std::env::temp_dir().join(format!("{BEGINS}{purpose}-{}", std::process::id()));
        let held = own(&path).and_then(|()| hold(&path));
        let held = held.map_err(|e| {
            Fault::refused(
                format!("建不了临时文件夹 {}：{e}", path.display()),
                format!("The scratch folder {} cannot be made: {e}", path.display()),
            )
        })?;
        Ok(Scratch { path, held: Some(held) })
    }

    /// A place in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        wipe::folder(&self.path);
        // Not everywhere can a folder go in which something is open.
        drop(self.held.take());
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Overwrites and removes what runs of this user left that were killed; says how many folders went.
pub fn sweep() -> usize {
    sweep_in(&std::env::temp_dir())
}

/// The same on a thread of its own, for who cannot wait for the disk.
pub fn sweep_behind() {
    if let Err(error) = thread::Builder::new().name("scratch".into()).spawn(sweep) {
        tracing::warn!(%error, "what killed runs left was not looked for");
    }
}

fn sweep_in(temporary: &Path) -> usize {
    let mut gone = 0;
    for entry in fs::read_dir(temporary).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if !name.to_str().is_some_and(named) {
            continue;
        }
        // Never through a link, and never what another user put there: they could lead us to overwrite what is not ours.
        let Ok(there) = fs::symlink_metadata(&path) else { continue };
        if !there.is_dir() || !mine(&there) {
            continue;
        }
        let dead = match OpenOptions::new().write(true).open(path.join(HELD)) {
            Ok(held) => held.try_lock().is_ok(),
            // One that is just being made; or of a program that locked nothing.
            Err(e) if e.kind() == ErrorKind::NotFound => there.modified().is_ok_and(copies::forgotten),
            Err(_) => false,
        };
        if dead {
            // A second process may still write into it; next time, then.
            gone += usize::from(wipe::folder(&path) && fs::remove_dir_all(&path).is_ok());
        }
    }
    if gone > 0 {
        tracing::warn!(gone, "scratch folders of killed runs were overwritten and removed");
    }
    gone
}

/// Whether a scratch folder could be called so.
fn named(name: &str) -> bool {
    let process = name.strip_prefix(BEGINS).and_then(|rest| rest.rsplit_once('-')).map(|(_, process)| process);
    process.is_some_and(|process| !process.is_empty() && process.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(target_os = "linux")]
fn mine(there: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(there) == rustix::process::geteuid().as_raw()
}

/// The folder of temporary files is the user's own there.
#[cfg(not(target_os = "linux"))]
fn mine(_: &fs::Metadata) -> bool {
    true
}

/// Tells others that this run lives, for as long as the file is open.
fn hold(path: &Path) -> io::Result<fs::File> {
    let held = OpenOptions::new().write(true).create_new(true).open(path.join(HELD))?;
    held.try_lock().map_err(io::Error::from)?;
    Ok(held)
}

/// Made anew, never taken over.
#[cfg(unix)]
fn own(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn own(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn read(mut held: fs::File) -> String {
        let mut text = String::new();
        held.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_scratch_folder_goes_with_what_is_in_it_and_nothing_of_it_can_be_read_again() {
        let folder = Scratch::new("test").unwrap();
        let path = folder.path.clone();
        fs::write(folder.join("demo.db"), "张山河").unwrap();
        let held = fs::File::open(folder.join("demo.db")).unwrap();
        assert!(Scratch::new("test").is_err(), "a folder that is there is not taken over");
        sweep();
        assert!(folder.join("demo.db").exists(), "nobody sweeps away what a living run has");
        drop(folder);
        assert!(!path.exists());
        assert_eq!(read(held), "\0".repeat("张山河".len()));
    }

    #[test]
    fn what_a_killed_run_left_is_overwritten_and_nothing_else_is_touched() {
        let place = tempfile::tempdir().unwrap();
        let lay = |name: &str| {
            let folder = place.path().join(name);
            own(&folder).unwrap();
            fs::write(folder.join("was.db"), "13985210027").unwrap();
            fs::File::open(folder.join("was.db")).unwrap()
        };
        let (dead, living, begun, other) =
            (lay("guitai-crypt-1"), lay("guitai-crypt-2"), lay("guitai-crypt-3"), lay("guitai-crypt-x"));
        drop(hold(&place.path().join("guitai-crypt-1")).unwrap());
        let _held = hold(&place.path().join("guitai-crypt-2")).unwrap();
        assert_eq!((sweep_in(place.path()), sweep_in(place.path())), (1, 0));
        assert!(!place.path().join("guitai-crypt-1").exists());
        assert_eq!(read(dead), "\0".repeat(11));
        for kept in [living, begun, other] {
            assert_eq!(read(kept), "13985210027");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_is_called_like_a_scratch_folder_leads_nowhere() {
        let place = tempfile::tempdir().unwrap();
        let theirs = place.path().join("theirs");
        own(&theirs).unwrap();
        drop(hold(&theirs).unwrap());
        fs::write(theirs.join("branch.db"), "x").unwrap();
        std::os::unix::fs::symlink(&theirs, place.path().join("guitai-crypt-1")).unwrap();
        assert_eq!(sweep_in(place.path()), 0);
        assert_eq!(fs::read_to_string(theirs.join("branch.db")).unwrap(), "x");
    }

    #[test]
    fn only_names_of_ours_are_looked_at() {
        let names = ["guitai-crypt-12", "guitai-crypt-", "guitai-12", "guitai-a-b", "other-crypt-12", "guitai-a-b-7"];
        let ours: Vec<&str> = names.into_iter().filter(|name| named(name)).collect();
        assert_eq!(ours, ["guitai-crypt-12", "guitai-a-b-7"]);
    }
}
