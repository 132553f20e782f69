//! Opening the workbench: branch, people, settings, holidays, the index rows, and news of colleagues' writes.

pub(super) mod keep;
pub(super) mod read;

use super::stamp::Stamp;
use crate::domain::calendar::holidays::Holidays;
use crate::domain::change::Change;
use crate::domain::dealings::batch::Batch;
use crate::domain::ids::{CustomerId, StaffId};
use crate::domain::keepers::Delegation;
use crate::domain::results::targets::{Metric, Targets, Whose};
use crate::domain::settings::Settings;
use crate::domain::staff::{Prefs, Staff};
use crate::index::Intake;
use crate::index::row::Row;
use chrono::{NaiveDate, NaiveDateTime};

/// What can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Branch, people, settings, holidays.
    Open,
    /// Every customer.
    Rows,
    /// Every customer, taken in for the index; answered in the background.
    Index,
    /// What others changed since this seq: the rows of customers touched, and the changes themselves (at most 200, newest).
    News {
        /// The last seq known.
        since: i64,
    },
    /// The newest imports.
    Batches,
    /// Which of these files, by the hashes of their bytes, are in.
    TakenIn(Vec<String>),
    /// Keeps one person's choices.
    KeepPrefs {
        /// Whose.
        staff: StaffId,
        /// The choices.
        prefs: Prefs,
        /// Who and when.
        stamp: Stamp,
    },
    /// Changes the branch's settings; tiers, stages and due dates are derived anew.
    KeepSettings {
        /// The settings.
        settings: Box<Settings>,
        /// Who and when.
        stamp: Stamp,
    },
    /// Lays down what is to be reached, or takes it away.
    KeepTargets {
        /// Which.
        targets: Vec<Laid>,
        /// Who and when.
        stamp: Stamp,
    },
    /// Says how much of a hand-over's credit is the introducer's.
    KeepIntroducer {
        /// Per cent.
        percent: u32,
        /// Who and when.
        stamp: Stamp,
    },
    /// Adds a member of staff; its id is ignored.
    AddStaff {
        /// The person.
        staff: Box<Staff>,
        /// Who and when.
        stamp: Stamp,
    },
    /// Says in the change log that this workstation writes although its drive is not to be trusted; once a day is enough.
    Overrule {
        /// What the mount says of itself.
        facts: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Replaces the holidays of the years named in it.
    KeepHolidays {
        /// The days.
        holidays: Box<Holidays>,
        /// Who and when.
        stamp: Stamp,
    },
}

/// A target: whose, in which month (every month without one), of what, how much; none takes it away.
pub type Laid = (Whose, Option<NaiveDate>, Metric, Option<u32>);

/// The branch as it stands when the workbench opens.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// 网点
    pub branch: String,
    /// Everybody, also those who left.
    pub staff: Vec<Staff>,
    /// The settings.
    pub settings: Settings,
    /// Holidays and make-up days.
    pub holidays: Holidays,
    /// Who stands in for whom.
    pub delegates: Vec<Delegation>,
    /// 工作目标
    pub targets: Targets,
    /// Per cent of a hand-over's credit that is the introducer's.
    pub introducer: u32,
    /// The newest seq of the change feed.
    pub seq: i64,
    /// When the newest line of the log was written, by the clock of its workstation.
    pub newest: NaiveDateTime,
    /// Opened without the right to write.
    pub read_only: bool,
    /// Its pages are encrypted.
    pub encrypted: bool,
    /// Who has a password.
    pub secrets: Vec<StaffId>,
    /// How many customers there are.
    pub customers: u64,
    /// Where customers without an own area come from: all areas, most frequent first, at most 200.
    pub areas: Vec<String>,
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// The branch.
    Opened(Box<Opened>),
    /// Every customer, highest assets first.
    Rows(Vec<Row>),
    /// Every customer, for the index.
    Index(Box<Intake>),
    /// What changed.
    News {
        /// The newest seq.
        seq: i64,
        /// Rows of the customers touched.
        rows: Vec<Row>,
        /// Ids of customers no longer there.
        gone: Vec<CustomerId>,
        /// The changes, oldest first, at most 200.
        changes: Vec<Change>,
        /// So much changed (an import) that the index is to be read anew.
        all: bool,
    },
    /// The newest imports, newest first.
    Batches(Vec<Batch>),
    /// The files that are in, and since when.
    TakenIn(Vec<(String, NaiveDateTime)>),
    /// Kept.
    Kept,
}
