//! Sentences with arguments, in both languages; shared by the screen and the command line. Fixed words stand where they are
//! used, as `Text`.

pub mod agenda;
pub mod audit;
pub mod board;
pub mod clash;
pub mod consent;
pub mod customer;
pub mod dealings;
pub mod door;
pub mod drive;
pub mod entitle;
pub mod figures;
pub mod goals;
pub mod imports;
pub mod keepers;
pub mod results;
pub mod subject;
pub mod tables;
pub mod tier;
pub mod twins;
pub mod value;

use super::layers::call::Call;
use super::layers::chooser::Entry;
use super::shared::Shared;
use crate::domain::archive;
use crate::domain::calendar::dates;
use crate::domain::calendar::repeat::Repeat;
use crate::domain::change::{Change, Entity, SECOND, UNPROVED};
use crate::domain::contact::{Channel, Outcome};
use crate::domain::family::Part;
use crate::domain::field::{Edit, Kind, Mask};
use crate::domain::text::{Lang, Text, t};
use crate::domain::tier::Tier;
use crate::domain::values::plain;
use crate::index::row::Row;
use crate::store::customers::{Known, KnownBy};
use crate::store::drive::Footing;
use crate::store::request::Failure;
use chrono::NaiveDate;
use std::fmt::Display;

/// What is revealed, by its code: the label of a field, or the kind of row.
pub fn revealed_what(lang: Lang, field: &str) -> String {
    let words = match field.split_once('.').map_or("", |(kind, _)| kind) {
        "contact" => t("联络备注", "contact note"),
        "part" => t("这一行", "this row"),
        "holding" => t("合同号", "contract number"),
        "loan" => t("借据和还款账号", "note and account number"),
        _ => return field_label(lang, field),
    };
    words.get(lang).to_owned()
}

/// A masked value is shown for a while.
pub fn revealed(lang: Lang, field: &str, seconds: i64, left: u32) -> String {
    let what = revealed_what(lang, field);
    say(
        lang,
        format_args!("{what}显示 {seconds} 秒，已登记；今天还可显示 {left} 次"),
        format_args!("{what} shows for {seconds} seconds and is logged; {left} more today"),
    )
}

/// No more masked values are shown today.
pub fn reveals_over(lang: Lang, most: u32) -> String {
    say(
        lang,
        format_args!("今天已到每人 {most} 次的上限，没有显示，已登记；请合规管理员调高上限，或明天再看"),
        format_args!(
            "The limit of {most} a day is reached; nothing is shown, and that is logged. Compliance may raise the limit; or wait until tomorrow"
        ),
    )
}

/// The file cannot be written.
pub const READ_ONLY: Text = t(
    "文件是只读的，不能保存；请管理员检查共享盘权限",
    "The file is read-only and cannot be saved; ask the administrator to check the share's rights",
);

/// Why the file is only read: what the drive says of itself, else that it cannot be written.
pub fn read_only(shared: &Shared) -> String {
    match &shared.start.footing {
        Footing::Refused(why) => why.get(shared.lang).to_owned(),
        _ => shared.say(READ_ONLY).to_owned(),
    }
}

/// One of two sentences; only the one wanted is written out.
fn say(lang: Lang, zh: impl Display, en: impl Display) -> String {
    match lang {
        Lang::Zh => zh.to_string(),
        Lang::En => en.to_string(),
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
        format_args!("{name} 有 {fields} 项修改没有保存，放弃吗？（F8 保存，Ctrl+T 挂起）"),
        format_args!("{name} has {fields} unsaved changes. Discard them? (F8 saves, Ctrl+T parks)"),
    )
}

/// A form was parked.
pub fn parked(lang: Lang, name: &str) -> String {
    say(
        lang,
        format_args!("已挂起 {name} 的表单，Ctrl+T 取回"),
        format_args!("Parked the form of {name}; Ctrl+T takes it up again"),
    )
}

/// How much a parked form holds.
pub fn parked_what(lang: Lang, fields: usize) -> String {
    say(lang, format_args!("{fields} 项未保存"), format_args!("{fields} unsaved"))
}

/// A parked form is back.
pub fn brought_back(lang: Lang, name: &str) -> String {
    say(lang, format_args!("已取回 {name} 未保存的修改"), format_args!("Unsaved changes of {name} are back"))
}

/// Drafts of an earlier sitting were found.
pub fn drafts_found(lang: Lang, n: usize) -> String {
    say(
        lang,
        format_args!("找回 {n} 张上次未保存的表单，Ctrl+T 取回"),
        format_args!("Found {n} unsaved forms of the last sitting; Ctrl+T takes one up"),
    )
}

/// The label of an archive field, or its code when there is none.
pub fn field_label(lang: Lang, code: &str) -> String {
    match archive::FIELDS.iter().find(|f| f.code == code) {
        Some(f) => f.label.get(lang).to_owned(),
        None if code == "hold" => t("人工定级", "Tier held").get(lang).to_owned(),
        None if code == "merged" => t("合并", "Merged").get(lang).to_owned(),
        None if code == "apart" => t("不是同一人", "Two people").get(lang).to_owned(),
        None if code == "tier" => t("级别", "Tier").get(lang).to_owned(),
        None => code.to_owned(),
    }
}

/// A value of an archive field as people read it, masked.
pub fn field_value(shared: &Shared, code: &str, canonical: &str) -> String {
    if let Some(f) = archive::FIELDS.iter().find(|f| f.code == code) {
        return f.show(&f.masked(canonical), shared.lang, shared.staff());
    }
    // A tier, or one with the day until which it is held.
    let (tier, rest) = canonical.split_once(' ').unwrap_or((canonical, ""));
    match Tier::parse(tier) {
        Some(tier) => format!("{} {rest}", tier.label().get(shared.lang)).trim_end().to_owned(),
        None => plain::masked(canonical),
    }
}

/// Whether a field of the archive is a number or an address, hidden wholly while the customer looks on.
pub fn is_number(code: &str) -> bool {
    archive::FIELDS.iter().any(|f| f.code == code && f.mask != Mask::Open)
}

/// Asks whether a field is to be put back.
pub fn put_back(shared: &Shared, edit: &Edit) -> String {
    let label = field_label(shared.lang, &edit.field);
    let empty = shared.say(t("(空)", "(empty)"));
    let value = |text: &str| if text.is_empty() { empty.to_owned() } else { field_value(shared, &edit.field, text) };
    let (before, after) = (value(&edit.before), value(&edit.after));
    say(
        shared.lang,
        format_args!("把「{label}」从「{after}」恢复成「{before}」？"),
        format_args!("Put {label} back from \"{after}\" to \"{before}\"?"),
    )
}

/// What a part is called.
pub const fn part_title(part: &Part) -> Text {
    match part {
        Part::Member(_) => t("家庭成员", "Family member"),
        Part::Occasion(_) => t("每年的日子", "Yearly occasion"),
        Part::Link(_) => t("人脉", "Link"),
        Part::Remark(_) => t("记事", "Remark"),
        Part::Entitlement(_) => entitle::NAME,
    }
}

/// Asks whether a part is to be removed.
pub fn remove_part(lang: Lang, part: &Part) -> String {
    let (what, name) = (part_title(part).get(lang), plain::masked(part.name()));
    say(
        lang,
        format_args!("删除{what}「{name}」？变更页里仍有记录"),
        format_args!("Remove {what} \"{name}\"? The changes tab keeps a record"),
    )
}

/// Fields were saved.
pub fn saved(lang: Lang, name: &str, codes: &[String]) -> String {
    let labels: Vec<String> = codes.iter().map(|c| field_label(lang, c)).collect();
    say(lang, format_args!("已保存 {name}：{}", labels.join("、")), format_args!("Saved {name}: {}", labels.join(", ")))
}

/// Somebody like this is already known.
pub fn known(lang: Lang, k: &Known) -> String {
    let by = match k.by {
        KnownBy::Document => t("证件号", "ID number"),
        KnownBy::Phone => t("手机", "phone"),
        KnownBy::NameAndBirthday => t("姓名和生日", "name and birthday"),
    }
    .get(lang);
    say(lang, format_args!("{by}相同：{} {}", k.name, k.no), format_args!("Same {by}: {} {}", k.name, k.no))
}

/// Why an ask was not answered, and what to do.
pub fn failure(lang: Lang, failure: &Failure) -> String {
    let (zh, en) = match failure {
        Failure::Refused(c) => return c.get(lang).to_owned(),
        Failure::Gone => ("这条记录已不在了，按 F5 刷新", "The record is not there any more; press F5"),
        Failure::GaveWay | Failure::Busy => (
            "同事正在写入，没轮到；内容还在，请再按一次",
            "Colleagues kept the file busy; nothing is lost, please try again",
        ),
        Failure::ReadOnly => (READ_ONLY.zh, READ_ONLY.en),
        Failure::Full => (
            "共享盘满了，没有保存；内容还在，请找管理员腾空间",
            "The drive is full, nothing was saved; your typing is kept, ask for room",
        ),
        Failure::Locks => (
            "共享盘的锁不起作用，没有保存；内容还在，请管理员运行 guitai doctor",
            "The locks of the drive do not work, nothing was saved; your typing is kept, have guitai doctor run",
        ),
        Failure::Newer => (
            "网点文件已由新版程序升级；内容还在，请退出，更新本机的柜台再打开",
            "A newer program brought the file up to date; your typing is kept: leave, update guitai on this PC and open it again",
        ),
        Failure::Replaced => (
            "原来的位置上是另一个文件，没有保存；内容还在，请找管理员",
            "Another file lies where the branch file was, nothing was saved; your typing is kept, ask the administrator",
        ),
        Failure::Damaged(_) => (
            "副本核对后确认文件损坏；请停止使用，请管理员从备份恢复（guitai restore）或抢救（guitai salvage）",
            "A checked copy shows the file is damaged; stop, and have it restored (guitai restore) or salvaged",
        ),
        Failure::Torn(_) | Failure::Drive(_) => (
            "共享盘没有响应，没有保存；内容还在，稍后再试",
            "The drive does not answer, nothing was saved; your typing is kept, try later",
        ),
    };
    say(lang, zh, en)
}

/// A colleague changed something: the last one, and how many there were; `merged` into an archive being edited here.
pub fn colleague(shared: &Shared, who: &str, whose: &str, last: &Change, n: usize, merged: bool) -> String {
    if n > 1 {
        return say(
            shared.lang,
            format_args!("{who} 等刚改了 {n} 处"),
            format_args!("{who} and others changed {n} things"),
        );
    }
    let fields: Vec<String> = last.edits.iter().take(3).map(|e| field_label(shared.lang, &e.field)).collect();
    let what = match last.entity {
        Entity::Customer if !fields.is_empty() => fields.join(" "),
        other => other.label().get(shared.lang).to_owned(),
    };
    let (zh, en) = if merged { (" (已并入)", " (merged in)") } else { ("", "") };
    if let Some(told) = last.after("mark").filter(|m| last.entity == Entity::Mark && m.starts_with("transfer_")) {
        let told = agenda::fate(shared, told, "");
        return say(shared.lang, format_args!("{who} {told}：{whose}"), format_args!("{who}: {told}, {whose}"));
    }
    if whose.is_empty() {
        return say(shared.lang, format_args!("{who} 刚改了{what}"), format_args!("{who} changed {what}"));
    }
    say(
        shared.lang,
        format_args!("{who} 刚改了 {whose} 的{what}{zh}"),
        format_args!("{who} changed {what} of {whose}{en}"),
    )
}

/// A number with separators: `2,920`.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A colleague changed a field that is being typed in.
pub fn touched(lang: Lang, code: &str) -> String {
    let label = field_label(lang, code);
    say(
        lang,
        format_args!("同事刚改了您正在填的「{label}」，保存时并排比较，由您选"),
        format_args!("A colleague changed {label} while you were typing; saving will show both to choose from"),
    )
}

/// A change that is no field of the archive, in one line: a contact, a mark, a part, a task.
pub fn event(shared: &Shared, c: &Change) -> String {
    let value = |field: &str| c.edits.iter().find(|e| e.field == field).map(|e| e.after.as_str()).unwrap_or_default();
    let mut words: Vec<String> = Vec::new();
    if c.entity == Entity::Contact {
        words.extend(Channel::parse(value("channel")).map(|x| x.label().get(shared.lang).to_owned()));
        words.extend(Outcome::parse(value("outcome")).map(|x| x.label().get(shared.lang).to_owned()));
        words.push(value("note").to_owned());
    } else if c.entity == Entity::Mark {
        words.push(agenda::fate(shared, value("mark"), value("hand_over")));
        words.push(c.reason.clone());
    } else if let Some(told) = entitle::event(c, shared.staff(), shared.lang) {
        words.extend(told);
    } else {
        // Row ids and codes say nothing to people; names, texts and dates do.
        let telling = |text: &&str| !text.is_empty() && !text.chars().all(|ch| ch.is_ascii_digit() || ch == '_');
        let said = c.edits.iter().filter(|e| !["repeat", SECOND, UNPROVED].contains(&e.field.as_str()));
        words.extend(said.map(|e| e.after.as_str()).filter(telling).map(str::to_owned));
        words.push(c.reason.clone());
    }
    words.extend(audit::second(c, shared.staff(), shared.lang));
    if let Ok(whose) = value("for").parse() {
        let name = shared.name_of(Some(crate::domain::ids::StaffId(whose)));
        words.insert(0, keepers::stands_in(name, shared.lang));
    }
    words.retain(|w| !w.is_empty());
    words.dedup();
    plain::masked(&words.join(" "))
}

/// A slip was written.
pub fn printed(lang: Lang, folder: &str) -> String {
    say(lang, format_args!("已存成文件，在 {folder}"), format_args!("Written to a file in {folder}"))
}

/// What a second person vouches for, where a list is printed that one may not take out alone.
pub fn print_many(lang: Lang, rows: usize, alone: u32) -> String {
    say(
        lang,
        format_args!("打印 {rows} 行客户（一个人最多 {alone} 行）"),
        format_args!("Print {rows} lines of customers (one person alone: {alone})"),
    )
}

/// A customer is followed, or no longer.
pub fn followed(lang: Lang, name: &str, now: bool) -> String {
    match now {
        true => say(lang, format_args!("已关注 {name}"), format_args!("Following {name}")),
        false => say(lang, format_args!("不再关注 {name}"), format_args!("No longer following {name}")),
    }
}

/// Asks whether to leave with something unsaved.
pub fn quit_dirty(lang: Lang, name: &str) -> String {
    say(
        lang,
        format_args!("{name} 有未保存的修改，退出时替您挂起，下次打开可取回。退出吗？"),
        format_args!("{name} has unsaved changes; they will be parked and offered next time. Quit?"),
    )
}

/// Customers got another keeper.
pub fn moved(shared: &Shared, rows: &[Row]) -> String {
    let Some(first) = rows.first() else { return shared.say(t("没有改动", "Nothing changed")).to_owned() };
    let owner = shared.name_of(first.owner);
    if rows.len() == 1 {
        return say(
            shared.lang,
            format_args!("{} 现由 {owner} 负责", first.name),
            format_args!("{owner} keeps {} now", first.name),
        );
    }
    say(
        shared.lang,
        format_args!("{} 人现由 {owner} 负责", rows.len()),
        format_args!("{owner} keeps {} customers now", rows.len()),
    )
}

/// A contact was logged.
pub fn logged(shared: &Shared, call: &Call, next: Option<NaiveDate>) -> String {
    let lang = shared.lang;
    let how = call.channel.map_or("", |c| c.label().get(lang));
    let what = call.outcome.map_or("", |o| o.label().get(lang));
    let next = next.map(|d| dates::short(d, shared.today()));
    let tail = next.map(|d| say(lang, format_args!("，下次 {d}"), format_args!("; next {d}"))).unwrap_or_default();
    say(
        lang,
        format_args!("已记 {} {how}{what}{tail}", call.name),
        format_args!("Logged {}: {how}, {what}{tail}", call.name),
    )
}

/// Nobody is called so.
pub fn no_such_colleague(lang: Lang, code: &str) -> String {
    say(
        lang,
        format_args!("没有叫「{code}」的在岗同事，请选一位"),
        format_args!("No active colleague \"{code}\"; please choose one"),
    )
}

/// Something of this customer was saved.
pub fn saved_whole(lang: Lang, name: &str) -> String {
    say(lang, format_args!("已保存 {name}"), format_args!("Saved {name}"))
}

/// A new archive was begun.
pub fn created(lang: Lang, name: &str, no: &str) -> String {
    say(lang, format_args!("已建档 {name} {no}"), format_args!("Archive begun: {name} {no}"))
}

/// Asks whether a sheet is to be forgotten.
pub fn drop_sheet(lang: Lang, title: &str) -> String {
    say(lang, format_args!("放弃「{title}」里已填的内容吗？"), format_args!("Discard what was typed in \"{title}\"?"))
}

/// The rhythms offered for a task.
pub fn rhythms(lang: Lang) -> Vec<Entry> {
    [Repeat::Once, Repeat::Weekly, Repeat::Monthly, Repeat::Yearly, Repeat::AfterDays(7), Repeat::AfterDays(30)]
        .into_iter()
        .map(|r| {
            let label = r.label(lang);
            let label = if label.is_empty() { t("不重复", "Once").get(lang).to_owned() } else { label };
            Entry::new(r.code(), label, "")
        })
        .collect()
}

/// The ID belongs to somebody already: there can be no second archive.
pub fn known_same(lang: Lang, k: &Known) -> String {
    say(
        lang,
        format_args!("证件号已属 {} {}，请打开原档案；没有新建，内容还在", k.name, k.no),
        format_args!(
            "The ID belongs to {} {} already; open that archive. Nothing was created, your typing is kept",
            k.name, k.no
        ),
    )
}

/// Asks whether to create although somebody like them is known.
pub fn create_anyway(lang: Lang, k: &Known) -> String {
    let words = known(lang, k);
    say(lang, format_args!("{words}。仍要新建吗？"), format_args!("{words}. Create anyway?"))
}
