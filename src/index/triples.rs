//! Rows by each three neighbouring digits of their numbers: two bytes a posting, in blocks of 65,536 rows, so that a run of
//! digits is found by meeting two short sorted lists. Which number holds the run, and where, is checked by `codes`.

use std::ops::Range;

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

/// What is being gathered of the rows of one block.
#[derive(Debug)]
pub struct Block {
    /// The row that last had each key, so that a row has it once.
    last: Vec<u32>,
    /// How many rows have each key; then where the next of them goes.
    counts: Vec<u32>,
    /// Keys with the row within the block.
    met: Vec<u32>,
}

impl Block {
    /// Says that a row has a key; rows ascending.
    #[inline]
    pub fn put(&mut self, row: u32, key: u16) {
        let at = usize::from(key);
        if let (Some(last), Some(count)) = (self.last.get_mut(at), self.counts.get_mut(at))
            && *last != row
        {
            *last = row;
            *count += 1;
            self.met.push((u32::from(key) << 16) | (row % BLOCK as u32));
        }
    }
}

impl Triples {
    /// Builds from `each`, which is asked once for each portion of the rows.
    pub fn build(rows: usize, mut each: impl FnMut(Range<u32>, &mut Block)) -> Triples {
        let mut out = Triples::default();
        let mut block = Block { last: vec![u32::MAX; KEYS], counts: vec![0; KEYS], met: Vec::new() };
        for from in (0..rows).step_by(BLOCK) {
            each(from as u32..(from + BLOCK).min(rows) as u32, &mut block);
            let mut next = out.rows.len() as u32;
            for count in &mut block.counts {
                out.starts.push(next);
                next += std::mem::replace(count, next);
            }
            out.starts.push(next);
            out.rows.resize(next as usize, 0);
            for met in block.met.drain(..) {
                if let Some(at) = block.counts.get_mut((met >> 16) as usize) {
                    if let Some(place) = out.rows.get_mut(*at as usize) {
                        *place = met as u16;
                    }
                    *at += 1;
                }
            }
            block.counts.fill(0);
        }
        out.rows.shrink_to_fit();
        out.starts.shrink_to_fit();
        out
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
        let t = Triples::build(rows as usize, |portion, block| {
            for row in portion {
                if row % 3 == 0 {
                    block.put(row, 7);
                    block.put(row, 7);
                }
                if row % 5 == 0 {
                    block.put(row, 999);
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
    }
}
