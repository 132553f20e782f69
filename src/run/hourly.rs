//! Looks every few minutes whether the file has what this PC remembers of its log, and how old the newest verified backup is: tells the machine,
//! seals the head of the log, and when a backup is due starts the process that makes it, if it is elected. A thread of its own: a drive that hangs holds up neither a key nor a save. How a backup is made is in `backups`.

use super::anchors;
use super::backstage::Keyhole;
use super::backups;
use super::events::Message;
use super::handed;
use super::setting::Setting;
use crate::app::drive::News;
use crate::app::event::Event;
use crate::domain::text::Complaint;
use crate::store::anchor::Standing;
use crate::store::backup::Head;
use crate::store::manifest::Manifest;
use crate::store::open::{File, Mode};
use crate::store::request::{Answer, Ask};
use crate::store::workbench;
use chrono::NaiveDateTime;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::Sender;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

/// The hidden command of the process that makes a backup; a test holds that the command line knows it.
pub const COMMAND: &str = "backup-elected";

/// Seconds between two looks, at least and at most: thirty workstations that open at half past eight do not look at once.
const BETWEEN: (u64, u64) = (180, 360);

/// Seconds between two looks while the file is locked away.
const SHUT: u64 = 5;

/// Starts looking; without the right to write (`writes`) nothing is begun. The drive's locks were made fit before.
///
/// # Errors
/// No thread could be started.
pub fn start(setting: &Setting, path: &Path, writes: bool, hole: Keyhole, to: Sender<Message>) -> std::io::Result<()> {
    let watch = Watch { setting: setting.clone(), path: path.to_owned(), writes, hole, to, known: None, lacking: None };
    thread::Builder::new().name("backups".into()).spawn(move || watch.stand())?;
    Ok(())
}

/// One workstation's look at the backups.
struct Watch {
    setting: Setting,
    path: PathBuf,
    writes: bool,
    hole: Keyhole,
    to: Sender<Message>,
    /// What was told last.
    known: Option<Option<NaiveDateTime>>,
    /// What was told last of a file that lacks something.
    lacking: Option<Complaint>,
}

/// What is asked of the branch file itself.
struct Asked {
    origin: Head,
    hours: u16,
}

impl Watch {
    /// Works with the key, and forgets it; nothing while it is locked away.
    fn keyed<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let held = OnceLock::new();
        if let Some(signed) = self.hole.signed()? {
            let _ = held.set(signed);
        }
        self.setting.signed = Arc::new(held);
        let done = work(self);
        self.setting.signed = Arc::default();
        Some(done)
    }

    fn stand(mut self) {
        // The age is known at once; a backup is begun when all others have looked too.
        while self.keyed(|me| me.guard() && me.tell()).unwrap_or(true) {
            // An encrypted file that nobody has opened yet is looked at as soon as somebody has.
            let pause = if self.hole.key().is_some() { between(BETWEEN) } else { SHUT };
            thread::sleep(Duration::from_secs(pause));
            self.keyed(|me| {
                if me.wanted() {
                    me.make();
                }
            });
        }
    }

    /// Looks whether the file has what this PC remembers, and tells the machine when it has not; seals its head otherwise. `false` when nobody
    /// listens any more.
    fn guard(&mut self) -> bool {
        let now = self.setting.clock.now();
        let Ok(mut file) = File::open(&self.path, Mode::Read, &self.setting.station()) else { return true };
        let Ok((standing, known)) = anchors::look(&self.setting.places, &mut file, now) else { return true };
        let lacking = anchors::refusal(&standing, known.as_ref()).map(|fault| fault.words().clone());
        if lacking.is_none()
            && self.setting.clock.is_real()
            && let Err(fault) = anchors::seal(&self.setting, &mut file, now)
        {
            tracing::error!(%fault, "the head of the log was not sealed");
        }
        let news = match standing {
            Standing::Turned(turn) => {
                // What was said before is over.
                if self.lacking.take().is_some() {
                    let _ = self.to.send(Message::Event(Event::Drive(News::Lacking(None))));
                }
                News::Turned(turn)
            }
            _ if lacking != self.lacking => News::Lacking(lacking.clone()),
            _ => return true,
        };
        self.lacking = lacking;
        self.to.send(Message::Event(Event::Drive(news))).is_ok()
    }

    /// Tells the machine, if there is news; `false` when nobody listens any more.
    fn tell(&mut self) -> bool {
        // A drive that is away is no news of the backups.
        let Some(asked) = self.asked() else { return true };
        let newest = self.newest(&asked).map(|m| m.good_until());
        if self.known == Some(newest) {
            return true;
        }
        self.known = Some(newest);
        self.to.send(Message::Event(Event::Drive(News::Backup(newest)))).is_ok()
    }

    /// Whether there is something to do for a workstation that may write and goes by the real time.
    fn wanted(&self) -> bool {
        let may = self.writes && self.setting.clock.is_real();
        let Some(asked) = may.then(|| self.asked()).flatten() else { return false };
        let newest = self.newest(&asked);
        let lacking = |m: &Manifest| self.setting.config.backup.as_deref().is_some_and(|to| backups::lacks(to, m));
        backups::due(newest.as_ref(), asked.hours, self.setting.clock.now()) || newest.as_ref().is_some_and(lacking)
    }

    fn newest(&self, asked: &Asked) -> Option<Manifest> {
        backups::newest(&backups::folder(&self.path), &asked.origin).map(|(_, manifest)| manifest)
    }

    fn asked(&self) -> Option<Asked> {
        let mut file = File::open(&self.path, Mode::Read, &self.setting.station()).ok()?;
        let origin = file.origin().ok()?;
        match file.answer(&Ask::Workbench(workbench::Ask::Open)) {
            Answer::Workbench(workbench::Answer::Opened(opened)) => {
                Some(Asked { origin, hours: opened.settings.backup_hours })
            }
            _ => None,
        }
    }

    /// Starts the process and waits for it; the log has what it did.
    fn make(&self) {
        let staff = self.setting.staff.iter().flat_map(|code| ["--staff", code.as_str()]);
        let signed = self.setting.signed.get();
        let made = std::env::current_exe().and_then(|program| {
            let mut child = Command::new(program)
                .arg(COMMAND)
                .args(signed.map(|_| "--handed"))
                .arg("--db")
                .arg(&self.path)
                .args(staff)
                .stdin(if signed.is_some() { Stdio::piped() } else { Stdio::null() })
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            if let (Some(signed), Some(mut to)) = (signed, child.stdin.take()) {
                // One that ended already says so by its status.
                let _ = to.write_all(&handed::give(signed));
            }
            child.wait()
        });
        match made {
            Ok(status) if status.success() => {}
            Ok(status) => tracing::error!(%status, "the backup that was due was not made"),
            Err(error) => tracing::error!(%error, "the backup that was due was not begun"),
        }
    }
}

/// A random number of a range.
fn between((low, high): (u64, u64)) -> u64 {
    low + RandomState::new().build_hasher().finish() % (high - low).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::StaffId;
    use crate::domain::staff::{Role, Staff};
    use crate::run::args::Shared;
    use crate::run::places::Places;
    use crate::store::drill::Drill;
    use crate::store::request::Stamp;
    use clap::CommandFactory;

    #[test]
    fn the_command_of_the_elected_is_known_and_not_shown() {
        let grammar = crate::run::args::Cli::command();
        assert!(grammar.find_subcommand(COMMAND).unwrap().is_hide_set());
    }

    #[test]
    fn a_file_put_back_is_told_once_and_not_sealed_until_somebody_says_it_is_on_purpose() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("branch.db");
        let seal = folder.path().join("seal");
        std::fs::create_dir(&seal).unwrap();
        let places = Places { config: "none".into(), state: folder.path().join("state") };
        let mut setting = Setting::new(&Shared::default(), places).unwrap();
        setting.config.audit.seal = Some(seal.clone());
        let now = setting.clock.now();
        let stamp = Stamp::new(StaffId(1), now, now.date());
        let station = setting.station();
        let first = Staff::new("wangmin", "王敏", Role::BranchManager);
        let mut file = File::create(&path, "道真支行", &first, &stamp, &station).unwrap();
        let (to, inbox) = std::sync::mpsc::channel();
        let mut watch = Watch {
            setting,
            path: path.clone(),
            writes: true,
            hole: Keyhole::default(),
            to,
            known: None,
            lacking: None,
        };
        let mut heard = || -> Vec<News> {
            assert!(watch.guard());
            let news = inbox.try_iter().filter_map(|m| match m {
                Message::Event(Event::Drive(news)) => Some(news),
                _ => None,
            });
            news.collect()
        };
        let sealed = || anchors::seals(&seal).unwrap().len();
        let old = std::fs::read(&path).unwrap();
        file.drilled(&Drill { at: now, file: "x".to_owned(), passed: true }, &stamp).unwrap();
        drop(file);
        assert_eq!((heard(), sealed()), (vec![], 1));
        std::fs::write(&path, old).unwrap();
        assert!(matches!(heard().as_slice(), [News::Lacking(Some(why))] if why.zh.contains("guitai verify")));
        assert_eq!((heard(), sealed()), (vec![], 1), "told once");
        let mut file = File::open(&path, Mode::Write, &station).unwrap();
        file.turn_back(1, "verify", "旧文件", &stamp).unwrap();
        assert!(matches!(heard().as_slice(), [News::Lacking(None), News::Turned(turn)] if turn.from == 1));
        assert_eq!(heard(), vec![]);
    }

    #[test]
    fn looks_are_spread_over_minutes() {
        let some: std::collections::BTreeSet<u64> = (0..50).map(|_| between(BETWEEN)).collect();
        assert!(some.len() > 10 && some.iter().all(|s| (180..360).contains(s)), "{some:?}");
    }
}
