//! 工作目标: what is to be reached in a month, by the branch, by a post or by one person, and how far it is. What is reached is counted
//! from what the file holds; nobody types it in.

use crate::domain::dealings::due::Kept;
use crate::domain::ids::StaffId;
use crate::domain::rights::Reach;
use crate::domain::staff::{Role, Staff};
use crate::domain::text::{Complaint, Text, t};
use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Metric {
    /// 有效联络: contacts in which the customer was reached.
    Contacts,
    /// 新客户: archives begun by hand in the month, or of an account opened in it.
    Fresh,
    /// 升级客户: customers who rose a tier.
    Lifted,
    /// 续存率: per cent of what matured that is recorded as kept.
    Retained,
}

impl Metric {
    /// All of them, in the order of the columns.
    pub const ALL: [Metric; 4] = [Metric::Contacts, Metric::Fresh, Metric::Lifted, Metric::Retained];

    /// The name for settings and scripts.
    pub const fn code(self) -> &'static str {
        match self {
            Metric::Contacts => "contacts",
            Metric::Fresh => "new",
            Metric::Lifted => "lifted",
            Metric::Retained => "retained",
        }
    }

    /// What it is called.
    pub const fn label(self) -> Text {
        match self {
            Metric::Contacts => t("有效联络", "Contacts"),
            Metric::Fresh => t("新客户", "New"),
            Metric::Lifted => t("升级客户", "Lifted"),
            Metric::Retained => t("续存率%", "Kept %"),
        }
    }

    /// The metric of a code or a label.
    pub fn parse(text: &str) -> Option<Metric> {
        let text = text.trim();
        Metric::ALL.into_iter().find(|m| m.code() == text || m.label().zh.trim_end_matches('%') == text)
    }
}

/// Whose target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whose {
    /// The branch's as a whole.
    Branch,
    /// Everybody's of a post.
    Post(Role),
    /// One person's, by code.
    Person(String),
}

impl Whose {
    /// Whose a word means: `branch`, a post, the code or name of a colleague.
    pub fn parse(text: &str, staff: &[Staff]) -> Option<Whose> {
        let text = text.trim();
        if text == Whose::Branch.key() || text == "网点" {
            return Some(Whose::Branch);
        }
        let person = staff.iter().find(|s| s.active && (s.code.eq_ignore_ascii_case(text) || s.name == text));
        person.map(|s| Whose::Person(s.code.clone())).or_else(|| Role::parse(text).map(Whose::Post))
    }

    fn key(&self) -> &str {
        match self {
            Whose::Branch => "branch",
            Whose::Post(role) => role.code(),
            Whose::Person(code) => code,
        }
    }
}

/// The first day of a month, as every month is named here.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The month of `2026-11`, by its first day.
pub fn parse_month(text: &str) -> Option<NaiveDate> {
    let (year, month) = text.trim().split_once('-')?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)
}

/// The month so many months later, earlier where negative.
pub fn months_on(month: NaiveDate, by: i32) -> NaiveDate {
    let step = Months::new(by.unsigned_abs());
    let other = if by < 0 { month.checked_sub_months(step) } else { month.checked_add_months(step) };
    other.unwrap_or(month)
}

/// The last day of a month.
pub fn last_of(month: NaiveDate) -> NaiveDate {
    months_on(month, 1).pred_opt().unwrap_or(month)
}

/// The targets of a branch: what is to be reached, by whose, month and metric (`wangmin 2026-11 contacts`; `*` is every month).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Targets(BTreeMap<String, u32>);

/// The most a target may be.
const MOST: u32 = 100_000;

impl Targets {
    /// How a target is named: whose, month, metric.
    pub fn key(whose: &Whose, month: Option<NaiveDate>, metric: Metric) -> String {
        let month = month.map_or_else(|| "*".to_owned(), |m| m.format("%Y-%m").to_string());
        format!("{} {month} {}", whose.key(), metric.code())
    }

    fn at(&self, whose: &Whose, month: NaiveDate, metric: Metric) -> Option<u32> {
        let found = |month| self.0.get(&Targets::key(whose, month, metric)).copied();
        found(Some(month)).or_else(|| found(None))
    }

    /// What stands for exactly this.
    pub fn exactly(&self, whose: &Whose, month: Option<NaiveDate>, metric: Metric) -> Option<u32> {
        self.0.get(&Targets::key(whose, month, metric)).copied()
    }

    /// Lays a target down, or takes it away.
    pub fn put(&mut self, whose: &Whose, month: Option<NaiveDate>, metric: Metric, goal: Option<u32>) {
        let key = Targets::key(whose, month, metric);
        match goal {
            Some(goal) => _ = self.0.insert(key, goal),
            None => _ = self.0.remove(&key),
        }
    }

    /// What one person is to reach: their own target before that of their post, the month's before that of every month.
    pub fn of(&self, person: &Staff, month: NaiveDate, metric: Metric) -> Option<u32> {
        let own = Whose::Person(person.code.clone());
        self.at(&own, month, metric).or_else(|| self.at(&Whose::Post(person.role), month, metric))
    }

    /// What people are to reach together: the branch's own target where all of it is meant, else the sum of theirs; of a share their own is
    /// none.
    pub fn together(&self, people: &[&Staff], branch: bool, month: NaiveDate, metric: Metric) -> Option<u32> {
        let whole = self.at(&Whose::Branch, month, metric).filter(|_| branch);
        let sum = || people.iter().filter_map(|s| self.of(s, month, metric)).reduce(u32::saturating_add);
        whole.or_else(|| sum().filter(|_| metric != Metric::Retained))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a branch can work by them.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn check(&self) -> Result<(), Complaint> {
        for (key, goal) in &self.0 {
            let pieces: Vec<&str> = key.split(' ').collect();
            let metric = match pieces.as_slice() {
                [_, month, metric] if *month == "*" || parse_month(month).is_some() => {
                    Metric::ALL.into_iter().find(|m| m.code() == *metric)
                }
                _ => None,
            };
            match metric {
                None => {
                    return Err(Complaint::new(
                        format!("目标「{key}」读不懂，写成：工号 2026-11 contacts"),
                        format!("The target '{key}' cannot be read; write CODE 2026-11 contacts"),
                    ));
                }
                Some(Metric::Retained) if *goal > 100 => {
                    return Err(Complaint::new("续存率目标不超过 100", "A retained share is at most 100"));
                }
                Some(_) if *goal > MOST => {
                    return Err(Complaint::new(format!("目标不超过 {MOST}"), format!("A target is at most {MOST}")));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// What was reached in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reached {
    /// 有效联络
    pub contacts: u32,
    /// 新客户
    pub fresh: u32,
    /// 升级客户
    pub lifted: u32,
    /// What matured, and what is recorded of it.
    pub kept: Kept,
}

impl Reached {
    /// What was reached of a metric; of a share nothing while nothing matured.
    pub fn value(&self, metric: Metric) -> Option<u32> {
        match metric {
            Metric::Contacts => Some(self.contacts),
            Metric::Fresh => Some(self.fresh),
            Metric::Lifted => Some(self.lifted),
            Metric::Retained => self.kept.share(self.kept.stayed).map(|t| t / 10),
        }
    }
}

/// How far a target is reached in per cent; it is not reached before all of it is.
pub fn done(reached: Option<u32>, goal: Option<u32>) -> Option<u32> {
    let (reached, goal) = (u64::from(reached?), u64::from(goal?));
    (goal > 0).then(|| u32::try_from(reached * 100 / goal).unwrap_or(u32::MAX))
}

/// What the people of a branch reached in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scores {
    /// Over whose customers.
    pub reach: Reach,
    /// The first of the month.
    pub month: NaiveDate,
    /// The last day counted.
    pub to: NaiveDate,
    /// The data date of the figures that tiers follow.
    pub figures: Option<NaiveDate>,
    /// The data date of the holdings that mature.
    pub holdings: Option<NaiveDate>,
    /// Everybody counted, in the order of the staff list.
    pub people: Vec<(StaffId, Reached)>,
    /// All of them together; for who sees the branch with what nobody keeps.
    pub all: Reached,
    /// What is to be reached.
    pub targets: Targets,
}

impl Scores {
    /// What somebody reached of a metric and is to reach. Of all together that is the branch's own target; where it has none, what those
    /// have and reached who have one: others would make a target look reached that is not.
    pub fn measure(&self, of: Option<StaffId>, metric: Metric, staff: &[Staff]) -> (Option<u32>, Option<u32>) {
        let found = |id: StaffId| staff.iter().find(|s| s.id == id);
        if let Some(id) = of {
            let reached = self.people.iter().find(|(p, _)| *p == id).and_then(|(_, r)| r.value(metric));
            return (reached, found(id).and_then(|s| self.targets.of(s, self.month, metric)));
        }
        let aim = |s: &Staff| self.targets.of(s, self.month, metric);
        let people: Vec<&Staff> =
            self.people.iter().filter_map(|(id, _)| found(*id)).filter(|s| aim(s).is_some()).collect();
        let own = self.targets.together(&[], self.reach == Reach::Branch, self.month, metric);
        let goal = own.or_else(|| self.targets.together(&people, false, self.month, metric));
        if own.is_some() || goal.is_none() {
            return (self.all.value(metric), goal);
        }
        let aims = |id: &StaffId| people.iter().any(|s| s.id == *id);
        let reached = self.people.iter().filter(|(id, _)| aims(id)).filter_map(|(_, r)| r.value(metric));
        (Some(reached.fold(0, u32::saturating_add)), goal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dealings::due::Stay;
    use crate::domain::values::money::Fen;

    fn month(text: &str) -> NaiveDate {
        parse_month(text).unwrap()
    }

    #[test]
    fn a_persons_target_goes_before_their_posts_and_the_months_before_every_months() {
        let (wang, li) =
            (Staff::new("wangmin", "王敏", Role::AccountManager), Staff::new("li", "李", Role::LowCounter));
        let am = Whose::parse("客户经理", &[]).unwrap();
        let own = Whose::parse("王敏", std::slice::from_ref(&wang)).unwrap();
        let mut all = Targets::default();
        let (nov, dec) = (month("2026-11"), month("2026-12"));
        all.put(&am, None, Metric::Contacts, Some(40));
        assert_eq!(all.of(&wang, nov, Metric::Contacts), Some(40));
        all.put(&am, Some(nov), Metric::Contacts, Some(50));
        all.put(&own, None, Metric::Contacts, Some(30));
        assert_eq!(all.of(&wang, nov, Metric::Contacts), Some(30));
        all.put(&own, Some(dec), Metric::Contacts, Some(20));
        assert_eq!((all.of(&wang, dec, Metric::Contacts), all.of(&li, dec, Metric::Contacts)), (Some(20), None));
        all.put(&own, None, Metric::Contacts, None);
        assert_eq!(all.of(&wang, nov, Metric::Contacts), Some(50));
        all.check().unwrap();
        let text = serde_json::to_string(&all).unwrap();
        assert!(text.contains(r#""wangmin 2026-12 contacts":20"#), "{text}");
        assert_eq!(serde_json::from_str::<Targets>(&text).unwrap(), all);
    }

    #[test]
    fn the_branch_reaches_its_own_target_or_the_sum_of_its_people() {
        let (a, b) = (Staff::new("a", "甲", Role::AccountManager), Staff::new("b", "乙", Role::AccountManager));
        let (people, nov) = ([&a, &b], month("2026-11"));
        let mut all = Targets::default();
        assert_eq!(all.together(&people, true, nov, Metric::Fresh), None);
        all.put(&Whose::Post(Role::AccountManager), None, Metric::Fresh, Some(5));
        all.put(&Whose::Post(Role::AccountManager), None, Metric::Retained, Some(80));
        assert_eq!(all.together(&people, true, nov, Metric::Fresh), Some(10));
        // Shares do not add up.
        assert_eq!(all.together(&people, true, nov, Metric::Retained), None);
        all.put(&Whose::Branch, None, Metric::Fresh, Some(12));
        assert_eq!(all.together(&people, true, nov, Metric::Fresh), Some(12));
        assert_eq!(all.together(&people, false, nov, Metric::Fresh), Some(10));
    }

    #[test]
    fn all_together_are_measured_by_those_who_have_a_target() {
        let staff: Vec<Staff> = [(1, "a", Role::AccountManager), (2, "b", Role::LowCounter)]
            .map(|(id, code, role)| Staff { id: StaffId(id), ..Staff::new(code, code, role) })
            .to_vec();
        let nov = month("2026-11");
        let reached = |contacts| Reached { contacts, ..Reached::default() };
        let mut x = Scores {
            reach: Reach::Branch,
            month: nov,
            to: nov,
            figures: None,
            holdings: None,
            people: vec![(StaffId(1), reached(30)), (StaffId(2), reached(50))],
            all: reached(80),
            targets: Targets::default(),
        };
        let together = |x: &Scores| x.measure(None, Metric::Contacts, &staff);
        assert_eq!(together(&x), (Some(80), None));
        x.targets.put(&Whose::Post(Role::AccountManager), None, Metric::Contacts, Some(40));
        assert_eq!(together(&x), (Some(30), Some(40)));
        assert_eq!(x.measure(Some(StaffId(1)), Metric::Contacts, &staff), (Some(30), Some(40)));
        assert_eq!(x.measure(Some(StaffId(2)), Metric::Contacts, &staff), (Some(50), None));
        x.targets.put(&Whose::Branch, None, Metric::Contacts, Some(100));
        assert_eq!(together(&x), (Some(80), Some(100)));
    }

    #[test]
    fn targets_that_cannot_be_are_refused() {
        for bad in [
            r#"{"wangmin 2026-13 contacts":5}"#,
            r#"{"wangmin contacts":5}"#,
            r#"{"wangmin * calls":5}"#,
            r#"{"wangmin * retained":101}"#,
            r#"{"wangmin * contacts":100001}"#,
        ] {
            assert!(serde_json::from_str::<Targets>(bad).unwrap().check().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_reached_is_a_number_and_of_what_matured_a_share() {
        let mut r = Reached { contacts: 12, ..Reached::default() };
        assert_eq!((r.value(Metric::Contacts), r.value(Metric::Retained)), (Some(12), None));
        r.kept.add(Fen::of_yuan(30_000), Some(Stay::Renewed));
        r.kept.add(Fen::of_yuan(10_000), None);
        assert_eq!(r.value(Metric::Retained), Some(75));
        assert_eq!((done(Some(30), Some(40)), done(Some(30), None), done(Some(3), Some(0))), (Some(75), None, None));
        assert_eq!(last_of(month("2026-02")).to_string(), "2026-02-28");
    }
}
