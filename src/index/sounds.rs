//! Rows by the syllable at each of the first four places of their names. How typed letters are cut into syllables is `spell`'s, longer
//! names are `names`'.

use super::bits::Bits;
use super::pinyin::{self, NONE};
use super::postings::Postings;
use super::sets::Gather;
use super::short::{level, unpack};
use super::spell::{self, Span};
use super::touch::touch;
use std::collections::BTreeMap;

/// How the packed names of a segment are read; each question comes with those names.
#[derive(Debug, Default)]
pub struct Sounds {
    /// Rows by syllable at each place.
    places: [Postings; 4],
    /// Spans of syllables at a place that many rows have, by place and span.
    heavy: BTreeMap<(u8, u16, u16), Bits>,
    /// Names of 1, 2, 3, 4 characters.
    lens: [Bits; 4],
}

/// A span that more rows have gets bits.
fn heavy_from(rows: usize) -> usize {
    (rows / 64).max(256)
}

impl Sounds {
    /// Reads the names.
    pub fn build(packed: &[u64]) -> Sounds {
        let lens = [1u32, 2, 3, 4].map(|len| {
            let mut bits = Bits::new(packed.len());
            for (row, packed) in packed.iter().enumerate() {
                if *packed != 0 && packed.leading_zeros() / 16 == 4 - len {
                    bits.set(row as u32);
                }
            }
            bits
        });
        let mut out = Sounds { places: Sounds::places(packed), heavy: BTreeMap::new(), lens };
        out.weigh(packed.len());
        out
    }

    /// The names of one character.
    pub fn lone(&self) -> &Bits {
        let [lone, ..] = &self.lens;
        lone
    }

    fn places(packed: &[u64]) -> [Postings; 4] {
        let rows = packed.len();
        // The best reading of each character, and the few further ones.
        let mut best: [Vec<u16>; 4] = [0; 4].map(|_| vec![NONE; rows]);
        let mut more: [Vec<(u32, u16)>; 4] = Default::default();
        for (row, packed) in packed.iter().enumerate().filter(|(_, p)| **p != 0) {
            let (chars, len) = unpack(*packed);
            let reads = pinyin::read_short(chars.get(..len).unwrap_or(&[]));
            for ((best, more), read) in best.iter_mut().zip(&mut more).zip(&reads) {
                let mut ways = read.all();
                if let (Some(slot), Some(way)) = (best.get_mut(row), ways.next()) {
                    *slot = way;
                }
                more.extend(ways.map(|way| (row as u32, way)));
            }
        }
        let mut places = best.into_iter().zip(more);
        [0; 4].map(|_| {
            let (best, more) = places.next().unwrap_or_default();
            Postings::build(rows, pinyin::count(), false, |take| {
                let mut more = more.iter().peekable();
                for (row, way) in (0u32..).zip(&best).filter(|(_, way)| **way != NONE) {
                    take(u32::from(*way), row);
                    while let Some((_, way)) = more.next_if(|(r, _)| *r == row) {
                        take(u32::from(*way), row);
                    }
                }
            })
        })
    }

    /// Finds the spans that many rows have: one letter, or a few, or a whole syllable.
    fn weigh(&mut self, rows: usize) {
        let ends = |s: &'static str| (1..=s.len()).filter_map(move |end| s.get(..end));
        let mut spans: Vec<Span> = pinyin::all().iter().flat_map(|s| ends(s)).map(spell::beginning).collect();
        spans.sort_unstable();
        spans.dedup();
        for (place, sounds) in self.places.iter().enumerate() {
            for (from, to) in &spans {
                let list = sounds.span(u32::from(*from), u32::from(*to));
                if list.len() > heavy_from(rows) {
                    let mut bits = Bits::new(rows);
                    list.iter().for_each(|r| bits.set(*r));
                    self.heavy.insert((place as u8, *from, *to), bits);
                }
            }
        }
    }

    /// Gathers the names of four characters or fewer that have these spans of syllables from `start` on.
    pub fn spans(&self, packed: &[u64], spans: &[Span], start: usize, into: &mut Gather) {
        let mut rarest: Option<(&[u32], usize)> = None;
        // Spans that many have, and of the others the place and the span.
        let (mut heavy, mut rare): (Vec<&Bits>, Vec<(usize, Span)>) = (Vec::with_capacity(4), Vec::with_capacity(4));
        for (place, (from, to)) in (start..).zip(spans) {
            let Some(sounds) = self.places.get(place) else { return };
            let list = sounds.span(u32::from(*from), u32::from(*to));
            if list.is_empty() {
                return;
            }
            if rarest.is_none_or(|(r, _)| list.len() < r.len()) {
                rarest = Some((list, place));
            }
            match self.heavy.get(&(place as u8, *from, *to)) {
                Some(bits) => heavy.push(bits),
                None => rare.push((place, (*from, *to))),
            }
        }
        if heavy.len() == spans.len() {
            let mut found = Bits::all_of(&heavy);
            into.add_bits(&found, if start == 0 { 1 } else { 2 });
            if start == 0
                && let Some(len) = self.lens.get(spans.len() - 1)
            {
                found.and(len);
                into.add_bits(&found, 0);
            }
            return;
        }
        let Some((list, rarest)) = rarest else { return };
        rare.retain(|(place, _)| *place != rarest);
        // What has no bits has the shortest list, or is asked of the name itself.
        let mut maybe: Vec<u32> = list.iter().copied().filter(|row| heavy.iter().all(|bits| bits.has(*row))).collect();
        if !rare.is_empty() {
            touch(packed, &maybe);
            maybe.retain(|row| {
                let (chars, len) = unpack(packed.get(*row as usize).copied().unwrap_or(0));
                let reads = pinyin::read_short(chars.get(..len).unwrap_or(&[]));
                rare.iter().all(|(place, (from, to))| {
                    reads.get(*place).is_some_and(|r| r.all().any(|w| (*from..*to).contains(&w)))
                })
            });
        }
        let all = self.lens.get(spans.len() - 1);
        for row in maybe {
            let whole = start == 0 && all.is_some_and(|len| len.has(row));
            into.add(row, if whole { 0 } else { level(start, 0, 1) });
        }
    }

    /// Gathers, at `level`, names that sound so from one of their first `starts` characters on; of many the first.
    pub fn sounding(&self, packed: &[u64], spans: &[Span], starts: usize, level: u8, into: &mut Gather) {
        /// More guesses than this nobody reads.
        const ENOUGH: usize = 200;
        for start in 0..starts {
            if start + spans.len() > 4 {
                continue;
            }
            let bits: Vec<&Bits> = (start..)
                .zip(spans)
                .filter_map(|(place, (from, to))| self.heavy.get(&(place as u8, *from, *to)))
                .collect();
            if bits.len() == spans.len() {
                Bits::first_of_all(&bits, ENOUGH).into_iter().for_each(|row| into.add(row, level));
            } else {
                let mut found = Gather::new(packed.len());
                self.spans(packed, spans, start, &mut found);
                found.done().rows().take(ENOUGH).for_each(|row| into.add(row, level));
            }
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.places.iter().map(Postings::bytes).sum::<usize>()
            + self.heavy.values().map(|b| b.bytes() + 40).sum::<usize>()
            + self.lens.iter().map(Bits::bytes).sum::<usize>()
    }
}
