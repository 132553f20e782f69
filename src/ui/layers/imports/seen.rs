//! A file looked into, or what came of it: counts, totals, first rows as read, rejects.

use crate::app::imports::{Sight, State};
use crate::app::rooms::Rooms;
use crate::app::words::imports as said;
use crate::domain::text::{Lang, t};
use crate::domain::values::plain;
use crate::ui::kit::pen::{Pen, cells};
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms) {
    let w = pen.place.w;
    let Some(seen) = &rooms.imports.seen else {
        let words = t("正在看…", "Looking…");
        pen.text(1, 1, pen.word(words), Tone::Label, w);
        return;
    };
    let mut y = 0;
    if let Some(why) = &seen.trouble {
        pen.column(1, y, &format!("! {}", why.get(pen.lang)), Tone::Error, w.saturating_sub(2));
        y += 1;
    }
    let Some(sight) = seen.current() else { return };
    y = head(pen, y, sight, (seen.at + 1, seen.files.len()), rooms);
    y = sample(pen, y, sight, rooms);
    rejects(pen, y, sight, (seen.top, seen.done, rooms.shared.hidden));
}

/// Which file, what its rows come to, its totals, what else is to be known.
fn head(pen: &mut Pen<'_>, mut y: u16, s: &Sight, (at, of): (usize, usize), rooms: &Rooms) -> u16 {
    let w = pen.place.w;
    let mut about =
        vec![said::layout(pen.lang, &s.found.layout).to_owned(), s.found.encoding.clone(), said::size(s.found.size)];
    if let Some(day) = s.found.as_of {
        about.push(format!("{} {day}", pen.word(t("数据日期", "data of"))));
    }
    if of > 1 {
        about.push(format!("< {at}/{of} >"));
    }
    about.retain(|part| !part.is_empty());
    let about = about.join("  ");
    pen.column(1, y, &s.found.name, Tone::Strong, w.saturating_sub(cells(&about) + 4));
    pen.right(w.saturating_sub(1), y, &about, Tone::Label);
    pen.column(1, y + 1, &said::tally(pen.lang, s.tally), Tone::Text, w.saturating_sub(2));
    let (totals, agree) = said::totals(pen.lang, s);
    let tone = match agree {
        Some(false) => Tone::Error,
        Some(true) => Tone::Ok,
        None => Tone::Label,
    };
    let hidden = rooms.shared.hidden && s.total.is_some();
    let totals = if hidden { pen.word(t("已遮数", "hidden")).to_owned() } else { totals };
    pen.column(1, y + 2, &totals, tone, w.saturating_sub(2));
    y += 3;
    if let State::Taken(at) = &s.found.state {
        let at = at.format("%m-%d %H:%M");
        let words = match pen.lang {
            Lang::Zh => format!("这个文件 {at} 导入过，再导入一次不会改变什么"),
            Lang::En => format!("This very file went in {at}; taking it in again changes nothing"),
        };
        pen.column(1, y, &words, Tone::Warning, w.saturating_sub(2));
        y += 1;
    }
    for note in s.notes.iter().take(2) {
        pen.column(1, y, note.get(pen.lang), Tone::Warning, w.saturating_sub(2));
        y += 1;
    }
    y
}

/// The first rows of the file as they were read.
fn sample(pen: &mut Pen<'_>, mut y: u16, s: &Sight, rooms: &Rooms) -> u16 {
    let w = pen.place.w;
    pen.heading(y, pen.word(t(" 前几行", " First rows")), Tone::Label);
    y += 1;
    if rooms.shared.hidden {
        pen.text(1, y, pen.word(t("已遮数，F12 显示", "Hidden; F12 shows them")), Tone::Label, w);
        return y + 1;
    }
    let many = if pen.place.h < 24 { 3 } else { 6 };
    let rows: Vec<&Vec<String>> = s.sample.iter().take(many).collect();
    if rows.is_empty() {
        pen.text(1, y, pen.word(t("文件里没有数据行", "The file has no rows of data")), Tone::Label, w);
        return y + 1;
    }
    let mut x = 1;
    for (at, header) in s.headers.iter().enumerate() {
        let cell = |row: &&Vec<String>| row.get(at).map_or(0, |c| cells(c));
        let width = rows.iter().map(cell).max().unwrap_or(0).max(cells(header)).clamp(2, 24);
        if x + width > w {
            break;
        }
        pen.column(x, y, header, Tone::Label, width);
        for (down, row) in rows.iter().enumerate() {
            let y = y + 1 + u16::try_from(down).unwrap_or(0);
            let cell = row.get(at).map_or("", String::as_str);
            pen.column(x, y, &said::cell(header, cell), Tone::Text, width);
        }
        x += width + 2;
    }
    y + 1 + u16::try_from(rows.len()).unwrap_or(0)
}

/// The rows that do not fit: line, column, reason.
fn rejects(pen: &mut Pen<'_>, mut y: u16, s: &Sight, (top, done, hidden): (usize, bool, bool)) {
    let (w, h) = (pen.place.w, pen.place.h);
    if s.tally.rejected == 0 {
        pen.heading(y, pen.word(t(" 没有剔除的行", " No row is rejected")), Tone::Ok);
        return;
    }
    let count = s.tally.rejected;
    let file = &s.rejects_file;
    let title = match (pen.lang, done) {
        (Lang::Zh, false) => format!(" 剔除 {count} 行，导入后存到 {file}"),
        (Lang::Zh, true) => format!(" 剔除 {count} 行，在 {file}，改好后可以直接导入"),
        (Lang::En, false) => format!(" {count} rejected; they will lie in {file}"),
        (Lang::En, true) => format!(" {count} rejected, in {file}: correct and import it as it is"),
    };
    pen.heading(y, &crate::ui::kit::pen::fit(&title, w.saturating_sub(2)), Tone::Warning);
    y += 1;
    let field = (w / 6).clamp(12, 24);
    pen.right(8, y, pen.word(t("行", "Line")), Tone::Label);
    pen.text(10, y, pen.word(t("字段", "Field")), Tone::Label, field);
    pen.text(11 + field, y, pen.word(t("原因", "Reason")), Tone::Label, w);
    y += 1;
    for reject in s.rejects.iter().skip(top) {
        if y + 1 >= h {
            break;
        }
        pen.right(8, y, &reject.line.to_string(), Tone::Label);
        pen.column(10, y, &reject.field, Tone::Strong, field);
        // A reason masks the values it quotes, and may name a customer.
        let reason = if hidden { "***" } else { &plain::guarded(reject.reason.get(pen.lang)) };
        pen.column(11 + field, y, reason, Tone::Text, w.saturating_sub(12 + field));
        y += 1;
    }
    let shown = u64::try_from(s.rejects.len()).unwrap_or(u64::MAX);
    if count > shown && y + 1 < h {
        let words = match pen.lang {
            Lang::Zh => format!("这里列出前 {shown} 行，全部在剔除文件里"),
            Lang::En => format!("The first {shown} are listed; all are in the rejects file"),
        };
        pen.text(10, y, &words, Tone::Label, w);
    }
}
