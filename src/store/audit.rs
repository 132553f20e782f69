//! Looking through the change log, newest first, a page at a time: changes and looks together. Who may is said in `domain::audit`.

pub mod read;

use crate::domain::audit::{Filter, Line};

/// What may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// The next lines before a seq; from the newest on without one.
    Page {
        /// Which.
        filter: Filter,
        /// Only older ones than this.
        before: Option<i64>,
        /// At most so many.
        most: u32,
    },
}

/// Some lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The lines, newest first.
    pub lines: Vec<Line>,
    /// Where to go on; `None` when there is nothing before.
    pub next: Option<i64>,
}
