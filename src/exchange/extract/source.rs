//! One extract file, opened: encoding found, separator and layout recognised, rows one after the other, whether it is text or a
//! workbook. What is done with the rows is in `import`.

use super::layout::Columns;
use super::mapping::Mapping;
use crate::domain::text::Complaint;
use crate::domain::values::money::Fen;
use crate::exchange::encoding::{Encoding, Text};
use crate::exchange::rows::{Broken, Next, Row, Rows};
use crate::exchange::workbook::{self, SEARCHED, Sheet};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

/// An extract that is about to be read.
pub struct Source {
    /// The file, as it was named.
    pub path: PathBuf,
    /// Its encoding.
    pub encoding: Encoding,
    /// Its columns.
    pub columns: Columns,
    /// The mapping by which it is read, where it is of no layout of the core system.
    pub mapping: Option<Mapping>,
    /// Its size in bytes.
    pub size: u64,
    /// BLAKE3 of its bytes, hex.
    pub hash: String,
    /// The control line (`#rows,sum`), once it was met.
    pub control: Option<Control>,
    feed: Feed<File>,
    /// Rows of data so far.
    rows: u64,
}

/// What the core system says of its own file: how many rows, and their sum where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// Rows of data.
    pub rows: u64,
    /// Sum of the layout's summed column, as it is printed.
    pub sum: Option<Fen>,
}

/// Where rows come from.
pub(super) enum Feed<R> {
    Text(Box<Rows<Text<R>>>),
    Sheet(Sheet),
}

impl Feed<File> {
    /// Begins to read a file whose bytes were looked at before; `known` says which row may be its header.
    pub(super) fn begin(
        mut file: File,
        encoding: Encoding,
        known: &mut dyn FnMut(&Row) -> bool,
    ) -> Result<Feed<File>, Begin> {
        file.rewind().map_err(Begin::Io)?;
        if encoding == Encoding::Workbook {
            return workbook::read(file, known).map(Feed::Sheet).map_err(Begin::Refused);
        }
        Feed::text(file, encoding).map_err(Begin::Io)
    }
}

/// Why a file is not even begun.
pub(super) enum Begin {
    Io(io::Error),
    Refused(Complaint),
}

impl<R: Read> Feed<R> {
    /// Reads text of an encoding.
    pub(super) fn text(file: R, encoding: Encoding) -> io::Result<Feed<R>> {
        let text = match encoding {
            // Only what is not UTF-8 throughout can be put together from two encodings; see `Source::open`.
            Encoding::Gb18030 | Encoding::Utf8 => Text::mixed(file, encoding),
            _ => Text::new(file, encoding),
        };
        let mut rows = Rows::new(text);
        let line = rows.peek_line()?;
        rows.separate_by(separator(&line));
        Ok(Feed::Text(Box::new(rows)))
    }

    /// Takes the next row.
    pub(super) fn next_into(&mut self, row: &mut Row) -> io::Result<Next> {
        match self {
            Feed::Sheet(sheet) => Ok(sheet.next_into(row)),
            Feed::Text(rows) => {
                let next = rows.next_into(row)?;
                let lines = row.line..rows.line();
                let is_foreign = rows.source_mut().is_foreign(lines);
                Ok(if is_foreign && next == Next::Row { Next::Broken(Broken::Encoding) } else { next })
            }
        }
    }

    /// The separator of the next row's columns, which those of a title above it may not have told.
    pub(super) fn look_again(&mut self) -> io::Result<()> {
        if let Feed::Text(rows) = self {
            let line = rows.peek_line()?;
            rows.separate_by(separator(&line));
        }
        Ok(())
    }

    fn bytes(&self, size: u64) -> u64 {
        match self {
            Feed::Text(rows) => rows.source().bytes(),
            Feed::Sheet(sheet) => {
                let (at, rows) = sheet.progress();
                size.saturating_mul(at as u64) / (rows as u64).max(1)
            }
        }
    }
}

impl Source {
    /// Opens a file and recognises what it is.
    ///
    /// # Errors
    /// It cannot be read, or is of no layout known; in words that say what to do.
    pub fn open(path: &Path) -> Result<Source, Complaint> {
        Source::open_by(path, &[])
    }

    /// Opens a file that may also be of another layout, for which there is a mapping.
    ///
    /// # Errors
    /// It cannot be read, or is of no layout known; in words that say what to do.
    pub fn open_by(path: &Path, mappings: &[Mapping]) -> Result<Source, Complaint> {
        let (file, encoding, size, hash) = about(path)?;
        let source = Source::begin(path, file, encoding, (size, hash.clone()), mappings);
        match source {
            // One broken byte in a UTF-8 file must not make gibberish of the rest of it: the headers decide.
            Err(complaint) if encoding == Encoding::Gb18030 => {
                let file = File::open(path).map_err(|e| unreadable(path, &e))?;
                Source::begin(path, file, Encoding::Utf8, (size, hash), mappings).map_err(|_| complaint)
            }
            other => other,
        }
    }

    /// Reads up to the header row, over titles above it.
    fn begin(
        path: &Path,
        file: File,
        encoding: Encoding,
        (size, hash): (u64, String),
        mappings: &[Mapping],
    ) -> Result<Source, Complaint> {
        let unread = |e: io::Error| unreadable(path, &e);
        let mut known = |row: &Row| as_control(row).is_none() && recognise(row, mappings).is_ok();
        let mut feed = Feed::begin(file, encoding, &mut known).map_err(|why| match why {
            Begin::Io(e) => unread(e),
            Begin::Refused(c) => of_file(path, &c),
        })?;
        if let Feed::Text(rows) = &mut feed {
            refuse_others(path, &rows.peek_line().map_err(unread)?)?;
        }
        let mut row = Row::default();
        let (mut control, mut complaint, mut tried) = (None, None, 0);
        let columns = loop {
            feed.look_again().map_err(unread)?;
            let next = feed.next_into(&mut row).map_err(unread)?;
            let refusal = match next {
                Next::Row if row.iter().all(|cell| cell.trim().is_empty()) => continue,
                Next::Row => match as_control(&row) {
                    Some(c) => {
                        control = Some(c);
                        continue;
                    }
                    None => match recognise(&row, mappings) {
                        Ok(columns) => break columns,
                        Err(refusal) => (row.len(), refusal),
                    },
                },
                Next::Broken(why) => (0, broken(why)),
                Next::End => (0, nothing()),
            };
            // Of what was no header, the one with most columns was meant as one.
            if complaint.as_ref().is_none_or(|(columns, _)| *columns < refusal.0) {
                complaint = Some(refusal);
            }
            tried += 1;
            if next == Next::End || tried == SEARCHED {
                let complaint = complaint.map_or_else(nothing, |(_, c)| c);
                return Err(of_file(path, &complaint));
            }
        };
        let mapping = mappings.iter().find(|m| columns.mapping.is_some() && m.fits(&row)).cloned();
        Ok(Source { path: path.to_owned(), encoding, columns, mapping, size, hash, control, feed, rows: 0 })
    }

    /// Takes the next row of data. Blank lines are passed over; the control line is remembered.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next_into(&mut self, row: &mut Row) -> Result<Next, Complaint> {
        loop {
            let next = self.feed.next_into(row).map_err(|e| unreadable(&self.path, &e))?;
            if next == Next::Row {
                // Spreadsheets leave rows of nothing but commas behind.
                if row.iter().all(|cell| cell.trim().is_empty()) {
                    continue;
                }
                if let Some(control) = as_control(row) {
                    self.control = Some(control);
                    continue;
                }
            }
            self.rows += 1;
            return Ok(if next == Next::Row && self.is_cut(row) { Next::Broken(Broken::Cut) } else { next });
        }
    }

    /// Whether a row may lack its end because the file was not transferred whole: it is the last of several and has no line end, its last
    /// column is read, and no sum that the file gives of itself will tell.
    fn is_cut(&self, row: &Row) -> bool {
        let summed = self.columns.layout.summed().is_some() && self.control.is_some_and(|c| c.sum.is_some());
        row.is_open() && self.rows > 1 && row.len() <= self.columns.width() && !summed
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.feed.bytes(self.size)
    }
}

/// The columns of a header row: by a mapping for exactly these headers, else by the layouts of the core system.
fn recognise(row: &Row, mappings: &[Mapping]) -> Result<Columns, Complaint> {
    match mappings.iter().find(|m| m.fits(row)) {
        Some(mapping) => mapping.columns(row),
        None => Columns::recognise(row),
    }
}

/// Opens a file: what it is, how large, and the hash of its bytes.
pub(super) fn about(path: &Path) -> Result<(File, Encoding, u64, String), Complaint> {
    let unread = |e: io::Error| unreadable(path, &e);
    let mut file = File::open(path).map_err(unread)?;
    let about = file.metadata().map_err(unread)?;
    if about.is_dir() {
        return Err(Complaint::new(
            format!("{} 是文件夹，请给出其中的文件", path.display()),
            format!("{} is a folder; name the file in it", path.display()),
        ));
    }
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut file, &mut hasher).map_err(unread)?;
    file.rewind().map_err(unread)?;
    let mut first = vec![];
    (&mut file).take(4).read_to_end(&mut first).map_err(unread)?;
    file.rewind().map_err(unread)?;
    let encoding = match first.as_slice() {
        b"PK\x03\x04" => Encoding::Workbook,
        b"\xD0\xCF\x11\xE0" => return Err(of_file(path, &workbook::other_kind())),
        _ => Encoding::detect(&mut file).map_err(unread)?,
    };
    Ok((file, encoding, about.len(), hasher.finalize().to_hex().to_string()))
}

pub(super) fn nothing() -> Complaint {
    Complaint::new("这是空文件，请重新导出", "The file is empty; export it again")
}

/// Why a line is not a row, in words.
pub fn broken(why: Broken) -> Complaint {
    match why {
        Broken::TooLong => Complaint::new(
            "这一行太长，可能是引号没有成对或文件损坏，请核对原文件",
            "This line is too long: a quote may not be closed, or the file is damaged; check the original",
        ),
        Broken::Quote => Complaint::new(
            "这一行的引号没有成对，请核对原文件",
            "The quotes of this line do not match; check the original",
        ),
        Broken::Encoding => Complaint::new(
            "这一行的编码与文件其余部分不同，请核对文字后再导入",
            "This line is in another encoding than the rest of the file; check its words and import it again",
        ),
        Broken::Cut => Complaint::new(
            "最后一行没有换行，文件可能没传完，这一行可能缺了末尾。请核对原文件：传完了的，直接导入被拒绝的行；没传完的，重新传送后再导入",
            "The last line has no line end: the file may not be whole, and this line may lack its end. Check the original: if it is whole, import the rejected line as it is; if not, transfer the file again",
        ),
    }
}

/// `#5369,1234.50`, alone on its line.
fn as_control(row: &Row) -> Option<Control> {
    let rows = row.get(0)?.trim().strip_prefix('#')?.trim().parse().ok()?;
    Some(Control { rows, sum: row.get(1).and_then(|s| Fen::parse_yuan(s).ok()) })
}

/// The separator that the first line has most of: a comma, or the tab of Excel's "Unicode text", or a semicolon.
fn separator(line: &str) -> u8 {
    let count = |c: char| line.matches(c).count();
    [(count(';'), b';'), (count('\t'), b'\t'), (count(','), b',')]
        .into_iter()
        .max_by_key(|(n, _)| *n)
        .map_or(b',', |(_, c)| c)
}

/// Files that are no text at all, by their first letters.
fn refuse_others(path: &Path, line: &str) -> Result<(), Complaint> {
    let name = path.display();
    if line.starts_with("SQLite format 3") || line.chars().filter(|c| *c == '\0').count() > 1 {
        return Err(Complaint::new(
            format!("{name} 不是文本文件，请导入核心系统导出的 CSV"),
            format!("{name} is not a text file; import the CSV that the core system exports"),
        ));
    }
    Ok(())
}

pub(super) fn unreadable(path: &Path, e: &io::Error) -> Complaint {
    let name = path.display();
    match e.kind() {
        io::ErrorKind::NotFound => {
            Complaint::new(format!("找不到文件 {name}，请核对路径"), format!("There is no file {name}; check the path"))
        }
        io::ErrorKind::PermissionDenied => Complaint::new(
            format!("没有权限读取 {name}，请核对权限或先关闭打开它的程序"),
            format!("{name} may not be read; check its rights, or close the program that has it open"),
        ),
        io::ErrorKind::IsADirectory => Complaint::new(
            format!("{name} 是文件夹，请给出其中的文件"),
            format!("{name} is a folder; name the file in it"),
        ),
        _ => Complaint::new(format!("读取 {name} 时出错：{e}"), format!("{name} cannot be read: {e}")),
    }
}

pub(super) fn of_file(path: &Path, c: &Complaint) -> Complaint {
    Complaint::new(format!("{}：{}", path.display(), c.zh), format!("{}: {}", path.display(), c.en))
}
