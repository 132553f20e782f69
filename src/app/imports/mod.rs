//! Taking in extracts inside the workbench: what a file is as far as the screen shows it, what may be wanted of the outside, what comes
//! back. How a file is read and written never lives here; the keys are in `keys` and `matching`, what came back in
//! `heard`.

pub mod errands;
pub mod heard;
pub mod keys;
pub mod mapper;
pub mod matching;
pub mod paths;
mod room;

pub use room::{Imports, Job, Running, Seen, View};

use crate::domain::dealings::batch::Counts;
use crate::domain::text::{Complaint, Text};
use crate::domain::values::money::Fen;
use crate::store::request::Stamp;
use chrono::{NaiveDate, NaiveDateTime};

/// How a file stands to the branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Not taken in yet.
    New,
    /// This very file was taken in then.
    Taken(NaiveDateTime),
    /// It is still being written.
    Growing,
    /// Its headers are of no layout known: its columns are to be matched.
    Unknown,
    /// It cannot be read, and why.
    Broken(Complaint),
}

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it lies.
    pub path: String,
    /// Its name without folders.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The layout, as the core system calls it; empty when unknown.
    pub layout: String,
    /// The encoding; empty when it cannot be told.
    pub encoding: String,
    /// The data date its name says.
    pub as_of: Option<NaiveDate>,
    /// How it stands to the branch.
    pub state: State,
}

impl Found {
    /// Whether it is offered to be taken in.
    pub fn offered(&self) -> bool {
        self.state == State::New
    }
}

/// How the columns of a file of other headers are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    /// What it is called.
    pub name: String,
    /// The layout, as the core system calls it.
    pub layout: String,
    /// The headers of the file, in order.
    pub headers: Vec<String>,
    /// Each column of the layout and the headers of the file it is read from: of several the first that is not empty counts.
    pub columns: Vec<(String, Vec<String>)>,
    /// Columns of the layout that are the same in every row.
    pub constants: Vec<(String, String)>,
    /// How dates, sums and signs are written: which of its choices each of [`Strange::choices`] has.
    pub choices: Vec<usize>,
    /// The data date of all its rows, where the file has none.
    pub as_of: Option<NaiveDate>,
}

/// A row that did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The line of the file, from 1.
    pub line: u64,
    /// The columns.
    pub field: String,
    /// What is wrong and what to do.
    pub reason: Complaint,
}

/// The total of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// The column.
    pub column: String,
    /// Its sum over the rows that fit.
    pub sum: Fen,
}

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// Rows of data.
    pub rows: u64,
    /// Sum, if it says one.
    pub sum: Option<Fen>,
}

/// A file looked into, or taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The file.
    pub found: Found,
    /// What its rows come to.
    pub tally: Counts,
    /// The control total as read.
    pub total: Option<Total>,
    /// The file's own, if it has one.
    pub control: Option<Control>,
    /// Its headers.
    pub headers: Vec<String>,
    /// Its first rows, as read.
    pub sample: Vec<Vec<String>>,
    /// The first rejects.
    pub rejects: Vec<Reject>,
    /// Where all rejects lie, or will.
    pub rejects_file: String,
    /// What else is to be known.
    pub notes: Vec<Complaint>,
    /// It is a list older than the newest of its kind, and is only noted.
    pub older: bool,
    /// The number of its batch, once it is in.
    pub batch: Option<i64>,
}

/// A column of a layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub name: String,
    /// A file without it cannot be taken in.
    pub needed: bool,
    /// Once this choice is not the usual one it is not needed after all.
    pub unless: Option<usize>,
}

/// A layout that a file can be matched to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// As the core system calls it.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Which of [`Strange::choices`] matter for it.
    pub choices: Vec<usize>,
    /// How the file would most likely be read as this.
    pub proposed: Mapping,
}

/// Something of how a file is written that its headers do not tell: the order of dates, what one of a sum is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it is.
    pub label: Text,
    /// What may be chosen, the usual one first.
    pub of: Vec<Text>,
}

/// A file whose columns are to be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strange {
    /// The file.
    pub found: Found,
    /// Its headers.
    pub headers: Vec<String>,
    /// Its first rows.
    pub sample: Vec<Vec<String>>,
    /// The layouts there are.
    pub layouts: Vec<Layout>,
    /// What may be chosen besides.
    pub choices: Vec<Choice>,
    /// The layout that one begins with.
    pub likest: usize,
}

/// A row read by a mapping: each column of the layout as read, and what does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The cells in the order of the layout's columns.
    pub cells: Vec<String>,
    /// What does not fit.
    pub faults: Vec<Reject>,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The file, without folders.
    pub name: String,
    /// Which one, from 1.
    pub file: usize,
    /// Of how many.
    pub files: usize,
    /// Rows of it so far.
    pub rows: u64,
    /// Hundredths of it.
    pub percent: u64,
    /// Rows a second.
    pub rate: u64,
}

/// What is wanted of the outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Errand {
    /// What lies in the drop folder that is new; once a day on each PC.
    Offer,
    /// What lies in the drop folder, new or not.
    List,
    /// What these files are.
    Add(Vec<String>),
    /// What would become of these files, nothing written.
    Look(Vec<String>, Stamp),
    /// Take these files in.
    TakeIn(Vec<String>, Stamp),
    /// Stop what is under way; nothing of the file under way goes in.
    Stop,
    /// Take a whole import back.
    Undo(i64, Stamp),
    /// The headers and first rows of a file whose columns are to be matched.
    Open(String),
    /// Its first rows by a mapping that is being made.
    Try(String, Mapping),
    /// Remember a mapping for files of these headers.
    Keep(Mapping, Stamp),
    /// Remember the mapping in this file, which another branch wrote.
    Bring(String, Stamp),
    /// Write a mapping to a file that another branch can use.
    Export(Mapping),
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// New files lie in the drop folder.
    Offered(Vec<Found>),
    /// What lies in the drop folder; the folder, if one is set.
    Listed(Option<String>, Vec<Found>),
    /// The files that were named.
    Added(Vec<Found>),
    /// What would become of them.
    Looked(Vec<Sight>),
    /// How far it is.
    Progress(Progress),
    /// They are in; after a fault only the first of them.
    TakenIn(Vec<Sight>, Option<Complaint>),
    /// It was stopped, and nothing was written.
    Stopped,
    /// An import was taken back.
    Undone(i64),
    /// An import cannot be taken back: what hangs on it.
    Depends(i64, Vec<Complaint>),
    /// A file whose columns are to be matched.
    Opened(Box<Strange>),
    /// Its first rows by the mapping that is being made.
    Tried(Vec<Tried>),
    /// The mapping is remembered.
    Kept(Mapping),
    /// A mapping was written to this file.
    Exported(String),
    /// It could not be done.
    Failed(Complaint),
}

/// An import as the list of them has it.
pub type Batch = crate::domain::dealings::batch::Batch;
