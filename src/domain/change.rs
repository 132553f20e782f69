//! A change of the file as everybody reads it: feed, audit log and undo list in one. How it is chained and stored does not live
//! here.

use super::field::Edit;
use super::ids::{BatchId, CustomerId, StaffId};
use super::text::{Text, t};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

/// The field of a mark's change that holds what stood behind the line, so that the mark can be taken back. Not for people to read.
pub const IMAGE: &str = "image";

/// The field that says whose word was given beside a change (授权).
pub const SECOND: &str = "second";

/// The field that says that they have no password, so that only their name was given. It stands beside [`SECOND`].
pub const UNPROVED: &str = "second.unproved";

/// The field of a line that gives changes up on purpose that says who did so, also where they are not in the staff of the file.
pub const REWOUND_BY: &str = "rewound.by";

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// The branch itself, its settings and saved things.
    Branch,
    /// A member of staff.
    Staff,
    /// An archive.
    Customer,
    /// A family member, occasion, link, remark or entitlement.
    Part,
    /// A contact.
    Contact,
    /// A mark on a line of the queue.
    Mark,
    /// A task of one's own.
    Task,
    /// A batch: an import.
    Batch,
    /// What a customer agreed to.
    Consent,
    /// What a customer asked of their data.
    Request,
    /// A look at data, an export, a sign-in: nothing changed, but it is written down.
    Access,
}

impl Entity {
    /// All of them.
    pub const ALL: [Entity; 11] = [
        Entity::Branch,
        Entity::Staff,
        Entity::Customer,
        Entity::Part,
        Entity::Contact,
        Entity::Mark,
        Entity::Task,
        Entity::Batch,
        Entity::Consent,
        Entity::Request,
        Entity::Access,
    ];

    /// The code stored.
    pub const fn code(self) -> &'static str {
        match self {
            Entity::Branch => "branch",
            Entity::Staff => "staff",
            Entity::Customer => "customer",
            Entity::Part => "part",
            Entity::Contact => "contact",
            Entity::Mark => "mark",
            Entity::Task => "task",
            Entity::Batch => "batch",
            Entity::Consent => "consent",
            Entity::Request => "request",
            Entity::Access => "access",
        }
    }

    /// The word on screen.
    pub const fn label(self) -> Text {
        match self {
            Entity::Branch => t("网点", "Branch"),
            Entity::Staff => t("员工", "Staff"),
            Entity::Customer => t("档案", "Archive"),
            Entity::Part => t("附页", "Part"),
            Entity::Contact => t("联络", "Contact"),
            Entity::Mark => t("任务", "Task"),
            Entity::Task => t("自办", "Own task"),
            Entity::Batch => t("导入", "Import"),
            Entity::Consent => t("同意", "Consent"),
            Entity::Request => t("信息请求", "Data request"),
            Entity::Access => t("查阅", "Access"),
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its number in the file, from 1, without gaps.
    pub seq: i64,
    /// When, local time of the workstation.
    pub at: NaiveDateTime,
    /// Who.
    pub by: StaffId,
    /// Which workstation.
    pub station: String,
    /// What.
    pub entity: Entity,
    /// The row.
    pub row: i64,
    /// The archive it belongs to.
    pub customer: Option<CustomerId>,
    /// The fields, before and after.
    pub edits: Vec<Edit>,
    /// Why, where a reason is asked for.
    pub reason: String,
    /// The batch it was part of.
    pub batch: Option<BatchId>,
}

impl Change {
    /// What a field became by it.
    pub fn after(&self, field: &str) -> Option<&str> {
        self.edits.iter().find(|e| e.field == field).map(|e| e.after.as_str())
    }

    /// Whether it changed this field of an archive.
    pub fn of_field(&self, field: &str) -> bool {
        self.entity == Entity::Customer && self.after(field).is_some()
    }

    /// Whether it touched this line of the queue: marked it, or did it by a contact.
    pub fn touched(&self, key: &str) -> bool {
        match self.entity {
            Entity::Mark => self.after("key") == Some(key),
            Entity::Contact => self.after("task") == Some(key),
            _ => false,
        }
    }
}
