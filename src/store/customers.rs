//! Archives and what hangs on them: open, save, create, put back, keepers, overrides.

pub(super) mod entitle;
mod explain;
pub mod greet;
pub(super) mod part;
pub(super) mod read;
mod saved;
mod standing;
pub(super) mod write;

use super::stamp::Stamp;
use crate::domain::agenda::Item;
use crate::domain::change::Change;
use crate::domain::contact::Contact;
use crate::domain::customer::{Customer, Standing};
use crate::domain::family::{Part, PartRow};
use crate::domain::field::Edit;
use crate::domain::household::Household;
use crate::domain::ids::{CustomerId, OpId, StaffId};
use crate::domain::rights::About;
use crate::domain::subject::Privacy;
use crate::domain::tier::moves::Kept;
use crate::domain::tier::{Figures, Lines, Step, Tier};
use crate::index::row::Row;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Everything the archive pane shows, in one read.
    Open {
        /// Which.
        id: CustomerId,
        /// Today, for what is due.
        today: NaiveDate,
    },
    /// How a customer came into the tier in force.
    Tier {
        /// Which.
        id: CustomerId,
        /// Today, for a hold that ended.
        today: NaiveDate,
    },
    /// The row of a customer number.
    Numbered {
        /// The number, in capitals or not.
        no: String,
    },
    /// The customers a search may find, from the file, for when no index is at hand.
    Likely {
        /// What was typed.
        text: String,
        /// How many hits are listed; sorted by match.
        limit: usize,
    },
    /// Who already has this ID, phone, or name and birthday.
    Known {
        /// Document number or empty.
        document: String,
        /// Phone or empty.
        phone: String,
        /// Name or empty.
        name: String,
        /// Birthday.
        birth: Option<NaiveDate>,
        /// Not this one.
        except: Option<CustomerId>,
    },
    /// Saves changed fields; the seam of issue 3's merge: fields changed on one side only merge by themselves.
    Save {
        /// The operation.
        op: OpId,
        /// Which.
        id: CustomerId,
        /// The rev the edit started from.
        base_rev: i64,
        /// Changed fields, canonical text.
        edits: Vec<Edit>,
        /// Why, may be empty.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// A new archive; id, rev and, when empty, no are given by the store.
    Create {
        /// The operation.
        op: OpId,
        /// The archive.
        customer: Box<Customer>,
        /// Who and when.
        stamp: Stamp,
    },
    /// Puts one field back to what it was before change `seq`.
    PutBack {
        /// The operation.
        op: OpId,
        /// The change.
        seq: i64,
        /// The field.
        field: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Adds, changes (`row`) or removes (`part` is `None`) a part of an archive.
    Part {
        /// The operation.
        op: OpId,
        /// Whose archive.
        customer: CustomerId,
        /// The row changed as it was read; `None` adds. What a colleague changed meanwhile is told from one's own by it.
        row: Option<Box<PartRow>>,
        /// The part as it should be; `None` removes.
        part: Option<Part>,
        /// Who and when.
        stamp: Stamp,
    },
    /// Gives customers to another keeper.
    Keeper {
        /// The operation.
        op: OpId,
        /// Which.
        ids: Vec<CustomerId>,
        /// 责任人
        owner: Option<StaffId>,
        /// The newest change known when that was chosen: whom a colleague gave away since is asked about.
        seen: i64,
        /// Why.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
    /// Holds a customer at a tier, or lifts the hold (`tier` is `None`).
    Hold {
        /// The operation.
        op: OpId,
        /// Which.
        id: CustomerId,
        /// The tier and the last day it holds.
        tier: Option<(Tier, NaiveDate)>,
        /// The newest change known when that was chosen.
        seen: i64,
        /// Why.
        reason: String,
        /// Who and when.
        stamp: Stamp,
    },
}

/// Everything the archive pane shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The archive.
    pub customer: Customer,
    /// Figures, tier, stage, last contact.
    pub standing: Standing,
    /// Family members, occasions, links, remarks, entitlements, in the order they were added.
    pub parts: Vec<PartRow>,
    /// The family's assets, where archives are linked as family.
    pub household: Option<Household>,
    /// Names and numbers of linked archives.
    pub linked: Vec<(CustomerId, String, String)>,
    /// The ledger, newest first, at most 200.
    pub contacts: Vec<Contact>,
    /// How many contacts there are in all.
    pub contacts_total: u32,
    /// Figures over time, oldest first, at most 400.
    pub figures: Vec<Figures>,
    /// Changes, newest first, at most 200.
    pub changes: Vec<Change>,
    /// Open lines of the queue about this customer, in order.
    pub due: Vec<Item>,
    /// What the customer agreed to and asks of their data.
    pub privacy: Privacy,
}

impl Opened {
    /// Where the customer stands: who keeps them, and whose hands a line about them lies in.
    pub fn about(&self) -> About {
        About {
            owner: self.customer.owner,
            assistant: self.customer.assistant,
            tier: self.standing.tier,
            hands: self.due.iter().filter_map(|line| line.owner).collect(),
        }
    }
}

/// How a customer came into the tier in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Which.
    pub id: CustomerId,
    /// 客户号
    pub no: String,
    /// 姓名
    pub name: String,
    /// The tier in force, the hold, the latest figures.
    pub standing: Standing,
    /// Every data date, oldest first, with the lines that held for it.
    pub steps: Vec<(Step, Lines)>,
    /// Every move that was kept, newest first.
    pub moves: Vec<Kept>,
}

/// The customers a search may find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likely {
    /// Those listed are among them; an index of these lists what the index of all would.
    pub rows: Vec<Row>,
    /// All that are found are among them, so that they may be counted.
    pub all: bool,
}

/// Somebody who is already known, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Row id.
    pub id: CustomerId,
    /// 客户号
    pub no: String,
    /// Name.
    pub name: String,
    /// What is the same.
    pub by: KnownBy,
}

/// What is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownBy {
    /// The document number: the same person; a second archive is refused.
    Document,
    /// The phone.
    Phone,
    /// Name and birthday.
    NameAndBirthday,
}

/// A field that a colleague changed first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Whose archive.
    pub customer: CustomerId,
    /// Their name.
    pub name: String,
    /// The field; `owner`, `hold`; `part` for a part as a whole.
    pub field: String,
    /// What it was when the edit began.
    pub before: String,
    /// What it is now.
    pub theirs: String,
    /// What was typed.
    pub mine: String,
    /// Who changed this field last.
    pub by: Option<StaffId>,
    /// When.
    pub at: Option<NaiveDateTime>,
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// The archive.
    Opened(Box<Opened>),
    /// Who has the number.
    Numbered(Option<CustomerId>),
    /// Who may be found; `None` when only the index can tell.
    Likely(Option<Likely>),
    /// Those already known.
    Known(Vec<Known>),
    /// How a customer came into the tier in force.
    Tier(Box<Explained>),
    /// Saved, created, put back, part changed: the archive as it is now, its index row, and the seq of the change.
    Saved {
        /// The archive.
        opened: Box<Opened>,
        /// Its row in the index.
        row: Box<Row>,
        /// The newest seq.
        seq: i64,
    },
    /// A colleague changed the same first; nothing was saved.
    Clash {
        /// What both changed.
        fields: Vec<Clash>,
        /// What was asked, put on top of what is there now: asked again as it is, it takes all of mine.
        ask: Box<Ask>,
        /// The archive as it is now; none where several are asked about.
        opened: Option<Box<Opened>>,
    },
    /// The archive is not there any more; nothing was saved. What was asked comes back, so that its text is not lost.
    Gone {
        /// What was asked.
        ask: Box<Ask>,
    },
    /// Several rows changed (keepers): their index rows.
    Moved {
        /// The rows.
        rows: Vec<Row>,
        /// The newest seq.
        seq: i64,
    },
}
