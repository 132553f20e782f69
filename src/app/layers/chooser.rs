//! A list to choose from, narrowed by typing: characters, pinyin or its initials, codes. Which lists there are is said where they
//! are opened.

use super::then::{Reaction, Then};
use crate::app::input::Line;
use crate::app::key::{Code, Key};
use crate::app::list::Cursor;
use pinyin::ToPinyin;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What is given back when it is chosen.
    pub code: String,
    /// What is shown.
    pub label: String,
    /// What stands at the right edge: keys, a number.
    pub hint: String,
    find: String,
}

impl Entry {
    /// An entry that is found by its label, its hint, its pinyin and the initials of that.
    pub fn new(code: impl Into<String>, label: impl Into<String>, hint: impl Into<String>) -> Entry {
        let (code, label, hint) = (code.into(), label.into(), hint.into());
        let syllables: Vec<&str> = label.as_str().to_pinyin().flatten().map(|p| p.plain()).collect();
        let initials: String = syllables.iter().filter_map(|s| s.chars().next()).collect();
        let find = format!("{label}\n{}\n{initials}\n{hint}\n{code}", syllables.concat()).to_lowercase();
        Entry { code, label, hint, find }
    }

    /// All texts it is found by, a line each.
    pub fn found_by(&self) -> String {
        self.find.clone()
    }

    /// The entry is also found by this text.
    pub fn also(mut self, text: &str) -> Entry {
        self.find.push('\n');
        self.find.push_str(&text.to_lowercase());
        self
    }
}

/// A list to choose from.
#[derive(Debug, Clone)]
pub struct Chooser {
    /// What is chosen.
    pub title: String,
    /// All entries.
    pub entries: Vec<Entry>,
    /// What was typed to narrow it.
    pub line: Line,
    /// The entry under the cursor, among those shown.
    pub cursor: Cursor,
    /// The entries are found anew for what is typed, so all of them fit.
    pub live: bool,
    /// Rows shown when drawn last; the machine keeps it near enough.
    pub height: usize,
    then: Then,
}

impl PartialEq for Chooser {
    fn eq(&self, other: &Chooser) -> bool {
        self.title == other.title && self.entries == other.entries && self.line.text() == other.line.text()
    }
}

impl Chooser {
    /// A list; `at` is the entry under the cursor first.
    pub fn new(title: impl Into<String>, entries: Vec<Entry>, then: Then) -> Chooser {
        Chooser {
            title: title.into(),
            entries,
            line: Line::default(),
            cursor: Cursor::default(),
            live: false,
            height: 12,
            then,
        }
    }

    /// The entries are found anew by the machine whenever something is typed.
    pub fn live(self) -> Chooser {
        Chooser { live: true, ..self }
    }

    /// Puts the cursor on the entry with this code.
    pub fn at(mut self, code: &str) -> Chooser {
        if let Some(at) = self.entries.iter().position(|e| e.code == code) {
            self.cursor.at = at;
            self.cursor.fit(self.entries.len(), self.height);
        }
        self
    }

    /// The entries that fit what was typed.
    pub fn shown(&self) -> Vec<&Entry> {
        if self.live {
            return self.entries.iter().collect();
        }
        let words: Vec<String> = self.line.text().to_lowercase().split_whitespace().map(str::to_owned).collect();
        let mut fits: Vec<&Entry> =
            self.entries.iter().filter(|e| words.iter().all(|w| e.find.contains(w.as_str()))).collect();
        // What begins with the typed text stands before what merely contains it.
        if let Some(first) = words.first() {
            fits.sort_by_key(|e| !e.find.lines().any(|l| l.starts_with(first.as_str())));
        }
        fits
    }

    /// The entry under the cursor.
    pub fn current(&self) -> Option<&Entry> {
        self.shown().get(self.cursor.at).copied()
    }

    /// Whether its entries are customers, by name.
    pub fn names_customers(&self) -> bool {
        let of_customers = [Then::Unpark, Then::OpenCustomer, Then::Open];
        self.live || of_customers.contains(&self.then)
    }

    /// Whether a digit chooses a row: while nothing is typed, and where digits are not codes.
    pub fn digits_choose(&self) -> bool {
        self.line.is_empty() && !self.live && !matches!(self.then, Then::Run)
    }

    /// Types pasted text.
    pub fn paste(&mut self, text: &str) {
        self.line.paste(text);
        self.cursor = Cursor::default();
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Reaction {
        let shown = self.shown();
        match key.code {
            Code::Esc => Reaction::Close,
            Code::Enter => match shown.get(self.cursor.at) {
                Some(e) => Reaction::Chosen(self.then.clone(), e.code.clone()),
                None => Reaction::Stay,
            },
            // With nothing typed a digit chooses a row at once, also while an IME is on.
            Code::Char(c @ '1'..='9') if self.digits_choose() && !key.alt && !key.ctrl => {
                let at = self.cursor.top + (c as usize - '1' as usize);
                match shown.get(at) {
                    Some(e) => Reaction::Chosen(self.then.clone(), e.code.clone()),
                    None => Reaction::Stay,
                }
            }
            _ => {
                let len = shown.len();
                let moving = matches!(key.code, Code::Up | Code::Down | Code::PageUp | Code::PageDown);
                if moving {
                    self.cursor.key(key, len, self.height);
                } else if self.line.key(key.folded()) {
                    self.cursor = Cursor::default();
                }
                Reaction::Stay
            }
        }
    }
}
