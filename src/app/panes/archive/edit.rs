//! Editing in place: focus, pick lists, save, undo, parking. What a field accepts lives in `domain::archive`.

use super::grid;
use super::parked::{MOST, Parked};
use super::tabs::Tab;
use super::{Archive, Line};
use crate::app::cx::{Cx, Go};
use crate::app::form::{Eyes, Form};
use crate::app::key::{Code, Key};
use crate::app::layers::Layer;
use crate::app::layers::chooser::{Chooser, Entry};
use crate::app::layers::confirm::Confirm;
use crate::app::layers::then::{Next, Then};
use crate::app::list::Cursor;
use crate::app::words;
use crate::domain::archive::FIELDS;
use crate::domain::customer::Customer;
use crate::domain::field::Edit;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::text::t;
use crate::store::customers::Ask;
use crate::store::request;

impl Archive {
    /// Works on the form with what it needs to read and show values.
    fn with_form<R>(&mut self, cx: &Cx<'_>, work: impl FnOnce(&mut Form<Customer>, Eyes<'_>) -> R) -> Option<R> {
        self.form.as_mut().map(|form| work(form, cx.shared.eyes()))
    }

    /// Gives the form the focus, on a field of the tab shown.
    pub(super) fn enter_form(&mut self, cx: &mut Cx<'_>) {
        let fields = self.fields();
        self.with_form(cx, |form, eyes| {
            if !fields.contains(&form.focus())
                && let Some(first) = fields.first()
            {
                form.go(*first, eyes);
            }
        });
        self.in_form = self.form.is_some();
        self.follow();
    }

    /// Gives the form the focus on the first empty field of the tab: a letter typed on the card never replaces a value.
    pub(super) fn enter_empty(&mut self, cx: &mut Cx<'_>) {
        let fields = self.fields();
        self.with_form(cx, |form, eyes| {
            let empty = |at: &&usize| form.fields().get(**at).is_some_and(|f| f.get(form.draft()).is_empty());
            if let Some(at) = fields.iter().find(empty).copied() {
                form.go(at, eyes);
            }
        });
        self.enter_form(cx);
    }

    /// Takes what is typed in the field in focus into the record.
    pub(super) fn leave_field(&mut self, cx: &mut Cx<'_>) {
        self.with_form(cx, |form, eyes| form.leave(eyes));
    }

    /// Keeps the field in focus visible.
    fn follow(&mut self) {
        let fields = self.fields();
        if let Some(at) = self.form.as_ref().and_then(|f| fields.iter().position(|x| *x == f.focus())) {
            self.cursor.at = at;
            self.cursor.fit(fields.len(), self.height.max(1));
        }
    }

    /// Puts the focus on the field with this code, on its tab.
    pub fn go_to_field(&mut self, code: &str, cx: &mut Cx<'_>) {
        if let Some(field) = FIELDS.iter().find(|f| f.code == code) {
            self.leave_field(cx);
            self.tab = Tab::Group(field.group);
            self.with_form(cx, |form, eyes| form.go_to(code, eyes));
            self.enter_form(cx);
        }
    }

    pub(super) fn form_key(&mut self, key: Key, cx: &mut Cx<'_>) {
        if key.code == Code::Esc {
            self.leave_field(cx);
            self.in_form = false;
            return;
        }
        let fields = self.fields();
        let (first, last) = (fields.first().copied().unwrap_or(0), fields.last().copied().unwrap_or(0));
        let at = self.form.as_ref().map_or(0, Form::focus);
        let here = fields.iter().position(|f| *f == at).unwrap_or(0);
        if let Code::Up | Code::Down = key.code
            && let Some(to) = grid::beside(&self.grid(), here, key.code == Code::Down)
            && let Some(to) = fields.get(to).copied()
        {
            self.with_form(cx, |form, eyes| form.go(to, eyes));
            self.follow();
            return;
        }
        let on = matches!(key.code, Code::Enter | Code::Tab | Code::Down);
        let back = matches!(key.code, Code::BackTab | Code::Up);
        // Past the last field or row the next tab begins, before the first the card.
        if on && (at == last || key.code == Code::Down) {
            let good = self.with_form(cx, |form, eyes| form.leave(eyes)).unwrap_or(true);
            if !good && key.code == Code::Enter {
                self.with_form(cx, |form, eyes| form.begin(false, eyes));
                return;
            }
            let next = self.tab.step(1);
            if matches!(next, Tab::Group(_)) {
                self.show_tab(next, cx);
                self.with_form(cx, |form, eyes| form.go(last + 1, eyes));
                self.enter_form(cx);
            }
            return;
        }
        if back && (at == first || key.code == Code::Up) {
            self.leave_field(cx);
            self.in_form = false;
            return;
        }
        self.with_form(cx, |form, eyes| form.key(key, eyes));
        self.follow();
    }

    /// A value is masked again: a line that shows it as it was is closed; one that differs is what somebody types.
    pub fn close_field(&mut self, code: &str, eyes: Eyes<'_>) {
        if let Some(form) = self.form.as_mut().filter(|f| f.focused().is_some_and(|f| f.code == code)) {
            form.close(eyes);
        }
    }

    /// Offers the values of the field in focus (F4).
    pub fn pick(&mut self, cx: &mut Cx<'_>) {
        if !self.typing() {
            self.enter_form(cx);
        }
        let Some(field) = self.form.as_ref().and_then(Form::focused) else { return };
        let current = self.form.as_ref().map(|f| field.get(f.draft())).unwrap_or_default();
        let title = field.label.get(cx.shared.lang);
        match words::choices(field.kind, cx.shared) {
            Some(entries) => cx.layer(Layer::Chooser(Chooser::new(title, entries, Then::Field).at(&current))),
            None => cx.note(t("此项直接输入，没有可选项", "This field is typed; there is no list")),
        }
    }

    /// Puts a chosen value into the field in focus and moves on.
    pub fn put(&mut self, text: &str, cx: &mut Cx<'_>) {
        let taken = self.with_form(cx, |form, eyes| {
            let at = form.focus();
            form.go(at, eyes);
            form.put(at, text, eyes)
        });
        if taken == Some(true) {
            self.form_key(Key::plain(Code::Tab), cx);
        }
    }

    /// Saves what was changed.
    pub fn save(&mut self, cx: &mut Cx<'_>) {
        let Some(opened) = &self.opened else { return Archive::nothing(cx) };
        let (id, base_rev) = (opened.customer.id, opened.customer.rev);
        self.leave_field(cx);
        let wrong = self.form.as_ref().and_then(|f| {
            let (at, complaint) = f.first_refused()?;
            Some((f.fields().get(at)?.code, complaint.get(cx.shared.lang).to_owned()))
        });
        if let Some((code, complaint)) = wrong {
            self.go_to_field(code, cx);
            self.with_form(cx, |form, eyes| form.begin(false, eyes));
            cx.refuse(complaint);
            return;
        }
        let mut edits = self.form.as_ref().map(Form::edits).unwrap_or_default();
        let mut base_rev = base_rev;
        if let Some((rev, first)) = &self.began {
            base_rev = *rev;
            for edit in &mut edits {
                if let Some(f) = first.iter().find(|f| f.field == edit.field) {
                    edit.before.clone_from(&f.before);
                }
            }
        }
        if edits.is_empty() {
            cx.note(t("没有改动", "Nothing changed"));
            return;
        }
        self.save_edits(id, base_rev, edits, cx);
    }

    /// Saves these fields of this archive.
    pub fn save_edits(&mut self, id: CustomerId, base_rev: i64, edits: Vec<Edit>, cx: &mut Cx<'_>) {
        let ask =
            Ask::Save { op: cx.shared.op(), id, base_rev, edits, reason: String::new(), stamp: cx.shared.stamp() };
        cx.write(request::Ask::Customers(ask));
    }

    /// A clash was decided: fields left to the colleague take their value; what was typed elsewhere stays.
    pub fn leave_to_them(&mut self, theirs: &[&str], cx: &mut Cx<'_>) {
        self.with_form(cx, |form, eyes| {
            let fields: Vec<_> = form.fields().to_vec();
            for (at, field) in fields.iter().enumerate().filter(|(_, f)| theirs.contains(&f.code)) {
                let value = field.get(form.base());
                form.put(at, &value, eyes);
            }
        });
        if let Some((_, first)) = &mut self.began {
            first.retain(|e| !theirs.contains(&e.field.as_str()));
        }
    }

    /// Takes back the last step.
    pub fn undo(&mut self, cx: &mut Cx<'_>) {
        let field = self.with_form(cx, |form, eyes| form.undo(eyes)).flatten();
        self.stepped(field.map(|f| f.code), t("没有可撤销的", "Nothing to undo"), cx);
    }

    /// Makes an undone step again.
    pub fn redo(&mut self, cx: &mut Cx<'_>) {
        let field = self.with_form(cx, |form, eyes| form.redo(eyes)).flatten();
        self.stepped(field.map(|f| f.code), t("没有可重做的", "Nothing to redo"), cx);
    }

    fn stepped(&mut self, code: Option<&'static str>, nothing: crate::domain::text::Text, cx: &mut Cx<'_>) {
        match code {
            Some(code) => self.go_to_field(code, cx),
            None => cx.note(nothing),
        }
    }

    /// Goes back one step: from the form to the card, from the card to where one came from; asks only when something would be lost.
    pub fn back(&mut self, cx: &mut Cx<'_>) -> bool {
        if self.in_form {
            self.leave_field(cx);
            self.in_form = false;
            return true;
        }
        if self.tab == Tab::Txns && self.shelf.clear() {
            self.cursor = Cursor::default();
            return true;
        }
        if self.dirty(cx.shared) {
            let name = self.opened.as_ref().map(|o| o.customer.name.clone()).unwrap_or_default();
            let question = words::drop_edits(cx.shared.lang, &name, self.form.as_ref().map_or(0, Form::changed_count));
            let yes = cx.shared.say(t("放弃修改", "Discard")).to_owned();
            cx.layer(Layer::Confirm(Confirm::new(question, yes, Then::DropEdits(Next::Stay))));
            return true;
        }
        false
    }

    /// What is typed and not saved, as it would be parked.
    pub fn unsaved(&self, cx: &Cx<'_>) -> Option<Parked> {
        let eyes = cx.shared.eyes();
        let form = self.form.as_ref().filter(|f| f.dirty(eyes))?;
        let customer = &self.opened.as_ref()?.customer;
        let mut kept = form.keep(eyes);
        // As it was when the edit began: what a colleague saved since must not pass for it when the form is taken up again.
        for edit in &mut kept.edits {
            if let Some(f) = self.began.iter().flat_map(|(_, first)| first).find(|f| f.field == edit.field) {
                edit.before.clone_from(&f.before);
            }
        }
        Some(Parked {
            customer: Some(customer.id),
            by: cx.shared.me.unwrap_or_default(),
            name: customer.name.clone(),
            at: cx.shared.now,
            kept,
        })
    }

    /// Puts the form aside (feature 201). Says whether there was room.
    pub fn park(&mut self, cx: &mut Cx<'_>) -> bool {
        let Some(parked) = self.unsaved(cx) else { return true };
        if !self.put_aside(parked, cx) {
            return false;
        }
        self.drop_edits();
        true
    }

    /// Adds a form to those put aside. Says whether there was room.
    pub fn put_aside(&mut self, parked: Parked, cx: &mut Cx<'_>) -> bool {
        let same = |p: &Parked| p.customer.is_some() && p.customer == parked.customer && p.by == parked.by;
        self.parked.retain(|p| !same(p));
        if self.parked_by(Some(parked.by)) >= MOST {
            cx.trouble(t(
                "已挂起五张表单，先用 Ctrl+T 取回一张",
                "Five forms are parked; take one up again with Ctrl+T first",
            ));
            return false;
        }
        cx.done(words::parked(cx.shared.lang, &parked.name));
        self.parked.push(parked);
        cx.go(Go::Drafts);
        true
    }

    /// How many forms this colleague has parked.
    pub fn parked_by(&self, me: Option<StaffId>) -> usize {
        self.parked.iter().filter(|p| Some(p.by) == me).count()
    }

    /// Lists the parked forms of the one who works here.
    pub fn parked_list(&self, cx: &mut Cx<'_>) {
        let me = cx.shared.me;
        if self.parked_by(me) == 0 {
            cx.note(t("没有挂起的表单", "No forms are parked"));
            return;
        }
        let entries = self.parked.iter().enumerate().filter(|(_, p)| Some(p.by) == me).map(|(at, p)| {
            let what = words::parked_what(cx.shared.lang, p.kept.edits.len() + p.kept.refused.len());
            Entry::new(at.to_string(), format!("{}  {what}", p.name), p.at.format("%H:%M").to_string())
        });
        let entries = entries.collect();
        let title = cx.shared.say(t("取回挂起的表单", "Take up a parked form"));
        cx.layer(Layer::Chooser(Chooser::new(title, entries, Then::Unpark)));
    }

    /// Brings a parked form of the customer shown back onto it.
    pub(super) fn bring_back(&mut self, id: CustomerId, cx: &mut Cx<'_>) {
        let me = cx.shared.me;
        let mine = |p: &Parked| p.customer == Some(id) && Some(p.by) == me;
        let Some(at) = self.parked.iter().position(mine) else { return };
        let parked = self.parked.remove(at);
        let taken = self.with_form(cx, |form, eyes| {
            let now = |e: &Edit| form.fields().iter().find(|f| f.code == e.field).map(|f| f.get(form.base()));
            let others = parked.kept.edits.iter().filter(|e| now(e).is_some_and(|v| v != e.before && v != e.after));
            let others: Vec<Edit> = others.cloned().collect();
            form.bring_back(&parked.kept, eyes);
            others
        });
        if let Some(field) = FIELDS.iter().find(|f| f.code == parked.kept.focus) {
            self.tab = Tab::Group(field.group);
            self.enter_form(cx);
        }
        cx.done(words::brought_back(cx.shared.lang, &parked.name));
        let taken = taken.unwrap_or_default();
        if let Some(edit) = taken.first() {
            let words = words::touched(cx.shared.lang, &edit.field);
            cx.refuse(words);
            // No save is as old as this: what was saved while the form lay aside is compared field by field.
            let (_, first) = self.began.get_or_insert((0, Vec::new()));
            first.retain(|f| taken.iter().all(|e| e.field != f.field));
            first.extend(taken);
        }
        cx.go(Go::Drafts);
    }

    /// Keeps a form that must not be lost, whatever room there is; with what lies there of the same customer already.
    pub fn rescue(&mut self, mut parked: Parked, cx: &mut Cx<'_>) {
        let same = |p: &Parked| p.customer.is_some() && p.customer == parked.customer && p.by == parked.by;
        if let Some(at) = self.parked.iter().position(same) {
            let older = self.parked.remove(at).kept;
            let news = |code: &str| parked.kept.edits.iter().any(|e| e.field == code);
            let edits: Vec<Edit> = older.edits.into_iter().filter(|e| !news(&e.field)).collect();
            let refused: Vec<_> = older.refused.into_iter().filter(|(code, _)| !news(code)).collect();
            parked.kept.edits.extend(edits);
            parked.kept.refused.extend(refused);
        }
        self.parked.push(parked);
        cx.go(Go::Drafts);
    }

    /// Shows no archive any more, because the one shown is gone; what was typed in it is the draft of a new one.
    pub fn let_go(&mut self, cx: &mut Cx<'_>) {
        if let Some(mut parked) = self.unsaved(cx)
            && let Some(o) = &self.opened
        {
            let of = |code: &str| FIELDS.iter().find(|f| f.code == code).map(|f| f.get(&o.customer));
            for code in crate::domain::archive::QUICK {
                let value = of(code).filter(|v| !v.is_empty());
                if let Some(after) = value.filter(|_| parked.kept.edits.iter().all(|e| e.field != code)) {
                    parked.kept.edits.push(Edit { field: code.to_owned(), before: String::new(), after });
                }
            }
            self.rescue(parked, cx);
        }
        (self.opened, self.form, self.began, self.wanted) = (None, None, None, None);
        self.news.clear();
        self.in_form = false;
    }

    /// The archive of these drafts is gone: they are drafts of a new one.
    pub fn orphan(&mut self, id: CustomerId, cx: &mut Cx<'_>) {
        for parked in self.parked.iter_mut().filter(|p| p.customer == Some(id)) {
            parked.customer = None;
            if !parked.name.is_empty() && parked.kept.edits.iter().all(|e| e.field != "name") {
                let after = parked.name.clone();
                parked.kept.edits.push(Edit { field: "name".to_owned(), before: String::new(), after });
            }
            cx.go(Go::Drafts);
        }
    }

    /// Asks whether the field under the cursor of the changes is to be put back.
    pub(super) fn ask_put_back(&mut self, cx: &mut Cx<'_>) {
        let lines = self.lines();
        let Some(Line::Change(change, Some(edit))) = lines.get(self.cursor.at) else {
            cx.note(t("这一行没有可恢复的内容", "There is nothing to put back on this line"));
            return;
        };
        if change.entity != crate::domain::change::Entity::Customer {
            cx.note(t("只有档案字段可以恢复", "Only fields of the archive can be put back"));
            return;
        }
        let question = words::put_back(cx.shared, edit);
        let then = Then::PutBack { seq: change.seq, field: edit.field.clone() };
        let yes = cx.shared.say(t("恢复", "Put back")).to_owned();
        cx.layer(Layer::Confirm(Confirm::new(question, yes, then)));
    }

    /// Says that the archive was verified today and nothing had changed (feature 34).
    pub fn verified(&mut self, cx: &mut Cx<'_>) {
        let Some(o) = &self.opened else { return Archive::nothing(cx) };
        let today = cx.shared.today().format("%Y-%m-%d").to_string();
        let before = o.customer.verified.map(|d| d.format("%Y-%m-%d").to_string()).unwrap_or_default();
        let (id, rev) = (o.customer.id, o.customer.rev);
        self.save_edits(id, rev, vec![Edit { field: "verified".into(), before, after: today }], cx);
    }
}
