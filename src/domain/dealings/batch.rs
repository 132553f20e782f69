//! An import as the list of them has it: what, when, by whom, what came of it. How it got into the branch file never lives here.

use crate::domain::ids::StaffId;
use crate::domain::text::{Text, t};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// What stands for the data date of a file that has no column for it: the one that its import has, by the file's name, by what was said
/// or by the assets that came with it. A mapping holds the Chinese of it.
pub const DAY_OF_IMPORT: Text = t("导入时的数据日期", "the data date of the import");

/// How an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Its rows are being laid down; nobody sees them yet.
    Staged,
    /// It counts.
    #[default]
    Current,
    /// It was taken back.
    Undone,
}

/// What the rows of a file came to, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Rows of data.
    pub rows: u64,
    /// New to the branch.
    pub new: u64,
    /// There before, and changed.
    pub changed: u64,
    /// There before, as the file has them.
    pub unchanged: u64,
    /// Did not fit.
    pub rejected: u64,
    /// No longer listed, and ended.
    pub closed: u64,
}

impl Counts {
    /// Both together.
    pub fn plus(self, other: Counts) -> Counts {
        Counts {
            rows: self.rows + other.rows,
            new: self.new + other.new,
            changed: self.changed + other.changed,
            unchanged: self.unchanged + other.unchanged,
            rejected: self.rejected + other.rejected,
            closed: self.closed + other.closed,
        }
    }
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its number.
    pub n: i64,
    /// When.
    pub at: NaiveDateTime,
    /// By whom.
    pub by: StaffId,
    /// The file, without folders.
    pub file: String,
    /// The layout; empty for what was there before layouts were written down.
    pub layout: String,
    /// The data date of its rows.
    pub as_of: Option<NaiveDate>,
    /// The workstation.
    pub station: String,
    /// How it stands.
    pub state: State,
    /// What its rows came to.
    pub counts: Counts,
}
