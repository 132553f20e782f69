//! A batch of keepers, given or put back in portions: colleagues save in between, and what is given stays given when something fails.

use super::batch::Giving;
use super::cx::Go;
use super::layers::Layer;
use super::layers::then::Then;
use super::rooms::Rooms;
use super::words::keepers as told;
use crate::domain::text::t;
use crate::index::row::Row;
use crate::store::keepers::{Ask, Given, PORTION};
use crate::store::request;

/// Begins to give these, or begins again: who was given already is passed over.
pub fn begin(r: &mut Rooms, given: Vec<Given>, reason: String) {
    let before = std::mem::take(&mut r.giving);
    let (rows, left) = if before.begun { (before.rows, before.left) } else { (0, Vec::new()) };
    let (all, by) = (given.len(), r.shared.me);
    r.giving = Giving { rest: given, all, reason, by, begun: before.begun, rows, left, ..Giving::default() };
    next(r);
    let sent = r.giving.wait.is_some();
    if let Some(Layer::Sheet(sheet)) = r.layers.last_mut() {
        sheet.sent = sent;
    }
}

/// Puts the last batch of keepers back, its last portion first.
pub fn put_back(r: &mut Rooms) {
    if r.out.writing() {
        return;
    }
    r.giving = Giving { back: true, by: r.shared.me, ..Giving::default() };
    next(r);
}

/// Sends the next portion; says whether there was one.
fn next(r: &mut Rooms) -> bool {
    r.giving.wait = None;
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    let ask = match (r.giving.back, r.assigned.last()) {
        (true, Some(seq)) => Ask::PutBack { op, seq: *seq, stamp },
        (false, _) if !r.giving.rest.is_empty() => {
            let given = r.giving.rest.drain(..r.giving.rest.len().min(PORTION)).collect();
            Ask::Assign { op, given, reason: r.giving.reason.clone(), stamp }
        }
        _ => return false,
    };
    let mut sent = false;
    r.with(|cx| sent = cx.write(request::Ask::Keepers(ask)));
    if sent {
        r.giving.wait = r.out.waiting.keys().next_back().copied();
    }
    sent
}

/// A portion is written: the next one follows, unless whoever began it has gone, or closed the sheet.
pub fn given(r: &mut Rooms, rows: Vec<Row>, left: Vec<String>, seq: i64) {
    let n = rows.len();
    if n > 0 {
        r.go(Go::Rows(rows));
    }
    if r.giving.by != r.shared.me {
        // Somebody else sits here now: nothing goes on in their name.
        r.giving = Giving::default();
        return;
    }
    if !r.giving.back && !std::mem::replace(&mut r.giving.begun, true) {
        r.assigned.clear();
    }
    r.giving.rows += n;
    r.giving.left.extend(left);
    match r.giving.back {
        true => drop(r.assigned.pop()),
        false if seq > 0 => r.assigned.push(seq),
        false => {}
    }
    let done = r.giving.all - r.giving.rest.len();
    if (r.giving.back || on_top(r)) && next(r) {
        if !r.giving.back {
            let words = told::giving(done, r.giving.all, r.shared.lang);
            r.with(|cx| cx.done(words));
        }
        return;
    }
    let Giving { back, rows, left, .. } = std::mem::take(&mut r.giving);
    let words = match back {
        true => r.shared.say(t("已整批恢复原来的责任人", "The keepers of the batch are back")).to_owned(),
        false => told::assigned(rows, &left, r.shared.lang),
    };
    if !back {
        r.close_sheet();
    }
    r.with(|cx| cx.done(words));
    anew(r);
}

/// Whether the sheet that the batch was sent from is still there.
fn on_top(r: &Rooms) -> bool {
    r.layers.iter().any(|l| matches!(l, Layer::Sheet(s) if s.sent && matches!(s.then, Then::Assign(_))))
}

/// A portion lies in the outbox: so does the rest.
pub fn kept(r: &mut Rooms) {
    if r.giving.back {
        r.assigned.pop();
    }
    if r.giving.by == r.shared.me {
        next(r);
    }
}

/// What is shown is read anew.
pub fn anew(r: &mut Rooms) {
    if let Some(id) = r.archive.opened().map(|o| o.customer.id) {
        r.in_archive(|p, cx| p.want(id, true, cx));
    }
    r.go(Go::Stale);
}
