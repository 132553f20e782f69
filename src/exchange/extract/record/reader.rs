//! Reads the columns of one row and collects what is wrong with them. Which columns a record has is said beside it.

use crate::domain::archive;
use crate::domain::calendar::dates;
use crate::domain::field::Kind;
use crate::domain::text::Complaint;
use crate::domain::values::money::Fen;
use crate::domain::values::plain;
use crate::exchange::extract::layout::Columns;
use crate::exchange::extract::mapping::{Rates, Unit};
use crate::exchange::extract::rejects::{Fault, unguard};
use crate::exchange::rows::Row;
use chrono::{Datelike, Days, NaiveDate};

/// A day on which something begins may lie so many days after today; a year typed wrong is not let in.
const AHEAD: Days = Days::new(366);

/// What has happened may lie so many days after today: the clock of a counter PC may be a day or two behind.
const CLOCK: Days = Days::new(3);

/// A contract may end so many days after today; beyond it the year is typed wrong.
const TERM: Days = Days::new(366 * 60);

/// The year that core systems write where nothing ever ends.
const NEVER: i32 = 9999;

/// What spreadsheets show where a formula went wrong.
const ERRORS: [&str; 8] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#DATA!"];

/// One row on its way to a record.
pub(super) struct Reader<'a> {
    columns: &'a Columns,
    row: &'a Row,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    /// Begins a row; one that has not the columns of its header is not read at all.
    pub(super) fn new(columns: &'a Columns, row: &'a Row) -> Result<Self, Vec<Fault>> {
        let (has, wants) = (row.len(), columns.headers.len());
        if has < columns.width() {
            return Err(vec![Fault::row(
                format!("这一行只有 {has} 栏，表头有 {wants} 栏，请补齐"),
                format!("This row has {has} columns, the header has {wants}; fill in the missing ones"),
            )]);
        }
        if has > wants && row.iter().skip(wants).any(|cell| !cell.trim().is_empty()) {
            return Err(vec![Fault::row(
                format!("这一行有 {has} 栏，多于表头的 {wants} 栏，可能是金额里的逗号没有加引号"),
                format!(
                    "This row has {has} columns, more than the header's {wants}; perhaps a sum with commas lacks its quotes"
                ),
            )]);
        }
        if columns.is_header(row) {
            return Err(vec![Fault::row(
                "表头又出现了一次，可能是几个文件接在一起，请删去这一行",
                "The header stands here once more, as if files were put together; remove this row",
            )]);
        }
        Ok(Reader { columns, row, faults: vec![] })
    }

    pub(super) fn columns(&self) -> &'a Columns {
        self.columns
    }

    pub(super) fn row(&self) -> &'a Row {
        self.row
    }

    /// The text of a column without the apostrophe that keeps a spreadsheet's hands off it.
    pub(super) fn raw(&self, n: usize) -> &'a str {
        unguard(self.columns.get(self.row, n).trim())
    }

    /// Whether a column says nothing.
    pub(super) fn is_empty(&self, n: usize) -> bool {
        self.raw(n).is_empty()
    }

    pub(super) fn fault(&mut self, n: usize, zh: impl Into<String>, en: impl Into<String>) {
        self.faults.push(Fault::new(self.columns.name(n), zh, en));
    }

    /// Takes the value of a parser, or its complaint as a fault of the column.
    pub(super) fn check<T>(&mut self, n: usize, parsed: Result<T, Complaint>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(c) => {
                self.fault(n, c.zh, c.en);
                None
            }
        }
    }

    /// A column that must say something.
    pub(super) fn need(&mut self, n: usize) -> bool {
        let has = !self.is_empty(n);
        if !has {
            let name = self.columns.name(n);
            self.fault(n, format!("没有{}", spaced(name)), format!("There is no {name}"));
        }
        has
    }

    /// Plain text of one line, at most as long as the archive's field of this code takes.
    pub(super) fn line(&mut self, n: usize, code: &str) -> String {
        self.text(n, longest(code))
    }

    /// Plain text of one line of at most so many letters.
    pub(super) fn text(&mut self, n: usize, most: usize) -> String {
        let text = plain::line(self.raw(n));
        if text.contains('\u{FFFD}') {
            self.fault(
                n,
                "有无法辨认的字，请核对原文后补上",
                "Some letters cannot be read; type them again from the original",
            );
        }
        if text.starts_with('#') && ERRORS.contains(&text.as_str()) {
            self.fault(
                n,
                format!("电子表格里是错误值 {text}，请改好公式或重新导出"),
                format!("The spreadsheet has the error {text} here; mend the formula or export it again"),
            );
        }
        let letters = text.chars().count();
        if letters > most {
            self.fault(
                n,
                format!("有 {letters} 字，最多 {most} 字，请缩短"),
                format!("{letters} letters, at most {most}; shorten it"),
            );
        }
        text
    }

    /// 客户号
    pub(super) fn no(&mut self, n: usize) -> String {
        self.number(n, "客户号", "customer number")
    }

    /// A number that the core system gave: 客户号, 流水号, 合同号, 借据号.
    pub(super) fn number(&mut self, n: usize, zh: &str, en: &str) -> String {
        let raw = self.raw(n).trim_start_matches(['\'', '‘', '’']);
        let is_plain = !raw.is_empty() && raw.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        let no = if is_plain { raw.to_owned() } else { plain::fold(&plain::line(raw)).trim().to_ascii_uppercase() };
        if no.is_empty() {
            self.fault(n, format!("没有{zh}"), format!("There is no {en}"));
        } else if !is_plain && is_damaged(&no) {
            self.fault(
                n,
                format!("{zh}已被电子表格改成科学计数法，请从核心系统重新导出"),
                "A spreadsheet turned this number into scientific notation; export it again from the core system",
            );
        } else if no.len() > 32 || !no.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            self.fault(n, format!("{zh}应为 1 至 32 位字母或数字"), format!("A {en} is 1 to 32 letters or digits"));
        }
        no
    }

    /// A day that must be there and is past, give or take a wrong clock.
    pub(super) fn date(&mut self, n: usize, today: NaiveDate) -> Option<NaiveDate> {
        let day = self.any(n)?;
        if is_ahead(day, today) {
            self.fault(
                n,
                format!("日期 {day} 晚于今天（{today}），请核对；日期无误就核对本机的日期"),
                format!("The date {day} is after today ({today}); check it, or the clock of this PC"),
            );
            return None;
        }
        Some(day)
    }

    /// A past day; none when the column is empty.
    pub(super) fn day(&mut self, n: usize, today: NaiveDate) -> Option<NaiveDate> {
        if self.is_empty(n) { None } else { self.date(n, today) }
    }

    /// The day on which something begins, which may be fixed before; none when the column is empty.
    pub(super) fn beginning(&mut self, n: usize, today: NaiveDate) -> Option<NaiveDate> {
        if self.is_empty(n) {
            return None;
        }
        let day = self.any(n)?;
        if day > today.checked_add_days(AHEAD).unwrap_or(day) {
            self.fault(
                n,
                format!("日期 {day} 晚于今天一年以上，请核对"),
                format!("The date {day} is more than a year after today; please check"),
            );
            return None;
        }
        Some(day)
    }

    /// The day on which something ends; none when the column is empty or says 9999.
    pub(super) fn ending(&mut self, n: usize, today: NaiveDate) -> Option<NaiveDate> {
        if self.is_empty(n) {
            return None;
        }
        let day = self.any(n).filter(|day| day.year() != NEVER)?;
        if day > today.checked_add_days(TERM).unwrap_or(day) {
            self.fault(
                n,
                format!("日期 {day} 晚于今天六十年以上，请核对"),
                format!("The date {day} is more than sixty years after today; please check"),
            );
            return None;
        }
        Some(day)
    }

    fn any(&mut self, n: usize) -> Option<NaiveDate> {
        let raw = self.raw(n);
        let day = without_time(raw);
        let parsed = match self.columns.formats.dates.arrange(day) {
            Some(arranged) => dates::parse(&arranged),
            None => dates::parse(day),
        };
        match (parsed, serial(day)) {
            (Err(_), Some(meant)) => {
                self.fault(
                    n,
                    format!("「{day}」是电子表格的日期序号（像是 {meant}），请把这一栏改成日期格式"),
                    format!("\"{day}\" is a spreadsheet's serial number of a day (perhaps {meant}); give the column a date format"),
                );
                None
            }
            (parsed, _) => self.check(n, parsed),
        }
    }

    /// A sum in yuan, or in the unit of the mapping; nothing when the column is empty or not in the file.
    pub(super) fn sum(&mut self, n: usize) -> Option<Fen> {
        let raw = self.raw(n);
        if raw.is_empty() {
            return None;
        }
        self.sum_of(n, raw)
    }

    /// A sum that stands in a text of column `n`.
    pub(super) fn sum_of(&mut self, n: usize, raw: &str) -> Option<Fen> {
        let parsed = match self.columns.formats.unit {
            Unit::Yuan => Fen::parse_yuan(raw),
            Unit::Wan if raw.ends_with(['元', '万', '亿']) => Fen::parse_wan(raw),
            Unit::Wan => Fen::parse_wan(&format!("{raw}万")),
        };
        self.check(n, parsed)
    }

    /// A sum that must be there.
    pub(super) fn needed_sum(&mut self, n: usize) -> Fen {
        if self.need(n) { self.sum(n).unwrap_or_default() } else { Fen::ZERO }
    }

    /// A rate of interest in hundredths of a per cent, rounded half up where the core system has more decimals.
    pub(super) fn rate(&mut self, n: usize) -> Option<u32> {
        let raw = self.raw(n);
        if raw.is_empty() {
            return None;
        }
        let text = plain::fold(&plain::line(raw));
        let (digits, is_percent) = match text.trim().strip_suffix('%') {
            Some(digits) => (digits.trim(), true),
            None => (text.trim(), self.columns.formats.rates == Rates::Percent),
        };
        let rate = hundredths(digits, if is_percent { 2 } else { 4 }).filter(|r| *r < 10_000);
        if rate.is_none() {
            let text: String = text.chars().take(24).collect();
            self.fault(
                n,
                format!("「{text}」不是利率，应为 0 至 100 的百分数，如 2.54"),
                format!("\"{text}\" is not a rate; write per cent from 0 to 100, like 2.54"),
            );
        }
        rate
    }

    /// A count of days; 0 when the column is empty.
    pub(super) fn days(&mut self, n: usize) -> u32 {
        let text = plain::fold(self.raw(n));
        let digits = text.strip_suffix('天').unwrap_or(&text).trim();
        if digits.is_empty() {
            return 0;
        }
        let days = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        days.filter(|d| *d <= 36_500).unwrap_or_else(|| {
            self.fault(
                n,
                "应为天数，0 至 36500 的整数".to_owned(),
                "This should be a number of days from 0 to 36500".to_owned(),
            );
            0
        })
    }

    pub(super) fn end<T>(self, record: Option<T>) -> Result<T, Vec<Fault>> {
        match record {
            Some(record) if self.faults.is_empty() => Ok(record),
            _ => Err(self.faults),
        }
    }
}

/// Whether a day lies further ahead than clocks go wrong: what has happened cannot have happened then.
pub fn is_ahead(day: NaiveDate, today: NaiveDate) -> bool {
    day > last(today)
}

/// The last day on which something may have happened, give or take a wrong clock.
pub fn last(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(CLOCK).unwrap_or(today)
}

/// A blank between 没有 and a name in Latin letters.
fn spaced(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii()) { format!(" {name}") } else { name.to_owned() }
}

fn longest(code: &str) -> usize {
    match archive::find(code).map(|f| f.kind) {
        Some(Kind::Line(most) | Kind::Note(most)) => most,
        _ => 40,
    }
}

/// The first letters of a text, to be quoted.
pub(super) fn brief(text: &str) -> String {
    text.chars().take(12).collect()
}

/// `5.2E+17`: what a spreadsheet makes of a long number.
pub(super) fn is_damaged(text: &str) -> bool {
    text.split_once(['E', 'e']).is_some_and(|(digits, power)| {
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && power.strip_prefix(['+', '-']).is_some_and(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit()))
    })
}

/// `2026-11-20 10:22:31` without its time.
fn without_time(text: &str) -> &str {
    let Some((day, time)) = text.split_once([' ', 'T']) else { return text };
    let is_time =
        time.len() >= 4 && time.contains(':') && time.bytes().all(|b| b.is_ascii_digit() || b":.".contains(&b));
    if is_time { day } else { text }
}

/// The day that a spreadsheet means by a bare number of five digits, counted from 1900.
fn serial(text: &str) -> Option<NaiveDate> {
    if text.len() != 5 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(text.parse().ok()?))
}

/// A decimal as a whole number of ten to the minus `scale`, rounded half up.
fn hundredths(text: &str, scale: usize) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |s: &str| !s.is_empty() && s.len() <= 9 && s.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || part.is_empty() || part.len() > 20 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let kept: String = part.chars().chain("0000".chars()).take(scale).collect();
    let up = part.as_bytes().get(scale).is_some_and(|d| *d >= b'5');
    format!("{whole}{kept}").parse::<u32>().ok()?.checked_add(u32::from(up))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_whole_hundredths_of_a_per_cent() {
        for (text, scale, rate) in [
            ("2.54", 2, Some(254)),
            ("2.5", 2, Some(250)),
            ("3", 2, Some(300)),
            ("2.1375", 2, Some(214)),
            ("1.985", 2, Some(199)),
            ("0.0254", 4, Some(254)),
            ("0.02", 4, Some(200)),
            ("", 2, None),
            (".", 2, None),
            ("2.", 2, None),
            ("-1", 2, None),
            ("2.5.4", 2, None),
            ("1e5", 2, None),
            ("99999999999", 2, None),
        ] {
            assert_eq!(hundredths(text, scale), rate, "{text}");
        }
    }

    #[test]
    fn the_time_of_a_day_is_left_out_and_nothing_else() {
        assert_eq!(without_time("2026-11-20 10:22:31"), "2026-11-20");
        assert_eq!(without_time("2026-11-20T10:22:31.000"), "2026-11-20");
        assert_eq!(without_time("2026-11-20 周五"), "2026-11-20 周五");
        assert_eq!(without_time("2026 年 11 月"), "2026 年 11 月");
    }

    #[test]
    fn a_serial_number_says_which_day_it_may_mean() {
        assert_eq!(serial("46347"), NaiveDate::from_ymd_opt(2026, 11, 21));
        assert_eq!(serial("20261121"), None);
        assert_eq!(serial("4634a"), None);
    }
}
