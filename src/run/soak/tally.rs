//! What came of a soak: counts and times. Words for it are in `commands`.

use super::Plan;
use super::station::{Kind, Line};
use crate::domain::ids::OpId;
use crate::store::recount::{Recount, Told};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What the workstations said.
#[derive(Debug, Default)]
pub struct Heard {
    told: Vec<Told>,
    spent: BTreeMap<Kind, Vec<u64>>,
    clashes: u64,
    waited: u64,
    errors: BTreeMap<String, u64>,
    home: BTreeSet<u16>,
}

impl Heard {
    /// Takes a line of a workstation.
    pub fn take(&mut self, number: u16, line: Line) {
        match line {
            Line::Saving(told) => self.told.push(told),
            Line::Kept(op) => self.acknowledge(op, true),
            Line::Returned(op) => self.acknowledge(op, false),
            Line::Waits => self.waited += 1,
            Line::Spent(kind, micros) => self.spent.entry(kind).or_default().push(micros),
            Line::Clash => self.clashes += 1,
            Line::Shown(what) => *self.errors.entry(what).or_default() += 1,
            Line::Done => {
                self.home.insert(number);
            }
        }
    }

    fn acknowledge(&mut self, op: OpId, acknowledged: bool) {
        // One of its workstation's last lines: the search is short.
        if let Some(told) = self.told.iter_mut().rev().find(|t| t.op == op) {
            told.acknowledged = acknowledged;
        }
    }

    /// Whoever did not come home is an error.
    pub fn end(&mut self, workstations: u16) {
        for number in (0..workstations).filter(|n| !self.home.contains(n)) {
            self.errors.insert(format!("workstation {number} did not come to its end"), 1);
        }
    }

    /// The saves that were told of.
    pub fn told(&self) -> &[Told] {
        &self.told
    }
}

/// How long something took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Times {
    /// How often.
    pub count: usize,
    /// Half took no longer.
    pub p50_ms: f64,
    /// Nineteen of twenty took no longer.
    pub p95_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

impl Times {
    fn of(mut micros: Vec<u64>) -> Times {
        micros.sort_unstable();
        let at = |percent: usize| {
            let place = (micros.len() * percent).div_ceil(100).saturating_sub(1);
            micros.get(place).map_or(0.0, |m| (*m as f64 / 10.0).round() / 100.0)
        };
        Times { count: micros.len(), p50_ms: at(50), p95_ms: at(95), max_ms: at(100) }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tally {
    /// How many, how long, how fast.
    #[serde(flatten)]
    pub plan: Plan,
    /// Whether nothing was lost, doubled or wrong and no user saw an error.
    pub sound: bool,
    /// Saves that the store acknowledged.
    pub saved: usize,
    /// Acknowledged saves that are not in the file.
    pub lost: usize,
    /// Saves that are in the file more than once.
    pub doubled: usize,
    /// Fields of archives that are not what the change log says.
    pub strayed: usize,
    /// Errors that users saw, and how often.
    pub errors: BTreeMap<String, u64>,
    /// What is wrong with the file.
    pub wrong: Vec<String>,
    /// How often a colleague had changed the same field, and the user would choose.
    pub clashes: u64,
    /// Saves that lay on their PC for a while, because the drive took longer than a user is patient.
    pub waited: u64,
    /// Saves.
    pub saves: Times,
    /// Screens read.
    pub reads: Times,
    /// News of colleagues read.
    pub news: Times,
    /// The longest that anybody waited for anything.
    pub longest_wait_ms: f64,
    /// What an operation of the drive takes.
    pub operation_ms: f64,
}

impl Tally {
    /// Puts together what was heard and what the recount gave.
    pub fn new(plan: Plan, mut heard: Heard, recount: Recount, wrong: Vec<String>, operation: f64) -> Tally {
        let mut times = |kind| Times::of(heard.spent.remove(&kind).unwrap_or_default());
        let (saves, reads, news) = (times(Kind::Save), times(Kind::Read), times(Kind::News));
        let saved = heard.told.iter().filter(|t| t.acknowledged).count();
        let (lost, doubled, strayed) = (recount.lost.len(), recount.doubled.len(), recount.strayed.len());
        // A soak in which nobody saved says nothing.
        let sound = lost + doubled + strayed == 0 && heard.errors.is_empty() && wrong.is_empty() && saved > 0;
        Tally {
            plan,
            sound,
            saved,
            lost,
            doubled,
            strayed,
            errors: heard.errors,
            wrong,
            clashes: heard.clashes,
            waited: heard.waited,
            saves,
            reads,
            news,
            longest_wait_ms: [saves, reads, news].iter().map(|t| t.max_ms).fold(0.0, f64::max),
            operation_ms: (operation * 1_000.0).round() / 1_000.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::args::Pace;
    use crate::store::recount::Saved;

    const PLAN: Plan = Plan { workstations: 2, seconds: 1, pace: Pace::Human };

    fn heard() -> Heard {
        let mut heard = Heard::default();
        for op in 1..=3 {
            heard.take(
                0,
                Line::Saving(Told { op: OpId(op), what: Saved::Contact(op.to_string()), acknowledged: false }),
            );
        }
        for line in [Line::Kept(OpId(1)), Line::Kept(OpId(3)), Line::Spent(Kind::Read, 2_500), Line::Done] {
            heard.take(0, line);
        }
        heard
    }

    #[test]
    fn only_what_was_acknowledged_counts_as_saved() {
        let mut heard = heard();
        heard.take(1, Line::Done);
        heard.end(2);
        let known: Vec<bool> = heard.told().iter().map(|t| t.acknowledged).collect();
        assert_eq!(known, [true, false, true]);
        let tally = Tally::new(PLAN, heard, Recount::default(), Vec::new(), 0.0);
        assert_eq!((tally.saved, tally.sound, tally.longest_wait_ms), (2, true, 2.5));
    }

    #[test]
    fn nothing_that_went_wrong_passes() {
        let op = || vec![OpId(1)];
        let sound = |end: u16, recount: Recount, wrong: &[&str]| {
            let mut heard = heard();
            heard.end(end);
            Tally::new(PLAN, heard, recount, wrong.iter().map(|w| (*w).to_owned()).collect(), 0.0).sound
        };
        assert!(sound(1, Recount::default(), &[]));
        assert!(!sound(2, Recount::default(), &[]), "one workstation did not come home");
        assert!(!sound(1, Recount { lost: op(), ..Recount::default() }, &[]));
        assert!(!sound(1, Recount { doubled: op(), ..Recount::default() }, &[]));
        assert!(!sound(1, Recount::default(), &["a page is bad"]));
        let nobody = Tally::new(PLAN, Heard::default(), Recount::default(), Vec::new(), 0.0);
        assert!(!nobody.sound, "nobody saved anything");
    }

    #[test]
    fn times_are_those_that_so_many_did_not_pass() {
        let times = Times::of((1..=100).map(|n| n * 1_000).collect());
        assert_eq!((times.count, times.p50_ms, times.p95_ms, times.max_ms), (100, 50.0, 95.0, 100.0));
        assert_eq!(Times::of(vec![1_234]), Times { count: 1, p50_ms: 1.23, p95_ms: 1.23, max_ms: 1.23 });
        assert_eq!(Times::of(Vec::new()), Times::default());
    }
}
