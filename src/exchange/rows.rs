//! Rows of a CSV file (RFC 4180) as a stream with true line numbers and firm limits. The `csv` crate has no limit: one quote
//! that is never closed makes the rest of the file a single field in memory. Here it costs one line. What the columns
//! mean never lives here.

use std::io::{self, Read};
use std::ops::Range;

/// A row may be this long in bytes of UTF-8; the longest honest row of an extract has some 600.
pub const ROW_LIMIT: usize = 16 * 1024;

/// A row may have this many columns.
pub const COLUMN_LIMIT: usize = 256;

/// Bytes held at a time; a multiple of the limit, so that moving the rest to the front is rare.
const WINDOW: usize = 16 * ROW_LIMIT;

/// One row.
#[derive(Debug, Default)]
pub struct Row {
    /// The line of the file on which it begins, from 1.
    pub line: u64,
    text: String,
    ends: Vec<usize>,
    /// The file ended within its last column.
    open: bool,
}

impl Row {
    /// Whether the file ended with it: no line end follows, nor a closing quote before that, so that its last column may lack some of its text.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// How many columns it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is nothing in it at all.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.ends.len() <= 1
    }

    /// The text of a column as it stands in the file, without its quotes.
    pub fn get(&self, column: usize) -> Option<&str> {
        let end = *self.ends.get(column)?;
        let start = column.checked_sub(1).and_then(|c| self.ends.get(c)).copied().unwrap_or(0);
        self.text.get(start..end)
    }

    /// All columns.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|c| self.get(c))
    }

    /// Makes it a row of these cells; not for cells that came as text of a file.
    ///
    /// # Errors
    /// It is longer than [`ROW_LIMIT`] or has more columns than [`COLUMN_LIMIT`]; it holds what fits.
    pub fn fill<'c>(&mut self, line: u64, cells: impl IntoIterator<Item = &'c str>) -> Result<(), Broken> {
        self.clear(line);
        for cell in cells {
            if self.ends.len() >= COLUMN_LIMIT || self.text.len() + cell.len() > ROW_LIMIT {
                return Err(Broken::TooLong);
            }
            self.text.push_str(cell);
            self.close_field();
        }
        Ok(())
    }

    fn clear(&mut self, line: u64) {
        self.line = line;
        self.text.clear();
        self.ends.clear();
        self.open = false;
    }

    fn close_field(&mut self) {
        self.ends.push(self.text.len());
    }
}

/// What came next in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// A row.
    Row,
    /// A line that is not a row: the row holds its number and its beginning in one column.
    Broken(Broken),
    /// Nothing more.
    End,
}

/// Why a line is not a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Longer than [`ROW_LIMIT`], or more columns than [`COLUMN_LIMIT`].
    TooLong,
    /// A quote is not closed, or text follows the closing one.
    Quote,
    /// In another encoding than the rest of the file; the row has all its columns.
    Encoding,
    /// The file ends within it, while the lines before it end as lines do; the row has its columns.
    Cut,
}

/// Reads rows from UTF-8.
pub struct Rows<R> {
    source: R,
    window: Vec<u8>,
    at: usize,
    end: usize,
    over: bool,
    line: u64,
    separator: u8,
}

/// Where a row ends in the window, and what it is.
enum Found {
    /// Parsed; this many bytes with the line end, over so many lines.
    Whole(usize, u64),
    Broken(Broken),
}

impl<R: Read> Rows<R> {
    /// Reads `source`; columns are separated by commas until [`Rows::separate_by`] says otherwise.
    pub fn new(source: R) -> Self {
        Rows { source, window: vec![0; WINDOW], at: 0, end: 0, over: false, line: 1, separator: b',' }
    }

    /// What is read from.
    pub fn source(&self) -> &R {
        &self.source
    }

    /// What is read from, to ask it something.
    pub fn source_mut(&mut self) -> &mut R {
        &mut self.source
    }

    /// The line that comes next, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The separator of the columns.
    pub fn separate_by(&mut self, separator: u8) {
        self.separator = separator;
    }

    /// The first line as it stands, at most [`ROW_LIMIT`] of it, without taking it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn peek_line(&mut self) -> io::Result<String> {
        self.refill()?;
        let ahead = self.ahead();
        let until = newline(ahead).unwrap_or(ahead.len()).min(ROW_LIMIT);
        Ok(String::from_utf8_lossy(ahead.get(..until).unwrap_or_default()).into_owned())
    }

    /// Takes the next row.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next_into(&mut self, row: &mut Row) -> io::Result<Next> {
        self.refill()?;
        row.clear(self.line);
        if self.ahead().is_empty() {
            return Ok(Next::End);
        }
        match parse(self.ahead(), self.over, self.separator, row) {
            Found::Whole(bytes, lines) => {
                self.at += bytes;
                self.line += lines;
                Ok(Next::Row)
            }
            Found::Broken(why) => {
                self.give_up_line(row)?;
                Ok(Next::Broken(why))
            }
        }
    }

    fn ahead(&self) -> &[u8] {
        self.window.get(self.at..self.end).unwrap_or_default()
    }

    /// Sees to it that a whole row of the longest kind lies ahead, or the file's end.
    fn refill(&mut self) -> io::Result<()> {
        if self.over || self.end - self.at > ROW_LIMIT {
            return Ok(());
        }
        self.window.copy_within(self.at..self.end, 0);
        self.end -= self.at;
        self.at = 0;
        // The decoder offers nothing for less room than one letter needs, which must not look like the end.
        while let Some(room) = self.window.get_mut(self.end..).filter(|r| r.len() >= 16) {
            match self.source.read(room)? {
                0 => {
                    self.over = true;
                    break;
                }
                n => self.end += n,
            }
        }
        Ok(())
    }

    /// Skips the physical line at hand, keeping its first 200 letters; the rows after it are good again.
    fn give_up_line(&mut self, row: &mut Row) -> io::Result<()> {
        row.clear(self.line);
        let ahead = self.ahead();
        let shown = ahead.get(..newline(ahead).unwrap_or(ahead.len()).min(800)).unwrap_or_default();
        row.text.extend(String::from_utf8_lossy(shown).chars().take(200));
        row.close_field();
        loop {
            if let Some(n) = newline(self.ahead()) {
                self.at += n + 1;
                self.line += 1;
                return Ok(());
            }
            self.at = self.end;
            if self.over {
                return Ok(());
            }
            self.refill()?;
        }
    }
}

fn newline(bytes: &[u8]) -> Option<usize> {
    memchr::memchr(b'\n', bytes)
}

/// Parses one row from the front of `bytes`. All cuts are made at ASCII bytes, so every piece is whole UTF-8.
fn parse(bytes: &[u8], over: bool, separator: u8, row: &mut Row) -> Found {
    let bytes = bytes.get(..ROW_LIMIT).unwrap_or(bytes);
    let cut = over && bytes.len() < ROW_LIMIT;
    let mut at = 0;
    let mut lines = 0;
    loop {
        if row.ends.len() >= COLUMN_LIMIT {
            return Found::Broken(Broken::TooLong);
        }
        let quoted = bytes.get(at) == Some(&b'"');
        if quoted {
            at += 1;
            loop {
                let Some(n) = memchr::memchr(b'"', bytes.get(at..).unwrap_or_default()) else {
                    return Found::Broken(if cut { Broken::Quote } else { Broken::TooLong });
                };
                let piece = range(bytes, at..at + n);
                lines += piece.iter().filter(|b| **b == b'\n').count() as u64;
                push(row, piece);
                at += n + 1;
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
                row.text.push('"');
                at += 1;
            }
        } else {
            let rest = bytes.get(at..).unwrap_or_default();
            let n = memchr::memchr2(separator, b'\n', rest).unwrap_or(rest.len());
            let piece = range(bytes, at..at + n);
            let at_line_end = bytes.get(at + n).is_none_or(|b| *b == b'\n');
            push(row, if at_line_end { piece.strip_suffix(b"\r").unwrap_or(piece) } else { piece });
            at += n;
        }
        row.close_field();
        match bytes.get(at) {
            Some(b) if *b == separator => at += 1,
            Some(b'\n') => return Found::Whole(at + 1, lines + 1),
            Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => return Found::Whole(at + 2, lines + 1),
            None if cut => {
                row.open = !quoted;
                return Found::Whole(at, lines + 1);
            }
            None => return Found::Broken(Broken::TooLong),
            Some(_) => return Found::Broken(Broken::Quote),
        }
    }
}

fn range(bytes: &[u8], r: Range<usize>) -> &[u8] {
    bytes.get(r).unwrap_or_default()
}

fn push(row: &mut Row, piece: &[u8]) {
    match std::str::from_utf8(piece) {
        Ok(s) => row.text.push_str(s),
        Err(_) => row.text.push_str(&String::from_utf8_lossy(piece)),
    }
}
