//! A file read row by row, without a branch file.

use super::bench::today;
use guitai::domain::text::Complaint;
use guitai::domain::text::Lang;
use guitai::exchange::extract::mapping::Mapping;
use guitai::exchange::extract::record::{self, Record};
use guitai::exchange::extract::rejects::{Fault, Reject};
use guitai::exchange::extract::source::{self, Source};
use guitai::exchange::rows::{Next, Row};

/// What a file came to: good rows with their lines, and line, fields and reasons of the others.
#[derive(Debug, Default)]
pub struct Reads {
    pub good: Vec<(u64, Record)>,
    pub bad: Vec<(u64, String, String)>,
    pub encoding: &'static str,
}

pub fn try_read(bytes: impl AsRef<[u8]>, mappings: &[Mapping]) -> Result<Reads, Complaint> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("in.csv");
    std::fs::write(&path, bytes).unwrap();
    let mut source = Source::open_by(&path, mappings)?;
    let mut reads = Reads { encoding: source.encoding.name(), ..Reads::default() };
    let mut row = Row::default();
    loop {
        let read = match source.next_into(&mut row)? {
            Next::End => return Ok(reads),
            Next::Broken(why) => {
                let c = source::broken(why);
                Err(vec![Fault::row(c.zh, c.en)])
            }
            Next::Row => record::read(&source.columns, &row, today()),
        };
        match read {
            Ok(record) => reads.good.push((row.line, record)),
            Err(faults) => {
                let reject = Reject { line: row.line, faults };
                reads.bad.push((row.line, reject.fields(), reject.reasons(Lang::Zh)));
            }
        }
    }
}

pub fn read(bytes: impl AsRef<[u8]>) -> Reads {
    try_read(bytes, &[]).unwrap()
}

/// Reads a header, a good row, each case, a good row: every case must be rejected on its line for its field and reason, and the good
/// rows be read.
pub fn each_is_rejected(header: &str, good: &str, cases: &[(&str, &str, &str)]) {
    let body: String = cases.iter().map(|(row, ..)| format!("{row}\n")).collect();
    let reads = read(format!("{header}\n{good}\n{body}{good}\n"));
    let last = cases.len() as u64 + 3;
    assert_eq!(reads.good.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, last], "{:#?}", reads.bad);
    for (at, ((row, field, word), (line, fields, reason))) in cases.iter().zip(&reads.bad).enumerate() {
        assert_eq!((*line, fields.as_str()), (at as u64 + 3, *field), "{row}: {reason}");
        assert!(reason.contains(word), "{row}: {reason}");
    }
}
