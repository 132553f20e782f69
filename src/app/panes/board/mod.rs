//! 分级看板: columns of customers by tier, keeper, area or stage, and those near a line. Sums and cards come from the index; how they
//! look is the ui's matter.

pub mod lane;
pub mod near;
pub mod shape;

use crate::app::cx::{Cx, Go, Wait};
use crate::app::drafts::WhyDraft;
use crate::app::drafts::trial::TrialDraft;
use crate::app::key::{Code, Key};
use crate::app::layers::Layer;
use crate::app::layers::chooser::{Chooser, Entry};
use crate::app::layers::sheet::Sheet;
use crate::app::layers::then::Then;
use crate::app::place::Place;
use crate::app::shared::Shared;
use crate::app::trial::Trial;
use crate::app::words::board as words;
use crate::domain::board::Board as Figures;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::text::t;
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use crate::index::row::Row;
use crate::index::{Group, GroupBy, GroupKey};
use crate::store::board::Ask as BoardAsk;
use crate::store::request::Ask;
use chrono::NaiveDate;
use lane::{Lane, key_of};
use near::NearLine;
use shape::Shape;
use std::collections::BTreeMap;

/// Customers marked at once: as many as one would give to a colleague in one go.
const MARKS: usize = 500;

/// The board.
#[derive(Debug, Default)]
pub struct Board {
    /// What the columns are.
    pub by: GroupBy,
    /// The columns, in order.
    pub lanes: Vec<Lane>,
    /// The column that has the cursor.
    pub at: usize,
    /// The first column shown.
    pub first: usize,
    /// What the store says of the whole branch.
    pub figures: Option<Figures>,
    /// The list of those near a line, while it is shown.
    pub near: Option<NearLine>,
    /// Lines that were tried.
    pub trial: Trial,
    /// From these assets on a customer is among the top 20 %.
    pub top_line: Option<Fen>,
    marks: BTreeMap<CustomerId, Option<StaffId>>,
    place: Place,
}

impl Board {
    /// The customer under the cursor.
    pub fn current(&self) -> Option<&Row> {
        match &self.near {
            Some(near) => near.current(),
            None => self.lane()?.current(),
        }
    }

    /// The column that has the cursor.
    pub fn lane(&self) -> Option<&Lane> {
        self.lanes.get(self.at)
    }

    /// How its room is divided.
    pub fn shape(&self) -> Shape {
        Shape::of(self.place, self.lanes.len())
    }

    /// The newest data date.
    pub fn as_of(&self) -> Option<NaiveDate> {
        self.figures.as_ref().and_then(|f| f.as_of)
    }

    /// Whether a customer is marked.
    pub fn marked(&self, id: CustomerId) -> bool {
        self.marks.contains_key(&id)
    }

    /// How many are marked.
    pub fn marks(&self) -> usize {
        self.marks.len()
    }

    /// The assets of all columns, where those of each are seen.
    pub fn total(&self) -> Option<Fen> {
        self.lanes.iter().map(|l| l.aum).sum()
    }

    /// Whether letters are text here: never, they start a search of the column.
    pub fn typing(&self) -> bool {
        false
    }

    /// How much room it has.
    pub fn fit(&mut self, place: Place, shared: &Shared) {
        if self.place != place {
            self.place = place;
            self.fetch(shared);
        }
    }

    /// Asks for the figures of the whole branch.
    pub fn load(&mut self, cx: &mut Cx<'_>) {
        cx.ask(Wait::Board, Ask::Board(BoardAsk::Load));
    }

    /// The figures came.
    pub fn show(&mut self, figures: Figures, cx: &mut Cx<'_>) {
        self.figures = Some(figures);
        if cx.shared.index.is_none() {
            self.columns(cx.shared);
        }
    }

    /// The index is there, or rows of it changed.
    pub fn indexed(&mut self, cx: &mut Cx<'_>) {
        let Some(index) = &cx.shared.index else { return };
        self.top_line = index.top_fifth_line();
        // Who has got another keeper meanwhile is done with.
        self.marks.retain(|id, owner| index.row(*id).is_some_and(|row| row.owner == *owner));
        self.columns(cx.shared);
        let (rows, as_of) = (self.shape().rows, self.as_of());
        if let Some(near) = &mut self.near {
            near.read(as_of, cx.shared, rows);
        }
    }

    /// Makes the columns anew, each with its cursor where it was.
    fn columns(&mut self, shared: &Shared) {
        let here = self.lane().map(|l| l.key.clone());
        let groups = match &shared.index {
            Some(index) => index.groups(self.by),
            None => self.figures.as_ref().filter(|_| self.by == GroupBy::Tier).map(counted).unwrap_or_default(),
        };
        let before = std::mem::take(&mut self.lanes);
        self.lanes = in_order(groups).into_iter().map(Lane::new).collect();
        let cards = self.shape().cards;
        if let Some(index) = &shared.index {
            for lane in &mut self.lanes {
                if let Some(old) = before.iter().find(|old| old.key == lane.key) {
                    lane.follow(old, index, cards);
                }
            }
        }
        let here = match here {
            Some(key) => self.lanes.iter().position(|l| l.key == key),
            None => self.lanes.iter().position(|l| l.count > 0),
        };
        self.at = here.unwrap_or(self.at);
        self.fetch(shared);
    }

    /// Keeps the column with the cursor in sight and fetches the cards that show.
    fn fetch(&mut self, shared: &Shared) {
        let shape = self.shape();
        self.at = self.at.min(self.lanes.len().saturating_sub(1));
        self.first = self.first.min(self.at).max((self.at + 1).saturating_sub(shape.columns));
        self.first = self.first.min(self.lanes.len().saturating_sub(shape.columns));
        if let Some(index) = &shared.index {
            for lane in self.lanes.iter_mut().skip(self.first).take(shape.columns) {
                lane.fetch(index, shape.cards);
            }
        }
        if let Some(near) = &mut self.near {
            near.cursor.fit(near.list.len(), shape.rows);
        }
    }

    /// Asks for lines to try.
    pub fn trial(&self, cx: &mut Cx<'_>) {
        if cx.shared.hidden {
            cx.note(t("已遮数，F12 显示后再试算", "Figures are hidden; F12 shows them"));
            return;
        }
        self.trial.sheet(self.as_of(), cx);
    }

    /// Tries these lines; says whether they can be tried.
    pub fn try_lines(&mut self, draft: TrialDraft, cx: &mut Cx<'_>) -> bool {
        self.trial.ask(draft, self.as_of(), cx)
    }

    /// Offers what the columns may be.
    pub fn group(&mut self, cx: &mut Cx<'_>) {
        let entries =
            words::GROUPS.iter().map(|(_, code, label)| Entry::new(*code, label.get(cx.shared.lang), "")).collect();
        let title = cx.shared.say(t("看板按什么分列", "Columns by"));
        let now = words::GROUPS.iter().find(|(by, ..)| *by == self.by).map_or("", |(_, code, _)| code);
        cx.layer(Layer::Chooser(Chooser::new(title, entries, Then::GroupBy).at(now)));
    }

    /// The columns are to be these; the customer under the cursor keeps it.
    pub fn chosen(&mut self, code: &str, cx: &mut Cx<'_>) {
        let Some((by, ..)) = words::GROUPS.iter().find(|(_, c, _)| *c == code) else { return };
        let row = self.current().cloned();
        self.near = None;
        self.by = *by;
        (self.at, self.first) = (0, 0);
        self.columns(cx.shared);
        if let (Some(row), Some(index)) = (row, &cx.shared.index) {
            let (key, cards) = (key_of(&row, self.by), self.shape().cards);
            if let Some(at) = self.lanes.iter().position(|l| l.key == key) {
                self.at = at;
                if let Some(lane) = self.lanes.get_mut(at) {
                    lane.find(index, row.id, cards);
                }
            }
        }
        self.fetch(cx.shared);
    }

    /// Lists those near a line; the same again goes back to the columns.
    pub fn list_near(&mut self, up: bool, cx: &mut Cx<'_>) {
        if self.near.as_ref().is_some_and(|n| n.up == up) {
            self.near = None;
        } else if cx.shared.index.is_none() {
            cx.note(words::READING);
        } else {
            self.near = Some(NearLine::new(up, self.as_of(), cx.shared));
            self.look(cx);
        }
    }

    /// Marks the customer under the cursor, or no longer, and goes on to the next.
    pub fn mark(&mut self, cx: &mut Cx<'_>) {
        let Some((id, owner)) = self.current().map(|row| (row.id, row.owner)) else { return };
        if self.marks.remove(&id).is_none() {
            if self.marks.len() >= MARKS {
                cx.trouble(t("一次最多选 500 人，按 k 先交出去", "At most 500 at once; k hands these over first"));
                return;
            }
            self.marks.insert(id, owner);
        }
        self.step(Key::plain(Code::Down), cx);
    }

    /// Gives those marked, else the customer under the cursor, to another keeper.
    pub fn keeper(&mut self, cx: &mut Cx<'_>) {
        if self.marks.is_empty() {
            cx.go(Go::Keeper);
            return;
        }
        let ids: Vec<CustomerId> = self.marks.keys().copied().collect();
        let title = words::keeper_of(cx.shared.lang, ids.len());
        let sheet = Sheet::why(title, &["to", "reason"], WhyDraft::default(), Then::Keeper(ids));
        cx.layer(Layer::Sheet(Box::new(sheet)));
    }

    /// Those marked, else the customer under the cursor.
    pub fn chosen_ones(&self) -> Vec<CustomerId> {
        match self.marks.is_empty() {
            true => self.current().map(|row| row.id).into_iter().collect(),
            false => self.marks.keys().copied().collect(),
        }
    }

    /// Holds the tier of the one under the cursor; of several marked ones it is never clear who is meant.
    pub fn hold(&mut self, cx: &mut Cx<'_>) {
        if self.marks.is_empty() {
            cx.go(Go::Hold);
        } else {
            cx.note(t(
                "人工定级一次一人，先按 Esc 取消所选",
                "A tier is held one by one; Esc takes the marks away first",
            ));
        }
    }

    /// Opens the customer on line `at` of the column, or the one under the cursor.
    pub fn open(&mut self, at: Option<usize>, cx: &mut Cx<'_>) {
        if let Some(n) = at {
            let cursor = match &mut self.near {
                Some(near) => Some((near.list.len(), &mut near.cursor)),
                None => self.lanes.get_mut(self.at).map(|l| (l.count, &mut l.cursor)),
            };
            let Some((len, cursor)) = cursor else { return };
            if cursor.top + n >= len {
                return;
            }
            cursor.at = cursor.top + n;
        }
        match self.current() {
            Some(row) => cx.go(Go::Open(row.id, true)),
            None => self.nobody(cx),
        }
    }

    /// Says why there is nobody to work on.
    fn nobody(&self, cx: &mut Cx<'_>) {
        match cx.shared.index {
            None => cx.note(words::READING),
            Some(_) => cx.note(t("这里没有客户", "Nobody is here")),
        }
    }

    /// Searches within the column: its filter first, then what was typed.
    pub fn search(&mut self, typed: &str, cx: &mut Cx<'_>) {
        let filter = match self.near {
            Some(_) => String::new(),
            None => self.lane().map(|l| words::filter(&l.key, cx.shared)).unwrap_or_default(),
        };
        let text = if filter.is_empty() { typed.to_owned() } else { format!("{filter} {typed}") };
        cx.go(Go::Search(text));
    }

    /// A click on a cell of the pane: gives a column the cursor, a card as well; on the card under the cursor it opens.
    pub fn click(&mut self, x: u16, y: u16, cx: &mut Cx<'_>) {
        let (Some(x), Some(y)) = (x.checked_sub(1), y.checked_sub(1)) else { return };
        let shape = self.shape();
        if let Some(near) = &mut self.near {
            let Some(line) = y.checked_sub(1).map(usize::from).filter(|l| *l < shape.rows) else { return };
            let at = near.cursor.top + line;
            if at == near.cursor.at {
                self.open(None, cx);
            } else if at < near.list.len() {
                near.cursor.at = at;
                self.look(cx);
            }
            return;
        }
        let Some((column, card)) = shape.at(x, y) else { return };
        let lane_at = self.first + column;
        let Some(lane) = self.lanes.get_mut(lane_at) else { return };
        let at = card.map(|line| lane.cursor.top + line).filter(|at| *at < lane.count);
        if at.is_some_and(|at| lane_at == self.at && at == lane.cursor.at) {
            self.open(None, cx);
            return;
        }
        if let Some(at) = at {
            lane.cursor.at = at;
        }
        self.at = lane_at;
        self.look(cx);
    }

    /// Takes pasted text: it is searched for.
    pub fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        let line = crate::domain::values::plain::line(text);
        if !line.is_empty() {
            self.search(&line, cx);
        }
    }

    /// Takes a key the keymap did not want.
    pub fn key(&mut self, key: Key, cx: &mut Cx<'_>) {
        match key.code {
            Code::Enter => self.open(None, cx),
            Code::Esc if self.near.is_some() => {
                self.near = None;
                self.look(cx);
            }
            Code::Esc if !self.marks.is_empty() => {
                self.marks.clear();
                cx.note(t("已取消选择", "Marks taken off"));
            }
            Code::Esc => cx.go(Go::Back),
            Code::Char(c @ '1'..='9') if !key.ctrl => self.open(Some(c as usize - '1' as usize), cx),
            Code::Char('0' | ' ') | Code::Tab | Code::BackTab => {}
            // The board's own letters stay its own where there is nobody to work on.
            Code::Char('k' | 's' | 't' | 'c') if key.text().is_some() => self.nobody(cx),
            Code::Char('/') if key.text().is_some() => self.search("", cx),
            Code::Char(c) if key.text().is_some() => self.search(&c.to_string(), cx),
            _ => self.step(key, cx),
        }
    }

    /// Moves the cursor.
    fn step(&mut self, key: Key, cx: &mut Cx<'_>) {
        let shape = self.shape();
        let last = self.lanes.len().saturating_sub(1);
        if let Some(near) = &mut self.near {
            near.cursor.key(key, near.list.len(), shape.rows);
        } else {
            match key.code {
                Code::Left => self.at = self.at.saturating_sub(1),
                Code::Right => self.at = (self.at + 1).min(last),
                _ => {
                    if let Some(lane) = self.lanes.get_mut(self.at) {
                        lane.cursor.key(key, lane.count, shape.cards);
                    }
                }
            }
            self.fetch(cx.shared);
        }
        self.look(cx);
    }

    /// Lets the archive show whom the cursor stands on.
    fn look(&self, cx: &mut Cx<'_>) {
        if let Some(row) = self.current() {
            cx.go(Go::Open(row.id, false));
        }
    }
}

/// The columns by tier as the store counts them, until the index is there.
fn counted(figures: &Figures) -> Vec<Group> {
    let known = figures.tiers.iter().map(|sum| Group {
        key: GroupKey::Tier(Some(sum.tier)),
        count: usize::try_from(sum.count).unwrap_or_default(),
        aum: sum.aum,
    });
    let without = usize::try_from(figures.no_figures).unwrap_or_default();
    known
        .chain([Group {
            key: GroupKey::Tier(None),
            count: without,
            aum: figures.tiers.iter().all(|sum| sum.aum.is_some()).then_some(Fen::ZERO),
        }])
        .collect()
}

/// The five tiers that people keep stand first; who is in no tier, or unknown, last.
fn in_order(mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort_by_key(|g| match g.key {
        GroupKey::Tier(Some(Tier::Untiered)) => 1,
        GroupKey::Tier(None) => 2,
        _ => 0,
    });
    groups
}
