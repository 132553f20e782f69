//! The data key of an encrypted branch file: what opens the file itself, and what it seals beside it on this PC. Who gets the key is
//! decided in `slots`.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rusqlite::Connection;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Bytes of a data key.
pub const LENGTH: usize = 32;
/// Bytes of the number that makes each sealing another one; it stands before what is sealed.
const NONCE: usize = 24;

/// The data key of a branch file; none for a plain one. Wiped from memory when the last holder lets go of it, and never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Key(Option<Arc<Zeroizing<[u8; LENGTH]>>>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Key(..)" } else { "Key(none)" })
    }
}

impl Key {
    /// A key of these bytes.
    pub fn of(bytes: [u8; LENGTH]) -> Key {
        Key(Some(Arc::new(Zeroizing::new(bytes))))
    }

    /// A new key from the system's random numbers.
    ///
    /// # Errors
    /// The system gives none.
    pub fn new() -> Result<Key, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        getrandom::fill(bytes.as_mut())?;
        Ok(Key(Some(Arc::new(bytes))))
    }

    /// The bytes, to be sealed into a slot; none of a plain file.
    pub fn bytes(&self) -> Option<&[u8; LENGTH]> {
        self.0.as_deref().map(|bytes| &**bytes)
    }

    /// Whether there is a key.
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// A key for one purpose, from which neither this one nor another purpose's can be told.
    pub fn derive(&self, purpose: &str) -> Option<Zeroizing<[u8; LENGTH]>> {
        self.bytes().map(|bytes| Zeroizing::new(blake3::derive_key(&format!("guitai 2026 {purpose}"), bytes)))
    }

    /// The first thing done on a connection to a file under this key. Nothing for a plain file.
    ///
    /// # Errors
    /// What SQLite says; a wrong key shows at the first read only.
    pub fn unlock(&self, conn: &Connection) -> rusqlite::Result<()> {
        let Some(bytes) = self.bytes() else { return Ok(()) };
        let mut word = Zeroizing::new(String::with_capacity(LENGTH * 2 + 40));
        word.push_str("PRAGMA cipher_log_level = NONE; PRAGMA key = \"x'");
        for byte in bytes {
            for digit in [byte >> 4, byte & 15] {
                word.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
            }
        }
        word.push_str("'\";");
        conn.execute_batch(&word)
    }

    /// Seals bytes for a purpose, so that only this key opens them and a change shows; plain without a key. `None` when the system gives no
    /// random numbers.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Option<Vec<u8>> {
        let Some(key) = self.derive(purpose) else { return Some(plain.to_vec()) };
        let mut sealed = vec![0; NONCE];
        getrandom::fill(&mut sealed).ok()?;
        let nonce = XNonce::try_from(sealed.as_slice()).ok()?;
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let body = XChaCha20Poly1305::new_from_slice(key.as_slice()).ok()?.encrypt(&nonce, payload).ok()?;
        sealed.extend(body);
        Some(sealed)
    }

    /// What was sealed for that purpose; `None` when it was not, or was changed.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let Some(key) = self.derive(purpose) else { return Some(Zeroizing::new(sealed.to_vec())) };
        let (nonce, body) = sealed.split_at_checked(NONCE)?;
        let nonce = XNonce::try_from(nonce).ok()?;
        let payload = Payload { msg: body, aad: purpose.as_bytes() };
        XChaCha20Poly1305::new_from_slice(key.as_slice()).ok()?.decrypt(&nonce, payload).ok().map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_its_key_and_purpose_only_and_a_change_shows() {
        let (key, other) = (Key::new().unwrap(), Key::new().unwrap());
        let sealed = key.seal("drafts", "张三 13800138000".as_bytes()).unwrap();
        assert_eq!(key.open("drafts", &sealed).unwrap().as_slice(), "张三 13800138000".as_bytes());
        assert!(other.open("drafts", &sealed).is_none());
        assert!(key.open("cache", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open("drafts", &changed).is_none(), "byte {at}");
            assert!(key.open("drafts", &sealed[..at]).is_none(), "cut at {at}");
        }
        assert!(!sealed.windows(6).any(|w| w == "张三".as_bytes()));
        assert_ne!(key.seal("drafts", b"x"), key.seal("drafts", b"x"), "no two sealings are alike");
    }

    #[test]
    fn without_a_key_nothing_is_sealed_and_nothing_is_shown_of_one() {
        let none = Key::default();
        assert_eq!(none.seal("drafts", b"x").unwrap(), b"x");
        assert_eq!(none.open("drafts", b"x").unwrap().as_slice(), b"x");
        assert_eq!(format!("{:?} {:?}", none, Key::of([7; 32])), "Key(none) Key(..)");
    }
}
