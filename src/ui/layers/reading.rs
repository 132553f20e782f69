//! How a text to read looks.

use crate::app::layers::Reading;
use crate::domain::text::t;
use crate::ui::kit::pen::{Pen, cells, wrap};
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, text: &Reading) {
    let note = match text.print {
        Some(_) => pen.word(t("F8 存成文件打印  Esc 关", "F8 writes a file to print  Esc closes")),
        None => pen.word(t("Esc 关", "Esc closes")),
    };
    draw_with(pen, text, note);
}

/// Draws what a batch would do.
pub fn planned(pen: &mut Pen<'_>, text: &Reading) {
    draw_with(pen, text, pen.word(t("F8 照此办理  Esc 不办", "F8 does it  Esc does not")));
}

fn draw_with(pen: &mut Pen<'_>, text: &Reading, note: &str) {
    pen.border(&text.title, note, true);
    let mut pen = pen.at(pen.place.inside());
    let w = pen.place.w.saturating_sub(2);
    if text.lines.is_empty() {
        pen.text(1, 0, pen.word(t("(空)", "(nothing)")), Tone::Label, w);
    }
    let whole = |line: &String| if cells(line) > w { wrap(line, w) } else { vec![line.clone()] };
    let lines = text.lines.iter().skip(text.top).flat_map(whole);
    for (y, line) in (0..pen.place.h).zip(lines) {
        pen.text(1, y, &line, Tone::Text, w);
    }
}
