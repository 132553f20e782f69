//! A bit a row. Rows are numbered by assets, most first, within a segment; what they hold is not known here, and how well they were
//! met is `sets`'.

/// A bit a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Nobody, of `rows` rows.
    pub fn new(rows: usize) -> Bits {
        Bits { words: vec![0; rows.div_ceil(64)] }
    }

    /// Nobody, of as many rows as `other` has.
    pub fn like(other: &Bits) -> Bits {
        Bits { words: vec![0; other.words.len()] }
    }

    /// Rows `from` up to but not `to`.
    pub fn range(rows: usize, from: usize, to: usize) -> Bits {
        let mut bits = Bits::new(rows);
        for (i, word) in bits.words.iter_mut().enumerate() {
            let low = from.saturating_sub(i * 64).min(64);
            let high = to.saturating_sub(i * 64).min(64);
            *word = below(high) & !below(low);
        }
        bits
    }

    /// Puts a row in.
    #[inline]
    pub fn set(&mut self, row: u32) {
        if let Some(word) = self.words.get_mut(row as usize / 64) {
            *word |= 1 << (row % 64);
        }
    }

    /// Says of 64 rows at once which are in: the rows from `at` times 64.
    pub fn put(&mut self, at: usize, word: u64) {
        if let Some(slot) = self.words.get_mut(at) {
            *slot = word;
        }
    }

    /// Takes a row out.
    pub fn clear(&mut self, row: u32) {
        if let Some(word) = self.words.get_mut(row as usize / 64) {
            *word &= !(1 << (row % 64));
        }
    }

    /// Whether the row is in.
    #[inline]
    pub fn has(&self, row: u32) -> bool {
        self.words.get(row as usize / 64).is_some_and(|w| w >> (row % 64) & 1 == 1)
    }

    /// How many are in before each 64 rows.
    pub fn counts(&self) -> Vec<u32> {
        let mut sum = 0;
        self.words
            .iter()
            .map(|word| {
                let before = sum;
                sum += word.count_ones();
                before
            })
            .collect()
    }

    /// If the row is in, how many of its 64 are in below it.
    #[inline]
    pub fn below(&self, row: u32) -> Option<usize> {
        let word = self.words.get(row as usize / 64)?;
        (word >> (row % 64) & 1 == 1).then(|| (word & ((1 << (row % 64)) - 1)).count_ones() as usize)
    }

    /// How many are in.
    pub fn count(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Keeps those also in `other`.
    pub fn and(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Adds those of `other`.
    pub fn or(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    /// Takes out those of `other`.
    pub fn minus(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    /// Those in all of `sets`, which must not be empty.
    pub fn all_of(sets: &[&Bits]) -> Bits {
        let Some((first, rest)) = sets.split_first() else { return Bits::default() };
        let mut bits = (*first).clone();
        rest.iter().for_each(|s| bits.and(s));
        bits
    }

    /// The first `n` rows in all of `sets`.
    pub fn first_of_all(sets: &[&Bits], n: usize) -> Vec<u32> {
        let mut out = Vec::new();
        let Some((first, rest)) = sets.split_first() else { return out };
        for (i, word) in first.words.iter().enumerate() {
            let mut left = rest.iter().fold(*word, |w, s| w & s.words.get(i).copied().unwrap_or(0));
            while left != 0 {
                out.push(i as u32 * 64 + left.trailing_zeros());
                left &= left - 1;
            }
            if out.len() >= n {
                break;
            }
        }
        out.truncate(n);
        out
    }

    /// The rows, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(i, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros();
                left &= left - 1;
                Some(i as u32 * 64 + bit)
            })
        })
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }
}

fn below(bit: usize) -> u64 {
    if bit >= 64 { u64::MAX } else { (1 << bit) - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_range_holds_just_its_rows(from in 0usize..200, len in 0usize..200) {
            let bits = Bits::range(256, from, (from + len).min(256));
            prop_assert_eq!(bits.iter().map(|r| r as usize).collect::<Vec<_>>(), (from..(from + len).min(256)).collect::<Vec<_>>());
        }
    }
}
