//! A field being typed in: its text scrolled so that the cursor shows, and the terminal's cursor in it.

use super::pen::Pen;
use crate::app::input::Line;
use crate::ui::theme::Tone;

/// Draws a line being typed in `width` cells and puts the cursor there when it has the focus.
pub fn line(pen: &mut Pen<'_>, x: u16, y: u16, width: u16, line: &Line, focused: bool) {
    if width == 0 {
        return;
    }
    pen.fill_cells(x, y, width, Tone::Input);
    let scroll = line.scroll(usize::from(width.saturating_sub(1)));
    let mut skipped = 0;
    let shown: String = line
        .text()
        .chars()
        .skip_while(|c| {
            let skip = skipped < scroll;
            skipped += unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
            skip
        })
        .collect();
    pen.text(x, y, &shown, Tone::Input, width);
    if focused {
        let at = u16::try_from(line.visual_cursor().saturating_sub(scroll)).unwrap_or(0);
        pen.put_cursor(x + at.min(width - 1), y);
    }
}

/// Draws a field of which only the length is shown.
pub fn hidden(pen: &mut Pen<'_>, x: u16, y: u16, width: u16, length: usize, focused: bool) {
    pen.fill_cells(x, y, width, Tone::Input);
    let typed = u16::try_from(length).unwrap_or(u16::MAX).min(width.saturating_sub(1));
    pen.text(x, y, &"*".repeat(usize::from(typed)), Tone::Input, width);
    if focused {
        pen.put_cursor(x + typed, y);
    }
}
