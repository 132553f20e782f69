//! Lines under their headings: what stands in which row of a view, and which lines a filter leaves. How a row looks lives in the ui.

use crate::app::words::agenda as words;
use crate::domain::agenda::Item;
use crate::domain::staff::Staff;
use crate::domain::text::Lang;
use crate::index::{pinyin, spell};
use chrono::{Datelike, Days, NaiveDate};

/// How far the queue is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// 今天: overdue, today, the days near.
    #[default]
    Today,
    /// 本周: the seven days of a week.
    Week,
    /// 月历: how many lines each day has.
    Month,
    /// The lines of one day, opened from the month.
    Day,
    /// 到期墙: what matures in the coming days.
    Wall,
}

/// A heading over lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// 逾期
    Overdue,
    /// 等答复: what waits for a word, however long there is for it.
    Asked,
    /// 今天
    Today,
    /// 三天内
    Soon,
    /// 以后: birthdays worth preparing early.
    Later,
    /// One day.
    Day(NaiveDate),
}

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A heading and how many lines stand under it.
    Head(Head, usize),
    /// The line with this number.
    Line(usize),
}

/// Days that count as near.
pub const SOON: u64 = 3;

/// So many days after a day.
pub fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// The Monday of a day's week.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())).unwrap_or(day)
}

/// Lays the lines that pass under the headings of a view. `day` is the day looked at, for a week any day of it.
pub fn lay(items: &[Item], view: View, day: NaiveDate, today: NaiveDate, pass: impl Fn(&Item) -> bool) -> Vec<Row> {
    let shown: Vec<(usize, &Item)> = items.iter().enumerate().filter(|(_, i)| pass(i)).collect();
    let mut rows = Vec::new();
    let mut put = |head: Head, even_if_empty: bool, belongs: &dyn Fn(&Item) -> bool| {
        let lines: Vec<Row> = shown.iter().filter(|(_, i)| belongs(i)).map(|(at, _)| Row::Line(*at)).collect();
        if even_if_empty || !lines.is_empty() {
            rows.push(Row::Head(head, lines.len()));
            rows.extend(lines);
        }
    };
    let near = after(today, SOON);
    match view {
        View::Today => {
            put(Head::Overdue, false, &|i| i.due < today);
            put(Head::Asked, false, &|i| i.due >= today && i.asks(today));
            put(Head::Today, false, &|i| i.due == today && !i.asks(today));
            put(Head::Soon, false, &|i| i.due > today && i.due <= near && !i.asks(today));
            put(Head::Later, false, &|i| i.due > near && !i.asks(today));
        }
        View::Week => {
            let first = monday(day);
            if (first..=after(first, 6)).contains(&today) {
                put(Head::Overdue, false, &|i| i.due < first);
            }
            for d in first.iter_days().take(7) {
                put(Head::Day(d), shown.len() == items.len(), &|i| i.due == d);
            }
        }
        View::Day => put(Head::Day(day), true, &|i| i.due == day),
        View::Month | View::Wall => {}
    }
    rows
}

/// Whether a line has all the typed words in its name, pinyin, source or text.
pub fn passes(item: &Item, typed: &str, lang: Lang, staff: &[Staff], today: NaiveDate) -> bool {
    let typed = typed.to_lowercase();
    let mut words = typed.split_whitespace().peekable();
    if words.peek().is_none() {
        return true;
    }
    let name = item.who.as_ref().map_or("", |w| w.name.as_str());
    let no = item.who.as_ref().map_or("", |w| w.no.as_str());
    let owner = staff.iter().find(|s| Some(s.id) == item.owner).map_or("", |s| s.name.as_str());
    let asked = if item.asks(today) { words::ASKED.get(lang) } else { "" };
    let said = [words::source(item, lang), &words::text(item, lang, staff, today), asked].join("\n").to_lowercase();
    words.all(|w| {
        name.to_lowercase().contains(w)
            || no.contains(w)
            || owner.contains(w)
            || said.contains(w)
            || by_letters(name, w)
            || by_letters(owner, w)
    })
}

fn by_letters(name: &str, letters: &str) -> bool {
    let read = pinyin::read(name);
    letters.chars().all(|c| c.is_ascii_lowercase())
        && (0..read.len()).any(|start| spell::fit(letters, &read, start).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::agenda::{Detail, Source, sort};
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
    }

    fn item(n: usize, away: i64) -> Item {
        Item {
            key: format!("visit:{n}:20261121"),
            source: Source::Visit,
            who: None,
            owner: None,
            due: today() + chrono::TimeDelta::days(away),
            detail: Detail::Visit { last: None, tries: 0 },
        }
    }

    fn heads(rows: &[Row]) -> Vec<(Head, usize)> {
        rows.iter()
            .filter_map(|r| match r {
                Row::Head(head, lines) => Some((*head, *lines)),
                Row::Line(_) => None,
            })
            .collect()
    }

    #[test]
    fn today_has_a_heading_for_what_is_late_due_near_and_later_and_none_that_is_empty() {
        let items: Vec<Item> = [-9, -1, 0, 1, 3, 4].into_iter().enumerate().map(|(n, away)| item(n, away)).collect();
        let rows = lay(&items, View::Today, today(), today(), |_| true);
        assert_eq!(heads(&rows), [(Head::Overdue, 2), (Head::Today, 1), (Head::Soon, 2), (Head::Later, 1)]);
        let rows = lay(&items, View::Today, today(), today(), |i| i.due == today());
        assert_eq!(rows, [Row::Head(Head::Today, 1), Row::Line(2)]);
        assert_eq!(lay(&items, View::Today, today(), today(), |_| false), []);
    }

    #[test]
    fn the_week_has_seven_days_and_what_is_older_stands_above_the_week_of_today_only() {
        let items: Vec<Item> = [-9, -3, 0, 1, 2].into_iter().enumerate().map(|(n, away)| item(n, away)).collect();
        let this = heads(&lay(&items, View::Week, today(), today(), |_| true));
        assert_eq!(this.first(), Some(&(Head::Overdue, 1)));
        assert_eq!(this.len(), 8);
        assert_eq!(this.iter().map(|(_, n)| n).sum::<usize>(), 4);
        let next = heads(&lay(&items, View::Week, after(today(), 2), today(), |_| true));
        assert_eq!(next.first(), Some(&(Head::Day(after(today(), 2)), 1)));
        assert_eq!(next.len(), 7);
    }

    proptest! {
        #[test]
        fn every_line_stands_once_and_in_order(away in proptest::collection::vec(-40_i64..40, 0..60)) {
            let mut items: Vec<Item> = away.iter().enumerate().map(|(n, a)| item(n, *a)).collect();
            sort(&mut items, today());
            let rows = lay(&items, View::Today, today(), today(), |_| true);
            let lines: Vec<usize> = rows.iter().filter_map(|r| match r {
                Row::Line(at) => Some(*at),
                Row::Head(..) => None,
            }).collect();
            prop_assert_eq!(lines, (0..items.len()).collect::<Vec<_>>());
            prop_assert_eq!(heads(&rows).iter().map(|(_, n)| n).sum::<usize>(), items.len());
        }
    }
}
