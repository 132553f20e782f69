//! The bytes of a slot file: JSON that people can look at, in one form only. Any other form of the same is not taken, so that each changed
//! byte shows.

use super::cost::Cost;
use super::error::SlotError;
use super::{CODES, MOST, Slot, Slots, Whose};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// The form of the file.
const FORM: u32 = 1;
/// The most bytes looked at.
const LARGEST: usize = 1 << 20;
/// The most characters of a code of staff.
const LONGEST: usize = 64;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paper {
    guitai_keys: u32,
    file: String,
    version: u64,
    slots: Vec<Line>,
    mac: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    slot: String,
    /// None of a recovery code.
    staff: Option<String>,
    argon2id: [u32; 3],
    salt: String,
    nonce: String,
    key: String,
}

/// Whether this can be the code of a member of staff.
pub(super) fn fits(code: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !code.is_empty() && code.len() <= LONGEST && code.chars().all(plain)
}

/// The bytes of a file.
pub(super) fn write(slots: &Slots) -> Vec<u8> {
    let line = |s: &Slot| Line {
        slot: hex(&s.id),
        staff: match &s.whose {
            Whose::Staff(code) => Some(code.clone()),
            Whose::Recovery => None,
        },
        argon2id: s.cost.numbers(),
        salt: hex(&s.salt),
        nonce: hex(&s.nonce),
        key: hex(&s.sealed),
    };
    let paper = Paper {
        guitai_keys: FORM,
        file: hex(&slots.file),
        version: slots.version,
        slots: slots.slots.iter().map(line).collect(),
        mac: hex(&slots.mac),
    };
    // A record of texts and numbers can always be written.
    let mut bytes = serde_json::to_vec_pretty(&paper).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The file of these bytes.
///
/// # Errors
/// [`SlotError::Damaged`] for anything that [`write`] does not give.
pub(super) fn read(bytes: &[u8]) -> Result<Slots, SlotError> {
    let slots = parse(bytes).ok_or(SlotError::Damaged)?;
    if write(&slots) == bytes { Ok(slots) } else { Err(SlotError::Damaged) }
}

fn parse(bytes: &[u8]) -> Option<Slots> {
    if bytes.len() > LARGEST {
        return None;
    }
    let paper: Paper = serde_json::from_slice(bytes).ok()?;
    if paper.guitai_keys != FORM || paper.version == 0 || paper.slots.is_empty() || paper.slots.len() > MOST {
        return None;
    }
    let slot = |line: &Line| {
        let [memory, passes, lanes] = line.argon2id;
        Some(Slot {
            id: unhex(&line.slot)?,
            whose: match &line.staff {
                Some(code) => Whose::Staff(Some(code.clone()).filter(|c| fits(c))?),
                None => Whose::Recovery,
            },
            cost: Cost::new(memory, passes, lanes)?,
            salt: unhex(&line.salt)?,
            nonce: unhex(&line.nonce)?,
            sealed: unhex(&line.key)?,
        })
    };
    // Each of them is tried with a code that is typed: more than are made would only cost time.
    if paper.slots.iter().filter(|line| line.staff.is_none()).count() > CODES {
        return None;
    }
    Some(Slots {
        file: unhex(&paper.file)?,
        version: paper.version,
        slots: paper.slots.iter().map(slot).collect::<Option<_>>()?,
        mac: unhex(&paper.mac)?,
    })
}

/// Bytes as hex digits.
pub(in crate::store) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    })
}

/// So many bytes of hex digits.
pub(in crate::store) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = value(high)? << 4 | value(low)?;
    }
    Some(bytes)
}
