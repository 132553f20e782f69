//! What follows from what was seen in the folder of workstations and from locks that were refused or granted (drive.md 2.4). No clock and no
//! disk: times come in as spans since the sitting began, so every case can be tried in a table.

use super::Proof;
use std::collections::BTreeMap;
use std::time::Duration;

/// A sitting without a sign of life for longer than this is not there any more, or its PC sleeps.
pub const FRESH: Duration = Duration::from_secs(150);
/// One without a sign of life for longer than this, and without its lock, is swept.
pub const DEAD: Duration = Duration::from_secs(600);
/// How often the lock of another workstation is tried.
pub const EVERY: Duration = Duration::from_secs(60);
/// Signs of life older than this are as good as none.
const LONG: Duration = Duration::from_secs(86_400);
/// So many are tried at once at the start.
const AT_START: usize = 3;

/// What its lock can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bond {
    /// The same system holds both locks: it tells for sure whether the other one is there, and nothing of the server.
    Kin,
    /// Another system: its lock comes to us through the server or not at all.
    Far,
    /// It does not say, so it tells nothing.
    Unsaid,
}

/// Another sitting as it is seen in the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glimpse {
    /// Which.
    pub sitting: u128,
    /// Its beat.
    pub beat: u64,
    /// How old its file is by the server's clock; `None` when that cannot be told. Only looked at when it is first seen.
    pub age: Option<Duration>,
    /// What its lock can tell.
    pub bond: Bond,
}

/// What happened to our own lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Own {
    /// Not tried yet, or the drive did not answer.
    #[default]
    Unknown,
    /// Held.
    Held,
    /// Refused, though nobody else knows of it.
    Refused,
    /// None is taken: the folder cannot be made, or we only look on.
    None,
}

/// What is known so far.
#[derive(Debug, Default)]
pub struct Judge {
    /// Only this PC reaches the file, so that what its system says of locks is all there is to know.
    local: bool,
    others: BTreeMap<u128, Other>,
    own: Own,
    looked: bool,
    proven: bool,
    /// A second process was granted our own lock.
    lockless: bool,
    alarm: bool,
    caught: Option<u128>,
    /// When a lock was last tried, and how many were.
    tried: Option<Duration>,
    tries: usize,
}

#[derive(Debug)]
struct Other {
    beat: u64,
    /// When it last gave a sign of life, [`LONG`] later: it may have been before our sitting began.
    sign: Duration,
    bond: Bond,
    tried: Option<Duration>,
    grant: Option<Grant>,
}

/// Its lock was granted to us.
#[derive(Debug)]
struct Grant {
    /// How often it gave a sign of life after that. Once may be an old one that our view of the folder showed late; twice, with the lock
    /// granted again in between, is no accident.
    moves: u8,
    /// Granted since the last sign.
    again: bool,
}

impl Other {
    fn fresh(&self, now: Duration) -> bool {
        self.age(now) <= FRESH
    }

    /// How long it has given no sign of life.
    fn age(&self, now: Duration) -> Duration {
        (now + LONG).saturating_sub(self.sign)
    }
}

impl Judge {
    /// One that knows nothing yet; `local` when only this PC reaches the file.
    pub fn new(local: bool) -> Judge {
        Judge { local, ..Judge::default() }
    }

    /// Takes in what lies in the folder now; whoever is not in it has left.
    pub fn see(&mut self, now: Duration, seen: &[Glimpse]) {
        self.looked = true;
        self.others.retain(|sitting, _| seen.iter().any(|g| g.sitting == *sitting));
        for g in seen {
            let other = self.others.entry(g.sitting).or_insert_with(|| {
                let sign = now + LONG - g.age.unwrap_or_default().min(LONG);
                Other { beat: g.beat, sign, bond: g.bond, tried: None, grant: None }
            });
            if g.beat == other.beat {
                continue;
            }
            other.beat = g.beat;
            other.sign = now + LONG;
            if let Some(grant) = other.grant.as_mut().filter(|grant| grant.again) {
                grant.again = false;
                grant.moves += 1;
                if grant.moves > 1 {
                    self.caught = Some(g.sitting);
                }
            }
        }
    }

    /// Whose lock is to be tried now, if any.
    pub fn next(&self, now: Duration) -> Option<u128> {
        let fresh = || self.others.iter().filter(|(_, o)| o.bond != Bond::Unsaid && o.fresh(now));
        // One that lives although its lock was granted.
        let odd = fresh().find(|(_, o)| o.grant.as_ref().is_some_and(|g| !g.again));
        let new = || fresh().find(|(_, o)| o.tried.is_none() && (!self.proven || self.tries < AT_START));
        let due = self.tried.is_none_or(|at| now.saturating_sub(at) >= EVERY);
        let turn = || fresh().filter(|_| due).min_by_key(|(_, o)| o.tried);
        odd.or_else(new).or_else(turn).map(|(sitting, _)| *sitting)
    }

    /// Its lock was refused, as it should be.
    pub fn refused(&mut self, sitting: u128, now: Duration) {
        self.attempted(sitting, now);
        if let Some(other) = self.others.get_mut(&sitting) {
            other.sign = now + LONG;
            other.grant = None;
            self.proven |= self.local || other.bond == Bond::Far;
        }
    }

    /// Its lock was granted, and the folder was looked at again after that.
    pub fn granted(&mut self, sitting: u128, now: Duration) {
        self.attempted(sitting, now);
        if let Some(other) = self.others.get_mut(&sitting) {
            other.grant.get_or_insert(Grant { moves: 0, again: true }).again = true;
            if other.bond == Bond::Kin {
                // Our own system knows: it is gone.
                other.sign = Duration::ZERO;
            }
        }
    }

    /// It could not be tried.
    pub fn attempted(&mut self, sitting: u128, now: Duration) {
        self.tried = Some(now);
        self.tries += 1;
        if let Some(other) = self.others.get_mut(&sitting) {
            other.tried = Some(now);
        }
    }

    /// What became of our own lock.
    pub fn own(&mut self, own: Own) {
        self.own = own;
    }

    /// A second process of this PC tried our own lock. On a disk of this PC that is proof: nobody else can reach it.
    pub fn tested(&mut self, refused: bool) {
        self.lockless = !refused;
        self.proven |= refused && self.local;
    }

    /// Whether the alarm lies in the folder. Once it is taken away, everything is found out anew.
    pub fn alarm(&mut self, there: bool) {
        if self.alarm && !there {
            (self.proven, self.lockless, self.caught, self.tries, self.tried) = (false, false, None, 0, None);
            for other in self.others.values_mut() {
                (other.tried, other.grant) = (None, None);
            }
        }
        self.alarm = there;
    }

    /// The sitting that lives although its lock was granted; an alarm is to be given then.
    pub fn caught(&self) -> Option<u128> {
        self.caught
    }

    /// Those without a sign of life for long, whose files go if their locks are granted.
    pub fn dead(&self, now: Duration) -> impl Iterator<Item = u128> {
        self.others.iter().filter(move |(_, o)| o.age(now) > DEAD).map(|(sitting, _)| *sitting)
    }

    /// Those that are there.
    pub fn present(&self, now: Duration) -> impl Iterator<Item = u128> {
        self.others.iter().filter(move |(_, o)| o.fresh(now)).map(|(sitting, _)| *sitting)
    }

    /// What the locks are worth.
    pub fn proof(&self, now: Duration) -> Proof {
        if self.alarm || self.lockless || self.caught.is_some() || self.own == Own::Refused {
            return Proof::Broken;
        }
        if !self.looked || self.own == Own::Unknown {
            return Proof::Unknown;
        }
        let odd = |o: &Other| o.grant.as_ref().is_some_and(|g| (g.moves > 0 || !self.proven) && o.fresh(now));
        match (self.others.values().any(odd), self.proven) {
            (true, _) => Proof::Doubted,
            (false, true) => Proof::Proven,
            (false, false) => Proof::Unproven,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happens, second by second, to a judge whose own lock is held.
    enum Step {
        /// The others in the folder: sitting, beat.
        See(u64, &'static [(u128, u64)]),
        /// The one whose lock is to be tried now.
        Next(u64, Option<u128>),
        Refused(u64, u128),
        Granted(u64, u128),
        Alarm(bool),
        Is(u64, Proof),
    }
    use Step::*;

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn glimpse(sitting: u128, beat: u64) -> Glimpse {
        Glimpse { sitting, beat, age: Some(s(30)), bond: Bond::Far }
    }

    fn run(name: &str, steps: &[Step]) {
        let mut judge = Judge::default();
        judge.own(Own::Held);
        for (n, step) in steps.iter().enumerate() {
            match step {
                See(at, seen) => judge.see(s(*at), &seen.iter().map(|(w, b)| glimpse(*w, *b)).collect::<Vec<_>>()),
                Next(at, who) => assert_eq!(judge.next(s(*at)), *who, "{name}: step {n}"),
                Refused(at, who) => judge.refused(*who, s(*at)),
                Granted(at, who) => judge.granted(*who, s(*at)),
                Alarm(there) => judge.alarm(*there),
                Is(at, proof) => assert_eq!(judge.proof(s(*at)), *proof, "{name}: step {n}"),
            }
        }
    }

    #[test]
    fn what_is_seen_and_tried_leads_to_what_is_known() {
        use Proof::{Broken, Doubted, Proven, Unknown, Unproven};
        run("alone", &[Is(0, Unknown), See(0, &[]), Next(0, None), Is(0, Unproven), Is(900, Unproven)]);
        run(
            "a colleague comes, is tried at once and then every minute",
            &[
                See(0, &[]),
                See(2, &[(7, 0)]),
                Next(2, Some(7)),
                Refused(2, 7),
                Is(2, Proven),
                Next(4, None),
                See(60, &[(7, 1)]),
                Next(62, Some(7)),
                Refused(62, 7),
                See(64, &[]),
                Is(64, Proven),
                Next(900, None),
            ],
        );
        run(
            "three are tried at the start, whatever the first says",
            &[
                See(0, &[(1, 0), (2, 0), (3, 0), (4, 0)]),
                Next(0, Some(1)),
                Refused(0, 1),
                Next(0, Some(2)),
                Refused(0, 2),
                Next(0, Some(3)),
                Refused(0, 3),
                Next(0, None),
                Next(60, Some(4)),
            ],
        );
        run(
            "locks that do not reach: in doubt at once, broken once it lives on",
            &[
                See(0, &[(7, 5)]),
                Granted(0, 7),
                Is(0, Doubted),
                Next(2, None),
                See(40, &[(7, 6)]),
                Is(40, Doubted),
                Next(40, Some(7)),
                Granted(40, 7),
                Next(40, None),
                See(100, &[(7, 7)]),
                Is(100, Broken),
                See(102, &[]),
                Is(900, Broken),
            ],
        );
        run(
            "a PC that lost power a moment ago: in doubt until it is stale",
            &[See(0, &[(7, 5)]), Granted(0, 7), Is(100, Doubted), Is(119, Doubted), Is(121, Unproven)],
        );
        run(
            "one that was killed, seen late to have beaten once more: never broken",
            &[
                See(0, &[(7, 5)]),
                Granted(0, 7),
                See(30, &[(7, 6)]),
                Next(30, Some(7)),
                Granted(30, 7),
                Is(30, Doubted),
                Is(181, Unproven),
            ],
        );
        run(
            "one that was killed and is swept or another proves: no doubt is left",
            &[See(0, &[(7, 5)]), Granted(0, 7), Is(0, Doubted), See(4, &[]), Is(4, Unproven)],
        );
        run(
            "one is dead, another proves",
            &[See(0, &[(7, 5), (8, 1)]), Granted(0, 7), Is(0, Doubted), Next(0, Some(8)), Refused(0, 8), Is(0, Proven)],
        );
        run(
            "proven and then granted: writing goes on until it lives on",
            &[
                See(0, &[(7, 5)]),
                Refused(0, 7),
                Granted(60, 7),
                Is(60, Proven),
                See(75, &[(7, 6)]),
                Is(75, Doubted),
                Next(75, Some(7)),
                Granted(75, 7),
                See(150, &[(7, 7)]),
                Is(150, Broken),
            ],
        );
        run(
            "granted once, refused again: its lock is there after all",
            &[
                See(0, &[(7, 5)]),
                Granted(0, 7),
                See(30, &[(7, 6)]),
                Next(30, Some(7)),
                Refused(30, 7),
                Is(30, Proven),
                See(99, &[(7, 7)]),
                Is(99, Proven),
            ],
        );
        run(
            "the alarm of another desk stops us, and all is found out anew when it is taken away",
            &[
                See(0, &[(7, 5)]),
                Refused(0, 7),
                Alarm(true),
                Is(0, Broken),
                See(90, &[(7, 6)]),
                Alarm(false),
                Is(90, Unproven),
                Next(90, Some(7)),
                Refused(90, 7),
                Is(90, Proven),
            ],
        );
    }

    #[test]
    fn our_own_lock_comes_first() {
        for (own, proof) in [
            (Own::Unknown, Proof::Unknown),
            (Own::Held, Proof::Unproven),
            (Own::Refused, Proof::Broken),
            (Own::None, Proof::Unproven),
        ] {
            let mut judge = Judge::default();
            judge.own(own);
            judge.see(s(0), &[]);
            assert_eq!(judge.proof(s(0)), proof, "{own:?}");
        }
        for (refused, local, proof) in [
            (true, true, Proof::Proven),
            (true, false, Proof::Unproven),
            (false, true, Proof::Broken),
            (false, false, Proof::Broken),
        ] {
            let mut judge = Judge::new(local);
            judge.own(Own::Held);
            judge.see(s(0), &[]);
            judge.tested(refused);
            assert_eq!(judge.proof(s(0)), proof, "{refused} {local}");
        }
    }

    #[test]
    fn a_sitting_of_the_same_system_proves_nothing_and_an_old_file_is_nobody() {
        let mut judge = Judge::default();
        judge.own(Own::Held);
        let same = Glimpse { bond: Bond::Kin, ..glimpse(1, 0) };
        let silent = Glimpse { bond: Bond::Unsaid, ..glimpse(3, 0) };
        let old = Glimpse { age: Some(s(700)), ..glimpse(2, 0) };
        judge.see(s(0), &[same, old, silent]);
        assert_eq!(judge.next(s(0)), Some(1));
        judge.refused(1, s(0));
        assert_eq!((judge.next(s(0)), judge.proof(s(0))), (None, Proof::Unproven));
        assert_eq!(judge.present(s(0)).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(judge.dead(s(0)).collect::<Vec<_>>(), [2]);
        // It was only asleep.
        judge.see(s(1), &[same, Glimpse { beat: 1, ..old }, silent]);
        assert_eq!(judge.present(s(1)).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!((judge.next(s(1)), judge.dead(s(1)).count()), (Some(2), 0));
        // The first was killed: our own system knows at once, and nobody is in doubt.
        judge.granted(1, s(61));
        assert_eq!(judge.dead(s(61)).collect::<Vec<_>>(), [1]);
        assert_eq!(judge.proof(s(61)), Proof::Unproven);
        // Unless it lives on.
        for beat in 1..3 {
            judge.see(s(62), &[Glimpse { beat, ..same }]);
            judge.granted(1, s(62));
        }
        assert_eq!(judge.proof(s(62)), Proof::Broken);
    }
}
