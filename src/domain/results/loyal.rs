//! 合作年限与复贷: how long borrowers are with the bank, and how many of them borrow again. A borrower is whoever had a loan; one borrows
//! again whose loans were lent on more than one day.

use super::tenths;
use crate::domain::agenda::Who;
use crate::domain::dealings::history::{self, History, Lent};
use crate::domain::entitlement::{Entitlement, foremost};
use crate::domain::ids::StaffId;
use crate::domain::rights::Reach;
use crate::domain::values::money::Fen;
use chrono::{Months, NaiveDate};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// 合作满三年: from so many whole years on a customer is on the list, unless others are asked for.
pub const YEARS: u32 = 3;
/// Months over which the growth of the rate is told.
const BACK: u32 = 12;

/// A customer who had loans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Borrower {
    /// Whom.
    pub who: Who,
    /// 开户日
    pub opened: Option<NaiveDate>,
    /// The loans, each once.
    pub loans: Vec<Lent>,
    /// 优惠与额度
    pub entitled: Vec<Entitlement>,
}

/// How many borrow again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// Customers who had a loan.
    pub borrowers: u32,
    /// Of them, those who borrowed on more than one day.
    pub again: u32,
    /// Borrowers a year before.
    pub borrowers_before: u32,
    /// Of them, those who had borrowed again by then.
    pub again_before: u32,
    /// Loans lent within the year.
    pub lent: u32,
    /// Of them, those lent to who had borrowed before.
    pub lent_again: u32,
    /// Borrowers by whole years with the bank: for each number of years from one to [`Rate::MOST`], those with as many or more.
    pub years: [u32; Rate::MOST],
}

impl Rate {
    /// The most years told apart.
    pub const MOST: usize = 10;

    /// 复贷率 in tenths of a per cent.
    pub fn now(&self) -> Option<u32> {
        tenths(self.again.into(), self.borrowers.into())
    }

    /// 复贷率 a year before.
    pub fn before(&self) -> Option<u32> {
        tenths(self.again_before.into(), self.borrowers_before.into())
    }

    /// Borrowers with so many years and more.
    pub fn with(&self, years: u32) -> u32 {
        let at = usize::try_from(years).ok().and_then(|y| y.checked_sub(1));
        at.map_or(self.borrowers, |at| self.years.get(at).copied().unwrap_or_default())
    }

    fn add(&mut self, years: u32, loans: &[Lent], today: NaiveDate) {
        let before = today.checked_sub_months(Months::new(BACK)).unwrap_or(today);
        let mut days: Vec<NaiveDate> = loans.iter().filter_map(|l| l.on).filter(|d| *d <= today).collect();
        days.sort_unstable();
        let first = days.first().copied();
        let again = |until: NaiveDate| days.iter().any(|d| Some(*d) != first && *d <= until);
        self.borrowers += 1;
        self.again += u32::from(again(today));
        self.borrowers_before += u32::from(first.is_some_and(|d| d <= before));
        self.again_before += u32::from(again(before));
        for day in days.iter().filter(|d| **d > before) {
            self.lent += 1;
            self.lent_again += u32::from(Some(*day) != first);
        }
        for (n, with) in (1..).zip(&mut self.years) {
            *with += u32::from(years >= n);
        }
    }
}

/// A customer of some years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Long {
    /// Whom.
    pub who: Who,
    /// 合作历程
    pub history: History,
    /// What is lent now.
    pub balance: Fen,
    /// What they have already, or is proposed.
    pub entitled: Option<Entitlement>,
}

impl Long {
    /// Whole years with the bank.
    pub fn years(&self) -> u32 {
        self.history.years.unwrap_or_default()
    }
}

/// Borrowers of a branch, put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loyal {
    /// Over whose customers.
    pub reach: Reach,
    /// The data date of the newest file of loans.
    pub as_of: Option<NaiveDate>,
    /// The data date of the first one: what was paid off before it is not known.
    pub since: Option<NaiveDate>,
    /// All of them.
    pub all: Rate,
    /// By keeper, those with most borrowers first.
    pub keepers: Vec<(Option<StaffId>, Rate)>,
    /// Borrowers with a year and more, those with most years first, then by what was lent.
    pub list: Vec<Long>,
}

/// Puts borrowers together, one after the other.
#[derive(Debug)]
pub struct Count {
    today: NaiveDate,
    all: Rate,
    keepers: BTreeMap<Option<StaffId>, Rate>,
    list: Vec<Long>,
}

impl Count {
    /// Nobody yet.
    pub fn on(today: NaiveDate) -> Count {
        Count { today, all: Rate::default(), keepers: BTreeMap::new(), list: Vec::new() }
    }

    /// One more.
    pub fn add(&mut self, b: Borrower) {
        let history = history::of_lent(b.opened, &b.loans, self.today);
        let years = history.years.unwrap_or_default();
        self.all.add(years, &b.loans, self.today);
        self.keepers.entry(b.who.owner).or_default().add(years, &b.loans, self.today);
        if years > 0 {
            let balance = b.loans.iter().filter(|l| l.stands).map(|l| l.balance).sum();
            let entitled = foremost(&b.entitled, self.today).cloned();
            self.list.push(Long { who: b.who, history, balance, entitled });
        }
    }

    /// What it comes to.
    pub fn done(self, reach: Reach, since: Option<NaiveDate>, as_of: Option<NaiveDate>) -> Loyal {
        let mut keepers: Vec<_> = self.keepers.into_iter().collect();
        keepers.sort_by_key(|(_, rate)| Reverse(rate.borrowers));
        let mut list = self.list;
        list.sort_by(|a, b| {
            let order = |x: &Long| (Reverse(x.years()), Reverse(x.history.lent));
            order(a).cmp(&order(b)).then_with(|| a.who.no.cmp(&b.who.no))
        });
        Loyal { reach, as_of, since, all: self.all, keepers, list }
    }
}

impl Loyal {
    /// Those with so many years and more; of one keeper, where one is chosen.
    pub fn with(&self, years: u32, keeper: Option<Option<StaffId>>) -> impl Iterator<Item = &Long> {
        // The list is by years, so whoever comes after the first with fewer has fewer too.
        let long = self.list.iter().take_while(move |l| l.years() >= years);
        long.filter(move |l| keeper.is_none_or(|k| k == l.who.owner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dealings::loan::{Class, Record};
    use crate::domain::ids::CustomerId;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn borrower(id: i64, owner: i64, opened: Option<&str>, lent_on: &[&str]) -> Borrower {
        let who = Who {
            id: CustomerId(id),
            no: format!("600{id}"),
            name: format!("客户{id}"),
            tier: None,
            aum: None,
            owner: Some(StaffId(owner)),
        };
        let loans = lent_on.iter().map(|on| Lent {
            on: on.parse().ok(),
            lent: Fen::of_yuan(10_000),
            balance: Fen::of_yuan(4_000),
            stands: true,
            overdue: 0,
            record: Record { worst: Class::Normal, late: 0 },
        });
        Borrower { who, opened: opened.map(day), loans: loans.collect(), entitled: Vec::new() }
    }

    fn branch() -> Loyal {
        let mut count = Count::on(day("2026-11-21"));
        for b in [
            // Borrowed again within the year.
            borrower(1, 7, Some("2019-01-01"), &["2024-05-01", "2026-03-01"]),
            // Two notes of one day are one borrowing.
            borrower(2, 7, None, &["2023-11-21", "2023-11-21"]),
            // Had borrowed again a year before already; the year to a day counts as before.
            borrower(3, 8, Some("2025-06-01"), &["2022-01-01", "2025-11-21"]),
            // The first loan, this year.
            borrower(4, 8, Some("2026-01-05"), &["2026-02-01"]),
            // A loan whose day no file says.
            borrower(5, 8, Some("2010-01-01"), &[""]),
        ] {
            count.add(b);
        }
        count.done(Reach::Branch, None, None)
    }

    #[test]
    fn who_borrows_again_is_counted_now_and_a_year_before() {
        let l = branch();
        assert_eq!((l.all.borrowers, l.all.again, l.all.now()), (5, 2, Some(400)));
        assert_eq!((l.all.borrowers_before, l.all.again_before, l.all.before()), (3, 1, Some(333)));
        assert_eq!((l.all.lent, l.all.lent_again), (2, 1));
        let keepers: Vec<_> = l.keepers.iter().map(|(k, r)| (k.unwrap().0, r.borrowers, r.again)).collect();
        assert_eq!(keepers, [(8, 3, 1), (7, 2, 1)]);
    }

    #[test]
    fn years_count_from_the_account_or_the_first_loan_to_the_day() {
        let l = branch();
        let three: Vec<_> = l.with(YEARS, None).map(|x| (x.who.id.0, x.years())).collect();
        assert_eq!(three, [(5, 16), (1, 7), (3, 4), (2, 3)]);
        assert_eq!((l.all.with(YEARS), l.all.with(5), l.all.with(10)), (4, 2, 1));
        assert_eq!(l.with(YEARS, Some(Some(StaffId(7)))).count(), 2);
        assert_eq!(l.with(1, None).count(), 4);
    }
}
