//! 今日任务: what is due, whose, when; today, a week, a month. What makes a line lives in `domain::agenda`, how it is fetched in the
//! store, how it looks in `ui::panes::agenda`.

mod act;
mod filter;
pub mod month;
mod print;
pub mod rows;
pub mod transfer;
pub mod wall;

use crate::app::cx::{Cx, Go, Wait};
use crate::app::input::Line;
use crate::app::key::{Code, Key};
use crate::app::list::Cursor;
use crate::app::place::Place;
use crate::app::shared::Shared;
use crate::domain::agenda::{Counts, Item, Scope};
use crate::domain::ids::StaffId;
use crate::domain::text::{Lang, t};
use crate::store::agenda::{Answer, Ask};
use crate::store::request;
use chrono::{NaiveDate, NaiveDateTime};
use month::{Month, moved};
use rows::{Row, View};
use std::collections::BTreeMap;

/// The queue.
#[derive(Debug, Default)]
pub struct Agenda {
    /// How far it is looked at.
    pub view: View,
    /// Whose lines.
    pub scope: Scope,
    /// Open lines of mine, my team, the branch.
    pub scopes: [u32; 3],
    /// The counts of the scope shown.
    pub shown: Counts,
    /// The day looked at in a week, a month or by itself.
    pub day: NaiveDate,
    /// What the days of the month hold.
    pub month: Option<Month>,
    /// What matures, as far as it was read.
    pub wall: wall::Walled,
    /// What the lines are filtered by.
    pub filter: Option<Line>,
    /// When the lines came.
    pub loaded: Option<NaiveDateTime>,
    /// The row under the cursor and the first one visible.
    pub cursor: Cursor,
    items: Vec<Item>,
    rows: Vec<Row>,
    home: Counts,
    in_box: bool,
    today: NaiveDate,
    me: Option<StaffId>,
    room: (u16, u16),
    asked: Option<Asked>,
    asked_month: Option<(NaiveDate, Scope)>,
    /// The cursor begins anew with the next lines: view or scope changed.
    fresh: bool,
    /// The line something is done with; when it is gone, the archive follows to the next one.
    doing: Option<String>,
    finishing: Option<String>,
    /// Marks made in this sitting, by their changes, newest last, with what they were called.
    marked: Vec<(i64, String)>,
    /// The name of the line being marked.
    marking: String,
}

/// What the answer on its way is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    scope: Scope,
    only_counts: bool,
}

/// All scopes in the order of their tabs.
pub const SCOPES: [Scope; 3] = [Scope::Mine, Scope::Team, Scope::Branch];

impl Agenda {
    /// The line under the cursor.
    pub fn current(&self) -> Option<&Item> {
        match self.rows.get(self.cursor.at) {
            Some(Row::Line(at)) => self.items.get(*at),
            _ => None,
        }
    }

    /// The counts for the header: one's own, or the branch's for those who look after all of it, whatever is shown here.
    pub fn counts(&self) -> Counts {
        self.home
    }

    /// Whether letters are text here.
    pub fn typing(&self) -> bool {
        self.in_box
    }

    /// The rows of the list.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The line with this number.
    pub fn item(&self, at: usize) -> Option<&Item> {
        self.items.get(at)
    }

    /// Whether the last read brought nothing, because the drive did not answer; `waiting` while one is on its way.
    pub fn stale(&self, waiting: bool) -> bool {
        !waiting && self.asked.is_some()
    }

    /// How many lines are due in this scope and are not listed, because there are so many.
    pub fn unlisted(&self) -> u32 {
        let due = self.items.iter().filter(|i| i.due <= self.today || i.asks(self.today)).count();
        self.shown.open.saturating_sub(u32::try_from(due).unwrap_or(u32::MAX))
    }

    /// The words of the scopes with their counts, as tabs; the one shown in brackets.
    pub fn tabs(&self, lang: Lang) -> Vec<(Scope, String)> {
        let names = [t("我的", "Mine"), t("团队", "Team"), t("网点", "Branch")];
        SCOPES
            .into_iter()
            .zip(names)
            .zip(self.scopes)
            .map(|((scope, name), n)| {
                let word = format!("{} {n}", name.get(lang));
                (scope, if scope == self.scope { format!("[{word}]") } else { format!(" {word} ") })
            })
            .collect()
    }

    /// How much room it has.
    pub fn fit(&mut self, place: Place) {
        let inside = place.inside();
        self.room = (inside.w, inside.h);
        self.keep_visible();
    }

    /// The row of the pane's inside on which the list begins; where there is room, an empty one stands above it.
    pub fn top(&self) -> u16 {
        if self.room.1 >= 24 { 2 } else { 1 }
    }

    /// Rows below the list that say the line under the cursor in full, with the rule above them; none where rows are few.
    pub fn detail(&self) -> u16 {
        match self.room {
            (w, h) if h >= 24 && w < 60 => 5,
            (_, h) if h >= 20 => 3,
            _ => 0,
        }
    }

    /// Rows of the list.
    pub fn height(&self) -> usize {
        let below = self.detail() + 1 + u16::from(self.filter.is_some());
        usize::from(self.room.1.saturating_sub(self.top() + below)).max(1)
    }

    /// Asks for the lines; what is there stays until they come.
    pub fn load(&mut self, cx: &mut Cx<'_>) {
        let Some(me) = cx.shared.me else { return };
        let today = cx.shared.today();
        if self.me != Some(me) {
            // Another colleague works here: nothing of the one before stays on the screen.
            let begin = Agenda { room: self.room, me: Some(me), day: today, today, fresh: true, ..Agenda::default() };
            *self = Agenda { scope: home(cx.shared), ..begin };
        }
        if self.today != today {
            self.day = if self.day == self.today { today } else { self.day };
            self.today = today;
            self.lay(cx.shared);
        }
        let until = match self.view {
            View::Today | View::Month | View::Wall => rows::after(today, rows::SOON),
            View::Week => rows::after(rows::monday(self.day), 6),
            View::Day => self.day,
        };
        self.ask(self.scope, until, false, cx);
        match self.view {
            View::Month => self.load_month(cx),
            View::Wall => self.load_wall(cx),
            View::Today | View::Week | View::Day => {}
        }
    }

    fn ask(&mut self, scope: Scope, until: NaiveDate, only_counts: bool, cx: &mut Cx<'_>) {
        let Some(staff) = self.me else { return };
        self.asked = Some(Asked { scope, only_counts });
        let ask = Ask::Load { scope, staff, today: self.today, until: until.max(self.today) };
        cx.ask(Wait::Agenda, request::Ask::Agenda(ask));
    }

    fn load_month(&mut self, cx: &mut Cx<'_>) {
        let Some(staff) = self.me else { return };
        let first = month::first(self.day);
        self.asked_month = Some((first, self.scope));
        let ask = Ask::Month { scope: self.scope, staff, today: self.today, first };
        cx.ask(Wait::Month, request::Ask::Agenda(ask));
    }

    /// Lines or month came.
    pub fn answered(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        match answer {
            Answer::Lines { items, counts, scopes, shut } => {
                let Some(asked) = self.asked.take() else { return };
                let home = home(cx.shared);
                cx.shared.shut = shut;
                self.scopes = scopes;
                if asked.scope == home {
                    self.home = counts;
                }
                if asked.only_counts {
                    return;
                }
                self.shown = counts;
                self.loaded = Some(cx.shared.now);
                self.put(items, cx);
                if asked.scope != home {
                    // One after the other: of two reads of the queue that wait, the store keeps the newer.
                    self.ask(home, self.today, true, cx);
                }
            }
            Answer::Month(days) => {
                if let Some((first, scope)) = self.asked_month.take() {
                    self.month = Some(Month { first, scope, days });
                }
            }
            Answer::Wall(scope, wall) => self.put_wall(scope, *wall),
            Answer::Bricks(day, bricks, more) => self.put_bricks(day, bricks, more),
            Answer::Marked { .. } | Answer::Done { .. } | Answer::Taken { .. } => {}
        }
    }

    /// Takes new lines: the cursor stays on its line, or goes to the next one that is still there.
    fn put(&mut self, items: Vec<Item>, cx: &mut Cx<'_>) {
        let keys: Vec<String> = self.rows.iter().skip(self.cursor.at).filter_map(|r| self.key_of(r)).collect();
        self.items = items;
        self.items.retain(|i| !cx.shared.drive.does(&i.key));
        self.lay(cx.shared);
        if std::mem::take(&mut self.fresh) || keys.is_empty() {
            self.begin();
        } else {
            let now = self.rows.iter().enumerate().filter_map(|(at, r)| Some((self.key_of(r)?, at)));
            let now: BTreeMap<String, usize> = now.collect();
            self.cursor.at = keys.iter().find_map(|k| now.get(k).copied()).unwrap_or(self.cursor.at);
            self.settle();
        }
        let done = self.doing.take().is_some_and(|k| keys.first() == Some(&k));
        if done && self.current().map(|i| &i.key) != keys.first() {
            self.look(cx);
        }
    }

    /// Takes away the lines that waiting saves have done.
    pub fn hide(&mut self, cx: &mut Cx<'_>) {
        let items = std::mem::take(&mut self.items);
        self.put(items, cx);
    }

    fn key_of(&self, row: &Row) -> Option<String> {
        match row {
            Row::Line(at) => self.items.get(*at).map(|i| i.key.clone()),
            Row::Head(..) => None,
        }
    }

    /// Lays the lines anew under their headings.
    fn lay(&mut self, shared: &Shared) {
        let typed = self.filter.as_ref().map_or("", |l| l.text());
        let pass = |i: &Item| rows::passes(i, typed, shared.lang, shared.staff(), self.today);
        self.rows = rows::lay(&self.items, self.view, self.day, self.today, pass);
        self.settle();
    }

    /// Puts the cursor on the first line, in the week of today on today's first.
    fn begin(&mut self) {
        let from_today = self.rows.iter().position(|r| match r {
            Row::Line(at) => self.view != View::Week || self.items.get(*at).is_some_and(|i| i.due >= self.today),
            Row::Head(..) => false,
        });
        self.cursor = Cursor { at: from_today.unwrap_or(0), top: 0 };
        self.settle();
    }

    /// Keeps the cursor on a line: the one it stands on, the next, or the last.
    fn settle(&mut self) {
        let line = |r: &Row| matches!(r, Row::Line(_));
        let after = self.rows.iter().skip(self.cursor.at).position(line).map(|n| self.cursor.at + n);
        self.cursor.at = after.or_else(|| self.rows.iter().rposition(line)).unwrap_or(0);
        self.keep_visible();
    }

    /// Scrolls so that the line under the cursor shows, and the heading above it.
    fn keep_visible(&mut self) {
        let (len, height) = (self.rows.len(), self.height());
        self.cursor.fit(len, height);
        let first = self.rows.iter().position(|r| matches!(r, Row::Line(_)));
        if first.is_none_or(|first| self.cursor.at <= first) && self.cursor.at < height {
            self.cursor.top = 0;
        }
        let head = self.cursor.at.saturating_sub(1);
        if matches!(self.rows.get(head), Some(Row::Head(..))) && self.cursor.top > head && height > 1 {
            self.cursor.top = head;
        }
    }

    /// Moves the cursor by so many lines; headings are passed over.
    fn step(&mut self, by: isize, cx: &mut Cx<'_>) {
        let lines: Vec<usize> =
            self.rows.iter().enumerate().filter(|(_, r)| matches!(r, Row::Line(_))).map(|(at, _)| at).collect();
        let here = lines.iter().position(|at| *at >= self.cursor.at).unwrap_or(0);
        let there = here.saturating_add_signed(by).min(lines.len().saturating_sub(1));
        if let Some(at) = lines.get(there) {
            self.cursor.at = *at;
            self.keep_visible();
            self.look(cx);
        }
    }

    /// Lets the archive show whom the cursor stands on.
    fn look(&self, cx: &mut Cx<'_>) {
        if let Some(who) = self.current().and_then(|i| i.who.as_ref()) {
            cx.go(Go::Open(who.id, false));
        }
    }

    /// Opens the customer of the visible line number `n` from 0, or of the one under the cursor.
    pub fn open(&mut self, n: Option<usize>, cx: &mut Cx<'_>) {
        if let Some(n) = n {
            let seen = self.rows.iter().enumerate().skip(self.cursor.top).take(self.height());
            let Some((at, _)) = seen.filter(|(_, r)| matches!(r, Row::Line(_))).nth(n) else { return };
            self.cursor.at = at;
            self.keep_visible();
        }
        match self.current().map(|i| i.who.as_ref().map(|w| w.id)) {
            Some(Some(id)) => cx.go(Go::Open(id, true)),
            Some(None) => self.edit(cx),
            None => cx.note(t("这里没有任务；a 记一件自办", "No line here; a adds a task of one's own")),
        }
    }

    /// Shows another view.
    pub fn show(&mut self, view: View, cx: &mut Cx<'_>) {
        if matches!(view, View::Today | View::Week) || self.view == View::Today {
            self.day = self.today;
        }
        self.switch(view, cx);
    }

    fn switch(&mut self, view: View, cx: &mut Cx<'_>) {
        self.view = view;
        self.in_box = false;
        if matches!(view, View::Month | View::Wall) {
            self.filter = None;
        }
        self.wall.opened = None;
        self.renew(cx);
    }

    /// Shows the scope `by` places on.
    pub fn step_scope(&mut self, by: usize, cx: &mut Cx<'_>) {
        let at = SCOPES.iter().position(|s| *s == self.scope).unwrap_or(0);
        if let Some(scope) = SCOPES.get((at + by) % SCOPES.len()) {
            self.show_scope(*scope, cx);
        }
    }

    fn show_scope(&mut self, scope: Scope, cx: &mut Cx<'_>) {
        self.scope = scope;
        self.renew(cx);
    }

    /// View, scope or day changed: what is there is laid as far as it goes, and the rest asked for.
    fn renew(&mut self, cx: &mut Cx<'_>) {
        self.lay(cx.shared);
        self.begin();
        self.fresh = true;
        self.load(cx);
    }

    /// Moves the day looked at.
    fn move_day(&mut self, days: i64, months: i32, cx: &mut Cx<'_>) {
        let before = month::first(self.day);
        self.day = moved(self.day, days, months);
        match self.view {
            View::Month if month::first(self.day) != before => self.load_month(cx),
            View::Month => {}
            _ => self.renew(cx),
        }
    }

    /// One step back: the filter, the view, the pane.
    fn back(&mut self, cx: &mut Cx<'_>) {
        match self.view {
            _ if self.filter.is_some() => self.clear_filter(cx),
            View::Day => self.switch(View::Month, cx),
            View::Wall if self.wall.opened.is_some() => self.wall.opened = None,
            View::Week | View::Month | View::Wall => self.show(View::Today, cx),
            View::Today => cx.go(Go::Run("back")),
        }
    }

    /// A click on a cell of the pane.
    pub fn click(&mut self, x: u16, y: u16, cx: &mut Cx<'_>) {
        let (Some(x), Some(y)) = (x.checked_sub(1), y.checked_sub(1)) else { return };
        if y == 0 {
            let mut at = 0;
            for (scope, word) in self.tabs(cx.shared.lang) {
                let end = at + u16::try_from(unicode_width::UnicodeWidthStr::width(word.as_str())).unwrap_or(0);
                if (at..end).contains(&x) {
                    self.show_scope(scope, cx);
                    return;
                }
                at = end;
            }
            return;
        }
        let Some(row) = y.checked_sub(self.top()) else { return };
        match self.view {
            View::Month => return self.click_day(x, row, cx),
            View::Wall => return self.wall_click(row, cx),
            View::Today | View::Week | View::Day => {}
        }
        let at = self.cursor.top + usize::from(row);
        if usize::from(row) < self.height() && matches!(self.rows.get(at), Some(Row::Line(_))) {
            self.in_box = false;
            self.cursor.at = at;
            self.open(None, cx);
        }
    }

    fn click_day(&mut self, x: u16, row: u16, cx: &mut Cx<'_>) {
        let (w, h) = self.cell();
        let Some(week) = row.checked_sub(1) else { return };
        let monday = month::weeks(self.day).get(usize::from(week / h)).copied();
        let Some(day) = monday.map(|m| rows::after(m, u64::from((x / w).min(6)))) else { return };
        if day == self.day {
            self.switch(View::Day, cx);
        } else {
            self.move_day((day - self.day).num_days(), 0, cx);
        }
    }

    /// Cells a day of the month takes: wide, and high.
    pub fn cell(&self) -> (u16, u16) {
        let (w, h) = self.room;
        let weeks = u16::try_from(month::weeks(self.day).len()).unwrap_or(6);
        let room = h.saturating_sub(self.top() + 1) / weeks.max(1);
        ((w / 7).max(1), room.clamp(2, 4))
    }

    /// Takes a key the keymap did not want.
    pub fn key(&mut self, key: Key, cx: &mut Cx<'_>) {
        if self.in_box {
            self.box_key(key, cx);
            return;
        }
        match self.view {
            View::Month => return self.month_key(key, cx),
            View::Wall => return self.wall_key(key, cx),
            View::Today | View::Week | View::Day => {}
        }
        let page = isize::try_from(self.height().saturating_sub(2).max(1)).unwrap_or(1);
        match key.code {
            Code::Up => self.step(-1, cx),
            Code::Down => self.step(1, cx),
            Code::PageUp => self.step(-page, cx),
            Code::PageDown => self.step(page, cx),
            Code::Home => self.step(isize::MIN, cx),
            Code::End => self.step(isize::MAX, cx),
            Code::Enter => self.open(None, cx),
            Code::Esc => self.back(cx),
            Code::Left => self.sideways(-1, cx),
            Code::Right => self.sideways(1, cx),
            Code::Char(c @ '1'..='9') if !key.ctrl => self.open(Some(c as usize - '1' as usize), cx),
            _ => self.begin_filter(key, cx),
        }
    }

    /// Left and right: weeks of the week, days of the day, else scopes.
    fn sideways(&mut self, by: i64, cx: &mut Cx<'_>) {
        match self.view {
            View::Week => self.move_day(7 * by, 0, cx),
            View::Day => self.move_day(by, 0, cx),
            _ => self.step_scope(if by < 0 { SCOPES.len() - 1 } else { 1 }, cx),
        }
    }

    fn month_key(&mut self, key: Key, cx: &mut Cx<'_>) {
        match key.code {
            Code::Left => self.move_day(-1, 0, cx),
            Code::Right => self.move_day(1, 0, cx),
            Code::Up => self.move_day(-7, 0, cx),
            Code::Down => self.move_day(7, 0, cx),
            Code::PageUp => self.move_day(0, -1, cx),
            Code::PageDown => self.move_day(0, 1, cx),
            Code::Home => self.move_day((self.today - self.day).num_days(), 0, cx),
            Code::Enter => self.switch(View::Day, cx),
            Code::Esc => self.back(cx),
            _ => {}
        }
    }
}

/// The scope of the header: the branch's for those who look after all of it, one's own for everybody else.
fn home(shared: &Shared) -> Scope {
    if shared.myself().is_some_and(|s| s.role.sees_branch()) { Scope::Branch } else { Scope::Mine }
}
