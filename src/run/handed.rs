//! Who signed in, handed from the workbench to a process of ours that works for it: over its standard input, which nobody else reads. Never by
//! the command line or the environment.

use crate::domain::ids::StaffId;
use crate::store::key::{Key, LENGTH};
use crate::store::secret::SignedIn;
use std::io::Read;
use zeroize::Zeroizing;

/// The bytes to hand on.
pub fn give(signed: &SignedIn) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(8 + LENGTH));
    bytes.extend_from_slice(&signed.staff.0.to_le_bytes());
    if let Some(key) = signed.key.bytes() {
        bytes.extend_from_slice(key);
    }
    bytes
}

/// Who signed in, from what was handed on; `None` for anything else.
pub fn take(from: impl Read) -> Option<SignedIn> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(8 + LENGTH + 1));
    from.take(8 + LENGTH as u64 + 1).read_to_end(&mut bytes).ok()?;
    let (staff, key) = bytes.split_first_chunk::<8>()?;
    let key = match key {
        [] => Key::default(),
        key => Key::of(key.try_into().ok()?),
    };
    Some(SignedIn { staff: StaffId(i64::from_le_bytes(*staff)), key, change: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signed_in_arrives_as_given_and_nothing_else_does() {
        for key in [Key::default(), Key::new().unwrap()] {
            let signed = SignedIn { staff: StaffId(i64::MAX - 7), key, change: None };
            let bytes = give(&signed);
            assert_eq!(take(bytes.as_slice()), Some(signed.clone()));
            for cut in (0..bytes.len()).filter(|n| *n != 8) {
                assert_eq!(take(&bytes[..cut]), None, "{cut}");
            }
            assert_eq!(take([bytes.as_slice(), &[0; 33]].concat().as_slice()), None);
        }
    }
}
