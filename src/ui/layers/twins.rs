//! How the list of pairs looks, and two archives side by side.

use crate::app::layers::merging::Merging;
use crate::app::layers::twins::{Line, Twins};
use crate::app::rooms::Rooms;
use crate::app::words::{customer, twins as words};
use crate::domain::text::t;
use crate::domain::values::money::Fen;
use crate::store::twins::{By, Side};
use crate::ui::kit::pen::{Pen, digit};
use crate::ui::theme::Tone;

/// Draws the list.
pub fn draw(pen: &mut Pen<'_>, list: &Twins, rooms: &Rooms) {
    let s = &rooms.shared;
    pen.border(&words::listed(&list.found, s.lang), "", true);
    let mut pen = pen.at(pen.place.inside());
    let (w, h) = (pen.place.w, pen.place.h);
    if list.found.pairs.is_empty() {
        let y = u16::try_from(list.len()).unwrap_or(u16::MAX).saturating_add(1);
        pen.text(
            2,
            y.min(h.saturating_sub(2)),
            pen.word(t("没有疑似重复的档案", "No two archives look like one person's")),
            Tone::Label,
            w,
        );
    }
    let shown = usize::from(h.saturating_sub(1));
    for (y, at) in (0..).zip((list.cursor.top..list.len()).take(shown)) {
        let Some(line) = list.line(at) else { continue };
        let over = Pen::row_tone(at == list.cursor.at, true);
        if let Some(tone) = over {
            pen.fill(y, tone);
        }
        let tone = |t: Tone| over.unwrap_or(t);
        if let Some(digit) = digit(at - list.cursor.top) {
            pen.sign(0, y, digit, tone(Tone::Label));
        }
        let (what, sure, name, nos, why) = match line {
            Line::Pair(p) => {
                let by = p.by.first().copied().unwrap_or(By::NameAndBirthday);
                let name = match p.a.name == p.b.name {
                    true => p.a.name.clone(),
                    false => format!("{} {}", p.a.name, p.b.name),
                };
                let sure = if by == By::NameAndBirthday { Tone::Text } else { Tone::Due };
                let what = words::certainty(by).get(s.lang);
                (what, sure, name, [p.a.no.clone(), p.b.no.clone()], words::reasons(&p.by, s.lang))
            }
            Line::Recent(m) => {
                let when = format!("{} {}", m.at.format("%m-%d"), s.name_of(Some(m.by)));
                (pen.word(t("已合并", "merged")), Tone::Label, m.name.clone(), [m.into.1.clone(), m.no.clone()], when)
            }
            Line::Parted(p) => {
                let (nos, what) = ([p.a.1.clone(), p.b.1.clone()], pen.word(t("非一人", "two")));
                (what, Tone::Label, p.a.2.clone(), nos, crate::domain::values::plain::masked(&p.reason))
            }
        };
        pen.column(2, y, what, tone(sure), 8);
        pen.column(11, y, &name, tone(Tone::Strong), 8);
        pen.column(20, y, &nos[0], tone(Tone::Text), 10);
        pen.column(31, y, &nos[1], tone(Tone::Text), 10);
        let right = match line {
            Line::Pair(p) => {
                let sum = Fen(p.a.aum.unwrap_or(Fen(0)).0.saturating_add(p.b.aum.unwrap_or(Fen(0)).0));
                customer::amount(p.a.aum.or(p.b.aum).map(|_| sum), s.hidden)
            }
            _ => String::new(),
        };
        let taken = if right.is_empty() { 43 } else { 52 };
        pen.column(42, y, &why, tone(Tone::Label), w.saturating_sub(taken));
        pen.right(w.saturating_sub(1), y, &right, tone(Tone::Text));
    }
    let keys = t(
        "Enter 并排核对、拆开或撤回  n 不是同一人  F3 档案  Esc 关",
        "Enter compares, parts, takes back  n two people  F3 archive  Esc",
    );
    pen.column(1, h.saturating_sub(1), pen.word(keys), Tone::Label, w.saturating_sub(1));
}

/// Draws two side by side.
pub fn merging(pen: &mut Pen<'_>, m: &Merging, rooms: &Rooms) {
    let s = &rooms.shared;
    pen.border(pen.word(t("合并档案：* 为保留的一边", "Merge: * is what is kept")), "", true);
    let mut pen = pen.at(pen.place.inside());
    let (w, h) = (pen.place.w, pen.place.h);
    let width = w.saturating_sub(17) / 2;
    let (left, right) = (13, 13 + width + 3);
    let head = |side: &Side, what: &str| format!("{what} {} {}", side.one.no, side.one.name);
    pen.column(left, 0, &head(&m.keep, pen.word(t("留下", "stays"))), Tone::Strong, width);
    pen.column(right, 0, &head(&m.other, pen.word(t("并过来", "goes in"))), Tone::Strong, width);
    for (x, side) in [(left, &m.keep), (right, &m.other)] {
        let aum = format!(
            "{} {}  {}",
            customer::badge(side.one.tier, s.lang),
            customer::amount(side.one.aum, s.hidden),
            s.name_of(side.one.owner)
        );
        pen.column(x, 1, &aum, Tone::Text, width);
        pen.column(x, 2, &words::hangs(side, s.lang), Tone::Label, width);
    }
    pen.rule(3);
    let fields = m.fields();
    if fields.is_empty() {
        pen.text(2, 4, pen.word(t("两份档案各项相同", "Both archives say the same")), Tone::Label, w);
    }
    let shown = usize::from(h.saturating_sub(5));
    for (y, (at, field)) in (4..).zip(fields.iter().enumerate().skip(m.cursor.top).take(shown)) {
        let over = Pen::row_tone(at == m.cursor.at, true);
        if let Some(tone) = over {
            pen.fill(y, tone);
        }
        let theirs = m.take.contains(field.code);
        pen.column(1, y, field.label.get(s.lang), over.unwrap_or(Tone::Label), 10);
        for (x, c, kept) in [(left, &m.keep.customer, !theirs), (right, &m.other.customer, theirs)] {
            let tone = over.unwrap_or(if kept { Tone::Strong } else { Tone::Label });
            if kept {
                pen.sign(x - 1, y, '*', over.unwrap_or(Tone::Accent));
            }
            pen.column(x, y, &words::value(s, field, c), tone, width);
        }
    }
    let keys = t(
        "← → 空格 选哪边  F4 换留下的一份  F8 合并  Esc 返回",
        "← → space choose  F4 the other stays  F8 merges  Esc back",
    );
    pen.column(1, h.saturating_sub(1), pen.word(keys), Tone::Label, w.saturating_sub(1));
}
