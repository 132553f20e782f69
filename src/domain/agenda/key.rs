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
    /// The row: customer, part, task or hand-over.
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
            Some(_) => return None,
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
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_as_it_was_written() {
        for text in ["visit:123:20261118", "family:7:20260801:school", "own:1:20260228", "birthday:-1:20261231"] {
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
        ] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
