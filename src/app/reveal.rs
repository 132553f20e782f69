//! Showing one masked value in full: asked for with a reason, written into the log first, shown for half a minute. What is masked, and how,
//! lives in the domain; how many a day, in the store.

use super::cx::{Go, Pane};
use super::layers::Layer;
use super::layers::chooser::{Chooser, Entry};
use super::layers::then::Then;
use super::message::Tone;
use super::panes::archive::Line;
use super::panes::archive::tabs::Tab;
use super::rooms::Rooms;
use super::shared::Revealed;
use super::words;
use crate::domain::access::REASONS;
use crate::domain::archive::FIELDS;
use crate::domain::field::{Field, Mask};
use crate::domain::ids::CustomerId;
use crate::domain::text::t;
use crate::domain::values::plain;
use crate::store::access::{Answer, Ask};
use crate::store::request;
use chrono::Duration;

/// Seconds that a value is shown.
const SECONDS: i64 = 30;

/// Asks what is to be shown, if that is not plain, and why.
pub fn ask(r: &mut Rooms) {
    let Some(opened) = r.archive.opened() else { return };
    let customer = opened.customer.id;
    if r.shared.hidden {
        r.with(|cx| cx.note(t("已遮数，F12 显示后再看", "Figures are hidden; F12 shows them")));
        return;
    }
    let masked = |f: &&Field<crate::domain::customer::Customer>| {
        let text = f.get(&opened.customer);
        f.masked(&text) != text
    };
    let focused = r.archive.form().and_then(|f| f.focused()).filter(|_| r.archive.in_form);
    let found: Vec<(String, String)> = match (r.archive.tab, focused) {
        (Tab::Group(_), Some(field)) => {
            Some(field).into_iter().filter(masked).map(|f| (f.code.to_owned(), String::new())).collect()
        }
        (Tab::Group(_), None) => {
            let all = FIELDS.iter().filter(masked);
            all.map(|f| (f.code.to_owned(), f.label.get(r.shared.lang).to_owned())).collect()
        }
        _ => row(r).map(|code| (code, String::new())).into_iter().collect(),
    };
    match found.as_slice() {
        [] => r.with(|cx| cx.note(t("这里没有遮盖的内容", "Nothing is masked here"))),
        [(code, _)] => why(r, customer, code.clone()),
        several => {
            let entries = several.iter().map(|(code, label)| Entry::new(code.clone(), label.clone(), "")).collect();
            let title = r.shared.say(t("显示哪一项", "Show which"));
            r.layers.push(Layer::Chooser(Chooser::new(title, entries, Then::Unmask(customer))));
        }
    }
}

/// Whose values stand side by side, where two people saved the same.
fn in_clash(r: &Rooms) -> Option<CustomerId> {
    match r.layers.last() {
        Some(Layer::Clash(c)) => c.archive(),
        _ => None,
    }
}

/// Asks why the line under the cursor is to be shown, where two people saved the same. Says whether there is such a line.
pub fn ask_clash(r: &mut Rooms) -> bool {
    let Some(Layer::Clash(c)) = r.layers.last() else { return false };
    let line = c.archive().zip(c.fields.get(c.cursor.at).map(|f| f.field.clone()));
    if let Some((customer, field)) = line {
        why(r, customer, field);
    }
    true
}

/// The row under the cursor of a tab that is a list, where something of it is masked.
fn row(r: &Rooms) -> Option<String> {
    let (a, at) = (&r.archive, r.archive.cursor.at);
    let masked = |text: &str| plain::masked(text) != text;
    let account = |text: &str| Mask::Account.hide(text) != text;
    match a.tab {
        Tab::Contacts => {
            let c = a.opened()?.contacts.get(at)?;
            masked(&c.note).then(|| format!("contact.{}", c.id.0))
        }
        Tab::Kin | Tab::Links => match a.lines().get(at)? {
            Line::Part(p) => {
                let filled = crate::domain::archive::merge::filled(&p.part);
                filled.iter().any(|(.., text)| masked(text)).then(|| format!("part.{}", p.id.0))
            }
            Line::Change(..) => None,
        },
        Tab::Holdings => {
            let h = a.books()?.holdings.get(at)?;
            masked(&h.fact.contract).then(|| format!("holding.{at}"))
        }
        Tab::Loans => {
            let (l, _) = a.books()?.loans.get(at)?;
            (masked(&l.fact.no) || account(&l.fact.repays)).then(|| format!("loan.{at}"))
        }
        _ => None,
    }
}

/// Asks why.
pub fn why(r: &mut Rooms, customer: CustomerId, field: String) {
    let lang = r.shared.lang;
    let entries = REASONS.iter().map(|(code, words)| Entry::new(*code, words.get(lang), "")).collect();
    let title = match words::revealed_what(lang, &field) {
        what if what.is_empty() => r.shared.say(t("为什么显示", "Why")).to_owned(),
        what => format!("{} {what}", r.shared.say(t("为什么显示", "Why show"))),
    };
    r.layers.push(Layer::Chooser(Chooser::new(title, entries, Then::Reveal(customer, field))));
}

/// A reason was chosen: it is written down first.
pub fn because(r: &mut Rooms, customer: CustomerId, field: String, code: &str) {
    let Some(reason) = crate::domain::access::reason(code).filter(|_| !r.out.writing()) else { return };
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    let ask = Ask::Reveal { op, customer, field, reason: reason.to_owned(), stamp };
    r.with(|cx| {
        cx.write(request::Ask::Access(ask));
    });
}

/// What the log says.
pub fn heard(r: &mut Rooms, answer: Answer) {
    match answer {
        Answer::Noted => {}
        Answer::Over { most } => {
            let words = words::reveals_over(r.shared.lang, most);
            r.shared.messages.say(r.shared.now, Tone::Trouble, words);
        }
        Answer::Granted { customer, field, left } if in_clash(r) == Some(customer) => {
            let words = words::revealed(r.shared.lang, &field, SECONDS, left);
            let until = r.shared.now + Duration::seconds(SECONDS);
            r.shared.revealed = Some(Revealed { customer, field, until, archive: false });
            r.with(|cx| cx.done(words));
        }
        Answer::Granted { customer, field, left } if r.archive.shows(customer) => {
            let words = words::revealed(r.shared.lang, &field, SECONDS, left);
            let until = r.shared.now + Duration::seconds(SECONDS);
            if let Some(f) = FIELDS.iter().find(|f| f.code == field)
                && r.archive.tab != Tab::Group(f.group)
            {
                r.in_archive(|p, cx| p.show_tab(Tab::Group(f.group), cx));
            }
            r.shared.revealed = Some(Revealed { customer, field, until, archive: true });
            r.go(Go::Focus(Pane::Archive));
            r.with(|cx| cx.done(words));
        }
        // Somebody else is shown meanwhile: what was asked for is not on the screen any more.
        Answer::Granted { .. } => {}
    }
}

/// Masks again what was shown long enough, or whose archive is not before one's eyes any more.
pub fn fade(r: &mut Rooms) {
    let Some(revealed) = &r.shared.revealed else { return };
    let there =
        if revealed.archive { r.archive.shows(revealed.customer) } else { in_clash(r) == Some(revealed.customer) };
    if revealed.until <= r.shared.now || !there || r.shared.hidden {
        // A field that is open and as it was is closed with it; what is being typed is one's own.
        let (field, eyes) = (revealed.field.clone(), r.shared.eyes());
        r.archive.close_field(&field, eyes);
        r.shared.revealed = None;
    }
}
