//! The store behind its threads: one reads, one writes, one keeps saves on this PC until the branch file has them. The loop only sends and
//! is sent to, and no drive, however slow or dead, holds it up. How an ask is answered lives in `answer`.

mod keep;
mod looks;
mod note;
mod read;
mod write;

use super::drive::Gate;
use super::open::{File, Mode, Station};
use super::outbox::Outbox;
use super::refuse::OpenError;
use super::request::{Answer, Ask, Failure, Ticket};
use super::veil::{Chair, Seat};
use super::way::Way;
use crate::domain::ids::OpId;
use note::Note;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// What the store says on its own threads.
#[derive(Debug)]
pub enum Said {
    /// The file was opened, and whether it can only be read; or why it was not, and nothing else will be answered.
    Opened(Result<bool, OpenError>),
    /// An answer to an ask.
    Answer(Ticket, Answer),
    /// So many saves wait on this PC, and why the drive does not take them.
    Waiting(usize, Option<Failure>),
    /// What became of a save that had waited.
    Later(Box<Ask>, Answer),
    /// So many saves that had been acknowledged were not in the file any more; they are being written again.
    Missing(usize),
}

/// What this PC keeps of a branch file on its own disk.
#[derive(Debug, Default)]
pub struct Local {
    /// Saves that the file is not known to have.
    pub outbox: Option<Outbox>,
    /// Where the columns of the index are kept, for a file on a drive that is slower than this disk.
    pub cache: Option<PathBuf>,
}

/// The store behind its threads. Dropped, it ends them once they are done with what they have; a hung drive holds nobody up.
#[derive(Debug)]
pub struct Worker {
    saves: Sender<Note>,
    reads: Sender<(Ticket, Ask)>,
    chair: Chair,
}

impl Worker {
    /// Starts, and opens the file; `say` is called from the store's threads, first with [`Said::Opened`] unless the drive hangs.
    /// Saves go through the outbox of `local`, where there is one, and to the drive while `gate` lets them.
    ///
    /// # Errors
    /// Threads cannot be started.
    pub fn start(
        path: &Path,
        mode: Mode,
        station: &Station,
        gate: Gate,
        local: Local,
        say: impl Fn(Said) + Send + Clone + 'static,
    ) -> Result<Worker, OpenError> {
        let (saves, notes) = channel();
        let (reads, read_jobs) = channel();
        let (tasks, write_tasks) = channel();
        let Local { outbox, cache } = local;
        let chair = Chair::default();
        let place = Place { path: path.to_owned(), mode, station: station.clone(), cache, chair: chair.clone() };
        let (write_place, back, way) = (place.clone(), saves.clone(), Way::default());
        let own = way.clone();
        spawn("store-write", move || write::run(&write_place, &own, &write_tasks, &back))?;
        let keeper = say.clone();
        spawn("store-keep", move || keep::Keeper::new(outbox, gate, tasks, keeper).run(&notes))?;
        spawn("store-read", move || read::run(&place, &way, &read_jobs, &say))?;
        Ok(Worker { saves, reads, chair })
    }

    /// Says who sits at the workstation: from now on no answer tells them more than they may see.
    pub fn seat(&self, seat: Option<Seat>) {
        self.chair.take(seat);
    }

    /// Asks; never waits. The answer comes with the ticket, unless a newer read of the same kind took its place.
    pub fn ask(&self, ticket: Ticket, ask: Ask) {
        let sent = if ask.writes() {
            self.saves.send(Note::Job(ticket, Box::new(ask))).is_ok()
        } else {
            self.reads.send((ticket, ask)).is_ok()
        };
        if !sent {
            tracing::error!("a thread of the store has ended");
        }
    }
}

impl Worker {
    /// What came back of a save that had waited was seen to, or is kept elsewhere: it need not come back at the next start.
    pub fn settle(&self, op: OpId) {
        // A keeper that has ended has nothing to forget.
        let _ = self.saves.send(Note::Settled(op));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // A keeper that has ended needs no telling.
        let _ = self.saves.send(Note::End);
    }
}

/// Where a connection is opened and as whom.
#[derive(Debug, Clone)]
struct Place {
    path: PathBuf,
    mode: Mode,
    station: Station,
    cache: Option<PathBuf>,
    chair: Chair,
}

impl Place {
    fn open(&self) -> Result<File, OpenError> {
        File::open(&self.path, self.mode, &self.station)
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), OpenError> {
    let builder = thread::Builder::new().name(name.to_owned());
    builder.spawn(work).map(drop).map_err(|e| OpenError::Drive(e.to_string()))
}
