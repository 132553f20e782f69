//! 优惠与额度 in the archive: proposing one, and what can be done with one that is there. The words are in `words::entitle`, the rules in
//! `domain::entitlement`.

use super::drafts::WhyDraft;
use super::layers::chooser::{Chooser, Entry};
use super::layers::confirm::Confirm;
use super::layers::sheet::Sheet;
use super::layers::then::Then;
use super::layers::{Layer, Reading};
use super::rights::lets_here;
use super::rooms::Rooms;
use super::words::{self, entitle as told};
use crate::domain::entitlement::{Entitlement, Stands, Verdict, settle};
use crate::domain::family::{Part, PartRow};
use crate::domain::ids::{CustomerId, OpId};
use crate::domain::rights::Action;
use crate::domain::text::t;
use crate::domain::values::plain;
use crate::store::customers;
use crate::store::request::{Ask, Stamp};

/// Lists what the customer shown has or is to have: what waits first, then a new one, then the rest.
pub fn show(r: &mut Rooms) {
    if r.shared.hidden {
        r.with(|cx| cx.note(t("已遮挡，F12 打开后再看", "Covered; F12 uncovers")));
        return;
    }
    let Some(o) = r.archive.opened() else { return };
    let (lang, today) = (r.shared.lang, r.shared.today());
    let mut all: Vec<(bool, Entry)> = Vec::new();
    for row in o.parts.iter().rev() {
        let Part::Entitlement(e) = &row.part else { continue };
        let state = told::state(e, r.shared.staff(), today, lang);
        let entry = Entry::new(row.id.0.to_string(), told::title(e, lang), state);
        all.push((matches!(e.stands(today), Stands::Waiting | Stands::Lapsed), entry));
    }
    let (waiting, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|(waits, _)| *waits);
    let new = Entry::new("new", t("提出优惠或额度，报批", "Propose a better rate or a higher limit").get(lang), "");
    let entries =
        waiting.into_iter().map(|(_, e)| e).chain([new]).chain(rest.into_iter().map(|(_, e)| e)).collect::<Vec<_>>();
    let title = format!("{} {}", told::NAME.get(lang), o.customer.name);
    let then = Then::Entitle(o.customer.id);
    r.layers.push(Layer::Chooser(Chooser::new(title, entries, then)));
}

/// One of the list, or a new one.
pub fn chosen(r: &mut Rooms, customer: CustomerId, code: &str) {
    if !r.archive.shows(customer) {
        return;
    }
    if code == "new" {
        if lets_here(r, Action::Edit) {
            r.in_archive(|p, cx| p.new_part("entitlement", cx));
        }
        return;
    }
    let found = r.archive.opened().and_then(|o| o.parts.iter().find(|p| p.id.0.to_string() == code)).cloned();
    if let Some(row) = found {
        r.in_archive(|p, cx| p.entitled(row, cx));
    }
}

/// What is to be done with one.
pub fn act(r: &mut Rooms, row: Box<PartRow>, code: &str) {
    let Part::Entitlement(e) = &row.part else { return };
    let lang = r.shared.lang;
    match code {
        "approve" => decide(r, row, Verdict::Approved),
        "refuse" => decide(r, row, Verdict::Refused),
        "end" => decide(r, row, Verdict::Ended),
        "edit" if lets_here(r, Action::Edit) => {
            let title = words::part_title(&row.part).get(lang);
            let sheet = Sheet::part(title, row.customer, Some(row.clone()), row.part);
            r.lay(Layer::Sheet(Box::new(sheet)));
        }
        "withdraw" if lets_here(r, Action::Edit) => {
            let question = words::remove_part(lang, &row.part);
            let yes = r.shared.say(t("撤回", "Withdraw"));
            r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::RemovePart { row })));
        }
        "read" => {
            let lines = told::lines(e, r.shared.staff(), r.shared.today(), lang);
            let title = told::NAME.get(lang).to_owned();
            r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
        }
        _ => {}
    }
}

/// Asks for the words to a verdict of one who may give it.
fn decide(r: &mut Rooms, row: Box<PartRow>, verdict: Verdict) {
    let (Part::Entitlement(e), true, Some(me)) = (&row.part, lets_here(r, Action::Entitle), r.shared.me) else {
        return;
    };
    let lang = r.shared.lang;
    let (what, word) = match verdict {
        Verdict::Approved => (t("批准", "Approve"), r.shared.say(t("同意", "Agreed"))),
        Verdict::Ended => (t("收回", "Take back"), ""),
        Verdict::Waiting | Verdict::Refused => (t("拒绝", "Refuse"), ""),
    };
    // Whoever may not is told before they write why.
    if let Err(said) = settle(Some(e), Some(&e.with(verdict, what.zh)), me, r.shared.today()) {
        let said = said.get(lang).to_owned();
        r.with(|cx| cx.refuse(said));
        return;
    }
    let title = format!("{} {}", what.get(lang), told::title(e, lang));
    let mut sheet = Sheet::why(
        title,
        &["reason"],
        WhyDraft { reason: word.to_owned(), ..WhyDraft::default() },
        Then::Decide(row.clone(), verdict),
    );
    sheet.advice = advice(r, e);
    r.lay(Layer::Sheet(Box::new(sheet)));
}

/// What is written with those words.
pub fn decided(op: OpId, row: &PartRow, verdict: Verdict, words: &str, stamp: Stamp) -> Ask {
    let part = match &row.part {
        Part::Entitlement(e) => Part::Entitlement(e.with(verdict, words)),
        other => other.clone(),
    };
    let (customer, row) = (row.customer, Some(Box::new(row.clone())));
    Ask::Customers(customers::Ask::Part { op, customer, row, part: Some(part), stamp })
}

/// Below the sheet: what is decided on.
fn advice(r: &Rooms, e: &Entitlement) -> String {
    let days = [e.from, e.until].map(|d| d.map(|d| d.to_string()).unwrap_or_default()).join(" - ");
    let who = r.shared.name_of(Some(e.proposer));
    let why = plain::masked(&e.reason);
    format!("{days}  {who} {}{why}", r.shared.say(t("提：", "proposes: ")))
}
