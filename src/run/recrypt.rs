//! Putting the branch file under another data key, or under none, with everybody else out: a backup, a copy on this PC that is put under the
//! new key and looked over, then the copy in the file's place. What is written into the copy is in `store::recrypt`; who may ask for it, in
//! `commands`.

use super::backups::{self, Maker};
use super::checked;
use super::copies::{self, Unsound};
use super::drafts;
use super::fault::Fault;
use super::scratch::Scratch;
use super::setting::Setting;
use crate::domain::password::Password;
use crate::store::backup::{Looked, Survey};
use crate::store::drive::lookout;
use crate::store::key::Key;
use crate::store::open::{File, Mode, Station};
use crate::store::recrypt::{self, Turn};
use crate::store::request::Stamp;
use crate::store::secret;
use crate::store::slots::{self, Cost, SlotError, Slots, disk};
use crate::store::wipe;
use std::fs;
use std::path::{Path, PathBuf};

/// What the file is put under.
#[derive(Debug)]
pub enum Under<'a> {
    /// A key, with this slot file; the password is that of the first slot, to be set for who does it, unless they keep theirs.
    Key(&'a Key, &'a Slots, Option<&'a Password>),
    /// None.
    Nothing,
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    /// The file as it was.
    pub backup: PathBuf,
    /// What it holds.
    pub survey: Survey,
}

/// Puts an open file under another key; it is to be opened anew afterwards.
///
/// # Errors
/// Others are at work in it, no backup could be made, or the copy is not the same: the file is as it was then.
pub fn put(setting: &Setting, mut file: File, under: &Under<'_>, turn: Turn, stamp: &Stamp) -> Result<Done, Fault> {
    let path = file.path().to_owned();
    let station = Station { key: file.keys()?, ..setting.station() };
    let new = match under {
        Under::Key(key, ..) => (*key).clone(),
        Under::Nothing => Key::default(),
    };
    out(&path)?;
    sweep(&path);
    let maker =
        Maker { by: setting.staff.clone().unwrap_or_default(), station: station.clone(), at: stamp.at, by_hand: false };
    let stem = format!("{}-{}", backups::stem(&path), if station.key.is_some() { "oldkey" } else { "plain" });
    let (backup, _) = backups::make(&mut file, &backups::folder(&path), &stem, &maker)?;
    let scratch = Scratch::new("crypt")?;
    let work =
        Work { path: &path, scratch: &scratch, old: &station, new: Station { key: new.clone(), ..station.clone() } };
    let part = copies::part(&path);
    let made = file.alone(|_| -> Result<(Survey, Option<Slots>), Fault> {
        // Whoever opens it now waits for the lock, so nobody comes behind this look.
        out(&path)?;
        let (survey, slots) = work.make(under, turn, stamp, &part)?;
        // Where a file that is open can be replaced, nobody gets in between.
        if cfg!(unix) {
            swap(&part, &path, slots.as_ref())?;
        }
        Ok((survey, slots))
    })?;
    drop(file);
    let done = made.and_then(|(survey, slots)| {
        if cfg!(not(unix)) {
            swap(&part, &path, slots.as_ref())?;
        }
        Ok(survey)
    });
    let survey = done.inspect_err(|_| {
        // It may be the plain one.
        let _ = wipe::file(&part);
    })?;
    drafts::turn(&setting.places.drafts(&path), &station.key, &new);
    tracing::info!(?turn, ?backup, "the branch file is under another key");
    Ok(Done { backup, survey })
}

/// Overwrites and removes what runs that were killed a day ago or more had laid beside the file, to take its place; says how many went.
pub fn sweep(path: &Path) -> usize {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let left = entries.map(|e| e.path()).filter(|left| {
        let old = fs::symlink_metadata(left).and_then(|m| m.modified()).is_ok_and(copies::forgotten);
        old && copies::is_part(left, path)
    });
    left.filter(|left| wipe::file(left).is_ok()).count()
}

/// Refuses while anybody else is at work in the file.
fn out(path: &Path) -> Result<(), Fault> {
    let there = lookout::sitting(path);
    if there.is_empty() {
        return Ok(());
    }
    let names = there.join("，");
    Err(Fault::refused(
        format!("还有工作站开着这个文件：{names}。请大家先退出，再运行一次。没有改动。"),
        format!(
            "Workstations have this file open: {names}. Have everybody leave, then run it again. Nothing was changed."
        ),
    ))
}

/// The copies on this PC.
struct Work<'a> {
    path: &'a Path,
    scratch: &'a Scratch,
    old: &'a Station,
    new: Station,
}

impl Work<'_> {
    /// Makes the copy that takes the file's place, and lays it beside the file as `part`; gives what it holds, and its slot file.
    fn make(
        &self,
        under: &Under<'_>,
        turn: Turn,
        stamp: &Stamp,
        part: &Path,
    ) -> Result<(Survey, Option<Slots>), Fault> {
        let [was, is] = ["was.db", "is.db"].map(|name| self.scratch.join(name));
        let drive = |e: std::io::Error| copies::failed(&e);
        copies::reserve(&was).map_err(drive)?;
        copies::bytes(self.path, &was)?;
        recrypt::copy(&was, &self.old.key, &is, &self.new.key)?;
        let before = whole(&was, self.old)?;
        // The log of the copy is still under the old key: only rows are compared here.
        if rows(&is, &self.new)? != before.rows {
            return Err(wrong("rows differ"));
        }
        let slots = self.turn(&is, under, turn, stamp)?;
        let after = whole(&is, &self.new)?;
        if after.origin != before.origin || after.head.seq <= before.head.seq {
            return Err(wrong("the change log differs"));
        }
        if let Err(error) = copies::same_rights(self.path, &is) {
            tracing::warn!(%error, "the new file has other rights than the old one");
        }
        let content = copies::content(&is).map_err(drive)?;
        copies::reserve(part).map_err(drive)?;
        copies::lay(&is, &content, part).map_err(|e| match e {
            Unsound::Unmade(fault) => fault,
            Unsound::Wrong(why) => wrong(&why),
        })?;
        Ok((after, slots))
    }

    /// Writes into the copy what became of it, and the password of who did it.
    fn turn(&self, is: &Path, under: &Under<'_>, turn: Turn, stamp: &Stamp) -> Result<Option<Slots>, Fault> {
        let opened = File::open(is, Mode::Write, &self.new);
        let mut file = opened.map_err(|e| super::commands::unopened(&e))?;
        let Under::Key(key, slots, password) = under else {
            file.turned(turn, &self.old.key, None, stamp)?;
            return Ok(None);
        };
        file.turned(turn, &self.old.key, Some(slots), stamp)?;
        let keys = slots::path(is);
        disk::begin(&keys, slots).map_err(|e| Fault::Refused(e.complaint()))?;
        if let Some(password) = password {
            secret::set(&mut file, key, &secret::New { staff: stamp.by, password, cost: Cost::STAFF }, stamp)?;
        }
        drop(file);
        Ok(Some(disk::read(&keys).map_err(|e| Fault::Refused(e.complaint()))?))
    }
}

fn wrong(why: &str) -> Fault {
    Fault::file(
        format!("新的文件没有通过核对：{}。没有改动，请先运行 guitai doctor。", checked::chinese(why)),
        format!("The new file was not verified: {why}. Nothing was changed; run guitai doctor first."),
    )
}

/// What a whole copy holds.
fn whole(path: &Path, station: &Station) -> Result<Survey, Fault> {
    let mut file = File::open(path, Mode::Read, station).map_err(|e| super::commands::unopened(&e))?;
    match file.look_over()? {
        Looked::Whole(survey) => Ok(survey),
        Looked::Broken(why) => Err(wrong(&why.join("; "))),
    }
}

/// Rows of each table of a copy, and whether its pages are whole.
fn rows(path: &Path, station: &Station) -> Result<std::collections::BTreeMap<String, u64>, Fault> {
    let mut file = File::open(path, Mode::Read, station).map_err(|e| super::commands::unopened(&e))?;
    let faults = file.faults()?;
    if faults.is_empty() { Ok(file.rows()?) } else { Err(wrong(&faults.join("; "))) }
}

/// Puts the new file in the place of the old one. The slot file of the new one lies there before, under a name of its own: whoever opens the
/// file after a power cut finds the one that fits (see `store::secret`).
fn swap(part: &Path, path: &Path, slots: Option<&Slots>) -> Result<(), Fault> {
    let drive = |e: std::io::Error| copies::failed(&e);
    let keys = slots::path(path);
    let next = slots::next(&keys);
    let refused = |e: SlotError| Fault::Refused(e.complaint());
    let _ = fs::remove_file(&next);
    match slots {
        Some(slots) => disk::begin(&next, slots).map_err(refused)?,
        None => fs::rename(&keys, &next).map_err(drive)?,
    }
    copies::place(part, path).map_err(|e| {
        // As it was.
        if slots.is_some() {
            let _ = fs::remove_file(&next);
        } else {
            let _ = fs::rename(&next, &keys);
        }
        drive(e)
    })?;
    let settled = if slots.is_some() { fs::rename(&next, &keys) } else { fs::remove_file(&next) };
    if let Err(error) = settled {
        tracing::warn!(%error, "the slot file is still under its other name");
    }
    // Older ones open older keys only.
    for n in 1..=disk::KEPT {
        let _ = fs::remove_file(disk::kept(&keys, n));
    }
    Ok(())
}
