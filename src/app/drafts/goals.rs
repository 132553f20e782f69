//! Targets as their sheet holds them, and their fields.

use crate::domain::archive::typed::{number, pick};
use crate::domain::field::{Choice, Ctx, Field, Kind};
use crate::domain::results::targets::Metric;
use crate::domain::text::{Complaint, t};

/// What is to be reached as the sheet holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalsDraft {
    /// Of each metric how much.
    pub goals: [Option<u32>; 4],
    /// Everybody's of the post, not one person's.
    pub post: bool,
    /// Every month's, not one month's.
    pub every: bool,
}

/// The most of each: a share is of a hundred.
const fn most(metric: Metric) -> i64 {
    match metric {
        Metric::Retained => 100,
        _ => 100_000,
    }
}

const fn field(metric: Metric) -> Field<GoalsDraft> {
    Field::new(metric.code(), metric.label(), Kind::Number(0, most(metric)), read, write)
}

fn at(code: &str) -> Option<usize> {
    Metric::ALL.iter().position(|m| m.code() == code)
}

fn read(d: &GoalsDraft, code: &'static str) -> String {
    let goal = at(code).and_then(|n| d.goals.get(n)).copied().flatten();
    goal.map(|n| n.to_string()).unwrap_or_default()
}

fn write(d: &mut GoalsDraft, code: &'static str, text: &str, _: Ctx<'_>) -> Result<(), Complaint> {
    let Some((n, metric)) = at(code).and_then(|n| Some((n, *Metric::ALL.get(n)?))) else { return Ok(()) };
    let typed = number(text, 0, most(metric))?.and_then(|n| u32::try_from(n).ok());
    if let Some(goal) = d.goals.get_mut(n) {
        *goal = typed;
    }
    Ok(())
}

static WHOSE: &[Choice] = &[
    Choice { code: "person", label: t("只定这一位", "this person") },
    Choice { code: "post", label: t("同岗位都一样", "everybody of the post") },
];

static WHEN: &[Choice] = &[
    Choice { code: "every", label: t("每个月", "every month") },
    Choice { code: "month", label: t("只这个月", "this month only") },
];

/// The fields.
pub static GOALS: [Field<GoalsDraft>; 6] = [
    field(Metric::Contacts),
    field(Metric::Fresh),
    field(Metric::Lifted),
    field(Metric::Retained),
    Field::new(
        "when",
        t("哪几月", "Months"),
        Kind::Pick(WHEN),
        |d, _| if d.every { "every".to_owned() } else { "month".to_owned() },
        |d, _, s, _| {
            d.every = pick(WHEN, s)? != "month";
            Ok(())
        },
    ),
    Field::new(
        "post",
        t("给谁定", "For"),
        Kind::Pick(WHOSE),
        |d, _| if d.post { "post".to_owned() } else { "person".to_owned() },
        |d, _, s, _| {
            d.post = pick(WHOSE, s)? == "post";
            Ok(())
        },
    ),
];
