//! The branch's settings, kept in its file: a value each with the default of domain.md. What one person prefers is in
//! `staff::Prefs`; what one PC needs is in the config file.

use super::calendar::yearly::LeapPolicy;
use super::dealings::watch;
use super::lifecycle;
use super::tier::{Basis, Lines, Tier};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// All settings of a branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Which figure the tiers are cut by.
    pub basis: Basis,
    /// The lines between the tiers.
    pub lines: Lines,
    /// Per cent of the line that counts as near it (临界).
    pub near_percent: u32,
    /// Days ahead that a birthday shows, by tier rank; without figures as untiered.
    pub birthday_ahead: [u16; 6],
    /// Days between visits by tier rank; 0 means none are planned.
    pub cadence: [u16; 6],
    /// Days after which an unanswered call comes back.
    pub retry_days: u16,
    /// Where a lunar birthday falls in a year that lacks its day.
    pub leap: LeapPolicy,
    /// Archives to complete that the queue asks of one person a day; the rest is counted.
    pub collect_daily: u16,
    /// Months after which an archive's contact data are to be verified (feature 34), by tier rank; 0 means never.
    pub verify_months: [u16; 6],
    /// Years a risk assessment holds (feature 11).
    pub risk_years: u16,
    /// The life-cycle rule.
    pub lifecycle: lifecycle::Rule,
    /// What in the bank's figures makes a line of the queue; each has a name of its own among the settings.
    #[serde(flatten)]
    pub watch: watch::Rule,
    /// Hours after which an open workbench makes the next backup by itself; 0 makes none.
    pub backup_hours: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            basis: Basis::default(),
            lines: Lines::default(),
            near_percent: 10,
            birthday_ahead: [0, 1, 3, 5, 7, 14],
            cadence: [0, 180, 90, 30, 30, 30],
            retry_days: 2,
            leap: LeapPolicy::default(),
            collect_daily: 5,
            verify_months: [0, 0, 24, 12, 12, 12],
            risk_years: 1,
            lifecycle: lifecycle::Rule::default(),
            watch: watch::Rule::default(),
            backup_hours: 1,
        }
    }
}

impl Settings {
    /// Days ahead that the birthday of a customer of this tier shows.
    pub fn ahead(&self, tier: Option<Tier>) -> u16 {
        self.birthday_ahead.get(tier.map_or(0, Tier::rank)).copied().unwrap_or(0)
    }

    /// The longest of the days ahead.
    pub fn ahead_most(&self) -> u16 {
        self.birthday_ahead.iter().copied().max().unwrap_or(0)
    }

    /// Whether the archive's contact data are to be verified again (feature 34): so many months by tier after `last`, the day they
    /// were verified or the archive was begun.
    pub fn verify_due(&self, tier: Option<Tier>, last: NaiveDate, today: NaiveDate) -> bool {
        let months = self.verify_months.get(tier.map_or(0, Tier::rank)).copied().unwrap_or(0);
        months > 0 && last.checked_add_months(Months::new(months.into())).is_some_and(|due| due <= today)
    }

    /// Whether a risk assessment of that day no longer holds (feature 11).
    pub fn risk_expired(&self, assessed: NaiveDate, today: NaiveDate) -> bool {
        let months = u32::from(self.risk_years) * 12;
        months > 0 && assessed.checked_add_months(Months::new(months)).is_some_and(|end| end <= today)
    }

    /// Days between visits: the customer's own, else the tier's; `None` when none are planned.
    pub fn visit_every(&self, tier: Option<Tier>, own: Option<u16>) -> Option<u16> {
        let days = own.or_else(|| self.cadence.get(tier.map_or(0, Tier::rank)).copied()).unwrap_or(0);
        (days > 0).then_some(days)
    }
}
