//! A column of numbers: phones, documents, customer numbers. Digits are packed as `digits` does it; the rows of each three neighbouring
//! digits say who may hold a typed run, and the numbers themselves decide. Runs that a good part of all rows hold (the region in
//! an ID, the beginning of customer numbers) have bits of their own. One and two digits are looked up in `pairs`.

use super::aside::Aside;
use super::bits::Bits;
use super::digits::{Number, Run, key, level_text, pack, pack_run, unpack, write};
use super::fold::fold;
use super::nearly::near;
use super::order::Order;
use super::runs::Runs;
use super::sets::Gather;
use super::touch::touch;
use super::triples::Triples;
use std::collections::BTreeMap;
use std::ops::Range;

/// About so many rows are looked at to find the runs that many hold; half of that is too few to need them.
const SAMPLE: usize = 8_192;

/// Numbers of a segment.
#[derive(Debug, Default)]
pub struct Codes {
    /// The lowest 16 nibbles; 0 where there is none, or it is aside.
    packed: Vec<u64>,
    /// The two nibbles above, for numbers of 16 to 18 digits; empty when no row has one.
    above: Vec<u8>,
    /// What cannot be packed: letters, great length.
    odd: Aside<Box<str>>,
    /// A second number of few rows: packed, or as it is.
    second: Aside<(u128, Box<str>)>,
    /// All that is aside, folded, a line each: most texts with letters are in none of them.
    asides: String,
    /// Rows by three digits, but for three that many have.
    triples: Triples,
    /// Rows with X at the end.
    ends_x: Bits,
    /// Rows with a run that many have.
    heavy: BTreeMap<Box<str>, Bits>,
}

/// Numbers as they arrive.
#[derive(Debug, Default)]
pub struct Arrived {
    packed: Vec<u64>,
    above: Vec<u8>,
    odd: Vec<(u32, Box<str>)>,
    second: Vec<(u32, (u128, Box<str>))>,
}

impl Arrived {
    /// The next one, and a second number where the customer has one.
    pub fn push(&mut self, number: &str, second: &str) {
        let at = self.packed.len();
        let packed = pack(number);
        self.packed.push(packed.map_or(0, |p| p as u64));
        match packed {
            Some(p) if p >> 64 != 0 => {
                self.above.resize(at, 0);
                self.above.push((p >> 64) as u8);
            }
            None if !number.is_empty() => self.odd.push((at as u32, number.into())),
            _ => {}
        }
        if !second.is_empty() {
            let second = pack(second).map_or_else(|| (0, second.into()), |packed| (packed, Box::default()));
            self.second.push((at as u32, second));
        }
    }
}

impl Codes {
    /// Builds from all that arrived.
    pub fn build(mut arrived: Arrived, order: &Order) -> Codes {
        let mut out = Codes { packed: order.arrange(&arrived.packed), ..Codes::default() };
        if !arrived.above.is_empty() {
            arrived.above.resize(arrived.packed.len(), 0);
            out.above = order.arrange(&arrived.above);
        }
        let rows = out.packed.len();
        out.odd = Aside::new(rows, order.arrange_few(arrived.odd.into_iter()));
        out.second = Aside::new(rows, order.arrange_few(arrived.second.into_iter()));
        out.index();
        out
    }

    fn number(&self, row: u32) -> u128 {
        let above = self.above.get(row as usize).copied().unwrap_or(0);
        let low = self.packed.get(row as usize).copied().unwrap_or(0);
        u128::from(above) << 64 | u128::from(low)
    }

    /// Each number of these rows, rows ascending.
    pub fn each(&self, rows: Range<u32>, mut take: impl FnMut(u32, Number<'_>)) {
        for row in rows {
            let number = self.number(row);
            if number != 0 {
                take(row, Number::Packed(number));
            }
            if let Some(text) = self.odd.get(row) {
                take(row, Number::Text(fold(text).as_bytes()));
            }
            match self.second.get(row) {
                None => {}
                Some((0, text)) => take(row, Number::Text(fold(text).as_bytes())),
                Some((packed, _)) => take(row, Number::Packed(*packed)),
            }
        }
    }

    fn index(&mut self) {
        let rows = self.packed.len();
        let step = (rows / SAMPLE).max(1);
        let sample = (0..rows as u32).step_by(step).map(|row| fold(&unpack(self.number(row))).into_bytes());
        let runs = if rows < SAMPLE / 2 { Runs::default() } else { Runs::common(&sample.collect::<Vec<_>>()) };
        let mut heavy: Vec<Bits> = vec![Bits::new(rows); runs.names.len()];
        let mut ends_x = Bits::new(rows);
        let odd = self.odd.iter().map(|(_, text)| text);
        for text in odd.chain(self.second.iter().map(|(_, (_, text))| text)).filter(|text| !text.is_empty()) {
            self.asides.push_str(&fold(text));
            self.asides.push('\n');
        }
        self.triples = Triples::build(rows, |portion, block| {
            self.each(portion, |row, number| {
                if number.ends_x() {
                    ends_x.set(row);
                }
                number.threes(|key, behind| match runs.three(key) {
                    None => block.put(row, key),
                    Some(node) => runs.each(node, (0..behind).rev().map(|at| number.digit(at)), |run| {
                        if let Some(bits) = heavy.get_mut(run) {
                            bits.set(row);
                        }
                    }),
                });
            });
        });
        self.heavy = runs.names.into_iter().zip(heavy).collect();
        self.ends_x = ends_x;
    }

    /// Looks at rows, a portion at a time: what was brought to hand is not yet gone again when it is looked at.
    fn in_portions(&self, rows: &[u32], mut look: impl FnMut(u32)) {
        for portion in rows.chunks(256) {
            self.touch(portion);
            portion.iter().for_each(|row| look(*row));
        }
    }

    /// Brings rows to hand.
    pub fn touch(&self, rows: &[u32]) {
        touch(&self.packed, rows);
        touch(&self.above, rows);
    }

    /// The number of a row.
    pub fn get(&self, row: u32) -> String {
        match self.number(row) {
            0 => self.odd.get(row).map_or(String::new(), |s| s.to_string()),
            packed => unpack(packed),
        }
    }

    /// The second number of a row.
    pub fn second(&self, row: u32) -> String {
        match self.second.get(row) {
            None => String::new(),
            Some((0, text)) => text.to_string(),
            Some((packed, _)) => unpack(*packed),
        }
    }

    /// Gathers the rows that hold these digits, three at least, the last of them perhaps `x`, which two may stand before.
    pub fn run(&self, text: &str, into: &mut Gather) {
        let Some(run) = text.strip_suffix('x').map_or_else(|| pack_run(text, false), |head| pack_run(head, true))
        else {
            return self.text(text, into);
        };
        if let Some(bits) = self.heavy.get(text) {
            into.add_bits(bits, 2);
            return;
        }
        let bytes = text.as_bytes();
        let part = |from: usize, to: usize| text.get(from..to).and_then(|p| self.heavy.get(p));
        let mut keys: Vec<u16> = (0..bytes.len().saturating_sub(2))
            .filter(|at| part(*at, at + 3).is_none())
            .filter_map(|at| key(bytes.get(at..at + 3)?))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        // The longest beginning and end that are heavy narrow what their digits alone do not.
        let mut sets: Vec<&Bits> = Vec::new();
        sets.extend((3..bytes.len()).rev().find_map(|n| part(0, n)));
        sets.extend((1..bytes.len().saturating_sub(2)).find_map(|n| part(n, bytes.len())));
        if text.ends_with('x') {
            sets.push(&self.ends_x);
        }
        if let ([only], 3) = (keys.as_slice(), bytes.len())
            && sets.is_empty()
        {
            self.triples.meet(&[*only], |row| into.add(row, 2));
            return;
        }
        let run = Run::new(run, bytes.len() as u32);
        let look = |row: u32| {
            let number = self.number(row);
            let own = match number {
                0 => self.odd.get(row).and_then(|s| level_text(&fold(s), text)),
                _ => run.level(number),
            };
            let mut best = own;
            if own != Some(0)
                && let Some(second) = self.second.get(row)
            {
                let second = match second {
                    (0, s) => level_text(&fold(s), text),
                    (packed, _) => run.level(*packed),
                };
                best = own.into_iter().chain(second).min();
            }
            if let Some(level) = best {
                into.add(row, level);
            }
        };
        if keys.is_empty() {
            if !sets.is_empty() {
                self.in_portions(&Bits::all_of(&sets).iter().collect::<Vec<_>>(), look);
            }
            return;
        }
        let mut maybe = Vec::new();
        self.triples.meet(&keys, |row| {
            if sets.iter().all(|s| s.has(row)) {
                maybe.push(row);
            }
        });
        self.in_portions(&maybe, look);
    }

    /// Gathers the rows that hold `typed` with one error in it, of those that hold `piece` as it is; whether they were few
    /// enough to look at.
    pub fn near(&self, piece: &str, typed: &str, most: usize, into: &mut Gather) -> bool {
        let mut gather = Gather::new(self.packed.len());
        self.run(piece, &mut gather);
        let set = gather.done();
        if set.count() > most {
            return false;
        }
        self.in_portions(&set.rows().collect::<Vec<_>>(), |row| self.near_row(row, typed, into));
        true
    }

    /// Gathers the row if its number holds `typed` with one error in it.
    pub fn near_row(&self, row: u32, typed: &str, into: &mut Gather) {
        let mut best: Option<u8> = None;
        let mut look = |number: &[u8]| best = best.into_iter().chain(near(number, typed.as_bytes())).min();
        let mut buffer = [0; 18];
        let second = self.second.get(row).map_or(0, |(packed, _)| *packed);
        for packed in [self.number(row), second] {
            let len = write(packed, &mut buffer, b'x');
            look(buffer.get(..len).unwrap_or(&[]));
        }
        for text in self.odd.get(row).into_iter().chain(self.second.get(row).map(|(_, text)| text)) {
            look(fold(text).as_bytes());
        }
        if let Some(level) = best {
            into.add(row, level);
        }
    }

    /// Gathers the rows whose number holds this text with letters in it: only those aside can.
    pub fn text(&self, text: &str, into: &mut Gather) {
        if !self.asides.contains(text) {
            return;
        }
        for (row, number) in self.odd.iter().chain(self.second.iter().map(|(row, (_, text))| (row, text))) {
            if let Some(level) = level_text(&fold(number), text) {
                into.add(row, level);
            }
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let behind = self.odd.iter().map(|(_, s)| s.len()).chain(self.second.iter().map(|(_, (_, s))| s.len()));
        self.packed.capacity() * 8
            + self.above.capacity()
            + self.odd.bytes()
            + self.second.bytes()
            + behind.sum::<usize>()
            + self.triples.bytes()
            + self.ends_x.bytes()
            + self.asides.capacity()
            + self.heavy.iter().map(|(k, b)| 40 + k.len() + b.bytes()).sum::<usize>()
    }
}
