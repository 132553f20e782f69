//! A column of numbers: phones, documents, customer numbers. Digits are packed four bits each; the rows of each three neighbouring
//! digits say who may hold a typed run, and the numbers themselves decide. Runs that a good part of all rows hold (the region in
//! an ID, the beginning of customer numbers) have bits of their own. One and two digits are looked up in `pairs`.

use super::aside::Aside;
use super::bits::Bits;
use super::fold::fold;
use super::nearly::near;
use super::order::Order;
use super::runs::Runs;
use super::sets::Gather;
use super::touch::touch;
use super::triples::{Triples, key};
use std::collections::BTreeMap;

/// The nibble before the first digit, so that leading zeros count.
const MARK: u128 = 0xf;
/// The nibble of X, the last of some ID numbers.
const X: u8 = 10;
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

/// Packs `520…450` or `…002X`; the first of 18 digits stands where the mark would be.
fn pack(text: &str) -> Option<u128> {
    let len = text.len();
    if len == 0 || len > 18 {
        return None;
    }
    let mut packed = if len == 18 { 0 } else { MARK };
    for (i, b) in text.bytes().enumerate() {
        let nibble = match b {
            b'0'..=b'9' => b - b'0',
            b'X' if i + 1 == len && len > 1 => X,
            _ => return None,
        };
        packed = packed << 4 | u128::from(nibble);
    }
    // Eighteen digits that begin with 0 would be taken for a shorter number.
    (len < 18 || packed >> 68 != 0).then_some(packed)
}

/// Writes the digits of a packed number, X as `x`, and says how many.
#[inline]
fn write(packed: u128, into: &mut [u8; 18], x: u8) -> usize {
    let len = digits_of(packed) as usize;
    let mut low = packed as u64;
    for (i, slot) in into.iter_mut().take(len).rev().enumerate() {
        if i == 16 {
            low = (packed >> 64) as u64;
        }
        let nibble = low as u8 & 15;
        *slot = if nibble == X { x } else { b'0' + nibble };
        low >>= 4;
    }
    len
}

fn unpack(packed: u128) -> String {
    let mut buffer = [0; 18];
    let len = write(packed, &mut buffer, b'X');
    buffer.get(..len).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("").to_owned()
}

/// A run of digits to be looked for in packed numbers.
struct Run {
    digits: u128,
    low: u64,
    mask: u64,
    len: u32,
}

impl Run {
    fn new(digits: u128, len: u32) -> Run {
        let mask = if len >= 16 { u64::MAX } else { (1 << (4 * len)) - 1 };
        Run { digits, low: digits as u64, mask, len }
    }

    /// Where it stands in a number, as a level: at its end with four digits or more, or all of it, 0; at its beginning 1; inside 2.
    #[inline]
    fn level(&self, number: u128) -> Option<u8> {
        let (own, len) = (digits_of(number), self.len);
        let last = own.checked_sub(len)?;
        if len > 16 {
            let mask = (1u128 << (4 * len)) - 1;
            return match number & mask == self.digits {
                true => Some(0),
                false => (last == 1 && number >> 4 & mask == self.digits).then_some(1),
            };
        }
        // The last sixteen digits fit a word, which is quicker to shift; the two above are rarely needed.
        let low = number as u64;
        let split = 17 - len;
        let at = |place: u32| {
            let digits = if place < split { low >> (4 * place) } else { (number >> (4 * place)) as u64 };
            digits & self.mask == self.low
        };
        if at(0) && (len >= 4 || last == 0) {
            Some(0)
        } else if at(last) {
            Some(1)
        } else {
            let inside = (0..last.min(split)).any(|place| low >> (4 * place) & self.mask == self.low);
            (inside || (split..last).any(at)).then_some(2)
        }
    }
}

fn level_text(number: &str, run: &str) -> Option<u8> {
    if !number.contains(run) {
        None
    } else if number == run || (number.ends_with(run) && run.chars().count() >= 4) {
        Some(0)
    } else if number.starts_with(run) {
        Some(1)
    } else {
        Some(2)
    }
}

/// How many digits a packed number has.
#[inline]
fn digits_of(packed: u128) -> u32 {
    let nibbles = (128 - packed.leading_zeros()).div_ceil(4);
    nibbles - u32::from(packed != 0 && (nibbles < 18 || packed >> 68 == MARK))
}

impl Codes {
    /// Builds from the numbers as they arrive, and second numbers where customers have one.
    pub fn build<'a>(
        numbers: impl Iterator<Item = &'a str>,
        second: impl Iterator<Item = (u32, &'a str)>,
        order: &Order,
    ) -> Codes {
        let second = order.arrange_few(second.map(|(at, s)| match pack(s) {
            Some(packed) => (at, (packed, Box::default())),
            None => (at, (0, s.into())),
        }));
        let mut out = Codes::default();
        let mut odd: Vec<(u32, Box<str>)> = Vec::new();
        for (row, number) in numbers.enumerate() {
            let packed = pack(number);
            match packed {
                Some(p) => {
                    if p >> 64 != 0 {
                        out.above.resize(row, 0);
                        out.above.push((p >> 64) as u8);
                    }
                    out.packed.push(p as u64);
                }
                None => {
                    out.packed.push(0);
                    if !number.is_empty() {
                        odd.push((row as u32, number.into()));
                    }
                }
            }
        }
        if !out.above.is_empty() {
            out.above.resize(out.packed.len(), 0);
        }
        out.packed = order.arrange(&out.packed);
        if !out.above.is_empty() {
            out.above = order.arrange(&out.above);
        }
        out.odd = Aside::new(out.packed.len(), order.arrange_few(odd.into_iter()));
        out.second = Aside::new(out.packed.len(), second);
        out.index();
        out
    }

    fn number(&self, row: u32) -> u128 {
        let above = self.above.get(row as usize).copied().unwrap_or(0);
        let low = self.packed.get(row as usize).copied().unwrap_or(0);
        u128::from(above) << 64 | u128::from(low)
    }

    /// Each number as its folded characters, rows ascending.
    pub fn each(&self, mut take: impl FnMut(u32, &[u8])) {
        let mut buffer = [0u8; 18];
        for row in 0..self.packed.len() as u32 {
            let number = self.number(row);
            if number != 0 {
                let len = write(number, &mut buffer, b'x');
                take(row, buffer.get(..len).unwrap_or(&[]));
            }
            if let Some(text) = self.odd.get(row) {
                take(row, fold(text).as_bytes());
            }
            match self.second.get(row) {
                None => {}
                Some((0, text)) => take(row, fold(text).as_bytes()),
                Some((packed, _)) => {
                    let len = write(*packed, &mut buffer, b'x');
                    take(row, buffer.get(..len).unwrap_or(&[]));
                }
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
        self.each(|row, text| {
            if text.last() == Some(&b'x') {
                ends_x.set(row);
            }
            if !runs.names.is_empty() {
                runs.each(text, |at| {
                    if let Some(bits) = heavy.get_mut(at) {
                        bits.set(row);
                    }
                });
            }
        });
        let mut left_out = vec![false; 1_000];
        for at in runs.names.iter().filter(|n| n.len() == 3).filter_map(|n| key(n.as_bytes())) {
            if let Some(flag) = left_out.get_mut(usize::from(at)) {
                *flag = true;
            }
        }
        self.triples = Triples::build(rows, |take| {
            // The row that last had each key, so that a row has it once.
            let mut last = vec![u32::MAX; 1_000];
            self.each(|row, text| {
                for at in text.windows(3).filter_map(key) {
                    let (Some(last), Some(false)) = (last.get_mut(usize::from(at)), left_out.get(usize::from(at)))
                    else {
                        continue;
                    };
                    if *last != row {
                        *last = row;
                        take(row, at);
                    }
                }
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

/// Packs what was typed, without a mark; `None` if it is no run of digits that a packed number can hold.
fn pack_run(digits: &str, x: bool) -> Option<u128> {
    if digits.is_empty() || digits.len() + usize::from(x) > 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let packed = digits.bytes().fold(0u128, |p, b| p << 4 | u128::from(b - b'0'));
    Some(if x { packed << 4 | u128::from(X) } else { packed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_were() {
        for text in [
            "1",
            "0012",
            "13800138000",
            "520325197202042450",
            "11010519491231002X",
            "52032519720204245",
            "123456789012345",
            "1234567890123456",
        ] {
            assert_eq!(pack(text).map(unpack).as_deref(), Some(text), "{text}");
        }
        for text in ["", "012345678901234567", "E12345678", "1234567890123456789", "X", "12X4", "002x"] {
            assert_eq!(pack(text), None, "{text}");
        }
    }

    #[test]
    fn a_run_is_found_where_it_stands() {
        let table = [
            ("13800138000", "13800138000", Some(0)),
            ("13800138000", "8000", Some(0)),
            ("13800138000", "000", Some(2)),
            ("13800138000", "1380", Some(1)),
            ("13800138000", "0013", Some(2)),
            ("13800138000", "139", None),
            ("13800138000", "138001380001", None),
            ("0012", "12", Some(2)),
            ("0012", "0012", Some(0)),
            ("520325197202042450", "5203", Some(1)),
            ("520325197202042450", "2450", Some(0)),
            ("520325197202042450", "520325197202042450", Some(0)),
            ("11010519491231002X", "002x", Some(0)),
            ("520325197202042450", "0325", Some(2)),
            ("520325197202042450", "20325", Some(2)),
            ("520325197202042450", "5203251972020424", Some(1)),
            ("520325197202042450", "2032519720204245", Some(2)),
            ("520325197202042450", "0325197202042450", Some(0)),
            ("520325197202042450", "52032519720204245", Some(1)),
            ("520325197202042450", "20325197202042450", Some(0)),
            ("520325197202042450", "0325197202042451", None),
            ("1234567890123456", "234567890123", Some(2)),
            ("1234567890123456", "123456789012", Some(1)),
            ("12345678901234567", "2345678901234567", Some(0)),
            ("12345678901234567", "1234567890123456", Some(1)),
            ("12345678901234567", "1234", Some(1)),
            ("12345678901234567", "2345", Some(2)),
        ];
        for (number, run, want) in table {
            let typed =
                run.strip_suffix('x').map_or_else(|| pack_run(run, false), |h| pack_run(h, true)).expect("a run");
            let packed = pack(number).expect("a number");
            assert_eq!(Run::new(typed, run.len() as u32).level(packed), want, "{number} {run}");
            assert_eq!(level_text(&number.to_lowercase(), run), want, "{number} {run} as text");
        }
    }
}
