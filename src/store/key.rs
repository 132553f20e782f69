//! The data key of an encrypted branch file: what opens the file itself, and what it seals beside it on this PC. Who gets the key is
//! decided in `slots`.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rusqlite::Connection;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Whether this program was built to read encrypted files.
pub const CIPHER: bool = cfg!(feature = "encryption");
/// Bytes of a data key.
pub const LENGTH: usize = 32;
/// Bytes of the number that makes each sealing another one; it stands before what is sealed.
const NONCE: usize = 24;

/// SQLCipher's words would tear the screen.
const QUIET: &str = "PRAGMA cipher_log_level = NONE;";
/// What each page is sealed with. SHA-512, which SQLCipher takes by itself, costs almost twice as much on a processor that has instructions for
/// SHA-256. As the default it holds for a file that is attached, too.
const SEAL: &str = "PRAGMA cipher_default_hmac_algorithm = HMAC_SHA256;";

/// Before what was sealed into a file of its own; no text begins so.
const MARK: &[u8] = b"\0guitai1";

/// The data key of a branch file; none for a plain one. Wiped from memory when the last holder lets go of it, and never shown.
#[derive(Clone, Default)]
pub struct Key {
    own: Option<Arc<Zeroizing<[u8; LENGTH]>>>,
    /// The keys the file had before: what lies on this PC may still be under one of them.
    older: Arc<Vec<Key>>,
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.own == other.own
    }
}

impl Eq for Key {}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.own.is_some() { "Key(..)" } else { "Key(none)" })
    }
}

impl Key {
    /// A key of these bytes.
    pub fn of(bytes: [u8; LENGTH]) -> Key {
        Key { own: Some(Arc::new(Zeroizing::new(bytes))), ..Key::default() }
    }

    /// A new key from the system's random numbers.
    ///
    /// # Errors
    /// The system gives none.
    pub fn new() -> Result<Key, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        getrandom::fill(bytes.as_mut())?;
        Ok(Key { own: Some(Arc::new(bytes)), ..Key::default() })
    }

    /// This key, with those the file had before.
    pub fn after(self, older: Vec<Key>) -> Key {
        Key { older: Arc::new(older), ..self }
    }

    /// The keys the file had before, the latest first.
    pub fn older(&self) -> &[Key] {
        &self.older
    }

    /// The bytes, to be sealed into a slot; none of a plain file.
    pub fn bytes(&self) -> Option<&[u8; LENGTH]> {
        self.own.as_deref().map(|bytes| &**bytes)
    }

    /// Whether there is a key.
    pub fn is_some(&self) -> bool {
        self.own.is_some()
    }

    /// A key for one purpose, from which neither this one nor another purpose's can be told.
    pub fn derive(&self, purpose: &str) -> Option<Zeroizing<[u8; LENGTH]>> {
        self.bytes().map(|bytes| Zeroizing::new(blake3::derive_key(&format!("guitai 2026 {purpose}"), bytes)))
    }

    /// The first thing done on a connection to a file under this key. For a plain file it only keeps the program quiet that reads it.
    ///
    /// # Errors
    /// What SQLite says; a wrong key shows at the first read only.
    pub fn unlock(&self, conn: &Connection) -> rusqlite::Result<()> {
        let mut word = Zeroizing::new(String::with_capacity(LENGTH * 2 + QUIET.len() + SEAL.len() + 20));
        if CIPHER {
            word.push_str(QUIET);
            word.push_str(SEAL);
        }
        if self.is_some() {
            word.push_str("PRAGMA key = \"");
            word.push_str(&self.word());
            word.push_str("\";");
        }
        conn.execute_batch(&word)
    }

    /// The key as SQLCipher takes it: these very bytes, no password to be stretched; empty for a plain file.
    pub(super) fn word(&self) -> Zeroizing<String> {
        let Some(bytes) = self.bytes() else { return Zeroizing::default() };
        let mut word = Zeroizing::new(String::with_capacity(LENGTH * 2 + 3));
        word.push_str("x'");
        for byte in bytes {
            for digit in [byte >> 4, byte & 15] {
                word.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
            }
        }
        word.push('\'');
        word
    }

    /// The bytes of a file of this PC that holds this text: sealed and marked under a key, else the text. `None` when the system gives no
    /// random numbers.
    pub fn wrap(&self, purpose: &str, text: &str) -> Option<Vec<u8>> {
        if !self.is_some() {
            return Some(text.as_bytes().to_vec());
        }
        let mut bytes = MARK.to_vec();
        bytes.extend(self.seal(purpose, text.as_bytes())?);
        Some(bytes)
    }

    /// The text of a file that [`Key::wrap`] made, under this key or an older one; also one from before the branch file had a key. `None`
    /// when it cannot be read: it is to be left alone then.
    pub fn unwrap(&self, purpose: &str, bytes: &[u8]) -> Option<String> {
        let Some(sealed) = bytes.strip_prefix(MARK) else { return String::from_utf8(bytes.to_vec()).ok() };
        let keys = std::iter::once(self).chain(self.older.iter()).filter(|key| key.is_some());
        let mut opened = keys.filter_map(|key| key.open(purpose, sealed));
        opened.next().and_then(|text| String::from_utf8(text.to_vec()).ok())
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
    fn what_lies_on_this_pc_is_read_under_the_key_it_was_written_under_and_else_left_alone() {
        let (old, new, none) = (Key::new().unwrap(), Key::new().unwrap(), Key::default());
        let new = new.after(vec![old.clone()]);
        for (by, to, reads) in
            [(&old, &new, true), (&new, &new, true), (&none, &new, true), (&new, &old, false), (&new, &none, false)]
        {
            let kept = by.wrap("drafts", "{\"张\":1}").unwrap();
            assert_eq!(kept == "{\"张\":1}".as_bytes(), !by.is_some());
            assert_eq!(to.unwrap("drafts", &kept).as_deref(), reads.then_some("{\"张\":1}"));
        }
    }

    #[test]
    fn without_a_key_nothing_is_sealed_and_nothing_is_shown_of_one() {
        let none = Key::default();
        assert_eq!(none.seal("drafts", b"x").unwrap(), b"x");
        assert_eq!(none.open("drafts", b"x").unwrap().as_slice(), b"x");
        assert_eq!(format!("{:?} {:?}", none, Key::of([7; 32])), "Key(none) Key(..)");
    }
}
