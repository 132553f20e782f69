//! Lines of the log that wait for a save to go with: a look is not worth fifty round trips of its own. They lie in the outbox already.

use crate::domain::ids::OpId;
use crate::store::access::{self, MANY};
use crate::store::request::Ask;
use std::time::{Duration, Instant};

/// How long lines wait for a save before they are written without one.
const LONGEST: Duration = Duration::from_secs(300);

/// What waits, and what is on its way.
#[derive(Debug, Default)]
pub(super) struct Looks {
    waiting: Vec<Ask>,
    sent: usize,
    since: Option<Instant>,
    /// Something among them is not to wait: somebody signed out.
    at_once: bool,
}

impl Looks {
    /// What an earlier sitting left: it has waited long enough.
    pub(super) fn of(found: Vec<Ask>, now: Instant) -> Looks {
        let some = !found.is_empty();
        Looks { waiting: found, sent: 0, since: some.then_some(now), at_once: some }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes what was noted.
    pub(super) fn take(&mut self, ask: Ask, now: Instant) {
        self.at_once |= lines(&ask).iter().any(|l| l.action.at_once());
        self.since.get_or_insert(now);
        self.waiting.push(ask);
    }

    /// The first of them, to be written as a save, when they have waited long enough; the others go with it.
    pub(super) fn due(&mut self, now: Instant, ending: bool) -> Option<Ask> {
        let many = self.waiting.iter().map(|a| lines(a).len()).sum::<usize>() >= MANY;
        let old = self.since.is_some_and(|since| now.saturating_duration_since(since) >= LONGEST);
        let due = !self.waiting.is_empty() && self.sent == 0 && (many || old || ending || self.at_once);
        due.then(|| self.waiting.remove(0))
    }

    /// What goes with the save that is sent now.
    pub(super) fn send(&mut self) -> Vec<Ask> {
        self.sent = self.waiting.len();
        self.waiting.clone()
    }

    /// The save is back: what went with it is in the file, and named, or waits on.
    pub(super) fn back(&mut self, noted: bool) -> Vec<OpId> {
        let sent = std::mem::take(&mut self.sent);
        if !noted {
            return Vec::new();
        }
        let ops = self.waiting.drain(..sent).filter_map(|ask| ask.op()).collect();
        if self.waiting.is_empty() {
            (self.since, self.at_once) = (None, false);
        } else {
            self.at_once = self.waiting.iter().flat_map(lines).any(|l| l.action.at_once());
        }
        ops
    }

    /// When they have waited long enough.
    pub(super) fn end(&self, now: Instant) -> Option<Instant> {
        let since = self.since.filter(|_| !self.waiting.is_empty())?;
        Some(if self.at_once { now } else { since + LONGEST })
    }
}

fn lines(ask: &Ask) -> &[access::Line] {
    match ask {
        Ask::Access(access::Ask::Note { lines, .. }) => lines,
        _ => &[],
    }
}

/// Whether an ask is one of lines that may wait for the next save.
pub(super) fn may_wait(ask: &Ask) -> bool {
    matches!(ask, Ask::Access(access::Ask::Note { .. }))
}
