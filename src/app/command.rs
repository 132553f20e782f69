//! A command: one row feeds keys, the bar, help, palette, menu codes and the key table of the README. The rows live in `keymap`.

use super::cx::Pane;
use super::key::Key;
use super::rooms::Rooms;
use crate::domain::text::Text;

/// Where a command's keys work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Anywhere,
    /// In one pane.
    In(Pane),
}

/// One command.
#[derive(Debug)]
pub struct Command {
    /// Where its keys work.
    pub scope: Scope,
    /// Its name, for scripts and tests; never changes.
    pub name: &'static str,
    /// Its code: four digits typed in the palette; neighbours are numbered together (1 search, 2 archive, 3 board, 4 today, 9 frame).
    pub code: u16,
    /// Its keys as scripts write them (`F8`, `C-s`, `c`); the first is the one shown.
    pub keys: &'static [&'static str],
    /// A word for the bar.
    pub label: Text,
    /// A sentence for help and palette.
    pub help: Text,
    /// Place in the bar, lowest first; 0 is not in the bar.
    pub bar: u8,
    /// Whether it can be used now.
    pub enabled: fn(&Rooms) -> bool,
    /// What it does.
    pub run: fn(&mut Rooms),
}

impl Command {
    /// Whether this key runs it.
    pub fn has(&self, key: Key) -> bool {
        self.keys.iter().any(|k| Key::named(k) == Some(key))
    }

    /// The key shown for it, as people write it; empty when it has none.
    pub fn key_name(&self) -> String {
        self.keys.first().and_then(|k| Key::named(k)).map(Key::name).unwrap_or_default()
    }
}

/// For commands that can always be used.
pub fn always(_: &Rooms) -> bool {
    true
}
