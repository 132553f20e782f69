//! Words of keepers: a customer changing hands, who has no keeper, who would get whom, who stands in; shared by the screen and the
//! command line.

use super::say;
use crate::domain::agenda::Transfer;
use crate::domain::calendar::dates;
use crate::domain::ids::StaffId;
use crate::domain::keepers::Delegation;
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, Text, t};
use crate::store::keepers::{MOST, Nobody, Orphan, Plan, Why};
use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

fn name_of(staff: &[Staff], id: StaffId) -> &str {
    staff.iter().find(|s| s.id == id).map_or("", |s| s.name.as_str())
}

fn name_or_none(staff: &[Staff], id: Option<StaffId>, lang: Lang) -> String {
    id.map_or(t("无", "none").get(lang), |id| name_of(staff, id)).to_owned()
}

/// What a customer changing hands says: `李强→王敏 待接受 由普通客户升为潜力客户`; with the day, where nothing beside it says that.
pub fn transfer(x: &Transfer, due: Option<NaiveDate>, staff: &[Staff], lang: Lang, today: NaiveDate) -> String {
    let (from, to) = (name_of(staff, x.from), name_of(staff, x.to));
    match &x.refused {
        Some(why) => say(lang, format_args!("{from}→{to} 被拒绝：{why}"), format_args!("{from}→{to} refused: {why}")),
        None => {
            let reason = crate::domain::values::plain::masked(&x.reason);
            let until = due.map(|d| dates::short(d, today));
            let (zh, en) = match until {
                Some(d) => (format!(" 到 {d}"), format!(" by {d}")),
                None => (String::new(), String::new()),
            };
            say(
                lang,
                format_args!("{from}→{to} 待接受{zh} {reason}"),
                format_args!("{from}→{to} to be accepted{en}: {reason}"),
            )
        }
    }
}

/// What became of a customer's hand-over, from the code of its change and the name of whom it names.
pub fn fate(code: &str, name: &str, lang: Lang) -> Option<String> {
    Some(match code {
        "transfer_proposed" => {
            say(lang, format_args!("提出移交给 {name}"), format_args!("Proposed to hand over to {name}"))
        }
        "transfer_accepted" => say(lang, "接受移交", "Accepted the hand-over"),
        "transfer_refused" => say(lang, "拒绝移交", "Refused the hand-over"),
        "transfer_withdrawn" => say(lang, "撤回移交", "Took the hand-over back"),
        "transfer_kept" => say(lang, "不再移交，留下", "Keeps the customer"),
        _ => return None,
    })
}

/// For whom something was done: `代 王敏`.
pub fn stands_in(name: &str, lang: Lang) -> String {
    say(lang, format_args!("代 {name}"), format_args!("for {name}"))
}

/// Why somebody is on the list.
pub const fn why(why: Why) -> Text {
    match why {
        Why::NoKeeper => t("无责任人", "No keeper"),
        Why::KeeperLeft => t("责任人已离岗", "Keeper left"),
        Why::Unanswered => t("移交逾期", "Unanswered"),
        Why::WrongPost => t("岗位不对", "Wrong post"),
        Why::NoSecond => t("缺协管人", "No second"),
    }
}

/// What is known beside the reason: the keeper, or to whom a hand-over waits and since when.
pub fn beside(o: &Orphan, staff: &[Staff], lang: Lang, today: NaiveDate) -> String {
    let owner = name_or_none(staff, o.who.owner, lang);
    match o.waits {
        Some((to, due)) => {
            let (to, due) = (name_of(staff, to), dates::short(due, today));
            say(lang, format_args!("{owner}→{to} 应于 {due} 答复"), format_args!("{owner}→{to} was due {due}"))
        }
        None => match staff.iter().find(|s| Some(s.id) == o.who.owner) {
            Some(s) => format!("{} {}", s.name, s.role.label().get(lang)),
            None => String::new(),
        },
    }
}

/// A list of people without the right keeper: its title.
pub fn orphans(listed: usize, total: u32, lang: Lang) -> String {
    match usize::try_from(total).is_ok_and(|all| all > listed) {
        true => say(
            lang,
            format_args!("无人维护的客户：{total} 位，列出前 {listed} 位"),
            format_args!("Customers without the right keeper: {total}, the first {listed} of them"),
        ),
        false => say(
            lang,
            format_args!("无人维护的客户：{total} 位"),
            format_args!("Customers without the right keeper: {total}"),
        ),
    }
}

/// A table of rows, each column as wide as its widest cell.
pub fn table(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |i: usize| rows.iter().filter_map(|r| r.get(i)).map(|c| c.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    rows.iter()
        .map(|row| {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
            }
            line.trim_end().to_owned()
        })
        .collect()
}

/// What a batch would do, as lines to read: the keepers with their customers before and after, then each customer.
pub fn plan(plan: &Plan, staff: &[Staff], lang: Lang) -> Vec<String> {
    let word = |text: Text| text.get(lang).to_owned();
    let gone = plan.moves.iter().filter(|m| m.owner.is_some() && m.owner != m.who.owner).count();
    let mut lines = vec![say(
        lang,
        format_args!("换责任人 {gone} 位，不动 {} 位", plan.stay),
        format_args!("{gone} get another keeper, {} stay as they are", plan.stay),
    )];
    let second = plan.moves.iter().filter(|m| m.owner.is_some() && m.owner == m.who.owner).count();
    if second > 0 {
        lines.push(say(
            lang,
            format_args!("只补协管人 {second} 位"),
            format_args!("{second} only get a second keeper"),
        ));
    }
    lines.extend(nobody(&plan.nobody, lang));
    if let Some(to) = plan.tasks_to {
        let (n, name) = (plan.tasks, name_of(staff, to));
        lines.push(say(
            lang,
            format_args!("未办的自办 {n} 件：有客户的随客户走，其余交给 {name}"),
            format_args!("{n} open tasks: with their customers, the rest to {name}"),
        ));
    }
    lines.push(String::new());
    let mut people =
        vec![[t("责任人", "Keeper"), t("岗位", "Post"), t("现在", "Now"), t("之后", "Then")].map(word).to_vec()];
    people.extend(plan.loads.iter().map(|(id, before, after)| {
        let post = staff.iter().find(|s| s.id == *id).map_or("", |s| s.role.short().get(lang));
        vec![name_of(staff, *id).to_owned(), post.to_owned(), before.to_string(), after.to_string()]
    }));
    lines.extend(table(&people));
    lines.push(String::new());
    let heads = [
        t("客户号", "No"),
        t("客户", "Customer"),
        t("级别", "Tier"),
        t("现在", "Now"),
        t("之后", "Then"),
        t("协管", "With"),
    ];
    let mut rows = vec![heads.map(word).to_vec()];
    rows.extend(plan.moves.iter().take(MOST).map(|m| {
        vec![
            m.who.no.clone(),
            m.who.name.clone(),
            m.who.tier.map_or("", |x| x.short().get(lang)).to_owned(),
            name_or_none(staff, m.who.owner, lang),
            name_or_none(staff, m.owner, lang),
            m.assistant.map_or("", |id| name_of(staff, id)).to_owned(),
        ]
    }));
    lines.extend(table(&rows));
    let more = plan.moves.len().saturating_sub(MOST);
    if more > 0 {
        lines.push(say(
            lang,
            format_args!("列出前 {MOST} 位，还有 {more} 位也照此办理"),
            format_args!("The first {MOST}; {more} more go the same way"),
        ));
    }
    lines
}

/// For whom nobody of the post works here, so that they stay as they are.
pub fn nobody(found: &[Nobody], lang: Lang) -> Option<String> {
    let all: u32 = found.iter().map(|n| n.count).sum();
    let list = |and: &str| {
        let one = |n: &Nobody| {
            let posts: Vec<&str> = n.posts.iter().map(|p| p.label().get(lang)).collect();
            let (tier, posts, count) = (n.tier.label().get(lang), posts.join(and), n.count);
            say(lang, format_args!("{tier} {count} 位（{posts}）"), format_args!("{tier} {count} ({posts})"))
        };
        found.iter().map(one).collect::<Vec<_>>().join(and)
    };
    (all > 0).then(|| {
        say(
            lang,
            format_args!("没有人可接 {all} 位，本网点没有这些岗位的员工：{}", list("、")),
            format_args!("{all} find nobody, as nobody of these posts works here: {}", list(", ")),
        )
    })
}

/// So many of a batch are given, the rest follows.
pub fn giving(done: usize, all: usize, lang: Lang) -> String {
    say(lang, format_args!("正在分户：{done} / {all}，Esc 停止"), format_args!("Giving: {done} of {all}; Esc stops"))
}

/// A batch was given; whom somebody gave elsewhere meanwhile was left alone.
pub fn assigned(n: usize, left: &[String], lang: Lang) -> String {
    let mut words = say(
        lang,
        format_args!("{n} 位客户已分好，菜单 9404 可整批恢复"),
        format_args!("{n} customers given; 9404 in the menu puts them back"),
    );
    if let Some(first) = left.first() {
        let more = left.len();
        words.push_str(&say(
            lang,
            format_args!("；{first} 等 {more} 位同事刚改过，没有动"),
            format_args!("; {first} ({more} in all) left alone: a colleague was first"),
        ));
    }
    words
}

/// Who stands in for whom, from when to when.
pub fn delegation(d: &Delegation, staff: &[Staff], lang: Lang, today: NaiveDate) -> String {
    let (who, to) = (name_of(staff, d.staff), name_of(staff, d.to));
    let (from, until, reason) =
        (dates::short(d.from, today), dates::short(d.until, today), crate::domain::values::plain::masked(&d.reason));
    say(
        lang,
        format_args!("{to} 代 {who} {from} 至 {until} {reason}"),
        format_args!("{to} for {who}, {from} to {until}: {reason}"),
    )
}
