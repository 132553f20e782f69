//! How values of the domain stand in a cell: days as yyyymmdd, times as ISO text, lists as JSON. What they mean does not live here.

use crate::domain::tier::Tier;
use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How a time is written.
const TIME: &str = "%Y-%m-%dT%H:%M:%S";

/// A day as yyyymmdd.
pub fn day(d: NaiveDate) -> i64 {
    i64::from(d.year()) * 10_000 + i64::from(d.month()) * 100 + i64::from(d.day())
}

/// The day of yyyymmdd.
pub fn date(cell: i64) -> Option<NaiveDate> {
    let (y, md) = (cell.div_euclid(10_000), cell.rem_euclid(10_000));
    NaiveDate::from_ymd_opt(i32::try_from(y).ok()?, u32::try_from(md / 100).ok()?, u32::try_from(md % 100).ok()?)
}

/// A time as text, to the second.
pub fn time(t: NaiveDateTime) -> String {
    format!("{}T{:02}:{:02}:{:02}", t.date(), t.hour(), t.minute(), t.second())
}

/// The time of a text; midnight of 1970 when somebody else wrote it.
pub fn moment(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, TIME).unwrap_or_default()
}

/// The day of a time as [`time`] writes it, without reading the rest.
pub fn day_of(text: &str) -> NaiveDate {
    let mut pieces = text.split(['-', 'T']).map_while(|p| p.parse::<u32>().ok());
    let ymd = (pieces.next(), pieces.next(), pieces.next());
    match ymd {
        (Some(y), Some(m), Some(d)) => i32::try_from(y).ok().and_then(|y| NaiveDate::from_ymd_opt(y, m, d)),
        _ => None,
    }
    .unwrap_or_default()
}

/// A tier as its rank, -1 for none.
pub fn rank(tier: Option<Tier>) -> i64 {
    tier.and_then(|x| i64::try_from(x.rank()).ok()).unwrap_or(-1)
}

/// A record as JSON.
///
/// # Errors
/// Never for our own records; maps with keys that are not text.
pub fn json<T: Serialize>(value: &T) -> serde_json::Result<String> {
    serde_json::to_string(value)
}

/// The record of a JSON cell; the default when it cannot be read, so that one bad cell hides one thing only.
pub fn of_json<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

/// The unit enum of a code.
pub fn of_code<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_come_back_as_they_went() {
        let d = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        assert_eq!((day(d), date(20_261_121)), (20_261_121, Some(d)));
        assert_eq!(date(20_261_131), None);
        assert_eq!(date(0), None);
        let t = d.and_hms_opt(9, 8, 7).unwrap();
        assert_eq!((moment(&time(t)), day_of(&time(t))), (t, d));
    }
}
