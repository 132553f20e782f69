//! Carrying out where panes wanted to go. Why they wanted to is theirs.

use super::cx::{Go, Pane};
use super::drafts::{HOLD, HoldDraft, TaskDraft, WhyDraft};
use super::event::Effect;
use super::form::Form;
use super::frame;
use super::keymap;
use super::layers::Layer;
use super::layers::call::Call;
use super::layers::confirm::Confirm;
use super::layers::sheet::{Record, Sheet};
use super::layers::then::{Next, Then};
use super::rooms::Rooms;
use super::words;
use crate::domain::calendar::repeat::Repeat;
use crate::domain::text::t;
use crate::store::request::Ask;
use crate::store::workbench;

/// Goes somewhere.
pub fn go(r: &mut Rooms, go: Go) {
    match go {
        Go::Focus(pane) => focus(r, pane),
        Go::Open(id, and_focus) => {
            if and_focus {
                r.shared.present = Some(id);
            }
            r.in_archive(|p, cx| p.want(id, !and_focus, cx));
            // A refused opening (no room to park) leaves one where one was.
            if and_focus && (r.archive.wanted == Some(id) || r.archive.opened().is_some_and(|o| o.customer.id == id)) {
                focus(r, Pane::Archive);
            }
        }
        Go::Search(text) => {
            focus(r, Pane::Search);
            let Rooms { search, shared, .. } = r;
            search.search_for(&text, shared);
        }
        Go::KeepFilter(text) => keep_filter(r, text),
        Go::Layer(layer) => r.lay(*layer),
        Go::Palette => {
            let chooser = keymap::chooser(r, t("菜单：输入代码、汉字或拼音首字母", "Menu: code, word or pinyin"), true);
            r.layers.push(Layer::Chooser(chooser));
        }
        Go::Help => {
            let chooser = keymap::chooser(r, t("帮助：这一屏能做什么", "Help: what can be done here"), false);
            r.layers.push(Layer::Chooser(chooser));
        }
        Go::Run(name) => {
            if let Some(command) = keymap::named(name) {
                super::rights::run(r, command);
            }
        }
        Go::New => {
            let title = r.shared.say(t("新客户", "New customer"));
            let owner = r.shared.me;
            r.layers.push(Layer::Sheet(Box::new(Sheet::quick(title, owner))));
        }
        Go::NewTask => new_task(r),
        Go::Log => {
            if let Some((id, name, task)) = r.current() {
                r.layers.push(Layer::Call(Call::new(id, name, task)));
            }
        }
        Go::HandOver => {
            if let Some((id, name, _)) = r.current() {
                let title = format!("{} {name}", r.shared.say(t("转给同事", "Hand over")));
                why(r, title, &["to", "reason"], Then::HandOver(id));
            }
        }
        Go::Keeper => {
            if let Some((id, name, _)) = r.current() {
                let title = format!("{} {name}", r.shared.say(t("换责任人", "New keeper for")));
                why(r, title, &["to", "reason"], Then::Keeper(vec![id]));
            }
        }
        Go::Hold => {
            if let Some((id, name, _)) = r.current() {
                let title = format!("{} {name}", r.shared.say(t("人工定级", "Hold the tier of")));
                let until = r.shared.today().checked_add_days(chrono::Days::new(90));
                let draft = HoldDraft { until, ..HoldDraft::default() };
                let mut sheet =
                    Sheet::new(title, Record::Hold(Form::new(draft, HOLD.iter().collect())), Then::Hold(id));
                sheet.advice = r.shared.say(t("级别留空就恢复按资产定级", "An empty tier lifts the hold")).to_owned();
                r.lay(Layer::Sheet(Box::new(sheet)));
            }
        }
        Go::Follow => follow(r),
        Go::Park => {
            let dirty = r.archive.dirty(&r.shared);
            r.in_archive(|p, cx| {
                if dirty {
                    p.park(cx);
                } else {
                    p.parked_list(cx);
                }
            });
        }
        Go::Granted(Then::Bare(customer), stamp) => super::subject::bare(r, customer, *stamp),
        Go::Granted(Then::Erase(customer), stamp) => super::subject::erase_now(r, customer, *stamp),
        Go::Granted(Then::Print, stamp) => super::printing::vouched(r, *stamp),
        Go::Granted(..) => {}
        Go::Erase(customer) => super::subject::erase(r, customer),
        Go::Rows(rows) => {
            r.shared.reindex(rows, &[]);
            r.search.refresh(&r.shared);
            r.in_board(|p, cx| p.indexed(cx));
        }
        Go::Stale => stale(r),
        Go::Refresh => {
            if let Some(o) = r.archive.opened() {
                let id = o.customer.id;
                r.in_archive(|p, cx| p.want(id, false, cx));
            }
            r.search.refresh(&r.shared);
            stale(r);
            let since = r.shared.seq;
            r.out.ask(super::cx::Wait::News, Ask::Workbench(workbench::Ask::News { since }));
            r.with(|cx| cx.note(t("已刷新", "Read anew")));
        }
        Go::Lang(lang) => {
            r.shared.lang = lang;
            keep_prefs(r, |p| p.lang = Some(lang));
        }
        Go::Back => back(r),
        Go::Quit => quit(r),
        Go::Drafts => {}
    }
}

/// Gives a pane the focus.
pub fn focus(r: &mut Rooms, pane: Pane) {
    // The import screen stands over all panes; what it holds stays.
    r.layers.retain(|l| !matches!(l, Layer::Imports));
    if r.focus == pane {
        if pane == Pane::Search {
            r.search.again();
        }
        return;
    }
    r.came_from.retain(|p| *p != r.focus && *p != pane);
    r.came_from.push(r.focus);
    r.focus = pane;
    match pane {
        Pane::Search => r.search.again(),
        Pane::Board => r.in_board(|p, cx| p.load(cx)),
        Pane::Agenda => r.in_agenda(|p, cx| p.load(cx)),
        Pane::Archive => {}
    }
}

fn back(r: &mut Rooms) {
    if r.focus == Pane::Archive {
        let mut stayed = false;
        r.in_archive(|p, cx| stayed = p.back(cx));
        if stayed {
            return;
        }
    }
    let to = r.came_from.pop().unwrap_or_default();
    if to != r.focus {
        focus(r, to);
        // One went back, so going back again must not return here.
        r.came_from.retain(|p| *p != to);
        r.came_from.pop();
    }
}

/// Asks for a reason on a sheet.
pub fn why(r: &mut Rooms, title: String, fields: &[&str], then: Then) {
    let sheet = Sheet::why(title, fields, WhyDraft::default(), then);
    r.lay(Layer::Sheet(Box::new(sheet)));
}

fn new_task(r: &mut Rooms) {
    let current = r.current();
    // It is about whom one looks at, and says so in a field that can be emptied.
    let draft = TaskDraft {
        row: None,
        text: String::new(),
        due: Some(r.shared.today()),
        repeat: Repeat::Once,
        customer: current.as_ref().map(|(id, ..)| *id),
    };
    if let Some((id, name, _)) = current {
        r.shared.name_archive(id, name);
    }
    let title = r.shared.say(t("自办事项", "Own task"));
    let mut sheet = Sheet::task(title, draft, r.shared.eyes());
    sheet.advice = r
        .shared
        .say(t(
            "日期可填 7（七天后）；重复可填 每周 每月 每年 腊月二十 30天；客户可清空，F4 另选",
            "Date may be 7 (in seven days); repeats: weekly, monthly, yearly, lunar day, 30 days; the customer can be emptied",
        ))
        .to_owned();
    r.lay(Layer::Sheet(Box::new(sheet)));
}

/// Keeps a choice of the one who works here.
pub fn keep_prefs(r: &mut Rooms, change: impl FnOnce(&mut crate::domain::staff::Prefs)) {
    let Some(me) = r.shared.me else { return };
    let Some(person) = r.shared.opened.as_mut().and_then(|o| o.staff.iter_mut().find(|s| s.id == me)) else { return };
    change(&mut person.prefs);
    let prefs = person.prefs.clone();
    if !r.shared.read_only() {
        let stamp = r.shared.stamp();
        r.out.write(Ask::Workbench(workbench::Ask::KeepPrefs { staff: me, prefs, stamp }));
    }
}

fn keep_filter(r: &mut Rooms, text: String) {
    keep_prefs(r, |p| {
        p.filters.retain(|(_, q)| *q != text);
        p.filters.insert(0, (text.clone(), text));
        p.filters.truncate(30);
    });
    r.with(|cx| cx.note(t("已存为筛选，F4 选用", "Kept as a filter; F4 offers it")));
}

fn follow(r: &mut Rooms) {
    let Some((id, name, _)) = r.current() else { return };
    let mut now = false;
    keep_prefs(r, |p| {
        now = !p.followed.contains(&id);
        p.followed.retain(|f| *f != id);
        if now {
            p.followed.insert(0, id);
        }
    });
    let words = words::followed(r.shared.lang, &name, now);
    r.with(|cx| cx.done(words));
}

fn stale(r: &mut Rooms) {
    r.in_agenda(|p, cx| p.load(cx));
    r.in_board(|p, cx| p.load(cx));
}

fn quit(r: &mut Rooms) {
    let eyes = r.shared.eyes();
    // A new customer is kept with the drafts; any other sheet would be lost.
    let lost = r.layers.iter().find_map(|l| match l {
        Layer::Sheet(s) if !matches!(s.record, Record::New(_)) && s.dirty(eyes) => Some(s.title.clone()),
        _ => None,
    });
    if r.imports.writing() && lost.is_none() && !r.archive.dirty(&r.shared) {
        let question = r.shared.say(t(
            "还在导入。退出就停止，正在导入的文件什么都不会留下。退出吗？",
            "An import is under way. Leaving stops it, and nothing of the file under way stays. Quit?",
        ));
        let yes = r.shared.say(t("退出", "Quit"));
        r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::Quit)));
    } else if let Some(title) = lost {
        let question = words::drop_sheet(r.shared.lang, &title);
        let yes = r.shared.say(t("放弃并退出", "Discard and quit"));
        r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::DropEdits(Next::Quit))));
    } else if r.archive.dirty(&r.shared) {
        // What is typed is parked, so nothing is lost; it is only said.
        let question = words::quit_dirty(r.shared.lang, r.archive.opened().map_or("", |o| o.customer.name.as_str()));
        let yes = r.shared.say(t("退出", "Quit"));
        r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::DropEdits(Next::Quit))));
    } else {
        r.out.effects.push(Effect::Quit);
    }
}

/// A click: the pane under it gets the focus, its row the cursor; a click on the bar runs the command there.
pub fn click(r: &mut Rooms, x: u16, y: u16) {
    let Some(places) = r.places() else { return };
    if places.bar.holds(x, y) {
        let mut at = 1;
        for command in keymap::bar(r) {
            let width = frame::bar_word(command, r.shared.lang).1;
            if (at..at + width).contains(&x) {
                super::rights::run(r, command);
                return;
            }
            at += width + 1;
        }
        return;
    }
    for pane in [Pane::Search, Pane::Archive, Pane::Board, Pane::Agenda] {
        let Some(place) = places.of(pane).filter(|p| p.holds(x, y)) else { continue };
        let (dx, dy) = (x - place.x, y - place.y);
        focus(r, pane);
        match pane {
            Pane::Search => r.in_search(|p, cx| p.click(dy, cx)),
            Pane::Archive => r.in_archive(|p, cx| p.click(dx, dy, cx)),
            Pane::Board => r.in_board(|p, cx| p.click(dx, dy, cx)),
            Pane::Agenda => r.in_agenda(|p, cx| p.click(dx, dy, cx)),
        }
        return;
    }
    if places.tabs.is_some_and(|p| p.holds(x, y)) {
        let mut at = 1;
        for pane in [Pane::Search, Pane::Archive, Pane::Board, Pane::Agenda] {
            let width = frame::tab_width(pane, r.shared.lang);
            if (at..at + width).contains(&x) {
                focus(r, pane);
                return;
            }
            at += width + 2;
        }
    }
}
