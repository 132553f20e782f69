//! A scratch folder for what may not outlive the run: the demo's branch, a backup that is only tried. What goes into it is decided
//! elsewhere.

use super::fault::Fault;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of one's own that goes when it is dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// A new folder, named by what it is for.
    ///
    /// # Errors
    /// It cannot be made, or is there already: in a temporary folder others may have put something there.
    pub fn new(purpose: &str) -> Result<Scratch, Fault> {
        let path = std::env::temp_dir().join(format!("guitai-{purpose}-{}", std::process::id()));
        own(&path).map_err(|e| {
            Fault::refused(
                format!("建不了临时文件夹 {}：{e}", path.display()),
                format!("The scratch folder {} cannot be made: {e}", path.display()),
            )
        })?;
        Ok(Scratch(path))
    }

    /// A place in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Made anew, never taken over.
#[cfg(unix)]
fn own(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn own(path: &Path) -> std::io::Result<()> {
    fs::create_dir(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scratch_folder_goes_with_what_is_in_it() {
        let folder = Scratch::new("test").unwrap();
        let path = folder.0.clone();
        fs::write(folder.join("demo.db"), "x").unwrap();
        assert!(Scratch::new("test").is_err(), "a folder that is there is not taken over");
        drop(folder);
        assert!(!path.exists());
    }
}
