//! The dealings of the demo put into the file as the core system's lists would: those of a month ago, then those of the day before.

use super::Branch;
use super::customers::Life;
use super::dealings::BEFORE;
use crate::domain::ids::{CustomerId, StaffId};
use crate::store::dealings::given::{Fact, Given};
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};

/// A list: its layout, its data date, what it says of whom.
type List = (&'static str, NaiveDate, Vec<(CustomerId, Fact)>);

/// Puts them in.
///
/// # Errors
/// What the file says.
pub(super) fn dealings(
    file: &mut File,
    branch: &Branch,
    ids: &[CustomerId],
    by: StaffId,
    day: NaiveDate,
) -> Result<(), Failure> {
    let last = day.pred_opt().unwrap_or(day);
    let before = last.checked_sub_days(Days::new(BEFORE)).unwrap_or(last);
    let all = |facts: fn(&Life) -> Vec<Fact>| -> Vec<(CustomerId, Fact)> {
        let each = branch.lives.iter().zip(ids);
        each.flat_map(|(life, id)| facts(life).into_iter().map(|f| (*id, f))).collect()
    };
    let lists: [List; 7] = [
        ("持有", before, all(|l| l.dealt.held_before.iter().cloned().map(Fact::Holding).collect())),
        ("贷款", before, all(|l| l.dealt.lent_before.iter().cloned().map(Fact::Loan).collect())),
        ("持有", last, all(|l| l.dealt.holdings.iter().cloned().map(Fact::Holding).collect())),
        ("贷款", last, all(|l| l.dealt.loans.iter().cloned().map(Fact::Loan).collect())),
        ("签约", last, all(|l| l.dealt.services.iter().cloned().map(Fact::Service).collect())),
        ("评级", last, all(|l| l.dealt.ratings.iter().cloned().map(Fact::Rating).collect())),
        ("交易", last, all(|l| l.dealt.txns.iter().cloned().map(Fact::Txn).collect())),
    ];
    for (layout, as_of, facts) in lists {
        let today = as_of.succ_opt().unwrap_or(as_of);
        let stamp = Stamp::new(by, today.and_time(NaiveTime::MIN) + TimeDelta::hours(8), today);
        file.give(&Given { name: format!("{layout}.csv"), layout, as_of, facts }, &stamp)?;
    }
    Ok(())
}
