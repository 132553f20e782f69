//! What the import screen holds: it outlives its layer, so that a file goes in while one works on.

use super::mapper::Mapper;
use super::{Batch, Found, Progress, Sight};
use crate::app::input::Line;
use crate::app::list::Cursor;
use crate::domain::dealings::batch::Counts;
use crate::domain::text::Complaint;
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::BTreeSet;

/// What is shown of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// The files there are.
    #[default]
    Files,
    /// Files looked into, or what came of them.
    Seen,
    /// Columns being matched.
    Map,
    /// Earlier imports.
    Batches,
}

/// What is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Files are looked into.
    Look,
    /// Files are taken in.
    TakeIn,
    /// An import is taken back.
    Undo,
}

/// A job under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Which.
    pub job: Job,
    /// How far it is, once that was told.
    pub progress: Option<Progress>,
    /// It was told to stop.
    pub stopping: bool,
}

/// Files looked into, or what came of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// The files.
    pub files: Vec<Sight>,
    /// They are in.
    pub done: bool,
    /// Why not all are in.
    pub trouble: Option<Complaint>,
    /// The file shown.
    pub at: usize,
    /// The first reject shown.
    pub top: usize,
}

impl Seen {
    /// The file shown.
    pub fn current(&self) -> Option<&Sight> {
        self.files.get(self.at)
    }

    /// What all of them come to.
    pub fn tally(&self) -> Counts {
        self.files.iter().map(|s| s.tally).fold(Counts::default(), Counts::plus)
    }
}

/// The import screen.
#[derive(Debug, Clone, Default)]
pub struct Imports {
    /// What is shown.
    pub view: View,
    /// The path being typed.
    pub line: Line,
    /// The drop folder, if one is set.
    pub folder: Option<String>,
    /// The folder was looked into.
    pub listed: bool,
    /// The files there are: those named by hand first.
    pub files: Vec<Found>,
    /// Paths of the files to be taken in together.
    pub marked: BTreeSet<String>,
    /// Where one stands among them.
    pub cursor: Cursor,
    /// Rows that the list in view has.
    pub height: usize,
    /// Files looked into, or what came of them.
    pub seen: Option<Seen>,
    /// What is under way.
    pub running: Option<Running>,
    /// Earlier imports, once they were read.
    pub batches: Option<Vec<Batch>>,
    /// Where one stands among them.
    pub batch: Cursor,
    /// Columns being matched.
    pub mapper: Option<Mapper>,
    /// New files that were offered and not looked at.
    pub offered: usize,
    /// The day on which new files were asked for.
    pub asked: Option<NaiveDate>,
    /// Something came that was not seen yet.
    pub fresh: bool,
    /// Files named by hand: they stay listed.
    named: BTreeSet<String>,
}

impl Imports {
    /// The file under the cursor.
    pub fn current(&self) -> Option<&Found> {
        self.files.get(self.cursor.at)
    }

    /// The import under the cursor.
    pub fn batch(&self) -> Option<&Batch> {
        self.batches.as_ref()?.get(self.batch.at)
    }

    /// The files that Enter looks into: the marked ones, or the one under the cursor when none is.
    pub fn chosen(&self) -> Vec<String> {
        if self.marked.is_empty() {
            return self.current().map(|f| f.path.clone()).into_iter().collect();
        }
        self.files.iter().filter(|f| self.marked.contains(&f.path)).map(|f| f.path.clone()).collect()
    }

    /// Whether a file was named by hand.
    pub fn by_hand(&self, file: &Found) -> bool {
        self.named.contains(&file.path)
    }

    /// Takes the file under the cursor off the list, if it was named by hand; says whether it was.
    pub fn take_off(&mut self) -> bool {
        let Some(path) = self.current().filter(|f| self.by_hand(f)).map(|f| f.path.clone()) else { return false };
        self.files.retain(|f| f.path != path);
        self.named.remove(&path);
        self.marked.remove(&path);
        self.cursor.fit(self.files.len(), self.height);
        true
    }

    /// A file is in since then; or not any more.
    pub fn stands(&mut self, is: impl Fn(&Found) -> bool, since: Option<NaiveDateTime>) {
        for file in self.files.iter_mut().filter(|f| is(f) && markable(f)) {
            file.state = since.map_or(super::State::New, super::State::Taken);
        }
    }

    /// Marks a file or no longer; only what can be taken in is marked.
    pub fn mark(&mut self, at: usize) {
        let Some(file) = self.files.get(at) else { return };
        if !self.marked.remove(&file.path) && markable(file) {
            self.marked.insert(file.path.clone());
        }
    }

    /// The folder was read: files named by hand stay, new ones are marked.
    pub fn list(&mut self, found: Vec<Found>) {
        let known: BTreeSet<String> = self.files.iter().map(|f| f.path.clone()).collect();
        let mut files: Vec<Found> = self
            .files
            .drain(..)
            .filter(|f| self.named.contains(&f.path) && found.iter().all(|n| n.path != f.path))
            .collect();
        for file in &found {
            if file.offered() && (!known.contains(&file.path) || self.marked.contains(&file.path)) {
                self.marked.insert(file.path.clone());
            } else {
                self.marked.remove(&file.path);
            }
        }
        files.extend(found);
        self.files = files;
        let there: BTreeSet<&String> = self.files.iter().map(|f| &f.path).collect();
        self.marked.retain(|p| there.contains(p));
        self.cursor.fit(self.files.len(), self.height);
    }

    /// Files were named by hand: they stand first, are marked, and the cursor stands on the first of them.
    pub fn add(&mut self, found: Vec<Found>) {
        self.files.retain(|f| found.iter().all(|n| n.path != f.path));
        for file in found.into_iter().rev() {
            self.named.insert(file.path.clone());
            if markable(&file) {
                self.marked.insert(file.path.clone());
            }
            self.files.insert(0, file);
        }
        self.cursor = Cursor::default();
    }

    /// A mapping is remembered: files of these headers are read by it.
    pub fn mapped(&mut self, path: &str, mapping: &super::Mapping) {
        if let Some(file) = self.files.iter_mut().find(|f| f.path == path) {
            file.layout.clone_from(&mapping.layout);
            file.state = super::State::New;
            self.marked.insert(path.to_owned());
        }
    }

    /// Earlier imports were read.
    pub fn read(&mut self, batches: Vec<Batch>) {
        self.batch.fit(batches.len(), self.height);
        self.batches = Some(batches);
    }

    /// Tells it how large the screen is; what one stands on stays in sight.
    pub fn fit(&mut self, (_, h): (u16, u16)) {
        let taken = match self.view {
            View::Files | View::Batches => 9,
            View::Seen => 17,
            // Below the columns there is always room for the first rows as they are read.
            View::Map => 15,
        };
        self.height = usize::from(h.saturating_sub(taken)).max(3);
        self.cursor.fit(self.files.len(), self.height);
        self.batch.fit(self.batches.as_ref().map_or(0, Vec::len), self.height);
        if let Some(mapper) = &mut self.mapper {
            let len = mapper.rows().len();
            mapper.cursor.fit(len, self.height);
        }
    }

    /// Whether files are being taken in or an import taken back.
    pub fn writing(&self) -> bool {
        self.running.as_ref().is_some_and(|r| r.job != Job::Look)
    }
}

/// Whether a file can be taken in. One that was is taken in again without harm: it changes nothing and says so.
fn markable(file: &Found) -> bool {
    matches!(file.state, super::State::New | super::State::Taken(_))
}
