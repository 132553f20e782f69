//! `backup` and `restore`: verified copies of the branch file, and the way back. How bytes are copied is in `run::copies`.

use super::output;
use super::session::{Session, unopened};
use crate::domain::text::Lang;
use crate::run::copies::{self, Unsound};
use crate::run::fault::Fault;
use crate::run::scratch::Scratch;
use crate::run::setting::Setting;
use crate::store::backup::Survey;
use crate::store::manifest::{self, FORMAT, Manifest};
use crate::store::open::{File, Mode};
use crate::store::refuse::OpenError;
use chrono::{NaiveDateTime, TimeDelta, Timelike};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// How a time is shown.
const SHOWN: &str = "%Y-%m-%d %H:%M:%S";

/// `backup`: a copy in `to`, or beside the branch file.
///
/// # Errors
/// The copy could not be made, or is not whole; then it is kept under a name that says so.
pub fn backup(session: &mut Session, setting: &Setting, to: Option<&Path>) -> Result<(), Fault> {
    let station = setting.station();
    let folder = to.map_or_else(|| copies::folder(session.file.path()), Path::to_owned);
    let stem = session.file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    fs::create_dir_all(&folder).map_err(|e| copies::failed(&e))?;
    let (at, target, part) = reserve(&folder, &stem, session.stamp().at).map_err(|e| copies::failed(&e))?;
    let (survey, content) = copies::take(&mut session.file, &part, &station).map_err(|e| match e {
        Unsound::Unmade(fault) => fault,
        Unsound::Wrong(why) => broken(&part, &target, &why),
    })?;
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        file: target.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        at,
        by: session.me.code.clone(),
        station: station.name,
        bytes: content.bytes,
        blake3: content.blake3,
        survey,
    };
    // The manifest first: without its backup it says nothing, while a backup without one would never be removed.
    copies::describe(&target, &manifest).and_then(|()| copies::place(&part, &target)).map_err(|e| {
        let _ = fs::remove_file(&part);
        let _ = fs::remove_file(copies::with(&target, manifest::ENDING));
        copies::failed(&e)
    })?;
    let gone = copies::rotate(&folder, &manifest);
    let (path, held) = (target.display(), holds(&manifest.survey, session.lang));
    let bytes = manifest.bytes;
    output::print(&match session.lang {
        Lang::Zh => format!("已备份并核对：{path}\n{held}，{bytes} 字节；按规则删去旧备份 {gone} 份\n"),
        Lang::En => {
            format!("Backed up and verified: {path}\n{held}, {bytes} bytes; {gone} old backups removed by rotation\n")
        }
    })
}

/// A name nobody has yet: of this second or the first free one after it.
fn reserve(folder: &Path, stem: &str, now: NaiveDateTime) -> io::Result<(NaiveDateTime, PathBuf, PathBuf)> {
    let mut at = now.with_nanosecond(0).unwrap_or(now);
    loop {
        let target = folder.join(manifest::name(stem, at));
        let part = copies::with(&target, ".part");
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
fn broken(part: &Path, target: &Path, why: &str) -> Fault {
    tracing::error!(why, "a backup was not verified");
    let bad = copies::with(target, ".bad");
    let kept = if copies::place(part, &bad).is_ok() { bad } else { part.to_owned() };
    let kept = kept.display();
    Fault::file(
        format!(
            "备份没有通过核对：{why}。副本留作 {kept}，不要用它恢复。网点文件本身可能已损坏：请先停止写入，用以前的备份做 guitai restore --drill。"
        ),
        format!(
            "The backup was not verified: {why}. The copy is kept as {kept}; do not restore it. The branch file itself may be damaged: stop writing, and try an earlier backup with guitai restore --drill."
        ),
    )
}

/// `restore FILE`: back into a new file, after the copy was verified.
///
/// # Errors
/// The new file is there already, or the backup is not whole.
pub fn restore(setting: &Setting, source: &Path, to: Option<&Path>) -> Result<(), Fault> {
    let lang = setting.tongue();
    let target = to.map_or_else(|| setting.file(), |p| Ok(p.to_owned()))?;
    free(&target)?;
    let part = copies::with(&target, &format!(".{}.part", std::process::id()));
    let (survey, manifest) = fetch(setting, source, &part)?;
    // Reserved only now, and renamed over at once: nothing of a colleague's is ever replaced.
    let placed = free(&target)
        .and_then(|()| copies::reserve(&target).map_err(|e| occupied(&target, &e)))
        .and_then(|()| copies::place(&part, &target).map_err(|e| copies::failed(&e)));
    if let Err(fault) = placed {
        let _ = fs::remove_file(&part);
        return Err(fault);
    }
    let (path, held, paper) = (target.display(), holds(&survey, lang), paper(manifest.as_ref(), lang));
    output::print(&match lang {
        Lang::Zh => format!("已核对并恢复到 {path}\n{held}；{paper}\n"),
        Lang::En => format!("Verified and restored to {path}\n{held}; {paper}\n"),
    })
}

/// `restore --drill`: the newest backup, or the one named, into a scratch folder and through all checks, beside the file in use.
///
/// # Errors
/// There is no backup, it is not whole, or it is none of this file.
pub fn drill(setting: &Setting, named: Option<&Path>) -> Result<(), Fault> {
    let lang = setting.tongue();
    let path = setting.file()?;
    let mut live = File::open(&path, Mode::Read, &setting.station()).map_err(|e| unopened(&e))?;
    let source = match named {
        Some(source) => source.to_owned(),
        None => newest(&mut live)?.ok_or_else(|| none(&copies::folder(&path)))?.0,
    };
    let scratch = Scratch::new("drill")?;
    let (survey, manifest) = fetch(setting, &source, &scratch.join("drill.db"))?;
    let backup = source.display();
    let Some(behind) = live.behind(&survey.head)? else {
        let seq = survey.head.seq;
        return Err(Fault::refused(
            format!(
                "演练没有通过：备份 {backup} 完好，但它的变更 {seq} 不在现用文件里。现用文件可能被换过或退回过，请查明后再用。"
            ),
            format!(
                "The drill failed: the backup {backup} is whole, but its change {seq} is not in the file in use, which may have been exchanged or put back. Find out before going on."
            ),
        ));
    };
    let (held, paper) = (holds(&survey, lang), paper(manifest.as_ref(), lang));
    output::print(&match lang {
        Lang::Zh => {
            format!("演练通过：{backup}\n{held}；{paper}\n能恢复，链头在现用文件里；现用文件比它多 {behind} 项变更\n")
        }
        Lang::En => format!(
            "The drill passed: {backup}\n{held}; {paper}\nIt can be restored, and its last change is in the file in use, which has {behind} more\n"
        ),
    })
}

/// The newest verified backup of an open file in the usual folder.
///
/// # Errors
/// What the file says.
pub fn newest(file: &mut File) -> Result<Option<(PathBuf, Manifest)>, Fault> {
    let origin = file.origin()?;
    let mut found = copies::listed(&copies::folder(file.path()));
    found.retain(|(_, m)| m.survey.origin == origin);
    Ok(found.pop())
}

/// Copies a backup into `part` and verifies it: by itself, and by its manifest where it has one.
fn fetch(setting: &Setting, source: &Path, part: &Path) -> Result<(Survey, Option<Manifest>), Fault> {
    let station = setting.station();
    let shown = source.display();
    let unsound = |why: String| {
        let _ = fs::remove_file(part);
        Fault::file(
            format!("{shown} 没有通过核对：{why}。没有恢复，请换一份备份。"),
            format!("{shown} was not verified: {why}. Nothing was restored; take another backup."),
        )
    };
    if !source.exists() {
        return Err(Fault::file(
            format!("找不到备份 {shown}。请检查路径。"),
            format!("There is no backup {shown}. Check the path."),
        ));
    }
    let mut file = File::open(source, Mode::Read, &station).map_err(|e| unopened(&e))?;
    copies::reserve(part).map_err(|e| copies::failed(&e))?;
    let (survey, content) = copies::take(&mut file, part, &station).map_err(|e| match e {
        Unsound::Unmade(fault) => fault,
        Unsound::Wrong(why) => unsound(why),
    })?;
    let manifest = copies::described(source);
    let differs =
        manifest.as_ref().is_some_and(|m| m.survey != survey || m.bytes != content.bytes || m.blake3 != content.blake3);
    if differs {
        return Err(unsound("it is not what its manifest says".to_owned()));
    }
    Ok((survey, manifest))
}

/// Refuses a name that is taken, and one beside which the journal of another file lies: SQLite would play it into the new one.
fn free(target: &Path) -> Result<(), Fault> {
    if fs::symlink_metadata(target).is_ok() {
        return Err(unopened(&OpenError::Exists(target.to_owned())));
    }
    for ending in ["-journal", "-wal"] {
        let left = copies::with(target, ending);
        if fs::metadata(&left).is_ok_and(|m| m.len() > 0) {
            let left = left.display();
            return Err(Fault::refused(
                format!("{left} 属于原来的文件，会破坏恢复出来的文件。请把它和原来的文件移到一起，再恢复。"),
                format!(
                    "{left} belongs to the file that was there and would spoil the restored one. Move it to where that file went, then restore."
                ),
            ));
        }
    }
    Ok(())
}

fn occupied(target: &Path, e: &io::Error) -> Fault {
    match e.kind() {
        ErrorKind::AlreadyExists => unopened(&OpenError::Exists(target.to_owned())),
        _ => copies::failed(e),
    }
}

fn none(folder: &Path) -> Fault {
    let folder = folder.display();
    Fault::file(
        format!("{folder} 里没有这个文件的备份。请先运行 guitai backup，或写出备份文件。"),
        format!("There is no backup of this file in {folder}. Run guitai backup first, or name a backup."),
    )
}

/// What a whole file holds, in words.
fn holds(survey: &Survey, lang: Lang) -> String {
    let customers = survey.rows.get("customer").copied().unwrap_or_default();
    let (branch, seq) = (&survey.branch, survey.head.seq);
    match lang {
        Lang::Zh => format!("{branch}，客户 {customers} 人，变更 {seq} 项"),
        Lang::En => format!("{branch}, {customers} customers, {seq} changes"),
    }
}

/// When a backup was made, or that nothing says so.
fn paper(manifest: Option<&Manifest>, lang: Lang) -> String {
    match (manifest, lang) {
        (Some(m), Lang::Zh) => format!("{} 由 {} 备份，与清单相符", m.at.format(SHOWN), m.by),
        (Some(m), Lang::En) => format!("backed up {} by {}, as its manifest says", m.at.format(SHOWN), m.by),
        (None, Lang::Zh) => "旁边没有清单，只核对了文件本身".to_owned(),
        (None, Lang::En) => "no manifest beside it, only the file itself was checked".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
