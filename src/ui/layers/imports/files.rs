//! The files there are, with what each is and how it stands to the branch.

use super::row;
use crate::app::imports::State;
use crate::app::rooms::Rooms;
use crate::app::words::imports as said;
use crate::domain::calendar::dates;
use crate::domain::text::{Lang, t};
use crate::ui::kit::field;
use crate::ui::kit::pen::Pen;
use crate::ui::theme::Tone;

/// Widths of the columns behind the name: layout, encoding, size, data date, state.
const fn widths(lang: Lang) -> [u16; 5] {
    match lang {
        Lang::Zh => [6, 10, 10, 11, 15],
        Lang::En => [10, 10, 9, 11, 16],
    }
}

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, top: bool) {
    let i = &rooms.imports;
    let w = pen.place.w;
    let widths = widths(pen.lang);
    let used = pen.text(1, 0, pen.word(t("路径", "Path")), Tone::Label, w) + 2;
    field::line(pen, used, 0, w.saturating_sub(used + 1), &i.line, top);
    if i.line.is_empty() {
        let hint =
            t("输入或粘贴文件或文件夹的路径，Enter 加入", "Type or paste the path of a file or folder; Enter adds it");
        pen.text(used + 1, 0, pen.word(hint), Tone::Label, w.saturating_sub(used + 2));
    }
    let folder = match &i.folder {
        Some(folder) => format!("{} {folder}", pen.word(t("投放文件夹", "Drop folder"))),
        None => pen
            .word(t(
                "没有设投放文件夹：在配置文件里写 [import] folder = '…'，新文件就会列在这里",
                "No drop folder is set: [import] folder = '…' in the config file lists its new files here",
            ))
            .to_owned(),
    };
    if i.listed {
        pen.column(1, 1, &folder, Tone::Label, w.saturating_sub(2));
    }
    let name = w.saturating_sub(8 + widths.iter().sum::<u16>()).min(60);
    let mut x = 7 + name + 1;
    pen.text(7, 2, pen.word(t("文件", "File")), Tone::Label, name);
    let heads =
        [t("版式", "Kind"), t("编码", "Encoding"), t("大小", "Size"), t("数据日期", "Data of"), t("状态", "State")];
    for (at, (head, width)) in heads.into_iter().zip(widths).enumerate() {
        let word = pen.word(head);
        if at == 2 {
            pen.right(x + width - 1, 2, word, Tone::Label);
        } else {
            pen.text(x, 2, word, Tone::Label, width);
        }
        x += width;
    }
    if i.files.is_empty() {
        let words = match (i.listed, &i.folder) {
            (false, _) => t("正在看…", "Looking…"),
            (true, Some(_)) => t(
                "投放文件夹里没有文件。把核心系统导出的 CSV 放进去，按 F5；或在上面粘贴路径",
                "Nothing lies in the drop folder. Put the extracts there and press F5, or paste a path above",
            ),
            (true, None) => t(
                "在上面输入或粘贴核心系统导出文件的路径，按 Enter",
                "Type or paste the path of an extract above and press Enter",
            ),
        };
        pen.text(1, 4, pen.word(words), Tone::Text, w.saturating_sub(2));
        return;
    }
    for (shown, (at, file)) in i.files.iter().enumerate().skip(i.cursor.top).take(i.height).enumerate() {
        let y = u16::try_from(shown).unwrap_or(0) + 3;
        let tone = row(pen, y, shown, at == i.cursor.at);
        let plain = tone.unwrap_or(Tone::Text);
        let mark = if i.marked.contains(&file.path) { "[x]" } else { "[ ]" };
        pen.text(3, y, mark, tone.unwrap_or(Tone::Accent), 3);
        pen.column(7, y, &file.name, plain, name);
        let day = file.as_of.map(|d| dates::short(d, rooms.shared.today())).unwrap_or_default();
        let state = said::state(&rooms.shared, &file.state);
        let state_tone = match file.state {
            State::New => Tone::Ok,
            State::Taken(_) => Tone::Label,
            State::Growing | State::Unknown => Tone::Warning,
            State::Broken(_) => Tone::Error,
        };
        let mut x = 7 + name + 1;
        let layout = if file.layout.is_empty() { "?" } else { said::layout(pen.lang, &file.layout) };
        let texts = [layout.to_owned(), file.encoding.clone(), said::size(file.size), day, state];
        for (n, (text, width)) in texts.iter().zip(widths).enumerate() {
            match n {
                2 => pen.right(x + width - 1, y, text, plain),
                4 => {
                    pen.column(x, y, text, tone.unwrap_or(state_tone), width);
                }
                _ => {
                    pen.column(x, y, text, plain, width - 1);
                }
            }
            x += width;
        }
    }
}
