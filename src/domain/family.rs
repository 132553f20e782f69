//! What hangs on an archive: family members, yearly occasions, links to other people, remarks, entitlements. Each is a small record with
//! fields of its own.

use super::calendar::lunar::LunarDay;
use super::calendar::yearly::Yearly;
use super::customer::Keeps;
use super::entitlement::Entitlement;
use super::ids::{CustomerId, PartId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A member of the family (feature 6).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Member {
    /// Relation code: spouse, son, daughter, father, mother, …
    pub relation: String,
    /// Name.
    pub name: String,
    /// Solar birthday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth: Option<NaiveDate>,
    /// Lunar birthday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lunar: Option<LunarDay>,
    /// Which one is celebrated.
    pub keeps: Keeps,
    /// School attended.
    pub school: String,
    /// Year of starting school (入学), September; reminds in August.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub school_year: Option<i32>,
    /// Year of 中考 or 高考, June; reminds in June.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exam_year: Option<i32>,
    /// Their own archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked: Option<CustomerId>,
    /// Anything else.
    pub note: String,
}

/// A date of every year worth a call: wedding day, opening day of the shop (domain.md "family occasions").
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Occasion {
    /// What it is, in the customer's words.
    pub label: String,
    /// When.
    pub on: Option<Yearly>,
    /// The year it began, for "20 years".
    pub since: Option<i32>,
    /// Anything else.
    pub note: String,
}

/// A link to somebody (人际, feature 7).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// Kind code: relative, colleague, trade, introducer, guarantor, friend.
    pub kind: String,
    /// Their name.
    pub name: String,
    /// Their own archive.
    pub linked: Option<CustomerId>,
    /// Anything else.
    pub note: String,
}

/// Something told that is not a contact: a need, feedback, a problem, news (features 10, 28, 31, 81).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Remark {
    /// Kind code: need, feedback, problem, news.
    pub kind: String,
    /// The text.
    pub text: String,
    /// State code: open, done.
    pub state: String,
    /// The day it was told.
    pub on: Option<NaiveDate>,
}

/// A row that belongs to an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum Part {
    /// A family member.
    Member(Member),
    /// A yearly occasion.
    Occasion(Occasion),
    /// A link.
    Link(Link),
    /// A remark.
    Remark(Remark),
    /// 优惠与额度
    Entitlement(Entitlement),
}

impl Part {
    /// What one would call it.
    pub fn name(&self) -> &str {
        match self {
            Part::Member(m) => &m.name,
            Part::Occasion(o) => &o.label,
            Part::Link(l) => &l.name,
            Part::Remark(r) => &r.text,
            Part::Entitlement(e) => &e.text,
        }
    }
}

/// A part with its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartRow {
    /// Row id.
    pub id: PartId,
    /// How often it was saved.
    pub rev: i64,
    /// Whose archive.
    pub customer: CustomerId,
    /// The part.
    pub part: Part,
}
