//! Lines of the change log as a CSV file that a spreadsheet opens: no cell is taken for a formula. What a line says is put together by the one
//! who exports.

use super::extract::rejects::guard;
use std::io::{self, Write};

/// Before the first line, so that Excel reads UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The columns.
pub const COLUMNS: [&str; 10] = ["序号", "时间", "工号", "员工", "工作站", "动作", "客户号", "客户", "内容", "理由"];

/// Writes rows under their header.
///
/// # Errors
/// The file does not take them.
pub fn write(rows: &[[String; 10]], mut out: impl Write) -> io::Result<()> {
    out.write_all(MARK)?;
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(COLUMNS)?;
    for row in rows {
        csv.write_record(row.iter().map(|cell| guard(cell)))?;
    }
    csv.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_steers_anything() {
        let mut row: [String; 10] = std::array::from_fn(|n| n.to_string());
        for (n, cell) in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "a\u{1b}[31m\nb"].iter().enumerate() {
            row[n] = (*cell).to_owned();
        }
        let mut out = Vec::new();
        write(&[row], &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let (head, line) = text.split_once("\r\n").unwrap();
        assert!(head.starts_with("\u{feff}序号,时间"));
        assert!(line.starts_with("'=1+1,'+1,'-1,'@SUM(A1),'＝1,a"), "{line:?}");
        assert_eq!(line.matches(['\u{1b}', '\n']).count(), 1, "only the end of the line: {line:?}");
    }
}
