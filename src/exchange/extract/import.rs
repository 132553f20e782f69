//! Importing extracts: which file comes when, what is asked of each before, and the report of each. Customers come first, then assets, for
//! the others speak of them. What becomes of the rows is in `take`, how a row is read in `record`, what it makes of an archive in `merge`.

use super::layout::Layout;
use super::mapping;
use super::record::{is_ahead, last};
use super::rehearsal::Rehearsal;
use super::rejects;
use super::report::{Again, Dated, Older, Progress, Report};
use super::source::Source;
use super::take::{Into, Run};
pub use super::way::{ImportError, Options, Way};
use crate::domain::calendar::dates;
use crate::domain::text::Complaint;
use crate::store::dealings::batches::Counts;
use crate::store::drive::ground::Ground;
use crate::store::open::File;
use chrono::{DateTime, Days, Local, NaiveDate};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Assets and the other files of one delivery are written within so many days after the data date, long holidays among them.
const DELIVERY: Days = Days::new(10);

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
        let mut source = Source::open_by(path, &mappings).map_err(ImportError::File)?;
        if let Some(day) = way.as_of {
            source.columns.give_date(day);
        }
        if let Some(day) = way.as_of.or(source.columns.as_of).filter(|day| is_ahead(*day, options.stamp.today)) {
            return Err(ahead(path, day, options.stamp.today));
        }
        sources.push((at, source));
    }
    // Of one layout the older days first: what a list ends is then what ended.
    sources.sort_by_key(|(at, s)| (s.columns.layout, day_in_name(&s.path), *at));
    let shared = way.shared.unwrap_or_else(|| !Ground::of(store.path()).local());
    let files = sources.len();
    let several = sources.windows(2).any(|two| matches!(two, [(_, a), (_, b)] if a.columns.layout == b.columns.layout));
    let mut reports = BTreeMap::new();
    // The data date of the assets that came in the same run.
    let mut of_assets = way.assets;
    let mut rehearsal = None;
    for (at, source) in sources {
        let mut tell = |p: Progress| progress(Progress { file: at, files, ..p });
        let layout = source.columns.layout;
        let report = match again(store, &source, options.dry_run)? {
            Some(report) => report,
            None => {
                let today = options.stamp.today;
                let newest = match layout.lists_all() {
                    true => store.newest_of(layout.label().zh, last(today))?,
                    false => None,
                };
                let assets = (of_assets, store.data_date()?);
                let as_of = date_of(&source, way.as_of, assets, newest.map(|(_, day)| day), today);
                let older = newest
                    .filter(|(_, newest)| as_of.is_some_and(|(day, _)| day < *newest))
                    .map(|(n, than)| Older { n, than });
                let run = Run::new(&source, options, as_of, older);
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

/// The data date of a file where its rows say none, and where it was taken from. What is only guessed makes no list older than the newest
/// one of its kind.
fn date_of(
    source: &Source,
    said: Option<NaiveDate>,
    (together, branch): (Option<NaiveDate>, Option<NaiveDate>),
    newest: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<(NaiveDate, Dated)> {
    let written = written(&source.path).map(|day| day.min(today));
    let one_delivery = |assets: &NaiveDate| {
        written.is_none_or(|day| *assets <= day && day <= assets.checked_add_days(DELIVERY).unwrap_or(day))
    };
    let named = || day_in_name(&source.path).filter(|day| !is_ahead(*day, today));
    // Of transactions only those up to the data date are looked at, and they come daily where assets may come monthly.
    let branch = branch.filter(|day| source.columns.layout != Layout::Txns && one_delivery(day));
    let assets = || together.or(branch).filter(|day| newest.is_none_or(|newest| newest <= *day));
    said.map(|day| (day, Dated::Said))
        .or(source.columns.as_of.map(|day| (day, Dated::Mapping)))
        .or_else(|| named().map(|day| (day, Dated::Name)))
        .or_else(|| assets().map(|day| (day, Dated::Assets)))
        .or_else(|| written.map(|day| (day, Dated::Written)))
}

fn ahead(path: &Path, day: NaiveDate, today: NaiveDate) -> ImportError {
    let name = path.display();
    ImportError::File(Complaint::new(
        format!("{name}：数据日期 {day} 晚于今天（{today}），没有导入。请核对日期；日期无误就核对本机的日期"),
        format!(
            "{name}: the data date {day} is after today ({today}); nothing was imported. Check it, or the clock of this PC"
        ),
    ))
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// What the list of imports keeps of a report.
#[derive(Default, Deserialize)]
struct Kept {
    #[serde(flatten)]
    counts: Counts,
    #[serde(default)]
    older: Option<Older>,
}

/// The report of a file that is in already as it is; one of which rows were rejected may say more by now.
fn again(store: &mut File, source: &Source, dry_run: bool) -> Result<Option<Report>, ImportError> {
    let Some(taken) = store.taken(&source.hash)? else { return Ok(None) };
    let Kept { counts, older } = serde_json::from_str(&taken.summary).unwrap_or_default();
    // What came after it may have changed what it said; what was only noted may count by now.
    if counts.rejected > 0 || counts.rows == 0 || !taken.newest || older.is_some() {
        return Ok(None);
    }
    let mut report = Report::begin(source, dry_run);
    (report.rows, report.unchanged) = (counts.rows, counts.rows);
    report.again = Some(Again { n: taken.n, at: taken.at, by: taken.by });
    Ok(Some(report))
}

/// A day in the name of a file: eight digits, or with dashes.
pub fn day_in_name(path: &Path) -> Option<NaiveDate> {
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
            assert_eq!(day_in_name(Path::new(name)), day, "{name}");
        }
        for name in ["持有.csv", "320261120.csv", "20261131.csv", "2026-1120.csv", "99999999.csv"] {
            assert_eq!(day_in_name(Path::new(name)), None, "{name}");
        }
    }
}
