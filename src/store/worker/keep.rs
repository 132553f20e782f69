//! The thread that keeps saves: each is on this PC's own disk before the drive is tried, and until the file is known to have it. It never
//! touches the drive, so it answers while the drive hangs (drive.md 4.3).

use super::Said;
use super::looks::{Looks, may_wait};
use super::note::{Note, Saved, Task};
use crate::domain::ids::OpId;
use crate::store::access;
use crate::store::drive::{Gate, Proof};
use crate::store::outbox::Outbox;
use crate::store::request::{Answer, Ask, Failure, Ticket};
use crate::store::seen::Look;
use crate::store::wait;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// How long somebody waits for their save before it is theirs no more to wait for.
const PATIENT: Duration = Duration::from_secs(2);
/// The first and the longest pause between tries while the drive is away. What waits is to be written two seconds after it is back.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_millis(1_500));
/// How often one's own saves are looked for while there are new ones.
const LOOKS: Duration = Duration::from_secs(30);
/// How often the gate is asked again while it is shut.
const GATE: Duration = Duration::from_millis(200);
/// Waits for a lock that never end before the locks are said not to work (drive.md 4.1).
const BUSY: u32 = 3;

/// A save on its way.
#[derive(Debug)]
struct Held {
    ask: Ask,
    /// The operation, when it lies in the outbox.
    kept: Option<OpId>,
    /// Who waits for it still.
    ticket: Option<Ticket>,
    since: Instant,
}

/// What the drive is doing.
#[derive(Debug, PartialEq, Eq)]
enum Drive {
    Free,
    Saving,
    /// Looking for these.
    Looking(Vec<OpId>),
}

/// Keeps saves.
pub(super) struct Keeper<S> {
    outbox: Option<Outbox>,
    gate: Gate,
    tasks: Sender<Task>,
    say: S,
    line: VecDeque<Held>,
    looks: Looks,
    drive: Drive,
    trouble: Option<Failure>,
    /// No try before this.
    next: Instant,
    pause: Duration,
    busy: u32,
    /// When one's own saves are looked for next; the first time also those seen long ago, if the file was put back.
    look: Option<Instant>,
    told: (usize, Option<Failure>),
    dice: u64,
    /// Nobody asks any more: what can be written now is, the rest waits in the outbox.
    ending: bool,
}

impl<S: Fn(Said)> Keeper<S> {
    /// Keeps saves in this outbox, and takes up what lies in it.
    pub(super) fn new(outbox: Option<Outbox>, gate: Gate, tasks: Sender<Task>, say: S) -> Keeper<S> {
        let now = Instant::now();
        let found = outbox.as_ref().map(Outbox::waiting).transpose().unwrap_or_else(|error| {
            tracing::error!(%error, "the outbox cannot be read");
            None
        });
        let held = |ask: Ask| Held { kept: ask.op(), ask, ticket: None, since: now };
        let (looks, saves): (Vec<Ask>, Vec<Ask>) = found.unwrap_or_default().into_iter().partition(may_wait);
        let line: VecDeque<Held> = saves.into_iter().map(held).collect();
        Keeper {
            look: outbox.is_some().then_some(now),
            outbox,
            gate,
            tasks,
            say,
            line,
            looks: Looks::of(looks, now),
            drive: Drive::Free,
            trouble: None,
            next: now,
            pause: PAUSES.0,
            busy: 0,
            told: (0, None),
            dice: wait::seed(),
            ending: false,
        }
    }

    /// Works until nobody asks any more and nothing is left to write.
    pub(super) fn run(mut self, notes: &Receiver<Note>) {
        loop {
            self.forward();
            self.relieve();
            self.tell();
            let stuck = self.trouble.is_some() || !self.gate.proof().lets_write();
            if self.ending && self.drive == Drive::Free && (self.line.is_empty() && self.looks.is_empty() || stuck) {
                return;
            }
            let note = match self.rest() {
                Some(rest) => notes.recv_timeout(rest),
                None => notes.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match note {
                Ok(Note::Job(ticket, ask)) => self.take(ticket, *ask),
                Ok(Note::Saved(saved)) => self.saved(saved),
                Ok(Note::Looked(look)) => self.looked(look),
                Ok(Note::Settled(op)) => {
                    if let Some(Err(error)) = self.outbox.as_ref().map(|o| o.forget(op)) {
                        tracing::error!(%error, "the outbox could not be brought up to date");
                    }
                }
                Ok(Note::End) => self.ending = true,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// A new save goes into the outbox first.
    fn take(&mut self, ticket: Ticket, ask: Ask) {
        let kept = match (&self.outbox, ask.op()) {
            (Some(outbox), Some(op)) => match outbox.put(op, &ask) {
                Ok(()) => Some(op),
                Err(error) => {
                    tracing::error!(%error, "a save could not be kept on this PC");
                    None
                }
            },
            _ => None,
        };
        if kept.is_some() && may_wait(&ask) {
            // It is on this PC's disk: that is all whoever noted it waits for.
            self.looks.take(ask, Instant::now());
            (self.say)(Said::Answer(ticket, Answer::Access(access::Answer::Noted)));
            return;
        }
        self.line.push_back(Held { ask, kept, ticket: Some(ticket), since: Instant::now() });
    }

    /// Sends the first save to the drive, or a look for those written.
    fn forward(&mut self) {
        let now = Instant::now();
        if self.drive != Drive::Free || now < self.next {
            return;
        }
        if self.line.is_empty()
            && let Some(ask) = self.looks.due(now, self.ending)
        {
            // No save came by for them to go with.
            self.line.push_back(Held { kept: ask.op(), ask, ticket: None, since: now });
        }
        if let Some(first) = self.line.front() {
            if !self.gate.proof().lets_write() {
                return;
            }
            // What came from an earlier sitting is only for the file it was typed for.
            let of = self.outbox.as_ref().and_then(|o| o.file().ok().flatten());
            if self.tasks.send(Task::Save(Box::new(first.ask.clone()), self.looks.send(), of)).is_ok() {
                self.drive = Drive::Saving;
            }
            return;
        }
        if self.look.is_some_and(|at| at <= now)
            && let Some(outbox) = &self.outbox
            && let (Ok(ops), Ok(head)) = (outbox.unseen(false), outbox.head())
        {
            self.look = None;
            if (!ops.is_empty() || head.is_some()) && self.tasks.send(Task::Look(ops.clone(), head)).is_ok() {
                self.drive = Drive::Looking(ops);
            }
        }
    }

    /// Lets go of those who waited long enough: their save is safe here. What cannot be kept here is refused where locks fail.
    fn relieve(&mut self) {
        let proof = self.gate.proof();
        let away = self.trouble.is_some() || !(proof.lets_write() || proof == Proof::Unknown);
        if proof == Proof::Broken && self.drive == Drive::Free {
            for held in std::mem::take(&mut self.line) {
                match held.ticket {
                    Some(ticket) if held.kept.is_none() => {
                        (self.say)(Said::Answer(ticket, Answer::Failed(Failure::Locks)));
                    }
                    _ => self.line.push_back(held),
                }
            }
        }
        for held in &mut self.line {
            if held.kept.is_some()
                && (away || held.since.elapsed() >= PATIENT)
                && let Some(ticket) = held.ticket.take()
            {
                (self.say)(Said::Answer(ticket, Answer::Kept(Box::new(held.ask.clone()))));
            }
        }
    }

    /// Says how many wait, when that changed.
    fn tell(&mut self) {
        let typed = |h: &&Held| h.ticket.is_none() && !may_wait(&h.ask);
        let waiting = self.line.iter().filter(typed).count();
        let now = (waiting, self.trouble.clone().filter(|_| waiting > 0));
        if self.told != now {
            self.told = now.clone();
            (self.say)(Said::Waiting(now.0, now.1));
        }
    }

    /// How long nothing is to be done unless a note comes.
    fn rest(&self) -> Option<Duration> {
        let now = Instant::now();
        let mut ends = Vec::new();
        ends.extend(self.line.iter().filter(|h| h.ticket.is_some() && h.kept.is_some()).map(|h| h.since + PATIENT));
        if self.drive == Drive::Free {
            if self.line.is_empty() {
                ends.extend(self.look);
                ends.extend(self.looks.end(now));
            } else {
                ends.push(if self.gate.proof().lets_write() { self.next } else { now + GATE });
            }
        }
        ends.into_iter().min().map(|end| end.saturating_duration_since(now))
    }

    /// The drive is done with the first save: it is written, or comes back, or waits for better times.
    fn saved(&mut self, saved: Saved) {
        self.drive = Drive::Free;
        self.rode(saved.noted);
        let Some(mut held) = self.line.pop_front() else { return };
        if let Answer::Failed(failure) = &saved.answer
            && held.kept.is_some()
            && passing(failure, held.ticket.is_some())
        {
            self.fail(failure.clone());
            held.ticket.take_if(|ticket| {
                (self.say)(Said::Answer(*ticket, Answer::Kept(Box::new(held.ask.clone()))));
                true
            });
            self.line.push_front(held);
            return;
        }
        if !matches!(
            saved.answer,
            Answer::Failed(Failure::Drive(_) | Failure::Torn(_) | Failure::Busy | Failure::Locks)
        ) {
            (self.trouble, self.pause, self.busy) = (None, PAUSES.0, 0);
        }
        if let (Some(outbox), Some(op)) = (&self.outbox, held.kept) {
            let refused = saved.answer.undone();
            let done = match (refused, held.ticket) {
                // Nobody looks at it now: it lies here until they have.
                (true, None) => outbox.returned(op),
                (false, _) if saved.recorded => outbox.is_for(&saved.file).and_then(|()| outbox.written(op)),
                _ => outbox.forget(op),
            };
            if let Err(error) = done {
                tracing::error!(%error, "the outbox could not be brought up to date");
            }
            if saved.recorded {
                self.look.get_or_insert(Instant::now() + LOOKS);
            }
        }
        match held.ticket {
            Some(ticket) => (self.say)(Said::Answer(ticket, saved.answer)),
            // Nobody looks out for lines of the log.
            None if may_wait(&held.ask) => {}
            None => (self.say)(Said::Later(Box::new(held.ask), saved.answer)),
        }
    }

    /// The lines that went with a save are in the file, or wait for the next.
    fn rode(&mut self, noted: bool) {
        for op in self.looks.back(noted) {
            if let Some(Err(error)) = self.outbox.as_ref().map(|o| o.written(op)) {
                tracing::error!(%error, "the outbox could not be brought up to date");
            }
        }
    }

    /// The drive does not take saves: the next try is a while off, at random, so that thirty PCs do not knock together.
    fn fail(&mut self, failure: Failure) {
        self.busy = if failure == Failure::Busy { self.busy + 1 } else { 0 };
        self.trouble = Some(if self.busy >= BUSY { Failure::Locks } else { failure });
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = u32::try_from(self.dice >> 54).unwrap_or_default();
        self.next = Instant::now() + self.pause / 2 + self.pause * share / 2048;
        self.pause = (self.pause * 2).min(PAUSES.1);
    }

    /// One's own saves were looked for: those that are gone are written again.
    fn looked(&mut self, look: Result<Look, Failure>) {
        let Drive::Looking(ops) = std::mem::replace(&mut self.drive, Drive::Free) else { return };
        let Some(outbox) = &mut self.outbox else { return };
        let look = match look {
            Ok(look) => look,
            Err(error) => {
                tracing::warn!(%error, "own saves could not be looked for");
                self.look = Some(Instant::now() + LOOKS);
                return;
            }
        };
        let there: Vec<OpId> = ops.iter().copied().filter(|op| !look.missing.contains(op)).collect();
        let mut gone = Vec::new();
        for op in &look.missing {
            gone.extend(outbox.again(*op).ok().flatten());
        }
        if let Err(error) = outbox.seen(&there, &look.head) {
            tracing::error!(%error, "the outbox could not be brought up to date");
        }
        if look.rewound {
            // An older file lies there: everything remembered is looked for.
            tracing::error!("the branch file is older than it was");
            if let Ok(all) = outbox.unseen(true)
                && self.tasks.send(Task::Look(all.clone(), None)).is_ok()
            {
                self.drive = Drive::Looking(all);
            }
        }
        if !gone.is_empty() {
            tracing::error!(n = gone.len(), "acknowledged saves were not in the file any more");
            (self.say)(Said::Missing(gone.len()));
            let since = Instant::now();
            self.line.extend(gone.into_iter().map(|ask| Held { kept: ask.op(), ask, ticket: None, since }));
        }
    }
}

/// Whether a failure passes with the drive's trouble. Without the right to write, somebody who waits is told at once; what was typed
/// before waits for the right to come back.
fn passing(failure: &Failure, waited_for: bool) -> bool {
    match failure {
        Failure::Refused(_) | Failure::Gone => false,
        Failure::ReadOnly => !waited_for,
        Failure::GaveWay
        | Failure::Busy
        | Failure::Full
        | Failure::Locks
        | Failure::Newer
        | Failure::Replaced
        | Failure::Damaged(_)
        | Failure::Torn(_)
        | Failure::Drive(_) => true,
    }
}
