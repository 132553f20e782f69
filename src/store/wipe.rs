//! Overwriting what must not be read again, before it is removed. A disk that writes elsewhere than over the old place, as flash does, may keep
//! the old all the same; what is to be wiped is decided elsewhere.

use std::fs::{self, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Bytes overwritten at once.
const STEP: usize = 1 << 20;

/// Overwrites a file with zeros, waits until the disk has them, and removes it. What has another name too is only removed: it is not ours alone.
///
/// # Errors
/// Somebody has it locked: it stays as it is. Or the disk refuses; it is removed all the same where that is possible.
pub fn file(path: &Path) -> io::Result<()> {
    match zero(path) {
        Err(e) if e.kind() == ErrorKind::WouldBlock => Err(e),
        zeroed => fs::remove_file(path).and(zeroed),
    }
}

/// Overwrites a file with zeros, waits until the disk has them, and leaves it empty.
///
/// # Errors
/// The disk refuses.
pub fn empty(path: &Path) -> io::Result<()> {
    let zeroed = zero(path);
    OpenOptions::new().write(true).truncate(true).open(path)?;
    zeroed
}

/// Overwrites and removes every file in a folder and the folders in it, which stay; `false` when somebody has one of them locked. What refuses
/// is said in the log.
pub fn folder(path: &Path) -> bool {
    let mut idle = true;
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let done = match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                idle &= folder(&entry.path());
                Ok(())
            }
            _ => file(&entry.path()),
        };
        match done {
            Err(e) if e.kind() == ErrorKind::WouldBlock => idle = false,
            Err(error) => tracing::error!(%error, "something was not overwritten before it was removed"),
            Ok(()) => {}
        }
    }
    idle
}

fn zero(path: &Path) -> io::Result<()> {
    let there = fs::symlink_metadata(path)?;
    if !there.is_file() || shared(&there) {
        return Ok(());
    }
    let mut to = OpenOptions::new().write(true).open(path)?;
    // Who still writes it holds it locked (`run::copies`); where there are no such locks nobody writes on either.
    if let Err(TryLockError::WouldBlock) = to.try_lock() {
        return Err(ErrorKind::WouldBlock.into());
    }
    let (zeros, mut left) = (vec![0; STEP], to.metadata()?.len());
    while left > 0 {
        let step = usize::try_from(left).unwrap_or(STEP).min(STEP);
        to.write_all(zeros.get(..step).unwrap_or_default())?;
        left -= step as u64;
    }
    to.sync_all()
}

/// Whether another name leads to the same bytes.
#[cfg(unix)]
fn shared(there: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(there) > 1
}

#[cfg(not(unix))]
fn shared(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn whoever_still_holds_it_open_reads_zeros_in_its_whole_length() {
        let place = tempfile::tempdir().unwrap();
        for length in [0, 1, STEP - 1, STEP, 2 * STEP + 7] {
            let path = place.path().join("copy.db");
            fs::write(&path, vec![7; length]).unwrap();
            let mut held = fs::File::open(&path).unwrap();
            file(&path).unwrap();
            let mut left = Vec::new();
            held.read_to_end(&mut left).unwrap();
            assert!(left == vec![0; length] && !path.exists(), "{length}");
        }
        assert!(file(&place.path().join("none")).is_err());
        let path = place.path().join("cache");
        fs::write(&path, "13985210027").unwrap();
        empty(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"");
    }

    #[test]
    fn what_is_still_being_written_waits_for_the_next_time() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("copy.db");
        fs::write(&path, "13985210027").unwrap();
        let writer = OpenOptions::new().append(true).open(&path).unwrap();
        writer.try_lock().unwrap();
        assert!(!folder(place.path()));
        assert_eq!(fs::read_to_string(&path).unwrap(), "13985210027");
        drop(writer);
        assert!(folder(place.path()) && !path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn what_somebody_else_has_too_is_let_be() {
        let place = tempfile::tempdir().unwrap();
        let (own, theirs) = (place.path().join("own"), place.path().join("theirs"));
        fs::create_dir_all(own.join("deep")).unwrap();
        fs::write(&theirs, "theirs").unwrap();
        fs::hard_link(&theirs, own.join("hard")).unwrap();
        std::os::unix::fs::symlink(&theirs, own.join("soft")).unwrap();
        std::os::unix::fs::symlink(place.path(), own.join("deep/folder")).unwrap();
        fs::write(own.join("deep/mine"), "mine").unwrap();
        let mut held = fs::File::open(own.join("deep/mine")).unwrap();
        assert!(folder(&own));
        let mut left = String::new();
        held.read_to_string(&mut left).unwrap();
        assert_eq!((left.as_str(), fs::read_to_string(&theirs).unwrap().as_str()), ("\0\0\0\0", "theirs"));
        assert_eq!(fs::read_dir(&own).unwrap().count(), 1, "only the folder in it stays");
        assert_eq!(fs::read_dir(own.join("deep")).unwrap().count(), 0);
    }
}
