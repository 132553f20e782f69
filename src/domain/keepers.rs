//! Who keeps whom (岗位 × 级别 × 片区, domain.md "Roles", "Tiers"): the rules that propose a keeper, and standing in for one who is
//! away (代理). How a customer changes hands is kept in the store.

use super::ids::StaffId;
use super::staff::{Role, Staff};
use super::tier::Tier;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Working days within which a hand-over is answered.
pub const ANSWER_DAYS: usize = 2;

/// One rule: which posts keep the customers of a tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// 级别
    pub tier: Tier,
    /// 片区; empty is every area without a rule of its own.
    #[serde(default)]
    pub area: String,
    /// The post of the keeper (责任人).
    pub owner: Role,
    /// The post of the assistant (协管人), where there is one.
    #[serde(default)]
    pub assistant: Option<Role>,
    /// Staff code of the one who keeps all of them (责任田), where the branch has named somebody.
    #[serde(default)]
    pub keeper: String,
}

/// The rules of a branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rules(pub Vec<Rule>);

impl Default for Rules {
    /// The posts of domain.md for each tier, in every area.
    fn default() -> Self {
        let rule = |tier: Tier| {
            let roles = Role::keepers(tier);
            let (owner, assistant) = (*roles.first()?, roles.get(1).copied());
            Some(Rule { tier, area: String::new(), owner, assistant, keeper: String::new() })
        };
        Rules(Tier::ALL.into_iter().filter_map(rule).collect())
    }
}

impl Rules {
    /// The rule for a tier and area: the area's own, else the one for all.
    pub fn of(&self, tier: Tier, area: &str) -> Option<&Rule> {
        let own = self.0.iter().find(|r| r.tier == tier && !r.area.is_empty() && r.area == area);
        own.or_else(|| self.0.iter().find(|r| r.tier == tier && r.area.is_empty()))
    }

    /// Whether somebody of this post keeps customers of a tier; where no rule wants anybody, everybody does.
    pub fn keeps(&self, role: Role, tier: Tier, area: &str) -> bool {
        self.of(tier, area).is_none_or(|r| r.owner == role || r.assistant == Some(role))
    }
}

/// Customers that each keeper has of each tier, those on their way to them included.
pub type Loads = BTreeMap<(StaffId, Tier), u32>;

/// What of a customer the rules look at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wants {
    /// Tier in force.
    pub tier: Option<Tier>,
    /// 片区
    pub area: String,
    /// 协管人 now.
    pub assistant: Option<StaffId>,
}

/// The keeper and the assistant that the rules propose: the one named for the area, else of the post the one of the area, then of no
/// area, then anybody; of several the one with fewest customers of that tier, then by staff code. Nobody where no rule wants anybody, or
/// nobody of the posts works here.
pub fn propose(rules: &Rules, staff: &[Staff], loads: &Loads, c: &Wants) -> Option<(StaffId, Option<StaffId>)> {
    let tier = c.tier?;
    let rule = rules.of(tier, &c.area)?;
    let named = staff.iter().find(|s| s.active && !rule.keeper.is_empty() && s.code.eq_ignore_ascii_case(&rule.keeper));
    let owner = named
        .map(|s| s.id)
        .or_else(|| pick(rule.owner, None, tier, &c.area, staff, loads))
        .or_else(|| pick(rule.assistant?, None, tier, &c.area, staff, loads))?;
    Some((owner, assistant(rules, staff, loads, c, owner)))
}

/// The assistant beside a new keeper: the present one stays while they work here, else the rules choose.
pub fn assistant(rules: &Rules, staff: &[Staff], loads: &Loads, c: &Wants, owner: StaffId) -> Option<StaffId> {
    let stays = c.assistant.filter(|a| *a != owner && staff.iter().any(|s| s.id == *a && s.active));
    let tier = c.tier;
    stays.or_else(|| {
        let tier = tier?;
        pick(rules.of(tier, &c.area)?.assistant?, Some(owner), tier, &c.area, staff, loads)
    })
}

fn pick(
    role: Role,
    except: Option<StaffId>,
    tier: Tier,
    area: &str,
    staff: &[Staff],
    loads: &Loads,
) -> Option<StaffId> {
    let of_role = || staff.iter().filter(|s| s.active && s.role == role && Some(s.id) != except);
    let least = |people: &mut dyn Iterator<Item = &Staff>| {
        people.min_by_key(|s| (loads.get(&(s.id, tier)).copied().unwrap_or(0), s.code.to_lowercase())).map(|s| s.id)
    };
    least(&mut of_role().filter(|s| !area.is_empty() && s.area == area))
        .or_else(|| least(&mut of_role().filter(|s| s.area.is_empty())))
        .or_else(|| least(&mut of_role()))
}

/// 代理: somebody stands in for one who is away, from day to day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Row id.
    pub id: i64,
    /// Who is away.
    pub staff: StaffId,
    /// Who stands in.
    pub to: StaffId,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
}

impl Delegation {
    /// Whether it holds on a day.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.until
    }
}

/// Whether `by` stands in for `whose` on a day.
pub fn acts_for(all: &[Delegation], by: StaffId, whose: StaffId, day: NaiveDate) -> bool {
    by != whose && all.iter().any(|d| d.to == by && d.staff == whose && d.holds(day))
}

/// For whom somebody stands in on a day.
pub fn absent(all: &[Delegation], by: StaffId, day: NaiveDate) -> impl Iterator<Item = StaffId> + '_ {
    all.iter().filter(move |d| d.to == by && d.staff != by && d.holds(day)).map(|d| d.staff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: i64, code: &str, role: Role, area: &str) -> Staff {
        Staff { id: StaffId(id), area: area.to_owned(), ..Staff::new(code, code, role) }
    }

    fn people() -> Vec<Staff> {
        vec![
            person(1, "hc", Role::HighCounter, ""),
            person(2, "lc", Role::LowCounter, ""),
            person(3, "am_b", Role::AccountManager, "玉溪镇"),
            person(4, "am_a", Role::AccountManager, "玉溪镇"),
            person(5, "am_c", Role::AccountManager, ""),
            person(6, "lobby", Role::LobbyManager, ""),
            person(7, "sup", Role::AmSupervisor, ""),
            Staff { active: false, ..person(8, "boss_of_old", Role::BranchManager, "") },
        ]
    }

    fn wants(tier: Tier, area: &str) -> Wants {
        Wants { tier: Some(tier), area: area.to_owned(), assistant: None }
    }

    #[test]
    fn the_rules_propose_by_tier_area_and_load() {
        let (staff, rules) = (people(), Rules::default());
        let mut loads = Loads::new();
        loads.insert((StaffId(4), Tier::Vip), 3);
        // Tier, area, keeper, assistant.
        for (tier, area, owner, assistant) in [
            (Tier::Untiered, "玉溪镇", None, None),
            (Tier::Small, "玉溪镇", Some(1), None),
            (Tier::Ordinary, "", Some(2), None),
            // Two of the area with as few: the staff code decides.
            (Tier::Potential, "玉溪镇", Some(4), Some(6)),
            // The other has fewer of this tier.
            (Tier::Vip, "玉溪镇", Some(3), Some(7)),
            // Nobody has that area: the one without an area.
            (Tier::Vip, "大磏镇", Some(5), Some(7)),
            // The branch manager left: the supervisor, who then needs no assistant of the same post.
            (Tier::Big, "", Some(7), None),
        ] {
            let found = propose(&rules, &staff, &loads, &wants(tier, area));
            let ids = found.map(|(o, a)| (o.0, a.map(|a| a.0)));
            assert_eq!(ids, owner.map(|o| (o, assistant)), "{tier:?} {area}");
        }
        assert_eq!(propose(&rules, &staff, &loads, &Wants::default()), None);
    }

    #[test]
    fn a_rule_of_an_area_comes_before_the_one_for_all_and_may_name_somebody() {
        let staff = people();
        let mut rules = Rules::default();
        let own = Rule {
            tier: Tier::Ordinary,
            area: "玉溪镇".to_owned(),
            owner: Role::AccountManager,
            assistant: None,
            keeper: "AM_C".to_owned(),
        };
        rules.0.push(own);
        let found = |area: &str| propose(&rules, &staff, &Loads::new(), &wants(Tier::Ordinary, area)).map(|(o, _)| o.0);
        assert_eq!((found("玉溪镇"), found("大磏镇")), (Some(5), Some(2)));
        assert!(rules.keeps(Role::AccountManager, Tier::Ordinary, "玉溪镇"));
        assert!(!rules.keeps(Role::AccountManager, Tier::Ordinary, "大磏镇"));
        assert!(rules.keeps(Role::HighCounter, Tier::Untiered, ""));
    }

    #[test]
    fn the_assistant_stays_while_they_work_here_and_are_not_the_keeper() {
        let (staff, rules) = (people(), Rules::default());
        for (now, then) in [(Some(2), Some(2)), (Some(8), Some(6)), (Some(5), Some(6)), (None, Some(6))] {
            let c = Wants { assistant: now.map(StaffId), ..wants(Tier::Potential, "") };
            let found = propose(&rules, &staff, &Loads::new(), &c).and_then(|(_, a)| a).map(|a| a.0);
            assert_eq!(found, then, "{now:?}");
        }
    }

    #[test]
    fn one_stands_in_from_the_first_day_to_the_last() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        let all = [Delegation {
            id: 1,
            staff: StaffId(1),
            to: StaffId(2),
            from: day(23),
            until: day(25),
            reason: "强制休假".to_owned(),
        }];
        for (d, holds) in [(22, false), (23, true), (25, true), (26, false)] {
            assert_eq!(acts_for(&all, StaffId(2), StaffId(1), day(d)), holds);
            assert_eq!(absent(&all, StaffId(2), day(d)).count(), usize::from(holds));
        }
        assert!(!acts_for(&all, StaffId(1), StaffId(2), day(24)));
    }
}
