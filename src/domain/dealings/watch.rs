//! What the bank's figures say that somebody must look at (domain.md "What fills today's queue"): the rules of fund movement,
//! outflow, alerts and win-back, as functions of what is known. Each gives the numbers that its line shows as its reason. Whose line
//! it is, and how the facts are fetched, does not live here.

use super::loan::Class;
use crate::domain::values::money::Fen;
use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The rules of what the figures say, each a setting of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// 资金变动: per cent of the balance before, or of its mean of 90 days, that counts as a movement; 0 leaves shares out.
    pub move_percent: u32,
    /// 资金变动: a change of this sum counts as a movement whatever its share; 0 leaves sums out.
    pub move_sum: Fen,
    /// 转他行: what went to other banks within the days below and makes a line; 0 makes none.
    pub outflow_sum: Fen,
    /// 转他行: days that are summed up.
    pub outflow_days: u16,
    /// 预警: times the customer's own mean of 90 days from which an amount or a number of transactions is unusual; 0 makes none.
    pub alert_times: u32,
    /// 预警: amounts below this are never unusual.
    pub alert_sum: Fen,
    /// 预警: fewer transactions a day than this are never unusual.
    pub alert_count: u32,
    /// 预警: loans at other banks, as recorded by hand, from which a borrower has many lenders; 0 makes none.
    pub lenders: u32,
    /// 挽回: months without a transaction after which an emptied account sleeps.
    pub dormant_months: u16,
    /// 挽回: an account below this is as good as empty.
    pub dormant_below: Fen,
    /// 挽回: only customers who once had this much are worth calling back; 0 makes no lines.
    pub win_back_from: Fen,
    /// 到期: days ahead on which a maturity is spoken of.
    pub maturity_days: Vec<u16>,
    /// 到期: contracts below this make no line; the wall shows them all the same.
    pub maturity_from: Fen,
    /// 还款: days ahead of a repayment on which it is spoken of.
    pub repay_days: Vec<u16>,
    /// 还款: days overdue on which the line of an overdue loan comes back.
    pub overdue_days: Vec<u16>,
}

impl Default for Rule {
    fn default() -> Self {
        Rule {
            move_percent: 20,
            move_sum: Fen::of_yuan(50_000),
            outflow_sum: Fen::of_yuan(50_000),
            outflow_days: 30,
            alert_times: 5,
            alert_sum: Fen::of_yuan(50_000),
            alert_count: 10,
            lenders: 3,
            dormant_months: 6,
            dormant_below: Fen::of_yuan(1_000),
            win_back_from: Fen::of_yuan(50_000),
            maturity_days: vec![30, 7, 1],
            maturity_from: Fen::of_yuan(10_000),
            repay_days: vec![7, 3, 0],
            overdue_days: vec![1, 7, 30, 60, 90],
        }
    }
}

impl Rule {
    /// Whether the rules can be worked by.
    pub fn holds(&self) -> bool {
        let sums = [
            self.move_sum,
            self.outflow_sum,
            self.alert_sum,
            self.dormant_below,
            self.win_back_from,
            self.maturity_from,
        ];
        let days = [&self.maturity_days, &self.repay_days, &self.overdue_days];
        sums.iter().all(|s| *s >= Fen::ZERO)
            && self.move_percent <= 1_000
            && (1..=366).contains(&self.outflow_days)
            && (1..=120).contains(&self.dormant_months)
            && days.iter().all(|d| d.len() <= 10 && d.iter().all(|n| *n <= 366))
    }
}

/// Days over which a customer's own mean is taken.
pub const MEAN_DAYS: u64 = 90;
/// Data dates, or transactions, from which there is a mean to speak of.
const ENOUGH: usize = 5;
/// Other banks named on a line.
const NAMED: usize = 3;

/// What the figures say of a customer, with the numbers behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Signal {
    /// 资金变动: the balance moved since the last data date, or away from its mean.
    Moved {
        /// The balance on the data date before.
        before: Fen,
        /// That data date.
        before_on: NaiveDate,
        /// The balance now.
        now: Fen,
        /// Its mean of 90 days, where it moved away from that.
        mean: Option<Fen>,
    },
    /// 转他行
    Outflow {
        /// What went out in all.
        sum: Fen,
        /// Within so many days.
        days: u16,
        /// To which banks, most first.
        banks: Vec<(String, Fen)>,
    },
    /// 金额异常: far above the customer's own amounts.
    Unusual {
        /// The day of the transaction.
        on: NaiveDate,
        /// In positive, out negative.
        amount: Fen,
        /// The customer's own mean amount of the 90 days before.
        mean: Fen,
        /// 渠道
        channel: String,
        /// 对手行
        bank: String,
    },
    /// 笔数异常: far more transactions on a day than usual.
    Busy {
        /// The day.
        on: NaiveDate,
        /// Transactions that day.
        count: u32,
        /// The customer's own mean of a day with transactions, in tenths.
        tenths: u32,
    },
    /// 分类下迁: the five-level class of a loan worsened.
    Worsened {
        /// 借据号
        no: String,
        /// Its product.
        product: String,
        /// Before.
        from: Class,
        /// Now.
        to: Class,
        /// Days overdue.
        overdue: u32,
        /// Other loans of the customer that worsened too.
        more: u32,
    },
    /// 多头借贷: a borrower who has loans at many other banks too.
    Lenders {
        /// Loans at other banks, as recorded by hand.
        count: u32,
        /// What is lent here.
        balance: Fen,
    },
    /// 流失: the assets are gone, or the emptied account sleeps.
    Left {
        /// The most the customer had.
        peak: Fen,
        /// On that data date.
        peak_on: NaiveDate,
        /// What is left.
        now: Fen,
        /// The last transaction known.
        last: Option<NaiveDate>,
        /// Asleep: no transaction for the months of the setting. Else the assets have just gone.
        asleep: bool,
    },
}

impl Signal {
    /// The kind as stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Signal::Moved { .. } => "moved",
            Signal::Outflow { .. } => "outflow",
            Signal::Unusual { .. } => "unusual",
            Signal::Busy { .. } => "busy",
            Signal::Worsened { .. } => "worsened",
            Signal::Lenders { .. } => "lenders",
            Signal::Left { .. } => "left",
        }
    }
}

/// The balance on a data date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The data date.
    pub day: NaiveDate,
    /// All accounts of the customer.
    pub balance: Fen,
}

/// 资金变动 of a customer of `floor` or more, then or now. `history` is newest first. A movement is said once: away from the mean only on
/// the data date on which it gets far from it.
pub fn moved(history: &[Point], floor: Fen, rule: &Rule) -> Option<Signal> {
    let [now, before, ..] = history else { return None };
    let mean = mean_before(history);
    if now.balance.max(before.balance).max(mean.unwrap_or_default()) < floor {
        return None;
    }
    let far = |a: Fen, b: Fen| {
        let by = a.0.abs_diff(b.0);
        let share = u128::from(by) * 100 >= u128::from(rule.move_percent) * u128::from(b.0.unsigned_abs());
        (rule.move_sum > Fen::ZERO && by >= rule.move_sum.0.unsigned_abs())
            || (rule.move_percent > 0 && b > Fen::ZERO && by > 0 && share)
    };
    let from_mean = mean.filter(|m| far(now.balance, *m));
    let already =
        history.get(1..).and_then(|older| mean_before(older).map(|m| far(before.balance, m))).unwrap_or(false);
    let mean = from_mean.filter(|_| !already);
    (far(now.balance, before.balance) || mean.is_some()).then_some(Signal::Moved {
        before: before.balance,
        before_on: before.day,
        now: now.balance,
        mean,
    })
}

/// The mean of the 90 days before the first point, where there are enough data dates.
fn mean_before(history: &[Point]) -> Option<Fen> {
    let (first, older) = history.split_first()?;
    let from = first.day.checked_sub_days(Days::new(MEAN_DAYS))?;
    let within: Vec<i128> = older.iter().take_while(|p| p.day >= from).map(|p| p.balance.0.into()).collect();
    let count = i128::try_from(within.len()).ok().filter(|_| within.len() >= ENOUGH)?;
    i64::try_from(within.iter().sum::<i128>() / count).ok().map(Fen)
}

/// A transaction as the rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// The day.
    pub day: NaiveDate,
    /// In positive, out negative.
    pub amount: Fen,
    /// 渠道
    pub channel: String,
    /// 对手行, empty within the bank.
    pub bank: String,
}

/// 转他行: what `gone` says went to other banks and was not yet said, when it reaches the sum.
pub fn outflow<'a>(gone: impl IntoIterator<Item = &'a Booked>, rule: &Rule) -> Option<Signal> {
    let mut banks: BTreeMap<&str, Fen> = BTreeMap::new();
    for b in gone.into_iter().filter(|b| b.amount < Fen::ZERO && !b.bank.is_empty()) {
        let sum = banks.entry(&b.bank).or_default();
        *sum = Fen(sum.0.saturating_sub(b.amount.0));
    }
    let sum = Fen(banks.values().fold(0, |all: i64, b| all.saturating_add(b.0)));
    if rule.outflow_sum <= Fen::ZERO || sum < rule.outflow_sum {
        return None;
    }
    let mut banks: Vec<(String, Fen)> = banks.into_iter().map(|(bank, sum)| (bank.to_owned(), sum)).collect();
    banks.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    banks.truncate(NAMED);
    Some(Signal::Outflow { sum, days: rule.outflow_days, banks })
}

/// What is known of a customer's transactions before they are looked at one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    /// How many came before.
    pub before: usize,
    /// How many are new.
    pub new: u32,
    /// The largest new amount, in or out.
    pub largest: Fen,
    /// Something went to another bank.
    pub gone: bool,
}

impl Glance {
    /// Whether any rule may have something to say; of most customers none has.
    pub fn may_say(&self, rule: &Rule) -> bool {
        let known = self.before >= ENOUGH && rule.alert_times > 0;
        self.gone || known && (self.largest >= rule.alert_sum || self.new >= rule.alert_count)
    }
}

/// 金额异常: the largest new amount, when it is far above the mean of the customer's own amounts before.
pub fn unusual(new: &[Booked], before: &[Booked], rule: &Rule) -> Option<Signal> {
    let times = i128::from(rule.alert_times);
    let count = i128::try_from(before.len()).ok().filter(|_| before.len() >= ENOUGH && times > 0)?;
    let all: i128 = before.iter().map(|b| i128::from(b.amount.0).abs()).sum();
    let most = new.iter().max_by_key(|b| (b.amount.0.unsigned_abs(), b.day))?;
    let size = i128::from(most.amount.0).abs();
    (size >= i128::from(rule.alert_sum.0) && size * count > times * all).then(|| Signal::Unusual {
        on: most.day,
        amount: most.amount,
        mean: Fen(i64::try_from(all / count).unwrap_or(i64::MAX)),
        channel: most.channel.clone(),
        bank: most.bank.clone(),
    })
}

/// 笔数异常: the busiest new day, when it is far above the customer's own days with transactions before.
pub fn busy(new: &[Booked], before: &[Booked], rule: &Rule) -> Option<Signal> {
    if before.len() < ENOUGH || rule.alert_times == 0 {
        return None;
    }
    let by_day = |booked: &[Booked]| {
        let mut days: BTreeMap<NaiveDate, u64> = BTreeMap::new();
        booked.iter().for_each(|b| *days.entry(b.day).or_default() += 1);
        days
    };
    let days = u64::try_from(by_day(before).len()).ok().filter(|d| *d > 0)?;
    let all = u64::try_from(before.len()).ok()?;
    let (on, count) = by_day(new).into_iter().max_by_key(|(day, n)| (*n, *day))?;
    (count >= u64::from(rule.alert_count) && count * days > u64::from(rule.alert_times) * all).then(|| Signal::Busy {
        on,
        count: u32::try_from(count).unwrap_or(u32::MAX),
        tenths: u32::try_from(all * 10 / days).unwrap_or(u32::MAX),
    })
}

/// A loan before and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reclassed {
    /// 借据号
    pub no: String,
    /// Its product.
    pub product: String,
    /// Before.
    pub from: Class,
    /// Now.
    pub to: Class,
    /// Days overdue.
    pub overdue: u32,
}

/// 分类下迁: the loan that is worst now among those that worsened.
pub fn worsened(loans: &[Reclassed]) -> Option<Signal> {
    let worse = || loans.iter().filter(|l| l.to > l.from);
    let worst = worse().max_by_key(|l| (l.to, l.overdue, std::cmp::Reverse(&l.no)))?;
    Some(Signal::Worsened {
        no: worst.no.clone(),
        product: worst.product.clone(),
        from: worst.from,
        to: worst.to,
        overdue: worst.overdue,
        more: u32::try_from(worse().count().saturating_sub(1)).unwrap_or(u32::MAX),
    })
}

/// 多头借贷, unless as many were `told` before.
pub fn lenders(count: u32, told: u32, balance: Fen, rule: &Rule) -> Option<Signal> {
    let many = rule.lenders > 0 && count >= rule.lenders && count > told && balance > Fen::ZERO;
    many.then_some(Signal::Lenders { count, balance })
}

/// Which step towards being lost a customer took between two data dates, if any: the assets went, or the emptied account fell asleep
/// (`Some(true)`). It says so on one data date only.
pub fn leaves(now: Point, before: Point, last: Option<NaiveDate>, empty_below: Fen, rule: &Rule) -> Option<bool> {
    if rule.win_back_from <= Fen::ZERO {
        return None;
    }
    let asleep = last
        .and_then(|l| l.checked_add_months(Months::new(rule.dormant_months.into())))
        .is_some_and(|since| before.day < since && since <= now.day);
    if asleep && now.balance < rule.dormant_below.max(empty_below) {
        return Some(true);
    }
    (now.balance < empty_below && before.balance >= empty_below).then_some(false)
}

/// 挽回 of a customer who took that step, when they once had enough to be worth calling. `history` is newest first.
pub fn left(history: &[Point], last: Option<NaiveDate>, asleep: bool, rule: &Rule) -> Option<Signal> {
    let now = history.first()?;
    let peak = history.iter().max_by_key(|p| (p.balance, p.day))?;
    (peak.balance >= rule.win_back_from).then_some(Signal::Left {
        peak: peak.balance,
        peak_on: peak.day,
        now: now.balance,
        last,
        asleep,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Balances in 万, newest first, a day apart.
    fn balances(wan: &[i64]) -> Vec<Point> {
        let last = day("2026-11-20");
        let at = |n: usize| last - Days::new(u64::try_from(n).unwrap());
        wan.iter().enumerate().map(|(n, w)| Point { day: at(n), balance: Fen::of_yuan(w * 10_000) }).collect()
    }

    const FLOOR: Fen = Fen::of_yuan(200_000);

    #[test]
    fn a_movement_is_a_share_or_a_sum_of_a_customer_who_is_or_was_above_the_line() {
        let rule = Rule::default();
        for (wan, moves) in [
            (&[30, 30][..], false),
            (&[26, 30], false),
            (&[24, 30], true),
            (&[36, 30], true),
            (&[10, 20], true),
            (&[20, 10], true),
            (&[19, 10], false),
            (&[296, 300], false),
            (&[295, 300], true),
            (&[30], false),
            (&[], false),
        ] {
            assert_eq!(moved(&balances(wan), FLOOR, &rule).is_some(), moves, "{wan:?}");
        }
        let shares = Rule { move_sum: Fen::ZERO, ..rule.clone() };
        assert_eq!(moved(&balances(&[295, 300]), FLOOR, &shares), None);
        let neither = Rule { move_percent: 0, ..shares };
        assert_eq!(moved(&balances(&[0, 300]), FLOOR, &neither), None);
    }

    #[test]
    fn a_slow_drift_is_said_on_the_day_it_gets_far_from_the_mean_and_not_again() {
        let rule = Rule { move_sum: Fen::ZERO, ..Rule::default() };
        // A tenth at a time is no movement since the last date; below four fifths of the mean it is one.
        let drift = [230, 265, 295, 300, 300, 300, 300, 300, 300];
        let said = |from: usize| moved(&balances(&drift[from..]), FLOOR, &rule);
        match said(0) {
            Some(Signal::Moved { before, now, mean: Some(mean), .. }) => {
                assert_eq!((before, now), (Fen::of_yuan(2_650_000), Fen::of_yuan(2_300_000)));
                assert_eq!(mean, Fen(295_000_000));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!((said(1), said(2)), (None, None));
        let on = [[225].as_slice(), &drift].concat();
        assert_eq!(moved(&balances(&on), FLOOR, &rule), None);
    }

    fn booked(on: &str, yuan: i64, bank: &str) -> Booked {
        Booked { day: day(on), amount: Fen::of_yuan(yuan), channel: "手机银行".into(), bank: bank.into() }
    }

    #[test]
    fn outflow_sums_what_went_to_other_banks_and_names_them() {
        let rule = Rule::default();
        let gone = [
            booked("2026-11-18", -30_000, "工商银行"),
            booked("2026-11-19", -15_000, "建设银行"),
            booked("2026-11-19", 80_000, "建设银行"),
            booked("2026-11-20", -90_000, ""),
        ];
        assert_eq!(outflow(&gone, &rule), None);
        let gone = [gone.as_slice(), &[booked("2026-11-20", -5_000, "建设银行")]].concat();
        let banks = vec![("工商银行".to_owned(), Fen::of_yuan(30_000)), ("建设银行".to_owned(), Fen::of_yuan(20_000))];
        assert_eq!(outflow(&gone, &rule), Some(Signal::Outflow { sum: Fen::of_yuan(50_000), days: 30, banks }));
        assert_eq!(outflow(&gone, &Rule { outflow_sum: Fen::ZERO, ..rule }), None);
    }

    #[test]
    fn an_amount_is_unusual_against_the_customers_own_and_above_the_floor() {
        let rule = Rule::default();
        let own: Vec<Booked> = (1..=5).map(|n| booked(&format!("2026-11-0{n}"), 10_000, "")).collect();
        for (new, said) in [(50_000, false), (50_001, true), (-60_000, true), (49_000, false)] {
            let found = unusual(&[booked("2026-11-20", new, "工商银行")], &own, &rule);
            assert_eq!(found.is_some(), said, "{new}");
        }
        // A pattern of four is none yet.
        assert_eq!(unusual(&[booked("2026-11-20", 900_000, "")], &own[1..], &rule), None);
        assert_eq!(unusual(&[], &own, &rule), None);
    }

    #[test]
    fn a_day_is_busy_against_the_customers_own_days() {
        let rule = Rule::default();
        let own: Vec<Booked> = (1..=6).map(|n| booked(&format!("2026-11-0{n}"), 100, "")).collect();
        let on = |n: usize| vec![booked("2026-11-20", 100, ""); n];
        assert_eq!(busy(&on(9), &own, &rule), None);
        let day = day("2026-11-20");
        assert_eq!(busy(&on(10), &own, &rule), Some(Signal::Busy { on: day, count: 10, tenths: 10 }));
        // Two a day are usual: ten are not more than five times that.
        let twice = [own.as_slice(), &own].concat();
        assert_eq!(busy(&on(10), &twice, &rule), None);
        assert!(busy(&on(11), &twice, &rule).is_some());
    }

    #[test]
    fn the_worst_of_the_loans_that_worsened_is_named() {
        let loan = |no: &str, from, to| Reclassed { no: no.into(), product: "经营贷".into(), from, to, overdue: 0 };
        use Class::{Doubtful, Normal, Watch};
        assert_eq!(worsened(&[loan("1", Watch, Normal), loan("2", Watch, Watch)]), None);
        match worsened(&[loan("1", Normal, Watch), loan("2", Watch, Doubtful), loan("3", Watch, Normal)]) {
            Some(Signal::Worsened { no, to: Doubtful, more: 1, .. }) => assert_eq!(no, "2"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn many_lenders_are_told_of_a_borrower_and_again_when_there_are_more() {
        let rule = Rule::default();
        let said = |count, told, yuan| lenders(count, told, Fen::of_yuan(yuan), &rule).is_some();
        assert!(said(3, 0, 1) && said(4, 3, 1));
        assert!(!said(2, 0, 1) && !said(3, 3, 1) && !said(9, 0, 0));
        assert_eq!(lenders(9, 0, Fen(1), &Rule { lenders: 0, ..rule }), None);
    }

    #[test]
    fn a_customer_leaves_when_the_assets_go_and_once_more_when_the_account_falls_asleep() {
        let rule = Rule::default();
        let at = |on: &str, yuan: i64| Point { day: day(on), balance: Fen::of_yuan(yuan) };
        let empty = Fen::of_yuan(10);
        let step = |before, now, last: Option<&str>| leaves(now, before, last.map(day), empty, &rule);
        let table = [
            (at("2026-11-19", 400), at("2026-11-20", 5), None, Some(false)),
            (at("2026-11-19", 5), at("2026-11-20", 5), None, None),
            (at("2026-11-19", 400), at("2026-11-20", 400), Some("2026-05-20"), Some(true)),
            (at("2026-11-19", 400), at("2026-11-20", 400), Some("2026-05-21"), None),
            (at("2026-11-20", 400), at("2026-11-21", 400), Some("2026-05-20"), None),
            (at("2026-11-19", 1_000), at("2026-11-20", 1_000), Some("2026-05-20"), None),
        ];
        for (before, now, last, expected) in table {
            assert_eq!(step(before, now, last), expected, "{before:?} {now:?} {last:?}");
        }
        let history = balances(&[0, 0, 5, 4]);
        assert!(left(&history, None, false, &rule).is_some());
        assert_eq!(left(&balances(&[0, 4]), None, false, &rule), None);
    }

    #[test]
    fn signals_and_rules_read_back_as_written() {
        let said = Signal::Outflow { sum: Fen(1), days: 30, banks: vec![("农业银行".into(), Fen(1))] };
        let text = serde_json::to_string(&said).unwrap();
        assert!(text.contains(r#""what":"outflow""#) && said.kind() == "outflow");
        assert_eq!(serde_json::from_str::<Signal>(&text).unwrap(), said);
        assert!(Rule::default().holds());
        assert!(!Rule { outflow_days: 0, ..Rule::default() }.holds());
        assert!(!Rule { maturity_days: vec![400], ..Rule::default() }.holds());
    }
}
