//! The rows of an XLSX workbook as text, in a stream like those of a CSV file: numbers, dates and percentages as they are meant,
//! long numbers that lost their digits as what they are. A small file that unpacks to a large one is refused before anything
//! of it is kept. What the columns mean never lives here.

use super::rows::{COLUMN_LIMIT, Next, ROW_LIMIT, Row};
use crate::domain::text::Complaint;
use calamine::{DataRef, ExcelDateTime, Reader, Sheet as About, SheetVisible, Xlsx, XlsxError};
use std::io::{BufReader, Read, Seek};
use zip::ZipArchive;

/// Rows without a known header before a sheet is given up.
pub const SEARCHED: usize = 10;

/// A sheet of 1,048,576 rows of the longest layout has some 700 MB of XML; it is streamed.
const SHEET_LIMIT: u64 = 1 << 30;

/// Shared texts are all held.
const TEXTS_LIMIT: u64 = 256 << 20;

/// Whatever else of a workbook is read.
const PART_LIMIT: u64 = 32 << 20;

/// One text, or one tag, may be so long; the longest cell of a spreadsheet has 32,767 letters.
const PIECE_LIMIT: usize = 1 << 20;

/// Parts of a workbook; real ones have some dozens.
const PARTS: usize = 4096;

/// Text of one sheet, held while it is read.
const HELD: usize = 512 << 20;

/// From here on a spreadsheet has lost digits: it keeps 15.
const DIGITS: i32 = 15;

/// The first sheet that has what is looked for, all its rows as text.
#[derive(Debug, Default)]
pub struct Sheet {
    text: String,
    ends: Vec<u32>,
    /// The line of each row, from 1, and its first cell.
    rows: Vec<(u32, u32)>,
    at: usize,
}

impl Sheet {
    /// Takes the next row.
    pub fn next_into(&mut self, row: &mut Row) -> Next {
        let Some((line, first)) = self.rows.get(self.at).copied() else { return Next::End };
        self.at += 1;
        let last = self.rows.get(self.at).map_or(self.ends.len(), |(_, cell)| *cell as usize);
        let start = |cell: usize| cell.checked_sub(1).and_then(|c| self.ends.get(c)).map_or(0, |e| *e as usize);
        let cells = (first as usize..last).filter_map(|c| self.text.get(start(c)..*self.ends.get(c)? as usize));
        match row.fill(u64::from(line), cells) {
            Ok(()) => Next::Row,
            Err(why) => Next::Broken(why),
        }
    }

    /// Goes back to the first row.
    pub fn rewind(&mut self) {
        self.at = 0;
    }

    /// How many rows were taken, of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.at, self.rows.len())
    }

    /// Adds a row, unless there is nothing in it.
    fn push(&mut self, line: u32, cells: &[String]) -> Result<(), Complaint> {
        if cells.iter().all(|c| c.trim().is_empty()) {
            return Ok(());
        }
        self.rows.push((line, u32::try_from(self.ends.len()).unwrap_or(u32::MAX)));
        for cell in cells {
            self.text.push_str(cell);
            self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        if self.text.len() > HELD || self.ends.len() > HELD / 4 { Err(too_large()) } else { Ok(()) }
    }
}

/// Reads the first sheet among whose first rows is one that is `known`; when there is none, the first rows of the first
/// sheet that has any.
///
/// # Errors
/// It is no workbook of this kind, is damaged, or unpacks to more than a workbook has.
pub fn read(mut file: impl Read + Seek, known: &mut dyn FnMut(&Row) -> bool) -> Result<Sheet, Complaint> {
    inspect(&mut file)?;
    file.rewind().map_err(|e| damaged(&e.to_string()))?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(|e| of_book(&e))?;
    let is_seen = |sheet: &&About| sheet.visible == SheetVisible::Visible;
    let names: Vec<String> = book.sheets_metadata().iter().filter(is_seen).map(|s| s.name.clone()).collect();
    let mut first = Sheet::default();
    for name in names {
        let (sheet, is_known) = one(&mut book, &name, known)?;
        if is_known {
            return Ok(sheet);
        }
        if first.rows.is_empty() {
            first = sheet;
        }
    }
    Ok(first)
}

/// Reads a sheet; only its first rows unless one of them is known.
fn one<R: Read + Seek>(
    book: &mut Xlsx<R>,
    name: &str,
    known: &mut dyn FnMut(&Row) -> bool,
) -> Result<(Sheet, bool), Complaint> {
    let mut sheet = Sheet::default();
    let mut reader = match book.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        // A sheet of charts.
        Err(XlsxError::NotAWorksheet(_)) => return Ok((sheet, false)),
        Err(e) => return Err(of_book(&e)),
    };
    let kinds: Vec<Kind> =
        reader.styles().iter().map(|s| Kind::of(s.number_format.as_ref().map(|f| &*f.format_code))).collect();
    let (mut cells, mut line, mut width, mut is_known) = (Vec::<String>::new(), 0, 0, false);
    let mut row = Row::default();
    loop {
        let next = reader.next_cell_with_style_id().map_err(|e| of_book(&e))?;
        let place = next.as_ref().map(|(cell, _)| cell.get_position());
        if place.is_none_or(|(r, _)| r + 1 != line) {
            let before = sheet.rows.len();
            // Empty cells at the end of a row are not stored.
            width = width.max(cells.len());
            cells.resize(width, String::new());
            sheet.push(line, &cells)?;
            cells.clear();
            if !is_known && sheet.rows.len() > before {
                sheet.at = before;
                is_known = sheet.next_into(&mut row) == Next::Row && known(&row);
            }
            if place.is_none() || (!is_known && sheet.rows.len() >= SEARCHED) {
                sheet.rewind();
                return Ok((sheet, is_known));
            }
        }
        let Some((cell, style)) = next else { continue };
        let (r, column) = cell.get_position();
        line = r + 1;
        let column = column as usize;
        if column > COLUMN_LIMIT || matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(place) = cells.get_mut(column) {
            *place = text(cell.get_value(), kinds.get(style).copied().unwrap_or_default());
            // One that long is refused as a row; nothing of it is kept but that.
            if place.len() > ROW_LIMIT {
                *place = place.chars().take(ROW_LIMIT).collect();
            }
        }
    }
}

/// How a cell shows its number, as far as that changes what is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Plain,
    /// 0.0254 shown as 2.54%.
    Percent,
    /// 42 shown as 00000042.
    Padded(usize),
}

impl Kind {
    fn of(code: Option<&str>) -> Kind {
        match code {
            Some(code) if code.contains('%') => Kind::Percent,
            Some(code) if code.len() > 1 && code.bytes().all(|b| b == b'0') => Kind::Padded(code.len()),
            _ => Kind::Plain,
        }
    }
}

/// A cell as text.
fn text(value: &DataRef<'_>, kind: Kind) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(s) => s.clone(),
        DataRef::SharedString(s) => (*s).to_owned(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::Error(e) => e.to_string(),
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.strip_suffix("T00:00:00").unwrap_or(s).to_owned(),
        DataRef::DateTime(at) => moment(*at),
        // A whole number is a float to a spreadsheet, and loses the same digits.
        #[allow(clippy::cast_precision_loss)]
        DataRef::Int(n) => shown(*n as f64, kind),
        DataRef::Float(n) => shown(*n, kind),
    }
}

/// A day, with its time if it has one; what is no day of a calendar, or a time without one, stays the number it is.
fn moment(at: ExcelDateTime) -> String {
    let serial = at.as_f64();
    if !at.is_datetime() || !(1.0..2_958_466.0).contains(&serial) {
        return shown(serial, Kind::Plain);
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { day } else { format!("{day} {hour:02}:{minute:02}:{second:02}") }
}

fn shown(number: f64, kind: Kind) -> String {
    match kind {
        Kind::Plain => decimal(number, 0),
        Kind::Percent => decimal(number, 2) + "%",
        Kind::Padded(width) => format!("{:0>width$}", decimal(number, 0)),
    }
}

/// A number times ten to the `shift`, with the 15 digits that a spreadsheet keeps; one with more is written as spreadsheets do,
/// so that whoever reads a number of an ID in it sees that its last digits are lost.
fn decimal(number: f64, shift: i32) -> String {
    if !number.is_finite() {
        return "#NUM!".to_owned();
    }
    let scientific = format!("{:.14e}", number.abs());
    let Some((mantissa, power)) = scientific.split_once('e') else { return scientific };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let power = power.parse::<i32>().unwrap_or_default() + shift;
    let sign = if number < 0.0 && !digits.is_empty() { "-" } else { "" };
    if digits.is_empty() || power < -30 {
        return "0".to_owned();
    }
    if power >= DIGITS + shift {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{sign}{first}{point}{rest}E+{power}");
    }
    let Ok(whole) = usize::try_from(power + 1) else {
        let noughts = usize::try_from(-power - 1).unwrap_or_default();
        return format!("{sign}0.{}{digits}", "0".repeat(noughts));
    };
    match digits.split_at_checked(whole) {
        Some(("", part)) => format!("{sign}0.{part}"),
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, part)) => format!("{sign}{whole}.{part}"),
        None => format!("{sign}{digits:0<whole$}"),
    }
}

/// Unpacks the parts that will be read, keeping nothing, and refuses what is more than a workbook has: what its own list of
/// contents says of sizes need not be true.
fn inspect(file: &mut (impl Read + Seek)) -> Result<(), Complaint> {
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(&e.to_string()))?;
    if zip.len() > PARTS {
        return Err(too_large());
    }
    let mut buffer = vec![0; 64 * 1024];
    let mut is_book = false;
    for n in 0..zip.len() {
        let mut part = zip.by_index(n).map_err(|e| damaged(&e.to_string()))?;
        let name = part.name().map_err(|e| damaged(&e.to_string()))?.to_ascii_lowercase();
        is_book |= name.ends_with("workbook.xml");
        let is_read = [".xml", ".rels"].iter().any(|ending| name.ends_with(ending));
        if !is_read {
            continue;
        }
        let is_texts = name.contains("sharedstrings");
        let most = match () {
            () if is_texts => TEXTS_LIMIT,
            () if name.contains("worksheets/") => SHEET_LIMIT,
            () => PART_LIMIT,
        };
        let (mut size, mut piece, mut first) = (0, 0, true);
        loop {
            let got = part.read(&mut buffer).map_err(|e| damaged(&e.to_string()))?;
            let bytes = buffer.get(..got).unwrap_or_default();
            if bytes.is_empty() {
                break;
            }
            size += got as u64;
            piece = longest(bytes, piece)?;
            if size > most || (first && is_texts && promised(bytes) > most / 8) {
                return Err(too_large());
            }
            first = false;
        }
    }
    if is_book { Ok(()) } else { Err(other_kind()) }
}

/// Follows the pieces between the brackets of XML and refuses one that is too long; gives how long the last one is so far.
fn longest(bytes: &[u8], before: usize) -> Result<usize, Complaint> {
    let mut piece = before;
    for part in bytes.split_inclusive(|b| matches!(b, b'<' | b'>')) {
        piece += part.len();
        if piece > PIECE_LIMIT {
            return Err(too_large());
        }
        if part.ends_with(b"<") || part.ends_with(b">") {
            piece = 0;
        }
    }
    Ok(piece)
}

/// How many texts a list of texts says it has: room is made for them before the first is read.
fn promised(bytes: &[u8]) -> u64 {
    let head = String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes)).into_owned();
    let number = |after: &str| {
        let digits: String =
            after.trim_start_matches(['"', '\'', ' ', '=']).chars().take_while(char::is_ascii_digit).collect();
        if digits.len() > 18 { u64::MAX } else { digits.parse().unwrap_or_default() }
    };
    head.split("uniqueCount").skip(1).map(number).max().unwrap_or_default()
}

fn of_book(e: &XlsxError) -> Complaint {
    match e {
        XlsxError::Password => other_kind(),
        e => damaged(&e.to_string()),
    }
}

fn damaged(why: &str) -> Complaint {
    Complaint::new(
        format!("工作簿读不出来，可能已损坏，请重新导出或另存为 CSV（{why}）"),
        format!("The workbook cannot be read and may be damaged; export it again or save it as CSV ({why})"),
    )
}

fn too_large() -> Complaint {
    Complaint::new(
        "工作簿太大，请分成几个文件，或另存为 CSV 再导入",
        "The workbook is too large; make several of it, or save it as CSV and import that",
    )
}

/// Why a workbook of another kind is not read.
pub fn other_kind() -> Complaint {
    Complaint::new(
        "只能直接读取未加密的 xlsx 工作簿，请在表格软件里另存为 xlsx 或 CSV 再导入",
        "Only xlsx workbooks without a password are read; save it as xlsx or CSV and import that",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_written_with_the_digits_a_spreadsheet_keeps() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-5.05, "-5.05"),
            (31_056.1, "31056.1"),
            (0.1 + 0.2, "0.3"),
            (0.05, "0.05"),
            (6_000_000_001.0, "6000000001"),
            (13_800_138_000.0, "13800138000"),
            (520_325_720_204_245.0, "520325720204245"),
            (1_234_567_890_123.45, "1234567890123.45"),
            (5.203_251_972_020_42e17, "5.20325197202042E+17"),
            (1e15, "1E+15"),
            (1e300, "1E+300"),
            (1e-9, "0.000000001"),
            (1e-300, "0"),
            (f64::NAN, "#NUM!"),
        ] {
            assert_eq!(decimal(number, 0), text, "{number}");
        }
        assert_eq!(shown(0.0254, Kind::Percent), "2.54%");
        assert_eq!(shown(1.0, Kind::Percent), "100%");
        assert_eq!(shown(0.000_1, Kind::Percent), "0.01%");
        assert_eq!(shown(42.0, Kind::of(Some("00000000"))), "00000042");
        assert_eq!(Kind::of(Some("0")), Kind::Plain);
    }

    #[test]
    fn a_list_of_texts_may_not_promise_more_than_it_can_hold() {
        assert_eq!(promised(br#"<sst count="9" uniqueCount="7">"#), 7);
        assert_eq!(promised(br#"<sst uniqueCount = '99999999999999999999'>"#), u64::MAX);
        assert_eq!(promised(b"<sst>"), 0);
        assert_eq!(longest(b"<a>text", 0), Ok(4));
        assert!(longest(&vec![b'x'; PIECE_LIMIT + 1], 0).is_err());
        assert!(longest(&vec![b'x'; PIECE_LIMIT], 1).is_err());
    }

    proptest! {
        #[test]
        fn a_sum_in_fen_comes_through_a_float_as_it_was(fen in -99_999_999_999_999_i64..99_999_999_999_999) {
            #[allow(clippy::cast_precision_loss)]
            let yuan = fen as f64 / 100.0;
            let read = crate::domain::values::money::Fen::parse_yuan(&decimal(yuan, 0));
            prop_assert_eq!(read.map(|f| f.0), Ok(fen));
        }
    }
}
