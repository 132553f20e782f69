//! Keys, pasted text and clicks on the import screen. What comes back of what they start is taken in `heard`.

use super::errands::{begin, free, may_write, read_batches, send, stop};
use super::mapper::{Mapper, Row};
use super::{Errand, Job, State, View};
use super::{matching, paths};
use crate::app::cx::{Go, Pane};
use crate::app::door;
use crate::app::key::{Code, Key};
use crate::app::layers::confirm::Confirm;
use crate::app::layers::then::{Reaction, Then};
use crate::app::layers::{Layer, Reading};
use crate::app::rights;
use crate::app::rooms::Rooms;
use crate::app::words::imports as said;
use crate::domain::rights::Action;
use crate::domain::text::{Text, t};
use unicode_width::UnicodeWidthStr;

/// Opens the screen: on what is under way or came meanwhile, else on the files of the folder.
pub fn open(r: &mut Rooms) {
    let busy = r.imports.running.is_some() || r.imports.fresh;
    if !busy || r.imports.view == View::Batches {
        r.imports.view = if r.imports.fresh { View::Seen } else { View::Files };
    }
    lay(r);
    if !busy {
        send(r, Errand::List);
    }
}

/// Opens it on the files of the folder, looked at anew.
pub fn folder(r: &mut Rooms) {
    r.imports.view = View::Files;
    lay(r);
    send(r, Errand::List);
}

/// Opens it on earlier imports.
pub fn batches(r: &mut Rooms) {
    r.imports.view = View::Batches;
    lay(r);
    read_batches(r);
}

fn lay(r: &mut Rooms) {
    (r.imports.fresh, r.imports.offered) = (false, 0);
    if !r.layers.iter().any(|l| matches!(l, Layer::Imports)) {
        r.layers.push(Layer::Imports);
    }
}

/// New files are asked for when somebody works here: once a day.
pub fn tick(r: &mut Rooms) {
    let today = r.shared.today();
    if r.shared.me.is_some() && r.imports.asked != Some(today) {
        r.imports.asked = Some(today);
        send(r, Errand::Offer);
    }
}

/// The keys of what is shown, with a word each, for the last line.
pub fn bar(r: &Rooms) -> Vec<(&'static str, Text)> {
    let i = &r.imports;
    let mut keys: Vec<(&'static str, Text)> = Vec::new();
    match i.view {
        View::Files if !i.line.is_empty() => {
            keys.extend([("Enter", t("加入", "Add")), ("Esc", t("清空", "Clear"))]);
            return keys;
        }
        View::Files => {
            if let Some(file) = i.current() {
                keys.push(match file.state {
                    State::Unknown => ("Enter", t("栏目对照", "Match columns")),
                    _ if i.marked.is_empty() => ("Enter", t("预览", "Preview")),
                    _ => ("Enter", t("预览[x]", "Preview [x]")),
                });
                keys.push(("F4", t("选中(1-9)", "Mark (1-9)")));
                if i.by_hand(file) {
                    keys.push(("Delete", t("去掉", "Off the list")));
                }
            }
            keys.extend([("F5", t("再看一遍", "Look again")), ("Tab", t("已导入", "Imports"))]);
        }
        View::Seen => {
            let done = i.seen.as_ref().is_some_and(|s| s.done);
            match (done, i.running.is_some()) {
                (_, true) => {}
                (false, false) => keys.extend([("F8", t("导入", "Import")), ("F4", t("栏目对照", "Columns"))]),
                (true, false) => keys.push(("F4", t("撤销", "Take back"))),
            }
            keys.extend([("↑↓", t("翻看", "Scroll")), ("←→", t("换文件", "File")), ("Tab", t("已导入", "Imports"))]);
        }
        View::Map => {
            match i.mapper.as_ref().and_then(Mapper::row) {
                Some(Row::Column(_)) => keys.extend([
                    ("Enter", t("选栏", "Choose")),
                    ("F5", t("再加一栏", "One more")),
                    ("Del", t("不读", "None")),
                ]),
                Some(Row::Name) => {}
                _ => keys.extend([("←→", t("换", "Turn"))]),
            }
            keys.extend([("F6", t("存成文件", "To a file")), ("F8", t("存", "Save"))]);
        }
        View::Batches => {
            keys.extend([("Enter", t("报告", "Report")), ("F4", t("撤销", "Take back"))]);
            keys.extend([("F5", t("刷新", "Refresh")), ("Tab", t("文件", "Files"))]);
        }
    }
    keys.push(match i.running.as_ref().map(|r| r.job) {
        Some(Job::Look | Job::TakeIn) => ("Esc", t("停止", "Stop")),
        _ => ("Esc", t("返回", "Back")),
    });
    if i.view != View::Map {
        keys.push(("F7", t("回今日", "Today")));
    }
    keys.push(("F1", t("帮助", "Help")));
    keys
}

/// Takes a key.
pub fn key(r: &mut Rooms, key: Key) -> Reaction {
    let view = r.imports.view;
    if key.code == Code::F(1) {
        let title = r.shared.say(said::HELP).to_owned();
        let lines = said::help(r.shared.lang, view);
        r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
        return Reaction::Stay;
    }
    if view == View::Map {
        return matching::key(r, key);
    }
    match key.code {
        Code::F(n @ (2 | 3 | 6 | 7)) => {
            let pane = match n {
                2 => Pane::Search,
                3 => Pane::Archive,
                6 => Pane::Board,
                _ => Pane::Agenda,
            };
            r.go(Go::Focus(pane));
            return Reaction::Close;
        }
        Code::F(9) => r.go(Go::Palette),
        Code::Char('p') if key.ctrl => r.go(Go::Palette),
        Code::F(11) => door::switch(r),
        Code::Esc if view == View::Files && !r.imports.line.is_empty() => r.imports.line.set(""),
        Code::Esc => return escape(r),
        Code::Tab | Code::BackTab => match view {
            View::Batches => {
                r.imports.view = if r.imports.seen.is_some() && r.imports.fresh { View::Seen } else { View::Files };
                if r.imports.running.is_none() {
                    send(r, Errand::List);
                }
            }
            _ => {
                r.imports.view = View::Batches;
                read_batches(r);
            }
        },
        _ => match view {
            View::Files => files_key(r, key),
            View::Seen => seen_key(r, key),
            View::Batches => batches_key(r, key),
            View::Map => {}
        },
    }
    Reaction::Stay
}

/// One step back; what is under way is stopped first.
fn escape(r: &mut Rooms) -> Reaction {
    if let Some(running) = r.imports.running.clone() {
        match running.job {
            _ if running.stopping => return Reaction::Close,
            Job::Undo => return Reaction::Close,
            Job::Look => stop(r),
            Job::TakeIn => {
                let question = r.shared.say(t(
                    "停止导入？正在导入的文件什么都不会留下；已经导完的文件不受影响。",
                    "Stop the import? Nothing of the file under way stays; files that are in are not touched.",
                ));
                let yes = r.shared.say(t("停止", "Stop"));
                r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::StopImport)));
            }
        }
        return Reaction::Stay;
    }
    match r.imports.view {
        View::Seen => {
            r.imports.view = View::Files;
            if r.imports.seen.as_ref().is_some_and(|s| s.done) {
                r.imports.seen = None;
                send(r, Errand::List);
            }
            Reaction::Stay
        }
        _ => Reaction::Close,
    }
}

fn files_key(r: &mut Rooms, key: Key) {
    let height = r.imports.height;
    let typing = !r.imports.line.is_empty();
    match key.code {
        Code::Enter if typing => {
            let named = paths::paths(r.imports.line.text());
            r.imports.line.set("");
            add(r, named);
        }
        Code::Enter => look(r),
        Code::F(4) | Code::Insert => {
            let at = r.imports.cursor.at;
            r.imports.mark(at);
            r.imports.cursor.step(1, r.imports.files.len(), height);
        }
        Code::Delete if !typing => {
            if r.imports.current().is_some() && !r.imports.take_off() {
                r.with(|cx| cx.note(said::STAYS));
            }
        }
        Code::F(5) => send(r, Errand::List),
        Code::F(8) if !r.imports.marked.is_empty() => look_into(r),
        Code::F(8) => look(r),
        Code::Up | Code::Down | Code::PageUp | Code::PageDown => {
            let len = r.imports.files.len();
            r.imports.cursor.key(key, len, height);
        }
        _ => {
            // With nothing typed a digit marks a file, also while an IME is on.
            if !typing
                && let Code::Char(c @ '1'..='9') = key.folded().code
                && key.text().is_some()
            {
                let at = r.imports.cursor.top + (c as usize - '1' as usize);
                r.imports.mark(at);
                return;
            }
            r.imports.line.key(key);
        }
    }
}

/// Files that were named: extracts are listed, a mapping that another branch wrote is remembered.
fn add(r: &mut Rooms, named: Vec<String>) {
    let (mappings, files): (Vec<_>, Vec<_>) = named.into_iter().partition(|p| p.to_lowercase().ends_with(".toml"));
    if !files.is_empty() {
        send(r, Errand::Add(files));
    }
    if !mappings.is_empty() && may_write(r) {
        for path in mappings {
            let stamp = r.shared.stamp();
            send(r, Errand::Bring(path, stamp));
        }
    }
}

/// Looks into the chosen files, or at the columns of one that nobody knows.
fn look(r: &mut Rooms) {
    let Some(file) = r.imports.current().cloned() else { return };
    match &file.state {
        State::Unknown => {
            send(r, Errand::Open(file.path));
            return;
        }
        State::Growing => {
            r.with(|cx| {
                cx.note(t("这个文件还在写，写完后按 F5 再看", "This file is still being written; F5 looks again"))
            });
            return;
        }
        State::Broken(why) => {
            let words = why.get(r.shared.lang).to_owned();
            r.with(|cx| cx.refuse(words));
            return;
        }
        State::New | State::Taken(_) => {}
    }
    look_into(r);
}

/// Looks into the chosen files.
fn look_into(r: &mut Rooms) {
    if !free(r) {
        return;
    }
    let (chosen, stamp) = (r.imports.chosen(), r.shared.stamp());
    r.imports.seen = None;
    begin(r, Job::Look);
    send(r, Errand::Look(chosen, stamp));
}

fn seen_key(r: &mut Rooms, key: Key) {
    let Some(seen) = &mut r.imports.seen else { return };
    let rows = seen.current().map_or(0, |s| s.rejects.len());
    let page = r.imports.height.max(2) - 1;
    match key.code {
        Code::Left => (seen.at, seen.top) = (seen.at.saturating_sub(1), 0),
        Code::Right => (seen.at, seen.top) = ((seen.at + 1).min(seen.files.len().saturating_sub(1)), 0),
        Code::Up => seen.top = seen.top.saturating_sub(1),
        Code::Down => seen.top = (seen.top + 1).min(rows.saturating_sub(1)),
        Code::PageUp => seen.top = seen.top.saturating_sub(page),
        Code::PageDown => seen.top = (seen.top + page).min(rows.saturating_sub(1)),
        Code::Home => seen.top = 0,
        Code::End => seen.top = rows.saturating_sub(page + 1),
        Code::F(8) if !seen.done => ask_to_take_in(r),
        // How its columns are read can be seen and changed before it goes in.
        Code::F(4) if !seen.done => {
            if let Some(path) = seen.current().map(|s| s.found.path.clone()) {
                send(r, Errand::Open(path));
            }
        }
        Code::F(4) | Code::Char('u') if seen.done => {
            if let Some((n, words)) = seen.current().and_then(|s| Some((s.batch?, said::undo_seen(r.shared.lang, s)))) {
                ask_to_undo(r, n, words);
            }
        }
        _ => {}
    }
}

fn ask_to_take_in(r: &mut Rooms) {
    if !free(r) || !may_write(r) {
        return;
    }
    let Some(seen) = &r.imports.seen else { return };
    let question = said::take_in(r.shared.lang, seen);
    let yes = r.shared.say(t("导入", "Import"));
    r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::TakeIn)));
}

/// Yes: the files looked into go in.
pub fn take_in(r: &mut Rooms) {
    let Some(seen) = &r.imports.seen else { return };
    let (chosen, stamp) = (seen.files.iter().map(|s| s.found.path.clone()).collect(), r.shared.stamp());
    begin(r, Job::TakeIn);
    send(r, Errand::TakeIn(chosen, stamp));
}

fn ask_to_undo(r: &mut Rooms, n: i64, question: String) {
    if !free(r) || !may_write(r) || !rights::lets(r, Action::Undo) {
        return;
    }
    let yes = r.shared.say(t("撤销", "Take back"));
    r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::UndoImport(n))));
}

/// Yes: an import is taken back.
pub fn undo(r: &mut Rooms, n: i64) {
    let stamp = r.shared.stamp();
    begin(r, Job::Undo);
    send(r, Errand::Undo(n, stamp));
}

fn batches_key(r: &mut Rooms, key: Key) {
    let len = r.imports.batches.as_ref().map_or(0, Vec::len);
    let height = r.imports.height;
    if r.imports.batch.key(key, len, height) {
        return;
    }
    match key.folded().code {
        Code::F(5) => read_batches(r),
        Code::F(4) | Code::Char('u') | Code::Delete => {
            let Some(batch) = r.imports.batch().cloned() else { return };
            match said::not_undone(&batch) {
                Some(why) => r.with(|cx| cx.note(why)),
                None => {
                    let words = said::undo_batch(&r.shared, &batch);
                    ask_to_undo(r, batch.n, words);
                }
            }
        }
        Code::Enter => {
            let Some(batch) = r.imports.batch() else { return };
            let lines = said::report(&r.shared, batch);
            let title = said::batch_title(r.shared.lang, batch);
            r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
        }
        Code::Char(c @ '1'..='9') => {
            let at = r.imports.batch.top + (c as usize - '1' as usize);
            if at < len {
                r.imports.batch.at = at;
            }
        }
        _ => {}
    }
}

/// Takes pasted text: paths are paths, on whatever part of the screen one stands.
pub fn paste(r: &mut Rooms, text: &str) {
    match r.imports.view {
        View::Map => {
            let Some(mapper) = &mut r.imports.mapper else { return };
            match mapper.row() {
                Some(Row::Name) => mapper.name.paste(text),
                Some(Row::Column(_)) => {
                    if let Some(source) = mapper.source() {
                        source.headers.clear();
                        source.constant.paste(text);
                    }
                    matching::try_it(r);
                }
                _ => return,
            }
            if let Some(mapper) = &mut r.imports.mapper {
                mapper.dirty = true;
            }
        }
        View::Files => match paths::paths(text).as_slice() {
            [] => {}
            [one] if r.imports.line.is_empty() => r.imports.line.paste(one),
            [_] => r.imports.line.paste(text.trim()),
            several => {
                let several = several.to_vec();
                add(r, several);
            }
        },
        View::Seen | View::Batches => {}
    }
}

/// Cells that a key of the last line takes with its word.
pub fn bar_width(name: &str, label: &str) -> u16 {
    u16::try_from(name.width() + label.width()).unwrap_or(u16::MAX)
}

/// Rows of the screen above the list in view: header, border, what is above the list.
pub const ABOVE: u16 = 5;

/// A click: a row gets the cursor, one that has it is opened; a key of the last line is pressed.
pub fn click(r: &mut Rooms, x: u16, y: u16) {
    if y + 1 == r.shared.size.1 {
        let mut at = 1;
        for (name, label) in bar(r) {
            let width = bar_width(name, label.get(r.shared.lang));
            if (at..at + width).contains(&x)
                && let Some(key) = Key::named(name)
            {
                let reaction = super::keys::key(r, key);
                crate::app::replies::react(r, reaction);
                return;
            }
            at += width + 1;
        }
        return;
    }
    let Some(row) = y.checked_sub(ABOVE).map(usize::from) else { return };
    let height = r.imports.height;
    if row >= height {
        return;
    }
    let i = &mut r.imports;
    let (cursor, len) = match i.view {
        View::Files => (&mut i.cursor, i.files.len()),
        View::Batches => (&mut i.batch, i.batches.as_ref().map_or(0, Vec::len)),
        View::Map => match &mut i.mapper {
            Some(m) => {
                let len = m.rows().len();
                (&mut m.cursor, len)
            }
            None => return,
        },
        View::Seen => return,
    };
    let at = cursor.top + row;
    if at >= len {
        return;
    }
    if cursor.at == at {
        let _ = key(r, Key::plain(Code::Enter));
    } else {
        cursor.at = at;
    }
}
