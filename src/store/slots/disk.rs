//! The slot file on the drive: read whole, replaced whole by a rename, the last five kept beside it. Whoever replaces it holds the write lock
//! of the branch file (`record`), or is the only one who knows of it.

use super::{SlotError, Slots};
use crate::store::anew;
use crate::store::key::Key;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// How many older ones are kept.
pub const KEPT: u32 = 5;
/// More than any slot file has.
const LARGEST: u64 = 1 << 21;

/// Reads the slot file at this path.
///
/// # Errors
/// It is not there, not one, or the drive does not give it.
pub fn read(path: &Path) -> Result<Slots, SlotError> {
    Slots::read(&bytes(path)?)
}

/// The file's bytes, as they are.
///
/// # Errors
/// It is not there, or the drive does not give it.
pub fn bytes(path: &Path) -> Result<Vec<u8>, SlotError> {
    let file = fs::File::open(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => SlotError::NotThere,
        _ => SlotError::Drive(e.to_string()),
    })?;
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes).map_err(drive)?;
    Ok(bytes)
}

/// Writes a slot file where there is none.
///
/// # Errors
/// One is there, or the drive does not take it.
pub fn begin(path: &Path, slots: &Slots) -> Result<(), SlotError> {
    if path.exists() {
        return Err(SlotError::Exchanged);
    }
    put(path, &slots.bytes())
}

/// Puts the next version in the place of the one there, which is kept as `.keys.1`; older ones move on, and lose the slots of those
/// who have none any more.
///
/// # Errors
/// The drive does not take it; the one there is whole then.
pub fn replace(path: &Path, key: &Key, next: &Slots) -> Result<(), SlotError> {
    for n in (1..KEPT).rev() {
        match fs::rename(kept(path, n), kept(path, n + 1)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(drive(e)),
            _ => {}
        }
    }
    match bytes(path) {
        Ok(old) => put(&kept(path, 1), &old)?,
        Err(SlotError::NotThere) => {}
        Err(e) => return Err(e),
    }
    put(path, &next.bytes())?;
    for n in 1..=KEPT {
        let there = kept(path, n);
        let Ok(old) = bytes(&there) else { continue };
        // What cannot be read is no use to anybody; what is under another key may be somebody's only copy and is left alone.
        if let Ok(slots) = Slots::read(&old)
            && let Ok(stripped) = slots.stripped(key, next)
            && stripped != slots
        {
            put(&there, &stripped.bytes())?;
        }
    }
    Ok(())
}

/// The `n`th older one.
pub fn kept(path: &Path, n: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{n}"));
    PathBuf::from(name)
}

/// Whole or not at all: a temporary file beside it, synced, renamed, and the folder synced.
fn put(path: &Path, bytes: &[u8]) -> Result<(), SlotError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let temporary = PathBuf::from(name);
    let written = (|| {
        let mut file = anew::file(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&temporary, path)
    })();
    if let Err(e) = written {
        let _ = fs::remove_file(&temporary);
        return Err(drive(e));
    }
    settle(path);
    Ok(())
}

/// Makes the rename last through a power cut, where the system lets a folder be synced.
#[cfg(unix)]
fn settle(path: &Path) {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Err(error) = fs::File::open(folder).and_then(|f| f.sync_all()) {
        tracing::warn!(%error, "the folder of the key file was not synced");
    }
}

#[cfg(not(unix))]
fn settle(_: &Path) {}

fn drive(e: io::Error) -> SlotError {
    tracing::error!(error = %e, "the key file");
    SlotError::Drive(e.to_string())
}
