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
#[derive(Debug, Default, Serialize, Deserialize)]
struct Memory {
    /// By heap of numbers.
    tries: BTreeMap<u16, Tries>,
    /// To be written into the file.
    missed: Vec<Missed>,
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
    let mut memory: Memory = keep::read(&place).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    // The branch's own policy is in the file that is not open yet.
    let policy = Policy::default();
    let heap = heap(what.staff);
    let wait = memory.tries.get(&heap).map_or(0, |t| t.left(&policy, what.at));
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
            let mut changed = memory.tries.remove(&heap).is_some();
            if !file.read_only() && !memory.missed.is_empty() {
                memory.missed.clear();
                changed = true;
            }
            if changed {
                store(&place, &memory);
            }
        }
        Err(SignInError::Wrong { staff, wait: told }) => {
            let tries = memory.tries.entry(heap).or_default();
            tries.missed(what.at);
            let wait = policy.wait(tries.wrong).max(*told);
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
