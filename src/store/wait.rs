//! Waiting for a colleague's lock: random sleeps up to a deadline, so that thirty workstations do not knock in step. What is done
//! when patience runs out does not live here.

use super::turn::Turn;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Milliseconds a save may wait for its turn (drive.md 2.3).
pub const FOR_A_SAVE: u64 = 15_000;
/// Milliseconds a read may wait: a screen keeps what it had instead.
pub const FOR_A_READ: u64 = 2_000;

/// How long the running ask may still wait, in milliseconds; shared with SQLite's busy handler.
#[derive(Debug, Clone, Default)]
pub struct Patience(Arc<AtomicU64>);

impl Patience {
    /// Gives the next ask so many milliseconds.
    pub fn renew(&self, millis: u64) {
        self.0.store(millis, Ordering::Relaxed);
    }

    /// The busy handler: sleeps random whiles, as long as a colleague saves, and says whether to try again. The deadline is the sum of the
    /// sleeps, so that no clock is read.
    pub fn handler(&self, turn: impl Fn() -> Turn + Send + 'static) -> impl FnMut(i32) -> bool + Send + 'static {
        let left = Arc::clone(&self.0);
        let (mut dice, mut waited, mut whose) = (seed(), 0, Turn::Nobodys);
        move |tries| {
            if tries == 0 {
                (waited, whose) = (0, Turn::Nobodys);
            }
            let mut slept = false;
            loop {
                let remaining = left.load(Ordering::Relaxed);
                if remaining == 0 {
                    return slept;
                }
                let nap = nap(whose, tries, waited, roll(&mut dice)).min(remaining);
                std::thread::sleep(Duration::from_millis(nap));
                left.store(remaining - nap, Ordering::Relaxed);
                (waited, slept) = (waited + nap, true);
                whose = turn();
                if whose != Turn::Theirs {
                    return true;
                }
            }
        }
    }
}

/// Milliseconds of the next sleep. A colleague who is seen saving is gone in 20 to 300 on a share (drive.md 2.3), and a look is one round
/// trip; whoever has waited for a second looks more often than those who came later, so that nobody is passed over again and again.
fn nap(whose: Turn, tries: i32, waited: u64, dice: u64) -> u64 {
    let (low, range) = match whose {
        Turn::Nobodys | Turn::Mine if tries < 3 => (1, 9),
        _ if waited > 1_000 => (2, 9),
        Turn::Theirs | Turn::Mine => (8, 25),
        Turn::Nobodys => (20, 100),
    };
    low + dice % range
}

/// Pauses between two portions of a long piece of work on a share, 60 to 240 ms, so that colleagues' saves get in (drive.md 2.3).
pub fn pause() {
    let mut dice = seed();
    std::thread::sleep(Duration::from_millis(60 + roll(&mut dice) % 181));
}

/// A random number that needs no clock: the keys that std gives every hash map.
pub fn seed() -> u64 {
    std::collections::hash_map::RandomState::new().build_hasher().finish() | 1
}

/// xorshift64
fn roll(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn naps_are_random_short_at_first_and_use_up_just_the_patience_given() {
        for patience in [1, 12, FOR_A_READ] {
            let waits = Patience::default();
            waits.renew(patience);
            let mut handler = waits.handler(|| Turn::Nobodys);
            let mut left = vec![patience];
            while handler(i32::try_from(left.len()).unwrap() - 1) {
                left.push(waits.0.load(Ordering::Relaxed));
            }
            assert_eq!(left.last(), Some(&0));
            let naps: Vec<u64> = left.windows(2).map(|w| w[0] - w[1]).collect();
            assert!(
                naps.iter().all(|nap| (1..120).contains(nap)) && naps.iter().take(3).all(|nap| *nap < 10),
                "{naps:?}"
            );
        }
        assert!(!Patience::default().handler(|| Turn::Nobodys)(0), "without patience nobody waits");
    }

    #[test]
    fn as_long_as_a_colleague_saves_it_is_looked_and_not_knocked() {
        let waits = Patience::default();
        waits.renew(FOR_A_SAVE);
        let looks = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&looks);
        let turn = move || if seen.fetch_add(1, Ordering::Relaxed) < 5 { Turn::Theirs } else { Turn::Nobodys };
        assert!(waits.handler(turn)(0), "it is tried when the colleague is done");
        assert_eq!(looks.load(Ordering::Relaxed), 6);
        waits.renew(40);
        let mut handler = waits.handler(|| Turn::Theirs);
        assert!(handler(0) && !handler(1), "at the end it is tried once more, whatever is seen");
    }
}
