//! How a list to choose from looks.

use crate::app::layers::chooser::Chooser;
use crate::app::words::customer::COVERED;
use crate::domain::text::t;
use crate::ui::kit::field;
use crate::ui::kit::pen::{Pen, cells};
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, c: &Chooser, top: bool, hidden: bool) {
    let shown = c.shown();
    let covered = hidden && c.names_customers();
    let note = format!("{}/{}", shown.len(), c.entries.len());
    pen.border(&c.title, &note, true);
    let mut pen = pen.at(pen.place.inside());
    let w = pen.place.w;
    pen.text(1, 0, ">", Tone::Accent, 1);
    field::line(&mut pen, 3, 0, w.saturating_sub(4), &c.line, top);
    if shown.is_empty() {
        let words = pen.word(t("没有符合的，退格再试", "Nothing fits; Backspace and try again"));
        pen.text(3, 2, words, Tone::Label, w);
    }
    let rows = shown.iter().enumerate().skip(c.cursor.top).take(usize::from(pen.place.h.saturating_sub(1)));
    for (y, (at, entry)) in rows.enumerate() {
        let y = u16::try_from(y).unwrap_or(0) + 1;
        let tone = Pen::row_tone(at == c.cursor.at, true);
        if let Some(tone) = tone {
            pen.fill(y, tone);
        }
        let hint = cells(&entry.hint);
        let n = at - c.cursor.top;
        if n < 9 && c.digits_choose() {
            pen.text(1, y, &(n + 1).to_string(), tone.unwrap_or(Tone::Label), 1);
        }
        pen.column(
            3,
            y,
            if covered { COVERED } else { &entry.label },
            tone.unwrap_or(Tone::Text),
            w.saturating_sub(5 + hint),
        );
        let said = if covered { "" } else { &entry.hint };
        pen.right(w.saturating_sub(1), y, said, tone.unwrap_or(Tone::Label));
    }
}
