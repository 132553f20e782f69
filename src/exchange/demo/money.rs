//! What the customers of the demo hold, a year of data dates. Nobody holds it in truth.

use super::rng::Rng;
use crate::domain::tier::{Figures, Tier};
use crate::domain::values::money::Fen;
use chrono::{Datelike, Days, Months, NaiveDate};

/// Tiers of the demo with how many customers are in each, 1,610 in all; `None` has no figures.
pub const SHARES: [(Option<Tier>, usize); 7] = [
    (Some(Tier::Big), 26),
    (Some(Tier::Vip), 84),
    (Some(Tier::Potential), 150),
    (Some(Tier::Ordinary), 320),
    (Some(Tier::Small), 750),
    (Some(Tier::Untiered), 150),
    (None, 120),
];

/// Bounds of a tier in yuan, with the top as far as the demo goes.
const fn bounds(tier: Tier) -> (i64, i64) {
    match tier {
        Tier::Untiered => (0, 1_000),
        Tier::Small => (1_000, 50_000),
        Tier::Ordinary => (50_000, 200_000),
        Tier::Potential => (200_000, 500_000),
        Tier::Vip => (500_000, 3_000_000),
        Tier::Big => (3_000_000, 14_000_000),
    }
}

/// Shares of demand, fixed, wealth, fund, insurance and bond, per cent, by how people like to hold it.
const HABITS: [[i64; 6]; 6] = [
    [100, 0, 0, 0, 0, 0],
    [12, 88, 0, 0, 0, 0],
    [20, 55, 20, 0, 5, 0],
    [10, 35, 40, 10, 5, 0],
    [8, 60, 0, 0, 2, 30],
    [25, 25, 25, 15, 5, 5],
];

/// Fen of a yuan range; nearer its bottom, as in life.
fn amount(rng: &mut Rng, from: i64, to: i64) -> i64 {
    let span = (to - from) * 100;
    let (a, b) = (rng.of(0..span.max(1)), rng.of(0..span.max(1)));
    from * 100 + a.min(b)
}

/// The figures of a customer of this tier, oldest first: a year of months from potential up, fewer below.
pub fn figures(rng: &mut Rng, tier: Tier, opened: NaiveDate, day: NaiveDate) -> Vec<Figures> {
    let last = day.checked_sub_days(Days::new(1)).unwrap_or(day);
    let (from, mut to) = bounds(tier);
    if tier == Tier::Untiered && rng.chance(30) {
        // An account that has run dry.
        to = 9;
    }
    let mut average = amount(rng, from, to);
    if tier < Tier::Big && rng.chance(6) {
        // Near the line up, a customer worth lifting.
        average = to * 100 - rng.of(1..(to * 100 / 12).max(2));
    }
    let balance = (average + average * rng.of(-9..10) / 100).max(0);
    let habits = match tier {
        Tier::Untiered | Tier::Small => HABITS.get(..2),
        Tier::Ordinary => HABITS.get(1..4),
        Tier::Potential | Tier::Vip | Tier::Big => HABITS.get(1..),
    };
    let habit = rng.pick(habits.unwrap_or_default()).copied().unwrap_or_default();
    let months = match tier {
        Tier::Potential | Tier::Vip | Tier::Big => 13,
        Tier::Ordinary => 4,
        Tier::Small => 1 + u32::try_from(rng.of(0..2)).unwrap_or(0),
        Tier::Untiered => 1,
    };
    // The year before is walked backwards from today's sum, so that the tier of today stays what it was drawn as.
    let drift = rng.of(-3..5);
    let mut past = (balance, average);
    let mut all = vec![];
    for back in 0..months {
        let as_of = last.checked_sub_months(Months::new(back)).unwrap_or(last);
        if as_of < opened {
            break;
        }
        all.push(split(as_of, past, habit));
        let step = |sum: i64, by: i64| (sum - sum * by / 100).max(0);
        past = (step(past.0, drift + rng.of(-6..7)), step(past.1, drift + rng.of(-3..4)));
    }
    all.reverse();
    all
}

fn split(as_of: NaiveDate, (balance, average): (i64, i64), habit: [i64; 6]) -> Figures {
    let [_, fixed, wealth, fund, insurance, bond] = habit.map(|share| {
        // Whole hundreds of yuan, as people hold them; the rest lies on the current account.
        Fen(balance * share / 100 / 10_000 * 10_000)
    });
    let demand = Fen(balance - fixed.0 - wealth.0 - fund.0 - insurance.0 - bond.0);
    Figures { as_of, demand, fixed, wealth, fund, insurance, bond, balance: Fen(balance), average: Some(Fen(average)) }
}

/// The day an account was opened: up to fourteen years ago, grown-up people only, a few this year.
pub fn opened(rng: &mut Rng, birth: Option<NaiveDate>, day: NaiveDate) -> NaiveDate {
    let back = if rng.chance(8) { rng.of(3..170) } else { rng.of(200..5_000) };
    let mut opened = day.checked_sub_days(Days::new(u64::try_from(back).unwrap_or(200))).unwrap_or(day);
    if let Some(grown) = birth.and_then(|b| b.checked_add_months(Months::new(16 * 12))).filter(|g| *g > opened) {
        opened = grown.min(day.checked_sub_days(Days::new(3)).unwrap_or(day));
    }
    // Counters are closed on Sundays in this house.
    if opened.weekday() == chrono::Weekday::Sun { opened.succ_opt().unwrap_or(opened) } else { opened }
}
