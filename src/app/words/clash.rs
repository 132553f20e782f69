//! Words on colleagues who were first, and on what they changed before one's eyes.

use super::{agenda, event, field_label, field_value, part_title, say};
use crate::app::layers::clash::Clashing;
use crate::app::shared::Shared;
use crate::domain::archive::merge;
use crate::domain::change::{Change, Entity};
use crate::domain::contact::Contact;
use crate::domain::family::Part;
use crate::domain::field::Kind;
use crate::domain::ids::StaffId;
use crate::domain::text::{Lang, t};
use crate::domain::values::plain;
use crate::store::customers::{Ask, Clash};
use crate::store::drive::Present;
use chrono::NaiveDateTime;

/// A moment as one says it: the time, with the day unless it is today.
pub fn moment(shared: &Shared, at: NaiveDateTime) -> String {
    let form = if at.date() == shared.today() { "%H:%M" } else { "%m-%d %H:%M" };
    at.format(form).to_string()
}

/// Who was first, for the title.
pub fn title(shared: &Shared, clash: &Clashing) -> String {
    let mut names: Vec<&str> = clash.fields.iter().map(|f| shared.name_of(f.by)).filter(|n| !n.is_empty()).collect();
    names.dedup();
    let who = names.join("、");
    let whose = match clash.fields.as_slice() {
        [first, ..] if clash.archive().is_some() => first.name.as_str(),
        _ => shared.say(t("换责任人", "New keeper")),
    };
    say(shared.lang, format_args!("{whose}：先保存的是 {who}"), format_args!("{whose}: saved first by {who}"))
}

/// Who changed a line and when.
pub fn who(shared: &Shared, clash: &Clash) -> String {
    let name = shared.name_of(clash.by);
    let at = clash.at.map(|at| moment(shared, at)).unwrap_or_default();
    format!("{name} {at}").trim().to_owned()
}

/// What a line is about: the field; the customer where several are given away.
pub fn label(shared: &Shared, ask: &Ask, clash: &Clash) -> String {
    match ask {
        Ask::Keeper { .. } => clash.name.clone(),
        Ask::Part { row, part, .. } => {
            let Some(any) = part.as_ref().or(row.as_ref().map(|r| &r.part)) else { return clash.field.clone() };
            let label = merge::field(any, &clash.field).map_or(part_title(any), |(label, _)| label);
            label.get(shared.lang).to_owned()
        }
        _ => field_label(shared.lang, &clash.field),
    }
}

/// A text of a line as people read it.
pub fn value(shared: &Shared, ask: &Ask, clash: &Clash, text: &str) -> String {
    if text.is_empty() {
        return shared
            .say(if clash.field == "part" { t("(删除)", "(removed)") } else { t("(空)", "(empty)") })
            .to_owned();
    }
    let open = shared.open().is_some_and(|r| !r.archive && r.customer == clash.customer && r.field == clash.field);
    let masked = |kind: Kind| if open { text.to_owned() } else { kind.masked(text) };
    let Ask::Part { row, part, .. } = ask else {
        return if open { text.to_owned() } else { field_value(shared, &clash.field, text) };
    };
    let any = part.as_ref().or(row.as_ref().map(|r| &r.part));
    let kind = any.and_then(|any| merge::field(any, &clash.field)).map(|(_, kind)| kind);
    kind.map_or_else(|| masked(Kind::Line(0)), |kind| shared.eyes().show_kind(kind, &masked(kind)))
}

/// Something saved earlier collided and waits to be decided.
pub fn waiting(shared: &Shared, clash: &Clashing) -> String {
    let Some(first) = clash.fields.first() else { return String::new() };
    let (who, whose, what) = (shared.name_of(first.by), &first.name, label(shared, &clash.ask, first));
    say(
        shared.lang,
        format_args!("{who} 先改了 {whose} 的{what}；您填的还在，请选留哪个"),
        format_args!("{who} changed {what} of {whose} first; yours is kept, choose which one stays"),
    )
}

/// All was left to the colleague.
pub fn left(shared: &Shared, clash: &Clashing) -> String {
    let name = clash.fields.first().map_or("", |f| f.name.as_str());
    say(
        shared.lang,
        format_args!("{name} 按对方的保留，没有再写"),
        format_args!("{name} stays as theirs; nothing was written"),
    )
}

/// What was typed could not be saved; its text, so that it can be read in the messages.
pub fn not_saved(lang: Lang, text: &str) -> String {
    let text = plain::masked(text);
    say(
        lang,
        format_args!("没有写入，原文留在这里：{text}"),
        format_args!("Not written; the text is kept here: {text}"),
    )
}

/// What a part holds, in one line.
pub fn part(shared: &Shared, part: &Part) -> String {
    let eyes = shared.eyes();
    let told = merge::filled(part).into_iter().map(|(label, kind, text)| {
        let text = eyes.show_kind(kind, &kind.masked(&text));
        format!("{} {text}", label.get(shared.lang))
    });
    told.collect::<Vec<_>>().join("  ")
}

/// An archive is not there any more.
pub fn vanished(lang: Lang, name: &str, drafts: bool) -> String {
    match drafts {
        false => say(
            lang,
            format_args!("{name} 的档案已不在了（删除或并入另一份）"),
            format_args!("The archive of {name} is gone (erased, or merged into another)"),
        ),
        true => say(
            lang,
            format_args!("{name} 的档案已不在了（删除或并入另一份）；您填的已挂起，Ctrl+T 取回，可抄出或另建新档案"),
            format_args!(
                "The archive of {name} is gone (erased, or merged); your typing is parked: Ctrl+T, to copy out or begin a new archive"
            ),
        ),
    }
}

/// A colleague dealt with a line of the queue first.
pub fn taken(shared: &Shared, change: &Change) -> String {
    let (who, at, what) = (shared.name_of(Some(change.by)), moment(shared, change.at), event(shared, change));
    say(
        shared.lang,
        format_args!("{who} {at} 已处理这一条：{what}；没有再写"),
        format_args!("{who} dealt with this at {at}: {what}; nothing was written"),
    )
}

/// Asks whether what was typed is to become a remark.
pub fn keep_note(lang: Lang, taken: &str, text: &str) -> String {
    let text = plain::masked(text);
    say(
        lang,
        format_args!("{taken}。您写的「{text}」留作这位客户的记事吗？"),
        format_args!("{taken}. Keep \"{text}\" as a remark on this customer?"),
    )
}

/// A colleague had a contact with the customer today too.
pub fn also(shared: &Shared, c: &Contact) -> String {
    let (who, at) = (shared.name_of(Some(c.by)), moment(shared, c.at));
    let (how, what) = (c.channel.label().get(shared.lang), c.outcome.label().get(shared.lang));
    say(
        shared.lang,
        format_args!("；{who} {at} 也联络过（{how}{what}），两条都在"),
        format_args!("; {who} also did at {at} ({how}, {what}), both are kept"),
    )
}

/// What colleagues changed of an archive: who, when, which fields.
pub fn changed<'a>(shared: &Shared, changes: impl Iterator<Item = &'a Change>) -> String {
    let mut told: Vec<(StaffId, NaiveDateTime, Vec<String>)> = Vec::new();
    for c in changes {
        let what: Vec<String> = match c.entity {
            Entity::Customer => c.edits.iter().map(|e| field_label(shared.lang, &e.field)).collect(),
            Entity::Mark => vec![agenda::fate(
                shared,
                c.after("mark").unwrap_or_default(),
                c.after("hand_over").unwrap_or_default(),
            )],
            other => vec![other.label().get(shared.lang).to_owned()],
        };
        match told.iter_mut().find(|(by, ..)| *by == c.by) {
            Some((_, at, all)) => {
                *at = c.at.max(*at);
                all.extend(what.into_iter().filter(|w| !all.contains(w)).collect::<Vec<_>>());
            }
            None => told.push((c.by, c.at, what)),
        }
    }
    let said = told.into_iter().map(|(by, at, what)| {
        let (who, at) = (shared.name_of(Some(by)), moment(shared, at));
        say(
            shared.lang,
            format_args!("{who} {at} 改了{}", what.join("、")),
            format_args!("{who} {at} changed {}", what.join(", ")),
        )
    });
    said.collect::<Vec<_>>().join(shared.say(t("；", "; ")))
}

/// Who is editing the archive elsewhere.
pub fn editing<'a>(shared: &Shared, present: impl Iterator<Item = &'a Present>) -> String {
    let said = present.map(|p| {
        let (who, station) = (shared.name_of(p.staff), &p.station);
        let who = if who.is_empty() { shared.say(t("同事", "A colleague")) } else { who };
        say(shared.lang, format_args!("{who} 在 {station} 正在编辑"), format_args!("{who} at {station} is editing"))
    });
    said.collect::<Vec<_>>().join(shared.say(t("；", "; ")))
}

/// Fields of an archive that a colleague saved meanwhile are in it now.
pub fn merged(shared: &Shared, who: StaffId, fields: &[String]) -> String {
    let labels: Vec<String> = fields.iter().map(|f| field_label(shared.lang, f)).collect();
    let who = shared.name_of(Some(who));
    say(
        shared.lang,
        format_args!("；{who} 改的{}已并入", labels.join("、")),
        format_args!("; {} by {who} merged in", labels.join(", ")),
    )
}

/// Customers came to the one who works here, or left.
pub fn keeper(shared: &Shared, names: &[String], came: bool, by: Option<StaffId>, to: Option<StaffId>) -> String {
    let (first, n) = (names.first().map_or("", String::as_str), names.len());
    let who = match n {
        1 => first.to_owned(),
        _ => say(shared.lang, format_args!("{first} 等 {n} 户"), format_args!("{first} and {} more", n - 1)),
    };
    let by = match shared.name_of(by) {
        "" => String::new(),
        name => say(shared.lang, format_args!("（{name}）"), format_args!(" ({name})")),
    };
    if came {
        return say(shared.lang, format_args!("{who} 转给了您{by}"), format_args!("{who} came to you{by}"));
    }
    let to = shared.name_of(to);
    match to {
        "" => say(shared.lang, format_args!("{who} 已从您名下转走{by}"), format_args!("{who} left you{by}")),
        to => {
            say(shared.lang, format_args!("{who} 已从您名下转给 {to}{by}"), format_args!("{who} left you for {to}{by}"))
        }
    }
}
