//! The branch's settings, kept in its file: a value each with the default of domain.md. What one person prefers is in
//! `staff::Prefs`; what one PC needs is in the config file.

use super::calendar::yearly::LeapPolicy;
use super::dealings::watch;
use super::keepers;
use super::lifecycle;
use super::password;
use super::text::Complaint;
use super::tier::{Basis, Lines, Rules, Tier};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All settings of a branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Which figure the tiers are cut by.
    pub basis: Basis,
    /// The lines between the tiers, from the beginning.
    pub lines: Lines,
    /// Lines that hold later, by the first data date they hold for.
    pub lines_from: BTreeMap<NaiveDate, Lines>,
    /// Months below the line without a break after which a customer falls.
    pub fall_months: u16,
    /// Days of the year, month*100+day, on which whoever is below the line falls instead; none leaves it to the months.
    pub review_days: Vec<u16>,
    /// Months after a rise in which nobody falls.
    pub protect_months: u16,
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
    /// Masked values that one person may have shown in full a day.
    pub reveals_daily: u32,
    /// Rows that one person may take out of the program in one export; more take a second person's word. 0 means that each export does.
    pub export_rows: u32,
    /// Which posts keep the customers of which tier and area.
    pub keepers: keepers::Rules,
    /// What products are called, by the codes of the extracts (feature 106); one without a name is shown by its code.
    pub products: BTreeMap<String, String>,
    /// Years for which the law keeps the records of a customer after business with them ended.
    pub retention_years: u16,
    /// Passwords and signing in; each has a name of its own among the settings.
    #[serde(flatten)]
    pub sign_in: password::Policy,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            basis: Basis::default(),
            lines: Lines::default(),
            lines_from: BTreeMap::new(),
            fall_months: 2,
            review_days: Vec::new(),
            protect_months: 0,
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
            reveals_daily: 50,
            export_rows: 200,
            keepers: keepers::Rules::default(),
            products: BTreeMap::new(),
            retention_years: 5,
            sign_in: password::Policy::default(),
        }
    }
}

impl Settings {
    /// The rules that tiers follow.
    pub fn rules(&self) -> Rules<'_> {
        Rules {
            basis: self.basis,
            first: &self.lines,
            later: &self.lines_from,
            fall_months: self.fall_months,
            review_days: &self.review_days,
            protect_months: self.protect_months,
        }
    }

    /// The lines that hold for figures of this data date; those from the beginning where there are no figures yet.
    pub fn lines_on(&self, as_of: Option<NaiveDate>) -> &Lines {
        as_of.map_or(&self.lines, |day| self.rules().lines(day))
    }

    /// Puts these lines in the place of those that hold for figures of this data date.
    pub fn put_lines(&mut self, as_of: Option<NaiveDate>, lines: Lines) {
        let from = as_of.and_then(|day| self.lines_from.range(..=day).next_back()).map(|(from, _)| *from);
        match from {
            Some(from) => _ = self.lines_from.insert(from, lines),
            None => self.lines = lines,
        }
    }

    /// Whether a branch can work by them.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn check(&self) -> Result<(), Complaint> {
        self.rules().check()?;
        self.sign_in.check()?;
        if self.near_percent > 100 {
            return Err(Complaint::new("临界比例不超过 100", "The near percentage is at most 100"));
        }
        if self.retention_years > 100 {
            return Err(Complaint::new("保存年限不超过 100 年", "Records are kept for at most 100 years"));
        }
        Ok(())
    }

    /// What a product is called.
    pub fn product<'a>(&'a self, code: &'a str) -> &'a str {
        self.products.get(code).map_or(code, String::as_str)
    }

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
