//! 合作历程: how long a customer is with the bank, what was lent, how it was repaid. Only what the files said: a record begins with the
//! first file that came.

use super::books::Listed;
use super::loan::{Class, Loan, Record};
use crate::domain::values::money::Fen;
use chrono::{Datelike, NaiveDate};

/// 合作历程
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct History {
    /// Whole years with the bank: since the account was opened or the first loan was lent, whichever came first.
    pub years: Option<u32>,
    /// 首贷
    pub first_loan: Option<NaiveDate>,
    /// How many loans there were.
    pub loans: u32,
    /// 累计发放
    pub lent: Fen,
    /// Loans overdue now.
    pub late_now: u32,
    /// Loans that were ever seen overdue.
    pub late_ever: u32,
    /// The worst class ever seen; none without loans.
    pub worst: Option<Class>,
}

/// A loan, as far as the history counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lent {
    /// 发放日
    pub on: Option<NaiveDate>,
    /// 发放额
    pub lent: Fen,
    /// 余额
    pub balance: Fen,
    /// The newest list has it.
    pub stands: bool,
    /// 逾期天数 as it was seen last.
    pub overdue: u32,
    /// What was seen of it.
    pub record: Record,
}

/// The history of who opened an account on `opened` and had these loans.
pub fn of(opened: Option<NaiveDate>, loans: &[(Listed<Loan>, Record)], today: NaiveDate) -> History {
    let lent = |(l, record): &(Listed<Loan>, Record)| Lent {
        on: l.fact.lent_on,
        lent: l.fact.lent,
        balance: l.fact.balance,
        stands: l.stands(),
        overdue: l.fact.overdue,
        record: *record,
    };
    of_lent(opened, &loans.iter().map(lent).collect::<Vec<_>>(), today)
}

/// The same of loans as far as it counts them.
pub fn of_lent(opened: Option<NaiveDate>, loans: &[Lent], today: NaiveDate) -> History {
    let first_loan = loans.iter().filter_map(|l| l.on).min();
    let since = [opened, first_loan].into_iter().flatten().min();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    History {
        years: since.filter(|s| *s <= today).map(|s| years(s, today)),
        first_loan,
        loans: count(loans.len()),
        lent: loans.iter().map(|l| l.lent).sum(),
        late_now: count(loans.iter().filter(|l| l.stands && l.overdue > 0).count()),
        late_ever: count(loans.iter().filter(|l| l.record.late > 0).count()),
        worst: loans.iter().map(|l| l.record.worst).max(),
    }
}

fn years(since: NaiveDate, today: NaiveDate) -> u32 {
    let before = (today.month(), today.day()) < (since.month(), since.day());
    u32::try_from(today.year() - since.year() - i32::from(before)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn loan(lent_on: &str, lent: i64, overdue: u32) -> Listed<Loan> {
        let fact = Loan {
            no: "JJ1".into(),
            product: "农户小额贷".into(),
            lent: Fen::of_yuan(lent),
            balance: Fen::of_yuan(lent / 2),
            lent_on: Some(day(lent_on)),
            ends: None,
            next_due: None,
            instalment: None,
            overdue,
            class: Class::Normal,
            purpose: String::new(),
            method: String::new(),
            repays: String::new(),
        };
        Listed { fact, gone: None }
    }

    #[test]
    fn a_history_counts_from_what_came_first_and_forgets_no_bad_day() {
        let good = Record { worst: Class::Normal, late: 0 };
        let bad = Record { worst: Class::Watch, late: 35 };
        let loans = [(loan("2021-03-02", 30_000, 0), bad), (loan("2024-06-01", 50_000, 3), good)];
        let h = of(Some(day("2022-11-22")), &loans, day("2026-11-21"));
        assert_eq!((h.years, h.first_loan), (Some(5), Some(day("2021-03-02"))));
        assert_eq!((h.loans, h.lent), (2, Fen::of_yuan(80_000)));
        assert_eq!((h.late_now, h.late_ever, h.worst), (1, 1, Some(Class::Watch)));
        // The day before the anniversary the year is not yet full.
        assert_eq!(of(Some(day("2022-11-22")), &[], day("2026-11-21")).years, Some(3));
        assert_eq!(of(Some(day("2022-11-21")), &[], day("2026-11-21")).years, Some(4));
        assert_eq!(of(None, &[], day("2026-11-21")).worst, None);
    }
}
