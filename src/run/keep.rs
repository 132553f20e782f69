//! Small files on this PC that hold what must not be lost or seen by others: drafts and slips. Written whole or not at all. The branch
//! file is never touched here.

use crate::store::anew;
use crate::store::key::Key;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes `text` to `path`: into a file beside it first, then put in its place, readable by this user only.
///
/// # Errors
/// The folder or the disk refuses; the old file stands then.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    put(path, text.as_bytes())
}

/// As [`write()`], sealed under the key of the branch file where it has one.
///
/// # Errors
/// The folder or the disk refuses; the old file stands then.
pub fn seal(path: &Path, text: &str, key: &Key, purpose: &str) -> io::Result<()> {
    let sealed = key.wrap(purpose, text).ok_or_else(|| io::Error::other("no random numbers"))?;
    put(path, &sealed)
}

/// What was sealed under this key, or before the branch file had it.
pub fn unseal(path: &Path, key: &Key, purpose: &str) -> Kept {
    match fs::read(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Kept::Nothing,
        Ok(bytes) if bytes.is_empty() => Kept::Nothing,
        Ok(bytes) => key.unwrap(purpose, &bytes).map_or(Kept::Shut, Kept::Text),
        Err(error) => {
            tracing::warn!(%error, "what was kept on this PC cannot be read");
            Kept::Shut
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// This.
    Text(String),
    /// Something that cannot be read, under a key that is not here: to be left alone.
    Shut,
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    let done = anew::own(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    done.and_then(|()| fs::rename(&beside, path)).inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

/// What was kept, if anything.
pub fn read(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok().filter(|text| !text.is_empty())
}

/// Forgets it.
pub fn forget(path: &Path) {
    let _ = fs::remove_file(path);
}

/// A free name in `folder` for something called `name`, which may hold anything.
pub fn free_name(folder: &Path, name: &str, ending: &str) -> PathBuf {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).take(40).collect();
    let stamp = chrono::Local::now().format("%Y%m%d-%H%M%S");
    let first = folder.join(format!("{plain}-{stamp}.{ending}"));
    (2..1000)
        .map(|n| folder.join(format!("{plain}-{stamp}-{n}.{ending}")))
        .fold(first, |kept, next| if kept.exists() { next } else { kept })
}

/// Opens a file to write that only this user may read; makes it if need be.
///
/// # Errors
/// The folder or the disk refuses.
#[cfg(unix)]
pub fn own(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// Opens a file to write in the user's own folder; makes it if need be.
///
/// # Errors
/// The folder or the disk refuses.
#[cfg(not(unix))]
pub fn own(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create(true).truncate(false).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("drafts/x.json");
        assert_eq!(read(&path), None);
        write(&path, "{\"张\":1}").unwrap();
        write(&path, "{\"李\":2}").unwrap();
        assert_eq!(read(&path).as_deref(), Some("{\"李\":2}"));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        forget(&path);
        assert_eq!(read(&path), None);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_a_draft() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        write(&path, "{}").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_name_with_slashes_stays_in_its_folder() {
        let name = free_name(Path::new("/slips"), "../../etc/张三 回单", "txt");
        assert_eq!(name.parent(), Some(Path::new("/slips")));
        assert!(name.to_string_lossy().contains("张三_回单"));
    }
}
