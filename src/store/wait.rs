//! Waiting for a colleague's lock: random sleeps up to a deadline, so that thirty workstations do not knock in step. What is done
//! when patience runs out does not live here.

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

    /// The busy handler: sleeps a random while and says whether to try again. The deadline is the sum of the sleeps, so that no
    /// clock is read.
    pub fn handler(&self) -> impl FnMut(i32) -> bool + Send + 'static {
        let left = Arc::clone(&self.0);
        let mut dice = seed();
        move |tries| {
            let remaining = left.load(Ordering::Relaxed);
            if remaining == 0 {
                return false;
            }
            let nap = nap(tries, roll(&mut dice), remaining);
            std::thread::sleep(Duration::from_millis(nap));
            left.store(remaining - nap, Ordering::Relaxed);
            true
        }
    }
}

/// Milliseconds of the next sleep: a local colleague is gone in a few; on a share a save takes 20 to 120 (drive.md 2.3). Whoever has waited
/// for a second or so knocks more often than those who came later, so that nobody is passed over again and again.
fn nap(tries: i32, dice: u64, left: u64) -> u64 {
    let (low, range) = match tries {
        ..3 => (1, 9),
        3..15 => (20, 100),
        _ => (5, 25),
    };
    (low + dice % range).min(left)
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
        let mut dice = seed();
        for patience in [1, 12, FOR_A_READ, FOR_A_SAVE] {
            let (mut left, mut naps) = (patience, Vec::new());
            while left > 0 {
                let nap = nap(i32::try_from(naps.len()).unwrap(), roll(&mut dice), left);
                assert!((1..=119).contains(&nap), "{nap}");
                assert!(naps.len() >= 3 || nap < 10, "{nap}");
                left -= nap;
                naps.push(nap);
            }
            assert_eq!(naps.iter().sum::<u64>(), patience);
        }
        assert!(!Patience::default().handler()(0), "without patience nobody waits");
    }
}
