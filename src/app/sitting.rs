//! Who works here now, and what they typed and have not saved. Whether they may is decided in `door`.

use super::cx::Go;
use super::form::Eyes;
use super::layers::Layer;
use super::layers::sheet::Record;
use super::message::Tone;
use super::panes::archive::parked::{Drafts, Parked};
use super::rooms::Rooms;
use super::{clashes, words};
use crate::domain::ids::StaffId;
use crate::store::drive::Footing;
use crate::store::request::Ask;
use crate::store::workbench;

/// This colleague works here from now on: their language, their queue.
pub fn be(r: &mut Rooms, me: StaffId) {
    r.shared.me = Some(me);
    let prefs = r.shared.myself().map(|s| s.prefs.clone()).unwrap_or_default();
    // What the command line asked for comes before what was chosen once.
    if r.shared.start.lang.is_none()
        && let Some(lang) = prefs.lang
    {
        r.shared.lang = lang;
    }
    if let Some(theme) = prefs.theme {
        r.shared.theme = theme;
    }
    if let Footing::Overruled(facts) = &r.shared.start.footing {
        let ask = workbench::Ask::Overrule { facts: facts.clone(), stamp: r.shared.stamp() };
        r.out.write(Ask::Workbench(ask));
    }
    // What one may see of an archive, another may not.
    r.in_archive(|p, cx| p.seen_by(cx));
    r.go(Go::Stale);
    r.search.refresh(&r.shared);
    tell_drafts(r);
}

/// Drafts of an earlier sitting: taken in as parked forms.
pub fn drafts(r: &mut Rooms, drafts: &Drafts) {
    let found: Vec<Parked> = drafts.parked.iter().chain(&drafts.open).cloned().collect();
    if found.is_empty() {
        return;
    }
    r.archive.parked.extend(found);
    tell_drafts(r);
}

/// Says how many forms wait for the one who works here.
fn tell_drafts(r: &mut Rooms) {
    let n = r.archive.parked_by(r.shared.me);
    if n > 0 {
        let words = words::drafts_found(r.shared.lang, n);
        r.shared.messages.say(r.shared.now, Tone::Done, words);
    }
}

/// What is typed now and not saved anywhere.
pub fn to_keep(r: &mut Rooms) -> Drafts {
    let mut open = Vec::new();
    r.in_archive(|p, cx| open.extend(p.unsaved(cx)));
    open.extend(clashes::drafts(r));
    for layer in &r.layers {
        if let Layer::Sheet(sheet) = layer
            && let Record::New(form) = &sheet.record
        {
            let eyes: Eyes<'_> = r.shared.eyes();
            if form.dirty(eyes) {
                let name = form.draft().name.clone();
                let by = r.shared.me.unwrap_or_default();
                open.push(Parked { customer: None, by, name, at: r.shared.now, kept: form.keep(eyes) });
            }
        }
    }
    // The time of an unsaved form is not what makes it differ.
    let at = r.shared.start.now;
    for p in &mut open {
        p.at = at;
    }
    Drafts { parked: r.archive.parked.clone(), open }
}
