//! Words of what the bank's figures say: the lines of fund movement, alerts, maturities, repayments, win-back, each with its reason; and
//! the maturity wall.

use super::say;
use crate::app::shared::Shared;
use crate::domain::agenda::wall::{Brick, Heap, Wall};
use crate::domain::agenda::{Checked, Detail, Maturity, Repayment};
use crate::domain::calendar::dates;
use crate::domain::dealings::due::{Kept, Stay};
use crate::domain::dealings::watch::Signal;
use crate::domain::ids::StaffId;
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, t};
use crate::domain::values::money::Fen;
use chrono::NaiveDate;

/// How a line is told: language, people, day, and whether sums are hidden.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The language.
    pub lang: Lang,
    /// Everybody.
    pub staff: &'a [Staff],
    /// Today.
    pub today: NaiveDate,
    /// Sums are hidden while the customer looks at the screen.
    pub hidden: bool,
}

impl Told<'_> {
    fn sum(self, fen: Fen) -> String {
        wan(fen, self.hidden)
    }

    fn yuan(self, fen: Fen) -> String {
        if self.hidden { "****".to_owned() } else { fen.yuan() }
    }

    fn day(self, day: NaiveDate) -> String {
        dates::short(day, self.today)
    }

    /// The line of a detail; `None` for those that say no figures.
    pub fn text(self, detail: &Detail) -> Option<String> {
        match detail {
            Detail::Signal { signal, checked, .. } => Some(match checked {
                Some(c) => format!("{}{}", self.checked(c), self.signal(signal)),
                None => self.signal(signal),
            }),
            Detail::Maturity(m) => Some(self.maturity(m)),
            Detail::Repayment(r) => Some(self.repayment(r)),
            _ => None,
        }
    }

    /// The line of what falls due for a place with little room, its day first: what is cut is cut at the end. `None` for anything else.
    pub fn day_first(self, detail: &Detail) -> Option<String> {
        match detail {
            Detail::Maturity(m) => {
                let [what, when, _] = self.matures(m);
                Some(format!("{when} {what}"))
            }
            Detail::Repayment(r) if r.overdue == 0 => {
                let [product, when, sum] = self.repays(r);
                Some(format!("{when} {sum} {product}"))
            }
            _ => None,
        }
    }

    fn checked(self, c: &Checked) -> String {
        let who = self.staff.iter().find(|s| s.id == c.by).map_or("", |s| s.name.as_str());
        let note = crate::domain::values::plain::masked(&c.note);
        match c.back {
            true => say(self.lang, format_args!("退回再查：{note}  "), format_args!("sent back: {note}  ")),
            false => {
                say(self.lang, format_args!("待复核，{who}：{note}  "), format_args!("to confirm, {who}: {note}  "))
            }
        }
    }

    fn signal(self, signal: &Signal) -> String {
        let lang = self.lang;
        match signal {
            Signal::Moved { before, before_on, now, mean } => {
                let by = Fen(now.0.saturating_sub(before.0));
                let (a, b, on) = (self.sum(*before), self.sum(*now), self.day(*before_on));
                let change = self.change(by, *before);
                let mean = match mean {
                    Some(m) => {
                        let (of, far) = (self.sum(*m), self.share(Fen(now.0.saturating_sub(m.0)), *m));
                        say(lang, format_args!("，90天均值{of}{far}"), format_args!(", 90-day mean {of}{far}"))
                    }
                    None => String::new(),
                };
                say(
                    lang,
                    format_args!("{change} 由{a}到{b}（比{on}）{mean}"),
                    format_args!("{change} from {a} to {b} (since {on}){mean}"),
                )
            }
            Signal::Outflow { sum, days, banks } => {
                let (sum, banks) = (self.sum(*sum), self.banks(banks));
                say(
                    lang,
                    format_args!("{days}天内转他行{sum}：{banks}"),
                    format_args!("{sum} to other banks in {days} days: {banks}"),
                )
            }
            Signal::Unusual { on, amount, mean, channel, bank } => {
                let (on, sum, mean) = (self.day(*on), self.sum(Fen(amount.0.saturating_abs())), self.sum(*mean));
                let way = match (amount.0 < 0, bank.is_empty()) {
                    (true, true) => t("转出", "out").get(lang).to_owned(),
                    (true, false) => say(lang, format_args!("转出到{bank}"), format_args!("out to {bank}")),
                    (false, true) => t("转入", "in").get(lang).to_owned(),
                    (false, false) => say(lang, format_args!("自{bank}转入"), format_args!("in from {bank}")),
                };
                say(
                    lang,
                    format_args!("金额异常 {on} {channel}{way}{sum}，本人90天均值每笔{mean}"),
                    format_args!("unusual amount {on} {channel} {way} {sum}, own 90-day mean {mean}"),
                )
            }
            Signal::Busy { on, count, tenths } => {
                let (on, usual) = (self.day(*on), format!("{}.{}", tenths / 10, tenths % 10));
                say(
                    lang,
                    format_args!("笔数异常 {on} 一天{count}笔，平时一天{usual}笔"),
                    format_args!("{count} transactions on {on}, usually {usual} a day"),
                )
            }
            Signal::Worsened { no, product, from, to, overdue, more } => {
                let (a, b) = (from.label().get(lang), to.label().get(lang));
                let late = match overdue {
                    0 => String::new(),
                    n => say(lang, format_args!("，逾期{n}天"), format_args!(", {n} days overdue")),
                };
                let more = match more {
                    0 => String::new(),
                    n => say(lang, format_args!("，另有{n}笔下迁"), format_args!(", {n} more loans worsened")),
                };
                let last = tail(no);
                say(
                    lang,
                    format_args!("分类下迁 {a}到{b} {product} 借据尾号{last}{late}{more}"),
                    format_args!("class worsened {a} to {b}, {product} note *{last}{late}{more}"),
                )
            }
            Signal::Lenders { count, balance } => {
                let left = self.sum(*balance);
                say(
                    lang,
                    format_args!("多头借贷 他行贷款{count}笔（手工记录），本行贷款余额{left}"),
                    format_args!("many lenders: {count} loans elsewhere (recorded by hand), {left} lent here"),
                )
            }
            Signal::Left { peak, peak_on, now, last, asleep } => {
                let (most, on, left) = (self.sum(*peak), self.day(*peak_on), self.yuan(*now));
                let what = match asleep {
                    true => t("睡眠", "asleep").get(lang),
                    false => t("资产流失", "assets gone").get(lang),
                };
                let last = match last.map(|l| self.day(l)) {
                    Some(l) => say(lang, format_args!("，末次交易{l}"), format_args!(", last transaction {l}")),
                    None => String::new(),
                };
                say(
                    lang,
                    format_args!("{what} 曾有{most}（{on}），现余{left}元{last}"),
                    format_args!("{what}: had {most} ({on}), now ¥{left}{last}"),
                )
            }
        }
    }

    fn change(self, by: Fen, before: Fen) -> String {
        let share = self.share(by, before);
        let sum = self.sum(Fen(by.0.saturating_abs()));
        match by.0 < 0 {
            true => say(self.lang, format_args!("减少{sum}{share}"), format_args!("down {sum}{share}")),
            false => say(self.lang, format_args!("增加{sum}{share}"), format_args!("up {sum}{share}")),
        }
    }

    /// ` -40%`; nothing where there is nothing to take it of.
    fn share(self, by: Fen, of: Fen) -> String {
        if of.0 <= 0 {
            return String::new();
        }
        format!(" {:+}%", i128::from(by.0) * 100 / i128::from(of.0))
    }

    fn banks(self, banks: &[(String, Fen)]) -> String {
        let named = banks.iter().map(|(bank, sum)| format!("{bank} {}", self.sum(*sum)));
        named.collect::<Vec<_>>().join(t("、", ", ").get(self.lang))
    }

    fn maturity(self, m: &Maturity) -> String {
        let [what, when, last] = self.matures(m);
        say(self.lang, format_args!("{what} {when} 合同尾号{last}"), format_args!("{what} {when}, contract *{last}"))
    }

    /// What matures, when, and the end of the contract's number.
    fn matures(self, m: &Maturity) -> [String; 3] {
        let lang = self.lang;
        let (sum, on, product, last) = (self.sum(m.amount), self.day(m.on), &m.product, tail(&m.contract));
        let off = self.off(m.off.as_deref());
        let when = match (m.on - self.today).num_days() {
            0 => say(lang, format_args!("今天到期{off}"), format_args!("matures today{off}")),
            n if n > 0 => {
                say(lang, format_args!("{on}到期{off}，还有{n}天"), format_args!("matures {on}{off}, in {n} days"))
            }
            n => {
                let n = -n;
                say(
                    lang,
                    format_args!("{on}已到期{n}天，去向未记"),
                    format_args!("matured {on}, {n} days ago; result?"),
                )
            }
        };
        [format!("{product} {sum}"), when, last]
    }

    fn off(self, why: Option<&str>) -> String {
        match why {
            None => String::new(),
            Some("") => say(self.lang, "（逢周末）", " (a weekend)"),
            Some(name) => say(self.lang, format_args!("（逢{name}放假）"), format_args!(" (holiday: {name})")),
        }
    }

    fn repayment(self, r: &Repayment) -> String {
        let lang = self.lang;
        let (last, left) = (tail(&r.no), self.sum(r.balance));
        let [product, when, sum] = self.repays(r);
        if r.overdue > 0 {
            let (n, data) = (r.overdue, r.as_of.map(|d| self.day(d)).unwrap_or_default());
            return say(
                lang,
                format_args!("逾期{n}天（{data}数据） {product} {sum} 余额{left} 借据尾号{last}"),
                format_args!("{n} days overdue (data of {data}), {product} {sum}, balance {left}, note *{last}"),
            );
        }
        say(
            lang,
            format_args!("{product} {when} {sum} 余额{left} 借据尾号{last}"),
            format_args!("{product} {when} {sum}, balance {left}, note *{last}"),
        )
    }

    /// Of what, when, and how much is to be repaid.
    fn repays(self, r: &Repayment) -> [String; 3] {
        let lang = self.lang;
        let (on, off) = (self.day(r.on), self.off(r.off.as_deref()));
        let sum = match r.instalment {
            Some(i) => {
                let i = self.yuan(i);
                say(lang, format_args!("应还{i}元"), format_args!("¥{i}"))
            }
            None => String::new(),
        };
        let when = match (r.on - self.today).num_days() {
            0 => say(lang, format_args!("今天还款{off}"), format_args!("due today{off}")),
            n if n > 0 => {
                say(lang, format_args!("{on}还款{off}，还有{n}天"), format_args!("due {on}{off}, in {n} days"))
            }
            _ => say(lang, format_args!("{on}应还，等新数据"), format_args!("was due {on}, waiting for new data")),
        };
        [r.product.clone(), when, sum]
    }
}

/// A sum in 万, or stars while figures are hidden.
fn wan(fen: Fen, hidden: bool) -> String {
    if hidden { "****".to_owned() } else { fen.wan() }
}

/// The last four characters of a number.
fn tail(number: &str) -> String {
    let all: Vec<char> = number.chars().collect();
    all.get(all.len().saturating_sub(4)..).unwrap_or_default().iter().collect()
}

/// The word of a contract's result: recorded, spoken of, or neither.
pub fn stay(result: Option<Stay>, spoken: bool, lang: Lang) -> &'static str {
    match (result, spoken) {
        (Some(stay), _) => stay.label(),
        (None, true) => t("已联系", "Contacted"),
        (None, false) => t("未联系", "Not yet"),
    }
    .get(lang)
}

/// What would fill the wall.
pub fn empty_wall(listed: bool, lang: Lang) -> [&'static str; 2] {
    let [a, b] = match listed {
        true => [
            t("30 天内没有到期的合同", "No contract matures within 30 days"),
            t("Tab 看团队和网点", "Tab shows team and branch"),
        ],
        false => [
            t("还没有持有清单，不知道什么要到期", "There is no list of holdings yet, so nothing is known to mature"),
            t(
                "导入核心系统的「持有」文件后，这里按天列出 30 天内到期的合同",
                "Once the core system's file of holdings is imported, the contracts of the next 30 days stand here by day",
            ),
        ],
    };
    [a.get(lang), b.get(lang)]
}

/// What matures in the days ahead, and the date of the data.
pub fn wall_head(wall: &Wall, hidden: bool, lang: Lang) -> String {
    let (count, sum) = wall.total();
    let sum = wan(sum, hidden);
    let data = wall.as_of.map(|d| d.format("%m-%d").to_string()).unwrap_or_default();
    let more = match wall.beyond {
        0 => String::new(),
        n => say(lang, format_args!("  另{n}笔不可看"), format_args!(", {n} not for you")),
    };
    say(
        lang,
        format_args!("30天内到期 {count}笔 {sum}{more}  数据{data}"),
        format_args!("within 30 days {count}, {sum}{more}, data {data}"),
    )
}

/// What matures is all of customers whose figures the one who looks does not see.
pub fn beyond(n: u32, lang: Lang) -> String {
    say(
        lang,
        format_args!("30天内到期 {n}笔，由责任人和主管看"),
        format_args!("{n} mature within 30 days, for their keepers and who leads them"),
    )
}

/// Where what matured went.
pub fn kept(k: &Kept, hidden: bool, lang: Lang) -> String {
    let per = |part: Fen| match k.share(part) {
        Some(tenths) => format!("{}.{}%", tenths / 10, tenths % 10),
        None => "-".to_owned(),
    };
    if k.contracts == 0 {
        return t("近30天没有到期的合同，还算不出续存率", "Nothing matured in the last 30 days: no retained share yet")
            .get(lang)
            .to_owned();
    }
    let (n, sum) = (k.contracts, wan(k.matured, hidden));
    let [stayed, partly, left, unknown, newer] = [k.stayed, k.partly, k.left, k.unknown, k.newer].map(per);
    say(
        lang,
        format_args!("近30天到期{n}笔{sum} 续存率{stayed} 按新持有{newer} 部分{partly} 流出{left} 未记{unknown}"),
        format_args!(
            "last 30 days {n}, {sum}: retained {stayed}, by newer holdings {newer}, partly {partly}, left {left}, not recorded {unknown}"
        ),
    )
}

/// What the shares mean.
pub const fn meaning(lang: Lang) -> &'static str {
    t(
        "续存率=记为续存、转理财的到期额÷全部到期额（含未记）。按新持有=到期前3天到后10天起息的其他持有和原合同续期，每客户不超过其到期额，不论怎么记",
        "Retained: recorded as renewed or converted, of all that matured. By newer holdings: begun 3 days before to 10 after, or renewed; at most what matured of each customer",
    )
    .get(lang)
}

/// A day as its list is headed.
pub fn wall_day(day: NaiveDate, s: &Shared, lang: Lang) -> String {
    let (on, weekday) = (dates::short(day, s.today()), dates::weekday(day, lang));
    let shift = if s.holidays().why_off(day).is_some() { shifted(day, s, lang) } else { String::new() };
    format!("{on} {weekday} {shift}").trim_end().to_owned()
}

/// On which working day the bank deals with what matures on a day off: `春节>02-24`.
pub fn shifted(day: NaiveDate, s: &Shared, lang: Lang) -> String {
    let name = s.holidays().why_off(day).unwrap_or_default();
    let name = if name.is_empty() { t("休", "off").get(lang) } else { name };
    format!("{name}>{}", dates::short(s.holidays().working_day_from(day), s.today()))
}

/// A heading with how many and how much.
pub fn heap(title: &str, count: usize, more: u32, sum: Fen, hidden: bool, lang: Lang) -> String {
    let sum = wan(sum, hidden);
    match more {
        0 => say(lang, format_args!("{title}  {count}笔 {sum}"), format_args!("{title}  {count}, {sum}")),
        n => say(
            lang,
            format_args!("{title}  列出最大的{count}笔 {sum}，另有{n}笔"),
            format_args!("{title}  the largest {count}, {sum}; {n} more"),
        ),
    }
}

/// Who keeps what of a day.
pub fn keepers(heap: &Heap, s: &Shared) -> String {
    let name = |id: &Option<StaffId>| match s.name_of(*id) {
        "" => s.say(t("无责任人", "no keeper")).to_owned(),
        name => name.to_owned(),
    };
    let each = heap.keepers.iter().map(|(id, sum)| format!("{} {}", name(id), wan(*sum, s.hidden)));
    each.collect::<Vec<_>>().join("  ")
}

/// What else stands with a contract.
pub fn brick(b: &Brick, s: &Shared, lang: Lang) -> String {
    let newer = match b.newer {
        Some(n) if n > Fen::ZERO => {
            let n = wan(n, s.hidden);
            say(lang, format_args!(" 新持有{n}"), format_args!(" newer {n}"))
        }
        _ => String::new(),
    };
    let ended = if b.newer.is_some() { format!("{} ", dates::short(b.ends, s.today())) } else { String::new() };
    format!("{ended}{}{newer}", b.product)
}
