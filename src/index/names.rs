//! Names: up to four characters packed in a number, longer ones aside; rows by character and by syllable at each place. A typed
//! `zhsan` becomes every way to cut it into beginnings of syllables, each a span of syllable numbers.

use super::bits::Bits;
use super::fold::{fold, fold_char};
use super::order::Order;
use super::pinyin::{self, NONE, Read};
use super::postings::{Postings, Rows};
use super::sets::Gather;
use super::spell::{self, Span};
use super::touch::touch;
use std::collections::BTreeMap;

/// A name too long or too odd to pack.
#[derive(Debug)]
struct Long {
    row: u32,
    name: Box<str>,
    reads: Box<[Read]>,
    /// The first letters of its syllables, a bit each: most names are passed over by it.
    letters: u32,
}

/// Names of a segment.
#[derive(Debug, Default)]
pub struct Names {
    /// Four UTF-16 units each, the first lowest; 0 where the name is aside or empty.
    packed: Vec<u64>,
    long: Vec<Long>,
    /// Rows by first character, and by any later one.
    first: Postings,
    later: Postings,
    /// Rows by syllable at each of the first four places.
    sounds: [Postings; 4],
    /// Spans of syllables at a place that many rows have, by place and span.
    heavy: BTreeMap<(u8, u16, u16), Bits>,
    /// Names of 1, 2, 3, 4 characters.
    lens: [Bits; 4],
}

/// Characters of rare names that core systems invent share a key with others, and are looked at again.
const PRIVATE: std::ops::RangeInclusive<u32> = 0xe000..=0xf8ff;

fn key(c: char) -> u32 {
    let u = u32::from(c);
    if u > 0xffff { 0xe000 + u % 0x1800 } else { u }
}

fn pack(name: &str) -> Option<u64> {
    let mut packed = 0u64;
    for (i, c) in name.chars().enumerate() {
        if i > 3 || fold_char(c) != Some(c) || u32::from(c) > 0xffff || c == '\0' {
            return None;
        }
        packed |= u64::from(u32::from(c)) << (16 * i);
    }
    Some(packed)
}

/// The characters of a packed name and how many there are.
#[inline]
fn unpack(packed: u64) -> ([char; 4], usize) {
    let mut chars = ['\0'; 4];
    let mut len = 0;
    for (i, slot) in chars.iter_mut().enumerate() {
        let unit = (packed >> (16 * i)) & 0xffff;
        if unit == 0 {
            break;
        }
        *slot = char::from_u32(unit as u32).unwrap_or('\0');
        len = i + 1;
    }
    (chars, len)
}

/// The level at which a name of `len` characters is met from `start` on over `used` of them.
fn level(start: usize, used: usize, len: usize) -> u8 {
    match (start, used == len) {
        (0, true) => 0,
        (0, false) => 1,
        _ => 2,
    }
}

fn letter_bit(letter: Option<u8>) -> u32 {
    letter.map_or(0, |b| 1 << (u32::from(b).wrapping_sub(97) & 31))
}

impl Names {
    /// Builds from the names as they arrive.
    pub fn build<'a>(names: impl Iterator<Item = &'a str>, order: &Order) -> Names {
        let mut packed = Vec::new();
        let mut long = Vec::new();
        for (at, name) in (0u32..).zip(names) {
            let short = pack(name);
            packed.push(short.unwrap_or(0));
            if short.is_none() {
                long.push((at, name));
            }
        }
        let long = order.arrange_few(long.into_iter()).into_iter().map(|(row, name)| {
            let reads = pinyin::read(name);
            let firsts = reads.iter().flat_map(Read::all).map(|way| letter_bit(pinyin::spelled(way).bytes().next()));
            let letters = firsts.fold(0, |all, bit| all | bit);
            Long { row, name: name.into(), reads: reads.into(), letters }
        });
        let mut out = Names { packed: order.arrange(&packed), long: long.collect(), ..Names::default() };
        out.index();
        out
    }

    fn index(&mut self) {
        let rows = self.packed.len();
        let long_chars = |take: &mut dyn FnMut(bool, char, u32), row: u32| {
            if let Ok(i) = self.long.binary_search_by_key(&row, |l| l.row)
                && let Some(long) = self.long.get(i)
            {
                let chars: Vec<char> = long.name.chars().filter_map(fold_char).collect();
                for (i, c) in chars.iter().enumerate() {
                    // A character met twice is one posting.
                    if i == 0 || chars.iter().take(i).skip(1).all(|d| key(*d) != key(*c)) {
                        take(i == 0, *c, row);
                    }
                }
            }
        };
        let chars = |take: &mut dyn FnMut(bool, char, u32)| {
            for (row, packed) in self.packed.iter().enumerate() {
                if *packed == 0 {
                    long_chars(take, row as u32);
                    continue;
                }
                let (chars, len) = unpack(*packed);
                for (i, c) in chars.iter().take(len).enumerate() {
                    if i == 0 || chars.iter().take(i).skip(1).all(|d| d != c) {
                        take(i == 0, *c, row as u32);
                    }
                }
            }
        };
        let by = |want: bool| {
            Postings::build(rows, 0x1_0000, true, |take| {
                chars(&mut |first, c, row| {
                    if first == want {
                        take(key(c), row);
                    }
                });
            })
        };
        let (first, later) = (by(true), by(false));
        let sounds = self.sounds_at();
        let lens = [1u32, 2, 3, 4].map(|len| {
            let mut bits = Bits::new(rows);
            for (row, packed) in self.packed.iter().enumerate() {
                if *packed != 0 && packed.leading_zeros() / 16 == 4 - len {
                    bits.set(row as u32);
                }
            }
            bits
        });
        (self.first, self.later, self.sounds, self.lens) = (first, later, sounds, lens);
        self.weigh();
    }

    /// Rows by syllable at each of the first four places.
    fn sounds_at(&self) -> [Postings; 4] {
        let rows = self.packed.len();
        // The best reading of each character, and the few further ones.
        let mut best: [Vec<u16>; 4] = [0; 4].map(|_| vec![NONE; rows]);
        let mut more: [Vec<(u32, u16)>; 4] = Default::default();
        for (row, packed) in self.packed.iter().enumerate().filter(|(_, p)| **p != 0) {
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
    fn weigh(&mut self) {
        let ends = |s: &'static str| (1..=s.len()).filter_map(move |end| s.get(..end));
        let mut spans: Vec<Span> = pinyin::all().iter().flat_map(|s| ends(s)).map(spell::beginning).collect();
        spans.sort_unstable();
        spans.dedup();
        for (place, sounds) in self.sounds.iter().enumerate() {
            for (from, to) in &spans {
                let list = sounds.span(u32::from(*from), u32::from(*to));
                if list.len() > self.heavy_from() {
                    let mut bits = Bits::new(self.packed.len());
                    list.iter().for_each(|r| bits.set(*r));
                    self.heavy.insert((place as u8, *from, *to), bits);
                }
            }
        }
    }

    fn heavy_from(&self) -> usize {
        (self.packed.len() / 64).max(256)
    }

    /// Brings rows to hand.
    pub fn touch(&self, rows: &[u32]) {
        touch(&self.packed, rows);
    }

    /// The name of a row.
    pub fn get(&self, row: u32) -> String {
        match self.packed.get(row as usize) {
            Some(0) | None => self.long(row).map_or(String::new(), |l| l.name.to_string()),
            Some(packed) => {
                let (chars, len) = unpack(*packed);
                chars.iter().take(len).collect()
            }
        }
    }

    fn long(&self, row: u32) -> Option<&Long> {
        self.long.binary_search_by_key(&row, |l| l.row).ok().and_then(|i| self.long.get(i))
    }

    /// A key by which names sort as they are read; the order of equal readings is left open.
    pub fn sort_key(&self, row: u32) -> u64 {
        let pack = |reads: &[Read]| {
            (0..4).fold(0u64, |k, i| {
                let way = reads.get(i).and_then(|r| r.all().next()).map_or(0, |w| w + 1);
                k << 16 | u64::from(way)
            })
        };
        match self.packed.get(row as usize) {
            Some(0) | None => self.long(row).map_or(u64::MAX, |l| pack(&l.reads)),
            Some(packed) => {
                let (chars, len) = unpack(*packed);
                pack(&pinyin::read_short(chars.get(..len).unwrap_or(&[])))
            }
        }
    }

    /// Gathers the rows whose name contains these characters.
    pub fn han(&self, text: &str, into: &mut Gather) {
        let chars: Vec<char> = text.chars().collect();
        let Some((head, tail)) = chars.split_first() else { return };
        let (first, later) = (self.first.get(key(*head)), self.later.get(key(*head)));
        let Some(rarest) = tail.iter().map(|c| self.later.get(key(*c))).min_by_key(Rows::count) else {
            self.one(*head, first, later, into);
            return;
        };
        let mut maybe: Vec<u32> = Vec::new();
        match (rarest, first, later) {
            (Rows::Bits(bits, _), Rows::Bits(a, _), Rows::Bits(b, _)) => {
                let mut heads = a.clone();
                heads.or(b);
                heads.and(bits);
                maybe.extend(heads.iter());
            }
            (Rows::Bits(bits, _), a, b) => {
                for rows in [a, b] {
                    match rows {
                        Rows::Bits(heads, _) => maybe.extend(Bits::all_of(&[heads, bits]).iter()),
                        Rows::List(list) => maybe.extend(list.iter().filter(|r| bits.has(**r))),
                    }
                }
            }
            (Rows::List(list), Rows::Bits(a, _), Rows::Bits(b, _)) => {
                maybe.extend(list.iter().filter(|r| a.has(**r) || b.has(**r)));
            }
            (Rows::List(list), a, b) if list.len() <= a.count() + b.count() => maybe.extend(list),
            (Rows::List(_), a, b) => {
                a.each(|r| maybe.push(r));
                b.each(|r| maybe.push(r));
            }
        }
        for portion in maybe.chunks(256) {
            touch(&self.packed, portion);
            for row in portion {
                if let Some(level) = self.holds(*row, &chars) {
                    into.add(*row, level);
                }
            }
        }
    }

    fn one(&self, c: char, first: Rows<'_>, later: Rows<'_>, into: &mut Gather) {
        if PRIVATE.contains(&key(c)) {
            for rows in [first, later] {
                rows.each(|r| {
                    if let Some(level) = self.holds(r, &[c]) {
                        into.add(r, level);
                    }
                });
            }
            return;
        }
        let alone = |row: u32| self.lens.first().is_some_and(|l| l.has(row));
        match first {
            Rows::Bits(bits, _) => {
                into.add_bits(bits, 1);
                if let Some(ones) = self.lens.first() {
                    into.add_bits(&Bits::all_of(&[bits, ones]), 0);
                }
            }
            Rows::List(list) => list.iter().for_each(|r| into.add(*r, u8::from(!alone(*r)))),
        }
        match later {
            Rows::Bits(bits, _) => into.add_bits(bits, 2),
            Rows::List(list) => list.iter().for_each(|r| into.add(*r, 2)),
        }
    }

    /// Whether the name of a row contains the characters, and at which level.
    fn holds(&self, row: u32, part: &[char]) -> Option<u8> {
        let within = |name: &[char]| {
            name.windows(part.len()).position(|w| w == part).map(|start| level(start, part.len(), name.len()))
        };
        match self.packed.get(row as usize) {
            Some(0) | None => within(&fold(&self.long(row)?.name).chars().collect::<Vec<_>>()),
            Some(packed) => {
                let (chars, len) = unpack(*packed);
                within(chars.get(..len)?)
            }
        }
    }

    /// Gathers the rows whose name is read so, from any of its characters on.
    pub fn letters(&self, letters: &str, into: &mut Gather) {
        for spans in &spell::cuts(letters) {
            for start in 0..=4 - spans.len() {
                self.spans(spans, start, into);
            }
        }
        let first = letter_bit(letters.bytes().next());
        for long in self.long.iter().filter(|l| l.letters & first != 0) {
            let reads = &long.reads;
            let fits = (0..reads.len()).filter_map(|s| spell::reach(letters, reads, s).map(|used| (s, used)));
            if let Some(best) = fits.map(|(start, used)| level(start, used, reads.len())).min() {
                into.add(long.row, best);
            }
        }
    }

    /// Gathers the names of four characters or fewer that have these spans of syllables from `start` on.
    fn spans(&self, spans: &[Span], start: usize, into: &mut Gather) {
        let mut rarest: Option<(&[u32], usize)> = None;
        // Spans that many have, and of the others the place and the span.
        let (mut heavy, mut rare): (Vec<&Bits>, Vec<(usize, Span)>) = (Vec::with_capacity(4), Vec::with_capacity(4));
        for (place, (from, to)) in (start..).zip(spans) {
            let Some(sounds) = self.sounds.get(place) else { return };
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
            touch(&self.packed, &maybe);
            maybe.retain(|row| {
                let (chars, len) = unpack(self.packed.get(*row as usize).copied().unwrap_or(0));
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
    pub fn sounding(&self, spans: &[Span], starts: usize, level: u8, into: &mut Gather) {
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
                let mut found = Gather::new(self.packed.len());
                self.spans(spans, start, &mut found);
                found.done().rows().take(ENOUGH).for_each(|row| into.add(row, level));
            }
        }
    }

    /// Gathers, at `level`, the names that hold these characters side by side, anything standing for `None`.
    pub fn pattern(&self, pattern: &[Option<char>], level: u8, into: &mut Gather) {
        /// A character that more names hold tells too little.
        const COMMON: usize = 20_000;
        let rows = |c: char| (self.first.get(key(c)), self.later.get(key(c)));
        let known: Vec<(Rows<'_>, Rows<'_>)> = pattern.iter().flatten().map(|c| rows(*c)).collect();
        if known.len() < 2 {
            return;
        }
        let count = |(a, b): &(Rows<'_>, Rows<'_>)| a.count() + b.count();
        let Some((first, later)) = known.iter().min_by_key(|k| count(k)).filter(|k| count(k) <= COMMON) else { return };
        // Characters that many names hold are looked up before the name is.
        let heavy: Vec<(&Bits, &Bits)> = known
            .iter()
            .filter_map(|k| match k {
                (Rows::Bits(a, _), Rows::Bits(b, _)) => Some((*a, *b)),
                _ => None,
            })
            .collect();
        let fits = |name: &[char]| {
            name.windows(pattern.len()).any(|w| w.iter().zip(pattern).all(|(c, p)| p.is_none_or(|p| p == *c)))
        };
        let mut maybe = Vec::new();
        for rows in [first, later] {
            rows.each(|row| {
                if heavy.iter().all(|(a, b)| a.has(row) || b.has(row)) {
                    maybe.push(row);
                }
            });
        }
        touch(&self.packed, &maybe);
        for row in maybe {
            let met = match self.packed.get(row as usize) {
                Some(0) | None => fits(&fold(&self.get(row)).chars().collect::<Vec<_>>()),
                Some(packed) => {
                    let (chars, len) = unpack(*packed);
                    fits(chars.get(..len).unwrap_or(&[]))
                }
            };
            if met {
                into.add(row, level);
            }
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.packed.capacity() * 8
            + self.long.iter().map(|l| 48 + l.name.len() + std::mem::size_of_val(&*l.reads)).sum::<usize>()
            + self.first.bytes()
            + self.later.bytes()
            + self.sounds.iter().map(Postings::bytes).sum::<usize>()
            + self.heavy.values().map(|b| b.bytes() + 40).sum::<usize>()
            + self.lens.iter().map(Bits::bytes).sum::<usize>()
    }
}
