//! `demo`: a scratch branch of made-up people whose day is today, opened like any other and removed at the end. Who they are is decided in
//! `exchange::demo`.

use super::commands;
use super::fault::Fault;
use super::scratch::Scratch;
use super::setting::Setting;
use super::workbench;
use crate::domain::staff::Role;
use crate::domain::text::Lang;
use crate::exchange::demo::{self, people};
use std::process::ExitCode;

/// The seed of the committed demo.db.
const SEED: u64 = 1;

/// Opens the workbench on a scratch demo.
///
/// # Errors
/// The scratch file cannot be made, or the workbench cannot be opened.
pub fn open(setting: &Setting) -> Result<ExitCode, Fault> {
    workbench::ready()?;
    let folder = Scratch::new("demo")?;
    let path = folder.join("demo.db");
    eprintln!(
        "{}",
        match setting.tongue() {
            Lang::Zh => "正在准备演示……",
            Lang::En => "Making the demo...",
        }
    );
    demo::make(SEED, setting.clock.today(), &path).map_err(commands::unmade)?;
    let setting = Setting { db: Some(path), staff: who(setting.staff.as_deref()), ..setting.clone() };
    workbench::open(&setting, true)
}

/// The colleague asked for, if the demo has one of that code (the config file names one of another branch); else an account manager, who
/// has the fullest day.
fn who(asked: Option<&str>) -> Option<String> {
    let staff = people::staff();
    let known = staff.iter().find(|s| Some(s.code.as_str()) == asked);
    known.or_else(|| staff.iter().find(|s| s.role == Role::AccountManager)).map(|s| s.code.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_opened_as_somebody_who_works_there() {
        let first = who(None).unwrap();
        assert!(people::staff().iter().any(|s| s.code == first));
        assert_eq!(who(Some("of another branch")), Some(first));
        let other = people::staff().pop().unwrap().code;
        assert_eq!(who(Some(&other)), Some(other));
    }
}
