//! What only few rows have: found by counting, not by searching. What it is, the owner knows.

use super::bits::Bits;

/// Something of few rows.
#[derive(Debug)]
pub struct Aside<T> {
    has: Bits,
    /// How many rows have one before each 64 rows.
    before: Vec<u32>,
    what: Vec<T>,
}

impl<T> Default for Aside<T> {
    fn default() -> Self {
        Aside { has: Bits::default(), before: Vec::new(), what: Vec::new() }
    }
}

impl<T> Aside<T> {
    /// Of `rows` rows those in `few`, which is sorted by row.
    pub fn new(rows: usize, few: Vec<(u32, T)>) -> Aside<T> {
        let mut has = Bits::new(rows);
        few.iter().for_each(|(row, _)| has.set(*row));
        let before = has.counts();
        Aside { has, before, what: few.into_iter().map(|(_, what)| what).collect() }
    }

    /// What the row has.
    #[inline]
    pub fn get(&self, row: u32) -> Option<&T> {
        let below = self.has.below(row)?;
        self.what.get(self.before.get(row as usize / 64).copied()? as usize + below)
    }

    /// All of them by row.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.has.iter().zip(&self.what)
    }

    /// Bytes held, beside what is behind pointers.
    pub fn bytes(&self) -> usize {
        self.has.bytes() + self.before.capacity() * 4 + self.what.capacity() * std::mem::size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_gets_its_own() {
        let few: Vec<(u32, u32)> = [0, 63, 64, 65, 300, 999].map(|r| (r, r * 2)).to_vec();
        let aside = Aside::new(1_000, few.clone());
        for row in 0..1_000 {
            assert_eq!(aside.get(row).copied(), few.iter().find(|(r, _)| *r == row).map(|(_, w)| *w));
        }
        assert_eq!(aside.iter().map(|(r, w)| (r, *w)).collect::<Vec<_>>(), few);
        assert_eq!(Aside::<u8>::default().get(5), None);
    }
}
