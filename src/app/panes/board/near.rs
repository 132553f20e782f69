//! Those near a line between two tiers (临界, features 47, 52): a list of its own in the board's place, nearest first.

use crate::app::list::Cursor;
use crate::app::shared::Shared;
use crate::domain::tier::Near;
use crate::index::row::Row;
use chrono::NaiveDate;

/// Rows kept: who is further from the line than the thousand nearest is not worked on today.
pub const MOST: usize = 1000;

/// The list.
#[derive(Debug, Clone)]
pub struct NearLine {
    /// Below the next line (临界升), else above their own (临界降).
    pub up: bool,
    /// Who, nearest first.
    pub list: Vec<(Row, Near)>,
    /// Where the cursor stands.
    pub cursor: Cursor,
}

impl NearLine {
    /// The list as it is now.
    pub fn new(up: bool, as_of: Option<NaiveDate>, shared: &Shared) -> NearLine {
        let mut list = NearLine { up, list: Vec::new(), cursor: Cursor::default() };
        list.read(as_of, shared, 1);
        list
    }

    /// Reads it anew by the lines that hold for this data date; the cursor stays on its customer where they are still near.
    pub fn read(&mut self, as_of: Option<NaiveDate>, shared: &Shared, rows: usize) {
        let id = self.current().map(|row| row.id);
        let settings = shared.settings();
        self.list = shared
            .index
            .as_ref()
            .map(|i| i.near(settings.lines_on(as_of), settings.near_percent, self.up, MOST))
            .unwrap_or_default();
        if let Some(at) = id.and_then(|id| self.list.iter().position(|(row, _)| row.id == id)) {
            self.cursor.at = at;
        }
        self.cursor.fit(self.list.len(), rows);
    }

    /// The customer under the cursor.
    pub fn current(&self) -> Option<&Row> {
        self.list.get(self.cursor.at).map(|(row, _)| row)
    }
}
