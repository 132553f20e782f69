//! What one does with a line: log a contact, mark it done, put it off, hand it on, give it up, change it. Nothing vanishes silently:
//! all but doing ask for a reason.

use super::Agenda;
use super::print;
use super::transfer;
use crate::app::cx::{Cx, Go};
use crate::app::drafts::{TaskDraft, WhyDraft};
use crate::app::layers::Layer;
use crate::app::layers::call::Call;
use crate::app::layers::sheet::Sheet;
use crate::app::layers::then::Then;
use crate::app::words::agenda as words;
use crate::domain::agenda::key::{Key, Matter};
use crate::domain::agenda::{Detail, Item, Mark, Source};
use crate::domain::subject::Kind;
use crate::domain::text::{Text, t};
use crate::store::{agenda, request};
use chrono::Days;

impl Agenda {
    /// Does the line: logs a contact for it; one's own task, or what is about nobody, is done at once.
    pub fn log(&mut self, cx: &mut Cx<'_>) {
        if self.wall_log(cx) {
            return;
        }
        let Some(item) = self.current() else { return };
        if let Some(chooser) = transfer::choices(cx.shared, item) {
            cx.layer(Layer::Chooser(chooser));
            return;
        }
        match &item.who {
            // The second person's word needs no contact.
            Some(who) if item.source != Source::Own && item.source != Source::Request && !second(item) => {
                let call = Call::new(who.id, who.name.clone(), Some(item.key.clone()));
                self.doing = Some(item.key.clone());
                cx.layer(Layer::Call(call));
            }
            _ => self.finish(cx),
        }
    }

    /// Marks the line done without a contact; of an alert it is asked first what was found.
    pub fn finish(&mut self, cx: &mut Cx<'_>) {
        let Some(item) = self.current().cloned() else { return };
        if item.source == Source::Alert && !second(&item) {
            self.ask_why(t("核实结果", "Found out about"), &["reason"], WhyDraft::default(), Mark::Done, cx);
            return;
        }
        if item.source == Source::Request {
            if let (Detail::Request(case), true) = (&item.detail, second(&item))
                && case.kind == Kind::Erasure
            {
                // It is answered by being done.
                cx.go(Go::Erase(case.customer));
                return;
            }
            let what = if second(&item) { t("答复", "Answered") } else { t("核实身份", "Who asks, checked") };
            self.ask_why(what, &["reason"], WhyDraft::default(), Mark::Done, cx);
            return;
        }
        if self.changes_hands(cx) || cx.out.writing() {
            // Twice the key must not be twice the deed: the next line would be done unseen.
            return;
        }
        let (op, stamp) = (cx.shared.op(), cx.shared.stamp());
        let ask = agenda::Ask::Mark {
            op,
            key: item.key.clone(),
            customer: item.who.as_ref().map(|w| w.id),
            mark: Mark::Done,
            seen: cx.shared.seq,
            reason: String::new(),
            stamp,
        };
        if cx.write(request::Ask::Agenda(ask)) {
            self.marking = words::line_name(&item, cx.shared.lang);
            self.finishing = Some(words::finished(&self.marking, cx.shared.lang));
            self.doing = Some(item.key);
        }
    }

    /// A line was marked by this change, by which it can be taken back.
    pub fn marked(&mut self, seq: i64) {
        self.marked.push((seq, std::mem::take(&mut self.marking)));
    }

    /// A colleague dealt with it first: nothing was marked.
    pub fn not_marked(&mut self) {
        (self.marking, self.finishing) = (String::new(), None);
    }

    /// What to say when the line marked done is done.
    pub fn finished(&mut self) -> Option<String> {
        self.finishing.take()
    }

    /// Takes back the newest mark of this sitting.
    pub fn take_back(&mut self, cx: &mut Cx<'_>) {
        let Some((seq, name)) = self.marked.last() else {
            cx.note(t("没有可取回的", "Nothing to take back"));
            return;
        };
        if cx.out.writing() {
            return;
        }
        let ask = agenda::Ask::TakeBack { op: cx.shared.op(), seq: *seq, stamp: cx.shared.stamp() };
        if cx.write(request::Ask::Agenda(ask)) {
            self.finishing = Some(words::taken_back(name, cx.shared.lang));
            // Whether it is taken back or refused, the same is not tried twice.
            self.marked.pop();
        }
    }

    /// Asks until when the line is put off, and why.
    pub fn snooze(&mut self, cx: &mut Cx<'_>) {
        let tomorrow = cx.shared.today().checked_add_days(Days::new(1)).unwrap_or(cx.shared.today());
        let until = cx.shared.holidays().working_day_from(tomorrow);
        let draft = WhyDraft { until: Some(until), ..WhyDraft::default() };
        self.ask_why(t("推迟", "Snooze"), &["until", "reason"], draft, Mark::Snoozed { until }, cx);
    }

    /// Asks to whom the line is handed on, and why.
    pub fn hand_on(&mut self, cx: &mut Cx<'_>) {
        let mark = Mark::HandedOn { to: Default::default() };
        self.ask_why(t("转办", "Hand on"), &["to", "reason"], WhyDraft::default(), mark, cx);
    }

    /// Asks why the line will not be done; or, of an alert to be confirmed, why it is sent back.
    pub fn cancel(&mut self, cx: &mut Cx<'_>) {
        let back = self.current().is_some_and(|i| second(i) && i.source != Source::Request);
        let refuse = self.current().is_some_and(|i| i.source == Source::Request);
        let what = if refuse {
            t("拒绝", "Refuse")
        } else if back {
            t("退回再查", "Send back")
        } else {
            t("取消", "Cancel")
        };
        self.ask_why(what, &["reason"], WhyDraft::default(), Mark::Cancelled, cx);
    }

    /// A customer changing hands is answered, nothing else; it is said how.
    fn changes_hands(&self, cx: &mut Cx<'_>) -> bool {
        let so = self.current().is_some_and(|i| matches!(i.detail, Detail::Transfer(_)));
        if so {
            cx.note(t("移交要接受、拒绝或撤回：按 F8 选", "A hand-over is accepted, refused or taken back: F8"));
        }
        so
    }

    fn ask_why(&mut self, what: Text, fields: &[&str], draft: WhyDraft, mark: Mark, cx: &mut Cx<'_>) {
        if self.changes_hands(cx) {
            return;
        }
        let Some(item) = self.current() else { return };
        let name = words::line_name(item, cx.shared.lang);
        let title = format!("{} {name}", cx.shared.say(what));
        let customer = item.who.as_ref().map(|w| w.id);
        let then = Then::Mark { key: item.key.clone(), customer, mark };
        self.doing = Some(item.key.clone());
        self.marking = name;
        let mut sheet = Sheet::why(title, fields, draft, then);
        if fields.contains(&"until") {
            sheet.advice =
                cx.shared.say(t("日期可填 12-03，或天数如 7（七天后）", "Date: 12-03, or days such as 7")).to_owned();
        }
        cx.layer(Layer::Sheet(Box::new(sheet)));
    }

    /// Changes a task of one's own.
    pub fn edit(&mut self, cx: &mut Cx<'_>) {
        let Some(item) = self.current().cloned() else { return };
        let Detail::Own { task, rev, text, repeat } = &item.detail else {
            cx.note(t("只有自办事项可以改内容", "Only tasks of one's own can be changed"));
            return;
        };
        if item.owner != cx.shared.me {
            cx.note(t("这是同事的自办事项，请本人修改", "This is a colleague's own task; they change it themselves"));
            return;
        }
        if let Some(who) = &item.who {
            cx.shared.name_archive(who.id, who.name.clone());
        }
        let draft = TaskDraft {
            row: Some((*task, *rev)),
            text: text.clone(),
            due: Some(item.due),
            repeat: *repeat,
            customer: item.who.as_ref().map(|w| w.id),
        };
        let title = format!("{} {}", cx.shared.say(t("修改", "Change")), words::line_name(&item, cx.shared.lang));
        let sheet = Sheet::task(title, draft, cx.shared.eyes());
        cx.layer(Layer::Sheet(Box::new(sheet)));
    }

    /// Shows the lines as a list to print.
    pub fn print(&mut self, cx: &mut Cx<'_>) {
        let lines: Vec<&Item> = self.rows.iter().filter_map(|r| self.line_of(r)).collect();
        let reading = print::list(cx.shared, self.view, self.day, &lines, &self.shown);
        cx.layer(Layer::Reading(reading));
    }

    fn line_of(&self, row: &super::rows::Row) -> Option<&Item> {
        match row {
            super::rows::Row::Line(at) => self.items.get(*at),
            super::rows::Row::Head(..) => None,
        }
    }
}

/// Whether a line waits for the second person's word on an alert.
fn second(item: &Item) -> bool {
    Key::parse(&item.key).is_some_and(|k| k.matter == Matter::Second)
}
