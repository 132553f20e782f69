//! The thread that reads: newest of a kind first come. Rows of the index are read on a thread of their own, so that a million of them
//! delay nobody.

use super::{Place, Said, spawn};
use crate::domain::ids::CustomerId;
use crate::store::open::File;
use crate::store::request::{Answer, Ask, Failure, Ticket};
use crate::store::way::Way;
use crate::store::{agenda, customers, dealings, keepers, twins, workbench};
use chrono::NaiveDate;
use std::collections::VecDeque;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

type Job = (Ticket, Ask);

/// How long a read waits for a save of this workstation before it goes on beside it.
const SAVE: Duration = Duration::from_secs(1);
/// How long a read may be put off by saves, one after the other, before it is read through.
const OFF: Duration = Duration::from_secs(10);

/// Opens the file, says so, and answers reads; of those waiting, a newer one takes the place of an older one of its kind. Reads that wait
/// together share a transaction, as the parts of one screen do.
pub(super) fn run(place: &Place, way: &Way, jobs: &Receiver<Job>, say: &(impl Fn(Said) + Send + Clone + 'static)) {
    let opened = place.open().and_then(|mut file| file.gives_way(way.clone()).map(|()| file));
    let mut file = match opened {
        Ok(file) => file,
        Err(e) => {
            say(Said::Opened(Err(e)));
            return;
        }
    };
    say(Said::Opened(Ok(file.read_only())));
    let mut waiting = VecDeque::new();
    let mut off: Option<Instant> = None;
    let mut cold = VecDeque::new();
    loop {
        jobs.try_iter().for_each(|job| enqueue(&mut waiting, job));
        if waiting.is_empty()
            && let Some(ask) = cold.pop_front()
        {
            way.breakable(true);
            file.read_on(&ask);
            continue;
        }
        waiting_for(&mut waiting, jobs, &mut file);
        let Some((ticket, ask)) = waiting.pop_front() else { return };
        if matches!(ask, Ask::Workbench(workbench::Ask::Rows | workbench::Ask::Index) | Ask::Twins(twins::Ask::Find)) {
            let (own, answer) = (place.clone(), say.clone());
            if let Err(e) = spawn("store-rows", move || rows(&own, ticket, &ask, &answer)) {
                say(Said::Answer(ticket, Answer::Failed(e.into())));
            }
            continue;
        }
        if way.taken() {
            file.rest();
        }
        way.breakable(way.clear(SAVE) && off.is_none_or(|since| since.elapsed() < OFF));
        file.seat(place.chair.seat());
        match file.read_on(&ask) {
            Answer::Failed(Failure::GaveWay) => {
                off.get_or_insert_with(Instant::now);
                waiting.push_front((ticket, ask));
            }
            answer => {
                off = None;
                if let (Ask::Agenda(agenda::Ask::Load { today, .. }), Some(id)) = (&ask, first(&answer)) {
                    cold = archive(id, *today).into();
                }
                say(Said::Answer(ticket, answer));
            }
        }
    }
}

/// Whom the first line of a queue is about.
fn first(answer: &Answer) -> Option<CustomerId> {
    let Answer::Agenda(agenda::Answer::Lines { items, .. }) = answer else { return None };
    items.iter().find_map(|item| item.who.as_ref()).map(|who| who.id)
}

/// What the archive pane asks. After every commit SQLite fetches again what it read before; the queue is read then in any case, and an
/// archive after it, of which nobody is told, brings the inner pages that every archive needs before somebody waits for them.
fn archive(id: CustomerId, today: NaiveDate) -> [Ask; 2] {
    [Ask::Customers(customers::Ask::Open { id, today }), Ask::Dealings(dealings::Ask::Books { customer: id, today })]
}

/// Where nothing is asked, gives back the lock of the last read and waits for the next ask; nothing waits after that when nobody asks any
/// more.
fn waiting_for(waiting: &mut VecDeque<Job>, jobs: &Receiver<Job>, file: &mut File) {
    if waiting.is_empty() {
        file.rest();
        jobs.iter().take(1).for_each(|job| enqueue(waiting, job));
    }
}

/// Answers one ask over a connection of its own.
fn rows(place: &Place, ticket: Ticket, ask: &Ask, say: &impl Fn(Said)) {
    let read = |mut file: File| {
        file.seat(place.chair.seat());
        match (ask, &place.cache) {
            (Ask::Workbench(workbench::Ask::Index), Some(cache)) => file.cached_index(cache),
            _ => file.answer(ask),
        }
    };
    let answer = place.open().map_or_else(|e| Answer::Failed(e.into()), read);
    say(Said::Answer(ticket, answer));
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
        Ask::Agenda(agenda::Ask::Wall { .. }) => (5, 1),
        Ask::Agenda(agenda::Ask::Bricks { .. }) => (5, 2),
        Ask::Board(_) => (7, 0),
        Ask::Customers(customers::Ask::Likely { .. }) => (8, 0),
        Ask::Keepers(keepers::Ask::Orphans { .. }) => (9, 0),
        Ask::Keepers(_) => (9, 1),
        Ask::Twins(twins::Ask::Find) => (13, 0),
        Ask::Twins(_) => (13, 1),
        Ask::Dealings(dealings::Ask::Books { .. }) => (10, 0),
        Ask::Dealings(dealings::Ask::Txns { .. }) => (11, 0),
        Ask::Workbench(workbench::Ask::Batches) => (12, 0),
        Ask::Audit(_) => (14, 0),
        Ask::Subject(_) => (15, 0),
        // Writes never come here; were they to, none would replace another.
        Ask::Workbench(_) | Ask::Customers(_) | Ask::Contacts(_) | Ask::Agenda(_) | Ask::Access(_) => (u8::MAX, 0),
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
