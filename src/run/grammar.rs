//! The command line's own words: help and usage errors of the parser in Chinese with English beside it. Which commands there are is said in
//! `args`.

use super::args::Cli;
use super::fault::Fault;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, FromArgMatches};
use std::ffi::OsString;

const TEMPLATE: &str = "{before-help}{about-with-newline}\n用法 Usage: {usage}\n\n{all-args}{after-help}";

/// What the command line comes to.
#[derive(Debug)]
pub enum Parsed {
    /// A command.
    Run(Box<Cli>),
    /// Help or the version, to be printed.
    Told(String),
}

/// Reads the command line.
///
/// # Errors
/// Wrong usage, in both languages.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Parsed, Fault> {
    match command().try_get_matches_from(args).and_then(|m| Cli::from_arg_matches(&m)) {
        Ok(cli) => Ok(Parsed::Run(Box::new(cli))),
        Err(e) if matches!(e.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            Ok(Parsed::Told(e.to_string()))
        }
        Err(e) => Err(worded(&e)),
    }
}

/// The whole grammar with its words in both languages.
pub fn command() -> Command {
    let mut command = Cli::command();
    command.build();
    bilingual(command)
}

fn bilingual(command: Command) -> Command {
    let usage = command
        .clone()
        .render_usage()
        .to_string()
        .trim_start_matches("Usage: ")
        .replace("[OPTIONS]", "[选项 OPTIONS]")
        .replace("[COMMAND]", "[命令 COMMAND]")
        .replace("<COMMAND>", "<命令 COMMAND>");
    command
        .help_template(TEMPLATE)
        .override_usage(usage)
        .subcommand_help_heading("命令 Commands")
        .subcommand_value_name("COMMAND")
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "参数 Arguments" } else { "选项 Options" };
            arg.help_heading(heading)
        })
        .mut_subcommands(bilingual)
}

/// A usage error of the parser in both languages.
fn worded(error: &clap::Error) -> Fault {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(all)) => all.join(" "),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let (arg, value, sub) =
        (said(ContextKind::InvalidArg), said(ContextKind::InvalidValue), said(ContextKind::InvalidSubcommand));
    let (zh, en) = match error.kind() {
        ErrorKind::UnknownArgument => (format!("没有这个选项：{arg}"), format!("There is no such option: {arg}")),
        ErrorKind::InvalidSubcommand => (format!("没有这个命令：{sub}"), format!("There is no such command: {sub}")),
        ErrorKind::InvalidValue if value.is_empty() => (format!("{arg} 后面少了值"), format!("{arg} needs a value")),
        ErrorKind::InvalidValue => {
            let known = said(ContextKind::ValidValue);
            (format!("{arg} 不能是「{value}」，可用：{known}"), format!("{arg} cannot be '{value}'; known: {known}"))
        }
        ErrorKind::ValueValidation => {
            // The value parsers of `args` say both languages, with a stroke between.
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let (zh, en) = why.split_once(" / ").unwrap_or((&why, &why));
            (format!("{arg} 的值「{value}」不对：{zh}"), format!("{arg}: '{value}' is wrong: {en}"))
        }
        ErrorKind::MissingRequiredArgument => (format!("还缺：{arg}"), format!("Missing: {arg}")),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let known = said(ContextKind::ValidSubcommand);
            (format!("还缺命令，可用：{known}"), format!("A command is missing; known: {known}"))
        }
        ErrorKind::ArgumentConflict => (
            format!("{arg} 不能重复，也不能与别的选项一起用"),
            format!("{arg} cannot be given twice or with the other options"),
        ),
        ErrorKind::InvalidUtf8 => ("参数不是 UTF-8 文字".to_owned(), "An argument is not UTF-8 text".to_owned()),
        _ => ("命令行写法不对".to_owned(), "The command line is wrong".to_owned()),
    };
    Fault::usage(format!("{zh}。帮助：guitai --help"), format!("{en}. Help: guitai --help"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Parsed, Fault> {
        parse(line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_grammar_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_help_is_told_in_both_languages() {
        fn walk(command: &Command, path: &str, seen: &mut usize) {
            *seen += 1;
            let text = command.clone().render_long_help().to_string();
            for english in ["Usage:", "Options:", "Commands:", "Arguments:"] {
                let alone = text.lines().any(|l| l.starts_with(english));
                assert!(!alone, "{path}: {english}\n{text}");
            }
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                let chinese = help.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                assert!(chinese, "{path} {}: {help}", arg.get_id());
            }
            for sub in command.get_subcommands() {
                walk(sub, &format!("{path} {}", sub.get_name()), seen);
            }
        }
        let mut seen = 0;
        walk(&command(), "guitai", &mut seen);
        assert!(seen > 15, "{seen}");
    }

    #[test]
    fn wrong_usage_is_said_in_both_languages_and_ends_with_two() {
        for (line, zh, en) in [
            ("guitai --nonsense", "没有这个选项：--nonsense", "no such option"),
            ("guitai fnd", "没有这个命令：fnd", "no such command: fnd"),
            ("guitai check", "还缺", "Missing"),
            ("guitai check passport x", "可用：id phone uscc card", "known: id phone uscc card"),
            ("guitai lunar 2026-11-31", "2026-11-31", "is wrong"),
            ("guitai find x --limit many", "many", "many"),
            ("guitai config", "还缺命令", "missing"),
            ("guitai --lang fr", "fr", "zh en"),
        ] {
            let fault = words(line).unwrap_err();
            assert_eq!(fault.code(), 2);
            assert!(fault.words().zh.contains(zh), "{line}: {}", fault.words().zh);
            assert!(fault.words().en.contains(en), "{line}: {}", fault.words().en);
        }
    }

    #[test]
    fn help_and_version_are_told_not_refused() {
        for line in
            ["guitai --help", "guitai -h", "guitai find --help", "guitai --version", "guitai holidays import -h"]
        {
            assert!(matches!(words(line), Ok(Parsed::Told(text)) if !text.is_empty()), "{line}");
        }
    }
}
