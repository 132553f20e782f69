//! The file read as torn: whether it is damaged, or the drive failed a read, is told by a copy that is checked on this PC (drive.md
//! finding 7). Nobody is told of damage before. What is done about damage lives with `restore` and `salvage`.

use super::copies::{self, Unsound};
use super::events::Message;
use super::scratch::Scratch;
use crate::app::drive::News;
use crate::app::event::Event;
use crate::store::open::{File, Mode, Station};
use crate::store::request::{Answer, Failure};
use crate::store::worker::Said;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

/// Checks a copy when the store says that the file reads as torn; once at a time.
#[derive(Debug, Clone)]
pub struct Suspect {
    path: PathBuf,
    station: Station,
    busy: Arc<AtomicBool>,
}

impl Suspect {
    /// For this branch file.
    pub fn new(path: &Path, station: &Station) -> Suspect {
        Suspect { path: path.to_owned(), station: station.clone(), busy: Arc::default() }
    }

    /// Hears what the store said, and has a copy checked if need be; what is found goes to `to`.
    pub fn hear(&self, said: &Said, to: &Sender<Message>) {
        let torn = matches!(
            said,
            Said::Answer(_, Answer::Failed(Failure::Torn(_))) | Said::Waiting(_, Some(Failure::Torn(_)))
        );
        if !torn || self.busy.swap(true, Ordering::SeqCst) {
            return;
        }
        let (own, to) = (self.clone(), to.clone());
        let started = thread::Builder::new().name("suspect".into()).spawn(move || {
            match own.check() {
                Some(what) => {
                    tracing::error!(what, "a copy was checked: the file is damaged");
                    // It stays so until somebody restores it: one look is enough.
                    let _ = to.send(Message::Event(Event::Drive(News::Damaged(what))));
                }
                None => own.busy.store(false, Ordering::SeqCst),
            }
        });
        if let Err(error) = started {
            tracing::error!(%error, "no copy could be checked");
            self.busy.store(false, Ordering::SeqCst);
        }
    }

    /// What is wrong with the file; nothing when it is sound, or when no copy could be had.
    fn check(&self) -> Option<String> {
        let scratch = Scratch::new("suspect").ok()?;
        let part = scratch.join("copy.db");
        copies::reserve(&part).ok()?;
        let mut file = File::open(&self.path, Mode::Read, &self.station).ok()?;
        match copies::take(&mut file, &part, &self.station) {
            Err(Unsound::Wrong(what)) => Some(what),
            Err(Unsound::Unmade(fault)) => {
                tracing::warn!(%fault, "no copy could be made to check");
                None
            }
            Ok(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::StaffId;
    use crate::domain::staff::{Role, Staff};
    use crate::store::request::{Stamp, Ticket};
    use chrono::NaiveDate;
    use std::sync::mpsc::channel;

    fn torn() -> Said {
        Said::Answer(Ticket(1), Answer::Failed(Failure::Torn("malformed".into())))
    }

    #[test]
    fn a_sound_file_is_never_called_damaged_and_can_be_looked_at_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("branch.db");
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let stamp = Stamp::new(StaffId(0), today.and_hms_opt(9, 0, 0).unwrap(), today);
        let first = Staff::new("wangmin", "王敏", Role::AccountManager);
        let station = Station::default();
        drop(File::create(&path, "道真支行", &first, &stamp, &station).unwrap());
        let suspect = Suspect::new(&path, &station);
        let (to, inbox) = channel();
        suspect.hear(&Said::Answer(Ticket(1), Answer::Failed(Failure::Busy)), &to);
        assert!(!suspect.busy.load(Ordering::SeqCst), "only what reads as torn is suspect");
        suspect.hear(&torn(), &to);
        drop(to);
        // The thread lets go of its end when it is done, without a word.
        assert!(inbox.recv().is_err());
        assert!(!suspect.busy.load(Ordering::SeqCst));
    }
}
