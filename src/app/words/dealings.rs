//! Words on what the core system's extracts say: data dates, terms, the history of working together.

use super::say;
use crate::domain::calendar::dates;
use crate::domain::calendar::holidays::Holidays;
use crate::domain::dealings::age::{Age, age};
use crate::domain::dealings::books::Found;
use crate::domain::dealings::history::History;
use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::trend::Change;
use crate::domain::text::{Lang, Text, t};
use crate::domain::values::money::Fen;
use chrono::NaiveDate;

/// 活期 to 国债, in the order of the extract.
pub const PARTS: [Text; 6] = [
    t("活期", "Demand"),
    t("定期", "Fixed"),
    t("理财", "Wealth"),
    t("基金", "Fund"),
    t("保险", "Insur."),
    t("国债", "Bond"),
];

/// A data date with the sign of its age: `11-20`, `11-17 !`, `11-10 !!`.
pub fn dated(on: NaiveDate, today: NaiveDate, holidays: &Holidays) -> (String, Age) {
    let age = age(on, today, holidays);
    (format!("{}{}", dates::short(on, today), age.sign()), age)
}

/// `数据 11-20`, with the sign of its age; no file yet says so.
pub fn data_date(on: Option<NaiveDate>, today: NaiveDate, holidays: &Holidays, lang: Lang) -> (String, Option<Age>) {
    match on {
        Some(on) => {
            let (text, age) = dated(on, today, holidays);
            (say(lang, format_args!("数据 {text}"), format_args!("as of {text}")), Some(age))
        }
        None => (t("没有数据", "no data").get(lang).to_owned(), None),
    }
}

/// Why a tab is empty, and what fills it: `layout` is the extract's name, `on` its data date if there was one.
pub fn nothing(layout: Text, on: Option<NaiveDate>, today: NaiveDate, lang: Lang) -> String {
    let (zh, en) = (layout.zh, layout.en);
    match on {
        Some(on) => {
            let day = dates::short(on, today);
            say(
                lang,
                format_args!("{day} 的{zh}文件里没有这位客户"),
                format_args!("The {en} file ({zh}) of {day} has nothing of this customer"),
            )
        }
        None => say(
            lang,
            format_args!("还没有导入过{zh}文件：guitai import {zh}.csv"),
            format_args!("No {en} file ({zh}) was imported yet: guitai import {zh}.csv"),
        ),
    }
}

/// Of which layout a tab's facts come, in both languages.
pub const HOLDINGS: Text = t("持有", "holdings");
/// 贷款
pub const LOANS: Text = t("贷款", "loans");
/// 签约
pub const SERVICES: Text = t("签约", "services");
/// 交易
pub const TXNS: Text = t("交易", "transactions");

/// What is not read yet, or cannot be.
pub fn unread(away: bool, lang: Lang) -> &'static str {
    if away {
        t(
            "共享盘没有响应，这位客户的往来还没有读到过",
            "The drive does not answer, and this customer's dealings were not read before",
        )
        .get(lang)
    } else {
        t("正在读取", "reading").get(lang)
    }
}

/// When a holding ends: `9天`, `今天`, `已过3天`; empty without an end, or once it no longer runs.
pub fn left(h: &Holding, today: NaiveDate, lang: Lang) -> String {
    let Some(ends) = h.ends.filter(|_| h.runs()) else { return String::new() };
    let days = (ends - today).num_days();
    match days {
        0 => t("今天", "today").get(lang).to_owned(),
        1.. => say(lang, format_args!("{days}天"), format_args!("{days}d")),
        _ => say(lang, format_args!("已过{}天", -days), format_args!("{}d ago", -days)),
    }
}

/// That it ends on a day nobody works: `遇周六，11-23 办`.
pub fn free_day(ends: NaiveDate, today: NaiveDate, holidays: &Holidays, lang: Lang) -> Option<String> {
    if ends < today || holidays.is_working_day(ends) {
        return None;
    }
    let next = dates::short(holidays.working_day_from(ends), today);
    let name = holidays.name_on(ends).filter(|_| lang == Lang::Zh).unwrap_or_else(|| dates::weekday(ends, lang));
    Some(say(lang, format_args!("遇{name} {next}办"), format_args!("{name}, open {next}")))
}

/// Since the list of which day a contract is gone.
pub fn gone(on: NaiveDate, today: NaiveDate, lang: Lang) -> String {
    let on = dates::short(on, today);
    say(lang, format_args!("{on} 起不在清单"), format_args!("not listed since {on}"))
}

/// A rate in hundredths of a per cent: `2.54%`.
pub fn rate(rate: Option<u32>) -> String {
    rate.map_or_else(String::new, |r| format!("{}.{:02}%", r / 100, r % 100))
}

/// A sum in yuan and fen, or stars while figures are hidden.
pub fn sum(sum: Fen, hidden: bool) -> String {
    if hidden { "****".to_owned() } else { sum.yuan() }
}

/// `合作满5年`; nothing before the first year is full.
pub fn years(h: &History, lang: Lang) -> Option<String> {
    let years = h.years.filter(|y| *y > 0)?;
    Some(say(lang, format_args!("合作满{years}年"), format_args!("with us {years} y")))
}

/// The history on the card: `合作满5年 首贷2021`.
pub fn history_brief(h: &History, lang: Lang) -> String {
    let first = h.first_loan.map(|d| d.format("%Y").to_string());
    let first = first.map(|y| say(lang, format_args!("首贷{y}"), format_args!("1st loan {y}")));
    [years(h, lang), first].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// 合作历程 as it heads the loans: first loan, total lent, how it was repaid.
pub fn history(h: &History, hidden: bool, today: NaiveDate, lang: Lang) -> Vec<String> {
    let mut words: Vec<String> = years(h, lang).into_iter().collect();
    if let Some(first) = h.first_loan {
        let day = dates::short(first, today);
        words.push(say(lang, format_args!("首贷 {day}"), format_args!("first loan {day}")));
    }
    if h.loans > 0 {
        let (lent, n) = (super::customer::amount(Some(h.lent), hidden), h.loans);
        words.push(say(lang, format_args!("累计 {lent} {n}笔"), format_args!("lent {lent} in {n}")));
        // What is overdue comes first: it must be seen where there is little room.
        let at = if h.late_now > 0 { 0 } else { words.len() };
        words.insert(at, record(h, lang));
    }
    words
}

/// How loans were repaid, as far as the files that came tell.
pub fn record(h: &History, lang: Lang) -> String {
    let worst = h.worst.map_or("", |w| w.label().get(lang));
    match (h.late_now, h.late_ever) {
        (0, 0) => say(lang, format_args!("未见逾期 最差{worst}"), format_args!("never late, worst {worst}")),
        (0, n) => say(lang, format_args!("曾逾期{n}笔 最差{worst}"), format_args!("{n} once late, worst {worst}")),
        (n, _) => say(lang, format_args!("! 现逾期{n}笔 最差{worst}"), format_args!("! {n} late now, worst {worst}")),
    }
}

/// `30天 +1.2万(比10-20)`
pub fn change(c: Option<&Change>, days: u64, today: NaiveDate, lang: Lang) -> String {
    match c {
        Some(c) => {
            let (by, on) = (signed(c.by), dates::short(c.on, today));
            say(lang, format_args!("{days}天 {by}(比{on})"), format_args!("{days}d {by}(vs {on})"))
        }
        None => say(lang, format_args!("{days}天 -"), format_args!("{days}d -")),
    }
}

/// How assets moved since the first data date there is.
pub fn since(on: NaiveDate, by: Fen, today: NaiveDate, lang: Lang) -> String {
    let (on, by) = (dates::short(on, today), signed(by));
    say(lang, format_args!("自 {on} {by}"), format_args!("since {on} {by}"))
}

/// An amount in 万 with its sign.
pub fn signed(by: Fen) -> String {
    if by.0 >= 0 { format!("+{}", by.wan()) } else { by.wan() }
}

/// What was found among the transactions, or how many there are; sums in 万 where there is little room.
pub fn found(found: Option<&Found>, partial: bool, total: u32, hidden: bool, brief: bool, lang: Lang) -> String {
    match found {
        Some(f) => {
            let sum = |x| if brief { super::customer::amount(Some(x), hidden) } else { sum(x, hidden) };
            let (n, came, went) = (f.total, sum(f.came), sum(f.went));
            let among = if partial { t("(近期的)", " (recent)").get(lang) } else { "" };
            say(
                lang,
                format_args!("找到{n}笔{among} 入 {came} 出 {went}"),
                format_args!("{n} found{among}, in {came}, out {went}"),
            )
        }
        None => say(lang, format_args!("共 {total} 笔"), format_args!("{total} in all")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_told_in_days_and_a_free_day_with_the_next_open_one() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (today, shipped) = (day("2026-11-21"), Holidays::shipped());
        let h = |ends: &str, state: &str| Holding {
            product: "DEP1Y".into(),
            contract: "HT1".into(),
            amount: Fen(1),
            begins: None,
            ends: ends.parse().ok(),
            rate: None,
            state: state.into(),
        };
        assert_eq!(left(&h("2026-11-30", "正常"), today, Lang::Zh), "9天");
        assert_eq!(left(&h("2026-11-21", "正常"), today, Lang::Zh), "今天");
        assert_eq!(left(&h("2026-11-18", "正常"), today, Lang::En), "3d ago");
        assert_eq!(left(&h("2026-11-18", "已到期"), today, Lang::Zh), "");
        assert_eq!(free_day(day("2026-11-28"), today, &shipped, Lang::Zh).as_deref(), Some("遇周六 11-30办"));
        assert_eq!(free_day(day("2026-11-30"), today, &shipped, Lang::Zh), None);
        assert_eq!(rate(Some(254)), "2.54%");
    }
}
