//! The list for the morning meeting as plain text, by colleague: it lies about on paper, so no phone and no ID number stands in it.

use super::rows::View;
use crate::app::layers::Reading;
use crate::app::layers::reading::Paper;
use crate::app::shared::Shared;
use crate::app::words::{agenda as words, consent, customer};
use crate::domain::agenda::{Counts, Item};
use crate::domain::calendar::{dates, lunar::Lunar};
use crate::domain::ids::StaffId;
use crate::domain::text::t;
use crate::domain::values::plain;
use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

/// The list of these lines.
pub fn list(shared: &Shared, view: View, day: NaiveDate, items: &[&Item], counts: &Counts) -> Reading {
    let today = shared.today();
    let branch = shared.opened.as_ref().map_or("", |o| o.branch.as_str());
    let what = match view {
        View::Today | View::Month | View::Wall => t("今日任务", "Today's queue"),
        View::Week => t("本周任务", "The week's queue"),
        View::Day => t("当日任务", "The day's queue"),
    };
    let on = if view == View::Day { day } else { today };
    let lunar = Lunar::of(on).map(Lunar::day_text).unwrap_or_default();
    let title = format!("{branch} {} {on} {} {lunar}", shared.say(what), dates::weekday(on, shared.lang));
    let mut lines = vec![title.clone(), words::printed(items.len(), counts, shared.lang), String::new()];
    // Who withdrew what a line is for stands on no list that is carried about.
    let (items, left): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|i| !consent::leaves_out(&shared.shut, i));
    let mut owners: Vec<Option<StaffId>> = items.iter().map(|i| i.owner).collect();
    // In the order of the people, whom nobody keeps last.
    owners.sort_by_key(|o| (o.is_none(), shared.staff().iter().position(|s| Some(s.id) == *o)));
    owners.dedup();
    for owner in owners {
        let own: Vec<&&Item> = items.iter().filter(|i| i.owner == owner).collect();
        lines.push(heading(shared, owner, own.len()));
        lines.extend(own.into_iter().map(|i| row(shared, i)));
        lines.push(String::new());
    }
    if !left.is_empty() {
        let people: std::collections::BTreeSet<_> = left.iter().filter_map(|i| i.who.as_ref()).map(|w| w.id).collect();
        lines.push(consent::left_out(people.len(), shared.lang));
    }
    let name = format!("agenda-{}-{on}.txt", shared.myself().map_or("branch", |s| s.code.as_str()));
    Reading { title, lines, top: 0, print: Some(Paper { name, about: None, rows: Some(items.len()) }) }
}

fn heading(shared: &Shared, owner: Option<StaffId>, lines: usize) -> String {
    match owner.and_then(|o| shared.person(o)) {
        Some(s) => format!("== {} {} ({lines})", s.name, s.role.label().get(shared.lang)),
        None => format!("== {} ({lines})", shared.say(t("无责任人", "No keeper"))),
    }
}

fn row(shared: &Shared, item: &Item) -> String {
    let (lang, today) = (shared.lang, shared.today());
    let who = item.who.as_ref();
    let cells = [
        (format!("[ ] {}", words::due(item, lang, today)), 14),
        (words::source(item, lang).to_owned(), 9),
        (who.map(|w| w.name.clone()).unwrap_or_default(), 10),
        (who.map_or("", |w| customer::badge(w.tier, lang)).to_owned(), 6),
        (who.map(|w| customer::amount(w.aum, shared.hidden)).unwrap_or_default(), 10),
    ];
    let mut line = String::new();
    for (text, width) in cells {
        let room = width - text.width().min(width);
        line.push_str(&text);
        line.push_str(&" ".repeat(room + 1));
    }
    line.push_str(&plain::masked(&words::listed(item, shared)));
    line.trim_end().to_owned()
}
