//! How 业绩统计 looks: a table with its columns, what the figures mean below it, the keys last.

use crate::app::layers::results::{Results, Shown};
use crate::app::rooms::Rooms;
use crate::app::words::results as words;
use crate::app::words::tables::Desk;
use crate::domain::text::Text;
use crate::ui::kit::pen::{Pen, digit};
use crate::ui::kit::table::{self, Column, left, right};
use crate::ui::panes::agenda::wrap;
use crate::ui::theme::Tone;

/// Rows that a table does not have: what the figures mean, the keys.
const BELOW: u16 = 4;

/// The columns of a table: cells, at the right edge or not, what gives way first.
fn columns(shown: &Shown) -> Vec<Column> {
    type Cut = fn(Text, u16, u8) -> Column;
    let widths: &[(Cut, u16, u8)] = match shown {
        Shown::Nothing => &[],
        Shown::Banks(_) | Shown::Keepers(_) => {
            &[(left, 18, 0), (right, 9, 0), (right, 6, 2), (right, 6, 0), (right, 6, 1)]
        }
        Shown::Gone(_) => {
            &[(left, 8, 0), (left, 12, 3), (left, 6, 2), (left, 10, 0), (right, 9, 0), (right, 10, 1), (left, 6, 0)]
        }
        Shown::Rates(_) => &[
            (left, 10, 0),
            (right, 8, 0),
            (right, 8, 0),
            (right, 7, 0),
            (right, 7, 2),
            (right, 7, 1),
            (right, 10, 4),
            (right, 8, 3),
            (right, 8, 0),
        ],
        Shown::Scores(_) => &[
            (left, 10, 0),
            (right, 10, 0),
            (left, 15, 1),
            (right, 8, 0),
            (left, 15, 2),
            (right, 8, 0),
            (left, 15, 3),
            (right, 8, 0),
            (left, 15, 4),
        ],
        Shown::Parts(_) => &[(left, 12, 0), (right, 8, 0), (right, 8, 0), (right, 10, 0), (right, 10, 0)],
        Shown::Handed(_) => &[
            (left, 8, 0),
            (left, 12, 4),
            (left, 6, 3),
            (left, 8, 5),
            (left, 10, 0),
            (left, 10, 0),
            (right, 10, 0),
            (right, 9, 1),
            (right, 9, 2),
        ],
        Shown::Long(_) => &[
            (left, 8, 0),
            (left, 12, 5),
            (left, 6, 6),
            (left, 10, 2),
            (right, 6, 0),
            (right, 10, 3),
            (right, 5, 4),
            (right, 8, 0),
            (right, 8, 1),
            (left, 18, 0),
            (left, 16, 0),
        ],
    };
    words::heads(shown).iter().zip(widths).map(|(head, (cut, width, rank))| cut(*head, *width, *rank)).collect()
}

/// The tone of a cell.
fn tone(shown: &Shown, at: usize, column: usize, text: &str) -> Tone {
    match (shown, column) {
        (Shown::Gone(rows), 6) if rows.get(at).is_some_and(|g| g.open > 0) => Tone::Due,
        (Shown::Long(rows), 9) if rows.get(at).is_some_and(|l| l.history.late_now > 0) => Tone::Overdue,
        (Shown::Banks(_) | Shown::Keepers(_), 4) if text != "0" => Tone::Due,
        (Shown::Rates(_), 5) if text.starts_with('-') && text.len() > 1 => Tone::Warning,
        (Shown::Scores(_), 2 | 4 | 6 | 8) => Tone::Accent,
        (_, 0) => Tone::Strong,
        (Shown::Gone(_) | Shown::Long(_) | Shown::Handed(_), 1..=3) => Tone::Label,
        _ => Tone::Text,
    }
}

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, r: &Results, rooms: &Rooms) {
    let s = &rooms.shared;
    let desk = Desk { staff: s.staff(), settings: s.settings(), today: s.today(), lang: s.lang };
    let Some(level) = r.level() else { return };
    let (shown, cursor) = (&level.shown, level.cursor);
    let note = if shown.is_empty() { String::new() } else { format!("{}/{}", cursor.at + 1, shown.len()) };
    pen.border(&words::title(r, desk), &note, true);
    let mut pen = pen.at(pen.place.inside());
    let (w, h) = (pen.place.w, pen.place.h);
    let foot = h.saturating_sub(BELOW);
    if shown.is_empty() {
        for (y, line) in
            (1..).zip(wrap(&words::empty(&r.facts, shown, r.years, desk, words::Road::Keys), w.saturating_sub(4), 3))
        {
            pen.text(2, y, &line, Tone::Label, w.saturating_sub(2));
        }
    } else {
        let columns = columns(shown);
        let placed = table::place(&columns, w.saturating_sub(2));
        let place = crate::app::place::Place { x: pen.place.x + 1, w: w.saturating_sub(1), ..pen.place };
        table::heads(&mut pen.at(place), 0, &columns, &placed);
        let room = usize::from(foot.saturating_sub(1));
        for (y, at) in (1..).zip((cursor.top..shown.len()).take(room)) {
            let over = Pen::row_tone(at == cursor.at, true);
            let texts = words::row(&r.facts, shown, at, r.years, desk).into_iter().enumerate();
            let texts: Vec<(String, Tone)> = texts.map(|(n, text)| (text.clone(), tone(shown, at, n, &text))).collect();
            if let Some(tone) = over {
                pen.fill(y, tone);
            }
            if let Some(digit) = digit(at - cursor.top) {
                pen.sign(0, y, digit, over.unwrap_or(Tone::Label));
            }
            table::row(&mut pen.at(place), y, &placed, &texts, over);
        }
        let meaning = words::meaning(&r.facts, desk);
        let lines = meaning.iter().flat_map(|line| wrap(line, w.saturating_sub(2), 2));
        for (y, line) in (foot..).zip(lines.take(usize::from(BELOW - 1))) {
            pen.text(1, y, &line, Tone::Label, w.saturating_sub(1));
        }
    }
    pen.column(1, h.saturating_sub(1), pen.word(words::keys(r)), Tone::Label, w.saturating_sub(1));
}
