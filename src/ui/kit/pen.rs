//! A pen that writes into one place of the screen: text clipped at its edge, never half a wide glyph, in the tones of the theme. What
//! is written is the panes' business.

use crate::app::place::Place;
use crate::domain::text::{Lang, Text};
use crate::domain::values::plain;
use crate::ui::theme::{Theme, Tone};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use std::borrow::Cow;
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
pub fn fit(text: &str, width: u16) -> Cow<'_, str> {
    let width = usize::from(width);
    // No character is wider than its bytes are many.
    if text.len() <= width || text.width() <= width {
        return Cow::Borrowed(text);
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
    Cow::Owned(out)
}

/// The leading words of a text that fit in so many cells, whole; nothing where not even the first does.
pub fn words(text: &str, width: u16) -> &str {
    if cells(text) <= width {
        return text;
    }
    let ends = text.match_indices(' ').map(|(at, _)| text.get(..at).unwrap_or_default());
    ends.take_while(|part| cells(part) <= width).last().unwrap_or_default().trim_end()
}

/// As [`fit`], but what is cut is cut between words: no number and no date loses its end.
pub fn fit_words(text: &str, width: u16) -> Cow<'_, str> {
    if cells(text) <= width {
        return Cow::Borrowed(text);
    }
    match words(text, width.saturating_sub(2)) {
        "" => fit(text, width),
        part => Cow::Owned(format!("{part}..")),
    }
}

/// As [`fit`], but never cut inside a number: what is left of a sum or a day would say another one.
pub fn fit_whole(text: &str, width: u16) -> Cow<'_, str> {
    let cut = fit(text, width);
    let Some(kept) = cut.strip_suffix("..").filter(|_| cut != text) else { return cut };
    let rest = text.strip_prefix(kept).unwrap_or_default();
    let inside = rest.starts_with(in_number) || rest.starts_with(UNITS);
    match kept.trim_end_matches(in_number) {
        before if inside && !before.is_empty() => Cow::Owned(format!("{}..", before.trim_end())),
        _ => cut,
    }
}

/// Breaks a text into lines of at most so many cells, never inside a number.
pub fn wrap(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width);
    let mut lines = vec![String::new()];
    for c in text.chars() {
        let Some(last) = lines.last_mut() else { break };
        if c != '\n' && last.width() + c.width().unwrap_or(0) <= width {
            last.push(c);
            continue;
        }
        let begun = last.trim_end_matches(in_number).len();
        // A unit belongs to its number; what fills the whole line is broken all the same.
        let holds = (in_number(c) || (UNITS.contains(&c) && last.ends_with(in_number))) && begun > 0;
        let carried = if holds { last.split_off(begun) } else { String::new() };
        lines.push(carried);
        if let Some(last) = lines.last_mut().filter(|l| c != '\n' && !(c == ' ' && l.is_empty())) {
            last.push(c);
        }
    }
    lines
}

const UNITS: [char; 5] = ['万', '亿', '元', '天', '年'];

fn in_number(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '-' | '+' | '%' | '*' | '/' | ':')
}

/// The digit that opens a row, counted from 0; none after the ninth.
pub fn digit(row: usize) -> Option<char> {
    char::from_digit(u32::try_from(row).ok()? + 1, 10)
}

/// Characters that stand each for itself and never join their neighbour: ASCII, Chinese characters and their signs. ASCII takes one
/// cell, the rest two.
fn separate(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{3000}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}')
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
        let (px, py) = (self.place.x + x, self.place.y + y);
        if !self.buf.area.contains(Position { x: px, y: py }) {
            return 0;
        }
        let style = self.theme.of(tone);
        // Nearly all text needs no search for graphemes, which takes most of a frame's time.
        if text.chars().all(separate) {
            return self.separate(px, py, text, room, style);
        }
        // Whatever got into the file, no control character reaches the terminal.
        let clean;
        let text = if text.chars().any(harmful) {
            clean = plain::line(text);
            clean.as_str()
        } else {
            text
        };
        let (end, _) = self.buf.set_stringn(px, py, text, usize::from(room), style);
        end - px
    }

    /// Writes separate characters.
    fn separate(&mut self, x: u16, y: u16, text: &str, room: u16, style: Style) -> u16 {
        let room = room.min(self.buf.area.right() - x);
        let mut used = 0;
        for c in text.chars() {
            let width = if c.is_ascii() { 1 } else { 2 };
            if used + width > room {
                break;
            }
            self.cell(x + used, y, |cell| {
                cell.set_char(c).set_style(style);
            });
            if width == 2 {
                self.cell(x + used + 1, y, Cell::reset);
            }
            used += width;
        }
        used
    }

    fn cell(&mut self, x: u16, y: u16, write: impl FnOnce(&mut Cell)) {
        if let Some(cell) = self.buf.cell_mut(Position { x, y }) {
            write(cell);
        }
    }

    /// Writes one sign.
    pub fn sign(&mut self, x: u16, y: u16, sign: char, tone: Tone) {
        self.text(x, y, sign.encode_utf8(&mut [0; 4]), tone, 1);
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
                self.cell(x, y, Cell::reset);
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
        for (y, left, right) in [(0, "┌", "┐"), (h - 1, "└", "┘")] {
            self.text(0, y, left, tone, 1);
            self.across(1, y, w - 2, tone);
            self.text(w - 1, y, right, tone, 1);
        }
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
        self.across(0, y, self.place.w, Tone::Border);
    }

    /// A line across, so many cells long.
    pub fn across(&mut self, x: u16, y: u16, w: u16, tone: Tone) {
        let style = self.theme.of(tone);
        for x in x..x.saturating_add(w).min(self.place.w) {
            self.cell(self.place.x + x, self.place.y + y, |cell| {
                cell.set_symbol("─").set_style(style);
            });
        }
    }

    /// A heading with a line behind it, as in a list by days.
    pub fn heading(&mut self, y: u16, text: &str, tone: Tone) {
        let used = self.text(0, y, text, tone, self.place.w);
        if used + 2 < self.place.w {
            self.across(used + 1, y, self.place.w - used - 1, Tone::Border);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_never_broken_inside_a_number_nor_between_it_and_its_unit() {
        let text = "12-05还款，还有14天 应还2,180.00元 经营贷 余额13.3万 借据尾号0042";
        for width in 14..60 {
            let lines = wrap(text, width);
            assert!(lines.iter().all(|l| cells(l) <= width), "{width} {lines:?}");
            for whole in ["12-05", "14天", "2,180.00元", "13.3万", "0042"] {
                assert!(lines.iter().any(|l| l.contains(whole)), "{whole} at {width}: {lines:?}");
            }
        }
        assert_eq!(wrap("1234567890", 4), ["1234", "5678", "90"], "what fills a line is broken all the same");
        assert_eq!(wrap("甲\n  乙", 4), ["甲", "  乙"]);
    }

    #[test]
    fn what_is_cut_ends_before_the_number_or_the_word_that_has_no_room() {
        for (text, width, shown) in [
            ("理财 41.3万 12-28到期", 30, "理财 41.3万 12-28到期"),
            ("理财 41.3万 12-28到期", 18, "理财 41.3万.."),
            ("理财 41.3万 12-28到期", 11, "理财.."),
            ("给客户准备资料", 9, "给客户.."),
            ("1234567890", 6, "1234.."),
        ] {
            assert_eq!(fit_whole(text, width), shown, "{text} {width}");
        }
        assert_eq!(fit_words("性别 证件号 生日", 14), "性别 证件号..");
        assert_eq!(fit_words("产品偏好和别的", 8), "产品偏..");
        assert_eq!(words("家庭 2人 82.0万 贵宾 (11-20)", 22), "家庭 2人 82.0万 贵宾");
        assert_eq!(words("家庭 2人", 3), "");
    }
}
