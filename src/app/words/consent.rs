//! Words on lines and cards: what a customer does not want, what they ask.

use super::say;
use crate::domain::agenda::{Item, Source};
use crate::domain::consent::{Channel, Purpose, Withdrawn, shut as is_shut};
use crate::domain::ids::CustomerId;
use crate::domain::subject::{Case, State};
use crate::domain::text::Lang;
use std::collections::BTreeMap;

/// The line of a request in the queue.
pub fn line(case: &Case, lang: Lang) -> String {
    let (kind, due) = (case.kind.label().get(lang), case.due);
    let step = match (case.state, lang) {
        (State::Taken, Lang::Zh) => "待核实身份",
        (State::Taken, Lang::En) => "check who asks",
        (_, Lang::Zh) => "待答复",
        (_, Lang::En) => "to be answered",
    };
    let note = if case.note.is_empty() { String::new() } else { format!("  {}", case.note) };
    let (month, day) = (due.format("%m-%d"), step);
    say(lang, format_args!("{kind}：{day}，{month} 前答复{note}"), format_args!("{kind}: {day}, by {month}{note}"))
}

/// What a line of the queue of this source is done for, where a customer may refuse it.
pub const fn purpose(source: Source) -> Option<Purpose> {
    match source {
        Source::Birthday | Source::Family | Source::Visit => Some(Purpose::Contact),
        Source::WinBack | Source::Maturity | Source::Movement => Some(Purpose::Marketing),
        Source::Alert | Source::Request | Source::Repayment | Source::HandOver | Source::Missing | Source::Own => None,
    }
}

/// The channels that are crossed out for a purpose: `×电话、短信`.
fn channels(shut: &Withdrawn, purpose: Purpose, lang: Lang) -> String {
    if is_shut(shut, purpose) {
        return say(
            lang,
            format_args!("×不同意{}", purpose.label().zh),
            format_args!("x no {}", purpose.label().en.to_lowercase()),
        );
    }
    let named: Vec<&str> =
        shut.iter().filter(|(p, c)| *p == purpose && *c != Channel::Any).map(|(_, c)| c.label().get(lang)).collect();
    if named.is_empty() {
        return String::new();
    }
    let mark = if lang == Lang::Zh { "、" } else { ", " };
    say(lang, format_args!("×勿{}", named.join(mark)), format_args!("x not by {}", named.join(mark)))
}

/// What is crossed out on a line of the queue of this source.
pub fn shut(shut: &Withdrawn, source: Source, lang: Lang) -> String {
    purpose(source).map(|p| channels(shut, p, lang)).unwrap_or_default()
}

/// What is crossed out on the card: all that was withdrawn.
pub fn on_card(shut: &Withdrawn, lang: Lang) -> String {
    let all = Purpose::ALL.into_iter().map(|p| match (channels(shut, p, lang), p) {
        (words, Purpose::Marketing) if words.starts_with("×勿") => format!("{words}营销"),
        (words, _) => words,
    });
    all.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a list leaves a line out, because its customer withdrew what it is for.
pub fn leaves_out(shut: &BTreeMap<CustomerId, Withdrawn>, item: &Item) -> bool {
    let shut = item.who.as_ref().and_then(|w| shut.get(&w.id));
    shut.zip(purpose(item.source)).is_some_and(|(shut, purpose)| is_shut(shut, purpose))
}

/// How many people a list leaves out.
pub fn left_out(people: usize, lang: Lang) -> String {
    say(
        lang,
        format_args!("{people} 人未同意，未列出"),
        format_args!("{people} people do not agree to it and are not listed"),
    )
}
