//! Words of the queue: what a line says, how late it is.

use super::figures::Told;
use super::{keepers, say};
use crate::app::shared::Shared;
use crate::domain::agenda::key::Key;
use crate::domain::agenda::{Counts, Detail, FamilyEvent, Item, Source};
use crate::domain::archive;
use crate::domain::archive::choices;
use crate::domain::calendar::ages;
use crate::domain::calendar::repeat::Repeat;
use crate::domain::calendar::yearly::Yearly;
use crate::domain::calendar::{dates, lunar::LunarDay};
use crate::domain::dealings::due::Stay;
use crate::domain::ids::StaffId;
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, Text, t};
use crate::domain::values::plain;
use chrono::NaiveDate;

/// The word of the source; a lunar birthday says so.
pub fn source(item: &Item, lang: Lang) -> &'static str {
    match (&item.detail, item.source) {
        (Detail::Birthday { on, .. }, _) => birthday_word(matches!(on, Yearly::Lunar(_))),
        (Detail::Transfer(_), _) => t("移交", "Transfer"),
        (_, source) => source.label(),
    }
    .get(lang)
}

/// The word of a birthday by the calendar kept.
pub const fn birthday_word(lunar: bool) -> Text {
    if lunar { t("生日农", "Lunar bd") } else { Source::Birthday.label() }
}

/// Over the lines that wait for a word; typing it leaves them alone.
pub const ASKED: Text = t("等答复", "To be answered");

/// How late something is.
pub fn late(days: i64, lang: Lang) -> String {
    say(lang, format_args!("逾{days}天"), format_args!("{days}d late"))
}

/// A line as one would name it: `拜访 张山河`, `自办 送挂历`.
pub fn line_name(item: &Item, lang: Lang) -> String {
    let about = match (&item.who, &item.detail) {
        (_, Detail::Own { text, .. }) => plain::masked(text),
        (Some(who), _) => who.name.clone(),
        (None, _) => String::new(),
    };
    format!("{} {about}", source(item, lang))
}

/// What became of a line, from the code of its change; or to whom a matter was handed.
pub fn fate(shared: &Shared, mark: &str, handed: &str) -> String {
    marked(mark, shared.staff(), shared.lang).unwrap_or_else(|| {
        let name = shared.name_of(handed.parse().ok().map(StaffId));
        say(shared.lang, format_args!("转介 {name}"), format_args!("Handed over to {name}"))
    })
}

/// What became of a line, from the code of its change; nothing where that is none.
pub fn marked(mark: &str, staff: &[Staff], lang: Lang) -> Option<String> {
    let (code, rest) = mark.split_once(' ').unwrap_or((mark, ""));
    let name = rest.parse().map_or("", |id| name_of(staff, StaffId(id)));
    Some(match code {
        "done" => t("已办", "Done").get(lang).to_owned(),
        "cancelled" => t("取消", "Cancelled").get(lang).to_owned(),
        "snoozed" => say(lang, format_args!("推迟到 {rest}"), format_args!("Put off until {rest}")),
        "handed_on" => say(lang, format_args!("转给 {name}"), format_args!("Handed on to {name}")),
        "taken_back" => t("取回", "Taken back").get(lang).to_owned(),
        _ => return keepers::fate(code, name, lang),
    })
}

/// A mark was taken back.
pub fn taken_back(name: &str, lang: Lang) -> String {
    say(lang, format_args!("已取回：{name}"), format_args!("Taken back: {name}"))
}

/// A line was marked done.
pub fn finished(name: &str, lang: Lang) -> String {
    say(lang, format_args!("已完成 {name}"), format_args!("Done: {name}"))
}

/// What becomes of a contract was recorded.
pub fn stays(name: &str, stay: Stay, lang: Lang) -> String {
    let stay = stay.label().get(lang);
    say(lang, format_args!("已记去向 {name}：{stay}"), format_args!("Recorded {name}: {stay}"))
}

/// A sheet about the queue was saved; the day until which a line is put off is named.
pub fn noted(title: &str, until: Option<NaiveDate>, today: NaiveDate, lang: Lang) -> String {
    let until = until.map(|day| format!(" {}", dates::short(day, today))).unwrap_or_default();
    say(lang, format_args!("已记下：{title}{until}"), format_args!("Noted: {title}{until}"))
}

/// What stands under the title of a printed list.
pub fn printed(lines: usize, counts: &Counts, lang: Lang) -> String {
    let Counts { done_today, done_week, overdue, .. } = counts;
    say(
        lang,
        format_args!("{lines} 项  逾期 {overdue}  今日完成 {done_today}  本周 {done_week}"),
        format_args!("{lines} lines  overdue {overdue}  done today {done_today}  this week {done_week}"),
    )
}

fn name_of(staff: &[Staff], id: crate::domain::ids::StaffId) -> &str {
    staff.iter().find(|s| s.id == id).map_or("", |s| s.name.as_str())
}

/// What a line says on the screen: without sums while figures are hidden.
pub fn shown(item: &Item, s: &Shared) -> String {
    let told = Told { lang: s.lang, staff: s.staff(), today: s.today(), hidden: s.hidden };
    told.text(&item.detail).unwrap_or_else(|| text(item, s.lang, s.staff(), s.today()))
}

/// What a line says where there is little room: of what falls due the day first.
pub fn in_short(item: &Item, s: &Shared) -> String {
    let told = Told { lang: s.lang, staff: s.staff(), today: s.today(), hidden: s.hidden };
    told.day_first(&item.detail).unwrap_or_else(|| shown(item, s))
}

/// What a line says in a list: what the customer does not want stands before it.
pub fn listed(item: &Item, s: &Shared) -> String {
    let said = shown(item, s);
    let shut = item.who.as_ref().and_then(|w| s.shut.get(&w.id));
    match shut.map(|shut| super::consent::shut(shut, item.source, s.lang)).filter(|words| !words.is_empty()) {
        Some(words) => format!("{words}  {said}"),
        None => said,
    }
}

/// What a line says, without name and tier.
pub fn text(item: &Item, lang: Lang, staff: &[Staff], today: NaiveDate) -> String {
    match &item.detail {
        Detail::Signal { .. } | Detail::Maturity(_) | Detail::Repayment(_) => {
            Told { lang, staff, today, hidden: false }.text(&item.detail).unwrap_or_default()
        }
        Detail::Request(case) => super::consent::line(case, lang),
        Detail::Kept => say(lang, "内容由责任人和主管看", "for the keeper and who leads them"),
        Detail::Birthday { on, lunar, age, nominal } => {
            // A line put off is due later; the birthday stays where it was.
            let day = Key::parse(&item.key).map_or(item.due, |k| k.day);
            birthday(*on, *lunar, *age, *nominal, day, lang)
        }
        Detail::Family { who, relation, event } => family(who, relation, event, lang),
        Detail::Visit { last, tries } => {
            let words = match last {
                Some(l) => {
                    let on = dates::short(l.on, today);
                    let how = l.channel.label().get(lang);
                    let (zh, en) = if l.note.is_empty() { ("", "") } else { ("：", ": ") };
                    let note = plain::masked(&l.note);
                    say(lang, format_args!("上次 {on} {how}{zh}{note}"), format_args!("last {on} {how}{en}{note}"))
                }
                None => say(lang, "还没有联络过", "never contacted"),
            };
            // What is new stands first; a long note is cut.
            match tries {
                0 => words,
                n => say(lang, format_args!("未接{n}次 {words}"), format_args!("{n} no answer, {words}")),
            }
        }
        Detail::HandOver { from, reason } => {
            let (who, reason) = (name_of(staff, *from), plain::masked(reason));
            say(lang, format_args!("{who} 转来：{reason}"), format_args!("from {who}: {reason}"))
        }
        Detail::Transfer(x) => keepers::transfer(x, None, staff, lang, today),
        Detail::Missing(codes) => {
            let labels: Vec<&str> =
                codes.iter().filter_map(|c| archive::find(c)).map(|f| f.label.get(lang)).take(4).collect();
            let more = codes.len().saturating_sub(labels.len());
            let tail = if more > 0 {
                say(lang, format_args!(" 等{}项", codes.len()), format_args!(" +{more}"))
            } else {
                String::new()
            };
            say(lang, format_args!("缺{}{tail}", labels.join(" ")), format_args!("lacks {}{tail}", labels.join(", ")))
        }
        Detail::Own { text, repeat: Repeat::Once, .. } => plain::masked(text),
        Detail::Own { text, repeat, .. } => format!("{} ({})", plain::masked(text), repeat.label(lang)),
    }
}

fn birthday(on: Yearly, lunar: LunarDay, age: Option<u16>, nominal: Option<u16>, day: NaiveDate, lang: Lang) -> String {
    // Both calendars are shown: the one kept first.
    let solar = day.format("%m-%d").to_string();
    let both = match on {
        Yearly::Solar { .. } => format!("{solar} ({})", lunar.text()),
        Yearly::Lunar(kept) if kept == lunar => format!("{} ({solar})", kept.text()),
        // The day does not exist this year: what was kept, and where it falls.
        Yearly::Lunar(kept) => format!("{} > {} ({solar})", kept.text(), lunar.text()),
    };
    let round = |n: u16| ages::is_round(n);
    let years = match (age, nominal) {
        (Some(a), _) if round(a) => say(lang, format_args!("{a}岁 整寿"), format_args!("turns {a}, a round one")),
        (Some(a), Some(n)) if round(n) => {
            say(lang, format_args!("{a}岁 虚岁{n}整寿"), format_args!("turns {a} (nominal {n}, round)"))
        }
        (Some(a), _) => say(lang, format_args!("{a}岁"), format_args!("turns {a}")),
        (None, _) => String::new(),
    };
    format!("{years} {both}").trim().to_owned()
}

fn family(who: &str, relation: &str, event: &FamilyEvent, lang: Lang) -> String {
    let who = plain::masked(who);
    let kin = choices::RELATION.iter().find(|c| c.code == relation).map_or("", |c| c.label.get(lang));
    let whose = format!("{kin}{}{who}", if lang == Lang::En && !kin.is_empty() { " " } else { "" });
    match event {
        FamilyEvent::Birthday { age } => match age {
            Some(a) => say(lang, format_args!("{whose} {a}岁生日"), format_args!("{whose} turns {a}")),
            None => say(lang, format_args!("{whose} 生日"), format_args!("{whose}'s birthday")),
        },
        FamilyEvent::School => say(lang, format_args!("{whose} 今年入学"), format_args!("{whose} starts school")),
        FamilyEvent::Exam => say(lang, format_args!("{whose} 今年中高考"), format_args!("{whose} sits the exam")),
        FamilyEvent::Yearly { years } => match years {
            Some(y) if *y > 0 => say(lang, format_args!("{who} {y}周年"), format_args!("{who}, {y} years")),
            _ => who,
        },
    }
}

/// When a line is due, seen from today: `逾3天`, `今天`, `11-24`.
pub fn due(item: &Item, lang: Lang, today: NaiveDate) -> String {
    let late = item.overdue(today);
    if late > 0 {
        return self::late(late, lang);
    }
    on(item.due, lang, today)
}

/// A day seen from today: `今天`, `11-24`.
pub fn on(day: NaiveDate, lang: Lang, today: NaiveDate) -> String {
    if day == today { t("今天", "today").get(lang).to_owned() } else { dates::short(day, today) }
}

/// The sign of a line: `!` overdue, `*` an occasion, `>` anything else.
pub fn sign(item: &Item, today: NaiveDate) -> char {
    match item.source {
        _ if item.due < today => '!',
        Source::Birthday | Source::Family => '*',
        _ => '>',
    }
}
