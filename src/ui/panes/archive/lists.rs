//! The tabs of the archive that are lists: kin, links, ledger, changes.

use crate::app::panes::archive::Line;
use crate::app::rooms::Rooms;
use crate::app::shared::Shared;
use crate::app::words::{self, entitle};
use crate::domain::archive::choices;
use crate::domain::calendar::dates;
use crate::domain::customer::Keeps;
use crate::domain::family::Part;
use crate::domain::field::Choice;
use crate::domain::text::{Lang, t};
use crate::domain::values::plain;
use crate::store::customers::Opened;
use crate::ui::kit::pen::{Pen, cells};
use crate::ui::theme::Tone;

fn label(list: &[Choice], code: &str, lang: Lang) -> String {
    list.iter().find(|c| c.code == code).map_or_else(|| code.to_owned(), |c| c.label.get(lang).to_owned())
}

/// What a part says in one row: what it is, who, the rest.
fn part_row(
    part: &Part,
    s: &Shared,
    lang: Lang,
    linked: &str,
    mask: impl Fn(&str) -> String,
) -> (String, String, String) {
    match part {
        Part::Member(m) => {
            let mut rest = Vec::new();
            if let Some(b) = m.birth {
                rest.push(b.to_string());
            }
            if let (Keeps::Lunar, Some(l)) = (m.keeps, m.lunar) {
                rest.push(l.text());
            }
            if !m.school.is_empty() {
                rest.push(mask(&m.school));
            }
            let year = |y: i32, zh: &str, en: &str| match lang {
                Lang::Zh => format!("{y}年{zh}"),
                Lang::En => format!("{en} {y}"),
            };
            rest.extend(m.school_year.map(|y| year(y, "入学", "school")));
            rest.extend(m.exam_year.map(|y| year(y, "中高考", "exam")));
            rest.push(linked.to_owned());
            rest.push(mask(&m.note));
            rest.retain(|s| !s.is_empty());
            (label(choices::RELATION, &m.relation, lang), mask(&m.name), rest.join("  "))
        }
        Part::Occasion(o) => {
            let on = o.on.map(|y| y.text(lang)).unwrap_or_default();
            let since = o.since.map(|y| y.to_string()).unwrap_or_default();
            (
                t("日子", "Date").get(lang).into(),
                mask(&o.label),
                format!("{on}  {since}  {}", mask(&o.note)).trim().to_owned(),
            )
        }
        Part::Link(l) => (
            label(choices::LINK, &l.kind, lang),
            mask(&l.name),
            format!("{linked}  {}", mask(&l.note)).trim().to_owned(),
        ),
        Part::Remark(r) => {
            let on = r.on.map(|d| d.to_string()).unwrap_or_default();
            (
                label(choices::REMARK, &r.kind, lang),
                mask(&r.text),
                format!("{} {on}", label(choices::STATE, &r.state, lang)),
            )
        }
        Part::Entitlement(e) => {
            (e.label().get(lang).to_owned(), mask(&e.text), entitle::state(e, s.staff(), s.today(), lang))
        }
    }
}

/// Family members and occasions, or links, remarks and entitlements.
pub fn parts(pen: &mut Pen<'_>, rooms: &Rooms, o: &Opened, focused: bool) {
    let w = pen.place.w;
    let (s, lines) = (&rooms.shared, rooms.archive.lines());
    if lines.is_empty() {
        let words = pen.word(t("还没有记录，按 a 或 Insert 添加", "Nothing yet; a or Insert adds"));
        pen.text(1, 0, words, Tone::Label, w);
    }
    let cursor = rooms.archive.cursor;
    for (n, (at, line)) in lines.iter().enumerate().skip(cursor.top).take(rooms.archive.height).enumerate() {
        let Line::Part(row) = line else { continue };
        let y = u16::try_from(n).unwrap_or(0);
        let over = Pen::row_tone(at == cursor.at, focused);
        if let Some(tone) = over {
            pen.fill(y, tone);
        }
        let linked = match &row.part {
            Part::Member(m) => m.linked,
            Part::Link(l) => l.linked,
            _ => None,
        };
        let linked = linked
            .and_then(|id| o.linked.iter().find(|(i, ..)| *i == id))
            .map(|(_, name, no)| format!("> {name} {no}"))
            .unwrap_or_default();
        let open = format!("part.{}", row.id.0);
        let (what, who, rest) = part_row(&row.part, s, pen.lang, &linked, |text| s.text(&open, text));
        pen.column(1, y, &what, over.unwrap_or(Tone::Label), 10);
        let wide = match &row.part {
            Part::Remark(_) => w.saturating_sub(12) * 2 / 3,
            // How it stands is said whole.
            Part::Entitlement(_) => w.saturating_sub(15 + cells(&rest)).max(14),
            _ => 14,
        };
        pen.column(12, y, &who, over.unwrap_or(Tone::Strong), wide);
        pen.column(12 + wide + 1, y, &rest, over.unwrap_or(Tone::Text), w.saturating_sub(14 + wide));
    }
    let y = pen.place.h.saturating_sub(1);
    let words = pen
        .word(t("a 添加  Enter 改  Delete 删  o 打开关联客户", "a adds  Enter edits  Delete removes  o opens linked"));
    pen.column(1, y, words, Tone::Label, w);
}

/// The ledger, newest first.
pub fn contacts(pen: &mut Pen<'_>, rooms: &Rooms, o: &Opened) {
    let w = pen.place.w;
    let s = &rooms.shared;
    if o.contacts.is_empty() {
        let words = pen.word(t("还没有联络过，按 c 记一次", "Never contacted; c logs one"));
        pen.text(1, 0, words, Tone::Label, w);
    }
    let top =
        rooms.archive.cursor.top.max(rooms.archive.cursor.at.saturating_sub(rooms.archive.height.saturating_sub(1)));
    for (n, c) in o.contacts.iter().skip(top).take(rooms.archive.height).enumerate() {
        let y = u16::try_from(n).unwrap_or(0);
        pen.column(1, y, &dates::short(c.at.date(), s.today()), Tone::Label, 10);
        pen.column(12, y, c.channel.label().get(pen.lang), Tone::Text, 8);
        let real = if c.outcome.is_real() { Tone::Ok } else { Tone::Due };
        pen.column(21, y, c.outcome.label().get(pen.lang), real, 9);
        pen.column(31, y, s.name_of(Some(c.by)), Tone::Label, 7);
        let next = c.next.map(|d| format!("  > {}", dates::short(d, s.today()))).unwrap_or_default();
        pen.column(
            39,
            y,
            &format!("{}{next}", s.text(&format!("contact.{}", c.id.0), &c.note)),
            Tone::Text,
            w.saturating_sub(40),
        );
    }
    let y = pen.place.h.saturating_sub(1);
    let total = match pen.lang {
        Lang::Zh => format!("共 {} 次  c 记一次", o.contacts_total),
        Lang::En => format!("{} in all  c logs one", o.contacts_total),
    };
    pen.column(1, y, &total, Tone::Label, w);
}

/// Who changed what, when, from what to what.
pub fn changes(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let w = pen.place.w;
    let s = &rooms.shared;
    let lines = rooms.archive.lines();
    if lines.is_empty() {
        pen.text(1, 0, pen.word(t("还没有改动", "No changes yet")), Tone::Label, w);
    }
    let cursor = rooms.archive.cursor;
    for (n, (at, line)) in lines.iter().enumerate().skip(cursor.top).take(rooms.archive.height).enumerate() {
        let Line::Change(c, edit) = line else { continue };
        let y = u16::try_from(n).unwrap_or(0);
        let over = Pen::row_tone(at == cursor.at, focused);
        if let Some(tone) = over {
            pen.fill(y, tone);
        }
        let tone = |t: Tone| over.unwrap_or(t);
        let day = dates::short(c.at.date(), s.today());
        pen.column(1, y, &format!("{day} {}", c.at.format("%H:%M")), tone(Tone::Label), 16);
        pen.column(18, y, s.name_of(Some(c.by)), tone(Tone::Text), 7);
        let what = match edit {
            Some(e) => words::field_label(pen.lang, &e.field),
            None => c.entity.label().get(pen.lang).to_owned(),
        };
        pen.column(26, y, &what, tone(Tone::Strong), 9);
        let text = match edit {
            Some(e) => {
                let value = |text: &str| {
                    if text.is_empty() {
                        pen.word(t("(空)", "(empty)")).to_owned()
                    } else {
                        let hide = s.hidden && words::is_number(&e.field);
                        if hide { "****".to_owned() } else { words::field_value(s, &e.field, text) }
                    }
                };
                let reason =
                    if c.reason.is_empty() { String::new() } else { format!(" ({})", plain::masked(&c.reason)) };
                let second = words::audit::second(c, s.staff(), pen.lang).map(|w| format!(" {w}")).unwrap_or_default();
                format!("{} > {}{reason}{second}", value(&e.before), value(&e.after))
            }
            None => words::event(s, c),
        };
        pen.column(36, y, &text, tone(Tone::Text), w.saturating_sub(37));
    }
    let y = pen.place.h.saturating_sub(1);
    let words = pen.word(t("Enter 把这一项恢复成原来的", "Enter puts the field back to what it was"));
    pen.column(1, y, words, Tone::Label, w);
}
