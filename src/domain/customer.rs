//! A customer: the record that the archive's fields read and write, and what is derived beside it. Which fields there are is
//! said in `archive`.

use super::calendar::lunar::LunarDay;
use super::ids::{CustomerId, StaffId};
use super::lifecycle::Stage;
use super::tier::{Figures, Override, Tier};
use super::values::document::Document;
use super::values::money::Fen;
pub use super::values::sex::Sex;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What sort of customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// 个人
    #[default]
    Person,
    /// 小微企业
    Business,
    /// 潜在客户, no account yet (feature 86)
    Prospect,
}

/// Which birthday is celebrated; many elders keep the lunar one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeps {
    /// 过公历
    #[default]
    Solar,
    /// 过农历
    Lunar,
}

/// The archive of a customer, as its fields read and write it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Customer {
    /// Row id.
    pub id: CustomerId,
    /// How often the row was saved; a save names the one it started from.
    pub rev: i64,
    /// 客户号 of the core system; `P` and digits for those who have none yet.
    pub no: String,
    /// Person, business or prospect.
    pub sort: Sort,
    /// 姓名
    pub name: String,
    /// 性别
    pub sex: Option<Sex>,
    /// Solar date of birth.
    pub birth: Option<NaiveDate>,
    /// Lunar birthday; derived from `birth` where it was not typed.
    pub lunar: Option<LunarDay>,
    /// Which of the two is celebrated.
    pub keeps: Keeps,
    /// 证件
    pub document: Option<Document>,
    /// 手机, digits only.
    pub phone: String,
    /// A second phone.
    pub phone2: String,
    /// 地址
    pub address: String,
    /// 片区
    pub area: String,
    /// 责任人
    pub owner: Option<StaffId>,
    /// 协管人
    pub assistant: Option<StaffId>,
    /// 开户日
    pub opened: Option<NaiveDate>,
    /// 开户机构
    pub opened_at: String,
    /// 资产估计, by hand, shown with 估.
    pub estimate: Option<Fen>,
    /// Days between visits, if not the tier's.
    pub cadence: Option<u16>,
    /// 核对日期: when the archive was last verified.
    pub verified: Option<NaiveDate>,
    /// Fields that carry no rule of their own (the eight groups), by code, canonical text.
    pub notes: BTreeMap<String, String>,
    /// Codes of the fields entered by hand; an import keeps those.
    pub hand: BTreeSet<String>,
}

impl Customer {
    /// The number of their document; empty without one.
    pub fn document_number(&self) -> &str {
        self.document.as_ref().map_or("", |d| d.number.as_str())
    }
}

/// What is known beside the archive: figures, tier, stage, last contact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// The latest figures of the core system.
    pub figures: Option<Figures>,
    /// Set by hand, while it holds.
    pub held: Option<Override>,
    /// The tier in force; `None` without figures.
    pub tier: Option<Tier>,
    /// Life-cycle stage.
    pub stage: Option<Stage>,
    /// The last real contact.
    pub last_contact: Option<NaiveDate>,
    /// When the next visit is due, already moved to a working day.
    pub next_visit: Option<NaiveDate>,
    /// 0–100.
    pub completeness: u8,
    /// When the archive was begun in guitai.
    pub created: Option<NaiveDateTime>,
    /// When it was last saved, and by whom.
    pub updated: Option<(NaiveDateTime, StaffId)>,
}
