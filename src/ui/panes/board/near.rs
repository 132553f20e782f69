//! How the list of those near a line looks: one row a customer, the gap beside the sum. Who is near is not decided here.

use crate::app::panes::board::near::NearLine;
use crate::app::rooms::Rooms;
use crate::app::words::{board as words, count, customer};
use crate::domain::text::t;
use crate::domain::tier::Near;
use crate::index::row::Row;
use crate::ui::kit::pen::{Pen, digit};
use crate::ui::theme::Tone;

/// Draws it inside the border.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, list: &NearLine, focused: bool) {
    let w = pen.place.w;
    let percent = rooms.shared.settings().near_percent;
    pen.heading(0, &format!(" {}", words::near_title(list.up, percent, pen.lang)), Tone::Strong);
    let rows = rooms.board.shape().rows;
    if list.list.is_empty() {
        pen.column(2, 2, &words::nobody_near(list.up, percent, pen.lang), Tone::Label, w.saturating_sub(3));
        return;
    }
    let shown = list.list.iter().enumerate().skip(list.cursor.top).take(rows);
    for (n, (at, (who, near))) in shown.enumerate() {
        let y = u16::try_from(n).unwrap_or(0) + 1;
        row(pen, rooms, list, (who, *near), y, n, (at == list.cursor.at).then_some(focused));
    }
    let number = count(list.list.len());
    let keys = pen.word(t(
        "Enter 打开  k 换责任人  s 选择  t 定级  c 记联络  Esc 返回看板",
        "Enter opens  k keeper  s marks  t holds  c logs  Esc goes back",
    ));
    let y = pen.place.h.saturating_sub(1);
    pen.column(1, y, keys, Tone::Label, w.saturating_sub(12));
    pen.right(w.saturating_sub(1), y, &format!("{}/{number}", list.cursor.at + 1), Tone::Label);
}

fn row(
    pen: &mut Pen<'_>,
    rooms: &Rooms,
    list: &NearLine,
    (who, near): (&Row, Near),
    y: u16,
    n: usize,
    here: Option<bool>,
) {
    let (shared, w) = (&rooms.shared, pen.place.w);
    let over = Pen::row_tone(here.is_some(), here == Some(true));
    if let Some(tone) = over {
        pen.fill(y, tone);
    }
    let tone = |t: Tone| over.unwrap_or(t);
    let mark = if rooms.board.marked(who.id) {
        "+"
    } else if here.is_some() {
        ">"
    } else {
        " "
    };
    pen.text(0, y, mark, tone(Tone::Accent), 1);
    if let Some(digit) = digit(n) {
        pen.sign(1, y, digit, tone(Tone::Label));
    }
    pen.column(3, y, customer::name(shared, who.id, &who.name), tone(Tone::Strong), 10);
    pen.column(14, y, customer::badge(who.tier, pen.lang), tone(Tone::Badge(who.tier)), 6);
    pen.right(29, y, &customer::amount(who.aum, shared.hidden), tone(Tone::Text));
    let gap_tone = if list.up { Tone::Due } else { Tone::Warning };
    pen.column(32, y, &words::gap(near, list.up, shared.hidden, pen.lang), tone(gap_tone), 20);
    let keeper = match who.owner {
        Some(_) => shared.name_of(who.owner),
        None => pen.word(t("无责任人", "no keeper")),
    };
    pen.column(53, y, keeper, tone(Tone::Text), 9);
    let room = w.saturating_sub(64);
    let mark = customer::mark(who, shared.settings(), pen.lang, shared.today());
    if let Some((sign, text)) = mark.filter(|_| !shared.covers(who.id)) {
        let late = if sign == '!' { Tone::Overdue } else { Tone::Label };
        pen.column(63, y, &format!("{sign} {text}"), tone(late), room);
    }
}
