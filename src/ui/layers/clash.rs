//! How a clash looks: before, theirs with who and when, mine, side by side, the one that will be kept marked; below them in full the
//! line under the cursor.

use crate::app::layers::clash::Clashing;
use crate::app::rooms::Rooms;
use crate::app::words::clash as said;
use crate::domain::text::t;
use crate::ui::kit::pen::{Pen, cells};
use crate::ui::theme::Tone;

/// Rows that the line under the cursor takes in full, with the rule above it.
const FULL: u16 = 4;

/// Rows it takes with its border.
pub fn height(c: &Clashing) -> u16 {
    u16::try_from(c.fields.len() * 2).unwrap_or(u16::MAX).saturating_add(FULL + 4)
}

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, c: &Clashing, rooms: &Rooms) {
    let shared = &rooms.shared;
    let waiting = rooms.clashes.len();
    let note = if waiting > 0 { format!("+{waiting}") } else { String::new() };
    pen.border(&said::title(shared, c), &note, true);
    let mut pen = pen.at(pen.place.inside());
    let w = pen.place.w;
    let third = w.saturating_sub(14) / 3;
    let columns = [t("原来", "Before"), t("对方", "Theirs"), t("我的", "Mine")];
    let left = [12, 12 + third, 12 + third * 2];
    for (label, x) in columns.into_iter().zip(left) {
        pen.text(x, 0, label.get(pen.lang), Tone::Label, third);
    }
    let room = usize::from(pen.place.h.saturating_sub(FULL + 2) / 2).max(1);
    let top = (c.cursor.at + 1).saturating_sub(room);
    for (n, (at, field)) in c.fields.iter().enumerate().skip(top).take(room).enumerate() {
        let y = u16::try_from(n * 2).unwrap_or(0) + 1;
        let mine = c.mine.get(at).copied().unwrap_or(true);
        if at == c.cursor.at {
            pen.fill(y, Tone::Resting);
            pen.put_cursor(0, y);
        }
        pen.column(1, y, &said::label(shared, &c.ask, field), Tone::Strong, 10);
        let value = |text: &str| said::value(shared, &c.ask, field, text);
        let [before, theirs, own] = left;
        let kept = |on: bool| if on { Tone::Selected } else { Tone::Text };
        // What is kept has a sign too: nothing is said by colour alone.
        let sign = |on: bool, text: String| if on { format!("> {text}") } else { format!("  {text}") };
        pen.column(before, y, &value(&field.before), Tone::Label, third.saturating_sub(1));
        pen.column(theirs, y, &sign(!mine, value(&field.theirs)), kept(!mine), third.saturating_sub(1));
        pen.column(own, y, &sign(mine, value(&field.mine)), kept(mine), third.saturating_sub(1));
        pen.column(theirs + 2, y + 1, &said::who(shared, field), Tone::Label, third.saturating_sub(3));
    }
    let y = pen.place.h.saturating_sub(FULL + 1);
    pen.rule(y);
    if let Some(field) = c.fields.get(c.cursor.at) {
        for (label, text, y) in
            [(columns[0], &field.before, y + 1), (columns[1], &field.theirs, y + 2), (columns[2], &field.mine, y + 3)]
        {
            let used = pen.text(1, y, label.get(pen.lang), Tone::Label, 8);
            let x = used.max(cells(columns[0].get(pen.lang))) + 3;
            pen.column(x, y, &said::value(shared, &c.ask, field, text), Tone::Text, w.saturating_sub(x + 1));
        }
    }
    let keys = pen.word(t(
        "Space 换边  1 全用我的  2 全用对方  ^R 显示全文  Enter 保存  Esc 不存",
        "Space swaps  1 all mine  2 all theirs  ^R reveals  Enter saves  Esc keeps typing",
    ));
    pen.text(1, pen.place.h.saturating_sub(1), keys, Tone::Label, w);
}
