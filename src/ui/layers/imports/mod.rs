//! How taking in extracts looks: the files there are, files looked into, columns being matched, earlier imports; on the last line what
//! is under way.

mod batches;
mod files;
mod map;
mod seen;

use crate::app::imports::{Running, View, keys};
use crate::app::rooms::Rooms;
use crate::app::words::imports as said;
use crate::domain::text::t;
use crate::ui::kit::pen::{Pen, cells};
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, top: bool) {
    let i = &rooms.imports;
    let title = match i.view {
        View::Files | View::Batches => t("导入", "Import"),
        View::Map => t("栏目对照", "Match columns"),
        View::Seen if i.seen.as_ref().is_some_and(|s| s.done) => t("导入报告", "Import report"),
        View::Seen => t("导入预览", "Import preview"),
    };
    let tabs = match i.view {
        View::Files => t("[文件]  已导入   Tab 换页", "[Files]  Imports   Tab turns"),
        View::Batches => t("文件  [已导入]   Tab 换页", "Files  [Imports]   Tab turns"),
        View::Seen | View::Map => t("", ""),
    };
    pen.border(pen.word(title), pen.word(tabs), true);
    let mut pen = pen.at(pen.place.inside());
    match i.view {
        View::Files => files::draw(&mut pen, rooms, top),
        View::Seen => seen::draw(&mut pen, rooms),
        View::Map => map::draw(&mut pen, rooms, top),
        View::Batches => batches::draw(&mut pen, rooms),
    }
    if let Some(running) = &i.running {
        gauge(&mut pen, running);
    }
}

/// How far it is, on the last line.
fn gauge(pen: &mut Pen<'_>, running: &Running) {
    let y = pen.place.h.saturating_sub(1);
    let w = pen.place.w;
    pen.fill(y, Tone::Text);
    pen.text(0, y, &" ".repeat(usize::from(w)), Tone::Text, w);
    let words = said::under_way(pen.lang, running);
    let bar = w.saturating_sub(cells(&words) + 4).min(40);
    let percent = running.progress.as_ref().map_or(0, |p| p.percent.min(100));
    let full = u16::try_from(u64::from(bar) * percent / 100).unwrap_or(0);
    if bar > 4 {
        pen.fill_cells(1, y, bar, Tone::Input);
        pen.text(1, y, &" ".repeat(usize::from(bar)), Tone::Input, bar);
        pen.text(1, y, &"#".repeat(usize::from(full)), Tone::Input, full);
    }
    pen.text(bar + 2, y, &words, Tone::Strong, w);
}

/// The keys that work now, on the last line of the screen.
pub fn bar(pen: &mut Pen<'_>, rooms: &Rooms) {
    let w = pen.place.w;
    let mut x = 1;
    for (name, label) in keys::bar(rooms) {
        let width = keys::bar_width(name, label.get(pen.lang));
        if x + width > w {
            break;
        }
        let used = pen.text(x, 0, name, Tone::Accent, w);
        pen.text(x + used, 0, label.get(pen.lang), Tone::Text, w);
        x += width + 1;
    }
}

/// The marker of a row and its digit; the tone of what stands on it.
fn row(pen: &mut Pen<'_>, y: u16, shown: usize, here: bool) -> Option<Tone> {
    let tone = Pen::row_tone(here, true);
    if let Some(tone) = tone {
        pen.fill(y, tone);
    }
    if let Some(digit) = crate::ui::kit::pen::digit(shown) {
        pen.sign(1, y, digit, tone.unwrap_or(Tone::Label));
    }
    tone
}
