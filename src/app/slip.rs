//! 转介单: a customer changing hands on paper, 80 columns of plain text. It lies about, so numbers stand masked on it.

use super::layers::reading::{Paper, Reading};
use super::shared::Shared;
use super::words::customer;
use crate::domain::agenda::{Detail, Item};
use crate::domain::calendar::dates;
use crate::domain::ids::StaffId;
use crate::domain::text::t;
use crate::domain::values::{idcard, phone, plain};
use crate::store::customers::Opened;
use unicode_width::UnicodeWidthStr;

/// Cells across.
const WIDTH: usize = 80;

/// The slip of a hand-over.
pub fn transfer(shared: &Shared, item: &Item) -> Reading {
    let (Detail::Transfer(x), Some(who)) = (&item.detail, &item.who) else {
        return Reading { title: String::new(), lines: Vec::new(), top: 0, print: None };
    };
    let lang = shared.lang;
    let branch = shared.opened.as_ref().map_or("", |o| o.branch.as_str());
    let title = format!("{branch} {}", shared.say(t("客户转介单", "Customer hand-over slip")));
    let row = shared.index.as_ref().and_then(|i| i.row(who.id));
    let (mobile, document) = row.map(|r| (phone::mask(&r.phone), idcard::mask(&r.document))).unwrap_or_default();
    let area = shared.index.as_ref().and_then(|i| i.row(who.id)).map(|r| r.area).unwrap_or_default();
    let person = |id: StaffId| {
        let role = shared.person(id).map_or("", |s| s.role.label().get(lang));
        format!("{} {role}", shared.name_of(Some(id)))
    };
    let day = crate::domain::agenda::key::Key::parse(&item.key).map(|k| k.day.to_string()).unwrap_or_default();
    let state = match &x.refused {
        Some(why) => format!("{}{}", shared.say(t("被拒绝：", "refused: ")), plain::masked(why)),
        None => shared.say(t("待接受", "to be accepted")).to_owned(),
    };
    let rule = "-".repeat(WIDTH);
    let one = |label, text: &str| format!("{}{text}", padded(shared.say(label), 10));
    let blank = |label| format!("{}____________________", padded(shared.say(label), 10));
    let mut lines = vec![" ".repeat(WIDTH.saturating_sub(title.width()) / 2) + &title, String::new()];
    lines.push(one(t("打印", "Printed"), &printed(shared)));
    lines.push(rule.clone());
    lines.push(two(one(t("客户", "Customer"), &who.name), one(t("客户号", "No"), &masked_no(&who.no))));
    let tier = x.tier.or(who.tier).map_or("", |x| x.label().get(lang));
    lines.push(two(one(t("级别", "Tier"), tier), one(t("资产", "Assets"), &customer::amount(who.aum, shared.hidden))));
    lines.push(two(one(t("手机", "Phone"), &mobile), one(t("证件", "ID"), &document)));
    lines.push(one(t("片区", "Area"), &area));
    lines.push(rule.clone());
    lines.push(two(one(t("移出人", "From"), &person(x.from)), one(t("移入人", "To"), &person(x.to))));
    lines.push(two(one(t("提出", "Proposed"), &day), one(t("答复期限", "Answer by"), &item.due.to_string())));
    lines.push(one(t("原因", "Reason"), &plain::masked(&x.reason)));
    lines.push(one(t("状态", "State"), &state));
    lines.push(rule.clone());
    for text in [
        t("[ ] 档案已核对，缺项已交代", "[ ] Archive checked, gaps told"),
        t("[ ] 未办的任务、约定的日期已交代", "[ ] Open tasks and agreed dates told"),
        t("[ ] 客户已告知新的责任人", "[ ] The customer knows the new keeper"),
    ] {
        lines.push(shared.say(text).to_owned());
    }
    lines.push(rule);
    lines.push(String::new());
    lines.push(two(blank(t("移出人", "From")), blank(t("日期", "Date"))));
    lines.push(String::new());
    lines.push(two(blank(t("移入人", "To")), blank(t("日期", "Date"))));
    lines.push(String::new());
    lines.push(two(blank(t("主管", "Supervisor")), blank(t("日期", "Date"))));
    Reading { title, lines, top: 0, print: Some(Paper::of(format!("transfer-{}.txt", x.row), Some(who.id))) }
}

/// 个人金融部支持申请单: head office is asked to help with a big customer (feature 46).
pub fn support(shared: &Shared, o: &Opened) -> Reading {
    let (c, lang) = (&o.customer, shared.lang);
    let branch = shared.opened.as_ref().map_or("", |o| o.branch.as_str());
    let title = format!("{branch} {}", shared.say(t("请个人金融部协助", "Head office is asked to help")));
    let person = |id: Option<StaffId>| {
        let role = id.and_then(|id| shared.person(id)).map_or("", |s| s.role.label().get(lang));
        format!("{} {role}", shared.name_of(id)).trim().to_owned()
    };
    let document = c.document.as_ref().map(|d| d.masked()).unwrap_or_default();
    let aum = o.standing.figures.map(|f| f.aum(shared.settings().basis));
    let as_of = o.standing.figures.map(|f| f.as_of.to_string()).unwrap_or_default();
    let rule = "-".repeat(WIDTH);
    let one = |label, text: &str| format!("{}{text}", padded(shared.say(label), 10));
    let blank = |label| format!("{}____________________", padded(shared.say(label), 10));
    let line = "_".repeat(WIDTH);
    let tier = o.standing.tier.map_or("", |x| x.label().get(lang));
    let lines = vec![
        " ".repeat(WIDTH.saturating_sub(title.width()) / 2) + &title,
        String::new(),
        one(t("打印", "Printed"), &printed(shared)),
        rule.clone(),
        two(one(t("客户", "Customer"), &c.name), one(t("客户号", "No"), &masked_no(&c.no))),
        two(one(t("级别", "Tier"), tier), one(t("资产", "Assets"), &customer::amount(aum, shared.hidden))),
        two(one(t("数据日", "Data of"), &as_of), one(t("手机", "Phone"), &phone::mask(&c.phone))),
        two(one(t("证件", "ID"), &document), one(t("片区", "Area"), &c.area)),
        two(one(t("责任人", "Keeper"), &person(c.owner)), one(t("协管人", "With"), &person(c.assistant))),
        rule,
        shared.say(t("请协助的事项：", "What is asked for:")).to_owned(),
        String::new(),
        line.clone(),
        String::new(),
        line.clone(),
        String::new(),
        line,
        String::new(),
        two(blank(t("申请人", "Asked by")), blank(t("日期", "Date"))),
        String::new(),
        two(blank(t("网点经理", "Branch")), blank(t("日期", "Date"))),
        String::new(),
        two(blank(t("个金部", "Head o.")), blank(t("日期", "Date"))),
    ];
    Reading { title, lines, top: 0, print: Some(Paper::of(format!("support-{}.txt", c.id.0), Some(c.id))) }
}

fn printed(shared: &Shared) -> String {
    let (day, who) = (dates::weekday(shared.today(), shared.lang), shared.name_of(shared.me));
    format!("{} {day} {who}", shared.stamp().at.format("%Y-%m-%d %H:%M"))
}

/// Two halves of a line.
fn two(left: String, right: String) -> String {
    let room = (WIDTH / 2).saturating_sub(left.width());
    format!("{left}{}{right}", " ".repeat(room)).trim_end().to_owned()
}

fn padded(label: &str, width: usize) -> String {
    format!("{label}{}", " ".repeat(width.saturating_sub(label.width()).max(1)))
}

/// The last four of a customer number.
fn masked_no(no: &str) -> String {
    let hide = no.chars().count().saturating_sub(4);
    no.chars().enumerate().map(|(n, c)| if n < hide { '*' } else { c }).collect()
}
