//! `log` and `set`: the two things a script may change, by the same road as the screen.

use super::output;
use super::session::{Session, unexpected};
use crate::domain::agenda::Source;
use crate::domain::archive;
use crate::domain::contact::{Channel, Outcome};
use crate::domain::field::{Ctx, Edit, Kind};
use crate::domain::text::Lang;
use crate::domain::values::plain;
use crate::run::fault::Fault;
use crate::store::customers::KnownBy;
use crate::store::request::{Answer, Ask};
use crate::store::{contacts, customers};

/// `log NO --channel C --outcome O`
///
/// # Errors
/// There is no such customer, channel or outcome, or the store refuses.
pub fn log(session: &mut Session, no: &str, channel: &str, outcome: &str, note: &str) -> Result<(), Fault> {
    let channel = Channel::parse(channel).ok_or_else(|| {
        let known = Channel::ALL.map(Channel::code).join(" ");
        Fault::usage(
            format!("没有渠道「{channel}」，可用：{known}"),
            format!("There is no channel '{channel}'; known: {known}"),
        )
    })?;
    let outcome = Outcome::parse(outcome).ok_or_else(|| {
        let known = Outcome::ALL.map(Outcome::code).join(" ");
        Fault::usage(
            format!("没有结果「{outcome}」，可用：{known}"),
            format!("There is no outcome '{outcome}'; known: {known}"),
        )
    })?;
    session.say_who();
    let opened = session.archive(no)?;
    let whose = session.whose(&opened.customer);
    // A talk does the visit that is due; other lines ask for more than that somebody called.
    let task = opened.due.iter().find(|i| i.source == Source::Visit).map(|i| i.key.clone());
    let ask = Ask::Contacts(contacts::Ask::Log {
        op: session.op(),
        customer: opened.customer.id,
        channel,
        outcome,
        note: plain::note(note),
        next: None,
        task,
        stamp: session.stamp(),
    });
    let next = match session.ask(&ask)? {
        Answer::Contacts(contacts::Answer::Logged { next, .. }) => next,
        other => return Err(unexpected(&other)),
    };
    let lang = session.lang;
    let (how, what) = (channel.label().get(lang), outcome.label().get(lang));
    let next = match (next, lang) {
        (Some(day), Lang::Zh) => format!("，下次 {day}"),
        (Some(day), Lang::En) => format!(", next on {day}"),
        (None, _) => String::new(),
    };
    output::print(&match lang {
        Lang::Zh => format!("已记：{whose} {how} {what}{next}\n"),
        Lang::En => format!("Logged: {whose} {how} {what}{next}\n"),
    })
}

/// `set NO FIELD VALUE`
///
/// # Errors
/// There is no such customer or field, the value is wrong, or the store refuses.
pub fn set(session: &mut Session, no: &str, field: &str, value: &str) -> Result<(), Fault> {
    let field = archive::find(field).ok_or_else(|| {
        let known: Vec<&str> =
            archive::FIELDS.iter().filter(|f| !matches!(f.kind, Kind::Fixed)).map(|f| f.code).collect();
        let known = known.join(" ");
        Fault::usage(
            format!("没有字段「{field}」，可用：{known}"),
            format!("There is no field '{field}'; known: {known}"),
        )
    })?;
    if matches!(field.kind, Kind::Fixed) {
        let label = field.label;
        return Err(Fault::refused(
            format!("「{}」由程序或核心系统数据维护，不能手改。", label.zh),
            format!("'{}' is kept by the program or the extract and cannot be typed.", label.en),
        ));
    }
    session.say_who();
    let opened = session.archive(no)?;
    let before = opened.customer;
    let mut after = before.clone();
    field.set(&mut after, value, Ctx { today: session.today, staff: &session.branch.staff })?;
    // One field may bring others along: an ID fills birthday and sex.
    let edits: Vec<Edit> = crate::domain::field::diff(archive::FIELDS, &before, &after);
    let lang = session.lang;
    let whose = session.whose(&before);
    if edits.is_empty() {
        return output::print(&match lang {
            Lang::Zh => format!("没有变化：{whose}\n"),
            Lang::En => format!("Nothing changed: {whose}\n"),
        });
    }
    if matches!(field.kind, Kind::Document) {
        refuse_second(session, &after)?;
    }
    let ask = Ask::Customers(customers::Ask::Save {
        op: session.op(),
        id: before.id,
        base_rev: before.rev,
        edits: edits.clone(),
        reason: String::new(),
        stamp: session.stamp(),
    });
    match session.ask(&ask)? {
        Answer::Customers(customers::Answer::Saved { .. }) => {}
        Answer::Customers(customers::Answer::Clash { fields, .. }) => {
            let names: Vec<&str> = fields.iter().map(|f| f.field.as_str()).collect();
            let names = names.join(" ");
            return Err(Fault::refused(
                format!("同事刚改了同一字段（{names}），没有保存。请看一下再试。"),
                format!("A colleague changed the same field first ({names}); nothing was saved. Look and try again."),
            ));
        }
        other => return Err(unexpected(&other)),
    }
    let mut said = match lang {
        Lang::Zh => format!("已保存：{whose}\n"),
        Lang::En => format!("Saved: {whose}\n"),
    };
    let rows: Vec<Vec<String>> = edits
        .iter()
        .filter_map(|e| {
            let f = archive::find(&e.field)?;
            let show = |text: &str| f.show(&f.masked(text), lang, &session.branch.staff);
            Some(vec![f.label.get(lang).to_owned(), show(&e.before), "->".to_owned(), show(&e.after)])
        })
        .collect();
    said.push_str(&output::columns(&rows));
    output::print(&said)
}

/// A document belongs to one customer.
fn refuse_second(session: &mut Session, after: &crate::domain::customer::Customer) -> Result<(), Fault> {
    let Some(document) = &after.document else { return Ok(()) };
    let ask = Ask::Customers(customers::Ask::Known {
        document: document.number.clone(),
        phone: String::new(),
        name: String::new(),
        birth: None,
        except: Some(after.id),
    });
    match session.ask(&ask)? {
        Answer::Customers(customers::Answer::Known(known)) => match known.iter().find(|k| k.by == KnownBy::Document) {
            Some(k) => Err(Fault::refused(
                format!("这个证件号已属于 {} {}，没有保存。", k.no, k.name),
                format!("This document number already belongs to {} {}; nothing was saved.", k.no, k.name),
            )),
            None => Ok(()),
        },
        other => Err(unexpected(&other)),
    }
}
