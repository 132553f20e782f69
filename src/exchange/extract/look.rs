//! The first rows of a file of whatever layout, as they stand in it and as a mapping would read them: what a preview shows before
//! anything is imported.

use super::layout::{Columns, headers};
use super::mapping::Mapping;
use super::names;
use super::record;
use super::rejects::Fault;
use super::source::{self, Begin, Feed};
use crate::domain::text::Complaint;
use crate::domain::values::plain;
use crate::exchange::encoding::Encoding;
use crate::exchange::rows::{Broken, Next, Row};
use crate::exchange::workbook::SEARCHED;
use chrono::NaiveDate;
use std::fs::File;
use std::path::Path;

/// Rows looked at.
const LOOKED: usize = 50;

/// A file, looked at.
#[derive(Debug)]
pub struct Look {
    /// Its encoding.
    pub encoding: Encoding,
    /// The headers, cleaned.
    pub headers: Vec<String>,
    /// The first rows after the header, as they stand in the file.
    pub rows: Vec<Raw>,
    header: Row,
}

/// A row as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// Its line, from 1.
    pub line: u64,
    /// Its cells, without what could steer a terminal.
    pub cells: Vec<String>,
}

/// A row as it would be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Its line, from 1.
    pub line: u64,
    /// A cell for each column of the layout: as it was understood, or as it stands in the file when it was not.
    pub cells: Vec<String>,
    /// What does not fit.
    pub faults: Vec<Fault>,
}

impl Look {
    /// Looks at a file: which row is the header, and what follows.
    ///
    /// # Errors
    /// It cannot be read, or there is nothing in it.
    pub fn at(path: &Path) -> Result<Look, Complaint> {
        let (file, encoding, ..) = source::about(path)?;
        match Look::begin(path, file, encoding)? {
            Some(look) => Ok(look),
            // The header is in UTF-8, some lines after it are not.
            None => {
                let file = File::open(path).map_err(|e| source::unreadable(path, &e))?;
                let look = Look::begin(path, file, Encoding::Utf8)?;
                look.ok_or_else(|| source::of_file(path, &source::nothing()))
            }
        }
    }

    /// `None` when the header is in another encoding than was thought.
    fn begin(path: &Path, file: File, encoding: Encoding) -> Result<Option<Look>, Complaint> {
        let unread = |e: std::io::Error| source::unreadable(path, &e);
        let mut feed = Feed::begin(file, encoding, &mut |_| false).map_err(|why| match why {
            Begin::Io(e) => unread(e),
            Begin::Refused(c) => source::of_file(path, &c),
        })?;
        let (mut rows, mut best): (Vec<Row>, Option<(usize, usize)>) = (vec![], None);
        while rows.len() < LOOKED + SEARCHED {
            if rows.is_empty() || best.is_none_or(|(_, score)| score == 0) {
                feed.look_again().map_err(unread)?;
            }
            let mut row = Row::default();
            match feed.next_into(&mut row).map_err(unread)? {
                Next::End => break,
                Next::Broken(Broken::Encoding) if rows.is_empty() && encoding == Encoding::Gb18030 => return Ok(None),
                Next::Row if row.iter().all(|cell| cell.trim().is_empty()) => continue,
                Next::Row | Next::Broken(_) => {}
            }
            let score = if rows.len() < SEARCHED { names::likeness(&headers(&row)) } else { 0 };
            if best.is_none_or(|(_, most)| score > most) {
                best = Some((rows.len(), score));
            }
            rows.push(row);
        }
        let Some((at, _)) = best else { return Err(source::of_file(path, &source::nothing())) };
        let mut rows = rows.into_iter().skip(at);
        let header = rows.next().unwrap_or_default();
        let raw = |row: Row| Raw { line: row.line, cells: row.iter().map(plain::line).collect() };
        Ok(Some(Look { encoding, headers: headers(&header), rows: rows.take(LOOKED).map(raw).collect(), header }))
    }

    /// The columns that a mapping makes of it.
    ///
    /// # Errors
    /// The mapping does not fit.
    pub fn columns(&self, mapping: &Mapping) -> Result<Columns, Complaint> {
        mapping.columns(&self.header)
    }

    /// The first rows as a mapping would read them.
    ///
    /// # Errors
    /// The mapping does not fit.
    pub fn preview(&self, mapping: &Mapping, most: usize, today: NaiveDate) -> Result<Vec<Preview>, Complaint> {
        let columns = self.columns(mapping)?;
        let mut row = Row::default();
        let mut all = vec![];
        for raw in self.rows.iter().take(most) {
            let read = match row.fill(raw.line, raw.cells.iter().map(String::as_str)) {
                Ok(()) => record::read(&columns, &row, today),
                Err(why) => {
                    let c = source::broken(why);
                    Err(vec![Fault::row(c.zh, c.en)])
                }
            };
            let (cells, faults) = match read {
                Ok(record) => (record.shown(), vec![]),
                Err(faults) => {
                    let fields = 0..columns.layout.headers().len();
                    (fields.map(|n| columns.get(&row, n).trim().to_owned()).collect(), faults)
                }
            };
            all.push(Preview { line: raw.line, cells, faults });
        }
        Ok(all)
    }
}
