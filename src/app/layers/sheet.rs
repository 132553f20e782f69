//! A small form on top of the panes: new customer, family member, occasion, link, remark, own task, tier hold, reasons. What is done
//! with a filled one is decided in the machine.

use super::then::{Reaction, Then};
use crate::app::drafts::goals::GoalsDraft;
use crate::app::drafts::trial::TrialDraft;
use crate::app::drafts::{self, DelegateDraft, HoldDraft, TaskDraft, WhyDraft};
use crate::app::form::{Eyes, Form};
use crate::app::key::{Code, Key};
use crate::domain::archive::{self, parts};
use crate::domain::customer::Customer;
use crate::domain::entitlement::Entitlement;
use crate::domain::family::{Link, Member, Occasion, Part, PartRow, Remark};
use crate::domain::field::Kind;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::text::{Complaint, Text};
use crate::store::customers::Known;
use chrono::NaiveDate;

/// What a sheet holds.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a sheet is boxed as a whole, and there is one at a time")]
pub enum Record {
    /// A new archive, six fields.
    New(Form<Customer>),
    /// A family member.
    Member(Form<Member>),
    /// A yearly occasion.
    Occasion(Form<Occasion>),
    /// A link.
    Link(Form<Link>),
    /// A remark.
    Remark(Form<Remark>),
    /// An entitlement.
    Entitlement(Form<Entitlement>),
    /// A task of one's own.
    Task(Form<TaskDraft>),
    /// A tier hold.
    Hold(Form<HoldDraft>),
    /// Somebody stands in.
    Delegate(Form<DelegateDraft>),
    /// A reason.
    Why(Form<WhyDraft>),
    /// Lines to try.
    Trial(Form<TrialDraft>),
    /// Targets.
    Goals(Form<GoalsDraft>),
}

/// A small form.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What it is.
    pub title: String,
    /// What it holds.
    pub record: Record,
    /// What is done when it is saved.
    pub then: Then,
    /// Whose archive a part belongs to, and the row changed as it was read.
    pub part: Option<(CustomerId, Option<Box<PartRow>>)>,
    /// The newest change known when it was opened.
    pub seen: i64,
    /// It was sent to be saved, and waits for the answer.
    pub sent: bool,
    /// Who is already known by what was typed (new archives).
    pub known: Vec<Known>,
    /// What was last asked about: document, phone, name, birthday.
    pub asked: Option<(String, String, String, Option<NaiveDate>)>,
    /// A line of advice below the form.
    pub advice: String,
}

impl PartialEq for Sheet {
    fn eq(&self, other: &Sheet) -> bool {
        self.title == other.title && self.then == other.then && self.part == other.part
    }
}

/// One row of a sheet as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The label.
    pub label: &'static str,
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub complaint: Option<Complaint>,
    /// It differs from what was read.
    pub changed: bool,
    /// It can be chosen from a list (F4).
    pub picks: bool,
}

/// Calls the same method of whichever form the record is.
macro_rules! each {
    ($record:expr, $form:ident => $body:expr) => {
        match $record {
            Record::New($form) => $body,
            Record::Member($form) => $body,
            Record::Occasion($form) => $body,
            Record::Link($form) => $body,
            Record::Remark($form) => $body,
            Record::Entitlement($form) => $body,
            Record::Task($form) => $body,
            Record::Hold($form) => $body,
            Record::Delegate($form) => $body,
            Record::Why($form) => $body,
            Record::Trial($form) => $body,
            Record::Goals($form) => $body,
        }
    };
}

impl Sheet {
    /// A sheet without a part or known people.
    pub fn new(title: impl Into<String>, record: Record, then: Then) -> Sheet {
        Sheet {
            title: title.into(),
            record,
            then,
            part: None,
            seen: 0,
            sent: false,
            known: Vec::new(),
            asked: None,
            advice: String::new(),
        }
    }

    /// The quick new customer.
    pub fn quick(title: impl Into<String>, owner: Option<StaffId>) -> Sheet {
        Sheet::new_customer(title, owner, &[])
    }

    /// A new customer with more fields than the quick one has.
    pub fn new_customer(title: impl Into<String>, owner: Option<StaffId>, more: &[&str]) -> Sheet {
        let codes = archive::QUICK.iter().chain(more.iter().filter(|code| !archive::QUICK.contains(code)));
        let fields = codes.filter_map(|code| archive::find(code)).collect();
        let blank = Customer { owner, ..Customer::default() };
        Sheet::new(title, Record::New(Form::new(blank, fields)), Then::Save)
    }

    /// The sheet of a part of an archive; `row` when it is there already.
    pub fn part(title: impl Into<String>, customer: CustomerId, row: Option<Box<PartRow>>, part: Part) -> Sheet {
        let record = match part {
            Part::Member(m) => Record::Member(Form::new(m, parts::MEMBER.iter().collect())),
            Part::Occasion(o) => Record::Occasion(Form::new(o, parts::OCCASION.iter().collect())),
            Part::Link(l) => Record::Link(Form::new(l, parts::LINK.iter().collect())),
            Part::Remark(r) => Record::Remark(Form::new(r, parts::REMARK.iter().collect())),
            Part::Entitlement(e) => Record::Entitlement(Form::new(e, parts::ENTITLEMENT.iter().collect())),
        };
        Sheet { part: Some((customer, row)), ..Sheet::new(title, record, Then::Save) }
    }

    /// The sheet of a task of one's own. About whom it is stands above what is to be done, which is typed first.
    pub fn task(title: impl Into<String>, draft: TaskDraft, eyes: Eyes<'_>) -> Sheet {
        let mut form = Form::new(draft, drafts::TASK.iter().collect());
        form.go_to("text", eyes);
        Sheet::new(title, Record::Task(form), Then::Save)
    }

    /// The sheet that asks for a reason, and for a colleague or a day first where one is needed.
    pub fn why(title: impl Into<String>, fields: &[&str], draft: WhyDraft, then: Then) -> Sheet {
        let fields = drafts::WHY.iter().filter(|f| fields.contains(&f.code)).collect();
        Sheet::new(title, Record::Why(Form::new(draft, fields)), then)
    }

    /// The day until which a line of the queue is put off, on the sheet that asks for it.
    pub fn until(&self) -> Option<NaiveDate> {
        match &self.record {
            Record::Why(form) => form.draft().until,
            _ => None,
        }
    }

    /// The rows to draw.
    pub fn rows(&self, eyes: Eyes<'_>) -> Vec<View> {
        each!(&self.record, form => (0..form.fields().len()).filter_map(|at| {
            let field = form.fields().get(at)?;
            Some(View {
                label: field.label.get(eyes.lang),
                text: if form.changed(at) { form.text(at, eyes) } else { form.shown(at, eyes) },
                complaint: form.complaint(at, eyes),
                changed: form.changed(at),
                picks: matches!(field.kind, Kind::Pick(_) | Kind::Staff | Kind::Customer),
            })
        }).collect())
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        each!(&self.record, form => form.fields().len())
    }

    /// Whether it has none; it always has some.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the row in focus, and the line typed in it.
    pub fn focus(&self) -> (usize, Option<&crate::app::input::Line>) {
        each!(&self.record, form => (form.focus(), form.line()))
    }

    /// The kind of the field in focus and its code.
    pub fn focused(&self) -> Option<(Kind, &'static str, Text)> {
        each!(&self.record, form => form.focused().map(|f| (f.kind, f.code, f.label)))
    }

    /// Puts a chosen value into the field in focus and moves on.
    pub fn put(&mut self, text: &str, eyes: Eyes<'_>) {
        each!(&mut self.record, form => {
            let at = form.focus();
            form.go(at, eyes);
            if form.put(at, text, eyes) {
                form.go(at + 1, eyes);
            }
        });
    }

    /// Puts the focus on a row, as the mouse does.
    pub fn go(&mut self, at: usize, eyes: Eyes<'_>) {
        each!(&mut self.record, form => form.go(at, eyes));
    }

    /// Whether anything would be lost.
    pub fn dirty(&self, eyes: Eyes<'_>) -> bool {
        each!(&self.record, form => form.dirty(eyes))
    }

    /// Takes what is typed into the record; what is wrong first, if anything.
    pub fn finish(&mut self, eyes: Eyes<'_>) -> Option<Complaint> {
        each!(&mut self.record, form => {
            form.leave(eyes);
            let wrong = form.first_refused().map(|(at, c)| (at, c.clone()));
            if let Some((at, complaint)) = wrong {
                form.go(at, eyes);
                form.begin(false, eyes);
                return Some(complaint);
            }
        });
        None
    }

    /// Types pasted text.
    pub fn paste(&mut self, text: &str, eyes: Eyes<'_>) {
        each!(&mut self.record, form => form.paste(text, eyes));
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, eyes: Eyes<'_>) -> Reaction {
        let last = each!(&self.record, form => form.focus() + 1 == form.fields().len());
        match key.code {
            Code::Esc => Reaction::Close,
            Code::F(8) => Reaction::Submit,
            Code::Char('s') if key.ctrl => Reaction::Submit,
            Code::F(4) => Reaction::PickList,
            Code::Char('z') if key.ctrl => {
                each!(&mut self.record, form => { form.undo(eyes); });
                Reaction::Stay
            }
            Code::Char('y') if key.ctrl => {
                each!(&mut self.record, form => { form.redo(eyes); });
                Reaction::Stay
            }
            // Enter on the last field saves: there is nothing left to fill.
            Code::Enter if last => Reaction::Submit,
            _ => {
                each!(&mut self.record, form => form.key(key, eyes));
                Reaction::Stay
            }
        }
    }

    /// The part as it should be saved.
    pub fn as_part(&self) -> Option<Part> {
        match &self.record {
            Record::Member(f) => Some(Part::Member(f.draft().clone())),
            Record::Occasion(f) => Some(Part::Occasion(f.draft().clone())),
            Record::Link(f) => Some(Part::Link(f.draft().clone())),
            Record::Remark(f) => Some(Part::Remark(f.draft().clone())),
            Record::Entitlement(f) => Some(Part::Entitlement(f.draft().clone())),
            _ => None,
        }
    }
}
