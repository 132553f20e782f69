//! `today` and `birthdays`: what a day brings.

use super::leaving;
use super::output;
use super::session::{Session, unexpected};
use crate::app::words;
use crate::domain::agenda::{Item, Scope};
use crate::domain::calendar::lunar::Lunar;
use crate::domain::calendar::yearly::{self, Yearly};
use crate::domain::consent::{Purpose, shut};
use crate::domain::text::Lang;
use crate::run::args::Listed;
use crate::run::fault::Fault;
use crate::store::agenda;
use crate::store::request::{Answer, Ask};
use chrono::{Days, NaiveDate};
use serde::Serialize;
use std::collections::BTreeSet;

/// A queue as it is given out.
#[derive(Serialize)]
struct Queue {
    date: String,
    lunar: String,
    items: Vec<Line>,
    /// People who withdrew what their lines are for.
    #[serde(skip_serializing_if = "none")]
    left_out: usize,
}

fn none(left: &usize) -> bool {
    *left == 0
}

/// A line of it.
#[derive(Serialize)]
struct Line {
    source: &'static str,
    key: String,
    customer_no: Option<String>,
    name: Option<String>,
    due: String,
    owner: Option<String>,
    overdue_days: i64,
    text: String,
}

/// `today`
///
/// # Errors
/// The store fails.
pub fn today(session: &mut Session, whole_branch: bool, out: &Listed) -> Result<(), Fault> {
    let (today, lang) = (session.today, session.lang);
    // Asked for nobody in particular, it is the branch's queue; whoever works over the whole branch has no other.
    let all = whole_branch || !session.named() || session.me.role.sees_branch();
    let scope = if all { Scope::Branch } else { Scope::Mine };
    let ask = Ask::Agenda(agenda::Ask::Load { scope, staff: session.me.id, today, until: today });
    let (items, counts, shut) = match session.ask(&ask)? {
        Answer::Agenda(agenda::Answer::Lines { items, counts, shut, .. }) => (items, counts, shut),
        other => return Err(unexpected(&other)),
    };
    // Who withdrew what a line is for stands on no list that leaves the program.
    let (left, items): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|i| words::consent::leaves_out(&shut, i));
    let left = left.iter().filter_map(|i| i.who.as_ref()).map(|w| w.id).collect::<BTreeSet<_>>().len();
    leaving::list(session, "today", items.len(), out.second.as_deref())?;
    if out.json {
        let items = items.iter().map(|i| line(session, i)).collect();
        return output::json(&Queue { date: today.to_string(), lunar: lunar_of(today), items, left_out: left });
    }
    let rows: Vec<Vec<String>> = items
        .iter()
        .map(|i| {
            vec![
                words::agenda::sign(i, today).to_string(),
                words::agenda::source(i, lang).to_owned(),
                i.who.as_ref().map(|w| w.no.clone()).unwrap_or_default(),
                i.who.as_ref().map(|w| w.name.clone()).unwrap_or_default(),
                words::agenda::due(i, lang, today),
                session.name_of(i.owner),
                words::agenda::text(i, lang, &session.branch.staff, today),
            ]
        })
        .collect();
    let head = match lang {
        Lang::Zh => format!(
            "{today} 农历{}  {}  待办 {} 逾期 {} 生日 {} 今日完成 {}\n",
            lunar_of(today),
            session.me.name,
            counts.open,
            counts.overdue,
            counts.birthdays,
            counts.done_today
        ),
        Lang::En => format!(
            "{today} lunar {}  {}  open {} overdue {} birthdays {} done today {}\n",
            lunar_of(today),
            session.me.code,
            counts.open,
            counts.overdue,
            counts.birthdays,
            counts.done_today
        ),
    };
    let mut text = head + &output::columns(&rows);
    if left > 0 {
        text.push_str(&words::consent::left_out(left, lang));
        text.push('\n');
    }
    output::print(&text)
}

fn line(session: &Session, item: &Item) -> Line {
    Line {
        source: item.source.code(),
        key: item.key.clone(),
        customer_no: item.who.as_ref().map(|w| w.no.clone()),
        name: item.who.as_ref().map(|w| w.name.clone()),
        due: item.due.to_string(),
        owner: session.code_of(item.owner),
        overdue_days: item.overdue(session.today),
        text: words::agenda::text(item, session.lang, &session.branch.staff, session.today),
    }
}

/// The lunar day of a date, `十月十三`; empty outside the tables.
pub fn lunar_of(date: NaiveDate) -> String {
    Lunar::of(date).map(Lunar::day_text).unwrap_or_default()
}

/// A birthday as it is given out.
#[derive(Serialize)]
struct Birthday {
    customer_no: String,
    name: String,
    date: String,
    calendar: &'static str,
    lunar: String,
    age: Option<u16>,
}

/// `birthdays`
///
/// # Errors
/// The store fails.
pub fn birthdays(session: &mut Session, from: NaiveDate, days: u16, out: &Listed) -> Result<(), Fault> {
    let Some(last) = from.checked_add_days(Days::new(u64::from(days.saturating_sub(1)))) else {
        return Err(Fault::usage("天数太多了", "That is too many days"));
    };
    let policy = session.branch.settings.leap;
    let mut kept: Vec<(NaiveDate, Yearly, crate::index::row::Row)> = Vec::new();
    for row in session.rows()? {
        if let Some(birthday) = row.birthday() {
            let falls = birthday.days_between(from, last, policy);
            kept.extend(falls.into_iter().map(|on| (on, birthday, row.clone())));
        }
    }
    kept.sort_by(|a, b| (a.0, &a.2.no).cmp(&(b.0, &b.2.no)));
    let (mut found, mut left) = (Vec::new(), BTreeSet::new());
    for (on, birthday, row) in kept {
        let opened = session.opened(row.id)?;
        // Who does not want to be greeted stands on no list of greetings.
        if shut(&opened.privacy.withdrawn(), Purpose::Contact) {
            left.insert(row.id);
            continue;
        }
        let born = opened.customer.birth;
        found.push(Birthday {
            customer_no: row.no,
            name: row.name,
            date: on.to_string(),
            calendar: if matches!(birthday, Yearly::Lunar(_)) { "lunar" } else { "solar" },
            lunar: lunar_of(on),
            age: born.map(|born| yearly::turns(born, birthday, on)),
        });
    }
    leaving::list(session, "birthdays", found.len(), out.second.as_deref())?;
    if out.json {
        return output::json(&found);
    }
    let lang = session.lang;
    let rows: Vec<Vec<String>> = found
        .into_iter()
        .map(|b| {
            let age = b.age.map_or_else(|| "-".to_owned(), |a| a.to_string());
            let kind = match (b.calendar, lang) {
                ("lunar", Lang::Zh) => "农历",
                ("lunar", Lang::En) => "lunar",
                (_, Lang::Zh) => "公历",
                (_, Lang::En) => "solar",
            };
            vec![b.date, b.lunar, kind.to_owned(), b.customer_no, b.name, age]
        })
        .collect();
    let none = match lang {
        Lang::Zh => "没有生日\n",
        Lang::En => "No birthdays\n",
    };
    let mut text = if rows.is_empty() { none.to_owned() } else { output::columns(&rows) };
    if !left.is_empty() {
        text.push_str(&words::consent::left_out(left.len(), lang));
        text.push('\n');
    }
    output::print(&text)
}
