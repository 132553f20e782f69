//! How commands write: columns that stand still with Chinese in them, JSON, and nothing that could steer a terminal. What is written
//! is each command's own.

use crate::run::fault::{self, Fault};
use serde::Serialize;
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// Writes text to standard output, without the characters that steer terminals.
///
/// # Errors
/// Standard output does not take it.
pub fn print(text: &str) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(harmless(text).as_bytes()).and_then(|()| out.flush());
    written.or_else(|e| fault::of_output(&e).map_or(Ok(()), Err))
}

/// Writes a value as JSON, a line each for an array's entries.
///
/// # Errors
/// Standard output does not take it.
pub fn json<T: Serialize>(value: &T) -> Result<(), Fault> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| Fault::refused(format!("不能写成 JSON：{e}"), format!("Cannot be written as JSON: {e}")))?;
    print(&(text + "\n"))
}

/// Rows in columns two blanks apart, each as wide as its widest cell.
pub fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> =
        (0..count).map(|i| rows.iter().filter_map(|r| r.get(i)).map(|c| c.width()).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Without control characters (but line breaks and tabs) and without characters that turn the direction of writing.
fn harmless(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|c| !steers(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_still_with_chinese_in_them() {
        let rows = vec![
            vec!["1".to_owned(), "张山河".to_owned(), "贵宾".to_owned()],
            vec!["10".to_owned(), "Li".to_owned(), "小".to_owned()],
        ];
        assert_eq!(columns(&rows), "1   张山河  贵宾\n10  Li      小\n");
    }

    #[test]
    fn nothing_that_steers_a_terminal_gets_out() {
        assert_eq!(harmless("a\u{1b}[31mb\u{7}\u{9b}c\u{202e}d\ne\0"), "a[31mbcd\ne");
    }
}
