//! A batch of keepers under way: what is given of it and what is still to be given. How it goes on is in `giving`.

use super::cx::Wait;
use crate::domain::ids::StaffId;
use crate::store::keepers::Given;

/// A batch under way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Giving {
    /// Who is still to be given.
    pub rest: Vec<Given>,
    /// How many were to be given.
    pub all: usize,
    /// Why.
    pub reason: String,
    /// Who gives them.
    pub by: Option<StaffId>,
    /// The answer waited for.
    pub wait: Option<Wait>,
    /// Its customers are put back.
    pub back: bool,
    /// Something of it was written: tried again after a failure, it counts on.
    pub begun: bool,
    /// How many were given.
    pub rows: usize,
    /// Whom colleagues gave elsewhere meanwhile.
    pub left: Vec<String>,
}

impl Giving {
    /// Whether an answer is that of a portion.
    pub fn waits_for(&self, wait: Wait) -> bool {
        self.wait == Some(wait)
    }

    /// The next batch is another one.
    pub fn over(&mut self) {
        self.begun = false;
    }
}
