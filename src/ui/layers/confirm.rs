//! How a question looks.

use crate::app::layers::confirm::Confirm;
use crate::domain::text::t;
use crate::ui::kit::pen::{Pen, cells, wrap};
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, c: &Confirm) {
    pen.border(pen.word(t("请确认", "Please confirm")), "", true);
    let mut pen = pen.at(pen.place.inside());
    let w = pen.place.w.saturating_sub(4);
    for (y, line) in wrap(&c.question, w).iter().take(3).enumerate() {
        pen.text(2, u16::try_from(y).unwrap_or(0), line, Tone::Strong, w);
    }
    let y = pen.place.h.saturating_sub(1);
    let no = format!(" 0 {} ", pen.word(t("不", "No")));
    let yes = format!(" 1 {} ", c.yes);
    let tone = |on: bool| if on { Tone::Selected } else { Tone::Text };
    pen.text(2, y, &no, tone(!c.at_yes), w);
    pen.text(4 + cells(&no), y, &yes, tone(c.at_yes), w);
    let x = if c.at_yes { 4 + cells(&no) } else { 2 };
    pen.put_cursor(x + 1, y);
}
