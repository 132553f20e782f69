//! Words about who is who.

use super::{field_label, say};
use crate::app::layers::merging::Merging;
use crate::app::shared::Shared;
use crate::domain::customer::Customer;
use crate::domain::field::Field;
use crate::domain::ids::StaffId;
use crate::domain::text::{Lang, Text, t};
use crate::domain::values::document::Document;
use crate::store::twins::{By, Found, Side};
use chrono::NaiveDateTime;

/// How sure it is.
pub fn certainty(by: By) -> Text {
    match by {
        By::Document => t("一定", "certain"),
        By::PhoneAndName => t("很可能", "likely"),
        By::NameAndBirthday => t("可能", "possible"),
    }
}

/// By what two archives look like one person's.
pub fn reasons(by: &[By], lang: Lang) -> String {
    let word = |by: &By| {
        let text = match by {
            By::Document => t("证件", "ID"),
            By::PhoneAndName => t("手机姓名", "phone, name"),
            By::NameAndBirthday => t("姓名生日", "name, birthday"),
        };
        text.get(lang)
    };
    by.iter().map(word).collect::<Vec<_>>().join(if lang == Lang::Zh { "、" } else { ", " })
}

/// The title of the list.
pub fn listed(found: &Found, lang: Lang) -> String {
    let (n, total) = (found.pairs.len(), found.total);
    if n < total {
        return say(
            lang,
            format_args!("疑似重复：{total} 对，先列 {n} 对"),
            format_args!("May be one person: {total} pairs, {n} listed"),
        );
    }
    say(lang, format_args!("疑似重复：{total} 对"), format_args!("May be one person: {total} pairs"))
}

fn line(s: &Side) -> String {
    format!("{} {}", s.one.no, s.one.name)
}

/// What is asked before two are merged.
pub fn question(m: &Merging, lang: Lang) -> String {
    let (other, keep) = (line(&m.other), line(&m.keep));
    say(
        lang,
        format_args!("把 {other} 并入 {keep}？联络、任务、资产、贷款等全部转过去，可以拆开恢复。"),
        format_args!("Merge {other} into {keep}? Contacts, tasks, assets, loans all go there; it can be parted again."),
    )
}

/// That the two have documents of different numbers, which are told masked; nothing where one has none or both are one.
pub fn documents(m: &Merging, lang: Lang) -> Option<String> {
    let (a, b) = (m.keep.customer.document.as_ref()?, m.other.customer.document.as_ref()?);
    let told = |d: &Document| format!("{} {}", d.kind.label().get(lang), d.masked());
    a.differs(b).then(|| {
        let (a, b) = (told(a), told(b));
        let hidden =
            if a == b { t("（不同的几位已隐去）", " (they differ in what is hidden)").get(lang) } else { "" };
        say(
            lang,
            format_args!("两份档案的证件号不同：{a} 和 {b}{hidden}，可能是两个人。"),
            format_args!("The two have different documents: {a} and {b}{hidden}; they may be two people."),
        )
    })
}

/// Two were merged.
pub fn merged(m: &Merging, lang: Lang) -> String {
    let (other, keep) = (line(&m.other), line(&m.keep));
    say(lang, format_args!("已合并：{other} 并入 {keep}"), format_args!("Merged: {other} into {keep}"))
}

/// What is asked before a merge is taken back.
pub fn part(no: &str, name: &str, into: &str, lang: Lang) -> String {
    say(
        lang,
        format_args!("把 {no} {name} 从 {into} 拆开，恢复成两份档案？"),
        format_args!("Part {no} {name} from {into}, back into two archives?"),
    )
}

/// What is asked before a finding is taken back.
pub fn together(a: &str, b: &str, lang: Lang) -> String {
    say(
        lang,
        format_args!("撤回「不是同一人」：{a} 和 {b}？"),
        format_args!("Take back that {a} and {b} are two people?"),
    )
}

/// Somebody changed one of the two meanwhile.
pub fn changed(shared: &Shared, name: &str, fields: &[String], by: Option<(StaffId, NaiveDateTime)>) -> String {
    let labels: Vec<String> = fields.iter().map(|f| field_label(shared.lang, f)).collect();
    let who = by.map(|(id, _)| shared.name_of(Some(id)).to_owned()).unwrap_or_default();
    let at = by.map(|(_, at)| at.format("%H:%M").to_string()).unwrap_or_default();
    let labels = labels.join(if shared.lang == Lang::Zh { "、" } else { ", " });
    say(
        shared.lang,
        format_args!("没有合并：{who} {at} 改了{name}的档案（{labels}），请再核对一遍"),
        format_args!("Not merged: {who} changed the archive of {name} at {at} ({labels}); please look again"),
    )
}

/// A value as it stands beside another, masked as everywhere.
pub fn value(shared: &Shared, field: &Field<Customer>, c: &Customer) -> String {
    let text = field.get(c);
    if text.is_empty() {
        return shared.say(t("(空)", "(empty)")).to_owned();
    }
    super::field_value(shared, field.code, &text)
}

/// What hangs on an archive.
pub fn hangs(s: &Side, lang: Lang) -> String {
    let words =
        [t("联络", "contacts"), t("任务", "tasks"), t("附页", "parts"), t("持有", "holdings"), t("贷款", "loans")];
    let some: Vec<String> =
        words.iter().zip(s.hangs).filter(|(_, n)| *n > 0).map(|(w, n)| format!("{} {n}", w.get(lang))).collect();
    some.join("  ")
}
