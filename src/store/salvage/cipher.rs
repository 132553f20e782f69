//! The pages of a damaged encrypted file, opened one by one as SQLCipher would (<https://www.zetetic.net/sqlcipher/design/>): each has a number and
//! a seal of its own, so that a page that was changed opens as nothing, and its neighbours as before.

use super::pages::SIZE;
use crate::store::key::Key;
use aes::Aes256;
use cbc::Decryptor;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};

/// Bytes at the end of each page: its number used once, and its seal.
pub const BACK: usize = NONCE + 32;
const NONCE: usize = 16;
/// Bytes at the beginning of the file that are no page: the salt of the seals.
const SALT: usize = 16;
/// What the first page has there once it is opened.
const HEAD: &[u8; SALT] = b"SQLite format 3\0";
/// What tells the salt of the seals from that of a password.
const MASK: u8 = 0x3a;

/// The file with its pages opened; those whose seal does not fit are zeros. `None` without a key.
pub fn opened(bytes: &[u8], key: &Key) -> Option<Vec<u8>> {
    let key = key.bytes()?;
    let salt = bytes.get(..SALT)?;
    let seal = sealing(key, salt)?;
    let mut plain = vec![0; bytes.len()];
    for (n, (from, to)) in (1_u32..).zip(bytes.chunks_exact(SIZE).zip(plain.chunks_exact_mut(SIZE))) {
        let start = if n == 1 { SALT } else { 0 };
        if let Some(page) = page(from.get(start..)?, n, key, &seal) {
            let (head, body) = to.split_at_mut(start);
            head.copy_from_slice(HEAD.get(..start)?);
            body.get_mut(..page.len())?.copy_from_slice(&page);
        }
    }
    Some(plain)
}

/// One page, if it is what was written as this number.
fn page(bytes: &[u8], n: u32, key: &[u8; 32], seal: &[u8]) -> Option<Vec<u8>> {
    let (sealed, given) = bytes.split_at_checked(bytes.len().checked_sub(BACK - NONCE)?)?;
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(seal).ok()?;
    mac.update(sealed);
    mac.update(&n.to_le_bytes());
    mac.verify_slice(given).ok()?;
    let (body, nonce) = sealed.split_at_checked(sealed.len().checked_sub(NONCE)?)?;
    let mut plain = body.to_vec();
    Decryptor::<Aes256>::new_from_slices(key, nonce).ok()?.decrypt_padded::<NoPadding>(&mut plain).ok()?;
    Some(plain)
}

/// The key of the seals: PBKDF2 with HMAC-SHA512, two rounds, half of one block.
fn sealing(key: &[u8; 32], salt: &[u8]) -> Option<Vec<u8>> {
    let masked: Vec<u8> = salt.iter().map(|b| b ^ MASK).collect();
    let round = |bytes: &[&[u8]]| -> Option<Vec<u8>> {
        let mut mac = <Hmac<Sha512> as KeyInit>::new_from_slice(key).ok()?;
        bytes.iter().for_each(|part| mac.update(part));
        Some(mac.finalize().into_bytes().to_vec())
    };
    let first = round(&[&masked, &1_u32.to_be_bytes()])?;
    let second = round(&[&first])?;
    Some(first.iter().zip(&second).map(|(a, b)| a ^ b).take(32).collect())
}
