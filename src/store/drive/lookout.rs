//! Looking around in the folder of workstations: taking a seat there, seeing who else sits, trying their locks, giving the alarm. What follows
//! from it is decided in `judge`; when to look, and on which thread, in `run`.

use super::judge::{Bond, DEAD, EVERY, Glimpse, Judge, Own};
use super::lock::{Lock, Tried, tried};
use super::seat::{self, Seat, Who};
use super::{Present, Proof};
use crate::domain::ids::{CustomerId, StaffId};
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a sitting gives a sign of life when nothing changes.
const BEAT: Duration = Duration::from_secs(75);
/// A change (another archive, another person) is said at once if the last sign is at least this old.
const SOON: Duration = Duration::from_secs(20);
/// What a sign of life costs of the credit that time gives: one small write a minute on average, two at once after a quiet time.
const COST: Duration = Duration::from_secs(60);
const CREDIT: Duration = Duration::from_secs(120);
/// So many failures to lock, where files can be written, are no accident: the drive knows no locks (ENOSYS and the like).
const ENOUGH: u8 = 3;
/// How many locks are tried in one look, so that a slow drive does not keep a look from ending.
const AT_ONCE: usize = 3;

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Desk {
    /// The workstation's name, as in the change log.
    pub station: String,
    /// The name of the PC; on Linux the running system is told by the kernel instead.
    pub pc: String,
    /// Tells this sitting from every other one, on any workstation.
    pub sitting: u128,
    /// Whether only this PC can reach the file.
    pub local: bool,
    /// Whether it takes a seat. Who only reads takes none: locks that do not reach from there would alarm everybody.
    pub seated: bool,
}

/// What colleagues are told of this desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Here {
    /// Who works here.
    pub staff: Option<StaffId>,
    /// The archive being edited.
    pub editing: Option<CustomerId>,
}

/// The workstations that have a branch file open now, by name: those whose lock is held. Locks of one's own process must not be among them.
pub fn sitting(file: &Path) -> Vec<String> {
    let folder = seat::folder(file);
    let names: Vec<String> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let seats: Vec<(u128, &String)> = names.iter().filter_map(|n| Some((Seat::parse(n)?.sitting, n))).collect();
    let held = names.iter().filter_map(|name| Some((seat::locked_by(name)?, name)));
    held.filter(|(_, name)| tried(&folder.join(name)) == Tried::Refused)
        .map(|(sitting, _)| {
            let seat = seats.iter().find(|(n, _)| *n == sitting).map(|(_, name)| folder.join(name));
            let who = seat.and_then(|path| fs::read(path).ok()).and_then(|b| serde_json::from_slice::<Who>(&b).ok());
            who.map(|who| who.station).filter(|name| !name.is_empty()).unwrap_or_else(|| "?".to_owned())
        })
        .collect()
}

/// Looks around for one branch file. Dropped, it leaves its seat.
#[derive(Debug)]
pub struct Lookout {
    desk: Desk,
    /// Nobody is told of this sitting.
    quiet: bool,
    file: PathBuf,
    folder: PathBuf,
    judge: Judge,
    own: Option<OwnSeat>,
    /// When taking a seat is tried again.
    again: Duration,
    others: BTreeMap<u128, Who>,
    seats: Vec<Seat>,
    /// Locks without a seat: of commands that were killed, or about to sit.
    orphans: Vec<u128>,
    /// So many times in a row our own lock could be neither taken nor refused.
    failed: u8,
    swept: Option<Duration>,
}

#[derive(Debug)]
struct OwnSeat {
    seat: Seat,
    lock: Option<Lock>,
    host: String,
    /// When the last sign of life was given, and what is left to give more.
    last: Duration,
    credit: Duration,
}

impl Lookout {
    /// One for this branch file; nothing is touched before the first look.
    pub fn new(file: &Path, desk: Desk) -> Lookout {
        Lookout {
            judge: Judge::new(desk.local),
            desk,
            quiet: false,
            file: file.to_owned(),
            folder: seat::folder(file),
            own: None,
            again: Duration::ZERO,
            others: BTreeMap::new(),
            seats: Vec::new(),
            orphans: Vec::new(),
            failed: 0,
            swept: None,
        }
    }

    /// One that nobody is told of: it is over in a moment.
    pub fn unseen(file: &Path, desk: Desk) -> Lookout {
        let mut lookout = Lookout::new(file, desk);
        lookout.quiet = true;
        lookout
    }

    /// Looks once, `now` after the sitting began: takes the seat if there is none yet, gives a sign of life if it is time, tries locks that
    /// are due. Gives what the locks are worth.
    pub fn look(&mut self, now: Duration, here: Here) -> Proof {
        if self.desk.seated && self.own.is_none() && now >= self.again {
            self.sit(now, here);
        } else if !self.desk.seated {
            self.judge.own(Own::None);
        }
        self.sign(now, here);
        if self.list(now) {
            for _ in 0..AT_ONCE {
                let Some(other) = self.judge.next(now) else { break };
                self.prove(other, now);
            }
            self.sweep(now);
        }
        self.judge.proof(now)
    }

    /// The other workstations there now.
    pub fn present(&self, now: Duration) -> Vec<Present> {
        let there: Vec<u128> = self.judge.present(now).collect();
        let seats = self.seats.iter().filter(|s| there.contains(&s.sitting));
        seats
            .map(|s| {
                let station = self.others.get(&s.sitting).map(|w| w.station.clone()).unwrap_or_default();
                Present { station, staff: s.staff, editing: s.editing }
            })
            .collect()
    }

    /// The file that this sitting keeps locked, for a second process of this PC to try.
    pub fn locked(&self) -> Option<PathBuf> {
        self.own.as_ref().map(|own| self.folder.join(seat::lock(own.seat.sitting)))
    }

    /// Whether a second process was refused that lock, as it should be.
    pub fn tested(&mut self, refused: bool) {
        self.judge.tested(refused);
    }

    /// What the locks are worth by what was seen so far.
    pub fn proof(&self, now: Duration) -> Proof {
        self.judge.proof(now)
    }

    /// Takes a seat: the lock first, then the file that makes others try it.
    fn sit(&mut self, now: Duration, here: Here) {
        self.again = now + EVERY;
        // A drive that was away may have come back, and links on it.
        self.folder = seat::folder(&self.file);
        if let Err(error) = fs::create_dir(&self.folder)
            && !self.folder.is_dir()
        {
            tracing::warn!(%error, "the folder of workstations cannot be made");
            self.stay_out(error.kind(), now);
            return;
        }
        let path = self.folder.join(seat::lock(self.desk.sitting));
        let lock = match Lock::take(&path) {
            Ok(lock) => lock,
            Err(Tried::Refused) => {
                tracing::error!("a lock that nobody else knows was refused: locks do not work here");
                let _ = fs::remove_file(&path);
                self.judge.own(Own::Refused);
                return;
            }
            Err(e) => {
                tracing::warn!(?e, "no lock could be taken in the folder of workstations");
                let barred = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&path);
                self.failed = self.failed.saturating_add(1);
                if barred.is_ok() && self.failed >= ENOUGH {
                    tracing::error!("files can be written here but not locked");
                    self.judge.own(Own::Refused);
                    return;
                }
                self.stay_out(barred.err().map_or(ErrorKind::Other, |e| e.kind()), now);
                return;
            }
        };
        let seat = Seat { sitting: self.desk.sitting, beat: 0, staff: here.staff, editing: here.editing };
        let host = host(&self.folder, &self.desk.pc);
        let who = Who { station: self.desk.station.clone(), host: host.clone() };
        if !self.quiet {
            let text = serde_json::to_vec(&who).map_err(std::io::Error::other);
            if let Err(error) = text.and_then(|text| fs::write(self.folder.join(seat.name()), text)) {
                // Others do not see us, so they do not try us; we see them.
                tracing::warn!(%error, "the seat was not written");
            }
        }
        self.judge.own(Own::Held);
        self.failed = 0;
        self.own = Some(OwnSeat { seat, lock: Some(lock), host, last: now, credit: CREDIT });
    }

    /// Where no seat may be taken the locks stay unproven; where the drive fails it is tried again with the next look.
    fn stay_out(&mut self, why: ErrorKind, now: Duration) {
        match why {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::AlreadyExists => {
                self.judge.own(Own::None);
            }
            _ => self.again = now,
        }
    }

    /// Gives a sign of life if it is time: the file is written again, so that the server's clock dates it, and gets its next name.
    fn sign(&mut self, now: Duration, here: Here) {
        let Some(own) = &mut self.own else { return };
        let since = now.saturating_sub(own.last);
        let changed = (own.seat.staff, own.seat.editing) != (here.staff, here.editing);
        let credit = (own.credit + since).min(CREDIT);
        if since < BEAT && !(changed && since >= SOON && credit >= COST) {
            return;
        }
        let next = Seat { beat: own.seat.beat + 1, staff: here.staff, editing: here.editing, ..own.seat.clone() };
        let (from, to) = (self.folder.join(own.seat.name()), self.folder.join(next.name()));
        let who = Who { station: self.desk.station.clone(), host: own.host.clone() };
        let written = (|| {
            // Over the same bytes: a full disk takes nothing away.
            let mut file = fs::OpenOptions::new().write(true).open(&from)?;
            file.write_all(&serde_json::to_vec(&who)?)?;
            drop(file);
            fs::rename(&from, &to)
        })();
        match written {
            Ok(()) => {
                own.credit = credit.saturating_sub(COST);
                own.last = now;
                own.seat = next;
            }
            // Swept while this PC slept, or the folder is gone: a new sitting begins.
            Err(e) if e.kind() == ErrorKind::NotFound => {
                self.leave();
                self.desk.sitting = self.desk.sitting.wrapping_add(1);
                self.again = now;
            }
            Err(error) => tracing::warn!(%error, "no sign of life was given"),
        }
    }

    /// Reads the folder. Says whether it could be read, and whether locks are worth trying there.
    fn list(&mut self, now: Duration) -> bool {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(e) => {
                // Where there is no folder there is nobody; where the drive is away nothing new is known.
                if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) && self.own.is_none() {
                    self.judge.see(now, &[]);
                }
                return false;
            }
        };
        let names: Vec<String> = entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect();
        let mine = self.own.as_ref().map(|own| own.seat.sitting);
        self.seats = names.iter().filter_map(|n| Seat::parse(n)).filter(|s| Some(s.sitting) != mine).collect();
        // While a file is renamed, a slow listing may show it under both names.
        self.seats.sort_by_key(|s| (s.sitting, std::cmp::Reverse(s.beat)));
        self.seats.dedup_by_key(|s| s.sitting);
        self.others.retain(|sitting, _| self.seats.iter().any(|s| s.sitting == *sitting));
        let locks = names.iter().filter_map(|n| seat::locked_by(n)).filter(|l| Some(*l) != mine);
        self.orphans = locks.filter(|l| self.seats.iter().all(|s| s.sitting != *l)).collect();
        let dated = |own: &OwnSeat| if self.quiet { seat::lock(own.seat.sitting) } else { own.seat.name() };
        let ours = || self.own.as_ref().and_then(|own| modified(&self.folder.join(dated(own))));
        let host = self.own.as_ref().map(|own| own.host.as_str()).unwrap_or_default();
        let mut seen = Vec::new();
        for s in &self.seats {
            let path = self.folder.join(s.name());
            let known = self.others.get(&s.sitting).is_some_and(|w| !w.host.is_empty());
            let mut age = None;
            if !known {
                age = modified(&path).zip(ours()).map(|(theirs, ours)| ours.saturating_sub(theirs));
                let who: Option<Who> = fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok());
                self.others.insert(s.sitting, who.unwrap_or_default());
            }
            let theirs = self.others.get(&s.sitting).map(|w| w.host.as_str()).unwrap_or_default();
            let bond = match theirs {
                theirs if self.desk.local || (theirs == host && !host.is_empty()) => Bond::Kin,
                "" => Bond::Unsaid,
                _ => Bond::Far,
            };
            seen.push(Glimpse { sitting: s.sitting, beat: s.beat, age, bond });
        }
        self.judge.see(now, &seen);
        self.judge.alarm(names.iter().any(|n| n == seat::ALARM));
        if let Some(caught) = self.judge.caught() {
            self.alarm(caught);
        }
        self.own.is_some()
    }

    /// Tries the lock of another workstation.
    fn prove(&mut self, other: u128, now: Duration) {
        match tried(&self.folder.join(seat::lock(other))) {
            Tried::Refused => self.judge.refused(other, now),
            Tried::Granted => {
                tracing::warn!(sitting = format!("{other:032x}"), "the lock of another workstation was granted");
                // It may have left, or beaten, in between: only what comes after the grant counts.
                self.judge.attempted(other, now);
                self.list(now);
                self.judge.granted(other, now);
            }
            Tried::Failed(error) => {
                tracing::debug!(error, "the lock of another workstation could not be tried");
                self.judge.attempted(other, now);
            }
        }
    }

    /// Says to every desk that locks do not work.
    fn alarm(&mut self, other: u128) {
        let path = self.folder.join(seat::ALARM);
        let there = self.others.get(&other).map(|w| w.station.as_str()).unwrap_or_default();
        let file = self.file.file_name().unwrap_or_default().to_string_lossy();
        let text = seat::alarm(&self.desk.station, there, &file);
        let made = fs::OpenOptions::new().write(true).create_new(true).open(&path);
        match made.and_then(|mut file| file.write_all(text.as_bytes())) {
            Ok(()) => {
                tracing::error!(there, "locks do not reach the server: the alarm is given");
                self.judge.alarm(true);
            }
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => tracing::error!(%error, "the alarm could not be given"),
        }
    }

    /// Takes away what is left of sittings that ended without leaving.
    fn sweep(&mut self, now: Duration) {
        let dead = self.judge.dead(now).next();
        if (dead.is_none() && self.orphans.is_empty()) || self.swept.is_some_and(|at| now.saturating_sub(at) < EVERY) {
            return;
        }
        self.swept = Some(now);
        let path = |sitting| self.folder.join(seat::lock(sitting));
        let ours = self.own.as_ref().and_then(|own| modified(&path(own.seat.sitting)));
        let old = |lock: &u128| {
            let age = modified(&path(*lock)).zip(ours).map(|(theirs, ours)| (ours + now).saturating_sub(theirs));
            age.is_some_and(|age| age > DEAD)
        };
        let Some(left) = dead.or_else(|| self.orphans.iter().copied().find(old)) else { return };
        let lock = path(left);
        let free = match tried(&lock) {
            Tried::Granted => true,
            Tried::Refused => false,
            Tried::Failed(_) => !lock.exists(),
        };
        if free {
            // What does not go now goes the next time.
            if let Some(seat) = self.seats.iter().find(|s| s.sitting == left) {
                let _ = fs::remove_file(self.folder.join(seat.name()));
            }
            let _ = fs::remove_file(lock);
        }
    }

    /// Leaves the seat: the file first, so that nobody tries a lock that is about to go.
    fn leave(&mut self) {
        let Some(mut own) = self.own.take() else { return };
        let _ = fs::remove_file(self.folder.join(own.seat.name()));
        drop(own.lock.take());
        let _ = fs::remove_file(self.folder.join(seat::lock(own.seat.sitting)));
    }
}

impl Drop for Lookout {
    fn drop(&mut self) {
        self.leave();
    }
}

/// One look before a command writes: what the locks are worth, as far as the workstations there can tell. Quick where nobody is.
pub fn prove_once(file: &Path, desk: &Desk) -> Proof {
    let folder = seat::folder(file);
    let names =
        || fs::read_dir(&folder).into_iter().flatten().flatten().filter_map(|e| e.file_name().into_string().ok());
    if !names().any(|n| n == seat::ALARM || Seat::parse(&n).is_some()) {
        return Proof::Unproven;
    }
    let mut lookout = Lookout::unseen(file, Desk { seated: true, ..desk.clone() });
    lookout.look(Duration::ZERO, Here::default())
}

/// When a file was written by the server's clock, since 1970.
fn modified(path: &Path) -> Option<Duration> {
    fs::metadata(path).ok()?.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()
}

/// The running system and the mount: who shares both shares the locks without asking the server.
#[cfg(target_os = "linux")]
fn host(folder: &Path, pc: &str) -> String {
    use std::os::unix::fs::MetadataExt;
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_else(|_| pc.to_owned());
    match (boot.trim(), fs::metadata(folder)) {
        ("", _) | (_, Err(_)) => String::new(),
        (boot, Ok(m)) => format!("{boot}:{}", m.dev()),
    }
}

#[cfg(not(target_os = "linux"))]
fn host(_: &Path, pc: &str) -> String {
    pc.to_owned()
}
