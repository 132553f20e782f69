//! How a task of one's own comes again. What the task is does not live here.

use super::lunar::LunarDay;
use super::yearly::{LeapPolicy, Yearly};
use crate::domain::text::{Complaint, Lang};
use crate::domain::values::plain::{brief, fold, line};
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The rhythm of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Once, on its date.
    #[default]
    Once,
    /// Every week on the weekday of its date.
    Weekly,
    /// Every month on the day of its date, the last day in shorter months.
    Monthly,
    /// Every solar year.
    Yearly,
    /// Every lunar year on this day.
    LunarYearly(LunarDay),
    /// So many days after it was last done.
    AfterDays(u16),
}

impl Repeat {
    /// When it comes again: the first day of its rhythm after both `due` and `done`; `None` for what comes once.
    ///
    /// The day of the week, month or year is read from `due`. Give the task's first date there to keep a 31st or a 29
    /// February through shorter months and years.
    pub fn next(self, due: NaiveDate, done: NaiveDate, policy: LeapPolicy) -> Option<NaiveDate> {
        let after = due.max(done);
        match self {
            Repeat::Once => None,
            Repeat::Weekly => {
                let weeks = u64::try_from((after - due).num_days() / 7 + 1).ok()?;
                due.checked_add_days(Days::new(weeks * 7))
            }
            Repeat::Monthly => {
                let months = (after.year() - due.year()) * 12 + after.month().cast_signed() - due.month().cast_signed();
                let months = u32::try_from(months).ok()?;
                // Adding months ends at the last day of a shorter one.
                (months..=months + 1).filter_map(|m| due.checked_add_months(Months::new(m))).find(|d| *d > after)
            }
            Repeat::Yearly => Yearly::solar(due).on_or_after(after.succ_opt()?, policy),
            Repeat::LunarYearly(day) => Yearly::Lunar(day).on_or_after(after.succ_opt()?, policy),
            // Not from `due`: it counts from the last time. None at all would come again the same day without end.
            Repeat::AfterDays(days) => done.checked_add_days(Days::new(u64::from(days.max(1)))),
        }
    }

    /// The words on screen: 每月, 农历每年腊月二十, 完成后 30 天.
    pub fn label(self, lang: Lang) -> String {
        let (zh, en) = match self {
            Repeat::Once => ("一次", "Once"),
            Repeat::Weekly => ("每周", "Weekly"),
            Repeat::Monthly => ("每月", "Monthly"),
            Repeat::Yearly => ("每年", "Yearly"),
            Repeat::LunarYearly(day) => {
                return match lang {
                    Lang::Zh => format!("农历每年{}", day.text()),
                    Lang::En => format!("Yearly, {}", Yearly::Lunar(day).text(lang)),
                };
            }
            Repeat::AfterDays(days) => {
                return match lang {
                    Lang::Zh => format!("完成后 {days} 天"),
                    Lang::En if days == 1 => "1 day after done".to_string(),
                    Lang::En => format!("{days} days after done"),
                };
            }
        };
        match lang {
            Lang::Zh => zh.to_string(),
            Lang::En => en.to_string(),
        }
    }

    /// The code stored and given out: `once`, `weekly`, `monthly`, `yearly`, `lunar:12-20`, `lunar:leap6-1`, `after:30`.
    pub fn code(self) -> String {
        match self {
            Repeat::Once => "once".to_string(),
            Repeat::Weekly => "weekly".to_string(),
            Repeat::Monthly => "monthly".to_string(),
            Repeat::Yearly => "yearly".to_string(),
            Repeat::LunarYearly(day) => {
                format!("lunar:{}{}-{}", if day.leap { "leap" } else { "" }, day.month, day.day)
            }
            Repeat::AfterDays(days) => format!("after:{days}"),
        }
    }

    /// Reads a code, or the words of either language: 每周, 农历每年腊月二十, 农历腊月二十, 完成后 30 天, 30 天后, 每 30 天.
    pub fn parse(text: &str) -> Result<Repeat, Complaint> {
        let tidy: String = fold(&line(text)).to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        match tidy.as_str() {
            "" | "once" | "一次" | "不重复" => return Ok(Repeat::Once),
            "weekly" | "每周" | "每星期" => return Ok(Repeat::Weekly),
            "monthly" | "每月" => return Ok(Repeat::Monthly),
            "yearly" | "每年" => return Ok(Repeat::Yearly),
            _ => {}
        }
        if let Some(day) =
            ["lunar:", "农历每年", "每年农历", "yearly,lunar", "农历"].iter().find_map(|p| tidy.strip_prefix(p))
        {
            return LunarDay::parse(day).map(Repeat::LunarYearly);
        }
        let days = tidy
            .strip_prefix("after:")
            .or_else(|| {
                tidy.strip_prefix("完成后").or_else(|| tidy.strip_prefix('每')).and_then(|r| r.strip_suffix('天'))
            })
            .or_else(|| tidy.strip_suffix("天后"))
            .or_else(|| tidy.strip_suffix('天'))
            .or_else(|| tidy.strip_suffix("daysafterdone").or_else(|| tidy.strip_suffix("dayafterdone")));
        match days.filter(|d| d.chars().all(|c| c.is_ascii_digit())).map(str::parse::<u16>) {
            Some(Ok(days)) if days > 0 => Ok(Repeat::AfterDays(days)),
            // 腊月二十 by itself can only be a lunar day.
            _ if tidy.contains('月') => LunarDay::parse(&tidy).map(Repeat::LunarYearly),
            _ => Err(Complaint::new(
                format!("「{}」不是重复方式，可填 一次、每周、每月、每年、农历腊月二十、完成后 30 天", brief(text)),
                format!(
                    "\"{}\" is no rhythm; write once, weekly, monthly, yearly, lunar:12-20 or after:30 (days)",
                    brief(text)
                ),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn each_rhythm_comes_again_on_its_own_day() {
        let lunar = Repeat::LunarYearly(LunarDay { month: 12, day: 30, leap: false });
        for (rhythm, due, done, next) in [
            (Repeat::Once, "2026-11-21", "2026-11-21", None),
            (Repeat::Weekly, "2026-11-21", "2026-11-21", Some("2026-11-28")),
            (Repeat::Weekly, "2026-11-21", "2026-11-19", Some("2026-11-28")),
            (Repeat::Weekly, "2026-11-21", "2026-12-05", Some("2026-12-12")),
            (Repeat::Weekly, "2026-11-21", "2026-12-04", Some("2026-12-05")),
            (Repeat::Monthly, "2026-01-31", "2026-01-31", Some("2026-02-28")),
            (Repeat::Monthly, "2026-01-31", "2026-02-28", Some("2026-03-31")),
            (Repeat::Monthly, "2026-01-31", "2026-04-10", Some("2026-04-30")),
            (Repeat::Monthly, "2026-11-21", "2027-01-25", Some("2027-02-21")),
            (Repeat::Monthly, "2026-11-21", "2026-11-02", Some("2026-12-21")),
            (Repeat::Yearly, "2024-02-29", "2024-03-05", Some("2025-02-28")),
            (Repeat::Yearly, "2024-02-29", "2027-02-28", Some("2028-02-29")),
            (Repeat::Yearly, "2026-11-21", "2026-11-21", Some("2027-11-21")),
            (lunar, "2026-02-16", "2026-02-16", Some("2027-02-05")),
            (Repeat::AfterDays(30), "2026-11-01", "2026-11-21", Some("2026-12-21")),
            (Repeat::AfterDays(0), "2026-11-01", "2026-11-21", Some("2026-11-22")),
        ] {
            let found = rhythm.next(day(due), day(done), LeapPolicy::default());
            assert_eq!(found, next.map(day), "{rhythm:?} {due} {done}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let rhythms = [
            Repeat::Once,
            Repeat::Weekly,
            Repeat::Monthly,
            Repeat::Yearly,
            Repeat::LunarYearly(LunarDay { month: 12, day: 20, leap: false }),
            Repeat::LunarYearly(LunarDay { month: 6, day: 1, leap: true }),
            Repeat::AfterDays(1),
            Repeat::AfterDays(30),
        ];
        for rhythm in rhythms {
            for text in [rhythm.code(), rhythm.label(Lang::Zh), rhythm.label(Lang::En)] {
                assert_eq!(Repeat::parse(&text), Ok(rhythm), "{text}");
            }
        }
        assert_eq!(Repeat::parse("每 ３０ 天"), Ok(Repeat::AfterDays(30)));
        assert_eq!(Repeat::parse("30天后"), Ok(Repeat::AfterDays(30)));
        for text in ["每", "after:", "after:0", "after:-3", "after:99999", "有时", "lunar:13-1", "每天天"] {
            assert!(Repeat::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_next_time_is_after_both_days_and_within_its_rhythm(
            due in 0..40_000_i64, late in -30..400_i64, month in 1..=12_u8, at in 1..=30_u8,
        ) {
            let due = day("1970-01-01") + chrono::Duration::days(due);
            let done = due + chrono::Duration::days(late);
            let lunar = LunarDay { month, day: at, leap: false };
            for (rhythm, most) in [
                (Repeat::Weekly, 7),
                (Repeat::Monthly, 31),
                (Repeat::Yearly, 366),
                (Repeat::LunarYearly(lunar), 385),
            ] {
                let next = rhythm.next(due, done, LeapPolicy::default()).unwrap();
                let gap = (next - due.max(done)).num_days();
                prop_assert!((1..=most).contains(&gap), "{:?} {}", rhythm, gap);
            }
        }
    }
}
