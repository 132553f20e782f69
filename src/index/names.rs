//! Names: up to four characters packed in a number, longer ones aside; rows by character. A typed `zhsan` becomes every way to cut
//! it into beginnings of syllables, each a span of syllable numbers; who has those at which place is `sounds`'.

use super::bits::Bits;
use super::fold::{fold, fold_char};
use super::order::Order;
use super::pinyin::{self, Read};
use super::postings::{Postings, Rows};
use super::sets::Gather;
use super::short::{level, pack, unpack};
use super::sounds::Sounds;
use super::spell::{self, Span};
use super::touch::touch;

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
    sounds: Sounds,
}

/// Characters of rare names that core systems invent share a key with others, and are looked at again.
const PRIVATE: std::ops::RangeInclusive<u32> = 0xe000..=0xf8ff;

fn key(c: char) -> u32 {
    let u = u32::from(c);
    if u > 0xffff { 0xe000 + u % 0x1800 } else { u }
}

fn letter_bit(letter: Option<u8>) -> u32 {
    letter.map_or(0, |b| 1 << (u32::from(b).wrapping_sub(97) & 31))
}

/// Names as they arrive.
#[derive(Debug, Default)]
pub struct Arrived {
    packed: Vec<u64>,
    long: Vec<(u32, Box<str>)>,
}

impl Arrived {
    /// The next one.
    pub fn push(&mut self, name: &str) {
        let short = pack(name);
        if short.is_none() {
            self.long.push((self.packed.len() as u32, name.into()));
        }
        self.packed.push(short.unwrap_or(0));
    }
}

impl Names {
    /// Builds from all that arrived.
    pub fn build(arrived: Arrived, order: &Order) -> Names {
        let long = order.arrange_few(arrived.long.into_iter()).into_iter().map(|(row, name)| {
            let reads = pinyin::read(&name);
            let firsts = reads.iter().flat_map(Read::all).map(|way| letter_bit(pinyin::spelled(way).bytes().next()));
            let letters = firsts.fold(0, |all, bit| all | bit);
            Long { row, name, reads: reads.into(), letters }
        });
        let mut out = Names { packed: order.arrange(&arrived.packed), long: long.collect(), ..Names::default() };
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
        (self.first, self.later) = (first, later);
        self.sounds = Sounds::build(&self.packed);
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
        let lone = self.sounds.lone();
        match first {
            Rows::Bits(bits, _) => {
                into.add_bits(bits, 1);
                into.add_bits(&Bits::all_of(&[bits, lone]), 0);
            }
            Rows::List(list) => list.iter().for_each(|r| into.add(*r, u8::from(!lone.has(*r)))),
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
                self.sounds.spans(&self.packed, spans, start, into);
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

    /// Gathers, at `level`, names that sound so from one of their first `starts` characters on; of many the first.
    pub fn sounding(&self, spans: &[Span], starts: usize, level: u8, into: &mut Gather) {
        self.sounds.sounding(&self.packed, spans, starts, level, into);
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
            + self.sounds.bytes()
    }
}
