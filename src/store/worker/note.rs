//! What the store's threads tell each other. What they do about it lives with each.

use crate::domain::ids::OpId;
use crate::store::request::{Answer, Ask, Failure, Ticket};
use crate::store::seen::{Head, Look};

/// What the keeper hears.
#[derive(Debug)]
pub(super) enum Note {
    /// A save is wanted.
    Job(Ticket, Box<Ask>),
    /// The drive is done with the first one.
    Saved(Saved),
    /// One's own saves were looked for.
    Looked(Result<Look, Failure>),
    /// What came back was seen to by who typed it.
    Settled(OpId),
    /// Nobody asks any more.
    End,
}

/// Something to do on the drive.
#[derive(Debug)]
pub(super) enum Task {
    /// A save, with the lines of the log that go with it; not into another branch's file than the one it was typed for.
    Save(Box<Ask>, Vec<Ask>, Option<String>),
    /// Looks whether these operations, and the newest change seen before, are there.
    Look(Vec<OpId>, Option<Head>),
}

/// What became of a save.
#[derive(Debug)]
pub(super) struct Saved {
    /// The answer.
    pub answer: Answer,
    /// Whether it can be looked for in the file.
    pub recorded: bool,
    /// Whether the lines that went with it are in the file.
    pub noted: bool,
    /// The name of the file.
    pub file: String,
}
