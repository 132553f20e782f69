//! What happens when the program panics: the terminal first, then a file on this PC, then two lines that say where it is. The
//! file never holds customers' data.

use super::terminal;
use std::backtrace::Backtrace;
use std::fs;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::thread::{self, ThreadId};

/// Sets the hook; crash files go to `folder`. Called on the thread that runs the loop.
pub fn watch(folder: PathBuf) {
    let home = thread::current().id();
    std::panic::set_hook(Box::new(move |info| fallen(info, &folder, home)));
}

fn fallen(info: &PanicHookInfo<'_>, folder: &Path, home: ThreadId) {
    terminal::restore();
    let report = report(info);
    let mut err = std::io::stderr();
    let _ = match write(folder, &report) {
        Ok(path) => {
            let path = path.display();
            writeln!(
                err,
                "柜台意外停止，终端已恢复。已保存的档案不受影响；未保存的草稿下次打开时恢复。详情写在：{path}\n\
                 guitai stopped unexpectedly; the terminal is restored. Saved archives are safe, drafts return next time. Details are in: {path}"
            )
        }
        Err(_) => writeln!(
            err,
            "柜台意外停止，终端已恢复。\nguitai stopped unexpectedly; the terminal is restored.\n{report}"
        ),
    };
    // The loop's own thread unwinds and tidies up. Without another thread the workbench could only wait for ever.
    if thread::current().id() != home {
        std::process::exit(101);
    }
}

fn report(info: &PanicHookInfo<'_>) -> String {
    let said = info
        .payload()
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| info.payload().downcast_ref::<String>().map(|s| harmless(s)))
        .unwrap_or_default();
    let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
    let thread = thread::current().name().unwrap_or("?").to_owned();
    let version = env!("CARGO_PKG_VERSION");
    format!("guitai {version}\nthread: {thread}\nat: {place}\nsaid: {said}\n\n{}\n", Backtrace::force_capture())
}

/// A message made at run time may quote what it stumbled over, a customer's name even: it is kept up to the first quote.
fn harmless(said: &str) -> String {
    said.chars().take_while(|c| c.is_ascii() && !['`', '"', '\''].contains(c)).take(200).collect()
}

fn write(folder: &Path, report: &str) -> std::io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let stamp = chrono::Local::now().format("%Y%m%d-%H%M%S");
    let path = folder.join(format!("crash-{stamp}-{}.txt", std::process::id()));
    fs::write(&path, report)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_panic_quotes_from_an_archive_stays_out_of_the_file() {
        let said = "byte index 1 is not a char boundary; it is inside '张' (bytes 0..3) of `张山河 18985210027`";
        let kept = harmless(said);
        assert_eq!(kept, "byte index 1 is not a char boundary; it is inside ");
        assert_eq!(harmless("index out of bounds: the len is 4 but the index is 4").len(), 52);
    }
}
