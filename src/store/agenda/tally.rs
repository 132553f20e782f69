//! Whose lines are wanted, and how many lines everybody has: the counts go beyond the lines that are listed.

use crate::domain::agenda::Scope;
use crate::domain::agenda::lines::Frame;
use crate::domain::ids::StaffId;
use crate::domain::keepers::absent;
use crate::domain::staff::team;
use crate::store::branch::Branch;
use crate::store::way::Breath;
use chrono::NaiveDate;
use rusqlite::Connection;
use std::collections::HashMap;

/// Whose lines are wanted; nobody's too, in the branch's.
#[derive(Debug, Clone)]
pub struct Whose(Option<Vec<StaffId>>);

impl Whose {
    /// Those of a scope seen from `staff`; whom somebody stands in for today are theirs too.
    pub fn of(scope: Scope, staff: StaffId, branch: &Branch, today: NaiveDate) -> Whose {
        let with_absent = |mut people: Vec<StaffId>| {
            let absent: Vec<StaffId> = absent(&branch.delegates, staff, today).collect();
            people.extend(absent);
            people.sort_unstable();
            people.dedup();
            people
        };
        Whose(match scope {
            Scope::Mine => Some(with_absent(vec![staff])),
            Scope::Team => Some(with_absent(team(&branch.staff, staff))),
            Scope::Branch => None,
        })
    }

    /// Whether a line of this owner is wanted.
    pub fn has(&self, owner: Option<StaffId>) -> bool {
        self.0.as_ref().is_none_or(|people| owner.is_some_and(|o| people.contains(&o)))
    }

    /// The people; `None` means everybody.
    pub fn people(&self) -> Option<&[StaffId]> {
        self.0.as_deref()
    }
}

/// The counts of one owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Open lines due today or before.
    pub open: u32,
    /// Of those, overdue.
    pub overdue: u32,
    /// Birthdays today, greeted or not.
    pub birthdays: u32,
    /// Archives to complete beyond the daily portion.
    pub more: u32,
}

/// The counts of everybody.
#[derive(Debug, Clone, Default)]
pub struct Tally(HashMap<Option<StaffId>, Count>);

impl Tally {
    /// The counts of one owner, to add to.
    pub fn of(&mut self, owner: Option<StaffId>) -> &mut Count {
        self.0.entry(owner).or_default()
    }

    /// Adds open lines of an owner that are due on a day.
    pub fn due(&mut self, owner: Option<StaffId>, due: NaiveDate, today: NaiveDate, lines: u32) {
        if due <= today {
            let count = self.of(owner);
            count.open += lines;
            if due < today {
                count.overdue += lines;
            }
        }
    }

    /// The counts of a scope.
    pub fn sum(&self, whose: &Whose) -> Count {
        let mut sum = Count::default();
        for (_, c) in self.0.iter().filter(|(owner, _)| whose.has(**owner)) {
            sum.open += c.open;
            sum.overdue += c.overdue;
            sum.birthdays += c.birthdays;
            sum.more += c.more;
        }
        sum
    }
}

/// One look at the queue: what every source needs.
#[derive(Debug)]
pub struct Look<'a> {
    /// The connection, inside its transaction.
    pub conn: &'a Connection,
    /// The branch.
    pub branch: &'a Branch,
    /// The days looked at.
    pub frame: Frame,
    /// Whose lines are wanted.
    pub whose: Whose,
    /// Counts, filled by every source.
    pub tally: Tally,
    /// The lock is given back between lines.
    pub breath: Breath<'a>,
}

/// Lines a source gives at most; the counts know the rest.
pub const MOST: usize = 500;
