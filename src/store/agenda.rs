//! Today's queue: a query over facts and marks. Nothing is generated in advance.

pub(super) mod about;
pub(super) mod close;
pub(super) mod dues;
mod few;
mod greetings;
mod heaps;
mod image;
pub(super) mod marks;
mod missing;
mod month;
pub(super) mod read;
mod row;
mod signals;
pub(super) mod tally;
mod visits;
pub(super) mod wall;
pub(super) mod who;
pub(super) mod write;

use super::stamp::Stamp;
use crate::domain::agenda::wall::{Brick, Wall};
use crate::domain::agenda::{Counts, Item, Mark, Scope, Task};
use crate::domain::change::Change;
use crate::domain::consent::Withdrawn;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// The lines of a queue.
    Load {
        /// Whose, seen from `staff`.
        scope: Scope,
        /// Who looks.
        staff: StaffId,
        /// Today.
        today: NaiveDate,
        /// The last day whose lines are wanted; birthdays show by the days ahead of their tier in any case.
        until: NaiveDate,
    },
    /// How many lines each day of a month has.
    Month {
        /// Whose.
        scope: Scope,
        /// Who looks.
        staff: StaffId,
        /// Today.
        today: NaiveDate,
        /// First day of the month.
        first: NaiveDate,
    },
    /// The maturity wall.
    Wall {
        /// Whose.
        scope: Scope,
        /// Who looks.
        staff: StaffId,
        /// Today.
        today: NaiveDate,
    },
    /// The contracts of a day of the wall, or those that matured lately.
    Bricks {
        /// Whose.
        scope: Scope,
        /// Who looks.
        staff: StaffId,
        /// Today.
        today: NaiveDate,
        /// The day; none for those that matured.
        day: Option<NaiveDate>,
    },
    /// Marks a line.
    Mark {
        /// The operation.
        op: OpId,
        /// The line.
        key: String,
        /// About whom.
        customer: Option<CustomerId>,
        /// What becomes of it.
        mark: Mark,
        /// The newest change known when that was chosen: a line that a colleague dealt with since is not dealt with again.
        seen: i64,
        /// Why; asked for by all but done.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Takes back a mark one made oneself, as long as nothing later touched the line.
    TakeBack {
        /// The operation.
        op: OpId,
        /// The change that marked it.
        seq: i64,
        /// Who and when.
        stamp: Stamp,
    },
    /// Hands a customer's matter to a colleague with a reason (feature 82): a line at the top of their queue.
    HandOver {
        /// The operation.
        op: OpId,
        /// About whom.
        customer: CustomerId,
        /// To whom.
        to: StaffId,
        /// Why, one line.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Adds (rev 0) or changes a task of one's own.
    Keep {
        /// The operation.
        op: OpId,
        /// The task.
        task: Task,
        /// Who and when.
        stamp: Stamp,
    },
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// A queue in order.
    Lines {
        /// The lines, at most 500 a source.
        items: Vec<Item>,
        /// The counts of the scope asked for.
        counts: Counts,
        /// Open lines of mine, my team, the branch.
        scopes: [u32; 3],
        /// What customers withdrew, of those who withdrew anything.
        shut: BTreeMap<CustomerId, Withdrawn>,
    },
    /// Lines a day of the month: (day of month from 1, birthdays, others).
    Month(Vec<(u8, u32, u32)>),
    /// The maturity wall of a scope.
    Wall(Scope, Box<Wall>),
    /// Contracts of a day of the wall, or those that matured; and how many more there are.
    Bricks(Option<NaiveDate>, Vec<Brick>, u32),
    /// Marked; by this change it can be taken back.
    Marked {
        /// The change.
        seq: i64,
    },
    /// A colleague dealt with the line first; nothing was written.
    Taken {
        /// What they did.
        change: Box<Change>,
    },
    /// Kept, handed over, or taken back.
    Done {
        /// The newest seq.
        seq: i64,
    },
}
