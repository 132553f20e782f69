//! Sentences with arguments, in both languages; shared by the screen and the command line. Fixed words stand where they are
//! used, as `Text`.

pub mod agenda;
pub mod customer;

use super::layers::chooser::Entry;
use super::shared::Shared;
use crate::domain::archive;
use crate::domain::family::Part;
use crate::domain::field::{Edit, Kind};
use crate::domain::text::{Lang, Text, t};
use crate::store::customers::{Known, KnownBy};
use crate::store::request::Failure;

/// The file cannot be written.
pub const READ_ONLY: Text = t(
    "文件是只读的，不能保存；请管理员检查共享盘权限",
    "The file is read-only and cannot be saved; ask the administrator to check the share's rights",
);

/// One of two sentences.
fn say(lang: Lang, zh: String, en: String) -> String {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// The entries of a field's pick list; nothing when it has none, or when it names a customer.
pub fn choices(kind: Kind, shared: &Shared) -> Option<Vec<Entry>> {
    match kind {
        Kind::Pick(list) => Some(list.iter().map(|c| Entry::new(c.code, c.label.get(shared.lang), "")).collect()),
        Kind::Staff => Some(people(shared)),
        _ => None,
    }
}

/// The people who work here, as entries of a list.
pub fn people(shared: &Shared) -> Vec<Entry> {
    shared
        .staff()
        .iter()
        .filter(|s| s.active)
        .map(|s| {
            Entry::new(s.id.0.to_string(), format!("{} {}", s.name, s.role.label().get(shared.lang)), s.code.clone())
        })
        .collect()
}

/// Asks whether edits are to be forgotten.
pub fn drop_edits(lang: Lang, name: &str, fields: usize) -> String {
    say(
        lang,
        format!("{name} 有 {fields} 项修改没有保存，放弃吗？（F8 保存，Ctrl+T 挂起）"),
        format!("{name} has {fields} unsaved changes. Discard them? (F8 saves, Ctrl+T parks)"),
    )
}

/// A form was parked.
pub fn parked(lang: Lang, name: &str) -> String {
    say(
        lang,
        format!("已挂起 {name} 的表单，Ctrl+T 取回"),
        format!("Parked the form of {name}; Ctrl+T takes it up again"),
    )
}

/// How much a parked form holds.
pub fn parked_what(lang: Lang, fields: usize) -> String {
    say(lang, format!("{fields} 项未保存"), format!("{fields} unsaved"))
}

/// A parked form is back.
pub fn brought_back(lang: Lang, name: &str) -> String {
    say(lang, format!("已取回 {name} 未保存的修改"), format!("Unsaved changes of {name} are back"))
}

/// Drafts of an earlier sitting were found.
pub fn drafts_found(lang: Lang, n: usize) -> String {
    say(
        lang,
        format!("找回 {n} 张上次未保存的表单，Ctrl+T 取回"),
        format!("Found {n} unsaved forms of the last sitting; Ctrl+T takes one up"),
    )
}

/// The label of an archive field, or its code when there is none.
pub fn field_label(lang: Lang, code: &str) -> String {
    archive::FIELDS.iter().find(|f| f.code == code).map_or_else(|| code.to_owned(), |f| f.label.get(lang).to_owned())
}

/// A value of an archive field as people read it.
pub fn field_value(shared: &Shared, code: &str, canonical: &str) -> String {
    archive::FIELDS
        .iter()
        .find(|f| f.code == code)
        .map_or_else(|| canonical.to_owned(), |f| f.show(canonical, shared.lang, shared.staff()))
}

/// Asks whether a field is to be put back.
pub fn put_back(shared: &Shared, edit: &Edit) -> String {
    let label = field_label(shared.lang, &edit.field);
    let empty = shared.say(t("(空)", "(empty)"));
    let value = |text: &str| if text.is_empty() { empty.to_owned() } else { field_value(shared, &edit.field, text) };
    let (before, after) = (value(&edit.before), value(&edit.after));
    say(
        shared.lang,
        format!("把「{label}」从「{after}」恢复成「{before}」？"),
        format!("Put {label} back from \"{after}\" to \"{before}\"?"),
    )
}

/// What a part is called.
pub const fn part_title(part: &Part) -> Text {
    match part {
        Part::Member(_) => t("家庭成员", "Family member"),
        Part::Occasion(_) => t("每年的日子", "Yearly occasion"),
        Part::Link(_) => t("人脉", "Link"),
        Part::Remark(_) => t("记事", "Remark"),
    }
}

/// The name of a part, as one would say it.
pub fn part_name(part: &Part) -> &str {
    match part {
        Part::Member(m) => &m.name,
        Part::Occasion(o) => &o.label,
        Part::Link(l) => &l.name,
        Part::Remark(r) => &r.text,
    }
}

/// Asks whether a part is to be removed.
pub fn remove_part(lang: Lang, part: &Part) -> String {
    let (what, name) = (part_title(part).get(lang), part_name(part));
    say(
        lang,
        format!("删除{what}「{name}」？变更页里仍有记录"),
        format!("Remove {what} \"{name}\"? The changes tab keeps a record"),
    )
}

/// Fields were saved.
pub fn saved(lang: Lang, name: &str, codes: &[String]) -> String {
    let labels: Vec<String> = codes.iter().map(|c| field_label(lang, c)).collect();
    say(lang, format!("已保存 {name}：{}", labels.join("、")), format!("Saved {name}: {}", labels.join(", ")))
}

/// Somebody like this is already known.
pub fn known(lang: Lang, k: &Known) -> String {
    let by = match k.by {
        KnownBy::Document => t("证件号", "ID number"),
        KnownBy::Phone => t("手机", "phone"),
        KnownBy::NameAndBirthday => t("姓名和生日", "name and birthday"),
    }
    .get(lang);
    say(lang, format!("{by}相同：{} {}", k.name, k.no), format!("Same {by}: {} {}", k.name, k.no))
}

/// Why an ask was not answered, and what to do.
pub fn failure(lang: Lang, failure: &Failure) -> String {
    let (zh, en) = match failure {
        Failure::Refused(c) => return c.get(lang).to_owned(),
        Failure::Gone => ("这条记录已不在了，按 F5 刷新", "The record is not there any more; press F5"),
        Failure::Busy => (
            "同事正在写入，没轮到；内容还在，请再按一次",
            "Colleagues kept the file busy; nothing is lost, please try again",
        ),
        Failure::ReadOnly => (READ_ONLY.zh, READ_ONLY.en),
        Failure::Full => (
            "共享盘满了，没有保存；内容还在，请找管理员腾空间",
            "The drive is full, nothing was saved; your typing is kept, ask for room",
        ),
        Failure::Drive(_) => (
            "共享盘没有响应，没有保存；内容还在，稍后再试",
            "The drive does not answer, nothing was saved; your typing is kept, try later",
        ),
    };
    say(lang, zh.to_owned(), en.to_owned())
}

/// A colleague changed something.
pub fn colleague(lang: Lang, who: &str, what: &str, n: usize) -> String {
    if n > 1 {
        return say(lang, format!("{who} 刚改了 {n} 处"), format!("{who} changed {n} things"));
    }
    say(lang, format!("{who} 刚改了 {what}"), format!("{who} changed {what}"))
}
