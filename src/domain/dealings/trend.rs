//! How assets changed over 30, 90 and 365 days: beside the data date nearest on or before that day, which is told, since no figure is
//! made up for a day that has none.

use crate::domain::tier::{Basis, Figures};
use crate::domain::values::money::Fen;
use chrono::{Days, NaiveDate};

/// The days looked back.
pub const BACK: [u64; 3] = [30, 90, 365];

/// A change of assets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Days looked back.
    pub days: u64,
    /// The data date compared with.
    pub on: NaiveDate,
    /// By how much the assets changed since.
    pub by: Fen,
}

/// The change over so many days before the newest of these figures (oldest first); none where no file is that old.
pub fn change(figures: &[Figures], basis: Basis, days: u64) -> Option<Change> {
    let last = figures.last()?;
    let day = last.as_of.checked_sub_days(Days::new(days))?;
    let then = figures.iter().rev().find(|f| f.as_of <= day)?;
    Some(Change { days, on: then.as_of, by: Fen(last.aum(basis).0 - then.aum(basis).0) })
}

/// 活期 to 国债 with their shares of the balance in hundredths, those that are there; the largest remainder gets what rounding leaves.
pub fn shares(f: &Figures) -> Vec<(usize, Fen, u32)> {
    let parts = [f.demand, f.fixed, f.wealth, f.fund, f.insurance, f.bond];
    let whole: i64 = parts.iter().map(|p| p.0.max(0)).sum();
    if whole <= 0 {
        return Vec::new();
    }
    let hundredth = |p: Fen| i128::from(p.0.max(0)) * 100;
    let mut all: Vec<(usize, Fen, u32)> = parts
        .iter()
        .enumerate()
        .map(|(n, p)| (n, *p, u32::try_from(hundredth(*p) / i128::from(whole)).unwrap_or_default()))
        .collect();
    let mut left = 100 - all.iter().map(|(.., s)| *s).sum::<u32>();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|n| parts.get(*n).map(|p| std::cmp::Reverse(hundredth(*p) % i128::from(whole))));
    for n in order {
        if left == 0 {
            break;
        }
        if let Some((.., share)) = all.get_mut(n).filter(|(_, p, _)| p.0 > 0) {
            *share += 1;
            left -= 1;
        }
    }
    all.retain(|(_, p, _)| p.0 > 0);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(as_of: &str, yuan: i64) -> Figures {
        let none = Fen(0);
        Figures {
            as_of: as_of.parse().unwrap(),
            demand: Fen::of_yuan(yuan),
            fixed: none,
            wealth: none,
            fund: none,
            insurance: none,
            bond: none,
            balance: Fen::of_yuan(yuan),
            average: Some(Fen::of_yuan(yuan)),
        }
    }

    #[test]
    fn a_change_is_told_from_the_data_date_on_or_before_and_from_none_made_up() {
        let all = [
            figures("2026-08-01", 100),
            figures("2026-10-21", 300),
            figures("2026-10-22", 400),
            figures("2026-11-20", 250),
        ];
        let of = |days| change(&all, Basis::MonthlyAverage, days).map(|c| (c.on.to_string(), c.by.0 / 100));
        assert_eq!(of(30), Some(("2026-10-21".into(), -50)));
        assert_eq!(of(29), Some(("2026-10-22".into(), -150)));
        assert_eq!(of(90), Some(("2026-08-01".into(), 150)));
        assert_eq!(of(365), None);
        assert_eq!(change(&[], Basis::MonthlyAverage, 30), None);
    }

    #[test]
    fn shares_sum_to_a_hundred() {
        let mut f = figures("2026-11-20", 1);
        (f.fixed, f.wealth) = (Fen::of_yuan(1), Fen::of_yuan(1));
        let all = shares(&f);
        assert_eq!(all.iter().map(|(.., s)| s).sum::<u32>(), 100);
        assert_eq!(all.len(), 3);
        assert!(shares(&figures("2026-11-20", 0)).is_empty());
    }
}
