//! Things numbered in the order met, for columns that have few different ones. What they are is not known here.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// Mixes eight bytes at a time. The usual hasher guards against keys made up to collide, and takes several times as long; a million
/// rows ask for three keys each.
#[derive(Default)]
struct Mix(u64);

impl Mix {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        self.mix(rest.iter().fold(0, |word, b| word << 8 | u64::from(*b)));
    }

    fn write_u8(&mut self, n: u8) {
        self.mix(u64::from(n));
    }

    fn write_i64(&mut self, n: i64) {
        self.mix(n.cast_unsigned());
    }

    fn finish(&self) -> u64 {
        // The table looks at the highest bits and the lowest; multiplying leaves the lowest poor.
        self.0 ^ (self.0 >> 32)
    }
}

/// Numbers from 0 for things of one kind.
#[derive(Debug)]
pub struct Numbers<K> {
    known: HashMap<K, u32, BuildHasherDefault<Mix>>,
}

impl<K> Default for Numbers<K> {
    fn default() -> Self {
        Numbers { known: HashMap::default() }
    }
}

impl<K: Hash + Eq + Ord> Numbers<K> {
    /// The number of a thing; `new` gives what is kept of one not met before.
    pub fn of<Q: Hash + Eq + ?Sized>(&mut self, thing: &Q, new: impl FnOnce() -> K) -> u32
    where
        K: Borrow<Q>,
    {
        if let Some(number) = self.known.get(thing) {
            return *number;
        }
        let number = self.known.len() as u32;
        self.known.insert(new(), number);
        number
    }

    /// The things in their own order, and for each number its place in it.
    pub fn sorted(self) -> (Vec<K>, Vec<u32>) {
        let mut all: Vec<(K, u32)> = self.known.into_iter().collect();
        all.sort_unstable();
        let mut places = vec![0; all.len()];
        for (place, (_, number)) in (0u32..).zip(&all) {
            if let Some(slot) = places.get_mut(*number as usize) {
                *slot = place;
            }
        }
        (all.into_iter().map(|(thing, _)| thing).collect(), places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_keeps_its_number_and_all_come_out_sorted() {
        let mut numbers: Numbers<Box<str>> = Numbers::default();
        let met = ["新街", "", "解放路", "新街", "解放路三段十二号", ""].map(|t| numbers.of(t, || t.into()));
        assert_eq!(met, [0, 1, 2, 0, 3, 1]);
        let (things, places) = numbers.sorted();
        assert!(things.is_sorted() && things.len() == 4);
        assert_eq!(things.get(places[2] as usize).map(|t| &**t), Some("解放路"));
    }
}
