//! What one PC can find out of locks by itself: a second process of this program must be refused a lock that is held. It finds drives on
//! which every lock succeeds. That they reach other workstations is found out in `store::drive`.

use super::fault::Fault;
use crate::store::drive::ground::Ground;
use crate::store::drive::lock::{Tried, tried};
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// The hidden command of the second process; a test holds that the command line knows it.
pub const COMMAND: &str = "try-lock";

/// Whether a second process is refused the lock of this file, as it should be; `None` when that cannot be found out.
pub fn refused(lock: &Path) -> Option<bool> {
    let program = std::env::current_exe().ok()?;
    let asked = Command::new(program)
        .args([COMMAND, "--"])
        .arg(lock)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .and_then(std::process::Child::wait_with_output);
    match asked {
        Ok(output) => said(&String::from_utf8_lossy(&output.stdout)),
        Err(error) => {
            tracing::warn!(%error, "no second process tried the lock");
            None
        }
    }
}

/// What the second process said.
fn said(line: &str) -> Option<bool> {
    match line.trim_end() {
        "refused" => Some(true),
        "granted" => Some(false),
        other => {
            tracing::warn!(other, "a second process could not try the lock");
            None
        }
    }
}

/// What the second process does: tries the lock and says what came of it in a line that `said` reads.
///
/// # Errors
/// Nobody hears it.
pub fn answer(lock: &Path) -> Result<(), Fault> {
    Ground::of(lock).prepare();
    let line = match tried(lock) {
        Tried::Refused => "refused".to_owned(),
        Tried::Granted => "granted".to_owned(),
        Tried::Failed(why) => format!("failed {}", why.replace('\n', " ")),
    };
    writeln!(io::stdout(), "{line}").map_err(|e| Fault::refused(e.to_string(), e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_of_the_second_process_is_known_and_its_words_are_read() {
        assert!(crate::run::args::Cli::command().find_subcommand(COMMAND).unwrap().is_hide_set());
        for (line, read) in [("refused\n", Some(true)), ("granted\n", Some(false)), ("failed x\n", None), ("", None)] {
            assert_eq!(said(line), read, "{line}");
        }
    }
}
