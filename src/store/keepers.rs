//! Keepers: how a customer changes hands (移交), who has none, who would get whom by the rules, who stands in for whom, who leaves.
//! The rules themselves are in `domain::keepers`.

mod delegates;
mod leave;
mod loads;
pub(super) mod open;
mod orphans;
mod plan;
mod proposal;
pub(super) mod read;
mod reply;
pub(super) mod write;

pub use super::wait::pause;
pub(super) use proposal::propose;

use super::stamp::Stamp;
use crate::domain::agenda::Who;
use crate::domain::change::Change;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::staff::Role;
use crate::domain::tier::Tier;
use crate::index::row::Row;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Customers without the right keeper listed at most; the count knows the rest.
pub const MOST: usize = 500;
/// Customers given in one transaction at most: on a share each takes tens of milliseconds, and colleagues save in between.
pub const PORTION: usize = 100;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Customers that nobody keeps, or not the one who should.
    Orphans {
        /// Today.
        today: NaiveDate,
    },
    /// Who would get these customers by the rules.
    Plan {
        /// Which.
        ids: Vec<CustomerId>,
    },
    /// Who would get those without the right keeper by the rules, all of them.
    PlanAll {
        /// Today.
        today: NaiveDate,
    },
    /// Who would get what of one who leaves.
    LeavePlan {
        /// Who leaves.
        staff: StaffId,
        /// Everything to this colleague; `None` by the rules.
        to: Option<StaffId>,
    },
    /// Proposes that a customer goes to a colleague, who accepts or refuses.
    Propose {
        /// The operation.
        op: OpId,
        /// Which.
        customer: CustomerId,
        /// To whom.
        to: StaffId,
        /// The newest change known when that was chosen.
        seen: i64,
        /// Why.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Proposes by the rules, for those of these whose keeper's post does not keep their tier.
    ProposeByRules {
        /// The operation.
        op: OpId,
        /// Which.
        ids: Vec<CustomerId>,
        /// Who and when.
        stamp: Stamp,
    },
    /// Accepts a hand-over, or refuses it with a reason.
    Reply {
        /// The operation.
        op: OpId,
        /// The hand-over.
        row: i64,
        /// Accepted.
        accept: bool,
        /// Why it is refused; may be empty when accepted.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Takes a proposal back, or keeps a customer that was refused.
    Withdraw {
        /// The operation.
        op: OpId,
        /// The hand-over.
        row: i64,
        /// Why.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Gives each of these customers to its new keeper, as one batch; many are asked for by [`PORTION`]s.
    Assign {
        /// The operation.
        op: OpId,
        /// Who goes to whom.
        given: Vec<Given>,
        /// Why.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Puts the keepers of a batch back to what they were.
    PutBack {
        /// The operation.
        op: OpId,
        /// The newest change of the batch.
        seq: i64,
        /// Who and when.
        stamp: Stamp,
    },
    /// Somebody stands in for one who is away.
    Delegate {
        /// The operation.
        op: OpId,
        /// Who is away.
        staff: StaffId,
        /// Who stands in.
        to: StaffId,
        /// The first day.
        from: NaiveDate,
        /// The last day.
        until: NaiveDate,
        /// Why.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Ends a delegation: today is no longer part of it.
    EndDelegate {
        /// The operation.
        op: OpId,
        /// Which.
        row: i64,
        /// Who and when.
        stamp: Stamp,
    },
    /// Somebody leaves: customers, tasks and hand-overs go over for good.
    Leave {
        /// The operation.
        op: OpId,
        /// Who leaves.
        staff: StaffId,
        /// Everything to this colleague; `None` by the rules.
        to: Option<StaffId>,
        /// Why.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
}

impl Ask {
    /// The operation of a write, and who writes when; `None` for a read.
    pub fn write(&self) -> Option<(OpId, &Stamp)> {
        match self {
            Ask::Orphans { .. } | Ask::Plan { .. } | Ask::PlanAll { .. } | Ask::LeavePlan { .. } => None,
            Ask::Propose { op, stamp, .. }
            | Ask::ProposeByRules { op, stamp, .. }
            | Ask::Reply { op, stamp, .. }
            | Ask::Withdraw { op, stamp, .. }
            | Ask::Assign { op, stamp, .. }
            | Ask::PutBack { op, stamp, .. }
            | Ask::Delegate { op, stamp, .. }
            | Ask::EndDelegate { op, stamp, .. }
            | Ask::Leave { op, stamp, .. } => Some((*op, stamp)),
        }
    }

    /// The hand-over that it answers or takes back.
    pub fn row(&self) -> Option<i64> {
        match self {
            Ask::Reply { row, .. } | Ask::Withdraw { row, .. } => Some(*row),
            _ => None,
        }
    }
}

/// A customer given to a keeper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Which.
    pub customer: CustomerId,
    /// The keeper when that was chosen.
    pub was: Option<StaffId>,
    /// 责任人
    pub owner: Option<StaffId>,
    /// 协管人
    pub assistant: Option<StaffId>,
}

/// Why a customer is on the list of those without the right keeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Nobody keeps them though the tier wants somebody.
    NoKeeper,
    /// The keeper left.
    KeeperLeft,
    /// A hand-over was not answered in time.
    Unanswered,
    /// The keeper's post does not keep the tier, from 20万 up, and no hand-over is under way.
    WrongPost,
    /// The tier wants a second keeper beside the first, from 50万 up, and there is none.
    NoSecond,
}

impl Why {
    /// What stands first on the list.
    pub(super) const fn weight(self) -> u8 {
        match self {
            Why::Unanswered => 0,
            Why::NoKeeper | Why::KeeperLeft | Why::WrongPost => 1,
            Why::NoSecond => 2,
        }
    }
}

/// A customer without the right keeper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// The customer.
    pub who: Who,
    /// 片区
    pub area: String,
    /// Why.
    pub why: Why,
    /// The hand-over that was not answered: to whom, and when it was due.
    pub waits: Option<(StaffId, NaiveDate)>,
}

/// Who would get a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The customer, with the present keeper.
    pub who: Who,
    /// The new keeper; `None` where the rules want nobody or find nobody.
    pub owner: Option<StaffId>,
    /// The new assistant.
    pub assistant: Option<StaffId>,
}

impl Move {
    /// What is asked to make it so.
    pub fn given(&self) -> Given {
        Given { customer: self.who.id, was: self.who.owner, owner: self.owner, assistant: self.assistant }
    }
}

/// Customers of a tier for whom nobody of the posts that the rules want works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nobody {
    /// Their tier.
    pub tier: Tier,
    /// The posts.
    pub posts: Vec<Role>,
    /// How many they are.
    pub count: u32,
}

/// What a batch would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Whom it moves.
    pub moves: Vec<Move>,
    /// Whom the rules give to nobody, or who stays where they are.
    pub stay: u32,
    /// Who of these stays because nobody of the post works here.
    pub nobody: Vec<Nobody>,
    /// Customers of each keeper concerned: before and after.
    pub loads: Vec<(StaffId, u32, u32)>,
    /// Open tasks that go over with one who leaves.
    pub tasks: u32,
    /// Who gets the tasks that are about nobody.
    pub tasks_to: Option<StaffId>,
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// Customers without the right keeper, highest tier and assets first, at most [`MOST`]; and how many there are.
    Orphans {
        /// The customers.
        list: Vec<Orphan>,
        /// All of them.
        total: u32,
    },
    /// What a batch would do.
    Plan(Box<Plan>),
    /// A colleague was first; nothing was written.
    Taken {
        /// What they did.
        change: Box<Change>,
    },
    /// Done: rows whose keeper changed, and the seq by which a batch can be put back.
    Done {
        /// The rows.
        rows: Vec<Row>,
        /// Names of those left alone, because somebody else changed their keeper meanwhile.
        left: Vec<String>,
        /// The newest seq; 0 when nobody was given.
        seq: i64,
    },
}
