//! Looking through the change log: what is asked of the store, what is chosen to narrow it. The words are in `words::audit`.

use super::cx::{Go, Wait};
use super::layers::audit::{Act, Audit};
use super::layers::chooser::{Chooser, Entry};
use super::layers::then::{Narrow, Then};
use super::layers::{Layer, Reading};
use super::reach::eyes;
use super::rooms::Rooms;
use super::words::audit as words;
use crate::domain::audit::{self, Filter};
use crate::domain::ids::StaffId;
use crate::domain::rights::Action;
use crate::domain::text::t;
use crate::store::audit::{Ask, Page};
use crate::store::request;
use chrono::Days;

/// Lines asked for at once.
const AT_ONCE: u32 = 100;
/// Days one may choose, counted back from today.
const BACK: [u64; 4] = [0, 6, 29, 89];

/// Whether the one who works here may look through the log.
pub fn may(r: &Rooms) -> bool {
    eyes(&r.shared).is_some_and(|eyes| eyes.may_all(Action::Log))
}

/// Shows the log.
pub fn show(r: &mut Rooms) {
    if may(r) {
        anew(r, Filter::default(), String::new());
    }
}

/// Reads it from its end on, narrowed so.
fn anew(r: &mut Rooms, filter: Filter, customer: String) {
    r.layers.retain(|l| !matches!(l, Layer::Audit(_)));
    r.layers.push(Layer::Audit(Box::new(Audit::new(filter.clone(), customer))));
    ask(r, filter, None);
}

fn ask(r: &mut Rooms, filter: Filter, before: Option<i64>) {
    r.out.ask(Wait::Audit, request::Ask::Audit(Ask::Page { filter, before, most: AT_ONCE }));
}

/// A page came: one that has nothing to show and is not the last is followed by the next at once.
pub fn heard(r: &mut Rooms, page: Page) {
    let Some(Layer::Audit(list)) = r.layers.iter_mut().find(|l| matches!(l, Layer::Audit(_))) else { return };
    let empty = page.lines.is_empty();
    list.add(page);
    if let (true, Some(before)) = (empty, list.next) {
        list.asked = true;
        let filter = list.filter.clone();
        ask(r, filter, Some(before));
    }
}

/// A key on the log.
pub fn act(r: &mut Rooms) {
    let Some(Layer::Audit(list)) = r.layers.last_mut() else { return };
    let (filter, line, act) = (list.filter.clone(), list.current().cloned(), list.act);
    match act {
        Act::More => {
            list.asked = true;
            let before = list.next;
            ask(r, filter, before);
        }
        Act::All => anew(r, Filter::default(), String::new()),
        Act::Customer if filter.customer.is_some() => anew(r, Filter { customer: None, ..filter }, String::new()),
        Act::Customer => {
            if let Some((line, id)) = line.as_ref().and_then(|l| Some((l, l.change.customer?))) {
                let name = format!("{} {}", line.no, line.name);
                anew(r, Filter { customer: Some(id), ..filter }, name);
            }
        }
        Act::Read => {
            if let Some(line) = line {
                let who = r.shared.name_of(Some(line.change.by));
                let lines = words::whole(&line, who, r.shared.staff(), r.shared.lang);
                let title = words::doing(&line.change, r.shared.lang);
                r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
            }
        }
        Act::Archive => {
            if let Some(id) = line.and_then(|l| l.change.customer) {
                r.layers.pop();
                r.go(Go::Open(id, true));
            }
        }
        Act::Staff => {
            let staff = r.shared.staff().iter();
            let entries = staff.map(|s| Entry::new(s.id.0.to_string(), s.name.clone(), s.code.clone())).collect();
            choose(r, Narrow::Staff, entries);
        }
        Act::Days => {
            let today = r.shared.today();
            let entries = BACK.iter().filter_map(|back| {
                let from = today.checked_sub_days(Days::new(*back))?;
                let label = match *back {
                    0 => r.shared.say(t("今天", "Today")).to_owned(),
                    n => format!("{} {} {}", r.shared.say(t("近", "Last")), n + 1, r.shared.say(t("天", "days"))),
                };
                Some(Entry::new(back.to_string(), label, from.to_string()))
            });
            let entries = entries.collect();
            choose(r, Narrow::Days, entries);
        }
        Act::Doing => {
            let lang = r.shared.lang;
            let entries = audit::DOINGS.iter().map(|(code, label)| Entry::new(*code, label.get(lang), *code)).collect();
            choose(r, Narrow::Doing, entries);
        }
    }
}

fn choose(r: &mut Rooms, pick: Narrow, entries: Vec<Entry>) {
    let title = r.shared.say(match pick {
        Narrow::Staff => t("谁做的", "By whom"),
        Narrow::Days => t("哪几天", "Which days"),
        Narrow::Doing => t("做了什么", "What was done"),
    });
    r.layers.push(Layer::Chooser(Chooser::new(title, entries, Then::Audit(pick))));
}

/// Something was chosen to narrow the log.
pub fn chosen(r: &mut Rooms, pick: Narrow, code: &str) {
    let Some(Layer::Audit(list)) = r.layers.last() else { return };
    let (mut filter, customer) = (list.filter.clone(), list.customer.clone());
    match pick {
        Narrow::Staff => filter.staff = code.parse().ok().map(StaffId),
        Narrow::Days => {
            filter.from = code.parse().ok().and_then(|back| r.shared.today().checked_sub_days(Days::new(back)));
        }
        Narrow::Doing => filter.doing = audit::parse(code),
    }
    anew(r, filter, customer);
}
