//! `import` and `make-demo`: files in and out.

use super::output;
use super::session::{Session, unopened};
use crate::domain::text::Lang;
use crate::exchange::demo::{self, DemoError};
use crate::exchange::extract::import::{ImportError, Options, import};
use crate::exchange::extract::report::Progress;
use crate::run::fault::Fault;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Cells of the progress bar.
const BAR: u64 = 30;

/// `import FILES`
///
/// # Errors
/// A file is no extract, or the store refuses.
pub fn take_in(session: &mut Session, files: &[PathBuf], dry_run: bool, json: bool) -> Result<(), Fault> {
    let options = Options { stamp: session.stamp(), dry_run };
    let lang = session.lang;
    let watched = std::io::stderr().is_terminal();
    let mut drawn = false;
    let taken = import(&mut session.file, files, &options, &mut |p| {
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
    })?;
    if json {
        return output::json(&reports);
    }
    let lines: Vec<String> = reports.iter().flat_map(|r| r.lines(lang)).collect();
    output::print(&(lines.join("\n") + "\n"))
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

/// `make-demo`
///
/// # Errors
/// The file is there already, or cannot be written.
pub fn make_demo(seed: u64, out: Option<&Path>, lang: Lang) -> Result<(), Fault> {
    let path = out.unwrap_or_else(|| Path::new("demo.db"));
    demo::demo(seed, path).map_err(unmade)?;
    let file = path.display();
    output::print(&match lang {
        Lang::Zh => format!("已生成 {file}（种子 {seed}）\n"),
        Lang::En => format!("Made {file} (seed {seed})\n"),
    })
}

/// Why a demo was not made.
pub fn unmade(error: DemoError) -> Fault {
    match error {
        DemoError::Open(e) => unopened(&e),
        DemoError::Write(failure) => failure.into(),
    }
}
