//! Tells pasted text from typed keys where the terminal does not: on Windows and over old links a paste arrives as single keys, and a
//! line break in it would submit a form. (The door and the second person's word take it for Enter: they have no form.) Reading the terminal does not live here.

use crate::app::event::Event;
use crate::app::key::{Code, Key};
use std::time::Duration;

/// From so many characters on, keys that came without a pause are a paste; an input method commits fewer at once, and so does a quick
/// hand. Phone and ID numbers copied from a spreadsheet bring a line break and are longer.
const LONG: usize = 8;
/// A burst is handed over when it has grown to this, so that it cannot fill the memory.
const MOST: usize = 1 << 20;

/// Keys that came without a pause.
#[derive(Debug, Default)]
pub struct Burst {
    keys: Vec<Key>,
}

impl Burst {
    /// Takes a key or hands it back with all that came before it; what is ready goes to `out`.
    pub fn take(&mut self, event: Event, out: &mut Vec<Event>) {
        match event {
            Event::Key(key) if letter(key).is_some() => {
                self.keys.push(key);
                if self.keys.len() >= MOST {
                    self.close(out);
                }
            }
            other => {
                self.close(out);
                out.push(other);
            }
        }
    }

    /// How long to wait for the next key before the burst counts as over; `None` when there is nothing to wait for. A single key
    /// waits too short a time to be felt; once a burst runs, gaps of a slow link do not end it.
    pub fn grace(&self) -> Option<Duration> {
        match self.keys.len() {
            0 => None,
            1..LONG => Some(Duration::from_millis(if cfg!(windows) { 5 } else { 1 })),
            _ => Some(Duration::from_millis(15)),
        }
    }

    /// Hands over what was collected: as one paste, or as the keys they were.
    pub fn close(&mut self, out: &mut Vec<Event>) {
        let keys = std::mem::take(&mut self.keys);
        let broken = keys.iter().rev().skip(1).any(|k| letter(*k) == Some('\n'));
        let text = keys.iter().filter(|k| letter(**k) != Some('\n')).count();
        if (broken && text > 1) || text >= LONG {
            out.push(Event::Paste(keys.into_iter().filter_map(letter).collect()));
        } else {
            out.extend(keys.into_iter().map(Event::Key));
        }
    }
}

/// The character a key would paste. Ctrl+J is what a line break becomes where the terminal does not mark pastes.
fn letter(key: Key) -> Option<char> {
    match key {
        Key { code: Code::Char('j'), ctrl: true, alt: false, .. } => Some('\n'),
        Key { ctrl: true, .. } | Key { alt: true, .. } => None,
        Key { code: Code::Char(c), .. } => Some(c),
        Key { code: Code::Enter, .. } => Some('\n'),
        Key { code: Code::Tab, .. } => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char) -> Event {
        let code = match c {
            '\r' => Code::Enter,
            '\t' => Code::Tab,
            c => Code::Char(c),
        };
        Event::Key(Key { code, ctrl: false, alt: false, shift: false })
    }

    /// What the machine would see, written down: keys one by one, pastes in brackets.
    fn seen(text: &str) -> String {
        let (mut burst, mut out) = (Burst::default(), Vec::new());
        for c in text.chars() {
            burst.take(key(c), &mut out);
        }
        burst.close(&mut out);
        out.iter()
            .map(|e| match e {
                Event::Key(k) => letter(*k).map(String::from).unwrap_or_default(),
                Event::Paste(text) => format!("[{text}]"),
                _ => "?".into(),
            })
            .collect()
    }

    #[test]
    fn what_a_hand_or_an_input_method_sends_stays_keys_and_what_is_pasted_becomes_one_paste() {
        for (typed, wanted) in [
            ("zs\r", "zs\n"),
            ("c11\r", "c11\n"),
            ("张三", "张三"),
            ("\r", "\n"),
            ("\r\r\r", "\n\n\n"),
            ("a\tb", "a\tb"),
            ("13800138000\r", "[13800138000\n]"),
            ("张三\r李四", "[张三\n李四]"),
            ("张三\r李四\r", "[张三\n李四\n]"),
            ("6222021234567890", "[6222021234567890]"),
        ] {
            assert_eq!(seen(typed), wanted, "{typed:?}");
        }
    }

    #[test]
    fn a_line_break_sent_as_ctrl_j_never_submits() {
        let (mut burst, mut out) = (Burst::default(), Vec::new());
        burst.take(key('a'), &mut out);
        burst.take(Event::Key(Key { code: Code::Char('j'), ctrl: true, alt: false, shift: false }), &mut out);
        burst.take(key('b'), &mut out);
        burst.close(&mut out);
        assert!(matches!(out.as_slice(), [Event::Paste(text)] if text == "a\nb"), "{out:?}");
    }

    #[test]
    fn other_keys_end_a_burst_and_keep_their_place() {
        let (mut burst, mut out) = (Burst::default(), Vec::new());
        burst.take(key('a'), &mut out);
        assert!(burst.grace().is_some());
        burst.take(Event::Key(Key { code: Code::F(8), ctrl: false, alt: false, shift: false }), &mut out);
        assert!(burst.grace().is_none());
        let codes: Vec<Code> =
            out.iter().filter_map(|e| if let Event::Key(k) = e { Some(k.code) } else { None }).collect();
        assert_eq!(codes, [Code::Char('a'), Code::F(8)]);
    }
}
