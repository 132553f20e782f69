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
            // A local colleague is gone in a few milliseconds; on a share a save takes 20 to 120 (drive.md 2.3).
            let (low, range) = if tries < 3 { (1, 9) } else { (20, 100) };
            let nap = (low + roll(&mut dice) % range).min(remaining);
            std::thread::sleep(Duration::from_millis(nap));
            left.store(remaining - nap, Ordering::Relaxed);
            true
        }
    }
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
    fn patience_ends_after_the_milliseconds_given() {
        let patience = Patience::default();
        patience.renew(12);
        let mut handler = patience.handler();
        let tries = (0..100).take_while(|n| handler(*n)).count();
        assert!((1..=12).contains(&tries), "{tries}");
        assert!(!handler(0));
    }
}
