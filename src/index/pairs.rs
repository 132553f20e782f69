//! Rows by each digit and each two neighbouring digits of any of their numbers: what the first two keys of a number find. Longer runs
//! are `codes`'.

use super::bits::Bits;
use super::codes::Codes;
use super::sets::Gather;

/// Rows by one digit and by two.
#[derive(Debug, Default)]
pub struct Pairs {
    digits: Vec<Bits>,
    pairs: Vec<Bits>,
}

impl Pairs {
    /// Builds from all the numbers.
    pub fn build(rows: usize, columns: &[&Codes]) -> Pairs {
        let mut out = Pairs { digits: vec![Bits::new(rows); 10], pairs: vec![Bits::new(rows); 100] };
        // Word by word: a hundred columns of bits would not stay at hand from row to row.
        for from in (0..rows).step_by(64) {
            let (mut ones, mut twos) = ([0u64; 16], [0u64; 256]);
            for codes in columns {
                codes.each(from as u32..(from + 64).min(rows) as u32, |row, number| {
                    let bit = 1 << (row % 64);
                    number.ones(|digit| {
                        if let Some(word) = ones.get_mut(usize::from(digit)) {
                            *word |= bit;
                        }
                    });
                    number.twos(|two| {
                        if let Some(word) = twos.get_mut(usize::from(two)) {
                            *word |= bit;
                        }
                    });
                });
            }
            for (bits, word) in out.digits.iter_mut().zip(ones) {
                bits.put(from / 64, word);
            }
            let twos = twos.chunks(16).take(10).flat_map(|second| second.iter().take(10));
            for (bits, word) in out.pairs.iter_mut().zip(twos) {
                bits.put(from / 64, *word);
            }
        }
        out
    }

    /// Gathers the rows with one digit or two; whether it was as many.
    pub fn run(&self, text: &str, into: &mut Gather) -> bool {
        let digit = |b: &u8| usize::from(b.wrapping_sub(b'0'));
        let bits = match text.as_bytes() {
            [a] => self.digits.get(digit(a)),
            [a, b] => self.pairs.get(digit(a) * 10 + digit(b)),
            _ => return false,
        };
        if let Some(bits) = bits {
            into.add_bits(bits, 2);
        }
        true
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.digits.iter().chain(&self.pairs).map(Bits::bytes).sum()
    }
}
