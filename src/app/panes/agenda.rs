//! 今日任务.

use crate::app::cx::Cx;
use crate::app::key::Key;
use crate::app::place::Place;
use crate::domain::agenda::{Counts, Item};
use crate::store::agenda::Answer;

/// The queue.
#[derive(Debug, Default)]
pub struct Agenda {}

impl Agenda {
    /// The line under the cursor.
    pub fn current(&self) -> Option<&Item> {
        None
    }

    /// The counts for the header.
    pub fn counts(&self) -> Counts {
        Counts::default()
    }

    /// Whether letters are text here.
    pub fn typing(&self) -> bool {
        false
    }

    /// How much room it has.
    pub fn fit(&mut self, _: Place) {}

    /// Asks for the lines.
    pub fn load(&mut self, _: &mut Cx<'_>) {}

    /// Lines or month came.
    pub fn answered(&mut self, _: Answer, _: &mut Cx<'_>) {}

    /// A click on a cell of the pane.
    pub fn click(&mut self, _: u16, _: u16, _: &mut Cx<'_>) {}

    /// Takes pasted text.
    pub fn paste(&mut self, _: &str, _: &mut Cx<'_>) {}

    /// Takes a key the keymap did not want.
    pub fn key(&mut self, _: Key, _: &mut Cx<'_>) {}
}
