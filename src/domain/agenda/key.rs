//! The name of a line of the queue: source, row and the day it stands for, so that a mark finds its line again whatever moved its
//! due day since.

use super::Source;
use chrono::{Datelike, NaiveDate};
use std::fmt;

/// `visit:123:20261118`; two dated matters of one family member on the same day are told apart by a fourth piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Where the line comes from.
    pub source: Source,
    /// The row: customer, part, task, hand-over or signal.
    pub row: i64,
    /// The day it stands for.
    pub day: NaiveDate,
    /// What of that row.
    pub matter: Matter,
}

/// Which matter of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Matter {
    /// The only one, or its yearly day.
    #[default]
    Plain,
    /// 入学
    School,
    /// 中考 / 高考
    Exam,
    /// A contract or loan of the customer, by what [`Matter::of`] makes of its number.
    Contract(u32),
    /// 复核: the second person's word on an alert.
    Second,
}

impl Matter {
    /// The matter of a contract or loan: its number in 32 bits (FNV-1a), enough to tell those of one customer and day apart.
    pub fn of(number: &str) -> Matter {
        let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        Matter::Contract(number.bytes().fold(0x811c_9dc5, mix))
    }
}

impl Key {
    /// The key of a line.
    pub fn new(source: Source, row: i64, day: NaiveDate) -> Key {
        Key { source, row, day, matter: Matter::Plain }
    }

    /// The key of a written one; `None` when no line is called so.
    pub fn parse(text: &str) -> Option<Key> {
        let mut pieces = text.split(':');
        let source = pieces.next()?;
        let source = Source::ALL.into_iter().find(|s| s.code() == source)?;
        let row = pieces.next()?.parse().ok()?;
        let day: i32 = pieces.next()?.parse().ok()?;
        let (year, month, of_month) =
            (day / 10_000, u32::try_from(day / 100 % 100).ok()?, u32::try_from(day % 100).ok()?);
        let matter = match pieces.next() {
            None => Matter::Plain,
            Some("school") => Matter::School,
            Some("exam") => Matter::Exam,
            Some("second") => Matter::Second,
            Some(other) => {
                let hex = other.strip_prefix('c').filter(|hex| hex.len() == 8 && !hex.starts_with('+'))?;
                Matter::Contract(u32::from_str_radix(hex, 16).ok()?)
            }
        };
        let key = Key { source, row, day: NaiveDate::from_ymd_opt(year, month, of_month)?, matter };
        pieces.next().is_none().then_some(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.day;
        write!(f, "{}:{}:{:04}{:02}{:02}", self.source.code(), self.row, d.year(), d.month(), d.day())?;
        f.write_str(match self.matter {
            Matter::Plain => "",
            Matter::School => ":school",
            Matter::Exam => ":exam",
            Matter::Second => ":second",
            Matter::Contract(hash) => return write!(f, ":c{hash:08x}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_it_was_written() {
        for text in [
            "visit:123:20261118",
            "family:7:20260801:school",
            "own:1:20260228",
            "birthday:-1:20261231",
            "alert:9:20261118:second",
            "maturity:7:20261205:c00ab12cd",
        ] {
            assert_eq!(Key::parse(text).map(|k| k.to_string()).as_deref(), Some(text));
        }
        for text in [
            "",
            "visit",
            "visit:x:20261118",
            "visit:1:20261131",
            "visit:1:20261118:",
            "gift:1:20261118",
            "own:1:20260101:exam:x",
            "maturity:7:20261205:c0ab12cd",
            "maturity:7:20261205:c+0ab12cd",
        ] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
