//! 分级看板.

use crate::app::cx::Cx;
use crate::app::key::Key;
use crate::app::place::Place;
use crate::index::row::Row;

/// The board.
#[derive(Debug, Default)]
pub struct Board {}

impl Board {
    /// The customer under the cursor.
    pub fn current(&self) -> Option<&Row> {
        None
    }

    /// Whether letters are text here.
    pub fn typing(&self) -> bool {
        false
    }

    /// How much room it has.
    pub fn fit(&mut self, _: Place) {}

    /// Asks for the figures.
    pub fn load(&mut self, _: &mut Cx<'_>) {}

    /// The figures came.
    pub fn show(&mut self, _: crate::domain::board::Board, _: &mut Cx<'_>) {}

    /// The index is there, or rows of it changed.
    pub fn indexed(&mut self, _: &mut Cx<'_>) {}

    /// Something was chosen from a list that this pane opened.
    pub fn chosen(&mut self, _: &str, _: &mut Cx<'_>) {}

    /// A click on a cell of the pane.
    pub fn click(&mut self, _: u16, _: u16, _: &mut Cx<'_>) {}

    /// Takes pasted text.
    pub fn paste(&mut self, _: &str, _: &mut Cx<'_>) {}

    /// Takes a key the keymap did not want.
    pub fn key(&mut self, _: Key, _: &mut Cx<'_>) {}
}
