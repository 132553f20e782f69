//! How the list of customers without the right keeper looks.

use crate::app::layers::orphans::Orphans;
use crate::app::rooms::Rooms;
use crate::app::words::{customer, keepers as words};
use crate::domain::text::t;
use crate::ui::kit::pen::{Pen, cells, digit};
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, o: &Orphans, rooms: &Rooms) {
    let s = &rooms.shared;
    let marked = match o.marked() {
        0 => String::new(),
        n => format!("{} {n}", pen.word(t("已选", "marked"))),
    };
    pen.border(&words::orphans(o.list.len(), o.total, s.lang), &marked, true);
    let mut pen = pen.at(pen.place.inside());
    let (w, h) = (pen.place.w, pen.place.h);
    if o.list.is_empty() {
        pen.text(2, 1, pen.word(t("每位客户都有对的责任人", "Every customer has the right keeper")), Tone::Label, w);
    }
    let rows = o.list.iter().enumerate().skip(o.cursor.top).take(usize::from(h.saturating_sub(1)));
    for (y, (at, one)) in (0..).zip(rows) {
        let over = Pen::row_tone(at == o.cursor.at, true);
        if let Some(tone) = over {
            pen.fill(y, tone);
        }
        let tone = |t: Tone| over.unwrap_or(t);
        if let Some(digit) = digit(at - o.cursor.top) {
            pen.sign(0, y, digit, tone(Tone::Label));
        }
        if o.marks.contains(&one.who.id) {
            pen.sign(2, y, '*', tone(Tone::Accent));
        }
        pen.column(4, y, &one.who.name, tone(Tone::Strong), 10);
        pen.column(15, y, customer::badge(one.who.tier, s.lang), tone(Tone::Badge(one.who.tier)), 6);
        pen.right(31, y, &customer::amount(one.who.aum, s.hidden), tone(Tone::Text));
        let why = words::why(one.why).get(s.lang);
        pen.column(33, y, why, tone(Tone::Overdue), 13);
        let beside = words::beside(one, s.staff(), s.lang, s.today());
        let gap = u16::from(!beside.is_empty());
        let x = 47 + pen.column(47, y, &beside, tone(Tone::Text), cells(&beside).min(w.saturating_sub(48))) + gap;
        pen.column(x, y, &one.area, tone(Tone::Label), w.saturating_sub(x));
    }
    let keys = t(
        "Enter 打开  s 选  a 全选  F8 按规则分户  F4 按规则提出移交  Esc 关",
        "Enter opens  s marks  a all  F8 by rules  F4 proposes  Esc closes",
    );
    pen.column(1, h.saturating_sub(1), pen.word(keys), Tone::Label, w.saturating_sub(1));
}
