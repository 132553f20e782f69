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
    pub fn blocks(&self) -> usize {
        self.starts.len() / (KEYS + 1)
    }

    /// The rows of a key in a block, within the block.
    pub fn get(&self, block: usize, key: u16) -> &[u16] {
        let at = block * (KEYS + 1) + usize::from(key);
        let bound = |i: usize| self.starts.get(i).map_or(self.rows.len(), |s| *s as usize);
        self.rows.get(bound(at)..bound(at + 1)).unwrap_or(&[])
    }

    /// Calls back with the rows of a block that have all these keys.
    pub fn meet(&self, block: usize, keys: &[u16], mut take: impl FnMut(u32)) {
        let mut lists: Vec<&[u16]> = keys.iter().map(|k| self.get(block, *k)).collect();
        lists.sort_unstable_by_key(|l| l.len());
        let base = (block * BLOCK) as u32;
        match lists.as_slice() {
            [] => {}
            [one] => one.iter().for_each(|low| take(base + u32::from(*low))),
            [first, rest @ ..] => {
                // Beyond two lists the numbers themselves are quicker to ask.
                let mut second = rest.first().copied().unwrap_or(&[]);
                for low in *first {
                    let skip = second.iter().take_while(|s| *s < low).count();
                    second = second.get(skip..).unwrap_or(&[]);
                    if second.first() == Some(low) {
                        take(base + u32::from(*low));
                    }
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
        (0..t.blocks()).for_each(|b| t.meet(b, &[7, 999], |r| met.push(r)));
        assert_eq!(met, (0..rows).filter(|r| r % 15 == 0).collect::<Vec<_>>());
        met.clear();
        (0..t.blocks()).for_each(|b| t.meet(b, &[999], |r| met.push(r)));
        assert_eq!(met, (0..rows).filter(|r| r % 5 == 0).collect::<Vec<_>>());
        met.clear();
        (0..t.blocks()).for_each(|b| t.meet(b, &[1, 999], |r| met.push(r)));
        assert!(met.is_empty());
        assert_eq!(key(b"042"), Some(42));
        assert_eq!(key(b"04x"), None);
    }
}
