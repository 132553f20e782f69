//! Words about tiers: rules, why a customer moved, what other lines would do; shared by the screen and the command line.

use super::{board, customer, say};
use crate::domain::calendar::dates;
use crate::domain::household::Household;
use crate::domain::ids::StaffId;
use crate::domain::settings::Settings;
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, t};
use crate::domain::tier::what_if::{Flow, WhatIf};
use crate::domain::tier::{Lines, Rules, Tier, Verdict, Why};
use crate::store::customers::Explained;
use chrono::NaiveDate;

/// The lines, with the tier each leads to: `小 0.1万  普通 5.0万 …`
pub fn lines(lines: &Lines, lang: Lang) -> String {
    let each = Tier::ALL.into_iter().filter_map(|x| Some(format!("{} {}", x.short().get(lang), lines.lower(x)?.wan())));
    each.collect::<Vec<_>>().join("  ")
}

/// When a customer moves, in a sentence.
pub fn rules(rules: &Rules<'_>, lang: Lang) -> String {
    let days: Vec<String> = rules.review_days.iter().map(|key| format!("{:02}-{:02}", key / 100, key % 100)).collect();
    let fall = match (days.is_empty(), rules.fall_months) {
        (false, _) => {
            let (zh, en) = (days.join("、"), days.join(", "));
            say(lang, format_args!("评定日({zh})低于线才降级"), format_args!("down on review days ({en})"))
        }
        (true, 0) => say(lang, "低于线当期降级", "down at once"),
        (true, n) => say(
            lang,
            format_args!("连续 {n} 个月低于线才降级"),
            format_args!("down after {n} months below the line without a break"),
        ),
    };
    let guard = match rules.protect_months {
        0 => String::new(),
        n => say(lang, format_args!("，升级后保护 {n} 个月"), format_args!(", a rise protected for {n} months")),
    };
    say(lang, format_args!("升级当期生效，{fall}{guard}"), format_args!("Up at once, {fall}{guard}"))
}

/// Why a customer moved.
pub fn why(why: &Why, lang: Lang, staff: &[Staff]) -> String {
    let name = |id: &StaffId| staff.iter().find(|s| s.id == *id).map_or("", |s| s.name.as_str());
    match why {
        Why::First => say(lang, "首次有资产数据", "first figures"),
        Why::Rose { line } => {
            let line = line.wan();
            say(lang, format_args!("达到 {line} 的线"), format_args!("reached the line of {line}"))
        }
        Why::FellAfter { months: 0, .. } => say(lang, "低于线", "below the line"),
        Why::FellAfter { months, since } => say(
            lang,
            format_args!("自 {since} 起连续 {months} 个月低于线"),
            format_args!("below the line for {months} months without a break, since {since}"),
        ),
        Why::FellOnReview { day } => {
            say(lang, format_args!("评定日 {day} 低于线"), format_args!("below the line on the review day {day}"))
        }
        Why::Held { by, until } => {
            let name = name(by);
            say(lang, format_args!("{name}人工定级到 {until}"), format_args!("held by {name} until {until}"))
        }
        Why::Lifted { by } => {
            let name = name(by);
            say(lang, format_args!("{name}取消人工定级"), format_args!("the hold was lifted by {name}"))
        }
        Why::HoldEnded { until } => {
            say(lang, format_args!("人工定级 {until} 到期"), format_args!("the hold ended on {until}"))
        }
        Why::RulesChanged => say(lang, "分级规则变了", "the rules changed"),
        Why::Corrected => say(lang, "数据更正后重新推算", "derived anew after figures were corrected"),
    }
}

/// From one tier to another.
pub fn from_to(from: Option<Tier>, to: Option<Tier>, lang: Lang) -> String {
    format!("{} > {}", customer::badge(from, lang), customer::badge(to, lang))
}

/// What the figures of a data date did.
pub fn verdict(v: &Verdict, lang: Lang, staff: &[Staff]) -> String {
    let from = |falls: &Option<NaiveDate>| match falls {
        Some(day) => {
            say(lang, format_args!("，{day} 起仍低就降"), format_args!(", falls from {day} on if still below"))
        }
        None => String::new(),
    };
    match v {
        Verdict::Moved(m) if m.from.is_none() => why(&m.why, lang, staff),
        Verdict::Moved(m) => format!("{}  {}", from_to(m.from, m.to, lang), why(&m.why, lang, staff)),
        Verdict::Stays => String::new(),
        Verdict::Below { since, falls } => {
            let falls = from(falls);
            say(lang, format_args!("自 {since} 低于线{falls}"), format_args!("below the line since {since}{falls}"))
        }
        Verdict::Guarded { until, falls } => {
            let falls = from(falls);
            say(
                lang,
                format_args!("低于线，升级保护到 {until}{falls}"),
                format_args!("below the line, the rise is protected until {until}{falls}"),
            )
        }
    }
}

/// How a customer came into the tier in force, line by line.
pub fn explained(e: &Explained, settings: &Settings, staff: &[Staff], lang: Lang) -> Vec<String> {
    let mut out = vec![now(e, settings, lang)];
    if let Some(held) = &e.standing.held {
        let name = staff.iter().find(|s| s.id == held.by).map_or("", |s| s.name.as_str());
        let (tier, until, reason) =
            (held.tier.label().get(lang), held.until, crate::domain::values::plain::masked(&held.reason));
        let by_rules = e.steps.last().map(|(s, _)| s.state.tier.label().get(lang)).unwrap_or_default();
        out.push(say(
            lang,
            format_args!("人工定级为{tier}，到 {until}，{name}：{reason}。按规则是{by_rules}"),
            format_args!("held at {tier} until {until} by {name}: {reason}. By the rules: {by_rules}"),
        ));
    }
    out.push(rules(&settings.rules(), lang));
    out.push(String::new());
    out.push(say(lang, "变动", "Moves"));
    if e.moves.is_empty() {
        out.push(say(lang, "  还没有变动过", "  none so far"));
    }
    for kept in &e.moves {
        let m = &kept.moved;
        let (moved, why) = (from_to(m.from, m.to, lang), why(&m.why, lang, staff));
        let at = kept.at.format("%m-%d %H:%M");
        out.push(say(
            lang,
            format_args!("  {}  {moved}  {why}  ({at} 记)", m.day),
            format_args!("  {}  {moved}  {why}  (kept {at})", m.day),
        ));
    }
    out.push(String::new());
    out.push(say(lang, "各数据日：资产、按数额、当时级别", "Data dates: assets, tier of the figure, tier then"));
    let mut shown: Option<&Lines> = None;
    for (n, (step, held)) in e.steps.iter().enumerate().rev() {
        // The lines stand above the data dates they held for.
        if shown != Some(held) {
            let from = e.steps.iter().take(n + 1).rev().take_while(|(_, l)| l == held).last();
            let from = from.map(|(s, _)| s.state.as_of.to_string()).unwrap_or_default();
            let lines = lines(held, lang);
            out.push(say(
                lang,
                format_args!("  线（{from} 起）{lines}"),
                format_args!("  Lines (from {from}) {lines}"),
            ));
            shown = Some(held);
        }
        let words = [
            step.state.as_of.to_string(),
            step.aum.wan(),
            step.by_figure.short().get(lang).to_owned(),
            step.state.tier.short().get(lang).to_owned(),
            verdict(&step.verdict, lang, staff),
        ];
        out.push(format!("  {}", words.join("  ").trim_end()));
    }
    if e.steps.is_empty() {
        out.push(say(lang, "  还没有资产数据", "  no figures yet"));
    }
    out
}

/// The tier in force with the figure behind it.
fn now(e: &Explained, settings: &Settings, lang: Lang) -> String {
    let tier = e.standing.tier.map_or_else(|| customer::badge(None, lang), |x| x.label().get(lang));
    let basis = board::basis(settings.basis).get(lang);
    match &e.standing.figures {
        Some(f) => {
            let (aum, as_of) = (f.aum(settings.basis).wan(), f.as_of);
            say(
                lang,
                format_args!("现在是{tier}：{basis} {aum}，数据 {as_of}"),
                format_args!("{tier} now: {basis} {aum}, data of {as_of}"),
            )
        }
        None => tier.to_owned(),
    }
}

/// Who would move from where to where, how many, with what assets.
pub fn flow(f: &Flow, hidden: bool, lang: Lang) -> (String, String) {
    let moved = from_to(Some(f.from), Some(f.to), lang);
    let (count, sum) = (f.count, board::of_all(f.aum, hidden));
    (moved, say(lang, format_args!("{count} 人  {sum}"), format_args!("{count}  {sum}")))
}

/// What other rules would do, in a sentence.
pub fn tried(found: &WhatIf, lang: Lang) -> String {
    let (up, down) = found.sums();
    let data = found.as_of.map(|d| d.to_string()).unwrap_or_default();
    match (up + down, lang) {
        (0, Lang::Zh) => format!("试算：没有客户会变动（数据 {data}）"),
        (0, Lang::En) => format!("Trial: nobody would move (data of {data})"),
        (_, Lang::Zh) => format!("试算：升 {up} 人，降 {down} 人（数据 {data}，没有保存）"),
        (_, Lang::En) => format!("Trial: {up} up, {down} down (data of {data}, nothing is saved)"),
    }
}

/// A household in a few words: `家庭 3人 82.0万 贵宾`
pub fn household(h: &Household, today: NaiveDate, hidden: bool, lang: Lang) -> String {
    let (n, aum, tier) = (h.members.len(), customer::amount(h.aum, hidden), customer::badge(h.tier, lang));
    let date = h.as_of.map(|d| format!(" ({})", dates::short(d, today))).unwrap_or_default();
    say(lang, format_args!("家庭 {n}人 {aum} {tier}{date}"), format_args!("Family of {n} {aum} {tier}{date}"))
}

/// The title over how a customer came into their tier.
pub fn title(e: &Explained, lang: Lang) -> String {
    format!("{} {} {}", t("分级由来", "Why this tier").get(lang), e.name, e.no)
}
