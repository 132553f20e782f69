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
        for codes in columns {
            codes.each(|row, text| {
                let mut before = None;
                let mut seen = 0u16;
                for b in text {
                    let digit = b.is_ascii_digit().then(|| usize::from(b - b'0'));
                    if let Some(d) = digit {
                        seen |= 1 << d;
                        if let Some(bits) = before.and_then(|b: usize| out.pairs.get_mut(b * 10 + d)) {
                            bits.set(row);
                        }
                    }
                    before = digit;
                }
                while seen != 0 {
                    if let Some(bits) = out.digits.get_mut(seen.trailing_zeros() as usize) {
                        bits.set(row);
                    }
                    seen &= seen - 1;
                }
            });
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
