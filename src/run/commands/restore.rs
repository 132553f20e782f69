//! `restore`: the way back from a backup, and the drill that tries it. How copies are made is in `run::copies`.

use super::output;
use super::restorer::{self, Restorer};
use super::session::{Session, unopened};
use crate::domain::staff::Staff;
use crate::domain::text::Lang;
use crate::run::args::Restore;
use crate::run::backups;
use crate::run::checked;
use crate::run::copies::{self, Content, Unsound};
use crate::run::fault::Fault;
use crate::run::scratch::Scratch;
use crate::run::setting::Setting;
use crate::run::targets;
use crate::store::backup::Survey;
use crate::store::drill::Drill;
use crate::store::drive::ground;
use crate::store::key::Key;
use crate::store::manifest::Manifest;
use crate::store::open::{File, Mode, Station};
use crate::store::refuse::OpenError;
use crate::store::request::Stamp;
use crate::store::slots::{self, disk};
use chrono::TimeDelta;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// How a time is shown.
const SHOWN: &str = "%Y-%m-%d %H:%M:%S";

/// Days after which the newest backup is tried again by itself (drive.md 7).
const DRILL: i64 = 7;

/// `restore FILE`: back into a new file, after a copy on this PC was verified; by two people.
///
/// # Errors
/// The new file is there already, who asks may not or is alone, or the backup is not whole.
pub fn restore(setting: &Setting, wanted: &Restore) -> Result<(), Fault> {
    let lang = setting.tongue();
    let source = wanted.file.as_deref().unwrap_or_else(|| Path::new(""));
    let target = match (wanted.to.as_deref(), setting.file()) {
        (Some(named), Ok(branch)) if ground::whole(named) != ground::whole(&branch) => targets::beside(&branch, named)?,
        (Some(named), _) => named.to_owned(),
        (None, branch) => branch?,
    };
    free(&target)?;
    there(source)?;
    let second = wanted.second.as_deref();
    let known = if wanted.recovery { None } else { restorer::in_use(setting, (source, &target), second)? };
    let (by, (station, given)) = match known {
        Some((by, station)) => (Some(by), (station, None)),
        None if wanted.recovery => (None, (restorer::recovered(setting, source)?, None)),
        None => (None, restorer::opener(setting, source)?),
    };
    let scratch = Scratch::new("restore")?;
    let copy = scratch.join("copy.db");
    let fetched = fetch(source, &copy, &station)?;
    let mut file = migrated(&copy, &station)?;
    let opened = restorer::staff(&mut file)?;
    let by = match by {
        Some(by) => by,
        None if wanted.recovery => restorer::by_code(setting, &opened.staff),
        None => {
            let day = fetched.manifest.as_ref().map_or_else(|| setting.clock.today(), |m| m.at.date());
            restorer::of_backup(setting, (&mut file, source), &opened, (given.as_ref(), second), day)?
        }
    };
    let content = signed(setting, source, (file, &copy), (&fetched.survey, &by, &opened.staff))?;
    if station.key.is_some() {
        // Before the file: without it nobody opens that one.
        slots_back(source, &target, &station.key)?;
    }
    settle(&copy, &content, &target, |e| unsound(source, e))?;
    let (path, held, paper) = (target.display(), holds(&fetched.survey, lang), paper(fetched.manifest.as_ref(), lang));
    output::print(&match lang {
        Lang::Zh => format!("已核对并恢复到 {path}\n{held}；{paper}\n"),
        Lang::En => format!("Verified and restored to {path}\n{held}; {paper}\n"),
    })
}

/// A copy opened to write, brought up to date where an older program made it.
fn migrated(copy: &Path, station: &Station) -> Result<File, Fault> {
    match File::open(copy, Mode::Write, station) {
        Err(OpenError::Older { .. }) => {
            File::migrate(copy, &station.key).and_then(|()| File::open(copy, Mode::Write, station))
        }
        other => other,
    }
    .map_err(|e| unopened(&e))
}

/// Writes into the copy that it was restored, by whom and from what: workstations that remember later changes know then that these were given
/// up on purpose.
fn signed(
    setting: &Setting,
    source: &Path,
    (mut file, copy): (File, &Path),
    (survey, by, staff): (&Survey, &Restorer, &[Staff]),
) -> Result<Content, Fault> {
    let name = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let what = by.code().map_or_else(|| name.clone(), |code| format!("{name} {code}"));
    let stamp = Stamp::new(by.id(staff), setting.clock.now(), setting.clock.today());
    let why = match setting.tongue() {
        Lang::Zh => format!("恢复备份 {name}"),
        Lang::En => format!("restored from {name}"),
    };
    file.turn_back_by(survey.head.seq, &what, &why, (&by.edits(staff), &stamp))?;
    drop(file);
    copies::content(copy).map_err(|e| copies::failed(&e))
}

/// What opens a backup or a damaged file: nothing for a plain one; for an encrypted one somebody gives number and password as of when it was
/// made.
///
/// # Errors
/// Nobody gives them, or they are wrong.
pub fn opener(setting: &Setting, source: &Path) -> Result<Station, Fault> {
    restorer::opener(setting, source).map(|(station, _)| station)
}

/// Puts the slot file of a backup beside where it is restored; a newer one of the same file that lies there already stays: who left since
/// stays out.
///
/// # Errors
/// It cannot be read or written.
pub fn slots_back(source: &Path, target: &Path, key: &Key) -> Result<(), Fault> {
    let refused = |e: slots::SlotError| Fault::Refused(e.complaint());
    let (back, there) = (disk::read(&slots::path(source)).map_err(refused)?, slots::path(target));
    let newer = disk::read(&there).is_ok_and(|old| {
        let (old, back) = (old.seal(), back.seal());
        old.file == back.file && old.version > back.version
    });
    if newer { Ok(()) } else { disk::replace(&there, key, &back).map_err(refused) }
}

/// Puts a file that was verified on this PC where it shall be.
///
/// # Errors
/// Somebody put something there, or the drive refuses.
pub fn settle(
    copy: &Path,
    content: &Content,
    target: &Path,
    unsound: impl FnOnce(Unsound) -> Fault,
) -> Result<(), Fault> {
    let part = copies::part(target);
    copies::reserve(&part).map_err(|e| copies::failed(&e))?;
    // Reserved only now, and renamed over at once: nothing of a colleague's is ever replaced.
    let placed = copies::lay(copy, content, &part)
        .map_err(unsound)
        .and_then(|()| free(target))
        .and_then(|()| copies::reserve(target).map_err(|e| occupied(target, &e)))
        .and_then(|()| copies::place(&part, target).map_err(|e| copies::failed(&e)));
    placed.inspect_err(|_| {
        let _ = fs::remove_file(&part);
    })
}

/// Whether the newest backup was not tried for a week.
///
/// # Errors
/// The store fails.
pub fn weekly(session: &mut Session) -> Result<bool, Fault> {
    let now = session.stamp().at;
    Ok(session.file.last_drill()?.is_none_or(|last| now - last.at >= TimeDelta::days(DRILL) || last.at > now))
}

/// `restore --drill`: tries the newest backup, or the one named.
///
/// # Errors
/// There is no backup, it is not whole, or it is none of this file.
pub fn drill(session: &mut Session, setting: &Setting, named: Option<&Path>) -> Result<(), Fault> {
    let lang = session.lang;
    let source = match named {
        Some(source) => source.to_owned(),
        None => newest(&mut session.file)?.ok_or_else(|| none(&backups::folder(session.file.path())))?.0,
    };
    let (fetched, behind) = tried(session, setting, &source)?;
    let backup = source.display();
    let (held, paper) = (holds(&fetched.survey, lang), paper(fetched.manifest.as_ref(), lang));
    output::print(&match lang {
        Lang::Zh => {
            format!("演练通过：{backup}\n{held}；{paper}\n能恢复，链头在现用文件里；现用文件比它多 {behind} 项变更\n")
        }
        Lang::En => format!(
            "The drill passed: {backup}\n{held}; {paper}\nIt can be restored, and its last change is in the file in use, which has {behind} more\n"
        ),
    })
}

/// Tries a backup: into a scratch folder and through all checks, beside the file in use, whose change log gets what came of it.
///
/// # Errors
/// It is not whole, or it is none of this file.
pub fn tried(session: &mut Session, setting: &Setting, source: &Path) -> Result<(Fetched, u64), Fault> {
    let tried = try_out(session, setting, source);
    let stamp = session.stamp();
    let file = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let drill = Drill { at: stamp.at, file, passed: tried.is_ok() };
    if let Err(failure) = session.file.drilled(&drill, &stamp) {
        tracing::warn!(%failure, ?drill, "a drill was not logged");
    }
    tried
}

/// Fetches a backup into a scratch folder; says how far the file in use went on since.
fn try_out(session: &mut Session, setting: &Setting, source: &Path) -> Result<(Fetched, u64), Fault> {
    let scratch = Scratch::new("drill")?;
    // A backup may be from before the file got another key.
    let keys = session.file.keys()?;
    let copy = scratch.join("drill.db");
    let station = restorer::opens(setting, source, &keys).map_or_else(|| setting.station(), |(station, _)| station);
    let fetched = fetch(source, &copy, &station)?;
    let backup = source.display();
    let seq = fetched.survey.head.seq;
    let behind = session.file.behind(&fetched.survey.head)?.ok_or_else(|| {
        Fault::refused(
            format!(
                "演练没有通过：备份 {backup} 完好，但它的变更 {seq} 不在现用文件里。现用文件可能被换过或退回过，请查明后再用。"
            ),
            format!(
                "The drill failed: the backup {backup} is whole, but its change {seq} is not in the file in use, which may have been exchanged or put back. Find out before going on."
            ),
        )
    })?;
    Ok((fetched, behind))
}

/// The newest verified backup of an open file in the usual folder.
///
/// # Errors
/// What the file says.
pub fn newest(file: &mut File) -> Result<Option<(PathBuf, Manifest)>, Fault> {
    let origin = file.origin()?;
    Ok(backups::newest(&backups::folder(file.path()), &origin))
}

/// A backup that was copied to this PC and verified there.
pub struct Fetched {
    survey: Survey,
    manifest: Option<Manifest>,
}

/// What is wrong with a backup, in words.
fn unsound(source: &Path, unsound: Unsound) -> Fault {
    let shown = source.display();
    match unsound {
        Unsound::Unmade(fault) => fault,
        Unsound::Wrong(why) => Fault::file(
            format!("{shown} 没有通过核对：{}。没有恢复，请换一份备份。", checked::chinese(&why)),
            format!("{shown} was not verified: {why}. Nothing was restored; take another backup."),
        ),
    }
}

fn there(source: &Path) -> Result<(), Fault> {
    if source.exists() {
        return Ok(());
    }
    let shown = source.display();
    Err(Fault::file(
        format!("找不到备份 {shown}。请检查路径。"),
        format!("There is no backup {shown}. Check the path."),
    ))
}

/// Copies a backup to `copy` on this PC and verifies it: by itself, and by its manifest where it has one.
fn fetch(source: &Path, copy: &Path, station: &Station) -> Result<Fetched, Fault> {
    there(source)?;
    let mut file = File::open(source, Mode::Read, station).map_err(|e| unopened(&e))?;
    copies::reserve(copy).map_err(|e| copies::failed(&e))?;
    let (survey, content) = copies::take(&mut file, copy, station).map_err(|e| unsound(source, e))?;
    let manifest = backups::described(source);
    let differs =
        manifest.as_ref().is_some_and(|m| m.survey != survey || m.bytes != content.bytes || m.blake3 != content.blake3);
    if differs {
        return Err(unsound(source, Unsound::Wrong("it is not what its manifest says".to_owned())));
    }
    Ok(Fetched { survey, manifest })
}

/// Refuses a name that is taken, and one beside which the journal of another file lies: SQLite would play it into the new one.
///
/// # Errors
/// What is in the way.
pub fn free(target: &Path) -> Result<(), Fault> {
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

/// When a backup was made, or that nothing says so.
fn paper(manifest: Option<&Manifest>, lang: Lang) -> String {
    match (manifest, lang) {
        (Some(m), Lang::Zh) => format!("{} 由 {} 备份，与清单相符", m.at.format(SHOWN), m.by),
        (Some(m), Lang::En) => format!("backed up {} by {}, as its manifest says", m.at.format(SHOWN), m.by),
        (None, Lang::Zh) => "旁边没有清单，只核对了文件本身".to_owned(),
        (None, Lang::En) => "no manifest beside it, only the file itself was checked".to_owned(),
    }
}

/// What a whole file holds, in words.
pub fn holds(survey: &Survey, lang: Lang) -> String {
    let customers = survey.rows.get("customer").copied().unwrap_or_default();
    let (branch, seq) = (&survey.branch, survey.head.seq);
    match lang {
        Lang::Zh => format!("{branch}，客户 {customers} 人，变更 {seq} 项"),
        Lang::En => format!("{branch}, {customers} customers, {seq} changes"),
    }
}
