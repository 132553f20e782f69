//! How the month looks: a week a row, a day a cell with its lunar day, holiday mark, birthdays and other lines. Which days it has is
//! said in `app::panes::agenda::month`.

use super::day_note;
use crate::app::panes::agenda::month::{first, weeks};
use crate::app::panes::agenda::rows::after;
use crate::app::rooms::Rooms;
use crate::domain::calendar::dates::weekday_name;
use crate::domain::calendar::lunar::Lunar;
use crate::domain::calendar::lunar_day::LunarDay;
use crate::domain::text::{Lang, t};
use crate::ui::kit::pen::{Pen, cells};
use crate::ui::theme::Tone;
use chrono::{Datelike, NaiveDate, Weekday};

/// Draws it below the tabs.
pub fn draw(pen: &mut Pen<'_>, rooms: &Rooms, focused: bool) {
    let a = &rooms.agenda;
    let (w, h) = a.cell();
    let top = a.top();
    let width = pen.place.w;
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    for (n, day) in days.into_iter().enumerate() {
        let x = u16::try_from(n).unwrap_or(0) * w;
        let name = weekday_name(day).get(pen.lang);
        let tone = if n >= 5 { Tone::Accent } else { Tone::Label };
        pen.text(x, top, name, tone, w);
    }
    let weeks = weeks(a.day);
    for (row, monday) in weeks.iter().enumerate() {
        let y = top + 1 + u16::try_from(row).unwrap_or(0) * h;
        for n in 0..7 {
            let day = after(*monday, u64::from(n));
            if first(day) == first(a.day) {
                cell(pen, rooms, day, (n * w, y), (w, h), focused);
            }
        }
    }
    let below = top + 1 + u16::try_from(weeks.len()).unwrap_or(6) * h;
    if below < pen.place.h {
        let y = if below + 1 < pen.place.h { below + 1 } else { below };
        about(pen, rooms, y, width);
    }
}

/// What the chosen day holds, and the keys.
fn about(pen: &mut Pen<'_>, rooms: &Rooms, y: u16, width: u16) {
    let a = &rooms.agenda;
    let used = pen.text(0, y, &day_note(rooms, a.day, pen.lang), Tone::Strong, width) + 2;
    let (birthdays, others) = counted(rooms, a.day);
    let words = match pen.lang {
        Lang::Zh => format!("生日 {birthdays}  其他 {others}"),
        Lang::En => format!("birthdays {birthdays}, others {others}"),
    };
    let keys = pen.word(t("Enter 看这一天  PgUp PgDn 换月", "Enter shows the day  PgUp, PgDn: months"));
    if used + cells(&words) + cells(keys) + 2 <= width {
        pen.text(used, y, &words, Tone::Text, width);
        pen.right(width, y, keys, Tone::Label);
    } else {
        pen.text(0, y + 1, &words, Tone::Text, width);
        pen.text(0, y + 2, keys, Tone::Label, width);
        pen.text(0, y + 3, pen.word(t("* 生日   > 其他", "* birthdays   > others")), Tone::Label, width);
    }
}

fn counted(rooms: &Rooms, day: NaiveDate) -> (u32, u32) {
    let a = &rooms.agenda;
    a.month.as_ref().filter(|m| m.scope == a.scope).map_or((0, 0), |m| m.on(day))
}

fn cell(pen: &mut Pen<'_>, rooms: &Rooms, day: NaiveDate, at: (u16, u16), size: (u16, u16), focused: bool) {
    let (a, s) = (&rooms.agenda, &rooms.shared);
    let ((x, y), (w, h)) = (at, size);
    let room = w.saturating_sub(1);
    let over = Pen::row_tone(day == a.day, focused);
    if let Some(tone) = over {
        for row in 0..h {
            pen.fill_cells(x, y + row, room, tone);
        }
    }
    let tone = |t: Tone| over.unwrap_or(t);
    let free = s.holidays().name_on(day).is_some();
    let number = if day == s.today() {
        Tone::Due
    } else if s.holidays().is_working_day(day) {
        Tone::Strong
    } else {
        Tone::Accent
    };
    let mark = match (free, s.holidays().is_made_up(day)) {
        (true, _) => pen.word(t("休", "off")),
        (_, true) => pen.word(t("班", "wk")),
        _ => "",
    };
    let lunar = Lunar::of(day).map(lunar_word).unwrap_or_default();
    let text = format!("{:>2}", day.day());
    pen.text(x, y, &text, tone(number), 2);
    let (birthdays, others) = counted(rooms, day);
    let counts = [("*", birthdays, Tone::Due), (">", others, Tone::Text)];
    if w >= 9 {
        // Solar, lunar and mark on one row where they fit with blanks between, else without.
        let gap = u16::from(room >= 2 + 1 + cells(&lunar) + 1 + cells(mark));
        let mut at = x + 2 + gap;
        at += pen.text(at, y, &lunar, tone(Tone::Label), room.saturating_sub(2 + gap)) + gap;
        pen.text(at, y, mark, tone(if free { Tone::Accent } else { Tone::Warning }), (x + room).saturating_sub(at));
        let mut at = x;
        for (sign, n, t) in counts.into_iter().filter(|(_, n, _)| *n > 0) {
            at += pen.text(at, y + 1, &format!("{sign}{n}"), tone(t), (x + room).saturating_sub(at)) + 1;
        }
        return;
    }
    let mark_tone = tone(if free { Tone::Accent } else { Tone::Warning });
    pen.text(x + 2, y, mark, mark_tone, room.saturating_sub(2));
    pen.column(x, y + 1, &lunar, tone(Tone::Label), room);
    let filled = counts.into_iter().filter(|(_, n, _)| *n > 0);
    for (row, (sign, n, t)) in (y + 2..y + h).zip(filled) {
        pen.text(x, row, &format!("{sign}{n}"), tone(t), room);
    }
}

/// The lunar day; the name of the month on its first.
fn lunar_word(lunar: Lunar) -> String {
    let day: LunarDay = lunar.day_of_year();
    let text = day.text();
    let Some((month, of_month)) = text.split_once('月') else { return text };
    if of_month == "初一" { format!("{month}月") } else { of_month.to_owned() }
}
