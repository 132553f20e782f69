//! Matching columns: left those of the layout, right those of the file with their first values, below the first rows as read.

use crate::app::imports::mapper::Mapper;
use crate::app::rooms::Rooms;
use crate::domain::text::{Lang, t};
use crate::ui::kit::field;
use crate::ui::kit::pen::Pen;
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, top: bool) {
    let Some(mapper) = &rooms.imports.mapper else { return };
    let (w, height) = (pen.place.w, rooms.imports.height);
    let file = format!("{} {}", pen.word(t("文件", "File")), mapper.strange.found.name);
    pen.column(1, 0, &file, Tone::Strong, w.saturating_sub(2));
    let n = mapper.strange.layouts.len();
    let layout =
        format!("{} < {} >  {}/{n}", pen.word(t("版式", "Layout")), mapper.layout_name(), (mapper.layout + 1).min(n));
    let used = pen.text(1, 1, &layout, Tone::Accent, w);
    let lacking = mapper.lacking();
    let (words, tone) = if lacking.is_empty() {
        (pen.word(t("必需的列都有了，F8 存", "All needed columns are there; F8 saves")).to_owned(), Tone::Ok)
    } else {
        (crate::app::words::imports::lacking(pen.lang, &lacking), Tone::Warning)
    };
    pen.column(used + 4, 1, &words, tone, w.saturating_sub(used + 5));
    let half = w / 2;
    pen.text(3, 2, pen.word(t("版式的列 (* 必需)  读文件的", "Column (* needed)  read from")), Tone::Label, half - 3);
    pen.text(half + 1, 2, pen.word(t("文件的列       前几行", "Of the file    first rows")), Tone::Label, half - 1);
    columns(&mut pen.at(crate::app::place::Place { w: half, ..pen.place }), mapper, height, top);
    let right = crate::app::place::Place { x: pen.place.x + half + 1, w: w - half - 1, ..pen.place };
    theirs(&mut pen.at(right), mapper, height, rooms.shared.hidden);
    let y = u16::try_from(height).unwrap_or(0) + 3;
    tried(pen, y, mapper, rooms.shared.hidden);
}

/// The name, then the layout's columns with the header each is read from.
fn columns(pen: &mut Pen<'_>, m: &Mapper, height: usize, top: bool) {
    let w = pen.place.w;
    for (shown, at) in (m.cursor.top..=m.columns.len()).take(height).enumerate() {
        let y = u16::try_from(shown).unwrap_or(0) + 3;
        let here = at == m.cursor.at;
        let Some(column) = at.checked_sub(1) else {
            let used = pen.text(3, y, pen.word(t("名字", "Name")), Tone::Label, w) + 4;
            field::line(pen, used, y, w.saturating_sub(used + 1), &m.name, top && here);
            if here {
                pen.text(1, y, ">", Tone::Accent, 1);
            }
            continue;
        };
        let Some(field) = m.fields().get(column) else { continue };
        let tone = Pen::row_tone(here, true);
        if let Some(tone) = tone {
            pen.fill(y, tone);
            if top {
                pen.put_cursor(1, y);
            }
        }
        if field.needed {
            pen.text(2, y, "*", tone.unwrap_or(Tone::Warning), 1);
        }
        pen.column(3, y, &field.name, tone.unwrap_or(Tone::Text), 14);
        let header = m.columns.get(column).copied().flatten().and_then(|h| m.strange.headers.get(h));
        match header {
            Some(header) => {
                pen.column(18, y, &format!("<- {header}"), tone.unwrap_or(Tone::Strong), w.saturating_sub(19));
            }
            None => {
                let words = if field.needed { t("未对应", "not matched") } else { t("不读", "not read") };
                let plain = if field.needed { Tone::Warning } else { Tone::Label };
                pen.text(18, y, pen.word(words), tone.unwrap_or(plain), w.saturating_sub(19));
            }
        }
    }
}

/// The file's headers with their first values; those that are read are marked.
fn theirs(pen: &mut Pen<'_>, m: &Mapper, height: usize, hidden: bool) {
    let w = pen.place.w;
    // The column under the cursor decides which part of a long list is shown.
    let chosen = m.column().and_then(|c| m.columns.get(c).copied().flatten()).unwrap_or(0);
    let first = chosen.saturating_sub(height.saturating_sub(1));
    for (down, (at, header)) in m.strange.headers.iter().enumerate().skip(first).take(height).enumerate() {
        let y = u16::try_from(down).unwrap_or(0) + 3;
        let used = m.columns.contains(&Some(at));
        let here = m.column().is_some_and(|c| m.columns.get(c) == Some(&Some(at)));
        let tone = match (here, used) {
            (true, _) => Tone::Accent,
            (_, true) => Tone::Text,
            _ => Tone::Label,
        };
        pen.column(0, y, header, tone, 14);
        let values: Vec<&str> =
            m.strange.sample.iter().take(3).filter_map(|row| row.get(at)).map(String::as_str).collect();
        let values = if hidden { "***".to_owned() } else { values.join(" | ") };
        pen.column(15, y, &values, Tone::Label, w.saturating_sub(16));
    }
}

/// The first rows as the mapping reads them, with what does not fit.
fn tried(pen: &mut Pen<'_>, mut y: u16, m: &Mapper, hidden: bool) {
    let (w, h) = (pen.place.w, pen.place.h);
    pen.heading(y, pen.word(t(" 照这样读出来是", " Read so, the first rows are")), Tone::Label);
    y += 1;
    if m.tried.is_empty() || hidden {
        let words = if hidden {
            t("已遮数，F12 显示", "Hidden; F12 shows them")
        } else {
            t(
                "必需的列都对应上以后，这里显示读出来的头几行",
                "Once all needed columns are matched, the first rows show here",
            )
        };
        pen.text(1, y, pen.word(words), Tone::Label, w.saturating_sub(2));
        return;
    }
    for row in &m.tried {
        if y >= h {
            break;
        }
        match row.faults.first() {
            Some(fault) => {
                let words = match pen.lang {
                    Lang::Zh => format!("! 第 {} 行 {}：{}", fault.line, fault.field, fault.reason.zh),
                    Lang::En => format!("! line {} {}: {}", fault.line, fault.field, fault.reason.en),
                };
                pen.column(1, y, &words, Tone::Error, w.saturating_sub(2));
            }
            None => {
                let named = m.fields().iter().zip(&row.cells).filter(|(_, cell)| !cell.is_empty());
                let words: Vec<String> = named.map(|(c, cell)| format!("{} {cell}", c.name)).collect();
                pen.column(1, y, &words.join("  "), Tone::Text, w.saturating_sub(2));
            }
        }
        y += 1;
    }
}
