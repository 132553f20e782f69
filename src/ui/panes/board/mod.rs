//! How the board pane looks: headings, cards in standing columns, what their signs mean below. The list of those near a line is in
//! `near`.

mod near;

use crate::app::panes::board::lane::Lane;
use crate::app::panes::board::shape::Shape;
use crate::app::rooms::Rooms;
use crate::app::words::{board as words, count};
use crate::domain::text::{Lang, t};
use crate::domain::values::money::Fen;
use crate::index::row::Row;
use crate::index::{GroupBy, GroupKey, Index};
use crate::ui::kit::pen::{Pen, cells, digit};
use crate::ui::theme::Tone;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let title = format!("3 {} F6", pen.word(t("分级看板", "Tier board")));
    let shape = rooms.board.shape();
    pen.border(&title, &note(rooms, shape), focused);
    if focused && shape.narrow && rooms.board.near.is_none() {
        keys(pen);
    }
    let mut pen = pen.at(pen.place.inside());
    if let Some(list) = &rooms.board.near {
        near::draw(&mut pen, rooms, list, focused);
        return;
    }
    let empty = rooms.shared.index.as_ref().is_some_and(Index::is_empty);
    if empty || rooms.board.lanes.is_empty() {
        nobody(&mut pen, empty);
        return;
    }
    rule(&mut pen, rooms, shape, focused);
    let total = rooms.board.total();
    let lanes = rooms.board.lanes.iter().enumerate().skip(rooms.board.first).take(shape.columns);
    for (n, (at, lane)) in lanes.enumerate() {
        let x = u16::try_from(n).unwrap_or(0) * shape.width;
        heading(&mut pen, rooms, lane, x, shape, total);
        cards(&mut pen, rooms, lane, x, shape, (at == rooms.board.at).then_some(focused));
    }
    footer(&mut pen, rooms);
}

/// On a narrow screen the bar has no room for the board's letters: they stand in the lower border.
fn keys(pen: &mut Pen<'_>) {
    let words = pen.word(t(
        " u 临界升  d 临界降  s 选择  k 换责任人  t 定级  c 记联络  / 查找 ",
        " u near up  d near down  s marks  k keeper  t holds  c logs  / searches ",
    ));
    let (y, w) = (pen.place.h.saturating_sub(1), pen.place.w);
    pen.text(2, y, words, Tone::Label, w.saturating_sub(4));
}

/// What stands at the right of the border: marks, grouping, position, basis, date.
fn note(rooms: &Rooms, shape: Shape) -> String {
    let (board, shared) = (&rooms.board, &rooms.shared);
    let lang = shared.lang;
    let mut parts = Vec::new();
    if board.marks() > 0 {
        parts.push(words::marked(board.marks(), lang));
    }
    if board.near.is_none() {
        if board.by != GroupBy::Tier {
            parts.push(words::group(board.by).get(lang).to_owned());
        }
        if let Some(lane) = board.lane().filter(|l| l.count > 0) {
            let (name, _) = words::heading(&lane.key, shared);
            parts.push(words::position(&name, lane.cursor.at, lane.count));
        }
    }
    let as_of = board.figures.as_ref().and_then(|f| f.as_of);
    let basis = words::basis(shared.settings().basis).get(lang);
    let data = words::data(as_of, shared.today(), lang);
    parts.push(if as_of.is_some() { format!("{basis} {data}") } else { data });
    if shape.narrow && board.near.is_none() {
        parts.push(t("单位万", "in 万").get(lang).to_owned());
    }
    parts.join("  ")
}

/// An empty board says what would fill it.
fn nobody(pen: &mut Pen<'_>, empty: bool) {
    let w = pen.place.w.saturating_sub(3);
    if !empty {
        pen.text(2, 1, pen.word(words::READING), Tone::Label, w);
        return;
    }
    let lines = [
        t("看板还没有客户", "There is nobody on the board yet"),
        t(
            "Ctrl+X 导入客户和资产文件后自动分级，或 Ctrl+N 新建",
            "Ctrl+X takes customers and assets in and fills it; Ctrl+N makes a new customer",
        ),
    ];
    for (n, text) in lines.into_iter().enumerate() {
        pen.text(2, 1 + u16::try_from(n).unwrap_or(0), text.get(pen.lang), Tone::Label, w);
    }
}

/// The line below the headings: bright below the column with the cursor, and how many columns stand to either side.
fn rule(pen: &mut Pen<'_>, rooms: &Rooms, shape: Shape, focused: bool) {
    let (y, w) = (shape.head, pen.place.w);
    let board = &rooms.board;
    pen.rule(y);
    if focused {
        let n = u16::try_from(board.at.saturating_sub(board.first)).unwrap_or(0);
        pen.across(n * shape.width, y, shape.width.saturating_sub(1), Tone::Focus);
    }
    if board.first > 0 {
        pen.text(0, y, &format!("< {} ", board.first), Tone::Accent, w);
    }
    let after = board.lanes.len().saturating_sub(board.first + shape.columns);
    if after > 0 {
        pen.right(w, y, &format!(" {after} >"), Tone::Accent);
    }
}

/// Name, count, share, keepers, sum.
fn heading(pen: &mut Pen<'_>, rooms: &Rooms, lane: &Lane, x: u16, shape: Shape, total: Option<Fen>) {
    let shared = &rooms.shared;
    // Everything ends where the sums of the cards end.
    let (left, end) = (x + 1, x + shape.width - 2);
    let room = end - left;
    let tone = match &lane.key {
        GroupKey::Tier(tier) => Tone::Badge(*tier),
        _ => Tone::Strong,
    };
    let (full, short) = words::heading(&lane.key, shared);
    let (both, first) = words::keepers(&lane.key, shared);
    let number = count(lane.count);
    let share = lane.aum.zip(total).map(|(sum, all)| words::share(sum, all)).unwrap_or_default();
    let sum = words::of_all(lane.aum, shared.hidden);
    let fits = |a: &str, b: &str| cells(a) + cells(b) < room;
    if shape.narrow {
        let name = if fits(&full, &number) { full } else { short };
        pen.column(left, 0, &name, tone, room.saturating_sub(cells(&number) + 1));
        pen.right(end, 0, &number, Tone::Text);
        let keeper = if cells(&both) <= room { both } else { first };
        pen.column(left, 1, &keeper, Tone::Label, room);
        pen.text(left, 2, &share, Tone::Label, room);
        pen.right(end, 2, &sum, Tone::Text);
        return;
    }
    let tail = format!("{number} {share}");
    let name = if fits(&full, &tail) { full } else { short };
    let used = pen.column(left, 0, &name, tone, cells(&name).min(room.saturating_sub(cells(&tail) + 1)));
    pen.text(left + used + 1, 0, &number, Tone::Text, room);
    pen.right(end, 0, &share, Tone::Label);
    let keeper = if fits(&both, &sum) { both } else { first };
    pen.column(left, 1, &keeper, Tone::Label, room.saturating_sub(cells(&sum) + 1));
    pen.right(end, 1, &sum, Tone::Text);
}

/// The cards of a column. `here`: it has the cursor, and whether the pane has the keys.
fn cards(pen: &mut Pen<'_>, rooms: &Rooms, lane: &Lane, x: u16, shape: Shape, here: Option<bool>) {
    let top = shape.head + 1;
    if lane.count == 0 {
        pen.text(x + 1, top, pen.word(t("无", "none")), Tone::Label, shape.width);
    } else if rooms.shared.index.is_none() && x == 0 {
        pen.text(x + 1, top, pen.word(words::READING), Tone::Label, pen.place.w);
    }
    for (n, (at, row)) in lane.shown(shape.cards).enumerate() {
        let y = top + u16::try_from(n).unwrap_or(0);
        let at_cursor = here.filter(|_| at == lane.cursor.at);
        let digit = here.and_then(|_| digit(n));
        card(pen, rooms, row, (x, y), shape, at_cursor, digit);
    }
}

fn card(
    pen: &mut Pen<'_>,
    rooms: &Rooms,
    row: &Row,
    (x, y): (u16, u16),
    shape: Shape,
    at_cursor: Option<bool>,
    digit: Option<char>,
) {
    let shared = &rooms.shared;
    let over = Pen::row_tone(at_cursor.is_some(), at_cursor == Some(true));
    if let Some(tone) = over {
        pen.fill_cells(x, y, shape.width - 1, tone);
    }
    let tone = |t: Tone| over.unwrap_or(t);
    let top = row.aum.is_some() && row.aum >= rooms.board.top_line && rooms.board.top_line.is_some();
    let (mark, mark_tone) = if rooms.board.marked(row.id) {
        (Some('+'), Tone::Accent)
    } else if at_cursor.is_some() {
        (Some('>'), Tone::Accent)
    } else {
        (digit, Tone::Label)
    };
    if let Some(mark) = mark {
        pen.sign(x, y, mark, tone(mark_tone));
    }
    let (sum_cells, blank) = if shape.narrow { (6, 0) } else { (7, 1) };
    let room = shape.width.saturating_sub(3 + blank + sum_cells);
    pen.column(
        x + 1,
        y,
        crate::app::words::customer::name(shared, row.id, &row.name),
        tone(if top { Tone::Strong } else { Tone::Text }),
        room,
    );
    let end = x + shape.width - 2;
    pen.right(end, y, &words::amount(row.aum, shared.hidden, shape.narrow), tone(Tone::Text));
    if let Some((sign, sign_tone)) = sign(rooms, row, top) {
        pen.text(end, y, sign, tone(sign_tone), 1);
    }
}

/// The one sign of a card: held by hand, near a line, among the top 20 %.
fn sign(rooms: &Rooms, row: &Row, top: bool) -> Option<(&'static str, Tone)> {
    let settings = rooms.shared.settings();
    let (lines, percent) = (settings.lines_on(rooms.board.as_of()), settings.near_percent);
    if row.held {
        Some(("=", Tone::Accent))
    } else if row.aum.is_some_and(|a| lines.near_up(a, percent).is_some()) {
        Some(("^", Tone::Due))
    } else if row.aum.is_some_and(|a| lines.near_down(a, percent).is_some()) {
        Some(("v", Tone::Warning))
    } else {
        top.then_some(("*", Tone::Accent))
    }
}

/// What the signs mean, with what there is of each; or what is missing.
fn footer(pen: &mut Pen<'_>, rooms: &Rooms) {
    let (y, w) = (pen.place.h.saturating_sub(1), pen.place.w);
    let Some(figures) = &rooms.board.figures else { return };
    if figures.as_of.is_none() {
        let text = match pen.lang {
            Lang::Zh => "还没有资产数据，guitai import 资产.csv 导入后自动分级",
            Lang::En => "No figures yet; guitai import ASSETS brings them in and sets the tiers",
        };
        pen.column(1, y, text, Tone::Due, w.saturating_sub(2));
        return;
    }
    let mut x = 1;
    for text in words::footer(figures, pen.lang) {
        if x + cells(&text) > w {
            break;
        }
        x += pen.text(x, y, &text, Tone::Label, w) + 2;
    }
}
