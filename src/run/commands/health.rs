//! What `doctor` says of what is kept: tables, log and clock of the branch file, its backups, and the drafts and saves on this PC. What it
//! says of the drive is in `drive`.

use super::finding::{Finding, State};
use super::restore;
use super::session::Session;
use crate::app::panes::archive::parked::{Drafts, Parked};
use crate::app::words::drive::OLD_BACKUP;
use crate::domain::text::{Lang, Text, t};
use crate::run::keep::{self, Kept};
use crate::run::setting::Setting;
use crate::run::{copies, drafts};
use crate::store::outbox::Outbox;
use crate::store::{anew, slots};
use chrono::{DateTime, Local, NaiveDateTime, TimeDelta};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Minutes that clocks may differ: by more, contacts and drafts of colleagues stand in the wrong order.
const APART: i64 = 2;
/// Days after which a drill is old: one is made each week.
const DRILL: i64 = 14;

/// How a time is shown.
const SHOWN: &str = "%Y-%m-%d %H:%M";

/// A finding without its name.
type Said = (State, String);

/// Everything.
pub fn of(setting: &Setting, session: &mut Session, lang: Lang) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |check, label: Text, (state, text): Said| found.push(Finding { check, state, text, label });
    add("schema", t("表结构", "Tables"), schema(session, lang));
    add("encryption", t("加密", "Encryption"), encryption(session, lang));
    add("log", t("变更记录", "Change log"), log(session, lang));
    add("clock", t("时钟", "Clock"), clock(setting, session, lang));
    add("backup", t("备份", "Backup"), backed_up(session, lang));
    add("drill", t("恢复演练", "Drill"), drilled(session, lang));
    let folder = setting.places.drafts(session.file.path());
    add("drafts", t("草稿", "Drafts"), drafts(&folder, session, lang));
    add("outbox", t("待存", "Outbox"), outbox(&folder, session, lang));
    found
}

fn schema(session: &mut Session, lang: Lang) -> Said {
    match (session.file.schema(), lang) {
        (Err(failure), _) => (State::Bad, failure.to_string()),
        (Ok((found, known)), _) if found == known => (State::Ok, found.to_string()),
        (Ok((found, known)), Lang::Zh) => (State::Warn, format!("{found}，本程序用 {known}，打开工作台时升级")),
        (Ok((found, known)), Lang::En) => (
            State::Warn,
            format!("{found}; this program uses {known} and brings it up to date when the workbench opens"),
        ),
    }
}

/// Whether the pages are encrypted, and who has a key.
fn encryption(session: &mut Session, lang: Lang) -> Said {
    if !session.file.key().is_some() {
        let text = t(
            "未加密：谁能复制文件，谁就能看客户。要加密请用 guitai encrypt",
            "plain: whoever can copy the file can read its customers; guitai encrypt encrypts it",
        );
        return (State::Ok, text.get(lang).to_owned());
    }
    match (slots::disk::read(&slots::path(session.file.path())), lang) {
        (Err(e), _) => (State::Bad, e.complaint().get(lang).to_owned()),
        (Ok(slots), Lang::Zh) => (State::Ok, format!("已加密，{} 人有密码", slots.staff().count())),
        (Ok(slots), Lang::En) => {
            (State::Ok, format!("encrypted; {} of the staff have a password", slots.staff().count()))
        }
    }
}

fn log(session: &mut Session, lang: Lang) -> Said {
    let ends = match session.file.ends() {
        Ok(ends) => ends,
        Err(failure) => return (State::Bad, failure.to_string()),
    };
    let (seq, at, station) = (ends.seq, ends.at.format(SHOWN), &ends.station);
    match (ends.op.filter(|op| *op > seq), lang) {
        (None, Lang::Zh) => (State::Ok, format!("到 {seq}，{at} {station}")),
        (None, Lang::En) => (State::Ok, format!("up to {seq}, {at} {station}")),
        (Some(op), Lang::Zh) => {
            (State::Bad, format!("到 {seq}，但有一笔保存记为 {op}：少了变更，请停止写入，用备份对照"))
        }
        (Some(op), Lang::En) => (
            State::Bad,
            format!(
                "up to {seq}, but a save was given {op}: changes are missing; stop writing and compare with a backup"
            ),
        ),
    }
}

/// This PC's clock against the drive's, and against the colleague who saved last.
fn clock(setting: &Setting, session: &mut Session, lang: Lang) -> Said {
    if !setting.clock.is_real() {
        return (State::Ok, setting.clock.now().format(SHOWN).to_string());
    }
    let now = setting.clock.now();
    let drive = drive_time(session.file.path()).map(|at| now - at);
    let last = session.file.ends().ok().filter(|e| e.seq > 0).map(|e| e.at - now);
    let far = |apart: TimeDelta| apart.abs() > TimeDelta::minutes(APART);
    let minutes = |apart: TimeDelta| apart.num_minutes();
    match (drive.filter(|d| far(*d)), last.filter(|l| *l > TimeDelta::minutes(APART)), lang) {
        (Some(apart), _, Lang::Zh) => (State::Warn, format!("和共享盘差 {} 分钟，请校准本机时间", minutes(apart))),
        (Some(apart), _, Lang::En) => {
            (State::Warn, format!("{} minutes off the drive's; set the time of this PC", minutes(apart)))
        }
        (_, Some(ahead), Lang::Zh) => {
            (State::Warn, format!("最近一次变更的时间在 {} 分钟以后：本机慢了，或那台工作站快了", minutes(ahead)))
        }
        (_, Some(ahead), Lang::En) => (
            State::Warn,
            format!(
                "the last change was made {} minutes from now: this clock is slow, or that one fast",
                minutes(ahead)
            ),
        ),
        (None, None, _) => (State::Ok, now.format(SHOWN).to_string()),
    }
}

/// The time the drive gives a file written now, in a folder of ours beside the branch file; nothing where there is none yet.
fn drive_time(path: &Path) -> Option<NaiveDateTime> {
    let folders = [copies::with(path, ".ws"), crate::run::backups::folder(path)];
    let folder = folders.into_iter().find(|f| f.is_dir())?;
    let probe = folder.join(format!("clock.{}.tmp", std::process::id()));
    let written =
        anew::file(&probe).and_then(|mut file| file.write_all(b"x")).and_then(|()| fs::metadata(&probe)?.modified());
    keep::forget(&probe);
    written.ok().map(|at| DateTime::<Local>::from(at).naive_local())
}

/// The age of the last verified backup in the usual folder. One from the future is as bad as an old one: it would hide that none are made.
fn backed_up(session: &mut Session, lang: Lang) -> Said {
    let now = session.stamp().at;
    match (restore::newest(&mut session.file), lang) {
        (Err(fault), _) => (State::Bad, fault.words().get(lang).to_owned()),
        (Ok(None), Lang::Zh) => (State::Warn, "没有核对过的备份，请运行 guitai backup".to_owned()),
        (Ok(None), Lang::En) => (State::Warn, "no verified backup; run guitai backup".to_owned()),
        (Ok(Some((path, manifest))), _) => {
            let age = now - manifest.good_until();
            let fresh = age <= TimeDelta::hours(OLD_BACKUP) && age > -TimeDelta::hours(1);
            let (state, hours) = (if fresh { State::Ok } else { State::Warn }, age.num_hours());
            let (path, at) = (path.display(), manifest.good_until().format(SHOWN));
            let text = match (state, lang) {
                (State::Ok, Lang::Zh) => format!("{at}，{hours} 小时前，{path}"),
                (State::Ok, Lang::En) => format!("{at}, {hours} hours ago, {path}"),
                (_, Lang::Zh) => format!("{at}，不在最近 {OLD_BACKUP} 小时内，请运行 guitai backup（{path}）"),
                (_, Lang::En) => format!("{at}, not within the last {OLD_BACKUP} hours; run guitai backup ({path})"),
            };
            (state, text)
        }
    }
}

fn drilled(session: &mut Session, lang: Lang) -> Said {
    let now = session.stamp().at;
    let last = match session.file.last_drill() {
        Ok(Some(last)) => last,
        Ok(None) => {
            let text = t("还没有演练，请运行 guitai restore --drill", "none yet; run guitai restore --drill");
            return (State::Warn, text.get(lang).to_owned());
        }
        Err(failure) => return (State::Bad, failure.to_string()),
    };
    let (at, file) = (last.at.format(SHOWN), &last.file);
    match (last.passed, now - last.at > TimeDelta::days(DRILL), lang) {
        (true, false, Lang::Zh) => (State::Ok, format!("{at} 通过，{file}")),
        (true, false, Lang::En) => (State::Ok, format!("{at} passed, {file}")),
        (true, true, Lang::Zh) => (State::Warn, format!("{at} 通过，已过两周，请运行 guitai restore --drill")),
        (true, true, Lang::En) => (State::Warn, format!("{at} passed, two weeks ago; run guitai restore --drill")),
        (false, _, Lang::Zh) => (State::Bad, format!("{at} 没有通过：{file}。请另做备份再演练")),
        (false, _, Lang::En) => (State::Bad, format!("{at} failed: {file}. Make another backup and try it")),
    }
}

/// Forms on this PC that were not saved: how many, whose, since when.
fn drafts(folder: &Path, session: &Session, lang: Lang) -> Said {
    let all: Vec<Parked> = windows(folder, "json")
        .filter_map(|path| match keep::unseal(&path, session.file.key(), drafts::PURPOSE) {
            Kept::Text(text) => Some(text),
            Kept::Nothing | Kept::Shut => None,
        })
        .map(|text| Drafts::read(&text))
        .flat_map(|d| d.parked.into_iter().chain(d.open))
        .collect();
    let mut whose: BTreeMap<String, usize> = BTreeMap::new();
    for form in &all {
        *whose.entry(session.name_of(Some(form.by))).or_default() += 1;
    }
    let whose: Vec<String> = whose.into_iter().map(|(name, n)| format!("{name} {n}")).collect();
    let (count, whose) = (all.len(), whose.join(" "));
    let oldest = all.iter().map(|f| f.at).min();
    let old = oldest.is_some_and(|at| session.stamp().at - at > TimeDelta::days(1));
    let state = if old { State::Warn } else { State::Ok };
    let since = oldest.map(|at| at.format(SHOWN).to_string()).unwrap_or_default();
    match (count, lang) {
        (0, _) => (State::Ok, t("没有", "none").get(lang).to_owned()),
        (_, Lang::Zh) => (state, format!("{count} 份（{whose}），最早 {since}")),
        (_, Lang::En) => (state, format!("{count} ({whose}), the oldest of {since}")),
    }
}

/// Saves on this PC that the branch file does not have yet. Those of a window that is open are its own to tell of.
fn outbox(folder: &Path, session: &Session, lang: Lang) -> Said {
    let (mut waiting, mut open) = (0, 0);
    for path in windows(folder, "outbox") {
        let lock = fs::File::open(path.with_extension("lock"));
        if lock.is_ok_and(|lock| lock.try_lock().is_err()) {
            open += 1;
            continue;
        }
        match Outbox::under(&path, session.file.key()).and_then(|outbox| outbox.count()) {
            Ok(n) => waiting += n,
            Err(failure) => return (State::Bad, format!("{}: {failure}", path.display())),
        }
    }
    let state = if waiting > 0 { State::Warn } else { State::Ok };
    let text = match (waiting, lang) {
        (0, _) => t("没有", "none").get(lang).to_owned(),
        (n, Lang::Zh) => format!("{n} 笔没有写进文件，打开工作台就会写"),
        (n, Lang::En) => format!("{n} saves are not in the file; opening the workbench writes them"),
    };
    match (open, lang) {
        (0, _) => (state, text),
        (n, Lang::Zh) => (state, format!("{text}（{n} 个窗口正开着，见其标题行）")),
        (n, Lang::En) => (state, format!("{text} ({n} windows are open, see their headers)")),
    }
}

/// The files of the windows of this PC with this ending.
fn windows(folder: &Path, ending: &'static str) -> impl Iterator<Item = std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path());
    entries.filter(move |path| path.extension().is_some_and(|e| e == ending))
}
