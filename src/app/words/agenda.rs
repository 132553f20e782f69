//! Words of the queue: what a line says, how late it is.

use super::say;
use crate::domain::agenda::{Detail, FamilyEvent, Item, Source};
use crate::domain::archive;
use crate::domain::archive::choices;
use crate::domain::calendar::ages;
use crate::domain::calendar::repeat::Repeat;
use crate::domain::calendar::yearly::Yearly;
use crate::domain::calendar::{dates, lunar::LunarDay};
use crate::domain::staff::Staff;
use crate::domain::text::Lang;
use chrono::NaiveDate;

/// The word of the source; a lunar birthday says so.
pub fn source(item: &Item, lang: Lang) -> String {
    match (&item.detail, item.source) {
        (Detail::Birthday { on: Yearly::Lunar(_), .. }, _) => say(lang, "生日农".into(), "Lunar bd".into()),
        (_, source) => source.label().get(lang).to_owned(),
    }
}

fn name_of(staff: &[Staff], id: crate::domain::ids::StaffId) -> &str {
    staff.iter().find(|s| s.id == id).map_or("", |s| s.name.as_str())
}

/// What a line says, without name and tier.
pub fn text(item: &Item, lang: Lang, staff: &[Staff], today: NaiveDate) -> String {
    match &item.detail {
        Detail::Birthday { on, lunar, age, nominal } => birthday(*on, *lunar, *age, *nominal, item.due, lang),
        Detail::Family { who, relation, event } => family(who, relation, event, lang),
        Detail::Visit { last, tries } => {
            let mut words = match last {
                Some(l) => {
                    let on = dates::short(l.on, today);
                    let how = l.channel.label().get(lang);
                    let note = if l.note.is_empty() { String::new() } else { format!("：{}", l.note) };
                    say(lang, format!("上次 {on} {how}{note}"), format!("last {on} {how}{}", note.replace('：', ": ")))
                }
                None => say(lang, "还没有联络过".into(), "never contacted".into()),
            };
            if *tries > 0 {
                words.push_str(&say(lang, format!(" 未接{tries}次"), format!(" {tries} no answer")));
            }
            words
        }
        Detail::HandOver { from, reason } => {
            let who = name_of(staff, *from);
            say(lang, format!("{who} 转来：{reason}"), format!("from {who}: {reason}"))
        }
        Detail::Missing(codes) => {
            let labels: Vec<&str> =
                codes.iter().filter_map(|c| archive::find(c)).map(|f| f.label.get(lang)).take(4).collect();
            let more = codes.len().saturating_sub(labels.len());
            let tail = if more > 0 {
                say(lang, format!(" 等{}项", codes.len()), format!(" +{more}"))
            } else {
                String::new()
            };
            say(lang, format!("缺{}{tail}", labels.join(" ")), format!("lacks {}{tail}", labels.join(", ")))
        }
        Detail::Own { text, repeat, .. } => {
            if *repeat == Repeat::Once {
                text.clone()
            } else {
                format!("{text} ({})", repeat.label(lang))
            }
        }
    }
}

fn birthday(on: Yearly, lunar: LunarDay, age: Option<u16>, nominal: Option<u16>, due: NaiveDate, lang: Lang) -> String {
    // Both calendars are shown: the one kept first.
    let solar = due.format("%m-%d").to_string();
    let both = match on {
        Yearly::Solar { .. } => format!("{solar} ({})", lunar.text()),
        Yearly::Lunar(day) if day == lunar => format!("{} ({solar})", day.text()),
        // The day does not exist this year: what was kept, and where it falls.
        Yearly::Lunar(day) => format!("{} > {} ({solar})", day.text(), lunar.text()),
    };
    let round = |n: u16| ages::is_round(n);
    let years = match (age, nominal) {
        (Some(a), _) if round(a) => say(lang, format!("{a}岁 整寿"), format!("turns {a}, a round one")),
        (Some(a), Some(n)) if round(n) => {
            say(lang, format!("{a}岁 虚岁{n}整寿"), format!("turns {a} (nominal {n}, round)"))
        }
        (Some(a), _) => say(lang, format!("{a}岁"), format!("turns {a}")),
        (None, _) => String::new(),
    };
    format!("{years} {both}").trim().to_owned()
}

fn family(who: &str, relation: &str, event: &FamilyEvent, lang: Lang) -> String {
    let kin = choices::RELATION.iter().find(|c| c.code == relation).map_or("", |c| c.label.get(lang));
    let whose = format!("{kin}{}{who}", if lang == Lang::En && !kin.is_empty() { " " } else { "" });
    match event {
        FamilyEvent::Birthday { age } => match age {
            Some(a) => say(lang, format!("{whose} {a}岁生日"), format!("{whose} turns {a}")),
            None => say(lang, format!("{whose} 生日"), format!("{whose}'s birthday")),
        },
        FamilyEvent::School => say(lang, format!("{whose} 今年入学"), format!("{whose} starts school")),
        FamilyEvent::Exam => say(lang, format!("{whose} 今年中高考"), format!("{whose} sits the exam")),
        FamilyEvent::Yearly { years } => match years {
            Some(y) if *y > 0 => say(lang, format!("{who} {y}周年"), format!("{who}, {y} years")),
            _ => who.to_owned(),
        },
    }
}

/// When a line is due, seen from today: `逾 3 天`, `今天`, `11-24`.
pub fn due(item: &Item, lang: Lang, today: NaiveDate) -> String {
    let late = item.overdue(today);
    if late > 0 {
        return say(lang, format!("逾 {late} 天"), format!("{late} d late"));
    }
    if item.due == today {
        return say(lang, "今天".into(), "today".into());
    }
    dates::short(item.due, today)
}

/// The sign of a line: `!` overdue, `*` an occasion, `>` anything else.
pub fn sign(item: &Item, today: NaiveDate) -> char {
    match item.source {
        _ if item.due < today => '!',
        Source::Birthday | Source::Family => '*',
        _ => '>',
    }
}
