//! Earlier imports: number, when, who, file, what came of it, how it stands.

use super::row;
use crate::app::rooms::Rooms;
use crate::app::words::imports as said;
use crate::domain::calendar::dates;
use crate::domain::dealings::batch::State;
use crate::domain::text::{Lang, t};
use crate::ui::kit::pen::Pen;
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms) {
    let i = &rooms.imports;
    let w = pen.place.w;
    let words = t(
        "每次导入一行，新的在前；整批撤销用 F4，之后有改动依赖它的不会撤",
        "An import a line, newest first; F4 takes a whole one back unless something later depends on it",
    );
    pen.text(1, 0, pen.word(words), Tone::Label, w.saturating_sub(2));
    let wide = w >= 110;
    // Number, time, layout, data date, new, changed, rejected, who, state; the file takes what is left.
    let kind = if pen.lang == Lang::En { 10 } else { 6 };
    let widths: [u16; 9] = [6, 12, kind, if wide { 11 } else { 0 }, 8, 8, 7, 8, 9];
    let file = w.saturating_sub(4 + widths.iter().sum::<u16>()).min(60);
    let heads = [
        t("号", "No"),
        t("时间", "When"),
        t("版式", "Kind"),
        t("数据日期", "Data of"),
        t("新增", "New"),
        t("变更", "Changed"),
        t("剔除", "Rejects"),
        t("导入人", "By"),
        t("状态", "State"),
    ];
    let line = |pen: &mut Pen<'_>, y: u16, texts: [&str; 9], name: &str, tone: Tone, state: Tone| {
        let mut x = 3;
        for (at, (text, width)) in texts.into_iter().zip(widths).enumerate() {
            if width == 0 {
                continue;
            }
            match at {
                4..=6 => pen.right(x + width - 1, y, text, tone),
                8 => {
                    pen.column(x, y, text, state, width);
                }
                _ => {
                    pen.column(x, y, text, tone, width - 1);
                }
            }
            x += width;
            if at == 1 {
                pen.column(x, y, name, tone, file.saturating_sub(1));
                x += file;
            }
        }
    };
    line(pen, 2, heads.map(|h| h.get(rooms.shared.lang)), t("文件", "File").get(pen.lang), Tone::Label, Tone::Label);
    let batches = i.batches.as_deref().unwrap_or_default();
    if batches.is_empty() {
        let words = match i.batches {
            None => t("正在读…", "Reading…"),
            Some(_) => t("还没有导入过。按 Tab 选文件", "Nothing was imported yet; Tab chooses files"),
        };
        pen.text(1, 4, pen.word(words), Tone::Text, w);
    }
    let today = rooms.shared.today();
    for (shown, (at, b)) in batches.iter().enumerate().skip(i.batch.top).take(i.height).enumerate() {
        let y = u16::try_from(shown).unwrap_or(0) + 3;
        let tone = row(pen, y, shown, at == i.batch.at);
        let dim = if b.state == State::Undone { Tone::Label } else { Tone::Text };
        let state = match b.state {
            State::Current => Tone::Ok,
            State::Staged => Tone::Due,
            State::Undone => Tone::Label,
        };
        let when = format!("{} {}", dates::short(b.at.date(), today), b.at.format("%H:%M"));
        let day = b.as_of.map(|d| dates::short(d, today)).unwrap_or_default();
        let c = b.counts;
        let texts = [
            &b.n.to_string(),
            &when,
            said::layout(pen.lang, &b.layout),
            &day,
            &c.new.to_string(),
            &c.changed.to_string(),
            &c.rejected.to_string(),
            rooms.shared.name_of(Some(b.by)),
            pen.word(said::batch_state(b)),
        ];
        line(pen, y, texts, &b.file, tone.unwrap_or(dim), tone.unwrap_or(state));
    }
}
