//! Desks put aside: what one colleague has on the screen of a PC goes with their name when another takes over, is shown to nobody else, and
//! comes back when they do. Who may take over is decided in `door`.

use super::absent::Aside;
use super::cx::{Go, Pane, Wait};
use super::layers::Layer;
use super::layers::sheet::Record;
use super::panes::agenda::Agenda;
use super::panes::archive::Archive;
use super::panes::archive::parked::Parked;
use super::panes::board::Board;
use super::panes::search::Search;
use super::rooms::Rooms;

/// Puts the desk of whoever works here aside. Forms are parked, so that they are on the disk too.
pub fn put(r: &mut Rooms) {
    let Some(staff) = r.shared.me else { return };
    let dirty = r.archive.dirty(&r.shared);
    park(r);
    let open = r.archive.opened().map(|o| o.customer.id).filter(|_| !dirty);
    r.forget_word();
    // A list of the forms parked, or of commands, is no work.
    let layers = std::mem::take(&mut r.layers).into_iter().filter(|l| !matches!(l, Layer::Chooser(_))).collect();
    let aside = Aside {
        staff,
        layers,
        clashes: std::mem::take(&mut r.clashes),
        messages: std::mem::take(&mut r.shared.messages),
        open,
        search: r.search.line.text().to_owned(),
        focus: r.focus,
        assigned: std::mem::take(&mut r.assigned),
    };
    r.aside.retain(|a| a.staff != staff);
    r.aside.push(aside);
    empty(r);
}

/// Parks every form of whoever works here, however many are parked: nothing typed may be lost.
pub fn park(r: &mut Rooms) {
    let mut found: Vec<Parked> = Vec::new();
    r.in_archive(|p, cx| {
        found.extend(p.unsaved(cx));
        if !found.is_empty() {
            p.drop_edits();
        }
    });
    let by = r.shared.me.unwrap_or_default();
    let (eyes, at) = (r.shared.eyes(), r.shared.now);
    r.layers.retain(|layer| match layer {
        Layer::Sheet(sheet) => match &sheet.record {
            Record::New(form) if form.dirty(eyes) => {
                let name = form.draft().name.clone();
                found.push(Parked { customer: None, by, name, at, kept: form.keep(eyes) });
                false
            }
            _ => true,
        },
        _ => true,
    });
    for parked in found {
        r.in_archive(|p, cx| p.rescue(parked, cx));
    }
}

/// Nothing of anybody's is left on the panes.
fn empty(r: &mut Rooms) {
    let parked = std::mem::take(&mut r.archive.parked);
    r.archive = Archive::default();
    r.archive.parked = parked;
    (r.search, r.board, r.agenda) = (Search::default(), Board::default(), Agenda::default());
    r.came_from.clear();
    r.focus = Pane::default();
    (r.leaving, r.saying, r.baring) = (None, None, None);
    r.shared.names.clear();
    r.shared.hidden = false;
    // What was asked for them is shown to nobody else.
    r.out.goes.clear();
    r.out.waiting.retain(|w, _| matches!(w, Wait::Workbench | Wait::Rows | Wait::News | Wait::Write(_)));
}

/// Whoever works here now finds their desk as they left it, if they left one; the forms that were parked wait with the others.
pub fn take(r: &mut Rooms) {
    let Some(at) = r.aside.iter().position(|a| Some(a.staff) == r.shared.me) else { return };
    let Aside { layers, clashes, messages, open, search, focus, assigned, .. } = r.aside.remove(at);
    (r.layers, r.clashes, r.shared.messages, r.assigned) = (layers, clashes, messages, assigned);
    if !search.is_empty() {
        let Rooms { search: pane, shared, .. } = r;
        pane.search_for(&search, shared);
    }
    if let Some(id) = open {
        r.go(Go::Open(id, false));
    }
    if focus != Pane::Search {
        super::goes::focus(r, focus);
    }
}
