//! Workbooks made by hand, part by part, so that damage can be put where it belongs.

use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A cell as a spreadsheet stores it.
pub enum Cell<'a> {
    /// A shared text.
    Text(&'a str),
    /// A text within the sheet.
    Inline(&'a str),
    /// A number with a style: 0 general, 1 date, 2 per cent, 3 eight digits.
    Number(&'a str, usize),
    /// TRUE or FALSE.
    Bool(bool),
    /// What went wrong with a formula.
    Error(&'a str),
    /// A formula with the value it had.
    Formula(&'a str, &'a str),
    /// Nothing.
    None,
}

pub use Cell::{Bool, Error, Formula, Inline, None as Nothing, Number, Text};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A zip of parts.
pub fn zipped(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The parts of a workbook of these sheets.
pub fn parts(sheets: &[Vec<Vec<Cell<'_>>>]) -> Vec<(&'static str, Vec<u8>)> {
    const NAMES: [&str; 3] = ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"];
    let mut shared: Vec<&str> = vec![];
    let (mut list, mut links, mut all) = (String::new(), String::new(), vec![]);
    for (n, sheet) in sheets.iter().enumerate() {
        let id = n + 1;
        list.push_str(&format!(r#"<sheet name="S{id}" sheetId="{id}" r:id="rId{id}"/>"#));
        links.push_str(&format!(
            r#"<Relationship Id="rId{id}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{id}.xml"/>"#
        ));
        let mut xml = format!(r#"{HEAD}<worksheet xmlns="{MAIN}"><sheetData>"#);
        for (r, row) in sheet.iter().enumerate() {
            xml.push_str(&format!(r#"<row r="{}">"#, r + 1));
            for (c, cell) in row.iter().enumerate() {
                let at = format!("{}{}", char::from(b'A' + u8::try_from(c).unwrap()), r + 1);
                xml.push_str(&match cell {
                    Text(text) => {
                        shared.push(text);
                        format!(r#"<c r="{at}" t="s"><v>{}</v></c>"#, shared.len() - 1)
                    }
                    Inline(text) => format!(r#"<c r="{at}" t="inlineStr"><is><t>{}</t></is></c>"#, escaped(text)),
                    Number(n, style) => format!(r#"<c r="{at}" s="{style}"><v>{n}</v></c>"#),
                    Bool(b) => format!(r#"<c r="{at}" t="b"><v>{}</v></c>"#, u8::from(*b)),
                    Error(e) => format!(r#"<c r="{at}" t="e"><v>{e}</v></c>"#),
                    Formula(f, v) => format!(r#"<c r="{at}" t="str"><f>{}</f><v>{}</v></c>"#, escaped(f), escaped(v)),
                    Nothing => String::new(),
                });
            }
            xml.push_str("</row>");
        }
        xml.push_str("</sheetData></worksheet>");
        all.push((NAMES[n], xml.into_bytes()));
    }
    let texts: String = shared.iter().map(|t| format!("<si><t>{}</t></si>", escaped(t))).collect();
    let n = shared.len();
    let xfs = [0, 14, 10, 164].map(|id| format!(r#"<xf numFmtId="{id}"/>"#)).join("");
    for (name, xml) in [
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{list}</sheets></workbook>"#),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(r#"<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>"#),
        ),
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="00000000"/></numFmts><cellXfs count="4">{xfs}</cellXfs></styleSheet>"#
            ),
        ),
        ("xl/sharedStrings.xml", format!(r#"<sst xmlns="{MAIN}" count="{n}" uniqueCount="{n}">{texts}</sst>"#)),
    ] {
        all.push((name, format!("{HEAD}{xml}").into_bytes()));
    }
    all
}

/// A workbook of these sheets.
pub fn book(sheets: &[Vec<Vec<Cell<'_>>>]) -> Vec<u8> {
    zipped(&parts(sheets))
}

/// A row of texts, written with commas between them.
pub fn texts(of: &str) -> Vec<Cell<'_>> {
    of.split(',').map(|cell| if cell.is_empty() { Nothing } else { Text(cell) }).collect()
}
