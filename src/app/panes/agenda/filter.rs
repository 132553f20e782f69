//! The filter of the lines: a box at the bottom of the pane, begun by typing. Which lines pass is said in `rows`.

use super::Agenda;
use super::rows::View;
use crate::app::cx::Cx;
use crate::app::input::Line;
use crate::app::key::{Code, Key};

impl Agenda {
    /// A letter that no command has, a 汉字 or `/` begins a filter.
    pub(super) fn begin_filter(&mut self, key: Key, cx: &mut Cx<'_>) {
        let Some(c) = key.text() else { return };
        if c == '/' {
            let kept = self.filter.take().unwrap_or_default();
            self.narrow(kept, cx);
        } else if c.is_alphabetic() && !self.items.is_empty() {
            self.narrow(Line::of(c), cx);
        }
    }

    fn narrow(&mut self, line: Line, cx: &mut Cx<'_>) {
        self.filter = Some(line);
        self.in_box = true;
        self.lay(cx.shared);
        self.begin();
        self.look(cx);
    }

    /// Shows all lines again.
    pub(super) fn clear_filter(&mut self, cx: &mut Cx<'_>) {
        let key = self.current().map(|i| i.key.clone());
        self.filter = None;
        self.in_box = false;
        self.lay(cx.shared);
        let at = self.rows.iter().position(|r| key.is_some() && self.key_of(r) == key);
        self.cursor.at = at.unwrap_or(0);
        self.settle();
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        if matches!(self.view, View::Month | View::Wall) {
            return;
        }
        let mut line = self.filter.take().unwrap_or_default();
        line.paste(text);
        self.narrow(line, cx);
    }

    pub(super) fn box_key(&mut self, key: Key, cx: &mut Cx<'_>) {
        let Some(line) = &mut self.filter else {
            self.in_box = false;
            return;
        };
        match key.code {
            Code::Esc => self.clear_filter(cx),
            Code::Backspace if line.is_empty() => self.clear_filter(cx),
            Code::Enter => {
                self.in_box = false;
                self.open(None, cx);
            }
            Code::Up | Code::Down | Code::PageUp | Code::PageDown | Code::Tab => {
                // The first step leads out of the box onto the first line.
                self.in_box = false;
                self.look(cx);
            }
            _ => {
                let before = line.text().to_owned();
                if line.key(key) && line.text() != before {
                    self.lay(cx.shared);
                    self.begin();
                    self.look(cx);
                }
            }
        }
    }
}
