//! How the queue looks: whose lines, the lines or the month, the line under the cursor in full, what was done. What the lines say is
//! worded in `app::words::agenda`.

mod lines;
mod month;
mod wall;

use crate::app::cx::{Pane, Wait};
use crate::app::frame;
use crate::app::panes::agenda::Agenda;
use crate::app::panes::agenda::rows::{View, after, monday};
use crate::app::panes::agenda::transfer::answers;
use crate::app::place::Place;
use crate::app::rooms::Rooms;
use crate::domain::agenda::Detail;
use crate::domain::calendar::{dates, lunar::Lunar};
use crate::domain::text::{Lang, t};
use crate::ui::kit::field;
use crate::ui::kit::pen::{self, Pen, cells};
use crate::ui::theme::Tone;
use chrono::{Datelike, NaiveDate};

/// Draws it.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let a = &rooms.agenda;
    let title = format!("4 {} {}", pen.word(t("今日任务", "Today")), frame::pane_key(Pane::Agenda));
    let narrow = pen.place.w < lines::NARROW + 2;
    pen.border(&title, &note(rooms, pen.lang, narrow), focused);
    let mut pen = pen.at(pen.place.inside());
    tabs(&mut pen, a);
    let (w, h) = (pen.place.w, pen.place.h);
    if a.view == View::Month {
        month::draw(&mut pen, rooms, focused);
        return;
    }
    if a.view == View::Wall {
        wall::draw(&mut pen, rooms, focused);
        return;
    }
    let top = a.top();
    let height = u16::try_from(a.height()).unwrap_or(1);
    let list = Place { y: pen.place.y + top, h: height.min(h.saturating_sub(top)), ..pen.place };
    lines::draw(&mut pen.at(list), rooms, focused);
    if a.detail() > 0 {
        let below = Place { y: pen.place.y + top + height, h: a.detail(), ..pen.place };
        lines::detail(&mut pen.at(below), rooms);
    }
    if let Some(line) = &a.filter {
        let y = h.saturating_sub(2);
        let used = pen.text(0, y, "/", Tone::Accent, 1) + 1;
        field::line(&mut pen, used, y, w.saturating_sub(used), line, focused && a.typing());
    }
    done(&mut pen, rooms, h.saturating_sub(1));
}

/// What stands right in the border: the days looked at, how many lines, whether they are old.
fn note(rooms: &Rooms, lang: Lang, narrow: bool) -> String {
    let (a, s) = (&rooms.agenda, &rooms.shared);
    let waiting = rooms.out.waiting.contains_key(&Wait::Agenda);
    let today = s.today();
    let at = a.loaded.map(|at| at.format("%H:%M").to_string()).unwrap_or_default();
    if a.stale(waiting) && a.loaded.is_some() {
        return match lang {
            Lang::Zh => format!("! 数据是 {at} 的，F5 再读"),
            Lang::En => format!("! as of {at}, F5 reads anew"),
        };
    }
    match a.view {
        View::Today => {
            let lines = a.rows().len() - a.rows().iter().filter(|r| is_head(r)).count();
            match (lang, a.unlisted()) {
                (Lang::Zh, 0) => format!("列出 {lines} 项"),
                (Lang::En, 0) => format!("{lines} lines"),
                (Lang::Zh, n) => format!("{lines} 项，另有 {n} 项未列"),
                (Lang::En, n) => format!("{lines} lines, {n} more not listed"),
            }
        }
        View::Week => {
            let first = monday(a.day);
            format!("{} {}", dates::short(first, today), dates::short(after(first, 6), today))
        }
        View::Day => day_note(rooms, a.day, lang),
        View::Wall => s.say(t("到期墙", "Maturity wall")).to_owned(),
        View::Month if narrow => a.day.format("%Y-%m").to_string(),
        View::Month => {
            let year = Lunar::of(a.day).map(Lunar::year_name).unwrap_or_default();
            let day = day_note(rooms, a.day, lang);
            match lang {
                Lang::Zh => format!("{} 年 {} 月 {year}年  {day}", a.day.year(), a.day.month()),
                Lang::En => format!("{} {year}  {day}", a.day.format("%Y-%m")),
            }
        }
    }
}

fn is_head(row: &crate::app::panes::agenda::rows::Row) -> bool {
    matches!(row, crate::app::panes::agenda::rows::Row::Head(..))
}

/// A day as it is headed: weekday, date, lunar day, holiday.
fn day_note(rooms: &Rooms, day: NaiveDate, lang: Lang) -> String {
    let s = &rooms.shared;
    let mut words = vec![dates::weekday(day, lang).to_owned(), dates::short(day, s.today())];
    words.extend(Lunar::of(day).map(Lunar::day_text));
    if let Some(name) = s.holidays().name_on(day) {
        words.push(name.to_owned());
    } else if s.holidays().is_made_up(day) {
        words.push(t("调休上班", "make-up day").get(lang).to_owned());
    }
    words.join(" ")
}

/// Whose lines, and how far one looks.
fn tabs(pen: &mut Pen<'_>, a: &Agenda) {
    let w = pen.place.w;
    let mut x = 0;
    for (scope, word) in a.tabs(pen.lang) {
        x += pen.text(x, 0, &word, if scope == a.scope { Tone::Accent } else { Tone::Label }, w);
    }
    let views = [
        (View::Today, t("t今天", "t Today")),
        (View::Week, t("w本周", "w Week")),
        (View::Month, t("m月历", "m Month")),
        (View::Wall, t("b到期", "b Due")),
    ];
    let here = if a.view == View::Day { View::Month } else { a.view };
    let wide: u16 = views.iter().map(|(_, word)| cells(pen.word(*word)) + 2).sum();
    let room = w.saturating_sub(x);
    let shown: Vec<_> = views.into_iter().filter(|(v, _)| wide <= room || *v == here).collect();
    let mut end = w;
    for (view, word) in shown.into_iter().rev() {
        let word = pen.word(word);
        let word = if wide <= room { word } else { word.get(1..).unwrap_or(word).trim_start() };
        if end.saturating_sub(cells(word) + 1) >= x {
            pen.right(end, 0, word, if view == here { Tone::Accent } else { Tone::Label });
            end = end.saturating_sub(cells(word) + 2);
        }
    }
}

/// What was done and what is late; the keys where there is room.
fn done(pen: &mut Pen<'_>, rooms: &Rooms, y: u16) {
    let a = &rooms.agenda;
    let w = pen.place.w;
    let c = a.shown;
    let mut words = vec![
        (pen.word(t("今日完成", "Done today")), c.done_today, Tone::Label),
        (pen.word(t("本周", "this week")), c.done_week, Tone::Label),
        (pen.word(t("逾期", "overdue")), c.overdue, if c.overdue > 0 { Tone::Overdue } else { Tone::Label }),
    ];
    if c.missing_more > 0 {
        words.push((pen.word(t("补录另", "to complete +")), c.missing_more, Tone::Label));
    }
    let gap = if w < 60 { 1 } else { 2 };
    let mut x = 0;
    for (label, n, tone) in words {
        let text = format!("{label} {n}");
        if x + cells(&text) > w {
            return;
        }
        x += pen.text(x, y, &text, tone, w) + gap;
    }
    let keys = match a.view {
        _ if a.typing() => pen.word(t("Enter 打开  Esc 清除", "Enter opens  Esc clears")),
        _ if a.current().is_some_and(|i| matches!(&i.detail, Detail::Transfer(x) if answers(&rooms.shared, x))) => {
            pen.word(t("y接受 n拒绝 F8更多", "y accept n refuse F8 more"))
        }
        _ if a.current().is_some_and(|i| matches!(i.detail, Detail::Transfer(_))) => {
            pen.word(t("F8 撤回、再提、打印", "F8 takes back, proposes, prints"))
        }
        View::Week | View::Day => pen.word(t("左右换日期  Esc 返回", "left, right: other days  Esc back")),
        _ => pen.word(t("d已办 s推迟 x取消 p打印", "d done s snooze x cancel p print")),
    };
    if x + cells(keys) + 2 <= w {
        pen.right(w, y, keys, Tone::Label);
    }
}

/// A text on rows of so many cells, at most so many rows.
pub(in crate::ui) fn wrap(text: &str, width: u16, rows: usize) -> Vec<String> {
    let mut lines = pen::wrap(text, width);
    let more = lines.get(rows).cloned();
    lines.truncate(rows);
    if let (Some(last), Some(more)) = (lines.last_mut(), more) {
        *last = pen::fit_whole(&format!("{last}{more}"), width).into_owned();
    }
    lines
}
