//! Keys as the machine knows them, whatever terminal they come from. What a key does is said in the keymap.

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character, as typed.
    Char(char),
    /// F1 to F12.
    F(u8),
    /// Enter
    Enter,
    /// Esc
    Esc,
    /// Tab
    Tab,
    /// Shift+Tab
    BackTab,
    /// Backspace
    Backspace,
    /// Delete
    Delete,
    /// Insert
    Insert,
    /// Arrow up
    Up,
    /// Arrow down
    Down,
    /// Arrow left
    Left,
    /// Arrow right
    Right,
    /// Home
    Home,
    /// End
    End,
    /// Page up
    PageUp,
    /// Page down
    PageDown,
}

/// A key with what was held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// Ctrl was down.
    pub ctrl: bool,
    /// Alt was down.
    pub alt: bool,
    /// Shift was down (never said of characters, which come as typed).
    pub shift: bool,
}

impl Key {
    /// A key by itself.
    pub const fn plain(code: Code) -> Key {
        Key { code, ctrl: false, alt: false, shift: false }
    }

    /// A key with Ctrl.
    pub const fn ctrl(c: char) -> Key {
        Key { code: Code::Char(c), ctrl: true, alt: false, shift: false }
    }

    /// A key with Alt.
    pub const fn alt(c: char) -> Key {
        Key { code: Code::Char(c), ctrl: false, alt: true, shift: false }
    }

    /// The character typed, if it is text and not a command.
    pub fn text(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// The same key with an IME's full-width twin folded to what it stands for: `？ ／ 、 ：` and digits. Used where no field has
    /// the focus.
    pub fn folded(self) -> Key {
        let Code::Char(c) = self.code else { return self };
        let twin = match c {
            '、' | '／' => '/',
            '。' => '.',
            '，' => ',',
            '　' => ' ',
            '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            other => other,
        };
        Key { code: Code::Char(twin), ..self }
    }

    /// How the key is written in help, bars and the README.
    pub fn name(self) -> String {
        let base = match self.code {
            Code::Char(' ') => "Space".to_owned(),
            Code::Char(c) if self.ctrl => c.to_ascii_uppercase().to_string(),
            Code::Char(c) => c.to_string(),
            Code::F(n) => format!("F{n}"),
            Code::Enter => "Enter".to_owned(),
            Code::Esc => "Esc".to_owned(),
            Code::Tab => "Tab".to_owned(),
            Code::BackTab => "Shift+Tab".to_owned(),
            Code::Backspace => "Backspace".to_owned(),
            Code::Delete => "Delete".to_owned(),
            Code::Insert => "Insert".to_owned(),
            Code::Up => "Up".to_owned(),
            Code::Down => "Down".to_owned(),
            Code::Left => "Left".to_owned(),
            Code::Right => "Right".to_owned(),
            Code::Home => "Home".to_owned(),
            Code::End => "End".to_owned(),
            Code::PageUp => "PgUp".to_owned(),
            Code::PageDown => "PgDn".to_owned(),
        };
        let mut name = String::new();
        for (held, word) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if held {
                name.push_str(word);
            }
        }
        name + &base
    }

    /// Reads a key script: `zs<Down><Enter>`, `<F8>`, `<C-s>`, `<A-1>`, `<lt>` for `<`.
    pub fn script(text: &str) -> Vec<Key> {
        let mut keys = Vec::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            if c != '<' {
                keys.push(Key::plain(Code::Char(c)));
                continue;
            }
            let name: String = rest.by_ref().take_while(|c| *c != '>').collect();
            keys.extend(Key::named(&name));
        }
        keys
    }

    /// The key written `F8`, `C-s`, `A-1`, `S-Tab`, `Down`, `lt`.
    pub fn named(name: &str) -> Option<Key> {
        let held = name.split_once('-').filter(|(_, key)| !key.is_empty());
        if let Some((modifier, key)) = held {
            let mut k = Key::named(key)?;
            match modifier {
                "C" => k.ctrl = true,
                "A" => k.alt = true,
                "S" if k.code == Code::Tab => k.code = Code::BackTab,
                "S" => k.shift = true,
                _ => return None,
            }
            return Some(k);
        }
        let code = match name {
            "Enter" => Code::Enter,
            "Esc" => Code::Esc,
            "Tab" => Code::Tab,
            "BackTab" => Code::BackTab,
            "Backspace" | "BS" => Code::Backspace,
            "Delete" | "Del" => Code::Delete,
            "Insert" => Code::Insert,
            "Up" => Code::Up,
            "Down" => Code::Down,
            "Left" => Code::Left,
            "Right" => Code::Right,
            "Home" => Code::Home,
            "End" => Code::End,
            "PgUp" => Code::PageUp,
            "PgDn" => Code::PageDown,
            "Space" => Code::Char(' '),
            "lt" => Code::Char('<'),
            _ => {
                let mut chars = name.chars();
                match (chars.next(), chars.as_str()) {
                    (Some('F'), digits) if digits.parse::<u8>().is_ok() => Code::F(digits.parse().unwrap_or(1)),
                    (Some(c), "") => Code::Char(c),
                    _ => return None,
                }
            }
        };
        Some(Key::plain(code))
    }
}
