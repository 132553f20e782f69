//! Recovery codes: 120 random bits in letters and digits that cannot be mistaken for each other, five groups of five; the last letter
//! tells a mistyped code before anything slow is done.

use super::error::SlotError;
use super::random;
use std::fmt;
use zeroize::Zeroizing;

/// Without I, L, O and U (Crockford): what looks alike, or reads as a word.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters that carry the secret; one more checks them.
const SECRET: usize = 24;
/// Letters of a group.
const GROUP: usize = 5;

/// A recovery code. Written out only where it is printed for the safe, never by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(Zeroizing<Vec<u8>>);

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

impl Code {
    /// A new one.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn new() -> Result<Code, SlotError> {
        let bytes = Zeroizing::new(random::<SECRET>()?);
        let mut letters: Vec<u8> = bytes.iter().filter_map(|b| LETTERS.get(usize::from(b & 31)).copied()).collect();
        letters.push(check(&letters));
        Ok(Code(Zeroizing::new(letters)))
    }

    /// What was typed from the paper, in either case, with or without dashes and blanks, `O`, `I` and `L` read as digits; `None` when a letter
    /// is wrong or missing.
    pub fn parse(typed: &str) -> Option<Code> {
        let mut letters = Zeroizing::new(Vec::with_capacity(SECRET + 1));
        for c in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－' | '—' | '–')) {
            // A full-width letter of an IME counts as its twin.
            let c = match u32::from(c) {
                wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0)?,
                _ => c,
            };
            let letter = match c.to_ascii_uppercase() {
                'O' => b'0',
                'I' | 'L' => b'1',
                c => u8::try_from(c).ok()?,
            };
            LETTERS.contains(&letter).then_some(())?;
            letters.push(letter);
        }
        let (secret, last) = letters.split_at_checked(SECRET)?;
        (last == [check(secret)]).then(|| Code(letters.clone()))
    }

    /// As it is printed: `7K2MP-QX4TD-...`.
    pub fn shown(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(SECRET + SECRET / GROUP + 1));
        for (at, letter) in self.0.iter().enumerate() {
            if at > 0 && at % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(*letter));
        }
        text
    }

    /// The bytes to be stretched.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// One letter over all others: another letter anywhere, or two neighbours exchanged, give another one. The sum is taken by 31, a prime, with
/// weights from 1 to 24, so that no place and no exchange goes unseen.
fn check(letters: &[u8]) -> u8 {
    let value = |letter: &u8| LETTERS.iter().position(|l| l == letter).unwrap_or_default();
    let sum: usize = letters.iter().enumerate().map(|(at, letter)| (at + 1) * (value(letter) + 1)).sum();
    LETTERS.get(sum % 31).copied().unwrap_or(b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_as_people_type_it() {
        let code = Code::new().unwrap();
        let shown = code.shown();
        assert_eq!(shown.split('-').map(str::len).collect::<Vec<_>>(), [5; 5]);
        let loose = shown.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        let wide: String = shown.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
        for typed in [shown.as_str(), &loose, &shown.replace('-', ""), &format!("  {} ", *shown), &wide] {
            assert_eq!(Code::parse(typed), Some(code.clone()), "{typed}");
        }
        assert_ne!(Code::new().unwrap(), code);
        assert_eq!(format!("{code:?}"), "Code(..)");
    }

    #[test]
    fn a_wrong_letter_or_two_exchanged_are_told_by_the_last_one() {
        let code = Code::new().unwrap().0.to_vec();
        let parsed = |letters: &[u8]| Code::parse(std::str::from_utf8(letters).unwrap()).is_some();
        let mut slipped = 0;
        for at in 0..code.len() {
            for letter in LETTERS {
                let mut typed = code.clone();
                typed[at] = *letter;
                // 0 and Z have the same remainder by 31: the one pair that is not told apart, and nobody takes one for the other.
                slipped += u32::from(typed != code && parsed(&typed));
            }
            let mut typed = code.clone();
            typed.swap(at, (at + 1) % code.len());
            if at + 1 < SECRET && typed != code {
                slipped += u32::from(parsed(&typed));
            }
        }
        let zeros = code.iter().filter(|l| matches!(l, b'0' | b'Z')).count();
        assert!(slipped as usize <= zeros * 2, "{slipped} slipped through");
        for cut in ["", "0", "!!!!!", "甲乙丙丁"] {
            assert!(!parsed(cut.as_bytes()), "{cut}");
        }
        assert!(!parsed(&code[..SECRET]) && !parsed(&[&code[..], b"0"].concat()));
    }
}
