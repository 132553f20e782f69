//! Customers on their way in: compared first, reading only; those that change anything are written in one transaction on a second pass over the
//! file, so that nothing but a bit a row has to be remembered in between. Where nobody was before, one pass is enough.

use super::{Did, Done, Run, erased, file_of, summary};
use crate::domain::customer::Customer;
use crate::domain::ids::CustomerId;
use crate::domain::text::Complaint;
use crate::exchange::extract::lane::{Lane, Wanted};
use crate::exchange::extract::mapping::Mapping;
use crate::exchange::extract::merge;
use crate::exchange::extract::record::{CustomerRow, Record};
use crate::exchange::extract::rehearsal::hash;
use crate::exchange::extract::rejects::Fault;
use crate::exchange::extract::report::{Progress, Report};
use crate::exchange::extract::source::Source;
use crate::exchange::extract::way::{ImportError, Way};
use crate::store::bulk::Bulk;
use crate::store::dealings::look::{Look, Seen};
use crate::store::open::File;
use std::collections::HashSet;
use std::path::Path;

/// Bytes of a usual row, to tell from a file's size how many are coming.
const ROW: u64 = 100;

impl Run {
    /// Takes customers in.
    pub(super) fn customers(
        mut self,
        source: Source,
        store: &mut File,
        way: &Way<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Report, ImportError> {
        let (path, file, layout) = (source.path.clone(), file_of(&source), source.columns.layout.label().zh);
        let mappings: Vec<Mapping> = source.mapping.iter().cloned().collect();
        let today = self.stamp.today;
        let mut look = store.look()?;
        let first = look.customers() == 0;
        let mut compared = Compared::default();
        if !first {
            let mut lane = Lane::open(source, today, None, way.beside);
            self.each(&mut lane, way, progress, |run, _, record| match record {
                Record::Customer(row) => compared.compare(run, &mut look, row),
                _ => Ok(Ok(Did::Nothing)),
            })?;
            drop(look);
            self.control_agrees()?;
            let stamp = self.stamp.clone();
            let mut bulk = store.load(file.clone(), &stamp)?;
            bulk.label(layout, self.as_of)?;
            if !compared.wanted.is_empty() {
                let source = Source::open_by(&path, &mappings).map_err(ImportError::File)?;
                if source.hash != file.hash {
                    return Err(changed_meanwhile(&path));
                }
                bulk.expect(compared.changes);
                let mut lane = Lane::open(source, today, Some(std::mem::take(&mut compared.wanted)), way.beside);
                let mut second = Second::default();
                loop {
                    way.goes_on()?;
                    let block = lane.block().map_err(ImportError::File)?;
                    for line in block.lines() {
                        if let Some(Ok(Record::Customer(row))) = &line.read {
                            second.count(write(&mut bulk, row)?.0);
                        }
                    }
                    if block.last {
                        break;
                    }
                }
                // A colleague may have been first with some of them.
                let (new, changed) = (second.new, second.changed);
                self.report.unchanged += (self.report.new + self.report.changed).saturating_sub(new + changed);
                (self.report.new, self.report.changed) = (new, changed);
            }
            let report = self.end()?;
            bulk.finish(&summary(&report))?;
            return Ok(report);
        }
        drop(look);
        let stamp = self.stamp.clone();
        let mut bulk = store.load(file, &stamp)?;
        bulk.label(layout, self.as_of)?;
        bulk.expect(self.size / ROW);
        if bulk.is_first() {
            self.all_new(Lane::fresh(source, today, way.beside), &mut bulk, way, progress)?;
        } else {
            // A colleague was first with some.
            let mut lane = Lane::open(source, today, None, way.beside);
            self.each(&mut lane, way, progress, |run, _, record| match record {
                Record::Customer(row) => {
                    if !compared.seen.insert(hash(&row.no)) {
                        return Ok(Err(twice(row)));
                    }
                    let (did, kept) = write(&mut bulk, row)?;
                    run.report.kept += kept;
                    Ok(Ok(did))
                }
                _ => Ok(Ok(Did::Nothing)),
            })?;
        }
        drop(compared);
        let report = self.end()?;
        bulk.finish(&summary(&report))?;
        Ok(report)
    }

    /// Takes in customers where nobody was before, a block at a time.
    fn all_new(
        &mut self,
        mut lane: Lane,
        bulk: &mut Bulk<'_>,
        way: &Way<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ImportError> {
        let mut seen = HashSet::new();
        self.blocks(&mut lane, way, progress, |run, lines| {
            let mut new = Vec::with_capacity(lines.len());
            for line in lines {
                let done = match (&line.read, &line.fresh) {
                    (Some(Ok(Record::Customer(row))), Some(customer)) => match seen.insert(hash(&row.no)) {
                        true => {
                            new.push(customer);
                            Ok(Did::New)
                        }
                        false => Err(twice(row)),
                    },
                    (Some(Err(faults)), _) => Err(faults.clone()),
                    _ => continue,
                };
                run.count(line, done)?;
            }
            bulk.insert_customers(&new)?;
            Ok(())
        })
    }
}

/// Comparing customers before anything is written.
#[derive(Default)]
pub(super) struct Compared {
    /// Hashes of the numbers met in this file: eight bytes a row are all that grows with it.
    seen: HashSet<u64>,
    /// Prospects who get a number by this file.
    taken: HashSet<CustomerId>,
    wanted: Wanted,
    changes: u64,
}

impl Compared {
    /// What becomes of a row.
    pub(super) fn compare(
        &mut self,
        run: &mut Run,
        look: &mut Look<'_>,
        row: &CustomerRow,
    ) -> Result<Done, ImportError> {
        if !self.seen.insert(hash(&row.no)) {
            return Ok(Err(twice(row)));
        }
        let document = row.document.as_ref().map(|d| d.number.as_str());
        let did = match look.customer(&row.no, document)? {
            Seen::Merged => Did::Nothing,
            Seen::Erased => return Ok(Err(vec![erased(&row.no)])),
            Seen::Archive(old) if old.no == row.no || self.taken.insert(old.id) => {
                let merged = merge::merged(&old, row);
                run.report.kept += merged.kept.len() as u64;
                if merged.customer == *old { Did::Nothing } else { Did::Changed }
            }
            Seen::Archive(_) | Seen::Nobody => Did::New,
        };
        if did != Did::Nothing {
            self.wanted.add(run.at);
            self.changes += 1;
        }
        Ok(Ok(did))
    }
}

/// What the second pass came to.
#[derive(Default)]
struct Second {
    new: u64,
    changed: u64,
}

impl Second {
    fn count(&mut self, did: Did) {
        match did {
            Did::New => self.new += 1,
            Did::Changed => self.changed += 1,
            Did::Nothing => {}
        }
    }
}

/// Writes a row of 客户; also says how many values typed by hand it left as they are.
fn write(bulk: &mut Bulk<'_>, row: &CustomerRow) -> Result<(Did, u64), ImportError> {
    if bulk.is_merged(&row.no) {
        return Ok((Did::Nothing, 0));
    }
    let id = match (bulk.id_by_no(&row.no)?, &row.document) {
        (Some(id), _) => Some(id),
        // A prospect who has opened an account: the archive begun for them gets its number.
        (None, Some(document)) => bulk.prospect(&document.number)?,
        (None, None) => None,
    };
    let old: Option<Customer> = id.map(|id| bulk.archive(id)).transpose()?;
    let Some(old) = old else {
        bulk.insert_customer(&merge::fresh(row))?;
        return Ok((Did::New, 0));
    };
    let merged = merge::merged(&old, row);
    let kept = merged.kept.len() as u64;
    if merged.customer == old {
        return Ok((Did::Nothing, kept));
    }
    bulk.update_customer(&old, &merged.customer)?;
    Ok((Did::Changed, kept))
}

fn twice(row: &CustomerRow) -> Vec<Fault> {
    vec![Fault::new(
        "客户号",
        format!("客户号 {} 在本文件中重复", row.no),
        format!("The customer number {} stands twice in this file", row.no),
    )]
}

fn changed_meanwhile(path: &Path) -> ImportError {
    let name = path.display();
    ImportError::File(Complaint::new(
        format!("{name} 在导入时被改动了，没有导入。请等它写完再导入"),
        format!(
            "{name} was changed while it was imported; nothing was imported. Wait until it is written, then import it"
        ),
    ))
}
