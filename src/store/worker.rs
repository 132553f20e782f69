//! The store's threads: one that writes, in order; one that reads, newest of a kind first come; one for the rows of the index, so
//! that a million of them delay nobody. The loop only sends and is sent to. How an ask is answered lives in `answer`.

use super::open::{File, Mode, Station};
use super::refuse::OpenError;
use super::request::{Answer, Ask, Failure, Ticket};
use super::{agenda, customers, workbench};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

type Job = (Ticket, Ask);

/// The store behind its threads. Dropped, it ends them once they are done with what they have; a hung drive holds nobody up.
#[derive(Debug)]
pub struct Worker {
    writes: Sender<Job>,
    reads: Sender<Job>,
    read_only: bool,
}

impl Worker {
    /// Opens the file and starts. `send` is called from the store's threads with every answer.
    ///
    /// # Errors
    /// Why the file cannot be used, or that threads cannot be started.
    pub fn start(
        path: &Path,
        mode: Mode,
        station: &Station,
        send: impl Fn(Ticket, Answer) + Send + Clone + 'static,
    ) -> Result<Worker, OpenError> {
        let file = File::open(path, mode, station)?;
        let read_only = file.read_only();
        let (writes, write_jobs) = channel();
        let (reads, read_jobs) = channel();
        let place = Place { path: path.to_owned(), mode, station: station.clone() };
        let (writer, reader) = (send.clone(), send);
        // The reading connection is the one just opened; the writing one is opened by the first write, on its own thread.
        let write_place = place.clone();
        spawn("store-write", move || write(&write_place, read_only, &write_jobs, &writer))?;
        spawn("store-read", move || read(file, &place, &read_jobs, &reader))?;
        Ok(Worker { writes, reads, read_only })
    }

    /// Whether the file was opened without the right to write.
    pub fn read_only(&self) -> bool {
        self.read_only
    }

    /// Asks; never waits. The answer comes through `send` with the ticket, unless a newer read of the same kind took its place.
    pub fn ask(&self, ticket: Ticket, ask: Ask) {
        let line = if ask.writes() { &self.writes } else { &self.reads };
        if line.send((ticket, ask)).is_err() {
            tracing::error!("a thread of the store has ended");
        }
    }
}

/// Where a connection is opened and as whom.
#[derive(Debug, Clone)]
struct Place {
    path: PathBuf,
    mode: Mode,
    station: Station,
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

/// Answers writes one after the other.
fn write(place: &Place, read_only: bool, jobs: &Receiver<Job>, send: &impl Fn(Ticket, Answer)) {
    let mut file = None;
    for (ticket, ask) in jobs {
        if read_only {
            send(ticket, Answer::Failed(Failure::ReadOnly));
            continue;
        }
        if file.is_none() {
            match place.open() {
                Ok(opened) => file = Some(opened),
                Err(e) => {
                    send(ticket, Answer::Failed(failure(&e)));
                    continue;
                }
            }
        }
        if let Some(file) = file.as_mut() {
            send(ticket, file.answer(&ask));
        }
    }
}

/// Answers reads; of those waiting, a newer one takes the place of an older one of its kind.
fn read(
    mut file: File,
    place: &Place,
    jobs: &Receiver<Job>,
    send: &(impl Fn(Ticket, Answer) + Send + Clone + 'static),
) {
    let mut waiting = VecDeque::new();
    loop {
        if waiting.is_empty() {
            let Ok(job) = jobs.recv() else { return };
            enqueue(&mut waiting, job);
        }
        while let Ok(job) = jobs.try_recv() {
            enqueue(&mut waiting, job);
        }
        let Some((ticket, ask)) = waiting.pop_front() else { continue };
        if matches!(ask, Ask::Workbench(workbench::Ask::Rows | workbench::Ask::Index)) {
            let (place, answer) = (place.clone(), send.clone());
            let started = spawn("store-rows", move || rows(&place, ticket, &ask, &answer));
            if let Err(e) = started {
                send(ticket, Answer::Failed(failure(&e)));
            }
        } else {
            send(ticket, file.answer(&ask));
        }
    }
}

/// Answers one ask over a connection of its own.
fn rows(place: &Place, ticket: Ticket, ask: &Ask, send: &impl Fn(Ticket, Answer)) {
    let answer = match place.open() {
        Ok(mut file) => file.answer(ask),
        Err(e) => Answer::Failed(failure(&e)),
    };
    send(ticket, answer);
}

fn failure(e: &OpenError) -> Failure {
    match e {
        OpenError::Busy => Failure::Busy,
        OpenError::NoRoom => Failure::Full,
        other => Failure::Drive(other.to_string()),
    }
}

/// Puts a read behind the waiting ones, in place of an older one of its kind.
fn enqueue(waiting: &mut VecDeque<Job>, job: Job) {
    waiting.retain(|(_, ask)| kind(ask) != kind(&job.1));
    waiting.push_back(job);
}

/// Reads of one kind replace each other. News never replaces news of an earlier seq: it would be lost.
fn kind(ask: &Ask) -> (u8, i64) {
    match ask {
        Ask::Workbench(workbench::Ask::Open) => (0, 0),
        Ask::Workbench(workbench::Ask::Rows) => (1, 0),
        Ask::Workbench(workbench::Ask::Index) => (1, 1),
        Ask::Workbench(workbench::Ask::News { since }) => (2, *since),
        Ask::Customers(customers::Ask::Open { .. }) => (3, 0),
        Ask::Customers(customers::Ask::Known { .. }) => (4, 0),
        Ask::Agenda(agenda::Ask::Load { .. }) => (5, 0),
        Ask::Agenda(agenda::Ask::Month { .. }) => (6, 0),
        Ask::Board(_) => (7, 0),
        Ask::Customers(customers::Ask::Likely { .. }) => (8, 0),
        // Writes never come here; were they to, none would replace another.
        Ask::Workbench(_) | Ask::Customers(_) | Ask::Contacts(_) | Ask::Agenda(_) => (u8::MAX, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::CustomerId;
    use crate::store::board;
    use chrono::NaiveDate;

    fn open(id: i64) -> Ask {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        Ask::Customers(customers::Ask::Open { id: CustomerId(id), today })
    }

    #[test]
    fn the_newest_read_of_a_kind_takes_the_place_of_the_waiting_one() {
        let mut waiting = VecDeque::new();
        for (n, ask) in [
            open(1),
            Ask::Board(board::Ask::Load),
            open(2),
            Ask::Workbench(workbench::Ask::News { since: 4 }),
            Ask::Workbench(workbench::Ask::News { since: 5 }),
            open(3),
        ]
        .into_iter()
        .enumerate()
        {
            enqueue(&mut waiting, (Ticket(n as u64), ask));
        }
        let left: Vec<u64> = waiting.iter().map(|(t, _)| t.0).collect();
        assert_eq!(left, [1, 3, 4, 5]);
        assert_eq!(waiting.back().map(|(_, a)| a.clone()), Some(open(3)));
    }
}
