//! Which rows hold a key: sorted rows a key in one array, or bits for keys that many rows hold. What a key means is
//! the owner's business.

use super::bits::Bits;

/// The rows of a key.
#[derive(Debug, Clone, Copy)]
pub enum Rows<'a> {
    /// Sorted.
    List(&'a [u32]),
    /// A bit each, and how many.
    Bits(&'a Bits, usize),
}

impl Rows<'_> {
    /// How many.
    pub fn count(&self) -> usize {
        match self {
            Rows::List(rows) => rows.len(),
            Rows::Bits(_, count) => *count,
        }
    }

    /// Each of them.
    pub fn each(&self, mut take: impl FnMut(u32)) {
        match self {
            Rows::List(rows) => rows.iter().for_each(|r| take(*r)),
            Rows::Bits(bits, _) => bits.iter().for_each(take),
        }
    }

    /// Puts them into bits.
    pub fn put(&self, into: &mut Bits) {
        match self {
            Rows::List(rows) => rows.iter().for_each(|r| into.set(*r)),
            Rows::Bits(bits, _) => into.or(bits),
        }
    }
}

/// Fewer rows than this are sorted rather than counted, and no key is given bits.
const SMALL: usize = 4_096;

/// Rows by key.
#[derive(Debug, Default)]
pub struct Postings {
    keys: Vec<u32>,
    /// Where the rows of each key begin; one more than keys.
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// Keys held by more than one row in 32, by their place in `keys`.
    heavy: Vec<(u32, u32, Bits)>,
}

impl Postings {
    /// Builds from `each`, which calls back with (key, row), rows ascending, keys below `space`, and does so alike both times it is
    /// asked. With `bits` false all keys have lists, so that neighbouring keys stand together.
    pub fn build(rows: usize, space: usize, bits: bool, each: impl Fn(&mut dyn FnMut(u32, u32))) -> Postings {
        const HEAVY: u32 = u32::MAX;
        if rows < SMALL {
            return Postings::sorted(each);
        }
        let mut counts = vec![0u32; space];
        each(&mut |key, _| {
            if let Some(n) = counts.get_mut(key as usize) {
                *n += 1;
            }
        });
        let mut out = Postings::default();
        let mut next = 0;
        // From here on `counts` holds where the next row of a key goes.
        for (key, slot) in counts.iter_mut().enumerate().filter(|(_, n)| **n > 0) {
            let count = *slot;
            out.starts.push(next);
            if bits && count as usize * 32 > rows {
                out.heavy.push((out.keys.len() as u32, count, Bits::new(rows)));
                *slot = HEAVY - out.heavy.len() as u32;
            } else {
                *slot = next;
                next += count;
            }
            out.keys.push(key as u32);
        }
        out.starts.push(next);
        out.rows = vec![0; next as usize];
        let heavies = out.heavy.len() as u32;
        each(&mut |key, row| {
            let Some(slot) = counts.get_mut(key as usize) else { return };
            if *slot >= HEAVY - heavies {
                if let Some((_, _, bits)) = out.heavy.get_mut((HEAVY - *slot - 1) as usize) {
                    bits.set(row);
                }
            } else if let Some(place) = out.rows.get_mut(*slot as usize) {
                *place = row;
                *slot += 1;
            }
        });
        out
    }

    /// Builds by sorting: for few rows that is cheaper than counting every key there might be.
    fn sorted(each: impl Fn(&mut dyn FnMut(u32, u32))) -> Postings {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        each(&mut |key, row| pairs.push((key, row)));
        pairs.sort_unstable();
        let mut out = Postings::default();
        for (key, row) in pairs {
            if out.keys.last() != Some(&key) {
                out.keys.push(key);
                out.starts.push(out.rows.len() as u32);
            }
            out.rows.push(row);
        }
        out.starts.push(out.rows.len() as u32);
        out
    }

    /// The rows of a key.
    pub fn get(&self, key: u32) -> Rows<'_> {
        match self.keys.binary_search(&key) {
            Ok(at) => self.at(at),
            Err(_) => Rows::List(&[]),
        }
    }

    fn at(&self, at: usize) -> Rows<'_> {
        if let Ok(i) = self.heavy.binary_search_by_key(&(at as u32), |(k, _, _)| *k)
            && let Some((_, count, bits)) = self.heavy.get(i)
        {
            return Rows::Bits(bits, *count as usize);
        }
        let bound = |i: usize| self.starts.get(i).map_or(0, |s| *s as usize);
        Rows::List(self.rows.get(bound(at)..bound(at + 1)).unwrap_or(&[]))
    }

    /// The rows of all keys from `from` up to but not `to`, key after key. Only lists; see [`Postings::build`].
    pub fn span(&self, from: u32, to: u32) -> &[u32] {
        let bound = |key| self.starts.get(self.keys.partition_point(|k| *k < key)).map_or(0, |s| *s as usize);
        self.rows.get(bound(from)..bound(to)).unwrap_or(&[])
    }

    /// Keys with their rows, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u32, Rows<'_>)> {
        self.keys.iter().enumerate().map(|(at, key)| (*key, self.at(at)))
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        (self.keys.capacity() + self.starts.capacity() + self.rows.capacity()) * 4
            + self.heavy.iter().map(|(_, _, b)| b.bytes() + 8).sum::<usize>()
    }
}
