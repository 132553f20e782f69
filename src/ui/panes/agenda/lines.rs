//! How the lines look under their headings: standing columns, overdue marked by sign and colour. The month is drawn in `month`.

use super::{day_note, wrap};
use crate::app::panes::agenda::rows::{Head, Row, View};
use crate::app::rooms::Rooms;
use crate::app::shared::Shared;
use crate::app::words::keepers::stands_in;
use crate::app::words::{agenda as words, customer};
use crate::domain::agenda::{Detail, Item, Scope, Source};
use crate::domain::text::{Lang, Text, t};
use crate::ui::kit::pen::{Pen, cells, digit, fit_whole};
use crate::ui::theme::Tone;

/// Draws the rows that are visible.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let a = &rooms.agenda;
    let lines = a.rows().iter().any(|r| matches!(r, Row::Line(_)));
    if !lines && (a.view == View::Today || a.filter.is_some()) {
        nothing(pen, rooms);
        return;
    }
    let mut number = 0;
    for (n, (at, row)) in a.rows().iter().enumerate().skip(a.cursor.top).take(usize::from(pen.place.h)).enumerate() {
        let y = u16::try_from(n).unwrap_or(0);
        match row {
            Row::Head(head, lines) => heading(pen, rooms, *head, *lines, y),
            Row::Line(i) => {
                if let Some(item) = a.item(*i) {
                    line(pen, rooms, item, y, number, (at == a.cursor.at).then_some(focused && !a.typing()));
                }
                number += 1;
            }
        }
    }
    if !lines && a.view == View::Day {
        let w = pen.place.w;
        let words = match a.day < rooms.shared.today() {
            true => t("这一天没有留下未办的事", "Nothing of this day is left undone"),
            false => t("这一天没有任务", "Nothing on this day"),
        };
        pen.text(1, 1, pen.word(words), Tone::Label, w);
    }
}

fn heading(pen: &mut Pen<'_>, rooms: &Rooms, head: Head, lines: usize, y: u16) {
    let today = rooms.shared.today();
    let (text, tone) = match head {
        Head::Overdue => (pen.word(t("逾期", "Overdue")).to_owned(), Tone::Overdue),
        Head::Asked => (pen.word(words::ASKED).to_owned(), Tone::Due),
        Head::Today => (pen.word(t("今天", "Today")).to_owned(), Tone::Due),
        Head::Soon => (pen.word(t("三天内", "Within three days")).to_owned(), Tone::Label),
        Head::Later => (pen.word(t("以后", "Later")).to_owned(), Tone::Label),
        Head::Day(day) if day == today => {
            (format!("{} {}", day_note(rooms, day, pen.lang), pen.word(t("今天", "today"))), Tone::Due)
        }
        Head::Day(day) => (day_note(rooms, day, pen.lang), Tone::Label),
    };
    let text = if lines > 0 { format!("{text} {lines}") } else { text };
    // An underlined heading with a line behind it is one stroke too many.
    let tone = if tone == Tone::Overdue { Tone::Warning } else { tone };
    pen.heading(y, &text, tone);
}

/// Cells inside the pane below which sums are left out and the line under the cursor is said in full below the list.
pub const NARROW: u16 = 60;

/// Where the columns of a line begin and how wide they are; a width of 0 leaves a column out.
struct Columns {
    source: (u16, u16),
    name: (u16, u16),
    tier: (u16, u16),
    /// Where the amount ends, and its width.
    amount: (u16, u16),
    text: u16,
}

impl Columns {
    fn of(width: u16, lang: Lang) -> Columns {
        let word = if lang == Lang::Zh { 6 } else { 9 };
        if width < NARROW {
            // The pane at the edge of a large screen: who and what, the rest stands below for the line under the cursor.
            let name = 3 + word + 1;
            let tier = if lang == Lang::Zh { 4 } else { 0 };
            let text = name + 7 + if tier > 0 { tier + 1 } else { 0 };
            return Columns { source: (3, word), name: (name, 6), tier: (name + 7, tier), amount: (0, 0), text };
        }
        let name = 5 + word + 1;
        let tier = name + 9;
        let end = tier + 7 + 8;
        Columns { source: (5, word), name: (name, 8), tier: (tier, 6), amount: (end, 8), text: end + 2 }
    }
}

fn line(pen: &mut Pen<'_>, rooms: &Rooms, item: &Item, y: u16, number: usize, here: Option<bool>) {
    let (w, s) = (pen.place.w, &rooms.shared);
    let today = s.today();
    let over = Pen::row_tone(here.is_some(), here == Some(true));
    if let Some(tone) = over {
        pen.fill(y, tone);
    }
    let tone = |t: Tone| over.unwrap_or(t);
    let columns = Columns::of(w, pen.lang);
    let narrow = columns.amount.1 == 0;
    let digit_at = u16::from(!narrow);
    if here.is_some() {
        pen.text(0, y, ">", tone(Tone::Accent), 1);
    }
    if let Some(digit) = digit(number).filter(|_| !narrow || here.is_none()) {
        pen.sign(digit_at, y, digit, tone(Tone::Label));
    }
    let sign = words::sign(item, today);
    let due = match sign {
        '!' => Tone::Overdue,
        _ if item.due == today => Tone::Due,
        _ => Tone::Text,
    };
    if sign != '>' {
        pen.sign(if narrow { 1 } else { 3 }, y, sign, tone(due));
    }
    pen.column(columns.source.0, y, words::source(item, pen.lang), tone(Tone::Text), columns.source.1);
    if let Some(who) = &item.who {
        pen.column(columns.name.0, y, customer::name(s, who.id, &who.name), tone(Tone::Strong), columns.name.1);
        let badge = customer::badge(who.tier, pen.lang);
        pen.column(columns.tier.0, y, badge, tone(Tone::Badge(who.tier)), columns.tier.1);
        if !narrow {
            pen.right(columns.amount.0, y, &customer::amount(who.aum, s.hidden), tone(Tone::Text));
        }
    }
    // A task about nobody has the columns of name and sum for itself.
    let mut x = if item.who.is_some() { columns.text } else { columns.name.0 };
    let owner = if rooms.agenda.scope == Scope::Mine || narrow { "" } else { s.name_of(item.owner) };
    let mut end = w;
    if !owner.is_empty() && x + 20 < w {
        end = w.saturating_sub(cells(owner).min(8) + 1);
        pen.column(end + 1, y, owner, tone(Tone::Label), 8);
    }
    if let Some(whose) = item.owner.filter(|o| rooms.agenda.scope == Scope::Mine && s.acts_for(*o)) {
        let words = stands_in(s.name_of(Some(whose)), pen.lang);
        x += pen.text(x, y, &words, tone(Tone::Warning), end.saturating_sub(x)) + 1;
    }
    let when = when(rooms, item, pen.lang, narrow);
    if !when.is_empty() {
        let late = if sign == '!' { Tone::Overdue } else { Tone::Label };
        pen.text(x, y, &when, tone(late), end.saturating_sub(x));
        x += cells(&when).max(if narrow { 0 } else { 7 }) + 1;
    }
    if x < end {
        let text = told(item, s);
        let text = fit_whole(&text, end - x);
        pen.text(x, y, &text, tone(if sign == '*' && due == Tone::Due { due } else { Tone::Text }), end - x);
    }
}

/// What a line says; nothing that a colleague wrote, of somebody else or about nobody, while a customer looks at the screen.
fn told(item: &Item, s: &Shared) -> String {
    let plain = matches!(
        item.detail,
        Detail::Signal { .. }
            | Detail::Maturity(_)
            | Detail::Repayment(_)
            | Detail::Birthday { .. }
            | Detail::Missing(_)
    );
    if !plain && s.hidden && item.who.as_ref().is_none_or(|w| s.covers(w.id)) {
        customer::COVERED.to_owned()
    } else {
        words::listed(item, s)
    }
}

/// The due day, where neither heading nor text says it.
fn when(rooms: &Rooms, item: &Item, lang: Lang, narrow: bool) -> String {
    let today = rooms.shared.today();
    let ahead = item.due >= today;
    // A birthday says its day in both calendars anyway.
    let said = item.due == today
        || (ahead && rooms.agenda.view != View::Today)
        || (ahead && narrow && item.source == Source::Birthday);
    if said { String::new() } else { words::due(item, lang, today) }
}

/// The line under the cursor in full: whom it is about, who must do it, all it says.
pub fn detail(pen: &mut Pen<'_>, rooms: &Rooms) {
    let (w, h) = (pen.place.w, pen.place.h);
    pen.rule(0);
    let s = &rooms.shared;
    let Some(item) = rooms.agenda.current() else { return };
    let mut x = 0;
    if let Some(who) = &item.who {
        x += pen.text(x, 1, customer::name(s, who.id, &who.name), Tone::Strong, w) + 1;
        x += pen.text(x, 1, customer::badge(who.tier, pen.lang), Tone::Badge(who.tier), w) + 1;
        x += pen.text(x, 1, &customer::amount(who.aum, s.hidden), Tone::Text, w) + 1;
    }
    let owner = s.name_of(item.owner);
    let owner = if owner.is_empty() { pen.word(t("无责任人", "no keeper")) } else { owner };
    x += pen.text(x, 1, owner, Tone::Label, w) + 1;
    let late = if item.due < s.today() { Tone::Overdue } else { Tone::Due };
    pen.text(x, 1, &words::due(item, pen.lang, s.today()), late, w);
    let text = told(item, s);
    let rows = usize::from(h.saturating_sub(2));
    for (n, row) in wrap(&text, w, rows).into_iter().enumerate() {
        pen.text(0, u16::try_from(n).unwrap_or(0) + 2, &row, Tone::Text, w);
    }
}

/// Why there is nothing, and which keys help.
fn nothing(pen: &mut Pen<'_>, rooms: &Rooms) {
    let a = &rooms.agenda;
    let w = pen.place.w.saturating_sub(2);
    let mut words: Vec<Text> = Vec::new();
    if a.filter.is_some() {
        words.push(t("没有符合的任务", "No line fits"));
        words.push(t("Esc 清除筛选", "Esc clears the filter"));
    } else if rooms.shared.me.is_none() {
        words.push(t("还不知道谁在用这台机器", "Nobody has said who works here"));
        words.push(t("F9 输入 9206 选人", "F9, then 9206 chooses"));
    } else if a.loaded.is_none() {
        words.push(t("正在读取今日任务", "Reading today's queue"));
    } else {
        words.push(match a.shown.done_today {
            0 => t("今天没有到期的事", "Nothing is due today"),
            _ => t("今天的事都办完了，辛苦了", "All of today's lines are done. Well done"),
        });
        words.push(t("w 看本周   m 看月历", "w shows the week, m the month"));
        words.push(t("a 记一件自办   Tab 看团队和网点", "a adds a task, Tab shows team and branch"));
    }
    for (n, text) in words.into_iter().enumerate() {
        pen.text(1, u16::try_from(n).unwrap_or(0) + 1, pen.word(text), Tone::Label, w);
    }
}
