//! A small generator of random numbers (SplitMix64, public domain), so that the same seed gives the same branch on every machine
//! and with every version of every library.

use std::ops::Range;

/// The generator.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// A stream of its own for each purpose, so that a change of one part of the demo leaves the others as they were.
    pub fn new(seed: u64, purpose: &str) -> Rng {
        // FNV-1a
        let hash = purpose
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |h: u64, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
        let mut rng = Rng(seed ^ hash);
        rng.next();
        rng
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number of a range; the start of an empty one.
    pub fn of(&mut self, range: Range<i64>) -> i64 {
        let span = u64::try_from(range.end - range.start).unwrap_or(0);
        if span == 0 {
            return range.start;
        }
        range.start + i64::try_from(self.next() % span).unwrap_or(0)
    }

    /// Whether something that happens in so many cases of a hundred happens.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.of(0..100) < percent
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let n = self.of(0..i64::try_from(list.len()).unwrap_or(0));
        list.get(usize::try_from(n).unwrap_or(0))
    }

    /// One word of a list; empty when the list is.
    pub fn word(&mut self, list: &[&'static str]) -> &'static str {
        self.pick(list).copied().unwrap_or_default()
    }

    /// The place in a list of running sums at which a random share of the whole falls.
    pub fn weighted(&mut self, sums: &[u64]) -> usize {
        let whole = sums.last().copied().unwrap_or(0).max(1);
        let at = self.next() % whole;
        sums.partition_point(|s| *s <= at)
    }
}
