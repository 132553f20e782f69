//! 业绩统计: what the branch's facts come to, put together for those who may see them: money that went to other banks, customers who
//! stay and borrow again, work targets and how far they are reached, who brought and who took a customer. How the facts are read does
//! not live here.

pub mod credit;
pub mod loyal;
pub mod outflow;
pub mod targets;

use super::ids::StaffId;
use super::keepers::acts_for;
use super::rights::{Action, Eyes, Reach};
use super::staff::above;

/// Whose customers are counted: those of the keepers that somebody may open in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    /// How far it goes.
    pub reach: Reach,
    people: Vec<StaffId>,
}

impl Over {
    /// What the one who asks sees; nothing where they open nobody's archive.
    pub fn of(eyes: &Eyes<'_>) -> Option<Over> {
        let reach = eyes.reach(Action::Open)?;
        let own = |id: StaffId| id == eyes.by || acts_for(eyes.delegates, eyes.by, id, eyes.today);
        let led = |id: StaffId| reach >= Reach::Team && above(eyes.staff, id).contains(&eyes.by);
        let people = eyes.staff.iter().map(|s| s.id).filter(|id| own(*id) || led(*id)).collect();
        Some(Over { reach, people })
    }

    /// Whether customers of this keeper are counted; those that nobody keeps only for who sees the branch.
    pub fn has(&self, keeper: Option<StaffId>) -> bool {
        self.reach == Reach::Branch || keeper.is_some_and(|k| self.people.contains(&k))
    }
}

/// A part of a whole in tenths of a per cent, rounded half up; nothing of nothing.
pub fn tenths(part: u64, whole: u64) -> Option<u32> {
    let (part, whole) = (u128::from(part), u128::from(whole));
    (whole > 0).then(|| u32::try_from((part * 2_000 + whole) / (whole * 2)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::staff::{Role, Staff};
    use chrono::NaiveDate;

    #[test]
    fn a_manager_counts_their_own_a_supervisor_the_team_and_the_head_everybody() {
        let posts = [Role::AccountManager, Role::AccountManager, Role::AmSupervisor, Role::BranchManager];
        let mut staff: Vec<Staff> = posts.iter().map(|r| Staff::new(r.code(), r.label().zh, *r)).collect();
        for (n, s) in (1..).zip(&mut staff) {
            s.id = StaffId(n);
        }
        staff[0].leader = Some(StaffId(3));
        let seen = |by: i64| {
            let eyes = Eyes { staff: &staff, delegates: &[], by: StaffId(by), today: NaiveDate::default() };
            let over = Over::of(&eyes).unwrap();
            [None, Some(1), Some(2), Some(3)].map(|k| over.has(k.map(StaffId)))
        };
        assert_eq!(seen(1), [false, true, false, false]);
        assert_eq!(seen(3), [false, true, false, true]);
        assert_eq!(seen(4), [true; 4]);
    }

    #[test]
    fn a_share_is_of_something() {
        assert_eq!((tenths(1, 3), tenths(2, 3), tenths(0, 5), tenths(2, 0)), (Some(333), Some(667), Some(0), None));
    }
}
