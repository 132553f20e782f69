//! Importing extracts: which file comes when, what is asked of each before, and the report of each. Customers come first, then assets, for
//! the others speak of them. What becomes of the rows is in `take`, how a row is read in `record`, what it makes of an archive in `merge`.

use super::layout::Layout;
use super::mapping;
use super::rehearsal::Rehearsal;
use super::rejects;
use super::report::{Again, Progress, Report};
use super::source::Source;
use super::take::{Into, Run};
pub use super::way::{ImportError, Options, Way};
use crate::domain::calendar::dates;
use crate::domain::text::Complaint;
use crate::store::dealings::batches::Counts;
use crate::store::drive::ground::Ground;
use crate::store::open::File;
use chrono::{DateTime, Local, NaiveDate};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    import_with(store, paths, options, &Way::default(), progress)
}

/// As [`import`], with more to say about it.
///
/// # Errors
/// As [`import`], and [`ImportError::Stopped`].
pub fn import_with(
    store: &mut File,
    paths: &[PathBuf],
    options: &Options,
    way: &Way<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Report>, ImportError> {
    let mappings = mapping::known(store)?;
    let mut sources = vec![];
    for (at, path) in paths.iter().enumerate() {
        if is_same_file(path, store.path()) {
            // Closing a handle of our own on the branch file would drop SQLite's locks on it.
            return Err(ImportError::File(Complaint::new(
                format!("{} 就是网点文件本身，请给出要导入的 CSV", path.display()),
                format!("{} is the branch file itself; name the CSV to import", path.display()),
            )));
        }
        let rejects = rejects::path_for(path);
        if is_same_file(&rejects, store.path()) {
            let (path, rejects) = (path.display(), rejects.display());
            return Err(ImportError::File(Complaint::new(
                format!("{path} 的拒收行要写进 {rejects}，那里是网点文件本身。请把要导入的文件移到别的文件夹"),
                format!(
                    "The rejects of {path} would go into {rejects}, which is the branch file itself; move the extract to another folder"
                ),
            )));
        }
        sources.push((at, Source::open_by(path, &mappings).map_err(ImportError::File)?));
    }
    sources.sort_by_key(|(at, s)| (s.columns.layout, *at));
    let shared = way.shared.unwrap_or_else(|| !Ground::of(store.path()).local());
    let files = sources.len();
    let several = sources.windows(2).any(|two| matches!(two, [(_, a), (_, b)] if a.columns.layout == b.columns.layout));
    let mut reports = BTreeMap::new();
    // The data date of the assets that came in the same run.
    let mut of_assets = None;
    let mut rehearsal = None;
    for (at, source) in sources {
        let mut tell = |p: Progress| progress(Progress { file: at, files, ..p });
        let layout = source.columns.layout;
        let report = match again(store, &source, options.dry_run)? {
            Some(report) => report,
            None => {
                let as_of = way
                    .as_of
                    .or(source.columns.as_of)
                    .or_else(|| named(&source.path))
                    .or(of_assets)
                    .or_else(|| written(&source.path));
                let run = Run::new(&source, options, as_of);
                if options.dry_run {
                    let look = rehearsal.take().unwrap_or_else(|| Rehearsal::of(several));
                    let (report, look) = run.rehearse(source, store, look, way, &mut tell)?;
                    rehearsal = Some(look);
                    report
                } else {
                    run.take(source, store, way, &Into { shared }, &mut tell)?
                }
            }
        };
        if layout == Layout::Figures {
            of_assets = of_assets.max(report.as_of);
        }
        reports.insert(at, report);
    }
    Ok(reports.into_values().collect())
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// The report of a file that is in already as it is; one of which rows were rejected may say more by now.
fn again(store: &mut File, source: &Source, dry_run: bool) -> Result<Option<Report>, ImportError> {
    let Some(taken) = store.taken(&source.hash)? else { return Ok(None) };
    let counts: Counts = serde_json::from_str(&taken.summary).unwrap_or_default();
    if counts.rejected > 0 || counts.rows == 0 {
        return Ok(None);
    }
    let mut report = Report::begin(source, dry_run);
    (report.rows, report.unchanged) = (counts.rows, counts.rows);
    report.again = Some(Again { n: taken.n, at: taken.at, by: taken.by });
    Ok(Some(report))
}

/// A day in the name of a file: eight digits, or with dashes.
fn named(path: &Path) -> Option<NaiveDate> {
    let name = path.file_stem()?.to_string_lossy().into_owned();
    let bytes: Vec<char> = name.chars().collect();
    [10, 8].into_iter().find_map(|len| {
        bytes.windows(len).enumerate().find_map(|(at, window)| {
            let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
            // Eight of more digits are a number of something.
            let alone = !digit(at.checked_sub(1).and_then(|n| bytes.get(n))) && !digit(bytes.get(at + len));
            let text: String = window.iter().collect();
            let shape = match len {
                8 => text.chars().all(|c| c.is_ascii_digit()),
                _ => {
                    text.split('-').map(str::len).eq([4, 2, 2]) && text.chars().all(|c| c.is_ascii_digit() || c == '-')
                }
            };
            (alone && shape).then(|| dates::parse(&text).ok()).flatten()
        })
    })
}

/// The day on which a file was written last.
fn written(path: &Path) -> Option<NaiveDate> {
    let at = std::fs::metadata(path).and_then(|m| m.modified()).ok()?;
    Some(DateTime::<Local>::from(at).date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_a_files_name_is_found_and_other_numbers_are_not_taken_for_one() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20);
        for name in
            ["持有20261120.csv", "loan_2026-11-20.csv", "20261120", "a-2026-11-20-b.xlsx", "5201_20261120_1.csv"]
        {
            assert_eq!(named(Path::new(name)), day, "{name}");
        }
        for name in ["持有.csv", "320261120.csv", "20261131.csv", "2026-1120.csv", "99999999.csv"] {
            assert_eq!(named(Path::new(name)), None, "{name}");
        }
    }
}
