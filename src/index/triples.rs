//! Rows by each three neighbouring digits of their numbers: two bytes a posting, in blocks of 65,536 rows, so that a run of
//! digits is found by meeting two short sorted lists. Which number holds the run, and where, is checked by `codes`.

/// Rows of a block.
const BLOCK: usize = 1 << 16;
/// Three digits.
const KEYS: usize = 1_000;

/// Rows by three digits.
#[derive(Debug, Default)]
pub struct Triples {
    /// For each block where the rows of each key begin, and where those of the last end.
    starts: Vec<u32>,
    /// Rows within their block.
    rows: Vec<u16>,
}

/// The number of three digits; `None` for anything else.
pub fn key(text: &[u8]) -> Option<u16> {
    text.iter().try_fold(0u16, |k, b| b.is_ascii_digit().then(|| k * 10 + u16::from(b - b'0')))
}

impl Triples {
    /// Builds from `each`, which calls back with (row, key), rows ascending and a key once a row, and does so alike both times.
    pub fn build(rows: usize, each: impl Fn(&mut dyn FnMut(u32, u16))) -> Triples {
        let blocks = rows.div_ceil(BLOCK);
        let slot = |row: u32, key: u16| (row as usize / BLOCK) * (KEYS + 1) + usize::from(key);
        let mut starts = vec![0u32; blocks * (KEYS + 1)];
        each(&mut |row, key| {
            if let Some(n) = starts.get_mut(slot(row, key)) {
                *n += 1;
            }
        });
        let mut next = 0;
        for start in &mut starts {
            let count = *start;
            *start = next;
            next += count;
        }
        let mut out = vec![0u16; next as usize];
        each(&mut |row, key| {
            if let Some(at) = starts.get_mut(slot(row, key)) {
                if let Some(place) = out.get_mut(*at as usize) {
                    *place = (row as usize % BLOCK) as u16;
                }
                *at += 1;
            }
        });
        // Each start has walked on to where the next one began.
        if starts.pop().is_some() {
            starts.insert(0, 0);
        }
        Triples { starts, rows: out }
    }

    /// How many blocks there are.
    fn blocks(&self) -> usize {
        self.starts.len() / (KEYS + 1)
    }

    /// The rows of a key in a block, within the block.
    fn get(&self, block: usize, key: u16) -> &[u16] {
        let at = block * (KEYS + 1) + usize::from(key);
        let bound = |i: usize| self.starts.get(i).map_or(self.rows.len(), |s| *s as usize);
        self.rows.get(bound(at)..bound(at + 1)).unwrap_or(&[])
    }

    /// Calls back with the rows that have the two rarest of these keys; what else they need is quicker asked of the numbers.
    pub fn meet(&self, keys: &[u16], mut take: impl FnMut(u32)) {
        let mut bits = vec![0u64; BLOCK / 64];
        for block in 0..self.blocks() {
            let base = (block * BLOCK) as u32;
            let mut lists: Vec<&[u16]> = keys.iter().map(|k| self.get(block, *k)).collect();
            lists.sort_unstable_by_key(|l| l.len());
            match lists.as_slice() {
                [] => {}
                [one] => one.iter().for_each(|low| take(base + u32::from(*low))),
                [first, second, ..] => {
                    // Two lists walked side by side guess wrong at every step; bits need no guessing.
                    for low in *second {
                        if let Some(word) = bits.get_mut(usize::from(*low) / 64) {
                            *word |= 1 << (low % 64);
                        }
                    }
                    for low in *first {
                        if bits.get(usize::from(*low) / 64).is_some_and(|w| w >> (low % 64) & 1 == 1) {
                            take(base + u32::from(*low));
                        }
                    }
                    bits.fill(0);
                }
            }
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.starts.capacity() * 4 + self.rows.capacity() * 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_two_keys_are_met_across_blocks() {
        let rows = 150_000u32;
        let t = Triples::build(rows as usize, |take| {
            for row in 0..rows {
                if row % 3 == 0 {
                    take(row, 7);
                }
                if row % 5 == 0 {
                    take(row, 999);
                }
            }
        });
        let mut met = Vec::new();
        t.meet(&[7, 999], |r| met.push(r));
        assert_eq!(met, (0..rows).filter(|r| r % 15 == 0).collect::<Vec<_>>());
        met.clear();
        t.meet(&[999], |r| met.push(r));
        assert_eq!(met, (0..rows).filter(|r| r % 5 == 0).collect::<Vec<_>>());
        met.clear();
        t.meet(&[1, 999], |r| met.push(r));
        assert!(met.is_empty());
        assert_eq!(key(b"042"), Some(42));
        assert_eq!(key(b"04x"), None);
    }
}
