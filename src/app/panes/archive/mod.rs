//! 客户档案: the ten-second card and the form below it. One customer at a time; what was typed and not saved is parked when the next
//! one comes. How it looks lives in `ui::panes::archive`.

pub mod dealings;
mod edit;
pub mod grid;
pub mod parked;
mod parts;
pub mod shelf;
pub mod tabs;

use crate::app::cx::{Cx, Go, Out, Wait};
use crate::app::form::Form;
use crate::app::key::{Code, Key};
use crate::app::layers::Layer;
use crate::app::layers::call::Call;
use crate::app::list::Cursor;
use crate::app::reach;
use crate::app::shared::Shared;
use crate::app::words::drive as words;
use crate::domain::archive::FIELDS;
use crate::domain::change::{Change, Entity, SECOND, UNPROVED};
use crate::domain::customer::Customer;
use crate::domain::family::{Part, PartRow};
use crate::domain::field::{Edit, Group};
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::text::t;
use crate::store::customers::{Ask, Opened, greet};
use crate::store::{dealings as books, request};
use chrono::{NaiveDate, NaiveDateTime};
use grid::{Cell, lay_out};
use parked::Parked;
use shelf::Shelf;
use tabs::{Hit, Tab};

/// Archives that are remembered for when the drive is away.
const SEEN: usize = 64;
/// Seconds in which one reads what a colleague changed; the next key in the archive after them takes it away.
const READ: i64 = 8;

/// Rows that the ten-second card takes.
pub const CARD: u16 = 5;

/// Asks for an archive and what the extracts say of the customer: both at once, so that the store reads them together.
pub fn ask(out: &mut Out, id: CustomerId, today: NaiveDate) {
    out.ask(Wait::Archive, request::Ask::Customers(Ask::Open { id, today }));
    out.ask(Wait::Books, request::Ask::Dealings(books::Ask::Books { customer: id, today }));
}

/// The archive pane.
#[derive(Debug, Default)]
pub struct Archive {
    opened: Option<Box<Opened>>,
    /// Who may open it in full, where the one who works here may only greet the customer.
    greets: Option<String>,
    form: Option<Form<Customer>>,
    /// What edited fields were when the edit began, and the rev of that: a colleague's save in between must not pass for it.
    began: Option<(i64, Vec<Edit>)>,
    /// What colleagues changed of the archive shown, the newest first, until one has seen it and goes on.
    news: Vec<Change>,
    noticed: NaiveDateTime,
    /// The tab shown.
    pub tab: Tab,
    /// Whether the form has the focus rather than the card: letters type then.
    pub in_form: bool,
    /// The row under the cursor of a tab that is a list.
    pub cursor: Cursor,
    /// Rows visible below the tabs when last told.
    pub height: usize,
    /// Cells it is wide inside its border when last told.
    pub width: u16,
    /// The customer asked for and not yet here.
    pub wanted: Option<CustomerId>,
    /// Forms put aside.
    pub parked: Vec<Parked>,
    /// What the core system's extracts say of those customers.
    pub shelf: Shelf,
    /// Archives seen in this sitting with the time of that, the last one last: what there is to look at while the drive is away.
    seen: Vec<(NaiveDateTime, Box<Opened>)>,
}

/// What a tab that is a list shows in one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Line<'a> {
    /// A part of the archive.
    Part(&'a PartRow),
    /// A change and one of its fields.
    Change(&'a Change, Option<&'a Edit>),
}

impl Archive {
    /// The archive shown, as it was read.
    pub fn opened(&self) -> Option<&Opened> {
        self.opened.as_deref()
    }

    /// Who may open the archive shown in full, where only the card is shown.
    pub fn greets(&self) -> Option<&str> {
        self.greets.as_deref()
    }

    /// Somebody else sits down: what they may not see of the archive shown is taken away, what they may is read.
    pub fn seen_by(&mut self, cx: &mut Cx<'_>) {
        let Some(opened) = self.opened.take() else { return };
        let id = opened.customer.id;
        if self.greets.is_some() {
            self.opened = Some(opened);
            self.want(id, false, cx);
        } else if reach::kept_from(cx.shared, &opened).is_some() {
            self.seen.clear();
            self.show(opened, cx);
        } else {
            self.opened = Some(opened);
        }
    }

    /// What colleagues changed of it before one's eyes, the newest first.
    pub fn news(&self) -> &[Change] {
        &self.news
    }

    /// Whether a colleague changed this field a moment ago.
    pub fn freshly_changed(&self, code: &str) -> bool {
        self.news.iter().any(|c| c.of_field(code))
    }

    /// Somebody works in the archive: what colleagues changed is no longer said once it could be read.
    pub fn fade(&mut self, now: NaiveDateTime) {
        if (now - self.noticed).num_seconds() >= READ {
            self.news.clear();
        }
    }

    /// The form over it.
    pub fn form(&self) -> Option<&Form<Customer>> {
        self.form.as_ref()
    }

    /// Whether letters go into the form.
    pub fn typing(&self) -> bool {
        match self.tab {
            Tab::Group(_) => self.in_form,
            Tab::Txns => self.shelf.typing,
            _ => false,
        }
    }

    /// Whether something typed is not saved.
    pub fn dirty(&self, shared: &Shared) -> bool {
        self.form.as_ref().is_some_and(|f| f.dirty(shared.eyes()))
    }

    /// The numbers of the fields on the tab shown.
    pub fn fields(&self) -> Vec<usize> {
        let Tab::Group(group) = self.tab else { return Vec::new() };
        FIELDS.iter().enumerate().filter(|(_, f)| f.group == group).map(|(at, _)| at).collect()
    }

    /// Where those fields stand in the form.
    pub fn grid(&self) -> Vec<Cell> {
        let kinds = self.fields().into_iter().filter_map(|at| FIELDS.get(at)).map(|f| f.kind);
        lay_out(kinds, self.width)
    }

    /// The rows of the tab shown, where it is a list with a cursor.
    pub fn lines(&self) -> Vec<Line<'_>> {
        let Some(o) = &self.opened else { return Vec::new() };
        let kin = |p: &&PartRow| matches!(p.part, Part::Member(_) | Part::Occasion(_));
        match self.tab {
            Tab::Kin => o.parts.iter().filter(kin).map(Line::Part).collect(),
            Tab::Links => o.parts.iter().filter(|p| !kin(p)).map(Line::Part).collect(),
            Tab::Changes => o
                .changes
                .iter()
                .flat_map(|c| {
                    // Only fields of the archive are worth a line each; anything else is one event.
                    let whole = c.edits.is_empty() || c.entity != Entity::Customer;
                    let none = whole.then_some(Line::Change(c, None));
                    let edits = if whole { &[] } else { c.edits.as_slice() };
                    let edits = edits.iter().filter(|e| e.field != SECOND && e.field != UNPROVED);
                    none.into_iter().chain(edits.map(move |e| Line::Change(c, Some(e))))
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// How many rows the tab shown has to scroll through.
    pub fn len(&self) -> usize {
        match (self.tab, &self.opened) {
            (Tab::Contacts, Some(o)) => o.contacts.len(),
            (Tab::Assets, Some(o)) => o.figures.len(),
            (tab, _) if tab.is_dealings() => self.dealings_len(),
            (Tab::Group(_), _) => self.fields().len(),
            _ => self.lines().len(),
        }
    }

    /// Whether the tab shown has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Asks for an archive. What was typed in the one shown is parked first; a mere look is given up instead.
    pub fn want(&mut self, id: CustomerId, look: bool, cx: &mut Cx<'_>) {
        let same = self.opened.as_ref().is_some_and(|o| o.customer.id == id);
        if self.dirty(cx.shared) && !same && (look || !self.park(cx)) {
            return;
        }
        self.wanted = Some(id);
        ask(cx.out, id, cx.shared.today());
    }

    /// An archive came: asked for, saved, or read anew.
    pub fn show(&mut self, opened: Box<Opened>, cx: &mut Cx<'_>) {
        let id = opened.customer.id;
        let greets = reach::kept_from(cx.shared, &opened);
        let opened = if greets.is_some() { Box::new(greet::only(&opened)) } else { opened };
        let same = self.opened.as_ref().is_some_and(|o| o.customer.id == id) && self.greets == greets;
        self.greets = greets;
        self.wanted = None;
        for (id, name, no) in &opened.linked {
            cx.shared.name_archive(*id, format!("{name} {no}"));
        }
        if let Some(old) = self.opened.as_ref().filter(|_| same) {
            let fresh = changes_since(old, &opened, cx.shared.me);
            if !fresh.is_empty() {
                self.noticed = cx.shared.now;
                self.news.splice(0..0, fresh);
            }
        } else {
            self.news.clear();
        }
        let record = opened.customer.clone();
        match (&mut self.form, same) {
            (Some(form), true) => {
                let mut edits = form.pending(cx.shared.eyes());
                let based = edits.clone();
                let base = form.base().rev;
                let (rev, mut first) = self.began.take().unwrap_or((base, Vec::new()));
                edits.retain(|e| first.iter().all(|f| f.field != e.field));
                first.extend(edits);
                form.rebase(record, cx.shared.eyes());
                // Only what is still edited counts.
                let still = form.pending(cx.shared.eyes());
                first.retain(|f| still.iter().any(|e| e.field == f.field));
                // Said once, when it happens, and not again with every reading.
                let moved = |e: &Edit| based.iter().any(|b| b.field == e.field && b.before != e.before);
                let taken =
                    still.iter().find(|e| moved(e) && first.iter().any(|f| f.field == e.field && f.before != e.before));
                if let Some(edit) = taken {
                    let words = crate::app::words::touched(cx.shared.lang, &edit.field);
                    cx.refuse(words);
                }
                self.began = (!first.is_empty()).then_some((rev, first));
            }
            _ => {
                self.began = None;
                self.form = Some(Form::new(record, FIELDS.iter().collect()));
                self.tab = Tab::default();
                self.in_form = false;
                self.cursor = Cursor::default();
                self.shelf.clear();
            }
        }
        self.seen.retain(|(_, o)| o.customer.id != id);
        if self.seen.len() == SEEN {
            self.seen.remove(0);
        }
        self.seen.push((cx.shared.now, opened.clone()));
        self.opened = Some(opened);
        if self.greets.is_none() {
            self.bring_back(id, cx);
        }
        let len = self.len();
        self.cursor.fit(len, self.visible());
    }

    /// An archive as it was when it was last seen.
    pub fn remembered(&self, id: CustomerId) -> Option<&Opened> {
        self.seen.iter().find(|(_, o)| o.customer.id == id).map(|(_, o)| &**o)
    }

    /// The drive does not answer: the archive asked for is shown as it was when it was last seen.
    pub fn recall(&mut self, cx: &mut Cx<'_>) {
        let Some(id) = self.wanted.take() else { return };
        let lang = cx.shared.lang;
        let Some((at, opened)) = self.seen.iter().find(|(_, o)| o.customer.id == id).cloned() else {
            cx.refuse(words::never_seen(lang));
            return;
        };
        if self.opened.as_ref().is_some_and(|o| o.customer.id == id) {
            return;
        }
        self.show(opened, cx);
        // It is no younger for having been looked at again.
        if let Some((seen, _)) = self.seen.last_mut() {
            *seen = at;
        }
        cx.refuse(words::as_seen(at, lang));
    }

    /// What was typed lies in the outbox: the form goes on from it as if it were saved.
    pub fn kept(&mut self, id: CustomerId, cx: &mut Cx<'_>) {
        let (Some(o), Some(form)) = (&self.opened, &self.form) else { return };
        if o.customer.id == id {
            let mut opened = o.clone();
            opened.customer = form.draft().clone();
            self.show_saved(opened, cx);
        }
    }

    /// What was saved is shown, also when another archive was shown before. Edits begin from it, but for fields that a colleague
    /// saved last.
    pub fn show_saved(&mut self, opened: Box<Opened>, cx: &mut Cx<'_>) {
        let me = cx.shared.me;
        if let Some((_, first)) = &mut self.began {
            let last = |code: &str| opened.changes.iter().find(|c| c.of_field(code));
            first.retain(|e| last(&e.field).is_some_and(|c| Some(c.by) != me));
        }
        if self.began.as_ref().is_some_and(|(_, first)| first.is_empty()) {
            self.began = None;
        }
        let kept = self.began.clone();
        self.show(opened, cx);
        if kept.is_none() {
            self.began = None;
        }
    }

    /// A click on a cell of the pane: on the tabs shows one, below them puts the cursor there.
    pub fn click(&mut self, x: u16, y: u16, cx: &mut Cx<'_>) {
        if self.greets.is_some() {
            return;
        }
        if y == CARD + 1 {
            let strip = tabs::strip(self.tab, cx.shared.lang, self.width);
            match strip.at(x.saturating_sub(1)) {
                Some(Hit::Tab(tab)) => self.show_tab(tab, cx),
                Some(Hit::Left) => self.step_tab(-1, cx),
                Some(Hit::Right) => self.step_tab(1, cx),
                None => {}
            }
        } else if let Some(row) = usize::from(y).checked_sub(usize::from(CARD) + 3 + self.above()) {
            self.cursor.at = (self.cursor.top + row).min(self.len().saturating_sub(1));
        }
    }

    /// Forgets what was typed and not saved.
    pub fn drop_edits(&mut self) {
        if let Some(form) = &mut self.form {
            form.drop_edits();
        }
        self.began = None;
        self.in_form = false;
    }

    /// Shows a tab.
    pub fn show_tab(&mut self, tab: Tab, cx: &mut Cx<'_>) {
        self.leave_field(cx);
        self.shelf.typing = false;
        self.tab = tab;
        self.cursor = Cursor::default();
        if let (Tab::Group(_), true) = (tab, self.in_form) {
            self.enter_form(cx);
        } else {
            self.in_form = false;
        }
    }

    /// Shows the tab `by` places on.
    pub fn step_tab(&mut self, by: isize, cx: &mut Cx<'_>) {
        self.show_tab(self.tab.step(by), cx);
    }

    /// Logs a contact with the customer shown.
    pub fn log(&mut self, cx: &mut Cx<'_>) {
        if let Some(o) = &self.opened {
            let task = o.due.iter().find(|i| i.source == crate::domain::agenda::Source::Visit).map(|i| i.key.clone());
            cx.layer(Layer::Call(Call::new(o.customer.id, o.customer.name.clone(), task)));
        }
    }

    /// Whether this customer's archive is shown.
    pub fn shows(&self, id: CustomerId) -> bool {
        self.opened.as_ref().is_some_and(|o| o.customer.id == id)
    }

    /// Asks how the customer shown came into their tier.
    pub fn tier(&mut self, cx: &mut Cx<'_>) {
        if cx.shared.hidden {
            cx.note(t("已遮数，F12 显示后再看", "Figures are hidden; F12 shows them"));
            return;
        }
        if let Some(o) = &self.opened {
            let (id, today) = (o.customer.id, cx.shared.today());
            cx.ask(Wait::Tier, request::Ask::Customers(Ask::Tier { id, today }));
        }
    }

    /// Goes into the tab: types in the form, opens the row under the cursor.
    pub fn enter(&mut self, cx: &mut Cx<'_>) {
        match self.tab {
            Tab::Group(_) => self.enter_form(cx),
            Tab::Kin | Tab::Links => self.edit_part(cx),
            Tab::Changes => self.ask_put_back(cx),
            Tab::Contacts => self.log(cx),
            Tab::Assets | Tab::Holdings | Tab::Loans | Tab::Txns | Tab::Services => {}
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        if let Some(words) = self.greets.clone() {
            cx.refuse(words);
            return;
        }
        if self.tab == Tab::Txns && self.opened.is_some() {
            self.filter_txns(|line| line.paste(text), cx);
            return;
        }
        if !matches!(self.tab, Tab::Group(_)) {
            return;
        }
        if !self.in_form {
            self.enter_form(cx);
        }
        if let Some(form) = &mut self.form {
            form.paste(text, cx.shared.eyes());
        }
    }

    /// Takes a key the keymap did not want.
    pub fn key(&mut self, key: Key, cx: &mut Cx<'_>) {
        if self.opened.is_none() {
            if key.text().is_some_and(|c| !c.is_ascii_punctuation()) {
                // Typing searches, also where there is nothing yet.
                cx.go(Go::Focus(crate::app::cx::Pane::Search));
                cx.go(Go::Search(key.text().map(String::from).unwrap_or_default()));
            }
            return;
        }
        if let Some(words) = self.greets.clone() {
            match key.code {
                Code::Esc => cx.go(Go::Run("back")),
                _ => cx.refuse(words),
            }
            return;
        }
        if self.tab == Tab::Txns && self.txns_key(key, cx) {
            return;
        }
        if self.typing() {
            self.form_key(key, cx);
            return;
        }
        let len = self.len();
        match key.code {
            Code::Esc => cx.go(Go::Run("back")),
            Code::Left | Code::BackTab => self.step_tab(-1, cx),
            Code::Right => self.step_tab(1, cx),
            Code::Enter => self.enter(cx),
            Code::Tab | Code::Down if matches!(self.tab, Tab::Group(_)) => self.enter_form(cx),
            Code::Char(c @ '1'..='9') if !key.ctrl => {
                if let Some(tab) = Tab::ALL.get(c as usize - '1' as usize) {
                    self.show_tab(*tab, cx);
                }
            }
            Code::Char(_) if key.text().is_some() && matches!(self.tab, Tab::Group(_)) => {
                self.enter_empty(cx);
                self.form_key(key, cx);
            }
            _ => {
                self.cursor.key(key, len, self.visible());
                self.page_txns(cx);
            }
        }
    }

    /// Says what is missing: the archive is empty.
    pub fn nothing(cx: &mut Cx<'_>) {
        cx.note(t("还没有打开客户：F2 查找，Enter 打开", "No customer open: F2 to search, Enter to open"));
    }

    fn group(&self) -> Option<Group> {
        match self.tab {
            Tab::Group(g) => Some(g),
            _ => None,
        }
    }
}

/// What others changed of an archive from one reading of it to the next, the newest first.
pub fn changes_since(old: &Opened, new: &Opened, me: Option<StaffId>) -> Vec<Change> {
    let head = old.changes.first().map_or(0, |c| c.seq);
    let since = new.changes.iter().take_while(|c| c.seq > head);
    since.filter(|c| Some(c.by) != me && !c.edits.is_empty()).cloned().collect()
}
