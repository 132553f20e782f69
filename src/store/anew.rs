//! Files made anew in a folder where others may write too: never through a link that lies there, never into what a link points to. What is
//! written does not live here.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

/// An empty file of this name. What lay there is taken away: a file, or a link; what the link pointed to stays as it is.
///
/// # Errors
/// A folder has the name, somebody is quicker, or the drive refuses.
pub fn file(path: &Path) -> io::Result<File> {
    clear(path)?;
    File::create_new(path)
}

/// The same, readable by this user only.
///
/// # Errors
/// As [`file()`].
pub fn own(path: &Path) -> io::Result<File> {
    clear(path)?;
    reserve(path)
}

/// An empty file where nothing lies, readable by this user only.
///
/// # Errors
/// Something is there already, or the drive refuses.
pub fn reserve(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn clear(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// Whether a link lies there, whatever it points to.
pub fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_lay_there_goes_and_a_folder_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for text in ["one", "two"] {
            file(&path).unwrap().write_all(text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert!(file(folder.path()).is_err() && path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_goes_and_what_it_points_to_stays() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let [branch, link] = ["branch.db", "branch.db.keys.part"].map(|name| folder.path().join(name));
        fs::write(&branch, "the branch").unwrap();
        for make in [file, own] {
            std::os::unix::fs::symlink(&branch, &link).unwrap();
            assert!(is_link(&link) && !is_link(&branch));
            make(&link).unwrap().write_all(b"keys").unwrap();
            assert_eq!(fs::read_to_string(&branch).unwrap(), "the branch");
            assert_eq!(fs::read_to_string(&link).unwrap(), "keys");
            fs::remove_file(&link).unwrap();
        }
        drop(own(&link).unwrap());
        assert_eq!(fs::metadata(&link).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
