//! `make-demo`: the file of the demo.

use super::output;
use super::session::unopened;
use crate::domain::text::Lang;
use crate::exchange::demo::{self, DemoError};
use crate::run::fault::Fault;
use std::path::Path;

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
