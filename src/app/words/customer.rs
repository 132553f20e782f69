//! Words about a customer: how to greet, where they stand, what is due beside a hit.

use super::{agenda, say};
use crate::app::shared::Shared;
use crate::domain::agenda::Source;
use crate::domain::calendar::{ages, dates};
use crate::domain::customer::{Customer, Sex, Standing};
use crate::domain::ids::CustomerId;
use crate::domain::settings::Settings;
use crate::domain::text::Lang;
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use crate::index::row::{Gap, Row};
use chrono::NaiveDate;

/// How to address a customer: their own wish, else surname and 先生 / 女士.
pub fn greeting(c: &Customer, lang: Lang) -> String {
    if let Some(own) = c.notes.get("salutation").filter(|s| !s.is_empty()) {
        return own.clone();
    }
    let double = ["欧阳", "司马", "上官", "诸葛", "尉迟", "万俟", "长孙", "慕容", "皇甫", "令狐", "司徒", "夏侯"];
    let surname: String = match double.iter().find(|d| c.name.starts_with(**d)) {
        Some(d) => (*d).to_owned(),
        None => c.name.chars().take(1).collect(),
    };
    match (c.sex, lang) {
        (Some(Sex::Male), Lang::Zh) => format!("{surname}先生"),
        (Some(Sex::Female), Lang::Zh) => format!("{surname}女士"),
        (Some(Sex::Male), Lang::En) => format!("Mr {surname}"),
        (Some(Sex::Female), Lang::En) => format!("Ms {surname}"),
        (None, _) => String::new(),
    }
}

/// Sex, age, zodiac: `男 54岁 属猪`.
pub fn person(c: &Customer, lang: Lang, today: NaiveDate) -> String {
    let mut words = Vec::new();
    if let Some(sex) = c.sex {
        words.push(sex.label().get(lang).to_owned());
    }
    if let Some(birth) = c.birth {
        let age = ages::age(birth, today);
        words.push(say(lang, format_args!("{age}岁"), format_args!("age {age}")));
        if let Some(lunar) = crate::domain::calendar::lunar::Lunar::of(birth) {
            words.push(lunar.zodiac().get(lang).to_owned());
        }
    }
    words.join(" ")
}

/// How far to the next tier: `差 19.0万 到贵宾`; of a tier held by hand, how long it is held.
pub fn to_next(standing: &Standing, settings: &Settings, today: NaiveDate, lang: Lang) -> Option<String> {
    if let Some(held) = &standing.held {
        let until = dates::short(held.until, today);
        return Some(say(lang, format_args!("人工定级到 {until}"), format_args!("held by hand until {until}")));
    }
    let figures = standing.figures.as_ref()?;
    let (aum, lines) = (figures.aum(settings.basis), settings.lines_on(Some(figures.as_of)));
    if let Some(tier) = standing.tier.filter(|x| *x > lines.tier(aum)) {
        // Kept for now: what is missing to stay.
        let (name, gap) = (tier.short().get(lang), distance(Fen(lines.lower(tier)?.0 - aum.0), lang));
        return Some(say(lang, format_args!("低于{name}线 {gap}"), format_args!("{gap} under the {name} line")));
    }
    let to = lines.tier(aum).up()?;
    let gap = Fen(lines.lower(to)?.0 - aum.0);
    let name = to.short().get(lang);
    let gap = distance(gap, lang);
    Some(say(lang, format_args!("差 {gap} 到{name}"), format_args!("{gap} to {name}")))
}

/// A distance in 万, or in whole yuan where tenths of a 万 say too little, rounded up so that it suffices.
pub fn distance(gap: Fen, lang: Lang) -> String {
    /// One 万 and a tenth of it, in fen.
    const WAN: i64 = 1_000_000;
    const TENTH: i64 = WAN / 10;
    if gap.0 >= WAN {
        return Fen(gap.0.saturating_add(TENTH - 1) / TENTH * TENTH).wan();
    }
    let yuan = super::count(usize::try_from((gap.0 + 99) / 100).unwrap_or_default());
    say(lang, format_args!("{yuan}元"), format_args!("¥{yuan}"))
}

/// The badge of a tier; `无数据` without figures.
pub fn badge(tier: Option<Tier>, lang: Lang) -> &'static str {
    match tier {
        Some(x) => x.short().get(lang),
        None => crate::domain::text::t("无数据", "No data").get(lang),
    }
}

/// What stands where something is covered.
pub const COVERED: &str = "***";

/// The name in a list, or stars while another customer looks at the screen.
pub fn name<'a>(s: &Shared, id: CustomerId, name: &'a str) -> &'a str {
    if s.covers(id) { COVERED } else { name }
}

/// An amount in 万, or a dash where there is none, or stars while figures are hidden.
pub fn amount(aum: Option<Fen>, hidden: bool) -> String {
    match aum {
        _ if hidden => "****".to_owned(),
        Some(f) => f.wan(),
        None => "-".to_owned(),
    }
}

/// What is most urgent about a hit, worded as in the queue, with its sign: `!` overdue, `*` an occasion, `>` anything else, `o` missing.
pub fn mark(row: &Row, settings: &Settings, lang: Lang, today: NaiveDate) -> Option<(char, String)> {
    if let Some(days) = row.next_visit.map(|d| (today - d).num_days()).filter(|d| *d > 0) {
        let late = agenda::late(days, lang);
        return Some(('!', beside(Source::Visit.label().get(lang), &late, lang)));
    }
    if let Some(day) = birthday_ahead(row, settings, today) {
        let kind = agenda::birthday_word(row.keeps_lunar).get(lang);
        return Some(('*', beside(kind, &agenda::on(day, lang, today), lang)));
    }
    if row.next_visit == Some(today) {
        return Some(('>', beside(Source::Visit.label().get(lang), &agenda::on(today, lang, today), lang)));
    }
    let needs = row.tier.is_some_and(|t| t >= Tier::Ordinary);
    let lacks = [
        (Gap::Phone, "缺手机", "lacks phone"),
        (Gap::Birthday, "缺生日", "lacks birthday"),
        (Gap::Address, "缺地址", "lacks address"),
    ];
    lacks.iter().find(|(gap, ..)| needs && row.gaps & gap.bit() != 0).map(|(_, zh, en)| ('o', say(lang, zh, en)))
}

/// What and when, side by side; in Chinese without a blank, since a mark beside a hit has little room.
fn beside(what: &str, when: &str, lang: Lang) -> String {
    say(lang, format_args!("{what}{when}"), format_args!("{what} {when}"))
}

/// The day of the coming birthday, if it lies within the days ahead of the customer's tier.
fn birthday_ahead(row: &Row, settings: &Settings, today: NaiveDate) -> Option<NaiveDate> {
    let on = row.birthday()?;
    let day = on.on_or_after(today, settings.leap)?;
    let ahead = i64::from(settings.ahead(row.tier).max(1));
    ((day - today).num_days() <= ahead).then_some(day)
}

/// What of an archive is too old to rely on: contact data to verify, a risk assessment that no longer holds.
pub fn reviews(c: &Customer, standing: &Standing, settings: &Settings, lang: Lang, today: NaiveDate) -> Vec<String> {
    let mut due = Vec::new();
    let last = c.verified.or_else(|| standing.created.map(|at| at.date()));
    if last.is_some_and(|last| settings.verify_due(standing.tier, last, today)) {
        due.push(say(lang, "该核对资料(v)", "verify data (v)"));
    }
    let assessed = c.notes.get("risk_on").and_then(|d| dates::parse(d).ok());
    if assessed.is_some_and(|on| settings.risk_expired(on, today)) {
        due.push(say(lang, "风险评估过期", "risk assessment expired"));
    }
    due
}
