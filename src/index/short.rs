//! A name of up to four characters in a number. Who is called so is `names`'.

use super::fold::fold_char;

/// Packs the characters, the first lowest; `None` if it is too long or too odd.
pub fn pack(name: &str) -> Option<u64> {
    let mut packed = 0u64;
    for (i, c) in name.chars().enumerate() {
        if i > 3 || fold_char(c) != Some(c) || u32::from(c) > 0xffff || c == '\0' {
            return None;
        }
        packed |= u64::from(u32::from(c)) << (16 * i);
    }
    Some(packed)
}

/// The characters of a packed name and how many there are.
#[inline]
pub fn unpack(packed: u64) -> ([char; 4], usize) {
    let mut chars = ['\0'; 4];
    let mut len = 0;
    for (i, slot) in chars.iter_mut().enumerate() {
        let unit = (packed >> (16 * i)) & 0xffff;
        if unit == 0 {
            break;
        }
        *slot = char::from_u32(unit as u32).unwrap_or('\0');
        len = i + 1;
    }
    (chars, len)
}

/// The level at which a name of `len` characters is met from `start` on over `used` of them.
pub fn level(start: usize, used: usize, len: usize) -> u8 {
    match (start, used == len) {
        (0, true) => 0,
        (0, false) => 1,
        _ => 2,
    }
}
