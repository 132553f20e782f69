//! Commands of the tier board.

use crate::app::command::Command;

/// The rows.
pub static COMMANDS: &[Command] = &[];
