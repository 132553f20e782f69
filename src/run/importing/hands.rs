//! Where the import screen meets the reading and writing of extracts: its plain words made of theirs. How a file is read lives in
//! `exchange`, how it gets into the branch file in `store`.

use super::layouts;
use crate::app::imports::{self, Control, Found, News, Reject, Sight, State, Strange, Total, Tried};
use crate::domain::dealings::batch::Counts;
use crate::domain::text::Complaint;
use crate::domain::values::plain;
use crate::exchange::extract::import::{ImportError, Options, Way, day_in_name, import_with};
use crate::exchange::extract::layout::Layout;
use crate::exchange::extract::look::{Look, Preview};
use crate::exchange::extract::mapping::{self, Mapping};
use crate::exchange::extract::report::{Dated, Report};
use crate::exchange::extract::source::Source;
use crate::exchange::extract::{propose, rejects};
use crate::exchange::rows::{Next, Row};
use crate::run::fault::Fault;
use crate::run::keep;
use crate::store::dealings::undo::{Later, Undone, first};
use crate::store::open::File;
use crate::store::request::{Failure, Stamp};
use chrono::NaiveDate;
use std::io;
use std::path::{Path, PathBuf};

/// So many rows of a file are shown as read.
const SAMPLE: usize = 6;

/// How far a file is.
pub struct Step<'a> {
    /// Its name.
    pub name: &'a str,
    /// Which one, from 1.
    pub file: usize,
    /// Of how many.
    pub files: usize,
    /// Rows so far.
    pub rows: u64,
    /// Bytes so far.
    pub bytes: u64,
    /// Bytes in all.
    pub total: u64,
}

/// What the first lines of a file tell.
#[derive(Debug, Clone)]
pub struct Head {
    layout: Layout,
    encoding: &'static str,
    size: u64,
    headers: Vec<String>,
    sample: Vec<Vec<String>>,
    /// The name of the mapping by which it is read, if it is read by one.
    pub mapping: Option<String>,
}

impl Head {
    /// Opens a file and reads its first rows.
    ///
    /// # Errors
    /// It cannot be read, or is of no layout known.
    pub fn open(path: &Path, mappings: &[Mapping]) -> Result<Head, Complaint> {
        let mut source = Source::open_by(path, mappings)?;
        let (mut sample, mut row) = (Vec::new(), Row::default());
        while sample.len() < SAMPLE {
            match source.next_into(&mut row)? {
                Next::Row => sample.push(row.iter().map(plain::line).collect()),
                Next::Broken(_) => {}
                Next::End => break,
            }
        }
        Ok(Head {
            layout: source.columns.layout,
            encoding: source.encoding.name(),
            size: source.size,
            headers: source.columns.headers.clone(),
            mapping: source.columns.mapping.clone(),
            sample,
        })
    }

    /// The layout and the encoding.
    pub fn about(&self) -> (String, String) {
        (self.layout.label().zh.to_owned(), self.encoding.to_owned())
    }
}

/// What would become of files; nothing is written.
///
/// # Errors
/// One of them cannot be read, or the branch file refuses.
pub fn look(
    file: &mut File,
    files: &[(String, Head)],
    way: &Way<'_>,
    stamp: Stamp,
    tell: &mut dyn FnMut(Step<'_>),
) -> Result<News, Complaint> {
    let files = in_order(files);
    let paths: Vec<PathBuf> = files.iter().map(|(f, _)| PathBuf::from(f)).collect();
    let names: Vec<String> = paths.iter().map(|p| short(p)).collect();
    let options = Options { stamp, dry_run: true };
    let done = import_with(file, &paths, &options, way, &mut |p| {
        let name = names.get(p.file).map_or("", String::as_str);
        tell(Step { name, file: p.file + 1, files: p.files, rows: p.rows, bytes: p.bytes, total: p.total });
    });
    match done {
        Ok(reports) => {
            Ok(News::Looked(reports.into_iter().zip(files).map(|(r, (f, head))| sight(r, f, head)).collect()))
        }
        Err(ImportError::Stopped) => Ok(News::Stopped),
        Err(other) => Err(complaint(other)),
    }
}

/// Takes files in, one after the other in the order of their layouts, so that what is in is known when one of them is refused.
///
/// # Errors
/// The first of them cannot be read or is refused.
pub fn take_in(
    file: &mut File,
    files: &[(String, Head)],
    way: &Way<'_>,
    stamp: &Stamp,
    tell: &mut dyn FnMut(Step<'_>),
) -> Result<News, Complaint> {
    let ordered = in_order(files);
    let (mut sights, mut of_assets) = (Vec::new(), None);
    let count = ordered.len();
    for (at, (chosen, head)) in ordered.into_iter().enumerate() {
        let path = PathBuf::from(chosen);
        let name = short(&path);
        let options = Options { stamp: stamp.clone(), dry_run: false };
        let done = import_with(file, &[path], &options, &Way { assets: of_assets, ..*way }, &mut |p| {
            let step = Step { name: &name, file: at + 1, files: count, rows: p.rows, bytes: p.bytes, total: p.total };
            tell(step);
        });
        let report = match done {
            Ok(mut reports) => reports.pop(),
            Err(ImportError::Stopped) if sights.is_empty() => return Ok(News::Stopped),
            Err(ImportError::Stopped) => {
                let why = format!("已停止；{name} 和后面的文件没有导入");
                return Ok(News::TakenIn(
                    sights,
                    Some(Complaint::new(why, format!("Stopped; {name} and what follows were not imported"))),
                ));
            }
            Err(other) if sights.is_empty() => return Err(complaint(other)),
            Err(other) => return Ok(News::TakenIn(sights, Some(complaint(other)))),
        };
        let Some(report) = report else { continue };
        if head.layout == Layout::Figures {
            of_assets = of_assets.max(report.as_of);
        }
        let again = report.again.is_some();
        let mut seen = sight(report, chosen, head);
        if !again {
            seen.batch = file.imports().map_err(refused)?.into_iter().find(|b| b.file == name).map(|b| b.n);
        }
        sights.push(seen);
    }
    Ok(News::TakenIn(sights, None))
}

/// Files in the order in which they go in: customers first, for the others speak of them, and of one layout the older days first.
fn in_order(files: &[(String, Head)]) -> Vec<&(String, Head)> {
    let mut ordered: Vec<&(String, Head)> = files.iter().collect();
    ordered.sort_by_key(|(path, head)| (head.layout, day_in_name(Path::new(path))));
    ordered
}

fn complaint(error: ImportError) -> Complaint {
    match error {
        ImportError::File(why) => why,
        ImportError::Store(failure) => refused(failure),
        ImportError::Stopped => Complaint::new("已停止", "Stopped"),
    }
}

fn short(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A report as the screen shows it, with the first rows of the file.
fn sight(report: Report, chosen: &str, head: &Head) -> Sight {
    let path = PathBuf::from(chosen);
    let layout = head.layout;
    let name = short(&path);
    let found = Found {
        path: chosen.to_owned(),
        as_of: report.as_of.or_else(|| day_in_name(Path::new(&name))),
        name,
        size: head.size,
        layout: layout.label().zh.to_owned(),
        encoding: report.encoding.to_owned(),
        state: report.again.as_ref().map_or(State::New, |again| State::Taken(again.at)),
    };
    let mut notes: Vec<Complaint> = report.behind().into_iter().collect();
    if let Some(name) = &head.mapping {
        notes.push(Complaint::new(format!("按栏目对照「{name}」读"), format!("Read by the mapping {name}")));
    }
    notes.extend(report.unevenness());
    if report.kept > 0 {
        let kept = report.kept;
        notes.push(Complaint::new(
            format!("有 {kept} 个手工录入的值与文件不同，保留手工的"),
            format!("{kept} values entered by hand differ from the file and are kept"),
        ));
    }
    if report.partial > 0 {
        let partial = report.partial;
        notes.push(Complaint::new(
            format!("现有的 {partial} 笔不在文件里，超过一半：当作部分清单，不作结束"),
            format!(
                "{partial} in force are not listed, more than half: taken for a part of the list, nothing is ended"
            ),
        ));
    }
    if !report.ignored.is_empty() {
        let ignored = report.ignored.join("、");
        notes.push(Complaint::new(format!("没有用到的列：{ignored}"), format!("Columns not used: {ignored}")));
    }
    if let (Some(day), Some(from @ (Dated::Assets | Dated::Written))) = (report.as_of, report.dated) {
        let from = from.words();
        notes.push(Complaint::new(format!("数据日期 {day}（{}）", from.zh), format!("Data of {day} ({})", from.en)));
    }
    let reject = |r: rejects::Reject| Reject {
        line: r.line,
        field: r.fields(),
        reason: Complaint::new(r.reasons(crate::domain::text::Lang::Zh), r.reasons(crate::domain::text::Lang::En)),
    };
    Sight {
        found,
        tally: Counts {
            rows: report.rows,
            new: report.new,
            changed: report.changed,
            unchanged: report.unchanged,
            rejected: report.rejected,
            closed: report.closed,
        },
        // Of a file that is in already nothing was added up.
        total: report
            .sum
            .filter(|_| report.again.is_none())
            .zip(layout.summed())
            .map(|(sum, column)| Total { column: column.to_owned(), sum }),
        control: report.control.filter(|_| report.again.is_none()).map(|c| Control { rows: c.rows, sum: c.sum }),
        headers: head.headers.clone(),
        sample: head.sample.clone(),
        rejects: report.rejects.into_iter().map(reject).collect(),
        rejects_file: rejects::path_for(&path).display().to_string(),
        notes,
        older: report.older.is_some(),
        batch: None,
    }
}

/// Why a file cannot be read.
pub fn unreadable(path: &Path, e: &io::Error) -> Complaint {
    let name = path.display();
    match e.kind() {
        io::ErrorKind::NotFound => {
            Complaint::new(format!("找不到文件 {name}，请核对路径"), format!("There is no file {name}; check the path"))
        }
        _ => Complaint::new(format!("读取 {name} 时出错：{e}"), format!("{name} cannot be read: {e}")),
    }
}

/// Takes a whole import back, or says what later depends on it.
///
/// # Errors
/// It was taken back before, or the branch file refuses.
pub fn undo(file: &mut File, n: i64, shared: bool, stamp: &Stamp) -> Result<News, Complaint> {
    match file.undo(n, shared, stamp).map_err(refused)? {
        Undone::Done { .. } => Ok(News::Undone(n)),
        Undone::Needed(later) => Ok(News::Depends(n, later.iter().map(what).chain(first(&later)).collect())),
    }
}

/// Something that came later, with how many customers and who the first of them are.
fn what(later: &Later) -> Complaint {
    let (count, zh, en) = (later.count, &later.what.zh, &later.what.en);
    let some = later.some.join(" ");
    let more = if count > later.some.len() as u64 { " …" } else { "" };
    Complaint::new(format!("{zh}：{count} 个客户（{some}{more}）"), format!("{en}: {count} customers ({some}{more})"))
}

fn refused(failure: Failure) -> Complaint {
    Fault::from(failure).words().clone()
}

/// All mappings that the branch remembers.
///
/// # Errors
/// What the file says.
pub fn mappings(file: &mut File) -> Result<Vec<Mapping>, Complaint> {
    mapping::known(file).map_err(refused)
}

/// A file whose columns are to be matched, with what is proposed for each layout.
pub fn strange(found: Found, look: &Look, known: &[Mapping]) -> Strange {
    let remembered = known.iter().find(|m| m.key() == mapping::key(&look.headers));
    let likest = remembered.map(|m| m.layout).or_else(|| propose::propose(look).map(|m| m.layout));
    let layout = |layout: Layout| {
        let proposed = match remembered {
            Some(mapping) if mapping.layout == layout => mapping.clone(),
            _ => {
                let proposed = propose::propose_as(look, layout);
                let name = called(&found.name).unwrap_or_else(|| proposed.name.clone());
                Mapping { name, ..proposed }
            }
        };
        layouts::shown(layout, layouts::ours(&proposed))
    };
    let layouts = Layout::ALL.into_iter().map(layout).collect();
    Strange {
        found,
        headers: look.headers.clone(),
        sample: look.rows.iter().take(SAMPLE).map(|row| row.cells.clone()).collect(),
        layouts,
        choices: layouts::choices(),
        likest: likest.and_then(|l| Layout::ALL.into_iter().position(|x| x == l)).unwrap_or_default(),
    }
}

/// What files like this one are called: the name without ending and date.
fn called(name: &str) -> Option<String> {
    let stem = Path::new(name).file_stem()?.to_string_lossy().into_owned();
    let bare = stem.trim_matches(|c: char| c.is_ascii_digit() || "-_. ()（）".contains(c)).to_owned();
    (!bare.is_empty()).then_some(bare)
}

/// The first rows of a file by a mapping that is being made.
///
/// # Errors
/// The mapping does not fit.
pub fn read_by(name: &str, look: &Look, mapping: &imports::Mapping, today: NaiveDate) -> Result<Vec<Tried>, Complaint> {
    let mut mapping = layouts::theirs(mapping)?;
    if mapping.dated_by_import() {
        // Shown as it would be if nothing else is said.
        mapping.as_of = Some(day_in_name(Path::new(name)).unwrap_or(today));
    }
    let rows = look.preview(&mapping, SAMPLE, today)?;
    let tried = |row: Preview| {
        let fault = |f: rejects::Fault| Reject { line: row.line, field: f.field, reason: f.reason };
        Tried { cells: row.cells, faults: row.faults.into_iter().map(fault).collect() }
    };
    Ok(rows.into_iter().map(tried).collect())
}

/// Remembers a mapping.
///
/// # Errors
/// It lacks something, another one has its name, or the branch file refuses.
pub fn remember(file: &mut File, mapping: imports::Mapping, stamp: &Stamp) -> Result<News, Complaint> {
    file.keep_mapping(&layouts::theirs(&mapping)?.kept()?, stamp).map_err(refused)?;
    Ok(News::Kept(mapping))
}

/// Remembers a mapping that another branch wrote to a file.
///
/// # Errors
/// It is no such file, lacks something, or the branch file refuses.
pub fn bring(file: &mut File, path: &Path, stamp: &Stamp) -> Result<News, Complaint> {
    let text = std::fs::read_to_string(path).map_err(|e| unreadable(path, &e))?;
    let new = Mapping::read(&text)?;
    let missing = new.missing();
    if !missing.is_empty() || new.headers.is_empty() {
        let missing = missing.join("、");
        return Err(Complaint::new(
            format!("这个栏目对照不全，还缺：{missing}"),
            format!("The mapping is not whole, it lacks {missing}"),
        ));
    }
    file.keep_mapping(&new.kept()?, stamp).map_err(refused)?;
    Ok(News::Kept(layouts::ours(&new)))
}

/// Writes a mapping to a file that other branches can use; says where it is.
///
/// # Errors
/// The folder cannot be written.
pub fn export(mapping: &imports::Mapping, to: &Path) -> Result<String, Complaint> {
    let text = layouts::theirs(mapping)?.write()?;
    let path = keep::free_name(to, &mapping.name, "toml");
    keep::write(&path, &text).map_err(|e| {
        let name = path.display();
        Complaint::new(format!("写不了 {name}：{e}"), format!("{name} cannot be written: {e}"))
    })?;
    Ok(path.display().to_string())
}
