//! Words on 优惠与额度: how one stands, in a line, in full, in a table; shared by the screen and the command line.

use super::say;
use crate::app::layers::chooser::Entry;
use crate::domain::archive::choices::GRANTS;
use crate::domain::audit;
use crate::domain::calendar::dates;
use crate::domain::change::{Change, Entity};
use crate::domain::entitlement::{Entitlement, Stands, Verdict};
use crate::domain::field::Edit;
use crate::domain::ids::StaffId;
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, Text, t};
use crate::domain::values::plain;
use chrono::NaiveDate;

/// What it is called.
pub const NAME: Text = t("优惠与额度", "Entitlement");

fn name(staff: &[Staff], id: Option<StaffId>) -> &str {
    id.and_then(|id| staff.iter().find(|s| s.id == id)).map_or("-", |s| s.name.as_str())
}

fn date(on: Option<NaiveDate>) -> String {
    on.map(|d| d.to_string()).unwrap_or_default()
}

/// How it stands: the state, until when, by whom.
pub fn state(e: &Entitlement, staff: &[Staff], today: NaiveDate, lang: Lang) -> String {
    let stands = e.stands(today);
    let label = stands.label().get(lang);
    let until = date(e.until);
    let on = |d: Option<NaiveDate>| d.map(|d| dates::short(d, today)).unwrap_or_default();
    match stands {
        Stands::Waiting | Stands::Lapsed => {
            let who = name(staff, Some(e.proposer));
            say(lang, format_args!("{label} 至 {until} {who}提"), format_args!("{label} until {until}, by {who}"))
        }
        Stands::Holds | Stands::Over => {
            let who = name(staff, e.decider);
            say(lang, format_args!("{label} 至 {until} {who}批"), format_args!("{label} until {until}, by {who}"))
        }
        Stands::Ahead => {
            let (who, from) = (name(staff, e.decider), date(e.from));
            say(
                lang,
                format_args!("{label} {from} 至 {until} {who}批"),
                format_args!("{label}, {from} to {until}, by {who}"),
            )
        }
        Stands::Refused => {
            let (who, on) = (name(staff, e.decider), on(e.decided));
            say(lang, format_args!("{label} {on} {who}"), format_args!("{label} {on} by {who}"))
        }
        Stands::Ended => {
            let (who, on) = (name(staff, e.ender), on(e.ended));
            say(lang, format_args!("{label} {on} {who}"), format_args!("{label} {on} by {who}"))
        }
    }
}

/// In one cell of a table: the kind, and how it stands unless it simply holds.
pub fn brief(e: &Entitlement, today: NaiveDate, lang: Lang) -> String {
    let (kind, stands) = (e.label().get(lang), e.stands(today));
    if stands == Stands::Holds { kind.to_owned() } else { format!("{kind} {}", stands.label().get(lang)) }
}

/// All there is to say of it, a line each.
pub fn lines(e: &Entitlement, staff: &[Staff], today: NaiveDate, lang: Lang) -> Vec<String> {
    let word = |zh: &'static str, en: &'static str| t(zh, en).get(lang);
    let said = |who: Option<StaffId>, on: Option<NaiveDate>, text: &str| {
        format!("{} {}  {}", name(staff, who), date(on), plain::masked(text)).trim_end().to_owned()
    };
    let mut lines = vec![
        format!("{}  {}", e.label().get(lang), state(e, staff, today, lang)),
        format!("{}  {}", word("给什么", "Grants"), plain::masked(&e.text)),
        format!("{}  {} - {}", word("期间", "Days"), date(e.from), date(e.until)),
        format!("{}  {}", word("提出", "Proposed"), said(Some(e.proposer), e.proposed, &e.reason)),
    ];
    let answered = if e.verdict == Verdict::Refused { t("拒绝", "Refused") } else { t("批准", "Approved") };
    if e.decider.is_some() {
        lines.push(format!("{}  {}", answered.get(lang), said(e.decider, e.decided, &e.answer)));
    }
    if e.ender.is_some() {
        lines.push(format!("{}  {}", word("收回", "Taken back"), said(e.ender, e.ended, &e.end_reason)));
    }
    lines.push(String::new());
    lines.push(
        word(
            "这是记录：利率和额度在核心系统里改。",
            "This is a record: rates and limits are changed in the core system.",
        )
        .to_owned(),
    );
    lines
}

/// A row of a table: kind, what, how it stands, why.
pub fn row(e: &Entitlement, staff: &[Staff], today: NaiveDate, lang: Lang) -> Vec<String> {
    vec![
        e.label().get(lang).to_owned(),
        plain::masked(&e.text),
        state(e, staff, today, lang),
        plain::masked(match e.stands(today) {
            Stands::Waiting | Stands::Lapsed => &e.reason,
            Stands::Ended => &e.end_reason,
            _ => &e.answer,
        }),
    ]
}

/// The label of a field of the change log that only entitlements have.
pub fn field(code: &str) -> Option<Text> {
    Some(match code {
        "grants" => t("类别", "kind"),
        "proposer" => t("提出人", "proposed by"),
        "proposed" => t("提出", "proposed"),
        "verdict" => t("状态", "state"),
        "decider" => t("批的人", "decided by"),
        "decided" => t("批的日期", "decided"),
        "answer" => t("批语", "answer"),
        "ender" => t("收回人", "taken back by"),
        "ended" => t("收回", "taken back"),
        "end_reason" => t("收回理由", "because"),
        _ => return None,
    })
}

/// A value of the change log that stands there as a code, or as the id of a colleague: whose name is said instead.
pub fn value(code: &str, text: &str, staff: &[Staff], lang: Lang) -> Option<String> {
    match code {
        "part" if text == "entitlement" => Some(NAME.get(lang).to_owned()),
        "grants" => GRANTS.iter().find(|c| c.code == text).map(|c| c.label.get(lang).to_owned()),
        "verdict" => Verdict::ALL.into_iter().find(|v| v.code() == text).map(|v| v.label().get(lang).to_owned()),
        "mark" => super::agenda::marked(text, staff, lang),
        _ if audit::names_colleague(code) => staff.iter().find(|s| s.id.0.to_string() == text).map(|s| s.name.clone()),
        _ => None,
    }
}

/// An edit with its codes in words.
pub fn told(e: &Edit, staff: &[Staff], lang: Lang) -> Edit {
    let said = |text: &String| value(&e.field, text, staff, lang).unwrap_or_else(|| text.clone());
    Edit { field: e.field.clone(), before: said(&e.before), after: said(&e.after) }
}

/// A change of an entitlement in words, what was decided first; nothing where it is a change of something else.
pub fn event(c: &Change, staff: &[Staff], lang: Lang) -> Option<Vec<String>> {
    let of = |code: &str| c.edits.iter().find(|e| e.field == code).map(|e| told(e, staff, lang));
    if c.entity != Entity::Part || of("verdict").or_else(|| of("grants")).is_none() {
        return None;
    }
    let gone = c.after("part") == Some("");
    let mut words: Vec<String> = gone.then(|| t("撤回", "Withdrawn").get(lang).to_owned()).into_iter().collect();
    let fields = ["verdict", "grants", "text", "until", "reason", "answer", "end_reason"];
    let told = fields.into_iter().skip(usize::from(gone)).filter_map(of);
    words.extend(told.map(|e| if gone { e.before } else { e.after }));
    Some(words)
}

/// What can be done with one, for a list to choose from: what is likeliest for the one who looks stands first.
pub fn doings(e: &Entitlement, me: Option<StaffId>, today: NaiveDate, lang: Lang) -> Vec<Entry> {
    let entry = |code: &str, label: Text| Entry::new(code, label.get(lang), "");
    let decide = [entry("approve", t("批准", "Approve")), entry("refuse", t("拒绝", "Refuse"))];
    let change = [entry("edit", t("改", "Change")), entry("withdraw", t("撤回", "Withdraw"))];
    let read = entry("read", t("看全文", "Read it all"));
    let all: Vec<Entry> = match e.stands(today) {
        Stands::Waiting | Stands::Lapsed if me == Some(e.proposer) => change.into_iter().chain(decide).collect(),
        Stands::Waiting | Stands::Lapsed => decide.into_iter().chain(change).collect(),
        Stands::Ahead | Stands::Holds => vec![entry("end", t("收回", "Take back"))],
        Stands::Over | Stands::Refused | Stands::Ended => Vec::new(),
    };
    all.into_iter().chain([read]).collect()
}

/// What one is called in a title.
pub fn title(e: &Entitlement, lang: Lang) -> String {
    format!("{} {}", e.label().get(lang), plain::masked(&e.text))
}
