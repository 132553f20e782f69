//! 客户价值报告 (feature 14): one page on a customer, each figure with its data date; it lies about on paper, so the ID and phones are masked.

use super::{agenda, customer as words, dealings as told, say};
use crate::app::layers::Reading;
use crate::app::layers::reading::Paper;
use crate::app::shared::Shared;
use crate::domain::archive::choices;
use crate::domain::calendar::dates;
use crate::domain::calendar::holidays::Holidays;
use crate::domain::dealings::books::Books;
use crate::domain::dealings::{history, trend};
use crate::domain::family::Part;
use crate::domain::page::{Page, Section};
use crate::domain::settings::Settings;
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, t};
use crate::domain::values::money::Fen;
use crate::domain::values::{idcard, phone, plain};
use crate::store::customers::Opened;
use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

/// Cells of a line of the page as text.
const WIDTH: usize = 80;
/// Holdings, months and open lines listed at most, so that it stays one page.
const MOST: usize = 6;

/// Who makes the page, and where.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The branch.
    pub branch: &'a str,
    /// The people.
    pub staff: &'a [Staff],
    /// Who makes it.
    pub me: &'a str,
    /// The settings.
    pub settings: &'a Settings,
    /// The holidays.
    pub holidays: &'a Holidays,
    /// The day.
    pub today: NaiveDate,
    /// The language.
    pub lang: Lang,
    /// Whether figures are hidden.
    pub hidden: bool,
}

impl Desk<'_> {
    /// Of the workbench.
    pub fn of(shared: &Shared) -> Desk<'_> {
        Desk {
            branch: shared.opened.as_ref().map_or("", |o| o.branch.as_str()),
            staff: shared.staff(),
            me: shared.myself().map_or("", |s| s.name.as_str()),
            settings: shared.settings(),
            holidays: shared.holidays(),
            today: shared.today(),
            lang: shared.lang,
            hidden: shared.hidden,
        }
    }
}

/// The page to read on the screen and to print.
pub fn reading(shared: &Shared, opened: &Opened, books: &Books) -> Reading {
    let page = page(&Desk::of(shared), opened, books);
    let name = file_name(&opened.customer.no, shared.today());
    Reading {
        title: page.title.clone(),
        lines: lines(&page),
        top: 0,
        print: Some(Paper::of(name, Some(opened.customer.id))),
    }
}

/// Name of the file it is printed to, without what no file is called.
pub fn file_name(no: &str, today: NaiveDate) -> String {
    let no: String = no.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    format!("value-{no}-{today}.txt")
}

/// The page.
pub fn page(d: &Desk<'_>, o: &Opened, b: &Books) -> Page {
    let lang = d.lang;
    let title = t("客户价值报告", "Customer value report").get(lang).to_owned();
    let under = format!("{}  {} {}  {}", d.branch, d.today, dates::weekday(d.today, lang), d.me);
    let mut sections = vec![who(d, o), assets(d, o)];
    sections.extend([holdings(d, b), loans(d, o, b), flows(d, b), services(d, b)]);
    sections.push(contacts(d, o));
    sections.extend(family(d, o));
    let foot = t(
        "数字来自核心系统文件，以各段数据日为准；本表不含完整证件号和电话，用后请收好。",
        "Figures come from the core system's files, each of its data date. ID and phones are masked; put this page away after use.",
    );
    Page { title, under, sections, foot: foot.get(lang).to_owned() }
}

fn name_of<'a>(d: &Desk<'a>, id: Option<crate::domain::ids::StaffId>) -> &'a str {
    id.and_then(|id| d.staff.iter().find(|s| s.id == id)).map_or("-", |s| s.name.as_str())
}

fn date(d: &Desk<'_>, on: Option<NaiveDate>) -> String {
    told::data_date(on, d.today, d.holidays, d.lang).0
}

fn who(d: &Desk<'_>, o: &Opened) -> Section {
    let (c, lang) = (&o.customer, d.lang);
    let word = |zh, en| t(zh, en).get(lang).to_owned();
    let mut s = Section::new(t("客户", "Customer").get(lang), String::new());
    s.row([word("姓名", "Name"), format!("{}  {}", c.name, words::person(c, lang, d.today))]);
    s.row([word("客户号", "Number"), c.no.clone()]);
    let document = c.document_number();
    if !document.is_empty() {
        s.row([word("证件", "ID"), idcard::mask(document)]);
    }
    let phones: Vec<String> =
        [&c.phone, &c.phone2].into_iter().filter(|p| !p.is_empty()).map(|p| phone::mask(p)).collect();
    if !phones.is_empty() {
        s.row([word("电话", "Phone"), phones.join("  ")]);
    }
    let with = c.assistant.map(|a| format!("  {} {}", word("协管", "with"), name_of(d, Some(a)))).unwrap_or_default();
    s.row([word("责任人", "Keeper"), format!("{}{with}", name_of(d, c.owner))]);
    s.row([word("完整度", "Complete"), format!("{}%", o.standing.completeness)]);
    s
}

/// Tier and how long it is that, assets and how they moved.
fn assets(d: &Desk<'_>, o: &Opened) -> Section {
    let (lang, basis) = (d.lang, d.settings.basis);
    let word = |zh, en| t(zh, en).get(lang).to_owned();
    let latest = o.figures.last();
    let mut s = Section::new(t("等级与资产", "Tier and assets").get(lang), date(d, latest.map(|f| f.as_of)));
    let badge = o.standing.tier.map_or(words::badge(None, lang), |x| x.label().get(lang));
    let tier_of = |f: &crate::domain::tier::Figures| Some(d.settings.lines.tier(f.aum(basis)));
    let since = o.figures.iter().rev().take_while(|f| tier_of(f) == o.standing.tier).last().map(|f| f.as_of);
    let since = match (&o.standing.held, since) {
        (Some(held), _) => {
            say(lang, format_args!("人工定级到 {}", held.until), format_args!("held by hand until {}", held.until))
        }
        (None, Some(on)) => say(lang, format_args!("自 {on} 的数据起"), format_args!("since the data of {on}")),
        (None, None) => String::new(),
    };
    s.row([word("等级", "Tier"), format!("{badge}  {since}").trim_end().to_owned()]);
    let Some(f) = latest else { return s };
    let sum = |fen| told::sum(fen, d.hidden);
    let next =
        words::to_next(&o.standing, d.settings, d.today, lang).filter(|_| !d.hidden && o.standing.held.is_none());
    let basis_word = if f.average.is_some() { word("月日均", "average") } else { word("时点", "balance") };
    s.row([
        word("资产", "Assets"),
        format!("{} {basis_word}  {}", sum(f.aum(basis)), next.unwrap_or_default()).trim_end().to_owned(),
    ]);
    if let Some(share) = wallet(o, f.aum(basis)).filter(|_| !d.hidden) {
        s.row([
            word("本行占比", "Our share"),
            say(lang, format_args!("{share}% (估)"), format_args!("{share}% (estimate)")),
        ]);
    }
    if !d.hidden {
        let moves: Vec<String> = trend::BACK
            .into_iter()
            .map(|days| told::change(trend::change(&o.figures, basis, days).as_ref(), days, d.today, lang))
            .collect();
        s.row([word("变化", "Change"), moves.join(" ")]);
        let parts: Vec<String> = trend::shares(f)
            .into_iter()
            .map(|(n, _, share)| format!("{} {share}%", told::PARTS.get(n).map_or("", |p| p.get(lang))))
            .collect();
        s.row([word("构成", "Made of"), parts.join("  ")]);
    }
    s
}

/// Of a hundred yuan that the customer has, so many lie with us: by what the archive guesses lies at other banks.
fn wallet(o: &Opened, aum: Fen) -> Option<i64> {
    let other = o.customer.notes.get("other_banks").and_then(|text| Fen::parse_yuan(text).ok())?;
    let whole = i128::from(aum.0.max(0)) + i128::from(other.0.max(0));
    if whole == 0 {
        return None;
    }
    i64::try_from(i128::from(aum.0.max(0)) * 100 / whole).ok()
}

fn holdings(d: &Desk<'_>, b: &Books) -> Section {
    let lang = d.lang;
    let mut s = Section::new(t("持有产品", "Holdings").get(lang), date(d, b.dates.holdings));
    let (sum, n) = b.held();
    if n == 0 {
        s.row([told::nothing(told::HOLDINGS, b.dates.holdings, d.today, lang)]);
        return s;
    }
    s.right = vec![1];
    for h in b.holdings.iter().filter(|h| h.stands()).take(MOST) {
        let ends = h.fact.ends.map_or_else(String::new, |e| {
            let left = told::left(&h.fact, d.today, lang);
            say(lang, format_args!("{e} 到期 {left}"), format_args!("ends {e} {left}"))
        });
        s.row([
            d.settings.product(&h.fact.product).to_owned(),
            told::sum(h.fact.amount, d.hidden),
            told::rate(h.fact.rate),
            ends.trim().to_owned(),
        ]);
    }
    let all = say(lang, format_args!("合计 {n} 个"), format_args!("{n} in all"));
    s.row([all, told::sum(sum, d.hidden)]);
    s
}

fn loans(d: &Desk<'_>, o: &Opened, b: &Books) -> Section {
    let lang = d.lang;
    let mut s = Section::new(t("贷款与合作历程", "Loans and history").get(lang), date(d, b.dates.loans));
    let h = history::of(o.customer.opened, &b.loans, d.today);
    let words = told::history(&h, d.hidden, d.today, lang);
    if !words.is_empty() {
        s.row([words.join("  ")]);
    }
    for (l, _) in b.loans.iter().filter(|(l, _)| l.stands()).take(MOST) {
        let l = &l.fact;
        let late = match l.overdue {
            0 => String::new(),
            n => say(lang, format_args!("  ! 逾期{n}天"), format_args!("  ! {n}d late")),
        };
        let next = l
            .next_due
            .map_or_else(String::new, |n| say(lang, format_args!("  下次还款 {n}"), format_args!("  next due {n}")));
        let balance = told::sum(l.balance, d.hidden);
        let class = l.class.label().get(lang);
        s.row([say(
            lang,
            format_args!("{}  余额 {balance}  {class}{next}{late}", l.product),
            format_args!("{}  balance {balance}  {class}{next}{late}", l.product),
        )]);
    }
    if b.loans.is_empty() {
        s.row([told::nothing(told::LOANS, b.dates.loans, d.today, lang)]);
    }
    s
}

fn flows(d: &Desk<'_>, b: &Books) -> Section {
    let lang = d.lang;
    let mut s = Section::new(t("收支", "In and out").get(lang), date(d, b.dates.txns));
    if b.txns_total == 0 {
        s.row([told::nothing(told::TXNS, b.dates.txns, d.today, lang)]);
        return s;
    }
    s.right = vec![1, 2, 3];
    s.row([t("月份", "Month"), t("流入", "In"), t("流出", "Out"), t("笔数", "Count")].map(|x| x.get(lang).to_owned()));
    for m in b.months.iter().rev().take(MOST) {
        let sum = |fen| told::sum(fen, d.hidden);
        s.row([m.first.format("%Y-%m").to_string(), sum(m.came), sum(m.went), m.count.to_string()]);
    }
    s
}

fn services(d: &Desk<'_>, b: &Books) -> Section {
    let lang = d.lang;
    let word = |zh, en| t(zh, en).get(lang).to_owned();
    let mut s = Section::new(t("签约与评级", "Services and rating").get(lang), date(d, b.dates.services));
    let names: Vec<&str> = b.services.iter().filter(|x| x.stands()).map(|x| x.fact.name.as_str()).collect();
    if names.is_empty() {
        s.row([told::nothing(told::SERVICES, b.dates.services, d.today, lang)]);
    } else {
        s.row([word("签约", "Services"), names.join("  ")]);
    }
    if let Some(r) = b.ratings.first() {
        let credit =
            r.credit.map(|c| format!("  {} {}", word("授信", "credit"), told::sum(c, d.hidden))).unwrap_or_default();
        s.row([word("评级", "Rating"), format!("{}{credit}  ({})", r.grade, r.day)]);
    }
    s
}

fn contacts(d: &Desk<'_>, o: &Opened) -> Section {
    let lang = d.lang;
    let word = |zh, en| t(zh, en).get(lang).to_owned();
    let mut s = Section::new(t("联络与待办", "Contacts and due").get(lang), String::new());
    let total = o.contacts_total;
    let last = o.contacts.first().map_or_else(String::new, |c| {
        let note = plain::masked(&c.note.replace('\n', " "));
        format!("  {} {} {note}", c.at.date(), c.channel.label().get(lang))
    });
    s.row([word("联络", "Contacts"), say(lang, format_args!("{total} 次{last}"), format_args!("{total}{last}"))]);
    if let Some(next) = o.standing.next_visit {
        s.row([word("下次", "Next"), next.to_string()]);
    }
    for item in o.due.iter().take(MOST) {
        let (source, due) = (agenda::source(item, lang), agenda::due(item, lang, d.today));
        let text = agenda::text(item, lang, d.staff, d.today);
        s.row([source.to_owned(), plain::masked(format!("{due}  {text}").trim())]);
    }
    s
}

/// The family, where the archive knows one.
fn family(d: &Desk<'_>, o: &Opened) -> Option<Section> {
    let lang = d.lang;
    let of = |code: &str| choices::RELATION.iter().find(|c| c.code == code).map_or("", |c| c.label.get(lang));
    let members: Vec<String> = o
        .parts
        .iter()
        .filter_map(|p| match &p.part {
            Part::Member(m) => Some(format!("{} {}", of(&m.relation), m.name)),
            _ => None,
        })
        .collect();
    if members.is_empty() {
        return None;
    }
    let mut s = Section::new(t("家庭", "Family").get(lang), String::new());
    s.row([members.join("  ")]);
    Some(s)
}

/// The page as lines of text, 80 cells wide.
pub fn lines(page: &Page) -> Vec<String> {
    let mut out = vec![page.title.clone(), page.under.clone()];
    for s in &page.sections {
        let dated = if s.dated.is_empty() { String::new() } else { format!(" ({})", s.dated) };
        let head = format!("== {}{dated} ", s.head);
        out.push(format!("{head}{}", "=".repeat(WIDTH.saturating_sub(head.width()))));
        let count = s.rows.iter().map(Vec::len).max().unwrap_or(0);
        // A row of one cell is a sentence and widens no column.
        let widths: Vec<usize> = (0..count)
            .map(|n| {
                s.rows.iter().filter(|r| r.len() > 1).filter_map(|r| r.get(n)).map(|c| c.width()).max().unwrap_or(0)
            })
            .collect();
        for row in &s.rows {
            let mut line = String::from("  ");
            for (n, cell) in row.iter().enumerate() {
                let room = widths.get(n).copied().unwrap_or(0).saturating_sub(cell.width());
                let (before, after) = if s.right.contains(&n) && row.len() > 1 { (room, 0) } else { (0, room) };
                line.push_str(&format!("{}{cell}{}  ", " ".repeat(before), " ".repeat(after)));
            }
            out.extend(folded(line.trim_end()));
        }
    }
    out.push(String::new());
    out.extend(folded(&page.foot));
    out
}

/// A line in pieces that fit, broken before a word where one is written in letters; what goes on is set in.
fn folded(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for c in line.chars() {
        let Some(last) = out.last_mut() else { break };
        last.push(c);
        if last.width() <= WIDTH {
            continue;
        }
        let cut = match last.char_indices().rev().find(|(_, c)| *c == ' ' || !c.is_ascii()) {
            Some((at, ' ')) if at > 4 => at + 1,
            _ => last.len() - c.len_utf8(),
        };
        let tail = last.split_off(cut);
        last.truncate(last.trim_end().len());
        out.push(format!("    {tail}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_broken_before_a_word_and_never_through_a_character() {
        let english = folded(&"word ".repeat(20));
        assert!(english.iter().all(|l| l.width() <= WIDTH && !l.trim().starts_with("ord")), "{english:?}");
        let chinese = folded(&"客户".repeat(50));
        assert_eq!(chinese.iter().map(|l| l.trim()).collect::<String>(), "客户".repeat(50));
        assert!(chinese.iter().all(|l| l.width() <= WIDTH));
        assert_eq!(folded("短"), ["短"]);
    }
}
