//! Passwords as they are kept: stretched by Argon2id under a salt of their own, in one line of text.

use crate::domain::password::Password;
use crate::store::slots::{Cost, SlotError, hex, random, unhex};

/// The name of the way, first word of the line.
const WAY: &str = "argon2id";

/// The line to be kept of a new password.
///
/// # Errors
/// The system gives no random numbers.
pub fn of(password: &Password, cost: Cost) -> Result<String, SlotError> {
    let salt: [u8; 16] = random()?;
    let [memory, passes, lanes] = cost.numbers();
    let out = cost.stretch(password.bytes(), &salt)?;
    Ok(format!("{WAY} {memory} {passes} {lanes} {} {}", hex(&salt), hex(out.as_slice())))
}

/// Whether the line is of this password. A line that does not read is of none.
pub fn fits(line: &str, password: &Password) -> bool {
    read(line, password).unwrap_or_default()
}

fn read(line: &str, password: &Password) -> Option<bool> {
    let words: Vec<&str> = line.split(' ').collect();
    let [WAY, memory, passes, lanes, salt, out] = words.as_slice() else { return None };
    let cost = Cost::new(memory.parse().ok()?, passes.parse().ok()?, lanes.parse().ok()?)?;
    let found = cost.stretch(password.bytes(), &unhex(salt)?).ok()?;
    // Compared in the same time wherever they differ.
    Some(blake3::Hash::from_bytes(*found) == blake3::Hash::from_bytes(unhex(out)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_of_its_own_password_and_says_nothing_of_it() {
        let word = Password::new("Qing-shan-2026");
        let line = of(&word, Cost::TRIAL).unwrap();
        assert!(fits(&line, &word) && !fits(&line, &Password::new("Qing-shan-2027")) && !line.contains("Qing"));
        assert_ne!(of(&word, Cost::TRIAL).unwrap(), line, "the same password twice gives two lines");
        for bad in [
            "",
            "argon2id",
            "argon2id 4294967295 9 1 00 00",
            line.trim_start_matches('a'),
            &line.replace(' ', ""),
            &(line.clone() + "0"),
            "md5 8 1 1 x y",
        ] {
            assert!(!fits(bad, &word), "{bad}");
        }
    }
}
