//! Words on customers' rights: what they agreed to, what they ask, the access report, the certificate of an erasure.

use super::value::Desk;
use super::{audit, entitle, say};
use crate::domain::archive::{self, parts};
use crate::domain::calendar::dates;
use crate::domain::change::Change;
use crate::domain::consent::{Channel, Consent, Purpose};
use crate::domain::family::Part;
use crate::domain::field::{Field, Kind, Mask};
use crate::domain::page::{Page, Section};
use crate::domain::subject::{Case, Certificate, Tie};
use crate::domain::text::{Lang, t};
use crate::domain::values::{idcard, phone, plain};
use crate::store::subject::Held;

/// What was said of a purpose and channel.
pub fn said(c: Option<&Consent>, lang: Lang) -> String {
    match c {
        None => t("没有登记", "nothing said").get(lang).to_owned(),
        Some(c) => {
            let word = if c.agreed { t("同意", "agreed") } else { t("已撤回", "withdrawn") };
            format!("{} {} {}", word.get(lang), c.at.date(), c.evidence).trim_end().to_owned()
        }
    }
}

/// A purpose with its channel.
pub fn pair(purpose: Purpose, channel: Channel, lang: Lang) -> String {
    match purpose.channels() {
        [_] => purpose.label().get(lang).to_owned(),
        _ => format!("{}·{}", purpose.label().get(lang), channel.label().get(lang)),
    }
}

/// A request as a list says it.
pub fn case(case: &Case, lang: Lang) -> String {
    let words = [case.state.label().get(lang), case.word.as_str()].join(" ");
    say(
        lang,
        format_args!("{} {} 请求  {}（{} 前答复）", case.day, case.kind.label().zh, words.trim_end(), case.due),
        format_args!("{} {}  {} (by {})", case.day, case.kind.label().en, words.trim_end(), case.due),
    )
}

/// Whether somebody can be erased, as lines to read.
pub fn check(ties: &[Tie], checked: bool, no: &str, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    if ties.is_empty() {
        lines.push(t("没有妨碍删除的情况。", "Nothing stands in the way of erasing.").get(lang).to_owned());
    } else {
        lines.push(t("现在不能删除：", "This cannot be erased now:").get(lang).to_owned());
        lines.extend(ties.iter().map(|tie| format!("  ! {}", tie.reason().get(lang))));
    }
    lines.push(String::new());
    if !checked {
        lines.push(
            t("先受理本人的删除请求，核实身份。", "Take the request for erasure first, and check who asks.")
                .get(lang)
                .to_owned(),
        );
    }
    if ties.is_empty() {
        lines.push(say(
            lang,
            format_args!(
                "删除要另一人授权，由合规管理员或网点经理办：工作台在档案按 i，选「删除档案」；命令行用 guitai subject erase {no} --second 工号"
            ),
            format_args!(
                "Erasing takes a second person's word: press i on the archive and choose to erase it, or use guitai subject erase {no} --second CODE"
            ),
        ));
        lines.push(
            t(
                "删除后取不回来，只留客户号、日期和证明。",
                "It cannot be taken back; the number, dates and a certificate stay.",
            )
            .get(lang)
            .to_owned(),
        );
    }
    lines
}

/// Asks whether somebody is to be erased, with what was found not to stand in the way; `whom` is number and name.
pub fn erase(lang: Lang, whom: &str, years: u16) -> String {
    say(
        lang,
        format_args!(
            "删除 {whom} 的个人信息？已核对：没有余额、合同、贷款和别的请求，{years} 年保存期已满。删除后取不回来，只留客户号、日期和证明。"
        ),
        format_args!(
            "Erase {whom}? Checked: no balance, contract, loan or other request; the {years} years are over. It cannot be taken back."
        ),
    )
}

/// What the second person vouches for.
pub fn to_erase(lang: Lang, whom: &str) -> String {
    say(lang, format_args!("删除 {whom} 的个人信息，取不回来"), format_args!("Erase {whom}; it cannot be taken back"))
}

/// The same of a report in full.
pub fn to_bare(lang: Lang, whom: &str) -> String {
    say(
        lang,
        format_args!("打印 {whom} 的查阅报告，号码全显示"),
        format_args!("Print the access report of {whom}, numbers in full"),
    )
}

/// Somebody was erased.
pub fn erased(lang: Lang, c: &Certificate) -> String {
    say(
        lang,
        format_args!("客户 {} 已删除，证明 {}", c.customer, c.no),
        format_args!("Customer {} is erased, certificate {}", c.customer, c.no),
    )
}

/// What went, by the name of its table.
fn gone(code: &str) -> crate::domain::text::Text {
    match code {
        "part" => t("家人、日子、人脉、记事", "Family, days, links, remarks"),
        "task" => t("自办事项", "Own tasks"),
        "figures" => t("资产", "Assets"),
        "txn" => t("交易", "Transactions"),
        "holding" => t("持有", "Holdings"),
        "loan" => t("贷款", "Loans"),
        "service" => t("签约", "Services"),
        "rating" => t("评级", "Ratings"),
        "signal" => t("提示", "Signals"),
        "tier_move" => t("分级变动", "Tier moves"),
        "contact" => t("联络的内容", "What was said in contacts"),
        "mark" => t("任务的说明", "Words on tasks"),
        "hand_over" => t("转介的说明", "Words on hand-overs"),
        "consent" => t("同意的依据", "Evidence of consent"),
        "request" => t("请求的内容", "Words of requests"),
        _ => t("其他", "Other"),
    }
}

/// The certificate, to print.
pub fn certificate(d: &Desk<'_>, c: &Certificate) -> Page {
    let lang = d.lang;
    let word = |zh, en| t(zh, en).get(lang).to_owned();
    let name = |id| d.staff.iter().find(|s| Some(s.id) == id).map_or("-", |s| s.name.as_str()).to_owned();
    let mut who = Section::new(t("删除", "Erasure").get(lang), String::new());
    who.row([word("证明编号", "Certificate"), c.no.clone()]);
    who.row([word("客户号", "Customer"), c.customer.clone()]);
    who.row([word("日期", "Date"), c.day.to_string()]);
    who.row([word("经办", "By"), name(Some(c.by))]);
    who.row([word("授权", "Authorised by"), name(c.second)]);
    let mut went = Section::new(t("已删除", "Erased").get(lang), String::new());
    went.row([
        word("姓名、证件、电话、地址和档案各项", "Name, ID, phones, address, every field of the archive"),
        "1".into(),
    ]);
    for (code, rows) in c.gone.iter().filter(|(_, rows)| *rows > 0) {
        went.row([gone(code).get(lang).to_owned(), rows.to_string()]);
    }
    if c.unlinked > 0 {
        went.row([word("他人档案中的关联", "Links from other archives"), c.unlinked.to_string()]);
    }
    let mut stays = Section::new(t("仍然保留", "What stays").get(lang), String::new());
    for text in [
        t(
            "客户号、开户日、联络的日期和方式、请求和同意的日期",
            "Number, date of opening, dates of contacts, requests and consents",
        ),
        t(
            "变更记录里的旧值：记录连成一链，不能抽掉；封存，任何界面和导出都显示「已删除」",
            "Old values in the change log: its rows are one chain and cannot be taken out; sealed, shown by no screen or export",
        ),
        t(
            "此前的备份里的旧值：随备份到期轮换消失；恢复旧备份后须重新删除",
            "Old values in earlier backups: they go as backups are rotated; after restoring one this is to be erased again",
        ),
        t(
            "他人档案里由他人登记的姓名：请在该档案更正",
            "A name that others gave of this person in their archives: correct it there",
        ),
        t("核心系统里的记录：由总行按法定年限保存", "Records of the core system: kept by head office as the law says"),
    ] {
        stays.row([text.get(lang).to_owned()]);
    }
    let foot = t(
        "依据《个人信息保护法》第四十七条，按本人请求删除。以后的导入不再恢复该客户号。",
        "Erased at the person's own request (PIPL article 47). Later imports do not bring this number back.",
    );
    Page {
        title: word("个人信息删除证明", "Certificate of erasure"),
        under: format!("{}  {}", d.branch, c.no),
        sections: vec![who, went, stays],
        foot: foot.get(lang).to_owned(),
    }
}

fn masked<T>(field: &Field<T>, text: &str, bare: bool) -> String {
    let address = matches!(field.code, "address" | "work_address");
    match field.mask {
        _ if bare => text.to_owned(),
        Mask::Document => idcard::mask(text),
        Mask::Phone => phone::mask(text),
        _ if address => {
            let start: String = text.chars().take(6).collect();
            if start.len() < text.len() { format!("{start}***") } else { start }
        }
        _ => plain::masked(text),
    }
}

/// What the fields of a record hold, those that hold anything.
fn fields<T>(d: &Desk<'_>, all: &[Field<T>], record: &T, bare: bool) -> Vec<[String; 2]> {
    let mut rows = Vec::new();
    for f in all {
        let text = f.get(record);
        if text.is_empty() {
            continue;
        }
        let shown = match f.kind {
            Kind::Pick(choices) => {
                choices.iter().find(|c| c.code == text).map_or(text, |c| c.label.get(d.lang).to_owned())
            }
            Kind::Staff => {
                let staff = d.staff.iter().find(|s| s.id.0.to_string() == text);
                staff.map_or(text, |s| s.name.clone())
            }
            _ => masked(f, &text, bare),
        };
        rows.push([f.label.get(d.lang).to_owned(), shown]);
    }
    rows
}

fn changes(d: &Desk<'_>, head: crate::domain::text::Text, changes: &[Change]) -> Section {
    let mut s = Section::new(head.get(d.lang), String::new());
    for c in changes {
        let who = d.staff.iter().find(|s| s.id == c.by).map_or("-", |s| s.name.as_str());
        let what = [audit::doing(c, d.lang), audit::content(c, d.staff, d.lang)].join(" ");
        s.row([
            c.at.format("%Y-%m-%d %H:%M").to_string(),
            who.to_owned(),
            what.trim_end().to_owned(),
            c.reason.clone(),
        ]);
    }
    if s.rows.is_empty() {
        s.row([t("没有", "None").get(d.lang).to_owned()]);
    }
    s
}

/// The access report: everything held of somebody, who looked at it and why, what was changed by whom. `bare` says numbers in full.
pub fn report(d: &Desk<'_>, h: &Held, bare: bool) -> Page {
    let (lang, o) = (d.lang, &h.opened);
    let word = |zh, en| t(zh, en).get(lang).to_owned();
    let mut archive_of = Section::new(t("档案", "Archive").get(lang), String::new());
    archive_of.rows.extend(fields(d, archive::FIELDS, &o.customer, bare).into_iter().map(Vec::from));
    let mut family = Section::new(t("家人、日子、人脉、记事", "Family, days, links, remarks").get(lang), String::new());
    for row in &o.parts {
        let (title, rows) = match &row.part {
            Part::Member(m) => (t("家人", "Family"), fields(d, parts::MEMBER, m, bare)),
            Part::Occasion(x) => (t("日子", "Day"), fields(d, parts::OCCASION, x, bare)),
            Part::Link(l) => (t("人脉", "Link"), fields(d, parts::LINK, l, bare)),
            Part::Remark(r) => (t("记事", "Remark"), fields(d, parts::REMARK, r, bare)),
            Part::Entitlement(e) => (entitle::NAME, fields(d, parts::ENTITLEMENT, e, bare)),
        };
        let mut text: Vec<String> = rows.into_iter().map(|[label, text]| format!("{label} {text}")).collect();
        if let Part::Entitlement(e) = &row.part {
            text.push(entitle::state(e, d.staff, d.today, lang));
            text.extend(
                [&e.answer, &e.end_reason].map(|said| plain::masked(said)).into_iter().filter(|s| !s.is_empty()),
            );
        }
        family.row([title.get(lang).to_owned(), text.join("  ")]);
    }
    let mut contacts = Section::new(t("联络", "Contacts").get(lang), String::new());
    for c in &h.contacts {
        let who = d.staff.iter().find(|s| s.id == c.by).map_or("-", |s| s.name.as_str());
        let how = format!("{} {}", c.channel.label().get(lang), c.outcome.label().get(lang));
        let note = if bare { c.note.clone() } else { plain::masked(&c.note) };
        contacts.row([c.at.format("%Y-%m-%d %H:%M").to_string(), who.to_owned(), how, note]);
    }
    let mut rights = Section::new(t("同意和请求", "Consent and requests").get(lang), String::new());
    for c in &o.privacy.said {
        rights.row([pair(c.purpose, c.channel, lang), said(Some(c), lang)]);
    }
    for c in &o.privacy.cases {
        rights.row([word("请求", "Request"), case(c, lang)]);
    }
    let mut sections = vec![archive_of];
    sections.extend([family, contacts, rights].into_iter().filter(|s| !s.rows.is_empty()));
    for table in h.tables.iter().filter(|t| !t.rows.is_empty()) {
        let mut s = Section::new(table.name.get(lang), String::new());
        s.rows.push(table.heads.iter().map(|h| h.get(lang).to_owned()).collect());
        for row in &table.rows {
            s.rows.push(row.iter().map(|x| if bare { x.clone() } else { plain::masked(x) }).collect());
        }
        sections.push(s);
    }
    sections.push(changes(d, t("谁看过、导出过，为什么", "Who looked or exported, and why"), &h.looks));
    sections.push(changes(d, t("谁改过什么", "Who changed what"), &h.changes));
    let foot = t(
        "本表列出本网点工作站持有的全部个人信息。按名单导出的记录在网点的变更记录里，不逐人登记。证件和电话默认遮住；本人要全号，凭核实过的查阅请求和另一人授权打印。",
        "All personal data this branch's workstation holds. Exports of whole lists are in the branch's log, not under each name. ID and phones are masked; in full they are printed for a checked request, with a second person's word.",
    );
    Page {
        title: word("个人信息查阅报告", "Access report"),
        under: format!("{}  {} {}  {}", d.branch, d.today, dates::weekday(d.today, lang), d.me),
        sections,
        foot: foot.get(lang).to_owned(),
    }
}
