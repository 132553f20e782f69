//! Statutory holidays and make-up working days (调休), as the State Council announces them each year. They are rows: 2024 to
//! 2026 are shipped, later years are imported. Whose day it is does not live here.

use super::dates;
use crate::domain::text::Complaint;
use crate::domain::values::plain::{brief, fold, line};
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::{BTreeMap, BTreeSet};

const SHIPPED: &str = include_str!("../../../data/holidays_2024_2026.tsv");

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

impl Holidays {
    /// The years that come with the program.
    pub fn shipped() -> Holidays {
        // A test reads it; an empty table would only mean that plain weekends count.
        Holidays::parse(SHIPPED).unwrap_or_default()
    }

    /// Reads rows of date, kind (`off`/放假 or `work`/调休上班) and name, between tabs or commas. A heading, empty
    /// lines and lines beginning with `#` are passed over. A fault names its line.
    pub fn parse(text: &str) -> Result<Holidays, Complaint> {
        let mut days = BTreeMap::new();
        for (i, raw) in text.lines().enumerate() {
            let row = raw.trim_start_matches('\u{FEFF}').trim();
            if row.is_empty() || row.starts_with('#') {
                continue;
            }
            let separator = if row.contains('\t') { '\t' } else { ',' };
            let cells: Vec<String> = row.split(separator).map(|cell| line(line(cell).trim_matches('"'))).collect();
            let first = cells.first().map_or("", String::as_str);
            if days.is_empty() && ["date", "日期"].iter().any(|h| first.eq_ignore_ascii_case(h)) {
                continue;
            }
            let (date, day) = read_row(&cells).map_err(|fault| at_line(i + 1, &fault))?;
            if days.insert(date, day.clone()).is_some_and(|before: Day| before.off != day.off) {
                let fault = Complaint::new(
                    format!("{date} 既放假又上班，请核对"),
                    format!("{date} is both off and worked; please check"),
                );
                return Err(at_line(i + 1, &fault));
            }
        }
        if days.is_empty() {
            return Err(Complaint::new(
                "文件里没有节假日，每行应为：日期,放假或调休上班,名称",
                "There are no holidays in this file; each line should be: date,off or work,name",
            ));
        }
        Ok(Holidays { days })
    }

    /// What the table says of a day, if anything.
    pub fn day(&self, date: NaiveDate) -> Option<&Day> {
        self.days.get(&date)
    }

    /// A working day: by the table, else Monday to Friday.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.day(date).map_or(!matches!(date.weekday(), Weekday::Sat | Weekday::Sun), |day| !day.off)
    }

    /// The holiday that makes this day free; `None` on make-up days.
    pub fn name_on(&self, date: NaiveDate) -> Option<&str> {
        self.day(date).filter(|day| day.off).map(|day| day.name.as_str())
    }

    /// A weekend day on which work is made up (调休上班).
    pub fn is_made_up(&self, date: NaiveDate) -> bool {
        self.day(date).is_some_and(|day| !day.off)
    }

    /// This day, or the next working day.
    pub fn working_day_from(&self, date: NaiveDate) -> NaiveDate {
        date.iter_days().find(|d| self.is_working_day(*d)).unwrap_or(date)
    }

    /// The nth working day after this one.
    pub fn working_days_after(&self, date: NaiveDate, n: usize) -> NaiveDate {
        let after = date.iter_days().skip(1).filter(|d| self.is_working_day(*d));
        after.take(n).last().unwrap_or(date)
    }

    /// This day, or the last working day before it.
    pub fn working_day_back(&self, date: NaiveDate) -> NaiveDate {
        std::iter::successors(Some(date), |d| d.pred_opt()).find(|d| self.is_working_day(*d)).unwrap_or(date)
    }

    /// Why nobody works on a day: the name of the holiday, empty on a plain weekend; `None` on working days.
    pub fn why_off(&self, date: NaiveDate) -> Option<&str> {
        (!self.is_working_day(date)).then(|| self.name_on(date).unwrap_or(""))
    }

    /// The table knows this year; for others only weekends count.
    pub fn covers(&self, year: i32) -> bool {
        NaiveDate::from_ymd_opt(year, 1, 1)
            .zip(NaiveDate::from_ymd_opt(year, 12, 31))
            .is_some_and(|(first, last)| self.days.range(first..=last).next().is_some())
    }

    /// The years the table knows.
    pub fn years(&self) -> BTreeSet<i32> {
        self.days.keys().map(NaiveDate::year).collect()
    }

    /// Takes over the years of `newer`, each as a whole: a corrected announcement leaves no day of the old one behind.
    pub fn merge(&mut self, newer: Holidays) {
        let years = newer.years();
        self.days.retain(|date, _| !years.contains(&date.year()));
        self.days.extend(newer.days);
    }
}

fn read_row(cells: &[String]) -> Result<(NaiveDate, Day), Complaint> {
    let [date, kind, rest @ ..] = cells else {
        return Err(Complaint::new("应为：日期,放假或调休上班,名称", "expected: date,off or work,name"));
    };
    let date = dates::parse(date)?;
    let off = match fold(kind).to_lowercase().trim() {
        "off" | "放假" | "休" | "休息" | "节假日" => true,
        // A bare 调休 is said of both the day off and the day worked, so it is asked back.
        "work" | "调休上班" | "上班" | "班" | "补班" => false,
        _ => {
            return Err(Complaint::new(
                format!("「{}」应为 放假 或 调休上班", brief(kind)),
                format!("\"{}\" should be off or work", brief(kind)),
            ));
        }
    };
    let name = rest.first().filter(|n| !n.is_empty()).cloned().unwrap_or_else(|| "节假日".to_string());
    Ok((date, Day { off, name }))
}

fn at_line(line: usize, fault: &Complaint) -> Complaint {
    Complaint::new(format!("第 {line} 行：{}", fault.zh), format!("Line {line}: {}", fault.en))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_shipped_years_are_all_there() {
        let holidays = Holidays::parse(SHIPPED).unwrap();
        assert_eq!(holidays, Holidays::shipped());
        assert_eq!(holidays.years().into_iter().collect::<Vec<_>>(), [2024, 2025, 2026]);
        let rows = SHIPPED.lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!((rows, holidays.days.len()), (110, 110));
        // Only weekend days are made up.
        for (date, day) in &holidays.days {
            assert!(day.off || matches!(date.weekday(), Weekday::Sat | Weekday::Sun), "{date}");
        }
        assert!(holidays.covers(2026) && !holidays.covers(2027) && !holidays.covers(2023));
    }

    #[test]
    fn working_days_follow_the_announcements() {
        let holidays = Holidays::shipped();
        for (date, works, name) in [
            ("2026-02-14", true, None),
            ("2026-02-17", false, Some("春节")),
            ("2026-02-28", true, None),
            ("2026-10-10", true, None),
            ("2026-11-20", true, None),
            ("2026-11-21", false, None),
            ("2025-10-06", false, Some("国庆中秋")),
            ("2027-10-01", true, None),
        ] {
            let date = day(date);
            assert_eq!((holidays.is_working_day(date), holidays.name_on(date)), (works, name), "{date}");
        }
        assert!(holidays.is_made_up(day("2026-02-14")) && !holidays.is_made_up(day("2026-02-17")));
        for (date, next) in [
            ("2026-11-20", "2026-11-20"),
            ("2026-11-21", "2026-11-23"),
            ("2026-02-15", "2026-02-24"),
            ("2024-09-29", "2024-09-29"),
            ("2024-10-01", "2024-10-08"),
        ] {
            assert_eq!(holidays.working_day_from(day(date)), day(next), "{date}");
        }
        for (date, before, why) in [
            ("2026-11-20", "2026-11-20", None),
            ("2026-11-22", "2026-11-20", Some("")),
            ("2026-02-23", "2026-02-14", Some("春节")),
            ("2026-02-14", "2026-02-14", None),
            ("2024-10-07", "2024-09-30", Some("国庆节")),
        ] {
            let date = day(date);
            assert_eq!((holidays.working_day_back(date), holidays.why_off(date)), (day(before), why), "{date}");
        }
    }

    #[test]
    fn rows_are_read_with_tabs_or_commas() {
        let read =
            Holidays::parse("\u{FEFF}日期,类型,名称\r\n2027/1/1,放假,元旦\r\n\r\n\"20270102\",\"work\",\"元旦\"\r\n")
                .unwrap();
        assert_eq!(read.name_on(day("2027-01-01")), Some("元旦"));
        assert!(read.is_made_up(day("2027-01-02")));
        assert_eq!(Holidays::parse("2027年1月1日\t休\t").unwrap().name_on(day("2027-01-01")), Some("节假日"));
    }

    #[test]
    fn a_fault_names_its_line() {
        for (text, line, said) in [
            ("2027-01-01,off,元旦\n2027-02-30,off,春节", "第 2 行", "没有"),
            ("# x\n\n2027-01-01,maybe,元旦", "第 3 行", "放假"),
            ("2027-01-01", "第 1 行", "应为"),
            ("2027-01-02,调休,元旦", "第 1 行", "应为"),
            ("2027-01-01,off,a\n2027-01-01,work,a", "第 2 行", "既放假又上班"),
            ("2027-01-01,off,a\ndate,kind,name", "第 2 行", "不是日期"),
            ("", "", "没有节假日"),
            ("# nothing", "", "没有节假日"),
        ] {
            let fault = Holidays::parse(text).unwrap_err();
            assert!(fault.zh.starts_with(line) && fault.zh.contains(said), "{text}: {}", fault.zh);
        }
    }

    #[test]
    fn a_newer_announcement_replaces_its_year_as_a_whole() {
        let mut holidays = Holidays::shipped();
        holidays.merge(Holidays::parse("2026-01-01,off,元旦\n2027-01-01,off,元旦").unwrap());
        assert_eq!(holidays.name_on(day("2026-02-17")), None);
        assert_eq!(holidays.name_on(day("2025-01-28")), Some("春节"));
        assert!(holidays.covers(2027));
        assert_eq!(holidays.days.range(day("2026-01-01")..=day("2026-12-31")).count(), 1);
    }
}
