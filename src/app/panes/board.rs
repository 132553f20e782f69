//! 分级看板.

use crate::app::cx::Cx;
use crate::app::key::Key;
use crate::index::row::Row;

/// The board.
#[derive(Debug, Default)]
pub struct Board {}

impl Board {
    /// The customer under the cursor.
    pub fn current(&self) -> Option<&Row> {
        None
    }
    /// Takes a key the keymap did not want.
    pub fn key(&mut self, _: Key, _: &mut Cx<'_>) {}
}
