//! Days and amounts as they are typed after a filter. Which filter they belong to is `filter`'s.

use crate::domain::values::money::Fen;
use chrono::{Datelike, Days, NaiveDate};

/// `today`, `tomorrow`, `7d` (from today, so many days on), `11-21` (the next such day; also `11.21`, `11月21日`), `2026-11-21`.
pub fn days(value: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    match value {
        "today" | "今天" | "今日" => return Some((today, today)),
        "tomorrow" | "明天" => {
            let next = today.checked_add_days(Days::new(1))?;
            return Some((next, next));
        }
        "week" | "本周" => {
            let last = today.checked_add_days(Days::new(6 - u64::from(today.weekday().num_days_from_monday())))?;
            return Some((today, last));
        }
        _ => {}
    }
    let count = value.strip_suffix('d').or_else(|| value.strip_suffix("天内")).or_else(|| value.strip_suffix('天'));
    if let Some(n) = count {
        // More than a year of days finds everybody; a year is what it then means.
        let n: u64 = n.parse().ok()?;
        return Some((today, today.checked_add_days(Days::new(n.min(366)))?));
    }
    if let Ok(day) = NaiveDate::parse_from_str(value, "%Y-%m-%d") {
        return Some((day, day));
    }
    let value = value.trim_end_matches('日');
    let (month, day) = value.split_once('-').or_else(|| value.split_once('.')).or_else(|| value.split_once('月'))?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 29 February is looked for in the next leap year.
    let on = (0..9).find_map(|y| NaiveDate::from_ymd_opt(today.year() + y, month, day).filter(|d| *d >= today))?;
    Some((on, on))
}

/// As [`days`], and `overdue`.
pub fn due(value: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    match value {
        "overdue" | "逾期" => Some((NaiveDate::MIN, today.pred_opt()?)),
        "none" | "无" => None,
        _ => days(value, today),
    }
}

/// `>50w`, `>=50w`, `<5w`, `5w-20w`, `50w` (from); 万, w, k and 亿 are understood.
pub fn amount(value: &str) -> Option<(Fen, Fen)> {
    const ALL: (Fen, Fen) = (Fen(i64::MIN), Fen(i64::MAX));
    let value = value.replace('≥', ">=").replace('≤', "<=");
    if let Some(rest) = value.strip_prefix(">=") {
        return Some((money(rest)?, ALL.1));
    }
    if let Some(rest) = value.strip_prefix("<=") {
        return Some((ALL.0, money(rest)?));
    }
    if let Some(rest) = value.strip_prefix('>') {
        return Some((Fen(money(rest)?.0.saturating_add(1)), ALL.1));
    }
    if let Some(rest) = value.strip_prefix('<') {
        return Some((ALL.0, Fen(money(rest)?.0.saturating_sub(1))));
    }
    match value.split_once('-').or_else(|| value.split_once('~')) {
        Some((from, to)) => {
            let high = money(to)?;
            // In `5-20w` the unit belongs to both.
            let low = match (from.chars().last(), to.chars().last()) {
                (Some('0'..='9'), Some(unit)) if !unit.is_ascii_digit() => money(&format!("{from}{unit}"))?,
                _ => money(from)?,
            };
            (low <= high).then_some((low, high))
        }
        None => Some((money(&value)?, ALL.1)),
    }
}

/// An amount in yuan with at most two decimals after the unit is applied: `50w`, `0.1万`, `3000`, `1.2亿`.
fn money(s: &str) -> Option<Fen> {
    let s = s.trim_end_matches('元');
    let (digits, unit) = match s.chars().last()? {
        'w' | '万' => (s.trim_end_matches(['w', '万']), 1_000_000),
        'k' | '千' => (s.trim_end_matches(['k', '千']), 100_000),
        '亿' => (s.trim_end_matches('亿'), 10_000_000_000),
        _ => (s, 100i64),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || part.len() > 8 || !whole.chars().chain(part.chars()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    let mut fen = whole.parse::<i64>().ok()?.checked_mul(unit)?;
    let mut step = unit;
    for d in part.chars() {
        step /= 10;
        fen = fen.checked_add(i64::from(d.to_digit(10)?).checked_mul(step)?)?;
    }
    Some(Fen(fen))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a day")
    }

    #[test]
    fn amounts_are_read_in_the_units_people_type() {
        let yuan = Fen::of_yuan;
        let table = [
            (">50w", Some((Fen(yuan(500_000).0 + 1), Fen(i64::MAX)))),
            (">=50万", Some((yuan(500_000), Fen(i64::MAX)))),
            ("<5w", Some((Fen(i64::MIN), Fen(yuan(50_000).0 - 1)))),
            ("5w-20w", Some((yuan(50_000), yuan(200_000)))),
            ("5-20w", Some((yuan(50_000), yuan(200_000)))),
            ("0.1万", Some((yuan(1_000), Fen(i64::MAX)))),
            ("3000-5000", Some((yuan(3_000), yuan(5_000)))),
            ("1.25亿", Some((yuan(125_000_000), Fen(i64::MAX)))),
            ("20w-5w", None),
            (">", None),
            ("abc", None),
            ("99999999999999999w", None),
        ];
        for (text, want) in table {
            assert_eq!(amount(text), want, "{text}");
        }
    }

    #[test]
    fn days_are_read_from_today() {
        let today = day(2026, 11, 21);
        let table = [
            ("today", Some((today, today))),
            ("7d", Some((today, day(2026, 11, 28)))),
            ("7天", Some((today, day(2026, 11, 28)))),
            ("11-21", Some((today, today))),
            ("11-20", Some((day(2027, 11, 20), day(2027, 11, 20)))),
            ("2月29日", Some((day(2028, 2, 29), day(2028, 2, 29)))),
            ("2026-12-01", Some((day(2026, 12, 1), day(2026, 12, 1)))),
            ("13-40", None),
            ("d", None),
        ];
        for (text, want) in table {
            assert_eq!(days(text, today), want, "{text}");
        }
        assert_eq!(due("overdue", today), Some((NaiveDate::MIN, day(2026, 11, 20))));
    }
}
