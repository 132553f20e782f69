//! How the change log looks.

use crate::app::layers::audit::Audit;
use crate::app::rooms::Rooms;
use crate::app::words::audit as words;
use crate::domain::text::t;
use crate::ui::kit::pen::Pen;
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, list: &Audit, rooms: &Rooms) {
    let s = &rooms.shared;
    let title = words::title(&list.filter, &list.customer, s.name_of(list.filter.staff), s.lang);
    pen.border(&title, "", true);
    let mut pen = pen.at(pen.place.inside());
    let (w, h) = (pen.place.w, pen.place.h);
    if list.lines.is_empty() {
        let said = if list.asked { t("正在读取", "Reading") } else { t("没有这样的记录", "No such lines") };
        pen.text(2, 1, pen.word(said), Tone::Label, w);
    }
    let shown = list.lines.iter().enumerate().skip(list.cursor.top).take(usize::from(h.saturating_sub(1)));
    for (y, (at, line)) in (0..).zip(shown) {
        let over = Pen::row_tone(at == list.cursor.at, true);
        if let Some(tone) = over {
            pen.fill(y, tone);
        }
        let tone = |t: Tone| over.unwrap_or(t);
        let c = &line.change;
        pen.column(1, y, &c.at.format("%m-%d %H:%M").to_string(), tone(Tone::Label), 11);
        pen.column(13, y, s.name_of(Some(c.by)), tone(Tone::Strong), 8);
        pen.column(22, y, &words::doing(c, s.lang), tone(Tone::Text), 8);
        pen.column(31, y, &line.name, tone(Tone::Text), 8);
        let content = words::content(c, s.staff(), s.lang);
        pen.column(40, y, if s.hidden { "" } else { &content }, tone(Tone::Label), w.saturating_sub(41));
    }
    let keys = t(
        "Enter 全文  F3 档案  1 只看此客户  2 员工  3 日期  4 动作  0 全部  Esc",
        "Enter reads  F3 archive  1 customer  2 staff  3 days  4 what  0 all  Esc",
    );
    pen.column(1, h.saturating_sub(1), pen.word(keys), Tone::Label, w.saturating_sub(1));
}
