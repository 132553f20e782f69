//! Words that all tables of 业绩统计 share: who works here, who a customer is, shares, data dates.

use super::customer::badge;
use super::say;
use crate::domain::agenda::Who;
use crate::domain::calendar::dates;
use crate::domain::ids::StaffId;
use crate::domain::rights::Reach;
use crate::domain::settings::Settings;
use crate::domain::staff::Staff;
use crate::domain::text::{Lang, t};
use chrono::NaiveDate;

/// What words are made with.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// Everybody.
    pub staff: &'a [Staff],
    /// The settings.
    pub settings: &'a Settings,
    /// Today.
    pub today: NaiveDate,
    /// The language.
    pub lang: Lang,
}

/// A keeper's name.
pub fn keeper(staff: &[Staff], id: Option<StaffId>, lang: Lang) -> String {
    let found = id.and_then(|id| staff.iter().find(|s| s.id == id));
    match (id, found) {
        (None, _) => t("无责任人", "no keeper").get(lang).to_owned(),
        (_, Some(s)) if !s.active => say(lang, format_args!("{}(离岗)", s.name), format_args!("{} (left)", s.name)),
        (_, Some(s)) => s.name.clone(),
        _ => "-".to_owned(),
    }
}

/// Tenths of a per cent: `33.3%`, a dash of nothing.
pub fn percent(tenths: Option<u32>) -> String {
    tenths.map_or_else(|| "-".to_owned(), |n| format!("{}.{}%", n / 10, n % 10))
}

/// Over whom.
pub fn over(reach: Reach, lang: Lang) -> &'static str {
    reach.label().get(lang)
}

/// The data date.
pub fn data(as_of: Option<NaiveDate>, d: Desk<'_>) -> String {
    match as_of.map(|on| dates::short(on, d.today)) {
        Some(on) => say(d.lang, format_args!("数据 {on}"), format_args!("data of {on}")),
        None => t("没有数据", "no data").get(d.lang).to_owned(),
    }
}

/// Who a customer is, in four cells: name, number, tier, keeper.
pub fn person(who: &Who, d: Desk<'_>) -> [String; 4] {
    [who.name.clone(), who.no.clone(), badge(who.tier, d.lang).to_owned(), keeper(d.staff, who.owner, d.lang)]
}
