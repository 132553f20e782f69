//! A pen that writes into one place of the screen: text clipped at its edge, never half a wide glyph, in the tones of the theme. What
//! is written is the panes' business.

use crate::app::place::Place;
use crate::domain::text::{Lang, Text};
use crate::domain::values::plain;
use crate::ui::theme::{Theme, Tone};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A pen for one place.
pub struct Pen<'a> {
    buf: &'a mut Buffer,
    cursor: &'a mut Option<(u16, u16)>,
    /// The colours.
    pub theme: &'a Theme,
    /// The language.
    pub lang: Lang,
    /// Where it writes; columns and rows count from its corner.
    pub place: Place,
}

/// The rectangle of a place.
pub fn rect(p: Place) -> Rect {
    Rect { x: p.x, y: p.y, width: p.w, height: p.h }
}

/// Cells that a text takes.
pub fn cells(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// The beginning of a text that fits in so many cells; `..` at the end where something was cut.
pub fn fit(text: &str, width: u16) -> String {
    let width = usize::from(width);
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let w = c.width().unwrap_or(0);
        if used + w + 2 > width {
            break;
        }
        out.push(c);
        used += w;
    }
    if width >= 2 {
        out.push_str("..");
    }
    out
}

fn harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl<'a> Pen<'a> {
    /// A pen for the whole buffer.
    pub fn new(
        buf: &'a mut Buffer,
        cursor: &'a mut Option<(u16, u16)>,
        theme: &'a Theme,
        lang: Lang,
        place: Place,
    ) -> Pen<'a> {
        Pen { buf, cursor, theme, lang, place }
    }

    /// The same pen for another place.
    pub fn at(&mut self, place: Place) -> Pen<'_> {
        Pen { buf: self.buf, cursor: self.cursor, theme: self.theme, lang: self.lang, place }
    }

    /// The word in the language of the screen.
    pub fn word(&self, text: Text) -> &'static str {
        text.get(self.lang)
    }

    /// Writes at a column and row, at most `max` cells; says how many it took.
    pub fn text(&mut self, x: u16, y: u16, text: &str, tone: Tone, max: u16) -> u16 {
        if x >= self.place.w || y >= self.place.h {
            return 0;
        }
        let room = max.min(self.place.w - x);
        // Whatever got into the file, no control character reaches the terminal.
        let clean;
        let text = if text.chars().any(harmful) {
            clean = plain::line(text);
            clean.as_str()
        } else {
            text
        };
        let (px, py) = (self.place.x + x, self.place.y + y);
        if !self.buf.area.contains(Position { x: px, y: py }) {
            return 0;
        }
        let style = self.theme.of(tone);
        let (end, _) = self.buf.set_stringn(px, py, text, usize::from(room), style);
        end - px
    }

    /// Writes a text cut to `width` cells with `..`; always takes `width`.
    pub fn column(&mut self, x: u16, y: u16, text: &str, tone: Tone, width: u16) -> u16 {
        self.text(x, y, &fit(text, width), tone, width);
        width
    }

    /// Writes a text that ends before column `end`.
    pub fn right(&mut self, end: u16, y: u16, text: &str, tone: Tone) {
        let w = cells(text);
        self.text(end.saturating_sub(w), y, text, tone, w);
    }

    /// Writes a text whose characters at `marks` (positions in characters) are marked.
    pub fn marked(&mut self, x: u16, y: u16, text: &str, marks: &[usize], tone: Tone, width: u16) {
        let mut at = x;
        for (n, c) in text.chars().enumerate() {
            let w = u16::try_from(c.width().unwrap_or(0)).unwrap_or(0);
            if at - x + w > width {
                break;
            }
            let tone = if marks.contains(&n) { Tone::Match } else { tone };
            at += self.text(at, y, c.encode_utf8(&mut [0; 4]), tone, w.max(1));
        }
    }

    /// Gives a row the tone's colours behind what is written on it.
    pub fn fill(&mut self, y: u16, tone: Tone) {
        let Place { x, w, .. } = self.place;
        self.fill_cells(0, y, w, tone);
        let _ = x;
    }

    /// Gives some cells of a row the tone's colours.
    pub fn fill_cells(&mut self, x: u16, y: u16, w: u16, tone: Tone) {
        if y < self.place.h {
            let area = Rect { x: self.place.x + x, y: self.place.y + y, width: w.min(self.place.w), height: 1 };
            let area = area.intersection(self.buf.area);
            self.buf.set_style(area, self.theme.of(tone));
        }
    }

    /// Empties the place.
    pub fn clear(&mut self) {
        let area = rect(self.place).intersection(self.buf.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buf.cell_mut(Position { x, y }) {
                    cell.reset();
                }
            }
        }
    }

    /// Draws a border; the title stands left in it, the note right.
    pub fn border(&mut self, title: &str, note: &str, focused: bool) {
        let Place { w, h, .. } = self.place;
        if w < 2 || h < 2 {
            return;
        }
        let tone = if focused { Tone::Focus } else { Tone::Border };
        let across = "─".repeat(usize::from(w - 2));
        self.text(0, 0, &format!("┌{across}┐"), tone, w);
        self.text(0, h - 1, &format!("└{across}┘"), tone, w);
        for y in 1..h - 1 {
            self.text(0, y, "│", tone, 1);
            self.text(w - 1, y, "│", tone, 1);
        }
        let title_tone = if focused { Tone::Accent } else { Tone::Label };
        let used = self.text(2, 0, &format!(" {title} "), title_tone, w.saturating_sub(4));
        let room = w.saturating_sub(used + 6);
        if !note.is_empty() && room > 4 {
            let note = format!(" {} ", fit(note, room - 2));
            self.right(w - 2, 0, &note, Tone::Label);
        }
    }

    /// A line across, under a heading.
    pub fn rule(&mut self, y: u16) {
        let across = "─".repeat(usize::from(self.place.w));
        self.text(0, y, &across, Tone::Border, self.place.w);
    }

    /// A heading with a line behind it, as in a list by days.
    pub fn heading(&mut self, y: u16, text: &str, tone: Tone) {
        let used = self.text(0, y, text, tone, self.place.w);
        if used + 2 < self.place.w {
            let across = "─".repeat(usize::from(self.place.w - used - 1));
            self.text(used + 1, y, &across, Tone::Border, self.place.w);
        }
    }

    /// The terminal's cursor stands here: an IME opens its candidates there.
    pub fn put_cursor(&mut self, x: u16, y: u16) {
        let x = x.min(self.place.w.saturating_sub(1));
        *self.cursor = Some((self.place.x + x, self.place.y + y));
    }

    /// The tone of a row: under the cursor of the pane in focus, of another pane, or neither.
    pub fn row_tone(at_cursor: bool, focused: bool) -> Option<Tone> {
        match (at_cursor, focused) {
            (true, true) => Some(Tone::Selected),
            (true, false) => Some(Tone::Resting),
            _ => None,
        }
    }
}
