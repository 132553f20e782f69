//! What a full list no longer lists: 持有, 贷款 and 签约 name everything in force, so a contract that a newer file lacks has ended. A file
//! that lacks more than half of them is taken for a part of the list and ends nothing.

use super::place::Whose;
use super::stage::{Staging, Words, connection, word};
use crate::domain::ids::CustomerId;
use crate::store::request::Failure;
use crate::store::wait;
use rusqlite::types::ValueRef;

/// What a full list came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Absent {
    /// Contracts that the list lacks, and that were ended.
    pub closed: u64,
    /// Contracts that it lacks although nothing was ended: it is a part of the list.
    pub left: u64,
}

/// A version in force that this batch neither brought nor ended.
struct Version {
    whose: Whose,
    key: String,
    since: i64,
}

impl Staging<'_> {
    /// Ends what the list lacks, but nothing of the customers `spared`, of whom a row was rejected.
    ///
    /// # Errors
    /// What the file says.
    pub fn end_absent(&mut self, spared: &Words<i64>) -> Result<Absent, Failure> {
        self.leave()?;
        if !self.plan.kind.full {
            return Ok(Absent::default());
        }
        let (mut lacking, mut force) = (0_u64, 0_u64);
        self.scan(|version, same| {
            force += 1;
            lacking += u64::from(!same && !spared.contains(&version.whose.customer.0));
        })?;
        force += self.replaced()?;
        if lacking == 0 {
            return Ok(Absent::default());
        }
        if lacking * 2 > force {
            return Ok(Absent { closed: 0, left: lacking });
        }
        let mut absent = Vec::new();
        self.scan(|version, same| {
            if !same && !spared.contains(&version.whose.customer.0) {
                absent.push(version);
            }
        })?;
        for version in &absent {
            self.end(version.whose, &[ValueRef::Text(version.key.as_bytes())], version.since)?;
        }
        self.leave()?;
        Ok(Absent { closed: absent.len() as u64, left: 0 })
    }

    /// Every version in force of earlier batches, and whether the list has it as it is.
    fn scan(&mut self, mut each: impl FnMut(Version, bool)) -> Result<(), Failure> {
        self.file.patience.renew(wait::FOR_A_READ);
        let kind = self.plan.kind;
        let key = kind.keys.first().copied().unwrap_or_default();
        let sql =
            format!("SELECT customer, account, {key}, since FROM {} WHERE until IS NULL AND since <> ?", kind.table);
        let mut statement = connection(self.file)?.prepare(&sql)?;
        let mut rows = statement.query([self.n])?;
        while let Some(r) = rows.next()? {
            let whose = Whose { customer: CustomerId(r.get(0)?), account: r.get(1)? };
            let same = self.same.contains(&word(whose, &[r.get_ref(2)?]));
            each(Version { whose, key: r.get(2)?, since: r.get(3)? }, same);
        }
        Ok(())
    }

    /// How many versions the batch replaced.
    fn replaced(&self) -> Result<u64, Failure> {
        let sql = format!("SELECT count(*) FROM {} WHERE until = ?", self.plan.kind.table);
        let count: i64 = connection(self.file)?.query_row(&sql, [self.n], |r| r.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}
