//! 今日任务.

use crate::app::cx::Cx;
use crate::app::key::Key;
use crate::domain::agenda::Item;

/// The queue.
#[derive(Debug, Default)]
pub struct Agenda {}

impl Agenda {
    /// The line under the cursor.
    pub fn current(&self) -> Option<&Item> {
        None
    }
    /// Takes a key the keymap did not want.
    pub fn key(&mut self, _: Key, _: &mut Cx<'_>) {}
}
