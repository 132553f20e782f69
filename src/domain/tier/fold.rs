//! The tier by rules as a fold over data dates: up at once, down late, protected after a rise (当期升级、延期降级). It moves only with figures, by
//! the lines that hold on their day, so that replaying them gives the same tier whenever it is done.

use super::{Move, Rules, Tier, Why};
use crate::domain::values::money::Fen;
use chrono::NaiveDate;
use serde::Serialize;

/// Where a customer stands by the rules after the figures of a data date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct State {
    /// The data date.
    pub as_of: NaiveDate,
    /// The tier by rules.
    pub tier: Tier,
    /// The first data date of those below its line, without a break since.
    pub below_since: Option<NaiveDate>,
    /// The last day of the protection after a rise, while it lasts.
    pub guarded_until: Option<NaiveDate>,
}

/// What figures of a data date did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Another tier.
    Moved(Move),
    /// The tier that the figure is in.
    Stays,
    /// The figure is below the line; the tier stays for now.
    Below {
        /// Since when.
        since: NaiveDate,
        /// From which figures on it falls, if it stays below.
        falls: Option<NaiveDate>,
    },
    /// The figure is below the line; a protection holds the tier.
    Guarded {
        /// Until when.
        until: NaiveDate,
        /// From which figures on it falls, if it stays below.
        falls: Option<NaiveDate>,
    },
}

/// The figures of one data date, and what they did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The figure by the basis.
    pub aum: Fen,
    /// The tier that the figure alone is in, by the lines of its day.
    pub by_figure: Tier,
    /// Where the customer stands after it.
    pub state: State,
    /// What it did.
    pub verdict: Verdict,
}

/// Goes on from `before` with the figure of a later data date.
pub fn step(before: Option<State>, as_of: NaiveDate, aum: Fen, rules: &Rules<'_>) -> Step {
    let lines = rules.lines(as_of);
    let now = lines.tier(aum);
    let done = |tier, below_since, guarded_until, verdict| Step {
        aum,
        by_figure: now,
        state: State { as_of, tier, below_since, guarded_until },
        verdict,
    };
    let Some(before) = before else {
        let moved = Move { from: None, to: Some(now), day: as_of, why: Why::First };
        return done(now, None, None, Verdict::Moved(moved));
    };
    let moved = |why| Verdict::Moved(Move { from: Some(before.tier), to: Some(now), day: as_of, why });
    let guarded = before.guarded_until.filter(|until| *until >= as_of);
    if now > before.tier {
        let line = lines.lower(now).unwrap_or_default();
        return done(now, None, rules.guarded_until(as_of), moved(Why::Rose { line }));
    }
    if now == before.tier {
        return done(now, None, guarded, Verdict::Stays);
    }
    let since = before.below_since.unwrap_or(as_of);
    // A protection that ended between two data dates still kept the review days in it from counting.
    let falls = rules.falls_on(since, before.guarded_until);
    match (falls.filter(|day| *day <= as_of), guarded) {
        (Some(_), _) if rules.review_days.is_empty() => {
            done(now, None, None, moved(Why::FellAfter { months: rules.fall_months, since }))
        }
        (Some(day), _) => done(now, None, None, moved(Why::FellOnReview { day })),
        (None, Some(until)) => done(before.tier, Some(since), guarded, Verdict::Guarded { until, falls }),
        (None, None) => done(before.tier, Some(since), before.guarded_until, Verdict::Below { since, falls }),
    }
}

/// What all figures of a customer did, oldest first.
pub fn steps(figures: impl IntoIterator<Item = (NaiveDate, Fen)>, rules: &Rules<'_>) -> Vec<Step> {
    let mut state = None;
    let each = figures.into_iter().map(|(as_of, aum)| {
        let step = step(state, as_of, aum, rules);
        state = Some(step.state);
        step
    });
    each.collect()
}

/// The last of [`steps`], without keeping the others.
pub fn last(figures: impl IntoIterator<Item = (NaiveDate, Fen)>, rules: &Rules<'_>) -> Option<Step> {
    figures
        .into_iter()
        .fold(None, |before: Option<Step>, (as_of, aum)| Some(step(before.map(|b| b.state), as_of, aum, rules)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tier::{Basis, Lines};
    use chrono::{Days, Months};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// What the branch lays down, owning what [`Rules`] lends.
    #[derive(Debug, Clone)]
    struct Laid {
        lines: Lines,
        later: BTreeMap<NaiveDate, Lines>,
        fall_months: u16,
        review_days: Vec<u16>,
        protect_months: u16,
    }

    impl Laid {
        fn new(fall_months: u16, review_days: &[u16], protect_months: u16) -> Laid {
            let (lines, later) = (Lines::default(), BTreeMap::new());
            Laid { lines, later, fall_months, review_days: review_days.to_vec(), protect_months }
        }

        fn rules(&self) -> Rules<'_> {
            Rules {
                basis: Basis::MonthlyAverage,
                first: &self.lines,
                later: &self.later,
                fall_months: self.fall_months,
                review_days: &self.review_days,
                protect_months: self.protect_months,
            }
        }

        /// The tier after each of these figures: data date and 万.
        fn tiers(&self, figures: &[(&str, i64)]) -> Vec<&'static str> {
            let figures = figures.iter().map(|(d, wan)| (day(d), Fen::of_yuan(wan * 10_000)));
            steps(figures, &self.rules()).into_iter().map(|s| s.state.tier.code()).collect()
        }
    }

    #[test]
    fn the_table_of_domain_md_is_cut_at_the_lines_themselves() {
        let rules = Laid::new(2, &[], 0);
        for (yuan, code) in [
            (0, "untiered"),
            (999, "untiered"),
            (1_000, "small"),
            (49_999, "small"),
            (50_000, "ordinary"),
            (200_000, "potential"),
            (500_000, "vip"),
            (2_999_999, "vip"),
            (3_000_000, "big"),
        ] {
            let first = step(None, day("2026-11-20"), Fen::of_yuan(yuan), &rules.rules());
            assert_eq!((first.state.tier.code(), first.by_figure.code()), (code, code), "{yuan}");
            assert!(matches!(first.verdict, Verdict::Moved(Move { from: None, why: Why::First, .. })));
        }
    }

    #[test]
    fn up_at_once_and_down_only_after_two_months_below() {
        let rules = Laid::new(2, &[], 0);
        let tiers = rules.tiers(&[
            ("2026-07-31", 60),
            ("2026-08-31", 30),
            ("2026-09-30", 30),
            ("2026-10-30", 30),
            ("2026-10-31", 30),
            ("2026-11-01", 60),
        ]);
        assert_eq!(tiers, ["vip", "vip", "vip", "vip", "potential", "vip"]);
    }

    #[test]
    fn one_day_above_the_line_begins_the_months_anew() {
        let rules = Laid::new(2, &[], 0);
        let tiers = rules.tiers(&[
            ("2026-07-31", 60),
            ("2026-08-31", 30),
            ("2026-10-15", 50),
            ("2026-10-31", 30),
            ("2026-12-30", 30),
            ("2026-12-31", 30),
        ]);
        assert_eq!(tiers, ["vip", "vip", "vip", "vip", "vip", "potential"]);
    }

    #[test]
    fn a_rise_while_below_the_old_line_is_a_rise_to_the_tier_of_the_figure() {
        let rules = Laid::new(2, &[], 0);
        let tiers = rules.tiers(&[("2026-07-31", 60), ("2026-08-31", 10), ("2026-09-30", 400)]);
        assert_eq!(tiers, ["vip", "vip", "big"]);
    }

    #[test]
    fn review_days_take_the_place_of_the_months() {
        let rules = Laid::new(2, &[630, 1231], 0);
        let figures =
            [("2026-01-31", 60), ("2026-02-28", 30), ("2026-06-29", 30), ("2026-07-01", 30), ("2026-07-02", 10)];
        assert_eq!(rules.tiers(&figures), ["vip", "vip", "vip", "potential", "potential"]);
        let last = last(figures.iter().take(4).map(|(d, w)| (day(d), Fen::of_yuan(w * 10_000))), &rules.rules());
        let Verdict::Moved(moved) = last.unwrap().verdict else { panic!() };
        assert_eq!(moved.why, Why::FellOnReview { day: day("2026-06-30") });
        // Above the line when the review day came, below it after: not judged by it.
        let after = rules.tiers(&[("2026-06-29", 60), ("2026-07-01", 30), ("2026-12-30", 30), ("2026-12-31", 30)]);
        assert_eq!(after, ["vip", "vip", "vip", "potential"]);
    }

    #[test]
    fn a_rise_is_protected_for_its_months_and_says_so() {
        let rules = Laid::new(0, &[], 6);
        let figures =
            [("2026-01-31", 30), ("2026-02-28", 60), ("2026-03-31", 30), ("2026-08-28", 30), ("2026-08-29", 30)];
        assert_eq!(rules.tiers(&figures), ["potential", "vip", "vip", "vip", "potential"]);
        let steps = steps(figures.iter().map(|(d, w)| (day(d), Fen::of_yuan(w * 10_000))), &rules.rules());
        let (until, falls) = (day("2026-08-28"), Some(day("2026-08-29")));
        assert_eq!(steps[2].verdict, Verdict::Guarded { until, falls });
    }

    #[test]
    fn a_raised_line_lets_people_fall_late_as_anything_else() {
        let mut rules = Laid::new(2, &[], 0);
        let mut raised = Lines::default();
        raised.0[2] = Fen::of_yuan(300_000);
        rules.later.insert(day("2027-01-01"), raised);
        let tiers = rules.tiers(&[("2026-12-31", 25), ("2027-01-01", 25), ("2027-02-28", 25), ("2027-03-01", 25)]);
        assert_eq!(tiers, ["potential", "potential", "potential", "ordinary"]);
        let mut lowered = Lines::default();
        lowered.0[3] = Fen::of_yuan(250_000);
        rules.later = BTreeMap::from([(day("2027-01-01"), lowered)]);
        assert_eq!(rules.tiers(&[("2026-12-31", 25), ("2027-01-01", 25)]), ["potential", "vip"]);
    }

    fn laid() -> impl Strategy<Value = Laid> {
        let reviews = prop_oneof![
            Just(Vec::new()),
            Just(vec![1231]),
            prop::collection::vec((1..=12_u16, 1..=28_u16).prop_map(|(m, d)| m * 100 + d), 1..4),
        ];
        let later = prop::collection::btree_map(0..900_u64, 21..49_i64, 0..3);
        (0..5_u16, reviews, 0..8_u16, later).prop_map(|(fall, reviews, protect, later)| {
            let mut laid = Laid::new(fall, &reviews, protect);
            laid.later = later
                .into_iter()
                .map(|(after, wan)| {
                    let mut lines = Lines::default();
                    lines.0[2] = Fen::of_yuan(wan * 10_000);
                    (day("2026-01-01") + Days::new(after), lines)
                })
                .collect();
            laid
        })
    }

    fn history() -> impl Strategy<Value = Vec<(NaiveDate, Fen)>> {
        let yuan = prop_oneof![0..2_000_i64, 40_000..60_000_i64, 180_000..550_000_i64, 0..4_000_000_i64];
        prop::collection::vec((1..45_u64, yuan), 1..40).prop_map(|pairs| {
            let mut at = day("2026-01-01");
            let each = pairs.into_iter().map(|(days, yuan)| {
                at = at + Days::new(days);
                (at, Fen::of_yuan(yuan))
            });
            each.collect()
        })
    }

    proptest! {
        #[test]
        fn replaying_from_the_start_gives_what_going_on_step_by_step_gives(laid in laid(), figures in history(), cut in 0..40_usize) {
            let rules = laid.rules();
            let cut = cut.min(figures.len());
            let mut state = last(figures[..cut].iter().copied(), &rules).map(|s| s.state);
            for (as_of, aum) in &figures[cut..] {
                state = Some(step(state, *as_of, *aum, &rules).state);
            }
            prop_assert_eq!(state, last(figures.iter().copied(), &rules).map(|s| s.state));
        }

        #[test]
        fn nobody_is_ever_under_the_tier_of_the_figure(laid in laid(), figures in history()) {
            for step in steps(figures, &laid.rules()) {
                prop_assert!(step.state.tier >= step.by_figure);
                prop_assert_eq!(step.state.below_since.is_some(), step.state.tier > step.by_figure);
            }
        }

        #[test]
        fn nobody_falls_before_the_months_or_while_protected(laid in laid(), figures in history()) {
            let rules = laid.rules();
            let (mut below, mut risen): (Option<NaiveDate>, Option<NaiveDate>) = (None, None);
            let mut tier = None;
            for step in steps(figures, &rules) {
                let as_of = step.state.as_of;
                if tier.is_some_and(|t| step.state.tier < t) {
                    let since = below.unwrap_or(as_of);
                    if let Some(risen) = risen.filter(|_| laid.protect_months > 0) {
                        prop_assert!(as_of > risen + Months::new(laid.protect_months.into()));
                    }
                    if laid.review_days.is_empty() {
                        prop_assert!(as_of >= since + Months::new(laid.fall_months.into()));
                    } else {
                        let key = |d: NaiveDate| u16::try_from(chrono::Datelike::month(&d) * 100 + chrono::Datelike::day(&d)).unwrap();
                        let between = since.iter_days().take_while(|d| *d <= as_of).any(|d| laid.review_days.contains(&key(d)));
                        prop_assert!(between);
                    }
                    risen = None;
                }
                if tier.is_some_and(|t| step.state.tier > t) {
                    risen = Some(as_of);
                }
                below = (step.state.tier > step.by_figure).then(|| below.unwrap_or(as_of));
                tier = Some(step.state.tier);
            }
        }
    }
}
