//! Commands of the queue.

use crate::app::command::Command;

/// The rows.
pub static COMMANDS: &[Command] = &[];
