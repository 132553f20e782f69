//! The drop folder: which files lie in it, which are whole, which are new. What this PC knows of them is remembered, so that a folder of a
//! whole year is not read through every morning.

use super::hands::{self, Head};
use crate::app::imports::{Found, State};
use crate::domain::text::Complaint;
use crate::exchange::extract::import::day_in_name;
use crate::exchange::extract::look::Look;
use crate::exchange::extract::mapping::Mapping;
use crate::run::keep::{self, Kept};
use crate::store::key::Key;
use crate::store::open::File;
use crate::store::request::{Answer, Ask};
use crate::store::workbench;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file written within this time may still be growing, and is looked at twice.
const YOUNG: Duration = Duration::from_secs(90);
/// So long lies between the two looks.
const BETWEEN: Duration = Duration::from_millis(1500);
/// So many files are listed, the newest ones.
const MOST: usize = 200;

/// What the memory is sealed for: names of files may say whom they are about.
const PURPOSE: &str = "imports";

/// What is remembered between two sittings.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Memory {
    /// The day on which new files were last offered.
    offered: Option<NaiveDate>,
    /// Files, by path.
    files: BTreeMap<String, Known>,
}

/// What is known of a file, as long as its size and the time of its last write are the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Known {
    size: u64,
    at: u128,
    hash: String,
    /// Its layout and encoding, where its headers are the layout's own.
    about: Option<(String, String)>,
}

/// The drop folder.
#[derive(Debug)]
pub struct Shelf {
    folder: Option<PathBuf>,
    keeps: PathBuf,
    key: Key,
    memory: Memory,
    /// First rows of files that were opened in this sitting, with size and time of the last write.
    heads: BTreeMap<String, (u64, u128, Head)>,
}

impl Shelf {
    /// The drop folder; what is known of it lies in `keeps`.
    pub fn new(folder: Option<PathBuf>, keeps: &Path, key: &Key) -> Shelf {
        let memory = match keep::unseal(keeps, key, PURPOSE) {
            Kept::Text(text) => serde_json::from_str(&text).unwrap_or_default(),
            // It is only what saves time: begun anew.
            Kept::Nothing | Kept::Shut => Memory::default(),
        };
        Shelf { folder, keeps: keeps.to_owned(), key: key.clone(), memory, heads: BTreeMap::new() }
    }

    /// Its name.
    pub fn folder(&self) -> Option<String> {
        self.folder.as_ref().map(|f| f.display().to_string())
    }

    /// Whether new files are to be offered today: once a day, and only where there is a folder.
    pub fn due(&self, today: NaiveDate) -> bool {
        self.folder.is_some() && self.memory.offered != Some(today)
    }

    /// New files were offered today.
    pub fn offered(&mut self, today: NaiveDate) {
        self.memory.offered = Some(today);
        self.remember();
    }

    fn remember(&self) {
        let text = serde_json::to_string(&self.memory).unwrap_or_default();
        if let Err(error) = keep::seal(&self.keeps, &text, &self.key, PURPOSE) {
            tracing::error!(%error, "what is known of the drop folder was not kept");
        }
    }

    /// The files that lie in it and may be extracts, the newest first.
    ///
    /// # Errors
    /// It cannot be read; the words say what to do.
    pub fn paths(&self) -> Result<Vec<PathBuf>, Complaint> {
        let Some(folder) = &self.folder else { return Ok(Vec::new()) };
        extracts(folder).map_err(|e| {
            let name = folder.display();
            Complaint::new(
                format!("投放文件夹 {name} 读不了：{e}，请核对配置里的 import.folder"),
                format!("The drop folder {name} cannot be read: {e}; check import.folder in the config"),
            )
        })
    }

    /// What these files are, and how they stand to the branch.
    pub fn know(&mut self, paths: Vec<PathBuf>, file: &mut File) -> Vec<Found> {
        let growing = growing(&paths);
        // Without them files of other headers are unknown; that is seen at once.
        let mappings = hands::mappings(file).unwrap_or_default();
        let mut all: Vec<(Found, String)> = Vec::new();
        for path in paths {
            let mut found = Found {
                path: path.display().to_string(),
                name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
                size: 0,
                layout: String::new(),
                encoding: String::new(),
                as_of: day_in_name(&path),
                state: State::New,
            };
            let mut hash = String::new();
            match fs::metadata(&path) {
                Err(e) => found.state = State::Broken(hands::unreadable(&path, &e)),
                Ok(about) => {
                    found.size = about.len();
                    if about.is_dir() {
                        found.state = State::Broken(no_file_in(&path));
                    } else if growing.contains(&path) {
                        found.state = State::Growing;
                    } else {
                        match self.hash(&path, &about) {
                            Ok(known) => {
                                hash = known;
                                self.recognise(&mut found, &path, &about, &mappings);
                            }
                            Err(e) => found.state = State::Broken(hands::unreadable(&path, &e)),
                        }
                    }
                }
            }
            all.push((found, hash));
        }
        self.remember();
        let hashes: Vec<String> = all.iter().map(|(_, hash)| hash.clone()).filter(|h| !h.is_empty()).collect();
        let taken: BTreeMap<String, NaiveDateTime> = match file.answer(&Ask::Workbench(workbench::Ask::TakenIn(hashes)))
        {
            Answer::Workbench(workbench::Answer::TakenIn(taken)) => taken.into_iter().collect(),
            _ => BTreeMap::new(),
        };
        let finished = |(mut found, hash): (Found, String)| {
            if let (State::New, Some(at)) = (&found.state, taken.get(&hash)) {
                found.state = State::Taken(*at);
            }
            found
        };
        all.into_iter().map(finished).collect()
    }

    /// Says of a file which layout and encoding it is in.
    fn recognise(&mut self, found: &mut Found, path: &Path, about: &Metadata, mappings: &[Mapping]) {
        if let Some(told) = self.memory.files.get(&found.path).and_then(|k| k.about.clone()) {
            (found.layout, found.encoding) = told;
            return;
        }
        match self.open(path, about, mappings) {
            Ok(head) => {
                (found.layout, found.encoding) = head.about();
                // A mapping may be another one tomorrow.
                if let Some(known) = self.memory.files.get_mut(&found.path).filter(|_| head.mapping.is_none()) {
                    known.about = Some(head.about());
                }
            }
            Err(why) => {
                // What can be read as a table of whatever headers can be matched.
                found.state = match Look::at(path) {
                    Ok(look) if look.headers.iter().filter(|h| !h.is_empty()).count() > 1 && !look.rows.is_empty() => {
                        found.encoding = look.encoding.name().to_owned();
                        State::Unknown
                    }
                    _ => State::Broken(why),
                };
            }
        }
    }

    /// Mappings changed: what files are is found out anew.
    pub fn forget(&mut self) {
        self.heads.clear();
        self.memory.files.values_mut().for_each(|known| known.about = None);
    }

    /// The first rows of a file; it is opened once as long as nobody writes it.
    ///
    /// # Errors
    /// It cannot be read, or is of no layout known.
    pub fn head(&mut self, path: &Path, mappings: &[Mapping]) -> Result<Head, Complaint> {
        let about = fs::metadata(path).map_err(|e| hands::unreadable(path, &e))?;
        self.open(path, &about, mappings)
    }

    fn open(&mut self, path: &Path, about: &Metadata, mappings: &[Mapping]) -> Result<Head, Complaint> {
        let (name, size, at) = (path.display().to_string(), about.len(), written(about));
        if let Some((s, w, head)) = self.heads.get(&name)
            && (*s, *w) == (size, at)
        {
            return Ok(head.clone());
        }
        let head = Head::open(path, mappings)?;
        self.heads.insert(name, (size, at, head.clone()));
        Ok(head)
    }

    /// The hash of a file's bytes: remembered, as long as its size and the time of its last write are the same.
    fn hash(&mut self, path: &Path, about: &Metadata) -> io::Result<String> {
        let (name, size, at) = (path.display().to_string(), about.len(), written(about));
        if let Some(known) = self.memory.files.get(&name)
            && (known.size, known.at) == (size, at)
        {
            return Ok(known.hash.clone());
        }
        let mut hasher = blake3::Hasher::new();
        io::copy(&mut fs::File::open(path)?, &mut hasher)?;
        let hash = hasher.finalize().to_hex().to_string();
        // Files that are gone are forgotten.
        self.memory.files.retain(|p, _| Path::new(p).exists());
        self.memory.files.insert(name, Known { size, at, hash: hash.clone(), about: None });
        Ok(hash)
    }
}

/// The files that a path named by hand means: those that may be extracts, if it is a folder with some; else the path itself.
pub fn named(path: PathBuf) -> Vec<PathBuf> {
    match extracts(&path) {
        Ok(files) if !files.is_empty() => files,
        _ => vec![path],
    }
}

/// The files in a folder that may be extracts, the newest first.
fn extracts(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<(u128, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if is_extract(&path)
            && let Ok(about) = fs::metadata(&path)
            && about.is_file()
        {
            found.push((written(&about), path));
        }
    }
    found.sort_by(|a, b| b.cmp(a));
    found.truncate(MOST);
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

fn no_file_in(folder: &Path) -> Complaint {
    let name = folder.display();
    Complaint::new(
        format!("{name} 这是文件夹，里面没有可导入的文件（CSV、TXT、Excel），或没有权限看"),
        format!("{name} is a folder with no file to import (CSV, TXT, Excel), or one that you may not read"),
    )
}

/// Nanoseconds of 1970 at which it was last written.
fn written(about: &Metadata) -> u128 {
    let at = about.modified().ok().and_then(|m| m.duration_since(UNIX_EPOCH).ok());
    at.map_or(0, |d| d.as_nanos())
}

/// Whether a file may be an extract, by its name: no rejects of ours, none that another program is just copying.
fn is_extract(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    let known = [".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls"].iter().any(|ending| name.ends_with(ending));
    known && !name.ends_with(".rejects.csv") && !name.starts_with('.') && !name.starts_with("~$")
}

/// Those of these files that are still being written: young ones that changed between two looks.
fn growing(paths: &[PathBuf]) -> Vec<PathBuf> {
    let look = |path: &PathBuf| fs::metadata(path).ok().map(|about| (about.len(), written(&about)));
    let young = |path: &&PathBuf| {
        let at = fs::metadata(path).and_then(|about| about.modified()).ok();
        // A clock of the share that runs ahead makes a file young as well.
        at.is_some_and(|at| SystemTime::now().duration_since(at).map_or(true, |age| age < YOUNG))
    };
    let first: Vec<_> = paths.iter().filter(young).map(|path| (path.clone(), look(path))).collect();
    if first.is_empty() {
        return Vec::new();
    }
    thread::sleep(BETWEEN);
    first.into_iter().filter(|(path, before)| look(path) != *before).map(|(path, _)| path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_an_extract_is_listed_the_newest_first() {
        let folder = tempfile::tempdir().unwrap();
        for name in
            ["客户.csv", "资产.XLSX", "客户.csv.rejects.csv", "~$资产.xlsx", ".客户.csv", "说明.pdf", "交易.txt"]
        {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let old = fs::File::options().write(true).open(folder.path().join("客户.csv")).unwrap();
        old.set_modified(UNIX_EPOCH + Duration::from_secs(1_000)).unwrap();
        let shelf = Shelf::new(Some(folder.path().into()), &folder.path().join("memory.json"), &Key::default());
        let names: Vec<String> =
            shelf.paths().unwrap().iter().map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert_eq!(names.last().map(String::as_str), Some("客户.csv"));
        let none = Shelf::new(Some(folder.path().join("none")), &folder.path().join("memory.json"), &Key::default());
        assert!(none.paths().unwrap_err().zh.contains("import.folder"));
    }

    #[test]
    fn new_files_are_offered_once_a_day_across_sittings() {
        let folder = tempfile::tempdir().unwrap();
        let memory = folder.path().join("memory.json");
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        assert!(!Shelf::new(None, &memory, &Key::default()).due(day));
        let mut first = Shelf::new(Some(folder.path().into()), &memory, &Key::default());
        assert!(first.due(day));
        first.offered(day);
        let second = Shelf::new(Some(folder.path().into()), &memory, &Key::default());
        assert!(!second.due(day) && second.due(day.succ_opt().unwrap()));
    }

    #[test]
    fn a_file_that_grows_between_two_looks_is_left_for_later() {
        let folder = tempfile::tempdir().unwrap();
        let (whole, part) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        fs::write(&whole, "客户号").unwrap();
        fs::write(&part, "客户号").unwrap();
        let (growing_part, writing) = (part.clone(), std::sync::atomic::AtomicBool::new(true));
        let found = thread::scope(|s| {
            s.spawn(|| {
                while writing.load(std::sync::atomic::Ordering::Relaxed) {
                    use std::io::Write;
                    let mut file = fs::File::options().append(true).open(&growing_part).unwrap();
                    file.write_all(b"x").unwrap();
                }
            });
            let found = growing(&[whole.clone(), part.clone()]);
            writing.store(false, std::sync::atomic::Ordering::Relaxed);
            found
        });
        assert_eq!(found, [part]);
    }
}
