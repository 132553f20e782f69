//! A form over a record: focus, typed checks, dirty marks, undo and redo. It is drawn by `ui::kit::form`; which fields there
//! are is said in `domain::archive`.

use super::input::Line;
use super::key::{Code, Key};
use crate::domain::field::{Ctx, Edit, Field, Kind, diff};
use crate::domain::staff::Staff;
use crate::domain::text::{Complaint, Lang};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a form needs to know to read and show values.
#[derive(Debug, Clone, Copy)]
pub struct Eyes<'a> {
    /// Today and the people.
    pub ctx: Ctx<'a>,
    /// The language of labels.
    pub lang: Lang,
    /// Names of linked archives, by row id.
    pub names: &'a [(i64, String)],
    /// The code of the field that is revealed for a moment; empty for none.
    pub open: &'a str,
}

impl<'a> Eyes<'a> {
    /// Canonical text as it is typed and shown in a field.
    pub fn show<T>(&self, field: &Field<T>, canonical: &str) -> String {
        self.show_kind(field.kind, canonical)
    }

    /// Canonical text of this kind, as it is typed and shown.
    pub fn show_kind(&self, kind: Kind, canonical: &str) -> String {
        match kind {
            Kind::Customer => self
                .names
                .iter()
                .find(|(id, _)| canonical.parse() == Ok(*id))
                .map_or_else(|| canonical.to_owned(), |(_, name)| name.clone()),
            _ => kind.show(canonical, self.lang, self.staff()),
        }
    }

    fn staff(&self) -> &'a [Staff] {
        self.ctx.staff
    }
}

/// One step that can be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Step {
    field: usize,
    before: String,
    after: String,
}

/// What can be kept of a form on the local disk and brought back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Changed fields.
    pub edits: Vec<Edit>,
    /// Typed text that was refused, by field code.
    pub refused: Vec<(String, String)>,
    /// The code of the field that had the focus.
    pub focus: String,
}

/// A record being edited.
#[derive(Debug, Clone)]
pub struct Form<T: Clone + 'static> {
    fields: Vec<&'static Field<T>>,
    base: T,
    draft: T,
    focus: usize,
    line: Option<Line>,
    /// The line was begun empty over a masked value: as long as nothing is typed the value stays.
    veil: bool,
    refused: BTreeMap<usize, (String, Complaint)>,
    undo: Vec<Step>,
    redo: Vec<Step>,
}

impl<T: Clone + 'static> Form<T> {
    /// A form over `record` with these fields.
    pub fn new(record: T, fields: Vec<&'static Field<T>>) -> Form<T> {
        Form {
            fields,
            draft: record.clone(),
            base: record,
            focus: 0,
            line: None,
            veil: false,
            refused: BTreeMap::new(),
            undo: Vec::new(),
            redo: Vec::new(),
        }
    }

    /// Its fields, in order.
    pub fn fields(&self) -> &[&'static Field<T>] {
        &self.fields
    }

    /// The record as it would be saved.
    pub fn draft(&self) -> &T {
        &self.draft
    }

    /// The record as it was read.
    pub fn base(&self) -> &T {
        &self.base
    }

    /// The number of the field in focus.
    pub fn focus(&self) -> usize {
        self.focus
    }

    /// The field in focus.
    pub fn focused(&self) -> Option<&'static Field<T>> {
        self.fields.get(self.focus).copied()
    }

    /// The line being typed in the field in focus.
    pub fn line(&self) -> Option<&Line> {
        self.line.as_ref()
    }

    /// The text a field shows: what is typed, what was refused, or its value.
    pub fn text(&self, at: usize, eyes: Eyes<'_>) -> String {
        if at == self.focus
            && let Some(line) = &self.line
        {
            return line.text().to_owned();
        }
        if let Some((text, _)) = self.refused.get(&at) {
            return text.clone();
        }
        self.fields.get(at).map(|f| eyes.show(f, &f.get(&self.draft))).unwrap_or_default()
    }

    /// The text a field shows where it lies about: masked, but for what is being typed, was refused, or is revealed.
    pub fn shown(&self, at: usize, eyes: Eyes<'_>) -> String {
        let typed = at == self.focus && self.line.is_some() || self.refused.contains_key(&at);
        match self.fields.get(at) {
            Some(f) if !typed && f.code != eyes.open => eyes.show(f, &f.masked(&f.get(&self.draft))),
            _ => self.text(at, eyes),
        }
    }

    /// Whether the field holds, as it was read, a value that is masked and not revealed.
    pub fn veiled(&self, at: usize, eyes: Eyes<'_>) -> bool {
        self.fields.get(at).is_some_and(|f| {
            let value = f.get(&self.draft);
            f.code != eyes.open && value == f.get(&self.base) && f.masked(&value) != value
        }) && !self.refused.contains_key(&at)
    }

    /// Whether the line being typed is still the untouched one over a masked value.
    fn untouched(&self) -> bool {
        self.veil && self.line.as_ref().is_some_and(Line::is_empty)
    }

    /// What is wrong with a field, if anything; the field in focus is checked as one types.
    pub fn complaint(&self, at: usize, eyes: Eyes<'_>) -> Option<Complaint> {
        if at == self.focus
            && let Some(line) = self.line.as_ref().filter(|_| !self.untouched())
        {
            let field = self.fields.get(at)?;
            return field.set(&mut self.draft.clone(), line.text(), eyes.ctx).err();
        }
        self.refused.get(&at).map(|(_, c)| c.clone())
    }

    /// Whether a field differs from what was read.
    pub fn changed(&self, at: usize) -> bool {
        self.refused.contains_key(&at) || self.fields.get(at).is_some_and(|f| f.get(&self.draft) != f.get(&self.base))
    }

    /// Whether anything would be lost.
    pub fn dirty(&self, eyes: Eyes<'_>) -> bool {
        self.typing(eyes).is_some() || !self.refused.is_empty() || !self.edits().is_empty()
    }

    /// The field being typed in and its text, where that differs from the value it had.
    fn typing(&self, eyes: Eyes<'_>) -> Option<(&'static Field<T>, &str)> {
        let (line, f) = self.line.as_ref().filter(|_| !self.untouched()).zip(self.focused())?;
        (line.text() != eyes.show(f, &f.get(&self.draft))).then_some((f, line.text()))
    }

    /// The changed fields.
    pub fn edits(&self) -> Vec<Edit> {
        self.fields.iter().flat_map(|f| diff(std::slice::from_ref(*f), &self.base, &self.draft)).collect()
    }

    /// The changed fields, and the one being typed in although its text is not taken yet.
    pub fn pending(&self, eyes: Eyes<'_>) -> Vec<Edit> {
        let mut edits = self.edits();
        if let Some((f, text)) = self.typing(eyes) {
            let mut typed = self.draft.clone();
            // What is not yet whole is refused and counts all the same: it is this field that is being typed in.
            let _ = f.set(&mut typed, text, eyes.ctx);
            edits.retain(|e| e.field != f.code);
            edits.push(Edit { field: f.code.to_owned(), before: f.get(&self.base), after: f.get(&typed) });
        }
        edits
    }

    /// How many fields are changed or refused.
    pub fn changed_count(&self) -> usize {
        (0..self.fields.len()).filter(|at| self.changed(*at)).count()
    }

    /// Begins typing in the field in focus, with its text, or empty when `fresh`. Over a masked value it is always empty, and the value
    /// stays until something is typed.
    pub fn begin(&mut self, fresh: bool, eyes: Eyes<'_>) {
        self.veil = self.veiled(self.focus, eyes);
        let text = if fresh || self.veil { String::new() } else { self.text(self.focus, eyes) };
        if !self.focused().is_some_and(|f| matches!(f.kind, Kind::Fixed)) {
            self.line = Some(Line::of(text));
        }
    }

    /// Puts the focus on a field, keeping what was typed in the last one.
    pub fn go(&mut self, at: usize, eyes: Eyes<'_>) {
        self.leave(eyes);
        self.focus = at.min(self.fields.len().saturating_sub(1));
    }

    /// Puts the focus on the field with this code.
    pub fn go_to(&mut self, code: &str, eyes: Eyes<'_>) {
        if let Some(at) = self.fields.iter().position(|f| f.code == code) {
            self.go(at, eyes);
        }
    }

    /// Takes what was typed into the record, or keeps it as refused. Says whether all is well.
    pub fn leave(&mut self, eyes: Eyes<'_>) -> bool {
        let untouched = self.untouched();
        self.veil = false;
        let Some(line) = self.line.take().filter(|_| !untouched) else {
            return !self.refused.contains_key(&self.focus);
        };
        let at = self.focus;
        let Some(field) = self.fields.get(at).copied() else { return true };
        let before = field.get(&self.draft);
        if line.text() == eyes.show(field, &before) && !self.refused.contains_key(&at) {
            return true;
        }
        self.put(at, line.text(), eyes)
    }

    /// Ends typing in the field in focus where nothing of it was changed.
    pub fn close(&mut self, eyes: Eyes<'_>) {
        if self.line.is_some() && self.typing(eyes).is_none() {
            (self.line, self.veil) = (None, false);
        }
    }

    /// Puts text into a field, as typed or picked. Says whether it was taken.
    pub fn put(&mut self, at: usize, text: &str, eyes: Eyes<'_>) -> bool {
        let Some(field) = self.fields.get(at).copied() else { return false };
        let before = field.get(&self.draft);
        match field.set(&mut self.draft, text, eyes.ctx) {
            Ok(()) => {
                self.refused.remove(&at);
                let after = field.get(&self.draft);
                if after != before {
                    self.undo.push(Step { field: at, before, after });
                    self.redo.clear();
                }
                true
            }
            Err(complaint) => {
                self.refused.insert(at, (text.to_owned(), complaint));
                false
            }
        }
    }

    /// Takes back the last step. Says what field it was.
    pub fn undo(&mut self, eyes: Eyes<'_>) -> Option<&'static Field<T>> {
        if self.line.is_some() {
            // What is being typed becomes a step, so that redo can bring it back; what was refused is only taken away.
            let steps = self.undo.len();
            self.leave(eyes);
            if self.refused.remove(&self.focus).is_some() || self.undo.len() == steps {
                return self.focused();
            }
        }
        let step = self.undo.pop()?;
        let field = self.step(&step, true, eyes);
        self.redo.push(step);
        field
    }

    /// Makes an undone step again.
    pub fn redo(&mut self, eyes: Eyes<'_>) -> Option<&'static Field<T>> {
        (self.line, self.veil) = (None, false);
        let step = self.redo.pop()?;
        let field = self.step(&step, false, eyes);
        self.undo.push(step);
        field
    }

    fn step(&mut self, step: &Step, back: bool, eyes: Eyes<'_>) -> Option<&'static Field<T>> {
        let field = self.fields.get(step.field).copied()?;
        let text = if back { &step.before } else { &step.after };
        // Canonical text of a value that was valid; a rule that changed meanwhile leaves it as it is.
        let _ = field.set(&mut self.draft, text, eyes.ctx);
        self.refused.remove(&step.field);
        self.focus = step.field;
        Some(field)
    }

    /// The first field whose text was refused.
    pub fn first_refused(&self) -> Option<(usize, &Complaint)> {
        self.refused.iter().next().map(|(at, (_, c))| (*at, c))
    }

    /// Takes an editing or moving key while a form has the focus; says whether it was one. Letters begin typing anew, `Enter` and
    /// arrows move on, a refused text stays under the cursor on `Enter`.
    pub fn key(&mut self, key: Key, eyes: Eyes<'_>) -> bool {
        let last = self.fields.len().saturating_sub(1);
        match key.code {
            Code::Enter if !key.ctrl && !key.alt => {
                if self.leave(eyes) {
                    self.focus = (self.focus + 1).min(last);
                } else {
                    self.begin(false, eyes);
                }
            }
            Code::Tab | Code::Down => {
                let next = (self.focus + 1).min(last);
                self.go(next, eyes);
            }
            Code::BackTab | Code::Up => {
                let next = self.focus.saturating_sub(1);
                self.go(next, eyes);
            }
            Code::Char(_) if key.text().is_some() => {
                if self.line.is_none() {
                    self.begin(true, eyes);
                }
                return self.line.as_mut().is_some_and(|l| l.key(key));
            }
            // A name stands for an archive: half of it would stand for none.
            Code::Backspace | Code::Delete
                if self.line.is_none() && self.focused().is_some_and(|f| matches!(f.kind, Kind::Customer)) =>
            {
                self.begin(true, eyes);
            }
            // Moving about in a masked value would show it; rubbing out begins an empty line, and again on that one clears the field.
            Code::Left | Code::Right | Code::Home | Code::End
                if self.line.is_none() && self.veiled(self.focus, eyes) => {}
            Code::Backspace | Code::Delete if self.untouched() => self.veil = false,
            Code::Backspace | Code::Delete | Code::Left | Code::Right | Code::Home | Code::End => {
                if self.line.is_none() {
                    self.begin(false, eyes);
                }
                return self.line.as_mut().is_some_and(|l| l.key(key));
            }
            Code::Char(c @ ('u' | 'w' | 'a' | 'e')) if key.ctrl => {
                if self.line.is_none() {
                    self.begin(false, eyes);
                    self.veil &= c != 'u';
                }
                return self.line.as_mut().is_some_and(|l| l.key(key));
            }
            _ => return self.line.as_mut().is_some_and(|l| l.key(key)),
        }
        true
    }

    /// Types pasted text.
    pub fn paste(&mut self, text: &str, eyes: Eyes<'_>) {
        if self.line.is_none() {
            self.begin(true, eyes);
        }
        if let Some(line) = &mut self.line {
            line.paste(text);
        }
    }

    /// What is to be kept on the local disk.
    pub fn keep(&self, eyes: Eyes<'_>) -> Kept {
        let mut copy = self.clone();
        copy.leave(eyes);
        Kept {
            edits: copy.edits(),
            refused: copy
                .refused
                .iter()
                .filter_map(|(at, (text, _))| copy.fields.get(*at).map(|f| (f.code.to_owned(), text.clone())))
                .collect(),
            focus: self.focused().map(|f| f.code.to_owned()).unwrap_or_default(),
        }
    }

    /// Brings kept typing back onto the record as it is now.
    pub fn bring_back(&mut self, kept: &Kept, eyes: Eyes<'_>) {
        let edits = kept.edits.iter().map(|e| (&e.field, &e.after));
        let refused = kept.refused.iter().map(|(f, t)| (f, t));
        for (code, text) in edits.chain(refused) {
            if let Some(at) = self.fields.iter().position(|f| f.code == code) {
                self.put(at, text, eyes);
            }
        }
        self.go_to(&kept.focus, eyes);
    }

    /// The record was read anew (saved, or changed by a colleague): what was typed and not saved stays on top of it.
    pub fn rebase(&mut self, record: T, eyes: Eyes<'_>) {
        let kept = self.keep(eyes);
        let fresh = Form::new(record, self.fields.clone());
        let (line, veil) = (self.line.take(), self.veil);
        *self = fresh;
        self.bring_back(&kept, eyes);
        (self.line, self.veil) = (line, veil);
    }

    /// Makes another record of it, in what is not typed: all that was typed stays.
    pub fn make_new(&mut self, change: impl Fn(&mut T)) {
        change(&mut self.base);
        change(&mut self.draft);
    }

    /// Forgets everything that was not saved.
    pub fn drop_edits(&mut self) {
        let focus = self.focus;
        *self = Form::new(self.base.clone(), self.fields.clone());
        self.focus = focus;
    }
}
