//! A password being typed: never shown, wiped from memory when it is let go of. Whether it is right is decided in the store.

use super::key::{Code, Key};
use crate::domain::password::Password;
use std::fmt;
use zeroize::Zeroizing;

/// The longest that is taken, in characters.
const MOST: usize = 200;

/// A password being typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hidden(Zeroizing<String>);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(..)")
    }
}

impl Hidden {
    /// How many characters were typed.
    pub fn len(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was typed, to be compared or set.
    pub fn password(&self) -> Password {
        Password::new(&self.0)
    }

    /// Takes everything back.
    pub fn clear(&mut self) {
        *self = Hidden::default();
    }

    /// Types a text: its first line, without control characters.
    pub fn paste(&mut self, text: &str) {
        text.lines().next().unwrap_or_default().chars().for_each(|c| self.push(c));
    }

    fn push(&mut self, c: char) {
        if c.is_control() || self.len() >= MOST {
            return;
        }
        if self.0.capacity() == 0 {
            // All there will ever be: growing would leave copies behind.
            *self.0 = String::with_capacity(MOST * 4);
        }
        self.0.push(c);
    }

    /// Takes a key; says whether it was one for a password.
    pub fn key(&mut self, key: Key) -> bool {
        match (key.code, key.ctrl, key.alt) {
            (Code::Char(c), false, false) => self.push(c),
            (Code::Backspace, false, false) => drop(self.0.pop()),
            (Code::Char('u'), true, false) => self.clear(),
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_taken_back_by_the_character_and_never_shown() {
        let mut hidden = Hidden::default();
        hidden.paste("密码ab\n第二行");
        hidden.key(Key::plain(Code::Backspace));
        assert_eq!((hidden.len(), hidden.password()), (3, Password::new("密码a")));
        assert_eq!(format!("{hidden:?}"), "Hidden(..)");
        hidden.key(Key::ctrl('u'));
        assert!(hidden.is_empty());
    }
}
