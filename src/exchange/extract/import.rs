//! Importing extracts: customers before assets, a transaction a file, what does not fit into the rejects file. How a row is read is in
//! `record`, what it makes of an archive in `merge`.

use super::layout::Layout;
use super::merge;
use super::record;
use super::rejects::{Fault, Reject, Rejects};
use super::report::{Progress, Report, SHOWN};
use super::source::{self, Source};
use crate::domain::customer::Sort;
use crate::domain::text::Complaint;
use crate::domain::values::money::Fen;
use crate::exchange::rows::{Next, Row};
use crate::store::bulk::{BatchFile, Bulk, Put};
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// Rows between two reports of progress.
const STEP: u64 = 500;

/// Bytes of a usual row, to tell from a file's size how many are coming.
const ROW: u64 = 100;

/// How to import.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who imports, and when.
    pub stamp: Stamp,
    /// Only say what would change.
    pub dry_run: bool,
}

/// Why nothing of a file went in. Files before it, in the order of layouts, are in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read, is of no known layout, or contradicts its own control line; the words name it.
    #[error("{0}")]
    File(Complaint),
    /// The branch file refused.
    #[error("{0}")]
    Store(#[from] Failure),
}

/// Imports files in whatever order they were named; gives a report for each, in that order. Progress is told every few
/// hundred rows.
///
/// # Errors
/// All files are opened and recognised before the first is written; after that a file goes in whole or not at all.
pub fn import(
    store: &mut File,
    paths: &[PathBuf],
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Report>, ImportError> {
    let mut sources = vec![];
    for (at, path) in paths.iter().enumerate() {
        if is_same_file(path, store.path()) {
            // Closing a handle of our own on the branch file would drop SQLite's locks on it.
            return Err(ImportError::File(Complaint::new(
                format!("{} 就是网点文件本身，请给出要导入的 CSV", path.display()),
                format!("{} is the branch file itself; name the CSV to import", path.display()),
            )));
        }
        sources.push((at, Source::open(path).map_err(ImportError::File)?));
    }
    sources.sort_by_key(|(at, s)| (s.columns.layout, *at));
    let files = sources.len();
    let mut reports = BTreeMap::new();
    if options.dry_run {
        // One transaction for all, so that the assets find the customers of the same run; dropped, it leaves no trace.
        let mut bulk = store.load(BatchFile { name: "dry run".to_owned(), hash: String::new() }, &options.stamp)?;
        for (at, source) in sources {
            let run = Run::new(&source, options);
            reports.insert(at, run.all(source, &mut bulk, &mut |p| progress(Progress { file: at, files, ..p }))?);
        }
    } else {
        for (at, source) in sources {
            let batch = BatchFile { name: name_of(&source.path), hash: source.hash.clone() };
            let run = Run::new(&source, options);
            let mut bulk = store.load(batch, &options.stamp)?;
            let report = run.all(source, &mut bulk, &mut |p| progress(Progress { file: at, files, ..p }))?;
            bulk.finish(&summary(&report))?;
            reports.insert(at, report);
        }
    }
    Ok(reports.into_values().collect())
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn summary(r: &Report) -> String {
    serde_json::to_string(r).unwrap_or_default()
}

/// What a row did.
enum Did {
    New,
    Changed,
    Nothing,
}

/// One file on its way in.
struct Run {
    report: Report,
    rejects: Option<Rejects>,
    today: NaiveDate,
    /// Hashes of the keys met in this file: eight bytes a row are all that grows with it.
    seen: HashSet<u64>,
}

impl Run {
    fn new(source: &Source, options: &Options) -> Run {
        let layout = source.columns.layout;
        let rejects =
            (!options.dry_run).then(|| Rejects::beside(&source.path, &source.columns.headers, source.encoding));
        let report = Report {
            file: source.path.display().to_string(),
            encoding: source.encoding.name(),
            rows: 0,
            new: 0,
            changed: 0,
            unchanged: 0,
            rejected: 0,
            layout: Some(layout),
            sum: layout.summed().map(|_| Fen::default()),
            kept: 0,
            ignored: source.columns.ignored.clone(),
            rejects: vec![],
            rejects_file: None,
            dry_run: options.dry_run,
        };
        Run { report, rejects, today: options.stamp.today, seen: HashSet::new() }
    }

    fn all(
        mut self,
        mut source: Source,
        bulk: &mut Bulk<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Report, ImportError> {
        let mut row = Row::default();
        let mut read_sum = Fen::default();
        let total = source.size;
        bulk.expect(total / ROW);
        loop {
            let next = source.next_into(&mut row).map_err(ImportError::File)?;
            let faults = match next {
                Next::End => break,
                Next::Broken(why) => {
                    let c = source::broken(why);
                    Err(vec![Fault::row(c.zh, c.en)])
                }
                Next::Row => match source.columns.layout {
                    Layout::Customers => self.customer(&source, &row, bulk)?,
                    Layout::Figures => self.figures(&source, &row, bulk, &mut read_sum)?,
                    other => return Err(ImportError::File(without_room(&source.path, other))),
                },
            };
            self.report.rows += 1;
            match faults {
                Ok(Did::New) => self.report.new += 1,
                Ok(Did::Changed) => self.report.changed += 1,
                Ok(Did::Nothing) => self.report.unchanged += 1,
                Err(faults) => self.reject(faults, &row)?,
            }
            if self.report.rows.is_multiple_of(STEP) {
                progress(Progress { file: 0, files: 0, rows: self.report.rows, bytes: source.bytes(), total });
            }
        }
        self.agree(&source, read_sum)?;
        let Run { mut report, rejects, .. } = self;
        if let Some(rejects) = rejects {
            report.rejects_file = rejects.finish().map_err(|e| unwritten(&source.path, &e))?;
        }
        progress(Progress { file: 0, files: 0, rows: report.rows, bytes: total, total });
        Ok(report)
    }

    fn customer(
        &mut self,
        source: &Source,
        row: &Row,
        bulk: &mut Bulk<'_>,
    ) -> Result<Result<Did, Vec<Fault>>, ImportError> {
        let row = match record::customer(&source.columns, row, self.today) {
            Ok(row) => row,
            Err(faults) => return Ok(Err(faults)),
        };
        if !self.seen.insert(hash(&row.no)) {
            return Ok(Err(vec![Fault::new(
                "客户号",
                format!("客户号 {} 在本文件中重复", row.no),
                format!("The customer number {} stands twice in this file", row.no),
            )]));
        }
        let id = bulk.id_by_no(&row.no)?;
        let mut known = id.map(|id| bulk.archive(id)).transpose()?;
        if let Some(document) = &row.document {
            let holder = bulk.id_by_document(&document.number)?.filter(|holder| Some(*holder) != id);
            let holder = holder.map(|holder| bulk.archive(holder)).transpose()?;
            match holder {
                // A prospect who has opened an account: the archive begun for them gets its number.
                Some(prospect) if prospect.sort == Sort::Prospect && known.is_none() => known = Some(prospect),
                Some(other) => {
                    return Ok(Err(vec![Fault::new(
                        "证件号",
                        format!("同一证件号已属客户 {} {}，请核对是否同一人", other.no, other.name),
                        format!(
                            "Customer {} {} already has this document number; check whether they are one",
                            other.no, other.name
                        ),
                    )]));
                }
                None => {}
            }
        }
        let Some(old) = known else {
            bulk.insert_customer(&merge::fresh(&row))?;
            return Ok(Ok(Did::New));
        };
        let merged = merge::merged(&old, &row);
        self.report.kept += merged.kept.len() as u64;
        if merged.customer == old {
            return Ok(Ok(Did::Nothing));
        }
        bulk.update_customer(&old, &merged.customer)?;
        Ok(Ok(Did::Changed))
    }

    fn figures(
        &mut self,
        source: &Source,
        row: &Row,
        bulk: &mut Bulk<'_>,
        read_sum: &mut Fen,
    ) -> Result<Result<Did, Vec<Fault>>, ImportError> {
        let row = match record::figures(&source.columns, row, self.today) {
            Ok(row) => row,
            Err(faults) => return Ok(Err(faults)),
        };
        read_sum.0 = read_sum.0.saturating_add(row.figures.balance.0);
        if !self.seen.insert(hash(&(&row.no, row.figures.as_of))) {
            return Ok(Err(vec![Fault::new(
                "客户号",
                format!("客户 {} 在 {} 的资产在本文件中重复", row.no, row.figures.as_of),
                format!("The assets of customer {} on {} stand twice in this file", row.no, row.figures.as_of),
            )]));
        }
        let Some(customer) = bulk.id_by_no(&row.no)? else {
            return Ok(Err(vec![Fault::new(
                "客户号",
                format!("没有客户 {}，请先导入客户文件", row.no),
                format!("There is no customer {}; import the customers first", row.no),
            )]));
        };
        if let Some(sum) = &mut self.report.sum {
            sum.0 = sum.0.saturating_add(row.figures.balance.0);
        }
        Ok(Ok(match bulk.put_figures(customer, &row.figures)? {
            Put::New => Did::New,
            Put::Changed => Did::Changed,
            Put::Same => Did::Nothing,
        }))
    }

    fn reject(&mut self, faults: Vec<Fault>, row: &Row) -> Result<(), ImportError> {
        let reject = Reject { line: row.line, faults };
        self.report.rejected += 1;
        if let Some(rejects) = &mut self.rejects {
            rejects.write(&reject, row).map_err(|e| unwritten(Path::new(&self.report.file), &e))?;
        }
        if self.report.rejects.len() < SHOWN {
            self.report.rejects.push(reject);
        }
        Ok(())
    }

    /// The file's own control line must agree with what was read, or part of the file is missing.
    fn agree(&self, source: &Source, read_sum: Fen) -> Result<(), ImportError> {
        let Some(control) = source.control else { return Ok(()) };
        let name = source.path.display();
        if control.rows != self.report.rows {
            return Err(ImportError::File(Complaint::new(
                format!("{name}：控制行写明 {} 行，实际 {} 行，文件不完整，没有导入", control.rows, self.report.rows),
                format!(
                    "{name}: its control line says {} rows, there are {}; the file is not whole and was not imported",
                    control.rows, self.report.rows
                ),
            )));
        }
        match control.sum {
            Some(sum) if self.report.sum.is_some() && self.report.rejected == 0 && sum != read_sum => {
                Err(ImportError::File(Complaint::new(
                    format!("{name}：控制行写明合计 {}，实际 {}，没有导入", sum.yuan(), read_sum.yuan()),
                    format!(
                        "{name}: its control line says a sum of {}, it is {}; nothing was imported",
                        sum.yuan(),
                        read_sum.yuan()
                    ),
                )))
            }
            _ => Ok(()),
        }
    }
}

/// Layouts that are read but not yet kept.
fn without_room(path: &Path, layout: Layout) -> Complaint {
    let (name, layout) = (path.display(), layout.label());
    Complaint::new(
        format!("{name} 是{}文件，这里只导入客户文件和资产文件", layout.zh),
        format!("{name} is an extract of another kind ({}); only customers and assets go in here", layout.en),
    )
}

fn hash(key: &impl std::hash::Hash) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

fn unwritten(path: &Path, e: &std::io::Error) -> ImportError {
    let rejects = super::rejects::path_for(path);
    ImportError::File(Complaint::new(
        format!("写不了 {}：{e}。没有导入，请先让这个文件夹可写", rejects.display()),
        format!("{} cannot be written: {e}. Nothing was imported; make the folder writable first", rejects.display()),
    ))
}
