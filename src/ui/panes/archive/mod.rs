//! How the archive looks: the ten-second card first, the tabs below it.

mod assets;
mod card;
mod dealings;
mod lists;

use crate::app::panes::archive::CARD;
use crate::app::panes::archive::grid::Cell;
use crate::app::panes::archive::tabs::{self, Tab};
use crate::app::place::Place;
use crate::app::rooms::Rooms;
use crate::app::words::clash as words;
use crate::domain::archive::needed;
use crate::domain::field::{Kind, Mask};
use crate::domain::text::{Lang, t};
use crate::ui::kit::field;
use crate::ui::kit::pen::{Pen, cells, fit};
use crate::ui::theme::Tone;

pub use card::strip;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let a = &rooms.archive;
    let title = format!("2 {} F3", pen.word(t("客户档案", "Archive")));
    let changed = a.form().map_or(0, |f| f.changed_count());
    let note = match (changed, a.parked_by(rooms.shared.me)) {
        (0, 0) => String::new(),
        (0, n) => match pen.lang {
            Lang::Zh => format!("挂起 {n} 张 Ctrl+T"),
            Lang::En => format!("{n} parked Ctrl+T"),
        },
        (n, _) => match pen.lang {
            Lang::Zh => format!("已改 {n} 项 F8 存"),
            Lang::En => format!("{n} changed F8 saves"),
        },
    };
    pen.border(&title, &note, focused);
    others(pen, rooms);
    let mut pen = pen.at(pen.place.inside());
    let Some(opened) = a.opened() else {
        let words = if a.wanted.is_some() {
            t("正在打开", "opening")
        } else {
            t("还没有打开客户：F2 查找，Enter 打开", "No customer open: F2 to search, Enter to open")
        };
        let w = pen.place.w;
        pen.text(2, 2, words.get(pen.lang), Tone::Label, w);
        return;
    };
    if rooms.shared.covers(opened.customer.id) {
        let words = t("已遮挡：Enter 打开这一位，F12 全部打开", "covered: Enter opens this one, F12 uncovers all");
        let w = pen.place.w;
        pen.text(2, 2, words.get(pen.lang), Tone::Label, w);
        return;
    }
    let Place { x, y, w, h } = pen.place;
    if let Some(words) = a.greets() {
        card::greet(&mut pen, rooms, opened, words);
        return;
    }
    card::draw(&mut pen.at(Place { x, y, w, h: CARD }), rooms, opened);
    row_of_tabs(&mut pen.at(Place { x, y: y + CARD, w, h: 2 }), a.tab);
    let mut body = pen.at(Place { x, y: y + CARD + 2, w, h: h.saturating_sub(CARD + 2) });
    match a.tab {
        // Links name others, the ledger and the changes say what was noted.
        Tab::Links | Tab::Contacts | Tab::Changes if rooms.shared.hidden => {
            let words = t("已遮挡，F12 打开", "covered; F12 uncovers");
            body.text(1, 0, words.get(body.lang), Tone::Label, w);
        }
        Tab::Group(_) => form(&mut body, rooms, focused),
        Tab::Kin | Tab::Links => lists::parts(&mut body, rooms, opened, focused),
        Tab::Contacts => lists::contacts(&mut body, rooms, opened),
        Tab::Holdings => dealings::holdings(&mut body, rooms, focused),
        Tab::Loans => dealings::loans(&mut body, rooms, opened, focused),
        Tab::Txns => dealings::txns(&mut body, rooms, opened, focused),
        Tab::Services => dealings::services(&mut body, rooms, focused),
        Tab::Assets => assets::assets(&mut body, rooms, opened, focused),
        Tab::Changes => lists::changes(&mut body, rooms, focused),
    }
}

/// In the lower border: what colleagues changed of the archive before one's eyes, and who is editing it elsewhere.
fn others(pen: &mut Pen<'_>, rooms: &Rooms) {
    let (a, s) = (&rooms.archive, &rooms.shared);
    let Some(o) = a.opened() else { return };
    let (w, y) = (pen.place.w, pen.place.h.saturating_sub(1));
    let room = w.saturating_sub(4);
    let said = |text: String| if text.is_empty() { text } else { format!(" {text} ") };
    let editing = said(words::editing(s, s.drive.editors(o.customer.id)));
    let changed = said(words::changed(s, a.news().iter()));
    // Who is there now comes first; what was changed stands in the changes too.
    let right = cells(&editing).min(room);
    let left = room.saturating_sub(right);
    if left >= cells(&changed).min(24) {
        pen.text(2, y, &fit(&changed, left), Tone::Due, left);
    }
    if right > 0 {
        pen.right(w - 2, y, &fit(&editing, right), Tone::Warning);
    }
}

fn row_of_tabs(pen: &mut Pen<'_>, here: Tab) {
    let w = pen.place.w;
    let strip = tabs::strip(here, pen.lang, w);
    if strip.left {
        pen.text(0, 0, "<", Tone::Accent, 1);
    }
    if strip.right {
        pen.right(w, 0, ">", Tone::Accent);
    }
    for p in &strip.tabs {
        let tone = if p.tab == here { Tone::Selected } else { Tone::Label };
        pen.text(p.x, 0, &p.word, tone, p.width);
    }
    pen.rule(1);
}

fn form(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let a = &rooms.archive;
    let (Some(form), Some(opened)) = (a.form(), a.opened()) else { return };
    let eyes = rooms.shared.eyes();
    let Place { w, h, .. } = pen.place;
    let fields = a.fields();
    let cells = a.grid();
    let rows = h.saturating_sub(1).max(1);
    let at = fields.iter().position(|f| *f == form.focus()).unwrap_or(0);
    let here_row = cells.get(at).map_or(0, |c| c.row);
    let top = if a.in_form { (here_row + 1).saturating_sub(rows) } else { 0 };
    let label = match pen.lang {
        Lang::Zh => 9,
        Lang::En => 14,
    };
    for (cell, index) in cells.iter().zip(&fields) {
        let Cell { row, x, width } = *cell;
        if row < top || row - top >= rows {
            continue;
        }
        let y = row - top;
        let Some(f) = form.fields().get(*index) else { continue };
        let here = a.in_form && *index == form.focus();
        let complaint = form.complaint(*index, eyes);
        let empty_needed = needed(f, opened.standing.tier, opened.customer.sort) && f.get(form.draft()).is_empty();
        let changed = form.changed(*index);
        let theirs = a.freshly_changed(f.code);
        let label_tone = match (changed, theirs, empty_needed) {
            (true, ..) => Tone::Warning,
            (false, true, _) => Tone::Accent,
            (false, false, true) => Tone::Due,
            (false, false, false) => Tone::Label,
        };
        let sign = if here {
            ">"
        } else if changed {
            "~"
        } else if theirs {
            "<"
        } else if empty_needed {
            "o"
        } else {
            " "
        };
        pen.text(x, y, sign, Tone::Accent, 1);
        pen.column(x + 1, y, f.label.get(pen.lang), label_tone, label);
        let room = width.saturating_sub(label + 2);
        match form.line().filter(|_| here) {
            Some(line) => field::line(pen, x + label + 1, y, room, line, focused),
            None => {
                // What was refused is shown as typed, or nobody could mend it.
                let noted = matches!(f.kind, Kind::Note(_)) || ["taboo", "alert"].contains(&f.code);
                let hide = rooms.shared.hidden && (noted || f.mask != Mask::Open) && complaint.is_none();
                let text = form.shown(*index, eyes);
                let text = if hide && !text.is_empty() { "****".to_owned() } else { text };
                if here {
                    pen.fill_cells(x + label + 1, y, room, Tone::Input);
                    pen.column(x + label + 1, y, &text, Tone::Input, room);
                    if focused {
                        pen.put_cursor(x + label + 1, y);
                    }
                } else {
                    let tone = if complaint.is_some() { Tone::Error } else { Tone::Text };
                    pen.column(x + label + 1, y, &text, tone, room);
                }
            }
        }
    }
    let y = h.saturating_sub(1);
    if a.in_form {
        match form.complaint(form.focus(), eyes) {
            Some(c) => {
                pen.column(1, y, c.get(pen.lang), Tone::Error, w.saturating_sub(2));
            }
            None => {
                let hint = card::field_hint(pen.lang, form, &rooms.shared);
                pen.column(1, y, &hint, Tone::Label, w.saturating_sub(2));
            }
        }
    } else {
        let words = pen.word(t(
            "Enter 或直接输入开始填写  1-9 换页  c 记联络  a 添加",
            "Enter or typing begins  1-9 tabs  c logs  a adds",
        ));
        pen.column(1, y, words, Tone::Label, w.saturating_sub(2));
    }
}
