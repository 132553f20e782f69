//! 转他行 by bank: the outflow lines of a period, ranked by the banks the money went to, then by keeper, then by customer. What makes a
//! line is the rule of `dealings::watch`; each transaction is in one line only, so sums add up.

use crate::domain::agenda::Who;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::rights::Reach;
use crate::domain::values::money::Fen;
use chrono::NaiveDate;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A line of the queue that says a customer moved money to other banks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whose.
    pub who: Who,
    /// The data date it was told on.
    pub day: NaiveDate,
    /// All that went.
    pub sum: Fen,
    /// To which banks, as far as the line names them.
    pub banks: Vec<(String, Fen)>,
    /// Somebody dealt with it.
    pub dealt: bool,
}

/// Where money went.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bank {
    /// A bank by its name.
    Named(String),
    /// What the lines do not name: a line names the three banks with most.
    Rest,
}

/// The outflow of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outflow {
    /// Over whose customers.
    pub reach: Reach,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The data date of the newest file of transactions.
    pub as_of: Option<NaiveDate>,
    /// The lines.
    pub lines: Vec<Line>,
}

/// What went, put together by something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Went<T> {
    /// By what.
    pub by: T,
    /// How much.
    pub sum: Fen,
    /// Of how many customers.
    pub customers: usize,
    /// Lines that nobody dealt with yet.
    pub open: usize,
}

/// What one customer moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Whose.
    pub who: Who,
    /// How much.
    pub sum: Fen,
    /// The newest line.
    pub day: NaiveDate,
    /// Lines that nobody dealt with yet.
    pub open: usize,
}

impl Line {
    /// What went to a bank; to all of them where none is chosen.
    fn to(&self, bank: Option<&Bank>) -> Fen {
        match bank {
            None => self.sum,
            Some(Bank::Named(name)) => self.banks.iter().filter(|(b, _)| b == name).map(|(_, sum)| *sum).sum(),
            Some(Bank::Rest) => self.sum - self.banks.iter().map(|(_, sum)| *sum).sum::<Fen>(),
        }
    }

    /// The banks it is about.
    fn places(&self) -> impl Iterator<Item = Bank> {
        let named = self.banks.iter().map(|(name, _)| Bank::Named(name.clone()));
        named.chain((self.to(Some(&Bank::Rest)) > Fen::ZERO).then_some(Bank::Rest))
    }
}

/// Sums lines up by something; a line may be about several.
fn put_together<'a, T: Ord + Clone>(lines: impl Iterator<Item = (&'a Line, T, Fen)>) -> Vec<Went<T>> {
    let mut all: BTreeMap<T, (Fen, Vec<CustomerId>, usize)> = BTreeMap::new();
    for (line, by, sum) in lines {
        let (went, customers, open) = all.entry(by).or_default();
        *went += sum;
        customers.push(line.who.id);
        *open += usize::from(!line.dealt);
    }
    let went = |(by, (sum, mut customers, open)): (T, (Fen, Vec<CustomerId>, usize))| {
        customers.sort_unstable();
        customers.dedup();
        Went { by, sum, customers: customers.len(), open }
    };
    let mut all: Vec<Went<T>> = all.into_iter().map(went).collect();
    all.sort_by_key(|w| Reverse(w.sum));
    all
}

impl Outflow {
    /// All of it.
    pub fn total(&self) -> Went<()> {
        put_together(self.lines.iter().map(|l| (l, (), l.sum))).pop().unwrap_or(Went {
            by: (),
            sum: Fen::ZERO,
            customers: 0,
            open: 0,
        })
    }

    /// By bank, most first; what is not named comes last.
    pub fn banks(&self) -> Vec<Went<Bank>> {
        let parts = self.lines.iter().flat_map(|l| l.places().map(move |b| (l, b.clone(), l.to(Some(&b)))));
        let mut banks = put_together(parts);
        banks.sort_by_key(|w| (w.by == Bank::Rest, Reverse(w.sum)));
        banks
    }

    fn about<'a>(&'a self, bank: Option<&'a Bank>) -> impl Iterator<Item = (&'a Line, Fen)> {
        self.lines.iter().map(move |l| (l, l.to(bank))).filter(|(_, sum)| *sum > Fen::ZERO)
    }

    /// By keeper, most first.
    pub fn keepers(&self, bank: Option<&Bank>) -> Vec<Went<Option<StaffId>>> {
        put_together(self.about(bank).map(|(l, sum)| (l, l.who.owner, sum)))
    }

    /// By customer, most first; of one keeper, where one is chosen.
    pub fn customers(&self, bank: Option<&Bank>, keeper: Option<Option<StaffId>>) -> Vec<Gone> {
        let mut all: BTreeMap<CustomerId, Gone> = BTreeMap::new();
        for (line, sum) in self.about(bank).filter(|(l, _)| keeper.is_none_or(|k| k == l.who.owner)) {
            let blank = || Gone { who: line.who.clone(), sum: Fen::ZERO, day: line.day, open: 0 };
            let gone = all.entry(line.who.id).or_insert_with(blank);
            gone.sum += sum;
            gone.day = gone.day.max(line.day);
            gone.open += usize::from(!line.dealt);
        }
        let mut all: Vec<Gone> = all.into_values().collect();
        all.sort_by_key(|g| Reverse(g.sum));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: i64, owner: Option<i64>, day: &str, sum: i64, banks: &[(&str, i64)], dealt: bool) -> Line {
        let who = Who {
            id: CustomerId(id),
            no: format!("600{id}"),
            name: format!("客户{id}"),
            tier: None,
            aum: None,
            owner: owner.map(StaffId),
        };
        let banks = banks.iter().map(|(b, yuan)| ((*b).to_owned(), Fen::of_yuan(*yuan))).collect();
        Line { who, day: day.parse().unwrap(), sum: Fen::of_yuan(sum), banks, dealt }
    }

    fn month() -> Outflow {
        let day = |d: &str| d.parse().unwrap();
        Outflow {
            reach: Reach::Branch,
            from: day("2026-10-23"),
            to: day("2026-11-21"),
            as_of: None,
            lines: vec![
                line(1, Some(7), "2026-11-20", 190_000, &[("工商银行", 100_000), ("建设银行", 90_000)], false),
                line(1, Some(7), "2026-10-30", 60_000, &[("工商银行", 60_000)], true),
                line(2, Some(8), "2026-11-20", 100_000, &[("农业银行", 40_000), ("工商银行", 30_000)], false),
                line(3, None, "2026-11-10", 50_000, &[("建设银行", 50_000)], true),
            ],
        }
    }

    #[test]
    fn banks_are_ranked_by_what_went_there_and_the_unnamed_come_last() {
        let m = month();
        let told: Vec<_> = m.banks().into_iter().map(|w| (w.by, w.sum.0 / 100, w.customers, w.open)).collect();
        let named = |b: &str| Bank::Named(b.to_owned());
        assert_eq!(
            told,
            [
                (named("工商银行"), 190_000, 2, 2),
                (named("建设银行"), 140_000, 2, 1),
                (named("农业银行"), 40_000, 1, 1),
                (Bank::Rest, 30_000, 1, 1),
            ]
        );
        // What the banks come to is all that went.
        assert_eq!(m.banks().iter().map(|w| w.sum).sum::<Fen>(), m.total().sum);
        assert_eq!((m.total().sum, m.total().customers), (Fen::of_yuan(400_000), 3));
    }

    #[test]
    fn a_bank_opens_into_keepers_and_a_keeper_into_customers() {
        let m = month();
        let icbc = Bank::Named("工商银行".into());
        let keepers: Vec<_> = m.keepers(Some(&icbc)).into_iter().map(|w| (w.by, w.sum.0 / 100, w.customers)).collect();
        assert_eq!(keepers, [(Some(StaffId(7)), 160_000, 1), (Some(StaffId(8)), 30_000, 1)]);
        let gone = m.customers(Some(&icbc), Some(Some(StaffId(7))));
        assert_eq!((gone.len(), gone[0].sum, gone[0].open), (1, Fen::of_yuan(160_000), 1));
        assert_eq!(gone[0].day.to_string(), "2026-11-20");
        let all: Vec<_> = m.customers(None, None).iter().map(|g| (g.who.id.0, g.sum.0 / 100)).collect();
        assert_eq!(all, [(1, 250_000), (2, 100_000), (3, 50_000)]);
        assert_eq!(m.customers(None, Some(None)).len(), 1);
        assert!(m.customers(Some(&Bank::Rest), Some(Some(StaffId(7)))).is_empty());
    }
}
