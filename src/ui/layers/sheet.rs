//! How a small form looks.

use crate::app::form::Eyes;
use crate::app::layers::sheet::Sheet;
use crate::app::words;
use crate::domain::text::t;
use crate::ui::kit::field;
use crate::ui::kit::pen::Pen;
use crate::ui::theme::Tone;

/// Rows it takes with its border.
pub fn height(s: &Sheet) -> u16 {
    let rows = s.len() + s.known.len().min(3) + usize::from(!s.advice.is_empty());
    u16::try_from(rows).unwrap_or(12) + 5
}

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, s: &Sheet, eyes: Eyes<'_>, top: bool, hidden: bool) {
    let keys = pen.word(t("Enter 下一项  F4 选  F8 存  Esc 退", "Enter next  F4 list  F8 save  Esc back"));
    pen.border(&s.title, keys, true);
    let mut pen = pen.at(pen.place.inside());
    let w = pen.place.w;
    let label = 13;
    let (focus, line) = s.focus();
    let mut complaint = None;
    let rows = s.rows(eyes);
    for (at, row) in rows.iter().enumerate() {
        let y = u16::try_from(at).unwrap_or(0) + 1;
        let here = at == focus;
        pen.text(1, y, if here { ">" } else { " " }, Tone::Accent, 1);
        let tone = if row.changed { Tone::Warning } else { Tone::Label };
        pen.column(3, y, row.label, tone, label - 1);
        let room = w.saturating_sub(label + 4);
        match line.filter(|_| here) {
            Some(line) => field::line(&mut pen, label + 2, y, room, line, top),
            None => {
                let tone = if row.complaint.is_some() { Tone::Error } else { Tone::Text };
                if here {
                    pen.fill_cells(label + 2, y, room, Tone::Input);
                    pen.text(label + 2, y, &row.text, Tone::Input, room);
                    if top {
                        pen.put_cursor(label + 2, y);
                    }
                } else {
                    pen.column(label + 2, y, &row.text, tone, room);
                }
                if here && row.picks && row.text.is_empty() {
                    pen.right(w.saturating_sub(2), y, "F4", Tone::Input);
                }
            }
        }
        if here {
            complaint.clone_from(&row.complaint);
        }
    }
    let mut y = u16::try_from(rows.len()).unwrap_or(0) + 1;
    if let Some(c) = complaint {
        pen.text(3, y, c.get(pen.lang), Tone::Error, w);
    }
    y += 1;
    for k in s.known.iter().take(3).filter(|_| !hidden) {
        let words = format!("! {}", words::known(pen.lang, k));
        pen.text(3, y, &words, Tone::Warning, w);
        y += 1;
    }
    if !s.advice.is_empty() {
        pen.column(3, y, &s.advice, Tone::Label, w.saturating_sub(4));
    }
}
