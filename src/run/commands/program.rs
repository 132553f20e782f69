//! `config`, `completions`, `man`, `holidays`: about the program itself and its tables.

use super::output;
use super::session::{Session, unexpected};
use crate::domain::calendar::holidays::Holidays;
use crate::domain::text::Lang;
use crate::run::args;
use crate::run::config::Config;
use crate::run::fault::Fault;
use crate::run::grammar;
use crate::run::places::Places;
use crate::store::request::{Answer, Ask};
use crate::store::workbench;
use std::path::Path;

/// `config path` and `config check`; the second is there for a file that is wrong, so it reads it itself.
///
/// # Errors
/// The config file is wrong.
pub fn config(what: args::Config, places: &Places, lang: Lang) -> Result<(), Fault> {
    let path = places.config.display();
    match what {
        args::Config::Path => output::print(&format!("{path}\n")),
        args::Config::Check => {
            let there = places.config.exists();
            Config::read(&places.config)?;
            output::print(&match (there, lang) {
                (true, Lang::Zh) => format!("配置文件正确：{path}\n"),
                (true, Lang::En) => format!("The config file is in order: {path}\n"),
                (false, Lang::Zh) => format!("没有配置文件，用默认值：{path}\n"),
                (false, Lang::En) => format!("There is no config file, defaults hold: {path}\n"),
            })
        }
    }
}

/// `completions SHELL`
///
/// # Errors
/// Standard output does not take it.
pub fn completions(shell: clap_complete::Shell) -> Result<(), Fault> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut grammar::command(), "guitai", &mut text);
    output::print(&String::from_utf8_lossy(&text))
}

/// `man`
///
/// # Errors
/// Standard output does not take it.
pub fn man() -> Result<(), Fault> {
    let mut text = Vec::new();
    clap_mangen::Man::new(grammar::command())
        .render(&mut text)
        .map_err(|e| Fault::refused(format!("手册页写不出来：{e}"), format!("The man page could not be made: {e}")))?;
    output::print(&String::from_utf8_lossy(&text))
}

/// `holidays import FILE`
///
/// # Errors
/// The file is wrong, or the store refuses.
pub fn holidays(session: &mut Session, path: &Path) -> Result<(), Fault> {
    let text = std::fs::read_to_string(path).map_err(|e| {
        Fault::refused(format!("{} 读不了：{e}", path.display()), format!("{} cannot be read: {e}", path.display()))
    })?;
    let days = Holidays::parse(&text)?;
    let years: Vec<String> = days.years().iter().map(ToString::to_string).collect();
    let (years, count) = (years.join(" "), days.days.len());
    let ask = Ask::Workbench(workbench::Ask::KeepHolidays { holidays: Box::new(days), stamp: session.stamp() });
    match session.ask(&ask)? {
        Answer::Workbench(workbench::Answer::Kept) => {}
        other => return Err(unexpected(&other)),
    }
    output::print(&match session.lang {
        Lang::Zh => format!("已导入 {years} 年节假日，共 {count} 天\n"),
        Lang::En => format!("Took in the holidays of {years}, {count} days\n"),
    })
}
