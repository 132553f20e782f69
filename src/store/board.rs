//! The tier board's figures, from counters that triggers keep.

pub(super) mod load;

use crate::domain::board::Board;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Counts and sums.
    Load,
}

/// What is answered.
#[derive(Debug)]
pub enum Answer {
    /// The figures.
    Board(Box<Board>),
}
