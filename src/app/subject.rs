//! Customers' rights in the archive: what they agreed to and withdraw, requests, the access report. The words are in `words::subject`.

use super::cx::{Go, Wait};
use super::drafts::WhyDraft;
use super::event::Effect;
use super::layers::chooser::{Chooser, Entry};
use super::layers::confirm::Confirm;
use super::layers::reading::Paper;
use super::layers::sheet::Sheet;
use super::layers::then::Then;
use super::layers::{Layer, Reading};
use super::rooms::Rooms;
use super::words::subject as words;
use super::words::value::{self, Desk};
use super::{rights, second, words as said};
use crate::domain::consent::{Channel, Purpose};
use crate::domain::ids::CustomerId;
use crate::domain::page::Page;
use crate::domain::rights::Action;
use crate::domain::subject::{Case, Certificate, Kind, State, Tie};
use crate::domain::text::t;
use crate::index::row::Row;
use crate::store::request::{self, Stamp};
use crate::store::subject::{Answer, Ask, Held};

/// Offers what can be done about the rights of the customer shown: what is withdrawn stands first.
pub fn show(r: &mut Rooms) {
    let Some(o) = r.archive.opened() else { return };
    let (lang, customer, name) = (r.shared.lang, o.customer.id, o.customer.name.clone());
    let p = &o.privacy;
    if p.erased.is_some() {
        r.out.ask(Wait::Subject, request::Ask::Subject(Ask::Certificate { customer }));
        return;
    }
    let word = |zh, en| t(zh, en).get(lang);
    let mut entries = Vec::new();
    let of = |purpose, channel| p.said.iter().find(|c| c.purpose == purpose && c.channel == channel);
    let mut pairs: Vec<(Purpose, Channel)> =
        Purpose::ALL.into_iter().flat_map(|p| p.channels().iter().map(move |c| (p, *c))).collect();
    // Offers are what people withdraw.
    pairs.sort_by_key(|(p, _)| *p != Purpose::Marketing);
    let shut = p.withdrawn();
    for (purpose, channel) in pairs {
        let agreed = !shut.contains(&(purpose, channel));
        let act = if agreed { word("撤回", "Withdraw") } else { word("重新同意", "Agree again") };
        let code = format!("{}:{}:{}", if agreed { "no" } else { "yes" }, purpose.code(), channel.code());
        let label = format!("{act} {}", words::pair(purpose, channel, lang));
        entries.push(Entry::new(code, label, words::said(of(purpose, channel), lang)));
    }
    for (purpose, channel) in Purpose::ALL
        .into_iter()
        .flat_map(|p| p.channels().iter().map(move |c| (p, *c)))
        .filter(|(p, c)| of(*p, *c).is_none())
    {
        let code = format!("yes:{}:{}", purpose.code(), channel.code());
        let label = format!("{} {}", word("登记同意", "Agrees to"), words::pair(purpose, channel, lang));
        entries.push(Entry::new(code, label, ""));
    }
    for kind in Kind::ALL {
        let label = format!("{} {}", word("受理请求", "Take a request:"), kind.label().get(lang));
        let hint = p.open(kind).map(|c| words::case(c, lang)).unwrap_or_default();
        entries.push(Entry::new(format!("take:{}", kind.code()), label, hint));
    }
    entries.push(Entry::new("report", word("查阅报告", "Access report"), ""));
    let two = word("要另一人授权", "takes a second person");
    let full = |c: &Case| c.kind == Kind::Access && matches!(c.state, State::Checked | State::Done);
    if p.cases.iter().any(full) {
        entries.push(Entry::new("bare", word("打印查阅报告（全号）", "Print the access report, numbers in full"), two));
    }
    entries.push(Entry::new("check", word("能否删除", "Whether it can be erased"), ""));
    if p.open(Kind::Erasure).is_some_and(|c| c.state == State::Checked) {
        entries.push(Entry::new("erase", word("删除档案", "Erase the archive"), two));
    }
    let title = format!("{} {name}", word("个人信息", "Personal data of"));
    r.layers.push(Layer::Chooser(Chooser::new(title, entries, Then::Subject(customer))));
}

/// Does what was chosen.
pub fn chosen(r: &mut Rooms, customer: CustomerId, code: &str) {
    let today = r.shared.today();
    let mut pieces = code.split(':');
    match (pieces.next(), pieces.next(), pieces.next()) {
        (Some("report"), ..) => r.out.ask(Wait::Subject, request::Ask::Subject(Ask::Held { customer, today })),
        (Some("check"), ..) => r.out.ask(Wait::Subject, request::Ask::Subject(Ask::Check { customer, today })),
        (Some("erase"), ..) => erase(r, customer),
        (Some("bare"), ..) if rights::lets(r, Action::Unmask) => {
            let what = words::to_bare(r.shared.lang, &whom(r, customer));
            second::ask(r, Action::Unmask, what, Then::Bare(customer));
        }
        (Some("bare"), ..) => {}
        (Some("take"), Some(kind), _) => {
            let Some(kind) = Kind::parse(kind) else { return };
            take(r, customer, kind);
        }
        (Some(word), Some(purpose), Some(channel)) => {
            let purpose = Purpose::ALL.into_iter().find(|p| p.code() == purpose);
            let channel = Channel::ALL.into_iter().find(|c| c.code() == channel);
            let Some((purpose, channel)) = purpose.zip(channel) else { return };
            let what = words::pair(purpose, channel, r.shared.lang);
            if word == "no" {
                let question = format!("{} {what}?", r.shared.say(t("撤回同意", "Withdraw the consent to")));
                let then = Then::Withdraws(customer, purpose, channel);
                let yes = r.shared.say(t("撤回", "Withdraw"));
                r.layers.push(Layer::Confirm(Confirm::new(question, yes, then)));
            } else {
                let title = format!("{} {what}", r.shared.say(t("同意", "Agrees to")));
                let mut sheet =
                    Sheet::why(title, &["evidence"], WhyDraft::default(), Then::Agree(customer, purpose, channel));
                sheet.advice = r
                    .shared
                    .say(t("签字单号、录音编号，或写 当面", "Number of the form or recording, or: in person"))
                    .to_owned();
                r.layers.push(Layer::Sheet(Box::new(sheet)));
            }
        }
        _ => {}
    }
}

fn send(r: &mut Rooms, ask: Ask) {
    if !r.out.writing() {
        r.with(|cx| {
            cx.write(request::Ask::Subject(ask));
        });
    }
}

/// Writes down what was said.
pub fn say(r: &mut Rooms, customer: CustomerId, what: (Purpose, Channel), agreed: bool) {
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    let evidence = r.shared.say(t("当面", "in person")).to_owned();
    send(r, Ask::Consent { op, customer, purpose: what.0, channel: what.1, agreed, evidence, stamp });
}

fn take(r: &mut Rooms, customer: CustomerId, kind: Kind) {
    let (op, stamp) = (r.shared.op(), r.shared.stamp());
    send(r, Ask::Take { op, customer, kind, note: String::new(), stamp });
}

/// Number and name of a customer, for a question.
fn whom(r: &Rooms, customer: CustomerId) -> String {
    let row = r.shared.index.as_ref().and_then(|i| i.row(customer)).map(|row| format!("{} {}", row.no, row.name));
    let shown = r.archive.opened().filter(|o| o.customer.id == customer);
    shown.map(|o| format!("{} {}", o.customer.no, o.customer.name)).or(row).unwrap_or_default()
}

/// Looks whether a customer who asked for it can be erased, and asks then.
pub fn erase(r: &mut Rooms, customer: CustomerId) {
    if rights::lets(r, Action::Erase) {
        let today = r.shared.today();
        r.out.ask(Wait::Erasing, request::Ask::Subject(Ask::Check { customer, today }));
    }
}

/// Yes: the second person is asked.
pub fn vouch_erase(r: &mut Rooms, customer: CustomerId) {
    let what = words::to_erase(r.shared.lang, &whom(r, customer));
    second::ask(r, Action::Erase, what, Then::Erase(customer));
}

/// The second person gave their word: it is done.
pub fn erase_now(r: &mut Rooms, customer: CustomerId, stamp: Stamp) {
    let op = r.shared.op();
    send(r, Ask::Erase { op, customer, stamp });
}

/// The second person gave their word: that the report goes out in full is written down first.
pub fn bare(r: &mut Rooms, customer: CustomerId, stamp: Stamp) {
    let op = r.shared.op();
    let target = report_name(r, &whom(r, customer));
    send(r, Ask::Told { op, customer, bare: true, target, stamp });
    r.baring = r.out.writing().then_some(customer);
}

/// Name of the file of an access report; `whom` begins with the customer number.
fn report_name(r: &Rooms, whom: &str) -> String {
    value::file_name(whom.split(' ').next().unwrap_or_default(), r.shared.today()).replace("value-", "subject-")
}

fn hold(r: &mut Rooms, customer: CustomerId) {
    let today = r.shared.today();
    r.out.ask(Wait::Bare, request::Ask::Subject(Ask::Held { customer, today }));
}

/// What can be done about a customer who may be erased, or may not.
fn checked(r: &mut Rooms, wait: Wait, customer: CustomerId, ties: &[Tie]) {
    let lang = r.shared.lang;
    if wait == Wait::Erasing && ties.is_empty() {
        let question = words::erase(lang, &whom(r, customer), r.shared.settings().retention_years);
        let yes = r.shared.say(t("删除", "Erase"));
        r.layers.push(Layer::Confirm(Confirm::new(question, yes, Then::Erase(customer))));
        return;
    }
    let opened = r.archive.opened().filter(|o| o.customer.id == customer);
    let state = opened.and_then(|o| o.privacy.open(Kind::Erasure)).map(|c| c.state);
    if opened.is_none() && wait != Wait::Erasing {
        return;
    }
    let whom = whom(r, customer);
    let (no, name) = whom.split_once(' ').unwrap_or_default();
    let lines = words::check(ties, wait == Wait::Erasing || state == Some(State::Checked), no, lang);
    let title = format!("{} {name}", r.shared.say(t("能否删除", "Whether it can be erased")));
    r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
}

/// Everything held came: to be read with numbers masked, or printed in full, never shown so.
fn held(r: &mut Rooms, wait: Wait, held: &Held) {
    let whole = wait == Wait::Bare;
    let page = words::report(&Desk::of(&r.shared), held, whole);
    let name = report_name(r, &held.opened.customer.no);
    if !whole {
        read(r, &page, Paper::of(name, Some(held.opened.customer.id)));
        return;
    }
    let text = value::lines(&page).join("\n") + "\n";
    r.out.effects.push(Effect::Print { name, text });
    let words = said::printed(r.shared.lang, &r.shared.start.slips);
    r.with(|cx| cx.done(words));
}

/// Somebody was erased: nothing of them stays on the screen or among what is typed here.
fn gone(r: &mut Rooms, certificate: &Certificate, row: Row) {
    let id = row.id;
    r.archive.parked.retain(|p| p.customer != Some(id));
    r.shared.drive.forget(id);
    if r.archive.shows(id) {
        r.in_archive(|p, cx| {
            p.drop_edits();
            p.want(id, false, cx);
        });
    }
    r.go(Go::Rows(vec![row]));
    r.go(Go::Stale);
    r.go(Go::Drafts);
    let words = words::erased(r.shared.lang, certificate);
    r.with(|cx| cx.done(words));
}

/// What became of a save about customers' rights that had waited for the drive.
pub fn came(r: &mut Rooms, ask: &request::Ask, answer: Answer) {
    let mine = |stamp: &Stamp| r.shared.me == Some(stamp.by);
    match (ask, answer) {
        (_, Answer::Erased { certificate, row }) => gone(r, &certificate, *row),
        (request::Ask::Subject(Ask::Told { customer, bare: true, stamp, .. }), Answer::Noted { .. }) if mine(stamp) => {
            hold(r, *customer);
        }
        _ => {}
    }
}

fn read(r: &mut Rooms, page: &Page, paper: Paper) {
    let reading = Reading { title: page.title.clone(), lines: value::lines(page), top: 0, print: Some(paper) };
    r.layers.push(Layer::Reading(reading));
}

/// An answer came.
pub fn heard(r: &mut Rooms, wait: Wait, answer: Answer) {
    match answer {
        Answer::Noted { customer, .. } if r.baring.take() == Some(customer) => hold(r, customer),
        Answer::Noted { customer, privacy } => {
            if matches!(&r.layers.last(), Some(Layer::Sheet(sheet)) if sheet.sent) {
                r.layers.pop();
                r.go(Go::Drafts);
            }
            let shut = privacy.withdrawn();
            if shut.is_empty() {
                r.shared.shut.remove(&customer);
            } else {
                r.shared.shut.insert(customer, shut);
            }
            let lang = r.shared.lang;
            let newest = privacy.cases.first().filter(|c| c.day == r.shared.today() && c.state == State::Taken);
            let said = match newest {
                Some(case) => format!("{}  {}", t("已记下", "Noted").get(lang), words::case(case, lang)),
                None => t("已记下", "Noted").get(lang).to_owned(),
            };
            r.with(|cx| cx.done(said));
            r.go(Go::Stale);
            if r.archive.shows(customer) {
                r.in_archive(|p, cx| p.want(customer, true, cx));
            }
        }
        Answer::Check { customer, ties } => checked(r, wait, customer, &ties),
        Answer::Held(all) => held(r, wait, &all),
        Answer::Certificate(Some(certificate)) => {
            let about = r.archive.opened().map(|o| &o.customer).filter(|c| c.no == certificate.customer).map(|c| c.id);
            show_certificate(r, about, &certificate);
        }
        Answer::Certificate(None) => {}
        Answer::Erased { certificate, row } => {
            let about = Some(row.id);
            gone(r, &certificate, *row);
            show_certificate(r, about, &certificate);
        }
    }
}

/// The certificate of an erasure, to read and print.
fn show_certificate(r: &mut Rooms, about: Option<CustomerId>, certificate: &Certificate) {
    let page = words::certificate(&Desk::of(&r.shared), certificate);
    read(r, &page, Paper::of(format!("erased-{}.txt", certificate.no), about));
}
