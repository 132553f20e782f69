//! Facts that are at hand rather than in a file, staged and made current like those of any file: the making of the demo, and of branches
//! that tests try.

use super::fact::{self, LAYOUTS};
use super::stage::{Plan, Put};
use crate::domain::dealings::holding::Holding;
use crate::domain::dealings::loan::Loan;
use crate::domain::dealings::rating::Rating;
use crate::domain::dealings::service::Service;
use crate::domain::dealings::txn::Txn;
use crate::domain::ids::CustomerId;
use crate::store::bulk::BatchFile;
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use crate::store::table;
use crate::store::write::edit;
use chrono::NaiveDate;

/// A fact of one of the layouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// 持有
    Holding(Holding),
    /// 贷款
    Loan(Loan),
    /// 签约
    Service(Service),
    /// 评级
    Rating(Rating),
    /// 交易
    Txn(Txn),
}

/// A file of facts of one layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// Its layout, by its Chinese name; 持有, 贷款 and 签约 are full lists, what they lack is ended.
    pub layout: &'static str,
    /// Its data date.
    pub as_of: NaiveDate,
    /// What it says of whom.
    pub facts: Vec<(CustomerId, Fact)>,
}

impl Fact {
    fn lent(&self) -> fact::Fact<'_> {
        match self {
            Fact::Holding(h) => fact::Fact::Holding(h),
            Fact::Loan(l) => fact::Fact::Loan(l),
            Fact::Service(s) => fact::Fact::Service(s),
            Fact::Rating(r) => fact::Fact::Rating(r),
            Fact::Txn(t) => fact::Fact::Txn(t),
        }
    }
}

impl File {
    /// Puts the facts in, with all that follows from them. Gives the seq of the change.
    ///
    /// # Errors
    /// What the file says; nothing counts then.
    pub fn give(&mut self, given: &Given, stamp: &Stamp) -> Result<i64, Failure> {
        let Some(kind) = LAYOUTS.iter().find(|(name, _)| *name == given.layout).and_then(|(_, kind)| *kind) else {
            return Err(Failure::Gone);
        };
        let conn = self.connection()?;
        let mut facts = Vec::with_capacity(given.facts.len());
        for (customer, fact) in &given.facts {
            facts.push((table::row_of(conn, *customer)?.no, fact));
        }
        let file = BatchFile { name: given.name.clone(), hash: String::new() };
        let mut staging = self.stage(Plan { file, layout: given.layout, kind, shared: false }, stamp)?;
        let (rows, mut new, mut changed, mut closed) = (facts.len(), 0_u64, 0_u64, 0);
        for put in staging.put_all(facts.iter().map(|(no, fact)| (no.as_str(), fact.lent())))? {
            match put {
                Put::New => new += 1,
                Put::Changed => changed += 1,
                _ => {}
            }
        }
        if kind.full {
            closed = staging.end_absent(&Default::default())?.closed;
        }
        let edits = [
            edit("file", "", given.name.as_str()),
            edit("new", "", new.to_string()),
            edit("changed", "", changed.to_string()),
        ];
        let summary = serde_json::json!({ "rows": rows, "new": new, "changed": changed, "unchanged": 0, "rejected": 0, "closed": closed });
        staging.flip(Some(given.as_of), &edits, &summary.to_string())
    }
}
