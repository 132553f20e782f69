//! `doctor`: what is in order on this PC and in the branch file, and what is not. It mends nothing; only what killed runs left is overwritten.

use super::drive;
use super::finding::{Finding, State};
use super::health;
use super::output;
use super::session::Session;
use super::verify;
use crate::domain::text::{Complaint, Lang, t};
use crate::run::fault::Fault;
use crate::run::keep;
use crate::run::recrypt;
use crate::run::scratch;
use crate::run::setting::Setting;
use chrono::{Datelike, NaiveDate};
use std::env;
use std::io::IsTerminal;

/// `doctor`
///
/// # Errors
/// The branch file cannot be used; what was found is written all the same.
pub fn doctor(setting: &Setting, json: bool) -> Result<(), Fault> {
    let lang = setting.tongue();
    let mut found = vec![Finding {
        check: "program",
        state: State::Ok,
        text: format!("guitai {} {} {}", env!("CARGO_PKG_VERSION"), env::consts::OS, env::consts::ARCH),
        label: t("程序", "Program"),
    }];
    found.push(config(setting, lang));
    found.push(state(setting, lang));
    found.push(terminal(lang));
    found.push(left(setting, lang));
    let fault = file(setting, lang, &mut found);
    if json {
        output::json(&found)?;
    } else {
        let rows: Vec<Vec<String>> = found.iter().map(|f| f.row(lang)).collect();
        output::print(&output::columns(&rows))?;
    }
    fault.map_or(Ok(()), Err)
}

fn config(setting: &Setting, lang: Lang) -> Finding {
    let path = setting.places.config.display();
    let text = match (setting.places.config.exists(), lang) {
        (true, _) => path.to_string(),
        (false, Lang::Zh) => format!("{path}（没有，用默认值）"),
        (false, Lang::En) => format!("{path} (not there, defaults hold)"),
    };
    Finding { check: "config", state: State::Ok, text, label: t("配置文件", "Config file") }
}

fn state(setting: &Setting, lang: Lang) -> Finding {
    let probe = setting.places.state.join("doctor.tmp");
    let written = keep::write(&probe, "x");
    keep::forget(&probe);
    let path = setting.places.state.display();
    let (state, text) = match (written, lang) {
        (Ok(()), _) => (State::Ok, path.to_string()),
        (Err(e), Lang::Zh) => (State::Bad, format!("{path} 写不了（{e}），草稿和日志存不下来")),
        (Err(e), Lang::En) => (State::Bad, format!("{path} cannot be written ({e}); drafts and log are not kept")),
    };
    Finding { check: "state", state, text, label: t("本机文件夹", "Local folder") }
}

/// What runs that were killed left in the folder of temporary files and beside the branch file; it is gone afterwards.
fn left(setting: &Setting, lang: Lang) -> Finding {
    let gone = scratch::sweep() + setting.file().map_or(0, |path| recrypt::sweep(&path));
    let text = match (gone, lang) {
        (0, _) => t("没有", "none").get(lang).to_owned(),
        (n, Lang::Zh) => format!("有 {n} 处是没有正常结束的命令留下的，已用零覆盖并删去"),
        (n, Lang::En) => format!("{n} were left by commands that were cut off; overwritten with zeros and removed"),
    };
    Finding { check: "scratch", state: State::Ok, text, label: t("临时文件", "Scratch files") }
}

fn terminal(lang: Lang) -> Finding {
    let term = env::var("TERM").unwrap_or_default();
    let colour = env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let size = crossterm::terminal::size().ok().filter(|_| std::io::stdout().is_terminal());
    let small = size.is_some_and(|(w, h)| w < 80 || h < 24);
    let size = size.map_or_else(|| "-".to_owned(), |(w, h)| format!("{w}x{h}"));
    let text = match (small, lang) {
        (false, Lang::Zh) => format!("TERM={term} {size} {}", if colour { "彩色" } else { "单色 (NO_COLOR)" }),
        (false, Lang::En) => format!("TERM={term} {size} {}", if colour { "colour" } else { "mono (NO_COLOR)" }),
        (true, Lang::Zh) => format!("TERM={term} {size}，工作台需要 80x24"),
        (true, Lang::En) => format!("TERM={term} {size}; the workbench needs 80x24"),
    };
    Finding {
        check: "terminal",
        state: if small { State::Warn } else { State::Ok },
        text,
        label: t("终端", "Terminal"),
    }
}

/// Looks at the branch file; gives back why it cannot be used.
fn file(setting: &Setting, lang: Lang, found: &mut Vec<Finding>) -> Option<Fault> {
    if let Ok(path) = setting.file() {
        found.extend(drive::ground(setting, &path, lang));
    }
    let mut add = |check, state, text: String, label| found.push(Finding { check, state, text, label });
    let label = t("网点文件", "Branch file");
    let mut session = match setting.file().and_then(|_| Session::visit(setting)) {
        Ok(session) => session,
        Err(fault) => {
            let words: &Complaint = fault.words();
            add("file", State::Bad, words.get(lang).replace('\n', " "), label);
            return Some(fault);
        }
    };
    let path = session.file.path().display().to_string();
    if session.file.read_only() {
        let text = match lang {
            Lang::Zh => format!("{path}（只读，不能保存）"),
            Lang::En => format!("{path} (read-only, nothing can be saved)"),
        };
        add("file", State::Warn, text, label);
    } else {
        add("file", State::Ok, path, label);
    }
    found.extend(drive::open(setting, &mut session.file, lang));
    let mut add = |check, state, text: String, label| found.push(Finding { check, state, text, label });
    let (branch, people, customers) =
        (&session.branch.branch, session.branch.staff.iter().filter(|s| s.active).count(), session.branch.customers);
    let text = match lang {
        Lang::Zh => format!("{branch}，员工 {people} 人，客户 {customers} 人，变更 {}", session.branch.seq),
        Lang::En => format!("{branch}, {people} staff, {customers} customers, {} changes", session.branch.seq),
    };
    add("branch", State::Ok, text, t("网点", "Branch"));
    let (state, text) = holidays(&session, lang);
    add("holidays", state, text, t("节假日", "Holidays"));
    found.extend(health::of(setting, &mut session, lang));
    found.extend(verify::memory(setting, &mut session).ok());
    let mut add = |check, state, text: String, label| found.push(Finding { check, state, text, label });
    if setting.file().is_ok_and(|path| !setting.ground(&path).0.local()) {
        let text = match lang {
            Lang::Zh => "盘上不读全部档案，免得同事等；备份的副本逐份核对",
            Lang::En => "not all archives over the drive, colleagues would wait; the copies of backups are read whole",
        };
        add("read", State::Ok, text.to_owned(), t("读取", "Reading"));
        return None;
    }
    let began = std::time::Instant::now();
    match session.rows() {
        Ok(rows) => {
            let whole = u64::try_from(rows.len()).unwrap_or_default() == session.branch.customers;
            let millis = began.elapsed().as_millis();
            let (state, text) = match (whole, lang) {
                (true, Lang::Zh) => (State::Ok, format!("读出全部 {} 份档案，用时 {millis} 毫秒", rows.len())),
                (true, Lang::En) => (State::Ok, format!("all {} archives read in {millis} ms", rows.len())),
                (false, Lang::Zh) => {
                    (State::Warn, format!("应有 {} 份档案，读出 {}", session.branch.customers, rows.len()))
                }
                (false, Lang::En) => {
                    (State::Warn, format!("{} archives of {} read", rows.len(), session.branch.customers))
                }
            };
            add("read", state, text, t("读取", "Reading"));
            None
        }
        Err(fault) => {
            add("read", State::Bad, fault.words().get(lang).to_owned(), t("读取", "Reading"));
            Some(fault)
        }
    }
}

/// The next year's holidays are published in November; from December on they are missed.
fn holidays(session: &Session, lang: Lang) -> (State, String) {
    let year = session.today.year();
    let table = &session.branch.holidays;
    let december = NaiveDate::from_ymd_opt(year, 12, 1).is_some_and(|d| session.today >= d);
    let missing: Vec<String> = [Some(year), december.then_some(year + 1)]
        .into_iter()
        .flatten()
        .filter(|y| !table.covers(*y))
        .map(|y| y.to_string())
        .collect();
    let years: Vec<String> = table.years().iter().map(ToString::to_string).collect();
    let years = years.join(" ");
    match (missing.is_empty(), lang) {
        (true, _) => (State::Ok, years),
        (false, Lang::Zh) => {
            (State::Warn, format!("缺 {} 年（有 {years}），请用 guitai holidays import 导入", missing.join(" ")))
        }
        (false, Lang::En) => (
            State::Warn,
            format!("{} missing (there are {years}); take them in with guitai holidays import", missing.join(" ")),
        ),
    }
}
