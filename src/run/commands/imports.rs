//! `import`, `imports`, `undo`: extracts of the core system in, the list of them, and a whole one back.

use super::output;
use super::session::Session;
use crate::domain::ids::StaffId;
use crate::domain::rights::Action;
use crate::domain::text::{Complaint, Lang, t};
use crate::exchange::extract::folder;
use crate::exchange::extract::import::{ImportError, Options, Way, import_with};
use crate::exchange::extract::lane::Job;
use crate::exchange::extract::report::Progress;
use crate::run::fault::Fault;
use crate::store::dealings::batches::{Batch, Counts, State};
use crate::store::dealings::undo::{Later, Undone, first};
use crate::store::drive::ground::Ground;
use chrono::NaiveDate;
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::thread;

/// Cells of the progress bar.
const BAR: u64 = 30;

/// What is to be imported, and how.
pub struct Wanted {
    /// The files named.
    pub files: Vec<PathBuf>,
    /// The drop folder.
    pub folder: Option<PathBuf>,
    /// The data date of files that have none.
    pub as_of: Option<NaiveDate>,
    /// Only show what would change.
    pub dry_run: bool,
}

/// `import FILES`
///
/// # Errors
/// Who imports may not, a file is no extract, or the store refuses.
pub fn take_in(session: &mut Session, wanted: &Wanted, json: bool) -> Result<(), Fault> {
    session.allow(Action::Import)?;
    let lang = session.lang;
    let mut files = wanted.files.clone();
    let mut said = Vec::new();
    if files.is_empty() {
        let folder = wanted.folder.as_deref().ok_or_else(nothing_named)?;
        files = laid_down(session, folder, lang, &mut said)?;
    }
    let options = Options { stamp: session.stamp(), dry_run: wanted.dry_run };
    let watched = std::io::stderr().is_terminal();
    let mut drawn = false;
    let beside = |job: Job| {
        // Without a thread the reading breaks off, and says so.
        if let Err(error) = thread::Builder::new().name("extract".into()).spawn(job) {
            tracing::error!(%error, "no thread to read a file on");
        }
    };
    let way = Way { as_of: wanted.as_of, beside: Some(&beside), ..Way::default() };
    let taken = import_with(&mut session.file, &files, &options, &way, &mut |p| {
        if watched {
            // A progress bar that cannot be drawn is no reason to stop an import.
            let _ = write!(std::io::stderr(), "\r{}", bar(&p, lang));
            drawn = true;
        }
    });
    if drawn {
        let _ = write!(std::io::stderr(), "\r{}\r", " ".repeat(72));
    }
    let reports = taken.map_err(|e| match e {
        ImportError::File(c) => Fault::Refused(c),
        ImportError::Store(failure) => failure.into(),
        ImportError::Stopped => Fault::refused("已停止，没有导入。", "Stopped; nothing was imported."),
    })?;
    if json {
        return output::json(&reports);
    }
    said.extend(reports.iter().flat_map(|r| r.lines(lang)));
    output::print(&(said.join("\n") + "\n"))
}

fn nothing_named() -> Fault {
    Fault::usage(
        "要导入什么？请给出文件，或用 --folder 给出文件夹，或在配置里写 [import] folder = '文件夹'",
        "What is to be imported? Name files, or a folder with --folder, or write [import] folder = 'FOLDER' in the config",
    )
}

/// The new files of the drop folder; what is no extract is said and left there.
fn laid_down(session: &mut Session, at: &Path, lang: Lang, said: &mut Vec<String>) -> Result<Vec<PathBuf>, Fault> {
    let found = folder::look(&mut session.file, at).map_err(|e| match e {
        ImportError::Store(failure) => failure.into(),
        ImportError::File(c) => Fault::Refused(c),
        ImportError::Stopped => Fault::refused("已停止。", "Stopped."),
    })?;
    for why in &found.others {
        said.push(match lang {
            Lang::Zh => format!("跳过：{}", why.zh),
            Lang::En => format!("Passed over: {}", why.en),
        });
    }
    if found.new.is_empty() {
        let (at, known) = (at.display(), found.known);
        said.push(match lang {
            Lang::Zh => format!("{at} 里没有新文件（{known} 个已导入过）"),
            Lang::En => format!("There are no new files in {at} ({known} were imported before)"),
        });
    }
    Ok(found.new)
}

/// An import as JSON has it.
#[derive(Serialize)]
struct Line {
    n: i64,
    at: String,
    by: String,
    file: String,
    layout: String,
    as_of: Option<NaiveDate>,
    state: &'static str,
    #[serde(flatten)]
    counts: Counts,
}

/// `imports`
///
/// # Errors
/// The store fails.
pub fn list(session: &mut Session, json: bool) -> Result<(), Fault> {
    let batches = session.file.imports()?;
    let name = |id: StaffId| session.name_of(Some(id));
    if json {
        let lines: Vec<Line> = batches.into_iter().map(|b| line(&name(b.by), b)).collect();
        return output::json(&lines);
    }
    let lang = session.lang;
    if batches.is_empty() {
        return output::print(t("还没有导入过。\n", "Nothing was imported yet.\n").get(lang));
    }
    let mut rows = vec![
        match lang {
            Lang::Zh => {
                ["第几次", "时间", "谁", "类别", "数据日期", "行", "新增", "变更", "结束", "剔除", "状态", "文件"]
            }
            Lang::En => [
                "No", "When", "Who", "Layout", "Data of", "Rows", "New", "Changed", "Ended", "Rejected", "State",
                "File",
            ],
        }
        .map(str::to_owned)
        .to_vec(),
    ];
    for b in batches {
        let c = b.counts;
        let state = match (b.state, lang) {
            (State::Staged, Lang::Zh) => "正在导入",
            (State::Staged, Lang::En) => "under way",
            (State::Current, Lang::Zh) => "有效",
            (State::Current, Lang::En) => "current",
            (State::Undone, Lang::Zh) => "已撤销",
            (State::Undone, Lang::En) => "undone",
        };
        let dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
        rows.push(vec![
            b.n.to_string(),
            b.at.format("%Y-%m-%d %H:%M").to_string(),
            name(b.by),
            dash(b.layout),
            dash(b.as_of.map(|d| d.to_string()).unwrap_or_default()),
            c.rows.to_string(),
            c.new.to_string(),
            c.changed.to_string(),
            c.closed.to_string(),
            c.rejected.to_string(),
            state.to_owned(),
            b.file,
        ]);
    }
    output::print(&output::columns(&rows))
}

fn line(by: &str, b: Batch) -> Line {
    Line {
        n: b.n,
        at: b.at.format("%Y-%m-%dT%H:%M:%S").to_string(),
        by: by.to_owned(),
        file: b.file,
        layout: b.layout,
        as_of: b.as_of,
        state: match b.state {
            State::Staged => "staged",
            State::Current => "current",
            State::Undone => "undone",
        },
        counts: b.counts,
    }
}

/// `undo N`
///
/// # Errors
/// There is no such import, something later depends on it, or the store refuses.
pub fn undo(session: &mut Session, n: i64) -> Result<(), Fault> {
    session.say_who();
    let (stamp, shared) = (session.stamp(), !Ground::of(session.file.path()).local());
    match session.file.undo(n, shared, &stamp)? {
        Undone::Done { file, customers, .. } => output::print(&match session.lang {
            Lang::Zh => format!("已撤销第 {n} 次导入（{file}），涉及 {customers} 个客户\n"),
            Lang::En => format!("Import {n} ({file}) is taken back; it touched {customers} customers\n"),
        }),
        Undone::Needed(later) => Err(Fault::Refused(needed(n, &later))),
    }
}

/// Why an import stays.
fn needed(n: i64, later: &[Later]) -> Complaint {
    let list = |zh: bool| -> String {
        later
            .iter()
            .map(|l| {
                let (what, count, some) = (if zh { &l.what.zh } else { &l.what.en }, l.count, l.some.join(" "));
                let more = if l.some.len() as u64 != l.count { " …" } else { "" };
                if zh {
                    format!("\n  {what}：{count} 个客户（{some}{more}）")
                } else {
                    format!("\n  {what}: {count} customers ({some}{more})")
                }
            })
            .collect()
    };
    let (zh, en) = first(later).map(|c| (format!("\n{}", c.zh), format!("\n{}", c.en))).unwrap_or_default();
    Complaint::new(
        format!("第 {n} 次导入不能撤销，后来的内容用到它：{}{zh}", list(true)),
        format!("Import {n} cannot be taken back; what came later needs it:{}{en}", list(false)),
    )
}

/// `[#########                     ]  30%  1/2  1,500 行`
fn bar(p: &Progress, lang: Lang) -> String {
    let full = p.bytes.saturating_mul(BAR).checked_div(p.total).unwrap_or(BAR).min(BAR);
    let percent = p.bytes.saturating_mul(100).checked_div(p.total).unwrap_or(100).min(100);
    let full = usize::try_from(full).unwrap_or_default();
    let rest = usize::try_from(BAR).unwrap_or_default().saturating_sub(full);
    let (hashes, blanks) = ("#".repeat(full), " ".repeat(rest));
    let (file, files, rows) = (p.file + 1, p.files, p.rows);
    match lang {
        Lang::Zh => format!("[{hashes}{blanks}] {percent:3}%  {file}/{files}  {rows} 行"),
        Lang::En => format!("[{hashes}{blanks}] {percent:3}%  {file}/{files}  {rows} rows"),
    }
}
