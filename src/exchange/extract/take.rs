//! One file on its way in: each row becomes something of the branch file, or a reject. Facts are staged as they are read; what becomes of
//! customers is in `customers`.

mod customers;

use super::lane::{Lane, Line};
use super::layout::Layout;
use super::record::Record;
use super::rehearsal::{Did, Rehearsal};
use super::rejects::{Fault, Reject, Rejects, path_for};
use super::report::{Dated, Older, Progress, Report, SHOWN};
use super::source::{Control, Source};
use super::typed;
use super::way::{ImportError, Options, Way};
use crate::domain::field::Edit;
use crate::domain::text::Complaint;
use crate::domain::values::idcard::{self, IdCard};
use crate::domain::values::money::Fen;
use crate::store::bulk::BatchFile;
use crate::store::dealings::fact::Fact;
use crate::store::dealings::stage::{Plan, Put, Staging};
use crate::store::open::File;
use crate::store::request::Stamp;
use chrono::NaiveDate;
use std::collections::HashSet;
use std::path::Path;

/// Where the file goes.
pub struct Into {
    /// The branch file lies on a share.
    pub shared: bool,
}

type Done = Result<Did, Vec<Fault>>;

/// One file on its way in.
pub struct Run {
    report: Report,
    rejects: Option<Rejects>,
    stamp: Stamp,
    /// The sum of all rows that could be read, for the control line.
    read_sum: Fen,
    control: Option<Control>,
    as_of: Option<NaiveDate>,
    /// The file has all parts of the assets.
    parts: bool,
    /// Rows before the one at hand.
    at: u64,
    size: u64,
}

impl Run {
    /// Begins with a file. `as_of` is its data date unless its rows say one; beside a newer list than it is, it changes nothing.
    pub fn new(source: &Source, options: &Options, as_of: Option<(NaiveDate, Dated)>, older: Option<Older>) -> Run {
        let dated = as_of.map(|(_, dated)| dated).filter(|_| !source.columns.has_dates());
        Run {
            report: Report { dated, older, ..Report::begin(source, options.dry_run) },
            rejects: (!options.dry_run)
                .then(|| Rejects::beside(&source.path, &source.columns.headers, source.encoding)),
            stamp: options.stamp.clone(),
            read_sum: Fen::default(),
            control: source.control,
            as_of: as_of.map(|(day, _)| day),
            parts: source.columns.layout == Layout::Figures && (2..8).all(|n| source.columns.has(n)),
            at: 0,
            size: source.size,
        }
    }

    /// Says what would come of the file.
    ///
    /// # Errors
    /// The file cannot be read or is not whole, or the branch file refuses.
    pub fn rehearse(
        mut self,
        mut source: Source,
        store: &mut File,
        mut before: Rehearsal,
        way: &Way<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Report, Rehearsal), ImportError> {
        source.columns.date_by_import(self.as_of).map_err(ImportError::File)?;
        let mut look = store.look()?;
        for no in &before.coming {
            look.comes(no);
        }
        let mut compared = customers::Compared::default();
        let mut lane = Lane::open(source, self.stamp.today, None, way.beside);
        self.each(&mut lane, way, progress, |run, line, record| match record {
            Record::Customer(row) => {
                let done = compared.compare(run, &mut look, row)?;
                if done == Ok(Did::New) {
                    before.coming.push(row.no.clone());
                }
                let _ = line;
                Ok(done.map(|did| before.after(record, did)))
            }
            record => {
                let Some(fact) = typed::fact(record) else { return Ok(Ok(Did::Nothing)) };
                let put = match run.report.older {
                    Some(_) => Put::Same,
                    None => look.fact(record.no(), &fact)?,
                };
                Ok(run.said(record, put).map(|did| before.after(record, did)))
            }
        })?;
        drop(look);
        Ok((self.end()?, before))
    }

    /// Takes the file in.
    ///
    /// # Errors
    /// As [`Run::rehearse`]; nothing of it is in the branch file then.
    pub fn take(
        self,
        mut source: Source,
        store: &mut File,
        way: &Way<'_>,
        into: &Into,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Report, ImportError> {
        source.columns.date_by_import(self.as_of).map_err(ImportError::File)?;
        match typed::kind_of(source.columns.layout) {
            None => self.customers(source, store, way, progress),
            Some(kind) => {
                let plan = Plan {
                    file: file_of(&source),
                    layout: source.columns.layout.label().zh,
                    kind,
                    shared: into.shared,
                };
                let mut staging = store.stage(plan, &self.stamp)?;
                match self.facts(source, &mut staging, way, progress) {
                    Ok((report, edits)) => {
                        staging.flip(report.as_of, &edits, &summary(&report))?;
                        Ok(report)
                    }
                    Err(why) => {
                        if let Err(error) = staging.abandon() {
                            tracing::warn!(%error, "an import that broke off is left for the next one to clean up");
                        }
                        Err(why)
                    }
                }
            }
        }
    }

    fn facts(
        mut self,
        source: Source,
        staging: &mut Staging<'_>,
        way: &Way<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Report, Vec<Edit>), ImportError> {
        let mut spared = HashSet::default();
        let columns = source.columns.clone();
        let full = typed::kind_of(columns.layout).is_some_and(|k| k.full);
        let mut lane = Lane::open(source, self.stamp.today, None, way.beside);
        self.blocks(&mut lane, way, progress, |run, lines| {
            let facts = lines.iter().filter_map(told);
            let puts = match run.report.older {
                Some(_) => facts.map(|_| Put::Same).collect(),
                None => staging.put_all(facts)?,
            };
            let mut puts = puts.into_iter();
            for line in lines {
                let done = match &line.read {
                    Some(Ok(record)) => match told(line).and_then(|_| puts.next()) {
                        Some(put) => run.said(record, put),
                        None => Ok(Did::Nothing),
                    },
                    Some(Err(faults)) => {
                        // A row that cannot be read is no word that the contract has ended.
                        let no = columns.get(&line.row, 0).trim();
                        if full && let Some(customer) = staging.whose(no)? {
                            spared.insert(customer.0);
                        }
                        Err(faults.clone())
                    }
                    None => continue,
                };
                run.count(line, done)?;
            }
            Ok(())
        })?;
        self.control_agrees()?;
        if self.report.older.is_none() {
            let absent = staging.end_absent(&spared)?;
            (self.report.closed, self.report.partial) = (absent.closed, absent.left);
        }
        let report = self.end()?;
        let edit = |field: &str, after: String| Edit { field: field.to_owned(), before: String::new(), after };
        let mut edits = vec![
            edit("file", name_of(Path::new(&report.file))),
            edit("new", report.new.to_string()),
            edit("changed", report.changed.to_string()),
        ];
        if report.closed > 0 {
            edits.push(edit("closed", report.closed.to_string()));
        }
        Ok((report, edits))
    }

    /// Goes through all rows.
    fn each(
        &mut self,
        lane: &mut Lane,
        way: &Way<'_>,
        progress: &mut dyn FnMut(Progress),
        mut row: impl FnMut(&mut Run, &Line, &Record) -> Result<Done, ImportError>,
    ) -> Result<(), ImportError> {
        self.blocks(lane, way, progress, |run, lines| {
            for line in lines {
                let done = match &line.read {
                    Some(Ok(record)) => row(run, line, record)?,
                    Some(Err(faults)) => Err(faults.clone()),
                    None => continue,
                };
                run.count(line, done)?;
            }
            Ok(())
        })
    }

    /// Goes through all rows, a block at a time.
    fn blocks(
        &mut self,
        lane: &mut Lane,
        way: &Way<'_>,
        progress: &mut dyn FnMut(Progress),
        mut each: impl FnMut(&mut Run, &[Line]) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        loop {
            way.goes_on()?;
            let block = lane.block().map_err(ImportError::File)?;
            each(self, block.lines())?;
            self.control = block.control.or(self.control);
            progress(self.progress(block.bytes));
            if block.last {
                return Ok(());
            }
        }
    }

    fn progress(&self, bytes: u64) -> Progress {
        Progress { file: 0, files: 0, rows: self.report.rows, bytes, total: self.size }
    }

    fn count(&mut self, line: &Line, done: Done) -> Result<(), ImportError> {
        self.at += 1;
        self.report.rows += 1;
        match done {
            Ok(Did::New) => self.report.new += 1,
            Ok(Did::Changed) => self.report.changed += 1,
            Ok(Did::Nothing) => self.report.unchanged += 1,
            Err(faults) => {
                let reject = Reject { line: line.row.line, faults };
                self.report.rejected += 1;
                if let Some(rejects) = &mut self.rejects {
                    rejects.write(&reject, &line.row).map_err(|e| unwritten(Path::new(&self.report.file), &e))?;
                }
                if self.report.rejects.len() < SHOWN {
                    self.report.rejects.push(reject);
                }
            }
        }
        Ok(())
    }

    /// What became of a fact, in the report's terms; its sum counts for the control line also when it is rejected.
    fn said(&mut self, record: &Record, put: Put) -> Done {
        let sum = typed::sum(self.report.layout, record);
        if let Some(sum) = sum {
            self.read_sum.0 = self.read_sum.0.saturating_add(sum.0);
        }
        if let Some(day) = typed::data_date(record) {
            self.report.as_of = self.report.as_of.max(Some(day));
        }
        let did = match put {
            Put::New => Did::New,
            Put::Changed => Did::Changed,
            Put::Same => Did::Nothing,
            Put::Twice => return Err(vec![typed::twice(record)]),
            Put::Unknown => return Err(vec![unknown(record.no())]),
            Put::Erased => return Err(vec![erased(record.no())]),
        };
        if let Record::Figures(row) = record {
            self.report.uneven += u64::from(self.parts && !row.figures.adds_up());
        }
        if let (Some(total), Some(sum)) = (&mut self.report.sum, sum) {
            total.0 = total.0.saturating_add(sum.0);
        }
        Ok(did)
    }

    /// Ends the file: its control line agrees, the rejects are on the disk, the data date is known.
    fn end(mut self) -> Result<Report, ImportError> {
        self.control_agrees()?;
        let Run { mut report, rejects, .. } = self;
        report.control = self.control;
        report.as_of = report.as_of.or(self.as_of);
        if let Some(rejects) = rejects {
            let path = Path::new(&report.file).to_owned();
            report.rejects_file = rejects.finish().map_err(|e| unwritten(&path, &e))?;
        }
        Ok(report)
    }

    /// The file's own control line must agree with what was read, or part of the file is missing.
    fn control_agrees(&mut self) -> Result<(), ImportError> {
        let Some(control) = self.control else { return Ok(()) };
        let name = &self.report.file;
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
            Some(sum) if self.report.sum.is_some() && self.report.rejected == 0 && sum != self.read_sum => {
                Err(ImportError::File(Complaint::new(
                    format!("{name}：控制行写明合计 {}，实际 {}，没有导入", sum.yuan(), self.read_sum.yuan()),
                    format!(
                        "{name}: its control line says a sum of {}, it is {}; nothing was imported",
                        sum.yuan(),
                        self.read_sum.yuan()
                    ),
                )))
            }
            _ => Ok(()),
        }
    }
}

/// What a row says of whom, if it says a fact.
fn told(line: &Line) -> Option<(&str, Fact<'_>)> {
    let record = line.read.as_ref()?.as_ref().ok()?;
    Some((record.no(), typed::fact(record)?))
}

fn erased(no: &str) -> Fault {
    Fault::new(
        "客户号",
        format!("客户 {no} 的个人信息已按本人请求删除，不再导入；请告诉核心系统的管理员"),
        format!(
            "Customer {no} was erased at their own request and is not imported again; tell who keeps the core system"
        ),
    )
}

fn unknown(no: &str) -> Fault {
    if IdCard::of(no).is_some() {
        let shown = idcard::mask(no);
        return Fault::new(
            "客户号",
            format!("没有或不止一位客户的证件号是 {shown}，请先导入客户文件或处理疑似重复"),
            format!(
                "No customer, or more than one, has the ID {shown}; import the customers first, or see to the duplicates"
            ),
        );
    }
    Fault::new(
        "客户号",
        format!("没有客户 {no}，请先导入客户文件"),
        format!("There is no customer {no}; import the customers first"),
    )
}

fn file_of(source: &Source) -> BatchFile {
    BatchFile { name: name_of(&source.path), hash: source.hash.clone() }
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn summary(r: &Report) -> String {
    serde_json::to_string(r).unwrap_or_default()
}

fn unwritten(path: &Path, e: &std::io::Error) -> ImportError {
    let rejects = path_for(path);
    ImportError::File(Complaint::new(
        format!("写不了 {}：{e}。没有导入，请先让这个文件夹可写", rejects.display()),
        format!("{} cannot be written: {e}. Nothing was imported; make the folder writable first", rejects.display()),
    ))
}
