//! `lunar` and `check`: what needs no branch file.

use super::output;
use crate::domain::calendar::holidays::Holidays;
use crate::domain::calendar::lunar::Lunar;
use crate::domain::text::{Complaint, Lang};
use crate::domain::values::idcard::IdCard;
use crate::domain::values::phone::Phone;
use crate::domain::values::sex::Sex;
use crate::domain::values::{bankcard, credit_code};
use crate::run::args::CheckKind;
use crate::run::fault::Fault;
use chrono::{Datelike, NaiveDate};
use serde::Serialize;

/// A lunar date as it is given out.
#[derive(Serialize)]
struct Day {
    date: String,
    year: i32,
    month: u8,
    leap: bool,
    day: u8,
    text: String,
    holiday: Option<String>,
    workday: bool,
}

/// `lunar DATE`
///
/// # Errors
/// There is no table for the year.
pub fn lunar(date: NaiveDate, holidays: &Holidays, lang: Lang, json: bool) -> Result<(), Fault> {
    let Some(lunar) = Lunar::of(date) else {
        return Err(Fault::refused(
            format!("没有 {} 年的农历表，只有 1900 到 2100 年。", date.year()),
            format!("There is no lunar table for {}; it covers 1900 to 2100.", date.year()),
        ));
    };
    let day = Day {
        date: date.to_string(),
        year: lunar.year,
        month: lunar.month,
        leap: lunar.leap,
        day: lunar.day,
        text: lunar.day_text(),
        holiday: holidays.name_on(date).map(str::to_owned),
        workday: holidays.is_working_day(date),
    };
    if json {
        return output::json(&day);
    }
    let holiday = day.holiday.as_deref().unwrap_or_default();
    let work = match (day.workday, lang) {
        (true, Lang::Zh) => "工作日",
        (false, Lang::Zh) => "休息日",
        (true, Lang::En) => "working day",
        (false, Lang::En) => "day off",
    };
    let known = holidays.covers(date.year());
    let note = match lang {
        _ if known => "",
        Lang::Zh => "（没有这一年的节假日表，只按周末算）",
        Lang::En => " (no holiday table for this year, weekends only)",
    };
    let year = lunar.year_name();
    let text = format!("{date}  农历{year}{}  {work} {holiday}", day.text);
    output::print(&format!("{}{note}\n", text.trim_end()))
}

/// A verdict as it is given out.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Verdict {
    valid: bool,
    birth: Option<String>,
    sex: Option<Sex>,
    region: Option<String>,
    reason: Option<String>,
}

/// `check KIND VALUE`
///
/// # Errors
/// The number is wrong; the verdict is written all the same.
pub fn check(kind: CheckKind, value: &str, today: NaiveDate, lang: Lang, json: bool) -> Result<(), Fault> {
    let judged = judge(kind, value, today, lang);
    let verdict = match &judged {
        Ok(verdict) => verdict.clone(),
        Err(c) => Verdict { valid: false, birth: None, sex: None, region: None, reason: Some(c.get(lang).to_owned()) },
    };
    if json {
        output::json(&verdict)?;
    } else if verdict.valid {
        let mut words = vec![if lang == Lang::Zh { "正确".to_owned() } else { "valid".to_owned() }];
        words.extend(verdict.birth);
        words.extend(verdict.sex.map(|s| s.label().get(lang).to_owned()));
        words.extend(verdict.region);
        output::print(&(words.join("  ") + "\n"))?;
    }
    judged.map(|_| ()).map_err(Fault::Refused)
}

fn judge(kind: CheckKind, value: &str, today: NaiveDate, lang: Lang) -> Result<Verdict, Complaint> {
    let plain = Verdict { valid: true, birth: None, sex: None, region: None, reason: None };
    match kind {
        CheckKind::Id => {
            let card = IdCard::parse(value, today).map_err(|e| e.complaint())?;
            Ok(Verdict {
                birth: Some(card.birth().to_string()),
                sex: Some(card.sex()),
                region: Some(card.region().get(lang).to_owned()),
                ..plain
            })
        }
        CheckKind::Phone => Phone::parse(value).map(|_| plain),
        CheckKind::Uscc => credit_code::parse(value).map(|_| plain),
        CheckKind::Card => bankcard::parse(value).map(|_| plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_judged_with_what_they_tell_or_why_they_are_wrong() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let good = judge(CheckKind::Id, "11010519491231002X", today, Lang::Zh).unwrap();
        assert_eq!((good.birth.as_deref(), good.sex.map(Sex::code)), (Some("1949-12-31"), Some("female")));
        assert_eq!(good.region.as_deref(), Some("北京市"));
        for (kind, right, wrong) in [
            (CheckKind::Id, "11010519491231002x", "110105194912310021"),
            (CheckKind::Phone, "13800138000", "138001380"),
            (CheckKind::Uscc, "91350100M000100Y43", "91350100M000100Y44"),
            (CheckKind::Card, "6222021234567890128", "6222021234567890120"),
        ] {
            assert!(judge(kind, wrong, today, Lang::Zh).is_err(), "{kind:?}");
            if kind != CheckKind::Card {
                assert!(judge(kind, right, today, Lang::Zh).is_ok(), "{kind:?}");
            }
        }
    }
}
