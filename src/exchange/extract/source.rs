//! One extract file, opened: encoding found, separator and layout recognised, rows one after the other. What is done with the rows
//! is in `import`.

use super::layout::Columns;
use crate::domain::text::Complaint;
use crate::domain::values::money::Fen;
use crate::exchange::encoding::{Encoding, Text};
use crate::exchange::rows::{Broken, Next, Row, Rows};
use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

/// An extract that is about to be read.
pub struct Source {
    /// The file, as it was named.
    pub path: PathBuf,
    /// Its encoding.
    pub encoding: Encoding,
    /// Its columns.
    pub columns: Columns,
    /// Its size in bytes.
    pub size: u64,
    /// BLAKE3 of its bytes, hex.
    pub hash: String,
    /// The control line (`#rows,sum`), once it was met.
    pub control: Option<Control>,
    rows: Rows<Text<File>>,
}

/// What the core system says of its own file: how many rows, and their sum where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// Rows of data.
    pub rows: u64,
    /// Sum of AUM时点.
    pub sum: Option<Fen>,
}

impl Source {
    /// Opens a file and recognises what it is.
    ///
    /// # Errors
    /// It cannot be read, or is of no layout known; in words that say what to do.
    pub fn open(path: &Path) -> Result<Source, Complaint> {
        let unread = |e: io::Error| unreadable(path, &e);
        let mut file = File::open(path).map_err(unread)?;
        let about = file.metadata().map_err(unread)?;
        if about.is_dir() {
            return Err(Complaint::new(
                format!("{} 是文件夹，请给出其中的 CSV 文件", path.display()),
                format!("{} is a folder; name the CSV file in it", path.display()),
            ));
        }
        let mut hasher = blake3::Hasher::new();
        io::copy(&mut file, &mut hasher).map_err(unread)?;
        file.rewind().map_err(unread)?;
        let encoding = Encoding::detect(&mut file).map_err(unread)?;
        let hash = hasher.finalize().to_hex().to_string();
        let source = Source::begin(path, file, encoding, about.len(), hash.clone());
        match source {
            // One broken byte in a UTF-8 file must not make gibberish of the rest of it: the headers decide.
            Err(complaint) if encoding == Encoding::Gb18030 => {
                let file = File::open(path).map_err(unread)?;
                Source::begin(path, file, Encoding::Utf8, about.len(), hash).map_err(|_| complaint)
            }
            other => other,
        }
    }

    /// Reads up to the header row.
    fn begin(path: &Path, mut file: File, encoding: Encoding, size: u64, hash: String) -> Result<Source, Complaint> {
        let unread = |e: io::Error| unreadable(path, &e);
        file.rewind().map_err(unread)?;
        let mut rows = Rows::new(Text::new(file, encoding));
        let line = rows.peek_line().map_err(unread)?;
        refuse_others(path, &line)?;
        rows.separate_by(separator(&line));
        let mut row = Row::default();
        let mut control = None;
        let columns = loop {
            match rows.next_into(&mut row).map_err(unread)? {
                Next::Row if row.is_empty() => {}
                Next::Row => match as_control(&row) {
                    Some(c) => control = Some(c),
                    None => break Columns::recognise(&row).map_err(|c| of_file(path, &c))?,
                },
                Next::Broken(why) => return Err(of_file(path, &broken(why))),
                Next::End => {
                    return Err(Complaint::new(
                        format!("{} 是空文件，请重新导出", path.display()),
                        format!("{} is empty; export it again", path.display()),
                    ));
                }
            }
        };
        Ok(Source { path: path.to_owned(), encoding, columns, size, hash, control, rows })
    }

    /// Takes the next row of data. Blank lines are passed over; the control line is remembered.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next_into(&mut self, row: &mut Row) -> Result<Next, Complaint> {
        loop {
            let next = self.rows.next_into(row).map_err(|e| unreadable(&self.path, &e))?;
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
            return Ok(next);
        }
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.rows.source().bytes()
    }
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
    if line.starts_with("PK\u{3}\u{4}") || line.starts_with("邢\u{11}") {
        return Err(Complaint::new(
            format!("{name} 是 Excel 工作簿，请在表格软件里另存为 CSV 再导入"),
            format!("{name} is an Excel workbook; save it as CSV and import that"),
        ));
    }
    if line.starts_with("SQLite format 3") || line.chars().filter(|c| *c == '\0').count() > 1 {
        return Err(Complaint::new(
            format!("{name} 不是文本文件，请导入核心系统导出的 CSV"),
            format!("{name} is not a text file; import the CSV that the core system exports"),
        ));
    }
    Ok(())
}

fn unreadable(path: &Path, e: &io::Error) -> Complaint {
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
            format!("{name} 是文件夹，请给出其中的 CSV 文件"),
            format!("{name} is a folder; name the CSV file in it"),
        ),
        _ => Complaint::new(format!("读取 {name} 时出错：{e}"), format!("{name} cannot be read: {e}")),
    }
}

fn of_file(path: &Path, c: &Complaint) -> Complaint {
    Complaint::new(format!("{}：{}", path.display(), c.zh), format!("{}: {}", path.display(), c.en))
}
