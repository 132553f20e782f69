//! The drop folder: where the core system lays its extracts down. Which of its files are new is known by their hash, never by name or date.

use super::mapping;
use super::source::Source;
use super::way::ImportError;
use crate::domain::text::Complaint;
use crate::store::open::File;
use std::path::{Path, PathBuf};

/// What lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Extracts that were not imported yet, by name.
    pub new: Vec<PathBuf>,
    /// So many were.
    pub known: u64,
    /// Files that look like extracts and cannot be read as one, and why.
    pub others: Vec<Complaint>,
}

/// Looks through a folder.
///
/// # Errors
/// The folder cannot be read, or the branch file refuses.
pub fn look(store: &mut File, folder: &Path) -> Result<Found, ImportError> {
    let unread = |e: std::io::Error| {
        let name = folder.display();
        ImportError::File(Complaint::new(
            format!("读不了文件夹 {name}：{e}"),
            format!("The folder {name} cannot be read: {e}"),
        ))
    };
    let mut paths: Vec<PathBuf> = vec![];
    for entry in std::fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if is_extract(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    let mappings = mapping::known(store)?;
    let mut found = Found::default();
    for path in paths {
        match Source::open_by(&path, &mappings) {
            Err(why) => found.others.push(why),
            Ok(source) if store.taken(&source.hash)?.is_some() => found.known += 1,
            Ok(_) => found.new.push(path),
        }
    }
    Ok(found)
}

/// By its name: tables, but no rejects of ours and nothing that a spreadsheet has open.
fn is_extract(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    let ends = [".csv", ".txt", ".xlsx"].iter().any(|end| name.ends_with(end));
    ends && !name.ends_with(".rejects.csv") && !name.starts_with(['.', '~']) && path.is_file()
}
