//! The folder of backups: making one, finding the newest, which are removed, a second place for them. How bytes get there is in `copies`;
//! what is said about it, in `commands`.

use super::checked;
use super::copies::{self, Content, Unsound};
use super::fault::Fault;
use super::scratch::Scratch;
use crate::store::anew;
use crate::store::backup::Head;
use crate::store::manifest::{self, FORMAT, Manifest};
use crate::store::open::{File, Station};
use crate::store::rotation;
use crate::store::slots;
use chrono::{NaiveDateTime, TimeDelta, Timelike};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Behind the name of a copy that is being made.
const PART: &str = ".part";

/// Behind the name of a copy that is not whole.
const BAD: &str = ".bad";

/// The folder of backups when none is named: beside the branch file.
pub fn folder(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join("backup")
}

/// Who makes a backup, and when.
#[derive(Debug, Clone)]
pub struct Maker {
    /// Code of the colleague.
    pub by: String,
    /// The workstation.
    pub station: Station,
    /// Local time.
    pub at: NaiveDateTime,
    /// They asked for it.
    pub by_hand: bool,
}

/// Makes a verified backup of an open branch file in `folder`, named after `stem`: copied to this PC, looked over there, then laid into the
/// folder.
///
/// # Errors
/// The copy could not be made, or is not whole; then it is kept under a name that says so.
pub fn make(file: &mut File, folder: &Path, stem: &str, maker: &Maker) -> Result<(PathBuf, Manifest), Fault> {
    let drive = |e: &io::Error| copies::failed(e);
    fs::create_dir_all(folder).map_err(|e| drive(&e))?;
    let scratch = Scratch::new("backup")?;
    let copy = scratch.join("copy.db");
    copies::reserve(&copy).map_err(|e| drive(&e))?;
    let taken = copies::take(file, &copy, &maker.station);
    // Its name is the time at which it was begun.
    let (at, target, part) = reserve(folder, stem, maker.at).map_err(|e| drive(&e))?;
    let laid = taken.and_then(|(survey, content)| copies::lay(&copy, &content, &part).map(|()| (survey, content)));
    let (survey, content) = laid.map_err(|e| {
        let _ = fs::remove_file(&part);
        match e {
            Unsound::Unmade(fault) => fault,
            Unsound::Wrong(why) => broken(&copy, &target, &why),
        }
    })?;
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        file: target.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        at,
        by: maker.by.clone(),
        station: maker.station.name.clone(),
        by_hand: maker.by_hand,
        bytes: content.bytes,
        blake3: content.blake3,
        confirmed: None,
        survey,
    };
    lay_keys(file.path(), &target).map_err(|e| {
        let _ = fs::remove_file(&part);
        drive(&e)
    })?;
    // The manifest first: without its backup it says nothing, while a backup without one would never be removed.
    describe(&target, &manifest).and_then(|()| copies::place(&part, &target)).map_err(|e| {
        let _ = fs::remove_file(&part);
        let _ = fs::remove_file(paper(&target));
        let _ = fs::remove_file(slots::path(&target));
        drive(&e)
    })?;
    Ok((target, manifest))
}

/// Lays the slot file of a branch file beside its copy, where it has one: without it nobody opens the copy again.
///
/// # Errors
/// The drive refuses.
pub fn lay_keys(file: &Path, copy: &Path) -> io::Result<()> {
    let bytes = match fs::read(slots::path(file)) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    let new = copies::with(&slots::path(copy), PART);
    let mut to = anew::file(&new)?;
    to.write_all(&bytes)?;
    to.sync_all()?;
    fs::rename(&new, slots::path(copy))
}

/// Makes a backup of a file of an older version, before its tables are changed: rotation knows it by another name and keeps it for good.
/// `file` is open to read, which changes nothing.
///
/// # Errors
/// As [`make`]: the tables must not be changed then.
pub fn before_migration(file: &mut File, version: i64, maker: &Maker) -> Result<(PathBuf, Manifest), Fault> {
    let stem = format!("{}-v{version}", stem(file.path()));
    let folder = folder(file.path());
    make(file, &folder, &stem, maker)
}

/// What backups of a branch file are named after.
pub fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// A name nobody has yet: of this second or the first free one after it.
fn reserve(folder: &Path, stem: &str, now: NaiveDateTime) -> io::Result<(NaiveDateTime, PathBuf, PathBuf)> {
    let mut at = now.with_nanosecond(0).unwrap_or(now);
    loop {
        let target = folder.join(manifest::name(stem, at));
        let part = copies::with(&target, PART);
        match copies::reserve(&part) {
            Ok(()) if !target.exists() => return Ok((at, target, part)),
            Ok(()) => fs::remove_file(&part)?,
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
        at += TimeDelta::seconds(1);
    }
}

/// Keeps a copy that is not whole under a name that says so.
fn broken(copy: &Path, target: &Path, why: &str) -> Fault {
    tracing::error!(why, "a backup was not verified");
    let bad = copies::with(target, BAD);
    let kept = match anew::file(&bad).and_then(|_| fs::copy(copy, &bad)) {
        Ok(_) => bad.display().to_string(),
        Err(_) => "-".to_owned(),
    };
    let zh = checked::chinese(why);
    Fault::file(
        format!(
            "备份没有通过核对：{zh}。副本留作 {kept}，不要用它恢复。网点文件本身可能已损坏：请先停止写入，用以前的备份做 guitai restore --drill。"
        ),
        format!(
            "The backup was not verified: {why}. The copy is kept as {kept}; do not restore it. The branch file itself may be damaged: stop writing, and try an earlier backup with guitai restore --drill."
        ),
    )
}

/// Where the manifest of a backup lies.
fn paper(backup: &Path) -> PathBuf {
    copies::with(backup, manifest::ENDING)
}

/// Writes the manifest of a backup beside it, whole or not at all.
fn describe(backup: &Path, manifest: &Manifest) -> io::Result<()> {
    let new = copies::with(&paper(backup), PART);
    let mut file = anew::file(&new)?;
    file.write_all(manifest.text()?.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, paper(backup))
}

/// The manifest of a backup, if one of ours lies beside it.
pub fn described(backup: &Path) -> Option<Manifest> {
    let text = fs::read_to_string(paper(backup)).ok()?;
    Manifest::parse(&text, backup.file_name()?.to_str()?)
}

/// A verified backup that is there in its whole length.
fn verified(path: PathBuf) -> Option<(PathBuf, Manifest)> {
    let manifest = described(&path)?;
    fs::metadata(&path).is_ok_and(|there| there.len() == manifest.bytes).then_some((path, manifest))
}

/// What is named as a backup in a folder, oldest first; nothing is opened.
fn named(folder: &Path) -> Vec<(NaiveDateTime, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<_> =
        entries.filter_map(|e| manifest::parts(e.file_name().to_str()?).map(|(_, at)| (at, e.path()))).collect();
    found.sort();
    found
}

/// The newest verified backup in a folder of the branch file that began with this change. Names say which is newest, so that hardly more
/// than one manifest is read.
pub fn newest(folder: &Path, origin: &Head) -> Option<(PathBuf, Manifest)> {
    named(folder).into_iter().rev().filter_map(|(_, path)| verified(path)).find(|(_, m)| m.survey.origin == *origin)
}

/// Whether the next backup is due, `hours` after the last was made or confirmed; none of that age was made by a clock that runs ahead.
/// Zero hours: never by itself.
pub fn due(newest: Option<&Manifest>, hours: u16, now: NaiveDateTime) -> bool {
    let fresh = |m: &Manifest| {
        let age = now - m.good_until();
        age < TimeDelta::hours(hours.into()) && age > -TimeDelta::hours(1)
    };
    hours > 0 && !newest.is_some_and(fresh)
}

/// Whether a folder that gets copies of backups lacks this one.
pub fn lacks(folder: &Path, manifest: &Manifest) -> bool {
    described(&folder.join(&manifest.file)).is_none_or(|there| there.blake3 != manifest.blake3)
}

/// Says of a backup that the file did not change since, after reading it from end to end; `false` when it is not what it was.
///
/// # Errors
/// The drive refuses.
pub fn confirm(backup: &Path, manifest: &Manifest, now: NaiveDateTime) -> io::Result<bool> {
    if copies::content(backup)? != (Content { bytes: manifest.bytes, blake3: manifest.blake3.clone() }) {
        return Ok(false);
    }
    describe(backup, &Manifest { confirmed: Some(now), ..manifest.clone() })?;
    Ok(true)
}

/// Lays a verified backup into another folder too, and removes there what rotation does not keep.
///
/// # Errors
/// It could not be laid there, or is not what its manifest says.
pub fn second(backup: &Path, manifest: &Manifest, folder: &Path) -> Result<(), Fault> {
    let drive = |e: &io::Error| copies::failed(e);
    fs::create_dir_all(folder).map_err(|e| drive(&e))?;
    let target = folder.join(&manifest.file);
    let part = copies::with(&target, PART);
    copies::reserve(&part).map_err(|e| drive(&e))?;
    let content = Content { bytes: manifest.bytes, blake3: manifest.blake3.clone() };
    copies::lay(backup, &content, &part).map_err(|e| {
        let _ = fs::remove_file(&part);
        match e {
            Unsound::Unmade(fault) => fault,
            Unsound::Wrong(why) => Fault::file(
                format!("第二份备份没有写成：{}。请检查 {}。", checked::chinese(&why), folder.display()),
                format!("The second backup was not laid down: {why}. Check {}.", folder.display()),
            ),
        }
    })?;
    lay_keys(backup, &target)
        .and_then(|()| describe(&target, manifest))
        .and_then(|()| copies::place(&part, &target))
        .map_err(|e| drive(&e))?;
    rotate(folder, manifest);
    Ok(())
}

/// Removes the backups of the same branch file that rotation does not keep, never `newest`, nor anything that is not a backup of ours;
/// says how many went.
pub fn rotate(folder: &Path, newest: &Manifest) -> usize {
    let stem = |m: &Manifest| manifest::parts(&m.file).map(|(stem, _)| stem);
    let mut same: Vec<_> = named(folder).into_iter().filter_map(|(_, path)| verified(path)).collect();
    same.retain(|(_, m)| m.survey.origin == newest.survey.origin && stem(m) == stem(newest));
    let times: BTreeSet<_> = same.iter().map(|(_, m)| m.at).collect();
    let kept = rotation::kept(&times);
    let mut gone = 0;
    let stays =
        |m: &Manifest| m.at == newest.at || kept.contains(&m.at) || (m.by_hand && rotation::by_hand(m.at, newest.at));
    for (path, m) in same.iter().filter(|(_, m)| !stays(m)) {
        match fs::remove_file(path).and_then(|()| fs::remove_file(paper(path))) {
            Ok(()) => {
                gone += 1;
                let _ = fs::remove_file(slots::path(path));
            }
            Err(error) => tracing::warn!(%error, at = %m.at, "an old backup was not removed"),
        }
    }
    gone
}

/// Removes what was begun more than a day ago under a name of ours and never finished, and manifests whose backup never came; says how many
/// went.
pub fn sweep(folder: &Path) -> usize {
    let mut gone = 0;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str() else { continue };
        let unfinished = name.strip_suffix(PART).map(|bare| bare.strip_suffix(manifest::ENDING).unwrap_or(bare));
        let unfinished = unfinished.map(|bare| bare.strip_suffix(slots::ENDING).unwrap_or(bare));
        let alone = [manifest::ENDING, slots::ENDING].iter().find_map(|ending| name.strip_suffix(ending));
        let alone = alone.filter(|bare| !folder.join(bare).exists());
        let ours = unfinished.or(alone).is_some_and(|bare| manifest::parts(bare).is_some());
        let old = entry.metadata().and_then(|m| m.modified()).is_ok_and(copies::forgotten);
        if ours && old && fs::remove_file(path).is_ok() {
            gone += 1;
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn two_backups_of_one_second_have_names_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let now = NaiveDateTime::parse_from_str("2026-11-21 23:59:59.5", "%Y-%m-%d %H:%M:%S%.f").unwrap();
        let name = |taken: io::Result<(NaiveDateTime, PathBuf, PathBuf)>| taken.unwrap().1;
        assert_eq!(name(reserve(folder.path(), "a", now)), folder.path().join("a-20261121-235959.db"));
        assert_eq!(name(reserve(folder.path(), "a", now)), folder.path().join("a-20261122-000000.db"));
        // One that is finished is as taken as one being made.
        fs::write(folder.path().join("a-20261122-000001.db"), "").unwrap();
        assert_eq!(name(reserve(folder.path(), "a", now)), folder.path().join("a-20261122-000002.db"));
        assert!(reserve(&folder.path().join("none"), "a", now).is_err());
    }

    #[test]
    fn only_what_is_ours_old_and_unfinished_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (SystemTime::now() - Duration::from_secs(2 * 86_400), SystemTime::now());
        let some = [
            ("a-20261120-080000.db.part", old, true),
            ("a-20261120-080000.db.part", new, false),
            ("a-20261120-080001.db.json.part", old, true),
            ("a-20261120-080002.db.json", old, true),
            ("a-20261120-080003.db", old, false),
            ("a-20261120-080003.db.json", old, false),
            ("a-20261120-080003.db.keys", old, false),
            ("a-20261120-080004.db.keys", old, true),
            ("a-20261120-080004.db.keys.part", old, true),
            ("a-20261120-080004.db.bad", old, false),
            ("my film.part", old, false),
            ("notes.json", old, false),
        ];
        for (name, when, goes) in some {
            let path = folder.path().join(name);
            fs::write(&path, "x").unwrap();
            fs::File::options().write(true).open(&path).unwrap().set_modified(when).unwrap();
            assert_eq!((sweep(folder.path()), path.exists()), (usize::from(goes), !goes), "{name}");
        }
    }
}
