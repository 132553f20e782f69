//! What this PC remembers of a branch file's change log, and the heads laid into the folder of seals: both outside the file, so that a file
//! that was put back, cut short or exchanged is noticed. What is compared is said in `store::anchor`.

use super::fault::Fault;
use super::keep;
use super::places::Places;
use super::setting::Setting;
use crate::store::anchor::{Anchor, ENDING, Seal, Standing};
use crate::store::anew;
use crate::store::open::File;
use crate::store::request::{Answer, Ask, Failure};
use crate::store::workbench;
use chrono::{NaiveDateTime, TimeDelta};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Seals of one file are this far apart, so that thirty workstations do not lay the same one.
const BETWEEN: TimeDelta = TimeDelta::hours(1);

/// A file of seals is never longer; what is behind is not ours.
const LONGEST: u64 = 4 << 20;

/// Where the memory of a branch file lies.
fn place(places: &Places, file: &Path) -> PathBuf {
    places.drafts(file).with_extension("head.json")
}

/// What is remembered of a branch file.
pub fn remembered(places: &Places, file: &Path) -> Option<Anchor> {
    keep::read(&place(places, file)).and_then(|text| Anchor::parse(&text))
}

/// Forgets it: another file was made there on purpose, at this PC.
pub fn forget(places: &Places, file: &Path) {
    keep::forget(&place(places, file));
}

/// How an open file stands to what this PC remembers of it. A file that has everything is remembered anew.
///
/// # Errors
/// What the file says.
pub fn look(places: &Places, file: &mut File, now: NaiveDateTime) -> Result<(Standing, Option<Anchor>), Failure> {
    let path = file.path().to_owned();
    let known = remembered(places, &path);
    let standing = known.as_ref().map_or(Ok(Standing::Held), |anchor| file.stands(anchor))?;
    if matches!(standing, Standing::Held | Standing::Turned(_)) {
        let newer = file.anchor(now)?;
        let same = known.as_ref().is_some_and(|k| (k.seq, &k.hash) == (newer.seq, &newer.hash));
        let kept = serde_json::to_string(&newer).map_err(|e| Failure::Drive(e.to_string()))?;
        if !same && let Err(error) = keep::write(&place(places, &path), &kept) {
            tracing::warn!(%error, "the head of the log is not remembered on this PC");
        }
    }
    Ok((standing, known))
}

/// Lays the head of an open file into the folder of seals, if the config names one and the last was laid a while ago.
///
/// # Errors
/// The folder does not take it.
pub fn seal(setting: &Setting, file: &mut File, now: NaiveDateTime) -> Result<bool, Fault> {
    let Some(folder) = setting.config.audit.seal.as_deref() else { return Ok(false) };
    let branch = match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
        Answer::Workbench(workbench::Answer::Opened(opened)) => opened.branch,
        Answer::Failed(failure) => return Err(failure.into()),
        _ => String::new(),
    };
    let seal = Seal { anchor: file.anchor(now)?, branch, station: setting.station().name };
    lay(folder, &seal).map_err(|e| unlaid(folder, &e))
}

/// Adds a seal to the file of its day; `false` when there is one already that is new enough. Nothing in the folder is ever changed.
///
/// # Errors
/// The folder does not take it.
pub fn lay(folder: &Path, seal: &Seal) -> io::Result<bool> {
    let path = folder.join(seal.name());
    if anew::is_link(&path) {
        return Err(io::Error::other("a link lies there"));
    }
    // A folder to which one may only add may not be read either: then one more is laid.
    let last = lines(&path).unwrap_or_default().into_iter().filter_map(|(_, seal)| seal).next_back();
    let fresh = |last: &Seal| {
        let age = seal.anchor.at - last.anchor.at;
        last.anchor.hash == seal.anchor.hash || (age >= TimeDelta::zero() && age < BETWEEN)
    };
    if last.as_ref().is_some_and(fresh) {
        return Ok(false);
    }
    // Behind a line that a power cut left without its end, another begins.
    let cut = fs::read(&path).is_ok_and(|bytes| bytes.last().is_some_and(|b| *b != b'\n'));
    let line = format!("{}{}\n", if cut { "\n" } else { "" }, serde_json::to_string(seal)?);
    let mut file = fs::OpenOptions::new().append(true).create(true).open(path)?;
    // In one piece: others may be adding too.
    file.write_all(line.as_bytes())?;
    file.sync_all()?;
    Ok(true)
}

/// A line of a file of seals: its number, and what it says if it can be read.
type Line = (usize, Option<Seal>);

/// The lines of a file of seals.
fn lines(path: &Path) -> io::Result<Vec<Line>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok((1..).zip(text.lines()).filter(|(_, l)| !l.trim().is_empty()).map(|(n, l)| (n, Seal::parse(l))).collect())
}

/// Everything in the folder of seals, by file and line, oldest day first.
///
/// # Errors
/// The folder cannot be read.
pub fn seals(folder: &Path) -> Result<Vec<(String, usize, Option<Seal>)>, Fault> {
    let failed = |e: io::Error| unread(folder, &e);
    let mut names: Vec<String> = fs::read_dir(folder)
        .map_err(failed)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(ENDING))
        .collect();
    names.sort();
    let mut found = Vec::new();
    for name in names {
        for (n, seal) in lines(&folder.join(&name)).map_err(failed)? {
            found.push((name.clone(), n, seal));
        }
    }
    Ok(found)
}

fn unlaid(folder: &Path, e: &io::Error) -> Fault {
    let shown = folder.display();
    Fault::file(
        format!("日志封存写不进 {shown}（{e}）。请检查配置里的 audit.seal：各工作站要能在这个文件夹里添加文件。"),
        format!(
            "The head of the log cannot be laid into {shown} ({e}). Check audit.seal in the config: workstations must be able to add files there."
        ),
    )
}

fn unread(folder: &Path, e: &io::Error) -> Fault {
    let shown = folder.display();
    Fault::file(
        format!("封存文件夹 {shown} 读不了（{e}）。请检查配置里的 audit.seal。"),
        format!("The folder of seals {shown} cannot be read ({e}). Check audit.seal in the config."),
    )
}

/// Why a file is not to be written that stands otherwise than this PC remembers; nothing when it stands well.
pub fn refusal(standing: &Standing, known: Option<&Anchor>) -> Option<Fault> {
    let (seq, at) = known.map(|a| (a.seq, a.at.format("%Y-%m-%d %H:%M").to_string())).unwrap_or_default();
    match standing {
        Standing::Held | Standing::Turned(_) => None,
        Standing::Lacking => Some(Fault::file(
            format!(
                "网点文件里没有本机 {at} 见过的变更 {seq}：可能换成了旧备份，可能有人截断了日志，也可能共享盘丢了保存。请先不要录入，运行 guitai verify 查明；确实要用这个文件，请网点经理或合规运行 guitai verify --accept 理由。"
            ),
            format!(
                "The branch file lacks change {seq}, which this PC saw on {at}: an older backup was put there, somebody cut the log short, or the drive lost saves. Enter nothing; find out with guitai verify. If this file is to be used, the branch manager or compliance says so: guitai verify --accept REASON."
            ),
        )),
        Standing::Other => Some(Fault::file(
            format!(
                "这里的网点文件不是本机 {at} 用过的那一个（第一条变更不同）。请先不要录入，核对路径；确实换了文件，请网点经理或合规运行 guitai verify --accept 理由。"
            ),
            format!(
                "The branch file is not the one this PC used on {at}: its first change is another. Enter nothing and check the path. If it was exchanged on purpose, the branch manager or compliance says so: guitai verify --accept REASON."
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn seal(hour: u32, hash: &str) -> Seal {
        let at = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap().and_hms_opt(hour, 0, 0).unwrap();
        let anchor =
            Anchor { file: "ab".repeat(32), seq: i64::from(hour), hash: hash.to_owned(), at, turns: Vec::new() };
        Seal { anchor, branch: "道真".to_owned(), station: "PC-1".to_owned() }
    }

    #[test]
    fn seals_of_a_day_are_added_one_behind_the_other_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        assert!(lay(folder.path(), &seal(8, "a")).unwrap());
        assert!(!lay(folder.path(), &seal(8, "b")).unwrap(), "another workstation, a moment later");
        assert!(!lay(folder.path(), &seal(10, "a")).unwrap(), "nothing was written since");
        assert!(lay(folder.path(), &seal(9, "b")).unwrap());
        assert!(lay(folder.path(), &seal(7, "c")).unwrap(), "a clock set back is no reason to lay none");
        let found = seals(folder.path()).unwrap();
        assert_eq!(
            found.iter().map(|(name, n, _)| (name.as_str(), *n)).collect::<Vec<_>>(),
            [
                ("2026-11-28-abababababababab.seal", 1),
                ("2026-11-28-abababababababab.seal", 2),
                ("2026-11-28-abababababababab.seal", 3),
            ]
        );
        assert_eq!(
            found.iter().filter_map(|(.., s)| s.as_ref()).map(|s| s.anchor.hash.as_str()).collect::<String>(),
            "abc"
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_given_back_as_such() {
        let folder = tempfile::tempdir().unwrap();
        lay(folder.path(), &seal(8, "a")).unwrap();
        let path = folder.path().join(seal(8, "a").name());
        fs::write(&path, [fs::read(&path).unwrap(), b"{\"file\":\n\xff\xfe\n".to_vec()].concat()).unwrap();
        fs::write(folder.path().join("notes.txt"), "x").unwrap();
        let found = seals(folder.path()).unwrap();
        assert_eq!(
            found.iter().map(|(_, n, s)| (*n, s.is_some())).collect::<Vec<_>>(),
            [(1, true), (2, false), (3, false)]
        );
        assert!(seals(&folder.path().join("none")).is_err());
        assert!(lay(&folder.path().join("none"), &seal(9, "b")).is_err());
    }
}
