//! 到期墙 in the place of the lines: the days ahead with what matures, and the contracts of one of them. What matures is read by the
//! store; how it looks lives in `ui::panes::agenda::wall`.

use super::Agenda;
use super::rows::View;
use crate::app::cx::{Cx, Go, Wait};
use crate::app::key::{Code, Key};
use crate::app::layers::Layer;
use crate::app::layers::call::Call;
use crate::app::layers::chooser::{Chooser, Entry};
use crate::app::layers::then::Then;
use crate::app::list::Cursor;
use crate::app::words::agenda as words;
use crate::domain::agenda::wall::{Brick, Heap, Wall};
use crate::domain::agenda::{Scope, Source};
use crate::domain::dealings::due::Stay;
use crate::domain::ids::CustomerId;
use crate::domain::text::t;
use crate::store::agenda::Ask;
use crate::store::request;
use chrono::NaiveDate;

/// What is looked at: a day ahead, or what matured in the days before (`None`).
pub type Looked = Option<NaiveDate>;

/// The wall as far as it was read.
#[derive(Debug, Default)]
pub struct Walled {
    /// The days, and of which scope; none before they came.
    pub wall: Option<(Scope, Wall)>,
    /// The row under the cursor, among the days.
    pub cursor: Cursor,
    /// What is opened, if anything.
    pub opened: Option<Looked>,
    /// The contracts of it.
    pub bricks: Vec<Brick>,
    /// How many more there are.
    pub more: u32,
    /// The contract under the cursor.
    pub at: Cursor,
}

impl Walled {
    /// The rows of the days: what is open of the days before stands first.
    pub fn rows(&self) -> Vec<(Looked, &Heap)> {
        let Some((_, wall)) = &self.wall else { return Vec::new() };
        let open = (wall.kept.contracts > 0).then_some((None, &wall.open));
        open.into_iter().chain(wall.days.iter().map(|(d, h)| (Some(*d), h))).collect()
    }
}

impl Agenda {
    /// The contract under the cursor of the wall.
    pub fn brick(&self) -> Option<&Brick> {
        let opened = self.view == View::Wall && self.wall.opened.is_some();
        self.wall.bricks.get(self.wall.at.at).filter(|_| opened)
    }

    /// Rows above the list: what matures, and over the days where what matured went, on two.
    pub fn wall_above(&self) -> u16 {
        if self.wall.opened.is_some() { 1 } else { 3 }
    }

    /// Rows below the days that say what the shares mean; the keys stand under them.
    pub fn wall_foot(&self) -> u16 {
        match self.room.0 {
            _ if self.wall.opened.is_some() => 0,
            ..76 => 3,
            _ => 2,
        }
    }

    /// Rows of the wall's list.
    pub fn wall_height(&self) -> usize {
        usize::from(self.room.1.saturating_sub(self.top() + self.wall_above() + self.wall_foot() + 1)).max(1)
    }

    pub(super) fn load_wall(&mut self, cx: &mut Cx<'_>) {
        let Some(staff) = self.me else { return };
        let (scope, today) = (self.scope, self.today);
        cx.ask(Wait::Wall, request::Ask::Agenda(Ask::Wall { scope, staff, today }));
        if let Some(day) = self.wall.opened {
            cx.ask(Wait::Bricks, request::Ask::Agenda(Ask::Bricks { scope, staff, today, day }));
        }
    }

    pub(super) fn put_wall(&mut self, scope: Scope, wall: Wall) {
        if scope == self.scope {
            self.wall.wall = Some((scope, wall));
            let (len, height) = (self.wall.rows().len(), self.wall_height());
            self.wall.cursor.fit(len, height);
        }
    }

    pub(super) fn put_bricks(&mut self, day: Looked, bricks: Vec<Brick>, more: u32) {
        if self.wall.opened == Some(day) {
            let key = self.brick().map(|b| b.key.clone());
            let at = bricks.iter().position(|b| Some(&b.key) == key.as_ref());
            (self.wall.bricks, self.wall.more) = (bricks, more);
            self.wall.at.at = at.unwrap_or(self.wall.at.at);
            let (len, height) = (self.wall.bricks.len(), self.wall_height());
            self.wall.at.fit(len, height);
        }
    }

    pub(super) fn wall_key(&mut self, key: Key, cx: &mut Cx<'_>) {
        let height = self.wall_height();
        let inside = self.wall.opened.is_some();
        let len = if inside { self.wall.bricks.len() } else { self.wall.rows().len() };
        let cursor = if inside { &mut self.wall.at } else { &mut self.wall.cursor };
        if cursor.key(key, len, height) {
            if let Some(id) = self.brick().map(|b| b.who.id) {
                cx.go(Go::Open(id, false));
            }
            return;
        }
        match key.code {
            Code::Enter => self.wall_open(cx),
            Code::Esc => self.back(cx),
            Code::Char(c @ '1'..='9') if !key.ctrl => {
                let cursor = if inside { &mut self.wall.at } else { &mut self.wall.cursor };
                let at = cursor.top + (c as usize - '1' as usize);
                if at < len {
                    cursor.at = at;
                    self.wall_open(cx);
                }
            }
            _ => {}
        }
    }

    /// Opens the day, or the archive of the contract.
    pub(super) fn wall_open(&mut self, cx: &mut Cx<'_>) {
        if let Some(brick) = self.brick() {
            cx.go(Go::Open(brick.who.id, true));
        } else if self.wall.opened.is_none()
            && let Some((day, _)) = self.wall.rows().get(self.wall.cursor.at)
        {
            self.wall.opened = Some(*day);
            (self.wall.bricks, self.wall.at) = (Vec::new(), Cursor::default());
            self.load_wall(cx);
        }
    }

    /// A click on a row of the list.
    pub(super) fn wall_click(&mut self, row: u16, cx: &mut Cx<'_>) {
        let Some(row) = row.checked_sub(self.wall_above()).map(usize::from).filter(|r| *r < self.wall_height()) else {
            return;
        };
        let inside = self.wall.opened.is_some();
        let len = if inside { self.wall.bricks.len() } else { self.wall.rows().len() };
        let cursor = if inside { &mut self.wall.at } else { &mut self.wall.cursor };
        if cursor.top + row < len {
            cursor.at = cursor.top + row;
            self.wall_open(cx);
        }
    }

    /// The contract that a result can be recorded for: under the cursor of the wall, or of the queue.
    pub fn contract(&self) -> Option<(String, CustomerId, String)> {
        if let Some(b) = self.brick() {
            return Some((b.key.clone(), b.who.id, b.who.name.clone()));
        }
        let item = self.current().filter(|i| i.source == Source::Maturity)?;
        item.who.as_ref().map(|w| (item.key.clone(), w.id, w.name.clone()))
    }

    /// Asks what becomes of the contract.
    pub fn result(&mut self, cx: &mut Cx<'_>) {
        let Some((key, customer, name)) = self.contract() else { return };
        let lang = cx.shared.lang;
        let entries = Stay::ALL.into_iter().map(|s| Entry::new(s.label().zh, s.label().get(lang), "")).collect();
        let title = format!("{} {name}", cx.shared.say(t("到期去向", "What becomes of it:")));
        cx.layer(Layer::Chooser(Chooser::new(title, entries, Then::Stay { key, customer, name })));
    }

    /// The result was chosen, and is about to be written.
    pub fn stays(&mut self, key: &str, name: &str, stay: Stay, cx: &Cx<'_>) {
        let lang = cx.shared.lang;
        self.marking = format!("{} {name}", Source::Maturity.label().get(lang));
        self.finishing = Some(words::stays(&self.marking, stay, lang));
        self.doing = Some(key.to_owned());
    }

    /// Logs a contact about the contract under the cursor.
    pub(super) fn wall_log(&mut self, cx: &mut Cx<'_>) -> bool {
        let Some(b) = self.brick() else { return false };
        let call = Call::new(b.who.id, b.who.name.clone(), Some(b.key.clone()));
        cx.layer(Layer::Call(call));
        true
    }
}
