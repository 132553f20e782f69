//! Statutory holidays and make-up working days (调休).

use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Holidays and make-up days by date.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holidays {
    /// By date.
    pub days: BTreeMap<NaiveDate, Day>,
}

/// One day of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// 放假 (off) or 调休上班 (worked although a weekend).
    pub off: bool,
    /// Name of the holiday.
    pub name: String,
}
