//! Sets of rows with how well they were met: a bit a row where there are many, sorted rows where there are few. Level 0 is best, 2
//! worst; the short list is filled level by level. What the rows hold is not known here.

use super::bits::Bits;
use std::collections::BinaryHeap;

/// The rows met at a level or better, of all that were met.
#[derive(Debug, Clone, Default)]
struct Upto {
    /// All of them; no bits then.
    everybody: bool,
    /// These; without bits and not everybody, nobody.
    bits: Option<Bits>,
}

impl Upto {
    const EVERYBODY: Upto = Upto { everybody: true, bits: None };

    fn has(&self, row: u32) -> bool {
        self.everybody || self.bits.as_ref().is_some_and(|b| b.has(row))
    }

    fn and(self, other: Upto) -> Upto {
        match (self, other) {
            (Upto { everybody: true, .. }, x) | (x, Upto { everybody: true, .. }) => x,
            (Upto { bits: Some(mut a), .. }, Upto { bits: Some(b), .. }) => {
                a.and(&b);
                Upto { everybody: false, bits: Some(a) }
            }
            _ => Upto::default(),
        }
    }

    /// The bits spelled out, of `all` who were met.
    fn own(&mut self, all: &Bits) -> &mut Bits {
        let everybody = std::mem::take(&mut self.everybody);
        self.bits.get_or_insert_with(|| if everybody { all.clone() } else { Bits::like(all) })
    }
}

/// Rows met, with their level: 0 best, 2 worst.
#[derive(Debug, Clone)]
pub enum Set {
    /// Sorted by row, each once.
    Few(Vec<(u32, u8)>),
    /// A bit each.
    Many(Many),
}

/// Many rows: all of them, those of level 1 or better, those of level 0.
#[derive(Debug, Clone)]
pub struct Many {
    all: Bits,
    good: Upto,
    best: Upto,
}

impl Set {
    /// These rows, all at the best level: a filter judges nobody.
    pub fn plain(all: Bits) -> Set {
        Set::Many(Many { all, good: Upto::EVERYBODY, best: Upto::EVERYBODY })
    }

    /// The same rows, all at the best level.
    pub fn judged_alike(self) -> Set {
        match self {
            Set::Few(rows) => Set::Few(rows.into_iter().map(|(r, _)| (r, 0)).collect()),
            Set::Many(many) => Set::plain(many.all),
        }
    }

    /// Those in both, at the worse of the levels.
    pub fn and(self, other: Set) -> Set {
        match (self, other) {
            (Set::Few(a), Set::Few(b)) => {
                let mut out = Vec::new();
                let mut b = b.into_iter().peekable();
                for (row, level) in a {
                    while b.next_if(|(r, _)| *r < row).is_some() {}
                    if let Some((_, other)) = b.next_if(|(r, _)| *r == row) {
                        out.push((row, level.max(other)));
                    }
                }
                Set::Few(out)
            }
            (Set::Few(few), Set::Many(many)) | (Set::Many(many), Set::Few(few)) => Set::Few(
                few.into_iter().filter(|(r, _)| many.all.has(*r)).map(|(r, l)| (r, l.max(many.level(r)))).collect(),
            ),
            (Set::Many(mut a), Set::Many(b)) => {
                // A level of everybody means everybody of its own side, so it must be spelled out before the sides meet.
                a.all.and(&b.all);
                let mut good = a.good.and(b.good);
                let mut best = a.best.and(b.best);
                for upto in [&mut good, &mut best] {
                    if let Some(bits) = &mut upto.bits {
                        bits.and(&a.all);
                    }
                }
                Set::Many(Many { all: a.all, good, best })
            }
        }
    }

    /// Without these.
    pub fn minus(&mut self, gone: &Bits) {
        match self {
            Set::Few(rows) => rows.retain(|(r, _)| !gone.has(*r)),
            Set::Many(many) => {
                many.all.minus(gone);
                for upto in [&mut many.good, &mut many.best] {
                    if let Some(bits) = &mut upto.bits {
                        bits.minus(gone);
                    }
                }
            }
        }
    }

    /// How many.
    pub fn count(&self) -> usize {
        match self {
            Set::Few(rows) => rows.len(),
            Set::Many(many) => many.all.count(),
        }
    }

    /// All rows, ascending.
    pub fn rows(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        match self {
            Set::Few(rows) => Box::new(rows.iter().map(|(r, _)| *r)),
            Set::Many(many) => Box::new(many.all.iter()),
        }
    }

    /// The `n` rows of the best level and, within it, the least key.
    pub fn least<K: Ord + Copy>(&self, n: usize, key: impl Fn(u32) -> K) -> Vec<(u8, u32)> {
        let mut kept: BinaryHeap<(u8, K, u32)> = BinaryHeap::new();
        let mut take = |level: u8, row: u32| {
            let one = (level, key(row), row);
            if kept.len() < n {
                kept.push(one);
            } else if kept.peek().is_some_and(|last| one < *last) {
                kept.pop();
                kept.push(one);
            }
        };
        match self {
            Set::Few(rows) => rows.iter().for_each(|(row, level)| take(*level, *row)),
            Set::Many(many) => many.all.iter().for_each(|row| take(many.level(row), row)),
        }
        kept.into_sorted_vec().into_iter().map(|(level, _, row)| (level, row)).collect()
    }

    /// The first `n` rows with their levels, best level first, within a level by row.
    pub fn best(&self, n: usize) -> Vec<(u8, u32)> {
        match self {
            Set::Few(rows) => {
                let mut out: Vec<(u8, u32)> = rows.iter().map(|(r, l)| (*l, *r)).collect();
                out.sort_unstable();
                out.truncate(n);
                out
            }
            Set::Many(many) => {
                let mut out: Vec<(u8, u32)> = Vec::with_capacity(n.min(1024));
                let take = |out: &mut Vec<(u8, u32)>, level: u8, from: &Bits| {
                    let room = n.saturating_sub(out.len());
                    out.extend(from.iter().filter(|r| many.level(*r) == level).take(room).map(|r| (level, r)));
                };
                for (level, upto) in [(0, &many.best), (1, &many.good)] {
                    if upto.everybody {
                        take(&mut out, level, &many.all);
                        return out;
                    }
                    if let Some(bits) = &upto.bits {
                        take(&mut out, level, bits);
                    }
                }
                take(&mut out, 2, &many.all);
                out
            }
        }
    }
}

impl Many {
    fn level(&self, row: u32) -> u8 {
        if self.best.has(row) {
            0
        } else if self.good.has(row) {
            1
        } else {
            2
        }
    }
}

/// Gathers rows that meet a word in one way or another; a row met twice keeps the better level.
#[derive(Debug)]
pub struct Gather {
    rows: usize,
    few: Vec<(u32, u8)>,
    many: Option<Many>,
}

impl Gather {
    /// Nobody yet, of `rows` rows.
    pub fn new(rows: usize) -> Gather {
        Gather { rows, few: Vec::new(), many: None }
    }

    /// How many were added so far, some perhaps twice; of many only that they are.
    pub fn count(&self) -> usize {
        if self.many.is_some() { usize::MAX } else { self.few.len() }
    }

    /// How many rows may stand in a list before bits are smaller.
    fn limit(&self) -> usize {
        (self.rows / 64).max(64)
    }

    /// Adds a row.
    #[inline]
    pub fn add(&mut self, row: u32, level: u8) {
        match &mut self.many {
            None => {
                self.few.push((row, level));
                if self.few.len() > self.limit() {
                    self.spread();
                }
            }
            Some(many) => put(many, row, level),
        }
    }

    /// Adds rows of one level.
    pub fn add_bits(&mut self, bits: &Bits, level: u8) {
        let many = self.spread();
        many.all.or(bits);
        if level < 2 {
            many.good.own(&many.all).or(bits);
        }
        if level < 1 {
            many.best.own(&many.all).or(bits);
        }
    }

    /// Adds another gathering.
    pub fn add_set(&mut self, set: &Set) {
        match set {
            Set::Few(rows) => rows.iter().for_each(|(r, l)| self.add(*r, *l)),
            Set::Many(many) => {
                self.add_bits(&many.all, 2);
                for (upto, level) in [(&many.good, 1), (&many.best, 0)] {
                    if upto.everybody {
                        self.add_bits(&many.all, level);
                    } else if let Some(bits) = &upto.bits {
                        self.add_bits(bits, level);
                    }
                }
            }
        }
    }

    /// Turns the list into bits, if it is still one.
    fn spread(&mut self) -> &mut Many {
        let (rows, few) = (self.rows, &mut self.few);
        self.many.get_or_insert_with(|| {
            let mut many = Many { all: Bits::new(rows), good: Upto::default(), best: Upto::default() };
            few.drain(..).for_each(|(row, level)| put(&mut many, row, level));
            many
        })
    }

    /// What was gathered.
    pub fn done(mut self) -> Set {
        match self.many {
            Some(many) => Set::Many(many),
            None => {
                self.few.sort_unstable();
                self.few.dedup_by_key(|(r, _)| *r);
                Set::Few(self.few)
            }
        }
    }
}

fn put(many: &mut Many, row: u32, level: u8) {
    many.all.set(row);
    if level < 2 {
        many.good.own(&many.all).set(row);
    }
    if level < 1 {
        many.best.own(&many.all).set(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn gathered(rows: &[(u32, u8)], bits: bool) -> Set {
        let mut g = Gather::new(300);
        if bits {
            g.add_bits(&Bits::new(300), 2);
        }
        rows.iter().for_each(|(r, l)| g.add(*r, *l));
        g.done()
    }

    fn map(rows: &[(u32, u8)]) -> BTreeMap<u32, u8> {
        let mut m = BTreeMap::new();
        for (r, l) in rows {
            let e = m.entry(*r).or_insert(*l);
            *e = (*e).min(*l);
        }
        m
    }

    proptest! {
        #[test]
        fn sets_of_either_kind_agree_with_a_plain_map(
            a in prop::collection::vec((0u32..300, 0u8..3), 0..40),
            b in prop::collection::vec((0u32..300, 0u8..3), 0..40),
            kinds in any::<(bool, bool)>(),
            gone in prop::collection::vec(0u32..300, 0..20),
        ) {
            let mut set = gathered(&a, kinds.0).and(gathered(&b, kinds.1));
            let (ma, mb) = (map(&a), map(&b));
            let mut out = Bits::new(300);
            gone.iter().for_each(|r| out.set(*r));
            set.minus(&out);
            let mut want: Vec<(u8, u32)> = ma.iter()
                .filter_map(|(r, l)| mb.get(r).map(|o| ((*l).max(*o), *r)))
                .filter(|(_, r)| !gone.contains(r))
                .collect();
            want.sort_unstable();
            prop_assert_eq!(set.count(), want.len());
            prop_assert_eq!(set.best(10), want.iter().copied().take(10).collect::<Vec<_>>());
            prop_assert_eq!(set.least(10, |row| row), set.best(10));
            let mut rows: Vec<u32> = want.iter().map(|(_, r)| *r).collect();
            rows.sort_unstable();
            prop_assert_eq!(set.rows().collect::<Vec<_>>(), rows);
        }
    }
}
