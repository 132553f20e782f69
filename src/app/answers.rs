//! What becomes of the store's answers, of the index, of drafts found on the disk.

use super::cx::{Go, Pane, Wait};
use super::layers::Layer;
use super::layers::clash::Clashing;
use super::layers::reading::Reading;
use super::layers::sheet::Record;
use super::message::Tone;
use super::panes::archive;
use super::rooms::Rooms;
use super::{audit, clashes, door, news, results, reveal, subject, transfers, twins, words};
use crate::domain::change::{Change, Entity};
use crate::domain::text::t;
use crate::store::drive::Footing;
use crate::store::request::{Answer, Ask, Failure};
use crate::store::{agenda, board, contacts, customers, workbench};
use chrono::NaiveDateTime;

/// Takes an answer that was waited for.
pub fn take(r: &mut Rooms, wait: Wait, answer: Answer) {
    if !matches!(wait, Wait::Write(_)) && !matches!(answer, Answer::Failed(_)) {
        r.shared.drive.asked = None;
        if r.shared.drive.is_back(r.shared.now) {
            // What is on screen is as old as the drive's last answer.
            r.go(Go::Refresh);
        }
    }
    match answer {
        // Its own road leads here: see `late`.
        Answer::Kept(_) => {}
        Answer::Workbench(workbench::Answer::Opened(opened)) => open(r, *opened),
        Answer::Workbench(workbench::Answer::News { seq, rows, gone, changes, all }) => {
            news(r, seq, rows, &gone, &changes, all);
        }
        Answer::Workbench(workbench::Answer::Batches(batches)) => r.imports.read(batches),
        Answer::Workbench(workbench::Answer::TakenIn(_) | workbench::Answer::Rows(_) | workbench::Answer::Index(_)) => {
        }
        Answer::Workbench(workbench::Answer::Kept) => results::kept(r),
        Answer::Customers(customers::Answer::Opened(mut opened)) => {
            r.shared.drive.overlay(&mut opened, r.shared.eyes().ctx);
            r.in_archive(|p, cx| p.show(opened, cx));
            clashes::heard(r);
        }
        // Whoever has gone on to somebody else meanwhile does not get it laid over that.
        Answer::Customers(customers::Answer::Tier(e)) if r.layers.is_empty() && r.archive.shows(e.id) => {
            let lines = words::tier::explained(&e, r.shared.settings(), r.shared.staff(), r.shared.lang);
            let title = words::tier::title(&e, r.shared.lang);
            r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
        }
        Answer::Customers(customers::Answer::Tier(_)) => {}
        Answer::Customers(customers::Answer::Likely(likely)) => r.search.likely(likely, &r.shared),
        // Commands ask by number; the workbench has rows.
        Answer::Customers(customers::Answer::Numbered(_)) => {}
        Answer::Customers(customers::Answer::Known(known)) => {
            if let Some(Layer::Sheet(sheet)) = r.layers.last_mut() {
                sheet.known = known;
            }
        }
        Answer::Customers(customers::Answer::Saved { opened, row, .. }) => saved(r, opened, *row),
        Answer::Customers(customers::Answer::Clash { fields, ask, opened }) => {
            clashes::answer(r, Clashing::new(*ask, fields), opened);
        }
        Answer::Customers(customers::Answer::Gone { ask }) => clashes::gone(r, &ask),
        Answer::Agenda(agenda::Answer::Taken { change }) => clashes::taken(r, &change),
        Answer::Customers(customers::Answer::Moved { rows, .. }) => {
            r.close_sheet();
            let open = r.archive.opened().map(|o| o.customer.id);
            if let Some(id) = open.filter(|id| rows.iter().any(|row| row.id == *id)) {
                r.in_archive(|p, cx| p.want(id, false, cx));
            }
            let words = words::moved(&r.shared, &rows);
            r.go(Go::Rows(rows));
            r.go(Go::Stale);
            r.with(|cx| cx.done(words));
        }
        Answer::Contacts(contacts::Answer::Logged { customer, next, row, also, .. }) => {
            if let Some(Layer::Call(call)) = r.layers.last().filter(|l| matches!(l, Layer::Call(c) if c.sent)) {
                let also = also.map(|c| words::clash::also(&r.shared, &c)).unwrap_or_default();
                let words = words::logged(&r.shared, call, next) + &also;
                r.layers.pop();
                r.with(|cx| cx.done(words));
            }
            r.go(Go::Rows(vec![*row]));
            r.go(Go::Stale);
            if r.archive.opened().is_some_and(|o| o.customer.id == customer) {
                r.in_archive(|p, cx| p.want(customer, false, cx));
            }
        }
        Answer::Agenda(answer) => {
            if let agenda::Answer::Marked { .. } | agenda::Answer::Done { .. } = answer {
                let words = match r.layers.last() {
                    Some(Layer::Sheet(sheet)) => {
                        words::agenda::noted(&sheet.title, sheet.until(), r.shared.today(), r.shared.lang)
                    }
                    _ => r.agenda.finished().unwrap_or_else(|| r.shared.say(t("已记下", "Noted")).to_owned()),
                };
                if let agenda::Answer::Marked { seq } = answer {
                    r.agenda.marked(seq);
                }
                r.close_sheet();
                r.go(Go::Stale);
                r.with(|cx| cx.done(words));
                if let Some(o) = r.archive.opened() {
                    let id = o.customer.id;
                    r.in_archive(|p, cx| p.want(id, true, cx));
                }
            } else {
                r.in_agenda(|p, cx| p.answered(answer, cx));
            }
        }
        Answer::Board(board::Answer::WhatIf(found)) => {
            let looking = r.layers.is_empty() && r.focus == Pane::Board;
            r.in_board(|p, cx| p.trial.show(*found, looking, cx));
        }
        Answer::Dealings(answer) => r.in_archive(|p, cx| p.dealt(answer, cx)),
        Answer::Board(board::Answer::Board(board)) => r.in_board(|p, cx| p.show(*board, cx)),
        Answer::Keepers(answer) => transfers::heard(r, wait, answer),
        Answer::Twins(answer) => twins::heard(r, answer),
        Answer::Audit(page) => audit::heard(r, page),
        Answer::Results(answer) => results::heard(r, answer),
        Answer::Access(answer) => reveal::heard(r, answer),
        Answer::Subject(answer) => subject::heard(r, wait, answer),
        Answer::Failed(failure) => failed(r, wait, &failure),
    }
}

fn open(r: &mut Rooms, opened: workbench::Opened) {
    let newest = opened.newest;
    enter(r, opened);
    clock(r, newest);
}

/// Says, once, that this PC's clock is behind a line of the log. The demo has its own time, and a day that was asked for is no clock's.
fn clock(r: &mut Rooms, newest: NaiveDateTime) {
    let counts = r.shared.start.today.is_none() && !r.shared.start.demo;
    let behind = words::drive::behind(newest, r.shared.now, r.shared.lang).filter(|_| counts);
    let said = std::mem::replace(&mut r.shared.drive.slow, behind.is_some());
    if let Some(words) = behind.filter(|_| !said) {
        r.with(|cx| cx.refuse(words));
    }
}

fn enter(r: &mut Rooms, opened: workbench::Opened) {
    r.shared.seq = opened.seq;
    let wanted = r.shared.start.staff.clone();
    let active: Vec<_> = opened.staff.iter().filter(|s| s.active).cloned().collect();
    let me = match &wanted {
        Some(code) => active.iter().find(|s| s.code.eq_ignore_ascii_case(code) || s.name == *code),
        None if active.len() == 1 => active.first(),
        None => None,
    };
    let known = r.shared.me.is_some_and(|m| active.iter().any(|s| s.id == m));
    r.shared.opened = Some(opened);
    if known {
        // Read anew while somebody works here: they go on.
        return;
    }
    if r.shared.me.is_some() {
        door::dismissed(r);
        return;
    }
    if let Footing::Refused(_) = r.shared.start.footing {
        let why = words::read_only(&r.shared);
        let title = r.shared.say(t("只读", "Read-only")).to_owned();
        r.with(|cx| cx.refuse(why.clone()));
        r.layers.push(Layer::Reading(Reading { title, lines: vec![why], top: 0, print: None }));
    }
    if let (None, None, Some(code)) = (me, r.entering, wanted) {
        let words = words::no_such_colleague(r.shared.lang, &code);
        r.with(|cx| cx.refuse(words));
    }
    door::arrive(r, me);
    ask_index(r);
}

fn ask_index(r: &mut Rooms) {
    r.shared.indexing = true;
    r.out.ask(Wait::Rows, Ask::Workbench(workbench::Ask::Index));
}

/// Asks again for what the drive did not give and nobody else asks for.
pub fn again(r: &mut Rooms) {
    for wait in std::mem::take(&mut r.out.missed) {
        if wait == Wait::Rows {
            ask_index(r);
        } else {
            r.out.ask(wait, Ask::Workbench(workbench::Ask::Open));
        }
    }
}

/// The index is there: what was typed meanwhile is searched, the board gets its cards.
pub fn indexed(r: &mut Rooms) {
    r.search.refresh(&r.shared);
    r.in_board(|p, cx| p.indexed(cx));
}

fn news(
    r: &mut Rooms,
    seq: i64,
    rows: Vec<crate::index::row::Row>,
    gone: &[crate::domain::ids::CustomerId],
    changes: &[Change],
    all: bool,
) {
    if seq == r.shared.seq && changes.is_empty() && !all {
        return;
    }
    r.shared.seq = seq;
    if all {
        ask_index(r);
        r.out.ask(Wait::Workbench, Ask::Workbench(workbench::Ask::Open));
    }
    if changes.iter().any(|c| c.entity == Entity::Staff) {
        // Who works here, or who stands in for whom, is another now.
        r.out.ask(Wait::Workbench, Ask::Workbench(workbench::Ask::Open));
    }
    let others: Vec<&Change> = changes.iter().filter(|c| Some(c.by) != r.shared.me).collect();
    // Of an archive that is gone more is said below.
    let there = |c: &&&Change| c.customer.is_none_or(|id| !gone.contains(&id));
    if let Some(last) = others.iter().rfind(there) {
        let name = r.shared.name_of(Some(last.by)).to_owned();
        let whose = last
            .customer
            .and_then(|id| rows.iter().find(|row| row.id == id))
            .map_or("", |row| row.name.as_str())
            .to_owned();
        let shown = r.archive.opened().is_some_and(|o| last.customer == Some(o.customer.id));
        let merged = shown && last.entity == Entity::Customer && r.archive.dirty(&r.shared);
        let words = words::colleague(&r.shared, &name, &whose, last, others.len(), merged);
        r.with(|cx| cx.done(words));
    }
    if let Some(last) = changes.last() {
        clock(r, last.at);
    }
    news::keepers(r, &rows, changes);
    for id in gone {
        let shown = r.archive.opened().is_some_and(|o| o.customer.id == *id);
        if shown || r.archive.parked.iter().any(|p| p.customer == Some(*id)) {
            clashes::vanished(r, *id);
        }
    }
    r.shared.reindex(Vec::new(), gone);
    // The archive shown is read anew when a colleague touched it; what is typed here stays on top.
    if let Some(o) = r.archive.opened() {
        let id = o.customer.id;
        if others.iter().any(|c| c.customer == Some(id)) {
            archive::ask(&mut r.out, id, r.shared.today());
        }
    }
    r.go(Go::Rows(rows));
    r.go(Go::Stale);
}

fn saved(r: &mut Rooms, opened: Box<customers::Opened>, row: crate::index::row::Row) {
    let (id, name) = (opened.customer.id, opened.customer.name.clone());
    let mut words = words::saved_whole(r.shared.lang, &name);
    let mut show = true;
    let mut merged = String::new();
    if let Some(old) = r.archive.opened().filter(|o| o.customer.id == id) {
        merged = news::merged_in(r, old, &opened);
    }
    match r.layers.last() {
        Some(Layer::Sheet(sheet)) if sheet.sent => {
            let new = matches!(sheet.record, Record::New(_));
            words = if new { words::created(r.shared.lang, &name, &opened.customer.no) } else { words };
            r.layers.pop();
            if new {
                // The new customer is opened; an unsaved form of another one is parked first.
                r.in_archive(|p, cx| show = p.park(cx));
                r.go(Go::Focus(super::cx::Pane::Archive));
            }
        }
        _ => {
            let same = r.archive.opened().is_some_and(|o| o.customer.id == id);
            let codes: Vec<String> = match r.archive.form().filter(|_| same) {
                Some(form) => form.edits().into_iter().map(|e| e.field).collect(),
                None => Vec::new(),
            };
            if !codes.is_empty() {
                words = words::saved(r.shared.lang, &name, &codes);
            }
            show = same;
        }
    }
    if show {
        r.in_archive(|p, cx| p.show_saved(opened, cx));
    }
    r.with(|cx| cx.done(words + &merged));
    r.go(Go::Rows(vec![row]));
    r.go(Go::Stale);
    r.go(Go::Drafts);
}

fn failed(r: &mut Rooms, wait: Wait, failure: &Failure) {
    let passing = !matches!(failure, Failure::Refused(_) | Failure::Gone);
    if !matches!(wait, Wait::Write(_)) && passing {
        // The pane shows what it had; the header says since when. Only an archive that was asked for is missed on screen.
        r.shared.drive.silent(failure, r.shared.now);
        if matches!(wait, Wait::Workbench | Wait::Rows) {
            r.out.missed.insert(wait);
        }
        if wait == Wait::Archive {
            r.in_archive(|p, cx| p.recall(cx));
        }
        if wait == Wait::Bare {
            r.with(|cx| {
                cx.trouble(t(
                    "报告没有读出来，请等网点文件能读时再印一次",
                    "The report was not read; print it again when the file answers",
                ))
            });
        }
        return;
    }
    if wait == Wait::Books && matches!(failure, Failure::Refused(_)) {
        // Asked for together with an archive that is only greeted: the card says who may see more.
        return;
    }
    clashes::unsend(r);
    if let Wait::Write(_) = wait {
        r.baring = None;
    }
    if wait == Wait::Archive {
        let wanted = r.archive.wanted.take();
        if let (Some(id), Failure::Gone) = (wanted, failure) {
            clashes::vanished(r, id);
            return;
        }
    }
    // A task that is not there any more is kept as a new one: what was typed stays on its sheet.
    if let (Failure::Gone, Some(Layer::Sheet(sheet))) = (failure, r.layers.last_mut())
        && let Record::Task(form) = &mut sheet.record
        && form.draft().row.is_some()
    {
        form.make_new(|d| d.row = None);
        let words = r.shared.say(t(
            "这件事已办结或不在了；内容还在，再按 F8 另存为新的一件",
            "This task is done or gone; your text is kept, F8 again saves it as a new one",
        ));
        r.shared.messages.say(r.shared.now, Tone::Trouble, words);
        return;
    }
    let words = words::failure(r.shared.lang, failure);
    r.shared.messages.say(r.shared.now, Tone::Trouble, words);
}
