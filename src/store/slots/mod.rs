//! The key-slot file beside an encrypted branch file: the data key, sealed once for each member of staff under their password and twice
//! under recovery codes (drive.md 5.1). Values over bytes: nothing here knows SQL, and what the branch file remembers of its slot file
//! is kept in `record`.

pub mod beside;
mod code;
mod cost;
pub mod disk;
mod error;
pub(super) mod record;
mod wire;

pub use code::Code;
pub use cost::{Cost, Costs};
pub use error::SlotError;
pub(super) use wire::{hex, unhex};

use super::key::{Key, LENGTH};
use crate::domain::password::Password;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Behind the name of a branch file, the name of its slot file.
pub const ENDING: &str = ".keys";
/// Keeps what is sealed here from being taken for anything else.
const TAG: &str = "guitai-keyslot-v1";
/// What the key of the MAC is derived for.
const MAC: &str = "slots mac";
/// Recovery codes made.
const CODES: usize = 2;
/// The most slots a file may have.
const MOST: usize = 1_000;

/// Where the slot file of a branch file lies. That it is there is what tells an encrypted branch file from a plain one.
pub fn path(branch: &Path) -> PathBuf {
    let mut name = branch.as_os_str().to_owned();
    name.push(ENDING);
    PathBuf::from(name)
}

/// Whether a slot file lies beside a branch file, or one that is about to (see `recrypt`).
pub fn beside(branch: &Path) -> bool {
    let path = path(branch);
    path.exists() || next(&path).exists()
}

/// Where the slot file lies that belongs to the file which is about to take the branch file's place: whichever of the two opens the file
/// is the right one.
pub fn next(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".next");
    PathBuf::from(name)
}

/// Whose slot it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Whose {
    /// The member of staff of this code.
    Staff(String),
    /// Nobody's: a recovery code in the safe.
    Recovery,
}

impl Whose {
    /// As it is bound into the sealing. No code of staff begins with a colon.
    fn word(&self) -> &str {
        match self {
            Whose::Staff(code) => code,
            Whose::Recovery => ":recovery",
        }
    }
}

/// The data key under one password.
#[derive(Clone, PartialEq, Eq)]
pub struct Slot {
    id: [u8; 8],
    whose: Whose,
    cost: Cost,
    salt: [u8; 16],
    nonce: [u8; 24],
    sealed: [u8; LENGTH + 16],
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({})", self.whose.word())
    }
}

/// What the branch file remembers of its slot file: one that is not of this file, older, or another of the same version is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The file's own number, hex.
    pub file: String,
    /// Its version.
    pub version: u64,
    /// Its MAC, hex.
    pub mac: String,
}

/// A slot file. It is made, read and replaced as a whole; each change gives the next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slots {
    file: [u8; 16],
    version: u64,
    slots: Vec<Slot>,
    mac: [u8; 32],
}

/// A new slot file, and what nobody can read out of it again.
#[derive(Debug)]
pub struct Made {
    /// The file.
    pub slots: Slots,
    /// The data key.
    pub key: Key,
    /// The recovery codes, to be shown once.
    pub codes: Vec<Code>,
}

impl Slots {
    /// A slot file with a new data key, a slot for the first member of staff, and two recovery codes.
    ///
    /// # Errors
    /// The system gives no random numbers, or the costs are out of bounds.
    pub fn make(staff: &str, password: &Password, costs: &Costs) -> Result<Made, SlotError> {
        let key = Key::new().map_err(|_| SlotError::NoRandom)?;
        let empty = Slots { file: random()?, version: 0, slots: Vec::new(), mac: [0; 32] };
        let first = empty.slot(&key, staff, password, costs.staff)?;
        let (slots, codes) = Slots { slots: vec![first], ..empty }.with_new_codes(&key, costs.recovery)?;
        Ok(Made { slots, key, codes })
    }

    /// Reads a slot file. Whether it is a true one shows when it is opened.
    ///
    /// # Errors
    /// [`SlotError::Damaged`] for anything but what [`Slots::bytes`] gives.
    pub fn read(bytes: &[u8]) -> Result<Slots, SlotError> {
        wire::read(bytes)
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        wire::write(self)
    }

    /// What the branch file is to remember of this one.
    pub fn seal(&self) -> Seal {
        Seal { file: wire::hex(&self.file), version: self.version, mac: wire::hex(&self.mac) }
    }

    /// Whether this member of staff has a slot.
    pub fn has(&self, staff: &str) -> bool {
        self.of(staff).is_some()
    }

    /// The codes of staff with a slot, in the order they were given one.
    pub fn staff(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().filter_map(|s| match &s.whose {
            Whose::Staff(code) => Some(code.as_str()),
            Whose::Recovery => None,
        })
    }

    /// The data key for a member of staff. It takes as long for a number that is not there as for a wrong password.
    ///
    /// # Errors
    /// [`SlotError::Wrong`] for both; [`SlotError::Changed`] where the slot opens and the rest of the file is not what was written.
    pub fn open(&self, staff: &str, password: &Password) -> Result<Key, SlotError> {
        match self.of(staff) {
            Some(slot) => self.opened(slot.unseal(&self.file, password.bytes()).ok_or(SlotError::Wrong)?),
            None => {
                let cost = self.slots.first().map_or(Cost::STAFF, |s| s.cost);
                let _ = cost.stretch(password.bytes(), &[0; 16])?;
                Err(SlotError::Wrong)
            }
        }
    }

    /// The data key for one of the recovery codes.
    ///
    /// # Errors
    /// [`SlotError::Code`] when it is mistyped, [`SlotError::Wrong`] when it is not of this file, [`SlotError::Changed`] as in
    /// [`Slots::open`].
    pub fn recover(&self, typed: &str) -> Result<Key, SlotError> {
        let code = Code::parse(typed).ok_or(SlotError::Code)?;
        let mut slots = self.slots.iter().filter(|s| s.whose == Whose::Recovery);
        self.opened(slots.find_map(|s| s.unseal(&self.file, code.bytes())).ok_or(SlotError::Wrong)?)
    }

    /// A slot for a member of staff of this file, sealed but not yet in it: the slow part, done before anything is locked.
    ///
    /// # Errors
    /// No data key, no random numbers, a code that cannot be one, or costs out of bounds.
    pub fn slot(&self, key: &Key, staff: &str, password: &Password, cost: Cost) -> Result<Slot, SlotError> {
        if !wire::fits(staff) {
            return Err(SlotError::Damaged);
        }
        Slot::seal(&self.file, key, Whose::Staff(staff.to_owned()), password.bytes(), cost)
    }

    /// The next version, with this slot added, or in the place of the one its member of staff had.
    ///
    /// # Errors
    /// [`SlotError::Changed`] when the key is not this file's.
    pub fn with(&self, key: &Key, slot: Slot) -> Result<Slots, SlotError> {
        self.fits(key)?;
        let mut slots = self.slots.clone();
        let Whose::Staff(code) = &slot.whose else { return Err(SlotError::Damaged) };
        match slots.iter().position(|s| s.is_of(code)).and_then(|at| slots.get_mut(at)) {
            Some(there) => *there = slot,
            None => slots.push(slot),
        }
        self.next(key, slots)
    }

    /// The next version, without the slot of this member of staff; itself where there is none. `administrators` are the codes of those who
    /// may give others a slot: somebody among them must stay, or only the recovery codes would be left.
    ///
    /// # Errors
    /// [`SlotError::LastAdministrator`]; [`SlotError::Changed`] when the key is not this file's.
    pub fn without(&self, key: &Key, staff: &str, administrators: &[&str]) -> Result<Slots, SlotError> {
        self.fits(key)?;
        if !self.has(staff) {
            return Ok(self.clone());
        }
        let slots: Vec<Slot> = self.slots.iter().filter(|s| !s.is_of(staff)).cloned().collect();
        if !administrators.iter().any(|code| slots.iter().any(|s| s.is_of(code))) {
            return Err(SlotError::LastAdministrator);
        }
        self.next(key, slots)
    }

    /// The next version, with new recovery codes in the place of the old ones.
    ///
    /// # Errors
    /// As [`Slots::slot`].
    pub fn with_new_codes(&self, key: &Key, cost: Cost) -> Result<(Slots, Vec<Code>), SlotError> {
        self.fits(key)?;
        let mut slots: Vec<Slot> = self.slots.iter().filter(|s| s.whose != Whose::Recovery).cloned().collect();
        let mut codes = Vec::with_capacity(CODES);
        for _ in 0..CODES {
            let code = Code::new()?;
            slots.push(Slot::seal(&self.file, key, Whose::Recovery, code.bytes(), cost)?);
            codes.push(code);
        }
        Ok((self.next(key, slots)?, codes))
    }

    /// Whether this is the slot file that the branch file remembers. One that is newer is true as well: only who has the data key can make
    /// its MAC, and a power cut between the two writes leaves it so. Whoever opens the branch file remembers it then.
    ///
    /// # Errors
    /// [`SlotError::Older`] or [`SlotError::Exchanged`].
    pub fn stands_by(&self, kept: Option<&Seal>) -> Result<Standing, SlotError> {
        let own = self.seal();
        match kept {
            None => Ok(Standing::Newer),
            Some(kept) if *kept == own => Ok(Standing::Same),
            Some(kept) if kept.file != own.file => Err(SlotError::Exchanged),
            Some(kept) if kept.version < own.version => Ok(Standing::Newer),
            Some(kept) if kept.version > own.version => Err(SlotError::Older),
            Some(_) => Err(SlotError::Exchanged),
        }
    }

    /// The next version after both this one and the one remembered, with the slots of those only who `stays` says still work here: how an older or
    /// another slot file is taken back into use by who has a recovery code.
    ///
    /// # Errors
    /// [`SlotError::Changed`] when the key is not this file's.
    pub fn taken_back(&self, key: &Key, kept: Option<&Seal>, stays: impl Fn(&str) -> bool) -> Result<Slots, SlotError> {
        self.fits(key)?;
        let slots =
            self.slots.iter().filter(|s| s.whose == Whose::Recovery || stays(s.whose.word())).cloned().collect();
        let newest = self.version.max(kept.map_or(0, |k| k.version));
        Slots { version: newest, ..self.clone() }.next(key, slots)
    }

    /// Without the slots of staff who have none in `newer`, under its own version: what is kept of it for the worst case must not open to
    /// somebody who left.
    fn stripped(&self, key: &Key, newer: &Slots) -> Result<Slots, SlotError> {
        self.fits(key)?;
        let stays = |s: &&Slot| match &s.whose {
            Whose::Staff(code) => newer.has(code),
            Whose::Recovery => newer.slots.contains(s),
        };
        let mut left = Slots { slots: self.slots.iter().filter(stays).cloned().collect(), ..self.clone() };
        left.mac = left.mac_under(key)?;
        Ok(left)
    }

    fn of(&self, staff: &str) -> Option<&Slot> {
        self.slots.iter().find(|s| s.is_of(staff))
    }

    /// The key out of a slot, once the whole file is known to be true.
    fn opened(&self, key: Key) -> Result<Key, SlotError> {
        self.fits(&key)?;
        Ok(key)
    }

    fn fits(&self, key: &Key) -> Result<(), SlotError> {
        // Compared in the same time wherever they differ.
        let (due, found) = (blake3::Hash::from_bytes(self.mac_under(key)?), blake3::Hash::from_bytes(self.mac));
        if due == found || self.version == 0 { Ok(()) } else { Err(SlotError::Changed) }
    }

    fn next(&self, key: &Key, slots: Vec<Slot>) -> Result<Slots, SlotError> {
        if slots.len() > MOST {
            return Err(SlotError::Damaged);
        }
        let mut next = Slots { file: self.file, version: self.version.saturating_add(1), slots, mac: [0; 32] };
        next.mac = next.mac_under(key)?;
        Ok(next)
    }

    fn mac_under(&self, key: &Key) -> Result<[u8; 32], SlotError> {
        let own = key.derive(MAC).ok_or(SlotError::Wrong)?;
        let mut hasher = blake3::Hasher::new_keyed(&own);
        let mut field = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        field(TAG.as_bytes());
        field(&self.file);
        field(&self.version.to_le_bytes());
        for slot in &self.slots {
            field(&slot.bound(&self.file));
            field(&slot.salt);
            field(&slot.nonce);
            field(&slot.sealed);
        }
        Ok(*hasher.finalize().as_bytes())
    }
}

/// How a slot file stands to what the branch file remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The very one.
    Same,
    /// Newer: to be remembered.
    Newer,
}

impl Slot {
    fn seal(file: &[u8; 16], key: &Key, whose: Whose, secret: &[u8], cost: Cost) -> Result<Slot, SlotError> {
        let mut slot = Slot { id: random()?, whose, cost, salt: random()?, nonce: random()?, sealed: [0; LENGTH + 16] };
        let plain = key.bytes().ok_or(SlotError::Wrong)?;
        let under = cost.stretch(secret, &slot.salt)?;
        let cipher = XChaCha20Poly1305::new_from_slice(under.as_slice()).map_err(|_| SlotError::Damaged)?;
        let bound = slot.bound(file);
        let nonce = XNonce::try_from(slot.nonce.as_slice()).map_err(|_| SlotError::Damaged)?;
        let sealed = cipher.encrypt(&nonce, Payload { msg: plain, aad: &bound }).map_err(|_| SlotError::Damaged)?;
        slot.sealed = sealed.try_into().map_err(|_| SlotError::Damaged)?;
        Ok(slot)
    }

    /// The data key, if the secret is this slot's.
    fn unseal(&self, file: &[u8; 16], secret: &[u8]) -> Option<Key> {
        let under = self.cost.stretch(secret, &self.salt).ok()?;
        let cipher = XChaCha20Poly1305::new_from_slice(under.as_slice()).ok()?;
        let nonce = XNonce::try_from(self.nonce.as_slice()).ok()?;
        let bound = self.bound(file);
        let plain = cipher.decrypt(&nonce, Payload { msg: &self.sealed, aad: &bound }).ok().map(Zeroizing::new)?;
        Some(Key::of(plain.as_slice().try_into().ok()?))
    }

    fn is_of(&self, staff: &str) -> bool {
        matches!(&self.whose, Whose::Staff(code) if code.eq_ignore_ascii_case(staff))
    }

    /// What is bound into the sealing: a slot is good in its file, for its member of staff, at its cost, and nowhere else.
    fn bound(&self, file: &[u8; 16]) -> Vec<u8> {
        let mut bound = Vec::new();
        let [memory, passes, lanes] = self.cost.numbers().map(u32::to_le_bytes);
        for part in [TAG.as_bytes(), file, &self.id, self.whose.word().as_bytes(), &memory, &passes, &lanes] {
            bound.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bound.extend_from_slice(part);
        }
        bound
    }
}

/// Bytes from the system's random numbers.
pub(super) fn random<const N: usize>() -> Result<[u8; N], SlotError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| SlotError::NoRandom)?;
    Ok(bytes)
}
