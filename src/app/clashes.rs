//! What collided with a colleague's save: shown to be decided, one after the other, whichever archive it is about; what is not decided
//! is kept as a draft. How the decision looks lives in `layers::clash`; what collides is found by the store.

use super::cx::Go;
use super::form::Kept;
use super::layers::Layer;
use super::layers::clash::Clashing;
use super::layers::confirm::Confirm;
use super::layers::sheet::Record;
use super::layers::then::Then;
use super::message::Tone;
use super::panes;
use super::panes::archive::parked::Parked;
use super::rooms::Rooms;
use super::words;
use crate::domain::archive;
use crate::domain::change::Change;
use crate::domain::customer::Customer;
use crate::domain::field::{Edit, diff};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::text::t;
use crate::store::customers::{self, Ask};
use crate::store::request::{self, Failure};
use crate::store::{agenda, contacts, keepers};

/// Seconds without a key after which what was not asked for may come on top of the panes.
const QUIET: i64 = 3;

/// What was asked for just now collided: it is decided at once, above the form or sheet it was typed in.
pub fn answer(r: &mut Rooms, clash: Clashing, opened: Option<Box<customers::Opened>>) {
    unsend(r);
    let shown = r.archive.opened().map(|o| o.customer.id);
    if let Some(opened) = opened.filter(|o| shown == Some(o.customer.id)) {
        r.in_archive(|p, cx| p.show(opened, cx));
    }
    let here = clash.archive().is_some_and(|id| shown == Some(id)) || matches!(r.layers.last(), Some(Layer::Sheet(_)));
    if here && r.clashes.is_empty() && !deciding(r) {
        r.lay(Layer::Clash(Box::new(clash)));
    } else {
        bring(r, clash);
    }
}

/// Something saved earlier collided, for an archive that may not be on screen any more: it waits for its turn, and until nobody types.
/// What somebody else typed here is kept for them.
pub fn bring(r: &mut Rooms, clash: Clashing) {
    refresh(r, clash.archive());
    let words = words::clash::waiting(&r.shared, &clash);
    r.shared.messages.say(r.shared.now, Tone::Trouble, words);
    if clash.stamp().is_some_and(|s| Some(s.by) != r.shared.me) {
        keep(r, &clash);
    } else {
        r.clashes.push_back(clash);
        r.go(Go::Drafts);
    }
}

/// Shows the next clash that waits, when nothing else is on top and nobody has typed for a moment.
pub fn wake(r: &mut Rooms, last_key: chrono::NaiveDateTime) {
    if r.layers.is_empty() && (r.shared.now - last_key).num_seconds() >= QUIET {
        next(r);
    }
}

fn next(r: &mut Rooms) {
    if let Some(clash) = r.clashes.pop_front() {
        r.lay(Layer::Clash(Box::new(clash)));
    }
}

fn deciding(r: &Rooms) -> bool {
    r.layers.iter().any(|l| matches!(l, Layer::Clash(_)))
}

/// It is decided: what is mine is saved on top of theirs, the rest is left as it is.
pub fn settle(r: &mut Rooms) {
    let Some(Layer::Clash(clash)) = r.layers.last() else { return };
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    let clash = clash.clone();
    let ask = clash.decided(op, stamp, r.shared.eyes().ctx);
    if let Some(ask) = &ask {
        let mut sent = false;
        r.with(|cx| sent = cx.write(request::Ask::Customers(ask.clone())));
        if !sent {
            return;
        }
    }
    r.layers.pop();
    if let Ask::Save { id, .. } = &clash.ask
        && r.archive.opened().is_some_and(|o| o.customer.id == *id)
    {
        let theirs: Vec<&str> = clash.theirs().map(|f| f.field.as_str()).collect();
        r.in_archive(|p, cx| p.leave_to_them(&theirs, cx));
    }
    if let (Some(Layer::Sheet(sheet)), false) = (r.layers.last_mut(), matches!(clash.ask, Ask::Save { .. })) {
        if ask.is_some() {
            sheet.sent = true;
        } else {
            r.layers.pop();
        }
    }
    if ask.is_none() {
        let words = words::clash::left(&r.shared, &clash);
        r.with(|cx| cx.done(words));
        refresh(r, clash.archive());
    }
    r.go(Go::Drafts);
    if r.layers.is_empty() {
        next(r);
    }
}

/// It is not decided now: the form or sheet below keeps what was typed, a draft does where there is none.
pub fn put_off(r: &mut Rooms) {
    let Some(Layer::Clash(clash)) = r.layers.pop() else { return };
    let shown =
        r.archive.opened().is_some_and(|o| clash.archive() == Some(o.customer.id)) && r.archive.dirty(&r.shared);
    if !shown && !matches!(r.layers.last(), Some(Layer::Sheet(_))) {
        keep(r, &clash);
        // Shown anew, the archive takes the draft up.
        refresh(r, clash.archive());
    }
    if r.layers.is_empty() {
        next(r);
    }
}

/// Keeps what was typed: fields as a draft of their archive, anything else in the message log.
fn keep(r: &mut Rooms, clash: &Clashing) {
    let by = clash.stamp().map(|s| s.by).or(r.shared.me).unwrap_or_default();
    let before = |e: &Edit| {
        // As it was when the edit began: the draft collides again when it is saved, until it is decided.
        let f = clash.fields.iter().find(|f| f.field == e.field);
        Edit { before: f.map_or_else(|| e.before.clone(), |f| f.before.clone()), ..e.clone() }
    };
    match (&clash.ask, clash.fields.first()) {
        (Ask::Save { id, edits, .. }, Some(f)) => {
            let edits = edits.iter().map(before).collect();
            park(r, Some(*id), by, f.name.clone(), edits);
        }
        (ask, _) => lost(r, &request::Ask::Customers(ask.clone())),
    }
}

/// What stands in the way of leaving nothing behind: the fields of clashes not decided yet, as drafts.
pub fn drafts(r: &Rooms) -> Vec<Parked> {
    let on_top = r.layers.iter().filter_map(|l| match l {
        Layer::Clash(c) => Some(&**c),
        _ => None,
    });
    let shown = r.archive.opened().map(|o| o.customer.id);
    let all = on_top.chain(&r.clashes).filter(|c| c.archive() != shown || !r.archive.dirty(&r.shared));
    all.filter_map(|c| match (&c.ask, c.fields.first()) {
        (Ask::Save { id, edits, stamp, .. }, Some(f)) => Some(Parked {
            customer: Some(*id),
            by: stamp.by,
            name: f.name.clone(),
            at: r.shared.now,
            kept: kept(edits.clone()),
        }),
        _ => None,
    })
    .collect()
}

fn kept(edits: Vec<Edit>) -> Kept {
    let focus = edits.first().map(|e| e.field.clone()).unwrap_or_default();
    Kept { edits, refused: Vec::new(), focus }
}

fn park(r: &mut Rooms, customer: Option<CustomerId>, by: StaffId, name: String, edits: Vec<Edit>) {
    let at = r.shared.now;
    let parked = Parked { customer, by, name, at, kept: kept(edits) };
    r.in_archive(|p, cx| p.rescue(parked, cx));
}

/// What was to be saved cannot be: its archive is gone, or a rule refuses it. The text is kept, and it is said where.
pub fn lost(r: &mut Rooms, ask: &request::Ask) {
    match ask {
        request::Ask::Customers(Ask::Save { id, edits, stamp, .. }) => {
            let name = name_of(r, *id);
            park(r, Some(*id), stamp.by, name, edits.clone());
        }
        request::Ask::Customers(Ask::Create { customer, stamp, .. }) => {
            let edits = diff(archive::FIELDS, &Customer::default(), customer);
            let edits = edits.into_iter().filter(|e| e.field != "no").collect();
            park(r, None, stamp.by, customer.name.clone(), edits);
        }
        other => {
            let text = match other {
                request::Ask::Contacts(contacts::Ask::Log { customer, note, .. }) => {
                    format!("{}  {note}", name_of(r, *customer))
                }
                request::Ask::Customers(Ask::Part { customer, part, .. }) => {
                    let told = part.as_ref().map(|p| words::clash::part(&r.shared, p)).unwrap_or_default();
                    format!("{}  {told}", name_of(r, *customer))
                }
                request::Ask::Customers(Ask::Hold { id, reason, .. }) => format!("{}  {reason}", name_of(r, *id)),
                request::Ask::Customers(Ask::Keeper { ids, reason, .. }) => {
                    let names: Vec<String> = ids.iter().map(|id| name_of(r, *id)).collect();
                    format!("{}  {reason}", names.join(" "))
                }
                request::Ask::Agenda(agenda::Ask::Mark { customer, reason, .. }) => {
                    format!("{}  {reason}", customer.map(|id| name_of(r, id)).unwrap_or_default())
                }
                request::Ask::Agenda(agenda::Ask::HandOver { customer, reason, .. }) => {
                    format!("{}  {reason}", name_of(r, *customer))
                }
                request::Ask::Keepers(keepers::Ask::Propose { customer, reason, .. }) => {
                    format!("{}  {reason}", name_of(r, *customer))
                }
                request::Ask::Keepers(
                    keepers::Ask::Reply { reason, .. }
                    | keepers::Ask::Withdraw { reason, .. }
                    | keepers::Ask::Assign { reason, .. }
                    | keepers::Ask::Delegate { reason, .. }
                    | keepers::Ask::Leave { reason, .. },
                ) => reason.clone(),
                request::Ask::Agenda(agenda::Ask::Keep { task, .. }) => format!("{}  {}", task.due, task.text),
                _ => return,
            };
            let words = words::clash::not_saved(r.shared.lang, text.trim());
            r.shared.messages.say(r.shared.now, Tone::Trouble, words);
        }
    }
}

/// A save made earlier was refused when its turn came: why, and where its text is.
pub fn refused(r: &mut Rooms, ask: &request::Ask, failure: &Failure) {
    match (ask, failure) {
        (request::Ask::Customers(ask), Failure::Gone) => gone(r, ask),
        _ => {
            lost(r, ask);
            let words = words::failure(r.shared.lang, failure);
            r.shared.messages.say(r.shared.now, Tone::Trouble, words);
        }
    }
}

fn name_of(r: &Rooms, id: CustomerId) -> String {
    let row = r.shared.index.as_ref().and_then(|i| i.row(id)).map(|row| row.name.clone());
    let opened = r.archive.opened().filter(|o| o.customer.id == id).map(|o| o.customer.name.clone());
    row.or(opened).unwrap_or_default()
}

/// The archive that something was to be saved in is not there any more: fields become the draft of a new archive.
pub fn gone(r: &mut Rooms, ask: &Ask) {
    unsend(r);
    let whose = match ask {
        Ask::Save { id, .. } | Ask::Hold { id, .. } | Ask::Part { customer: id, .. } => *id,
        _ => return,
    };
    let shown = r.archive.opened().is_some_and(|o| o.customer.id == whose) && r.archive.dirty(&r.shared);
    match ask {
        Ask::Save { edits, stamp, .. } if !shown => {
            let name = name_of(r, whose);
            let by = stamp.by;
            let edits = edits.iter().map(|e| Edit { before: String::new(), ..e.clone() }).collect();
            park(r, None, by, name, edits);
        }
        Ask::Save { .. } => {}
        other => lost(r, &request::Ask::Customers(other.clone())),
    }
    vanished(r, whose);
}

/// An archive is not there any more: the pane no longer shows it, what was typed is the draft of a new one.
pub fn vanished(r: &mut Rooms, id: CustomerId) {
    let name = name_of(r, id);
    if r.archive.opened().is_some_and(|o| o.customer.id == id) {
        r.in_archive(|p, cx| p.let_go(cx));
    }
    r.in_archive(|p, cx| p.orphan(id, cx));
    r.shared.reindex(Vec::new(), &[id]);
    let drafts = r.archive.parked_by(r.shared.me) > 0;
    let words = words::clash::vanished(r.shared.lang, &name, drafts);
    r.shared.messages.say(r.shared.now, Tone::Trouble, words);
    r.go(Go::Drafts);
    r.go(Go::Stale);
}

/// The archive shown was read anew: who decides sees what a third colleague saved in between.
pub fn heard(r: &mut Rooms) {
    let Some(now) = r.archive.opened() else { return };
    let value = |c: &Customer, code: &str| archive::FIELDS.iter().find(|f| f.code == code).map(|f| f.get(c));
    for layer in &mut r.layers {
        if let Layer::Clash(clash) = layer {
            clash.heard(now, value);
        }
    }
}

/// As [`taken`], of a mark made earlier: no sheet on top is about it.
pub fn taken_earlier(r: &mut Rooms, ask: &request::Ask, change: &Change) {
    let words = words::clash::taken(&r.shared, change);
    r.shared.messages.say(r.shared.now, Tone::Trouble, words);
    if let request::Ask::Agenda(agenda::Ask::Mark { reason, .. })
    | request::Ask::Keepers(
        keepers::Ask::Propose { reason, .. }
        | keepers::Ask::Reply { reason, .. }
        | keepers::Ask::Withdraw { reason, .. },
    ) = ask
        && !reason.is_empty()
    {
        lost(r, ask);
    }
    refresh(r, change.customer);
}

/// A colleague dealt with the line of the queue first: who, when, how; what was typed stays, and may become a remark.
pub fn taken(r: &mut Rooms, change: &Change) {
    unsend(r);
    let words = words::clash::taken(&r.shared, change);
    r.in_agenda(|p, _| p.not_marked());
    let typed = match r.layers.last_mut() {
        Some(Layer::Sheet(sheet)) => match (&sheet.record, &sheet.then) {
            (
                Record::Why(form),
                then @ (Then::Mark { .. } | Then::Propose(_) | Then::Refuse(..) | Then::Withdraw(..)),
            ) => {
                let text = form.draft().reason.clone();
                let customer = match then {
                    Then::Mark { customer, .. } => *customer,
                    Then::Propose(id) | Then::Refuse(_, id) | Then::Withdraw(_, id) => Some(*id),
                    _ => None,
                };
                // Saved once more it is meant: over what they did, if the line is still open.
                sheet.seen = change.seq;
                Some((customer, text))
            }
            _ => None,
        },
        _ => None,
    };
    r.go(Go::Stale);
    r.with(|cx| cx.refuse(words.clone()));
    match typed {
        Some((_, text)) if text.is_empty() => {
            r.layers.pop();
        }
        Some((Some(customer), text)) => {
            let question = words::clash::keep_note(r.shared.lang, &words, &text);
            let yes = r.shared.say(t("留作记事", "Keep as a remark"));
            r.lay(Layer::Confirm(Confirm::new(question, yes, Then::KeepNote { customer, text })));
        }
        _ => {}
    }
    refresh(r, change.customer);
}

/// Reads the archive shown anew, if it is this one.
fn refresh(r: &mut Rooms, id: Option<CustomerId>) {
    let shown = r.archive.opened().map(|o| o.customer.id);
    if let Some(id) = id.filter(|id| shown == Some(*id)) {
        panes::archive::ask(&mut r.out, id, r.shared.today());
    }
}

/// The sheet or call on top was not saved: it can be sent again.
pub fn unsend(r: &mut Rooms) {
    for layer in &mut r.layers {
        match layer {
            Layer::Sheet(sheet) => sheet.sent = false,
            Layer::Call(call) => call.sent = false,
            _ => {}
        }
    }
}
