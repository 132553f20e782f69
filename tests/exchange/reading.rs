//! Bytes to rows: encodings, quotes, limits, line numbers.

use guitai::exchange::encoding::{Encoding, Text};
use guitai::exchange::rows::{Broken, Next, ROW_LIMIT, Row, Rows};
use proptest::prelude::*;
use std::io::{Cursor, Read};

fn decode(bytes: &[u8]) -> (Encoding, String) {
    let encoding = Encoding::detect(&mut Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let mut reader = Rows::new(Text::new(Cursor::new(bytes), encoding));
    let mut row = Row::default();
    while reader.next_into(&mut row).unwrap() == Next::Row {
        text.push_str(&row.iter().collect::<Vec<_>>().join("|"));
        text.push('\n');
    }
    assert_eq!(reader.source().bytes(), bytes.len() as u64);
    (encoding, text)
}

/// All rows with their lines; broken ones by their reason.
fn rows(bytes: &[u8]) -> Vec<(u64, Result<Vec<String>, Broken>)> {
    let mut reader = Rows::new(Cursor::new(bytes));
    let mut row = Row::default();
    let mut all = vec![];
    loop {
        match reader.next_into(&mut row).unwrap() {
            Next::Row => all.push((row.line, Ok(row.iter().map(str::to_owned).collect()))),
            Next::Broken(why) => all.push((row.line, Err(why))),
            Next::End => return all,
        }
    }
}

fn ok(cells: &[&str]) -> Result<Vec<String>, Broken> {
    Ok(cells.iter().map(|c| (*c).to_owned()).collect())
}

#[test]
fn an_encoding_is_found_by_its_mark_then_by_strict_utf8_then_it_is_gb18030() {
    let words = "姓名,联通\n䶮犇,𠮷野家\n";
    let gb = encoding_rs::GB18030.encode(words).0.into_owned();
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(words.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let utf16be: Vec<u8> = [0xFE, 0xFF].into_iter().chain(words.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let bom = [b"\xEF\xBB\xBF".as_slice(), words.as_bytes()].concat();
    let read = "姓名|联通\n䶮犇|𠮷野家\n".to_owned();
    assert_eq!(decode(words.as_bytes()), (Encoding::Utf8, read.clone()));
    assert_eq!(decode(&bom), (Encoding::Utf8Bom, read.clone()));
    assert_eq!(decode(&utf16), (Encoding::Utf16Le, read.clone()));
    assert_eq!(decode(&utf16be), (Encoding::Utf16Be, read.clone()));
    assert_eq!(decode(&gb), (Encoding::Gb18030, read));
    assert_eq!(decode(b"a,b\n"), (Encoding::Utf8, "a|b\n".to_owned()));
    assert_eq!(decode(b""), (Encoding::Utf8, String::new()));
    // The famous 联通 alone, whose GBK bytes look like UTF-8 but are not.
    assert_eq!(decode(&[0xC1, 0xAA, 0xCD, 0xA8]), (Encoding::Gb18030, "联通\n".to_owned()));
}

#[test]
fn a_letter_cut_by_the_end_of_a_chunk_is_still_utf8() {
    for shift in 0..3 {
        let text = "x".repeat(shift) + &"道真\n".repeat(30_000);
        assert_eq!(decode(text.as_bytes()).0, Encoding::Utf8);
        let mut cut = text.into_bytes();
        cut.truncate(cut.len() - 2);
        assert_eq!(
            Encoding::detect(&mut Cursor::new(&cut)).unwrap(),
            Encoding::Gb18030,
            "a letter cut by the file's end"
        );
    }
}

#[test]
fn rows_keep_their_line_numbers_over_quoted_breaks_and_blank_lines() {
    let file = b"a,b\r\n\"1,000\",\"say \"\"x\"\"\"\n\n\"two\nlines\",z\r\nlast,";
    assert_eq!(
        rows(file),
        [
            (1, ok(&["a", "b"])),
            (2, ok(&["1,000", "say \"x\""])),
            (3, ok(&[""])),
            (4, ok(&["two\nlines", "z"])),
            (6, ok(&["last", ""])),
        ]
    );
}

#[test]
fn an_open_quote_costs_one_line_and_not_the_rest_of_the_file() {
    let mut file = b"a,b\n1,\"open\n".to_vec();
    for n in 0..5000 {
        file.extend(format!("{n},ok\n").bytes());
    }
    let all = rows(&file);
    assert_eq!(all.len(), 5002);
    assert_eq!(all[1], (2, Err(Broken::TooLong)));
    assert_eq!(all[2], (3, ok(&["0", "ok"])));
    assert_eq!(all[5001], (5002, ok(&["4999", "ok"])));
    assert_eq!(
        rows(b"a\n\"x\" y,1\nb\n\"open"),
        [(1, ok(&["a"])), (2, Err(Broken::Quote)), (3, ok(&["b"])), (4, Err(Broken::Quote)),]
    );
}

/// A file of one line without end, that counts how much of it was held.
struct Endless {
    left: usize,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = into.len().min(self.left);
        into[..n].fill(b'x');
        self.left -= n;
        Ok(n)
    }
}

#[test]
fn a_line_of_ten_megabytes_is_refused_and_the_next_one_read() {
    let source = b"a\n".chain(Endless { left: 10_000_000 }).chain(b"\nb\n".as_slice());
    let mut reader = Rows::new(source);
    let mut row = Row::default();
    assert_eq!(reader.next_into(&mut row).unwrap(), Next::Row);
    assert_eq!(reader.next_into(&mut row).unwrap(), Next::Broken(Broken::TooLong));
    assert_eq!((row.line, row.get(0).map(str::len)), (2, Some(200)), "only its beginning is kept");
    assert_eq!(reader.next_into(&mut row).unwrap(), Next::Row);
    assert_eq!((row.line, row.get(0)), (3, Some("b")));
    assert_eq!(reader.next_into(&mut row).unwrap(), Next::End);
    let commas = ",".repeat(300);
    assert_eq!(rows(format!("{commas}\nb").as_bytes()), [(1, Err(Broken::TooLong)), (2, ok(&["b"]))]);
}

proptest! {
    #[test]
    fn what_the_csv_crate_writes_is_read_back(
        table in prop::collection::vec(prop::collection::vec("[a道,\"\n ]{0,6}", 2..4), 1..20)
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(vec![]);
        for cells in &table {
            writer.write_record(cells).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let read: Vec<_> = rows(&bytes).into_iter().map(|(_, r)| r.unwrap()).collect();
        prop_assert_eq!(read, table);
    }

    #[test]
    fn no_bytes_whatever_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        let encoding = Encoding::detect(&mut Cursor::new(&bytes)).unwrap();
        let mut reader = Rows::new(Text::new(Cursor::new(&bytes), encoding));
        let mut row = Row::default();
        let mut lines = 0;
        while reader.next_into(&mut row).unwrap() != Next::End {
            prop_assert!(row.line > lines);
            lines = row.line;
            prop_assert!(row.iter().map(str::len).sum::<usize>() <= ROW_LIMIT * 3);
        }
    }
}
