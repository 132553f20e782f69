//! How an import goes and why it ends: what the one who imports may say about it, and the reasons for which nothing went in.

use super::lane::Job;
use crate::domain::text::Complaint;
use crate::store::request::{Failure, Stamp};
use chrono::NaiveDate;
use std::sync::atomic::{AtomicBool, Ordering};

/// How to import.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who imports, and when.
    pub stamp: Stamp,
    /// Only say what would change.
    pub dry_run: bool,
}

/// What else may be said about an import.
#[derive(Default, Clone, Copy)]
pub struct Way<'a> {
    /// The data date of files whose rows have none.
    pub as_of: Option<NaiveDate>,
    /// The data date of assets that came before in the same run.
    pub assets: Option<NaiveDate>,
    /// Runs a job on a thread of its own, so that reading and writing go on together.
    pub beside: Option<&'a dyn Fn(Job)>,
    /// Set by whoever wants it to stop; nothing of the file at hand stays then.
    pub stop: Option<&'a AtomicBool>,
    /// Whether the branch file lies on a share; found out where nobody says.
    pub shared: Option<bool>,
}

impl Way<'_> {
    /// # Errors
    /// [`ImportError::Stopped`] once somebody wants it to stop.
    pub(super) fn goes_on(&self) -> Result<(), ImportError> {
        match self.stop {
            Some(stop) if stop.load(Ordering::Relaxed) => Err(ImportError::Stopped),
            _ => Ok(()),
        }
    }
}

/// Why nothing of a file went in. Files before it, in the order of layouts, are in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read, is of no known layout, or contradicts its own control line; the words name it.
    #[error("{0}")]
    File(Complaint),
    /// The branch file refused.
    #[error("{0}")]
    Store(#[from] Failure),
    /// Somebody stopped it.
    #[error("stopped")]
    Stopped,
}
