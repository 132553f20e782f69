//! How a clash looks: before, theirs, mine under each other, the one that will be kept marked.

use crate::app::layers::clash::Clashing;
use crate::app::shared::Shared;
use crate::app::words;
use crate::domain::text::t;
use crate::ui::kit::pen::Pen;
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, c: &Clashing, shared: &Shared) {
    let who = shared.name_of(c.by);
    let title = format!("{} {who}", pen.word(t("先保存的是", "Saved first by")));
    pen.border(&title, "", true);
    let mut pen = pen.at(pen.place.inside());
    let w = pen.place.w;
    let third = w.saturating_sub(14) / 3;
    let columns = [t("原来", "Before"), t("对方", "Theirs"), t("我的", "Mine")];
    for (n, label) in columns.into_iter().enumerate() {
        let x = 12 + third * u16::try_from(n).unwrap_or(0);
        pen.text(x, 0, label.get(pen.lang), Tone::Label, third);
    }
    for (at, field) in c.fields.iter().enumerate() {
        let y = u16::try_from(at * 2).unwrap_or(0) + 1;
        let mine = c.mine.get(at).copied().unwrap_or(true);
        if at == c.cursor.at {
            pen.fill(y, Tone::Resting);
            pen.put_cursor(0, y);
        }
        pen.column(1, y, &words::field_label(pen.lang, &field.field), Tone::Strong, 10);
        let value = |text: &str| words::field_value(shared, &field.field, text);
        let kept = |on: bool| if on { Tone::Selected } else { Tone::Text };
        pen.column(12, y, &value(&field.before), Tone::Label, third.saturating_sub(1));
        pen.column(12 + third, y, &value(&field.theirs), kept(!mine), third.saturating_sub(1));
        pen.column(12 + third * 2, y, &value(&field.mine), kept(mine), third.saturating_sub(1));
    }
    let y = pen.place.h.saturating_sub(1);
    let keys = pen.word(t(
        "Space 换边  1 全用我的  2 全用对方  Enter 保存  Esc 不存，内容留着",
        "Space swaps  1 all mine  2 all theirs  Enter saves as marked  Esc keeps typing",
    ));
    pen.text(1, y, keys, Tone::Label, w);
}
