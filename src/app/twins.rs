//! Who is who: the list of pairs, two archives side by side, merging and parting. The words are in `words::twins`.

use super::cx::{Go, Wait};
use super::drafts::WhyDraft;
use super::layers::Layer;
use super::layers::confirm::Confirm;
use super::layers::merging::Merging;
use super::layers::sheet::Sheet;
use super::layers::then::Then;
use super::layers::twins::{Act, Line, Twins};
use super::rooms::Rooms;
use super::words::twins as told;
use crate::domain::ids::CustomerId;
use crate::domain::text::t;
use crate::store::request;
use crate::store::twins::{Answer, Ask};

fn ask(r: &mut Rooms, ask: Ask) {
    r.out.ask(Wait::Twins, request::Ask::Twins(ask));
}

fn send(r: &mut Rooms, ask: Ask) {
    if !r.out.writing() {
        r.with(|cx| {
            cx.write(request::Ask::Twins(ask));
        });
    }
}

/// Looks for pairs.
pub fn find(r: &mut Rooms) {
    r.with(|cx| cx.note(t("正在查找疑似重复", "Looking for pairs")));
    ask(r, Ask::Find);
}

/// Shows two side by side.
pub fn compare(r: &mut Rooms, keep: CustomerId, other: CustomerId) {
    ask(r, Ask::Pair { keep, other });
}

/// Enter, n or F3 on the list.
pub fn act(r: &mut Rooms) {
    let Some(Layer::Twins(list)) = r.layers.last() else { return };
    let lang = r.shared.lang;
    match (list.act, list.current()) {
        (Act::Open, Some(Line::Pair(p))) => {
            // A number of the core system outlives one that was given here.
            let ours = |no: &str| no.starts_with('P');
            let (keep, other) = if ours(&p.a.no) && !ours(&p.b.no) { (&p.b, &p.a) } else { (&p.a, &p.b) };
            let (keep, other) = (keep.id, other.id);
            compare(r, keep, other);
        }
        (Act::Open, Some(Line::Recent(m))) => {
            let question = told::part(&m.no, &m.name, &format!("{} {}", m.into.1, m.into.2), lang);
            let (yes, then) = (t("拆开", "Part"), Then::Unmerge(m.id));
            r.layers.push(Layer::Confirm(Confirm::new(question, yes.get(lang), then)));
        }
        (Act::Open, Some(Line::Parted(p))) => {
            let line = |x: &(CustomerId, String, String)| format!("{} {}", x.1, x.2);
            let question = told::together(&line(&p.a), &line(&p.b), lang);
            let (yes, then) = (t("撤回", "Take back"), Then::Together(p.a.0, p.b.0));
            r.layers.push(Layer::Confirm(Confirm::new(question, yes.get(lang), then)));
        }
        (Act::Apart, Some(Line::Pair(p))) => {
            let title = format!("{} {} {}", t("不是同一人", "Two people").get(lang), p.a.name, p.b.no);
            let then = Then::Apart(p.a.id, p.b.id);
            r.lay(Layer::Sheet(Box::new(Sheet::why(title, &["reason"], WhyDraft::default(), then))));
        }
        (Act::Archive, Some(line)) => {
            let id = match line {
                Line::Pair(p) => p.a.id,
                Line::Recent(m) => m.into.0,
                Line::Parted(p) => p.a.0,
            };
            r.layers.pop();
            r.go(Go::Open(id, true));
        }
        _ => {}
    }
}

/// F8 on the two: asks, naming both.
pub fn confirm(r: &mut Rooms) {
    let Some(Layer::Merging(m)) = r.layers.last() else { return };
    let (question, yes) = (told::question(m, r.shared.lang), r.shared.say(t("合并", "Merge")));
    r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::Merge)));
}

/// Yes: merges as chosen; where their documents differ, that is asked as well.
pub fn merge(r: &mut Rooms, anyway: bool) {
    let Some(Layer::Merging(m)) = r.layers.last() else { return };
    if let Some(differ) = told::documents(m, r.shared.lang).filter(|_| !anyway) {
        let question = differ + r.shared.say(t("确认是同一人？", " Are they one for certain?"));
        let yes = r.shared.say(t("仍要合并", "Merge anyway"));
        r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::MergeAnyway)));
        return;
    }
    let (keep, other) = (m.keep.customer.id, m.other.customer.id);
    let revs = (m.keep.customer.rev, m.other.customer.rev);
    let take = m.take.iter().map(|c| (*c).to_owned()).collect();
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    send(r, Ask::Merge { op, keep, other, revs, take, stamp });
}

/// Parts a merged archive.
pub fn unmerge(r: &mut Rooms, other: CustomerId) {
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    send(r, Ask::Part { op, other, stamp });
}

/// Two may be one again.
pub fn together(r: &mut Rooms, a: CustomerId, b: CustomerId) {
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    send(r, Ask::Apart { op, a, b, reason: None, stamp });
}

/// What the store says.
pub fn heard(r: &mut Rooms, answer: Answer) {
    match answer {
        Answer::Found(found) => {
            let total = found.total;
            let at = r.layers.iter().find_map(|l| if let Layer::Twins(list) = l { Some(list.cursor) } else { None });
            let mut list = Twins::new(*found);
            list.cursor = at.unwrap_or_default();
            list.cursor.fit(list.len(), list.height);
            match r.layers.iter_mut().find(|l| matches!(l, Layer::Twins(_))) {
                Some(layer) => *layer = Layer::Twins(Box::new(list)),
                None => {
                    r.layers.push(Layer::Twins(Box::new(list)));
                    if total > 0 {
                        r.with(|cx| cx.note(t("Enter 并排核对", "Enter compares")));
                    }
                }
            }
        }
        Answer::Pair(sides) => {
            let (keep, other) = *sides;
            r.layers.retain(|l| !matches!(l, Layer::Merging(_)));
            r.layers.push(Layer::Merging(Box::new(Merging::new(keep, other))));
        }
        Answer::Merged(_) => {}
        Answer::Done { keep, rows, gone, .. } => {
            let words = match r.layers.last() {
                Some(Layer::Merging(m)) if gone.contains(&m.other.customer.id) => told::merged(m, r.shared.lang),
                _ => r.shared.say(t("已记下", "Noted")).to_owned(),
            };
            if matches!(r.layers.last(), Some(Layer::Sheet(sheet)) if sheet.sent) {
                r.layers.pop();
            }
            r.layers.retain(|l| !matches!(l, Layer::Merging(_)));
            left(r, keep, rows, &gone);
            r.with(|cx| cx.done(words));
            if r.layers.iter().any(|l| matches!(l, Layer::Twins(_))) {
                ask(r, Ask::Find);
            }
        }
        Answer::Changed { name, fields, by } => {
            changed(r, &name, &fields, by);
            if let Some(Layer::Merging(m)) = r.layers.last() {
                let (keep, other) = (m.keep.customer.id, m.other.customer.id);
                compare(r, keep, other);
            }
        }
    }
}

/// Says that a colleague changed one of the two.
pub fn changed(
    r: &mut Rooms,
    name: &str,
    fields: &[String],
    by: Option<(crate::domain::ids::StaffId, chrono::NaiveDateTime)>,
) {
    let words = told::changed(&r.shared, name, fields, by);
    r.shared.messages.say(r.shared.now, super::message::Tone::Trouble, words);
}

/// Rows of the index are others; an archive that was shown and is gone gives way to the one it is in.
pub fn left(r: &mut Rooms, keep: CustomerId, rows: Vec<crate::index::row::Row>, gone: &[CustomerId]) {
    for id in gone {
        if r.archive.opened().is_some_and(|o| o.customer.id == *id) {
            r.in_archive(|p, cx| p.let_go(cx));
            r.in_archive(|p, cx| p.want(keep, false, cx));
        }
        r.in_archive(|p, cx| p.orphan(*id, cx));
    }
    r.shared.reindex(Vec::new(), gone);
    if let Some(id) = r.archive.opened().map(|o| o.customer.id).filter(|id| rows.iter().any(|row| row.id == *id)) {
        r.in_archive(|p, cx| p.want(id, false, cx));
    }
    r.go(Go::Rows(rows));
    r.go(Go::Stale);
}
