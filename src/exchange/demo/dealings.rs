//! What the customers of the demo have and do with the bank: holdings that sum up to their figures, loans, services, ratings, transactions.
//! Some move money, some run late, so that there is something to see to. Nobody of them exists.

use super::customers::{Life, TASK_ABOUT};
use super::rng::Rng;
use crate::domain::customer::Sort;
use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::loan::{Class, Loan};
use crate::domain::dealings::rating::Rating;
use crate::domain::dealings::service::Service;
use crate::domain::dealings::txn::Txn;
use crate::domain::tier::Tier;
use crate::domain::values::money::Fen;
use chrono::{Datelike, Days, Months, NaiveDate};

/// Days between the two lists.
pub const BEFORE: u64 = 31;
/// Days back of the data date between the months' ones.
const WEEK: u64 = 7;
/// Months of transactions.
const MONTHS: u32 = 4;

/// Products: code, days of the term, rate in hundredths of a per cent.
const FIXED: [(&str, u64, u32); 2] = [("DEP1Y", 365, 135), ("DEP3Y", 1_095, 175)];
const WEALTH: [(&str, u64, u32); 2] = [("WM180", 180, 233), ("WM365", 365, 254)];
const INSURANCE: (&str, u64) = ("INS05", 1_826);
const BOND: (&str, u64, u32) = ("BOND3", 1_095, 163);
const FUND: &str = "FUND01";

const BANKS: [&str; 6] = ["建设银行", "农业银行", "工商银行", "邮储银行", "贵州银行", "微众银行"];

/// Writes the dealings of all, and moves the earlier figures of those whose money moved.
pub fn write(seed: u64, day: NaiveDate, lives: &mut [Life]) {
    let mut rng = Rng::new(seed, "dealings");
    let mut contract = 4_070_000;
    let mut upper = 0_u32;
    for life in lives.iter_mut() {
        if life.is_upper() {
            upper += 1;
            week(life, day);
            let turn = match upper % 23 {
                4 => Some(140),
                15 => Some(165),
                9 => Some(70),
                _ => None,
            };
            if let Some(percent) = turn {
                moved(&mut rng, life, day, percent);
            }
        }
        holdings(&mut rng, life, day, &mut contract);
        loans(&mut rng, life, day, &mut contract);
        services(&mut rng, life, day);
        if life.is_upper() {
            txns(&mut rng, life, day, upper);
        }
        life.dealt.txns.sort_by_key(|t| t.day);
        for (n, t) in (1..).zip(life.dealt.txns.iter_mut()) {
            t.serial = format!("{n:04}");
        }
    }
}

fn ago(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn ahead(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn days(rng: &mut Rng, from: i64, to: i64) -> u64 {
    u64::try_from(rng.of(from..to)).unwrap_or_default()
}

/// Figures of a week ago: as those of today.
fn week(life: &mut Life, day: NaiveDate) {
    let as_of = ago(day, 1 + WEEK);
    if let Some(last) = life.figures.last().copied().filter(|_| life.customer.opened.is_some_and(|o| o <= as_of)) {
        life.figures.insert(life.figures.len() - 1, crate::domain::tier::Figures { as_of, ..last });
    }
}

/// Money moved in the last days: the current account held so much more (or less) before, in per cent of all.
fn moved(rng: &mut Rng, life: &mut Life, day: NaiveDate, percent: i64) {
    let Some((last, before)) = life.figures.split_last_mut() else { return };
    let mut by = last.balance.0 * (percent - 100) / 100 / 1_000_000 * 1_000_000;
    for f in before.iter_mut() {
        // Nobody had less than nothing on the current account.
        by = by.max(-f.demand.0 / 1_000_000 * 1_000_000);
        f.demand.0 += by;
        f.balance.0 += by;
        f.average = f.average.map(|a| Fen(a.0 + by / 20));
    }
    if by != 0 && !before.is_empty() {
        let note = if by > 0 { "转出" } else { "转入" };
        let t = txn(ago(day, days(rng, 1, 5)), -by, "网银转账", rng.word(&BANKS), note);
        life.dealt.txns.push(t);
    }
}

fn txn(day: NaiveDate, fen: i64, channel: &str, bank: &str, note: &str) -> Txn {
    let text = str::to_owned;
    Txn { day, serial: String::new(), amount: Fen(fen), channel: text(channel), bank: text(bank), note: text(note) }
}

/// A sum in so many contracts of whole hundreds of yuan.
fn parted(rng: &mut Rng, sum: Fen, most: i64) -> Vec<Fen> {
    let n = if sum.0 < 5_000_000 { 1 } else { rng.of(1..most + 1) };
    let each = sum.0 / n / 10_000 * 10_000;
    let mut all = vec![Fen(each); usize::try_from(n - 1).unwrap_or(0)];
    all.push(Fen(sum.0 - each * (n - 1)));
    all.retain(|f| f.0 > 0);
    all
}

fn holdings(rng: &mut Rng, life: &mut Life, day: NaiveDate, contract: &mut i64) {
    let (Some(f), Some(opened)) = (life.figures.last().copied(), life.customer.opened) else { return };
    let most = if life.is_upper() { 3 } else { 1 };
    let mut all = Vec::new();
    for amount in parted(rng, f.fixed, most) {
        let (code, term, rate) = rng.pick(&FIXED).copied().unwrap_or(("DEP1Y", 365, 135));
        all.push(held(rng, (code, Some(term), Some(rate)), amount, (opened, day), contract));
    }
    for amount in parted(rng, f.wealth, most - most / 3) {
        let (code, term, rate) = rng.pick(&WEALTH).copied().unwrap_or(("WM180", 180, 233));
        all.push(held(rng, (code, Some(term), Some(rate)), amount, (opened, day), contract));
    }
    let rest = [
        ((FUND, None, None), f.fund),
        ((INSURANCE.0, Some(INSURANCE.1), None), f.insurance),
        ((BOND.0, Some(BOND.1), Some(BOND.2)), f.bond),
    ];
    for (product, amount) in rest {
        if amount.0 > 0 {
            all.push(held(rng, product, amount, (opened, day), contract));
        }
    }
    let before = ago(day, BEFORE + 1);
    life.dealt.held_before = all.iter().filter(|h| h.begins.is_none_or(|b| b <= before)).cloned().collect();
    if life.is_upper() && rng.chance(9) && opened < ago(day, 420) {
        // One that matured since and lies on the current account now.
        let ends = ago(day, days(rng, 3, 28));
        let amount = Fen(rng.of(2..20) * 1_000_000);
        let mut old = held(rng, ("DEP1Y", Some(365), Some(145)), amount, (opened, day), contract);
        (old.ends, old.begins) = (Some(ends), Some(ago(ends, 365)));
        life.dealt.held_before.push(old);
    }
    life.dealt.holdings = all;
}

fn held(
    rng: &mut Rng,
    (product, term, rate): (&str, Option<u64>, Option<u32>),
    amount: Fen,
    (opened, day): (NaiveDate, NaiveDate),
    contract: &mut i64,
) -> Holding {
    *contract += rng.of(1..90);
    let span = i64::try_from(term.unwrap_or(900)).unwrap_or(900);
    // A quarter ends within a month: that is what keepers call about.
    let left = if rng.chance(25) { days(rng, 0, 31) } else { days(rng, 31, span.max(32)) };
    let ends = ahead(day, left);
    let begins = ago(ends, term.unwrap_or(900)).max(opened).min(ago(day, 1));
    Holding {
        product: product.to_owned(),
        contract: format!("HT{contract}"),
        amount,
        begins: Some(begins),
        ends: term.map(|t| ahead(begins, t)),
        rate,
        state: "正常".to_owned(),
    }
}

/// Loans: product, purpose, method, months.
const LOANS: [(&str, &str, &str, u32); 6] = [
    ("农户小额贷", "购置农资", "等额本息", 24),
    ("个人经营贷", "经营周转", "按月付息到期还本", 36),
    ("个人消费贷", "装修", "等额本息", 36),
    ("个人经营贷", "茶叶收购", "等额本金", 24),
    ("住房贷款", "购房", "等额本息", 120),
    ("个人消费贷", "购车", "等额本金", 36),
];

fn loans(rng: &mut Rng, life: &mut Life, day: NaiveDate, number: &mut i64) {
    let business = life.customer.sort == Sort::Business;
    let share = match life.tier {
        _ if life.customer.name == TASK_ABOUT => 100,
        _ if business => 75,
        Some(Tier::Big | Tier::Vip) => 20,
        Some(Tier::Potential) => 18,
        Some(Tier::Ordinary) => 8,
        Some(Tier::Small) => 2,
        _ => 0,
    };
    // Up to so many 万.
    let most = match life.tier {
        _ if business => 60,
        Some(Tier::Untiered | Tier::Small) | None => 8,
        Some(Tier::Ordinary) => 16,
        _ => 40,
    };
    let Some(opened) = life.customer.opened.filter(|_| share > 0 && rng.chance(share)) else { return };
    if rng.chance(25) && opened < ago(day, 1_400) {
        // An earlier one, paid off: in the list of a month ago for the last time.
        let lent_on = ago(day, days(rng, 800, 1_300));
        let old = loan(rng, (lent_on, day, most), number, 0);
        life.dealt.lent_before.push(Loan {
            balance: Fen(0),
            next_due: None,
            instalment: None,
            overdue: 0,
            class: Class::Normal,
            ends: Some(ago(day, days(rng, 32, 90))),
            ..old
        });
    }
    let lent_on = ago(day, days(rng, 40, 620)).max(opened);
    let overdue = match rng.of(0..100) {
        0..=2 => rng.of(3..25),
        3..=4 => rng.of(33..80),
        5 => rng.of(91..120),
        _ => 0,
    };
    let now = loan(rng, (lent_on, day, most), number, overdue);
    if let (Some(due), Some(instalment)) = (now.next_due, now.instalment)
        && lent_on < ago(day, BEFORE + 1)
    {
        let stuck = overdue > i64::try_from(BEFORE).unwrap_or(31);
        let paid = if stuck || now.method.starts_with("按月") { Fen(0) } else { instalment };
        life.dealt.lent_before.push(Loan {
            balance: Fen((now.balance.0 + paid.0).min(now.lent.0)),
            next_due: Some(if stuck { due } else { due.checked_sub_months(Months::new(1)).unwrap_or(due) }),
            overdue: u32::try_from(overdue - 31).unwrap_or(0),
            class: if overdue > 90 { Class::Watch } else { Class::Normal },
            ..now.clone()
        });
    }
    let credit = Some(Fen(now.lent.0 + rng.of(0..5) * 1_000_000));
    let grade = if overdue > 30 { "B" } else { rng.word(&["AA", "A", "A", "BBB"]) };
    life.dealt.ratings.push(Rating { day: lent_on, grade: grade.to_owned(), credit });
    life.dealt.loans.push(now);
}

fn loan(rng: &mut Rng, (lent_on, day, most): (NaiveDate, NaiveDate, i64), number: &mut i64, overdue: i64) -> Loan {
    *number += rng.of(1..9);
    let (product, purpose, method, months) =
        rng.pick(&LOANS).copied().unwrap_or(("个人经营贷", "经营周转", "等额本息", 36));
    let lent = Fen(rng.of(3..most) * 1_000_000);
    let interest = method.starts_with("按月");
    let past = i64::from((day - lent_on).num_days() > 0) * ((day - lent_on).num_days() / 31);
    let part = lent.0 / i64::from(months) / 100 * 100;
    let instalment = match method {
        "按月付息到期还本" => lent.0 * 38 / 10_000,
        "等额本息" => part + lent.0 * 19 / 10_000,
        _ => part + lent.0 * 30 / 10_000,
    };
    let paid = if interest { 0 } else { (part * past).min(lent.0 * 9 / 10) };
    let next =
        if overdue > 0 { ago(day, u64::try_from(overdue).unwrap_or(0) + 1) } else { ahead(day, days(rng, 0, 29)) };
    let class = match overdue {
        ..=30 => Class::Normal,
        31..=90 => Class::Watch,
        _ => Class::Substandard,
    };
    let ends = lent_on.checked_add_months(Months::new(months)).unwrap_or(lent_on);
    Loan {
        no: format!("JJ{number}"),
        product: product.to_owned(),
        lent,
        balance: Fen(lent.0 - paid),
        lent_on: Some(lent_on),
        ends: Some(ends.max(ahead(next, 31))),
        next_due: Some(next),
        instalment: Some(Fen(instalment)),
        overdue: u32::try_from(overdue).unwrap_or(0),
        class,
        purpose: purpose.to_owned(),
        method: method.to_owned(),
        repays: String::new(),
    }
}

fn services(rng: &mut Rng, life: &mut Life, day: NaiveDate) {
    let Some(opened) = life.customer.opened else { return };
    let share = match life.tier {
        Some(Tier::Big | Tier::Vip | Tier::Potential) => 48,
        Some(Tier::Ordinary) => 16,
        Some(Tier::Small) => 4,
        _ => 0,
    };
    for name in ["手机银行", "短信通知", "社保代缴", "借记卡"] {
        if rng.chance(share) {
            let on = ago(day, days(rng, 10, 1_500)).max(opened);
            life.dealt.services.push(Service { name: name.to_owned(), state: "已签约".to_owned(), day: Some(on) });
        }
    }
    if life.tier >= Some(Tier::Vip) && rng.chance(60) {
        life.dealt
            .services
            .push(Service { name: "金卡".to_owned(), state: "已签约".to_owned(), day: Some(opened) });
    }
}

/// A month's money in and out, by the size of what lies on the accounts; now and then a burst.
fn txns(rng: &mut Rng, life: &mut Life, day: NaiveDate, turn: u32) {
    let Some(balance) = life.figures.last().map(|f| f.balance.0) else { return };
    let met = life.customer.name == TASK_ABOUT;
    let business = life.customer.sort == Sort::Business;
    let elder = day.year() - life.born() >= 60;
    let last = ago(day, 1);
    let (in_note, in_channel) = match (business, elder) {
        (true, _) => ("货款", "转账"),
        (false, true) => ("养老金", "代发"),
        (false, false) => ("工资", "代发"),
    };
    let pay = if business { (balance / 12).min(60_000_000) } else { rng.of(30..140) * 10_000 };
    for back in 0..MONTHS {
        let Some(first) = last.with_day(1).and_then(|d| d.checked_sub_months(Months::new(back))) else { continue };
        let put = |life: &mut Life, on: u64, t: Txn| {
            let day = ahead(first, on);
            if day <= last && life.customer.opened.is_some_and(|o| o <= day) {
                life.dealt.txns.push(Txn { day, ..t });
            }
        };
        let wage = pay + rng.of(-5..6) * pay / 100 / 100 * 100;
        put(life, 9, txn(first, wage, in_channel, "", in_note));
        if rng.chance(55) {
            let out = rng.of(5..90) * 10_000 + i64::from(business) * pay / 2;
            let (bank, note) = if business { (rng.word(&BANKS), "进货款") } else { (rng.word(&BANKS), "转账") };
            let on = days(rng, 2, 26);
            put(life, on, txn(first, -out, "手机银行", bank, note));
        }
        let many = if met { 28 } else { rng.of(0..2) };
        for _ in 0..many {
            let (channel, note) = rng
                .pick(&[("快捷支付", "超市购物"), ("代扣", "水电费"), ("柜面", "取现"), ("快捷支付", "加油")])
                .copied()
                .unwrap_or(("柜面", "取现"));
            let on = days(rng, 0, 27);
            put(life, on, txn(first, -rng.of(20..2_000) * 100, channel, "", note));
        }
    }
    if turn % 29 == 7 {
        // Many lenders' money, and out again the same week.
        for n in 0..6 {
            let on = ago(last, days(rng, 0, 5));
            let sum = rng.of(10..60) * 100_000;
            let (sum, note) = if n % 2 == 0 { (sum, "放款") } else { (-sum, "还款") };
            let bank = rng.word(&["微众银行", "网商银行", "消费金融公司", "小额贷款公司"]);
            life.dealt.txns.push(txn(on, sum, "转账", bank, note));
        }
    }
}
