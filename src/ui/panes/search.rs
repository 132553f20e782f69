//! How the search pane looks: the box, the hits in standing columns, what is due beside each.

use crate::app::rooms::Rooms;
use crate::app::words::customer as words;
use crate::domain::field::Mask;
use crate::domain::text::{Lang, t};
use crate::domain::values::phone;
use crate::index::{Field, Hit};
use crate::ui::kit::field;
use crate::ui::kit::pen::{Pen, cells, digit, fit};
use crate::ui::theme::Tone;
use std::borrow::Cow;

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let s = &rooms.search;
    let title = format!("1 {} F2", pen.word(t("客户查找", "Search")));
    pen.border(&title, "", focused);
    let mut pen = pen.at(pen.place.inside());
    let w = pen.place.w;
    let found = match &s.hits {
        Some(_) if s.more => pen.word(t("正在读取客户", "reading")).to_owned(),
        Some(h) => match pen.lang {
            Lang::Zh => format!("{} 人", h.total),
            Lang::En => format!("{} found", h.total),
        },
        None => pen.word(t("正在读取客户", "reading")).to_owned(),
    };
    let room = w.saturating_sub(cells(&found) + 4);
    field::line(&mut pen, 1, 0, room, &s.line, focused && !s.in_list);
    if s.line.is_empty() && !focused {
        pen.text(1, 0, pen.word(t("F2 查找", "F2 to search")), Tone::Input, room);
    }
    pen.right(w.saturating_sub(1), 0, &found, Tone::Label);
    below(&mut pen, rooms);
    let Some(hits) = &s.hits else { return };
    if hits.list.is_empty() && !s.more {
        nobody(&mut pen, rooms);
    }
    let rows = hits.list.iter().enumerate().skip(s.cursor.top).take(s.height);
    for (n, (at, hit)) in rows.enumerate() {
        let y = u16::try_from(n).unwrap_or(0) + 2;
        row(&mut pen, rooms, hit, y, n, (at == s.cursor.at).then_some(focused && s.in_list));
    }
    footer(&mut pen, rooms);
}

/// The line below the box: what the word being typed may become, or what is wrong with a filter.
fn below(pen: &mut Pen<'_>, rooms: &Rooms) {
    let w = pen.place.w;
    let s = &rooms.search;
    if let Some(trouble) = s.hits.as_ref().and_then(|h| h.trouble.as_ref()) {
        pen.column(1, 1, trouble.get(pen.lang), Tone::Error, w.saturating_sub(2));
        return;
    }
    let mut x = 1;
    for (n, c) in s.completions.iter().enumerate() {
        let label = c.label(pen.lang);
        if x + cells(label) + 6 > w {
            break;
        }
        if n == 0 {
            x += pen.text(x, 1, "Tab ", Tone::Accent, w);
        }
        x += pen.text(x, 1, label, Tone::Label, w) + 2;
    }
    if s.completions.is_empty()
        && let Some(hits) = s.hits.as_ref().filter(|h| h.guesses > 0)
    {
        let guesses = hits.guesses;
        let words = match (hits.sure(), pen.lang) {
            (false, Lang::Zh) => "没有完全符合的，下面是相近的".to_owned(),
            (false, Lang::En) => "No exact match; these are near".to_owned(),
            (true, Lang::Zh) => format!("末 {guesses} 人只是相近"),
            (true, Lang::En) => format!("The last {guesses} are only near"),
        };
        pen.column(1, 1, &words, Tone::Label, w.saturating_sub(2));
    }
}

fn nobody(pen: &mut Pen<'_>, rooms: &Rooms) {
    let w = pen.place.w;
    let words = if rooms.shared.index.as_ref().is_some_and(crate::index::Index::is_empty) {
        [
            t("还没有客户", "There are no customers yet"),
            t("Ctrl+X 导入客户文件，或 Ctrl+N 新建", "Ctrl+X takes extracts in; Ctrl+N makes one"),
        ]
    } else {
        [t("没有找到", "Nobody found"), t("Esc 清空重输，Ctrl+N 新建客户", "Esc clears, Ctrl+N makes a new customer")]
    };
    for (n, text) in words.into_iter().enumerate() {
        pen.text(3, 3 + u16::try_from(n).unwrap_or(0), text.get(pen.lang), Tone::Label, w);
    }
}

fn row(pen: &mut Pen<'_>, rooms: &Rooms, hit: &Hit, y: u16, n: usize, here: Option<bool>) {
    let w = pen.place.w;
    let shared = &rooms.shared;
    let at_cursor = here.is_some();
    let over = Pen::row_tone(at_cursor, here == Some(true));
    if let Some(tone) = over {
        pen.fill(y, tone);
    }
    let tone = |t: Tone| over.unwrap_or(t);
    if let Some(digit) = digit(n) {
        pen.sign(1, y, digit, tone(Tone::Label));
    }
    if at_cursor {
        pen.text(0, y, ">", tone(Tone::Accent), 1);
    }
    let of = |field: Field| hit.matched.iter().find(|m| m.field == field);
    let mut name_marks: Vec<usize> = of(Field::Name).map(|m| m.at.clone()).unwrap_or_default();
    name_marks.extend(of(Field::Pinyin).iter().flat_map(|m| &m.han));
    let covered = shared.covers(hit.row.id);
    if covered {
        name_marks.clear();
    }
    let name = fit(words::name(shared, hit.row.id, &hit.row.name), 10);
    pen.marked(3, y, &name, &name_marks, tone(Tone::Strong), 10);
    pen.column(14, y, words::badge(hit.row.tier, pen.lang), tone(Tone::Badge(hit.row.tier)), 6);
    pen.right(29, y, &words::amount(hit.row.aum, shared.hidden), tone(Tone::Text));
    let digits = match hit.row.phone.as_str() {
        "" => "-".to_owned(),
        _ if shared.hidden => "****".to_owned(),
        phone => format!("*{}", phone::last4(phone)),
    };
    let by_phone = of(Field::Phone).is_some() || of(Field::Phone2).is_some();
    pen.column(31, y, &digits, tone(if by_phone { Tone::Match } else { Tone::Label }), 5);
    let room = w.saturating_sub(37);
    let mark = words::mark(&hit.row, shared.settings(), pen.lang, shared.today());
    let by = hit.matched.iter().find(|m| matches!(m.field, Field::Address | Field::No | Field::Id));
    match (mark, by) {
        _ if covered => {}
        (Some((sign, text)), _) if room > 4 => {
            let t = if sign == '!' {
                Tone::Overdue
            } else if sign == 'o' {
                Tone::Label
            } else {
                Tone::Due
            };
            pen.column(37, y, &format!("{sign} {text}"), tone(t), room);
        }
        (None, Some(m)) if room > 4 && !shared.hidden => {
            // What was matched and is not in a column of its own is named, so that the hit explains itself.
            let text: Cow<'_, str> = match m.field {
                Field::Address => Mask::Address.hide(&hit.row.address).into(),
                Field::No => hit.row.no.as_str().into(),
                _ => Mask::Document.hide(&hit.row.document).into(),
            };
            pen.column(37, y, &text, tone(Tone::Label), room);
        }
        _ => {}
    }
}

fn footer(pen: &mut Pen<'_>, rooms: &Rooms) {
    let y = pen.place.h.saturating_sub(1);
    let s = &rooms.search;
    let sort = format!("{} {}", pen.word(t("排序", "Order")), s.sort.label().get(pen.lang));
    let filters: Vec<String> = s
        .hits
        .iter()
        .flat_map(|h| &h.filters)
        .map(|f| if pen.lang == Lang::Zh { f.zh.clone() } else { f.en.clone() })
        .collect();
    let w = pen.place.w;
    let used = pen.text(1, y, &sort, Tone::Label, w);
    if !filters.is_empty() {
        let text = format!("{} {}", pen.word(t("筛选", "Filter")), filters.join(" "));
        pen.column(used + 4, y, &text, Tone::Accent, w.saturating_sub(used + 5));
    } else {
        let hint = pen.word(t("可加 #贵宾 owner:我 birthday:7d", "also #vip owner:me birthday:7d"));
        pen.column(used + 4, y, hint, Tone::Label, w.saturating_sub(used + 5));
    }
}
