//! Saves that the drive did not take in time: they lie in the outbox of this PC, the screen goes on as if they were done, and what becomes
//! of them comes later. When they are tried is the store's business.

use super::cx::Go;
use super::drive::News;
use super::layers::clash::Clashing;
use super::layers::{Layer, Reading};
use super::message::Tone;
use super::rooms::Rooms;
use super::words::drive as words;
use super::words::failure;
use super::{clashes, giving};
use crate::domain::text::t;
use crate::store::drive::Proof;
use crate::store::request::{Answer, Ask, Failure};
use crate::store::{agenda, contacts, customers, keepers, twins};

/// Takes news of the drive.
pub fn heard(r: &mut Rooms, news: News) {
    let (before, proof) = (r.shared.drive.waiting, r.shared.drive.proof);
    if let News::Missing(n) = news {
        r.shared.messages.say(r.shared.now, Tone::Trouble, words::missing(n, r.shared.lang));
        return;
    }
    if let News::Damaged(what) = &news {
        let words = failure(r.shared.lang, &Failure::Damaged(what.clone()));
        r.shared.messages.say(r.shared.now, Tone::Trouble, words);
    }
    match &news {
        // Read and put away by a key: a line at the foot would be overlooked.
        News::Lacking(Some(why)) => {
            let title = r.shared.say(t("网点文件少了变更", "The branch file lacks changes")).to_owned();
            let lines = vec![why.get(r.shared.lang).to_owned()];
            r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
        }
        News::Turned(turn) => {
            let by = r.shared.name_of(Some(turn.by)).to_owned();
            let words = words::turned(turn, &by, r.shared.lang);
            r.shared.messages.say(r.shared.now, Tone::Note, words);
        }
        _ => {}
    }
    r.shared.drive.hear(news, r.shared.now);
    locks(r, proof);
    if before > 0 && r.shared.drive.waiting == 0 {
        r.shared.messages.say(r.shared.now, Tone::Done, words::caught_up(r.shared.lang));
        r.go(Go::Stale);
    }
}

/// Says when locks stop being worth anything, and when they are again.
fn locks(r: &mut Rooms, before: Proof) {
    let now = r.shared.drive.proof;
    let words = match now {
        Proof::Broken | Proof::Doubted if now != before => now.complaint().map(|c| c.get(r.shared.lang).to_owned()),
        Proof::Proven | Proof::Unproven if matches!(before, Proof::Broken | Proof::Doubted) => {
            r.with(|cx| {
                cx.done(cx.shared.say(t("锁已正常，继续保存", "The locks are in order again; saving goes on")))
            });
            None
        }
        _ => None,
    };
    if let Some(words) = words {
        r.with(|cx| cx.refuse(words));
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
            if matches!(r.layers.last(), Some(Layer::Call(call)) if call.sent) {
                r.layers.pop();
            }
        }
        Ask::Agenda(_) => {
            r.agenda.finished();
            r.close_sheet();
        }
        _ => {
            r.baring = None;
            r.close_sheet();
            r.layers.retain(|l| !matches!(l, super::layers::Layer::Merging(_)));
        }
    }
    let portion = matches!(ask, Ask::Keepers(keepers::Ask::Assign { .. } | keepers::Ask::PutBack { .. }));
    r.shared.drive.held.push(ask);
    r.in_agenda(|p, cx| p.hide(cx));
    r.shared.messages.say(r.shared.now, Tone::Note, words::kept(r.shared.lang));
    r.go(Go::Drafts);
    if portion {
        giving::kept(r);
    }
}

/// What became of a save that had waited.
pub fn came(r: &mut Rooms, ask: &Ask, answer: Answer) {
    r.shared.drive.held.retain(|h| h.op() != ask.op());
    let (op, now) = (ask.op(), r.shared.now);
    let came_back = answer.undone();
    r.shared.drive.returned.extend(op.filter(|_| came_back).map(|op| (op, now)));
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
        Answer::Customers(customers::Answer::Clash { fields, ask, .. }) => {
            clashes::bring(r, Clashing::new(*ask, fields))
        }
        Answer::Customers(customers::Answer::Gone { ask }) => clashes::gone(r, &ask),
        Answer::Keepers(keepers::Answer::Done { rows, .. }) => r.go(Go::Rows(rows)),
        Answer::Agenda(agenda::Answer::Taken { change }) | Answer::Keepers(keepers::Answer::Taken { change }) => {
            clashes::taken_earlier(r, ask, &change);
        }
        Answer::Twins(twins::Answer::Done { keep, rows, gone, .. }) => super::twins::left(r, keep, rows, &gone),
        Answer::Twins(twins::Answer::Changed { name, fields, by }) => super::twins::changed(r, &name, &fields, by),
        Answer::Subject(answer) => super::subject::came(r, ask, answer),
        Answer::Failed(failure) => clashes::refused(r, ask, &failure),
        _ => {}
    }
    r.go(Go::Stale);
}
