//! How the maturity wall looks: a day a row with its bar, or the contracts of a day; the retained share above, and what it means below.

use super::wrap;
use crate::app::panes::agenda::wall::Looked;
use crate::app::rooms::Rooms;
use crate::app::words::customer;
use crate::app::words::figures::{self as words, stay};
use crate::domain::agenda::Scope;
use crate::domain::agenda::wall::{Brick, Heap};
use crate::domain::calendar::dates;
use crate::domain::text::t;
use crate::domain::values::money::Fen;
use crate::ui::kit::pen::{Pen, cells, digit};
use crate::ui::theme::Tone;

/// Draws it below the tabs.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let (a, s) = (&rooms.agenda, &rooms.shared);
    let (w, top) = (pen.place.w, a.top());
    let Some((_, wall)) = &a.wall.wall else {
        pen.text(1, top, pen.word(t("正在读取到期墙", "Reading the maturity wall")), Tone::Label, w);
        return;
    };
    if a.wall.opened.is_none() && a.wall.rows().is_empty() {
        if wall.beyond > 0 {
            pen.text(1, top, &words::beyond(wall.beyond, pen.lang), Tone::Label, w);
            return;
        }
        for (n, line) in words::empty_wall(wall.as_of.is_some(), pen.lang).into_iter().enumerate() {
            for (m, row) in wrap(line, w.saturating_sub(2), 3).into_iter().enumerate() {
                pen.text(1, top + u16::try_from(n * 3 + m).unwrap_or(0), &row, Tone::Label, w);
            }
        }
        return;
    }
    let height = a.wall_height();
    match a.wall.opened {
        None => {
            pen.heading(top, &words::wall_head(wall, s.hidden, pen.lang), Tone::Strong);
            let kept = wrap(&words::kept(&wall.kept, s.hidden, pen.lang), w, 2);
            for (n, row) in kept.into_iter().enumerate() {
                pen.text(0, top + 1 + u16::try_from(n).unwrap_or(0), &row, Tone::Text, w);
            }
            let rows = a.wall.rows();
            let most = wall.days.iter().map(|(_, h)| h.amount).max().unwrap_or_default();
            for (n, (at, (day, heap))) in rows.iter().enumerate().skip(a.wall.cursor.top).take(height).enumerate() {
                let y = top + a.wall_above() + u16::try_from(n).unwrap_or(0);
                day_row(pen, rooms, (*day, heap), most, y, n, (at == a.wall.cursor.at).then_some(focused));
            }
            let foot = a.wall_foot();
            let meaning = wrap(words::meaning(pen.lang), w, usize::from(foot));
            let y = pen.place.h.saturating_sub(foot + 1);
            for (n, row) in meaning.into_iter().enumerate() {
                pen.text(0, y + u16::try_from(n).unwrap_or(0), &row, Tone::Label, w);
            }
        }
        Some(day) => {
            let sum: Fen = a.wall.bricks.iter().map(|b| b.amount).sum();
            let title = match day {
                Some(day) => words::wall_day(day, s, pen.lang),
                None => pen.word(t("近30天已到期", "Matured in the last 30 days")).to_owned(),
            };
            let head = words::heap(&title, a.wall.bricks.len(), a.wall.more, sum, s.hidden, pen.lang);
            pen.heading(top, &head, Tone::Strong);
            let list = a.wall.bricks.iter().enumerate().skip(a.wall.at.top).take(height);
            for (n, (at, brick)) in list.enumerate() {
                let y = top + a.wall_above() + u16::try_from(n).unwrap_or(0);
                brick_row(pen, rooms, brick, y, n, (at == a.wall.at.at).then_some(focused));
            }
        }
    }
    let keys = match a.wall.opened {
        None => pen.word(t("Enter 看这一天  Tab 换范围  Esc 返回", "Enter: the day  Tab: whose  Esc back")),
        Some(_) => {
            pen.word(t("Enter 档案  r 记去向  c 记联络  Esc 返回", "Enter: archive  r result  c logs  Esc back"))
        }
    };
    pen.column(0, pen.place.h.saturating_sub(1), keys, Tone::Label, w);
}

/// Where the row of a day has its bar, and how long that may be.
fn bar_room(w: u16, keepers: bool) -> (u16, u16) {
    let from = 39;
    (from, w.saturating_sub(from + 1).min(if keepers && w < 90 { 10 } else { 20 }))
}

/// The ground of a row, and the cursor or the digit that opens it; the tone over all of it, if it has one.
fn begin(pen: &mut Pen<'_>, y: u16, n: usize, here: Option<bool>) -> Option<Tone> {
    let over = Pen::row_tone(here.is_some(), here == Some(true));
    if let Some(tone) = over {
        pen.fill(y, tone);
    }
    if here.is_some() {
        pen.text(0, y, ">", over.unwrap_or(Tone::Accent), 1);
    } else if let Some(digit) = digit(n) {
        pen.sign(0, y, digit, over.unwrap_or(Tone::Label));
    }
    over
}

fn day_row(
    pen: &mut Pen<'_>,
    rooms: &Rooms,
    (day, heap): (Looked, &Heap),
    most: Fen,
    y: u16,
    n: usize,
    here: Option<bool>,
) {
    let (s, w) = (&rooms.shared, pen.place.w);
    let over = begin(pen, y, n, here);
    let tone = |t: Tone| over.unwrap_or(t);
    match day {
        Some(day) => {
            let off = s.holidays().why_off(day).is_some();
            let on = if day == s.today() { Tone::Due } else { Tone::Text };
            pen.column(2, y, &dates::short(day, s.today()), tone(on), 5);
            let weekday = if off { Tone::Accent } else { Tone::Label };
            pen.column(8, y, dates::weekday(day, pen.lang), tone(weekday), 4);
            if off {
                let shift = words::shifted(day, s, pen.lang);
                pen.column(13, y, &shift, tone(Tone::Accent), 10);
            }
        }
        None => {
            let label = pen.word(t("已到期未记去向", "Matured, result?"));
            pen.column(2, y, label, tone(Tone::Warning), 21);
        }
    }
    pen.right(31, y, &customer::amount(Some(heap.amount), s.hidden), tone(Tone::Strong));
    let spoken = format!("{}/{}", heap.spoken, heap.count);
    let all = heap.spoken == heap.count;
    pen.right(37, y, &spoken, tone(if all { Tone::Ok } else { Tone::Text }));
    // One's own wall has one keeper.
    let keepers = rooms.agenda.scope != Scope::Mine;
    let (from, room) = bar_room(w, keepers);
    if day.is_some() && !s.hidden && room > 0 {
        let long = i128::from(heap.amount.0) * i128::from(room) / i128::from(most.0.max(1));
        let long = u16::try_from(long).unwrap_or(room).clamp(1, room);
        pen.text(from, y, &"#".repeat(long.into()), tone(Tone::Accent), room);
    }
    let x = from + room + 1;
    if keepers && x + 11 <= w {
        pen.column(x, y, &words::keepers(heap, s), tone(Tone::Label), w - x);
    }
}

fn brick_row(pen: &mut Pen<'_>, rooms: &Rooms, b: &Brick, y: u16, n: usize, here: Option<bool>) {
    let (s, w) = (&rooms.shared, pen.place.w);
    let over = begin(pen, y, n, here);
    let tone = |t: Tone| over.unwrap_or(t);
    pen.column(2, y, customer::name(s, b.who.id, &b.who.name), tone(Tone::Strong), 8);
    pen.right(20, y, &customer::amount(Some(b.amount), s.hidden), tone(Tone::Text));
    let result = stay(b.stay, b.spoken, pen.lang);
    let known = if b.stay.is_some() { Tone::Ok } else { Tone::Due };
    pen.column(22, y, result, tone(known), 9);
    let keeper = s.name_of(b.who.owner);
    let keeper = if keeper.is_empty() { pen.word(t("无责任人", "no keeper")) } else { keeper };
    pen.column(32, y, keeper, tone(Tone::Label), 8);
    let text = if s.covers(b.who.id) { customer::COVERED.to_owned() } else { words::brick(b, s, pen.lang) };
    if 42 + cells("产品") < w {
        pen.column(41, y, &text, tone(Tone::Text), w - 41);
    }
}
