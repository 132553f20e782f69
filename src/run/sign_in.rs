//! Signing in at this workstation: the wait after wrong tries here, and what could not be written into a file that nobody could open yet.
//! Whether a password is right is decided in `store::secret`.

use super::fault::Fault;
use super::keep;
use super::places::Places;
use crate::domain::password::{Password, Policy, Tries};
use crate::store::open::{File, Mode, Station};
use crate::store::secret::{self, Given, Missed, SignInError, SignedIn};
use crate::store::slots::{self, Cost};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The most refusals kept until somebody opens the file.
const MOST: usize = 200;
/// Into how many heaps numbers fall. Wrong tries are counted by heap, for numbers that nobody has as for others, and what was typed cannot be told
/// from it: it may have been a password.
const HEAPS: u16 = 1_024;

/// A try to sign in.
#[derive(Debug, Clone, Copy)]
pub struct Try<'a> {
    /// The number typed.
    pub staff: &'a str,
    /// The password typed.
    pub password: &'a Password,
    /// Local time.
    pub at: NaiveDateTime,
    /// The business day.
    pub today: NaiveDate,
    /// What they sign in to, for the log: `workbench`, or the name of a command.
    pub to: &'a str,
}

/// What this workstation remembers of tries at one branch file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Memory {
    /// By heap of numbers.
    tries: BTreeMap<u16, Tries>,
    /// To be written into the file.
    missed: Vec<Missed>,
}

impl Memory {
    /// What a file of this PC says; nothing where it cannot be read.
    pub fn read(text: &str) -> Memory {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Seconds that whoever types this number still has to wait.
    pub fn left(&self, staff: &str, now: NaiveDateTime) -> i64 {
        // The branch's own policy is in the file that is not open yet.
        self.tries.get(&heap(staff)).map_or(0, |t| t.left(&Policy::default(), now))
    }

    /// A wrong try at this number; gives the seconds to wait.
    pub fn missed(&mut self, staff: &str, at: NaiveDateTime) -> i64 {
        let tries = self.tries.entry(heap(staff)).or_default();
        tries.missed(at);
        Policy::default().wait(tries.wrong)
    }
}

/// Signs in to the branch file at `path` and opens it. Slow: the password is stretched.
///
/// # Errors
/// Why not.
pub fn sign_in(
    places: &Places,
    path: &Path,
    mode: Mode,
    station: &Station,
    what: &Try<'_>,
) -> Result<(File, SignedIn), SignInError> {
    let place = memory(places, path);
    let mut memory = keep::read(&place).map(|text| Memory::read(&text)).unwrap_or_default();
    let wait = memory.left(what.staff, what.at);
    if wait > 0 {
        return Err(SignInError::Wait(wait));
    }
    let given = Given {
        staff: what.staff,
        password: what.password,
        at: what.at,
        today: what.today,
        to: what.to,
        missed: &memory.missed,
    };
    let done = secret::sign_in(path, mode, station, &given, Cost::STAFF);
    match &done {
        Ok((file, _)) => {
            let mut changed = memory.tries.remove(&heap(what.staff)).is_some();
            if !file.read_only() && !memory.missed.is_empty() {
                memory.missed.clear();
                changed = true;
            }
            if changed {
                store(&place, &memory);
            }
        }
        Err(SignInError::Wrong { staff, wait: told }) => {
            let wait = memory.missed(what.staff, what.at).max(*told);
            // A plain file has it already; an encrypted one could not be opened.
            if slots::path(path).exists() && !station.key.is_some() && memory.missed.len() < MOST {
                memory.missed.push(Missed { staff: staff.clone(), at: what.at });
            }
            store(&place, &memory);
            return Err(SignInError::Wrong { staff: staff.clone(), wait });
        }
        Err(_) => {}
    }
    done
}

/// The heap that a number falls into.
fn heap(staff: &str) -> u16 {
    let hash = blake3::hash(staff.to_ascii_lowercase().as_bytes());
    let [a, b, ..] = hash.as_bytes();
    u16::from_le_bytes([*a, *b]) % HEAPS
}

/// Where this workstation remembers.
fn memory(places: &Places, path: &Path) -> PathBuf {
    places.drafts(path).with_extension("sign-in.json")
}

fn store(place: &Path, memory: &Memory) {
    let kept = serde_json::to_string(memory).map_err(std::io::Error::other).and_then(|text| keep::write(place, &text));
    if let Err(error) = kept {
        tracing::error!(%error, "wrong tries are not remembered on this PC");
    }
}

/// A refusal as a command says it; in the log of this PC stays that there was one.
pub fn fault(error: SignInError) -> Fault {
    match &error {
        SignInError::Wrong { .. } | SignInError::Wait(_) => tracing::warn!("a sign-in was refused"),
        other => tracing::error!(error = %other, "no sign-in"),
    }
    match (error.complaint(), error) {
        (Some(words), SignInError::Open(_)) => Fault::File(words),
        (Some(words), SignInError::Slots(e)) if e != slots::SlotError::Wrong && e != slots::SlotError::Code => {
            Fault::File(words)
        }
        (Some(words), _) => Fault::Refused(words),
        (None, SignInError::Failed(failure)) => failure.into(),
        (None, _) => Fault::refused("不能登录。请再试。", "Not signed in. Try again."),
    }
}
