//! Whose figures and ledger one sees, worked out once so that it can be asked of a million customers. It says the same as
//! [`Eyes::may`] for whoever keeps and helps; in whose hands a matter lies is not known here.

use super::ids::StaffId;
use super::keepers::acts_for;
use super::rights::{Action, Eyes, Reach};
use super::staff::{Role, above};
use super::tier::Tier;
use std::collections::{BTreeMap, BTreeSet};

/// What stands for what one does not see: everybody, nobody, or those of some keepers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sight {
    far: Far,
    /// Whose customers are seen: one's own, those of whom one stands in for, of whom one leads.
    near: BTreeSet<StaffId>,
    /// Everybody who works here, with their post.
    posts: BTreeMap<StaffId, Role>,
    /// The post of the one who looks.
    post: Option<Role>,
}

/// How far it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Far {
    /// Everybody.
    #[default]
    Whole,
    /// As the keepers say.
    Some,
    /// Nobody.
    None,
}

impl Sight {
    /// Everybody is seen.
    pub fn whole() -> Sight {
        Sight::default()
    }

    /// Nobody is seen: nobody sits there.
    pub fn none() -> Sight {
        Sight { far: Far::None, ..Sight::default() }
    }

    /// Whom these eyes see for an action.
    pub fn of(eyes: &Eyes<'_>, action: Action) -> Sight {
        let reach = match eyes.reach(action) {
            Some(Reach::Branch) => return Sight::whole(),
            Some(reach) => reach,
            None => return Sight::none(),
        };
        let leads = |id: StaffId| reach >= Reach::Team && above(eyes.staff, id).contains(&eyes.by);
        let mine = |id: StaffId| id == eyes.by || acts_for(eyes.delegates, eyes.by, id, eyes.today);
        let active = || eyes.staff.iter().filter(|s| s.active);
        Sight {
            far: Far::Some,
            near: eyes.staff.iter().map(|s| s.id).filter(|id| mine(*id) || leads(*id)).collect(),
            posts: active().map(|s| (s.id, s.role)).collect(),
            post: active().find(|s| s.id == eyes.by).map(|s| s.role),
        }
    }

    /// Whether everybody is seen.
    pub fn is_whole(&self) -> bool {
        self.far == Far::Whole
    }

    /// Whether the customers of this keeper or helper are seen whatever their tier.
    pub fn near(&self, staff: StaffId) -> bool {
        self.near.contains(&staff)
    }

    /// Whether a customer of this keeper, helper and tier is seen.
    pub fn reaches(&self, owner: Option<StaffId>, assistant: Option<StaffId>, tier: Option<Tier>) -> bool {
        match self.far {
            Far::Whole => true,
            Far::None => false,
            Far::Some => {
                owner.into_iter().chain(assistant).any(|id| self.near(id))
                    || match owner.and_then(|id| self.posts.get(&id)) {
                        // Whom nobody keeps is whoever's greets them.
                        None => true,
                        Some(keeper) => {
                            let collector = Role::collector(tier);
                            self.post == Some(collector) && *keeper != collector
                        }
                    }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::keepers::Delegation;
    use crate::domain::rights::About;
    use crate::domain::staff::Staff;
    use chrono::NaiveDate;

    /// Two of each post, a lead over the second account manager and the first low counter, one who left.
    fn people() -> Vec<Staff> {
        let mut all: Vec<Staff> = Role::ALL
            .iter()
            .flat_map(|r| [1, 2].map(|n| Staff::new(format!("{}{n}", r.code()), r.label().zh, *r)))
            .chain([Staff::new("gone", "离岗", Role::AccountManager)])
            .collect();
        for (i, s) in all.iter_mut().enumerate() {
            s.id = StaffId(i64::try_from(i).unwrap() + 1);
        }
        let lead = all.iter().find(|s| s.role == Role::AmSupervisor).map(|s| s.id);
        let last = all.len() - 1;
        for at in [2, 7, last] {
            all[at].leader = lead;
        }
        all[last].active = false;
        all
    }

    #[test]
    fn it_says_the_same_as_the_table_of_rights_for_every_post_keeper_helper_and_tier() {
        let staff = people();
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let stands_in =
            Delegation { id: 1, staff: staff[6].id, to: staff[0].id, from: today, until: today, reason: String::new() };
        let whose = || staff.iter().map(|s| Some(s.id)).chain([None, Some(StaffId(99))]);
        let (mut seen, mut not) = (0, 0);
        for by in staff.iter().map(|s| s.id) {
            let eyes = Eyes { staff: &staff, delegates: std::slice::from_ref(&stands_in), by, today };
            let sight = Sight::of(&eyes, Action::Open);
            for owner in whose() {
                for assistant in whose() {
                    for tier in Tier::ALL.into_iter().map(Some).chain([None]) {
                        let may = eyes.may(Action::Open, &About { owner, assistant, tier, hands: Vec::new() });
                        assert_eq!(
                            sight.reaches(owner, assistant, tier),
                            may,
                            "{by:?} {owner:?} {assistant:?} {tier:?}"
                        );
                        if may { seen += 1 } else { not += 1 }
                    }
                }
            }
        }
        assert!(seen > 1000 && not > 1000, "{seen} {not}");
    }

    #[test]
    fn where_nobody_may_see_all_everybody_does_and_where_nobody_sits_nobody_is_seen() {
        let staff = [Staff::new("am", "王敏", Role::AccountManager)];
        let eyes = Eyes { staff: &staff, delegates: &[], by: staff[0].id, today: NaiveDate::default() };
        assert!(Sight::of(&eyes, Action::Open).is_whole());
        assert!(!Sight::none().reaches(None, None, None));
    }
}
