//! Words of work targets and of who brought and took customers, shared by the screen and the command line.

use super::customer::amount;
use super::say;
use super::tables::{Desk, data, keeper, over, person};
use crate::domain::calendar::dates;
use crate::domain::ids::StaffId;
use crate::domain::results::credit::{Credit, Handed, Part};
use crate::domain::results::targets::{self, Metric, Scores, last_of};
use crate::domain::text::{Lang, Text, t};
use chrono::{Datelike, NaiveDate};

/// The columns of targets: each metric as `12/40` and as a bar.
pub const SCORES: &[Text] = &[
    t("姓名", "Name"),
    t("有效联络", "Contacts"),
    t("进度", "Done"),
    t("新客户", "New"),
    t("进度", "Done"),
    t("升级客户", "Lifted"),
    t("进度", "Done"),
    t("续存率%", "Kept %"),
    t("进度", "Done"),
];

/// The columns of credit by person.
pub const PARTS: &[Text] =
    &[t("姓名", "Name"), t("引荐", "Brought"), t("承接", "Taken"), t("折算户数", "Credit"), t("折算资产", "Assets")];

/// The columns of hand-overs.
pub const HANDED: &[Text] = &[
    t("姓名", "Name"),
    t("客户号", "Number"),
    t("等级", "Tier"),
    t("责任人", "Keeper"),
    t("引荐", "Brought by"),
    t("承接", "Taken by"),
    t("接受日", "Accepted"),
    t("引荐资产", "Brought"),
    t("承接资产", "Taken"),
];

/// Cells of a bar.
const BAR: u32 = 10;

/// A month: `2026-11`.
pub fn month(on: NaiveDate) -> String {
    on.format("%Y-%m").to_string()
}

/// What the targets are of: month, up to which day, reach, data dates.
pub fn scores_title(x: &Scores, d: Desk<'_>) -> String {
    let (m, who) = (month(x.month), over(x.reach, d.lang));
    if x.month > d.today {
        return say(d.lang, format_args!("工作目标 {m} {who} 还没开始"), format_args!("Targets {m}, {who}, not begun"));
    }
    let (to, of) = (dates::short(x.to, d.today), data(x.figures, d));
    say(d.lang, format_args!("工作目标 {m} 截至 {to} {who} {of}"), format_args!("Targets {m} up to {to}, {who}, {of}"))
}

/// What the credit is of: month, reach, data date.
pub fn credit_title(c: &Credit, d: Desk<'_>) -> String {
    let (m, who, of, share) = (month(c.from), over(c.reach, d.lang), data(c.as_of, d), c.share);
    say(
        d.lang,
        format_args!("转介业绩 {m} {who} 引荐 {share}% {of}"),
        format_args!("Hand-overs {m}, {who}, introducer {share}%, {of}"),
    )
}

fn name(of: Option<StaffId>, d: Desk<'_>) -> String {
    of.map_or_else(|| t("合计", "Together").get(d.lang).to_owned(), |id| keeper(d.staff, Some(id), d.lang))
}

/// A row of targets.
pub fn score_row(x: &Scores, of: Option<StaffId>, d: Desk<'_>) -> Vec<String> {
    let mut row = vec![name(of, d)];
    for metric in Metric::ALL {
        let (value, goal) = x.measure(of, metric, d.staff);
        let text = |n: Option<u32>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
        row.push(match goal {
            Some(goal) => format!("{}/{goal}", text(value)),
            None => text(value),
        });
        // Of a share its own number says how far it is.
        row.push(targets::done(value, goal).map(bar).unwrap_or_default());
    }
    row
}

/// `####...... 45%`
fn bar(percent: u32) -> String {
    let full = (percent.min(100) * BAR / 100) as usize;
    let rest = (BAR as usize).saturating_sub(full);
    format!("{}{} {percent}%", "#".repeat(full), ".".repeat(rest))
}

/// A row of credit by person.
pub fn part_row(of: StaffId, p: &Part, d: Desk<'_>) -> Vec<String> {
    vec![
        keeper(d.staff, Some(of), d.lang),
        p.brought.to_string(),
        p.taken.to_string(),
        format!("{}.{:02}", p.credit / 100, p.credit % 100),
        amount(Some(p.assets), false),
    ]
}

/// A row of a hand-over.
pub fn handed_row(c: &Credit, h: &Handed, d: Desk<'_>) -> Vec<String> {
    let (brought, taken) = c.split(h);
    let sum = |sum| amount(h.who.aum.map(|_| sum), false);
    let mut row = person(&h.who, d).to_vec();
    row.extend([
        keeper(d.staff, Some(h.from), d.lang),
        keeper(d.staff, Some(h.to), d.lang),
        dates::short(h.day, d.today),
        sum(brought),
        sum(taken),
    ]);
    row
}

/// What the targets mean, and how far the month is.
pub fn scores_meaning(x: &Scores, d: Desk<'_>) -> Vec<String> {
    let (gone, all) = (x.to.day0() + 1, last_of(x.month).day());
    let gone = if x.month > d.today { 0 } else { gone * 100 / all };
    let held = match x.holdings {
        Some(on) => dates::short(on, d.today),
        None => t("无", "none").get(d.lang).to_owned(),
    };
    let mut lines = vec![
        say(
            d.lang,
            "口径：联络按联络人，其余按责任人；续存率按记下的到期去向。",
            "Contacts by who made them, the rest by keeper; kept by recorded results.",
        ),
        say(
            d.lang,
            format_args!("本月已过 {gone}%，持有数据 {held}。"),
            format_args!("{gone}% of the month gone, holdings of {held}."),
        ),
    ];
    if !x.targets.is_empty() {
        lines.push(say(
            d.lang,
            "合计按网点目标；没定网点目标的，只合计有目标的人。",
            "Together: the branch's target; where it has none, those who have one.",
        ));
    } else {
        lines.push(say(
            d.lang,
            "还没有定过目标：网点经理按 Enter 定。",
            "No targets yet: the branch manager presses Enter.",
        ));
    }
    lines
}

/// What the credit means.
pub fn credit_meaning(c: &Credit, d: Desk<'_>) -> Vec<String> {
    let (brought, taken) = (c.share.min(100), 100 - c.share.min(100));
    vec![
        say(
            d.lang,
            format_args!(
                "口径：本月被接受的移交，引荐人得 {brought}%，承接人得 {taken}%；资产为客户现有资产，看不到的客户不计。"
            ),
            format_args!(
                "Hand-overs accepted in the month: {brought}% to who brought, {taken}% to who took; assets as they are now, of customers one may open."
            ),
        ),
        say(
            d.lang,
            "比例由网点经理定：guitai settings introducer_percent 40",
            "The branch manager sets the share: guitai settings introducer_percent 40",
        ),
    ]
}

/// Why there are no targets to show.
pub const fn nobody(lang: Lang) -> &'static str {
    t("没有在岗的同事可统计", "Nobody at work to count").get(lang)
}

/// Why there is no credit, and what makes it.
pub const NO_HAND_OVER: Text = t(
    "这个月没有被接受的移交；在工作台用 Ctrl+B 把客户移交给同事，对方接受后计入",
    "No hand-over was accepted this month; Ctrl+B in the workbench offers a customer to a colleague",
);
