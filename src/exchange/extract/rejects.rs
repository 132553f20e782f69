//! `FILE.rejects.csv`: rows that did not fit, with line, field and reason in front of the original columns, so that the
//! file can be corrected in a spreadsheet and imported as it is. Why a row does not fit is said in `record` and `merge`.

use super::layout::OWN;
use crate::domain::text::{Complaint, Lang};
use crate::domain::values::plain;
use crate::exchange::encoding::Encoding;
use crate::exchange::rows::Row;
use crate::store::anew;
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Something wrong with a column of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The header of the column; `整行` when it is the whole row.
    pub field: String,
    /// What is wrong and what to do.
    pub reason: Complaint,
}

impl Fault {
    /// A fault of a column.
    pub fn new(field: &str, zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault { field: field.to_owned(), reason: Complaint::new(zh, en) }
    }

    /// A fault of the whole row.
    pub fn row(zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault::new("整行", zh, en)
    }
}

/// A rejected row, for the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// The line of the file, from 1.
    pub line: u64,
    /// What is wrong, a fault a column.
    pub faults: Vec<Fault>,
}

impl Reject {
    /// The fields, as the file names them.
    pub fn fields(&self) -> String {
        self.faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>().join("；")
    }

    /// The reasons in a language.
    pub fn reasons(&self, lang: Lang) -> String {
        let mark = if lang == Lang::Zh { "；" } else { "; " };
        self.faults.iter().map(|f| f.reason.get(lang)).collect::<Vec<_>>().join(mark)
    }
}

/// Where the rejects of a file go: beside it.
pub fn path_for(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".rejects.csv");
    PathBuf::from(name)
}

/// Writes rejects as they come, so that a file of nothing but rejects costs no memory.
pub struct Rejects {
    path: PathBuf,
    headers: Vec<String>,
    encoding: Encoding,
    file: Option<BufWriter<File>>,
}

impl Rejects {
    /// Rejects for `file`, whose header row was `headers`, in the encoding it came in. UTF-8 gets a byte-order mark,
    /// without which spreadsheets take it for GBK; UTF-16 and workbooks become UTF-8. Nothing is created before the first one.
    pub fn beside(file: &Path, headers: &[String], encoding: Encoding) -> Rejects {
        // A corrected rejects file brings our own columns along; they are written anew.
        Rejects { path: path_for(file), headers: headers.to_vec(), encoding, file: None }
    }

    /// Writes one row.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&mut self, reject: &Reject, row: &Row) -> io::Result<()> {
        let own = |n: usize| self.headers.get(n).is_some_and(|h| OWN.contains(&h.as_str()));
        let mut cells = vec![reject.line.to_string(), reject.fields(), reject.reasons(Lang::Zh)];
        cells.extend(row.iter().enumerate().filter(|(n, _)| !own(*n)).map(|(_, cell)| cell.to_owned()));
        let text = line(cells.iter().map(String::as_str));
        if self.file.is_none() {
            self.file = Some(self.create()?);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(&encoded(&text, self.encoding))
    }

    /// Ends the file and says where it is; `None` when nothing was rejected. A file that an earlier import left here is
    /// removed then, for it would tell of rejects that are no more.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self) -> io::Result<Option<PathBuf>> {
        match self.file {
            Some(file) => {
                file.into_inner().map_err(|e| io::Error::other(e.to_string()))?.sync_all()?;
                Ok(Some(self.path))
            }
            None => {
                if is_ours(&self.path) {
                    std::fs::remove_file(&self.path)?;
                }
                Ok(None)
            }
        }
    }

    fn create(&self) -> io::Result<BufWriter<File>> {
        // One that an earlier import left gives way; a link that lies there does, and what it points to stays.
        let mut file = BufWriter::new(anew::file(&self.path)?);
        if self.encoding != Encoding::Gb18030 {
            file.write_all(MARK)?;
        }
        let theirs = self.headers.iter().map(String::as_str).filter(|h| !OWN.contains(h));
        file.write_all(&encoded(&line(OWN.into_iter().chain(theirs)), self.encoding))?;
        Ok(file)
    }
}

/// The byte-order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Cells as a line of CSV, guarded, quoted where they must be.
fn line<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let mut out = String::new();
    for (n, cell) in cells.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        let cell = guard(cell);
        if cell.contains([',', '"', ';', '\t']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
    out
}

/// Text in GB18030, or else as it is. The one letter of Unicode that GB18030 lacks (U+E5E5, of nobody's alphabet) becomes U+FFFD,
/// which no field takes, so that it is not imported as something else.
fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    if encoding != Encoding::Gb18030 {
        return text.as_bytes().to_vec();
    }
    encoding_rs::GB18030.encode(&text.replace('\u{E5E5}', "\u{FFFD}")).0.into_owned()
}

fn is_ours(path: &Path) -> bool {
    let mut first = [0; 12];
    let read = File::open(path).and_then(|mut f| io::Read::read_exact(&mut f, &mut first));
    let marked = first.strip_prefix(MARK).is_some_and(|rest| rest.starts_with("行号,".as_bytes()));
    read.is_ok() && (marked || first.starts_with(&encoded("行号,", Encoding::Gb18030)))
}

/// Letters with which a spreadsheet takes a cell for a formula, their full-width twins too.
/// Tab and carriage return, which do it too, are taken out before.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A cell that no spreadsheet takes for a formula and no terminal for a command: an apostrophe in front, control letters out.
pub fn guard(cell: &str) -> String {
    let clean = plain::line(cell);
    if clean.starts_with(FORMULA) { format!("'{clean}") } else { clean }
}

/// A cell as it was before [`guard`], and before somebody typed an apostrophe to make Excel keep a long number.
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) || rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => cell,
    }
}
