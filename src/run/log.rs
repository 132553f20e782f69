//! The log of this PC: what the program did and what went wrong, never whom it was about. It keeps itself small. It is never on the shared
//! drive and never on the screen.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A file of the log is turned over at this size, in bytes; so many old ones are kept.
const SIZE: u64 = 1 << 20;
const OLD: u32 = 3;

/// Starts the log at `path`. A log that cannot be written is no reason not to work.
pub fn start(path: &Path) {
    if let Ok(file) = Rolling::open(path, SIZE) {
        // A second start in one process (tests) keeps the first.
        let _ = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_target(false)
            .with_max_level(tracing::Level::INFO)
            .with_writer(Mutex::new(file))
            .try_init();
    }
}

/// A file that is turned over when it is full.
struct Rolling {
    path: PathBuf,
    file: File,
    written: u64,
    size: u64,
}

impl Rolling {
    fn open(path: &Path, size: u64) -> io::Result<Rolling> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let written = file.metadata()?.len();
        Ok(Rolling { path: path.to_owned(), file, written, size })
    }

    fn old(&self, n: u32) -> PathBuf {
        self.path.with_extension(format!("log.{n}"))
    }

    fn turn_over(&mut self) -> io::Result<()> {
        for n in (1..OLD).rev() {
            let _ = fs::rename(self.old(n), self.old(n + 1));
        }
        fs::rename(&self.path, self.old(1))?;
        *self = Rolling::open(&self.path, self.size)?;
        Ok(())
    }
}

impl Write for Rolling {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written > 0 && self.written + bytes.len() as u64 > self.size {
            // Another window may just have done it; then this one goes on in the file it has.
            let _ = self.turn_over();
        }
        let n = self.file.write(bytes)?;
        self.written += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_turned_over_and_never_grows_past_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guitai.log");
        let mut log = Rolling::open(&path, 100).unwrap();
        for n in 0..60 {
            writeln!(log, "line {n:04} {}", "x".repeat(20)).unwrap();
        }
        let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap()).collect();
        assert_eq!(files.len(), 1 + OLD as usize);
        for file in files {
            assert!(file.metadata().unwrap().len() <= 100);
        }
        assert!(fs::read_to_string(&path).unwrap().contains("line 0059"));
    }
}
