//! Words of 业绩统计, shared by the screen and the command line: what a table is of, its columns, its rows, what the figures mean, and
//! what to do where there are none.

use super::customer::amount;
use super::tables::{Desk, data, keeper, over, percent, person};
use super::{board, dealings, entitle, goals, say};
use crate::app::layers::results::{Facts, Level, Results, Shown};
use crate::domain::calendar::dates;
use crate::domain::ids::StaffId;
use crate::domain::results::loyal::{Long, Loyal, Rate};
use crate::domain::results::outflow::{Bank, Gone, Outflow, Went};
use crate::domain::text::{Lang, Text, t};
use crate::domain::values::money::Fen;
use crate::store::results::What;

const ALL: Text = t("全部", "All");

/// A bank's name.
pub fn bank(bank: &Bank, lang: Lang) -> &str {
    match bank {
        Bank::Named(name) => name,
        Bank::Rest => t("其他未列名", "others, not named").get(lang),
    }
}

/// By how many points a rate changed: `+6.7`.
pub fn points(rate: &Rate) -> String {
    let Some((now, before)) = rate.now().zip(rate.before()) else { return "-".to_owned() };
    let by = i64::from(now) - i64::from(before);
    let sign = if by < 0 { '-' } else { '+' };
    format!("{sign}{}.{}", by.abs() / 10, by.abs() % 10)
}

/// What the outflow is of: period, reach, data date.
pub fn outflow_title(o: &Outflow, d: Desk<'_>) -> String {
    let (from, to) = (dates::short(o.from, d.today), dates::short(o.to, d.today));
    let (who, data) = (over(o.reach, d.lang), data(o.as_of, d));
    say(
        d.lang,
        format_args!("转他行 {from} 至 {to} {who} {data}"),
        format_args!("To other banks {from} to {to}, {who}, {data}"),
    )
}

/// What the borrowers are of: years, reach, data date.
pub fn loyal_title(l: &Loyal, years: u32, d: Desk<'_>) -> String {
    let (who, data) = (over(l.reach, d.lang), data(l.as_of, d));
    say(
        d.lang,
        format_args!("合作与复贷 合作满{years}年 {who} {data}"),
        format_args!("Years with us and repeat loans, {years}+ years, {who}, {data}"),
    )
}

/// What stands over the table on screen, with what it is narrowed to.
pub fn title(r: &Results, d: Desk<'_>) -> String {
    let mut text = match &r.facts {
        Facts::Reading => t("正在统计", "Counting").get(d.lang).to_owned(),
        Facts::Outflow(o) => outflow_title(o, d),
        Facts::Loyal(l) => loyal_title(l, r.years, d),
        Facts::Scores(x) => goals::scores_title(x, d),
        Facts::Credit(c) => goals::credit_title(c, d),
    };
    if let Some(Level { bank: Some(b), .. }) = r.level() {
        text.push_str(&format!(" > {}", bank(b, d.lang)));
    }
    if let Some(Level { keeper: Some(k), .. }) = r.level() {
        text.push_str(&format!(" > {}", keeper(d.staff, *k, d.lang)));
    }
    text
}

/// The words over the columns of a table.
pub fn heads(shown: &Shown) -> &'static [Text] {
    match shown {
        Shown::Nothing => &[],
        Shown::Scores(_) => goals::SCORES,
        Shown::Parts(_) => goals::PARTS,
        Shown::Handed(_) => goals::HANDED,
        Shown::Banks(_) => {
            const {
                &[t("对手行", "Bank"), t("金额", "Sum"), t("占比", "Share"), t("客户", "Cust."), t("未办", "Open")]
            }
        }
        Shown::Keepers(_) => {
            const {
                &[t("责任人", "Keeper"), t("金额", "Sum"), t("占比", "Share"), t("客户", "Cust."), t("未办", "Open")]
            }
        }
        Shown::Gone(_) => {
            const {
                &[
                    t("姓名", "Name"),
                    t("客户号", "Number"),
                    t("等级", "Tier"),
                    t("责任人", "Keeper"),
                    t("金额", "Sum"),
                    t("提醒日", "Told on"),
                    t("办理", "Line"),
                ]
            }
        }
        Shown::Rates(_) => {
            const {
                &[
                    t("责任人", "Keeper"),
                    t("借款客户", "Borrow."),
                    t("复贷客户", "Again"),
                    t("复贷率", "Rate"),
                    t("一年前", "Yr ago"),
                    t("增减", "Points"),
                    t("近一年放款", "Lent 1y"),
                    t("其中复贷", "Again"),
                    t("长期客户", "Long"),
                ]
            }
        }
        Shown::Long(_) => {
            const {
                &[
                    t("姓名", "Name"),
                    t("客户号", "Number"),
                    t("等级", "Tier"),
                    t("责任人", "Keeper"),
                    t("合作", "With us"),
                    t("首贷", "1st loan"),
                    t("笔数", "Loans"),
                    t("累计发放", "Lent"),
                    t("余额", "Balance"),
                    t("还款记录", "Record"),
                    t("优惠与额度", "Entitled"),
                ]
            }
        }
    }
}

fn went(name: String, sum: Fen, of: Fen, customers: usize, open: usize) -> Vec<String> {
    vec![name, amount(Some(sum), false), board::share(sum, of), customers.to_string(), open.to_string()]
}

/// A row of outflow by bank.
pub fn bank_row(w: &Went<Option<Bank>>, all: Fen, lang: Lang) -> Vec<String> {
    let name = w.by.as_ref().map_or(ALL.get(lang), |b| bank(b, lang)).to_owned();
    went(name, w.sum, all, w.customers, w.open)
}

/// A row of outflow by keeper.
pub fn keeper_row(w: &Went<Option<Option<StaffId>>>, all: Fen, d: Desk<'_>) -> Vec<String> {
    let name = w.by.map_or_else(|| ALL.get(d.lang).to_owned(), |k| keeper(d.staff, k, d.lang));
    went(name, w.sum, all, w.customers, w.open)
}

/// A row of a customer whose money went.
pub fn gone_row(g: &Gone, d: Desk<'_>) -> Vec<String> {
    let state = if g.open > 0 { t("未办", "open") } else { t("已办", "done") };
    let mut row = person(&g.who, d).to_vec();
    row.extend([amount(Some(g.sum), false), dates::short(g.day, d.today), state.get(d.lang).to_owned()]);
    row
}

/// A row of borrowers by keeper.
pub fn rate_row(of: Option<Option<StaffId>>, rate: &Rate, years: u32, d: Desk<'_>) -> Vec<String> {
    let name = of.map_or_else(|| ALL.get(d.lang).to_owned(), |k| keeper(d.staff, k, d.lang));
    vec![
        name,
        rate.borrowers.to_string(),
        rate.again.to_string(),
        percent(rate.now()),
        percent(rate.before()),
        points(rate),
        rate.lent.to_string(),
        rate.lent_again.to_string(),
        rate.with(years).to_string(),
    ]
}

/// A row of a borrower of some years.
pub fn long_row(l: &Long, d: Desk<'_>) -> Vec<String> {
    let (h, years) = (&l.history, l.years());
    let mut row = person(&l.who, d).to_vec();
    row.extend([
        say(d.lang, format_args!("{years}年"), format_args!("{years} y")),
        h.first_loan.map(|on| on.to_string()).unwrap_or_default(),
        h.loans.to_string(),
        amount(Some(h.lent), false),
        amount(Some(l.balance), false),
        dealings::record(h, d.lang),
        l.entitled.as_ref().map(|e| entitle::brief(e, d.today, d.lang)).unwrap_or_default(),
    ]);
    row
}

/// The texts of a row of a table.
pub fn row(facts: &Facts, shown: &Shown, at: usize, years: u32, d: Desk<'_>) -> Vec<String> {
    let found = match (shown, facts) {
        (Shown::Scores(rows), Facts::Scores(x)) => rows.get(at).map(|(of, _)| goals::score_row(x, *of, d)),
        (Shown::Parts(rows), _) => rows.get(at).map(|(of, part)| goals::part_row(*of, part, d)),
        (Shown::Handed(rows), Facts::Credit(c)) => rows.get(at).map(|h| goals::handed_row(c, h, d)),
        (Shown::Banks(rows), _) => rows.get(at).zip(rows.first()).map(|(w, all)| bank_row(w, all.sum, d.lang)),
        (Shown::Keepers(rows), _) => rows.get(at).zip(rows.first()).map(|(w, all)| keeper_row(w, all.sum, d)),
        (Shown::Gone(rows), _) => rows.get(at).map(|g| gone_row(g, d)),
        (Shown::Rates(rows), _) => rows.get(at).map(|(of, rate)| rate_row(*of, rate, years, d)),
        (Shown::Long(rows), _) => rows.get(at).map(|l| long_row(l, d)),
        _ => None,
    };
    found.unwrap_or_default()
}

/// What the figures mean, a sentence a line.
pub fn meaning(facts: &Facts, d: Desk<'_>) -> Vec<String> {
    let lang = d.lang;
    match facts {
        Facts::Reading => Vec::new(),
        Facts::Scores(x) => goals::scores_meaning(x, d),
        Facts::Credit(c) => goals::credit_meaning(c, d),
        Facts::Outflow(_) => {
            let (sum, days) = (d.settings.watch.outflow_sum.wan(), d.settings.watch.outflow_days);
            vec![
                say(
                    lang,
                    format_args!("口径：期内的转他行提醒（潜力及以上客户 {days} 天内转出满 {sum}），每笔只算一次。"),
                    format_args!(
                        "Outflow lines of the period (potential up, {sum} within {days} days), no transaction twice."
                    ),
                ),
                say(
                    lang,
                    "每条提醒列名转出最多的三家，余下归其他。",
                    "A line names the three banks with most; the rest is others.",
                ),
            ]
        }
        Facts::Loyal(l) => {
            let since = l.since.map(|on| on.to_string()).unwrap_or_default();
            vec![
                say(
                    lang,
                    "口径：有过贷款的为借款客户，首贷日之后又放过款的为复贷客户；增减为百分点。",
                    "Borrowers had a loan; again: one lent after the day of the first. Points are per cent points.",
                ),
                say(
                    lang,
                    format_args!("合作年数自开户或首贷起；{since} 首个贷款文件前结清的不在内。"),
                    format_args!(
                        "Years since account or first loan. Paid off before the first file ({since}): unknown."
                    ),
                ),
            ]
        }
    }
}

/// By which road one who reads an empty table looks further: the keys of the screen, or the options of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// The workbench.
    Keys,
    /// A command.
    Options,
}

/// How to look further, where a table of this kind is empty.
fn further(facts: &Facts, shown: &Shown, road: Road) -> Option<Text> {
    let (keys, options) = match (facts, shown) {
        (Facts::Credit(_), _) => (
            t("← 看上个月", "The left arrow shows the month before"),
            t("--month 看别的月份，如 --month 2026-10", "--month shows another, such as --month 2026-10"),
        ),
        (Facts::Outflow(o), _) if o.as_of.is_some() => (
            t("→ 看更长的时间", "The right arrow looks further back"),
            t("--days 看更长的时间，如 --days 90", "--days looks further back, such as --days 90"),
        ),
        (Facts::Loyal(l), Shown::Long(_)) if l.as_of.is_some() => (
            t("← 看年数更少的", "The left arrow takes fewer"),
            t("--years 看年数更少的，如 --years 1", "--years takes fewer, such as --years 1"),
        ),
        _ => return None,
    };
    Some(if road == Road::Keys { keys } else { options })
}

/// Why a table is empty, what fills it, and how to look further.
pub fn empty(facts: &Facts, shown: &Shown, years: u32, d: Desk<'_>, road: Road) -> String {
    let why = reason(facts, shown, years, d);
    match further(facts, shown, road) {
        Some(further) => {
            let further = further.get(d.lang);
            say(d.lang, format_args!("{why}。{further}"), format_args!("{why}. {further}"))
        }
        None => why,
    }
}

/// Why a table is empty, and what fills it.
fn reason(facts: &Facts, shown: &Shown, years: u32, d: Desk<'_>) -> String {
    let lang = d.lang;
    match (facts, shown) {
        (Facts::Reading, _) => t("正在统计", "Counting").get(lang).to_owned(),
        (Facts::Scores(_), _) => goals::nobody(lang).to_owned(),
        (Facts::Credit(_), _) => goals::NO_HAND_OVER.get(lang).to_owned(),
        (Facts::Outflow(o), _) if o.as_of.is_none() => t(
            "还没有导入过交易文件：Ctrl+X 导入，或 guitai import 交易.csv",
            "No file of transactions was imported yet: Ctrl+X imports, or guitai import 交易.csv",
        )
        .get(lang)
        .to_owned(),
        (Facts::Outflow(_), _) => t(
            "这段时间没有转他行提醒，提醒线在设置 outflow_sum、outflow_days",
            "No outflow was told in this period; settings: outflow_sum, outflow_days",
        )
        .get(lang)
        .to_owned(),
        (Facts::Loyal(l), _) if l.as_of.is_none() => t(
            "还没有导入过贷款文件：Ctrl+X 导入，或 guitai import 贷款.csv",
            "No file of loans was imported yet: Ctrl+X imports, or guitai import 贷款.csv",
        )
        .get(lang)
        .to_owned(),
        (Facts::Loyal(_), Shown::Long(_)) => {
            say(lang, format_args!("没有合作满 {years} 年的借款客户"), format_args!("No borrower with {years} years"))
        }
        (Facts::Loyal(_), _) => t(
            "您名下没有借款客户：全网点的由主管或网点经理看",
            "None of your customers had a loan; the supervisor or branch manager sees more",
        )
        .get(lang)
        .to_owned(),
    }
}

/// The keys of a table.
pub fn keys(r: &Results) -> Text {
    match (&r.what, r.level().map(|l| &l.shown)) {
        (What::Outflow(_), Some(Shown::Gone(_))) => {
            t("Enter 档案  ← → 时间长短  Esc 返回", "Enter archive  left, right: period  Esc back")
        }
        (What::Outflow(_), _) => t("Enter 细看  ← → 时间长短  Esc 返回", "Enter opens  left, right: period  Esc back"),
        (_, Some(Shown::Long(_))) => {
            t("Enter 档案  ← → 合作年数  Esc 返回", "Enter archive  left, right: years  Esc back")
        }
        (What::Scores(_), _) => {
            t("Enter 定目标  ← → 月份  Esc 返回", "Enter lays targets down  left, right: month  Esc back")
        }
        (What::Credit(_), Some(Shown::Handed(_))) => {
            t("Enter 档案  ← → 月份  Esc 返回", "Enter archive  left, right: month  Esc back")
        }
        (What::Credit(_), _) => t("Enter 名单  ← → 月份  Esc 返回", "Enter lists them  left, right: month  Esc back"),
        _ => t("Enter 名单  ← → 合作年数  Esc 返回", "Enter lists them  left, right: years  Esc back"),
    }
}

/// How many customers are in it, for the log of looks.
pub fn customers(facts: &Facts) -> usize {
    match facts {
        Facts::Reading => 0,
        Facts::Outflow(o) => o.total().customers,
        Facts::Loyal(l) => usize::try_from(l.all.borrowers).unwrap_or(usize::MAX),
        Facts::Credit(c) => c.handed.len(),
        // Of customers it has counts alone.
        Facts::Scores(_) => 0,
    }
}

/// What it is called in the log of looks.
pub const fn target(facts: &Facts) -> &'static str {
    match facts {
        Facts::Reading => "",
        Facts::Outflow(_) => "report outflow",
        Facts::Loyal(_) => "report loyal",
        Facts::Scores(_) => "report targets",
        Facts::Credit(_) => "report credit",
    }
}
