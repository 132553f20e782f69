//! Customers' rights in the archive: what they agreed to and withdraw, requests, the access report. The words are in `words::subject`.

use super::cx::{Go, Wait};
use super::drafts::WhyDraft;
use super::layers::chooser::{Chooser, Entry};
use super::layers::confirm::Confirm;
use super::layers::reading::Paper;
use super::layers::sheet::Sheet;
use super::layers::then::Then;
use super::layers::{Layer, Reading};
use super::rooms::Rooms;
use super::words::subject as words;
use super::words::value::{self, Desk};
use crate::domain::consent::{Channel, Purpose};
use crate::domain::ids::CustomerId;
use crate::domain::page::Page;
use crate::domain::subject::{Kind, State};
use crate::domain::text::t;
use crate::store::request;
use crate::store::subject::{Answer, Ask};

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
    entries.push(Entry::new("check", word("能否删除", "Whether it can be erased"), ""));
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

fn read(r: &mut Rooms, page: &Page, paper: Paper) {
    let reading = Reading { title: page.title.clone(), lines: value::lines(page), top: 0, print: Some(paper) };
    r.layers.push(Layer::Reading(reading));
}

/// An answer came.
pub fn heard(r: &mut Rooms, answer: Answer) {
    match answer {
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
        Answer::Check { customer, ties } => {
            let Some(o) = r.archive.opened().filter(|o| o.customer.id == customer) else { return };
            let checked = o.privacy.open(Kind::Erasure).is_some_and(|c| c.state == State::Checked);
            let lines = words::check(&ties, checked, &o.customer.no, r.shared.lang);
            let title = format!("{} {}", r.shared.say(t("能否删除", "Whether it can be erased")), o.customer.name);
            r.layers.push(Layer::Reading(Reading { title, lines, top: 0, print: None }));
        }
        Answer::Held(held) => {
            let page = words::report(&Desk::of(&r.shared), &held, false);
            let name = value::file_name(&held.opened.customer.no, r.shared.today()).replace("value-", "subject-");
            read(r, &page, Paper::of(name, Some(held.opened.customer.id)));
        }
        Answer::Certificate(Some(certificate)) => {
            let page = words::certificate(&Desk::of(&r.shared), &certificate);
            let about = r.archive.opened().map(|o| &o.customer).filter(|c| c.no == certificate.customer).map(|c| c.id);
            read(r, &page, Paper::of(format!("erased-{}.txt", certificate.no), about));
        }
        Answer::Certificate(None) => {}
        Answer::Erased { row, .. } => {
            r.go(Go::Rows(vec![*row]));
            r.go(Go::Stale);
        }
    }
}
