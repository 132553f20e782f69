//! `subject`, `report subject`: what customers agreed to and ask of their data, the access report, erasing.

use super::leaving;
use super::output;
use super::report as pages;
use super::session::{Session, unexpected};
use super::word;
use crate::app::words::subject as words;
use crate::app::words::value;
use crate::domain::agenda::Mark;
use crate::domain::agenda::lines::request_keys;
use crate::domain::consent::{Channel, Purpose};
use crate::domain::ids::CustomerId;
use crate::domain::rights;
use crate::domain::subject::{Kind, Privacy, State};
use crate::domain::text::{Lang, t};
use crate::run::args::Subject;
use crate::run::fault::Fault;
use crate::run::targets;
use crate::store::request::{self, Stamp};
use crate::store::subject::{Answer, Ask};
use crate::store::{agenda, subject};
use std::path::Path;

fn ask(session: &mut Session, ask: Ask) -> Result<Answer, Fault> {
    match session.ask(&request::Ask::Subject(ask))? {
        request::Answer::Subject(answer) => Ok(answer),
        other => Err(unexpected(&other)),
    }
}

fn what(purpose: &str, channel: &str) -> Result<(Purpose, Channel), Fault> {
    let purpose =
        Purpose::ALL.into_iter().find(|p| p.code() == purpose || p.label().zh == purpose).ok_or_else(|| {
            Fault::usage("用途可写：contact、marketing、credit、family", "Purposes: contact, marketing, credit, family")
        })?;
    let channel =
        Channel::ALL.into_iter().find(|c| c.code() == channel || c.label().zh == channel).ok_or_else(|| {
            Fault::usage("方式可写：any、phone、sms、wechat、visit", "Channels: any, phone, sms, wechat, visit")
        })?;
    Ok((purpose, channel))
}

fn kind(text: &str) -> Result<Kind, Fault> {
    Kind::parse(text).ok_or_else(|| {
        Fault::usage(
            "请求可写：access、correction、erasure、withdrawal",
            "Requests: access, correction, erasure, withdrawal",
        )
    })
}

/// `subject`
///
/// # Errors
/// There is no such customer, it is refused, or the store fails.
pub fn subject(session: &mut Session, wanted: Subject) -> Result<(), Fault> {
    let lang = session.lang;
    match wanted {
        Subject::Show { no } => {
            let opened = session.archive(&no)?;
            session.may_open(&opened)?;
            show(&opened.privacy, lang)
        }
        Subject::Agree { no, purpose, channel, evidence } => {
            say(session, &no, what(&purpose, &channel)?, true, evidence)
        }
        Subject::Withdraw { no, purpose, channel } => {
            let evidence = t("当面", "in person").get(lang).to_owned();
            say(session, &no, what(&purpose, &channel)?, false, evidence)
        }
        Subject::Take { no, kind: text, note } => {
            let kind = kind(&text)?;
            let customer = session.archive(&no)?.customer.id;
            session.say_who();
            let (op, stamp) = (session.op(), session.stamp());
            noted(ask(session, Ask::Take { op, customer, kind, note, stamp })?, lang)
        }
        Subject::Answer { no, kind: text, word, refuse } => step(session, &no, kind(&text)?, word, refuse),
        Subject::Check { no } => {
            let opened = session.archive(&no)?;
            session.may_open(&opened)?;
            let (customer, today) = (opened.customer.id, session.today);
            let Answer::Check { ties, .. } = ask(session, Ask::Check { customer, today })? else { return Ok(()) };
            let checked = opened.privacy.open(Kind::Erasure).is_some_and(|c| c.state == State::Checked);
            output::print(&(words::check(&ties, checked, &opened.customer.no, lang).join("\n") + "\n"))
        }
        Subject::Erase { no, second: code } => {
            let customer = session.archive(&no)?.customer.id;
            session.say_who();
            session.allow(rights::Action::Erase)?;
            let second = word::given(session, rights::Action::Erase, &code)?;
            let (op, stamp) = (session.op(), Stamp { second: Some(second), ..session.stamp() });
            match ask(session, Ask::Erase { op, customer, stamp })? {
                Answer::Erased { certificate, .. } => {
                    let page = words::certificate(&pages::desk(session), &certificate);
                    output::print(&(value::lines(&page).join("\n") + "\n"))
                }
                _ => Ok(()),
            }
        }
        Subject::Certificate { no } => {
            let customer = session.archive(&no)?.customer.id;
            match ask(session, Ask::Certificate { customer })? {
                Answer::Certificate(Some(certificate)) => {
                    let page = words::certificate(&pages::desk(session), &certificate);
                    output::print(&(value::lines(&page).join("\n") + "\n"))
                }
                _ => Err(Fault::refused(format!("客户 {no} 没有删除过。"), format!("Customer {no} was not erased."))),
            }
        }
    }
}

fn say(
    session: &mut Session,
    no: &str,
    (purpose, channel): (Purpose, Channel),
    agreed: bool,
    evidence: String,
) -> Result<(), Fault> {
    let customer = session.archive(no)?.customer.id;
    session.say_who();
    let (op, stamp, lang) = (session.op(), session.stamp(), session.lang);
    noted(ask(session, Ask::Consent { op, customer, purpose, channel, agreed, evidence, stamp })?, lang)
}

fn noted(answer: Answer, lang: Lang) -> Result<(), Fault> {
    match answer {
        subject::Answer::Noted { privacy, .. } => show(&privacy, lang),
        _ => Ok(()),
    }
}

fn show(privacy: &Privacy, lang: Lang) -> Result<(), Fault> {
    let mut rows: Vec<Vec<String>> = privacy
        .said
        .iter()
        .map(|c| vec![words::pair(c.purpose, c.channel, lang), words::said(Some(c), lang)])
        .collect();
    let request = t("请求", "Request").get(lang);
    rows.extend(privacy.cases.iter().map(|c| vec![request.to_owned(), words::case(c, lang)]));
    if let Some(no) = &privacy.erased {
        rows.push(vec![t("已删除", "Erased").get(lang).to_owned(), no.clone()]);
    }
    if rows.is_empty() {
        return output::print(match lang {
            Lang::Zh => "没有登记过同意或请求\n",
            Lang::En => "No consent or request was written down\n",
        });
    }
    output::print(&output::columns(&rows))
}

/// Moves the open request of a kind on by a step.
fn step(session: &mut Session, no: &str, kind: Kind, word: String, refuse: bool) -> Result<(), Fault> {
    let opened = session.archive(no)?;
    let customer = opened.customer.id;
    let Some(case) = opened.privacy.open(kind) else {
        return Err(Fault::refused(
            format!("客户 {no} 没有待办的{}请求。", kind.label().zh),
            format!("Customer {no} has no open request for {}.", kind.label().en.to_lowercase()),
        ));
    };
    let [first, last] = request_keys(case);
    let key = if case.state == State::Taken { first } else { last };
    session.say_who();
    let ask = agenda::Ask::Mark {
        op: session.op(),
        key: key.to_string(),
        customer: Some(customer),
        mark: if refuse { Mark::Cancelled } else { Mark::Done },
        seen: session.branch.seq,
        reason: word,
        stamp: session.stamp(),
    };
    match session.ask(&request::Ask::Agenda(ask))? {
        request::Answer::Agenda(agenda::Answer::Marked { .. } | agenda::Answer::Done { .. }) => {
            let privacy = session.opened(customer)?.privacy;
            show(&privacy, session.lang)
        }
        other => Err(unexpected(&other)),
    }
}

/// `report subject NO`
///
/// # Errors
/// There is no such customer, it is refused, the file is there already, or the store fails.
pub fn report(
    session: &mut Session,
    no: &str,
    (html, bare): (bool, bool),
    with: Option<&str>,
    out: Option<&Path>,
) -> Result<(), Fault> {
    let opened = session.archive(no)?;
    let customer: CustomerId = opened.customer.id;
    session.may(if out.is_some() { rights::Action::Export } else { rights::Action::Print }, &opened)?;
    let out = out.map(|named| targets::beside(session.file.path(), named)).transpose()?;
    let out = out.as_deref();
    out.map_or(Ok(()), pages::free)?;
    let stamp = if bare {
        session.allow(rights::Action::Unmask)?;
        let second = with.map(|code| word::given(session, rights::Action::Unmask, code)).transpose()?;
        Stamp { second, ..session.stamp() }
    } else if out.is_some() || with.is_some() {
        leaving::vouched(session, 1, with)?
    } else {
        session.stamp()
    };
    let target = out.and_then(Path::file_name).map_or_else(|| "-".into(), |n| n.to_string_lossy().into_owned());
    let op = session.op();
    ask(session, Ask::Told { op, customer, bare, target, stamp })?;
    let today = session.today;
    let Answer::Held(held) = ask(session, Ask::Held { customer, today })? else { return Ok(()) };
    let page = words::report(&pages::desk(session), &held, bare);
    pages::put(&page, session.lang, html, out)
}
