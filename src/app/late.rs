//! Saves that the drive did not take in time: they lie in the outbox of this PC, the screen goes on as if they were done, and what becomes
//! of them comes later. When they are tried is the store's business.

use super::answers;
use super::cx::Go;
use super::drive::News;
use super::form::Kept;
use super::layers::Layer;
use super::message::Tone;
use super::panes::archive::parked::Parked;
use super::rooms::Rooms;
use super::words::drive as words;
use crate::domain::archive;
use crate::domain::customer::Customer;
use crate::domain::field::diff;
use crate::store::request::{Answer, Ask, Failure};
use crate::store::{contacts, customers};

/// Takes news of the drive.
pub fn heard(r: &mut Rooms, news: News) {
    let before = r.shared.drive.waiting;
    if let News::Missing(n) = news {
        r.shared.messages.say(r.shared.now, Tone::Trouble, words::missing(n, r.shared.lang));
        return;
    }
    r.shared.drive.hear(news, r.shared.now);
    if before > 0 && r.shared.drive.waiting == 0 {
        r.shared.messages.say(r.shared.now, Tone::Done, words::caught_up(r.shared.lang));
        r.go(Go::Stale);
    }
}

/// A save lies in the outbox: the screen goes on as if it were done.
pub fn kept(r: &mut Rooms, ask: Ask) {
    match &ask {
        Ask::Customers(customers::Ask::Save { id, .. }) => {
            let id = *id;
            r.in_archive(|p, cx| p.kept(id, cx));
        }
        Ask::Contacts(contacts::Ask::Log { .. }) => {
            if matches!(r.layers.last(), Some(Layer::Call(_))) {
                r.layers.pop();
            }
        }
        Ask::Agenda(_) => {
            r.agenda.finished();
            answers::close_sheet(r);
        }
        _ => answers::close_sheet(r),
    }
    r.shared.drive.held.push(ask);
    r.in_agenda(|p, cx| p.hide(cx));
    r.shared.messages.say(r.shared.now, Tone::Note, words::kept(r.shared.lang));
    r.go(Go::Drafts);
}

/// What became of a save that had waited.
pub fn came(r: &mut Rooms, ask: &Ask, answer: Answer) {
    r.shared.drive.held.retain(|h| h.op() != ask.op());
    match answer {
        Answer::Customers(customers::Answer::Saved { opened, row, .. }) => {
            let id = opened.customer.id;
            if r.archive.opened().is_some_and(|o| o.customer.id == id) {
                r.in_archive(|p, cx| p.show(opened, cx));
            }
            r.go(Go::Rows(vec![*row]));
        }
        Answer::Customers(customers::Answer::Moved { rows, .. }) => r.go(Go::Rows(rows)),
        Answer::Contacts(contacts::Answer::Logged { row, .. }) => r.go(Go::Rows(vec![*row])),
        Answer::Customers(customers::Answer::Clash { fields, by, opened }) => answers::clash(r, fields, by, opened),
        Answer::Failed(failure) => returned(r, ask, &failure),
        _ => {}
    }
    r.go(Go::Stale);
}

/// A save of before was refused: what was typed is not lost with it. Fields become a parked form, anything else is said with its text,
/// which the log of messages keeps.
fn returned(r: &mut Rooms, ask: &Ask, failure: &Failure) {
    let (customer, name, edits) = match ask {
        Ask::Customers(customers::Ask::Save { id, edits, .. }) => {
            let name = r.archive.remembered(*id).map(|o| o.customer.name.clone()).unwrap_or_default();
            (Some(*id), name, edits.clone())
        }
        Ask::Customers(customers::Ask::Create { customer, .. }) => {
            (None, customer.name.clone(), diff(archive::FIELDS, &Customer::default(), customer))
        }
        _ => (None, String::new(), Vec::new()),
    };
    if !edits.is_empty() {
        let by = r.shared.me.unwrap_or_default();
        let kept = Kept { edits, refused: Vec::new(), focus: String::new() };
        r.archive.parked.push(Parked { customer, by, name, at: r.shared.now, kept });
        r.go(Go::Drafts);
    }
    let words = words::returned(ask, failure, &r.shared);
    r.shared.messages.say(r.shared.now, Tone::Trouble, words);
}
