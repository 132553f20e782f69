//! Matching columns: left those of the layout, right those of the file with their first values, below the first rows as read.

use crate::app::imports::mapper::{Mapper, Row};
use crate::app::place::Place;
use crate::app::rooms::Rooms;
use crate::domain::dealings::batch::DAY_OF_IMPORT;
use crate::domain::text::{Lang, t};
use crate::domain::values::plain;
use crate::ui::kit::field;
use crate::ui::kit::pen::Pen;
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, top: bool) {
    let Some(mapper) = &rooms.imports.mapper else { return };
    let (w, height) = (pen.place.w, rooms.imports.height);
    let file = format!("{} {}", pen.word(t("文件", "File")), mapper.strange.found.name);
    pen.column(1, 0, &file, Tone::Strong, w.saturating_sub(2));
    let lacking = mapper.lacking();
    let (words, tone) = if lacking.is_empty() {
        (pen.word(t("必需的栏都有了，F8 存", "All needed columns are there; F8 saves")).to_owned(), Tone::Ok)
    } else {
        (crate::app::words::imports::lacking(pen.lang, &lacking), Tone::Warning)
    };
    pen.column(1, 1, &words, tone, w.saturating_sub(2));
    let half = (w / 2).min(60);
    let heads = t("版式的栏 (* 必需)  读文件的", "Column (* needed)  read from");
    pen.text(3, 2, pen.word(heads), Tone::Label, half - 3);
    pen.text(half + 1, 2, pen.word(t("文件的栏       前几行", "Of the file    first rows")), Tone::Label, half - 1);
    let rows = mapper.rows();
    let left = Place { w: half, ..pen.place };
    for (shown, (at, row)) in rows.iter().enumerate().skip(mapper.cursor.top).take(height).enumerate() {
        let y = u16::try_from(shown).unwrap_or(0) + 3;
        line(&mut pen.at(left), y, mapper, *row, (at == mapper.cursor.at, top));
    }
    let right = Place { x: pen.place.x + half + 1, w: w - half - 1, ..pen.place };
    theirs(&mut pen.at(right), mapper, height, rooms.shared.hidden);
    let y = u16::try_from(height).unwrap_or(0) + 3;
    tried(pen, y, mapper, rooms.shared.hidden);
}

/// Cells from which what is chosen stands.
const CHOSEN: u16 = 18;

/// One row of the left half.
fn line(pen: &mut Pen<'_>, y: u16, m: &Mapper, row: Row, (here, top): (bool, bool)) {
    let w = pen.place.w;
    let tone = Pen::row_tone(here, true);
    if let Some(tone) = tone {
        pen.fill(y, tone);
        if top {
            pen.put_cursor(1, y);
        }
    }
    let room = w.saturating_sub(CHOSEN + 1);
    let label = |pen: &mut Pen<'_>, text: &str| {
        pen.column(3, y, text, tone.unwrap_or(Tone::Label), CHOSEN - 4);
    };
    match row {
        Row::Layout => {
            label(pen, pen.word(t("版式", "Layout")));
            let n = m.strange.layouts.len();
            let words = format!(
                "< {} >  {}/{n}",
                crate::app::words::imports::layout(pen.lang, m.layout_name()),
                (m.layout + 1).min(n)
            );
            pen.column(CHOSEN, y, &words, tone.unwrap_or(Tone::Accent), room);
        }
        Row::Name => {
            label(pen, pen.word(t("名字", "Name")));
            if here {
                field::line(pen, CHOSEN, y, room, &m.name, top);
            } else {
                pen.column(CHOSEN, y, m.name.text(), Tone::Text, room);
            }
        }
        Row::Choice(at) => {
            let Some(choice) = m.strange.choices.get(at) else { return };
            label(pen, pen.word(choice.label));
            let chosen = m.choices.get(at).and_then(|c| choice.of.get(*c)).map_or("", |t| t.get(pen.lang));
            pen.column(CHOSEN, y, &format!("< {chosen} >"), tone.unwrap_or(Tone::Accent), room);
        }
        Row::Column(at) => {
            let (Some(field), Some(source)) = (m.fields().get(at), m.columns.get(at)) else { return };
            if m.needed(field) {
                pen.text(2, y, "*", tone.unwrap_or(Tone::Warning), 1);
            }
            pen.column(3, y, &field.name, tone.unwrap_or(Tone::Text), CHOSEN - 4);
            let headers: Vec<&str> =
                source.headers.iter().filter_map(|h| m.strange.headers.get(*h)).map(String::as_str).collect();
            if !source.constant.is_empty() {
                let used = pen.text(CHOSEN, y, "= ", tone.unwrap_or(Tone::Strong), room);
                if here {
                    field::line(pen, CHOSEN + used, y, room.saturating_sub(used), &source.constant, top);
                } else {
                    let text = match source.constant.text() {
                        text if text == DAY_OF_IMPORT.zh => pen.word(DAY_OF_IMPORT),
                        text => text,
                    };
                    pen.column(CHOSEN + used, y, text, Tone::Strong, room.saturating_sub(used));
                }
            } else if !headers.is_empty() {
                let words = format!("<- {}", headers.join(" + "));
                pen.column(CHOSEN, y, &words, tone.unwrap_or(Tone::Strong), room);
            } else {
                let words = match (here, m.needed(field)) {
                    (true, _) => t("Enter 选栏，或直接输入固定值", "Enter chooses; typing fixes"),
                    (_, true) => t("未对照", "not matched"),
                    _ => t("不读", "not read"),
                };
                let plain = if m.needed(field) { Tone::Warning } else { Tone::Label };
                pen.column(CHOSEN, y, pen.word(words), tone.unwrap_or(plain), room);
            }
        }
    }
}

/// The file's headers with their first values; those that are read are marked.
fn theirs(pen: &mut Pen<'_>, m: &Mapper, height: usize, hidden: bool) {
    let w = pen.place.w;
    let own = m.column().and_then(|c| m.columns.get(c)).map_or(&[][..], |s| &s.headers);
    // The column under the cursor decides which part of a long list is shown.
    let chosen = own.first().copied().unwrap_or(0);
    let first = chosen.saturating_sub(height.saturating_sub(1));
    for (down, (at, header)) in m.strange.headers.iter().enumerate().skip(first).take(height).enumerate() {
        let y = u16::try_from(down).unwrap_or(0) + 3;
        let used = m.columns.iter().any(|s| s.headers.contains(&at));
        let tone = match (own.contains(&at), used) {
            (true, _) => Tone::Accent,
            (_, true) => Tone::Text,
            _ => Tone::Label,
        };
        pen.column(0, y, header, tone, 14);
        let values: Vec<String> = m
            .strange
            .sample
            .iter()
            .take(3)
            .filter_map(|row| row.get(at))
            .map(|text| crate::app::words::imports::cell(header, text))
            .collect();
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
                "必需的栏都对照上以后，这里显示读出来的头几行",
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
                let reason = plain::guarded(fault.reason.get(pen.lang));
                let words = match pen.lang {
                    Lang::Zh => format!("! 第 {} 行 {}：{reason}", fault.line, fault.field),
                    Lang::En => format!("! line {} {}: {reason}", fault.line, fault.field),
                };
                pen.column(1, y, &words, Tone::Error, w.saturating_sub(2));
            }
            None => {
                let named = m.fields().iter().zip(&row.cells).filter(|(_, cell)| !cell.is_empty());
                let words: Vec<String> = named
                    .map(|(c, cell)| format!("{} {}", c.name, crate::app::words::imports::cell(&c.name, cell)))
                    .collect();
                pen.column(1, y, &words.join("  "), Tone::Text, w.saturating_sub(2));
            }
        }
        y += 1;
    }
}
